"""What several routes need of the service, and what they refuse alike."""

import asyncio
from collections.abc import Coroutine
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request

from service.problems import MEDIA_TYPE, Problem, ProblemError
from service.reading import Reading

T = TypeVar("T")

# What waits for nothing is `async` all the same: else each request would wait for a thread, twice.


async def json_only(request: Request) -> None:
    """Refuse a body that is not announced as JSON: a page of another site could send it without asking."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise ProblemError(415, "unsupported_media_type", "Send the body as application/json.")


async def reading_of(request: Request) -> Reading:
    """Return what reads articles."""
    reading: Reading = request.app.state.reading
    return reading


ReadingOf = Annotated[Reading, Depends(reading_of)]


async def unless_gone(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Return what `work` returns; cancel it when the caller goes.

    Raises:
        ProblemError: the caller went; nobody sees it but the log.
    """
    working = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({working, gone}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise ProblemError(400, "disconnected", "The caller went before the answer.")
    finally:
        working.cancel()
        gone.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return OpenAPI's description of the problems that an operation may answer with.

    Every operation may be refused for its host, key or rate as well.
    """
    content = {MEDIA_TYPE: {"schema": Problem.model_json_schema(ref_template="#/components/schemas/{model}")}}
    told = {"description": "A problem (RFC 9457).", "content": content}
    return dict.fromkeys(sorted({401, 421, 429, 500, *statuses}), told)
