"""What a planning example is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from scripts.starter.planner_graphs import Node
from server.core.resource import Resource
from server.core.task import TASKS


@dataclass(frozen=True, slots=True)
class PlanExample:
    """A planning request, what is attached, and the steps to write."""

    request: str
    resources: tuple[Resource, ...]
    steps: tuple[dict, ...] = ()

    @property
    def answer(self) -> str:
        """The plan as the model writes it."""
        return json.dumps(self.steps, ensure_ascii=False, separators=(",", ":"))


def to_steps(nodes: Sequence[Node]) -> tuple[dict, ...]:
    """The graph on the wire, ports in the order of the task table."""
    return tuple(
        {
            "task": node.task,
            "id": index,
            "args": {port.name: node.ref(port.name) for port in TASKS[node.task].inputs},
        }
        for index, node in enumerate(nodes)
    )
