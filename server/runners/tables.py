"""Tables that arrive as text: CSV, TSV, markdown, JSON. Any other text is a table of one column."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

_DELIMITERS = ("\t", ",", ";")
_RULE = re.compile(r"\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?")
_BAR = re.compile(r"(?<!\\)\|")
_COLUMN = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """Named columns, and rows that have a cell for each of them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def to_markdown(self) -> str:
        """The table as markdown."""
        lines = (self.columns, ("---",) * len(self.columns), *self.rows)
        return "\n".join(f"| {' | '.join(map(_escaped, line))} |" for line in lines)


def parse_table(text: str) -> Table:
    """The table that a text holds; the lines of a text that holds none become its only column.

    JSON may be a list of objects or an object of columns. Blank lines do not count.
    """
    return _of_json(text) or _of_markdown(text) or _of_fields(text) or _of_lines(text)


def _of_json(text: str) -> Table | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if (
        isinstance(value, dict)
        and value
        and all(isinstance(cells, list) for cells in value.values())
    ):
        return _table(list(value), list(zip_longest(*value.values())))
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        columns = list(dict.fromkeys(name for row in value for name in row))
        return _table(columns, [[row.get(name) for name in columns] for row in value])
    return None


def _of_markdown(text: str) -> Table | None:
    lines = _lines(text)
    starts = (i for i in range(1, len(lines)) if "|" in lines[i - 1] and _RULE.fullmatch(lines[i]))
    at = next(starts, None)
    if at is None:
        return None
    body = [line for line in lines[at + 1 :] if "|" in line]
    return _table(_cells(lines[at - 1]), [_cells(line) for line in body])


def _cells(line: str) -> list[str]:
    inside = line.removeprefix("|").removesuffix("|")
    return [cell.strip().replace("\\|", "|") for cell in _BAR.split(inside)]


def _escaped(cell: str) -> str:
    return " ".join(cell.split()).replace("|", "\\|")


def _of_fields(text: str) -> Table | None:
    return next((table for mark in _DELIMITERS if (table := _delimited(text, mark))), None)


def _delimited(text: str, delimiter: str) -> Table | None:
    """A header and at least one row of as many fields, two or more."""
    try:
        read = csv.reader(text.strip().splitlines(), delimiter=delimiter, skipinitialspace=True)
        records = [record for record in read if any(field.strip() for field in record)]
    except csv.Error:
        return None
    widths = {len(record) for record in records}
    if len(records) < 2 or len(widths) != 1 or widths == {1}:
        return None
    return _table(records[0], records[1:])


def _of_lines(text: str) -> Table:
    return Table((_COLUMN,), tuple((line,) for line in _lines(text)))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _table(columns: Sequence[Any], rows: Sequence[Sequence[Any]]) -> Table | None:
    width = len(columns)
    if not width:
        return None
    padded = ((*row, *[None] * width)[:width] for row in rows)
    return Table(_row(columns), tuple(_row(row) for row in padded))


def _row(cells: Sequence[Any]) -> tuple[str, ...]:
    return tuple("" if cell is None else str(cell).strip() for cell in cells)
