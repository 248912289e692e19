"""A body past its limit is refused at once, and the server lives on with flat memory."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from server.artifacts.store import ArtifactStore
from tests.api.wire import error_of

GIGABYTE = 1 << 30


def peak_bytes() -> int:
    """The largest resident size of this process since `forget_peak`."""
    status = Path("/proc/self/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) * 1024


def forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


async def gigabyte() -> AsyncIterator[bytes]:
    block = bytes(1 << 20)
    for _ in range(GIGABYTE >> 20):
        yield block


@pytest.mark.parametrize(
    ("path", "announced"),
    [("/v1/artifacts", True), ("/v1/artifacts", False), ("/v1/turns", False), ("/nowhere", True)],
)
async def test_a_gigabyte_is_refused_and_the_server_lives_on(
    url: str, path: str, announced: bool, store: ArtifactStore, tmp_path: Path
) -> None:
    headers = {"Content-Type": "application/json"}
    if announced:
        headers["Content-Length"] = str(GIGABYTE)
    async with httpx.AsyncClient(base_url=url) as client:
        forget_peak()
        before = peak_bytes()
        response = await client.post(path, content=gigabyte(), headers=headers)
        assert peak_bytes() - before < 32 << 20
        assert error_of(response)[:2] == (413, "too_large")
        assert (await client.get("/health")).status_code == 200
    assert list((tmp_path / "artifacts").iterdir()) == []


async def test_an_announced_gigabyte_is_refused_before_any_of_it_is_sent(url: str) -> None:
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(
        f"POST /v1/artifacts HTTP/1.1\r\nHost: baton\r\nContent-Length: {GIGABYTE}\r\n\r\n".encode()
    )
    async with asyncio.timeout(5):
        answer = await reader.readuntil(b"}}")
    writer.close()
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"2,097,152 bytes" in answer


async def test_a_json_body_has_a_limit_of_its_own(api: httpx.AsyncClient) -> None:
    response = await api.post("/v1/turns", json={"messages": [], "x": "y" * (5 << 20)})
    assert error_of(response)[:2] == (413, "too_large")


async def test_a_client_that_breaks_off_leaves_the_server_as_it_was(
    url: str, tmp_path: Path
) -> None:
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"POST /v1/artifacts HTTP/1.1\r\nHost: b\r\nContent-Length: 99\r\n\r\nx")
    async with httpx.AsyncClient(base_url=url) as client:
        assert (await client.get("/health")).status_code == 200
