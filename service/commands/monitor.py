"""`pembinaan monitor`: what the watched sites have that is new, into the store."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.commands.options import TaggerOption, parse_day

if TYPE_CHECKING:
    from corpus.monitoring.report import Report

_DAYS = 30  # how far back a round looks that is not told since when


class Format(enum.StrEnum):
    """What `monitor` prints."""

    table = "table"
    json = "json"


def monitor(
    store: Annotated[str, typer.Option(help="The store: a file, or postgresql://user:password@host/database.")],
    sources: Annotated[
        Path | None, typer.Argument(help="A list of sources in TOML; without one the list that is shipped.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM-DD", help=f"Leave out what is known to be older; {_DAYS} days ago if not given."),
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="How to print what is new.")] = Format.table,
    webhook: Annotated[
        str | None, typer.Option(metavar="URL", help="Send what --format json prints to this address too, by POST.")
    ] = None,
    tagger: TaggerOption = None,
) -> None:
    """Read what the watched sites have that is new into the store, and say what it was.

    Run it as often as you like, by cron: what was seen is not fetched again, what failed is tried in three runs, and
    a run that finds another at work on the same store leaves at once, with code 0. Code 1: a source, an article or
    the webhook failed. Code 2: nothing could be done.
    """
    import datetime as dt
    import json

    from corpus.monitoring.lock import alone
    from corpus.monitoring.monitor import monitor as run
    from corpus.monitoring.sources import read_sources
    from corpus.store import Store
    from extractor import load
    from extractor.article.worker import SafeReader
    from extractor.fetching import Policy

    day = parse_day(since) or dt.datetime.now(dt.UTC).date() - dt.timedelta(days=_DAYS)
    listed = read_sources(sources)
    with Store.open(store) as opened, alone(opened.engine) as mine:
        if not mine:
            typer.echo("another run is at work on this store; this one leaves it alone", err=True)
            return
        with SafeReader() as pages:
            report = run(listed, opened, load(tagger), pages, Policy(deadline=60, cache_dir=_cache(store)), since=day)
    if output is Format.json:
        typer.echo(json.dumps(report.as_dict(), ensure_ascii=False, indent=2))
    else:
        print_report(report)
    sent = webhook is None or _post(webhook, report)
    if all(source.error for source in report.sources):
        raise typer.Exit(2)
    if not sent or report.failures or any(source.error or source.problems for source in report.sources):
        raise typer.Exit(1)


def _cache(store: str) -> Path:
    """Return the folder for the lists as they were: beside a file, else where the system keeps such things."""
    import os

    if "://" not in store:
        return Path(f"{store}.cache")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pembinaan"


def _post(url: str, report: Report) -> bool:
    """Send the report; return whether it was taken. The address is the operator's own, inside or outside."""
    import httpx
    import stamina

    try:
        for attempt in stamina.retry_context(on=httpx.HTTPError, attempts=3, timeout=60):
            with attempt:
                httpx.post(url, json=report.as_dict(), timeout=20).raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        typer.echo(f"the webhook did not take the report ({' '.join(str(error).split())})", err=True)
        return False
    return True


def print_report(report: Report) -> None:
    """Print what is new as a table, then what failed."""
    from rich.console import Console
    from rich.table import Table

    from service.table import plain

    console = Console()
    new = Table("Published", "Source", "Article", "Programs", title="New", title_justify="left", show_lines=True)
    for article in report.articles:
        programs = "\n".join(_line(program) for program in article.programs)
        row = ((article.published or "")[:10], article.source, f"{article.title}\n{article.url}", programs)
        new.add_row(*map(plain, row))
    failed = Table("What", "Why", title="Failed", title_justify="left")
    for source in report.sources:
        often = f" ({source.failing} runs in a row)" if source.failing > 1 else ""
        for reason in filter(None, (source.error, *source.problems)):
            failed.add_row(plain(source.name + often), plain(reason))
    for failure in report.failures:
        again = "" if failure.again else " (not tried again)"
        failed.add_row(plain(failure.url), plain(f"{failure.code}: {failure.reason}{again}"))
    for table in (new, failed):
        if table.row_count:
            console.print(table)
    console.print(
        f"{len(report.articles)} new articles with programs, {report.without_programs} without, "
        f"{len(report.failures)} failed, {report.waiting} waiting; "
        f"{sum(not source.error for source in report.sources)} of {len(report.sources)} sources could be read",
        highlight=False,
    )


def _line(program: dict[str, Any]) -> str:
    """Return where, when and what a program taught, in one line."""
    from service.labels import headline, slot_values

    told = {slot: headline(slot, value) for slot, value in slot_values(program) if slot in {"facility", "date"}}
    skills = ", ".join(headline(slot, value) for slot, value in slot_values(program) if slot == "skills")
    return " · ".join(filter(None, (*told.values(), skills)))
