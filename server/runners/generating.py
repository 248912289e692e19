"""What every runner that writes token by token, or draws random numbers, has in common."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

import torch
from transformers import StoppingCriteria

from server.runners.runner import Reporter

_PROGRESS_EVERY = 8
_SEED_BITS = 48


class StopOnCancel(StoppingCriteria):
    """Raises Cancelled once the job is cancelled; never stops a generation otherwise.

    With `total`, the most tokens there will be, it also reports progress now and then.
    """

    def __init__(self, reporter: Reporter, total: int | None = None) -> None:
        self._reporter = reporter
        self._total = total
        self._done = 0

    def __call__(self, input_ids: torch.Tensor, scores: Any, **kwargs: Any) -> Any:
        """Called by transformers after each token; one "not done" for each row."""
        self._reporter.check()
        self._done += 1
        if self._total and self._done % _PROGRESS_EVERY == 0:
            self._reporter.progress(min(self._done, self._total), self._total)
        return torch.zeros(input_ids.shape[0], dtype=torch.bool, device=input_ids.device)


def take_seed(parameters: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
    """The other parameters, and the seed: the one asked for, or a fresh one for results to name."""
    rest = dict(parameters)
    seed = rest.pop("seed", None)
    return rest, secrets.randbits(_SEED_BITS) if seed is None else int(seed)
