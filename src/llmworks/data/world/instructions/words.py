# ruff: noqa: E501, SIM905 (lists of words and sentences)
"""Common words that the exercises are made of: names, things, places, days. None is the name of an entity of the world."""

from __future__ import annotations

from typing import NamedTuple

from llmworks.data.world.instructions.held import Pool
from llmworks.data.world.phrases import Draw


class Name(NamedTuple):
    text: str
    they: str
    them: str
    their: str


class Thing(NamedTuple):
    one: str
    many: str

    @property
    def a(self) -> str:
        return with_article(self.one)

    def of(self, count: int) -> str:
        """ "1 apple", "3 apples" """
        return f"{count} {self.one if count == 1 else self.many}"


def with_article(noun: str) -> str:
    """ "an apple", "a boat"; sounds, not letters, where the common words need it."""
    first = noun.split()[0]
    if first.startswith(("uni", "use", "eu", "one")):
        return f"a {noun}"
    return f"an {noun}" if first[0] in "aeiou" or first in ("hour", "honest") else f"a {noun}"


def plural(noun: str) -> str:
    if noun in _PLURALS:
        return _PLURALS[noun]
    if noun.endswith(("s", "x", "ch", "sh")):
        return noun + "es"
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + "s"


_PLURALS = {
    "loaf": "loaves", "knife": "knives", "shelf": "shelves", "leaf": "leaves", "mouse": "mice", "goose": "geese",
    "sheep": "sheep", "fish": "fish", "child": "children", "man": "men", "woman": "women", "foot": "feet",
    "tooth": "teeth", "potato": "potatoes", "tomato": "tomatoes", "wolf": "wolves", "scarf": "scarves",
    "calf": "calves", "half": "halves", "deer": "deer", "ox": "oxen",
}  # fmt: skip


def _names(text: str, they: str, them: str, their: str) -> list[Name]:
    return [Name(name, they, them, their) for name in text.split()]


NAMES = Pool(
    _names(
        "Anna Emma Lucy Grace Kate Ruth Mary Jane Alice Clara Ella Nora Rose Ida Helen Sarah Laura Julia Maria Eva "
        "Lily Amy Betty Carol Diana Edith Fiona Gina Hannah Irene Joan Kitty Lena Mabel Nancy Olive Paula Rachel "
        "Sally Tessa Vera Wendy Zoe Martha Molly Agnes Susan Judith Ellen Flora Priya Fatima Aisha Yuki Sofia Ingrid "
        "Amara Leila Mei Zara Olga Katya Rosa Carmen Lucia Chiara Greta Elif Nadia Samira Noor Hana Marta Anita "
        "Isabel Bianca Nia Tara Maya Lina Layla Jasmine Megan Chloe Emily Linda Karen Lisa Jessica Nicole Sandra",
        "she", "her", "her",
    )
    + _names(
        "Tom Ben Sam Jack Peter Paul David Henry James Frank Leo Max Adam Daniel George Hugo Ivan Jacob Karl Luke "
        "Mark Noah Oscar Philip Robert Simon Thomas Victor Walter Will Alan Bruno Colin Dennis Eric Felix Gordon "
        "Harry Isaac John Kevin Martin Nick Owen Ralph Stephen Toby Arthur Albert Edward Ali Omar Chen Raj Pablo Lars "
        "Diego Marco Luca Kofi Hiro Yusuf Ahmed Ravi Jorge Mateo Sven Nils Pierre Andrei Stefan Tomas Milan Emre "
        "Hassan Kenji Arjun Samuel Liam Ethan Ryan Jason Brian Gary Steve Mike Dave Chris Alex Joe Kwame Rafael Tariq",
        "he", "him", "his",
    ),
    lambda name: name.text,
)  # fmt: skip

