"""/try: one article that a person pastes, read while they wait."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Form, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from corpus.documents import Document, Outcome
from corpus.store import Store
from corpus.store.tables import Record, Version
from extractor.errors import PembinaanError
from extractor.limits import MAX_BYTES
from service.api.dependencies import ReadingOf, unless_gone
from service.api.stored import OpenStore
from service.pages.article import show
from service.pages.web import PageRoute, render
from service.problems import STATUS_BY_CODE, ProblemError

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_DAY = r"^(\d{4}-\d\d-\d\d)?$"


class TryForm(BaseModel):
    """An address or a text, and what is known of it."""

    source: str = Field(default="", max_length=MAX_BYTES)
    published: str = Field(default="", pattern=_DAY)
    keep: bool = False


@router.get("/try")
def get_try(request: Request) -> Response:
    """Show the form."""
    return _page(request, TryForm())


@router.post("/try")
async def post_try(
    request: Request, reading: ReadingOf, store: OpenStore, form: Annotated[TryForm, Form()]
) -> Response:
    """Read an article, and show its record or why there is none; one that is kept is shown where it is corrected."""
    source = form.source.strip()
    if not source:
        return _page(request, form, "empty", None, 422)
    try:
        document = _document(source, form.published)
        outcome = await unless_gone(request, reading.read(document, None))
        versions = reading.check_ready()
    except (ProblemError, PembinaanError) as error:
        return _page(request, form, error.code, None, getattr(error, "status", 422))
    if outcome.record is None:
        return _page(request, form, outcome.code, outcome.reason, STATUS_BY_CODE.get(outcome.code or "", 422))
    if form.keep:
        article = await run_in_threadpool(_save, store, outcome, versions.reader)
        if "hx-request" in request.headers:  # the whole page is another one
            return Response(headers={"hx-redirect": f"/articles/{article}"})
        return RedirectResponse(f"/articles/{article}", 303)
    record = outcome.record.model_dump(mode="json", by_alias=True)
    json = outcome.record.model_dump_json(by_alias=True, indent=2)
    return show(request, record, "try.html", form=form, code=None, reason=None, json=json, article=None)


def _page(
    request: Request, form: TryForm, code: str | None = None, reason: str | None = None, status: int = 200
) -> Response:
    return render(request, "try.html", status, form=form, code=code, reason=reason, record=None)


def _document(source: str, published: str) -> Document:
    # A browser sends lines as CR LF.
    text = source.replace("\r\n", "\n")
    day = None
    if published:
        try:
            day = dt.date.fromisoformat(published)
        except ValueError:
            raise ProblemError(422, "invalid", "The day of publication is none.") from None
    return Document("", url=text, published=day) if _URL.fullmatch(text) else Document("", text=text, published=day)


def _save(store: Store, outcome: Outcome, reader: str) -> int:
    """Save what was read as a run of its own, and return the article's number."""
    run = store.begin_run("batch", "coba · try it", reader, 1)
    store.save(run, [(0, outcome)], reader)
    store.end_run(run)
    record = store.known([outcome.digest], reader)[outcome.digest]
    asked = sa.select(Version.article_id).join(Record, Record.version_id == Version.id).where(Record.id == record)
    with store.reading() as connection:
        return connection.execute(asked).scalar_one()
