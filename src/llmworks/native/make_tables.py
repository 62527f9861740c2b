"""Write `unicode_classes.h`: the class of every code point, for the pre-tokenisers.

    code point --INDEX[cp >> 7]--> row --ROWS[row][cp & 127]--> class (one digit, `enum lw_class`)

The patterns of GPT-2, cl100k, o200k and Qwen2 tell characters apart only by \\p{L}, \\p{N}, \\p{M}, \\s, the
letter kinds Lu Lt Ll Lm Lo, and line ends; nine classes hold all that.

The classes are those of the engine that the published vocabularies are used with, the Rust `regex` crate in
tiktoken (Unicode 16.0). The Oniguruma in Hugging Face `tokenizers` 0.23 agrees with it on every code point.
Python's `regex` module follows newer Unicode versions (17,000 letters more at the time of writing), so the
Python path does not ask it for \\p{…} but reads this header too (`llmworks.text.patterns`).

Run by a developer when tiktoken moves to a newer Unicode: `python -m llmworks.native.make_tables`.
"""

from __future__ import annotations

from pathlib import Path

# In the order of the digits in the header. What no class claims is OTHER (0): symbols, punctuation,
# controls, unassigned and private code points.
CLASSES = {
    "UPPER": r"[\p{Lu}\p{Lt}]",
    "LOWER": r"\p{Ll}",
    "LETTER": r"[\p{Lm}\p{Lo}]",
    "MARK": r"\p{M}",
    "NUMBER": r"\p{N}",
    "SPACE": r"[^\S\r\n ]",
    "NEWLINE": r"[\r\n]",
    "BLANK": r" ",
}
ROW = 128
TARGET = Path(__file__).parent / "unicode_classes.h"


def code_points_of(pattern: str) -> str:
    """Every character that tiktoken's engine matches with `pattern`, in order."""
    import tiktoken  # a peer of the tests, needed by nobody who only runs the project

    everything = "".join(chr(cp) for cp in range(0x110000) if not 0xD800 <= cp < 0xE000)
    bytes_only = {bytes([value]): value for value in range(256)}
    # What a pattern does not match, an encoding leaves out: what comes back is the class.
    encoding = tiktoken.Encoding("probe", pat_str=pattern, mergeable_ranks=bytes_only, special_tokens={})
    return bytes(encoding.encode_ordinary(everything)).decode()


def class_of_each_code_point() -> bytes:
    table = bytearray(0x110000)
    for number, pattern in enumerate(CLASSES.values(), start=1):
        for character in code_points_of(pattern):
            assert table[ord(character)] == 0, f"U+{ord(character):04X} is in two classes"
            table[ord(character)] = number
    return bytes(table)


def header(table: bytes) -> str:
    rows: dict[bytes, int] = {}
    index = [rows.setdefault(table[start : start + ROW], len(rows)) for start in range(0, len(table), ROW)]
    names = ", ".join(f"LW_{name}" for name in ["OTHER", *CLASSES])
    index_lines = [
        " ".join(f"{row}," for row in index[start : start + 32]) for start in range(0, len(index), 32)
    ]
    row_lines = ["{" + ",".join(str(value) for value in row) + "}," for row in rows]
    return "\n".join(
        [
            "/* Made by make_tables.py; do not edit. Classes of Unicode 16.0 as in tiktoken's engine. */",
            "#ifndef LW_UNICODE_CLASSES_H",
            "#define LW_UNICODE_CLASSES_H",
            "#include <stdint.h>",
            "",
            f"enum lw_class {{ {names} }};",
            "",
            f"static const uint16_t LW_CLASS_INDEX[{len(index)}] = {{",
            *index_lines,
            "};",
            "",
            "/* Row 0 is ASCII. */",
            f"static const uint8_t LW_CLASS_ROWS[{len(rows)}][{ROW}] = {{",
            *row_lines,
            "};",
            "",
            "#endif",
            "",
        ]
    )


if __name__ == "__main__":
    TARGET.write_text(header(class_of_each_code_point()))
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes")
