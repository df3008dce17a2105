"""A store with what the pages show, and the service over it: in this process, or in one of its own: STORE."""

import dataclasses
import datetime as dt
import hashlib
import random

from corpus.documents import Document, Outcome
from corpus.fusion.step import fuse_store
from corpus.reading import failed
from corpus.store import Store
from extractor.errors import InputError, TimedOutError
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
from service.app import create_app
from service.reading import Versions
from service.settings import Settings

READER = "0.2.0+rules"
INJECTIONS = (
    '<script>window.hacked = 1</script><img src=x onerror="window.hacked=1">',
    '" onmouseover="window.hacked=1" x="',
    "'><svg onload=window.hacked=1>",
    "javascript:window.hacked=1",
    '<b hx-get="/try" hx-trigger="load" hx-target="body">x</b>',
    "{{ 7 * 7 }}{% raw %}",
    "</textarea></title></script><script>window.hacked=1</script>",
    "\u202egnp.exe\u2066",
)
SKILLS = (
    ("menjahit kemeja", "sewing_fashion"),
    ("membuat dimsum", "culinary"),
    ("mengelas pagar", "welding_metal"),
    ("budidaya lele", "livestock_fisheries"),
    ("membatik", "textile_craft"),
    ("barista", "culinary"),
    ("beternak ayam petelur", "livestock_fisheries"),
    ("tata rias", "beauty_barber"),
)
PARTNERS = (
    ("Dinas Tenaga Kerja Kota Malang", "government"),
    ("PT Karya Mandiri", "company"),
    ("Yayasan Harapan Bangsa", "ngo"),
    ("Universitas Negeri Malang", "education"),
)
PEOPLE = ("Dewi Lestari", "Agus Santoso", "Siti Aminah")


def made(number, outlet="Kabar Nusantara", *, words=None, count=None):
    """Return the record of an article; `words` stand where names do, so that hostile ones go everywhere."""
    dice = random.Random(number)
    every = units()
    unit = every[int(len(every) * dice.random() ** 2)]
    facility = words or unit.name
    skill, category = (words, "other") if words else SKILLS[number % len(SKILLS)]
    partner, kind = (words, "other") if words else PARTNERS[number % len(PARTNERS)]
    person = words or PEOPLE[number % len(PEOPLE)]
    day = dt.date(2023, 1, 5) + dt.timedelta(days=dice.randrange(1000))
    trainees = count or 5 + dice.randrange(60)
    title = f"Warga Binaan {facility} Belajar {skill.capitalize() if not words else skill}"
    when = f"({day.day}/{day.month}/{day.year})"
    text = (
        f"{(unit.place or 'Jakarta').upper()} – Sebanyak {trainees} warga binaan {facility} mengikuti pelatihan {skill}, {when}. "
        f"Kegiatan itu diikuti dengan antusias.\n\n"
        f"Pihak lapas menggandeng {partner}. Peserta dibimbing {person}, yang telah lama mengajar.\n\n"
        "“Kami berharap mereka dapat bekerja setelah bebas,” kata kepala lapas 🙂. Kegiatan ini tahun lalu juga digelar."
    )

    def proof(part, field="text"):
        where = {"title": title, "text": text}[field]
        start = where.index(part)
        return [Evidence(field=field, start=start, end=start + len(part), text=part, method="rule")]

    chance = lambda: round(0.55 + 0.44 * dice.random(), 2)  # noqa: E731
    program = Program(
        facility=Facility(
            name=facility, type=unit.type, place=unit.place, province=unit.province,
            facility_id=None if words else unit.facility_id, confidence=chance(), evidence=[*proof(facility), *proof(facility, "title")],
        ),
        date=ProgramDate(start=day, end=day, precision="day", confidence=chance(), evidence=proof(when)),
        partners=[Partner(name=partner, kind=kind, confidence=chance(), evidence=proof(partner))],
        instructors=[Instructor(name=person, title="Chef", confidence=chance(), evidence=proof(person))],
        skills=[Skill(name=skill, category=category, confidence=chance(), evidence=proof(skill))],
        participants=Participants(count=trainees, confidence=chance(), evidence=proof(f"{trainees} warga binaan")),
        confidence=chance(),
        key=f"{unit.facility_id}:{day}:{number}",
    )  # fmt: skip
    article = ArticleInfo(
        url=f"https://{outlet.lower().replace(' ', '')}.example/{number}", title=title, text=text, publisher=outlet,
        author="Rina", language="id", published=day, text_sha256=hashlib.sha256(text.encode()).hexdigest(),
    )  # fmt: skip
    return ArticleRecord(
        pipeline_version="0.2.0", model_version=None, status="ok", article=article, relevance=0.99, programs=[program]
    )


def outcome(record, number):
    return Outcome(str(number), f"{number:064x}", record)


def fill(store, records=60):
    """Fill a store: articles, a program of two outlets that disagree, hostile articles, failures; fused."""
    run = store.begin_run("batch", "arsip 2023–2025.jsonl", READER, records)
    store.save(run, [(n, outcome(made(n), n)) for n in range(records)], READER)
    late = failed(Document("https://lambat.example/berita"), TimedOutError("https://lambat.example/berita", "too slow"))
    empty = failed(
        Document("baris 77 <script>window.hacked=1</script>"), InputError("there is no text to read in this input")
    )
    store.save(
        run,
        [(records + n, dataclasses.replace(one, digest=f"{5000 + n:064x}")) for n, one in enumerate((late, empty))],
        READER,
    )
    store.end_run(run)
    # The first article's program again, from another outlet that counts other trainees.
    other = store.begin_run("monitor", "umpan", READER)
    again = made(0, "Suara Warga", count=99)
    again.programs[0].key = made(0).programs[0].key
    store.save(other, [(0, outcome(again, 9000))], READER)
    hostile = [outcome(made(100 + n, "Jahat", words=words), 9100 + n) for n, words in enumerate(INJECTIONS)]
    for one in hostile:
        one.record.article.url = f"javascript:window.hacked={one.id}"
        one.record.warnings = [INJECTIONS[0]]
    store.save(other, [(n + 1, one) for n, one in enumerate(hostile)], READER)
    fuse_store(store)


class RuleReading:
    """Reads every text into the record of article 7, at once; "rusak" cannot be read."""

    versions = Versions("0.2.0", None)

    async def start(self):
        return self

    async def close(self):
        pass

    def check_ready(self):
        return self.versions

    async def read(self, document, _=None):
        if "rusak" in (document.text or document.url):
            return failed(document, TimedOutError(document.url or "https://rusak.example", "too slow"))
        return Outcome(document.id, document.digest, made(7))


def pages_app(address, *, reading=None, **settings):
    """Return the service with its pages."""
    chosen = Settings(store=str(address), hosts=("127.0.0.1", "testserver"), **settings)
    return create_app(chosen, reading=reading or RuleReading())


if __name__ == "__main__":
    import sys

    import uvicorn

    address = sys.argv[1]
    with Store.open(address) as store:
        fill(store)
    uvicorn.run(pages_app(address), host="127.0.0.1", port=0, timeout_graceful_shutdown=3)
