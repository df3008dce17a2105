"""What a fetch may reach and how much it may take, and the page that comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from extractor.limits import MAX_BYTES

if TYPE_CHECKING:
    import datetime as dt
    from ipaddress import IPv4Network, IPv6Network
    from pathlib import Path

    from ssrfguard.resolvers import UdpResolver


class Accept(Enum):
    """The kinds of answer that a caller can ask for, each with its media types.

    FEED stands for feeds and sitemaps; a packed sitemap (`sitemap.xml.gz`) comes back unpacked.
    """

    HTML = ("text/html", "application/xhtml+xml")
    FEED = (
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/xml",
        "text/xml",
    )


@dataclass(frozen=True, slots=True)
class Policy:
    """What `fetch` may do. The default reaches public addresses on the web's usual ports only.

    Attributes:
        networks: networks open beside the public ones (a test opens 127.0.0.1/32).
        ports: the ports that a URL may name.
        deadline: seconds for everything: look-ups, robots.txt, waiting, redirects, retries, the body.
        max_bytes: the most bytes of a body, as sent and again as inflated.
        max_redirects: how many redirects are followed.
        attempts: how often one request is sent where the site is busy or the connection breaks.
        pause: the least seconds between two pages of one host; a longer crawl-delay counts instead.
        robots: whether robots.txt is read and respected.
        cache_dir: a folder for pages to be asked for anew only where they changed; None keeps none.
        resolver: the DNS servers to ask; None takes those of /etc/resolv.conf.
    """

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    ports: frozenset[int] = frozenset({80, 443, 8080, 8443})
    deadline: float = 20.0
    max_bytes: int = MAX_BYTES
    max_redirects: int = 5
    attempts: int = 3
    pause: float = 1.0
    robots: bool = True
    cache_dir: Path | None = None
    resolver: UdpResolver | None = None


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
