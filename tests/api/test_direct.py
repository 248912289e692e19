"""Direct calls: huggingface_hub's own client reads what a model gave, for every shape there is."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.core.job import TaskResult
from server.core.task import Media
from tests.fakes import samples
from tests.fakes.direct import ScriptedTasks, entry, gives, serving_calls, writes
from tests.fakes.inference_client import HfClient, hf_client

PNG = samples.image_bytes("PNG")
WAV = samples.wav_bytes()
LABELS = [{"label": "good", "score": 0.9}, {"label": "bad", "score": 0.1}]
ANSWER = {"answer": "Rome", "score": 0.9, "start": 3, "end": 7}
BOX = {"label": "cat", "score": 0.9, "box": {"xmin": 1, "ymin": 2, "xmax": 3, "ymax": 4}}
ENTITY = {"entity_group": "PER", "score": 0.9, "word": "Ada", "start": 0, "end": 3}
MASK = {"label": "cat", "score": 0.9, "mask": base64.b64encode(PNG).decode()}
CELLS = {"answer": "4", "cells": ["4"], "coordinates": [[0, 1]], "aggregator": "NONE"}
WORD = {"sequence": "a cat", "score": 0.9, "token": 7, "token_str": "cat"}
TABLE = {"name": ["a", "b"], "count": ["4", "5"]}


@pytest.fixture(scope="module")
def hf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HfClient]:
    with hf_client(tmp_path_factory.mktemp("hf")) as client:
        yield client


def call(method: str, **arguments: Any) -> tuple[str, dict[str, Any]]:
    return method, arguments


# A call of the client, what the runner gives for it, what it then sees, what the client reads.
CONTRACT = {
    "text-classification": (
        call("text_classification", text="fine"),
        gives(LABELS),
        {"text": "fine"},
        LABELS,
    ),
    "zero-shot-classification": (
        call("zero_shot_classification", text="fine", candidate_labels=["good", "bad"]),
        gives(LABELS),
        {"text": "fine", "labels": "good\nbad\n"},
        LABELS,
    ),
    "token-classification": (
        call("token_classification", text="Ada", aggregation_strategy="simple"),
        gives([ENTITY]),
        {"text": "Ada"},
        [ENTITY],
    ),
    "question-answering": (
        call("question_answering", question="where?", context="in Rome", top_k=1),
        gives(ANSWER),
        {"text": "where?", "context": "in Rome"},
        ANSWER,
    ),
    "table-question-answering": (
        call("table_question_answering", table=TABLE, query="how many?"),
        gives(CELLS),
        {"text": "how many?", "table": json.dumps(TABLE)},
        CELLS,
    ),
    "summarization": (
        call("summarization", text="long", generate_parameters={"max_new_tokens": 9}),
        gives([{"summary_text": "short"}]),
        {"text": "long"},
        {"summary_text": "short"},
    ),
    "translation": (
        call("translation", text="one", src_lang="en", tgt_lang="fr"),
        gives([{"translation_text": "un"}]),
        {"text": "one"},
        {"translation_text": "un"},
    ),
    "text-generation": (
        call("text_generation", prompt="once", details=False, stream=False, max_new_tokens=9),
        gives([{"generated_text": "upon"}]),
        {"text": "once"},
        "upon",
    ),
    "fill-mask": (
        call("fill_mask", text="a [MASK]", top_k=1),
        gives([WORD]),
        {"text": "a [MASK]"},
        [WORD],
    ),
    "tabular-classification": (
        call("tabular_classification", table=TABLE),
        gives(LABELS),
        {"table": json.dumps(TABLE)},
        ["good", "bad"],
    ),
    "image-classification": (
        call("image_classification", image=PNG),
        gives(LABELS),
        {"image": PNG},
        LABELS,
    ),
    "zero-shot-image-classification": (
        call("zero_shot_image_classification", image=PNG, candidate_labels=["good", "bad"]),
        gives(LABELS),
        {"image": PNG, "labels": "good\nbad\n"},
        LABELS,
    ),
    "object-detection": (
        call("object_detection", image=PNG, threshold=0.5),
        gives([BOX]),
        {"image": PNG},
        [BOX],
    ),
    "image-segmentation": (
        call("image_segmentation", image=PNG),
        gives([MASK]),
        {"image": PNG},
        [MASK | {"mask": [12, 8]}],
    ),
    "image-to-text": (
        call("image_to_text", image=PNG),
        gives([{"generated_text": "a cat"}]),
        {"image": PNG},
        {"generated_text": "a cat"},
    ),
    "visual-question-answering": (
        call("visual_question_answering", image=PNG, question="what?"),
        gives([{"answer": "a cat", "score": 0.9}]),
        {"image": PNG, "text": "what?"},
        [{"answer": "a cat", "score": 0.9}],
    ),
    "document-question-answering": (
        call("document_question_answering", image=PNG, question="what?"),
        gives([ANSWER]),
        {"image": PNG, "text": "what?"},
        [ANSWER],
    ),
    "image-to-image": (
        call("image_to_image", image=PNG, prompt="redder", num_inference_steps=2),
        writes(Media.IMAGE, "image/png", PNG),
        {"image": PNG, "text": "redder"},
        [12, 8],
    ),
    "text-to-image": (
        call("text_to_image", prompt="a cat", width=64, seed=3),
        writes(Media.IMAGE, "image/png", PNG),
        {"text": "a cat"},
        [12, 8],
    ),
    "text-to-speech": (
        call("text_to_speech", text="hello"),
        writes(Media.AUDIO, "audio/wav", WAV),
        {"text": "hello"},
        WAV,
    ),
    "automatic-speech-recognition": (
        call("automatic_speech_recognition", audio=WAV),
        gives({"text": "hello"}),
        {"audio": WAV},
        {"text": "hello"},
    ),
    "audio-classification": (
        call("audio_classification", audio=WAV, top_k=2),
        gives(LABELS),
        {"audio": WAV},
        LABELS,
    ),
    "audio-to-audio": (
        call("audio_to_audio", audio=WAV),
        writes(Media.AUDIO, "audio/wav", WAV, [{"label": "clean", "seed": 3}]),
        {"audio": WAV},
        [{"label": "clean", "blob": WAV, "content_type": "audio/wav", "seed": 3}],
    ),
    "feature-extraction": (
        call("feature_extraction", text="fine", normalize=True),
        gives([0.5, 0.25]),
        {"text": "fine"},
        [[0.5, 0.25]],
    ),
}


def known(value: Any) -> Any:
    """Without what the client adds as None."""
    match value:
        case dict():
            return {name: known(item) for name, item in value.items() if item is not None}
        case list():
            return [known(item) for item in value]
        case _:
            return value


@pytest.mark.parametrize("task", CONTRACT)
async def test_the_client_reads_what_the_model_gave(
    url: str, hf: HfClient, tasks: ScriptedTasks, task: str
) -> None:
    (method, arguments), tasks.script, seen, read = CONTRACT[task]
    told = await asyncio.to_thread(hf.call, f"{url}/tasks/{task}", method, **arguments)
    assert tasks.seen == [seen]
    assert known(told) == read
    assert [work.task for work in tasks.works] == [task]


async def test_many_texts_become_many_vectors(url: str, hf: HfClient, tasks: ScriptedTasks) -> None:
    tasks.script = lambda work: TaskResult(data=[float(len(str(work.inputs["text"]))), 1.0])
    model = f"{url}/models/org/several/pipeline/feature-extraction"
    vectors = await asyncio.to_thread(hf.call, model, "feature_extraction", text=["a", "bcd"])
    assert vectors == [[1.0, 1.0], [3.0, 1.0]]


async def test_a_sentence_is_compared_with_each_of_the_others(
    url: str, hf: HfClient, tasks: ScriptedTasks
) -> None:
    tasks.script = lambda work: TaskResult(data=[1.0 / len(str(work.inputs["text2"]))])
    arguments = {"sentence": "x", "other_sentences": ["a", "ab", "abcd"]}
    model = f"{url}/models/org/several/pipeline/sentence-similarity"
    told = await asyncio.to_thread(hf.call, model, "sentence_similarity", **arguments)
    assert told == [1.0, 0.5, 0.25]
    assert tasks.seen[2] == {"text1": "x", "text2": "abcd"}


@pytest.mark.parametrize(
    ("task", "arguments", "parameters"),
    [
        (call("text_to_image", prompt="a", seed=3, width=64), {}, {"seed": 3, "width": 64}),
        (
            call("image_to_image", image=PNG, target_size={"width": 64, "height": 128}),
            {},
            {"width": 64, "height": 128},
        ),
        (
            call("translation", text="a", generate_parameters={"num_beams": 2}),
            {},
            {"num_beams": 2},
        ),
        (
            call("automatic_speech_recognition", audio=WAV),
            {"extra_body": {"generate_kwargs": {"language": "fr"}}},
            {"language": "fr"},
        ),
        (call("feature_extraction", text="a", normalize=False), {}, {"normalize": False}),
    ],
    ids=lambda case: case[0] if isinstance(case, tuple) else "",
)
async def test_parameters_reach_the_runner_under_its_own_names(
    url: str,
    hf: HfClient,
    tasks: ScriptedTasks,
    task: tuple[str, dict[str, Any]],
    arguments: dict[str, Any],
    parameters: dict[str, Any],
) -> None:
    method, given = task
    tasks.script = CONTRACT[method.replace("_", "-")][1]
    where = f"{url}/tasks/{method.replace('_', '-')}"
    await asyncio.to_thread(hf.call, where, method, **given, **arguments)
    assert dict(tasks.works[0].parameters) == parameters


async def test_a_models_defaults_give_way_to_the_callers_parameters(tmp_path: Path) -> None:
    painter = entry("org/paints", "text-to-image", num_inference_steps=20, guidance_scale=2.5)
    tasks = ScriptedTasks()
    tasks.script = writes(Media.IMAGE, "image/png", PNG)
    async with serving_calls(tmp_path, tasks, painter) as api:
        body = {"inputs": "a cat", "parameters": {"num_inference_steps": 3, "seed": None}}
        assert (await api.post("/models/org/paints", json=body)).content == PNG
    assert tasks.works[0].parameters == {"num_inference_steps": 3, "guidance_scale": 2.5}


async def test_the_most_downloaded_installed_model_does_a_task(
    api: httpx.AsyncClient, tasks: ScriptedTasks
) -> None:
    for task in ("feature-extraction", "fill-mask"):
        assert (await api.post(f"/tasks/{task}", json={"inputs": "a"})).status_code == 200
    assert tasks.models == ["org/several", "org/fill-mask"]


async def test_a_model_of_several_tasks_does_its_first_unless_told_otherwise(
    api: httpx.AsyncClient, tasks: ScriptedTasks
) -> None:
    await api.post("/models/org/several", json={"inputs": "a"})
    sentences = {"source_sentence": "a", "sentences": ["b"]}
    await api.post("/models/org/several/pipeline/sentence-similarity", json={"inputs": sentences})
    assert [work.task for work in tasks.works] == ["feature-extraction", "sentence-similarity"]


async def test_a_file_is_known_by_its_bytes_whatever_its_content_type(
    api: httpx.AsyncClient, tasks: ScriptedTasks
) -> None:
    for headers in ({}, {"content-type": "image/png"}, {"content-type": "text/html"}):
        reply = await api.post("/models/org/image-to-text", content=PNG, headers=headers)
        assert reply.status_code == 200
    assert tasks.seen == [{"image": PNG}] * 3


async def test_a_file_comes_back_with_its_own_type_and_nothing_is_kept(
    api: httpx.AsyncClient, tasks: ScriptedTasks, tmp_path: Path
) -> None:
    tasks.script = writes(Media.VIDEO, "video/mp4", samples.video_bytes("video/mp4"))
    reply = await api.post("/tasks/image-to-video", content=PNG)
    assert reply.headers["content-type"] == "video/mp4"
    assert reply.content == samples.video_bytes("video/mp4")
    assert list((tmp_path / "scratch").iterdir()) == []


async def test_the_client_tells_its_user_why(url: str, hf: HfClient) -> None:
    told = await asyncio.to_thread(hf.refusal, f"{url}/models/org/nobody", "fill_mask", text="a")
    assert told[0] == 404
    assert "the catalog holds no model 'org/nobody'" in told[1]
