"""A task's job: from a model and its inputs to the scheduler and back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from server.core.ids import new_id
from server.core.job import Job, Priority, TaskResult, TaskWork
from server.core.lane import Progressed
from server.core.model import ModelSpec
from server.errors import Internal
from server.scheduling.loop import SchedulerLoop
from server.scheduling.messages import ModelNeed, Span


class ScheduledTasks:
    """Runs tasks as jobs of one priority. `footprint_bytes` estimates what a model needs on its
    device."""

    def __init__(
        self,
        loop: SchedulerLoop,
        footprint_bytes: Callable[[ModelSpec], int],
        priority: Priority = Priority.TURN,
    ) -> None:
        self._loop = loop
        self._footprint_bytes = footprint_bytes
        self._priority = priority

    async def __call__(
        self,
        model: ModelSpec,
        work: TaskWork,
        owner: str,
        progress: Callable[[int, int], Awaitable[None]],
    ) -> tuple[TaskResult, Span]:
        """Run the task; leaving early cancels its job. Raises BatonError."""
        need = ModelNeed(model.id, self._footprint_bytes(model))
        job = Job(new_id("job"), model.id, work, self._priority, owner)
        async with self._loop.submitted(job, need) as handle:
            async for update in handle.updates():
                if isinstance(update, Progressed):
                    await progress(update.done, update.total)
            result, ran = handle.result()
        if not isinstance(result, TaskResult):
            raise Internal(f"job {job.id} gave {type(result).__name__}, not a task's result")
        return result, ran
