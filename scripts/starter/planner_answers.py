"""Training data of the starter planner: writing the answer."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from scripts.starter import planner_chat as chat
from scripts.starter import planner_words as words
from scripts.starter.planner_data import chat_example, plan_example
from scripts.starter.planner_graphs import WORLD
from server.core.resource import AliasBook
from server.core.task import TASKS, Media
from server.responding.prompt import ResultLine

# How an answer speaks of one result, `@` being its citation.
SENTENCES: dict[str, tuple[str, ...]] = {
    "token-classification": (
        "The names I found are @.",
        "I found these entities: @.",
        "In the text there are @.",
    ),
    "text-classification": (
        "The text sounds like this: @.",
        "Its sentiment is @.",
        "I would call the mood @.",
    ),
    "zero-shot-classification": ("The best label is @.", "It fits under @."),
    "text2text-generation": (
        "In other words: @.",
        "The new wording is @.",
        "Rewritten, it reads @.",
    ),
    "summarization": ("In short: @.", "The summary is @.", "Here is the gist: @."),
    "translation": (
        "The translation is @.",
        "In the other language it reads @.",
        "Translated, that is @.",
        "And the translation: @.",
    ),
    "question-answering": ("The answer is @.", "According to the text, the answer is @."),
    "conversational": ("My reply would be @.", "The reply is @."),
    "text-generation": ("Here is the text: @.", "I wrote this for you: @."),
    "sentence-similarity": ("Their similarity is @.", "Compared, the texts score @."),
    "feature-extraction": ("The embedding is @.",),
    "fill-mask": ("The missing word gives @.", "Filled in, it reads @."),
    "image-to-text": (
        "The caption reads @.",
        "The picture shows @.",
        "I would describe it as @.",
        "The description is @.",
    ),
    "image-classification": (
        "It is classified as @.",
        "The picture belongs to this class: @.",
        "The class is @.",
    ),
    "visual-question-answering": ("The answer is @.", "Looking at the picture, I would say @."),
    "automatic-speech-recognition": (
        "The recording says @.",
        "The transcript is @.",
        "This is what is said: @.",
    ),
    "audio-classification": ("The sound is @.", "I hear @."),
    "video-classification": ("The video shows @.",),
    "text-to-image": (
        "Here is your picture: @.",
        "I drew this for you: @.",
        "Your picture is ready: @.",
        "I painted it here: @.",
    ),
    "image-to-image": ("Here is the edited picture: @.", "The new version of the picture is @."),
    "image-to-video": ("Here is your video: @.", "I set the picture in motion: @."),
    "text-to-video": ("Here is your video: @.", "The clip is ready: @."),
    "text-to-speech": (
        "You can listen to it here: @.",
        "Here it is, read aloud: @.",
        "The recording is @.",
    ),
    "text-to-audio": ("Here is the sound: @.", "You can listen to it here: @."),
    "audio-to-audio": ("Here is the cleaner recording: @.", "The new recording is @."),
}
_PAIRS: dict[str, tuple[str, ...]] = {  # tasks that give a text (@) and an image (#)
    "object-detection": (
        "I found @, as marked here: #.",
        "The objects are @; see them boxed in #.",
        "I detected @. The boxes are drawn in #.",
    ),
    "zero-shot-object-detection": ("I looked for it and found @, as marked here: #.",),
    "image-segmentation": (
        "The segments are @, shown in #.",
        "I divided the picture into @. You can see them here: #.",
    ),
    "mask-generation": ("The masks are @, shown in #.", "I cut everything out, @: #."),
    "depth-estimation": (
        "The depth is @, drawn in #.",
        "I measured the depth, @, and drew it here: #.",
    ),
}
_ANY = {
    Media.TEXT: ("The result is @.", "The result of the {task} is @."),
    Media.IMAGE: ("Here is the picture: @.", "The {task} gave this picture: @."),
    Media.AUDIO: ("Here is the audio: @.",),
    Media.VIDEO: ("Here is the video: @.",),
}
# What a failed step is said to have died of, and how an answer says so.
_FAILURES: dict[str, tuple[str, ...]] = {
    "out of memory": (
        "The {task} failed, because memory ran out.",
        "There was not enough memory for the {task}.",
    ),
    "it timed out after {d}{d} s": (
        "The {task} took too long and was stopped.",
        "The {task} ran out of time.",
    ),
    "the worker crashed": (
        "The {task} crashed, so there is no {gives}.",
        "The {task} failed: its worker crashed.",
    ),
    "no installed model can do {name}; fetch one with scripts/download_models --task {name}": (
        "No installed model can do the {task}, so there is no {gives}.",
        "I have no model for the {task} yet.",
    ),
    "step {d} ({other}) failed": (
        "The {task} was skipped, because a step before it failed.",
        "So there is no {gives} from the {task} either.",
    ),
    "step {d} ({other}) was skipped": ("The {task} was skipped, because a step before it failed.",),
    "something went wrong: {w} {w}": (
        "The {task} failed, so there is no {gives}.",
        "I am sorry, the {task} did not work.",
        "The {task} failed, unfortunately.",
    ),
}
_GIVES = {Media.TEXT: "text", Media.IMAGE: "picture", Media.AUDIO: "sound", Media.VIDEO: "video"}
_STARTS = (
    "",
    "",
    "",
    "",
    "Done! ",
    "All done. ",
    "Here you are. ",
    "Of course. ",
    "Sure. ",
    "There you go. ",
    "I did what you asked. ",
)
_ENDS = (
    "",
    "",
    "",
    "",
    " I hope this helps.",
    " Tell me if you want anything else.",
    " Anything else?",
    " Enjoy!",
)


def answer_example(rng: random.Random, held_out: bool = False) -> tuple[str, list[ResultLine], str]:
    """A request, its results, and the answer to write."""
    if rng.random() < 0.28:
        example, kind = chat_example(rng, held_out)
        return example.request, [], rng.choice(chat.ANSWERS[kind])
    example = plan_example(rng, held_out)
    while not example.steps:
        example = plan_example(rng, held_out)
    book = AliasBook([resource.alias for resource in example.resources])
    lines, parts, dead = [], [], []
    for step in example.steps[:5]:
        feeds = {int(arg[12:]) for arg in step["args"].values() if arg.startswith("<GENERATED>-")}
        if feeds & set(dead) or rng.random() < 0.07:
            dead.append(step["id"])
            continue
        task = step["task"]
        made = [
            ResultLine(book.next(media), task, _result(rng, task) if media is Media.TEXT else "")
            for media in TASKS[task].outputs
        ]
        lines += made
        parts.append(_sentence(rng, task, made))
    # The responder hears of failures last.
    for index in dead:
        line, part = _failure(rng, example.steps, index, dead)
        lines.append(line)
        parts.append(part)
    start = "" if dead else rng.choice(_STARTS)
    return example.request, lines, start + " ".join(parts) + ("" if dead else rng.choice(_ENDS))


def _failure(
    rng: random.Random, steps: Sequence[dict], index: int, dead: list[int]
) -> tuple[ResultLine, str]:
    """One failure, as the responder reads of it and as the answer puts it."""
    task = steps[index]["task"]
    feeds = [k for k in dead if f"<GENERATED>-{k}" in steps[index]["args"].values()]
    if feeds:
        other = steps[feeds[0]]["task"]
        reason = rng.choice([r for r in _FAILURES if r.startswith("step")])
        text = reason.replace("{d}", str(feeds[0])).replace("{other}", other)
    else:
        reason = rng.choice([r for r in _FAILURES if not r.startswith("step")])
        text = words.fill(rng, reason.replace("{name}", task))
    gives = _GIVES[TASKS[task].outputs[0]]
    return ResultLine(None, task, text), rng.choice(_FAILURES[reason]).format(
        task=_spoken(task), gives=gives
    )


def _sentence(rng: random.Random, task: str, made: list[ResultLine]) -> str:
    cited = {line.alias.partition("-")[0]: f"[{line.alias}]" for line in made if line.alias}
    if task in _PAIRS:
        return rng.choice(_PAIRS[task]).replace("@", cited["text"]).replace("#", cited["image"])
    media = TASKS[task].outputs[0]
    sentence = rng.choice(SENTENCES.get(task) or _ANY[media]).replace("{task}", _spoken(task))
    return sentence.replace("@", cited[media])


def _spoken(task: str) -> str:
    return task.replace("-", " ")


_RESULTS: dict[str, Callable[[random.Random], str]] = {
    "object-detection": lambda rng: ", ".join(
        f"{words.fill(rng, '{c} {k}')} {rng.randint(40, 99)}%"
        for _ in range(rng.choice((1, 1, 2, 3)))
    ),
    "image-classification": lambda rng: (
        f"{words.fill(rng, rng.choice(('{k}', '{n}', '{c} {k}')))} {rng.randint(40, 99)}%"
    ),
    "text-classification": lambda rng: (
        f"{rng.choice(('positive', 'negative'))} {rng.randint(50, 99)}%"
    ),
    "image-to-text": words.description,
}


def _result(rng: random.Random, task: str) -> str:
    make = _RESULTS.get(task)
    return make(rng) if make else words.description(rng) if task in WORLD else words.sentence(rng)
