"""One guarded request within one deadline.

httpcore, the transport of httpx, is used directly: it has no cookie jar, no proxies from the environment,
no decoders and no redirects that would have to be switched off, and ssrfguard plugs into it.
"""

from __future__ import annotations

import socket
import ssl
import time
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import httpcore
import ssrfguard
from ssrfguard.httpx import SafeBackend
from ssrfguard.resolvers import UdpResolver

from extractor.errors import BlockedError, ConnectionFailedError, DnsError, TimedOutError, TlsError
from extractor.fetching.guard import Destination, guard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from extractor.fetching.policy import Policy


class Deadline:
    """The moment at which everything about one fetch ends."""

    def __init__(self, url: str, seconds: float) -> None:
        self.url = url
        self.seconds = seconds
        self.ends = time.monotonic() + seconds

    def remaining(self) -> float:
        """Return the seconds left, always above zero.

        Raises:
            TimedOutError: none are left.
        """
        left = self.ends - time.monotonic()
        if left <= 0:
            raise TimedOutError(self.url, f"the page did not arrive within {self.seconds:g} s")
        return left

    def sleep(self, seconds: float, why: str) -> None:
        """Wait `seconds`.

        Raises:
            TimedOutError: the deadline comes first; raised at once, with `why`.
        """
        if seconds <= 0:
            return
        if seconds >= self.remaining():
            raise TimedOutError(self.url, f"{why}, which is past the deadline of {self.seconds:g} s")
        time.sleep(seconds)


@contextmanager
def ask(
    where: Destination, headers: Mapping[str, str], policy: Policy, deadline: Deadline
) -> Iterator[httpcore.Response]:
    """Send one GET and yield the answer with its body unread; what is not read by the end never is.

    Raises:
        BlockedError: an address of the host is not public.
        DnsError: the host has no address.
        TlsError: its certificate could not be verified.
        TimedOutError: the deadline came first.
        ConnectionFailedError: the connection failed, or what came over it is not HTTP.
    """
    url = httpcore.URL(scheme=where.scheme, host=where.host, port=where.port, target=where.target)
    fields = {"Host": where.authority, "Connection": "close", **headers}
    with (
        _typed(where.url),
        httpcore.ConnectionPool(
            ssl_context=_tls(), max_connections=1, network_backend=_Backend(where.url, policy, deadline)
        ) as pool,
        pool.stream("GET", url, headers=list(fields.items())) as answer,
    ):
        yield answer


@cache
def _tls() -> ssl.SSLContext:
    return httpcore.default_ssl_context()


@contextmanager
def _typed(url: str) -> Iterator[None]:
    try:
        yield
    except ssrfguard.BlockedAddressError as error:
        raise BlockedError(url, error.reason) from None
    except ssrfguard.BlockedURLError as error:
        raise BlockedError(url, error.reason) from None
    except httpcore.TimeoutException:
        raise TimedOutError(url, "the site did not answer in time") from None
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise ConnectionFailedError(url, f"the connection failed ({str(error)[:200]})") from None


class _Backend(httpcore.NetworkBackend):
    """ssrfguard's backend (one look-up, every answer judged, a judged address dialed) in the deadline."""

    def __init__(self, url: str, policy: Policy, deadline: Deadline) -> None:
        self._url = url
        self._policy = policy
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002  the deadline counts
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        rules = guard(self._policy)
        backend = SafeBackend(policy=rules, resolver=self._resolver())
        share = self._deadline.remaining() / rules.max_connection_attempts
        try:
            stream = backend.connect_tcp(host, port, share, local_address, socket_options)
        except httpcore.ConnectError as error:
            if isinstance(error.__cause__, socket.gaierror):
                self._deadline.remaining()
                reason = "there is no such host, or its name servers do not answer"
                raise DnsError(self._url, reason) from None
            raise
        return _Stream(stream, self._deadline)

    def _resolver(self) -> UdpResolver:
        # getaddrinfo, ssrfguard's default, cannot be given a timeout.
        try:
            known = self._policy.resolver or UdpResolver()
        except (OSError, ValueError) as error:
            raise DnsError(self._url, f"this machine has no name server ({error})") from None
        return replace(known, timeout=min(known.timeout, self._deadline.remaining()))


class _Stream(httpcore.NetworkStream):
    """A connection whose every step is given only what is left of the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002  httpcore's signature; the deadline counts
        return self._stream.read(max_bytes, self._deadline.remaining())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002  httpcore's signature; the deadline counts
        self._stream.write(buffer, self._deadline.remaining())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002  httpcore's signature; the deadline counts
    ) -> httpcore.NetworkStream:
        try:
            secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.remaining())
        except httpcore.ConnectError as error:
            if isinstance(error.__cause__, ssl.SSLError):
                reason = error.__cause__.reason or "not TLS"
                raise TlsError(self._deadline.url, f"no trusted connection ({reason})") from None
            raise
        return _Stream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401  httpcore's signature
        return self._stream.get_extra_info(info)
