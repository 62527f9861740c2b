"""The library of chat formats: what they print, as transformers prints it, and reading answers back."""

# ruff: noqa: E501 (what is printed stands as it is printed)

from __future__ import annotations

import functools
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers.utils.chat_template_utils import render_jinja_template

from llmworks.errors import PackageError, RequestError
from llmworks.packages.chat import ChatTemplate
from llmworks.packages.formats import FORMATS, MessageReader, detect, get_format, read_message
from llmworks.text.bpe_train import train_bpe
from llmworks.text.tokenizer import Tokenizer
from tests.support import TINY_TEXT

CALLING = [name for name, one in FORMATS.items() if one.tools]
THINKING = ["qwen3", "harmony"]  # those that print the last message's thoughts

TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "weather",
            "description": "How the weather is",
            "parameters": {
                "type": "object",
                "properties": {
                    "city": {"type": "string", "description": "Where"},
                    "days": {"type": "integer", "description": "How long"},
                },
                "required": ["city"],
            },
        },
    }
]
TALK = [
    {"role": "user", "content": "Hi"},
    {"role": "assistant", "content": "Hello."},
    {"role": "user", "content": "Bye"},
]
SYSTEM = {"role": "system", "content": "Be kind."}

# What the published templates print for SYSTEM and TALK, ready for the next answer.
PRINTED = {
    "chatml": "<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"
    "Hello.<|im_end|>\n<|im_start|>user\nBye<|im_end|>\n<|im_start|>assistant\n",
    "llama2": "<s>[INST] <<SYS>>\nBe kind.\n<</SYS>>\n\nHi [/INST] Hello. </s><s>[INST] Bye [/INST]",
    "llama3": "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe kind.<|eot_id|>"
    "<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n"
    "Hello.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nBye<|eot_id|>"
    "<|start_header_id|>assistant<|end_header_id|>\n\n",
    "llama3.1": "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nCutting Knowledge Date: December "
    "2023\nToday Date: 26 Jul 2024\n\nBe kind.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>"
    "<|start_header_id|>assistant<|end_header_id|>\n\nHello.<|eot_id|><|start_header_id|>user<|end_header_id|>"
    "\n\nBye<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
    "mistral-v1": "<s> [INST] Be kind.\n\nHi [/INST] Hello.</s> [INST] Bye [/INST]",
    "mistral-v3": "<s>[INST] Hi[/INST] Hello.</s>[INST] Be kind.\n\nBye[/INST]",
    "mistral-tekken": "<s>[INST]Hi[/INST]Hello.</s>[INST]Be kind.\n\nBye[/INST]",
    "gemma": "<bos><start_of_turn>user\nBe kind.\n\nHi<end_of_turn>\n<start_of_turn>model\nHello.<end_of_turn>\n"
    "<start_of_turn>user\nBye<end_of_turn>\n<start_of_turn>model\n",
    "phi3": "<|system|>\nBe kind.<|end|>\n<|user|>\nHi<|end|>\n<|assistant|>\nHello.<|end|>\n<|user|>\nBye<|end|>\n"
    "<|assistant|>\n",
    "deepseek-r1": "<｜begin▁of▁sentence｜>Be kind.<｜User｜>Hi<｜Assistant｜>Hello.<｜end▁of▁sentence｜><｜User｜>Bye"
    "<｜Assistant｜><think>\n",
    "command-r": "<BOS_TOKEN><|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|>Be kind.<|END_OF_TURN_TOKEN|>"
    "<|START_OF_TURN_TOKEN|><|USER_TOKEN|>Hi<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>Hello."
    "<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|USER_TOKEN|>Bye<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|>"
    "<|CHATBOT_TOKEN|>",
    "alpaca": "<s>Be kind.\n\n### Instruction:\nHi\n\n### Response:\nHello.</s>\n\n### Instruction:\nBye\n\n"
    "### Response:\n",
    "vicuna": "<s>Be kind. USER: Hi ASSISTANT: Hello.</s>USER: Bye ASSISTANT:",
    "plain": "<s>System: Be kind.\nUser: Hi\nAssistant: Hello.\n</s>User: Bye\nAssistant:",
}
PRINTED["qwen2.5"] = PRINTED["qwen3"] = PRINTED["chatml"]
PRINTED["hermes"] = "<|begin_of_text|>" + PRINTED["chatml"]


@functools.cache
def template(name: str) -> ChatTemplate:
    return get_format(name).chat_template()


@functools.cache
def tokenizer(name: str) -> Tokenizer:
    return train_bpe([TINY_TEXT], 300, special_tokens=list(get_format(name).controls))


