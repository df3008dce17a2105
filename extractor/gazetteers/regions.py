"""Where a place lies: Indonesia's 38 provinces and 514 regencies and cities, by their names and other names."""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from extractor.gazetteers.facilities import fold, units

if TYPE_CHECKING:
    from collections.abc import Iterator

_KIND = re.compile(r"\s*(Kota|Kabupaten|Kab\.?)(?:\s+Administrasi)?\s+", re.IGNORECASE)
_PROVINCE = re.compile(r"\s*(?:Provinsi|Propinsi|Prov\.?)\s+", re.IGNORECASE)


class Region(NamedTuple):
    """A province, with the regency ("Kabupaten Bogor") or city ("Kota Bogor") where the place says which one."""

    province: str
    regency: str | None


def _rows(name: str) -> Iterator[dict[str, str]]:
    with files("extractor.gazetteers").joinpath(name).open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


@cache
def provinces() -> tuple[str, ...]:
    """Return the names of the provinces, in the order of their codes."""
    return tuple(dict.fromkeys(row["province"] for row in _rows("regions.csv")))


@cache
def _regencies() -> dict[str, list[Region]]:
    """Return the regencies and cities by their folded names; one name may be a city's and a regency's."""
    table: dict[str, list[Region]] = {}
    for row in _rows("regions.csv"):
        region = Region(row["province"], f"{row['kind'].capitalize()} {row['name']}")
        table.setdefault(fold(row["name"]), []).append(region)
    return table


@cache
def _other_names() -> dict[str, str]:
    return {fold(row["name"]): row["region"] for row in _rows("region_names.csv")}


@cache
def _towns() -> dict[str, list[Region]]:
    """Return the regions of the towns that facilities are named after, by the towns' folded names."""
    table: dict[str, list[Region]] = {}
    for unit in units():
        here = [r for area in unit.regencies for r in _regencies().get(fold(area), ()) if r.province == unit.province]
        table.setdefault(fold(unit.place), []).extend(here or [Region(unit.province, None)])
    return table


@lru_cache(maxsize=4096)
def find(place: str) -> Region | None:
    """Return the region that a place is or lies in, None where no list knows it or it may be in two provinces.

    "Kota Bandung" is the city, "Bandung" its province alone, as it may be the regency too. Tried in order: provinces,
    regencies and cities, their other names, towns that facilities are named after.
    """
    kind = _KIND.match(place)
    bare = place[kind.end() :] if kind else _PROVINCE.sub("", place)
    key = fold(bare)
    province = next((name for name in provinces() if fold(name) == key), None)
    if province and not kind:
        return Region(province, None)
    meant = f"{'Kota' if kind[1].casefold() == 'kota' else 'Kabupaten'} " if kind else ""
    found = [r for r in _regencies().get(key, ()) if (r.regency or "").startswith(meant)]
    if found:
        return _one(found)
    other = _other_names().get(key)
    if other and other != place:
        return find(other)
    return _one(_towns().get(key) or _towns().get(fold(place), []))  # "Kota Agung" is a town


def _one(found: list[Region]) -> Region | None:
    """Return what several regions have in common: all, the province, or nothing."""
    if len({r.province for r in found}) != 1:
        return None
    return found[0] if len(set(found)) == 1 else Region(found[0].province, None)
