"""`pembinaan train`: the tagger and the weights, made anew."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from extractor.errors import InputError


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
