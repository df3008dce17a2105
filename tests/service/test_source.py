"""What a name on the command line stands for."""

import io
import sys
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.errors import InputError
from service.source import MAX_BYTES, looks_like_html, read_source

PAGE = "<!DOCTYPE html><html><body><p>Lapas</p></body></html>"


@pytest.mark.parametrize(
    "name", ["https://a.id/b", "http://a.id", "ftp://a.id", "file:///etc/passwd", "javascript:alert(1)"]
)
def test_urls_are_left_to_the_fetcher(name):
    assert read_source(name) == ("url", name)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PAGE.encode(), "html"),
        (("\ufeff  \n" + PAGE).encode(), "html"),
        (PAGE.encode("utf-16"), "html"),
        (b'<?xml version="1.0"?>\n<!-- <x> -->\n<html></html>', "html"),
        (b"<div>" * 1000, "html"),
        (b"<html><p>caf\xe9", "html"),
        (b"Judul\n\nIsi <b>tebal</b>", "text"),
        ("\ufeffJudul\n\nIsi".encode(), "text"),
        ("Judul\n\nIsi".encode("utf-16"), "text"),
        (b"<3 untuk warga binaan", "text"),
    ],
)
@pytest.mark.parametrize("suffix", [".html", ".txt", ""])
def test_content_says_what_a_file_is_and_its_name_does_not(tmp_path, content, kind, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(content)
    found, value = read_source(str(path))
    assert found == kind
    if kind == "text":
        assert not value.startswith("\ufeff")
        assert value.startswith(("Judul", "<3"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"%PDF-1.7\n1 0 obj", "binary"),
        (b"PK\x03\x04\x00\x00", "binary"),
        (b"\x89PNG\r\n\x1a\n\x00", "neither"),
        (b"caf\xe9 biasa", "neither"),
        (b"x" * (MAX_BYTES + 1), "larger"),
    ],
)
def test_what_is_not_an_article_is_refused(tmp_path, content, reason):
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    with pytest.raises(InputError, match=reason):
        read_source(str(path))


@pytest.mark.parametrize("name", ["absent.html", "www.a.id/berita", "a\0b", "x" * 5000, ""])
def test_what_is_not_a_file_is_refused(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError):
        read_source(name)


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(InputError, match="folder"):
        read_source(str(tmp_path))


def test_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"Judul\n\nIsi")))
    assert read_source("-") == ("text", "Judul\n\nIsi")


@given(st.binary())
def test_no_bytes_break_the_look(data):
    assert looks_like_html(data) in {True, False}
