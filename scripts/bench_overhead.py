"""What the server itself costs: graphs of 10 ms models, with and without its scheduler.

The baseline is the loop of HuggingGPT's reference implementation: one thread for each task, which
looks every half second whether its dependencies are there.

    python -m scripts.bench_overhead
"""

from __future__ import annotations

import asyncio
import statistics
import threading
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from server.artifacts.store import ArtifactStore
from server.core.event import Event
from server.core.lane import Report, Weights
from server.core.model import LimitsSpec, MediaLimits, ModelSpec, Precision
from server.core.plan import Literal, Plan, Step, StepRef
from server.core.task import TASKS
from server.execution.executor import Executor
from server.execution.jobs import ScheduledTasks
from server.models.process import WorkerProcess, forkserver
from server.runners.fake import fake_main
from server.scheduling.loop import SchedulerLoop
from server.scheduling.messages import WorkerKind, WorkerSpec
from server.scheduling.policy import PolicySpec
from server.scheduling.scheduler import Scheduler

MODEL_SECONDS = 0.010
POLL_SECONDS = 0.5
ROUNDS = 20
LANES = ("cpu:0", "cpu:1")
LIMITS = LimitsSpec(8, 1000, 8, 1_000_000, MediaLimits(1_000_000, 10.0, 10.0), 64, 8, 10.0, 10.0)
MODEL = ModelSpec(
    id="bench/stub",
    tasks=("summarization", "sentence-similarity"),
    revision="none",
    licence="Apache-2.0",
    downloads=0,
    likes=0,
    description="waits 10 ms",
    size_bytes=1,
    precision=Precision.FLOAT32,
    parameters={"seconds": MODEL_SECONDS},
)


def chain() -> Plan:
    """Four steps, each reading the one before."""
    task = TASKS["summarization"]
    steps = [Step(0, task, {"text": Literal("x")})]
    steps += [Step(index, task, {"text": StepRef(index - 1)}) for index in range(1, 4)]
    return Plan(tuple(steps))


def diamond() -> Plan:
    """One step, two that read it side by side, one that joins them."""
    task, join = TASKS["summarization"], TASKS["sentence-similarity"]
    return Plan(
        (
            Step(0, task, {"text": Literal("x")}),
            Step(1, task, {"text": StepRef(0)}),
            Step(2, task, {"text": StepRef(0)}),
            Step(3, join, {"text1": StepRef(1), "text2": StepRef(2)}),
        )
    )


def polled_seconds(plan: Plan) -> float:
    """The reference loop's time: a thread a task, each polling for its dependencies."""
    done: dict[int, bool] = {}

    def work(step: Step) -> None:
        while not all(index in done for index in step.depends_on):
            time.sleep(POLL_SECONDS)
        time.sleep(MODEL_SECONDS)
        done[step.id] = True

    began = time.perf_counter()
    threads = [threading.Thread(target=work, args=(step,)) for step in plan.steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began


async def scheduled_seconds(plans: list[Plan]) -> list[list[float]]:
    """For each plan the times of all rounds through the real scheduler and two lane processes."""
    context = forkserver(["server.runners.fake"])

    async def launch(
        worker: str, heard: Callable[[Report], None], ended: Callable[[str], None]
    ) -> WorkerProcess:
        return await WorkerProcess.start(context, fake_main, worker, worker, 1, heard, ended)

    specs = [WorkerSpec(name, WorkerKind.LANE, name, 100, 4) for name in LANES]
    scheduler = Scheduler(specs, PolicySpec(max_jobs=64, load_s=10.0, job_s=10.0))
    loop = SchedulerLoop(scheduler, launch, lambda _: Weights(MODEL, Path()))
    with TemporaryDirectory() as folder:
        store = ArtifactStore(Path(folder) / "artifacts", LIMITS)
        tasks = ScheduledTasks(loop, lambda model: model.size_bytes)
        executor = Executor(tasks, store, Path(folder), LIMITS.media, loop.clock)
        async with loop.running():
            # Both lanes have the model before the clock starts, as a warm server has.
            await asyncio.gather(*(_seconds(executor, diamond()) for _ in range(4)))
            return [[await _seconds(executor, plan) for _ in range(ROUNDS)] for plan in plans]


async def _seconds(executor: Executor, plan: Plan) -> float:
    async def emit(_: Event) -> None:
        pass

    models = {step.id: (MODEL,) for step in plan.steps}
    began = time.perf_counter()
    outcomes = await executor.execute(plan, models, (), "bench", emit)
    assert all(outcome.outputs for outcome in outcomes)
    return time.perf_counter() - began


def main() -> None:
    plans = {"chain of 4": (chain(), 60), "diamond": (diamond(), 50)}
    timed = asyncio.run(scheduled_seconds([plan for plan, _ in plans.values()]))
    for (name, (plan, limit_ms)), rounds in zip(plans.items(), timed, strict=True):
        median_ms, worst_ms = 1e3 * statistics.median(rounds), 1e3 * max(rounds)
        polled_ms = 1e3 * polled_seconds(plan)
        print(
            f"{name}: {median_ms:.1f} ms median, {worst_ms:.1f} ms worst of {ROUNDS}"
            f" (goal {limit_ms} ms); polling loop {polled_ms:.0f} ms;"
            f" {polled_ms / median_ms:.1f}x faster"
        )


if __name__ == "__main__":
    main()
