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
    corrections: Annotated[
        str | None, typer.Option(metavar="STORE", help="A store whose corrected articles are learned from too.")
    ] = None,
) -> None:
    """Make the program tagger anew, measure it, and fit what follows it; goes on where it was cut off."""
    import json

    try:
        from models.training.steps import train_all
    except ImportError as error:
        raise InputError("training needs the extra: pip install 'pembinaan[train]'") from error

    if not (data / "programs").is_dir() or not (data / "ner").is_dir():
        raise InputError(f"{data}: no folders programs and ner in it")
    if corrections:
        from corpus.corrections import annotated
        from corpus.export import reading
        from models.training.data import CORRECTIONS

        with reading(corrections) as store:
            CORRECTIONS.write_text(
                "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in annotated(store)), "utf-8"
            )
    typer.echo(json.dumps(train_all(data, work, out, version), indent=1))
