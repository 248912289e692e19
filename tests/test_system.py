"""The whole server on the starter kit: one process, real models, real HTTP, real deaths."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from scripts.local_llm import starter_catalog
from server.app import build_server
from server.core.event import Event, StepFinished
from server.core.plan import Literal, Plan, Step
from server.core.task import TASKS
from server.settings import Settings
from tests.fakes.process import Baton, serving, wait_until_ready

MAIN_REQUEST = (
    "Draw a red star, find the objects in it, describe the picture and translate the description"
    " to French."
)


@pytest.fixture(scope="module")
def baton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Baton]:
    with serving(tmp_path_factory.mktemp("baton"), "--starter") as running:
        wait_until_ready(running)
        yield running


def png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def tasks(turn: dict) -> list[str]:
    return [step["task"] for step in turn["plan"]]


def test_a_request_of_four_steps_is_planned_run_and_answered(baton: Baton) -> None:
    turn = baton.run(MAIN_REQUEST)
    assert turn["status"] == "answered", turn
    assert tasks(turn) == ["text-to-image", "object-detection", "image-to-text", "translation"]
    assert [step["dep"] for step in turn["plan"]] == [[-1], [0], [0], [2]]
    assert all(step["state"] == "finished" for step in turn["steps"])
    assert turn["plan"][0]["args"] == {"text": "a red star"}
    caption = turn["steps"][2]["outputs"][0]["text"]
    french = turn["steps"][3]["outputs"][0]["text"]
    assert "red star" in caption
    assert "étoile rouge" in french


def test_every_link_of_an_answer_leads_to_its_file(baton: Baton) -> None:
    turn = baton.run(MAIN_REQUEST)
    links = re.findall(r"\((/v1/artifacts/[^)]+)\)", turn["answer"])
    files = [result["url"] for result in turn["results"] if "url" in result]
    assert set(links) <= set(files)
    for url in files:
        reply = baton.http.get(url)
        assert reply.headers["content-type"] == "image/png"
        Image.open(io.BytesIO(reply.content)).verify()


def test_a_choice_of_models_is_made_with_a_reason(baton: Baton) -> None:
    turn = baton.run("Draw a small blue star, then classify the picture.")
    (step,) = [step for step in turn["steps"] if step["task"] == "image-classification"]
    assert len(step["candidates"]) == 2
    assert step["model"] in step["candidates"]
    assert step["reason"].strip()


def test_the_classifier_agrees_with_what_was_asked_for(baton: Baton) -> None:
    wishes = [
        "red circle", "blue square", "green triangle", "yellow star", "purple circle",
        "orange square", "red star", "blue triangle", "green circle", "black square",
    ]  # fmt: skip
    seen = []
    for wish in wishes:
        turn = baton.run(f"Draw a {wish} and classify the picture.")
        seen.append(turn["steps"][-1]["outputs"][0]["text"])
    agreed = sum(wish == label for wish, label in zip(wishes, seen, strict=True))
    assert agreed >= 8, list(zip(wishes, seen, strict=True))


def test_an_upload_is_looked_at(baton: Baton) -> None:
    image = Image.new("RGB", (128, 128), "white")
    image.paste((220, 30, 30), (32, 32, 96, 96))
    reply = baton.http.post(
        "/v1/turns",
        data={"message": "Describe this picture."},
        files={"files": ("square.png", png(image))},
    )
    for _ in baton.events(reply.json()["id"]):
        pass
    turn = baton.turn(reply.json()["id"])
    assert tasks(turn) == ["image-to-text"]
    assert "red square" in turn["results"][0]["text"]


def test_small_talk_needs_no_plan(baton: Baton) -> None:
    turn = baton.run("Hello there!")
    assert turn["plan"] == []
    assert turn["answer"].strip()


async def test_two_independent_drawings_overlap_on_two_lanes(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, hub_cache=tmp_path)
    server = build_server(starter_catalog(), settings)
    task = TASKS["text-to-image"]
    plan = Plan(tuple(Step(k, task, {"text": Literal("a red circle")}) for k in range(2)))
    (painter,) = server.manager.candidates("text-to-image")
    slow = replace(painter, parameters={**painter.parameters, "num_inference_steps": 60})
    finished: list[StepFinished] = []

    async def emit(event: Event) -> None:
        if isinstance(event, StepFinished):
            finished.append(event)

    async with server.loop.running():
        # The first round loads the painter on both lanes.
        for _ in range(2):
            finished.clear()
            models = {step.id: (slow,) for step in plan.steps}
            await server.stages.executor.execute(plan, models, (), "turn_test", emit)
    first, second = sorted(finished, key=lambda event: event.began_s)
    assert first.device != second.device
    assert second.began_s < first.began_s + first.seconds, f"{first} and {second} do not overlap"


@pytest.mark.parametrize("worker", ["cpu:0", "cpu:1", "llm"])
def test_a_worker_killed_in_mid_turn_costs_nothing_but_time(baton: Baton, worker: str) -> None:
    turn_id = baton.post_turn(MAIN_REQUEST)
    killed = False
    for name, _ in baton.events(turn_id):
        # In mid-drawing for the lanes; for the LLM while it is about to select or answer.
        if not killed and name in ("progress", "planned"):
            baton.kill(worker)
            killed = True
    assert killed
    turn = baton.turn(turn_id)
    assert turn["status"] == "answered" or turn["error"]["code"] == "worker_lost", turn
    assert baton.run("Draw a green square.")["status"] == "answered"


def test_a_cancelled_turn_ends_and_the_next_one_runs(baton: Baton) -> None:
    turn_id = baton.post_turn(MAIN_REQUEST)
    for name, _ in baton.events(turn_id):
        if name == "started":
            assert baton.http.post(f"/v1/turns/{turn_id}/cancel").status_code == 200
    assert baton.turn(turn_id)["status"] == "cancelled"
    assert baton.run("Draw a green square.")["status"] == "answered"


def test_events_can_be_taken_up_where_they_broke_off(baton: Baton) -> None:
    turn_id = baton.post_turn("Draw a red star.")
    whole = list(baton.events(turn_id))
    headers = {"Last-Event-ID": "2"}
    with baton.http.stream("GET", f"/v1/turns/{turn_id}/events", headers=headers) as reply:
        names = [x.removeprefix("event: ") for x in reply.iter_lines() if x.startswith("event: ")]
    assert names == [name for name, _ in whole][2:]


def test_a_plan_alone_runs_nothing(baton: Baton) -> None:
    messages = [{"role": "user", "content": "Draw a red star."}]
    reply = baton.http.post("/v1/plans", json={"messages": messages})
    assert [step["task"] for step in reply.json()["plan"]] == ["text-to-image"]


def test_an_image_bomb_is_refused_and_the_server_lives(baton: Baton) -> None:
    bomb = png(Image.new("1", (20_000, 20_000)))
    reply = baton.http.post("/v1/artifacts", files={"file": ("bomb.png", bomb)})
    assert reply.status_code == 413
    assert "400,000,000 pixels" in reply.json()["error"]["message"]
    assert baton.http.get("/health").status_code == 200


def test_an_unknown_artifact_is_refused(baton: Baton) -> None:
    body = {
        "messages": [{"role": "user", "content": "Describe it."}],
        "resources": [{"artifact_id": "artifact_AAAAAAAAAAAAAAAAAAAAAA"}],
    }
    assert baton.http.post("/v1/turns", json=body).status_code in (404, 422)


def test_health_answers_while_the_models_still_load(tmp_path: Path) -> None:
    with serving(tmp_path, "--starter") as baton:
        assert baton.http.get("/health").status_code == 200
        early = baton.http.get("/ready")
        assert early.status_code in (200, 503)
        wait_until_ready(baton)
