"""Puts a graph of steps into words, clause by clause, keeping track of what "it" means."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from scripts.starter import planner_frames as frames
from scripts.starter import planner_words as words
from scripts.starter.planner_graphs import Node, Thing
from scripts.starter.planner_phrases import (
    FORMAL,
    IMPERATIVE,
    NOMINAL,
    OUTPUT_NAMES,
    PARTICIPLE,
    QUESTION,
)
from server.core.task import TASKS, Media

_HELD_OUT_EVERY = 7
_FORMAL_TEMPLATES = (
    "(perform|run|do|apply|carry out|conduct) {x} (on|for) {y}",
    "(apply|use) {x} (to|on) {y}",
    "run {y} through {x}",
    "(run|use) (a|the|an) {x} model on {y}",
    "(apply|use) {x} (techniques|models|methods) (to|on) {y}",
    "(process|handle) {y} (with|using|by) {x}",
    "(process|work on|go over) {y} (using|with) {x} (models|methods|a model)",
    "(perform|do) {x} with {y}",
    "use (the|a) {x} (tool|model) (on|for) {y}",
)


_T = TypeVar("_T")


class Phrases:
    """Chooses phrases from the training part of each bank, or from the held-out part."""

    def __init__(self, rng: random.Random, held_out: bool) -> None:
        self.rng, self.held_out = rng, held_out

    def part(self, bank: Sequence[_T]) -> Sequence[_T]:
        """The part of a bank this set may use; small banks are used by both."""
        if len(bank) < 4:
            return bank
        parts = [x for i, x in enumerate(bank) if (i % _HELD_OUT_EVERY == 3) == self.held_out]
        # A duplicate is a weight: it must not leak a held-out phrase into training.
        kept = set(bank[3::_HELD_OUT_EVERY])
        return parts if self.held_out else [x for x in parts if x not in kept] or parts

    def pick(self, bank: Sequence[_T]) -> _T:
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
        left, right = self.rng.choice(
            [q for q in frames.QUOTES if q[0] not in text and q[1] not in text]
        )
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
        others = [
            other for other in self.things if other is not thing and other.media == thing.media
        ]
        if self.focus.get(thing.media) is thing and (not self.strict or thing in self.recent):
            options += (
                [("it", 3), ("it", 2), ("that", 0.7), ("this", 0.6)]
                if not first
                else [("it", 1), ("this", 1)]
            )
        if thing in self.latest:
            options += [(name, 0.35) for name in frames.LATEST[thing.media]]
        same = [other for other in others if other.origin == thing.origin]
        if same and (thing.ref not in self.files or self.rng.random() < 0.3):
            options += self._ordinal(thing, same)
        else:
            options += [(name, 1.2) for name in self._own_names(thing, others)]
        options = options or [(self._fallback(thing), 1)]
        names = [option for option, _ in options]
        return self.rng.choices(names, [weight for _, weight in options])[0]

    def _file(self, thing: Thing, first: bool) -> str:
        name = frames.mark(self.files[thing.ref])
        word = self.phrases.pick(frames.MEDIA_WORDS[thing.media])
        forms = [name] * 4 + [
            f"the given {word} {name}",
            f"the provided {word} '{name}'",
            f"the {word} ({name})",
            f"the {word} file {name}",
            f"the {word} {name}",
            f"my {word} {name}",
            f"the file {name}",
            f"'{name}'",
            f"the {word} '{name}'",
        ]
        return self.rng.choice(forms if first else [name, f"the {word} {name}"])

    def _own_names(self, thing: Thing, others: list[Thing]) -> list[str]:
        if thing.origin in _PROMPT_NAMES:
            names: tuple[str, ...] = _PROMPT_NAMES[thing.origin]
        elif thing.literal is not None:
            names = (
                "the sentence",
                "the text",
                "the original text",
                "that sentence",
                "the given text",
                "my text",
                "the original sentence",
            )
        elif thing.origin in OUTPUT_NAMES:
            names = OUTPUT_NAMES[thing.origin][thing.media]
        else:
            names = frames.GENERIC[thing.media]
            if any(other.step is not None for other in others):
                word = frames.MEDIA_WORDS[thing.media][0]
                names = (
                    f"the original {word}",
                    f"my {word}",
                    f"the uploaded {word}",
                    f"the attached {word}",
                    f"the first {word}",
                )
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
        made = OUTPUT_NAMES.get(other.origin, {})
        return made.get(other.media) or frames.GENERIC[other.media]

    def _ordinal(self, thing: Thing, same: list[Thing]) -> list[tuple[str, float]]:
        group = [other for other in self.things if other in same or other is thing]
        place = group.index(thing)
        if thing.literal is not None:
            noun = "text"
        elif thing.origin in OUTPUT_NAMES:
            nouns = [
                n[4:]
                for n in OUTPUT_NAMES[thing.origin][thing.media]
                if n.startswith("the ") and "{" not in n
            ]
            noun = self.rng.choice(nouns)
        else:
            noun = self.rng.choice(frames.MEDIA_WORDS[thing.media])
        order = ("first", "second", "third", "fourth", "fifth", "sixth")[place]
        options = [(f"the {order} {noun}", 2.0)]
        if thing.origin == "upload" and len({other.media for other in self.things}) == 1:
            options += [(f"the {order} one", 0.8)]
        if place == len(group) - 1:
            options += [
                (f"the last {noun}", 1.0),
                (f"the {'other' if len(group) == 2 else 'last'} {noun}", 0.4),
            ]
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
        if form == "imp" and node.args[first] is not None and _is_plain(node):
            if node.task in PARTICIPLE and self.rng.random() < 0.08:
                done = self.phrases.pick(PARTICIPLE[node.task])
                return self._spoken(
                    node, form, f"{self.rng.choice(('have', 'get'))} {{{first}}} {done}"
                )
            if node.task in FORMAL and self.rng.random() < 0.13:
                return self._spoken(node, form, self._formal(node.task, first))
        return self._spoken(node, form, words.choose(self.rng, self.rng.choice(bank)))

    def _formal(self, task: str, port: str) -> str:
        template = self.phrases.template(_FORMAL_TEMPLATES)
        return template.replace("{x}", self.phrases.pick(FORMAL[task])).replace(
            "{y}", "{" + port + "}"
        )

    def _fits(self, template: str, node: Node) -> bool:
        text = node.args.get("text")
        if template.endswith(": {text}") and (text is None or text.literal is None):
            return False
        for port, thing in node.args.items():
            if thing is not None and "{" + port + "}" not in template:
                return False
            if thing is None and "{" + port + "}" in template and port != "labels":
                return False
        return not (
            node.args.get("text", 0) is not None
            and any(s in template for s in ("{desc}", "{edit}", "{qe}", "{prompt}"))
        )

    def _spoken(self, node: Node, form: str, template: str) -> Clause:
        self.strict = template.startswith(frames.SHARED_VERBS)
        text = template
        for slot in slots_of(template):
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
        if form == "imp" and self.rng.random() < 0.05:
            text += " " + words.fill(self.rng, self.phrases.pick(frames.TAILS))
        return Clause(form, text, node)

    def _slot(self, slot: str, node: Node) -> str:
        rng = self.rng
        thing = node.args.get(slot)
        if thing is not None:
            return self.name(thing)
        if slot == "lang":
            self.language = rng.choice(words.LANGUAGES)
            return self.language
        return self._words(slot, node)

    def _words(self, slot: str, node: Node) -> str:
        """Words of the user's own, which become an argument."""
        rng = self.rng
        if slot == "labels":
            near = "detection" in node.task
            return self._content(
                node,
                "labels",
                words.fill(rng, self.phrases.pick(words.THINGS if near else words.LABELS)),
            )
        if slot == "desc":
            text = (
                words.fill(rng, rng.choice(words.SOUNDS))
                if node.task == "text-to-audio"
                else words.description(rng)
            )
            return self._content(node, "text", text, quote=0.1)
        if slot in ("edit", "qe"):
            text = words.fill(rng, self.phrases.pick(words.EDITS))
            if slot == "qe" and rng.random() < 0.5:
                text = text[0].upper() + text[1:]
            return self._content(node, "text", text, quote=0.9 if slot == "qe" else 0.0)
        if slot == "prompt":
            return self._content(node, "text", words.fill(rng, self.phrases.pick(words.PROMPTS)))
        return self._question(slot, node)

    def _question(self, slot: str, node: Node) -> str:
        rng = self.rng
        bank = self.phrases.part(_QUESTIONS[node.task])
        direct, indirect = words.question(rng, bank)
        if slot == "qi":
            return self._content(node, "text", indirect)
        if rng.random() < 0.6:
            direct = direct[0].upper() + direct[1:]
        return self._content(node, "text", direct, quote=0.92 if slot == "q" else 0.0)

    def _content(self, node: Node, port: str, text: str, quote: float = 0.0) -> str:
        text = text.lower() if self.lower else text
        node.args[port] = Thing(text, Media.TEXT, "words")
        return self.quoted(text) if self.rng.random() < quote else frames.mark(text)


_QUESTIONS = {
    "visual-question-answering": words.IMAGE_QUESTIONS,
    "document-question-answering": words.DOCUMENT_QUESTIONS,
    "question-answering": words.TEXT_QUESTIONS,
    "table-question-answering": words.TABLE_QUESTIONS,
}
_PROMPT_NAMES = {
    "question": ("my question", "the question", "that question", "the given question"),
    "instruction": (
        "the description",
        "my description",
        "the instruction",
        "the given description",
    ),
}


def _is_plain(node: Node) -> bool:
    """Whether nothing but the resource needs saying."""
    return node.task != "image-to-image" or node.args["text"] is None


def slots_of(template: str) -> list[str]:
    """The names of a template's slots, in order."""
    return [part.split("}")[0] for part in template.split("{")[1:]]
