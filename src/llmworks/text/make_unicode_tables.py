"""Write `unicode_tables.txt`: what the parts of `tokenizers` know about characters.

Each part of that library follows another edition of Unicode: BERT's normaliser Unicode 8, the normal forms
Unicode 9, Oniguruma (regexes) 16, Rust's own `char` 17. Ids depend on them, and neither Python's
`unicodedata` nor the `regex` module agrees with any of the four. So a developer asks the library itself, once
for every code point, and `unicode_tables.py` reads the answers.

    name  41-5a 61-7a …      a set of code points, hexadecimal, as ranges

Run when `tokenizers` moves on: `python -m llmworks.text.make_unicode_tables` (half a minute).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent / "unicode_tables.txt"
EVERY = [chr(point) for point in range(0x110000) if not 0xD800 <= point < 0xE000]
ALL_TEXT = "".join(EVERY)
CATEGORIES = [
    "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe",
    "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Co", "Cn",
]  # fmt: skip


def tables() -> dict[str, list[int]]:
    from tokenizers import normalizers, pre_tokenizers  # a peer of the tests, needed by nobody else

    bert: Any = normalizers.BertNormalizer
    clean = bert(clean_text=True, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    strip = bert(clean_text=False, handle_chinese_chars=False, strip_accents=True, lowercase=False)
    accents, decompose = normalizers.StripAccents(), normalizers.NFD()
    found = {
        "bert_removed": _where(lambda c: clean.normalize_str(c) == ""),
        "bert_space": _where(lambda c: clean.normalize_str(c) == " "),
        "bert_mark": _where(lambda c: strip.normalize_str(c) == ""),
        "combining_mark": _where(lambda c: accents.normalize_str(c) == ""),
        "unknown_to_normal_forms": _where(lambda c: _is_unknown(c, decompose)),
        "white_space": _gaps(pre_tokenizers.WhitespaceSplit()),
        "punctuation": _single(pre_tokenizers.Punctuation("removed")),
        "numeric": _single(pre_tokenizers.Digits(individual_digits=False), lambda c: c),
        "word": _word(pre_tokenizers.Whitespace()),
    }
    for name in ["word", "space", "punct", "graph", "print", "alpha", "upper", "lower", "alnum"]:
        found[f"onig_{name}"] = _onig(f"[[:{name}:]]")
    for category in CATEGORIES:
        found[f"onig_{category}"] = _onig(rf"\p{{{category}}}")
    return found


def _where(test: Callable[[str], bool]) -> list[int]:
    return [ord(character) for character in EVERY if test(character)]


def _is_unknown(character: str, decompose: Any) -> bool:
    """Whether the library's normal forms take the character as one that never changes, though it does in
    Unicode, or might in an edition later than the one that made this table (it is not assigned yet)."""
    if unicodedata.category(character) == "Cn":
        return True
    if decompose.normalize_str(character) != unicodedata.normalize("NFD", character):
        return True
    order = unicodedata.combining(character)
    if not order:
        from tokenizers import normalizers

        return bool(normalizers.NFKD().normalize_str(character) != unicodedata.normalize("NFKD", character))
    lower, higher = "\u0334", "\u0345"  # combining classes 1 and 240: does it change places with them?
    pair = character + lower if order > 1 else higher + character
    return bool(decompose.normalize_str(pair) == pair)


def _pieces(splitter: Any) -> set[int]:
    return {ord(c) for piece, _ in splitter.pre_tokenize_str(ALL_TEXT) for c in piece}


def _gaps(splitter: Any) -> list[int]:
    kept = _pieces(splitter)
    return [ord(c) for c in EVERY if ord(c) not in kept]


def _single(splitter: Any, test: Callable[[str], object] | None = None) -> list[int]:
    """What is cut out of `aXa`."""
    return _where(
        lambda c: [p for p, _ in splitter.pre_tokenize_str(f"a{c}a")] == ["a", *c * bool(test), "a"]
    )


def _word(splitter: Any) -> list[int]:
    return _where(lambda c: len(splitter.pre_tokenize_str(f"a{c}")) == 1 and not c.isspace())


def _onig(pattern: str) -> list[int]:
    from tokenizers import Regex, pre_tokenizers

    splitter = pre_tokenizers.Split(Regex(f"{pattern}+"), "removed", invert=True)
    return sorted(_pieces(splitter))


def ranges(points: Iterable[int]) -> str:
    runs: list[list[int]] = []
    for point in points:
        if runs and runs[-1][1] == point - 1:
            runs[-1][1] = point
        else:
            runs.append([point, point])
    return " ".join(f"{low:x}" if low == high else f"{low:x}-{high:x}" for low, high in runs)


if __name__ == "__main__":
    lines = [f"{name}\t{ranges(points)}" for name, points in tables().items()]
    TARGET.write_text("\n".join(lines) + "\n")
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes")
