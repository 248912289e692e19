"""The selection stage: one installed model for each step, chosen among the Top-K by downloads."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, TypeAdapter

from server.core.generation import Generation, TextGenerator, complete_fitting
from server.core.model import ModelSpec, PlannerSpec, PromptStyle, SelectionMode, SelectionSpec
from server.core.plan import Plan
from server.core.text import closed_objects
from server.selection import prompt
from server.selection.prompt import CandidateLine, OpenStep

_REASON_CHARS = 120
_TOKENS_PER_STEP = 80


@dataclass(frozen=True, slots=True)
class Choice:
    """The models for one step: the chosen one first, then the others in order of rank. Empty
    where no installed model can do the task."""

    step: int
    models: tuple[ModelSpec, ...]
    reason: str


class ChoiceDraft(BaseModel):
    """One choice as the LLM writes it."""

    model_config = ConfigDict(extra="forbid")

    step: int
    reason: str
    id: str


_DRAFTS = TypeAdapter(list[ChoiceDraft])


class Selector:
    """Chooses models. `candidates` gives a task's installed models, most downloaded first;
    `loaded` the ids that are on a device now."""

    def __init__(
        self,
        generator: TextGenerator,
        planner: PlannerSpec,
        spec: SelectionSpec,
        candidates: Callable[[str], Sequence[ModelSpec]],
        loaded: Callable[[], Collection[str]],
    ) -> None:
        self._generator = generator
        self._planner = planner
        self._spec = spec
        self._candidates = candidates
        self._loaded = loaded

    async def select(self, request: str, plan: Plan) -> Mapping[int, Choice]:
        """One choice for each step; a single call of the LLM settles all that are open."""
        loaded = self._loaded()
        ranked = {
            step.id: self._candidates(step.task.name)[: self._spec.top_k] for step in plan.steps
        }
        picks: Mapping[int, tuple[str, str]] = {}
        if self._spec.mode is SelectionMode.LLM:
            tasks = {step.id: step.task.name for step in plan.steps}
            steps = [
                OpenStep(step, tasks[step], tuple(_line(model, loaded) for model in models))
                for step, models in ranked.items()
                if len(models) > 1
            ]
            picks = await self._ask(request, steps) if steps else {}
        return {step: _choice(step, models, picks.get(step)) for step, models in ranked.items()}

    async def _ask(self, request: str, steps: Sequence[OpenStep]) -> Mapping[int, tuple[str, str]]:
        build = prompt.compact if self._planner.prompt is PromptStyle.COMPACT else prompt.full
        grammar = choice_grammar(steps)
        written = await complete_fitting(
            self._generator,
            request,
            lambda shorter: Generation(
                build(shorter, steps), grammar, max_tokens=_TOKENS_PER_STEP * len(steps)
            ),
        )
        # A reason cut short by the token limit loses its step, which then goes by rank.
        drafts = _DRAFTS.validate_python(closed_objects(written))
        return {draft.step: (draft.id, draft.reason) for draft in drafts}


def choice_grammar(steps: Sequence[OpenStep]) -> str:
    """One object for each open step, its id one of the step's candidates and no other.

    The reason comes first, so that the id follows from it rather than it from the id.
    """
    rules = ['start: "[" ' + ' "," '.join(f"step{step.step}" for step in steps) + ' "]"']
    for step in steps:
        head = json.dumps(f'{{"step":{step.step},"reason":')
        ids = " | ".join(json.dumps(json.dumps(c.id)) for c in step.candidates)
        rules.append(f'step{step.step}: {head} REASON ",\\"id\\":" ({ids}) "}}"')
    rules.append(rf'REASON: /"[^"\\\x00-\x1f\x7f]{{1,{_REASON_CHARS}}}"/')
    return "\n".join(rules) + "\n"


def _choice(step: int, models: Sequence[ModelSpec], pick: tuple[str, str] | None) -> Choice:
    if not models:
        return Choice(step, (), "no installed model can do this task")
    if pick is not None:
        chosen, reason = pick
        return Choice(step, tuple(sorted(models, key=lambda model: model.id != chosen)), reason)
    reason = "the only installed model" if len(models) == 1 else "the most downloaded"
    return Choice(step, tuple(models), reason)


def _line(model: ModelSpec, loaded: Collection[str]) -> CandidateLine:
    return CandidateLine(
        model.id, model.downloads, model.size_bytes, model.id in loaded, model.description
    )
