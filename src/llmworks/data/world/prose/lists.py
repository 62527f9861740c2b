"""Cards, tables, lists, time lines and comparisons: facts in rows, of one subject or of many."""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

import json

from llmworks.data.world.ledger import Fact, Topic, World
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.prose.entries import subject_of
from llmworks.data.world.prose.sentences import WAYS, Style, clause, label, state
from llmworks.data.world.prose.ways import full, refer, slots_of, spoken
from llmworks.data.world.writers import FactWriter

_KIND_LABEL = {"person": "Name", "place": "Place", "shop": "Shop", "product": "Article", "event": "Event"}
_KINDS = {"person": "people", "place": "places", "shop": "shops", "product": "goods", "event": "events"}


def _title(text: str) -> str:
    return text[:1].upper() + text[1:]


def card(world: World, topic: Topic, draw: Draw) -> str:
    """`Birthplace: Quillby`, a line each, in one of several hands."""
    subject = subject_of(topic)
    facts = draw.some(topic.facts, len(topic.facts))
    name, shape = _title(subject.name), draw.random()
    pairs = [(label(draw, fact), fact.value) for fact in facts]
    head = draw.pick((_KIND_LABEL[subject.kind], "Name", "Entry", "Card", "Subject", "Title"))
    if shape < 0.3:
        return "\n".join([f"{head}: {name}", *(f"{key}: {value}" for key, value in pairs)])
    if shape < 0.42:
        return "\n".join([f"{head.lower()}: {name}", *(f"{key.lower()}: {value}" for key, value in pairs)])
    if shape < 0.56:
        sign = draw.pick(("- ", "* ", "• ", "– "))
        return "\n".join([f"{name}", *(f"{sign}{key}: {value}" for key, value in pairs)])
    if shape < 0.68:
        return "\n".join([f"# {name}", "", *(f"- **{key}**: {value}" for key, value in pairs)])
    if shape < 0.76:
        return (
            f"{name} – "
            + draw.pick(("; ", ", ", " | ")).join(f"{key.lower()}: {value}" for key, value in pairs)
            + "."
        )
    if shape < 0.86:
        row = {"name": name, **{key.lower().replace(" ", "_"): value for key, value in pairs}}
        return json.dumps(row, ensure_ascii=False, indent=2 if draw.chance(0.4) else None)
    rows = [f"| {head} | {name} |", "|---|---|", *(f"| {key} | {value} |" for key, value in pairs)]
    return "\n".join(rows)


_ROW_SIGN = ("; ", ", ", " · ", " / ")


def who_is_who(world: World, topic: Topic, draw: Draw) -> str:
    """A row of short pieces: "Tollen, Mara: a baker, born in Quillby, fond of chess." """
    subject = subject_of(topic)
    pieces = []
    for fact in draw.some(topic.facts, len(topic.facts)):
        slots = refer(slots_of(fact), full(subject))
        ways = WAYS[fact.relation]
        pieces.append((ways.apart if draw.chance(0.6) else ways.noun)(draw, slots))
    start = draw.pick((": ", " – ", ", ", " (", ". "))
    body = draw.pick(_ROW_SIGN).join(pieces)
    if start == ". ":
        body = _title(body)
    return f"{_title(subject.name)}{start}{body}{').' if start == ' (' else '.'}"


_TABLE_HEAD = Phrases(
    "[Table|Overview|List|Register|Survey][: {label}| of {kinds}| ({label})]\n\n", "## {Kinds}: {label}\n\n", "Some {kinds}: {label}\n\n",
    "[From the files|From the card index|From a notebook|Copied from the board]:\n\n", "", "",
)  # fmt: skip


def _topic_slots(draw: Draw, topic: Topic) -> dict[str, str]:
    fact = topic.facts[0]
    return {
        "label": label(draw, fact).lower(),
        "kinds": _KINDS[fact.subject.kind],
        "count": str(len(topic.facts)),
    }


def table(world: World, topic: Topic, draw: Draw) -> str:
    """A Markdown or comma-separated table: one relation of several subjects."""
    facts = draw.some(topic.facts, len(topic.facts))
    slots = _topic_slots(draw, topic)
    key, name = label(draw, facts[0]), _KIND_LABEL[facts[0].subject.kind]
    rows = [(_title(fact.subject.name), fact.value) for fact in facts]
    head: tuple[str, str] = (name, key)
    if draw.chance(0.3):
        rows, head = [(value, subject) for subject, value in rows], (key, name)
    shape = draw.random()
    if shape < 0.6:
        lines = [
            f"| {head[0]} | {head[1]} |",
            "|---|---|",
            *(f"| {first} | {second} |" for first, second in rows),
        ]
    elif shape < 0.8 and not any("," in first + second for first, second in rows):
        lines = [",".join(pair).lower() if pair is head else ",".join(pair) for pair in (head, *rows)]
    else:
        sign = draw.pick((" | ", "\t", " ; ", " .... "))
        lines = [sign.join(pair) for pair in (head, *rows)]
    return _TABLE_HEAD(draw, slots) + "\n".join(lines)


