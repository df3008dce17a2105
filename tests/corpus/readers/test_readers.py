import gzip
import io
import os
import threading
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from written_inputs import Archive, jsonl, kinds, reading, table

from corpus.documents import Document
from corpus.readers import read_documents
from extractor.errors import InputError
from extractor.limits import MAX_BYTES

ROWS = [{"id": "a", "text": "Isi berita."}, {"id": "b", "url": "https://kabar.example/2"}]
FOUND = [Document("a", text="Isi berita."), Document("b", "https://kabar.example/2")]
URLS = "# hari ini\nhttps://a.example/\n"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("in.jsonl", jsonl(ROWS)),
        ("in.JSONL", jsonl(ROWS)),
        ("in.jsonl", "\ufeff" + jsonl(ROWS)),
        ("in.jsonl.gz", gzip.compress(jsonl(ROWS).encode())),
        ("in.jsonl", gzip.compress(jsonl(ROWS).encode())),
        ("in.data", "\n" * 3 + jsonl(ROWS)),
        ("in", gzip.compress(jsonl(ROWS[:1]).encode()) + b"\0" * 512 + gzip.compress(jsonl(ROWS[1:]).encode())),
        ("in.csv", table(ROWS)),
        ("in.csv.gz", gzip.compress(table(ROWS).encode())),
        ("in", table(ROWS)),
        ("in", table(ROWS, ";")),
    ],
)
def test_kinds_by_name_and_by_first_bytes(tmp_path, name, data):
    assert reading(tmp_path / name, data) == FOUND


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("data", "ids"),
    [
        (jsonl(ROWS).encode(), ["a", "b"]),
        (URLS.encode(), ["https://a.example/"]),
        (table(ROWS).encode(), ["a", "b"]),
        (Archive(packed=False).page("https://a.example/1", b"<p>satu</p>").bytes, ["https://a.example/1"]),
        (jsonl([{"text": "Isi"}]).encode(), ["stdin:1"]),
    ],
)
def test_standard_input(monkeypatch, data, ids, packed):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(data) if packed else data)))
    assert [one.id for one in read_documents("-")] == ids


def test_a_slow_pipe_is_read_as_it_comes(monkeypatch):
    out, into = os.pipe()
    seen = threading.Event()

    def write():
        with os.fdopen(into, "wb", buffering=0) as pipe:
            for piece in (b"\n", b"{", b'"text": "Sat', b'u"}\n'):
                pipe.write(piece)
            assert seen.wait(10)
            pipe.write(b'{"text": "Dua"}\n')

    writer = threading.Thread(target=write)
    writer.start()
    with os.fdopen(out) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        documents = read_documents("-")
        assert next(documents) == Document("stdin:2", text="Satu")
        seen.set()
        assert list(documents) == [Document("stdin:3", text="Dua")]
    writer.join()


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.jsonl", "", "is empty"),
        ("a.jsonl", " \n\n", "is empty"),
        ("a.jsonl.gz", gzip.compress(b""), "no document"),
        ("b", b"\x89PNG\r\n", "neither"),
        ("b", b"\0\0\0", "neither"),
        ("c", "Lapas Ngawi\nIsi", "neither"),
        ("c.html", "<p>Isi</p>", "pembinaan extract"),
        ("c.json", '[{"text": "Isi"}]', "neither"),
        ("d.csv", "id,text\n", "no document"),
        ("e.csv", "a,b\n1,2\n", "--text"),
        ("f.jsonl.gz", gzip.compress(jsonl(ROWS).encode())[:15], "too early"),
        ("g.urls", "# besok\n", "no document"),
        ("h.parquet.gz", gzip.compress(b"PAR1"), "neither packed"),
    ],
)
def test_what_cannot_be_used_is_refused_at_once(tmp_path, name, data, why):
    (tmp_path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    with pytest.raises(InputError, match=why):
        read_documents(str(tmp_path / name))


@pytest.mark.parametrize("source", ["/nowhere/in.jsonl", "a\0b", "x" * 5000, ""])
def test_no_such_input(source, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError):
        read_documents(source)


def test_an_input_that_breaks_off_says_so_after_what_stands_before(tmp_path):
    noise = [{"id": str(n), "text": os.urandom(500).hex()} for n in range(1000)]
    path = tmp_path / "in.jsonl.gz"
    path.write_bytes(gzip.compress(jsonl(noise).encode())[:-2000])
    documents = read_documents(str(path))
    found = []
    with pytest.raises(InputError, match="in.jsonl.gz: breaks off"):
        found.extend(documents)
    assert len(found) > 900


def test_bombs_are_never_whole_in_memory(tmp_path):
    bomb = gzip.compress(b'{"text": "' + b"x" * (16 * MAX_BYTES) + b'"}\n{"text": "Isi"}\n', 1)
    tracemalloc.start()
    try:
        found = reading(tmp_path / "in.jsonl.gz", bomb)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kinds(found) == ["input", "document"]
    assert peak < 100 * 2**20


def test_an_iterator_that_is_dropped_closes_its_file(tmp_path):
    (tmp_path / "in.jsonl").write_text(jsonl(ROWS))
    documents = read_documents(str(tmp_path / "in.jsonl"))
    next(documents)
    documents.close()
    assert list(documents) == []


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(str.strip).filter(bool)
CELLS = st.fixed_dictionaries({"id": WORDS, "text": WORDS}, optional={"url": WORDS})


@settings(deadline=None)
@given(rows=st.lists(CELLS, min_size=1, max_size=5), delimiter=st.sampled_from(",;\t"))
def test_what_is_written_is_read(tmp_path_factory, rows, delimiter):
    folder = tmp_path_factory.mktemp("rows")
    expected = [Document(row["id"], row.get("url"), text=row["text"]) for row in rows]
    assert reading(folder / "in.jsonl", jsonl(rows)) == expected
    assert reading(folder / "in.csv.gz", gzip.compress(table(rows, delimiter).encode(), 1)) == expected


@settings(deadline=None)
@given(data=st.binary(max_size=300), name=st.sampled_from(["in.jsonl", "in.csv", "in.urls", "in.warc", "in.gz", "in"]))
def test_noise_is_refused_or_read_and_nothing_else(tmp_path_factory, data, name):
    # A table of noise has a header, so that its rows are reached.
    data = b"text\n" + data if name == "in.csv" else b"\x1f\x8b\x08" + data if name == "in.gz" else data
    try:
        found = reading(tmp_path_factory.getbasetemp() / name, data)
    except InputError:
        return
    for one in found:
        assert set(kinds([one])) <= {"document", "input"}
        one.id.encode()
