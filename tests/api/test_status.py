"""Models, devices, queue, readiness, and documentation that works offline."""

from __future__ import annotations

import json
import re

import httpx

from tests.api.wire import error_of
from tests.fakes.services import OneOfEverything


async def test_models_devices_and_queue_show_what_there_is(api: httpx.AsyncClient) -> None:
    models = (await api.get("/v1/models")).json()
    assert models["object"] == "list"
    assert [(model["id"], model["missing"]) for model in models["data"]] == [
        ("org/draws", None),
        ("org/sees", "no model.safetensors"),
    ]
    device = (await api.get("/v1/devices")).json()["data"][0]
    assert (device["id"], device["budget_bytes"]) == ("cpu:0", 2**30)
    assert device["workers"][0]["name"] == "lane cpu:0"
    assert device["workers"][0]["deaths"] == 0
    assert device["models"][0]["leased"] is True
    job = (await api.get("/v1/queue")).json()["data"][0]
    assert (job["model"], job["state"], job["waited_s"]) == ("org/draws", "running", 0.25)


async def test_a_server_is_alive_before_it_is_ready(
    api: httpx.AsyncClient, operations: OneOfEverything
) -> None:
    operations.reason = "the planner is loading"
    assert (await api.get("/health")).json() == {"status": "alive"}
    response = await api.get("/ready")
    assert error_of(response) == (503, "not_ready", "the planner is loading")
    operations.reason = None
    response = await api.get("/ready")
    assert (response.status_code, response.json()) == (200, {"status": "ready"})


async def test_the_documentation_page_needs_nothing_from_elsewhere(api: httpx.AsyncClient) -> None:
    page = (await api.get("/docs")).text
    assert not re.search(r"https?://|//[a-z]", page)
    linked = re.findall(r"""(?:src|href)="([^"]+)"|url: '([^']+)'""", page)
    paths = [one or other for one, other in linked]
    assert len(paths) == 4
    for path in paths:
        assert (await api.get(path)).status_code == 200, path


async def test_the_stylesheet_loads_nothing_from_elsewhere(api: httpx.AsyncClient) -> None:
    css = (await api.get("/static/swagger-ui.css")).text
    targets = re.findall(r"url\(\s*['\"]?([^)]{0,20})", css)
    assert targets
    assert all(target.startswith("data:") for target in targets)
    assert "@import" not in css


async def test_a_browser_is_told_to_load_from_this_server_only(api: httpx.AsyncClient) -> None:
    policy = (await api.get("/docs")).headers["content-security-policy"]
    assert policy.startswith("default-src 'self';")


async def test_every_reference_of_the_openapi_document_resolves(api: httpx.AsyncClient) -> None:
    text = (await api.get("/openapi.json")).text
    schemas = json.loads(text)["components"]["schemas"]
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', text))
    assert "TurnRequestSchema" in named
    assert named <= set(schemas)
