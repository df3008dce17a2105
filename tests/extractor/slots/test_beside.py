"""The second look: what is said again, or in general beside the particular, is one value."""

import spacy

from extractor.slots import beside, date, facility, instructors, partners, skills
from extractor.slots.beside import Rated


def rated(logit, words, kind="culinary", at=0, marks=()):
    return Rated(logit, frozenset(words.split()), kind, frozenset(marks), ((at, at + len(words)),))


def test_the_surest_has_nothing_beside_it():
    looks = beside.looks([rated(2.2, "dimsum"), rated(0.7, "roti", at=100)])
    assert {"rank=0", "x>2"} <= looks[0]
    assert not any(f.startswith(("alike", "top", "shared")) for f in looks[0])
    assert {"rank=1", "alike", "alike+1", "top+1"} <= looks[1]
    assert "alike+2" not in looks[1]


def test_words_within_and_around_a_surer_candidate_are_told_apart():
    wide, narrow = rated(2.0, "buat dimsum ayam"), rated(1.0, "dimsum", at=90)
    assert {"within", "shared"} <= beside.looks([wide, narrow])[1]
    assert "around" not in beside.looks([wide, narrow])[1]
    narrow_first = beside.looks([rated(0.5, "buat dimsum ayam"), narrow])[0]
    assert "around" in narrow_first
    assert "within" not in narrow_first


def test_members_of_a_list_stand_near():
    looks = beside.looks([rated(2.0, "las"), rated(1.0, "jahit", "sewing_fashion", at=8), rated(0.9, "roti", at=400)])
    assert {"near=0", "list+"} <= looks[1]
    assert "near=2" in looks[2]


def test_without_a_table_the_first_look_stands():
    assert beside.scores({}, "skill", [rated(0.0, "roti")]) == [0.5]
    taken, left = beside.scores(
        {"skill.beside": {"": 1.0, "within": -5.0}}, "skill", [rated(2, "a b"), rated(1, "a", at=50)]
    )
    assert taken > 0.5 > left


def test_every_slot_rates_its_candidates_in_order():
    text = (
        "Menjahit di Lapas Ngawi\n\nLapas Kelas IIB Ngawi melatih menjahit, Senin (6/1/2025) sampai Kamis (9/1/2025), "
        "bersama LKP Modes dan BLK Madiun. Sri Wahyuni mengajar."
    )
    doc = spacy.blank("id").make_doc(text)
    doc._.body_start = text.index("\n\n") + 2
    for module in (skills, partners, instructors, facility, date):
        found = module.candidates(doc)
        assert found, module.__name__
        rows = module.rated(doc, found, [float(-n) for n in range(len(found))])
        assert [r.spans[0] for r in rows] == [c.spans[0] if hasattr(c, "spans") else c.span for c in found]


def test_a_date_is_marked_by_how_it_stands_to_the_surest():
    text = "x\n\nDibuka Senin (6/1/2025). Pada 5-7 Januari 2025. Dulu, 3 Maret 2021."
    doc = spacy.blank("id").make_doc(text)
    doc._.body_start = 3
    found = date.candidates(doc)
    marks = [r.marks for r in date.rated(doc, found, [3.0] + [0.0] * (len(found) - 1))]
    assert "against=same" in marks[0]
    assert any("against=overlap" in m for m in marks)
    assert any("against=earlier-long" in m for m in marks)
