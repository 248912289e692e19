"""Training data of the starter planner: requests in plain English with the plans they ask for.

A random typed graph (`planner_graphs`) is put into words (`planner_phrases`, `planner_frames`,
`planner_words`). The held-out set draws on phrases, frames and task pairs that training never sees.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from scripts.starter import planner_chat as chat
from scripts.starter import planner_frames as frames
from scripts.starter import planner_words as words
from scripts.starter.planner_graphs import (
    WEIGHTS,
    WORLD,
    Node,
    Thing,
    fed_pairs,
    grow,
    held_out_pair,
    outputs_of,
)
from scripts.starter.planner_phrases import (
    COMPARE_BOTH,
    FORMAL,
    IMPERATIVE,
    NOMINAL,
    OUTPUT_NAMES,
    PARTICIPLE,
    PLURAL_RESULTS,
    PLURALS,
    QUESTION,
)
from server.core.resource import AliasBook, Resource
from server.core.task import TASKS, Media

_HELD_OUT_EVERY = 7
_FORMAL_TEMPLATES = (
    "(perform|run|do|apply|carry out|conduct) {x} (on|for) {y}", "(apply|use) {x} (to|on) {y}", "(use|run) {y} through {x}", "(run|use) (a|the|an) {x} model on {y}", "{x} on {y}",
    "(apply|use) {x} (techniques|models|methods) (to|on) {y}", "(process|handle) {y} (with|using|by) {x}",
)


@dataclass(frozen=True, slots=True)
class PlanExample:
    """A planning request, what is attached, and the steps to write."""

    request: str
    resources: tuple[Resource, ...]
    steps: tuple[dict, ...] = ()

    @property
    def answer(self) -> str:
        """The plan as the model writes it."""
        return json.dumps(self.steps, ensure_ascii=False, separators=(",", ":"))


class Phrases:
    """Chooses phrases from the training part of each bank, or from the held-out part."""

    def __init__(self, rng: random.Random, held_out: bool) -> None:
        self.rng, self.held_out = rng, held_out

    def part(self, bank: Sequence) -> Sequence:
        """The part of a bank this set may use; small banks are used by both."""
        if len(bank) < 4:
            return bank
        parts = [x for i, x in enumerate(bank) if (i % _HELD_OUT_EVERY == 3) == self.held_out]
        # A duplicate is a weight: it must not leak a held-out phrase into training.
        kept = set(bank[3::_HELD_OUT_EVERY])
        return parts if self.held_out else [x for x in parts if x not in kept] or parts

    def pick(self, bank: Sequence):
        """One element of this set's part."""
        return self.rng.choice(self.part(bank))

    def template(self, bank: Sequence[str]) -> str:
        """One template, its alternatives chosen."""
        return words.choose(self.rng, self.pick(bank))


@dataclass(slots=True)
class Clause:
    """One request clause: an imperative, a question of its own, or a noun phrase."""

    form: str
    text: str
    node: Node


