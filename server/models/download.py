"""Fetching models from a hub: what is wanted, what it takes, and getting it.

The one module that goes online. Everything fetched is pinned to a commit and recorded with size
and digest, so that it can be verified later without a network.
"""

from __future__ import annotations

import difflib
import re
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import httpx2
from huggingface_hub import HfApi, hf_hub_download
from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError, RevisionNotFoundError
from huggingface_hub.hf_api import ModelInfo, RepoSibling

from server.core.model import Catalog, ModelSpec, PlannerSpec
from server.core.task import TASKS
from server.errors import LoadError, NotInstalled, UnknownModel
from server.models.install import Spec, needs_no_weights, snapshot_directory
from server.models.pins import Pin, PinnedFile, read_pins, write_pin
from server.models.weights import MODEL_INDEX, choose_weights, components

TIERS_GB = (8, 16, 24, 80)

_TEXT_SUFFIXES = frozenset({".json", ".txt", ".model", ".spm", ".jinja"})
_LICENCE = re.compile(r"(?:licen[cs]e|notice)(?:\.\w+)?", re.IGNORECASE)
_SENTENCE_TRANSFORMERS = re.compile(r"\d+_\w+")
_MAX_REASON_CHARS = 200
_GB = 10**9


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries of a catalog to fetch. Empty means all that fit the tier."""

    tasks: frozenset[str] = frozenset()
    models: frozenset[str] = frozenset()
    tier_gb: int | None = None
    planner: bool | None = None


@dataclass(frozen=True, slots=True)
class Fetch:
    """One entry of the catalog: its pin, where its files lie, and those still to be fetched."""

    spec: Spec
    pin: Pin
    directory: Path | None
    absent: tuple[str, ...]
    broken: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The files to fetch: absent ones and those to be replaced."""
        return (*self.absent, *self.broken)

    @property
    def bytes_to_fetch(self) -> int:
        """Bytes of the files to fetch."""
        return sum(self.pin.files[name].size_bytes for name in self.names)


def tier_of(catalog: Catalog) -> int:
    """The GPU size, in GB, that the catalog's largest device stands for."""
    largest_gb = max(device.memory_bytes for device in catalog.devices) / _GB
    return next((tier for tier in TIERS_GB if largest_gb <= tier), TIERS_GB[-1])


def choose(catalog: Catalog, wanted: Filter) -> tuple[Spec, ...]:
    """The entries to fetch: models by task, id and tier, and the best planner that fits.

    Models named by id are taken whatever their tier. Raises UnknownModel for a name the catalog
    does not hold.
    """
    parts = [part for model in catalog.models for part in model.parts.values()]
    entries = (*catalog.planners, *catalog.models, *parts)
    _require_known(wanted.models, dict.fromkeys(entry.id for entry in entries))
    _require_known(wanted.tasks, TASKS)
    tier_gb = wanted.tier_gb or tier_of(catalog)
    named = wanted.models
    models = (
        model
        for model in catalog.models
        if (_ids(model) & named if named else model.tier_gb <= tier_gb)
        and (not wanted.tasks or wanted.tasks & set(model.tasks))
    )
    repositories = (part for model in models for part in _repositories(model))
    chosen = (*_planners(catalog, wanted, tier_gb), *repositories)
    return tuple({spec.id: spec for spec in chosen}.values())


def _ids(model: ModelSpec) -> frozenset[str]:
    return frozenset({model.id, *(part.id for part in model.parts.values())})


def _repositories(model: ModelSpec) -> Iterator[Spec]:
    """What is fetched for a model: itself, and what it needs besides."""
    if not needs_no_weights(model):
        yield model
    yield from model.parts.values()


def _planners(catalog: Catalog, wanted: Filter, tier_gb: int) -> tuple[PlannerSpec, ...]:
    named = tuple(planner for planner in catalog.planners if planner.id in wanted.models)
    by_default = not wanted.tasks and not wanted.models
    if named or not (by_default if wanted.planner is None else wanted.planner):
        return named
    fitting = [planner for planner in catalog.planners if planner.tier_gb <= tier_gb]
    return (max(fitting, key=lambda planner: planner.tier_gb),) if fitting else ()


