"""Who and what is in a story: first names, kin, helpers, things, animals, places; `cast` draws them as slots.

Pronouns by role: the hero {he} {him} {his}, the friend {fhe} {fhim} {fhis}, the elder {ehe} {ehim} {ehis}, the
helper {xhe} {xhim} {xhis}. No surname and no place of the ledger: a story states nothing that could be asked.
"""

# ruff: noqa: E501 (a row of words stays one line)
from __future__ import annotations

from functools import lru_cache

from llmworks.data.world.phrases import Draw

GIRLS = (
    "Anna", "Mia", "Lily", "Emma", "Ella", "Nora", "Ruth", "Clara", "Rosie", "Lucy", "Sara", "Tilda",
    "Ivy", "Hazel", "Maya", "Zoe", "Amy", "Kate", "Jenny", "Poppy", "Alice", "Eva", "Lena", "Molly",
    "Daisy", "Nina", "Hanna", "Leah", "Julia", "Grace", "Meg", "Elsie", "Fern", "Sophie", "Olive", "Dora",
    "Priya", "Lin", "Amina", "Yuki", "Carmen", "Ines", "Freya", "Bella", "Tess", "Joan", "Wendy", "Pia",
    "Maud", "Edith", "Iris", "Robin", "Kitty", "Flora", "Ada", "Greta", "Sally", "Peggy", "Holly", "June",
)  # fmt: skip
BOYS = (
    "Tom", "Ben", "Sam", "Max", "Leo", "Jack", "Finn", "Hugo", "Oscar", "Peter", "Will", "Noah",
    "Adam", "Theo", "Luke", "Harry", "Jonas", "Emil", "Paul", "Felix", "Owen", "Toby", "Jamie", "Oliver",
    "George", "Henry", "Simon", "David", "Mark", "Daniel", "Alfie", "Arthur", "Bruno", "Carl", "Dan", "Eric",
    "Frank", "Gus", "Ivan", "Jim", "Kofi", "Omar", "Ravi", "Milo", "Nick", "Ollie", "Pat", "Ralph",
    "Stan", "Tim", "Victor", "Walter", "Yusuf", "Rory", "Ned", "Bertie", "Joe", "Louis", "Colin", "Hal",
)  # fmt: skip
ELDERS = (
    ("Grandma", "f"), ("Grandpa", "m"), ("Mum", "f"), ("Dad", "m"), ("Gran", "f"), ("Granddad", "m"),
    ("Aunt May", "f"), ("Uncle Bob", "m"), ("Aunt Lou", "f"), ("Uncle Fred", "m"), ("Aunt Polly", "f"),
    ("Uncle Jim", "m"),
)  # fmt: skip
HELPERS = (
    "the baker", "the postman", "the miller", "the teacher", "the gardener", "the fisherman", "the shopkeeper",
    "the old woman next door", "the old man next door", "the bus driver", "the farmer", "the blacksmith", "the doctor",
    "the librarian", "the carpenter", "the ferryman", "the tailor", "the nurse", "the cook", "the clockmaker",
)  # fmt: skip
_HELPER_GENDER = {"the postman": "m", "the fisherman": "m", "the ferryman": "m", "the old woman next door": "f",
                  "the old man next door": "m"}  # fmt: skip
COLOURS = (
    "red",
    "blue",
    "green",
    "yellow",
    "white",
    "brown",
    "grey",
    "purple",
    "orange",
    "black",
    "golden",
    "pink",
)
LOOKS = (
    "little",
    "new",
    "old",
    "fine",
    "bright",
    "small",
    "striped",
    "shiny",
    "favourite",
    "pretty",
    "big",
    "plain",
)
TOYS = (
    "kite", "ball", "drum", "doll", "toy boat", "whistle", "teddy bear", "marble", "spinning top", "puppet", "toy train",
    "yo-yo", "paper plane", "wooden horse",
)  # fmt: skip
WORN = ("scarf", "hat", "mitten", "coat", "cap", "sock", "jumper", "ribbon", "belt", "raincoat")
SMALL = (
    "key", "ring", "button", "coin", "watch", "pencil", "torch", "purse", "bell", "necklace", "brush", "spoon", "map",
    "notebook", "penknife", "brooch", "shell", "compass", "letter", "book", "umbrella", "basket", "lantern", "comb",
)  # fmt: skip
MACHINES = (
    "clock",
    "radio",
    "lamp",
    "music box",
    "pump",
    "kettle",
    "sewing machine",
    "toaster",
    "fan",
    "doorbell",
)
ANIMALS = ("dog", "cat", "kitten", "puppy", "duck", "hen", "rabbit", "hedgehog")
FABLED = (
    "fox", "mouse", "hare", "crow", "frog", "squirrel", "hedgehog", "badger", "owl", "otter", "goose", "mole",
    "rabbit", "duck", "robin", "toad", "beaver", "snail", "cat",
)  # fmt: skip
SPOTS = (
    ("in", "the park"), ("in", "the garden"), ("by", "the river"), ("at", "the market"), ("in", "the wood"),
    ("on", "the beach"), ("by", "the harbour"), ("at", "school"), ("on", "the hill"), ("by", "the mill"),
    ("in", "the meadow"), ("on", "the village green"), ("by", "the pond"), ("at", "the playground"),
    ("at", "the station"), ("in", "the library"),
)  # fmt: skip
DAYS = (
    "one day", "one morning", "one afternoon", "one Saturday", "one Sunday", "on Monday", "on Friday", "last week",
    "early one morning", "one Wednesday", "on a quiet afternoon", "one evening", "on the first day of the holidays",
    "one Thursday", "a few weeks ago", "not long ago", "one Tuesday afternoon", "late one afternoon",
)  # fmt: skip
_F, _M = ("she", "her", "her"), ("he", "him", "his")
_VOWELS = "aeiou"


