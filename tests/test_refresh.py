"""scripts/refresh_catalog, run as people run it, against a hub on loopback."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from server.catalog import load_catalog
from server.models.refresh import CatalogFile
from tests.hub import Hub, Repository, running_hub

ROOT = Path(__file__).parents[1]
CATALOG = """\
# What may be used.
planners:
  - id: acme/planner
    file: planner.gguf
    licence: MIT
    description: Plans.
    size: 1 GB  # a guess
    device: cpu:0
    context_tokens: 512
    prompt: full
    text_arguments: free

models:
  # --- speech
  - id: acme/speaker
    tasks: [text-to-speech]
    licence: "MIT"
    downloads: 10
    likes: 1
    description: Speaks.
    size: 1 MB
    precision: float16
    parts:
      vocoder:
        id: acme/vocoder
        licence: MIT
        size: 1 MB

  - id: acme/gone
    tasks: [image-classification]
    licence: MIT
    downloads: 5
    likes: 1
    description: Was there once.
    size: 1 MB
    precision: float16

  - id: baton/canny
    tasks: [canny-control]
    licence: Apache-2.0
    downloads: 0
    likes: 0
    description: Edges.
    size: 1 B
    precision: float32

devices:
  - id: cpu:0
    memory: 512 MB
residency: {top_k: 1, host_memory: 1 GB}
selection: {top_k: 2, mode: rank}
"""


def weights(megabytes: int) -> bytes:
    """That many MB at 16 bits, stored at 32."""
    return save({"weight": np.zeros((megabytes, 500_000), np.float32)}, {"format": "pt"})


@pytest.fixture
def hub() -> Iterator[Hub]:
    with running_hub() as hub:
        hub.repositories = {
            "acme/planner": Repository({"planner.gguf": bytes(3_000_000)}),
            "acme/speaker": Repository(
                {"config.json": b"{}", "model.safetensors": weights(20)}, downloads=321, likes=9
            ),
            "acme/vocoder": Repository({"config.json": b"{}", "model.safetensors": weights(4)}),
        }
        yield hub


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    path = tmp_path / "models.yaml"
    path.write_text(CATALOG)
    return path


def refresh(hub: Hub, catalog: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "scripts/refresh_catalog", *options],
        env={**os.environ, "HF_ENDPOINT": hub.url, "BATON_CATALOG": str(catalog)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_popularity_size_and_commit_are_brought_up_to_date_and_comments_stay(
    hub: Hub, catalog: Path
) -> None:
    done = refresh(hub, catalog)

    speaker = load_catalog(catalog).model("acme/speaker")
    assert speaker is not None
    assert (speaker.downloads, speaker.likes) == (321, 9)
    assert speaker.revision == hub.repositories["acme/speaker"].commit
    assert speaker.size_bytes == 24_000_000
    assert load_catalog(catalog).planners[0].size_bytes == 3_000_000
    for kept in ("# What may be used.", "# a guess", "# --- speech", 'licence: "MIT"'):
        assert kept in catalog.read_text()
    assert "acme/speaker: downloads 10 -> 321" in done.stdout


def test_an_entry_the_hub_does_not_have_is_named_and_left_alone(hub: Hub, catalog: Path) -> None:
    done = refresh(hub, catalog)

    assert done.returncode == 1
    assert "acme/gone is not on http://127.0.0.1" in done.stderr
    gone = load_catalog(catalog).model("acme/gone")
    assert gone is not None
    assert gone.downloads == 5


def test_revisions_may_be_left_as_they_are(hub: Hub, catalog: Path) -> None:
    refresh(hub, catalog, "--keep-revisions")

    assert {spec.revision for spec in load_catalog(catalog).models} == {"main"}


def test_a_dry_run_changes_nothing(hub: Hub, catalog: Path) -> None:
    done = refresh(hub, catalog, "--dry-run")

    assert catalog.read_text() == CATALOG
    assert "would change" in done.stdout


def test_the_weights_themselves_are_not_fetched(hub: Hub, catalog: Path) -> None:
    refresh(hub, catalog)

    asked = {span for name, span in hub.fetched if name.endswith(".safetensors")}
    assert asked == {"bytes=0-100000"}


@pytest.mark.parametrize("name", ["models_config.yaml", "server/starter/catalog.yaml"])
def test_a_catalog_that_is_not_changed_is_written_as_it_was(name: str) -> None:
    assert CatalogFile(ROOT / name).text() == (ROOT / name).read_text()
