"""What a feed, a sitemap or a list of links says of one article, and how its words and dates are read."""

from __future__ import annotations

import datetime as dt
import email.utils
import html
import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from extractor.article import dates

LONGEST_URL = 1000  # longer ones are not remembered: an index of the store holds no more
LONGEST_TITLE = 300
LONGEST_SUMMARY = 600
_MARKUP = re.compile(r"<[^>]{0,500}>")
_OFFSET = re.compile(r"([+-])([01]\d):?([0-5]\d)\s*$")
_TRACKING = re.compile(r"(?:utm_\w+|fbclid|gclid|jxrecoid|source|ref|_ga)=", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as its list names it, before anything of it is fetched.

    Attributes:
        url: its address, absolute, not yet judged.
        title: its title, where the list has one.
        summary: the list's words about it: description, keywords.
        published: when it was published.
        changed: when it was last changed, which is all that most sitemaps say.
    """

    url: str
    title: str = ""
    summary: str = ""
    published: dt.datetime | dt.date | None = None
    changed: dt.datetime | dt.date | None = None

    @property
    def day(self) -> dt.date | None:
        """The day of publication, else of the last change, in WIB."""
        return day_of(self.published or self.changed)


def day_of(when: dt.datetime | dt.date | None) -> dt.date | None:
    """Return the day in WIB, which most of the country's newsrooms keep and which knows no summer time."""
    if isinstance(when, dt.datetime):
        try:
            return when.astimezone(dates.WIB).date()
        except OverflowError:  # the first and the last day of the calendar
            return when.date()
    return when


def when(text: str) -> dt.datetime | dt.date | None:
    """Return the date in RFC 822, ISO 8601 or Indonesian words, with or without a zone; None where there is none.

    Without a zone it is WIB; every time carries a zone.
    """
    text = text.strip()[: dates.LONGEST]
    offset = _OFFSET.search(text)
    zone: dt.tzinfo = dates.WIB
    if offset:
        distance = dt.timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        zone = dt.timezone(-distance if offset[1] == "-" else distance)
    if (found := dates.parse(text, zone)) is not None:
        return found
    try:  # years of two digits, the names of American zones
        parsed = email.utils.parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=dates.WIB)


def plain(text: str, longest: int) -> str:
    """Return the words of a text that may hold markup and control characters, at most `longest` characters."""
    text = html.unescape(text[: 4 * longest + 1000])
    text = html.unescape(_MARKUP.sub(" ", text))
    return "".join(c for c in " ".join(text.split()) if c.isprintable())[:longest].strip()


def address(base: str, link: str) -> str | None:
    """Return the web address that `link` means on the page `base`, without its fragment, None where it is none."""
    link = link.strip().replace("&amp;", "&")
    if not link or len(link) > LONGEST_URL:
        return None
    try:
        url = urljoin(base, link).partition("#")[0]
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname and len(url) <= LONGEST_URL else None


def tidy(url: str) -> str:
    """Return the address without what only says how somebody came to it."""
    parts = urlsplit(url)
    query = "&".join(part for part in parts.query.split("&") if part and not _TRACKING.match(part))
    return parts._replace(query=query, fragment="").geturl()
