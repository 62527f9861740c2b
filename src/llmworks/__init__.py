"""llmworks: the whole life of a language model in one glass box.

    import llmworks
    lm = llmworks.load("spark")            # a bundled name, a Hugging Face folder, a Hub name
    print(lm.generate("Once upon a time", max_tokens=40).text)

Names are imported on first use, so that `import llmworks` and `llmworks --help` stay quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from llmworks.errors import LLMWorksError as LLMWorksError
    from llmworks.language_model import LanguageModel as LanguageModel
    from llmworks.language_model import load as load

__version__ = "0.1.0"
__all__ = ["LLMWorksError", "LanguageModel", "__version__", "load"]

_HOMES = {
    "LLMWorksError": "llmworks.errors",
    "LanguageModel": "llmworks.language_model",
    "load": "llmworks.language_model",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'llmworks' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
