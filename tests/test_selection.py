"""Which model gets a step: the real language model chooses, and only among what is there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from llguidance import LLMatcher, LLTokenizer

from scripts.local_llm import LocalGenerator
from server.core.model import Catalog, ModelSpec, PromptStyle, SelectionMode, SelectionSpec
from server.core.plan import Literal, Plan, Step
from server.core.task import TASKS
from server.errors import WorkerLost
from server.selection.prompt import CandidateLine, OpenStep
from server.selection.selector import Selector, choice_grammar
from tests.fakes.lanes import model
from tests.fakes.llm import Unavailable

BYTES = LLTokenizer("byte")
LARGE = replace(model("org/large", 2_000_000), downloads=900, description="More accurate.")
SMALL = replace(model("org/small", 300_000), downloads=100, description="Fast and small.")
PLAN = Plan((Step(0, TASKS["summarization"], {"text": Literal("a")}),))
TWO_STEPS = Plan(tuple(Step(k, TASKS["summarization"], {"text": Literal("a")}) for k in range(2)))
UNAVAILABLE = Unavailable(WorkerLost("nobody may be asked"))


def selector(
    starter: Catalog,
    generator: LocalGenerator | Unavailable,
    candidates: Sequence[ModelSpec],
    mode: SelectionMode = SelectionMode.LLM,
    top_k: int = 3,
) -> Selector:
    return Selector(
        generator,
        starter.planners[0],
        SelectionSpec(top_k, mode),
        lambda _: candidates,
        frozenset,
    )


def open_step(step: int = 0) -> OpenStep:
    lines = tuple(CandidateLine(m.id, m.downloads, m.size_bytes, False, "") for m in (LARGE, SMALL))
    return OpenStep(step, "summarization", lines)


def accepts(grammar: str, text: str) -> bool:
    matcher = LLMatcher(BYTES, grammar)
    assert not matcher.is_error(), matcher.get_error()
    data = list(text.encode())
    return matcher.try_consume_tokens(data) == len(data) and matcher.is_accepting()


async def test_the_language_model_chooses_among_the_candidates_with_a_reason(
    starter: Catalog, generator: LocalGenerator
) -> None:
    choices = await selector(starter, generator, [LARGE, SMALL]).select("Sum it up.", PLAN)
    assert {m.id for m in choices[0].models} == {"org/large", "org/small"}
    assert choices[0].reason.strip()
    assert len(generator.calls) == 1


async def test_one_call_settles_all_open_steps(starter: Catalog, generator: LocalGenerator) -> None:
    choices = await selector(starter, generator, [LARGE, SMALL]).select("Sum up.", TWO_STEPS)
    assert set(choices) == {0, 1}
    assert len(generator.calls) == 1


async def test_with_one_candidate_nobody_is_asked(starter: Catalog) -> None:
    choices = await selector(starter, UNAVAILABLE, [SMALL]).select("Sum it up.", PLAN)
    assert (choices[0].models, choices[0].reason) == ((SMALL,), "the only installed model")


async def test_by_rank_the_most_downloaded_is_taken_and_nobody_is_asked(starter: Catalog) -> None:
    chooser = selector(starter, UNAVAILABLE, [LARGE, SMALL], SelectionMode.RANK)
    choices = await chooser.select("Sum it up.", PLAN)
    assert (choices[0].models, choices[0].reason) == ((LARGE, SMALL), "the most downloaded")


async def test_only_the_top_k_are_candidates(starter: Catalog) -> None:
    chooser = selector(starter, UNAVAILABLE, [LARGE, SMALL], top_k=1)
    assert (await chooser.select("Sum it up.", PLAN))[0].models == (LARGE,)


async def test_a_task_nobody_can_do_has_an_empty_choice(starter: Catalog) -> None:
    assert (await selector(starter, UNAVAILABLE, []).select("Sum it up.", PLAN))[0].models == ()


@pytest.mark.parametrize("style", list(PromptStyle))
async def test_both_prompt_styles_name_each_candidate(
    starter: Catalog, generator: LocalGenerator, style: PromptStyle
) -> None:
    planner = replace(starter.planners[0], prompt=style)
    spec = SelectionSpec(3, SelectionMode.LLM)
    chooser = Selector(generator, planner, spec, lambda _: [LARGE, SMALL], lambda: {"org/small"})
    await chooser.select("Sum it up.", PLAN)
    told = generator.calls[0].messages[-1].content
    assert "org/large: 900 downloads (most), 2.0 MB." in told
    assert "org/small: 100 downloads, 0.3 MB (smallest), loaded." in told


@pytest.mark.parametrize(
    ("choice", "valid"),
    [
        ([{"step": 0, "reason": "best", "id": "org/large"}], True),
        ([{"step": 0, "reason": "best", "id": "org/invented"}], False),
        ([{"step": 1, "reason": "best", "id": "org/large"}], False),
        ([{"step": 0, "reason": "", "id": "org/large"}], False),
        ([], False),
    ],
)
def test_only_a_candidate_of_the_step_can_be_written(choice: list, valid: bool) -> None:
    written = json.dumps(choice, separators=(",", ":"))
    assert accepts(choice_grammar([open_step()]), written) is valid
