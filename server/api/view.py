"""A turn in full, folded from its events: there is no second record that could disagree."""

from __future__ import annotations

from server.api.schemas import (
    AttemptSchema,
    ErrorInfoSchema,
    MessageSchema,
    PlanStepSchema,
    ProgressSchema,
    StepSchema,
    TurnRequestEchoSchema,
    TurnSchema,
)
from server.api.wire import resource_to_wire, turn_links
from server.artifacts.store import ArtifactStore
from server.conversation.request import TurnRequest
from server.conversation.turns import Turn
from server.core.event import (
    Answered,
    Event,
    Planned,
    StepFailed,
    StepFinished,
    StepProgressed,
    StepSelected,
    StepSkipped,
    StepStarted,
    TurnCancelled,
    TurnFailed,
)
from server.core.plan import Plan
from server.errors import ErrorInfo


def view_turn(turn: Turn, store: ArtifactStore) -> TurnSchema:
    """How a turn stands now."""
    view = TurnSchema(
        id=turn.id,
        status=turn.status,
        links=turn_links(turn.id),
        created_at=turn.created_at,
        request=_echo(turn.request, store),
    )
    for event in turn.log.events:
        _apply(view, event, store)
    return view


def plan_to_wire(plan: Plan) -> list[PlanStepSchema]:
    """The plan as HuggingGPT writes it."""
    return [PlanStepSchema.model_validate(step) for step in plan.to_wire()]


def _echo(request: TurnRequest, store: ArtifactStore) -> TurnRequestEchoSchema:
    return TurnRequestEchoSchema(
        messages=[MessageSchema(role=item.role, content=item.content) for item in request.messages],
        resources=[resource_to_wire(item, store) for item in request.resources],
    )


def _error(info: ErrorInfo) -> ErrorInfoSchema:
    return ErrorInfoSchema(code=info.code, message=info.message)


def _apply(view: TurnSchema, event: Event, store: ArtifactStore) -> None:
    match event:
        case Planned(plan):
            view.plan = plan_to_wire(plan)
            view.steps = [StepSchema(id=step.id, task=step.task.name) for step in plan.steps]
        case Answered(text, results):
            view.answer = text
            view.results = [resource_to_wire(result, store) for result in results]
        case TurnFailed(error):
            view.error = _error(error)
            _stop_open_steps(view)
        case TurnCancelled():
            _stop_open_steps(view)
        case (
            StepSelected()
            | StepStarted()
            | StepProgressed()
            | StepFinished()
            | StepFailed()
            | StepSkipped()
        ):
            step = next(step for step in view.steps if step.id == event.step)
            _apply_to_step(step, event, store)


def _stop_open_steps(view: TurnSchema) -> None:
    for step in view.steps:
        if step.state in ("waiting", "selected", "running"):
            step.state = "cancelled"


def _apply_to_step(
    step: StepSchema,
    event: StepSelected | StepStarted | StepProgressed | StepFinished | StepFailed | StepSkipped,
    store: ArtifactStore,
) -> None:
    match event:
        case StepSelected():
            step.state = "selected"
            step.model, step.reason = event.model, event.reason
            step.candidates = list(event.candidates)
        case StepStarted():
            step.state = "running"
            step.model = event.model
        case StepProgressed():
            step.progress = ProgressSchema(done=event.done, total=event.total)
        case StepFinished():
            step.state = "finished"
            step.model, step.device = event.model, event.device
            step.began_s, step.seconds = event.began_s, event.seconds
            step.outputs = [resource_to_wire(output, store) for output in event.outputs]
            step.data = event.data
        case StepFailed():
            step.failures.append(AttemptSchema(model=event.model, error=_error(event.error)))
            step.progress = None
            step.state = "waiting" if event.next_model else "failed"
        case StepSkipped():
            step.state = "skipped"
            step.skipped = event.reason
