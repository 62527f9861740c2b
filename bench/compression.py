"""Compressors side by side: bits a byte and speed both ways, each result decoded and compared.

    python -m bench compression
    python -m bench.compression [FILE …] [--models spark-base] [--ngram books.npz] [--kilobytes 64]
    python -m bench.compression --account [--run runs/nina/world …] [--model nina-base]

Speed is that of one thread, by CPU time, so that a busy machine does not spoil it. A network codes the text
in its own lanes, and once more in as many as `--lanes` says; beside its bits a byte stands its measured
cross-entropy (`llmworks score`). `--account`: training text against weights, of open models and of ours.
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import json
import lzma
import os
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
DATA = Path(os.environ.get("LLMWORKS_DATA") or ROOT.parent / "shared" / "data")

Code = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Row:
    """bits_per_byte: of the file. entropy: the model's cross-entropy, bits a byte. Speeds: bytes/s."""

    text: str
    compressor: str
    bits_per_byte: float
    entropy: float | None
    coding: float
    decoding: float


def classic() -> dict[str, tuple[Code, Code]]:
    """The general compressors that Python has, at their best."""
    import zstandard

    extreme = 9 | lzma.PRESET_EXTREME
    found: dict[str, tuple[Code, Code]] = {
        "gzip -9": (lambda data: gzip.compress(data, 9), gzip.decompress),
        "bzip2 -9": (lambda data: bz2.compress(data, 9), bz2.decompress),
        "xz -9e": (lambda data: lzma.compress(data, preset=extreme), lzma.decompress),
        "zstd -22": (zstandard.ZstdCompressor(level=22).compress, zstandard.decompress),
    }
    try:
        import brotli

        found["brotli -11"] = (lambda data: brotli.compress(data, quality=11), brotli.decompress)
    except ImportError:
        pass
    return found


def measure(name: str, text: str, data: bytes, code: Code, decode: Code, entropy: float | None = None) -> Row:
    began = time.process_time()
    made = code(data)
    between = time.process_time()
    if decode(made) != data:
        raise SystemExit(f"{name} did not give {text} back")
    seconds = between - began, time.process_time() - between
    coding, decoding = (len(data) / max(taken, 1e-6) for taken in seconds)
    return Row(text, name, 8 * len(made) / len(data), entropy, coding, decoding)


def rows_of(text: str, data: bytes, options: argparse.Namespace) -> list[Row]:
    from llmworks.inference.compression import ByteCodec, NetworkCodec, NGramCodec, compress, decompress
    from llmworks.models.encoder import Encoder
    from llmworks.text import NGramModel

    rows = [measure(name, text, data, *both) for name, both in classic().items()]
    for order in (2, 4, 6):
        codec = ByteCodec(order)
        rows.append(measure(f"order{order}", text, data, lambda d, c=codec: compress(d, c).data, decompress))
    for path in options.ngram:
        model = NGramModel.load(path)
        ngrams = NGramCodec(model, str(path))
        entropy = model.bits(model.encode(data.decode("utf-8", "replace"))) / len(data)
        rows.append(
            measure(
                f"{model.order}-gram {path.stem}", text, data, lambda d, c=ngrams: compress(d, c).data,
                lambda d, c=ngrams: decompress(d, c), entropy,
            )
        )  # fmt: skip
    for name in options.models:
        import llmworks

        with closing(llmworks.load(name)) as lm:
            entropy = lm.score(data.decode("utf-8", "replace")).bits_per_byte
            for lanes in (None, options.lanes):
                assert not isinstance(lm.model, Encoder), f"{name} does not predict what comes next"
                network = NetworkCodec(lm.model, lm.tokenizer, lm.begin_id, name, lanes=lanes)
                said = name if lanes is None else f"{name}, {lanes} lanes"
                rows.append(
                    measure(
                        said, text, data, lambda d, c=network: compress(d, c).data,
                        lambda d, c=network: decompress(d, c), entropy,
                    )
                )  # fmt: skip
    return rows


def texts(options: argparse.Namespace) -> dict[str, bytes]:
    """The files given, or a text of the development data, or Python's licence."""
    most = int(options.kilobytes * 1000)
    if options.files:
        return {path.name: path.read_bytes()[:most] for path in options.files}
    held_out = DATA / "text" / "wikitext2_valid.txt.xz"
    if held_out.exists():
        return {"articles (WikiText-2, validation)": lzma.decompress(held_out.read_bytes())[:most]}
    return {"licence": (ROOT / "LICENSE").read_bytes()[:most]}


def accounts(options: argparse.Namespace) -> list[dict[str, Any]]:
    from llmworks.evals.account import OPEN_MODELS, run_account

    made = list(OPEN_MODELS)
    if options.run:
        import llmworks

        with closing(llmworks.load(options.model)) as lm:
            shipped = sum(path.stat().st_size for path in lm.package.path.glob("*.safetensors"))
            made.insert(0, run_account(options.model, options.run, lm.model.n_parameters(), shipped))
    return [
        {
            "model": account.name, "parameters": account.parameters, "weights, bytes": account.weight_bytes,
            "text read, bytes": account.seen_bytes, "read / weights": account.ratio,
            "bits of weights a byte of text": account.bits_per_text_byte,
            "most of it by heart": account.share_held,
            "text / (weights + coded text)": account.two_part_ratio,
            "source": account.source + (" (4 bytes a token assumed)" if account.assumed else ""),
        }
        for account in made
    ]  # fmt: skip


def show_accounts(rows: list[dict[str, Any]]) -> None:
    print("| " + " | ".join(rows[0]) + " |\n|" + "---|" * len(rows[0]))
    for row in rows:
        cells = []
        for name, value in row.items():
            if value is None:
                cells.append("")
            elif isinstance(value, str):
                cells.append(value)
            elif "bytes" in name or name == "parameters":
                cells.append(f"{value:.3g}")
            elif name == "most of it by heart":
                cells.append(f"{100 * value:.1f} %")
            else:
                cells.append(f"{value:,.0f}" if value >= 100 else f"{value:.3g}")
        print("| " + " | ".join(cells) + " |")


def show(rows: list[Row]) -> None:
    print(
        "| text | compressor | bits a byte | cross-entropy | coding | decoding |\n|---|---|---|---|---|---|"
    )
    for row in rows:
        entropy = "" if row.entropy is None else f"{row.entropy:.3f}"
        speeds = (f"{speed / 1e6:.3g} MB/s" for speed in (row.coding, row.decoding))
        print(
            f"| {row.text} | {row.compressor} | {row.bits_per_byte:.3f} | {entropy} | {' | '.join(speeds)} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--models", nargs="*", default=["spark-base"])
    parser.add_argument("--ngram", nargs="*", type=Path, default=[], help="files that `ngram train` made")
    parser.add_argument("--kilobytes", type=float, default=64)
    parser.add_argument("--lanes", type=int, default=64)
    parser.add_argument("--account", action="store_true")
    parser.add_argument("--run", nargs="*", type=Path, default=[], help="training runs of --model, in order")
    parser.add_argument("--model", default="spark-base")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.account:
        accounted = accounts(options)
        print(json.dumps(accounted, indent=1)) if options.json else show_accounts(accounted)
        return
    import torch

    torch.set_num_threads(1)
    rows = [row for name, data in texts(options).items() for row in rows_of(name, data, options)]
    print(json.dumps([asdict(row) for row in rows], indent=1)) if options.json else show(rows)


if __name__ == "__main__":
    main()