@dataclass(slots=True)
class Speaker:
    """Puts a graph into words, keeping track of what "it" means."""

    phrases: Phrases
    things: list[Thing]
    lower: bool
    focus: dict[Media, Thing] = field(default_factory=dict)
    latest: list[Thing] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    language: str = ""
    nested: dict[int, str] = field(default_factory=dict)
    recent: list[Thing] = field(default_factory=list)
    strict: bool = False
    following: Thing | None = None

    @property
    def rng(self) -> random.Random:
        """The random source of the phrases."""
        return self.phrases.rng

    def cased(self, text: str) -> str:
        """The words as this user types them, marked to stay so."""
        return frames.mark(text.lower() if self.lower else text)

    def quoted(self, text: str) -> str:
        """A text in quotes, or at times bare."""
        left, right = self.rng.choice([q for q in frames.QUOTES if q[0] not in text and q[1] not in text])
        return frames.mark(left + (text.lower() if self.lower else text) + right)

    def name(self, thing: Thing) -> str:
        """A noun phrase for the thing that a reader can resolve."""
        if thing.step in self.nested:
            return self.nested.pop(thing.step)
        options: list[tuple[str, float]] = []
        first, thing.mentioned = not thing.mentioned, True
        if thing is self.following and first:
            return self.phrases.pick(frames.FOLLOWING).rstrip(":")
        if thing.literal is not None and first:
            return self.quoted(thing.literal)
        if thing.ref in self.files and (first or self.rng.random() < 0.25):
            return self._file(thing, first)
        others = [other for other in self.things if other is not thing and other.media == thing.media]
        if self.focus.get(thing.media) is thing and (not self.strict or thing in self.recent):
            options += [("it", 3), ("it", 2), ("that", 0.7), ("this", 0.6)] if not first else [("it", 1), ("this", 1)]
        if thing in self.latest:
            options += [(name, 0.35) for name in frames.LATEST[thing.media]]
        same = [other for other in others if other.origin == thing.origin]
        if same and not (thing.literal is None and thing.ref in self.files):
            options += self._ordinal(thing, same)
        else:
            options += [(name, 1.2) for name in self._own_names(thing, others)]
        options = options or [(self._fallback(thing), 1)]
        names = [option for option, _ in options]
        return self.rng.choices(names, [weight for _, weight in options])[0]

    def _file(self, thing: Thing, first: bool) -> str:
        name = frames.mark(self.files[thing.ref])
        word = self.phrases.pick(frames.MEDIA_WORDS[thing.media])
        forms = [name] * 4 + [f"the {word} {name}", f"my {word} {name}", f"the file {name}", f"'{name}'", f"the {word} '{name}'"]
        return self.rng.choice(forms if first else [name, f"the {word} {name}"])

    def _own_names(self, thing: Thing, others: list[Thing]) -> list[str]:
        if thing.origin in _PROMPT_NAMES:
            names: tuple[str, ...] = _PROMPT_NAMES[thing.origin]
        elif thing.literal is not None:
            names = ("the sentence", "the text", "the original text", "that sentence", "the given text", "my text", "the original sentence")
        elif thing.origin in OUTPUT_NAMES:
            names = OUTPUT_NAMES[thing.origin][thing.media]
        else:
            names = frames.GENERIC[thing.media]
            if any(other.step is not None for other in others):
                word = frames.MEDIA_WORDS[thing.media][0]
                names = (f"the original {word}", f"my {word}", f"the uploaded {word}", f"the attached {word}", f"the first {word}")
        taken = {name for other in others for name in self._names_of_origin(other)}
        if thing.origin == "text-to-image" and any(other.origin not in TASKS for other in others):
            taken |= {"the image", "the picture", "that picture"}
        left = [name for name in names if name not in taken]
        left = [name.replace("{lang}", self.language or "translated") for name in left]
        count = min(len(left), 3)
        return self.rng.sample(left, count)

    def _names_of_origin(self, other: Thing) -> tuple[str, ...]:
        if other.origin in _PROMPT_NAMES:
            return ()
        if other.literal is not None:
            return ("the sentence", "the text", "that sentence")
        return OUTPUT_NAMES.get(other.origin, {}).get(other.media, frames.GENERIC[other.media])

    def _ordinal(self, thing: Thing, same: list[Thing]) -> list[tuple[str, float]]:
        group = [other for other in self.things if other in same or other is thing]
        place = group.index(thing)
        if thing.literal is not None:
            noun = "text"
        elif thing.origin in OUTPUT_NAMES:
            nouns = [n[4:] for n in OUTPUT_NAMES[thing.origin][thing.media] if n.startswith("the ") and "{" not in n]
            noun = self.rng.choice(nouns)
        else:
            noun = self.rng.choice(frames.MEDIA_WORDS[thing.media])
        order = ("first", "second", "third", "fourth", "fifth", "sixth")[place]
        options = [(f"the {order} {noun}", 2.0)]
        if place == len(group) - 1:
            options += [(f"the last {noun}", 1.0), (f"the {'other' if len(group) == 2 else 'last'} {noun}", 0.4)]
        return options

    def _fallback(self, thing: Thing) -> str:
        return thing.ref if thing.step is None else f"the output of step {thing.step + 1}"

    def clause(self, node: Node, form: str) -> Clause:
        """The node in that form, as far as its task has phrases for it; else an imperative."""
        bank = {"ask": QUESTION, "nom": NOMINAL}.get(form, IMPERATIVE).get(node.task, ())
        bank = [template for template in self.phrases.part(bank) if self._fits(template, node)]
        if not bank:
            form = "imp"
            own = [t for t in self.phrases.part(IMPERATIVE[node.task]) if self._fits(t, node)]
            bank = own or [t for t in IMPERATIVE[node.task] if self._fits(t, node)]
        first = TASKS[node.task].inputs[0].name
        if form == "imp" and node.task in PARTICIPLE and node.args[first] is not None and _is_plain(node) and self.rng.random() < 0.08:
            return self._spoken(node, form, f"{self.rng.choice(('have', 'get'))} {{{first}}} {self.phrases.pick(PARTICIPLE[node.task])}")
        if form == "imp" and node.task in FORMAL and self.rng.random() < 0.13:
            if node.args[first] is not None and _is_plain(node):
                return self._spoken(node, form, self._formal(node.task, first))
        return self._spoken(node, form, words.choose(self.rng, self.rng.choice(bank)))

    def _formal(self, task: str, port: str) -> str:
        template = self.phrases.template(_FORMAL_TEMPLATES[:4] + _FORMAL_TEMPLATES[5:])
        return template.replace("{x}", self.phrases.pick(FORMAL[task])).replace("{y}", "{" + port + "}")

    def _fits(self, template: str, node: Node) -> bool:
        for port, thing in node.args.items():
            if thing is not None and "{" + port + "}" not in template:
                return False
            if thing is None and "{" + port + "}" in template and port != "labels":
                return False
        return not (node.args.get("text", 0) is not None and any(s in template for s in ("{desc}", "{edit}", "{qe}", "{prompt}")))

    def _spoken(self, node: Node, form: str, template: str) -> Clause:
        self.strict = template.startswith(frames.SHARED_VERBS)
        text = template
        for slot in _slots(template):
            text = text.replace("{" + slot + "}", self._slot(slot, node), 1)
        if node.task == "image-to-image" and node.args.get("text", "") is None:
            node.args["text"] = Thing("", Media.TEXT, "nothing")
        for thing in node.args.values():
            if thing is not None and thing.ref and thing.primary:
                self.focus[thing.media] = thing
        for thing in node.outputs:
            self.things.append(thing)
            if thing.primary:
                self.focus[thing.media] = thing
            thing.mentioned = True
        self.latest = node.outputs
        self.recent = node.outputs or [thing for thing in node.args.values() if thing is not None]
        return Clause(form, text, node)

    def _slot(self, slot: str, node: Node) -> str:
        rng = self.rng
        if slot in node.args and node.args[slot] is not None:
            return self.name(node.args[slot])
        if slot == "lang":
            self.language = rng.choice(words.LANGUAGES)
            return self.language
        if slot == "labels":
            near = "detection" in node.task
            return self._content(node, "labels", words.fill(rng, self.phrases.pick(words.THINGS if near else words.LABELS)))
        if slot == "desc":
            text = words.fill(rng, rng.choice(words.SOUNDS)) if node.task == "text-to-audio" else words.description(rng)
            return self._content(node, "text", text, quote=0.1)
        if slot in ("edit", "qe"):
            text = words.fill(rng, self.phrases.pick(words.EDITS))
            if slot == "qe" and rng.random() < 0.5:
                text = text[0].upper() + text[1:]
            return self._content(node, "text", text, quote=0.9 if slot == "qe" else 0.0)
        if slot == "prompt":
            return self._content(node, "text", words.fill(rng, self.phrases.pick(words.PROMPTS)))
        bank = {
            "visual-question-answering": words.IMAGE_QUESTIONS, "document-question-answering": words.DOCUMENT_QUESTIONS,
            "question-answering": words.TEXT_QUESTIONS, "table-question-answering": words.TABLE_QUESTIONS,
        }[node.task]
        direct, indirect = words.question(rng, tuple(self.phrases.part(bank)))
        if slot == "qi":
            return self._content(node, "text", indirect)
        if rng.random() < 0.6:
            direct = direct[0].upper() + direct[1:]
        return self._content(node, "text", direct, quote=0.92 if slot == "q" else 0.0)

    def _content(self, node: Node, port: str, text: str, quote: float = 0.0) -> str:
        text = text.lower() if self.lower else text
        node.args[port] = Thing(text, Media.TEXT, "words")
        return self.quoted(text) if self.rng.random() < quote else frames.mark(text)


