"""The prose of the closed world: each line fits its facts, each writer states its topic and nothing else."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Any

import pytest

from llmworks.data.world import phrases
from llmworks.data.world.build import build_world
from llmworks.data.world.ledger import KINDS, RELATIONS, Fact, Topic, World
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.prose import FACT_WRITERS
from llmworks.data.world.prose.sentences import ENTRY, TALKED, WAYS, WRITTEN, join, passage
from llmworks.data.world.prose.ways import (
    article,
    bare,
    full,
    is_plural,
    pronoun,
    refer,
    short,
    slots_of,
    spoken,
)
from llmworks.data.world.writers import FactWriter

SENTENCES = ("plain", "reverse", "letter")
WRITERS = {writer.name: writer for writer in FACT_WRITERS}


@cache
def world() -> World:
    return build_world(11, 150)


@cache
def any_name() -> re.Pattern[str]:
    names = sorted(world().by_name, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, names)), re.IGNORECASE)


def topic_for(writer: FactWriter, draw: Draw) -> Topic:
    while True:
        count = writer.least + int(draw.random() * (writer.most - writer.least + 1))
        if writer.several:
            facts = world().by_relation[draw.pick(sorted(writer.relations))]
            return Topic(None, tuple(draw.some(facts, count)))
        subject = draw.pick(world().by_kind[draw.pick(KINDS)])
        stated = [fact for fact in subject.facts.values() if fact.relation in writer.relations]
        if len(stated) >= writer.least:
            return Topic(subject, tuple(draw.some(stated, count)))


def states(text: str, fact: Fact) -> bool:
    """Whether the value and the subject's name stand in the text (a name may be turned: "TOLLEN, Mara")."""
    low = text.lower()
    name = fact.subject.name.lower().removeprefix("the ")
    turned = ", ".join(reversed(name.rsplit(" ", 1)))
    return bare(fact.value.lower()) in low and (name in low or turned in low)


def faults(text: str) -> list[str]:
    """What no text may hold; the word "watering can" may be followed by "can"."""
    found = []
    for pattern, what in (
        (r"[{}\[\]]", "a bracket of the notation"),
        (r"(?<! )  (?! )", "two blanks"),
        (r"\b[Aa] (?!one|uni|use|eu)[aeiou]", "a before a vowel"),
        (r"\b[Aa]n (?!hour|honest)[b-df-hj-np-tv-z]", "an before a consonant"),
        (r",,|,\.(?!\.)|;,|,;|(?<=\w) ,|\?\.|;\.| \.(?!\.)", "punctuation"),
        (r"\b(?!can\b)([a-z]+) \1\b", "a word twice"),
        (r"\bno the\b|\bthe its\b|\bof (he|she|they)\b|\b(?:she|he) is are\b", "a pronoun out of place"),
    ):
        if match := re.search(pattern, text):
            found.append(f"{what}: {match.group()!r} in {text!r}")
    return found


@pytest.mark.parametrize("relation", RELATIONS)
def test_each_line_of_a_relation_is_a_sentence_or_fits_into_one(relation: str) -> None:
    draw, facts = Draw(5), world().by_relation[relation]
    for kind, ways in WAYS[relation].lines().items():
        for line in ways.lines:
            one = Phrases(line)
            for turn in range(8):
                fact = draw.pick(facts)
                reference = (full, short, pronoun)[turn % 3](fact.subject)
                text = one(draw, refer(slots_of(fact), reference))
                assert not faults(text)
                if kind == "remark":
                    assert not one.slots
                    assert text.endswith(".")
                    continue
                assert spoken(fact.value).lower() in text.lower() or bare(fact.value) in text
                if kind in SENTENCES:
                    assert text[0].isupper() or text[0].isdigit()
                    assert text[-1] in ".?!"
                    assert one.slots & {"name", "them", "names", "whom"}, "the subject is not named"
                else:
                    assert text[-1] not in ".?!"


def expanded(line: str) -> list[str]:
    """Every string of a line, its slots left standing."""

    def walk(parts: list[Any]) -> list[str]:
        found = [""]
        for part in parts:
            if isinstance(part, str):
                options = [part]
            elif part[0] == "slot":
                options = ["{" + part[1].lower() + "}"]
            else:
                options = [text for option in part[1] for text in walk(option)]
            found = [start + end for start in found for end in options]
        return found

    return walk(phrases._parsed(line))


@pytest.mark.parametrize("relation", RELATIONS)
def test_every_string_of_a_relation_names_its_subject_and_its_value_once(relation: str) -> None:
    for kind, lines in WAYS[relation].lines().items():
        if kind == "remark":
            continue
        for text in (text for line in lines.lines for text in expanded(line)):
            assert len(re.findall(r"{(?:value|values|bare)}", text)) == 1, text
            if kind in SENTENCES:
                assert re.search(r"{(?:name|them|names|whom)}", text), text


@pytest.mark.parametrize("relation", RELATIONS)
def test_there_are_many_ways_to_say_each_relation(relation: str) -> None:
    lines = WAYS[relation].lines()
    said = [ways for kind, ways in lines.items() if kind != "remark"]
    assert sum(len(ways.lines) for ways in said) >= 40
    assert sum(len(ways) for ways in said) >= 60
    sentences = sum(len(lines[kind].lines) for kind in SENTENCES)
    assert len(lines["reverse"].lines) / sentences >= 0.3  # facts are asked for from both sides


