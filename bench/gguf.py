"""GGUF: what each type costs and keeps, beside llama.cpp's own quantiser.

    python -m bench gguf          (llama.cpp's columns where llama-cpp-python is installed)

For the bundled model: size, seconds to write, to open and to load, bits a byte of a text; for a matrix as
large as a real one: numbers a second and root mean square error beside the reference's. Every pair is
measured in the same run, one after the other, the best of three.
"""

from __future__ import annotations

import contextlib
import ctypes
import math
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from llmworks.gguf.dequantise import dequantise
from llmworks.gguf.quantise import ENCODERS, quantise
from llmworks.gguf.reader import GGUFFile
from llmworks.gguf.types import TYPES
from llmworks.gguf.writer import Planned, write_gguf
from llmworks.language_model import LanguageModel, load
from llmworks.packages import Package
from llmworks.packages.gguf.export import export_gguf

MODEL = "spark"
PRESETS = ("f32", "f16", "bf16", "q8_0", "q6_k", "q5_k_m", "q4_k_m", "q4_0", "q3_k_m", "q2_k")
ROWS, LENGTH = 1024, 4096

TEXT = """\
Once upon a time there was a small house at the edge of a wood. An old woman lived in it with her grey cat.
Every morning she opened the door, looked at the sky and said that it would rain today, or that it would not.
One day a boy came up the path. "Good morning," he said. "I have lost my way, and it is getting late. May I
sit by your fire for a while?" The old woman gave him bread and soup, and the cat came and lay down at his
feet. When he had eaten, she asked him where he was going. "To the sea," said the boy. "My father is a sailor,
and his ship comes home tomorrow." So she showed him the way through the wood, past the mill and over the
bridge, and he thanked her and ran as fast as he could.
"""


def timed(run: Callable[[], Any], rounds: int = 3) -> tuple[float, Any]:
    """Best seconds of a few rounds, and the last result."""
    best, made = math.inf, None
    for _ in range(rounds):
        start = time.perf_counter()
        made = run()
        best = min(best, time.perf_counter() - start)
    return best, made


def reference() -> Callable[[str, np.ndarray], np.ndarray] | None:
    """ggml's quantiser, or None where llama-cpp-python is not installed."""
    try:
        import llama_cpp
    except ImportError:
        return None
    function = ctypes.CDLL(
        str(Path(llama_cpp.__file__).parent / "lib" / "libggml-base.so")
    ).ggml_quantize_chunk
    number, address, count = ctypes.c_int, ctypes.c_void_p, ctypes.c_int64
    function.argtypes = [number, address, address, count, count, count, address]
    function.restype = ctypes.c_size_t

    def run(name: str, x: np.ndarray) -> np.ndarray:
        kind = TYPES[name]
        out = np.empty(x.size // kind.block * kind.nbytes, np.uint8)
        function(kind.number, x.ctypes.data, out.ctypes.data, 0, *x.shape, None)
        return out

    return run


def quantisers() -> None:
    """Speed and error on weights such as networks have: normal, with a row's own width, a few far out."""
    random = np.random.default_rng(0)
    x = random.standard_normal((ROWS, LENGTH)) * random.lognormal(-4, 0.3, (ROWS, 1))
    x *= np.where(random.random((ROWS, LENGTH)) < 1e-3, 6, 1)
    x = x.astype(np.float32)
    theirs = reference()
    print(f"\n{ROWS:,} × {LENGTH:,} numbers; M numbers/s (ggml's: one thread); error: RMS over theirs")
    print("  type   bits     write   ggml writes      read      error   ggml's   ratio")
    size = np.sqrt(np.mean(x.astype(np.float64) ** 2))
    for name in sorted(ENCODERS, key=lambda name: -TYPES[name].bits):
        kind, million = TYPES[name], x.size / 1e6
        seconds, stored = timed(lambda kind=kind: quantise(kind, x))
        back_seconds, back = timed(lambda kind=kind, stored=stored: dequantise(kind, stored))
        error = np.sqrt(np.mean((back.astype(np.float64) - x.reshape(-1)) ** 2)) / size
        line = f"  {name:5s} {kind.bits:6.3f} {million / seconds:9.0f}"
        if theirs is None:
            print(f"{line} {'-':>13s} {million / back_seconds:9.0f} {error:10.3%}")
            continue
        their_seconds, other = timed(lambda name=name: theirs(name, x))
        their_error = (
            np.sqrt(np.mean((dequantise(kind, other).astype(np.float64) - x.reshape(-1)) ** 2)) / size
        )
        print(
            f"{line} {million / their_seconds:13.0f} {million / back_seconds:9.0f} {error:10.3%} "
            f"{their_error:8.3%} {error / their_error:7.4f}"
        )


def opening() -> None:
    """A file of half a gigabyte with a vocabulary of 150,000: what opening it costs."""
    kind = TYPES["Q8_0"]
    rows = 512 * 10**6 // kind.row_bytes(4096) // 8
    block = np.zeros((rows, 4096), np.float32)

    def read() -> Any:
        import torch

        return torch.from_numpy(block)

    said = {"general.architecture": "llama", "tokenizer.ggml.tokens": [f"token{i}" for i in range(150_000)]}
    said["tokenizer.ggml.merges"] = [f"to ken{i}" for i in range(150_000)]
    with tempfile.TemporaryDirectory() as folder:
        tensors = [Planned(f"blk.{i}.ffn_up.weight", block.shape, kind, read) for i in range(8)]
        path = write_gguf(Path(folder) / "large.gguf", said, tensors)
        seconds, file = timed(lambda: GGUFFile(path))
        listed, _ = timed(lambda: list(GGUFFile(path).metadata["tokenizer.ggml.tokens"]))  # type: ignore[arg-type]
        print(
            f"\n{path.stat().st_size / 1e6:,.0f} MB, vocabulary of 150,000 and as many merges: opened in "
            f"{1e3 * seconds:.1f} ms, with all tokens read {1e3 * listed:.0f} ms"
        )
        loading, _ = timed(lambda: dequantise(kind, file.raw("blk.0.ffn_up.weight")), 1)
        print(f"one tensor of {block.size / 1e6:,.0f} M numbers decoded in {1e3 * loading:,.0f} ms")


def bundled() -> None:
    """The bundled model in each type."""
    package = Package.load(MODEL)
    with contextlib.closing(load(MODEL)) as original:
        expected = original.score(TEXT).bits_per_byte
    print(f"\n{MODEL}, {len(TEXT.encode()):,} bytes of a story; as it comes: {expected:.4f} bits a byte")
    print(
        "  type      MB   bits a weight   write s   open ms   load ms   bits a byte   more than the original"
    )
    with tempfile.TemporaryDirectory() as folder:
        for name in PRESETS:
            path = Path(folder) / f"{name}.gguf"
            writing, made = timed(lambda name=name, path=path: export_gguf(package, path, name), 1)
            opening, _ = timed(lambda path=path: GGUFFile(path))
            loading, opened = timed(lambda path=path: _load(path), 1)
            with contextlib.closing(opened) as lm:
                bits = lm.score(TEXT).bits_per_byte
            print(
                f"  {name:7s} {made.nbytes / 1e6:6.1f} {made.bits_per_weight:11.3f} {writing:11.2f} "
                f"{1e3 * opening:9.2f} {1e3 * loading:9.0f} {bits:13.4f} {bits - expected:14.4f}"
            )


def _load(path: Path) -> LanguageModel:
    return load(path)


def main() -> None:
    quantisers()
    opening()
    bundled()


if __name__ == "__main__":
    main()
