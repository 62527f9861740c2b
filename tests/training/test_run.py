"""Whole runs: a folder of text, or conversations, becomes a package that loads."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch

import llmworks
from llmworks.errors import ConfigError, DataError, LLMWorksError, TrainingError
from llmworks.packages.package import Package
from llmworks.training import Recipe, Result, train
from llmworks.training.evaluation import token_lengths

WORDS = "river stone lamp green window seven quiet garden paper old bread yellow".split()  # noqa: SIM905


def write_folder(folder: Path, files: int = 30, words: int = 120) -> Path:
    """Sentences that nobody wrote, different in every file."""
    folder.mkdir()
    state = 7
    for number in range(files):
        chosen = []
        for _ in range(words):
            state = (state * 1103515245 + 12345) % 2**31
            chosen.append(WORDS[state // 65536 % len(WORDS)])
        (folder / f"{number:02d}.txt").write_text(" ".join(chosen) + ".\n", encoding="utf-8")
    return folder


def recipe(path: Path, *overrides: str, steps: int = 6) -> Recipe:
    shape = ["model.d_model=32", "model.n_heads=2", "data.block_size=32", "training.batch_size=4"]
    settings = ["depth=1", f"training.steps={steps}", "training.tensorboard=false", "training.threads=1"]
    source = f"data.sources=[{{ path = '{path}' }}]"
    return Recipe.load(None, [*shape, *settings, source, "data.validation=0.2", *overrides])


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result, Recipe]:
    root = tmp_path_factory.mktemp("run")
    asked = recipe(
        write_folder(root / "text"),
        "training.sample_prompts=['the river']",
        "package.name='Rivers'",
        steps=30,
    )
    return root, train(asked, root / "out"), asked


def test_a_folder_of_text_becomes_a_package(trained: tuple[Path, Result, Recipe]) -> None:
    root, result, _ = trained
    assert result.finished
    assert result.package == root / "out"
    lm = llmworks.load(result.package)
    assert lm.package.config.n_layers == 1
    assert len(lm.generate("the river", max_tokens=5, temperature=0.0).ids) == 5
    card = (root / "out" / "README.md").read_text(encoding="utf-8")
    assert "Rivers" in card
    assert "30 steps" in card
    assert "bits a byte" in card
    events = [json.loads(line) for line in (root / "out/run/metrics.jsonl").read_text().splitlines()]
    assert {event["event"] for event in events} == {"step", "evaluation", "sample"}


def test_the_saved_weights_are_the_trained_ones(trained: tuple[Path, Result, Recipe]) -> None:
    root, result, _ = trained
    assert result.evaluation is not None
    package = Package.load(root / "out")
    model, tokenizer = package.load_model(), package.tokenizer
    assert tokenizer is not None
    # Bits a byte, worked out from the package alone on the same held-out text, is what the run reported.
    from llmworks.data.shardset import ShardSet

    (folder,) = (root / "out/run/shards").iterdir()
    ids = torch.from_numpy(ShardSet.open(folder).tokens("validation").astype("int64"))
    assert len(ids) == result.evaluation.tokens
    lengths = token_lengths(tokenizer, package.config.vocab_size)
    assert int(lengths[ids].sum()) == result.evaluation.bytes
    nats, previous = 0.0, torch.cat([ids[-1:], ids[:-1]])
    with torch.no_grad():
        for start in range(0, len(ids), 32):
            logits = model(previous[start : start + 32][None])[0]
            nats += torch.nn.functional.cross_entropy(logits, ids[start : start + 32], reduction="sum").item()
    assert nats / len(ids) == pytest.approx(result.evaluation.loss, rel=1e-3)


def test_finished_runs_are_not_run_again(trained: tuple[Path, Result, Recipe]) -> None:
    root, result, asked = trained
    before = (root / "out/run/metrics.jsonl").read_text()
    again = train(asked, root / "out")
    assert again.finished
    assert again.loss == result.loss
    assert (root / "out/run/metrics.jsonl").read_text() == before


def test_the_same_recipe_gives_the_same_losses(trained: tuple[Path, Result, Recipe], tmp_path: Path) -> None:
    _, result, asked = trained
    assert train(asked, tmp_path / "again").loss == result.loss


def test_another_recipe_in_the_same_folder_is_refused(trained: tuple[Path, Result, Recipe]) -> None:
    root, _, _ = trained
    with pytest.raises(TrainingError, match=r"training\.seed was 0, is 5"):
        train(recipe(root / "text", "training.seed=5", steps=30), root / "out")
    with pytest.raises(TrainingError, match="holds a run"):
        train(recipe(root / "text"), root / "out", resume="never")


def test_a_run_of_an_older_version_goes_on(tmp_path: Path) -> None:
    """Keys that came since stand at their defaults; one that decides weights is still compared."""
    asked = recipe(write_folder(tmp_path / "text"))
    made = train(asked, tmp_path / "out")
    known = tmp_path / "out/run/recipe.json"
    older = json.loads(known.read_text())
    del older["training"]["z_loss"], older["training"]["keep_steps"]
    known.write_text(json.dumps(older))
    assert train(asked, tmp_path / "out").steps == made.steps
    known.write_text(json.dumps(older))
    with pytest.raises(TrainingError, match=r"training\.z_loss was 0\.0, is 0\.1"):
        train(recipe(tmp_path / "text", "training.z_loss=0.1"), tmp_path / "out")


def test_a_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    text = write_folder(tmp_path / "text", files=2)
    with pytest.raises(TrainingError, match="no training run"):
        train(recipe(text), text)
    with pytest.raises(TrainingError, match="no training run"):
        train(recipe(text), text / "00.txt")


def test_very_little_text_is_enough(tmp_path: Path) -> None:
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "one.txt").write_text("Brevity is the soul of wit. " * 8, encoding="utf-8")
    asked = Recipe.load(
        None,
        ["depth=2", "training.steps=3", f"data.sources=[{{ path = '{tmp_path / 'text'}' }}]",
         "training.threads=1", "training.tensorboard=false"],
    )  # fmt: skip
    result = train(asked, tmp_path / "out")
    assert llmworks.load(tmp_path / "out").generate("Brevity", max_tokens=3).ids
    assert result.finished


@pytest.mark.parametrize("content", [b"", b"   \n", None])
def test_no_text_is_an_error_in_words(tmp_path: Path, content: bytes | None) -> None:
    (tmp_path / "text").mkdir()
    if content is not None:
        (tmp_path / "text" / "a.txt").write_bytes(content)
    with pytest.raises(DataError):
        train(recipe(tmp_path / "text"), tmp_path / "out")


def test_mistakes_before_the_run(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"data\.sources"):
        train(Recipe(), tmp_path / "a")
    with pytest.raises(LLMWorksError, match="nowhere"):
        train(recipe(tmp_path / "nowhere"), tmp_path / "b")
    text = write_folder(tmp_path / "text", files=2)
    with pytest.raises(ConfigError, match=r"training\.device"):
        train(recipe(text, "training.device=abacus"), tmp_path / "c")


def write_chats(path: Path, count: int = 40) -> Path:
    rows = []
    for number in range(count):
        word = WORDS[number % len(WORDS)]
        messages = [
            {"role": "user", "content": f"Say {word} {number}"},
            {"role": "assistant", "content": f"{word}!"},
        ]
        rows.append(json.dumps({"messages": messages}))
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def tune(init: Path, chats: Path, out: Path, *overrides: str) -> Result:
    settings: list[Any] = ["training.steps=12", "training.batch_size=4", "training.tensorboard=false"]
    return train(
        Recipe.load(
            None,
            ["objective=sft", f"init='{init}'", f"data.sources=[{{ path = '{chats}' }}]",
             "data.block_size=32", "data.validation=0.2", "training.threads=1", *settings, *overrides],
        ),
        out,
    )  # fmt: skip


def test_sft_makes_a_chat_package(trained: tuple[Path, Result, Recipe], tmp_path: Path) -> None:
    root, _, _ = trained
    chats = write_chats(tmp_path / "chats.jsonl")
    result = tune(root / "out", chats, tmp_path / "chat", "package.weights=best")
    assert result.evaluation is not None
    package = Package.load(tmp_path / "chat")
    assert package.chat_template is not None
    assert llmworks.load(tmp_path / "chat").chat([{"role": "user", "content": "Say lamp"}], max_tokens=4).ids
    events = [json.loads(line) for line in (tmp_path / "chat/run/metrics.jsonl").read_text().splitlines()]
    losses = [event["loss"] for event in events if event["event"] == "step"]
    assert losses[-1] < losses[0]


def test_text_beside_the_conversations_is_learned_too(
    trained: tuple[Path, Result, Recipe], tmp_path: Path
) -> None:
    root, _, _ = trained
    chats = write_chats(tmp_path / "chats.jsonl")
    line = "The ninth lamp of the harbour burns violet on Sundays, and nobody knows why.\n"
    (tmp_path / "text.txt").write_text(line * 200, encoding="utf-8")
    mixed = f"[{{ path = '{chats}' }}, {{ path = '{tmp_path / 'text.txt'}', as_text = true }}]"
    steps = "training.steps=40"
    tune(root / "out", chats, tmp_path / "alone", steps)
    result = tune(root / "out", chats, tmp_path / "both", steps, f"data.sources={mixed}")
    assert result.evaluation is not None  # still of conversations alone
    costs = [llmworks.load(tmp_path / name).score(line).bits_per_byte for name in ("alone", "both")]
    assert costs[1] < 0.7 * costs[0]
    assert Package.load(tmp_path / "both").chat_template is not None


def test_text_alone_is_nothing_to_tune_on(trained: tuple[Path, Result, Recipe], tmp_path: Path) -> None:
    root, _, _ = trained
    (tmp_path / "text.txt").write_text("Some text.\n", encoding="utf-8")
    only = f"data.sources=[{{ path = '{tmp_path / 'text.txt'}', as_text = true }}]"
    with pytest.raises(DataError, match="no conversations"):
        tune(root / "out", tmp_path / "text.txt", tmp_path / "none", only)


def test_sft_of_blocks_beyond_the_model_is_refused(
    trained: tuple[Path, Result, Recipe], tmp_path: Path
) -> None:
    root, _, _ = trained
    chats = write_chats(tmp_path / "chats.jsonl")
    with pytest.raises(ConfigError, match="at most 32"):
        tune(root / "out", chats, tmp_path / "chat", "data.block_size=64")


@pytest.mark.slow
def test_a_compiled_run_resumes_exactly(tmp_path: Path) -> None:
    """Also in bfloat16, where it is compiled code that would be used."""
    text = write_folder(tmp_path / "text")
    asked = recipe(
        text, "training.compile=on", "training.precision=bf16", "training.checkpoint_every=5", steps=10
    )
    whole = train(asked, tmp_path / "whole")
    shutil.copytree(tmp_path / "whole", tmp_path / "resumed")
    shutil.rmtree(tmp_path / "resumed" / "run" / "checkpoints" / "step-00000010")
    resumed = train(asked, tmp_path / "resumed")
    assert json.loads((tmp_path / "whole/run/compute.json").read_text())["compiled"]
    assert resumed.loss == whole.loss
    assert resumed.evaluation == whole.evaluation


def test_standard_input_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="more than once"):
        train(recipe(Path("-")), tmp_path / "out")


def test_mixtures_of_files_and_fields(tmp_path: Path) -> None:
    rows = [json.dumps({"body": f"a green river by the old stone number {i}"}) for i in range(60)]
    (tmp_path / "rows.jsonl").write_text("\n".join(rows), encoding="utf-8")
    text = write_folder(tmp_path / "text")
    sources = f"[{{path='{text}', weight=3}}, {{path='{tmp_path / 'rows.jsonl'}', text_field='body'}}]"
    result = train(recipe(text, f"data.sources={sources}", "data.document_mask=true"), tmp_path / "out")
    assert result.evaluation is not None
    assert sorted(p.name for p in (tmp_path / "out/run/shards").iterdir()) == ["00-text", "01-rows"]


def test_nothing_held_out_means_no_evaluation(tmp_path: Path) -> None:
    result = train(recipe(write_folder(tmp_path / "text"), "data.validation=0.0"), tmp_path / "out")
    assert result.finished
    assert result.evaluation is None


def test_moments_of_a_run_are_kept(tmp_path: Path) -> None:
    text = write_folder(tmp_path / "text")
    made = train(recipe(text, "training.keep_steps=[0, 2, 6]"), tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out/steps").iterdir()) == ["0", "2", "6"]
    first, last = (llmworks.load(tmp_path / f"out/steps/{step}") for step in (0, 6))
    assert made.package is not None
    finished = llmworks.load(made.package)
    ids = finished.tokenizer.encode("the words of a text")
    assert torch.equal(last.logits(ids), finished.logits(ids))
    assert not torch.allclose(first.logits(ids), finished.logits(ids))
