"""Shapes of the pictures that the server draws: a bar a month, bars of a ranking, the map of provinces."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from corpus.stats import Bar

WIDTH, HEIGHT, FOOT = 960, 180, 22  # of the timeline, in its own units; the foot has the names
_TICKS = 8
_MONTHS = 120  # more are drawn by year
_SHADES = 5
_SCALE = 20  # of the map, units a degree
_WEST, _NORTH = 94.6, 6.2


@dataclass(frozen=True, slots=True)
class Column:
    """One bar of the timeline: the month or year, its number, where it stands, and its name where it is written."""

    key: str
    programs: int
    x: float
    y: float
    width: float
    height: float
    tick: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """A province: its outline, its number of programs, and which shade that is, 0 for none."""

    name: str
    path: str
    programs: int
    shade: int


def timeline(bars: Sequence[Bar]) -> list[Column]:
    """Return a bar a month, or a year where there are too many months, at their places."""
    known = [(bar.key, bar.programs) for bar in bars if bar.key is not None]
    if len(known) > _MONTHS:
        years: dict[str, int] = {}
        for key, programs in known:
            years[key[:4]] = years.get(key[:4], 0) + programs
        known = list(years.items())
    if not known:
        return []
    top = max(programs for _, programs in known) or 1
    step, space = math.ceil(len(known) / _TICKS), WIDTH / len(known)
    columns = []
    for number, (key, programs) in enumerate(known):
        height = round((HEIGHT - FOOT - 8) * programs / top, 1)
        x, width = round(number * space, 2), round(min(space * 0.84, 60), 2)
        columns.append(Column(key, programs, x, HEIGHT - FOOT - height, width, height, number % step == 0))
    return columns


def shapes(programs: Mapping[str, int]) -> list[Shape]:
    """Return the provinces with their shades: as many provinces in each shade as can be, those with none apart."""
    ranked = sorted(number for number in programs.values() if number)

    def shade(number: int) -> int:
        if not number:
            return 0
        below = sum(other < number for other in ranked)
        return 1 + min(_SHADES - 1, below * _SHADES // len(ranked))

    found = ((name, path, programs.get(name, 0)) for name, path in outlines())
    return [Shape(name, path, number, shade(number)) for name, path, number in found]


def limits(drawn: Sequence[Shape]) -> list[tuple[int, int, int]]:
    """Return each shade that occurs with the least and the largest number that it stands for."""
    numbers: dict[int, list[int]] = {}
    for shape in drawn:
        if shape.shade:
            numbers.setdefault(shape.shade, []).append(shape.programs)
    return [(shade, min(of), max(of)) for shade, of in sorted(numbers.items())]


@cache
def outlines() -> tuple[tuple[str, str], ...]:
    """Return the name and the outline, as the path of an SVG, of each province."""
    features = json.loads(files("service.pages").joinpath("map/provinces.geojson").read_text("utf-8"))["features"]
    return tuple((one["properties"]["name"], _path(one["geometry"]["coordinates"])) for one in features)


def _path(polygons: Sequence[Sequence[Sequence[Sequence[float]]]]) -> str:
    rings = (ring for polygon in polygons for ring in polygon)
    return "".join(
        "M" + "L".join(f"{(x - _WEST) * _SCALE:.1f} {(_NORTH - y) * _SCALE:.1f}" for x, y in ring) + "Z"
        for ring in rings
    )
