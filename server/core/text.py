"""Text as the LLM reads and writes it: cut to a size, and taken apart again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any


def flatten(text: str) -> str:
    """The text on one line: white space is one blank, what cannot be printed is left out."""
    line = " ".join(text.split())
    return "".join(char for char in line if char.isprintable())


def shorten(text: str, chars: int) -> str:
    """At most `chars` characters: beginning and end, with an ellipsis for the middle."""
    if len(text) <= chars:
        return text
    head = (chars + 1) // 2
    tail = max(chars - head - 1, 0)
    return f"{text[:head]}…{text[len(text) - tail :]}"


def ever_shorter(text: str, least_chars: int = 64) -> Iterator[str]:
    """The text, then half of it, and so on down to `least_chars`: for prompts that must fit."""
    yield text
    chars = len(text) // 2
    while chars >= least_chars:
        yield shorten(text, chars)
        chars //= 2


def closed_objects(written: str) -> list[Any]:
    """The JSON objects whose closing brace was written, also of a list that was cut short."""
    decoder = json.JSONDecoder()
    found: list[Any] = []
    position = written.find("{")
    while position >= 0:
        try:
            value, end = decoder.raw_decode(written, position)
        except json.JSONDecodeError:
            break
        found.append(value)
        position = written.find("{", end)
    return found
