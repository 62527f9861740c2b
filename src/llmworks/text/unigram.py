"""Unigram: a text is cut where the tokens' probabilities multiply to the most.

    best[j] = max over tokens text[i:j] of best[i] + log p(token)          (Viterbi)
    P(way)  ∝ exp(α · Σ log p(token))                                      (sampling, α = 1 the model's own)

Every way through the lattice of fitting tokens has a probability, so a text can also be cut at random for
training (subword regularization) or n-best. A character without a token of its own is unknown, 10 below the
worst token, or falls apart into its bytes.

`python_unigram.py` is the path without C; `native/unigram.c` gives the same ids.
Source: Kudo, "Subword Regularization" (2018); google/sentencepiece, unigram_model.cc; huggingface/tokenizers,
models/unigram (sums in double there, in single precision in SentencePiece: `single`).
"""

from __future__ import annotations

import functools
import math
import random
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar

from llmworks.errors import TokenizerError
from llmworks.text.explain import Lattice as LatticeExplanation
from llmworks.text.explain import LatticeEdge, PieceSteps, Segmentation
from llmworks.text.limits import expect
from llmworks.text.native_pieces import Ends, NativeUnigram, PieceTrie
from llmworks.text.python_unigram import PythonUnigram
from llmworks.text.subword import Part, SubwordModel
from llmworks.text.tokenizer import Ids
from llmworks.text.unigram_lattice import UnigramLattice

UNK_PENALTY = 10.0
EXPLAINED_SAMPLES = 4
MAX_LATTICE_BYTES = 1 << 20


