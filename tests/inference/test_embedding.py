"""The face of an encoder: vectors as its package says, gaps, labels, and clear refusals."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from safetensors.torch import save_file
from torch import Tensor
from typer.testing import CliRunner

import llmworks
from llmworks.cli.main import app
from llmworks.errors import PackageError, RequestError
from llmworks.inference import embedding
from llmworks.inference.embedding import Embedder
from llmworks.packages import save_package
from llmworks.packages.sentence import Dense, Normalize, SentenceSettings
from tests.encoder_packages import encoder_package, hf_tokenizer, sentence_files, write
from tests.support import tiny_package

TEXTS = [
    "The house had a red door.",
    "cat",
    "Every morning she opened the door, looked at the sky and said: it will rain today, or it will not.",
    "She opened; he looked — unknown words: ΩΨ 42!",
]

# The published definitions, over the real tokens x [n, D] of one text.
POOLINGS: dict[str, tuple[str, Callable[[Tensor], Tensor]]] = {
    "pooling_mode_cls_token": ("cls", lambda x: x[0]),
    "pooling_mode_max_tokens": ("max", lambda x: x.max(0).values),
    "pooling_mode_mean_tokens": ("mean", lambda x: x.mean(0)),
    "pooling_mode_mean_sqrt_len_tokens": ("mean_sqrt_len_tokens", lambda x: x.sum(0) / len(x) ** 0.5),
    "pooling_mode_weightedmean_tokens": (
        "weightedmean",
        lambda x: (x * torch.arange(1, len(x) + 1)[:, None]).sum(0) / (len(x) * (len(x) + 1) / 2),
    ),
    "pooling_mode_lasttoken": ("lasttoken", lambda x: x[-1]),
}


@torch.no_grad()
def reference(model: Any, texts: list[str], pools: list[Callable[[Tensor], Tensor]], length: int) -> Tensor:
    """Each text by itself through transformers' tokenizer and model."""
    rows = []
    for text in texts:
        given = hf_tokenizer()(text, truncation=True, max_length=length, return_tensors="pt")
        x = model(**given).last_hidden_state[0]
        rows.append(torch.cat([pool(x) for pool in pools]))
    return torch.stack(rows)


@pytest.mark.parametrize("key", POOLINGS)
def test_vectors_are_those_of_the_packages_pooling(tmp_path: Path, key: str) -> None:
    model = encoder_package(tmp_path, "Model")
    word, pool = POOLINGS[key]
    expected = reference(model, TEXTS, [pool], 16)
    for said in ({key: True}, {"pooling_mode": word}):  # older files, newer files
        sentence_files(tmp_path, said)
        lm = llmworks.load(tmp_path)
        torch.testing.assert_close(lm.embed(TEXTS), expected, atol=1e-5, rtol=0)
        one_by_one = torch.cat([lm.embed(text) for text in TEXTS])
        torch.testing.assert_close(one_by_one, expected, atol=1e-5, rtol=0)
        lm.close()


def test_poolings_joined_a_layer_and_length_one(tmp_path: Path) -> None:
    model = encoder_package(tmp_path, "Model")
    sentence_files(
        tmp_path, {"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": True}, "Dense", "Normalize"
    )
    weight, bias = torch.randn(7, 60), torch.randn(7)
    write(tmp_path / "2_Dense" / "config.json", {
        "in_features": 60, "out_features": 7, "bias": True,
        "activation_function": "torch.nn.modules.activation.Tanh",
    })  # fmt: skip
    save_file({"linear.weight": weight, "linear.bias": bias}, tmp_path / "2_Dense" / "model.safetensors")
    pools = [POOLINGS["pooling_mode_cls_token"][1], POOLINGS["pooling_mode_mean_tokens"][1]]
    expected = torch.tanh(reference(model, TEXTS, pools, 16) @ weight.T + bias)
    lm = llmworks.load(tmp_path)
    assert lm.embedder.width == 7
    unit = expected / expected.norm(dim=1, keepdim=True)
    torch.testing.assert_close(lm.embed(TEXTS), unit, atol=1e-5, rtol=0)
    torch.testing.assert_close(lm.embed(TEXTS, normalize=False), expected, atol=1e-5, rtol=0)
    first = reference(model, TEXTS, pools[:1], 16)
    torch.testing.assert_close(lm.embed(TEXTS, pooling="first"), first, atol=1e-5, rtol=0)
    assert lm.embed([]).shape == (0, 7)
    lm.close()


