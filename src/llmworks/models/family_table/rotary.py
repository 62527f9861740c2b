"""Rotary positions as one entry of a family's table; `models/rope_config.py` reads and writes the words.

What differs by family: the names that older files use, the values of absent keys, whether a part of a head
may be rotated, and whether sliding layers have a base of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from llmworks.errors import ConfigError
from llmworks.models.rope_config import NESTED, read_rotary, write_rotary


@dataclass(frozen=True)
class Rope:
    """The base, the rotated share of a head, the scaling; with `by_kind` another base in sliding layers.

    base, share, local_base: their names beside `rope_parameters`; share is "" where whole heads are rotated.
    local_theta: of sliding layers where nothing is said; None: as full ones. original_length: what the
    scaling takes as the trained length where nothing is said, and then also writes (Phi-3).
    """

    theta: float = 10_000.0
    base: str = "rope_theta"
    share: str = ""
    default_share: float = 1.0
    by_kind: bool = False
    local_base: str = "rope_local_base_freq"
    local_theta: float | None = None
    original_length: int | None = None
    ours: str = "rope_theta"

    @property
    def names(self) -> tuple[str, ...]:
        optional = [self.share, self.local_base if self.by_kind else ""]
        always = (self.base, "rope_parameters", "rope_scaling", "original_max_position_embeddings")
        return (*always, *(name for name in optional if name))

    def read(self, hf: Mapping[str, Any], values: Mapping[str, Any], where: str) -> dict[str, Any]:
        told = (hf.get(name) for name in ("rope_parameters", "rope_scaling"))
        nested = any(isinstance(said, Mapping) and set(NESTED) & set(said) for said in told)
        if nested and not self.by_kind:
            raise ConfigError(f"{where}: rope_parameters by kind of layer are not supported in this family")
        said = read_rotary(self.renamed(hf), where, theta=self.theta, original_length=self.original_length)
        share = said.setdefault("rope_fraction", self.default_share)
        if share != 1.0 and not self.share:
            raise ConfigError(
                f"{where}: partial_rotary_factor {share!r:.40}: this family rotates whole heads"
            )
        local = said.pop("rope_theta_local", self.local_theta)
        if self.by_kind:
            local = said["rope_theta"] if local is None else local
            same = local == said["rope_theta"] and said["rope_scaling"] is None
            said["rope_theta_local"] = None if same else local
        return said

    def renamed(self, hf: Mapping[str, Any]) -> dict[str, Any]:
        """Their config with the names that most families use."""
        names = {
            "rope_theta": self.base,
            "partial_rotary_factor": self.share or "partial_rotary_factor",
            "rope_local_base_freq": self.local_base,
        }
        plain = {name: value for name, value in hf.items() if name not in names}
        return plain | {name: hf[theirs] for name, theirs in names.items() if theirs in hf}

    def write(self, config: Any) -> dict[str, Any]:
        if self.by_kind and config.rope_theta_local is None:
            config = config.model_copy(update={"rope_theta_local": config.rope_theta})
        hf = write_rotary(config)
        hf[self.base] = hf.pop("rope_theta")
        if "rope_local_base_freq" in hf:
            hf[self.local_base] = hf.pop("rope_local_base_freq")
        hf.pop("partial_rotary_factor", None)
        if self.share:
            hf[self.share] = config.rope_fraction
            hf["rope_parameters"]["partial_rotary_factor"] = config.rope_fraction
        if self.original_length is not None:
            trained = None if config.rope_scaling is None else config.rope_scaling.original_length
            hf["original_max_position_embeddings"] = trained or config.max_length
        return hf
