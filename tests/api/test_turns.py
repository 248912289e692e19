"""Turns over HTTP: made from JSON or a form, read, cancelled, planned."""

from __future__ import annotations

import json

import httpx

from server.artifacts.store import ArtifactStore
from server.conversation.turns import Turn
from server.core.event import Planned, StepStarted, TurnFailed
from server.core.resource import Resource
from server.core.task import Media
from server.errors import ErrorInfo
from tests.api.wire import HELLO, PLAN, PLAN_ON_THE_WIRE, PNG, create, ended, idle
from tests.fakes import samples
from tests.fakes.turns import ScriptedTurns


async def test_a_turn_is_taken_and_says_where_to_look_next(
    api: httpx.AsyncClient, turns: ScriptedTurns
) -> None:
    response = await api.post("/v1/turns", json=HELLO)
    body = response.json()
    assert (response.status_code, body["status"]) == (202, "running")
    assert {link: body["links"][link] for link in ("self", "events", "cancel")} == {
        "self": f"/v1/turns/{body['id']}",
        "events": f"/v1/turns/{body['id']}/events",
        "cancel": f"/v1/turns/{body['id']}/cancel",
    }
    await ended(turns.get(body["id"]))
    seen = (await api.get(body["links"]["self"])).json()
    assert (seen["status"], seen["answer"]) == ("answered", "hello")


async def test_files_of_a_form_become_resources_in_their_order(
    api: httpx.AsyncClient, turns: ScriptedTurns, store: ArtifactStore
) -> None:
    files = [
        ("files", ("a.png", PNG)),
        ("files", ("notes.txt", "Grüße".encode())),
        ("files", ("b.png", samples.image_bytes("JPEG"), "text/html")),
    ]
    turn = await create(api, turns, data={"message": "what are they?"}, files=files)
    first, text, second = turn.request.resources
    assert turn.request.text == "what are they?"
    assert (first.alias, first.media, first.origin) == ("image-1", Media.IMAGE, "a.png")
    assert (text.alias, text.text, text.artifact_id) == ("text-1", "Grüße", None)
    assert second.alias == "image-2"
    assert store.get(str(second.artifact_id)).mime == "image/jpeg"


async def test_a_form_may_carry_the_json_body(api: httpx.AsyncClient, turns: ScriptedTurns) -> None:
    body = {
        "messages": [
            {"role": "user", "content": "draw"},
            {"role": "assistant", "content": "done"},
            {"role": "user", "content": "again"},
        ],
        "resources": [{"text": "a text"}],
    }
    turn = await create(
        api, turns, data={"request": json.dumps(body)}, files=[("files", ("a.png", PNG))]
    )
    assert [message.content for message in turn.request.messages] == ["draw", "done", "again"]
    assert [resource.alias for resource in turn.request.resources] == ["text-1", "image-1"]


async def test_given_aliases_are_kept_and_others_go_round_them(
    api: httpx.AsyncClient, turns: ScriptedTurns
) -> None:
    stored = (await api.post("/v1/artifacts", content=PNG)).json()
    resources = [{"text": "one"}, {"artifact_id": stored["id"], "alias": "image-3"}]
    files = [("files", ("a.png", PNG))]
    body = {"request": json.dumps(HELLO | {"resources": resources})}
    turn = await create(api, turns, data=body, files=files)
    aliases = [resource.alias for resource in turn.request.resources]
    assert aliases == ["text-1", "image-3", "image-4"]


async def test_a_stored_text_enters_a_turn_as_its_text(
    api: httpx.AsyncClient, turns: ScriptedTurns
) -> None:
    stored = (await api.post("/v1/artifacts?name=a.txt", content=b"\xef\xbb\xbfsome text")).json()
    turn = await create(api, turns, json=HELLO | {"resources": [{"artifact_id": stored["id"]}]})
    assert turn.request.resources == (
        Resource("text-1", Media.TEXT, origin="a.txt", text="some text"),
    )


async def test_a_turn_shows_its_plan_steps_and_answer(api: httpx.AsyncClient, acted: Turn) -> None:
    turn = (await api.get(f"/v1/turns/{acted.id}")).json()
    assert turn["plan"] == PLAN_ON_THE_WIRE
    assert (turn["status"], turn["answer"], turn["error"]) == ("answered", "Here: a circle.", None)
    assert turn["request"] == HELLO | {"resources": []}
    drawn, said = turn["results"]
    assert said == {
        "alias": "text-1", "media": "text", "origin": "image-to-text", "text": "a red circle",
    }  # fmt: skip
    assert {name: drawn[name] for name in ("alias", "media", "origin", "mime")} == {
        "alias": "image-1", "media": "image", "origin": "text-to-image", "mime": "image/png",
    }  # fmt: skip
    assert (await api.get(drawn["url"])).content == PNG


async def test_a_step_shows_its_model_reason_device_time_and_failures(
    api: httpx.AsyncClient, acted: Turn
) -> None:
    steps = (await api.get(f"/v1/turns/{acted.id}")).json()["steps"]
    assert [step["state"] for step in steps] == ["finished", "finished", "failed", "skipped"]
    first = steps[0]
    assert (first["task"], first["model"], first["device"]) == (
        "text-to-image",
        "org/paints",
        "cpu:0",
    )
    assert first["reason"] == "it draws circles"
    assert (first["began_s"], first["seconds"]) == (0.25, 1.5)
    assert first["candidates"] == ["org/draws", "org/paints"]
    assert first["outputs"][0]["alias"] == "image-1"
    assert first["data"] == {"seed": None}
    broken = {"model": "org/draws", "error": {"code": "run_error", "message": "it broke"}}
    assert first["failures"] == [broken]
    assert steps[3]["skipped"] == "step 2 failed"


async def test_a_cancelled_turn_stops_its_open_steps_and_stays_cancelled(
    api: httpx.AsyncClient, turns: ScriptedTurns
) -> None:
    turns.script = idle
    turn = await create(api, turns)
    await turn.log.append(Planned(PLAN))
    await turn.log.append(StepStarted(0, "org/draws", 1))
    for _ in range(2):
        response = await api.post(f"/v1/turns/{turn.id}/cancel")
        assert (response.status_code, response.json()["status"]) == (200, "cancelled")
    seen = (await api.get(f"/v1/turns/{turn.id}")).json()
    assert {step["state"] for step in seen["steps"]} == {"cancelled"}


async def test_a_failed_turn_shows_its_error(api: httpx.AsyncClient, turns: ScriptedTurns) -> None:
    turns.script = lambda turn: turn.log.append(TurnFailed(ErrorInfo("load_error", "corrupt")))
    turn = await create(api, turns)
    await ended(turn)
    seen = (await api.get(f"/v1/turns/{turn.id}")).json()
    assert (seen["status"], seen["answer"]) == ("failed", None)
    assert seen["error"] == {"code": "load_error", "message": "corrupt"}


async def test_a_plan_is_given_without_running_it(
    api: httpx.AsyncClient, turns: ScriptedTurns
) -> None:
    turns.planned = PLAN
    response = await api.post("/v1/plans", data={"message": "x"}, files=[("files", ("a", PNG))])
    assert (response.status_code, response.json()) == (200, {"plan": PLAN_ON_THE_WIRE})
    assert turns.requests[0].resources[0].alias == "image-1"
