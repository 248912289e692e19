"""Every task's output feeds every task that takes its type; every entry of the catalog runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scripts.twins.samples import sample_work
from server.core.family import USUAL, family_of
from server.core.job import MediaFile, TaskResult, Value
from server.core.lane import Weights
from server.core.model import Catalog, Family
from server.core.plan import GENERATED
from server.core.task import TASKS, Media
from server.errors import InvalidInput
from server.runners.registry import LOADERS, load_runner
from server.runners.runner import Runner
from tests.runners.bench import run

TwinRunner = Callable[[str], Runner]
# No free model of tables is published; that of the starter kit wants columns of its own.
TABULAR = "tabular-classification"
CHAINED = [task for task in TASKS if task != TABULAR]


def outputs(result: TaskResult) -> dict[Media, Value]:
    given: dict[Media, Value] = {file.media: file for file in result.files}
    return given | ({Media.TEXT: result.told} if result.told is not None else {})


def test_every_task_has_a_way_to_run_and_every_way_a_runner() -> None:
    assert set(USUAL) == set(TASKS)
    assert set(LOADERS) == set(Family)


def test_every_entry_of_the_catalog_does_each_of_its_tasks(
    real_catalog: Catalog, twin: TwinRunner, tmp_path: Path
) -> None:
    wrong: list[str] = []
    for spec in real_catalog.models:
        for task in spec.tasks:
            folder = tmp_path / spec.id.replace("/", "-") / task
            folder.mkdir(parents=True)
            given = outputs(run(twin(spec.id), sample_work(task, folder)))
            if set(given) != set(TASKS[task].outputs):
                wrong.append(f"{spec.id} as {task} gives {sorted(given)} ({family_of(spec)})")
    assert wrong == []


@pytest.fixture(scope="module")
def doers(real_catalog: Catalog) -> dict[str, str]:
    """For each task the first candidate."""
    return {task: real_catalog.for_task(task)[0].id for task in CHAINED}


def test_both_catalogs_together_have_a_model_for_every_task(
    real_catalog: Catalog, starter: Catalog
) -> None:
    assert [t for t in CHAINED if not real_catalog.for_task(t)] == []
    assert [t for t in TASKS if t not in CHAINED and not starter.for_task(t)] == []


@pytest.fixture(scope="module")
def made(
    doers: dict[str, str], twin: TwinRunner, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, Media], Value]:
    """What each task gave for sample inputs."""
    found: dict[tuple[str, Media], Value] = {}
    for task, model in doers.items():
        result = run(twin(model), sample_work(task, tmp_path_factory.mktemp(task)))
        found |= {(task, media): value for media, value in outputs(result).items()}
    return found


def pairs(task: str, made: dict[tuple[str, Media], Value]) -> Iterator[tuple[str, str, Value]]:
    """Each earlier task and port that fits, with what that port is then given."""
    for port in TASKS[task].inputs:
        for (source, media), value in made.items():
            if media is port.media:
                yield source, port.name, value


@pytest.mark.parametrize("task", CHAINED)
def test_any_output_feeds_any_input_of_its_type(
    task: str,
    doers: dict[str, str],
    made: dict[tuple[str, Media], Value],
    twin: TwinRunner,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    base = sample_work(task, tmp_path)
    count = 0
    for _source, port, value in pairs(task, made):
        assert isinstance(value, MediaFile) or not GENERATED.search(value)
        given = outputs(run(twin(doers[task]), replace(base, inputs={**base.inputs, port: value})))
        assert set(given) == set(TASKS[task].outputs)
        count += 1
    record_property("pairs", count)
    assert count


def test_a_table_of_the_right_columns_is_sorted_and_any_other_text_refused_with_them(
    starter: Catalog, made: dict[tuple[str, Media], Value], tmp_path: Path
) -> None:
    spec = starter.for_task(TABULAR)[0]
    assert spec.path is not None
    sorter = load_runner(Weights(spec, spec.path), "cpu:0")
    base = sample_work(TABULAR, tmp_path)
    assert [item["label"] for item in run(sorter, base).data] == ["square", "circle"]
    for _source, port, value in pairs(TABULAR, made):
        with pytest.raises(InvalidInput, match="takes the columns corners, fill"):
            run(sorter, replace(base, inputs={port: value}))
