"""What the routes are given to work with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Protocol

from fastapi import Depends, Request

from server.artifacts.store import ArtifactStore
from server.conversation.turns import TurnService
from server.core.model import LimitsSpec
from server.core.status import DeviceStatus, InstalledModel, JobStatus
from server.execution.direct import DirectCalls


class Operations(Protocol):
    """What an operator asks of a running server."""

    def models(self) -> tuple[InstalledModel, ...]:
        """Every model of the catalog."""
        ...

    def devices(self) -> tuple[DeviceStatus, ...]:
        """Every device, with what is on it."""
        ...

    def queue(self) -> tuple[JobStatus, ...]:
        """Every job that has not ended."""
        ...

    def ready(self) -> str | None:
        """None when turns can be taken, otherwise why not yet."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of the server that its routes speak to."""

    turns: TurnService
    store: ArtifactStore
    operations: Operations
    calls: DirectCalls
    limits: LimitsSpec


def _services(request: Request) -> Services:
    return request.app.state.services


Api = Annotated[Services, Depends(_services)]