def call(name: str = "weather", arguments: Any = None, id: str = "a1B2c3D4e") -> dict[str, Any]:
    given = {"city": "Oslo"} if arguments is None else arguments
    return {"id": id, "type": "function", "function": {"name": name, "arguments": given}}


@pytest.mark.parametrize("name", PRINTED)
def test_what_is_printed(name: str) -> None:
    assert template(name).render([SYSTEM, *TALK], add_generation_prompt=True) == PRINTED[name]


CALLED = {  # the assistant's part of one call, as it is documented
    "qwen2.5": '<tool_call>\n{"name": "weather", "arguments": {"city": "Oslo"}}\n</tool_call><|im_end|>',
    "hermes": '<tool_call>\n{"name": "weather", "arguments": {"city": "Oslo"}}\n</tool_call><|im_end|>',
    "llama3.1": '{"name": "weather", "parameters": {"city": "Oslo"}}<|eot_id|>',
    "mistral-v3": '[TOOL_CALLS] [{"name": "weather", "arguments": {"city": "Oslo"}, "id": "a1B2c3D4e"}]</s>',
    "mistral-tekken": '[TOOL_CALLS][{"name": "weather", "arguments": {"city": "Oslo"}, "id": "a1B2c3D4e"}]</s>',
    "deepseek-r1": "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>weather\n```json\n"
    '{"city": "Oslo"}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜><｜end▁of▁sentence｜>',
    "command-r": '\nAction:\n```json\n[\n    {\n        "tool_name": "weather",\n        "parameters": {\n'
    '            "city": "Oslo"\n        }\n    }\n]```\n',
    "harmony": ' to=functions.weather<|channel|>commentary json<|message|>{"city": "Oslo"}<|call|>',
}


def said(name: str, message: dict[str, Any], **options: Any) -> str:
    """What the assistant says in the last of three messages, its end token too."""
    talk = [{"role": "user", "content": "Rain?"}, message]
    encoded = template(name).encode(talk, tokenizer(name), tools=TOOLS if FORMATS[name].tools else None)
    start, end = encoded.said[-1]
    return encoded.text[start:end]


@pytest.mark.parametrize("name", CALLED)
def test_how_a_call_is_written(name: str) -> None:
    assert said(name, {"role": "assistant", "content": "", "tool_calls": [call()]}).endswith(CALLED[name])


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("prompt", [False, True])
def test_transformers_prints_the_same(name: str, prompt: bool) -> None:
    one = FORMATS[name]
    talks: list[tuple[list[dict[str, Any]], dict[str, Any]]] = [(TALK, {}), ([SYSTEM, *TALK], {})]
    if one.tools:
        result = {"role": "tool", "name": "weather", "content": '{"rain": "no"}', "tool_call_id": "a1B2c3D4e"}
        asked = [
            {"role": "user", "content": "Rain?"},
            {"role": "assistant", "content": "", "tool_calls": [call()]},
        ]
        talks += [([*asked, result], {"tools": TOOLS}), ([SYSTEM, *asked, result, TALK[1]], {"tools": TOOLS})]
    sources = {"default": one.source, "tool_use": template(name).named.get("tool_use", one.source)}
    for messages, options in talks:
        theirs, _ = render_jinja_template(
            conversations=[messages],
            chat_template=sources["tool_use" if options else "default"],
            add_generation_prompt=prompt,
            **one.special_tokens,
            **options,
        )
        assert template(name).render(messages, add_generation_prompt=prompt, **options) == theirs[0]


@pytest.mark.parametrize("name", FORMATS)
def test_the_marked_part_is_the_answer_and_its_end(name: str) -> None:
    encoded = template(name).encode(TALK[:2], tokenizer(name))
    assert len(encoded.said) == 1
    assert "Hello." in said(name, TALK[1])
    prompt = template(name).encode(TALK[:1], tokenizer(name), add_generation_prompt=True)
    if not FORMATS[name].thinking:
        assert encoded.text.startswith(prompt.text)
        assert encoded.said[0][0] == len(prompt.text)
        assert encoded.ids[: len(prompt.ids)] == prompt.ids
    assert any(said(name, TALK[1]).endswith(stop) for stop in FORMATS[name].stops)


