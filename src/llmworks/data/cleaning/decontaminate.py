"""Training text without the test: documents that share a run of 13 words with an evaluation set go.

    contaminated(d) = some run of n words of d is in the set of all runs of n words of the evaluation texts

n = 13 is GPT-3's choice (Brown et al. 2020, appendix C). An evaluation text that is shorter is compared
whole, if it has at least `min_words`. A document may have `max_matches` matching runs and stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field, PrivateAttr

from llmworks.data.build_state import digest
from llmworks.data.cleaning.hashing import ngram_hashes, normal_words
from llmworks.data.cleaning.stage import KEPT, Dropped, Outcome, Stage
from llmworks.data.mixture import UInt64s
from llmworks.data.sources import Document, read_documents


class Decontaminate(Stage):
    """Drops documents that hold pieces of evaluation sets."""

    kind: Literal["decontaminate"] = "decontaminate"
    against: tuple[str, ...] = Field(min_length=1)  # sources of evaluation texts
    text_fields: tuple[str, ...] = ("text",)  # of their rows; all of those that a row has are looked at
    words: int = Field(default=13, ge=2, le=100)
    min_words: int = Field(default=8, ge=1)
    max_matches: int = Field(default=0, ge=0)

    _known: dict[int, UInt64s] | None = PrivateAttr(default=None)  # words a run → hashes

    def prepare(self, folder: Path) -> None:
        for words, hashes in self._all_runs().items():
            np.save(folder / f"{self._name}-{words}.npy", hashes)

    def open(self, folder: Path) -> None:
        files = {int(path.stem.rpartition("-")[2]): path for path in folder.glob(f"{self._name}-*.npy")}
        self._known = {words: np.load(path, mmap_mode="r") for words, path in sorted(files.items())}

    @property
    def _name(self) -> str:
        return f"decontaminate-{digest(self.model_dump_json())[:12]}"

    def _all_runs(self) -> dict[int, UInt64s]:
        runs: dict[int, list[UInt64s]] = {}
        for text in self._texts():
            words = normal_words(text)
            count = min(self.words, words.count(b" ") + 1)
            if count >= self.min_words:
                runs.setdefault(count, []).append(ngram_hashes(words, count))
        return {count: np.unique(np.concatenate(hashes)) for count, hashes in runs.items()}

    def _texts(self) -> Iterator[str]:
        for spec in self.against:
            for document in read_documents(spec, self.text_fields[0]):
                yield document.text
                for field in self.text_fields[1:]:
                    value = document.metadata.get(field)
                    if isinstance(value, str):
                        yield value

    def apply(self, document: Document) -> Outcome:
        if self._known is None:
            self._known = self._all_runs()
        words = normal_words(document.text)
        found = 0
        for count, known in self._known.items():
            runs = ngram_hashes(words, count) if words.count(b" ") + 1 >= count else np.zeros(0, np.uint64)
            places = np.minimum(np.searchsorted(known, runs), len(known) - 1)
            found += int((known[places] == runs).sum())
        if found <= self.max_matches:
            return KEPT
        return Dropped("evaluation text", f"{found} runs of {self.words} words or fewer")
