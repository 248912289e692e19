"""What is installed: weights on disk, found and checked offline, without loading them."""

from __future__ import annotations

from pathlib import Path

from huggingface_hub import snapshot_download
from huggingface_hub.errors import LocalEntryNotFoundError

from server.core.family import family_of
from server.core.model import Family, ModelSpec, PartSpec, PlannerSpec
from server.errors import LoadError, ModelError, NotInstalled
from server.models.pins import read_pins
from server.models.weights import check_estimator, check_gguf, check_pipeline, footprint_bytes

Spec = ModelSpec | PlannerSpec | PartSpec


def snapshot_directory(cache: Path, repository: str, revision: str) -> Path | None:
    """Where a hub cache holds a repository at a revision, in whole or in part; no network."""
    try:
        # No patterns: parts are left out on purpose, so completeness is checked by others.
        return Path(
            snapshot_download(
                repository,
                revision=revision,
                cache_dir=cache,
                local_files_only=True,
                allow_patterns=[],
            )
        )
    except LocalEntryNotFoundError:
        return None


class Installation:
    """The weights of one hub cache, and those that ship beside a catalog.

    Nothing is remembered between calls: what is fetched while the server runs counts at once.
    """

    def __init__(self, cache: Path) -> None:
        self._cache = cache

    def locate(self, spec: Spec) -> Path:
        """The directory of a model, or the GGUF file of a planner: whole, as far as headers tell.

        Raises NotInstalled where something is missing, LoadError where something is damaged.
        """
        if needs_no_weights(spec):
            return self._cache
        try:
            directory = self._directory(spec)
            self._check_sizes(spec, directory)
            if isinstance(spec, PlannerSpec):
                check_gguf(directory / spec.file)
                return directory / spec.file
            if is_tabular(spec):
                check_estimator(directory)
            else:
                check_pipeline(directory, spec.variant)
            return directory
        except (NotInstalled, LoadError) as error:
            raise type(error)(f"{spec.id}: {error}; {_way_out(spec, error)}") from None
        except OSError as error:
            raise LoadError(f"{spec.id} cannot be read: {error}; correct its permissions") from None

    def missing(self, spec: Spec) -> str | None:
        """One line that says why an entry cannot be used and what to do; None where it can."""
        try:
            self.locate(spec)
            self.locate_parts(spec)
        except ModelError as error:
            return str(error)
        return None

    def locate_parts(self, spec: Spec) -> dict[str, Path]:
        """The directories of a model's parts by role; none for other entries. Raises as above."""
        parts = spec.parts if isinstance(spec, ModelSpec) else {}
        return {role: self.locate(part) for role, part in parts.items()}

    def footprint_bytes(self, spec: ModelSpec | PlannerSpec) -> int:
        """Bytes the weights are expected to take on a device.

        From the headers, at the catalog's precision; of a planner the file's size, to which its
        context comes. Raises NotInstalled, LoadError.
        """
        located = self.locate(spec)
        if isinstance(spec, PlannerSpec):
            return located.stat().st_size
        if needs_no_weights(spec):
            return spec.size_bytes
        if is_tabular(spec):
            return check_estimator(located).stat().st_size
        files = [*check_pipeline(located, spec.variant)]
        for role, folder in self.locate_parts(spec).items():
            files += check_pipeline(folder, spec.parts[role].variant)
        return footprint_bytes(files, spec.precision)

    def _directory(self, spec: Spec) -> Path:
        if spec.path is not None:
            if not spec.path.is_dir():
                raise NotInstalled(f"its folder {spec.path} is missing")
            return spec.path
        pin = read_pins(self._cache).pin(spec.id, spec.revision)
        revision = spec.revision if pin is None else pin.commit
        directory = snapshot_directory(self._cache, spec.id, revision)
        if directory is None:
            raise NotInstalled(f"not in the cache {self._cache}")
        return directory

    def _check_sizes(self, spec: Spec, directory: Path) -> None:
        """Every file the download script fetched must be there, at its size."""
        pin = None if spec.path else read_pins(self._cache).pin(spec.id, spec.revision)
        for name, pinned in pin.files.items() if pin else ():
            file = directory / name
            if not file.is_file():
                raise NotInstalled(f"{name} is missing")
            if pinned.differs_in_size(file):
                size = file.stat().st_size
                raise LoadError(f"{name} has {size} bytes instead of {pinned.size_bytes}")


def needs_no_weights(spec: Spec) -> bool:
    """Whether an entry is code of this server's own."""
    return isinstance(spec, ModelSpec) and family_of(spec) is Family.ANNOTATOR


def is_tabular(spec: Spec) -> bool:
    """Whether an entry's weights are one skops file instead of safetensors."""
    return isinstance(spec, ModelSpec) and family_of(spec) is Family.TABULAR


def _way_out(spec: Spec, error: ModelError) -> str:
    if spec.path is not None:
        return f"restore {spec.path}, which ships with its catalog"
    if isinstance(error, LoadError):
        return f"replace it with: scripts/download_models --repair --model {spec.id}"
    return f"fetch it with: scripts/download_models --model {spec.id}"
