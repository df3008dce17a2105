import csv
from importlib.resources import files

import pytest

from extractor.gazetteers import facilities, regions
from extractor.gazetteers.regions import Region


def test_the_table_is_whole():
    with files("extractor.gazetteers").joinpath("regions.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == len({row["code"] for row in rows}) == 514
    assert len(regions.provinces()) == 38
    assert sum(row["kind"] == "kota" for row in rows) == 98
    assert all(len({r["province"] for r in rows if r["code"][:2] == row["code"][:2]}) == 1 for row in rows)


def test_every_other_name_leads_to_a_region():
    with files("extractor.gazetteers").joinpath("region_names.csv").open(encoding="utf-8") as lines:
        assert [row["name"] for row in csv.DictReader(lines) if regions.find(row["name"]) is None] == []


def test_units_lie_where_their_places_do():
    elsewhere = {u.place for u in facilities.units() if (r := regions.find(u.place)) and r.province != u.province}
    assert elsewhere == set()


@pytest.mark.parametrize(
    ("place", "region"),
    [
        ("Kota Bandung", Region("Jawa Barat", "Kota Bandung")),
        ("Kab. Bandung", Region("Jawa Barat", "Kabupaten Bandung")),
        ("Bandung", Region("Jawa Barat", None)),
        ("Jateng", Region("Jawa Tengah", None)),
        ("Provinsi Bali", Region("Bali", None)),
        ("Bengkulu", Region("Bengkulu", None)),
        ("Kota Bengkulu", Region("Bengkulu", "Kota Bengkulu")),
        ("Solo", Region("Jawa Tengah", "Kota Surakarta")),
        ("Lubuk Pakam", Region("Sumatera Utara", "Kabupaten Deli Serdang")),
        ("Kota Agung", Region("Lampung", "Kabupaten Tanggamus")),
        ("pare pare", Region("Sulawesi Selatan", "Kota Parepare")),
        ("Banjar", None),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_places_are_found(place, region):
    assert regions.find(place) == region
