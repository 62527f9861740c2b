"""The weights: whether they are the config's, and whether their numbers can be a trained model's."""

from __future__ import annotations

import hashlib
from collections import Counter

import torch
from torch import Tensor

from llmworks.errors import LLMWorksError
from llmworks.models.families import state_from_hf
from llmworks.packages.doctor.findings import Report
from llmworks.packages.doctor.parts import Parts
from llmworks.packages.package import check_config
from llmworks.packages.safetensors_file import WeightSource, shorten

HEADS = ("lm_head.weight", "embed_out.weight", "output.weight")
EMBEDDINGS = ("embed_tokens.weight", "wte.weight", "word_embeddings.weight", "embed_in.weight")


def check_numbers(parts: Parts, report: Report) -> None:
    if parts.weights is None:
        return
    if parts.config is not None and parts.path.is_dir():
        _fits(parts, parts.weights, report)
    _values(parts.weights, report)
    _types(parts.weights, report)
    _tied(parts, parts.weights, report)


def _fits(parts: Parts, weights: WeightSource, report: Report) -> None:
    """Every tensor that the config asks for is there in its shape, and no other."""
    assert parts.hf_config is not None
    tied = parts.hf_config.get("tie_word_embeddings")

    def outline(name: str) -> Tensor:
        entry = weights.entry(name)
        return torch.empty(entry.shape, dtype=entry.torch_dtype, device="meta")

    # A tied head's own copy is compared by its numbers, in `_tied`.
    names = [name for name in weights if not (tied and name in HEADS)]
    try:
        check_config(parts.path, parts.hf_config, weights)
        state_from_hf(parts.hf_config, outline, names)
    except (LLMWorksError, RuntimeError, NotImplementedError) as error:
        if isinstance(error, LLMWorksError):
            report.fault(
                "config-weights",
                f"the model does not load: {error}",
                "config.json and the weights are not of one model, or tensors were lost or renamed",
                "take both from the same place; write them together",
            )


def _values(weights: WeightSource, report: Report) -> None:
    broken, constant = [], []
    copies: dict[tuple[tuple[int, ...], str], list[str]] = {}
    for name in weights:
        tensor = weights[name]
        if not tensor.is_floating_point() or not tensor.numel():
            continue
        low, high = tensor.float().aminmax()
        if not (torch.isfinite(low) and torch.isfinite(high)):
            broken.append(name)
        elif tensor.ndim >= 2 and tensor.numel() > 1:
            if low == high:
                constant.append(f"{name} (all {low.item():g})")
            else:
                data = tensor.contiguous().view(torch.uint8).numpy().tobytes()
                key = (tuple(tensor.shape), hashlib.sha256(data).hexdigest())
                copies.setdefault(key, []).append(name)
    if broken:
        report.fault(
            "not-finite",
            "the model gives noise, or nothing",
            f"{len(broken)} tensors hold NaN or infinity: {shorten(broken)}",
            "the training diverged, or the file is damaged: take an earlier checkpoint or fetch it again",
        )
    if constant:
        report.fault(
            "constant",
            "the model gives nonsense",
            f"{len(constant)} matrices hold one number everywhere: {shorten(constant)}",
            "they were never filled: fetch the weights again, or look into how they were converted",
        )
    _copies([names for names in copies.values() if len(names) > 1], report)


def _copies(groups: list[list[str]], report: Report) -> None:
    twice = [names for names in groups if not _is_tie(names)]
    if twice:
        report.fault(
            "duplicated",
            "the model is weaker than its size",
            f"tensors that should differ are the same: {'; '.join(' = '.join(names) for names in twice[:4])}",
            "a layer was copied over another in a conversion or a merge: convert again",
        )


def _is_tie(names: list[str]) -> bool:
    """The embedding and the head may be one."""
    return all(name.endswith((*HEADS, *EMBEDDINGS, "decoder.weight", "token_embd.weight")) for name in names)


def _types(weights: WeightSource, report: Report) -> None:
    types = Counter(weights.entry(name).torch_dtype for name in weights)
    if torch.float64 in types:
        report.fault(
            "dtype",
            "the model needs twice the memory, or fails where float64 is not known",
            f"{types[torch.float64]} tensors are stored as float64",
            "save the weights in bfloat16 or float32",
        )
    real = {kind for kind in types if kind.is_floating_point} - {torch.float32, torch.float64}
    if {torch.float16, torch.bfloat16} <= real:
        report.note(
            "dtype-mixed",
            "parts of the model are computed with other precision than the rest",
            "tensors of float16 and of bfloat16 stand side by side",
            "save all in one type",
        )


def _tied(parts: Parts, weights: WeightSource, report: Report) -> None:
    tie = (parts.hf_config or {}).get("tie_word_embeddings")
    heads = [name for name in weights if name in HEADS]
    embeddings = [name for name in weights if name.endswith(EMBEDDINGS)]
    if len(heads) != 1 or len(embeddings) != 1 or not tie:
        return
    head, embedding = weights[heads[0]], weights[embeddings[0]]
    if head.shape != embedding.shape or not torch.equal(head, embedding):
        report.fault(
            "tied",
            "the model is not the one that was trained: its own output matrix is ignored",
            f"config.json ties the embeddings, but {heads[0]} and {embeddings[0]} differ",
            "set tie_word_embeddings to false",
        )
