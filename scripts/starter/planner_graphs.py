"""Which steps a training request asks for: random typed graphs over the task table."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from server.core.task import TASKS, Media

# How often a task is asked for.
WEIGHTS = {
    **dict.fromkeys(TASKS, 1.0),
    "text-to-image": 5,
    "object-detection": 5,
    "image-to-text": 6,
    "translation": 6,
    "text-classification": 4,
    "image-to-image": 4,
    "image-classification": 4,
    "text-to-speech": 5,
    "summarization": 3,
    "text-generation": 3,
    "token-classification": 3,
    "visual-question-answering": 4,
    "document-question-answering": 2.5,
    "image-segmentation": 3,
    "depth-estimation": 3,
    "automatic-speech-recognition": 3,
    "audio-to-audio": 2.5,
    "audio-classification": 2.5,
    "question-answering": 2.5,
    "sentence-similarity": 2.5,
    "text-to-video": 2.5,
    "conversational": 2,
    "text2text-generation": 2,
    "image-to-video": 1.3,
    "video-classification": 1.2,
    "text-to-audio": 1.3,
    "tabular-classification": 1.2,
    "mask-generation": 1.2,
    # Tried often, for it needs a text with a blank and few have one.
    "fill-mask": 15,
    **{name: 0.45 for name in TASKS if name.endswith(("-control",))},
    **{name: 0.45 for name in TASKS if name.endswith("-text-to-image")},
}
WORLD = {
    "object-detection": 5,
    "image-to-text": 5,
    "translation": 4,
    "image-classification": 3,
    "text-to-speech": 2,
    "text-classification": 1.5,
    "image-segmentation": 0.8,
    "image-to-image": 0.6,
    "visual-question-answering": 0.6,
    "text-to-image": 0.5,
    "depth-estimation": 0.4,
}
# What the starter kit itself can do with a picture or a sentence: asked for most of all.
KIT = {
    "object-detection": 4,
    "image-to-text": 5,
    "translation": 5,
    "image-classification": 4,
    "text-classification": 1.5,
}
# The outputs that later requests call plainly "it"; the others must be named.
SECONDARY = {
    "object-detection",
    "zero-shot-object-detection",
    "image-segmentation",
    "mask-generation",
    "depth-estimation",
}
# The text ports that take words of the request of their own kind.
CONTENT = {
    "text-to-image": "desc",
    "text-to-video": "desc",
    "text-to-audio": "desc",
    "image-to-image": "edit",
    "text-generation": "prompt",
    "visual-question-answering": "q",
    "document-question-answering": "q",
    "question-answering": "q",
    "table-question-answering": "q",
    **{name: "desc" for name in TASKS if name.endswith("-text-to-image")},
}
# The tasks whose words are often an earlier text.
_FROM_TEXT = ("text-to-image", "text-to-video", "text-to-audio", "text-generation")
# The kinds of words a request may quote first and use later ("my question is ...").
_ASKED = {"q": "question", "edit": "instruction"}
_PRONE_TO_END = {
    "sentence-similarity",
    "feature-extraction",
    "text-classification",
    "audio-classification",
}


@dataclass(slots=True)
class Thing:
    """What a request can speak of: an upload, a quoted text, an earlier or a planned output."""

    ref: str
    media: Media
    origin: str
    literal: str | None = None
    step: int | None = None
    primary: bool = True
    mentioned: bool = False


@dataclass(slots=True)
class Node:
    """A planned step: each port has a thing, or None where words of the request will fill it."""

    task: str
    args: dict[str, Thing | None]
    outputs: list[Thing] = field(default_factory=list)

    def ref(self, port: str) -> str:
        """What the port is given, on the wire."""
        thing = self.args[port]
        assert thing is not None, "the words of a request fill every port"
        return thing.ref


def held_out_pair(first: str, second: str) -> bool:
    """Whether one task feeding another is kept for the evaluation (none of the demo's is)."""
    if first in WORLD and second in WORLD:
        return False
    return zlib.crc32(f"{first}>{second}".encode()) % 10 == 0


def fed_pairs(nodes: list[Node]) -> Iterator[tuple[str, str]]:
    """The (source task, target task) pairs of a graph."""
    for node in nodes:
        for thing in node.args.values():
            if thing is not None and thing.step is not None:
                yield nodes[thing.step].task, node.task


def grow(
    rng: random.Random,
    sources: list[Thing],
    count: int,
    weights: dict[str, float],
    begun: Sequence[Node] = (),
) -> list[Node]:
    """A graph of up to `count` steps over the sources, going on from the steps begun."""
    nodes = list(begun)
    things = [*sources, *(thing for node in nodes for thing in node.outputs)]
    unused = list(sources)
    while len(nodes) < count:
        node = _node(rng, things, unused, nodes, weights)
        if node is None:
            break
        nodes.append(node)
        for thing in node.args.values():
            if thing in unused:
                unused.remove(thing)
        node.outputs = outputs_of(node.task, len(nodes) - 1)
        things.extend(node.outputs)
    return nodes


def outputs_of(task: str, step: int) -> list[Thing]:
    """The things that step gives, one of each type."""
    return [
        Thing(
            f"<GENERATED>-{step}",
            media,
            task,
            step=step,
            primary=media is Media.TEXT or task not in SECONDARY,
        )
        for media in TASKS[task].outputs
    ]


def _node(
    rng: random.Random,
    things: list[Thing],
    unused: list[Thing],
    nodes: list[Node],
    weights: dict[str, float],
) -> Node | None:
    names = list(weights)
    for _ in range(60):
        task = rng.choices(names, [weights[name] for name in names])[0]
        args = {}
        for port in TASKS[task].inputs:
            kind = {"labels": "labels", "text": CONTENT.get(task, "")}.get(port.name, "")
            fit = [thing for thing in things if thing.origin == _ASKED.get(kind)]
            if fit and rng.random() < 0.8:
                args[port.name] = fit[0]
                continue
            if kind and not (task in _FROM_TEXT and _of(things, Media.TEXT) and rng.random() < 0.5):
                args[port.name] = None
                continue
            thing = _pick(rng, things, unused, port.media, args, latest=bool(nodes))
            if thing is None:
                break
            args[port.name] = thing
        if len(args) == len(TASKS[task].inputs) and _sensible(rng, task, args, nodes, unused):
            return Node(task, args)
    return None


def _of(things: list[Thing], media: Media) -> list[Thing]:
    return [
        thing for thing in things if thing.media == media and thing.origin not in _ASKED.values()
    ]


def _pick(
    rng: random.Random,
    things: list[Thing],
    unused: list[Thing],
    media: Media,
    args: dict,
    latest: bool,
) -> Thing | None:
    """A thing of that type: mostly the newest or one not used yet."""
    fitting = [thing for thing in _of(things, media) if thing not in args.values()]
    if not fitting:
        return None
    fresh = [thing for thing in fitting if thing in unused and thing.step is None]
    roll = rng.random()
    if fresh and roll < (0.35 if latest else 0.85):
        return rng.choice(fresh)
    plain = [thing for thing in fitting if thing.primary]
    if plain and roll < 0.85:
        return plain[-1] if rng.random() < 0.75 else rng.choice(plain)
    return rng.choice(fitting[-3:])


def _sensible(
    rng: random.Random, task: str, args: dict, nodes: list[Node], unused: list[Thing]
) -> bool:
    """Whether people would ask for it: no pointless repetition, few odd pairs."""
    if task == "fill-mask" and not all("[MASK]" in thing.ref for thing in args.values()):
        return False
    refs = {thing.ref for thing in args.values() if thing is not None}
    for earlier in nodes:
        if earlier.task == task and {t.ref for t in earlier.args.values() if t is not None} == refs:
            if task not in (
                "text-to-image",
                "text-to-video",
                "text-generation",
                "visual-question-answering",
            ):
                return False
            if rng.random() < 0.7:
                return False
    for thing in args.values():
        if thing is None or thing.step is None:
            continue
        source = nodes[thing.step].task
        if source == task:
            return False
        if source in _PRONE_TO_END and rng.random() < 0.7:
            return False
    # A step that ignores everything before it is rare while an upload or a result is there to use.
    return bool(refs) or not (nodes or unused) or rng.random() < (0.25 if nodes else 0.12)
