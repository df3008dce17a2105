"""When: which of an article's dates is the training's."""

from __future__ import annotations

import bisect
import csv
import datetime as dt
import itertools
import re
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from spacy.tokens import Doc

from extractor.language import text_of
from extractor.language.dates import DAY_FORMS, Days, Expression, days_of, expressions, year_of
from extractor.language.sentences import sentence_ends
from extractor.mentions import Mention
from extractor.schema import ProgramDate
from extractor.slots import beside, ranking, tagged

Published = dt.date | dt.datetime | None
_WORD = re.compile(r"[a-z][a-z'’-]*")
_REACH = 240  # characters of the sentence looked at on each side
_GAPS = (-8, -1, 0, 1, 3, 8, 31, 100)  # days from the date to publication, by which the ranker tells


@cache
def _cue_words() -> dict[str, list[str]]:
    """Return date_cues.csv (compiled here from the annotated articles): a word or pair of words, its cues."""
    found: dict[str, list[str]] = {}
    with files("extractor.slots").joinpath("date_cues.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["words"], []).append(row["cue"])
    return found


def _cues(sentence: str) -> list[str]:
    """Return the cues in `sentence`, in order."""
    words = _WORD.findall(sentence.casefold())
    table, found = _cue_words(), []
    for word, following in itertools.zip_longest(words, words[1:], fillvalue=""):
        found += table.get(word, []) or table.get(f"{word} {following}", [])
    return found


class Candidate(NamedTuple):
    """One date expression of the article with its form and what speaks for it."""

    mention: Mention
    features: set[str]
    tags: set[str]
    form: str
    days: Days | None

    @property
    def span(self) -> ranking.Span:
        """Where its evidence stands."""
        return self.mention.start, self.mention.end


def candidates(doc: Doc, published: Published = None) -> list[Candidate]:
    """Return every date of the article in order, with what tells the training's from the others."""
    text, body = text_of(doc), int(doc._.body_start)
    found = expressions(text)
    ends = [0, *sentence_ends(text), len(text)]
    year = year_of(text)
    days = [days_of(text[e.start : e.end], _day(published), year) for e in found]
    result = []
    for order, expression in enumerate(found):
        i = bisect.bisect_right(ends, expression.start)
        before = text[max(ends[i - 1], expression.start - _REACH) : expression.start]
        after = text[expression.end : min(ends[min(i, len(ends) - 1)], expression.end + _REACH)]
        features = ranking.context(text, [(expression.start, expression.end)], body)
        features |= _form(found, order) | _sentence(_cues(before), _cues(after))
        features |= _against(found, days, order, _day(published))
        tags = tagged.features(doc, "date", [(expression.start, expression.end)])
        score = ranking.sigmoid(ranking.rate(doc._.rankers, "date", features, tags))
        mention = Mention("date", expression.start, expression.end, score, "rule")
        result.append(Candidate(mention, features, tags, expression.form, days[order]))
    return result


def _form(found: list[Expression], order: int) -> set[str]:
    """Return how a date is written and which of the article's dates it is."""
    form, match, _, _, joined = found[order]
    parts = match.groupdict()
    full = min(sum(e.form in DAY_FORMS for e in found), 3)
    return {
        f"form={form}",
        f"{form}&full={full}",
        f"order={min(order, 4)}",
        f"last={order == len(found) - 1}",
        f"n={min(len(found), 5)}",
        f"range={joined or bool(parts.get('d2'))}",
        f"year={bool(parts.get('y2'))}",
        f"wd={bool(parts.get('wd'))}",
    }


def _sentence(left: list[str], right: list[str]) -> set[str]:
    """Return the cues of the sentence on both sides, and the nearest of them."""
    features = {f"has={cue}" for cue in left + right} | {f"<{cue}" for cue in left} | {f">{cue}" for cue in right}
    return features | {f"nearest<{(left or ['none'])[-1]}", f"nearest>{(right or ['none'])[0]}"}


def _against(found: list[Expression], days: list[Days | None], order: int, published: dt.date | None) -> set[str]:
    """Return how one date stands to the other dates of the article and to its publication."""
    own = days[order]
    if own is None:
        return {"unresolved"}
    first, last, _ = own
    others = [(e, d) for i, (e, d) in enumerate(zip(found, days, strict=True)) if d and i != order]
    whole = found[order].form in DAY_FORMS  # written out: "pekan ini" covers no day that is
    same = [d for _, d in others if d[2] == "day"]
    different = [d for d in same if d[:2] != own[:2]]
    features = {
        f"again={any(d[:2] == own[:2] for _, d in others)}",
        f"covers={whole and any(first <= d[0] and d[1] <= last for d in different)}",
        f"covered={any(d[0] <= first and last <= d[1] for d in different)}",
        f"earliest={all(first <= d[0] for d in same)}",
        f"latest={all(first >= d[0] for d in same)}",
        f"only={not same}",
    }
    if published:
        gap = (published - first).days
        features.add(f"gap={next((n for n in _GAPS if gap <= n), 'old')}")
        features.add(f"gap={next((n for n in _GAPS if gap <= n), 'old')}&only={not same}")
    return features


def find(doc: Doc, published: Published = None) -> list[Mention]:
    """Return every date expression, scored by how likely it is the training's, and not said yet.

    A day within a range that is the training's is its opening or a visit: the range takes its chance.
    """
    found = candidates(doc, published)
    logits = [ranking.logit(c.mention.score) for c in found]
    scores = beside.scores(doc._.rankers, "date", rated(doc, found, logits))
    ranges = [(c.days, score) for c, score in zip(found, scores, strict=True) if c.form in DAY_FORMS]
    return [
        replace(c.mention, score=score * (1 - max((s for r, s in ranges if _within(c.days, r)), default=0.0)))
        for c, score in zip(found, scores, strict=True)
    ]


def rated(doc: Doc, found: list[Candidate], logits: list[float]) -> list[beside.Rated]:
    """Return the candidates as the second look sees them: marked by how they stand to the surest one."""
    if not found:
        return []
    top = found[max(range(len(found)), key=lambda i: logits[i])].days
    several = f"several={ranking.several(text_of(doc))}"
    made = []
    for candidate, logit in zip(found, logits, strict=True):
        days = candidate.days
        words = frozenset(d.isoformat() for d in days[:2]) if days else frozenset[str]()
        inside = any(_within(days, c.days) and c.form in DAY_FORMS for c in found)
        marks = frozenset({several, f"against={_stand(days, top)}", f"form={candidate.form}", f"inside={inside}"})
        made.append(beside.Rated(logit, words, "date", marks, (candidate.span,)))
    return made


def _within(days: Days | None, others: Days | None) -> bool:
    """Tell whether days are part of a longer range: its opening, or a visit."""
    if days is None or others is None or days[:2] == others[:2]:
        return False
    return others[0] <= days[0] and days[1] <= others[1]


def _stand(days: Days | None, top: Days | None) -> str:
    """Return how days stand to the surest date's."""
    if days is None or top is None:
        return "unresolved"
    if days[:2] == top[:2]:
        return "same"
    if days[0] <= top[1] and top[0] <= days[1]:
        return "overlap"
    gap = (days[0] - top[0]).days
    return f"{'later' if gap > 0 else 'earlier'}-{next((n for n in (8, 40, 200) if abs(gap) <= n), 'long')}"


def resolve(doc: Doc, mention: Mention, published: Published) -> ProgramDate | None:
    """Return the days that a mention names, or None where they cannot be told.

    A year that is not written comes from the publication date, else from the other dates of the article.
    """
    days = days_of(text_of(doc)[mention.start : mention.end], _day(published), year_of(text_of(doc)))
    if days is None:
        return None
    start, end, precision = days
    return ProgramDate.model_construct(start=start, end=end, precision=precision, confidence=mention.score, evidence=[])


def _day(published: Published) -> dt.date | None:
    return published.date() if isinstance(published, dt.datetime) else published
