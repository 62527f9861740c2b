"""ModelConfig: one typed description of a decoder, from which everything else about it follows.

The defaults make a Llama block (Touvron et al. 2023): RMSNorm before each part, rotary positions, SwiGLU,
no biases. GPT-2 is the same network with other values; `models/families.py` holds those as data.
"""

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ModelWrapValidatorHandler, ValidationError, model_validator

from llmworks.errors import ConfigError
from llmworks.nn.latent import LatentAttention
from llmworks.nn.rope_scaling import RotaryScaling
from llmworks.nn.routing import Experts

Positions = Literal["learned", "sinusoidal", "rope", "alibi", "none"]
NormKind = Literal["layernorm", "rmsnorm"]
NormPosition = Literal["pre", "post", "sandwich", "branch"]
"""pre: of what a branch reads; post: of the sum; sandwich: of what it reads and what it says; branch: of what
it says (OLMo 2)."""
LayerKind = Literal["full", "sliding"]
Activation = Literal["gelu", "gelu_tanh", "relu", "relu2", "swiglu", "geglu", "geglu_erf", "reglu"]

GATED: frozenset[str] = frozenset({"swiglu", "geglu", "geglu_erf", "reglu"})


# Far above any real network: a config from a hostile file is refused before anything is built from it.
MOST, MOST_LAYERS = 2**31 - 1, 4096


class ModelConfig(BaseModel):
    """The shape and the choices of one decoder.

    `n_kv_heads`, `d_head` and `d_ff` may be left out; they are filled in on construction, so a config that
    exists always holds plain numbers. A value that cannot be used raises `ConfigError`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    vocab_size: int = Field(gt=0, le=MOST, description="rows of the embedding")
    d_model: int = Field(gt=0, le=MOST, description="width of the residual stream")
    n_layers: int = Field(gt=0, le=MOST_LAYERS, description="blocks")
    n_heads: int = Field(gt=0, le=MOST, description="query heads")
    # `validate_default` makes the default's type Any: after `fill_in` these are never None.
    n_kv_heads: int = Field(default=None, validate_default=True, gt=0, le=MOST, description="key/value heads")
    d_head: int = Field(default=None, validate_default=True, gt=0, le=MOST, description="width of one head")
    d_ff: int = Field(
        default=None, validate_default=True, gt=0, le=MOST, description="width in the feed-forward"
    )
    max_length: int = Field(gt=0, le=MOST, description="longest context, in tokens")

    family: str | None = Field(
        default=None, description="`model_type` that it came from and is written as, if that still says it"
    )
    positions: Positions = "rope"
    rope_theta: float = Field(default=10_000.0, gt=1, description="base of the rotary wavelengths")
    rope_scaling: RotaryScaling | None = Field(default=None, description="how rotations reach further")
    rope_theta_local: float | None = Field(default=None, gt=1, description="base in sliding layers; unscaled")
    rope_fraction: float = Field(default=1.0, gt=0, le=1, description="share of a head that is rotated")
    rope_interleaved: bool = Field(default=False, description="pairs are neighbours, not halves")
    unrotated_layers: tuple[int, ...] = Field(default=(), description="blocks without positions (SmolLM3)")
    layer_kinds: tuple[LayerKind, ...] | None = Field(default=None, description="a kind a block; None: full")
    sliding_window: int | None = Field(default=None, gt=0, description="tokens a sliding block sees")
    norm: NormKind = "rmsnorm"
    norm_eps: float = Field(default=1e-5, gt=0)
    norm_position: NormPosition = "pre"
    norm_affine: bool = Field(default=True, description="norms have a learned scale")
    norm_bias: bool = Field(default=False, description="norms have a learned shift (LayerNorm only)")
    activation: Activation = "swiglu"
    norm_offset: bool = Field(default=False, description="the scale is 1 + weight (Gemma)")
    parallel: bool = Field(default=False, description="attention and feed-forward read the same stream")
    shared_norm: bool = Field(default=False, description="… and through one norm (parallel only)")
    attention_bias: bool = Field(default=False, description="biases of q, k, v and the output projection")
    attention_out_bias: bool | None = Field(default=None, description="of the output alone; None: as q, k, v")
    attention_scale: float | None = Field(default=None, gt=0, description="of the scores; None: 1/√d_head")
    attention_sinks: bool = Field(default=False, description="a learned score a head that takes no value")
    alibi_bias_max: float = Field(default=8.0, gt=0, description="slopes reach down to 2^-this")
    latent: LatentAttention | None = None
    experts: Experts | None = None
    mlp_bias: bool = False
    qk_norm: bool = Field(default=False, description="RMSNorm on each head's query and key, before rotation")
    qk_norm_over: Literal["head", "all"] = Field(
        default="head", description="… or on all heads as one vector"
    )
    embed_norm: bool = Field(default=False, description="a norm right after the embedding (BLOOM)")
    embed_scale: float | None = Field(default=None, gt=0, description="√d_model in Gemma")
    tie_embeddings: bool = Field(default=False, description="the head is the embedding, transposed")
    branch_scale: float | None = Field(default=None, gt=0, description="of what a branch adds (Granite)")
    head_bias: bool = Field(default=False, description="the head has one (GPT-J, Phi)")
    logit_scale: float | None = Field(default=None, gt=0, description="of the logits (Cohere, Granite)")
    attention_softcap: float | None = Field(default=None, gt=0, description="c·tanh(scores/c)")
    logit_softcap: float | None = Field(default=None, gt=0, description="c·tanh(logits/c)")
    dropout: float = Field(default=0.0, ge=0, lt=1)
    init_std: float = Field(default=0.02, gt=0, description="standard deviation of fresh weights")

    @property
    def gated(self) -> bool:
        """Whether the feed-forward multiplies two projections (SwiGLU, GeGLU)."""
        return self.activation in GATED

    @property
    def d_rotary(self) -> int:
        """How many values of a head are rotated."""
        if self.latent is not None:
            return self.latent.d_rope
        return int(self.d_head * self.rope_fraction + 1e-6)  # 0.1 · 30 is 3, whatever floats say

    @model_validator(mode="wrap")
    @classmethod
    def build(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Fills in what was left out, and turns pydantic's report into one ConfigError."""
        try:
            config = handler(fill_in(data) if isinstance(data, dict) else data)
        except ValidationError as error:
            raise ConfigError(readable(error)) from None
        check_together(config)
        return config


