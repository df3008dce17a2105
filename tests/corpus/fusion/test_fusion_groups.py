"""Which tellings are fused, and which are not however alike they are."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tellings import BLK, JAHIT, KOPI, LAS, ROTI, facility, tell

from corpus.copies import Copy
from corpus.fusion.fusing import fuse

LAMONGAN = (("desain interior", "other"), ("konstruksi", "construction"), ("mebel", "woodworking"), LAS)


def groups(*tellings, copies=()):
    """Return the articles of each fused program, with the position where an article has more than one."""
    several = {t.origin.article for t in tellings if t.position}

    def name(source):
        return f"{source.article}{source.program}" if source.article in several else source.article

    return sorted(sorted(name(s) for s in f.sources) for f in fuse(tellings, copies))


def test_two_outlets_tell_of_one_program():
    assert groups(tell("a", LAS, published=0), tell("b", ("pengelasan", "welding_metal"), published=1)) == [["a", "b"]]


@pytest.mark.parametrize(
    "other",
    [
        tell("b", ROTI, at=0),
        tell("b", ROTI, at=2, published=2),
        tell("b", JAHIT, at=1, partners=[BLK], teachers=["Darto Wibowo"], count=20, published=1),
        tell("b", ("servis motor", "automotive"), partners=[BLK], count=20),
        tell("b", ("pembuatan pagar", "construction"), ROTI),
    ],
)
def test_another_skill_at_one_facility_in_one_week_is_another_program(other):
    las = tell("a", LAS, partners=[BLK], teachers=["Darto Wibowo"], count=20, published=0)
    assert groups(las, other) == [["a"], ["b"]]


def test_two_skills_of_one_field_in_one_week_are_two_programs():
    roti, kopi = tell("a", ROTI, count=20, published=1), tell("b", KOPI, count=20, published=1)
    assert groups(roti, kopi) == [["a"], ["b"]]
    pkk = [("TP PKK Bojonegoro", None, "community")]
    assert groups(tell("a", ROTI, partners=pkk), tell("b", KOPI, at=2, partners=pkk)) == [["a"], ["b"]]


def test_no_two_programs_of_a_facility_in_one_week_are_fused_whatever_else_they_share():
    """Every pair of twelve trades, with the same partner, teacher, number and day of publication."""
    trades = [
        LAS, ROTI, KOPI, JAHIT, ("servis HP", "electrical_electronics"), ("servis AC", "electrical_electronics"),
        ("budidaya lele", "livestock_fisheries"), ("hidroponik", "agriculture"), ("jamur tiram", "agriculture"),
        ("membatik", "textile_craft"), ("sablon", "textile_craft"), ("barbershop", "beauty_barber"),
    ]  # fmt: skip
    told = [tell(f"a{n}", trade, at=n % 7, published=n % 7, partners=[BLK], count=20) for n, trade in enumerate(trades)]
    again = [replace(t, origin=replace(t.origin, article=f"b{t.origin.article}")) for t in told]
    assert groups(*told, *again) == sorted([f"a{n}", f"ba{n}"] for n in range(len(trades)))


@pytest.mark.parametrize(
    "where",
    [
        facility(place="Tuban", class_="IIB"),
        facility("lapas_perempuan", "Malang"),
        facility(place="Malang", class_="I"),
        facility("rutan", "Surabaya", "I"),
    ],
)
def test_the_same_skill_on_the_same_day_elsewhere_is_another_program(where):
    assert groups(tell("a", LAS, partners=[BLK], count=20), tell("b", LAS, partners=[BLK], count=20, where=where)) == [
        ["a"],
        ["b"],
    ]


def test_sister_facilities_of_a_town_are_two():
    women, men = facility("lapas_perempuan", "Palembang"), facility("lapas", "Palembang", None)
    assert groups(tell("a", JAHIT, where=women, count=20), tell("b", JAHIT, where=men, count=20)) == [["a"], ["b"]]


def test_next_year_it_is_another_program():
    assert groups(
        tell("a", LAS, partners=[BLK], teachers=["Darto Wibowo"], count=18, published=0),
        tell("b", LAS, at=364, partners=[BLK], teachers=["Darto Wibowo"], count=18, published=364),
    ) == [["a"], ["b"]]


def test_the_second_batch_is_another_program():
    first = tell("a", LAS, partners=[BLK], teachers=["Darto Wibowo"], count=20, published=0)
    second = tell("b", LAS, at=14, partners=[BLK], teachers=["Darto Wibowo"], count=20, published=14)
    assert groups(first, second) == [["a"], ["b"]]
    near = replace(tell("b", LAS, at=3, partners=[BLK], teachers=["Darto Wibowo"], count=20, batch=2))
    assert groups(tell("a", LAS, at=0, partners=[BLK], teachers=["Darto Wibowo"], count=20, batch=1), near) == [
        ["a"],
        ["b"],
    ]


def test_a_batch_that_is_numbered_and_one_that_is_not_are_two_on_days_apart():
    much = {"partners": [BLK], "teachers": ["Darto Wibowo"], "count": 18}
    first, second = tell("a", LAS, published=0, **much), tell("b", LAS, at=10, published=10, batch=2, **much)
    assert groups(first, second) == [["a"], ["b"]]
    assert groups(first, tell("b", LAS, at=0, published=1, batch=2, **much)) == [["a", "b"]]


def test_a_course_closed_before_another_opens_is_another():
    closed = tell("a", LAS, at=0, partners=[BLK], count=20, closing=True, published=0)
    opened = tell("b", LAS, at=2, partners=[BLK], count=20, opening=True, published=2)
    assert groups(closed, opened) == [["a"], ["b"]]


def test_opening_and_closing_are_of_one_course():
    opened = tell("a", LAS, at=0, days=12, opening=True, partners=[BLK], published=0)
    closed = tell("b", LAS, at=11, closing=True, partners=[BLK], published=12)
    assert groups(opened, closed) == [["a", "b"]]


def test_a_day_lies_in_its_month():
    month = tell("b", LAS, at=-2, until=28, precision="month", partners=[BLK], published=20)
    assert groups(tell("a", LAS, partners=[BLK], published=0), month) == [["a", "b"]]


def test_a_month_with_two_batches_names_neither():
    one, two = (tell(n, LAS, at=at, partners=[BLK], published=at) for n, at in (("a", 0), ("b", 20)))
    month = tell("c", LAS, at=-2, until=28, precision="month", partners=[BLK], published=29)
    assert groups(one, two, month) == [["a"], ["b"], ["c"]]


def test_an_article_without_a_date_counts_by_its_publication():
    assert groups(tell("a", LAS, published=0), tell("b", LAS, at=None, published=1)) == [["a", "b"]]
    assert groups(tell("a", LAS, published=0), tell("b", LAS, at=None, published=200)) == [["a"], ["b"]]


def test_without_any_day_much_else_must_agree():
    much = {"partners": [("Griya Batik Musi", None, "company")], "count": 20}
    assert groups(tell("a", LAS, **much), tell("b", LAS, at=None, **much)) == [["a", "b"]]
    assert groups(tell("a", LAS), tell("b", LAS, at=None)) == [["a"], ["b"]]


def test_a_plain_name_and_a_class_left_out_do_not_matter():
    assert groups(tell("a", LAS), tell("b", LAS, where=facility(class_=None, name="Lapas Bojonegoro"))) == [["a", "b"]]


def test_a_facility_that_is_not_known_is_fused_by_its_words():
    here = [facility("rehab_center", place, None) for place in ("Handayani", "handayani", "Mulya Jaya")]
    told = [tell(name, LAS, where=where) for name, where in zip("abc", here, strict=True)]
    assert groups(*told) == [["a", "b"], ["c"]]


def test_without_a_facility_only_a_copy_is_fused():
    told = [tell("a", LAS), tell("b", LAS, where=False)]
    assert groups(*told) == [["a"], ["b"]]
    assert groups(*told, copies=[Copy("b", "a", 0.9)]) == [["a", "b"]]


def test_a_copy_is_fused_though_its_date_was_read_otherwise():
    told = [tell("a", LAS, published=0), tell("b", LAS, at=-200, published=1)]
    assert groups(*told) == [["a"], ["b"]]
    assert groups(*told, copies=[Copy("b", "a", 0.9)]) == [["a", "b"]]


def test_a_press_release_with_another_skill_is_another_program():
    told = [tell("a", JAHIT, published=0), tell("b", ROTI, at=2, published=2)]
    assert groups(*told, copies=[Copy("b", "a", 0.8)]) == [["a"], ["b"]]


def test_each_program_of_a_copy_goes_to_its_original():
    a = [tell("a", LAS, published=0), tell("a", ROTI, at=2, published=0, position=1)]
    b = [tell("b", ROTI, at=2, published=1), tell("b", LAS, published=1, position=1)]
    assert groups(*a, *b, copies=[Copy("b", "a", 1.0)]) == [["a0", "b1"], ["a1", "b0"]]


def test_programs_that_one_article_tells_apart_are_never_fused():
    apart = [tell("a", LAS, at=n * 2, partners=[BLK], count=20, position=n) for n in range(3)]
    assert groups(*apart) == [["a0"], ["a1"], ["a2"]]


def test_three_skills_in_one_program_here_and_three_programs_there_are_one():
    whole = tell("a", LAS, ROTI, JAHIT, partners=[BLK], count=60, published=0)
    parts = [tell("b", skill, partners=[BLK], published=0, position=n) for n, skill in enumerate((LAS, ROTI, JAHIT))]
    assert groups(whole, *parts) == [["a", "b0", "b1", "b2"]]


def test_three_skills_in_one_program_do_not_join_what_has_partners_of_its_own():
    whole = tell("a", LAS, JAHIT, published=0)
    parts = [
        tell("b", LAS, partners=[BLK], published=0),
        tell("b", JAHIT, partners=[("LPK Modes Indah", None, "education")], published=0, position=1),
    ]
    assert ["b0", "b1"] not in [[n for n in group if n.startswith("b")] for group in groups(whole, *parts)]


def test_a_chain_does_not_join_its_ends():
    """Each is near the next, the last is three months from the first."""
    chain = [tell(f"a{n:02}", LAS, at=6 * n, partners=[BLK], teachers=["Darto"], count=20) for n in range(16)]
    for group in groups(*chain):
        numbers = [int(name[1:]) for name in group]
        assert max(numbers) - min(numbers) <= 3


def test_what_contradicts_stays_apart_between_what_agrees_with_both():
    tuesday = tell("a", LAS, at=0, partners=[BLK], batch=1, published=0)
    unclear = tell("b", LAS, at=1, partners=[BLK], published=1)
    friday = tell("c", LAS, at=2, partners=[BLK], batch=2, published=2)
    for group in groups(tuesday, unclear, friday):
        assert not {"a", "c"} <= set(group)


def test_spellings_of_partners_and_skills_do_not_matter():
    one = tell("a", ("ecoprint", "textile_craft"), at=0, partners=[("Galery Wong Kito", None, "company")])
    two = tell(
        "b", ("membuat kain ecoprint", "textile_craft"), at=3, partners=[("CV Galeri Wong Kito", None, "company")]
    )
    assert groups(one, two) == [["a", "b"]]


def test_a_ceremony_a_month_after_the_course_is_of_it_where_all_else_agrees():
    course = tell("a", *LAMONGAN, at=-150, until=-30, partners=[BLK], count=40, published=1)
    ceremony = tell("b", *LAMONGAN, at=0, closing=True, partners=[("BLK", None, "government")], count=40, published=1)
    assert groups(course, ceremony) == [["a", "b"]]


_TRADES = [LAS, ROTI, JAHIT, ("pengelasan", "welding_metal"), ("keterampilan", "other")]
_TOLD = st.builds(
    lambda skill, at, published, count, batch, partner: {
        "skill": skill, "at": at, "published": published, "count": count, "batch": batch, "partner": partner,
    },
    st.sampled_from(_TRADES), st.sampled_from([None, 0, 1, 2, 5, 14]), st.sampled_from([None, 0, 2, 14]),
    st.sampled_from([None, 18, 20]), st.sampled_from([None, 1, 2]), st.booleans(),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(_TOLD, min_size=2, max_size=9), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(told, dice):
    tellings = [
        tell(
            f"a{n // 2}", t["skill"], at=t["at"], published=t["published"], count=t["count"], batch=t["batch"],
            partners=[BLK] if t["partner"] else [], position=n % 2,
        )
        for n, t in enumerate(told)
    ]  # fmt: skip
    copies = [Copy("a1", "a0", 0.9), Copy("a2", "a1", 0.7)]
    before = list(fuse(tellings, copies))
    dice.shuffle(tellings)
    dice.shuffle(copies)
    assert list(fuse(tellings, copies)) == before
    sources = sorted((s.article, s.program) for f in before for s in f.sources)
    assert sources == sorted((t.origin.article, t.position) for t in tellings)
    assert len({f.key for f in before}) == len(before)


def test_a_large_facility_takes_no_time():
    dice = random.Random(1)
    told = [tell(f"a{n:04}", LAS, at=dice.randrange(30), count=dice.randrange(10, 30)) for n in range(300)]
    assert sum(len(group) for group in groups(*told)) == 300
