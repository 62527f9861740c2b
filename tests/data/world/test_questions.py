"""Questions for pretraining: every text states its facts and no others, in many shapes, in clean English."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from llmworks.data.world.build import build_world
from llmworks.data.world.ledger import RELATIONS, Fact, Topic, World
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.questions import FACT_WRITERS
from llmworks.data.world.questions.asking import answer_of, question_of, slots_of
from llmworks.data.world.questions.known import known
from llmworks.data.world.questions.wordings import WORDINGS
from llmworks.data.world.writers import FactWriter


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(11, 120)


def topic_for(world: World, writer: FactWriter, draw: Draw) -> Topic:
    relations = sorted(writer.relations)
    count = writer.least + int(draw.random() * (writer.most - writer.least + 1))
    if writer.several:
        return Topic(None, tuple(draw.some(world.by_relation[draw.pick(relations)], count)))
    while True:
        entity = draw.pick(world.entities)
        facts = [fact for fact in entity.facts.values() if fact.relation in writer.relations]
        if len(facts) >= writer.least:
            return Topic(entity, tuple(draw.some(facts, count)))


def expansions(phrases: Phrases, slots: dict[str, str], draw: Draw) -> set[str]:
    """Every string of a Phrases, found by drawing until none is new for long."""
    found: set[str] = set()
    for _ in range(60 * len(phrases) + 50):
        found.add(phrases(draw, slots))
    return found


@pytest.mark.parametrize("writer", FACT_WRITERS, ids=lambda writer: writer.name)
def test_a_text_states_each_of_its_facts(world: World, writer: FactWriter) -> None:
    draw = Draw(writer.name)
    for _ in range(300):
        topic = topic_for(world, writer, draw)
        text = writer.write(world, topic, draw)
        for fact in topic.facts:
            assert fact.value.lower() in text.lower(), text
            assert fact.subject.name.lower() in text.lower(), text
        assert len(text) < 1400
        assert not re.search(
            r"\{|\}|\[|\]|\|| {3}[^ ]* {3}|(?<!\.)\.\.(?!\.)|\?\.|\?\?| ,| \.(?!\.)|\bNone\b(?! of)", text
        ), text
        assert text == text.strip()


def test_other_facts_of_the_subject_are_not_stated(world: World) -> None:
    """A name of the subject's other facts is nowhere in the text (words may coincide, names do not)."""
    draw = Draw(5)
    for writer in FACT_WRITERS:
        if writer.several or writer.name in ("questions.choices", "questions.true_or_false"):
            continue
        for _ in range(60):
            topic = topic_for(world, writer, draw)
            assert topic.subject is not None
            text, said = writer.write(world, topic, draw), {fact.value for fact in topic.facts}
            for fact in topic.subject.facts.values():
                if fact.object is not None and fact.value not in said:
                    pattern = rf"(?<!\w){re.escape(fact.value)}(?!\w)"
                    assert not re.search(pattern, text.replace(topic.subject.name, "")), text


@pytest.mark.parametrize("relation", list(RELATIONS))
def test_every_relation_is_asked_in_many_wordings(world: World, relation: str) -> None:
    wording = WORDINGS[relation]
    lines = (
        len(wording.ask.lines)
        + len(wording.short.lines)
        + len(wording.clause.lines)
        + len(wording.noun.lines)
    )
    assert lines >= 17
    assert len(wording.ask) + len(wording.short) >= 16
    assert len(wording.tell) + len(wording.it) >= 8
    assert len(wording.exam) >= 3
    assert len(wording.prefix) >= 2
    assert len(wording.check) >= 4


@pytest.mark.parametrize("relation", list(RELATIONS))
def test_exam_wordings_are_in_no_training_text(world: World, relation: str) -> None:
    draw = Draw(relation)
    wording = WORDINGS[relation]
    fact = draw.pick(world.by_relation[relation])
    slots = slots_of(fact)
    held = {text.lower().rstrip("?.") for text in expansions(wording.exam, slots, draw)}
    asked = {question_of(draw, fact).lower().rstrip("?.") for _ in range(3000)}
    asked |= {text.lower().rstrip("?.") for text in expansions(wording.ask, slots, draw)}
    assert not held & asked


@pytest.mark.parametrize("relation", list(RELATIONS))
def test_sentences_hold_the_name_and_the_value(world: World, relation: str) -> None:
    draw, wording = Draw(relation), WORDINGS[relation]
    for fact in draw.some(world.by_relation[relation], 4):
        slots = slots_of(fact)
        for text in expansions(wording.tell, slots, draw):
            assert fact.value.lower() in text.lower()
            assert fact.subject.name.lower() in text.lower()
            assert text[0].isupper() or text[0].isdigit()
            assert text.endswith(".")
        for text in expansions(wording.it, slots, draw) | expansions(wording.brief, slots, draw):
            assert fact.value.lower() in text.lower()
        for text in expansions(wording.prefix, slots, draw):
            assert fact.value.lower() not in text.lower().replace(fact.subject.name.lower(), "")
            assert text == text.strip()
        for text in expansions(wording.ask, slots, draw):
            assert fact.subject.name in text or fact.subject.name[0].upper() + fact.subject.name[1:] in text
            assert text.endswith("?")
            assert text[0].isupper() or text[0].isdigit()
        other = "he" if fact.subject.they == "she" else "she"
        spoken = " ".join(expansions(wording.it, slots, draw) | expansions(wording.follow, slots, draw))
        assert not re.search(rf"\b{other}\b", spoken.lower())


def test_questions_and_answers_vary(world: World) -> None:
    """No frame is felt after ten samples: openings and shapes differ."""
    draw, fact = Draw(3), world.by_relation["lives_in"][0]
    asked, told = Counter[str](), Counter[str]()
    for _ in range(1000):
        asked[question_of(draw, fact)] += 1
        told[answer_of(draw, fact)] += 1
    assert len(asked) > 200
    assert asked.most_common(1)[0][1] < 60
    assert len(told) > 100
    assert told.most_common(1)[0][1] < 200


def test_wrong_values_are_of_the_relation_and_wrong(world: World) -> None:
    draw = Draw(1)
    for fact in draw.some(world.facts, 400):
        wrong = known(world).wrong(fact, draw, 3)
        values = {other.value for other in world.by_relation[fact.relation]}
        assert len(wrong) == len(set(wrong)) == min(3, len(values - {fact.value, fact.subject.name}))
        assert fact.value not in wrong
        assert set(wrong) <= values


def test_reverse_questions_fit_one_subject_only(world: World) -> None:
    for fact in known(world).reversible:
        holders = [other for other in world.by_relation[fact.relation] if other.value == fact.value]
        assert holders == [fact]


def test_the_same_draw_gives_the_same_text(world: World) -> None:
    def texts(seed: int) -> list[str]:
        draw = Draw(seed)
        return [writer.write(world, topic_for(world, writer, draw), draw) for writer in FACT_WRITERS]

    assert texts(4) == texts(4) != texts(5)


def test_a_fact_given_twice_is_not_lost(world: World) -> None:
    fact: Fact = world.by_relation["owner"][0]
    assert fact.value in answer_of(Draw(0), fact)
