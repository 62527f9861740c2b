"""Sources mixed by weight: whose turn it is goes by bytes, and nobody's text is said too often.

    next document comes from  argmax_s  w_s / Σw · (bytes so far) − bytes_s        epochs_s ≤ max_epochs_s

The shares so are those of bytes, whatever the lengths of documents. A source that has been through its epochs
is out, and the others share its room: the note says so, since the mixture then is not what was asked for.
Repeated text is worth less each time: about four epochs are nearly as good as fresh text (Muennighoff et al.
2023), hence the default limit.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import zstandard
from pydantic import BaseModel

from llmworks.data.cleaning.workfiles import LEVEL, output_row, write_whole
from llmworks.data.mixture import permutation
from llmworks.data.sources import Document, read_documents
from llmworks.errors import DataError

SHARD_BYTES = 1 << 26  # of text in one file
MAX_EPOCHS = 4.0
WINDOW = 1 << 25  # bytes of text that are shuffled together: a source need not fit into memory


class MixPart(BaseModel):
    """One source, and what came of it."""

    spec: str
    weight: float
    max_epochs: float = MAX_EPOCHS
    documents: int = 0
    bytes: int = 0
    epochs: float = 0.0


class Mixture(BaseModel):
    """What was written: mixture.json."""

    parts: list[MixPart]
    bytes: int
    documents: int
    notes: list[str] = []


def parse_part(text: str) -> MixPart:
    """`SOURCE=WEIGHT` or `SOURCE=WEIGHT:EPOCHS`."""
    spec, equals, right = text.rpartition("=")
    weight, colon, epochs = right.partition(":")
    try:
        if not equals or not spec:
            raise ValueError
        part = MixPart(spec=spec, weight=float(weight), max_epochs=float(epochs) if colon else MAX_EPOCHS)
    except ValueError:
        raise DataError(
            f"a part of a mixture is written SOURCE=WEIGHT or SOURCE=WEIGHT:EPOCHS (books/=2:3), not {text!r}"
        ) from None
    if not 0 < part.weight < float("inf") or not 0 < part.max_epochs < float("inf"):
        raise DataError(f"{text}: weight and epochs must be positive numbers")
    return part


class _Stream:
    """The documents of one source, over and over, shuffled within windows anew in each epoch."""

    def __init__(self, part: MixPart, text_field: str, seed: int) -> None:
        self.part, self._text_field, self._seed = part, text_field, seed
        self.size = 0  # bytes of an epoch, known after the first
        self._epoch = 0
        self._windows = self._read()
        self._ready: list[Document] = []

    def _read(self) -> Iterator[list[Document]]:
        window: list[Document] = []
        held = 0
        for document in read_documents(self.part.spec, self._text_field):
            if document.text and not document.text.isspace():
                window.append(document)
                held += octets(document)
            if held >= WINDOW:
                yield window
                window, held = [], 0
        yield window

    def next(self) -> Document | None:
        """The next document, or None when the epochs are used up."""
        while not self._ready:
            window = next(self._windows, None)
            if window is None:
                self.size = self.size or self.part.bytes
                self._epoch += 1
                if self._epoch >= self.part.max_epochs or not self.size:
                    return None
                self._windows = self._read()
                continue
            order = permutation(len(window), self._seed, self._epoch)
            self._ready = [window[number] for number in order[::-1].tolist()]
        if self.size and self.part.bytes >= self.part.max_epochs * self.size:
            return None
        return self._ready.pop()


def mix_documents(
    parts: Sequence[MixPart],
    out: str | Path,
    total_bytes: int,
    *,
    seed: int = 0,
    text_field: str = "text",
    overwrite: bool = False,
) -> Mixture:
    """Write about `total_bytes` of text, mixed from the parts, to `out`/documents and `out`/mixture.json.

    Raises:
        DataError: no part, a source that cannot be read, a folder that holds something else.
    """
    if not parts or total_bytes <= 0:
        raise DataError("a mixture needs at least one source and a size above 0")
    folder = Path(out)
    if folder.exists() and any(folder.iterdir()):
        if not overwrite:
            raise DataError(f"{folder} is not empty; choose another folder, or have it overwritten")
        shutil.rmtree(folder / "documents", ignore_errors=True)
        (folder / "mixture.json").unlink(missing_ok=True)
    (folder / "documents").mkdir(parents=True, exist_ok=True)
    streams = [_Stream(part.model_copy(), text_field, seed + number) for number, part in enumerate(parts)]
    writer = _Writer(folder / "documents")
    made = Mixture(parts=[stream.part for stream in streams], bytes=0, documents=0)
    open_streams = list(streams)
    while open_streams and made.bytes < total_bytes:
        stream = _most_behind(open_streams)
        document = stream.next()
        if document is None:
            open_streams.remove(stream)
            if made.bytes < total_bytes:
                made.notes.append(
                    f"{stream.part.spec} was used up after {stream.part.max_epochs:g} epochs "
                    f"({stream.part.bytes / 1e6:.1f} MB)"
                )
            continue
        size = octets(document)
        stream.part.documents += 1
        stream.part.bytes += size
        made.documents += 1
        made.bytes += size
        writer.add(document, size)
    writer.close()
    _count_epochs(streams, text_field)
    if made.bytes < total_bytes:
        made.notes.append(
            f"{made.bytes / 1e6:.1f} MB of the {total_bytes / 1e6:.1f} MB asked for could be filled"
        )
    write_whole(folder / "mixture.json", (made.model_dump_json(indent=1) + "\n").encode())
    return made


def _most_behind(streams: list[_Stream]) -> _Stream:
    """Whose share is furthest from filled, among those that are left."""
    weights = np.array([stream.part.weight for stream in streams])
    taken = np.array([stream.part.bytes for stream in streams], np.float64)
    behind = weights / weights.sum() * (taken.sum() + 1) - taken
    return streams[int(behind.argmax())]


def _count_epochs(streams: list[_Stream], text_field: str) -> None:
    """How often each source was said; one that was not read through is measured."""
    for stream in streams:
        if not stream.size:
            stream.size = sum(octets(one) for one in read_documents(stream.part.spec, text_field))
        stream.part.epochs = stream.part.bytes / stream.size if stream.size else 0.0


def octets(document: Document) -> int:
    """Bytes of a document's text."""
    text = document.text
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


class _Writer:
    """Compressed shards of JSON Lines."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._number = folder, 0
        self._lines: list[str] = []
        self._held = 0

    def add(self, document: Document, size: int) -> None:
        self._lines.append(json.dumps(output_row(document, 0), ensure_ascii=False))
        self._held += size
        if self._held >= SHARD_BYTES:
            self.close()

    def close(self) -> None:
        if self._lines:
            data = ("\n".join(self._lines) + "\n").encode("utf-8", "replace")
            write_whole(
                self._folder / f"{self._number:05}.jsonl.zst", zstandard.ZstdCompressor(LEVEL).compress(data)
            )
            self._lines, self._held, self._number = [], 0, self._number + 1
