"""Shard sets: what was read comes back, divided by text, resumed to the byte after an interruption."""

import json
import lzma
import multiprocessing
import os
import random
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmworks.data import shards as building
from llmworks.data.batches import fixed_batches
from llmworks.data.shards import build_shards
from llmworks.data.shardset import ShardSet
from llmworks.data.split import SplitRule, cut_tail, document_hash
from llmworks.errors import DataError
from llmworks.text.tokenizer import Tokenizer
from tests.support import tiny_tokenizer


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return tiny_tokenizer()


def build(spec: Any, tokenizer: Tokenizer, out: Path, **options: Any) -> ShardSet:
    return build_shards(spec, tokenizer, out, progress=False, **options)


def write_rows(path: Path, count: int, *, seed: int = 0, words: int = 40) -> list[str]:
    """A file of `count` documents of random words, some with characters of several bytes."""
    draw = random.Random(seed)
    vocabulary = ["the", "house", "door", "cat", "morning", "Müller", "日本", "🌍", "<|endoftext|>", "rain\n"]
    texts = [" ".join(draw.choices(vocabulary, k=draw.randint(1, words))) + f" {n}" for n in range(count)]
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    return texts


def documents(shards: ShardSet, tokenizer: Tokenizer, split: str) -> list[str]:
    """The texts of a split, each checked to end with the end-of-document token and to hold no other."""
    texts = []
    for number in range(shards.manifest.splits[split].documents):  # type: ignore[index]
        ids = shards.document(split, number).tolist()
        assert ids.index(shards.manifest.end_id) == len(ids) - 1
        texts.append(tokenizer.decode(ids[:-1]))
    return texts


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_documents_come_back_exactly(tmp_path: Path, tokenizer: Tokenizer) -> None:
    texts = write_rows(tmp_path / "rows.jsonl", 500)
    shards = build(tmp_path / "rows.jsonl", tokenizer, tmp_path / "out", validation=0.1)
    train, held_out = (documents(shards, tokenizer, split) for split in ("train", "validation"))
    assert sorted(train + held_out) == sorted(texts)
    assert 20 < len(held_out) < 90
    kept = set(train)
    assert train == [text for text in texts if text in kept], "the order of documents is kept"
    assert ShardSet.open(tmp_path / "out").manifest == shards.manifest
    shards.verify()


def test_the_manifest_counts_what_is_there(tmp_path: Path, tokenizer: Tokenizer) -> None:
    write_rows(tmp_path / "rows.jsonl", 300)
    shards = build([tmp_path / "rows.jsonl"], tokenizer, tmp_path / "out", validation=0.2)
    manifest = shards.manifest
    for split, record in manifest.splits.items():
        texts = documents(shards, tokenizer, split)
        assert record.documents == len(texts) == len(shards.documents(split))
        assert record.characters == sum(map(len, texts))
        assert record.bytes == sum(len(text.encode()) for text in texts)
        assert record.tokens == len(shards.tokens(split)) == sum(len(tokenizer.encode(t)) + 1 for t in texts)
        assert shards.documents(split)["bytes"].tolist() == [len(text.encode()) for text in texts]
        assert shards.documents(split)["characters"].tolist() == [len(text) for text in texts]
        assert shards.documents(split)["hash"].tolist() == [document_hash(text) for text in texts]
    assert manifest.tokenizer == tokenizer.fingerprint()
    assert (manifest.end_token, manifest.dtype) == ("<|endoftext|>", "uint16")
    (source,) = manifest.sources
    assert source.inputs[0].size == (tmp_path / "rows.jsonl").stat().st_size
    assert source.inputs[0].documents == 300


def test_a_large_vocabulary_takes_four_bytes(
    tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokenizer, "vocab_size", 70_000)
    write_rows(tmp_path / "rows.jsonl", 20)
    shards = build(tmp_path / "rows.jsonl", tokenizer, tmp_path / "out")
    assert shards.tokens("train").dtype == np.uint32
    assert len(documents(shards, tokenizer, "train")) > 10


@given(st.text(min_size=1), st.floats(0.01, 0.99), st.integers(0, 9))
def test_copies_fall_on_the_same_side(text: str, share: float, seed: int) -> None:
    """White space, case and composed characters apart."""
    rule = SplitRule(share=share, seed=seed)
    (part,) = rule.divide(text)
    assert part.text == text
    for copy in (f"  {text}\n\n", text.replace(" ", "\n"), text + "\t"):
        assert rule.divide(copy)[0].split == part.split
    assert document_hash("Ein  CAFÉ\n") == document_hash("ein cafe\u0301") != document_hash("ein cafe")


