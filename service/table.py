"""Records and figures as tables in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from corpus.calibration import calibration_error, reliability
from service.labels import SLOT_LABELS, STATUS_LABELS, details, headline, slot_values

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpus.evaluation import Miss, Report
    from extractor.schema import ArticleRecord


def print_record(record: ArticleRecord) -> None:
    """Print the article's title and status, and a table for each program with every value's words."""
    console = Console()
    row = record.model_dump(mode="json", by_alias=True)
    console.print(plain(record.article.title, "bold"))
    console.print(plain(f"{STATUS_LABELS[record.status]} ({record.relevance:.0%})", "dim"))
    for program in row["programs"]:
        table = Table("", "", "", "", show_header=False, show_lines=True)
        for slot, value in slot_values(program):
            words = "\n".join(f"“{evidence['text']}”" for evidence in value["evidence"])
            what = Text.assemble(plain(headline(slot, value), "bold"), "\n", plain(details(slot, value), "dim"))
            what.rstrip()
            label = Text.assemble(SLOT_LABELS[slot][0], "\n", (SLOT_LABELS[slot][1], "dim"))
            table.add_row(label, what, plain(words), plain(f"{value['confidence']:.0%}"))
        console.print(table)
    for warning in record.warnings:
        console.print(plain(f"⚠ {warning}", "yellow"))


def print_report(report: Report) -> None:
    """Print precision, recall and F1 of every slot, and the macro F1 of the five core slots."""
    table = Table("slot", title=f"macro F1 {report.macro:.3f}", title_justify="left")
    for column in ("precision", "recall", "F1", "gold", "predicted"):
        table.add_column(column, justify="right")
    for slot, score in report.scores.items():
        shares = (f"{figure:.3f}" for figure in (score.precision, score.recall, score.f1))
        table.add_row(slot, *shares, str(score.gold), str(score.predicted))
    Console().print(table)


def print_calibration(report: Report) -> None:
    """Print how often values were right, by their confidence, and the expected calibration error."""
    error = calibration_error(report.chances)
    table = Table("confidence", title=f"expected calibration error {error:.3f}", title_justify="left")
    for column in ("values", "mean confidence", "right"):
        table.add_column(column, justify="right")
    for low, size, confidence, right in reliability(report.chances):
        table.add_row(f"{low:.1f} to {low + 0.1:.1f}", str(size), f"{confidence:.3f}", f"{right:.3f}")
    Console().print(table)


def print_misses(misses: Iterable[Miss]) -> None:
    """Print every error on a line: article, slot, missed or wrong, the value."""
    for miss in misses:
        value = " · ".join(filter(None, (headline(miss.slot, miss.value), details(miss.slot, miss.value))))
        line = f"{miss.article}\t{miss.slot}\t{miss.kind}\t{value}"
        print("".join(c if c.isprintable() or c == "\t" else " " for c in line))  # noqa: T201  what the command is for


def plain(text: str, style: str = "") -> Text:
    """Return text that can neither style the terminal nor move its cursor."""
    return Text("".join(c if c.isprintable() or c == "\n" else " " for c in text), style)
