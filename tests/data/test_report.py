"""The report of a source: counts that add up, samples that repeat."""

import json
from pathlib import Path

import pytest

from llmworks.data.report import report_source
from llmworks.data.sources import read_documents
from llmworks.errors import DataError
from tests.support import shared_data, tiny_tokenizer


def test_the_report_counts_and_samples(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    texts = ["one", "two ✓", "ONE ", "   ", "long " * 1000]
    (folder / "a.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    (folder / "b.bin").write_bytes(bytes(10))
    tokenizer = tiny_tokenizer()
    report = report_source(folder, tokenizer, samples=2)
    told = [text for text in texts if text.strip()]
    assert report.documents == 4
    assert report.characters == sum(map(len, told))
    assert report.bytes == sum(len(text.encode()) for text in told)
    assert report.tokens == sum(len(tokenizer.encode(text)) for text in told)
    assert (report.longest, report.longest_source) == (5000, f"{folder / 'a.jsonl'}:5")
    assert (report.copies, report.empty) == (1, 1)
    assert report.skipped == {"binary": 1}
    assert len(report.samples) == 2
    assert all(len(sample.text) <= 300 for sample in report.samples)
    assert report == report_source(folder, tokenizer, samples=2)
    assert report_source(folder).tokens is None
    with pytest.raises(DataError, match="cannot be read"):
        report_source(tmp_path / "gone")


def test_real_stories() -> None:
    """The development data as it is: 905 stories by their README, two of which hold no text."""
    path = shared_data("text/stories_small.jsonl.xz")
    report = report_source(path)
    assert (report.documents, report.empty) == (903, 2)
    assert report.bytes == sum(len(document.text.encode()) for document in read_documents(path))
