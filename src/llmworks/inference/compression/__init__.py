"""Language models as compressors: arithmetic coding over their probabilities, byte-exact on any file."""

from llmworks.inference.compression.codecs import (
    ByteCodec,
    Codec,
    Compressed,
    MismatchError,
    NGramCodec,
    compress,
    decompress,
    header,
)
from llmworks.inference.compression.container import Header
from llmworks.inference.compression.network_codec import NetworkCodec
from llmworks.inference.compression.range_coder import CorruptError

__all__ = [
    "ByteCodec",
    "Codec",
    "Compressed",
    "CorruptError",
    "Header",
    "MismatchError",
    "NGramCodec",
    "NetworkCodec",
    "compress",
    "decompress",
    "header",
]
