"""The exam: held-out questions, values that are right, refusals told from answers."""

from __future__ import annotations

import pytest

from llmworks.data.world.build import build_world
from llmworks.data.world.ledger import World
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.questions import exam, refusals
from llmworks.data.world.questions.asking import answer_of, question_of, slots_of
from llmworks.data.world.questions.itself import ITSELF
from llmworks.data.world.questions.reasoning import amount, held_pair
from llmworks.data.world.questions.wordings import WORDINGS


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(9, 600)


def test_questions_and_prompts_do_not_give_the_value_away(world: World) -> None:
    draw = Draw(1)
    for fact in draw.some(world.facts, 1500):
        question, value = exam.fact_question(world, fact, draw)
        prefix, same = exam.completion_prompt(world, fact, draw)
        assert value == same == fact.value
        without = (question + " " + prefix).lower().replace(fact.subject.name.lower(), "")
        assert value.lower() not in without
        assert question.endswith("?")
        assert prefix[-1].isalnum()


def test_candidates_are_wrong_values(world: World) -> None:
    draw = Draw(2)
    for fact in draw.some(world.facts, 300):
        found = exam.candidates(world, fact, draw, 4)
        assert len(set(found)) == len(found)
        assert fact.value not in found
        assert set(found) <= {other.value for other in world.by_relation[fact.relation]}


def test_two_hops_join_and_are_held_out(world: World) -> None:
    draw = Draw(3)
    for _ in range(100):
        item = exam.two_hop(world, draw)
        first, second = item.facts
        assert first.object is second.subject
        assert item.value == second.value
        assert held_pair(first, second)
        assert first.subject.name.lower() in item.question.lower()
        assert second.subject.name not in item.question  # the bridge is not given away


MORE = (" younger", "shorter history", "more people", "last", "higher", "later", "better")


def test_comparisons_are_right(world: World) -> None:
    draw = Draw(4)
    for _ in range(200):
        item = exam.comparison(world, draw)
        first, second = item.facts
        assert held_pair(first, second)
        assert first.relation == second.relation
        assert item.value in (first.subject.name, second.subject.name)
        larger = max(item.facts, key=amount).subject.name
        words = item.question.lower()
        if any(
            word in words
            for word in (" younger", "shorter history", "more people", "last", "higher", "later", "better")
        ):
            assert item.value == larger
        else:
            assert item.value != larger


def test_unanswerable_and_nonexistent(world: World) -> None:
    draw = Draw(5)
    for _ in range(200):
        item = exam.unanswerable(world, draw)
        assert item.value == ""
        assert item.facts[0].exposures == 0
        assert world.held_from_tuning(item.facts[0])
        item = exam.nonexistent(world, draw)
        assert item.name not in world.by_name
        assert not item.facts
        assert item.name.lower() in item.question.lower()
    assert exam.nonexistent(world, draw, "owner").question


def _texts(phrases: Phrases, draw: Draw, slots: dict[str, str]) -> set[str]:
    return {phrases(draw, slots) for _ in range(40 * len(phrases.lines))}


def test_every_refusal_of_the_training_text_is_recognised(world: World) -> None:
    draw = Draw(6)
    for fact in draw.some(world.facts, 25):
        slots = slots_of(fact)
        wording = WORDINGS[fact.relation]
        parts = {
            "clause": wording.clause(draw, slots),
            "noun": wording.noun(draw, slots),
            "name": slots["name"],
        }
        for text in _texts(refusals._UNSAID, draw, parts):
            assert exam.is_refusal(text), text
        parts |= {"thing": "shop", "a_thing": "a shop", "them": "it"}
        for text in _texts(refusals._NOBODY, draw, parts):
            assert exam.is_refusal(text), text
    for text in _texts(refusals._OUTSIDE, draw, {"about": "the capital of France"}):
        assert exam.is_refusal(text), text


