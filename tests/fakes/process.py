"""A whole server in a process of its own, on the starter kit or another catalog."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

START_S = 120.0
TURN_S = 120.0


@dataclass
class Baton:
    """A running server. `base` and its paths are spoken to over real HTTP."""

    url: str
    http: httpx.Client
    log: Path

    def post_turn(self, text: str, **body: Any) -> str:
        """Start a turn; its id."""
        messages = [{"role": "user", "content": text}]
        reply = self.http.post("/v1/turns", json={"messages": messages, **body})
        assert reply.status_code == 202, reply.text
        return reply.json()["id"]

    def events(self, turn_id: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each event's name and data until the turn is over."""
        with self.http.stream("GET", f"/v1/turns/{turn_id}/events") as reply:
            name = ""
            for line in reply.iter_lines():
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    yield name, json.loads(line.removeprefix("data: "))

    def run(self, text: str, **body: Any) -> dict[str, Any]:
        """Run a turn to its end; the turn in full."""
        turn_id = self.post_turn(text, **body)
        for _ in self.events(turn_id):
            pass
        return self.turn(turn_id)

    def turn(self, turn_id: str) -> dict[str, Any]:
        """A turn in full."""
        return self.http.get(f"/v1/turns/{turn_id}").json()

    def pids(self) -> dict[str, int]:
        """The process of each worker that is up."""
        devices = self.http.get("/v1/devices").json()["data"]
        workers = [worker for device in devices for worker in device["workers"]]
        return {w["name"]: w["pid"] for w in workers if w["pid"] and w["state"] == "up"}

    def kill(self, worker: str) -> None:
        """kill -9 a worker."""
        os.kill(self.pids()[worker], signal.SIGKILL)


@contextmanager
def serving(
    data_dir: Path, *arguments: str, prefix: Sequence[str] = (), **environ: str
) -> Iterator[Baton]:
    """A server that is up, not necessarily ready; ended and gone after the block."""
    data_dir.mkdir(parents=True, exist_ok=True)
    log = data_dir / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [*prefix, sys.executable, "-m", "server", "serve", "--port", "0", *arguments],
            env={**os.environ, "BATON_DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1", **environ},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        url = _wait_for_url(process, log)
        with httpx.Client(base_url=url, timeout=TURN_S, trust_env=False) as http:
            yield Baton(url, http, log)
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        finally:
            process.kill()


def wait_until_ready(baton: Baton) -> None:
    """Until `/ready` says so."""
    _poll(lambda: baton.http.get("/ready").status_code == httpx.codes.OK, baton.log)


def _wait_for_url(process: subprocess.Popen[bytes], log: Path) -> str:
    def announced() -> str | None:
        assert process.poll() is None, f"the server ended: {log.read_text()}"
        _, found, rest = log.read_text().partition("Uvicorn running on ")
        return rest.split()[0] if found else None

    return _poll(announced, log)


def _poll(ask: Any, log: Path) -> Any:
    # A process that starts tells of itself only by its log and its port: there is nothing to await.
    ends_at = time.monotonic() + START_S
    while time.monotonic() < ends_at:
        if answer := ask():
            return answer
        time.sleep(0.1)
    raise AssertionError(f"not within {START_S} s: {log.read_text()}")
