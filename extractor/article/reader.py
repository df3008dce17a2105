"""HTML or plain text to an Article."""

from __future__ import annotations

import datetime as dt
import re
import warnings
from typing import TYPE_CHECKING, Final

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning

from extractor.article import dates, metadata, noise, publishers
from extractor.article.blocks import Block, Index, blocks
from extractor.article.body import find_root, paragraphs
from extractor.article.charset import decode, repair
from extractor.article.model import Article
from extractor.article.pages import next_pages
from extractor.article.status import judge, not_html

if TYPE_CHECKING:
    from bs4.element import Tag

MAX_CHARS: Final = 2_000_000
MAX_TEXT: Final = 1_000_000
# Less text than this is worth a second look without the class names.
THIN: Final = 250
LONGEST_HEADING: Final = 300
LONGEST_DATE_LINE: Final = 60
_HEADINGS: Final = ("h1", "h2", "h3")
_UNPRINTED: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def read_html(page: bytes | str, url: str | None = None, charset: str | None = None) -> Article:
    """Return the article in an HTML page; a page that holds none gets a status and never an error.

    Args:
        page: the page's bytes, or its text.
        url: where it came from; names the publisher and resolves relative links.
        charset: the charset of the HTTP header, if there was one.

    Pure and in-process: a page over `MAX_CHARS` is cut and marked `truncated`, but the parser's time is
    bounded only by `worker.SafeReader`.
    """
    text = decode(page[: MAX_CHARS * 2], charset) if isinstance(page, bytes) else repair(page)
    truncated = len(page) > MAX_CHARS * 2 or len(text) > MAX_CHARS
    text = text[:MAX_CHARS]
    if not_html(text):
        return Article("", "", url=url, status="not_article", truncated=truncated)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        soup = BeautifulSoup(text, "lxml")
    index = Index(soup)
    data = metadata.Metadata(index)
    layout = publishers.layout_of(url, index)
    body, root = _body(soup, index, layout)
    page_blocks = blocks(soup, strict=False)
    head = _around_title(page_blocks, body)
    publisher = (layout and layout.publisher) or metadata.publisher(data, url)
    author, editor = metadata.credits_of(_credit_lines(page_blocks, layout, index))
    joined = "\n\n".join(block.text for block in body)
    if len(joined) < THIN and len(found := _ld_body(data)) > len(joined):
        joined = found
    title = _layout_text(index, layout.title if layout else ()) or metadata.title(
        data, _headings(index), publisher, url
    )
    joined = _without_title(_UNPRINTED.sub("", joined), title)
    return Article(
        title=_UNPRINTED.sub("", title),
        text=joined[:MAX_TEXT],
        url=url,
        canonical_url=metadata.canonical(data, url),
        author=metadata.author(data, author, publisher),
        publisher=publisher,
        published=_printed(index, layout) or metadata.published(data, head),
        language=metadata.language(data),
        status=judge(index, data, title=title, text=joined, page=page_blocks, url=url, root=root),
        truncated=truncated or len(joined) > MAX_TEXT,
        editor=editor,
        modified=metadata.modified(data),
        section=metadata.section(data),
        tags=metadata.tags(data),
        image=metadata.image(data),
        pages=tuple(next_pages(soup, url)) if url else (),
    )


def read_text(text: str) -> Article:
    """Return the article in a plain text whose first line that is not blank is the title.

    The body stays as it is but for line ends, control characters and blank lines at its ends, so
    that evidence can be quoted from it. Author, editor and a printed date are read from its lines.
    """
    lines = repair(text).replace("\r\n", "\n").replace("\r", "\n")
    lines = _UNPRINTED.sub("", lines).strip("\n \t\u200b\ufeff")
    title, _, body = lines.partition("\n")
    cut = body.strip("\n")[:MAX_TEXT]
    parts = [line.strip() for line in cut.split("\n") if line.strip()]
    author, editor = metadata.credits_of(parts[:8] + parts[-12:])
    # A line of its own with a date near the head is the outlet's; dates in sentences are not.
    printed = (dates.parse(line) for line in parts[:5] if len(line) < LONGEST_DATE_LINE and line[-1] not in '.)”"')
    return Article(
        title=title.strip(),
        text=cut,
        author=author,
        editor=editor,
        published=next(filter(None, printed), None),
        truncated=len(body.strip("\n")) > MAX_TEXT,
    )


def _body(soup: BeautifulSoup, index: Index, layout: publishers.Layout | None) -> tuple[list[Block], Tag | None]:
    removed = frozenset(layout.remove) if layout else frozenset()
    if layout and (root := index.first(layout.body)) is not None and (found := paragraphs(root, removed)):
        return found, root
    root = find_root(blocks(soup, removed))
    found = paragraphs(root, removed) if root is not None else []
    if sum(len(block.text) for block in found) >= THIN:
        return found, root
    loose_root = find_root(blocks(soup, removed, strict=False))
    loose = paragraphs(loose_root, removed, strict=False) if loose_root is not None else []
    if sum(len(block.text) for block in loose) > 2 * sum(len(block.text) for block in found):
        return loose, loose_root
    return found, root


def _ld_body(data: metadata.Metadata) -> str:
    body = data.ld("articleBody")
    if not isinstance(body, str):
        return ""
    text = BeautifulSoup(body, "lxml").get_text("\n") if "<" in body else body
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n\n".join(line for line in lines if line and not noise.is_noise(line))


def _headings(index: Index) -> list[str]:
    found = (" ".join(tag.get_text(" ").split()) for name in _HEADINGS for tag in index.by_name[name][:40])
    return [text for text in found if text and len(text) < LONGEST_HEADING]


def _around_title(page: list[Block], body: list[Block]) -> list[Block]:
    """Return the blocks next to the title and above the body first, the nearest first, then the rest."""
    start = next((i for i, block in enumerate(page) if body and block.text == body[0].text), 0)
    return [*reversed(page[max(0, start - 25) : start]), *page[start : start + 400]]


def _credit_lines(page: list[Block], layout: publishers.Layout | None, index: Index) -> list[str]:
    own = [_layout_text(index, layout.author)] if layout and layout.author else []
    named = [f"Penulis: {text.split(' - ')[0]}" for text in own if text and ":" not in text]
    return named + [text for text in own if ":" in text] + [block.text for block in page if ":" in block.text]


def _layout_text(index: Index, selectors: tuple[str, ...]) -> str:
    tag = index.first(selectors)
    return " ".join(tag.get_text(" ").split()) if tag is not None else ""


def _printed(index: Index, layout: publishers.Layout | None) -> dt.datetime | None:
    found = dates.parse(_layout_text(index, layout.published)) if layout and layout.published else None
    return found if isinstance(found, dt.datetime) else None


def _without_title(text: str, title: str) -> str:
    """Return `text` without the title that some themes repeat as the body's first line."""
    first, _, rest = text.partition("\n\n")
    return rest if first == title and rest else text
