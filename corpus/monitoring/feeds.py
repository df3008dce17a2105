"""Feeds (RSS 0.9x, 1.0 and 2.0, Atom) and sitemaps (of pages, of news, of sitemaps) to their entries.

Read with lxml and not with feedparser, which is well kept (6.0.14) and expands no entities, because it reads no
sitemaps, is not typed, and takes a short input for the name of a file or an address to open. Reading both kinds with
one parser is less than reading them with two.

What the parser is given holds nothing that comes before the root element: so there is no DOCTYPE, and with it no
entity, no file and no address that could be taken for one. The worst that 5 MB of such XML cost was 1.5 s (50,000 good
entries) and 220 MB (attributes; tests/benchmarks/feeds.py), so it is read in a
`SafeReader`, as all strangers' pages are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from corpus.monitoring.entries import LONGEST_SUMMARY, LONGEST_TITLE, Entry, address, plain, when
from extractor.article.charset import decode
from extractor.errors import InputError

MOST_ENTRIES = 50_000  # sitemaps.org: the most that one sitemap may hold
_LONGEST_FIELD = 20_000
_ROOT = re.compile(r"<(?:\w{1,20}:)?(rss|rdf|feed|urlset|sitemapindex)\b", re.IGNORECASE)
_DECLARED = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{2,40})""")
_BARE = re.compile(r"&(?!(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos);)")
_MEDIA = re.compile(r"\bmrss\b|^media:")  # its titles are those of pictures
_UNPRINTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_ITEMS = {"item": "item", "entry": "item", "url": "item", "sitemap": "sitemap"}
_LINKS = ("origlink", "link", "loc", "guid", "id")
_PUBLISHED = ("pubdate", "published", "issued", "publication_date", "date", "created")
_CHANGED = ("updated", "modified", "lastmod")
_SUMMARY = ("description", "summary", "keywords", "encoded", "content")


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed or sitemap lists: articles, and further sitemaps (with the time of their last change)."""

    entries: tuple[Entry, ...]
    sitemaps: tuple[Entry, ...]


def read_feed(body: bytes, charset: str | None, url: str) -> Feed:
    """Return what the feed or sitemap at `url` lists, in its order; what is broken in it is passed over.

    Args:
        body: its bytes.
        charset: the charset of the HTTP header, if there was one.
        url: where it came from; relative links are resolved against it.

    Raises:
        InputError: it is neither a feed nor a sitemap.
    """
    declared = _DECLARED.search(body[:200])
    text = decode(body, charset or (declared[1].decode("ascii") if declared else None))
    start = _ROOT.search(text)
    if start is None:
        raise InputError("this is neither a feed nor a sitemap")
    # A link with a bare & is common, and the parser would lose what follows it; nor does it know the names of HTML.
    text = _BARE.sub("&amp;", _UNPRINTED.sub("", text[start.start() :]))
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    if root is None:
        raise InputError("this feed cannot be read")
    found: dict[str, list[Entry]] = {"item": [], "sitemap": []}
    for element in root.iter(etree.Element):
        kind = _ITEMS.get(_name(element))
        if kind and (entry := _entry(element, url)) is not None:
            found[kind].append(entry)
            if len(found[kind]) >= MOST_ENTRIES:
                break
    return Feed(tuple(found["item"]), tuple(found["sitemap"]))


def _entry(element: etree._Element, base: str) -> Entry | None:
    fields: dict[str, str] = {}
    for child in element.iterchildren(etree.Element):
        name = _name(child)
        if name == "news":  # of a news sitemap: its fields are one level deeper
            for deeper in child.iterchildren(etree.Element):
                fields.setdefault(_name(deeper), _text(deeper))
        elif name == "link" and child.get("href"):
            if child.get("rel", "alternate") == "alternate":
                fields.setdefault("link", child.get("href", ""))
        elif not _MEDIA.search(str(child.tag)):
            fields.setdefault(name, _text(child))
    link = next(filter(None, (address(base, fields[name]) for name in _LINKS if fields.get(name))), None)
    if link is None:
        return None
    return Entry(
        url=link,
        title=plain(fields.get("title", ""), LONGEST_TITLE),
        summary=plain(_first(fields, _SUMMARY), LONGEST_SUMMARY),
        published=when(_first(fields, _PUBLISHED)),
        changed=when(_first(fields, _CHANGED)),
    )


def _first(fields: dict[str, str], names: tuple[str, ...]) -> str:
    return next((fields[name] for name in names if fields.get(name)), "")


def _text(element: etree._Element) -> str:
    parts, length = [], 0
    for part in element.itertext():
        parts.append(str(part))
        length += len(part)
        if length > _LONGEST_FIELD:
            break
    return "".join(parts)[:_LONGEST_FIELD].strip()


def _name(element: etree._Element) -> str:
    """Return the name without its namespace, which many feeds get wrong."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()
