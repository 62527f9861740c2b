"""The types of a GGUF tensor: how many numbers a block holds, and in how many bytes.

    Q4_0, 18 bytes:  [d: float16][32 × 4 bits]            number = d · (q - 8)        4.5 bits a weight
    Q4_K, 144 bytes: [d][dmin][8 × (6 + 6 bits)][256 × 4 bits]                        4.5 bits a weight

A row is cut into blocks; a row that does not divide cannot have the type. Source: ggml (ggml-common.h, and
`GGML_QUANT_SIZES` of gguf-py), whose names and numbers these are.
"""

from __future__ import annotations

from dataclasses import dataclass

from llmworks.errors import PackageError


@dataclass(frozen=True)
class TensorType:
    """One way to store numbers: `block` of them in `nbytes` bytes."""

    name: str
    number: int
    block: int
    nbytes: int

    @property
    def bits(self) -> float:
        """Bits a weight."""
        return 8 * self.nbytes / self.block

    @property
    def quantised(self) -> bool:
        return self.block > 1

    def row_bytes(self, length: int) -> int:
        """Bytes of a row of `length` numbers, which must divide into blocks."""
        if length % self.block:
            raise PackageError(
                f"a row of {length:,} numbers cannot be {self.name}: "
                f"its blocks have {self.block} numbers each."
            )
        return length // self.block * self.nbytes


_ROWS = (
    ("F32", 0, 1, 4),
    ("F16", 1, 1, 2),
    ("Q4_0", 2, 32, 18),
    ("Q4_1", 3, 32, 20),
    ("Q5_0", 6, 32, 22),
    ("Q5_1", 7, 32, 24),
    ("Q8_0", 8, 32, 34),
    ("Q2_K", 10, 256, 84),
    ("Q3_K", 11, 256, 110),
    ("Q4_K", 12, 256, 144),
    ("Q5_K", 13, 256, 176),
    ("Q6_K", 14, 256, 210),
    ("IQ2_XXS", 16, 256, 66),
    ("IQ2_XS", 17, 256, 74),
    ("IQ3_XXS", 18, 256, 98),
    ("IQ1_S", 19, 256, 50),
    ("IQ4_NL", 20, 32, 18),
    ("IQ3_S", 21, 256, 110),
    ("IQ2_S", 22, 256, 82),
    ("IQ4_XS", 23, 256, 136),
    ("I8", 24, 1, 1),
    ("I16", 25, 1, 2),
    ("I32", 26, 1, 4),
    ("I64", 27, 1, 8),
    ("F64", 28, 1, 8),
    ("IQ1_M", 29, 256, 56),
    ("BF16", 30, 1, 2),
    ("TQ1_0", 34, 256, 54),
    ("TQ2_0", 35, 256, 66),
    ("MXFP4", 39, 32, 17),
    ("NVFP4", 40, 64, 36),
)

TYPES: dict[str, TensorType] = {row[0]: TensorType(*row) for row in _ROWS}
BY_NUMBER: dict[int, TensorType] = {kind.number: kind for kind in TYPES.values()}

# Numbers that ggml has or had, and why a file with them is not read.
REFUSED: dict[int, str] = {
    4: "Q4_2, which ggml gave up in 2023",
    5: "Q4_3, which ggml gave up in 2023",
    9: "Q8_1, which is for intermediate results only",
    15: "Q8_K, which is for intermediate results only",
    31: "Q4_0_4_4, which ggml no longer stores (it repacks Q4_0)",
    32: "Q4_0_4_8, which ggml no longer stores (it repacks Q4_0)",
    33: "Q4_0_8_8, which ggml no longer stores (it repacks Q4_0)",
    36: "IQ4_NL_4_4, which ggml no longer stores (it repacks IQ4_NL)",
    37: "IQ4_NL_4_8, which ggml no longer stores (it repacks IQ4_NL)",
    38: "IQ4_NL_8_8, which ggml no longer stores (it repacks IQ4_NL)",
    41: "Q1_0, which has no reference decoder yet",
}


def tensor_type(name: str) -> TensorType:
    """The type of that name, in either case."""
    kind = TYPES.get(name.upper())
    if kind is None:
        raise PackageError(f"{name!r} is no GGUF tensor type. Known: {', '.join(TYPES)}.")
    return kind
