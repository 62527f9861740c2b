# ruff: noqa: PT018 (two halves of one claim)
"""Instructions, sums and letters: right answers, checkers that say no, nothing of the exam in training."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest

from llmworks.data.world.instructions import FREE_WRITERS, TALK_WRITERS
from llmworks.data.world.instructions.arithmetic import arithmetic_question
from llmworks.data.world.instructions.exam import KINDS, make_task
from llmworks.data.world.instructions.held import basic, held_pair
from llmworks.data.world.instructions.in_context import TASKS, in_context
from llmworks.data.world.instructions.kinds import explain
from llmworks.data.world.instructions.letters import SPELT, letter_question
from llmworks.data.world.instructions.nouns import MEANINGS
from llmworks.data.world.instructions.problems import SHAPES, word_problem, word_problem_of
from llmworks.data.world.instructions.sums import any_sum, compute, steps_of, train_sum
from llmworks.data.world.instructions.task import check
from llmworks.data.world.instructions.words import COLOURS, GOODS, NAMES, THINGS, TOWNS, in_words
from llmworks.data.world.ledger import World
from llmworks.data.world.phrases import Draw
from llmworks.errors import DataError

EMPTY = World(1, [], [])
SUM = re.compile(r"(?<![\d:.])(\d+) ([-+x*/]) (\d+)(?: = (\d+)(?: remainder (\d+)|, (\d+) left)?)?(?![\d:])")
WORDS = {"plus": "+", "minus": "-", "times": "x", "divided by": "/"}
SAID = re.compile(r"(\d+) (plus|minus|times|divided by) (\d+)(?: is (\d+))?")
ARTICLE = re.compile(r"\ba a\b|\b[Aa]n [bcdfgj-np-tv-z]|\b[Aa] (?!one)[aeio][a-z]")
KEPT_APART = [writer for writer in TALK_WRITERS if not writer.name.startswith("tool_")]


@pytest.fixture(scope="module")
def free_texts() -> dict[str, list[str]]:
    draw = Draw(11)
    return {one.name: [one.write(EMPTY, draw) for _ in range(200)] for one in FREE_WRITERS}


@pytest.fixture(scope="module")
def talk_texts() -> dict[str, list[str]]:
    draw = Draw(12)
    return {
        one.name: [
            "\n".join(message["content"] for message in one.write(EMPTY, draw).messages) for _ in range(120)
        ]
        for one in KEPT_APART
    }


def sums_in(text: str) -> list[tuple[str, int, int, int | None, int]]:
    found = []
    for a, sign, b, c, rest, left in SUM.findall(text):
        operation = {"*": "x"}.get(sign, sign)
        found.append((operation, int(a), int(b), int(c) if c else None, int(rest or left or 0)))
    for a, word, b, c in SAID.findall(text):
        found.append((WORDS[word], int(a), int(b), int(c) if c else None, -1))
    return found


# Sums


@pytest.mark.parametrize("writers", ["free_texts", "talk_texts"])
def test_every_sum_that_is_said_is_right_and_none_of_the_exams(
    writers: str, request: pytest.FixtureRequest
) -> None:
    seen = 0
    for name, texts in request.getfixturevalue(writers).items():
        if name == "in_context":
            continue
        for text in texts:
            lines = [] if re.search(r"\d+ [-+] \d+ [-+]", text) else sums_in(text)
            for operation, a, b, c, rest in lines:
                assert not held_pair(operation, a, b), (name, text)
                if c is not None:
                    seen += 1
                    right = compute(operation, a, b)
                    assert c == right and (rest < 0 or operation != "/" or rest == a % b), (name, text)
    assert seen > 300


@pytest.mark.parametrize("operation", ["+", "-", "x", "/"])
def test_steps_end_in_the_result_and_say_it_digit_by_digit(operation: str) -> None:
    draw = Draw(3)
    for _ in range(400):
        made = any_sum(draw, operation, draw.pick((2, 3, 4)))
        lines = steps_of(made).lines
        if operation in "+-":
            digits = [
                int(line.split(",  ")[0].split(" = ")[-1].split(",")[0].split(": ")[-1]) for line in lines
            ]
            total = sum(digit % 10 * 10**place for place, digit in enumerate(digits[:-1]))
            assert total + digits[-1] * 10 ** (len(digits) - 1) == made.value, (made, lines)
        elif operation == "x":
            assert lines[-1].endswith(f"= {made.value}"), (made, lines)
        else:
            digits = [re.search(r"(?:= |write )(\d)", line) for line in lines]
            assert "".join(one[1] for one in digits if one) == str(made.value), (made, lines)


def test_a_tenth_of_the_pairs_is_held_and_no_basic_fact() -> None:
    for operation in "+-x/":
        pairs = [(a, b) for a in range(11, 150) for b in range(2, 60) if not basic(operation, a, b)]
        share = sum(held_pair(operation, a, b) for a, b in pairs) / len(pairs)
        assert 0.08 < share < 0.12
        assert all(
            held_pair(operation, a, b) == held_pair(operation, b, a) for a, b in pairs if operation in "+x"
        )
    assert not any(held_pair("+", a, b) or held_pair("x", a, b) for a in range(11) for b in range(11))


def test_the_exam_asks_held_sums_and_training_never_does() -> None:
    draw = Draw(4)
    for operation in "+-x/":
        for digits in (1, 2, 3, 4):
            for _ in range(30):
                question, right = arithmetic_question(draw, digits, operation)
                found = sums_in(question)[0]
                assert len(str(found[1])) <= digits + (digits == 1)
                assert found[0] == operation and (digits == 1 or held_pair(operation, found[1], found[2]))
                assert right == str(compute(operation, found[1], found[2]))
                assert not train_sum(draw, operation, digits).held


def test_word_problems_come_in_forty_shapes_and_their_steps_lead_to_the_answer() -> None:
    draw = Draw(5)
    assert len(SHAPES) >= 40
    for _ in range(600):
        problem = word_problem_of(draw)
        for step in problem.steps:
            operation, a, b, c, _ = sums_in(step)[0]
            assert c == compute(operation, a, b)
        assert problem.steps[-1].endswith(f"= {problem.answer}") and problem.answer > 0
        assert "{" not in problem.question and problem.question.endswith("?")
        assert str(problem.answer) in problem.end
    questions = Counter(re.sub(r"[\d]+", "#", word_problem(draw)[0]) for _ in range(300))
    assert questions.most_common(1)[0][1] < 15


# Letters


def test_letters_are_counted_right() -> None:
    draw = Draw(6)
    for _ in range(300):
        question, right = letter_question(draw)
        word = re.findall(r'"(\w+)"', question)[-1]
        letter = re.search(r"the letter (\w) ", question)
        assert right == str(word.count(letter[1]) if letter else len(word))
        assert word in SPELT.held


def test_no_word_of_the_letter_exam_is_counted_in_training(
    free_texts: dict[str, list[str]], talk_texts: dict[str, list[str]]
) -> None:
    texts = free_texts["letter_counts"] + talk_texts["letters"]
    said = {word for text in texts for word in re.findall(r"[a-z]+", text.lower())}
    assert said & set(SPELT.train) and not said & set(SPELT.held)
    for text in free_texts["letter_counts"]:
        for spelt, count in re.findall(r"((?:\w )+\w): (\d+)(?: letters)?$", text, re.MULTILINE):
            letters = spelt.split()
            assert int(count) == len(letters) or int(count) in Counter(letters).values(), text


def test_numbers_in_words() -> None:
    assert [in_words(n) for n in (0, 13, 42, 100, 305, 999, 1001, 2450, 90_000)] == [
        "zero", "thirteen", "forty-two", "one hundred", "three hundred and five",
        "nine hundred and ninety-nine",
        "one thousand and one", "two thousand four hundred and fifty", "ninety thousand",
    ]  # fmt: skip


# The ten kinds


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("held", [True, False])
def test_the_checker_takes_its_reference_and_its_plain_variants(kind: str, held: bool) -> None:
    draw = Draw(7)
    for _ in range(250):
        task = make_task(kind, draw, held)
        assert task.kind == kind and task.prompt.strip() == task.prompt and "{w}" not in task.prompt
        assert check(task, task.reference), task
        assert check(task, f" {task.reference}\n"), task


@pytest.mark.parametrize("kind", KINDS)
def test_the_checker_rejects_what_is_wrong(kind: str) -> None:
    """Nothing, a vague answer, the prompt itself, and the answers to other tasks of its kind."""
    draw = Draw(8)
    tasks = [make_task(kind, draw) for _ in range(120)]
    others = 0
    for task, other in zip(tasks, tasks[1:] + tasks[:1], strict=True):
        assert not check(task, ""), task
        assert not check(task, "I do not know what you mean.") or (
            kind == "answer" and "not" in task.reference
        )
        assert not check(task, "Here is the answer you wanted: it is as it is."), task
        if kind not in ("explain", "answer", "correct", "classify", "order"):
            assert not check(task, task.prompt), task
        others += check(task, other.reference)
    # A label, or a list of the same category, can be right by chance; of the rest hardly any can.
    assert others <= {
        "classify": 60,
        "list": 30,
        "answer": 30,
        "order": 12,
        "correct": 8,
        "continue": 15,
    }.get(kind, 6)


def test_single_faults_are_found() -> None:
    draw = Draw(9)
    for _ in range(200):
        task = make_task("extract", draw)
        right = json.loads(task.reference)
        key = draw.pick(list(right))
        assert not check(task, json.dumps({**right, key: "nothing of the kind"}))
        assert not check(task, json.dumps({**right, "more": 1}))
        assert not check(task, json.dumps({name: value for name, value in right.items() if name != key}))
        assert not check(task, task.reference[:-1])
        task = make_task("summarise", draw)
        assert not check(task, f"{task.reference} {task.reference}")
        for word in {name.text for name in NAMES.held} & set(re.findall(r"[A-Z][a-z]+", task.reference)):
            assert not check(task, task.reference.replace(word, "Nobody")), task
        task = make_task("continue", draw)
        first = task.reference.split(". ")[0] + "."
        assert not check(task, first), task
        assert not check(task, f"{task.reference} {task.reference}")
        assert not check(task, "The king of that land had three sons. The oldest sons were cruel.")
        task = make_task("rewrite", draw)
        words = task.reference.split()
        assert not check(task, " ".join(words[: len(words) // 3])), task


def test_lists_must_have_the_number_and_no_word_twice() -> None:
    draw = Draw(10)
    task = next(
        one
        for one in iter(lambda: make_task("list", draw, False), None)
        if "three fruits" in one.prompt.lower()
    )
    assert check(task, "1. Apple\n2. Pear\n3. Plum") and check(task, "Cherries, figs and melons.")
    assert not check(task, "apple, pear") and not check(task, "apple, apple, pear")
    assert not check(task, "apple, pear, plum, fig") and not check(task, "apple, pear, hammer")


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(DataError, match="summarise"):
        make_task("sing", Draw(1))


# Training and exam


def test_held_names_things_and_towns_are_never_in_training_texts(
    free_texts: dict[str, list[str]], talk_texts: dict[str, list[str]]
) -> None:
    names, towns = {name.text for name in NAMES.held}, set(TOWNS.held)
    for name, texts in {**free_texts, **talk_texts}.items():
        for text in texts:
            words = set(re.findall(r"[A-Za-z]+", text))
            assert name == "instruction_story" or not words & (names | towns), (name, text)


def test_held_things_are_the_exams_alone(free_texts: dict[str, list[str]]) -> None:
    things = {thing.one for thing in THINGS.held}
    assert len(things) > 10 and not things & {thing.one for thing in THINGS.train + GOODS.train}
    draw = Draw(17)
    asked = [make_task(kind, draw, False).prompt for kind in ("extract", "order") for _ in range(150)]
    words = {word for text in asked + free_texts["word_problem"] for word in re.findall(r"[a-z]+", text)}
    assert words & {thing.one for thing in THINGS.train}
    assert not words & things - {"ball", "ladder", "saw", "spoon", "window"}  # words that other lines use too


def test_held_wordings_and_words_are_the_exams_alone(talk_texts: dict[str, list[str]]) -> None:
    training = {text.split("\n")[0] for texts in talk_texts.values() for text in texts}
    draw = Draw(13)
    same = Counter[str]()
    for kind in KINDS:
        for _ in range(60):
            same[kind] += make_task(kind, draw).prompt.split("\n")[0] in training
    assert max(same.values()) <= 12, same
    lines = "\n".join(talk_texts["instruction_explain"]).split("\n")
    explained = "\n".join(line for line in lines if not re.search(r"differ|compare|apart| from ", line, re.I))
    asked = {
        word
        for word in explain.WORDS.held
        if re.search(rf"(what|explain|define)[a-z ]* an? {word}\b", explained, re.I)
    }
    assert not asked and set(explain.WORDS.all) == set(MEANINGS)


def test_no_exam_prompt_stands_in_training(
    free_texts: dict[str, list[str]], talk_texts: dict[str, list[str]]
) -> None:
    whole = "\n".join(text for texts in {**free_texts, **talk_texts}.values() for text in texts)
    draw = Draw(14)
    for kind in KINDS:
        assert sum(make_task(kind, draw).prompt in whole for _ in range(100)) == 0, kind


# In context


@pytest.mark.parametrize("task", TASKS)
def test_in_context_shows_so_many_examples_and_asks_one_more(task: str) -> None:
    draw = Draw(15)
    for examples in (0, 1, 2, 4, 8):
        prompt, right = in_context(draw, examples, task)
        assert right and prompt == prompt.rstrip()
        blocks = re.split(r"\n\n", prompt) if prompt.startswith(("Input", "Q:")) else prompt.split("\n")
        assert len(blocks) == examples + 1
        if task == "recall" and examples:
            assert right in prompt and right in COLOURS.all


def test_in_context_names_the_tasks() -> None:
    with pytest.raises(DataError, match="recall"):
        in_context(Draw(1), 2, "cooking")


# Variety


def test_no_text_comes_often_and_openings_differ(
    free_texts: dict[str, list[str]], talk_texts: dict[str, list[str]]
) -> None:
    small = {"times_table", "compare_numbers"}
    for name, texts in {**free_texts, **talk_texts}.items():
        most = Counter(texts).most_common(1)[0][1]
        assert most <= (20 if name in small else 6), (name, Counter(texts).most_common(1))
        if name not in small | {"remainders", "plain_sums", "number_talk", "one_sum", "sums"}:
            openings = Counter(" ".join(re.sub(r"\d+", "#", text).split()[:3]) for text in texts)
            assert openings.most_common(1)[0][1] <= 0.35 * len(texts), (name, openings.most_common(2))


def test_texts_are_whole_and_of_plain_signs(
    free_texts: dict[str, list[str]], talk_texts: dict[str, list[str]]
) -> None:
    for name, texts in {**free_texts, **talk_texts}.items():
        for text in texts:
            assert text.isascii() and text.strip(), (name, text)
            assert "  " not in text and " ." not in text.replace(" ...", "") and " ," not in text, (
                name,
                text,
            )
            assert not re.search(r"\{\w+\}|\[|\]", text), (name, text)
            if name not in ("instruction", "letters", "letter_counts", "spelling") and "correct" not in name:
                assert not ARTICLE.search(text) or "instruction_" in name, (name, text)
    draw = Draw(16)
    for kind in KINDS:  # right answers; among the questions are some with mistakes to correct
        for _ in range(200):
            answer = make_task(kind, draw, False).reference
            assert not ARTICLE.search(answer), answer
            assert answer[0] in "-{0123456789" or answer[0].isalpha()
