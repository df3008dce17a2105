"""/: what the store has, counted: when, where, what is taught, with whom."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from fastapi import APIRouter, Request
from starlette.responses import Response

from corpus.stats import Stats, count
from corpus.store import Store
from corpus.store.tables import Article, Correction, Fused, Program, ProgramValue, now
from service.api.stored import OpenStore
from service.pages.charts import HEIGHT, WIDTH, limits, shapes, timeline
from service.pages.web import PageRoute, render

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_NAMES = 12  # of partners and facilities
_LONG, _REST = 0.5, 20  # seconds of counting that are long, and for how many times as long nothing is counted then
_BY = ("month", "province", "facility", "facility_type", "skill_category", "partner_kind")


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page shows."""

    stats: Stats
    articles: int
    corrections: int
    partners: list[tuple[str, int]]
    at: dt.datetime
    seconds: float

    @property
    def kept(self) -> bool:
        """Whether it may be shown although the store has changed: what takes long is not counted all the time."""
        age = (now() - self.at).total_seconds()
        return self.seconds > _LONG and age < self.seconds * _REST


class _Kept:
    """The last overview of a store; it is made anew when the store has changed, but not all the time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stamp: Any = None
        self._overview: Overview | None = None

    def of(self, store: Store) -> Overview:
        """Return what the store has; one at a time counts, the others wait for it."""
        with self._lock:
            stamp = (id(store), _stamp(store))
            last = self._overview
            if last is None or self._stamp[0] != stamp[0] or (stamp != self._stamp and not last.kept):
                last = self._overview = _counted(store)
                self._stamp = stamp
            return last


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
    began = now()
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
    stats = count(store, _BY)
    return Overview(stats, articles, corrections, names, now(), (now() - began).total_seconds())


def _stamp(store: Store) -> tuple[Any, ...]:
    """Return what is another when the store has changed in what the overview shows."""
    newest = (sa.select(sa.func.max(column)).scalar_subquery() for column in (Program.id, Article.id, Correction.id))
    fused = sa.select(sa.func.count()).select_from(Fused).scalar_subquery()
    with store.reading() as connection:
        return tuple(connection.execute(sa.select(*newest, fused)).one())
