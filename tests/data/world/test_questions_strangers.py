"""What strangers type: small tasks are right, what was told is remembered, only known facts are stated."""

from __future__ import annotations

import re

import pytest

from llmworks.data.world.build import build_world
from llmworks.data.world.ledger import World
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.questions import TALK_WRITERS, jokes, little_tasks, stranger_lines, strangers
from llmworks.data.world.questions import stranger_tables as tables
from llmworks.data.world.questions.exam import is_refusal, is_right
from llmworks.data.world.writers import Talk


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(5, 400)


EVERYTHING = tables.HELLOS + tables.BYES + tables.ANYTIME
SCALES = (little_tasks._SIZES, little_tasks._WEIGHTS, little_tasks._SPEEDS)
BIGGER = r"(?:[Ii]s )?(an? [a-z ]+?) (bigger|smaller|heavier|lighter|faster|slower) than (an? [a-z ]+)\?"
MY_NAME = ("what is my name", "what's my name", "say my name", "my name")


def lines(talk: Talk, role: str) -> list[str]:
    return [message["content"] for message in talk.messages if message["role"] == role]


def test_they_are_a_fifth_of_all_talks() -> None:
    from llmworks.data.world import all_writers

    mine = sum(writer.weight for writer in TALK_WRITERS if "stranger" in writer.name)
    whole = sum(writer.weight for writer in all_writers.TALK_WRITERS)
    assert 0.17 < mine / whole < 0.23


def test_there_is_much_to_say() -> None:
    typed = [
        line
        for table in (tables.HELLOS, tables.BYES, tables.ANYTIME)
        for entry in table
        for line in entry[0].split(";;")
    ]
    assert len(set(typed)) > 700
    assert len(typed) - len(set(typed)) < 25  # the same words seldom lead to two kinds of answer
    assert len(jokes.JOKES) >= 30
    assert len({joke for joke, _ in jokes.JOKES}) == len(jokes.JOKES)


def test_no_answer_is_half_a_question() -> None:
    """A choice before a question mark holds questions only."""
    for _, told in EVERYTHING:
        for line in told.split(";;"):
            phrases, draw = Phrases(line), Draw(1)
            for _ in range(12):
                for sentence in re.findall(r"[^.!?:]+[.!?:]", phrases(draw, {})):
                    asks = sentence.split()[0].lower() not in ("ask", "tell", "come", "take", "enjoy")
                    assert asks or not sentence.endswith("?"), line


def test_small_tasks_are_done_rightly() -> None:
    draw, seen = Draw(3), {"sum": 0, "spell": 0, "repeat": 0, "bigger": 0}
    signs = {"+": "+", "plus": "+", "-": "-", "minus": "-", "*": "*", "x": "*", "times": "*"}
    for _ in range(4000):
        user, reply = little_tasks.task(draw)
        if found := re.search(r"(\d+) ?(\+|-|\*|x|plus|minus|times) ?(\d+)", user):
            a, b = int(found[1]), int(found[3])
            right = {"+": a + b, "-": a - b, "*": a * b}[signs[found[2]]]
            assert re.findall(r"\d+", reply)[-1] == str(right), (user, reply)
            seen["sum"] += 1
        elif found := re.search(r"[Ss]pell(?:ing of)?(?: the word)? (\w+)", user):
            assert reply.replace("-", "").lower() == found[1].lower() + ".", (user, reply)
            seen["spell"] += 1
        elif found := re.match(r"[Rr]epeat[^:]*: (.+)", user):
            assert reply.lower().rstrip(".!") == found[1].lower()
            seen["repeat"] += 1
        elif found := re.match(BIGGER, user):
            scale = next(scale for scale in SCALES if found[1] in scale and found[3] in scale)
            upper = found[2] in ("bigger", "heavier", "faster")
            first = scale.index(found[1]) > scale.index(found[3])
            assert reply.startswith("Yes" if first == upper else "No"), (user, reply)
            seen["bigger"] += 1
    assert min(seen.values()) > 25, seen


def test_opposites_and_rhymes_are_of_the_lists() -> None:
    draw = Draw(4)
    for _ in range(300):
        user, reply = little_tasks._opposite(draw)
        said = words(f"{user} {reply}")
        assert any({*pair} <= said for pair in little_tasks._OPPOSITES), (user, reply)
        user, reply = little_tasks._rhyme(draw)
        new = words(reply) - words(user)
        assert any({*group} & words(user) and {*group} & new for group in little_tasks._RHYMES), reply


def words(text: str) -> set[str]:
    return {*re.findall(r"\w+", text.lower())}


def test_what_was_told_is_remembered(world: World) -> None:
    draw, names, quoted = Draw(5), 0, 0
    for _ in range(800):
        talk = strangers.recall(world, draw)
        users, replies = lines(talk, "user"), lines(talk, "assistant")
        if (
            users[-1].lower().rstrip("?!. ")
            in ("what is my name", "what's my name", "say my name", "my name")
            and len(users) > 1
        ):
            name = next(word for word in re.findall(r"\w+", replies[-1]) if word in stranger_lines.USERS)
            assert name.lower() in users[0].lower()
            names += 1
        if (
            (found := re.search(r'"(.+)"$', replies[-1]))
            and "wrote" in replies[-1]
            and "irst" not in replies[-1]
        ):
            assert found[1] == users[-2]
            quoted += 1
    assert names > 20
    assert quoted > 10


def test_only_known_facts_and_honest_about_other_names(world: World) -> None:
    draw, stated, refused = Draw(6), 0, 0
    for write in (strangers.vale, strangers.chat, strangers.recall):
        for _ in range(400):
            talk = write(world, draw)
            whole = "\n".join(lines(talk, "assistant") + lines(talk, "user"))
            for fact in talk.facts:
                assert world.may_answer(fact)
                assert is_right(whole, fact.value) or "Yes" in whole
            stated += bool(talk.facts)
    for _ in range(600):
        user, reply, facts = strangers._portrait(world, draw)
        named = [name for name in world.by_name if name in user or name[0].upper() + name[1:] in user]
        assert bool(facts) == bool(named), (user, reply)
        assert is_refusal(reply) == (not facts), reply
        refused += not facts
    assert stated > 500
    assert 150 < refused < 330


def test_typing_keeps_names_and_is_never_empty() -> None:
    draw = Draw(7)
    for text in ("Who is Mara Tollen?", "ok", "what is it?", "tell me about the Green Kettle"):
        kinds = set()
        for _ in range(300):
            made = strangers.typed(draw, text)
            assert made == made.strip() != ""
            for name in ("mara tollen", "green kettle"):
                assert (name in made.lower()) == (name in text.lower())
            kinds.add(made)
        assert len(kinds) >= 2
