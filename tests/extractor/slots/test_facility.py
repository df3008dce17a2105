import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

import extractor.language.sentences  # noqa: F401  (registers the component and the extension)
from extractor.mentions import Mention
from extractor.slots import facility

NLP = spacy.blank("id")


def read(title, text):
    doc = NLP.make_doc(f"{title}\n\n{text}")
    doc._.body_start = len(title) + 2
    return doc


@pytest.mark.parametrize(
    ("words", "type_", "class_", "place"),
    [
        ("Lembaga Pemasyarakatan (Lapas) Kelas IIA Bojonegoro", "lapas", "IIA", "Bojonegoro"),
        ("Lembaga Permasyarakatan (LAPAS) Kelas II B Kuala Tungkal", "lapas", "IIB", "Kuala Tungkal"),
        ("Lembaga Pemasyarakatan kelas IIA (Lapas) Garut", "lapas", "IIA", "Garut"),
        ("Lembaga Pemasyarakatan Sumbawa Kelas II A", "lapas", "IIA", "Sumbawa"),
        ("Lapas 2B Ngawi", "lapas", "IIB", "Ngawi"),
        ("Lapas Klas II-B Kota Singaraja", "lapas", "IIB", "Singaraja"),
        ("Lapas Kelas llB Tasikmalaya", "lapas", "IIB", "Tasikmalaya"),
        ("Lapas Klas IA Kedungpane Semarang", "lapas", "I", "Semarang"),
        ("Rutan Kelas IA Kota Solo", "rutan", "I", "Solo"),
        ("rumah tahanan negara kelas II B Banjarnegara", "rutan", "IIB", "Banjarnegara"),
        ("Rutan Bangil Pasuruan", "rutan", None, "Bangil"),
        ("Rutan Perempuan Kelas II A Surabaya", "rutan_perempuan", "IIA", "Surabaya"),
        ("Lembaga Pemasyarakatan Perempuan (LPP) Kelas 2A Tangerang", "lapas_perempuan", "IIA", "Tangerang"),
        ("Lapas Khusus Narkotika Kelas II A Cirebon", "lapas_narkotika", "IIA", "Cirebon"),
        ("Lapastika Bandung", "lapas_narkotika", None, "Bandung"),
        ("Lapas Terbuka Kelas IIB Nusakambangan", "lapas_terbuka", "IIB", "Nusakambangan"),
        ("Lembaga Pembinaan Khusus Anak (LPKA) Kelas I Kutoarjo", "lpka", "I", "Kutoarjo"),
        ("Balai Pemasyarakatan (Bapas) Kelas 1 Malang", "bapas", "I", "Malang"),
        ("Lapas Kelas IIB Kota Agung", "lapas", "IIB", "Kota Agung"),
        ('Panti Pelayanan Sosial (PPS) PGOT "Mardi Utomo" Semarang', "rehab_center", None, "Semarang"),
        ("Sentra Handayani", "rehab_center", None, "Handayani"),
        ("Balai Besar Rehabilitasi Badan Narkotika Nasional (BNN) Lido", "rehab_center", None, "Lido"),
    ],
)
def test_names_are_read_whole_with_type_class_and_place(words, type_, class_, place):
    doc = read("Pelatihan bagi warga binaan", f"Warga binaan {words}, kemarin, belajar menjahit.")
    (mention,) = facility.find(doc)
    assert doc.text[mention.start : mention.end] == words
    value = facility.resolve(doc, mention)
    assert (value.name, value.type, value.class_, value.place) == (words, type_, class_, place)


def test_short_and_full_form_are_one_facility_with_its_unit():
    doc = read(
        "Rutan Situbondo Latih Warga Binaan",
        "Rutan Situbondo membuka kelas batik. Kepala Rutan Kelas IIB Situbondo Rudi hadir.",
    )
    (mention,) = facility.find(doc)
    value = facility.resolve(doc, mention)
    assert value.name == "Rutan Kelas IIB Situbondo"
    assert value.facility_id == "rutan-kelas-iib-situbondo"
    assert value.province == "Jawa Timur"


