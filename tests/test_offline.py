"""Nothing reaches out: the demo in a network namespace without any route."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

FAKES = Path(__file__).parent / "fakes"
ROOT = Path(__file__).parents[1]


def run_unplugged(audit: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python there; every attempt to reach out is noted in `audit`."""
    # Whatever the machine says about being offline must come from the product itself.
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "TRANSFORMERS_"))}
    return subprocess.run(
        [
            *("unshare", "--net", "--map-root-user", sys.executable, str(FAKES / "no_network.py")),
            *(sys.executable, *arguments),
        ],
        env={**kept, "PYTHONPATH": str(FAKES / "audit"), "AUDIT_FILE": str(audit)},
        capture_output=True,
        text=True,
        timeout=600,
        cwd=ROOT,
        check=False,
    )


def test_an_attempt_to_reach_out_fails_there_and_is_noted(tmp_path: Path) -> None:
    reach = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=5)"
    result = run_unplugged(tmp_path / "audit", "-c", reach)
    assert "Network is unreachable" in result.stderr
    assert "192.0.2.1" in (tmp_path / "audit").read_text()


def test_the_demo_runs_without_a_network_and_never_tries_to_reach_one(tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run_unplugged(tmp_path / "audit", "-m", "scripts.demo", "--out", str(out))
    assert result.returncode == 0, result.stdout + result.stderr
    assert list(out.rglob("*.png")), result.stdout
    attempts = (tmp_path / "audit").read_text() if (tmp_path / "audit").exists() else ""
    assert attempts == ""
