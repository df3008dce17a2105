"""Hosts and syntax: refused by their words, before any packet."""

from __future__ import annotations

import re
import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.errors import BlockedError, InputError
from extractor.fetching import Accept, Policy, check_url, fetch

HOSTS = [
    "127.0.0.1",
    "127.1",
    "0",
    "2130706433",
    "0177.0.0.1",
    "0x7f.0.0.1",
    "0x7f000001",
    "127.0.0.1.",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::7f00:1]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::1]",
    "[fe80::1%25eth0]",
    "[fec0::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "[::ffff:0:7f00:1]",
    "[4000::1]",
    "169.254.169.254",
    "100.100.100.200",
    "192.0.0.192",
    "168.63.129.16",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "224.0.0.1",
    "255.255.255.255",
    "①②⑦.0.0.1",
    "127。0。0。1",
    "ⓁⓄⒸⒶⓁⒽⓄⓈⓉ",
    "localhost",
    "localhost.",
    "LOCALHOST",
    "a.localhost",
    "metadata.google.internal",
    "metadata",
    "router.lan",
    "printer.local",
    "1.0.0.127.in-addr.arpa",
    "%31%32%37.0.0.1",
    "xn--",
    "xn--.com",
    "a..b.com",
    "-a.com-",
    "kompas.com%00.internal",
]

URLS = [
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_",
    "data:text/html,x",
    "ftp://kompas.com/",
    "javascript:alert(1)",
    "//127.0.0.1",
    "http:///127.0.0.1",
    "http:127.0.0.1",
    "kompas.com",
    "kompas.com@127.0.0.1",
    "http://kompas.com@127.0.0.1/",
    "http://user:secret@kompas.com/",
    "http://@kompas.com/",
    "http://169.254.169.254#@kompas.com",
    "http://127.0.0.1\\@kompas.com/",
    "http://kompas.com\\.internal/",
    "http://kompas.com:22/",
    "http://kompas.com:0/",
    "http://kompas.com:99999/",
    "http://kompas.com:-1/",
    "http://kompas.com:8o/",
    "http://kom\tpas.com/",
    "http://kompas.com/\r\nX-Evil: 1",
    "http://kompas.com/a b",
    "http://" + "a" * 64 + ".com/",
    "http://" + "a." * 130 + "com/",
    "http://kompas.com/" + "a" * 9000,
    "http://[::1/",
    "http://\ud800.com/",
    "http://kompas.com/\ud800",
    "http://?x",
    "https://",
]


@pytest.mark.parametrize("url", [f"{scheme}://{host}/" for host in HOSTS for scheme in ("http", "https")] + URLS)
def test_refused_without_a_packet(url, dialed, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: pytest.fail("a look-up"))
    with pytest.raises(BlockedError):
        check_url(url)
    with pytest.raises(BlockedError) as caught:
        fetch(url)
    assert dialed == []
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 700


@pytest.mark.parametrize("url", ["", "  ", "\n"])
def test_an_empty_url_is_wrong_input(url):
    with pytest.raises(InputError):
        fetch(url)


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("https://www.kompas.com/a?page=all#x", "https://www.kompas.com/a?page=all"),
        ("HTTP://Kompas.COM.:80", "http://kompas.com/"),
        ("https://kompas.com/berita é?q=ü/%20", None),
        ("https://kompas.com/é?q=ü%20", "https://kompas.com/%C3%A9?q=%C3%BC%20"),
        ("https://bücher.de/", "https://xn--bcher-kva.de/"),
        ("https://8.8.8.8:8443/x", "https://8.8.8.8:8443/x"),
        ("https://[2a00:1450:4001::1]/", "https://[2a00:1450:4001::1]/"),
    ],
)
def test_public_addresses_in_their_normal_form(url, normal):
    if normal is None:
        with pytest.raises(BlockedError):
            check_url(url)
    else:
        assert check_url(url) == normal
        assert check_url(normal) == normal


def test_the_default_policy_cannot_reach_the_test_server(site, dialed):
    with pytest.raises(BlockedError):
        fetch(site.give("/", b""), Policy(ports=frozenset({site.port})))
    assert dialed == []
    assert site.asked == []


@pytest.mark.parametrize(
    "document",
    [
        "<rss><channel><item><link>http://10.0.0.1/a</link></item></channel></rss>",
        "<urlset><url><loc>http://169.254.169.254/</loc></url></urlset>",
        '<link rel="canonical" href="http://intranet.internal/">',
        '<link rel="amphtml" href="http://[::1]/amp">',
        "<sitemapindex><sitemap><loc>file:///etc/passwd</loc></sitemap></sitemapindex>",
    ],
    ids=["feed", "sitemap", "canonical", "amp", "sitemap index"],
)
def test_links_found_elsewhere_are_judged_the_same(document, dialed):
    (link,) = re.findall(r"(?:http|file):[^<\"]+", document)
    with pytest.raises(BlockedError):
        check_url(link)
    with pytest.raises(BlockedError):
        fetch(link, accept=Accept.FEED)
    assert dialed == []


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_refused_or_normal(text):
    for url in (text, f"http://{text}", f"https://kompas.com/{text}"):
        try:
            normal = check_url(url)
        except (BlockedError, InputError):
            continue
        assert normal.isascii()
        assert normal.startswith(("http://", "https://"))
