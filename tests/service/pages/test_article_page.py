"""The article without a browser: what it shows, and what a correction leaves."""

import datetime as dt
import re

import pytest
from pages_client import OWN, Elements, correct, standing, store_of, value_of

from corpus.corrections import corrected
from corpus.store.accounts import kept
from service.pages.review import review


def test_an_article_shows_each_value_with_its_words(client):
    page = client.get("/articles/1").text
    elements = Elements(page).found
    values = {a["id"] for tag, a in elements if tag == "li" and a.get("class", "").startswith("value")}
    marks = [a for tag, a in elements if tag == "mark"]
    assert len(values) == 6
    assert {i for mark in marks for i in mark["data-values"].split()} == values
    for mark in marks:
        assert mark["class"].split()[0] in {"facility", "date", "partners", "instructors", "skills", "participants"}
    text = kept(store_of(client), 1).record["article"]["text"]
    for tag, attributes in elements:
        if tag in {"mark", "span"} and attributes.get("data-field") == "text":
            assert text[int(attributes["data-at"])] != "\n"
    assert re.search(r"keyakinan \d+ %", page)


def test_accepting_editing_and_rejecting_are_kept_with_author_and_time(reviewer):
    skill = value_of(reviewer, "skills")
    before = dt.datetime.now(dt.UTC)
    answer = correct(reviewer, slot="skills", action="accept", before=skill, back="v0-skills-0")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/articles/1#v0-skills-0"
    new = {"name": "menjahit", "category": "textile_craft", "note": "nama pendek"}
    assert correct(reviewer, slot="skills", action="edit", before=skill, **new).status_code == 303
    partner = value_of(reviewer, "partners")
    assert correct(reviewer, slot="partners", action="reject", before=partner).status_code == 303
    said = list(store_of(reviewer).corrections(kept(store_of(reviewer), 1).record_id))
    assert [(one["slot"], one["action"]) for one in said] == [
        ("skills", "accept"), ("skills", "edit"), ("partners", "reject"),
    ]  # fmt: skip
    assert {one["author"] for one in said} == {"Rina S."}
    assert all(before <= one["at"] <= dt.datetime.now(dt.UTC) for one in said)
    assert said[1]["note"] == "nama pendek"
    program = standing(reviewer)[0]
    assert (program["skills"][0]["name"], program["skills"][0]["category"]) == ("menjahit", "textile_craft")
    assert program["skills"][0]["evidence"][0]["text"] == "menjahit kemeja"
    assert program["partners"] == []
    page = reviewer.get("/articles/1").text
    assert "diubah, oleh Rina S." in page
    assert "salah, oleh Rina S." in page
    assert "nama pendek" in page


def test_what_was_rejected_can_be_brought_back(reviewer):
    partner = value_of(reviewer, "partners")
    correct(reviewer, slot="partners", action="reject", before=partner)
    assert correct(reviewer, slot="partners", action="add", before=partner).status_code == 303
    assert standing(reviewer)[0]["partners"][0]["name"] == partner["name"]
    page = reviewer.get("/articles/1").text
    assert page.count('id="v0-partners-') == 1
    assert "ditambahkan, oleh Rina S." in page
    facility = value_of(reviewer, "facility")
    correct(reviewer, slot="facility", action="reject", before=facility)
    assert correct(reviewer, slot="facility", action="add", before=facility).status_code == 303
    assert standing(reviewer)[0]["facility"]["name"] == facility["name"]


def test_a_value_is_added_by_words_and_by_a_selection(reviewer):
    added = correct(reviewer, slot="instructors", action="add", words="kepala lapas", title="Kalapas")
    assert added.status_code == 303
    text = kept(store_of(reviewer), 1).record["article"]["text"]
    at = text.rindex("Kegiatan ini")  # behind a sign of two halves in a browser
    added = correct(
        reviewer, slot="skills", action="add", words="Kegiatan ini", at=at, field="text", category="other", name=""
    )
    assert added.status_code == 303
    program = standing(reviewer)[0]
    assert program["instructors"][1]["name"] == "kepala lapas"
    proof = program["skills"][1]["evidence"][0]
    assert (proof["start"], proof["text"]) == (at, "Kegiatan ini")
    page = reviewer.get("/articles/1").text
    assert f'data-at="{at}"' in page