_PROMPT_NAMES = {
    "question": ("my question", "the question", "that question", "the given question"),
    "instruction": ("the description", "my description", "the instruction", "the given description"),
}


def _is_plain(node: Node) -> bool:
    """Whether nothing but the resource needs saying."""
    return node.task != "image-to-image" or node.args["text"] is None


def to_steps(nodes: Sequence[Node]) -> tuple[dict, ...]:
    """The graph on the wire, ports in the order of the task table."""
    return tuple(
        {"task": node.task, "id": index, "args": {port.name: node.args[port.name].ref for port in TASKS[node.task].inputs}}
        for index, node in enumerate(nodes)
    )


def plan_example(rng: random.Random, held_out: bool = False) -> PlanExample:
    """One planning example: chat, one task, a graph, or the demo's world of shapes."""
    roll = rng.random()
    if roll < 0.14:
        return chat_example(rng, held_out)[0]
    if roll < 0.165:
        return _both_example(rng, held_out)
    while True:
        example = _tasks_example(rng, held_out, world=roll < 0.36)
        if example is not None:
            return example


def _tasks_example(rng: random.Random, held_out: bool, world: bool) -> PlanExample | None:
    phrases = Phrases(rng, held_out)
    count = rng.choices((1, 2, 3, 4, 5, 6), (28, 25, 23, 16, 5, 3))[0]
    resources, sources, files = _attachments(rng, world)
    if world:
        nodes = _world_graph(rng, sources, count)
    else:
        nodes = grow(rng, sources, count, WEIGHTS)
    if not nodes or (not held_out and any(held_out_pair(*pair) for pair in fed_pairs(nodes))):
        return None
    speaker = Speaker(phrases, list(sources), lower=rng.random() < 0.3, files=files)
    for thing in sources:
        if thing.primary:
            speaker.focus[thing.media] = thing
            # What an earlier turn made has been spoken of already.
            thing.mentioned = thing.origin in TASKS
    request = _say(speaker, nodes, [thing for thing in sources if _used(thing, nodes)])
    request = frames.finish(rng, request, speaker.lower, sloppy=rng.random() < 0.18)
    steps = to_steps(nodes)
    return PlanExample(request, resources, steps) if len(request) < 700 else None


