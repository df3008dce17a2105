"""Where the other pages of an article are."""

import pytest
from bs4 import BeautifulSoup

from extractor.article.pages import MAX_PAGES, all_pages_url, next_pages


def pages_of(html, url):
    return next_pages(BeautifulSoup(html, "lxml"), url)


@pytest.mark.parametrize(
    ("url", "whole"),
    [
        ("https://regional.kompas.com/read/2025/a", "https://regional.kompas.com/read/2025/a?page=all"),
        ("https://regional.kompas.com/read/2025/a?page=2#x", "https://regional.kompas.com/read/2025/a?page=all"),
        ("https://kaltim.tribunnews.com/2025/a", "https://kaltim.tribunnews.com/2025/a?page=all"),
        ("https://www.detik.com/jatim/a", "https://www.detik.com/jatim/a?single=1"),
        ("https://daerah.sindonews.com/read/1/a", "https://daerah.sindonews.com/read/1/a?showpage=all"),
        ("https://jatim.inews.id/berita/a", "https://jatim.inews.id/berita/a/all"),
        ("https://jatim.inews.id/berita/a/all", None),
        ("https://www.kompas.com/a?page=all", None),
        ("https://kabar.example/a", None),
    ],
)
def test_all_pages_url(url, whole):
    assert all_pages_url(url) == whole


def test_next_pages_are_of_the_same_article_only():
    html = """<a href="?page=2">2</a><a href="?page=3">3</a><a href="?page=2">Selanjutnya</a><a href="/b?page=2">2</a>
    <a href="http://10.0.0.1/a?page=4">4</a><a href="javascript:next()">Next</a><a href="http://[x">5</a>
    <link rel="next" href="https://kabar.example/a?page=2"><a href="/tag/2">2</a>"""
    assert pages_of(html, "https://kabar.example/a") == [
        "https://kabar.example/a?page=2",
        "https://kabar.example/a?page=3",
    ]


def test_next_pages_are_limited():
    html = "".join(f'<a href="/a/{i}">{i}</a>' for i in range(1, 90))
    assert len(pages_of(html, "https://kabar.example/a")) == MAX_PAGES


def test_an_outlet_that_has_all_on_one_page():
    assert pages_of('<a href="?page=2">2</a>', "https://www.kompas.com/a") == ["https://www.kompas.com/a?page=all"]
