"""The API over HTTP: what is taken, what is refused and how, and what a follower sees."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from server import errors
from server.api.errors import status_of
from server.api.routes import build_api
from server.artifacts.store import ArtifactStore
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
    TurnFailed,
)
from server.core.plan import Literal, Plan, ResourceRef, Step, StepRef
from server.core.resource import Resource
from server.core.task import TASKS, Media
from server.errors import BatonError, ErrorInfo
from tests.fakes import samples
from tests.fakes.live import live
from tests.fakes.services import LIMITS, OneOfEverything
from tests.fakes.turns import ScriptedTurn, ScriptedTurns

PNG = samples.image_bytes("PNG")
GIGABYTE = 1 << 30
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
def app(turns: ScriptedTurns, store: ArtifactStore, operations: OneOfEverything) -> FastAPI:
    return build_api(turns, store, operations, LIMITS)


@pytest.fixture
async def api(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://baton") as client:
        yield client


@pytest.fixture
async def url(app: FastAPI) -> AsyncIterator[str]:
    async with live(app) as url:
        yield url


def error_of(response: httpx.Response) -> tuple[int, str, str]:
    body = response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    return response.status_code, body["error"]["code"], body["error"]["message"]


async def ended(turn: ScriptedTurn) -> None:
    async for _ in turn.log.follow():
        pass


async def create(api: httpx.AsyncClient, turns: ScriptedTurns, **body: Any) -> ScriptedTurn:
    response = await api.post("/v1/turns", **(body or {"json": HELLO}))
    assert response.status_code == 202, response.text
    return turns.get(response.json()["id"])


def frames(text: str) -> list[dict[str, str]]:
    """Server-sent events as field → value."""
    blocks = [block for block in text.split("\n\n") if block and not block.startswith(":")]
    return [dict(line.split(": ", 1) for line in block.splitlines()) for block in blocks]


# Turns


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


def with_resources(*resources: dict[str, str]) -> dict[str, Any]:
    return {"json": HELLO | {"resources": list(resources)}}


def with_files(*files: bytes, **data: str) -> dict[str, Any]:
    return {"data": data, "files": [("files", ("a", content)) for content in files]}


@pytest.mark.parametrize(
    ("body", "status", "code", "message"),
    [
        ({"json": {}}, 422, "invalid_input", "messages: Field required"),
        ({"json": {"messages": []}}, 422, "invalid_input", "messages: List should have at least 1"),
        ({"json": []}, 422, "invalid_input", "body: "),
        ({"json": HELLO | {"model": "x"}}, 422, "invalid_input", "model: Extra inputs"),
        (
            {"json": {"messages": [{"role": "assistant", "content": "hi"}]}},
            422,
            "invalid_input",
            "the last message must be the user's",
        ),
        (
            {"json": {"messages": [{"role": "user", "content": "x" * 2_001}]}},
            413,
            "too_large",
            r"2,001 characters; the limit is 2,000\..*max_request_chars",
        ),
        (with_resources({"text": "a"}, {"text": "b", "alias": "text"}), 422, "invalid_input", "no alias"),
        (with_resources({"text": "a", "alias": "image-1"}), 422, "invalid_input", "another type"),
        (
            with_resources({"text": "a", "alias": "text-1"}, {"text": "b", "alias": "text-1"}),
            422,
            "invalid_input",
            "'text-1' is given 2 times",
        ),
        (with_resources({}), 422, "invalid_input", "either artifact_id or text"),
        (
            with_resources({"artifact_id": "artifact_" + "x" * 22}),
            422,
            "unknown_resource",
            "upload it to /v1/artifacts first",
        ),
        (with_resources({"artifact_id": "../../etc/passwd"}), 422, "unknown_resource", "no artifact"),
        (with_resources(*[{"text": "a"}] * 4), 413, "too_large", "4 resources; the limit is 3"),
        ({"content": "{", "headers": {"content-type": "application/json"}}, 422, "invalid_input", "JSON"),
        (
            {"content": b'{"messages":[{"role":"user","content":"\\ud800"}]}',
             "headers": {"content-type": "application/json"}},
            422,
            "invalid_input",
            "JSON",
        ),
        (
            {"content": b"[" * 100_000, "headers": {"content-type": "application/json"}},
            422,
            "invalid_input",
            "JSON",
        ),
        ({"content": "{}", "headers": {"content-type": "text/plain"}}, 422, "invalid_input", "text/plain"),
        ({"content": "{}"}, 422, "invalid_input", "not given; send application/json"),
        (with_files(PNG), 422, "invalid_input", "`message`, or `request`"),
        (with_files(PNG, message="a", request="{}"), 422, "invalid_input", "`message`, or `request`"),
        (with_files(PNG, message="a", size="b"), 422, "invalid_input", "a field 'size'"),
        (with_files(PNG, request="{"), 422, "invalid_input", "JSON"),
        (with_files(PNG[:50], message="a"), 422, "media_error", "cannot be decoded"),
        (with_files(b"\x00\x01", message="a"), 422, "media_error", "send PNG, JPEG"),
        (with_files(b"x" * 2_001, message="a"), 413, "too_large", "2,001 characters"),
        (with_files(*[PNG] * 4, message="a"), 413, "too_large", "4 resources"),
        ({"data": {"message": "a", "files": "b"}, "files": [("x", b"")]}, 422, "invalid_input", "field 'x'"),
        (
            {"content": b"--nonsense", "headers": {"content-type": "multipart/form-data"}},
            400,
            "invalid_input",
            "boundary",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/v1/turns", "/v1/plans"])
async def test_what_cannot_be_used_is_refused_with_the_reason(
    api: httpx.AsyncClient,
    turns: ScriptedTurns,
    path: str,
    body: dict[str, Any],
    status: int,
    code: str,
    message: str,
) -> None:
    found = error_of(await api.post(path, **body))
    assert found[:2] == (status, code)
    assert re.search(message, found[2])
    assert turns.requests == []


async def test_an_image_bomb_is_refused_by_its_pixels(api: httpx.AsyncClient) -> None:
    from PIL import Image

    bomb = samples.encoded(Image.new("1", (8_000, 8_000)))
    response = await api.post("/v1/turns", **with_files(bomb, message="what is it?"))
    status, code, message = error_of(response)
    assert (status, code) == (413, "too_large")
    assert "64,000,000 pixels (8000 x 8000); the limit is 250,000 pixels" in message


def kinds_of_error(root: type[BatonError] = BatonError) -> list[type[BatonError]]:
    children = [kind for child in root.__subclasses__() for kind in kinds_of_error(child)]
    return [root, *children]


@pytest.mark.parametrize("kind", kinds_of_error())
async def test_every_error_has_a_status_and_one_shape(
    api: httpx.AsyncClient, turns: ScriptedTurns, kind: type[BatonError]
) -> None:
    turns.refusal = kind("the reason")
    status, code, message = error_of(await api.post("/v1/turns", json=HELLO))
    assert (status, code, message) == (status_of(turns.refusal), kind.code, "the reason")
    assert status >= 400


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.CatalogError, 422),
        (errors.UnknownModel, 422),
        (errors.TooLarge, 413),
        (errors.NotFound, 404),
        (errors.Conflict, 409),
        (errors.Busy, 429),
        (errors.NotInstalled, 503),
        (errors.RunError, 500),
        (errors.DeadlineExceeded, 504),
        (errors.WorkerLost, 502),
        (errors.Internal, 500),
    ],
)
def test_an_error_has_the_status_of_the_nearest_class_in_the_table(
    kind: type[BatonError], status: int
) -> None:
    assert status_of(kind("")) == status


async def test_a_busy_server_says_when_to_come_back(
    api: httpx.AsyncClient, turns: ScriptedTurns
) -> None:
    turns.refusal = errors.Busy("8 jobs wait; the limit is 8")
    response = await api.post("/v1/turns", json=HELLO)
    assert int(response.headers["retry-after"]) > 0


async def test_a_defect_is_a_500_that_keeps_its_details_to_itself(
    api: httpx.AsyncClient, operations: OneOfEverything, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(operations, "devices", fail)
    response = await api.get("/v1/devices")
    assert error_of(response)[:2] == (500, "internal")
    assert "secret" not in response.text


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/turns/turn_x", 404, "not_found"),
        ("GET", "/v1/turns/turn_x/events", 404, "not_found"),
        ("POST", "/v1/turns/turn_x/cancel", 404, "not_found"),
        ("GET", "/v1/artifacts/artifact_x", 404, "not_found"),
        ("GET", "/v1/artifacts/..%2f..%2f..%2fetc%2fpasswd", 404, "not_found"),
        ("GET", "/nowhere", 404, "not_found"),
        ("DELETE", "/v1/models", 405, "method_not_allowed"),
    ],
)
async def test_what_is_not_there_is_said_in_the_same_shape(
    api: httpx.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    assert error_of(await api.request(method, path))[:2] == (status, code)


async def act_out_everything(turn: ScriptedTurn, image: str) -> None:
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
        StepFinished(0, "org/paints", "cpu:0", (drawn,), 1.5, {"seed": None}),
        StepSelected(1, "org/sees", "the only one", ("org/sees",)),
        StepStarted(1, "org/sees", 1),
        StepFinished(1, "org/sees", "cpu:1", (said,), 0.5),
        StepStarted(2, "org/sees", 1),
        StepFailed(2, "org/sees", broken, None),
        StepSkipped(3, "step 2 failed"),
        TokenWritten("Here: "),
        TokenWritten("a circle."),
        Answered("Here: a circle.", (drawn, said)),
    ):
        await turn.log.append(event)


@pytest.fixture
async def acted(api: httpx.AsyncClient, turns: ScriptedTurns) -> ScriptedTurn:
    """A turn in which everything that can happen to a step has happened."""
    image = (await api.post("/v1/artifacts?name=drawn.png", content=PNG)).json()["id"]
    turns.script = lambda turn: act_out_everything(turn, image)
    turn = await create(api, turns)
    await ended(turn)
    return turn


async def test_a_turn_shows_its_plan_steps_and_answer(
    api: httpx.AsyncClient, acted: ScriptedTurn
) -> None:
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
    api: httpx.AsyncClient, acted: ScriptedTurn
) -> None:
    steps = (await api.get(f"/v1/turns/{acted.id}")).json()["steps"]
    assert [step["state"] for step in steps] == ["finished", "finished", "failed", "skipped"]
    first = steps[0]
    assert (first["task"], first["model"], first["device"]) == (
        "text-to-image",
        "org/paints",
        "cpu:0",
    )
    assert (first["reason"], first["seconds"]) == ("it draws circles", 1.5)
    assert first["candidates"] == ["org/draws", "org/paints"]
    assert first["outputs"][0]["alias"] == "image-1"
    assert first["data"] == {"seed": None}
    broken = {"model": "org/draws", "error": {"code": "run_error", "message": "it broke"}}
    assert first["failures"] == [broken]
    assert steps[3]["skipped"] == "step 2 failed"


async def test_events_are_named_numbered_and_complete(
    api: httpx.AsyncClient, acted: ScriptedTurn
) -> None:
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
    api: httpx.AsyncClient, acted: ScriptedTurn, seen: int
) -> None:
    headers = {"Last-Event-ID": str(seen)}
    response = await api.get(f"/v1/turns/{acted.id}/events", headers=headers)
    assert [int(frame["id"]) for frame in frames(response.text)] == list(range(seen + 1, 17))


async def test_a_browser_that_saw_the_end_is_told_not_to_come_back(
    api: httpx.AsyncClient, acted: ScriptedTurn
) -> None:
    headers = {"Last-Event-ID": "16"}
    response = await api.get(f"/v1/turns/{acted.id}/events", headers=headers)
    assert (response.status_code, response.content) == (204, b"")


async def test_a_last_event_id_that_is_no_number_is_refused(
    api: httpx.AsyncClient, acted: ScriptedTurn
) -> None:
    headers = {"Last-Event-ID": "-1"}
    response = await api.get(f"/v1/turns/{acted.id}/events", headers=headers)
    assert error_of(response)[:2] == (422, "invalid_input")


async def idle(_: ScriptedTurn) -> None:
    """The test itself says what happens."""


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


# Artifacts


@pytest.mark.parametrize("form", [True, False])
async def test_a_stored_file_comes_back_as_it_was(api: httpx.AsyncClient, form: bool) -> None:
    if form:
        response = await api.post("/v1/artifacts", files={"file": ("réd.png", PNG, "text/html")})
    else:
        response = await api.post("/v1/artifacts", params={"name": "réd.png"}, content=PNG)
    body = response.json()
    assert (response.status_code, response.headers["location"]) == (201, body["url"])
    assert (body["media"], body["mime"], body["size_bytes"]) == ("image", "image/png", len(PNG))
    fetched = await api.get(body["url"])
    assert fetched.content == PNG
    headers = fetched.headers
    assert headers["content-type"] == "image/png"
    assert headers["content-disposition"] == "inline; filename*=utf-8''r%C3%A9d.png"
    assert headers["x-content-type-options"] == "nosniff"
    assert "immutable" in headers["cache-control"]


async def test_a_page_is_stored_as_a_text_that_no_browser_runs(api: httpx.AsyncClient) -> None:
    page = b"<script>alert(document.domain)</script>"
    stored = (await api.post("/v1/artifacts", files={"file": ("a.html", page)})).json()
    headers = (await api.get(stored["url"])).headers
    assert headers["content-type"] == "text/plain; charset=utf-8"
    assert "sandbox" in headers["content-security-policy"]


async def test_a_name_cannot_add_headers(api: httpx.AsyncClient) -> None:
    name = 'a"\r\nSet-Cookie: x=1;.png'
    stored = (await api.post("/v1/artifacts", params={"name": name}, content=PNG)).json()
    headers = (await api.get(stored["url"])).headers
    assert "set-cookie" not in headers


async def test_a_part_of_a_file_can_be_asked_for(api: httpx.AsyncClient) -> None:
    stored = (await api.post("/v1/artifacts", content=PNG)).json()
    part = await api.get(stored["url"], headers={"Range": "bytes=1-3"})
    assert (part.status_code, part.content) == (206, b"PNG")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"content": b""}, 422, "media_error"),
        ({"content": b"\xff\x00"}, 422, "media_error"),
        ({"files": {"picture": ("a.png", PNG)}}, 422, "invalid_input"),
        ({"files": [("file", ("a", PNG)), ("file", ("b", PNG))]}, 422, "invalid_input"),
        ({"content": b"x" * (LIMITS.max_upload_bytes + 1)}, 413, "too_large"),
    ],
)
async def test_what_cannot_be_stored_is_refused(
    api: httpx.AsyncClient, store: ArtifactStore, tmp_path: Path,
    body: dict[str, Any], status: int, code: str,
) -> None:  # fmt: skip
    assert error_of(await api.post("/v1/artifacts", **body))[:2] == (status, code)
    assert list((tmp_path / "artifacts").iterdir()) == []


# Size


def peak_bytes() -> int:
    """The largest resident size of this process since `forget_peak`."""
    status = Path("/proc/self/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) * 1024


def forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


async def gigabyte() -> AsyncIterator[bytes]:
    block = bytes(1 << 16)
    for _ in range(GIGABYTE >> 16):
        yield block


@pytest.mark.parametrize("path", ["/v1/artifacts", "/v1/turns", "/v1/plans", "/nowhere", "/health"])
@pytest.mark.parametrize("announced", [True, False])
async def test_a_gigabyte_is_refused_and_the_server_lives_on(
    url: str, path: str, announced: bool, store: ArtifactStore, tmp_path: Path
) -> None:
    headers = {"Content-Type": "application/json"}
    if announced:
        headers["Content-Length"] = str(GIGABYTE)
    async with httpx.AsyncClient(base_url=url) as client:
        forget_peak()
        before = peak_bytes()
        response = await client.post(path, content=gigabyte(), headers=headers)
        assert peak_bytes() - before < 32 << 20
        known = {"/nowhere": 404, "/health": 405} if not announced else {}
        assert error_of(response)[0] == known.get(path, 413)
        assert (await client.get("/health")).status_code == 200
    assert list((tmp_path / "artifacts").iterdir()) == []


async def test_an_announced_gigabyte_is_refused_before_any_of_it_is_sent(url: str) -> None:
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(
        f"POST /v1/artifacts HTTP/1.1\r\nHost: baton\r\nContent-Length: {GIGABYTE}\r\n\r\n".encode()
    )
    async with asyncio.timeout(5):
        answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"2,097,152 bytes" in answer


async def test_a_json_body_has_a_limit_of_its_own(api: httpx.AsyncClient) -> None:
    response = await api.post("/v1/turns", json={"messages": [], "x": "y" * (5 << 20)})
    assert error_of(response)[:2] == (413, "too_large")


async def test_a_client_that_breaks_off_leaves_the_server_as_it_was(
    url: str, tmp_path: Path
) -> None:
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"POST /v1/artifacts HTTP/1.1\r\nHost: b\r\nContent-Length: 99\r\n\r\nx")
    async with httpx.AsyncClient(base_url=url) as client:
        assert (await client.get("/health")).status_code == 200


# Status


async def test_models_devices_and_queue_show_what_there_is(api: httpx.AsyncClient) -> None:
    models = (await api.get("/v1/models")).json()
    assert models["object"] == "list"
    assert [(model["id"], model["missing"]) for model in models["data"]] == [
        ("org/draws", None),
        ("org/sees", "no model.safetensors"),
    ]
    device = (await api.get("/v1/devices")).json()["data"][0]
    assert (device["id"], device["budget_bytes"]) == ("cpu:0", 2**30)
    assert device["workers"] == [{"name": "lane cpu:0", "state": "up", "epoch": 1, "deaths": 0}]
    assert device["models"][0]["leased"] is True
    job = (await api.get("/v1/queue")).json()["data"][0]
    assert (job["model"], job["state"], job["waited_s"]) == ("org/draws", "running", 0.25)


async def test_a_server_is_alive_before_it_is_ready(
    api: httpx.AsyncClient, operations: OneOfEverything
) -> None:
    operations.reason = "the planner is loading"
    assert (await api.get("/health")).json() == {"status": "alive"}
    response = await api.get("/ready")
    assert error_of(response) == (503, "not_ready", "the planner is loading")
    operations.reason = None
    response = await api.get("/ready")
    assert (response.status_code, response.json()) == (200, {"status": "ready"})


# Documentation


async def test_the_documentation_page_needs_nothing_from_elsewhere(api: httpx.AsyncClient) -> None:
    page = (await api.get("/docs")).text
    assert not re.search(r"https?://|//[a-z]", page)
    linked = re.findall(r"""(?:src|href)="([^"]+)"|url: '([^']+)'""", page)
    paths = [one or other for one, other in linked]
    assert len(paths) == 4
    for path in paths:
        assert (await api.get(path)).status_code == 200, path


async def test_the_stylesheet_loads_nothing_from_elsewhere(api: httpx.AsyncClient) -> None:
    css = (await api.get("/static/swagger-ui.css")).text
    targets = re.findall(r"url\(\s*['\"]?([^)]{0,20})", css)
    assert targets
    assert all(target.startswith("data:") for target in targets)
    assert "@import" not in css


async def test_a_browser_is_told_to_load_from_this_server_only(api: httpx.AsyncClient) -> None:
    policy = (await api.get("/docs")).headers["content-security-policy"]
    assert policy.startswith("default-src 'self';")


async def test_every_reference_of_the_openapi_document_resolves(api: httpx.AsyncClient) -> None:
    text = (await api.get("/openapi.json")).text
    schemas = json.loads(text)["components"]["schemas"]
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', text))
    assert "TurnRequestSchema" in named
    assert named <= set(schemas)