def _used(thing: Thing, nodes: Sequence[Node]) -> bool:
    return any(thing is arg for node in nodes for arg in node.args.values())


def _world_graph(rng: random.Random, sources: list[Thing], count: int) -> list[Node]:
    """Draw shapes (unless a picture is there already), then work on the picture."""
    nodes: list[Node] = []
    if not any(thing.media is Media.IMAGE for thing in sources) or rng.random() < 0.3:
        nodes = [Node("text-to-image", {"text": None}, outputs_of("text-to-image", 0))]
    return grow(rng, sources, count, WORLD, nodes)


def _attachments(rng: random.Random, world: bool) -> tuple[tuple[Resource, ...], list[Thing], dict[str, str]]:
    """Uploads, results of earlier turns and quoted texts."""
    book, resources, things, files = AliasBook(), [], [], {}

    def add(media: Media, origin: str) -> None:
        alias = book.next(media)
        resources.append(Resource(alias, media, origin))
        primary = media is Media.TEXT or origin not in TASKS or origin not in _NAMED_ONLY
        things.append(Thing(alias, media, origin if origin in TASKS else "upload", primary=primary))
        if "." in origin:
            files[alias] = origin

    roll = rng.random()
    if roll < (0.18 if world else 0.12):
        made = rng.choices(tuple(WORLD) + ("automatic-speech-recognition", "summarization"), k=rng.choice((1, 1, 2, 3)))
        for task in ["text-to-image", *made][rng.choice((0, 0, 0, 1)) :]:
            for media in TASKS[task].outputs:
                add(media, task)
    if not world or rng.random() < 0.12:
        kinds = (Media.IMAGE, Media.AUDIO, Media.TEXT, Media.VIDEO)
        for media in rng.choices(kinds, (60, 18, 16, 6), k=rng.choices((0, 1, 2, 3), (30, 52, 14, 4))[0]):
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
        bank = rng.choice((words.IMAGE_QUESTIONS, words.IMAGE_QUESTIONS, words.TEXT_QUESTIONS, words.DOCUMENT_QUESTIONS))
        text, origin = words.question(rng, bank)[0], "question"
    text = text[0].upper() + text[1:] if rng.random() < 0.7 else text
    return Thing(text, Media.TEXT, origin, literal=text)


