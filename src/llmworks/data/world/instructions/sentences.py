# ruff: noqa: E501 (lists of words)
"""Sentences of known parts, so that they can be put into another tense, person or form with certainty.

who + verb + what + where + when      Anna | carry | the basket | up the hill | yesterday
"""

from __future__ import annotations

from typing import NamedTuple

from llmworks.data.world.instructions.held import Pool
from llmworks.data.world.instructions.words import NAMES, PLACES, Name
from llmworks.data.world.phrases import Draw

# base, past, participle, -ing | what it is done to; {their} is his, her or my
_VERBS = """
carry carried carried carrying|the basket;the heavy bag;two chairs;the tray;{their} bag;the box of books;the ladder
open opened opened opening|the window;the green door;the letter;the old box;{their} book;the gate;the parcel
close closed closed closing|the window;the door;{their} umbrella;the shop;the gate;the lid
clean cleaned cleaned cleaning|the kitchen;the windows;{their} shoes;the floor;the stove;the lamp
paint painted painted painting|the fence;a picture;the wall;the boat;the old chair;the gate
wash washed washed washing|the plates;{their} hands;the car;the dog;the shirts;the cups
cook cooked cooked cooking|the soup;the dinner;some rice;the beans;a large meal
bake baked baked baking|a cake;some bread;an apple pie;two loaves;biscuits
visit visited visited visiting|{their} aunt;an old friend;the museum;the market;{their} uncle;the castle
help helped helped helping|the farmer;{their} sister;an old man;the new neighbour;{their} brother
call called called calling|the dog;{their} mother;the doctor;a friend;the cat
plant planted planted planting|a tree;some roses;the beans;a row of carrots;an oak
water watered watered watering|the flowers;the roses;the garden;the young trees
mend mended mended mending|the fence;the clock;{their} coat;the roof;the old kettle;the net
count counted counted counting|the eggs;the coins;the sheep;the stars;the boxes
watch watched watched watching|the boats;the birds;a film;the rain;the game
push pushed pushed pushing|the cart;the door;the swing;the heavy table
pull pulled pulled pulling|the rope;the sledge;the cart;the curtain
fill filled filled filling|the jug;the bucket;{their} glass;the basket;the kettle
pack packed packed packing|the bag;a small box;{their} things;the lunch
move moved moved moving|the table;the bed;the chairs;the bench
use used used using|a hammer;the old saw;a sharp knife;the new pen
play played played playing|the piano;the drum;a game;a song;the flute
learn learned learned learning|a song;the poem;a new word;the dance
pick picked picked picking|the apples;some flowers;ripe plums;a red rose;the beans
cross crossed crossed crossing|the bridge;the street;the field;the river
climb climbed climbed climbing|the hill;a tree;the ladder;the stairs
answer answered answered answering|the question;the letter;the telephone
finish finished finished finishing|the book;{their} work;the soup;the puzzle
start started started starting|the game;the fire;a new book;the engine
lift lifted lifted lifting|the box;the lid;the child;the heavy stone
follow followed followed following|the path;the river;the dog;the teacher
borrow borrowed borrowed borrowing|a ladder;two books;an umbrella;the map
return returned returned returning|the book;the key;the ladder
collect collected collected collecting|shells;old stamps;the plates;wood
tidy tidied tidied tidying|the room;the desk;the shelf;the cellar
light lit lit lighting|the lamp;a candle;the fire
write wrote written writing|a letter;a short story;a list;a poem;a card
read read read reading|the newspaper;a book;the letter;a poem;the sign
draw drew drawn drawing|a map;a picture;a horse;the house
sing sang sung singing|a song;an old tune;two songs
make made made making|a cake;the tea;a kite;the bed;a paper boat
find found found finding|a coin;the key;an old map;{their} glove;a shell
lose lost lost losing|the key;{their} hat;a shoe;the ticket;{their} gloves
buy bought bought buying|some apples;a lamp;a new coat;fresh bread;two tickets
sell sold sold selling|the old bicycle;eggs;flowers;a table
bring brought brought bringing|the soup;a present;some wood;the chairs
take took taken taking|the bus;a photograph;the key;an umbrella
give gave given giving|a present to the teacher;the dog a bone;the cat some milk
eat ate eaten eating|an apple;the soup;a sandwich;a piece of cake
drink drank drunk drinking|a cup of tea;some water;the milk
see saw seen seeing|a fox;the boat;an owl;a rainbow;a friend
hear heard heard hearing|a noise;the bell;a song;the train
feed fed fed feeding|the hens;the cat;the ducks;the horse
catch caught caught catching|the ball;a fish;the bus;a cold
break broke broken breaking|a cup;the window;{their} pencil;a plate
build built built building|a wall;a small house;a boat;a sand castle
cut cut cut cutting|the bread;the grass;the paper;the rope
hide hid hidden hiding|the key;a present;the letter
keep kept kept keeping|the coin;the secret;the old letters
leave left left leaving|the house;a note;{their} coat
meet met met meeting|a friend;the new teacher;{their} cousin
ride rode ridden riding|a horse;the bicycle;a pony
send sent sent sending|a letter;a parcel;the money
sweep swept swept sweeping|the floor;the stairs;the yard
teach taught taught teaching|the children;a small class;the dog a trick
throw threw thrown throwing|the ball;a stone;the stick
wear wore worn wearing|a red hat;the blue coat;new boots
win won won winning|the race;a prize;the game
forget forgot forgotten forgetting|the key;the ticket;{their} lunch
choose chose chosen choosing|a book;the red one;a cake
hold held held holding|the rope;the lamp;the baby
tell told told telling|a story;the truth;a joke
"""


