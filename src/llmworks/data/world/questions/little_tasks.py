"""Small tasks that strangers set a model: count, spell, rhyme, repeat, "is an ant bigger than a horse?".

task(draw) -> (what is typed, what is answered)        a pure function of the draw
"""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

from collections.abc import Callable

from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.words import listed

_NUMBERS = listed(
    "zero, one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen, fourteen, fifteen, sixteen, seventeen, eighteen, nineteen, twenty"
)
_DAYS = listed("Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday")
_MONTHS = listed(
    "January, February, March, April, May, June, July, August, September, October, November, December"
)
_OPPOSITES = tuple(
    tuple(pair.split())
    for pair in listed(
        "hot cold, big small, fast slow, up down, happy sad, good bad, light dark, old new, young old, rich poor, hard soft, open closed, full empty, long short, high low, wet dry, clean dirty, loud quiet, early late, strong weak, thick thin, heavy light, near far, left right, day night, yes no, first last, begin end, buy sell, love hate, push pull, win lose, inside outside, always never, true false, right wrong, black white, summer winter, alive dead, awake asleep, easy difficult, deep shallow, wide narrow, brave cowardly, sweet sour, laugh cry, give take, remember forget, come go, question answer, friend enemy, war peace, north south, east west, sharp blunt, above below, before after, more less, many few, kind unkind, tall short, cheap expensive, smooth rough, safe dangerous, noisy quiet, tight loose, polite rude, start finish, arrive leave"
    )
)
_RHYMES = tuple(
    tuple(group.split())
    for group in listed(
        "cat hat bat mat rat, house mouse, tree bee sea me key, dog fog log frog, moon spoon soon noon, day play way say stay, night light bright right sight, cake lake make snake, ball tall wall fall small, ring sing king thing, star car far jar, book cook look hook, rain train plain chain, bread red bed head, fish dish wish, boat goat coat float, bear chair hair pear, snow go know slow, blue shoe two new, town brown crown down, bell well tell shell, door floor four more, nose rose toes, cold gold old bold, sun fun run one, hill mill still will, clock sock rock lock, time rhyme lime climb, heart part start art, friend end send bend, flower tower power hour, love dove glove above, kite white bite, money honey funny sunny, face place race space, hand sand land band"
    )
)
_WORDS = tuple(
    listed(
        "apple, banana, house, garden, water, bread, cheese, window, table, friend, school, mother, father, sister, brother, morning, evening, yellow, purple, orange, green, happy, kettle, teapot, lantern, bridge, river, valley, village, market, doctor, teacher, farmer, bicycle, mountain, elephant, monkey, rabbit, butter, sugar, coffee, letter, pencil, flower, summer, winter, spring, autumn, monday, friday, thursday, beautiful, because, people, necessary, tomorrow, library, island, knight, queen, castle, umbrella, breakfast, chocolate, weather, neighbour, language, question, answer, cat, dog, sun, moon, hat, lamp, king, duck, shoe, tree, clock"
    )
)
_SIZES = tuple(  # from small to big
    listed(
        "an ant, a bee, a mouse, a frog, a rabbit, a cat, a sheep, a cow, an elephant, a house, a church, a mountain"
    )
)
_WEIGHTS = tuple(
    listed("a feather, an egg, an apple, a loaf of bread, a chair, a table, a horse, a lorry, a ship")
)
_SPEEDS = tuple(listed("a snail, a tortoise, a child on foot, a bicycle, a car, a train, an aeroplane"))
_SAYINGS = tuple(
    listed(
        "hello world, I like cheese, the cat is on the table, good morning, banana, my name is nina, blue lamp, one two three, the sun is hot, I am a teapot, bread and butter, purple elephants dance, tomorrow is Friday, the quick brown fox, apple pie, peace and quiet, I love rain, seven green bottles, my dog is hungry, nobody knows, the train is late, red red rose, we want tea, Anna has a hat, snow in May, fish and chips, the door is open, please and thank you, good night moon, ten little mice, I can write, this is a test, potato, kettle, rainbow, wonderful"
    )
)
_SENTENCE = {
    "cat": "The cat is asleep on the chair.", "dog": "The dog runs after a ball.", "rain": "The rain falls on the roof.", "bread": "We eat bread for breakfast.", "moon": "The moon is bright tonight.",
    "tree": "A bird sits in the tree.", "lamp": "She lights the lamp in the evening.", "river": "The river runs under the bridge.", "friend": "My friend lives next door.", "apple": "He puts an apple into his bag.",
    "school": "The children walk to school.", "house": "There is a garden behind the house.", "train": "The train leaves at noon.", "book": "I read a book in bed.", "horse": "The horse stands in the field.",
    "snow": "Snow lies on the hills.", "clock": "The clock on the wall is slow.", "garden": "Roses grow in the garden.", "soup": "The soup is too hot.", "happy": "The happy child claps.",
}  # fmt: skip
_COLOURS = {
    "the sky on a clear day": "Blue.", "grass": "Green.", "snow": "White.", "a lemon": "Yellow.", "a tomato": "Red, when it is ripe.", "coal": "Black.", "a banana": "Yellow, when it is ripe.", "milk": "White.",
    "an orange": "Orange.", "blood": "Red.", "the sun": "It looks yellow from here.", "a leaf in summer": "Green.", "the sea": "Blue or green, and grey when it rains.",
}  # fmt: skip
_LEGS = {
    "a dog": 4,
    "a cat": 4,
    "a spider": 8,
    "a bird": 2,
    "an ant": 6,
    "a horse": 4,
    "a fish": 0,
    "a snake": 0,
    "a bee": 6,
    "a cow": 4,
    "a person": 2,
    "a duck": 2,
    "a table": 4,
}
_SOUNDS = {
    "a cow": "Moo.",
    "a dog": "Woof.",
    "a cat": "Meow.",
    "a sheep": "Baa.",
    "a duck": "Quack.",
    "a pig": "Oink.",
    "a bee": "Buzz.",
    "a mouse": "Squeak.",
    "a horse": "Neigh.",
    "a lion": "Roar.",
    "an owl": "Hoo, hoo.",
    "a snake": "Hiss.",
}
_COUNTS = {
    "days are in a week": "Seven.", "months are in a year": "Twelve.", "hours are in a day": "Twenty-four.", "minutes are in an hour": "Sixty.", "seconds are in a minute": "Sixty.", "fingers does a hand have": "Five, with the thumb.",
    "days are in a year": "365, and 366 in a leap year.", "wheels does a bicycle have": "Two.", "wheels does a car have": "Four.", "letters are in the alphabet": "Twenty-six.", "weeks are in a year": "Fifty-two.", "eggs are in a dozen": "Twelve.", "seasons are there": "Four: spring, summer, autumn and winter.",
}  # fmt: skip
_HELLOS = {"French": "Bonjour", "Spanish": "Hola", "German": "Hallo", "Italian": "Ciao"}

