"""Direct calls on the wire, as huggingface_hub's InferenceClient speaks it: bodies in, replies out.

Pure functions, one for each shape; one table says how a task's request is read, another how its
results are told. Names of parameters that differ from Baton's are translated here and only here.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from server.api.errors import invalid_body
from server.core.task import TASKS, Media, Task
from server.errors import InvalidInput, RunError
from server.execution.direct import DirectCall, DirectFile, DirectResult, Inputs

_JSON = "application/json"
_HEAD_BYTES = 64
# Each name stands for the parameters it holds.
_NESTED = frozenset(
    {"generate_kwargs", "generate_parameters", "generation_parameters", "target_size"}
)
# The client's table_question_answering repeats its own URL among the parameters.
_MEANINGLESS = frozenset({"model"})
# Switches of text generation that Baton does not have: off is what it does.
_SWITCHES = frozenset(
    {"stream", "details", "decoder_input_details", "return_full_text", "watermark"}
)
_KINDS: Mapping[type, str] = MappingProxyType(
    {
        bytes: "a file",
        dict: "an object",
        list: "a list",
        str: "a text",
        bool: "true or false",
        type(None): "missing",
    }
)


class CallSchema(BaseModel):
    """A call as JSON. What does not stand in `parameters` may stand beside it."""

    model_config = ConfigDict(extra="allow")

    inputs: JsonValue = None
    parameters: dict[str, JsonValue] | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """A request's body: the inputs, or a file's bytes, and everything said beside them by name."""

    inputs: JsonValue | bytes
    named: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Reply:
    """A response's body and its Content-Type."""

    content: bytes
    mime: str


@dataclass(frozen=True, slots=True)
class _Request:
    """A shape of requests. `names` are those that its jobs are read from; others are parameters."""

    jobs: Callable[[Task, Body], tuple[Inputs, ...]]
    names: frozenset[str] = frozenset()


def parse_body(content: bytes, media_type: str) -> Body:
    """JSON, or else the bytes of a file; many clients do not say which. Raises InvalidInput."""
    if media_type != _JSON and not content[:_HEAD_BYTES].lstrip().startswith(b"{"):
        return Body(content, {})
    try:
        sent = CallSchema.model_validate_json(content)
    except ValidationError as error:
        raise invalid_body(error) from error
    return Body(sent.inputs, {**(sent.model_extra or {}), **(sent.parameters or {})})


def read_call(task: Task, body: Body) -> DirectCall:
    """What a body asks of a task. Raises InvalidInput where it has not the task's shape."""
    request = _REQUESTS[task.name]
    rest = {name: value for name, value in body.named.items() if name not in request.names}
    return DirectCall(request.jobs(task, body), _parameters(rest))


def write_reply(task: Task, results: Sequence[DirectResult]) -> Reply:
    """The results of a call as its client expects them. Raises RunError where a file is missing."""
    return _REPLIES[task.name](task, results)


