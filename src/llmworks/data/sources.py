"""Documents from wherever a user's text lies: one name in, a stream of documents out, in bounded memory.

    notes.txt, main.py        one document; a file of over a million characters becomes several, cut at
                              paragraphs, which joined give the file back exactly
    books.jsonl, rows.json    one document a row, from its field `text`
    folder/                   all of it, sorted by path; hidden and binary files are left out and counted
    -                         standard input: text, or JSON Lines if it begins with such a row
    hf:NAME[:CONFIG][@SPLIT]  a Hugging Face dataset, streamed
    any of the files          also compressed: .gz .xz .zst

Text is passed on as it is: no Unicode normalisation, line ends kept.
"""

from __future__ import annotations

import io
import json
import logging
import os
import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from llmworks.data.files import (
    COMPRESSED_SUFFIXES,
    NotTextError,
    decoded_chunks,
    encoding_of,
    open_bytes,
    peek,
)
from llmworks.data.rows import Row, hub_rows, json_lines, json_rows
from llmworks.errors import DataError

LOG = logging.getLogger("llmworks.data")
MAX_DOCUMENT = 1 << 20
"""Characters after which a text file is cut into several documents."""
MAX_NAMED = 1000  # skipped files that are remembered by name


@dataclass(frozen=True, slots=True)
class Document:
    """One text and where it came from, `source` as `path`, `path:line` or `dataset:row`."""

    text: str
    source: str
    metadata: dict[str, Any] = field(default_factory=dict)  # a row's other fields


@dataclass
class ReadLog:
    """What reading found, left out and mended. Pass one to `read_documents` to have it filled."""

    documents: int = 0
    bytes_read: int = 0  # of files on disk, compressed as they are
    skipped: Counter[str] = field(default_factory=Counter)  # reason → files
    left_out: Counter[str] = field(default_factory=Counter)  # those of them that were not even opened
    skipped_files: list[tuple[str, str]] = field(default_factory=list)  # (path, reason), the first thousand
    replaced: int = 0  # characters that did not decode and stand as U+FFFD

    def skip(self, path: str, reason: str, *, opened: bool = False) -> None:
        self.skipped[reason] += 1
        if not opened:
            self.left_out[reason] += 1
        if len(self.skipped_files) < MAX_NAMED:
            self.skipped_files.append((path, reason))

    def replace(self, path: str, count: int) -> None:
        self.replaced += count
        LOG.warning(
            "%s: %d characters did not decode and were replaced by U+FFFD; if the text is in another "
            "encoding, convert it with `iconv -t utf-8`",
            path,
            count,
        )

    def add_read(self, count: int) -> None:
        self.bytes_read += count


@dataclass(frozen=True, slots=True)
class Input:
    """One thing that is read from beginning to end: a file, standard input, or a dataset."""

    name: str  # what the user calls it: a file's path, "-" or "hf:…"
    path: str  # where its bytes are
    given: bool = True  # named by the user, and so not to be passed over when it cannot be read


def read_documents(
    spec: str | Path, text_field: str = "text", *, log: ReadLog | None = None
) -> Iterator[Document]:
    """Stream the documents of a source, in an order that never changes for the same files.

    Args:
        spec: a file, a folder, "-" or "hf:…"; see the module.
        text_field: the field of a row that holds its text; other fields become `metadata`.
        log: filled with counts and with what was left out.

    Raises:
        DataError: the source does not exist, cannot be read or is empty, or a row is malformed (which one).
    """
    log = ReadLog() if log is None else log
    before = log.documents
    for source in list_inputs(spec, log):
        yield from read_input(source, text_field, log)
    if log.documents == before:
        raise DataError(f"{spec} holds no document{describe_skipped(log)}")


def describe_skipped(log: ReadLog) -> str:
    """'; left out: 2 files (binary), 1 file (empty)', or nothing."""
    parts = [f"{count} file{'s' * (count > 1)} ({reason})" for reason, count in log.skipped.most_common()]
    return f"; left out: {', '.join(parts)}" if parts else ""


def list_inputs(spec: str | Path, log: ReadLog) -> list[Input]:
    """The inputs of a source in reading order; files that are no text by their kind are left out."""
    name = readable(os.fspath(spec))
    if name == "-" or name.startswith("hf:"):
        return [Input(name, "/dev/stdin" if name == "-" else name)]
    path = Path(spec)
    try:
        is_folder = stat.S_ISDIR(path.stat().st_mode)
    except OSError as error:
        hint = "; for a Hugging Face dataset write hf:NAME" if isinstance(error, FileNotFoundError) else ""
        raise DataError(f"{name} cannot be read: {error.strerror}{hint}") from error
    return list(_walk(path, log)) if is_folder else [Input(name, os.fspath(spec))]


