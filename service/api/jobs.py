"""/v1/jobs: many articles accepted at once and read as there is time."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from fastapi import APIRouter, Body, Depends, Header, Query, Request
from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.responses import Response, StreamingResponse

from corpus.documents import Document
from corpus.store import Store, jobs
from extractor.schema import ArticleRecord
from service.api.dependencies import json_only, problems
from service.api.stored import Number, OpenStore, missing, to_json
from service.problems import ProblemError

router = APIRouter(prefix="/v1", tags=["jobs"])

MAX_DOCUMENTS = 10_000
NDJSON = "application/x-ndjson"
_PAGE = 100  # results of one query
_LAST = 2**31 - 1  # no job has so many documents

EXAMPLES: dict[str, Any] = {
    "mixed": {
        "summary": "An address to fetch and a text",
        "value": {
            "label": "Sukamaju, October",
            "documents": [
                {"url": "https://news.example.org/lapas-sukamaju-latih-menjahit"},
                {
                    "id": "note-17",
                    "text": "Pelatihan Menjahit di Lapas Sukamaju\n\nSepuluh warga binaan belajar menjahit.",
                    "published": "2025-10-14",
                },
            ],
        },
    }
}


class JobDocument(BaseModel):
    """One article: exactly one of `html` and `text`, which may have a `url` that it came from, or a `url` to fetch."""

    model_config = ConfigDict(extra="forbid")

    id: str | None = Field(default=None, max_length=500, description="What its result is called; else its position.")
    url: str | None = Field(default=None, min_length=1, max_length=10_000, description="Where it is, or came from.")
    html: str | None = Field(default=None, min_length=1, description="An HTML page.")
    text: str | None = Field(default=None, min_length=1, description="A text, its title on the first line.")
    published: dt.date | dt.datetime | None = Field(default=None, description="When it was published.")

    @model_validator(mode="after")
    def has_one_source(self) -> Self:
        """Refuse what there is nothing or too much to read in."""
        if self.html is not None and self.text is not None:
            raise ValueError("give html or text, not both")
        if self.url is None and self.html is None and self.text is None:
            raise ValueError("give url, html or text")
        return self

    def document(self, position: int) -> Document:
        """Return it as what is read."""
        name = str(position) if self.id is None else self.id
        return Document(name, self.url, None if self.html is None else self.html.encode(), self.text, self.published)


class JobRequest(BaseModel):
    """What is to be read."""

    model_config = ConfigDict(extra="forbid")

    label: str = Field(default="", max_length=200, description="What people call the job.")
    documents: list[JobDocument] = Field(min_length=1, max_length=MAX_DOCUMENTS)

    def digest(self) -> str:
        """Return SHA-256 over all that is asked for."""
        whole = json.dumps(self.model_dump(mode="json"), sort_keys=True)
        return hashlib.sha256(whole.encode()).hexdigest()


class JobAnswer(BaseModel):
    """How far a job is."""

    id: int
    label: str
    state: Literal["running", "done", "failed", "cancelled"]
    total: int = Field(description="Its documents.")
    waiting: int = Field(description="Those that are not read yet.")
    done: int = Field(description="Those that have a record.")
    failed: int = Field(description="Those that could not be read.")
    cancelled: int = Field(description="Those that were not read because the job was cancelled.")
    started_at: dt.datetime = Field(description="When it was accepted.")
    ended_at: dt.datetime | None
    seconds_left: float | None = Field(description="At the pace so far; null while nothing has been read.")


class JobResult(BaseModel):
    """What came of one document: its record, or a code and a reason."""

    position: int = Field(description="Its place in the job, from 0; the cursor of the results behind it.")
    id: str
    state: Literal["done", "failed", "cancelled"]
    record: ArticleRecord | None
    code: str | None
    reason: str | None


class ResultPage(BaseModel):
    """Results in the order of the documents, up to the first that is not read yet."""

    results: list[JobResult]
    next: int | None = Field(description="`after` for what comes behind these; null when nothing does.")


@router.post(
    "/jobs",
    status_code=202,
    dependencies=[Depends(json_only)],
    responses=problems(400, 408, 413, 415, 422, 503),
)
def post_job(
    request: Request,
    response: Response,
    store: OpenStore,
    body: Annotated[JobRequest, Body(openapi_examples=EXAMPLES)],
    idempotency_key: Annotated[
        str | None, Header(min_length=1, max_length=255, description="The same key and body again is the same job.")
    ] = None,
) -> JobAnswer:
    """Accept up to 10,000 articles; once this answers, they are read whatever happens to the service."""
    caller = getattr(request.state, "caller", None) or ""
    key = f"{caller}:{idempotency_key}" if idempotency_key is not None else None
    documents = [document.document(position) for position, document in enumerate(body.documents)]
    try:
        job = jobs.accept(store, documents, body.label, body.digest(), key)
    except jobs.FullError as error:
        raise ProblemError(503, error.code, str(error), retry_after=60) from None
    _wake(request)
    response.headers["location"] = f"/v1/jobs/{job}"
    return _answer(jobs.find(store, job))


@router.get("/jobs/{id}", responses=problems(404, 422, 503))
def get_job(id: Number, store: OpenStore) -> JobAnswer:  # noqa: A002  the path names it so
    """Say how far a job is."""
    return _answer(jobs.find(store, id))


@router.delete("/jobs/{id}", responses=problems(404, 422, 503))
def delete_job(request: Request, id: Number, store: OpenStore) -> JobAnswer:  # noqa: A002  the name that callers see
    """Cancel a job: what is not read stays so, what has been read is kept. One that has ended stays as it is."""
    job = jobs.cancel(store, id)
    _wake(request)
    return _answer(job)


@router.get(
    "/jobs/{id}/results",
    response_model=ResultPage,
    responses={
        200: {"content": {NDJSON: {"schema": {"type": "string", "description": "A JobResult a line."}}}},
        **problems(404, 422, 503),
    },
)
def get_results(  # noqa: PLR0913, PLR0917  each is a part of the request
    request: Request,
    id: Number,  # noqa: A002  the name that callers see
    store: OpenStore,
    after: Annotated[int, Query(ge=-1, le=_LAST, description="The position of the last result that is known.")] = -1,
    size: Annotated[int, Query(ge=1, le=500, description="Results of a page.")] = _PAGE,
    format: Annotated[  # noqa: A002  the name that callers see
        Literal["json", "ndjson"] | None, Query(description=f"As `Accept: {NDJSON}`: all there are, a line each.")
    ] = None,
) -> Response:
    """Give what was read, in the order of the documents: a page, or all that there is as lines of JSON.

    Results end before the first document that is not read yet. Whoever asks again, with `after` the last position,
    gets each result once, also while the job is running.
    """
    job = jobs.find(store, id)
    if job is None:
        raise missing("job")
    if format == "ndjson" or (format is None and NDJSON in request.headers.get("accept", "")):
        return StreamingResponse(_lines(store, id, after), media_type=NDJSON)
    found = jobs.results(store, id, after, size)
    last = found[-1].position if found else after
    over = job.state != "running" and len(found) < size
    page = {"results": [_result(result) for result in found], "next": None if over else last}
    return Response(to_json(page), media_type="application/json")


def _lines(store: Store, job: int, after: int) -> Iterator[bytes]:
    while found := jobs.results(store, job, after, _PAGE):
        for result in found:
            yield to_json(_result(result)) + b"\n"
        after = found[-1].position


def _result(result: jobs.Result) -> dict[str, Any]:
    told = {"position": result.position, "id": result.document_id, "state": result.state}
    return told | {"record": result.record, "code": result.code, "reason": result.reason}


def _answer(job: jobs.Job | None) -> JobAnswer:
    if job is None:
        raise missing("job")
    left = job.seconds_left()
    return JobAnswer(
        id=job.id,
        label=job.label,
        state=job.state,
        total=job.total,
        **job.items,
        started_at=job.started_at,
        ended_at=job.ended_at,
        seconds_left=left if left is None else round(left, 1),
    )


def _wake(request: Request) -> None:
    if (wake := getattr(request.app.state, "wake_jobs", None)) is not None:
        wake()
