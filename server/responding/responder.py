"""The responding stage: the LLM writes the answer from the results, and may cite only what exists.

It cites a result as `[alias]`, from an enumeration; the stage puts the result in its place. So an
answer cannot hold an invented path, and a small model need not copy what it only has to name.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass

from server.core.generation import Generation, Message, TextGenerator, stream_fitting
from server.core.model import PlannerSpec, PromptStyle
from server.core.resource import Resource
from server.errors import ErrorInfo
from server.responding import prompt
from server.responding.prompt import ResultLine

_MARK = re.compile(r"\[([a-z]+-[0-9]+)\]")


@dataclass(frozen=True, slots=True)
class Failure:
    """A task that gave nothing, and why."""

    task: str
    reason: str


class Responder:
    """Writes answers. `link` renders a media result where the answer cites it."""

    def __init__(
        self, generator: TextGenerator, spec: PlannerSpec, link: Callable[[Resource], str]
    ) -> None:
        self._generator = generator
        self._spec = spec
        self._link = link

    async def respond(
        self,
        messages: Sequence[Message],
        results: Sequence[Resource],
        failures: Sequence[Failure],
    ) -> AsyncIterator[str]:
        """Yield the answer piece by piece, citations already replaced.

        Raises ModelError or WorkerLost when the LLM cannot be had.
        """
        lines = [ResultLine(r.alias, r.origin, r.text or "") for r in results]
        lines += [ResultLine(None, failure.task, failure.reason) for failure in failures]
        pieces = stream_fitting(
            self._generator,
            messages[-1].content,
            lambda shorter: self._call(shorter, messages[:-1], lines),
        )
        places = {result.alias: self._place(result) for result in results}
        async for piece in cite(pieces, places):
            yield piece

    def fallback(
        self, results: Sequence[Resource], failures: Sequence[Failure], error: ErrorInfo
    ) -> str:
        """What is said when the LLM cannot write: the results, plainly."""
        lines = [f"The language model could not write an answer ({error.message})."]
        lines += [f"{result.origin}: {self._place(result)}" for result in results]
        lines += [f"{failure.task} gave nothing: {failure.reason}" for failure in failures]
        return "\n".join(lines)

    def _call(
        self, request: str, history: Sequence[Message], lines: Sequence[ResultLine]
    ) -> Generation:
        if self._spec.prompt is PromptStyle.COMPACT:
            messages = prompt.compact(request, lines)
        else:
            messages = prompt.full(request, lines, history)
        grammar = answer_grammar([line.alias for line in lines if line.alias])
        return Generation(messages, grammar, max_tokens=self._spec.context_tokens // 4)

    def _place(self, result: Resource) -> str:
        return f"“{result.text}”" if result.text is not None else self._link(result)


def answer_grammar(aliases: Sequence[str]) -> str:
    """Any text, in which square brackets hold one of these aliases and nothing else."""
    text = r"TEXT: /[^\[\]\x00-\x09\x0b-\x1f\x7f]+/"
    if not aliases:
        return f"start: TEXT\n{text}\n"
    marks = " | ".join(json.dumps(f"[{alias}]") for alias in aliases)
    return f"start: (TEXT | mark)+\nmark: {marks}\n{text}\n"


async def cite(pieces: AsyncIterator[str], places: Mapping[str, str]) -> AsyncIterator[str]:
    """The pieces with every `[alias]` replaced; a mark split over pieces is held back until whole.

    A mark that names nothing is left out.
    """
    held = ""
    async for piece in pieces:
        held += piece
        opened = held.rfind("[")
        ready = held if opened < 0 or "]" in held[opened:] else held[:opened]
        held = held[len(ready) :]
        if ready:
            yield _MARK.sub(lambda mark: places.get(mark[1], ""), ready)
