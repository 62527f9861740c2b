"""Task files: those in the box hold together; a wrong one is refused with what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from llmworks.evals.checkers import CHECKERS, checker
from llmworks.evals.data import GENERATORS, generator
from llmworks.evals.errors import EvalError
from llmworks.evals.expressions import Expression, Template
from llmworks.evals.items import Reader
from llmworks.evals.task import find_tasks, list_suites, list_tasks, read_task

GOOD = """
name = "mine"
kind = "choice"
prompt = "{{question}}"
choices = "options"
answer = "answer"
metrics = ["acc"]
[data]
files = ["mine.jsonl"]
"""


@pytest.mark.parametrize("name", list_tasks())
def test_tasks_in_the_box(name: str) -> None:
    file = find_tasks([name])[0]
    task = file.task
    assert task.name == name == file.path.stem
    Reader(task)  # every template and expression compiles
    if task.data.generator:
        assert callable(generator(task.data.generator, name))
    if task.check:
        assert callable(checker(task.check, name))
    if task.plot:
        assert task.plot.by in task.by
        assert set(task.plot.metrics) <= set(task.metrics)


def test_every_generator_and_checker_is_used() -> None:
    tasks = [file.task for file in find_tasks(list_tasks())]
    assert {task.data.generator for task in tasks} - {None} == set(GENERATORS)
    assert {task.check for task in tasks} - {None} == set(CHECKERS)


def test_suites_name_tasks_that_are_there() -> None:
    for name, tasks in list_suites().items():
        assert len(find_tasks([name])) == len(tasks)
    assert len(find_tasks(["world", "world_recall", "world"])) == len(list_suites()["world"])


@pytest.mark.parametrize(("change", "message"), [
    (("metrics", "metricks"), "metricks"),
    (('kind = "choice"', 'kind = "guess"'), "kind"),
    (('"acc"', '"accuracy"'), "no metric 'accuracy' for kind 'choice'"),
    (('metrics = ["acc"]', "metrics = []"), "give at least one of acc"),
    (('choices = "options"\n', ""), "needs 'choices'"),
    (('files = ["mine.jsonl"]', ""), "rows must come from somewhere"),
    (("[data]", "[data"), "is not TOML"),
])  # fmt: skip
def test_wrong_files(change: tuple[str, str], message: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD.replace(*change))
    with pytest.raises(EvalError, match=message):
        read_task(path)


def test_own_file_by_path_and_unknown_names(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD)
    assert find_tasks([str(path)])[0].task.name == "mine"
    with pytest.raises(EvalError, match=r"no task 'mnlu'.*blimp"):
        find_tasks(["mnlu"])
    with pytest.raises(EvalError, match="cannot be read"):
        find_tasks([str(tmp_path / "none.toml")])


def test_templates_and_expressions() -> None:
    row = {"text": "a b c", "choices": {"label": ["A", "B"], "text": ["x", "ü\n'\""]}, "key": "B"}
    assert Template("{{text.split(' ')[:-1]|join(' ')}}", "t")(row) == "a b"
    assert Template("no slot\n", "t")(row) == "no slot\n"
    assert Template("{{key}}:\n", "t")(row) == "B:\n"
    assert Expression("choices.label.index(key)", "t")(row) == 1
    assert Expression("choices.text", "t")(row) == ["x", "ü\n'\""]
    assert Expression("choices", "t")(row) is row["choices"]


@pytest.mark.parametrize(("source", "message"), [
    ("{{question}}", r"task: prompt: it uses 'question', which the row does not have; its fields are text"),
    ("{{text.__class__}}", "may not have|unsafe"),
    ("{{text.tixt}}", "no attribute 'tixt'"),
    ("{% for i in range(10**9) %}x{% endfor %}", "was stopped"),
    ("{{", "does not parse"),
])  # fmt: skip
def test_templates_of_strangers_are_bounded_and_named(source: str, message: str) -> None:
    with pytest.raises(EvalError, match=message):
        Template(source, "task: prompt")({"text": "a"})


def test_an_expression_names_the_field_it_misses() -> None:
    with pytest.raises(EvalError, match="no field 'options'; its fields are text"):
        Expression("options", "task: choices")({"text": "a"})
