"""Videos to labels, by transformers pipelines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image

from server.core.job import TaskResult, TaskWork
from server.runners.ports import video_input
from server.runners.runner import Reporter
from server.runners.seeing import fitted
from server.runners.text_labels import labelled


def _classify(pipe: Any, work: TaskWork, reporter: Reporter) -> TaskResult:
    frames = [fitted(frame) for frame in video_input(work, _frames_wanted(pipe.model.config))]
    reporter.check()
    # Called as a whole, the pipeline would open a path by itself, and look at its beginning only.
    outputs = pipe.forward(_prepared(pipe, frames).to(pipe.dtype))
    return labelled(pipe.postprocess(outputs, **work.parameters), work.task)


def _frames_wanted(config: Any) -> int:
    """How many frames the model takes; its config has one of two names for that."""
    return getattr(config, "num_frames", None) or config.frames_per_clip


def _prepared(pipe: Any, frames: Sequence[Image.Image]) -> Any:
    if pipe.video_processor is None:
        return pipe.image_processor(list(frames), return_tensors="pt")
    video = np.stack([np.asarray(frame) for frame in frames])
    return pipe.video_processor(video, do_sample_frames=False, return_tensors="pt")


HANDLERS = {"video-classification": _classify}
