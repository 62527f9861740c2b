"""The block in each of its forms against the formula, and what its addresses mean in all of them."""

from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from llmworks.models.config import ModelConfig
from llmworks.models.parts import make_block
from llmworks.nn.block import Block
from llmworks.nn.trace import Intervention, Trace

FORMS: dict[str, dict[str, Any]] = {
    "pre": {},
    "post": {"norm_position": "post"},
    "sandwich": {"norm_position": "sandwich", "norm_offset": True},
    "branch": {"norm_position": "branch", "qk_norm": True, "qk_norm_over": "all"},
    "parallel": {"parallel": True},
    "parallel, one norm": {"parallel": True, "shared_norm": True, "norm": "layernorm", "norm_bias": True},
}


def block(**values: Any) -> Block:
    torch.manual_seed(0)
    config = ModelConfig(
        vocab_size=7,
        d_model=16,
        n_layers=1,
        n_heads=4,
        n_kv_heads=2,
        max_length=16,
        positions="none",
        **values,
    )
    made = make_block(config, 0).eval()
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.normal_(std=0.4)
    return made


def by_formula(form: str, part: Block, x: Tensor) -> Tensor:
    norms = [part.attn_norm, part.attn_post_norm, part.mlp_norm, part.mlp_post_norm]
    before_attn, after_attn, before_mlp, after_mlp = (norm or (lambda y: y) for norm in norms)
    if form == "post":
        x = before_attn(x + part.attn(x))
        return before_mlp(x + part.mlp(x))
    if form.startswith("parallel"):
        mlp_reads = before_attn(x) if form.endswith("one norm") else before_mlp(x)
        return x + part.attn(before_attn(x)) + part.mlp(mlp_reads)
    x = x + after_attn(part.attn(before_attn(x)))
    return x + after_mlp(part.mlp(before_mlp(x)))


def watched(part: Block, x: Tensor, *changes: Intervention) -> tuple[Tensor, dict[str, Tensor]]:
    trace = Trace(["*"], changes)
    trace.start(part.addresses())
    out = part(x, trace=trace)
    assert list(trace.tensors) == part.addresses()
    return out, {name.removeprefix("blocks.0."): tensor for name, tensor in trace.tensors.items()}


@pytest.mark.parametrize("form", FORMS)
@torch.no_grad()
def test_forms(form: str) -> None:
    part, x = block(**FORMS[form]), torch.randn(2, 6, 16)
    expected = by_formula(form, part, x)
    torch.testing.assert_close(part(x), expected)
    torch.testing.assert_close(watched(part, x)[0], expected)
    has = {name: getattr(part, name) is not None for name in ("attn_norm", "attn_post_norm", "mlp_norm")}
    assert has == {
        "attn_norm": form != "branch",
        "attn_post_norm": form in ("sandwich", "branch"),
        "mlp_norm": form not in ("branch", "parallel, one norm"),
    }


@pytest.mark.parametrize("form", FORMS)
@torch.no_grad()
def test_outs_are_what_is_added_to_the_stream(form: str) -> None:
    part, x = block(**FORMS[form]), torch.randn(2, 6, 16)
    out, seen = watched(part, x)
    if form == "post":
        torch.testing.assert_close(part.attn_norm(x + seen["attn_out"]), seen["resid_mid"])
        return
    torch.testing.assert_close(x + seen["attn_out"] + seen["mlp_out"], out)
    assert ("resid_mid" in seen) is not form.startswith("parallel")
    if "resid_mid" in seen:
        torch.testing.assert_close(seen["resid_mid"], x + seen["attn_out"])
    if "attn_unnormed" in seen:
        torch.testing.assert_close(part.attn_post_norm(seen["attn_unnormed"]), seen["attn_out"])
        torch.testing.assert_close(part.mlp_post_norm(seen["mlp_unnormed"]), seen["mlp_out"])
    silent, _ = watched(part, x, Intervention("blocks.0.*_out", "ablate"))
    torch.testing.assert_close(silent, x)


@torch.no_grad()
def test_an_offset_scale_is_one_more_than_the_weight() -> None:
    part, x = block(norm_offset=True), torch.randn(2, 6, 16)
    norm = part.attn_norm
    assert norm is not None
    assert norm.weight is not None
    torch.testing.assert_close(norm(x), F.rms_norm(x, (16,), norm.weight + 1, norm.eps))
    low = norm.to(torch.bfloat16)(x.bfloat16())
    assert low.dtype == torch.bfloat16
    torch.testing.assert_close(low.float(), norm.float()(x), atol=0.1, rtol=0.05)
