"""The one table from errors to statuses, and every failure in one shape: `{"error": {…}}`.

Below the paths of direct calls it is `{"error": "…"}`, as their clients read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from server import errors
from server.errors import BatonError, ErrorInfo, InvalidInput

# An error not listed here has the status of the nearest class above it.
STATUS: Mapping[type[BatonError], HTTPStatus] = MappingProxyType(
    {
        errors.BatonError: HTTPStatus.INTERNAL_SERVER_ERROR,
        errors.InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
        errors.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        errors.NotFound: HTTPStatus.NOT_FOUND,
        errors.Conflict: HTTPStatus.CONFLICT,
        errors.Busy: HTTPStatus.TOO_MANY_REQUESTS,
        errors.NotInstalled: HTTPStatus.SERVICE_UNAVAILABLE,
        errors.OutOfMemory: HTTPStatus.SERVICE_UNAVAILABLE,
        errors.NoCandidate: HTTPStatus.SERVICE_UNAVAILABLE,
        errors.Cancelled: HTTPStatus.SERVICE_UNAVAILABLE,
        errors.WorkerLost: HTTPStatus.BAD_GATEWAY,
        errors.DeadlineExceeded: HTTPStatus.GATEWAY_TIMEOUT,
    }
)
DIRECT_PATHS = ("/models/", "/tasks/")
_RETRY_AFTER_S = 5
_MAX_PROBLEMS = 5
_HTTP_CODES: Mapping[int, str] = MappingProxyType(
    {404: "not_found", 405: "method_not_allowed", 413: "too_large"}
)


def status_of(error: BatonError) -> HTTPStatus:
    """The status of an error: its own, or that of the nearest class above it."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def error_response(
    status: int, info: ErrorInfo, headers: Mapping[str, str] | None = None, *, path: str = ""
) -> JSONResponse:
    """An error as the routes at `path` return it."""
    plain = path.startswith(DIRECT_PATHS)
    told = info.message if plain else {"code": info.code, "message": info.message}
    return JSONResponse({"error": told}, status_code=status, headers=headers)


def invalid_body(error: ValidationError) -> InvalidInput:
    """What is wrong with a body: each place with its problem."""
    return InvalidInput(_problems(error.errors(include_url=False, include_input=False)))


def install_handlers(app: FastAPI) -> None:
    """Answer every failure in our shape."""
    app.add_exception_handler(BatonError, _baton_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(ClientDisconnect, _disconnected)
    app.add_exception_handler(Exception, _defect)


def _problems(found: Iterable[Mapping[str, Any]]) -> str:
    lines = [f"{_place(problem['loc'])}: {_sentence(problem['msg'])}" for problem in found]
    more = len(lines) - _MAX_PROBLEMS
    return "; ".join(lines[:_MAX_PROBLEMS]) + (f"; and {more} more" if more > 0 else "")


def _place(location: tuple[str | int, ...]) -> str:
    return ".".join(str(part)[:40] for part in location) or "body"


def _sentence(message: str) -> str:
    return message.removeprefix("Value error, ")


async def _baton_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, BatonError)
    status = status_of(error)
    retry = status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
    headers = {"Retry-After": str(_RETRY_AFTER_S)} if retry else None
    return error_response(status, error.info(), headers, path=request.url.path)


async def _validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    info = ErrorInfo("invalid_input", _problems(error.errors()))
    return error_response(422, info, path=request.url.path)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == HTTPStatus.NO_CONTENT:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    code = _HTTP_CODES.get(error.status_code, "invalid_input")
    path = request.url.path
    message = f"{request.method} {path[:200]}: {error.detail}; /docs lists what there is"
    return error_response(error.status_code, ErrorInfo(code, message), error.headers, path=path)


async def _disconnected(_: Request, __: Exception) -> Response:
    """Nobody reads this: the client went away in the middle of its own request."""
    return Response(status_code=HTTPStatus.BAD_REQUEST)


async def _defect(request: Request, _: Exception) -> Response:
    message = "the server failed in a way nobody foresaw; its log says where"
    return error_response(500, ErrorInfo("internal", message), path=request.url.path)
