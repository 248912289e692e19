"""Texts written: summaries, translations, rewritings, replies, on twins of the real models."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from server.core.lane import Weights
from server.core.model import Catalog, ModelSpec
from server.errors import InvalidInput, TooLarge
from server.runners.registry import load_runner
from server.runners.runner import Reporter
from tests.runners.bench import run, work
from tests.runners.conftest import Do, TwinRunner

WeightsOf = Callable[[ModelSpec], Weights]

SUMMARIZER = "facebook/bart-large-cnn"
REWRITER = "google/flan-t5-base"
PAIRS = "google-t5/t5-base"
TAGS = "google/madlad400-3b-mt"
CHAT = "Qwen/Qwen3-4B-Instruct-2507"

SENTENCE = "John Smith sits on a red sofa near New York in 2024. "
LONG = SENTENCE * 40


def test_a_long_text_is_summed_up_to_its_end(do: Do, twin: TwinRunner, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    reporter = Reporter(lambda done, total: told.append((done, total)), lambda _: None)
    job = work("summarization", tmp_path, {"text": LONG}, max_new_tokens=8)
    result = run(twin(SUMMARIZER), job, reporter)
    assert result.data == [{"summary_text": result.text}]
    total = told[-1][1]
    assert total > 8 * 8
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] <= total


def test_a_long_text_without_a_full_stop_is_summed_up_too(do: Do) -> None:
    assert do(SUMMARIZER, "summarization", text="hello world " * 500, max_new_tokens=4).text


def test_more_tokens_than_a_model_has_positions_are_not_written(do: Do) -> None:
    assert do(SUMMARIZER, "summarization", text=SENTENCE, max_new_tokens=8000).text is not None


def test_a_seed_makes_sampling_reproducible_and_is_told(do: Do) -> None:
    def written(task: str, model: str, **seed: int) -> tuple[str | None, dict]:
        given = {"text": "hello world", "do_sample": True, "max_new_tokens": 12, "temperature": 2.0}
        result = do(model, task, **given, **seed)
        return result.text, result.data[0]

    for task, model in (("text2text-generation", REWRITER), ("text-generation", CHAT)):
        text, data = written(task, model)
        assert written(task, model, seed=data["seed"])[0] == text
        assert written(task, model, seed=data["seed"] + 1)[0] != text


def test_what_is_not_sampled_names_no_seed(do: Do) -> None:
    assert "seed" not in do(REWRITER, "text2text-generation", text="hello").data[0]


def test_a_language_is_asked_for_in_the_models_own_way(do: Do) -> None:
    asked = do(PAIRS, "translation", text="hello", tgt_lang="de").text
    written = do(PAIRS, "translation", text="hello", prefix="translate English to German: ").text
    assert asked == written
    asked = do(TAGS, "translation", text="hello", tgt_lang="de").text
    assert asked == do(TAGS, "translation", text="hello", prefix="<2de> ").text


def test_a_language_the_model_does_not_know_is_refused_with_those_it_knows(do: Do) -> None:
    with pytest.raises(InvalidInput, match="does not know 'it' as tgt_lang; it knows de, fr, ro"):
        do(PAIRS, "translation", text="hello", tgt_lang="it")


def test_a_long_line_is_translated_sentence_by_sentence(do: Do) -> None:
    text = "hello world. " * 40
    assert do(PAIRS, "translation", text=text, tgt_lang="fr", max_new_tokens=4).text


def test_a_sentence_longer_than_the_model_is_not_translated(do: Do) -> None:
    with pytest.raises(TooLarge, match=r"takes [0-9]+; send a shorter text"):
        do(PAIRS, "translation", text="hello world " * 500, tgt_lang="fr")


def test_a_reply_is_new_text_and_fits_a_prompt_of_any_length(do: Do) -> None:
    for text in ("hello", LONG * 5):
        result = do(CHAT, "conversational", text=text, max_new_tokens=8000, seed=1)
        assert result.data == [{"generated_text": result.text, "seed": 1}]


def test_a_model_without_a_chat_template_goes_on_with_the_text(
    real_catalog: Catalog, twin_weights: WeightsOf, tmp_path: Path
) -> None:
    spec = real_catalog.model(CHAT)
    assert spec is not None
    folder = shutil.copytree(twin_weights(spec).path, tmp_path / "plain")
    (folder / "chat_template.jinja").unlink()
    runner = load_runner(Weights(spec, folder), "cpu:0")
    for text in ("The quick brown", "", LONG):
        job = work("text-generation", tmp_path, {"text": text}, max_new_tokens=6, seed=1)
        assert run(runner, job).data[0]["generated_text"] == run(runner, job).text


def test_the_language_of_a_model_with_codes_is_set_for_each_text(
    starter: Catalog, tmp_path: Path
) -> None:
    spec = starter.model("baton/english-to-french")
    assert spec is not None
    assert spec.path is not None
    folder = _many_languages(spec.path, tmp_path / "m2m")
    runner = load_runner(Weights(replace(spec, path=folder), folder), "cpu:0")

    def said(**languages: str) -> str | None:
        inputs = {"text": "a red circle"}
        return run(
            runner, work("translation", tmp_path, inputs, max_new_tokens=6, **languages)
        ).text

    assert said(src_lang="en", tgt_lang="fr") is not None
    with pytest.raises(InvalidInput, match="must be told the language as tgt_lang"):
        said(src_lang="en")
    with pytest.raises(InvalidInput, match="'xx' as src_lang"):
        said(src_lang="xx", tgt_lang="fr")


def _many_languages(sentencepiece: Path, folder: Path) -> Path:
    """An M2M100 of random weights, on the pieces of another model."""
    from transformers import M2M100Config, M2M100ForConditionalGeneration, M2M100Tokenizer

    tokenizer = M2M100Tokenizer(
        str(sentencepiece / "vocab.json"), str(sentencepiece / "source.spm"), model_max_length=64
    )
    torch.manual_seed(0)
    config = M2M100Config(
        vocab_size=len(tokenizer) + 120,
        d_model=32,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=32,
        decoder_ffn_dim=32,
        max_position_embeddings=64,
    )
    M2M100ForConditionalGeneration(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
