"""The command `pembinaan`. Every command imports what it needs itself, so that a small one starts fast."""

from __future__ import annotations

import datetime as dt
import enum
import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from extractor.errors import InputError, PembinaanError

app = typer.Typer(
    name="pembinaan",
    help="Reads Indonesian news on the training of prison residents into records with evidence.",
    add_completion=False,
    pretty_exceptions_enable=False,
)

TaggerOption = Annotated[
    str | None,
    typer.Option(help="A folder with a Hugging Face token classifier, or 'none' for the rules alone."),
]


class Format(enum.StrEnum):
    """What `extract` prints."""

    json = "json"
    table = "table"
    html = "html"


@app.command()
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
    record = run(**{kind: content}, published=day, pipeline=pipeline)  # type: ignore[arg-type]
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


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Argument(help="Annotated articles, one JSON object a line.")],
    errors: Annotated[bool, typer.Option("--errors", help="List every missed and wrong value.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write a page that shows each error.")] = None,
    calibration: Annotated[bool, typer.Option(help="Show how often values of each confidence are right.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    tagger: TaggerOption = None,
) -> None:
    """Measure the records against annotated articles: precision, recall and F1 of every slot."""
    import json

    from corpus.evaluation import predict, programs, read_rows, score
    from extractor import load
    from service.table import print_calibration, print_misses, print_report

    rows = read_rows(gold)
    records = predict(load(tagger), rows)
    report = score(rows, {key: programs(record) for key, record in records.items()})
    if html:
        from service.render import report_page

        try:
            html.write_text(report_page(report, rows, records), "utf-8")
        except OSError as error:
            raise InputError(f"{html}: cannot be written ({error.strerror})") from error
    if errors:
        print_misses(report.misses)
    if as_json:
        typer.echo(json.dumps(report.as_dict()))
        return
    print_report(report)
    if calibration:
        print_calibration(report)


@app.command()
def train(
    data: Annotated[Path, typer.Argument(help="The folder with ner, news, programs, facilities and lexicon.")],
    version: Annotated[str, typer.Option(help="The new tagger's version; it goes into every record.")],
    out: Annotated[Path, typer.Option(help="Where the tagger is written.")] = Path("models/program-tagger"),
    work: Annotated[Path, typer.Option(help="Where the encoder and checkpoints are kept.")] = Path(".work"),
) -> None:
    """Make the program tagger anew, measure it, and fit what follows it; goes on where it was cut off."""
    import json

    try:
        from models.training.steps import train_all
    except ImportError as error:
        raise InputError("training needs the extra: pip install 'pembinaan[train]'") from error

    if not (data / "programs").is_dir() or not (data / "ner").is_dir():
        raise InputError(f"{data}: no folders programs and ner in it")
    typer.echo(json.dumps(train_all(data, work, out, version), indent=1))


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on.")] = 8000,
) -> None:
    """Start the HTTP API; its description is at /openapi.json."""
    import uvicorn

    from service.api import create_app

    uvicorn.run(create_app(), host=host, port=port, server_header=False)


def parse_day(value: str | None) -> dt.date | None:
    """Return the day that an ISO 8601 date names, None for None.

    Raises:
        InputError: It is not a date.
    """
    try:
        return dt.date.fromisoformat(value) if value else None
    except ValueError as error:
        raise InputError(f"{value!r} is not a date such as 2025-10-13") from error


def main() -> None:
    """Run the command line: 0 when all went well, 2 with one line on stderr when the input is wrong."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
    except typer.Abort:
        sys.exit(130)
    except PembinaanError as error:
        refuse(str(error))
    except typer.TyperException as error:
        refuse(error.format_message())
    except BrokenPipeError:
        # Who read our output has gone; keep the interpreter from flushing into the closed pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    sys.exit(code)


def refuse(message: str) -> NoReturn:
    """Write the message as one line on stderr and leave with code 2."""
    sys.stderr.write(f"pembinaan: {' '.join(message.split())}\n")
    sys.exit(2)


if __name__ == "__main__":
    main()
