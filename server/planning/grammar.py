"""The grammar of one turn's plans: whatever it accepts is a plan that can run.

Steps are unrolled. A 64-bit parameter of the grammar (llguidance's parametric rules) remembers
which types each earlier step gives, so step k can name only outputs that exist and fit; resources
are an enumeration of the turn's aliases; a task whose inputs cannot be had is not offered. Cycles,
dangling references and type errors cannot be written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Sequence

from server.core.model import TextArguments
from server.core.resource import Resource
from server.core.task import TASKS, Media, Task

MAX_STEPS = 16
"""Four bits for each step fill the parameter."""

_BIT = {media: bit for bit, media in enumerate(Media)}

# What a planner may write freely between the quotes of a JSON string, bounded so that a model that
# never closes its quote still comes to an end.
_FREE_TEXT = r"/[^\s\"\\\x00-\x1f\x7f]([^\"\\\x00-\x1f\x7f]|\\[\"\\nt]){0,1999}/"


def plan_grammar(
    request: str,
    resources: Sequence[Resource],
    tasks: Collection[str],
    max_steps: int,
    text_arguments: TextArguments,
) -> str:
    """The Lark grammar of plans over these resources and enabled tasks.

    A text argument is a literal (with `span`, a run of words of the request), a text resource, or
    the output of an earlier step that gives text. `max_steps` is 1 to `MAX_STEPS`.
    """
    literal = _literal_rule(request, text_arguments)
    offered = [task for name, task in TASKS.items() if name in tasks]
    if all(_condition(task, 0, resources, literal is not None) is None for task in offered):
        return 'start: "[]"\n'
    rules = ['start: "[]" | "[" step0::0x0']
    for index in range(max_steps):
        rules += _step_rules(index, max_steps, offered, resources, literal is not None)
    rules += [_argument_rule(media, max_steps, resources, literal is not None) for media in Media]
    if literal is not None:
        # A text that reads like a reference would be taken for one.
        span = f"SPAN: {literal} & ~/<GENERATED>-[0-9]*/"
        rules += ["literal: LITERAL", r'LITERAL: "\"" SPAN "\""', span]
    return "\n".join(rules) + "\n"


def words(text: str) -> list[str]:
    """The text in the chunks a span is made of: words, and single other characters.

    Each is escaped as inside a JSON string, so that no span cuts an escape in two. White space is
    one blank; characters that cannot be printed are left out.
    """
    chunks = re.findall(r"\w+|[^\w\s]|\s+", text)
    return [
        " " if chunk.isspace() else json.dumps(chunk, ensure_ascii=False)[1:-1]
        for chunk in chunks
        if chunk.isspace() or chunk.isprintable()
    ]


def _literal_rule(request: str, text_arguments: TextArguments) -> str | None:
    if text_arguments is TextArguments.FREE:
        return _FREE_TEXT
    chunks = words(request)
    if not any(chunk.strip() for chunk in chunks):
        return None
    spans = json.dumps({"substring_chunks": chunks}, ensure_ascii=True)
    return f"%regex {spans} & /[^ ](.*[^ ])?/"


def _step_rules(
    index: int,
    max_steps: int,
    tasks: Iterable[Task],
    resources: Sequence[Resource],
    has_literals: bool,
) -> list[str]:
    """`stepK`: one alternative for each task that can be fed; `thenK`: the end or the next step."""
    is_last = index + 1 == max_steps
    alternatives = []
    for task in tasks:
        feedable = _condition(task, index, resources, has_literals)
        if feedable is None:
            continue
        gives = sum(1 << (4 * index + _BIT[media]) for media in task.outputs)
        head = _quoted(f'{{"task":"{task.name}","id":{index},"args":{{')
        then = ('"]"' if is_last else f"then{index}::bit_or({gives:#x})") + feedable
        alternatives.append(f'{head} {_arguments(task)} "}}}}" {then}')
    rules = [f"step{index}::_ : " + "\n  | ".join(alternatives)]
    return rules if is_last else [*rules, f'then{index}::_ : "]" | "," step{index + 1}::_']


def _arguments(task: Task) -> str:
    parts = []
    for place, port in enumerate(task.inputs):
        key = f'"{port.name}":' if place == 0 else f',"{port.name}":'
        empty = '"\\"\\""' if port.optional else None
        value = f"{port.media}_arg::_"
        parts.append(f"{_quoted(key)} " + (f"({value} | {empty})" if empty else value))
    return " ".join(parts)


def _condition(
    task: Task, index: int, resources: Sequence[Resource], has_literals: bool
) -> str | None:
    """The condition under which every input of the task can be had at this step: none needed
    (""), a test of the parameter, or None where it never can."""
    tests = []
    for media in {port.media for port in task.inputs if not port.optional}:
        if _has(media, resources, has_literals):
            continue
        earlier = [f"bit_set({4 * step + _BIT[media]})" for step in range(index)]
        if not earlier:
            return None
        tests.append(_fold("or", earlier))
    return f" %if {_fold('and', tests)}" if tests else ""


def _has(media: Media, resources: Sequence[Resource], has_literals: bool) -> bool:
    if media is Media.TEXT and has_literals:
        return True
    return any(resource.media is media for resource in resources)


def _argument_rule(
    media: Media, max_steps: int, resources: Sequence[Resource], has_literals: bool
) -> str:
    """`MEDIA_arg`: an alias, an earlier output of that type, or for text a literal."""
    options = [_quoted(f'"{r.alias}"') for r in resources if r.media is media]
    for step in range(max_steps):
        output = _quoted(f'"<GENERATED>-{step}"')
        options.append(f"{output} %if bit_set({4 * step + _BIT[media]})")
    if media is Media.TEXT and has_literals:
        options.append("literal")
    return f"{media}_arg::_ : " + "\n  | ".join(options)


def _fold(operator: str, tests: list[str]) -> str:
    folded = tests[0]
    for test in tests[1:]:
        folded = f"{operator}({folded}, {test})"
    return folded


def _quoted(text: str) -> str:
    return json.dumps(text)
