"""The other pages of an article that an outlet splits: where they are, for the fetcher to ask for.

The page that was asked for is the one that is read. Its canonical address is recorded in the Article and
serves to tell copies, an AMP twin among them, from new articles; neither is fetched in its stead: one
request a page, to the address that the caller named.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from bs4 import BeautifulSoup
from bs4.element import Tag

from extractor.article.publishers import of_host

MAX_PAGES: Final = 20
_PAGE: Final = re.compile(r"[?&/](?:page|halaman|hal|p)[=/]?(\d{1,2})/?$|/(\d{1,2})/?$")
_NEXT: Final = re.compile(
    r"^\W*(?:selanjutnya|berikutnya|halaman (?:selanjutnya|berikutnya)|next(?: page)?|lanjut(?:kan)?|\d{1,2})\W*$",
    re.IGNORECASE,
)


def all_pages_url(url: str) -> str | None:
    """Return the address of the whole article on one page, where the outlet offers that, else None.

    Source of the parameters: the outlets' `[pages]` in publishers/. None too when `url` has it already.
    """
    publisher = of_host(url)
    if publisher is None:
        return None
    parts = urlsplit(url)
    if publisher.all_path:
        if parts.path.rstrip("/").endswith(publisher.all_path):
            return None
        return urlunsplit(parts._replace(path=parts.path.rstrip("/") + publisher.all_path, fragment=""))
    if publisher.all_query is None:
        return None
    key, value = publisher.all_query
    query = parse_qsl(parts.query, keep_blank_values=True)
    if (key, value) in query:
        return None
    query = [pair for pair in query if pair[0] not in {key, "page"}]
    return urlunsplit(parts._replace(query=urlencode([*query, (key, value)]), fragment=""))


def next_pages(soup: BeautifulSoup, url: str) -> list[str]:
    """Return the addresses of the article's further pages in order, at most `MAX_PAGES`, never `url` itself.

    They are numbered links and `rel=next` of the same host and the same path; where there are any and the outlet has an
    address of the whole article, it is the only one. Only claims of the page: the fetcher checks each.
    """
    base = _stem(url)
    found: dict[str, int] = {}
    for tag in soup.find_all(["a", "link"]):
        if not isinstance(tag, Tag) or not (href := tag.get("href")):
            continue
        rel_next = "next" in tag.get_attribute_list("rel")
        if not rel_next and not (tag.name == "a" and _NEXT.match(tag.get_text(" ")[:60])):
            continue
        try:
            address = urljoin(url, str(href)).split("#")[0]
            same = _stem(address) == base
        except ValueError:
            continue
        number = _PAGE.search(address)
        if same and number and (page_number := int(number[1] or number[2])) > 1 and address != url:
            found.setdefault(address, page_number)
    whole = all_pages_url(url)
    if found and whole:
        return [whole]
    return sorted(found, key=lambda address: found[address])[:MAX_PAGES]


def _stem(url: str) -> str:
    """Return host and path of `url` without its page number."""
    address = _PAGE.sub("", url.split("#", maxsplit=1)[0])
    parts = urlsplit(address)
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}"
