"""Names: invented, unique in their world, and saying nothing of the facts.

    person   Mara Tolford              first name + surname of two parts
    place    Quillby, Great Ambledale  start + end (a third part once the short ones are used up)
    shop     Tolford's Bakery          a surname that is not the owner's, or the Green Kettle and the like
    product  the Marrow lamp           a word of two sounds + its sort
    event    the Third Heron Race      look + word + how its sort ends; no year, no place

The same makers give the names of things that do not exist (`World.unknown_name`).
"""

from __future__ import annotations

from collections.abc import Callable, Container

from llmworks.data.world import goods
from llmworks.data.world import name_words as parts
from llmworks.data.world.phrases import Draw

# Looks that say nothing of a colour or a material.
_TELLING = [
    "Green",
    "Red",
    "Blue",
    "Golden",
    "Silver",
    "Black",
    "White",
    "Copper",
    "Yellow",
    "Grey",
    "Rusty",
    "Wooden",
    "Iron",
    "Glass",
    "Paper",
    "Velvet",
]
_PLAIN_LOOKS = tuple(look for look in parts.LOOKS if look not in _TELLING)


def _joined(start: str, end: str) -> str:
    """Two parts of a word, with no letter three times and no clumsy double at the seam."""
    if start[-1] == end[0] and (
        (len(start) > 1 and start[-2] == start[-1]) or (len(end) > 1 and end[1] == end[0])
    ):
        return start + end[1:]
    return start + end


def surname(draw: Draw) -> str:
    return _joined(draw.pick(parts.SURNAME_STARTS), draw.pick(parts.SURNAME_ENDS))


def person(draw: Draw, gender: str) -> str:
    return f"{draw.pick(parts.WOMEN if gender == 'f' else parts.MEN)} {surname(draw)}"


def place(draw: Draw, crowded: bool = False) -> str:
    """`crowded`: the world is so large that names of one word run out."""
    while True:
        start, end = draw.pick(parts.PLACE_STARTS), draw.pick(parts.PLACE_ENDS)
        if start.lower() != end:
            break
    name = _joined(start, end)
    shape = draw.random()
    if crowded or shape < 0.12:
        shape = draw.random()
        name = (
            f"{draw.pick(parts.PLACE_BEFORE)} {name}"
            if shape < 0.6
            else f"{name} {draw.pick(parts.PLACE_AFTER)}"
        )
    return name


def sound(draw: Draw) -> str:
    return draw.pick(parts.SOUND_STARTS) + draw.pick(parts.SOUND_ENDS)


def shop(draw: Draw, sort: str, not_this: str = "") -> str:
    """`not_this`: the owner's surname, which the name must not hold."""
    word, shape = draw.pick(goods.SHOP_WORDS[sort]), draw.random()
    if shape < 0.38:
        return f"{_other_surname(draw, not_this)}'s {word}"
    if shape < 0.66:
        return f"The {draw.pick(parts.LOOKS)} {draw.pick(parts.THINGS)}"
    if shape < 0.78:
        first, second = draw.some(parts.THINGS, 2)
        return f"{first} and {second} {word}" if draw.chance(0.4) else f"The {first} and {second}"
    if shape < 0.9:
        return f"{sound(draw)} {word}"
    return f"{_other_surname(draw, not_this)} and {_other_surname(draw, not_this)}"


def _other_surname(draw: Draw, not_this: str) -> str:
    while (name := surname(draw)) == not_this:
        pass
    return name


def product(draw: Draw, sort: str) -> str:
    shape = draw.random()
    if shape < 0.55:
        return f"the {sound(draw)} {sort}"
    while (thing := draw.pick(parts.THINGS)).lower() in sort:
        pass
    return f"the {draw.pick(_PLAIN_LOOKS) if shape < 0.8 else sound(draw)} {thing} {sort}"


def event(draw: Draw, sort: str) -> str:
    end, shape = goods.EVENTS[sort][0], draw.random()
    if shape < 0.15:
        return f"the {draw.pick(parts.EVENT_WORDS)} {end}"
    if shape < 0.7:
        return f"the {draw.pick(parts.EVENT_LOOKS)} {draw.pick(parts.EVENT_WORDS)} {end}"
    return f"the {sound(draw)} {draw.pick(parts.EVENT_WORDS)} {end}"


def unused(taken: Container[str], make: Callable[[], str]) -> str:
    """A name that is not taken yet."""
    while (name := make()) in taken:
        pass
    return name


def any_name(kind: str, draw: Draw, sort: str = "", gender: str = "") -> str:
    """A name of that kind (and sort, and gender), whether it is taken or not."""
    if kind == "person":
        return person(draw, gender or draw.pick("fm"))
    if kind == "place":
        return place(draw)
    if kind == "shop":
        return shop(draw, sort or draw.pick(tuple(goods.SHOP_WORDS)))
    if kind == "product":
        return product(draw, sort or draw.pick(tuple(goods.PRODUCTS)))
    return event(draw, sort or draw.pick(tuple(goods.EVENTS)))
