"""Counts of programs as a picture, PNG or SVG, made without a display."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.export import into_place
from corpus.stats import SLOTS, TITLES, WORDS, Bar, Stats
from corpus.writers import missing
from extractor.errors import InputError, shorten

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BARS = 38  # as many as there are provinces, the most frequent; how many are left out is said beneath
_NAMES = 8  # of months; beside long labels of other panels there is room for no more
_LABEL = 60  # characters
# Inches.
_WIDTH, _BAR, _TIMELINE, _AROUND = 9.0, 0.27, 2.2, 1.1
_INK, _SOFT, _FILL, _PALE, _LINE = "#1d2b33", "#5b6b75", "#2f6f8f", "#aebbc3", "#e3e8eb"


def plot(stats: Stats, path: Path) -> None:
    """Write the counts as one picture, a panel for each that was counted by; the suffix says of which kind.

    Raises:
        InputError: The suffix is neither .png nor .svg, matplotlib is not installed, or the file cannot be written.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in {"png", "svg"}:
        raise InputError(f"{shorten(str(path))}: a plot's name ends in .png or .svg")
    try:
        import matplotlib as mpl  # noqa: PLC0415  an extra, and slow to import
        from matplotlib.figure import Figure  # noqa: PLC0415  an extra, and slow to import
        from matplotlib.layout_engine import ConstrainedLayoutEngine  # noqa: PLC0415  an extra, and slow to import
    except ImportError as error:
        raise missing("a plot") from error
    heights = [_AROUND + (_TIMELINE if by == "month" else _BAR * len(_shown(bars))) for by, bars in stats.by.items()]
    # The words in an SVG stay words, and the same counts give the same bytes.
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "pembinaan", "text.color": _INK}):
        figure = Figure(figsize=(_WIDTH, sum(heights) + 0.4), layout=ConstrainedLayoutEngine(w_pad=0.1, h_pad=0.1))
        panels = figure.subplots(len(heights), 1, squeeze=False, height_ratios=heights)[:, 0]
        for (by, bars), panel in zip(stats.by.items(), panels, strict=True):
            (_timeline if by == "month" else _ranking)(panel, bars)
            _dress(panel, by, bars)
        figure.supxlabel(stats.counted, x=0.01, ha="left", fontsize=7.5, color=_SOFT)
        with into_place(path) as file, warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph")  # names may be in any script; what no font has shows as a box
            figure.savefig(file, format=kind, dpi=150, metadata={"Date": None} if kind == "svg" else {})


def _shown(bars: Sequence[Bar]) -> list[Bar]:
    """Return the bars that a ranking has room for, and those of which it is not known."""
    known = [bar for bar in bars if bar.key is not None]
    return known[:_BARS] + [bar for bar in bars if bar.key is None]


def _ranking(panel: Axes, bars: Sequence[Bar]) -> None:
    """Draw horizontal bars, the longest on top, each with its number."""
    shown = _shown(bars)
    colors = [_PALE if bar.key is None else _FILL for bar in shown]
    drawn = panel.barh(range(len(shown)), [bar.programs for bar in shown], height=0.72, color=colors)
    panel.bar_label(drawn, labels=[f"{bar.programs:,}" for bar in shown], padding=3, fontsize=8, color=_SOFT)
    panel.set_yticks(range(len(shown)), [_label(bar) for bar in shown], fontsize=8.5, parse_math=False)
    panel.set_ylim(len(shown) - 0.4, -0.6)
    panel.margins(x=0.08)
    panel.tick_params(left=False, bottom=False, labelbottom=False)
    panel.spines[:].set_visible(False)


def _timeline(panel: Axes, bars: Sequence[Bar]) -> None:
    """Draw a bar a month, those without a program included, and the names of some, evenly spaced."""
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415  an extra, and slow to import

    known = [bar for bar in bars if bar.key is not None]
    panel.bar(range(len(known)), [bar.programs for bar in known], width=0.82, color=_FILL)
    step = -(-len(known) // _NAMES) or 1
    panel.set_xticks(range(0, len(known), step), [bar.id for bar in known[::step]], fontsize=8)
    panel.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    panel.grid(axis="y", color=_LINE)
    panel.set_axisbelow(True)
    panel.margins(x=0.01)
    panel.tick_params(left=False, bottom=False, labelsize=8, colors=_SOFT)
    panel.spines[["left", "top", "right"]].set_visible(False)
    panel.spines["bottom"].set_color(_PALE)


def _dress(panel: Axes, by: str, bars: Sequence[Bar]) -> None:
    """Write the panel's titles, and beneath it what the bars do not show."""
    indonesian, english = TITLES[by]
    panel.set_title(indonesian, loc="left", fontsize=11, fontweight="bold", pad=20)
    panel.annotate(english, (0, 1), (0, 6), "axes fraction", textcoords="offset points", fontsize=9, color=_SOFT)
    notes = [" · ".join(WORDS["several"])] if by in SLOTS else []
    if by == "month":
        notes += [f"{bar.programs:,}: {_label(bar)}" for bar in bars if bar.key is None]
    elif left := [bar for bar in bars if bar.key is not None][_BARS:]:
        notes.append(f"+ {len(left):,} {WORDS['more'][0]} · {WORDS['more'][1]} ({sum(bar.programs for bar in left):,})")
    panel.set_xlabel("; ".join(notes), loc="left", fontsize=7.5, color=_SOFT)


def _label(bar: Bar) -> str:
    words = bar.id if bar.id == bar.en else f"{bar.id} · {bar.en}"
    return words if len(words) <= _LABEL else words[: _LABEL - 1] + "…"
