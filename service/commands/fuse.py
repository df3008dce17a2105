"""`pembinaan fuse`: the programs of a store that several articles tell of, brought together."""

from __future__ import annotations

from typing import Annotated

import typer


def fuse(store: Annotated[str, typer.Argument(help="The store: a file, or postgresql://…")]) -> None:
    """Find copies of articles, and bring together what several articles tell of one program.

    Run it again after new articles: programs keep their keys, and what is as it was stays untouched.
    """
    from corpus.export import reading
    from corpus.fusion.step import fuse_store

    with reading(store) as opened:
        fusion = fuse_store(opened)
    typer.echo(
        f"programs: {fusion.programs:,} of {fusion.tellings:,} tellings; of several sources: {fusion.several:,}, "
        f"with conflicts: {fusion.conflicts:,}; new or changed: {fusion.changed:,}; copied articles: {fusion.copies:,}"
    )
