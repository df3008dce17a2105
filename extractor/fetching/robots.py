"""What a site's robots.txt allows (RFC 9309)."""

from __future__ import annotations

from dataclasses import dataclass

from protego import Protego


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one host; `parsed` is None where everything is allowed or everything forbidden."""

    parsed: Protego | None
    otherwise: bool

    def allowed(self, url: str, agent: str) -> bool:
        """Tell whether `agent` may read `url`."""
        return self.otherwise if self.parsed is None else bool(self.parsed.can_fetch(url, agent))


def rules_from(status: int, body: bytes) -> Rules:
    """Return the rules that an answer for robots.txt gives: 4xx allows all, 5xx forbids all."""
    if 200 <= status < 300:  # noqa: PLR2004
        return Rules(Protego.parse(body.decode("utf-8", "replace")), otherwise=True)
    return Rules(None, otherwise=400 <= status < 500)  # noqa: PLR2004
