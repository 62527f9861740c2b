"""A model on disk: Hugging Face folders, strict loading, chat templates, bundled models."""

from llmworks.packages.bundled import list_bundled
from llmworks.packages.chat import CHATML, ChatTemplate, EncodedChat
from llmworks.packages.generation import GenerationDefaults
from llmworks.packages.package import Package
from llmworks.packages.save import save_package

__all__ = [
    "CHATML",
    "ChatTemplate",
    "EncodedChat",
    "GenerationDefaults",
    "Package",
    "list_bundled",
    "save_package",
]