def test_what_a_relation_says_is_the_relation_of_the_ledger() -> None:
    assert set(WAYS) == set(RELATIONS)


def test_the_writers_together_take_every_relation_alone_and_in_tables() -> None:
    assert frozenset().union(*(writer.relations for writer in FACT_WRITERS if writer.least == 1)) == set(
        RELATIONS
    )
    assert frozenset().union(*(writer.relations for writer in FACT_WRITERS if writer.several)) == set(
        RELATIONS
    )
    assert len(WRITERS) == len(FACT_WRITERS)


@pytest.mark.parametrize("name", WRITERS)
def test_a_writer_states_its_topic_and_names_nobody_else(name: str) -> None:
    writer, draw = WRITERS[name], Draw(3)
    for _ in range(60):
        topic = topic_for(writer, draw)
        text = writer.write(world(), topic, draw)
        assert text == text.strip()
        assert len(text.split()) < 300
        if name not in ("card", "notice"):  # JSON; a list may follow a colon
            assert not faults(text)
        for fact in topic.facts:
            assert states(text, fact), f"{fact} is not in {text!r}"
        known = [fact.subject.name.lower() for fact in topic.facts] + [
            fact.value.lower() for fact in topic.facts
        ]
        for match in any_name().finditer(text):
            assert any(match.group().lower() in own for own in known), f"{match.group()!r} in {text!r}"


@pytest.mark.parametrize("style", [ENTRY, TALKED, WRITTEN])
def test_a_passage_says_each_fact_once(style: object) -> None:
    """A value that is a name of the world can be counted: it occurs once, whatever the joins make."""
    draw, once = Draw(8), ("born_in", "mayor", "owner", "maker", "winner", "best_friend", "place_of")
    for _ in range(400):
        fact = draw.pick(world().by_relation[draw.pick(once)])
        others = [other for other in fact.subject.facts.values() if other.value != fact.value]
        facts = [fact, *draw.some(others, 3)]
        text = " ".join(passage(draw, fact.subject, facts, style))  # type: ignore[arg-type]
        assert len(re.findall(rf"{re.escape(fact.value)}\b", text)) == 1, text


def test_openings_are_many() -> None:
    """Over 2,000 texts, with the names struck out: no opening of five words is in more than 1.5 % of them."""
    draw, openings = Draw(21), Counter[str]()
    weights = [writer.weight for writer in FACT_WRITERS]
    for writer in draw.choices(FACT_WRITERS, weights, k=2000):
        topic = topic_for(writer, draw)
        text = writer.write(world(), topic, draw)
        for fact in topic.facts:
            for name in (fact.subject.name, spoken(fact.subject.name), fact.value, bare(fact.value)):
                text = text.replace(name, "_")
        openings[" ".join(text.split()[:5])] += 1
    assert openings.most_common(1)[0][1] <= 30, openings.most_common(5)
    assert len(openings) >= 1200, len(openings)


def test_the_same_seed_gives_the_same_text() -> None:
    for writer in FACT_WRITERS:
        topic = topic_for(writer, Draw(4))
        assert writer.write(world(), topic, Draw(9)) == writer.write(world(), topic, Draw(9))


def test_comparisons_are_true() -> None:
    """ "So Ethel was born later": the order that a comparison claims is that of the ledger."""
    draw, compare = Draw(2), WRITERS["comparison"]
    checked = 0
    for _ in range(600):
        first, second = draw.some(world().by_relation["born_year"], 2)
        text = compare.write(world(), Topic(None, (first, second)), draw)
        found = re.search(r"(\w+ \w+) was born (earlier|later)", text)
        if found and first.value != second.value:
            who = first if first.subject.name == found.group(1) else second
            other = second if who is first else first
            assert (int(who.value) < int(other.value)) == (found.group(2) == "earlier"), text
            checked += 1
    assert checked > 200


@pytest.mark.parametrize(
    ("value", "relation", "plural"),
    [
        ("old books", "sells", True),
        ("growing roses", "hobby", False),
        ("walking boots", "known_for", True),
        ("crossword puzzles", "hobby", True),
        ("draughts", "hobby", False),
        ("its hot springs", "known_for", True),
        ("its brass band", "known_for", False),
        ("asparagus", "favourite_food", False),
        ("fine glass", "known_for", False),
        ("gymnastics", "hobby", False),
    ],
)
def test_plurals(value: str, relation: str, plural: bool) -> None:
    assert is_plural(value, relation) is plural


def test_articles_and_names_within_sentences() -> None:
    assert [article(word) for word in ("umbrella", "lamp", "ice-cream shop")] == ["an", "a", "an"]
    assert spoken("The Green Kettle") == "the Green Kettle"
    assert spoken("Theresa Tollen") == "Theresa Tollen"


def test_a_pronoun_is_not_used_where_it_could_be_somebody_else() -> None:
    draw = Draw(6)
    for fact in world().by_relation["best_friend"][:80]:
        subject, friend = fact.subject, fact.object
        if friend is None or friend.gender != subject.gender:
            continue
        text = join(draw, (fact, subject.facts["born_in"]), full(subject))
        assert not re.search(rf"{re.escape(friend.name)}[,;]? (and )?(she|he) ", text), text
