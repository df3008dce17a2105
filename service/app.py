"""The HTTP service, put together: settings, reading, routes, and what surrounds every request."""

from __future__ import annotations

import asyncio
import contextlib
from importlib.metadata import version
from typing import TYPE_CHECKING

import structlog
from fastapi import FastAPI
from starlette.middleware import Middleware

from extractor.errors import PembinaanError
from service import pages
from service.api import articles, corrections, extract, health, jobs, programs, stats
from service.body import BoundedBody
from service.envelope import Envelope
from service.guard import Guard
from service.metrics import Metrics
from service.problems import handle_errors
from service.reading import Reading
from service.settings import Settings
from service.stored import stored

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from extractor.fetching import Policy

logger = structlog.get_logger()


def create_app(
    settings: Settings | None = None, *, policy: Policy | None = None, reading: Reading | None = None
) -> FastAPI:
    """Return the service. It answers at once and is ready when what reads has been warmed.

    Args:
        settings: what the operator chose; None takes it from the environment.
        policy: which addresses may be fetched; None allows public ones only.
        reading: what reads, where it is made elsewhere.
    """
    chosen = settings or Settings()
    metrics = Metrics()
    reads = reading or Reading(chosen, metrics, policy)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with stored(app, chosen.store, reads, lease=chosen.lease):
            warming = asyncio.create_task(_warm(reads))
            yield
        warming.cancel()
        await reads.close()

    def versions() -> dict[str, str]:
        told = {"x-pipeline-version": app.version}
        if reads.versions is not None:
            told["x-model-version"] = reads.versions.model_version or "none"
        return told

    app = FastAPI(
        title="Pembinaan",
        summary="Indonesian news on the training of prison residents, read into records with evidence.",
        version=version("pembinaan"),
        docs_url=None,  # their pages load scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
        middleware=[
            Middleware(Envelope, metrics, versions),
            Middleware(Guard, chosen),
            Middleware(BoundedBody, chosen.max_body, chosen.deadline, {"/v1/jobs": chosen.max_job_body}),
        ],
    )
    app.state.settings, app.state.metrics, app.state.reading = chosen, metrics, reads
    handle_errors(app)
    for routes in (health, extract, jobs, programs, articles, corrections, stats):
        app.include_router(routes.router)
    app.include_router(pages.router)
    return app


async def _warm(reading: Reading) -> None:
    try:
        await reading.start()
    except PembinaanError as error:
        logger.error("not ready", reason=str(error))  # noqa: TRY400  the reason says it
