"""normal-control: surface normals by Marigold."""

from __future__ import annotations

from typing import Any

from diffusers import MarigoldNormalsPipeline
from PIL import Image

from server.core.job import TaskResult, Work
from server.core.lane import Weights
from server.runners.denoising import Denoiser, grain, load_settings, scaled
from server.runners.generating import take_seed
from server.runners.loading import spec_of
from server.runners.ports import image_input, image_output, task_work
from server.runners.runner import Reporter


class NormalsRunner:
    """Image in, a picture of its surface normals out, of the same size."""

    def __init__(self, weights: Weights, device: str) -> None:
        pipeline = MarigoldNormalsPipeline.from_pretrained(
            str(weights.path), **load_settings(weights, spec_of(weights).variant)
        )
        self._denoiser = Denoiser(pipeline, device)

    @property
    def resident_bytes(self) -> int:
        """Parameters and buffers of every component."""
        return self._denoiser.resident_bytes

    def run(self, work: Work, reporter: Reporter) -> TaskResult:
        """Paint the normals in the colours ControlNets were trained on: blue faces the viewer, red
        the left, green the top. `seed` makes the picture reproducible."""
        task = task_work(work)
        self._denoiser.check_accepts(task)
        given, seed = take_seed(task.parameters)
        image = image_input(task)
        pipeline: Any = self._denoiser.pipeline
        side = pipeline.default_processing_resolution
        settings = {
            **given,
            "image": scaled(image, (side, side), grain(pipeline)),
            "processing_resolution": 0,  # as scaled here: it refuses strips
        }
        normals = self._denoiser.run(settings, seed, reporter).prediction
        # Marigold's own red faces the right.
        (painted,) = pipeline.image_processor.visualize_normals(normals, flip_x=True)
        painted = painted.resize(image.size, Image.Resampling.BILINEAR)
        return TaskResult(files=(image_output(painted, task),), data={"seed": seed})
