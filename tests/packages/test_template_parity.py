"""Our rendering against transformers': text, assistant mask, tools as functions, continued messages.

The templates use, one by one, the constructs that published templates use; the conversations are of any form.
"""
# ruff: noqa: E501 (a template a line)

from __future__ import annotations

import functools
from enum import Enum
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from transformers import PreTrainedTokenizerFast
from transformers.utils import get_json_schema
from transformers.utils.chat_template_utils import render_jinja_template

from llmworks.errors import RequestError
from llmworks.packages.chat import CHATML, ChatTemplate
from llmworks.packages.formats import FORMATS
from llmworks.packages.tool_schema import function_schema
from llmworks.text.bpe_train import train_bpe
from llmworks.text.tokenizer import Tokenizer
from tests.support import TINY_TEXT

SPECIALS = {"bos_token": "<s>", "eos_token": "</s>"}

CONSTRUCTS = {
    "white space": "{% for m in messages %}\n  {{- m.role }}:\n    {% if m.content %}\n {{ m.content }} \n  {% endif %}\n{% endfor %}\n",
    "namespaces": "{% set ns = namespace(n=0, last='') %}{% for m in messages %}{% set ns.n = ns.n + 1 %}"
    "{% set ns.last = m.role %}{% endfor %}{{ ns.n }}{{ ns.last }}",
    "macros": "{% macro turn(role, text, end='!') %}<{{ role }}>{{ caller() if caller else text }}{{ end }}{% endmacro %}"
    "{% for m in messages %}{{ turn(m.role, m.content) | trim }}{% call turn(m.role, '', end='?') %}in{% endcall %}{% endfor %}",
    "slices": "{{ messages[0].role }}{% for m in messages[::-1] %}{{ m.role[:2] }}{% endfor %}{{ messages[1:] | length }}",
    "tests": "{% for m in messages %}{{ m.content is string }}{{ m.content is iterable }}{{ m is mapping }}"
    "{{ m.tool_calls is defined }}{{ m.content is none }}{{ m.content is undefined }}{{ m.content is sequence }}{% endfor %}",
    "string methods": "{% for m in messages %}{% set c = m.content if m.content is string else '' %}{{ c.strip() }}|"
    "{{ c.split('\\n')[-1].lstrip('-') }}|{{ c.startswith('a') }}|{{ c.replace('a', '[A]') }}|{{ c.upper().title() }}|"
    "{{ c.rstrip().endswith('z') }}|{{ c.removeprefix('a') }}|{{ c.splitlines() }}|{{ c.partition('a') }}{% endfor %}",
    "filters": "{{ messages | map(attribute='role') | join(', ') }}{{ messages | selectattr('role', 'equalto', 'user') | list | length }}"
    "{{ messages | rejectattr('tool_calls', 'defined') | map(attribute='role') | unique | list }}"
    "{{ (messages | first).role | upper }}{{ (messages | last).role | capitalize }}{{ x | default('none') }}"
    "{{ messages | groupby('role') | map('first') | join('/') }}{{ messages[0].role | list }}",
    "JSON": "{% for m in messages %}{{ m | tojson }}{{ m | tojson(indent=2) }}{{ m | tojson(separators=(',', ':'), sort_keys=true) }}"
    "{{ m.content | tojson(ensure_ascii=true) }}{{ m.role | tojson | safe }}{% endfor %}",
    "printed values": "{{ messages }}{% for m in messages %}{{ m }}{{ m.content }}{{ m.items() | list }}{% endfor %}",
    "arithmetic and ~": "{% for m in messages %}{{ loop.index ~ '/' ~ loop.length ~ ': ' ~ m.content }}{{ loop.index % 2 == 0 }}"
    "{{ 'last' if loop.last else loop.nextitem.role }}{{ loop.previtem.role if loop.previtem }}{% endfor %}",
    "loop controls": "{% for m in messages %}{% if m.role == 'system' %}{% continue %}{% endif %}{{ m.role }}"
    "{% if loop.index > 2 %}{% break %}{% endif %}{% else %}none{% endfor %}",
    "formats": "{% for m in messages %}{{ '%s=%r;' % (m.role, m.content) }}{{ '{}: {!r:>8}'.format(m.role, m.role) }}"
    "{{ '%s' | format(m.role) }}{{ '{r}'.format(r=m.role) }}{% endfor %}",
    "scopes": "{% set a = 'out' %}{% for m in messages %}{% set a = m.role %}{% if true %}{% set b = a %}{% endif %}{{ a }}{{ b }}{% endfor %}{{ a }}{{ b }}",
    "set blocks": "{% for m in messages %}{% set block %}[{{ m.role }}]{% endset %}{{ block | length }}{{ block }}{% filter upper %}{{ block }}{% endfilter %}{% endfor %}",
    "safe and escape": "{% for m in messages %}{{ m.role | safe + '<b>' }}{{ '<' + (m.role | e) }}{{ (m.content | string) | e }}{% endfor %}",
    "parts": "{% for m in messages %}{% if m.content is string %}{{ m.content }}{% else %}{% for part in m.content or [] %}"
    "{{ '<image>' if part.type == 'image' else part['text'] }}{% endfor %}{% endif %}{% endfor %}",
    "calls": "{% for m in messages %}{% for c in m.tool_calls or [] %}{{ c.function.name ~ (c.function.arguments | tojson) }}"
    "{% for k, v in c.function.arguments | items %}{{ k ~ '=' ~ (v if v is string else v | tojson) }}{% endfor %}{% endfor %}{% endfor %}",
    "reasoning": "{% for m in messages %}{{ m.reasoning_content or '' }}{{ m.thinking or '' }}{% endfor %}",
    "variables": "{{ bos_token }}{{ enable_thinking is defined and not enable_thinking }}{{ tools | length if tools }}{{ documents }}{{ add_generation_prompt }}",
    "refusal": "{% if messages[0].role != 'user' %}{{ raise_exception('user first') }}{% endif %}{{ messages[0].content }}",
    "dates": "{{ strftime_now('%Y') }}",
    "missing things": "{{ messages[99] }}{{ messages[0].nothing }}{{ nobody }}{{ messages[0].get('x', 'y') }}",
}  # fmt: skip