def test_thoughts_of_earlier_turns_are_dropped() -> None:
    thought = {"role": "assistant", "content": "Hello.", "reasoning_content": "hm"}
    for name in ("qwen3", "harmony"):
        assert "hm" in template(name).render([TALK[0], thought])
        assert "hm" not in template(name).render([TALK[0], thought, TALK[2]], add_generation_prompt=True)
    inline = {"role": "assistant", "content": "<think>hm</think>Hello."}
    assert (
        template("deepseek-r1")
        .render([TALK[0], inline])
        .endswith("<｜Assistant｜>Hello.<｜end▁of▁sentence｜>")
    )


def test_choices_of_the_caller() -> None:
    assert (
        template("qwen3")
        .render(TALK, add_generation_prompt=True, enable_thinking=False)
        .endswith("<|im_start|>assistant\n<think>\n\n</think>\n\n")
    )
    assert "Reasoning: high\n" in template("harmony").render(TALK, reasoning_effort="high")
    assert "Today Date: 1 May\n" in template("llama3.2").render(TALK, date_string="1 May")
    built_in = template("llama3.1").render(
        [TALK[0], {"role": "assistant", "content": "", "tool_calls": [call("search", {"q": "x"})]}],
        builtin_tools=["search", "code_interpreter"],
    )
    assert built_in.endswith('<|python_tag|>search.call(q="x")<|eom_id|>')
    grounded = template("command-r").render(
        TALK[:1], documents=[{"title": "A", "text": "b"}], template="rag", citation_mode="accurate"
    )
    assert "<results>\nDocument: 0\ntitle: A\ntext: b\n</results>" in grounded
    assert "Thirdly" in grounded
    with pytest.raises(RequestError, match="there is no chat template 'rag'"):
        template("qwen3").render(TALK, template="rag")


def test_names() -> None:
    with pytest.raises(PackageError, match="there is no chat format 'morse'; there are chatml"):
        get_format("morse")


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_told_by_its_template(name: str) -> None:
    assert detect(FORMATS[name].source) == name
    assert detect(template(name)) == name


def test_a_format_is_told_by_the_tokens() -> None:
    for name in ("llama3", "gemma", "deepseek-r1", "command-r", "harmony", "phi3"):
        assert detect(tokenizer(name)) == name
    assert detect(tokenizer("qwen3")) == "chatml"
    assert detect(train_bpe([TINY_TEXT], 300)) is None
    assert detect("{{ messages }}") is None


# --- reading back ----------------------------------------------------------------------------------------

words = st.text(st.sampled_from("abcé🐈<>[]{}\"'\\/|\n :,_-1"), max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.floats(-1e6, 1e6) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
names = st.from_regex(r"[a-zA-Z_][a-zA-Z0-9_]{0,11}", fullmatch=True)
ids = st.from_regex(r"[a-zA-Z0-9]{9}", fullmatch=True)
calls = st.builds(call, names, st.dictionaries(words, values, max_size=3), ids)


def spoken(name: str, message: dict[str, Any]) -> str:
    text = said(name, message)
    for stop in FORMATS[name].stops:
        text = text.removesuffix(stop) if name != "harmony" else text
    return text


def plain(message: dict[str, Any], *, ids: bool) -> dict[str, Any]:
    kept = ("role", "content", "reasoning_content", "tool_calls")
    made = {key: value for key, value in message.items() if key in kept}
    if not ids and "tool_calls" in made:
        made["tool_calls"] = [{k: v for k, v in one.items() if k != "id"} for one in made["tool_calls"]]
    return made


@settings(max_examples=20, deadline=None)
@given(st.lists(calls, min_size=1, max_size=3), st.data())
@pytest.mark.parametrize("name", CALLING)
def test_calls_are_read_back(name: str, made: list[dict[str, Any]], data: st.DataObject) -> None:
    one = FORMATS[name]
    made = made if one.parallel else made[:1]
    content = ""
    if name in ("qwen2.5", "qwen3", "deepseek-r1", "command-r"):  # the others have calls or content
        content = data.draw(st.sampled_from(["", "I will see.", "a <b> {c}", "<tool", "é\n\nx"]))
    message = {"role": "assistant", "content": content, "tool_calls": made}
    text = spoken(name, message)
    assert read_message(text, name, thinking=False) == plain(message, ids="mistral" in name)
    cut = data.draw(st.lists(st.integers(0, len(text)), max_size=4))
    assert streamed(text, name, cut, thinking=False) == read_message(text, name, thinking=False)


@settings(max_examples=20, deadline=None)
@given(words.map(str.strip), words.map(str.strip))
@pytest.mark.parametrize("name", THINKING)
def test_thoughts_are_read_back(name: str, thought: str, content: str) -> None:
    message = {"role": "assistant", "content": content}
    if thought:
        message["reasoning_content"] = thought
    assert read_message(spoken(name, message), name) == message


@settings(max_examples=20, deadline=None)
@given(words.map(str.strip))
@pytest.mark.parametrize("name", FORMATS)
def test_content_is_read_back(name: str, content: str) -> None:
    text = spoken(name, {"role": "assistant", "content": content})
    assert read_message(text, name, thinking=False)["content"].strip() == content


def streamed(text: str, name: str, cuts: list[int], thinking: bool | None = None) -> dict[str, Any]:
    """The message put together from the pieces, the text given in parts."""
    reader = MessageReader(name, thinking=thinking)
    pieces = []
    for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(text)], strict=True):
        pieces += reader.feed(text[start:end])
    pieces += reader.finish()
    made: dict[str, Any] = {
        "role": "assistant",
        "content": "".join(piece.text for piece in pieces if piece.kind == "content"),
    }
    if any(piece.kind == "reasoning" for piece in pieces):
        made["reasoning_content"] = "".join(piece.text for piece in pieces if piece.kind == "reasoning")
    if any(piece.kind == "call" for piece in pieces):
        made["tool_calls"] = [piece.call for piece in pieces if piece.kind == "call"]
    assert made == reader.message
    return made


