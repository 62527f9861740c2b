"""Traced texts: each operation gives what `str` gives; no message's character counts as the template's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmworks.packages.template_sandbox import STRING_METHODS, TemplateProgram
from llmworks.packages.traced_text import Text, TracedDict, origins_of, plain, printed, traced

FOREIGN = "\x04"

# Each expression over `x` (a message's text) and `y` (another's); literals are the template's.
EXPRESSIONS = """
x.strip() | x.lstrip() | x.rstrip() | x.strip('a\\n') | x.split() | x.split('a') | x.split(None, 1) | x.rsplit(None, 1)
x.rsplit('a', 1) | x.split('ab', 1)[-1] | x.splitlines() | x.splitlines(true) | x.partition('a') | x.rpartition('a')
x.replace('a', 'bb') | x.replace('', '-') | x.replace('a', y, 1) | 'banana'.replace('a', x) | x.upper() | x.lower()
x.title() | x.capitalize() | x.swapcase() | x.casefold() | x.center(9, '*') | x.ljust(7) | x.rjust(7) | x.zfill(6)
x.expandtabs(3) | x.removeprefix('a') | x.removesuffix('a') | x[1:] | x[:-1] | x[::-1] | x[0:1] | x * 2 | 2 * x
x + y | 'a' + x | x + 'a' | x ~ 1 ~ y | '%s-%s' % (x, y) | '%5s|%r' % (x, y) | '%s' % x | x % () if '%' not in x else ''
'{}-{}'.format(x, y) | '{0}{0}{a:>4}'.format(x, a=y) | ', '.join([x, y]) | x.join(['1', y, '2']) | x.join('abc')
[x, y] | {'k': x} | {x: [1, y, none]} | (x,) | d | d.items() ?list | d.a.b | x ?trim | x ?upper | x ?title | x ?capitalize
x ?replace('a', 'e') | x ?indent(2) | x ?indent(2, true) | [x, y] ?join('-') | x ?list | x ?first | x ?last | x ?reverse
x ?string | x ?safe | (x ?safe) + '<' | '<' + (x ?safe) | x ?e | x ?e + y | x ?tojson | d ?tojson | d ?tojson(indent=2)
d ?tojson(separators=(',', ':'), sort_keys=true) | x ?tojson(ensure_ascii=true) | {'k': x, '2': d} ?tojson | x ?default('z')
x ?truncate(5) | x ?center(10) | x ?urlencode | x ?striptags | x ?forceescape | x ?length | x == y | 'a' in x | x ?int
x ?map('upper') ?join | [x, y] ?sort ?join(' ') | [x, y] ?unique ?list | x.count('a') | x.find('a') | '%s' ?format(x)
d.n + 1 | d.n ~ '' | d.f | [d.n] | '%d' % d.n | x if x else y | namespace(a=x).a | dict(a=x) ?tojson
"""  # noqa: E501
CASES = [
    case.strip().replace("?", "|") for line in EXPRESSIONS.strip().split("\n") for case in line.split(" | ")
]
texts = st.text(st.sampled_from("aAbB <>&'\"\\\n\t,.%{}éßİﬁ🐈\x1f1"), max_size=9)


def variables(x: str, y: str) -> dict[str, Any]:
    return {"x": x, "y": y, "d": {"a": {"b": x}, y: [1, True, None, 2.5, {"é": y}], "n": 7, "f": 1e20}}


def outcome(source: str, given: dict[str, Any]) -> str | None:
    from llmworks.errors import RequestError

    try:
        return TemplateProgram(source).render(given)
    except RequestError:
        return None


@pytest.mark.parametrize("case", CASES)
def test_what_is_printed_is_what_str_prints(case: str) -> None:
    source = TemplateProgram("{{ " + case + " }}")

    @settings(max_examples=25, deadline=None, database=None)
    @given(texts, texts)
    def check(x: str, y: str) -> None:
        given = variables(x, y)
        followed = {name: traced(value, FOREIGN) for name, value in given.items()}
        try:
            expected: object = plain(source.render(given))
        except Exception as error:
            expected = type(error)
        try:
            made: object = source.render(followed)
        except Exception as error:
            made = type(error)
        assert made == expected
        if isinstance(made, str):
            assert isinstance(expected, str)
            assert len(origins_of(made)) == len(made)

    check()


@pytest.mark.parametrize("case", [case for case in CASES if "==" not in case and "in x" not in case])
def test_no_character_of_a_message_counts_as_the_templates(case: str) -> None:
    """The message is of letters that no literal and no operation brings."""
    given = variables("жзжЗ", "щ")
    text = outcome("{{ " + case + " }}", {name: traced(value, FOREIGN) for name, value in given.items()})
    assert text is not None
    for character, origin in zip(plain(text), origins_of(text), strict=True):
        if character.lower() in "жзщ":
            assert origin == FOREIGN


def test_each_character_keeps_its_origin_where_it_can_be_followed() -> None:
    def origins(source: str) -> str:
        text = outcome(source, {"x": Text("ab c", "\x02" * 4), "y": Text("<d>", "\x04" * 3)})
        assert text is not None
        return "".join("tgxXyY"[ord(origin)] for origin in origins_of(text))

    assert origins("{{ '[' + x.strip() ~ ']' }}{{ y }}") == "txxxxtyyy"
    assert origins("{{ x.replace(' ', '--') }}") == "xxttx"
    assert origins("{{ x.replace('b', y) }}") == "xyyyxx"
    assert origins("{{ [x, 1] | tojson }}") == "t" + "x" * 6 + "tttt"
    assert origins("{{ [x, y] }}") == "txxxxxxttyyyyyt"
    assert origins("{{ '%s=%s;' % (x, y) }}{{ '{}+{}'.format(y, x) }}") == "xxxxtyyytyyytxxxx"
    assert origins("{{ y | e }}{{ x | title }}{{ [x, y] | join(', ') }}") == "y" * 9 + "xxxx" + "xxxxttyyy"
    assert origins("{{ '.' }}{% generation %}a{{ x }}{% endgeneration %}b") == "tgXXXXt"
    assert origins("{% macro f(a) %}({{ a }}){% endmacro %}{{ f(x) | trim }}") == "txxxxt"
    assert (
        origins("{% set s %}-{{ y }}{% endset %}{{ s }}{% filter upper %}z{{ x }}{% endfilter %}")
        == "tyyytxxxx"
    )


def test_an_object_of_a_message_is_dumped_as_its_own() -> None:
    given = {"call": traced({"name": "f", "arguments": {"n": 1, "s": "é"}}, FOREIGN)}
    for source in ("{{ call | tojson }}", "{{ call }}", "{{ call | tojson(indent=1) }}"):
        text = outcome(source, given)
        assert text is not None
        assert set(origins_of(text)) == {FOREIGN}
    text = outcome("{{ {'name': call.name, 'n': call.arguments.n} | tojson }}", given)
    assert text is not None
    assert json.loads(text) == {"name": "f", "n": 1}
    assert origins_of(text).count(FOREIGN) == 4  # "f" and 1


def test_every_method_that_a_template_may_call_is_followed() -> None:
    """A method of `str` that gives text must be our own, or its result would pass as the template's."""
    gives_text = [
        name for name in STRING_METHODS - {"format"} if name not in vars(Text) and not name.startswith("is")
    ]
    assert set(gives_text) <= {"startswith", "endswith", "find", "rfind", "index", "rindex", "count"}


def test_copies_are_equal_and_kinds_are_kept() -> None:
    value = {"a": [1, 2.5, True, None, "x", (1, "y")]}
    made = traced(value, FOREIGN)
    assert made == value
    assert isinstance(made, TracedDict)
    assert made["a"][2] is True
    assert printed(made) == str(value)
