"""llama.cpp through its ctypes binding, as the peer of the slow tests; skips where it is not installed."""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any

import numpy as np
import pytest

_kept: list[Any] = []  # the callback must outlive the library's use of it


def llama_cpp() -> Any:
    module = pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed")
    if not _kept:
        callback = module.llama_log_callback(lambda level, text, data: None)
        module.llama_log_set(callback, ctypes.c_void_p(0))
        _kept.append(callback)
    return module


def ggml_quantise(number: int, x: np.ndarray) -> np.ndarray:
    """The bytes that ggml's own quantiser gives rows [n, length] of float32 as the type `number`."""
    import gguf

    base = Path(llama_cpp().__file__).parent / "lib" / "libggml-base.so"
    function = ctypes.CDLL(str(base)).ggml_quantize_chunk
    size, address = ctypes.c_int64, ctypes.c_void_p
    function.argtypes = [ctypes.c_int, address, address, size, size, size, address]
    function.restype = ctypes.c_size_t
    block, nbytes = gguf.GGML_QUANT_SIZES[gguf.GGMLQuantizationType(number)]
    x = np.ascontiguousarray(x, np.float32)
    out = np.empty(x.size // block * nbytes, np.uint8)
    assert function(number, x.ctypes.data, out.ctypes.data, 0, *x.shape, None) == out.size
    return out


class Peer:
    """A GGUF file in llama.cpp, on one thread and in float32 as far as it goes."""

    def __init__(self, path: Path, n_ctx: int = 128) -> None:
        self.model = llama_cpp().Llama(
            str(path), n_ctx=n_ctx, n_batch=1, n_threads=1, n_threads_batch=1, verbose=False,
            flash_attn=False, type_k=0, type_v=0,
        )  # fmt: skip

    def logits(self, ids: list[int]) -> np.ndarray:
        """[T, V]. A token at a time: in batches this build ends with a fault on processors with AMX."""
        self.model.reset()
        rows = []
        for id in ids:
            self.model.eval([id])
            logits = self.model._ctx.get_logits()
            rows.append(np.ctypeslib.as_array(logits, shape=(self.model.n_vocab(),)).astype(np.float32))
        return np.stack(rows)

    def close(self) -> None:
        self.model.close()
