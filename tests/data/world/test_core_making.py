"""A world on disk: written in parts by any number of processes, resumed, read again, checked."""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmworks.data.conversations import read_conversations
from llmworks.data.world import making
from llmworks.data.world.build import build_world
from llmworks.data.world.checking import bare, check_stream, skeleton, unfit_talks
from llmworks.data.world.ledger import World
from llmworks.data.world.making import Order, make_world, people_for
from llmworks.data.world.schedule import Mix
from llmworks.data.world.store import changed_files, read_manifest, records, text_line
from llmworks.data.world.stream import WorldStream, choices, talks
from llmworks.data.world.version import world_version
from llmworks.errors import ConfigError, DataError

SMALL = {0: 0.2, 1: 0.3, 3: 0.3, 10: 0.19, 100: 0.01}
ORDER = Order(5, 30, talks=60, choices=20, shares=SMALL)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world") / "here"
    make_world(folder, ORDER)
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_what_is_written_is_the_stream(made: Path) -> None:
    world = build_world(5, 30, SMALL)
    written = list(records(made))
    assert written == json.loads(json.dumps(list(WorldStream(world))))
    said = Counter(id for record in written for id in record["facts"])
    assert all(said[fact.id] == fact.exposures for fact in world.facts)
    assert {path.name for path in made.iterdir()} == {
        "world.json", "ledger.jsonl", "text.jsonl", "talks.jsonl", "choices.jsonl",
    }  # fmt: skip


@given(st.text(), st.text(), st.lists(st.integers(0, 10**9)))
def test_a_line_is_what_json_writes(kind: str, text: str, facts: list[int]) -> None:
    record = {"id": 7, "kind": kind, "text": text, "facts": facts}
    assert text_line(record) == json.dumps(record, ensure_ascii=False) + "\n"


def test_the_world_is_read_again_as_it_was_built(made: Path) -> None:
    world, built = World.load(made), build_world(5, 30, SMALL)
    assert world.seed == built.seed
    assert world.shares == built.shares
    for one, other in zip(world.entities, built.entities, strict=True):
        assert (one.id, one.kind, one.name, one.gender, one.sort, one.asked) == (
            other.id, other.kind, other.name, other.gender, other.sort, other.asked,
        )  # fmt: skip
        assert list(one.facts) == list(other.facts)
    for fact, same in zip(world.facts, built.facts, strict=True):
        assert repr(fact) == repr(same)
        assert (fact.object and fact.object.id) == (same.object and same.object.id)
    assert [fact.id for fact in world.answerable] == [fact.id for fact in built.answerable]


def test_conversations_are_read_by_the_reader_of_all_conversations(made: Path) -> None:
    found = list(read_conversations(made / "talks.jsonl"))
    assert found == [record["messages"] for record in records(made, "talks")]
    assert len(found) == 60
    pairs = list(records(made, "choices"))
    assert len(pairs) == 20
    assert all(pair["chosen"] != pair["rejected"] and pair["prompt"][-1]["role"] == "user" for pair in pairs)


def test_any_number_of_workers_and_any_stop_give_the_same_bytes(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "PART", 100)
    make_world(tmp_path / "two", ORDER, workers=2)
    assert files(tmp_path / "two") == files(made)

    class StopHereError(Exception):
        pass

    def stop(name: str, done: int, total: int, written: int) -> None:
        if name == "text.jsonl" and done >= 200:
            raise StopHereError

    with pytest.raises(StopHereError):
        make_world(tmp_path / "stopped", ORDER, report=stop)
    assert not (tmp_path / "stopped" / "world.json").exists()
    with (tmp_path / "stopped" / "text.jsonl").open("ab") as file:
        file.write(b'{"half a li')  # the machine went down while writing
    seen: list[int] = []
    make_world(tmp_path / "stopped", ORDER, report=lambda name, done, total, written: seen.append(done))
    assert seen[0] == 300
    assert files(tmp_path / "stopped") == files(made)


def test_no_luck_but_that_of_the_seed() -> None:
    """Python hashes strings otherwise in every process: no order of a set may reach a text."""
    code = (
        "import hashlib\n"
        "from llmworks.data.world.build import build_world\n"
        "from llmworks.data.world.stream import WorldStream, choices, talks\n"
        "world = build_world(11, 40)\n"
        "made = [*WorldStream(world).part(0, 1500), *talks(world, 300, 1), *choices(world, 100, 1)]\n"
        "print(hashlib.sha256(repr(made).encode()).hexdigest())"
    )
    salt = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    there = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONHASHSEED": salt},
        stdout=subprocess.PIPE,
        check=True,
    )
    world = build_world(11, 40)
    here = [*WorldStream(world).part(0, 1500), *talks(world, 300, 1), *choices(world, 100, 1)]
    assert there.stdout.decode().strip() == hashlib.sha256(repr(here).encode()).hexdigest()


