"""Artifacts on disk: the file under its unguessable id, and a JSON sidecar that says what it is.

The sidecar is written last: an artifact exists exactly when its sidecar does, so a crash in
between leaves a nameless file, which the next start removes.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from server.artifacts.media import SUFFIXES, verify
from server.core.artifact import Artifact
from server.core.ids import new_id
from server.core.job import MediaFile
from server.core.model import LimitsSpec
from server.core.task import Media
from server.errors import Internal, NotFound, TooLarge

if TYPE_CHECKING:
    from collections.abc import Iterator

_ID = re.compile(r"artifact_[A-Za-z0-9_-]{22}")
_MAX_NAME_CHARS = 120
_PARTIAL = ".partial"
_SIDECAR = ".json"


class _Sidecar(BaseModel):
    """What is known of a stored file, as it lies beside it."""

    model_config = ConfigDict(extra="forbid")

    media: Media
    mime: str
    size_bytes: int
    name: str
    file: str


class ArtifactStore:
    """Keeps every upload and output under one directory; survives a restart."""

    def __init__(self, root: Path, limits: LimitsSpec) -> None:
        self._root = root
        self._limits = limits
        root.mkdir(parents=True, exist_ok=True)
        self._sweep()

    async def receive(self, chunks: AsyncIterable[bytes], name: str) -> Artifact:
        """Store an upload as it arrives, once it has been decoded.

        Raises TooLarge past the upload or pixel limit, MediaError for what is no accepted media,
        Internal when the disk refuses.
        """
        partial = self._new_partial()
        try:
            await self._write(partial, chunks)
            return await asyncio.to_thread(self._admit, partial, name)
        finally:
            partial.unlink(missing_ok=True)

    def save(self, content: bytes, name: str) -> Artifact:
        """Store bytes that are at hand. Raises what `receive` does."""
        partial = self._new_partial()
        try:
            self._check_size(len(content))
            with _disk_errors(self._root):
                partial.write_bytes(content)
            return self._admit(partial, name)
        finally:
            partial.unlink(missing_ok=True)

    def adopt(self, path: Path, media: Media, mime: str, name: str) -> Artifact:
        """Take over a file that a worker of this server wrote; it leaves `path`.

        Raises Internal when there is no regular file at `path`, or when the disk refuses.
        """
        if path.is_symlink() or not path.is_file():
            raise Internal(f"a worker said that it wrote {path.name}, but there is no such file")
        partial = self._new_partial()
        with _disk_errors(self._root):
            shutil.move(path, partial)
        return self._place(MediaFile(media, partial, mime), name)

    def get(self, artifact_id: str) -> Artifact:
        """The artifact of that id. Raises NotFound, also for an id that cannot be one."""
        missing = NotFound(f"there is no artifact {artifact_id[:64]!r}; it may have been removed")
        if not _ID.fullmatch(artifact_id):
            raise missing
        try:
            text = (self._root / (artifact_id + _SIDECAR)).read_text("utf-8")
            sidecar = _Sidecar.model_validate_json(text)
        except (FileNotFoundError, ValidationError) as error:
            raise missing from error
        path = self._root / sidecar.file
        if not path.is_file():
            raise missing
        return Artifact(
            artifact_id, sidecar.media, sidecar.mime, sidecar.size_bytes, sidecar.name, path
        )

    def _admit(self, partial: Path, name: str) -> Artifact:
        return self._place(verify(partial, self._limits.media), name)

    def _place(self, file: MediaFile, name: str) -> Artifact:
        artifact_id = new_id("artifact")
        path = self._root / (artifact_id + SUFFIXES.get(file.mime, ""))
        with _disk_errors(self._root):
            _sync(file.path)
            sidecar = _Sidecar(
                media=file.media,
                mime=file.mime,
                size_bytes=file.path.stat().st_size,
                name=_safe_name(name, file),
                file=path.name,
            )
            file.path.rename(path)
            self._write_sidecar(artifact_id, sidecar)
            _sync(self._root)
        return self.get(artifact_id)

    def _write_sidecar(self, artifact_id: str, sidecar: _Sidecar) -> None:
        partial = self._new_partial()
        partial.write_text(sidecar.model_dump_json(), "utf-8")
        _sync(partial)
        partial.rename(self._root / (artifact_id + _SIDECAR))

    async def _write(self, partial: Path, chunks: AsyncIterable[bytes]) -> None:
        size_bytes = 0
        self._append(partial, b"")  # an upload may bring no bytes at all
        async for chunk in chunks:
            size_bytes += len(chunk)
            self._check_size(size_bytes)
            await asyncio.to_thread(self._append, partial, chunk)

    def _append(self, partial: Path, chunk: bytes) -> None:
        with _disk_errors(self._root), partial.open("ab") as file:
            file.write(chunk)

    def _check_size(self, size_bytes: int) -> None:
        limit = self._limits.max_upload_bytes
        if size_bytes > limit:
            raise TooLarge(
                f"the file has more than {limit:,} bytes, the limit for one upload; send a "
                "smaller one, or raise limits.max_upload_bytes in the catalog"
            )

    def _new_partial(self) -> Path:
        return self._root / (new_id("upload") + _PARTIAL)

    def _sweep(self) -> None:
        """Remove what a crash left: unfinished files, and finished ones without a sidecar."""
        for path in self._root.iterdir():
            nameless = _ID.fullmatch(path.stem) and not path.with_suffix(_SIDECAR).exists()
            if path.suffix == _PARTIAL or nameless:
                path.unlink(missing_ok=True)


@contextmanager
def _disk_errors(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Internal(
            f"cannot write to {root} ({error.strerror}); free space there or give it another place"
        ) from error


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _safe_name(name: str, file: MediaFile) -> str:
    """The last part of a name, printable, not too long; a plain one where nothing is left."""
    last = name.replace("\\", "/").rpartition("/")[2]
    printable = "".join(char for char in last if char.isprintable()).strip(". ")
    return printable[-_MAX_NAME_CHARS:] or file.media + SUFFIXES.get(file.mime, "")
