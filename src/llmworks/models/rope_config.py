"""What a config.json says of rotary positions, in the words of transformers 4 and of 5.

    4   "rope_theta": 500000.0, "partial_rotary_factor": 0.5, "rope_scaling": {"type": "linear", "factor": 8}
    5   "rope_parameters": {"rope_type": "linear", "rope_theta": 500000.0, "factor": 8.0, …}, or one such
        dictionary for each kind of layer: {"full_attention": {…}, "sliding_attention": {…}}   (Gemma 3)

Both are read, and both are written, so that older and newer readers find theirs. Where two places contradict
each other the config is refused: one of the two would silently give other logits.
"""

from collections.abc import Mapping
from typing import Any

from llmworks.errors import ConfigError
from llmworks.models.config import ModelConfig
from llmworks.nn.rope_frequencies import folded_theta
from llmworks.nn.rope_scaling import RotaryScaling

NESTED = ("full_attention", "sliding_attention")
ORIGINAL = "original_max_position_embeddings"


def read_rotary(
    hf_config: Mapping[str, Any], where: str, *, theta: float = 10_000.0, original_length: int | None = None
) -> dict[str, Any]:
    """Our `rope_theta`, `rope_scaling`, and, where said, `rope_fraction`, `rope_theta_local`, `max_length`.

    theta, original_length: what the family takes where the config is silent. Raises ConfigError.
    """
    full, sliding = parameters(hf_config, where)
    for name, part in (("rope_scaling", full), ("sliding_attention", sliding)):
        for key in ("rope_theta", "partial_rotary_factor"):
            if not isinstance(part.get(key, 1.0), int | float):
                raise ConfigError(f"{where}: {name}: {key} must be a number; given {part[key]!r:.80}")
    fields: dict[str, Any] = {"rope_theta": either(hf_config, full, "rope_theta", where, theta)}
    fraction = either(hf_config, full, "partial_rotary_factor", where, None)
    if fraction is not None:
        fields["rope_fraction"] = fraction
    local = sliding.get("rope_theta", hf_config.get("rope_local_base_freq"))
    if local is not None:
        fields["rope_theta_local"] = local
    if RotaryScaling.from_hf(sliding, max_length=1, where=where) is not None:
        raise ConfigError(f"{where}: rotary scaling of sliding layers is not supported, only of full ones")
    max_length = hf_config.get("max_position_embeddings")
    if not isinstance(max_length, int) or isinstance(max_length, bool) or max_length < 1:
        if full.get("rope_type", full.get("type", "default")) in ("default", "mrope"):
            return fields | {"rope_scaling": None}
        raise ConfigError(f"{where}: rotary scaling needs max_position_embeddings; given {max_length!r:.80}")
    outside = hf_config.get(ORIGINAL)
    said = outside if outside is not None or ORIGINAL in full else original_length
    scaling = RotaryScaling.from_hf(full, max_length=max_length, original_length=said, where=where)
    fields["rope_scaling"] = scaling
    if scaling is not None and scaling.reach(max_length) != max_length:
        fields["max_length"] = scaling.reach(max_length)
    return fields


def parameters(hf_config: Mapping[str, Any], where: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The dictionaries of full and of sliding layers, from whichever key holds them."""
    found: list[tuple[Mapping[str, Any], Mapping[str, Any]]] = []
    for name in ("rope_scaling", "rope_parameters"):
        given = hf_config.get(name) or {}
        if not isinstance(given, Mapping):
            raise ConfigError(f"{where}: {name} must be an object; given {given!r:.80}")
        parts = [given.get(key) or {} for key in NESTED] if set(given) & set(NESTED) else [given, {}]
        if not all(isinstance(part, Mapping) for part in parts) or (
            parts[0] is not given and set(given) - set(NESTED)
        ):
            raise ConfigError(f"{where}: {name} must hold an object for each of {', '.join(NESTED)}")
        if given:
            found.append((parts[0], parts[1]))
    if len(found) == 2 and not agree(found[0][0], found[1][0]):
        raise ConfigError(
            f"{where}: rope_scaling and rope_parameters contradict each other: keep one of them"
        )
    return found[-1] if found else ({}, {})


def agree(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether what both say is the same, by whatever name they call the kind."""
    kinds = [said.get("rope_type", said.get("type", "default")) for said in (one, other)]
    shared = (set(one) & set(other)) - {"rope_type", "type"}
    return kinds[0] == kinds[1] and all(one[key] == other[key] for key in shared)


def either(
    hf_config: Mapping[str, Any], inner: Mapping[str, Any], key: str, where: str, default: float | None
) -> Any:
    """A value that stands in the config itself, in its rotary dictionary, in both alike, or in neither."""
    outside, inside = hf_config.get(key), inner.get(key)
    if outside is not None and inside is not None and outside != inside:
        raise ConfigError(
            f"{where}: {key} is {outside!r:.40} in the config and {inside!r:.40} in its rotary parameters: "
            "keep one of them"
        )
    return next((value for value in (inside, outside) if value is not None), default)


def folded(config: ModelConfig) -> ModelConfig:
    """The same network where fixed NTK scaling, which other projects have no name for, is a larger base."""
    scaling = config.rope_scaling
    if scaling is None or scaling.kind != "ntk":
        return config
    theta = folded_theta(config.rope_theta, config.d_rotary, scaling.factor)
    return ModelConfig(**config.model_dump() | {"rope_theta": theta, "rope_scaling": None})


def write_rotary(config: ModelConfig) -> dict[str, Any]:
    """The keys that `read_rotary` takes back, for a config that is `folded`, in both styles.

    `max_position_embeddings` is among them only where it is not the context's length (dynamic NTK).
    """
    scaling = config.rope_scaling
    said = {"rope_type": "default"} if scaling is None else scaling.to_hf()
    beside: dict[str, Any] = {"rope_theta": config.rope_theta}
    if config.rope_fraction != 1.0:
        beside["partial_rotary_factor"] = config.rope_fraction
    written: dict[str, Any] = beside | {"rope_parameters": said | beside}
    if config.rope_theta_local is not None:
        sliding = beside | {"rope_type": "default", "rope_theta": config.rope_theta_local}
        written["rope_parameters"] = {"full_attention": said | beside, "sliding_attention": sliding}
        written["rope_local_base_freq"] = config.rope_theta_local
    elif scaling is not None:
        written["rope_scaling"] = said
    if scaling is not None and scaling.kind == "dynamic":
        written["max_position_embeddings"] = scaling.original_length
    return written
