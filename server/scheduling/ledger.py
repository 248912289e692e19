"""The byte ledger of one worker: every model that is on its device, comes, or goes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Residency(StrEnum):
    """Where a model is on its way. All three hold their bytes."""

    LOADING = "loading"
    READY = "ready"
    EVICTING = "evicting"


@dataclass(slots=True)
class Entry:
    """One model's reservation, with what eviction wants to know of it.

    `score` is the greedy-dual-size-frequency value at its last use (see `Ledger.touch`).
    """

    model: str
    bytes: int
    state: Residency = Residency.LOADING
    uses: int = 0
    load_s: float = 0.0
    score: float = 0.0


class Ledger:
    """Reservations under a budget of bytes and a number of models (`top_k`).

    Eviction order is greedy-dual-size-frequency (Cherkasova, 1998): a model's value is
    `L + uses * reload seconds / bytes`, where L rises to the value of each victim, so that what
    was popular long ago does not stay for ever.
    """

    def __init__(self, budget_bytes: int, top_k: int) -> None:
        self.budget_bytes = budget_bytes
        self.top_k = top_k
        self._entries: dict[str, Entry] = {}
        self._inflation = 0.0

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every reservation."""
        return tuple(self._entries.values())

    @property
    def reserved_bytes(self) -> int:
        """Bytes held by models loading, ready or evicting."""
        return sum(entry.bytes for entry in self._entries.values())

    @property
    def free_bytes(self) -> int:
        """Bytes not held; negative when a model was measured larger than its estimate."""
        return self.budget_bytes - self.reserved_bytes

    def get(self, model: str) -> Entry | None:
        """The model's reservation, or None."""
        return self._entries.get(model)

    def is_ready(self, model: str) -> bool:
        """Whether the model can run now."""
        entry = self._entries.get(model)
        return entry is not None and entry.state is Residency.READY

    def has_room(self, footprint_bytes: int) -> bool:
        """Whether one more model of this size fits now, in bytes and in number."""
        return footprint_bytes <= self.free_bytes and len(self._entries) < self.top_k

    def reserve(self, model: str, footprint_bytes: int) -> None:
        """Hold the bytes of a model about to load. Raises ValueError where they are not there."""
        if model in self._entries or not self.has_room(footprint_bytes):
            raise ValueError(f"{model}: no room for {footprint_bytes} of {self.free_bytes} bytes")
        self._entries[model] = Entry(model, footprint_bytes)

    def confirm(self, model: str, resident_bytes: int, load_s: float) -> None:
        """A load is done: replace the estimate by what was measured."""
        entry = self._entries[model]
        entry.state = Residency.READY
        entry.bytes = resident_bytes
        entry.load_s = load_s
        self._rescore(entry)

    def touch(self, model: str) -> None:
        """A job used the model."""
        entry = self._entries[model]
        entry.uses += 1
        self._rescore(entry)

    def begin_eviction(self, model: str) -> None:
        """The model is about to go; its bytes stay held until `drop`."""
        entry = self._entries[model]
        entry.state = Residency.EVICTING
        self._inflation = max(self._inflation, entry.score)

    def drop(self, model: str) -> None:
        """The model's bytes are free."""
        del self._entries[model]

    def clear(self) -> None:
        """The process is gone, and all its memory with it."""
        self._entries.clear()

    def victim(self, wanted: Collection[str], leased: str | None = None) -> str | None:
        """The ready model to evict next: unwanted ones first, then the least valued.

        `wanted` are models that queued jobs need: they go only when nothing else is left. The
        leased model never goes.
        """
        ready = [e for e in self._entries.values() if e.state is Residency.READY]
        evictable = [entry for entry in ready if entry.model != leased]
        if not evictable:
            return None
        return min(evictable, key=lambda e: (e.model in wanted, e.score, e.model)).model

    def _rescore(self, entry: Entry) -> None:
        entry.score = self._inflation + entry.uses * entry.load_s / max(entry.bytes, 1)
