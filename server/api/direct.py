"""Call one model for one task, as huggingface_hub's InferenceClient does."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict
from starlette.requests import ClientDisconnect

from server.api.direct_wire import parse_body, read_call, write_reply
from server.api.services import Api, Services
from server.api.turn_request import media_type
from server.execution.direct import DirectCall, Target

Given = TypeVar("Given")

_CALL_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "inputs": {"description": "a text, a file in base64, or an object of both"},
                        "parameters": {"type": "object"},
                    },
                }
            },
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}
_HEADERS = {"X-Content-Type-Options": "nosniff"}


class PlainErrorSchema(BaseModel):
    """A direct call that is not a success: one line that says why."""

    model_config = ConfigDict(extra="forbid")

    error: str


router = APIRouter(tags=["direct calls"], responses={"4XX": {"model": PlainErrorSchema}})


@router.post("/tasks/{task}", response_class=Response, openapi_extra=_CALL_BODY)
async def call_task(task: str, request: Request, api: Api) -> Response:
    """Have the best installed model do a task: the most downloaded one."""
    return await _answer(api.calls.of_task(task), request, api)


@router.post(
    "/models/{model_id:path}/pipeline/{task}", response_class=Response, openapi_extra=_CALL_BODY
)
async def call_model_for_task(model_id: str, task: str, request: Request, api: Api) -> Response:
    """Have a model do one of its tasks."""
    return await _answer(api.calls.of_model(model_id, task), request, api)


@router.post("/models/{model_id:path}", response_class=Response, openapi_extra=_CALL_BODY)
async def call_model(model_id: str, request: Request, api: Api) -> Response:
    """Have a model do its task, the first one where it has several."""
    return await _answer(api.calls.of_model(model_id), request, api)


async def _answer(target: Target, request: Request, api: Services) -> Response:
    content = await request.body()
    # A large file in base64 takes a while to decode, and others want to be served meanwhile.
    call = await asyncio.to_thread(_read, target, content, media_type(request))
    results = await _while_connected(request, api.calls.run(target, call))
    reply = write_reply(target.task, results)
    return Response(reply.content, media_type=reply.mime, headers=_HEADERS)


def _read(target: Target, content: bytes, content_type: str) -> DirectCall:
    return read_call(target.task, parse_body(content, content_type))


async def _while_connected(request: Request, work: Coroutine[Any, Any, Given]) -> Given:
    """What the work gives. It is cancelled when the client goes away, or when this is.

    Raises what the work raises, and ClientDisconnect.
    """
    running = asyncio.create_task(work)
    gone = asyncio.create_task(_disconnect(request))
    try:
        await asyncio.wait({running, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            raise ClientDisconnect
        return running.result()
    finally:
        running.cancel()
        gone.cancel()
        await asyncio.wait({running, gone})


async def _disconnect(request: Request) -> None:
    """Wait until the client goes away; its body has been read."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
