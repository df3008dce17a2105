"""The correctional facilities of Indonesia: type, class, place and province of each unit."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, cast

from rapidfuzz import fuzz, process

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extractor.schema import FacilityClass, FacilityType

_SUBTYPES = {"Perempuan": "_perempuan", "Narkotika": "_narkotika", "Terbuka": "_terbuka"}
# The type word shifts within one article (Lapas/Rutan Jepara): what else a unit of this type is called.
_ALSO: dict[FacilityType, tuple[FacilityType, ...]] = {
    "rutan": ("lapas",),
    "lapas": ("rutan",),
    "rutan_perempuan": ("lapas_perempuan", "rutan"),
}
# Measured on data/programs: a place that is no unit's comes at most as near as 88.9 ("Solo" to "Solok"), and
# no two units' places are nearer than 86.7; one letter left out of six still gives 90.9.
CLOSE = 90


@dataclass(frozen=True, slots=True)
class Unit:
    """One row of facilities.csv (its `source` column names where each was read)."""

    facility_id: str
    name: str
    type: FacilityType
    class_: FacilityClass | None
    place: str
    province: str
    regencies: tuple[str, ...]  # names without "Kota" or "Kabupaten"
    regency: str | None  # the one that it lies in, with its kind


def fold(place: str) -> str:
    """Return a place without case, spaces and signs: "Bandar Lampung" and "Bandarlampung" are one."""
    return re.sub(r"[\W_]+", "", place.casefold())


def _rows(name: str) -> Iterator[dict[str, str]]:
    with files("extractor.gazetteers").joinpath(name).open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


@cache
def units() -> list[Unit]:
    """Return all units but the stores of confiscated goods (Rupbasan), which hold no one."""
    return [_unit(row) for row in _rows("facilities.csv") if row["type"] in {"Lapas", "Rutan", "LPKA", "Bapas"}]


def _unit(row: dict[str, str]) -> Unit:
    kind = row["type"].casefold() + _SUBTYPES.get(row["subtype"], "")
    slug = re.sub(r"\W+", "-", row["name"].casefold()).strip("-")
    class_ = row["class"] if row["class"] in {"I", "II", "IIA", "IIB", "III"} else None
    areas = [re.sub(r"^(?:Kabupaten|Kota(?: Administrasi)?)\s+", "", r.strip()) for r in row["regency"].split("/")]
    return Unit(
        facility_id=slug,
        name=row["name"],
        type=cast("FacilityType", kind),
        class_=cast("FacilityClass | None", class_),
        place=row["place"].strip(),
        province=row["province"],
        regencies=tuple(a for a in areas if a),
        regency=row["regency"].replace("Kota Administrasi", "Kota").strip() or None if len(areas) == 1 else None,
    )


@cache
def _by_place() -> dict[str, list[Unit]]:
    """Return the units by their folded place, also by the other names that place_names.csv gives it."""
    table: dict[str, list[Unit]] = {}
    for unit in units():
        table.setdefault(fold(unit.place), []).append(unit)
    for row in _rows("place_names.csv"):
        table.setdefault(fold(row["name"]), []).extend(table.get(fold(row["unit_place"]), []))
    return table


@cache
def _by_regency() -> dict[str, list[Unit]]:
    table: dict[str, list[Unit]] = {}
    for unit in units():
        for area in unit.regencies:
            table.setdefault(fold(area), []).append(unit)
    return table


@cache
def places() -> frozenset[str]:
    """Return every known place, folded: of units, their other names, regencies and provinces."""
    return frozenset({*_by_place(), *_by_regency(), *(fold(u.province) for u in units())})


@cache
def unit_places() -> frozenset[str]:
    """Return the folded places that units are named after."""
    return frozenset(fold(unit.place) for unit in units())


@lru_cache(maxsize=4096)
def find_unit(type_: FacilityType, place: str, class_: FacilityClass | None) -> Unit | None:
    """Return the unit of this type at this place, the class deciding between several; None if none fits.

    Tried in order: the unit's place, the regency it lies in, a misspelling of its place from a rapidfuzz
    ratio of `CLOSE` upwards; each for the type itself, then for what the type is mistaken for.
    """
    key = fold(place)
    near = process.extractOne(key, unit_places(), scorer=fuzz.ratio, score_cutoff=CLOSE)
    for here in (_by_place().get(key), _by_regency().get(key), _by_place()[near[0]] if near else None):
        for type_here in (type_, *_ALSO.get(type_, ())):
            same = list({u.facility_id: u for u in here or () if u.type == type_here}.values())
            if len(same) == 1:
                return same[0]
            if same:
                exact = [u for u in same if u.class_ == class_]
                return exact[0] if len(exact) == 1 else None
    return None
