"""Documents from files, folders, streams and datasets; and what is said of those that hold none."""

import gzip
import json
import lzma
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from llmworks.data import files, sources
from llmworks.data.sources import Document, ReadLog, cut_documents, read_documents
from llmworks.errors import DataError

ROWS = [{"text": "One fish.", "id": 1}, {"text": "Zwei Fiſche — 二匹", "id": 2}]


def read(spec: object, **options: Any) -> list[Document]:
    return list(read_documents(spec, **options))  # type: ignore[arg-type]


def texts(spec: object, **options: Any) -> list[str]:
    return [document.text for document in read(spec, **options)]


def json_lines(rows: list[Any]) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def test_a_text_file_is_one_document_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("Zeile 1\r\nZeile 2 ✓\n\n".encode())
    assert read(path) == [Document("Zeile 1\r\nZeile 2 ✓\n\n", str(path))]


COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "": lambda data: data,
    ".gz": gzip.compress,
    ".xz": lzma.compress,
    ".zst": lambda data: zstandard.compress(data),
}


@pytest.mark.parametrize("suffix", COMPRESSORS)
def test_compressed_files_of_text_and_rows(tmp_path: Path, suffix: str) -> None:
    pack = COMPRESSORS[suffix]
    (tmp_path / f"a.txt{suffix}").write_bytes(pack(b"plain text"))
    (tmp_path / f"b.jsonl{suffix}").write_bytes(pack(json_lines(ROWS)))
    (tmp_path / f"c.json{suffix}").write_bytes(pack(json.dumps(ROWS).encode()))
    assert texts(tmp_path / f"a.txt{suffix}") == ["plain text"]
    for name in ("b.jsonl", "c.json"):
        documents = read(tmp_path / (name + suffix))
        assert [document.text for document in documents] == [row["text"] for row in ROWS]
        assert [document.metadata for document in documents] == [{"id": 1}, {"id": 2}]
    assert read(tmp_path / f"b.jsonl{suffix}")[1].source.endswith(f"b.jsonl{suffix}:2")


@pytest.mark.parametrize("suffix", [".gz", ".xz", ".zst"])
def test_several_compressed_parts_in_one_file(tmp_path: Path, suffix: str) -> None:
    """What `cat a.gz b.gz` gives is a valid file of its kind."""
    pack = COMPRESSORS[suffix]
    (tmp_path / f"a.txt{suffix}").write_bytes(pack(b"first ") + pack(b"second " * 9000) + pack(b"third"))
    assert texts(tmp_path / f"a.txt{suffix}") == ["first " + "second " * 9000 + "third"]


@pytest.mark.parametrize("suffix", [".gz", ".xz", ".zst"])
def test_a_compressed_file_cut_short_is_refused(tmp_path: Path, suffix: str) -> None:
    data = COMPRESSORS[suffix](os.urandom(100_000).hex().encode())
    path = tmp_path / f"a.txt{suffix}"
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(DataError, match=r"a\.txt.*(damaged|cut short)"):
        read(path)


