"""Rounds of the monitor on both databases, against sites on 127.0.0.1 that are friendly, broken or hostile."""

import datetime as dt
import itertools
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from local_servers import opened, redirect, response

from corpus.monitoring import discover as discovering
from corpus.monitoring import monitor as rounds
from corpus.monitoring.lock import alone
from corpus.monitoring.memory import waiting
from corpus.monitoring.monitor import monitor
from corpus.monitoring.sources import Source
from corpus.store import Store, StoreError


@pytest.fixture
def run(pipeline, pages):
    """Return the round with the rules and the reader that all tests share."""

    def call(sources, store, policy, since=None):
        return monitor(sources, store, pipeline, pages, policy, since=since)

    return call


ROOT = Path(__file__).parents[3]
XML = {"Content_Type": "application/rss+xml"}


def article(place, more=""):
    title = f"Lapas {place} Gelar Pelatihan Barista bagi Warga Binaan"
    text = (
        f"Sebanyak 20 warga binaan Lapas Kelas IIB {place} mengikuti pelatihan barista bersama Balai Latihan Kerja (BLK) "
        f"{place}, Senin (13/10/2025). Kepala Lapas {place}, Budi Santoso, mengatakan pelatihan itu menjadi bekal setelah "
        "bebas. Instruktur dari BLK, Siti Aminah, mengajarkan cara menyeduh kopi selama lima hari di aula lapas. "
        f"Peserta menerima sertifikat pada penutupan. {more}"
    )
    return (
        f"<!doctype html><html lang=id><head><title>{title}</title>"
        f'<meta property="article:published_time" content="2025-10-13T09:00:00+07:00"></head>'
        f"<body><article><h1>{title}</h1><p>{text}</p><p>{text[::-1][:10]}</p></article></body></html>"
    ).encode()


PLACES = ("Ngawi", "Blora", "Tegal", "Kendal", "Pati", "Demak")


def feed(site, items, path="/feed"):
    body = "".join(
        f"<item><title>{title}</title><link>{link}</link><pubDate>{day} 08:00:00 +0700</pubDate></item>"
        for title, link, day in items
    )
    return site.give(path, response(f"<rss><channel>{body}</channel></rss>".encode(), **XML))


def articles(site, places, day="Mon, 13 Oct 2025"):
    """Give an article for each place; return what a feed says of them."""
    items = []
    for place in places:
        url = site.give(f"/2025/10/lapas-{place.lower()}-gelar-pelatihan", response(article(place)))
        items.append((f"Lapas {place} Gelar Pelatihan Barista", url, day))
    return items


def source(url, kind="feed", name="satu", **more):
    return Source(name=name, kind=kind, url=url, **more)


def texts(store):
    with store.engine.connect() as connection:
        return connection.exec_driver_sql(
            "SELECT count(*), count(DISTINCT a.address) FROM versions v JOIN articles a ON a.id = v.article_id"
        ).one()


def asked(site):
    return [path for path in site.asked if path.startswith("/2025/")]


def test_new_articles_are_read_and_a_second_round_asks_for_none_again(store, site, run):
    items = articles(site, PLACES[:3])
    items.append(("Presiden Buka Sidang", f"{site.root}/2025/10/presiden-buka-sidang", "Mon, 13 Oct 2025"))
    url = feed(site, items)
    first = run([source(url)], store, opened(site))
    assert len(first.articles) == 3
    assert (first.sources[0].listed, first.sources[0].promising, first.sources[0].new) == (4, 3, 3)
    program = first.articles[0].programs[0]
    assert program["facility"]["name"]
    assert "evidence" not in json.dumps(first.as_dict())
    assert sorted(asked(site)) == sorted(f"/2025/10/lapas-{place.lower()}-gelar-pelatihan" for place in PLACES[:3])
    assert tuple(texts(store)) == (3, 3)

    second = run([source(url)], store, opened(site))
    assert (second.articles, second.failures, second.waiting, second.sources[0].new) == ([], [], 0, 0)
    assert len(asked(site)) == 3
    assert tuple(texts(store)) == (3, 3)
    assert len(store.programs().programs) == sum(len(new.programs) for new in first.articles)


