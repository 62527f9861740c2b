"""What the machine gives and what a step needs: device, precision, compilation, product rate, memory.

bf16 halves the bytes of every activation and runs on the matrix units of recent chips; weights, gradients
and optimiser state stay float32 (Micikevicius et al. 2018, "Mixed precision training"). Where such units are
missing bf16 is slower than float32, so on a CPU it has to win a short measured race before it is used.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from llmworks.errors import ConfigError
from llmworks.models.config import ModelConfig
from llmworks.models.networks import Causal
from llmworks.models.recurrent import MambaConfig
from llmworks.models.rnn import RecurrentConfig
from llmworks.training.recipe import Recipe

NARROW = 256  # width below which a CPU trains in float32
DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}


@dataclass(frozen=True)
class Compute:
    """Where and how the numbers are worked out."""

    device: torch.device
    precision: str  # "fp32" or "bf16"
    compiled: bool
    directions: str = "fp32"  # in which Muon orthogonalises: large products, which matrix units speed up

    def autocast(self) -> torch.autocast:
        return torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.precision == "bf16")

    @property
    def dtype(self) -> torch.dtype:
        """Of the network's matrix products."""
        return DTYPES[self.precision]

    def __str__(self) -> str:
        threads = f", {torch.get_num_threads()} threads" if self.device.type == "cpu" else ""
        return f"{self.device}{threads}, {self.precision}{', compiled' if self.compiled else ''}"


def choose_compute(recipe: Recipe, width: int) -> Compute:
    """Device, precision and compilation as the recipe says; "auto" by what this machine is good at."""
    asked = recipe.training
    if asked.threads is not None:
        torch.set_num_threads(asked.threads)
    name = asked.device
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        device = torch.device(name)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:
        raise ConfigError(f"training.device = {name!r} cannot be used here: {error}") from None
    pays = asked.precision == "auto" and _bf16_pays(device)
    # A narrow network loses more by converting back and forth than its small products gain.
    wide = device.type != "cpu" or width >= NARROW
    precision = asked.precision
    if precision == "auto":
        precision = "bf16" if pays and wide else "fp32"
    directions = "bf16" if pays else precision
    compiled = asked.compile == "on" or (asked.compile == "auto" and device.type == "cuda")
    return Compute(device, precision, compiled, directions)


def _bf16_pays(device: torch.device) -> bool:
    """On CUDA where the chip has it; on a CPU only with matrix tiles (AMX), and where a probe confirms it."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    if device.type != "cpu" or not torch.cpu._is_amx_tile_supported():
        return False
    return product_rate(device, torch.bfloat16) > 1.5 * product_rate(device, torch.float32)


def product_rate(
    device: torch.device, dtype: torch.dtype = torch.float32, width: int = 512, seconds: float = 0.05
) -> float:
    """FLOP/s of the plain product [2048, width] @ [width, 4·width]: the best within `seconds`."""
    # Constants, because the generator's state belongs to the run.
    a = torch.full((2048, width), 0.5, device=device, dtype=dtype)
    b = torch.full((width, 4 * width), 0.5, device=device, dtype=dtype)
    out = a @ b
    return 2.0 * 2048 * width * 4 * width / best_time(lambda: torch.mm(a, b, out=out), device, seconds)


def best_time(run: Callable[[], object], device: torch.device, seconds: float) -> float:
    """Shortest of repeated runs, in seconds."""
    best, end, count = float("inf"), time.perf_counter() + seconds, 0
    while count < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        run()
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        best, count = min(best, time.perf_counter() - start), count + 1
    return best


def training_bytes(model: Causal, state_bytes: int, sequences: int, block: int, bits: int) -> int:
    """Estimate of a step's memory: weights, gradients, optimiser state, and the activations of a micro-batch.

    Activations a token and layer: about 10 widths (norms, residuals, q, k, v, z) and 4 feed-forward widths;
    and one slice of logits with its gradient.
    """
    config = model.config
    weights = sum(p.nbytes for p in model.parameters())
    wide = config.d_inner if isinstance(config, MambaConfig | RecurrentConfig) else feed_forward_width(config)
    a_token = config.n_layers * (10 * config.d_model + 4 * wide) * bits // 8
    logits = 3 * 4 * min(sequences * block * config.vocab_size, 1 << 22)
    return 2 * weights + state_bytes + sequences * block * a_token + logits


def feed_forward_width(config: ModelConfig) -> int:
    """Of a block's feed-forward, or of the experts that a token visits."""
    experts = config.experts
    if experts is None:
        return config.d_ff
    return max(
        config.d_ff if experts.dense_layers else 0, experts.top_k * experts.d_expert + experts.shared_width
    )


class Compiled:
    """A compiled `model.hidden`, which stands in for the plain one inside a `with` block.

    Only training steps go through it: their shapes never change, so it is compiled once. Evaluation, samples
    and everybody else meet the plain model.
    """

    def __init__(self, model: Causal) -> None:
        self.model, self.hidden = model, torch.compile(model.hidden, dynamic=False)

    def __enter__(self) -> None:
        self.model.hidden = self.hidden  # type: ignore[method-assign,assignment]

    def __exit__(self, *error: object) -> None:
        del self.model.hidden


def readable(value: float, unit: str = "") -> str:
    """1234567 → '1.23 M'; keeps three figures."""
    for size, letter in ((1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.3g} {letter}{unit}"
    return f"{value:.3g} {unit}".rstrip()


def tensors_of(model: Causal) -> dict[str, Tensor]:
    """The trained numbers by name; a tied weight stands once."""
    return {name: p.data for name, p in model.named_parameters()}
