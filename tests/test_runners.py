"""Runners on real pipelines: progress, cancel, seeds, parameters, precision, bad inputs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import StableDiffusionPipeline
from PIL import Image
from tokenizers import SentencePieceUnigramTokenizer
from transformers import AutoTokenizer, T5Config, T5ForConditionalGeneration, T5Tokenizer

from server.core.job import MediaFile, TaskResult, TaskWork
from server.core.lane import Weights
from server.core.model import Catalog, MediaLimits, ModelSpec
from server.core.task import Media
from server.errors import Cancelled, InvalidInput, MediaError, TooLarge
from server.runners.registry import load_runner
from server.runners.runner import Reporter, Runner

STEPS = {"num_inference_steps": 4}
LIMITS = MediaLimits(max_image_pixels=1_000_000, max_audio_seconds=60, max_video_seconds=60)


def spec(starter: Catalog, name: str) -> ModelSpec:
    found = starter.model(f"baton/{name}")
    assert found is not None
    return found


def load(model: ModelSpec) -> Runner:
    assert model.path is not None
    return load_runner(Weights(model, model.path), "cpu:0")


def silent() -> Reporter:
    return Reporter(lambda _done, _total: None, lambda _text: None)


def work(task: str, folder: Path, inputs: dict, **parameters: object) -> TaskWork:
    return TaskWork(task, inputs, parameters, folder, LIMITS)


def run(runner: Runner, job: TaskWork, reporter: Reporter | None = None) -> TaskResult:
    result = runner.run(job, reporter or silent())
    assert isinstance(result, TaskResult)
    return result


def picture(folder: Path, size: tuple[int, int] = (128, 128)) -> MediaFile:
    path = folder / "picture.png"
    Image.new("RGB", size, "white").save(path)
    return MediaFile(Media.IMAGE, path, "image/png")


@pytest.fixture(scope="module")
def painter(starter: Catalog) -> Runner:
    return load(spec(starter, "shape-painter"))


def drawn(painter: Runner, folder: Path, seed: int) -> bytes:
    job = work("text-to-image", folder, {"text": "a red circle"}, seed=seed, **STEPS)
    (file,) = run(painter, job).files
    return Image.open(file.path).tobytes()


def test_a_seed_makes_a_picture_reproducible(painter: Runner, tmp_path: Path) -> None:
    assert drawn(painter, tmp_path, 1) == drawn(painter, tmp_path, 1)
    assert drawn(painter, tmp_path, 1) != drawn(painter, tmp_path, 2)


def test_drawing_reports_each_step(painter: Runner, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    reporter = Reporter(lambda done, total: told.append((done, total)), lambda _: None)
    run(painter, work("text-to-image", tmp_path, {"text": "a red circle"}, **STEPS), reporter)
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_cancelled_drawing_stops_within_a_step_and_the_next_one_works(
    painter: Runner, tmp_path: Path
) -> None:
    told: list[int] = []

    def cancel(done: int, _total: int) -> None:
        told.append(done)
        reporter.cancel()

    reporter = Reporter(cancel, lambda _: None)
    job = work("text-to-image", tmp_path, {"text": "a red circle"}, **STEPS)
    with pytest.raises(Cancelled):
        run(painter, job, reporter)
    assert told == [1]
    assert run(painter, job).files


@pytest.mark.parametrize(
    ("name", "task"), [("shape-captioner", "image-to-text"), ("english-to-french", "translation")]
)
def test_a_cancelled_generation_stops(
    starter: Catalog, tmp_path: Path, name: str, task: str
) -> None:
    runner = load(spec(starter, name))
    inputs = {"image": picture(tmp_path)} if task == "image-to-text" else {"text": "a red circle"}
    reporter = silent()
    reporter.cancel()
    with pytest.raises(Cancelled):
        run(runner, work(task, tmp_path, inputs), reporter)
    assert run(runner, work(task, tmp_path, inputs)).text


def test_what_weights_take_is_measured(starter: Catalog) -> None:
    model = spec(starter, "shape-classifier-small")
    stored_bytes = sum(file.stat().st_size for file in (model.path or Path()).glob("*.safetensors"))
    # Stored in 16 bits, loaded in 32.
    assert load(model).resident_bytes == pytest.approx(2 * stored_bytes, rel=0.1)


def test_labels_come_with_scores_and_boxes_with_a_picture(starter: Catalog, tmp_path: Path) -> None:
    inputs = {"image": picture(tmp_path)}
    labels = run(
        load(spec(starter, "shape-classifier-small")),
        work("image-classification", tmp_path, inputs),
    )
    assert labels.text == labels.data[0]["label"]
    assert all(0 <= item["score"] <= 1 for item in labels.data)
    boxes = run(load(spec(starter, "shape-detector")), work("object-detection", tmp_path, inputs))
    assert boxes.text
    assert boxes.files[0].media is Media.IMAGE


def test_a_caption_never_runs_past_the_models_positions(starter: Catalog, tmp_path: Path) -> None:
    # Noise is nothing the captioner knows; it writes on until it is stopped.
    path = tmp_path / "noise.png"
    Image.effect_noise((640, 480), 120).convert("RGB").save(path)
    runner = load(spec(starter, "shape-captioner"))
    inputs = {"image": MediaFile(Media.IMAGE, path, "image/png")}
    assert run(runner, work("image-to-text", tmp_path, inputs)).text is not None


def test_an_image_larger_than_the_limit_is_refused(starter: Catalog, tmp_path: Path) -> None:
    inputs = {"image": picture(tmp_path, (2000, 2000))}
    with pytest.raises(TooLarge, match="pixels"):
        run(load(spec(starter, "shape-detector")), work("object-detection", tmp_path, inputs))


def test_a_file_that_is_no_image_is_refused(starter: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(b"no picture")
    inputs = {"image": MediaFile(Media.IMAGE, path, "image/png")}
    with pytest.raises(MediaError):
        run(load(spec(starter, "shape-captioner")), work("image-to-text", tmp_path, inputs))


def test_a_text_where_an_image_belongs_is_refused(starter: Catalog, tmp_path: Path) -> None:
    job = work("image-to-text", tmp_path, {"image": "/etc/passwd"})
    with pytest.raises(InvalidInput, match="needs an image"):
        run(load(spec(starter, "shape-captioner")), job)


def test_a_text_longer_than_the_model_is_refused_with_the_limit(
    starter: Catalog, tmp_path: Path
) -> None:
    runner = load(spec(starter, "english-to-french"))
    with pytest.raises(TooLarge, match=r"takes [0-9]+; send a shorter text"):
        run(runner, work("translation", tmp_path, {"text": "the cat sleeps " * 500}))


def test_each_line_of_a_text_is_translated(starter: Catalog, tmp_path: Path) -> None:
    runner = load(spec(starter, "english-to-french"))
    text = "a red circle\n\na big blue star"
    said = run(runner, work("translation", tmp_path, {"text": text})).text
    assert said == "un cercle rouge\n\nune grande étoile bleue"


def test_a_text_longer_than_the_classifier_is_judged_by_its_beginning(
    starter: Catalog, tmp_path: Path
) -> None:
    text = "I love this lovely bread. " + "It is there. " * 400
    judged = run(
        load(spec(starter, "sentiment-large")),
        work("text-classification", tmp_path, {"text": text}),
    )
    assert judged.text == "POSITIVE"


def test_a_model_trained_on_prefixes_is_told_what_to_do(starter: Catalog, tmp_path: Path) -> None:
    folder = tiny_t5(tmp_path)
    base = replace(spec(starter, "english-to-french"), path=folder)
    given = {"max_new_tokens": 4, "do_sample": False}
    prefix = "translate English to French: "
    said = run(load(base), work("translation", tmp_path, {"text": "hello"}, prefix=prefix, **given))
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model: Any = T5ForConditionalGeneration.from_pretrained(folder)
    tokens = model.generate(**tokenizer(prefix + "hello", return_tensors="pt"), **given)
    assert said.text == tokenizer.decode(tokens[0], skip_special_tokens=True).strip()


def test_weights_of_a_variant_are_loaded(starter: Catalog, tmp_path: Path) -> None:
    model = spec(starter, "shape-painter")
    pipeline = StableDiffusionPipeline.from_pretrained(str(model.path), dtype=torch.float16)
    pipeline.save_pretrained(tmp_path / "fp16", variant="fp16")
    runner = load(replace(model, path=tmp_path / "fp16", variant="fp16"))
    assert drawn(runner, tmp_path, 1)


def tiny_t5(folder: Path) -> Path:
    """A T5 of random weights, as the hub would hold it."""
    trained = SentencePieceUnigramTokenizer()
    trained.train_from_iterator(
        ["translate English to French: hello world, how are you today"] * 20,
        vocab_size=80,
        special_tokens=["<pad>", "</s>", "<unk>"],
        unk_token="<unk>",
        show_progress=False,
    )
    vocabulary = [(piece, score) for piece, score in _pieces(trained)]
    tokenizer = T5Tokenizer(vocab=vocabulary, extra_ids=0)
    torch.manual_seed(0)
    config = T5Config(
        vocab_size=len(tokenizer), d_model=32, d_kv=16, d_ff=32, num_layers=2, num_heads=2,
    )  # fmt: skip
    config.decoder_start_token_id = 0
    T5ForConditionalGeneration(config).save_pretrained(folder / "t5")
    tokenizer.save_pretrained(folder / "t5")
    return folder / "t5"


def _pieces(trained: SentencePieceUnigramTokenizer) -> list[tuple[str, float]]:
    import json

    return [tuple(entry) for entry in json.loads(trained.to_str())["model"]["vocab"]]
