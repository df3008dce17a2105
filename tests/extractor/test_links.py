"""How values stand to each other in the text, and the programs that follow from it."""

import datetime as dt

import numpy as np
import pytest
import spacy

from extractor.links import Found, Layout
from extractor.programs import programs
from extractor.schema import Evidence, Facility, Participants, Partner, ProgramDate, Skill
from extractor.ties import Ties

TITLE = "Dua Kelas di Lapas Ngawi"
TEXT = (
    "Lapas Ngawi membuka dua kelas. Menjahit dibuka Senin (6/1/2025) bersama LKP Modes, diikuti 20 orang. "
    "Sementara itu las listrik dibuka Kamis (9/1/2025) bersama BLK Madiun, diikuti 15 orang."
)
# Words between two values that part them, and those that keep them together.
APART = {
    "link": {"": 3.0, "cue=contrast": -6.0, "sentences=1": -3.0},
    "home": {"": -3.0, "sentence:own": 6.0},
    "alike": {"": -1.0},
}
TOGETHER = {"link": {"": 5.0}, "home": {"": 1.0}, "alike": {"": -1.0}}


@pytest.fixture
def doc():
    made = spacy.blank("id").make_doc(f"{TITLE}\n\n{TEXT}")
    made._.body_start = len(TITLE) + 2
    return made


def found(doc, slot, kind, words, **values):
    start = doc.text.index(words)
    proof = Evidence(field="text", start=0, end=1, text="x", method="rule")
    return Found(slot, kind(confidence=0.9, evidence=[proof], **values), ((start, start + len(words)),))


def day(doc, words, number):
    when = dt.date(2025, 1, number)
    return found(doc, "date", ProgramDate, words, start=when, end=when, precision="day")


@pytest.fixture
def values(doc):
    return [
        found(doc, "facility", Facility, "Lapas Ngawi membuka", name="Lapas Ngawi", type="lapas", place="Ngawi"),
        day(doc, "Senin (6/1/2025)", 6),
        day(doc, "Kamis (9/1/2025)", 9),
        found(doc, "partner", Partner, "LKP Modes", name="LKP Modes"),
        found(doc, "partner", Partner, "BLK Madiun", name="BLK Madiun"),
        found(doc, "skill", Skill, "Menjahit", name="Menjahit", category="sewing_fashion"),
        found(doc, "skill", Skill, "las listrik", name="las listrik", category="welding_metal"),
        found(doc, "participants", Participants, "20 orang", count=20),
        found(doc, "participants", Participants, "15 orang", count=15),
    ]


def by_words(values, *words):
    return [next(v for v in values if getattr(v.value, "name", None) == w) for w in words]


def test_features_do_not_depend_on_the_order(doc, values):
    layout = Layout(doc, values)
    sewing, partner = by_words(values, "Menjahit", "BLK Madiun")
    assert layout.features(sewing, partner) == layout.features(partner, sewing)


def test_features_tell_what_stands_between(doc, values):
    layout = Layout(doc, values)
    sewing, welding, near, far = by_words(values, "Menjahit", "las listrik", "LKP Modes", "BLK Madiun")
    assert "several" in layout.features(sewing, near)
    assert {"sentences=0", "a-nearest=True", "b-nearest=True"} <= layout.features(sewing, near)
    assert {"sentences=1", "cue=contrast", "a-between=1"} <= layout.features(sewing, far)
    assert "category=False" in layout.features(sewing, welding)


def test_values_go_where_their_links_are(doc, values):
    doc._.rankers = APART
    first, second = programs(doc, values)
    assert [s.name for s in first.skills] == ["Menjahit"]
    assert [p.name for p in first.partners] == ["LKP Modes"]
    assert (first.date.start.day, first.participants.count) == (6, 20)
    assert [s.name for s in second.skills] == ["las listrik"]
    assert [p.name for p in second.partners] == ["BLK Madiun"]
    assert (second.date.start.day, second.participants.count) == (9, 15)
    assert first.facility == second.facility


def test_linked_skills_stay_one_program_unless_two_days_are_sure(doc, values):
    doc._.rankers = TOGETHER
    one_day = [v for v in values if not (v.slot == "date" and v.value.start.day == 9)]
    (program,) = programs(doc, one_day)
    assert {s.name for s in program.skills} == {"Menjahit", "las listrik"}
    assert len(programs(doc, values)) == 2


def test_what_would_part_stays_together_where_one_program_is_likelier(doc, values):
    doc._.rankers = APART | {"alike": {"": -1.0, "partner=other": 2.0}}
    (program,) = programs(doc, values)
    assert {s.name for s in program.skills} == {"Menjahit", "las listrik"}
    assert {p.name for p in program.partners} == {"LKP Modes", "BLK Madiun"}
    assert program.date.start.day == 6


def test_the_tagger_has_a_say_in_whether_there_are_several(doc, values):
    doc._.rankers = APART | {"alike": {"": 1.0}, "alike.tagged": {"": 1.0, "m>0.85": -3.0}}
    for chance, count in ((0.2, 1), (0.9, 2)):
        doc._.several = chance
        assert len(programs(doc, values)) == count


def test_words_that_are_tied_link_more(doc, values):
    sewing, welding = by_words(values, "Menjahit", "las listrik")
    words = [span for v in (sewing, welding) for span in v.spans]
    for vectors, tied in (([[2.0], [2.0]], True), ([[2.0], [-2.0]], False)):
        doc._.ties = Ties(words, np.array(vectors, np.float32))
        assert ("tie>0.5" in Layout(doc, values).features(sewing, welding)) == tied


def test_no_program_without_facility_and_skill(doc, values):
    assert programs(doc, [v for v in values if v.slot in ("date", "partner")]) == []
