"""The engine: the same result whatever the workers, the chunks and the interruptions; honest counts."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmworks.data.cleaning import CleaningRecipe, CleaningReport, clean_documents
from llmworks.data.cleaning.mixing import MixPart, mix_documents, parse_part
from llmworks.data.cleaning.outcome import first_difference
from llmworks.data.cleaning.recipe import DEFAULT, KINDS, describe_stages
from llmworks.data.shards import build_shards
from llmworks.data.sources import read_documents
from llmworks.errors import ConfigError, DataError
from tests.data.cleaning.test_duplicates import edited, words
from tests.support import tiny_tokenizer

FUNCTION_WORDS = ["the", "of", "and", "to", "that", "have", "with", "be"]


def prose(count: int) -> list[str]:
    """Words among which every third is a function word: prose enough for the rules."""
    return [FUNCTION_WORDS[at % 8] if at % 3 == 0 else word for at, word in enumerate(words(count))]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """60 documents, 10 of them copies, 10 near-copies, 5 short, one blank; an address in every fourth."""
    texts = []
    for number in range(60):
        text = " ".join(prose(160)) + "."
        texts.append(text + f" Write to p{number}@mail.org." * (number % 4 == 0))
    texts += (
        texts[:10] + [" ".join(edited(text.split(), 0.03)) for text in texts[20:30]] + ["short"] * 5 + [" \n"]
    )
    path = tmp_path_factory.mktemp("corpus") / "rows.jsonl"
    rows = [{"text": text, "id": number} for number, text in enumerate(texts)]
    path.write_text("\n".join(map(json.dumps, rows)) + "\n")
    return path


RECIPE = CleaningRecipe.parse(
    {"stage": [{"kind": kind} for kind in ("normalise", "length", "gopher_quality", "personal_data",
                                           "exact_duplicates", "near_duplicates", "repeated_paragraphs")]}
)  # fmt: skip


def outputs(folder: Path) -> list[tuple[str, dict[str, object]]]:
    return [(one.text, one.metadata) for one in read_documents(folder / "documents")]


def counts(report: CleaningReport) -> list[object]:
    """All that a report says, but the time that it took."""
    return [stage.model_dump(exclude={"seconds"}) for stage in report.stages]


def test_the_funnel(corpus: Path, tmp_path: Path) -> None:
    report = clean_documents(corpus, tmp_path, RECIPE, workers=1)
    assert report.read.documents == 85
    assert report.empty == 1
    dropped = {
        stage.name: {why: one.documents for why, one in stage.dropped.items()} for stage in report.stages
    }
    assert dropped["length"] == {"too short": 5}
    assert dropped["exact_duplicates"] == {"copy": 10}
    assert dropped["near_duplicates"] == {"near-copy": 10}
    assert next(one for one in report.stages if one.name == "personal_data").changes["email"] >= 15
    assert report.kept.documents == 60
    documents = outputs(tmp_path)
    assert [metadata["id"] for _, metadata in documents] == list(range(60))
    assert "[email]" in documents[0][0]
    assert sum(len(text.encode()) for text, _ in documents) == report.kept.bytes
    for before, after in zip(report.stages, report.stages[1:], strict=False):
        assert before.documents_out == after.documents_in
    assert not (tmp_path / "work").exists()
    page = (tmp_path / "report.html").read_text()
    assert page.startswith("<!doctype html>")
    assert "http" not in page.replace("http-equiv", "")
    assert "@mail.org" not in page + (tmp_path / "report.json").read_text()  # examples show no addresses
    assert CleaningReport.load(tmp_path) == report


def test_what_comes_out_can_be_tokenized(corpus: Path, tmp_path: Path) -> None:
    clean_documents(corpus, tmp_path / "clean", RECIPE, workers=1)
    shards = build_shards(
        tmp_path / "clean" / "documents", tiny_tokenizer(), tmp_path / "shards", progress=False
    )
    assert sum(split.documents for split in shards.manifest.splits.values()) == 60


def test_chunks_change_nothing(corpus: Path, tmp_path: Path) -> None:
    one = clean_documents(corpus, tmp_path / "one", RECIPE, workers=1)
    small = clean_documents(corpus, tmp_path / "small", RECIPE, workers=1, chunk_characters=3000)
    assert outputs(tmp_path / "one") == outputs(tmp_path / "small")
    assert counts(one) == counts(small)


@pytest.mark.slow  # each process imports torch
def test_workers_change_nothing(corpus: Path, tmp_path: Path) -> None:
    one = clean_documents(corpus, tmp_path / "one", RECIPE, workers=1)
    two = clean_documents(corpus, tmp_path / "two", RECIPE, workers=2, chunk_characters=9000)
    assert outputs(tmp_path / "one") == outputs(tmp_path / "two")
    assert counts(one) == counts(two)


@pytest.mark.slow
def test_a_recipe_is_the_same_plan_in_every_process() -> None:
    """Nothing in it may depend on the order of a set: resuming compares the recipe's text."""
    code = (
        "from llmworks.data.cleaning.recipe import CleaningRecipe; "
        "print(CleaningRecipe.load(None, ['c4.min_sentences=1']).model_dump_json())"
    )
    environments = [os.environ | {"PYTHONHASHSEED": seed} for seed in ("1", "2")]
    texts = {
        subprocess.run([sys.executable, "-c", code], env=one, capture_output=True).stdout
        for one in environments
    }
    assert len(texts) == 1


