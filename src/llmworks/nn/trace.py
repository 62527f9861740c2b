"""Trace and Intervention: look at the tensors of one run, and change them.

    trace = Trace(["blocks.*.attn.pattern"], [Intervention("blocks.3.attn.z", "ablate", heads=[2])])
    model(ids, trace=trace)
    trace.tensors["blocks.0.attn.pattern"]              # [B, H, T, S]

Every interesting tensor of a network has an address. As the run reaches one, `Trace.at` applies the
interventions there and keeps a detached copy if somebody asked for it; what flows on is the changed tensor.
A module that is called without a trace does nothing of this. The idea of named activations that can be read
and replaced is TransformerLens's (Nanda & Bloom 2022); here it is an argument, not a hook.
"""

import difflib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal, get_args

import torch
from torch import Tensor

from llmworks.errors import RequestError

Operation = Literal["ablate", "patch", "scale", "steer"]
OPERATIONS: tuple[str, ...] = get_args(Operation)


@dataclass(frozen=True, eq=False)
class Intervention:
    """One change at one address (or at all that a glob names).

    | op     | value                     | the selected part becomes          |
    |--------|---------------------------|------------------------------------|
    | ablate | none, or e.g. the mean    | 0, or the value                    |
    | patch  | a tensor or a number      | the value                          |
    | scale  | a tensor or a number      | itself times the value             |
    | steer  | a tensor or a number      | itself plus the value              |

    `positions` selects along T (the query positions of `scores` and `pattern`), `heads` along the heads of a
    [B, heads, T, …] tensor; negative numbers count from the end, None means all. Positions count within the
    run at hand: with a cache, 0 is the first new token. The value broadcasts against the selected part; a
    value with the shape of the whole tensor is cut to the same selection, so an activation recorded in
    another run can be patched in at some positions as it is.
    """

    address: str
    op: Operation
    value: Tensor | float | None = None
    positions: tuple[int, ...] | None = None
    heads: tuple[int, ...] | None = None

    def __init__(
        self,
        address: str,
        op: Operation,
        value: Tensor | float | Sequence[Any] | None = None,
        *,
        positions: Iterable[int] | None = None,
        heads: Iterable[int] | None = None,
    ) -> None:
        if not isinstance(address, str) or not address:
            raise RequestError(
                f"intervention: an address is a name such as blocks.0.attn.z; given {address!r}"
            )
        if op not in OPERATIONS:
            raise RequestError(f"intervention at {address}: op {op!r} is not one of {', '.join(OPERATIONS)}")
        if value is None and op != "ablate":
            raise RequestError(f"intervention at {address}: {op} needs a value, a number or a tensor")
        object.__setattr__(self, "address", address)
        object.__setattr__(self, "op", op)
        object.__setattr__(self, "value", as_value(value, address))
        object.__setattr__(self, "positions", as_indices(positions, address, "positions"))
        object.__setattr__(self, "heads", as_indices(heads, address, "heads"))

    def apply(self, address: str, tensor: Tensor) -> Tensor:
        """The tensor at `address` with this change; the tensor given is left as it is."""
        index = self.select(address, tensor)
        part = tensor[index]
        value = self.fit(address, tensor, part, index)
        if self.op == "scale":
            changed = part * value
        elif self.op == "steer":
            changed = part + value
        else:
            changed = torch.as_tensor(value, dtype=tensor.dtype, device=tensor.device).expand_as(part)
        if self.positions is None and self.heads is None:
            return changed
        out = tensor.clone()
        out[index] = changed
        return out

    def select(self, address: str, tensor: Tensor) -> tuple[Any, ...]:
        """The index of the selected part: batch, then heads (of a 4-d tensor), then positions."""
        if self.heads is not None and tensor.dim() != 4:
            raise RequestError(
                f"intervention at {address}: heads {list(self.heads)} were given, but the tensor there, "
                f"of shape {list(tensor.shape)}, has no heads; attn.q, k, v, scores, pattern, z have"
            )
        sizes = dict(zip(("positions", "heads"), (tensor.shape[-2], tensor.shape[1]), strict=True))
        for name, size in sizes.items():
            for item in getattr(self, name) or ():
                if not -size <= item < size:
                    raise RequestError(
                        f"intervention at {address}: {name} {item} is not within the {size} there"
                    )
        everything = slice(None)
        heads: Any = everything if self.heads is None else torch.tensor(self.heads, device=tensor.device)
        positions: Any = everything
        if self.positions is not None:
            positions = torch.tensor(self.positions, device=tensor.device)
        if tensor.dim() != 4:
            return everything, positions
        if self.heads is not None and self.positions is not None:
            heads = heads[:, None]
        return everything, heads, positions

    def fit(self, address: str, tensor: Tensor, part: Tensor, index: tuple[Any, ...]) -> Tensor | float:
        """The value as it meets the selected part, or RequestError where the shapes do not go together."""
        if not isinstance(self.value, Tensor):
            return 0.0 if self.value is None else self.value
        value = self.value.to(device=tensor.device, dtype=tensor.dtype)
        try:
            return value.expand_as(part)
        except RuntimeError:
            if value.shape == tensor.shape:
                return value[index]
            raise RequestError(
                f"intervention at {address}: a value of shape {list(value.shape)} does not fit the selected "
                f"part of shape {list(part.shape)} (the whole tensor is {list(tensor.shape)})"
            ) from None

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; tensors become nested lists. Float32 values survive the round trip exactly."""
        value = self.value.tolist() if isinstance(self.value, Tensor) else self.value
        out: dict[str, Any] = {"address": self.address, "op": self.op}
        for name, item in (("value", value), ("positions", self.positions), ("heads", self.heads)):
            if item is not None:
                out[name] = list(item) if isinstance(item, tuple) else item
        return out

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Intervention":
        """The inverse of `to_dict`; RequestError where a key is unknown or missing."""
        if not isinstance(data, dict):
            raise RequestError(f"intervention: expected an object with address and op; given {data!r:.80}")
        known = {"address", "op", "value", "positions", "heads"}
        faults = [f"{key!r} is unknown" for key in sorted(set(data) - known)]
        faults += [f"{key!r} is missing" for key in sorted({"address", "op"} - set(data))]
        if faults:
            raise RequestError(f"intervention: {', '.join(faults)}; the keys are {', '.join(sorted(known))}")
        return cls(**data)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Intervention) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash((self.address, self.op, self.positions, self.heads))


def as_value(value: Any, address: str) -> Tensor | float | None:
    """A number stays a number, nested lists become a float32 tensor."""
    if value is None or isinstance(value, Tensor):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    try:
        return torch.as_tensor(value, dtype=torch.float32)
    except (TypeError, ValueError, RuntimeError):
        raise RequestError(
            f"intervention at {address}: the value must be a number, a tensor or evenly nested lists of "
            f"numbers; given {value!r:.80}"
        ) from None


def as_indices(items: Any, address: str, name: str) -> tuple[int, ...] | None:
    """A tuple of ints, or None."""
    if items is None:
        return None
    indices = tuple(items) if isinstance(items, Iterable) and not isinstance(items, str) else ()
    if not indices or any(not isinstance(item, int) or isinstance(item, bool) for item in indices):
        raise RequestError(f"intervention at {address}: {name} must list whole numbers; given {items!r:.80}")
    return indices


class Trace:
    """What to record and what to change in one run, and what was recorded.

    `addresses` and the interventions' addresses may be globs (`blocks.*.attn.pattern`). Where several
    interventions meet one address they apply in the order given, and what is recorded is the result.
    A trace may serve several runs; `tensors` then holds the last one's.
    """

    def __init__(self, addresses: Iterable[str] = (), interventions: Iterable[Intervention] = ()) -> None:
        if isinstance(addresses, str):
            addresses = (addresses,)
        self.addresses = tuple(addresses)
        self.interventions = tuple(interventions)
        self.tensors: dict[str, Tensor] = {}
        self._known: tuple[str, ...] = ()
        self._recorded: frozenset[str] = frozenset()
        self._changes: dict[str, list[Intervention]] = {}

    def start(self, known: Sequence[str]) -> None:
        """Called by a network as its run begins: settles the globs against the addresses that it has.

        Raises RequestError for an address, or a glob, that names nothing.
        """
        self.tensors.clear()
        if self._known == tuple(known):
            return
        recorded = {name for pattern in self.addresses for name in matching(pattern, known)}
        changes: dict[str, list[Intervention]] = {}
        for change in self.interventions:
            for name in matching(change.address, known):
                changes.setdefault(name, []).append(change)
        self._known, self._recorded, self._changes = tuple(known), frozenset(recorded), changes

    def wants(self, address: str) -> bool:
        """Whether somebody records or changes this address: a network may take a faster way round if not."""
        return address in self._recorded or address in self._changes

    def changes(self, address: str) -> bool:
        """Whether an intervention is to change this address."""
        return address in self._changes

    def at(self, address: str, tensor: Tensor) -> Tensor:
        """The run has reached `address`: change the tensor, keep a detached copy of it, pass it on."""
        for change in self._changes.get(address, ()):
            tensor = change.apply(address, tensor)
        if address in self._recorded:
            self.tensors[address] = tensor.detach()
        return tensor


def matching(pattern: str, known: Collection[str]) -> list[str]:
    """The addresses that a name or glob stands for; RequestError with the nearest ones if there are none."""
    found = [name for name in known if fnmatchcase(name, pattern)]
    if not found:
        near = difflib.get_close_matches(pattern, known, n=3)
        hint = f"; near it: {', '.join(near)}" if near else ""
        raise RequestError(
            f"no tensor has the address {pattern!r}{hint}; model.addresses() lists all {len(known)}"
        )
    return found
