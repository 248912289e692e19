"""Plans carried out by real lane processes: order, overlap, failure, death, cancel."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest

from server.core.event import (
    Event,
    StepFailed,
    StepFinished,
    StepProgressed,
    StepSkipped,
    StepStarted,
)
from server.core.plan import Literal, Plan, ResourceRef, Step, StepRef
from server.core.resource import Resource
from server.core.task import TASKS, Media
from tests.fakes.lanes import Lanes, fake_lanes, model

SUMMARIZE, COMPARE = TASKS["summarization"], TASKS["sentence-similarity"]


def chain(length: int) -> Plan:
    steps = [Step(0, SUMMARIZE, {"text": Literal("word")})]
    steps += [Step(k, SUMMARIZE, {"text": StepRef(k - 1)}) for k in range(1, length)]
    return Plan(tuple(steps))


def independent(count: int) -> Plan:
    return Plan(tuple(Step(k, SUMMARIZE, {"text": Literal(f"word {k}")}) for k in range(count)))


def spans(lanes: Lanes) -> list[tuple[str, float, float]]:
    """(device, begin, end) of every finished step, by begin."""
    finished: list[StepFinished] = lanes.of(StepFinished)
    found = ((event.device, event.began_s, event.began_s + event.seconds) for event in finished)
    return sorted(found, key=lambda span: span[1])


async def test_a_step_gets_what_the_step_before_it_gave(tmp_path: Path) -> None:
    async with fake_lanes(tmp_path, "cpu:0") as lanes:
        outcomes = await lanes.run(chain(3), model("echo"))
    assert [outcome.outputs[0].text for outcome in outcomes] == ["word"] * 3
    assert [outcome.outputs[0].alias for outcome in outcomes] == ["text-1", "text-2", "text-3"]


async def test_a_step_reads_the_turns_own_resources(tmp_path: Path) -> None:
    plan = Plan((Step(0, COMPARE, {"text1": ResourceRef("text-1"), "text2": Literal("b")}),))
    given = Resource("text-1", Media.TEXT, text="a")
    async with fake_lanes(tmp_path, "cpu:0") as lanes:
        (outcome,) = await lanes.run(plan, model("echo"), resources=(given,))
    assert outcome.outputs[0] == Resource("text-2", Media.TEXT, "sentence-similarity", text="a b")


async def test_independent_steps_overlap_on_two_lanes(tmp_path: Path) -> None:
    async with fake_lanes(tmp_path, "cpu:0", "cpu:1") as lanes:
        await lanes.run(independent(2), model("slow", seconds=0.3))
    first, second = spans(lanes)
    assert first[0] != second[0]
    assert second[1] < first[2], f"{first} and {second} do not overlap"


async def test_two_jobs_never_overlap_on_one_lane_whatever_the_load(tmp_path: Path) -> None:
    models = {k: (model(f"m{k % 5}", 40, seconds=0.01),) for k in range(24)}
    async with fake_lanes(tmp_path, "cpu:0", "cpu:1") as lanes:
        await lanes.run_with(independent(24), models)
    for lane in ("cpu:0", "cpu:1"):
        mine = [span for span in spans(lanes) if span[0] == lane]
        assert len(mine) > 1
        for before, after in pairwise(mine):
            assert before[2] <= after[1], f"{before} and {after} overlap on {lane}"


async def test_more_models_than_memory_all_run(tmp_path: Path) -> None:
    models = {k: (model(f"m{k}", 60),) for k in range(6)}
    async with fake_lanes(tmp_path, "cpu:0") as lanes:
        outcomes = await lanes.run_with(independent(6), models)
    assert all(outcome.outputs for outcome in outcomes)


async def test_a_failed_step_is_tried_once_on_the_next_candidate(tmp_path: Path) -> None:
    bad, good = model("bad", error="run_error"), model("good")
    async with fake_lanes(tmp_path, "cpu:0") as lanes:
        (outcome,) = await lanes.run(chain(1), bad, good)
    assert outcome.outputs[0].text == "word"
    (failed,) = lanes.of(StepFailed)
    assert (failed.model, failed.error.code, failed.next_model) == ("bad", "run_error", "good")
    assert [(e.model, e.attempt) for e in lanes.started()] == [("bad", 1), ("good", 2)]


async def test_a_third_candidate_is_not_tried(tmp_path: Path) -> None:
    bad = [model(f"bad{k}", error="run_error") for k in range(3)]
    async with fake_lanes(tmp_path, "cpu:0") as lanes:
        (outcome,) = await lanes.run(chain(1), *bad)
    assert outcome.error is not None
    assert [event.model for event in lanes.started()] == ["bad0", "bad1"]


@pytest.mark.parametrize(("flaw", "code"), [("broken", "load_error"), ("missing", "not_installed")])
async def test_a_model_that_cannot_be_loaded_gives_way_to_the_next(
    tmp_path: Path, flaw: str, code: str
) -> None:
    async with fake_lanes(tmp_path, "cpu:0") as lanes:
        (outcome,) = await lanes.run(chain(1), model("bad", description=flaw), model("good"))
    assert outcome.outputs
    assert [event.error.code for event in lanes.of(StepFailed)] == [code]


async def test_what_depends_on_a_failed_step_is_skipped_and_the_rest_runs(tmp_path: Path) -> None:
    plan = Plan(
        (
            Step(0, SUMMARIZE, {"text": Literal("a")}),
            Step(1, SUMMARIZE, {"text": StepRef(0)}),
            Step(2, SUMMARIZE, {"text": StepRef(1)}),
            Step(3, SUMMARIZE, {"text": Literal("d")}),
        )
    )
    good, bad = model("good"), model("bad", error="run_error")
    async with fake_lanes(tmp_path, "cpu:0") as lanes:
        outcomes = await lanes.run_with(plan, {0: (bad,), 1: (good,), 2: (good,), 3: (good,)})
    assert [bool(outcome.outputs) for outcome in outcomes] == [False, False, False, True]
    reasons = {event.step: event.reason for event in lanes.of(StepSkipped)}
    assert reasons == {1: "step 0 (summarization) failed", 2: "step 1 (summarization) was skipped"}


async def test_a_step_no_model_can_do_fails_and_says_how_to_get_one(tmp_path: Path) -> None:
    async with fake_lanes(tmp_path, "cpu:0") as lanes:
        (outcome,) = await lanes.run_with(chain(1), {0: ()})
    assert outcome.error is not None
    assert outcome.error.code == "no_candidate"
    assert "scripts/download_models --task summarization" in outcome.error.message


async def test_a_model_too_large_for_every_lane_is_refused_with_the_numbers(tmp_path: Path) -> None:
    async with fake_lanes(tmp_path, "cpu:0") as lanes:
        (outcome,) = await lanes.run(chain(1), model("huge", size_bytes=10**10))
    assert outcome.error is not None
    assert outcome.error.code == "model_too_large"
    assert "10.00 GB" in outcome.error.message


async def test_a_lane_killed_in_mid_job_restarts_and_the_job_still_finishes(tmp_path: Path) -> None:
    async with fake_lanes(tmp_path, "cpu:0") as lanes:
        await lanes.run(chain(1), model("warm"))
        running = asyncio.create_task(lanes.run(chain(1), model("slow", seconds=0.5)))
        await lanes.until(StepProgressed)
        lanes.kill("cpu:0")
        (outcome,) = await running
    assert outcome.outputs[0].text == "word"
    assert lanes.loop.scheduler.devices[0].workers[0].deaths == 1


async def test_a_job_that_kills_every_lane_ends_typed_and_the_next_one_runs(tmp_path: Path) -> None:
    async with fake_lanes(tmp_path, "cpu:0") as lanes:
        (outcome,) = await lanes.run(chain(1), model("deadly", die=True))
        assert outcome.error is not None
        assert outcome.error.code == "worker_lost"
        assert "killed by signal 9" in outcome.error.message
        (after,) = await lanes.run(chain(1), model("good"))
    assert after.outputs


async def test_a_job_past_its_limit_loses_its_lane_and_the_next_one_runs(tmp_path: Path) -> None:
    async with fake_lanes(tmp_path, "cpu:0", job_s=0.2) as lanes:
        (outcome,) = await lanes.run(chain(1), model("endless", seconds=60.0))
        assert outcome.error is not None
        assert outcome.error.code == "deadline_exceeded"
        (after,) = await lanes.run(chain(1), model("good"))
    assert after.outputs


async def test_a_cancelled_plan_stops_its_job_and_frees_the_lane(tmp_path: Path) -> None:
    async with fake_lanes(tmp_path, "cpu:0") as lanes:
        running = asyncio.create_task(lanes.run(chain(2), model("slow", seconds=60.0)))
        await lanes.until(StepProgressed)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        (after,) = await lanes.run(chain(1), model("good"))
        assert after.outputs
        assert lanes.loop.scheduler.devices[0].workers[0].deaths == 0


async def test_no_scratch_files_are_left(tmp_path: Path) -> None:
    async with fake_lanes(tmp_path, "cpu:0") as lanes:
        await lanes.run(chain(2), model("bad", error="run_error"), model("good"))
    assert list(tmp_path.glob("job-*")) == []


def test_events_have_the_names_the_wire_uses() -> None:
    names = {kind.name for kind in Event.__args__}
    assert {StepStarted.name, StepFinished.name, StepFailed.name, StepSkipped.name} == {
        "started",
        "finished",
        "failed",
        "skipped",
    }
    assert len(names) == len(Event.__args__)
