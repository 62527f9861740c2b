"""The table of architectures that GGUF files have and that are read and written here."""

from __future__ import annotations

from llmworks.errors import PackageError
from llmworks.packages.gguf import rows_encoders, rows_gpt, rows_llama, rows_mixed
from llmworks.packages.gguf.architecture import Architecture, Facts

ROWS: tuple[Architecture, ...] = (*rows_llama.ROWS, *rows_gpt.ROWS, *rows_mixed.ROWS, *rows_encoders.ROWS)


def row_of_file(facts: Facts) -> Architecture:
    """The row of a file, by its `general.architecture`."""
    for row in ROWS:
        if row.name == facts.architecture and row.applies(facts):
            return row
    known = ", ".join(dict.fromkeys(row.name for row in ROWS))
    raise PackageError(
        f"{facts.where}: the architecture {str(facts.architecture)[:40]!r} is not known. Known are: {known}."
    )


def row_of_family(model_type: object) -> Architecture:
    """The row of a Hugging Face `model_type`."""
    for row in ROWS:
        if row.model_type == model_type:
            return row
    known = ", ".join(row.model_type for row in ROWS)
    raise PackageError(
        f"a model of type {str(model_type)[:40]!r} cannot be written as GGUF. Those that can: {known}."
    )
