"""A turn's events: in order, as they happen, and none lost between connections."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest

from server.conversation.turns import Turn
from server.core.event import Answered, TokenWritten
from tests.api.wire import PLAN_ON_THE_WIRE, create, error_of, frames, idle
from tests.fakes.turns import ScriptedTurns


async def test_events_are_named_numbered_and_complete(api: httpx.AsyncClient, acted: Turn) -> None:
    response = await api.get(f"/v1/turns/{acted.id}/events")
    seen = frames(response.text)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert [frame["event"] for frame in seen] == [event.name for event in acted.log.events]
    assert [int(frame["id"]) for frame in seen] == list(range(1, len(seen) + 1))
    data = [json.loads(frame["data"]) for frame in seen]
    assert data[0] == {"plan": PLAN_ON_THE_WIRE}
    assert data[4] == {
        "step": 0,
        "model": "org/draws",
        "error": {"code": "run_error", "message": "it broke"},
        "next_model": "org/paints",
    }
    assert data[6]["outputs"][0]["url"].startswith("/v1/artifacts/artifact_")
    assert data[-1]["text"] == "Here: a circle."


@pytest.mark.parametrize("seen", [0, 1, 7, 15])
async def test_a_follower_resumes_after_the_last_event_it_saw(
    api: httpx.AsyncClient, acted: Turn, seen: int
) -> None:
    headers = {"Last-Event-ID": str(seen)}
    response = await api.get(f"/v1/turns/{acted.id}/events", headers=headers)
    assert [int(frame["id"]) for frame in frames(response.text)] == list(range(seen + 1, 17))


async def test_a_browser_that_saw_the_end_is_told_not_to_come_back(
    api: httpx.AsyncClient, acted: Turn
) -> None:
    headers = {"Last-Event-ID": "16"}
    response = await api.get(f"/v1/turns/{acted.id}/events", headers=headers)
    assert (response.status_code, response.content) == (204, b"")


async def test_a_last_event_id_that_is_no_number_is_refused(
    api: httpx.AsyncClient, acted: Turn
) -> None:
    headers = {"Last-Event-ID": "-1"}
    response = await api.get(f"/v1/turns/{acted.id}/events", headers=headers)
    assert error_of(response)[:2] == (422, "invalid_input")


async def next_frame(lines: AsyncIterator[str]) -> dict[str, str]:
    frame: dict[str, str] = {}
    async for line in lines:
        if not line:
            return frame
        name, _, value = line.partition(": ")
        frame[name] = value
    raise AssertionError("the stream ended")


async def test_events_arrive_while_the_turn_runs_and_none_is_lost_between_connections(
    url: str, turns: ScriptedTurns
) -> None:
    turns.script = idle
    async with httpx.AsyncClient(base_url=url) as client:
        turn = await create(client, turns)
        await turn.log.append(TokenWritten("a"))
        async with client.stream("GET", f"/v1/turns/{turn.id}/events") as stream:
            lines = stream.aiter_lines()
            assert (await next_frame(lines))["id"] == "1"
            await turn.log.append(TokenWritten("b"))
            assert (await next_frame(lines))["id"] == "2"
        await turn.log.append(TokenWritten("c"))
        headers = {"Last-Event-ID": "2"}
        async with client.stream("GET", f"/v1/turns/{turn.id}/events", headers=headers) as stream:
            lines = stream.aiter_lines()
            third = await next_frame(lines)
            assert (third["id"], json.loads(third["data"])) == ("3", {"text": "c"})
            await turn.log.append(Answered("abc", ()))
            assert (await next_frame(lines))["event"] == "answered"
            assert [line async for line in lines] == []


async def test_silence_is_filled_with_comments(
    url: str, turns: ScriptedTurns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fastapi.routing._PING_INTERVAL", 0.02)
    turns.script = idle
    async with httpx.AsyncClient(base_url=url) as client:
        turn = await create(client, turns)
        async with client.stream("GET", f"/v1/turns/{turn.id}/events") as stream:
            assert await anext(stream.aiter_lines()) == ": ping"


async def test_many_followers_see_the_same_events(url: str, turns: ScriptedTurns) -> None:
    turns.script = idle
    async with httpx.AsyncClient(base_url=url) as client:
        turn = await create(client, turns)
        paths = [f"/v1/turns/{turn.id}/events"] * 10
        followers = [asyncio.create_task(client.get(path)) for path in paths]
        for number in range(50):
            await turn.log.append(TokenWritten(str(number)))
        await turn.log.append(Answered("done", ()))
        texts = {response.text for response in await asyncio.gather(*followers)}
    assert len(texts) == 1
    assert len(frames(texts.pop())) == 51
