"""`llmworks template MODEL --messages F`: a conversation as the model reads it, and who wrote what."""

from __future__ import annotations

import difflib
import json as json_module
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from llmworks.cli import options
from llmworks.cli.console import count, note, out, print_json
from llmworks.errors import DataError, PackageError

if TYPE_CHECKING:
    from llmworks.packages.chat import ChatTemplate, EncodedChat
    from llmworks.text.tokenizer import Tokenizer

COLOURS = {
    "template": "dim",
    "system": "magenta",
    "developer": "magenta",
    "user": "cyan",
    "assistant": "green",
    "tool": "yellow",
    "tools": "yellow",
    "documents": "blue",
    "variables": "blue",
}
OWN_OPTIONS = frozenset(
    ["messages", "tools", "documents", "template", "add_generation_prompt", "continue_final_message"]
)
CONTROL = "bold white on #a3324a"
SAID = " underline"


def template(
    model: Annotated[
        str, typer.Argument(metavar="MODEL", help="A package, a bundled name, or a format such as chatml.")
    ],
    messages: Annotated[
        str, typer.Option("--messages", "-m", metavar="FILE", help="The conversation: JSON, JSONL or -.")
    ],
    tools: Annotated[
        str | None, typer.Option("--tools", metavar="FILE", help="Tools as JSON schemas (JSON or JSONL).")
    ] = None,
    documents: Annotated[
        str | None, typer.Option("--documents", metavar="FILE", help="Documents to answer from.")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A variable of the template (can be repeated)."),
    ] = None,
    name: Annotated[
        str | None, typer.Option("--template", help="One of the package's templates: tool_use, rag, …")
    ] = None,
    generation_prompt: Annotated[
        bool,
        typer.Option(
            "--generation-prompt/--no-generation-prompt", help="End where the assistant is to answer."
        ),
    ] = True,
    continue_final: Annotated[
        bool, typer.Option("--continue", help="End with the last message's text, to be gone on with.")
    ] = False,
    tokenizer: Annotated[
        str | None, typer.Option("--tokenizer", metavar="MODEL", help="The tokenizer to use with a format.")
    ] = None,
    compare: Annotated[
        str | None, typer.Option("--compare", metavar="OTHER", help="Show what another format differs in.")
    ] = None,
    text: Annotated[bool, typer.Option("--text", help="Print the text alone.")] = False,
    source: Annotated[bool, typer.Option("--source", help="Print the Jinja source instead.")] = False,
    json: options.Json = False,
) -> None:
    """Show a conversation as the model reads it: the text, who wrote which part, ids and assistant mask."""
    chosen, chosen_tokenizer = _find(model, tokenizer)
    if source:
        out.print(chosen.source, markup=False)
        return
    given: dict[str, Any] = {
        "tools": None if tools is None else read_list(tools, what="--tools"),
        "documents": None if documents is None else read_list(documents, what="--documents"),
        "template": name,
        "continue_final_message": continue_final,
        "add_generation_prompt": generation_prompt and not continue_final,
        **dict(_setting(text) for text in settings or []),
    }
    talk = read_list(messages, what="--messages", of="messages")
    if compare is not None:
        other, _ = _find(compare, tokenizer)
        _show_difference(model, chosen.render(talk, **given), compare, other.render(talk, **given), json)
        return
    if text:
        print(chosen.render(talk, **given), end="")
        return
    encoded = chosen.encode(talk, chosen_tokenizer, **given)
    if json:
        print_json(answer(encoded, chosen_tokenizer))
    else:
        _show(encoded, chosen_tokenizer)


def answer(encoded: EncodedChat, tokenizer: Tokenizer) -> dict[str, Any]:
    """The JSON of `--json`."""
    return {
        "text": encoded.text,
        "ids": encoded.ids,
        "tokens": [tokenizer.token_label(id) for id in encoded.ids],
        "mask": [int(mine) for mine in encoded.mask],
        "spans": [
            {"start": span.start, "end": span.end, "origin": span.origin, "message": span.message}
            for span in encoded.spans
        ],
        "assistant": [list(span) for span in encoded.said],
    }


def _find(model: str, tokenizer: str | None) -> tuple[ChatTemplate, Tokenizer]:
    """The template of a package or of a format, and the tokenizer to read it with."""
    from llmworks.cli.tokenize import load_tokenizer
    from llmworks.packages import Package
    from llmworks.packages.formats import FORMATS, get_format
    from llmworks.text.bpe_train import train_bpe

    if model in FORMATS and not (Path(model) / "config.json").exists():
        if tokenizer is not None:
            return get_format(model).chat_template(), load_tokenizer(tokenizer)
        # Without a tokenizer: the bytes of the text, and the format's own control tokens.
        controls = list(get_format(model).controls)
        return get_format(model).chat_template(), train_bpe([], 256 + len(controls), special_tokens=controls)
    package = Package.load(model)
    if package.chat_template is None:
        raise PackageError(
            f"{model} has no chat template: it is no chat model, or its template was not packaged. "
            f"Name a format to see what one would look like ({', '.join(FORMATS)}), with --tokenizer {model}."
        )
    if tokenizer is not None:
        return package.chat_template, load_tokenizer(tokenizer)
    if package.tokenizer is None:
        raise PackageError(f"{model} has no tokenizer. Name one with --tokenizer.")
    return package.chat_template, package.tokenizer


