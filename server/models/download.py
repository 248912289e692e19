"""Fetching models from a hub: what is wanted, what it takes, and getting it.

Everything fetched is pinned to a commit and recorded with size and digest, so that it can be
verified later without a network. This module and `hub` are the ones that go online.
"""

from __future__ import annotations

import difflib
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from huggingface_hub import hf_hub_download

from server.core.model import Catalog, ModelSpec, PlannerSpec
from server.core.task import TASKS
from server.errors import LoadError, UnknownModel
from server.models.hub import Hub
from server.models.install import Spec, needs_no_weights, snapshot_directory
from server.models.pins import Pin, read_pins, write_pin

TIERS_GB = (8, 16, 24, 80)
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
    """The entries to fetch: models by task, id and tier, what they need besides, and the best
    planner that fits.

    Models named by id are taken whatever their tier. Raises UnknownModel for a name the catalog
    does not hold.
    """
    parts = [part for model in catalog.models for part in model.parts.values()]
    entries = (*catalog.planners, *catalog.models, *parts)
    _require_known(wanted.models, dict.fromkeys(entry.id for entry in entries))
    _require_known(wanted.tasks, TASKS)
    tier_gb = wanted.tier_gb or tier_of(catalog)
    named = wanted.models
    models = [
        model
        for model in catalog.models
        if (_ids(model) & named if named else model.tier_gb <= tier_gb)
        and (not wanted.tasks or wanted.tasks & set(model.tasks))
    ]
    own = [model for model in models if not needs_no_weights(model)]
    parts = [part for model in models for part in model.parts.values()]
    repositories: dict[str, Spec] = {}
    for spec in (*_planners(catalog, wanted, tier_gb), *own, *parts):
        repositories.setdefault(spec.id, spec)
    return tuple(repositories.values())


def _ids(model: ModelSpec) -> frozenset[str]:
    return frozenset({model.id, *(part.id for part in model.parts.values())})


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
        self._hub = Hub()

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
        return self.known(spec) or self._fetch(spec, self._hub.pin(spec))

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
            with self._hub.explained(spec):
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
