"""What one document of an input may be at most, and lines read within it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from extractor.limits import MAX_BYTES

# A page as a JSON string may take several bytes for one of its own; what is far longer holds no document.
MAX_LINE = 6 * MAX_BYTES
# Values that one row may have: each takes far more memory than the two bytes that name it in a file.
MAX_VALUES = 1_000_000
MAX_NAME = 2_000  # characters of an id or an address


def lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Yield the number of each line that is not blank, from 1, with its bytes; None for one that is too long to keep.

    A line may be of any length: what is over `MAX_LINE` is passed by in pieces.
    """
    number = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            while line and not line.endswith(b"\n"):
                line = stream.readline(MAX_LINE)
            yield number, None
        elif line.strip():
            yield number, line
