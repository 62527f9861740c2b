"""Our task files and scores against lm-evaluation-harness's own tasks, on the same tiny model and rows.

Its yaml files are read as they stand in the installed package; only where the rows come from is changed.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from llmworks.evals.result import Settings, TaskResult
from llmworks.evals.run import run_task
from llmworks.evals.task import find_tasks
from llmworks.language_model import LanguageModel, load
from tests.evals import harness_rows as made
from tests.support import tiny_package

pytestmark = pytest.mark.slow
COUNT = 40
CLOSE = 2e-4  # of a sum of log-probabilities in float32


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_package(tmp_path_factory.mktemp("model"), max_length=192, init_std=0.4)


@pytest.fixture(scope="module")
def lm(package: Path) -> Any:
    model = load(package)
    yield model
    model.close()


@pytest.fixture(scope="module")
def their_model(package: Path) -> Any:
    pytest.importorskip("lm_eval", reason="lm_eval is not installed (make test-all installs it)")
    os.environ["HF_DATASETS_OFFLINE"] = os.environ["HF_HUB_OFFLINE"] = "1"
    from lm_eval.models.huggingface import HFLM

    return HFLM(pretrained=str(package), dtype="float32", device="cpu", batch_size=7)


def theirs(
    model: Any, folder: Path, yaml: str, splits: dict[str, Path], extra: str = "", **options: Any
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """(metrics, samples) of one of lm-evaluation-harness's tasks with its rows replaced."""
    import lm_eval
    from lm_eval.tasks import TaskManager

    source = Path(lm_eval.__file__).parent / "tasks" / yaml
    files = "".join(f"    {name}: {path}\n" for name, path in splits.items())
    text = f"include: {source}\ntask: parity\ndataset_path: json\ndataset_name: null\n{extra}"
    folder = folder / "yaml"
    folder.mkdir(exist_ok=True)
    (folder / "parity.yaml").write_text(f"{text}dataset_kwargs:\n  data_files:\n{files}")
    found = lm_eval.simple_evaluate(
        model,
        tasks=["parity"],
        task_manager=TaskManager(include_path=str(folder), include_defaults=False),
        bootstrap_iters=0,
        **options,
    )
    assert found is not None
    return found["results"]["parity"], found["samples"]["parity"]


def ours(lm: LanguageModel, name: str, folder: Path, **settings: Any) -> TaskResult:
    return run_task(lm, find_tasks([name])[0], Settings(data=folder, resamples=50, **settings))


def totals(result: TaskResult) -> list[list[float]]:
    return [outcome.sample["logprobs"] for outcome in result.outcomes]


def their_totals(samples: list[dict[str, Any]]) -> list[list[float]]:
    return [[pair[0] for pair in sample["filtered_resps"]] for sample in ordered(samples)]


