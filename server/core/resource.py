"""Resources: what a turn may use, known to the LLM by an alias only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from server.core.task import Media

ALIAS = re.compile(r"(text|image|audio|video)-[1-9][0-9]{0,3}")


@dataclass(frozen=True, slots=True)
class Resource:
    """One text, image, audio or video of a turn.

    `origin` is the file name of an upload or the task that made it. A text resource carries its
    `text`; every other one lives in the artifact store under `artifact_id`.
    """

    alias: str
    media: Media
    origin: str = "upload"
    artifact_id: str | None = None
    text: str | None = None


class AliasBook:
    """Hands out aliases in order (`image-1`, `image-2`, `text-1`), skipping those already taken."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._last: Counter[Media] = Counter()
        for alias in taken:
            media, _, number = alias.partition("-")
            self._last[Media(media)] = max(self._last[Media(media)], int(number))

    def next(self, media: Media) -> str:
        """The next free alias of this type."""
        self._last[media] += 1
        return f"{media}-{self._last[media]}"