def test_an_article_that_two_sources_list_is_read_once(store, site, run):
    items = articles(site, PLACES[:2])
    one = feed(site, items)
    two = feed(site, [(title, f"{url}?utm_source=rss#top", day) for title, url, day in items], "/feed2")
    report = run([source(one), source(two, name="dua")], store, opened(site))
    assert len(report.articles) == 2
    assert len(asked(site)) == 2
    assert sorted(result.new for result in report.sources) == [0, 2]


def test_every_kind_of_source(store, site, run):
    places = iter(PLACES)
    links = "".join(f'<a href="{url}">{title}</a>' for title, url, _ in articles(site, itertools.islice(places, 2)))
    page = site.give("/tag/lapas", response(f"<html><body>{links}</body></html>".encode()))
    maps = "".join(f"<url><loc>{url}</loc></url>" for _, url, _ in articles(site, itertools.islice(places, 2)))
    sitemap = site.give("/s.xml", response(f"<urlset>{maps}</urlset>".encode(), Content_Type="text/xml"))
    index = site.give(
        "/index.xml",
        response(
            f"<sitemapindex><sitemap><loc>{sitemap}</loc></sitemap></sitemapindex>".encode(), Content_Type="text/xml"
        ),
    )
    rss = feed(site, articles(site, places))
    sources = [source(page, "page", "a"), source(index, "sitemap", "b"), source(rss, "feed", "c")]
    report = run(sources, store, opened(site))
    assert [(result.name, result.new) for result in report.sources] == [("a", 2), ("b", 2), ("c", 2)]
    assert len(report.articles) == 6


def test_since_leaves_out_what_is_known_to_be_older(store, site, run):
    old, new = articles(site, PLACES[:1], "Sun, 12 Oct 2025"), articles(site, PLACES[1:2])
    undated = [(title, url, "") for title, url, _ in articles(site, PLACES[2:3])]
    url = feed(site, old + new + undated)
    report = run([source(url)], store, opened(site), since=dt.date(2025, 10, 13))
    assert len(report.articles) == 2
    assert asked(site).count("/2025/10/lapas-ngawi-gelar-pelatihan") == 0


def test_since_passes_over_sitemaps_that_did_not_change(store, site, run):
    index = "".join(
        f"<sitemap><loc>{site.root}/s{year}.xml</loc><lastmod>{year}-01-01</lastmod></sitemap>"
        for year in range(2015, 2026)
    )
    site.give("/index.xml", response(f"<sitemapindex>{index}</sitemapindex>".encode(), Content_Type="text/xml"))
    ((_, url, _),) = articles(site, PLACES[:1])
    site.give("/s2025.xml", response(f"<urlset><url><loc>{url}</loc></url></urlset>".encode(), Content_Type="text/xml"))
    report = run([source(f"{site.root}/index.xml", "sitemap")], store, opened(site), since=dt.date(2024, 6, 1))
    assert len(report.articles) == 1
    assert [path for path in site.asked if path.endswith(".xml")] == ["/index.xml", "/s2025.xml"]


def test_a_list_of_sitemaps_that_names_itself_ends(store, site, other, run, monkeypatch):
    monkeypatch.setattr(discovering, "MOST_SITEMAPS", 10)
    number = itertools.count()

    def index():
        locations = [f"{site.root}/index.xml", f"http://10.0.0.1/s{next(number)}.xml", f"{site.root}/image-sitemap.xml"]
        locations += [f"{site.root}/index.xml?{next(number)}" for _ in range(50)]
        body = "".join(f"<sitemap><loc>{location}</loc></sitemap>" for location in locations)
        yield response(f"<sitemapindex>{body}</sitemapindex>".encode(), Content_Type="text/xml")

    site.stream("/index.xml", index)
    for n in range(2000):
        site.stream(f"/index.xml?{n}", index)
    report = run([source(f"{site.root}/index.xml", "sitemap")], store, opened(site))
    assert report.sources[0].error is None
    assert len(site.asked) == 10
    assert "/image-sitemap.xml" not in site.asked


