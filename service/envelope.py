"""What surrounds every request: an id, a bounded body, and a sanitized answer to an unforeseen error."""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING

import anyio
from starlette.datastructures import Headers, MutableHeaders

from service.problems import ProblemError, from_error, problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger("pembinaan")


class Envelope:
    """ASGI middleware; the outermost, so that nothing leaves without a request id."""

    def __init__(self, app: ASGIApp, max_body: int, deadline: float) -> None:
        self.app = app
        self.max_body = max_body
        self.deadline = deadline

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with its body read whole."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = uuid.uuid4().hex
        started = False

        async def send_with_id(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                MutableHeaders(scope=message)["x-request-id"] = request_id
            await send(message)

        try:
            body = await self._read(scope, receive)
            await self.app(scope, _replay(body, receive), send_with_id)
        except ProblemError as error:
            await from_error(error)(scope, receive, send_with_id)
        except Exception:
            logger.exception("request %s failed", request_id)
            if started:
                raise
            detail = f"The service failed; the log has more under request {request_id}."
            await problem(500, "internal", detail)(scope, receive, send_with_id)

    async def _read(self, scope: Scope, receive: Receive) -> bytes:
        too_large = ProblemError(413, "body_too_large", f"The body may have {self.max_body} bytes.")
        length = Headers(scope=scope).get("content-length", "0")
        if not length.isdecimal() or int(length) > self.max_body:
            raise too_large
        body = bytearray()
        with anyio.move_on_after(self.deadline):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ProblemError(400, "disconnected", "The connection closed before the body was whole.")
                body += message.get("body", b"")
                if len(body) > self.max_body:
                    raise too_large
                if not message.get("more_body"):
                    return bytes(body)
        raise ProblemError(408, "slow_body", f"The body did not arrive within {self.deadline:g} s.")


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a channel that gives the body once, then what the connection says."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
