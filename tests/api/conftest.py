"""A server with scripted turns, and a client of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from server.api.routes import build_api
from server.artifacts.store import ArtifactStore
from server.conversation.turns import Turn
from server.core.event import (
    Answered,
    Planned,
    StepFailed,
    StepFinished,
    StepProgressed,
    StepSelected,
    StepSkipped,
    StepStarted,
    TokenWritten,
)
from server.core.resource import Resource
from server.core.task import Media
from server.errors import ErrorInfo
from server.execution.direct import DirectCalls
from tests.api.wire import PLAN, PNG, create, ended
from tests.fakes.direct import ScriptedTasks, direct_calls
from tests.fakes.live import live
from tests.fakes.services import LIMITS, OneOfEverything
from tests.fakes.turns import ScriptedTurns


@pytest.fixture
def turns() -> ScriptedTurns:
    return ScriptedTurns()


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    return ArtifactStore(tmp_path / "artifacts", LIMITS)


@pytest.fixture
def operations() -> OneOfEverything:
    return OneOfEverything()


@pytest.fixture
def tasks() -> ScriptedTasks:
    return ScriptedTasks()


@pytest.fixture
def calls(tasks: ScriptedTasks, tmp_path: Path) -> DirectCalls:
    return direct_calls(tmp_path / "scratch", tasks)


@pytest.fixture
def app(
    turns: ScriptedTurns, store: ArtifactStore, operations: OneOfEverything, calls: DirectCalls
) -> FastAPI:
    return build_api(turns, store, operations, calls, LIMITS)


@pytest.fixture
async def api(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://baton") as client:
        yield client


@pytest.fixture
async def url(app: FastAPI) -> AsyncIterator[str]:
    async with live(app) as url:
        yield url


async def act_out_everything(turn: Turn, image: str) -> None:
    drawn = Resource("image-1", Media.IMAGE, "text-to-image", artifact_id=image)
    said = Resource("text-1", Media.TEXT, "image-to-text", text="a red circle")
    broken = ErrorInfo("run_error", "it broke")
    for event in (
        Planned(PLAN),
        StepSelected(0, "org/draws", "it draws circles", ("org/draws", "org/paints")),
        StepStarted(0, "org/draws", 1),
        StepProgressed(0, 3, 25),
        StepFailed(0, "org/draws", broken, "org/paints"),
        StepStarted(0, "org/paints", 2),
        StepFinished(0, "org/paints", "cpu:0", (drawn,), 0.25, 1.5, {"seed": None}),
        StepSelected(1, "org/sees", "the only one", ("org/sees",)),
        StepStarted(1, "org/sees", 1),
        StepFinished(1, "org/sees", "cpu:1", (said,), 1.75, 0.5),
        StepStarted(2, "org/sees", 1),
        StepFailed(2, "org/sees", broken, None),
        StepSkipped(3, "step 2 failed"),
        TokenWritten("Here: "),
        TokenWritten("a circle."),
        Answered("Here: a circle.", (drawn, said)),
    ):
        await turn.log.append(event)


@pytest.fixture
async def acted(api: httpx.AsyncClient, turns: ScriptedTurns) -> Turn:
    """A turn in which everything that can happen to a step has happened."""
    image = (await api.post("/v1/artifacts?name=drawn.png", content=PNG)).json()["id"]
    turns.script = lambda turn: act_out_everything(turn, image)
    turn = await create(api, turns)
    await ended(turn)
    return turn