def test_no_document_is_on_both_sides_whatever_its_copies(tmp_path: Path, tokenizer: Tokenizer) -> None:
    texts = write_rows(tmp_path / "a.jsonl", 400)
    copies = [text.upper() if n % 2 else f"\n{text}  " for n, text in enumerate(texts)]
    (tmp_path / "b.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in copies))
    shards = build([tmp_path / "a.jsonl", tmp_path / "b.jsonl"], tokenizer, tmp_path / "out", validation=0.3)
    sides = [set(shards.documents(split)["hash"].tolist()) for split in ("train", "validation")]
    assert not sides[0] & sides[1]
    assert len(sides[0] | sides[1]) == 400


def test_the_share_is_kept_and_the_seed_chooses(tmp_path: Path) -> None:
    texts = [f"document {n}" for n in range(5000)]

    def held_out(share: float, seed: int) -> set[str]:
        rule = SplitRule(share=share, seed=seed)
        return {text for text in texts if rule.divide(text)[0].split == "validation"}

    assert 430 < len(held_out(0.1, 0)) < 570
    assert held_out(0.1, 0) < held_out(0.2, 0), "a larger share keeps what a smaller one holds out"
    assert len(held_out(0.1, 0) & held_out(0.1, 1)) < 100
    assert held_out(0, 0) == set()


def test_a_few_documents_still_give_a_validation_split(tmp_path: Path, tokenizer: Tokenizer) -> None:
    """Whole documents of smallest hash, when they are small enough beside the rest."""
    texts = write_rows(tmp_path / "rows.jsonl", 12)
    shards = build(tmp_path / "rows.jsonl", tokenizer, tmp_path / "out", validation=0.001)
    held_out = documents(shards, tokenizer, "validation")
    assert len(held_out) == 1
    assert sorted(held_out + documents(shards, tokenizer, "train")) == sorted(texts)
    assert "smallest hash" in shards.manifest.held_out


def test_a_single_document_gives_its_tail(tmp_path: Path, tokenizer: Tokenizer) -> None:
    text = "\n\n".join(f"Paragraph {n} of the only text that there is." for n in range(200))
    (tmp_path / "book.txt").write_text(text)
    shards = build(tmp_path / "book.txt", tokenizer, tmp_path / "out", validation=0.1)
    (head,), (tail,) = (documents(shards, tokenizer, split) for split in ("train", "validation"))
    assert head + tail == text
    assert tail.startswith("Paragraph ")
    assert 0.05 < len(tail) / len(text) < 0.11
    assert "tail" in shards.manifest.held_out


@given(st.text(st.sampled_from("ab \n")), st.floats(0, 1))
def test_a_cut_tail_loses_nothing(text: str, share: float) -> None:
    head, tail = cut_tail(text, share)
    assert head + tail == text
    assert not tail or (head.strip() and tail.strip())


def test_a_text_that_cannot_be_divided_is_all_train(tmp_path: Path, tokenizer: Tokenizer) -> None:
    (tmp_path / "a.txt").write_text("x")
    shards = build(tmp_path / "a.txt", tokenizer, tmp_path / "out")
    assert documents(shards, tokenizer, "train") == ["x"]
    assert len(shards.tokens("validation")) == 0
    with pytest.raises(DataError, match="no documents in its 'validation' split"):
        next(fixed_batches(shards, 1, 4))


def test_blank_documents_are_left_out_and_counted(tmp_path: Path, tokenizer: Tokenizer) -> None:
    (tmp_path / "rows.jsonl").write_text('{"text": "A"}\n{"text": ""}\n{"text": " \\n"}\n{"text": "B"}\n')
    shards = build(tmp_path / "rows.jsonl", tokenizer, tmp_path / "out", validation=0)
    assert documents(shards, tokenizer, "train") == ["A", "B"]
    assert shards.manifest.sources[0].inputs[0].empty == 2
    (tmp_path / "blank.txt").write_text(" \n ")
    with pytest.raises(DataError, match=r"blank\.txt holds no document"):
        build(tmp_path / "blank.txt", tokenizer, tmp_path / "other")


def test_a_folder_records_each_file_and_what_was_left_out(tmp_path: Path, tokenizer: Tokenizer) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "a.txt").write_text("A text.")
    (folder / "b.bin").write_bytes(bytes(100))
    (folder / ".hidden").write_text("no")
    (folder / "c.txt").write_bytes(b"caf\xe9 is more than a few wrong bytes")
    shards = build(folder, tokenizer, tmp_path / "out", validation=0)
    (source,) = shards.manifest.sources
    assert source.left_out == {"hidden": 1}
    found = [(Path(item.path).name, item.documents, item.replaced, item.skipped) for item in source.inputs]
    assert found == [("a.txt", 1, 0, None), ("b.bin", 0, 0, "binary"), ("c.txt", 1, 1, None)]


