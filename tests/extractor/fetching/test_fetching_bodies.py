"""Bodies: bounded in bytes, in memory and in time, and of the kind that they claim."""

from __future__ import annotations

import gzip
import time
import tracemalloc
import zlib

import pytest
from local_servers import PAGE, opened, response

from extractor.errors import (
    ConnectionFailedError,
    HttpStatusError,
    NotHtmlError,
    TimedOutError,
    TooLargeError,
)
from extractor.fetching import Accept, fetch

MIB = 2**20
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@pytest.fixture
def bounded():
    """Hold a test to 32 MiB of memory growth and 20 s."""
    tracemalloc.start()
    began = time.monotonic()
    yield
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak <= 32 * MIB
    assert time.monotonic() - began <= 20


def gzip_bomb(mebibytes):
    packer = zlib.compressobj(9, wbits=31)
    block = bytes(MIB)
    return b"".join(packer.compress(block) for _ in range(mebibytes)) + packer.flush()


def chunks(*pieces):
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def test_a_gzip_bomb_is_too_large(site, bounded):
    url = site.give("/", response(gzip_bomb(200), Content_Encoding="gzip"))
    with pytest.raises(TooLargeError):
        fetch(url, opened(site, deadline=15.0))


@pytest.mark.parametrize(
    "coding", ["br", "zstd", "deflate", "gzip, gzip", "br, gzip", "gzip\r\nContent-Encoding: gzip", "x"]
)
def test_codings_that_were_not_asked_for_are_refused(site, bounded, coding):
    url = site.give("/", response(gzip.compress(gzip_bomb(10)), Content_Encoding=coding))
    with pytest.raises(NotHtmlError):
        fetch(url, opened(site))


def test_gzip_in_gzip_is_not_a_page(site, bounded):
    url = site.give("/", response(gzip.compress(gzip_bomb(50)), Content_Encoding="gzip"))
    with pytest.raises(NotHtmlError):
        fetch(url, opened(site))


def test_an_endless_body_is_too_large(site, bounded):
    def endless():
        yield HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
        while site.sent < 64 * MIB:
            yield b"10000\r\n" + b"a" * 0x10000 + b"\r\n"

    with pytest.raises(TooLargeError):
        fetch(site.stream("/", endless), opened(site, deadline=15.0))


def test_a_declared_length_over_the_limit_is_not_read(site, bounded):
    url = site.give("/", HEAD + b"Content-Length: 99999999999\r\n\r\n" + b"a" * 1000)
    with pytest.raises(TooLargeError):
        fetch(url, opened(site))


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + b"Content-Length: 1000\r\n\r\n<html>short",
        HEAD + b"Content-Length: 10\r\nContent-Length: 11\r\n\r\n0123456789",
        HEAD + b"Content-Length: -1\r\n\r\n0123456789",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nx",
        HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(PAGE)[:-12],
        HEAD + b"Content-Encoding: gzip\r\n\r\nnot gzip at all",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 OK\r\nbad header\x00: 1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 30000 + b"\r\n",
        b"HTTP/1.1 99999 What\r\n\r\n",
        b"",
    ],
)
def test_broken_answers_are_failed_connections(site, bounded, raw):
    with pytest.raises(ConnectionFailedError):
        fetch(site.give("/", raw), opened(site))


def test_a_body_longer_than_its_length_is_read_to_that_length(site):
    assert fetch(site.give("/", HEAD + b"Content-Length: 6\r\n\r\n<html>and more"), opened(site)).body == b"<html>"


def slowly(first, piece):
    def pieces():
        yield first
        for _ in range(200):
            yield piece
            time.sleep(0.05)

    return pieces


