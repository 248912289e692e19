"""Training data of the starter planner: choosing models."""

from __future__ import annotations

import json
import random

from scripts.starter import planner_words as words
from scripts.starter.planner_data import plan_example
from server.selection.prompt import CandidateLine, OpenStep

_FAST = (
    "quickly",
    "as fast as you can",
    "fast please",
    "be quick",
    "with a small model",
    "I am in a hurry",
    "use the fastest model",
    "quick please",
    "use something light",
    "it must be fast",
)
_CAREFUL = (
    "as accurate as possible",
    "accurately please",
    "be careful",
    "with the best model",
    "carefully",
    "use the best model",
    "take your time",
    "in high quality",
    "I want the best result",
    "it has to be precise",
)
REASONS = {
    "small": (
        "the request asks for speed, and it is the smallest",
        "it is the smallest, so it will be quick",
        "the request asks for speed, and this is the lightest",
    ),
    "best": (
        "the request asks for care, and it is the most downloaded",
        "the best known one, as the request asks for quality",
        "it is the most downloaded, and quality matters here",
    ),
    "loaded": ("it is already loaded", "already loaded, so it can start at once"),
    "popular": ("it is the most downloaded", "most downloaded of the candidates"),
}
_KNOWN: tuple[str, ...] = (
    "baton/shape-classifier-small",
    "baton/shape-classifier-large",
    "baton/sentiment-small",
    "baton/sentiment-large",
    "baton/shape-painter",
    "baton/shape-detector",
    "baton/shape-captioner",
    "baton/translator",
)
_DESCRIPTIONS = (
    "A small {n} model.",
    "{N} model for {n}s.",
    "Tells {n}s from {n}s.",
    "Fine-tuned on {n}s.",
    "The larger one of two.",
    "A smaller, faster one.",
    "Trained on {N} data.",
    "Made for {a} {n}s.",
    "Classifies shapes.",
    "Tells whether a text is positive or negative.",
    "General purpose.",
    "",
    "A {a} model that is {a}.",
    "Finds shapes and their colours.",
)


def select_example(rng: random.Random, held_out: bool = False) -> tuple[str, list[OpenStep], str]:
    """A request, the open steps with their candidates, and the choice to write."""
    example = plan_example(rng, held_out)
    while not example.steps:
        example = plan_example(rng, held_out)
    wish = rng.choices(("fast", "careful", None), (30, 30, 40))[0]
    request = example.request
    if wish:
        note = rng.choice(_FAST if wish == "fast" else _CAREFUL)
        request = (
            f"{request.rstrip('.!? ')}, {note}" if rng.random() < 0.7 else f"{note}: {request}"
        )
    elif wish_of(request):
        wish = wish_of(request)
    steps = [step for step in example.steps if rng.random() < 0.5][:2] or [example.steps[0]]
    opened = [OpenStep(step["id"], step["task"], _candidates(rng)) for step in steps]
    chosen = [_choose(rng, step, wish) for step in opened]
    return request, opened, json.dumps(chosen, ensure_ascii=False, separators=(",", ":"))


def wish_of(request: str) -> str | None:
    """Whether a request asks for speed or for care, in the words of the training frames."""
    text = request.lower()
    if any(sign in text for sign in ("as fast as", "quickly")):
        return "fast"
    if any(sign in text for sign in ("best model", "be careful", "take your time")):
        return "careful"
    return None


def _candidates(rng: random.Random) -> tuple[CandidateLine, ...]:
    count = rng.choice((2, 2, 2, 2, 3, 3, 4))
    ids = rng.sample(_KNOWN, min(count, 2)) if rng.random() < 0.4 else []
    if rng.random() < 0.4:
        ids = list(_KNOWN[:2] if rng.random() < 0.5 else _KNOWN[2:4])
    while len(ids) < count:
        name = "-".join(
            rng.choice(
                (
                    words.coin_word(rng),
                    rng.choice(words.NOUNS),
                    rng.choice(("base", "small", "large", "tiny", "v2")),
                )
            )
            for _ in range(rng.choice((1, 2, 3)))
        )
        owner = rng.choice(("baton", "baton", "google", "facebook", "openai", words.coin_word(rng)))
        if f"{owner}/{name}" not in ids:
            ids.append(f"{owner}/{name}")
    rng.shuffle(ids)
    # Most downloaded first, as the server ranks them.
    downloads = sorted(rng.sample(range(1, 1000), count), reverse=True)
    scale = rng.choice((1, 1, 10, 1000, 10000))
    sizes = rng.sample(range(1, 400), count)
    unit = rng.choice((1e5, 1e6, 1e7))
    loaded = rng.choice((None, None, *range(count)))
    return tuple(
        CandidateLine(
            id,
            downloads[i] * scale + (rng.randrange(scale) if scale > 1 else 0),
            int(sizes[i] * unit),
            i == loaded,
            words.fill(rng, rng.choice(_DESCRIPTIONS)),
        )
        for i, id in enumerate(ids)
    )


def _choose(rng: random.Random, step: OpenStep, wish: str | None) -> dict:
    if wish is not None:
        kind = {"fast": "small", "careful": "best"}[wish]
    else:
        kind = "loaded" if any(c.loaded for c in step.candidates) else "popular"
    best = pick(step, kind)
    assert best is not None, "a kind is chosen that has a candidate"
    return {"step": step.step, "reason": rng.choice(REASONS[kind]), "id": best.id}


def pick(step: OpenStep, kind: str | None) -> CandidateLine | None:
    """The candidate that a kind of reason speaks for; None where there is no such kind or none."""
    match kind:
        case "small":
            return min(step.candidates, key=lambda c: c.size_bytes)
        case "best" | "popular":
            return max(step.candidates, key=lambda c: c.downloads)
        case "loaded":
            return next((c for c in step.candidates if c.loaded), None)
        case _:
            return None


def why(reason: str) -> str | None:
    """The kind of a reason in the words of the training data."""
    return next((kind for kind, reasons in REASONS.items() if reason in reasons), None)
