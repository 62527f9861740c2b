"""SentencePiece's normalisation rules, as its model files and `tokenizer.json` carry them.

    size of the trie, 4 bytes | a Darts double array, 4 bytes a unit | replacements, each ended by NUL

    unit:  label in bits 0-7 | leaf below, bit 8 | offset, bits 10-30 (times 256 with bit 9)
    leaf:  bit 31, and the place of its replacement

At each place the longest rule applies. `CharsMap.normalize` is that (SentencePiece); `normalize_graphemes` is
what the `Precompiled` normaliser of Hugging Face `tokenizers` makes of the same map, which differs: a whole
grapheme or single characters, and the shortest rule.

Source: google/sentencepiece, normalizer.cc; s-yata/darts-clone, darts.h; huggingface/spm_precompiled.
"""

from __future__ import annotations

import functools
import re
import struct
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt
import regex

from llmworks.errors import TokenizerError

# The maps in use have 0.25 MB; a rule's left side some tens of bytes.
MAX_CHARSMAP_BYTES = 8 << 20
MAX_RULE_BYTES = 1024
BLOCK = 256
OPEN_BLOCKS = 8

Units = npt.NDArray[np.uint32]


class CharsMap:
    """The rules of one map.

    rules: replacement by what it replaces, both bytes.
    """

    def __init__(self, blob: bytes) -> None:
        self.blob = blob
        self.units, self.replacements = _split(blob)
        _check_units(self.units, len(self.replacements))
        self._units_list: list[int] = self.units.tolist()

    @functools.cached_property
    def rules(self) -> dict[bytes, bytes]:
        return {key: self._replacement(value) for key, value in _walk_all(self.units)}

    def matches(self, text: bytes, start: int = 0) -> Iterator[tuple[int, bytes]]:
        """(length, replacement) of every rule that applies at `start`, shortest first."""
        units = self._units_list
        at = _offset(units[0])
        for place in range(start, len(text)):
            byte = text[place]
            at ^= byte
            unit = units[at]
            if unit & 0x800000FF != byte:
                return
            at ^= _offset(unit)
            if unit & 0x100:
                yield place + 1 - start, self._replacement(units[at] & 0x7FFFFFFF)

    def longest(self, text: bytes, start: int = 0) -> tuple[int, bytes]:
        """Length and replacement of the longest rule at `start`; length 0 for none."""
        return max(self.matches(text, start), default=(0, b""))

    def normalize(self, text: str | bytes) -> str:
        """`text` with the longest rule applied at each place, as SentencePiece does it (without its treatment
        of blanks). Bytes that are no UTF-8 become U+FFFD each."""
        data = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
        out: list[bytes] = []
        at = 0
        while at < len(data):
            if plain := self.plain_run.match(data, at):
                out.append(plain.group())
                at = plain.end()
                continue
            length, made = self.longest(data, at)
            if not length:
                length, made = character_at(data, at)
            out.append(made)
            at += length
        return b"".join(out).decode("utf-8", "replace")

    def transform(self, chunk: str) -> str | None:
        """What `tokenizers` makes of one grapheme or character: the shortest rule that begins it, whatever
        follows; None where there is none."""
        for _, made in self.matches(chunk.encode("utf-8", "surrogateescape")):
            return made.decode("utf-8", "replace")
        return None

    @functools.cached_property
    def plain_run(self) -> re.Pattern[bytes]:
        """A run of ASCII that no rule touches: no rule is that character alone or goes on in ASCII, and what
        follows is ASCII (`e` before U+0301 is another matter)."""
        touched = {code for code in range(0x80) if self._touches_ascii(code)}
        plain = bytes(code for code in range(0x80) if code not in touched)
        return re.compile(b"[" + re.escape(plain) + rb"]+(?![\x80-\xff])" if plain else rb"(?!)")

    def _touches_ascii(self, code: int) -> bool:
        pairs = (self.longest(bytes([code, after]))[0] for after in range(1, 0x80))
        return any(pairs)

    def _replacement(self, place: int) -> bytes:
        return self.replacements[place : self.replacements.index(b"\0", place)]