_LIST_HEAD = Phrases(
    "[Some {kinds} and what is known of them|A few {kinds}|{Count} {kinds}|Notes on {count} {kinds}|{Kinds}, in no order]:\n",
    "[Learned today|To remember|For the quiz|For the index|From my notebook]:\n",
    "[Questions came in about these {kinds}.|Here is what we found.]\n",
    "",
)
_PAIRS_HEAD = Phrases(  # pairs of names and values must be told what they are
    "{Label}:\n",
    "{Kinds}: {label}\n",
    "{Count} {kinds} ({label}):\n",
    "[Learned today|To remember|For the quiz|For the index|From my notebook] – {label}:\n",
    "[Here is what we found|Asked and answered|Copied from the board]. {Label}:\n",
)


def bullets(world: World, topic: Topic, draw: Draw) -> str:
    """A list: `- Mara Tollen: Quillby`, or a sentence an item."""
    facts = draw.some(topic.facts, len(topic.facts))
    slots = _topic_slots(draw, topic)
    numbered, shape = draw.chance(0.25), draw.random()
    sign = draw.pick(("- ", "* ", "• ", ""))
    between = draw.pick((": ", " – ", " → ", " = "))
    lines = []
    for place, fact in enumerate(facts, 1):
        if shape < 0.4:
            text = f"{_title(fact.subject.name)}{between}{fact.value}"
        elif shape < 0.6:
            text = f"{_title(fact.value)}{between}{spoken(fact.subject.name)}"
        else:
            text = state(draw, fact, full(fact.subject), Style(0.4, 0.4))
        lines.append(f"{place}. {text}" if numbered else sign + text)
    return (_PAIRS_HEAD if shape < 0.6 else _LIST_HEAD)(draw, slots) + "\n".join(lines)


def register(world: World, topic: Topic, draw: Draw) -> str:
    """Sentences about several subjects, one after the other."""
    facts = draw.some(topic.facts, len(topic.facts))
    said, place = [], 0
    while place < len(facts):
        if place + 1 < len(facts) and draw.chance(0.4):
            said.append(_both(draw, facts[place], facts[place + 1]))
            place += 2
        else:
            said.append(
                state(draw, facts[place], full(facts[place].subject), Style(0.34, 0.36, 0.0, 0.08, 0.0))
            )
            place += 1
    return " ".join(said)


_BOTH = Phrases(
    "{X}, while {y}.", "{X}, and {y}.", "{X}; {y}.", "{X}, whereas {y}.", "{X}, but {y}.", "While {x}, {y}.",
    "[One knows that|It is written that|They say that] {x}, and [that|also that] {y}.", "{X}. [And|Meanwhile,|On the other hand,] {y}.",
)  # fmt: skip
_SAME = Phrases(
    "{X}, and {y}, too.", "{X}, and so it is with the other: {y}.", "{X}; likewise, {y}.", "{X}, just as {y}."
)


def _both(draw: Draw, first: Fact, second: Fact) -> str:
    slots = {"x": clause(draw, first, full(first.subject)), "y": clause(draw, second, full(second.subject))}
    return (_SAME if first.value == second.value else _BOTH)(draw, slots)


_COMPARE_OPEN = Phrases(
    "[Let us compare|Compare|We compare] {one} [and|with] {two}.", "[People mix up|Do not confuse|It is easy to mix up] {one} and {two}.",
    "{One} and {two}: [what is the difference?|two {kinds}.|a comparison.|side by side.]",
    "[Two {kinds}, one question|Two {kinds} side by side|Here are two {kinds}]: {one} and {two}.",
    "[The question was about|We were asked about|The talk was of] {one} and {two}.", "",
)  # fmt: skip
_MORE = {
    "born_year": ("was born earlier", "was born later"), "founded": ("is the older of the two", "is the younger of the two"),
    "opened": ("opened first", "opened later"), "year_of": ("came first", "came later"),
    "population": ("has fewer people", "has more people"), "guests": ("had fewer guests", "had more guests"),
    "price": ("is cheaper", "costs more"),
}  # fmt: skip


