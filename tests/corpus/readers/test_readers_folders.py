import gzip
import os

import pytest
from written_inputs import kinds, reading, reasons

from corpus.documents import Document
from corpus.readers import read_documents
from corpus.readers.limits import MAX_NAME
from extractor.errors import InputError
from extractor.limits import MAX_BYTES


def test_folder(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("rahasia")
    folder = tmp_path / "pages"
    files = {
        "b/2.HTML.GZ": gzip.compress(b"<p>dua</p>"),
        "b/1.htm": b"<p>satu</p>",
        "b/1_files/frame.html": b"iklan",
        "b/2_files/frame.html": b"bukan bagian",
        "c.txt": "\ufeffJudul\nIsi".encode(),
        "d.txt": b"\xff\xfe\x00",
        "e.html.gz": gzip.compress(b"x" * (4 * MAX_BYTES)),
        "f.html.gz": b"no gzip",
        "g.html.gz": gzip.compress(os.urandom(100))[:50],
        "h.pdf": b"%PDF",
        "i.txt": b"\0",
        "j.html": b"x" * (MAX_BYTES + 1),
        ".k.html": b"tersembunyi",
        ".l/m.html": b"tersembunyi",
        "n.xhtml": b"<p>tiga</p>",
    }
    for name, data in files.items():
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_bytes(data)
    (folder / "o.txt").symlink_to(outside / "secret.txt")
    (folder / "p").symlink_to(outside)
    os.mkfifo(folder / "q.txt")
    (folder / "r.html").mkdir()
    found = list(read_documents(str(folder)))
    names = ["c.txt", "d.txt", "e.html.gz", "f.html.gz", "g.html.gz", "i.txt", "j.html", "n.xhtml"]
    assert [one.id for one in found] == [*names, "b/1.htm", "b/2.HTML.GZ", "b/2_files/frame.html"]
    assert kinds(found) == ["document", *["input"] * 6, *["document"] * 4]
    assert (found[0], found[9]) == (Document("c.txt", text="Judul\nIsi"), Document("b/2.HTML.GZ", html=b"<p>dua</p>"))
    assert reasons(found)[0] == "d.txt: it is not a text in UTF-8"


def test_names_that_are_no_text(tmp_path):
    with open(os.fsencode(tmp_path) + b"/\xff.txt", "wb") as file:  # noqa: PTH123
        file.write(b"Isi")
    assert list(read_documents(str(tmp_path))) == [Document("\ufffd.txt", text="Isi")]


def test_a_folder_that_cannot_be_read_is_a_failure(tmp_path, monkeypatch):
    (tmp_path / "a").mkdir()
    (tmp_path / "b.txt").write_text("Isi")
    there = os.scandir

    def scandir(path):
        if str(path).endswith("/a"):
            raise PermissionError(13, "Permission denied", str(path))
        return there(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = list(read_documents(str(tmp_path)))
    assert kinds(found) == ["document", "input"]
    assert reasons(found) == ["a: the folder cannot be read (Permission denied)"]


def test_a_folder_without_pages(tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    with pytest.raises(InputError, match="there is no document in it"):
        read_documents(str(tmp_path))


def test_addresses(tmp_path):
    lines = [
        "\ufeff# sumber",
        "",
        "https://a.example/1\r",
        "ftp://a.example/",
        "HTTP://b.example/ ",
        "https://c.example/" + "c" * MAX_NAME,
        "d.example\x1b[31m",
    ]
    found = reading(tmp_path / "urls.txt", "\n".join(lines).encode() + b"\nhttps://e.example/\xff\n\0\0\n")
    assert kinds(found) == ["document", "input", "document", "input", "input", "document"]
    assert [one.id for one in found[:3]] == ["https://a.example/1", "ftp://a.example/", "HTTP://b.example/"]
    assert found[4].id == "d.example?[31m"