_COUNT = Phrases(
    "count to {n}",
    "Count to {n}.",
    "can you count to {n}?",
    "count from 1 to {n}",
    "please count to {n}",
    "count up to {n}",
    "Can you count to {n} for me?",
)
_BACK = Phrases(
    "count backwards from {n}",
    "Count down from {n}.",
    "count down from {n}",
    "can you count backwards from {n}",
    "countdown from {n}",
)
_ALPHABET = Phrases(
    "say the alphabet",
    "the alphabet",
    "alphabet",
    "Say the alphabet.",
    "abc",
    "do you know the alphabet?",
    "tell me the alphabet",
    "recite the alphabet",
    "can you say the abc",
    "Write the alphabet, please.",
)
_SPELL = Phrases(
    "spell {w}",
    "how do you spell {w}",
    "Spell the word {w}.",
    "spell {w} please",
    "How do you spell {w}?",
    "can you spell {w}",
    "spelling of {w}",
)
_OPPOSITE = Phrases(
    "what is the opposite of {w}",
    "opposite of {w}",
    "opposite of {w}?",
    "What is the opposite of {w}?",
    "whats the opposite of {w}?",
    "{w} opposite",
    "Tell me the opposite of {w}.",
    "antonym of {w}",
)
_RHYME = Phrases(
    "what rhymes with {w}",
    "what rhymes with {w}?",
    "rhymes with {w}",
    "a word that rhymes with {w}",
    "Give me a word that rhymes with {w}.",
    "find a rhyme for {w}",
    "rhyme {w}",
    "What word rhymes with {w}?",
)
_REPEAT = Phrases(
    "repeat after me: {s}",
    "say {s}",
    "Repeat after me: {s}",
    "repeat: {s}",
    "please say: {s}",
    "Say: {s}",
    "can you say {s}",
    "repeat this: {s}",
    "echo {s}",
    'Say "{s}".',
    'say "{s}"',
    "just say {s}",
)
_SENTENCES = Phrases(
    "make a sentence with {w}",
    "write a sentence with the word {w}",
    "use {w} in a sentence",
    "Write a sentence with {w}.",
    "a sentence with {w}",
    "can you use {w} in a sentence?",
)
_BIGGER = Phrases(
    "is {a} {more} than {b}",
    "is {a} {more} than {b}?",
    "Is {a} {more} than {b}?",
    "{a} {more} than {b}?",
    "would you say {a} is {more} than {b}?",
)
_WHICH = Phrases(
    "what is {more}, {a} or {b}",
    "what is {more}, {a} or {b}?",
    "Which is {more}, {a} or {b}?",
    "{more}: {a} or {b}?",
    "what's {more}: {a} or {b}?",
)


