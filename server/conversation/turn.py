"""READ FIRST. One turn, from the user's message to the answer: plan, select, execute, respond."""

from __future__ import annotations

from dataclasses import dataclass

from server.conversation.log import EventLog
from server.conversation.request import TurnRequest
from server.core.event import Answered, Planned, StepSelected, TokenWritten
from server.core.plan import Plan
from server.errors import BatonError
from server.execution.executor import Executor, StepOutcome
from server.planning.planner import Planner
from server.responding.responder import Failure, Responder
from server.selection.selector import Selector


@dataclass(frozen=True, slots=True)
class Stages:
    """The four stages of a turn."""

    planner: Planner
    selector: Selector
    executor: Executor
    responder: Responder


async def run_turn(turn_id: str, request: TurnRequest, log: EventLog, stages: Stages) -> None:
    """Carry the turn out and tell each thing that happens to the log, the answer last.

    Raises BatonError when the turn cannot be planned or selected; a step's failure is told in the
    answer instead.
    """
    plan = await stages.planner.plan(request.messages, request.resources)
    await log.append(Planned(plan))
    outcomes = await _carry_out(turn_id, request, plan, log, stages) if plan.steps else ()
    await _answer(request, outcomes, log, stages.responder)


async def _carry_out(
    turn_id: str, request: TurnRequest, plan: Plan, log: EventLog, stages: Stages
) -> tuple[StepOutcome, ...]:
    choices = await stages.selector.select(request.text, plan)
    for choice in choices.values():
        ids = tuple(model.id for model in choice.models)
        if ids:
            await log.append(StepSelected(choice.step, ids[0], choice.reason, ids))
    models = {step: choice.models for step, choice in choices.items()}
    return await stages.executor.execute(plan, models, request.resources, turn_id, log.append)


async def _answer(
    request: TurnRequest, outcomes: tuple[StepOutcome, ...], log: EventLog, responder: Responder
) -> None:
    results = tuple(output for outcome in outcomes for output in outcome.outputs)
    failures = [
        Failure(outcome.step.task.name, outcome.failure) for outcome in outcomes if outcome.failure
    ]
    written = ""
    try:
        async for piece in responder.respond(request.messages, results, failures):
            written += piece
            await log.append(TokenWritten(piece))
    except BatonError as error:
        if not outcomes:
            raise
        # The work is done: it is not lost because nobody can write about it.
        written = responder.fallback(results, failures, error.info())
    await log.append(Answered(written.strip(), results))
