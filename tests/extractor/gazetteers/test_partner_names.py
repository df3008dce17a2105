import csv
from importlib.resources import files

import pytest

from extractor.gazetteers import partners


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Disnaker Kota Tangerang", "Dinas Tenaga Kerja Kota Tangerang"),
        ("Dinas Ketenagakerjaan (Disnaker) Kota Tangerang", "Dinas Tenaga Kerja Kota Tangerang"),
        ("UPTD Balai Latihan Kerja Kab. Buru", "Balai Latihan Kerja Kabupaten Buru"),
        ("LKP Zakiyah", "Lembaga Kursus dan Pelatihan Zakiyah"),
        ("BAZNAS", "Badan Amil Zakat Nasional"),
        ("Baznas", "Badan Amil Zakat Nasional"),
        ("TP PKK Kota Batam", "Tim Penggerak Pemberdayaan dan Kesejahteraan Keluarga Kota Batam"),
        ("Tim Penggerak PKK Kota Batam", "Tim Penggerak Pemberdayaan dan Kesejahteraan Keluarga Kota Batam"),
        ("SMKN 4 Mataram", "Sekolah Menengah Kejuruan Negeri 4 Mataram"),
        ("PT. Sandeq  Motor", "PT Sandeq Motor"),
        ("Batik Mulasari", "Batik Mulasari"),
        ("(BLK)", "(BLK)"),
        ("", ""),
    ],
)
def test_names_are_written_as_everywhere(name, written):
    assert partners.canonical(name) == written


def test_a_written_out_name_stays_as_it_is():
    with files("extractor.gazetteers").joinpath("organization_names.csv").open(encoding="utf-8") as lines:
        names = {row["name"] for row in csv.DictReader(lines)}
    assert len(names) > 200
    assert {name for name in names if partners.canonical(name) != name} == set()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Disnaker", "Dinas Ketenagakerjaan (Disnaker) Kota Tangerang", True),
        ("BLK", "Balai Latihan Kerja (BLK) Kabupaten Tegal", True),
        ("BLK Kabupaten Tegal", "BLK Kabupaten Brebes", False),
        ("Yayasan", "Yayasan Setara", False),
        ("Dinas Pertanian Kota Solo", "Dinas Kesehatan Kota Solo", False),
    ],
)
def test_two_names_of_one_organization(one, other, same):
    assert partners.same(one, other) is same
    assert partners.same(other, one) is same


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Yayasan PKBM Tunas Cemerlang", "education"),
        ("BLK Komunitas Ponpes An-Nawawi", "religious"),
        ("Bank Sampah Gawe Rukun", "community"),
        ("Koperasi Kopi Lereng Ciremai", "company"),
        ("Dinas Koperasi dan UKM", None),
        ("Disporabudpar Lamongan", "government"),
        ("Distro Mekongga", "company"),
    ],
)
def test_a_word_may_decide_the_kind(name, kind):
    assert partners.kind(name) == kind