@lru_cache(maxsize=4096)
def a(noun: str) -> str:
    """`a kite`, `an umbrella`, `a unicycle`."""
    an = noun[:1].lower() in _VOWELS and not noun.startswith(("uni", "use", "one", "eu"))
    return f"{'an' if an else 'a'} {noun}"


def cast(draw: Draw, age: str, things: tuple[str, ...], thing: str | None = None) -> dict[str, str]:
    """Slots of a story among people."""
    random = draw.random
    hero_is_girl, friend_is_girl = random() < 0.5, random() < 0.5
    hero = draw.pick(GIRLS if hero_is_girl else BOYS)
    friend = draw.pick(GIRLS if friend_is_girl else BOYS)
    while friend == hero:
        friend = draw.pick(GIRLS if friend_is_girl else BOYS)
    he, him, his = _F if hero_is_girl else _M
    fhe, fhim, fhis = _F if friend_is_girl else _M
    elder, elder_gender = draw.pick(ELDERS)
    ehe, ehim, ehis = _F if elder_gender == "f" else _M
    helper = draw.pick(HELPERS)
    gender = _HELPER_GENDER.get(helper) or ("f" if random() < 0.5 else "m")
    xhe, xhim, xhis = _F if gender == "f" else _M
    if thing is None:
        thing = draw.pick(things) if things else "thing"
    look = draw.pick(COLOURS) if random() < 0.6 else draw.pick(LOOKS)
    fine = f"{look} {thing}"
    where, spot = draw.pick(SPOTS)
    animal = draw.pick(ANIMALS)
    if age == "any":
        age = "child" if random() < 0.6 else "adult"
    kid = ("girl" if hero_is_girl else "boy") if age == "child" else ("woman" if hero_is_girl else "man")
    return {
        "hero": hero, "he": he, "him": him, "his": his, "himself": him + "self", "kid": kid, "age": age,
        "friend": friend, "fhe": fhe, "fhim": fhim, "fhis": fhis,
        "elder": elder, "ehe": ehe, "ehim": ehim, "ehis": ehis,
        "helper": helper, "xhe": xhe, "xhim": xhim, "xhis": xhis, "xhimself": xhim + "self",
        "thing": thing, "athing": a(thing), "fine": fine, "afine": a(fine), "look": look,
        "spot": spot, "atspot": f"{where} {spot}", "day": draw.pick(DAYS),
        "animal": animal, "ananimal": a(animal),
    }  # fmt: skip


_SLOW = ("snail", "toad", "mole", "hedgehog")


def fable_cast(draw: Draw, heroes: tuple[str, ...] = (), first: str | None = None) -> dict[str, str]:
    """Slots of a fable: two or three animals, called by their kind ("the fox"); each "he" or "she"."""
    one = first or draw.pick(heroes or FABLED)
    two, three = draw.sample(FABLED, 2)
    while one in (two, three) or (heroes and two in _SLOW):
        two, three = draw.sample(FABLED, 2)
    slots = {"day": draw.pick(DAYS)}
    for role, kind, prefix in (("hero", one, ""), ("friend", two, "f"), ("elder", three, "e")):
        he, him, his = _F if draw.random() < 0.5 else _M
        slots |= {
            role: f"the {kind}", f"{prefix}himself": him + "self", f"a{role}": a(kind), f"{role}kind": kind,
            f"{prefix}he": he, f"{prefix}him": him, f"{prefix}his": his,
        }  # fmt: skip
    return slots | {"thing": one, "athing": slots["ahero"], "age": "fable"}