def _walk(folder: Path, log: ReadLog) -> Iterator[Input]:
    """Files below a folder, sorted by path. Links to folders are not followed: they may lead in a circle."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        log.skip(readable(str(folder)), f"unreadable folder: {error.strerror}")
        return
    for entry in entries:
        if entry.name.startswith("."):
            log.skip(readable(entry.path), "hidden")
        elif entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path), log)
        elif entry.is_dir():
            log.skip(readable(entry.path), "link to a folder")
        elif not entry.is_file():
            log.skip(readable(entry.path), "not a regular file")
        else:
            yield Input(readable(entry.path), entry.path, given=False)


def readable(path: str) -> str:
    """A path as proper text: file names may hold bytes that are no UTF-8."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def read_input(source: Input, text_field: str, log: ReadLog) -> Iterator[Document]:
    """The documents of one input. A file met in a folder that is no text is left out and counted."""
    try:
        for text, place, metadata in _texts(source, text_field, log):
            log.documents += 1
            yield Document(without_surrogates(text, place, log), place, metadata)
    except NotTextError as error:
        if source.given:
            raise
        log.skip(source.name, error.reason, opened=True)
    except DataError as error:
        if source.given or not isinstance(error.__cause__, PermissionError):
            raise
        log.skip(source.name, "unreadable", opened=True)


def _texts(source: Input, text_field: str, log: ReadLog) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(text, place, other fields) of one input, by its kind."""
    name = source.name
    if name.startswith("hf:"):
        yield from _row_texts(hub_rows(name), text_field)
        return
    with open_bytes(source.path, log.add_read) as file:
        codec = encoding_of(file, name)
        kind = ".jsonl" if name == "-" and holds_rows(file, text_field) else kind_of(name)
        if kind == ".jsonl":
            yield from _row_texts(json_lines(file, codec, name), text_field)
            return
        if kind != ".json":
            yield from _file_texts(file, codec, name, log)
            return
        try:
            texts = list(_row_texts(json_rows(file, codec, name), text_field))
        except DataError:
            if source.given:
                raise
        else:
            yield from texts
            return
    # A .json file in a folder that holds no rows of text (a package.json, say) is read as it stands.
    with open_bytes(source.path) as file:
        yield from _file_texts(file, codec, name, log)


def _file_texts(
    file: io.BufferedReader, codec: str, name: str, log: ReadLog
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    chunks = decoded_chunks(file, codec, lambda count: log.replace(name, count))
    for number, text in enumerate(cut_documents(chunks)):
        yield text, name if number == 0 else f"{name}#{number + 1}", {}


def holds_rows(file: io.BufferedReader, text_field: str) -> bool:
    """Whether a stream without a name begins with a JSON object that has the text field."""
    line = peek(file).split(b"\n", 1)[0]
    try:
        row = json.loads(line) if line.lstrip().startswith(b"{") else None
    except (ValueError, RecursionError):
        return False
    return isinstance(row, dict) and isinstance(row.get(text_field), str)


def kind_of(path: str) -> str:
    """The suffix that says what a file holds, in lower case, that of compression taken off."""
    name = Path(path.lower())
    return name.with_suffix("").suffix if name.suffix in COMPRESSED_SUFFIXES else name.suffix


def _row_texts(rows: Iterator[Row], text_field: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for value, place in rows:
        if isinstance(value, str):
            yield value, place, {}
            continue
        if not isinstance(value, dict):
            raise DataError(f"{place}: a row must be an object with a field {text_field!r}, or a string; "
                            f"it is {type_name(value)}")  # fmt: skip
        text = value.get(text_field)
        if not isinstance(text, str):
            raise DataError(f"{place}: {_no_text(value, text_field)}")
        yield text, place, {key: item for key, item in value.items() if key != text_field}


def _no_text(row: dict[str, Any], text_field: str) -> str:
    """Why a row has no text, and what it has instead."""
    fields = ", ".join(f"{key!r} ({type_name(item)})" for key, item in list(row.items())[:20]) or "none"
    if text_field in row:
        return f"the field {text_field!r} must hold a string; it holds {type_name(row[text_field])}"
    hint = "; this looks like conversations, which are read by read_conversations" * ("messages" in row)
    return f"the row has no field {text_field!r}; its fields are {fields}. Choose one with text_field{hint}"


def type_name(value: object) -> str:
    """What a JSON value is, in JSON's words."""
    names = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def cut_documents(chunks: Iterator[str], limit: int = MAX_DOCUMENT) -> Iterator[str]:
    """Join chunks of text into documents of at most `limit` characters; joined they give the text back.

    A cut falls after a paragraph, else after a line, else after a word, in the second half of what the limit
    allows; text without any of these (one huge line of base64, say) is cut at the limit.
    """
    held: list[str] = []
    size = 0
    for chunk in chunks:
        held.append(chunk)
        size += len(chunk)
        if size <= limit:
            continue
        text, start = "".join(held), 0
        while len(text) - start > limit:
            end = _cut(text, start, limit)
            yield text[start:end]
            start = end
        held, size = [text[start:]], len(text) - start
    if size:
        yield "".join(held)


def _cut(text: str, start: int, limit: int) -> int:
    """Where a document that begins at `start` should end."""
    for mark in ("\n\n", "\n", " "):
        at = text.rfind(mark, start + limit // 2, start + limit)
        if at >= 0:
            return at + len(mark)
    return start + limit


def without_surrogates(text: str, place: str, log: ReadLog) -> str:
    r"""The text with halves of surrogate pairs replaced by U+FFFD; JSON can spell them ("\ud800")."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        mended = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        log.replace(place, mended.count("\ufffd") - text.count("\ufffd"))
        return mended
    return text
