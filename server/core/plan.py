"""The plan: a DAG of typed steps, and its form on the wire.

On the wire a plan is what HuggingGPT writes (Shen et al., 2023, arXiv 2303.17580, table 1):
`[{"task", "id", "dep", "args"}]`, where an argument `<GENERATED>-k` is the output of step k and
`dep` is `[-1]` for none. Inside it is a tuple of `Step`s whose arguments are typed references.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from server.core.task import Task

GENERATED = re.compile(r"<GENERATED>-([0-9]{1,3})")


@dataclass(frozen=True, slots=True)
class Literal:
    """A text written in the plan itself."""

    text: str


@dataclass(frozen=True, slots=True)
class ResourceRef:
    """A resource of the turn, by alias."""

    alias: str


@dataclass(frozen=True, slots=True)
class StepRef:
    """The output of an earlier step that fits the port's type."""

    step: int


Argument = Literal | ResourceRef | StepRef


@dataclass(frozen=True, slots=True)
class Step:
    """One node of the plan: a task with one argument per port."""

    id: int
    task: Task
    args: Mapping[str, Argument]

    @property
    def depends_on(self) -> tuple[int, ...]:
        """The steps whose outputs this one reads, ascending, each once."""
        return tuple(sorted({arg.step for arg in self.args.values() if isinstance(arg, StepRef)}))

    def to_wire(self) -> dict[str, Any]:
        """The step as HuggingGPT writes it."""
        return {
            "task": self.task.name,
            "id": self.id,
            "dep": list(self.depends_on) or [-1],
            "args": {port: argument_to_wire(arg) for port, arg in self.args.items()},
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps in the order they were planned; a step depends on earlier ones only."""

    steps: tuple[Step, ...] = ()

    def to_wire(self) -> list[dict[str, Any]]:
        """The plan as HuggingGPT writes it; `[]` means plain chat."""
        return [step.to_wire() for step in self.steps]

    def leaves(self) -> tuple[Step, ...]:
        """The steps no other step reads."""
        read = {index for step in self.steps for index in step.depends_on}
        return tuple(step for step in self.steps if step.id not in read)


def argument_to_wire(arg: Argument) -> str:
    """`<GENERATED>-k`, an alias, or the text itself."""
    match arg:
        case StepRef(step):
            return f"<GENERATED>-{step}"
        case ResourceRef(alias):
            return alias
        case Literal(text):
            return text
