"""Planner: the memory that running a model takes, term by term, before anything is loaded.

    total = (weights + cache + activations + overhead) · (1 + margin)

    7 billion with 32 key/value heads at 128K in 16 bits: 13.5 + 64 GiB; with 8 heads 15 + 16 GiB, and in
    4.5-bit weights that fits a card of 24 GB                             (catalogue row 70)

Weights and cache are exact. Activations are those of reading the prompt in chunks, as engines do, counted
at the widest place of a block; the overhead is a guess at what Python, PyTorch and a device's context take.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from llmworks.errors import RequestError
from llmworks.models.anatomy import Anatomy, TensorGroup

OVERHEAD = 512 * 2**20
MARGIN = 0.05
CHUNK = 512
MOST_CONTEXT, MOST_BATCH = 2**40, 2**20


class Storage(Protocol):
    """A way to keep numbers: `block` of them in `nbytes` bytes; a GGUF tensor type is one."""

    @property
    def name(self) -> str: ...
    @property
    def block(self) -> int: ...
    @property
    def nbytes(self) -> float: ...


@dataclass(frozen=True)
class Plain:
    """A storage of our own list."""

    name: str
    block: int
    nbytes: float


F32 = Plain("f32", 1, 4)
PLAIN = {
    "f32": F32, "fp32": F32, "float32": F32, "f16": Plain("f16", 1, 2), "fp16": Plain("f16", 1, 2),
    "bf16": Plain("bf16", 1, 2), "bfloat16": Plain("bf16", 1, 2), "float16": Plain("f16", 1, 2),
    "fp8": Plain("fp8", 1, 1), "int8": Plain("int8", 1, 1), "int4": Plain("int4", 1, 0.5),
    "q8_0": Plain("q8_0", 32, 34), "q4_0": Plain("q4_0", 32, 18),
}  # fmt: skip
"""By name; weights may also be in any type of GGUF, or in a number of bits."""


def storage(name: str, known: Mapping[str, Storage] | None = None) -> Storage:
    """The storage of that name; `known` ones beside our own; a number is bits a weight."""
    asked = name.strip().lower()
    found: Storage | None = PLAIN.get(asked) or (known or {}).get(asked.upper()) or (known or {}).get(asked)
    if found is not None:
        return found
    if re.fullmatch(r"\d{1,2}(\.\d{1,4})?", asked) and 0 < float(asked) <= 64:
        return Plain(f"{asked} bits", 1, float(asked) / 8)
    names = ", ".join(dict.fromkeys([*PLAIN, *(other.lower() for other in known or {})]))
    raise RequestError(f"{name!r} is no way to keep numbers; there are {names}, or a number of bits a weight")


def weight_bytes(groups: tuple[TensorGroup, ...], kept: Storage) -> int:
    """Bytes of all tensors: matrices in `kept`, what is small or delicate (vectors, routers) in float32 where
    that packs in blocks; a row that does not divide into blocks in 16 bits."""
    total = 0.0
    packs = kept.block > 1 or kept.nbytes < 2
    for group in groups:
        matrix = len(group.shape) >= 2 and not group.name.endswith("_bias") and group.part != "router"
        if not matrix and packs:
            total += 4 * group.numel
        elif group.shape and group.shape[-1] % kept.block:
            total += 2 * group.numel
        else:
            total += group.numel / kept.block * kept.nbytes
    return round(total)


@dataclass(frozen=True)
class MemoryPlan:
    """Bytes by term for `batch` texts of `context` tokens."""

    context: int
    batch: int
    weights_in: str
    cache_in: str
    weights: int
    cache: int
    activations: int
    overhead: int
    margin: int
    memory: int | None = None
    longest: int | None = None
    """Tokens of context that still fit `memory`; None where nothing was said or any number does."""

    @property
    def total(self) -> int:
        return self.weights + self.cache + self.activations + self.overhead + self.margin

    @property
    def fits(self) -> bool | None:
        """Whether it goes into `memory`; None where that was not said."""
        return None if self.memory is None else self.total <= self.memory

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        terms = ("weights", "cache", "activations", "overhead", "margin", "total", "memory", "fits")
        return {
            "context": self.context,
            "batch": self.batch,
            "weights_in": self.weights_in,
            "cache_in": self.cache_in,
            **{name: getattr(self, name) for name in terms},
            "longest_context": self.longest,
        }


@dataclass(frozen=True)
class Planner:
    """One model in one way of keeping it: what a context and a batch take.

    stored: the weights' bytes where they are known (a file's), instead of `weights`. forget: sliding blocks
    let go of what is beyond their window.
    """

    model: Anatomy
    weights: Storage = PLAIN["bf16"]
    cache: Storage = PLAIN["f16"]
    stored: int | None = None
    forget: bool = True
    overhead: int = OVERHEAD
    margin: float = MARGIN

    def __post_init__(self) -> None:
        if not 0 <= self.margin <= 10:
            raise RequestError(f"the margin is a share such as 0.05; given {self.margin}")
        if self.overhead < 0:
            raise RequestError(f"the overhead cannot be {self.overhead} bytes")

    def plan(self, context: int, batch: int = 1, memory: int | None = None) -> MemoryPlan:
        """The terms; with `memory`, whether they fit and how long a context would."""
        if not 0 < context <= MOST_CONTEXT or not 0 < batch <= MOST_BATCH:
            raise RequestError(
                f"a plan needs a context and a batch of at least 1 (at most {MOST_CONTEXT:,} and "
                f"{MOST_BATCH:,}); given {context:,} and {batch:,}"
            )
        kept = self.stored if self.stored is not None else weight_bytes(self.model.groups, self.weights)
        cache, activations = self.cache_bytes(context) * batch, self.activation_bytes(context, batch)
        together = kept + cache + activations + self.overhead
        made = MemoryPlan(
            context, batch, self.weights.name, self.cache.name, kept, cache, activations, self.overhead,
            round(together * self.margin), memory,
        )  # fmt: skip
        return made if memory is None else replace(made, longest=self.longest(batch, memory))

    def cache_bytes(self, context: int) -> int:
        """Of one text."""
        numbers = self.model.kv_numbers(context, forget=self.forget)
        return round(numbers / self.cache.block * self.cache.nbytes) + self.model.state_bytes

    def activation_bytes(self, context: int, batch: int) -> int:
        """Of one chunk of each text, its scores where they are held, and the last logits.

        In 16 bits, or in 32 where the weights are.
        """
        model, chunk = self.model, min(context, CHUNK)
        numbers = model.width * chunk + model.unfolded_width * context
        scores = 3 * 4 * model.score_heads * chunk * context
        mask = 2 * chunk * context
        width = 4 if self.weights.name == "f32" else 2
        return batch * (width * numbers + scores + 4 * model.vocab_size) + mask

    def longest(self, batch: int, memory: int) -> int | None:
        """The longest context that fits, 0 if none does, None if the past takes no room that grows."""

        def fits(context: int) -> bool:
            return self.plan(context, batch).total <= memory

        if not fits(1):
            return 0
        if fits(MOST_CONTEXT):
            return None
        low, high = 1, MOST_CONTEXT
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if fits(middle) else (low, middle)
        return low

    def remedies(self, context: int, batch: int, memory: int) -> list[MemoryPlan]:
        """Lighter ways with which it would fit: for each way to keep the cache the heaviest weights."""
        found: list[MemoryPlan] = []
        now = self.plan(context, batch)
        for cache in ("f16", "q8_0", "q4_0"):
            for weights in ("bf16", "q8_0", "4.5"):
                lighter = replace(self, weights=storage(weights), cache=storage(cache), stored=None)
                plan = lighter.plan(context, batch, memory)
                if plan.fits and plan.weights <= now.weights and plan.cache <= now.cache:
                    if not found or plan.weights > found[-1].weights:
                        found.append(plan)
                    break
        return found


UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12,
         "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40,
         "KIB": 2**10, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40}  # fmt: skip


def read_bytes(text: str) -> int:
    """'24GB' → 24·10⁹, '24GiB' and '24G' → 24·2³⁰."""
    found = re.fullmatch(r"\s*(\d{1,15}(?:\.\d{1,6})?)\s*([A-Za-z]{0,3})\s*", text)
    if found is None or found.group(2).upper() not in UNITS:
        raise RequestError(f"{text!r} is no amount of memory; write it as 24GB (10⁹) or 24GiB (2³⁰)")
    return round(float(found.group(1)) * UNITS[found.group(2).upper()])


def read_tokens(text: str) -> int:
    """'128K' → 131,072, '1M' → 1,048,576, '4096' → 4,096."""
    found = re.fullmatch(r"\s*(\d{1,12})\s*([kKmM]?)\s*", text)
    if found is None or not int(found.group(1)):
        raise RequestError(f"{text!r} is no number of tokens; write it as 4096 or 128K (of 1,024)")
    return int(found.group(1)) * {"": 1, "k": 2**10, "m": 2**20}[found.group(2).lower()]