def test_another_world_is_not_written_over(made: Path) -> None:
    before = files(made)
    assert make_world(made, ORDER) == read_manifest(made)  # there already
    with pytest.raises(DataError, match="another world"):
        make_world(made, Order(6, 30, shares=SMALL))
    assert files(made) == before
    with pytest.raises(ConfigError, match="at least one worker"):
        make_world(made, ORDER, workers=0)


def test_a_changed_file_is_found(made: Path, tmp_path: Path) -> None:
    assert changed_files(made) == {}
    copy = tmp_path / "copy"
    copy.mkdir()
    for name, content in files(made).items():
        (copy / name).write_bytes(content)
    text = (copy / "text.jsonl").read_bytes()
    (copy / "text.jsonl").write_bytes(text.replace(b"a", b"b", 1))
    (copy / "talks.jsonl").unlink()
    (copy / "choices.jsonl").write_bytes(b"")
    wrong = changed_files(copy)
    assert set(wrong) == {"text.jsonl", "talks.jsonl", "choices.jsonl"}
    assert "SHA-256" in wrong["text.jsonl"]
    assert wrong["talks.jsonl"] == "missing"


def test_a_broken_ledger_names_its_line(made: Path, tmp_path: Path) -> None:
    for name, content in files(made).items():
        (tmp_path / name).write_bytes(content)
    lines = (tmp_path / "ledger.jsonl").read_text().splitlines()
    del lines[2]
    (tmp_path / "ledger.jsonl").write_text("\n".join(lines))
    with pytest.raises(DataError, match=r"ledger.jsonl:3"):
        World.load(tmp_path)
    with pytest.raises(DataError, match=r"no world.json"):
        World.load(tmp_path / "nowhere")
    (tmp_path / "talks.jsonl").unlink()
    with pytest.raises(DataError, match=r"no talks.jsonl"):
        next(records(tmp_path, "talks"))


def test_the_version_hangs_on_all_that_makes_the_bytes() -> None:
    mix = Mix()
    one = world_version(1, 100, SMALL, mix)
    assert one == world_version(1, 100, dict(SMALL), Mix())
    others = {
        one,
        world_version(2, 100, SMALL, mix),
        world_version(1, 101, SMALL, mix),
        world_version(1, 100, SMALL, Mix(free=0.3)),
        world_version(1, 100, SMALL | {0: 0.1, 1: 0.4}, mix),
    }
    assert len(others) == 5


def test_a_size_finds_its_people() -> None:
    people = people_for(300_000, 3, shares=SMALL)
    expected = WorldStream(build_world(3, people, SMALL)).bytes_expected
    assert expected == pytest.approx(300_000, rel=0.08)


def test_the_check_finds_what_is_wrong() -> None:
    world = build_world(5, 30, SMALL)
    told = [json.loads(json.dumps(record)) for record in WorldStream(world)]
    sound = check_stream(world, told)
    assert sound.sound
    assert sum(kind.texts for kind in sound.kinds.values()) == len(told)
    assert 0 < sound.distinct < 1
    stating = next(number for number, record in enumerate(told) if record["facts"])
    fact = world.facts[told[stating]["facts"][0]]
    dropped = check_stream(world, told[:stating] + told[stating + 1 :])
    assert (fact.id, fact.exposures, fact.exposures - 1) in dropped.wrong_exposures
    empty = check_stream(world, [*told[:stating], told[stating] | {"text": "?"}, *told[stating + 1 :]])
    assert (told[stating]["id"], fact.id) in empty.absent_values
    long = check_stream(world, [told[0] | {"text": told[0]["text"] + " so" * 401}], complete=False)
    assert long.too_long == [told[0]["id"]]
    assert check_stream(world, [told[0], told[0]], complete=False).copies == 1
    silent = next(fact for fact in world.facts if fact.exposures == 1)
    assert unfit_talks(world, [{"id": 9, "facts": [silent.id]}]) == [(9, silent.id)]


def test_names_and_numbers_are_struck_out_of_a_skeleton() -> None:
    assert skeleton("In 1961 Mara went to Quillby, alone.") == ["_", "_", "_", "went", "to", "_", "alone."]
    assert bare("an old goat") == "old goat"
    assert bare("14 crowns") == "14"
