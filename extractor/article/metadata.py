"""Title, date-times, people and places of publication in a page's metadata and markup."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from extractor.article import dates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bs4 import Tag

    from extractor.article.blocks import Block, Index

ARTICLE_TYPES: Final = frozenset(
    [
        "article",
        "newsarticle",
        "reportagenewsarticle",
        "blogposting",
        "webpage",
        "opinionnewsarticle",
        "liveblogposting",
    ]
)
MAX_JSON: Final = 1_000_000
LONGEST_LINE: Final = 200
LONGEST_CREDIT: Final = 300
SHORTEST_HEADING: Final = 12
SHORTEST_SITE: Final = 4
LONGEST_SITE: Final = 4  # words
SHORTEST_NAME: Final = 3
LONGEST_NAME: Final = 80
PUBLISHED: Final = (
    "article:published_time", "datepublished", "og:published_time", "content_publisheddate", "publishdate",
    "pubdate", "publish_date", "published_at", "jpnncom_news_pubdate", "dtk:publishdate", "dc.date.issued",
    "dc.date", "date", "parsely-pub-date", "sailthru.date", "originalpublicationdate", "datecreated",
)  # fmt: skip
MODIFIED: Final = ("article:modified_time", "datemodified", "og:updated_time", "lastmod", "dtk:lastmodified")
AUTHORS: Final = (
    "content_author", "jpnncom_news_author", "dtk:author", "author", "article:author", "dc.creator", "creator",
    "twitter:data1", "parsely-author",
)  # fmt: skip
_SEPARATOR: Final = re.compile(r"\s+(?:[-–—|•·]|::|»)\s+|\s*\|\s*")
_CREDIT: Final = re.compile(
    r"\b(?P<role>penulis|reporter|pewarta|wartawan|kontributor|jurnalis|editor|redaktur|penyunting)\s*[:/]\s*"
    r"(?P<name>[^\W\d][^|:/()\n•·]{1,60})",
    re.IGNORECASE,
)
_EDITORS: Final = frozenset({"editor", "redaktur", "penyunting"})
_NOT_NAMES: Final = re.compile(
    r"https?:|\bwww\.|@|\.(?:com|co|id)\b|^(?:admin|redaksi|administrator|tim)\b", re.IGNORECASE
)
_BRANDS: Final = re.compile(r"\b(?:news|media|online|cyber|redaksi|com|co\.id)\b", re.IGNORECASE)
_ROLE_NEXT: Final = re.compile(
    r"\s+(?:penulis|reporter|editor|redaktur|pewarta|copyright|tags?|sumber)\b.*", re.IGNORECASE
)


class Metadata:
    """What the head of a page says about it: meta elements, links and JSON-LD."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.meta: dict[str, list[str]] = {}
        for tag in index.by_name["meta"]:
            name = tag.get("property") or tag.get("name") or tag.get("itemprop")
            content = str(tag.get("content") or "").strip()
            if name and content:
                self.meta.setdefault(str(name).lower(), []).append(content)
        nodes = [node for script in index.by_name["script"] for node in _json_ld(script)]
        self.kinds = {kind for node in nodes for kind in _types(node)}
        self.nodes = [node for node in nodes if _types(node) & ARTICLE_TYPES]
        # A page about itself comes after the article that it holds.
        self.nodes.sort(key=lambda node: "webpage" in _types(node))

    def first(self, names: Iterable[str]) -> str | None:
        """Return the content of the first of the meta `names` that the page has."""
        return next((self.meta[name][0] for name in names if name in self.meta), None)

    def ld(self, key: str) -> Any:  # noqa: ANN401 - JSON holds anything
        """Return the value of `key` in the first JSON-LD article that has it, or None."""
        return next((node[key] for node in self.nodes if node.get(key)), None)


def _types(node: dict[str, Any]) -> set[str]:
    kind = node.get("@type")
    return {str(name).lower() for name in (kind if isinstance(kind, list) else [kind])}


