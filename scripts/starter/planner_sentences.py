"""Joins clauses into sentences: series, numbered steps, what must happen before what."""

from __future__ import annotations

import random
from collections.abc import Sequence

from scripts.starter import planner_frames as frames
from scripts.starter.planner_speaker import Clause, Phrases, Speaker


def join(speaker: Speaker, clauses: list[Clause]) -> str:
    """The clauses as one text."""
    rng, phrases = speaker.rng, speaker.phrases
    if all(clause.form == "imp" for clause in clauses):
        roll = rng.random()
        if len(clauses) == 1 or roll < 0.5:
            return series(phrases, [clause.text for clause in clauses], frames.OPENERS)
        if len(clauses) == 2 and roll < 0.68:
            return _swapped(phrases, clauses)
        if len(clauses) > 2 and roll < 0.58:
            return _numbered(rng, clauses)
        if len(clauses) > 2 and roll < 0.65:
            head = series(
                phrases, [clause.text for clause in clauses[:-2]], frames.OPENERS, ending=False
            )
            return f"{head}. {_swapped(phrases, clauses[-2:])}"
    elif all(clause.form == "nom" for clause in clauses):
        return series(phrases, [clause.text for clause in clauses], frames.NOUN_OPENERS)
    return _sentences(phrases, clauses)


def series(phrases: Phrases, texts: list[str], openers: Sequence[str], ending: bool = True) -> str:
    """One sentence: an opening, the texts joined, an ending."""
    middle, last = phrases.pick(frames.JOINS)
    joined = middle.join(texts[:-1]) + (last if len(texts) > 1 else "") + texts[-1]
    close = phrases.pick(frames.ENDINGS) if ending else ""
    if texts[-1].endswith("?" + frames.CLOSE):
        close = ""
    return phrases.pick(openers) + joined + close


def _swapped(phrases: Phrases, clauses: Sequence[Clause]) -> str:
    first, second = (clause.text for clause in clauses)
    if first.startswith(frames.OPEN) or second.startswith(frames.OPEN):
        return series(phrases, [first, second], frames.OPENERS)
    values = {"a": first, "b": second, "ag": frames.gerund(first), "bg": frames.gerund(second)}
    text = phrases.pick(frames.BEFORE)
    for slot, value in values.items():
        text = text.replace("{" + slot + "}", value)
    return text + phrases.pick((".", "", "", ".", " please", ", thanks"))


def _numbered(rng: random.Random, clauses: Sequence[Clause]) -> str:
    head = rng.choice(
        ("", "", "do this: ", "steps: ", "please: ", "I need the following:\n", "todo:\n")
    )
    mark, join = rng.choice(
        (
            ("{}. ", "\n"),
            ("{}. ", " "),
            ("{}) ", " "),
            ("- ", "\n"),
            ("step {}: ", ". "),
            ("({}) ", " "),
            ("* ", "\n"),
        )
    )
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
