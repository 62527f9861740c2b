"""From a row to what the model is asked: description, solved examples, question, and the answers to weigh.

    description ⏎⏎? shot ⏎⏎ shot ⏎⏎ … prompt │ delimiter answer
                        context              │ continuation

With a chat template the examples are turns of a conversation and the answer is the assistant's message.
Texts become tokens as in lm-evaluation-harness: blanks at a context's end go over to the continuation, both
are encoded as one text, and the continuation's tokens are those beyond the context's count.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from llmworks.evals.data import Row
from llmworks.evals.errors import EvalError
from llmworks.evals.expressions import Expression, Template
from llmworks.evals.task import Task
from llmworks.language_model import LanguageModel

Messages = list[dict[str, Any]]


@dataclass
class Item:
    """One question. id: of the row's content. context: text, or messages. answer: index, text(s), labels.

    scored: for choice the continuations, for completion and perplexity the one text. groups: values of `by`.
    """

    id: str
    row: Row
    context: str | Messages
    answer: Any = None
    scored: list[str] = field(default_factory=list)
    groups: dict[str, str] = field(default_factory=dict)


class Reader:
    """A task's templates, compiled once."""

    def __init__(self, task: Task) -> None:
        self.task = task
        name = task.name
        self.prompt = Template(task.prompt, f"{name}: prompt")
        self.description = Template(task.description, f"{name}: description")
        self.target = None if task.target is None else Template(task.target, f"{name}: target")
        self.answer = None if task.answer is None else Expression(task.answer, f"{name}: answer")
        self.choices = Expression(task.choices, f"{name}: choices") if isinstance(task.choices, str) else None
        self.by = {source: Expression(source, f"{name}: by") for source in task.by}

    def options(self, row: Row) -> list[str]:
        found = self.task.choices if self.choices is None else self.choices(row)
        if not isinstance(found, list) or not found or not all(isinstance(text, str) for text in found):
            raise EvalError(f"{self.task.name}: choices must give a list of texts; they gave {found!r}")
        return found

    def gold(self, row: Row) -> Any:
        """The right answer: an index, labels or texts, checked against the choices."""
        if self.answer is None:
            return None
        value = self.answer(row)
        if self.task.kind != "choice":
            return value
        options = self.options(row)
        if isinstance(value, str) and not value.isdigit():
            value = options.index(value) if value in options else -1
        if isinstance(value, str):
            value = int(value)
        fits = len(value) == len(options) if isinstance(value, list) else 0 <= value < len(options)
        if not fits:
            raise EvalError(
                f"{self.task.name}: answer {value!r} does not fit {len(options)} choices: {row!r}"[:600]
            )
        return value

    def solved(self, row: Row) -> str:
        """The answer as a text, for an example."""
        if self.target is not None:
            return self.target(row)
        value = self.gold(row)
        if self.task.kind == "choice":
            if isinstance(value, list):
                value = value.index(1)
            return self.options(row)[int(value)]
        return str(value[0] if isinstance(value, list) else value)


def make_items(
    task: Task, rows: Sequence[Row], shots: Sequence[Row], *, count: int, chat: bool
) -> list[Item]:
    """All items of a task. shots: where examples come from (empty: `rows`); count: for each question."""
    reader = Reader(task)
    draws: dict[Any, random.Random] = {}  # one a subset, as if each were a task of its own
    items = []
    for row in rows:
        draw = draws.setdefault(row.get("subset"), random.Random(task.shots.seed))
        pool = _pool(shots or rows, row)
        examples = _examples(task, pool, row if not shots else None, count, draw) if count else []
        items.append(_item(reader, row, examples, chat))
    return items


def _pool(shots: Sequence[Row], row: Row) -> Sequence[Row]:
    """Examples of the same subset, where there are subsets."""
    if "subset" not in row:
        return shots
    return [shot for shot in shots if shot.get("subset") == row["subset"]]


def _examples(
    task: Task, pool: Sequence[Row], asked: Row | None, count: int, draw: random.Random
) -> list[Row]:
    """`count` rows of the pool; never the asked one, where the pool holds it."""
    spare = 0 if asked is None and not task.shots.spare else 1
    if len(pool) < count + spare:
        raise EvalError(f"{task.name}: {count} examples were asked for, there are only {len(pool) - spare}")
    if task.shots.order == "first":
        return [row for row in pool if row is not asked][:count]
    drawn = draw.sample(list(pool), count + spare)
    return [row for row in drawn if row is not asked][:count]


