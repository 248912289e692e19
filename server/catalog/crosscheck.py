"""What one part of a catalog says of another: ids once each, planners on listed devices.

Works on the raw data, so that these mistakes are named together with all others.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from server.catalog.document import Problem, shown


def cross_problems(data: object) -> Iterator[Problem]:
    """Every contradiction between parts of the data, which need not be valid."""
    devices = {device_id for _, device_id in _named(data, "devices", "id")}
    yield from _repeated(data, "planners", "models")
    yield from _repeated(data, "devices")
    for index, device in _named(data, "planners", "device"):
        if device not in devices:
            yield Problem(("planners", index, "device"), _unlisted(device, devices))


def _named(data: object, part: str, key: str) -> Iterator[tuple[int, str]]:
    entries = data.get(part) if isinstance(data, dict) else None
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict) and isinstance(entry.get(key), str):
            yield index, entry[key]


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
