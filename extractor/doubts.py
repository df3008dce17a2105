"""What a reader should know beside the values: dates that contradict themselves, values that were nearly taken."""

from __future__ import annotations

from collections.abc import Iterable

from spacy.tokens import Doc

from extractor.language import text_of
from extractor.language.dates import wrong_weekday
from extractor.mentions import Mention
from extractor.schema import Program
from extractor.slots import ranking

_NEARLY = 0.6  # of the threshold: what is less likely is noise
_MOST = 10  # a warning is for a person to read


def weekdays(programs: Iterable[Program]) -> list[str]:
    """Return a warning for each date whose weekday is not that of its day."""
    found = []
    dates = dict.fromkeys((p.date.evidence[0].text, p.date.start, p.date.end) for p in programs if p.date)
    for words, start, end in dates:
        weekday = wrong_weekday(words, start, end)
        if weekday:
            found.append(f'date "{words}": {start.isoformat()} was not a {weekday}; the day of the month was believed')
    return found


def left_out(doc: Doc, mentions: Iterable[Mention]) -> list[str]:
    """Return a warning for each value that was left out although little speaks against it, the likeliest first."""
    found: dict[tuple[str, str], float] = {}
    for mention in mentions:
        limit = ranking.limit(doc, mention.slot)
        if _NEARLY * limit <= mention.score < limit:
            name = (mention.slot, " ".join(text_of(doc)[mention.start : mention.end].split()))
            found[name] = max(mention.score, found.get(name, 0.0))
    nearly = sorted(found.items(), key=lambda item: -item[1])[:_MOST]
    return [f'left out, as not sure enough: {slot} "{words}" ({score:.2f})' for (slot, words), score in nearly]
