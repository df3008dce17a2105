"""Streams of bytes whose beginning is looked at before they are read, and packed ones, whole or broken."""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

GZIP = b"\x1f\x8b"
_MEMBER = GZIP + b"\x08"  # the one method that gzip has
_BLOCK = 65_536


def looked_at(stream: BinaryIO) -> tuple[bytes, io.BufferedReader]:
    """Return the beginning of a stream, its first line that is not blank if that is not too long, and the whole again.

    A pipe is not waited on for more than that: whoever writes to it may be slow.
    """
    head = b""
    read = getattr(stream, "read1", stream.read)
    while len(head) < _BLOCK and b"\n" not in head.lstrip() and (more := read(_BLOCK)):
        head += more
    return head, io.BufferedReader(_Joined(head, stream), _BLOCK)


class _Joined(io.RawIOBase):
    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = memoryview(head)
        self._read = getattr(rest, "read1", rest.read)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        into = memoryview(buffer)
        data = self._head[: len(into)] if self._head else self._read(len(into))
        self._head = self._head[len(data) :]
        into[: len(data)] = data
        return len(data)


class BrokenMemberError(OSError):
    """A member of a gzip file is damaged or cut off; reading goes on with the next one."""


class Members(io.RawIOBase):
    """What a gzip file holds, inflated as it is read; a member that is damaged is an error, the others can be read."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = packed
        self._pending = b""
        self._skipped = False
        self._inflater = self._next_member()

    def readable(self) -> bool:  # noqa: D102  as io.RawIOBase has it
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:  # noqa: D102  as io.RawIOBase has it
        into = memoryview(buffer)
        while True:
            if self._skipped:
                self._skipped = False
                raise BrokenMemberError("a part of it is not gzip")
            if self._inflater is None:
                return 0
            data = self._inflate(self._inflater, len(into))
            if data:
                into[: len(data)] = data
                return len(data)

    def _inflate(self, inflater: zlib._Decompress, size: int) -> bytes:
        try:
            data = inflater.decompress(self._pending, size)
        except zlib.error as error:
            self._pending = self._pending[1:]  # not to find the beginning of the same member again
            self._inflater = self._next_member()
            self._skipped = False
            raise BrokenMemberError(f"a part of it is damaged: {error}") from error
        if inflater.eof:
            self._pending = inflater.unused_data
            self._inflater = self._next_member()
            return data
        self._pending = inflater.unconsumed_tail
        if not data and not self._pending and not self._fill():
            self._inflater = None
            raise BrokenMemberError("it ends too early")
        return data

    def _fill(self) -> bool:
        more = self._packed.read(_BLOCK)
        self._pending += more
        return bool(more)

    def _next_member(self) -> zlib._Decompress | None:
        """Go to where the next member begins; None where none does. Zeros before it, as tapes have, are nothing."""
        while (start := self._pending.find(_MEMBER)) < 0:
            keep = len(_MEMBER) - 1
            self._skipped |= any(self._pending[:-keep])
            self._pending = self._pending[-keep:]
            if not self._fill():
                self._skipped |= any(self._pending)
                return None
        self._skipped |= any(self._pending[:start])
        self._pending = self._pending[start:]
        return zlib.decompressobj(16 + zlib.MAX_WBITS)
