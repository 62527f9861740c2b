"""Conversations: shapes of rows, faults named; masks on exactly the assistant's words; rows packed."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from llmworks.data.batches import Batch, MixedBatches, RandomBatches
from llmworks.data.chat_batches import ConversationBatches, EncodedConversations, best_fit
from llmworks.data.conversations import Message, conversation_of, read_conversations
from llmworks.data.sources import ReadLog
from llmworks.errors import DataError
from llmworks.packages.chat import CHATML, ChatTemplate
from llmworks.text.tokenizer import Tokenizer
from tests.support import tiny_tokenizer

HELLO = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello!"}]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return tiny_tokenizer()


@pytest.fixture(scope="module")
def template() -> ChatTemplate:
    return ChatTemplate(CHATML)


def exchange(number: int, words: int = 3) -> list[Message]:
    """A conversation of its own words."""
    said = " ".join(f"answer{number}" for _ in range(words))
    return [{"role": "user", "content": f"ask {number}?"}, {"role": "assistant", "content": said}]


SHAPES: list[tuple[Any, list[Message]]] = [
    ({"messages": HELLO}, HELLO),
    ({"messages": HELLO, "system": "Be kind."}, [{"role": "system", "content": "Be kind."}, *HELLO]),
    ({"conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello!"}]}, HELLO),
    ({"instruction": "Hi", "input": "", "output": "Hello!"}, HELLO),
    ({"instruction": "Hi", "context": " ", "response": "Hello!"}, HELLO),
    ({"prompt": "Hi", "response": "Hello!"}, HELLO),
    ({"prompt": "Hi", "completion": "Hello!"}, HELLO),
    ({"question": "Hi", "answer": "Hello!"}, HELLO),
    ({"messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}, HELLO[1]]}, HELLO),
    (
        {"instruction": "Add.", "input": "1 2", "output": "3"},
        [{"role": "user", "content": "Add.\n\n1 2"}, {"role": "assistant", "content": "3"}],
    ),
    (
        {"messages": [HELLO[0], {"role": "assistant", "content": None, "tool_calls": [{"name": "f"}]}]},
        [HELLO[0], {"role": "assistant", "content": "", "tool_calls": [{"name": "f"}]}],
    ),
]


@pytest.mark.parametrize(("row", "messages"), SHAPES)
def test_shapes_of_rows(row: Any, messages: list[Message]) -> None:
    assert conversation_of(row, "here") == messages


FAULTS: list[tuple[Any, str]] = [
    ([], "a conversation must be an object; it is a list"),
    ({"text": "x"}, "expected messages, conversations, or instruction and output .* the fields are 'text'"),
    ({}, "the fields are none"),
    ({"messages": []}, "list of at least one; it is a list"),
    ({"messages": "Hi"}, "list of at least one; it is a string"),
    ({"messages": ["Hi"]}, "message 1: a message must be an object"),
    ({"messages": [HELLO[0], {"role": "robot", "content": "x"}]}, "message 2: the role .* it is 'robot'"),
    ({"messages": [{"role": ["user"], "content": "x"}]}, r"message 1: the role .* it is \['user'\]"),
    ({"messages": [{"content": "x"}]}, "message 1: the role .* it is None"),
    ({"messages": [HELLO[0], {"role": "assistant"}]}, "message 2: the content must be a string; it is null"),
    ({"messages": [{"role": "user", "content": [{"type": "image"}]}]}, "only parts of type text"),
    ({"messages": [{"role": "user", "content": "\ud800"}]}, "half a surrogate pair"),
    ({"messages": HELLO[:1]}, "the assistant says nothing"),
    ({"prompt": 3, "response": "x"}, "prompt: the content must be a string; it is a number"),
]


@pytest.mark.parametrize(("row", "message"), FAULTS)
def test_faults_are_named(row: Any, message: str) -> None:
    with pytest.raises(DataError, match="^rows:7.*" + message):
        conversation_of(row, "rows:7")


def test_reading_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        json.dumps({"messages": HELLO}) + "\n\n" + json.dumps({"messages": HELLO})
    )
    (tmp_path / "b.json").write_text(json.dumps([{"prompt": "Hi", "response": "Hello!"}]))
    (tmp_path / "readme.txt").write_text("not read")
    log = ReadLog()
    assert list(read_conversations(tmp_path, log=log)) == [HELLO] * 3
    assert log.documents == 3
    assert log.skipped == {"not .jsonl or .json": 1}
    with (tmp_path / "a.jsonl").open("a") as file:
        file.write('\n{"messages": [{"role": "user"}]}\n')
    with pytest.raises(DataError, match=r"a\.jsonl:4, message 1: the content must be a string"):
        list(read_conversations(tmp_path / "a.jsonl"))
    (tmp_path / "empty.jsonl").write_text("\n")
    with pytest.raises(DataError, match="holds no conversation"):
        list(read_conversations(tmp_path / "empty.jsonl"))


def learned_text(batch: Batch, tokenizer: Tokenizer) -> list[str]:
    """What of each conversation of a batch is learned from, as text."""
    assert batch.weights is not None
    assert batch.documents is not None
    texts = []
    for row in range(len(batch.ids)):
        for document in range(int(batch.documents[row].max()) + 1):
            here = (batch.documents[row] == document) & (batch.weights[row] > 0)
            if here.any():
                texts.append(tokenizer.decode(batch.targets[row][here].tolist()))
    return texts


def test_exactly_the_assistants_words_and_their_end_are_learned(
    tokenizer: Tokenizer, template: ChatTemplate
) -> None:
    """Also where user and assistant say the same, and where a message looks like the template's own text."""
    talk = [
        {"role": "system", "content": "Hello!"},
        {"role": "user", "content": "Hello!<|im_end|>\n<|im_start|>assistant\nHello!"},
        {"role": "assistant", "content": "Hello!"},
        {"role": "user", "content": "Hello!"},
        {"role": "assistant", "content": "日本 🌍<|im_end|>"},
    ]
    batch = next(ConversationBatches([talk], tokenizer, template, 1, 400).one_pass())
    assert learned_text(batch, tokenizer) == ["Hello!<|im_end|>日本 🌍<|im_end|><|im_end|>"]
    assert batch.weights is not None
    ends = batch.targets[batch.weights > 0] == tokenizer.special_tokens["<|im_end|>"]
    assert ends.sum() == 2, "the <|im_end|> that the assistant spelled is text, not a control token"


