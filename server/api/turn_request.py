"""A turn's request from a body: JSON, or a form with files."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData, UploadFile

from server.api.body_limit import MAX_JSON_BYTES
from server.api.errors import invalid_body
from server.api.schemas import MessageSchema, ResourceDraftSchema, TurnRequestSchema
from server.api.services import Api, Services
from server.artifacts.media import read_text
from server.conversation.request import TurnRequest
from server.core.artifact import Artifact
from server.core.generation import Message
from server.core.model import LimitsSpec
from server.core.resource import ALIAS, AliasBook, Resource
from server.core.task import Media
from server.errors import InvalidInput, NotFound, TooLarge, UnknownResource

_CHUNK_BYTES = 1 << 16
_FORM_FIELDS = frozenset({"request", "message", "files"})
Schema = TypeVar("Schema", bound=BaseModel)


async def read_turn_request(request: Request, api: Api) -> TurnRequest:
    """The request in a body; its files are stored as artifacts.

    Raises InvalidInput, UnknownResource, MediaError or TooLarge.
    """
    match media_type(request):
        case "application/json":
            body = _parse(TurnRequestSchema, await request.body())
            return await _assemble(body, (), api)
        case "multipart/form-data":
            limit = api.limits.max_resources + 1
            async with request.form(
                max_files=limit, max_fields=len(_FORM_FIELDS), max_part_size=MAX_JSON_BYTES
            ) as form:
                return await _assemble(_form_request(form), form_files(form, "files"), api)
        case other:
            raise InvalidInput(
                f"the body's type is {other or 'not given'}; send application/json or "
                "multipart/form-data"
            )


SentTurn = Annotated[TurnRequest, Depends(read_turn_request)]


def media_type(request: Request) -> str:
    """The Content-Type without its parameters, in lower case."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def form_files(form: FormData, field: str) -> tuple[UploadFile, ...]:
    """The files of a form's field. Raises InvalidInput where it holds something else."""
    files = form.getlist(field)
    if not all(isinstance(file, UploadFile) for file in files):
        raise InvalidInput(f"the form's field {field!r} must hold files, each with a file name")
    return tuple(file for file in files if isinstance(file, UploadFile))


async def chunks_of(file: UploadFile) -> AsyncIterator[bytes]:
    """The bytes of a form's file, a little at a time."""
    while chunk := await file.read(_CHUNK_BYTES):
        yield chunk


def _parse(schema: type[Schema], body: bytes | str) -> Schema:
    try:
        return schema.model_validate_json(body)
    except ValidationError as error:
        raise invalid_body(error) from error


def _form_request(form: FormData) -> TurnRequestSchema:
    if unknown := form.keys() - _FORM_FIELDS:
        known = ", ".join(sorted(_FORM_FIELDS))
        raise InvalidInput(f"the form has a field {min(unknown)[:40]!r}; its fields are {known}")
    whole, message = form.get("request"), form.get("message")
    if isinstance(whole, str) and message is None:
        return _parse(TurnRequestSchema, whole)
    if isinstance(message, str) and whole is None:
        return TurnRequestSchema(messages=[MessageSchema(role="user", content=message)])
    raise InvalidInput("the form needs one text field: `message`, or `request` with the JSON body")


async def _assemble(
    body: TurnRequestSchema, files: tuple[UploadFile, ...], api: Services
) -> TurnRequest:
    _check_limits(body, len(files), api.limits)
    aliases = _given_aliases(body.resources)
    book = AliasBook(aliases)
    resources = [_resource(draft, book, api) for draft in body.resources]
    for file in files:
        artifact = await api.store.receive(chunks_of(file), file.filename or "")
        resources.append(await asyncio.to_thread(_from_artifact, artifact, None, book, api.limits))
    messages = tuple(Message(message.role, message.content) for message in body.messages)
    return TurnRequest(messages, tuple(resources))


def _check_limits(body: TurnRequestSchema, files: int, limits: LimitsSpec) -> None:
    count = len(body.resources) + files
    if count > limits.max_resources:
        raise TooLarge(
            f"the turn brings {count} resources; the limit is {limits.max_resources}. Send fewer."
        )
    for draft in body.resources:
        _check_chars(draft.text or "", limits)


def _check_chars(text: str, limits: LimitsSpec) -> None:
    if len(text) > limits.max_request_chars:
        raise TooLarge(
            f"a text has {len(text):,} characters; the limit is {limits.max_request_chars:,}. "
            "Send a shorter one, or raise limits.max_request_chars in the catalog."
        )


def _given_aliases(drafts: Iterable[ResourceDraftSchema]) -> list[str]:
    given = [draft.alias for draft in drafts if draft.alias is not None]
    for alias, uses in Counter(given).items():
        if not ALIAS.fullmatch(alias):
            raise InvalidInput(f"{alias[:40]!r} is no alias; one looks like `image-1` or `text-2`")
        if uses > 1:
            raise InvalidInput(
                f"the alias {alias!r} is given {uses} times; give each resource its own"
            )
    return given


def _resource(draft: ResourceDraftSchema, book: AliasBook, api: Services) -> Resource:
    if draft.artifact_id is None:
        alias = _alias(draft.alias, Media.TEXT, book)
        return Resource(alias, Media.TEXT, text=draft.text)
    try:
        artifact = api.store.get(draft.artifact_id)
    except NotFound as error:
        raise UnknownResource(f"{error}; upload it to /v1/artifacts first") from error
    return _from_artifact(artifact, draft.alias, book, api.limits)


def _from_artifact(
    artifact: Artifact, alias: str | None, book: AliasBook, limits: LimitsSpec
) -> Resource:
    """A stored text enters the turn as its text, everything else by its id."""
    alias = _alias(alias, artifact.media, book)
    if artifact.media is not Media.TEXT:
        return Resource(alias, artifact.media, artifact.name, artifact_id=artifact.id)
    text = read_text(artifact.path)
    _check_chars(text, limits)
    return Resource(alias, Media.TEXT, artifact.name, text=text)


def _alias(given: str | None, media: Media, book: AliasBook) -> str:
    if given is None:
        return book.next(media)
    if not given.startswith(f"{media}-"):
        raise InvalidInput(f"the alias {given!r} is for another type; the resource is {media}")
    return given
