"""What happens inside, as it is written on the wire."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from server.api.schemas import ArtifactSchema, LinksSchema, ResourceSchema
from server.artifacts.store import ArtifactStore
from server.core.artifact import Artifact
from server.core.event import Event
from server.core.plan import Plan
from server.core.resource import Resource
from server.errors import NotFound


def artifact_url(artifact_id: str) -> str:
    """Where an artifact is fetched."""
    return f"/v1/artifacts/{artifact_id}"


def turn_links(turn_id: str) -> LinksSchema:
    """Where a turn is read, followed and cancelled."""
    here = f"/v1/turns/{turn_id}"
    return LinksSchema(self=here, events=f"{here}/events", cancel=f"{here}/cancel")


def artifact_to_wire(artifact: Artifact) -> ArtifactSchema:
    """An artifact with its URL."""
    return ArtifactSchema(
        id=artifact.id,
        media=artifact.media,
        mime=artifact.mime,
        size_bytes=artifact.size_bytes,
        name=artifact.name,
        url=artifact_url(artifact.id),
    )


def resource_to_wire(resource: Resource, store: ArtifactStore) -> ResourceSchema:
    """A resource with its text, or with the URL and type of its file."""
    wire = ResourceSchema(
        alias=resource.alias, media=resource.media, origin=resource.origin, text=resource.text
    )
    if resource.artifact_id is not None:
        wire.url = artifact_url(resource.artifact_id)
        wire.mime = _mime(resource.artifact_id, store)
    return wire


def event_to_wire(event: Event, store: ArtifactStore) -> dict[str, Any]:
    """The fields of an event: plans as HuggingGPT writes them, resources with URLs."""
    return {item.name: _to_wire(getattr(event, item.name), store) for item in fields(event)}


def _to_wire(value: Any, store: ArtifactStore) -> Any:
    match value:
        case Plan():
            return value.to_wire()
        case Resource():
            return resource_to_wire(value, store).model_dump(mode="json")
        case list() | tuple():
            return [_to_wire(item, store) for item in value]
        case _ if is_dataclass(value):
            return {item.name: _to_wire(getattr(value, item.name), store) for item in fields(value)}
        case _:
            return value


def _mime(artifact_id: str, store: ArtifactStore) -> str | None:
    """An artifact may be gone while the turn that made it is still remembered."""
    try:
        return store.get(artifact_id).mime
    except NotFound:
        return None
