"""Counts as pictures: what they show, and that nothing in a name can break or animate them."""

import re

import matplotlib.image
import pytest
from lxml import etree

from corpus.plots import plot
from corpus.stats import TITLES, Bar, Stats
from extractor.errors import InputError

HOSTILE = ["<script>alert(1)</script>", "$\\frac{1}{$", "a & b", "漢字 😀", "]]>", "x" * 500, "{}%s"]
SVG = "{http://www.w3.org/2000/svg}"


def bars(*pairs):
    return [Bar(key, key or "tidak diketahui", key or "not known", number) for key, number in pairs]


def stats(**by):
    return Stats(12, 20, True, by)


def words(path):
    return [text.text or "" for text in etree.parse(path).iter(f"{SVG}text")]


def test_a_ranking_shows_every_value_with_its_number_and_what_was_counted(tmp_path):
    plot(stats(province=bars(("Jawa Barat", 1200), ("Papua", 2), (None, 3))), tmp_path / "plot.svg")
    shown = words(tmp_path / "plot.svg")
    assert {"Program menurut provinsi", "Programs by province", "Jawa Barat", "1,200", "Papua"} <= set(shown)
    assert "tidak diketahui · not known" in shown
    assert any("each counted once" in text for text in shown)


def test_a_long_ranking_says_how_many_it_leaves_out(tmp_path):
    plot(stats(facility=bars(*((f"Lapas {n:02}", 100 - n) for n in range(43)))), tmp_path / "plot.svg")
    shown = words(tmp_path / "plot.svg")
    assert "Lapas 37" in shown
    assert "Lapas 38" not in shown
    assert "+ 5 lainnya · more (300)" in shown


def test_a_timeline_has_a_place_for_every_month_and_says_what_it_lacks(tmp_path):
    months = [(f"{2020 + n // 12}-{n % 12 + 1:02}", n % 5) for n in range(30)]
    plot(stats(month=bars(*months, (None, 4))), tmp_path / "plot.svg")
    shown = words(tmp_path / "plot.svg")
    named = [text for text in shown if re.fullmatch(r"\d{4}-\d\d", text)]
    assert named[0] == "2020-01"
    assert 5 <= len(named) <= 8
    assert "4: tidak diketahui · not known" in shown


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.filterwarnings("error")
def test_a_strangers_name_is_shown_as_it_is(tmp_path, name):
    plot(stats(facility=bars((name, 3))), tmp_path / "plot.svg")
    tags = {str(node.tag).rpartition("}")[2] for node in etree.parse(tmp_path / "plot.svg").iter()}
    assert not tags & {"script", "image", "foreignObject"}
    assert any(text.startswith(name[:59]) for text in words(tmp_path / "plot.svg"))


@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_everything_counted_goes_on_one_picture_the_same_each_time(tmp_path, suffix):
    whole = stats(**{by: bars(("2026-01", 3), ("2026-02", 1), (None, 1)) for by in TITLES})
    for name in ("one", "two"):
        plot(whole, tmp_path / f"{name}.{suffix}")
    assert (tmp_path / f"one.{suffix}").read_bytes() == (tmp_path / f"two.{suffix}").read_bytes()


def test_nothing_counted_is_a_picture_too(tmp_path):
    plot(Stats(0, 0, False, {by: [] for by in TITLES}), tmp_path / "plot.png")
    assert matplotlib.image.imread(tmp_path / "plot.png").shape[1] == 1350


@pytest.mark.parametrize("name", ["plot.pdf", "plot", "plot.jpg"])
def test_another_kind_of_picture_is_refused(tmp_path, name):
    with pytest.raises(InputError, match=r"ends in \.png or \.svg"):
        plot(stats(), tmp_path / name)


def test_a_picture_that_cannot_be_written_is_said(tmp_path):
    with pytest.raises(InputError, match="cannot be written"):
        plot(stats(province=bars(("Papua", 1))), tmp_path / "no" / "plot.svg")


def test_without_matplotlib_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "matplotlib", None)
    with pytest.raises(InputError, match=r"pip install 'pembinaan\[tables\]'"):
        plot(stats(), tmp_path / "plot.svg")
