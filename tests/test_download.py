"""scripts/download_models, run as people run it, against a hub on loopback."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import yaml
from safetensors import safe_open
from safetensors.numpy import save

from server.catalog import load_catalog
from server.core.model import Catalog
from server.errors import UnknownModel
from server.models.download import Filter, choose, tier_of
from server.models.install import Installation, needs_no_weights
from tests.hub import Hub, Repository, Stall, running_hub

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "scripts" / "download_models"
REAL = load_catalog(ROOT / "models_config.yaml")

CLASSIFIER, PAINTER, PICKLED, PLANNER = (
    "acme/classifier",
    "acme/painter",
    "acme/pickled",
    "acme/planner",
)


def _weights(seed: int, count: int = 64) -> bytes:
    values = np.random.default_rng(seed).random((count, 16), np.float32)
    return save({"weight": values}, {"format": "pt"})


def _repositories() -> dict[str, Repository]:
    index = {"unet": ["diffusers", "UNet2DConditionModel"], "scheduler": ["diffusers", "DDIM"]}
    return {
        CLASSIFIER: Repository(
            {
                "config.json": b'{"model_type": "vit"}',
                "preprocessor_config.json": b"{}",
                "model.safetensors": _weights(1),
                "pytorch_model.bin": b"pickle",
                "onnx/model.onnx": b"onnx",
                "onnx/config.json": b"{}",
                "run.py": b"print()",
                "LICENSE": b"Apache",
            }
        ),
        PAINTER: Repository(
            {
                "model_index.json": json.dumps(index).encode(),
                "unet/config.json": b'{"sample_size": 4}',
                "unet/diffusion_pytorch_model.safetensors": _weights(2),
                "unet/diffusion_pytorch_model.fp16.safetensors": _weights(3),
                "scheduler/scheduler_config.json": b"{}",
                "vae_old/config.json": b"{}",
                "vae_old/diffusion_pytorch_model.safetensors": _weights(4),
                "everything.safetensors": _weights(5),
            },
            licence="openrail++",
        ),
        PICKLED: Repository({"config.json": b"{}", "pytorch_model.bin": b"pickle"}),
        PLANNER: Repository(
            {"planner-Q4.gguf": b"GGUF" + bytes(4000), "planner-Q8.gguf": b"GGUF" + bytes(8000)}
        ),
    }


def _entry(model: str, task: str, tier_gb: int, **more: object) -> dict[str, object]:
    return {
        "id": model,
        "tasks": [task],
        "licence": "Apache-2.0",
        "downloads": 1,
        "likes": 1,
        "description": "Works.",
        "size": 4096,
        "precision": "float32",
        "tier_gb": tier_gb,
        **more,
    }


def _write_catalog(folder: Path, *entries: dict[str, object]) -> Path:
    planner = {
        "id": PLANNER,
        "file": "planner-Q4.gguf",
        "licence": "Apache-2.0",
        "description": "Plans.",
        "size": 4004,
        "device": "cuda:0",
        "context_tokens": 1024,
        "prompt": "full",
        "text_arguments": "free",
    }
    data = {
        "planners": [planner],
        "models": entries
        or [
            _entry(CLASSIFIER, "image-classification", 8),
            _entry(PAINTER, "text-to-image", 16, variant="fp16"),
        ],
        "devices": [{"id": "cuda:0", "memory": "14 GB"}],
        "residency": {"top_k": 1, "host_memory": "1 GB"},
        "selection": {"top_k": 1, "mode": "rank"},
    }
    path = folder / "catalog.yaml"
    path.write_text(yaml.safe_dump(data))
    return path


@pytest.fixture
def hub() -> Iterator[Hub]:
    with running_hub() as hub:
        hub.repositories = _repositories()
        yield hub


class Box:
    """A machine with a catalog and a cache, on which the script is run."""

    def __init__(self, folder: Path, endpoint: str) -> None:
        self.cache = folder / "cache"
        self.catalog_path = _write_catalog(folder)
        self._environ = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(folder),
            "HF_ENDPOINT": endpoint,
            "NO_PROXY": "127.0.0.1",
            "COLUMNS": "200",
        }

    @property
    def catalog(self) -> Catalog:
        return load_catalog(self.catalog_path)

    @property
    def installation(self) -> Installation:
        return Installation(self.cache)

    def start(self, *options: str) -> subprocess.Popen[str]:
        # Tests run in the background of a shell ignore interrupts, and so would their children.
        return subprocess.Popen(
            [
                "env",
                "--default-signal=INT",
                SCRIPT,
                "--catalog",
                self.catalog_path,
                "--cache",
                self.cache,
                *options,
            ],
            env=self._environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *options: str) -> tuple[int, list[str], str]:
        """Exit code, lines of stdout, stderr."""
        process = self.start(*options)
        out, err = process.communicate(timeout=300)
        return process.returncode, out.splitlines(), err

    def file(self, name: str) -> Path:
        """The one file of the cache with this path in its repository."""
        (found,) = self.cache.glob(f"models--*/snapshots/*/{name}")
        return found


@pytest.fixture
def box(tmp_path: Path, hub: Hub) -> Box:
    return Box(tmp_path, hub.url)


def test_what_the_catalog_names_is_shown_fetched_pinned_and_then_installed(
    box: Box, hub: Hub
) -> None:
    code, out, _ = box.run("--yes")

    assert code == 0
    assert out[-1] == "Complete: 3 installed."
    painter = next(line for line in out if line.startswith(PAINTER))
    assert "text-to-image" in painter
    assert "Apache-2.0 (the hub says openrail++)" in painter
    assert hub.repositories[PAINTER].commit[:8] in painter
    assert painter.endswith("4.3 kB    4.3 kB  ")
    assert any("Free disk: " in line and "To fetch: 9 files" in line for line in out)
    assert all(box.installation.missing(spec) is None for spec in box.catalog.models)
    assert box.installation.locate(box.catalog.planners[0]).name == "planner-Q4.gguf"
    lock = json.loads((box.cache / "baton.lock.json").read_text())
    assert lock["repositories"][PAINTER]["commit"] == hub.repositories[PAINTER].commit


def test_only_what_is_loaded_is_fetched(box: Box, hub: Hub) -> None:
    assert box.run("--yes")[0] == 0

    assert set(hub.names_fetched()) == {
        f"{CLASSIFIER}/config.json",
        f"{CLASSIFIER}/preprocessor_config.json",
        f"{CLASSIFIER}/model.safetensors",
        f"{CLASSIFIER}/LICENSE",
        f"{PAINTER}/model_index.json",
        f"{PAINTER}/unet/config.json",
        f"{PAINTER}/unet/diffusion_pytorch_model.fp16.safetensors",
        f"{PAINTER}/scheduler/scheduler_config.json",
        f"{PLANNER}/planner-Q4.gguf",
    }


def test_a_second_run_fetches_nothing_and_asks_the_hub_nothing(box: Box, hub: Hub) -> None:
    assert box.run("--yes", "--model", CLASSIFIER)[0] == 0
    hub.asked.clear()

    code, out, _ = box.run("--model", CLASSIFIER)

    assert (code, out[-1]) == (0, "Complete: 1 installed.")
    assert any("Already here, not fetched again: 4 files." in line for line in out)
    assert hub.asked == []


def test_a_pinned_commit_is_kept_when_the_branch_moves_on(box: Box, hub: Hub) -> None:
    assert box.run("--yes", "--model", CLASSIFIER)[0] == 0
    first = hub.repositories[CLASSIFIER]
    hub.repositories[CLASSIFIER] = Repository(
        {**first.files, "model.safetensors": _weights(9)}, earlier=first
    )
    box.file("model.safetensors").resolve().unlink()

    assert box.run("--yes", "--model", CLASSIFIER)[0] == 0

    assert box.file("model.safetensors").read_bytes() == first.files["model.safetensors"]
    assert box.installation.locate(box.catalog.models[0]).name == first.commit


def test_another_revision_in_the_catalog_is_fetched_anew(
    box: Box, hub: Hub, tmp_path: Path
) -> None:
    assert box.run("--yes", "--model", CLASSIFIER)[0] == 0
    first = hub.repositories[CLASSIFIER]
    second = Repository({**first.files, "model.safetensors": _weights(9)}, earlier=first)
    hub.repositories[CLASSIFIER] = second
    _write_catalog(tmp_path, _entry(CLASSIFIER, "image-classification", 8, revision=second.commit))
    spec = box.catalog.models[0]
    assert "not in the cache" in str(box.installation.missing(spec))

    assert box.run("--yes", "--model", CLASSIFIER)[0] == 0

    assert box.installation.locate(spec).name == second.commit


def test_a_dry_run_and_a_refusal_fetch_nothing(box: Box, hub: Hub) -> None:
    code, out, _ = box.run("--dry-run", "--model", CLASSIFIER)
    assert (code, out[-1]) == (0, "Complete: nothing was fetched: a dry run.")

    code, out, _ = box.run("--model", CLASSIFIER)  # no terminal to answer y from

    assert code == 1
    assert hub.fetched == []
    assert not box.cache.exists()


def test_a_broken_connection_is_taken_up_where_it_broke(box: Box, hub: Hub) -> None:
    large = _weights(1, count=400_000)  # huggingface_hub writes in pieces of 10 MiB
    first = hub.repositories[CLASSIFIER]
    hub.repositories[CLASSIFIER] = Repository({**first.files, "model.safetensors": large})
    hub.break_off.add("model.safetensors")

    assert box.run("--yes", "--model", CLASSIFIER)[0] == 0

    tries = [asked for name, asked in hub.fetched if name.endswith("model.safetensors")]
    assert tries == [None, f"bytes={10 << 20}-"]
    assert box.file("model.safetensors").read_bytes() == large


def test_an_interrupted_run_is_carried_on_without_fetching_finished_files_again(
    box: Box, hub: Hub
) -> None:
    hub.stall = Stall("preprocessor_config.json")
    process = box.start("--yes", "--model", CLASSIFIER)
    assert hub.stall.reached.wait(timeout=300)
    finished = hub.names_fetched()[:-1]

    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=300)
    hub.stall.go_on.set()

    assert process.returncode == 130
    assert "Finished files stay: the same command fetches the rest." in out
    assert f"{CLASSIFIER}/model.safetensors" in finished
    assert box.installation.missing(box.catalog.models[0]) is not None
    hub.fetched.clear()
    hub.stall = None
    assert box.run("--yes", "--model", CLASSIFIER)[0] == 0
    assert f"{CLASSIFIER}/preprocessor_config.json" in hub.names_fetched()
    assert not set(finished) & set(hub.names_fetched())
    assert not list(box.cache.rglob("*.incomplete"))


def test_a_changed_file_is_found_offline_and_replaced(box: Box, hub: Hub) -> None:
    assert box.run("--yes", "--model", CLASSIFIER)[0] == 0
    assert box.run("--verify", "--model", CLASSIFIER)[0] == 0
    right = box.file("model.safetensors").read_bytes()
    box.file("model.safetensors").resolve().write_bytes(right[:-1] + b"\x00")
    hub.asked.clear()

    code, out, _ = box.run("--verify", "--model", CLASSIFIER)

    assert code == 1
    assert "Verified 4 files of 1 repositories." in out
    assert "model.safetensors differs from what was fetched" in out[-1]
    assert out[-1].endswith(f"scripts/download_models --repair --model {CLASSIFIER}")
    assert hub.asked == []
    assert box.run("--repair", "--yes", "--model", CLASSIFIER)[0] == 0
    assert box.file("model.safetensors").read_bytes() == right


def test_a_file_cut_short_is_not_installed_and_is_fetched_again_by_the_next_run(
    box: Box, hub: Hub
) -> None:
    assert box.run("--yes", "--model", CLASSIFIER)[0] == 0
    box.file("preprocessor_config.json").resolve().write_bytes(b"")
    spec = box.catalog.models[0]
    assert "preprocessor_config.json has 0 bytes instead of 2" in str(
        box.installation.missing(spec)
    )
    hub.fetched.clear()

    assert box.run("--yes", "--model", CLASSIFIER)[0] == 0

    assert hub.names_fetched() == [f"{CLASSIFIER}/preprocessor_config.json"]
    assert box.installation.missing(spec) is None


def test_a_file_that_arrives_damaged_is_reported(box: Box, hub: Hub) -> None:
    hub.spoil.add("model.safetensors")

    code, out, _ = box.run("--yes", "--model", CLASSIFIER)

    assert code == 1
    assert out[-1] == (
        f"Missing: {CLASSIFIER}: model.safetensors arrived damaged; try again with --repair"
    )


def test_a_repository_without_safetensors_is_refused_and_the_others_are_fetched(
    box: Box, hub: Hub, tmp_path: Path
) -> None:
    gone = _entry("acme/gone", "translation", 8)
    pickled = _entry(PICKLED, "translation", 8)
    other = _entry(CLASSIFIER, "image-classification", 8, revision="v9")
    _write_catalog(tmp_path, pickled, gone, _entry(PAINTER, "text-to-image", 8), other)

    code, out, _ = box.run("--yes", "--no-planner")

    assert code == 1
    assert f"{PICKLED} has no safetensors weights at main" in out[-1]
    assert f"acme/gone is not on {hub.url}: correct its id" in out[-1]
    assert f"{CLASSIFIER} has no revision v9: correct it in the catalog" in out[-1]
    assert not any("pytorch_model.bin" in name for name in hub.names_fetched())
    assert box.installation.missing(box.catalog.models[2]) is None


def test_of_a_tabular_model_the_estimator_is_fetched_and_never_a_pickle(
    box: Box, hub: Hub, tmp_path: Path
) -> None:
    estimator = io.BytesIO()
    with zipfile.ZipFile(estimator, "w") as archive:
        archive.writestr("schema.json", "{}")
    files = {"model.skops": estimator.getvalue(), "model.pkl": b"pickle", "config.json": b"{}"}
    hub.repositories["acme/flowers"] = Repository(files)
    flowers = _entry("acme/flowers", "tabular-classification", 8)
    _write_catalog(tmp_path, flowers, _entry(PICKLED, "tabular-classification", 8))

    code, out, _ = box.run("--yes", "--no-planner")

    assert code == 1
    assert f"{PICKLED} has no model.skops at main" in out[-1]
    names = {"acme/flowers/config.json", "acme/flowers/model.skops"}
    assert set(hub.names_fetched()) == names
    assert box.installation.missing(box.catalog.models[0]) is None


def test_voices_and_poolings_beside_the_weights_are_fetched_too(
    box: Box, hub: Hub, tmp_path: Path
) -> None:
    voice, pooling = "speaker_embeddings/v2/en_speaker_0.npy", "1_Pooling/config.json"
    files = {"config.json": b"{}", "model.safetensors": _weights(4), voice: b"v", pooling: b"[]"}
    hub.repositories["acme/speaker"] = Repository({**files, "samples/en.npy": b"no"})
    _write_catalog(tmp_path, _entry("acme/speaker", "text-to-speech", 8))

    code, _, _ = box.run("--yes", "--no-planner")

    assert code == 0
    assert set(hub.names_fetched()) == {f"acme/speaker/{name}" for name in files}


def test_a_hub_that_cannot_be_reached_is_named(box: Box, tmp_path: Path) -> None:
    away = Box(tmp_path, "http://127.0.0.1:9")

    code, out, _ = away.run("--yes", "--model", CLASSIFIER)

    assert code == 1
    assert f"{CLASSIFIER} could not be fetched from http://127.0.0.1:9" in out[-1]


def test_too_little_disk_is_refused_before_anything_is_fetched(box: Box, hub: Hub) -> None:
    files = hub.repositories[CLASSIFIER].files
    hub.repositories[CLASSIFIER] = Repository(
        files, claimed_bytes={"model.safetensors": 9 * 10**15}
    )

    code, _, err = box.run("--yes", "--model", CLASSIFIER)

    assert code == 1
    assert "9000000.0 GB to fetch, but " in err
    assert f"free at {box.cache}; free some space" in err
    assert hub.fetched == []


def test_a_model_fetched_once_loads_offline_by_its_id(box: Box, hub: Hub) -> None:
    import transformers

    config = transformers.BertConfig(
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        vocab_size=50,
    )
    made = transformers.BertForSequenceClassification(config)
    folder = box.catalog_path.parent / "made"
    made.save_pretrained(folder)
    hub.repositories[CLASSIFIER] = Repository(
        {file.name: file.read_bytes() for file in folder.iterdir()}
    )
    assert box.run("--yes", "--model", CLASSIFIER)[0] == 0
    hub.repositories.clear()

    loaded = transformers.AutoModelForSequenceClassification.from_pretrained(
        CLASSIFIER, cache_dir=box.cache, local_files_only=True
    )

    weight = "bert.embeddings.word_embeddings.weight"
    assert loaded.state_dict()[weight].equal(made.state_dict()[weight])
    with safe_open(box.file("model.safetensors"), framework="numpy") as tensors:
        assert weight in tensors.keys()  # noqa: SIM118


@pytest.mark.parametrize(
    ("tier_gb", "planner"), [(8, "Qwen3-4B"), (16, "Qwen3-8B"), (24, "Qwen3-8B"), (80, "Qwen3-32B")]
)
def test_a_tier_takes_the_best_planner_and_every_model_that_fits(
    tier_gb: int, planner: str
) -> None:
    chosen = choose(REAL, Filter(tier_gb=tier_gb))

    assert planner in chosen[0].id
    fitting = [model for model in REAL.models if model.tier_gb <= tier_gb]
    own = {model.id for model in fitting if not needs_no_weights(model)}
    parts = {part.id for model in fitting for part in model.parts.values()}
    assert {spec.id for spec in chosen[1:]} == own | parts
    assert len({spec.id for spec in chosen}) == len(chosen)


def test_without_a_tier_the_devices_decide() -> None:
    assert tier_of(REAL) == 24
    assert choose(REAL, Filter()) == choose(REAL, Filter(tier_gb=24))


def test_tasks_and_names_narrow_the_choice_and_leave_the_planner_out() -> None:
    detectors = choose(REAL, Filter(tasks=frozenset({"object-detection"})))
    named = choose(REAL, Filter(models=frozenset({"google/madlad400-3b-mt"}), tier_gb=8))
    both = choose(REAL, Filter(tasks=frozenset({"object-detection"}), planner=True))

    assert {task for spec in REAL.for_task("object-detection") for task in spec.tasks} == {
        "object-detection"
    }
    assert detectors == tuple(m for m in REAL.models if "object-detection" in m.tasks)
    assert [spec.id for spec in named] == ["google/madlad400-3b-mt"]
    assert both[1:] == detectors
    assert choose(REAL, Filter(planner=False))[0] == REAL.models[0]


@pytest.mark.parametrize(
    ("wanted", "hint"),
    [
        (
            Filter(models=frozenset({"google/vit-base-patch16-242"})),
            "did you mean 'google/vit-base",
        ),
        (Filter(tasks=frozenset({"object-detecton"})), "did you mean 'object-detection'"),
    ],
)
def test_a_name_the_catalog_does_not_hold_is_refused_with_the_nearest(
    wanted: Filter, hint: str
) -> None:
    with pytest.raises(UnknownModel, match=hint):
        choose(REAL, wanted)


def test_bad_options_end_in_one_line(box: Box) -> None:
    code, _, err = box.run("--tier", "12")

    assert (code, err) == (1, "error: --tier 12: choose one of 8, 16, 24, 80\n")
