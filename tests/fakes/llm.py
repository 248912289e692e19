"""The language model without its process: the same runner, called directly."""

from __future__ import annotations

from collections.abc import AsyncIterator

from server.core.generation import Generation
from server.errors import BatonError
from server.runners.llm import LlmRunner
from server.runners.runner import Reporter


class InProcess:
    """A `TextGenerator` over a real model; `calls` are the generations it was asked for."""

    def __init__(self, runner: LlmRunner) -> None:
        self._runner = runner
        self.calls: list[Generation] = []

    async def stream(self, generation: Generation) -> AsyncIterator[str]:
        self.calls.append(generation)
        pieces: list[str] = []
        self._runner.run(generation, Reporter(lambda _done, _total: None, pieces.append))
        for piece in pieces:
            yield piece


class Unavailable:
    """A `TextGenerator` whose model cannot be had."""

    def __init__(self, error: BatonError) -> None:
        self._error = error

    async def stream(self, generation: Generation) -> AsyncIterator[str]:
        raise self._error
        yield ""