def normalize_graphemes(charsmap: CharsMap, text: str) -> str:
    """`text` as the `Precompiled` normaliser of `tokenizers` gives it."""
    if text.isascii() and charsmap.plain_run.fullmatch(text.encode()):
        return text
    out = []
    for grapheme in regex.findall(r"\X", text):
        if len(grapheme.encode("utf-8", "surrogateescape")) < 6:
            made = charsmap.transform(grapheme)
            if made is not None:
                out.append(made)
                continue
        for character in grapheme:
            made = charsmap.transform(character)
            out.append(character if made is None else made)
    return "".join(out)


def character_at(data: bytes, at: int) -> tuple[int, bytes]:
    """(length, bytes) of the character at `at`; (1, U+FFFD) where there is none that is well-formed."""
    first = data[at]
    length = 1 if first < 0x80 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
    made = data[at : at + length]
    if first >= 0x80:
        try:
            made.decode("utf-8")
        except UnicodeDecodeError:
            return 1, b"\xef\xbf\xbd"
    return length, made


def _offset(unit: int) -> int:
    return (unit >> 10) << ((unit & 0x200) >> 6)


def _offsets(units: Units) -> npt.NDArray[np.int64]:
    wide = units.astype(np.int64)
    return (wide >> 10) << ((wide & 0x200) >> 6)