def _count(draw: Draw) -> tuple[str, str]:
    top = draw.pick((3, 5, 5, 10, 10, 10, 12, 15, 20))
    word = str(top) if draw.chance(0.4) else _NUMBERS[top]
    if draw.chance(0.25):
        top = min(top, 10)
        word = str(top) if draw.chance(0.4) else _NUMBERS[top]
        return _BACK(draw, {"n": word}), ", ".join(str(number) for number in range(top, 0, -1)) + "."
    return _COUNT(draw, {"n": word}), ", ".join(str(number) for number in range(1, top + 1)) + "."


def _alphabet(draw: Draw) -> tuple[str, str]:
    return _ALPHABET(draw, {}), "A B C D E F G H I J K L M N O P Q R S T U V W X Y Z."


def _lists(draw: Draw) -> tuple[str, str]:
    what, names = draw.pick((("days of the week", _DAYS), ("months", _MONTHS), ("days", _DAYS)))
    user = draw.pick(
        ("name the {w}", "what are the {w}?", "list the {w}", "Say the {w}.", "tell me the {w}")
    ).format(w=what)
    return user, f"{', '.join(names[:-1])} and {names[-1]}."


def _after(draw: Draw) -> tuple[str, str]:
    what, names = draw.pick((("day", _DAYS), ("month", _MONTHS)))
    place = draw.randrange(len(names))
    user = draw.pick(
        (
            "what {w} comes after {a}?",
            "what comes after {a}",
            "which {w} is after {a}",
            "After {a} comes which {w}?",
        )
    ).format(w=what, a=names[place])
    return user, f"{names[(place + 1) % len(names)]}."


def _spell(draw: Draw) -> tuple[str, str]:
    word = draw.pick(_WORDS)
    return _SPELL(draw, {"w": word}), "-".join(word.upper()) + "."


def _opposite(draw: Draw) -> tuple[str, str]:
    one, other = draw.pick(_OPPOSITES)[:2]
    if draw.chance(0.3) and (one, other) not in (
        ("young", "old"),
        ("heavy", "light"),
        ("tall", "short"),
        ("noisy", "quiet"),
    ):
        one, other = other, one
    if one in ("old", "light", "short", "right", "quiet"):  # of which the opposite depends on what is meant
        one, other = draw.pick((("hot", "cold"), ("fast", "slow"), ("happy", "sad")))
    told = draw.pick(("{O}.", "The opposite of {w} is {o}.", "It is {o}.", '"{O}" is the opposite of "{w}".'))
    return _OPPOSITE(draw, {"w": one}), told.format(w=one, o=other, O=other.capitalize())


def _rhyme(draw: Draw) -> tuple[str, str]:
    word, other, *more = draw.some(draw.pick(_RHYMES), 3)
    told = draw.pick(("{O}.", "{O} rhymes with {w}.", "How about {o}?", "{O} does."))
    if more and draw.chance(0.5):
        told = draw.pick(("{O} and {m}.", "{O}, for example, and {m}.", "{W} rhymes with {o} and with {m}."))
    words = {
        "w": word,
        "o": other,
        "m": more[0] if more else "",
        "O": other.capitalize(),
        "W": word.capitalize(),
    }
    return _RHYME(draw, {"w": word}), told.format(**words)


def _repeat(draw: Draw) -> tuple[str, str]:
    said = draw.pick(_SAYINGS)
    if draw.chance(0.4):
        said = " ".join(draw.some(_WORDS, draw.pick((1, 2, 3))))
    return _REPEAT(draw, {"s": said}), said[0].upper() + said[1:] + draw.pick((".", ".", "!"))


def _sentence(draw: Draw) -> tuple[str, str]:
    word = draw.pick(tuple(_SENTENCE))
    return _SENTENCES(draw, {"w": word}), _SENTENCE[word]


