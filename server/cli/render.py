"""A turn on a terminal: lasting lines for what happened, a live line for what is going on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

Data = Mapping[str, Any]


def printable(text: str) -> str:
    """Text without control characters: what models write must not steer the terminal."""
    return "".join(char for char in text if char.isprintable() or char in "\n\t")


class TurnDisplay:
    """Shows the events of one turn. `outputs` are the resources it made, `answer` what it said."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=20),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._live: dict[object, TaskID] = {}
        self._tasks: dict[int, str] = {}
        self._reasons: dict[int, str] = {}
        self.outputs: list[Data] = []
        self.answer: str | None = None

    def __enter__(self) -> Self:
        self._progress.start()
        self._begin("turn", "planning")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def show(self, name: str, data: Data) -> None:
        """Show one event; those of a name unknown here say nothing."""
        show = getattr(self, f"_on_{name}", None)
        if show is not None:
            show(data)

    def _on_planned(self, data: Data) -> None:
        self._end("turn")
        self._tasks = {step["id"]: step["task"] for step in data["plan"]}
        self._line(*plan_lines(data["plan"]))
        if not data["plan"]:
            self._begin("turn", "writing the answer")

    def _on_selected(self, data: Data) -> None:
        self._reasons[data["step"]] = data["reason"]

    def _on_started(self, data: Data) -> None:
        self._end("turn")
        self._begin(data["step"], f"{self._name(data)} on {data['model']}")

    def _on_progress(self, data: Data) -> None:
        if data["step"] in self._live:
            live = self._live[data["step"]]
            self._progress.update(live, completed=data["done"], total=data["total"])

    def _on_finished(self, data: Data) -> None:
        self._end(data["step"])
        self.outputs.extend(data["outputs"])
        made = ", ".join(_described(output) for output in data["outputs"])
        reason = self._reasons.get(data["step"], "")
        self._line(
            f"{self._name(data)}: {data['model']} on {data['device']}, {data['seconds']:.2f} s",
            f"    chosen: {reason}",
            f"    gave:   {made or 'nothing'}",
        )
        if not self._live:
            self._begin("turn", "working")

    def _on_failed(self, data: Data) -> None:
        self._end(data["step"])
        then = f"trying {data['next_model']}" if data["next_model"] else "no other model is left"
        self._line(
            f"{self._name(data)} failed on {data['model']}: {data['error']['message']}; {then}"
        )

    def _on_skipped(self, data: Data) -> None:
        self._line(f"{self._name(data)} was skipped: {data['reason']}")

    def _on_answered(self, data: Data) -> None:
        self.answer = data["text"]

    def _on_error(self, data: Data) -> None:
        self._line(f"the turn failed: {data['error']['message']}")

    def _on_cancelled(self, _: Data) -> None:
        self._line("the turn was cancelled")

    def _name(self, data: Data) -> str:
        return f"step {data['step']} {self._tasks.get(data['step'], '')}".rstrip()

    def _line(self, *lines: str) -> None:
        for line in lines:
            self._console.print(printable(line), markup=False, highlight=False, soft_wrap=True)

    def _begin(self, key: object, description: str) -> None:
        self._end(key)
        self._live[key] = self._progress.add_task(printable(description), total=None)

    def _end(self, key: object) -> None:
        if key in self._live:
            self._progress.remove_task(self._live.pop(key))


def plan_lines(plan: Sequence[Data]) -> list[str]:
    """A plan, a line for each step."""
    if not plan:
        return ["plan: none needed, a plain answer"]
    return ["plan:", *(f"  {step['id']}  {step['task']}  {_arguments(step)}" for step in plan)]


def _arguments(step: Data) -> str:
    return "  ".join(f"{port}={value!r}" for port, value in step["args"].items())


def _described(output: Data) -> str:
    text = output.get("text")
    return f"{output['alias']} {text!r}" if text is not None else str(output["alias"])


def devices_table(devices: Sequence[Data]) -> Table:
    """Each device: its budget, its models, its workers, its job."""
    table = _table("device", "reserved / budget", "models", "workers", "job")
    for device in devices:
        models = "\n".join(
            f"{model['id']} ({model['state']}{', in use' if model['leased'] else ''})"
            for model in device["models"]
        )
        workers = "\n".join(f"{item['name']} {item['state']}" for item in device["workers"])
        memory = f"{size(device['reserved_bytes'])} / {size(device['budget_bytes'])}"
        table.add_row(device["id"], memory, models or "-", workers, device["active_job"] or "-")
    return table


def queue_table(jobs: Sequence[Data]) -> Table:
    """Each job that has not ended."""
    table = _table("job", "model", "state", "priority", "waited", "device")
    for job in jobs:
        waited = f"{job['waited_s']:.1f} s"
        table.add_row(
            job["id"], job["model"], job["state"], job["priority"], waited, job["device"] or "-"
        )
    return table


def models_table(models: Sequence[Data]) -> Table:
    """Each model of the catalog."""
    table = _table("model", "tasks", "size", "installed", "resident on")
    for model in models:
        installed = "yes" if model["installed"] else "no"
        resident = ", ".join(model["resident_on"]) or "-"
        tasks = ", ".join(model["tasks"])
        table.add_row(model["id"], tasks, size(model["size_bytes"]), installed, resident)
    return table


def missing_lines(models: Sequence[Data]) -> list[str]:
    """Why each model that cannot be used cannot, and what to do about it."""
    return [printable(model["missing"]) for model in models if not model["installed"]]


def size(size_bytes: int) -> str:
    """Bytes for people: `6.9 GB`."""
    for unit, unit_bytes in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size_bytes >= unit_bytes:
            return f"{size_bytes / unit_bytes:.1f} {unit}"
    return f"{size_bytes} B"


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