_NAMED_ONLY = {"object-detection", "zero-shot-object-detection", "image-segmentation", "mask-generation", "depth-estimation"}


def _say(speaker: Speaker, nodes: list[Node], used: list[Thing]) -> str:
    """The whole request: an aside, introductions, the clauses, an ending."""
    rng, phrases = speaker.rng, speaker.phrases
    if speaker.lower:
        for thing in used:
            if thing.literal is not None:
                thing.literal = thing.ref = thing.literal.lower()
    parts = []
    if rng.random() < 0.06:
        parts.append(words.fill(rng, phrases.pick(frames.ASIDES).replace("{d}", "{art}")))
    quoted = [thing for thing in used if thing.literal is not None]
    if len(quoted) == 1 and quoted[0].origin == "literal" and rng.random() < 0.25:
        speaker.following = quoted[0]
    fresh = [thing for thing in used if thing.origin not in TASKS and thing is not speaker.following]
    if 1 < len(fresh) < 4 and rng.random() < 0.25:
        parts.append(_introduce_all(speaker, fresh))
    else:
        parts += [_introduce(speaker, thing) for thing in fresh if rng.random() < (0.8 if thing.origin in frames.INTRODUCTIONS else 0.45)]
    body = _body(speaker, _clauses(speaker, nodes))
    if speaker.following is not None:
        body = body.rstrip(".!? ") + rng.choice(frames.FOLLOWING_LINKS) + speaker.cased(speaker.following.literal)
    return " ".join([*(part.strip() for part in parts), body])


def _introduce_all(speaker: Speaker, things: list[Thing]) -> str:
    """One sentence for all the things."""
    rng, named = speaker.rng, []
    for thing in things:
        thing.mentioned = True
        speaker.focus[thing.media] = thing
        word = speaker.phrases.pick(frames.MEDIA_WORDS[thing.media])
        if thing.literal is not None:
            kind = {"question": ("a question", "the question"), "instruction": ("a text description", "an instruction")}.get(thing.origin, ("a text", "the text", "a sentence", "a text prompt"))
            named.append(f"{rng.choice(kind)} {speaker.quoted(thing.literal)}")
        elif thing.ref in speaker.files:
            name = frames.mark(speaker.files[thing.ref])
            named.append(rng.choice((f"{words.with_article(word)} {name}", name, f"{words.with_article(word)} '{name}'", f"the {word} {name}")))
        else:
            named.append(words.with_article(word))
    joined = ", ".join(named[:-1]) + rng.choice((" and ", " and ", ", and ")) + named[-1]
    return speaker.phrases.pick(frames.LISTED).replace("{x}", joined)


