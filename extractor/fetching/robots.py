"""What a site's robots.txt allows (RFC 9309)."""

from __future__ import annotations

from dataclasses import dataclass

from protego import Protego

AGENT = "pembinaan"
MOST_BYTES = 500 * 1024  # RFC 9309, 2.5: at least this much is to be parsed
LIFETIME = 3600.0  # seconds; RFC 9309, 2.4: no more than a day


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one host; without a parsed file everything is allowed, or nothing is."""

    parsed: Protego | None
    otherwise: bool = True

    def allow(self, url: str) -> bool:
        """Tell whether we may read `url`."""
        return self.otherwise if self.parsed is None else bool(self.parsed.can_fetch(url, AGENT))

    @property
    def crawl_delay(self) -> float:
        """The seconds that the site wants between two requests, 0 where it says nothing."""
        return float(self.parsed.crawl_delay(AGENT) or 0) if self.parsed else 0.0


def rules_from(status: int, body: bytes) -> Rules:
    """Return the rules that an answer means: 4xx allows all, 5xx forbids all (RFC 9309, 2.3.1)."""
    if 200 <= status < 300:
        return Rules(Protego.parse(body.decode("utf-8", "replace")))
    return Rules(None, otherwise=400 <= status < 500)
