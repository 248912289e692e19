"""What the selector reads: each open step with its candidates, in compact or full style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from server.core.generation import Message
from server.core.text import flatten

_RULES = """\
You choose models. For each numbered step below, give a reason in one short sentence and then the
id of the candidate that it speaks for. Prefer what fits the request best; between equals prefer one
that is loaded already, then the most downloaded. Write a JSON list:
[{"step": number, "reason": text, "id": candidate}, ...]"""


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """What the LLM is told of one candidate."""

    id: str
    downloads: int
    size_bytes: int
    loaded: bool
    description: str


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step with more than one candidate."""

    step: int
    task: str
    candidates: tuple[CandidateLine, ...]


def compact(request: str, steps: Sequence[OpenStep]) -> tuple[Message, ...]:
    """The selection call for a model trained on this form."""
    return (Message("system", "select"), Message("user", _listing(request, steps)))


def full(request: str, steps: Sequence[OpenStep]) -> tuple[Message, ...]:
    """The selection call for any instruct model."""
    return (Message("system", _RULES), Message("user", _listing(request, steps)))


def _listing(request: str, steps: Sequence[OpenStep]) -> str:
    lines = [flatten(request)]
    for step in steps:
        lines.append(f"{step.step} {step.task}")
        lines.extend(_line(candidate, step.candidates) for candidate in step.candidates)
    return "\n".join(lines)


def _line(candidate: CandidateLine, among: Sequence[CandidateLine]) -> str:
    # Language models compare numbers badly: what matters of them is put into words.
    most = candidate.downloads == max(other.downloads for other in among)
    least = candidate.size_bytes == min(other.size_bytes for other in among)
    told = (
        f"{candidate.downloads} downloads{' (most)' if most else ''}, "
        f"{candidate.size_bytes / 1e6:.1f} MB{' (smallest)' if least else ''}"
        f"{', loaded' if candidate.loaded else ''}"
    )
    return f"{candidate.id}: {told}. {candidate.description}"
