"""The block: read the residual stream, add to it, twice.

    pre     x += attn(norm(x));   x += mlp(norm(x))                     GPT-2, Llama
    post    x = norm(x + attn(x));   x = norm(x + mlp(x))               Vaswani et al. 2017

Pre-norm leaves the stream itself untouched from end to end, so that gradients reach the first layer whole
(Xiong et al. 2020).
"""

from torch import Tensor, nn
from torch.nn import functional as F

from llmworks.nn.attention import Attention
from llmworks.nn.cache import KVCache
from llmworks.nn.feed_forward import FeedForward, GatedFeedForward
from llmworks.nn.norms import LayerNorm, RMSNorm
from llmworks.nn.positions import Rotation
from llmworks.nn.trace import Trace


class Block(nn.Module):
    """[B, T, D] → [B, T, D]. Its addresses are the names in `forward`, all [B, T, D]."""

    def __init__(
        self,
        attn_norm: LayerNorm | RMSNorm,
        attn: Attention,
        mlp_norm: LayerNorm | RMSNorm,
        mlp: FeedForward | GatedFeedForward,
        *,
        post_norm: bool,
        dropout: float,
        address: str,
    ) -> None:
        super().__init__()
        self.attn_norm, self.attn, self.mlp_norm, self.mlp = attn_norm, attn, mlp_norm, mlp
        self.post_norm, self.dropout, self.address = post_norm, dropout, address

    def forward(
        self,
        x: Tensor,
        rotation: Rotation | None = None,
        mask: Tensor | None = None,
        cache: KVCache | None = None,
        trace: Trace | None = None,
    ) -> Tensor:
        if trace is not None:
            return self.traced(x, rotation, mask, cache, trace)
        if self.post_norm:
            x = self.attn_norm(x + self.drop(self.attn(x, rotation, mask, cache)))
            out: Tensor = self.mlp_norm(x + self.drop(self.mlp(x)))
            return out
        x = x + self.drop(self.attn(self.attn_norm(x), rotation, mask, cache))
        return x + self.drop(self.mlp(self.mlp_norm(x)))

    def traced(
        self, x: Tensor, rotation: Rotation | None, mask: Tensor | None, cache: KVCache | None, trace: Trace
    ) -> Tensor:
        """The same with every step shown."""

        def at(name: str, tensor: Tensor) -> Tensor:
            return trace.at(f"{self.address}.{name}", tensor)

        x = at("resid_pre", x)
        inner = x if self.post_norm else at("attn_norm", self.attn_norm(x))
        x = x + at("attn_out", self.drop(self.attn(inner, rotation, mask, cache, trace)))
        if self.post_norm:
            x = at("attn_norm", self.attn_norm(x))
        x = at("resid_mid", x)
        inner = x if self.post_norm else at("mlp_norm", self.mlp_norm(x))
        x = x + at("mlp_out", self.drop(self.mlp(inner, trace)))
        if self.post_norm:
            x = at("mlp_norm", self.mlp_norm(x))
        return at("resid_post", x)

    def drop(self, x: Tensor) -> Tensor:
        """Dropout while training, if the config has any."""
        return F.dropout(x, self.dropout) if self.dropout and self.training else x
