"""Our quantisers: the same bytes from C and numpy, sound blocks, and no more error than the references'."""

import gguf
import numpy as np
import pytest
from gguf import quants
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from llmworks.errors import PackageError
from llmworks.gguf import quantise as module
from llmworks.gguf.dequantise import dequantise
from llmworks.gguf.native import library
from llmworks.gguf.quantise import ENCODERS, WRITABLE, quantise
from llmworks.gguf.types import TYPES
from tests.llama_cpp_peer import ggml_quantise

ROWS, LENGTH = 24, 512


def tensors() -> dict[str, np.ndarray]:
    """What weights look like, and what they should not."""
    random = np.random.default_rng(0)
    shape = (ROWS, LENGTH)
    normal = random.standard_normal(shape)
    made = {
        "normal": normal * 0.02,
        "heavy tails": random.standard_t(3, shape),
        "laplace": random.laplace(size=shape),
        "uniform": random.uniform(-1, 1, shape),
        "outliers": normal * np.where(random.random(shape) < 0.01, 20, 1),
        "sparse": normal * (random.random(shape) < 0.1),
        "shifted": normal + 0.3,
        "constant": np.full(shape, 0.3),
        "zero": np.zeros(shape),
    }
    return {name: values.astype(np.float32) for name, values in made.items()}


def rmse(kind: str, stored: np.ndarray, x: np.ndarray) -> float:
    back = dequantise(TYPES[kind], stored).astype(np.float64)
    return float(np.sqrt(np.mean((back - x.reshape(-1)) ** 2)))


def in_numpy(kind: str, x: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    with monkeypatch.context() as patch:
        patch.setattr(module, "library", lambda: None)
        return quantise(TYPES[kind], x)


@pytest.mark.parametrize("kind", sorted(ENCODERS))
def test_c_and_numpy_give_the_same_bytes(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if library() is None:
        pytest.skip("no C compiler on this machine")
    for name, x in (
        tensors() | {"tiny": tensors()["normal"] * 1e-6, "huge": tensors()["normal"] * 1e5}
    ).items():
        assert np.array_equal(quantise(TYPES[kind], x), in_numpy(kind, x, monkeypatch)), name


@pytest.mark.parametrize("kind", sorted(set(ENCODERS) & {k.name for k in quants._type_traits}))
def test_no_more_error_than_gguf_py(kind: str) -> None:
    for name, x in tensors().items():
        try:
            theirs = quants.quantize(x, gguf.GGMLQuantizationType[kind])
        except NotImplementedError:
            pytest.skip("gguf-py cannot write this type; llama.cpp is compared in the slow test")
        assert rmse(kind, quantise(TYPES[kind], x), x) <= rmse(kind, theirs, x) * (1 + 1e-6), name


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(ENCODERS))
def test_no_more_error_than_llama_cpp(kind: str) -> None:
    for name, x in tensors().items():
        theirs = ggml_quantise(TYPES[kind].number, x)
        assert rmse(kind, quantise(TYPES[kind], x), x) <= rmse(kind, theirs, x) * (1 + 1e-6), name


def test_q8_0_is_the_reference_to_the_byte() -> None:
    for x in tensors().values():
        theirs = quants.quantize(x, gguf.GGMLQuantizationType.Q8_0)
        assert np.array_equal(quantise(TYPES["Q8_0"], x), theirs.reshape(-1))


@pytest.mark.parametrize("kind", ["F16", "BF16"])
def test_half_precision_is_the_reference_to_the_byte(kind: str) -> None:
    x = np.concatenate(
        [*tensors().values(), np.float32([[1e-8, -6e-8, 3e-5, 65504, 1 + 2**-11, -0.0] + [0.0] * 506])]
    )
    theirs = quants.quantize(x, gguf.GGMLQuantizationType[kind])
    assert np.array_equal(quantise(TYPES[kind], x), theirs.view(np.uint8).reshape(-1))


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(sorted(ENCODERS)),
    st_numpy.arrays(np.float32, 256, elements=st.floats(-60_000, 60_000, width=32, allow_subnormal=True)),
)
def test_any_numbers_come_back_near(kind: str, x: np.ndarray) -> None:
    back = dequantise(TYPES[kind], quantise(TYPES[kind], x))
    assert np.isfinite(back).all()
    worst = {"Q2_K": 0.8, "Q3_K": 0.6, "Q8_0": 0.005}.get(kind, 0.2)
    assert np.abs(back - x).max() <= worst * np.abs(x).max() + 1e-4


@pytest.mark.parametrize(
    ("value", "words"), [(np.nan, "not finite"), (np.inf, "not finite"), (1e6, "reaches only")]
)
@pytest.mark.parametrize("kind", ["F16", "Q8_0", "Q4_K"])
def test_what_does_not_fit_is_refused(kind: str, value: float, words: str) -> None:
    x = np.zeros(256, np.float32)
    x[3] = value
    with pytest.raises(PackageError, match=words):
        quantise(TYPES[kind], x)


def test_rows_that_do_not_divide_and_types_that_are_not_written() -> None:
    with pytest.raises(PackageError, match="blocks have 256"):
        quantise(TYPES["Q4_K"], np.zeros(128, np.float32))
    with pytest.raises(PackageError, match="IQ1_S is not written"):
        quantise(TYPES["IQ1_S"], np.zeros(256, np.float32))
    assert set(WRITABLE) <= set(TYPES)
