"""Which program a value goes to, by what stands around it."""

import pytest
import spacy

from extractor.homes import Homes, at_home
from extractor.links import Found, Layout
from extractor.schema import Evidence, Facility, Participants, Partner, Skill

TEXT = (
    "Lapas Ngawi membuka kelas menjahit bersama LKP Modes. Ada pula las listrik yang diajarkan BLK Madiun. "
    "Keduanya didukung Baznas."
)
OWN_SENTENCE = {"home": {"": -2.0, "sentence:own": 4.0}}


@pytest.fixture
def doc():
    made = spacy.blank("id").make_doc(f"Lapas\n\n{TEXT}")
    made._.body_start, made._.rankers = 7, OWN_SENTENCE
    return made


def found(doc, slot, kind, words, **values):
    start = doc.text.index(words)
    proof = Evidence(field="text", start=0, end=1, text="x", method="rule")
    return Found(slot, kind(confidence=0.9, evidence=[proof], **values), ((start, start + len(words)),))


@pytest.fixture
def values(doc):
    facility = found(doc, "facility", Facility, "Lapas Ngawi", name="Lapas Ngawi", type="lapas", place="Ngawi")
    sewing = found(doc, "skill", Skill, "menjahit", name="menjahit", category="sewing_fashion")
    welding = found(doc, "skill", Skill, "las listrik", name="las listrik", category="welding_metal")
    partners = [found(doc, "partner", Partner, name, name=name) for name in ("LKP Modes", "BLK Madiun", "Baznas")]
    return facility, sewing, welding, partners


def test_what_all_programs_share_tells_none_apart(doc, values):
    facility, sewing, welding, partners = values
    homes = Homes(Layout(doc, [facility, sewing, welding, *partners]), [[facility, sewing], [facility, welding]])
    assert homes.own == [[sewing], [welding]]


def test_features_tell_what_stands_around(doc, values):
    facility, sewing, welding, partners = values
    homes = Homes(Layout(doc, [facility, sewing, welding, *partners]), [[facility, sewing], [facility, welding]])
    first, second = homes.features(partners[0], partners)
    assert {"sentence:own", "before=own sentence", "after=other paragraph", "sentence:only own"} <= first
    assert {"sentence:only other", "before=other sentence", "after=own paragraph"} <= second
    assert "partner:before=own sentence" in first
    in_order = Homes(homes.layout, [[sewing], [welding]]).features(partners[1], partners[:2])
    assert "in order=False" in in_order[0]
    assert "in order=True" in in_order[1]


def test_a_value_goes_to_its_home_and_a_homeless_one_to_the_likeliest(doc, values):
    facility, sewing, welding, partners = values
    layout = Layout(doc, [facility, sewing, welding, *partners])
    first, second = at_home(layout, [[facility, sewing], [facility, welding]], layout.found)
    assert partners[0] in first
    assert partners[0] not in second
    assert partners[1] in second
    assert partners[2] in first + second


def test_a_program_has_one_count(doc, values):
    facility, sewing, welding, _ = values
    counts = [found(doc, "participants", Participants, words, count=n) for words, n in (("LKP", 20), ("BLK", 15))]
    layout = Layout(doc, [facility, sewing, welding, *counts])
    layout.rankers = {"home": {"": 3.0, "sentence:own": 1.0}}
    for group in at_home(layout, [[facility, sewing], [facility, welding]], layout.found):
        assert sum(f.slot == "participants" for f in group) == 1
