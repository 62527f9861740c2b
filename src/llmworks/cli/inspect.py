"""`llmworks inspect MODEL`: what a model is made of and what running it takes; no weight is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.text import Text

from llmworks.cli import options
from llmworks.cli.console import count, out, print_json, size, table
from llmworks.errors import RequestError

if TYPE_CHECKING:
    from llmworks.models.planner import MemoryPlan, Planner
    from llmworks.packages.adapters import Adapter
    from llmworks.packages.survey import Survey

COLOURS = {
    "embedding": "cyan", "attention": "magenta", "state space": "magenta", "mlp": "green",
    "experts": "yellow", "router": "red", "norms": "white", "head": "blue", "other": "bright_black",
}  # fmt: skip
BAR = 72

Model = Annotated[
    str,
    typer.Argument(
        metavar="MODEL", help="A name, a package folder, a config.json, or a GGUF file.", show_default=True
    ),
]
Context = Annotated[
    str | None, typer.Option("--context", "-c", help="Tokens of context: 4096, 128K (default: the longest).")
]
Batch = Annotated[int, typer.Option("--batch", "-b", min=1, help="Texts at once.")]
Weights = Annotated[
    str | None,
    typer.Option(
        "--weights", "--dtype", help="How weights are kept: bf16, f32, fp8, q8_0, q4_k, …, or bits a weight."
    ),
]
Kv = Annotated[str, typer.Option("--kv", help="How the cache is kept: f16, f32, fp8, q8_0, q4_0.")]
Memory = Annotated[str | None, typer.Option("--memory", "-m", help="What there is: 24GB (10⁹), 24GiB (2³⁰).")]
Margin = Annotated[float, typer.Option("--margin", min=0, help="Share kept free on top.")]
Overhead = Annotated[str, typer.Option("--overhead", help="What the program itself takes.")]
Forget = Annotated[
    bool,
    typer.Option(
        "--forget/--keep-all", help="Sliding layers let go of what is beyond their window, or keep it."
    ),
]


def inspect(
    model: Model = options.DEFAULT_MODEL,
    context: Context = None,
    batch: Batch = 1,
    weights: Weights = None,
    kv: Kv = "f16",
    memory: Memory = None,
    margin: Margin = 0.05,
    overhead: Overhead = "512MiB",
    forget: Forget = True,
    json: options.Json = False,
) -> None:
    """Count a model's parameters by part, and plan the memory and the work of running it."""
    from llmworks.gguf.types import TYPES
    from llmworks.models import planner
    from llmworks.packages.adapters import is_adapter, read_adapter
    from llmworks.packages.survey import survey

    if is_adapter(Path(model).expanduser()):
        show_adapter(read_adapter(model), json)
        return
    found = survey(model, None if context is None else planner.read_tokens(context))
    own = weights is None and found.stored_bytes is not None
    plans = planner.Planner(
        found.anatomy,
        weights=planner.storage(weights or "bf16", TYPES),
        cache=planner.storage(kv),
        stored=found.stored_bytes if own else None,
        forget=forget,
        overhead=planner.read_bytes(overhead),
        margin=margin,
    )
    limit = None if memory is None else planner.read_bytes(memory)
    if found.anatomy.context > found.longest and found.config is not None:
        raise RequestError(
            f"this model reads at most {found.longest:,} tokens; a context of {found.anatomy.context:,} "
            "needs its positions extended first"
        )
    plan = plans.plan(found.anatomy.context, batch, limit)
    answer = as_answer(found, plans, plan, own)
    if json:
        print_json(answer)
    else:
        show(found, answer, plan)


def show_adapter(adapter: Adapter, json: bool) -> None:
    """What an adapter's folder holds: no model of its own."""
    if json:
        print_json({"adapter": adapter.to_dict()})
        return
    out.print(escape(f"no model of its own, but {adapter.summary}"))
    shown = table("module", ">rank")
    for module, rank in list(adapter.modules.items())[:40]:
        shown.add_row(module, str(rank) if rank else "whole")
    out.print(shown)
    if len(adapter.modules) > 40:
        out.print(f"… and {len(adapter.modules) - 40} more")


def as_answer(found: Survey, plans: Planner, plan: MemoryPlan, own: bool) -> dict[str, Any]:
    """Everything, as one JSON object."""
    counted, package = found.anatomy, found.package
    remedies = []
    if plan.fits is False and plan.memory is not None:
        remedies = [one.to_dict() for one in plans.remedies(plan.context, plan.batch, plan.memory)]
    return {
        "name": found.name,
        "path": str(found.path),
        "family": found.family,
        "parameters": counted.total,
        "active_parameters": counted.active,
        "active_parameters_without_embedding": counted.active_without_embedding,
        "parts": counted.parts(),
        "parameters_per_layer": counted.per_block,
        "flops_per_token": counted.flops_per_token,
        "kv_cache_bytes_per_token": counted.kv_bytes_per_token,
        "anatomy": counted.to_dict(),
        "stored": {"bytes": found.stored_bytes, "numbers_by_type": found.stored_types},
        "memory": plan.to_dict() | ({"weights_in": "the file"} if own else {}),
        "would_fit": remedies,
        "config": None if found.config is None else found.config.model_dump(mode="json"),
        "vocabulary": package.tokenizer.vocab_size if package and package.tokenizer else None,
        "chat_template": package.chat_template is not None if package else None,
        "notes": list(found.notes),
    }


