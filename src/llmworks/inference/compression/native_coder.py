"""The C sides of the range coder and of the byte mixer (`native/range_coder.c`, `native/byte_mixer.c`)."""

from __future__ import annotations

import ctypes
import functools
import weakref

from llmworks.native.build import load_library


class NativeCoder:
    """A coder in C: an encoder, or with `data` a decoder of it."""

    def __init__(self, data: bytes | None) -> None:
        found = library()
        assert found is not None, "the caller has asked whether there is a compiler"
        self.library = found
        self.handle: int | None = found.lw_coder_new(data, len(data or b""))
        if not self.handle:
            raise MemoryError("no memory for a range coder")
        self._finalizer = weakref.finalize(self, found.lw_coder_free, self.handle)

    def finish(self) -> bytes:
        length = ctypes.c_size_t()
        made = self.library.lw_coder_finish(self.handle, ctypes.byref(length))
        if not length.value:
            return b""
        if not made:
            raise MemoryError("no memory for the compressed bytes")
        return ctypes.string_at(made, length.value)


@functools.cache
def library() -> ctypes.CDLL | None:
    """The compiled library; None where there is no compiler."""
    made = load_library("range_coder", "range_coder.c", "byte_mixer.c")
    if made is None:
        return None
    address, size, whole, number = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_uint64, ctypes.c_int
    text = ctypes.c_char_p
    rows = [address, address, size, size, address, address, address, number]
    for name, result, arguments in [
        ("lw_coder_new", address, [text, size]),
        ("lw_coder_free", None, [address]),
        ("lw_coder_finish", address, [address, ctypes.POINTER(size)]),
        ("lw_coder_failed", number, [address]),
        ("lw_coder_encode", None, [address, whole, whole, whole]),
        ("lw_coder_locate", whole, [address, whole]),
        ("lw_coder_narrow", None, [address, whole, whole, whole]),
        ("lw_encode_rows", ctypes.c_double, rows),
        ("lw_decode_rows", number, rows),
        ("lw_mixer_new", address, [number, address, address]),
        ("lw_mixer_free", None, [address]),
        ("lw_mixer_encode", None, [address, address, text, size]),
        ("lw_mixer_decode", None, [address, address, address, size]),
    ]:
        function = getattr(made, name)
        function.restype, function.argtypes = result, arguments
    return made