# Plain things that can be bought, carried, counted and lost.
THINGS = Pool(
    [
        Thing(one, plural(one))
        for one in (
            "apple,pear,plum,egg,bun,loaf,pie,cake,lemon,orange,onion,carrot,potato,cup,plate,bowl,spoon,jug,pot,pan,"
            "lamp,candle,basket,bag,box,bottle,jar,book,pen,pencil,letter,card,stamp,map,picture,key,clock,bell,"
            "button,ribbon,hat,coat,scarf,shirt,sock,shoe,boot,glove,belt,blanket,pillow,towel,brush,broom,bucket,"
            "rope,ladder,hammer,nail,saw,spade,rake,seed,flower,rose,tree,stone,shell,ball,kite,drum,doll,boat,"
            "cart,wheel,chair,table,shelf,stool,bench,door,window,ticket,coin,ring,mirror,umbrella,notebook,sandwich,"
            "biscuit,tomato,melon,peach,cushion,comb,whistle,puzzle,marble,balloon,feather,brick,tile,plank,guitar,violin,"
            "bicycle,tent,torch,radio,camera,phone,laptop,printer,jacket,jumper,suitcase,rucksack,wallet,purse,teapot,"
            "saucepan,fork,knife,vase,rug,sofa,desk,magazine,postcard,envelope,trophy,helmet,skateboard,scooter,"
            "sledge,racket,football,robot,telescope,necklace,bracelet,toaster,freezer,poster,backpack,screwdriver,"
            "tablet,heater,keyboard,speaker,charger,dictionary,calendar,wheelbarrow,hammock,mug,tray,lantern"
        ).split(",")
    ],
    lambda thing: thing.one,
)

FOODS = Pool(
    [
        Thing(one, plural(one))
        for one in (
            "apple,pear,plum,egg,bun,loaf,pie,cake,lemon,orange,onion,carrot,potato,sandwich,biscuit,tomato,melon,"
            "peach,cherry,nut,sweet,cookie,pancake,muffin,roll,sausage,fig,grape"
        ).split(",")
    ],
    lambda thing: thing.one,
)  # fmt: skip

_EDIBLE = frozenset(food.one for food in FOODS.all)
GOODS = Pool([thing for thing in THINGS.all if thing.one not in _EDIBLE], lambda thing: thing.one)

# Towns of the exercises: they are in no ledger.
TOWNS = Pool(
    "Northgate Eastham Longford Redhill Greenway Oldport Newbridge Riverton Hillside Sandbay Stonewell Whitecliff "
    "Fairfield Maplewood Lakeview Westbourne Summerton Highcross Brookside Millbank London Paris Rome Berlin Madrid "
    "Oslo Cairo Tokyo Boston Dublin Lisbon Vienna Prague Athens York Leeds Chicago Sydney Delhi Lima Seoul "
    "Bristol Cardiff Glasgow Hamburg Geneva Warsaw Budapest Helsinki Toronto Denver Nairobi Mumbai Beijing".split()
)
DAYS = Pool("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(), share=0.15)
MONTHS = Pool(
    "January February March April May June July August September October November December".split(),
    share=0.15,
)
COLOURS = Pool(
    "red blue green yellow white black brown grey pink purple orange golden silver".split(), share=0.15
)
PLACES = Pool(
    "in the garden|in the kitchen|at school|by the river|at the market|in the park|on the hill|in the library|"
    "at the station|by the lake|in the barn|on the beach|in the town hall|at the harbour|in the wood|on the bridge|"
    "in the square|at the bakery|in the yard|by the old mill|at the farm|in the museum|near the church|"
    "behind the house|in the attic|at the bus stop|under the stairs|on the train|in the cafe|at the airport|"
    "on the balcony|at the hotel|in the office|near the lighthouse|in the car park|at the dentist|in the cinema|"
    "by the front gate|in the classroom|at the swimming pool|on the roof|in the shed|at the post office|"
    "under the old oak|next to the fountain|on the stairs|in the waiting room|at the gym|by the canal|"
    "in the laundry|at the campsite|in the hallway|outside the bank|at the petrol station|on the ferry".split(
        "|"
    )
)

ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()


def in_words(number: int) -> str:
    """0 to 999,999: "forty-two", "three hundred and five", "two thousand and ten"."""
    if number < 20:
        return ONES[number]
    if number < 100:
        return TENS[number // 10] + (f"-{ONES[number % 10]}" if number % 10 else "")
    if number < 1000:
        return f"{ONES[number // 100]} hundred" + (f" and {in_words(number % 100)}" if number % 100 else "")
    rest = number % 1000
    joined = "" if not rest else f" and {in_words(rest)}" if rest < 100 else f" {in_words(rest)}"
    return f"{in_words(number // 1000)} thousand{joined}"


def joined(items: list[str], word: str = "and") -> str:
    """ "a", "a and b", "a, b and c" """
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {word} {items[-1]}"


def two_names(draw: Draw, held: bool) -> tuple[Name, Name]:
    pool = NAMES.held if held else NAMES.train
    first = second = draw.pick(pool)
    while second is first:
        second = draw.pick(pool)
    return first, second
