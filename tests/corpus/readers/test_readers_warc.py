import gzip
import io
import zlib

import pytest
from written_inputs import Archive, kinds, reading, reasons

from corpus.documents import Document
from corpus.readers.limits import MAX_NAME
from corpus.readers.streams import BrokenMemberError, Members
from extractor.limits import MAX_BYTES

PAGE = b"<p>satu</p>"


def three_pages(*, packed):
    made = Archive(packed=packed)
    for number in range(3):
        made.page(f"https://a.example/{number}", b"<p>%d %s</p>" % (number, bytes(range(256)) * 20))
    return made


@pytest.mark.parametrize("packed", [False, True])
def test_pages_are_documents(tmp_path, packed):
    made = Archive(packed=packed)
    made.add(None, "warcinfo", b"software: x\r\n")
    made.page("https://a.example/1", PAGE)
    made.page("https://a.example/404", PAGE, "404 Not Found")
    made.page("https://a.example/j.json", b"{}", kind="application/json")
    made.page("https://a.example/2", gzip.compress(PAGE), Content_Encoding="GZIP")
    made.page("https://a.example/3", b"b\r\n<p>satu</p>\r\n0\r\n\r\n", Transfer_Encoding="chunked")
    made.page("https://a.example/4", zlib.compress(PAGE), kind="application/xhtml+xml", Content_Encoding="deflate")
    made.add("file:///5.html", "resource", PAGE, warc_content_type="text/html")
    made.add("file:///6.png", "resource", b"x", warc_content_type="image/png")
    made.add("dns:a.example", "response", b"1", warc_content_type="text/dns")
    made.add("https://a.example/7", "metadata", PAGE, warc_content_type="text/html")
    addresses = [*(f"https://a.example/{n}" for n in (1, 2, 3, 4)), "file:///5.html"]
    expected = [Document(address, url=address, html=PAGE) for address in addresses]
    assert reading(tmp_path / "in.warc", made.bytes) == expected
    assert reading(tmp_path / "in", made.bytes) == expected


def test_an_archive_packed_as_a_whole(tmp_path):
    data = gzip.compress(three_pages(packed=False).bytes)
    assert kinds(reading(tmp_path / "in.warc.gz", data)) == ["document"] * 3


def test_pages_that_cannot_be_read_are_failures(tmp_path):
    made = Archive(packed=True)
    made.page("https://a.example/bomb", gzip.compress(b"x" * (MAX_BYTES * 8)), Content_Encoding="gzip")
    made.page("https://a.example/big", b"x" * (MAX_BYTES + 1))
    made.page("https://a.example/huge", b"x" * (MAX_BYTES * 8))
    made.page("https://a.example/br", b"???", Content_Encoding="br")
    made.page("https://a.example/twice", b"???", Content_Encoding="gzip, gzip")
    made.page("https://a.example/noise", b"???", Content_Encoding="gzip")
    made.page("https://a.example/" + "x" * MAX_NAME, PAGE)
    made.page("https://a.example/\N{SNOWMAN}", PAGE, Transfer_Encoding="chunked")  # and is not
    made.page("https://a.example/8", PAGE)
    found = reading(tmp_path / "in.warc.gz", made.bytes)
    assert kinds(found) == ["input"] * 7 + ["document"] * 2
    assert [one.id.rsplit("/", 1)[-1] for one in found[:6]] == ["bomb", "big", "huge", "br", "twice", "noise"]
    assert [found[6].id, found[7].html] == ["in.warc.gz:7", PAGE]
    assert "larger than 5 MiB" in found[0].reason


@pytest.mark.parametrize("packed", [False, True])
def test_a_cut_archive_gives_what_stands_before(tmp_path, packed):
    made = three_pages(packed=packed)
    found = reading(tmp_path / "in.warc", made.bytes[: made.ends[3] - 30 if packed else made.ends[3] - 500])
    assert kinds(found) == ["document", "document", "input"]
    assert "too early" in found[2].reason or "cut off" in found[2].reason


@pytest.mark.parametrize("at", [20, 0])  # of the second record: in its data, and in the sign that it begins with
def test_damage_costs_one_packed_record(tmp_path, at):
    made = three_pages(packed=True)
    data = bytearray(made.bytes)
    data[made.ends[1] + at : made.ends[1] + at + 5] = b"\xff" * 5
    found = reading(tmp_path / "in.warc.gz", bytes(data))
    assert kinds(found) == ["document", "input", "document"]
    assert found[2].id == "https://a.example/2"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Content-Length: 5", b"Content-Length: 1"),
        (b"Content-Length:", b"Content-Length: x"),
        (b"WARC/1.0", b"WURC/1.0"),
    ],
)
def test_broken_records_of_a_plain_archive(tmp_path, capsys, old, new):
    made = three_pages(packed=False)
    start, end = made.ends[1:3]
    data = made.bytes[:start] + made.bytes[start:end].replace(old, new, 1) + made.bytes[end:]
    found = reading(tmp_path / "in.warc", data)
    assert "input" in kinds(found)
    assert (found[0].id, found[-1].id) == ("https://a.example/0", "https://a.example/2")
    assert capsys.readouterr().err == ""


def test_records_without_an_address(tmp_path):
    data = three_pages(packed=False).bytes.replace(b"WARC-Target-URI", b"WARC-Target-XXX", 1)
    assert reading(tmp_path / "in.warc", data)[0].id == "in.warc:1"


def test_headers_without_an_end(tmp_path):
    page = Archive(packed=False).page("https://a.example/1", PAGE).bytes
    for head in (b"WARC/1.0\r\nX: " + b"x" * 3_000_000, b"WARC/1.0\r\n" + b"X: y\r\n" * 600_000):
        found = reading(tmp_path / "in.warc.gz", gzip.compress(head + b"\r\n" + page))
        assert kinds(found)[0] == "input"
        assert found[-1] == Document("https://a.example/1", "https://a.example/1", html=PAGE)
    assert reasons(found)[0] == "in.warc.gz:1: the archive is broken here (headers without an end)"


def test_members_of_gzip_one_by_one():
    members = [gzip.compress(bytes([65 + n]) * 70_000) for n in range(3)]
    members[1] = members[1][:-8] + b"\0" * 8  # of another sum
    stream = Members(io.BytesIO(b"".join(members)))
    read, errors = b"", 0
    while True:
        try:
            piece = stream.read(1000)
        except BrokenMemberError:
            errors += 1
        else:
            if not piece:
                break
            read += piece
    assert errors == 1
    assert read.startswith(b"A" * 70_000 + b"B")
    assert read.endswith(b"C" * 70_000)
