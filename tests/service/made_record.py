"""A record made by hand, so that the pages and the API are tested apart from the pipeline."""

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

TITLE = "Sepuluh Warga Binaan Rutan Kelas IIB Sukamaju Belajar Membuat Dimsum"
TEXT = """SUKAMAJU – Sepuluh warga binaan perempuan Rumah Tahanan Negara (Rutan) Kelas IIB Sukamaju \
mengikuti pelatihan membuat dimsum, Senin (13/10/2025).

Rutan menggandeng Dinas Tenaga Kerja (Disnaker) Kota Sukamaju. \
Chef Dewi Lestari memandu peserta di dapur rutan."""


def quote(words, field="text", method="rule"):
    """Return evidence for the first place of the words."""
    start = {"title": TITLE, "text": TEXT}[field].index(words)
    return [Evidence(field=field, start=start, end=start + len(words), text=words, method=method)]


def make_record(title=TITLE, text=TEXT, **changes):
    """Return a record of one program; title and text may be others of the same length."""
    program = Program(
        facility=Facility(
            name="Rumah Tahanan Negara (Rutan) Kelas IIB Sukamaju",
            type="rutan",
            class_="IIB",
            place="Sukamaju",
            province="Jawa Barat",
            confidence=0.97,
            evidence=quote("Rumah Tahanan Negara (Rutan) Kelas IIB Sukamaju")
            + quote("Rutan Kelas IIB Sukamaju", "title"),
        ),
        date=ProgramDate(
            start=dt.date(2025, 10, 13),
            end=dt.date(2025, 10, 13),
            precision="day",
            confidence=0.95,
            evidence=quote("Senin (13/10/2025)"),
        ),
        partners=[
            Partner(
                name="Dinas Tenaga Kerja (Disnaker) Kota Sukamaju",
                acronym="Disnaker",
                kind="government",
                confidence=0.9,
                evidence=quote("Dinas Tenaga Kerja (Disnaker) Kota Sukamaju", method="model"),
            )
        ],
        instructors=[Instructor(name="Dewi Lestari", title="Chef", confidence=0.88, evidence=quote("Dewi Lestari"))],
        skills=[
            Skill(
                name="membuat dimsum",
                category="culinary",
                confidence=0.93,
                evidence=quote("membuat dimsum") + quote("Membuat Dimsum", "title"),
            )
        ],
        participants=Participants(
            count=10, group="women", confidence=0.91, evidence=quote("Sepuluh warga binaan perempuan")
        ),
        confidence=0.92,
        key="sukamaju",
    )
    article = ArticleInfo(
        title=title,
        text=text,
        publisher="Kabar Sukamaju",
        language="id",
        published=dt.date(2025, 10, 13),
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
    values = {
        "pipeline_version": "0.1.0",
        "model_version": None,
        "status": "ok",
        "article": article,
        "relevance": 0.99,
        "programs": [program],
    }
    return ArticleRecord(**(values | changes))