class Unigram(SubwordModel):
    """A Unigram model.

    pieces: (token, log probability) in the order of ids.
    unk_id: the unknown token, or None.
    byte_fallback: unknown characters become their bytes' tokens, `<0xE2>`.
    user_defined: ids that always win, the longest first. never: ids that no text becomes (control tokens,
        unused ones).
    floor: ids whose scores set the price of the unknown; by default all.
    single: sums in single precision, as the SentencePiece library; else double, as `tokenizers`.
    native: False keeps to the Python path.
    """

    kind: ClassVar[str] = "Unigram"

    def __init__(
        self,
        pieces: Sequence[tuple[str, float]],
        *,
        unk_id: int | None = None,
        byte_fallback: bool = False,
        user_defined: Collection[int] = (),
        never: Collection[int] = (),
        floor: Collection[int] | None = None,
        single: bool = False,
        native: bool = True,
    ) -> None:
        _check(pieces, unk_id)
        self.pieces = [(text, float(score)) for text, score in pieces]
        self.unk_id = unk_id
        self.single = single
        self._native_wanted = native
        self.user_defined = frozenset(user_defined)
        self.never = frozenset(never)
        self._byte_ids = self._find_byte_ids() if byte_fallback else None
        self.byte_fallback = self._byte_ids is not None
        self._asked_for_bytes = byte_fallback
        scores = [self.pieces[id][1] for id in (range(len(pieces)) if floor is None else floor)]
        self._unk_score = min(scores, default=3.4028234663852886e38) - UNK_PENALTY
        if single:
            self._unk_score = _single(self._unk_score)

    @functools.cached_property
    def vocabulary(self) -> Mapping[str, int]:  # type: ignore[override]
        return MappingProxyType({text: id for id, (text, _) in reversed(list(enumerate(self.pieces)))})

    def __reduce__(self) -> tuple[Any, ...]:
        rules = {
            "unk_id": self.unk_id,
            "byte_fallback": self._asked_for_bytes,
            "user_defined": self.user_defined,
            "never": self.never,
            "single": self.single,
            "native": self._native_wanted,
        }
        return _rebuilt, (self.pieces, rules, self._unk_score)

    @property
    def is_native(self) -> bool:
        return self._native is not None

    def forbid(self, texts: frozenset[str]) -> None:
        ids = {id for id, (text, _) in enumerate(self.pieces) if text in texts}
        if not ids <= self.never:
            self.never = self.never | ids
            for name in ("_native", "_python", "_entries", "_ids_of_pieces"):
                self.__dict__.pop(name, None)

    def encode(self, text: bytes) -> Ids:
        """Ids of normalised UTF-8 text."""
        return (self._native or self._python).encode(text)[0]

    def encode_with_ends(self, text: bytes) -> tuple[Ids, Ends | None]:
        """The same, and the byte behind each."""
        return (self._native or self._python).encode(text, with_ends=True)

    def parts(self, piece: str) -> list[Part]:
        if not piece:
            return []
        data = piece.encode("utf-8", "surrogateescape")
        ids, ends = (self._native or self._python).encode(data, with_ends=True)
        assert ends is not None
        places = character_places(piece, len(data))
        parts = []
        start = 0
        for id, end in zip(ids.tolist(), ends.tolist(), strict=True):
            # A byte's token stands for the whole character that it is of.
            low, high = places[start], places[end - 1] + 1
            parts.append(Part(id, low, high))
            start = end
        return parts

    def _piece_ids(self, piece: str) -> list[int]:
        ids: list[int] = self.encode(piece.encode("utf-8", "surrogateescape")).tolist()
        return ids

    def lattice(self, piece: str) -> UnigramLattice:
        """Every token that fits somewhere in `piece`, for n-best and sampled ways."""
        data = piece.encode("utf-8", "surrogateescape")
        if len(data) > MAX_LATTICE_BYTES:
            raise TokenizerError(
                f"a lattice of {len(data):,} bytes; at most {MAX_LATTICE_BYTES:,}: cut the text first"
            )
        return UnigramLattice(data, self._python.edges_at, self.single)

    def n_best(self, piece: str, n: int) -> list[Segmentation]:
        """The `n` best ways to cut `piece`, best first, with their probabilities."""
        lattice = self.lattice(piece)
        return [self._segmentation(lattice, *way) for way in lattice.n_best(n)]

    def sample(self, piece: str, *, alpha: float = 1.0, seed: int | random.Random | None = None) -> list[int]:
        """A way drawn with probability ∝ exp(α · score): α 0 draws any way alike, a large α the best."""
        lattice = self.lattice(piece)
        return self._path_ids(lattice.data, lattice.sample(alpha, _draw(seed)))

    def explain(self, piece: str, start: int) -> PieceSteps:
        lattice = self.lattice(piece)
        places = character_places(piece, len(lattice.data))
        spans = [(edge, places[edge.start], places[edge.end - 1] + 1) for edge in lattice.edges]
        edges = [
            LatticeEdge(low, high, self._edge_id(edge.id), edge.score, lattice.best_through(edge))
            for edge, low, high in spans
        ]
        draw = random.Random(0)
        seen: dict[tuple[int, ...], Segmentation] = {}
        best = self._segmentation(lattice, *lattice.best())
        for _ in range(4 * EXPLAINED_SAMPLES):
            path = lattice.sample(1.0, draw)
            other = self._segmentation(lattice, path, sum(edge.score for edge in path))
            if other.ids != best.ids and len(seen) < EXPLAINED_SAMPLES:
                seen.setdefault(tuple(other.ids), other)
        ids = self.ids(piece)
        return PieceSteps(
            start, piece, [], [], ids, lattice=LatticeExplanation(edges, best, list(seen.values()))
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "type": self.kind,
            "unk_id": self.unk_id,
            "vocab": [[text, score] for text, score in self.pieces],
            "byte_fallback": self._asked_for_bytes,
        }

    @functools.cached_property
    def _entries(self) -> dict[bytes, int]:
        """The tokens that a text may become."""
        return {
            text.encode("utf-8", "surrogateescape"): id
            for id, (text, _) in enumerate(self.pieces)
            if id not in self.never and text
        }

    @functools.cached_property
    def _python(self) -> PythonUnigram:
        return PythonUnigram(
            self._entries,
            self._scores,
            self.user_defined,
            self._unk_score,
            self.unk_id,
            self._byte_ids,
            self.single,
        )

    @functools.cached_property
    def _native(self) -> NativeUnigram | None:
        trie = PieceTrie.build(self._entries) if self._native_wanted else None
        if trie is None:
            return None
        bonus = [id in self.user_defined for id in range(len(self.pieces))] if self.user_defined else []
        return NativeUnigram(
            trie, self._scores, bonus, self._unk_score, self.unk_id, self._byte_ids, self.single
        )

    @functools.cached_property
    def _scores(self) -> list[float]:
        return [_single(score) if self.single else score for _, score in self.pieces]

    def _find_byte_ids(self) -> list[int] | None:
        """The ids of `<0x00>` to `<0xFF>`; None where one is missing, and then no character falls apart."""
        found = [self.vocabulary.get(f"<0x{value:02X}>") for value in range(256)]
        return None if None in found else [id for id in found if id is not None]

    def _edge_id(self, id: int) -> int:
        return id if id >= 0 else -1 if self.unk_id is None else self.unk_id

    def _path_ids(self, data: bytes, path: Sequence[Any]) -> list[int]:
        return self._python.put([(edge.id, edge.start, edge.end) for edge in path], data)[0]

    def _segmentation(self, lattice: UnigramLattice, path: Sequence[Any], score: float) -> Segmentation:
        share = math.exp(min(0.0, score - lattice.log_total))
        return Segmentation(self._path_ids(lattice.data, path), score, share)