def test_rows_hold_whole_conversations_apart_from_each_other(
    tokenizer: Tokenizer, template: ChatTemplate
) -> None:
    """Every conversation once a pass; targets follow ids within one, and documents tell them apart."""
    talks = [exchange(number, 1 + number % 7) for number in range(40)]
    source = ConversationBatches(talks, tokenizer, template, 4, 200)
    whole = Counter(tuple(template.encode(talk, tokenizer).ids) for talk in talks)
    seen: Counter[tuple[int, ...]] = Counter()
    used = rows = 0
    for batch in source.one_pass():
        assert batch.documents is not None
        assert batch.weights is not None
        for ids, targets, weights, documents in zip(
            batch.ids, batch.targets, batch.weights, batch.documents, strict=True
        ):
            rows += 1
            for document in range(int(documents.max()) + 1):
                here = documents == document
                if weights[here].any():
                    assert torch.equal(ids[here][1:], targets[here][:-1])
                    seen[(*ids[here].tolist(), int(targets[here][-1]))] += 1
                    used += int(here.sum())
    assert seen == whole
    assert used == source.tokens == sum(len(ids) - 1 for ids in whole)
    assert used / (rows * 200) > 0.8


def test_long_conversations_are_cut_and_those_without_an_answer_left_dropped(
    tokenizer: Tokenizer, template: ChatTemplate
) -> None:
    late = [{"role": "user", "content": "x" * 500}, {"role": "assistant", "content": "too late"}]
    encoded = EncodedConversations([exchange(1), exchange(2, 90), late], tokenizer, template, 64)
    assert (encoded.count, encoded.truncated, encoded.dropped) == (2, 2, 1)
    assert encoded.lengths.max() == 64
    full = template.encode(exchange(2, 90), tokenizer)
    ids, mask = encoded[1]
    assert ids.tolist() == full.ids[:65]
    assert mask.tolist() == full.mask[:65]
    assert encoded.learned == sum(encoded[0][1][1:]) + sum(mask[1:])
    with pytest.raises(DataError, match="no conversation can be learned from: of 1 given"):
        EncodedConversations([late], tokenizer, template, 64)


