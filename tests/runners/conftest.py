"""Twins of the real catalog, made when a test first asks for them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.twins.__main__ import TWINS
from scripts.twins.cache import install
from server.catalog import load_catalog
from server.core.job import TaskResult, TaskWork
from server.core.lane import Weights
from server.core.model import Catalog, ModelSpec
from server.core.parameters import check_parameters
from server.core.task import TASKS
from server.models.install import Installation, needs_no_weights
from server.models.manager import ModelManager
from server.runners.registry import load_runner
from server.runners.runner import Runner
from tests.runners.bench import LIMITS, run

ROOT = Path(__file__).parents[2]
TwinRunner = Callable[[str], Runner]
Do = Callable[..., TaskResult]


@pytest.fixture(scope="session")
def real_catalog() -> Catalog:
    return load_catalog(ROOT / "models_config.yaml")


@pytest.fixture(scope="session")
def twin_weights(
    real_catalog: Catalog, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[ModelSpec], Weights]:
    """An entry's twin, found by the very code that finds the real model."""
    cache = tmp_path_factory.mktemp("twins")
    manager = ModelManager(real_catalog, Installation(cache))

    def weights(spec: ModelSpec) -> Weights:
        if not needs_no_weights(spec):
            install(cache, spec, TWINS[spec.id])
        for part in spec.parts.values():
            install(cache, part, TWINS[part.id])
        return manager.weights(spec.id)

    return weights


@pytest.fixture(scope="session")
def twin(real_catalog: Catalog, twin_weights: Callable[[ModelSpec], Weights]) -> TwinRunner:
    """An entry's twin by its id, loaded on the CPU; loaded once."""
    loaded: dict[str, Runner] = {}

    def load(model_id: str) -> Runner:
        if model_id not in loaded:
            spec = real_catalog.model(model_id)
            assert spec is not None, model_id
            loaded[model_id] = load_runner(twin_weights(spec), "cpu:0")
        return loaded[model_id]

    return load


@pytest.fixture
def do(twin: TwinRunner, tmp_path: Path) -> Do:
    """Run a task on an entry's twin; inputs are named as ports, the rest are parameters."""

    def carry_out(model: str, task: str, **given: Any) -> TaskResult:
        ports = {port.name for port in TASKS[task].inputs}
        inputs = {name: value for name, value in given.items() if name in ports}
        others = {name: value for name, value in given.items() if name not in ports}
        job = TaskWork(task, inputs, check_parameters(task, others), tmp_path, LIMITS)
        return run(twin(model), job)

    return carry_out
