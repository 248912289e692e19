"""Plans: what the grammar lets an LLM write, and what is read back."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from llguidance import LLMatcher, LLTokenizer

from server.core.model import TextArguments
from server.core.plan import Literal, ResourceRef, StepRef
from server.core.resource import Resource
from server.core.task import TASKS, Media
from server.core.text import closed_objects, ever_shorter, flatten, shorten
from server.errors import InvalidPlan
from server.planning import prompt
from server.planning.draft import read_plan
from server.planning.grammar import MAX_STEPS, plan_grammar, words

BYTES = LLTokenizer("byte")
IMAGE = Resource("image-1", Media.IMAGE)
TEXT = Resource("text-1", Media.TEXT, text="hello")
ALL = frozenset(TASKS)
SPAN, FREE = TextArguments.SPAN, TextArguments.FREE
ON_IMAGE_1, OF_STEP_0 = {"image": "image-1"}, {"image": "<GENERATED>-0"}


def accepts(grammar: str, text: str) -> bool:
    matcher = LLMatcher(BYTES, grammar)
    assert not matcher.is_error(), matcher.get_error()
    data = list(text.encode())
    return matcher.try_consume_tokens(data) == len(data) and matcher.is_accepting()


def wire(*steps: tuple[str, dict[str, str]]) -> str:
    written = [{"task": task, "id": i, "args": args} for i, (task, args) in enumerate(steps)]
    return json.dumps(written, separators=(",", ":"), ensure_ascii=False)


def random_plan(grammar: str, choose: random.Random, longest: int = 3000) -> str:
    """A walk through the grammar: at each byte any that is allowed, with a leaning to the end."""
    matcher = LLMatcher(BYTES, grammar)
    assert not matcher.is_error(), matcher.get_error()
    written = bytearray()
    while not matcher.is_stopped() and len(written) < longest:
        mask = matcher.compute_bitmask()
        allowed = [b for b in range(256) if mask[b // 8] >> (b % 8) & 1]
        if not allowed:
            break
        # Otherwise free text would go on to its limit every time.
        closing = [b for b in allowed if b in b'"]']
        likely = closing if closing and choose.random() < 0.2 else allowed
        byte = choose.choice(likely)
        matcher.consume_token(byte)
        assert not matcher.is_error(), matcher.get_error()
        written.append(byte)
        for forced in matcher.compute_ff_tokens():
            matcher.consume_token(forced)
            written.append(forced)
    assert matcher.is_accepting(), f"the grammar leads nowhere after {bytes(written)!r}"
    return written.decode()


RESOURCES = st.lists(st.sampled_from(list(Media)), max_size=5).map(
    lambda media: [
        Resource(f"{m}-{i}", m, text="t" if m is Media.TEXT else None)
        for i, m in enumerate(media, start=1)
    ]
)
TASK_SETS = st.one_of(st.just(ALL), st.sets(st.sampled_from(sorted(ALL)), max_size=6))


@settings(max_examples=120, deadline=None)
@given(
    st.text(max_size=80),
    RESOURCES,
    TASK_SETS,
    st.integers(1, 8),
    st.sampled_from([SPAN, FREE]),
    st.integers(),
)
def test_whatever_the_grammar_accepts_is_a_plan_that_can_run(
    request: str,
    resources: list[Resource],
    tasks: set[str],
    max_steps: int,
    text_arguments: TextArguments,
    seed: int,
) -> None:
    grammar = plan_grammar(request, resources, tasks, max_steps, text_arguments)
    written = random_plan(grammar, random.Random(seed))
    assert json.loads(written) == closed_objects(written)
    plan = read_plan(closed_objects(written), resources, tasks, max_steps)
    for step in plan.steps:
        assert set(step.args) == {port.name for port in step.task.inputs}
        assert all(index < step.id for index in step.depends_on)


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=60), st.integers())
def test_a_span_is_a_run_of_the_requests_own_words(request: str, seed: int) -> None:
    grammar = plan_grammar(request, [], {"text-to-image"}, 1, SPAN)
    plan = read_plan(closed_objects(random_plan(grammar, random.Random(seed))), [], ALL, 1)
    readable = json.loads('"' + "".join(words(request)) + '"')
    for step in plan.steps:
        argument = step.args["text"]
        assert isinstance(argument, Literal)
        assert argument.text in readable


def test_the_longest_unrolling_the_parameter_allows_compiles() -> None:
    grammar = plan_grammar("x", [IMAGE], ALL, MAX_STEPS, SPAN)
    assert accepts(grammar, "[]")


@pytest.mark.parametrize(
    "plan",
    [
        wire(("image-to-text", {"image": "image-1"})),
        wire(("text-to-image", {"text": "a red circle"}), ("image-to-text", OF_STEP_0)),
        wire(("object-detection", ON_IMAGE_1), ("text-to-speech", {"text": "<GENERATED>-0"})),
        wire(("object-detection", ON_IMAGE_1), ("image-to-text", OF_STEP_0)),
        wire(("image-to-image", {"image": "image-1", "text": ""})),
    ],
)
def test_plans_whose_types_fit_can_be_written(plan: str) -> None:
    assert accepts(plan_grammar("draw a red circle", [IMAGE], ALL, 3, SPAN), plan)


@pytest.mark.parametrize(
    "plan",
    [
        wire(("image-to-text", {"image": "image-2"})),
        wire(("image-to-text", {"image": "<GENERATED>-0"})),
        wire(("text-to-speech", {"text": "draw"}), ("image-to-text", {"image": "<GENERATED>-0"})),
        wire(("audio-classification", {"audio": "image-1"})),
        wire(("text-to-image", {"text": "a blue circle"})),
        wire(("text-to-image", {"text": ""})),
        wire(("text-to-image", {"text": "<GENERATED>-0"})),
        wire(("image-to-text", {"image": "image-1", "text": "draw"})),
        wire(("drawing", {"text": "draw"})),
        wire(*[("image-to-text", {"image": "image-1"})] * 4),
    ],
)
def test_plans_that_could_not_run_cannot_be_written(plan: str) -> None:
    assert not accepts(plan_grammar("draw a red circle", [IMAGE], ALL, 3, SPAN), plan)


def test_a_task_that_is_not_installed_cannot_be_written() -> None:
    plan = wire(("image-to-text", {"image": "image-1"}))
    assert not accepts(plan_grammar("x", [IMAGE], {"text-to-image"}, 3, SPAN), plan)


def test_free_text_may_say_anything_but_a_reference() -> None:
    grammar = plan_grammar("draw", [], ALL, 3, FREE)
    assert accepts(grammar, wire(("text-to-image", {"text": 'a "fox", ünïcode \\ & more'})))
    assert not accepts(grammar, wire(("text-to-image", {"text": "<GENERATED>-7"})))


def test_with_nothing_installed_only_the_empty_plan_can_be_written() -> None:
    grammar = plan_grammar("draw", [], set(), 3, FREE)
    assert accepts(grammar, "[]")
    assert not accepts(grammar, "[{")


def test_a_plan_is_read_back_with_typed_references_and_derived_dependencies() -> None:
    written = wire(
        ("translation", {"text": "text-1"}),
        ("text-to-image", {"text": "<GENERATED>-0"}),
        ("visual-question-answering", {"image": "<GENERATED>-1", "text": "what is it?"}),
        ("image-to-text", {"image": "image-1"}),
    )
    plan = read_plan(closed_objects(written), [IMAGE, TEXT], ALL, 8)
    assert plan.steps[0].args == {"text": ResourceRef("text-1")}
    assert plan.steps[1].args == {"text": StepRef(0)}
    assert plan.steps[2].args == {"image": StepRef(1), "text": Literal("what is it?")}
    assert [step["dep"] for step in plan.to_wire()] == [[-1], [0], [1], [-1]]
    assert [step.id for step in plan.leaves()] == [2, 3]


def test_a_plan_survives_the_way_over_the_wire_and_back() -> None:
    written = wire(("text-to-image", {"text": "a fox"}), ("image-to-text", OF_STEP_0))
    plan = read_plan(closed_objects(written), [], ALL, 8)
    assert read_plan(plan.to_wire(), [], ALL, 8) == plan


def test_a_plan_cut_short_keeps_its_closed_steps() -> None:
    written = wire(("text-to-image", {"text": "a fox"}), ("image-to-text", OF_STEP_0))
    plan = read_plan(closed_objects(written[:-20]), [], ALL, 8)
    assert [step.task.name for step in plan.steps] == ["text-to-image"]


@pytest.mark.parametrize(
    ("draft", "told"),
    [
        ([{"task": "drawing", "id": 0, "args": {}}], "no installed task 'drawing'"),
        ([{"task": "image-to-text", "id": 0, "args": {}}], "takes \\['image'\\]"),
        ([{"task": "image-to-text", "id": 0, "args": {"image": "image-9"}}], "no such resource"),
        ([{"task": "image-to-text", "id": 0, "args": {"image": "text-1"}}], "it is text"),
        ([{"task": "image-to-text", "id": 3, "args": {"image": "image-1"}}], "count from 0"),
        ([{"task": "summarization", "id": 0, "args": {"text": " "}}], "it is empty"),
        ([{"task": "summarization", "id": 0, "args": {"text": "x"}, "more": 1}], "more"),
        ([{"task": "summarization", "id": 0, "args": {"text": "x"}}] * 9, "the limit is 8"),
        ("not a list", "not a plan"),
    ],
)
def test_a_wrong_plan_is_refused_with_what_is_wrong(draft: list, told: str) -> None:
    with pytest.raises(InvalidPlan, match=told):
        read_plan(draft, [IMAGE, TEXT], ALL, 8)


def test_an_output_of_the_wrong_type_is_refused() -> None:
    steps = [
        {"task": "summarization", "id": 0, "args": {"text": "x"}},
        {"task": "image-to-text", "id": 1, "args": {"image": "<GENERATED>-0"}},
    ]
    with pytest.raises(InvalidPlan, match="step 0 gives text"):
        read_plan(steps, [], ALL, 8)


def test_the_compact_prompt_is_one_line_for_each_resource_and_the_request() -> None:
    image = Resource("image-1", Media.IMAGE, "my\nphoto.jpg")
    system, user = prompt.compact("Draw\n it\x00 again", [image])
    assert system.content == "plan"
    assert user.content == "image-1 my photo.jpg\nDraw it again"


def test_the_full_prompt_lists_only_the_tasks_it_is_given() -> None:
    system, *_ = prompt.full("hi", [IMAGE], [TASKS["image-to-text"]], [])
    assert "image-to-text(image: image) -> text" in system.content
    assert "text-to-video" not in system.content


@given(st.text(), st.integers(2, 50))
def test_shortened_text_keeps_its_ends_and_its_limit(text: str, chars: int) -> None:
    short = shorten(text, chars)
    assert len(short) <= chars
    assert short == text if len(text) <= chars else short[0] == text[0]


@given(st.text(max_size=3000))
def test_ever_shorter_forms_shrink_to_an_end(text: str) -> None:
    sizes = [len(form) for form in ever_shorter(text)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == len(text)


@given(st.text())
def test_flattened_text_is_one_printable_line(text: str) -> None:
    assert flatten(text).isprintable()


@pytest.mark.parametrize(
    ("request_text", "read"),
    [
        ("Translate 'the cat' to French", 'Translate "the cat" to French'),
        ("Don't stop at 'it's here'.", "Don't stop at \"it's here\"."),
        ("Don't. I can't", "Don't. I can't"),
    ],
)
def test_a_small_model_reads_single_quotes_as_double_ones(request_text: str, read: str) -> None:
    assert prompt.compact(request_text, ())[-1].content == read
