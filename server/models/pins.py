"""Which commit of each repository was fetched, and the size and digest of every file of it.

`baton.lock.json` in the hub cache. Written by the download script; the server reads it to find
the commit, and to know a file that is not the one that was fetched.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from server.errors import LoadError

_FILE_NAME = "baton.lock.json"
_CHUNK_BYTES = 1 << 20


class PinnedFile(BaseModel):
    """One file as the hub has it. Small files have a git blob id, large ones a SHA-256."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    size_bytes: int = Field(ge=0)
    algorithm: Literal["sha256", "git"]
    digest: str

    def differs_in_size(self, file: Path) -> bool:
        """Whether the file is missing or of another size; costs no reading."""
        return not file.is_file() or file.stat().st_size != self.size_bytes

    def differs(self, file: Path, progress: Callable[[int], object]) -> bool:
        """Whether the file is not this one, by its content. `progress` hears of bytes read."""
        return self.differs_in_size(file) or self._digest_of(file, progress) != self.digest

    def _digest_of(self, file: Path, progress: Callable[[int], object]) -> str:
        if self.algorithm == "sha256":
            state = hashlib.sha256()
        else:  # git's name for a file: not a safeguard against anyone, but all the hub states
            state = hashlib.sha1(b"blob %d\0" % self.size_bytes, usedforsecurity=False)
        with file.open("rb") as opened:
            while chunk := opened.read(_CHUNK_BYTES):
                state.update(chunk)
                progress(len(chunk))
        return state.hexdigest()


class Pin(BaseModel):
    """One repository at one commit: what the revision asked for was resolved to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    revision: str
    commit: str = Field(pattern=r"^[0-9a-f]{40}$")
    licence: str | None
    files: Mapping[str, PinnedFile]

    @property
    def size_bytes(self) -> int:
        """Bytes of all its files."""
        return sum(file.size_bytes for file in self.files.values())


class Pins(BaseModel):
    """The whole lock file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = 1
    repositories: Mapping[str, Pin] = Field(default_factory=dict)

    def pin(self, repository: str, revision: str) -> Pin | None:
        """What was fetched for a repository, if it was fetched for this revision."""
        pin = self.repositories.get(repository)
        return pin if pin is not None and revision in (pin.revision, pin.commit) else None


def read_pins(cache: Path) -> Pins:
    """The pins of a hub cache; none where nothing was fetched. Raises LoadError."""
    file = cache / _FILE_NAME
    try:
        return Pins.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        return Pins()
    except (OSError, ValidationError) as error:
        reason = str(error).splitlines()[0]
        raise LoadError(
            f"{file} cannot be read ({reason}); remove it and run scripts/download_models"
        ) from None


def write_pin(cache: Path, repository: str, pin: Pin) -> None:
    """Add or replace one pin; a reader sees the old file or the new one, never half of it."""
    pins = Pins(repositories={**read_pins(cache).repositories, repository: pin})
    cache.mkdir(parents=True, exist_ok=True)
    written = cache / f"{_FILE_NAME}.{os.getpid()}"
    written.write_text(pins.model_dump_json(indent=1), encoding="utf-8")
    written.replace(cache / _FILE_NAME)
