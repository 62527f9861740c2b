"""Stop strings: the result does not depend on the cut into pieces, and nothing of a stop string is shown."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmworks.inference.stop import StopStrings, TextOutput

small_text = st.text(alphabet="ab\n", max_size=30)


def cut_before_stop(text: str, stops: list[str]) -> tuple[str, str | None]:
    """The rule itself: read character by character; the first stop that is complete, the longest of those."""
    for end in range(len(text) + 1):
        done = [stop for stop in stops if text[:end].endswith(stop)]
        if done:
            longest = max(done, key=len)
            return text[: end - len(longest)], longest
    return text, None


@given(small_text, st.lists(st.text(alphabet="ab\n", min_size=1, max_size=5), max_size=4), st.data())
@settings(deadline=None)
def test_pieces_do_not_matter(text: str, stops: list[str], data: st.DataObject) -> None:
    watcher, shown, rest = StopStrings(stops), "", text
    expected, found = cut_before_stop(text, stops)
    while rest and watcher.found is None:
        size = data.draw(st.integers(1, len(rest)))
        shown += watcher.feed(rest[:size])
        rest = rest[size:]
        assert expected.startswith(shown), "something was shown that has to be taken back"
    if watcher.found is None:
        shown += watcher.flush()
    assert (shown, watcher.found) == (expected, found)


def test_text_is_held_only_while_it_may_become_a_stop() -> None:
    watcher = StopStrings(["\nUser:"])
    assert [watcher.feed(piece) for piece in ("day.", "\n", "Us", "ing", "\nU", "ser:x")] == [
        "day.", "", "", "\nUsing", "", "",
    ]  # fmt: skip
    assert watcher.found == "\nUser:"
    assert watcher.feed("more") == watcher.flush() == ""


class Bytes:
    """A tokenizer whose ids are bytes, with the decoder of a stream."""

    def __init__(self) -> None:
        self.held = b""

    def feed(self, id: int) -> str:
        self.held += bytes([id])
        try:
            text = self.held.decode()
        except UnicodeDecodeError:
            return ""
        self.held = b""
        return text

    def flush(self) -> str:
        text, self.held = self.held.decode(errors="replace"), b""
        return text


@pytest.mark.parametrize("stop", ["é", "语", "x"])
def test_stop_inside_multibyte_text(stop: str) -> None:
    output = TextOutput(Bytes(), (stop,), frozenset({256}))
    shown = ""
    for id in f"日本{stop}语".encode():
        shown += output.feed(id)
        if output.found:
            break
    assert shown == "日本"
    assert output.found == stop


def test_control_tokens_give_no_text_and_end_a_half_character() -> None:
    output = TextOutput(Bytes(), (), frozenset({256}))
    assert output.feed("é".encode()[0]) == ""
    assert output.feed(256) == "\ufffd"
    assert output.feed(ord("a")) == "a"
    assert output.flush() == ""
    assert output.length == 2
