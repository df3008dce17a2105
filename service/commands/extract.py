"""`pembinaan extract`: one article to its record."""

from __future__ import annotations

import enum
from typing import Annotated

import typer

from service.commands.options import TaggerOption, parse_day


class Format(enum.StrEnum):
    """What `extract` prints."""

    json = "json"
    table = "table"
    html = "html"


def extract(
    source: Annotated[str, typer.Argument(help="A URL, an HTML or text file, or - for standard input.")],
    published: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="The day of publication, if known.")
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="How to print the record.")] = Format.json,
    tagger: TaggerOption = None,
    text: Annotated[bool, typer.Option(help="Keep the article's text in the record.")] = True,
    redact_residents: Annotated[
        bool, typer.Option("--redact-residents", help="Mask the names of residents in the article's text.")
    ] = False,
) -> None:
    """Read one article. A text has its title on the first line."""
    from extractor import extract as run
    from extractor import load
    from service.source import read_source

    day = parse_day(published)
    kind, content = read_source(source)
    pipeline = load(tagger)
    record = run(**{kind: content}, published=day, pipeline=pipeline)  # type: ignore[arg-type]  # `kind` names which of the three it is
    if redact_residents:
        from extractor.redaction import redact_residents as redact

        record = redact(record)
    if not text:
        record.article.text = None
    if output is Format.table:
        from service.table import print_record

        print_record(record)
    elif output is Format.html:
        from service.render import record_page

        typer.echo(record_page(record))
    else:
        typer.echo(record.model_dump_json(by_alias=True, indent=2))
