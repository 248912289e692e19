"""Training data of the starter planner: requests in plain English with the plans they ask for.

A random typed graph (`planner_graphs`) is put into words (`planner_phrases`, `planner_frames`,
`planner_words`). The held-out set draws on phrases, frames and task pairs that training never sees.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from scripts.starter import planner_chat as chat
from scripts.starter import planner_frames as frames
from scripts.starter import planner_patterns
from scripts.starter import planner_words as words
from scripts.starter.planner_example import PlanExample, to_steps
from scripts.starter.planner_graphs import (
    CONTENT,
    KIT,
    SECONDARY,
    WEIGHTS,
    WORLD,
    Node,
    Thing,
    fed_pairs,
    grow,
    held_out_pair,
    outputs_of,
)
from scripts.starter.planner_sentences import join
from scripts.starter.planner_speaker import Clause, Phrases, Speaker
from server.core.resource import AliasBook, Resource
from server.core.task import TASKS, Media


def plan_example(rng: random.Random, held_out: bool = False) -> PlanExample:
    """One planning example: chat, several things at once, the starter kit's world, or any graph."""
    roll = rng.random()
    if roll < 0.12:
        return chat_example(rng, held_out)[0]
    if roll < 0.16:
        return planner_patterns.example(rng, held_out)
    if roll < 0.44:
        return plain_example(rng, held_out)
    if roll < 0.65:
        return kit_example(rng, held_out)
    weights = WORLD if roll < 0.71 else WEIGHTS
    return _found(lambda: _tasks_example(rng, held_out, weights))


def kit_example(rng: random.Random, held_out: bool = False) -> PlanExample:
    """A request that the starter kit's own models can carry out."""
    return _found(lambda: _tasks_example(rng, held_out, KIT))


def plain_example(rng: random.Random, held_out: bool = False) -> PlanExample:
    """The same without ceremony: bare imperatives in a row, as people type them."""
    return _found(lambda: _plain_example(rng, held_out))


def _plain_example(rng: random.Random, held_out: bool) -> PlanExample | None:
    count = rng.choices((1, 2, 3, 4), (24, 30, 26, 20))[0]
    resources, sources, files = _attachments(rng, world=True)
    nodes = _world_graph(rng, sources, count, KIT)
    if not nodes:
        return None
    lower = rng.random() < 0.2
    speaker = Speaker(Phrases(rng, held_out), list(sources), lower=lower, files=files)
    for thing in sources:
        if thing.primary:
            speaker.focus[thing.media] = thing
            thing.mentioned = thing.origin in TASKS
    _take_up(speaker, [thing for thing in sources if _used(thing, nodes)])
    form = "ask" if len(nodes) == 1 and rng.random() < 0.25 else "imp"
    texts = [speaker.clause(node, form).text.strip().rstrip(".") for node in nodes]
    request = _followed(speaker, _in_a_row(rng, texts))
    request = frames.finish(rng, request, lower, sloppy=rng.random() < 0.08)
    return PlanExample(request, resources, to_steps(nodes)) if len(request) < 400 else None


def _in_a_row(rng: random.Random, texts: list[str]) -> str:
    """Clauses joined by commas and a last "and", by "then", or as sentences."""
    style = rng.random()
    if style < 0.25:
        return " ".join(f"{text[0].upper()}{text[1:]}." for text in texts)
    if style < 0.5 or len(texts) == 2:
        last = rng.choice((" and ", " and ", ", then ", " and then ", ", and "))
        body = ", ".join(texts[:-1]) + last + texts[-1] if len(texts) > 1 else texts[0]
    else:
        body = texts[0]
        for text in texts[1:]:
            body += rng.choice((", ", ", then ", ", and then ", " and ", ", after that ")) + text
    if body.endswith("?"):
        return body
    return body + rng.choice((".", ".", ".", "", "", "!", " please", " pls"))


def _found(draw: Callable[[], PlanExample | None]) -> PlanExample:
    """The first example that comes of drawing: some graphs cannot be put into words."""
    while True:
        example = draw()
        if example is not None:
            return example


