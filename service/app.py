"""The HTTP service, put together: settings, readers, routes, and a problem for everything that goes wrong."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from importlib.metadata import version
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

import extractor
from extractor.article.worker import SafeReader
from extractor.errors import PembinaanError
from service.api import extract, health
from service.envelope import Envelope
from service.problems import FieldProblem, ProblemError, from_error, problem
from service.settings import Settings
from service.workers import Workers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.responses import Response

    from extractor.fetching import Policy

logger = logging.getLogger("pembinaan")

_CODES = {400: "malformed", 404: "not_found", 405: "method_not_allowed", 415: "unsupported_media_type"}


def create_app(settings: Settings | None = None, *, policy: Policy | None = None) -> FastAPI:
    """Return the service. It answers at once and is ready when the pipeline has been warmed.

    `policy` says which addresses may be fetched; None allows public ones only.
    """
    chosen = settings or Settings()
    workers = Workers(chosen.workers, chosen.queue, chosen.deadline)
    # A page is a stranger's: it is parsed in a process that can be killed at its limits.
    reader = SafeReader(chosen.workers, chosen.page_seconds)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        warming = asyncio.create_task(_warm(app, chosen.tagger, reader))
        yield
        warming.cancel()
        workers.close()
        await asyncio.to_thread(reader.close)

    app = FastAPI(
        title="Pembinaan",
        summary="Indonesian news on the training of prison residents, read into records with evidence.",
        version=version("pembinaan"),
        docs_url=None,  # their pages load scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.pipeline, app.state.workers, app.state.reader, app.state.policy = None, workers, reader, policy
    app.add_middleware(Envelope, max_body=chosen.max_body, deadline=chosen.deadline)
    _handle_errors(app)

    for router in (health.router, extract.router):
        app.include_router(router)
    return app


async def _warm(app: FastAPI, tagger: str | None, reader: SafeReader) -> None:
    def load() -> extractor.Pipeline:
        pipeline = extractor.load(tagger)
        pipeline.warm()
        reader.read_html("<p>The first page starts a process.</p>")
        return pipeline

    try:
        app.state.pipeline = await asyncio.to_thread(load)
    except Exception:
        logger.exception("the pipeline could not be loaded")


def _handle_errors(app: FastAPI) -> None:
    @app.exception_handler(PembinaanError)
    @app.exception_handler(ProblemError)
    async def on_purpose(_: Request, error: PembinaanError | ProblemError) -> Response:
        return from_error(error)

    @app.exception_handler(HTTPException)
    async def by_framework(_: Request, error: HTTPException) -> Response:
        code = _CODES.get(error.status_code, "refused")
        return problem(error.status_code, code, str(error.detail), headers=error.headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        found = error.errors()
        if any(one["type"] == "json_invalid" for one in found):
            return problem(400, "malformed", "The body is not JSON.")
        errors = [
            FieldProblem(field=".".join(str(part) for part in one["loc"][1:]), message=one["msg"]) for one in found
        ]
        return problem(422, "invalid", "The request does not fit its description.", errors=errors)
