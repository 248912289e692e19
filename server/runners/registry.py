"""Which runner a catalog entry gets: decided by its first task, never by its name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from server.core.lane import Weights
from server.core.model import ModelSpec
from server.errors import LoadError
from server.runners.captions import CaptionRunner
from server.runners.diffusion import DiffusionRunner
from server.runners.pipelines import PipelineRunner
from server.runners.runner import Loader, Runner
from server.runners.seq2seq import Seq2SeqRunner

RUNNERS: Mapping[str, Loader] = MappingProxyType(
    {
        "image-classification": PipelineRunner,
        "object-detection": PipelineRunner,
        "text-classification": PipelineRunner,
        "image-to-text": CaptionRunner,
        "text-to-image": DiffusionRunner,
        "translation": Seq2SeqRunner,
    }
)


def load_runner(weights: Weights, device: str) -> Runner:
    """Load a model onto a device. Raises LoadError, OutOfMemory."""
    spec = weights.spec
    if not isinstance(spec, ModelSpec):
        raise LoadError(f"{spec.id} is a planner; a lane runs pipelines only")
    loader = RUNNERS.get(spec.tasks[0])
    if loader is None:
        raise LoadError(f"{spec.id}: there is no runner for {spec.tasks[0]} yet")
    return loader(weights, device)
