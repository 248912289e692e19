"""What every runner does with weights."""

from __future__ import annotations

from collections.abc import Iterable

import torch

from server.core.lane import Weights
from server.core.model import ModelSpec


def spec_of(weights: Weights) -> ModelSpec:
    """The catalog entry of a pipeline's weights."""
    assert isinstance(weights.spec, ModelSpec), "the registry hands on nothing else"
    return weights.spec


def dtype_of(spec: ModelSpec) -> torch.dtype:
    """The number type the catalog asks for."""
    return {
        "float32": torch.float32,
        "float16": torch.float16,
        "bfloat16": torch.bfloat16,
    }[spec.precision]


def torch_device(device: str) -> torch.device:
    """`cuda:1` as it is; every `cpu:N` is the one CPU torch knows."""
    return torch.device("cpu" if device.startswith("cpu") else device)


def bytes_of(modules: Iterable[torch.nn.Module]) -> int:
    """What parameters and buffers take, each tensor once."""
    tensors = {t.data_ptr(): t for m in modules for t in (*m.parameters(), *m.buffers())}
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors.values())