INTERNAL = [
    "http://169.254.169.254/latest/pelatihan-warga-binaan", "http://10.0.0.1/pelatihan-warga-binaan",
    "http://localhost/pelatihan-warga-binaan", "http://[::1]/pelatihan-warga-binaan",
    "http://0x7f.1/pelatihan-warga-binaan", "http://metadata.google.internal/pelatihan-warga-binaan",
    "file:///etc/pelatihan-warga-binaan", "javascript:pelatihan('warga binaan')", "http://127.0.0.1:22/pelatihan-warga-binaan",
    "http://a@127.0.0.1/pelatihan-warga-binaan", "gopher://127.0.0.1/pelatihan-warga-binaan",
]  # fmt: skip


def test_no_packet_goes_to_an_address_that_is_denied(store, site, other, run, monkeypatch):
    dialed = []
    real = socket.socket.connect
    monkeypatch.setattr(
        socket.socket, "connect", lambda self, address: dialed.append(address) or real(self, address), raising=True
    )
    links = [*INTERNAL, f"{other.root}/pelatihan-warga-binaan", f"{site.root}/ke-dalam/pelatihan-warga-binaan"]
    items = [("Pelatihan Warga Binaan", link, "Mon, 13 Oct 2025") for link in links]
    site.give("/ke-dalam/pelatihan-warga-binaan", redirect(f"{other.root}/pelatihan-warga-binaan"))
    maps = "".join(f"<url><loc>{link}</loc></url>" for link in links)
    nested = "".join(f"<sitemap><loc>{link}.xml</loc></sitemap>" for link in links)
    anchors = "".join(f'<a href="{link}">Pelatihan Warga Binaan Lapas</a>' for link in links)
    sources = [
        source(feed(site, items), name="feed"),
        source(
            site.give("/s.xml", response(f"<urlset>{maps}</urlset>".encode(), Content_Type="text/xml")),
            "sitemap",
            "map",
        ),
        source(
            site.give("/i.xml", response(f"<sitemapindex>{nested}</sitemapindex>".encode(), Content_Type="text/xml")),
            "sitemap",
            "index",
        ),
        source(site.give("/tag", response(f"<html>{anchors}</html>".encode())), "page", "page"),
        source(site.give("/away", redirect(f"{other.root}/feed")), name="redirect"),
        source("http://10.0.0.1/feed", name="internal"),
    ]
    report = run(sources, store, opened(site))  # the other site's port is not opened
    assert other.asked == []
    ours = {address[1] for address in dialed if isinstance(address, tuple) and address[0] == "127.0.0.1"}
    assert other.port not in ours
    assert {address[0] for address in dialed if isinstance(address, tuple)} <= {"127.0.0.1"}
    assert 22 not in ours
    failed = {result.name: result.error for result in report.sources if result.error}
    assert set(failed) == {"redirect", "internal"}
    assert all(error.startswith("blocked: ") for error in failed.values())
    assert [failure.code for failure in report.failures] == ["blocked"]


LAUGHS = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))


def test_hostile_sources_fail_alone(store, site, run):
    good = source(feed(site, articles(site, PLACES[:1])), name="good")
    bombs = {
        "laughs": response(f"<!DOCTYPE rss [{LAUGHS}]><rss><item><title>&a11;</title></item></rss>".encode(), **XML),
        "html": response(b"<!doctype html><html><body>Tidak ditemukan</body></html>", **XML),
        "huge": response(b"<rss>" + b"x" * 6_000_000, **XML),
        "zip": response(b"PK\x03\x04" + bytes(100), **XML),
        "500": response(b"", "500 Oops"),
        "404": response(b"", "404 Not Found"),
        "closed": b"",
        "circle": redirect("/circle"),
        "empty": response(b"", **XML),
    }
    bad = [source(site.give(f"/{name}", raw), name=name) for name, raw in bombs.items()]
    report = run([*bad, good], store, opened(site))
    errors = {result.name: result.error for result in report.sources}
    assert errors.pop("good") is None
    assert errors.pop("laughs") is None
    assert {name: error.partition(":")[0] for name, error in errors.items()} == {
        "html": "not_html", "huge": "too_large", "zip": "not_html", "500": "http_status", "404": "http_status",
        "closed": "connection", "circle": "blocked", "empty": "input",
    }  # fmt: skip
    assert len(report.articles) == 1
    again = run([*bad, good], store, opened(site))
    assert {result.failing for result in again.sources if result.error} == {2}


