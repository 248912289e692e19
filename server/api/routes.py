"""The whole API as one application."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.types import Lifespan

from server.api.artifacts import router as artifact_routes
from server.api.body_limit import BodyLimit
from server.api.direct import router as direct_routes
from server.api.docs import install_docs
from server.api.errors import install_handlers
from server.api.services import Operations, Services
from server.api.status import router as status_routes
from server.api.turns import router as turn_routes
from server.artifacts.store import ArtifactStore
from server.conversation.turns import TurnService
from server.core.model import LimitsSpec
from server.execution.direct import DirectCalls

_DESCRIPTION = """\
Plans a request as a graph of tasks, runs each on a local model, and writes the answer.
Make a turn, follow its events, fetch the files it made.
Every failure is `{"error": {"code", "message"}}`, and of a direct call `{"error": "message"}`."""


def build_api(
    turns: TurnService,
    store: ArtifactStore,
    operations: Operations,
    calls: DirectCalls,
    limits: LimitsSpec,
    lifespan: Lifespan[FastAPI] | None = None,
) -> FastAPI:
    """The application that serves these parts."""
    app = FastAPI(
        title="Baton",
        version="1",
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.services = Services(turns, store, operations, calls, limits)
    app.add_middleware(BodyLimit, limits=limits)
    install_handlers(app)
    for router in (turn_routes, artifact_routes, status_routes, direct_routes):
        app.include_router(router)
    install_docs(app)
    return app
