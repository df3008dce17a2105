"""What a fused program says: votes, copies that count once, conflicts, keys that stay."""

from tellings import BLK, JAHIT, LAS, ROTI, facility, tell

from corpus.copies import Copy
from corpus.fusion.fusing import fuse
from corpus.fusion.model import FusedProgram


def one(*tellings, copies=(), keys=None):
    (program,) = fuse(tellings, copies, keys)
    return program


def test_sources_are_in_order_of_publication_and_name_what_they_copy():
    program = one(
        tell("c", LAS, published=None),
        tell("b", LAS, published=1),
        tell("a", LAS, published=0),
        copies=[Copy("b", "a", 0.9)],
    )
    assert [(s.article, s.copy_of) for s in program.sources] == [("a", None), ("b", 0), ("c", None)]
    assert program.independent == 2
    first = program.sources[0]
    assert (first.url, first.publisher, first.title) == ("https://a.example/", "A", "Judul a")


def test_copies_count_once_among_votes():
    copies = [Copy("b", "a", 0.9), Copy("c", "b", 0.9)]
    told = [tell("a", LAS, count=20), tell("b", LAS, count=20), tell("c", LAS, count=20), tell("d", LAS, count=18)]
    program = one(*told, tell("e", LAS, count=18), copies=copies)
    assert program.participants.value.count == 18
    (conflict,) = program.conflicts
    assert (conflict.slot, conflict.field) == ("participants", "count")
    assert [(o.said, o.independent, len(o.votes)) for o in conflict.options] == [("18", 2, 2), ("20", 1, 3)]


def test_the_conflict_has_the_words_of_those_who_say_it():
    program = one(tell("a", LAS, at=0, published=1), tell("b", LAS, at=1, published=1))
    (conflict,) = program.conflicts
    assert [(o.said, [v.source for v in o.votes]) for o in conflict.options] == [
        ("2025-03-03", [0]),
        ("2025-03-04", [1]),
    ]
    assert conflict.options[1].votes[0].evidence
    assert [v.source for v in program.date.votes] == [0]


def test_a_day_within_a_month_or_a_range_contradicts_neither():
    month = tell("b", LAS, at=-2, until=28, precision="month", partners=[BLK])
    program = one(tell("a", LAS, partners=[BLK]), month)
    assert not program.conflicts
    assert program.date.value.precision == "day"
    assert [v.said for v in program.date.votes] == ["2025-03-03", "2025-03-01/2025-03-31"]


def test_the_day_that_most_say_stands():
    told = [tell(name, LAS, at=at, published=1) for name, at in (("a", 1), ("b", 0), ("c", 0))]
    program = one(*told)
    assert program.date.value.start.isoformat() == "2025-03-03"
    assert [o.said for o in program.conflicts[0].options] == ["2025-03-03", "2025-03-04"]


def test_names_of_one_partner_are_one_value_in_its_fullest_form():
    program = one(tell("a", LAS, partners=[("BLK", "BLK", "government")]), tell("b", LAS, partners=[BLK]))
    (partner,) = program.partners
    assert partner.value.name == BLK[0]
    assert [(v.source, v.said) for v in partner.votes] == [(1, BLK[0]), (0, "BLK")]
    assert not program.conflicts


def test_values_of_all_sources_are_there_those_with_most_votes_first():
    program = one(
        tell("a", LAS, JAHIT, partners=[BLK], teachers=["Darto Wibowo"]),
        tell("b", LAS, partners=[BLK], teachers=["Wibowo", "Sri Rahayu"]),
    )
    assert [(t.value.name, t.independent) for t in program.skills] == [("las listrik", 2), ("menjahit", 1)]
    assert [(t.value.name, t.independent) for t in program.instructors] == [("Darto Wibowo", 2), ("Sri Rahayu", 1)]


def test_a_class_left_out_is_no_conflict_and_another_type_is():
    assert not one(tell("a", LAS), tell("b", LAS, where=facility(class_=None))).conflicts
    narcotics, plain = facility("lapas_narkotika", "Karang Intan"), facility("lapas", "Karang Intan", None)
    program = one(
        tell("a", LAS, where=plain, count=18, partners=[BLK]), tell("b", LAS, where=narcotics, count=18, partners=[BLK])
    )
    assert [(c.field, [o.said for o in c.options]) for c in program.conflicts] == [
        ("type", ["lapas_narkotika", "lapas"])
    ]
    assert program.facility.value.class_ == "IIA"


def test_one_article_with_the_parts_of_a_program_has_one_vote():
    whole = tell("a", LAS, ROTI, partners=[BLK], published=0)
    parts = [tell("b", skill, partners=[BLK], published=0, position=n) for n, skill in enumerate((LAS, ROTI))]
    program = one(whole, *parts)
    assert (len(program.sources), program.independent) == (3, 2)
    assert [s.copy_of for s in program.sources] == [None, None, None]
    assert program.partners[0].independent == 2


def test_the_key_is_the_first_sources_and_no_two_have_one():
    first, second = tell("a", LAS, at=0, batch=1), tell("b", LAS, at=20, batch=2)
    assert first.program.key == second.program.key
    keys = [f.key for f in fuse([second, first])]
    assert keys == [first.program.key, f"{first.program.key}-2"]


def test_a_program_keeps_its_key_when_an_earlier_source_comes():
    later = tell("b", LAS, ROTI, published=3)
    before = one(later)
    both = [later, tell("a", LAS, published=0)]
    assert one(*both).key != before.key
    assert one(*both, keys={("b", 0): before.key}).key == before.key


def test_of_two_parts_of_a_program_the_larger_keeps_the_key():
    told = [tell("a", LAS), tell("b", LAS), tell("c", ROTI)]
    keys = dict.fromkeys([("a", 0), ("b", 0), ("c", 0)], "old")
    assert {f.key: len(f.sources) for f in fuse(told, keys=keys)} == {"old": 2, told[2].program.key: 1}


def test_nothing_is_made_of_nothing():
    assert list(fuse([])) == []
    bare = one(tell("a", at=None, where=False))
    assert (bare.facility, bare.date, bare.participants, bare.skills, bare.conflicts) == (None, None, None, [], [])


def test_it_goes_through_json_and_comes_back():
    program = one(tell("a", LAS, count=20, partners=[BLK], published=0), tell("b", LAS, at=1, count=18, published=1))
    assert FusedProgram.model_validate_json(program.model_dump_json(by_alias=True)) == program
    assert {c.slot for c in program.conflicts} == {"date", "participants"}