class Verb(NamedTuple):
    base: str
    past: str
    participle: str
    ing: str

    @property
    def s(self) -> str:
        if self.base.endswith(("s", "x", "ch", "sh", "o")):
            return self.base + "es"
        if self.base.endswith("y") and self.base[-2] not in "aeiou":
            return self.base[:-1] + "ies"
        return self.base + "s"


class Action(NamedTuple):
    verb: Verb
    what: str


def _actions() -> list[Action]:
    made = []
    for row in _VERBS.strip().split("\n"):
        forms, whats = row.split("|")
        verb = Verb(*forms.split())
        made += [Action(verb, what) for what in whats.split(";")]
    return made


ACTIONS = Pool(_actions(), lambda action: f"{action.verb.base} {action.what}")
PAST_TIMES = (
    "yesterday",
    "last night",
    "last week",
    "this morning",
    "on Monday",
    "last summer",
    "two days ago",
)
PRESENT_TIMES = ("every day", "each morning", "on Fridays", "every evening", "every week")


class Sentence(NamedTuple):
    who: Name
    action: Action
    where: str  # "" or "in the garden"

    def _rest(self, their: str) -> str:
        what = self.action.what.replace("{their}", their)
        return f"{what} {self.where}" if self.where else what

    def past(self, time: str = "") -> str:
        return self._made(f"{self.who.text} {self.action.verb.past} {self._rest(self.who.their)}", time)

    def present(self, time: str = "") -> str:
        return self._made(f"{self.who.text} {self.action.verb.s} {self._rest(self.who.their)}", time)

    def future(self, time: str = "") -> str:
        return self._made(f"{self.who.text} will {self.action.verb.base} {self._rest(self.who.their)}", time)

    def going(self) -> str:
        return self._made(f"{self.who.text} is {self.action.verb.ing} {self._rest(self.who.their)}", "")

    def first_past(self, time: str = "") -> str:
        return self._made(f"I {self.action.verb.past} {self._rest('my')}", time)

    def first_present(self, time: str = "") -> str:
        return self._made(f"I {self.action.verb.base} {self._rest('my')}", time)

    def negative(self) -> str:
        return self._made(f"{self.who.text} did not {self.action.verb.base} {self._rest(self.who.their)}", "")

    def question(self) -> str:
        return f"Did {self.who.text} {self.action.verb.base} {self._rest(self.who.their)}?"

    def command(self) -> str:
        text = f"{self.action.verb.base} {self._rest('your')}"
        return f"{text[:1].upper()}{text[1:]}."

    @staticmethod
    def _made(text: str, time: str) -> str:
        return f"{text} {time}." if time else f"{text}."


def sentence(draw: Draw, held: bool, where: float = 0.4) -> Sentence:
    """A sentence of chosen parts; with `held` its name and its action are the exam's."""
    place = PLACES(draw, held) if draw.chance(where) else ""
    return Sentence(NAMES(draw, held), ACTIONS(draw, held), place)
