"""When: every form of date in the article, and which of them is the training's."""

from __future__ import annotations

import calendar as months
import csv
import datetime as dt
import re
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

from spacy.tokens import Doc

from extractor.mentions import Mention
from extractor.schema import ProgramDate
from extractor.slots import ranking

Published = dt.date | dt.datetime | None
_LOOKAHEAD = dt.timedelta(days=45)  # a yearless day may lie so far after publication before it means last year


@cache
def _table(kind: str) -> dict[str, int]:
    with files("extractor.language").joinpath("calendar.csv").open(encoding="utf-8") as lines:
        return {row["form"]: int(row["value"]) for row in csv.DictReader(lines) if row["kind"] == kind}


def _any(kind: str) -> str:
    return "|".join(re.escape(f) for f in sorted(_table(kind), key=len, reverse=True))


_WD = rf"(?:{_any('weekday')})"
_MO = rf"(?:{_any('month')})\b\.?"
_TO = r"\s?(?:-|–|—|s/d|s\.d\.?|sampai(?:\s+dengan)?|hingga|dan)\s?(?:tanggal\s+)?"
_WEEKDAYS = rf"(?:(?P<wd>{_WD})(?:\s?(?:-|–|sampai|hingga|dan|s/d)\s?{_WD})?(?:\s+(?:pagi|siang|sore|malam))?,?\s{{0,2}})?"
_WORDS = re.compile(
    rf"(?<![\w/]){_WEEKDAYS}\(?(?:tanggal\s+)?(?P<d1>\d{{1,2}})(?:\s+(?P<m1>{_MO}))?(?:,?\s+(?P<y1>(?:19|20)\d\d))?"
    rf"(?:{_TO}(?:{_WD},?\s)?(?P<d2>\d{{1,2}}))?(?:\s+(?P<m2>{_MO}))(?:,?\s+(?P<y2>(?:19|20)\d\d))?\)?",
    re.IGNORECASE,
)
_SLASH = re.compile(
    rf"(?<![\w/]){_WEEKDAYS}\(?(?P<d1>\d{{1,2}})(?:(?:[/.](?P<m1>\d{{1,2}}))?\s?[-–]\s?(?P<d2>\d{{1,2}}))?"
    r"[/.-](?P<m2>\d{1,2})(?:[/.-](?P<y2>\d{2,4}))?(?![\d/])\)?",
    re.IGNORECASE,
)
_MONTH = re.compile(rf"(?<!\w)(?:(?P<part>awal|pertengahan|akhir|bulan)\s+)?(?:bulan\s+)?(?P<m2>{_MO})(?:\s+(?P<y2>(?:19|20)\d\d))?", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\w)(?:[Tt]ahun|[Ss]epanjang(?: tahun)?|TA\.?)\s+(?P<y2>(?:19|20)\d\d)\b")
_BARE = re.compile(rf"(?<!\w)(?P<wd>{_WD})\b", re.IGNORECASE)
_FULL = re.compile(rf"\b\d{{1,2}}\s+{_MO}\s+((?:19|20)\d\d)|\d{{1,2}}/\d{{1,2}}/((?:20)\d\d)\b", re.IGNORECASE)
_UNTIL = re.compile(r"\)?,?\s*(?:hingga|sampai(?:\s+dengan)?|s/d|-|–|dan berakhir)\s*\(?")
_FORMS = (("words", _WORDS), ("slash", _SLASH), ("month", _MONTH), ("year", _YEAR), ("weekday", _BARE))


Precision = Literal["day", "month", "year"]
Days = tuple[dt.date, dt.date, Precision]


class Candidate(NamedTuple):
    """One date expression of the article with its form and what speaks for it."""

    mention: Mention
    features: set[str]


def _matches(text: str) -> list[tuple[str, re.Match[str]]]:
    found: list[tuple[str, re.Match[str]]] = []
    for form, pattern in _FORMS:
        for match in pattern.finditer(text):
            if not any(m.start() < match.end() and match.start() < m.end() for _, m in found) and _sane(form, match):
                found.append((form, match))
    return sorted(found, key=lambda f: f[1].start())


def _sane(form: str, match: re.Match[str]) -> bool:
    if form == "slash":
        if not 1 <= int(match["d1"]) <= 31 or not 1 <= int(match["m2"]) <= 12:
            return False
        return bool(match["wd"] or "(" in match.group() or match["y2"])
    if form == "month":
        return bool(match["part"] or match["y2"])
    return True


class Expression(NamedTuple):
    """A date expression: its form, its first match, and where it ends (a range may join two)."""

    form: str
    match: re.Match[str]
    start: int
    end: int
    joined: bool


