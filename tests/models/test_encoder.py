"""Encoders against transformers where the parity table does not look: padding, segments, old files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file
from torch import Tensor

from llmworks.errors import ConfigError, PackageError, RequestError
from llmworks.models.encoder import Encoder
from llmworks.models.encoder_config import EncoderConfig
from llmworks.nn.trace import Intervention, Trace
from llmworks.packages import Package, save_package

BASE: dict[str, Any] = {
    "vocab_size": 83, "hidden_size": 30, "num_hidden_layers": 3, "num_attention_heads": 5,
    "intermediate_size": 44, "max_position_embeddings": 40,
}  # fmt: skip
IDS = {"bos_token_id": 1, "eos_token_id": 2}
KINDS: dict[str, tuple[str, dict[str, Any], int]] = {  # class, config, the id that fills batches up
    "BERT": ("Bert", BASE, 0),
    "RoBERTa": ("Roberta", BASE | {"pad_token_id": 1, "bos_token_id": 0, "eos_token_id": 2}, 1),
    "MPNet": ("MPNet", BASE | {"pad_token_id": 1, "bos_token_id": 0, "eos_token_id": 2}, 1),
    "DistilBERT": ("DistilBert", {
        "vocab_size": 83, "dim": 30, "n_layers": 3, "n_heads": 5, "hidden_dim": 44,
        "max_position_embeddings": 40,
    }, 0),
    "ModernBERT": ("ModernBert", BASE | IDS | {
        "num_attention_heads": 3, "local_attention": 6, "pad_token_id": 0, "num_hidden_layers": 4,
        "cls_token_id": 1, "sep_token_id": 2,
    }, 0),
}  # fmt: skip


def saved(folder: Path, kind: str, head: str = "Model", **more: Any) -> Any:
    """transformers' random model, which is also in `folder`."""
    name, config, _ = KINDS[kind]
    torch.manual_seed(0)
    settings = getattr(transformers, f"{name}Config")(**config | more)
    model = getattr(transformers, f"{name}{head}")(settings).eval()
    for parameter in model.parameters():
        parameter.data += 0.2 * torch.randn_like(parameter)
    model.save_pretrained(folder)
    return model


def ours(folder: Path) -> Encoder:
    model = Package.load(folder).load_model()
    assert isinstance(model, Encoder)
    return model


def padded(pad: int, *, left: bool = False) -> tuple[Tensor, Tensor]:
    """A batch of 17, 4 and 9 tokens, and its mask."""
    torch.manual_seed(1)
    ids, mask = torch.full((3, 17), pad), torch.zeros(3, 17, dtype=torch.bool)
    for row, length in enumerate((17, 4, 9)):
        place = slice(17 - length, 17) if left else slice(length)
        ids[row, place], mask[row, place] = torch.randint(3, 83, (length,)), True
    return ids, mask


@torch.no_grad()
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("left", [False, True])
def test_a_text_is_the_same_alone_and_in_a_padded_batch(tmp_path: Path, kind: str, left: bool) -> None:
    theirs = saved(tmp_path, kind)
    model = ours(tmp_path)
    ids, mask = padded(KINDS[kind][2], left=left)
    hidden = model.hidden(ids, mask=mask)
    expected = theirs(ids, attention_mask=mask.long()).last_hidden_state
    torch.testing.assert_close(hidden[mask], expected[mask], atol=1e-4, rtol=0)
    if left and kind in ("BERT", "DistilBERT"):
        return  # positions count from the left edge there, in transformers too
    for row in range(3):
        alone = model.hidden(ids[row : row + 1, mask[row]])
        torch.testing.assert_close(hidden[row, mask[row]], alone[0], atol=1e-5, rtol=0)


@torch.no_grad()
@pytest.mark.parametrize("kind", KINDS)
def test_classifiers_read_real_tokens_only(tmp_path: Path, kind: str) -> None:
    more = {"classifier_pooling": "mean"} if kind == "ModernBERT" else {}
    theirs = saved(tmp_path, kind, "ForSequenceClassification", num_labels=3, **more)
    ids, mask = padded(KINDS[kind][2])
    found = ours(tmp_path)(ids, mask=mask)
    torch.testing.assert_close(found, theirs(ids, attention_mask=mask.long()).logits, atol=1e-4, rtol=0)


