"""Every tensor type decodes to the same bits as gguf-py's reference, in C and in numpy."""

import gguf
import numpy as np
import pytest
from gguf import quants

from llmworks.gguf import dequantise as module
from llmworks.gguf.dequantise import DECODERS, IN_C, dequantise
from llmworks.gguf.native import library
from llmworks.gguf.types import BY_NUMBER, TYPES, TensorType

DECODABLE = {kind.name for kind in quants._type_traits}


def random_blocks(kind: TensorType, count: int, seed: int = 0) -> np.ndarray:
    """Bytes of which any pattern is allowed: every bit of every field gets its turn."""
    return np.random.default_rng(seed).integers(0, 256, count * kind.nbytes, np.uint8)


def same_bits(ours: np.ndarray, theirs: np.ndarray) -> bool:
    ours, theirs = ours.reshape(-1), theirs.reshape(-1)
    nan = np.isnan(theirs)  # of which the payload is nobody's promise
    return (np.isnan(ours) == nan).all() and (
        ours[~nan].view(np.uint32) == theirs[~nan].view(np.uint32)
    ).all()


def test_every_type_that_the_reference_decodes_is_here() -> None:
    assert set(TYPES) >= DECODABLE
    assert set(DECODERS) | {"BF16"} == DECODABLE
    for kind in TYPES.values():
        block, nbytes = gguf.GGML_QUANT_SIZES[gguf.GGMLQuantizationType(kind.number)]
        assert (kind.block, kind.nbytes) == (block, nbytes)
        assert gguf.GGMLQuantizationType(kind.number).name == kind.name


@pytest.mark.parametrize("native", [True, False], ids=["c", "numpy"])
@pytest.mark.parametrize("name", sorted(DECODABLE))
def test_random_blocks_decode_as_the_reference_says(
    name: str, native: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = TYPES[name]
    if native and (name not in IN_C or library() is None):
        pytest.skip("this type has no C path, or the machine no compiler")
    if not native:
        monkeypatch.setattr(module, "library", lambda: None)
    raw = random_blocks(kind, 700)
    with np.errstate(all="ignore"):
        expected = quants.dequantize(raw.reshape(7, -1), gguf.GGMLQuantizationType[name])
        assert same_bits(dequantise(kind, raw), expected)


@pytest.mark.parametrize("name", ["F32", "F16", "F64", "I8", "I16", "I32", "I64"])
def test_plain_numbers(name: str) -> None:
    values = np.array([0, 1, -3, 100], dtype={"F": "f", "I": "i"}[name[0]] + str(int(name[1:]) // 8))
    assert dequantise(TYPES[name], values.view(np.uint8)).tolist() == [0, 1, -3, 100]


def test_slices_and_threads_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = TYPES["Q4_K"]
    raw = random_blocks(kind, 333)
    whole = dequantise(kind, raw)
    monkeypatch.setattr(module, "THREAD_SLICE", 256 * 10)
    monkeypatch.setattr(module, "threads", lambda: 3)
    assert same_bits(dequantise(kind, raw), whole)


def test_numbers_of_types_are_unique() -> None:
    assert len(BY_NUMBER) == len(TYPES)
