"""GGUF, the one-file models of llama.cpp: read, mapped, decoded, quantised, written."""

from llmworks.gguf.reader import GGUFFile, StoredTensor
from llmworks.gguf.types import TYPES, TensorType
from llmworks.gguf.writer import Planned, write_gguf

__all__ = ["TYPES", "GGUFFile", "Planned", "StoredTensor", "TensorType", "write_gguf"]
