"""Bytes of a file to text, in bounded memory: decompression, encodings, and what is no text at all.

    file ── magic bytes ──► gzip · xz · zstd · plain ──► byte-order mark ──► UTF-8 · UTF-16 · UTF-32

Both are told by content, not by name. Without a byte-order mark text must be UTF-8. Single bytes that are not
(an old file with a few accents in Latin-1) become U+FFFD and are counted; a file with a NUL byte in its first
64 KiB, or where more than 5 % of those bytes do not decode, is no text and is refused with that reason.
"""

from __future__ import annotations

import codecs
import io
import lzma
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol, cast

import zstandard

from llmworks.errors import DataError

SAMPLE = 64 * 1024  # bytes looked at to tell text from other files
CHUNK = 1 << 20
MAX_UNDECODABLE = 0.05

# UTF-32 first: its little-endian mark begins with that of UTF-16.
BYTE_ORDER_MARKS = [
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]


class NotTextError(DataError):
    """A file that holds no text; `reason` is the short word that skipped files are counted under."""

    def __init__(self, name: str, reason: str, detail: str) -> None:
        super().__init__(f"{name} is {detail}")
        self.reason = reason


class Progress(Protocol):
    """Told how many bytes of the file on disk were read."""

    def __call__(self, read: int, /) -> None: ...


class _CountedFile(io.FileIO):
    """A plain file that says how much of it was read."""

    def __init__(self, path: str, on_read: Progress) -> None:
        super().__init__(path, "rb")
        self._on_read = on_read

    def readinto(self, buffer: Any, /) -> int | None:
        count = super().readinto(buffer)
        self._on_read(count or 0)
        return count


class _Decoder(Protocol):
    """One compressed stream; the shape of `lzma.LZMADecompressor`."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class _GzipDecoder:
    def __init__(self) -> None:
        self._stream = zlib.decompressobj(wbits=31)
        self.needs_input = True

    @property
    def eof(self) -> bool:
        return self._stream.eof

    @property
    def unused_data(self) -> bytes:
        return self._stream.unused_data

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        output = self._stream.decompress(self._stream.unconsumed_tail + data, max_length)
        self.needs_input = len(output) < max_length and not self._stream.unconsumed_tail
        return output


class _ZstdDecoder:
    """zstd has no limit of output a call, so it is fed a little at a time."""

    def __init__(self) -> None:
        self._stream = zstandard.ZstdDecompressor().decompressobj()
        self._input = b""

    @property
    def eof(self) -> bool:
        return bool(self._stream.eof)

    @property
    def needs_input(self) -> bool:
        return not self._input

    @property
    def unused_data(self) -> bytes:
        return bytes(self._stream.unused_data) + self._input

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        data = self._input + data
        self._input = data[ZSTD_INPUT:]
        return bytes(self._stream.decompress(data[:ZSTD_INPUT]))


class _Unpacked(io.RawIOBase):
    """The contents of a compressed file, all its streams one after another; one that is cut short is noticed.

    The steps are large because each gives up the interpreter's lock, and another thread may keep it for long.
    """

    def __init__(self, file: io.BufferedReader, new_decoder: Callable[[], _Decoder]) -> None:
        self._file, self._new_decoder = file, new_decoder
        self._decoder: _Decoder | None = None
        self._input = b""
        self._output = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        while not self._output:
            if self._decoder is None:
                self._input = self._input.lstrip(b"\0") or self._file.read(PACKED_CHUNK).lstrip(b"\0")
                if not self._input:
                    return 0
                self._decoder = self._new_decoder()
            self._output = memoryview(
                self._decoder.decompress(self._next_input(self._decoder), UNPACKED_CHUNK)
            )
            if self._decoder.eof:
                self._input, self._decoder = self._decoder.unused_data, None
        count = min(len(buffer), len(self._output))
        buffer[:count] = self._output[:count]
        self._output = self._output[count:]
        return count

    def _next_input(self, decoder: _Decoder) -> bytes:
        if not decoder.needs_input:
            return b""
        data, self._input = self._input or self._file.read(PACKED_CHUNK), b""
        if not data:
            raise EOFError("it ends in the middle of its compressed data")
        return data


PACKED_CHUNK = 1 << 19
UNPACKED_CHUNK = 1 << 22
ZSTD_INPUT = 1 << 16

MAGIC: list[tuple[bytes, Callable[[], _Decoder]]] = [
    (b"\x1f\x8b", _GzipDecoder),
    (b"\xfd7zXZ\x00", lzma.LZMADecompressor),
    (b"\x28\xb5\x2f\xfd", _ZstdDecoder),
]
COMPRESSED_SUFFIXES = (".gz", ".xz", ".zst")


@contextmanager
def open_bytes(path: str | Path, on_read: Progress = lambda read: None) -> Iterator[io.BufferedReader]:
    """The decompressed bytes of a file. Faults of the file, then and later, are raised as DataError."""
    try:
        with io.BufferedReader(_CountedFile(str(path), on_read), CHUNK) as file:
            head = file.peek(8)[:8]
            decoder = next((decoder for magic, decoder in MAGIC if head.startswith(magic)), None)
            plain = cast(io.BufferedReader, file)
            yield plain if decoder is None else io.BufferedReader(_Unpacked(plain, decoder), CHUNK)
    except (EOFError, lzma.LZMAError, zlib.error, zstandard.ZstdError) as error:
        raise DataError(f"{path} is damaged or cut short: {error}. Fetch or compress it again") from error
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from error


def encoding_of(file: io.BufferedReader, name: str) -> str:
    """The codec of a file's text, told from its first bytes, which are not consumed.

    Raises:
        NotTextError: the file is empty or holds no text.
    """
    sample = peek(file)
    if not sample:
        raise NotTextError(name, "empty", "empty: there is no text in it")
    for mark, codec in BYTE_ORDER_MARKS:
        if sample.startswith(mark):
            return codec
    if b"\x00" in sample:
        detail = "binary (it has NUL bytes), or UTF-16 without a byte-order mark; give text in UTF-8"
        raise NotTextError(name, "binary", detail)
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(sample)
    wrong = text.count("\ufffd") - sample.count(b"\xef\xbf\xbd")
    if wrong > MAX_UNDECODABLE * len(sample):
        detail = (
            f"not UTF-8: {wrong} of its first {len(sample)} bytes do not decode. It is binary or in another "
            "encoding; convert text with `iconv -t utf-8`"
        )
        raise NotTextError(name, "not UTF-8", detail)
    return "utf-8"


def peek(file: io.BufferedReader) -> bytes:
    """Up to SAMPLE bytes without consuming them (one peek may return less than the buffer could hold)."""
    return file.peek(SAMPLE)[:SAMPLE]


def decoded_chunks(
    file: IO[bytes], codec: str, on_replaced: Callable[[int], None] = lambda count: None
) -> Iterator[str]:
    """The text of a stream in pieces of about a megabyte; bytes that do not decode become U+FFFD, counted."""
    decoder = codecs.getincrementaldecoder(codec)("replace")
    meant = 0  # replacement characters that stand in the file itself
    found = 0
    tail = b""
    while chunk := file.read(CHUNK):
        text = decoder.decode(chunk)
        if "\ufffd" in text:
            found += text.count("\ufffd")
        if codec.startswith("utf-8"):
            meant += (tail + chunk).count(b"\xef\xbf\xbd")
            tail = chunk[-2:]
        yield text
    text = decoder.decode(b"", final=True)
    if found + text.count("\ufffd") > meant:
        on_replaced(found + text.count("\ufffd") - meant)
    if text:
        yield text
