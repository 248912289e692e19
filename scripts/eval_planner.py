"""How well a planner plans: on held-out requests made here, or on TaskBench's Hugging Face domain.

    python -m scripts.eval_planner [--kind any|kit|plain] [--known]
    python -m scripts.eval_planner --taskbench path/to/data_huggingface
    python -m scripts.eval_planner --choices

It runs the server's own planning stage (prompt, grammar, decoding, checks) on a GGUF file;
`--choices` scores how the same model chooses among candidates instead.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scripts.local_llm import LocalGenerator, load_local, starter_catalog
from scripts.starter.planner_choices import pick, select_example, why
from scripts.starter.planner_data import kit_example, plain_example, plan_example
from scripts.starter.planner_example import PlanExample
from server.core.generation import Generation, Message, TextGenerator, complete_fitting
from server.core.plan import Literal, Plan, Step, argument_to_wire
from server.core.resource import AliasBook, Resource
from server.core.task import TASKS, Media
from server.errors import BatonError
from server.planning.planner import Planner
from server.selection.prompt import compact
from server.selection.selector import choice_grammar

STARTER = Path(__file__).parents[1] / "server/starter/models/planner/planner.gguf"
MAX_STEPS = 8

# TaskBench's tool for each of our tasks; a task that is not here has none. Image-to-image is one
# of two tools, by whether it is told what to change.
TOOLS = {
    "token-classification": "Token Classification",
    "translation": "Translation",
    "summarization": "Summarization",
    "question-answering": "Question Answering",
    "conversational": "Conversational",
    "text-generation": "Text Generation",
    "text2text-generation": "Text Generation",
    "sentence-similarity": "Sentence Similarity",
    "tabular-classification": "Tabular Classification",
    "object-detection": "Object Detection",
    "image-classification": "Image Classification",
    "image-to-text": "Image-to-Text",
    "text-to-image": "Text-to-Image",
    "text-to-video": "Text-to-Video",
    "visual-question-answering": "Visual Question Answering",
    "document-question-answering": "Document Question Answering",
    "image-segmentation": "Image Segmentation",
    "depth-estimation": "Depth Estimation",
    "text-to-speech": "Text-to-Speech",
    "automatic-speech-recognition": "Automatic Speech Recognition",
    "audio-to-audio": "Audio-to-Audio",
    "audio-classification": "Audio Classification",
}
_FILE = re.compile(r"[\w-]+\.(\w{2,4})\b")
_MEDIA = {
    **dict.fromkeys(("jpg", "jpeg", "png", "gif", "webp", "bmp"), Media.IMAGE),
    **dict.fromkeys(("wav", "mp3", "flac", "ogg"), Media.AUDIO),
    **dict.fromkeys(("mp4", "mov", "avi", "webm"), Media.VIDEO),
    **dict.fromkeys(("txt", "md", "csv"), Media.TEXT),
}


@dataclass(slots=True)
class Ratio:
    """How many of how many."""

    hits: int = 0
    total: int = 0

    def add(self, hit: bool) -> None:
        """Count one more."""
        self.hits += hit
        self.total += 1

    def __str__(self) -> str:
        return f"{100 * self.hits / max(self.total, 1):.1f} % of {self.total:,}"


@dataclass(slots=True)
class Overlap:
    """Micro F1 over sets, summed record by record."""

    right: int = 0
    predicted: int = 0
    gold: int = 0

    def add(self, predicted: set, gold: set) -> None:
        """Count one record."""
        self.right += len(predicted & gold)
        self.predicted += len(predicted)
        self.gold += len(gold)

    def __str__(self) -> str:
        return f"{200 * self.right / max(self.predicted + self.gold, 1):.2f}"


def load(path: Path, threads: int, context_tokens: int) -> tuple[Planner, LocalGenerator]:
    """The server's planning stage over a GGUF trained on the compact prompt, all tasks enabled,
    and the model it asks."""
    spec = replace(starter_catalog().planners[0], context_tokens=context_tokens)
    generator = LocalGenerator(load_local(spec, path, threads))
    return Planner(generator, spec, lambda: TASKS, MAX_STEPS), generator


def plan(planner: Planner, request: str, resources: Sequence[Resource]) -> Plan:
    """The plan for one request, empty where there is none that can run."""
    try:
        return asyncio.run(planner.plan([Message("user", request)], resources))
    except BatonError as error:
        print(f"no plan: {error}")
        return Plan()


def graph(steps: Sequence[tuple[str, dict[str, str]]], known: set[str]) -> list:
    """Tasks and references, any text of the request's own being alike but for the empty one."""
    return [
        (task, {port: arg if arg in known or not arg else "text" for port, arg in args.items()})
        for task, args in steps
    ]


def wire(found: Plan) -> list[tuple[str, dict[str, str]]]:
    """The steps as they are written."""
    return [
        (step.task.name, {port: argument_to_wire(arg) for port, arg in step.args.items()})
        for step in found.steps
    ]


KINDS = {"any": plan_example, "kit": kit_example, "plain": plain_example}


def held_out(kind: str, count: int, seed: int, known: bool) -> Iterator[PlanExample]:
    """Requests of a kind that training never saw, made of phrases, frames and task pairs that it
    never saw either; or with `known`, of those it did see."""
    rng = random.Random(f"held out {seed}")
    for _ in range(count):
        yield KINDS[kind](rng, held_out=not known)


