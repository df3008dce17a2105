"""Residents' names masked in a record's text, letter by letter, so that every evidence offset still holds."""

from __future__ import annotations

import re

from extractor.language.names import find_persons
from extractor.schema import ArticleRecord

MASK = "•"

_RESIDENT = (
    r"(?:warga\s+binaan(?:\s+pemasyarakatan)?|wbp|narapidana|napi|tahanan|residen|klien(?:\s+pemasyarakatan)?|penghuni|"
    r"anak\s+(?:binaan|didik)|andikpas|terpidana|santri\s+binaan|penerima\s+manfaat|peserta(?:\s+pelatihan)?)"
)
_QUALIFIED = r"(?:perempuan|laki-laki|wanita|pria|lapas|rutan|lpka|asal\s+\w+|kasus\s+\w+|tersebut|ini|itu)"
# "seorang warga binaan bernama", "salah satu napi,": the name follows.
_BEFORE = re.compile(
    rf"\b{_RESIDENT}(?:\s+{_QUALIFIED}){{0,2}}(?:\s+(?:yang\s+)?(?:bernama|berinisial|atas\s+nama|yakni|yaitu))?[,:]?\s*$",
    re.IGNORECASE,
)
# "Rudi (35), warga binaan kasus narkotika", "Siti, salah seorang peserta": the role follows.
_AFTER = re.compile(
    rf"\s*(?:\([^)\d]{{0,30}}\d{{0,2}}[^)]{{0,12}}\))?\s*,?\s*(?:yang\s+|adalah\s+|merupakan\s+)?"
    rf"(?:salah\s+(?:satu|seorang)\s+(?:dari\s+)?|seorang\s+|sesama\s+)?(?:eks\s+|mantan\s+)?{_RESIDENT}\b",
    re.IGNORECASE,
)
# An office before the name: "Kepala Rutan", "petugas"; its bearer is no resident although the word stands near.
_OFFICE = re.compile(
    r"\b(?:kepala|ka|kasi|kasubsi|kasubag|kabid|direktur|dirjen|plt|plh|petugas|pembina|ketua|bupati|wali\s?kota)\b[^.,;]*$",
    re.IGNORECASE,
)
_REACH = 80


def redact_residents(record: ArticleRecord) -> ArticleRecord:
    """Return the record with the names of residents masked in the article's title and text.

    A person is taken for a resident where the words beside the name say so; every other mention of the name is masked
    too. Instructors, a resident who teaches among them, keep their names.
    """
    kept = {word for p in record.programs for i in p.instructors for word in i.name.casefold().split()}
    title, text = record.article.title, record.article.text or ""
    names = {name for field in (title, text) for name in _residents(field)}
    names = {name for name in names if not set(name.casefold().split()) & kept}
    if not names:
        return record
    words = {word for name in names for word in name.split() if len(word) > 2} | names
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})(?!\w)")

    def masked(field: str) -> str:
        return pattern.sub(lambda m: re.sub(r"\w", MASK, m.group()), field)

    article = record.article.model_copy(update={"title": masked(title), "text": masked(text) if text else None})
    return record.model_copy(update={"article": article})


def _residents(field: str) -> set[str]:
    found = set()
    for person in find_persons(field):
        before = field[max(0, person.start - _REACH) : person.start].rpartition("\n")[2]
        after = field[person.end : person.end + _REACH].partition("\n")[0]
        said = _BEFORE.search(before) or _AFTER.match(after)
        if said and not _OFFICE.search(before):
            found.add(field[person.start : person.end])
    return found
