"""EncoderConfig: one typed description of a network that reads a whole text at once.

The fields of a decoder's config keep their meaning; what is added says what goes in beside the tokens (which
of two sentences a token is of), where positions begin, and which head stands on top. BERT, RoBERTa,
DistilBERT, ModernBERT and the sentence encoders made from them are values of this one config.
"""

from typing import Literal

from pydantic import Field

from llmworks.errors import ConfigError
from llmworks.models.config import MOST, ModelConfig

Head = Literal["none", "mlm", "sequence", "token"]
"""none: hidden states; mlm: a score for every token at every position; sequence: one label a text; token: one
label a token."""

DECODERS_ALONE = (
    "rope_scaling", "rope_fraction", "rope_interleaved", "unrotated_layers", "parallel", "shared_norm",
    "attention_out_bias", "attention_scale", "attention_sinks", "attention_softcap", "qk_norm", "latent",
    "experts", "embed_scale", "branch_scale", "logit_scale", "logit_softcap", "head_bias",
)  # fmt: skip
"""Fields of the decoder that no encoder's network reads: one that is set would be without effect."""


class EncoderConfig(ModelConfig):
    """The shape and the choices of one encoder.

    `sliding_window` counts both sides: a sliding block sees `sliding_window // 2` tokens each way.
    """

    n_token_types: int = Field(default=0, ge=0, le=65_536, description="segments that a token may be of")
    position_offset: int = Field(
        default=0, ge=0, le=MOST, description="rows before the first position's; counted over real tokens"
    )
    pad_id: int | None = Field(default=None, ge=0, description="the token that fills a batch up")
    relative_buckets: int = Field(
        default=0, ge=0, le=4096, multiple_of=4, description="of distances that have a learned score (MPNet)"
    )
    first_norm: bool = Field(default=True, description="the first block norms what its attention reads")

    pooler: bool = Field(default=False, description="tanh(W x_first + b), BERT's vector of a text")
    next_sentence: bool = Field(default=False, description="two scores on the pooler: does B follow A (BERT)")
    head: Head = "none"
    labels: tuple[str, ...] = Field(default=(), description="what a classifier tells apart")
    task: Literal["one", "many", "number"] = Field(
        default="one", description="of a classifier: one label holds, several may, or it is a number"
    )
    head_reads: Literal["first", "mean", "pooler"] = Field(default="first", description="of a sequence head")
    head_dense: bool = Field(default=False, description="a layer before the scores, …")
    head_dense_bias: bool = Field(default=True, description="… its bias, …")
    head_activation: Literal["gelu", "gelu_tanh", "relu", "silu", "tanh"] = Field(
        default="gelu", description="… its bend, …"
    )
    head_norm: bool = Field(default=False, description="… and a norm after it")
    output_bias: bool = Field(default=True, description="of the scores")

    def check(self) -> None:
        """What no single field can tell. Raises ConfigError."""
        faults = []
        if self.head in ("sequence", "token") and not self.labels:
            faults.append(f"head {self.head!r} needs labels, one or more")
        if self.head == "sequence" and self.head_reads == "pooler" and not self.pooler:
            faults.append("head_reads 'pooler' without a pooler: set pooler=True")
        if self.next_sentence and not self.pooler:
            faults.append("next_sentence reads the pooler: set pooler=True")
        if self.head_norm and not self.head_dense:
            faults.append("head_norm without head_dense: the norm follows the dense layer")
        if self.positions not in ("learned", "rope", "none"):
            faults.append(f"positions {self.positions!r}: an encoder has 'learned', 'rope' or 'none'")
        if self.position_offset and (self.positions != "learned" or self.pad_id is None):
            faults.append("position_offset goes with learned positions and a pad_id, which is not counted")
        if self.pad_id is not None and self.pad_id >= self.vocab_size:
            faults.append(f"pad_id {self.pad_id} is no row of {self.vocab_size}")
        fields = type(self).model_fields
        said = [name for name in DECODERS_ALONE if getattr(self, name) != fields[name].default]
        if said:
            faults.append(f"{', '.join(said)}: only decoders have it; leave it out")
        if self.norm_position not in ("pre", "post"):
            faults.append(f"norm_position {self.norm_position!r}: an encoder has 'pre' or 'post'")
        if faults:
            raise ConfigError("model config: " + "; ".join(faults))

    def model_post_init(self, context: object) -> None:
        self.check()
