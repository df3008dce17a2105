"""Every outlet's and theme's fixture page against its expected record; adding one is a file and a fixture."""

import json
import re
import zlib
from collections import Counter
from pathlib import Path

import pytest

from extractor.article import read_html
from extractor.article.publishers import all_publishers, of_host

FIXTURES = Path(__file__).parent / "fixtures"
KEYS = sorted(path.stem for path in FIXTURES.glob("*.html"))


def shingles(text):
    words = re.findall(r"\w+", text.casefold())
    return Counter(zip(*(words[i:] for i in range(4)), strict=False))


def f1(gold, text):
    a, b = shingles(gold), shingles(text)
    return 2 * sum((a & b).values()) / max(a.total() + b.total(), 1)


@pytest.mark.parametrize("with_url", [True, False], ids=["url", "no-url"])
@pytest.mark.parametrize("key", KEYS)
def test_fixture(key, with_url):
    expected = json.loads((FIXTURES / f"{key}.json").read_text("utf-8"))
    article = read_html((FIXTURES / f"{key}.html").read_bytes(), expected["url"] if with_url else None)

    assert article.title == expected["title"]
    assert article.status == expected["status"]
    assert article.canonical_url == expected["url"]
    assert f1("\n".join(expected["body"]), article.text) >= 0.98, article.text
    if with_url:
        assert article.published.isoformat() == expected["published"]
        if expected["publisher"]:
            assert article.publisher == expected["publisher"]
    else:
        assert article.published.isoformat()[:10] == expected["published"][:10]
    for field in ("author", "editor"):
        if expected[field] and with_url:
            assert getattr(article, field) == expected[field]


@pytest.mark.parametrize("key", KEYS)
def test_fixture_without_its_class_names(key):
    """The generic way has to do nearly as well: with scrambled classes and ids no layout and no word helps."""
    expected = json.loads((FIXTURES / f"{key}.json").read_text("utf-8"))
    html = re.sub(r'(class|id)="([^"]*)"', scrambled, (FIXTURES / f"{key}.html").read_text("utf-8"))
    article = read_html(html)

    assert article.title == expected["title"]
    assert f1("\n".join(expected["body"]), article.text) >= 0.94, article.text


def scrambled(match):
    names = (f"c{zlib.crc32(name.encode()):x}" for name in match[2].split())
    return f'{match[1]}="{" ".join(names)}"'


def test_every_publisher_has_a_fixture():
    assert {publisher.key for publisher in all_publishers()} <= set(KEYS)
    assert len(all_publishers()) >= 20


def test_subdomains_belong_to_their_outlet():
    assert of_host("https://kaltim.tribunnews.com/2025/x").key == "tribunnews"
    assert of_host("https://radarmalang.jawapos.com/x").key == "promedia"
    assert of_host("https://notkompas.com/x") is None
    assert of_host("http://[broken") is None
