"""Parts: each piece of a block as a config has it. A new kind of attention or feed-forward is chosen here.

config, layer ──► make_block: norms, make_attention, make_feed_forward
"""

from torch import nn

from llmworks.models.config import ModelConfig
from llmworks.nn import feed_forward
from llmworks.nn.attention import Attention
from llmworks.nn.block import Block
from llmworks.nn.experts import MixtureOfExperts
from llmworks.nn.latent import LatentAttention, MultiHeadLatentAttention
from llmworks.nn.norms import Norm, make_norm
from llmworks.nn.qk_norm import QKNorm


def config_norm(config: ModelConfig) -> Norm:
    """A norm over the residual stream."""
    return make_norm(
        config.norm,
        config.d_model,
        config.norm_eps,
        affine=config.norm_affine,
        bias=config.norm_bias,
        offset=config.norm_offset,
    )


def make_attention(config: ModelConfig, layer: int) -> nn.Module:
    """The attention of block `layer`."""
    if config.latent is not None:
        return make_latent_attention(config, config.latent, layer)
    return Attention(
        config.d_model,
        config.n_heads,
        config.n_kv_heads,
        config.d_head,
        bias=config.attention_bias,
        out_bias=config.attention_out_bias,
        scale=config.attention_scale,
        softcap=config.attention_softcap,
        dropout=config.dropout,
        qk_norm=make_qk_norm(config),
        sinks=config.attention_sinks,
        interleaved=config.rope_interleaved,
        layer=layer,
        address=f"blocks.{layer}.attn",
    )


def make_latent_attention(config: ModelConfig, latent: LatentAttention, layer: int) -> nn.Module:
    """The attention of block `layer` where one vector unfolds to keys and values."""
    scale = latent.d_query**-0.5 if config.attention_scale is None else config.attention_scale
    if config.rope_scaling is not None:
        scale *= config.rope_scaling.latent_score_factor
    return MultiHeadLatentAttention(
        config.d_model,
        config.n_heads,
        latent,
        bias=config.attention_bias,
        scale=scale,
        interleaved=config.rope_interleaved,
        dropout=config.dropout,
        layer=layer,
        address=f"blocks.{layer}.attn",
    )


def make_qk_norm(config: ModelConfig) -> QKNorm | bool:
    """The norm of queries and keys, or False."""
    return config.qk_norm and QKNorm(
        config.n_heads,
        config.n_kv_heads,
        config.d_head,
        config.norm_eps,
        config.norm_affine,
        over=config.qk_norm_over,
        offset=config.norm_offset,
    )


def make_feed_forward(config: ModelConfig, layer: int) -> nn.Module:
    """The feed-forward of block `layer`."""
    address = f"blocks.{layer}.mlp"
    if config.experts is not None and layer not in config.experts.dense_layers:
        return MixtureOfExperts(
            config.d_model, config.experts, config.activation, bias=config.mlp_bias, address=address
        )
    return feed_forward.make_feed_forward(
        config.d_model, config.d_ff, config.activation, bias=config.mlp_bias, address=address
    )


def make_block(config: ModelConfig, layer: int) -> Block:
    """Block number `layer`."""
    where = config.norm_position
    before = where != "branch"  # where it is "post", these two stand after the sum
    after = where in ("sandwich", "branch")
    return Block(
        config_norm(config) if before else None,
        make_attention(config, layer),
        config_norm(config) if before and not config.shared_norm else None,
        make_feed_forward(config, layer),
        attn_post_norm=config_norm(config) if after else None,
        mlp_post_norm=config_norm(config) if after else None,
        post_norm=where == "post",
        parallel=config.parallel,
        scale=config.branch_scale,
        dropout=config.dropout,
        address=f"blocks.{layer}",
    )
