"""The record page: highlighted, self-contained, and deaf to what an article tries to say to a browser."""

import html
import re
from typing import get_args

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from made_record import TEXT, TITLE, make_record

from corpus.evaluation import score
from corpus.matching import SLOTS
from extractor.errors import InputError
from extractor.schema import Group, Status
from service.highlight import Span, paragraphs
from service.labels import GROUP_LABELS, SLOT_LABELS, STATUS_LABELS
from service.render import record_page, report_page

ATTACK = '</p><script>alert(1)</script><img src=x onerror="alert(1)"><style>*{}</style>{{ 7*7 }}'


def read(page):
    return BeautifulSoup(page, "lxml")


def test_every_slot_is_marked_in_its_color_and_linked(record):
    page = read(record_page(record))
    for slot in SLOT_LABELS:
        assert page.select(f"article mark.{slot}"), slot
        assert page.select(f"aside .slot.{slot} .value"), slot
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))
    assert {link["href"] for link in page.select("aside a")} == {f"#{name}" for name in ids}


def test_the_article_is_shown_whole_and_the_marks_are_the_evidence(record):
    page = read(record_page(record))
    assert page.select_one("article h1").get_text() == TITLE
    assert "\n\n".join(tag.get_text() for tag in page.select(".body p")) == TEXT
    marked = {tag.get_text() for tag in page.select("mark")}
    assert {"Dewi Lestari", "membuat dimsum", "Membuat Dimsum", "Senin (13/10/2025)"} <= marked


def test_untrusted_text_is_inert():
    page = record_page(make_record(title=ATTACK + TITLE, text=TEXT + ATTACK, warnings=[ATTACK]))
    parsed = read(page)
    assert not parsed.select("script, img, iframe, object, embed, form, base")
    assert len(parsed.select("style")) == 1
    assert "49" not in parsed.get_text()
    assert ATTACK in parsed.select_one("h1").get_text()
    assert not [key for tag in parsed.find_all(recursive=True) for key in tag.attrs if key.startswith("on")]


def test_nothing_is_loaded_and_the_policy_allows_only_the_own_style(record):
    page = record_page(record)
    policy = read(page).select_one('meta[http-equiv="Content-Security-Policy"]')["content"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert not re.findall(r"https?://|url\(|@import|\bsrc=| style=", page)


def test_an_article_without_program_says_so():
    page = record_page(make_record(status="not_relevant", programs=[], relevance=0.02))
    assert "No training of residents" in page


def test_without_text_there_is_no_page(record):
    record.article.text = None
    with pytest.raises(InputError, match="text"):
        record_page(record)


def test_overlapping_spans_share_a_piece():
    spans = [Span(0, 10, "participants"), Span(8, 14, "skills"), Span(2, 4, "date")]
    pieces = paragraphs("abcdefghijklmnop", spans)[0]
    assert [(piece.text, piece.slots) for piece in pieces] == [
        ("ab", ["participants"]),
        ("cd", ["date", "participants"]),
        ("efgh", ["participants"]),
        ("ij", ["skills", "participants"]),
        ("klmn", ["skills"]),
        ("op", []),
    ]


@given(
    st.text(),
    st.lists(st.builds(Span, st.integers(0, 40), st.integers(0, 60), st.sampled_from([*SLOT_LABELS]))),
)
def test_pieces_lose_no_character(text, spans):
    shown = [piece for line in paragraphs(text, spans) for piece in line]
    assert "".join(piece.text for piece in shown) == text.replace("\n", "")
    assert all(text[piece.start :].startswith(piece.text) and piece.text for piece in shown)


def test_report_shows_the_miss_on_both_sides(record):
    values = {slot: [] for slot in ("partners", "instructors", "skills")}
    gold = {"facility": None, "date": None, **values, "participants": None}
    gold["skills"] = [{"text": "memandu peserta", "category": "culinary"}]
    row = {"id": "x<y", "title": TITLE, "text": TEXT, "programs": [gold]}
    programs = [program.model_dump(mode="json", by_alias=True) for program in record.programs]
    report = score([row], {"x<y": programs})
    page = report_page(report, [row], {"x<y": record})
    left, right = read(page).select(".case article")
    assert [mark.get_text() for mark in left.select("mark")] == ["memandu peserta"]
    assert "Dewi Lestari" in [mark.get_text() for mark in right.select("mark")]
    assert html.escape("x<y") in page


def test_every_status_and_group_has_words():
    assert set(STATUS_LABELS) == set(get_args(Status))
    assert set(GROUP_LABELS) == set(get_args(Group))
    assert set(SLOT_LABELS) == set(SLOTS)
