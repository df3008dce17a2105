import csv
import datetime as dt
import gzip
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from corpus.documents import Document, Outcome
from corpus.readers import Columns, read_documents, tables
from corpus.readers.limits import MAX_BYTES, MAX_LINE
from extractor.errors import InputError

ROWS = [
    {"id": "a", "url": "https://kabar.example/1", "title": "Judul", "text": "Isi berita.", "published": "2025-10-13"},
    {"id": "b", "html": "<p>Halaman</p>", "published": "Senin, 13 Oktober 2025 10:30 WIB"},
    {"url": "https://kabar.example/2"},
]
FOUND = [
    Document("a", "https://kabar.example/1", text="Judul\n\nIsi berita.", published=dt.date(2025, 10, 13)),
    Document("b", html=b"<p>Halaman</p>", published=dt.datetime.fromisoformat("2025-10-13T10:30+07:00")),
    Document("https://kabar.example/2", "https://kabar.example/2"),
]


def write(path, data):
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return str(path)


def jsonl(rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def table(rows, delimiter=","):
    names = ["id", "url", "html", "title", "text", "published"]
    out = io.StringIO()
    writer = csv.DictWriter(out, names, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def kinds(found):
    return [one.code or "read" if isinstance(one, Outcome) else "document" for one in found]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("in.jsonl", jsonl(ROWS)),
        ("in.jsonl.gz", gzip.compress(jsonl(ROWS).encode())),
        ("in.data", jsonl(ROWS)),
        ("in.csv", "\ufeff" + table(ROWS)),
        ("in.csv.gz", gzip.compress(table(ROWS).encode())),
        ("in.csv", table(ROWS, ";")),
        ("in.tsv", table(ROWS, "\t")),
        ("in", table(ROWS)),
    ],
)
def test_rows(tmp_path, name, data):
    assert list(read_documents(write(tmp_path / name, data))) == FOUND


def test_parquet(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(
        pyarrow.Table.from_pylist(
            [dict.fromkeys(["id", "url", "html", "title", "text", "published"]) | row for row in ROWS]
        ),
        tmp_path / "in.parquet",
    )
    assert list(read_documents(str(tmp_path / "in.parquet"))) == FOUND
    with pytest.raises(InputError, match="Parquet"):
        list(read_documents(write(tmp_path / "broken.parquet", "PAR1 and no more")))


def test_standard_input_is_told_by_its_first_bytes(monkeypatch):
    for data, ids in (
        (jsonl(ROWS), ["a", "b", "https://kabar.example/2"]),
        ("# hari ini\nhttps://a.example/\n", ["https://a.example/"]),
    ):
        for sent in (data.encode(), gzip.compress(data.encode())):
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(sent)))
            assert [one.id for one in read_documents("-")] == ids


def test_indonesian_headers_and_columns_by_name(tmp_path):
    data = "No;Judul;Isi;Tautan;Tanggal;Ringkasan\n7;Lapas Ngawi;Isi berita;https://a.example/;1 Januari 2024;Pendek\n"
    (found,) = read_documents(write(tmp_path / "in.csv", data))
    assert found == Document("7", "https://a.example/", text="Lapas Ngawi\n\nIsi berita", published=dt.date(2024, 1, 1))
    (found,) = read_documents(str(tmp_path / "in.csv"), Columns(text="Ringkasan"))
    assert found.text == "Lapas Ngawi\n\nPendek"
    with pytest.raises(InputError, match="no column 'isi'; there are: No, Judul"):
        list(read_documents(str(tmp_path / "in.csv"), Columns(text="isi")))
    with pytest.raises(InputError, match="--text"):
        list(read_documents(write(tmp_path / "b.csv", "a,b\n1,2\n")))


def test_annotated_articles_are_an_input(tmp_path):
    row = {
        "id": "T-1",
        "source_url": "https://a.example/",
        "publisher": None,
        "published": None,
        "kind": "program",
        "title": "A",
        "text": "B",
        "programs": [],
    }
    assert list(read_documents(write(tmp_path / "gold.jsonl", jsonl([row])))) == [
        Document("T-1", "https://a.example/", text="A\n\nB")
    ]


def test_a_bad_row_is_a_failure_and_the_rest_is_read(tmp_path):
    big = "x" * (MAX_BYTES + 1)
    bad = [
        b"{not json\n", b"[1]\n", b"\xff\xfe\n", b'{"id": 1}\n', b'{"id": "l", "text": ["a"]}\n', b"[" * 100_000 + b"\n",
        json.dumps({"id": "big", "text": big}).encode() + b"\n", b'"' + b"y" * (MAX_LINE + 10) + b'"\n',
    ]  # fmt: skip
    lines = b"".join(line + b'{"id": "x", "text": "A"}\n' for line in bad) + b'{"id": "cut", "te'
    found = list(read_documents(write(tmp_path / "in.jsonl", lines)))
    assert kinds(found) == ["input", "document"] * len(bad) + ["input"]
    assert found[6].id == "1"
    assert "neither" not in found[-1].reason
    assert "in.jsonl:17" in found[-1].reason
    assert len({one.digest for one in found if isinstance(one, Outcome)}) == len(bad) + 1


def test_texts_that_no_encoding_has_are_read(tmp_path):
    (found,) = read_documents(write(tmp_path / "in.jsonl", '{"id": "s", "text": "A \\ud800 B \\u0000"}'))
    assert found.text == "A \ud800 B \0"
    assert len(found.digest) == 64


