"""Compression by predictions: exact on any bytes, as good as the model says, plain about what is broken."""

from __future__ import annotations

import math
import random
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from llmworks.errors import LLMWorksError, RequestError
from llmworks.inference.compression import (
    ByteCodec,
    CorruptError,
    MismatchError,
    NetworkCodec,
    NGramCodec,
    byte_mixer,
    compress,
    container,
    decompress,
    native_coder,
    network_codec,
)
from llmworks.inference.compression.range_coder import (
    NativeDecoder,
    NativeEncoder,
    PythonDecoder,
    PythonEncoder,
    make_decoder,
    make_encoder,
    powers,
)
from llmworks.inference.compression.symbols import Alphabet
from llmworks.inference.request import OutputError
from llmworks.inference.score import score_ids
from llmworks.models.config import ModelConfig
from llmworks.models.decoder import Decoder
from llmworks.models.recurrent import Mamba, MambaConfig
from llmworks.text.ngram import NGramModel
from llmworks.text.wordpiece_train import train_wordpiece
from tests.support import TINY_TEXT, tiny_tokenizer

TEXT = TINY_TEXT.encode()
FILES = {
    "empty": b"",
    "one byte": b"x",
    "invalid UTF-8": b"abc\xff\xfe\xc3(\x80\x80 the cat\x00\x00" * 5,
    "half a character": "die Tür, 漢字 🙂".encode()[:-1],
    "a long run": b"\0" * 200,
    "a special token's text": b"<|endoftext|> and <|im_start|>" * 4,
    "random": random.Random(1).randbytes(150),
    "text": TEXT,
}


def tiny_network(seed: int = 0, **config: object) -> Decoder:
    values = {"d_model": 32, "n_layers": 2, "n_heads": 4, "max_length": 32, "positions": "rope"} | config
    torch.manual_seed(seed)
    return Decoder(ModelConfig(vocab_size=tiny_tokenizer().vocab_size, **values)).eval()  # type: ignore[arg-type]


def codec(seed: int = 0, **options: object) -> NetworkCodec:
    tokenizer = tiny_tokenizer()
    begin = tokenizer.token_id("<|endoftext|>")
    return NetworkCodec(tiny_network(seed), tokenizer, begin, "tiny", **options)  # type: ignore[arg-type]


# The coder.


def rows(seed: int, count: int, size: int, scale: float) -> np.ndarray:
    return (np.random.default_rng(seed).standard_normal((count, size)) * scale).astype(np.float32)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 60), st.integers(1, 40), st.sampled_from([0.0, 1.0, 30.0, 1e6]))
def test_any_symbols_come_back_and_python_codes_as_c_does(
    seed: int, count: int, size: int, scale: float
) -> None:
    logits = rows(seed, count, size, scale)
    symbols = np.random.default_rng(seed + 1).integers(0, size + 256, count).astype(np.int32)
    coders = [PythonEncoder(), make_encoder()]
    bits = [coder.encode_rows(logits, symbols, escapes=True) for coder in coders]
    coded = [coder.finish() for coder in coders]
    assert coded[0] == coded[1]
    assert bits[0] == pytest.approx(bits[1])
    for decoder in (PythonDecoder(coded[0]), make_decoder(coded[0])):
        assert decoder.decode_rows(logits, escapes=True).tolist() == symbols.tolist()
        assert not decoder.failed
    assert 8 * len(coded[0]) <= bits[0] + 17


def test_a_symbol_takes_the_bits_that_its_probability_says() -> None:
    logits = rows(3, 4000, 50, 2.0)
    p = torch.tensor(logits).double().softmax(-1)
    symbols = torch.multinomial(p, 1, generator=torch.manual_seed(1))[:, 0]
    entropy = float(-p.gather(1, symbols[:, None]).log2().sum())
    encoder = make_encoder()
    bits = encoder.encode_rows(logits, symbols.int().numpy())
    assert bits == pytest.approx(entropy, rel=1e-4)
    assert 8 * len(encoder.finish()) == pytest.approx(entropy, rel=1e-3)