def _introduce(speaker: Speaker, thing: Thing) -> str:
    rng, phrases = speaker.rng, speaker.phrases
    thing.mentioned = True
    speaker.focus[thing.media] = thing
    if thing.literal is not None:
        bank = frames.INTRODUCTIONS[thing.origin if thing.origin in frames.INTRODUCTIONS else "text"]
        return phrases.pick(bank).replace("{q}", speaker.quoted(thing.literal))
    named = thing.ref in speaker.files
    template = phrases.pick(frames.INTRODUCTIONS["file" if named else "upload"])
    word = phrases.pick(frames.MEDIA_WORDS[thing.media])
    name = frames.mark(speaker.files.get(thing.ref, ""))
    scene = words.fill(rng, rng.choice(words.DESCRIPTIONS))
    template = template.replace("{a}", words.with_article(word)).replace("{m}", word)
    return template.replace("{f}", name if rng.random() < 0.75 else f"'{name}'").replace("{d}", scene)


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
    readers = [other for other in nodes for arg in other.args.values() if arg is not None and arg in node.outputs]
    return len(readers) == 1 and readers[0] is following


def _body(speaker: Speaker, clauses: list[Clause]) -> str:
    rng, phrases = speaker.rng, speaker.phrases
    if all(clause.form == "imp" for clause in clauses):
        roll = rng.random()
        if len(clauses) == 1 or roll < 0.5:
            return _series(phrases, [clause.text for clause in clauses], frames.OPENERS)
        if len(clauses) == 2 and roll < 0.68:
            return _swapped(phrases, clauses)
        if len(clauses) > 2 and roll < 0.58:
            return _numbered(rng, clauses)
        if len(clauses) > 2 and roll < 0.65:
            head = _series(phrases, [clause.text for clause in clauses[:-2]], frames.OPENERS, ending=False)
            return f"{head}. {_swapped(phrases, clauses[-2:])}"
    elif all(clause.form == "nom" for clause in clauses):
        return _series(phrases, [clause.text for clause in clauses], frames.NOUN_OPENERS)
    return _sentences(phrases, clauses)


def _series(phrases: Phrases, texts: list[str], openers: Sequence[str], ending: bool = True) -> str:
    middle, last = phrases.pick(frames.JOINS)
    joined = middle.join(texts[:-1]) + (last if len(texts) > 1 else "") + texts[-1]
    close = phrases.pick(frames.ENDINGS) if ending else ""
    if texts[-1].endswith("?" + frames.CLOSE):
        close = ""
    return phrases.pick(openers) + joined + close


def _swapped(phrases: Phrases, clauses: Sequence[Clause]) -> str:
    first, second = (clause.text for clause in clauses)
    if first.startswith(frames.OPEN) or second.startswith(frames.OPEN):
        return _series(phrases, [first, second], frames.OPENERS)
    values = {"a": first, "b": second, "ag": frames.gerund(first), "bg": frames.gerund(second)}
    text = phrases.pick(frames.BEFORE)
    for slot, value in values.items():
        text = text.replace("{" + slot + "}", value)
    return text + phrases.pick((".", "", "", ".", " please", ", thanks"))


def _numbered(rng: random.Random, clauses: Sequence[Clause]) -> str:
    head = rng.choice(("", "", "do this: ", "steps: ", "please: ", "I need the following:\n", "todo:\n"))
    mark, join = rng.choice((("{}. ", "\n"), ("{}. ", " "), ("{}) ", " "), ("- ", "\n"), ("step {}: ", ". "), ("({}) ", " "), ("* ", "\n")))
    return head + join.join(mark.format(i) + clause.text for i, clause in enumerate(clauses, 1))


def _sentences(phrases: Phrases, clauses: Sequence[Clause]) -> str:
    """One sentence a clause, with connectives that fit its place."""
    rng, parts = phrases.rng, []
    for index, clause in enumerate(clauses):
        if clause.form == "ask":
            parts.append(clause.text if index == 0 or rng.random() < 0.6 else f"And {clause.text}")
            continue
        wish = phrases.pick(frames.WISHES if clause.form == "imp" else frames.NOUN_WISHES)
        text = wish.replace("{c}", clause.text)
        if index == 0:
            link = phrases.pick(frames.STARTS) if len(clauses) > 1 else ""
        else:
            link = phrases.pick(frames.LASTS if index == len(clauses) - 1 else frames.MIDDLES)
        parts.append(link + (text if link.endswith(" ") and link else _capital(text)))
    return " ".join(_capital(part) for part in parts)


