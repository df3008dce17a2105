"""What surrounds every request: an id, headers on every answer, one line in the log, and no error untold."""

from __future__ import annotations

import time
import traceback
import uuid
from typing import TYPE_CHECKING

import structlog
from starlette.datastructures import MutableHeaders

from extractor.schema import SCHEMA_VERSION
from service.problems import ProblemError, from_error, problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from service.metrics import Metrics

logger = structlog.get_logger()

# What a page of ours may do is for the page to say; an answer without a policy of its own may do nothing.
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-schema-version": SCHEMA_VERSION,
}


class Envelope:
    """ASGI middleware; the outermost, so that nothing leaves without a request id.

    Args:
        app: what is inside.
        metrics: where requests are counted.
        versions: the headers that say what reads, as far as it is known.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, versions: Callable[[], Mapping[str, str]]) -> None:
        self.app = app
        self.metrics = metrics
        self.versions = versions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        began = time.perf_counter()
        status = 0  # the caller went before there was an answer

        async def send_dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in (HEADERS | dict(self.versions())).items():
                    headers.setdefault(name, value)
                headers["x-request-id"] = request_id
            await send(message)

        try:
            await self.app(scope, receive, send_dressed)
        except ProblemError as error:
            await from_error(error)(scope, receive, send_dressed)
        except Exception as error:
            # An error's message may quote an article.
            logger.error("failed", error=type(error).__name__, at=frames(error))  # noqa: TRY400  the trace's words may quote an article
            if status:
                raise
            detail = f"The service failed; the log has more under request {request_id}."
            await problem(500, "internal", detail)(scope, receive, send_dressed)
        finally:
            seconds = time.perf_counter() - began
            self.metrics.request(scope, status, seconds)
            logger.info(
                "request",
                method=scope["method"][:10],
                path=scope["path"][:200],  # without the query, which may be secret
                status=status,
                seconds=round(seconds, 4),
                caller=scope.get("state", {}).get("caller"),
            )


def frames(error: BaseException) -> list[str]:
    """Return where an error came from; its message stays out, since it may quote an article."""
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
