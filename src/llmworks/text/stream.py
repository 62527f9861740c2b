"""StreamDecoder: ids to text one at a time, whole characters only.

A token may end in the middle of a character: `🎉` is F0 9F 8E 89, often two tokens. Shown at once, its first
half would be `�`; the decoder keeps the bytes of a character that may still be completed, and only those.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable


class StreamDecoder:
    """Feed ids, get the text that is certain. The texts joined equal `decode` of all ids."""

    def __init__(self, token_bytes: Callable[[int], bytes]) -> None:
        self._token_bytes = token_bytes
        # Python's incremental decoder holds back exactly an incomplete but so far well-formed sequence.
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def feed(self, id: int) -> str:
        """The text that `id` completes; may be empty."""
        return self._decoder.decode(self._token_bytes(id))

    def flush(self) -> str:
        """What was held back, as U+FFFD, at the end; the decoder can be used again."""
        rest = self._decoder.decode(b"", final=True)
        self._decoder.reset()
        return rest
