"""What the API's tests say and read over HTTP."""

from __future__ import annotations

from typing import Any

import httpx

from server.conversation.turns import Turn
from server.core.plan import Literal, Plan, ResourceRef, Step, StepRef
from server.core.task import TASKS
from tests.fakes import samples
from tests.fakes.turns import ScriptedTurns

PNG = samples.image_bytes("PNG")


HELLO = {"messages": [{"role": "user", "content": "hello"}]}


PLAN = Plan(
    (
        Step(0, TASKS["text-to-image"], {"text": Literal("a red circle")}),
        Step(1, TASKS["image-to-text"], {"image": StepRef(0)}),
        Step(2, TASKS["image-classification"], {"image": ResourceRef("image-1")}),
        Step(3, TASKS["translation"], {"text": StepRef(2)}),
    )
)


PLAN_ON_THE_WIRE = [
    {"task": "text-to-image", "id": 0, "dep": [-1], "args": {"text": "a red circle"}},
    {"task": "image-to-text", "id": 1, "dep": [0], "args": {"image": "<GENERATED>-0"}},
    {"task": "image-classification", "id": 2, "dep": [-1], "args": {"image": "image-1"}},
    {"task": "translation", "id": 3, "dep": [2], "args": {"text": "<GENERATED>-2"}},
]


def error_of(response: httpx.Response) -> tuple[int, str, str]:
    body = response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    return response.status_code, body["error"]["code"], body["error"]["message"]


async def ended(turn: Turn) -> None:
    async for _ in turn.log.follow():
        pass


async def create(api: httpx.AsyncClient, turns: ScriptedTurns, **body: Any) -> Turn:
    response = await api.post("/v1/turns", **(body or {"json": HELLO}))
    assert response.status_code == 202, response.text
    return turns.get(response.json()["id"])


def frames(text: str) -> list[dict[str, str]]:
    """Server-sent events as field → value."""
    blocks = [block for block in text.split("\n\n") if block and not block.startswith(":")]
    return [dict(line.split(": ", 1) for line in block.splitlines()) for block in blocks]


def with_files(*files: bytes, **data: str) -> dict[str, Any]:
    return {"data": data, "files": [("files", ("a", content)) for content in files]}


async def idle(_: Turn) -> None:
    """The test itself says what happens."""
