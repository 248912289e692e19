"""No request body past its limit is ever read, whether it announces its length or not."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.api.errors import DIRECT_PATHS, error_response
from server.core.model import LimitsSpec
from server.errors import TooLarge

MAX_JSON_BYTES = 4 << 20
_ENVELOPE_BYTES = 1 << 20  # multipart boundaries and headers around the files
_UPLOAD_PATHS = ("/v1/artifacts",)
# A direct call's file comes in base64, a third longer, and InferenceClient sends the picture that
# it asks about twice.
_FILE_IN_JSON = 3


class BodyLimit:
    """ASGI middleware: refuses by Content-Length at once, otherwise by counting what arrives.

    A route that reads on past the limit gets TooLarge from its own read.
    """

    def __init__(self, app: ASGIApp, limits: LimitsSpec) -> None:
        self._app = app
        self._max_upload_bytes = limits.max_upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, its body bounded."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        limit_bytes = self._limit_bytes(scope["path"], headers)
        if int(headers.get("content-length", 0)) > limit_bytes:
            # The connection stays open and what still comes is thrown away unread: closing it
            # would reset a client in mid-send, which would then never see the answer.
            refusal = error_response(413, _too_large(limit_bytes).info(), path=scope["path"])
            await refusal(scope, receive, send)
            return
        await self._app(scope, _counted(receive, limit_bytes), send)

    def _limit_bytes(self, path: str, headers: Headers) -> int:
        is_form = headers.get("content-type", "").startswith("multipart/form-data")
        if is_form or path in _UPLOAD_PATHS:
            return self._max_upload_bytes + _ENVELOPE_BYTES
        if path.startswith(DIRECT_PATHS):
            return self._max_upload_bytes * _FILE_IN_JSON + _ENVELOPE_BYTES
        return MAX_JSON_BYTES


def _counted(receive: Receive, limit_bytes: int) -> Receive:
    seen_bytes = 0

    async def receive_counted() -> Message:
        nonlocal seen_bytes
        message = await receive()
        seen_bytes += len(message.get("body", b""))
        if seen_bytes > limit_bytes:
            raise _too_large(limit_bytes)
        return message

    return receive_counted


def _too_large(limit_bytes: int) -> TooLarge:
    return TooLarge(
        f"the request's body has more than {limit_bytes:,} bytes, the limit here; send less, "
        "or upload files one by one to /v1/artifacts"
    )
