"""`llmworks inspect MODEL`: what the model is made of, without loading its weights."""

from __future__ import annotations

from typing import Any

from llmworks.cli import options
from llmworks.cli.console import count, out, print_json, size, table


def inspect(model: options.Model = options.DEFAULT_MODEL, json: options.Json = False) -> None:
    """Count a model's parameters by part and show its shape."""
    from llmworks.models.anatomy import anatomy
    from llmworks.packages import Package

    package = Package.load(model)
    counted = anatomy(package.config)
    answer = {
        "name": str(model),
        "path": str(package.path),
        "parameters": counted.total,
        "parts": counted.parts(),
        "parameters_per_layer": counted.per_block,
        "flops_per_token": counted.flops_per_token,
        "kv_cache_bytes_per_token": counted.kv_bytes_per_token,
        "config": package.config.model_dump(),
        "vocabulary": package.tokenizer.vocab_size if package.tokenizer else None,
        "chat_template": package.chat_template is not None,
    }
    if json:
        print_json(answer)
        return
    _show(answer)


def _show(answer: dict[str, Any]) -> None:
    total, config = answer["parameters"], answer["config"]
    out.print(f"{answer['name']}  [dim]{answer['path']}[/dim]", markup=True)
    out.print(
        f"{count(total)} parameters ({size(4 * total)} in float32, {size(2 * total)} in bfloat16), "
        f"{config['n_layers']} layers, {config['d_model']} wide, {config['n_heads']} heads, "
        f"vocabulary {count(config['vocab_size'])}, context {count(config['max_length'])}\n"
    )
    shown = table("part", ">parameters", ">share", "")
    widest = max(answer["parts"].values(), default=1) or 1
    for name, number in answer["parts"].items():
        shown.add_row(name, count(number), f"{number / max(1, total):.1%}", "█" * round(24 * number / widest))
    out.print(shown)
    out.print(
        f"\na layer: {count(answer['parameters_per_layer'])} parameters; a token: "
        f"{answer['flops_per_token'] / 1e6:,.1f} MFLOP forward, "
        f"{size(answer['kv_cache_bytes_per_token'])} of cache in 16 bits"
    )
    out.print("chat template: " + ("yes" if answer["chat_template"] else "none (it completes text)"))
