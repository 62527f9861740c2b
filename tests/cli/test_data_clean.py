"""`llmworks data clean`, `funnel`, `stages`, `mix`, as a person and as a program use them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from llmworks.cli.main import app
from llmworks.errors import LLMWorksError
from tests.data.cleaning.test_stages import PROSE

runner = CliRunner()
SET = ["--set", "gopher_quality.min_words=20"]


def run(*arguments: object) -> str:
    result = runner.invoke(app, [str(one) for one in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def source(tmp_path: Path) -> Path:
    texts = [PROSE, PROSE.replace("ferry", "steamer").replace("Anna", "Ruth"), PROSE, "Zu kurz."]
    path = tmp_path / "in.jsonl"
    path.write_text("\n".join(json.dumps({"text": text}) for text in texts))
    return path


def test_clean_then_funnel(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    told = json.loads(run("data", "clean", source, "--out", out, "--workers", 1, "--json", *SET))
    assert told["read"]["documents"] == 4
    assert told["kept"]["documents"] == 1
    shown = run("data", "funnel", out)
    assert "near_duplicates" in shown
    assert "1 × near-copy" in shown
    assert json.loads(run("data", "funnel", out, "--json")) == told
    assert "too short" in run("data", "funnel", out, "--examples")
    assert (out / "report.html").is_file()


def test_stages_can_be_left_out(source: Path, tmp_path: Path) -> None:
    arguments = ["--without", "near_duplicates", "--without", "repeated_paragraphs", *SET]
    told = json.loads(
        run("data", "clean", source, "-o", tmp_path / "o", "--workers", 1, "--json", *arguments)
    )
    assert told["kept"]["documents"] == 2


def test_stages_are_listed() -> None:
    assert "min_characters = 200" in run("data", "stages")
    described = json.loads(run("data", "stages", "--json"))
    assert "language" in described["default"]


def test_mix(source: Path, tmp_path: Path) -> None:
    told = json.loads(
        run("data", "mix", f"{source}=1:2", "--out", tmp_path / "m", "--megabytes", 0.001, "--json")
    )
    assert told["bytes"] >= 1000
    assert "100.0%" in run("data", "mix", f"{source}=1", "-o", tmp_path / "n", "--megabytes", 0.001)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--set", "language.kep=en"], "did you mean keep"),
        (["--without", "languages"], "did you mean language"),
        (["--recipe", "none.toml"], "no recipe"),
    ],
)
def test_mistakes_are_told_in_words(source: Path, tmp_path: Path, arguments: list[str], message: str) -> None:
    with pytest.raises(LLMWorksError, match=message):
        run("data", "clean", source, "--out", tmp_path / "out", *arguments)


def test_the_recipe_in_the_repository_is_valid() -> None:
    from llmworks.data.cleaning import CleaningRecipe

    recipe = CleaningRecipe.load(Path(__file__).parents[2] / "recipes" / "cleaning" / "clean.toml")
    assert len(recipe.stage) == 11
