import re

import pytest
import spacy

import extractor.language.sentences  # noqa: F401  (registers the component and the extension)
from extractor.mentions import Mention
from extractor.slots import instructors

NLP = spacy.blank("id")
TITLE = "Pelatihan di Lapas"


def resolved(text, name, *short, title=TITLE):
    whole = f"{title}\n\n{text}"
    doc = NLP.make_doc(whole)
    doc._.body_start = len(title) + 2
    spans = [m.span() for form in (name, *short) for m in re.finditer(re.escape(form), whole)]
    value = instructors.resolve(doc, Mention("instructor", *spans[0], 0.9, "rule", tuple(sorted(set(spans)))))
    return value and (value.name, value.title, value.affiliation)


@pytest.mark.parametrize(
    ("text", "title", "affiliation"),
    [
        ("Mereka dibimbing Siti Aminah, instruktur LKP Zakiyah.", "instruktur", "LKP Zakiyah"),
        ("Siti Aminah, S.Pd., guru tata boga dari SMK Negeri 3 Ambon, hadir.", "guru tata boga", "SMK Negeri 3 Ambon"),
        ("Instruktur dari BLK Kabupaten Buru, Siti Aminah, hadir.", "Instruktur", "BLK Kabupaten Buru"),
        ("Rutan menggandeng DNA Salon Magetan. Pemiliknya, Siti Aminah, mengajar.", "Pemilik", "DNA Salon Magetan"),
        ("Kelas diisi Siti Aminah, owner Batik Alfando.", "owner", "Batik Alfando"),
        ("Yang mengajar Siti Aminah. Penyuluh Dinas Pertanian itu sabar.", "Penyuluh", "Dinas Pertanian"),
        ("Mereka diajar Siti Aminah dan Winda. Keduanya instruktur BLK Ambon.", "instruktur", "BLK Ambon"),
        ("Siti Aminah, yang ditugaskan BLK Ambon sebagai instruktur, hadir.", "instruktur", "BLK Ambon"),
        ("Yang memegang wajan Ibu Siti Aminah.", "Ibu", None),
        ("Kelas dibuka Dr. Siti Aminah dengan doa.", "Dr.", None),
        ("Ibu Siti Aminah, perajin dari Naras, hadir.", "perajin", None),
        ("Kalapas memuji instruktur. Siti Aminah menutup acara.", None, None),
        ("Giliran Siti Aminah mengajar. Kepala Rutan, Ahmad Basri, memuji kegiatan itu.", None, None),
        ("Siti Aminah berbicara kepada peserta yang diajar pelatih lain.", None, None),
    ],
)
def test_role_and_organization_are_those_tied_to_the_name(text, title, affiliation):
    assert resolved(text, "Siti Aminah") == ("Siti Aminah", title, affiliation)


def test_short_and_full_forms_are_one_person_with_the_role_of_either():
    text = "Kelas dipandu Chef Dyah Retnani. Menurut Dyah, instruktur LKP Zakiyah, peserta cepat paham."
    doc = NLP.make_doc(f"{TITLE}\n\n{text}")
    doc._.body_start = len(TITLE) + 2
    (person,) = [c for c in instructors.candidates(doc) if "Dyah" in doc.text[c.person.start : c.person.end]]
    assert [doc.text[start:end] for start, end in person.spans] == ["Dyah Retnani", "Dyah"]
    value = instructors.resolve(doc, Mention("instructor", *person.span, 0.9, "rule", tuple(person.spans)))
    assert value is not None
    assert (value.name, value.title, value.affiliation) == ("Dyah Retnani", "instruktur", "LKP Zakiyah")


def test_a_headlines_capitals_do_not_make_the_name():
    text = "Sudah lama Suheni melatih. Peserta menyukai Suheni."
    found = resolved(text, "Cerita Suheni Ajari", "Suheni", title="Cerita Suheni Ajari Napi Menjahit")
    assert found is not None
    assert found[0] == "Suheni"