def test_what_failed_is_tried_in_three_rounds_and_what_is_no_article_once(store, site, run):
    items = articles(site, PLACES[:1])
    items += [(f"Lapas {n} Gelar Pelatihan", f"{site.root}/2025/{n}/lapas-gelar-pelatihan", "") for n in ("500", "pdf")]
    site.give("/2025/500/lapas-gelar-pelatihan", response(b"", "500 Oops"))
    site.give("/2025/pdf/lapas-gelar-pelatihan", response(b"%PDF-1.7"))
    url = feed(site, items)
    reports = [run([source(url)], store, opened(site)) for _ in range(5)]
    assert [[(failure.code, failure.again) for failure in report.failures] for report in reports] == [
        [("http_status", True), ("not_html", False)] if reports[0].failures[0].code == "http_status"
        else [("not_html", False), ("http_status", True)],
        [("http_status", True)], [("http_status", False)], [], [],
    ]  # fmt: skip
    assert [report.waiting for report in reports] == [1, 1, 0, 0, 0]
    assert asked(site).count("/2025/500/lapas-gelar-pelatihan") == 3
    assert asked(site).count("/2025/pdf/lapas-gelar-pelatihan") == 1


def test_an_article_that_comes_back_is_read(store, site, run):
    ((title, url, day),) = articles(site, PLACES[:1])
    good = site.answers["/2025/10/lapas-ngawi-gelar-pelatihan"]
    site.give("/2025/10/lapas-ngawi-gelar-pelatihan", response(b"", "503 Busy"))
    rss = feed(site, [(title, url, day)])
    assert run([source(rss)], store, opened(site)).waiting == 1
    site.answers["/2025/10/lapas-ngawi-gelar-pelatihan"] = good
    feed(site, [])  # the feed has moved on; the store has not
    report = run([source(rss)], store, opened(site))
    assert (len(report.articles), report.waiting) == (1, 0)


def test_a_site_that_does_not_answer_is_left_alone_after_three_articles(store, site, other, run):
    items = [(f"Lapas {n} Gelar Pelatihan", f"{site.root}/2025/{n}/lapas-gelar-pelatihan", "") for n in range(20)]
    for n in range(20):
        site.give(f"/2025/{n}/lapas-gelar-pelatihan", b"")
    url = feed(other, [*items, *articles(other, PLACES[:1])])
    report = run([source(url)], store, opened(site, other))
    assert (len(report.failures), report.waiting, len(report.articles)) == (3, 20, 1)


def test_only_so_many_articles_of_one_source_are_taken_in_a_round(store, site, run, monkeypatch):
    monkeypatch.setattr(rounds, "MOST_NEW", 2)
    url = feed(site, articles(site, PLACES[:3], "Sun, 12 Oct 2025") + articles(site, PLACES[3:5]))
    found = [{Path(new.url).name for new in run([source(url)], store, opened(site)).articles} for _ in range(4)]
    assert found[0] == {"lapas-kendal-gelar-pelatihan", "lapas-pati-gelar-pelatihan"}
    assert [len(some) for some in found] == [2, 2, 1, 0]


def test_a_list_that_did_not_change_is_not_sent_again(store, site, run, tmp_path):
    items = articles(site, PLACES[:2])
    body = feed_body(items)

    def answer():
        if any(b"If-None-Match: x" in request for request in site.requests[-1:]):
            yield response(b"", "304 Not Modified", ETag="x")
        else:
            yield response(body, ETag="x", **XML)

    url = site.stream("/feed", answer)
    policy = opened(site, cache_dir=tmp_path / "cache")
    assert len(run([source(url)], store, policy).articles) == 2
    sent = site.sent
    report = run([source(url)], store, policy)
    assert (report.sources[0].listed, report.sources[0].new, len(asked(site))) == (2, 0, 2)
    assert site.sent - sent < 200
    assert len(list((tmp_path / "cache").iterdir())) == 1  # the list alone; articles are asked for once


