"""The HTTP API from the other side: what the command line asks of a running server."""

from __future__ import annotations

import json
import mimetypes
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import httpx

from server.errors import BatonError, ErrorInfo, InvalidInput, error_from

ENDS = frozenset({"answered", "error", "cancelled"})
_CONNECT_S = 5.0
# Events come with a comment every 15 seconds at least; a plan may wait for the LLM to load.
_READ_S = 600.0
_RECONNECTS = 5
_RECONNECT_PAUSE_S = 1.0
# What Python's own table lacks, or has only on some systems.
_SUFFIXES = {"audio/wav": ".wav", "audio/flac": ".flac", "audio/mp4": ".m4a", "image/webp": ".webp"}


class ServerUnreachable(Exception):
    """No server answers at the URL, or it went away in the middle."""


class Client:
    """One server, by its URL. Raises ServerUnreachable, or the BatonError the server answered."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        # A proxy from the environment must not stand between this machine and its own server.
        timeout = httpx.Timeout(_READ_S, connect=_CONNECT_S)
        self._http = httpx.Client(base_url=url, timeout=timeout, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def create_turn(
        self,
        messages: Sequence[dict[str, str]],
        resources: Sequence[dict[str, str]] = (),
        files: Sequence[Path] = (),
    ) -> str:
        """Start a turn; its id."""
        return self._post_request("/v1/turns", messages, resources, files)["id"]

    def plan(self, text: str, files: Sequence[Path] = ()) -> list[dict[str, Any]]:
        """The plan for a request, in HuggingGPT's form."""
        messages = [{"role": "user", "content": text}]
        return self._post_request("/v1/plans", messages, (), files)["plan"]

    def cancel(self, turn_id: str) -> None:
        """Stop a turn."""
        self._request("POST", f"/v1/turns/{turn_id}/cancel")

    def follow(self, turn_id: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each event's name and data until the turn ends; carries on after a broken connection."""
        seen = 0
        for _ in range(_RECONNECTS):
            try:
                for number, name, data in self._events(turn_id, seen):
                    seen = number
                    yield name, data
                    if name in ENDS:
                        return
            except httpx.TransportError:
                pass
            time.sleep(_RECONNECT_PAUSE_S)
        raise ServerUnreachable(f"the server at {self._url} keeps breaking off turn {turn_id}")

    def get(self, path: str) -> list[dict[str, Any]]:
        """One of the lists: `models`, `devices` or `queue`."""
        return self._request("GET", f"/v1/{path}").json()["data"]

    def turn(self, turn_id: str) -> dict[str, Any]:
        """A turn in full."""
        return self._request("GET", f"/v1/turns/{turn_id}").json()

    def save(self, resource: Mapping[str, Any], folder: Path) -> Path:
        """Write a resource's file into a folder, called after its alias; where it now lies."""
        content = self._request("GET", resource["url"]).content
        suffix = _SUFFIXES.get(resource["mime"]) or mimetypes.guess_extension(resource["mime"])
        path = folder / f"{resource['alias']}{suffix or ''}"
        path.write_bytes(content)
        return path

    def linked(self, text: str) -> str:
        """A text, its Markdown links to this server's artifacts made whole."""
        return text.replace("](/v1/", f"]({self._url}/v1/")

    def _events(self, turn_id: str, after: int) -> Iterator[tuple[int, str, dict[str, Any]]]:
        headers = {"Last-Event-ID": str(after)}
        with self._http.stream("GET", f"/v1/turns/{turn_id}/events", headers=headers) as response:
            if response.is_error:
                response.read()
            _check(response)
            fields: dict[str, str] = {}
            for line in response.iter_lines():
                name, _, value = line.partition(": ")
                if name:
                    fields[name] = value
                elif "data" in fields:
                    yield int(fields["id"]), fields["event"], json.loads(fields["data"])
                    fields = {}

    def _post_request(
        self,
        path: str,
        messages: Sequence[dict[str, str]],
        resources: Sequence[dict[str, str]],
        files: Sequence[Path],
    ) -> dict[str, Any]:
        body = {"messages": list(messages), "resources": list(resources)}
        if not files:
            return self._request("POST", path, json=body).json()
        with ExitStack() as stack:
            parts = [("files", _part(stack, file)) for file in files]
            return self._request(
                "POST", path, data={"request": json.dumps(body)}, files=parts
            ).json()

    def _request(self, method: str, path: str, **body: Any) -> httpx.Response:
        try:
            response = self._http.request(method, path, **body)
        except (httpx.TransportError, httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise ServerUnreachable(
                f"no server answers at {self._url} ({error}); start one with `baton serve`, or "
                "name another with --url"
            ) from error
        _check(response)
        return response


def _part(stack: ExitStack, path: Path) -> tuple[str, Any, str]:
    try:
        file = stack.enter_context(path.open("rb"))
    except OSError as error:
        raise InvalidInput(
            f"{path} cannot be read: {error.strerror}; name a file that can"
        ) from error
    return path.name, file, mimetypes.guess_type(path.name)[0] or "application/octet-stream"


def _check(response: httpx.Response) -> None:
    if not response.is_error:
        return
    try:
        found = response.json()["error"]
        info = ErrorInfo(found["code"], found["message"])
    except (ValueError, KeyError, TypeError):
        raise BatonError(
            f"{response.url} answered {response.status_code}, and not as a Baton server does"
        ) from None
    raise error_from(info)
