"""A conversation at the terminal: its history and every resource it made stay with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from server.cli.client import Client
from server.cli.render import Data, TurnDisplay, printable
from server.errors import BatonError, TooLarge

_USER, _SERVER = "[ User ]: ", "[ Jarvis ]: "
# Older resources are let go, so that a long conversation stays within the server's limit.
_MAX_RESOURCES = 8
_EXCHANGE = 2  # a message and its answer


def follow_turn(client: Client, turn_id: str, console: Console) -> TurnDisplay:
    """Show a turn until it ends. An interrupt cancels it on the server, and goes on up."""
    try:
        with TurnDisplay(console) as display:
            for name, data in client.follow(turn_id):
                display.show(name, data)
    except KeyboardInterrupt:
        client.cancel(turn_id)
        raise
    return display


class Chat:
    """Asks and answers until `exit`."""

    def __init__(self, client: Client, files: Sequence[Path], console: Console) -> None:
        self._client = client
        self._files = list(files)
        self._console = console
        self._messages: list[dict[str, str]] = []
        self._resources: list[dict[str, str]] = []

    def run(self) -> None:
        """Read messages until `exit`, the end of the input, or an interrupt at the prompt."""
        while (text := _ask()) is not None:
            if text:
                self._take_turn(text)

    def _take_turn(self, text: str) -> None:
        message = {"role": "user", "content": text}
        try:
            answer = self._answer([*self._messages, message])
        except KeyboardInterrupt:
            answer = None
        except BatonError as error:
            print(f"{_SERVER}{printable(str(error))}")
            return
        if answer is not None:
            self._messages += [message, {"role": "assistant", "content": answer}]
            print(f"{_SERVER}{printable(self._client.linked(answer))}")

    def _answer(self, messages: list[dict[str, str]]) -> str | None:
        turn_id = self._create_turn(messages)
        self._files.clear()
        display = follow_turn(self._client, turn_id, self._console)
        given = self._client.turn(turn_id)["request"]["resources"]
        known = [_as_draft(resource) for resource in (*given, *display.outputs)]
        self._resources = known[-_MAX_RESOURCES:]
        return display.answer

    def _create_turn(self, messages: list[dict[str, str]]) -> str:
        """Start a turn, forgetting the oldest exchange while the conversation is too long."""
        while True:
            try:
                return self._client.create_turn(messages, self._resources, self._files)
            except TooLarge:
                if not self._messages:
                    raise
                del self._messages[:_EXCHANGE], messages[:_EXCHANGE]


def _ask() -> str | None:
    try:
        text = input(_USER).strip()
    except (EOFError, KeyboardInterrupt):
        print()
        return None
    return None if text == "exit" else text


def _as_draft(resource: Data) -> dict[str, str]:
    """A resource of one turn, as the next one brings it: under the same alias."""
    if "url" in resource:
        source = {"artifact_id": resource["url"].rpartition("/")[2]}
    else:
        source = {"text": resource["text"]}
    return {"alias": resource["alias"], **source}
