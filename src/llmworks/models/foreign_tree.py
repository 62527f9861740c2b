"""The module tree of a stranger: which of its modules is what, found by watching one short run.

    embedding → block (norm → attention, norm → feed-forward) × n → norm → head

Names in other people's code differ, so a guess by name is believed only if the tensors bear it out: a norm is
the attention's because the attention reads what it gives; what attention and feed-forward give is what a
block adds to the stream because their sum is. Where they do not, the address is unreachable, and it says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

ATTENTION = re.compile(r"attn|attention", re.IGNORECASE)
FEED_FORWARD = re.compile(r"mlp|ffn|ff$|feed_?forward|moe|experts|^fc2$", re.IGNORECASE)
NORM = re.compile(r"norm|^ln", re.IGNORECASE)
BLOCK_PARTS = ("attn_norm", "attn_out", "mlp_norm", "mlp_out")


@dataclass
class Seen:
    """What went into a module and came out: `given` and `made` themselves, `before` and `after` copies."""

    given: Tensor | None
    made: Tensor | None
    before: Tensor | None
    after: Tensor | None


@dataclass
class Tree:
    """The modules behind the addresses. parts: for each block, name → module. missing: name → why not."""

    embed: nn.Module
    blocks: list[nn.Module]
    parts: list[dict[str, nn.Module]] = field(default_factory=list)
    attention: list[nn.Module] = field(default_factory=list)
    final_norm: nn.Module | None = None
    head: nn.Module | None = None
    splits: bool = False
    """Whether the logits are just the head's product with what it reads."""
    missing: dict[str, str] = field(default_factory=dict)


def first_tensor(args: Any, kwargs: Mapping[str, Any] | None = None) -> Tensor | None:
    """The tensor that a module mainly reads or gives."""
    if isinstance(args, Tensor):
        return args
    for value in (*(args if isinstance(args, tuple | list) else ()), *(kwargs or {}).values()):
        if isinstance(value, Tensor) and value.is_floating_point():
            return value
    return None


@contextmanager
def watching(model: nn.Module) -> Iterator[dict[nn.Module, Seen]]:
    """Within the block, the last call of each module is noted."""
    seen: dict[nn.Module, Seen] = {}
    before: dict[nn.Module, tuple[Tensor | None, Tensor | None]] = {}

    def enter(module: nn.Module, args: Any, kwargs: Any) -> None:
        tensor = first_tensor(args, kwargs)
        before[module] = tensor, None if tensor is None else tensor.clone()

    def leave(module: nn.Module, args: Any, kwargs: Any, output: Any) -> None:
        made = first_tensor(output)
        given, copy = before.pop(module, (None, None))
        seen[module] = Seen(given, made, copy, None if made is None else made.clone())

    handles = [module.register_forward_pre_hook(enter, with_kwargs=True) for module in model.modules()]
    handles += [module.register_forward_hook(leave, with_kwargs=True) for module in model.modules()]
    try:
        yield seen
    finally:
        for handle in handles:
            handle.remove()


def find_blocks(model: nn.Module, n_layers: int) -> list[nn.Module]:
    """The list of equal modules, as many as there are layers, that holds most of the weights."""
    lists = [list(m) for m in model.modules() if isinstance(m, nn.ModuleList) and len(m) == n_layers]
    same = [blocks for blocks in lists if len({type(block) for block in blocks}) == 1]
    return max(
        same or lists, key=lambda blocks: sum(p.numel() for b in blocks for p in b.parameters()), default=[]
    )


def read_tree(model: Any, n_layers: int, seen: Mapping[nn.Module, Seen], logits: Tensor) -> Tree:
    """What the watched run tells of the modules."""
    tree = Tree(
        model.get_input_embeddings(), find_blocks(model, n_layers), head=model.get_output_embeddings()
    )
    if not tree.blocks:
        tree.missing["blocks.*"] = f"its module tree holds no list of {n_layers} blocks"
    for block in tree.blocks:
        tree.parts.append(block_parts(block, seen, tree))
    common = set.intersection(*(set(parts) for parts in tree.parts)) if tree.parts else set()
    tree.parts = [{name: parts[name] for name in parts if name in common} for parts in tree.parts]
    check_sums(tree, seen)
    check_stream(tree, seen)
    read_end(model, tree, seen, logits)
    for name in BLOCK_PARTS:
        if tree.blocks and not all(name in parts for parts in tree.parts):
            tree.missing.setdefault(f"blocks.*.{name}", "no module of its own gives it")
    return tree