texts = st.text(st.sampled_from("aAz é🐈<>&\"'\\\n\t-{}%İß"), max_size=10)
parts = st.lists(
    st.fixed_dictionaries({"type": st.just("text"), "text": texts}) | st.just({"type": "image"}), max_size=2
)
values = texts | st.integers(-9, 10**6) | st.floats(-1e9, 1e9) | st.booleans() | st.none()
arguments = st.dictionaries(texts, values | st.lists(values, max_size=2), max_size=2)
calls = st.fixed_dictionaries(
    {"type": st.just("function"), "function": st.fixed_dictionaries({"name": texts, "arguments": arguments})}
)
messages = st.one_of(
    st.fixed_dictionaries({"role": st.sampled_from(["system", "user", "tool"]), "content": texts | parts}),
    st.fixed_dictionaries(
        {"role": st.just("assistant"), "content": texts}, optional={"reasoning_content": texts}
    ),
    st.fixed_dictionaries(
        {
            "role": st.just("assistant"),
            "content": st.none(),
            "tool_calls": st.lists(calls, min_size=1, max_size=2),
        }
    ),
)


@functools.cache
def program(source: str) -> ChatTemplate:
    return ChatTemplate(source, SPECIALS)


@functools.cache
def tokenizer() -> Tokenizer:
    return train_bpe([TINY_TEXT], 300, special_tokens=["<s>", "</s>", "<|im_start|>", "<|im_end|>"])


def rendered(source: str, talk: list[dict[str, Any]], **given: Any) -> str | None:
    """What transformers prints; None if it fails."""
    said = [{key: value for key, value in message.items() if value is not None} for message in talk]
    try:
        return render_jinja_template([said], chat_template=source, **SPECIALS, **given)[0][0]
    except Exception:
        return None


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(messages, min_size=1, max_size=4), st.booleans())
@pytest.mark.parametrize("name", CONSTRUCTS)
def test_the_text_is_that_of_transformers(name: str, talk: list[dict[str, Any]], prompt: bool) -> None:
    source = CONSTRUCTS[name]
    expected = rendered(source, talk, add_generation_prompt=prompt, enable_thinking=False)
    if expected is None:
        return
    options: dict[str, Any] = {"add_generation_prompt": prompt, "enable_thinking": False}
    assert program(source).render(talk, **options) == expected
    encoded = program(source).encode(talk, tokenizer(), **options)
    assert encoded.text == expected
    assert "".join(encoded.text[span.start : span.end] for span in encoded.spans) == expected
    assert tokenizer().decode(encoded.ids) == expected


@pytest.mark.parametrize("source", [CHATML, FORMATS["qwen2.5"].source, FORMATS["gemma"].source])
def test_the_mask_is_that_of_transformers(source: str, tmp_path: Path) -> None:
    own = train_bpe(
        [TINY_TEXT], 320, special_tokens=["<s>", "</s>", "<|im_start|>", "<|im_end|>", "<end_of_turn>"]
    )
    own.save(tmp_path / "tokenizer.json")
    theirs = PreTrainedTokenizerFast(tokenizer_file=str(tmp_path / "tokenizer.json"), **SPECIALS)
    talk = [
        {"role": "user", "content": "Will it rain?"},
        {"role": "assistant", "content": "It will, or it will not."},
        {"role": "user", "content": "Sure?"},
        {"role": "assistant", "content": "Yes."},
    ]
    expected = theirs.apply_chat_template(
        talk, chat_template=source, return_dict=True, return_assistant_tokens_mask=True
    )
    ours = ChatTemplate(source, SPECIALS).encode(talk, own)
    assert ours.ids == expected["input_ids"]
    assert [int(mine) for mine in ours.mask] == expected["assistant_masks"]
    assert sum(ours.mask) > 10


