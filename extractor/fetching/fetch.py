"""One page: guarded, polite, bounded, within one deadline."""

from __future__ import annotations

import datetime as dt
import email.utils
import logging
import re
import time
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import stamina

from extractor.errors import (
    BlockedError,
    ConnectionFailedError,
    HttpStatusError,
    RobotsError,
)
from extractor.fetching import body as bodies
from extractor.fetching import cache as pages
from extractor.fetching.connection import Deadline, ask
from extractor.fetching.guard import Destination, destination
from extractor.fetching.hosts import Host, host_of
from extractor.fetching.policy import Accept, Page, Policy
from extractor.fetching.robots import AGENT, LIFETIME, MOST_BYTES, Rules, rules_from

if TYPE_CHECKING:
    from collections.abc import Mapping

_log = logging.getLogger(__name__)

# A page asked for again is no event to tell of; what cannot be had in the end is.
stamina.instrumentation.set_on_retry_hooks([])

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BUSY = frozenset({429, 503})
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)


def fetch(url: str, policy: Policy | None = None, *, accept: Accept = Accept.HTML) -> Page:
    """Return the page at `url`, which blocks for at most `policy.deadline` seconds.

    Redirects are followed by hand, each target judged like the first URL; robots.txt is respected; a page
    that did not change is taken from `policy.cache_dir`.

    Raises:
        InputError: the URL is empty.
        FetchError: the page may not or could not be fetched; type and message say why.
    """
    return _Visit(url, policy or Policy(), accept).page()


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer: to a redirect its `location` instead of a body."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    location: str | None = None


class _Visit:
    """One fetch: its limits, and the origins it has been to."""

    def __init__(self, url: str, policy: Policy, accept: Accept) -> None:
        self._url = url
        self._policy = policy
        self._accept = accept
        self._deadline = Deadline(url, policy.deadline)
        self._origins: set[str] = set()

    def page(self) -> Page:
        url = self._url
        seen: set[str] = set()
        for _ in range(self._policy.max_redirects + 1):
            where = destination(url, self._policy)
            if where.url in seen:
                raise BlockedError(self._url, "the redirects run in a circle")
            seen.add(where.url)
            step = self._step(where)
            if isinstance(step, Page):
                return replace(step, url=self._url)
            url = step
        raise BlockedError(self._url, f"more than {self._policy.max_redirects} redirects")

    def _step(self, where: Destination) -> Page | str:
        """Return the page at `where`, or the URL that it redirects to."""
        host = host_of(where.origin)
        with host.turn(self._deadline):
            rules = self._rules(where, host)
            if not rules.allow(where.url):
                raise RobotsError(where.url, "the site's robots.txt asks programs not to read this page")
            # A redirect within a site is still the same page to its server.
            if where.origin not in self._origins:
                self._origins.add(where.origin)
                host.wait(self._deadline)
            try:
                return self._page_or_redirect(where)
            finally:
                host.free_at = time.monotonic() + max(self._policy.pause, rules.crawl_delay)

    def _page_or_redirect(self, where: Destination) -> Page | str:
        folder = self._policy.cache_dir
        kept = pages.load(folder, where.url) if folder else None
        answer = self._persist(where, kept.conditions() if kept else {})
        if answer.location is not None:
            return answer.location
        if kept and answer.status == 304:
            bodies.check_type(where.url, kept.page.content_type, self._accept)
            return replace(kept.page, fetched_at=dt.datetime.now(dt.UTC))
        header = answer.headers.get("content-type", "")
        charset = _CHARSET.search(header)
        page = Page(
            url=self._url,
            final_url=where.url,
            status=answer.status,
            content_type=_media_type(answer.headers),
            charset=charset.group(1) if charset else None,
            body=answer.body,
            fetched_at=dt.datetime.now(dt.UTC),
        )
        if folder and "no-store" not in answer.headers.get("cache-control", "").lower():
            etag, modified = answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
            try:
                pages.save(folder, pages.Kept(page, etag, modified))
            except OSError as error:
                _log.warning("the page could not be kept in %s: %s", folder, error)
        return page

    def _persist(self, where: Destination, conditions: Mapping[str, str]) -> _Answer:
        """Return the answer, asked for again where the site is busy or the connection breaks."""
        for attempt in stamina.retry_context(
            on=self._may_retry,
            attempts=self._policy.attempts,
            timeout=self._deadline.remaining(),
            wait_initial=0.5,
            wait_jitter=0.5,
        ):
            with attempt:
                return self._get(where, conditions)
        raise AssertionError("stamina returns or raises")  # pragma: no cover

    def _may_retry(self, error: Exception) -> bool | float:
        if isinstance(error, HttpStatusError) and error.status in _BUSY:
            if error.retry_after is None:
                return True
            # A site that names a time past our deadline is not asked again before it.
            return error.retry_after if time.monotonic() + error.retry_after < self._deadline.ends else False
        return isinstance(error, ConnectionFailedError)

    def _get(self, where: Destination, conditions: Mapping[str, str]) -> _Answer:
        headers = {**_headers(self._accept), **conditions}
        with ask(where, headers, self._policy, self._deadline) as response:
            fields = _fields(response.headers)
            if response.status in _REDIRECTS:
                return _Answer(response.status, fields, location=_location(where, fields))
            if response.status == 304 and conditions:
                return _Answer(response.status, fields)
            if not 200 <= response.status < 300:
                raise HttpStatusError(where.url, response.status, _retry_after(fields))
            bodies.check_type(where.url, _media_type(fields), self._accept)
            body = bodies.read(where.url, response.iter_stream(), fields, self._policy.max_bytes)
        if self._accept is Accept.FEED:
            body = bodies.unpacked(where.url, body, self._policy.max_bytes)
        bodies.check_bytes(where.url, body, self._accept)
        return _Answer(response.status, fields, body)

    def _rules(self, where: Destination, host: Host) -> Rules:
        if not self._policy.robots:
            return Rules(None)
        if host.rules is None or host.rules_until < time.monotonic():
            host.rules = self._read_rules(where)
            host.rules_until = time.monotonic() + LIFETIME
        return host.rules

    def _read_rules(self, where: Destination) -> Rules:
        url = f"{where.origin}/robots.txt"
        for _ in range(self._policy.max_redirects + 1):
            robots = destination(url, self._policy)
            try:
                with ask(robots, _headers(None), self._policy, self._deadline) as response:
                    fields = _fields(response.headers)
                    if response.status in _REDIRECTS:
                        url = _location(robots, fields)
                        continue
                    # The body of an error says nothing.
                    chunks = response.iter_stream() if response.status < 300 else ()
                    body = bodies.read(robots.url, chunks, fields, MOST_BYTES, cut=True)
            except ConnectionFailedError as error:
                raise RobotsError(robots.url, f"robots.txt could not be read: {error.reason}") from None
            if response.status >= 500:
                raise RobotsError(robots.url, f"robots.txt could not be read: the site answered {response.status}")
            return rules_from(response.status, body)
        raise RobotsError(url, f"robots.txt is behind more than {self._policy.max_redirects} redirects")


