"""`baton`: serve, chat, plan, run, ps, config."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from server.catalog import catalog_json_schema, load_catalog
from server.cli.chat import Chat, follow_turn
from server.cli.client import Client, ServerUnreachable
from server.cli.render import (
    Data,
    devices_table,
    missing_lines,
    models_table,
    printable,
    queue_table,
)
from server.errors import BatonError
from server.settings import load_settings

STARTER_CATALOG = Path(__file__).parents[1] / "starter" / "catalog.yaml"
# Set before anything of Hugging Face is imported, and inherited by every worker process.
_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "DO_NOT_TRACK": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "TRANSFORMERS_VERBOSITY": "error",
    "DIFFUSERS_VERBOSITY": "error",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "PYTORCH_NVML_BASED_CUDA_CHECK": "1",
}
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_SHUTDOWN_S = 10

app = typer.Typer(
    help="Plans a request, runs its steps on local models, writes the answer.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
config = typer.Typer(help="Check the catalog, or print its schema.", no_args_is_help=True)
app.add_typer(config, name="config")

Url = Annotated[str | None, typer.Option(help="The running server; by default the local one.")]
Text = Annotated[str, typer.Argument(help="The request, in plain words.")]
Files = Annotated[
    list[Path] | None, typer.Option("--file", help="A file the request speaks of; repeatable.")
]


@contextmanager
def _one_line_errors() -> Iterator[None]:
    """An expected failure is one line on stderr and exit 1, never a traceback."""
    try:
        yield
    except (BatonError, ServerUnreachable) as error:
        typer.echo(f"error: {printable(str(error))}", err=True)
        raise typer.Exit(1) from error


@contextmanager
def _client(url: str | None) -> Iterator[Client]:
    with _one_line_errors(), Client(url or load_settings(os.environ, {}).url) as client:
        yield client


@app.command()
def serve(
    catalog: Annotated[Path | None, typer.Option(help="The catalog to serve.")] = None,
    starter: Annotated[bool, typer.Option("--starter", help="Serve the embedded models.")] = False,
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="The port; 0 takes any free one.")] = None,
) -> None:
    """Start the server."""
    os.environ.update(_OFFLINE)
    if starter and catalog is not None:
        raise typer.BadParameter("give --catalog or --starter, not both")
    chosen = STARTER_CATALOG if starter else catalog
    with _one_line_errors():
        settings = load_settings(os.environ, {"catalog": chosen, "host": host, "port": port})
        os.environ["HF_HUB_CACHE"] = str(settings.hub_cache)
        # Only now: these read the environment when they are imported.
        import uvicorn

        from server.app import create_app

        application = create_app(settings)
    if settings.host not in _LOOPBACK:
        typer.echo(f"warning: whoever can reach {settings.host} can use this server", err=True)
    uvicorn.run(
        application,
        host=settings.host,
        port=settings.port,
        server_header=False,
        timeout_graceful_shutdown=_SHUTDOWN_S,
    )


@app.command()
def chat(url: Url = None, file: Files = None) -> None:
    """Talk to the server; `exit` ends."""
    with _client(url) as client:
        Chat(client, file or [], Console(stderr=True)).run()


@app.command()
def plan(text: Text, url: Url = None, file: Files = None) -> None:
    """Print the plan for a request, and run nothing."""
    with _client(url) as client, Console(stderr=True).status("planning"):
        steps = client.plan(text, file or [])
    typer.echo(json.dumps(steps, indent=2, ensure_ascii=False))


@app.command()
def run(
    text: Text,
    url: Url = None,
    file: Files = None,
    out: Annotated[Path | None, typer.Option(help="A folder for the files it makes.")] = None,
) -> None:
    """Run a request and show its plan, models, answer and files."""
    console = Console()
    with _client(url) as client:
        turn_id = client.create_turn([{"role": "user", "content": text}], files=file or [])
        display = follow_turn(client, turn_id, console)
        if display.answer is None:
            raise typer.Exit(1)
        typer.echo(f"answer: {printable(client.linked(display.answer))}")
        for output in display.outputs:
            if "url" in output:
                typer.echo(f"file: {_fetched(client, output, out)}")


def _fetched(client: Client, output: Data, out: Path | None) -> str:
    """Where a file now lies: in `out`, or still on the server."""
    if out is None:
        return client.linked(f"[{output['alias']}]({output['url']})")
    out.mkdir(parents=True, exist_ok=True)
    return str(client.save(output, out))


@app.command()
def ps(url: Url = None) -> None:
    """Show devices, the queue and the models."""
    with _client(url) as client:
        models = client.get("models")
        tables = {
            "devices": devices_table(client.get("devices")),
            "queue": queue_table(client.get("queue")),
            "models": models_table(models),
        }
    console = Console()
    for name, table in tables.items():
        console.print(name, style="bold")
        console.print(table, "")
    for line in missing_lines(models):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


@config.command("check")
def check(
    path: Annotated[
        Path | None, typer.Argument(help="The catalog; by default the one set.")
    ] = None,
) -> None:
    """Say whether a catalog is valid, and if not, every line that is wrong and its fix."""
    with _one_line_errors():
        found = load_catalog(load_settings(os.environ, {"catalog": path}).catalog)
    typer.echo(
        f"{found.source} is valid: {len(found.planners)} planners, {len(found.models)} models, "
        f"{len(found.devices)} devices"
    )


@config.command("schema")
def schema() -> None:
    """Print the JSON Schema of the catalog."""
    typer.echo(json.dumps(catalog_json_schema(), indent=2))
