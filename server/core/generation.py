"""What a stage asks of the LLM, and the protocol it asks through."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from server.core.text import ever_shorter
from server.errors import TooLarge

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Generation:
    """One call of the LLM.

    `grammar` is a Lark grammar in llguidance's dialect; None decodes freely. `temperature` 0 is
    greedy. `max_tokens` bounds the output; a grammar's own end may come first.
    """

    messages: tuple[Message, ...]
    grammar: str | None = None
    max_tokens: int = 512
    temperature: float = 0.0
    seed: int = 0


class TextGenerator(Protocol):
    """Runs generations on the LLM worker."""

    def stream(self, generation: Generation) -> AsyncIterator[str]:
        """Yield pieces of text as they are decoded; leaving the iteration cancels.

        Raises TooLarge when prompt and output do not fit the context, ModelError, WorkerLost.
        """
        ...


async def stream_fitting(
    generator: TextGenerator, text: str, call: Callable[[str], Generation]
) -> AsyncIterator[str]:
    """Stream the call built from `text`, or from ever less of it until the prompt fits.

    Raises TooLarge when even the shortest form does not fit.
    """
    refusal: TooLarge | None = None
    for shorter in ever_shorter(text):
        try:
            async for piece in generator.stream(call(shorter)):
                yield piece
            return
        except TooLarge as error:
            # Told before anything is decoded, so nothing has been yielded yet.
            refusal = error
    assert refusal is not None, "the text itself is tried first"
    raise refusal


async def complete_fitting(
    generator: TextGenerator, text: str, call: Callable[[str], Generation]
) -> str:
    """The whole output of `stream_fitting`."""
    return "".join([piece async for piece in stream_fitting(generator, text, call)])
