"""Recipes: what is read, what is refused and in which words, and what the dial decides."""

from dataclasses import replace
from pathlib import Path

import pytest

from llmworks.errors import ConfigError
from llmworks.models.decoder import Decoder
from llmworks.training import dial
from llmworks.training.recipe import Recipe

ROOT = Path(__file__).parents[2]


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "recipe.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_recipe_is_read_and_overridden(tmp_path: Path) -> None:
    path = write(
        tmp_path, 'depth = 3\n[data]\nsources = [{ path = "a.txt", weight = 2 }]\n[training]\nsteps = 9'
    )
    recipe = Recipe.load(path, ["training.steps=50", "optimizer.name=adamw", "training.sample_prompts=['a']"])
    assert (recipe.depth, recipe.training.steps, recipe.optimizer.name) == (3, 50, "adamw")
    assert recipe.training.sample_prompts == ["a"]
    assert recipe.data.sources[0].weight == 2.0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[training]\nstep = 3", ["recipe.toml", "training.step", "did you mean steps"]),
        ("dept = 3", ["dept", "did you mean depth"]),
        ("[model]\nd_modell = 3", ["model.d_modell", "d_model"]),
        ('[data]\nsources = [{ path = "x", wheight = 1 }]', ["wheight", "did you mean weight"]),
        ('[data]\nsources = [{ path = "x", weight = -1 }]', ["data.sources.0.weight", "greater than 0"]),
        ("[training]\nsteps = 'many'", ["training.steps", "'many'"]),
        ("[training]\nsteps = 1\nepochs = 1", ["steps and epochs"]),
        ('[training]\nprecision = "fp8"', ["training.precision", "fp8", "bf16"]),
        ('objective = "sft"', ["init"]),
        ('init = "x"\ndepth = 2', ["init"]),
        ('init = "x"\n[model]\ndropout = 0.1', ["init"]),
        ("depth = [", ["not valid TOML"]),
        ("depth = 0", ["depth", "greater than or equal to 1"]),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, words: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        Recipe.load(write(tmp_path, text))
    for word in words:
        assert word in str(caught.value)


def test_files_that_are_no_recipe(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no recipe .*nothing\.toml"):
        Recipe.load(tmp_path / "nothing.toml")
    with pytest.raises(ConfigError, match="cannot be read"):
        Recipe.load(tmp_path)
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="cannot be read"):
        Recipe.load(tmp_path / "b.toml")


@pytest.mark.parametrize("override", ["training.steps", "=3", "training..steps=3", ".=1"])
def test_overrides_that_make_no_sense(override: str) -> None:
    with pytest.raises(ConfigError, match="key=value"):
        Recipe.load(None, [override])


def test_an_override_below_a_value_is_refused() -> None:
    with pytest.raises(ConfigError, match="not a table"):
        Recipe.load(None, ["depth=2", "depth.x=3"])


def test_sources_know_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORPUS", "/data")
    recipe = Recipe.parse({"data": {"sources": [{"path": "$CORPUS/a.txt"}]}})
    assert recipe.data.sources[0].spec == "/data/a.txt"


TRAINING = [path for path in sorted((ROOT / "recipes").rglob("*.toml")) if path.parent.name != "cleaning"]


@pytest.mark.parametrize("path", TRAINING, ids=lambda p: p.name)
def test_the_recipes_that_ship_are_valid(path: Path) -> None:
    recipe = Recipe.load(path)
    if recipe.init is None:
        dial.model_config(recipe, dial.vocab_size(recipe))


@pytest.mark.parametrize("depth", [1, 2, 3, 4, 6, 8, 12])
def test_the_dial_gives_a_sensible_run(depth: int) -> None:
    recipe = Recipe.parse({"depth": depth})
    config = dial.model_config(recipe, dial.vocab_size(recipe))
    model = Decoder.without_memory(config)
    plan = dial.make_plan(recipe, config, model.n_parameters(), 10**12)
    assert (config.n_layers, config.d_model) == (depth, 64 * depth)
    assert config.n_heads * config.d_head == config.d_model
    assert plan.steps * plan.tokens_per_step == pytest.approx(20 * model.n_parameters(), rel=0.01)
    assert 500 < plan.steps < 30_000
    assert plan.notes == ()


def test_the_written_out_recipe_is_what_the_dial_decides() -> None:
    short, long = Recipe.parse({"depth": 4}), Recipe.load(ROOT / "recipes" / "text.toml")
    assert dial.vocab_size(short) == dial.vocab_size(long)
    first, second = (dial.model_config(recipe, 4096) for recipe in (short, long))
    assert first == second
    left, right = (dial.make_plan(recipe, first, 4_200_000, 10**9) for recipe in (short, long))
    assert right.lr == pytest.approx(left.lr, rel=1e-4)
    assert replace(right, lr=left.lr) == left


def test_every_decision_of_the_dial_can_be_overridden() -> None:
    recipe = Recipe.parse(
        {
            "depth": 2,
            "model": {"d_model": 96, "n_heads": 3, "activation": "relu2", "tie_embeddings": False},
            "tokenizer": {"vocab_size": 300},
            "data": {"block_size": 32},
            "optimizer": {"lr": 0.5, "matrix_lr": 0.25, "weight_decay": 0.0},
            "schedule": {"name": "cosine", "warmup": 7, "floor": 0.1},
            "training": {"tokens": 32 * 5 * 100, "batch_size": 5, "eval_every": 3, "checkpoint_every": 4},
        }
    )
    config = dial.model_config(recipe, dial.vocab_size(recipe))
    plan = dial.make_plan(recipe, config, 10_000, 10_000)
    assert (config.d_model, config.n_heads, config.n_layers, config.max_length) == (96, 3, 2, 32)
    assert (config.activation, config.tie_embeddings, config.vocab_size) == ("relu2", False, 300)
    assert (plan.block_size, plan.batch_size, plan.steps) == (32, 5, 100)
    assert (plan.lr, plan.matrix_lr, plan.weight_decay) == (0.5, 0.25, 0.0)
    assert (plan.schedule.kind, plan.schedule.warmup, plan.schedule.floor) == ("cosine", 7, 0.1)
    assert (plan.eval_every, plan.checkpoint_every) == (3, 4)


def test_a_small_corpus_shortens_the_run_and_says_so() -> None:
    recipe = Recipe.parse({"depth": 4})
    config = dial.model_config(recipe, 4096)
    plan = dial.make_plan(recipe, config, 4_000_000, 100_000)
    assert plan.steps * plan.tokens_per_step == pytest.approx(8 * 100_000, rel=0.05)
    assert "100,000 tokens" in plan.notes[0]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"model": {"d_model": 30, "n_heads": 4}}, "30"),
        ({"training": {"batch_size": 5, "accumulation": 2}}, "multiple"),
        ({"model": {"max_length": 16}, "data": {"block_size": 32}}, "at most 16"),
        ({"schedule": {"name": "sideways"}}, "sideways"),
    ],
)
def test_values_that_do_not_fit_each_other(data: dict[str, object], words: str) -> None:
    def plan() -> None:
        recipe = Recipe.parse(data)
        dial.make_plan(recipe, dial.model_config(recipe, 512), 1000, 1000)

    with pytest.raises(ConfigError, match=words):
        plan()


def test_widths_that_heads_do_not_divide_still_work() -> None:
    recipe = Recipe.parse({"model": {"d_model": 200}})
    assert dial.model_config(recipe, 512).n_heads * dial.model_config(recipe, 512).d_head == 200
