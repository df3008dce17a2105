"""Residents' names are masked; officials, teachers and offsets stay."""

import pytest

from extractor.redaction import MASK, redact_residents
from extractor.schema import ArticleInfo, ArticleRecord, Evidence, Instructor, Program


def record(text, *teachers):
    programs = []
    for name in teachers:
        at = text.index(name)
        proof = Evidence(field="text", start=at, end=at + len(name), text=name, method="rule")
        teacher = Instructor(name=name, confidence=0.9, evidence=[proof])
        programs.append(Program(instructors=[teacher], confidence=0.9, key="k"))
    info = ArticleInfo(title="Pelatihan di Lapas Ngawi", text=text, text_sha256="0")
    return ArticleRecord(
        pipeline_version="0", model_version=None, status="ok", article=info, relevance=1.0, programs=programs
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('"Saya senang," kata Suparman (35), warga binaan kasus narkotika.', "Suparman"),
        ("Salah satu warga binaan, Siti Aminah, mengaku bersyukur.", "Siti Aminah"),
        ("Seorang napi bernama Wawan Setiawan ikut belajar. Wawan rajin.", "Wawan"),
        ("Menurut Yuliana, salah seorang peserta, kelasnya padat.", "Yuliana"),
        ("Ucap Joko, mantan narapidana yang kini bekerja.", "Joko"),
    ],
)
def test_a_resident_is_masked_everywhere_and_no_offset_moves(text, name):
    masked = redact_residents(record(text)).article.text
    assert name not in masked
    assert len(masked) == len(text)
    assert MASK in masked


@pytest.mark.parametrize(
    "text",
    [
        "Kepala Rutan Balikpapan, Agus Salim, menyapa para peserta.",
        "Instruktur Dewi Lestari melatih warga binaan.",
        "Kalapas Ngawi Budi Hartono memuji warga binaan.",
    ],
)
def test_others_keep_their_names(text):
    assert redact_residents(record(text)).article.text == text


def test_a_resident_who_teaches_is_an_instructor():
    text = "Kelas dipandu Rahmat Hidayat, warga binaan yang dulu tukang cukur."
    assert redact_residents(record(text, "Rahmat Hidayat")).article.text == text
