"""Every way Indonesian news writes a date: its spans in a text, and the days they name."""

from __future__ import annotations

import calendar as months
import csv
import datetime as dt
import re
from collections import Counter
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

_LOOKAHEAD = dt.timedelta(days=45)  # a yearless day so far after publication is still a plan, not last year's
_MONTHS, _MONTH_DAYS = range(1, 13), range(1, 32)
_CENTURY = {2: 2000, 4: 0}  # by the digits a year is written with
_MOST = 100  # expressions of one text that are read; a news article has under twenty


Precision = Literal["day", "month", "year"]
Days = tuple[dt.date, dt.date, Precision]


@cache
def _table(kind: str) -> dict[str, int]:
    with files("extractor.language").joinpath("calendar.csv").open(encoding="utf-8") as lines:
        return {row["form"]: int(row["value"]) for row in csv.DictReader(lines) if row["kind"] == kind}


def _any(kind: str) -> str:
    return "|".join(re.escape(f) for f in sorted(_table(kind), key=len, reverse=True))


_FLAGS = re.IGNORECASE | re.ASCII
_WD = rf"(?:{_any('weekday')})"
_MO = rf"(?:{_any('month')})\b\.?"
_TO = r"\s?(?:-|–|—|s/d|s\.d\.?|sampai(?:\s+dengan)?|hingga|dan)\s?(?:tanggal\s+)?"
_WEEKDAYS = (
    rf"(?:(?P<wd>{_WD})(?:\s?(?:-|–|sampai|hingga|dan|s/d)\s?{_WD})?"
    r"(?:\s+(?:pagi|siang|sore|malam))?,?\s{0,2})?"
)
_WORDS = re.compile(
    rf"(?<![\w/]){_WEEKDAYS}\(?(?:tanggal\s+)?(?P<d1>\d{{1,2}})(?:\s+(?P<m1>{_MO}))?(?:,?\s+(?P<y1>(?:19|20)\d\d))?"
    rf"(?:{_TO}(?:{_WD},?\s)?(?P<d2>\d{{1,2}}))?(?:\s+(?P<m2>{_MO}))(?:,?\s+(?P<y2>(?:19|20)\d\d))?\)?",
    _FLAGS,
)
_SLASH = re.compile(
    rf"(?<![\w/]){_WEEKDAYS}\(?(?P<d1>\d{{1,2}})(?:(?:[/.](?P<m1>\d{{1,2}}))?\s?[-–]\s?(?P<d2>\d{{1,2}}))?"
    r"[/.-](?P<m2>\d{1,2})(?:[/.-](?P<y2>\d{2,4}))?(?![\d/])\)?",
    _FLAGS,
)
_WEEK = "(?P<week>pertama|kedua|ketiga|keempat)"
_PART = rf"(?:(?P<part>awal|pertengahan|akhir|bulan|(?:pekan|minggu)\s+{_WEEK})\s+)?(?:bulan\s+)?"
_MONTH = re.compile(
    rf"(?<!\w){_PART}(?:(?P<m1>{_MO}){_TO}(?:awal\s+|pertengahan\s+|akhir\s+)?)?(?P<m2>{_MO})"
    r"(?:\s+(?P<y2>(?:19|20)\d\d)|(?P<ago>\s+(?:lalu|kemarin|ini)))?",
    _FLAGS,
)
_YEAR = re.compile(
    r"(?<!\w)(?P<law>(?:Nomor|No\.?)\s\d{1,3}\s)?"
    r"(?:[Tt]ahun|[Ss]epanjang(?: tahun)?|[Ss]elama|[Pp]ada|TA\.?)\s+(?P<y2>(?:19|20)\d\d)\b"
)
_BARE = re.compile(rf"(?<!\w)(?P<wd>(?i:{_WD}))\b")
_RELATIVE = re.compile(r"(?<!\w)(?P<unit>kemarin|hari ini|(?:pekan|minggu|bulan|tahun) (?:lalu|ini|kemarin))\b", _FLAGS)
_FULL = re.compile(rf"\b\d{{1,2}}\s+{_MO}\s+((?:19|20)\d\d)|\d{{1,2}}/\d{{1,2}}/((?:20)\d\d)\b", _FLAGS)
_UNTIL = re.compile(r"\)?,?\s*(?:hingga|sampai(?:\s+dengan)?|s/d|-|–|dan berakhir)\s*\(?")
_FORMS = (
    ("words", _WORDS),
    ("slash", _SLASH),
    ("month", _MONTH),
    ("year", _YEAR),
    ("weekday", _BARE),
    ("relative", _RELATIVE),
)


