"""/docs from this server's own files: it works with no network at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse
from pydantic.json_schema import models_json_schema
from starlette.staticfiles import StaticFiles

from server.api.schemas import TurnRequestSchema

_STATIC = Path(__file__).parent / "static"
# The browser itself refuses whatever is not from here; Swagger UI writes inline code and styles.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:"
)


def install_docs(app: FastAPI) -> None:
    """Serve Swagger UI at /docs, and the document it shows at /openapi.json."""
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    document: dict[str, Any] = _openapi(app)
    app.openapi = lambda: document

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        page = get_swagger_ui_html(
            openapi_url="/openapi.json",
            title=f"{app.title} API",
            swagger_js_url="/static/swagger-ui-bundle.js",
            swagger_css_url="/static/swagger-ui.css",
            swagger_favicon_url="/static/favicon.png",
            swagger_ui_parameters={"validatorUrl": None},
        )
        page.headers["Content-Security-Policy"] = _POLICY
        return page


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The document, with the bodies that routes read for themselves."""
    document = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    _, bodies = models_json_schema(
        [(TurnRequestSchema, "validation")], ref_template="#/components/schemas/{model}"
    )
    document["components"]["schemas"].update(bodies["$defs"])
    return document