def fill_in(data: dict[str, Any]) -> dict[str, Any]:
    """The same values, with the sizes that follow from others written out."""
    data = dict(data)
    d_model, n_heads = data.get("d_model"), data.get("n_heads")
    if not (isinstance(d_model, int) and isinstance(n_heads, int) and d_model > 0 and n_heads > 0):
        # Only the two at fault are to be reported, not what would have followed from them.
        return data | {name: data.get(name) or 1 for name in ("n_kv_heads", "d_head", "d_ff")}
    if data.get("n_kv_heads") is None:
        data["n_kv_heads"] = n_heads
    if data.get("d_head") is None:
        if d_model % n_heads:
            raise ConfigError(
                f"model config: d_model {d_model} does not divide into {n_heads} heads; choose a multiple of "
                f"n_heads (such as {-(-d_model // n_heads) * n_heads}), or give d_head"
            )
        data["d_head"] = d_model // n_heads
    if data.get("d_ff") is None:
        gated = data.get("activation", ModelConfig.model_fields["activation"].default) in GATED
        # A gated feed-forward has three matrices for two: 8/3 keeps its parameters equal (Shazeer 2020).
        data["d_ff"] = -(-(8 * d_model) // 96) * 32 if gated else 4 * d_model
    return data


def readable(error: ValidationError) -> str:
    """One line for each field at fault: its name, what is wrong, what was given."""
    lines = []
    for fault in error.errors(include_url=False):
        where = ".".join(str(part) for part in fault["loc"]) or "the config"
        if fault["type"] == "missing":
            lines.append(f"{where}: missing; it has no default")
        elif fault["type"] == "extra_forbidden":
            known = ", ".join(ModelConfig.model_fields)
            lines.append(f"{where}: no such field; the fields are {known}")
        else:
            lines.append(f"{where}: {fault['msg'][0].lower()}{fault['msg'][1:]}; given {fault['input']!r}")
    return "model config: " + "; ".join(lines)


def check_together(config: ModelConfig) -> None:
    """What no single field can tell. Raises ConfigError."""
    faults = []
    if config.n_heads % config.n_kv_heads:
        faults.append(
            f"n_kv_heads {config.n_kv_heads} must divide n_heads {config.n_heads}: each key/value head "
            f"serves the same number of query heads"
        )
    if config.positions == "rope" and (config.d_rotary % 2 or not config.d_rotary):
        share = "" if config.rope_fraction == 1 else f" · rope_fraction {config.rope_fraction:g}"
        faults.append(f"rotary positions turn pairs of values: d_head {config.d_head}{share} must be even")
    faults += scaling_faults(config)
    if config.positions == "sinusoidal" and config.d_model % 2:
        faults.append(f"sinusoidal positions come as sine and cosine: d_model {config.d_model} must be even")
    if config.norm_bias and config.norm == "rmsnorm":
        faults.append("norm_bias: RMSNorm has no shift; use norm='layernorm' or norm_bias=False")
    if config.norm_bias and not config.norm_affine:
        faults.append(
            "norm_bias without norm_affine: a norm with a shift has a scale too; set both or neither"
        )
    if config.experts is not None:
        faults += config.experts.faults()
        beyond = [layer for layer in config.experts.dense_layers if not 0 <= layer < config.n_layers]
        if beyond:
            faults.append(f"experts.dense_layers {beyond} are not among the {config.n_layers} blocks")
    if config.latent is not None and config.positions not in ("rope", "none"):
        faults.append(f"latent attention goes with rotary positions or none, not {config.positions!r}")
    without = [name for name, said in latent_has_not(config).items() if said]
    if config.latent is not None and without:
        faults.append(f"latent attention has no {', '.join(without)}: leave it out")
    faults += layer_faults(config)
    if config.head_bias and config.tie_embeddings:
        faults.append("head_bias: a head that is the embedding has no bias; untie it")
    if config.shared_norm and not config.parallel:
        faults.append("shared_norm: only parallel blocks read one norm twice; set parallel=True too")
    if config.parallel and config.norm_position != "pre":
        faults.append(f"parallel blocks have their norms before: norm_position {config.norm_position!r}")
    if faults:
        raise ConfigError("model config: " + "; ".join(faults))


def latent_has_not(config: ModelConfig) -> dict[str, bool]:
    """What ordinary attention can do and latent attention cannot, and whether the config asks for it."""
    return {
        "qk_norm": config.qk_norm,
        "attention_softcap": config.attention_softcap is not None,
        "attention_sinks": config.attention_sinks,
        "attention_out_bias of its own": config.attention_out_bias not in (None, config.attention_bias),
    }


def layer_faults(config: ModelConfig) -> list[str]:
    """What is wrong with the fields that speak of single blocks."""
    faults = []
    kinds, count = config.layer_kinds, config.n_layers
    if kinds is not None and len(kinds) != count:
        faults.append(f"layer_kinds names {len(kinds)} blocks of {count}: one kind for each is needed")
    if kinds is not None and "sliding" in kinds and config.sliding_window is None:
        faults.append("layer_kinds has sliding blocks: sliding_window must say how many tokens they see")
    beyond = [layer for layer in config.unrotated_layers if not 0 <= layer < count]
    if beyond:
        faults.append(f"unrotated_layers {beyond[:5]} are not among the {count} blocks")
    return faults


def scaling_faults(config: ModelConfig) -> list[str]:
    """Where rotary scaling does not fit the rotations."""
    scaling = config.rope_scaling
    if scaling is None:
        return []
    if config.positions != "rope":
        return [f"rope_scaling goes with positions 'rope', not {config.positions!r}: leave it out"]
    given, pairs = len(scaling.short_factor or ()), config.d_rotary // 2
    if scaling.kind == "longrope" and given != pairs:
        return [f"rope_scaling: {given} factors for the {pairs} pairs that a head rotates; give one for each"]
    if scaling.kind in ("ntk", "dynamic") and config.d_rotary <= 2:
        return [f"rope_scaling: {scaling.kind!r} leaves the first pair as it is, and there is no other"]
    return []
