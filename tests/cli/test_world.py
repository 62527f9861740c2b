"""`llmworks world`: made, shown, sampled, verified, counted, from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from llmworks.cli.main import app
from llmworks.data.world.ledger import World
from llmworks.errors import ConfigError, DataError


def run(*words: Any) -> Result:
    return CliRunner().invoke(app, ["world", *map(str, words)])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "world"
    result = run("make", folder, "--seed", 4, "--people", 24, "--talks", 30, "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["path"] == str(folder)
    assert told["entities"]["person"] == 24
    assert {name: file["records"] for name, file in told["files"].items()}["talks.jsonl"] == 30
    return folder


def test_the_same_command_finds_it_made(made: Path) -> None:
    before = (made / "text.jsonl").stat().st_mtime_ns
    result = run("make", made, "--seed", 4, "--people", 24, "--talks", 30)
    assert result.exit_code == 0
    assert "text.jsonl" in result.stdout
    assert (made / "text.jsonl").stat().st_mtime_ns == before
    assert isinstance(run("make", made, "--seed", 5, "--people", 24).exception, DataError)


def test_a_stream_is_the_file(made: Path) -> None:
    streamed = run("make", "-", "--seed", 4, "--people", 24)
    assert streamed.stdout == (made / "text.jsonl").read_text("utf-8")


def test_an_entity_is_shown_with_all_its_facts(made: Path) -> None:
    world = World.load(made)
    entity = max(world.entities, key=lambda entity: sum(fact.exposures for fact in entity.facts.values()))
    told = json.loads(run("show", entity.name.upper(), "--in", made, "--json").stdout)
    assert told["name"] == entity.name
    assert {fact["relation"]: (fact["value"], fact["exposures"]) for fact in told["facts"]} == {
        name: (fact.value, fact.exposures) for name, fact in entity.facts.items()
    }
    most = max(fact.exposures for fact in entity.facts.values())
    assert most <= told["texts"] <= sum(fact.exposures for fact in entity.facts.values())
    # Built now instead of read: the plan counts what the file counted.
    built = json.loads(run("show", entity.name, "--seed", 4, "--people", 24, "--json").stdout)
    assert built == told
    assert all(fact.value in run("show", entity.name, "--in", made).stdout for fact in entity.facts.values())
    wrong = run("show", entity.name[:-2], "--in", made).exception
    assert isinstance(wrong, DataError)
    assert entity.name in str(wrong)


def test_samples_are_of_the_kind_that_was_asked_for(made: Path) -> None:
    lines = run("sample", "--in", made, "--kind", "entry", "-n", 3, "--json").stdout.splitlines()
    assert [json.loads(line)["kind"] for line in lines] == ["entry"] * 3
    shown = run("sample", "--in", made, "--from", "talks", "-n", 2).stdout
    assert shown.count("assistant: ") >= 2
    missing = run("sample", "--in", made, "--kind", "nonsense")
    assert isinstance(missing.exception, DataError)
    assert "entry" in str(missing.exception)
    assert isinstance(run("sample", "--from", "songs").exception, ConfigError)


def test_verify_tells_whole_from_changed(made: Path, tmp_path: Path) -> None:
    told = json.loads(run("verify", made, "--json").stdout)
    assert told == {"path": str(made), "changed": {}, "same_version": True, "same_texts": True}
    for path in made.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    manifest = json.loads((tmp_path / "world.json").read_text())
    (tmp_path / "world.json").write_text(json.dumps(manifest | {"version": "0" * 64}))
    told = json.loads(run("verify", tmp_path, "--json").stdout)
    assert (told["same_version"], told["same_texts"]) == (False, True)
    with (tmp_path / "text.jsonl").open("a") as file:
        file.write("{}\n")
    changed = run("verify", tmp_path)
    assert changed.exit_code == 1
    assert "text.jsonl" in str(changed.exception)


def test_stats_count_and_check(made: Path, tmp_path: Path) -> None:
    result = run("stats", made, "--check", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["sound"]
    assert (
        told["wrong_exposures"] == told["absent_values"] == told["too_long"] == told["unfit_in_tuning"] == 0
    )
    lines = (made / "text.jsonl").read_text("utf-8").splitlines()
    assert sum(kind["texts"] for kind in told["kinds"].values()) == len(lines)
    for path in made.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    stating = next(number for number, line in enumerate(lines) if json.loads(line)["facts"])
    del lines[stating]
    (tmp_path / "text.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    assert isinstance(run("stats", tmp_path, "--check").exception, DataError)
    assert run("stats", tmp_path).exit_code == 0
    assert "entry" in run("stats", made, "--openings", 1).stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--size", "12 parsecs"), "--size must be a number"),
        (("--size", "0MB"), "--size must be a number"),
        (("--size", "1MB", "--people", 30), "give one of them"),
        (("--people", 30, "--free", 1.5), "share of free text"),
    ],
)
def test_what_cannot_be_made_is_said(tmp_path: Path, words: tuple[Any, ...], said: str) -> None:
    failure = run("make", tmp_path / "none", *words).exception
    assert isinstance(failure, ConfigError)
    assert said in str(failure)
