"""The doctor: healthy packages are clean; each planted fault is named, and no other."""

from __future__ import annotations

# ruff: noqa: E501 (a planted fault a line)
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file
from typer.testing import CliRunner

from llmworks.cli.main import app
from llmworks.errors import PackageError
from llmworks.packages.doctor import examine
from tests.support import tiny_package

CARD = "---\nlicense: mit\n---\n# Tiny\n"


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tiny_package(tmp_path_factory.mktemp("healthy"))
    (path / "README.md").write_text(CARD)
    return path


@pytest.fixture
def package(healthy: Path, tmp_path: Path) -> Path:
    return shutil.copytree(healthy, tmp_path / "tiny")


def codes(path: Path) -> list[str]:
    return [finding.code for finding in examine(path).faults]


def change(path: Path, name: str, **values: Any) -> None:
    """Set keys of a JSON file; None removes one."""
    given = json.loads((path / name).read_text()) | values
    (path / name).write_text(json.dumps({key: value for key, value in given.items() if value is not None}))


def weights(path: Path, edit: Callable[[dict[str, torch.Tensor]], object]) -> None:
    tensors = load_file(path / "model.safetensors")
    edit(tensors)
    save_file(
        {name: tensor.contiguous().clone() for name, tensor in tensors.items()}, path / "model.safetensors"
    )


def template(path: Path, edit: Callable[[str], str]) -> None:
    file = path / "chat_template.jinja"
    before = file.read_text()
    assert edit(before) != before
    file.write_text(edit(before))


def matrix(tensors: dict[str, torch.Tensor], place: int = 0) -> str:
    return [name for name in sorted(tensors) if "mlp" in name and tensors[name].ndim == 2][place]


def copy_layer(tensors: dict[str, torch.Tensor]) -> None:
    for name in [name for name in tensors if ".layers.0." in name and tensors[name].ndim == 2]:
        tensors[name.replace(".layers.0.", ".layers.1.")] = tensors[name].clone()


def untie(path: Path) -> None:
    change(path, "config.json", tie_word_embeddings=True)
    weights(path, lambda t: t.__setitem__("lm_head.weight", torch.randn_like(t["model.embed_tokens.weight"])))


def rename_token(path: Path, old: str, new: str) -> None:
    file = path / "tokenizer.json"
    file.write_text(file.read_text().replace(old, new))
    change(path, "tokenizer_config.json", **{
        key: value.replace(old, new)
        for key, value in json.loads((path / "tokenizer_config.json").read_text()).items()
        if isinstance(value, str)
    })  # fmt: skip


