"""Brings what a catalog says of its models up to date with the hub, leaving all else as it is."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from server.core.model import Catalog, ModelSpec, PlannerSpec, Precision
from server.errors import NotInstalled
from server.models.hub import Facts, Hub
from server.models.install import Spec, needs_no_weights

_GB, _MB = 10**9, 10**6


@dataclass(frozen=True, slots=True)
class Change:
    """One value that was replaced, or with `problem` an entry that could not be asked about."""

    entry: str
    key: str = ""
    old: object = None
    new: object = None
    problem: str | None = None


class CatalogFile:
    """A catalog as it is written: comments, order and quotes stay."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._yaml = YAML()
        self._yaml.preserve_quotes = True
        self._yaml.width = 1 << 16  # lines stay as long as they were written
        self._yaml.indent(mapping=2, sequence=4, offset=2)
        self._data: Any = self._yaml.load(path)

    def refresh(self, catalog: Catalog, hub: Hub, keep_revisions: bool) -> Iterator[Change]:
        """Ask about one entry after the other and put in what differs.

        A model's size is that of its own weights and its parts'.
        """
        for spec, entry in self._entries(catalog):
            try:
                facts = _facts(spec, hub)
            except NotInstalled as error:
                yield Change(spec.id, problem=str(error))
                continue
            wanted: dict[str, object] = {"size": for_people(facts.size_bytes)}
            if isinstance(spec, ModelSpec):
                wanted |= {"downloads": facts.downloads, "likes": facts.likes}
            if not keep_revisions:
                wanted["revision"] = facts.commit
            yield from _put(spec.id, entry, wanted)

    def _entries(
        self, catalog: Catalog
    ) -> Iterator[tuple[ModelSpec | PlannerSpec, MutableMapping[str, Any]]]:
        specs = {spec.id: spec for spec in (*catalog.planners, *catalog.models)}
        for entry in (*self._data["planners"], *self._data["models"]):
            spec = specs[entry["id"]]
            if spec.path is None and not needs_no_weights(spec):
                yield spec, entry

    def text(self) -> str:
        """The catalog with what was put in."""
        written = StringIO()
        self._yaml.dump(self._data, written)
        return written.getvalue()

    def save(self) -> None:
        """Replace the file; a reader sees the old one or the new one, never half of it."""
        partial = self._path.with_name(f"{self._path.name}.new")
        partial.write_text(self.text(), encoding="utf-8")
        partial.replace(self._path)


def _facts(spec: Spec, hub: Hub) -> Facts:
    precision = spec.precision if isinstance(spec, ModelSpec) else Precision.FLOAT16
    own = hub.facts(spec, precision)
    parts = spec.parts.values() if isinstance(spec, ModelSpec) else ()
    parts_bytes = sum(hub.facts(part, precision).size_bytes for part in parts)
    return Facts(own.downloads, own.likes, own.commit, own.size_bytes + parts_bytes)


def _put(name: str, entry: MutableMapping[str, Any], wanted: dict[str, object]) -> Iterator[Change]:
    for key, new in wanted.items():
        old = entry.get(key)
        if old != new:
            entry[key] = new
            yield Change(name, key, old, new)


def for_people(size_bytes: int) -> str:
    """`6.9 GB` or `174 MB`; at least 0.1 MB."""
    if size_bytes >= _GB:
        return f"{size_bytes / _GB:.1f} GB"
    if size_bytes >= 10 * _MB:
        return f"{size_bytes / _MB:.0f} MB"
    return f"{max(size_bytes / _MB, 0.1):.1f} MB"