def show(found: Survey, answer: dict[str, Any], plan: MemoryPlan) -> None:
    """The same for a person."""
    counted = found.anatomy
    out.print(f"{escape(found.name)}  [dim]{escape(found.family)}, {escape(str(found.path))}[/dim]")
    experts = ""
    if counted.active < counted.total:
        experts = f", of which a token meets {count(counted.active)} ({counted.active / counted.total:.1%})"
    out.print(f"{count(counted.total)} parameters{experts}")
    out.print(f"{shape(found)}\n")
    show_parts(counted.parts(), counted.total)
    out.print(f"\nthe last of {counted.n_layers} blocks: {count(counted.per_block)} parameters")
    out.print(
        f"a token, {count(counted.context)} tokens into a text: "
        f"{counted.flops_per_token / 1e9:,.3g} GFLOP forward"
    )
    for line in cache_lines(found):
        out.print(line)
    if found.stored_types:
        bits = 8 * (found.stored_bytes or 0) / max(1, sum(found.stored_types.values()))
        types = ", ".join(f"{name} {count(numbers)}" for name, numbers in found.stored_types.items())
        out.print(f"stored: {size(found.stored_bytes or 0)}, {bits:.2f} bits a weight ({types})")
    show_plan(answer, plan)
    if found.package is not None:
        has = found.package.chat_template is not None
        out.print("\nchat template: " + ("yes" if has else "none (it completes text)"))
    for note in found.notes:
        out.print(f"[dim]note: {escape(note)}[/dim]")


def shape(found: Survey) -> str:
    """The sizes that a config says."""
    config = found.config
    if config is None:
        return f"{found.anatomy.n_layers} layers, context {count(found.longest)}"
    heads = f", {config.n_heads} heads" if hasattr(config, "n_heads") else ""
    experts = getattr(config, "experts", None)
    if experts is not None:
        heads += f", {experts.n_experts} experts of which {experts.top_k} are chosen"
    return (
        f"{config.n_layers} layers, {config.d_model} wide{heads}, vocabulary {count(config.vocab_size)}, "
        f"context {count(config.max_length)}"
    )


def show_parts(parts: dict[str, int], total: int) -> None:
    """One stacked bar of all parts, and a line for each."""
    bar, reached, drawn = Text(), 0, 0
    for name, number in parts.items():
        reached += number
        end = round(BAR * reached / max(1, total))
        bar.append("█" * (end - drawn), style=COLOURS[name])
        drawn = end
    out.print(bar)
    shown = table("", "part", ">parameters", ">share")
    for name, number in parts.items():
        mark = Text("█", style=COLOURS[name])
        shown.add_row(mark, name, count(number), f"{number / max(1, total):.1%}")
    out.print(shown)


def cache_lines(found: Survey) -> list[str]:
    """What each kind of block keeps of a text."""
    lines = []
    for cache in found.anatomy.caches:
        if cache.state_bytes:
            whole = size(cache.layers * cache.state_bytes)
            lines.append(f"cache: {cache.layers} blocks with a state, {whole} in all, whatever the length")
            continue
        each = size(2 * cache.layers * cache.numbers)
        near = "" if cache.window is None else f", of the last {count(cache.window)} tokens"
        lines.append(f"cache: {cache.layers} blocks of {cache.kind}, {each} a token in 16 bits{near}")
    return lines


def show_plan(answer: dict[str, Any], plan: MemoryPlan) -> None:
    """The terms of the memory, and whether they fit."""
    kept = answer["memory"]["weights_in"]
    many = f"{plan.batch} texts" if plan.batch > 1 else "one text"
    out.print(f"\nto run {many} of {count(plan.context)} tokens:")
    shown = table("", ">bytes", ">")
    terms = {
        f"weights ({kept})": plan.weights,
        f"cache ({plan.cache_in})": plan.cache,
        "activations (reading 512 tokens at once)": plan.activations,
        "overhead (the program and the device)": plan.overhead,
        "margin": plan.margin,
        "total": plan.total,
    }
    for name, number in terms.items():
        shown.add_row(name, count(number), f"{number / 2**30:,.2f} GiB")
    out.print(shown)
    if plan.memory is None:
        return
    verdict = "[green]fits[/green]" if plan.fits else "[red]does not fit[/red]"
    longest = "any context would" if plan.longest is None else f"up to {count(plan.longest)} tokens would"
    longest = longest if plan.longest != 0 else "no context would"
    out.print(f"it {verdict} into {count(plan.memory)} bytes; {longest}")
    for other in answer["would_fit"]:
        out.print(
            f"  it would with weights in {other['weights_in']} and the cache in {other['cache_in']}: "
            f"{other['total'] / 2**30:,.2f} GiB"
        )
