"""The command line: what each verb prints, and what it says to a clumsy user."""

from __future__ import annotations

import io
import json
import math
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from llmworks.cli.main import main
from tests.support import TINY_TEXT, tiny_package


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch

    torch.set_num_threads(1)
    return tiny_package(tmp_path_factory.mktemp("chat"))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package without a chat template."""
    return tiny_package(tmp_path_factory.mktemp("base"), chat=False)


@dataclass
class Said:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.status == 0, self.err
        assert self.out.count("\n") == 1, "JSON is one line"
        return json.loads(self.out)


Run = Callable[..., Said]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`run("generate", package, …)` in this process, as the console script would."""

    def call(*arguments: object, stdin: str | bytes = "") -> Said:
        raw = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))
        monkeypatch.setattr(sys, "argv", ["llmworks", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Said(int(ended.value.code or 0), said.out, said.err)

    return call


# What a program reads.


def test_tokenize_json_has_ids_and_labels(run: Run, package: Path) -> None:
    answer = run("tokenize", package, "the cat", "--json").json
    assert answer.keys() == {"ids", "tokens"}
    assert len(answer["ids"]) == len(answer["tokens"])
    assert "".join(answer["tokens"]) == "the␣cat"
    assert run("tokenize", package / "tokenizer.json", "the cat", "--json").json == answer
    assert run("tokenize", package, "-", "--json", stdin="the cat").json == answer


def test_control_tokens_only_when_allowed(run: Run, package: Path) -> None:
    plain = run("tokenize", package, "<|im_end|>", "--json").json["ids"]
    control = run("tokenize", package, "<|im_end|>", "--json", "--allow-special").json["ids"]
    assert len(control) == 1
    assert control[0] not in plain


def test_tokenize_metrics_and_explanation(run: Run, package: Path) -> None:
    answer = run("tokenize", package, "the größe", "--json", "--metrics", "--explain").json
    assert answer["metrics"]["bytes"] == 11
    assert answer["metrics"]["characters"] == 9
    assert answer["metrics"]["bytes_per_token"] == pytest.approx(11 / len(answer["ids"]))
    assert answer["explain"]["ids"] == answer["ids"]


def test_empty_text_is_no_tokens_and_valid_json(run: Run, package: Path) -> None:
    answer = run("tokenize", package, "", "--json", "--metrics").json
    assert answer["ids"] == answer["tokens"] == []
    assert answer["metrics"]["bytes_per_token"] is None  # 0/0; NaN is not JSON


def test_generate_json_agrees_with_the_library(run: Run, package: Path) -> None:
    import llmworks

    answer = run("generate", package, "Once", "--temperature", 0, "--max-tokens", 6, "--json").json
    lm = llmworks.load(package)
    made = lm.generate("Once", temperature=0, max_tokens=6)
    lm.close()
    assert answer["ids"] == made.ids
    assert answer["text"] == made.text
    assert answer["logprobs"] == pytest.approx(made.logprobs, abs=1e-5)
    assert len(answer["ids"]) == len(answer["logprobs"]) == len(answer["tokens"]) == 6
    assert all(value <= 0 for value in answer["logprobs"])
    assert answer["finish_reason"] == "length"


def test_generate_for_people_is_prompt_and_text(run: Run, package: Path) -> None:
    options = ("--temperature", 0, "--max-tokens", 6)
    answer = run("generate", package, "Once", *options, "--json").json
    assert run("generate", package, "Once", *options).out == "Once" + answer["text"] + "\n"
    assert run("generate", package, "-", *options, stdin="Once").out == "Once" + answer["text"] + "\n"


def test_the_seed_repeats_a_draw(run: Run, package: Path) -> None:
    def draw(seed: int) -> list[int]:
        return run("generate", package, "Once", "-n", 8, "--seed", seed, "--json").json["ids"]

    assert draw(1) == draw(1)
    assert draw(1) != draw(2)


def test_score_json_holds_together(run: Run, package: Path, tmp_path: Path) -> None:
    text = "The cat said nothing. größe"
    file = tmp_path / "text.txt"
    file.write_text(text, encoding="utf-8")
    answer = run("score", package, "--file", file, "--json").json
    assert answer["bytes"] == len(text.encode())
    assert answer["bits_per_byte"] == pytest.approx(answer["total_bits"] / answer["bytes"])
    assert answer["perplexity"] == pytest.approx(2 ** (answer["total_bits"] / answer["tokens"]))
    assert run("score", package, "--file", "-", "--json", stdin=text).json == answer
    assert run("score", package, "--text", text, "--json").json == answer
    # A model of random weights is near the uniform distribution.
    assert answer["perplexity"] == pytest.approx(320, rel=0.2)


def test_inspect_counts_every_parameter(run: Run, package: Path) -> None:
    import llmworks

    answer = run("inspect", package, "--json").json
    lm = llmworks.load(package)
    assert answer["parameters"] == sum(weight.numel() for weight in lm.model.parameters())
    assert sum(answer["parts"].values()) == answer["parameters"]
    assert answer["chat_template"] is True
    shown = run("inspect", package).out
    assert "attention" in shown
    assert f"{answer['parameters']:,}" in shown


# A folder of text becomes a model.


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("texts")
    for number in range(8):
        (folder / f"{number}.txt").write_text(f"Story {number}. " + TINY_TEXT * 3, encoding="utf-8")
    return folder


def test_train_on_a_folder_leaves_a_package(run: Run, texts: Path, tmp_path: Path) -> None:
    out = tmp_path / "made"
    command = (
        "train", "--data", texts, "--depth", 1, "--steps", 3, "--out", out, "--json",
        "--set", "training.batch_size=2", "--set", "data.block_size=32", "--set", "tokenizer.vocab_size=300",
    )  # fmt: skip
    said = run(*command)
    assert said.json["steps"] == 3
    assert Path(said.json["package"]) == out
    assert "step" in said.err, "progress goes to stderr"
    assert len(run("generate", out, "The", "-n", 4, "--json").json["ids"]) <= 4
    assert run(*command).json["steps"] == 3, "the same command again finds it done"
    other = run(*command, "--set", "training.seed=9")
    assert other.status == 1
    assert "training.seed" in other.err


def test_data_build_info_report(run: Run, package: Path, texts: Path, tmp_path: Path) -> None:
    out = tmp_path / "shards"
    built = run("data", "build", texts, "--tokenizer", package, "--out", out, "--json").json
    assert sum(split["documents"] for split in built["splits"].values()) == 8
    assert run("data", "info", out, "--json").json == built
    (report,) = run("data", "report", texts, "--tokenizer", package, "--json").json["sources"]
    assert report["documents"] == 8
    # Shards end every document with one token more.
    assert sum(split["tokens"] for split in built["splits"].values()) == report["tokens"] + 8
    assert "train" in run("data", "info", out).out
    assert "Story" in run("data", "report", texts).out


# Chat.


def test_chat_answers_each_line_of_a_pipe(run: Run, package: Path) -> None:
    said = run("chat", package, "-n", 5, "--seed", 1, stdin="Hello\n\nAnd you?\n")
    assert said.status == 0
    assert said.out.count("\n") >= 2
    assert "template" not in said.err


def test_chat_remembers_and_forgets(run: Run, package: Path) -> None:
    said = run("chat", package, "-n", 3, stdin="Blue\n/history\n/reset\n/history\n/exit\nunsaid\n")
    assert said.status == 0
    first, second = said.err.split("the conversation is empty")
    assert "<|im_start|>user\nBlue" in first
    assert "Blue" not in second
    assert "unsaid" not in said.err
    assert "/reset" in run("chat", package, stdin="/nonsense\n").err


def test_chat_system_message_is_rendered(run: Run, package: Path) -> None:
    said = run("chat", package, "--system", "Be brief.", stdin="/history\n/system Be long.\n/history\n")
    assert "system\nBe brief." in said.err
    assert "system\nBe long." in said.err


def test_chat_without_a_template_completes_and_says_so(run: Run, base: Path) -> None:
    said = run("chat", base, "-n", 5, stdin="Once\n")
    assert said.status == 0
    assert "no chat template" in said.err
    assert said.out.strip()


# Mistakes: one message, no traceback, a status.


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["generate", "nosuch", "x"], "no model 'nosuch'"),
        (["generate", "", "x"], "no model was named"),
        (["inspect", "nosuch"], "no model 'nosuch'"),
        (["tokenize", "nosuch", "x"], "no model 'nosuch'"),
        (["generate", "PACKAGE", "x", "--temperature", "-1"], "temperature"),
        (["generate", "PACKAGE", "x", "--temperature", "nan"], "temperature"),
        (["generate", "PACKAGE", "x", "--top-p", "0"], "top_p"),
        (["generate", "PACKAGE", "x", "--top-k", "-3"], "top_k"),
        (["generate", "PACKAGE", "x", "--min-p", "2"], "min_p"),
        (["generate", "PACKAGE", "x", "--max-tokens", "-1"], "max_tokens"),
        (["generate", "PACKAGE", "x", "--repetition-penalty", "0"], "repetition_penalty"),
        (["generate", "PACKAGE", "x", "--stop", ""], "stop"),
        (["generate", "PACKAGE", "word " * 500], "context is 128 tokens"),
        (["generate", "PACKAGE", "x", "--device", "toaster"], "toaster"),
        (["score", "PACKAGE", "--text", ""], "nothing to score"),
        (["score", "PACKAGE", "--file", "nosuch.txt"], "does not exist"),
        (["score", "PACKAGE", "--file", "."], "is a folder"),
        (["train", "--data", "nosuch"], "nosuch"),
        (["train", "nosuch.toml"], "nosuch.toml"),
        (["train", "--data", "x", "--set", "nosuch=1"], "nosuch: unknown key"),
        (["train", "--data", "x", "--set", "nonsense"], "key=value"),
        (["train", "--data", "x", "--set", "training.steps=-1"], "training.steps"),
        (["data", "info", "."], "not a shard set"),
        (["data", "report", "nosuch"], "nosuch"),
    ],
)
def test_mistakes_are_told_in_one_message(
    run: Run, package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    said = run(*(str(package) if argument == "PACKAGE" else argument for argument in arguments))
    assert said.status == 1
    assert said.out == ""
    assert said.err.startswith("error: ")
    assert told in said.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["frob"],
        ["generate"],
        ["generate", "PACKAGE", "x", "--temperature", "warm"],
        ["generate", "PACKAGE", "x", "--no-such-option"],
        ["score", "PACKAGE"],
        ["score", "PACKAGE", "--text", "a", "--file", "b"],
        ["train"],
        ["train", "--data", "x", "--steps", "0"],
        ["serve", "PACKAGE", "--port", "70000"],
    ],
)
def test_a_command_line_without_sense_is_status_2(run: Run, package: Path, arguments: list[str]) -> None:
    said = run(*(str(package) if argument == "PACKAGE" else argument for argument in arguments))
    assert said.status == 2
    assert said.out == ""
    assert "Usage:" in said.err


