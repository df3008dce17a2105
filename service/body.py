"""A request's body, read whole before anything is done with it, within limits on bytes and time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
from starlette.datastructures import Headers

from service.problems import ProblemError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_AT_A_TIME = 16  # bodies of the largest size that may be held together


class BoundedBody:
    """ASGI middleware that reads the body; all bodies together are bounded as well.

    Args:
        app: what is inside.
        max_body: how many bytes a body may have.
        deadline: within how many seconds it must have arrived.
        larger: the paths to which more may be sent, and how much; none where it is None.
    """

    def __init__(self, app: ASGIApp, max_body: int, deadline: float, larger: Mapping[str, int] | None = None) -> None:
        self.app = app
        self.max_body = max_body
        self.larger = larger or {}
        self.deadline = deadline
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with its body read whole.

        Raises:
            ProblemError: the body is too large (413), too slow (408) or cut off (400), or too many are held (503).
        """
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = bytearray()
        try:
            await self._read(scope, receive, body)
            await self.app(scope, _replay(bytes(body), receive), send)
        finally:
            self._held -= len(body)

    async def _read(self, scope: Scope, receive: Receive, body: bytearray) -> None:
        most = self.larger.get(scope["path"], self.max_body)
        too_large = ProblemError(413, "body_too_large", f"The body may have {most} bytes.")
        length = Headers(scope=scope).get("content-length", "0")
        if not length.isdecimal() or int(length) > most:
            raise too_large
        with anyio.move_on_after(self.deadline):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ProblemError(400, "disconnected", "The connection closed before the body was whole.")
                piece = message.get("body", b"")
                body += piece
                self._held += len(piece)
                if len(body) > most:
                    raise too_large
                if self._held > _AT_A_TIME * self.max_body:
                    raise ProblemError(503, "busy", "Too many large requests at once; try again soon.", retry_after=2)
                if not message.get("more_body"):
                    return
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
