"""Facts told in talk: each fact of the topic once, nothing else of the ledger, in words that are right."""

from __future__ import annotations

import re
from functools import cache

import pytest

from llmworks.data.world.build import build_world
from llmworks.data.world.ledger import RELATIONS, Entity, Fact, Topic, World
from llmworks.data.world.phrases import Draw
from llmworks.data.world.prose.ways import spoken
from llmworks.data.world.stories import FACT_WRITERS
from llmworks.data.world.stories.fact_lines import ASKS, CLAUSES, SHORT
from llmworks.data.world.stories.fact_talk import _slots, full

WRITERS = {writer.name: writer for writer in FACT_WRITERS}


@cache
def world() -> World:
    return build_world(5, people=200)


def topics(draw: Draw, count: int, asked: bool = False) -> list[Topic]:
    found: list[Topic] = []
    while len(found) < count:
        entity = draw.pick(world().entities)
        facts = list(entity.facts.values())
        if facts and (entity.asked or not asked):
            found.append(Topic(entity, tuple(draw.some(facts, 1 + int(draw.random() * 3)))))
    return found


def told(text: str, value: str) -> int:
    """How often the value stands in the text as a word of its own."""
    return len(re.findall(rf"(?<![\w,]){re.escape(value)}(?!\w|,\d)", text, re.IGNORECASE))


def test_every_relation_can_be_told_and_asked() -> None:
    assert set(CLAUSES) == set(ASKS) == set(SHORT) == set(RELATIONS)
    assert all(len(lines.lines) >= 6 for lines in CLAUSES.values())


@pytest.mark.parametrize("relation", RELATIONS)
def test_every_clause_names_subject_and_value(relation: str) -> None:
    draw = Draw(1)
    fact = world().by_relation[relation][0]
    slots = _slots(fact, full(fact.subject))
    for _ in range(60):
        clause = CLAUSES[relation](draw, slots)
        assert spoken(fact.subject.name) in clause
        assert told(clause, spoken(fact.value).removesuffix("s")) + told(clause, spoken(fact.value)) >= 1 or (
            relation == "closed_on" and fact.value in clause
        ), clause
        assert spoken(fact.subject.name) in ASKS[relation](draw, slots)


@pytest.mark.parametrize("name", WRITERS)
def test_each_fact_once(name: str) -> None:
    draw = Draw(2)
    writer = WRITERS[name]
    for topic in topics(draw, 2500, writer.question):
        subject = topic.subject
        assert subject is not None
        text = writer.write(world(), topic, draw)
        assert spoken(subject.name).lower() in text.lower(), text
        for fact in topic.facts:
            value = spoken(fact.value)
            count = told(text, value) + (told(text, value + "s") if fact.relation == "closed_on" else 0)
            expected = sum(1 for other in topic.facts if spoken(other.value) == value)
            inside = told(spoken(subject.name), value) * told(text, spoken(subject.name))
            inside += sum(
                told(spoken(other.value), value) for other in topic.facts if spoken(other.value) != value
            )
            chance = fact.relation in (
                "colour",
                "made_of",
                "month_of",
                "hobby",
                "favourite_food",
            )  # plain words
            assert count >= expected, (fact, text)
            if not chance:
                assert count <= expected + inside, (fact, text)


@pytest.mark.parametrize("name", WRITERS)
def test_nothing_else_of_the_ledger(name: str) -> None:
    draw = Draw(3)
    writer = WRITERS[name]
    names = [entity.name for entity in world().entities]
    pattern = re.compile(
        r"\b(?:" + "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) + r")\b"
    )
    for topic in topics(draw, 600, writer.question):
        text = writer.write(world(), topic, draw)
        assert topic.subject is not None
        own = {topic.subject.name} | {fact.value for fact in topic.facts}
        for found in pattern.findall(text):
            assert found in own, (found, text)


@pytest.mark.parametrize("name", WRITERS)
def test_texts_are_whole(name: str) -> None:
    draw = Draw(4)
    writer = WRITERS[name]
    seen, openings = set(), set()
    for topic in topics(draw, 2000, writer.question):
        text = writer.write(world(), topic, draw)
        for sign in ("{", "}", "  ", "|", " .", " ,", "..", "?.", " of it ", "None"):
            assert sign not in text, text
        assert text.count('"') % 2 == 0, text
        assert not re.search(r"(?<![A-Z])\. [a-z]", text), text
        assert text[0].isupper() or text[0] in '"-', text
        assert len(text) < 1200
        seen.add(text)
        openings.add(" ".join(text.split()[1:9]))
    assert len(seen) > 1950
    assert len(openings) > 1200


def one(kind: str, relation: str, gender: str = "") -> Fact:
    return next(
        fact
        for fact in world().by_relation[relation]
        if fact.subject.kind == kind and (not gender or fact.subject.gender == gender)
    )


@pytest.mark.parametrize("gender", ["f", "m"])
def test_pronouns_are_the_subjects(gender: str) -> None:
    """In talk of one person with facts about no other, only that person's pronouns occur."""
    draw = Draw(5)
    people = [person for person in world().by_kind["person"] if person.gender == gender]
    wrong = {"f": r"\b(?:he|him|his)\b", "m": r"\b(?:she|hers?)\b"}[gender]
    plain = ("born_in", "born_year", "lives_in", "job", "hobby", "pet", "favourite_food")
    for person in people[:60]:
        facts = tuple(fact for fact in person.facts.values() if fact.relation in plain)
        for writer in FACT_WRITERS:
            text = writer.write(world(), Topic(person, facts[:3]), draw)
            text = text.replace("and she is never wrong", "").replace("looked at her", "")
            assert not re.search(wrong, text, re.IGNORECASE), text


def test_speakers_are_never_the_subject() -> None:
    draw = Draw(6)
    for topic in topics(draw, 800):
        subject: Entity | None = topic.subject
        assert subject is not None
        text = WRITERS["talk"].write(world(), topic, draw)
        for line in text.split("\n"):
            assert not line.startswith(f"{subject.first_name}:") or subject.kind != "person", text
