"""From the bytes of a page to its text: which encoding, and the repair of text that was encoded twice."""

from __future__ import annotations

import codecs
import re

import ftfy

META_BYTES = 4096
_META = re.compile(rb"""<meta\b[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_MOJIBAKE = re.compile("[ÃÂâ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
# The families of the WHATWG Encoding Standard; Python's other codecs (idna, zlib, utf-7 …) are not for pages.
_WEB = re.compile(r"cp(?:125\d|874|949)|iso8859-\d+|koi8|mac-|gb|big5|shift_jis|euc_|utf-(?:8|16)")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(page: bytes, charset: str | None = None) -> str:
    """Return the text of `page`; undecodable bytes become U+FFFD, never an error.

    The order is that of the HTML standard (encoding sniffing): byte order mark, the HTTP header's
    `charset`, the meta declaration, then the bytes themselves. A declaration that the bytes contradict
    is passed over, since pages that say ISO-8859-1 and send UTF-8, or the reverse, are common.
    """
    for bom, name in _BOMS:
        if page.startswith(bom):
            return repair(page[len(bom) :].decode(name, "replace"))
    if (wide := _utf16(page)) is not None:
        return repair(page.decode(wide, "replace"))
    if _is_utf8(page):
        return repair(page.decode("utf-8", "replace"))
    meta = _META.search(page[:META_BYTES])
    declared = (charset, meta.group(1).decode("ascii", "replace") if meta else None)
    for name in filter(None, declared):
        codec = _known(name)
        if codec and not codec.startswith("utf"):
            return repair(page.decode(codec, "replace"))
    return repair(page.decode("windows-1252", "replace"))


def repair(text: str) -> str:
    """Return `text` with UTF-8 that was decoded as windows-1252 put right, and without NUL and BOM."""
    text = text.replace("\0", "").removeprefix("\ufeff")
    if not _MOJIBAKE.search(text):
        return text
    lines = text.split("\n")
    return "\n".join(ftfy.fix_encoding(line) if _MOJIBAKE.search(line) else line for line in lines)


def _is_utf8(page: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(page)  # not final: a page cut inside its last character is UTF-8 all the same
    except UnicodeDecodeError as error:
        # One stray byte in a long UTF-8 page does not make it another encoding.
        text = page.decode("utf-8", "replace")
        wide = sum(1 for character in text if character > "\x7f")
        return error.start > 0 and wide > 0 and text.count("\ufffd") / wide < 1 / 20
    return True


def _utf16(page: bytes) -> str | None:
    """Return the UTF-16 variant of a page of mostly Latin letters without a byte order mark."""
    head = page[:2000]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if half and odd > half * 0.7 and even < half * 0.1:
        return "utf-16-le"
    if half and even > half * 0.7 and odd < half * 0.1:
        return "utf-16-be"
    return None


def _known(name: str) -> str | None:
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    # Browsers read Latin-1 and ASCII as windows-1252 (WHATWG Encoding Standard, labels).
    if codec in {"iso8859-1", "ascii"}:
        return "windows-1252"
    return codec if _WEB.match(codec) else None
