"""Experts and latent attention through package and engine: the tokens of a plain greedy run."""

from pathlib import Path
from typing import Any

import pytest
import torch

import llmworks
from tests.support import tiny_package

LATENT = {"kv_rank": 12, "d_rope": 4, "d_nope": 6, "d_value": 5}
SHAPES: dict[str, dict[str, Any]] = {
    "mixtral": {"experts": {"n_experts": 6, "top_k": 2, "d_expert": 16, "balance": 0.01}},
    "deepseek_v3": {
        "latent": LATENT, "rope_interleaved": True, "n_kv_heads": 4, "d_head": 10,
        "experts": {
            "n_experts": 8, "top_k": 2, "d_expert": 16, "n_shared": 1, "router": "sigmoid",
            "group_score": "top2", "dense_layers": (0,),
        },
    },
    "llmworks": {
        "latent": LATENT | {"q_rank": 9}, "n_kv_heads": 4,
        "experts": {"n_experts": 4, "top_k": 1, "d_expert": 16, "router_bias": True},
    },
}  # fmt: skip


@pytest.mark.parametrize("family", SHAPES)
def test_the_engine_goes_on_as_a_plain_run_does(family: str, tmp_path: Path) -> None:
    lm = llmworks.load(tiny_package(tmp_path, **SHAPES[family]))
    try:
        assert lm.package.hf_config["model_type"] == family
        written = SHAPES[family]["experts"]
        assert lm.model.config.experts.balance == written.get("balance", 0)
        made = lm.generate("Once upon a time there was", max_tokens=10, temperature=0, ignore_eos=True)
        ids = list(made.prompt_ids)
        with torch.no_grad():
            for _ in range(10):
                ids.append(int(lm.model(torch.tensor([ids]))[0, -1].argmax()))
        assert list(made.ids) == ids[len(made.prompt_ids) :]
        address = "blocks.1.mlp.experts"
        shares = lm.trace("Once upon a time", [address]).tensors[address]
        assert (shares != 0).sum(-1).eq(written["top_k"]).all()
    finally:
        lm.engine.close()
