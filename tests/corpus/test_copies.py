"""Copies are found whole, changed or abridged, within a week; what only shares phrases is none."""

import datetime as dt
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.copies import WINDOW, Text, find_copies

DAY = dt.date(2025, 3, 3)
WORDS = [f"kata{n}" for n in range(400)]


def words(seed, number=200):
    return random.Random(seed).choices(WORDS, k=number)


def text(article, body, day=DAY):
    return Text(article, day, "Judul", " ".join(body))


def found(*texts):
    ordered = sorted(texts, key=lambda t: (t.day or dt.date.min, t.article))
    return {(copy.article, copy.of) for copy in find_copies(ordered)}


def test_a_copy_with_trivial_edits_is_found():
    body = words(1)
    edited = [f"x{word}" if n % 15 == 0 else word for n, word in enumerate(body)]
    assert found(text("a", body), text("b", edited, DAY + dt.timedelta(1))) == {("b", "a")}


def test_an_abridgement_is_a_copy_of_the_longer_one():
    body = words(1)
    assert found(text("a", body[:80]), text("b", body)) == {("a", "b")}


def test_the_earlier_is_the_original_even_if_it_is_shorter():
    body = words(1)
    assert found(text("a", body[:120]), text("b", body, DAY + dt.timedelta(2))) == {("b", "a")}


def test_articles_that_share_a_quote_are_no_copies():
    quote = words(9, 40)
    assert not found(text("a", words(1) + quote), text("b", words(2) + quote))


def test_a_caption_is_no_copy_of_an_article():
    body = words(1)
    assert not found(text("a", body), text("b", body[:8]))


def test_the_same_text_after_more_than_a_week_is_none():
    body = words(1)
    assert found(text("a", body), text("b", body, DAY + WINDOW)) == {("b", "a")}
    assert not found(text("a", body), text("b", body, DAY + WINDOW + dt.timedelta(1)))


def test_an_article_without_a_day_is_compared_with_all():
    body = words(1)
    assert found(text("a", body), text("b", body, None), text("c", body, DAY + dt.timedelta(400))) == {
        ("b", "a"),
        ("b", "c"),
    }


def test_case_and_punctuation_do_not_matter():
    body = words(1)
    assert found(text("a", body), Text("b", DAY, "JUDUL", ", ".join(body).upper())) == {("b", "a")}


def test_what_is_empty_is_no_copy():
    assert not found(Text("a", DAY, "", ""), Text("b", DAY, "", ""))


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(6)))
def test_the_order_within_a_day_does_not_matter(order):
    body, other = words(1), words(2)
    texts = [text(str(n), (body, body[:90], other, other[20:], words(3), body[100:])[n]) for n in range(6)]
    pairs = {(c.article, c.of) for c in find_copies([texts[n] for n in order])}
    assert pairs == {("1", "0"), ("5", "0"), ("3", "2")}
