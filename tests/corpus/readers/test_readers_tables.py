import builtins
import datetime as dt

import pyarrow as pa
import pytest
from pyarrow import parquet
from written_inputs import kinds, reading, reasons, table

from corpus.documents import Document
from corpus.readers import Columns, read_documents
from corpus.readers.limits import MAX_LINE, MAX_VALUES
from extractor.errors import InputError
from extractor.limits import MAX_BYTES

ROWS = [
    {"id": "a", "url": "https://a.example/1", "title": 'Judul "A"', "text": "Isi, satu;\ndua.", "published": "2025-10-13"},
    {"id": "b", "html": "<p>Halaman</p>"},
]  # fmt: skip
FOUND = [
    Document("a", "https://a.example/1", text='Judul "A"\n\nIsi, satu;\ndua.', published=dt.date(2025, 10, 13)),
    Document("b", html=b"<p>Halaman</p>"),
]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff", "\n\r\n"])
def test_delimiters(tmp_path, delimiter, mark):
    assert reading(tmp_path / "in.csv", mark + table(ROWS, delimiter)) == FOUND


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_ends_of_lines(tmp_path, end):
    assert reading(tmp_path / "in.csv", f"text{end}{end}A{end}B") == [
        Document("in.csv:3", text="A"),
        Document("in.csv:4", text="B"),
    ]


def test_headers_with_other_delimiters_in_them(tmp_path):
    assert reading(tmp_path / "in.tsv", "no\tjudul, sub, a\tisi\n1\tA\tB\n") == [Document("1", text="B")]
    assert reading(tmp_path / "in.csv", 'id,"isi\nberita",text\n1,a,b\n') == [Document("1", text="b")]


def test_indonesian_headers_and_columns_by_name(tmp_path):
    data = "No;Judul; Isi ;Tautan;Tanggal;Ringkasan\n7;Lapas;Isi berita;https://a.example/;1 Januari 2024;Pendek\n"
    (found,) = reading(tmp_path / "in.csv", data)
    assert found == Document("7", "https://a.example/", text="Lapas\n\nIsi berita", published=dt.date(2024, 1, 1))
    (found,) = read_documents(str(tmp_path / "in.csv"), Columns(text="Ringkasan", title="No"))
    assert found.text == "7\n\nPendek"
    with pytest.raises(InputError, match="in.csv: there is no column 'isi'; there are: No, Judul"):
        read_documents(str(tmp_path / "in.csv"), Columns(text="isi"))


def test_rows_that_would_be_read_as_something_else_are_failures(tmp_path):
    rows = [
        b"1,Lapas Ngawi, belajar menjahit,isi",  # a delimiter that is not quoted
        b'2,"A" b,isi',
        b'3,"baris\nkedua" x,isi',
        b"4,\x93A\x94,isi",  # windows-1252
        b"5," + b"x" * (MAX_LINE + 10) + b",isi",
        b"6," + b"," * (MAX_VALUES + 10),
        b"7,A," + b"x" * (MAX_BYTES + 1),
        b"8,A,",
    ]
    good = b'x,A,B,,\nz,\xe2\x80\x9cA\0,"B\xe2\x80\x9d"\n'
    found = reading(tmp_path / "in.csv", b"id,title,text\n" + good.join(row + b"\n" for row in rows) + b"9,Judul ya")
    assert kinds(found) == ["input", *["document", "document", "input"] * (len(rows) - 1), "input"]
    assert {one.text for one in found[1:-1:3]} == {"A\n\nB"}
    assert {one.text for one in found[2:-1:3]} == {"“A\n\nB”"}
    told = reasons(found)
    assert told[0] == "in.csv:2: it has 4 cells and the header 3 (a text with delimiters needs quotes)"
    assert told[2].startswith("in.csv:8 to 9: the quotation marks")
    assert told[-1].endswith("it is cut off")


def test_short_rows_leave_out_what_is_last(tmp_path):
    data = "text,title\nA\n\n,\nB,Judul"
    assert reading(tmp_path / "in.csv", data) == [
        Document("in.csv:2", text="A"),
        Document("in.csv:5", text="Judul\n\nB"),
    ]


