"""What a turn is made from, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from server.core.generation import Message
from server.core.resource import Resource


@dataclass(frozen=True, slots=True)
class TurnRequest:
    """The conversation so far, the last message being the user's, and the resources it may use."""

    messages: tuple[Message, ...]
    resources: tuple[Resource, ...] = ()

    @property
    def text(self) -> str:
        """The user's message this turn answers."""
        return self.messages[-1].content


class TurnStatus(StrEnum):
    """Where a turn is."""

    RUNNING = "running"
    ANSWERED = "answered"
    FAILED = "failed"
    CANCELLED = "cancelled"
