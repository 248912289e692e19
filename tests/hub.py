"""A model hub on loopback: real HTTP, as much of the Hugging Face Hub as fetching models needs."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import unquote, urlsplit

_LARGE = (".safetensors", ".gguf", ".bin", ".model")
_CHUNK_BYTES = 16 << 10


@dataclass(frozen=True)
class Repository:
    """A model repository at its newest commit, which its branches name, and those before it.

    `claimed_bytes` overstates the size of some files.
    """

    files: Mapping[str, bytes]
    licence: str = "apache-2.0"
    revisions: tuple[str, ...] = ("main",)
    earlier: Repository | None = None
    claimed_bytes: Mapping[str, int] = field(default_factory=dict)
    downloads: int = 0
    likes: int = 0

    @property
    def commit(self) -> str:
        """Follows from the content, as git's does."""
        content = repr(sorted(self.files.items())).encode()
        return hashlib.sha1(content, usedforsecurity=False).hexdigest()

    def sibling(self, name: str) -> dict[str, Any]:
        """What the hub's API says of a file."""
        content = self.files[name]
        size = self.claimed_bytes.get(name, len(content))
        described = {"rfilename": name, "size": size, "blobId": _git_sha1(content)}
        if name.endswith(_LARGE):
            sha256 = hashlib.sha256(content).hexdigest()
            described["lfs"] = {"sha256": sha256, "size": size, "pointerSize": 134}
        return described

    def etag(self, name: str) -> str:
        """The name the cache gives the file's blob."""
        sibling = self.sibling(name)
        return sibling["lfs"]["sha256"] if "lfs" in sibling else sibling["blobId"]


def _git_sha1(content: bytes) -> str:
    framed = b"blob %d\0%b" % (len(content), content)
    return hashlib.sha1(framed, usedforsecurity=False).hexdigest()


@dataclass
class Stall:
    """Makes the body of one file stop half way: `reached` is set there, `go_on` lets it end."""

    name: str
    reached: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)


class Hub(ThreadingHTTPServer):
    """Serves `repositories`; `fetched` lists the bodies asked for, with their Range header."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.repositories: dict[str, Repository] = {}
        self.fetched: list[tuple[str, str | None]] = []
        self.asked: list[str] = []
        self.stall: Stall | None = None
        self.break_off: set[str] = set()
        self.spoil: set[str] = set()

    @property
    def url(self) -> str:
        """For HF_ENDPOINT."""
        return f"http://127.0.0.1:{self.server_port}"

    def names_fetched(self) -> list[str]:
        """The files whose bodies were asked for, `repository/name`, in order."""
        return [name for name, _ in self.fetched]


@contextmanager
def running_hub() -> Iterator[Hub]:
    """A hub that serves until the block ends."""
    hub = Hub()
    thread = threading.Thread(target=hub.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        if hub.stall:
            hub.stall.go_on.set()
        hub.shutdown()
        hub.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def _hub(self) -> Hub:
        return cast(Hub, self.server)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on stderr: the tests read what they need from `fetched`."""

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def _answer(self, *, with_body: bool) -> None:
        path = unquote(urlsplit(self.path).path)
        self._hub.asked.append(path)
        if path.startswith("/api/models/"):
            name, _, revision = path.removeprefix("/api/models/").partition("/revision/")
            self._info(name, revision)
        elif "/resolve/" in path:
            name, _, rest = path[1:].partition("/resolve/")
            revision, _, file = rest.partition("/")
            self._file(name, revision, file, with_body=with_body)
        else:
            self._refuse("EntryNotFound")

    def _repository(self, name: str, revision: str) -> Repository | None:
        repository = self._hub.repositories.get(name)
        if repository is None:
            self._refuse("RepoNotFound")
            return None
        if revision in repository.revisions:
            return repository
        while repository and repository.commit != revision:
            repository = repository.earlier
        if repository is None:
            self._refuse("RevisionNotFound")
        return repository

    def _refuse(self, code: str) -> None:
        self.send_response(404)
        self.send_header("X-Error-Code", code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _info(self, name: str, revision: str) -> None:
        if repository := self._repository(name, revision):
            body = json.dumps(
                {
                    "id": name,
                    "sha": repository.commit,
                    "cardData": {"license": repository.licence},
                    "downloads": repository.downloads,
                    "likes": repository.likes,
                    "siblings": [repository.sibling(file) for file in repository.files],
                }
            ).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def _file(self, name: str, revision: str, file: str, *, with_body: bool) -> None:
        repository = self._repository(name, revision)
        if repository is None:
            return
        if file not in repository.files:
            self._refuse("EntryNotFound")
            return
        content = repository.files[file]
        start = self._start()
        self.send_response(206 if start else 200)
        self.send_header("ETag", f'"{repository.etag(file)}"')
        self.send_header("X-Repo-Commit", repository.commit)
        self.send_header("Content-Length", str(len(content) - start))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.end_headers()
        if with_body:
            self._hub.fetched.append((f"{name}/{file}", self.headers.get("Range")))
            self._body(file, content[start:])

    def _start(self) -> int:
        asked = self.headers.get("Range", "bytes=0-")
        return int(asked.removeprefix("bytes=").partition("-")[0])

    def _body(self, file: str, content: bytes) -> None:
        if file in self._hub.spoil:
            content = bytes(len(content))
        half = len(content) // 2
        self.wfile.write(content[:half])
        self.wfile.flush()
        if file in self._hub.break_off:
            self._hub.break_off.remove(file)
            self.close_connection = True
            return
        stall = self._hub.stall
        if stall and stall.name == file:
            stall.reached.set()
            stall.go_on.wait()
        for offset in range(half, len(content), _CHUNK_BYTES):
            self.wfile.write(content[offset : offset + _CHUNK_BYTES])
