"""An article over several pages: joined, whole where the outlet offers it, cut where a page cannot be had."""

import datetime as dt

import pytest

import extractor.visit
from extractor.errors import FetchError
from extractor.fetching import Page, Policy
from extractor.visit import visit

LINKS = '<a href="/a?page=2">2</a><a href="/a?page=3">3</a>'


def paragraph(number):
    return (
        f"Alinea ke-{number} bercerita panjang tentang pelatihan menjahit di dalam lapas bersama para pengajarnya. " * 3
    )


@pytest.fixture
def site(monkeypatch):
    """Serve pages from a dict of address to body text or error; returns what was asked for."""
    asked = []

    def serve(pages):
        def fetch(url, policy):
            asked.append((url, policy.deadline))
            found = pages[url]
            if isinstance(found, Exception):
                raise found
            body = "".join(f"<p>{text}</p>" for text in found)
            html = f"<html><head><title>Judul</title></head><body><h1>Judul</h1><article>{body}</article>{LINKS}</body></html>"
            return Page(url, url, 200, "text/html", "utf-8", html.encode(), dt.datetime(2025, 1, 1, tzinfo=dt.UTC))

        monkeypatch.setattr(extractor.visit, "fetch", fetch)
        return asked

    return serve


def texts(article):
    return [p.split()[1] for p in article.text.split("\n\n")]


def test_pages_are_joined_in_order_and_what_they_repeat_stands_once(site):
    site(
        {
            "https://kabar.example/a": [paragraph(1), paragraph(9)],
            "https://kabar.example/a?page=2": [paragraph(2), paragraph(9)],
            "https://kabar.example/a?page=3": [paragraph(3)],
        }
    )
    article = visit("https://kabar.example/a")
    assert texts(article) == ["ke-1", "ke-9", "ke-2", "ke-3"]
    assert not article.truncated
    assert article.url == "https://kabar.example/a"


def test_the_whole_article_on_one_page_replaces_its_parts(site):
    url = "https://www.kompas.com/a"
    asked = site({url: [paragraph(1)], f"{url}?page=all": [paragraph(1), paragraph(2)]})
    assert texts(visit(url)) == ["ke-1", "ke-2"]
    assert [address for address, _ in asked] == [url, f"{url}?page=all"]


def test_a_page_that_cannot_be_had_leaves_the_article_cut(site):
    url = "https://kabar.example/a"
    site({url: [paragraph(1)], f"{url}?page=2": FetchError(url, "it is down")})
    article = visit(url)
    assert texts(article) == ["ke-1"]
    assert article.truncated


def test_all_pages_share_one_deadline(site):
    url = "https://kabar.example/a"
    asked = site({url: [paragraph(1)], f"{url}?page=2": [paragraph(2)], f"{url}?page=3": [paragraph(3)]})
    visit(url, Policy(deadline=7.0))
    assert asked[0][1] == 7.0
    assert 7.0 > asked[1][1] > asked[2][1] > 0
    asked.clear()
    assert visit(url, Policy(deadline=0.0)).truncated
    assert len(asked) == 1


def test_the_first_page_must_be_had(site):
    url = "https://kabar.example/a"
    site({url: FetchError(url, "it is down")})
    with pytest.raises(FetchError):
        visit(url)
