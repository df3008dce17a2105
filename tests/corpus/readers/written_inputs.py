"""Inputs that the tests of the readers write, and what is read from them."""

import csv
import io
import json

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from corpus.documents import Outcome
from corpus.readers import read_documents

NAMES = ["id", "url", "html", "title", "text", "published"]


def reading(path, data, columns=None):
    """Write an input and return all that is read from it."""
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return list(read_documents(str(path), columns))


def jsonl(rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def table(rows, delimiter=",", names=NAMES):
    out = io.StringIO()
    writer = csv.DictWriter(out, names, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def kinds(found):
    """Return what each is: a document, or the code of its failure."""
    return [one.code if isinstance(one, Outcome) else "document" for one in found]


def reasons(found):
    return [one.reason for one in found if isinstance(one, Outcome)]


class Archive:
    """A WARC that is written record by record."""

    def __init__(self, *, packed):
        self._out = io.BytesIO()
        self._writer = WARCWriter(self._out, gzip=packed)
        self.ends = [0]

    def page(self, url, body, status="200 OK", kind="text/html; charset=utf-8", **headers):
        fields = [("Content-Type", kind), *((name.replace("_", "-"), value) for name, value in headers.items())]
        told = StatusAndHeaders(status, fields, protocol="HTTP/1.1")
        return self.add(url, "response", body, http_headers=told)

    def add(self, url, kind, body, **rest):
        self._writer.write_record(self._writer.create_warc_record(url, kind, payload=io.BytesIO(body), **rest))
        self.ends.append(len(self.bytes))
        return self

    @property
    def bytes(self):
        return self._out.getvalue()
