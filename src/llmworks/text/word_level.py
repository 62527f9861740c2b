"""WordLevel: a piece is a token, or it is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llmworks.text.explain import PieceSteps
from llmworks.text.subword import Part, SubwordModel


class WordLevelModel(SubwordModel):
    """vocabulary: token to id. unk_token: for what is not in it; without that a piece is left out."""

    kind = "WordLevel"

    def __init__(self, vocabulary: Mapping[str, int], unk_token: str = "<unk>") -> None:
        self.vocabulary = dict(vocabulary)
        self.unk_token = unk_token
        self.unk_id = self.vocabulary.get(unk_token)
        self._known = self.vocabulary

    def forbid(self, texts: frozenset[str]) -> None:
        self._known = {text: id for text, id in self.vocabulary.items() if text not in texts}

    def parts(self, piece: str) -> list[Part]:
        id = self._known.get(piece, self.unk_id)
        return [] if id is None else [Part(id, 0, len(piece))]

    def explain(self, piece: str, start: int) -> PieceSteps:
        ids = [part.id for part in self.parts(piece)]
        return PieceSteps(start, piece, [], [], ids, whole=piece in self._known)

    def to_json(self) -> dict[str, Any]:
        vocab = dict(sorted(self.vocabulary.items(), key=lambda item: item[1]))
        return {"type": "WordLevel", "vocab": vocab, "unk_token": self.unk_token}
