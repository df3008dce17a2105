import re

import pytest

from extractor.gazetteers import facilities


def test_every_unit_has_its_own_stable_id():
    ids = [unit.facility_id for unit in facilities.units()]
    assert len(ids) == len(set(ids)) > 600
    assert "lapas-kelas-iia-bojonegoro" in ids
    assert all(re.fullmatch(r"[a-z0-9-]+", i) for i in ids)


@pytest.mark.parametrize(
    ("type_", "place", "class_", "expected"),
    [
        ("lapas", "Bojonegoro", "IIA", "lapas-kelas-iia-bojonegoro"),
        ("lapas", "Bandarlampung", "I", "lapas-kelas-i-bandar-lampung"),
        ("lapas_perempuan", "Bandar Lampung", None, "lapas-perempuan-kelas-iia-bandar-lampung"),
        ("rutan", "Solo", "I", "rutan-kelas-i-surakarta"),
        ("lapas", "Lhokseumwe", "IIA", "lapas-kelas-iia-lhokseumawe"),
        ("rutan", "Kabupaten", None, None),
        ("lapas", "Atlantis", None, None),
        ("lapas", "", None, None),
    ],
)
def test_unit_is_found_through_spellings_and_other_names(type_, place, class_, expected):
    unit = facilities.find_unit(type_, place, class_)
    assert (unit.facility_id if unit else None) == expected


def test_type_word_may_shift_between_lapas_and_rutan():
    rutan = facilities.find_unit("rutan", "Jepara", None)
    assert rutan is not None
    assert facilities.find_unit("lapas", "Jepara", None) == rutan


def test_two_units_of_one_type_at_a_place_need_the_class():
    assert facilities.find_unit("lapas", "Tangerang", None) is None
    unit = facilities.find_unit("lapas", "Tangerang", "I")
    assert unit is not None
    assert unit.name == "Lapas Kelas I Tangerang"