@pytest.mark.parametrize("content", ["So it ", "So it", "  so ", [{"type": "text", "text": "So it "}]])
@pytest.mark.parametrize(
    "source",
    [
        CHATML,
        "{% for m in messages %}<{{ m.role }}>{{ m.content | trim }}</s>{% endfor %}",
        CONSTRUCTS["parts"] + "end",
    ],
)
def test_a_continued_message_ends_as_in_transformers(source: str, content: Any) -> None:
    talk = [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": content}]
    expected = rendered(source, talk, continue_final_message=True)
    if expected is None:
        with pytest.raises(RequestError):
            program(source).render(talk, continue_final_message=True)
        return
    assert program(source).render(talk, continue_final_message=True) == expected
    assert program(source).encode(talk, tokenizer(), continue_final_message=True).text == expected


def test_continuing_has_its_conditions() -> None:
    talk = [{"role": "user", "content": "Why?"}]
    with pytest.raises(RequestError, match="exclude each other"):
        program(CHATML).render(talk, continue_final_message=True, add_generation_prompt=True)
    with pytest.raises(RequestError, match="has no 'reasoning_content'"):
        program(CHATML).render(talk, continue_final_message="reasoning_content")
    with pytest.raises(RequestError, match="leaves out"):
        program("{{ messages[0].content.split('y')[0] }}").render(talk, continue_final_message=True)


class Unit(Enum):
    C = "celsius"
    F = "fahrenheit"


def weather(
    city: str,
    days: int = 1,
    unit: Unit = Unit.C,
    mode: Literal["fast", 2] = "fast",
    places: list[str] | None = None,
    limits: dict[str, float] | None = None,
    either: int | str = 3,
    pair: tuple[int, str] = (1, "a"),
    anything: Any = None,
    many: list[list[int]] | dict[str, str] | None = None,
) -> dict[str, Any]:
    """How the weather will be.

    It may rain.

    Args:
        city: Where to look,
            in full: with the country
        days: How long (choices: [1, 2, 3])
        unit: Of the temperature
        mode: How: quickly
        places: More places
        limits: Lower ones

        either: One or the other
        pair: Both
        anything: Whatever
        many: Much

    Returns:
        The weather.
    """
    raise NotImplementedError


def plain() -> str:
    """Says nothing."""
    raise NotImplementedError


class Holder:
    def method(self, x: float) -> None:
        """A method.

        Args:
            x: A number
        """


@pytest.mark.parametrize("function", [weather, plain, Holder.method, Holder().method])
def test_a_function_is_described_as_in_transformers(function: Any) -> None:
    assert function_schema(function) == get_json_schema(function)
    source = "{{ tools | tojson }}"
    talk = [{"role": "user", "content": "Hi"}]
    assert program(source).render(talk, tools=[function]) == rendered(source, talk, tools=[function])


def test_what_is_no_tool_is_refused() -> None:
    def bare(x: int) -> None: ...

    def untyped(x) -> None:  # type: ignore[no-untyped-def]
        """Says.

        Args:
            x: What
        """

    def undescribed(x: int) -> None:
        """Says."""

    def strange(x: Path) -> None:
        """Says.

        Args:
            x: What
        """

    talk = [{"role": "user", "content": "Hi"}]
    for tool, words in [
        (bare, "no docstring"),
        (untyped, "no type hint"),
        (undescribed, "does not describe"),
        (strange, "no JSON schema"),
        (3, "expected a JSON schema or a function"),
    ]:
        with pytest.raises(RequestError, match=words):
            program(CHATML).render(talk, tools=[tool])  # type: ignore[list-item]


def test_a_named_template() -> None:
    template = ChatTemplate(
        "plain", named={"tool_use": "with {{ tools | length }}", "rag": "from {{ documents }}"}
    )
    talk = [{"role": "user", "content": "Hi"}]
    assert template.render(talk) == "plain"
    assert template.render(talk, tools=[{"type": "function"}]) == "with 1"
    assert template.render(talk, template="rag", documents=[{"a": "b"}]) == "from [{'a': 'b'}]"
    assert template.variables == {"tools", "documents"}
    with pytest.raises(RequestError, match="expected a list of objects"):
        template.render(talk, documents=["x"])  # type: ignore[list-item]
