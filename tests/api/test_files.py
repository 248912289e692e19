"""Artifacts over HTTP: stored by their bytes, served so that no browser runs them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from server.artifacts.store import ArtifactStore
from tests.api.wire import PNG, error_of
from tests.fakes.services import LIMITS


@pytest.mark.parametrize("form", [True, False])
async def test_a_stored_file_comes_back_as_it_was(api: httpx.AsyncClient, form: bool) -> None:
    if form:
        response = await api.post("/v1/artifacts", files={"file": ("réd.png", PNG, "text/html")})
    else:
        response = await api.post("/v1/artifacts", params={"name": "réd.png"}, content=PNG)
    body = response.json()
    assert (response.status_code, response.headers["location"]) == (201, body["url"])
    assert (body["media"], body["mime"], body["size_bytes"]) == ("image", "image/png", len(PNG))
    fetched = await api.get(body["url"])
    assert fetched.content == PNG
    headers = fetched.headers
    assert headers["content-type"] == "image/png"
    assert headers["content-disposition"] == "inline; filename*=utf-8''r%C3%A9d.png"
    assert headers["x-content-type-options"] == "nosniff"
    assert "immutable" in headers["cache-control"]


async def test_a_page_is_stored_as_a_text_that_no_browser_runs(api: httpx.AsyncClient) -> None:
    page = b"<script>alert(document.domain)</script>"
    stored = (await api.post("/v1/artifacts", files={"file": ("a.html", page)})).json()
    headers = (await api.get(stored["url"])).headers
    assert headers["content-type"] == "text/plain; charset=utf-8"
    assert "sandbox" in headers["content-security-policy"]


async def test_a_name_cannot_add_headers(api: httpx.AsyncClient) -> None:
    name = 'a"\r\nSet-Cookie: x=1;.png'
    stored = (await api.post("/v1/artifacts", params={"name": name}, content=PNG)).json()
    headers = (await api.get(stored["url"])).headers
    assert "set-cookie" not in headers


async def test_a_part_of_a_file_can_be_asked_for(api: httpx.AsyncClient) -> None:
    stored = (await api.post("/v1/artifacts", content=PNG)).json()
    part = await api.get(stored["url"], headers={"Range": "bytes=1-3"})
    assert (part.status_code, part.content) == (206, b"PNG")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"content": b""}, 422, "media_error"),
        ({"content": b"\xff\x00"}, 422, "media_error"),
        ({"files": {"picture": ("a.png", PNG)}}, 422, "invalid_input"),
        ({"files": [("file", ("a", PNG)), ("file", ("b", PNG))]}, 422, "invalid_input"),
        ({"content": b"x" * (LIMITS.max_upload_bytes + 1)}, 413, "too_large"),
    ],
)
async def test_what_cannot_be_stored_is_refused(
    api: httpx.AsyncClient, store: ArtifactStore, tmp_path: Path,
    body: dict[str, Any], status: int, code: str,
) -> None:  # fmt: skip
    assert error_of(await api.post("/v1/artifacts", **body))[:2] == (status, code)
    assert list((tmp_path / "artifacts").iterdir()) == []
