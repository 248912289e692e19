"""What counts as installed: folders of weights, whole or damaged, checked without loading them."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from server.core.model import (
    ModelSpec,
    PartSpec,
    PlannerSpec,
    Precision,
    PromptStyle,
    TextArguments,
)
from server.errors import LoadError, NotInstalled
from server.models.install import Installation
from server.models.weights import choose_weights

COMMIT = "0123456789abcdef0123456789abcdef01234567"
ROOT = Path(__file__).parents[1]

Write = Callable[[Path], Path]
Damage = Callable[[Path], None]


def _model(**changes: object) -> ModelSpec:
    spec = ModelSpec(
        id="acme/painter",
        tasks=("text-to-image",),
        revision=COMMIT,
        licence="MIT",
        downloads=1,
        likes=1,
        description="Paints.",
        size_bytes=1,
        precision=Precision.FLOAT16,
    )
    return replace(spec, **changes)


def _planner(**changes: object) -> PlannerSpec:
    spec = PlannerSpec(
        id="acme/planner",
        revision=COMMIT,
        file="planner.gguf",
        licence="MIT",
        description="Plans.",
        size_bytes=1,
        device="cpu:0",
        context_tokens=1024,
        prompt=PromptStyle.FULL,
        text_arguments=TextArguments.FREE,
    )
    return replace(spec, **changes)


def _weights(file: Path, **tensors: np.ndarray) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors or {"weight": np.zeros((3, 4), np.float32)}, file)


def _snapshot(cache: Path, repository: str) -> Path:
    folder = cache / f"models--{repository.replace('/', '--')}" / "snapshots" / COMMIT
    folder.mkdir(parents=True)
    return folder


def _write_classifier(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text("{}")
    _weights(folder / "model.safetensors")
    return folder


def _write_pipeline(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    index = {
        "_class_name": "StableDiffusionPipeline",
        "requires_safety_checker": False,
        "safety_checker": [None, None],
        "scheduler": ["diffusers", "DDIMScheduler"],
        "unet": ["diffusers", "UNet2DConditionModel"],
        "vae": ["diffusers", "AutoencoderKL"],
    }
    (folder / "model_index.json").write_text(json.dumps(index))
    for name in ("unet", "vae"):
        _weights(folder / name / "diffusion_pytorch_model.safetensors")
        (folder / name / "config.json").write_text("{}")
    (folder / "scheduler").mkdir()
    (folder / "scheduler" / "scheduler_config.json").write_text("{}")
    return folder


def _write_shards(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text("{}")
    shards = [f"model-0000{n}-of-00002.safetensors" for n in (1, 2)]
    for shard in shards:
        _weights(folder / shard)
    weight_map = {f"layer{n}": shard for n, shard in enumerate(shards)}
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": weight_map}))
    return folder


@pytest.mark.parametrize("write", [_write_classifier, _write_pipeline, _write_shards])
def test_a_whole_folder_is_installed(tmp_path: Path, write: Write) -> None:
    folder = write(tmp_path / "weights")

    spec, installation = _model(path=folder), Installation(tmp_path / "cache")

    assert installation.locate(spec) == folder
    assert installation.missing(spec) is None


def test_a_tabular_model_is_installed_by_its_estimator_alone(tmp_path: Path) -> None:
    folder = tmp_path / "weights"
    folder.mkdir()
    spec = _model(path=folder, tasks=("tabular-classification",))
    installation = Installation(tmp_path / "cache")

    assert "model.skops is missing" in str(installation.missing(spec))
    (folder / "model.skops").write_bytes(b"a pickle, perhaps")
    with pytest.raises(LoadError, match=r"model\.skops is damaged: not a skops file"):
        installation.locate(spec)
    with zipfile.ZipFile(folder / "model.skops", "w") as archive:
        archive.writestr("schema.json", "{}")
    assert installation.locate(spec) == folder
    assert installation.footprint_bytes(spec) == (folder / "model.skops").stat().st_size


def test_a_model_of_the_cache_is_found_by_commit_and_by_branch(tmp_path: Path) -> None:
    folder = _write_classifier(_snapshot(tmp_path, "acme/painter"))
    installation = Installation(tmp_path)

    assert installation.locate(_model()) == folder
    assert installation.missing(_model(revision="main")) is not None
    refs = folder.parents[1] / "refs"
    refs.mkdir()
    (refs / "main").write_text(COMMIT)
    assert installation.locate(_model(revision="main")) == folder


def test_a_model_is_installed_once_its_parts_are(tmp_path: Path) -> None:
    part = PartSpec("acme/vocoder", COMMIT, "MIT", 1)
    speaker = _model(parts={"vocoder": part}, precision=Precision.FLOAT32)
    installation = Installation(tmp_path)
    folder = _write_classifier(_snapshot(tmp_path, "acme/painter"))

    assert str(installation.missing(speaker)).endswith("--model acme/vocoder")
    vocoder = _write_classifier(_snapshot(tmp_path, "acme/vocoder"))
    assert installation.missing(speaker) is None
    assert (installation.locate(speaker), installation.locate_parts(speaker)) == (
        folder,
        {"vocoder": vocoder},
    )
    assert installation.footprint_bytes(speaker) == 2 * 3 * 4 * 4


def test_an_entry_that_needs_no_weights_is_always_installed(tmp_path: Path) -> None:
    edges = _model(tasks=("canny-control",), size_bytes=7)

    assert Installation(tmp_path).missing(edges) is None
    assert Installation(tmp_path).footprint_bytes(edges) == 7


def test_a_model_that_was_never_fetched_is_named_with_the_command_that_fetches_it(
    tmp_path: Path,
) -> None:
    reason = Installation(tmp_path).missing(_model())

    assert reason is not None
    assert "\n" not in reason
    assert reason.startswith(f"acme/painter: not in the cache {tmp_path}")
    assert reason.endswith("fetch it with: scripts/download_models --model acme/painter")


def test_a_model_that_ships_with_its_catalog_is_not_told_to_be_fetched(tmp_path: Path) -> None:
    reason = Installation(tmp_path).missing(_model(path=tmp_path / "gone"))

    assert reason is not None
    assert f"restore {tmp_path / 'gone'}" in reason
    assert "download_models" not in reason


@pytest.mark.parametrize(
    ("write", "gone", "named"),
    [
        (_write_classifier, "config.json", "config.json is missing"),
        (_write_classifier, "model.safetensors", "it has no safetensors weights"),
        (_write_pipeline, "unet/config.json", "unet/*config.json is missing"),
        (
            _write_pipeline,
            "vae/diffusion_pytorch_model.safetensors",
            "vae has no safetensors weights",
        ),
        (_write_pipeline, "scheduler/scheduler_config.json", "scheduler/*config.json is missing"),
        (
            _write_shards,
            "model-00002-of-00002.safetensors",
            "model-00002-of-00002.safetensors is missing",
        ),
        (_write_shards, "model.safetensors.index.json", "it lacks the index of its weight shards"),
    ],
)
def test_a_missing_file_is_named(tmp_path: Path, write: Write, gone: str, named: str) -> None:
    folder = write(_snapshot(tmp_path, "acme/painter"))
    (folder / gone).unlink()

    with pytest.raises(NotInstalled) as caught:
        Installation(tmp_path).locate(_model())

    assert str(caught.value).startswith(f"acme/painter: {named}; fetch it with")


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _overstate_header(file: Path) -> None:
    file.write_bytes(struct.pack("<Q", 1 << 62) + file.read_bytes()[8:])


def _scribble(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:8] + b"\xff" * (file.stat().st_size - 8))


@pytest.mark.parametrize("damage", [_cut, _empty, _overstate_header, _scribble])
def test_damaged_weights_are_refused_before_they_are_loaded(tmp_path: Path, damage: Damage) -> None:
    folder = _write_classifier(_snapshot(tmp_path, "acme/painter"))
    damage(folder / "model.safetensors")

    with pytest.raises(LoadError, match=r"acme/painter: model\.safetensors is .*--repair --model"):
        Installation(tmp_path).locate(_model())


@pytest.mark.parametrize("text", ["", "[", "[1]", "[" * 100_000, '"x"'])
def test_a_damaged_pipeline_index_is_refused(tmp_path: Path, text: str) -> None:
    folder = _write_pipeline(tmp_path / "weights")
    (folder / "model_index.json").write_text(text)

    with pytest.raises(LoadError, match=r"model_index\.json is damaged"):
        Installation(tmp_path).locate(_model(path=folder))


@pytest.mark.parametrize("shards", [{}, {"a": 1}, {"a": "../../secret.safetensors"}])
def test_an_index_that_lists_no_shards_is_refused(
    tmp_path: Path, shards: dict[str, object]
) -> None:
    folder = _write_shards(tmp_path / "weights")
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": shards}))

    with pytest.raises(LoadError, match="does not list weight shards"):
        Installation(tmp_path).locate(_model(path=folder))


@pytest.mark.parametrize(
    ("precision", "expected_bytes"),
    [(Precision.FLOAT32, 4 * 18), (Precision.FLOAT16, 2 * 18), (Precision.BFLOAT16, 2 * 18)],
)
def test_the_footprint_counts_floats_at_the_precision_they_are_loaded_in(
    tmp_path: Path, precision: Precision, expected_bytes: int
) -> None:
    folder = _write_classifier(tmp_path / "weights")
    _weights(
        folder / "model.safetensors",
        single=np.zeros((3, 4), np.float32),
        half=np.zeros(6, np.float16),
        positions=np.zeros(5, np.int64),
        flags=np.zeros(7, np.bool_),
    )

    spec = _model(path=folder, precision=precision)

    assert Installation(tmp_path).footprint_bytes(spec) == expected_bytes + 5 * 8 + 7


def test_the_footprint_of_a_pipeline_is_that_of_all_its_components(tmp_path: Path) -> None:
    spec = _model(path=_write_pipeline(tmp_path / "weights"), precision=Precision.FLOAT32)

    assert Installation(tmp_path).footprint_bytes(spec) == 2 * 12 * 4


def test_a_variant_is_what_is_checked_where_the_catalog_names_one(tmp_path: Path) -> None:
    folder = _write_pipeline(tmp_path / "weights")
    variant = folder / "unet" / "diffusion_pytorch_model.fp16.safetensors"
    variant.write_bytes(b"")

    installation = Installation(tmp_path)

    assert installation.missing(_model(path=folder)) is None
    assert "fp16.safetensors is empty" in str(
        installation.missing(_model(path=folder, variant="fp16"))
    )


def test_weights_are_chosen_by_variant_and_folder_and_whole_before_shards() -> None:
    names = (
        "model.safetensors",
        "model-00001-of-00002.safetensors",
        "pytorch_model.bin",
        "consolidated.safetensors",
        "unet/diffusion_pytorch_model.safetensors",
        "unet/diffusion_pytorch_model.fp16.safetensors",
        "unet/diffusion_pytorch_model.non_ema.safetensors",
        "text/model-00001-of-00002.fp16.safetensors",
        "text/model.fp16-00002-of-00002.safetensors",
        "vae/diffusion_pytorch_model.safetensors",
    )

    assert choose_weights(names, None) == (
        "model.safetensors",
        "unet/diffusion_pytorch_model.safetensors",
        "vae/diffusion_pytorch_model.safetensors",
    )
    assert choose_weights(names, "fp16") == (
        "model.safetensors",
        "text/model-00001-of-00002.fp16.safetensors",
        "text/model.fp16-00002-of-00002.safetensors",
        "unet/diffusion_pytorch_model.fp16.safetensors",
        "vae/diffusion_pytorch_model.safetensors",
    )


def test_a_planner_is_its_one_file_and_needs_its_size(tmp_path: Path) -> None:
    file = _snapshot(tmp_path, "acme/planner") / "planner.gguf"
    file.write_bytes(b"GGUF" + bytes(100))
    installation = Installation(tmp_path)

    assert installation.locate(_planner()) == file
    assert installation.footprint_bytes(_planner()) == 104


@pytest.mark.parametrize("content", [b"", b"GGUF", b"ELF!" + bytes(100)])
def test_a_planner_that_is_no_gguf_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "planner.gguf").write_bytes(content)

    with pytest.raises(LoadError, match=r"planner\.gguf is damaged: not a GGUF file"):
        Installation(tmp_path).locate(_planner(path=tmp_path))


def test_a_planner_without_its_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(NotInstalled, match=r"planner\.gguf is missing; restore"):
        Installation(tmp_path).locate(_planner(path=tmp_path))


def test_a_damaged_lock_file_says_how_to_go_on(tmp_path: Path) -> None:
    (tmp_path / "baton.lock.json").write_text("{")

    with pytest.raises(LoadError, match="remove it and run scripts/download_models"):
        Installation(tmp_path).locate(_model())


def test_checking_what_is_installed_does_not_import_torch() -> None:
    code = "import sys, server.models.install; sys.exit('torch' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