def _parameters(named: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """The parameters under Baton's names, without those that say nothing."""
    flat: dict[str, JsonValue] = {}
    for name, value in named.items():
        flat |= _object(value, name) if name in _NESTED and value is not None else {name: value}
    return {name: value for name, value in flat.items() if not _says_nothing(name, value)}


def _says_nothing(name: str, value: JsonValue) -> bool:
    return value is None or name in _MEANINGLESS or (name in _SWITCHES and value is False)


# What stands in a body, by its place there


def _object(value: JsonValue | bytes, place: str) -> dict[str, JsonValue]:
    if not isinstance(value, dict):
        raise InvalidInput(f"{place} must be a JSON object; it is {_kind(value)}")
    return value


def _text(value: JsonValue | bytes, place: str) -> str:
    if not isinstance(value, str):
        raise InvalidInput(f"{place} must be a text; it is {_kind(value)}")
    return value


def _texts(value: JsonValue | bytes, place: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InvalidInput(f"{place} must be a list of texts")
    return [str(item) for item in value]


def _file(value: JsonValue | bytes, place: str) -> bytes:
    if isinstance(value, bytes):
        return value
    try:
        return base64.b64decode(_text(value, place), validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidInput(f"{place} must be a file in base64 ({error})") from error


def _labels(body: Body) -> str:
    """The labels, each on a line of its own: other separators may be part of one."""
    labels = _texts(body.named.get("candidate_labels"), "candidate_labels")
    if not labels:
        raise InvalidInput("candidate_labels must name at least one label")
    if broken := [label for label in labels if "\n" in label or not label.strip()]:
        raise InvalidInput(f"candidate_labels: {broken[0][:60]!r} is not one line of text")
    return "".join(f"{label}\n" for label in labels)


def _table_text(value: JsonValue | bytes, place: str) -> str:
    table = _object(value, place)
    try:
        return _dumped(table)
    except ValueError as error:
        raise InvalidInput(f"{place} holds a number that is not finite") from error


def _kind(value: JsonValue | bytes) -> str:
    return _KINDS.get(type(value), "a number")


# Jobs from bodies, one function for each shape


def _one_text(_: Task, body: Body) -> tuple[Inputs, ...]:
    return ({"text": _text(body.inputs, "inputs")},)


def _every_text(task: Task, body: Body) -> tuple[Inputs, ...]:
    if not isinstance(body.inputs, list):
        return _one_text(task, body)
    return tuple({"text": text} for text in _texts(body.inputs, "inputs"))


def _text_and_labels(_: Task, body: Body) -> tuple[Inputs, ...]:
    return ({"text": _text(body.inputs, "inputs"), "labels": _labels(body)},)


def _one_file(task: Task, body: Body) -> tuple[Inputs, ...]:
    return ({task.inputs[0].name: _file(body.inputs, "inputs")},)


def _image_and_labels(_: Task, body: Body) -> tuple[Inputs, ...]:
    return ({"image": _file(body.inputs, "inputs"), "labels": _labels(body)},)


def _image_and_prompt(_: Task, body: Body) -> tuple[Inputs, ...]:
    prompt = body.named.get("prompt")
    text = "" if prompt is None else _text(prompt, "prompt")
    return ({"image": _file(body.inputs, "inputs"), "text": text},)


def _prompt_and_guide(_: Task, body: Body) -> tuple[Inputs, ...]:
    prompt = _text(body.named.get("prompt"), "prompt")
    return ({"text": prompt, "image": _file(body.inputs, "inputs")},)


def _question_and_context(_: Task, body: Body) -> tuple[Inputs, ...]:
    asked = _object(body.inputs, "inputs")
    question = _text(asked.get("question"), "inputs.question")
    return ({"text": question, "context": _text(asked.get("context"), "inputs.context")},)


def _question_and_table(_: Task, body: Body) -> tuple[Inputs, ...]:
    asked = _object(body.inputs, "inputs")
    table = _table_text(asked.get("table"), "inputs.table")
    return ({"text": _text(asked.get("query"), "inputs.query"), "table": table},)


def _question_about_image(_: Task, body: Body) -> tuple[Inputs, ...]:
    """Documents are asked about within `inputs`, other pictures beside it."""
    asked = body.inputs if isinstance(body.inputs, dict) else body.named
    image = _file(asked.get("image"), "image")
    return ({"image": image, "text": _text(asked.get("question"), "question")},)


def _table(_: Task, body: Body) -> tuple[Inputs, ...]:
    return ({"table": _table_text(body.named.get("table"), "table")},)


def _sentences(_: Task, body: Body) -> tuple[Inputs, ...]:
    asked = _object(body.inputs, "inputs")
    source = _text(asked.get("source_sentence"), "inputs.source_sentence")
    others = _texts(asked.get("sentences"), "inputs.sentences")
    return tuple({"text1": source, "text2": other} for other in others)


# Replies from results, one function for each shape


def _data(_: Task, results: Sequence[DirectResult]) -> Reply:
    return _json(results[0].data)


def _nested_data(_: Task, results: Sequence[DirectResult]) -> Reply:
    return _json([result.data for result in results])


def _joined_data(_: Task, results: Sequence[DirectResult]) -> Reply:
    return _json([item for result in results for item in result.data])


def _label_of_each(_: Task, results: Sequence[DirectResult]) -> Reply:
    return _json([item["label"] for item in results[0].data])


def _media(task: Task, results: Sequence[DirectResult]) -> Reply:
    wanted = next(media for media in task.outputs if media is not Media.TEXT)
    for file in results[0].files:
        if file.media is wanted:
            return Reply(file.content, file.mime)
    raise RunError(f"{task.name} gave no {wanted}")


def _labelled_blobs(_: Task, results: Sequence[DirectResult]) -> Reply:
    """What a runner says of each file, with the file in it."""
    pairs = zip(results[0].data, results[0].files, strict=True)
    return _json([item | _blob(file) for item, file in pairs])


def _blob(file: DirectFile) -> dict[str, str]:
    return {"blob": base64.b64encode(file.content).decode(), "content-type": file.mime}


def _json(value: Any) -> Reply:
    return Reply(_dumped(value).encode(), _JSON)


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


# The two tables: by the ports of a task where they say it all, by its name where they do not


def _taking(*ports: str) -> tuple[str, ...]:
    """The tasks that have these ports."""
    return tuple(t.name for t in TASKS.values() if tuple(port.name for port in t.inputs) == ports)


def _giving_text() -> tuple[str, ...]:
    return tuple(task.name for task in TASKS.values() if Media.TEXT in task.outputs)


_PROMPT = frozenset({"prompt"})
_CANDIDATES = frozenset({"candidate_labels"})
_ABOUT_IMAGE = _Request(_question_about_image, frozenset({"question", "image"}))

_REQUESTS: Mapping[str, _Request] = MappingProxyType(
    {
        **dict.fromkeys(_taking("text"), _Request(_one_text)),
        **dict.fromkeys(
            (*_taking("image"), *_taking("audio"), *_taking("video")), _Request(_one_file)
        ),
        **dict.fromkeys(_taking("text", "labels"), _Request(_text_and_labels, _CANDIDATES)),
        **dict.fromkeys(_taking("image", "labels"), _Request(_image_and_labels, _CANDIDATES)),
        **dict.fromkeys(_taking("text", "image"), _Request(_prompt_and_guide, _PROMPT)),
        "feature-extraction": _Request(_every_text),
        "question-answering": _Request(_question_and_context),
        "table-question-answering": _Request(_question_and_table),
        "tabular-classification": _Request(_table, frozenset({"table"})),
        "sentence-similarity": _Request(_sentences),
        "image-to-image": _Request(_image_and_prompt, _PROMPT),
        "visual-question-answering": _ABOUT_IMAGE,
        "document-question-answering": _ABOUT_IMAGE,
    }
)

_REPLIES: Mapping[str, Callable[[Task, Sequence[DirectResult]], Reply]] = MappingProxyType(
    {
        **dict.fromkeys(TASKS, _media),
        **dict.fromkeys(_giving_text(), _data),
        "text-classification": _nested_data,
        "feature-extraction": _nested_data,
        "sentence-similarity": _joined_data,
        "depth-estimation": _media,
        "audio-to-audio": _labelled_blobs,
        "tabular-classification": _label_of_each,
    }
)