def _json_ld(script: Tag) -> Iterator[dict[str, Any]]:
    if "ld+json" not in str(script.get("type") or "").lower():
        return
    text = script.string or ""
    if not text or len(text) > MAX_JSON:
        return
    try:
        data = json.loads(text.strip().rstrip(";"), strict=False)
    except (ValueError, RecursionError):
        return
    queue = data if isinstance(data, list) else [data]
    for node in queue:
        if isinstance(node, dict):
            yield node
            graph = node.get("@graph")
            yield from ((child for child in graph if isinstance(child, dict)) if isinstance(graph, list) else ())


def title(data: Metadata, headings: list[str], site: str | None, url: str | None) -> str:
    """Return the article's title without the site's name.

    A heading of the page that the page's declared title begins with, or holds, is the title; else the
    declared title is cut at its last separators while what follows them is short or names the site.
    """
    headline = data.ld("headline")
    tag = data.index.by_name["title"]
    declared = [
        text
        for text in (
            data.first(["og:title"]),
            headline if isinstance(headline, str) else None,
            data.first(["twitter:title", "title"]),
            _squeeze(tag[0].get_text()) if tag else None,
        )
        if text
    ]
    lowered = [_plain(text) for text in declared]
    fitting = [
        text for text in headings if len(text) > SHORTEST_HEADING and any(_plain(text) in whole for whole in lowered)
    ]
    if fitting:
        return max(fitting, key=len)
    if declared:
        return _without_site(_squeeze(declared[0]), site, url)
    return max(headings, key=len, default="")


def _without_site(text: str, site: str | None, url: str | None) -> str:
    host = (urlsplit(url).hostname or "") if url else ""
    names = {_plain(name) for name in (site or "", *host.split(".")) if len(name) >= SHORTEST_SITE}
    while matches := list(_SEPARATOR.finditer(text)):
        head, tail = text[: matches[-1].start()].strip(), text[matches[-1].end() :]
        known = any(name in _plain(tail) for name in names)
        barred = matches[-1].group().strip() in {"|", "::", "»"} and len(tail.split()) <= LONGEST_SITE
        if not head or not (known or (barred and len(head) > len(tail))):
            break
        text = head
    return text


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _squeeze(text: str) -> str:
    return " ".join(text.split())


def published(data: Metadata, head: list[Block]) -> dt.datetime | dt.date | None:
    """Return when the article appeared: JSON-LD, meta, `<time>`, then the text about the title.

    A day from the metadata is made exact by the printed time of the same day. A time that the metadata
    gives in UTC comes back in the zone that the page prints it in, else in WIB, so that its day is the
    reader's; where the page prints the very same clock time, "UTC" was a mistake (detik.com did so).
    """
    found = _first_date([_text(data.ld("datePublished")), *_contents(data, PUBLISHED)])
    if found is None:
        times = [str(tag.get("datetime") or tag.get_text(" ")) for tag in data.index.by_name["time"][:20]]
        found = _first_date(times)
    lines = [block.text for block in head if len(block.text) < LONGEST_LINE]
    if isinstance(found, dt.datetime):
        return found if found.utcoffset() else _in_local_zone(found, lines)
    printed = _first_date(lines)
    return printed if found is None or _day(printed) == found else found


def _in_local_zone(found: dt.datetime, lines: list[str]) -> dt.datetime:
    for line in lines:
        printed = dates.parse(line)
        if not isinstance(printed, dt.datetime):
            continue
        if printed.replace(tzinfo=None) == found.replace(tzinfo=None, second=0):
            return printed
        if printed == found.replace(second=0):
            return found.astimezone(printed.tzinfo)
    return found.astimezone(dates.WIB)


def modified(data: Metadata) -> dt.datetime | dt.date | None:
    """Return when the article was last changed, by its metadata."""
    found = _first_date([_text(data.ld("dateModified")), *_contents(data, MODIFIED)])
    return found if not isinstance(found, dt.datetime) or found.utcoffset() else found.astimezone(dates.WIB)


