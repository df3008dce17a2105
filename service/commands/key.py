"""`pembinaan key`: a new API key."""

from __future__ import annotations

from typing import Annotated

import typer


def key(name: Annotated[str, typer.Argument(help="Who will hold it; logs and limits go by this name.")]) -> None:
    """Print a new API key, which is shown this once, and the lines that let its holder in."""
    import json

    from service.keys import new_key

    made, digest = new_key()
    typer.echo(f"key for {name}, shown this once: {made}", err=True)
    typer.echo(f"[keys]\n{json.dumps(name)} = {json.dumps(digest)}")
