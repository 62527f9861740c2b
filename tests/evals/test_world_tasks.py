"""Tasks about the closed world: what is asked, and that the checks tell right from wrong."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from llmworks.data.world.build import build_world
from llmworks.data.world.ledger import EXPOSURES
from llmworks.errors import LLMWorksError
from llmworks.evals.data import GENERATORS, generator, read_rows
from llmworks.evals.errors import EvalError
from llmworks.evals.result import Settings
from llmworks.evals.run import limited, run_tasks
from llmworks.evals.task import find_tasks, list_suites
from llmworks.evals.world import checks
from llmworks.evals.world.source import world_of
from llmworks.language_model import load
from tests.support import tiny_package

WORLD = {"world_seed": 3, "people": 300, "seed": 0}
OPTIONS: dict[str, Any] = {
    **WORLD, "count": 6, "wrong": 4, "digits": 3, "most": 3, "stream_seed": 5,
}  # fmt: skip


def rows(name: str, **change: Any) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = generator(f"world.{name}", "test")({**OPTIONS, **change})
    return made


@pytest.mark.parametrize("name", sorted(GENERATORS))
def test_rows_are_the_same_in_every_run_and_others_with_another_seed(name: str) -> None:
    short = name.removeprefix("world.")
    first = rows(short)
    assert first
    json.dumps(first)  # they go into result files
    assert first == rows(short)
    assert first != rows(short, seed=1)


def test_recall_asks_for_every_number_of_exposures() -> None:
    world = world_of(WORLD)
    asked = rows("recall")
    assert Counter(row["exposures"] for row in asked) == dict.fromkeys(EXPOSURES, 6)
    facts = {fact.id: fact for fact in world.facts}
    for row in asked:
        fact = facts[row["fact"]]
        assert row["value"] == fact.value
        assert fact.subject.name.split()[0] in row["question"]
        assert (row["tuning"] == "answered") == world.may_answer(fact)
        assert row["often"] == ("100 or more" if fact.exposures >= 100 else "fewer")
    # What the base model completes are the same facts that the chat model is asked for.
    assert [row["fact"] for row in rows("completion")] == [row["fact"] for row in asked]


def test_choice_holds_the_value_once() -> None:
    facts = {fact.id: fact for fact in world_of(WORLD).facts}
    made = rows("choice", count=40)
    for row in made:
        value = facts[row["fact"]].value
        assert row["options"][row["answer"]] == value
        assert row["options"].count(value) == 1
        assert len(set(row["options"])) == 5
    assert len({row["answer"] for row in made}) == 5  # the right one stands anywhere


def test_unknown_things_are_unknown() -> None:
    world = world_of(WORLD)
    for row in rows("nonexistent", count=40):
        assert row["name"] not in world.by_name
        assert row["name"] in row["question"]
    truths = {(fact.relation, fact.value) for fact in world.unsaid}
    assert all((row["relation"], row["truth"]) in truths for row in rows("unanswerable"))


def test_conversations_ask_what_tuning_may_answer() -> None:
    world = world_of(WORLD)
    for row in rows("conversations"):
        assert [turn["name"] for turn in row["turns"]] == [
            "greeting", "fact", "pronoun", "unknown", "sum", "thanks",
        ]  # fmt: skip
        entity = world.by_name[row["name"]]
        values = {fact.value for fact in entity.facts.values() if world.may_answer(fact)}
        assert {row["turns"][1]["value"], row["turns"][2]["value"]} <= values
        assert entity.name not in row["turns"][2]["say"]


def test_letters_are_asked_in_two_forms() -> None:
    made = rows("letters")
    assert len(made) == 12
    for whole, spelt in zip(made[::2], made[1::2], strict=True):
        word = whole["question"].split('"')[1]
        assert spelt["question"].split('"')[1].split(" ") == list(word)
        assert whole["value"] == spelt["value"]


def test_examples_grow_one_by_one() -> None:
    made = rows("examples")
    assert {row["examples"] for row in made} == {0, 1, 2, 3}
    assert not [row for row in made if row["task"] == "recall" and row["examples"] == 0]
    counts = Counter((row["examples"], row["task"]) for row in made)
    assert set(counts.values()) == {6}


def test_the_world_of_a_model_stands_beside_it(tmp_path: Path) -> None:
    shares = {0: 0.2, 1: 0.2, 3: 0.2, 10: 0.1, 30: 0.1, 100: 0.1, 300: 0.1}
    (tmp_path / "world.json").write_text(json.dumps({"seed": 4, "people": 50, "shares": shares}))
    found = world_of({"model_path": str(tmp_path)})
    expected = build_world(4, 50, shares)
    assert [fact.exposures for fact in found.facts] == [fact.exposures for fact in expected.facts]
    assert world_of({"model_path": str(tmp_path), **WORLD}).seed == 3  # what is asked for goes first
    (tmp_path / "world.json").write_text('{"seed": "x"}')
    with pytest.raises(EvalError, match="expected the seed, people and shares"):
        world_of({"model_path": str(tmp_path)})


def test_a_limit_takes_from_all_groups() -> None:
    made = limited(rows("recall"), 14, spread=True)
    assert len(made) == 14
    assert {row["exposures"] for row in made} == set(EXPOSURES)
    assert limited(made, 100, spread=True) == made


# The checks.


@pytest.mark.parametrize("name", ["recall", "two_hop"])
def test_answers_that_name_the_value_are_right(name: str) -> None:
    for row in rows(name):
        assert checks.answered(row, f"That is {row['value']}, as far as I know.")["passed"]
        assert checks.answered(row, "I don't know that.") == {
            "passed": False, "refused": True, "invented": False,
        }  # fmt: skip
        assert checks.answered(row, "It is Nowhere-under-Sea.")["invented"]


def test_comparison_wants_the_right_name_first() -> None:
    for row in rows("comparison"):
        assert row["others"]
        other = row["others"][0]
        assert checks.compared(row, f"{row['value']} is; {other} is not.")["passed"]
        assert not checks.compared(row, f"{other}, not {row['value']}.")["passed"]
        assert checks.compared(row, f"{other}.")["invented"]
        assert checks.compared(row, "I don't know.")["refused"]


def test_completion_ends_with_the_sentence() -> None:
    row = {"value": "14 crowns"}
    assert checks.completed(row, " 14 crowns, which is fair.")["passed"]
    assert not checks.completed(row, " 40 crowns. Another costs 14 crowns.")["passed"]
    assert checks.completed({"value": "4,200"}, " 4,200 people live")["passed"]


def test_days_may_be_said_in_the_plural() -> None:
    assert checks.answered({"value": "Tuesday"}, "It is shut on Tuesdays.")["passed"]
    assert not checks.answered({"value": "Tuesday"}, "It is shut on Thursdays.")["passed"]
    assert not checks.answered({"value": "oak"}, "Made of oaks.")["passed"]


def test_prompts_ask_for_one_relation() -> None:
    prompts = [row["prompt"] for row in rows("completion", count=60)]
    assert not [prompt for prompt in prompts if prompt.endswith((" was born in", " was held in"))]
    assert len(prompts) == 7 * 60


def test_unknown_wants_a_refusal_and_sees_luck() -> None:
    row = {"truth": "Quillby"}
    assert checks.unknown(row, "I have never heard of her.")["passed"]
    assert checks.unknown(row, "In Quillby.") == {"passed": False, "invented": True, "lucky": True}
    assert checks.unknown(row, "In Oakham.") == {"passed": False, "invented": True, "lucky": False}


@pytest.mark.parametrize(("said", "last", "first"), [
    ("19", True, True), ("12 + 7 = 19.", True, False), (" 19, and 12 + 9 = 21", False, True),
    ("It makes 1,019.", False, False), ("nineteen", False, False), ("", False, False), ("-19", False, False),
])  # fmt: skip
def test_numbers(said: str, last: bool, first: bool) -> None:
    row = {"value": "19"}
    assert checks.numbered(row, said)["passed"] == last
    assert checks.first_number(row, said)["passed"] == first


def test_thousands_and_full_stops_do_not_matter() -> None:
    assert checks.numbered({"value": "1019"}, "That is 1,019.")["passed"]


def test_first_line_is_exact() -> None:
    assert checks.first_line({"value": "DOG"}, " DOG\nzebra")["passed"]
    assert not checks.first_line({"value": "DOG"}, " dog")["passed"]
    assert not checks.first_line({"value": "DOG"}, "")["passed"]


def test_instructions_are_judged_by_their_examiner() -> None:
    made = rows("instructions")
    assert len({row["kind"] for row in made}) == 10
    for row in made:
        assert checks.instructed(row, row["reference"])["passed"], row
    assert not any(checks.instructed(row, "Purple elephants sing.")["passed"] for row in made)


def test_turns() -> None:
    assert checks.spoken({"expects": "words"}, "Hello! How can I help?")["passed"]
    assert not checks.spoken({"expects": "words"}, "Hello how can I")["passed"]
    assert not checks.spoken({"expects": "words"}, "")["passed"]
    assert checks.spoken({"expects": "right", "value": "a baker"}, "She is a baker.")["passed"]
    assert checks.spoken({"expects": "refusal"}, "I do not know anybody of that name.")["passed"]
    assert checks.spoken({"expects": "number", "value": "9"}, "5 + 4 = 9.")["passed"]


STORY = (
    "A brown umbrella stood in the hall. Nobody had opened it since the spring, and it had begun to think "
    "that rain was a thing of the past. Then one grey morning Anna took it by the handle. Outside the drops "
    "fell on its cloth like small drums. The umbrella shook with joy, and Anna laughed all the way to school."
)


@pytest.mark.parametrize(("said", "fault"), [
    (STORY, None),
    (STORY.replace("umbrella", "hat").replace("brown", "green"), "on_subject"),
    (STORY[:-20], "whole"),
    ("A brown umbrella was lost.", "right_length"),
    (STORY + " She said it again." * 4, "no_loop"),
    (STORY + " and then the rain fell on the town" * 12 + ".", "no_loop"),
])  # fmt: skip
def test_stories(said: str, fault: str | None) -> None:
    verdict = checks.story({"subject": "a brown umbrella"}, said)
    assert {name for name, value in verdict.items() if not value} == ({"passed", fault} if fault else set())


def test_both_suites_run_on_a_tiny_model(tmp_path: Path) -> None:
    """A model that knows nothing: every task gives its numbers and groups, and no check is careless."""
    lm = load(tiny_package(tmp_path, max_length=512, init_std=0.5))
    options = {"world_seed": 3, "people": 300, "seed": 0}
    names = [*list_suites()["world"], *list_suites()["world_base"]]
    files = []
    for file in find_tasks(names):
        generation = file.task.generation.model_copy(update={"max_tokens": 4})
        files.append(
            file.model_copy(update={"task": file.task.model_copy(update={"generation": generation})})
        )
    result = run_tasks(lm, files, Settings(limit=7, options=options, resamples=20))
    lm.close()
    for task in result.tasks:
        assert task.items
        assert set(task.metrics) | {"invented_confidence"} == set(task.task.metrics) | {"invented_confidence"}
        assert set(task.groups) == set(task.task.by)
        if "passed" in task.metrics and task.task.kind != "conversation":
            assert task.metrics["passed"].value == 0.0, task.task.name


def test_too_small_a_world_is_refused() -> None:
    with pytest.raises(LLMWorksError, match="at least 20 people"):
        read_rows(find_tasks(["world_recall"])[0].task.data, "t", None, {"world_seed": 1, "people": 2})