@pytest.mark.slow
def test_it_goes_on_where_it_was_killed(corpus: Path, tmp_path: Path) -> None:
    """Killed at several instants, by the signal that cannot be caught, it ends with the same result."""
    whole = clean_documents(corpus, tmp_path / "whole", RECIPE, workers=1, chunk_characters=3000)
    script = tmp_path / "script.py"
    script.write_text(
        "import sys, time\n"
        "from tests.data.cleaning.test_engine import RECIPE\n"
        "from llmworks.data.cleaning import clean_documents\n"
        "from llmworks.data.cleaning import worker\n"
        "plain = worker.Worker._run\n"
        "def slow(self, *given):\n"
        "    time.sleep(0.02)\n"
        "    return plain(self, *given)\n"
        "worker.Worker._run = slow\n"
        "print('ready', flush=True)\n"
        "clean_documents(sys.argv[1], sys.argv[2], RECIPE, workers=1, chunk_characters=3000)\n"
    )
    root = Path(__file__).parents[3]
    for delay in (0.15, 0.5, 0.9):
        started = subprocess.Popen(
            [sys.executable, str(script), str(corpus), str(tmp_path / "killed")], stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(root)},
        )  # fmt: skip
        assert started.stdout is not None
        started.stdout.readline()
        time.sleep(delay)
        started.send_signal(signal.SIGKILL)
        started.wait()
        started.stdout.close()
    resumed = clean_documents(corpus, tmp_path / "killed", RECIPE, workers=1, chunk_characters=3000)
    assert outputs(tmp_path / "killed") == outputs(tmp_path / "whole")
    assert counts(resumed) == counts(whole)


