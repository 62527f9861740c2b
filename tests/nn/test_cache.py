"""The cache's bytes by the formula, its edges, and that it is what attention reads."""

from types import SimpleNamespace

import pytest
import torch

from llmworks.errors import RequestError
from llmworks.nn.cache import KVCache, cache_bytes_per_token


def shape(layers: int, groups: int, width: int, length: int = 64) -> SimpleNamespace:
    return SimpleNamespace(n_layers=layers, n_kv_heads=groups, d_head=width, max_length=length)


def test_golden_bytes() -> None:
    kib, mib, gib = 2**10, 2**20, 2**30
    llama3_8b = shape(32, 8, 128)
    assert cache_bytes_per_token(llama3_8b, torch.bfloat16) == 128 * kib
    assert cache_bytes_per_token(llama3_8b, torch.bfloat16) * 128 * 1024 == 16 * gib
    multi_head = shape(32, 32, 128)
    assert cache_bytes_per_token(multi_head, torch.bfloat16) == mib // 2
    assert cache_bytes_per_token(multi_head, torch.bfloat16) * 4 * 1024 == 2 * gib
    assert cache_bytes_per_token(multi_head, torch.bfloat16) * 128 * 1024 == 64 * gib
    assert cache_bytes_per_token(shape(80, 8, 128), torch.bfloat16) * 8192 == pytest.approx(2.68e9, rel=2e-3)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_bytes_held_are_the_formula(dtype: torch.dtype) -> None:
    config = shape(3, 2, 8)
    cache = KVCache(config, batch_size=5, max_length=40, dtype=dtype)
    assert cache.bytes == 5 * 40 * cache_bytes_per_token(config, dtype)
    assert KVCache(config).bytes == 64 * cache_bytes_per_token(config)


def test_update_advance_truncate() -> None:
    cache = KVCache(shape(2, 3, 4), batch_size=2, max_length=10)
    first, second, third = (torch.randn(2, 3, count, 4) for count in (4, 1, 2))
    for layer in range(2):
        keys, values = cache.update(layer, first + layer, first - layer)
        assert torch.equal(keys, first + layer)
        assert torch.equal(values, first - layer)
    assert cache.length == 0  # until every layer has written
    cache.advance(4)
    keys, _ = cache.update(0, second, second)
    assert torch.equal(keys, torch.cat([first, second], 2))
    cache.advance(1)
    cache.truncate(3)
    keys, _ = cache.update(0, third, third)
    assert torch.equal(keys, torch.cat([first[:, :, :3], third], 2))


def test_edges_are_refused() -> None:
    cache = KVCache(shape(1, 1, 2), batch_size=2, max_length=8)
    cache.advance(6)
    cache.check_room(2, 2)
    with pytest.raises(RequestError, match="6 of 8 tokens; 3 more"):
        cache.check_room(2, 3)
    with pytest.raises(RequestError, match="made for 2 sequences; given 1"):
        cache.check_room(1, 1)
    for length in (-1, 7):
        with pytest.raises(RequestError, match="cannot cut"):
            cache.truncate(length)
    with pytest.raises(RequestError, match="at least one"):
        KVCache(shape(1, 1, 2), max_length=0)


def test_latent_attention_keeps_one_vector_and_one_key() -> None:
    """DeepSeek-V2: 512 + 64 numbers a token and layer, where 128 heads of 192 and 128 would take 40,960."""
    latent = SimpleNamespace(kv_rank=512, d_rope=64)
    sizes = SimpleNamespace(n_layers=60, n_kv_heads=128, d_head=128, max_length=8, latent=latent)
    assert cache_bytes_per_token(sizes, torch.bfloat16) == 60 * 576 * 2
    cache = KVCache(sizes, batch_size=2)
    assert cache.bytes == 2 * 8 * cache_bytes_per_token(sizes)
    k, v = cache.update(3, torch.ones(2, 1, 5, 512), torch.ones(2, 1, 5, 64))
    assert (k.shape, v.shape) == ((2, 1, 5, 512), (2, 1, 5, 64))