def _tasks_example(
    rng: random.Random, held_out: bool, weights: dict[str, float]
) -> PlanExample | None:
    phrases = Phrases(rng, held_out)
    world = weights is not WEIGHTS
    counts = (30, 28, 24, 18, 0, 0) if weights is KIT else (31, 27, 23, 13, 4, 2)
    count = rng.choices((1, 2, 3, 4, 5, 6), counts)[0]
    resources, sources, files = _attachments(rng, world)
    if world:
        nodes = _world_graph(rng, sources, count, weights)
    else:
        nodes = grow(rng, sources, count, weights)
    if not nodes or (not held_out and any(held_out_pair(*pair) for pair in fed_pairs(nodes))):
        return None
    speaker = Speaker(phrases, list(sources), lower=rng.random() < 0.3, files=files)
    for thing in sources:
        if thing.primary:
            speaker.focus[thing.media] = thing
            # What an earlier turn made has been spoken of already.
            thing.mentioned = thing.origin in TASKS
    request = _say(speaker, nodes, [thing for thing in sources if _used(thing, nodes)])
    sloppy = rng.random() < (0.08 if weights is KIT else 0.18)
    request = frames.finish(rng, request, speaker.lower, sloppy=sloppy)
    steps = to_steps(nodes)
    return PlanExample(request, resources, steps) if len(request) < 500 else None


def clause_example(rng: random.Random) -> PlanExample:
    """One task in one bare clause: the easiest form of every phrase."""
    task = rng.choices(list(WEIGHTS), [weight**0.5 for weight in WEIGHTS.values()])[0]
    book, resources, sources, files = AliasBook(), [], [], {}
    args: dict[str, Thing | None] = {}
    for port in TASKS[task].inputs:
        if port.name == "labels" or (port.name == "text" and task in CONTENT):
            args[port.name] = None
            continue
        if port.media is Media.TEXT and rng.random() < 0.7:
            text = words.feeling(rng) if rng.random() < 0.5 else words.description(rng)
            text = words.fill(rng, rng.choice(words.MASKED)) if task == "fill-mask" else text
            thing = Thing(text, Media.TEXT, "literal", literal=text)
        else:
            origin = words.file_name(rng, port.media) if rng.random() < 0.6 else "upload"
            resources.append(Resource(book.next(port.media), port.media, origin))
            thing = Thing(resources[-1].alias, port.media, "upload")
            if origin != "upload":
                files[thing.ref] = origin
        sources.append(thing)
        args[port.name] = thing
    node = Node(task, args)
    speaker = Speaker(Phrases(rng, False), sources, lower=False, files=files)
    speaker.focus = {thing.media: thing for thing in sources}
    clause = speaker.clause(node, rng.choices(("imp", "ask", "nom"), (70, 15, 15))[0])
    request = frames.finish(rng, clause.text, lower=False, sloppy=False)
    return PlanExample(request, tuple(resources), to_steps([node]))


def _used(thing: Thing, nodes: Sequence[Node]) -> bool:
    return any(thing is arg for node in nodes for arg in node.args.values())


def _world_graph(
    rng: random.Random, sources: list[Thing], count: int, weights: dict[str, float]
) -> list[Node]:
    """Draw shapes (unless a picture is there already), then work on the picture."""
    nodes: list[Node] = []
    if not any(thing.media is Media.IMAGE for thing in sources) or rng.random() < 0.3:
        nodes = [Node("text-to-image", {"text": None}, outputs_of("text-to-image", 0))]
    return grow(rng, sources, count, weights, nodes)