def test_a_program_that_was_missed_is_added_and_one_that_is_none_rejected(reviewer):
    record = kept(store_of(reviewer), 1).record_id
    form = {"record_id": record, "slot": "skills", "action": "add", "words": "bekerja", "category": "other"}
    assert reviewer.post("/articles/1", data=form, headers=OWN, follow_redirects=False).status_code == 303
    assert correct(reviewer, slot="program", action="reject").status_code == 303
    first, second = standing(reviewer)
    assert first is None
    assert second["skills"][0]["name"] == "bekerja"
    page = reviewer.get("/articles/1").text
    assert "Program 2" in page
    assert 'class="program rejected"' in page


def test_a_record_is_accepted_as_a_whole(reviewer):
    form = {"record_id": kept(store_of(reviewer), 1).record_id, "slot": "record", "action": "accept"}
    assert reviewer.post("/articles/1", data=form, headers=OWN, follow_redirects=False).status_code == 303
    assert "Seluruh catatan benar" in reviewer.get("/articles/1").text


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"slot": "skills", "action": "add", "words": "tidak ada"}, "tidak ada di judul atau teks"),
        ({"slot": "skills", "action": "add", "words": " "}, "Tulis kata-kata artikel"),
        ({"slot": "skills", "action": "accept", "before": {"name": "memasak"}}, "before is no value"),
        ({"slot": "skills", "action": "accept", "before": "["}, "before is no value"),
        ({"slot": "skills", "action": "accept", "before": "[" * 50_000}, "before is no value"),
        ({"slot": "date", "action": "add", "words": "bekerja"}, "start"),
        ({"slot": "skills", "action": "add", "words": "bekerja", "category": "<b>"}, "category"),
        ({"slot": "program", "action": "reject", "program": 7}, "position 7"),
        ({"slot": "program", "action": "reject", "record_id": 2}, "dibaca ulang"),
    ],
)
def test_a_correction_that_does_not_fit_is_told_on_the_page(reviewer, form, told):
    answer = correct(reviewer, **form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert told in answer.text
    assert not list(store_of(reviewer).corrections())


def test_a_correction_needs_a_name(client):
    skill = value_of(client, "skills")
    assert "Tulis nama Anda dahulu" in correct(client, slot="skills", action="accept", before=skill).text
    client.post("/author", data={"author": " Budi <b> ", "article": 1}, headers=OWN)
    assert 'value="Budi &lt;b&gt;"' in client.get("/articles/1").text
    assert correct(client, slot="skills", action="accept", before=skill).status_code == 303
    assert next(iter(store_of(client).corrections()))["author"] == "Budi <b>"


def test_reviewing_says_the_same_as_the_corrections(reviewer):
    skill, date = value_of(reviewer, "skills"), value_of(reviewer, "date")
    correct(reviewer, slot="skills", action="add", words="bekerja", category="other")
    correct(reviewer, slot="skills", action="edit", before=skill, name="menjahit", category="other")
    correct(reviewer, slot="skills", action="reject", before={"name": "menjahit", "category": "other", "isco": None})
    correct(reviewer, slot="date", action="edit", before=date, start="2025-01-01", end="2025-01-31", precision="month")
    found = kept(store_of(reviewer), 1)
    (shown,) = review(found.record["programs"], found.corrections)
    (left,) = corrected(found.record["programs"], found.corrections)
    for slot, values in shown.slots.items():
        stands = [one.value for one in values if one.stands]
        assert stands == (left[slot] if isinstance(left[slot], list) else [left[slot]])
