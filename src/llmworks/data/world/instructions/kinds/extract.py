# ruff: noqa: E501 (lists of wordings)
"""Extract from a note, as JSON, the values of the keys that the instruction names."""

from __future__ import annotations

import json
from typing import Any

from llmworks.data.world.instructions.held import Wordings
from llmworks.data.world.instructions.kinds.extract_notes import (
    ASIDES,
    NOTES,
    SYNONYMS,
    form,
    slots_of,
    values,
)
from llmworks.data.world.instructions.task import Check, Task, laid_out, plain
from llmworks.data.world.instructions.words import joined, with_article
from llmworks.data.world.phrases import Draw

_ASK = Wordings(
    "[Extract|Get|Take|Pull out] the {keys} [from this note |from the text |]as JSON.",
    "[Write|Give|Return|Output|Print] {keys} as JSON.",
    "Read this and answer [in|as] JSON with the {keyword} {keys}.",
    "[Turn|Make] this [note |text |]into JSON with {keys}.",
    "[Fill in|Find] {keys}[ here|]. [Answer in JSON|JSON only].",
    "JSON with {keys}, please.",
    "Extract as JSON: {keys}.",
    "[Can|Could] you [get|extract|find] the {keys} [for me |]as JSON?",
    "I need the {keys}[ of this|]. [Give me JSON|As JSON, please].",
    "[From the text|From this message|From the note], [take|extract] {keys}. [Format|Output]: JSON.",
    "[Make|Write|Produce|Build] a JSON object with the {keyword} {keys}.",
    "[Please extract|Please find|Find] the following [fields|values] and [return|write] them as JSON: {keys}.",
    "I am looking for the {keys}. [Answer with JSON|Reply in JSON|JSON].",
    "[Parse|Read] the [text|note|message] [into|to] JSON. [Keys|Fields]: {keys}.",
    "[Convert|Change] this to JSON with {keyword} {keys}.",
    "json please, {keys}",
    "[Put|Write down] the {keys} in JSON.",
    "[Information extraction|Data extraction|Extraction]. {Keyword}: {keys}. Format: JSON.",
    "[Respond|Answer] only with JSON that has {keys}.",
    "Find in the [note|text] the {keys} and write them as a JSON object.",
    "[Store|Save] this as JSON ({keys}).",
    "[Return a JSON object|I want a JSON object] with {keys} [from the text|from this].",
)
_LINES = Wordings(
    "[Extract|Find|Get|Take out|Write down] the {keys}.",
    "[Extract|Find|Pick out|Get] the {keys} [from|in] this [text|note|message].",
    "[I am looking for|I want to know] the {keys}.",
    "[List|Give me|Tell me] the {keys}[, one on each line|, each on a line|].",
    "[Please|Can you please] [extract|find] {keys}.",
    "[Which|What] {keys} does [the text|this note] name?",
    "I [need|want] the {keys} from this.",
    "[Read this and write|Write] {keys} on lines of their own.",
)
_ONE = Wordings(
    "What is the {key}[ here| in this text| in this note|]?",
    "[Find|Give me|Tell me|Extract|Get|Name] the {key}.",
    "[Find|Extract|Take] the {key} [from|in] the [text|note]. [Answer with the {key} only|Only that, please|Nothing else].",
    "[Which|What] {key} [does this say|is in this note|is named]?",
    "[Just|Only] the {key}[, please|]: what does the text say?",
    "{Key}?",
)
_NULL = (
    " If something is missing, write null.",
    " Write null for what is not said.",
    " Use null if it is not there.",
)


def _note(draw: Draw, held: bool) -> tuple[str, dict[str, Any]]:
    """A text with what it says of each key."""
    made = values(draw, held)
    if draw.chance(0.14):
        return form(draw, made)
    keys, lines = draw.pick(NOTES)
    text = lines(draw, slots_of(made))
    text = f"{text[:1].upper()}{text[1:]}"
    luck = draw.random()
    if luck < 0.22:
        text = f"{text} {ASIDES(draw, {})}"
    elif luck < 0.34:
        text = f"{ASIDES(draw, {})} {text}"
    elif luck < 0.44:
        text = f"{ASIDES(draw, {})} {text} {ASIDES(draw, {})}"
    return text, {key: made[slot] for key, slot in keys}


