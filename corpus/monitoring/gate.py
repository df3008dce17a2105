"""Is an article worth fetching, by the words of its title, its address and what its list says of it?

Cheap and generous: the words of `gate.csv` are looked for and nothing is weighed that was fitted. Whether an article
reports a training is for the reader to say; here only what is plainly about something else is left out. An article is
let through that names prisons or their people (or any at all from a source that is about nothing else), unless it names
more things that are no training (raids, remissions, verdicts) than things that may be.

By address alone 90.5% of 441 annotated articles with programs are let through, with 300 characters of lead 99.1%, and
0.6% and 0.8% of 3,302 general ones (tests/benchmarks/title_gate.py).
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from urllib.parse import unquote, urlsplit

from corpus.monitoring.entries import Entry

_WORD = re.compile(r"[^\W_]+")


def promising(entry: Entry, *, prisons: bool = False) -> bool:
    """Tell whether the article may report a training of residents.

    Args:
        entry: what its list says of it.
        prisons: whether the list is about prisons alone.
    """
    path = unquote(urlsplit(entry.url).path)
    text = f" {' '.join(_WORD.findall(f'{entry.title} {path} {entry.summary}'.casefold()))} "
    if not prisons and not _words("people").search(text):
        return False
    against = set(_words("against").findall(text))
    return not against or len(set(_words("training").findall(text))) >= len(against)


@cache
def _words(kind: str) -> re.Pattern[str]:
    with (files("corpus.monitoring") / "gate.csv").open(encoding="utf-8") as file:
        rows = [row["word"] for row in csv.DictReader(file) if row["kind"] == kind]
    words = (re.escape(" ".join(_WORD.findall(row))) + (r"\w*" if row.endswith("*") else "") for row in rows)
    return re.compile(rf"(?<= )(?:{'|'.join(sorted(words, key=len, reverse=True))})(?= )")
