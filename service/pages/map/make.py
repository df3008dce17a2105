"""Make provinces.geojson: python service/pages/map/make.py indonesia.svg (of @svg-maps/indonesia), with shapely."""  # noqa: INP001  a script, no part of the package

from __future__ import annotations

import json
import math
import re
import sys
from pathlib import Path

from shapely import MultiPolygon, Polygon, box, set_precision
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

# Where the drawing's edges lie: Aceh's in the west and north, Papua's border in the east, Rote in the south.
WEST, EAST, NORTH, SOUTH = 95.0, 141.02, 5.9, -11.0
COARSE, LEAST, DIGITS = 0.035, 0.006, 2  # degrees of simplification, square degrees of an island, decimals
NAMES = {
    "id-ac": "Aceh", "id-su": "Sumatera Utara", "id-sb": "Sumatera Barat", "id-ri": "Riau", "id-ja": "Jambi",
    "id-ss": "Sumatera Selatan", "id-be": "Bengkulu", "id-la": "Lampung", "id-bb": "Kepulauan Bangka Belitung",
    "id-kr": "Kepulauan Riau", "id-jk": "DKI Jakarta", "id-jb": "Jawa Barat", "id-jt": "Jawa Tengah",
    "id-yo": "Daerah Istimewa Yogyakarta", "id-ji": "Jawa Timur", "id-bt": "Banten", "id-ba": "Bali",
    "id-nb": "Nusa Tenggara Barat", "id-nt": "Nusa Tenggara Timur", "id-kb": "Kalimantan Barat",
    "id-kt": "Kalimantan Tengah", "id-ks": "Kalimantan Selatan", "id-ki": "Kalimantan Timur",
    "id-ku": "Kalimantan Utara", "id-sa": "Sulawesi Utara", "id-st": "Sulawesi Tengah", "id-sn": "Sulawesi Selatan",
    "id-sg": "Sulawesi Tenggara", "id-go": "Gorontalo", "id-sr": "Sulawesi Barat", "id-ma": "Maluku",
    "id-mu": "Maluku Utara", "id-pa": "Papua", "id-pb": "Papua Barat",
}  # fmt: skip
# Islands that the drawing gives to a neighbor: whose they are, in which box.
MOVES = (
    ("Kalimantan Barat", "Kepulauan Riau", box(104, 2.3, 110, 6)),
    ("DKI Jakarta", "Banten", box(104, -7, 106, -6)),
)


def main(svg: Path, target: Path) -> None:
    """Read the drawing and write the provinces beside this script."""
    drawn = re.findall(r'<path\s+id="([^"]+)"\s+name="[^"]+"\s+d="([^"]+)"', svg.read_text("utf-8"))
    rings = {NAMES[key]: _rings(path) for key, path in drawn}
    points = [point for many in rings.values() for ring in many for point in ring]
    (left, right), (top, bottom) = ((min(axis), max(axis)) for axis in zip(*points, strict=True))

    def place(x: float, y: float) -> tuple[float, float]:
        high, low = _mercator(NORTH), _mercator(SOUTH)
        north = high + (y - top) / (bottom - top) * (low - high)
        latitude = math.degrees(2 * math.atan(math.exp(north)) - math.pi / 2)
        return WEST + (x - left) / (right - left) * (EAST - WEST), latitude

    shapes: dict[str, BaseGeometry] = {}
    for name, many in rings.items():
        polygons = [Polygon([place(*point) for point in ring]).buffer(0) for ring in many if len(ring) > 2]
        shapes[name] = unary_union(polygons)
    # The drawing is older than the four provinces that Papua was divided into in 2022.
    for name, cut in json.loads(Path(__file__).with_name("cuts.json").read_text("utf-8")).items():
        area = Polygon(cut["line"])
        shapes[name] = shapes[cut["of"]].intersection(area)
        shapes[cut["of"]] = shapes[cut["of"]].difference(area)
    for old, new, where in MOVES:
        shapes[new] = shapes[new].union(shapes[old].intersection(where))
        shapes[old] = shapes[old].difference(where)
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": mapping(_simple(shape))}
        for name, shape in shapes.items()
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))
    target.write_text(text + "\n", "utf-8")


def _rings(path: str) -> list[list[tuple[float, float]]]:
    """Return the rings of a path of relative lines."""
    rings: list[list[tuple[float, float]]] = []
    x = y = 0.0
    for command, rest in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        numbers = [float(n) for n in re.findall(r"-?\d*\.?\d+(?:e-?\d+)?", rest)]
        if command in "zZ":
            x, y = rings[-1][0]
            continue
        step = 1 if command in "hHvV" else 2
        for start in range(0, len(numbers), step):
            given = numbers[start : start + step]
            dx, dy = (given[0], 0.0) if command in "hH" else (0.0, given[0]) if command in "vV" else given
            if command.isupper():
                dx, dy = (dx if command != "V" else x) - x, (dy if command != "H" else y) - y
            x, y = x + dx, y + dy
            if command in "mM" and start == 0:
                rings.append([])
            rings[-1].append((x, y))
    return rings


def _simple(shape: BaseGeometry) -> BaseGeometry:
    """Return a shape coarser, without its smallest islands; what is all small keeps its largest."""
    simple = set_precision(shape.simplify(COARSE), 10**-DIGITS)
    parts = [part for part in getattr(simple, "geoms", [simple]) if isinstance(part, Polygon) and not part.is_empty]
    parts.sort(key=lambda part: -part.area)
    kept = [part for n, part in enumerate(parts) if n == 0 or part.area >= LEAST]
    return MultiPolygon([Polygon(part.exterior) for part in kept])


def _mercator(latitude: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(__file__).with_name("provinces.geojson"))
