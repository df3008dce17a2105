"""The main job from end to end: text, HTML and any nonsense to a record."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor import Article, InputError, extract, load
from extractor.pipeline import MAX_CHARS, Pipeline, read_values
from extractor.schema import ArticleRecord
from extractor.slots.ranking import EASED

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "service" / "samples"
SEED = ROOT.parent / "shared" / "data" / "seed"
WORDS = [
    "Lapas Kelas IIA Ngawi", "Rutan Balikpapan", "warga binaan", "pelatihan", "menjahit", "Senin (1/2/2024)", "31/2",
    "Chef Dyah Retnani", "bekerja sama dengan", "CV Ariya Jaya", "(BLK)", "20 orang", "dua puluh", "\n\n", ",", "“", "(",
]  # fmt: skip


def assert_exact(record: ArticleRecord):
    fields = {"title": record.article.title, "text": record.article.text}
    for program in record.programs:
        values = [program.facility, program.date, program.participants]
        values += [*program.partners, *program.instructors, *program.skills]
        for value in filter(None, values):
            assert value.evidence
            for proof in value.evidence:
                assert fields[proof.field][proof.start : proof.end] == proof.text


def assert_complete(record: ArticleRecord):
    assert record.status == "ok"
    assert_exact(record)
    (program,) = record.programs
    facility = program.facility
    assert (facility.type, facility.class_, facility.place) == ("rutan", "IIA", "Balikpapan")
    assert facility.facility_id == "rutan-kelas-iia-balikpapan"
    assert facility.province == "Kalimantan Timur"
    assert program.date.start.isoformat() == program.date.end.isoformat() == "2025-10-13"
    partners = {p.name: (p.acronym, p.kind) for p in program.partners}
    office = "Dinas Pemberdayaan Perempuan, Perlindungan Anak, dan Keluarga Berencana (DP3AKB) Kota Balikpapan"
    assert partners == {
        office: ("DP3AKB", "government"),
        "CV Ariya Magga Jaya": (None, "company"),
        "Forum UMKM Balikpapan Tengah": (None, "community"),
    }
    assert [(i.name, i.title) for i in program.instructors] == [("Dyah Retnani", "Chef")]
    assert [s.category for s in program.skills] == ["culinary"]
    assert "dimsum" in program.skills[0].name.casefold()
    assert program.participants.group == "women"
    assert program.participants.count is None


def test_the_sample_page_gives_the_whole_record():
    assert_complete(extract(html=(SAMPLES / "dimsum.html").read_bytes()))


def test_the_sample_text_gives_the_whole_record():
    assert_complete(extract(text=(SAMPLES / "dimsum.txt").read_text("utf-8")))


@pytest.mark.skipif(not SEED.exists(), reason="../shared is absent")
def test_the_seed_gives_every_value_from_text_and_html():
    text = (SEED / "article.txt").read_text("utf-8")
    assert_complete(extract(text=text))
    title, *paragraphs = [line for line in text.split("\n") if line.strip()]
    body = "".join(f"<p>{line}</p>" for line in paragraphs)
    page = f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body></html>"
    assert_complete(extract(html=page))


@settings(max_examples=1000, deadline=None)
@given(st.text(max_size=400), st.text(min_size=1, max_size=60))
def test_any_unicode_gives_a_record(text, title):
    assert_exact(load("none").extract(Article(title, text)))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=60))
def test_evidence_is_the_text_it_points_at(words):
    assert_exact(load("none").extract(Article("Warga Binaan Lapas Ngawi Ikuti Pelatihan Menjahit", " ".join(words))))


def test_a_record_survives_json():
    record = extract(text=(SAMPLES / "dimsum.txt").read_text("utf-8"))
    assert ArticleRecord.model_validate(json.loads(record.model_dump_json(by_alias=True))) == record


@pytest.mark.parametrize(("several", "taken"), [(None, False), (0.2, False), (0.9, True)])
def test_less_likely_values_are_taken_where_surely_several_programs_are_told(several, taken):
    article = Article("Lapas Ngawi Gelar Pelatihan", "Warga binaan Lapas Ngawi belajar menjahit, Senin (1/1/2024).")
    pipeline = Pipeline("none")
    doc = pipeline._doc(article)
    sewing = next(f for f in read_values(doc, article).found if f.slot == "skill")
    between = sewing.value.confidence * (1 + 1 / EASED) / 2
    doc._.rankers = {**pipeline.rankers, "threshold": {"skill": between}}
    doc._.several = several
    assert any(f.slot == "skill" for f in read_values(doc, article).found) == taken


def test_news_of_other_things_has_no_programs():
    record = extract(text="Harga Cabai Naik\nPedagang pasar mengeluh karena harga cabai naik sejak Senin.")
    assert (record.status, record.programs) == ("not_relevant", [])


@pytest.mark.parametrize("sources", [{}, {"text": "a", "html": "b"}, {"text": ""}, {"html": ""}])
def test_exactly_one_source_with_something_in_it(sources):
    with pytest.raises(InputError):
        extract(**sources)


@pytest.mark.parametrize(
    "piece",
    [
        "Budi Santoso, Siti Aminah, ",
        "Dinas Tenaga Kerja (Disnaker) Kota Tangerang, PT Maju Jaya, ",
        "Lapas Kelas IIB Blitar dan Rutan Kelas I Medan, ",
        "Senin (13/10/2025), 14 Oktober 2025, ",
        "Instruktur Budi dari BLK Blitar mengajarkan menjahit kepada 20 warga binaan. ",
        '"',
        "(((((",
        "PT A (B (C (D) E) Sutikno instruktur ( ( ( ",
        "12 34 56/",
    ],
)
def test_the_longest_text_takes_seconds_whatever_it_is_packed_with(piece):
    text = ("Warga binaan Lapas Blitar ikut pelatihan menjahit. " + piece * (MAX_CHARS // len(piece) + 1))[:MAX_CHARS]
    began = time.process_time()
    load("none").extract(Article("Lapas Blitar Gelar Pelatihan Menjahit", text))
    assert time.process_time() - began < 20