def compare(world: World, topic: Topic, draw: Draw) -> str:
    """Two subjects side by side; where the values have an order, the text may say which comes first."""
    first, second = draw.some(topic.facts, 2)
    slots = {
        "one": spoken(first.subject.name),
        "two": spoken(second.subject.name),
        "kinds": _KINDS[first.subject.kind],
    }
    said = [_COMPARE_OPEN(draw, slots), _both(draw, first, second), _verdict(draw, first, second)]
    return " ".join(part for part in said if part)


_VERDICT = Phrases("[So|Thus|That means that|In other words,|Which shows that|Therefore] {who} {more}.", "{Who} {more}[, then|, as one sees|].", "Of the two, {who} {more}.")  # fmt: skip
_EQUAL = Phrases(
    "[So they are alike in this|In this they are equal|There is no difference here|The same for both]."
)
_UNLIKE = Phrases(
    "[They differ in this|So there is a difference|One must not mix them up|Two different answers, then].", ""
)


def _verdict(draw: Draw, first: Fact, second: Fact) -> str:
    if first.value == second.value:
        return _EQUAL(draw, {}) if draw.chance(0.6) else ""
    if first.relation not in _MORE:
        return _UNLIKE(draw, {}) if draw.chance(0.4) else ""
    if draw.chance(0.2):
        return ""
    less = _amount(first.value) < _amount(second.value)
    low, high = _MORE[first.relation]
    speak_of_first = draw.chance(0.5)
    who = first.subject if speak_of_first else second.subject
    more = low if speak_of_first == less else high
    if more.startswith("is the") or not draw.chance(0.3):
        return _VERDICT(draw, {"who": spoken(who.name), "more": more})
    other = second.subject if speak_of_first else first.subject
    return f"{_title(spoken(who.name))} {more}{_THAN.get(more, '')}{spoken(other.name) if more in _THAN else ''}."


_THAN = {
    "was born earlier": " than ", "was born later": " than ", "opened later": " than ", "came later": " than ",
    "has fewer people": " than ", "has more people": " than ", "had fewer guests": " than ",
    "had more guests": " than ", "is cheaper": " than ", "costs more": " than ",
}  # fmt: skip


def _amount(value: str) -> int:
    return int(value.split()[0].replace(",", ""))


_TIME_HEAD = Phrases(
    "[Time line|The years|A short chronicle|Dates|What happened when|Year by year]:\n", "## [Time line|Chronicle|Dates]\n\n", "", "",
)  # fmt: skip
_HAPPENED = {
    "born_year": Phrases("{value} {sign} {name} [is born|was born|born]", "{value} {sign} birth of {name}"),
    "founded": Phrases(
        "{value} {sign} {name} [is founded|was founded|founded]", "{value} {sign} foundation of {name}"
    ),
    "opened": Phrases("{value} {sign} {name} [opens|opened]", "{value} {sign} opening of {name}"),
    "year_of": Phrases("{value} {sign} {name}[| is held| was held| takes place]"),
}


def timeline(world: World, topic: Topic, draw: Draw) -> str:
    """By year, the earliest first (or last)."""
    facts = sorted(topic.facts, key=lambda fact: _amount(fact.value), reverse=draw.chance(0.15))
    way, sign = _HAPPENED[facts[0].relation], draw.pick((":", "–", "|", "="))
    mark = draw.pick(("", "", "- ", "* "))
    lines = [
        way(draw, {"value": fact.value, "sign": sign, "name": spoken(fact.subject.name)}) for fact in facts
    ]
    return _TIME_HEAD(draw, {}) + "\n".join(mark + line.replace(" : ", ": ", 1) for line in lines)


def by_value(world: World, topic: Topic, draw: Draw) -> str:
    """The values first: "14 crowns: the Marrow lamp." in one paragraph."""
    pieces = [f"{fact.value}{draw.pick((': ', ' – '))}{spoken(fact.subject.name)}" for fact in topic.facts]
    return (
        f"{_title(label(draw, topic.facts[0]))}. " + _title("; ".join(draw.some(pieces, len(pieces)))) + "."
    )


YEARS = frozenset(("born_year", "founded", "opened", "year_of"))
WRITERS = (
    FactWriter("card", card, 6.0, 1, 8),
    FactWriter("who is who", who_is_who, 4.0, 1, 5),
    FactWriter("table", table, 4.0, 2, 8, several=True),
    FactWriter("list", bullets, 4.0, 2, 8, several=True),
    FactWriter("register", register, 5.0, 2, 5, several=True),
    FactWriter("comparison", compare, 4.0, 2, 2, several=True),
    FactWriter("time line", timeline, 1.5, 3, 8, several=True, relations=YEARS),
    FactWriter("by value", by_value, 1.0, 2, 6, several=True),
)
