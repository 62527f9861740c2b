"""What SentencePiece's trainers share: options, the corpus prepared, and which substrings may be pieces.

    texts --normaliser--> lines of ▁words --rare characters become ▅--> words and how often each stands there

A piece stays within a word, within one script, and holds no character that the vocabulary need not know
(`character_coverage`). Source: google/sentencepiece, trainer_interface.cc.
"""

from __future__ import annotations

import functools
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import regex

from llmworks.errors import TokenizerError
from llmworks.text.sentencepiece_file import (
    META,
    ModelType,
    NormalizerSpec,
    Piece,
    PieceType,
    SentencePieceModel,
    byte_piece,
)
from llmworks.text.sentencepiece_normalizer import SentencePieceNormalizer

UNKNOWN_CHARACTER = "\u2585"  # stands for what is not covered; no piece has it
BOUNDARY = "\x1f"  # where a control or user's symbol stood


@dataclass(frozen=True)
class TrainingOptions:
    """As the flags of `spm_train`, with its defaults.

    max_line_bytes: longer lines are left out, with a warning. pad_id and its kin: -1 leaves the token out.
    shrinking_factor, sub_iterations, seed_size: Unigram's; seed_size is how many substrings it begins with.
    """

    vocab_size: int = 8000
    character_coverage: float = 0.9995
    max_piece_length: int = 16
    split_by_unicode_script: bool = True
    split_by_number: bool = True
    split_by_whitespace: bool = True
    split_digits: bool = False
    treat_whitespace_as_suffix: bool = False
    allow_whitespace_only_pieces: bool = False
    byte_fallback: bool = False
    control_symbols: tuple[str, ...] = ()
    user_defined_symbols: tuple[str, ...] = ()
    required_characters: str = ""
    normalizer: NormalizerSpec = field(default_factory=NormalizerSpec)
    max_line_bytes: int = 4192
    unk_id: int = 0
    bos_id: int = 1
    eos_id: int = 2
    pad_id: int = -1
    unk_piece: str = "<unk>"
    bos_piece: str = "<s>"
    eos_piece: str = "</s>"
    pad_piece: str = "<pad>"
    hard_vocab_limit: bool = True
    shrinking_factor: float = 0.75
    sub_iterations: int = 2
    seed_size: int = 1_000_000

    def __post_init__(self) -> None:
        ranges = {
            "vocab_size": (self.vocab_size, 1, 1 << 24),
            "character_coverage": (self.character_coverage, 0.98, 1.0),
            "max_piece_length": (self.max_piece_length, 1, 512),
            "shrinking_factor": (self.shrinking_factor, 0.5, 0.95),
            "sub_iterations": (self.sub_iterations, 1, 10),
            "seed_size": (self.seed_size, 1, 1 << 28),
        }
        for name, (value, low, high) in ranges.items():
            if not low <= value <= high:
                raise TokenizerError(f"{name} is {value}; expected {low} to {high:,}")
        if not self.normalizer.escape_whitespaces:
            raise TokenizerError("a tokenizer is trained with escape_whitespaces: blanks must be ▁ in pieces")

    def meta_pieces(self) -> dict[int, Piece]:
        """The tokens that are not learnt, by id."""
        found: dict[int, Piece] = {}
        named = [
            (self.unk_id, self.unk_piece, PieceType.UNKNOWN),
            (self.bos_id, self.bos_piece, PieceType.CONTROL),
            (self.eos_id, self.eos_piece, PieceType.CONTROL),
            (self.pad_id, self.pad_piece, PieceType.CONTROL),
        ]
        for id, text, kind in named:
            if id < 0:
                continue
            if id in found or id >= self.vocab_size:
                raise TokenizerError(f"{text}: the id {id} is taken, or not below vocab_size")
            found[id] = Piece(text.encode(), 0.0, kind)
        if self.unk_id < 0:
            raise TokenizerError("unk_id is -1; every model has an unknown token")
        texts = [
            *((text.encode(), PieceType.CONTROL) for text in self.control_symbols),
            *((text.encode(), PieceType.USER_DEFINED) for text in self.user_defined_symbols),
            *((byte_piece(value), PieceType.BYTE) for value in range(256) if self.byte_fallback),
        ]
        taken = {piece.text for piece in found.values()}
        id = 0
        for symbol, kind in texts:
            if symbol in taken or not symbol:
                raise TokenizerError(f"the symbol {symbol.decode()!r} is empty or given twice")
            while id in found:
                id += 1
            found[id] = Piece(symbol, 0.0, kind)
            taken.add(symbol)
        return found


