"""/v1/programs: programs by what is asked for, a page at a time, and one with all that is known of it."""

import datetime as dt
import io
from collections.abc import Sequence
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from corpus.export import entry_of
from corpus.fusion.model import FusedProgram
from corpus.store import ProgramRow, Store
from corpus.store.accounts import fused_keys, known_by
from corpus.store.programs import MAX_SIZE
from corpus.writers import write_csv
from extractor.schema import ArticleInfo, Program
from service.api.dependencies import problems
from service.api.filters import FilterQuery
from service.api.stored import OpenStore, missing, to_json

router = APIRouter(prefix="/v1", tags=["programs"])

CSV = "text/csv"


class Account(BaseModel):
    """A program as one article tells of it."""

    key: str = Field(description="Accounts that share it tend to be of one program.")
    fused: str | None = Field(description="The key of the program that it was found to be of, after fusion.")
    day: dt.date = Field(description="What programs are ordered by: the start, else the day of the article.")
    article_id: int
    record_id: int
    position: int = Field(description="Its place among the record's programs, from 0.")
    article: ArticleInfo
    program: Program


class ProgramPage(BaseModel):
    """Programs in order, the newest first."""

    programs: list[Account]
    next: str | None = Field(description="`after` for the page behind this one; null when there is none.")


class ProgramAnswer(BaseModel):
    """One program: as fusion has it, where the store was fused, and every account of it."""

    key: str
    fused: FusedProgram | None
    accounts: list[Account]


class ProgramQuery(FilterQuery):
    """A filter, and which page of what it lets through."""

    after: str | None = Field(default=None, max_length=100, description="`next` of the page before.")
    size: int = Field(default=50, ge=1, le=MAX_SIZE, description="Programs of a page.")
    format: Literal["json", "csv"] | None = Field(default=None, description=f"csv is as `Accept: {CSV}`.")


@router.get(
    "/programs",
    response_model=ProgramPage,
    responses={
        200: {
            "content": {CSV: {"schema": {"type": "string"}}},
            "headers": {"Link": {"description": 'The next page, as rel="next".', "schema": {"type": "string"}}},
        },
        **problems(422, 503),
    },
)
def get_programs(request: Request, store: OpenStore, query: Annotated[ProgramQuery, Query()]) -> Response:
    """Give a page of the programs that are asked for, the newest first.

    The columns of CSV are those of `pembinaan export`; what a spreadsheet would take for a formula begins with an
    apostrophe there.
    """
    page = store.programs(query.as_filter(), query.after, query.size)
    headers = {}
    if page.next is not None:
        left = [(name, value) for name, value in request.query_params.multi_items() if name != "after"]
        headers["link"] = f'<{request.url.path}?{urlencode([*left, ("after", page.next)])}>; rel="next"'
    if query.format == "csv" or (query.format is None and CSV in request.headers.get("accept", "")):
        headers["content-disposition"] = 'attachment; filename="programs.csv"'
        return Response(_csv(page.programs), headers=headers, media_type=f"{CSV}; charset=utf-8")
    body = {"programs": _accounts(store, page.programs), "next": page.next}
    return Response(to_json(body), headers=headers, media_type="application/json")


@router.get("/programs/{key:path}", response_model=ProgramAnswer, responses=problems(404, 422, 503))
def get_program(store: OpenStore, key: Annotated[str, Path(min_length=1, max_length=1000)]) -> Response:
    """Give one program by its key: with its sources, votes and conflicts where the store was fused."""
    known = known_by(store, key)
    if known.fused is None and not known.accounts:
        raise missing("program")
    body = {"key": key, "fused": known.fused, "accounts": _accounts(store, known.accounts)}
    return Response(to_json(body), media_type="application/json")


def _accounts(store: Store, rows: Sequence[ProgramRow]) -> list[dict[str, Any]]:
    keys = fused_keys(store, rows)
    return [_account(row, None if row.fused_id is None else keys.get(row.fused_id)) for row in rows]


def _account(row: ProgramRow, fused: str | None) -> dict[str, Any]:
    return {
        "key": row.program["key"],
        "fused": fused,
        "day": row.day,
        "article_id": row.article_id,
        "record_id": row.record_id,
        "position": row.position,
        "article": row.article | {"text": None},
        "program": row.program,
    }


def _csv(rows: Sequence[ProgramRow]) -> bytes:
    file = io.BytesIO()
    write_csv((entry_of(row) for row in rows), file)
    return file.getvalue()
