"""What the twins of all vision models have in common."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import transformers

from scripts.twins.cache import Twin

# Its configurations take more than their annotations say.
hf: Any = transformers

SQUARE = {"height": 32, "width": 32}
LABELS = ("cat", "dog", "car")
LAYERS: dict[str, Any] = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 64,
}
EYES: dict[str, Any] = {**LAYERS, "image_size": 32, "patch_size": 8}


def labels(names: tuple[str, ...] = LABELS) -> dict[str, Any]:
    return {
        "id2label": dict(enumerate(names)),
        "label2id": {name: index for index, name in enumerate(names)},
    }


def twin(make: Callable[[], tuple[Any, ...]]) -> Twin:
    """A twin of the model and the processors that `make` gives."""

    def save(folder: Path, variant: str | None) -> None:
        torch.manual_seed(0)
        model, *others = make()
        model.save_pretrained(folder, variant=variant)
        for other in others:
            other.save_pretrained(folder)

    return save


def clip_eyes() -> Any:
    return hf.CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size=SQUARE)
