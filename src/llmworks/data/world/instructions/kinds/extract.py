# ruff: noqa: SIM905 (lists of words)
"""Extract from a note, as JSON, the values of the keys that the instruction names."""

from __future__ import annotations

import json
from typing import Any

from llmworks.data.world.instructions.held import Wordings
from llmworks.data.world.instructions.task import Check, Task, laid_out
from llmworks.data.world.instructions.words import (
    COLOURS,
    DAYS,
    MONTHS,
    PLACES,
    THINGS,
    TOWNS,
    joined,
    two_names,
    with_article,
)
from llmworks.data.world.phrases import Draw, Phrases

_ASK = Wordings(
    "[Extract|Get|Take] the {keys} [from this note |]as JSON.",
    "[Write|Give|Return] {keys} as JSON.",
    "Read this and answer [in|as] JSON with the [key|keys] {keys}.".replace("[key|keys]", "{keyword}"),
    "[Turn|Make] this [note |]into JSON with {keys}.",
    "[Fill in|Find] {keys}[ here|]. [Answer in JSON|JSON only].",
    "JSON with {keys}, please.",
    "Extract as JSON: {keys}.",
)
# keys | note
_NOTES = [
    (keys.split(), Phrases(*lines))
    for keys, *lines in (
        (
            "name thing price",
            "{Name} [buys|bought|ordered] {a_thing} for {price} crowns.",
            "{Name} sold {a_thing} [{place} |]for {price} crowns.",
            "The {thing} costs {price} crowns, [says|said] {name}.",
            "[Please note|Note]: {name} [paid|owes us] {price} crowns for the {thing}.",
        ),
        (
            "name town day",
            "{Name} [goes|travels|is going] to {town} on {day}.",
            "On {day}, {name} [arrives in|leaves for|comes back from] {town}.",
            "Hi, this is {name}. I will be in {town} on {day}.",
            "We [meet|visit] {name} in {town} on {day}.",
        ),
        (
            "name count thing day",
            "{Name} [needs|wants|orders] {count} {things} [by|for|on] {day}.",
            "Please send {count} {things} to {name} on {day}.",
            "[For|On] {day}: {count} {things}, [for|ordered by] {name}.",
        ),
        (
            "event day time",
            "The {event} [is|begins|starts] on {day} at {time}.",
            "Come to the {event} on {day} at {time}!",
            "[Do not forget|Remember]: {event} on {day}, {time}.",
        ),
        (
            "event town month",
            "The {event} [is|takes place] in {town} in {month}.",
            "In {month} there is a {event} in {town}.",
            "{Town} has its {event} in {month}.",
        ),
        (
            "thing colour price",
            "For sale: {acolour} {thing}, {price} crowns.",
            "The {colour} {thing} costs {price} crowns.",
            "[Somebody|A neighbour] sells {acolour} {thing} for {price} crowns.",
        ),
        (
            "name age town",
            "{Name} is {age} years old and lives in {town}.",
            "My [friend|cousin|neighbour] {name} from {town} is {age}[ years old|].",
            "{Name}, {age}, of {town} [won the prize|has lost a {thing}|plays the flute].",
        ),
        (
            "name thing place",
            "{Name} [left|lost|forgot|found] {a_thing} {place}.",
            "The {thing} that {name} is looking for is {place}.",
            "[Somebody|We] saw {a_thing} {place}. It belongs to {name}.",
        ),
        (
            "name other time",
            "{Name} meets {other} at {time}.",
            "{Name} [calls|visits|will see] {other} at {time}.",
        ),
    )
]
_EVENTS = "concert,dance,market,boat race,flower show,party,meeting,class,picnic,fair,play,lecture".split(",")
_ASIDES = Phrases(
    "[It may rain|It will be fun|There is no hurry|Nobody knows why|All is well].",
    "[Thank you|Many thanks|That is all|Please tell the others|The rest as usual].",
    "[The weather is fine|The road is long|Everybody was pleased|We shall see].",
)
_NUMBERS = ("price", "count", "age")


def _note(draw: Draw, held: bool) -> tuple[str, dict[str, Any]]:
    keys, lines = draw.pick(_NOTES)
    first, second = two_names(draw, held)
    thing, place = THINGS(draw, held), PLACES(draw, held)
    values: dict[str, Any] = {
        "name": first.text, "other": second.text, "thing": thing.one, "town": TOWNS(draw, held),
        "day": DAYS(draw, False), "month": MONTHS(draw, False), "colour": COLOURS(draw, False),
        "price": 1 + int(draw.random() * 60), "count": 2 + int(draw.random() * 18),
        "age": 5 + int(draw.random() * 80), "event": draw.pick(_EVENTS), "place": place,
        "time": f"{6 + int(draw.random() * 16)}:{draw.pick(('00', '15', '30', '45'))}",
    }  # fmt: skip
    if values["price"] == 1:
        values["price"] = 2
    slots = {key: str(value) for key, value in values.items()}
    slots |= {"things": thing.many, "a_thing": thing.a, "acolour": with_article(slots["colour"])}
    text = lines(draw, slots)
    if draw.chance(0.35):
        aside = _ASIDES(draw, {})
        text = f"{text} {aside}" if draw.chance(0.7) else f"{aside} {text}"
    known = {key: thing.many if key == "thing" and "count" in keys else values[key] for key in keys}
    return text, known


def same_json(wanted: dict[str, Any], also: dict[str, tuple[str, ...]]) -> Check:
    """Accepts an object with these keys and values; numbers may be texts, and texts in other capitals."""

    def alike(key: str, value: Any) -> bool:
        given = str(value).strip().lower()
        if key == "price":
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


def make(draw: Draw, held: bool) -> Task:
    text, known = _note(draw, held)
    count = len(known) if draw.chance(0.4) else 1 + int(draw.random() * len(known))
    keys = draw.some(list(known), count)
    wanted = {key: known[key] for key in keys}
    also: dict[str, tuple[str, ...]] = {}
    if "thing" in wanted:
        also["thing"] = (with_article(wanted["thing"]), f"the {wanted['thing']}")
    if "place" in wanted:
        also["place"] = (wanted["place"].split(" ", 1)[1],)
    quoted = draw.chance(0.3)
    named = [f'"{key}"' if quoted else key for key in keys]
    slots = {"keys": joined(named), "keyword": "key" if len(keys) == 1 else "keys"}
    right = json.dumps(wanted)
    return Task("extract", laid_out(draw, _ASK(draw, held, slots), text), right, same_json(wanted, also))
