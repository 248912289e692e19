"""What the API refuses: with the right status, in one shape, and with the reason."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from PIL import Image

from server import errors
from server.api.errors import status_of
from server.errors import BatonError
from tests.api.wire import HELLO, PNG, error_of, with_files
from tests.fakes import samples
from tests.fakes.services import OneOfEverything
from tests.fakes.turns import ScriptedTurns

LONE_SURROGATE = '{"messages": [{"role": "user", "content": "\\ud800"}]}'


def with_resources(*resources: dict[str, str]) -> dict[str, Any]:
    return {"json": HELLO | {"resources": list(resources)}}


def as_type(content_type: str, content: str) -> dict[str, Any]:
    return {"content": content, "headers": {"content-type": content_type}}


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
            with_resources({"text": "x" * 2_001}),
            413,
            "too_large",
            r"2,001 characters; the limit is 2,000\..*max_request_chars",
        ),
        (
            with_resources({"text": "a"}, {"text": "b", "alias": "text"}),
            422,
            "invalid_input",
            "no alias",
        ),
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
        (
            with_resources({"artifact_id": "../../etc/passwd"}),
            422,
            "unknown_resource",
            "no artifact",
        ),
        (with_resources(*[{"text": "a"}] * 4), 413, "too_large", "4 resources; the limit is 3"),
        (as_type("application/json", "{"), 422, "invalid_input", "JSON"),
        (as_type("application/json", LONE_SURROGATE), 422, "invalid_input", "JSON"),
        (as_type("application/json", "[" * 100_000), 422, "invalid_input", "JSON"),
        (as_type("text/plain", "{}"), 422, "invalid_input", "text/plain"),
        ({"content": "{}"}, 422, "invalid_input", "not given; send application/json"),
        (with_files(PNG), 422, "invalid_input", "`message`, or `request`"),
        (
            with_files(PNG, message="a", request="{}"),
            422,
            "invalid_input",
            "`message`, or `request`",
        ),
        (with_files(PNG, message="a", size="b"), 422, "invalid_input", "a field 'size'"),
        (with_files(PNG, request="{"), 422, "invalid_input", "JSON"),
        (with_files(PNG[:50], message="a"), 422, "media_error", "cannot be decoded"),
        (with_files(b"\x00\x01", message="a"), 422, "media_error", "send PNG, JPEG"),
        (with_files(b"x" * 2_001, message="a"), 413, "too_large", "2,001 characters"),
        (with_files(*[PNG] * 4, message="a"), 413, "too_large", "4 resources"),
        (
            {"data": {"message": "a", "files": "b"}, "files": [("x", b"")]},
            422,
            "invalid_input",
            "field 'x'",
        ),
        (as_type("multipart/form-data", "--nonsense"), 400, "invalid_input", "boundary"),
    ],
)
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
