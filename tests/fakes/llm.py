"""A language model that cannot be had."""

from __future__ import annotations

from collections.abc import AsyncIterator

from server.core.generation import Generation
from server.errors import BatonError


class Unavailable:
    """A `TextGenerator` whose model cannot be had."""

    def __init__(self, error: BatonError) -> None:
        self._error = error

    async def stream(self, generation: Generation) -> AsyncIterator[str]:
        raise self._error
        yield ""
