"""Strict loading: every part of a package that does not fit another is refused, by name, with what to do."""

from __future__ import annotations

import contextlib
import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

from llmworks.errors import LLMWorksError, PackageError
from llmworks.packages import Package, list_bundled
from tests.support import tiny_package

Tensors = dict[str, torch.Tensor]
Json = dict[str, Any]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_package(tmp_path_factory.mktemp("sound"))


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    """A copy to break."""
    return Path(shutil.copytree(sound, tmp_path / "broken"))


def edit_json(path: Path, change: Callable[[Json], object]) -> None:
    value = json.loads(path.read_text())
    change(value)
    path.write_text(json.dumps(value))


def edit_tensors(folder: Path, change: Callable[[Tensors], object]) -> None:
    tensors = load_file(folder / "model.safetensors")
    change(tensors)
    save_file(tensors, folder / "model.safetensors")


def refusal(folder: Path) -> str:
    with pytest.raises(PackageError) as caught:
        Package.load(folder)
    assert str(folder) in str(caught.value)
    return str(caught.value)


def test_the_sound_package_loads(sound: Path) -> None:
    package = Package.load(sound)
    assert package.path == sound
    assert package.tokenizer is not None
    assert package.chat_template is not None
    assert package.card.endswith("# Tiny\n")
    assert package.notes == []
    assert str(sound) in repr(package)


# --- weights against config ------------------------------------------------------------------------------

Q = "model.layers.1.self_attn.q_proj.weight"
NORM = "model.norm.weight"

TENSOR_FAULTS: dict[str, tuple[Callable[[Tensors], object], str]] = {
    "missing": (lambda t: t.pop(Q), f"missing: {Q}"),
    "extra": (lambda t: t.update({"model.extra": torch.ones(2)}), "not of this model: model.extra"),
    "transposed": (lambda t: t.update({NORM: torch.ones(1, 32)}), f"{NORM} has shape [1, 32], expected [32]"),
    "longer": (lambda t: t.update({NORM: torch.ones(33)}), f"{NORM} has shape [33], expected [32]"),
    "integers": (
        lambda t: t.update({NORM: torch.ones(32, dtype=torch.int64)}),
        "expected a floating-point type",
    ),
    "booleans": (
        lambda t: t.update({NORM: torch.ones(32, dtype=torch.bool)}),
        "expected a floating-point type",
    ),
    "eighths": (
        lambda t: t.update({NORM: torch.ones(32).to(torch.float8_e4m3fn)}),
        "expected a floating-point type",
    ),
    "renamed": (lambda t: t.update({"norm2": t.pop(NORM)}), f"missing: {NORM}; not of this model: norm2"),
    "no layer 1": (lambda t: [t.pop(name) for name in list(t) if ".layers.1." in name], "and 4 more"),
}


@pytest.mark.parametrize(("change", "words"), TENSOR_FAULTS.values(), ids=TENSOR_FAULTS)
def test_tensors_that_do_not_fit(folder: Path, change: Callable[[Tensors], object], words: str) -> None:
    edit_tensors(folder, change)
    assert words in refusal(folder)


CONFIG_FAULTS: dict[str, tuple[Callable[[Json], object], str]] = {
    "unknown family": (lambda c: c.update(model_type="nonesuch"), "nonesuch"),
    "no family": (lambda c: [c.pop("model_type"), c.pop("architectures")], "it knows llama, mistral"),
    "one layer more": (lambda c: c.update(num_hidden_layers=3), "missing: model.layers.2"),
    "one layer less": (lambda c: c.update(num_hidden_layers=1), "not of this model: model.layers.1"),
    "many layers": (lambda c: c.update(num_hidden_layers=1000), "n_layers is 1,000, but the weights hold"),
    "wide": (lambda c: c.update(hidden_size=64), "expected"),
    "very wide": (lambda c: c.update(intermediate_size=2 * 10**9), "Config and weights are not of one model"),
    "huge vocabulary": (lambda c: c.update(vocab_size=2 * 10**9), "Config and weights are not of one model"),
    "huge heads": (lambda c: c.update(head_dim=2 * 10**9), "Config and weights are not of one model"),
    "endless context": (
        lambda c: c.update(max_position_embeddings=2 * 10**9),
        "Correct max_position_embeddings",
    ),
    "a text for a number": (lambda c: c.update(hidden_size="wide"), "hidden_size"),
    "endless layers": (lambda c: c.update(num_hidden_layers=10**9), "n_layers"),
    "beyond all bounds": (lambda c: c.update(vocab_size=10**30), "vocab_size"),
    "no heads": (lambda c: c.update(num_attention_heads=0), "n_heads"),
    "a list for a number": (lambda c: c.update(num_hidden_layers=[2]), "num_hidden_layers"),
    "missing": (lambda c: c.pop("hidden_size"), "hidden_size is missing"),
    "scaled rotation": (lambda c: c.update(rope_parameters={"rope_type": "warp"}), "'warp' is not known"),
    "odd activation": (lambda c: c.update(hidden_act="mish"), "'mish' is not one of"),
    "tied": (lambda c: c.update(tie_word_embeddings=True), "lm_head.weight differs from the embedding"),
    "eos beyond": (lambda c: c.update(eos_token_id=10**6), "eos"),
}


