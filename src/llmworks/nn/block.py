"""The block: read the residual stream, add to it, twice.

    pre       x += attn(norm(x));          x += mlp(norm(x))            GPT-2, Llama
    post      x = norm(x + attn(x));       x = norm(x + mlp(x))         Vaswani et al. 2017
    sandwich  x += norm(attn(norm(x)));    x += norm(mlp(norm(x)))      Gemma 2
    branch    x += norm(attn(x));          x += norm(mlp(x))            OLMo 2
    parallel  x += attn(norm(x)) + mlp(norm(x)), of two norms or of one GPT-J, GPT-NeoX

Pre-norm leaves the stream itself untouched from end to end, so that gradients reach the first layer whole
(Xiong et al. 2020).
"""

from typing import Protocol

from torch import Tensor, nn
from torch.nn import functional as F

from llmworks.nn.cache import KVCache
from llmworks.nn.norms import Norm
from llmworks.nn.positions import Rotation
from llmworks.nn.trace import Trace


class AttentionPart(Protocol):
    """What a block needs of its attention: `nn/attention.py`, `nn/latent.py`."""

    def __call__(
        self,
        x: Tensor,
        rotation: Rotation | None = None,
        mask: Tensor | None = None,
        cache: KVCache | None = None,
        trace: Trace | None = None,
    ) -> Tensor: ...
    def addresses(self) -> list[str]: ...


class FeedForwardPart(Protocol):
    """What a block needs of its feed-forward: `nn/feed_forward.py`, `nn/experts.py`."""

    def __call__(self, x: Tensor, trace: Trace | None = None) -> Tensor: ...
    def addresses(self) -> list[str]: ...


class Block(nn.Module):
    """[B, T, D] → [B, T, D]. Its addresses are the names in `traced`, all [B, T, D].

    A norm that the block does not have is None. `attn_out` and `mlp_out` are what is added to the stream,
    so `resid_mid` − `resid_pre` is `attn_out` (post-norm apart); what a branch says before a norm of its own
    (sandwich, branch) is `attn_unnormed`, `mlp_unnormed`. Parallel blocks have no `resid_mid`.
    """

    attn: AttentionPart
    mlp: FeedForwardPart

    def __init__(
        self,
        attn_norm: Norm | None,
        attn: nn.Module,
        mlp_norm: Norm | None,
        mlp: nn.Module,
        *,
        attn_post_norm: Norm | None = None,
        mlp_post_norm: Norm | None = None,
        post_norm: bool = False,
        parallel: bool = False,
        scale: float | None = None,
        dropout: float = 0.0,
        address: str,
    ) -> None:
        super().__init__()
        self.attn_norm, self.attn, self.attn_post_norm = attn_norm, attn, attn_post_norm  # type: ignore[assignment]
        self.mlp_norm, self.mlp, self.mlp_post_norm = mlp_norm, mlp, mlp_post_norm  # type: ignore[assignment]
        self.post_norm, self.parallel, self.scale = post_norm, parallel, scale
        self.dropout, self.address = dropout, address

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
            x = normed(self.attn_norm, x + self.drop(self.attn(x, rotation, mask, cache)))
            return normed(self.mlp_norm, x + self.drop(self.mlp(x)))
        read = normed(self.attn_norm, x)
        said = normed(self.attn_post_norm, self.attn(read, rotation, mask, cache))
        if self.parallel:
            return x + self.drop(said) + self.drop(self.mlp(self.second(read, x)))
        x = x + self.drop(said)
        return x + self.drop(normed(self.mlp_post_norm, self.mlp(normed(self.mlp_norm, x))))

    def second(self, read: Tensor, x: Tensor) -> Tensor:
        """What the feed-forward of a parallel block reads: the attention's norm, or its own."""
        return read if self.mlp_norm is None else self.mlp_norm(x)

    def traced(
        self, x: Tensor, rotation: Rotation | None, mask: Tensor | None, cache: KVCache | None, trace: Trace
    ) -> Tensor:
        """The same with every step shown."""

        def at(name: str, tensor: Tensor) -> Tensor:
            return trace.at(f"{self.address}.{name}", tensor)

        def through(name: str, tensor: Tensor) -> Tensor:
            norm: Norm | None = getattr(self, name)
            return tensor if norm is None else at(name, norm(tensor))

        def added(name: str, tensor: Tensor, norm: Norm | None) -> Tensor:
            if norm is not None:
                tensor = norm(at(f"{name}_unnormed", tensor))
            return at(f"{name}_out", self.drop(tensor))

        start = x = at("resid_pre", x)
        read = x if self.post_norm else through("attn_norm", x)
        x = x + added("attn", self.attn(read, rotation, mask, cache, trace), self.attn_post_norm)
        if self.parallel:
            read = read if self.mlp_norm is None else through("mlp_norm", start)
        else:
            if self.post_norm:
                x = through("attn_norm", x)
            x = at("resid_mid", x)
            read = x if self.post_norm else through("mlp_norm", x)
        x = x + added("mlp", self.mlp(read, trace), self.mlp_post_norm)
        if self.post_norm:
            x = through("mlp_norm", x)
        return at("resid_post", x)

    def addresses(self) -> list[str]:
        """In the order in which they arise."""
        before_attn = ["attn_norm"] if self.attn_norm is not None and not self.post_norm else []
        after_attn = ["attn_norm"] if self.post_norm else []
        before_mlp = ["mlp_norm"] if self.mlp_norm is not None and not self.post_norm else []
        after_mlp = ["mlp_norm"] if self.post_norm else []

        def own(names: list[str]) -> list[str]:
            return [f"{self.address}.{name}" for name in names]

        attn_tail = [*(["attn_unnormed"] if self.attn_post_norm is not None else []), "attn_out"]
        mlp_tail = [*(["mlp_unnormed"] if self.mlp_post_norm is not None else []), "mlp_out"]
        middle = [] if self.parallel else [*after_attn, "resid_mid"]
        return [
            *own(["resid_pre", *before_attn]),
            *self.attn.addresses(),
            *own([*attn_tail, *middle, *before_mlp]),
            *self.mlp.addresses(),
            *own([*mlp_tail, *after_mlp, "resid_post"]),
        ]

    def drop(self, x: Tensor) -> Tensor:
        """Dropout while training, and the branch's scale, if the config has any."""
        x = F.dropout(x, self.dropout) if self.dropout and self.training else x
        return x if self.scale is None else x * self.scale


def normed(norm: Norm | None, x: Tensor) -> Tensor:
    """Through the norm, if there is one."""
    return x if norm is None else norm(x)
