"""What the server knows of its models: which are installed, where they lie, what they need."""

from __future__ import annotations

from collections.abc import Collection

from server.core.lane import Weights
from server.core.model import Catalog, ModelSpec, PlannerSpec
from server.errors import ModelError, UnknownModel
from server.models.install import Installation

# llama.cpp's cache at 16 bits takes 144 KiB a token for 4B and 8B models of today; its scratch
# buffers are counted with it.
_CONTEXT_BYTES_PER_TOKEN = 192 * 1024


class ModelManager:
    """The catalog, held against what is on disk."""

    def __init__(self, catalog: Catalog, installation: Installation) -> None:
        self._catalog = catalog
        self._installation = installation
        self.planner = self._choose_planner()

    def installed_tasks(self) -> Collection[str]:
        """The tasks at least one installed model can do."""
        usable = (model for model in self._catalog.models if self.missing(model) is None)
        return frozenset(task for model in usable for task in model.tasks)

    def candidates(self, task: str) -> tuple[ModelSpec, ...]:
        """Installed models that can do a task, most downloaded first."""
        able = self._catalog.for_task(task)
        return tuple(model for model in able if self.missing(model) is None)

    def missing(self, spec: ModelSpec | PlannerSpec) -> str | None:
        """Why an entry cannot be used and what to do; None where it can."""
        return self._installation.missing(spec)

    def weights(self, model_id: str) -> Weights:
        """The model's weights on disk. Raises UnknownModel, NotInstalled, LoadError."""
        spec = self._spec(model_id)
        located = self._installation.locate(spec)
        return Weights(spec, located, self._installation.locate_parts(spec))

    def footprint_bytes(self, model: ModelSpec) -> int:
        """Bytes a model is expected to take on its device. Raises NotInstalled, LoadError."""
        return self._installation.footprint_bytes(model)

    def planner_bytes(self) -> int:
        """Bytes the planner is given on its device: the file, and its context."""
        spec = self.planner
        try:
            file_bytes = self._installation.footprint_bytes(spec)
        except ModelError:
            # Not there yet: its worker will say so; the share is kept for when it is.
            file_bytes = spec.size_bytes
        return file_bytes + spec.context_tokens * _CONTEXT_BYTES_PER_TOKEN

    def _choose_planner(self) -> PlannerSpec:
        """The first planner that is installed, else the first."""
        planners = self._catalog.planners
        return next((spec for spec in planners if self.missing(spec) is None), planners[0])

    def _spec(self, model_id: str) -> ModelSpec | PlannerSpec:
        spec = self._catalog.model(model_id)
        if spec is not None:
            return spec
        if model_id == self.planner.id:
            return self.planner
        raise UnknownModel(f"the catalog {self._catalog.source} holds no model {model_id!r}")