def evaluate_held_out(planner: Planner, examples: Iterator[PlanExample], show: bool) -> None:
    """Print the share of exact graphs, exact plans and chats left alone."""
    ratios = {name: Ratio() for name in ("graph", "graph and texts", "chat")}
    by_steps: dict[int, Ratio] = {}
    for example in examples:
        found = wire(plan(planner, example.request, example.resources))
        wanted = [(step["task"], step["args"]) for step in example.steps]
        known = {resource.alias for resource in example.resources}
        known |= {f"<GENERATED>-{index}" for index in range(len(wanted) + len(found))}
        same_graph = graph(found, known) == graph(wanted, known)
        if wanted:
            ratios["graph"].add(same_graph)
            ratios["graph and texts"].add(found == wanted)
            by_steps.setdefault(len(wanted), Ratio()).add(same_graph)
        else:
            ratios["chat"].add(not found)
        if show and found != wanted:
            _show(example.request, found, wanted)
    for name, ratio in ratios.items():
        print(f"{name}: {ratio}")
    for steps in sorted(by_steps):
        print(f"graph, {steps} steps: {by_steps[steps]}")


def evaluate_choices(generator: TextGenerator, count: int, seed: int, show: bool) -> None:
    """Print the share of right choices, and of reasons that are the choice's own."""
    rng = random.Random(f"choices {seed}")
    ratios = {name: Ratio() for name in ("model", "reason", "model by its own reason")}
    for _ in range(count):
        request, steps, answer = select_example(rng, held_out=True)
        call = Generation(
            compact(request, steps), choice_grammar(steps), max_tokens=80 * len(steps)
        )
        written = json.loads(asyncio.run(complete_fitting(generator, "", lambda _, c=call: c)))
        for step, wanted, found in zip(steps, json.loads(answer), written, strict=True):
            ratios["model"].add(found["id"] == wanted["id"])
            ratios["reason"].add(why(found["reason"]) == why(wanted["reason"]))
            meant = pick(step, why(found["reason"]))
            ratios["model by its own reason"].add(meant is not None and found["id"] == meant.id)
            if show and found["id"] != wanted["id"]:
                _show(f"{request}\n  {step.candidates}", [found], [wanted])
    for name, ratio in ratios.items():
        print(f"{name}: {ratio}")


def _show(request: str, found: Sequence, wanted: Sequence) -> None:
    print(f"\n{request}\n  wanted {wanted}\n  found  {found}")


def records(folder: Path) -> Iterator[dict]:
    """TaskBench's records: `dev.jsonl` where there is one, else the published `data.json`."""
    path = next(p for p in (folder / "dev.jsonl", folder / "data.json") if p.exists())
    text = path.read_text(encoding="utf-8")
    if text.lstrip().startswith("["):
        yield from json.loads(text)
    else:
        yield from (json.loads(line) for line in text.splitlines() if line.strip())


def mentioned_files(request: str) -> list[Resource]:
    """The files a request names, as if they had been uploaded with it."""
    book, found = AliasBook(), {}
    for match in _FILE.finditer(request):
        media = _MEDIA.get(match[1].lower())
        if media is not None and match[0] not in found:
            found[match[0]] = Resource(book.next(media), media, match[0])
    return list(found.values())


def tool(step: Step) -> str | None:
    """TaskBench's name of a step's task, or None."""
    if step.task.name == "image-to-image":
        return "Image-to-Image" if step.args["text"] == Literal("") else "Image Editing"
    return TOOLS.get(step.task.name)


def evaluate_taskbench(planner: Planner, folder: Path, show: bool) -> None:
    """Print micro F1 over tools and over links, as the benchmark counts them."""
    nodes, edges, missed, extra = Overlap(), Overlap(), Counter(), Counter()
    for record in records(folder):
        request = record["user_request"]
        found = plan(planner, request, mentioned_files(request))
        tools = [tool(step) for step in found.steps]
        links = {(tools[k], tools[s.id]) for s in found.steps for k in s.depends_on}
        predicted = {name for name in tools if name}
        gold = {node["task"] for node in record["task_nodes"]}
        gold_links = {(link["source"], link["target"]) for link in record["task_links"]}
        nodes.add(predicted, gold)
        edges.add({link for link in links if None not in link}, gold_links)
        missed.update(gold - predicted)
        extra.update(predicted - gold)
        if show:
            _show(
                request,
                [(name, *s.depends_on) for name, s in zip(tools, found.steps, strict=True)],
                sorted(gold_links) or sorted(gold),
            )
    print(f"node F1 {nodes}, edge F1 {edges}")
    print(f"missed most: {missed.most_common(6)}\nadded most: {extra.most_common(6)}")


def main() -> None:
    """Read the command line and evaluate."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--gguf", type=Path, default=STARTER)
    parser.add_argument("--taskbench", type=Path, help="folder of dev.jsonl or data.json")
    parser.add_argument("--choices", action="store_true", help="choices among candidates instead")
    parser.add_argument("--kind", choices=KINDS, default="any", help="which held-out requests")
    parser.add_argument("--known", action="store_true", help="new requests of known phrases")
    parser.add_argument("--examples", type=int, default=1200, help="held-out requests")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--context", type=int, default=1024, help="context in tokens")
    parser.add_argument("--show", action="store_true", help="print what went wrong")
    options = parser.parse_args()
    planner, generator = load(options.gguf, options.threads, options.context)
    began = time.monotonic()
    if options.choices:
        evaluate_choices(generator, options.examples, options.seed, options.show)
    elif options.taskbench:
        evaluate_taskbench(planner, options.taskbench, options.show)
    else:
        examples = held_out(options.kind, options.examples, options.seed, options.known)
        evaluate_held_out(planner, examples, options.show)
    print(f"{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