def _split(blob: bytes) -> tuple[Units, bytes]:
    if len(blob) > MAX_CHARSMAP_BYTES:
        raise TokenizerError(f"precompiled charsmap: {len(blob):,} bytes; at most {MAX_CHARSMAP_BYTES:,}")
    if len(blob) < 5:
        raise TokenizerError(f"precompiled charsmap: {len(blob)} bytes, less than its own header")
    (size,) = struct.unpack_from("<I", blob)
    if size % (4 * BLOCK) or not size or size + 4 >= len(blob):
        raise TokenizerError(
            f"precompiled charsmap: its trie claims {size:,} bytes of {len(blob) - 4:,}; expected a multiple "
            "of 1,024 that leaves room for the replacements"
        )
    replacements = blob[4 + size :]
    if replacements[-1]:
        raise TokenizerError("precompiled charsmap: the replacements do not end with NUL")
    return np.frombuffer(blob, "<u4", size // 4, 4).astype(np.uint32), replacements


def _check_units(units: Units, n_replacements: int) -> None:
    """Every step from every unit stays inside, so that a walk needs no check; and no walk is endless."""
    size, offsets = len(units), _offsets(units)
    is_leaf = (units & 0x80000000) != 0
    bases = np.arange(size, dtype=np.int64) ^ offsets
    broken = ~is_leaf & ((bases | 0xFF) >= size)
    broken |= is_leaf & ((units & 0x7FFFFFFF) >= n_replacements)
    has_leaf = ~is_leaf & ((units & 0x100) != 0)
    broken[has_leaf] |= ~is_leaf[bases[has_leaf] % size]
    if broken[1:].any() or is_leaf[0] or units[0] & 0x1FF or bases[0] == 0 or (bases[0] | 0xFF) >= size:
        place = int(np.flatnonzero(broken)[0]) if broken.any() else 0
        raise TokenizerError(f"precompiled charsmap: unit {place} of its trie points outside or is no trie's")
    _check_walks(units)


def _children(units: Units) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """(bases, places): every unit with a label, sorted by the base that its parent must have."""
    labels = (units & 0xFF).astype(np.int64)
    places = np.flatnonzero((labels != 0) & ((units & 0x80000000) == 0))
    bases = places ^ labels[places]
    order = np.argsort(bases, kind="stable")
    return bases[order], places[order]


def _check_walks(units: Units) -> None:
    """TokenizerError where walks from the root never end: followed all at once, a byte at a time."""
    bases = np.arange(len(units), dtype=np.int64) ^ _offsets(units)
    child_bases, children = _children(units)
    frontier = np.zeros(1, np.int64)
    budget = 64 * len(units)
    for _ in range(MAX_RULE_BYTES + 1):
        low = np.searchsorted(child_bases, bases[frontier], "left")
        counts = np.searchsorted(child_bases, bases[frontier], "right") - low
        total = int(counts.sum())
        if not total:
            return
        budget -= total
        if budget < 0:
            break
        firsts = np.repeat(low - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
        frontier = np.unique(children[firsts + np.arange(total)])
    raise TokenizerError(f"precompiled charsmap: rules longer than {MAX_RULE_BYTES} bytes, or a cyclic trie")


def _walk_all(units: Units) -> Iterator[tuple[bytes, int]]:
    """Every (key, value) of the trie."""
    listed: list[int] = units.tolist()
    child_bases, children = _children(units)
    stack: list[tuple[bytes, int]] = [(b"", _offset(listed[0]))]
    most = 16 * len(units)  # a shared tail is one unit in many rules; a hostile one in endlessly many
    while stack:
        key, base = stack.pop()
        low, high = np.searchsorted(child_bases, [base, base + 1]).tolist()
        for place in children[low:high].tolist():
            most -= 1
            if most < 0:
                raise TokenizerError("precompiled charsmap: more rules than its trie has units")
            unit = listed[place]
            longer = key + bytes([unit & 0xFF])
            below = place ^ _offset(unit)
            if unit & 0x100:
                yield longer, listed[below] & 0x7FFFFFFF
            stack.append((longer, below))


def compile_charsmap(rules: Mapping[bytes, bytes]) -> bytes:
    """The map of `rules`, in the format that SentencePiece reads."""
    places: dict[bytes, int] = {}
    replacements = bytearray()
    for made in rules.values():
        if made not in places:
            places[made] = len(replacements)
            replacements += made + b"\0"
    units = _DoubleArray({key: places[made] for key, made in rules.items()}).units
    trie = np.array(units, "<u4").tobytes()
    return struct.pack("<I", len(trie)) + trie + bytes(replacements or b"\0")


class _DoubleArray:
    """Darts units for sorted keys: the children of a node, and its value under label 0, at offset ^ label."""

    def __init__(self, values: Mapping[bytes, int]) -> None:
        self.units = [0] * BLOCK
        self._free: list[dict[int, None]] = [dict.fromkeys(range(1, BLOCK))]  # dicts keep their order
        self._bases: set[int] = set()
        keys = sorted(values)
        if any(not key or b"\0" in key for key in keys):
            raise TokenizerError("a normalisation rule replaces an empty text or one with NUL")
        stack = [(0, 0, len(keys), 0)]
        while stack:
            node, low, high, depth = stack.pop()
            children: dict[int, tuple[int, int]] = {}
            value = None
            for index in range(low, high):
                if len(keys[index]) == depth:
                    value = values[keys[index]]
                    continue
                label = keys[index][depth]
                children[label] = (children.get(label, (index, index))[0], index + 1)
            labels = ([0] if value is not None else []) + sorted(children)
            if not labels:
                continue
            base = self._place(node, labels)
            self._set_offset(node, node ^ base, value is not None)
            if value is not None:
                self.units[base] = 0x80000000 | value
            for label, (begin, end) in children.items():
                self.units[base ^ label] |= label
                stack.append((base ^ label, begin, end, depth + 1))

    def _set_offset(self, node: int, offset: int, has_leaf: bool) -> None:
        if offset < 1 << 21:
            bits = offset << 10
        elif offset & 0xFF == 0 and offset < 1 << 29:
            bits = (offset >> 8) << 10 | 0x200
        else:
            raise TokenizerError("too many normalisation rules for one map")
        self.units[node] |= bits | (0x100 if has_leaf else 0)

    def _place(self, node: int, labels: list[int]) -> int:
        """A base for children with these labels: the first in the last few blocks where all places are free.
        A far one must be a multiple of 256 away, since the offset has only so many bits."""
        while True:
            for block in range(max(0, len(self.units) // BLOCK - OPEN_BLOCKS), len(self.units) // BLOCK):
                for place in self._free[block]:
                    base = place ^ labels[0]
                    if base in self._bases or not base:
                        continue
                    if (node ^ base) >= 1 << 21 and (node ^ base) & 0xFF:
                        continue
                    if all((base ^ label) in self._free[block] for label in labels):
                        self._bases.add(base)
                        for label in labels:
                            del self._free[block][base ^ label]
                        return base
            start = len(self.units)
            self._free.append(dict.fromkeys(range(start, start + BLOCK)))
            self.units += [0] * BLOCK
