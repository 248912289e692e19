"""Small limits, and an operator's view of a server that has one of everything."""

from __future__ import annotations

from dataclasses import dataclass

from server.core.model import LimitsSpec, MediaLimits
from server.core.status import (
    DeviceStatus,
    InstalledModel,
    JobStatus,
    ResidentModel,
    WorkerStatus,
)

LIMITS = LimitsSpec(
    max_steps=4,
    max_request_chars=2_000,
    max_resources=3,
    max_upload_bytes=1 << 20,
    media=MediaLimits(250_000, 10.0, 10.0),
    max_queued_jobs=8,
    max_active_turns=4,
    load_seconds=10.0,
    job_seconds=10.0,
)


@dataclass
class OneOfEverything:
    """One device with one model and one job; ready unless told otherwise."""

    reason: str | None = None

    def models(self) -> tuple[InstalledModel, ...]:
        """One model that is there, one that is not."""
        there = InstalledModel(
            "org/draws", ("text-to-image",), True, None, ("cpu:0",), 9, 1, "MIT", 5_000_000, "draws"
        )
        missing = InstalledModel(
            "org/sees",
            ("image-to-text",),
            False,
            "no model.safetensors",
            (),
            3,
            0,
            "MIT",
            7,
            "sees",
        )
        return (there, missing)

    def devices(self) -> tuple[DeviceStatus, ...]:
        """One CPU lane at work."""
        resident = ResidentModel("org/draws", "ready", 5_000_000, True)
        worker = WorkerStatus("lane cpu:0", "up", 1, 0)
        return (DeviceStatus("cpu:0", (worker,), 2**30, 5_000_000, (resident,), "job_1"),)

    def queue(self) -> tuple[JobStatus, ...]:
        """One running job."""
        return (JobStatus("job_1", "org/draws", "running", "TURN", "turn_1", 0.25, "cpu:0"),)

    def ready(self) -> str | None:
        """Why turns cannot be taken."""
        return self.reason
