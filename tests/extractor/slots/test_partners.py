import pytest
import spacy

import extractor.language.sentences  # noqa: F401  (registers the component and the extension)
from extractor.mentions import Mention
from extractor.schema import Evidence, Partner
from extractor.slots import partners

NLP = spacy.blank("id")


def partner(name, confidence=0.9, acronym=None):
    proof = Evidence(field="text", start=0, end=len(name), text=name, method="rule")
    return Partner(name=name, acronym=acronym, kind="government", confidence=confidence, evidence=[proof])


def resolved(text, *words):
    doc = NLP.make_doc(text)
    spans = [(text.index(w), text.index(w) + len(w)) for w in words]
    value = partners.resolve(doc, Mention("partner", *spans[0], 0.9, "rule", tuple(spans)))
    return value and (value.name, value.acronym, value.kind)


@pytest.mark.parametrize(
    ("name", "acronym"),
    [
        ("Balai Latihan Kerja (BLK) Kabupaten Tegal", "BLK"),
        ("Unit Pelaksana Teknis (UPT) Lembaga Latihan Kerja (LLK)", "LLK"),
        ("Dinas Tenaga Kerja Koperasi dan UKM (Disnakerkop dan UKM) Kudus", "Disnakerkop dan UKM"),
        ("UPT BLK Pasuruan, Provinsi Jawa Timur", "BLK"),
        ("UPT BLK (Balai Latihan Kerja) Provinsi di Jember", "BLK"),
        ("Disnaker Kabupaten Wonogiri", "Disnaker"),
        ("BLK", "BLK"),
        ("PT PLN (Persero)", None),
        ("Dinas Pertanian Kabupaten Hulu Sungai Tengah (HST)", None),
        ("LPK Sumber Ilmu", None),
        ("SMK Negeri 3 Ambon", None),
        ("PT AVA", None),
        ("DNA Salon Magetan", None),
        ("Yayasan Setara", None),
        ("((((", None),
    ],
)
def test_acronym_is_the_offices_own(name, acronym):
    assert partners.acronym(name) == acronym


def test_acronym_is_joined_from_another_sentence():
    text = "Lapas menggandeng Dinas Tenaga Kerja Kota Tangerang. Instruktur dari Disnaker Kota Tangerang hadir."
    found = resolved(text, "Dinas Tenaga Kerja Kota Tangerang", "Disnaker Kota Tangerang")
    assert found == ("Dinas Tenaga Kerja Kota Tangerang", "Disnaker", "government")


def test_acronym_may_stand_before_the_bracketed_name():
    text = "Pengusaha yang tergabung dalam ASLI (Asosiasi Laundry Indonesia) mengajar."
    assert resolved(text, "Asosiasi Laundry Indonesia") == ("Asosiasi Laundry Indonesia", "ASLI", "community")


def test_a_parent_is_no_partner():
    assert resolved("bersama Kanwil Kemenkumham Jatim", "Kanwil Kemenkumham Jatim") is None


def test_a_partner_stands_once_in_a_program():
    short = partner("Disnaker", 0.9, "Disnaker")
    full = partner("Dinas Ketenagakerjaan Kota Tangerang", 0.6)
    other = partner("BLK Kota Tangerang", 0.5, "BLK")
    one, two = partners.joined([short, full, other])
    assert (one.name, one.acronym, one.confidence) == ("Dinas Ketenagakerjaan Kota Tangerang", "Disnaker", 0.9)
    assert [e.text for e in one.evidence] == ["Dinas Ketenagakerjaan Kota Tangerang", "Disnaker"]
    assert two == other
