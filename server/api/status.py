"""What an operator looks at: models, devices, the queue, and whether the server is up."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Response

from server.api.errors import error_response
from server.api.schemas import (
    DeviceListSchema,
    ErrorSchema,
    HealthSchema,
    ModelListSchema,
    ModelSchema,
    QueueSchema,
)
from server.api.services import Api
from server.errors import ErrorInfo

router = APIRouter(tags=["status"])


@router.get("/v1/models")
async def list_models(api: Api) -> ModelListSchema:
    """Every model of the catalog: installed or what is missing, and where it is resident."""
    return ModelListSchema(data=[ModelSchema.of(model) for model in api.operations.models()])


@router.get("/v1/devices")
async def list_devices(api: Api) -> DeviceListSchema:
    """Every device: its budget, what is on it, its worker processes and the job that has it."""
    return DeviceListSchema(data=list(api.operations.devices()))


@router.get("/v1/queue")
async def list_queue(api: Api) -> QueueSchema:
    """Every job that has not ended."""
    return QueueSchema(data=list(api.operations.queue()))


@router.get("/health")
async def health() -> HealthSchema:
    """The process lives, also while models load."""
    return HealthSchema(status="alive")


@router.get("/ready", response_model=HealthSchema, responses={503: {"model": ErrorSchema}})
async def ready(api: Api) -> Response | HealthSchema:
    """Whether turns can be taken; 503 says why not yet."""
    reason = api.operations.ready()
    if reason is None:
        return HealthSchema(status="ready")
    unavailable = HTTPStatus.SERVICE_UNAVAILABLE
    return error_response(unavailable, ErrorInfo("not_ready", reason), {"Retry-After": "1"})