def test_facilities_of_one_town_come_apart():
    doc = read("Pelatihan", "Lapas Kelas IIA Bengkulu dan Rutan Kelas IIB Bengkulu serta Lapas Curup ikut.")
    names = {facility.resolve(doc, m).name for m in facility.find(doc)}
    assert names == {"Lapas Kelas IIA Bengkulu", "Rutan Kelas IIB Bengkulu", "Lapas Curup"}


@pytest.mark.parametrize(
    "text",
    [
        "Kegiatan digelar di lapas setempat oleh Kanwil Kemenkumham Jawa Timur.",
        "Kepala Lapas Joko Prayitno membuka acara.",
        "Kantor Rupbasan Bandung dikunjungi.",
    ],
)
def test_decoys_are_no_facility(text):
    assert facility.find(read("Berita", text)) == []


PARTS = st.sampled_from(
    [
        "Lapas ",
        "Rutan (Rutan) ",
        "Kelas ",
        "II",
        "A ",
        "(LPP) ",
        "Kota ",
        "Bandung ",
        "Sentra ",
        '"',
        "\n",
        "LP",
        "Nusakambangan",
    ]
)


@given(st.one_of(st.text(), st.lists(PARTS).map("".join)), st.data())
def test_any_text_is_read_with_spans_in_bounds(text, data):
    doc = read("", text)
    for mention in facility.find(doc):
        assert 0 <= mention.start < mention.end <= len(doc.text)
        assert facility.resolve(doc, mention) is not None
    start = data.draw(st.integers(0, len(doc.text)))
    facility.resolve(doc, Mention("facility", start, data.draw(st.integers(start, len(doc.text))), 0.5, "model"))


@pytest.mark.parametrize(
    ("words", "class_", "province", "regency"),
    [
        ("Lapas Kelas IIA Bojonegoro", "IIA", "Jawa Timur", "Kabupaten Bojonegoro"),
        ("Rutan Situbondo", None, "Jawa Timur", "Kabupaten Situbondo"),
        ("Loka Rehabilitasi BNN Deli Serdang", None, "Sumatera Utara", "Kabupaten Deli Serdang"),
        ("Rumah Damping BNN Provinsi Jateng", None, "Jawa Tengah", None),
        ("Rumah Damping Astama", None, None, None),
    ],
)
def test_region_is_the_units_or_the_places_and_the_class_the_articles(words, class_, province, regency):
    value = facility.resolve(read("Judul", words), Mention("facility", 7, 7 + len(words), 0.9, "rule"))
    assert value is not None
    assert (value.class_, value.province, value.regency) == (class_, province, regency)


@pytest.mark.parametrize(
    ("words", "class_", "place", "unit"),
    [
        ("Lapas 1 Madiun", "I", "Madiun", "lapas-kelas-i-madiun"),
        ("Bapas I Surabaya", "I", "Surabaya", "bapas-kelas-i-surabaya"),
        ("Lapas Kelas II.B Tabanan", "IIB", "Tabanan", "lapas-kelas-iib-tabanan"),
        ("Rumah Tahanan Negara (Rutan) Kelas IIB Negara", "IIB", "Negara", "rutan-kelas-iib-negara"),
        ("Rumah Tahanan Negara Kelas IIB Situbondo", "IIB", "Situbondo", "rutan-kelas-iib-situbondo"),
    ],
)
def test_forms_of_the_class_and_a_town_named_as_the_state(words, class_, place, unit):
    value = facility.resolve(read("Judul", words), Mention("facility", 7, 7 + len(words), 0.9, "rule"))
    assert (value.class_, value.place, value.facility_id) == (class_, place, unit)


def test_a_name_that_opens_with_a_single_i_is_no_class():
    value = facility.resolve(read("Judul", "Kalapas I Wayan"), Mention("facility", 7, 20, 0.9, "rule"))
    assert value is None
    value = facility.resolve(read("Judul", "Lapas I Wayan Putu"), Mention("facility", 7, 24, 0.9, "rule"))
    assert (value.class_, value.place) == (None, None)