def block_parts(block: nn.Module, seen: Mapping[nn.Module, Seen], tree: Tree) -> dict[str, nn.Module]:
    """The modules of one block, by our names."""
    called = [(name, child) for name, child in block.named_children() if child in seen]
    norms = [child for name, child in called if is_norm(name, child)]
    others = [(name, child) for name, child in called if not is_norm(name, child)]
    attention = next((child for name, child in others if ATTENTION.search(name)), None)
    feed_forward = next(
        (child for name, child in others if FEED_FORWARD.search(name) and not ATTENTION.search(name)), None
    )
    parts: dict[str, nn.Module] = {}
    if attention is not None:
        tree.attention.append(attention)
        parts["attn_out"] = attention
        if (norm := source(seen[attention].given, norms, seen)) is not None:
            parts["attn_norm"] = norm
    if feed_forward is not None:
        parts["mlp_out"] = feed_forward
        # Where the feed-forward is two matrices of the block itself, the first of them is what reads.
        entry = getattr(block, "fc1", None) if isinstance(feed_forward, nn.Linear) else feed_forward
        norm = source(seen[entry].given, norms, seen) if entry is not None and entry in seen else None
        if norm is not None and norm is parts.get("attn_norm"):
            tree.missing["blocks.*.mlp_norm"] = "attention and feed-forward read one norm: see attn_norm"
        elif norm is not None:
            parts["mlp_norm"] = norm
    return parts


def is_norm(name: str, module: nn.Module) -> bool:
    return "norm" in type(module).__name__.lower() or (
        NORM.search(name) is not None and not list(module.children())
    )


def source(read: Tensor | None, norms: list[nn.Module], seen: Mapping[nn.Module, Seen]) -> nn.Module | None:
    """The norm whose output this is: the same object, else the same numbers."""
    if read is None:
        return None
    for norm in norms:
        if seen[norm].made is read:
            return norm
    return next((norm for norm in norms if same(seen[norm].after, read)), None)


def same(one: Tensor | None, other: Tensor | None) -> bool:
    """The same numbers in the same order."""
    return (
        one is not None and other is not None and one.numel() == other.numel()
        and torch.equal(one.reshape(-1), other.reshape(-1))
    )  # fmt: skip


def check_sums(tree: Tree, seen: Mapping[nn.Module, Seen]) -> None:
    """Attention's and feed-forward's outputs keep their names only if the block adds them as they are."""
    for block, parts in zip(tree.blocks, tree.parts, strict=True):
        if block not in seen or not {"attn_out", "mlp_out"} <= set(parts):
            continue
        begin, end = seen[block].before, seen[block].after
        branches = [seen[parts[name]].after for name in ("attn_out", "mlp_out")]
        if begin is None or end is None or any(branch is None for branch in branches):
            continue
        total = begin + sum(branch.reshape(begin.shape) for branch in branches if branch is not None)
        if total.shape == end.shape and torch.allclose(
            total, end, rtol=1e-3, atol=1e-4 * float(end.abs().max())
        ):
            continue
        why = "what the module gives is not what the block adds to the stream: it is scaled or normed first"
        for other in tree.parts:
            for name in ("attn_out", "mlp_out"):
                other.pop(name, None)
                tree.missing[f"blocks.*.{name}"] = why
        return


def check_stream(tree: Tree, seen: Mapping[nn.Module, Seen]) -> None:
    """A block must read just what the one before it gave; else the stream is not theirs alone."""
    for one, other in zip(tree.blocks, tree.blocks[1:], strict=False):
        if one not in seen or other not in seen or not same(seen[one].after, seen[other].before):
            tree.missing["blocks.*"] = "its blocks do not hand one stream from each to the next"
            tree.blocks, tree.parts = [], []
            return


def read_end(model: Any, tree: Tree, seen: Mapping[nn.Module, Seen], logits: Tensor) -> None:
    """The last norm, and whether the head is a plain product."""
    if tree.head is None or tree.head not in seen:
        tree.head = None
        tree.missing["final_norm"] = "its head is no module of its own"
        return
    read = seen[tree.head].before
    inside = {module for block in tree.blocks for module in block.modules()}
    norms = [
        m
        for name, m in model.named_modules()
        if m in seen and m not in inside and is_norm(name.rpartition(".")[2], m)
    ]
    tree.final_norm = source(read, norms, seen)
    if tree.final_norm is None:
        tree.missing["final_norm"] = "no norm gives what the head reads"
    tree.splits = same(seen[tree.head].after, logits)
