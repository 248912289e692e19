"""A turn service whose turns do what a test's script says, through the real event log."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from server.conversation.log import EventLog
from server.conversation.request import TurnRequest, TurnStatus
from server.core.event import Answered, TurnCancelled, TurnFailed
from server.core.ids import new_id
from server.core.plan import Plan
from server.errors import BatonError, NotFound

_STATUS = {
    Answered: TurnStatus.ANSWERED,
    TurnFailed: TurnStatus.FAILED,
    TurnCancelled: TurnStatus.CANCELLED,
}


@dataclass
class ScriptedTurn:
    """What the routes read of a turn."""

    request: TurnRequest
    id: str = field(default_factory=lambda: new_id("turn"))
    log: EventLog = field(default_factory=EventLog)
    created_at: float = 1_700_000_000.0

    @property
    def status(self) -> TurnStatus:
        last = self.log.events[-1] if self.log.closed else None
        return _STATUS[type(last)] if last else TurnStatus.RUNNING


Script = Callable[[ScriptedTurn], Awaitable[None]]


async def answer_at_once(turn: ScriptedTurn) -> None:
    """The shortest turn: its answer repeats the request."""
    await turn.log.append(Answered(turn.request.text, ()))


class ScriptedTurns:
    """Runs `script` for every turn created; `refusal` is raised instead, when set."""

    def __init__(self, script: Script = answer_at_once) -> None:
        self.script = script
        self.refusal: BatonError | None = None
        self.planned = Plan()
        self.requests: list[TurnRequest] = []
        self._turns: dict[str, ScriptedTurn] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def create(self, request: TurnRequest) -> ScriptedTurn:
        self._take(request)
        turn = ScriptedTurn(request)
        self._turns[turn.id] = turn
        task = asyncio.create_task(self._run(turn))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return turn

    def get(self, turn_id: str) -> ScriptedTurn:
        if turn_id not in self._turns:
            raise NotFound(f"there is no turn {turn_id!r}")
        return self._turns[turn_id]

    async def cancel(self, turn_id: str) -> ScriptedTurn:
        turn = self.get(turn_id)
        if not turn.log.closed:
            await turn.log.append(TurnCancelled())
        return turn

    async def plan(self, request: TurnRequest) -> Plan:
        self._take(request)
        return self.planned

    def _take(self, request: TurnRequest) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.requests.append(request)

    async def _run(self, turn: ScriptedTurn) -> None:
        await self.script(turn)