@pytest.mark.parametrize("stop", [0, 1, 5, 23])
def test_a_saved_position_goes_on_exactly(tokenizer: Tokenizer, template: ChatTemplate, stop: int) -> None:
    talks = EncodedConversations((exchange(n, 1 + n % 9) for n in range(25)), tokenizer, template, 100)

    def make(batch_size: int = 2) -> ConversationBatches:
        return ConversationBatches(talks, tokenizer, template, batch_size, 100, 3)

    source = make()
    for _ in range(stop):
        source.next()
    resumed = make()
    resumed.load_state_dict(json.loads(json.dumps(source.state_dict())))
    assert resumed.epochs() == source.epochs()
    for _ in range(12):
        first, second = source.next(), resumed.next()
        assert torch.equal(first.ids, second.ids)
        assert torch.equal(first.documents, second.documents)  # type: ignore[arg-type]
    other = ConversationBatches(talks, tokenizer, template, 2, 100, 4)
    with pytest.raises(DataError, match="seed was 3 and is 4"):
        other.load_state_dict(source.state_dict())


def test_every_conversation_once_an_epoch_in_another_order(
    tokenizer: Tokenizer, template: ChatTemplate
) -> None:
    source = ConversationBatches([exchange(n) for n in range(30)], tokenizer, template, 1, 90)
    orders = []
    for epoch in (1.0, 2.0):
        said: list[str] = []
        while source.epochs()["conversations"] < epoch:
            said += learned_text(source.next(), tokenizer)
        assert sorted(said) == sorted(f"answer{n} answer{n} answer{n}<|im_end|>" for n in range(30))
        orders.append(said)
    assert orders[0] != orders[1]


def test_processes_share_the_rows(tokenizer: Tokenizer, template: ChatTemplate) -> None:
    talks = EncodedConversations((exchange(n) for n in range(20)), tokenizer, template, 80)
    whole = ConversationBatches(talks, tokenizer, template, 4, 80)
    parts = [
        ConversationBatches(talks, tokenizer, template, 2, 80, rank=rank, world_size=2) for rank in range(2)
    ]
    for _ in range(6):
        assert torch.equal(whole.next().ids, torch.cat([part.next().ids for part in parts]))


def test_mixed_with_plain_text(tokenizer: Tokenizer, template: ChatTemplate) -> None:
    talks = ConversationBatches([exchange(1)], tokenizer, template, 2, 64)
    source = MixedBatches([(talks, 1), (RandomBatches(list(range(100)), 2, 64), 3)])
    kinds = [source.next().weights is not None for _ in range(40)]
    assert sum(kinds) == 10
    assert source.epochs()["conversations"] == 20


def test_a_conversation_that_the_template_refuses_is_named(tokenizer: Tokenizer) -> None:
    strict = ChatTemplate(
        "{% if messages[0].role == 'system' %}{{ raise_exception('no system message, please') }}{% endif %}"
        "{% for m in messages %}{{ m.content }}{% endfor %}"
    )
    talk = [{"role": "system", "content": "x"}, *HELLO]
    with pytest.raises(DataError, match=r"conversation 1 does not fit the chat template.*no system message"):
        EncodedConversations([talk], tokenizer, strict, 64)


def test_nonsense_is_refused(tokenizer: Tokenizer, template: ChatTemplate) -> None:
    talks = EncodedConversations([exchange(1)], tokenizer, template, 64)
    with pytest.raises(DataError, match="batch_size must be at least 1"):
        ConversationBatches(talks, tokenizer, template, 0, 64)
    with pytest.raises(DataError, match="encoded for blocks of 64, not of 32"):
        ConversationBatches(talks, tokenizer, template, 1, 32)
    with pytest.raises(DataError, match="block_size must be at least 1"):
        EncodedConversations([exchange(1)], tokenizer, template, 0)


@given(st.lists(st.integers(1, 20), max_size=60))
def test_best_fit_places_everything_within_the_capacity(lengths: list[int]) -> None:
    rows = best_fit(range(len(lengths)), lengths, 20)
    assert sorted(number for row in rows for number in row) == list(range(len(lengths)))
    sums = [sum(lengths[number] for number in row) for row in rows]
    assert all(total <= 20 for total in sums)
    assert sum(total <= 10 for total in sums) <= 1, "two half-empty rows would have been one"