def test_prompts_stand_before_a_text(tmp_path: Path) -> None:
    encoder_package(tmp_path, "Model")
    sentence_files(tmp_path, {"pooling_mode": "mean", "include_prompt": False}, max_seq_length=48)
    write(tmp_path / "config_sentence_transformers.json", {"prompts": {"query": "the red "}})
    lm = llmworks.load(tmp_path)
    ids = lm.encode("the red door")
    assert ids == hf_tokenizer()("the red door").input_ids
    hidden = lm.model.hidden(torch.tensor([ids]))[0]
    found = lm.embed("door", prompt="query")[0]
    torch.testing.assert_close(found, hidden[3:].mean(0))  # without [CLS] the red
    with pytest.raises(RequestError, match="it has query"):
        lm.embed("door", prompt="passage")
    lm.close()


def test_the_batch_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder_package(tmp_path, "Model")
    lm = llmworks.load(tmp_path)
    texts = [text[:cut] for text in TEXTS for cut in (5, 30, 60)]
    together = lm.embed(texts)
    monkeypatch.setattr(embedding, "BATCH_TOKENS", 20)
    torch.testing.assert_close(lm.embed(texts), together, atol=1e-5, rtol=0)
    assert [len(places) for places in embedding.batches([9, 3, 9, 2, 30])] == [1, 2, 2]
    lm.close()


def test_a_text_that_is_too_long_is_cut_only_where_the_package_says_so(tmp_path: Path) -> None:
    encoder_package(tmp_path, "Model")
    long = "door " * 60
    lm = llmworks.load(tmp_path)
    with pytest.raises(RequestError, match="62 tokens, but at most 48 are read"):
        lm.embed(long)
    lm.close()
    sentence_files(tmp_path, {"pooling_mode": "mean"})
    lm = llmworks.load(tmp_path)
    assert len(lm.embedder.ids([long])[0]) == 16
    torch.testing.assert_close(lm.embed(long), lm.embed("door " * 14))
    lm.close()


def test_a_decoder_gives_vectors_too(tmp_path: Path) -> None:
    lm = llmworks.load(tiny_package(tmp_path))
    texts = ["The house", "The old woman and her grey cat looked at the sky"]
    for name, pool in (("mean", lambda x: x.mean(0)), ("last", lambda x: x[-1])):
        expected = [pool(lm.model.hidden(torch.tensor([lm.encode(text)]))[0]) for text in texts]
        torch.testing.assert_close(lm.embed(texts, pooling=name), torch.stack(expected), atol=1e-5, rtol=0)
    assert lm.embed(texts, normalize=True).norm(dim=1).tolist() == pytest.approx([1, 1])
    with pytest.raises(RequestError, match="cannot fill gaps"):
        lm.fill_mask("The [MASK]")
    with pytest.raises(RequestError, match="cannot classify"):
        lm.classify("x")
    with pytest.raises(RequestError, match="is not one of first, last, max, mean"):
        lm.embed("x", pooling="median")
    lm.close()


def broken_modules() -> list[tuple[str, Any, str]]:
    good = {"type": "sentence_transformers.models.Transformer", "path": ""}
    pooling = {"type": "sentence_transformers.models.Pooling", "path": "1_Pooling"}
    return [
        ("modules.json", [good], "expected a Transformer, its Pooling"),
        ("modules.json", [good, pooling, pooling], "expected a Transformer, its Pooling"),
        ("modules.json", [good, pooling, {"type": "x.LSTM", "path": ""}], "which llmworks does not have"),
        ("modules.json", [good, pooling | {"path": "../elsewhere"}], "must lie in the package"),
        ("modules.json", [good, pooling | {"path": "/tmp"}], "must lie in the package"),
        ("modules.json", [good | {"path": "0_Transformer"}, pooling], "expected beside modules.json"),
        ("modules.json", {"type": "x"}, "expected an array"),
        ("modules.json", ["x"], "has no type"),
        ("1_Pooling/config.json", {"word_embedding_dimension": 31}, "the model gives 30"),
        ("1_Pooling/config.json", {"pooling_mode": "median"}, "is not one of cls"),
        ("1_Pooling/config.json", {"pooling_mode": [["cls"]]}, "is not one of cls"),
        ("1_Pooling/config.json", {"pooling_mode_new": True}, "is not a pooling"),
        ("sentence_bert_config.json", {"max_seq_length": -3}, "positive whole number"),
        ("config_sentence_transformers.json", {"prompts": {"a": 3}}, "texts by name"),
        ("config_sentence_transformers.json", {"default_prompt_name": "q"}, "none of its prompts"),
    ]


