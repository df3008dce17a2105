"""Programs that are asked for: which, and in what order."""

import datetime as dt

import pytest
from made_records import make_program, make_record, quote

from corpus.documents import Outcome
from corpus.store import Filter
from corpus.store.rows import fold
from extractor.errors import InputError
from extractor.schema import Facility, Instructor, Partner, ProgramDate, Skill

READER = "0.2.0+1.0.1"
SKILLS = {"barista": "culinary", "las listrik": "welding_metal", "batik tulis": "textile_craft"}


def program(*parts):
    name, province, start, end, skill, partner, kind, instructor, confidence = parts
    proof = quote("Rutan Kelas IIB Sukamaju")
    type_, place = name.split()[0].casefold(), name.split()[-1]
    slug = name.casefold().replace(" ", "-")
    days = {"start": start, "end": end, "precision": "day"}
    return make_program(
        facility=Facility(
            name=name, type=type_, place=place, province=province, facility_id=slug, confidence=1, evidence=proof
        ),
        date=start and ProgramDate(**days, confidence=1, evidence=proof),
        skills=[Skill(name=skill, category=SKILLS[skill], confidence=1, evidence=proof)],
        partners=[Partner(name=partner, kind=kind, confidence=1, evidence=proof)],
        instructors=[Instructor(name=instructor, confidence=1, evidence=proof)],
        confidence=confidence,
    )


PROGRAMS = [
    program("Lapas Kelas IIA Malang", "Jawa Timur", "2024-03-04", "2024-03-08", "barista", "Café Merdeka 100%", "company", "Siti Aminah", 0.9),
    program("Rutan Kelas I Surabaya", "Jawa Timur", "2024-05-01", "2024-05-01", "las listrik", "BLK Malang", "government", "Budi O'Neil", 0.8),
    program("LPKA Kelas I Blitar", "Jawa Timur", "2023-12-20", "2024-03-05", "batik tulis", "Yayasan Karya", "ngo", "Siti Rahayu", 0.7),
    program("Lapas Kelas IIB Ambon", "Maluku", None, None, "barista", "Dinas Perindustrian", "government", "Joko", 0.6),
]  # fmt: skip


@pytest.fixture
def full(store):
    """Return a store with the programs, the last two of one article; the article of the first was read twice."""
    run = store.begin_run("batch", "made", READER)
    records = [
        make_record(0, [PROGRAMS[2]], title="Kabar"),
        make_record(0, [PROGRAMS[0]], title="Kabar Kopi"),
        make_record(1, [PROGRAMS[1]], title="Kabar Las"),
        make_record(2, PROGRAMS[2:], title="Kabar Batik"),
    ]
    for number, record in enumerate(records):
        store.save(run, [(number, Outcome(f"d{number}", f"{number:064x}", record))], READER)
    return store


def found(store, **where):
    page = store.programs(Filter(**where))
    assert page.next is None
    return [PROGRAMS.index(next(p for p in PROGRAMS if as_json(p) == row.program)) for row in page.programs]


def as_json(program):
    return program.model_dump(mode="json", by_alias=True)


def test_the_newest_first_one_without_a_date_by_its_articles(full):
    rows = full.programs().programs
    assert [row.day.isoformat() for row in rows] == ["2025-10-15", "2024-05-01", "2024-03-04", "2023-12-20"]
    assert found(full) == [3, 1, 0, 2]


