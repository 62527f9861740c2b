"""WordPiece: BERT's subwords, found greedily from the left.

    unaffable  -->  un ##aff ##able        the longest entry that fits, then the longest that goes on (`##`)
    xyz€       -->  [UNK]                  a word that cannot be spelt to its end is unknown as a whole

Source: Devlin et al. 2019, arXiv:1810.04805; google-research/bert, tokenization.py (WordpieceTokenizer).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llmworks.errors import TokenizerError
from llmworks.text.explain import MatchStep, PieceSteps
from llmworks.text.subword import Part, SubwordModel


class WordPieceModel(SubwordModel):
    """vocabulary: token to id; tokens inside a word begin with `continuing_subword_prefix`.

    max_input_chars_per_word: a longer word is unknown.
    """

    kind = "WordPiece"

    def __init__(
        self,
        vocabulary: Mapping[str, int],
        *,
        unk_token: str = "[UNK]",
        continuing_subword_prefix: str = "##",
        max_input_chars_per_word: int = 100,
    ) -> None:
        if unk_token not in vocabulary:
            raise TokenizerError(
                f"WordPiece: the token for unknown words, {unk_token[:60]!r}, is not in the vocabulary"
            )
        self.vocabulary = dict(vocabulary)
        self.unk_token = unk_token
        self.unk_id: int = self.vocabulary[unk_token]
        self.continuing_subword_prefix = continuing_subword_prefix
        self.max_input_chars_per_word = max_input_chars_per_word
        self.forbid(frozenset())

    def forbid(self, texts: frozenset[str]) -> None:
        """Two tables: what begins a word, and what goes on, without its prefix."""
        prefix = self.continuing_subword_prefix
        known = {text: id for text, id in self.vocabulary.items() if text not in texts}
        self._begin = known
        self._go_on = {text[len(prefix) :]: id for text, id in known.items() if text.startswith(prefix)}
        self._longest_begin = max(map(len, self._begin), default=0)
        self._longest = max(map(len, self._go_on), default=0)

    def parts(self, piece: str) -> list[Part]:
        size = len(piece)
        if size > self.max_input_chars_per_word:
            return [Part(self.unk_id, 0, size)]
        found: list[Part] = []
        place, table, longest = 0, self._begin, self._longest_begin
        while place < size:
            for end in range(min(size, place + longest), place, -1):
                id = table.get(piece[place:end])
                if id is not None:
                    break
            else:
                return [Part(self.unk_id, 0, size)]
            found.append(Part(id, place, end))
            place, table, longest = end, self._go_on, self._longest
        return found

    def explain(self, piece: str, start: int) -> PieceSteps:
        ids = [part.id for part in self.parts(piece)]
        if len(piece) > self.max_input_chars_per_word:
            return PieceSteps(start, piece, [], [], ids)
        steps: list[MatchStep] = []
        place, table, prefix = 0, self._begin, ""
        while place < len(piece):
            tried: list[str] = []
            for end in range(len(piece), place, -1):
                id = table.get(piece[place:end])
                if id is not None:
                    break
                tried.append(prefix + piece[place:end])
            else:
                steps.append(MatchStep(place, place, None, tried))
                break
            steps.append(MatchStep(place, end, id, tried))
            place, table, prefix = end, self._go_on, self.continuing_subword_prefix
        return PieceSteps(start, piece, [], [], ids, matches=steps)

    def to_json(self) -> dict[str, Any]:
        return {
            "type": "WordPiece",
            "unk_token": self.unk_token,
            "continuing_subword_prefix": self.continuing_subword_prefix,
            "max_input_chars_per_word": self.max_input_chars_per_word,
            "vocab": dict(sorted(self.vocabulary.items(), key=lambda item: item[1])),
        }
