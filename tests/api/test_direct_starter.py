"""Direct calls on the starter kit's own models: the real client, the real server, real workers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.inference_client import HfClient, hf_client
from tests.fakes.process import Baton, serving

STAR = {"inputs": "a red star", "parameters": {"seed": 7}}


@pytest.fixture(scope="module")
def baton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Baton]:
    with serving(tmp_path_factory.mktemp("baton"), "--starter") as running:
        yield running


@pytest.fixture(scope="module")
def hf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HfClient]:
    with hf_client(tmp_path_factory.mktemp("hf")) as client:
        yield client


@pytest.fixture(scope="module")
def star(baton: Baton) -> bytes:
    """A red star, drawn by the starter painter."""
    reply = baton.http.post("/models/baton/shape-painter", json=STAR)
    assert reply.status_code == 200, reply.text
    return reply.content


def test_the_same_seed_draws_the_same_picture(baton: Baton, hf: HfClient, star: bytes) -> None:
    assert baton.http.post("/tasks/text-to-image", json=STAR).content == star
    painter = f"{baton.url}/models/baton/shape-painter"
    size = hf.call(painter, "text_to_image", prompt="a blue square", num_inference_steps=3)
    assert size == [64, 64]


@pytest.mark.parametrize("size", ["large", "small"])
def test_a_picture_is_classified(baton: Baton, hf: HfClient, star: bytes, size: str) -> None:
    classifier = f"{baton.url}/models/baton/shape-classifier-{size}"
    labels = hf.call(classifier, "image_classification", image=star, top_k=2)
    assert labels[0]["label"] == "red star"
    assert len(labels) == 2


def test_things_in_a_picture_are_found(baton: Baton, hf: HfClient, star: bytes) -> None:
    found = hf.call(f"{baton.url}/tasks/object-detection", "object_detection", image=star)
    assert found[0]["label"] == "red star"
    assert found[0]["box"]["xmax"] > found[0]["box"]["xmin"]


def test_a_picture_is_described(baton: Baton, hf: HfClient, star: bytes) -> None:
    told = hf.call(f"{baton.url}/models/baton/shape-captioner", "image_to_text", image=star)
    assert "red star" in told["generated_text"]


def test_the_sentiment_of_a_text_is_told(baton: Baton, hf: HfClient) -> None:
    url = f"{baton.url}/tasks/text-classification"
    told = hf.call(url, "text_classification", text="I love this wonderful day.")
    assert told[0]["label"].lower() == "positive"


def test_a_text_is_translated(baton: Baton, hf: HfClient) -> None:
    told = hf.call(f"{baton.url}/tasks/translation", "translation", text="a red star")
    assert "étoile rouge" in told["translation_text"]


def test_a_model_is_not_asked_for_what_it_cannot_do(baton: Baton, hf: HfClient) -> None:
    url = f"{baton.url}/models/baton/shape-captioner/pipeline/translation"
    status, reason = hf.refusal(url, "translation", text="a red star")
    assert status == 422
    assert "baton/shape-captioner cannot do 'translation'" in reason
