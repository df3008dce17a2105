"""The HTTP API: POST /v1/extract, /livez and /readyz, described by /openapi.json."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated, Any, Self

from fastapi import Body, Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.exceptions import HTTPException
from starlette.responses import Response

import extractor
from extractor.article.worker import SafeReader
from extractor.errors import PembinaanError
from extractor.schema import ArticleRecord
from service.envelope import Envelope
from service.problems import MEDIA_TYPE, FieldProblem, Problem, ProblemError, from_error, problem
from service.settings import Settings
from service.workers import Workers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from extractor.fetching import Policy

logger = logging.getLogger("pembinaan")

_CODES = {400: "malformed", 404: "not_found", 405: "method_not_allowed", 415: "unsupported_media_type"}

_LEDE = (
    "Sebanyak sepuluh warga binaan Lapas Kelas IIB Sukamaju mengikuti pelatihan menjahit, Senin (13/10/2025)."
    " Lapas bekerja sama dengan Balai Latihan Kerja (BLK) Sukamaju. Para peserta dibimbing instruktur Dewi"
    " Lestari, yang mengajarkan cara membuat pola hingga menjahit kemeja."
)
EXAMPLES: dict[str, Any] = {
    "text": {
        "summary": "A text, its title on the first line",
        "value": {
            "text": f"Pelatihan Menjahit bagi Warga Binaan Lapas Sukamaju\n\n{_LEDE}",
            "published": "2025-10-14",
        },
    },
    "html": {
        "summary": "A page that the caller has",
        "value": {"html": f"<html><body><h1>Pelatihan Menjahit di Lapas Sukamaju</h1><p>{_LEDE}</p></body></html>"},
    },
    "url": {
        "summary": "A page to fetch",
        "value": {"url": "https://news.example.org/lapas-sukamaju-latih-menjahit", "include_text": False},
    },
}


class ExtractRequest(BaseModel):
    """One article: exactly one of `url`, `html` and `text`."""

    model_config = ConfigDict(extra="forbid")

    url: str | None = Field(default=None, min_length=1, description="An http or https address to fetch.")
    html: str | None = Field(default=None, min_length=1, description="An HTML page.")
    text: str | None = Field(default=None, min_length=1, description="A text, its title on the first line.")
    published: dt.date | dt.datetime | None = Field(default=None, description="When it was published.")
    include_text: bool = Field(default=True, description="Whether the record holds the article's text.")

    @model_validator(mode="after")
    def exactly_one_source(self) -> Self:
        """Refuse none and more than one."""
        if sum(source is not None for source in (self.url, self.html, self.text)) != 1:
            raise ValueError("give exactly one of url, html and text")
        return self


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
    app.state.pipeline = None
    app.add_middleware(Envelope, max_body=chosen.max_body, deadline=chosen.deadline)
    _handle_errors(app)

    @app.get("/livez", tags=["health"])
    async def livez() -> dict[str, str]:
        """Say that the process answers."""
        return {"status": "alive"}

    @app.get("/readyz", tags=["health"], responses=_problems(503))
    async def readyz() -> dict[str, str]:
        """Say whether articles can be read now."""
        _pipeline(app)
        return {"status": "ready"}

    @app.post(
        "/v1/extract",
        response_model=ArticleRecord,
        tags=["extract"],
        dependencies=[Depends(_json_only)],
        responses=_problems(400, 403, 408, 413, 415, 422, 500, 502, 503, 504),
    )
    async def extract(body: Annotated[ExtractRequest, Body(openapi_examples=EXAMPLES)]) -> Response:
        """Read one article into a record."""
        pipeline = _pipeline(app)

        def read() -> bytes:
            source = body.model_dump(include={"url", "html", "text", "published"})
            record = extractor.extract(**source, policy=policy, pipeline=pipeline, read=reader.read_html)
            if not body.include_text:
                record.article.text = None
            return record.model_dump_json(by_alias=True).encode()

        return Response(await workers.run(read), media_type="application/json")

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


def _json_only(request: Request) -> None:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise ProblemError(415, "unsupported_media_type", "Send the body as application/json.")


def _pipeline(app: FastAPI) -> extractor.Pipeline:
    pipeline: extractor.Pipeline | None = app.state.pipeline
    if pipeline is None:
        raise ProblemError(503, "not_ready", "The pipeline is being loaded; try again soon.", retry_after=2)
    return pipeline


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return OpenAPI's description of the problems that an operation may answer with."""
    content = {MEDIA_TYPE: {"schema": Problem.model_json_schema(ref_template="#/components/schemas/{model}")}}
    return {status: {"description": "A problem (RFC 9457).", "content": content} for status in statuses}


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
