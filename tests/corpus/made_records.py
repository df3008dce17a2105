"""Records made by rule, so that what becomes of them is tested apart from the pipeline."""

import datetime as dt
import hashlib

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

TITLE = "Warga Binaan Rutan Sukamaju Belajar Membuat Dimsum"
TEXT = (
    "SUKAMAJU – Sepuluh warga binaan perempuan Rutan Kelas IIB Sukamaju mengikuti pelatihan membuat dimsum dan "
    "menjahit, Senin (13/10/2025). Rutan menggandeng Disnaker Sukamaju dan CV Maju Jaya. Dewi Lestari memandu peserta."
)


def quote(words):
    start = TEXT.index(words)
    return [Evidence(field="text", start=start, end=start + len(words), text=words, method="rule")]


def make_program(number=0, **changes):
    """Return a program with a value in every slot."""
    day = dt.date(2025, 10, 13) + dt.timedelta(days=number)
    values = {
        "facility": Facility(
            name="Rutan Kelas IIB Sukamaju",
            type="rutan",
            class_="IIB",
            place="Sukamaju",
            province="Jawa Barat",
            facility_id="rutan-kelas-iib-sukamaju",
            confidence=0.97,
            evidence=quote("Rutan Kelas IIB Sukamaju"),
        ),
        "date": ProgramDate(start=day, end=day, precision="day", confidence=0.95, evidence=quote("Senin (13/10/2025)")),
        "partners": [
            Partner(
                name="Disnaker Sukamaju",
                acronym="Disnaker",
                kind="government",
                confidence=0.9,
                evidence=quote("Disnaker Sukamaju"),
            ),
            Partner(name="CV Maju Jaya", kind="company", confidence=0.8, evidence=quote("CV Maju Jaya")),
        ],
        "instructors": [Instructor(name="Dewi Lestari", title="Chef", confidence=0.88, evidence=quote("Dewi Lestari"))],
        "skills": [
            Skill(name="membuat dimsum", category="culinary", confidence=0.93, evidence=quote("membuat dimsum")),
            Skill(name="menjahit", category="sewing_fashion", confidence=0.7, evidence=quote("menjahit")),
        ],
        "participants": Participants(
            count=10, group="women", confidence=0.91, evidence=quote("Sepuluh warga binaan perempuan")
        ),
        "confidence": 0.92,
        "key": f"rutan-kelas-iib-sukamaju|{day}|culinary",
    }
    return Program(**(values | changes))


def make_record(number=0, programs=None, title=TITLE, **changes):
    """Return the record of an article of its own, of one program unless others are named."""
    text = f"{TEXT} ({number})"
    article = ArticleInfo(
        url=f"https://kabar.example/{number}",
        title=title,
        text=text,
        publisher="Kabar Sukamaju",
        language="id",
        published=dt.date(2025, 10, 13) + dt.timedelta(days=number % 365),
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
    values = {
        "pipeline_version": "0.2.0",
        "model_version": "1.0.1",
        "status": "ok",
        "article": article,
        "relevance": 0.99,
        "programs": [make_program(number % 365)] if programs is None else programs,
    }
    return ArticleRecord(**(values | changes))


def as_json(record):
    return record.model_dump(mode="json", by_alias=True)
