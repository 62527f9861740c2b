# ruff: noqa: PT018 (two halves of one claim)
"""Tool talks as the chat template writes them and the reader reads them; preferences."""

from __future__ import annotations

import json
from collections import Counter
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from llmworks.data.chat_batches import ConversationBatches, EncodedConversations
from llmworks.data.conversations import read_conversations
from llmworks.data.world.build import build_world
from llmworks.data.world.checking import bare
from llmworks.data.world.instructions import CHOICE_WRITERS, TALK_WRITERS
from llmworks.data.world.instructions.tools import NOT_FOUND, evaluate
from llmworks.data.world.instructions.tools import TALKS as TOOL_TALKS
from llmworks.data.world.ledger import World
from llmworks.data.world.phrases import Draw
from llmworks.data.world.writers import Choice, Talk
from llmworks.errors import DataError
from llmworks.packages.chat import ChatTemplate
from llmworks.packages.formats import detect, get_format, read_message
from llmworks.text.tokenizer import Tokenizer

BLOCK = 512


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(3, 250)


@pytest.fixture(scope="module")
def talks(world: World) -> dict[str, list[Talk]]:
    draw = Draw(21)
    return {one.name: [one.write(world, draw) for _ in range(60)] for one in TOOL_TALKS}


@pytest.fixture(scope="module")
def choices(world: World) -> dict[str, list[Choice]]:
    draw = Draw(22)
    return {one.name: [one.write(world, draw) for _ in range(60)] for one in CHOICE_WRITERS}


@pytest.fixture(scope="module")
def template() -> ChatTemplate:
    return get_format("chatml-tools").chat_template()


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(
        Path(str(resources.files("llmworks") / "bundled" / "spark" / "tokenizer.json"))
    )


def calls_of(talk: Talk) -> list[dict[str, Any]]:
    return [call for message in talk.messages for call in message.get("tool_calls", [])]


def every(talks: dict[str, list[Talk]]) -> list[Talk]:
    return [talk for some in talks.values() for talk in some]


def test_the_recipe_names_the_librarys_template() -> None:
    recipe = Path(__file__).parents[3] / "recipes" / "nina" / "chat_template.jinja"
    assert recipe.read_text(encoding="utf-8") == get_format("chatml-tools").source
    assert detect(recipe.read_text(encoding="utf-8")) == "chatml-tools"


def test_every_assistant_message_is_read_back_as_it_was(
    talks: dict[str, list[Talk]], template: ChatTemplate
) -> None:
    for talk in every(talks):
        text = template.render(talk.messages, tools=talk.tools)
        said = [part.split("<|im_end|>")[0] for part in text.split("<|im_start|>assistant\n")[1:]]
        wanted = [message for message in talk.messages if message["role"] == "assistant"]
        for one, message in zip(said, wanted, strict=True):
            read = read_message(one, "chatml-tools")
            assert read["content"] == message["content"]
            assert [call["function"] for call in read.get("tool_calls", [])] == [
                call["function"] for call in message.get("tool_calls", [])
            ]


def test_no_system_message_without_tools_and_one_line_for_each_tool(template: ChatTemplate) -> None:
    hello = [{"role": "user", "content": "Hi"}]
    assert template.render(hello, add_generation_prompt=True) == (
        "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"
    )
    tools = [
        {"type": "function", "function": {"name": "clock", "description": "the time"}},
        {"name": "add", "description": "", "parameters": {"properties": {"a": {"type": "integer"}, "b": {}}}},
    ]
    text = template.render([{"role": "system", "content": "Be brief."}, *hello], tools=tools)
    assert text.startswith(
        "<|im_start|>system\nBe brief.\nTools:\nclock(): the time\nadd(a: integer, b: any)<|im_end|>\n"
    )
    assert text.count("<|im_start|>system") == 1


