"""`pembinaan batch`: many articles into a store or a file."""

from __future__ import annotations

import enum
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.errors import InputError
from service.commands.options import TaggerOption

if TYPE_CHECKING:
    from corpus.batch import Tally
    from corpus.engines import Engine
    from corpus.engines.worker import Setup


class EngineName(enum.StrEnum):
    """Who reads."""

    local = "local"
    ray = "ray"


def batch(
    source: Annotated[
        str,
        typer.Argument(
            metavar="INPUT",
            help="JSONL, CSV, TSV, Parquet, a list of addresses, a folder of pages, WARC, each with .gz too, or -.",
        ),
    ],
    output: Annotated[
        str,
        typer.Option(
            "--output", "-o", help="A store (.sqlite, .db, postgresql://…), or .jsonl, .csv, .parquet, .xlsx."
        ),
    ],
    engine: Annotated[
        EngineName, typer.Option(help="The processes of this machine, or a Ray cluster.")
    ] = EngineName.local,
    address: Annotated[
        str | None, typer.Option(help="The Ray cluster's head; none starts Ray on this machine.")
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Reading processes; as many as there are cores.")] = None,
    id_: Annotated[str | None, typer.Option("--id", metavar="COLUMN", help="The column of names.")] = None,
    url: Annotated[str | None, typer.Option(metavar="COLUMN", help="The column of addresses.")] = None,
    html: Annotated[str | None, typer.Option(metavar="COLUMN", help="The column of pages.")] = None,
    text: Annotated[str | None, typer.Option(metavar="COLUMN", help="The column of texts.")] = None,
    title: Annotated[str | None, typer.Option(metavar="COLUMN", help="The column of titles.")] = None,
    published: Annotated[str | None, typer.Option(metavar="COLUMN", help="The column of days of publication.")] = None,
    tagger: TaggerOption = None,
    errors: Annotated[Path | None, typer.Option(help="Where failures go; OUTPUT.errors.jsonl else.")] = None,
) -> int:
    """Read many articles; after whatever cut it off, the same command goes on, and nothing known is read again.

    Ends with 0 when all was read, 1 when some documents failed (each with its reason in the errors file), 2 when
    nothing could be done.
    """
    from corpus.batch import run_batch, working_store, write_failures
    from corpus.engines.worker import Setup
    from corpus.export import export_run
    from corpus.readers import Columns, read_documents
    from corpus.reading import reader_of
    from corpus.store import Store
    from extractor import load

    where, file = working_store(output)
    failures = errors or Path("pembinaan.errors.jsonl" if "://" in output else f"{output}.errors.jsonl")
    columns = Columns(id=id_, url=url, html=html, title=title, text=text, published=published)
    documents = read_documents(source, columns)
    reader = reader_of(load(tagger))
    chosen = _engine(engine, Setup(reader, tagger), workers, address)
    count = None if source == "-" else lambda: sum(1 for _ in read_documents(source, columns))
    with Store.open(where) as store:
        try:
            with _progress(count) as tell:
                tally = run_batch(documents, chosen, store, reader, label=source, tell=tell)
        except KeyboardInterrupt:
            typer.echo("stopped; the same command goes on from here", err=True)
            raise
        if not tally.total:
            raise InputError(f"{source}: there is no document in it")
        write_failures(store, tally.run, failures)
        if file is not None:
            export_run(store, tally.run, file)
    said = (
        f"articles: {tally.total:,}, read now: {tally.read:,}, known before: {tally.known:,}, failed: {tally.failed:,}"
    )
    typer.echo(f"{said} (see {failures})" if tally.failed else said, err=True)
    if not tally.failed:
        return 0
    return 1 if tally.read or tally.known else 2


def _engine(name: EngineName, setup: Setup, workers: int | None, address: str | None) -> Engine:
    if name is EngineName.ray:
        from corpus.engines.ray import RayEngine

        return RayEngine(setup, workers, address)
    if address is not None:
        raise InputError("--address is of --engine ray; the local engine has none")
    from corpus.engines.local import LocalEngine

    return LocalEngine(setup, workers)


@contextmanager
def _progress(count: Callable[[], int] | None) -> Iterator[Callable[[Tally], None]]:
    """Give what shows how far a run is, on a terminal alone: how many, how fast, and for how long yet.

    `count` says how many documents there are; it is asked beside the run, for the time that is left.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[failed]}"),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=None, rate="", failed="")

        def tell(tally: Tally) -> None:
            speed = progress.tasks[0].finished_speed or progress.tasks[0].speed
            rate = f"{speed:,.1f} articles/s" if speed else ""
            failed = f"{tally.failed:,} failed" if tally.failed else ""
            progress.update(task, completed=tally.total, rate=rate, failed=failed)

        def look_ahead(count: Callable[[], int]) -> None:
            with suppress(InputError):  # the run meets it too, and says so
                progress.update(task, total=count())

        if count is not None and console.is_terminal:
            threading.Thread(target=look_ahead, args=(count,), daemon=True).start()
        yield tell
