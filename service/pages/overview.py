"""/: what the store has, counted: when, where, what is taught, with whom."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from fastapi import APIRouter, Request
from starlette.responses import Response

from corpus.stats import Stats, count
from corpus.store import Store
from corpus.store.tables import Article, Correction, Fused, Program, ProgramValue
from service.api.stored import OpenStore
from service.pages.charts import HEIGHT, WIDTH, limits, shapes, timeline
from service.pages.web import PageRoute, render

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_NAMES = 12  # of partners and facilities
_BY = ("month", "province", "facility", "facility_type", "skill_category", "partner_kind")


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page shows."""

    stats: Stats
    articles: int
    corrections: int
    partners: list[tuple[str, int]]


class _Kept:
    """The last overview of a store; it is made anew when the store has changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stamp: Any = None
        self._overview: Overview | None = None

    def of(self, store: Store) -> Overview:
        """Return what the store has; one at a time counts, the others wait for it."""
        with self._lock:
            stamp = (id(store), _stamp(store))
            if self._overview is None or stamp != self._stamp:
                self._overview, self._stamp = _counted(store), stamp
            return self._overview


_kept = _Kept()


@router.get("/")
def get_overview(request: Request, store: OpenStore) -> Response:
    """Show what the store has."""
    found = _kept.of(store)
    by = found.stats.by
    drawn = shapes({bar.key: bar.programs for bar in by["province"] if bar.key})
    return render(
        request, "overview.html",
        found=found, columns=timeline(by["month"]), width=WIDTH, height=HEIGHT, shapes=drawn, limits=limits(drawn),
        top=_NAMES, programs=_programs,
    )  # fmt: skip


def _programs(**filters: str) -> str:
    """Return the address of the table of programs with filters."""
    return f"/programs?{urlencode(filters)}"


def _counted(store: Store) -> Overview:
    programs = sa.func.count(Program.id.distinct()).label("programs")
    partners = (
        sa.select(sa.func.min(ProgramValue.name), programs)
        .join(Program, Program.id == ProgramValue.program_id)
        .where(Program.current.is_(True), ProgramValue.slot == "partner")
        .group_by(ProgramValue.folded)
        .order_by(programs.desc(), ProgramValue.folded)
        .limit(_NAMES)
    )
    with store.reading() as connection:
        articles = connection.scalar(sa.select(sa.func.count()).select_from(Article)) or 0
        corrections = connection.scalar(sa.select(sa.func.count()).select_from(Correction)) or 0
        names = [(name, number) for name, number in connection.execute(partners)]
    return Overview(count(store, _BY), articles, corrections, names)


def _stamp(store: Store) -> tuple[Any, ...]:
    """Return what is another when the store has changed in what the overview shows."""
    newest = (sa.select(sa.func.max(column)).scalar_subquery() for column in (Program.id, Article.id, Correction.id))
    fused = sa.select(sa.func.count()).select_from(Fused).scalar_subquery()
    with store.reading() as connection:
        return tuple(connection.execute(sa.select(*newest, fused)).one())
