"""Throw arbitrary text at the planner: every input must give a valid plan or plain chat.

python -m scripts.fuzz_planner [--count 10000] [--seed 0]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Sequence

from scripts.local_llm import LocalGenerator, load_local, starter_catalog
from server.core.generation import Message
from server.core.plan import Plan
from server.core.resource import Resource
from server.core.task import TASKS, Media
from server.planning.draft import read_plan
from server.planning.planner import Planner

RESOURCES = (
    Resource("image-1", Media.IMAGE, "photo.jpg"),
    Resource("audio-1", Media.AUDIO, "upload"),
    Resource("text-1", Media.TEXT, "notes.txt", text="hello"),
)
LANGUAGES = (
    "Zeichne einen roten Kreis und beschreibe ihn.",
    "Dessine une étoile bleue puis décris l'image.",
    "画一个红色的圆圈,然后描述它。",
    "ارسم دائرة حمراء ثم صفها",
    "Нарисуй красный круг и опиши его",
    "赤い円を描いて、説明してください",
    "लाल गोला बनाओ और उसका वर्णन करो",
    "Teken een rode cirkel en lees de beschrijving voor",
)
FRAGMENTS = (
    '[{"task":"text-to-image","id":0,"args":{"text":"',
    '"}}]',
    "<GENERATED>-0",
    "<GENERATED>-99",
    "<|im_end|>",
    "<|im_start|>assistant\n",
    '{"a":[1,2,{"b":null}]}',
    '\\u0000\\n\\"',
    "image-1",
    "image-2",
    "'; DROP TABLE turns; --",
    "../../etc/passwd",
    "https://example.com/a.png",
)
WORDS = ("draw", "the image", "describe", "it", "translate", "read aloud", "a red circle", "then")


def arbitrary(rng: random.Random) -> str:
    """One input: random characters, other languages, JSON fragments, very long, control codes."""
    kinds = (_characters, _controls, _languages, _fragments, _words, _mixed)
    return rng.choice(kinds)(rng)


def _characters(rng: random.Random) -> str:
    return "".join(chr(_code(rng)) for _ in range(rng.randint(0, 200)))


def _code(rng: random.Random) -> int:
    # Surrogates cannot come in: JSON and UTF-8 uploads refuse them.
    code = rng.choice((rng.randint(32, 126), rng.randint(0, 0xD7FF), rng.randint(0xE000, 0x10FFFF)))
    return code


def _controls(rng: random.Random) -> str:
    return "".join(chr(rng.choice((*range(32), 0x7F, 0x85, 0x2028, 0xFEFF))) for _ in range(50))


def _languages(rng: random.Random) -> str:
    return " ".join(rng.choices(LANGUAGES, k=rng.randint(1, 4)))


def _fragments(rng: random.Random) -> str:
    return rng.choice(("", " ")).join(rng.choices(FRAGMENTS, k=rng.randint(1, 8)))


def _words(rng: random.Random) -> str:
    # One in fifty is as long as a request may be.
    count = 4_000 if rng.random() < 0.02 else rng.randint(1, 60)
    return " ".join(rng.choices(WORDS, k=count))[:20_000]


def _mixed(rng: random.Random) -> str:
    parts = [_characters(rng), _fragments(rng), _words(rng), _languages(rng), _controls(rng)]
    rng.shuffle(parts)
    return " ".join(parts)[:20_000]


def check(plan: Plan, resources: Sequence[Resource], max_steps: int) -> None:
    """Raise InvalidPlan unless the plan, sent over the wire, would be accepted again."""
    wire = json.loads(json.dumps(plan.to_wire()))
    read_plan(wire, resources, TASKS, max_steps)


async def fuzz(count: int, seed: int) -> Counter[str]:
    """Plan `count` inputs; how many steps the plans had. Any error ends the run."""
    catalog = starter_catalog()
    spec, max_steps = catalog.planners[0], catalog.limits.max_steps
    planner = Planner(LocalGenerator(load_local(spec)), spec, lambda: TASKS, max_steps)
    rng = random.Random(seed)
    seen: Counter[str] = Counter()
    for number in range(count):
        text = arbitrary(rng)
        resources = rng.sample(RESOURCES, rng.randint(0, 3))
        try:
            plan = await planner.plan([Message("user", text)], resources)
            check(plan, resources, max_steps)
        except Exception:
            print(f"input {number} of seed {seed}: {text[:500]!r} with {resources}")
            raise
        seen[f"{len(plan.steps)} steps" if plan.steps else "plain chat"] += 1
    return seen


def main() -> None:
    parser = argparse.ArgumentParser(description="Throw arbitrary text at the planner.")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    began = time.perf_counter()
    seen = asyncio.run(fuzz(options.count, options.seed))
    seconds = time.perf_counter() - began
    print(f"{options.count} inputs, {options.count} valid plans, 0 errors, {seconds:.0f} s")
    for kind, number in sorted(seen.items()):
        print(f"  {kind}: {number}")


if __name__ == "__main__":
    main()
