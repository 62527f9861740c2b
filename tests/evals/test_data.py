"""Rows from every kind of file, from archives, and in the shapes in which the real sets come."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from llmworks.errors import DataError
from llmworks.evals.data import DATA_VARIABLE, data_folder, list_files, matching, read_rows
from llmworks.evals.errors import EvalError
from llmworks.evals.prepare import prepared
from llmworks.evals.task import Source, find_tasks
from tests.support import shared_data

ROWS = [{"question": "Why?", "n": 1}, {"question": 'Wörter, "so"', "n": 2}]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS)


def source(*files: str, **more: object) -> Source:
    return Source.model_validate({"files": list(files), **more})


def write_all(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "a.jsonl").write_text(LINES)
    (folder / "b.json").write_text(json.dumps(ROWS))
    (folder / "c.jsonl.gz").write_bytes(gzip.compress(LINES.encode()))
    with (folder / "d.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["question", "n"], *([row["question"], row["n"]] for row in ROWS)])
    with tarfile.open(folder / "e.tar.xz", "w:xz") as tar:
        info = tarfile.TarInfo("inner/f.jsonl")
        info.size = len(LINES.encode())
        tar.addfile(info, io.BytesIO(LINES.encode()))
    with zipfile.ZipFile(folder / "g.zip", "w") as archive:
        archive.writestr("inner/h.jsonl", LINES)


@pytest.mark.parametrize("name", ["a.jsonl", "sub/a.jsonl", "b.json", "c.jsonl", "f.jsonl", "inner/h.jsonl"])
def test_formats_and_archives(name: str, tmp_path: Path) -> None:
    write_all(tmp_path)
    assert read_rows(source(name), "t", tmp_path).rows == ROWS


def test_csv_with_and_without_a_header(tmp_path: Path) -> None:
    write_all(tmp_path)
    assert read_rows(source("d.csv"), "t", tmp_path).rows == [{**row, "n": str(row["n"])} for row in ROWS]
    named = read_rows(source("d.csv", columns=["x", "y"]), "t", tmp_path).rows
    assert named[0] == {"x": "question", "y": "n"}


def test_parquet(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(pyarrow.Table.from_pylist(ROWS), tmp_path / "test-00000-of-00001.parquet")
    assert read_rows(source("test-*.parquet"), "t", tmp_path).rows == ROWS


def test_subsets_and_what_is_missing(tmp_path: Path) -> None:
    for name in ("one", "three"):
        (tmp_path / f"{name}_test.jsonl").write_text(LINES)
    found = read_rows(source("{subset}_test.jsonl", subsets=["one", "two", "three"]), "t", tmp_path)
    assert [row["subset"] for row in found.rows] == ["one", "one", "three", "three"]
    assert found.missing == ["two"]
    assert len(found.places) == 2


def test_fingerprint_is_of_the_rows(tmp_path: Path) -> None:
    write_all(tmp_path)
    same = [read_rows(source(name), "t", tmp_path).fingerprint() for name in ("a.jsonl", "b.json")]
    assert same[0] == same[1] != read_rows(source("d.csv"), "t", tmp_path).fingerprint()


def test_nothing_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EvalError, match=r"mine: its data is not here. Looked in .* for x.jsonl"):
        read_rows(source("x.jsonl"), "mine", tmp_path)
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    assert data_folder(None) == tmp_path
    with pytest.raises(EvalError, match="is not a folder"):
        data_folder(tmp_path / "none")
    (tmp_path / "x.jsonl").write_text("3\n")
    with pytest.raises(DataError, match="must be an object"):
        read_rows(source("y.jsonl", "x.jsonl"), "mine", tmp_path)


def test_both_shapes_of_each_set_are_one() -> None:
    arc_hub = {"question": "Q", "choices": {"text": ["a", "b"], "label": ["1", "2"]}, "answerKey": "2"}
    arc_own = {
        "question": {"stem": "Q", "choices": [{"text": "a", "label": "1"}, {"text": "b", "label": "2"}]},
        "answerKey": "2",
    }
    expected = [{"question": "Q", "texts": ["a", "b"], "answer": 1}]
    assert prepared([arc_hub], ["arc"], "t") == prepared([arc_own], ["arc"], "t") == expected
    truth_hub = {
        "question": "Q",
        "mc1_targets": {"choices": ["a", "b"], "labels": [1, 0]},
        "mc2_targets": {"choices": ["a", "b", "c"], "labels": [1, 0, 1]},
    }
    truth_own = {"question": "Q", "mc1_targets": {"a": 1, "b": 0}, "mc2_targets": {"a": 1, "b": 0, "c": 1}}
    assert prepared([truth_hub], ["truthfulqa"], "t") == prepared([truth_own], ["truthfulqa"], "t")
    mmlu_hub = {"question": "Q", "subject": "virology", "choices": ["a", "b", "c", "d"], "answer": 2}
    mmlu_own = {"question": "Q", "A": "a", "B": "b", "C": "c", "D": "d", "answer": "C", "subset": "virology"}
    assert prepared([mmlu_hub], ["mmlu"], "t") == prepared([mmlu_own], ["mmlu"], "t")
    assert prepared([mmlu_own], ["mmlu"], "t")[0]["category"] == "other"


def test_wikitext_is_cut_at_titles() -> None:
    text = " \n = One = \n \n A sentence . \n = = Part = = \n More . \n \n = Two = \n \n End . \n"
    pages = prepared([{"text": text}], ["wikitext_pages"], "t")
    assert "".join(page["page"] for page in pages) == text.removeprefix(" \n")
    assert [page["page"].split("\n")[0] for page in pages] == [" = One = ", " = Two = "]


def test_rows_of_another_set_are_named() -> None:
    with pytest.raises(
        EvalError, match=r"arc_easy: the rows are not what 'arc' knows .*their fields are text"
    ):
        prepared([{"text": "a"}], ["arc"], "arc_easy")
    with pytest.raises(EvalError, match="there is no 'arcs'"):
        prepared([], ["arcs"], "arc_easy")


def test_blimp_and_mmlu_at_hand() -> None:
    folder = shared_data("eval")
    blimp = find_tasks(["blimp"])[0].task
    assert len(matching(list_files(folder), "adjunct_island.jsonl")) == 1
    rows = read_rows(blimp.data, "blimp", folder)
    assert len(rows.rows) == 1000 * (67 - len(rows.missing))
    mmlu = find_tasks(["mmlu_val"])[0].task
    found = read_rows(mmlu.data, "mmlu_val", folder)
    assert not found.missing
    assert {row["answer"] for row in found.rows} == {0, 1, 2, 3}
    assert {row["category"] for row in found.rows} == {"stem", "humanities", "social sciences", "other"}