def _item(reader: Reader, row: Row, examples: list[Row], chat: bool) -> Item:
    task = reader.task
    item = Item(row_id(row), row, "", groups={by: str(value(row)) for by, value in reader.by.items()})
    if task.kind == "conversation":
        item.context = []
        return item
    item.answer = reader.gold(row)
    if task.kind == "choice":
        item.scored = reader.options(row)
    elif task.kind in ("completion", "perplexity"):
        assert reader.target is not None
        item.scored = [reader.target(row)]
    if task.kind == "perplexity":
        return item
    item.context = (_messages if chat else _text)(reader, row, examples)
    return item


def _text(reader: Reader, row: Row, examples: list[Row]) -> str:
    task = reader.task
    text = reader.description(row)
    for shot in examples:
        text += reader.prompt(shot) + task.delimiter + reader.solved(shot) + task.shots.separator
    return text + reader.prompt(row)


def _messages(reader: Reader, row: Row, examples: list[Row]) -> Messages:
    system = reader.description(row) or reader.task.system
    messages: Messages = [{"role": "system", "content": system}] if system else []
    for shot in examples:
        messages.append({"role": "user", "content": reader.prompt(shot)})
        messages.append({"role": "assistant", "content": reader.solved(shot)})
    return [*messages, {"role": "user", "content": reader.prompt(row)}]


def row_id(row: Mapping[str, Any]) -> str:
    """Sixteen hex digits of the row's content: the same row has the same name in every run."""
    text = json.dumps(row, sort_keys=True, ensure_ascii=False, default=repr)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


class Encoder:
    """Texts to ids under one model."""

    def __init__(self, lm: LanguageModel, *, begin: bool = False) -> None:
        self.lm, self.tokenizer = lm, lm.tokenizer
        self.front = (
            [self.tokenizer.bos_id] if self.tokenizer.add_bos and self.tokenizer.bos_id is not None else []
        )
        self._talk: tuple[Messages, list[int]] | None = (
            None  # the last conversation: its answers come in a row
        )
        if begin and not self.front and lm.begin_id is not None:
            self.front = [lm.begin_id]

    def context(self, context: str | Messages) -> list[int]:
        """Ids of a prompt to go on from."""
        if isinstance(context, list):
            return self.lm.encode_chat(context)
        ids = [*self.front, *self.tokenizer.encode(context)]
        return ids or [self.prefix]

    @property
    def prefix(self) -> int:
        """What stands before a text that has nothing before it."""
        begin = self.lm.begin_id
        if begin is None:
            raise EvalError(
                f"{self.lm.name} has no token for the beginning of a text, so it cannot be scored"
            )
        return begin

    def pair(self, context: str | Messages, continuation: str) -> tuple[list[int], list[int]]:
        """(ids of the context, ids of the continuation)."""
        if isinstance(context, list):
            if self._talk is None or self._talk[0] is not context:
                self._talk = context, self.lm.encode_chat(context)
            talk = self._talk[1]
            end = self._end_without_blanks(talk)
            return talk[:end], [*talk[end:], *self.tokenizer.encode(continuation)]
        if not context:
            ids = self.tokenizer.encode(continuation)
            return ([self.prefix], ids) if ids[:1] != [self.prefix] else (ids[:1], ids[1:])
        kept = context.rstrip()
        whole = [*self.front, *self.tokenizer.encode(context + continuation)]
        before = [*self.front, *self.tokenizer.encode(kept)]
        return (before or [self.prefix]), whole[len(before) :]

    def _end_without_blanks(self, ids: list[int]) -> int:
        """Behind the last id that says something: blanks at a context's end count with what follows them."""
        end = len(ids)
        while end > 1 and self.tokenizer.token_bytes(ids[end - 1]).isspace():
            end -= 1
        return end

    def windows(self, text: str, *, half: bool = False) -> list[tuple[list[int], list[int]]]:
        """A text of any length as (context, continuation) pairs that together predict each token once.

        Windows stand side by side, each begun with the last token of the one before: as
        lm-evaluation-harness's rolling log-likelihood. half: they overlap by half, and only the new half of
        each counts, so that every token has half a context before it: as `lm.score`.
        """
        ids, size = [*self.front, *self.tokenizer.encode(text)], self.lm.max_length
        step = size // 2 if half else size
        pairs = [([self.prefix], ids[:size])]
        for start in range(size, len(ids), step):
            end = min(start + step, len(ids))
            pairs.append((ids[max(0, end - size - 1) : start], ids[start:end]))
        return [pair for pair in pairs if pair[1]]
