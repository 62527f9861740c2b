"""What attention bought: time against length, and copying against the gap.

    python -m bench recurrent [--device cuda]

One forward and backward pass of [batch, length] tokens with as many tokens at every length, so a column that
stays level costs the same for a token wherever it stands. Then five symbols, a gap of blanks, a mark, and the
five again (Arjovsky et al. 2016): the share said right after the same number of updates, chance being 1/8.
"""

import argparse
import time

import torch
from torch import Tensor
from torch.nn import functional as F

from llmworks.models.config import ModelConfig
from llmworks.models.decoder import Decoder
from llmworks.models.networks import Causal
from llmworks.models.recurrent import Mamba, MambaConfig
from llmworks.models.rnn import Recurrent, RecurrentConfig

KINDS = ("rnn", "lstm", "attention", "mamba")
LENGTHS = (64, 256, 1024)
GAPS = (0, 5, 20, 80)
SYMBOLS = 5


def network(kind: str, vocab_size: int, width: int) -> Causal:
    """Two layers of one width with fresh weights, the same at every call."""
    torch.manual_seed(0)
    shape = {"vocab_size": vocab_size, "d_model": width, "n_layers": 2, "max_length": 2048}
    if kind == "attention":
        form = {"positions": "rope", "norm": "rmsnorm", "activation": "swiglu"}
        return Decoder(ModelConfig(**shape, n_heads=4, **form))
    if kind == "mamba":
        return Mamba(MambaConfig(**shape))
    return Recurrent(RecurrentConfig(cell=kind, **shape))


def seconds(model: Causal, length: int, tokens: int, device: str) -> float:
    """Of one forward and backward pass, the best of five."""
    ids = torch.randint(256, (tokens // length, length), device=device)
    best = float("inf")
    for _ in range(5):
        wait(device)
        start = time.perf_counter()
        model(ids).logsumexp(-1).mean().backward()
        wait(device)
        best = min(best, time.perf_counter() - start)
    return best


def wait(device: str) -> None:
    if device == "cuda":
        torch.cuda.synchronize()


def task(gap: int, count: int, device: str) -> tuple[Tensor, Tensor]:
    """Symbols, blanks, the mark, and all but the last of the symbols again; and the symbols."""
    symbols = torch.randint(2, 10, (count, SYMBOLS), device=device)
    blank = symbols.new_zeros(count, gap)
    return torch.cat((symbols, blank, torch.ones_like(blank[:, :1]), symbols[:, :-1]), dim=1), symbols


def copied(model: Causal, gap: int, steps: int, device: str) -> float:
    """Share of the symbols that are right after so many updates."""
    torch.manual_seed(0)
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for _ in range(steps):
        ids, symbols = task(gap, 32, device)
        loss = F.cross_entropy(model(ids)[:, -SYMBOLS:].flatten(0, 1), symbols.flatten())
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
    with torch.no_grad():
        ids, symbols = task(gap, 500, device)
        return float((model(ids)[:, -SYMBOLS:].argmax(-1) == symbols).float().mean())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--steps", type=int, default=300, help="updates on the copy task")
    parser.add_argument("--tokens", type=int, default=4096, help="in a timed pass")
    given = parser.parse_args()
    device = given.device
    print(f"{device}: ms of a pass of {given.tokens} tokens, 2 × 128, by length; copied after {given.steps}")
    print("updates, 2 × 32, by gap\n")
    heads = [f"length {length}" for length in LENGTHS] + [f"gap {gap}" for gap in GAPS]
    print(f"| {'network':9} | " + " | ".join(f"{head:>11}" for head in heads) + " |")
    print("|---|" + "---:|" * len(heads))
    for kind in KINDS:
        timed = network(kind, 256, 128).to(device)
        cells = [f"{1000 * seconds(timed, length, given.tokens, device):.1f}" for length in LENGTHS]
        for gap in GAPS:
            cells.append(f"{copied(network(kind, 10, 32).to(device), gap, given.steps, device):.2f}")
        print(f"| {kind:9} | " + " | ".join(f"{cell:>11}" for cell in cells) + " |", flush=True)


if __name__ == "__main__":
    main()
