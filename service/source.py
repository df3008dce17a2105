"""What a person names on the command line: a URL, a file or standard input, told apart by content."""

from __future__ import annotations

import codecs
import re
import sys
from pathlib import Path
from typing import Literal

from extractor.errors import InputError, shorten
from extractor.limits import MAX_BYTES

__all__ = ["MAX_BYTES", "Kind", "looks_like_html", "read_source"]

Kind = Literal["url", "html", "text"]

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?=//)|(?:data|javascript|mailto):")
_MARKUP = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*"
    r"<(?:!doctype|html|head|body|title|meta|link|script|style|main|article|section|header|nav|div|h[1-6]|p)\b",
    re.IGNORECASE | re.DOTALL,
)
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_source(name: str) -> tuple[Kind, str | bytes]:
    """Return what `name` stands for and its content: a URL as it is, a page's bytes or a text.

    `-` is standard input. A page is given as bytes, since its character set may stand in its markup.

    Raises:
        InputError: There is no such file, or it is neither a page nor a text.
    """
    if _URL.match(name):
        return "url", name
    label = "standard input" if name == "-" else shorten(name)
    data = _read(name, label)
    if not data.strip():
        raise InputError(f"{label}: is empty")
    if looks_like_html(data):
        return "html", data
    return "text", _decode(data, label)


def looks_like_html(data: bytes) -> bool:
    """Return whether the content begins as an HTML page does, whatever its encoding."""
    head = data[:8192]
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), "latin-1")
    return _MARKUP.match(head.decode(encoding, "ignore")) is not None


def _read(name: str, label: str) -> bytes:
    try:
        if name == "-":
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InputError(f"{label}: no such file (a URL begins with https:// or http://)") from error
    except IsADirectoryError as error:
        raise InputError(f"{label}: is a folder, not a file") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a file name"
        raise InputError(f"{label}: cannot be read ({reason})") from error
    if len(data) > MAX_BYTES:
        raise InputError(f"{label}: is larger than {MAX_BYTES // 2**20} MiB")
    return data


def _decode(data: bytes, label: str) -> str:
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(f"{label}: is neither an HTML page nor a text in UTF-8") from error
    if "\0" in text or text.startswith("%PDF-"):
        raise InputError(f"{label}: is a binary file, not an HTML page or a text")
    return text
