"""How one tensor of ours is made of theirs, and theirs of ours: joined, split, turned, reordered, stacked.

theirs ──join──► ours ──split──► theirs          exactly, since no number is computed with
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from llmworks.models.family_table import Family, Tensors
from llmworks.models.networks import AnyConfig, network_class


@dataclass(frozen=True)
class Part:
    """One of their tensors: its name and shape, and the rows of ours that it holds."""

    name: str
    shape: tuple[int, ...]
    rows: int


@dataclass(frozen=True)
class Plan:
    """How one of our tensors is made of theirs, and theirs of ours.

    `parts` are one after another along the rows; of experts kept apart there are as many for each expert.
    """

    ours: str
    rule: Tensors
    parts: tuple[Part, ...]
    experts: int
    order: Tensor | None

    @property
    def row_dim(self) -> int:
        """Which dimension counts rows, in one of their tensors."""
        return int(self.rule.stacked and not self.experts)

    def join(self, theirs: list[Tensor]) -> Tensor:
        """Ours of theirs, in the order of `parts`."""
        if self.rule.transposed:
            theirs = [tensor.transpose(-1, -2) for tensor in theirs]
        if self.experts:
            each = len(theirs) // self.experts
            groups = [theirs[start : start + each] for start in range(0, len(theirs), each)]
            return torch.stack([self.in_order(self.side_by_side(group)) for group in groups])
        return self.in_order(self.side_by_side(theirs)).contiguous()

    def side_by_side(self, tensors: list[Tensor]) -> Tensor:
        return tensors[0] if len(tensors) == 1 else torch.cat(tensors, dim=self.row_dim)

    def in_order(self, tensor: Tensor) -> Tensor:
        if self.order is None:
            return tensor
        return tensor.index_select(self.row_dim, self.order.to(tensor.device))

    def split(self, ours: Tensor) -> list[Tensor]:
        """Theirs of ours, in the order of `parts`; views where they can be."""
        wholes = list(ours.unbind(0)) if self.experts else [ours]
        if self.order is not None:
            back = torch.argsort(self.order).to(ours.device)
            wholes = [whole.index_select(self.row_dim, back) for whole in wholes]
        each = [part.rows for part in self.parts[: len(self.parts) // max(self.experts, 1)]]
        tensors = [piece for whole in wholes for piece in torch.split(whole, each, dim=self.row_dim)]
        return [tensor.transpose(-1, -2) for tensor in tensors] if self.rule.transposed else tensors


def layout(family: Family, config: AnyConfig) -> Iterator[Plan]:
    """For each of our tensors how it is kept there."""
    rules = {rule.ours: rule for rule in family.tensors}
    for ours, tensor in network_class(config).without_memory(config).state_dict().items():
        head, _, tail = ours.partition(".")
        block, _, rest = tail.partition(".")
        in_block = block.isdigit()
        rule = rules.get(f"{head}.{{i}}.{rest}" if in_block else ours, Tensors(ours, ours))
        yield plan(rule, config, ours, tuple(tensor.shape), block)


def plan(rule: Tensors, config: AnyConfig, ours: str, shape: tuple[int, ...], block: str) -> Plan:
    """The parts of one tensor of ours, of `shape`, in block number `block`."""
    theirs = (rule.theirs,) if isinstance(rule.theirs, str) else rule.theirs
    apart = rule.stacked and "{e}" in theirs[0]
    experts = shape[0] if apart else 0
    inner = shape[1:] if apart else shape
    row_dim = int(rule.stacked and not apart)
    parts = []
    for expert in range(max(experts, 1)):
        for name, rows in zip(theirs, row_counts(config, ours, len(theirs), inner[row_dim]), strict=True):
            size = (*inner[:row_dim], rows, *inner[row_dim + 1 :])
            size = (*size[:-2], size[-1], size[-2]) if rule.transposed else size
            parts.append(Part(name.format(i=block, e=expert), size, rows))
    order = None if rule.rows is None else rule.rows(config)
    return Plan(ours, rule, tuple(parts), experts, order)


def row_counts(config: Any, ours: str, count: int, rows: int) -> list[int]:
    """How many rows each of `count` tensors has that together make ours: q, k and v, or equal parts."""
    if count == 3 and ".qkv." in ours:
        return [config.n_heads * config.d_head, *[config.n_kv_heads * config.d_head] * 2]
    return [rows // count] * count
