"""GGUF, the one-file models of llama.cpp: read, mapped, decoded, quantised, written."""

from llmworks.packages.gguf.reader import GGUFFile, StoredTensor
from llmworks.packages.gguf.types import TYPES, TensorType
from llmworks.packages.gguf.writer import Planned, write_gguf

__all__ = ["TYPES", "GGUFFile", "Planned", "StoredTensor", "TensorType", "write_gguf"]
