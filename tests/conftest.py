"""What several suites need: the starter kit's own language model."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from scripts.local_llm import LocalGenerator, load_local, starter_catalog
from server.core.model import Catalog
from server.runners.llm import LlmRunner

# Read by Hugging Face's libraries when they are imported, and inherited by every process.
os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", TOKENIZERS_PARALLELISM="false")

# A busy machine is slow, not wrong.
settings.register_profile("baton", deadline=None)
settings.load_profile("baton")


@pytest.fixture(scope="session")
def starter() -> Catalog:
    return starter_catalog()


@pytest.fixture(scope="session")
def llm(starter: Catalog) -> LlmRunner:
    return load_local(starter.planners[0])


@pytest.fixture
def generator(llm: LlmRunner) -> LocalGenerator:
    return LocalGenerator(llm)