def feed_body(items):
    body = "".join(f"<item><title>{title}</title><link>{link}</link></item>" for title, link, _ in items)
    return f"<rss><channel>{body}</channel></rss>".encode()


def test_sites_are_asked_beside_each_other_and_each_in_turn(store, site, other, run):
    active, most, both = {site: 0, other: 0}, {site: 0, other: 0}, []

    def slow(server, place):
        def answer():
            active[server] += 1
            most[server] = max(most[server], active[server])
            both.append(active[site] and active[other])
            time.sleep(0.1)
            yield response(article(place))
            active[server] -= 1

        return answer

    sources = []
    for server in (site, other):
        items = articles(server, PLACES[:4])
        for place in PLACES[:4]:
            server.stream(f"/2025/10/lapas-{place.lower()}-gelar-pelatihan", slow(server, place))
        sources.append(source(feed(server, items), name=server.root))
    report = run(sources, store, opened(site, other))
    assert len(report.articles) == 8
    assert list(most.values()) == [1, 1]
    assert any(both)


def test_a_store_that_cannot_be_written_ends_the_round(tmp_path, site, run, monkeypatch):
    url = feed(site, articles(site, PLACES[:3]))
    with Store.open(tmp_path / "store.sqlite") as store:

        def full(*_):
            raise StoreError("the disk is full")

        monkeypatch.setattr(store, "save", full)
        with pytest.raises(StoreError, match="full"):
            run([source(url)], store, opened(site))
        monkeypatch.undo()
        assert len(waiting(store)) == 3
        assert len(run([source(url)], store, opened(site)).articles) == 3


def test_one_round_at_a_time(store, address):
    with Store.open(address) as second:
        with alone(store.engine) as first:
            assert first
            with alone(second.engine) as mine:
                assert not mine
        with alone(second.engine) as mine:
            assert mine


SCRIPT = """
import sys
sys.path.insert(0, "tests/extractor/fetching")
from ipaddress import ip_network
import extractor
from corpus.monitoring.monitor import monitor
from corpus.monitoring.sources import Source
from corpus.store import Store
from extractor.article.worker import SafeReader
from extractor.fetching import Policy
if __name__ == "__main__":
    policy = Policy(networks=(ip_network("127.0.0.1/32"),), ports=frozenset({int(sys.argv[3])}), pause=0, robots=False)
    with Store.open(sys.argv[1]) as store, SafeReader() as pages:
        monitor([Source(name="satu", kind="feed", url=sys.argv[2])], store, extractor.load("none"), pages, policy)
"""


def test_a_round_that_is_killed_leaves_nothing_out_and_nothing_twice(store, address, site, run, tmp_path):
    script = tmp_path / "round.py"
    script.write_text(SCRIPT)
    items = articles(site, PLACES)
    reached, go_on = threading.Event(), threading.Event()

    def hanging():
        reached.set()
        go_on.wait(30)
        yield b""

    last = site.answers["/2025/10/lapas-demak-gelar-pelatihan"]
    site.stream("/2025/10/lapas-demak-gelar-pelatihan", hanging)
    url = feed(site, items)
    command = [sys.executable, str(script), address, url, str(site.port)]
    with subprocess.Popen(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}) as process:
        assert reached.wait(60)
        process.send_signal(signal.SIGKILL)
    go_on.set()
    before = texts(store)[0]
    assert len(waiting(store)) == 6 - before > 0
    site.answers["/2025/10/lapas-demak-gelar-pelatihan"] = last
    report = run([source(url)], store, opened(site))
    assert len(report.articles) == 6 - before
    assert tuple(texts(store)) == (6, 6)
    counts = {path: asked(site).count(path) for path in asked(site)}
    assert counts.pop("/2025/10/lapas-demak-gelar-pelatihan") == 2
    assert set(counts.values()) == {1}