def ordered(samples: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(samples, key=lambda sample: sample["doc_id"])


def assert_close(a: list[list[float]], b: list[list[float]]) -> None:
    assert len(a) == len(b)
    for left, right in zip(a, b, strict=True):
        assert left == pytest.approx(right, abs=CLOSE)


CHOICES: list[tuple[str, str, Callable[[Any], Any], str, str, dict[str, str]]] = [
    ("arc_easy", "arc/arc_easy.yaml", made.arc, "ARC-Easy-{}.jsonl", "test",
     {"acc": "acc", "acc_norm": "acc_norm"}),
    ("arc_challenge", "arc/arc_challenge.yaml", made.arc, "ARC-Challenge-{}.jsonl", "test",
     {"acc": "acc", "acc_norm": "acc_norm"}),
    ("hellaswag", "hellaswag/hellaswag.yaml", made.hellaswag, "hellaswag_{}.jsonl", "validation",
     {"acc": "acc", "acc_norm": "acc_norm"}),
    ("truthfulqa_mc1", "truthfulqa/truthfulqa_mc1.yaml", made.truthfulqa, "mc_task.json", "validation",
     {"acc": "acc"}),
    ("truthfulqa_mc2", "truthfulqa/truthfulqa_mc2.yaml", made.truthfulqa, "mc_task.json", "validation",
     {"mass": "acc"}),
]  # fmt: skip
NAMES = {"test": "Test", "train": "Train"}


# TruthfulQA has its examples in the prompt.
@pytest.mark.parametrize(("case", "shots"), [
    pytest.param(case, shots, id=f"{case[0]}-{shots}")
    for case in CHOICES for shots in ([0] if "truthfulqa" in case[0] else [0, 3])
])  # fmt: skip
def test_choices(case: Any, shots: int, lm: LanguageModel, their_model: Any, tmp_path: Path) -> None:
    name, yaml, maker, file, split, metrics = case
    rows, train = made.rows_of(maker, COUNT, 1), made.rows_of(maker, 30, 2)
    if file.endswith(".json"):
        (tmp_path / file).write_text(json.dumps(rows))
        splits = {split: made.write(tmp_path / "hub.jsonl", rows)}
    else:
        part = "val" if split == "validation" else NAMES[split]
        train_part = "train" if split == "validation" else "Train"
        splits = {
            split: made.write(tmp_path / file.format(part), rows),
            "train": made.write(tmp_path / file.format(train_part), train),
        }
        if "arc" in name:
            splits["validation"] = splits["train"]
    expected, samples = theirs(their_model, tmp_path, yaml, splits, num_fewshot=shots)
    found = ours(lm, name, tmp_path, shots=shots)
    if shots:  # with examples the prompts are cut at the context's end, the same way
        assert [sample["arguments"][0][0] for sample in ordered(samples)] == [
            item.context for item in found.items
        ]
    assert_close(totals(found), their_totals(samples))
    for mine, other in metrics.items():
        assert found.metrics[mine].value == pytest.approx(expected[f"{other},none"], abs=1e-6)


def test_blimp(lm: LanguageModel, their_model: Any, tmp_path: Path) -> None:
    path = made.write(tmp_path / "adjunct_island.jsonl", made.rows_of(made.blimp, COUNT, 3))
    expected, samples = theirs(their_model, tmp_path, "blimp/adjunct_island.yaml", {"train": path})
    found = ours(lm, "blimp", tmp_path)
    assert len(found.rows.missing) == 66
    assert_close(totals(found), their_totals(samples))
    assert found.metrics["acc"].value == pytest.approx(expected["acc,none"])


@pytest.mark.parametrize("name", ["lambada", "lambada_standard"])
def test_lambada(name: str, lm: LanguageModel, their_model: Any, tmp_path: Path) -> None:
    rows = made.rows_of(made.lambada, COUNT, 4)
    path = made.write(tmp_path / "lambada_test.jsonl", rows)
    (tmp_path / "lambada_test_plain_text.txt").write_text("".join(row["text"] + "\n" for row in rows))
    yaml = "lambada/lambada_openai.yaml" if name == "lambada" else "lambada/lambada_standard.yaml"
    splits = {"test": path} | ({"validation": path} if name == "lambada_standard" else {})
    expected, samples = theirs(their_model, tmp_path, yaml, splits)
    found = ours(lm, name, tmp_path)
    mine = [[outcome.sample["logprob"]] for outcome in found.outcomes]
    assert_close(mine, [[sample["filtered_resps"][0][0]] for sample in ordered(samples)])
    greedy = [sample["filtered_resps"][0][1] for sample in ordered(samples)]
    assert [outcome.sample["greedy"] for outcome in found.outcomes] == greedy
    assert found.metrics["acc"].value == pytest.approx(expected["acc,none"])
    assert found.metrics["perplexity"].value == pytest.approx(expected["perplexity,none"], rel=1e-4)


@pytest.mark.parametrize("shots", [0, 2])
def test_mmlu(shots: int, lm: LanguageModel, their_model: Any, tmp_path: Path) -> None:
    rows, dev = made.rows_of(made.mmlu, COUNT, 5), made.rows_of(made.mmlu, 5, 6)
    splits = {"test": made.write(tmp_path / "a.jsonl", rows), "dev": made.write(tmp_path / "b.jsonl", dev)}
    for name, of in (("test", rows), ("dev", dev)):
        with (tmp_path / f"abstract_algebra_{name}.csv").open("w", newline="") as file:
            writer = csv.writer(file)
            for row in of:
                writer.writerow([row["question"], *row["choices"], "ABCD"[row["answer"]]])
    expected, samples = theirs(
        their_model, tmp_path, "mmlu/default/mmlu_abstract_algebra.yaml", splits, num_fewshot=shots
    )
    found = ours(lm, "mmlu", tmp_path, shots=shots)
    assert [sample["arguments"][0][0] for sample in ordered(samples)] == [
        item.context for item in found.items
    ]
    assert_close(totals(found), their_totals(samples))
    assert found.metrics["acc"].value == pytest.approx(expected["acc,none"])
    assert list(found.groups["category"]) == ["stem"]


@pytest.mark.parametrize("shots", [0, 2])
def test_gsm8k(shots: int, lm: LanguageModel, their_model: Any, tmp_path: Path) -> None:
    """Greedy texts, and both ways of reading an answer out of them."""
    rows, train = made.rows_of(made.gsm8k, 25, 7), made.rows_of(made.gsm8k, 12, 8)
    splits = {
        "test": made.write(tmp_path / "gsm8k_test.jsonl", rows),
        "train": made.write(tmp_path / "gsm8k_train.jsonl", train),
    }
    expected, samples = theirs(
        their_model, tmp_path, "gsm8k/gsm8k.yaml", splits, num_fewshot=shots, gen_kwargs={"max_gen_toks": 24}
    )
    file = find_tasks(["gsm8k"])[0]
    task = file.task.model_copy(
        update={"generation": file.task.generation.model_copy(update={"max_tokens": 24})}
    )
    found = run_task(lm, file.model_copy(update={"task": task}), Settings(data=tmp_path, shots=shots))
    strict = ordered([sample for sample in samples if sample["filter"] == "strict-match"])
    lenient = ordered([sample for sample in samples if sample["filter"] == "flexible-extract"])
    assert [sample["arguments"][0][0] for sample in strict] == [item.context for item in found.items]
    assert [sample["resps"][0][0] for sample in strict] == [
        outcome.sample["said"] for outcome in found.outcomes
    ]
    for name, of in (("strict-match", strict), ("flexible-extract", lenient)):
        assert [sample["filtered_resps"][0] for sample in of] == [
            outcome.sample[name] for outcome in found.outcomes
        ]
        assert found.metrics[name].value == pytest.approx(expected[f"exact_match,{name}"])


def test_wikitext(lm: LanguageModel, their_model: Any, tmp_path: Path) -> None:
    """Texts of several windows; word, byte and bit counts of the spaced form."""
    path = made.write(tmp_path / "test.jsonl", made.rows_of(made.wikitext, 12, 9))
    expected, samples = theirs(
        their_model, tmp_path, "wikitext/wikitext.yaml", {"test": path, "validation": path, "train": path}
    )
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "wiki.test.raw").write_text(
        "".join(row["page"] for row in made.rows_of(made.wikitext, 12, 9))
    )
    found = ours(lm, "wikitext", tmp_path / "data")
    mine = [[outcome.sample["logprob"]] for outcome in found.outcomes]
    assert_close(mine, [[sample["filtered_resps"][0]] for sample in ordered(samples)])
    for name in ("word_perplexity", "byte_perplexity", "bits_per_byte"):
        assert found.metrics[name].value == pytest.approx(expected[f"{name},none"], rel=1e-5)


def test_chat_template(lm: LanguageModel, their_model: Any, tmp_path: Path) -> None:
    """Examples as turns of a conversation, the answer as the assistant's words."""
    splits = {
        "test": made.write(tmp_path / "ARC-Easy-Test.jsonl", made.rows_of(made.arc, COUNT, 1)),
        "train": made.write(tmp_path / "ARC-Easy-Train.jsonl", made.rows_of(made.arc, 9, 2)),
    }
    splits["validation"] = splits["train"]
    expected, samples = theirs(
        their_model, tmp_path, "arc/arc_easy.yaml", splits, num_fewshot=1,
        apply_chat_template=True, fewshot_as_multiturn=True,
    )  # fmt: skip
    found = ours(lm, "arc_easy", tmp_path, shots=1, chat=True)
    assert_close(totals(found), their_totals(samples))
    assert found.metrics["acc"].value == pytest.approx(expected["acc,none"])
