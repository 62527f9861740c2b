"""Where a package keeps its chat templates.

    chat_template.jinja                          the default one
    additional_chat_templates/tool_use.jinja     more by name: tool_use, rag, …
    tokenizer_config.json: "chat_template"       older packages: one text, or a list of {"name", "template"}

The files come before tokenizer_config.json, as in `transformers`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llmworks.errors import PackageError
from llmworks.packages.json_file import read_object, read_text

FILE, FOLDER = "chat_template.jinja", "additional_chat_templates"
MAX_TEMPLATES = 32


@dataclass(frozen=True)
class TemplateSources:
    """Jinja sources by name, and where the default one stands."""

    where: Path
    sources: dict[str, str]


def read_template_sources(folder: Path, tokenizer_config: Mapping[str, Any]) -> TemplateSources | None:
    """The templates of a package folder; None if it has none. Raises PackageError for what is no text."""
    sources: dict[str, str] = {}
    if (folder / FILE).exists():
        sources["default"] = read_text(folder / FILE)
    if (folder / FOLDER).is_dir():
        files = sorted((folder / FOLDER).glob("*.jinja"))[:MAX_TEMPLATES]
        sources |= {path.stem: read_text(path) for path in files}
    if sources:
        return TemplateSources(folder / FILE, sources)
    where, given = folder / "tokenizer_config.json", tokenizer_config.get("chat_template")
    if given is None and (folder / "chat_template.json").exists():  # of multimodal packages, for a while
        where = folder / "chat_template.json"
        given = read_object(where).get("chat_template")
    if given is None:
        return None
    if isinstance(given, str):
        return TemplateSources(where, {"default": given})
    if not isinstance(given, list):
        raise PackageError(f"{where}: chat_template must be a text, got {type(given).__name__}.")
    for entry in given[:MAX_TEMPLATES]:
        name, text = (entry.get("name"), entry.get("template")) if isinstance(entry, dict) else (None, None)
        if not isinstance(name, str) or not isinstance(text, str):
            raise PackageError(f"{where}: chat_template lists {entry!r:.60}; expected a name and a template.")
        sources[name] = text
    return TemplateSources(where, sources)
