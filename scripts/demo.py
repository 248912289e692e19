"""The demo: a server on the starter models, a few requests, and all that came of them.

scripts/demo [--out FOLDER] ["a request of your own" ...]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

REQUESTS = (
    "Draw a red circle, find the objects in it, describe the picture and translate the description"
    " to French.",
    "Paint a small blue star, then tell me what kind of shape it is.",
    'What is the mood of "I love this warm bread"?',
    "Hello! What can you do?",
)
START_S = 180.0


@contextmanager
def server(data_dir: Path) -> Iterator[str]:
    """A server on the embedded catalog; its address once it is ready."""
    log = (data_dir / "server.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "server", "serve", "--starter", "--port", "0"],
        env={**os.environ, "BATON_DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1"},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        yield wait_until_ready(process, data_dir / "server.log")
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_until_ready(process: subprocess.Popen, log: Path) -> str:
    """The server's address, read from its log, once `/ready` says so."""
    ends_at = time.monotonic() + START_S
    while time.monotonic() < ends_at and process.poll() is None:
        _, found, rest = log.read_text().partition("Uvicorn running on ")
        if found:
            url = rest.split()[0]
            if httpx.get(f"{url}/ready").status_code == httpx.codes.OK:
                return url
        time.sleep(0.2)
    sys.exit(f"the server did not get ready; it said:\n{log.read_text()}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Run requests on the models that ship with Baton.")
    parser.add_argument("requests", nargs="*", default=REQUESTS, help="requests of your own")
    parser.add_argument("--out", type=Path, default=Path("demo-output"), help="where files go")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print("Starting the server on the starter models ...", flush=True)
        began = time.monotonic()
        with server(Path(folder)) as url:
            print(f"ready after {time.monotonic() - began:.1f} s at {url}", flush=True)
            for number, request in enumerate(options.requests, start=1):
                print(f"\n[ User ]: {request}", flush=True)
                run(request, url, options.out / str(number))


def run(request: str, url: str, out: Path) -> None:
    """One request through the CLI, as a user would; exits where it fails."""
    command = [sys.executable, "-m", "server", "run", request, "--url", url, "--out", str(out)]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
