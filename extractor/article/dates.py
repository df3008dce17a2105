"""Date-times as Indonesian pages print them and as their metadata holds them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

WIB: Final = dt.timezone(dt.timedelta(hours=7), "WIB")
ZONES: Final = {
    "wib": WIB,
    "wita": dt.timezone(dt.timedelta(hours=8), "WITA"),
    "wit": dt.timezone(dt.timedelta(hours=9), "WIT"),
    "gmt": dt.UTC,
    "utc": dt.UTC,
}
# First three letters tell Indonesian and English months apart, with the spellings agt, peb, nop, mai.
MONTHS: Final = {
    "jan": 1, "feb": 2, "peb": 2, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7, "agu": 8,
    "ags": 8, "agt": 8, "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "nop": 11, "des": 12, "dec": 12,
}  # fmt: skip

_MONTH = r"(?:jan|feb|peb|mar|apr|mei|may|jun|jul|agu|ags|agt|aug|sep|okt|oct|nov|nop|des|dec)[a-z]{0,7}"
_TIME = (
    r"(?:[\s,|/•·\-–—@]{0,8}(?:pukul|jam|at)?[\s,]{0,3}(?P<hour>[0-2]?\d)[:.](?P<minute>[0-5]\d)"
    r"(?:[:.][0-5]\d)?\s*(?P<half>[ap]m)?\s*(?P<zone>WITA|WIB|WIT|GMT|UTC)?)?"
)
_WORDS = re.compile(
    rf"\b(?P<day>[0-3]?\d)\s+(?P<month>{_MONTH})\.?,?\s+(?P<year>(?:19|20)\d\d)\b{_TIME}", re.IGNORECASE
)
_ENGLISH = re.compile(rf"\b(?P<month>{_MONTH})\s+(?P<day>[0-3]?\d),\s*(?P<year>(?:19|20)\d\d)\b{_TIME}", re.IGNORECASE)
_DIGITS = re.compile(rf"\b(?P<day>[0-3]?\d)[/-](?P<month>[01]?\d)[/-](?P<year>(?:19|20)\d\d)\b{_TIME}", re.IGNORECASE)
_ISO = re.compile(
    r"\b(?P<year>(?:19|20)\d\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)"
    r"(?:\s?T?\s?(?P<hour>[0-2]\d):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:\.\d{1,9})?)?"
    r"\s?(?P<zone>Z|[+-][01]\d:?[0-5]\d|WIB|WITA|WIT)?)?"
)
LONGEST = 400


def parse(text: str, default: dt.tzinfo = WIB) -> dt.datetime | dt.date | None:
    """Return the first date-time in `text`: ISO 8601, Indonesian or English words, or day/month/year.

    A time without a zone is taken in `default` (WIB, the zone that national outlets print); a date
    without a time comes back as a day. None when there is no date, or one that no calendar has.
    """
    text = text[:LONGEST]
    for pattern in (_ISO, _WORDS, _ENGLISH, _DIGITS):
        if (match := pattern.search(text)) and (found := _value(match, default)) is not None:
            return found
    return None


def _value(match: re.Match[str], default: dt.tzinfo) -> dt.datetime | dt.date | None:
    parts = match.groupdict()
    month = MONTHS.get(parts["month"][:3].lower()) or int(parts["month"])
    try:
        day = dt.date(int(parts["year"]), month, int(parts["day"]))
        if parts["hour"] is None:
            return day
        hour = int(parts["hour"])
        if half := parts.get("half"):
            hour = hour % 12 + (12 if half.lower() == "pm" else 0)
        time = dt.time(hour, int(parts["minute"]), int(parts.get("second") or 0), tzinfo=_zone(parts["zone"], default))
    except ValueError:
        return None
    return dt.datetime.combine(day, time)


def _zone(name: str | None, default: dt.tzinfo) -> dt.tzinfo:
    if not name:
        return default
    if name.lower() in ZONES:
        return ZONES[name.lower()]
    if name == "Z":
        return dt.UTC
    digits = name[1:].replace(":", "")
    offset = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return dt.timezone(-offset if name[0] == "-" else offset)
