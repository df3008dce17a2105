"""Bytes to text: which encoding wins, and what is repaired."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.article.charset import decode

TEXT = "“Kami siap,” kata Andi — peserta café."


@pytest.mark.parametrize(
    ("page", "header"),
    [
        (TEXT.encode("utf-8"), None),
        (TEXT.encode("utf-8-sig"), "iso-8859-1"),
        (TEXT.encode("utf-8"), "iso-8859-1"),
        (TEXT.encode("windows-1252"), None),
        (TEXT.encode("windows-1252"), "utf-8"),
        (TEXT.encode("windows-1252"), "iso-8859-1"),
        (TEXT.encode("windows-1252"), "no-such-charset"),
        (TEXT.encode("utf-16"), None),
        (TEXT.encode("utf-16-le"), None),
        (TEXT.encode("utf-16-be"), None),
        (TEXT.encode("utf-8").decode("windows-1252", "replace").encode("utf-8").replace(b"\xef\xbf\xbd", b"\xc2\x9d"), None),
    ],
    ids=["utf8", "bom", "lying-header", "cp1252", "cp1252-as-utf8", "latin1", "unknown", "utf16", "utf16le", "utf16be", "double"],
)  # fmt: skip
def test_decode(page, header):
    assert decode(page, header) == TEXT


def test_the_header_goes_before_the_meta_declaration():
    page = b'<meta charset="windows-1251"><p>caf\xe9</p>'
    assert "café" in decode(page, "windows-1252")
    assert "cafй" in decode(page)


def test_utf8_cut_in_a_character_stays_utf8():
    assert decode("selesai — “".encode()[:-1]).startswith("selesai — ")


@given(st.text(st.characters(codec="ascii", exclude_characters="\0"), max_size=200))
def test_ascii_is_left_alone(text):
    assert decode(text.encode()) == text


@given(st.binary(max_size=300), st.sampled_from([None, "utf-8", "latin-1", "utf-16", "zlib", "\0"]))
def test_never_an_error(page, header):
    assert "\0" not in decode(page, header)
