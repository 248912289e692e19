"""Writes docs/tasks.md: every task, what it takes and gives, who can do it, and whether it runs.

`scripts/task_table` makes the tiny twins of models_config.yaml, runs each task on every model of
both catalogs, and puts what happened into the table.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.local_llm import starter_catalog
from scripts.twins.__main__ import TWINS
from scripts.twins.cache import install
from scripts.twins.samples import sample_work
from server.catalog import load_catalog
from server.core.family import family_of
from server.core.job import TaskResult
from server.core.model import Catalog, ModelSpec
from server.core.task import TASKS, Media, Task
from server.errors import BatonError
from server.models.install import Installation, needs_no_weights
from server.models.manager import ModelManager
from server.runners.registry import LOADERS, load_runner
from server.runners.runner import Reporter, Runner

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/tasks.md"
_HEAD = """\
# Tasks

Every task Baton plans, and what stands behind it. `scripts/task_table` writes this page: it makes a
tiny twin of every model of `models_config.yaml` (the same classes and file layout with small random
weights), loads it by the code that loads the real one, and runs each of its tasks. A model of the
starter kit has really learnt its task.

| task | takes | gives | runner | models offered | twins | starter kit |
|---|---|---|---|---|---|---|
"""


class Trial:
    """Runs the tasks of one catalog's models and remembers who could."""

    def __init__(self, catalog: Catalog, cache: Path, scratch: Path) -> None:
        self._catalog = catalog
        self._manager = ModelManager(catalog, Installation(cache))
        self._scratch = scratch
        self._cache = cache
        self.failures: list[str] = []
        self.ran: set[tuple[str, str]] = set()

    def run(self) -> None:
        """Every model, every task of it."""
        for spec in self._catalog.models:
            began = time.monotonic()
            self._make(spec)
            runner = load_runner(self._manager.weights(spec.id), "cpu:0")
            for task in spec.tasks:
                self._try(spec, task, runner)
            print(f"{spec.id}: {time.monotonic() - began:.1f} s", flush=True)

    def _make(self, spec: ModelSpec) -> None:
        if spec.path is None and not needs_no_weights(spec):
            install(self._cache, spec, TWINS[spec.id])
        for part in spec.parts.values():
            install(self._cache, part, TWINS[part.id])

    def _try(self, spec: ModelSpec, task: str, runner: Runner) -> None:
        try:
            with TemporaryDirectory(dir=self._scratch) as folder:
                reporter = Reporter(lambda _done, _total: None, lambda _text: None)
                result = runner.run(sample_work(task, Path(folder)), reporter)
        except BatonError as error:
            self.failures.append(f"{spec.id}, {task}: {error}")
            return
        if _media(result) == set(TASKS[task].outputs):
            self.ran.add((spec.id, task))
        else:
            self.failures.append(f"{spec.id}, {task}: gave {sorted(_media(result))}")

    def told(self, task: str) -> str:
        """How many of the task's models did it."""
        able = [spec.id for spec in self._catalog.for_task(task)]
        ran = sum((model, task) in self.ran for model in able)
        return f"{ran} of {len(able)} ran" if able else "none"


def _media(result: object) -> set[Media]:
    assert isinstance(result, TaskResult), "a task gives a task's result"
    texts = {Media.TEXT} if result.text is not None else set()
    return {file.media for file in result.files} | texts


def _row(task: Task, real: Trial, starter: Trial, models: Iterable[ModelSpec]) -> str:
    able = list(models)
    families = dict.fromkeys(LOADERS[family_of(spec)].__name__ for spec in able)
    cells = (
        task.name,
        ", ".join(port.name + (" (may be empty)" if port.optional else "") for port in task.inputs),
        ", ".join(task.outputs),
        ", ".join(families),
        ", ".join(spec.id for spec in able),
        real.told(task.name),
        starter.told(task.name),
    )
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Run everything and write the page; exit 1 where something failed."""
    with TemporaryDirectory() as folder:
        cache, scratch = Path(folder, "cache"), Path(folder, "scratch")
        scratch.mkdir()
        catalog = load_catalog(ROOT / "models_config.yaml")
        real = Trial(catalog, cache, scratch)
        starter = Trial(starter_catalog(), cache, scratch)
        real.run()
        starter.run()
    rows = [_row(task, real, starter, catalog.for_task(task.name)) for task in TASKS.values()]
    PAGE.write_text(_HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    failures = real.failures + starter.failures
    print(*failures, f"{len(TASKS)} tasks, {len(failures)} failures: {PAGE}", sep="\n")
    raise SystemExit(bool(failures))


if __name__ == "__main__":
    main()
