"""Direct calls whose results a test writes down, on a catalog with a model for every task."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from server.api.routes import build_api
from server.artifacts.store import ArtifactStore
from server.core.job import MediaFile, TaskResult, TaskWork
from server.core.model import (
    Catalog,
    ModelSpec,
    Precision,
    ResidencySpec,
    SelectionMode,
    SelectionSpec,
)
from server.core.task import TASKS, Media
from server.execution.direct import DirectCalls
from server.execution.executor import RunTask
from server.scheduling.messages import Span
from tests.fakes.live import live
from tests.fakes.services import LIMITS, OneOfEverything
from tests.fakes.turns import ScriptedTurns

Script = Callable[[TaskWork], TaskResult]


def entry(name: str, *tasks: str, downloads: int = 1, **parameters: object) -> ModelSpec:
    """A catalog entry."""
    return ModelSpec(
        id=name,
        tasks=tasks,
        revision="main",
        licence="Apache-2.0",
        downloads=downloads,
        likes=0,
        description="does as it is told",
        size_bytes=10,
        precision=Precision.FLOAT32,
        parameters=parameters,
    )


def catalog_of(*models: ModelSpec) -> Catalog:
    """A catalog of these models and nothing else."""
    return Catalog(
        source=Path("catalog.yaml"),
        planners=(),
        models=models,
        devices=(),
        residency=ResidencySpec(1, 1),
        selection=SelectionSpec(1, SelectionMode.RANK),
        limits=LIMITS,
    )


NOBODY_DOES = "mlsd-control"
MISSING = entry("org/missing", "fill-mask", downloads=9)
SEVERAL = entry("org/several", "feature-extraction", "sentence-similarity", downloads=5)
CATALOG = catalog_of(
    *(entry(f"org/{task}", task) for task in TASKS if task != NOBODY_DOES),
    MISSING,
    SEVERAL,
)


class Shelf:
    """Everything of a catalog is installed but `MISSING`."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def candidates(self, task: str) -> Sequence[ModelSpec]:
        """Installed models that can do a task, most downloaded first."""
        able = self._catalog.for_task(task)
        return [model for model in able if self.missing(model) is None]

    def missing(self, spec: ModelSpec) -> str | None:
        """Why an entry cannot be used."""
        return f"{spec.id} is not in the cache" if spec is MISSING else None


class ScriptedTasks:
    """Gives what `script` says for a work; `seen` are the inputs, files as their bytes."""

    def __init__(self) -> None:
        self.script: Script = lambda _: TaskResult("nothing", [])
        self.models: list[str] = []
        self.works: list[TaskWork] = []
        self.seen: list[dict[str, str | bytes]] = []

    async def __call__(
        self,
        model: ModelSpec,
        work: TaskWork,
        owner: str,
        progress: Callable[[int, int], Awaitable[None]],
    ) -> tuple[TaskResult, Span]:
        self.models.append(model.id)
        self.works.append(work)
        self.seen.append({port: _content(value) for port, value in work.inputs.items()})
        return self.script(work), Span("cpu:0", 0.0, 1.0)


def _content(value: str | MediaFile) -> str | bytes:
    return value if isinstance(value, str) else value.path.read_bytes()


def gives(data: object, text: str = "a text") -> Script:
    """A script of one result that is data."""
    return lambda _: TaskResult(text, data)


def writes(media: Media, mime: str, content: bytes, data: object = None) -> Script:
    """A script of one result that is a file, and what is said of it."""

    def write(work: TaskWork) -> TaskResult:
        path = work.output_dir / "output"
        path.write_bytes(content)
        return TaskResult(data=data, files=(MediaFile(media, path, mime),))

    return write


def direct_calls(
    scratch: Path, run_task: RunTask | None = None, catalog: Catalog = CATALOG
) -> DirectCalls:
    """Direct calls on that catalog."""
    scratch.mkdir(parents=True, exist_ok=True)
    return DirectCalls(run_task or ScriptedTasks(), catalog, Shelf(catalog), scratch)


@asynccontextmanager
async def serving_calls(
    folder: Path, run_task: RunTask, *models: ModelSpec
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a live server whose catalog has these models."""
    calls = direct_calls(folder / "calls", run_task, catalog_of(*models))
    store = ArtifactStore(folder / "stored", LIMITS)
    app = build_api(ScriptedTurns(), store, OneOfEverything(), calls, LIMITS)
    async with live(app) as url, httpx.AsyncClient(base_url=url, timeout=30) as client:
        yield client