def test_carries_run_through_bytes_that_have_gone_out() -> None:
    """A first symbol just below a boundary and then always the uppermost share."""
    for coder in (PythonEncoder(), make_encoder()):
        steps = [(1, 2, 3)] + [(2**40 - 1, 1, 2**40)] * 20 + [(0, 1, 7), (6, 1, 7)] * 20
        for step in steps:
            coder.encode(*step)
        coded = coder.finish()
        for decoder in (PythonDecoder(coded), make_decoder(coded)):
            for below, count, total in steps:
                assert below <= decoder.locate(total) < below + count
                decoder.narrow(below, count, total)


def test_the_table_of_counts_is_powers_of_two_to_the_last_unit() -> None:
    exact = [2.0 ** (30 - j / 1024) for j in range(1024)]
    assert np.abs(powers() - np.array(exact)).max() <= 0.5001
    assert powers()[0] == 1 << 30


def test_minus_infinity_is_a_share_and_nan_is_an_error() -> None:
    logits = np.array([[0.0, -math.inf, 1.0]], np.float32)
    for coder in (PythonEncoder(), make_encoder()):
        assert 25 < coder.encode_rows(logits, np.array([1], np.int32)) < 40
        for bad in (math.nan, math.inf):
            with pytest.raises(OutputError, match="no finite probabilities"):
                coder.encode_rows(np.array([[0.0, bad]], np.float32), np.array([0], np.int32))


# Files.


@pytest.mark.parametrize("name", FILES)
def test_a_network_gives_any_file_back(name: str) -> None:
    made = compress(FILES[name], codec())
    assert decompress(made.data, codec()) == FILES[name]
    assert len(made.data) <= len(FILES[name]) + 40


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=80), st.integers(1, 5))
def test_any_bytes_in_any_number_of_lanes(data: bytes, lanes: int) -> None:
    header, payloads, _ = CODEC_OF_LANES[lanes].encode(data, None)
    assert decompress(container.write(header, payloads), CODEC_OF_LANES[1]) == data


CODEC_OF_LANES = {lanes: codec(lanes=lanes) for lanes in range(1, 6)}


@pytest.mark.parametrize("name", FILES)
def test_bytes_by_their_own_past(name: str) -> None:
    for order in (0, 2, 6):
        made = compress(FILES[name], ByteCodec(order))
        assert decompress(made.data) == FILES[name]


def test_the_byte_mixer_in_python_codes_as_in_c() -> None:
    if native_coder.library() is None:
        pytest.skip("no C compiler")
    data = TEXT[:300] + FILES["random"][:40] + b"\0" * 60
    for order in (0, 3):
        encoder, native = PythonEncoder(), NativeEncoder()
        byte_mixer._Mixer(order).encode(encoder, data)
        mixer = byte_mixer._NativeMixer(order)
        mixer.library.lw_mixer_encode(mixer.handle, native.coder.handle, data, len(data))
        coded = native.finish()
        assert encoder.finish() == coded
        assert byte_mixer._Mixer(order).decode(NativeDecoder(coded), len(data)) == data


def test_longer_contexts_learn_a_text_better() -> None:
    data = TEXT * 6
    sizes = [len(compress(data, ByteCodec(order)).data) for order in (0, 1, 3)]
    assert sizes[0] > sizes[1] > sizes[2]
    assert sizes[2] < len(data) / 4


def test_an_ngram_model_compresses_what_it_was_trained_on() -> None:
    model = NGramModel.train_on_text([TINY_TEXT], tiny_tokenizer(), 3)
    ngrams = NGramCodec(model, "tiny.npz")
    made = compress(TEXT, ngrams)
    assert decompress(made.data, NGramCodec(model, "other name")) == TEXT
    assert made.bits == pytest.approx(model.bits(model.encode(TINY_TEXT)), rel=1e-3)
    for name in ("invalid UTF-8", "a special token's text", "empty"):
        assert decompress(compress(FILES[name], ngrams).data, ngrams) == FILES[name]
    with pytest.raises(RequestError, match="no tokenizer"):
        NGramCodec(NGramModel.train([[1, 2]], 2, 4), "bare")


# A network's file.


