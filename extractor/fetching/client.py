"""The only place that knows the HTTP client: one page, guarded, bounded, within one deadline."""

from __future__ import annotations

import datetime as dt
import re
import ssl
import threading
import time
import zlib
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import urljoin

import httpx
import ssrfguard
from ssrfguard.httpx import Client

from extractor.errors import (
    BlockedError,
    ConnectionFailedError,
    DnsError,
    FetchError,
    HttpStatusError,
    NotHtmlError,
    RobotsError,
    TimedOutError,
    TlsError,
    TooLargeError,
)
from extractor.fetching.policy import Policy
from extractor.fetching.robots import Rules, rules_from

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ROBOTS_BYTES = 512 * 1024  # RFC 9309 2.5: at least 500 KiB must be read
_CHUNK = 64 * 1024
_NOT_PAGES = ((b"PK\x03\x04", "a ZIP file"), (b"%PDF-", "a PDF"), (b"\x1f\x8b", "compressed twice"))
_FEED = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:rss|feed|rdf:RDF|urlset|sitemapindex)\b", re.DOTALL)
_BAD_URL = re.compile(r"[\x00-\x20\x7f\\]|#@")


@dataclass(frozen=True, slots=True)
class Page:
    """One fetched page: `body` as bytes, inflated; `charset` as the header gave it, or None."""

    url: str
    final_url: str
    status: int
    content_type: str
    charset: str | None
    body: bytes
    fetched_at: dt.datetime


def user_agent() -> str:
    """Return the name under which pages are asked for."""
    try:
        release = version("pembinaan")
    except PackageNotFoundError:
        release = "0"
    return f"pembinaan/{release} (research on prison training news)"


def check_url(url: str, policy: Policy) -> None:
    """Raise BlockedError where `url` may not be fetched, judged by its words alone; no packet is sent."""
    try:
        if _BAD_URL.search(url):
            raise BlockedError(url, "the address holds characters that no web address has")
        policy.guard().check_url(url)
        httpx.URL(url)
    except ssrfguard.SSRFGuardError as error:
        raise BlockedError(url, _reason(error)) from None
    except (httpx.InvalidURL, ValueError) as error:  # IDNAError is a ValueError
        raise BlockedError(url, f"not a web address ({_line(error)})") from None


def fetch(url: str, policy: Policy | None = None) -> Page:
    """Return the page at `url`.

    Redirects are followed by hand and checked again, at most `policy.max_redirects`; everything, name
    look-ups and robots.txt included, ends at `policy.deadline` seconds.

    Raises:
        FetchError: the type and message say why the page may not or could not be fetched.
    """
    policy = policy or Policy()
    check_url(url, policy)
    visit = _Visit(policy)
    thread = threading.Thread(target=visit.run, args=(url,), daemon=True)
    thread.start()
    thread.join(policy.deadline)
    if thread.is_alive():
        # A name look-up or a drip of headers cannot be interrupted from inside.
        visit.client.close()
        raise TimedOutError(url, f"no answer within {policy.deadline:g} s")
    if visit.error is not None:
        raise visit.error
    if visit.page is None:
        raise ConnectionFailedError(url, "the connection broke off")
    return visit.page


