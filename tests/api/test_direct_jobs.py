"""Direct calls as jobs on real lane processes: cancelled, tried again, behind turns."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from server.core.job import Priority, TaskResult, TaskWork
from server.core.model import ModelSpec
from server.core.plan import Literal, Plan, Step
from server.core.task import TASKS
from server.execution.jobs import ScheduledTasks
from server.scheduling.messages import Span
from server.scheduling.status import job_status
from tests.fakes.direct import entry, serving_calls
from tests.fakes.lanes import Lanes, fake_lanes, model

SLOW = entry("org/slow", "fill-mask", seconds=60.0)
BRIEF = entry("org/brief", "fill-mask", seconds=0.5)
QUICK = entry("org/quick", "fill-mask")
CALL = {"inputs": "a"}


class Watched:
    """Runs tasks on lanes; tells which model has been asked, and which one runs."""

    def __init__(self, lanes: Lanes, *models: ModelSpec) -> None:
        lanes.models |= {model.id: model for model in models}
        self._run = ScheduledTasks(lanes.loop, lambda spec: spec.size_bytes, Priority.DIRECT)
        self.asked: asyncio.Queue[str] = asyncio.Queue()
        self.running: asyncio.Queue[str] = asyncio.Queue()

    async def __call__(
        self,
        model: ModelSpec,
        work: TaskWork,
        owner: str,
        progress: Callable[[int, int], Awaitable[None]],
    ) -> tuple[TaskResult, Span]:
        async def told(done: int, total: int) -> None:
            self.running.put_nowait(model.id)
            await progress(done, total)

        self.asked.put_nowait(model.id)
        return await self._run(model, work, owner, told)


async def test_a_client_that_goes_away_cancels_its_job_and_frees_the_lane(tmp_path: Path) -> None:
    async with fake_lanes(tmp_path, "cpu:0") as lanes:
        run = Watched(lanes, SLOW, QUICK)
        async with serving_calls(tmp_path, run, SLOW, QUICK) as api:
            waiting = asyncio.create_task(api.post("/models/org/slow", json=CALL))
            await run.running.get()
            waiting.cancel()
            after = await api.post("/models/org/quick", json=CALL)
        assert after.status_code == 200
        assert lanes.loop.scheduler.devices[0].workers[0].deaths == 0
    assert list((tmp_path / "calls").iterdir()) == []


async def test_a_call_outlives_the_death_of_its_worker(tmp_path: Path) -> None:
    async with fake_lanes(tmp_path, "cpu:0") as lanes:
        run = Watched(lanes, BRIEF)
        async with serving_calls(tmp_path, run, BRIEF) as api:
            waiting = asyncio.create_task(api.post("/models/org/brief", json=CALL))
            await run.running.get()
            lanes.kill("cpu:0")
            assert (await waiting).status_code == 200
        assert lanes.loop.scheduler.devices[0].workers[0].deaths == 1


async def test_a_running_call_is_seen_in_the_queue(tmp_path: Path) -> None:
    async with fake_lanes(tmp_path, "cpu:0") as lanes:
        run = Watched(lanes, BRIEF)
        async with serving_calls(tmp_path, run, BRIEF) as api:
            waiting = asyncio.create_task(api.post("/models/org/brief", json=CALL))
            await run.running.get()
            (job,) = job_status(lanes.loop.scheduler, lanes.loop.clock())
            assert (await waiting).status_code == 200
    assert (job.model, job.priority) == ("org/brief", "direct")
    assert job.owner.startswith("call_")


async def test_a_turns_step_goes_before_a_call_that_waits(tmp_path: Path) -> None:
    ended: list[str] = []
    step = Plan((Step(0, TASKS["summarization"], {"text": Literal("a")}),))
    async with fake_lanes(tmp_path, "cpu:0") as lanes:
        run = Watched(lanes, BRIEF, QUICK)
        async with serving_calls(tmp_path, run, BRIEF, QUICK) as api:

            async def call(name: str) -> None:
                await api.post(f"/models/{name}", json=CALL)
                ended.append(name)

            async def turn() -> None:
                await lanes.run(step, model("turn"))
                ended.append("turn")

            async with asyncio.TaskGroup() as group:
                group.create_task(call("org/brief"))
                await run.running.get()
                await run.asked.get()
                group.create_task(call("org/quick"))
                assert await run.asked.get() == "org/quick"
                group.create_task(turn())
    assert ended == ["org/brief", "turn", "org/quick"]
