"""What the tagger says reaches the rankers as features, and as candidates that no rule found."""

import spacy

from extractor.mentions import Mention
from extractor.slots import instructors, partners, ranking, skills, tagged
from extractor.tagger import Entity


def doc_of(text, *mentions):
    title = "Lapas Ngawi Gelar Pelatihan"
    doc = spacy.blank("id").make_doc(f"{title}\n\n{text}")
    doc._.body_start = len(title) + 2
    doc._.slot_mentions = [
        Mention(slot, at := doc.text.index(words), at + len(words), score, "model") for slot, words, score in mentions
    ]
    return doc


def span(doc, words):
    at = doc.text.index(words)
    return at, at + len(words)


def test_without_a_tagger_nothing_is_added():
    doc = spacy.blank("id").make_doc("a\n\nb")
    assert tagged.features(doc, "skill", [(0, 1)]) == set()
    assert tagged.unseen(doc, "skill", []) == []


def test_features_tell_how_sure_and_whether_the_edges_agree():
    doc = doc_of("Mereka belajar menganyam purun bersama Mama Rina.", ("skill", "menganyam purun", 0.9))
    exact = tagged.features(doc, "skill", [span(doc, "menganyam purun")])
    assert {"m>0.85", "m=edges", "m=best", "m1"} <= exact
    assert "m>0.93" not in exact
    within = tagged.features(doc, "skill", [span(doc, "menganyam")])
    assert "m=edges" not in within
    assert "m>0.85" in within
    other = tagged.features(doc, "instructor", [span(doc, "menganyam")])
    assert "m!skill" in other
    assert not any(f.startswith("m>") for f in other)


def test_a_span_that_no_rule_knows_becomes_a_candidate_of_the_model():
    doc = doc_of(
        "Mereka diajar mbok nah membuat zzuyu oleh wreda qaryya.",
        ("skill", "membuat zzuyu", 0.9),
        ("instructor", "mbok nah", 0.9),
        ("partner", "wreda qaryya", 0.9),
    )
    found = {
        module.__name__.rpartition(".")[2]: [
            doc.text[c.spans[0][0] : c.spans[0][1]] for c in module.candidates(doc) if c.method == "model"
        ]
        for module in (skills, instructors, partners)
    }
    assert found == {"skills": ["membuat zzuyu"], "instructors": ["mbok nah"], "partners": ["wreda qaryya"]}


def test_a_doc_is_rated_with_its_own_tables():
    rankers = {"skill": {"": -1.0, "x": 3.0}, "skill.tagged": {"x>1.5": 1.0, "m1": 4.0}, "threshold": {"skill": 0.3}}
    assert ranking.rate(rankers, "skill", ["x"], set()) == 2.0
    assert ranking.rate(rankers, "skill", ["x"], {"m1"}) == 5.0
    assert ranking.rate(rankers, "skill", [], {"m1"}) == 4.0
    assert ranking.rate({}, "skill", ["x"], {"m1"}) == 0.0
    assert ranking.threshold(rankers, "skill") == 0.3


def test_what_the_tagger_set_lacks_is_the_rules_own():
    rules, tagger = ranking.load("rules"), ranking.load("tagger")
    assert set(rules) <= set(tagger)
    assert tagger["skill"] == rules["skill"]


def test_a_person_or_an_organization_counts_beside_the_slots():
    doc = doc_of("Mereka diajari Rina Wati dari PT Adaro.")
    start, end = span(doc, "Rina Wati")
    doc._.entities = [Entity("PER", start, end, 0.9)]
    assert {"e=PER", "e=PER&edges"} <= tagged.features(doc, "instructor", [(start, end)])
    longer = tagged.features(doc, "partner", [(start, end + 5)])
    assert "e=PER" in longer
    assert "e=PER&edges" not in longer
