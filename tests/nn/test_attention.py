"""Attention against its formula, grouped heads against plain ones, masks and documents."""

import math

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from llmworks.errors import RequestError
from llmworks.nn.attention import Attention, attention_mask, with_bias
from llmworks.nn.positions import Alibi, RotaryPositions
from llmworks.nn.qk_norm import QKNorm
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


@pytest.mark.parametrize("window", [1, 3, 8, 20])
@pytest.mark.parametrize(("count", "start"), [(9, 0), (4, 5), (1, 8)])
def test_a_window_is_the_nearest_so_many(window: int, count: int, start: int) -> None:
    mask = attention_mask(count, start, torch.device("cpu"), window=window)
    t, s = torch.arange(start, start + count)[:, None], torch.arange(start + count)
    expected = (s <= t) & (t - s < window)
    if mask is None:
        mask = attention_mask(count, start, torch.device("cpu"))
        mask = torch.ones(count, start + count).tril(start).bool() if mask is None else mask
    assert torch.equal(mask, expected)


def test_a_window_keeps_to_its_document() -> None:
    documents = torch.tensor([[0, 0, 0, 1, 1]])
    mask = attention_mask(5, 0, torch.device("cpu"), documents, window=2)
    assert mask is not None
    assert mask[0, 0].int().tolist() == [
        [1, 0, 0, 0, 0], [1, 1, 0, 0, 0], [0, 1, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 1, 1],
    ]  # fmt: skip


def traced(module: Attention, x: Tensor, *args: Tensor | None) -> tuple[Tensor, dict[str, Tensor]]:
    trace = Trace(["*"])
    trace.start(module.addresses())
    return module(x, *args, trace=trace), trace.tensors


@pytest.mark.parametrize("mask", [None, "window"])
def test_alibi_takes_off_by_distance(mask: str | None) -> None:
    module, x = attention(groups=2), torch.randn(2, 9, 32)
    visible = attention_mask(9, 0, torch.device("cpu"), window=4 if mask else None)
    out, seen = traced(module, x, None, with_bias(visible, Alibi(4, 8.0)(0, 9)))
    torch.testing.assert_close(out, module(x, None, with_bias(visible, Alibi(4, 8.0)(0, 9))))
    keys = seen["attn.k"].repeat_interleave(2, 1)
    distance = (torch.arange(9)[:, None] - torch.arange(9)).clamp(min=0)
    slopes = torch.tensor([1 / 4, 1 / 16, 1 / 64, 1 / 256])[:, None, None]
    hidden = torch.ones(9, 9, dtype=torch.bool).triu(1) if visible is None else ~visible
    expected = seen["attn.q"] @ keys.mT / math.sqrt(8) - slopes * distance
    torch.testing.assert_close(seen["attn.scores"].masked_fill(hidden, 0), expected.masked_fill(hidden, 0))
    torch.testing.assert_close(
        seen["attn.pattern"], seen["attn.scores"].masked_fill(hidden, -torch.inf).softmax(-1)
    )


def test_a_sink_is_one_more_key_without_a_value() -> None:
    module, x = attention(sinks=True), torch.randn(2, 7, 32)
    assert module.sinks is not None
    with torch.no_grad():
        module.sinks.copy_(torch.tensor([-50.0, 0.0, 1.5, 50.0]))
    out, seen = traced(module, x)
    torch.testing.assert_close(out, module(x))
    scores = seen["attn.scores"].masked_fill(torch.ones(7, 7).triu(1).bool(), -torch.inf).exp()
    expected = scores / (scores.sum(-1, keepdim=True) + module.sinks.exp()[:, None, None])
    torch.testing.assert_close(seen["attn.pattern"], expected)
    sums = seen["attn.pattern"].sum(-1)
    assert sums[:, 0].min() > 0.999  # nothing sinks,
    assert sums[:, 3].max() < 1e-6  # or everything does


def test_without_causality_every_position_reads_every_other() -> None:
    module, x = attention(causal=False), torch.randn(2, 6, 32)
    out, seen = traced(module, x)
    torch.testing.assert_close(module(x), out, atol=1e-6, rtol=1e-5)
    torch.testing.assert_close(seen["attn.pattern"], seen["attn.scores"].softmax(-1))
    flipped = module(x.flip(1)).flip(1)  # nothing knows the order
    torch.testing.assert_close(flipped, out, atol=1e-6, rtol=1e-5)
    padding = torch.tensor([True] * 4 + [False] * 2)[None, None, None]
    torch.testing.assert_close(module(x, None, padding)[:, :4], module(x[:, :4]), atol=1e-6, rtol=1e-5)


def test_scale_and_the_output_bias_by_itself() -> None:
    module = attention(scale=0.7, bias=True, out_bias=False)
    assert module.qkv.bias is not None
    assert module.out.bias is None
    _, seen = traced(module, torch.randn(1, 5, 32))
    torch.testing.assert_close(seen["attn.scores"], 0.7 * seen["attn.q"] @ seen["attn.k"].mT)
    assert attention(out_bias=True).out.bias is not None


def test_qk_norm_over_all_heads_is_one_vector() -> None:
    norm = QKNorm(4, 2, 8, 1e-6, True, over="all")
    with torch.no_grad():
        norm.q_weight.copy_(torch.randn(32))  # type: ignore[union-attr]
        norm.k_weight.copy_(torch.randn(16))  # type: ignore[union-attr]
    qk = torch.randn(3, 6, 5, 8)
    out = norm(qk)
    for heads, weight in ((slice(0, 4), norm.q_weight), (slice(4, 6), norm.k_weight)):
        flat = qk[:, heads].transpose(1, 2).flatten(2)
        expected = F.rms_norm(flat, flat.shape[-1:], weight, 1e-6)
        torch.testing.assert_close(out[:, heads].transpose(1, 2).flatten(2), expected)


def test_without_positions_and_causality_order_is_invisible() -> None:
    """Shuffled tokens give shuffled outputs; a rotation, or the causal mask alone, breaks that."""
    torch.manual_seed(1)
    x, order = torch.randn(2, 9, 32), torch.randperm(9)
    plain = attention(causal=False)
    torch.testing.assert_close(plain(x[:, order]), plain(x)[:, order], atol=1e-6, rtol=1e-5)
    rotation = RotaryPositions(16, 8, 10_000.0)(0, 9)
    for module, turned in ((plain, rotation), (attention(), None)):
        assert (module(x[:, order], turned) - module(x, turned)[:, order]).abs().max() > 0.01