def _matches(text: str) -> list[tuple[str, re.Match[str]]]:
    found: list[tuple[str, re.Match[str]]] = []
    taken = bytearray(len(text))
    for form, pattern in _FORMS:
        for match in pattern.finditer(text):
            if not any(taken[match.start() : match.end()]) and _sane(form, match):
                taken[match.start() : match.end()] = b"\1" * len(match.group())
                found.append((form, match))
    return sorted(found, key=lambda f: f[1].start())[:_MOST]


def _sane(form: str, match: re.Match[str]) -> bool:
    if form == "slash":
        if int(match["m2"]) not in _MONTHS or int(match["d1"]) not in _MONTH_DAYS:
            return False
        return bool(match["wd"] or "(" in match.group() or match["y2"])
    if form == "month":
        return bool(match["part"] or match["y2"] or match["ago"])
    if form == "weekday":  # "minggu" is a week, "rabu" may be part of a word list
        return match["wd"][0].isupper()
    return not (form == "year" and match["law"])


DAY_FORMS = {"words", "slash"}


class Expression(NamedTuple):
    """A date expression: its form, its first match, and where it ends (a range may join two)."""

    form: str
    match: re.Match[str]
    start: int
    end: int
    joined: bool


def _joins(first: Expression, form: str) -> bool:
    return form in DAY_FORMS and first.form in {*DAY_FORMS, "relative"} and not first.joined


def expressions(text: str) -> list[Expression]:
    """Return the date expressions of `text` in order, the first hundred; a range is one."""
    found: list[Expression] = []
    for form, match in _matches(text):
        start, end = _edges(match)
        last = found[-1] if found else None
        if last and last.form in DAY_FORMS and form == "relative" and text[last.end : start] == " ":
            found[-1] = last._replace(end=end)  # "Rabu (5/4) kemarin"
        elif last and _joins(last, form) and _UNTIL.fullmatch(text, last.end, start):
            found[-1] = last._replace(end=end, joined=True)
        else:
            found.append(Expression(form, match, start, end, joined=False))
    return found


def _edges(match: re.Match[str]) -> tuple[int, int]:
    words = match.group()
    end = match.end() - (1 if words.endswith(")") and "(" not in words else 0)
    start = match.start()
    if "(" in words and ")" not in words:
        start += words.index("(") + 1
    return start, end


def days_of(words: str, published: dt.date | None, year: int | None) -> Days | None:
    """Return the first day, last day and precision of the date in `words`; None where they cannot be told.

    What is not written is taken from the day of publication, else from `year`, the other dates' year.
    """
    matches = _matches(words)
    read = [span for form, match in matches if (span := _read(form, match, published, year))]
    if not read:
        return None
    start, end, precision = read[0]
    if len(read) > 1 and _UNTIL.search(words):
        end = max(end, read[-1][1])
    return start, end, precision


def _read(form: str, match: re.Match[str], published: dt.date | None, year: int | None) -> Days | None:
    try:
        return _span(form, match, published, year)
    except (ValueError, OverflowError):  # no such day: 31/2
        return None


def _span(form: str, match: re.Match[str], published: dt.date | None, year: int | None) -> Days | None:
    if form in DAY_FORMS:
        return _day_span(match, published, year)
    if form == "month":
        return _month_span(match, published, year)
    if form == "year":
        written = int(match["y2"])
        return dt.date(written, 1, 1), dt.date(written, 12, 31), "year"
    if published is None:
        return None
    if form == "relative":
        return _relative(match["unit"].casefold(), published)
    back = (published.weekday() - _table("weekday")[match["wd"].casefold()]) % 7
    day = published - dt.timedelta(days=back)
    return day, day, "day"


