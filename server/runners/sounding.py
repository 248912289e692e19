"""What the runners that make sound have in common."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from server.core.job import TaskWork
from server.errors import InvalidInput
from server.runners.ports import text_input
from server.runners.runner import Reporter

_MOST_REPORTS = 100


@contextmanager
def watched(
    module: torch.nn.Module, reporter: Reporter, total: int | None = None
) -> Iterator[None]:
    """Take each forward pass of `module` for a step: after each the job can be cancelled.

    With `total`, the most steps there will be, it also reports progress, a hundred times at most.
    For loops of transformers that take no StoppingCriteria.
    """
    done = 0
    every = max(1, (total or 0) // _MOST_REPORTS)

    def stepped(*_: Any) -> None:
        nonlocal done
        reporter.check()
        done += 1
        if total and done <= total and done % every == 0:
            reporter.progress(done, total)

    hook = module.register_forward_hook(stepped)
    try:
        yield
    finally:
        hook.remove()


def wanted_text(work: TaskWork) -> str:
    """The text to read, or the description of a sound. Raises InvalidInput for an empty one."""
    text = text_input(work).strip()
    if not text:
        raise InvalidInput(f"{work.task} needs a text; this one is empty")
    return text


def check_taken(given: Mapping[str, Any], taken: Collection[str], task: str, model: str) -> None:
    """Raises InvalidInput for a parameter that the task has but this model does not."""
    for name in given:
        if name not in taken:
            known = ", ".join(sorted(taken)) or "none"
            raise InvalidInput(f"{task}: {model} takes no {name!r}; of the parameters: {known}")


def mono(waveform: torch.Tensor) -> NDArray[np.float32]:
    """One waveform of shape (samples,) or (channels, samples) as mono samples on the CPU."""
    flat = waveform.reshape(-1, waveform.shape[-1]).mean(dim=0)
    return flat.float().cpu().numpy()
