"""`llmworks template`: what is shown, for people, in a pipe and as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from llmworks.cli.main import app
from llmworks.errors import LLMWorksError
from tests.support import tiny_package

TALK = [
    {"role": "system", "content": "Be kind."},
    {"role": "user", "content": "Say <|im_end|>"},
    {"role": "assistant", "content": "Ok"},
]


def run(*words: Any, input: str | None = None) -> Result:
    return CliRunner().invoke(app, ["template", *map(str, words)], input=input)


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "talk.json"
    path.write_text(json.dumps(TALK))
    return path


def test_json_says_who_wrote_what(tmp_path: Path, talk: Path) -> None:
    result = run(tiny_package(tmp_path), "-m", talk, "--no-generation-prompt", "--json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    text = answer["text"]
    assert text.endswith("<|im_start|>assistant\nOk<|im_end|>\n")
    pieces = [
        (span["origin"], span["message"], text[span["start"] : span["end"]]) for span in answer["spans"]
    ]
    assert [piece for piece in pieces if piece[0] != "template"] == [
        ("system", 0, "Be kind."),
        ("user", 1, "Say <|im_end|>"),
        ("assistant", 2, "Ok"),
    ]
    assert "".join(piece for _, _, piece in pieces) == text
    assert [text[start:end] for start, end in answer["assistant"]] == ["Ok<|im_end|>"]
    said = [token for token, mine in zip(answer["tokens"], answer["mask"], strict=True) if mine]
    assert said[-1] == "<|im_end|>"
    assert answer["tokens"].count("<|im_end|>") == 3
    assert len(answer["ids"]) == len(answer["mask"]) == len(answer["tokens"])


def test_a_pipe_gets_plain_lines(tmp_path: Path, talk: Path) -> None:
    result = run(tiny_package(tmp_path), "-m", talk)
    assert result.exit_code == 0
    assert result.stdout.startswith("<|im_start|>system\nBe kind.<|im_end|>\n")
    assert '  user              "Say <|im_end|>"' in result.stdout
    assert '  assistant   said  "Ok"' in result.stdout
    assert '  control     said  "<|im_end|>"' in result.stdout
    assert "\x1b" not in result.stdout


def test_a_format_by_its_name(talk: Path) -> None:
    result = run("qwen3", "-m", talk, "--set", "enable_thinking=false", "--text")
    assert result.stdout.endswith("<|im_start|>assistant\n<think>\n\n</think>\n\n")
    assert run("gemma", "-m", talk, "--json").exit_code == 0
    assert run("llama2", "-m", talk, "--continue", "--text", "--json").stdout.endswith("[/INST] Ok")


def test_messages_of_any_form(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps(message) for message in TALK)
    expected = run("chatml", "-m", "-", "--text", input=json.dumps(TALK)).stdout
    assert "Be kind." in expected
    assert run("chatml", "-m", "-", "--text", input=lines).stdout == expected
    assert run("chatml", "-m", "-", "--text", input=json.dumps({"messages": TALK})).stdout == expected


def test_tools_and_documents(tmp_path: Path, talk: Path) -> None:
    tools = tmp_path / "tools.json"
    tools.write_text(json.dumps([{"type": "function", "function": {"name": "weather", "parameters": {}}}]))
    result = run("qwen2.5", "-m", talk, "--tools", tools, "--json")
    answer = json.loads(result.stdout)
    origins = {answer["text"][span["start"] : span["end"]]: span["origin"] for span in answer["spans"]}
    assert next(origin for text, origin in origins.items() if "weather" in text) == "tools"
    documents = tmp_path / "documents.jsonl"
    documents.write_text('{"title": "A", "text": "b"}\n{"title": "C", "text": "d"}\n')
    result = run("command-r", "-m", talk, "--documents", documents, "--template", "rag", "--text")
    assert "Document: 1\ntitle: C\ntext: d\n" in result.stdout


def test_two_formats_compared(talk: Path) -> None:
    result = run("chatml", "-m", talk, "--compare", "llama3")
    assert "-<|im_start|>system" in result.stdout
    assert run("chatml", "-m", talk, "--compare", "chatml").stdout == ""
    assert json.loads(run("chatml", "-m", talk, "--compare", "qwen2.5", "--json").stdout)["equal"] is True


def test_the_source(tmp_path: Path, talk: Path) -> None:
    assert "<start_of_turn>" in run("gemma", "-m", talk, "--source").stdout


@pytest.mark.parametrize(
    ("words", "input", "message"),
    [
        (["chatml", "-m", "nowhere.json"], None, "does not exist"),
        (["chatml", "-m", "-"], "no json", "neither JSON nor JSON lines"),
        (["chatml", "-m", "-"], "3", "expected a list"),
        (["chatml", "-m", "-"], "[]", "at least one"),
        (["chatml", "-m", "-"], "[" * 100_000, "neither JSON nor JSON lines"),
    ],
)
def test_what_a_person_can_mend(words: list[str], input: str | None, message: str) -> None:
    result = run(*words, input=input)
    assert isinstance(result.exception, LLMWorksError)
    assert message in str(result.exception)


def test_settings_that_make_no_sense(talk: Path) -> None:
    assert run("chatml", "-m", talk, "--set", "x").exit_code == 2
    assert run("chatml", "-m", talk, "--set", "messages=[]").exit_code == 2


def test_a_model_without_a_template(tmp_path: Path, talk: Path) -> None:
    result = run(tiny_package(tmp_path, chat=False), "-m", talk)
    assert "has no chat template" in str(result.exception)
