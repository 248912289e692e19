"""scripts/refresh_catalog: downloads, likes, sizes and revisions as the hub has them now."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from server.catalog import load_catalog
from server.errors import BatonError
from server.models.hub import Hub
from server.models.refresh import CatalogFile
from server.settings import load_settings


def refresh(
    keep_revisions: Annotated[
        bool, typer.Option("--keep-revisions", help="Leave the revisions as they are.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    catalog: Annotated[
        Path | None, typer.Option(help="The catalog; models_config.yaml where none is named.")
    ] = None,
) -> None:
    """Ask the hub about every entry of the catalog and write what has changed into it.

    Comments and order stay. Exit 1 where the hub does not have an entry; the others are written.
    """
    try:
        path = load_settings(os.environ, {"catalog": catalog}).catalog
        specs, file = load_catalog(path), CatalogFile(path)
    except BatonError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    problems, changes = 0, 0
    for change in file.refresh(specs, Hub(), keep_revisions):
        if change.problem:
            problems += 1
            typer.echo(change.problem, err=True)
        else:
            changes += 1
            typer.echo(f"{change.entry}: {change.key} {change.old} -> {change.new}")
    if changes and not dry_run:
        file.save()
    told = "would change" if dry_run else "changed"
    typer.echo(f"{changes} values {told} in {path}; {problems} entries could not be asked about.")
    raise typer.Exit(bool(problems))


def main() -> None:
    """Entry point of the script."""
    typer.run(refresh)


if __name__ == "__main__":
    main()