def test_workers_change_nothing(
    tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("llmworks.data.build_reading.BATCH_CHARACTERS", 500)
    write_rows(tmp_path / "rows.jsonl", 300)
    for workers in (1, 4):
        build(tmp_path / "rows.jsonl", tokenizer, tmp_path / str(workers), workers=workers)
    assert contents(tmp_path / "1") == contents(tmp_path / "4")


def test_the_same_again_is_read_not_built(tmp_path: Path, tokenizer: Tokenizer) -> None:
    path, out = tmp_path / "rows.jsonl", tmp_path / "out"
    write_rows(path, 50)
    build(path, tokenizer, out)
    stamp = (out / "manifest.json").stat().st_mtime_ns
    os.utime(path)  # touched, not changed
    build(path, tokenizer, out)
    path.rename(tmp_path / "moved.jsonl")
    build(tmp_path / "moved.jsonl", tokenizer, out)
    assert (out / "manifest.json").stat().st_mtime_ns == stamp


def test_something_else_is_refused_unless_overwritten(tmp_path: Path, tokenizer: Tokenizer) -> None:
    path, out = tmp_path / "rows.jsonl", tmp_path / "out"
    write_rows(path, 50)
    build(path, tokenizer, out)
    with pytest.raises(DataError, match="other sources, contents or options"):
        build(path, tokenizer, out, seed=1)
    data = path.read_bytes()
    path.write_bytes(data.replace(b"house", b"horse"))  # as many bytes
    with pytest.raises(DataError, match="other sources, contents or options"):
        build(path, tokenizer, out)
    shards = build(path, tokenizer, out, overwrite=True)
    assert any("horse" in text for text in documents(shards, tokenizer, "train"))


def test_files_of_others_are_not_touched(tmp_path: Path, tokenizer: Tokenizer) -> None:
    write_rows(tmp_path / "rows.jsonl", 5)
    (tmp_path / "train.tokens.bin").write_bytes(b"precious")
    with pytest.raises(DataError, match=r"train\.tokens\.bin is in the way"):
        build(tmp_path / "rows.jsonl", tokenizer, tmp_path)
    assert (tmp_path / "train.tokens.bin").read_bytes() == b"precious"


def test_two_builds_in_one_folder_are_refused(tmp_path: Path, tokenizer: Tokenizer) -> None:
    from llmworks.data.build_state import locked

    write_rows(tmp_path / "rows.jsonl", 5)
    (tmp_path / "out").mkdir()
    with locked(tmp_path / "out"), pytest.raises(DataError, match="another process is building"):
        build(tmp_path / "rows.jsonl", tokenizer, tmp_path / "out")


class StopError(Exception):
    """What interrupts a build in these tests."""


@pytest.mark.parametrize(
    ("point", "count"),
    [(point, count) for point in ("commit", "append", "encode_batch") for count in (1, 2, 9)]
    + [("finish_input", 1), ("finish_input", 3), ("close", 1), ("input_records", 1), ("split_records", 1)],
)
def test_interrupted_and_resumed_is_the_same_to_the_byte(
    tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch, point: str, count: int
) -> None:
    """Stopped at the n-th call of each kind, over three files."""
    monkeypatch.setattr("llmworks.data.build_reading.BATCH_CHARACTERS", 700)
    monkeypatch.setattr(building, "COMMIT_SECONDS", 0.0)
    folder = tmp_path / "texts"
    folder.mkdir()
    for number in range(3):
        write_rows(folder / f"{number}.jsonl", 30, seed=number)
    build(folder, tokenizer, tmp_path / "whole", workers=2, validation=0.1)
    target: Any = tokenizer if point == "encode_batch" else building.BuildFiles
    calls = 0

    def stopping(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == count:
                raise StopError
            return original(*arguments, **options)

        return call

    with monkeypatch.context() as patch:
        patch.setattr(target, point, stopping(getattr(target, point)))
        with pytest.raises(StopError):
            build(folder, tokenizer, tmp_path / "parts", workers=2, validation=0.1)
    with pytest.raises(DataError, match="the build was not finished: run it again"):
        ShardSet.open(tmp_path / "parts")
    shards = build(folder, tokenizer, tmp_path / "parts", workers=1, validation=0.1)
    assert contents(tmp_path / "parts") == contents(tmp_path / "whole")
    shards.verify()


def test_resuming_skips_what_is_done(
    tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("llmworks.data.build_reading.BATCH_CHARACTERS", 700)
    monkeypatch.setattr(building, "COMMIT_SECONDS", 0.0)
    texts = write_rows(tmp_path / "rows.jsonl", 200)
    encoded: list[str] = []
    original = tokenizer.encode_batch

    def encode(batch: list[str], **options: Any) -> Any:
        if len(encoded) < 100 <= len(encoded) + len(batch):
            encoded.extend(batch)
            raise StopError
        encoded.extend(batch)
        return original(batch, **options)

    monkeypatch.setattr(tokenizer, "encode_batch", encode)
    with pytest.raises(StopError):
        build(tmp_path / "rows.jsonl", tokenizer, tmp_path / "out", workers=1, validation=0)
    first = len(encoded)
    build(tmp_path / "rows.jsonl", tokenizer, tmp_path / "out", workers=1, validation=0)
    assert len(encoded) - first < 0.75 * len(texts)


def test_a_changed_source_is_built_from_the_beginning(
    tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("llmworks.data.build_reading.BATCH_CHARACTERS", 700)
    write_rows(tmp_path / "rows.jsonl", 100)
    with monkeypatch.context() as patch:
        patch.setattr(building, "_write", lambda *_: (_ for _ in ()).throw(StopError()))
        with pytest.raises(StopError):
            build(tmp_path / "rows.jsonl", tokenizer, tmp_path / "out")
    texts = write_rows(tmp_path / "rows.jsonl", 120, seed=9)
    shards = build(tmp_path / "rows.jsonl", tokenizer, tmp_path / "out", validation=0)
    assert documents(shards, tokenizer, "train") == texts


def _build_in_child(spec: str, out: str, tokenizer: Tokenizer) -> None:
    building.COMMIT_SECONDS = 0.0
    build(spec, tokenizer, Path(out), workers=2, validation=0.1)


def test_killed_at_random_instants_and_resumed(
    tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """kill -9, again and again, until a build comes through; then all is as if nothing had happened.

    Without waiting for the disk: what a process wrote outlives the process.
    """
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    monkeypatch.setattr("llmworks.data.build_reading.BATCH_CHARACTERS", 2000)
    folder = tmp_path / "texts"
    folder.mkdir()
    for number in range(4):
        write_rows(folder / f"{number}.jsonl", 400, seed=number)
        packed = lzma.compress((folder / f"{number}.jsonl").read_bytes())
        (folder / f"{number}.jsonl").unlink()
        (folder / f"{number}.jsonl.xz").write_bytes(packed)
    started = time.monotonic()
    _build_in_child(str(folder), str(tmp_path / "whole"), tokenizer)
    whole = time.monotonic() - started
    draw = random.Random(1)
    killed = 0
    for attempt in range(60):
        child = multiprocessing.get_context("fork").Process(
            target=_build_in_child, args=(str(folder), str(tmp_path / "parts"), tokenizer)
        )
        child.start()
        patience = whole / 10 if attempt < 5 else whole / 2
        child.join(timeout=draw.uniform(0, patience) if attempt < 50 else None)
        if child.exitcode is not None:
            assert child.exitcode == 0
            break
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        killed += 1
    assert killed >= 3
    assert contents(tmp_path / "parts") == contents(tmp_path / "whole")


def test_the_output_may_lie_in_the_folder_that_is_read(tmp_path: Path, tokenizer: Tokenizer) -> None:
    write_rows(tmp_path / "rows.jsonl", 50)
    shards = build(tmp_path, tokenizer, tmp_path / "out")
    again = build(tmp_path, tokenizer, tmp_path / "out")
    assert again.manifest == shards.manifest
    assert [Path(item.path).name for item in shards.manifest.sources[0].inputs] == ["rows.jsonl"]


def test_file_names_that_are_no_text(tmp_path: Path, tokenizer: Tokenizer) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / os.fsdecode(b"caf\xe9.txt")).write_text("some text")
    shards = build(folder, tokenizer, tmp_path / "out", validation=0)
    assert shards.manifest.sources[0].inputs[0].path.endswith("caf\\xe9.txt")
    named = build(folder / os.fsdecode(b"caf\xe9.txt"), tokenizer, tmp_path / "named", validation=0)
    assert documents(named, tokenizer, "train") == ["some text"]


def test_a_pipe_is_read_once_and_leaves_nothing_behind(tmp_path: Path, tokenizer: Tokenizer) -> None:
    """A stream cannot be read again, though a single document must be, for its tail."""
    text = "word " * 5000
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=lambda: (tmp_path / "pipe").write_text(text))
    writer.start()
    shards = build(tmp_path / "pipe", tokenizer, tmp_path / "out", validation=0.1)
    writer.join()
    (head,), (tail,) = (documents(shards, tokenizer, split) for split in ("train", "validation"))
    assert head + tail == text
    assert len(contents(tmp_path / "out")) == 5


def test_a_dataset_by_name(tmp_path: Path, tokenizer: Tokenizer) -> None:
    datasets = pytest.importorskip("datasets")
    datasets.Dataset.from_dict({"body": [f"row {n}" for n in range(30)]}).save_to_disk(tmp_path / "saved")
    spec = f"hf:{tmp_path / 'saved'}"
    shards = build(spec, tokenizer, tmp_path / "out", text_field="body", validation=0)
    assert documents(shards, tokenizer, "train") == [f"row {n}" for n in range(30)]
    assert (
        build(spec, tokenizer, tmp_path / "out", text_field="body", validation=0).manifest == shards.manifest
    )


def test_a_tokenizer_without_an_end_token_is_refused(
    tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_rows(tmp_path / "rows.jsonl", 5)
    with pytest.raises(DataError, match=r"no end-of-document token \(<eot>\); its special tokens are <"):
        build(tmp_path / "rows.jsonl", tokenizer, tmp_path / "out", end_token="<eot>")
    shards = build(tmp_path / "rows.jsonl", tokenizer, tmp_path / "out", end_token="<|im_end|>")
    assert shards.manifest.end_id == tokenizer.special_tokens["<|im_end|>"]
    monkeypatch.setattr(tokenizer, "special_tokens", {})
    with pytest.raises(DataError, match="special tokens are none"):
        build(tmp_path / "rows.jsonl", tokenizer, tmp_path / "other")


def test_nonsense_is_refused(tmp_path: Path, tokenizer: Tokenizer) -> None:
    with pytest.raises(DataError, match="no source was given"):
        build([], tokenizer, tmp_path / "out")
    for share in (-0.1, 1.0, float("nan")):
        with pytest.raises(DataError, match="from 0 to below 1"):
            build("x", tokenizer, tmp_path / "out", validation=share)
    (tmp_path / "file").touch()
    write_rows(tmp_path / "rows.jsonl", 5)
    with pytest.raises(DataError, match="shards cannot be written to"):
        build(tmp_path / "rows.jsonl", tokenizer, tmp_path / "file")


def test_a_full_disk_is_told(tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> None:
    write_rows(tmp_path / "rows.jsonl", 50)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(DataError, match="No space left on device"):
            build(tmp_path / "rows.jsonl", tokenizer, tmp_path / "out")
    build(tmp_path / "rows.jsonl", tokenizer, tmp_path / "out").verify()


def test_damaged_shards_are_noticed(tmp_path: Path, tokenizer: Tokenizer) -> None:
    write_rows(tmp_path / "rows.jsonl", 50)
    out = tmp_path / "out"
    shards = build(tmp_path / "rows.jsonl", tokenizer, out)
    tokens = out / "train.tokens.bin"
    data = tokens.read_bytes()
    tokens.write_bytes(bytes([data[0] ^ 1]) + data[1:])
    with pytest.raises(DataError, match="is not what was written"):
        shards.verify()
    tokens.write_bytes(data[:-2])
    with pytest.raises(DataError, match=rf"should hold {len(data)} bytes and holds {len(data) - 2}"):
        ShardSet.open(out)
    tokens.unlink()
    with pytest.raises(DataError, match="is missing; build the shards again, overwriting"):
        ShardSet.open(out)
    (out / "manifest.json").write_text('{"format": 2}')
    with pytest.raises(DataError, match="is no manifest of format 1: at format"):
        ShardSet.open(out)
    with pytest.raises(DataError, match="is not a shard set"):
        ShardSet.open(tmp_path / "nowhere")
    with pytest.raises(DataError, match="made with the tokenizer"):
        shards.check_tokenizer("another")
    with pytest.raises(DataError, match="no split 'test'"):
        shards.tokens("test")
