"""Which runner a catalog entry gets: by its tasks or its stated family, never by its name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from server.core.family import family_of
from server.core.lane import Weights
from server.core.model import Family, ModelSpec
from server.errors import LoadError
from server.runners.captions import CaptionRunner
from server.runners.diffusion import DiffusionRunner
from server.runners.pipelines import PipelineRunner
from server.runners.runner import Loader, Runner
from server.runners.seq2seq import Seq2SeqRunner

LOADERS: Mapping[Family, Loader] = MappingProxyType(
    {
        Family.PIPELINE: PipelineRunner,
        Family.SEQ2SEQ: Seq2SeqRunner,
        Family.CAPTION: CaptionRunner,
        Family.DIFFUSION: DiffusionRunner,
    }
)


def load_runner(weights: Weights, device: str) -> Runner:
    """Load a model onto a device. Raises LoadError, OutOfMemory."""
    spec = weights.spec
    if not isinstance(spec, ModelSpec):
        raise LoadError(f"{spec.id} is a planner; a lane runs pipelines only")
    return LOADERS[family_of(spec)](weights, device)
