"""A record as rows of the store's tables.

What cannot be stored is replaced sign for sign, so that every offset of evidence still holds: NUL, which PostgreSQL
refuses in text, and halves of surrogate pairs, which are no text in any encoding. Both become U+FFFD; `text_sha256`
is then that of the text as it is stored.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from corpus.sites import same_site
from extractor.schema import ArticleRecord

Row = dict[str, Any]

_UNFIT = re.compile("[\0\ud800-\udfff]")
_MAX_ADDRESS = 2000  # bytes; an index of PostgreSQL takes no more than 2,700
_MAX_SEARCH = 1500  # bytes, likewise
_MAX_NAME = 200  # characters of a name that stands in an index
_MAX_NUMBER = 2**31 - 1
_SLOTS = (("partner", "partners", "kind"), ("instructor", "instructors", None), ("skill", "skills", "category"))


@dataclass(frozen=True, slots=True)
class Rows:
    """What is stored of one record; the ids of what it hangs on are filled in by who stores it."""

    address: str
    version: Row
    record: Row
    programs: list[tuple[Row, list[Row]]]  # each with its values


def rows_of(record: ArticleRecord) -> Rows:
    """Return the rows of a record."""
    body: dict[str, Any] = clean(record.model_dump(mode="json", by_alias=True))
    article = body["article"]
    text = article["text"]
    if text is not None and text != record.article.text:
        article["text_sha256"] = hashlib.sha256(text.encode()).hexdigest()
    version = _version(body)
    article["text"] = None
    title = body["article"]["title"]
    return Rows(
        address=name_of(article),
        version=version,
        record={"status": body["status"], "relevance": body["relevance"], "body": body},
        programs=[_program(n, p, title, version["published_day"]) for n, p in enumerate(body["programs"])],
    )


def clean(value: Any) -> Any:  # noqa: ANN401  as json has it
    """Return the text, or the JSON, with the signs that cannot be stored replaced one for one."""
    if isinstance(value, str):
        return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, dict):
        return {clean(key): clean(part) for key, part in value.items()}
    if isinstance(value, list):
        return [clean(part) for part in value]
    return value


def address_of(url: str) -> str:
    """Return what stands for an address in an index: itself, unless it is too long for one."""
    url = clean(url)
    data = url.encode()
    return url if len(data) <= _MAX_ADDRESS else f"sha256:{hashlib.sha256(data).hexdigest()}"


def name_of(article: Row) -> str:
    """Return the address that an article, as the JSON of an ArticleInfo, has in the store.

    A page's canonical address is its own claim: where it names another site than the page came from it does not count,
    or any page could take the place of another's article.
    """
    canonical, url = article["canonical_url"], article["url"]
    if canonical and url and not same_site(canonical, url):
        canonical = None
    return address_of(canonical or url or f"sha256:{article['text_sha256']}")


def short_key(key: str) -> str:
    """Return a program's key as it stands in an index."""
    return key[:_MAX_NAME]


def fold(words: str) -> str:
    """Return the words as they are compared: without case, accents and punctuation, a blank between any two."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", words.casefold()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", plain))


def _version(body: dict[str, Any]) -> Row:
    """Return the row of an article's version.

    Its hash is over everything that the record repeats of the article, not over its words alone: whichever of two
    documents is saved first, both have the record that they would have alone.
    """
    article = body["article"]
    page = "ok" if body["status"] == "not_relevant" else body["status"]  # the reader's verdict is no part of the page
    whole = json.dumps([article, page, body["truncated"]], ensure_ascii=False).encode()
    told = ("url", "title", "text", "author", "publisher", "published", "language")
    published: str | None = article["published"]
    return {
        "sha256": hashlib.sha256(whole).hexdigest(),
        **{name: article[name] for name in told},
        "published_day": dt.date.fromisoformat(published[:10]) if published else None,
    }


def _program(position: int, program: dict[str, Any], title: str, published: dt.date | None) -> tuple[Row, list[Row]]:
    facility, date, trainees = (program[slot] or {} for slot in ("facility", "date", "participants"))
    start, end = (date.get(edge) and dt.date.fromisoformat(date[edge]) for edge in ("start", "end"))
    count = trainees.get("count")
    values = [
        {
            "slot": slot,
            "name": value["name"],
            "folded": fold(value["name"])[:_MAX_NAME],
            "category": kind and value[kind],
        }
        for slot, many, kind in _SLOTS
        for value in program[many]
    ]
    place = " ".join(facility.get(part) or "" for part in ("name", "place", "province"))[:_MAX_NAME]
    others = " ".join([*(value["name"] for value in values), title])
    row = {
        "position": position,
        "key": short_key(program["key"]),
        "day": start or published,
        "confidence": program["confidence"],
        "facility": facility.get("name"),
        "facility_id": _short(facility.get("facility_id")),
        "facility_type": facility.get("type"),
        "place": facility.get("place"),
        "province": _short(facility.get("province")),
        "start": start,
        "end": end,
        "precision": date.get("precision"),
        "participants": count if count is None or count <= _MAX_NUMBER else None,
        "group": trainees.get("group"),
        "search": f"{fold(place)}|{fold(others)}".encode()[:_MAX_SEARCH].decode(errors="ignore"),
    }
    return row, values


def _short(name: str | None) -> str | None:
    return name and name[:_MAX_NAME]
