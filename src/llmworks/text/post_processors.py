"""Post-processors: the markers that a model wants around its text, `[CLS] … [SEP] … [SEP]`.

`Tokenizer.encode` never adds them. `Tokenizer.with_markers(ids, pair)` does, once, and says which ids are
markers and to which of the two texts each belongs.

Source: huggingface/tokenizers, its processors (TemplateProcessing, BertProcessing, RobertaProcessing).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from llmworks.errors import TokenizerError
from llmworks.text.limits import expect
from llmworks.text.parts_json import Fields, steps_of


@dataclass(frozen=True)
class Marked:
    """ids with markers. type_ids: which text each belongs to, as the model was taught (`token_type_ids`).
    markers: True where the post-processor put the id."""

    ids: list[int]
    type_ids: list[int]
    markers: list[bool]


class Slot(NamedTuple):
    """A place in a template: a text ("A" or "B"), or markers."""

    text: str | None
    ids: tuple[int, ...]
    type_id: int


def fill(template: Sequence[Slot], texts: Mapping[str, Sequence[int]]) -> Marked:
    """The template with ids in the places of its texts."""
    ids: list[int] = []
    types: list[int] = []
    markers: list[bool] = []
    for slot in template:
        put = slot.ids if slot.text is None else texts[slot.text]
        ids += put
        types += [slot.type_id] * len(put)
        markers += [slot.text is None] * len(put)
    return Marked(ids, types, markers)


FIRST, SECOND = Slot("A", (), 0), Slot("B", (), 1)


class PostProcessor(ABC):
    """single, pair: the templates for one text and for two."""

    kind: ClassVar[str]
    single: Sequence[Slot] = (FIRST,)
    pair: Sequence[Slot] = (FIRST, SECOND)

    def mark(self, ids: Sequence[int], pair: Sequence[int] | None = None) -> Marked:
        if pair is None:
            return fill(self.single, {"A": ids})
        return fill(self.pair, {"A": ids, "B": pair})

    def count(self, *, pair: bool = False) -> int:
        """How many markers it adds."""
        return sum(len(slot.ids) for slot in (self.pair if pair else self.single))

    def opening(self) -> int | None:
        """The single marker before a text, if there is just one."""
        before = [id for slot in self._around()[0] for id in slot.ids]
        return before[0] if len(before) == 1 else None

    def closing(self) -> int | None:
        """The single marker after a text, if there is just one."""
        after = [id for slot in self._around()[1] for id in slot.ids]
        return after[0] if len(after) == 1 else None

    def _around(self) -> tuple[Sequence[Slot], Sequence[Slot]]:
        places = [place for place, slot in enumerate(self.single) if slot.text is not None]
        return (self.single[: places[0]], self.single[places[-1] + 1 :]) if places else ((), ())

    @abstractmethod
    def to_json(self) -> dict[str, Any]:
        """As tokenizer.json writes it."""


class Template(PostProcessor):
    kind = "TemplateProcessing"

    def __init__(self, value: dict[str, Any], single: Sequence[Slot], pair: Sequence[Slot]) -> None:
        self._value, self.single, self.pair = value, single, pair

    def to_json(self) -> dict[str, Any]:
        return self._value


class ClassifierMarkers(PostProcessor):
    """BertProcessing `[CLS] A [SEP] B [SEP]`, RobertaProcessing `<s> A </s></s> B </s>`."""

    def __init__(self, value: dict[str, Any], cls: int, sep: int) -> None:
        self._value = value
        opening, closing = Slot(None, (cls,), 0), Slot(None, (sep,), 0)
        self.single = (opening, FIRST, closing)
        if value["type"] == "RobertaProcessing":  # one type for all
            self.pair = (opening, FIRST, closing, closing, Slot("B", (), 0), closing)
        else:
            self.pair = (opening, FIRST, closing, SECOND, Slot(None, (sep,), 1))

    def to_json(self) -> dict[str, Any]:
        return self._value


class NoMarkers(PostProcessor):
    """ByteLevel: moves offsets in `tokenizers`, adds nothing."""

    def __init__(self, value: dict[str, Any]) -> None:
        self._value = value

    def to_json(self) -> dict[str, Any]:
        return self._value


class Chain(PostProcessor):
    """Several, of which at most one adds markers."""

    kind = "Sequence"

    def __init__(self, steps: Sequence[PostProcessor]) -> None:
        self.steps = list(steps)
        for step in steps:
            if not isinstance(step, NoMarkers):
                self.single, self.pair = step.single, step.pair

    def to_json(self) -> dict[str, Any]:
        return {"type": "Sequence", "processors": [step.to_json() for step in self.steps]}


def marks_at(ids: Mapping[str, int], bos: str | None, eos: str | None) -> PostProcessor:
    """A template that opens each text with `bos` and closes it with `eos`, where they are given."""

    def around(text: str, type_id: int) -> list[dict[str, Any]]:
        opening = [_token(bos, type_id)] if bos is not None else []
        closing = [_token(eos, type_id)] if eos is not None else []
        return [*opening, _sequence(text, type_id), *closing]

    single = around("A", 0)
    return _made(ids, single, [*single, *around("B", 1)], [name for name in (bos, eos) if name is not None])


def bert_markers(ids: Mapping[str, int], cls: str, sep: str) -> PostProcessor:
    """`[CLS] A [SEP] B [SEP]`, the second text and its end of type 1."""
    single = [_token(cls, 0), _sequence("A", 0), _token(sep, 0)]
    return _made(ids, single, [*single, _sequence("B", 1), _token(sep, 1)], [cls, sep])


def _token(name: str, type_id: int) -> dict[str, Any]:
    return {"SpecialToken": {"id": name, "type_id": type_id}}


def _sequence(text: str, type_id: int) -> dict[str, Any]:
    return {"Sequence": {"id": text, "type_id": type_id}}


def _made(
    ids: Mapping[str, int], single: list[dict[str, Any]], pair: list[dict[str, Any]], names: list[str]
) -> PostProcessor:
    value = {
        "type": "TemplateProcessing",
        "single": single,
        "pair": pair,
        "special_tokens": {name: {"id": name, "ids": [ids[name]], "tokens": [name]} for name in names},
    }
    return _template(Fields(value, "post_processor"), ids)


def read_post_processor(
    value: Any, ids: Mapping[str, int], what: str = "post_processor"
) -> PostProcessor | None:
    """The post-processor that a tokenizer.json describes; its markers must be tokens among `ids`."""
    if value is None:
        return None
    fields = Fields(value, what)
    if fields.kind == "Sequence":
        found = (read_post_processor(step, ids, place) for step, place in steps_of(fields, "processors"))
        steps = [step for step in found if step is not None]
        if sum(step.count(pair=True) > 0 for step in steps) > 1:
            raise TokenizerError(f"{what}: more than one of the steps adds markers")
        return Chain(steps)
    if fields.kind == "ByteLevel":
        return NoMarkers(fields.value)
    if fields.kind in ("BertProcessing", "RobertaProcessing"):
        return ClassifierMarkers(fields.value, _named_id(fields, "cls", ids), _named_id(fields, "sep", ids))
    if fields.kind == "TemplateProcessing":
        return _template(fields, ids)
    raise TokenizerError(f"{what} {fields.kind[:60]} is not supported")


def _named_id(fields: Fields, name: str, ids: Mapping[str, int]) -> int:
    pair = fields.get(name, list)
    text = pair[0] if len(pair) == 2 and isinstance(pair[0], str) else None
    if text is None or type(pair[1]) is not int or ids.get(text) != pair[1]:
        raise TokenizerError(f"{fields.what}: {str(pair)[:60]} is not among the tokens")
    return ids[text]


def _template(fields: Fields, ids: Mapping[str, int]) -> PostProcessor:
    known: dict[str, tuple[int, ...]] = {}
    for name, entry in fields.get("special_tokens", dict, {}).items():
        what = f"{fields.what}.special_tokens[{name[:40]!r}]"
        numbers = expect(expect(entry, dict, what).get("ids"), list, f"{what}.ids")
        for number in numbers:
            if type(number) is not int or number not in _id_set(ids):
                raise TokenizerError(f"{what}: id {str(number)[:40]} is no token here")
        if len(numbers) == 1 and name in ids and ids[name] != numbers[0]:
            raise TokenizerError(f"{what} has the id {numbers[0]}, the token of that name {ids[name]}")
        known[name] = tuple(numbers)
    single, pair = (_slots(fields, key, known, ids) for key in ("single", "pair"))
    if [slot.text for slot in single].count("A") < 1 or any(slot.text == "B" for slot in single):
        raise TokenizerError(f"{fields.what}.single: expected a template of one text")
    if "pair" in fields.value and not {"A", "B"} <= {slot.text for slot in pair}:
        raise TokenizerError(f"{fields.what}.pair: expected a template of two texts, A and B")
    return Template(fields.value, single, pair or (FIRST, SECOND))


def _id_set(ids: Mapping[str, int]) -> frozenset[int]:
    return frozenset(ids.values())


def _slots(
    fields: Fields, key: str, known: Mapping[str, tuple[int, ...]], ids: Mapping[str, int]
) -> list[Slot]:
    found = []
    for place, part in enumerate(fields.get(key, list, [])):
        what = f"{fields.what}.{key}[{place}]"
        expect(part, dict, what)
        kind = next(iter(part), "")
        if len(part) != 1 or kind not in ("Sequence", "SpecialToken"):
            raise TokenizerError(f"{what}: expected a Sequence or a SpecialToken, not {str(part)[:60]}")
        inner = expect(part[kind], dict, what)
        name = expect(inner.get("id"), str, f"{what}.id")
        type_id = expect(inner.get("type_id", 0), int, f"{what}.type_id")
        if kind == "Sequence":
            if name not in ("A", "B"):
                raise TokenizerError(f"{what}: the texts of a template are A and B, not {name[:40]!r}")
            found.append(Slot(name, (), type_id))
        elif name in known:
            found.append(Slot(None, known[name], type_id))
        elif name in ids:
            found.append(Slot(None, (ids[name],), type_id))
        else:
            raise TokenizerError(f"{what}: {name[:60]!r} is not among the added tokens")
    return found
