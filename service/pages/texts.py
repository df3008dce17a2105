"""The pages' words in Indonesian and English, and numbers and days as each language writes them."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from starlette.requests import Request

from corpus.columns import CODES

Language = Literal["id", "en"]
COOKIE = "pembinaan_language"

TEXTS: dict[str, tuple[str, str]] = {
    f"{section}.{key}": (pair[0], pair[1])
    for section, texts in tomllib.loads(files("service.pages").joinpath("texts.toml").read_text("utf-8")).items()
    for key, pair in texts.items()
}


def language_of(request: Request) -> Language:
    """Return the language that was asked for, now or before; Indonesian where none was."""
    asked = request.query_params.get("lang") or request.cookies.get(COOKIE)
    return "en" if asked == "en" else "id"


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words; what a template asks for."""

    language: Language

    def __call__(self, key: str, **parts: object) -> str:
        """Return a text of texts.toml with its parts filled in.

        Raises:
            KeyError: there is no such text, or a part is missing.
        """
        text = TEXTS[key][self._index]
        return text.format(**parts) if parts else text

    def code(self, kind: str, code: str | None) -> str:
        """Return the words for a code of the data dictionary; the code itself where it has none."""
        if code is None:
            return self("site.unknown")
        pair = CODES.get(kind, {}).get(code)
        return pair[self._index] if pair else code

    def cause(self, code: str | None) -> str:
        """Return what an error's code means."""
        pair = TEXTS.get(f"cause.{code}", TEXTS["cause.error"])
        return pair[self._index]

    def number(self, number: int) -> str:
        """Return a whole number with its thousands apart."""
        text = f"{number:,}"
        return text if self.language == "en" else text.replace(",", ".")

    def percent(self, share: float) -> str:
        """Return a share of one as whole hundredths."""
        return f"{share * 100:.0f}"

    def day(self, day: str | dt.date | None, precision: str | None = "day") -> str:
        """Return a day, or the month or year of it, in words; a text that is no day as it is."""
        try:
            one = dt.date.fromisoformat(str(day)[:10])
        except ValueError:
            return str(day or "")
        month = self("site.month_names").split()[one.month - 1]
        if precision == "year":
            return str(one.year)
        return f"{month} {one.year}" if precision == "month" else f"{one.day} {month} {one.year}"

    def days(self, start: str | None, end: str | None, precision: str | None) -> str:
        """Return a range of days in words."""
        first, last = self.day(start, precision), self.day(end, precision)
        return first if last in {"", first} else f"{first} – {last}"

    def moment(self, moment: dt.datetime | None) -> str:
        """Return a time of UTC."""
        return f"{self.day(moment.date())} {moment:%H:%M}" if moment else ""

    @property
    def _index(self) -> int:
        return 0 if self.language == "id" else 1
