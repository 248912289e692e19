"""From what the planner wrote to a typed plan."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from server.core.plan import GENERATED, Argument, Literal, Plan, ResourceRef, Step, StepRef
from server.core.resource import Resource
from server.core.task import TASKS, Media, Port, Task
from server.errors import InvalidPlan


class StepDraft(BaseModel):
    """One step as written. `dep` is accepted and ignored: it follows from the arguments."""

    model_config = ConfigDict(extra="forbid")

    task: str
    id: int
    args: dict[str, str]
    dep: list[int] | None = None


_DRAFTS = TypeAdapter(list[StepDraft])


def read_plan(
    wire: Sequence[Any], resources: Sequence[Resource], tasks: Collection[str], max_steps: int
) -> Plan:
    """The plan, once every task, reference and type has been checked.

    Raises InvalidPlan, naming the step, what is wrong with it and what would be right.
    """
    try:
        drafts = _DRAFTS.validate_python(wire)
    except ValidationError as error:
        raise InvalidPlan(f"not a plan: {_first(error)}; see /docs for the form") from None
    if len(drafts) > max_steps:
        raise InvalidPlan(f"{len(drafts)} steps, the limit is {max_steps}; ask for less at once")
    media = {resource.alias: resource.media for resource in resources}
    steps: list[Step] = []
    for index, draft in enumerate(drafts):
        if draft.id != index:
            raise InvalidPlan(f"step {index} has id {draft.id}; ids count from 0 in order")
        steps.append(_step(draft, media, steps, tasks))
    return Plan(tuple(steps))


def _step(
    draft: StepDraft, media: Mapping[str, Media], earlier: Sequence[Step], tasks: Collection[str]
) -> Step:
    task = TASKS.get(draft.task)
    if task is None or task.name not in tasks:
        known = ", ".join(sorted(tasks)) or "none"
        raise InvalidPlan(f"step {draft.id}: no installed task {draft.task!r}; there are: {known}")
    ports = [port.name for port in task.inputs]
    if list(draft.args) != ports and set(draft.args) != set(ports):
        raise InvalidPlan(f"step {draft.id}: {task.name} takes {ports}, not {list(draft.args)}")
    args = {port.name: _argument(draft, port, media, earlier) for port in task.inputs}
    return Step(draft.id, task, args)


def _argument(
    draft: StepDraft, port: Port, media: Mapping[str, Media], earlier: Sequence[Step]
) -> Argument:
    written = draft.args[port.name]
    if (generated := GENERATED.fullmatch(written)) and int(generated[1]) < len(earlier):
        step = earlier[int(generated[1])]
        if step.task.gives(port.media):
            return StepRef(step.id)
        raise _misfit(draft, port, written, f"step {step.id} gives {_listed(step.task)}")
    if media.get(written) is port.media:
        return ResourceRef(written)
    if port.media is Media.TEXT and not (port.optional or written.strip()):
        raise _misfit(draft, port, written, "it is empty")
    if port.media is Media.TEXT:
        return Literal(written)
    found = f"it is {media[written]}" if written in media else "there is no such resource"
    raise _misfit(draft, port, written, found)


def _misfit(draft: StepDraft, port: Port, written: str, why: str) -> InvalidPlan:
    return InvalidPlan(
        f"step {draft.id}: {draft.task} needs {port.media} as {port.name!r}, not {written!r}: {why}"
    )


def _listed(task: Task) -> str:
    return " and ".join(task.outputs)


def _first(error: ValidationError) -> str:
    details = error.errors()[0]
    return f"{'.'.join(map(str, details['loc']))}: {details['msg']}"
