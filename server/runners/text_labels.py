"""Texts to labels, entities, missing words and cells, by transformers pipelines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

from server.core.job import TaskResult, TaskWork
from server.errors import InvalidInput
from server.runners.context import bounded, cut
from server.runners.naming import labels_input
from server.runners.ports import text_input
from server.runners.runner import Reporter
from server.runners.tables import Table, parse_table

# Of what a model reads, a label, a question or a window's overlap takes a quarter at most.
_PART = 4
_BLANK = re.compile(r"\[MASK\]|<mask>|_{3,}", re.IGNORECASE)
_ROWS = 64
# One number, with or without its unit: 1,234.5 km
_NUMBER = re.compile(r"[^\d-]*(-?\d[\d,]*(?:\.\d+)?)\D*")


def labelled(found: Sequence[dict[str, Any]], task: str) -> TaskResult:
    """Labels with scores, best first; the text is the best label."""
    data = [{"label": item["label"], "score": round(float(item["score"]), 4)} for item in found]
    return TaskResult(text=data[0]["label"] if data else f"{task} found nothing", data=data)


def _classify(pipe: Any, work: TaskWork, _reporter: Reporter) -> TaskResult:
    # The beginning of a text that is too long still tells its sentiment.
    bounded(pipe.tokenizer, pipe.model)
    return labelled(pipe(text_input(work), truncation=True, **work.parameters), work.task)


def _sort(pipe: Any, work: TaskWork, reporter: Reporter) -> TaskResult:
    room = bounded(pipe.tokenizer, pipe.model)
    labels = [cut(pipe.tokenizer, name, room // _PART) for name in labels_input(work)]
    # The pipeline takes any text but the empty one.
    text = text_input(work) or " "
    with _watched(pipe.model, reporter, len(labels)):
        found = pipe(text, candidate_labels=labels, **work.parameters)
    pairs = zip(found["labels"], found["scores"], strict=True)
    return labelled([{"label": label, "score": score} for label, score in pairs], work.task)


@contextmanager
def _watched(model: Any, reporter: Reporter, total: int) -> Iterator[None]:
    """Report each pass through the model, and let a cancel in after it."""
    done = count(1)
    hook = model.register_forward_hook(lambda *_: reporter.progress(next(done), total))
    try:
        yield
    finally:
        hook.remove()


def _find_entities(pipe: Any, work: TaskWork, reporter: Reporter) -> TaskResult:
    room = bounded(pipe.tokenizer, pipe.model)
    text = text_input(work)
    settings = {"aggregation_strategy": "simple", **work.parameters}
    # A long text is read in windows that overlap; entities found twice are merged. Of single
    # tokens only those of the first window are told.
    windows = {} if settings["aggregation_strategy"] == "none" else {"stride": room // _PART}
    with _watched(pipe.model, reporter, _passes(pipe.tokenizer, text, windows)):
        data = [_entity(item) for item in pipe(text, **settings, **windows)]
    named = (f"{text[item['start'] : item['end']].strip()} ({_kind(item)})" for item in data)
    return TaskResult(", ".join(dict.fromkeys(named)) or "no entities were found", data)


def _passes(tokenizer: Any, text: str, windows: dict[str, int]) -> int:
    """In how many windows a text is read."""
    told = tokenizer(text, truncation=True, return_overflowing_tokens=bool(windows), **windows)
    return len(told["input_ids"]) if windows else 1


def _entity(item: dict[str, Any]) -> dict[str, Any]:
    places = {name: int(item[name]) for name in ("index", "start", "end") if name in item}
    return {**item, "score": round(float(item["score"]), 4), **places}


def _kind(entity: dict[str, Any]) -> str:
    return entity.get("entity_group") or entity["entity"]


def _fill_in(pipe: Any, work: TaskWork, _reporter: Reporter) -> TaskResult:
    text = _masked(pipe, text_input(work))
    settings = dict(work.parameters)
    if "targets" in settings:
        settings["targets"] = [word for word in settings["targets"] if word.strip()]
        if not settings["targets"]:
            raise InvalidInput("fill-mask: the targets are blank; name at least one word")
    settings["top_k"] = min(settings.get("top_k", 5), pipe.model.config.vocab_size)
    found = pipe(text, tokenizer_kwargs={"truncation": True}, **settings)
    # Of several blanks each has its own list.
    blanks = found if isinstance(found[0], list) else [found]
    data = [[{**item, "score": round(float(item["score"]), 4)} for item in one] for one in blanks]
    for words in data:
        text = text.replace(pipe.tokenizer.mask_token, words[0]["token_str"].strip(), 1)
    return TaskResult(text, data if len(data) > 1 else data[0])


def _masked(pipe: Any, text: str) -> str:
    """The text with the model's own masks, and as much around the first as the model takes."""
    room, mask = bounded(pipe.tokenizer, pipe.model), pipe.tokenizer.mask_token
    text = _BLANK.sub(lambda _: mask, text)
    if mask not in text:
        # The full stop keeps the model from ending the sentence with the word it is to find.
        text = f"{text.rstrip()} {mask}."
    before, _, after = text.partition(mask)
    around = (room - 4) // 2
    return (
        cut(pipe.tokenizer, before, around, keep_end=True)
        + mask
        + cut(pipe.tokenizer, after, around)
    )


def _ask_table(pipe: Any, work: TaskWork, _reporter: Reporter) -> TaskResult:
    import pandas as pd  # takes a second, and few lanes ask tables

    room = bounded(pipe.tokenizer, pipe.model)
    table = _small(parse_table(text_input(work, "table")), room)
    question = cut(pipe.tokenizer, text_input(work).strip(), room // _PART)
    if not question or not table.rows:
        raise InvalidInput(f"{work.task} needs a question and a table with at least one row")
    frame = pd.DataFrame(list(table.rows), columns=list(table.columns), dtype=object)
    found = pipe(table=frame, query=question)
    data = {
        "answer": found["answer"],
        "cells": found["cells"],
        "coordinates": [[int(at) for at in place] for place in found["coordinates"]],
        "aggregator": found.get("aggregator", "NONE"),
    }
    return TaskResult(in_words(data["cells"], data["aggregator"]), data)


def in_words(cells: list[str], aggregator: str) -> str:
    """The cells an answer lies in, and what they come to where that is asked for."""
    if not cells:
        return "The table does not say."
    listed = ", ".join(cells)
    found = [_NUMBER.fullmatch(cell) for cell in cells]
    numbers = [float(match[1].replace(",", "")) for match in found if match]
    totals: dict[str, float] = {"COUNT": len(cells)}
    if len(numbers) == len(cells):
        totals |= {"SUM": sum(numbers), "AVERAGE": sum(numbers) / len(numbers)}
    if aggregator not in totals:
        return listed
    return f"{totals[aggregator]:.10g} ({aggregator.lower()} of {listed})"


def _small(table: Table, room: int) -> Table:
    """The first rows and columns, as many as such models can read."""
    width = min(len(table.columns), room // _PART)
    rows = tuple(row[:width] for row in table.rows[:_ROWS])
    return Table(table.columns[:width], rows)


HANDLERS = {
    "text-classification": _classify,
    "zero-shot-classification": _sort,
    "token-classification": _find_entities,
    "fill-mask": _fill_in,
    "table-question-answering": _ask_table,
}