@pytest.mark.parametrize(("name", "content", "why"), broken_modules())
def test_broken_settings_are_refused(tmp_path: Path, name: str, content: Any, why: str) -> None:
    encoder_package(tmp_path, "Model")
    sentence_files(tmp_path, {"pooling_mode": "mean"})
    write(tmp_path / name, content)
    with pytest.raises(PackageError, match=why):
        llmworks.load(tmp_path)


def test_a_layer_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    encoder_package(tmp_path, "Model")
    sentence_files(tmp_path, {"pooling_mode": "mean"}, "Dense")
    good = {"in_features": 30, "out_features": 7, "bias": False, "activation_function": "torch.nn.Tanh"}
    for said, why in (
        (good | {"in_features": 31}, "what comes before it gives 30"),
        (good | {"activation_function": "os.system"}, "is not one of Identity"),
        (good | {"use_residual": True}, "only a plain layer"),
        (good, "its weights are"),
    ):
        write(tmp_path / "2_Dense" / "config.json", said)
        save_file({"linear.weight": torch.zeros(8, 30)}, tmp_path / "2_Dense" / "model.safetensors")
        with pytest.raises(PackageError, match=why):
            llmworks.load(tmp_path)


@pytest.fixture(scope="module")
def masked(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("bert")
    theirs = encoder_package(folder)
    lm = llmworks.load(folder)
    yield lm, theirs, folder
    lm.close()


def test_gaps_are_filled_as_transformers_fills_them(masked: Any) -> None:
    lm, theirs, _ = masked
    pipe = transformers.pipeline("fill-mask", model=theirs, tokenizer=hf_tokenizer(), top_k=4)
    for text in ("The [MASK] had a red door.", "[MASK] old woman [MASK] her grey cat"):
        expected = pipe(text)
        expected = expected if isinstance(expected[0], list) else [expected]
        gaps = lm.fill_mask(text, top=4)
        for gap, answers in zip(gaps, expected, strict=True):
            assert [one.id for one in gap.candidates] == [answer["token"] for answer in answers]
            assert [one.probability for one in gap.candidates] == pytest.approx(
                [answer["score"] for answer in answers], abs=1e-5
            )
        assert gaps[0].best.token
    assert lm.fill_mask("the <mask> door")[0].position == 2  # written as another model writes it
    with pytest.raises(RequestError, match=r"write \[MASK\] where"):
        lm.fill_mask("no gap")
    with pytest.raises(RequestError, match="at least 1"):
        lm.fill_mask("the [MASK]", top=0)


def test_an_encoder_says_what_it_can_do(masked: Any) -> None:
    lm, _, _ = masked
    asked: list[Callable[[], Any]] = [
        lambda: lm.generate("The house"),
        lambda: list(lm.stream("The house")),
        lambda: lm.chat([{"role": "user", "content": "Hi"}]),
        lambda: lm.score("The house"),
    ]
    for ask in asked:
        with pytest.raises(RequestError, match=r"is an encoder.*embed texts .*fill gaps"):
            ask()
    trace = lm.trace("The house", ["blocks.*.attn.pattern", "logits"])
    assert trace.tensors["logits"].shape == (1, 4, lm.model.config.vocab_size)
    assert lm.logits("The house").shape == (4, lm.model.config.vocab_size)


def test_a_pair_is_classified_as_transformers_does(tmp_path: Path) -> None:
    labels = {"id2label": {0: "no", 1: "yes", 2: "perhaps"}, "label2id": {"no": 0, "yes": 1, "perhaps": 2}}
    theirs = encoder_package(tmp_path, "ForSequenceClassification", **labels)
    lm = llmworks.load(
        save_package(tmp_path / "ours", (first := llmworks.load(tmp_path)).model, first.tokenizer)
    )
    for pair in (None, "It will rain"):
        given = hf_tokenizer()("The red door", pair, return_tensors="pt")
        with torch.no_grad():
            p = theirs(**given).logits.softmax(-1)[0]
        found = {label.name: label.probability for label in lm.classify("The red door", pair)}
        assert found == pytest.approx(dict(zip(("no", "yes", "perhaps"), p.tolist(), strict=True)), abs=1e-5)
    with pytest.raises(RequestError, match="classify texts"):
        lm.generate("x")
    lm.close()


def test_tokens_are_labelled(tmp_path: Path) -> None:
    theirs = encoder_package(tmp_path, "ForTokenClassification", num_labels=4)
    lm = llmworks.load(tmp_path)
    with torch.no_grad():
        best = theirs(**hf_tokenizer()("The red door", return_tensors="pt")).logits[0].argmax(-1).tolist()
    found = lm.label_tokens("The red door")
    assert [label.name for _, label in found] == [f"LABEL_{i}" for i in best]
    assert [token for token, _ in found][1:-1] == ["the", "red", "door"]
    lm.close()


def test_the_command_line(masked: Any, tmp_path: Path) -> None:
    lm, _, folder = masked
    runner = CliRunner()
    made = runner.invoke(app, ["embed", str(folder), "a cat", "a door", "--json", "--device", "cpu"])
    assert made.exit_code == 0, made.output
    answer = json.loads(made.stdout)
    assert answer["width"] == 30
    vectors = torch.tensor([row["vector"] for row in answer["vectors"]])
    torch.testing.assert_close(vectors, lm.embed(["a cat", "a door"]))
    lines = tmp_path / "texts.txt"
    lines.write_text("a cat\n\na door\n")
    shown = runner.invoke(app, ["embed", str(folder), "--file", str(lines), "--device", "cpu"])
    assert shown.exit_code == 0
    assert "1.000" in shown.stdout
    filled = runner.invoke(
        app, ["fill", str(folder), "the [MASK] door", "-k", "2", "--json", "--device", "cpu"]
    )
    gap = json.loads(filled.stdout)["gaps"][0]
    assert gap[0]["token"] == lm.fill_mask("the [MASK] door")[0].best.token
    assert len(gap) == 2
    assert "probability" in runner.invoke(app, ["fill", str(folder), "the [MASK]", "--device", "cpu"]).stdout


def test_settings_without_files() -> None:
    assert SentenceSettings().width(30) == 30


@pytest.mark.parametrize("poolings", [("mean",), ("first", "mean"), ("mean", "first")])
def test_a_sentence_encoder_is_saved_whole(tmp_path: Path, poolings: tuple[str, ...]) -> None:
    encoder_package(tmp_path / "theirs", pad_token_id=4)
    lm = llmworks.load(tmp_path / "theirs")
    width = 30 * len(poolings)
    settings = SentenceSettings(
        poolings, (Dense(torch.randn(9, width), None, "GELU"), Normalize()), 20,
        prompts={"query": "the "}, default_prompt="query", pool_prompt=False,
    )  # fmt: skip
    folder = tmp_path / "ours"
    for _ in range(2):  # the second time into a folder that holds one
        save_package(folder, lm.model, lm.tokenizer, sentence=settings)
    again = llmworks.load(folder)
    expected = Embedder(lm.model, lm.tokenizer, settings)
    found = expected.vectors(expected.ids(TEXTS), skip=expected.prompt_length(None))
    assert torch.equal(again.embed(TEXTS), found)
    assert again.package.sentence is not None
    assert again.package.sentence.poolings == poolings
    assert again.model.config == lm.model.config
    assert again.mask_token == "[MASK]"
    theirs = transformers.AutoTokenizer.from_pretrained(folder)
    assert (theirs.mask_token, theirs.pad_token_id) == ("[MASK]", 4)
    save_package(folder, lm.model, lm.tokenizer)  # one without leaves nothing of it
    assert llmworks.load(folder).package.sentence is None
    assert not list(folder.glob("*_*/"))
