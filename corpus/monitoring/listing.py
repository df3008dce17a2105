"""Pages that list articles (search results, tags, a section's front) to their entries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from lxml import etree

from corpus.monitoring.entries import LONGEST_TITLE, Entry, address, plain
from corpus.sites import same_site
from extractor.article.charset import decode

MOST_LINKS = 2_000
MOST_CHARS = 2_000_000
_LONGEST_TEXT = 2_000
# An article's slug is its title: at least three words, or two beside a number or a date.
_SLUG_WORDS = 3
_NUMBER = re.compile(r"\d{5,}|/(?:19|20)\d\d/[01]?\d/")
_TITLE_WORDS = 4
_NO_ARTICLE = re.compile(
    r"/(?:tags?|topik|topic|kategori|category|rubrik|kanal|author|penulis|editor|page|halaman|search|cari|indeks?|"
    r"login|register|user|profil|redaksi|tentang|about|kontak|contact|iklan|privacy|disclaimer|pedoman[\w-]*|"
    r"foto|photo|video|tv|live|podcast|epaper|wp-[\w-]+|feed|rss|amp)(?:/|$)",
    re.IGNORECASE,
)
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|pdf|docx?|xlsx?|zip|rar|mp[34]|apk|css|js|xml|rss)$", re.IGNORECASE)


def read_links(page: bytes, charset: str | None, url: str, pattern: str | None = None) -> tuple[Entry, ...]:
    """Return the articles that the page links to, in its order, each once.

    Args:
        page: its bytes.
        charset: the charset of the HTTP header, if there was one.
        url: where it came from; only links within its site count.
        pattern: a regular expression that the addresses of the site's articles match; without one an article is
            known by an address or a link text that reads like a title.

    The parser's time is bounded only by a `SafeReader`.
    """
    root = etree.HTML(decode(page, charset)[:MOST_CHARS], etree.HTMLParser(no_network=True, huge_tree=False))
    if root is None:
        return ()
    wanted = re.compile(pattern) if pattern else None
    titles: dict[str, str] = {}
    for link, text in _anchors(root, url):
        if link not in titles and len(titles) >= MOST_LINKS:
            break
        # A list links an article from its picture, its title and a "Baca": the longest text is the title.
        titles[link] = max(titles.get(link, ""), text, key=len)
    return tuple(
        Entry(link, title)
        for link, title in titles.items()
        if (wanted.search(link) if wanted else _is_article(link, title))
    )


def _anchors(root: etree._Element, url: str) -> Iterator[tuple[str, str]]:
    for anchor in root.iter("a"):
        link = address(url, anchor.get("href", ""))
        if link and same_site(link, url) and link.rstrip("/") != url.rstrip("/"):
            text = anchor.get("title") or _text(anchor)
            yield link, plain(text, LONGEST_TITLE)


def _text(anchor: etree._Element) -> str:
    heading = next(anchor.iter("h1", "h2", "h3", "h4", "h5"), anchor)
    parts, length = [], 0
    for part in heading.itertext():
        parts.append(str(part))
        length += len(part)
        if length > _LONGEST_TEXT:
            break
    return " ".join(parts)


def _is_article(url: str, title: str) -> bool:
    path = unquote(urlsplit(url).path)
    if _NO_ARTICLE.search(path) or _FILE.search(path):
        return False
    slug = next((part for part in reversed(path.split("/")) if "-" in part), "")
    words = [word for word in slug.split("-") if word.isalpha()]
    if len(words) >= _SLUG_WORDS:
        return True
    return bool(_NUMBER.search(path)) and (len(words) > 1 or len(title.split()) >= _TITLE_WORDS)
