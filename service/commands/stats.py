"""`pembinaan stats`: how many programs a store tells of, by month, place, skill and partner."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from corpus.stats import Bar, Stats

_ROWS = 38  # of a table: as many as there are provinces, or three years of months


class By(enum.StrEnum):
    """What programs are counted by: the keys of `corpus.stats.TITLES`."""

    month = "month"
    province = "province"
    facility = "facility"
    facility_type = "facility_type"
    skill_category = "skill_category"
    partner_kind = "partner_kind"


def stats(
    store: Annotated[str, typer.Argument(help="The store: a file, or postgresql://…")],
    by: Annotated[
        list[By] | None, typer.Option(help="What to count by; may be given several times. All, if left out.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
    plot: Annotated[Path | None, typer.Option(help="Write the counts as a picture, .png or .svg.")] = None,
) -> None:
    """Count the programs; one that several articles tell of counts once after `pembinaan fuse`."""
    import json

    from corpus.export import reading
    from corpus.stats import count

    with reading(store) as opened:
        counts = count(opened, by)
    if plot:
        from corpus.plots import plot as draw

        draw(counts, plot)
    if as_json:
        typer.echo(json.dumps(counts.as_dict(), ensure_ascii=False))
    else:
        _print(counts)


def _print(counts: Stats) -> None:
    from rich.console import Console

    from corpus.stats import SLOTS, TITLES, WORDS

    console = Console(highlight=False)
    for by, bars in counts.by.items():
        console.print(" · ".join(TITLES[by]), style="bold")
        console.print(_table(by, bars))
        if by in SLOTS:
            console.print(" · ".join(WORDS["several"]), style="dim")
        console.print()
    console.print(counts.counted, style="dim")


def _table(by: str, bars: Sequence[Bar]) -> Table:
    from rich.table import Table
    from rich.text import Text

    from corpus.stats import WORDS

    table = Table("", "", show_header=False)
    table.add_column(justify="right")
    known = [bar for bar in bars if bar.key is not None]
    # Of many months the last are shown, of anything else the most frequent.
    shown, left = (known[-_ROWS:], known[:-_ROWS]) if by == "month" else (known[:_ROWS], known[_ROWS:])
    for bar in shown:
        table.add_row(Text(bar.id), Text(bar.en if bar.en != bar.id else ""), f"{bar.programs:,}")
    if left:
        number = sum(bar.programs for bar in left)
        table.add_row(*(f"… {len(left):,} {word}" for word in WORDS["more"]), f"{number:,}", style="dim")
    for bar in bars:
        if bar.key is None:
            table.add_row(bar.id, bar.en, f"{bar.programs:,}", style="dim")
    return table
