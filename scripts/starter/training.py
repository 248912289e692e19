"""What the trainers of the picture models have in common: pictures, the loop, storing."""

import json
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy
import torch
from PIL import Image
from torch import Tensor, nn

from scripts.starter.world import Scene, draw, jitter

Sampler = Callable[[random.Random], Scene]
LossOf = Callable[[Tensor, float], Tensor]

# Held-out scenes come from random numbers that no training seed in use reaches.
HELD_OUT_SEED = 1_000_003
_DRAWN_SIDES = (32, 48, 64, 96, 128)


class Storable(Protocol):
    """A model, a tokenizer or an image processor."""

    def save_pretrained(self, save_directory: str | Path) -> object: ...


@dataclass(frozen=True, slots=True)
class Pictures:
    """Rendered scenes: bytes of shape (count, 3, side, side), and what they show."""

    pixels: Tensor
    scenes: tuple[Scene, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how hard to train."""

    pictures: int
    epochs: int
    batch: int
    rate: float

    @property
    def steps(self) -> int:
        """The number of optimiser steps."""
        return self.epochs * (self.pictures // self.batch)


def prepare(seed: int) -> None:
    """Seed torch, and keep to one thread: more only get in each other's way at this size."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)


def spoiled(scene: Scene, rng: random.Random) -> Image.Image:
    """A scene drawn at a random resolution, then jittered, as no two painters paint alike."""
    return jitter(draw(scene, rng.choice(_DRAWN_SIDES)), rng)


def render(count: int, seed: int, side: int, sampler: Sampler) -> Pictures:
    """Render random scenes, spoiled, at the side that a model looks at."""
    rng = random.Random(seed)
    scenes = tuple(sampler(rng) for _ in range(count))
    pixels = torch.empty((count, 3, side, side), dtype=torch.uint8)
    for row, scene in enumerate(scenes):
        # The resampling of the image processors, so that training sees what inference sees.
        image = spoiled(scene, rng).resize((side, side), Image.Resampling.BILINEAR)
        pixels[row] = torch.from_numpy(numpy.array(image)).permute(2, 0, 1)
    return Pictures(pixels, scenes)


def normalise(pixels: Tensor) -> Tensor:
    """Bytes to the range -1 to 1, as the image processors do with mean and deviation 0.5."""
    return pixels.float().div(127.5).sub(1).contiguous(memory_format=torch.channels_last)


def fit(modules: Iterable[nn.Module], loss_of: LossOf, plan: Plan) -> float:
    """Minimise a loss of (row numbers, progress from 0 to 1); return the minutes it took."""
    parameters = [parameter for module in modules for parameter in module.parameters()]
    optimiser = torch.optim.AdamW(parameters, plan.rate, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, plan.rate, total_steps=plan.steps, pct_start=0.1
    )
    started, step, total = time.monotonic(), 0, 0.0
    for epoch in range(plan.epochs):
        order = torch.randperm(plan.pictures)[: plan.pictures // plan.batch * plan.batch]
        for rows in order.split(plan.batch):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = loss_of(rows, step / plan.steps)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            optimiser.zero_grad()
            schedule.step()
            step, total = step + 1, total + loss.item()
            if step % 100 == 0:
                minutes = (time.monotonic() - started) / 60
                report = f"epoch {epoch} step {step} loss {total / 100:.4f} {minutes:.1f} min"
                print(report, flush=True)
                total = 0.0
    return (time.monotonic() - started) / 60


def store(model: nn.Module, parts: Iterable[Storable], out: Path) -> None:
    """Save a model in half precision, and what goes with it, to load in full precision."""
    out.mkdir(parents=True, exist_ok=True)
    model.eval().half().save_pretrained(out)
    for part in parts:
        part.save_pretrained(out)
    # safetensors leaves its file to the owner alone; a server may run as somebody else.
    (out / "model.safetensors").chmod(0o644)
    # Half precision is only for storage: on a processor it is slow, and no more exact.
    config = json.loads((out / "config.json").read_text())
    for section in (config, *(part for part in config.values() if isinstance(part, dict))):
        if "dtype" in section:
            section["dtype"] = "float32"
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def size_of(model: nn.Module) -> str:
    """The number of a model's parameters, in words."""
    return f"{sum(parameter.numel() for parameter in model.parameters()) / 1e6:.2f} million"


def listed(figures: dict[str, float]) -> str:
    """Shares as a list for a model card; also printed, to be seen at once."""
    text = "\n".join(f"- {name}: {share:.1%}" for name, share in figures.items())
    print(text, flush=True)
    return text


def write_card(out: Path, task: str, text: str, library: str = "transformers") -> None:
    """Put a model card beside a stored model."""
    header = {"license": "apache-2.0", "library_name": library, "pipeline_tag": task}
    lines = "\n".join(f"{key}: {value}" for key, value in header.items())
    (out / "README.md").write_text(f"---\n{lines}\n---\n\n{text}")