def test_columns_that_are_not_needed_may_be_anything(tmp_path):
    assert reading(tmp_path / "in.csv", b"text,x\nA,\xff\n") == [Document("in.csv:2", text="A")]


def test_a_quotation_mark_that_never_closes_costs_its_rows(tmp_path, monkeypatch):
    monkeypatch.setattr("corpus.readers.tables.MAX_LINE", 100)
    data = 'id,text\n1,"dua\nbaris"\n2,"tak ditutup\n' + "x,y\n" * 22 + '3,isi\n4,"terpo'
    found = reading(tmp_path / "in.csv", data)
    assert kinds(found) == ["document", "input", "document", "input"]
    assert (found[0].text, found[1].id, found[2]) == ("dua\nbaris", "in.csv:4", Document("3", text="isi"))


def test_a_header_without_an_end(tmp_path):
    for header in ("text," * 20_000, 'text,"x\n' + "y" * 100_000):
        with pytest.raises(InputError):
            reading(tmp_path / "in.csv", header)


def written(path, columns, **options):
    parquet.write_table(pa.table(columns), path, **options)
    return list(read_documents(str(path)))


def test_parquet(tmp_path):
    rows = [dict.fromkeys(["id", "url", "html", "title", "text", "published"]) | row for row in ROWS]
    columns = {name: [row[name] for row in rows] for name in rows[0]} | {"other": [[1], [2]]}
    assert written(tmp_path / "in.parquet", columns) == FOUND
    assert [one.id for one in read_documents(str(tmp_path / "in.parquet"), Columns(id="title"))] == [
        'Judul "A"',
        "in.parquet:2",
    ]


def test_parquet_of_numbers_times_and_categories(tmp_path):
    moment = 1_760_326_200_123_456_789
    columns = {
        "id": [1.0, None, 3.0],
        "text": pa.array(["A", "B", "A"]).dictionary_encode(),
        "tanggal": pa.array([moment, None, 2**62], pa.timestamp("ns")),
    }
    found = written(tmp_path / "in.pq", columns)
    assert [one.id for one in found] == ["1", "in.pq:2", "3"]
    assert found[0].published == dt.datetime(2025, 10, 13, 3, 30, 0, 123456, tzinfo=dt.timezone(dt.timedelta(hours=7)))
    assert [one.published for one in found[1:]] == [None, None]
    columns = {"text": ["A", "B"], "date": pa.array([2**31 - 1, 20_374], pa.date32())}
    assert [one.published for one in written(tmp_path / "in.pq", columns)] == [None, dt.date(2025, 10, 13)]


def test_parquet_with_broken_cells(tmp_path):
    offsets, data = pa.py_buffer(b"\0\0\0\0\2\0\0\0\4\0\0\0"), pa.py_buffer(b"\xff\xfeok")
    found = written(
        tmp_path / "in.parquet", {"text": pa.StringArray.from_buffers(2, offsets, data), "id": [["a"], None]}
    )
    assert kinds(found) == ["input", "document"]
    found = written(tmp_path / "in.parquet", {"text": ["A", None, "x" * (MAX_BYTES + 1)], "id": ["a", "b", "c"]})
    assert kinds(found) == ["document", "input", "input"]


def test_parquet_that_is_broken(tmp_path):
    written(tmp_path / "in.parquet", {"text": ["A" * 1000] * 5000}, compression="none", use_dictionary=False)
    whole = (tmp_path / "in.parquet").read_bytes()
    for data in (b"PAR1 and no more", whole[:-100], whole[:4000] + b"\xff" * 3000 + whole[7000:], b"\0" * 100 + whole):
        with pytest.raises(InputError, match="cannot be read as Parquet"):
            reading(tmp_path / "broken.parquet", data)
    with pytest.raises(InputError, match="in.parquet: none of the columns"):
        written(tmp_path / "in.parquet", {"a": [1]})


def test_parquet_without_pyarrow(tmp_path, monkeypatch):
    (tmp_path / "in.parquet").write_bytes(b"PAR1")
    there = builtins.__import__

    def without(name, *rest):
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return there(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputError, match=r"pip install 'pembinaan\[tables\]'"):
        read_documents(str(tmp_path / "in.parquet"))