def test_a_program_comes_whole_and_with_its_article(full):
    row = full.programs(Filter(words="batik")).programs[-1]
    assert row.program == as_json(PROGRAMS[2])
    assert row.position == 0
    assert row.article["title"] == "Kabar Batik"
    assert row.article["url"] == "https://kabar.example/2"
    assert "text" not in row.article
    assert row.fused_id is None


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"facility_id": "lapas-kelas-iia-malang"}, [0]),
        ({"facility_id": "lapas"}, []),
        ({"facility": "malang"}, [0]),  # the second has it in a partner's name
        ({"facility": "Jawa  TIMUR, lapas"}, [0]),
        ({"facility": "barista"}, []),
        ({"facility": " "}, [3, 1, 0, 2]),
        ({"facility_type": "lpka"}, [2]),
        ({"province": "Jawa Timur"}, [1, 0, 2]),
        ({"province": ""}, []),
        ({"skill_category": "culinary"}, [3, 0]),
        ({"skill_category": "government"}, []),  # a kind of partner is no category of skill
        ({"partner": "malang blk"}, [1]),
        ({"partner": "cafe 100%"}, [0]),
        ({"partner": "aminah"}, []),  # an instructor
        ({"partner_kind": "government"}, [3, 1]),
        ({"partner": "blk", "partner_kind": "ngo"}, []),
        ({"instructor": "siti"}, [0, 2]),
        ({"instructor": "o'neil"}, [1]),
        ({"since": dt.date(2024, 3, 5)}, [1, 0, 2]),  # one without a date is never between days
        ({"since": dt.date(2024, 3, 6)}, [1, 0]),
        ({"until": dt.date(2024, 3, 3)}, [2]),
        ({"until": dt.date(2024, 3, 4)}, [0, 2]),
        ({"since": dt.date(2024, 3, 9), "until": dt.date(2024, 4, 30)}, []),
        ({"words": "malang"}, [1, 0]),
        ({"words": "malang listrik"}, [1]),
        ({"words": "kopi"}, [0]),  # in the article's title
        ({"words": "arist"}, [3, 0]),
        ({"words": "%"}, [3, 1, 0, 2]),  # no word
        ({"words": "'; DROP TABLE programs; --"}, []),
        ({"words": "\0\ud800"}, [3, 1, 0, 2]),
        ({"min_confidence": 0.8}, [1, 0]),
        ({"min_confidence": 0.95}, []),
        ({"province": "Jawa Timur", "instructor": "siti", "since": dt.date(2024, 3, 6), "words": "merdeka"}, [0]),
    ],
)  # fmt: skip
def test_a_filter_lets_through_what_it_names(full, where, expected):
    assert found(full, **where) == expected


def test_exact_filters_take_any_text(full):
    assert found(full, province="\0\ud800", facility_id="'", skill_category="%") == []


def test_words_that_are_too_long_are_refused(full):
    with pytest.raises(InputError, match="at most 200 characters"):
        full.programs(Filter(partner="a" * 201))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 20])
def test_pages_have_every_program_once_and_in_order(store, size):
    run = store.begin_run("batch", "made", READER)
    # Several articles a day, so that a page ends amidst programs of one day.
    records = [make_record(n, [make_program(n % 3), make_program(n % 3)]) for n in range(10)]
    store.save(run, [(n, Outcome(f"d{n}", f"{n:064x}", r)) for n, r in enumerate(records)], READER)
    pages, after = [], None
    while True:
        page = store.programs(after=after, size=size)
        pages.append(page.programs)
        after = page.next
        if after is None:
            break
    rows = [row for some in pages for row in some]
    assert len({row.id for row in rows}) == len(rows) == 20
    assert [(row.day, row.id) for row in rows] == sorted(((row.day, row.id) for row in rows), reverse=True)
    assert {len(some) for some in pages[:-1]} <= {size}


def test_a_page_stays_what_it_was_when_newer_programs_come(full):
    first = full.programs(size=2)
    run = full.begin_run("batch", "made", READER)
    full.save(run, [(0, Outcome("new", "f" * 64, make_record(9, [make_program(100)])))], READER)
    second = full.programs(after=first.next, size=2)
    assert [row.day.isoformat() for row in second.programs] == ["2024-03-04", "2023-12-20"]


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "2024-03-04",
        "2024-03-04.",
        "2024-13-04.1",
        ".1",
        "2024-03-04.9" + "9" * 5000,
        "2024-03-04.٣",
        "2024-03-04.-1.5",
    ],
)
def test_a_cursor_that_no_page_gave_is_refused(full, cursor):
    with pytest.raises(InputError, match="no cursor"):
        full.programs(after=cursor)


@pytest.mark.parametrize("size", [0, -1, 1001])
def test_a_page_has_a_size(full, size):
    with pytest.raises(InputError, match="1 to 1000"):
        full.programs(size=size)


@pytest.mark.parametrize(
    ("words", "folded"),
    [
        ("Rutan  Kelas IIB", "rutan kelas iib"),
        ("Café–Merdeka_100%", "cafe merdeka 100"),
        ("O'Neil | b", "o neil b"),
        ("ﬁ ＡＢＣ", "fi abc"),
        ("\0\ud800 ", ""),
    ],
)
def test_words_are_folded(words, folded):
    assert fold(words) == folded
