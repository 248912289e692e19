"""Texts in, texts out: every text task on twins of its real models."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import nullcontext, suppress
from pathlib import Path

import numpy as np
import pytest

from server.core.lane import Weights
from server.core.model import Catalog, ModelSpec
from server.core.parameters import PARAMETERS
from server.core.task import TASKS
from server.errors import Cancelled, InvalidInput, LoadError, TooLarge
from server.runners.registry import load_runner
from tests.runners.bench import cancelled_at, run, silent, work
from tests.runners.conftest import Do, TwinRunner

WeightsOf = Callable[[ModelSpec], Weights]

NER = "dslim/bert-base-NER"
SORTER = "facebook/bart-large-mnli"
SUMMARIZER = "facebook/bart-large-cnn"
REWRITER = "google/flan-t5-base"
PAIRS = "google-t5/t5-base"
READER = "deepset/roberta-base-squad2"
TABLES = "google/tapas-base-finetuned-wtq"
CHAT = "Qwen/Qwen3-4B-Instruct-2507"
MEAN = "sentence-transformers/all-MiniLM-L6-v2"
FIRST = "BAAI/bge-small-en-v1.5"
FILLER = "google-bert/bert-base-uncased"

SENTENCE = "John Smith sits on a red sofa near New York in 2024. "
LONG = SENTENCE * 40
ODD = ("", "   \n\t", "\x00", "🙂" * 30, "<mask> [MASK] <s></s> [SEP]", "a\n\n|b|,;\t{}", LONG)
PORTS = ("text", "labels", "context", "table", "text1", "text2")


def _texts(task: str) -> set[str]:
    return {port.name for port in TASKS[task].inputs}


def _brief(task: str) -> dict[str, int]:
    return {"max_new_tokens": 4} if "max_new_tokens" in PARAMETERS[task].model_fields else {}


def _entries(real: Catalog) -> list[tuple[str, str]]:
    texts = [task for task in TASKS.values() if task.name != "text-to-speech"]
    able = {t.name for t in texts if {p.media for p in t.inputs} == set(t.outputs) == {"text"}}
    return [(spec.id, task) for spec in real.models for task in spec.tasks if task in able]


def test_every_entry_for_text_gives_text_and_data_that_is_json(
    real_catalog: Catalog, do: Do
) -> None:
    given = {"labels": "joy, anger", "table": "name,age\nAda,36", "context": SENTENCE}
    entries = _entries(real_catalog)
    assert len({task for _, task in entries}) == 13
    for model, task in entries:
        inputs = {name: given.get(name, SENTENCE) for name in _texts(task)}
        result = do(model, task, **inputs, **_brief(task))
        assert result.text is not None, (model, task)
        assert json.loads(json.dumps(result.data)) == result.data, (model, task)
        assert result.data, (model, task)


@pytest.mark.parametrize("odd", ODD)
def test_whatever_the_text_is_a_task_gives_a_result_or_says_what_is_wrong_with_it(
    odd: str, do: Do
) -> None:
    for model, task in (
        (NER, "token-classification"),
        (SORTER, "zero-shot-classification"),
        (SUMMARIZER, "summarization"),
        (REWRITER, "text2text-generation"),
        (PAIRS, "translation"),
        (READER, "question-answering"),
        (TABLES, "table-question-answering"),
        (CHAT, "conversational"),
        (FIRST, "sentence-similarity"),
        (MEAN, "feature-extraction"),
        (FILLER, "fill-mask"),
        ("SamLowe/roberta-base-go_emotions", "text-classification"),
    ):
        inputs = dict.fromkeys(_texts(task), odd)
        picky = task in ("zero-shot-classification", "table-question-answering")
        with suppress(InvalidInput, TooLarge) if picky else nullcontext():
            assert do(model, task, **inputs, **_brief(task)).text is not None


def test_entities_are_named_with_their_kind_and_place(do: Do) -> None:
    result = do(NER, "token-classification", text=SENTENCE)
    for entity in result.data:
        assert set(entity) == {"entity_group", "score", "word", "start", "end"}
        assert f"{SENTENCE[entity['start'] : entity['end']]} ({entity['entity_group']})" in str(
            result.text
        )


def test_entities_are_found_all_over_a_long_text(do: Do) -> None:
    found = do(NER, "token-classification", text=LONG).data
    assert found[-1]["start"] > len(LONG) / 2


def test_entities_may_be_told_token_by_token(do: Do) -> None:
    found = do(NER, "token-classification", text=SENTENCE, aggregation_strategy="none").data
    assert found
    assert all(set(item) >= {"entity", "index", "word"} for item in found)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("joy, anger or fear", {"joy", "anger", "fear"}),
        ("arts and crafts, sports, and politics", {"arts and crafts", "sports", "politics"}),
        ("- joy\n- anger\n- joy", {"joy", "anger"}),
        ('["joy", "anger"]', {"joy", "anger"}),
        ("joy", {"joy"}),
    ],
)
def test_labels_are_taken_from_a_text_as_people_write_them(
    said: str, meant: set[str], do: Do
) -> None:
    result = do(SORTER, "zero-shot-classification", text="What a day!", labels=said)
    assert {item["label"] for item in result.data} == meant
    assert result.text == max(result.data, key=lambda item: item["score"])["label"]


def test_labels_share_the_score_unless_several_may_hold(do: Do) -> None:
    def total(**more: object) -> float:
        given = {"text": SENTENCE, "labels": "joy, anger, fear"}
        data = do(SORTER, "zero-shot-classification", **given, **more).data
        return sum(item["score"] for item in data)

    assert total() == pytest.approx(1, abs=0.01)
    assert total(multi_label=True) != pytest.approx(1, abs=0.01)


def test_sorting_under_no_label_or_under_too_many_is_refused(do: Do) -> None:
    with pytest.raises(InvalidInput, match="at least one label"):
        do(SORTER, "zero-shot-classification", text="hello", labels=" , .")
    many = ", ".join(map(str, range(101)))
    with pytest.raises(TooLarge, match="100 labels at most"):
        do(SORTER, "zero-shot-classification", text="hello", labels=many)


def test_a_template_with_another_place_than_that_of_the_label_is_refused(do: Do) -> None:
    with pytest.raises(InvalidInput, match="hypothesis_template"):
        do(SORTER, "zero-shot-classification", text="a", labels="b", hypothesis_template="{} {x}")


def test_the_best_labels_are_given_in_the_number_asked_for(do: Do) -> None:
    model = "SamLowe/roberta-base-go_emotions"
    found = do(model, "text-classification", text=LONG, top_k=2).data
    assert len(found) == 2
    assert found[0]["score"] >= found[1]["score"]


@pytest.mark.parametrize("blank", ["[MASK]", "<mask>", "____", "[mask]"])
@pytest.mark.parametrize("model", [FILLER, "FacebookAI/roberta-base"])
def test_a_blank_is_filled_however_it_is_written(blank: str, model: str, do: Do) -> None:
    result = do(model, "fill-mask", text=f"a photo of a {blank} on a sofa")
    assert len(result.data) == 5
    assert set(result.data[0]) == {"sequence", "score", "token", "token_str"}
    best = result.data[0]["token_str"].strip()
    assert result.text == f"a photo of a {best} on a sofa"


def test_a_text_without_a_blank_is_gone_on_with_by_a_word(do: Do) -> None:
    result = do(FILLER, "fill-mask", text="a photo of a")
    assert result.text == f"a photo of a {result.data[0]['token_str']}."


def test_several_blanks_are_each_filled(do: Do) -> None:
    result = do(FILLER, "fill-mask", text="a [MASK] of a [MASK]", top_k=3)
    assert [len(choices) for choices in result.data] == [3, 3]
    first, second = (choices[0]["token_str"] for choices in result.data)
    assert result.text == f"a {first} of a {second}"


def test_a_blank_is_filled_by_one_of_the_targets(do: Do) -> None:
    data = do(FILLER, "fill-mask", text="a ___", targets=["cat", "sofa", " "]).data
    assert {item["token_str"] for item in data} <= {"cat", "sofa", "so", "ca", "c", "s"}
    with pytest.raises(InvalidInput, match="targets are blank"):
        do(FILLER, "fill-mask", text="a ___", targets=[" "])


def test_no_more_words_are_offered_than_there_are(do: Do) -> None:
    assert len(do(FILLER, "fill-mask", text="a ___", top_k=1000).data) < 1000


def test_an_answer_is_a_piece_of_the_text(do: Do) -> None:
    answer = do(READER, "question-answering", text="Who?", context=LONG).data
    assert answer["answer"] == LONG[answer["start"] : answer["end"]]
    assert 0 < answer["score"] <= 1


def test_several_answers_come_best_first_and_each_once(do: Do) -> None:
    answers = do(READER, "question-answering", text="Who?", context=LONG, top_k=20).data
    places = [(answer["start"], answer["end"]) for answer in answers]
    assert len(places) == len(set(places)) == 20
    assert [a["score"] for a in answers] == sorted((a["score"] for a in answers), reverse=True)


def test_an_answer_is_as_short_as_asked(do: Do) -> None:
    context = "hello world this is a test"
    given = {"text": "Who?", "context": context, "top_k": 50, "max_answer_len": 1}
    answers = do(READER, "question-answering", **given).data
    assert all(" " not in answer["answer"] for answer in answers)


def test_a_text_that_says_nothing_gives_the_empty_answer(do: Do) -> None:
    for context in ("", "  \n"):
        result = do(READER, "question-answering", text="Who?", context=context)
        assert result.text == "The text does not say."
        assert (result.data["answer"], result.data["start"], result.data["end"]) == ("", 0, 0)


def test_an_impossible_answer_is_weighed_where_asked_for(do: Do) -> None:
    given = {"text": "Who?", "context": SENTENCE, "top_k": 1000}
    answers = do(READER, "question-answering", **given, handle_impossible_answer=True).data
    assert sum(answer["answer"] == "" for answer in answers) == 1


def test_texts_that_are_the_same_are_fully_alike(do: Do) -> None:
    for model in (MEAN, FIRST):
        result = do(model, "sentence-similarity", text1="hello world", text2="hello world")
        assert result.data == [1.0]
        assert result.text == "1.00 (nearly the same meaning)"
    assert do(MEAN, "sentence-similarity", text1="hello world", text2=SENTENCE).data[0] < 1


def test_a_vector_is_shown_by_its_first_numbers(do: Do) -> None:
    result = do(MEAN, "feature-extraction", text="hello world")
    assert len(result.data) == 32
    assert str(result.text).startswith(f"a vector of 32 numbers: {result.data[0]:.2f}, ")


def test_a_vector_has_length_one_where_the_repository_or_the_caller_says_so(do: Do) -> None:
    def length(**given: object) -> float:
        return float(np.linalg.norm(do(MEAN, "feature-extraction", text="hello", **given).data))

    assert length() == pytest.approx(1, abs=1e-4)
    assert length(normalize=False) != pytest.approx(1, abs=1e-4)


def test_a_text_is_pooled_as_its_repository_says(
    real_catalog: Catalog, twin_weights: WeightsOf, tmp_path: Path, do: Do
) -> None:
    spec = real_catalog.model(MEAN)
    assert spec is not None
    folder = shutil.copytree(twin_weights(spec).path, tmp_path / "other")
    pooling = folder / "1_Pooling" / "config.json"
    job = work("feature-extraction", tmp_path, {"text": "hello world"})
    mean = do(MEAN, "feature-extraction", text="hello world").data
    pooling.write_text('{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}')
    assert run(load_runner(Weights(spec, folder), "cpu:0"), job).data != mean
    pooling.write_text('{"pooling_mode_max_tokens": true}')
    with pytest.raises(LoadError, match="mean or cls alone"):
        load_runner(Weights(spec, folder), "cpu:0")


@pytest.mark.parametrize(
    ("model", "task", "parameters", "at"),
    [
        (SORTER, "zero-shot-classification", {}, 1),
        (NER, "token-classification", {}, 1),
        (READER, "question-answering", {}, 1),
        (SUMMARIZER, "summarization", {"max_new_tokens": 20}, 8),
        (CHAT, "conversational", {"max_new_tokens": 40, "repetition_penalty": 2.0}, 8),
    ],
)
def test_a_cancel_is_heard_within_a_step_and_the_next_job_works(
    model: str, task: str, parameters: dict, at: int, twin: TwinRunner, tmp_path: Path
) -> None:
    inputs = dict.fromkeys(_texts(task), LONG) | {"labels": "joy, anger, fear"}

    def make() -> object:
        return work(task, tmp_path, inputs, **parameters)

    assert cancelled_at(twin(model), make, at) == [at]  # type: ignore[arg-type]
    assert run(twin(model), make()).text is not None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("model", "task"), [(REWRITER, "text2text-generation"), (MEAN, "sentence-similarity")]
)
def test_a_job_cancelled_before_it_began_does_nothing(
    model: str, task: str, twin: TwinRunner, tmp_path: Path
) -> None:
    reporter = silent()
    reporter.cancel()
    with pytest.raises(Cancelled):
        twin(model).run(work(task, tmp_path, dict.fromkeys(PORTS, "hello")), reporter)
