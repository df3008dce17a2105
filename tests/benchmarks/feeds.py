"""What the costliest 5 MB of XML and HTML take to read as a feed or a list of links, in time and memory.

    python -P tests/benchmarks/feeds.py

Each is read in a process of its own, without the limits that `SafeReader` sets. The figures are its processor time and
the memory that it had at most beyond what it began with.
"""

import multiprocessing
import resource
import time

from corpus.monitoring.feeds import read_feed
from corpus.monitoring.listing import read_links
from extractor.errors import InputError

SIZE = 5_000_000
URL = "https://contoh.co.id/"


def repeated(piece, head=b"<rss>", tail=b""):
    """Return a body of SIZE bytes."""
    return (head + piece * (SIZE // len(piece)) + tail)[: SIZE - len(tail)] + tail


def numbered(piece, head, tail):
    """Return a body of SIZE bytes whose pieces differ."""
    size = len(piece % 100_000)
    return head + b"".join(piece % number for number in range(SIZE // size)) + tail


FEEDS = {
    "sitemap": repeated(
        b"<url><loc>https://contoh.co.id/a-b-c-d</loc><lastmod>2025-10-13</lastmod></url>", b"<urlset>"
    ),
    "items": repeated(b"<item><title>a</title><link>https://a.id/b</link></item>"),
    "attributes": numbered(b" a%d='1'", b"<rss", b"/>"),
    "the same attribute": repeated(b" a='1'", b"<rss"),
    "namespaces": numbered(b" xmlns:a%d='u%d'".replace(b"u%d", b"u"), b"<rss", b"/>"),
    "elements": repeated(b"<a/>"),
    "deep": repeated(b"<a>"),
    "deep in an item": repeated(b"<b>", b"<rss><item><link>https://a.id/b</link><title>"),
    "text": repeated(b"x", b"<rss><item><title>"),
    "ampersands": repeated(b"&", b"<rss><item><title>"),
    "angle brackets": repeated(b"<", b"<rss><item><title>"),
    "end tags": repeated(b"</b>"),
    "no root": repeated(b"<r", b""),
}
LISTS = {
    "links": repeated(b"<a href='/read/1234567'>Lapas Ngawi Gelar Pelatihan</a>", b"<html>"),
    "open links": repeated(b"<a href=x>teks ", b"<html>"),
    "attributes": numbered(b" a%d='1'", b"<html><a", b">"),
    "nested": repeated(b"<div><a href=/a-b-c-d>", b"<html>"),
}


def measure(function, body, pipe):
    """Send the processor time and the memory that one reading took."""
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    try:
        found = function(body, None, URL)
        size = len(found) if isinstance(found, tuple) else len(found.entries)
    except InputError as error:
        size = str(error)
    took, most = time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    pipe.send((took, (most - before) / 1024, size))


def main():
    """Print the figures of each body."""
    for kind, function, bodies in (("feed", read_feed, FEEDS), ("list", read_links, LISTS)):
        for name, body in bodies.items():
            ours, theirs = multiprocessing.Pipe()
            process = multiprocessing.get_context("fork").Process(target=measure, args=(function, body, theirs))
            process.start()
            took, memory, size = ours.recv()
            process.join()
            print(f"{kind} of {name}: {took:.2f} s, {memory:.0f} MB, {size} entries")


if __name__ == "__main__":
    main()
