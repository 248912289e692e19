"""Tables: read from texts, asked, and classified row by row."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import skops.io
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import FunctionTransformer

from server.core.lane import Weights
from server.core.model import ModelSpec, Precision
from server.errors import InvalidInput, LoadError
from server.runners.registry import load_runner
from server.runners.runner import Runner
from server.runners.tables import Table, parse_table
from server.runners.text_labels import in_words
from tests.runners.bench import run, work
from tests.runners.conftest import Do

TABLES = "google/tapas-base-finetuned-wtq"


def test_a_question_is_answered_from_a_table(do: Do) -> None:
    table = "Name,Age\nJohn,4\nBob,5"
    result = do(TABLES, "table-question-answering", text="who is John?", table=table)
    assert set(result.data) == {"answer", "cells", "coordinates", "aggregator"}
    rows = parse_table(table).rows
    cells = [rows[row][column] for row, column in result.data["coordinates"]]
    assert cells == result.data["cells"]


@pytest.mark.parametrize(
    ("cells", "aggregator", "said"),
    [
        (["4", "1,005.5 km"], "SUM", "1009.5 (sum of 4, 1,005.5 km)"),
        (["4", "5"], "AVERAGE", "4.5 (average of 4, 5)"),
        (["Ada", "Bob"], "COUNT", "2 (count of Ada, Bob)"),
        (["Ada", "4"], "SUM", "Ada, 4"),
        (["Ada"], "NONE", "Ada"),
        ([], "SUM", "The table does not say."),
    ],
)
def test_what_cells_come_to_is_worked_out(cells: list[str], aggregator: str, said: str) -> None:
    assert in_words(cells, aggregator) == said


@pytest.mark.parametrize(
    "table",
    [
        ",".join(f"c{i}" for i in range(300)) + "\n" + ",".join(map(str, range(300))),
        "a,b\n" + "1,2\n" * 600,
        "a,b\n,\n,",
        f"a,b\n1,{'word ' * 2000}",
    ],
)
def test_a_table_larger_than_the_model_is_read_as_far_as_it_fits(table: str, do: Do) -> None:
    assert do(TABLES, "table-question-answering", text="how many? " * 200, table=table).text


def test_without_a_question_or_a_row_a_table_cannot_be_asked(do: Do) -> None:
    with pytest.raises(InvalidInput, match="at least one row"):
        do(TABLES, "table-question-answering", text="who?", table=" ")
    with pytest.raises(InvalidInput, match="a question"):
        do(TABLES, "table-question-answering", text=" ", table="a,b\n1,2")


@pytest.mark.parametrize(
    "text",
    [
        "name,age\nAda,36\nAlan,41\n",
        "name\tage\n\nAda\t36\nAlan\t41",
        "name;age\nAda;36\nAlan;41",
        '"name", "age"\n"Ada", 36\n"Alan", 41',
        "Here it is:\n\n| name | age |\n|:---|---:|\n| Ada | 36 |\n| Alan | 41 |\n\nThat is all.",
        "name | age\n--- | ---\nAda | 36\nAlan | 41",
        '[{"name": "Ada", "age": 36}, {"age": 41, "name": "Alan"}]',
        '{"name": ["Ada", "Alan"], "age": [36, 41]}',
    ],
)
def test_a_table_is_read_from_csv_tsv_markdown_and_json(text: str) -> None:
    assert parse_table(text) == Table(("name", "age"), (("Ada", "36"), ("Alan", "41")))


def test_cells_that_are_missing_are_empty() -> None:
    assert parse_table('[{"a": 1}, {"b": null}]') == Table(("a", "b"), (("1", ""), ("", "")))
    assert parse_table("|a|b|\n|-|-|\n|1|\n|1|2|3|").rows == (("1", ""), ("1", "2"))


@pytest.mark.parametrize("text", ["A plain text.\nIn two lines.", "[1, 2]", "[]", "{}", "12", "[["])
def test_a_text_that_is_no_table_is_one_column(text: str) -> None:
    assert parse_table(text) == Table(("text",), tuple((line,) for line in text.splitlines()))


def test_a_table_written_as_markdown_is_read_as_the_same() -> None:
    table = Table(("a", "b|c"), (("1", "x | y"), ("", "z")))
    assert parse_table(table.to_markdown()) == table


def _tabular(folder: Path, estimator: object) -> Runner:
    folder.mkdir(exist_ok=True)
    skops.io.dump(estimator, folder / "model.skops")
    spec = ModelSpec(
        id="acme/flowers",
        tasks=("tabular-classification",),
        revision="main",
        licence="MIT",
        downloads=1,
        likes=1,
        description="Tells flowers apart.",
        size_bytes=1,
        precision=Precision.FLOAT32,
        path=folder,
    )
    return load_runner(Weights(spec, folder), "cpu:0")


def _flowers() -> pd.DataFrame:
    return pd.DataFrame({"length": [1.0, 1.1, 5.0, 5.2], "width": [0.2, 0.1, 2.0, 2.2]})


KINDS = ["small", "small", "large", "large"]


def test_each_row_of_a_table_gets_its_class(tmp_path: Path) -> None:
    runner = _tabular(tmp_path / "model", LogisticRegression().fit(_flowers(), KINDS))
    table = "id,width,length\na,0.2,1.0\nb,2.1,5.1"
    result = run(runner, work("tabular-classification", tmp_path, {"table": table}))
    assert [row["label"] for row in result.data] == ["small", "large"]
    assert all(0.5 < row["score"] <= 1 for row in result.data)
    assert parse_table(result.text or "").rows == (
        ("a", "0.2", "1.0", "small"),
        ("b", "2.1", "5.1", "large"),
    )
    assert runner.resident_bytes > 0


def test_a_classifier_without_names_takes_the_columns_in_their_order(tmp_path: Path) -> None:
    estimator = LogisticRegression().fit(_flowers().to_numpy(), KINDS)
    runner = _tabular(tmp_path / "model", estimator)
    job = work("tabular-classification", tmp_path, {"table": "x,x\n1.0,0.2"})
    assert run(runner, job).data[0]["label"] == "small"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("length\n1", "has no length, width"),
        ("length,width\n1,", "cannot classify"),
        ("length,width\n1,wide", "cannot classify"),
        ("", "at least one row"),
        ("no table at all", "has no length, width"),
    ],
)
def test_a_table_that_does_not_fit_a_classifier_is_refused(
    table: str, said: str, tmp_path: Path
) -> None:
    runner = _tabular(tmp_path / "model", LogisticRegression().fit(_flowers(), KINDS))
    with pytest.raises(InvalidInput, match=said):
        run(runner, work("tabular-classification", tmp_path, {"table": table}))


def test_an_estimator_that_brings_code_of_its_own_is_not_loaded(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="only scikit-learn's own"):
        _tabular(tmp_path / "model", FunctionTransformer(func=torch.load))
    with pytest.raises(LoadError, match="no classifier"):
        _tabular(tmp_path / "model", [1, 2])
