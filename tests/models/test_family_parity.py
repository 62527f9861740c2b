"""Every family against transformers, both ways; and that nothing a config says is passed over in silence."""

import importlib
import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub.errors import StrictDataclassClassValidationError
from transformers import AutoConfig
from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES

from llmworks.errors import ConfigError, PackageError
from llmworks.models.config import ModelConfig
from llmworks.models.families import config_from_hf, config_to_hf, expected_tensors
from llmworks.models.family_table import FAMILIES, OURS
from llmworks.packages import Package
from tests.models.family_cases import BOUNDS, all_cases, built, measure

CASES = all_cases()
DECODERS = [family for family in FAMILIES if family.config is ModelConfig and family is not OURS]


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_parity(name: str, seed: int, tmp_path: Path) -> None:
    differences = measure(CASES[name], tmp_path, seed)
    beyond = {check: value for check, value in differences.items() if not value <= BOUNDS[check]}
    assert not beyond, f"largest differences beyond what is allowed: {beyond}"


def test_every_decoder_family_is_compared() -> None:
    saved = {name.split(",")[0].split(" ")[0] for name in CASES}
    missing = {family.model_type.removesuffix("_text") for family in DECODERS} - saved
    assert not missing, f"no parity case: {missing}"


def one_of_each() -> dict[str, str]:
    """The first case of each family."""
    first: dict[str, str] = {}
    for name in CASES:
        first.setdefault(re.split("[, ]", name)[0], name)
    return first


@pytest.mark.parametrize("name", one_of_each().values())
def test_a_tensor_missing_extra_or_misshapen_is_refused(name: str, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    with built(CASES[name], 0) as reference:
        reference.save_pretrained(tmp_path)
    file = tmp_path / "model.safetensors"
    state = load_file(file)
    victim = sorted(state)[len(state) // 2]
    for change, message in (
        ({victim: None}, "missing"),
        ({"an.extra.weight": state[victim].clone()}, "not of this model: an.extra.weight"),
        ({victim: state[victim].new_zeros(*state[victim].shape, 2)}, "has shape"),
    ):
        changed = {key: value for key, value in (state | change).items() if value is not None}
        save_file(changed, file, metadata={"format": "pt"})
        with pytest.raises(PackageError, match=message):
            Package.load(tmp_path)


# What a forward reads that decides nothing in a run: dropouts, how transformers itself computes, heads for
# other tasks, and widths that follow from others.
IDLE = re.compile(
    r".*(dropout|pdrop)|_attn_implementation.*|output_.*|return_dict|use_return_dict|use_cache|pad_token_id|"
    r"num_labels|problem_type|initializer_range|pretraining_tp|slow_but_exact|is_decoder|chunk_size_.*|"
    r"attn_config|_experts_implementation|router_aux_loss_coef|output_router_logits|"
    r"get_text_config|to_dict|standardize_rope_params|eos_token_id|reorder_and_upcast_attn|summary_.*|"
    r"router_jitter_noise|dtype|(scale_)?attention_softmax_in_fp32"
)
ELSEWHERE = {
    # Of the classes with pictures, in the same file.
    "gemma3_text": {"image_token_id", "mm_tokens_per_image", "text_config", "vision_config"},
    # Latent attention unfolds to as many keys as queries; the number is not used.
    "deepseek_v2": {"num_key_value_heads"},
    "deepseek_v3": {"num_key_value_heads"},
}


@pytest.mark.parametrize("family", DECODERS, ids=lambda family: family.model_type)
def test_every_key_that_their_network_reads_is_read_or_insisted_on(family: Any) -> None:
    """Their modelling source names each key as `config.KEY`: none of them may be unknown to the table."""
    module_name = AutoConfig.for_model(family.model_type).__class__.__module__.replace(
        "configuration", "modeling"
    )
    module = importlib.import_module(module_name)
    read = set(re.findall(r"\bconfig\.(\w+)", inspect.getsource(module)))
    aliases = type(AutoConfig.for_model(family.model_type)).attribute_map
    known = {name.split(".")[0] for name in family.reads()}
    known |= {alias for alias, name in aliases.items() if name in known}
    known |= ELSEWHERE.get(family.model_type, set())
    unknown = {key for key in read - known if not IDLE.fullmatch(key)}
    assert not unknown, f"{family.model_type} reads {sorted(unknown)}"
    assert family.architecture in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES.values()


@pytest.mark.parametrize("name", one_of_each().values())
def test_an_absent_key_means_what_it_means_to_transformers(name: str) -> None:
    """Left out one at a time: read as transformers' class reads it, or refused as missing."""
    with built(CASES[name], 0) as reference:
        whole = reference.config.to_dict()
    checked = 0
    for key in sorted(whole):
        if key in ("model_type", "architectures", "head_dim", "rope_parameters"):
            continue
        less = {other: value for other, value in whole.items() if other != key}
        try:
            meant = type(reference.config).from_dict(less).to_dict()
            theirs, ours = config_from_hf(meant), config_from_hf(less)
        except (ConfigError, StrictDataclassClassValidationError):
            continue  # refused here, or there: their default does not go together with the other sizes
        assert ours.model_dump(exclude={"family"}) == theirs.model_dump(exclude={"family"}), key
        checked += 1
    assert checked > 5


@pytest.mark.parametrize("name", one_of_each().values())
def test_what_is_written_is_read_back(name: str) -> None:
    with built(CASES[name], 0) as reference:
        whole = reference.config.to_dict() | {"architectures": [type(reference).__name__]}
    config = config_from_hf(whole)
    written = config_to_hf(config)
    assert written["model_type"] == whole["model_type"]
    idle = {"dropout"}
    assert config_from_hf(written).model_dump(exclude=idle) == config.model_dump(exclude=idle)
    assert expected_tensors(written) == expected_tensors(whole)