def test_binary_files_are_refused_with_the_place(run: Run, package: Path, tmp_path: Path) -> None:
    file = tmp_path / "picture.png"
    file.write_bytes(b"ok \x89PNG\x00\xff")
    said = run("score", package, "--file", file)
    assert said.status == 1
    assert "0x89 at offset 3" in said.err
    assert run("generate", package, "-", stdin=b"\xff\xfe").status == 1
    assert run("tokenize", file, "x").status == 1


def test_an_empty_folder_is_no_corpus(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    said = run("train", "--data", tmp_path / "empty", "--steps", 1, "--out", tmp_path / "out")
    assert said.status == 1
    assert "no document" in said.err


def test_a_broken_recipe_is_told_with_its_place(run: Run, tmp_path: Path) -> None:
    recipe = tmp_path / "run.toml"
    recipe.write_text("[training]\nstepps = 3\n")
    said = run("train", recipe, "--data", tmp_path)
    assert said.status == 1
    assert "training.stepps" in said.err
    assert "steps" in said.err.replace("stepps", "")
    recipe.write_text("not toml")
    assert "not valid TOML" in run("train", recipe).err
    recipe.write_text("depth = 1\n")
    assert "names no text" in run("train", recipe).err


def test_a_port_in_use_is_told_before_the_model_loads(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for verb in ("up", "serve"):
            said = run(verb, "nosuch-model", "--port", port)
            assert said.status == 1
            assert f"port {port}" in said.err
            assert "in use" in said.err


def test_an_address_of_another_machine_is_told(run: Run) -> None:
    said = run("serve", "nosuch-model", "--host", "192.0.2.1", "--port", 0)
    assert said.status == 1
    assert "192.0.2.1" in said.err


# Processes of their own: start-up, signals, pipes.

LLMWORKS = [sys.executable, "-m", "llmworks.cli.main"]


def test_help_and_tokenize_do_not_import_torch(package: Path) -> None:
    script = (
        "import sys, io\nfrom llmworks.cli.main import main\n"
        "sys.argv = ['llmworks', *sys.argv[1:]]\n"
        "try: main()\nexcept SystemExit as end: assert not end.code, end.code\n"
        "assert 'torch' not in sys.modules\n"
    )
    for arguments in (["--help"], ["train", "--help"], ["--version"], ["tokenize", str(package), "the cat"]):
        subprocess.run(
            [sys.executable, "-c", script, *arguments], check=True, capture_output=True, timeout=60
        )


def test_a_reader_that_leaves_is_no_error(package: Path) -> None:
    command = " ".join([*LLMWORKS, "generate", str(package), "Once", "-n", "100", "--json"])
    ended = subprocess.run(f"{command} | true", shell=True, capture_output=True, text=True, timeout=60)
    assert ended.stderr == ""


@pytest.fixture
def up(package: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [*LLMWORKS, "up", str(package), "--port", "0"], stderr=subprocess.PIPE, text=True, env=environment
    )
    assert process.stderr is not None
    url = ""
    for line in process.stderr:
        if "page" in line:
            url = line.split()[-1]
            break
    yield process, url
    process.kill()
    process.wait()
    process.stderr.close()


def test_up_serves_page_and_api_until_ctrl_c(up: tuple[subprocess.Popen[str], str]) -> None:
    process, url = up
    assert url.startswith("http://127.0.0.1:")
    deadline = time.monotonic() + 30
    while True:
        try:
            page = urllib.request.urlopen(url, timeout=5).read().decode()
            break
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    assert "<title>llmworks</title>" in page
    models = json.load(urllib.request.urlopen(f"{url}/v1/models", timeout=5))
    assert models["data"][0]["id"] == "tiny"
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) in (0, 130)
    assert process.stderr is not None
    assert "Traceback" not in process.stderr.read()


def test_nan_never_reaches_json(capsys: pytest.CaptureFixture[str]) -> None:
    from llmworks.cli.console import print_json

    print_json({"a": math.inf, "b": [math.nan, 1.5], "c": ("x", {"d": -math.inf})})
    assert json.loads(capsys.readouterr().out) == {"a": None, "b": [None, 1.5], "c": ["x", {"d": None}]}