def _attachments(
    rng: random.Random, world: bool
) -> tuple[tuple[Resource, ...], list[Thing], dict[str, str]]:
    """Uploads, results of earlier turns and quoted texts."""
    book, resources, things, files = AliasBook(), [], [], {}

    def add(media: Media, origin: str) -> None:
        alias = book.next(media)
        resources.append(Resource(alias, media, origin))
        primary = media is Media.TEXT or origin not in TASKS or origin not in SECONDARY
        things.append(Thing(alias, media, origin if origin in TASKS else "upload", primary=primary))
        if "." in origin:
            files[alias] = origin

    roll = rng.random()
    if roll < (0.18 if world else 0.12):
        made = rng.choices(
            (*WORLD, "automatic-speech-recognition", "summarization"),
            k=rng.choice((1, 1, 2, 3)),
        )
        for task in ["text-to-image", *made][rng.choice((0, 0, 0, 1)) :]:
            for media in TASKS[task].outputs:
                add(media, task)
    if not world or rng.random() < 0.4:
        kinds = (Media.IMAGE, Media.AUDIO, Media.TEXT, Media.VIDEO)
        for media in rng.choices(
            kinds, (60, 18, 16, 6), k=rng.choices((0, 1, 2, 3), (30, 52, 14, 4))[0]
        ):
            add(media, words.file_name(rng, media) if rng.random() < 0.72 else "upload")
        for _ in range(rng.choices((0, 1, 2), (55, 38, 7))[0]):
            text = words.feeling(rng) if rng.random() < 0.2 else words.sentence(rng)
            if rng.random() < 0.06:
                text = words.fill(rng, rng.choice(words.MASKED))
            things.append(Thing(text, Media.TEXT, "literal", literal=text))
        if things and rng.random() < 0.08:
            things.append(_prompt(rng))
    return tuple(resources), things, files


def _prompt(rng: random.Random) -> Thing:
    """A question or an editing instruction that the request quotes before it is used."""
    if rng.random() < 0.35:
        text, origin = words.fill(rng, rng.choice(words.EDITS)), "instruction"
    else:
        bank = rng.choice(
            (
                words.IMAGE_QUESTIONS,
                words.IMAGE_QUESTIONS,
                words.TEXT_QUESTIONS,
                words.DOCUMENT_QUESTIONS,
            )
        )
        text, origin = words.question(rng, bank)[0], "question"
    text = text[0].upper() + text[1:] if rng.random() < 0.7 else text
    return Thing(text, Media.TEXT, origin, literal=text)


def _say(speaker: Speaker, nodes: list[Node], used: list[Thing]) -> str:
    """The whole request: an aside, introductions, the clauses, an ending."""
    rng, phrases = speaker.rng, speaker.phrases
    _take_up(speaker, used)
    parts = []
    if rng.random() < 0.06:
        parts.append(words.fill(rng, phrases.pick(frames.ASIDES).replace("{d}", "{art}")))
    fresh = [
        thing for thing in used if thing.origin not in TASKS and thing is not speaker.following
    ]
    if 1 < len(fresh) < 4 and rng.random() < 0.25:
        parts.append(_introduce_all(speaker, fresh))
    else:
        parts += [
            _introduce(speaker, thing)
            for thing in fresh
            if rng.random() < (0.8 if thing.origin in frames.INTRODUCTIONS else 0.45)
        ]
    text = _followed(speaker, join(speaker, _clauses(speaker, nodes)))
    return " ".join([*(part.strip() for part in parts), text])


def _take_up(speaker: Speaker, used: list[Thing]) -> None:
    """Settle how quoted texts are written, and whether one comes after the request instead."""
    quoted = [thing for thing in used if thing.literal is not None]
    for thing in quoted:
        if speaker.lower and thing.literal is not None:
            thing.literal = thing.ref = thing.literal.lower()
    if len(quoted) == 1 and quoted[0].origin == "literal" and speaker.rng.random() < 0.25:
        speaker.following = quoted[0]


def _followed(speaker: Speaker, text: str) -> str:
    """The request, and after it the text that it calls the following."""
    if speaker.following is None:
        return text
    link = speaker.rng.choice(frames.FOLLOWING_LINKS)
    return text.rstrip(".!? ") + link + speaker.cased(speaker.following.ref)


