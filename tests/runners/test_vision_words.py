"""Captions, answers and chat about pictures: seeds, positions, progress, cancel, scores."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.errors import TooLarge
from tests.runners.bench import cancelled_at, picture, run, work
from tests.runners.conftest import TwinRunner
from tests.runners.test_vision import inputs


def test_a_seed_makes_what_is_drawn_at_random_reproducible(
    twin: TwinRunner, tmp_path: Path
) -> None:
    for model_id in ("nlpconnect/vit-gpt2-image-captioning", "HuggingFaceTB/SmolVLM-Instruct"):
        runner = twin(model_id)

        def said(seed: int, runner=runner) -> tuple[str | None, int]:
            given = {"image": picture(tmp_path)}
            job = work(
                "image-to-text", tmp_path, given, seed=seed, do_sample=True, max_new_tokens=12
            )
            result = run(runner, job)
            return result.text, result.data[0]["seed"]

        assert said(1) == said(1)
        assert said(1)[0] != said(2)[0]
        assert said(2)[1] == 2


@pytest.mark.parametrize(
    ("model_id", "task"),
    [
        ("Salesforce/blip-image-captioning-base", "image-to-text"),
        ("microsoft/trocr-base-printed", "image-to-text"),
        ("microsoft/git-base-coco", "image-to-text"),
        ("nlpconnect/vit-gpt2-image-captioning", "image-to-text"),
        ("Salesforce/blip-vqa-base", "visual-question-answering"),
        ("naver-clova-ix/donut-base-finetuned-docvqa", "document-question-answering"),
        ("HuggingFaceTB/SmolVLM-Instruct", "image-to-text"),
        ("Qwen/Qwen3-VL-4B-Instruct", "document-question-answering"),
    ],
)
def test_no_model_writes_past_its_positions(
    twin: TwinRunner, tmp_path: Path, model_id: str, task: str
) -> None:
    given = inputs(task, tmp_path)
    result = run(twin(model_id), work(task, tmp_path, given, max_new_tokens=8192))
    assert result.text is not None


@pytest.mark.parametrize(
    ("model_id", "task"),
    [
        ("microsoft/git-base-coco", "image-to-text"),
        ("naver-clova-ix/donut-base-finetuned-docvqa", "document-question-answering"),
        ("Qwen/Qwen3-VL-4B-Instruct", "visual-question-answering"),
    ],
)
def test_writing_tells_progress_stops_when_told_and_works_again(
    twin: TwinRunner, tmp_path: Path, model_id: str, task: str
) -> None:
    runner = twin(model_id)
    given = inputs(task, tmp_path)
    long = {"max_new_tokens": 64, "do_sample": True, "temperature": 2.0, "seed": 3}
    told = cancelled_at(runner, lambda: work(task, tmp_path, given, **long), 8)
    assert told == [8]
    assert run(runner, work(task, tmp_path, given, max_new_tokens=2)).text is not None


@pytest.mark.parametrize(
    ("model_id", "task"),
    [
        ("dandelin/vilt-b32-finetuned-vqa", "visual-question-answering"),
        ("Salesforce/blip-vqa-base", "visual-question-answering"),
        ("naver-clova-ix/donut-base-finetuned-docvqa", "document-question-answering"),
        ("HuggingFaceTB/SmolVLM-Instruct", "visual-question-answering"),
    ],
)
def test_a_question_longer_than_the_model_is_refused_with_the_limit(
    twin: TwinRunner, tmp_path: Path, model_id: str, task: str
) -> None:
    given = {"image": picture(tmp_path), "text": "what is this? " * 300}
    with pytest.raises(TooLarge, match=r"takes [0-9]+; send a shorter one"):
        run(twin(model_id), work(task, tmp_path, given))


def test_answers_come_with_scores_best_first(twin: TwinRunner, tmp_path: Path) -> None:
    task = "visual-question-answering"
    given = inputs(task, tmp_path)
    chosen = run(twin("dandelin/vilt-b32-finetuned-vqa"), work(task, tmp_path, given, top_k=2))
    scores = [item["score"] for item in chosen.data]
    assert len(scores) == 2
    assert scores == sorted(scores, reverse=True)
    assert chosen.text == chosen.data[0]["answer"]
    written = run(twin("Salesforce/blip-vqa-base"), work(task, tmp_path, given, num_beams=2))
    assert 0 <= written.data[0]["score"] <= 1
