"""Requests of special shapes: one task for two things, several tasks in one breath."""

from __future__ import annotations

import random

from scripts.starter import planner_frames as frames
from scripts.starter import planner_words as words
from scripts.starter.planner_example import PlanExample, to_steps
from scripts.starter.planner_graphs import WEIGHTS, Node, Thing, outputs_of
from scripts.starter.planner_phrases import (
    COMPARE_BOTH,
    IMPERATIVE,
    PARTICIPLE,
    PLURAL_RESULTS,
    PLURALS,
)
from scripts.starter.planner_sentences import series
from scripts.starter.planner_speaker import Phrases, slots_of
from server.core.resource import AliasBook, Resource
from server.core.task import TASKS, Media

# Verbs that can share one object: "caption and translate it".
_VERBS: dict[Media, dict[str, tuple[str, ...]]] = {
    Media.IMAGE: {
        "image-to-text": ("caption", "describe", "caption"),
        "image-classification": ("classify", "categorize"),
        "image-segmentation": ("segment",),
        "image-to-image": ("enhance", "upscale", "sharpen", "improve"),
        "image-to-video": ("animate",),
        "object-detection": ("detect", "detect the objects in"),
        "depth-estimation": ("estimate the depth of",),
        "mask-generation": ("mask",),
    },
    Media.AUDIO: {
        "automatic-speech-recognition": ("transcribe", "write down"),
        "audio-to-audio": ("clean up", "denoise", "enhance"),
        "audio-classification": ("classify",),
    },
    Media.TEXT: {
        "translation": ("translate", "translate"),
        "summarization": ("summarize", "shorten", "sum up"),
        "text2text-generation": ("paraphrase", "rephrase", "reword", "correct"),
        "text-to-speech": ("read aloud", "read out", "speak", "voice"),
        "text-to-image": ("illustrate",),
        "token-classification": ("tag the entities in",),
        "text-classification": ("rate the mood of", "judge the sentiment of"),
    },
}
# The tasks whose output is what the following verbs are about.
_MAKING = {
    "image-to-text",
    "image-to-image",
    "automatic-speech-recognition",
    "audio-to-audio",
    "translation",
    "summarization",
    "text2text-generation",
    "text-to-speech",
    "text-to-image",
}
_UPLOADS = {
    Media.IMAGE: ("it", "this", "the image", "this photo", "my picture", "the attached picture"),
    Media.AUDIO: ("it", "this", "the recording", "this audio"),
    Media.TEXT: ("it", "this", "the document", "my text"),
}
_TWO_PICTURES = (
    "draw two pictures: one of {x} and one of {y}",
    "draw {x} and {y} (as two separate pictures|in separate pictures|in two images)",
    "(draw|paint) a picture of {x} and another (one|picture) of {y}",
    "(make|generate|create) two images, {x} and {y}",
    "make one picture of {x} and one of {y}",
    "draw {x}, (then|and then|and also|also) draw {y}",
    "paint {x}. paint {y}",
    "create an image of {x} and a second image of {y}",
    "(generate|draw) first {x}, then {y}",
    "I need one picture with {x} and a second one with {y}",
)
_BOTH = ("both", "both", "both of them", "them", "both pictures", "each of them", "the two images")
_DRAW = (
    "draw {x}",
    "paint {x}",
    "make a picture of {x}",
    "create an image of {x}",
    "draw me {x}",
    "generate a picture of {x}",
)


def example(rng: random.Random, held_out: bool) -> PlanExample:
    """One request of a special shape."""
    roll = rng.random()
    if roll < 0.3:
        return _both(rng, held_out)
    return _two_pictures(rng, held_out) if roll < 0.42 else _verbs(rng, held_out)


def _node(task: str, thing: Thing, index: int) -> Node:
    """A step that needs nothing but that thing."""
    args: dict[str, Thing | None] = {TASKS[task].inputs[0].name: thing}
    if task == "image-to-image":
        args["text"] = Thing("", Media.TEXT, "nothing")
    return Node(task, args, outputs_of(task, index))


def _finish(rng: random.Random, request: str) -> str:
    return frames.finish(rng, request, lower=rng.random() < 0.3, sloppy=rng.random() < 0.15)


def _both(rng: random.Random, held_out: bool) -> PlanExample:
    """One task for each of two uploads, then perhaps a comparison of the two results."""
    phrases, book = Phrases(rng, held_out), AliasBook()
    media = rng.choices((Media.IMAGE, Media.AUDIO, Media.TEXT), (70, 15, 15))[0]
    fitting = [
        name
        for name in PARTICIPLE
        if [port.media for port in TASKS[name].inputs if not port.optional] == [media]
    ]
    task = rng.choices(fitting, [WEIGHTS[name] for name in fitting])[0]
    port = TASKS[task].inputs[0].name
    origins = [words.file_name(rng, media) if rng.random() < 0.7 else "upload" for _ in range(2)]
    resources = tuple(Resource(book.next(media), media, origin) for origin in origins)
    things = [Thing(resource.alias, media, "upload") for resource in resources]
    nodes = [_node(task, thing, index) for index, thing in enumerate(things)]
    template = rng.choice(
        [t for t in phrases.part(IMPERATIVE[task]) if set(slots_of(t)) <= {port, "lang"}]
        or [f"process {{{port}}}"]
    )
    both = (
        " and ".join(map(frames.mark, origins))
        if "upload" not in origins and rng.random() < 0.4
        else phrases.pick(PLURALS[media])
    )
    texts = [
        words.choose(rng, template)
        .replace(f"{{{port}}}", both)
        .replace("{lang}", rng.choice(words.LANGUAGES))
    ]
    if task in PLURAL_RESULTS and rng.random() < 0.4:
        results = rng.choice(PLURAL_RESULTS[task].split("|"))
        texts.append(phrases.template(COMPARE_BOTH).replace("RESULTS", results))
        first, second = (node.outputs[0] for node in nodes)
        nodes.append(Node("sentence-similarity", {"text1": first, "text2": second}))
    request = frames.finish(
        rng, series(phrases, texts, frames.OPENERS), rng.random() < 0.3, rng.random() < 0.15
    )
    return PlanExample(request, resources, to_steps(nodes))


