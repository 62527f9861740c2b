"""What a model that transformers runs says of itself: its sizes, and what it keeps of the tokens before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor

from llmworks.errors import PackageError, RequestError

MOST = 2**31 - 1
INSTALL = "Install it (`pip install transformers`) to open families that llmworks does not build itself"
SIZES: dict[str, tuple[str, ...]] = {
    "vocab_size": ("vocab_size",),
    "d_model": ("hidden_size", "n_embd", "d_model", "embed_dim"),
    "n_layers": ("num_hidden_layers", "n_layer", "num_layers", "n_layers"),
    "n_heads": ("num_attention_heads", "n_head", "attention_heads", "num_heads", "n_heads"),
    "max_length": ("max_position_embeddings", "n_positions", "max_sequence_length", "seq_length", "n_ctx"),
}
UNKNOWN_LENGTH = 2048


class ForeignConfig(BaseModel):
    """The sizes of a model that transformers runs, as far as its config says them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    family: str
    vocab_size: int = Field(gt=0, le=MOST)
    d_model: int = Field(gt=0, le=MOST)
    n_layers: int = Field(gt=0, le=4096)
    n_heads: int = Field(gt=0, le=MOST)
    n_kv_heads: int = Field(gt=0, le=MOST)
    d_head: int = Field(gt=0, le=MOST)
    max_length: int = Field(gt=0, le=MOST)


def foreign_config(folder: Path, family: str, *, trust_remote_code: bool = False) -> ForeignConfig:
    """A folder's config in transformers' reading; family is its `model_type`. Raises PackageError."""
    whole = read_config(folder, family, trust_remote_code)
    if not trust_remote_code and not goes_on(family):
        raise PackageError(
            f"{folder}: {family!r} is not a family that llmworks knows, and transformers has no causal "
            "language model of it either. Take a model that goes on with a text."
        )
    said = whole.get_text_config()
    values: dict[str, Any] = {"family": str(said.model_type)}
    for ours, theirs in SIZES.items():
        found = [getattr(said, name, None) for name in theirs]
        values[ours] = next(
            (one for one in found if isinstance(one, int) and not isinstance(one, bool)), None
        )
    values["max_length"] = values["max_length"] or UNKNOWN_LENGTH
    heads = values["n_heads"] = values["n_heads"] or 1
    multi_query = getattr(said, "multi_query", False) and not getattr(said, "new_decoder_architecture", False)
    groups = getattr(said, "num_key_value_heads", None) or getattr(said, "num_kv_heads", None)
    values["n_kv_heads"] = 1 if multi_query else groups or heads
    values["d_head"] = getattr(said, "head_dim", None) or (values["d_model"] or 0) // heads
    try:
        return ForeignConfig(**values)
    except ValueError as error:
        raise PackageError(
            f"{folder / 'config.json'}: sizes that every network has are missing: {error}"
        ) from None


def goes_on(model_type: str) -> bool:
    """Whether transformers has a causal language model of this type."""
    from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES

    return model_type in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES


def read_config(folder: Path, family: str, trust_remote_code: bool) -> Any:
    """transformers' config object."""
    try:
        from transformers import AutoConfig
    except ImportError:
        raise PackageError(
            f"{folder}: {family!r} is not a family that llmworks knows; transformers may know it. {INSTALL}."
        ) from None
    try:
        return AutoConfig.from_pretrained(folder, trust_remote_code=trust_remote_code, local_files_only=True)
    except Exception as error:  # it reads what somebody else wrote, by rules of its own
        hint = ""
        if "trust_remote_code" in str(error):
            hint = " It brings code of its own: if you have read that, load it with trust_remote_code=True."
        raise PackageError(
            f"{folder}: {family!r} is not a family that llmworks knows, and transformers cannot read its "
            f"config either: {first_line(error)}.{hint}"
        ) from None


def first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300].rstrip(".")


class ForeignCache:
    """What a foreign model keeps of the tokens before: transformers' cache, or the ids to read again.

    Ids are kept where the model's own cache gives other numbers than a run without one, or where it has none.
    """

    def __init__(self, batch_size: int, max_length: int, keeps_ids: bool) -> None:
        if batch_size < 1 or max_length < 1:
            raise RequestError(f"a cache needs room; given batch_size {batch_size}, max_length {max_length}")
        self.batch_size, self.max_length, self.length = batch_size, max_length, 0
        self.store: Any = None
        self.ids: Tensor | None = None
        self.keeps_ids = keeps_ids
        self.truncate(0)

    @property
    def bytes(self) -> int:
        """Bytes held."""
        if self.keeps_ids:
            return 0 if self.ids is None else self.ids.nbytes
        held = (getattr(layer, name, None) for layer in self.store.layers for name in ("keys", "values"))
        return sum(tensor.nbytes for tensor in held if isinstance(tensor, Tensor))

    def check_room(self, batch_size: int, tokens: int) -> None:
        """Raises RequestError where `tokens` more positions of `batch_size` sequences do not fit."""
        if batch_size != self.batch_size:
            raise RequestError(f"the cache was made for {self.batch_size} sequences; given {batch_size}")
        if self.length + tokens > self.max_length:
            raise RequestError(
                f"the cache holds {self.length} of {self.max_length} tokens; {tokens} more do not fit"
            )

    def truncate(self, length: int) -> None:
        """Forgets the positions from `length` on."""
        if not 0 <= length <= self.length:
            raise RequestError(f"cannot cut a cache of {self.length} tokens to {length}")
        if self.keeps_ids:
            self.ids = None if self.ids is None else self.ids[:, :length]
        elif length == 0:
            from transformers import DynamicCache

            self.store = DynamicCache()
        elif length < self.length:
            self.store.crop(length - self.length)  # counted from the end
        self.length = length
