"""The planner's model without a server around it, for evaluation, fuzzing and tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import server
from server.catalog import load_catalog
from server.core.generation import Generation
from server.core.lane import Weights
from server.core.model import Catalog, PlannerSpec
from server.runners.llm import LlmRunner, load_llm
from server.runners.runner import Reporter

STARTER_CATALOG = Path(server.__file__).parent / "starter" / "catalog.yaml"


def starter_catalog() -> Catalog:
    """The embedded catalog."""
    return load_catalog(STARTER_CATALOG)


def load_local(spec: PlannerSpec, file: Path | None = None, threads: int = 1) -> LlmRunner:
    """Load a planner from beside its catalog, or from `file`."""
    located = file or (spec.path or Path()) / spec.file
    return load_llm(Weights(spec, located), spec.device, threads)


class LocalGenerator:
    """A `TextGenerator` in this process; `calls` are the generations it was asked for."""

    def __init__(self, runner: LlmRunner) -> None:
        self._runner = runner
        self.calls: list[Generation] = []

    async def stream(self, generation: Generation) -> AsyncIterator[str]:
        """Yield what the model writes, once it is done."""
        self.calls.append(generation)
        pieces: list[str] = []
        self._runner.run(generation, Reporter(lambda _done, _total: None, pieces.append))
        for piece in pieces:
            yield piece
