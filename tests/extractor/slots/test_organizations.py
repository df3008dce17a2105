import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from extractor.slots import organizations
from extractor.slots.organizations import Organization
from extractor.tagger import Entity

NLP = spacy.blank("id")


def found(text):
    return [(o.name, o.acronym, o.kind) for o in organizations.find_organizations(NLP.make_doc(text))]


def named(name):
    return Organization(0, len(name), name, organizations.acronym(name), organizations.kind(name))


@pytest.mark.parametrize(
    ("name", "acronym", "kind"),
    [
        ("Balai Latihan Kerja (BLK) Kabupaten Bojonegoro", "BLK", "government"),
        (
            "Dinas Pemberdayaan Perempuan, Perlindungan Anak, dan Keluarga Berencana (DP3AKB) Kota Solo",
            "DP3AKB",
            "government",
        ),
        ("Dinas Tanaman Pangan, Hortikultura dan Perkebunan", None, "government"),
        ("UPT BLK Pasuruan, Provinsi Jawa Timur", "BLK", "government"),
        ("Loka Latihan Kerja", None, "government"),
        ("Fakultas Seni dan Desain Universitas Negeri Makassar (UNM)", "UNM", "education"),
        ("Lembaga Pelatihan Kerja (LPK) Sumber Ilmu Batam", "LPK", "education"),
        ("SMK Negeri 3 Banda Aceh", None, "education"),
        ("PT Pupuk Kaltim (PKT)", "PKT", "company"),
        ("CV. Jasa Indah Mandiri", None, "company"),
        ("DNA Salon Magetan", None, "company"),
        ("Yayasan Zeliq Herdin Edukasi", None, "ngo"),
        ("Asosiasi Laundry Indonesia (ASLI) wilayah Banten", "ASLI", "community"),
        ("Badan Amil Zakat Nasional (Baznas) Kabupaten Banjarnegara", "Baznas", "religious"),
    ],
)
def test_names_end_where_the_organization_ends(name, acronym, kind):
    text = f"Pelatihan digelar bekerja sama dengan {name}, kemarin."
    ((got, _, got_kind),) = found(text)
    assert (got, got_kind) == (name, kind)
    if "(" in name:
        assert organizations.acronym(name) == acronym


def test_two_organizations_joined_by_and_come_apart():
    names = [n for n, _, _ in found("Lapas menggandeng Dinas Kesehatan, Disnaker dan BLK Kabupaten Tegal.")]
    assert names == ["Dinas Kesehatan", "Disnaker", "BLK Kabupaten Tegal"]


def test_person_behind_the_place_is_left_out():
    assert found("Kepala Dinas Tenaga Kerja (Disnaker) Kota Batam Nurul Iswahyuni hadir.")[0][0] == (
        "Dinas Tenaga Kerja (Disnaker) Kota Batam"
    )


@pytest.mark.parametrize(
    "name",
    [
        "Kanwil Kemenkumham Jawa Timur",
        "Direktorat Jenderal Pemasyarakatan",
        "Lapas Kelas I Malang",
        "LPK Lapas Cipinang",
        "Seksi Kegiatan Kerja",
        "Kementerian Imigrasi dan Pemasyarakatan",
    ],
)
def test_parents_and_own_units_are_no_partners(name):
    assert organizations.is_parent(name)
    assert found(f"Kegiatan ini didukung {name}.") == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Dinas Tenaga Kerja (Disnaker) Kota Batam", "Disnaker", True),
        ("Dinas Tenaga Kerja (Disnaker) Kota Batam", "Disnaker Kota Batam", True),
        ("Lembaga Pelatihan Kerja (LPK) Asia", "LPK Asia", True),
        ("Lembaga Pelatihan Kerja (LPK) Asia", "LPK Rika", False),
        ("Balai Latihan Kerja (BLK) Kabupaten Tegal", "Balai Latihan Kerja (BLK) Kota Magelang", False),
        ("Dinas Pertanian", "Dinas Pertanian Kabupaten Bangli", True),
        ("BLK", "PT AVA", False),
        ("BLK Banjarmasin", "SMKN 4 Banjarmasin", False),
        ("BLK Banda Aceh", "Universitas Syiah Kuala Banda Aceh", False),
        ("BLK Banjarmasin", "Balai Latihan Kerja Banjarmasin", True),
    ],
)
def test_short_and_full_names_are_joined(one, other, same):
    assert organizations.same_organization(named(one), named(other)) is same
    assert organizations.same_organization(named(other), named(one)) is same


PARTS = st.sampled_from(
    [
        "Dinas ",
        "PT ",
        "(BLK) ",
        "Kota ",
        ", ",
        " dan ",
        "Pertanian ",
        "Batam ",
        "menggandeng ",
        '"',
        "\n",
        ".",
    ]
)


@given(st.one_of(st.text(), st.lists(PARTS).map("".join)))
def test_any_text_gives_ordered_names_in_bounds(text):
    at = 0
    for organization in organizations.find_organizations(NLP.make_doc(text)):
        assert at <= organization.start < organization.end <= len(text)
        assert text[organization.start : organization.end] == organization.name
        at = organization.end


@pytest.mark.parametrize(("score", "name"), [(0.95, "PT Adaro Indonesia"), (0.4, "PT Adaro Indonesia Yuri Budhi")])
def test_a_person_whom_the_tagger_is_sure_of_ends_the_name(score, name):
    doc = NLP.make_doc("Kepala Seksi CSR PT Adaro Indonesia Yuri Budhi mengatakan hal itu.")
    at = doc.text.index("Yuri")
    doc._.entities = [Entity("PER", at, at + len("Yuri Budhi"), score)]
    assert [o.name for o in organizations.find_organizations(doc)] == [name]