def test_bits_are_the_models_cross_entropy() -> None:
    """One lane within one context: what `score` measures. (Real text and a trained model: below, slow.)"""
    tokenizer, network = tiny_tokenizer(), tiny_network(max_length=512)
    begin = tokenizer.token_id("<|endoftext|>")
    assert begin is not None
    made = compress(TEXT, NetworkCodec(network, tokenizer, begin, "tiny"))
    score = score_ids(network, [begin, *tokenizer.encode_array(TEXT).tolist()], len(TEXT))
    assert made.bits == pytest.approx(score.bits, rel=1e-4)


def test_how_it_runs_changes_nothing() -> None:
    """Groups side by side or in turn, and whatever number of threads torch had before."""
    data, before = TEXT * 2, torch.get_num_threads()
    alone = codec(lanes=6)
    alone_file = _in_groups_of(2, alone, data)
    torch.set_num_threads(3)
    try:
        together = codec(lanes=6, groups=3)
        assert _in_groups_of(2, together, data) == alone_file
        assert decompress(alone_file, together) == decompress(alone_file, alone) == data
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)


def _in_groups_of(width: int, made_by: NetworkCodec, data: bytes) -> bytes:
    made_by._layout = lambda count: (6, width)  # type: ignore[method-assign]
    made = compress(data, made_by)
    assert (made.header.lanes, made.header.width) == (6, width)
    return made.data


def test_a_full_context_goes_on_with_its_last_half() -> None:
    seen: list[int] = []
    network = tiny_network()
    original = network.hidden

    def spy(ids: torch.Tensor, **rest: object) -> torch.Tensor:
        seen.append(ids.shape[1])
        return original(ids, **rest)  # type: ignore[arg-type]

    network.hidden = spy  # type: ignore[method-assign, assignment]
    tokenizer = tiny_tokenizer()
    small = NetworkCodec(network, tokenizer, tokenizer.token_id("<|endoftext|>"), "tiny", context=8)
    data = b"the old house by the wood " * 4
    assert decompress(compress(data, small).data, small) == data
    assert seen[:13] == [1] * 8 + [4] + [1] * 4


def test_without_a_begin_token_the_first_symbol_costs_log_v() -> None:
    tokenizer, network = tiny_tokenizer(), tiny_network()
    bare = NetworkCodec(network, tokenizer, None, "tiny", lanes=2)
    header, payloads, _ = bare.encode(b"ab", None)
    assert decompress(container.write(header, payloads), bare) == b"ab"
    _, _, bits = bare.encode(b"a", None)
    assert bits == pytest.approx(math.log2(tokenizer.vocab_size), rel=1e-6)


def test_a_network_with_a_state_reads_on_without_a_window() -> None:
    tokenizer = tiny_tokenizer()
    torch.manual_seed(0)
    network = Mamba(
        MambaConfig(vocab_size=tokenizer.vocab_size, d_model=16, n_layers=1, max_length=16)
    ).eval()
    state = NetworkCodec(network, tokenizer, None, "mamba", lanes=2)
    data = TEXT[:200]
    assert decompress(compress(data, state).data, state) == data


def test_a_tokenizer_that_loses_something_still_gives_every_byte_back() -> None:
    tokenizer = train_wordpiece([TINY_TEXT] * 3, 120)
    assert not tokenizer.lossless
    alphabet = Alphabet(tokenizer, tokenizer.vocab_size + 3)
    for data in (*FILES.values(), b"Two  blanks, UPPER case and a tab\t"):
        symbols = alphabet.read(data)
        assert alphabet.write(symbols) == data
    assert not alphabet.read(b"the cat").escapes
    assert alphabet.read(b"\xff").escapes
    torch.manual_seed(0)
    network = Decoder(ModelConfig(vocab_size=alphabet.size, d_model=16, n_layers=1, n_heads=2, max_length=16))
    words = NetworkCodec(network, tokenizer, None, "words")
    header, payloads, _ = words.encode(FILES["invalid UTF-8"], None)
    assert header.escapes
    assert decompress(container.write(header, payloads), words) == FILES["invalid UTF-8"]


# What is refused.


