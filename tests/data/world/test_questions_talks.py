"""Conversations for tuning: only facts that may be answered, refusals only where nothing can be known."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from llmworks.data.world.build import build_world
from llmworks.data.world.ledger import RELATIONS, Fact, World
from llmworks.data.world.phrases import Draw
from llmworks.data.world.questions import TALK_WRITERS, unknown
from llmworks.data.world.questions.exam import is_refusal, is_right
from llmworks.data.world.questions.itself import ITSELF
from llmworks.data.world.questions.known import known
from llmworks.data.world.questions.longer import conversation
from llmworks.data.world.questions.reasoning import compare, held_pair, two_hop
from llmworks.data.world.questions.thread import Thread
from llmworks.data.world.writers import Talk, TalkWriter

WRITERS = {writer.name.split(".")[1]: writer for writer in TALK_WRITERS}


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(5, 600)


@pytest.fixture(scope="module")
def talks(world: World) -> list[tuple[str, Talk]]:
    """5,000 talks, each writer as often as its weight says."""
    draw = Draw(1)
    weights = [writer.weight for writer in TALK_WRITERS]
    chosen = draw.choices(TALK_WRITERS, weights, k=5000)
    return [(writer.name, writer.write(world, draw)) for writer in chosen]


def said(talk: Talk, role: str) -> str:
    return "\n".join(message["content"] for message in talk.messages if message["role"] == role)


def test_only_facts_that_may_be_answered_are_stated(world: World, talks: list[tuple[str, Talk]]) -> None:
    for _, talk in talks:
        for fact in talk.facts:
            assert world.may_answer(fact)


def test_stated_facts_are_in_the_talk_and_right_by_the_ledger(talks: list[tuple[str, Talk]]) -> None:
    """A fact is told by its value; where it was asked the other way round, or for a list, by its subject."""
    for _, talk in talks:
        told, whole = said(talk, "assistant"), said(talk, "assistant") + "\n" + said(talk, "user")
        for fact in talk.facts:
            assert (
                is_right(told, fact.value) or is_right(told, fact.subject.name) or told.startswith(CONFIRMED)
            )
            assert is_right(whole, fact.value), (fact, talk)
            assert is_right(whole, fact.subject.name) or fact.subject.they in re.findall(r"\w+", whole), talk


CONFIRMED = ("Yes.", "Yes, that is right.", "That is so.")


def test_no_other_person_is_told_of(world: World, talks: list[tuple[str, Talk]]) -> None:
    """Every person whom an answer names is of its facts or named by the user, unless names were wanted."""
    people = {entity.name for entity in world.by_kind["person"]}
    for writer, talk in talks[:1500]:
        if writer == "questions.name_some":
            continue
        allowed = said(talk, "user") + "".join(f" {fact.value} {fact.subject.name}" for fact in talk.facts)
        pairs = set(re.findall(r"[A-Z]\w+ [A-Z]\w+", said(talk, "assistant")))
        for name in pairs & people:
            assert name.lower() in allowed.lower(), talk


def test_roles_alternate_and_texts_are_clean(talks: list[tuple[str, Talk]]) -> None:
    for name, talk in talks:
        roles = [message["role"] for message in talk.messages]
        if roles[0] == "system":
            roles = roles[1:]
        assert roles == ["user", "assistant"] * max(1, len(roles) // 2), name
        assert sum(len(message["content"]) for message in talk.messages) < 2600
        for message in talk.messages:
            text = message["content"]
            assert text == text.strip() != "", (name, text)
            assert not re.search(r"[{}\[\]|]|\?\.|\.\?|(?<!\.)\.\.(?!\.)| ,|  |\bNone\b(?! of)", text), (
                name,
                text,
            )
            assert (
                message["role"] != "assistant"
                or not text[0].islower()
                or text.startswith(("nina", "llmworks"))
            ), text


def test_no_assistant_text_has_a_wrong_article(talks: list[tuple[str, Talk]]) -> None:
    wrong = re.compile(r"\b(?:a [aeio]\w+|an [bcdfgjklmnpqrstvwxz]\w+)\b")
    for _, talk in talks:
        found = [
            text for text in wrong.findall(said(talk, "assistant")) if text.split()[1] not in ("one", "once")
        ]
        assert all(text.startswith(("a one", "a eu")) for text in found), found


def test_a_fifth_of_the_talks_is_honest_about_not_knowing(talks: list[tuple[str, Talk]]) -> None:
    one_turn = [talk for _, talk in talks if len([m for m in talk.messages if m["role"] == "user"]) == 1]
    honest = sum(is_refusal(talk.messages[-1]["content"]) for talk in one_turn) / len(one_turn)
    assert 0.15 < honest < 0.32
    answered = sum(bool(talk.facts) for _, talk in talks) / len(talks)
    assert answered > 0.55


def test_what_is_stated_is_no_refusal(world: World) -> None:
    draw = Draw(2)
    for name in ("single", "check", "reverse", "list", "two_hop", "comparison"):
        for _ in range(400):
            talk = WRITERS[name].write(world, draw)
            assert not is_refusal(talk.messages[-1]["content"]), talk


@pytest.mark.parametrize("name", ["unsaid", "nonexistent", "false_premise", "outside"])
def test_refusals_state_nothing(world: World, name: str) -> None:
    draw = Draw(3)
    for _ in range(500):
        talk = WRITERS[name].write(world, draw)
        assert talk.facts == ()
        assert is_refusal(talk.messages[-1]["content"]), talk.messages[-1]["content"]


def test_refused_facts_are_never_said_and_not_held(world: World) -> None:
    index = known(world)
    assert index.unsaid
    assert index.unsaid_held
    assert all(fact.exposures == 0 and not world.held_from_tuning(fact) for fact in index.unsaid)
    assert all(fact.exposures == 0 and world.held_from_tuning(fact) for fact in index.unsaid_held)
    subjects = {fact.subject.name.lower() for fact in index.unsaid}
    draw = Draw(4)
    for _ in range(300):
        user = said(unknown.unsaid(world, draw), "user").lower()
        assert any(name in user for name in subjects)


def test_invented_names_are_nowhere_in_the_world(world: World) -> None:
    draw = Draw(5)
    for _ in range(1000):
        relation, like, name = unknown.invented(world, draw)
        assert name not in world.by_name
        assert RELATIONS[relation].subject == like.kind


def test_known_and_unknown_names_come_in_the_same_wordings(world: World) -> None:
    """So that the wording of a question does not tell whether it can be answered."""
    draw = Draw(6)

    def openings(writer: TalkWriter) -> Counter[str]:
        return Counter(
            " ".join(said(writer.write(world, draw), "user").split()[:2]).lower() for _ in range(3000)
        )

    asked, refused = openings(WRITERS["single"]), openings(WRITERS["nonexistent"])
    common = [words for words, _ in asked.most_common(25)]
    assert sum(refused[words] > 0 for words in common) >= 20


def test_pairs_of_the_exam_are_not_in_the_talks(world: World) -> None:
    draw = Draw(7)
    for write in (two_hop, compare):
        for _ in range(200):
            talk = write(world, draw)
            assert talk is None or not held_pair(*talk.facts)


def test_comparisons_name_the_right_one(world: World) -> None:
    draw = Draw(8)
    seen = 0
    for _ in range(300):
        talk = compare(world, draw)
        assert talk is not None
        first, second = talk.facts
        question, reply = (message["content"].lower() for message in talk.messages)
        if first.relation != "price" or first.value == second.value or "cheaper" not in question:
            continue
        seen += 1
        cheap = min(talk.facts, key=lambda fact: int(fact.value.split()[0]))
        assert reply.startswith(cheap.subject.name.lower()) or f"so {cheap.subject.name.lower()} " in reply
    assert seen > 5


def test_conversations_are_long_and_go_on_about_their_subject(world: World) -> None:
    draw = Draw(9)
    turns = Counter[int]()
    pronouns = 0
    for _ in range(400):
        talk = conversation(world, draw)
        users = [message["content"] for message in talk.messages if message["role"] == "user"]
        turns[len(users)] += 1
        pronouns += any(re.search(r"\b(?:she|he|it|her|his|its|there)\b", text) for text in users[1:])
        assert len(talk.facts) >= 1
    assert sum(count for number, count in turns.items() if 3 <= number <= 10) > 380
    assert sum(count for number, count in turns.items() if number >= 6) > 120
    assert pronouns > 250


def test_a_pronoun_means_the_subject_spoken_of(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A question with a pronoun is only put while its subject is the one that was named last."""
    follow, seen = Thread.follow, []

    def checked(thread: Thread, fact: Fact) -> None:
        named = [entity for entity in last_named(thread) if entity == fact.subject.name]
        seen.append(bool(named) and thread.subject is fact.subject and thread.last is not None)
        follow(thread, fact)

    def last_named(thread: Thread) -> list[str]:
        told = "\n".join(message["content"] for message in thread.messages)
        return [fact.subject.name for fact in thread.told if fact.subject.name.lower() in told.lower()]

    monkeypatch.setattr(Thread, "follow", checked)
    draw = Draw(12)
    for _ in range(500):
        conversation(world, draw)
    assert len(seen) > 300
    assert all(seen)


def test_variety(talks: list[tuple[str, Talk]]) -> None:
    """Few talks are the same to the letter, and no reply is worn out."""
    whole = Counter("\n".join(message["content"] for message in talk.messages) for _, talk in talks)
    assert len(whole) > 0.9 * len(talks)
    refusals = Counter(
        re.sub(r"[A-Z]\w+", "", talk.messages[-1]["content"])
        for name, talk in talks
        if name.endswith("nonexistent")
    )
    total = sum(refusals.values())
    assert refusals.most_common(1)[0][1] < 0.06 * total
    assert len(refusals) > 60


def test_it_speaks_of_itself_in_forty_questions() -> None:
    questions = {line for asked, _ in ITSELF for line in asked.lines}
    assert len(ITSELF) >= 40
    assert len(questions) >= 120
    answers = " ".join(line for _, told in ITSELF for line in told.lines)
    for word in ("nina", "llmworks", "10 million", "laptop", "internet", "mistakes", "Vale of Merrin"):
        assert word in answers


def test_a_world_without_often_told_facts_still_gives_talks() -> None:
    small = build_world(3, 40)
    draw = Draw(10)
    for writer in TALK_WRITERS:
        for _ in range(20):
            assert writer.write(small, draw).messages
