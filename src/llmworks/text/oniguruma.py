r"""Regexes as `tokenizers` reads them (Oniguruma, Ruby's syntax), for Python's `regex` module.

    \p{N}{1,3}+   in Ruby's syntax one or more times one to three      (?:[0-9٠-٩…]{1,3})+
    ^  $          begin and end of every line                          flag MULTILINE
    \s \w \p{L}   Unicode 16                                           the sets written out

A regex from a file is a program from a stranger: its length is bounded when it is read and its time whenever
it runs. Source: kkos/oniguruma, doc/RE; huggingface/tokenizers, its `Pattern`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

import regex

from llmworks.errors import TokenizerError
from llmworks.text.limits import expect
from llmworks.text.unicode_tables import inside_brackets, ranges

MAX_PATTERN = 5_000
MAX_WRITTEN_OUT = 20_000
SECONDS = 5.0
SECONDS_PER_CHARACTER = 2e-5

_CATEGORIES = {
    "L": "Lu Ll Lt Lm Lo", "M": "Mn Mc Me", "N": "Nd Nl No", "P": "Pc Pd Ps Pe Pi Pf Po", "S": "Sm Sc Sk So",
    "Z": "Zs Zl Zp", "C": "Cc Cf Co Cn", "LC": "Lu Ll Lt",
}  # fmt: skip
_LONG_NAMES = {
    "letter": "L", "mark": "M", "number": "N", "punctuation": "P", "symbol": "S", "separator": "Z",
    "other": "C",
    "uppercaseletter": "Lu", "lowercaseletter": "Ll", "titlecaseletter": "Lt", "modifierletter": "Lm",
    "otherletter": "Lo", "nonspacingmark": "Mn", "spacingmark": "Mc", "enclosingmark": "Me",
    "decimalnumber": "Nd", "letternumber": "Nl", "othernumber": "No", "connectorpunctuation": "Pc",
    "dashpunctuation": "Pd", "openpunctuation": "Ps", "closepunctuation": "Pe", "initialpunctuation": "Pi",
    "finalpunctuation": "Pf", "otherpunctuation": "Po", "mathsymbol": "Sm", "currencysymbol": "Sc",
    "modifiersymbol": "Sk", "othersymbol": "So", "spaceseparator": "Zs", "control": "Cc", "format": "Cf",
}  # fmt: skip
# POSIX names, in brackets and as properties. `word` and its kin are sets of their own in the tables.
_POSIX = {
    "word": ["onig_word"], "space": ["onig_space"], "punct": ["onig_punct"], "graph": ["onig_graph"],
    "print": ["onig_print"], "alpha": ["onig_alpha"], "upper": ["onig_upper"], "lower": ["onig_lower"],
    "alnum": ["onig_alnum"], "digit": ["onig_Nd"], "cntrl": ["onig_Cc"],
}  # fmt: skip
_XDIGIT = "0-9A-Fa-f"
_NATIVE = {"word": r"\w", "word alone": r"\w", "digit": r"\d", "space": r"\s"}
_FOLDS = regex.compile(r"\(\?[mx]*i")
# Outside of brackets, and only there, Oniguruma's \w takes these too: ² ³ ¹ ¼ ½ ¾.
_WORD_ALONE = "\xb2\xb3\xb9\xbc-\xbe"


class Pattern:
    """A regex, or a text that stands for itself (`literal`), where something is looked for in a text."""

    def __init__(self, *, literal: str | None = None, source: str | None = None) -> None:
        self.literal, self.source = literal, source
        self._regex = None if source is None else compile_oniguruma(source)
        self._native = None if source is None else _native(source)
        self._alike: set[str] = set()  # characters of which that is known

    def to_json(self) -> dict[str, str]:
        return {"Regex": self.source} if self.source is not None else {"String": self.literal or ""}

    def matches(self, text: str) -> list[tuple[int, int]]:
        """Where it matches, from left to right, as Oniguruma's search does: an empty match does not stand
        where another has just ended."""
        if self._regex is None:
            return self._literal_matches(text)
        return [match.span() for match in self._found(text)]

    def replacements(self, text: str, content: str) -> Iterator[tuple[int, int, str]]:
        """(start, end, what comes there instead) for every match. `$1` in `content` is no reference."""
        for start, end in self.matches(text):
            yield start, end, content

    def _literal_matches(self, text: str) -> list[tuple[int, int]]:
        found, place, width = [], 0, len(self.literal or "")
        while width and (start := text.find(self.literal or "", place)) >= 0:
            place = start + width
            found.append((start, place))
        return found

    def _found(self, text: str) -> list[regex.Match[str]]:
        assert self._regex is not None
        seconds = SECONDS + len(text) * SECONDS_PER_CHARACTER
        try:
            found = list(self._quickest(text).finditer(text, timeout=seconds))
            if any(match.start() == match.end() for match in found):
                found = self._found_one_by_one(text, seconds)
        except TimeoutError:
            raise TokenizerError(
                f"the regex {(self.source or '')[:80]!r} takes more than {seconds:.0f} s on a text of "
                f"{len(text):,} characters; it may need exponential time"
            ) from None
        return found

    def _quickest(self, text: str) -> regex.Pattern[str]:
        """The regex by the `regex` module's own tables, 30 times faster than by sets written out, where both
        editions of Unicode class all characters of the text alike."""
        assert self._regex is not None
        if self._native is None:
            return self._regex
        native, classes = self._native
        fresh = set(text) - self._alike
        self._alike |= {character for character in fresh if all(alike(character) for alike in classes)}
        return native if fresh <= self._alike else self._regex

    def _found_one_by_one(self, text: str, seconds: float) -> list[regex.Match[str]]:
        assert self._regex is not None
        found: list[regex.Match[str]] = []
        place, last_end = 0, -1
        while place <= len(text) and (match := self._regex.search(text, place, timeout=seconds)):
            start, end = match.span()
            if start < end:
                found.append(match)
                place = last_end = end
                continue
            if end != last_end:
                found.append(match)
                last_end = end
            place = end + 1
        return found

    def __reduce__(self) -> tuple[Any, ...]:
        return functools.partial(Pattern, literal=self.literal, source=self.source), ()


def read_pattern(value: dict[str, Any], what: str) -> Pattern:
    """`{"String": …}` or `{"Regex": …}`."""
    if set(value) == {"String"}:
        literal = expect(value["String"], str, f"{what}.String")
        if not literal:
            raise TokenizerError(f"{what}: an empty String would match everywhere; expected a text")
        return Pattern(literal=literal)
    if set(value) == {"Regex"}:
        try:
            return Pattern(source=expect(value["Regex"], str, f"{what}.Regex"))
        except TokenizerError as error:
            raise TokenizerError(f"{what}: {error}") from None
    raise TokenizerError(f'{what}: expected {{"String": …}} or {{"Regex": …}}, not {str(value)[:60]!r}')


@functools.lru_cache(maxsize=64)
def compile_oniguruma(source: str) -> regex.Pattern[str]:
    """`source` compiled; TokenizerError where it is no regex or uses what is not known here."""
    if len(source) > MAX_PATTERN:
        raise TokenizerError(f"a regex of {len(source):,} characters; at most {MAX_PATTERN:,} are read")
    try:
        translated = _Translator(source).translate()
        return regex.compile(translated, flags=regex.VERSION1 | regex.MULTILINE)
    except (regex.error, OverflowError, RecursionError, ValueError, MemoryError) as error:
        raise TokenizerError(f"the regex {source[:80]!r} cannot be read: {error}") from None


@functools.lru_cache(maxsize=64)
def _native(source: str) -> tuple[regex.Pattern[str], list[Callable[[str], bool]]] | None:
    """`source` by the module's own tables, and a test of each class in it: is a character classed alike?

    None where case is folded: how that meets classes is another matter.
    """
    if "(?" in source and _FOLDS.search(source):
        return None
    try:
        translator = _Translator(source, native=True)
        made = regex.compile(translator.translate(), flags=regex.VERSION1 | regex.MULTILINE)
    except (TokenizerError, regex.error):
        return None
    return made, [_same_class(*pair) for pair in translator.classes]


def _same_class(form: str, written: str) -> Callable[[str], bool]:
    """Whether a character is in both of two classes or in neither."""
    one, other = regex.compile(f"[{form}]"), regex.compile(f"[{written}]")
    return lambda character: bool(one.match(character)) == bool(other.match(character))


class _Translator:
    """From left to right; `out` holds finished pieces, `atom` where the last thing that can be repeated began
    in it."""

    def __init__(self, source: str, *, native: bool = False) -> None:
        self.source, self.place, self.native = source, 0, native
        self.classes: list[tuple[str, str]] = []  # written by the module's names, and written out
        self.out: list[str] = []
        self.groups: list[int] = []
        self.atom = 0
        self.sizes = [0]  # of what stands in each open group
        self.size = 0  # of the last atom

    def translate(self) -> str:
        while self.place < len(self.source):
            self._step()
        return "".join(self.out)

    def _step(self) -> None:
        here = self.source[self.place]
        if here == "\\":
            self._put(self._escape(inside=False))
        elif here == "[":
            self._put(self._brackets())
        elif here == "(":
            self._open()
        elif here == ")":
            self.place += 1
            start = self.groups.pop() if self.groups else len(self.out)
            self.out.append(")")
            self.atom = start
            inside = self.sizes.pop() if len(self.sizes) > 1 else 0
            self._grow(inside)
        elif here in "*+?" or (here == "{" and self._interval()):
            self._repeat()
        else:
            self.place += 1
            self._put(here if here != "{" else r"\{")

    def _put(self, text: str) -> None:
        self._grow(1 + len(text) // 100)
        self.atom = len(self.out)
        self.out.append(text)

    def _grow(self, size: int) -> None:
        """`regex` writes repetitions out, `(a{1000}){1000}` a million times: what that makes is bounded."""
        self.size = size
        self.sizes[-1] += size
        if self.sizes[-1] > MAX_WRITTEN_OUT:
            raise self._unknown("repetitions in repetitions, so large that they would fill the memory")

    def _open(self) -> None:
        head = regex.compile(r"\((?:\?(?:[:=!>]|<[=!]|<\w+>|[imx]*-?[imx]*[:)]|#[^)]*\)))?").match(
            self.source, self.place
        )
        if head is None or (head.end() == self.place + 1 and self.source.startswith("(?", self.place)):
            raise self._unknown("this kind of group")
        text = head.group()
        self.place = head.end()
        if text.startswith("(?#"):
            return
        if regex.fullmatch(r"\(\?[imx-]+[:)]", text):
            text = text.replace("m", "s")  # Ruby's m lets the dot match line ends
            if "x" in text:
                raise self._unknown("the flag x")
            if text.endswith(")"):  # to the end of the group around it
                self._put(text)
                return
        self.groups.append(len(self.out))
        self.sizes.append(1)
        self.out.append(text)

    def _interval(self) -> regex.Match[str] | None:
        return regex.compile(r"\{(?:\d+(?:,\d*)?|,\d+)\}").match(self.source, self.place)

    def _repeat(self) -> None:
        interval = self._interval()
        text = interval.group() if interval else self.source[self.place]
        self.place += len(text)
        counts = [int(number) for number in regex.findall(r"\d+", text)]
        if any(count > 1000 for count in counts):
            raise self._unknown(f"the repetition {text}")
        once, most = self.size, max(counts, default=1)
        self._grow(once * max(0, most - 1))
        self.size = once * max(1, most)
        self.out.append(text.replace("{,", "{0,"))
        after = self.source[self.place : self.place + 1]
        if interval and (after == "+" or (after == "?" and "," not in text)):
            # Not possessive and not lazy here, but repeated once more.
            self.out[self.atom :] = ["(?:" + "".join(self.out[self.atom :]) + ")"]
        elif after in ("+", "?") and after:
            self.place += 1
            self.out.append(after)

    def _brackets(self) -> str:
        """A class, which may hold classes; written without the doubled signs that `regex` would read as set
        operations."""
        named = regex.compile(r"\[:(\^?)(\w+):\]").match(self.source, self.place)
        if named:
            self.place = named.end()
            return f"[{self._named(named[2], bool(named[1]))}]"
        self.place += 1
        parts = ["["]
        if self.source.startswith("^", self.place):
            self.place += 1
            parts.append("^")
        first, after_set = True, False
        while True:
            here = self.source[self.place : self.place + 1]
            if not here:
                raise self._unknown("a class without its end")
            if here == "]" and not first:
                self.place += 1
                return "".join(parts) + "]"
            first = False
            was_set, after_set = after_set, False
            if here == "[":
                parts.append(self._brackets())
                after_set = True
            elif here == "\\":
                parts.append(self._escape(inside=True))
                after_set = len(parts[-1]) > 10
            elif self.source.startswith("&&", self.place):
                self.place += 2
                parts.append("&&")
            elif here == "-":
                self.place += 1
                edge = was_set or parts[-1] in ("[", "^", "-") or self.source.startswith("]", self.place)
                parts.append(r"\-" if edge else "-")
            else:
                self.place += 1
                parts.append(here if here.isalnum() or here.isspace() or ord(here) > 127 else "\\" + here)

    def _escape(self, *, inside: bool) -> str:
        text = self.source[self.place : self.place + 2]
        self.place += 2
        letter = text[1:]
        if letter in ("p", "P"):
            return self._property(letter == "P", inside)
        if letter and letter in "dDwWsShH":
            name = {"d": "digit", "w": "word", "s": "space", "h": "xdigit"}[letter.lower()]
            name = "word alone" if name == "word" and not inside else name
            written = self._named(name, letter.isupper())
            return f"[{written}]" if letter.isupper() or not inside else written
        if letter in ("b", "B") and not inside:
            word = f"[{self._named('word alone', False)}]"
            ends = f"(?<={word})(?!{word})|(?<!{word})(?={word})"
            return f"(?:{ends})" if letter == "b" else f"(?!{ends})"
        if letter in ("z", "Z") and not inside:
            return r"\Z" if letter == "z" else r"(?=\n?\Z)"
        if letter == "A" and not inside:
            return r"\A"
        if letter == "R" and not inside:
            return r"(?>\r\n|[\n-\r\x85\u2028\u2029])"
        if letter and letter in "ntrfvae":
            return {"n": r"\n", "t": r"\t", "r": r"\r", "f": r"\f", "v": r"\x0b", "a": r"\x07", "e": r"\x1b"}[
                letter
            ]
        if letter in ("x", "u"):
            return self._code(letter)
        if letter and not letter.isalnum():
            return regex.escape(letter) if letter != " " else r"\ "
        if letter.isdigit() and letter != "0" and not inside:
            return text
        raise self._unknown(f"the escape {text}")

    def _code(self, letter: str) -> str:
        forms = r"\{([0-9A-Fa-f]{1,8})\}|([0-9A-Fa-f]{2})" if letter == "x" else r"([0-9A-Fa-f]{4})"
        found = regex.compile(forms).match(self.source, self.place)
        if found is None:
            raise self._unknown(f"the escape \\{letter}")
        self.place = found.end()
        point = int(next(digits for digits in found.groups() if digits), 16)
        if point > 0x10FFFF:
            raise self._unknown(f"the code point {point:x}")
        return f"\\U{point:08x}"

    def _property(self, negated: bool, inside: bool) -> str:
        found = regex.compile(r"\{(\^?)([\w &-]+)\}").match(self.source, self.place)
        if found is None:
            raise self._unknown("a property")
        self.place = found.end()
        name = found[2]
        if name.lower() == "punct":
            name = "P"  # in brackets, [[:punct:]], some symbols too
        elif name.lower() == "word" and not inside:
            name = "word alone"
        written = self._named(name, negated != bool(found[1]))
        return written if inside and not written.startswith("^") else f"[{written}]"

    def _named(self, name: str, negated: bool) -> str:
        """The inside of a class for a property or POSIX name."""
        sets = _sets(name)
        if name == "word alone":
            written = inside_brackets("onig_word") + _WORD_ALONE
        elif sets is not None:
            written = inside_brackets(*sets)
        elif name.lower() == "xdigit":
            written = _XDIGIT
        elif name.lower() == "blank":
            written = inside_brackets("onig_Zs") + r"\t"
        elif name.lower() == "any":
            written = r"\U00000000-\U0010ffff"
        else:
            written = _script(name)
            if not written:
                raise self._unknown(f"the property {name[:40]}")
        form = _NATIVE.get(name) or (f"\\p{{{_short_name(name)}}}" if sets is not None else "")
        if self.native and form and name.lower() not in _POSIX.keys() - _NATIVE.keys():
            self.classes.append((form, written))
            written = form
        return f"^{written}" if negated else written

    def _unknown(self, what: str) -> TokenizerError:
        return TokenizerError(f"the regex {self.source[:80]!r} uses {what}, which is not supported")


def _short_name(name: str) -> str:
    """A category as the tables name it: `Lu` for `Uppercase_Letter`."""
    plain = regex.sub(r"[\s_-]", "", name)
    short = _LONG_NAMES.get(plain.lower(), plain if len(plain) > 2 else plain.capitalize())
    return "LC" if plain.upper() == "LC" else short


def _sets(name: str) -> tuple[str, ...] | None:
    """The names of the tables for a category or POSIX name."""
    plain, short = regex.sub(r"[\s_-]", "", name), _short_name(name)
    if plain.lower() in _POSIX:
        return tuple(_POSIX[plain.lower()])
    if short in _CATEGORIES:
        return tuple(f"onig_{part}" for part in _CATEGORIES[short].split())
    if any(short in parts.split() for parts in _CATEGORIES.values()):
        return (f"onig_{short}",)
    return None


@functools.cache
def _script(name: str) -> str:
    """A script or other property by `regex`'s table, less what Oniguruma's edition had not assigned; "" for
    one that is not known."""
    try:
        pattern = regex.compile(rf"\p{{{name}}}+", flags=regex.VERSION1)
    except regex.error:
        return ""
    gone = frozenset(point for low, high in ranges("onig_Cn") for point in range(low, high + 1))
    runs: list[list[int]] = []
    everything = "".join(map(chr, range(0x110000)))
    for match in pattern.finditer(everything):
        for point in range(match.start(), match.end()):
            if point in gone:
                continue
            if runs and runs[-1][1] == point - 1:
                runs[-1][1] = point
            else:
                runs.append([point, point])
    return "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in runs)
