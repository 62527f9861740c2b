"""What the trace costs a run that nobody looks at: our Decoder against the same network written plainly.

    python bench/trace_overhead.py [--threads 2] [--rounds 9] [--json]

The plain networks below have no trace, no cache and no options: the GPT-2 one is the usual short PyTorch
way to write it, the Llama one its counterpart. Forward and backward passes of all variants alternate in one
process, so that whatever else the machine does falls on all of them alike. Ratios above 1 mean that ours
takes longer; `traced` records every address.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from llmworks.models.config import ModelConfig
from llmworks.models.decoder import Decoder
from llmworks.nn.trace import Trace

VOCABULARY = 256
# layers, heads, width, block, batch: the sizes of nanoGPT's CPU recipe and two larger ones.
SIZES = [(4, 4, 128, 64, 12), (6, 6, 384, 256, 4), (8, 8, 512, 512, 2)]


class PlainAttention(nn.Module):
    """Causal self-attention, all heads in one projection."""

    def __init__(self, width: int, heads: int, bias: bool) -> None:
        super().__init__()
        self.heads = heads
        self.project_in = nn.Linear(width, 3 * width, bias=bias)
        self.project_out = nn.Linear(width, width, bias=bias)

    def split(self, x: Tensor) -> list[Tensor]:
        batch, length, width = x.shape
        parts = self.project_in(x).split(width, dim=2)
        return [part.view(batch, length, self.heads, width // self.heads).transpose(1, 2) for part in parts]

    def join(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        batch, heads, length, width = q.shape
        z = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.project_out(z.transpose(1, 2).contiguous().view(batch, length, heads * width))

    def forward(self, x: Tensor) -> Tensor:
        return self.join(*self.split(x))


class PlainRotaryAttention(PlainAttention):
    """The same with rotary positions, turned by halves."""

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        def turned(t: Tensor) -> Tensor:
            left, right = t.chunk(2, dim=-1)
            return t * cos + torch.cat((-right, left), dim=-1) * sin

        q, k, v = self.split(x)
        return self.join(turned(q), turned(k), v)


class PlainGPT(nn.Module):
    """LayerNorm, GELU, learned positions, biases, tied head."""

    def __init__(self, layers: int, heads: int, width: int, block: int) -> None:
        super().__init__()
        self.tokens, self.positions = nn.Embedding(VOCABULARY, width), nn.Embedding(block, width)
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(2 * layers + 1))
        self.attention = nn.ModuleList(PlainAttention(width, heads, True) for _ in range(layers))
        self.up = nn.ModuleList(nn.Linear(width, 4 * width) for _ in range(layers))
        self.down = nn.ModuleList(nn.Linear(4 * width, width) for _ in range(layers))

    def forward(self, ids: Tensor) -> Tensor:
        x = self.tokens(ids) + self.positions(torch.arange(ids.shape[1], device=ids.device))
        for i, (attention, up, down) in enumerate(zip(self.attention, self.up, self.down, strict=True)):
            x = x + attention(self.norms[2 * i](x))
            x = x + down(F.gelu(up(self.norms[2 * i + 1](x))))
        return F.linear(self.norms[-1](x), self.tokens.weight)


class PlainLlama(nn.Module):
    """RMSNorm, SwiGLU, rotary positions, no biases, tied head."""

    def __init__(self, layers: int, heads: int, width: int, block: int, inner: int) -> None:
        super().__init__()
        self.tokens = nn.Embedding(VOCABULARY, width)
        self.norms = nn.ModuleList(nn.RMSNorm(width, eps=1e-5) for _ in range(2 * layers + 1))
        self.attention = nn.ModuleList(PlainRotaryAttention(width, heads, False) for _ in range(layers))
        self.gate = nn.ModuleList(nn.Linear(width, inner, bias=False) for _ in range(layers))
        self.up = nn.ModuleList(nn.Linear(width, inner, bias=False) for _ in range(layers))
        self.down = nn.ModuleList(nn.Linear(inner, width, bias=False) for _ in range(layers))
        pairs = width // heads
        frequencies = 10_000.0 ** -(torch.arange(0, pairs, 2) / pairs)
        angles = torch.outer(torch.arange(block).float(), frequencies).repeat(1, 2)
        self.register_buffer("cos", angles.cos())
        self.register_buffer("sin", angles.sin())

    def forward(self, ids: Tensor) -> Tensor:
        x = self.tokens(ids)
        cos, sin = self.cos[: ids.shape[1]], self.sin[: ids.shape[1]]
        parts = zip(self.attention, self.gate, self.up, self.down, strict=True)
        for i, (attention, gate, up, down) in enumerate(parts):
            x = x + attention(self.norms[2 * i](x), cos, sin)
            inner = self.norms[2 * i + 1](x)
            x = x + down(F.silu(gate(inner)) * up(inner))
        return F.linear(self.norms[-1](x), self.tokens.weight)


def networks(family: str, layers: int, heads: int, width: int, block: int) -> tuple[nn.Module, Decoder]:
    """The plain network and ours, of equal architecture and size."""
    gpt = family == "gpt2"
    config = ModelConfig(
        vocab_size=VOCABULARY,
        d_model=width,
        n_layers=layers,
        n_heads=heads,
        max_length=block,
        positions="learned" if gpt else "rope",
        norm="layernorm" if gpt else "rmsnorm",
        activation="gelu" if gpt else "swiglu",
        norm_bias=gpt,
        attention_bias=gpt,
        mlp_bias=gpt,
        tie_embeddings=True,
    )
    ours = Decoder(config)
    plain: nn.Module = PlainGPT(layers, heads, width, block)
    if not gpt:
        plain = PlainLlama(layers, heads, width, block, config.d_ff)
    for parameter in plain.parameters():
        if (
            parameter.dim() == 2
        ):  # PyTorch's wide embeddings saturate the softmax, and denormal numbers are slow
            nn.init.normal_(parameter, std=0.02)
    sizes = [sum(p.numel() for p in model.parameters()) for model in (plain, ours)]
    assert sizes[0] == sizes[1], f"not the same network: {sizes}"
    return plain, ours


def step(model: nn.Module, forward: Callable[[Tensor], Tensor], ids: Tensor) -> float:
    """Seconds of one forward and backward pass."""
    model.zero_grad(set_to_none=True)
    started = time.perf_counter()
    logits = forward(ids)
    F.cross_entropy(logits.flatten(0, 1), ids.roll(-1, 1).flatten()).backward()
    return time.perf_counter() - started


def compare(family: str, size: tuple[int, ...], rounds: int) -> dict[str, object]:
    """Times of the three variants at one size, alternating."""
    layers, heads, width, block, batch = size
    torch.manual_seed(0)
    plain, ours = networks(family, layers, heads, width, block)
    ids = torch.randint(VOCABULARY, (batch, block))
    variants: dict[str, tuple[nn.Module, Callable[[Tensor], Tensor]]] = {
        "plain": (plain, plain),
        "ours": (ours, ours),
        "traced": (ours, lambda ids: ours(ids, trace=Trace(["*"]))),
    }
    times: dict[str, list[float]] = {name: [] for name in variants}
    for number in range(rounds + 2):
        for name, (model, forward) in variants.items():
            seconds = step(model, forward, ids)
            if number >= 2:  # the first two warm up
                times[name].append(seconds)
    median = {name: statistics.median(values) for name, values in times.items()}
    best = {name: min(values) for name, values in times.items()}
    return {
        "family": family,
        "size": f"{layers} layers × {width}, block {block}, batch {batch}",
        "plain_ms": 1e3 * median["plain"],
        "ours_ms": 1e3 * median["ours"],
        "traced_ms": 1e3 * median["traced"],
        "ours_to_plain": statistics.median(
            one / other for one, other in zip(times["ours"], times["plain"], strict=True)
        ),
        "ours_to_plain_best": best["ours"] / best["plain"],
        "traced_to_ours": median["traced"] / median["ours"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    results = [compare(family, size, options.rounds) for family in ("gpt2", "llama") for size in SIZES]
    if options.json:
        print(json.dumps(results, indent=1))
        return
    print(f"forward + backward, float32, {options.threads} threads, medians of {options.rounds} rounds")
    for result in results:
        print(
            "{family:6} {size:36} plain {plain_ms:7.1f} ms, ours {ours_ms:7.1f} ms: ratio {ours_to_plain:.3f}"
            " (of the best {ours_to_plain_best:.3f}); traced {traced_to_ours:.2f} × ours".format(**result)
        )


if __name__ == "__main__":
    main()
