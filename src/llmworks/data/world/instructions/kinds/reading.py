# ruff: noqa: E501, SIM905 (lists of sentences)
"""Answer a question from a passage; some questions the passage does not answer."""

from __future__ import annotations

from typing import NamedTuple

from llmworks.data.world.instructions.held import Pool, Wordings
from llmworks.data.world.instructions.task import Task, says
from llmworks.data.world.instructions.words import COLOURS, DAYS, GOODS, NAMES, PLACES, TOWNS, in_words
from llmworks.data.world.phrases import Draw, Phrases


class Line(NamedTuple):
    """One sentence of a passage with what can be asked of it: (question, the slot that answers it, answers in words)."""

    text: Phrases
    asks: tuple[tuple[Phrases, str, Phrases], ...]


def _line(text: str, *asks: tuple[str, str, str]) -> Line:
    return Line(
        Phrases(text), tuple((Phrases(q), slot, Phrases("{" + slot + "}.", a)) for q, slot, a in asks)
    )


_FIRST = (
    _line("{Name} [bought|found|drew|was given] a {colour} {thing} {place}.",
          ("Who [had|was it that had] [the|a] {thing}?", "name", "{Name} did."), ("What colour [is|was] the {thing}?", "colour", "It was {colour}."),
          ("Where was {name}?", "place", "{Name} was {place}.")),
    _line("{Name} and {other} went to {town} [by {vehicle}|to buy a {thing}] on {day}.",
          ("Who went with {name}?", "other", "{Other} went with {them}."), ("Where did they go?", "town", "They went to {town}."),
          ("When did they go?", "day", "They went on {day}.")),
    _line("{Name} lives in {town} and [works as a {job}|is a {job}].",
          ("Where does {name} live?", "town", "{They} lives in {town}."), ("What is {name}'s job?", "job", "{They} is a {job}."),
          ("Who lives in {town}?", "name", "{Name} lives in {town}.")),
    _line("On {day} {name} left {their} {thing} {place}.",
          ("What did {name} [leave|leave behind]?", "thing", "{They} left {their} {thing}."), ("When was that?", "day", "It was on {day}."),
          ("Where [is|was] the {thing}?", "place", "The {thing} is {place}.")),
    _line("{Name} has {count} {things} and a {fur} {animal}.",
          ("How many {things} does {name} have?", "count", "{They} has {count} {things}."), ("What animal does {name} have?", "animal", "{They} has a {animal}."),
          ("What colour is the {animal}?", "fur", "The {animal} is {fur}.")),
    _line("{Name} [wanted|was looking for] a {thing}, so {they} asked {other} for help.",
          ("Who was asked for help?", "other", "{Name} asked {other}."), ("What did {name} [want|look for]?", "thing", "{They} [wanted|looked for] a {thing}."),
          ("Who wanted a {thing}?", "name", "{Name} wanted it.")),
    _line("{Name}'s [new |]{thing} cost {price} crowns and is {colour}.",
          ("How much was the {thing}?", "price", "It cost {price} crowns."), ("Whose {thing} is it?", "name", "It is {name}'s."),
          ("What colour is the {thing}?", "colour", "It is {colour}.")),
    _line("{Name} gave {other} a {thing} for {their2} birthday.",
          ("Who gave the present?", "name", "{Name} gave it."), ("What was the present?", "thing", "It was a {thing}."),
          ("Whose birthday was it?", "other", "It was {other}'s birthday.")),
)  # fmt: skip
_SECOND = (
    _line("{They} came home at {time}.", ("When did {name} come home?", "time", "{They} came home at {time}.")),
    _line("{Third} [was there too|came along|helped a little].", ("Who else was there?", "third", "{Third} was there too.")),
    _line("It [took|lasted] {hours} hours.", ("How long did it take?", "hours", "It took {hours} hours.")),
    _line("Then it began to {weather}.", ("What was the weather like?", "weather", "It began to {weather}.")),
    _line("{They} was {feeling} [then|that day|the whole time].", ("How did {name} feel?", "feeling", "{They} was {feeling}.")),
    _line("{They} paid {coins} crowns for a {food}.", ("What did {name} pay {coins} crowns for?", "food", "For a {food}."),
          ("How much was the {food}?", "coins", "It was {coins} crowns.")),
    _line("{Their} {animal2} [waited at the door|ran ahead|slept all day].", ("Which animal does {name} have?", "animal2", "{They} has a {animal2}.")),
    _line("[Later|After that|In the evening] {they} read a book about {subject}.",
          ("What was the book about?", "subject", "It was about {subject}.")),
)  # fmt: skip
_FILLER = Phrases(
    "", "", "",
    " [Nobody knew why|It was a good day|All went well|That was that|There was no hurry].",
    " [The street was quiet|The sun went down|The wind was cold|The bells were ringing].",
)  # fmt: skip
_ELSE = Phrases(
    "What is the name of {name}'s [teacher|mother|street|village]?",
    "How [old|tall] is {name}?",
    "What did {name} have for [breakfast|dinner]?",
    "Who is the mayor?",
    "What is {name}'s favourite [song|colour|book]?",
    "Where was {name} born?",
    "[What is {name}'s telephone number|How many sisters has {name}]?",
)
_UNSAID = Phrases(
    "The [text|passage] does not say.",
    "The text does not say that.",
    "That is not in the [text|passage].",
    "[It is not said|The passage does not tell us].",
)
_UNSAID_MARKS = ("not say", "not in the", "not said", "not tell", "not know", "no answer", "not mentioned", "not given", "not stated", "doesn't say")  # fmt: skip
_LAY = Wordings(
    "Passage: {text}\n\n{q}",
    "[Context|Text|Note|Story]:\n{text}\n\n[Question|Q]: {q}",
    "[Please answer|Answer] the question [about|from] the text.\n\n{text}\n\n{q}",
    "[A short text|Here is what happened]. {text}\n\n[My question|Question]: {q}",
    "Question: {q}\nText: {text}",
    "{q} [Here is the text|Look it up here|The text says]: {text}",
    "[Based on|According to] [the|this] text, answer: {q}\n\n{text}",
    "{text} [So tell me|Now|So]: {q}",
    "{text}\n\n{q}",
    "{text}\n{q}",
    "[Read the text|Read this] and answer.\n{text}\n\n{q}",
    "Text: {text}\nQuestion: {q}",
    "{q}\n\n{text}",
    "[Answer from the text|Answer from this passage|Use only the text]: {q}\n\n{text}",
    "Here is a [short text|passage]: {text}\n\n{q}",
    "[I read this|Look at this text]: {text} {q}",
)
_JOBS = Pool("baker teacher farmer doctor nurse sailor painter singer driver cook gardener tailor".split())
_ANIMALS = Pool("dog cat horse goat rabbit hen duck mouse parrot pony".split())
_SUBJECTS = Pool("ships stars birds trees castles cooking trains islands clocks mountains gardens kings".split())  # fmt: skip
_VEHICLES = "bus train boat cart bicycle".split()


