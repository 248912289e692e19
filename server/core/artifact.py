"""Artifacts: stored outputs and uploads, with an unguessable id."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from server.core.task import Media


@dataclass(frozen=True, slots=True)
class Artifact:
    """One stored file. `name` is what a download is called; `path` is where it lies."""

    id: str
    media: Media
    mime: str
    size_bytes: int
    name: str
    path: Path