def _require_known(names: Iterable[str], known: Iterable[str]) -> None:
    listed = list(known)
    for name in sorted(set(names) - set(listed)):
        near = difflib.get_close_matches(name, listed, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"these are known: {', '.join(listed)}"
        raise UnknownModel(f"'{name}' is not in the catalog; {hint}")


class Downloads:
    """Fetches into one hub cache, from the hub that HF_ENDPOINT names."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._hub = HfApi()

    @property
    def free_bytes(self) -> int:
        """Free space where the cache is, or will be."""
        existing = next(folder for folder in (self._cache, *self._cache.parents) if folder.exists())
        return shutil.disk_usage(existing).free

    def known(self, spec: Spec) -> Fetch | None:
        """An entry that was fetched before, and what of it is gone; no network."""
        pin = read_pins(self._cache).pin(spec.id, spec.revision)
        return None if pin is None else self._fetch(spec, pin)

    def plan(self, spec: Spec) -> Fetch:
        """What an entry takes; asks the hub only where this revision was never fetched.

        Raises NotInstalled with the reason where it cannot be had.
        """
        return self.known(spec) or self._fetch(spec, self._resolve(spec))

    def verified(self, fetch: Fetch, progress: Callable[[int], object]) -> Fetch:
        """The same with every file read and compared; `progress` hears of bytes read."""
        broken = (
            name
            for name, pinned in fetch.pin.files.items()
            if name not in fetch.absent
            and fetch.directory
            and pinned.differs(fetch.directory / name, progress)
        )
        return replace(fetch, broken=tuple(sorted(broken)))

    def download(self, fetch: Fetch) -> None:
        """Fetch what is absent or broken, one file after the other, and verify it.

        An interruption costs the file under way; finished files stay. Raises NotInstalled where
        the hub fails, LoadError where a file is not what the hub says it is.
        """
        spec, pin = fetch.spec, fetch.pin
        write_pin(self._cache, spec.id, pin)
        for name in fetch.names:
            with _explained(spec, self._hub.endpoint):
                file = hf_hub_download(
                    spec.id,
                    name,
                    revision=pin.commit,
                    cache_dir=self._cache,
                    force_download=name in fetch.broken,
                )
            if pin.files[name].differs(Path(file), progress=lambda _: None):
                raise LoadError(f"{spec.id}: {name} arrived damaged; try again with --repair")
        self._name_revision(spec, pin)

    def _name_revision(self, spec: Spec, pin: Pin) -> None:
        """Let the revision's own name find the commit, for others who load from this cache."""
        directory = snapshot_directory(self._cache, spec.id, pin.commit)
        if directory is not None and spec.revision != pin.commit:
            ref = directory.parents[1] / "refs" / spec.revision
            ref.parent.mkdir(parents=True, exist_ok=True)
            ref.write_text(pin.commit, encoding="utf-8")

    def _fetch(self, spec: Spec, pin: Pin) -> Fetch:
        directory = snapshot_directory(self._cache, spec.id, pin.commit)
        absent: list[str] = []
        broken: list[str] = []
        for name, pinned in sorted(pin.files.items()):
            if directory is None or not (directory / name).is_file():
                absent.append(name)
            elif pinned.differs_in_size(directory / name):
                broken.append(name)
        return Fetch(spec, pin, directory, tuple(absent), tuple(broken))

    def _resolve(self, spec: Spec) -> Pin:
        with _explained(spec, self._hub.endpoint):
            info = self._hub.model_info(spec.id, revision=spec.revision, files_metadata=True)
            folders = self._folders(spec, info)
        files = {file.rfilename: file for file in info.siblings or ()}
        return Pin(
            revision=spec.revision,
            commit=str(info.sha),
            licence=_licence(info),
            files={name: _pinned(files[name]) for name in _wanted(spec, files, folders)},
        )

    def _folders(self, spec: Spec, info: ModelInfo) -> frozenset[str]:
        """The folders of a repository that are loaded from; the top one is the empty name."""
        names = [file.rfilename for file in info.siblings or ()]
        if isinstance(spec, PlannerSpec) or MODEL_INDEX not in names:
            folders = {name.rpartition("/")[0] for name in names}
            return frozenset({"", *filter(_SENTENCE_TRANSFORMERS.fullmatch, folders)})
        with tempfile.TemporaryDirectory() as scratch:  # planning leaves the cache as it is
            index = hf_hub_download(spec.id, MODEL_INDEX, revision=info.sha, cache_dir=scratch)
            return frozenset({"", *components(Path(index).read_bytes())})


def _wanted(spec: Spec, names: Collection[str], folders: frozenset[str]) -> tuple[str, ...]:
    if isinstance(spec, PlannerSpec):
        if spec.file not in names:
            ggufs = [name for name in names if name.endswith(".gguf")] or ["no .gguf file"]
            raise NotInstalled(f"{spec.id} has no {spec.file}; it has {', '.join(ggufs)}")
        return (spec.file,)
    inside = [name for name in names if name.rpartition("/")[0] in folders]
    # A pipeline's weights lie in its components; what lies on top is for other programs.
    held = [name for name in inside if "/" in name or MODEL_INDEX not in names]
    weights = choose_weights(held, spec.variant)
    if not weights:
        raise NotInstalled(
            f"{spec.id} has no safetensors weights at {spec.revision}, and no others are loaded;"
            " choose another model, or a revision that has them"
        )
    return (*weights, *filter(_is_text, inside))


def _is_text(name: str) -> bool:
    path = PurePosixPath(name)
    return path.suffix in _TEXT_SUFFIXES or _LICENCE.fullmatch(path.name) is not None


def _pinned(file: RepoSibling) -> PinnedFile:
    if file.lfs is not None:
        return PinnedFile(size_bytes=file.lfs.size, algorithm="sha256", digest=file.lfs.sha256)
    return PinnedFile(size_bytes=file.size or 0, algorithm="git", digest=file.blob_id or "")


def _licence(info: ModelInfo) -> str | None:
    card = info.card_data
    name = card and (card.get("license_name") or card.get("license"))
    return str(name) if name else None


@contextmanager
def _explained(spec: Spec, hub: str) -> Iterator[None]:
    """What went wrong with the hub, in one line and with a way out."""
    try:
        yield
    except GatedRepoError:
        text = "asks for consent: give it on its page, then set HF_TOKEN"
        raise NotInstalled(f"{spec.id} {text}") from None
    except RevisionNotFoundError:
        text = f"has no revision {spec.revision}: correct it in the catalog"
        raise NotInstalled(f"{spec.id} {text}") from None
    except RepositoryNotFoundError:
        text = f"is not on {hub}: correct its id, or set HF_TOKEN if it is private"
        raise NotInstalled(f"{spec.id} {text}") from None
    except (httpx2.HTTPError, OSError) as error:
        reason = " ".join(str(error).split())[:_MAX_REASON_CHARS]
        text = f"could not be fetched from {hub} ({reason}): run the same command again"
        raise NotInstalled(f"{spec.id} {text}") from None