@cache
def _user_agent() -> str:
    try:
        release = version(AGENT)
    except PackageNotFoundError:
        release = "0"
    return f"{AGENT}/{release} (research on training in Indonesian prisons)"


def _headers(accept: Accept | None) -> dict[str, str]:
    return {
        "User-Agent": _user_agent(),
        "Accept": ", ".join(accept.value) if accept else "text/plain",
        "Accept-Encoding": "gzip",
        "Accept-Language": "id,en;q=0.5",
    }


def _fields(raw: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return the headers by lower-case name, those of one name joined (so that two codings show as two)."""
    fields: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), value.decode("utf-8", "replace")
        fields[key] = f"{fields[key]}, {text}" if key in fields else text
    return fields


def _media_type(fields: Mapping[str, str]) -> str:
    return fields.get("content-type", "").partition(";")[0].strip().lower()


def _location(where: Destination, fields: Mapping[str, str]) -> str:
    location = fields.get("location")
    if not location:
        raise ConnectionFailedError(where.url, "a redirect that says not where to")
    try:
        return urljoin(where.url, location)
    except ValueError:
        raise BlockedError(where.url, "a redirect to something that is no web address") from None


def _retry_after(fields: Mapping[str, str]) -> float | None:
    """Return the seconds of a Retry-After header (RFC 9110, 10.2.3: seconds or a date), None without one."""
    value = fields.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        then = email.utils.parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    aware = then if then.tzinfo else then.replace(tzinfo=dt.UTC)
    return max(0.0, (aware - dt.datetime.now(dt.UTC)).total_seconds())