@torch.no_grad()
def test_segments_and_the_pooler(tmp_path: Path) -> None:
    theirs = saved(tmp_path, "BERT", type_vocab_size=3)
    model = ours(tmp_path)
    ids, types = torch.randint(83, (2, 12)), torch.randint(3, (2, 12))
    out = theirs(ids, token_type_ids=types)
    hidden = model.hidden(ids, token_types=types)
    torch.testing.assert_close(hidden, out.last_hidden_state, atol=1e-4, rtol=0)
    torch.testing.assert_close(model.pooled(hidden), out.pooler_output, atol=1e-4, rtol=0)
    again = transformers.BertModel.from_pretrained(save_package(tmp_path / "ours", model, None)).eval()
    torch.testing.assert_close(again(ids, token_type_ids=types).pooler_output, out.pooler_output)


@torch.no_grad()
def test_a_padding_token_within_a_text_has_no_position_in_roberta(tmp_path: Path) -> None:
    theirs = saved(tmp_path, "RoBERTa")
    ids = torch.tensor([[5, 1, 9, 1, 1, 7]])
    torch.testing.assert_close(ours(tmp_path).hidden(ids), theirs(ids).last_hidden_state, atol=1e-4, rtol=0)
    assert ours(tmp_path).config.max_length == 38  # of 40 rows two belong to padding


