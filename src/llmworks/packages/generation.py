"""GenerationDefaults: how a model's authors want it run, and its boundary tokens (generation_config.json)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from llmworks.errors import PackageError


class GenerationDefaults(BaseModel, frozen=True, extra="forbid"):
    """What a request gets that does not say otherwise; None means that the package does not say either.

    Attributes:
        bos_id: the token before every text, if the model was trained with one.
        eos_ids: any of these ends a generation.
        pad_id: fills the rest of a row in a batch.
        temperature, top_k, top_p, min_p, repetition_penalty: as in SamplingParams; temperature 0 is greedy.
        max_tokens: new tokens at most.
    """

    model_config = ConfigDict(allow_inf_nan=False, strict=True)

    bos_id: int | None = Field(default=None, ge=0)
    eos_ids: tuple[int, ...] = ()
    pad_id: int | None = Field(default=None, ge=0)
    temperature: float | None = Field(default=None, ge=0)
    top_k: int | None = Field(default=None, ge=0)
    top_p: float | None = Field(default=None, gt=0, le=1)
    min_p: float | None = Field(default=None, ge=0, le=1)
    repetition_penalty: float | None = Field(default=None, gt=0)
    max_tokens: int | None = Field(default=None, gt=0)

    @field_validator("eos_ids")
    @classmethod
    def _natural(cls, ids: tuple[int, ...]) -> tuple[int, ...]:
        if any(id < 0 for id in ids):
            raise ValueError("a token id is not negative")
        return ids

    @classmethod
    def from_hf(cls, file: Mapping[str, Any], config: Mapping[str, Any], where: str) -> GenerationDefaults:
        """From generation_config.json (`file`) and, for ids that it leaves out, config.json."""
        ids = {name: _first(file, config, name) for name in ("bos_token_id", "eos_token_id", "pad_token_id")}
        eos = ids["eos_token_id"]
        eos_ids = () if eos is None else tuple(eos) if isinstance(eos, list) else (eos,)
        greedy = file.get("do_sample") is False and file.get("temperature") in (None, 1.0)
        try:
            return cls(
                bos_id=ids["bos_token_id"],
                eos_ids=eos_ids,
                pad_id=None if ids["pad_token_id"] == -1 else ids["pad_token_id"],  # old files: no padding
                temperature=0.0 if greedy else file.get("temperature"),
                top_k=file.get("top_k"),
                top_p=file.get("top_p"),
                min_p=file.get("min_p"),
                repetition_penalty=file.get("repetition_penalty"),
                max_tokens=file.get("max_new_tokens"),
            )
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
            name = ".".join(map(str, fault["loc"]))
            raise PackageError(
                f"{where}: {name} is {str(fault['input'])[:60]!r}: {fault['msg'].lower()}. Correct the file."
            ) from None

    def to_hf(self) -> dict[str, Any]:
        """generation_config.json; what is not said is left out."""
        eos: Any = list(self.eos_ids) if len(self.eos_ids) > 1 else next(iter(self.eos_ids), None)
        sampled = any(value is not None for value in (self.temperature, self.top_k, self.top_p, self.min_p))
        said = {
            "bos_token_id": self.bos_id,
            "eos_token_id": eos,
            "pad_token_id": self.pad_id,
            "do_sample": self.temperature != 0 if sampled else None,
            "temperature": self.temperature or None,
            "top_k": self.top_k,
            "top_p": self.top_p,
            "min_p": self.min_p,
            "repetition_penalty": self.repetition_penalty,
            "max_new_tokens": self.max_tokens,
        }
        return {name: value for name, value in said.items() if value is not None}


def _first(file: Mapping[str, Any], config: Mapping[str, Any], name: str) -> Any:
    value = file.get(name)
    return config.get(name) if value is None else value