def _expressions(text: str) -> list[Expression]:
    found: list[Expression] = []
    for form, match in _matches(text):
        start, end = _edges(match)
        last = found[-1] if found else None
        days = last is not None and {form, last.form} <= {"words", "slash"}
        if last and days and not last.joined and _UNTIL.fullmatch(text, last.end, start):
            found[-1] = last._replace(end=end, joined=True)
        else:
            found.append(Expression(form, match, start, end, joined=False))
    return found


def candidates(doc: Doc) -> list[Candidate]:
    """Return every date expression of the article in order."""
    text, body = doc.text, int(doc._.body_start)
    matches = _expressions(text)
    found = []
    for order, (form, match, start, end, joined) in enumerate(matches):
        features = ranking.context(text, [(start, end)], body)
        features |= {f"form={form}", f"order={min(order, 4)}", f"last={order == len(matches) - 1}", f"n={min(len(matches), 5)}"}
        groups = match.groupdict()
        features |= {f"range={joined or bool(groups.get('d2'))}", f"year={bool(groups.get('y2'))}", f"wd={bool(groups.get('wd'))}"}
        line = text[text.rfind("\n", 0, start) + 1 : start]
        features |= {f"quoted={line.count(chr(8220)) + line.count(chr(34)) > 0}"}
        better = sum(m.form in {"words", "slash"} for m in matches)
        features |= {f"{form}&full={min(better, 3)}"}
        mention = Mention("date", start, end, ranking.score("date", features), "rule")
        found.append(Candidate(mention, features))
    return found


def _edges(match: re.Match[str]) -> tuple[int, int]:
    words = match.group()
    end = match.end() - (1 if words.endswith(")") and "(" not in words else 0)
    start = match.start()
    if "(" in words and ")" not in words:
        start += words.index("(") + 1
    return start, end


def find(doc: Doc) -> list[Mention]:
    """Return every date expression, scored by how likely it is the training's."""
    return [c.mention for c in candidates(doc)]


def resolve(doc: Doc, mention: Mention, published: Published) -> ProgramDate | None:
    """Return the days that a mention names, or None where they cannot be told.

    A year that is not written comes from the publication date, else from the other dates of the article.
    """
    words = doc.text[mention.start : mention.end]
    day = published.date() if isinstance(published, dt.datetime) else published
    read = [span for form, match in _matches(words) if (span := _read(form, match, day, _year_of(doc.text)))]
    if not read:
        return None
    start, end, precision = read[0]
    if len(read) > 1 and _UNTIL.search(words):
        end = max(end, read[-1][1])
    return ProgramDate.model_construct(
        start=start, end=end, precision=precision, confidence=mention.score, evidence=[]
    )


def _read(form: str, match: re.Match[str], published: dt.date | None, year: int | None) -> Days | None:
    try:
        return _span(form, match, published, year)
    except ValueError:  # no such day: 31/2
        return None


def _span(form: str, match: re.Match[str], published: dt.date | None, year: int | None) -> Days | None:
    groups = match.groupdict()
    if form == "weekday":
        if published is None:
            return None
        back = (published.weekday() - _table("weekday")[match["wd"].casefold()]) % 7
        day = published - dt.timedelta(days=back)
        return day, day, "day"
    written = _full_year(groups.get("y2"))
    if form == "year":
        return dt.date(written or 1, 1, 1), dt.date(written or 1, 12, 31), "year"
    month = _month(groups["m2"])
    if form == "month":
        chosen = written or (published.year if published else year)
        if chosen is None:
            return None
        return dt.date(chosen, month, 1), dt.date(chosen, month, months.monthrange(chosen, month)[1]), "month"
    first, last = int(groups["d1"]), int(groups["d2"] or groups["d1"])
    first_month = _month(groups["m1"]) if groups.get("m1") else month
    chosen = written or _nearest(last, month, published) or year
    if chosen is None:
        return None
    end = dt.date(chosen, month, last)
    start = dt.date(_full_year(groups.get("y1")) or chosen, first_month, first)
    if start > end:
        start = dt.date(chosen - 1, first_month, first)
    return start, end, "day"


def _full_year(text: str | None) -> int | None:
    if not text:
        return None
    if len(text) == 3:  # a digit lost: 202
        return None
    return int(text) + (2000 if len(text) == 2 else 0)


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _table("month")[text.casefold().rstrip(".")]


def _nearest(day: int, month: int, published: dt.date | None) -> int | None:
    """Return the year that puts the day at most `_LOOKAHEAD` after publication."""
    if published is None:
        return None
    return published.year if dt.date(published.year, month, day) - published <= _LOOKAHEAD else published.year - 1


def _year_of(text: str) -> int | None:
    """Return the year most written in full dates of the text, else after "tahun"."""
    years = [a or b for a, b in _FULL.findall(text)] or [m["y2"] for m in _YEAR.finditer(text)]
    return int(max(years, key=years.count)) if years else None
