"""The event stream of one turn: appended once, followed by any number of readers from any point."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from server.core.event import TERMINAL, Event


class EventLog:
    """Events numbered from 1. It is closed by the first terminal event; later ones are refused."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._grown = asyncio.Condition()

    @property
    def events(self) -> tuple[Event, ...]:
        """Everything so far."""
        return tuple(self._events)

    @property
    def closed(self) -> bool:
        """Whether the turn is over."""
        return bool(self._events) and isinstance(self._events[-1], TERMINAL)

    async def append(self, event: Event) -> None:
        """Add one event and wake the followers. Raises RuntimeError after a terminal event."""
        async with self._grown:
            if self.closed:
                raise RuntimeError(f"event {event.name!r} after the turn's end")
            self._events.append(event)
            self._grown.notify_all()

    async def follow(self, after: int = 0) -> AsyncIterator[tuple[int, Event]]:
        """Yield (number, event) from number `after + 1` on, until the terminal event."""
        seen = max(after, 0)
        while True:
            async with self._grown:
                while len(self._events) <= seen and not self.closed:
                    await self._grown.wait()
                fresh = self._events[seen:]
            for event in fresh:
                seen += 1
                yield seen, event
            if self.closed and seen >= len(self._events):
                return