@pytest.mark.parametrize(("change", "words"), CONFIG_FAULTS.values(), ids=CONFIG_FAULTS)
def test_configs_that_do_not_fit(folder: Path, change: Callable[[Json], object], words: str) -> None:
    (folder / "generation_config.json").unlink()
    edit_json(folder / "config.json", change)
    assert words in refusal(folder)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is not JSON"),
        (b"{", "is not JSON"),
        (b"[]", "holds a JSON array"),
        (b"null", "holds a JSON null"),
        (b'{"a": 1, "a": 2}', "the key 'a' is given twice"),
        (b'{"a": Infinity}', "Infinity is not a JSON number"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"\xef\xbb\xbf{}", "is not JSON"),
        (b'{"a":' * 100 + b"1" + b"}" * 100, "nested deeper"),
        (b"[" * 100_000, "nested deeper"),
        (b'{"a": "' + b"x" * 5_000_000 + b'"}', "a file of this kind may have"),
    ],
    ids=["empty", "cut", "list", "null", "twice", "infinity", "utf-16", "bom", "deep", "very deep", "long"],
)
@pytest.mark.parametrize("name", ["config.json", "generation_config.json", "tokenizer_config.json"])
def test_json_that_is_none(folder: Path, name: str, content: bytes, words: str) -> None:
    (folder / name).write_bytes(content)
    message = refusal(folder)
    assert words in message
    assert name in message


