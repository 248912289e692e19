"""The scheduler as a state machine: directed scenes, then random ones with faults."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from server.core.job import Priority
from server.errors import ErrorInfo
from server.scheduling import messages as m
from tests.fakes.scheduling_world import POLICY, RESULT, World

LANE_0 = m.WorkerSpec("cpu:0", m.WorkerKind.LANE, "cpu:0", budget_bytes=100, top_k=3)
LANE_1 = m.WorkerSpec("cpu:1", m.WorkerKind.LANE, "cpu:1", budget_bytes=100, top_k=3)
LLM = m.WorkerSpec("llm", m.WorkerKind.LLM, "cpu:0", budget_bytes=50, top_k=1)


def code(world: World, name: str) -> str:
    outcome = world.outcomes[name]
    assert isinstance(outcome, ErrorInfo), f"{name} ended with {outcome}"
    return outcome.code


@pytest.fixture
def lane() -> World:
    world = World(LANE_0)
    world.start()
    return world


@pytest.fixture
def lanes() -> World:
    world = World(LANE_0, LANE_1)
    world.start()
    return world


def test_a_job_loads_its_model_runs_and_ends_with_its_result(lane: World) -> None:
    lane.submit("a", "m", 10)
    assert lane.doing("cpu:0") == m.LoadModel("cpu:0", 1, "m")
    lane.finish("cpu:0")
    lane.finish("cpu:0")
    assert lane.outcomes == {"a": RESULT}


def test_a_resident_model_is_not_loaded_again(lane: World) -> None:
    lane.submit("a", "m", 10)
    lane.settle()
    lane.submit("b", "m", 10)
    assert isinstance(lane.doing("cpu:0"), m.RunJob)


def test_a_second_job_waits_while_the_device_is_taken(lane: World) -> None:
    lane.submit("a", "m", 10)
    lane.submit("b", "n", 10)
    lane.finish("cpu:0")
    assert lane.order == ["a"]
    lane.settle()
    assert lane.order == ["a", "b"]


def test_two_devices_run_two_jobs_at_once(lanes: World) -> None:
    lanes.submit("a", "m", 10)
    lanes.submit("b", "n", 10)
    lanes.finish("cpu:0")
    lanes.finish("cpu:1")
    assert {type(lanes.doing(name)) for name in ("cpu:0", "cpu:1")} == {m.RunJob}


def test_the_llm_and_the_lane_of_one_device_take_turns() -> None:
    world = World(LANE_0, LLM)
    world.start()
    world.submit("step", "m", 10)
    world.submit("plan", "planner", 50, Priority.LLM)
    assert world.doing("llm") is None
    world.finish("cpu:0")
    world.finish("cpu:0")
    assert isinstance(world.doing("llm"), m.LoadModel)
    world.settle()
    assert world.order == ["step", "plan"]


def test_llm_jobs_go_before_steps_that_wait_no_longer() -> None:
    world = World(LANE_0, LLM)
    world.submit("step", "m", 10)
    world.submit("plan", "planner", 50, Priority.LLM)
    # The device was given to the step before the call came; the next free device is the LLM's.
    world.submit("step 2", "m", 10)
    world.settle()
    assert world.order.index("plan") < world.order.index("step 2")


def test_an_old_job_is_not_starved_by_newer_ones_of_higher_priority() -> None:
    world = World(LANE_0, LLM)
    world.start()
    world.submit("first", "m", 10)
    world.submit("step", "n", 10)
    world.at += POLICY.ageing_s * 3
    world.submit("plan", "planner", 50, Priority.LLM)
    world.settle()
    assert world.order == ["first", "step", "plan"]


def test_jobs_of_the_resident_model_overtake_only_for_a_while(lane: World) -> None:
    lane.submit("a", "m", 60)
    lane.submit("b", "n", 60)
    lane.submit("c", "m", 60)
    lane.finish("cpu:0")
    lane.finish("cpu:0")
    assert lane.order == ["a", "c"]
    lane.submit("d", "m", 60)
    lane.at += POLICY.overtake_s
    lane.finish("cpu:0")
    lane.settle()
    assert lane.order == ["a", "c", "b", "d"]


def test_a_job_goes_to_the_idle_device_that_has_its_model(lanes: World) -> None:
    lanes.submit("a", "m", 10)
    lanes.submit("b", "n", 10)
    lanes.settle()
    lanes.submit("c", "n", 10)
    assert isinstance(lanes.doing("cpu:1"), m.RunJob)
    assert lanes.doing("cpu:0") is None


def test_a_model_that_does_not_fit_beside_the_others_evicts_the_least_valued(lane: World) -> None:
    lane.submit("a", "often", 40)
    lane.submit("b", "often", 40)
    lane.submit("c", "once", 40)
    lane.settle()
    lane.submit("d", "new", 40)
    assert lane.doing("cpu:0") == m.EvictModel("cpu:0", 1, "once")
    lane.settle()
    assert lane.outcomes["d"] == RESULT


def test_a_model_that_a_waiting_job_needs_is_evicted_last(lanes: World) -> None:
    world = World(LANE_0)
    world.start()
    world.submit("a", "wanted", 40)
    world.settle()
    for name in "bcd":
        world.submit(name, "popular", 40)
    world.settle()
    world.at += 100
    world.submit("e", "new", 40)
    world.submit("f", "wanted", 40)
    world.settle()
    assert set(world.outcomes.values()) == {RESULT}
    assert "wanted" in world.processes["cpu:0"].resident


def test_no_more_than_top_k_models_stay_on_a_device(lane: World) -> None:
    for model in ("m1", "m2", "m3", "m4"):
        lane.submit(model, model, 1)
    lane.settle()
    assert len(lane.processes["cpu:0"].resident) == LANE_0.top_k


def test_a_model_larger_than_every_device_is_refused_at_once_with_the_numbers(lane: World) -> None:
    lane.submit("a", "huge", 101)
    outcome = lane.outcomes["a"]
    assert isinstance(outcome, ErrorInfo)
    assert outcome.code == "model_too_large"
    assert "huge" in outcome.message


def test_a_model_measured_larger_than_its_device_fails_its_job_and_leaves(lane: World) -> None:
    lane.submit("a", "liar", 50)
    lane.finish("cpu:0", measured=150)
    assert code(lane, "a") == "model_too_large"
    lane.submit("b", "m", 100)
    lane.settle()
    assert lane.outcomes["b"] == RESULT


def test_a_load_that_fails_ends_its_job_with_the_reason(lane: World) -> None:
    lane.submit("a", "m", 10)
    lane.fail("cpu:0", "load_error")
    assert code(lane, "a") == "load_error"
    lane.submit("b", "n", 100)
    lane.settle()
    assert lane.outcomes["b"] == RESULT


def test_a_job_survives_one_death_of_its_worker(lane: World) -> None:
    lane.submit("a", "m", 10)
    lane.finish("cpu:0")
    lane.die("cpu:0")
    lane.settle()
    assert lane.outcomes == {"a": RESULT}


def test_a_job_ends_with_worker_lost_after_two_deaths_and_the_next_job_runs(lane: World) -> None:
    lane.submit("a", "m", 10)
    lane.submit("b", "n", 10)
    lane.die("cpu:0")
    lane.start("cpu:0")
    lane.die("cpu:0")
    assert code(lane, "a") == "worker_lost"
    lane.settle()
    assert lane.outcomes["b"] == RESULT


def test_a_death_while_starting_counts_so_a_worker_that_never_starts_ends_its_jobs() -> None:
    world = World(LANE_0)
    world.submit("a", "m", 10)
    world.die("cpu:0")
    world.die("cpu:0")
    assert code(world, "a") == "worker_lost"


def test_reports_from_before_a_restart_change_nothing(lane: World) -> None:
    lane.submit("a", "m", 10)
    lane.die("cpu:0")
    lane.send(m.ModelLoaded("cpu:0", 1, "m", 10, 1.0, lane.at))
    lane.send(m.JobFinished("cpu:0", 1, "a", RESULT, lane.at))
    assert lane.outcomes == {}
    lane.settle()
    assert lane.outcomes == {"a": RESULT}


def test_a_repeated_report_changes_nothing(lane: World) -> None:
    lane.submit("a", "m", 10)
    lane.finish("cpu:0")
    lane.finish("cpu:0")
    lane.send(m.JobFinished("cpu:0", 1, "a", RESULT, lane.at))
    lane.send(m.ModelLoaded("cpu:0", 1, "m", 10, 1.0, lane.at))
    lane.submit("b", "m", 10)
    assert isinstance(lane.doing("cpu:0"), m.RunJob)


def test_a_queued_job_is_cancelled_at_once(lane: World) -> None:
    lane.submit("a", "m", 10)
    lane.submit("b", "n", 10)
    lane.cancel("b")
    assert code(lane, "b") == "cancelled"


def test_a_job_cancelled_while_its_model_loads_frees_the_device_after_the_load(lane: World) -> None:
    lane.submit("a", "m", 10)
    lane.cancel("a")
    assert code(lane, "a") == "cancelled"
    lane.submit("b", "n", 10)
    assert lane.doing("cpu:0") == m.LoadModel("cpu:0", 1, "m")
    lane.settle()
    assert lane.outcomes["b"] == RESULT


def test_a_running_job_that_obeys_a_cancel_ends_cancelled(lane: World) -> None:
    lane.submit("a", "m", 10)
    lane.finish("cpu:0")
    lane.cancel("a")
    assert lane.cancels == ["a"]
    lane.fail("cpu:0", "cancelled")
    assert code(lane, "a") == "cancelled"
    assert lane.killed == []


def test_a_cancel_that_is_not_obeyed_kills_the_lane_and_the_next_job_runs(lane: World) -> None:
    lane.submit("a", "m", 10)
    lane.finish("cpu:0")
    lane.cancel("a")
    lane.tick(POLICY.cancel_s)
    assert lane.killed == ["cpu:0"]
    lane.die("cpu:0")
    assert code(lane, "a") == "cancelled"
    lane.submit("b", "m", 10)
    lane.settle()
    assert lane.outcomes["b"] == RESULT


def test_a_job_past_its_limit_kills_the_lane_and_is_not_retried(lane: World) -> None:
    lane.submit("a", "m", 10)
    lane.finish("cpu:0")
    lane.tick(POLICY.job_s)
    lane.die("cpu:0")
    assert code(lane, "a") == "deadline_exceeded"
    assert lane.killed == ["cpu:0"]


def test_a_load_past_its_limit_kills_the_lane(lane: World) -> None:
    lane.submit("a", "m", 10)
    lane.tick(POLICY.load_s)
    assert lane.killed == ["cpu:0"]
    lane.die("cpu:0")
    assert code(lane, "a") == "deadline_exceeded"


def test_a_full_queue_refuses_the_next_job(lane: World) -> None:
    for number in range(POLICY.max_jobs):
        lane.submit(f"job {number}", "m", 10)
    lane.submit("one more", "m", 10)
    assert code(lane, "one more") == "busy"


def test_a_worker_that_keeps_dying_is_restarted_after_growing_pauses(lane: World) -> None:
    pauses = []
    for epoch in range(1, 6):
        effects = lane.scheduler.handle(m.WorkerDied("cpu:0", epoch, "crash", lane.at))
        pauses += [effect.delay_s for effect in effects if isinstance(effect, m.StartWorker)]
    assert pauses == [0.0, 1.0, 2.0, 4.0, 8.0]


# Known failures of other schedulers, each as the scene that broke them


def test_a_victim_that_is_asked_for_again_while_it_goes_is_loaded_again(lane: World) -> None:
    lane.submit("a", "victim", 60)
    lane.settle()
    lane.submit("b", "other", 60)
    assert lane.doing("cpu:0") == m.EvictModel("cpu:0", 1, "victim")
    lane.submit("c", "victim", 60)
    lane.settle()
    assert lane.order == ["a", "b", "c"]


def test_a_long_load_on_one_device_does_not_hold_up_the_other(lanes: World) -> None:
    lanes.submit("slow", "big", 90)
    lanes.submit("quick", "small", 10)
    lanes.finish("cpu:1")
    lanes.finish("cpu:1")
    assert lanes.outcomes == {"quick": RESULT}


def test_loads_in_flight_hold_their_bytes(lane: World) -> None:
    lane.submit("a", "m", 60)
    lane.cancel("a")
    lane.submit("b", "n", 60)
    device = lane.scheduler.devices[0]
    assert device.workers[0].ledger.reserved_bytes == 60
    lane.settle()
    assert lane.outcomes["b"] == RESULT


class RandomWorld(RuleBasedStateMachine):
    """Any order of submits, reports, deaths, cancels, stale messages and clock jumps."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(LANE_0, LANE_1, LLM)
        self.count = 0

    def _some(self, which: int, names: list[str]) -> str:
        return names[which % len(names)]

    @rule(model=st.sampled_from([("s", 10), ("m", 40), ("l", 60), ("xl", 100), ("huge", 101)]))
    def submit_step(self, model: tuple[str, int]) -> None:
        self.count += 1
        self.world.submit(f"job {self.count}", *model)

    @rule()
    def submit_generation(self) -> None:
        self.count += 1
        self.world.submit(f"job {self.count}", "planner", 50, Priority.LLM)

    @precondition(lambda self: self.world.submitted)
    @rule(which=st.integers(0, 1000))
    def cancel(self, which: int) -> None:
        self.world.cancel(self._some(which, list(self.world.submitted)))

    @rule(which=st.integers(0, 2))
    def start(self, which: int) -> None:
        self.world.start(self._some(which, list(self.world.specs)))

    def _busy(self) -> list[str]:
        return [name for name, p in self.world.processes.items() if p.command is not None]

    @precondition(lambda self: self._busy())
    @rule(which=st.integers(0, 2), extra=st.sampled_from([0, 0, 0, 5, 200]))
    def finish(self, which: int, extra: int) -> None:
        worker = self._some(which, self._busy())
        command = self.world.doing(worker)
        measured = None
        if extra and isinstance(command, m.LoadModel):
            measured = self.world.specs[worker].budget_bytes // 2 + extra
        self.world.finish(worker, measured)

    @precondition(lambda self: self._busy())
    @rule(which=st.integers(0, 2))
    def fail(self, which: int) -> None:
        worker = self._some(which, self._busy())
        if not isinstance(self.world.doing(worker), m.EvictModel):
            self.world.fail(worker)

    @rule(which=st.integers(0, 2))
    def die(self, which: int) -> None:
        self.world.die(self._some(which, list(self.world.specs)))

    @rule(which=st.integers(0, 2), epoch=st.integers(0, 3), number=st.integers(1, 5))
    def repeat_something(self, which: int, epoch: int, number: int) -> None:
        worker = self._some(which, list(self.world.specs))
        job_id = f"job {number}"
        if not isinstance(self.world.doing(worker), m.RunJob):
            self.world.send(m.JobFinished(worker, epoch, job_id, RESULT, self.world.at))
        if not isinstance(self.world.doing(worker), m.LoadModel):
            self.world.send(m.ModelLoaded(worker, epoch, "m", 40, 1.0, self.world.at))

    @rule(seconds=st.sampled_from([0.0, 0.1, 3.0, 61.0, 10_000.0, -5.0]))
    def time_passes(self, seconds: float) -> None:
        self.world.tick(seconds)

    @invariant()
    def every_job_is_admitted_or_ended_exactly_once(self) -> None:
        self.world.check()

    def teardown(self) -> None:
        """Whatever happened, the queue drains once the workers do as they are told."""
        self.world.settle()
        assert set(self.world.outcomes) == set(self.world.submitted)


TestRandomWorld = RandomWorld.TestCase
TestRandomWorld.settings = settings(max_examples=150, stateful_step_count=60, deadline=None)