def add_bos(path: Path) -> None:
    """As Llama 3's tokenizer.json: the begin token stands before every text."""
    named = json.loads((path / "tokenizer_config.json").read_text())["bos_token"]
    file = json.loads((path / "tokenizer.json").read_text())
    number = next(token["id"] for token in file["added_tokens"] if token["content"] == named)
    file["post_processor"] = {
        "type": "TemplateProcessing",
        "single": [{"SpecialToken": {"id": named, "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
        "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
        "special_tokens": {named: {"id": named, "ids": [number], "tokens": [named]}},
    }
    (path / "tokenizer.json").write_text(json.dumps(file))


def fewer_rows(path: Path) -> None:
    config = json.loads((path / "config.json").read_text())
    rows = config["vocab_size"] - 20
    change(path, "config.json", vocab_size=rows, eos_token_id=5, pad_token_id=5, bos_token_id=5)
    change(path, "generation_config.json", eos_token_id=5, pad_token_id=5, bos_token_id=5)
    (path / "chat_template.jinja").unlink()
    change(path, "tokenizer_config.json", eos_token=None, pad_token=None, bos_token=None)

    def cut(tensors: dict[str, torch.Tensor]) -> None:
        for name in ("model.embed_tokens.weight", "lm_head.weight"):
            if name in tensors:
                tensors[name] = tensors[name][:rows]

    weights(path, cut)


SYSTEMLESS = "{%- for message in messages %}{% if message['role'] == 'system' %}{% continue %}{% endif %}"

PLANTED: dict[str, tuple[str, Callable[[Path], object]]] = {
    "no template": ("template-missing", lambda p: (p / "chat_template.jinja").unlink()),
    "template cut off": ("template-broken", lambda p: template(p, lambda t: t[:-20])),
    "template of another format": (
        "template-tokens",
        lambda p: template(p, lambda t: t.replace("<|im_start|>", "<|start_header_id|>")),
    ),
    "template raises": (
        "template-raises",
        lambda p: template(p, lambda t: "{% if messages|length > 1 %}{{ messages.x.y }}{% endif %}" + t),
    ),
    "system dropped": (
        "template-drops-system",
        lambda p: template(p, lambda t: t.replace("{%- for message in messages %}", SYSTEMLESS)),
    ),
    "tools dropped": ("template-drops-tools", lambda p: template(p, lambda t: t[t.index("{%- for") :] + "{% if tools %}{% endif %}")),
    "no generation prompt": (
        "generation-prompt",
        lambda p: template(p, lambda t: t[: t.index("{%- if add_generation_prompt %}")]),
    ),
    "begin token twice": ("bos-doubled", lambda p: template(p, lambda t: "{{- bos_token }}" * 2 + t)),
    "begin token missing": ("bos-missing", add_bos),
    "turn's end no end": ("turn-end", lambda p: change(p, "generation_config.json", eos_token_id=0)),
    "nothing marked": (
        "mask",
        lambda p: template(p, lambda t: t.replace("{%- generation %}", "").replace("{% endgeneration %}", "{% generation %}{% endgeneration %}")),
    ),
    "end token out of range": ("id-range", lambda p: change(p, "generation_config.json", pad_token_id=5000)),
    "special token unknown": ("special-token", lambda p: change(p, "tokenizer_config.json", unk_token="<what>")),
    "tokenizer larger than embedding": ("vocabulary", fewer_rows),
    "temperature too high": ("sampling", lambda p: change(p, "generation_config.json", temperature=20.0, do_sample=True)),
    "top_p out of range": ("generation-unreadable", lambda p: change(p, "generation_config.json", top_p=1.5)),
    "not finite": ("not-finite", lambda p: weights(p, lambda t: t[matrix(t)].fill_(float("nan")))),
    "all zero": ("constant", lambda p: weights(p, lambda t: t[matrix(t)].zero_())),
    "layer twice": ("duplicated", lambda p: weights(p, copy_layer)),
    "double precision": ("dtype", lambda p: weights(p, lambda t: t.update({n: v.double() for n, v in t.items()}))),
    "tied, yet different": ("tied", untie),
    "tensor missing": ("config-weights", lambda p: weights(p, lambda t: t.pop(matrix(t)))),
    "tensor misshapen": ("config-weights", lambda p: weights(p, lambda t: t.update({matrix(t): t[matrix(t)][:-1]}))),
    "config of a larger model": ("config-weights", lambda p: change(p, "config.json", num_hidden_layers=3)),
    "config without a family": ("config-invalid", lambda p: change(p, "config.json", model_type="nobody", architectures=["No"])),
    "config cut off": ("config-unreadable", lambda p: (p / "config.json").write_text('{"model_type"')),
    "tokenizer cut off": ("tokenizer-unreadable", lambda p: (p / "tokenizer.json").write_text('{"model": {')),
    "tokenizer_config.json no object": (
        "tokenizer-config-unreadable",
        lambda p: (p / "tokenizer_config.json").write_text("[]"),
    ),
    "weights cut off": ("weights-unreadable", lambda p: (p / "model.safetensors").write_bytes(b"\x10")),
    "no weights": ("weights-unreadable", lambda p: (p / "model.safetensors").unlink()),
    "scaling that does not reach": (
        "rope-scaling",
        lambda p: change(p, "config.json", max_position_embeddings=128, rope_scaling={
            "rope_type": "yarn", "factor": 2.0, "original_max_position_embeddings": 32}, rope_parameters=None),
    ),
}  # fmt: skip


def test_a_healthy_package_is_clean(healthy: Path) -> None:
    report = examine(healthy)
    assert [finding.code for finding in report.findings] == ["pad-is-eos"]  # our own, and no harm here
    assert report.healthy


@pytest.mark.parametrize("name", ["spark", "spark-base"])
def test_the_models_in_the_box_are_clean(name: str) -> None:
    assert examine(name).faults == []


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_named_and_no_other(package: Path, fault: str) -> None:
    code, plant = PLANTED[fault]
    plant(package)
    assert codes(package) == [code]
    for finding in examine(package).faults:
        assert finding.symptom
        assert finding.cause
        assert finding.fix


def test_what_is_missing_but_harmless_is_a_note(package: Path) -> None:
    (package / "README.md").unlink()
    report = examine(package)
    assert report.healthy
    assert {"card", "licence"} <= {finding.code for finding in report.findings}


def test_a_template_that_refuses_a_system_message_is_a_note(package: Path) -> None:
    template(
        package, lambda t: "{% if messages[0].role == 'system' %}{{ raise_exception('no') }}{% endif %}" + t
    )
    report = examine(package)
    assert report.healthy
    assert "template-refuses-system" in [finding.code for finding in report.findings]


def test_a_begin_token_of_both_is_how_models_are_published(package: Path) -> None:
    """Llama 3, Gemma, DeepSeek: the template writes it, the post-processor too, and no chat doubles it."""
    from llmworks.packages import Package

    add_bos(package)
    template(package, lambda t: "{{- bos_token }}" + t)
    report = examine(package)
    assert report.healthy
    note = next(finding for finding in report.findings if finding.code == "bos-twice-as-text")
    assert "add_special_tokens=False" in note.fix
    loaded = Package.load(package)
    assert loaded.chat_template is not None
    assert loaded.tokenizer is not None
    ids = loaded.chat_template.encode([{"role": "user", "content": "Hi"}], loaded.tokenizer).ids
    assert ids.count(loaded.tokenizer.bos_id or -1) == 1


def test_what_tokenizer_config_says_of_markers_counts_for_nothing_beside_a_tokenizer_json(
    package: Path,
) -> None:
    change(package, "tokenizer_config.json", add_bos_token=True)
    report = examine(package)
    assert report.healthy
    assert not [finding for finding in report.findings if finding.code.startswith("bos")]


def test_a_system_message_in_the_last_question_is_not_dropped(package: Path) -> None:
    """Mistral's templates write it there, so not where an answer follows."""
    asked = "{% if messages[0].role == 'system' and messages[-1].role == 'user' %}{{ messages[0].content }}{% endif %}"
    template(package, lambda t: asked + t.replace("{%- for message in messages %}", SYSTEMLESS))
    assert examine(package).healthy


def test_several_faults_are_all_told(package: Path) -> None:
    weights(package, lambda t: t[matrix(t)].zero_())
    change(package, "generation_config.json", eos_token_id=0)
    (package / "tokenizer_config.json").write_text("[]")
    assert {"constant", "turn-end", "tokenizer-config-unreadable"} <= set(codes(package))


def test_packages_of_transformers_are_clean(tmp_path: Path) -> None:
    from transformers import (
        GPT2Config,
        GPT2LMHeadModel,
        PreTrainedTokenizerFast,
        Qwen2Config,
        Qwen2ForCausalLM,
    )

    from tests.support import tiny_tokenizer

    tokenizer = tiny_tokenizer()
    tokenizer.save(tmp_path / "tokenizer.json")
    theirs = PreTrainedTokenizerFast(
        tokenizer_file=str(tmp_path / "tokenizer.json"), eos_token="<|endoftext|>", bos_token="<|endoftext|>"
    )
    shared = {"vocab_size": tokenizer.vocab_size, "bos_token_id": 317, "eos_token_id": 317}
    models = [
        GPT2LMHeadModel(GPT2Config(n_embd=32, n_layer=2, n_head=2, n_positions=64, **shared)),
        Qwen2ForCausalLM(
            Qwen2Config(
                hidden_size=32,
                intermediate_size=64,
                num_hidden_layers=2,
                num_attention_heads=4,
                num_key_value_heads=2,
                max_position_embeddings=64,
                **shared,
            )
        ),
    ]
    for model in models:
        path = tmp_path / type(model).__name__
        model.save_pretrained(path)
        theirs.save_pretrained(path)
        assert codes(path) == []


def test_the_command(package: Path) -> None:
    def run(*words: Any) -> Any:
        return CliRunner().invoke(app, ["doctor", *map(str, words)])

    clean = run(package, "--json")
    assert clean.exit_code == 0
    assert json.loads(clean.stdout)["healthy"] is True
    change(package, "generation_config.json", eos_token_id=0)
    sick = run(package)
    assert sick.exit_code == 1
    for word in ("turn-end", "symptom", "cause", "fix", "1 fault"):
        assert word in sick.stdout
    told = json.loads(run(package, "--json").stdout)
    assert [one["code"] for one in told["findings"] if one["level"] == "fault"] == ["turn-end"]
    assert run(package, "--quick").exit_code == 1


def test_no_package_at_all(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="there is no model"):
        examine("nothing-of-this-name")
    assert "config-unreadable" in codes(tmp_path)


FILES = [
    "config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "generation_config.json",
    "chat_template.jinja",
]
junk = st.sampled_from([b"", b"{}", b"[]", b"null", b"\xff\xfe", b'{"a":' * 300, b"{{ x.y.z }}", b"{% for"])


@settings(max_examples=25, deadline=None)
@given(
    st.dictionaries(st.sampled_from([*FILES, "model.safetensors"]), junk | st.binary(max_size=40), min_size=1)
)
def test_whatever_a_file_holds_the_doctor_lives(
    healthy: Path, tmp_path_factory: Any, files: dict[str, bytes]
) -> None:
    path = shutil.copytree(healthy, tmp_path_factory.mktemp("junk") / "tiny")
    for name, data in files.items():
        (path / name).write_bytes(data)
    report = examine(path)
    assert "unforeseen" not in [finding.code for finding in report.findings]
    json.dumps(report.to_dict())


values = (
    st.none()
    | st.booleans()
    | st.integers(-3, 10**12)
    | st.floats(allow_nan=False)
    | st.text(max_size=5)
    | st.just({})
    | st.just([1])
)
keys = st.sampled_from(
    [
        "vocab_size",
        "hidden_size",
        "num_hidden_layers",
        "num_attention_heads",
        "rope_scaling",
        "rope_parameters",
        "tie_word_embeddings",
        "eos_token_id",
        "pad_token_id",
        "temperature",
        "chat_template",
        "eos_token",
        "bos_token",
        "added_tokens_decoder",
        "model_max_length",
        "architectures",
        "model_type",
        "add_bos_token",
    ]
)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([name for name in FILES if name.endswith("config.json")]), keys, values)
def test_whatever_a_value_is_the_doctor_lives(
    healthy: Path, tmp_path_factory: Any, name: str, key: str, value: Any
) -> None:
    path = shutil.copytree(healthy, tmp_path_factory.mktemp("value") / "tiny")
    (path / name).write_text(json.dumps(json.loads((path / name).read_text()) | {key: value}))
    assert "unforeseen" not in [finding.code for finding in examine(path).findings]
