"""The C sources of this package behind ctypes; each has a Python path beside it that gives the same."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable
from typing import Any

from llmworks.native.build import load_library

SOURCES = ("gguf_strings.c", "gguf_dequantise.c", "gguf_quantise.c")


@functools.cache
def library() -> ctypes.CDLL | None:
    """The library, or None where it cannot be built."""
    built = load_library("gguf", *SOURCES)
    if built is None:
        return None
    address, size, number = ctypes.c_void_p, ctypes.c_uint64, ctypes.c_int
    built.lw_gguf_strings.argtypes = [address, size, size, size, number, address]
    built.lw_gguf_strings.restype = size
    for name in ("lw_gguf_dequantise", "lw_gguf_quantise"):
        function: Callable[..., Any] = getattr(built, name)
        function.argtypes = [number, address, address, size]  # type: ignore[attr-defined]
        function.restype = number  # type: ignore[attr-defined]
    return built
