"""`pembinaan evaluate`: the records against annotated articles."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from extractor.errors import InputError
from service.commands.options import TaggerOption


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