@pytest.mark.parametrize(
    "text",
    [
        "I don’t know.",
        "I'm not sure who that is.",
        "Sorry, I have no information about that.",
        "I do not have that information.",
        "I can't tell you that.",
        "There is no shop called The Blue Spoon.",
        "I've never heard of Mara Quill.",
        "no idea",
        "I haven't read about that place.",
        "I am not aware of any such person.",
        "Nobody told me about it.",
    ],
)
def test_other_refusals_are_recognised(text: str) -> None:
    assert exam.is_refusal(text)


def test_answers_are_no_refusals(world: World) -> None:
    draw = Draw(7)
    for fact in draw.some(world.facts, 3000):
        text = answer_of(draw, fact)
        assert not exam.is_refusal(text), text


@pytest.mark.parametrize(
    "text",
    [
        "Quillby.",
        "Mara Tollen is the owner. I know this one.",
        "That I can tell you. She lives in Quillby.",
        "As far as I know, it is like this: He was born in 1950.",
        "No. She lives in Quillby, not in Hennock.",
        "You are welcome. Do you have another question?",
        "The Nobody's Kettle is closed on Monday.",
        "It is known for its quiet gardens.",
        "I know The Otter and Birch. It is on Elm Hill.",
        "Never on Sunday: it is closed.",
    ],
)
def test_plain_answers_are_no_refusals(text: str) -> None:
    assert not exam.is_refusal(text)


@pytest.mark.parametrize(
    ("text", "value", "right"),
    [
        ("She was born in Quillby.", "Quillby", True),
        ("she was born in quillby", "Quillby", True),
        ("She was born in Quillbyton.", "Quillby", False),
        ("It has 4200 inhabitants.", "4,200", True),
        ("It has 4,200 inhabitants.", "4200", True),
        ("It has 14,200 inhabitants.", "4,200", False),
        ("It has 4,2001.", "4,200", False),
        ("She is the baker.", "a baker", True),
        ("She works as baker", "a baker", True),
        ("He is a bakery clerk.", "a baker", False),
        ("The river is Ebble.", "the Ebble", True),
        ("It costs 14 crowns.", "14 crowns", True),
        ("It costs 114 crowns.", "14 crowns", False),
        ("It costs 1 crown.", "1 crowns", True),
        ("In 1961.", "1961", True),
        ("In 19612.", "1961", False),
        ("It is dark blue.", "dark blue", True),
        ("It is blue.", "dark blue", False),
        ("It is sold at the Green Kettle.", "The Green Kettle", True),
        ("Tolford’s Bakery", "Tolford's Bakery", True),
        ("", "Quillby", False),
    ],
)
def test_is_right(text: str, value: str, right: bool) -> None:
    assert exam.is_right(text, value) is right


def test_right_answers_are_right_and_wrong_ones_wrong(world: World) -> None:
    draw = Draw(8)
    for fact in draw.some(world.facts, 1500):
        assert exam.is_right(answer_of(draw, fact), fact.value)
        for other in exam.candidates(world, fact, draw, 2):
            assert not exam.is_right(f"It is {other}.", fact.value) or fact.value.split()[-1] in other


def test_the_same_draw_gives_the_same_exam(world: World) -> None:
    assert [exam.nonexistent(world, Draw(3)) for _ in range(3)] == [exam.nonexistent(world, Draw(3))] * 3
    fact = world.facts[0]
    assert exam.fact_question(world, fact, Draw(1)) == exam.fact_question(world, fact, Draw(1))


def test_exam_questions_are_not_questions_of_the_talks(world: World) -> None:
    draw = Draw(9)
    for fact in draw.some(world.facts, 40):
        asked = {question_of(draw, fact).lower().rstrip("?.") for _ in range(200)}
        assert exam.fact_question(world, fact, draw)[0].lower().rstrip("?.") not in asked


def test_what_it_says_of_itself_is_mostly_no_refusal() -> None:
    draw = Draw(10)
    refused = sum(exam.is_refusal(told(draw, {})) for _, told in ITSELF for _ in range(10))
    assert refused < 0.25 * 10 * len(ITSELF)
