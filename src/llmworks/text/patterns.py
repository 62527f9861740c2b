r"""Pre-tokenisation: the regexes that cut text into the pieces that BPE merges within.

    "I'll pay  12345\n"  --cl100k-->  I | 'll | ␣pay | ␣ | ␣ | 123 | 45 | \n

The patterns are OpenAI's (GPT-2: src/encoder.py; cl100k, o200k: tiktoken_ext/openai_public.py) and those in
the tokenizer.json of Llama 3 and Qwen2. They are written so that three engines read them alike: Rust's in
tiktoken, Oniguruma in Hugging Face `tokenizers` (where `{1,3}+` is not possessive), and Python's `regex`.

`native/pretokenize.c` holds the same as hand-written state machines; `Pretokenizer` here is the path without
a compiler. Both take their Unicode classes from `native/unicode_classes.h`, hence the same pieces, whatever
Unicode version the installed `regex` knows.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator

import regex

from llmworks.errors import TokenizerError
from llmworks.native.build import SOURCE_DIR

# Spaces at the very end of the text stay together in cl100k as tiktoken runs it today (`\s++$`), also behind
# a line end; the Llama 3 pattern, otherwise equal, has no such rule ("\n  " gives "\n", "  ").
PATTERNS: dict[str, str] = {
    "gpt2": r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
    "cl100k": (
        r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
        r"|\s++$|\s*[\r\n]+|\s+(?!\S)|\s+"
    ),
    "llama3": (
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
        r"|\s*[\r\n]+|\s+(?!\S)|\s+"
    ),
    "o200k": (
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    ),
    "qwen2": (
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
        r"|\s*[\r\n]+|\s+(?!\S)|\s+"
    ),
    # Digits alone, then GPT-2's pattern on what lies between (SmolLM, StarCoder). To that a digit is an end
    # of text, so the blanks before one stay together.
    "gpt2_digits": (r"\p{N}|'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?[^\s\p{L}\p{N}]+|\s+(?![^\s\p{N}])|\s+"),
    # Mistral's since Nemo: o200k without the contractions, every digit alone.
    "tekken": (
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
        r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
        r"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    ),
}

# Other spellings in the wild that cut exactly alike.
ALIASES: dict[str, str] = {
    r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+": "gpt2",
    r"'s|'t|'re|'ve|'m|'ll|'d| ?[\p{L}]+| ?[\p{N}]+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+": "gpt2",
    r"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s": "gpt2",
    (
        r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+"
        r"|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
    ): "cl100k",
    (
        r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*"
        r"|\s*[\r\n]|\s+(?!\S)|\s+"
    ): "llama3",
}

# The numbers of `enum lw_pattern` in native/pretokenize.h.
PATTERN_NUMBERS: dict[str, int] = {name: number for number, name in enumerate(PATTERNS)}

# What the patterns call a class, and its numbers in `enum lw_class` (where Lu and Lt are one, and Lm and Lo).
_PROPERTIES: dict[str, bytes] = {
    r"\p{Lu}\p{Lt}": b"\1",
    r"\p{Ll}": b"\2",
    r"\p{Lm}\p{Lo}": b"\3",
    r"\p{L}": b"\1\2\3",
    r"\p{M}": b"\4",
    r"\p{N}": b"\5",
}


def pattern_name(pattern: str) -> str | None:
    """The name of a pattern given by name or written out as a regex; None for one that is not known."""
    if pattern in PATTERNS:
        return pattern
    return next((name for name, text in PATTERNS.items() if text == pattern), ALIASES.get(pattern))


def known_pattern(pattern: str) -> str:
    """`pattern_name`, or a TokenizerError that lists what is known."""
    name = pattern_name(pattern)
    if name is None:
        known = ", ".join(PATTERNS)
        raise TokenizerError(
            f"pre-tokenisation pattern {pattern[:200]!r} is not known; expected one of {known}"
        )
    return name


class Pretokenizer:
    """Cuts text into pieces; the same as `native/pretokenize.c`."""

    def __init__(self, pattern: str) -> None:
        self.name = known_pattern(pattern)
        self._regex = _compiled(self.name)

    def pieces(self, text: bytes) -> Iterator[bytes]:
        """The pieces of UTF-8 `text`, in order; joined they give it back. A byte that is no part of a
        well-formed character is a symbol of its own, like `!`."""
        # surrogateescape makes one lone surrogate of each such byte: in no class of the patterns.
        for match in self._regex.finditer(text.decode("utf-8", "surrogateescape")):
            yield match.group().encode("utf-8", "surrogateescape")


@functools.cache
def _compiled(name: str) -> regex.Pattern[str]:
    r"""The pattern with every \p{…} written out as the header's ranges."""
    return regex.compile(regex.sub(r"\[[^]]*\]|\\p\{\w+\}", _written_out, PATTERNS[name]))


def _written_out(part: regex.Match[str]) -> str:
    text = part.group()
    for written, numbers in _PROPERTIES.items():
        if written in text:
            text = text.replace(written, _ranges(numbers))
    return text if text.startswith("[") else f"[{text}]"


@functools.cache
def _ranges(numbers: bytes) -> str:
    runs = regex.finditer(b"[" + numbers + b"]+", unicode_classes())
    return "".join(f"{chr(run.start())}-{chr(run.end() - 1)}" for run in runs)


@functools.cache
def unicode_classes() -> bytes:
    """The class (0 to 8, `enum lw_class`) of each of the 0x110000 code points."""
    header = (SOURCE_DIR / "unicode_classes.h").read_text()
    index, rows = regex.findall(r"= \{\n(.*?)\n\};", header, flags=regex.DOTALL)
    table = [bytes(int(value) for value in row.strip("{},").split(",")) for row in rows.splitlines()]
    return b"".join(table[int(value)] for value in index.replace(",", " ").split())
