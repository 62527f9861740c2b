"""Attention against its formula, grouped heads against plain ones, masks and documents."""

import math

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from llmworks.errors import RequestError
from llmworks.nn.attention import Attention, attention_mask
from llmworks.nn.trace import Trace


def attention(heads: int = 4, groups: int = 4, **options: object) -> Attention:
    torch.manual_seed(0)
    return Attention(32, heads, groups, 8, **options).eval()  # type: ignore[arg-type]


def by_hand(module: Attention, x: Tensor) -> Tensor:
    """softmax(QKᵀ/√E)V, one head and one query at a time."""
    heads, groups, width = module.n_heads, module.n_kv_heads, module.d_head
    q, k, v = module.qkv(x).split([heads * width, groups * width, groups * width], dim=-1)
    out = []
    for head in range(heads):
        group = head * groups // heads
        rows = []
        for t in range(x.shape[1]):
            query = q[:, t, head * width : (head + 1) * width]
            keys = k[:, : t + 1, group * width : (group + 1) * width]
            values = v[:, : t + 1, group * width : (group + 1) * width]
            weights = (torch.einsum("be,bse->bs", query, keys) / math.sqrt(width)).softmax(-1)
            rows.append(torch.einsum("bs,bse->be", weights, values))
        out.append(torch.stack(rows, 1))
    return module.out(torch.cat(out, -1))


def test_softmax_golden() -> None:
    weights = torch.tensor([0.19, 0.77, 0.28]).softmax(0)
    torch.testing.assert_close(weights, torch.tensor([0.258, 0.460, 0.282]), atol=5e-4, rtol=0)


@pytest.mark.parametrize("groups", [4, 2, 1])
def test_fused_and_explicit_equal_the_formula(groups: int) -> None:
    module = attention(groups=groups, bias=True)
    x = torch.randn(2, 9, 32)
    expected = by_hand(module, x)
    torch.testing.assert_close(module(x), expected, atol=1e-5, rtol=0)
    trace = Trace(["attn.pattern"])
    trace.start(["attn.pattern"])
    torch.testing.assert_close(module(x, trace=trace), expected, atol=1e-5, rtol=0)
    assert trace.tensors["attn.pattern"].shape == (2, 4, 9, 9)


def test_gqa_with_as_many_groups_as_heads_is_mha() -> None:
    """Copying each key/value head to every query head of its group makes it multi-head attention."""
    for groups in (1, 2):
        grouped, plain = attention(groups=groups), attention(groups=4)
        rows = grouped.qkv.weight.split([32, 8 * groups, 8 * groups])
        copies = [
            part.view(groups, 8, 32).repeat_interleave(4 // groups, 0).flatten(0, 1) for part in rows[1:]
        ]
        with torch.no_grad():
            plain.qkv.weight.copy_(torch.cat([rows[0], *copies]))
            plain.out.weight.copy_(grouped.out.weight)
        x = torch.randn(3, 7, 32)
        torch.testing.assert_close(grouped(x), plain(x), atol=1e-6, rtol=1e-5)


def test_dividing_by_the_root_of_the_width_keeps_entropy() -> None:
    """Unit vectors' products have variance E: undivided, a wide head's softmax is nearly one-hot."""
    torch.manual_seed(0)
    q, k = torch.randn(256, 256), torch.randn(256, 256)

    def entropy(scores: Tensor) -> float:
        return float(torch.distributions.Categorical(logits=scores).entropy().mean())

    assert entropy(q @ k.T / 16) > 0.85 * math.log(256)
    assert entropy(q @ k.T) < 0.25 * math.log(256)


def test_softcap_bounds_scores_and_vanishes_when_wide() -> None:
    x = 20 * torch.randn(1, 6, 32)
    capped, wide, plain = (attention(softcap=cap) for cap in (2.0, 1e6, None))
    trace = Trace(["attn.scores"])
    trace.start(["attn.scores"])
    capped(x, trace=trace)
    assert trace.tensors["attn.scores"].abs().max() <= 2.0
    torch.testing.assert_close(wide(x), plain(x), atol=1e-3, rtol=1e-3)
    assert not torch.allclose(capped(x), plain(x), atol=1e-2)


def test_qk_norm_makes_unit_rms_heads() -> None:
    module = attention(groups=2, qk_norm=True, norm_eps=1e-6)
    trace = Trace(["attn.q", "attn.k"])
    trace.start(["attn.q", "attn.k"])
    module(5 * torch.randn(2, 5, 32), trace=trace)
    for tensor in trace.tensors.values():
        torch.testing.assert_close(tensor.square().mean(-1), torch.ones(tensor.shape[:-1]), atol=1e-3, rtol=0)


def test_qk_norm_weights_act_on_queries_and_keys_apart() -> None:
    module = attention(groups=2, qk_norm=True)
    assert module.qk_norm is not None
    with torch.no_grad():
        module.qk_norm.q_weight.fill_(3.0)  # type: ignore[union-attr]
        module.qk_norm.k_weight.fill_(0.5)  # type: ignore[union-attr]
    trace = Trace(["attn.q", "attn.k"])
    trace.start(["attn.q", "attn.k"])
    module(torch.randn(2, 5, 32), trace=trace)
    assert trace.tensors["attn.q"].square().mean().sqrt().item() == pytest.approx(3.0, rel=1e-3)
    assert trace.tensors["attn.k"].square().mean().sqrt().item() == pytest.approx(0.5, rel=1e-3)


def test_mask_of_a_continued_run_is_the_lower_rows_of_the_whole() -> None:
    whole = torch.ones(9, 9, dtype=torch.bool).tril()
    mask = attention_mask(4, 5, torch.device("cpu"))
    assert mask is not None
    assert torch.equal(mask, whole[5:])
    assert attention_mask(9, 0, torch.device("cpu")) is None
    assert attention_mask(1, 8, torch.device("cpu")) is None


def test_document_mask_is_causal_within_documents() -> None:
    documents = torch.tensor([[0, 0, 1, 1, 1], [3, 4, 4, 4, 5]])
    mask = attention_mask(5, 0, torch.device("cpu"), documents)
    assert mask is not None
    for row in range(2):
        for t in range(5):
            for s in range(5):
                allowed = s <= t and documents[row, s] == documents[row, t]
                assert mask[row, 0, t, s] == allowed
    with pytest.raises(RequestError, match="uncached"):
        attention_mask(2, 3, torch.device("cpu"), documents[:, :2])


def test_heads_make_as_many_operations_as_one_wide_head() -> None:
    """Splitting D into heads changes no matrix's shape, so neither parameters nor projections grow."""
    one, many = Attention(32, 1, 1, 32), Attention(32, 8, 8, 4)
    assert [p.shape for p in one.parameters()] == [p.shape for p in many.parameters()]


def test_dropout_only_while_training() -> None:
    module = attention(dropout=0.5)
    x = torch.randn(1, 8, 32)
    assert torch.equal(module(x), module(x))
    module.train()
    torch.manual_seed(1)
    first = module(x)
    assert not torch.allclose(first, module(x))
    assert F.mse_loss(first, module.eval()(x)) > 0
