"""The body of an answer: never more than the limit, inflated by us, and of the kind that it claims."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from extractor.errors import ConnectionFailedError, NotHtmlError, TooLargeError
from extractor.fetching.policy import Accept

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_HEAD = 2048
_GZIP = b"\x1f\x8b"
# WHATWG MIME Sniffing Standard, sections 6 and 7: the first bytes of what is called text/html and is not.
_SIGNATURES = (
    (b"PK\x03\x04", "a ZIP file"),
    (b"%PDF-", "a PDF"),
    (_GZIP, "packed once more"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"RIFF", "a media file"),
)
_FEED = re.compile(rb"<(?:rss|feed|rdf:rdf|urlset|sitemapindex)[\s>]", re.IGNORECASE)
# Feeds made by a script are often sent as the script's default type, and packed sitemaps as the packing; what they
# are is told by their first bytes.
_LOOSE = frozenset({"text/html", "text/plain", "application/octet-stream", "application/gzip", "application/x-gzip"})
_HTML = re.compile(rb"<(?:!doctype html|html|head|body|div|p|article|script|meta)[\s>]", re.IGNORECASE)


def read(url: str, chunks: Iterable[bytes], headers: Mapping[str, str], limit: int, *, cut: bool = False) -> bytes:
    """Return the body, inflated; of a longer one its first `limit` bytes if `cut`.

    Raises:
        TooLargeError: it is longer than `limit` bytes, as sent or as inflated, and not `cut`.
        NotHtmlError: it is packed in a way that was not asked for.
        ConnectionFailedError: its packing is broken.
    """
    coding = headers.get("content-encoding", "").strip().lower()
    if coding not in {"", "identity", "gzip", "x-gzip"}:
        raise NotHtmlError(url, f"the answer is packed as {coding[:40]!r}, which was not asked for")
    declared = headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > limit and not cut:
        raise TooLargeError(url, f"the page is larger than {limit // 1024} KiB")
    inflater = zlib.decompressobj(16 + zlib.MAX_WBITS) if "gzip" in coding else None
    body, sent = bytearray(), 0
    for chunk in chunks:
        sent += len(chunk)
        body += _inflated(url, inflater, chunk, limit + 1 - len(body)) if inflater else chunk
        if max(sent, len(body)) > limit:
            if cut:
                return bytes(body[:limit])
            raise TooLargeError(url, f"the page is larger than {limit // 1024} KiB")
        if inflater and inflater.eof:
            break
    if inflater and sent and not inflater.eof:
        raise ConnectionFailedError(url, "the packed page broke off")
    return bytes(body)


def _inflated(url: str, inflater: zlib._Decompress, chunk: bytes, most: int) -> bytes:
    try:
        return inflater.decompress(chunk, most)
    except zlib.error:
        raise ConnectionFailedError(url, "the packed page is damaged") from None


def unpacked(url: str, body: bytes, limit: int) -> bytes:
    """Return the body, inflated once more where it is a gzip file.

    Raises:
        TooLargeError: it is longer than `limit` bytes when inflated.
        ConnectionFailedError: its packing is broken.
    """
    return read(url, [body], {"content-encoding": "gzip"}, limit) if body.startswith(_GZIP) else body


def check_type(url: str, content_type: str, accept: Accept) -> None:
    """Raise NotHtmlError where the header names another kind of answer; without one the bytes decide."""
    if accept is Accept.FEED and content_type in _LOOSE:
        return
    if content_type and content_type not in accept.value:
        raise NotHtmlError(url, f"the answer is {content_type[:60]}, not {_name(accept)}")


def check_bytes(url: str, body: bytes, accept: Accept) -> None:
    """Raise NotHtmlError where the first bytes are plainly of another kind than the one accepted."""
    head = body[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    for magic, kind in _SIGNATURES:
        if head.startswith(magic):
            raise NotHtmlError(url, f"the answer is {kind}, not {_name(accept)}")
    if head[:1] in {b"{", b"["}:
        raise NotHtmlError(url, f"the answer is JSON, not {_name(accept)}")
    feed, page = _FEED.search(head), _HTML.search(head)
    if accept is Accept.HTML and feed and not (page and page.start() < feed.start()):
        raise NotHtmlError(url, "the answer is a feed or a sitemap, not an HTML page")
    if accept is Accept.FEED and page and not (feed and feed.start() < page.start()):
        raise NotHtmlError(url, "the answer is an HTML page, not an XML feed")


def _name(accept: Accept) -> str:
    return "an HTML page" if accept is Accept.HTML else "an XML feed"