@pytest.mark.parametrize(
    "pieces",
    [
        slowly(HEAD + b"\r\n", b"a"),
        slowly(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
        slowly(HEAD, b"A: b\r\n"),
        slowly(b"", b"H"),
        slowly(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    ],
    ids=["drip", "chunks", "headers", "status line", "early hints"],
)
def test_one_deadline_over_every_slowness(site, bounded, pieces):
    began = time.monotonic()
    with pytest.raises((TimedOutError, ConnectionFailedError)):
        fetch(site.stream("/", pieces), opened(site, deadline=0.6))
    assert time.monotonic() - began < 3


def test_a_flood_of_early_hints_ends_at_the_deadline(site, bounded):
    def flood():
        while site.sent < 512 * MIB:
            yield b"HTTP/1.1 103 Early Hints\r\n\r\n" * 2000

    began = time.monotonic()
    with pytest.raises(TimedOutError):
        fetch(site.stream("/", flood), opened(site, deadline=1.0))
    assert time.monotonic() - began < 4


@pytest.mark.parametrize(
    "body",
    [
        b"PK\x03\x04" + bytes(100),
        b"%PDF-1.7\n",
        b"\x89PNG\r\n",
        b'  {"a": 1}',
        b'<?xml version="1.0"?><rss version="2.0"></rss>',
        b"\xef\xbb\xbf<feed xmlns='http://www.w3.org/2005/Atom'></feed>",
        b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss>&b;</rss>',
        b'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></sitemapindex>',
    ],
)
def test_other_kinds_called_html_are_refused(site, body):
    with pytest.raises(NotHtmlError):
        fetch(site.give("/", response(body)), opened(site))


@pytest.mark.parametrize(
    "kind", ["application/json", "application/pdf", "text/plain", "image/png", "application/rss+xml"]
)
def test_other_kinds_are_not_read(site, kind):
    with pytest.raises(NotHtmlError):
        fetch(site.give("/", response(b"x" * 100, Content_Type=kind)), opened(site))


@pytest.mark.parametrize(
    ("header", "charset"),
    [
        ("text/html", None),
        ("text/html; charset=utf-8", "utf-8"),
        ('Text/HTML; Charset="windows-1252"', "windows-1252"),
        ("application/xhtml+xml;x=y;charset=ISO-8859-1", "ISO-8859-1"),
    ],
)
def test_the_charset_is_the_header_s(site, header, charset):
    page = fetch(site.give("/", response(Content_Type=header)), opened(site))
    assert (page.charset, page.body) == (charset, PAGE)


@pytest.mark.parametrize("body", [b"", "<p>é".encode("utf-16-le"), b"<p>Rutan \xe9</p>", b"\x00<p>x</p>"])
def test_odd_pages_are_pages(site, body):
    assert fetch(site.give("/", response(body)), opened(site)).body == body


def test_a_packed_page_is_inflated(site):
    url = site.give("/", response(gzip.compress(PAGE) + b"trailing", Content_Encoding="gzip"))
    assert fetch(url, opened(site)).body == PAGE
    assert b"Accept-Encoding: gzip\r\n" in site.requests[0]


def test_a_feed_is_fetched_when_asked_for_only(site):
    feed = b'<?xml version="1.0"?><rss><channel></channel></rss>'
    url = site.give("/feed", response(feed, Content_Type="application/rss+xml"))
    assert fetch(url, opened(site), accept=Accept.FEED).body == feed
    with pytest.raises(NotHtmlError):
        fetch(site.give("/page", response(PAGE, Content_Type="text/xml")), opened(site), accept=Accept.FEED)


@pytest.mark.parametrize("kind", ["text/html; charset=UTF-8", "text/plain", "application/octet-stream"])
def test_a_feed_is_told_by_its_bytes_where_its_type_says_nothing(site, kind):
    feed = b'<?xml version="1.0"?><rss><channel></channel></rss>'
    assert fetch(site.give("/feed", response(feed, Content_Type=kind)), opened(site), accept=Accept.FEED).body == feed
    with pytest.raises(NotHtmlError):
        fetch(site.give("/page", response(PAGE, Content_Type=kind)), opened(site), accept=Accept.FEED)
    with pytest.raises(NotHtmlError):
        fetch(site.give("/feed", response(feed)), opened(site))


def test_a_packed_sitemap_is_unpacked_within_the_limit(site):
    sitemap = b"<?xml version='1.0'?><urlset></urlset>"
    url = site.give("/sitemap.xml.gz", response(gzip.compress(sitemap), Content_Type="application/x-gzip"))
    assert fetch(url, opened(site), accept=Accept.FEED).body == sitemap
    with pytest.raises(NotHtmlError):
        fetch(url, opened(site))
    bomb = site.give("/bomb.xml.gz", response(gzip.compress(bytes(50_000_000)), Content_Type="application/gzip"))
    with pytest.raises(TooLargeError):
        fetch(bomb, opened(site), accept=Accept.FEED)
    twice = gzip.compress(gzip.compress(sitemap))
    with pytest.raises(NotHtmlError):
        fetch(
            site.give("/twice.xml.gz", response(twice, Content_Type="application/gzip")),
            opened(site),
            accept=Accept.FEED,
        )


@pytest.mark.parametrize("status", [400, 403, 404, 410, 500, 503, 429, 300, 304])
def test_error_statuses_are_told(site, status):
    with pytest.raises(HttpStatusError) as caught:
        fetch(site.give("/", response(b"x", f"{status} No")), opened(site))
    assert caught.value.status == status
