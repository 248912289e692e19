"""The translation of direct calls, for every task and whatever is sent."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.api.direct_wire import parse_body, read_call, write_reply
from server.core.task import TASKS, Media
from server.errors import InvalidInput
from server.execution.direct import DirectFile, DirectResult
from tests.fakes import samples

PNG = samples.image_bytes("PNG")
JSON_TYPE = "application/json"
WORDS = st.text(st.characters(codec="utf-8"), max_size=20)
LABEL = st.text("abc é-", min_size=1, max_size=8).filter(str.strip)


def values(numbers: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        st.none() | st.booleans() | st.integers(-9, 9) | numbers | WORDS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
        max_leaves=4,
    )


VALUES, FINITE = values(st.floats()), values(st.floats(-9, 9))
NAMES = (
    "inputs", "parameters", "question", "context", "image", "table", "query", "prompt", "sentences",
    "source_sentence", "candidate_labels", "generate_parameters", "target_size", "stream", "model",
)  # fmt: skip
BODIES = st.dictionaries(st.sampled_from(NAMES), VALUES)
NESTED = {"text-classification", "feature-extraction"}
OTHERS = {"audio-to-audio", "tabular-classification"}
TELLING_DATA = {name for name, task in TASKS.items() if task.gives(Media.TEXT)} - {
    "depth-estimation",
    "tabular-classification",
}
MEDIA = {Media.IMAGE: PNG, Media.AUDIO: samples.wav_bytes(), Media.VIDEO: b"a video"}


def packed(content: bytes) -> str:
    return base64.b64encode(content).decode()


def well_formed(task: str, text: str, label: str) -> dict[str, Any]:
    """A body that asks for a task, as its clients write it."""
    file = packed(MEDIA[TASKS[task].inputs[0].media]) if task_takes_file(task) else ""
    special: dict[str, dict[str, Any]] = {
        "question-answering": {"inputs": {"question": text, "context": text}},
        "table-question-answering": {"inputs": {"query": text, "table": {text: [text]}}},
        "tabular-classification": {"table": {text: [text]}},
        "sentence-similarity": {"inputs": {"source_sentence": text, "sentences": [text, text]}},
        "visual-question-answering": {"inputs": file, "question": text, "image": file},
        "document-question-answering": {"inputs": {"question": text, "image": file}},
    }
    named = {"candidate_labels": [label, label], "prompt": text}
    ports = {port.name for port in TASKS[task].inputs}
    taken = ["candidate_labels"] * ("labels" in ports) + ["prompt"] * ({"text", "image"} == ports)
    plain = {"inputs": file or text, "parameters": {name: named[name] for name in taken}}
    if task.endswith("-text-to-image"):
        plain["inputs"] = packed(PNG)
    return special.get(task, plain)


def task_takes_file(task: str) -> bool:
    return TASKS[task].inputs[0].media is not Media.TEXT


@pytest.mark.parametrize("task", TASKS)
@given(text=WORDS, label=LABEL)
@settings(max_examples=5)
def test_a_well_formed_body_fills_every_port_with_what_it_takes(
    task: str, text: str, label: str
) -> None:
    body = json.dumps(well_formed(task, text, label)).encode()
    call = read_call(TASKS[task], parse_body(body, JSON_TYPE))
    assert call.parameters == {}
    for job in call.jobs:
        assert set(job) == {port.name for port in TASKS[task].inputs}
        for port in TASKS[task].inputs:
            assert isinstance(job[port.name], str) is (port.media is Media.TEXT)
            if port.media is not Media.TEXT:
                assert job[port.name] == MEDIA[port.media]


@given(task=st.sampled_from(list(TASKS)), body=BODIES)
def test_any_json_is_read_or_refused(task: str, body: dict[str, Any]) -> None:
    with suppress(InvalidInput):
        call = read_call(TASKS[task], parse_body(json.dumps(body).encode(), JSON_TYPE))
        for job in call.jobs:
            assert set(job) == {port.name for port in TASKS[task].inputs}


@given(content=st.binary(max_size=200), media_type=st.sampled_from(["", JSON_TYPE, "image/png"]))
def test_any_bytes_are_read_or_refused(content: bytes, media_type: str) -> None:
    with suppress(InvalidInput):
        body = parse_body(content, media_type)
        assert body.inputs == content or media_type == JSON_TYPE or content.lstrip()[:1] == b"{"


@given(named=st.dictionaries(st.sampled_from(["top_k", "seed", "stop"]), FINITE, max_size=3))
def test_what_is_not_an_input_is_a_parameter_wherever_it_stands(named: dict[str, Any]) -> None:
    said = {name: value for name, value in named.items() if value is not None}
    for body in ({"inputs": "a", "parameters": named}, {"inputs": "a", **named}):
        read = parse_body(json.dumps(body).encode(), "")
        assert read_call(TASKS["fill-mask"], read).parameters == said


@given(task=st.sampled_from(sorted(TELLING_DATA)), data=st.lists(FINITE, max_size=3))
def test_data_is_told_unchanged(task: str, data: list[Any]) -> None:
    file = DirectFile(Media.IMAGE, "image/png", PNG)
    reply = write_reply(TASKS[task], [DirectResult("a text", data, (file,))])
    assert json.loads(reply.content) == (data if task not in NESTED else [data])
    assert reply.mime == JSON_TYPE


@pytest.mark.parametrize("task", [name for name in TASKS if name not in TELLING_DATA | OTHERS])
def test_a_file_is_told_as_it_is(task: str) -> None:
    files = tuple(DirectFile(media, f"{media}/x", content) for media, content in MEDIA.items())
    reply = write_reply(TASKS[task], [DirectResult("a text", [], files)])
    wanted = next(media for media in TASKS[task].outputs if media is not Media.TEXT)
    assert (reply.content, reply.mime) == (MEDIA[wanted], f"{wanted}/x")