class TrainingCorpus:
    """A corpus made ready.

    lines: normalised lines and how often each stands there. characters: those that must be in the vocabulary,
    with their counts, most frequent first.
    """

    def __init__(self, texts: Iterable[str], options: TrainingOptions) -> None:
        self.options = options
        self.meta = options.meta_pieces()
        normalizer = SentencePieceNormalizer(options.normalizer, suffix=options.treat_whitespace_as_suffix)
        symbols = sorted((piece.text.decode() for piece in self.meta.values()), key=len, reverse=True)
        cut = regex.compile("|".join(map(regex.escape, symbols)))
        lines: Counter[str] = Counter()
        for line in _lines(texts, options.max_line_bytes):
            made = cut.sub(BOUNDARY, normalizer.normalize(line).decode("utf-8", "replace"))
            if made:
                lines[made] += 1
        if not lines:
            raise TokenizerError("the corpus has no line to learn from")
        self.characters = self._required(lines)
        others = regex.compile(f"[^{''.join(map(regex.escape, self.characters))}]")
        self.lines: Counter[str] = Counter()
        for text, count in lines.items():
            self.lines[others.sub(UNKNOWN_CHARACTER, text)] += count
        least = len(self.meta) + len(self.characters)
        if least > options.vocab_size:
            raise TokenizerError(
                f"vocab_size is {options.vocab_size:,}, but {len(self.meta):,} symbols and "
                f"{len(self.characters):,} characters must be in it: ask for {least:,}, or a lower coverage"
            )

    def _required(self, lines: Mapping[str, int]) -> dict[str, int]:
        """The most frequent characters that make up `character_coverage` of the text."""
        counts: Counter[str] = Counter()
        for line, count in lines.items():
            for character, times in Counter(line).items():
                counts[character] += times * count
        counts.pop("\0", None)
        total = counts.total()
        wanted = np.float32(self.options.character_coverage)
        required = set(self.options.required_characters)
        for character in required:
            counts[character] += 0
        order = sorted(counts, key=lambda c: (c not in required, -counts[c], c))
        found: dict[str, int] = {}
        covered = 0
        for character in order:
            if np.float32(covered / total) >= wanted:
                break
            covered += counts[character]
            if character not in (BOUNDARY, UNKNOWN_CHARACTER):
                found[character] = counts[character]
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def words(self) -> dict[str, int]:
        """The words (or whole lines) and their counts, most frequent first."""
        if not self.options.split_by_whitespace:
            return dict(sorted(self.lines.items(), key=lambda item: (-item[1], item[0])))
        counts: Counter[str] = Counter()
        for line, count in self.lines.items():
            for word in split_words(line, self.options):
                counts[word] += count
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0].encode())))

    def model(self, type: ModelType, learnt: list[tuple[str, float]]) -> SentencePieceModel:
        """The model of the meta pieces and what was learnt, in the order of ids."""
        pieces = []
        rest = iter(learnt)
        for id in range(self.options.vocab_size):
            if id in self.meta:
                pieces.append(self.meta[id])
                continue
            made = next(rest, None)
            if made is not None:
                pieces.append(Piece(made[0].encode(), float(np.float32(made[1]))))
        if len(pieces) < self.options.vocab_size and self.options.hard_vocab_limit:
            raise TokenizerError(
                f"vocab_size is {self.options.vocab_size:,}, but this corpus gives {len(pieces):,} pieces: "
                "ask for fewer, or set hard_vocab_limit to False"
            )
        names = ("unk_piece", "bos_piece", "eos_piece", "pad_piece")
        return SentencePieceModel(
            pieces,
            type,
            self.options.normalizer,
            byte_fallback=self.options.byte_fallback,
            treat_whitespace_as_suffix=self.options.treat_whitespace_as_suffix,
            **{name: getattr(self.options, name) for name in names},
        )


def _lines(texts: Iterable[str], most: int) -> Iterator[bytes]:
    skipped = 0
    for text in texts:
        for line in text.split("\n"):
            data = line.encode("utf-8", "replace")
            if len(data) > most:
                skipped += 1
            elif data and UNKNOWN_CHARACTER not in line:
                yield data
    if skipped:
        warnings.warn(
            f"{skipped:,} lines of more than {most:,} bytes are left out (max_line_bytes)", stacklevel=2
        )