def read_unigram(model: Mapping[str, Any]) -> Unigram:
    """The `model` of a tokenizer.json: {"unk_id": 0, "vocab": [["<unk>", 0.0], …]}."""
    rows = expect(model.get("vocab"), list, "model.vocab")
    pieces = []
    for id, row in enumerate(rows):
        if not (isinstance(row, list) and len(row) == 2 and isinstance(row[0], str)):
            raise TokenizerError(f"model.vocab[{id}] is {str(row)[:60]}; expected [token, score]")
        if type(row[1]) not in (int, float):
            raise TokenizerError(f"model.vocab[{id}]: the score {str(row[1])[:60]} is no number")
        pieces.append((row[0], float(row[1])))
    if not pieces:
        raise TokenizerError("model.vocab is empty")
    unk_id = model.get("unk_id")
    if unk_id is not None:
        expect(unk_id, int, "model.unk_id")
    fallback = expect(model.get("byte_fallback") or False, bool, "model.byte_fallback")
    return Unigram(pieces, unk_id=unk_id, byte_fallback=fallback)


def _rebuilt(pieces: list[tuple[str, float]], rules: dict[str, Any], unk_score: float) -> Unigram:
    model = Unigram(pieces, **rules)
    model._unk_score = unk_score
    return model


def _check(pieces: Sequence[tuple[str, float]], unk_id: int | None) -> None:
    if unk_id is not None and not 0 <= unk_id < len(pieces):
        raise TokenizerError(f"unk_id is {unk_id}; expected one of the {len(pieces):,} tokens")
    for id, (text, score) in enumerate(pieces):
        if not math.isfinite(score):
            raise TokenizerError(f"token {id} ({text[:40]!r}) has the score {score}; expected a number")


def _single(value: float) -> float:
    import numpy as np

    return float(np.float32(value))


def _draw(seed: int | random.Random | None) -> random.Random:
    return seed if isinstance(seed, random.Random) else random.Random(seed)


def character_places(text: str, n_bytes: int) -> Sequence[int]:
    """The character that each byte of the UTF-8 of `text` is of."""
    if len(text) == n_bytes:
        return range(n_bytes)
    places: list[int] = []
    for place, character in enumerate(text):
        places += [place] * len(character.encode("utf-8", "surrogateescape"))
    return places