def test_truncated_weights(folder: Path) -> None:
    path = folder / "model.safetensors"
    whole = path.read_bytes()
    header = 8 + int.from_bytes(whole[:8], "little")
    for length in (0, 7, 8, 100, header - 1, header, header + 1, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        assert "model.safetensors" in refusal(folder)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_a_missing_part(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert name in refusal(folder)


@pytest.mark.parametrize(
    "name", ["tokenizer.json", "tokenizer_config.json", "generation_config.json", "README.md"]
)
def test_a_part_that_may_be_missing(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert (Package.load(folder).tokenizer is None) == (name == "tokenizer.json")


def test_a_folder_in_the_place_of_a_part(folder: Path) -> None:
    (folder / "config.json").unlink()
    (folder / "config.json").mkdir()
    assert "is not a file" in refusal(folder)


def test_weights_that_are_not_finite_are_announced(folder: Path) -> None:
    edit_tensors(folder, lambda t: t[NORM].__setitem__(3, math.nan))
    package = Package.load(folder)
    with pytest.warns(
        UserWarning, match=r"1 tensors hold values that are not finite, final_norm.weight first"
    ):
        package.load_model()


def test_a_second_copy_of_a_tied_head_is_taken_if_it_is_one(tmp_path: Path) -> None:
    folder = tiny_package(tmp_path, tie_embeddings=True)
    edit_tensors(folder, lambda t: t.update({"lm_head.weight": t["model.embed_tokens.weight"].clone()}))
    Package.load(folder).load_model()
    edit_tensors(folder, lambda t: t["lm_head.weight"].add_(1))
    assert "lm_head.weight differs from the embedding" in refusal(folder)


# --- tokenizer against config ----------------------------------------------------------------------------


def with_rows(folder: Path, rows: int) -> None:
    """Embedding and head with another number of rows."""

    def resize(tensors: Tensors) -> None:
        for name in ("model.embed_tokens.weight", "lm_head.weight"):
            tensors[name] = torch.zeros(rows, tensors[name].shape[1])

    edit_tensors(folder, resize)
    edit_json(folder / "config.json", lambda config: config.update(vocab_size=rows))


def test_a_tokenizer_that_is_larger_than_the_embedding(folder: Path) -> None:
    with_rows(folder, 319)
    message = refusal(folder)
    assert "the tokenizer gives ids up to 319, the embedding has 319 rows" in message
    assert "take the tokenizer that the model was trained with" in message


def test_rows_of_padding_are_noted(folder: Path) -> None:
    with_rows(folder, 384)
    assert Package.load(folder).notes == [
        "64 of 384 embedding rows have no token (padding to a multiple of 8)"
    ]


@pytest.mark.parametrize("rows", [321, 4096])
def test_rows_that_are_no_padding(folder: Path, rows: int) -> None:
    with_rows(folder, rows)
    assert "rows without a token are no padding" in refusal(folder)


@pytest.mark.parametrize(
    ("content", "words"),
    [("{}", "tokenizer"), ("{", "JSON"), ("[" * 100_000, ""), ('{"model": {"type": "Nonsense"}}', "")],
)
def test_a_tokenizer_that_is_none(folder: Path, content: str, words: str) -> None:
    (folder / "tokenizer.json").write_text(content)
    assert words in refusal(folder)


def test_a_tokenizer_is_told_by_its_content_whatever_its_name(folder: Path) -> None:
    before = Package.load(folder).tokenizer
    (folder / "tokenizer.json").rename(folder / "tokenizer.model")
    after = Package.load(folder).tokenizer
    assert before is not None
    assert after is not None
    assert after.fingerprint() == before.fingerprint()
    (folder / "tokenizer.model").write_bytes(b"\x00\x01\x02")
    assert "no tokenizer format" in refusal(folder)


TOKENIZER_FAULTS: dict[str, tuple[Json, str]] = {
    "unknown bos": ({"bos_token": "<s>"}, "bos_token is '<s>', which the tokenizer does not have"),
    "unknown eos": (
        {"eos_token": {"content": "</s>"}},
        "eos_token is '</s>', which the tokenizer does not have",
    ),
    "a number": ({"pad_token": 3}, "pad_token must be a text"),
    "another id": (
        {"added_tokens_decoder": {"5": {"content": "<|im_end|>"}}},
        "gives '<|im_end|>' the id 5, the tokenizer the id 319",
    ),
    "not added": (
        {"added_tokens_decoder": {"320": {"content": "<tool>"}}},
        "gives '<tool>' the id 320, the tokenizer has no such token",
    ),
    "a list of added": ({"added_tokens_decoder": ["<|im_end|>"]}, "must map ids to tokens"),
    "template of a number": ({"chat_template": 3}, "chat_template must be a text"),
}


@pytest.mark.parametrize(("change", "words"), TOKENIZER_FAULTS.values(), ids=TOKENIZER_FAULTS)
def test_a_tokenizer_config_that_does_not_fit(folder: Path, change: Json, words: str) -> None:
    (folder / "chat_template.jinja").unlink()
    edit_json(folder / "tokenizer_config.json", lambda config: config.update(change))
    message = refusal(folder)
    assert words in message
    assert "tokenizer_config.json" in message


GENERATION_FAULTS: dict[str, tuple[Json, str]] = {
    "eos beyond": ({"eos_token_id": 320}, "eos_ids is 320, but the embedding has 320 rows"),
    "one eos of two beyond": ({"eos_token_id": [319, 999]}, "eos_ids is 999"),
    "bos beyond": ({"bos_token_id": 320}, "bos_id is 320"),
    "negative": ({"bos_token_id": -5}, "bos_id"),
    "a text": ({"eos_token_id": "</s>"}, "eos_ids"),
    "cold": ({"temperature": -1.0}, "temperature is '-1.0'"),
    "top_p": ({"top_p": 1.5}, "top_p is '1.5'"),
    "top_k": ({"top_k": "many"}, "top_k is 'many'"),
    "no penalty": ({"repetition_penalty": 0.0}, "repetition_penalty is '0.0'"),
}


@pytest.mark.parametrize(("change", "words"), GENERATION_FAULTS.values(), ids=GENERATION_FAULTS)
def test_generation_defaults_that_do_not_fit(folder: Path, change: Json, words: str) -> None:
    edit_json(folder / "generation_config.json", lambda config: config.update(change))
    message = refusal(folder)
    assert words in message
    assert "generation_config.json" in message


def test_old_files_say_no_padding_by_minus_one(folder: Path) -> None:
    edit_json(folder / "generation_config.json", lambda config: config.update(pad_token_id=-1))
    Package.load(folder)


def test_boundaries_that_disagree_are_noted(folder: Path) -> None:
    edit_json(folder / "generation_config.json", lambda config: config.update(eos_token_id=317))
    package = Package.load(folder)
    assert package.generation.eos_ids == (317,)
    assert "'<|im_end|>'" in package.notes[0]


# --- templates -------------------------------------------------------------------------------------------


def test_a_template_that_does_not_parse(folder: Path) -> None:
    (folder / "chat_template.jinja").write_text("{% for m in messages %}")
    message = refusal(folder)
    assert "chat_template.jinja" in message
    assert "does not parse: line 1" in message


def test_a_template_in_the_tokenizer_config(folder: Path) -> None:
    (folder / "chat_template.jinja").unlink()
    template = "{{ bos_token }}{% for m in messages %}{{ m.content }}{% endfor %}"
    for value in (template, [{"name": "other", "template": "x"}, {"name": "default", "template": template}]):
        edit_json(
            folder / "tokenizer_config.json", lambda config, value=value: config.update(chat_template=value)
        )
        found = Package.load(folder).chat_template
        assert found is not None
        assert found.render([{"role": "user", "content": "Hi"}]) == "<|endoftext|>Hi"


def test_a_template_of_another_name_is_none(folder: Path) -> None:
    (folder / "chat_template.jinja").unlink()
    value = [{"name": "other", "template": "x"}]
    edit_json(folder / "tokenizer_config.json", lambda config: config.update(chat_template=value))
    assert Package.load(folder).chat_template is None


# --- names and paths -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["", " ", "\0", "nonsense", "x" * 5000, "no/such/folder/anywhere", "../nowhere"]
)
def test_a_name_that_means_nothing(name: str) -> None:
    with pytest.raises(PackageError):
        Package.load(name)


def test_a_single_file_is_told_apart(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="name the folder that it lies in"):
        Package.load(folder / "model.safetensors")
    (tmp_path / "model.pt").write_bytes(b"\x80\x02.")
    with pytest.raises(PackageError, match="a pickle is a program"):
        Package.load(tmp_path / "model.pt")


def test_a_folder_of_pickles_with_a_config(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    assert "a pickle is a program" in refusal(folder)


def test_a_pickle_beside_safetensors_is_never_read(folder: Path) -> None:
    (folder / "pytorch_model.bin").write_bytes(b"\x80\x02cos\nsystem\nX\x05\x00\x00\x00false\x85R.")
    Package.load(folder).load_model()


def test_an_empty_folder(tmp_path: Path) -> None:
    assert "no config.json" in refusal(tmp_path)


def test_bundled_models_are_found_by_name(
    sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("llmworks.packages.bundled.BUNDLED", sound.parent)
    monkeypatch.chdir(tmp_path)
    assert list_bundled() == ["tiny"]
    assert Package.load("tiny").path == sound
    (tmp_path / "tiny").mkdir()  # an unrelated folder of that name does not hide it
    assert Package.load("tiny").path == sound
    shutil.copytree(sound, tmp_path / "tiny", dirs_exist_ok=True)  # a package of that name does
    assert Package.load("tiny").path == Path("tiny")
    with pytest.raises(PackageError, match=r"not a model that is here \(tiny\)"):
        Package.load("tinny")


def test_every_bundled_model_loads() -> None:
    for name in list_bundled():
        package = Package.load(name)
        assert package.tokenizer is not None
        assert package.card


# --- fuzz ------------------------------------------------------------------------------------------------

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-2, 64)
    | st.floats(width=32)
    | st.text(max_size=6),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=5), below, max_size=3),
    max_leaves=6,
)


