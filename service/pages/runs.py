"""/runs: what went through the reader, how far it is, and what could not be read and why."""

from __future__ import annotations

from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from corpus.store import Store
from corpus.store.tables import Item, Run
from service.api.stored import Number, OpenStore, missing
from service.pages.web import PageRoute, render

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_RUNS, _ITEMS = 30, 100  # on a page
_MAX = 2**63 - 1
STATES = ("done", "failed", "waiting", "cancelled")


@router.get("/runs")
def get_runs(
    request: Request, store: OpenStore, before: Annotated[int | None, Query(ge=1, le=_MAX)] = None
) -> Response:
    """Show the runs, the newest first."""
    asked = sa.select(Run).order_by(Run.id.desc()).limit(_RUNS + 1)
    runs = _runs(store, asked if before is None else asked.where(Run.id < before))
    more = runs[_RUNS - 1]["id"] if len(runs) > _RUNS else None
    return render(request, "runs.html", runs=runs[:_RUNS], more=more, states=STATES)


@router.get("/runs/{id}")
def get_run(
    request: Request,
    store: OpenStore,
    id: Number,  # noqa: A002  the path names it so
    code: Annotated[str | None, Query(max_length=50)] = None,
    after: Annotated[int, Query(ge=-1, le=_MAX)] = -1,
) -> Response:
    """Show one run, with what could not be read."""
    found = _runs(store, sa.select(Run).where(Run.id == id))
    if not found:
        raise missing("run")
    failed = (Item.run_id == id, Item.state == "failed")
    asked = sa.select(Item.position, Item.document_id, Item.code, Item.reason).where(*failed, Item.position > after)
    if code:
        asked = asked.where(Item.code == code)
    number = sa.func.count().label("number")
    causes = sa.select(Item.code, number).where(*failed).group_by(Item.code).order_by(number.desc(), Item.code)
    with store.reading() as connection:
        items = connection.execute(asked.order_by(Item.position).limit(_ITEMS + 1)).all()
        counted = connection.execute(causes).all()
    more = items[_ITEMS - 1].position if len(items) > _ITEMS else None
    return render(
        request, "run.html", run=found[0], items=items[:_ITEMS], causes=counted, code=code, more=more, states=STATES
    )


def _runs(store: Store, asked: sa.Select[Run]) -> list[dict[str, Any]]:
    """Return runs as rows, each with how many of its documents are in each state."""
    table = Run.__table__
    with store.reading() as connection:
        rows = [dict(row) for row in connection.execute(asked.with_only_columns(*table.columns)).mappings()]
        number = sa.func.count().label("number")
        tally = sa.select(Item.run_id, Item.state, number).where(Item.run_id.in_([row["id"] for row in rows]))
        counted = connection.execute(tally.group_by(Item.run_id, Item.state)).all()
    items = {(one.run_id, one.state): one.number for one in counted}
    return [row | {"items": {state: items.get((row["id"], state), 0) for state in STATES}} for row in rows]
