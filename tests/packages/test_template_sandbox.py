"""A chat template is a foreign program: what it may not do it does not do, and it always comes to an end."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmworks.errors import LLMWorksError, PackageError, RequestError
from llmworks.packages.template_sandbox import TemplateProgram
from llmworks.packages.traced_text import traced

MESSAGES = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}]


def render(source: str) -> str:
    return TemplateProgram(source).render({"messages": MESSAGES})


HUGE = {
    "power": "{{ 10**10**10 }}",
    "product": "{{ 'a' * 10000000000 }}",
    "product of products": "{% set x = 'a' * 1000000 %}{{ x * 1000000 }}",
    "list product": "{{ [1] * 10000000000 }}",
    "negative is nothing": "{{ ('a' * -5) ~ ('a' * 10000000000) }}",
    "nested loops": "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
    "one long range": "{% for i in range(10**9) %}{% endfor %}",
    "endless recursion": "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    "two by two": "{% macro f(n) %}{% if n %}{{ f(n-1) }}{{ f(n-1) }}{% endif %}{% endmacro %}{{ f(90) }}",
    "loop recursion": "{% for i in [1] recursive %}{{ loop([1, 1]) }}{% endfor %}",
    "doubling by ~": "{% set n=namespace(x='a') %}{% for i in range(99) %}{% set n.x=n.x~n.x %}{% endfor %}",
    "doubling by +": "{% set n=namespace(x='a') %}{% for i in range(99) %}{% set n.x=n.x+n.x %}{% endfor %}",
    "doubling a list": "{% set n=namespace(x=[1]) %}{% for i in range(99) %}{% set n.x=n.x*2 %}{% endfor %}",
    "squaring": "{% set n=namespace(x=9) %}{% for i in range(99) %}{% set n.x=n.x*n.x %}{% endfor %}",
    "percent width": "{{ '%9999999999d' % 1 }}",
    "percent star": "{{ '%*d' % (9999999999, 1) }}",
    "format width": "{{ '{:>9999999999}'.format(1) }}",
    "format nested width": "{{ '{:>{w}}'.format(1, w=9999999999) }}",
    "format filter": "{{ '%9999999999d' | format(1) }}",
    "replace": "{{ ('a' * 100000).replace('a', 'b' * 1000000) }}",
    "replace filter": "{{ ('a' * 100000) | replace('a', 'b' * 1000000) }}",
    "replace of nothing": "{{ ('a' * 100000).replace('', 'b' * 1000000) }}",
    "join": "{{ ('a' * 1000000).join(('b' * 100000) | list) }}",
    "join filter": "{{ range(100000) | join('a' * 1000000) }}",
    "indent": "{{ ('a\\n' * 100000) | indent(1000000000) }}",
    "tojson indent": "{{ [1, 2] | tojson(indent=1000000000) }}",
    "literal text": "{% for i in range(99999) %}" + "text " * 1000 + "{% endfor %}",
    "batch": "{{ [1] | batch(10000000000, 0) | list }}",
    "center": "{{ 'a' | center(10000000000) }}",
    "ljust": "{{ 'a'.ljust(10000000000) }}",
    "zfill": "{{ 'a'.zfill(10000000000) }}",
    "expandtabs": "{{ '\\t'.expandtabs(10000000000) }}",
    "lipsum": "{{ lipsum(n=1000000) }}",
    "list of one text, printed": "{{ ['a' * 1000000] * 100000 }}",
    "list of one text, joined": "{{ (['a' * 1000000] * 100000) | join }}",
    "list of one text, by ~": "{% set x = (['a' * 1000000] * 100000) ~ '' %}",
    "list of one text, as string": "{% set x = (['a' * 1000000] * 100000) | string | length %}",
    "list of one text, in a format": "{{ '%s' % [['a' * 1000000] * 100000] }}",
    "one text many times in a format": "{{ ('%(a)s' * 1000) % {'a': 'a' * 1000000} }}",
    "one text many times in format()": "{{ ('{0}' * 1000).format('a' * 1000000) }}",
    "tree of lists, printed": "{% set n=namespace(x=[1]) %}{% for i in range(60) %}{% set n.x=[n.x, n.x] %}"
    "{% endfor %}{{ n.x }}",
    "tree of lists, compared": "{% set n=namespace(x=[1], y=[1]) %}{% for i in range(60) %}"
    "{% set n.x=[n.x, n.x] %}{% set n.y=[n.y, n.y] %}{% endfor %}{{ n.x == n.y }}",
    "tree of tuples": "{% set n=namespace(x=()) %}{% for i in range(60) %}{% set n.x=(n.x,n.x) %}{% endfor %}"
    "{{ {n.x: 1} }}",
    "tree of dicts": "{% set n=namespace(x={}) %}{% for i in range(60) %}{% set n.x={'a': n.x, 'b': n.x} %}"
    "{% endfor %}{{ n.x | tojson }}",
    "tree by dict()": "{% set n=namespace(x={}) %}{% for i in range(60) %}{% set n.x=dict(a=n.x, b=n.x) %}"
    "{% endfor %}{{ n.x | tojson }}",
    "tree of namespaces": "{% set n=namespace(x=1) %}{% for i in range(60) %}"
    "{% set n.x=namespace(a=n.x, b=n.x) %}{% endfor %}{{ n.x }}",
    "tree by varargs": "{% set n=namespace(x=1) %}{% macro f() %}{% set n.x = varargs %}{% endmacro %}"
    "{% for i in range(60) %}{% set _ = f(n.x, n.x) %}{% endfor %}{{ n.x == n.x[0] }}{{ n.x }}",
    "tree by kwargs": "{% set n=namespace(x=1) %}{% macro f() %}{% set n.x = kwargs %}{% endmacro %}"
    "{% for i in range(60) %}{% set _ = f(a=n.x, b=n.x) %}{% endfor %}{{ n.x }}",
    "tree by product": "{% set n=namespace(x=[]) %}{% for i in range(60) %}{% set n.x=[n.x]*2 %}{% endfor %}",
    "tree by sum": "{% set n=namespace(x=[1]) %}{% for i in range(60) %}"
    "{% set n.x=[[n.x],[n.x]] | sum(start=[]) %}"
    "{% endfor %}{{ n.x }}",
    "deep JSON": "{% set n=namespace(x=[1]) %}{% for i in range(900) %}{% set n.x=[n.x] %}{% endfor %}"
    "{{ n.x | tojson(indent=16) }}",
    "slices kept": "{% set x = 'a' * 1000000 %}{% set n=namespace(l=[]) %}{% for i in range(99999) %}"
    "{% set n.l = n.l + [x[1:]] %}{% endfor %}",
    "pieces kept": "{% set x = 'a ' * 1000000 %}{% set n=namespace(l=[]) %}{% for i in range(99999) %}"
    "{% set n.l = n.l + [x.split()] %}{% endfor %}",
    "replace by name": "{{ ('a' * 100000) | replace(new='b' * 1000000, old='a') }}",
    "replace with a count": "{{ ('a' * 100000).replace('a', 'b' * 1000000, 100000) }}",
    "join a stream": "{{ ('a' * 1000000).join(range(99999) | map('string')) }}",
    "join a stream by filter": "{{ range(99999) | map('string') | join('a' * 1000000) }}",
    "indent by a text": "{{ ('a\n' * 100000) | indent('a' * 100000) }}",
    "round to a huge place": "{{ 5 | round(-1000000000) }}",
    "round up to a huge place": "{{ 5.5 | round(1000000000, 'ceil') }}",
    "endless output": "{% for i in range(99999) %}{{ messages }}{{ messages }}{{ messages }}{% endfor %}",
    "rjust a text": "{{ messages[0].content.rjust(10000000000, 'x') }}",
    "many tabs": "{{ ('\\t' * 100000).expandtabs(100000) }}",
    "pad by name": "{{ 'a'.expandtabs(tabsize=-10000000000) }}{{ '\\ta'.expandtabs(tabsize=10000000000) }}",
    "centre in a loop": "{% for i in range(99999) %}{% set x = 'a'.center(100000) %}{% endfor %}",
    "truncate to a huge length": "{{ 'a' | truncate(10000000000) }}",
    "slice into many": "{{ [1] | slice(10000000000) | list }}",
    "batch and fill": "{{ 'abc' | batch(1000000000, 'x') | list }}",
    "percent-encode": "{% for i in range(99999) %}{% set x = ('é' * 10000) | urlencode %}{% endfor %}",
    "escape in a loop": "{% for i in range(99999) %}{% set x = ('<' * 100000) | forceescape %}{% endfor %}",
    "joiner as text": "{% set j = joiner('a' * 1000000) %}{% for i in range(99999) %}{{ j() }}{% endfor %}",
    "endless cycle": "{% set c = cycler('a') %}{% for i in range(10**9) %}{{ c.next() }}{% endfor %}",
    "call block without end": "{% macro f() %}{{ caller() }}{% endmacro %}{% macro g() %}"
    "{% call f() %}{{ g() }}{% endcall %}{% endmacro %}{{ g() }}",
    "dates without end": "{% for i in range(999999) %}{{ strftime_now('%Y') }}{% endfor %}",
    "generation in a loop": "{% for i in range(999999) %}{% generation %}x{% endgeneration %}{% endfor %}",
    "a message in itself": "{% set n=namespace(x=messages[0].content) %}{% for i in range(99) %}"
    "{% set n.x = n.x.replace('i', n.x) %}{% endfor %}",
    "a message many times": "{% set n=namespace(x=messages[0].content) %}{% for i in range(99) %}"
    "{% set n.x = '%s%s' % (n.x, n.x) %}{% endfor %}",
    "wide date": "{{ strftime_now('%1000000000d') }}",
}


@pytest.mark.parametrize("source", HUGE.values(), ids=HUGE)
@pytest.mark.parametrize("followed", [False, True])
def test_a_template_that_asks_for_too_much_is_stopped(source: str, followed: bool) -> None:
    with pytest.raises((RequestError, PackageError), match="chat template"):
        TemplateProgram(source).render({"messages": traced(MESSAGES, "\2") if followed else MESSAGES})


ESCAPES = {
    "class": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "attr filter": "{{ '' | attr('__class__') }}{{ ('' | attr('__class__')).__mro__ }}",
    "globals": "{{ raise_exception.__globals__ }}{{ raise_exception.__globals__['json'] }}",
    "cycler": "{{ cycler.__init__.__globals__.os }}",
    "namespace": "{{ namespace.__init__.__globals__.os }}",
    "self": "{{ self._TemplateReference__context.environment.globals }}",
    "format string": "{{ '{0.__class__.__mro__}'.format('') }}",
    "include": "{% include '/etc/passwd' %}",
    "import": "{% import '/etc/passwd' as x %}",
    "change a message": "{{ messages.append(1) }}",
    "origins of a text": "{{ messages[0].content._llmworks_origins.upper() }}",
    "origins of a message": "{{ messages[0]._llmworks_origins.upper() }}",
    "cycler's insides": "{{ cycler('a').__init__.__globals__ }}",
    "joiner's insides": "{{ joiner('a').__class__.__mro__ }}",
    "str.encode": "{{ 'a'.encode('utf-8').x.y }}",
    "mro by map": "{{ messages | map(attribute='__class__') | list | first }}{{ ''.__class__.x }}",
    "groupby": "{{ messages | groupby('__class__.__mro__') | list }}{{ ''.__class__.x }}",
    "pop a message": "{{ messages[0].update({'role': 'system'}) }}",
}


@pytest.mark.parametrize("source", ESCAPES.values(), ids=ESCAPES)
@pytest.mark.parametrize("followed", [False, True])
def test_there_is_no_way_out(source: str, followed: bool) -> None:
    with pytest.raises((RequestError, PackageError), match="chat template"):
        TemplateProgram(source).render({"messages": traced(MESSAGES, "\2") if followed else MESSAGES})


UNPARSABLE = {
    "open tag": "{% if x",
    "open block": "{% if x %}",
    "open generation": "{% generation %}",
    "unknown tag": "{% launch %}",
    "unknown filter": "{{ x | launch }}",
    "unknown test": "{{ x is launched }}",
    "nested parentheses": "{{" + "(" * 5000,
    "nested lists": "{{" + "[" * 50000 + "}}",
    "many minuses": "{{ " + "-" * 30000 + "1 }}",
    "nested blocks": "{% if 1 %}" * 500 + "{% endif %}" * 500,
    "break outside a loop": "{% break %}",
    "too long": "a" * 300_000,
}


@pytest.mark.parametrize("source", UNPARSABLE.values(), ids=UNPARSABLE)
def test_a_template_that_does_not_parse_is_refused(source: str) -> None:
    with pytest.raises(PackageError, match="chat template"):
        TemplateProgram(source)


def test_the_place_of_a_syntax_error_is_named() -> None:
    with pytest.raises(PackageError, match="line 3"):
        TemplateProgram("one\ntwo\n{% endfor %}")


def test_a_template_can_refuse_a_conversation() -> None:
    with pytest.raises(RequestError, match="refuses this conversation: roles must alternate"):
        render("{{ raise_exception('roles must alternate') }}")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{% for m in messages %}{{ loop.index0 }}/{{ loop.length }}{{ m.role[0] }}{% endfor %}", "0/2u1/2a"),
        (
            "{% for m in messages %}\n  {% if loop.last %}\n{{ m['content'] }}\n  {% endif %}\n{% endfor %}",
            "Ho\n",
        ),
        (
            "{% for m in messages %}{% if loop.first %}{% continue %}{% endif %}{{ m.content }}{% endfor %}",
            "Ho",
        ),
        ("{{ messages | map(attribute='content') | join(', ') }}", "Hi, Ho"),
        ("{{ messages | selectattr('role', 'equalto', 'user') | list | length }}", "1"),
        ("{{ {'a': '<é>'} | tojson }}", '{"a": "<é>"}'),
        ("{{ [1] | tojson(indent=2) }}", "[\n  1\n]"),
        ("{{ 'a\nb' | indent(2) }}", "a\n  b"),
        ("{{ '%s-%d' % ('a', 3) }}{{ '{}'.format(4) }}", "a-34"),
        (
            "{% set s = namespace(n=0) %}{% for m in messages %}{% set s.n = s.n + 1 %}{% endfor %}{{ s.n }}",
            "2",
        ),
        ("{% macro f(x) %}[{{ x }}]{% endmacro %}{{ f('a') ~ f(1) }}", "[a][1]"),
        ("{{ 'a ' * 3 }}{{ 7 // 2 }}{{ 7 % 4 }}", "a a a 33"),
        ("{{ messages[::-1][0].content }}", "Ho"),
        ("{{ messages }}", str(MESSAGES)),
        ("{{ [1, 'a'] ~ (1, 2) ~ {'a': none} }}", "[1, 'a'](1, 2){'a': None}"),
        (
            "{% set n=namespace(l=[]) %}{% for m in messages %}{% set n.l=n.l+[m] %}{% endfor %}"
            "{{ n.l | length }}",
            "2",
        ),
        ("{{ [3, 1, 2] | sort | list }}{{ [[1], [2]] | sum(start=[]) }}", "[1, 2, 3][1, 2]"),
        ("{{ 'abc' | first }}{{ 'abc'[1:] }}{{ 'a,b'.split(',') | last }}", "abcb"),
        ("{{ 3.14159 | round(2) }}{{ -3 | abs }}{{ '7' | int + 1 }}", "3.1438"),
        ("{{ {'b': 1, 'a': 2} | dictsort }}{{ {'a': 1} | items | list }}", "[('a', 2), ('b', 1)][('a', 1)]"),
        ("{{ messages | map(attribute='role') | unique | list }}", "['user', 'assistant']"),
        (
            "{% for g in messages | groupby('role') %}{{ g.grouper }}{{ g.list | length }}{% endfor %}",
            "assistant1user1",
        ),
        ("{% macro f() %}{{ varargs | length }}{{ kwargs }}{% endmacro %}{{ f(1, 2, a=3) }}", "2{'a': 3}"),
        ("{{ x | default('none', true) }}{{ '' | d('e', true) }}", "nonee"),
        ("{{ 'a-b' | replace('-', '+') | upper | trim | length }}", "3"),
        ("{{ none_here is defined }}{{ none_here }}", "False"),
        ("{{ messages[0].content.strip().startswith('H') }}", "True"),
        ("{% for k, v in {'a': 1}.items() %}{{ k }}{{ v }}{% endfor %}", "a1"),
        ("{% generation %}{{ messages[1].content }}{% endgeneration %}", "Ho"),
        ("{% for m in [] %}{{ m }}{% else %}none{% endfor %}", "none"),
        ("{{ strftime_now('%Y') | length }}", "4"),
    ],
)
def test_the_dialect(source: str, expected: str) -> None:
    assert render(source) == expected


words = (
    "{{ }} {% %} for·x·in endfor messages if endif ( ) 'a' * ~ + | join replace list range(9) set·x·= x . "
    "content [0] generation endgeneration macro·f() endmacro f() 99999 - tojson format %s"
)
pieces = st.sampled_from([word.replace("·", " ") for word in words.split()])


@settings(max_examples=150, deadline=None)
@given(st.lists(pieces, max_size=14).map(" ".join))
def test_any_template_renders_or_is_refused(source: str) -> None:
    with contextlib.suppress(LLMWorksError):
        assert isinstance(render(source), str)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=40))
def test_plain_text_is_its_own_rendering(text: str) -> None:
    if "{" in text:
        return
    # Jinja writes line ends as \n and drops one at the end.
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    assert render(text) == lines.removesuffix("\n")
