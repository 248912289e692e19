"""The starter planner is trained on requests as people type them and plans the server accepts."""

from __future__ import annotations

import json
import random
import unicodedata

import pytest
from llguidance import LLMatcher, LLTokenizer

from scripts.eval_planner import KINDS
from scripts.starter.planner_choices import pick, select_example, why
from scripts.starter.planner_data import clause_example
from scripts.starter.planner_example import PlanExample
from server.core.model import TextArguments
from server.core.task import TASKS
from server.core.text import flatten
from server.planning.draft import read_plan
from server.planning.grammar import MAX_STEPS, plan_grammar
from server.selection.selector import choice_grammar

BYTES = LLTokenizer("byte")
EXAMPLES = 150


def written_by(grammar: str, text: str) -> bool:
    matcher = LLMatcher(BYTES, grammar)
    assert not matcher.is_error(), matcher.get_error()
    data = list(text.encode())
    return matcher.try_consume_tokens(data) == len(data) and matcher.is_accepting()


def drawn(kind: str) -> list[PlanExample]:
    rng = random.Random(kind)
    if kind == "clause":
        return [clause_example(rng) for _ in range(EXAMPLES)]
    return [KINDS[kind](rng, held_out=index % 2 == 0) for index in range(EXAMPLES)]


@pytest.mark.parametrize("kind", [*KINDS, "clause"])
def test_requests_hold_only_what_people_can_type(kind: str) -> None:
    for example in drawn(kind):
        odd = [char for char in example.request if unicodedata.category(char) in ("Co", "Cs", "Cn")]
        assert not odd, example.request
        assert "{" not in example.request or not example.steps, example.request


@pytest.mark.parametrize("kind", [*KINDS, "clause"])
def test_every_plan_is_one_that_the_server_lets_the_planner_write(kind: str) -> None:
    for example in drawn(kind):
        request = flatten(example.request)
        grammar = plan_grammar(request, example.resources, TASKS, MAX_STEPS, TextArguments.SPAN)
        assert written_by(grammar, example.answer), (example.request, example.answer)
        plan = read_plan(example.steps, example.resources, TASKS, MAX_STEPS)
        assert len(plan.steps) == len(example.steps)


def test_choices_are_of_candidates_and_their_reasons_are_true() -> None:
    rng = random.Random(0)
    for _ in range(EXAMPLES):
        _request, steps, answer = select_example(rng)
        assert written_by(choice_grammar(steps), answer)
        for step in steps:
            assert list(step.candidates) == sorted(step.candidates, key=lambda c: -c.downloads)
        for step, choice in zip(steps, json.loads(answer), strict=True):
            meant = pick(step, why(choice["reason"]))
            assert meant is not None
            assert meant.id == choice["id"]