@torch.no_grad()
def test_an_old_file_of_bert(tmp_path: Path) -> None:
    """bert-base-uncased: gamma and beta, buffers, both heads under the name of one, a second tied copy."""
    theirs = saved(tmp_path, "BERT", "ForPreTraining")
    state = {
        name.replace("LayerNorm.weight", "LayerNorm.gamma").replace(
            "LayerNorm.bias", "LayerNorm.beta"
        ): tensor
        for name, tensor in load_file(tmp_path / "model.safetensors").items()
    }
    state["bert.embeddings.position_ids"] = torch.arange(40)[None]
    state["cls.predictions.decoder.weight"] = state["bert.embeddings.word_embeddings.weight"].clone()
    save_file(state, tmp_path / "model.safetensors", metadata={"format": "pt"})
    config = json.loads((tmp_path / "config.json").read_text()) | {"architectures": ["BertForMaskedLM"]}
    (tmp_path / "config.json").write_text(json.dumps(config))
    model, ids = ours(tmp_path), torch.randint(83, (2, 11))
    assert model.config.pooler
    assert model.config.next_sentence
    torch.testing.assert_close(model(ids), theirs(ids).prediction_logits, atol=1e-4, rtol=0)
    again = transformers.BertForPreTraining.from_pretrained(save_package(tmp_path / "ours", model, None))
    torch.testing.assert_close(again.eval()(ids).seq_relationship_logits, theirs(ids).seq_relationship_logits)
    state["cls.predictions.decoder.weight"] += 1
    save_file(state, tmp_path / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(PackageError, match=r"cls.predictions.decoder.weight differs from the embedding"):
        Package.load(tmp_path)


@torch.no_grad()
def test_a_headless_file_under_a_heads_name_is_the_bare_network(tmp_path: Path) -> None:
    theirs = saved(tmp_path, "BERT", "ForMaskedLM")
    state = load_file(tmp_path / "model.safetensors")
    bare = {name: tensor for name, tensor in state.items() if name.startswith("bert.")}
    save_file(bare, tmp_path / "model.safetensors", metadata={"format": "pt"})
    model, ids = ours(tmp_path), torch.randint(83, (2, 11))
    assert (model.config.head, model.config.pooler) == ("none", False)
    torch.testing.assert_close(model(ids), theirs.bert(ids).last_hidden_state, atol=1e-4, rtol=0)


def test_what_cannot_be_run_is_refused(tmp_path: Path) -> None:
    saved(tmp_path / "qa", "BERT", "ForQuestionAnswering")
    with pytest.raises(PackageError, match=r"BertForQuestionAnswering.*is not supported; llmworks has Bert"):
        Package.load(tmp_path / "qa")
    saved(tmp_path / "free", "BERT", "ForMaskedLM", tie_word_embeddings=False)
    with pytest.raises(PackageError, match="tie_word_embeddings False is not supported"):
        Package.load(tmp_path / "free")
    saved(tmp_path / "decoder", "BERT", "ForMaskedLM", is_decoder=True)
    with pytest.raises(PackageError, match="is_decoder True is not supported"):
        Package.load(tmp_path / "decoder")
    saved(tmp_path / "extra", "RoBERTa", "ForMaskedLM")
    state = load_file(tmp_path / "extra" / "model.safetensors")
    for broken, why in (
        (state | {"surplus": torch.zeros(3)}, "not of this model: surplus"),
        ({name: t for name, t in state.items() if "layer.1.output.dense.bias" not in name}, "missing"),
    ):
        save_file(broken, tmp_path / "extra" / "model.safetensors", metadata={"format": "pt"})
        with pytest.raises(PackageError, match=why):
            Package.load(tmp_path / "extra")


def small(**changes: Any) -> Encoder:
    torch.manual_seed(0)
    values: dict[str, Any] = {
        "vocab_size": 50, "d_model": 12, "n_layers": 2, "n_heads": 3, "max_length": 16, "d_ff": 20,
        "positions": "learned", "norm": "layernorm", "norm_position": "post", "norm_bias": True,
        "activation": "gelu", "attention_bias": True, "mlp_bias": True, "embed_norm": True, "init_std": 0.3,
        "head": "mlm", "head_dense": True, "head_norm": True, "tie_embeddings": True,
    }  # fmt: skip
    return Encoder(EncoderConfig(**values | changes)).eval()


@torch.no_grad()
def test_every_position_reads_every_other() -> None:
    model, ids = small(), torch.randint(50, (1, 9))
    trace = Trace(["blocks.*.attn.pattern"])
    model(ids, trace=trace)
    for pattern in trace.tensors.values():
        assert pattern.shape == (1, 3, 9, 9)
        assert bool((pattern > 0).all())
        torch.testing.assert_close(pattern.sum(-1), torch.ones(1, 3, 9))
    changed = ids.clone()
    changed[0, -1] = (ids[0, -1] + 1) % 50
    assert not torch.allclose(model(ids)[0, 0], model(changed)[0, 0])


@torch.no_grad()
def test_interventions_hold() -> None:
    model, ids = small(pooler=True), torch.randint(50, (1, 9))
    trace = Trace(["logits", "pooled"], [Intervention("blocks.1.resid_post", "ablate")])
    logits = model(ids, trace=trace)
    expected = model.head(torch.zeros(1, 9, 12))
    torch.testing.assert_close(logits, expected)
    torch.testing.assert_close(trace.tensors["pooled"], model.pooled(torch.zeros(1, 9, 12)))


def test_inputs_that_do_not_fit() -> None:
    model, ids = small(), torch.randint(50, (2, 5))
    for given, why in (
        ({"ids": torch.randint(50, (1, 17))}, "at most 16 tokens; given 17"),
        ({"ids": ids[0]}, "batch, tokens"),
        ({"ids": ids, "mask": torch.ones(2, 4, dtype=torch.bool)}, "shape of ids"),
        ({"ids": ids, "mask": torch.tensor([[True] * 5, [False] * 5])}, "no token at all"),
        ({"ids": ids, "token_types": torch.ones(2, 5, dtype=torch.long)}, "knows no segments"),
    ):
        with pytest.raises(RequestError, match=why):
            model(given.pop("ids"), **given)
    with pytest.raises(RequestError, match="no pooler"):
        model.pooled(torch.zeros(1, 2, 12))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"head": "sequence"}, "needs labels"),
        ({"next_sentence": True}, "set pooler=True"),
        ({"logit_softcap": 3.0, "qk_norm": True}, "qk_norm, logit_softcap: only decoders"),
        ({"positions": "alibi"}, "an encoder has 'learned', 'rope' or 'none'"),
        ({"position_offset": 2}, "goes with learned positions and a pad_id"),
        ({"head_dense": False}, "head_norm without head_dense"),
        ({"norm_position": "sandwich"}, "'pre' or 'post'"),
    ],
)
def test_configs_that_cannot_be(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        small(**changes)


def test_counts() -> None:
    model = small()
    block = 4 * 12 * 12 + 4 * 12 + 2 * 12 * 20 + 20 + 12 + 4 * 12
    assert model.n_parameters() == 50 * 12 + 16 * 12 + 24 + 2 * block + 12 * 12 + 12 + 24 + 50
    matrices = 2 * (4 * 144 + 480) + 144 + 600
    assert model.flops_per_token(10, training=False) == 2 * matrices + 4 * 12 * 2 * 10
