"""Manners: robots.txt, one connection and a pause a host, Retry-After, asking only for what changed, TLS."""

from __future__ import annotations

import datetime as dt
import ssl
import threading
import time
from email.utils import format_datetime

import pytest
import trustme
from hypothesis import given, settings
from hypothesis import strategies as st
from local_servers import PAGE, opened, redirect, response

from extractor.errors import BlockedError, HttpStatusError, RobotsError, TimedOutError, TlsError
from extractor.fetching import connection, fetch
from extractor.fetching.fetch import _retry_after


def robots(site, text, **headers):
    site.give("/robots.txt", response(text.encode(), Content_Type="text/plain", **headers))


def test_robots_txt_is_read_once_and_respected(site):
    robots(site, "User-agent: *\nDisallow: /admin\n\nUser-agent: pembinaan\nDisallow: /private\n")
    for path in ("/private/a", "/admin", "/ok"):
        site.give(path, response())
    policy = opened(site, robots=True)
    with pytest.raises(RobotsError):
        fetch(f"{site.root}/private/a", policy)
    fetch(f"{site.root}/admin", policy)
    fetch(f"{site.root}/ok", policy)
    assert site.asked == ["/robots.txt", "/admin", "/ok"]
    assert all(b"User-Agent: pembinaan/" in request for request in site.requests)


@pytest.mark.parametrize("status", ["404 Not Found", "403 Forbidden", "429 Too Many"])
def test_a_refused_robots_txt_allows_all(site, status):
    site.give("/robots.txt", response(b"Disallow: /", status))
    assert fetch(site.give("/", response()), opened(site, robots=True)).body == PAGE


@pytest.mark.parametrize(
    "raw",
    [
        response(b"", "500 Oops"),
        response(b"", "503 Busy"),
        b"",
        b"garbage\r\n\r\n",
        response(b"x", Content_Length="99"),
        redirect("/robots.txt?again"),
    ],
    ids=["500", "503", "closed", "garbage", "cut", "redirects"],
)
def test_an_unreachable_robots_txt_forbids_all(site, raw):
    site.give("/robots.txt", raw)
    site.give("/robots.txt?again", raw)
    with pytest.raises(RobotsError):
        fetch(site.give("/", response()), opened(site, robots=True, deadline=2.0))
    assert site.pages() in ([], ["/robots.txt?again"] * 5)


def test_robots_txt_elsewhere_is_followed_under_the_same_guard(site, other, dialed):
    site.give("/robots.txt", redirect(f"{other.root}/rules"))
    other.give("/rules", response(b"User-agent: *\nDisallow: /", Content_Type="text/plain"))
    with pytest.raises(RobotsError):
        fetch(site.give("/", response()), opened(site, other, robots=True))
    other.give("/robots.txt", redirect("http://10.0.0.1/robots.txt"))
    with pytest.raises(BlockedError):
        fetch(other.give("/", response()), opened(site, other, robots=True))
    assert {host for host, _ in dialed} == {"127.0.0.1"}


def test_a_huge_robots_txt_is_read_to_its_first_500_kib(site):
    robots(site, "User-agent: *\nDisallow: /early\n" + "# filler\n" * 60000 + "Disallow: /late\n")
    policy = opened(site, robots=True)
    site.give("/late", response())
    fetch(f"{site.root}/late", policy)
    with pytest.raises(RobotsError):
        fetch(f"{site.root}/early", policy)


def test_a_hostile_robots_txt_costs_little_time(site):
    robots(site, "User-agent: *\n" + "Disallow: /" + "*a" * 20000 + "$\n" + "Allow: /*a*a*a*b$\n" * 20000)
    began = time.monotonic()
    site.give("/" + "a" * 4000, response())
    fetch(f"{site.root}/{'a' * 4000}", opened(site, robots=True, deadline=15.0))
    assert time.monotonic() - began < 10


def test_a_crawl_delay_is_waited_for_or_refused_at_once(site):
    robots(site, "User-agent: *\nCrawl-delay: 1\n")
    site.give("/", response())
    policy = opened(site, robots=True)
    fetch(f"{site.root}/", policy)
    began = time.monotonic()
    fetch(f"{site.root}/", policy)
    assert time.monotonic() - began >= 0.7
    with pytest.raises(TimedOutError, match="left alone"):
        fetch(f"{site.root}/", opened(site, robots=True, deadline=0.5))


