"""Sentence starts that survive the abbreviations, numbers and quotes of Indonesian news."""

from __future__ import annotations

import csv
import re
from importlib.resources import files

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

# A mark with what closes it, before a space or (the space forgotten) a capitalized word; or a newline.
_END = re.compile(r"""[.!?…]{1,4}["'”’»)\]]{0,3}(?=\s|[“"‘(]?(?!(?:Com|Co|Id|Net)\b)[A-ZÀ-Þ][a-zà-ÿ])|\n""")
_WORD_BEFORE = re.compile(r"[\w./]{1,30}\Z")
_CONTINUES = re.compile(r"""[ \t"'“”‘’(]{0,5}[a-zà-ÿ,;]""")
_DEGREE = re.compile(r"(?:[A-Z][A-Za-z]{0,4}\.){1,3}[A-Z][A-Za-z]{0,4}\Z")
_DEGREE_FOLLOWS = re.compile(r"\s{0,2}[A-Z][A-Za-z]{0,4}\.[A-Z]")
_SECTION = re.compile(r"(?:[Kk]elas|[Kk]las|[Bb]lok|[Gg]edung|[Tt]ipe|[Ss]eri|[Pp]aket|\b[IVX]{1,4})\s{0,2}\Z")
_LINE_START = re.compile(r"(?:\A|\n)[ \t]{0,8}\Z")


def _abbreviations() -> frozenset[str]:
    with files("extractor.language").joinpath("abbreviations.csv").open(encoding="utf-8") as lines:
        return frozenset(row["form"] for row in csv.DictReader(lines))


_ABBREVIATIONS = _abbreviations()


def sentence_ends(text: str) -> list[int]:
    """Return the offsets just after each sentence of `text`, in order; a last one without a mark has none.

    A newline always ends a sentence. A period does not after an abbreviation of abbreviations.csv (from the
    project's list of titles and the spelling guide EYD V), an initial or a list number, between degrees, nor
    before a small letter (`"Enak." kata X`). A forgotten space after it is forgiven.
    """
    return [match.end() for match in _END.finditer(text) if match[0] == "\n" or _is_end(text, match)]


def _is_end(text: str, match: re.Match[str]) -> bool:
    if _CONTINUES.match(text, match.end()):
        return False
    word = _WORD_BEFORE.search(text, max(0, match.start() - 30), match.start())
    if match[0] != "." or word is None:
        return True
    form = word[0]
    if form in _ABBREVIATIONS:
        return False
    before = max(0, word.start() - 12)
    if len(form) == 1 and form.isupper():
        return bool(_SECTION.search(text, before, word.start()))
    if _DEGREE.search(form):
        return not _DEGREE_FOLLOWS.match(text, match.end())
    return not (form.isdigit() and len(form) <= 2 and _LINE_START.search(text[before : word.start()]))


@Language.component("sentences")
def sentences(doc: Doc) -> Doc:
    """Return `doc` with its sentence starts set; no sentence crosses a line's end, nor title and body."""
    ends = sentence_ends(doc.text)
    marks = np.full((len(doc), 1), -1, dtype="int64")
    k, starts = 0, True
    for token in doc:
        while k < len(ends) and ends[k] <= token.idx:
            k, starts = k + 1, True
        if starts and not token.is_space:
            marks[token.i], starts = 1, False
    # All at once: Token.is_sent_start looks through the whole doc at every token.
    return doc.from_array(["SENT_START"], marks.astype("uint64"))  # type: ignore[arg-type]  # its stub knows lists alone