def test_talks_are_in_the_openai_form_and_their_results_answer_the_calls(
    talks: dict[str, list[Talk]],
) -> None:
    for talk in every(talks):
        names = {tool["function"]["name"] for tool in talk.tools or []}
        pending: dict[str, dict[str, Any]] = {}
        assert names and talk.messages[0]["role"] == "user" and talk.messages[-1]["role"] == "assistant"
        for message in talk.messages:
            if message["role"] == "tool":
                call = pending.pop(message["tool_call_id"])
                assert message["name"] == call["function"]["name"]
                _right_result(call["function"], message["content"])
            else:
                assert not pending  # every call has its result before anybody speaks again
                assert message["content"] or message.get("tool_calls")
            for call in message.get("tool_calls", []):
                assert call["function"]["name"] in names and call["type"] == "function"
                pending[call["id"]] = call
        assert not pending


def _right_result(function: dict[str, Any], result: str) -> None:
    if function["name"] == "calculator":
        if result.startswith("{"):
            assert function["arguments"]["expression"].endswith("/ 0") and "error" in json.loads(result)
        else:
            assert int(result) == evaluate(function["arguments"]["expression"])
    else:
        given = json.loads(result)
        assert (
            "error" in given
            or "time" in given
            or next(iter(given.values())) in function["arguments"].values()
        )


def test_answers_follow_from_the_results(talks: dict[str, list[Talk]]) -> None:
    for talk in talks["tool_calculator"]:
        for at, message in enumerate(talk.messages):
            if message["role"] == "tool":
                assert message["content"] in talk.messages[at + 1]["content"]
    for talk in talks["tool_price"] + talks["tool_shop"]:
        result = next(message["content"] for message in talk.messages if message["role"] == "tool")
        last = talk.messages[-1]["content"]
        if result == NOT_FOUND:
            assert any(word in last for word in ("no ", "not ", "know")), last
            assert not any(char.isdigit() for char in last)
        else:
            assert any(str(value).lower() in last.lower() for value in json.loads(result).values()), (
                result,
                last,
            )
    for talk in talks["tool_none_needed"] + talks["tool_none_fits"]:
        assert not calls_of(talk)
    assert all(len(calls_of(talk)) == 2 for talk in talks["tool_two_sums"])
    found = Counter(NOT_FOUND in [m["content"] for m in talk.messages] for talk in talks["tool_shop"])
    assert 3 < found[True] < 25


def test_no_fact_is_told_that_tuning_may_not_tell(world: World, talks: dict[str, list[Talk]]) -> None:
    told = 0
    for talk in every(talks):
        assert all(world.may_answer(fact) for fact in talk.facts)
        told += len(talk.facts)
        whole = " ".join(message["content"] for message in talk.messages)
        for call in calls_of(talk):
            name = call["function"]["arguments"].get("shop") or call["function"]["arguments"].get("product")
            if name is None:
                continue
            entity = world.by_name.get(name) or world.by_name.get(f"the {name}")
            results = [
                json.loads(m["content"])
                for m in talk.messages
                if m["role"] == "tool" and m["content"][0] == "{"
            ]
            for result in results:
                for key, value in result.items():
                    if (
                        entity is not None
                        and key in entity.facts
                        and result.get("shop", result.get("product")) == name
                    ):
                        assert entity.facts[key].value == value and world.may_answer(entity.facts[key])
        assert all(fact.value.removesuffix(" crowns") in whole for fact in talk.facts)
    assert told > 10


def test_talks_fit_the_context_and_only_the_assistant_is_learned(
    talks: dict[str, list[Talk]], template: ChatTemplate, tokenizer: Tokenizer
) -> None:
    for some in talks.values():
        for talk in some[:12]:
            chat = template.encode(talk.messages, tokenizer, tools=talk.tools)
            assert len(chat.ids) <= BLOCK
            said = [chat.text[start:end] for start, end in chat.said]
            assert len(said) == sum(message["role"] == "assistant" for message in talk.messages)
            assert all(one.endswith("<|im_end|>") for one in said)
            learned = tokenizer.decode([id for id, take in zip(chat.ids, chat.mask, strict=True) if take])
            assert "tool_response" not in learned and "Tools:" not in learned
            assert learned.count("<tool_call>") == len(calls_of(talk))


