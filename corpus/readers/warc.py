"""Web archives (WARC, ISO 28500), as crawlers and browsers' archiving tools write them."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from corpus.documents import Document, Outcome
from corpus.readers.limits import MAX_BYTES
from corpus.readers.rows import checked, failure
from extractor.errors import InputError

_HTML = ("text/html", "application/xhtml+xml")


def read(stream: BinaryIO, label: str) -> Iterator[Document | Outcome]:
    """Yield a document for each HTML page that the archive holds with status 200; other records are passed by.

    The address is the id. An archive that breaks off gives what stands before the break, and a failure.
    """
    try:
        for number, record in enumerate(ArchiveIterator(stream), start=1):
            if _is_page(record):
                url = str(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
                place = f"{label}:{number}"
                try:
                    yield Document(url or place, url=url or None, html=_body(record))
                except InputError as error:
                    yield failure(url or place, place, error)
                except (OSError, ValueError, zlib.error) as error:
                    yield failure(url or place, place, InputError(f"the record is broken ({error})"))
    except (ArchiveLoadFailed, EOFError, OSError, ValueError, zlib.error) as error:
        why = f"the archive breaks off ({' '.join(str(error).split())[:200]})"
        yield failure(label, f"{label}:end", InputError(why))


def _is_page(record: Any) -> bool:  # noqa: ANN401  warcio is not typed
    if record.rec_type == "resource":
        kind = record.rec_headers.get_header("Content-Type")
    elif record.rec_type == "response" and record.http_headers and record.http_headers.get_statuscode() == "200":
        kind = record.http_headers.get_header("Content-Type")
    else:
        return False
    return (kind or "").partition(";")[0].strip().lower() in _HTML


def _body(record: Any) -> bytes:  # noqa: ANN401
    """Return the page's bytes, chunks joined and one coding undone, never more than one document may have."""
    coding = (record.http_headers and record.http_headers.get_header("Content-Encoding")) or "identity"
    sent = _dechunked(record)
    if coding.strip().lower() in {"identity", ""}:
        return checked(sent.read(MAX_BYTES + 1))
    if coding.strip().lower() not in {"gzip", "x-gzip", "deflate"}:
        raise InputError(f"its coding {coding!r} is not read")
    inflater = zlib.decompressobj(32 + zlib.MAX_WBITS)
    body = b""
    while len(body) <= MAX_BYTES and not inflater.eof and (data := sent.read(65_536)):
        body += inflater.decompress(data, MAX_BYTES + 1 - len(body))
    return checked(body)


def _dechunked(record: Any) -> io.RawIOBase:  # noqa: ANN401
    from warcio.bufferedreaders import ChunkedDataReader  # noqa: PLC0415

    transfer = (record.http_headers and record.http_headers.get_header("Transfer-Encoding")) or ""
    stream: Any = ChunkedDataReader(record.raw_stream) if "chunked" in transfer.lower() else record.raw_stream
    return stream  # type: ignore[no-any-return]
