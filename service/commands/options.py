"""What several commands take."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from extractor.errors import InputError

TaggerOption = Annotated[
    str | None,
    typer.Option(help="A folder with a Hugging Face token classifier, or 'none' for the rules alone."),
]


def parse_day(value: str | None) -> dt.date | None:
    """Return the day that an ISO 8601 date names, None for None.

    Raises:
        InputError: It is not a date.
    """
    try:
        return dt.date.fromisoformat(value) if value else None
    except ValueError as error:
        raise InputError(f"{value!r} is not a date such as 2025-10-13") from error
