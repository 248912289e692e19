"""A turn service whose turns do what a test's script says, through the real event log."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from server.conversation.request import TurnRequest
from server.conversation.turns import Turn, TurnService
from server.core.event import Answered, TurnCancelled, TurnFailed
from server.core.plan import Plan
from server.errors import BatonError, Internal, NotFound

Script = Callable[[Turn], Awaitable[None]]


async def answer_at_once(turn: Turn) -> None:
    """The shortest turn: its answer repeats the request."""
    await turn.log.append(Answered(turn.request.text, ()))


class ScriptedTurns(TurnService):
    """Runs `script` for every turn created; `refusal` is raised instead, when set."""

    def __init__(self, script: Script = answer_at_once) -> None:
        self.script = script
        self.refusal: BatonError | None = None
        self.planned = Plan()
        self.requests: list[TurnRequest] = []
        self._turns: dict[str, Turn] = {}
        self._scripts: set[asyncio.Task[None]] = set()

    async def create(self, request: TurnRequest) -> Turn:
        self._take(request)
        turn = Turn(request)
        self._turns[turn.id] = turn
        task = asyncio.create_task(self._run(turn))
        self._scripts.add(task)
        task.add_done_callback(self._scripts.discard)
        return turn

    def get(self, turn_id: str) -> Turn:
        if turn_id not in self._turns:
            raise NotFound(f"there is no turn {turn_id!r}")
        return self._turns[turn_id]

    async def cancel(self, turn_id: str) -> Turn:
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

    async def _run(self, turn: Turn) -> None:
        try:
            await self.script(turn)
        except Exception as error:
            # A script that fails must not leave followers waiting.
            await turn.log.append(TurnFailed(Internal(repr(error)).info()))
            raise
