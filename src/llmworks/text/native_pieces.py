"""The C side of Unigram, SentencePiece BPE and SentencePiece's normaliser (`native/piece_trie.c` and beside).

Each class has a Python path elsewhere that gives the same ids; `build` returns None where C cannot serve.
"""

from __future__ import annotations

import ctypes
import functools
import weakref
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from llmworks.errors import TokenizerError
from llmworks.native.build import load_library
from llmworks.text.tokenizer import Ids

SOURCES = ("piece_trie.c", "unigram.c", "sentencepiece_bpe.c", "charsmap.c")
NO_MEMORY = ctypes.c_size_t(-1).value
# Positions in a text are 32 bits in C.
MOST_BYTES = (1 << 31) - 1

Ends = npt.NDArray[np.uint32]


class PieceTrie:
    """Entries of a vocabulary with their values, in C."""

    def __init__(self, library: ctypes.CDLL, pieces: Mapping[bytes, int]) -> None:
        keys = sorted(pieces)
        ends = np.cumsum([len(key) for key in keys], dtype=np.uint64)
        if len(ends) and ends[-1] >= 1 << 32:
            raise TokenizerError("the vocabulary's tokens have more than 4 GB of text")
        short = ends.astype(np.uint32)
        values = np.array([pieces[key] for key in keys], np.int32)
        self.library = library
        self.handle: int | None = library.lw_trie_new(
            b"".join(keys), short.ctypes.data, values.ctypes.data, len(keys)
        )
        if not self.handle:
            raise MemoryError("no memory for the tables of the tokenizer")
        self._finalizer = weakref.finalize(self, library.lw_trie_free, self.handle)

    @classmethod
    def build(cls, pieces: Mapping[bytes, int]) -> PieceTrie | None:
        library = _library()
        return None if library is None else cls(library, pieces)


class NativeUnigram:
    """Viterbi over a trie; see `native/unigram.c`."""

    def __init__(
        self,
        trie: PieceTrie,
        scores: Sequence[float],
        bonus: Sequence[bool],
        unk_score: float,
        unk_id: int | None,
        byte_ids: Sequence[int] | None,
        single: bool,
        merge_unknown: bool = True,
    ) -> None:
        self._trie = trie
        self._scores = np.array(scores, np.float64)
        self._bonus = np.array(bonus, np.uint8) if any(bonus) else None
        self._unk_score = unk_score
        self._unk_id = -1 if unk_id is None else unk_id
        self._byte_ids = None if byte_ids is None else np.array(byte_ids, np.int32)
        self._single, self._merge_unknown = int(single), int(merge_unknown)

    def encode(self, text: bytes, *, with_ends: bool = False) -> tuple[Ids, Ends | None]:
        """Ids of `text`, and (asked for) the byte behind each."""
        ids, ends = _room(text, with_ends)
        count = self._trie.library.lw_unigram_encode(
            self._trie.handle,
            self._scores.ctypes.data,
            None if self._bonus is None else self._bonus.ctypes.data,
            self._unk_score,
            self._unk_id,
            None if self._byte_ids is None else self._byte_ids.ctypes.data,
            self._single,
            self._merge_unknown,
            text,
            len(text),
            ids.ctypes.data,
            None if ends is None else ends.ctypes.data,
        )
        return _cut(count, ids, ends, len(text))


class NativePieceBPE:
    """Merges by the score of what they make; see `native/sentencepiece_bpe.c`."""

    def __init__(
        self,
        pieces: PieceTrie,
        frozen: PieceTrie | None,
        scores: Sequence[float],
        kinds: Sequence[int],
        unk_id: int | None,
        byte_ids: Sequence[int] | None,
        *,
        words: bool,
        resegment: bool,
        merge_unknown: bool,
    ) -> None:
        self._pieces, self._frozen = pieces, frozen
        self._scores = np.array(scores, np.float32)
        self._kinds = np.array(kinds, np.uint8)
        self._unk_id = -1 if unk_id is None else unk_id
        self._byte_ids = None if byte_ids is None else np.array(byte_ids, np.int32)
        self._flags = (int(merge_unknown), int(words), int(resegment))

    def encode(self, text: bytes, *, with_ends: bool = False) -> tuple[Ids, Ends | None]:
        ids, ends = _room(text, with_ends)
        count = self._pieces.library.lw_piece_bpe_encode(
            self._pieces.handle,
            None if self._frozen is None else self._frozen.handle,
            self._scores.ctypes.data,
            self._kinds.ctypes.data,
            len(self._scores),
            self._unk_id,
            None if self._byte_ids is None else self._byte_ids.ctypes.data,
            *self._flags,
            text,
            len(text),
            ids.ctypes.data,
            None if ends is None else ends.ctypes.data,
        )
        return _cut(count, ids, ends, len(text))


class NativeNormalizer:
    """The longest rule at each place, and blanks; see `native/charsmap.c`."""

    def __init__(
        self,
        library: ctypes.CDLL,
        units: npt.NDArray[np.uint32] | None,
        replacements: bytes,
        kept: PieceTrie | None,
        flags: int,
    ) -> None:
        self._library, self._units, self._replacements = library, units, replacements
        self._kept, self._flags = kept, flags

    @classmethod
    def build(
        cls, units: npt.NDArray[np.uint32] | None, replacements: bytes, kept: PieceTrie | None, flags: int
    ) -> NativeNormalizer | None:
        library = _library()
        return None if library is None else cls(library, units, replacements, kept, flags)

    def normalize(self, text: bytes) -> bytes:
        room = len(text) + len(text) // 2 + 16
        while True:
            out = ctypes.create_string_buffer(room)
            length = self._library.lw_normalize(
                None if self._units is None else self._units.ctypes.data,
                self._replacements,
                len(self._replacements),
                None if self._kept is None else self._kept.handle,
                self._flags,
                text,
                len(text),
                out,
                room,
            )
            if length <= room:
                return out.raw[:length]
            if length > MOST_BYTES:
                raise TokenizerError(f"the normalised text has {length:,} bytes; at most {MOST_BYTES:,}")
            room = length


def _room(text: bytes, with_ends: bool) -> tuple[Ids, Ends | None]:
    if len(text) > MOST_BYTES:
        raise TokenizerError(f"a text of {len(text):,} bytes; at most {MOST_BYTES:,}: give it in parts")
    return np.empty(len(text), np.int32), np.empty(len(text), np.uint32) if with_ends else None


def _cut(count: int, ids: Ids, ends: Ends | None, length: int) -> tuple[Ids, Ends | None]:
    if count == NO_MEMORY:
        raise MemoryError(f"no memory to encode {length:,} bytes")
    return ids[:count].copy(), None if ends is None else ends[:count].copy()


@functools.cache
def _library() -> ctypes.CDLL | None:
    library = load_library("pieces", *SOURCES)
    if library is None:
        return None
    address, size, number = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int
    text, real, id = ctypes.c_char_p, ctypes.c_double, ctypes.c_int32
    declare = {
        "lw_trie_new": (address, [text, address, address, size]),
        "lw_trie_free": (None, [address]),
        "lw_unigram_encode": (
            size,
            [address, address, address, real, id, address, number, number, text, size, address, address],
        ),
        "lw_piece_bpe_encode": (
            size,
            [*[address] * 4, size, id, address, number, number, number, text, size, address, address],
        ),
        "lw_normalize": (size, [address, text, size, address, number, text, size, text, size]),
    }
    for name, (result, arguments) in declare.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library
