"""Puts a twin where a hub cache would hold the real model."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from server.core.model import ModelSpec, PartSpec

Twin = Callable[[Path, str | None], None]
"""Saves a tiny model into a folder, its weight files of the variant that the entry asks for."""


def install(cache: Path, spec: ModelSpec | PartSpec, twin: Twin) -> Path:
    """Make the twin and file it under the entry's id and revision; give its folder.

    One that is there already stays.
    """
    repository = cache / f"models--{spec.id.replace('/', '--')}"
    commit = hashlib.sha1(f"twin of {spec.id}".encode(), usedforsecurity=False).hexdigest()
    snapshot = repository / "snapshots" / commit
    ref = repository / "refs" / spec.revision
    if ref.is_file():
        return snapshot
    snapshot.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=snapshot.parent) as scratch:
        twin(Path(scratch), spec.variant)
        shutil.move(shutil.copytree(scratch, f"{scratch}.whole"), snapshot)
    ref.parent.mkdir(parents=True, exist_ok=True)
    ref.write_text(commit, encoding="utf-8")
    return snapshot