def test_one_connection_a_host(site):
    active, most = [], []

    def page():
        active.append(1)
        most.append(len(active))
        time.sleep(0.05)
        active.pop()
        yield response()

    url = site.stream("/", page)
    threads = [threading.Thread(target=fetch, args=(url, opened(site))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 5


def test_a_pause_between_pages_but_not_within_a_redirect(site):
    site.give("/a", redirect("/b"))
    site.give("/b", response())
    policy = opened(site, pause=1.5)
    began = time.monotonic()
    fetch(f"{site.root}/a", policy)
    assert time.monotonic() - began < 1.4
    fetch(f"{site.root}/b", policy)
    assert time.monotonic() - began >= 1.5


def busy_once(site, first):
    def answers():
        yield first if len(site.asked) == 1 else response()

    return site.stream("/", answers)


@pytest.mark.parametrize("first", [response(b"", "503 Busy", Retry_After="0"), response(b"", "429 Slow"), b""])
def test_a_busy_site_is_asked_again(site, first):
    assert fetch(busy_once(site, first), opened(site, attempts=3)).body == PAGE
    assert site.asked == ["/", "/"]


def test_retry_after_is_waited_for(site):
    began = time.monotonic()
    fetch(busy_once(site, response(b"", "503 Busy", Retry_After="1")), opened(site, attempts=2))
    assert time.monotonic() - began >= 1


@pytest.mark.parametrize("kind", ["seconds", "date"])
def test_a_retry_after_past_the_deadline_is_told_at_once(site, kind):
    began = time.monotonic()
    hence = format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(hours=1), usegmt=True)
    after = "3600" if kind == "seconds" else hence
    with pytest.raises(HttpStatusError) as caught:
        fetch(busy_once(site, response(b"", "429 Slow", Retry_After=after)), opened(site, attempts=3))
    assert time.monotonic() - began < 2
    assert caught.value.retry_after == pytest.approx(3600, abs=120)
    assert site.asked == ["/"]


def test_a_page_that_did_not_change_comes_from_the_cache(site, tmp_path):
    url = site.give("/", response(ETag='"1"', Last_Modified="Mon, 02 Jun 2025 01:00:00 GMT"))
    policy = opened(site, cache_dir=tmp_path / "pages")
    first = fetch(url, policy)
    site.give("/", b"HTTP/1.1 304 Not Modified\r\n\r\n")
    again = fetch(url, policy)
    assert (again.body, again.charset, again.final_url) == (PAGE, "utf-8", first.final_url)
    assert again.fetched_at > first.fetched_at
    assert b'If-None-Match: "1"' in site.requests[1]
    assert b"If-Modified-Since: Mon, 02 Jun 2025" in site.requests[1]
    site.give("/", response(b"<p>new</p>", ETag='"2"'))
    assert fetch(url, policy).body == b"<p>new</p>"


def test_what_may_not_be_kept_or_was_damaged_is_asked_for_whole(site, tmp_path):
    policy = opened(site, cache_dir=tmp_path)
    fetch(site.give("/", response(ETag='"1"', Cache_Control="no-store")), policy)
    assert list(tmp_path.iterdir()) == []
    fetch(site.give("/", response(ETag='"1"')), policy)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:-3])
    fetch(f"{site.root}/", policy)
    assert b"If-None-Match" not in site.requests[2]


def test_a_cache_that_cannot_be_written_does_not_cost_the_page(site, tmp_path, caplog):
    folder = tmp_path / "file"
    folder.write_text("not a folder")
    assert fetch(site.give("/", response(ETag='"1"')), opened(site, cache_dir=folder)).body == PAGE
    assert "could not be kept" in caplog.text


def test_a_tag_that_no_request_can_carry_is_not_sent(site, tmp_path):
    policy = opened(site, cache_dir=tmp_path)
    url = site.give("/", response(ETag='"é"', Last_Modified="Mon, 02 Jun 2025 01:00:00 GMT"))
    fetch(url, policy)
    assert fetch(url, policy).body == PAGE
    assert b"If-None-Match" not in site.requests[1]
    assert b"If-Modified-Since" in site.requests[1]


@settings(deadline=None)
@given(st.text(max_size=40) | st.datetimes().map(format_datetime))
def test_any_retry_after_is_seconds_or_nothing(value):
    seconds = _retry_after({"retry-after": value})
    assert seconds is None or seconds >= 0


def test_no_proxy_of_the_environment_and_no_cookie(site, other, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, other.root)
    url = site.give("/", response(Set_Cookie="a=b"))
    fetch(url, opened(site))
    fetch(url, opened(site))
    assert other.asked == []
    assert b"cookie" not in b"".join(site.requests).lower()


@pytest.fixture
def secure(site):
    """The site behind TLS with a certificate for 127.0.0.1 of an authority that nobody knows."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    site._server.socket = context.wrap_socket(site._server.socket, server_side=True)
    site.root = site.root.replace("http:", "https:")
    return authority


def test_an_unknown_certificate_is_refused(site, secure):
    with pytest.raises(TlsError):
        fetch(site.give("/", response()), opened(site))
    assert site.asked == []


def test_a_known_certificate_is_accepted_for_its_name_only(site, secure, names, monkeypatch):
    context = ssl.create_default_context()
    secure.configure_trust(context)
    monkeypatch.setattr(connection, "_tls", lambda: context)
    assert fetch(site.give("/", response()), opened(site)).body == PAGE
    names.names["situs.com"] = [["situs.com 60 A 127.0.0.1"]]
    with pytest.raises(TlsError):
        fetch(f"https://situs.com:{site.port}/", opened(site, resolver=names.resolver()))


def test_a_server_without_tls_is_refused(site):
    site.serve = lambda _, out: out.write(response())
    with pytest.raises(TlsError):
        fetch(f"https://127.0.0.1:{site.port}/", opened(site))
