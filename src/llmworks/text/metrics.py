"""What a text costs in tokens: how well a tokenizer packs it, by language, in money, in share of the context.

    characters a token = characters / tokens         (English prose and a good vocabulary: 4 to 5)
    bytes a token      = UTF-8 bytes / tokens        (comparable between scripts)
    premium            = tokens / tokens of the same text in English

A vocabulary learnt mostly from English cuts other languages into smaller pieces: the same sentence then costs
more money, fills more of the context and takes longer. Source: Petrov et al. 2023, "Language Model Tokenizers
Introduce Unfairness Between Languages", arXiv:2305.15425.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from llmworks.errors import RequestError
from llmworks.text.samples import CODE, SAME_TEXT
from llmworks.text.tokenizer import Tokenizer


@dataclass(frozen=True)
class TokenMetrics:
    """Counts of one text under one tokenizer. Ratios of an empty text are nan."""

    tokens: int
    characters: int
    bytes: int

    @property
    def characters_per_token(self) -> float:
        return _ratio(self.characters, self.tokens)

    @property
    def bytes_per_token(self) -> float:
        return _ratio(self.bytes, self.tokens)

    def context_share(self, max_length: int) -> float:
        """Part (0 to 1, or more when it does not fit) of a context of `max_length` tokens."""
        if max_length < 1:
            raise RequestError(f"the context length must be at least 1 token, not {max_length}")
        return self.tokens / max_length


def measure(tokenizer: Tokenizer, text: str) -> TokenMetrics:
    """Count `text`, control tokens in it read as ordinary text."""
    return TokenMetrics(
        len(tokenizer.encode_array(text)), len(text), len(text.encode("utf-8", "surrogatepass"))
    )


@dataclass(frozen=True)
class LanguageMetrics:
    """One language beside English. premium: tokens of the same text, English = 1; nan for code."""

    name: str
    metrics: TokenMetrics
    premium: float


def by_language(tokenizer: Tokenizer) -> list[LanguageMetrics]:
    """The same text in many languages, then code, under one tokenizer."""
    english = measure(tokenizer, SAME_TEXT["English"]).tokens
    rows = []
    for name, text in SAME_TEXT.items():
        metrics = measure(tokenizer, text)
        rows.append(LanguageMetrics(name, metrics, metrics.tokens / english))
    return rows + [LanguageMetrics(name, measure(tokenizer, text), math.nan) for name, text in CODE.items()]


@dataclass(frozen=True)
class Price:
    """What a provider asks: money a million tokens read (input) and written (output)."""

    input: float
    output: float
    currency: str = "USD"

    def __post_init__(self) -> None:
        for name, value in (("input", self.input), ("output", self.output)):
            if not (math.isfinite(value) and value >= 0):
                raise RequestError(f"the {name} price must be a number from 0, not {value!r}")

    def cost(self, input_tokens: int, output_tokens: int = 0) -> float:
        """Money for so many tokens read and written."""
        return (input_tokens * self.input + output_tokens * self.output) / 1_000_000


def price_list(prices: Mapping[str, Mapping[str, float | str]]) -> dict[str, Price]:
    """Prices by model from plain data: `{"model": {"input": 2.5, "output": 10, "currency": "USD"}}`.

    There is none built in: prices change weekly, and a number that was right once misleads.
    """
    found: dict[str, Price] = {}
    for model, entry in prices.items():
        numbers = {key: entry.get(key) for key in ("input", "output")}
        unknown = sorted(set(entry) - {"input", "output", "currency"})
        if unknown or not all(type(value) in (int, float) for value in numbers.values()):
            raise RequestError(
                f"price of {model!r}: expected input and output (money a million tokens), perhaps "
                f"currency; not {dict(entry)!r}"
            )
        found[model] = Price(
            float(numbers["input"] or 0), float(numbers["output"] or 0), str(entry.get("currency", "USD"))
        )
    return found


@dataclass(frozen=True)
class LetterCount:
    """One token of a text and how often a letter stands in it, which a model does not see."""

    id: int
    label: str
    count: int


def letters_in_tokens(tokenizer: Tokenizer, text: str, letter: str) -> list[LetterCount]:
    """Why a model miscounts letters: the tokens of `text`, each with its hidden count of `letter`.

    Case does not count. The sum is the count in `text` when no token cuts the letter's own bytes.
    """
    if len(letter) != 1:
        raise RequestError(f"one letter is counted at a time, not {letter!r}")
    wanted = letter.casefold()
    rows = []
    for id in tokenizer.encode(text):
        shown = tokenizer.token_bytes(id).decode("utf-8", "ignore").casefold()
        rows.append(LetterCount(id, tokenizer.token_label(id), shown.count(wanted)))
    return rows


def _ratio(amount: int, tokens: int) -> float:
    return amount / tokens if tokens else math.nan
