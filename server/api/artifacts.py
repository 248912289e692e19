"""Artifacts: store a file, fetch one."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse

from server.api.schemas import ArtifactSchema, ErrorSchema
from server.api.services import Api, Services
from server.api.turn_request import chunks_of, form_files, media_type
from server.api.wire import artifact_to_wire
from server.core.artifact import Artifact
from server.core.task import Media
from server.errors import InvalidInput

_BINARY: dict[str, Any] = {"type": "string", "format": "binary"}
_FILE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {"type": "object", "properties": {"file": _BINARY}, "required": ["file"]}
            },
            "application/octet-stream": {"schema": _BINARY},
        },
    }
}
# A file is what its bytes are, and never runs or frames anything in a browser.
_FILE_HEADERS = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}

router = APIRouter(prefix="/v1", tags=["artifacts"], responses={"4XX": {"model": ErrorSchema}})


@router.post("/artifacts", status_code=HTTPStatus.CREATED, openapi_extra=_FILE_BODY)
async def create_artifact(
    request: Request,
    response: Response,
    api: Api,
    name: Annotated[str, Query(description="what a raw body is called")] = "",
) -> ArtifactSchema:
    """Store one file: a form's `file`, or the raw body. What it is, its bytes say."""
    if media_type(request) == "multipart/form-data":
        artifact = await _receive_form(request, api)
    else:
        artifact = await api.store.receive(request.stream(), name)
    wire = artifact_to_wire(artifact)
    response.headers["Location"] = wire.url
    return wire


async def _receive_form(request: Request, api: Services) -> Artifact:
    async with request.form(max_files=2, max_fields=0) as form:
        files = form_files(form, "file")
        if len(files) != 1 or len(form) != 1:
            raise InvalidInput("the form must have exactly one file, in the field `file`")
        return await api.store.receive(chunks_of(files[0]), files[0].filename or "")


@router.get("/artifacts/{artifact_id}", response_class=FileResponse)
async def read_artifact(artifact_id: str, api: Api) -> FileResponse:
    """The file itself. It never changes; parts of it can be asked for by Range."""
    artifact = api.store.get(artifact_id)
    charset = "; charset=utf-8" if artifact.media is Media.TEXT else ""
    return FileResponse(
        artifact.path,
        media_type=artifact.mime + charset,
        filename=artifact.name,
        content_disposition_type="inline",
        headers=_FILE_HEADERS,
    )
