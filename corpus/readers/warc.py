"""Web archives (WARC, ISO 28500), as crawlers and browsers' archiving tools write them."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import BufferedReader, ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParser

from corpus.documents import Document, Outcome
from corpus.readers.limits import MAX_NAME
from corpus.readers.rows import checked, failure
from corpus.readers.streams import BrokenMemberError
from extractor.errors import InputError
from extractor.limits import MAX_BYTES

_HTML = ("text/html", "application/xhtml+xml")
_HTTP = StatusAndHeadersParser([], verify=False)
_MAX_HEAD = 2**20  # bytes of a record's headers, and of those of HTTP
_MAX_SENT = 2 * MAX_BYTES  # of a body as it was sent: chunks have heads of their own
_BROKEN = (ArchiveLoadFailed, EOFError, ValueError, zlib.error)


def read(stream: BinaryIO, label: str) -> Iterator[Document | Outcome]:
    """Yield a document for each HTML page that the archive holds with status 200; other records are passed by.

    The address is the id. A record that is broken or cut off is a failure, and reading goes on with the next one.
    """
    reader = _Reader(stream)
    number, begin = 0, None
    while True:
        archive = _Records(reader, begin)
        try:
            for record in archive:
                number += 1
                if (found := _page(record, f"{label}:{number}")) is not None:
                    yield found
        except (*_BROKEN, BrokenMemberError) as error:
            place = f"{label}:{number + 1}"
            why = " ".join(str(error).split())[:200]
            yield failure(place, place, InputError(f"the archive is broken here ({why})"))
        else:
            return
        begin = reader.next_record()
        if begin is None:
            return


def _page(record: Any, place: str) -> Document | Outcome | None:  # noqa: ANN401  warcio is not typed
    """Return the document of a record, None where it holds no page."""
    url = str(record.rec_headers.get_header("WARC-Target-URI") or "").replace("\0", "")
    name = url if 0 < len(url) <= MAX_NAME else place
    try:
        http = None
        if record.rec_type == "response" and _is(record.content_type, ("application/http",)) and record.length:
            http = _HTTP.parse(record.raw_stream)
            if http.get_statuscode() != "200" or not _is(http.get_header("Content-Type"), _HTML):
                return None
        elif record.rec_type != "resource" or not _is(record.content_type, _HTML):
            return None
        if len(url) > MAX_NAME:
            return failure(name, place, InputError(f"its address is longer than {MAX_NAME} characters"))
        return Document(name, url=url or None, html=_body(record, http))
    except InputError as error:
        return failure(name, place, error)
    except _BROKEN as error:
        return failure(name, place, InputError(f"the record is broken ({' '.join(str(error).split())[:200]})"))


def _is(content_type: str | None, kinds: tuple[str, ...]) -> bool:
    return (content_type or "").partition(";")[0].strip().lower() in kinds


def _body(record: Any, http: Any) -> bytes:  # noqa: ANN401  warcio is not typed
    """Return the page's bytes, chunks joined and one coding undone, never more than one document may have."""
    sent = record.raw_stream.read(_MAX_SENT + 1)
    if len(sent) > _MAX_SENT:
        return checked(sent)
    if getattr(record.raw_stream, "limit", 0) > 0:
        raise InputError("the record is cut off")
    coding = ((http and http.get_header("Content-Encoding")) or "identity").strip().lower()
    if http and "chunked" in (http.get_header("Transfer-Encoding") or "").lower():
        sent = ChunkedDataReader(io.BytesIO(sent)).read()
    if coding == "identity":
        return checked(sent)
    if coding not in {"gzip", "x-gzip", "deflate"}:
        raise InputError(f"its coding {coding[:40]!r} is not read")
    return checked(zlib.decompressobj(32 + zlib.MAX_WBITS).decompress(sent, MAX_BYTES + 1))


class _Reader(BufferedReader):  # type: ignore[misc]  # warcio is not typed
    """The archive as warcio reads it, with a bound on the headers of one record."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(stream)
        self._head = 0

    def readline(self, length: int | None = None) -> bytes:
        line: bytes = super().readline(min(length or _MAX_HEAD, _MAX_HEAD))
        self._head = self._head + len(line) if line.strip() else 0
        if self._head >= _MAX_HEAD:
            self._head = 0
            raise ArchiveLoadFailed("headers without an end")
        return line

    def next_record(self) -> bytes | None:
        """Return the line that the next record begins with; None where none does."""
        self._head = 0
        while line := super().readline(_MAX_HEAD):
            if line.startswith(b"WARC/"):
                return bytes(line)
        return None


class _Records(ArchiveIterator):  # type: ignore[misc]  # warcio is not typed
    """The records of an archive, from a line on; their HTTP headers are left to us, so that a bad one costs no more."""

    INC_RECORD = ""  # what warcio would print on a length that does not fit

    def __init__(self, reader: _Reader, begin: bytes | None) -> None:
        super().__init__(reader, no_record_parse=True)
        self.reader = reader
        self.next_line = begin