def _a_thing(draw: Draw, held: bool) -> tuple[str, str]:
    while True:
        thing = GOODS(draw, held)
        if thing.a.startswith("a "):
            return thing.one, thing.many


def make(draw: Draw, held: bool) -> Task:
    first, second, third = NAMES.some(draw, held, 3)
    one, many = _a_thing(draw, held)
    animals = _ANIMALS.some(draw, held, 2)
    colour = COLOURS(draw, False)
    while colour[0] in "aeiou":
        colour = COLOURS(draw, False)
    slots = {
        "name": first.text, "they": first.they, "them": first.them, "their": first.their, "other": second.text,
        "their2": second.their, "third": third.text, "colour": colour, "thing": one, "things": many,
        "place": PLACES(draw, held), "town": TOWNS(draw, held), "day": DAYS(draw, False), "job": _JOBS(draw, held),
        "count": in_words(2 + int(draw.random() * 11)), "animal": animals[0], "animal2": animals[-1],
        "price": str(2 + int(draw.random() * 40)), "coins": str(2 + int(draw.random() * 9)),
        "time": draw.pick(("noon", "five", "six", "seven", "eight", "nine", "midnight")),
        "hours": in_words(2 + int(draw.random() * 6)), "weather": draw.pick(("rain", "snow", "thunder", "hail")),
        "feeling": draw.pick(("happy", "sad", "tired", "angry", "proud", "cold", "hungry")),
        "food": draw.pick(("bun", "pie", "cake", "loaf", "melon")), "subject": _SUBJECTS(draw, held),
        "vehicle": draw.pick(_VEHICLES), "fur": draw.pick(("brown", "black", "white", "grey")),
    }  # fmt: skip
    lines = [draw.pick(_FIRST), *draw.some(_SECOND, draw.pick((0, 1, 1, 2)))]
    if "{animal}" in lines[0].text.lines[0]:
        lines = [line for line in lines if "{animal2}" not in line.text.lines[0]]
    told_of = slots
    if any({"other", "third"} & line.text.slots for line in lines):  # "she" could be either of the two
        told_of = {**slots, "they": first.text, "their": f"{first.text}'s"}
    text = " ".join(
        [lines[0].text(draw, slots), *(line.text(draw, told_of) for line in lines[1:])]
    ) + _FILLER(draw, slots)
    if draw.chance(0.12):
        question = _ELSE(draw, slots)
        right = _UNSAID(draw, slots)
        return Task(
            "answer",
            _LAY(draw, held, {"text": text, "q": question}),
            right,
            lambda answer: any(mark in answer.lower() for mark in _UNSAID_MARKS),
        )
    ask, slot, told = draw.pick(draw.pick(lines).asks)
    right = told(draw, slots)
    right = right[:1].upper() + right[1:]
    wanted = slots[slot]
    wrong = [
        slots[name]
        for name in _RIVALS.get(slot, ())
        if slots[name] != wanted and slots[name] in text and name not in ask.slots
    ]

    def checked(answer: str) -> bool:
        return says(answer, _also(slot, wanted)) and not any(says(answer, [one]) for one in wrong)

    return Task("answer", _LAY(draw, held, {"text": text, "q": ask(draw, slots)}), right, checked)


_RIVALS = {
    "other": ("third",),
    "third": ("other",),
    "name": ("third",),
    "animal": ("animal2",),
    "price": ("coins",),
    "coins": ("price",),
}


def _also(slot: str, wanted: str) -> list[str]:
    if slot == "place":
        return [wanted, wanted.split(" ", 1)[1]]
    if slot in ("count", "hours"):
        return [wanted, str(_NUMBER[wanted])]
    if slot in ("price", "coins"):
        return [wanted, in_words(int(wanted))]
    return [wanted]


_NUMBER = {in_words(number): number for number in range(30)}