def _order(draw: Draw) -> tuple[str, str]:
    """Is a mouse bigger than a horse? Which is heavier?"""
    scale, more, less = draw.pick(
        ((_SIZES, "bigger", "smaller"), (_WEIGHTS, "heavier", "lighter"), (_SPEEDS, "faster", "slower"))
    )
    small = draw.randrange(len(scale) - 1)
    big = small + 1 + draw.randrange(len(scale) - small - 1)
    low, high = scale[small], scale[big]
    word, winner, loser = (more, high, low) if draw.chance(0.7) else (less, low, high)
    swapped = draw.chance(0.5)
    a, b = (loser, winner) if swapped else (winner, loser)
    slots = {"a": a, "b": b, "more": word}
    capital = winner[0].upper() + winner[1:]
    if draw.chance(0.4):
        return _WHICH(draw, slots), draw.pick(
            (f"{capital}.", f"{capital} is {word}.", f"{capital} is {word} than {loser}.")
        )
    yes = (
        draw.pick(("No.", f"No, {winner} is {word}.", f"No, {winner} is {word} than {loser}."))
        if swapped
        else draw.pick(("Yes.", "Yes, it is.", f"Yes, {winner} is {word} than {loser}."))
    )
    return _BIGGER(draw, slots), yes


def _looked_up(draw: Draw) -> tuple[str, str]:
    kind = draw.randrange(4)
    if kind == 0:
        thing = draw.pick(tuple(_COLOURS))
        return draw.pick(
            ("what colour is {t}", "what color is {t}?", "What colour is {t}?", "which colour does {t} have?")
        ).format(t=thing), _COLOURS[thing]
    if kind == 1:
        thing = draw.pick(tuple(_LEGS))
        legs = _LEGS[thing]
        told = f"{_NUMBERS[legs].capitalize()}." if legs else f"{thing[0].upper()}{thing[1:]} has no legs."
        return draw.pick(
            (
                "how many legs does {t} have",
                "how many legs does {t} have?",
                "How many legs has {t}?",
                "number of legs of {t}",
            )
        ).format(t=thing), told
    if kind == 2:
        thing = draw.pick(tuple(_SOUNDS))
        return draw.pick(
            (
                "what does {t} say",
                "what sound does {t} make?",
                "What noise does {t} make?",
                "how does {t} sound",
            )
        ).format(t=thing), _SOUNDS[thing]
    thing = draw.pick(tuple(_COUNTS))
    return draw.pick(("how many {t}", "how many {t}?", "How many {t}?", "do you know how many {t}?")).format(
        t=thing
    ), _COUNTS[thing]


def _sum(draw: Draw) -> tuple[str, str]:
    a, b = draw.randint(1, 12), draw.randint(1, 12)
    sign, words, total = draw.pick(
        (
            ("+", "plus", a + b),
            ("+", "plus", a + b),
            ("-", "minus", a),
            ("*", "times", a * b),
            ("x", "times", a * b),
        )
    )
    a = a + b if sign == "-" else a
    sum_ = draw.pick((f"{a} {sign} {b}", f"{a}{sign}{b}", f"{a} {words} {b}"))
    user = draw.pick(
        (
            "{s}",
            "{s}?",
            "{s}=",
            "{s} = ?",
            "what is {s}",
            "what's {s}?",
            "whats {s}",
            "What is {s}?",
            "calculate {s}",
            "can you do {s}?",
            "how much is {s}",
        )
    ).format(s=sum_)
    return user, draw.pick(
        (f"{total}.", f"It is {total}.", f"That makes {total}.", f"{a} {words} {b} is {total}.")
    )


def _hello(draw: Draw) -> tuple[str, str]:
    language = draw.pick(tuple(_HELLOS))
    user = draw.pick(
        (
            "say hello in {l}",
            "how do you say hello in {l}?",
            "hello in {l}",
            "Say hello in {l}.",
            "what is hello in {l}",
        )
    ).format(l=language)
    told = draw.pick(
        (
            "{h}! I know hardly more than that, for I speak English.",
            "{h}. That is all the {l} I have.",
            "It is {h}, I think. I only speak English.",
        )
    )
    return user, told.format(h=_HELLOS[language], l=language)


_TASKS: tuple[Callable[[Draw], tuple[str, str]], ...] = (
    _count, _alphabet, _lists, _after, _spell, _spell, _opposite, _opposite, _rhyme, _rhyme, _repeat, _repeat, _repeat, _sentence, _order, _order, _looked_up, _looked_up, _sum, _sum, _hello,
)  # fmt: skip


def task(draw: Draw) -> tuple[str, str]:
    """A small task and what it asks for."""
    return draw.pick(_TASKS)(draw)
