"""What callers and catalogs may set, task by task, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.model import ModelSpec, Precision
from server.core.parameters import PARAMETERS, check_parameters, defaults
from server.core.task import TASKS
from server.errors import InvalidInput

PAINTER = ModelSpec(
    id="acme/painter",
    tasks=("text-to-image", "image-to-image"),
    revision="main",
    licence="MIT",
    downloads=1,
    likes=1,
    description="Paints.",
    size_bytes=1,
    precision=Precision.FLOAT16,
    parameters={"num_inference_steps": 20, "strength": 0.4},
)


NAMES = sorted({name for kind in PARAMETERS.values() for name in kind.model_fields})


def taken_or_refused(task: str, given: dict) -> dict | str:
    try:
        return check_parameters(task, given)
    except InvalidInput as error:
        return str(error)


def test_every_task_says_which_parameters_it_takes() -> None:
    assert set(PARAMETERS) == set(TASKS)


@pytest.mark.parametrize(
    ("task", "given", "message"),
    [
        ("text-to-image", {"steps": 3}, "text-to-image has no parameter 'steps'; it takes: seed,"),
        ("text-to-image", {"num_inference_steps": 151}, "less than or equal to 150"),
        ("text-to-image", {"num_inference_steps": "20"}, "'num_inference_steps' is wrong"),
        ("text-to-image", {"width": 100}, "multiple of 8"),
        ("text-to-image", {"seed": -1}, "greater than or equal to 0"),
        ("text-to-image", {"guidance_scale": float("nan")}, "finite number"),
        ("object-detection", {"threshold": 1.5}, "less than or equal to 1"),
        ("translation", {"tgt_lang": "../fr"}, "'tgt_lang' is wrong"),
        ("text-to-speech", {"voice": "a b"}, "'voice' is wrong"),
        ("mlsd-control", {"seed": 1}, "mlsd-control has no parameter 'seed'; it takes: none"),
    ],
)
def test_what_is_unknown_or_out_of_bounds_is_refused_by_name(
    task: str, given: dict[str, object], message: str
) -> None:
    with pytest.raises(InvalidInput, match=message):
        check_parameters(task, given)


def test_what_is_within_bounds_is_taken_and_what_is_not_given_left_out() -> None:
    asked = {"num_inference_steps": 8, "width": 512, "seed": 7, "negative_prompt": None}
    assert check_parameters("text-to-image", asked) == {
        "num_inference_steps": 8,
        "width": 512,
        "seed": 7,
    }


@given(
    st.sampled_from(sorted(TASKS)),
    st.dictionaries(
        st.sampled_from([*NAMES, "odd"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        max_size=4,
    ),
)
def test_anything_is_either_taken_as_it_is_or_refused(task: str, given: dict) -> None:
    answer = taken_or_refused(task, given)
    if isinstance(answer, str):
        assert task in answer
    else:
        assert answer == {name: value for name, value in given.items() if value is not None}


def test_an_entry_with_several_tasks_gives_each_its_own_defaults() -> None:
    assert defaults(PAINTER, "text-to-image") == {"num_inference_steps": 20}
    assert defaults(PAINTER, "image-to-image") == {"num_inference_steps": 20, "strength": 0.4}
    assert defaults(replace(PAINTER, parameters={}), "text-to-image") == {}