def read_list(source: str, *, what: str, of: str | None = None) -> list[Any]:
    """A list from a file of JSON or JSON lines, or from standard input; under the key `of` is well, too."""
    text = options.read_text(source, what=what)
    try:
        value = json_module.loads(text)
    except (json_module.JSONDecodeError, RecursionError) as error:
        lines = [line for line in text.splitlines() if line.strip()]
        try:
            value = [json_module.loads(line) for line in lines]
        except (json_module.JSONDecodeError, RecursionError):
            raise DataError(f"{what}: {source} is neither JSON nor JSON lines: {error}.") from None
        if len(value) == 1:
            value = value[0]
    if isinstance(value, dict):
        value = value.get(of, [value])
    if not isinstance(value, list):
        raise DataError(f"{what}: {source} holds a {type(value).__name__}; expected a list of objects.")
    return value


def _setting(text: str) -> tuple[str, Any]:
    """`enable_thinking=false` → ("enable_thinking", False); what is no JSON is text."""
    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier():
        raise typer.BadParameter(f"{text!r}: expected NAME=VALUE", param_hint="--set")
    if name in OWN_OPTIONS:
        raise typer.BadParameter(f"{name} has an option of its own", param_hint="--set")
    try:
        return name, json_module.loads(value)
    except (json_module.JSONDecodeError, RecursionError):
        return name, value


def _show(encoded: EncodedChat, tokenizer: Tokenizer) -> None:
    if not out.is_terminal:
        _show_plainly(encoded, tokenizer)
        return
    shown = Text()
    for start, end, origin, control, said in _stretches(encoded, tokenizer):
        style = CONTROL if control else COLOURS.get(origin, "yellow") + (SAID if said else "")
        shown.append(encoded.text[start:end], style=style)
    out.print(shown)
    out.print()
    legend = Text("control token", style=CONTROL)
    for origin in dict.fromkeys(span.origin for span in encoded.spans):
        legend.append("  ", style="").append(origin, style=COLOURS.get(origin, "yellow"))
    out.print(legend.append("  ").append("the assistant's part", style=SAID.strip()))
    line = Text()
    for place, (id, mine) in enumerate(zip(encoded.ids, encoded.mask, strict=True)):
        line.append(" " if place else "").append(str(id), style="green underline" if mine else "dim")
    out.print(line)
    out.print(Text(_summary(encoded), style="dim"))


def _show_plainly(encoded: EncodedChat, tokenizer: Tokenizer) -> None:
    """Into a file or a pipe: the text, then what is known of it, a stretch a line."""
    print(encoded.text)
    print(f"\n{'start':>6} {'end':>6}  {'written by':<12}{'said':<6}text")
    for start, end, origin, control, said in _stretches(encoded, tokenizer):
        kind, mine = "control" if control else origin, "said" if said else ""
        print(f"{start:>6} {end:>6}  {kind:<12}{mine:<6}{json_module.dumps(encoded.text[start:end])}")
    print("\nids  " + " ".join(map(str, encoded.ids)))
    print("mask " + " ".join(str(int(mine)) for mine in encoded.mask))
    print(_summary(encoded))


def _summary(encoded: EncodedChat) -> str:
    return f"{count(len(encoded.ids))} tokens, {count(sum(encoded.mask))} of them the assistant's"


def _stretches(encoded: EncodedChat, tokenizer: Tokenizer) -> list[tuple[int, int, str, bool, bool]]:
    """(start, end, origin, control token?, said by the assistant?) of stretches that are one in all these."""
    from llmworks.packages.chat_spans import find_controls

    controls: set[tuple[int, int]] = set()
    for span in encoded.spans:
        if span.origin == "template":
            found = find_controls(encoded.text[span.start : span.end], frozenset(tokenizer.special_tokens))
            controls |= {(span.start + start, span.start + end) for start, end in found}
    edges = {edge for pair in (*controls, *encoded.said) for edge in pair}
    edges |= {edge for span in encoded.spans for edge in (span.start, span.end)}
    cuts = sorted(edges)
    made = []
    for start, end in pairwise(cuts):
        origin = next(span.origin for span in encoded.spans if span.start <= start < span.end)
        said = any(first <= start < last for first, last in encoded.said)
        made.append((start, end, origin, (start, end) in controls, said))
    return made


def _show_difference(one: str, left: str, other: str, right: str, json: bool) -> None:
    lines = list(
        difflib.unified_diff(left.splitlines(True), right.splitlines(True), one, other, n=2, lineterm="\n")
    )
    if json:
        print_json({"equal": left == right, one: left, other: right, "diff": "".join(lines)})
        return
    if left == right:
        note(f"{one} and {other} write this conversation alike")
    for line in lines:
        style = {"+": "green", "-": "red", "@": "cyan"}.get(line[0], "")
        out.print(Text(line.rstrip("\n"), style=style))
