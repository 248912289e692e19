"""Broken catalogs, missing and corrupt weights: clear errors, and the server lives."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from scripts.local_llm import STARTER_CATALOG
from tests.fakes.process import serving, wait_until_ready

KIT = STARTER_CATALOG.parent


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    """A copy of the starter kit whose folders can be broken one by one."""
    copy = tmp_path / "kit"
    (copy / "models").mkdir(parents=True)
    (copy / "catalog.yaml").write_bytes((KIT / "catalog.yaml").read_bytes())
    for folder in (KIT / "models").iterdir():
        (copy / "models" / folder.name).symlink_to(folder)
    return copy


def own(kit: Path, name: str) -> Path:
    """Replace one linked model by a copy of its own files."""
    folder = kit / "models" / name
    original = folder.resolve()
    folder.unlink()
    folder.mkdir()
    for file in original.iterdir():
        if file.is_file():
            (folder / file.name).write_bytes(file.read_bytes())
    return folder


def cut_gguf(kit: Path) -> None:
    file = own(kit, "planner") / "planner.gguf"
    file.write_bytes(file.read_bytes()[:100_000])


def no_gguf(kit: Path) -> None:
    (own(kit, "planner") / "planner.gguf").unlink()


def zip_as_gguf(kit: Path) -> None:
    (own(kit, "planner") / "planner.gguf").write_bytes(b"PK\x03\x04" * 100)


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (cut_gguf, "planner.gguf cannot be loaded"),
        (no_gguf, "planner.gguf is missing"),
        (zip_as_gguf, "not a GGUF file"),
    ],
)
def test_without_a_usable_planner_the_server_lives_and_says_why(
    kit: Path, tmp_path: Path, damage: Callable[[Path], None], told: str
) -> None:
    damage(kit)
    with serving(tmp_path, "--catalog", str(kit / "catalog.yaml")) as baton:
        turn = baton.run("Draw a red circle.")
        assert turn["status"] == "failed"
        assert told in turn["error"]["message"]
        ready = baton.http.get("/ready")
        assert ready.status_code == httpx.codes.SERVICE_UNAVAILABLE
        assert told in ready.json()["error"]["message"]
        assert baton.http.get("/health").status_code == httpx.codes.OK


def test_missing_corrupt_and_unloadable_models_are_worked_around_or_named(
    kit: Path, tmp_path: Path
) -> None:
    (own(kit, "english-to-french") / "model.safetensors").unlink()
    cut = own(kit, "sentiment-large") / "model.safetensors"
    cut.write_bytes(cut.read_bytes()[:2000])
    config = own(kit, "shape-classifier-large") / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "model_type": "unheard-of"}))
    with serving(tmp_path, "--catalog", str(kit / "catalog.yaml")) as baton:
        wait_until_ready(baton)
        models = {m["id"]: m for m in baton.http.get("/v1/models").json()["data"]}
        assert "no safetensors weights" in models["baton/english-to-french"]["missing"]
        assert "damaged" in models["baton/sentiment-large"]["missing"]

        turn = baton.run("Draw a red circle and translate it to French.")
        assert "translation" not in [step["task"] for step in turn["plan"]]

        turn = baton.run("Draw a red circle, then classify the picture.")
        assert turn["status"] == "answered"
        step = turn["steps"][-1]
        assert step["model"] == "baton/shape-classifier-small"
        for failure in step["failures"]:
            assert failure["model"] == "baton/shape-classifier-large"
            assert failure["error"]["code"] == "load_error"


def test_a_malformed_catalog_ends_the_start_with_the_line_and_the_fix(tmp_path: Path) -> None:
    catalog = tmp_path / "models_config.yaml"
    text = (KIT / "catalog.yaml").read_text()
    catalog.write_text(text.replace("residency:", "residencies:"))
    line = 1 + text[: text.index("residency:")].count("\n")
    result = subprocess.run(
        [sys.executable, "-m", "server", "serve", "--catalog", str(catalog)],
        env={**os.environ, "BATON_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert f"{catalog}:{line}: residencies" in result.stderr
    assert "residency" in result.stderr
    assert "Traceback" not in result.stderr
