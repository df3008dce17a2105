"""/programs: the table of programs with its filters, and the same as CSV; /programs/{key}: one with its sources."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from pydantic import ValidationError
from starlette.responses import Response, StreamingResponse

from corpus.corrections import SLOTS
from corpus.export import entry_of
from corpus.store import Filter, ProgramRow, Store
from corpus.store.accounts import Known, known_by
from corpus.store.rows import name_of
from corpus.writers import write_csv
from service.api.filters import FilterQuery
from service.api.stored import OpenStore, missing
from service.pages.listing import FACETS, ORDERS, count, every, facets, fused_sources, listing
from service.pages.texts import Words, language_of
from service.pages.values import details, headline
from service.pages.web import PageRoute, render
from service.problems import ProblemError

Json = dict[str, Any]

router = APIRouter(route_class=PageRoute, include_in_schema=False)

CODED = {"facility_type": "facility_type", "skill_category": "skill_category", "partner_kind": "partner_kind"}
_NEWEST = "newest"
_AT_ONCE = 200  # programs of the CSV that are written at a time


@router.get("/programs")
def get_programs(request: Request, store: OpenStore) -> Response:
    """Show a page of the programs that the filters let through, and how to narrow them."""
    words = Words(language_of(request))
    where, wrong = _filter(request)
    order = _order(request)
    page = listing(store, where, order, request.query_params.get("after") or None)
    fused = fused_sources(store, {row.fused_id for row in page.programs if row.fused_id is not None})
    return render(
        request, "programs.html", 422 if wrong else 200,
        page=page, fused=fused, programs=count(store, where), given=_given(request), order=order,
        # Counting takes longer than the page: a script asks for it, and without one a link does.
        facets=facets(store, where) if "facets" in request.query_params else None,
        orders=ORDERS, facet_names=FACETS, coded=CODED, headline=headline,
        wrong=[words(f"programs.{name}") for name in wrong],
    )  # fmt: skip


@router.get("/facets")
def get_facets(request: Request, store: OpenStore) -> Response:
    """Give the part of the page of programs that says how to narrow them."""
    where, _ = _filter(request)
    counted = facets(store, where)
    return render(request, "facets.html", facets=counted, given=_given(request), facet_names=FACETS, coded=CODED)


@router.get("/programs.csv")
def get_csv(request: Request, store: OpenStore) -> Response:
    """Give all programs that the filters let through, in the order of the page; the columns are those of an export."""
    where, wrong = _filter(request)
    if wrong:
        raise ProblemError(422, "invalid", ", ".join(wrong))
    headers = {"content-disposition": 'attachment; filename="programs.csv"'}
    lines = _csv(store, where, _order(request))
    return StreamingResponse(lines, headers=headers, media_type="text/csv; charset=utf-8")


@router.get("/programs/{key:path}")
def get_program(
    request: Request, store: OpenStore, key: Annotated[str, Path(min_length=1, max_length=1000)]
) -> Response:
    """Show one program: as fusion has it with votes and conflicts, and as each article has it."""
    known = known_by(store, key)
    if known.fused is None and not known.accounts:
        raise missing("program")
    return render(
        request, "program.html",
        fused=known.fused, accounts=known.accounts, told=_told(known), headline=headline, details=details,
        articles={(name_of(row.article), row.position): row.article_id for row in known.accounts},
    )  # fmt: skip


def _given(request: Request) -> dict[str, str]:
    """Return the filters that are filled in."""
    asked = request.query_params
    return {name: asked[name].strip() for name in FilterQuery.model_fields if asked.get(name, "").strip()}


def _filter(request: Request) -> tuple[Filter, list[str]]:
    """Return which programs are asked for, and the names of filters that cannot be used, which are left out."""
    given = _given(request)
    try:
        return FilterQuery.model_validate(given).as_filter(), []
    except ValidationError as error:
        wrong = sorted({str(one["loc"][0]) for one in error.errors()})
    left = {name: value for name, value in given.items() if name not in wrong}
    return FilterQuery.model_validate(left).as_filter(), wrong


def _order(request: Request) -> str:
    asked = request.query_params.get("sort", _NEWEST)
    return asked if asked in ORDERS else _NEWEST


def _told(known: Known) -> dict[str, list[Json]]:
    """Return by slot the values of a program, each with the votes for it: none where it was not fused."""
    whole = known.fused or known.accounts[0].program
    told: dict[str, list[Json]] = {}
    for slot in SLOTS:
        part = whole[slot]
        values = part if isinstance(part, list) else [part] if part else []
        told[slot] = values if known.fused else [{"value": value, "votes": []} for value in values]
    return told


def _csv(store: Store, where: Filter, order: str) -> Iterator[bytes]:
    some: list[ProgramRow] = []
    first = True
    for row in every(store, where, order):
        some.append(row)
        if len(some) == _AT_ONCE:
            yield _lines(some, header=first)
            some, first = [], False
    if some or first:
        yield _lines(some, header=first)


def _lines(rows: list[ProgramRow], *, header: bool) -> bytes:
    file = io.BytesIO()
    write_csv((entry_of(row) for row in rows), file)
    return file.getvalue() if header else file.getvalue().partition(b"\r\n")[2]