def test_a_day_that_cannot_be_read_does_not_cost_the_row(tmp_path):
    (found,) = read_documents(write(tmp_path / "in.jsonl", '{"text": "A", "published": "kemarin"}'))
    assert found == Document("in.jsonl:1", text="A")


def test_a_quotation_mark_that_never_closes_costs_its_row(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "_MAX_ROW_LINES", 50)
    rows = 'id,text\n1,"dua\nbaris"\n2,"tak ditutup\n' + "x\n" * 49 + "3,isi\n"
    found = list(read_documents(write(tmp_path / "in.csv", rows)))
    assert found[0] == Document("1", text="dua\nbaris")
    assert kinds(found)[1] == "input"
    assert found[-1] == Document("3", text="isi")


def test_urls(tmp_path):
    data = (
        "# sumber\n\nhttps://a.example/1\r\nftp://a.example/\nhttp://b.example/\n" + "https://c.example/" + "c" * 9000
    )
    found = list(read_documents(write(tmp_path / "urls.txt", data)))
    assert [one.id for one in found][:3] == ["https://a.example/1", "ftp://a.example/", "http://b.example/"]
    assert kinds(found) == ["document", "input", "document", "input"]


def test_folder(tmp_path):
    (tmp_path / "b").mkdir()
    write(tmp_path / "b" / "2.HTML.gz", gzip.compress(b"<p>dua</p>"))
    write(tmp_path / "b" / "1.htm", "<p>satu</p>")
    write(tmp_path / "c.txt", "\ufeffJudul\nIsi")
    write(tmp_path / "d.txt", b"\xff\xfe\x00")
    write(tmp_path / "e.html.gz", gzip.compress(b"x" * (MAX_BYTES + 1)))
    write(tmp_path / "f.html.gz", b"no gzip")
    write(tmp_path / "g.pdf", "%PDF")
    (tmp_path / "h.txt").symlink_to("/etc/hostname")
    found = list(read_documents(str(tmp_path)))
    ids = [one.id for one in found]
    assert ids == ["c.txt", "d.txt", "e.html.gz", "f.html.gz", "b/1.htm", "b/2.HTML.gz"]
    assert kinds(found) == ["document", "input", "input", "input", "document", "document"]
    assert (found[0].text, found[5].html) == ("Judul\nIsi", b"<p>dua</p>")


def archive(*, packed):
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed)

    def add(url, body, status="200 OK", **headers):
        fields = [("Content-Type", "text/html; charset=utf-8"), *((k.replace("_", "-"), v) for k, v in headers.items())]
        told = StatusAndHeaders(status, fields, protocol="HTTP/1.1")
        writer.write_record(writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=told))

    add("https://a.example/1", b"<p>satu</p>")
    add("https://a.example/404", b"<p>tidak ada</p>", "404 Not Found")
    add("https://a.example/2", gzip.compress(b"<p>dua</p>"), Content_Encoding="gzip")
    add("https://a.example/3", b"b\r\n<p>tiga</p>\r\n0\r\n\r\n", Transfer_Encoding="chunked")
    add("https://a.example/bomb", gzip.compress(b"x" * (MAX_BYTES * 4)), Content_Encoding="gzip")
    add("https://a.example/br", b"???", Content_Encoding="br")
    return out.getvalue()


@pytest.mark.parametrize("packed", [False, True])
def test_warc(tmp_path, packed):
    data = archive(packed=packed)
    found = list(read_documents(write(tmp_path / ("in.warc.gz" if packed else "in.warc"), data)))
    assert [(one.id.rsplit("/", 1)[-1], kind) for one, kind in zip(found, kinds(found), strict=True)] == [
        ("1", "document"), ("2", "document"), ("3", "document"), ("bomb", "input"), ("br", "input"),
    ]  # fmt: skip
    assert [one.html for one in found[:3]] == [b"<p>satu</p>", b"<p>dua</p>", b"<p>tiga</p>"]


def test_an_archive_that_breaks_off(tmp_path):
    data = archive(packed=True)
    found = list(read_documents(write(tmp_path / "in.warc.gz", data[: len(data) // 3])))
    assert isinstance(found[0], Document)
    assert all(one.code == "input" for one in found if isinstance(one, Outcome))


def test_input_that_is_none(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        read_documents(str(tmp_path / "none.jsonl"))
    for name, data in (
        ("a.jsonl", ""),
        ("b", b"\x89PNG\r\n"),
        ("c", "Lapas Ngawi\nIsi"),
        ("d.jsonl.gz", gzip.compress(jsonl(ROWS).encode() * 200)[:-20]),
    ):
        with pytest.raises(InputError):
            list(read_documents(write(tmp_path / name, data)))


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(str.strip).filter(bool)


@given(st.lists(st.fixed_dictionaries({"id": WORDS, "text": WORDS}), min_size=1, max_size=5))
def test_what_is_written_is_read(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("rows")
    expected = [Document(row["id"], text=row["text"]) for row in rows]
    assert list(read_documents(write(folder / "in.jsonl", jsonl(rows)))) == expected
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["id", "text"])
    writer.writerows([row["id"], row["text"]] for row in rows)
    assert list(read_documents(write(folder / "in.csv", out.getvalue()))) == expected
