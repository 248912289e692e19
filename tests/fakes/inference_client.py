"""huggingface_hub's InferenceClient in a process of its own, in the environment of its users.

Run as a module it reads calls, one JSON line each, and writes what each gave.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_TOKEN")


@dataclass
class HfClient:
    """The process; bytes go in and come out as bytes, pictures come out as their size."""

    process: subprocess.Popen[str]

    def call(self, url: str, method: str, **arguments: Any) -> Any:
        """What a method of a client of that URL gives."""
        told = self.ask(url, method, **arguments)
        assert "raised" not in told, told["raised"]
        return told["gave"]

    def refusal(self, url: str, method: str, **arguments: Any) -> tuple[int, str]:
        """The status and the text of the error that a method raises."""
        told = self.ask(url, method, **arguments)
        return told["status"], told["raised"]

    def ask(self, url: str, method: str, **arguments: Any) -> dict[str, Any]:
        """How a call ended."""
        pipe_in, pipe_out = self.process.stdin, self.process.stdout
        assert pipe_in is not None
        assert pipe_out is not None
        line = {"url": url, "method": method, "arguments": arguments}
        print(json.dumps(line, default=_packed), file=pipe_in, flush=True)
        return json.loads(pipe_out.readline(), object_hook=_unpacked)


@contextmanager
def hf_client(home: Path) -> Iterator[HfClient]:
    """A client that is gone after the block; what it keeps, it keeps in `home`."""
    kept = {name: value for name, value in os.environ.items() if name not in _OFFLINE}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.inference_client"],
        env={**kept, "HF_HOME": str(home), "NO_PROXY": "127.0.0.1"},
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield HfClient(process)
        assert process.stdin is not None
        process.stdin.close()


def _packed(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    return list(value.size) if hasattr(value, "size") and hasattr(value, "mode") else value.tolist()


def _unpacked(value: dict[str, Any]) -> Any:
    return base64.b64decode(value["base64"]) if set(value) == {"base64"} else value


def _serve() -> None:
    from huggingface_hub import InferenceClient
    from huggingface_hub.errors import HfHubHTTPError

    for line in sys.stdin:
        asked = json.loads(line, object_hook=_unpacked)
        client = InferenceClient(model=asked["url"])
        told: dict[str, Any]
        try:
            told = {"gave": getattr(client, asked["method"])(**asked["arguments"])}
        except HfHubHTTPError as error:
            told = {"raised": str(error), "status": error.response.status_code}
        except Exception as error:
            told = {"raised": repr(error), "status": 0}
        sys.stdout.write(json.dumps(told, default=_packed) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
