"""Who may ask, under which name, and how often; decided before a request's body is read."""

from __future__ import annotations

import ipaddress
import math
import time
from typing import TYPE_CHECKING

import limits
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.datastructures import Headers

from service.keys import caller_of
from service.problems import ProblemError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from service.settings import Settings

# Whoever watches the process has no key and asks by the machine's address.
_OPEN = frozenset({"/livez", "/readyz"})


class Guard:
    """ASGI middleware that refuses strange hosts, unknown keys and callers who ask too often."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self._keys = settings.keys
        self._hosts = {host.lower() for host in settings.hosts}
        self._rates = limits.parse_many(settings.rate) if settings.rate else []
        self._limiter = FixedWindowRateLimiter(MemoryStorage()) if self._rates else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with the caller's name in its state.

        Raises:
            ProblemError: the host is strange (421), the key is missing or unknown (401), the rate is exceeded (429).
        """
        if scope["type"] == "http" and scope["path"] not in _OPEN:
            headers = Headers(scope=scope)
            self._check_host(headers.get("host", ""))
            caller = caller_of(headers.get("authorization", ""), self._keys) if self._keys else None
            # Who guesses keys is counted by address.
            self._check_rate(caller or _network(scope))
            if self._keys and caller is None:
                raise ProblemError(
                    401,
                    "unauthorized",
                    "Send a known API key: Authorization: Bearer <key>.",
                    headers={"www-authenticate": 'Bearer realm="pembinaan", Basic realm="pembinaan", charset="UTF-8"'},
                )
            scope.setdefault("state", {})["caller"] = caller
        await self.app(scope, receive, send)

    def _check_host(self, host: str) -> None:
        """Refuse names that are not ours, so that no page elsewhere can ask us under a name of its own."""
        name = host.lower()
        if not name.endswith("]"):
            name = name.rpartition(":")[0] or name
        if "*" not in self._hosts and name not in self._hosts:
            raise ProblemError(421, "host", "The service is not known under this name; see the setting `hosts`.")

    def _check_rate(self, who: str) -> None:
        if self._limiter is None:
            return
        for rate in self._rates:
            if not self._limiter.hit(rate, who):
                reset = self._limiter.get_window_stats(rate, who).reset_time
                wait = max(1, math.ceil(reset - time.time()))
                raise ProblemError(429, "rate_limited", f"More than {rate} were asked for.", retry_after=wait)


def _network(scope: Scope) -> str:
    """Return the caller's address; of IPv6 the network that one caller usually has."""
    host = (scope.get("client") or ("", 0))[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return str(host)
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)
