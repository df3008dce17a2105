"""The command `pembinaan`."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import typer

from extractor.errors import PembinaanError
from service.commands.batch import batch
from service.commands.evaluate import evaluate
from service.commands.export import export
from service.commands.extract import extract
from service.commands.fuse import fuse
from service.commands.key import key
from service.commands.monitor import monitor
from service.commands.serve import serve
from service.commands.stats import stats
from service.commands.train import train

app = typer.Typer(
    name="pembinaan",
    help="Reads Indonesian news on the training of prison residents into records with evidence.",
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (extract, batch, monitor, fuse, export, stats, serve, key, evaluate, train):
    app.command()(command)


def main() -> None:
    """Run the command line: 0 when all went well, 2 with one line on stderr when the input is wrong."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # the standard streams are TextIOWrappers
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