def _month_span(match: re.Match[str], published: dt.date | None, year: int | None) -> Days | None:
    month = _month(match["m2"])
    chosen = _full_year(match["y2"]) or _nearest(1, month, published) or year
    if chosen is None:
        return None
    if match["week"]:
        week = ("pertama", "kedua", "ketiga", "keempat").index(match["week"].casefold())
        return dt.date(chosen, month, 1 + 7 * week), dt.date(chosen, month, 7 + 7 * week), "day"
    since = _month(match["m1"]) if match["m1"] else month
    start = dt.date(chosen - (since > month), since, 1)
    return start, dt.date(chosen, month, months.monthrange(chosen, month)[1]), "month"


def _day_span(match: re.Match[str], published: dt.date | None, year: int | None) -> Days | None:
    groups = match.groupdict()
    month, written = _month(groups["m2"]), _full_year(groups["y2"])
    first, last = int(groups["d1"]), int(groups["d2"] or groups["d1"])
    first_month = _month(groups["m1"]) if groups.get("m1") else month
    weekday = _table("weekday").get((groups.get("wd") or "").casefold().replace("’", "'"))
    chosen = written or _nearest(last, month, published, weekday if first == last else None) or year
    if chosen is None:
        return None
    end = dt.date(chosen, month, last)
    start = dt.date(_full_year(groups.get("y1")) or chosen, first_month, first)
    if start > end:
        start = dt.date(chosen - 1, first_month, first)
    return start, end, "day"


def wrong_weekday(words: str, start: dt.date, end: dt.date) -> str | None:
    """Return a weekday named in `words` that none of the days from `start` to `end` was; None where all agree."""
    days = {(start + dt.timedelta(days=n)).weekday() for n in range(min((end - start).days, 6) + 1)}
    for weekday in re.findall(rf"(?<!\w){_WD}(?!\w)", words, re.IGNORECASE):
        number = _table("weekday").get(weekday.casefold().replace("’", "'"))
        if number is not None and number not in days:
            return str(weekday)
    return None


def _full_year(text: str | None) -> int | None:
    """Return the year of two or four digits; None of three, which lost one ("202")."""
    base = _CENTURY.get(len(text)) if text else None
    return None if base is None or text is None else base + int(text)


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _table("month")[text.casefold().rstrip(".")]


def _nearest(day: int, month: int, published: dt.date | None, weekday: int | None = None) -> int | None:
    """Return the year that puts the day at most `_LOOKAHEAD` after publication.

    If that is far from it and the weekday is another, the year next to it in which the weekday is right.
    """
    if published is None:
        return None
    year = published.year
    if dt.date(year, month, day) - published > _LOOKAHEAD:
        year -= 1
    elif dt.date(year + 1, month, min(day, 28)) - published <= _LOOKAHEAD / 2:
        year += 1
    chosen = dt.date(year, month, day)
    if weekday is None or chosen.weekday() == weekday or abs(chosen - published) <= _LOOKAHEAD:
        return year
    right = (
        y for y in (year + 1, year - 1) if dt.date(y, month, min(day, 28)).weekday() == (weekday - max(day - 28, 0)) % 7
    )
    return next(right, year)


def _relative(words: str, published: dt.date) -> Days:
    """Return the days of `kemarin`, `hari ini`, or of the whole week, month or year named."""
    unit, _, when = words.partition(" ")
    if unit in {"kemarin", "hari"}:
        day = published - dt.timedelta(days=unit == "kemarin")
        return day, day, "day"
    back = when != "ini"
    if unit in {"pekan", "minggu"}:
        monday = published - dt.timedelta(days=published.weekday() + 7 * back)
        return monday, monday + dt.timedelta(days=6), "day"
    if unit == "tahun":
        year = published.year - back
        return dt.date(year, 1, 1), dt.date(year, 12, 31), "year"
    last = published.replace(day=1) - dt.timedelta(days=1) if back else published
    return last.replace(day=1), last.replace(day=months.monthrange(last.year, last.month)[1]), "month"


def year_of(text: str) -> int | None:
    """Return the year most written in full dates of the text, else after "tahun"."""
    years = [a or b for a, b in _FULL.findall(text)] or [m["y2"] for m in _YEAR.finditer(text)]
    return int(Counter(years).most_common(1)[0][0]) if years else None
