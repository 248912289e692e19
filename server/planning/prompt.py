"""What the planner reads: the messages of a planning call, in the two styles a catalog can ask for.

`compact` is the form a small model is trained on: one word of instruction, one line per resource,
the request. `full` explains itself to any instruct model: rules, one line per task, examples.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from server.core.generation import Message
from server.core.resource import Resource
from server.core.task import Task
from server.core.text import flatten

# Tokenizers take the beginning of 'the' for the ending of a word, as in "don't", and a small model
# then fails to copy it. What a plan quotes is the request itself, whose marks stay.
_SINGLE_QUOTED = re.compile(r"(?<!\w)'((?:[^'\"]|(?<=\w)'(?=\w))+)'(?!\w)")

_RULES = """\
You plan. Turn the user's last message into a JSON list of steps, each one task:
[{{"task": name, "id": 0, "args": {{port: value}}}}, ...]
Rules:
- A value is a resource alias, "<GENERATED>-k" for the output of the earlier step k, or a text.
- Use only these tasks and exactly their ports. Use as few steps as the message asks for.
- Where the message refers to something ("it", "that picture"), use its alias or the step that
  makes it.
- Where no task is needed or none fits, write [].

Tasks:
{tasks}

Examples:
User: "Draw a sleepy fox, then tell me what you see in the picture."
[{{"task":"text-to-image","id":0,"args":{{"text":"a sleepy fox"}}}},\
{{"task":"image-to-text","id":1,"args":{{"image":"<GENERATED>-0"}}}}]
User: "Thanks, that was kind!"
[]"""


def compact(request: str, resources: Sequence[Resource]) -> tuple[Message, ...]:
    """The planning call for a model trained on this form."""
    lines = [f"{resource.alias} {flatten(resource.origin)}" for resource in resources]
    asked = _SINGLE_QUOTED.sub(r'"\1"', flatten(request))
    return (Message("system", "plan"), Message("user", "\n".join([*lines, asked])))


def full(
    request: str,
    resources: Sequence[Resource],
    tasks: Sequence[Task],
    history: Sequence[Message],
) -> tuple[Message, ...]:
    """The planning call for any instruct model. `history` is the chat before the request."""
    lines = "\n".join(
        f"- {task.name}({', '.join(f'{p.name}: {p.media}' for p in task.inputs)})"
        f" -> {' or '.join(task.outputs)}: {task.summary}"
        for task in tasks
    )
    told = [f"{r.alias} ({r.media}, {flatten(r.origin)})" for r in resources]
    asked = f"Resources: {', '.join(told) or 'none'}\nMessage: {request}"
    system = Message("system", _RULES.format(tasks=lines))
    return (system, *history, Message("user", asked))
