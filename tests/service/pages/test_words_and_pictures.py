"""The words of both languages, the map and the charts."""

import re
import string

from pages_client import FOLDER

from corpus.stats import Bar
from extractor.gazetteers.regions import provinces
from service.pages.charts import limits, outlines, shapes, timeline
from service.pages.texts import TEXTS, Words


def test_every_text_that_a_page_asks_for_is_there_and_every_one_there_is_asked_for():
    sources = [path.read_text("utf-8") for path in (*FOLDER.glob("*.py"), *FOLDER.glob("templates/*.html"))]
    named = set().union(*(re.findall(r'"([a-z_]+\.[a-z_]+)"', text) for text in sources))
    begun = set().union(*(re.findall(r'["\']([a-z_]+\.(?:[a-z]+_)?)["\'{]', text) for text in sources))
    dynamic = {
        f"{section}."
        for section in ("slot", "field", "state", "action", "programs", "runs", "overview", "nav", "cause")
    }
    unused = {key for key in TEXTS if key not in named and not any(key.startswith(d) for d in dynamic | begun)}
    assert not unused
    sections = {key.partition(".")[0] for key in TEXTS}
    assert not {
        key
        for key in named
        if key.partition(".")[0] in sections
        and key not in TEXTS
        and not key.endswith("_")
        and not re.search(r"\.(html|py|toml|css|js|csv)$", key)
    }


def test_both_languages_fill_in_the_same_parts():
    for key, (indonesian, english) in TEXTS.items():
        parts = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (indonesian, english)]
        assert parts[0] == parts[1], key


def test_days_and_numbers_are_written_as_each_language_does():
    indonesian, english = Words("id"), Words("en")
    assert (indonesian.number(1234567), english.number(1234567)) == ("1.234.567", "1,234,567")
    assert indonesian.days("2025-05-01", "2025-05-31", "month") == "Mei 2025"
    assert english.days("2025-05-01", "2025-05-03", "day") == "1 May 2025 – 3 May 2025"
    assert english.day("kemarin") == "kemarin"


def test_the_map_has_every_province_and_is_small():
    assert {name for name, _ in outlines()} == set(provinces())
    assert (FOLDER / "map/provinces.geojson").stat().st_size < 150_000


def test_shades_part_the_provinces_evenly():
    drawn = shapes({name: n for n, name in enumerate(provinces())})
    assert [shade for shade, _, _ in limits(drawn)] == [1, 2, 3, 4, 5]
    assert sum(shape.shade == 0 for shape in drawn) == 1
    assert {shape.shade for shape in shapes({"Aceh": 4})} == {0, 1}


def test_a_long_timeline_is_by_year():
    bars = [Bar(f"{2000 + n // 12}-{n % 12 + 1:02}", "", "", 2) for n in range(132)]
    assert [column.key for column in timeline(bars)] == [str(2000 + n) for n in range(11)]
    assert len(timeline(bars[:120])) == 120
    assert timeline([Bar(None, "", "", 3)]) == []
