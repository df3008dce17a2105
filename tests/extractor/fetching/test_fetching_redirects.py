"""Redirects: each target judged like the first URL, bodies never read."""

from __future__ import annotations

import gzip

import pytest
from local_servers import PAGE, opened, redirect, response

from extractor.errors import BlockedError, ConnectionFailedError, FetchError
from extractor.fetching import fetch


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:22/",
        "http://localhost/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "//10.0.0.1/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_",
        "http://user@kompas.com/",
        "http://[::1",
        "\\\\10.0.0.1\\share",
        "http://kompas.com:99999/",
    ],
)
def test_a_forbidden_target_is_never_dialed(site, dialed, target):
    url = site.give("/", redirect(target))
    with pytest.raises(FetchError):
        fetch(url, opened(site))
    assert set(dialed) == {("127.0.0.1", site.port)}
    assert len(dialed) <= 2  # a relative reading of the target may stay on the site


def test_followed_by_hand_to_the_page(site, other):
    site.give("/", redirect(f"{other.root}/berita"))
    other.give("/berita", redirect("sini?x=1", "308 Permanent Redirect"))
    other.give("/sini?x=1", response())
    page = fetch(f"{site.root}/", opened(site, other))
    assert (page.url, page.final_url, page.body) == (f"{site.root}/", f"{other.root}/sini?x=1", PAGE)


def test_a_circle_is_seen_at_once(site):
    site.give("/a", redirect("/b"))
    site.give("/b", redirect("/a"))
    with pytest.raises(BlockedError, match="circle"):
        fetch(f"{site.root}/a", opened(site))
    assert site.asked == ["/a", "/b"]


def test_five_hops_are_followed_and_six_are_not(site):
    for n in range(6):
        site.give(f"/{n}", redirect(f"/{n + 1}"))
    site.give("/6", response())
    assert fetch(f"{site.root}/1", opened(site)).final_url == f"{site.root}/6"
    with pytest.raises(BlockedError, match="more than 5"):
        fetch(f"{site.root}/0", opened(site))


def test_the_body_of_a_redirect_is_not_read(site):
    bomb = gzip.compress(bytes(2**20)) * 8

    def endless():
        yield b"HTTP/1.1 302 Found\r\nLocation: /page\r\nContent-Encoding: gzip\r\n"
        yield b"Transfer-Encoding: chunked\r\n\r\n"
        while site.sent < 2**28:
            yield b"%x\r\n%b\r\n" % (len(bomb), bomb)

    site.stream("/", endless)
    site.give("/page", response())
    assert fetch(f"{site.root}/", opened(site)).body == PAGE
    assert site.sent < 2**24  # what fits into the buffers of two sockets


def test_a_redirect_without_a_target_is_an_error(site):
    with pytest.raises(ConnectionFailedError):
        fetch(site.give("/", response(b"", "302 Found")), opened(site))
