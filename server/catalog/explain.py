"""pydantic's errors in the words of the file: what is wrong, and what to write instead."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from server.catalog.document import Location, Problem, shown
from server.catalog.schema import known_keys


def problems_of(error: ValidationError) -> Iterator[Problem]:
    """Each error as a problem with its way out."""
    for detail in error.errors(include_url=False):
        location = _in_file(tuple(detail["loc"]))
        yield Problem(location, _text(location, detail))


def _in_file(location: Location) -> Location:
    """Within `parameters` pydantic adds names of its own types: the path ends at the parameter."""
    if "parameters" in location:
        return location[: location.index("parameters") + 2]
    return location


def _text(location: Location, detail: Mapping[str, Any]) -> str:
    kind, value = detail["type"], shown(detail["input"])
    if kind == "extra_forbidden":
        return f"unknown key; {_nearest(str(location[-1]), known_keys(location[:-1]))}"
    if not location:
        return (
            "not a mapping; a catalog is one, with planners, models, devices, residency, selection"
        )
    if kind == "missing":
        return f"missing; {_fix(location)}"
    if kind == "task":
        return f"{value}: {detail['msg']}"
    if kind == "model_type":
        return f"should be a mapping, but is {value}; {_fix(location)}"
    problem = re.sub("^(Input|String|List) ", "", detail["msg"])
    quotes = ", in quotes" if kind == "string_type" else ""
    return f"{problem}, but is {value}; {_fix(location)}{quotes}"


def _nearest(name: str, known: Mapping[str, Any]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"did you mean '{near[0]}'?" if near else f"known keys: {', '.join(known)}"


def _fix(location: Location) -> str:
    """What to write there, as the schema describes it."""
    if keys := known_keys(location) if isinstance(location[-1], int) else {}:
        required = (key for key, field in keys.items() if field.is_required())
        return f"write a mapping with {', '.join(required)}"
    field = known_keys(location[:-1]).get(str(location[-1]))
    if field is not None:
        return f"write {field.description}"
    owner = location[-2]  # an entry of `tasks` or of `parameters`
    return f"{owner}: {known_keys(location[:-2])[str(owner)].description}"
