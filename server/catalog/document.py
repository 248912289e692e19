"""YAML with line numbers: plain data, and where each part of it stands in the file.

Only what a catalog needs is read. Anchors, aliases, tags and merge keys are refused: they are
how a small file becomes a large one, or an object of its own choosing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from server.errors import CatalogError

Location: TypeAlias = tuple[str | int, ...]

_MAX_BYTES = 1 << 20
_MAX_DEPTH = 16
_MAX_SHOWN_CHARS = 60
_TAG = "tag:yaml.org,2002:"
_SCALAR_TAGS = frozenset(f"{_TAG}{name}" for name in ("str", "int", "float", "bool", "null"))
# What YAML takes an unquoted date, `=` or `<<` for; a catalog means the text as it was written.
_TEXT_TAGS = frozenset(f"{_TAG}{name}" for name in ("timestamp", "value", "merge"))


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: where in the data it stands, and what is wrong with the way out."""

    location: Location
    text: str

    def __str__(self) -> str:
        return f"{path_text(self.location)}: {self.text}"


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file as plain data, with the line of every part and what was wrong on the way."""

    source: Path
    data: Any
    lines: Mapping[Location, int]
    problems: tuple[Problem, ...]

    def line(self, location: Location) -> int:
        """The line of a part, or of the nearest part around it."""
        while location and location not in self.lines:
            location = location[:-1]
        return self.lines.get(location, 1)


def shown(value: object) -> str:
    """A value as an error message shows it: on one line, and short."""
    text = repr(value)
    return text if len(text) <= _MAX_SHOWN_CHARS else f"{text[:_MAX_SHOWN_CHARS]}…"


def path_text(location: Location) -> str:
    """`models[3].tasks[0]`."""
    text = "".join(_step(part) for part in location).removeprefix(".")
    return text or "the whole file"


def _step(part: str | int) -> str:
    if isinstance(part, str) and re.fullmatch(r"[\w-]{1,60}", part):
        return f".{part}"
    return f"[{part if isinstance(part, int) else json.dumps(part[:_MAX_SHOWN_CHARS])}]"


def read_document(path: Path) -> Document:
    """Read a YAML file; `CatalogError` where it cannot be read or is not plain YAML."""
    reader = _Reader(path)
    data = reader.read(_text(path))
    return Document(path, data, reader.lines, tuple(reader.problems))


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        raise CatalogError(
            f"{path}: no such file; name an existing catalog or restore it"
        ) from None
    except IsADirectoryError:
        raise CatalogError(f"{path}: is a folder; name the YAML file in it") from None
    except OSError as error:
        raise CatalogError(
            f"{path}: cannot be read: {error.strerror or error}; make it readable"
        ) from None
    if len(raw) > _MAX_BYTES:
        raise CatalogError(
            f"{path}: larger than {_MAX_BYTES} bytes; a catalog lists models, it does not hold them"
        )
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise CatalogError(
            f"{path}:{line}: not UTF-8 at byte {error.start}; save the file as UTF-8"
        ) from None


class _PlainLoader(yaml.SafeLoader):
    """A safe loader that refuses what can make a small file large."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: Any = self.peek_event()
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise _refused(
                "anchors and aliases are not allowed; write the value out in full", event
            )
        if self._depth == _MAX_DEPTH:
            raise _refused(f"nested deeper than {_MAX_DEPTH} levels; no key of a catalog is", event)
        self._depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1


class _RefusedError(yaml.MarkedYAMLError):
    """YAML that is right and not wanted; its message holds the way out."""


def _refused(text: str, event: yaml.Event) -> _RefusedError:
    return _RefusedError(problem=text, problem_mark=event.start_mark)


@dataclass(slots=True)
class _Reader:
    """One reading of one file: fills `lines` and `problems` while it builds the data."""

    source: Path
    lines: dict[Location, int] = field(default_factory=dict[Location, int])
    problems: list[Problem] = field(default_factory=list[Problem])

    def read(self, text: str) -> object:
        try:
            loader = _PlainLoader(text)
            node = loader.get_single_node()
            return None if node is None else self._value(loader, node, ())
        except yaml.YAMLError as error:
            raise CatalogError(f"{self.source}:{_syntax(error, text)}") from None

    def _value(self, loader: _PlainLoader, node: yaml.Node, at: Location) -> object:
        self.lines.setdefault(at, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode) and node.tag == f"{_TAG}map":
            return {
                key: self._value(loader, child, (*at, key))
                for key, child in self._entries(node, at)
            }
        if isinstance(node, yaml.SequenceNode) and node.tag == f"{_TAG}seq":
            return [
                self._value(loader, child, (*at, index)) for index, child in enumerate(node.value)
            ]
        return self._scalar(loader, node, at)

    def _entries(self, node: yaml.MappingNode, at: Location) -> Iterator[tuple[str, yaml.Node]]:
        seen: set[str] = set()
        for key_node, child in node.value:
            line = key_node.start_mark.line + 1
            if key_node.tag != f"{_TAG}str":
                self.problems.append(
                    Problem(at, f"line {line}: a key must be a plain word; put it in quotes")
                )
            elif key_node.value in seen:
                first = self.lines[*at, key_node.value]
                text = f"written again on line {line}, first on line {first}; keep one"
                self.problems.append(Problem((*at, key_node.value), text))
            else:
                seen.add(key_node.value)
                self.lines[*at, key_node.value] = line
                yield key_node.value, child

    def _scalar(self, loader: _PlainLoader, node: yaml.Node, at: Location) -> object:
        if not isinstance(node, yaml.ScalarNode) or node.tag not in _SCALAR_TAGS | _TEXT_TAGS:
            self.problems.append(
                Problem(at, f"the tag {shown(node.tag)} is not allowed; remove it")
            )
            return None
        if node.tag in _TEXT_TAGS:
            return node.value
        try:
            return loader.construct_object(node)
        except (yaml.YAMLError, ValueError, OverflowError, KeyError, IndexError):
            self.problems.append(
                Problem(at, f"{shown(node.value)} cannot be read as a value; put it in quotes")
            )
            return None


def _syntax(error: yaml.YAMLError, text: str) -> str:
    """`line: what is wrong` of a YAML error."""
    fix = "correct the YAML there (indentation, quotes, colons)"
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        what = " ".join(str(error.problem or error.context).split())
        way_out = "" if isinstance(error, _RefusedError) else f"; {fix}"
        return f"{mark.line + 1 if mark else 1}: {what}{way_out}"
    position = getattr(error, "position", 0)
    line = text.count("\n", 0, position) + 1
    return f"{line}: a character that YAML does not allow; remove it"