def test_conversations_of_a_file_bring_their_tools(
    tmp_path: Path, talks: dict[str, list[Talk]], template: ChatTemplate, tokenizer: Tokenizer
) -> None:
    path = tmp_path / "talks.jsonl"
    some = talks["tool_price"][:8]
    path.write_text("\n".join(json.dumps({"messages": one.messages, "tools": one.tools}) for one in some))
    read = list(read_conversations(path))
    assert [one.tools for one in read] == [one.tools for one in some]
    encoded = EncodedConversations(read, tokenizer, template, BLOCK)
    assert encoded.count == 8 and not encoded.truncated
    for number, talk in enumerate(some):
        ids, mask = encoded[number]
        chat = template.encode(talk.messages, tokenizer, tools=talk.tools)
        assert ids.tolist() == chat.ids and mask.tolist() == chat.mask
    batch = ConversationBatches(encoded, tokenizer, template, 2, BLOCK).next()
    learned = tokenizer.decode(batch.targets[batch.weights > 0].tolist())
    assert "tool_response" not in learned and "price_lookup" in learned


def test_tools_that_are_no_schemas_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "talks.jsonl"
    path.write_text('{"messages": [{"role": "assistant", "content": "Hi"}], "tools": ["clock"]}\n')
    with pytest.raises(DataError, match="tools must be a list of schemas"):
        list(read_conversations(path))


def test_all_other_talks_fit_the_context(world: World, template: ChatTemplate, tokenizer: Tokenizer) -> None:
    draw = Draw(23)
    for one in TALK_WRITERS:
        for _ in range(6):
            talk = one.write(world, draw)
            roles = [message["role"] for message in talk.messages]
            assert roles[0] == "user" and roles[-1] == "assistant"
            assert len(template.encode(talk.messages, tokenizer, tools=talk.tools).ids) <= BLOCK, one.name


# Preferences


def test_the_better_answer_differs_from_the_worse_and_says_why(choices: dict[str, list[Choice]]) -> None:
    reasons = Counter(choice.why for some in choices.values() for choice in some)
    assert set(reasons) == {
        "plain", "honest", "true", "short", "subject", "polite",
        "tool", "right", "form", "helpful", "whole", "once",
    }  # fmt: skip
    for name, some in choices.items():
        for choice in some:
            assert choice.chosen.strip() and choice.rejected.strip() and choice.chosen != choice.rejected, (
                name
            )
            assert choice.prompt[-1]["role"] == "user"
        assert len({choice.rejected for choice in some}) > 0.5 * len(some), name


def test_what_is_chosen_is_what_the_reason_says(world: World, choices: dict[str, list[Choice]]) -> None:
    for choice in choices["short_over_long"]:
        assert len(choice.chosen) < len(choice.rejected) and choice.chosen in choice.rejected
    for choice in choices["tool_over_guess"]:
        (call,) = read_message(choice.chosen, "chatml-tools")["tool_calls"]
        assert call["function"]["name"] in choice.prompt[0]["content"]
        assert choice.prompt[0]["role"] == "system" and choice.prompt[0]["content"].startswith("Tools:\n")
    for choice in choices["true_over_false"]:
        for fact in choice.facts:
            assert bare(fact.value) in choice.chosen.lower() and world.may_answer(fact)
    unsaid = {(fact.subject.name, fact.value) for fact in world.unsaid}
    for choice in choices["honest_of_fact"]:
        for name, value in unsaid:
            if name in choice.prompt[-1]["content"] and len(value) > 4:
                assert f" {value}." not in choice.chosen
    for choice in choices["honest_of_name"]:
        assert not choice.facts


def test_the_tools_of_a_preference_look_as_the_template_shows_them(
    choices: dict[str, list[Choice]], template: ChatTemplate
) -> None:
    from llmworks.data.world.instructions.tools import TOOLS

    shown = template.render([{"role": "user", "content": "Hi"}], tools=list(TOOLS)).split("<|im_end|>")[0]
    lines = set(shown.split("\n"))
    for choice in choices["tool_over_guess"]:
        assert set(choice.prompt[0]["content"].split("\n")) <= lines


def test_preferences_fit_the_context(
    choices: dict[str, list[Choice]], template: ChatTemplate, tokenizer: Tokenizer
) -> None:
    for some in choices.values():
        for choice in some[:6]:
            for said in (choice.chosen, choice.rejected):
                messages = [*choice.prompt, {"role": "assistant", "content": said}]
                assert len(template.encode(messages, tokenizer).ids) <= BLOCK
