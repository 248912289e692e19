"""What parts of a catalog say of each other: ids once each, listed devices, tasks that go together.

Works on the raw data, so that these mistakes are named together with all others.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from server.catalog.document import Problem, shown
from server.core.family import USUAL


def cross_problems(data: object) -> Iterator[Problem]:
    """Every contradiction between parts of the data, which need not be valid."""
    devices = {device_id for _, device_id in _named(data, "devices", "id")}
    yield from _repeated(data, "planners", "models")
    yield from _repeated(data, "devices")
    for index, device in _named(data, "planners", "device"):
        if device not in devices:
            yield Problem(("planners", index, "device"), _unlisted(device, devices))
    for index, entry in _entries(data, "models"):
        if (text := _mixed(entry)) is not None:
            yield Problem(("models", index, "tasks"), text)


def _named(data: object, part: str, key: str) -> Iterator[tuple[int, str]]:
    for index, entry in _entries(data, part):
        if isinstance(entry.get(key), str):
            yield index, entry[key]


def _entries(data: object, part: str) -> Iterator[tuple[int, dict]]:
    entries = data.get(part) if isinstance(data, dict) else None
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict):
            yield index, entry


def _mixed(entry: dict) -> str | None:
    """What is wrong with a model that nobody could load for all of its tasks."""
    tasks = entry.get("tasks")
    known = (
        [t for t in tasks if isinstance(t, str) and t in USUAL] if isinstance(tasks, list) else []
    )
    families = dict.fromkeys(USUAL[task] for task in known)
    if len(families) < 2 or entry.get("family"):
        return None
    return f"these tasks are run in different ways ({', '.join(families)}); say which: family"


def _repeated(data: object, *parts: str) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for part in parts:
        for index, entry_id in _named(data, part, "id"):
            here = f"{part}[{index}]"
            if (other := first.setdefault(entry_id, here)) != here:
                text = f"{shown(entry_id)} is already {other}; remove one of them"
                yield Problem((part, index, "id"), text)


def _unlisted(device: str, devices: set[str]) -> str:
    near = difflib.get_close_matches(device, devices, n=1)
    hint = (
        f"did you mean '{near[0]}'?"
        if near
        else "write one of those, or list this one under devices"
    )
    listed = ", ".join(sorted(devices)) or "none"
    return f"{shown(device)} is no listed device (listed: {listed}); {hint}"
