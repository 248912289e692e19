"""The command line against a real server: what a person types, and what they read."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from server.api.routes import build_api
from server.artifacts.store import ArtifactStore
from server.cli.commands import app
from server.cli.render import printable
from server.conversation.request import TurnRequest
from server.conversation.turns import Turn
from server.core.event import (
    Answered,
    Planned,
    StepFailed,
    StepFinished,
    StepProgressed,
    StepSelected,
    StepSkipped,
    StepStarted,
    TokenWritten,
    TurnFailed,
)
from server.core.plan import Literal, Plan, Step, StepRef
from server.core.resource import Resource
from server.core.task import TASKS, Media
from server.errors import ErrorInfo, LoadError, TooLarge
from tests.fakes import samples
from tests.fakes.direct import direct_calls
from tests.fakes.live import live
from tests.fakes.services import LIMITS, OneOfEverything
from tests.fakes.turns import ScriptedTurns, answer_at_once

PNG = samples.image_bytes("PNG")
PLAN = Plan(
    (
        Step(0, TASKS["text-to-image"], {"text": Literal("a red circle")}),
        Step(1, TASKS["image-to-text"], {"image": StepRef(0)}),
    )
)
NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    return ArtifactStore(tmp_path / "artifacts", LIMITS)


@pytest.fixture
def turns(store: ArtifactStore) -> ScriptedTurns:
    """A server that draws a circle, fails once on the way, and says so."""

    async def draw(turn: Turn) -> None:
        drawn = Resource(
            "image-1", Media.IMAGE, "text-to-image", artifact_id=store.save(PNG, "drawn.png").id
        )
        for event in (
            Planned(PLAN),
            StepSelected(0, "org/draws", "it draws circles", ("org/draws",)),
            StepStarted(0, "org/draws", 1),
            StepProgressed(0, 3, 25),
            StepFailed(0, "org/draws", ErrorInfo("run_error", "it broke"), "org/paints"),
            StepStarted(0, "org/paints", 2),
            StepFinished(0, "org/paints", "cpu:0", (drawn,), 0.25, 1.5),
            StepSkipped(1, "no model is installed"),
            TokenWritten("Your circle"),
            Answered("Your circle is image-1.", (drawn,)),
        ):
            await turn.log.append(event)

    return ScriptedTurns(draw)


@pytest.fixture
async def url(turns: ScriptedTurns, store: ArtifactStore, tmp_path: Path) -> AsyncIterator[str]:
    calls = direct_calls(tmp_path / "scratch")
    async with live(build_api(turns, store, OneOfEverything(), calls, LIMITS)) as url:
        yield url


async def baton(*arguments: str, typed: str = "") -> Result:
    """The outcome of a command, run beside the server."""
    return await asyncio.to_thread(CliRunner().invoke, app, list(arguments), typed)


async def test_run_shows_plan_models_reasons_answer_and_saves_the_files(
    url: str, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    result = await baton("run", "draw a red circle", "--url", url, "--out", str(out))
    assert result.exit_code == 0, result.output
    for line in (
        "  0  text-to-image  text='a red circle'",
        "  1  image-to-text  image='<GENERATED>-0'",
        "step 0 text-to-image failed on org/draws: it broke; trying org/paints",
        "step 0 text-to-image: org/paints on cpu:0, 1.50 s",
        "    chosen: it draws circles",
        "    gave:   image-1",
        "step 1 image-to-text was skipped: no model is installed",
        "answer: Your circle is image-1.",
        f"file: {out / 'image-1.png'}",
    ):
        assert line in result.output.splitlines()
    assert (out / "image-1.png").read_bytes() == PNG


async def test_links_to_the_server_are_whole(
    url: str, turns: ScriptedTurns, store: ArtifactStore
) -> None:
    link = f"/v1/artifacts/{store.save(PNG, 'a.png').id}"
    turns.script = lambda turn: turn.log.append(Answered(f"see [image-1]({link})", ()))
    result = await baton("run", "draw", "--url", f"{url}/")
    assert f"answer: see [image-1]({url}{link})\n" in result.output


async def test_run_sends_files_along(url: str, turns: ScriptedTurns, tmp_path: Path) -> None:
    picture = tmp_path / "photo.png"
    picture.write_bytes(PNG)
    result = await baton("run", "what is it?", "--file", str(picture), "--url", url)
    assert result.exit_code == 0, result.output
    assert [item.origin for item in turns.requests[0].resources] == ["photo.png"]


async def test_run_that_fails_says_why_and_exits_1(url: str, turns: ScriptedTurns) -> None:
    turns.script = lambda turn: turn.log.append(TurnFailed(ErrorInfo("load_error", "bad file")))
    result = await baton("run", "draw", "--url", url)
    assert result.exit_code == 1
    assert "the turn failed: bad file" in result.output


async def test_what_a_model_writes_cannot_steer_the_terminal(
    url: str, turns: ScriptedTurns
) -> None:
    turns.script = lambda turn: turn.log.append(Answered("\x1b[2Jgone [red]now[/red]\r", ()))
    result = await baton("run", "draw", "--url", url)
    assert "answer: [2Jgone [red]now[/red]\n" in result.output
    assert "\x1b" not in result.output


def test_printable_text_keeps_its_letters_and_lines() -> None:
    assert printable("é 漢\n\tx\x07\x9b") == "é 漢\n\tx"


async def test_plan_prints_the_plan_as_json(url: str, turns: ScriptedTurns) -> None:
    turns.planned = PLAN
    result = await baton("plan", "draw a red circle", "--url", url)
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == PLAN.to_wire()


async def test_chat_has_the_known_prompts_and_ends_at_exit(url: str) -> None:
    result = await baton("chat", "--url", url, typed="draw a circle\n\nexit\nnever read\n")
    assert result.exit_code == 0, result.output
    assert result.stdout.count("[ User ]: ") == 3
    assert "[ Jarvis ]: Your circle is image-1.\n" in result.stdout


async def test_chat_remembers_what_was_said_and_made(url: str, turns: ScriptedTurns) -> None:
    result = await baton("chat", "--url", url, typed="draw a circle\nwhat is on it?\n")
    assert result.exit_code == 0, result.output
    second = turns.requests[1]
    assert [(message.role, message.content) for message in second.messages] == [
        ("user", "draw a circle"),
        ("assistant", "Your circle is image-1."),
        ("user", "what is on it?"),
    ]
    assert [resource.alias for resource in second.resources] == ["image-1"]


async def test_chat_survives_a_refused_message(url: str, turns: ScriptedTurns) -> None:
    turns.refusal = LoadError("the planner is corrupt")
    result = await baton("chat", "--url", url, typed="draw\nexit\n")
    assert result.exit_code == 0
    assert "[ Jarvis ]: the planner is corrupt\n" in result.stdout


async def test_chat_forgets_its_beginning_when_it_grows_too_long(
    url: str, turns: ScriptedTurns, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns.script = answer_at_once
    create = turns.create

    async def create_short(request: TurnRequest) -> Turn:
        if len(request.messages) > 3:
            raise TooLarge("send less of the conversation")
        return await create(request)

    monkeypatch.setattr(turns, "create", create_short)
    result = await baton("chat", "--url", url, typed="one\ntwo\nthree\n")
    assert result.exit_code == 0, result.output
    assert [message.content for message in turns.requests[-1].messages][::2] == ["two", "three"]


async def test_ps_shows_devices_jobs_and_models(url: str) -> None:
    result = await baton("ps", "--url", url)
    assert result.exit_code == 0, result.output
    for word in ("cpu:0", "lane cpu:0 up", "org/draws (ready, in use)", "job_1", "5.0 MB"):
        assert word in result.output


@pytest.mark.parametrize("command", [["run", "x"], ["plan", "x"], ["ps"]])
async def test_without_a_server_there_is_one_line_and_exit_1(command: list[str]) -> None:
    result = await baton(*command, "--url", NOBODY)
    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 1
    assert f"no server answers at {NOBODY}" in result.output
    assert "baton serve" in result.output


@pytest.mark.parametrize("url", ["nonsense", "ftp://x", "http://[", "http://"])
async def test_a_url_that_is_none_is_one_line_too(url: str) -> None:
    result = await baton("ps", "--url", url)
    assert result.exit_code == 1
    assert result.output.startswith("error: no server answers at ")


async def test_a_refusal_of_the_server_is_one_line(url: str, turns: ScriptedTurns) -> None:
    turns.refusal = TooLarge("the messages have 9 characters, the limit is 8")
    result = await baton("run", "draw", "--url", url)
    assert result.exit_code == 1
    assert result.output == "error: the messages have 9 characters, the limit is 8\n"


async def test_a_file_that_is_not_there_is_one_line(url: str) -> None:
    result = await baton("run", "draw", "--file", "/no/such.png", "--url", url)
    assert result.exit_code == 1
    assert result.output.startswith("error: /no/such.png cannot be read")


async def test_config_check_says_that_the_shipped_catalog_is_valid() -> None:
    path = Path(__file__).parents[1] / "models_config.yaml"
    result = await baton("config", "check", str(path))
    assert result.exit_code == 0, result.output
    assert "models_config.yaml is valid: " in result.output


async def test_config_check_names_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "models_config.yaml"
    path.write_text("plannerz: []\n")
    result = await baton("config", "check", str(path))
    assert result.exit_code == 1
    assert f"{path}:1: plannerz: unknown key" in result.output


async def test_config_schema_is_json_schema() -> None:
    result = await baton("config", "schema")
    assert json.loads(result.stdout)["additionalProperties"] is False


def in_a_process(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "server", *arguments]
    return subprocess.run(
        command, env=os.environ | environ, capture_output=True, text=True, timeout=60, check=False
    )


def test_serve_with_a_bad_setting_is_one_line_and_exit_1() -> None:
    result = in_a_process("serve", BATON_PORT="http")
    assert result.returncode == 1
    assert result.stderr.startswith("error: BATON_PORT=http: ")
    assert len(result.stderr.splitlines()) == 1


def test_serve_with_a_catalog_that_is_not_there_is_one_line_and_exit_1(tmp_path: Path) -> None:
    missing = tmp_path / "none.yaml"
    result = in_a_process("serve", "--catalog", str(missing), BATON_DATA_DIR=str(tmp_path))
    assert result.returncode == 1
    assert result.stderr.startswith(f"error: {missing}: no such file")


def test_a_worker_that_imports_the_main_module_imports_nothing_with_it() -> None:
    code = "import sys, server.__main__; print([m for m in ('typer', 'httpx') if m in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout == "[]\n"
