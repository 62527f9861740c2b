"""Whole runs on a tiny model: numbers, groups, files, comparison, pictures, and the command line."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from llmworks.cli.main import app
from llmworks.errors import LLMWorksError, RequestError
from llmworks.evals.compare import compare, read_result
from llmworks.evals.errors import EvalError
from llmworks.evals.items import make_items
from llmworks.evals.plots import write_plots
from llmworks.evals.result import Settings
from llmworks.evals.run import run_tasks
from llmworks.evals.task import Task, TaskFile, find_tasks
from llmworks.language_model import LanguageModel, load
from tests.evals import harness_rows as made
from tests.support import tiny_package


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_package(tmp_path_factory.mktemp("model"), max_length=192, init_std=0.4)


@pytest.fixture(scope="module")
def lm(package: Path) -> Any:
    model = load(package)
    yield model
    model.close()


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sets")
    for number, name in enumerate(("adjunct_island", "npi_present_1")):
        made.write(folder / f"{name}.jsonl", made.rows_of(made.blimp, 20, number))
    made.write(folder / "ARC-Easy-Test.jsonl", made.rows_of(made.arc, 25, 3))
    made.write(folder / "ARC-Easy-Train.jsonl", made.rows_of(made.arc, 9, 4))
    return folder


def test_numbers_do_not_depend_on_the_batch(lm: LanguageModel, sets: Path) -> None:
    results = [
        run_tasks(lm, find_tasks(["arc_easy", "blimp"]), Settings(data=sets, batch_size=size, shots=1))
        for size in (1, 3, 64)
    ]
    for result in results[1:]:
        for mine, other in zip(result.tasks, results[0].tasks, strict=True):
            assert mine.metrics == other.metrics
            for a, b in zip(mine.outcomes, other.outcomes, strict=True):
                assert a.sample["logprobs"] == pytest.approx(b.sample["logprobs"], abs=1e-4)


def test_groups_add_up_and_everything_is_written(lm: LanguageModel, sets: Path) -> None:
    result = run_tasks(lm, find_tasks(["blimp"]), Settings(data=sets, temperature_scaling=True))
    task = result.tasks[0]
    groups = task.groups["subset"]
    assert [groups[name]["acc"].n for name in groups] == [20, 20]
    mean = sum(groups[name]["acc"].value for name in groups) / 2
    assert task.metrics["acc"].value == pytest.approx(mean)
    written = json.loads(json.dumps(result.to_dict(samples=True)))
    record = written["tasks"]["blimp"]
    assert len(record["items"]) == 40
    assert record["sha256"] == find_tasks(["blimp"])[0].sha256
    assert record["calibration"]["temperature_scaling"]["measured_on"] == 20
    assert record["items"][0]["sample"]["choices"][0]
    assert written["model"]["weights_unchanged"] is True
    assert len(written["model"]["weights_sha256"]) == len(written["model"]["tokenizer_sha256"]) == 64
    assert written["tasks"]["blimp"]["data"]["missing"]
    assert written["peak_memory_bytes"] > 0
    lean = result.to_dict()["tasks"]["blimp"]["items"][0]
    assert set(lean) == {"id", "values", "groups", "confidence", "right"}


def test_the_weights_hash_sees_one_changed_bit(package: Path) -> None:
    from llmworks.evals.result import weights_hash

    model = load(package)
    before = weights_hash(model)
    assert before == weights_hash(model)
    next(iter(model.model.parameters())).data[0, 0] += 1e-3
    assert weights_hash(model) != before
    model.close()


def test_examples_leave_out_the_asked_row() -> None:
    task = Task.model_validate(
        {
            "name": "t", "kind": "generate", "prompt": "{{q}}", "answer": "a", "metrics": ["exact_match"],
            "data": {"files": ["x"]}, "description": "D\n",
        }
    )  # fmt: skip
    rows = [{"q": f"q{number}", "a": f"a{number}"} for number in range(6)]
    items = make_items(task, rows, [], count=5, chat=False)
    for row, item in zip(rows, items, strict=True):
        assert isinstance(item.context, str)
        assert item.context.startswith("D\n")
        assert item.context.endswith("\n\n" + row["q"])
        assert item.context.count(row["q"]) == 1
        shown = item.context[2:].split("\n\n")[:-1]
        assert sorted(shown) == sorted(f"{other['q']} {other['a']}" for other in rows if other is not row)
    with pytest.raises(EvalError, match="6 examples were asked for, there are only 5"):
        make_items(task, rows, [], count=6, chat=False)
    talk = make_items(task, rows, [], count=2, chat=True)[0].context
    assert isinstance(talk, list)
    assert [message["role"] for message in talk] == [
        "system",
        "user",
        "assistant",
        "user",
        "assistant",
        "user",
    ]


def own_task(folder: Path, **change: Any) -> TaskFile:
    """A task that a user might write: generated answers, two ways of reading them."""
    text = (
        'name = "mine"\nkind = "generate"\nprompt = "{{q}}"\nanswer = "a"\nby = ["q|length"]\n'
        'metrics = ["exact_match", "word"]\n[data]\nfiles = ["mine.jsonl"]\n[generation]\nmax_tokens = 6\n'
        '[exact]\nignore_case = true\n[[filters]]\nname = "word"\nregex = "([a-z]+)"\n'
    )
    path = folder / "mine.toml"
    path.write_text(text)
    return find_tasks([str(path)])[0]


def test_a_task_of_ones_own(lm: LanguageModel, tmp_path: Path) -> None:
    """Its answers are what the model says, so that all are right, and none after a change."""
    said = [lm.generate(text, max_tokens=6, temperature=0).text for text in ("The", "A cat", "Rain")]
    rows = [{"q": q, "a": [a.upper(), "?"]} for q, a in zip(("The", "A cat", "Rain"), said, strict=True)]
    made.write(tmp_path / "mine.jsonl", rows)
    result = run_tasks(lm, [own_task(tmp_path)], Settings(data=tmp_path)).tasks[0]
    assert result.metrics["exact_match"].value == 1.0
    assert list(result.groups["q|length"]) == ["3", "4", "5"]
    assert result.calibration is not None
    assert 0 < result.calibration["confidence"] < 1
    made.write(tmp_path / "other" / "mine.jsonl", [{**row, "a": "none of it"} for row in rows])
    wrong = run_tasks(lm, [own_task(tmp_path)], Settings(data=tmp_path / "other")).tasks[0]
    assert wrong.metrics["exact_match"].value == 0.0


def test_chat_needs_a_template(tmp_path: Path, sets: Path) -> None:
    base = load(tiny_package(tmp_path, chat=False))
    with pytest.raises(RequestError, match="has no chat template"):
        run_tasks(base, find_tasks(["arc_easy"]), Settings(data=sets, chat=True))
    base.close()


def test_comparison_pairs_items(lm: LanguageModel, sets: Path, tmp_path: Path) -> None:
    other = load(tiny_package(tmp_path, max_length=192, init_std=0.9))
    files = find_tasks(["blimp"])
    a, b = (run_tasks(model, files, Settings(data=sets)).to_dict() for model in (lm, other))
    other.close()
    one = compare(a, b)[0]
    found = one.differences["acc"]
    assert found.value == pytest.approx(b["tasks"]["blimp"]["metrics"]["acc"]["value"] - found.a)
    assert (one.better_b["acc"] - one.better_a["acc"]) / 40 == pytest.approx(found.value)
    assert set(one.groups["subset"]) == {"adjunct_island", "npi_present_1"}
    assert not one.notes
    b["tasks"]["blimp"]["items"] = b["tasks"]["blimp"]["items"][5:]
    assert compare(a, b)[0].notes == ["35 items in common of 40 and 35"]
    with pytest.raises(EvalError, match="no task in common"):
        compare(a, {"tasks": {"other": {}}})
    (tmp_path / "x.json").write_text("[1]")
    with pytest.raises(EvalError, match="is no result"):
        read_result(tmp_path / "x.json")


def test_pictures_are_xml(lm: LanguageModel, sets: Path, tmp_path: Path) -> None:
    result = run_tasks(lm, find_tasks(["blimp"]), Settings(data=sets))
    paths = write_plots(result, tmp_path / "plots")
    assert {path.name for path in paths} == {"blimp_reliability.svg", "blimp_abstention.svg"}
    for path in paths:
        root = ElementTree.fromstring(path.read_text())
        numbers = [float(node.get("cx", "nan")) for node in root.iter("{http://www.w3.org/2000/svg}circle")]
        assert numbers
        assert not any(math.isnan(number) for number in numbers)


def test_command_line(package: Path, sets: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.json"
    asked = ["--tasks", "arc_easy", "--data", str(sets), "--limit", "4"]
    shown = CliRunner().invoke(app, ["eval", str(package), *asked, "--out", str(out)])
    assert shown.exit_code == 0, shown.output
    assert "arc_easy" in shown.stdout
    assert "acc_norm" in shown.stdout
    assert len(json.loads(out.read_text())["tasks"]["arc_easy"]["items"]) == 4
    told = json.loads(CliRunner().invoke(app, ["eval", str(package), *asked, "--json"]).stdout)
    assert told["tasks"]["arc_easy"]["n"] == 4
    both = CliRunner().invoke(app, ["eval", "compare", str(out), str(out), "--json"])
    assert json.loads(both.stdout)["tasks"]["arc_easy"]["metrics"]["acc"]["value"] == 0.0
    table = CliRunner().invoke(app, ["eval", "compare", str(out), str(out)])
    assert "95 % interval" in table.stdout
    listed = json.loads(CliRunner().invoke(app, ["eval", "list", "--json"]).stdout)
    assert "world" in listed["suites"]


@pytest.mark.parametrize(("options", "message"), [
    (["--tasks", "arc_eazy"], "there is no task 'arc_eazy'"),
    (["--tasks", "world_recall", "--world", "one"], "give SEED:PEOPLE"),
    (["--tasks", "arc_easy", "--data", "nowhere"], "is not a folder"),
])  # fmt: skip
def test_command_line_mistakes(options: list[str], message: str, package: Path) -> None:
    """Refused before the model is loaded, as errors that `main` prints without a traceback."""
    shown = CliRunner().invoke(app, ["eval", str(package), *options])
    assert isinstance(shown.exception, LLMWorksError)
    assert message in str(shown.exception)
