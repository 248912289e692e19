"""The LLM as the stages see it: each generation is one job of the scheduler."""

from __future__ import annotations

from collections.abc import AsyncIterator

from server.core.generation import Generation
from server.core.ids import new_id
from server.core.job import Job, Priority
from server.core.lane import Wrote
from server.scheduling.loop import SchedulerLoop
from server.scheduling.messages import ModelNeed


class ScheduledGenerator:
    """A `TextGenerator` whose calls wait for the LLM's device like any other job."""

    def __init__(self, loop: SchedulerLoop, need: ModelNeed) -> None:
        self._loop = loop
        self._need = need

    async def stream(self, generation: Generation) -> AsyncIterator[str]:
        """Yield the text as it is written; leaving the iteration cancels the job."""
        job = Job(new_id("job"), self._need.model, generation, Priority.LLM)
        async with self._loop.submitted(job, self._need) as handle:
            async for update in handle.updates():
                if isinstance(update, Wrote):
                    yield update.text
            handle.result()
