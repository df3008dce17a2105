"""The correctional facilities of Indonesia: type, class, place and province of each unit."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import cast

from rapidfuzz import fuzz, process

from extractor.schema import FacilityClass, FacilityType

_SUBTYPES = {"Perempuan": "_perempuan", "Narkotika": "_narkotika", "Terbuka": "_terbuka"}
# Of the places in data/programs that are no unit's, none came nearer than 89 to another unit's; spellings
# of the same place ("Bandanaira", "Lhoksemawe") lie at 90 and above.
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


@cache
def units() -> list[Unit]:
    """Return all units but the stores of confiscated goods (Rupbasan), which hold no one."""
    with files("extractor.gazetteers").joinpath("facilities.csv").open(encoding="utf-8") as lines:
        rows = [r for r in csv.DictReader(lines) if r["type"] in {"Lapas", "Rutan", "LPKA", "Bapas"}]
    return [_unit(row) for row in rows]


def _unit(row: dict[str, str]) -> Unit:
    kind = row["type"].casefold() + _SUBTYPES.get(row["subtype"], "")
    slug = re.sub(r"\W+", "-", row["name"].casefold()).strip("-")
    class_ = row["class"] if row["class"] in {"I", "II", "IIA", "IIB", "III"} else None
    place = row["place"].strip()
    return Unit(slug, row["name"], cast(FacilityType, kind), cast("FacilityClass | None", class_), place, row["province"])


@cache
def places() -> dict[str, list[Unit]]:
    """Return the units by their case-folded place."""
    table: dict[str, list[Unit]] = {}
    for unit in units():
        table.setdefault(unit.place.casefold(), []).append(unit)
    return table


def find_unit(type_: FacilityType, place: str, class_: FacilityClass | None) -> Unit | None:
    """Return the unit of this type at this place, the class deciding between several; None if none fits.

    A misspelled place is forgiven from a rapidfuzz ratio of `CLOSE` upwards.
    """
    here = places().get(place.casefold())
    if here is None:
        near = process.extractOne(place.casefold(), places().keys(), scorer=fuzz.ratio, score_cutoff=CLOSE)
        here = places()[near[0]] if near else []
    same = [u for u in here if u.type == type_]
    return next((u for u in same if u.class_ == class_), same[0] if len(same) == 1 else None)


def family(type_: str) -> str:
    """Return the type without its kind: a women's or narcotics prison is a prison."""
    return type_.split("_")[0] if type_.startswith(("lapas", "rutan")) else type_