def _introduce_all(speaker: Speaker, things: list[Thing]) -> str:
    """One sentence for all the things."""
    rng, named = speaker.rng, []
    for thing in things:
        thing.mentioned = True
        speaker.focus[thing.media] = thing
        word = speaker.phrases.pick(frames.MEDIA_WORDS[thing.media])
        if thing.literal is not None:
            kind = {
                "question": ("a question", "the question"),
                "instruction": ("a text description", "an instruction"),
            }.get(thing.origin, ("a text", "the text", "a sentence", "a text prompt"))
            named.append(f"{rng.choice(kind)} {speaker.quoted(thing.literal)}")
        elif thing.ref in speaker.files:
            name = frames.mark(speaker.files[thing.ref])
            named.append(
                rng.choice(
                    (
                        f"{words.with_article(word)} {name}",
                        name,
                        f"{words.with_article(word)} '{name}'",
                        f"the {word} {name}",
                    )
                )
            )
        else:
            named.append(words.with_article(word))
    joined = ", ".join(named[:-1]) + rng.choice((" and ", " and ", ", and ")) + named[-1]
    return speaker.phrases.pick(frames.LISTED).replace("{x}", joined)


def _introduce(speaker: Speaker, thing: Thing) -> str:
    rng, phrases = speaker.rng, speaker.phrases
    thing.mentioned = True
    speaker.focus[thing.media] = thing
    if thing.literal is not None:
        bank = frames.INTRODUCTIONS[
            thing.origin if thing.origin in frames.INTRODUCTIONS else "text"
        ]
        return phrases.pick(bank).replace("{q}", speaker.quoted(thing.literal))
    named = thing.ref in speaker.files
    template = phrases.pick(frames.INTRODUCTIONS["file" if named else "upload"])
    word = phrases.pick(frames.MEDIA_WORDS[thing.media])
    name = frames.mark(speaker.files.get(thing.ref, ""))
    scene = words.fill(rng, rng.choice(words.DESCRIPTIONS))
    template = template.replace("{a}", words.with_article(word)).replace("{m}", word)
    return template.replace("{f}", name if rng.random() < 0.75 else f"'{name}'").replace(
        "{d}", scene
    )


def _clauses(speaker: Speaker, nodes: list[Node]) -> list[Clause]:
    """Each node as a clause; some become a noun phrase inside the next one."""
    rng, clauses = speaker.rng, []
    for index, node in enumerate(nodes):
        following = nodes[index + 1] if index + 1 < len(nodes) else None
        if following is not None and rng.random() < 0.16 and _only_feeds(node, following, nodes):
            inner = speaker.clause(node, "nom")
            if inner.form == "nom":
                speaker.nested[index] = inner.text
                continue
            clauses.append(inner)
            continue
        form = rng.choices(("imp", "ask", "nom"), (80, 12, 8))[0]
        clauses.append(speaker.clause(node, form))
    return clauses


def _only_feeds(node: Node, following: Node, nodes: list[Node]) -> bool:
    """Whether exactly one argument, of the next step, reads this one."""
    readers = [
        other
        for other in nodes
        for arg in other.args.values()
        if arg is not None and arg in node.outputs
    ]
    return len(readers) == 1 and readers[0] is following


def chat_example(rng: random.Random, held_out: bool) -> tuple[PlanExample, str]:
    """A request that plans nothing, and which kind of chat it is."""
    phrases = Phrases(rng, held_out)
    resources, _, _ = (
        _attachments(rng, world=rng.random() < 0.4) if rng.random() < 0.3 else ((), [], {})
    )
    banks = ("GREETINGS", "THANKS", "ABOUT", "TALK", "CANNOT", "FRAGMENTS", "FOREIGN", "MISSING")
    kind = rng.choices(banks, (10, 14, 14, 26, 22, 14, 8, 9))[0]
    if kind == "MISSING":
        there = {resource.media for resource in resources}
        media = rng.choice([m for m in Media if m not in there] or [None])
        if media is None:
            return chat_example(rng, held_out)
        text = phrases.template(chat.MISSING[media])
    else:
        text = (
            words.fill(rng, phrases.pick(getattr(chat, kind)))
            .replace("\\{", "{")
            .replace("\\}", "}")
        )
    if kind in ("THANKS", "ABOUT", "TALK", "CANNOT", "MISSING"):
        text = phrases.pick(chat.FRAMES).replace("{x}", text)
    roll = rng.random()
    text = text[:1].upper() + text[1:] if roll < 0.5 else text.lower() if roll < 0.7 else text
    if kind != "FRAGMENTS" and text[-1].isalpha() and rng.random() < 0.3:
        text += rng.choice(".!")
    return PlanExample(text or "?", resources), kind