class _Visit:
    """One fetch with its client and its deadline."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.until = time.monotonic() + policy.deadline
        self.page: Page | None = None
        self.error: Exception | None = None
        self.rules: dict[str, Rules] = {}
        self.client = Client(
            policy=policy.guard(),
            follow_redirects=False,
            trust_env=False,
            timeout=httpx.Timeout(min(10.0, policy.deadline)),
            headers={"User-Agent": user_agent(), "Accept-Encoding": "gzip", "Accept-Language": "id,en;q=0.5"},
            limits=httpx.Limits(max_connections=1),
        )

    def run(self, url: str) -> None:
        try:
            with self.client:
                self.page = self._page(url)
        except FetchError as error:
            self.error = error
        except Exception as error:  # noqa: BLE001  a thread's error belongs to the caller
            self.error = _typed(url, error)

    def _page(self, start: str) -> Page:
        url = start
        for _ in range(self.policy.max_redirects + 1):
            check_url(url, self.policy)
            if self.policy.robots and not self._rules(url).allowed(url, user_agent()):
                raise RobotsError(url, "the site's robots.txt asks programs not to read this page")
            status, headers, body = self._get(url, self.policy.max_bytes, types=self.policy.types)
            if status not in _REDIRECTS:
                return _page(start, url, status, headers, body)
            url = _target(url, headers)
        raise BlockedError(start, f"more than {self.policy.max_redirects} redirects")

    def _rules(self, url: str) -> Rules:
        """Return the robots rules of the URL's host (RFC 9309: 4xx allows all, 5xx and no answer none)."""
        root = urljoin(url, "/robots.txt")
        if root not in self.rules:
            self.rules[root] = self._read_rules(root)
        return self.rules[root]

    def _read_rules(self, root: str) -> Rules:
        url = root
        for _ in range(self.policy.max_redirects + 1):
            check_url(url, self.policy)
            try:
                status, headers, body = self._get(url, _ROBOTS_BYTES, cut=True)
            except (ConnectionFailedError, httpx.TransportError) as error:
                if isinstance(_typed(url, error), DnsError | TlsError | BlockedError):
                    raise
                return rules_from(503, b"")
            if status not in _REDIRECTS:
                return rules_from(status, body)
            url = _target(url, headers)
        return rules_from(404, b"")

    def _get(
        self, url: str, limit: int, *, types: frozenset[str] | None = None, cut: bool = False
    ) -> tuple[int, httpx.Headers, bytes]:
        """Return status, headers and body; the bodies of redirects and errors are not read."""
        with self.client.stream("GET", url) as answer:
            status = answer.status_code
            if not cut and status >= 400:  # noqa: PLR2004
                raise HttpStatusError(url, status)
            if status in _REDIRECTS or status >= 400:  # noqa: PLR2004
                return status, answer.headers, b""
            kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
            if types is not None and kind not in types:
                raise NotHtmlError(url, f"the answer is {kind or 'of no stated type'}, not an HTML page")
            return status, answer.headers, self._body(url, answer, limit, cut=cut)

    def _body(self, url: str, answer: httpx.Response, limit: int, *, cut: bool) -> bytes:
        coding = answer.headers.get("content-encoding", "identity").strip().lower()
        if coding not in {"gzip", "x-gzip", "identity", ""}:
            raise NotHtmlError(url, f"the page is packed as {coding}, which was not asked for")
        inflate = zlib.decompressobj(16 + zlib.MAX_WBITS) if "gzip" in coding else None
        body, sent = bytearray(), 0
        for chunk in answer.iter_raw(_CHUNK):
            if time.monotonic() > self.until:
                raise TimedOutError(url, f"the page did not arrive within {self.policy.deadline:g} s")
            sent += len(chunk)
            body += inflate.decompress(chunk, limit + 1 - len(body)) if inflate else chunk
            if sent > limit or len(body) > limit:
                if cut:
                    return bytes(body[:limit])
                raise TooLargeError(url, f"the page is larger than {limit // 1024} KiB")
        return bytes(body)


def _page(start: str, url: str, status: int, headers: httpx.Headers, body: bytes) -> Page:
    for magic, name in _NOT_PAGES:
        if body.startswith(magic):
            raise NotHtmlError(url, f"the answer calls itself HTML but is {name}")
    if _FEED.match(body[:4096]) or body.lstrip()[:1] in {b"{", b"["}:
        raise NotHtmlError(url, "the answer calls itself HTML but is a feed or data")
    kind, _, rest = headers.get("content-type", "").partition(";")
    charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", rest, re.IGNORECASE)
    return Page(
        url=start,
        final_url=url,
        status=status,
        content_type=kind.strip().lower(),
        charset=charset.group(1) if charset else None,
        body=body,
        fetched_at=dt.datetime.now(dt.UTC),
    )


def _target(url: str, headers: httpx.Headers) -> str:
    location = headers.get("location")
    if not location:
        raise ConnectionFailedError(url, "a redirect without a target")
    try:
        return urljoin(url, location)
    except ValueError:
        raise BlockedError(url, "a redirect to something that is no web address") from None


def _typed(url: str, error: Exception) -> FetchError:
    """Return the typed error that says what an exception of the client or the guard means."""
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and len(chain) < 10:  # noqa: PLR2004
        chain.append(link)
        link = link.__cause__ or link.__context__
    if isinstance(error, FetchError):
        return error
    if any(isinstance(e, ssrfguard.SSRFGuardError) for e in chain):
        guard = next(e for e in chain if isinstance(e, ssrfguard.SSRFGuardError))
        return BlockedError(url, _reason(guard))
    if any(isinstance(e, ssl.SSLError) for e in chain):
        return TlsError(url, "the certificate of the site could not be verified")
    if any(isinstance(e, OSError) and "getaddrinfo" in repr(type(e)) for e in chain) or "Name or service" in str(error):
        return DnsError(url, "there is no such host")
    if isinstance(error, httpx.TimeoutException):
        return TimedOutError(url, "the site did not answer in time")
    if isinstance(error, httpx.InvalidURL | ValueError | httpx.UnsupportedProtocol):
        return BlockedError(url, f"not a web address ({_line(error)})")
    if isinstance(error, zlib.error):
        return NotHtmlError(url, "the page's compression is broken")
    return ConnectionFailedError(url, f"the connection failed ({_line(error)})")


def _reason(error: BaseException) -> str:
    return _line(getattr(error, "reason", None) or error)


def _line(error: object) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
