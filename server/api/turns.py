"""Turns: make one, read it, follow it, cancel it; and plans without running them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.exceptions import HTTPException

from server.api.schemas import ErrorSchema, PlanSchema, TurnAcceptedSchema, TurnSchema
from server.api.services import Api
from server.api.turn_request import SentTurn
from server.api.view import plan_to_wire, view_turn
from server.api.wire import event_to_wire, turn_links
from server.conversation.turns import Turn

_TURN_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/TurnRequestSchema"}},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "message": {"type": "string", "description": "the user's message"},
                        "request": {
                            "type": "string",
                            "description": "instead of `message`: the JSON body, as a text",
                        },
                        "files": {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                            "description": "become resources in this order: image-1, text-1, …",
                        },
                    },
                    "additionalProperties": False,
                }
            },
        },
    }
}

router = APIRouter(prefix="/v1", tags=["turns"], responses={"4XX": {"model": ErrorSchema}})


def _found_turn(turn_id: str, api: Api) -> Turn:
    return api.turns.get(turn_id)


FoundTurn = Annotated[Turn, Depends(_found_turn)]


def _accepted(turn: Turn) -> TurnAcceptedSchema:
    return TurnAcceptedSchema(id=turn.id, status=turn.status, links=turn_links(turn.id))


@router.post("/turns", status_code=HTTPStatus.ACCEPTED, openapi_extra=_TURN_BODY)
async def create_turn(request: SentTurn, api: Api) -> TurnAcceptedSchema:
    """Take on a turn: it runs from now on, whether anyone follows it or not."""
    return _accepted(await api.turns.create(request))


@router.get("/turns/{turn_id}")
async def read_turn(turn: FoundTurn, api: Api) -> TurnSchema:
    """A turn as it stands: its plan, each step's model, reason and outputs, the answer."""
    return view_turn(turn, api.store)


@router.post("/turns/{turn_id}/cancel")
async def cancel_turn(turn_id: str, api: Api) -> TurnAcceptedSchema:
    """Stop a turn. One that is over stays as it is."""
    return _accepted(await api.turns.cancel(turn_id))


def _resume_point(turn: FoundTurn, last_event_id: Annotated[int, Header(ge=0)] = 0) -> int:
    """The number of the last event seen; 204 tells a browser not to connect again."""
    if turn.log.closed and last_event_id >= len(turn.log.events):
        raise HTTPException(HTTPStatus.NO_CONTENT)
    return last_event_id


@router.get("/turns/{turn_id}/events", response_class=EventSourceResponse)
async def follow_turn(
    turn: FoundTurn, api: Api, after: Annotated[int, Depends(_resume_point)]
) -> AsyncIterator[ServerSentEvent]:
    """The turn's events as they happen, from the first one or from after `Last-Event-ID`.

    Named `planned`, `selected`, `started`, `progress`, `finished`, `failed`, `skipped`, `token`,
    and one last: `answered`, `error` or `cancelled`. A comment comes every 15 seconds of silence.
    """
    async for number, event in turn.log.follow(after):
        data = event_to_wire(event, api.store)
        yield ServerSentEvent(id=str(number), event=event.name, data=data)


@router.post("/plans", openapi_extra=_TURN_BODY)
async def make_plan(request: SentTurn, api: Api) -> PlanSchema:
    """Plan a request without running it."""
    return PlanSchema(plan=plan_to_wire(await api.turns.plan(request)))