def _contents(data: Metadata, names: Iterable[str]) -> list[str]:
    return [content for name in names for content in data.meta.get(name, [])[:3]]


def _first_date(texts: Iterable[str]) -> dt.datetime | dt.date | None:
    found = [value for text in texts if text and (value := dates.parse(text)) is not None]
    return next((value for value in found if isinstance(value, dt.datetime)), found[0] if found else None)


def _day(value: dt.datetime | dt.date | None) -> dt.date | None:
    return value.date() if isinstance(value, dt.datetime) else value


def _text(value: Any) -> str:  # noqa: ANN401 - JSON holds anything
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("name") or value.get("url") or value.get("@id") or ""
    return _squeeze(value) if isinstance(value, str) else ""


def credits_of(texts: Iterable[str]) -> tuple[str | None, str | None]:
    """Return author and editor from credit lines such as `Penulis: Heri | Editor: Saud Rosadi`."""
    author = editor = None
    for text in texts:
        if len(text) > LONGEST_CREDIT:
            continue
        for match in _CREDIT.finditer(text):
            name = _ROLE_NEXT.sub("", match["name"]).strip(" ,.;-–—")
            if match["role"].lower() in _EDITORS:
                editor = editor or name or None
            else:
                author = author or name or None
    return author, editor


def author(data: Metadata, credit: str | None, publisher: str | None) -> str | None:
    """Return the writer: credit line, JSON-LD, meta; a name of the outlet or an address is no writer."""
    for name in (credit, _text(data.ld("author")), *_contents(data, AUTHORS)):
        text = _squeeze(name or "")
        usable = SHORTEST_NAME <= len(text) <= LONGEST_NAME and not _NOT_NAMES.search(text)
        if usable and _plain(text) != _plain(publisher or "") and (name is credit or not _BRANDS.search(text)):
            return text
    return credit


def publisher(data: Metadata, url: str | None) -> str | None:
    """Return the outlet's name: `og:site_name`, the JSON-LD publisher, or the host without www."""
    host = (urlsplit(url).hostname or "").removeprefix("www.") if url else ""
    return data.first(["og:site_name"]) or _text(data.ld("publisher")) or host or None


def canonical(data: Metadata, url: str | None) -> str | None:
    """Return the page's canonical http(s) address, absolute; it is a claim of the page, not checked."""
    links = [tag.get("href") for tag in data.index.by_name["link"] if "canonical" in tag.get_attribute_list("rel")]
    for href in (*links, data.first(["og:url"])):
        if not href:
            continue
        try:
            address = urljoin(url or "", str(href).strip())
            if urlsplit(address).scheme in {"http", "https"}:
                return address
        except ValueError:
            continue
    return None


def language(data: Metadata) -> str | None:
    """Return the two-letter language that the page declares; many Indonesian pages declare `en` wrongly."""
    html = data.index.by_name["html"]
    name = (str(html[0].get("lang") or "") if html else "") or _text(data.ld("inLanguage")) or data.first(["og:locale"])
    code = (name or "").strip().lower()[:2]
    return {"in": "id"}.get(code, code) if code.isalpha() and len(code) == len("id") else None


def section(data: Metadata) -> str | None:
    """Return the section of the outlet that the article stands in."""
    return data.first(["article:section", "content_category"]) or _text(data.ld("articleSection")) or None


def tags(data: Metadata) -> tuple[str, ...]:
    """Return the article's tags: `article:tag`, JSON-LD keywords, or the meta keywords; at most 30."""
    words = data.ld("keywords")
    listed = [str(word) for word in words] if isinstance(words, list) else _text(words).split(",")
    found = data.meta.get("article:tag") or (
        listed if any(listed) else (data.first(["keywords", "news_keywords"]) or "").split(",")
    )
    return tuple(dict.fromkeys(word for word in map(_squeeze, found) if word))[:30]


def image(data: Metadata) -> str | None:
    """Return the address of the lead image."""
    return data.first(["og:image", "twitter:image"]) or _text(data.ld("image")) or None