def _renamed(draw: Draw, keys: list[str]) -> dict[str, str]:
    """Each key with the name that the instruction gives it, no name twice."""
    names = {key: key for key in keys}
    for key in keys:
        if key in SYNONYMS and draw.chance(0.3):
            other = draw.pick(SYNONYMS[key])
            if other not in names.values():
                names[key] = other
    return names


def same_json(wanted: dict[str, Any], also: dict[str, tuple[str, ...]]) -> Check:
    """Accepts an object with these keys and values; numbers may be texts, and texts in other capitals."""

    def alike(key: str, value: Any) -> bool:
        given = str(value).strip().lower()
        if given.endswith(" crowns"):
            given = given.removesuffix(" crowns")
        return given in {str(wanted[key]).lower(), *(one.lower() for one in also.get(key, ()))}

    def checked(answer: str) -> bool:
        start, end = answer.find("{"), answer.rfind("}")
        if start < 0 or end < start:
            return False
        try:
            given = json.loads(answer[start : end + 1])
        except (ValueError, RecursionError):
            return False
        return (
            isinstance(given, dict) and set(given) == set(wanted) and all(map(alike, given, given.values()))
        )

    return checked


def _also(key: str, value: Any) -> tuple[str, ...]:
    """Other ways to write a value."""
    if key in ("thing", "product"):
        return with_article(str(value)), f"the {value}"
    return (str(value).split(" ", 1)[1],) if key == "place" else ()


def make(draw: Draw, held: bool) -> Task:
    """The exam asks for JSON; in training one in five asks for lines or for one value alone."""
    text, known = _note(draw, held)
    if not held and draw.chance(0.2):
        return _in_words(draw, held, text, known)
    count = len(known) if draw.chance(0.4) else 1 + int(draw.random() * len(known))
    keys = draw.some(list(known), count)
    names = _renamed(draw, keys)
    wanted = {names[key]: known[key] for key in keys}
    also = {names[key]: _also(key, known[key]) for key in keys}
    missing = ""
    if not held and draw.chance(0.06):
        absent = draw.pick([key for key in ("price", "age", "phone", "colour", "year") if key not in known])
        if absent not in wanted:
            wanted[absent], missing = None, draw.pick(_NULL)
    quoted = draw.chance(0.3)
    named = [f'"{key}"' if quoted else key for key in wanted]
    listed = ", ".join(named) if draw.chance(0.3) else joined(named)
    slots = {"keys": listed, "keyword": "key" if len(named) == 1 else draw.pick(("keys", "keys", "fields"))}
    asked = _ASK(draw, held, slots)
    if missing:
        asked = f"{asked.rstrip('.?')}.{missing}"
    return Task("extract", laid_out(draw, asked, text), json.dumps(wanted), same_json(wanted, also))


def _in_words(draw: Draw, held: bool, text: str, known: dict[str, Any]) -> Task:
    """One value alone, or several as lines of "key: value"."""
    keys = draw.some(list(known), 1 if draw.chance(0.45) else 4)
    spoken = {key: key.replace("_", " ") for key in keys}
    if len(keys) == 1:
        value = str(known[keys[0]])
        accepted = {plain(one) for one in (value, *_also(keys[0], value))}
        asked = _ONE(draw, held, {"key": spoken[keys[0]]})
        right = value[:1].upper() + value[1:] if draw.chance(0.3) else value
        return Task("extract", laid_out(draw, asked, text), right, lambda answer: plain(answer) in accepted)
    lines = [f"{spoken[key]}: {known[key]}" for key in keys]
    wanted_lines = [plain(line) for line in lines]
    asked = _LINES(draw, held, {"keys": joined(list(spoken.values()))})

    def checked(answer: str) -> bool:
        return sorted(map(plain, answer.strip().split("\n"))) == sorted(wanted_lines)

    if draw.chance(0.5):
        lines = [line[:1].upper() + line[1:] for line in lines]
    return Task("extract", laid_out(draw, asked, text), "\n".join(lines), checked)
