"""All turns of this server: created, followed, cancelled. Each runs in a task of its own."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from server.conversation.log import EventLog
from server.conversation.request import TurnRequest, TurnStatus
from server.conversation.turn import Stages, run_turn
from server.core.event import Answered, Event, TurnCancelled, TurnFailed
from server.core.ids import new_id
from server.core.model import LimitsSpec
from server.core.plan import Plan
from server.errors import BatonError, Busy, Internal, InvalidInput, NotFound, TooLarge

_LOG = logging.getLogger(__name__)
_KEPT = 1000


class Turn:
    """One turn: what was asked, and everything that happened since."""

    def __init__(self, request: TurnRequest) -> None:
        self.id = new_id("turn")
        self.request = request
        self.log = EventLog()
        self.created_at = time.time()

    @property
    def status(self) -> TurnStatus:
        """Where the turn is, by its last event."""
        last = self.log.events[-1] if self.log.events else None
        match last:
            case Answered():
                return TurnStatus.ANSWERED
            case TurnFailed():
                return TurnStatus.FAILED
            case TurnCancelled():
                return TurnStatus.CANCELLED
            case _:
                return TurnStatus.RUNNING


class TurnService:
    """Creates and runs turns under the catalog's limits."""

    def __init__(self, stages: Stages, limits: LimitsSpec) -> None:
        self._stages = stages
        self._limits = limits
        self._turns: dict[str, Turn] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Take turns for the length of this block; at its end the unfinished are cancelled."""
        try:
            yield
        finally:
            tasks = tuple(self._tasks.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def create(self, request: TurnRequest) -> Turn:
        """Accept a turn and start it. Raises Busy, InvalidInput, TooLarge."""
        self._check(request)
        if len(self._tasks) >= self._limits.max_active_turns:
            raise Busy(
                f"{len(self._tasks)} turns are running, the limit is"
                f" {self._limits.max_active_turns}; try again when one has ended"
            )
        turn = Turn(request)
        self._turns[turn.id] = turn
        self._forget_oldest()
        task = asyncio.create_task(self._run(turn), name=turn.id)
        self._tasks[turn.id] = task
        task.add_done_callback(lambda _: self._tasks.pop(turn.id, None))
        return turn

    def get(self, turn_id: str) -> Turn:
        """The turn of that id. Raises NotFound."""
        turn = self._turns.get(turn_id)
        if turn is None:
            raise NotFound(f"there is no turn {turn_id[:64]!r}; it may have been forgotten")
        return turn

    async def cancel(self, turn_id: str) -> Turn:
        """Cancel a turn and wait until it is over; one that has ended stays as it is."""
        turn = self.get(turn_id)
        task = self._tasks.get(turn_id)
        if task is not None:
            task.cancel()
            await asyncio.wait([task])
        return turn

    async def plan(self, request: TurnRequest) -> Plan:
        """Only plan. Raises BatonError."""
        self._check(request)
        return await self._stages.planner.plan(request.messages, request.resources)

    async def _run(self, turn: Turn) -> None:
        try:
            await run_turn(turn.id, turn.request, turn.log, self._stages)
        except asyncio.CancelledError:
            await _end(turn, TurnCancelled())
        except Exception as error:
            await _end(turn, TurnFailed(_told(turn, error).info()))

    def _check(self, request: TurnRequest) -> None:
        limits = self._limits
        if not request.messages or request.messages[-1].role != "user":
            raise InvalidInput("the last message must be the user's; send it as the last one")
        chars = sum(len(message.content) for message in request.messages)
        if chars > limits.max_request_chars:
            raise TooLarge(
                f"the messages have {chars} characters, the limit is {limits.max_request_chars};"
                " send less of the conversation"
            )
        if len(request.resources) > limits.max_resources:
            raise TooLarge(
                f"{len(request.resources)} resources, the limit is {limits.max_resources};"
                " send only those the message is about"
            )

    def _forget_oldest(self) -> None:
        ended = [turn for turn in self._turns.values() if turn.id not in self._tasks]
        for turn in ended[: max(len(self._turns) - _KEPT, 0)]:
            del self._turns[turn.id]


async def _end(turn: Turn, event: Event) -> None:
    # A cancel can arrive when the answer has just been told: the first end counts.
    if not turn.log.closed:
        await turn.log.append(event)


def _told(turn: Turn, error: Exception) -> BatonError:
    """The error to tell: the first of a group, and `Internal` for what should not happen."""
    first: BaseException = error
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    if isinstance(first, BatonError):
        return first
    _LOG.error("turn %s failed", turn.id, exc_info=error)
    return Internal(f"turn {turn.id} failed through a defect of the server; see its log")
