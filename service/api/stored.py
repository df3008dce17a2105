"""What the routes over the store share: the store itself, and the numbers that its rows may have."""

from typing import Annotated

import pydantic_core
from fastapi import Depends, Path, Request

from corpus.store import Store
from service.problems import ProblemError

Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


def open_store(request: Request) -> Store:
    """Return the store.

    Raises:
        ProblemError: it is not open yet (503).
    """
    store: Store | None = getattr(request.app.state, "store", None)
    if store is None:
        raise ProblemError(503, "not_ready", "The store is being opened; try again soon.", retry_after=2)
    return store


OpenStore = Annotated[Store, Depends(open_store)]


def missing(what: str) -> ProblemError:
    """Return the refusal of something that is not there."""
    return ProblemError(404, "not_found", f"There is no such {what}.")


def to_json(answer: object) -> bytes:
    """Return an answer that was put together from what is stored, as it is."""
    return pydantic_core.to_json(answer)