def test_another_model_is_refused_in_words() -> None:
    made = compress(TEXT, codec()).data
    assert container.read(made)[0].kind == "network"
    with pytest.raises(MismatchError, match="tiny has other weights or another tokenizer"):
        decompress(made, codec(seed=1))
    with pytest.raises(MismatchError, match="it is needed"):
        decompress(made)
    ngrams = NGramCodec(NGramModel.train_on_text([TINY_TEXT], tiny_tokenizer(), 3), "tiny.npz")
    with pytest.raises(MismatchError, match=r"coded by tiny \(a network\); tiny.npz is an n-gram model"):
        decompress(made, ngrams)


@pytest.mark.parametrize("kind", ["network", "bytes", "stored"])
def test_a_damaged_file_is_told_wherever_it_is_damaged(kind: str) -> None:
    by = codec() if kind == "network" else ByteCodec(2)
    made = compress(FILES["random"][:60] if kind == "stored" else TEXT * 2, by)
    assert made.header.kind == kind
    draw = random.Random(0)
    for _ in range(60):
        broken = bytearray(made.data)
        broken[draw.randrange(len(broken))] ^= 1 << draw.randrange(8)
        with pytest.raises(CorruptError):
            decompress(bytes(broken), by)
    for cut in (*range(0, len(made.data), 7), len(made.data) - 1):
        with pytest.raises(CorruptError):
            decompress(made.data[:cut], by)
    with pytest.raises(CorruptError):
        decompress(made.data + b"x", by)


def test_wrong_bits_behind_right_checksums_end_in_an_error() -> None:
    """As on a machine whose network rounds otherwise: the header is whole, the text is not."""
    by = codec()
    header, payloads, _ = by.encode(TEXT, None)
    payloads[0] = bytes(byte ^ 90 for byte in payloads[0])
    with pytest.raises(CorruptError, match=r"checksums differ|no encoder makes"):
        decompress(container.write(header, payloads), by)
    elsewhere = container.Header(
        **{k: getattr(header, k) for k in header.__slots__} | {"environment": "torch 1"}
    )
    with pytest.raises(CorruptError, match=r"It was made with torch 1; here is torch|no encoder makes"):
        decompress(container.write(elsewhere, payloads), by)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_but_a_compressed_files_are_taken(data: bytes) -> None:
    for file in (data, container.MAGIC + data):
        with pytest.raises(CorruptError):
            decompress(file)


def test_impossible_wishes_are_refused() -> None:
    with pytest.raises(LLMWorksError, match="from 0 to 6"):
        ByteCodec(9)
    with pytest.raises(LLMWorksError, match="between 2 and 32"):
        codec(context=64)


def test_progress_counts_every_symbol_and_a_stop_goes_through() -> None:
    seen: list[tuple[int, int]] = []
    compress(TEXT, codec(lanes=3), lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1] == len(tiny_tokenizer().encode_array(TEXT))

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compress(TEXT, codec(lanes=6, groups=2), stop)


def test_lanes_cover_the_symbols_once() -> None:
    for count in (0, 1, 7, 100):
        for lanes in range(1, min(count, 9) + 1):
            spans = network_codec.lane_spans(count, lanes)
            assert [place for start, end in spans for place in range(start, end)] == list(range(count))
            lengths = [end - start for start, end in spans]
            assert sorted(lengths, reverse=True) == lengths
            assert lengths[0] - lengths[-1] <= 1


@pytest.mark.slow
def test_real_text_takes_its_cross_entropy_and_beats_xz(tmp_path: Path) -> None:
    import lzma

    import llmworks
    from tests.support import shared_data

    with lzma.open(shared_data("text/wikitext2_valid.txt.xz"), "rt", encoding="utf-8") as file:
        data = file.read(16_000).encode()
    with closing(llmworks.load("spark-base")) as lm:
        by = NetworkCodec(lm.model, lm.tokenizer, lm.begin_id, lm.name)  # type: ignore[arg-type]
        made = compress(data, by)
        assert made.bits / len(data) == pytest.approx(lm.score(data.decode()).bits_per_byte, rel=0.005)
        assert len(made.data) < 0.8 * len(lzma.compress(data, preset=9))
        assert decompress(made.data, by) == data
