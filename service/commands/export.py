"""`pembinaan export`: a store as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def export(
    store: Annotated[str, typer.Argument(help="The store: a file, or postgresql://…")],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", help="What to write: .csv, .jsonl (either with .gz too), .parquet or .xlsx."),
    ],
) -> None:
    """Write the current record of every article as a table or as JSON lines; docs/corpus.md has the columns."""
    from corpus.export import export_store, format_of, reading

    format_of(output)  # a name that tells no format is refused before a large store is opened
    with reading(store) as opened:
        number = export_store(opened, output)
    typer.echo(f"{output}: articles: {number:,}", err=True)
