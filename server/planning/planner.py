"""The planning stage: one constrained call of the LLM, read back as a typed plan."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from server.core.generation import Generation, Message, TextGenerator, complete_fitting
from server.core.model import PlannerSpec, PromptStyle
from server.core.plan import Plan
from server.core.resource import Resource
from server.core.task import TASKS
from server.core.text import closed_objects
from server.planning import prompt
from server.planning.draft import read_plan
from server.planning.grammar import plan_grammar


class Planner:
    """Plans requests over the tasks that are installed at the time."""

    def __init__(
        self,
        generator: TextGenerator,
        spec: PlannerSpec,
        tasks: Callable[[], Collection[str]],
        max_steps: int,
    ) -> None:
        self._generator = generator
        self._spec = spec
        self._tasks = tasks
        self._max_steps = max_steps

    async def plan(self, messages: Sequence[Message], resources: Sequence[Resource]) -> Plan:
        """The plan for the last message; an empty one means plain chat.

        A request too long for the model's context is planned from its beginning and end. Raises
        ModelError or WorkerLost when the LLM cannot be had.
        """
        tasks = self._tasks()
        request = messages[-1].content
        written = await complete_fitting(
            self._generator,
            request,
            lambda shorter: self._call(shorter, messages[:-1], resources, tasks),
        )
        return read_plan(closed_objects(written), resources, tasks, self._max_steps)

    def _call(
        self,
        request: str,
        history: Sequence[Message],
        resources: Sequence[Resource],
        tasks: Collection[str],
    ) -> Generation:
        if self._spec.prompt is PromptStyle.COMPACT:
            messages = prompt.compact(request, resources)
        else:
            known = [task for name, task in TASKS.items() if name in tasks]
            messages = prompt.full(request, resources, known, history)
        grammar = plan_grammar(
            request, resources, tasks, self._max_steps, self._spec.text_arguments
        )
        # A third of the context for the plan leaves two for the request.
        return Generation(messages, grammar, max_tokens=self._spec.context_tokens // 3)
