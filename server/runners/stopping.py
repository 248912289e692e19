"""Cancel for `generate`: asked between two tokens."""

from __future__ import annotations

from typing import Any

import torch
from transformers import StoppingCriteria

from server.runners.runner import Reporter


class StopOnCancel(StoppingCriteria):
    """Raises Cancelled once the job is cancelled; never stops a generation otherwise."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter

    def __call__(self, input_ids: torch.Tensor, scores: Any, **kwargs: Any) -> Any:
        """Called by transformers after each token; one "not done" for each row."""
        self._reporter.check()
        return torch.zeros(input_ids.shape[0], dtype=torch.bool, device=input_ids.device)
