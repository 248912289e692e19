"""What several suites need: the starter kit's own language model."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import server
from server.catalog import load_catalog
from server.core.lane import Weights
from server.core.model import Catalog
from server.runners.llm import LlmRunner, load_llm
from tests.fakes.llm import InProcess

# Read by Hugging Face's libraries when they are imported, and inherited by every process.
os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", TOKENIZERS_PARALLELISM="false")

STARTER_CATALOG = Path(server.__file__).parent / "starter" / "catalog.yaml"


@pytest.fixture(scope="session")
def starter() -> Catalog:
    return load_catalog(STARTER_CATALOG)


@pytest.fixture(scope="session")
def llm(starter: Catalog) -> LlmRunner:
    planner = starter.planners[0]
    assert planner.path is not None
    return load_llm(Weights(planner, planner.path / planner.file), planner.device, threads=1)


@pytest.fixture
def generator(llm: LlmRunner) -> InProcess:
    return InProcess(llm)