def split_words(line: str, options: TrainingOptions) -> list[str]:
    """A line cut at its ▁, which open words, or close them with treat_whitespace_as_suffix."""
    runs = options.allow_whitespace_only_pieces
    if options.treat_whitespace_as_suffix:
        return regex.findall(r"[^▁]*▁+|[^▁]+$" if runs else r"[^▁]*▁|[^▁]+$", line)
    return regex.findall(r"^[^▁]+|▁+[^▁]*" if runs else r"^[^▁]+|▁[^▁]*", line)


# Codes of ISO 15924 that have characters; what the installed `regex` does not know is left out.
_SCRIPTS = (
    "Adlm Aghb Ahom Arab Armi Armn Avst Bali Bamu Bass Batk Beng Bhks Bopo Brah Brai Bugi Buhd Cakm Cans "
    "Cari Cham Cher Chrs Copt Cpmn Cprt Cyrl Deva Diak Dogr Dsrt Dupl Egyp Elba Elym Ethi Geor Glag Gong "
    "Gonm Goth Gran Grek Gujr Guru Hang Hani Hano Hatr Hebr Hira Hluw Hmng Hmnp Hung Ital Java Kali Kana "
    "Kawi Khar Khmr Khoj Kits Knda Kthi Lana Laoo Latn Lepc Limb Lina Linb Lisu Lyci Lydi Mahj Maka Mand "
    "Mani Marc Medf Mend Merc Mero Mlym Modi Mong Mroo Mtei Mult Mymr Nagm Nand Narb Nbat Newa Nkoo Nshu "
    "Ogam Olck Orkh Orya Osge Osma Ougr Palm Pauc Perm Phag Phli Phlp Phnx Plrd Prti Qaai Rjng Rohg Runr "
    "Samr Sarb Saur Sgnw Shaw Shrd Sidd Sind Sinh Sogd Sogo Sora Soyo Sund Sylo Syrc Tagb Takr Tale Talu "
    "Taml Tang Tavt Telu Tfng Tglg Thaa Thai Tibt Tirh Tnsa Toto Ugar Vaii Vith Wara Wcho Xpeo Xsux Yezi "
    "Yiii Zanb Zyyy Zzzz "
)


@functools.cache
def _script_pattern() -> regex.Pattern[str]:
    known = []
    for code in _SCRIPTS.split():
        try:
            regex.compile(rf"\p{{sc={code}}}")
        except regex.error:
            continue
        known.append(rf"(?P<{code}>\p{{sc={code}}})")
    return regex.compile("|".join(known))


@functools.lru_cache(maxsize=1 << 16)
def script(character: str) -> str | None:
    """The script, with Japan's syllabaries counted as Han; "Qaai" is one that any script may have."""
    if character == "ー":
        return "Hani"
    match = _script_pattern().match(character)
    found = match.lastgroup if match else None
    return "Hani" if found in ("Hira", "Kana") else found


def may_be_piece(text: str, options: TrainingOptions) -> bool:
    """Whether a substring of the prepared corpus may be a piece."""
    if not text or len(text) > options.max_piece_length:
        return False
    if UNKNOWN_CHARACTER in text or BOUNDARY in text or "\0" in text or " " in text:
        return False
    return _blanks_stand_well(text, options) and _scripts_agree(text, options)


def _blanks_stand_well(text: str, options: TrainingOptions) -> bool:
    places = [place for place, character in enumerate(text) if character == META]
    if not places or (options.allow_whitespace_only_pieces and len(places) == len(text)):
        return True
    last = len(text) - 1
    if options.treat_whitespace_as_suffix:
        # Only at the end; without splitting anywhere but alone at the front.
        bad = (p < last for p in places) if options.split_by_whitespace else (0 == p < last for p in places)
    else:
        bad = (p > 0 for p in places) if options.split_by_whitespace else (0 < p == last for p in places)
    return not any(bad)


def _scripts_agree(text: str, options: TrainingOptions) -> bool:
    before: str | None = "any"
    for character in text:
        if character == META:
            continue
        is_digit = "0" <= character <= "9" or "\uff10" <= character <= "\uff19"
        here = script(character)
        if here == "Qaai":
            here = before
        if is_digit and not options.split_by_number:
            here = "any"
        if is_digit and options.split_digits and len(text) > 1:
            return False
        if options.split_by_unicode_script and "any" not in (here, before) and here != before:
            return False
        before = here
    return True