def _two_pictures(rng: random.Random, held_out: bool) -> PlanExample:
    """Two pictures drawn, then perhaps one task for both."""
    phrases = Phrases(rng, held_out)
    contents = [words.description(rng).lower() for _ in range(2)]
    nodes = [
        Node(
            "text-to-image",
            {"text": Thing(text, Media.TEXT, "words")},
            outputs_of("text-to-image", i),
        )
        for i, text in enumerate(contents)
    ]
    template = phrases.template(_TWO_PICTURES)
    texts = [
        template.replace("{x}", frames.mark(contents[0])).replace("{y}", frames.mark(contents[1]))
    ]
    if rng.random() < 0.45:
        task = rng.choice(list(_VERBS[Media.IMAGE]))
        verb = rng.choice(_VERBS[Media.IMAGE][task])
        texts.append(f"{verb} {rng.choice(_BOTH)}")
        nodes += [_node(task, node.outputs[0], index) for index, node in enumerate(nodes, 2)]
    openers = frames.OPENERS if template[0].islower() else ("",)
    return PlanExample(_finish(rng, series(phrases, texts, openers)), (), to_steps(nodes))


def _verbs(rng: random.Random, held_out: bool) -> PlanExample:
    """Two or three verbs with one object; each works on what the ones before made of it."""
    phrases, book = Phrases(rng, held_out), AliasBook()
    media = rng.choices((Media.IMAGE, Media.TEXT, Media.AUDIO), (55, 30, 15))[0]
    resources: tuple[Resource, ...] = ()
    nodes: list[Node] = []
    drawn, named, tail = "", "", ""
    if media is Media.IMAGE and rng.random() < 0.5:
        text = words.description(rng).lower()
        nodes = [
            Node(
                "text-to-image",
                {"text": Thing(text, Media.TEXT, "words")},
                outputs_of("text-to-image", 0),
            )
        ]
        current = {media: nodes[0].outputs[0]}
        drawn = phrases.pick(_DRAW).replace("{x}", frames.mark(text))
        named = rng.choice(("it", "it", "it", "the picture", "that", "the result"))
    elif media is Media.TEXT and rng.random() < 0.6:
        text = words.sentence(rng)
        current = {media: Thing(text, Media.TEXT, "literal")}
        left, right = rng.choice(
            [quote for quote in frames.QUOTES if quote[0] not in text and quote[1] not in text]
        )
        if rng.random() < 0.5:
            named, tail = (
                rng.choice(("this", "the following", "the following text")),
                ": " + frames.mark(text),
            )
        else:
            named = frames.mark(left + text + right)
    else:
        origin = words.file_name(rng, media) if rng.random() < 0.7 else "upload"
        resources = (Resource(book.next(media), media, origin),)
        current = {media: Thing(resources[0].alias, media, "upload")}
        named = (
            frames.mark(origin)
            if origin != "upload" and rng.random() < 0.8
            else rng.choice(_UPLOADS[media])
        )
    verbs = _chain(rng, nodes, current, media)
    *some, last = verbs
    link = rng.choice((" and ", " and ", " and then ", ", then ", " & "))
    action = f"{', '.join(some)}{link}{last} {named}"
    texts = [drawn, action] if drawn else [action]
    request = series(phrases, texts, frames.OPENERS, ending=not tail) + tail
    return PlanExample(_finish(rng, request), resources, to_steps(nodes))


def _chain(
    rng: random.Random, nodes: list[Node], current: dict[Media, Thing], media: Media
) -> list[str]:
    """Add two or three steps, the first of them on `media`; give their verbs."""
    verbs: list[str] = []
    wanted = rng.choice((2, 2, 2, 3))
    while len(verbs) < wanted:
        taken = {node.task for node in nodes}
        kinds = [kind for kind in current if verbs or kind is media]
        # A text made of the picture or sound is what people go on with.
        kind = Media.TEXT if Media.TEXT in kinds and rng.random() < 0.7 else rng.choice(kinds)
        task = rng.choice(list(_VERBS[kind]))
        if task in taken or (task == "text-to-image" and "image-to-text" in taken):
            continue
        if not verbs and task == "image-to-video":
            continue
        node = _node(task, current[kind], len(nodes))
        verbs.append(rng.choice(_VERBS[kind][task]))
        nodes.append(node)
        if task in _MAKING:
            current |= {thing.media: thing for thing in node.outputs if thing.media in _VERBS}
    return verbs