@pytest.mark.parametrize("suffix", [".gz", ".xz", ".zst"])
def test_a_compressed_file_with_damage_is_refused(tmp_path: Path, suffix: str) -> None:
    data = bytearray(COMPRESSORS[suffix](os.urandom(100_000).hex().encode()))
    data[len(data) // 2 : len(data) // 2 + 50] = bytes(50)
    (tmp_path / f"a.txt{suffix}").write_bytes(data)
    with pytest.raises(DataError):
        read(tmp_path / f"a.txt{suffix}")


def test_the_kind_of_compression_is_told_by_content(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(lzma.compress(b"in disguise"))
    (tmp_path / "b.txt.gz").write_bytes(b"not compressed at all")
    assert texts(tmp_path / "a.txt") == ["in disguise"]
    assert texts(tmp_path / "b.txt.gz") == ["not compressed at all"]


def test_a_folder_is_read_in_order_and_says_what_it_leaves_out(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("hidden")
    (tmp_path / "a.txt").write_text("A")
    (tmp_path / "b" / "c.py").write_text("print('C')\n")
    (tmp_path / "b" / "d.jsonl").write_text('{"text": "D"}\n')
    (tmp_path / "package.json").write_text('{"name": "no text here"}')
    (tmp_path / "z.bin").write_bytes(b"PK\x03\x04" + bytes(100))
    (tmp_path / "latin.txt").write_bytes("ÄÖÜ éèê".encode("latin-1"))
    (tmp_path / "empty.txt").touch()
    (tmp_path / "circle").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(tmp_path / "pipe")
    log = ReadLog()
    assert texts(tmp_path, log=log) == ["A", "print('C')\n", "D", '{"name": "no text here"}']
    assert log.skipped == {
        "hidden": 1, "binary": 1, "not UTF-8": 1, "empty": 1, "link to a folder": 1, "not a regular file": 1,
    }  # fmt: skip
    assert (str(tmp_path / "z.bin"), "binary") in log.skipped_files
    assert log.documents == 4


def test_a_folder_without_text_says_why(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(bytes(10))
    with pytest.raises(DataError, match=r"holds no document; left out: 1 file \(binary\)"):
        read(tmp_path)


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused when named, left out when met in a folder. Simulated: permissions do not bind the superuser."""
    (tmp_path / "a.txt").write_text("A")
    (tmp_path / "b.txt").write_text("B")
    original = files._CountedFile.__init__

    def refuse(self: Any, path: str, on_read: Any) -> None:
        if path.endswith("b.txt"):
            raise PermissionError(13, "Permission denied")
        original(self, path, on_read)

    monkeypatch.setattr(files._CountedFile, "__init__", refuse)
    with pytest.raises(DataError, match=r"b\.txt cannot be read: Permission denied"):
        read(tmp_path / "b.txt")
    log = ReadLog()
    assert texts(tmp_path, log=log) == ["A"]
    assert log.skipped == {"unreadable": 1}


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32", "utf-16-be"])
def test_byte_order_marks(tmp_path: Path, codec: str) -> None:
    text = "Grüße, 世界 🌍\n" * 3
    mark = b"\xfe\xff" if codec == "utf-16-be" else b""
    (tmp_path / "a.txt").write_bytes(mark + text.encode(codec))
    (tmp_path / "b.jsonl").write_bytes(mark + json_lines(ROWS).decode().encode(codec))
    (tmp_path / "c.json").write_bytes(mark + json.dumps(ROWS).encode(codec))
    assert texts(tmp_path / "a.txt") == [text]
    assert texts(tmp_path / "b.jsonl") == texts(tmp_path / "c.json") == [row["text"] for row in ROWS]


def test_a_few_wrong_bytes_are_replaced_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Also where the pieces that a file is read in part a character: one of U+FFFD's own is not counted."""
    monkeypatch.setattr(files, "CHUNK", 7)
    data = b"plain text " * 20 + b"caf\xe9, na\xefve " + "\ufffd\ufffd\ufffd ✓".encode()
    (tmp_path / "a.txt").write_bytes(data)
    log = ReadLog()
    assert texts(tmp_path / "a.txt", log=log) == [data.decode("utf-8", "replace")]
    assert log.replaced == 2
    assert "2 characters did not decode" in caplog.text


def test_text_in_another_encoding_or_binary_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("Съешь же ещё этих мягких булок".encode("koi8-r"))
    (tmp_path / "b.txt").write_bytes("no mark".encode("utf-16-le"))
    (tmp_path / "c.txt").write_bytes(b"\x7fELF\x02\x01\x01\x00\x00")
    with pytest.raises(DataError, match=r"a\.txt is not UTF-8.*iconv"):
        read(tmp_path / "a.txt")
    for name in "bc":
        with pytest.raises(DataError, match=f"{name}.txt is binary"):
            read(tmp_path / f"{name}.txt")


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.json"])
def test_an_empty_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    with pytest.raises(DataError, match="empty"):
        read(tmp_path / name)
    (tmp_path / "b.jsonl").write_text("\n \n")
    with pytest.raises(DataError, match="holds no document"):
        read(tmp_path / "b.jsonl")


def test_a_missing_file_and_a_missing_name() -> None:
    with pytest.raises(DataError, match=r"nowhere\.txt cannot be read: No such file.*hf:NAME"):
        read("nowhere.txt")
    with pytest.raises(DataError, match="names no dataset"):
        read("hf:")


BAD_LINES = {
    b'{"text": "cut': r":3: not valid JSON \(.*: column 10",
    b'["text"]': r":3: a row must be an object .* it is a list",
    b'{"body": "x", "n": 1}': r":3: the row has no field 'text'; .* 'body' \(a string\), 'n' \(a number\)",
    b'{"text": null}': r":3: the field 'text' must hold a string; it holds null",
    b'{"messages": []}': r":3: the row has no field 'text'.*read_conversations",
    b'{"text": "\xff"}': r":3: not UTF-8",
    b"[" * 100_000: r":3: JSON that cannot be read",
    b"9" * 10_000: r":3: JSON that cannot be read",
}


@pytest.mark.parametrize("line", BAD_LINES, ids=range(len(BAD_LINES)))
def test_a_bad_row_is_named_with_its_line(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'{"text": "good"}\n\n' + line + b"\n")
    with pytest.raises(DataError, match=r"rows\.jsonl" + BAD_LINES[line]):
        read(path)


def test_rows_with_other_fields_and_bare_strings(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"body": "A", "text": 1}\n"B"\n')
    documents = read(tmp_path / "a.jsonl", text_field="body")
    assert [(document.text, document.metadata) for document in documents] == [("A", {"text": 1}), ("B", {})]


def test_half_a_surrogate_pair_in_json_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "\\ud83d\\ude00 \\ud83d! \\ufffd"}\n')
    log = ReadLog()
    assert texts(tmp_path / "a.jsonl", log=log) == ["😀 �! �"]
    assert log.replaced == 1


def test_a_line_that_is_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("llmworks.data.rows.MAX_LINE", 1 << 20)
    (tmp_path / "a.jsonl").write_text('{"text": "' + "x" * (2 << 20) + '"}\n')
    (tmp_path / "a.json").write_text('{"text": "' + "x" * (2 << 20) + '"}\n')
    with pytest.raises(DataError, match=r"a\.jsonl:1: the line is longer than 1 MiB"):
        read(tmp_path / "a.jsonl")
    with pytest.raises(DataError, match=r"a\.json is longer than 1 MiB; write it as JSON Lines"):
        read(tmp_path / "a.json")


@given(st.lists(st.text(st.sampled_from("ab \né\r")), max_size=30), st.integers(2, 20))
def test_cutting_loses_nothing_and_keeps_to_the_limit(chunks: list[str], limit: int) -> None:
    pieces = list(cut_documents(iter(chunks), limit))
    assert "".join(pieces) == "".join(chunks)
    assert all(0 < len(piece) <= limit for piece in pieces)


def test_cuts_fall_between_paragraphs_then_lines_then_words() -> None:
    assert list(cut_documents(iter(["aaaa\n\nbb\nc d"]), 9)) == ["aaaa\n\n", "bb\nc d"]
    assert list(cut_documents(iter(["aa aaa\nb cc"]), 9)) == ["aa aaa\n", "b cc"]
    assert list(cut_documents(iter(["aa aaa bcc"]), 9)) == ["aa aaa ", "bcc"]
    assert list(cut_documents(iter(["aaaaaaaaaaaa"]), 9)) == ["aaaaaaaaa", "aaa"]


def test_one_line_of_50_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "line.txt"
    with path.open("wb") as file:
        for number in range(50):
            file.write(b"%09d " % number * 104_857)
    documents = read(path)
    assert len(documents) > 45
    assert max(len(document.text) for document in documents) <= sources.MAX_DOCUMENT
    assert "".join(document.text for document in documents).encode() == path.read_bytes()
    assert documents[1].source == f"{path}#2"


def read_stdin(data: bytes) -> list[str]:
    reading, writing = os.pipe()
    kept = os.dup(0)
    try:
        os.write(writing, data)
        os.close(writing)
        os.dup2(reading, 0)
        return texts("-")
    finally:
        os.dup2(kept, 0)
        os.close(kept)
        os.close(reading)


def test_standard_input_as_text_and_as_rows() -> None:
    assert read_stdin(b"some text") == ["some text"]
    assert read_stdin(b'{"text": "A"}\n{"text": "B"}\n') == ["A", "B"]
    assert read_stdin(b'{"name": "A"}\n') == ['{"name": "A"}\n']
    assert read_stdin(gzip.compress(b"packed")) == ["packed"]
    with pytest.raises(DataError, match="- is empty"):
        read_stdin(b"")


def test_hugging_face_datasets_from_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    datasets = pytest.importorskip("datasets")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    data = datasets.Dataset.from_dict({"text": ["A", "B", "C"], "n": [1, 2, 3]})
    data.save_to_disk(tmp_path / "saved")
    datasets.DatasetDict({"train": data, "test": data.select([2])}).save_to_disk(tmp_path / "parts")
    (tmp_path / "folder").mkdir()
    data.to_parquet(tmp_path / "folder" / "train.parquet")
    for name in ("saved", "parts", "folder"):
        documents = read(f"hf:{tmp_path / name}")
        assert [(document.text, document.metadata) for document in documents] == [
            ("A", {"n": 1}), ("B", {"n": 2}), ("C", {"n": 3}),
        ]  # fmt: skip
    assert texts(f"hf:{tmp_path / 'parts'}@test") == ["C"]
    with pytest.raises(DataError, match="has no split 'dev'; it has train, test"):
        read(f"hf:{tmp_path / 'parts'}@dev")
    with pytest.raises(DataError, match="no field 'body'; its fields are 'text'"):
        read(f"hf:{tmp_path / 'saved'}", text_field="body")
    with pytest.raises(DataError, match=r"hf:.*gone cannot be read: \w+"):
        read(f"hf:{tmp_path / 'gone'}")


def test_without_the_datasets_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(DataError, match=r"pip install 'llmworks\[hub\]'"):
        read("hf:some/name")


@given(
    data=st.binary(max_size=200) | st.text().map(str.encode),
    suffix=st.sampled_from([".txt", ".jsonl", ".json"]),
)
def test_any_bytes_are_text_or_a_clear_refusal(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str
) -> None:
    path = tmp_path_factory.getbasetemp() / f"any{suffix}"
    path.write_bytes(data)
    try:
        documents = read(path)
    except DataError:
        return
    for document in documents:
        document.text.encode()