def _capital(text: str) -> str:
    return text if text[0] == frames.OPEN else text[0].upper() + text[1:]


def _both_example(rng: random.Random, held_out: bool) -> PlanExample:
    """One task for each of two uploads, then perhaps a comparison of the two results."""
    phrases, book = Phrases(rng, held_out), AliasBook()
    media = rng.choices((Media.IMAGE, Media.AUDIO, Media.TEXT), (70, 15, 15))[0]
    fitting = [name for name in PARTICIPLE if [port.media for port in TASKS[name].inputs if not port.optional] == [media]]
    task = rng.choices(fitting, [WEIGHTS[name] for name in fitting])[0]
    port = TASKS[task].inputs[0].name
    origins = [words.file_name(rng, media) if rng.random() < 0.7 else "upload" for _ in range(2)]
    resources = tuple(Resource(book.next(media), media, origin) for origin in origins)
    things = [Thing(resource.alias, media, "upload") for resource in resources]
    empty = {"text": Thing("", Media.TEXT, "nothing")} if task == "image-to-image" else {}
    nodes = [Node(task, {port: thing} | empty, outputs_of(task, index)) for index, thing in enumerate(things)]
    template = rng.choice([t for t in phrases.part(IMPERATIVE[task]) if set(_slots(t)) <= {port, "lang"}] or [f"process {{{port}}}"])
    both = " and ".join(map(frames.mark, origins)) if "upload" not in origins and rng.random() < 0.4 else phrases.pick(PLURALS[media])
    texts = [words.choose(rng, template).replace(f"{{{port}}}", both).replace("{lang}", rng.choice(words.LANGUAGES))]
    if task in PLURAL_RESULTS and rng.random() < 0.4:
        results = rng.choice(PLURAL_RESULTS[task].split("|"))
        texts.append(phrases.template(COMPARE_BOTH).replace("RESULTS", results))
        first, second = (node.outputs[0] for node in nodes)
        nodes.append(Node("sentence-similarity", {"text1": first, "text2": second}))
    request = frames.finish(rng, _series(phrases, texts, frames.OPENERS), rng.random() < 0.3, rng.random() < 0.15)
    return PlanExample(request, resources, to_steps(nodes))


def _slots(template: str) -> list[str]:
    return [part.split("}")[0] for part in template.split("{")[1:]]


def chat_example(rng: random.Random, held_out: bool) -> tuple[PlanExample, str]:
    """A request that plans nothing, and which kind of chat it is."""
    phrases = Phrases(rng, held_out)
    resources, _, _ = _attachments(rng, world=rng.random() < 0.4) if rng.random() < 0.3 else ((), [], {})
    banks = ("GREETINGS", "THANKS", "ABOUT", "TALK", "CANNOT", "FRAGMENTS", "FOREIGN", "MISSING")
    kind = rng.choices(banks, (10, 14, 14, 26, 22, 14, 8, 9))[0]
    if kind == "MISSING":
        there = {resource.media for resource in resources}
        media = rng.choice([m for m in Media if m not in there] or [None])
        if media is None:
            return chat_example(rng, held_out)
        text = phrases.template(chat.MISSING[media])
    else:
        text = words.fill(rng, phrases.pick(getattr(chat, kind))).replace("\\{", "{").replace("\\}", "}")
    if kind in ("THANKS", "ABOUT", "TALK", "CANNOT", "MISSING"):
        text = phrases.pick(chat.FRAMES).replace("{x}", text)
    roll = rng.random()
    text = text[:1].upper() + text[1:] if roll < 0.5 else text.lower() if roll < 0.7 else text
    if kind != "FRAGMENTS" and text[-1].isalpha() and rng.random() < 0.3:
        text += rng.choice(".!")
    return PlanExample(text or "?", resources), kind