@settings(max_examples=40, deadline=None)
@given(st.data())
@pytest.mark.parametrize("name", ["config.json", "generation_config.json", "tokenizer_config.json"])
def test_any_value_in_a_config_is_taken_or_refused(
    sound: Path, tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    folder = tmp_path_factory.getbasetemp() / "fuzzed"
    shutil.copytree(sound, folder, dirs_exist_ok=True)
    content = json.loads((folder / name).read_text())
    known = ["chat_template", "added_tokens_decoder", "rope_scaling", "top_k", "temperature", "do_sample"]
    keys = st.sampled_from([*content, *known])
    content |= data.draw(st.dictionaries(keys, values, min_size=1, max_size=3))
    for key in data.draw(st.lists(keys, max_size=2)):
        content.pop(key, None)
    (folder / name).write_text(json.dumps(content))
    with contextlib.suppress(LLMWorksError):
        Package.load(folder).load_model()


@settings(max_examples=40, deadline=None)
@given(st.data())
@pytest.mark.parametrize(
    "name", ["config.json", "tokenizer.json", "tokenizer_config.json", "chat_template.jinja"]
)
def test_any_damage_to_a_file_is_survived(
    sound: Path, tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    folder = tmp_path_factory.getbasetemp() / "damaged"
    shutil.copytree(sound, folder, dirs_exist_ok=True)
    content = bytearray((folder / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    (folder / name).write_bytes(content)
    with contextlib.suppress(LLMWorksError):
        Package.load(folder)