scraps = st.lists(
    st.sampled_from(
        "<think> </think> <tool_call> </tool_call> [TOOL_CALLS] <|python_tag|> <｜tool▁calls▁begin｜> "
        "<｜tool▁calls▁end｜> Action:·```json· ·]``` <|channel|>final<|message|> <|channel|>analysis<|message|> <|end|> "
        '<|call|> ·to=functions.f {"name":·"f",·"arguments":·{}} {"name":·"f",·"parameters":·{}} [ ] { } · a é'.replace(
            "·", "\n"
        ).split(" ")
    )
    | words,
    max_size=8,
).map("".join)


@settings(max_examples=60, deadline=None)
@given(scraps, st.data())
@pytest.mark.parametrize("name", [*CALLING, "chatml"])
def test_any_text_is_a_message_however_it_is_cut(name: str, text: str, data: st.DataObject) -> None:
    whole = read_message(text, name)
    cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=5))
    assert streamed(text, name, cuts) == whole
    assert streamed(text, name, list(range(len(text)))) == whole
    for one in whole.get("tool_calls", []):
        json.dumps(one["function"]["arguments"])
        assert isinstance(one["function"]["name"], str)


def test_what_is_no_call_is_content_as_it_was_written() -> None:
    for name, text in {
        "qwen2.5": "Look:\n<tool_call>\nnot json\n</tool_call> so",
        "mistral-v3": "[TOOL_CALLS] soon",
        "llama3.1": '{"name": "f", "other": 1}',
        "command-r": "Action:\n```json\n[\n    1\n]```",
        "deepseek-r1": "<｜tool▁calls▁begin｜>f<｜tool▁calls▁end｜>",
        "hermes": "<tool_call>" + "[" * 5000 + "</tool_call>",
    }.items():
        assert read_message(text, name, thinking=False) == {"role": "assistant", "content": text}


def test_content_is_told_at_once() -> None:
    reader = MessageReader("qwen3")
    assert [piece.text for piece in reader.feed("Hello <to")] == ["Hello "]
    assert [piece.text for piece in reader.feed("ast>")] == ["<toast>"]
    assert reader.feed("\n<tool_call>\n") == []
    assert [piece.call for piece in reader.feed('{"name": "f"}</tool_call>')] == [
        {"type": "function", "function": {"name": "f", "arguments": {}}}
    ]
    assert reader.finish() == []


def test_a_prompt_that_opened_the_thoughts() -> None:
    message = {"role": "assistant", "content": "So.", "reasoning_content": "hm"}
    assert read_message("hm\n</think>\n\nSo.", "deepseek-r1") == message
    assert read_message("<think>\nhm\n</think>\n\nSo.", "deepseek-r1") == message
    assert read_message("hm\n</think>\n\nSo.", "qwen3", thinking=True) == message
    assert read_message("So.", "deepseek-r1", thinking=False) == {"role": "assistant", "content": "So."}


def test_harmony_in_parts() -> None:
    text = (
        "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>commentary to=functions.f "
        '<|constrain|>json<|message|>{"a": 1}<|call|>'
    )
    assert read_message(text, "harmony") == {
        "role": "assistant",
        "content": "",
        "reasoning_content": "hm",
        "tool_calls": [{"type": "function", "function": {"name": "f", "arguments": {"a": 1}}}],
    }
    assert read_message("plain words", "harmony")["content"] == "plain words"
