"""Direct calls that cannot be carried out: the status, and one line that says why."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from PIL import Image

from server.core.job import TaskResult, TaskWork
from server.errors import Busy, RunError
from tests.fakes import samples
from tests.fakes.direct import NOBODY_DOES, ScriptedTasks, gives

PNG = samples.image_bytes("PNG")
WAV = samples.wav_bytes()
ENDLESS = b'{"inputs": {"query": "how many?", "table": {"count": [1e999]}}}'
BOMB = samples.encoded(Image.new("1", (8_000, 8_000)))


def said(reply: httpx.Response) -> tuple[int, str]:
    """The status and the one line of a refusal."""
    assert set(reply.json()) == {"error"}
    assert isinstance(reply.json()["error"], str)
    return reply.status_code, reply.json()["error"]


def as_json(inputs: Any, **parameters: Any) -> dict[str, Any]:
    return {"json": {"inputs": inputs, "parameters": parameters}}


@pytest.mark.parametrize(
    ("path", "body", "status", "reason"),
    [
        ("/models/org/nobody", as_json("a"), 404, "no model 'org/nobody'"),
        ("/tasks/mind-reading", as_json("a"), 404, "no task 'mind-reading'"),
        ("/models/org/several/pipeline/fill-mask", as_json("a"), 422, "it does feature-extraction"),
        ("/models/org/missing", as_json("a"), 503, "is not in the cache"),
        (f"/tasks/{NOBODY_DOES}", {"content": PNG}, 503, "scripts/download_models --task"),
        ("/tasks/fill-mask", as_json("a", top_k=0), 422, "'top_k' is wrong"),
        ("/tasks/fill-mask", as_json("a", tokens=1), 422, "no parameter 'tokens'; it takes: top_k"),
        ("/tasks/translation", as_json("a", generate_parameters=3), 422, "must be a JSON object"),
        ("/tasks/fill-mask", as_json(["a"]), 422, "inputs must be a text; it is a list"),
        ("/tasks/fill-mask", {"json": {}}, 422, "inputs must be a text; it is missing"),
        ("/tasks/fill-mask", {"content": b"{"}, 422, "JSON"),
        ("/tasks/fill-mask", {"content": PNG}, 422, "inputs must be a text; it is a file"),
        ("/tasks/fill-mask", as_json("a" * 2_001), 413, "2,001 characters; the limit is 2,000"),
        ("/tasks/image-to-text", as_json("no base64!"), 422, "a file in base64"),
        ("/tasks/image-to-text", {"content": b"\x00\x01"}, 422, "send PNG, JPEG"),
        ("/tasks/image-to-text", {"content": PNG[:50]}, 422, "cannot be decoded"),
        ("/tasks/image-to-text", {"content": b""}, 422, "the file is empty"),
        ("/tasks/image-to-text", {"content": WAV}, 422, "is audio/wav; send image"),
        ("/tasks/image-to-text", {"content": BOMB}, 413, "64,000,000 pixels"),
        ("/tasks/image-to-text", {"content": bytes((1 << 20) + 1)}, 413, "1,048,577 bytes"),
        ("/tasks/image-to-text", {"content": bytes(5 << 20)}, 413, "4,194,304 bytes"),
        ("/tasks/zero-shot-classification", as_json("a"), 422, "candidate_labels must be a list"),
        (
            "/tasks/zero-shot-classification",
            as_json("a", candidate_labels=["a\n"]),
            422,
            "is not one line of text",
        ),
        ("/tasks/table-question-answering", {"content": ENDLESS}, 422, "not finite"),
        ("/tasks/canny-text-to-image", as_json("a"), 422, "prompt must be a text; it is missing"),
    ],
)
async def test_what_cannot_be_done_is_refused_in_one_line(
    api: httpx.AsyncClient,
    tasks: ScriptedTasks,
    path: str,
    body: dict[str, Any],
    status: int,
    reason: str,
) -> None:
    found, line = said(await api.post(path, **body))
    assert found == status, line
    assert reason in line
    assert tasks.works == []


@pytest.mark.parametrize(("error", "status"), [(RunError("it broke"), 500), (Busy("full"), 429)])
async def test_a_failed_job_has_its_errors_status(
    api: httpx.AsyncClient, tasks: ScriptedTasks, error: Exception, status: int
) -> None:
    def fail(_: TaskWork) -> TaskResult:
        raise error

    tasks.script = fail
    assert said(await api.post("/tasks/fill-mask", json={"inputs": "a"})) == (status, str(error))


async def test_a_file_that_a_runner_does_not_give_is_an_error(
    api: httpx.AsyncClient, tasks: ScriptedTasks
) -> None:
    tasks.script = gives([], text="no picture")
    told = said(await api.post("/tasks/text-to-image", json={"inputs": "a"}))
    assert told == (500, "text-to-image gave no image")