def test_a_stop_between_any_two_files_is_survived(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The n-th file that is to be written is not, for every n in turn: the next call goes on from there."""
    from llmworks.data.cleaning import workfiles

    whole = clean_documents(corpus, tmp_path / "whole", RECIPE, workers=1, chunk_characters=20000)
    left = 0

    class StopError(Exception):
        pass

    plain = workfiles.write_whole

    def failing(path: Path, data: bytes) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise StopError
        plain(path, data)

    for module in ("workfiles", "worker", "engine", "report"):
        monkeypatch.setattr(f"llmworks.data.cleaning.{module}.write_whole", failing)
    for step in range(3, 100, 4):
        left = step
        try:
            report = clean_documents(corpus, tmp_path / "stopped", RECIPE, workers=1, chunk_characters=20000)
            break
        except StopError:
            continue
    assert counts(report) == counts(whole)
    assert outputs(tmp_path / "stopped") == outputs(tmp_path / "whole")


def test_the_same_again_is_not_done_again_and_another_recipe_is_refused(corpus: Path, tmp_path: Path) -> None:
    first = clean_documents(corpus, tmp_path, RECIPE, workers=1)
    stamp = (tmp_path / "report.json").stat().st_mtime_ns
    assert clean_documents(corpus, tmp_path, RECIPE, workers=1) == first
    assert (tmp_path / "report.json").stat().st_mtime_ns == stamp
    other = CleaningRecipe.parse({"stage": [{"kind": "length"}]})
    with pytest.raises(DataError, match="another recipe"):
        clean_documents(corpus, tmp_path, other, workers=1)
    assert clean_documents(corpus, tmp_path, other, workers=1, overwrite=True).kept.documents == 80
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "documents").mkdir()
    with pytest.raises(DataError, match="in the way"):
        clean_documents(corpus, tmp_path / "mine", RECIPE, workers=1)


def test_tokens_are_counted(corpus: Path, tmp_path: Path) -> None:
    from llmworks.text.tokenizer import Tokenizer

    tokenizer = tiny_tokenizer()
    path = tmp_path / "tokenizer.json"
    path.write_text(tokenizer.to_json())
    report = clean_documents(corpus, tmp_path / "out", RECIPE, workers=1, tokenizer=str(path))
    texts = [text for text, _ in outputs(tmp_path / "out")]
    assert report.kept.tokens == sum(len(Tokenizer.from_file(path).encode(text)) for text in texts)
    assert "tokens" in report.summary()


def test_perplexity_drops_what_the_reference_never_says(tmp_path: Path) -> None:
    good = [" ".join(prose(80)) for _ in range(60)]
    odd = ["".join(reversed(text)) for text in good[:6]]
    (tmp_path / "reference.txt").write_text("\n\n".join(good[20:]))
    (tmp_path / "in.jsonl").write_text("\n".join(json.dumps({"text": text}) for text in good[:20] + odd))
    recipe = CleaningRecipe.parse(
        {"stage": [{"kind": "perplexity", "reference": [str(tmp_path / "reference.txt")], "vocab_size": 300,
                    "keep": 20 / 26}]}
    )  # fmt: skip
    report = clean_documents(tmp_path / "in.jsonl", tmp_path / "out", recipe, workers=1)
    assert [text for text, _ in outputs(tmp_path / "out")] == good[:20]
    assert report.stages[0].dropped["surprising"].documents == 6


def test_perplexity_by_a_package_is_its_cross_entropy(tmp_path: Path) -> None:
    import llmworks
    from llmworks.data.cleaning.perplexity import package_scorer
    from tests.support import tiny_package

    path = tiny_package(tmp_path)
    text = "The house had a red door, and behind the door lived an old woman."
    lm = llmworks.load(path)
    try:
        expected = lm.score(text).bits_per_byte
    finally:
        lm.close()
    assert package_scorer(str(path))(text) == pytest.approx(expected, rel=1e-4)


# Errors in words.


@pytest.mark.parametrize(
    ("stages", "message"),
    [
        ([{"kind": "languge"}], "did you mean language"),
        ([{}], "it has no kind"),
        ([{"kind": "length", "min_chars": 3}], "did you mean min_characters"),
        ([{"kind": "length", "min_characters": -3}], "greater than or equal to 0"),
        ([{"kind": "length", "min_characters": 9, "max_characters": 5}], "is below min_characters"),
        ([{"kind": "perplexity"}], "give one of reference"),
        ([{"kind": "decontaminate"}], "against"),
    ],
)
def test_recipes_are_refused_in_words(stages: list[dict[str, object]], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        CleaningRecipe.parse({"stage": stages})


def test_overrides(tmp_path: Path) -> None:
    recipe = CleaningRecipe.load(None, ['language.keep=["de"]', "c4.min_sentences=2"], ["unwanted"])
    assert [one.kind for one in recipe.stage] == [*(kind for kind in DEFAULT if kind != "unwanted"), "c4"]
    assert next(one for one in recipe.stage if one.kind == "language").keep == ("de",)
    for overrides, message in (
        (["keep=3"], "kind.setting=value"),
        (["lenght.min_characters=3"], "did you mean length"),
    ):
        with pytest.raises(ConfigError, match=message):
            CleaningRecipe.load(None, overrides)
    with pytest.raises(ConfigError, match="--without"):
        CleaningRecipe.load(None, (), ["perplexity"])
    with pytest.raises(ConfigError, match="no recipe"):
        CleaningRecipe.load(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_text("[[stage]\n")
    with pytest.raises(ConfigError, match="not valid TOML"):
        CleaningRecipe.load(tmp_path / "bad.toml")


def test_every_stage_is_described() -> None:
    assert [one["kind"] for one in describe_stages()] == list(KINDS)
    assert all(one["what"].endswith(".") or ";" in one["what"] for one in describe_stages())


def test_sources_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nowhere cannot be read"):
        clean_documents("nowhere", tmp_path / "out", RECIPE, workers=1)
    with pytest.raises(DataError, match="no source"):
        clean_documents([], tmp_path / "out", RECIPE)
    (tmp_path / "blank.txt").write_text("\n\n ")
    with pytest.raises(DataError, match="no document to clean"):
        clean_documents(tmp_path / "blank.txt", tmp_path / "out", RECIPE, workers=1)
    with pytest.raises(DataError, match="not finished"):
        CleaningReport.load(tmp_path / "out")
    with pytest.raises(DataError, match="data clean"):
        CleaningReport.load(tmp_path)


# Mixtures.


def test_a_mixture_has_its_shares_and_limits(tmp_path: Path) -> None:
    for name, count in (("a", 200), ("b", 40)):
        rows = [json.dumps({"text": f"{name}{number} " + " ".join(prose(50))}) for number in range(count)]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(rows))
    sizes = {name: sum(len(d.text) for d in read_documents(tmp_path / f"{name}.jsonl")) for name in "ab"}
    parts = [
        MixPart(spec=str(tmp_path / f"{name}.jsonl"), weight=weight, max_epochs=2)
        for name, weight in (("a", 3), ("b", 1))
    ]
    made = mix_documents(parts, tmp_path / "mixed", int(0.8 * sizes["a"]))
    a, b = made.parts
    assert a.bytes / made.bytes == pytest.approx(0.75, abs=0.01)
    assert b.epochs == pytest.approx(b.bytes / sizes["b"])
    texts = [one.text for one in read_documents(tmp_path / "mixed" / "documents")]
    assert len(texts) == made.documents
    assert (
        len({text for text in texts if text.startswith("a")}) == a.documents
    )  # no epoch over: nothing twice
    long = mix_documents(parts, tmp_path / "long", 10 * sizes["a"])
    assert [one.epochs for one in long.parts] == pytest.approx([2, 2], abs=0.06)
    assert any("used up" in line for line in long.notes)
    with pytest.raises(DataError, match="not empty"):
        mix_documents(parts, tmp_path / "long", 1000)


def test_parts_are_read(tmp_path: Path) -> None:
    assert parse_part("a=b.jsonl=2:3") == MixPart(spec="a=b.jsonl", weight=2, max_epochs=3)
    for text in ("books", "books=", "books=two", "=2", "books=-1", "books=1:0"):
        with pytest.raises(DataError):
            parse_part(text)


@settings(max_examples=50)
@given(st.text(alphabet="ab", max_size=12), st.text(alphabet="ab", max_size=12))
def test_first_difference(left: str, right: str) -> None:
    place = first_difference(left, right)
    assert left[:place] == right[:place]
    assert place == min(len(left), len(right)) or left[place] != right[place]
