"""Families against transformers: which random models are compared, and by what checks.

    transformers builds ─save_pretrained─► folder ─Package─► ours ─save_package─► folder ─► transformers
           └───── logits ≤ 1e-4 ──────────────────────────────┘ └── cached = uncached        └─ logits ≤ 1e-5

A case is a family with one set of odd sizes. `measure` runs all checks and gives the largest difference of
each; `tests/models/test_family_parity.py` asserts bounds and `python -m bench parity` prints the table. A
file of cases of its own kin registers them with `register` and is named in `FILES`.
"""

import importlib
import importlib.util
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
import transformers
from torch import Tensor
from transformers import AutoConfig, AutoModelForCausalLM

from llmworks.nn.trace import Trace
from llmworks.packages import Package, save_package

BOUNDS = {
    "logits": 1e-4,
    "cached, one by one": 1e-4,
    "cached, in chunks": 1e-4,
    "looked at": 1e-4,
    "saved back": 1e-5,
}
"""Check → the largest difference that it allows, float32."""

FILES = ("family_cases_dense", "family_cases_mixtures", "family_cases_others")
"""Modules beside this one that register cases; those that are not there are passed over."""

NO_IDS = {"bos_token_id": None, "eos_token_id": None, "pad_token_id": None}


@dataclass(frozen=True)
class Case:
    """One random model of transformers and how both sides are asked for an answer.

    theirs, ours: (model, ids [B, T]) → what is compared. spread: standard deviation of fresh matrices.
    lengths: texts that are compared; the longest should outgrow every window. saved_as: the model_type that
    our folder says, None for the case's own. cached: whether the network goes on with a text.
    """

    name: str
    build: Callable[[], Any]
    auto: Any = AutoModelForCausalLM
    theirs: Callable[[Any, Tensor], Tensor] = lambda model, ids: model(ids, use_cache=False).logits
    ours: Callable[[Any, Tensor], Tensor] = lambda model, ids: model(ids)
    lengths: tuple[int, ...] = (1, 7, 29)
    spread: float = 0.2
    cached: bool = True
    saved_as: str | None = None
    options: dict[str, Any] = field(default_factory=lambda: {"attn_implementation": "eager"})


CASES: dict[str, Case] = {}


def register(case: Case) -> None:
    """Adds a case; its name is its own."""
    assert case.name not in CASES, case.name
    CASES[case.name] = case


def causal(name: str, model_type: str, values: dict[str, Any], **options: Any) -> None:
    """Registers a decoder that AutoModelForCausalLM builds from these config values."""

    def build() -> Any:
        config = AutoConfig.for_model(model_type, **NO_IDS | values)
        return AutoModelForCausalLM.from_config(config, attn_implementation="eager")

    register(Case(name, build, **options))


def all_cases() -> dict[str, Case]:
    """Every case of every file that is there."""
    for name in FILES:
        if (Path(__file__).parent / f"{name}.py").exists():
            importlib.import_module(f"tests.models.{name}")
    return CASES


def randomise(model: Any, spread: float, seed: int) -> None:
    """No weight, scale, shift, sink or bias stays where it began, so that none can be left out unseen."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            scale = name.endswith("weight") and parameter.dim() == 1
            noise = torch.randn(parameter.shape, generator=generator)
            parameter.copy_((1.0 if scale else 0.0) + spread * noise)


def texts(vocab_size: int, lengths: tuple[int, ...], seed: int) -> list[Tensor]:
    """Two batches of different sizes for each length."""
    generator = torch.Generator().manual_seed(seed)
    return [
        torch.randint(vocab_size, (batch, length), generator=generator)
        for length in lengths
        for batch in (1, 3)
    ]


@contextmanager
def built(case: Case, seed: int) -> Iterator[Any]:
    """The reference, with random weights; transformers says nothing meanwhile."""
    transformers.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    torch.manual_seed(seed)
    model = case.build().eval()
    randomise(model, case.spread, seed)
    yield model


@torch.no_grad()
def measure(case: Case, folder: Path, seed: int = 0) -> dict[str, float]:
    """Check → the largest difference that it found. `folder` is empty, for what is written on the way."""
    with built(case, seed) as reference:
        reference.save_pretrained(folder / "theirs")
        batches = texts(reference.config.get_text_config().vocab_size, case.lengths, seed + 1)
        expected = [case.theirs(reference, ids) for ids in batches]
        package = Package.load(folder / "theirs")
        model = package.load_model()
        answers = [case.ours(model, ids) for ids in batches]
        found = {"logits": largest(answers, expected)}
        assert expected[-1].std() > 0.05, "these outputs say nothing"
        if case.cached:
            longest = [max(case.lengths) * [1], [3, 1, 9, 2, max(case.lengths)]]
            for check, chunks in zip(("cached, one by one", "cached, in chunks"), longest, strict=True):
                found[check] = in_chunks(model, batches[-1], chunks)
        found["looked at"] = largest([looked_at(model, ids) for ids in batches[-1:]], answers[-1:])
        save_package(folder / "ours", model, None)
        back = case.auto.from_pretrained(folder / "ours", dtype=torch.float32, **case.options).eval()
        assert back.config.model_type == (case.saved_as or reference.config.model_type)
        found["saved back"] = largest([case.theirs(back, ids) for ids in batches], expected)
    return found


def largest(ours: list[Tensor], theirs: list[Tensor]) -> float:
    """The largest difference between two lists of tensors of equal shapes."""
    for one, other in zip(ours, theirs, strict=True):
        assert one.shape == other.shape, f"{list(one.shape)} for {list(other.shape)}"
        assert torch.isfinite(other).all()
    return max(float((one - other).abs().max()) for one, other in zip(ours, theirs, strict=True))


def in_chunks(model: Any, ids: Tensor, chunks: list[int]) -> float:
    """A run with a cache that is fed so many tokens at a time, against runs without over the text so far.

    The text so far and not the whole: with dynamic NTK and LongRoPE what a text says of its beginning
    depends on how long it is.
    """
    cache = model.new_cache(ids.shape[0], ids.shape[1])
    differences, end = [], 0
    for chunk in chunks:
        start, end = end, min(end + chunk, ids.shape[1])
        if end > start:
            logits = model(ids[:, start:end], cache=cache)
            differences.append(largest([logits], [model(ids[:, :end])[:, start:]]))
    assert cache.length == ids.shape[1]
    return max(differences)


def looked_at(model: Any, ids: Tensor) -> Tensor:
    """Logits of a run of which every address is recorded; each of them must be reached."""
    trace = Trace(["*"])
    logits: Tensor = model(ids, trace=trace)
    assert list(trace.tensors) == model.addresses()
    return logits
