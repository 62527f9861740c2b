"""The chat formats of the field: how each writes a conversation, and how to read its answers back."""

from llmworks.packages.formats.detection import detect
from llmworks.packages.formats.library import FORMATS, ChatFormat, get_format
from llmworks.packages.formats.reading import MessageReader, Piece, read_message

__all__ = [
    "FORMATS",
    "ChatFormat",
    "MessageReader",
    "Piece",
    "detect",
    "get_format",
    "read_message",
]
