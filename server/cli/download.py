"""`scripts/download_models`: fetch what the catalog names, or verify what is there."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn
from rich.table import Table

from server.catalog import load_catalog
from server.cli.render import printable
from server.core.model import ModelSpec, PlannerSpec
from server.errors import BatonError, InvalidInput, ModelError, TooLarge
from server.models.download import TIERS_GB, Downloads, Fetch, Filter, choose
from server.models.install import Installation, Spec
from server.settings import load_settings

_UNITS = (("GB", 10**9), ("MB", 10**6), ("kB", 10**3))
_INTERRUPTED = 130

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def download(
    task: Annotated[list[str] | None, typer.Option(help="Only models of this task.")] = None,
    model: Annotated[list[str] | None, typer.Option(help="Only this model or planner.")] = None,
    tier: Annotated[
        int | None,
        typer.Option(help="What fits a GPU of 8, 16, 24 or 80 GB; else what fits the devices."),
    ] = None,
    planner: Annotated[
        bool | None, typer.Option(help="With the planner; so too with no --task or --model.")
    ] = None,
    catalog: Annotated[Path | None, typer.Option(help="The catalog to read.")] = None,
    cache: Annotated[Path | None, typer.Option(help="The hub cache to fetch into.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be fetched.")] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Compare what is there, offline.")
    ] = False,
    repair: Annotated[
        bool, typer.Option("--repair", help="Verify; fetch again what differs.")
    ] = False,
) -> None:
    """Fetch the models of the catalog into the hub cache, pinned and verified."""
    wanted = Filter(frozenset(task or ()), frozenset(model or ()), tier, planner)
    try:
        if tier not in (None, *TIERS_GB):
            raise InvalidInput(f"--tier {tier}: choose one of {', '.join(map(str, TIERS_GB))}")
        settings = load_settings(os.environ, {"catalog": catalog, "hub_cache": cache})
        specs = choose(load_catalog(settings.catalog), wanted)
        if not specs:
            raise InvalidInput(f"nothing in {settings.catalog} matches; loosen the filters")
        run = _Run(settings.hub_cache, specs)
        if verify:
            run.verify()
        else:
            run.fetch(repair=repair, dry_run=dry_run, agreed=yes)
    except KeyboardInterrupt:
        typer.echo("\nInterrupted. Finished files stay: the same command fetches the rest.")
        raise typer.Exit(_INTERRUPTED) from None
    except BatonError as error:
        typer.echo(f"error: {printable(str(error))}", err=True)
        raise typer.Exit(1) from None
    raise typer.Exit(0 if run.report(installed=not dry_run) else 1)


class _Run:
    """One call of the command: what it chose, and what went wrong with each of it."""

    def __init__(self, cache: Path, specs: Sequence[Spec]) -> None:
        self._cache = cache
        self._specs = specs
        self._downloads = Downloads(cache)
        self._console = Console()
        self._failures: dict[str, str] = {}

    def verify(self) -> None:
        """Compare every file that was fetched with what was recorded of it."""
        known = [fetch for spec in self._specs if (fetch := self._downloads.known(spec))]
        for fetch in self._verified(known):
            if fetch.broken:
                self._failures[fetch.spec.id] = (
                    f"{fetch.spec.id}: {', '.join(fetch.broken)} differs from what was fetched;"
                    f" replace it with: scripts/download_models --repair --model {fetch.spec.id}"
                )

    def fetch(self, *, repair: bool, dry_run: bool, agreed: bool) -> None:
        """Show what is to be fetched, ask, and fetch it. Raises TooLarge where the disk is full."""
        planned = self._planned()
        if not planned:
            return
        fetches = self._verified(planned) if repair else planned
        self._console.print(_table(fetches))
        self._show_totals(fetches)
        self._require_space(sum(fetch.bytes_to_fetch for fetch in fetches))
        fetches = [fetch for fetch in fetches if fetch.names]
        if dry_run or not fetches:
            return
        if not agreed and not typer.confirm("Fetch these?"):
            raise typer.Exit(1)
        for number, fetch in enumerate(fetches, start=1):
            typer.echo(f"[{number}/{len(fetches)}] {fetch.spec.id}: {_size(fetch.bytes_to_fetch)}")
            self._attempt(fetch.spec, lambda fetch=fetch: self._downloads.download(fetch))

    def report(self, *, installed: bool) -> bool:
        """One last line: complete, or what is missing. Says whether nothing is."""
        if installed:
            installation = Installation(self._cache)
            for spec in self._specs:
                if spec.id not in self._failures and (reason := installation.missing(spec)):
                    self._failures[spec.id] = reason
        state = f"{len(self._specs)} installed" if installed else "nothing was fetched: a dry run"
        problems = " | ".join(map(printable, self._failures.values()))
        typer.echo(f"Missing: {problems}" if problems else f"Complete: {state}.")
        return not problems

    def _planned(self) -> list[Fetch]:
        planned: list[Fetch] = []
        for spec in self._specs:
            if spec.path is None:  # else it ships with its catalog
                with self._console.status(f"Asking about {spec.id}"):
                    self._attempt(
                        spec, lambda spec=spec: planned.append(self._downloads.plan(spec))
                    )
        return planned

    def _attempt(self, spec: Spec, work: Callable[[], object]) -> None:
        """One model that cannot be had does not keep the others from being fetched."""
        try:
            work()
        except ModelError as error:
            self._failures[spec.id] = str(error)

    def _verified(self, fetches: Sequence[Fetch]) -> list[Fetch]:
        columns = (TextColumn("Verifying"), BarColumn(), DownloadColumn())
        with Progress(*columns, console=self._console) as progress:
            total = sum(fetch.pin.size_bytes for fetch in fetches)
            bar = progress.add_task("", total=total)
            verified = [
                self._downloads.verified(fetch, lambda count: progress.advance(bar, count))
                for fetch in fetches
            ]
        count = sum(len(fetch.pin.files) - len(fetch.absent) for fetch in fetches)
        typer.echo(f"Verified {count} files of {len(fetches)} repositories.")
        return verified

    def _show_totals(self, fetches: Sequence[Fetch]) -> None:
        to_fetch = sum(len(fetch.names) for fetch in fetches)
        here = sum(len(fetch.pin.files) for fetch in fetches) - to_fetch
        typer.echo(
            f"To fetch: {to_fetch} files, {_size(sum(fetch.bytes_to_fetch for fetch in fetches))}."
            f" Already here, not fetched again: {here} files."
            f" Free disk: {_size(self._downloads.free_bytes)} at {self._cache}."
        )

    def _require_space(self, needed_bytes: int) -> None:
        free_bytes = self._downloads.free_bytes
        if needed_bytes > free_bytes:
            raise TooLarge(
                f"{_size(needed_bytes)} to fetch, but {_size(free_bytes)} free at {self._cache};"
                " free some space, choose a smaller --tier, or name another disk with --cache"
            )


def _table(fetches: Sequence[Fetch]) -> Table:
    table = Table("model", "for", "licence", "commit", box=None, padding=(0, 2, 0, 0))
    table.add_column("size", justify="right")
    table.add_column("to fetch", justify="right")
    for fetch in fetches:
        spec = fetch.spec
        cells = (
            spec.id,
            _purpose(spec),
            _licence(spec.licence, fetch.pin.licence),
            fetch.pin.commit[:8],
            _size(fetch.pin.size_bytes),
            _size(fetch.bytes_to_fetch),
        )
        table.add_row(*(escape(printable(cell)) for cell in cells))
    return table


def _purpose(spec: Spec) -> str:
    if isinstance(spec, ModelSpec):
        return ", ".join(spec.tasks)
    return "planning" if isinstance(spec, PlannerSpec) else "a part of others"


def _licence(catalog: str, hub: str | None) -> str:
    """The catalog's word, and the hub's where it is another."""
    same = hub is None or _plain(hub) == _plain(catalog)
    return catalog if same else f"{catalog} (the hub says {hub})"


def _plain(licence: str) -> str:
    return re.sub(r"[^a-z0-9+]", "", licence.lower())


def _size(size_bytes: int) -> str:
    for unit, factor in _UNITS:
        if size_bytes >= factor:
            return f"{size_bytes / factor:.1f} {unit}"
    return f"{size_bytes} B"


if __name__ == "__main__":
    app()
