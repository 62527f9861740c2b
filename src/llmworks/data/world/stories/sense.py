"""Common sense said in many ways: single statements, questions with answers, and texts that string some together."""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

from collections.abc import Callable

from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.stories.cast import BOYS, ELDERS, GIRLS
from llmworks.data.world.stories.cast import a as a_of
from llmworks.data.world.stories.sense_tables import (
    ANIMALS,
    BODY,
    COLOUR_OF,
    IF_THEN,
    KINDS_OF,
    MADE_OF,
    MORE,
    NUMBERS,
    OPPOSITES,
    ORDER,
    PARTS,
    SEASONS,
    TRADES,
    USES,
    WHERE,
    WHY,
)  # fmt: skip

Pair = tuple[str, str]
_PLURAL_TOOLS = frozenset(("scissors", "gloves", "boots", "glasses", "scales"))
_MEMBERS = tuple((kind, tuple(members.split())) for kind, members in KINDS_OF.items())
_SEASONS = tuple((season, tuple(events.split("/"))) for season, events in SEASONS.items())
_WORDS = [word for pair in OPPOSITES for word in pair]
_ONCE = tuple(
    (one, other) for pair in OPPOSITES for one, other in (pair, pair[::-1]) if _WORDS.count(one) == 1
)


def cap(text: str) -> str:
    return text[:1].upper() + text[1:]


def _is(thing: str) -> str:
    return "are" if thing in _PLURAL_TOOLS else "is"


# Statements -------------------------------------------------------------------------------------------------------

_WHY = Phrases(
    "{Fact}, because {reason}.", "{Fact}. The reason is that {reason}.", "{Fact}, and the reason is that {reason}.", "{Fact}, for {reason}.",
    "Why {ask}? Because {reason}.", "{Fact}. [That is because|This happens because|It is because] {reason}.",
    "Because {reason}, {fact}.", "{Fact}: {reason}.",
)  # fmt: skip
_USE = Phrases(
    "{Thing} {is} for those who want to {use}.", "With {thing} you can {use}.", "If you want to {use}, take {thing}.",
    "{Thing} {is} used to {use}.", "People use {thing} to {use}.", "You need {thing} to {use}.",
    "To {use}, [one needs|you need|you take] {thing}.", "Whoever wants to {use} [needs|looks for] {thing}.",
)  # fmt: skip
_OPPOSITE = Phrases(
    "The opposite of \"{one}\" is \"{other}\".", "\"{One}\" and \"{other}\" are opposites.", "\"{Other}\" is the opposite of \"{one}\".",
    "\"{One}\" means the opposite of \"{other}\".",
)  # fmt: skip
_KIND = Phrases(
    "{A}, {b} and {c} are {kind}.", "{A} and {b} are {kind}.", "{Kind}: {a}, {b}, {c}.", "Among the {kind} are {a} and {b}.",
    "{A} are {kind}, and so are {b}.", "{A}, {b} and {c} belong to the {kind}; {odd} do not.", "{A} and {b} are {kind}, but {odd} are not.",
)  # fmt: skip
_KIND_MASS = Phrases(
    "{A}, {b} and {c} are {kind}.", "{A} and {b} are {kind}.", "{Kind}: {a}, {b}, {c}.", "Three {kind} are {a}, {b} and {c}.",
)  # fmt: skip
_PART = Phrases(
    "{Whole} has {parts}.", "The parts of {whole} are {parts}.", "{Whole} is made up of {parts}.", "To {whole} belong {parts}.",
    "What does {whole} have? {Parts}.",
)  # fmt: skip
_IF = Phrases(
    "If {cause}, {then}.", "{Then}, if {cause}.", "When {cause}, {then}.", "What happens when {cause}? {Then}.",
    "[Everybody knows|It is well known|You can see for yourself] that {then} when {cause}.", "If {cause}, then {then}.",
)  # fmt: skip
_PLACE = Phrases(
    "{Thing} {is} [usually|normally|as a rule|most often] {place}.", "You will [find|mostly find] {thing} {place}.",
    "Where {is} {thing}? {Place}.", "Anyone who looks for {thing} should look {place}.",
)  # fmt: skip
_ANIMAL = Phrases(
    "A young {animal} is called {young}.", "{An} {sound}.", "{An} lives {place}.", "{An} eats {food}.",
    "{An} {sound} and eats {food}.", "{Young} is a young {animal}.", "You can find {an} {place}. There it eats {food}.",
    "{An} {sound}, lives {place} and eats {food}. Its young one is {young}.",
)  # fmt: skip
_ORDER = Phrases(
    "First you {one}, then you {two}.", "You {one} before you {two}.", "Before you {two}, you {one}.", "You {two} after you {one}, not before.",
    "{One} first. Then {two}.", "Always {one} before you {two}.",
)  # fmt: skip
_SEASON = Phrases(
    "In {season}, {event}.", "{Event} in {season}.", "In {season}, {event}, and {other}.", "When {event}, it is {season}.",
    "You can tell that it is {season}: {event}.", "{Season} is the time when {event}.",
)  # fmt: skip
_BODY = Phrases(
    "We {use} with our {part}.", "The {part} {is} there to {use}.", "We need our {part} to {use}.", "What do we {use} with? With our {part}.",
    "Without our {part} we could not {use}.",
)  # fmt: skip
_SINGLE_PARTS = frozenset(("nose", "tongue", "skin", "heart", "brain", "stomach"))
_MORE = Phrases(
    "{More} is {than} than {less}.", "{Less} is not {than} than {more}.", "{More} is {than} than {less}, as everybody knows.",
    "Compare {more} and {less}: {more} is {than}.", "Of {more} and {less}, the first is {than}.",
)  # fmt: skip
_MADE = Phrases(
    "{Things} are made of {stuff}, because {reason}.", "People make {things} of {stuff}: {reason}.", "{Things} are [usually|mostly|often] made of {stuff}.",
    "{Stuff} [can be|is] used for {things}, because {reason}.",
)  # fmt: skip
_COLOUR = Phrases(
    "{Thing} {is} {colour}.", "The colour of {thing} is {colour}.", "What colour {is} {thing}? {Colour}.", "{Thing} {is} {colour}, as a rule.",
    "As {colour} as {thing}: that is very {colour}.",
)  # fmt: skip
_TRADE = Phrases(
    "{Who} {does}.", "{Who} works {place}.", "Someone who {does} is {who}.", "{Who} {does}, and you will find one {place}.",
    "If a person {does}, we call that person {who}.",
)  # fmt: skip
_MASS = frozenset(("grass", "snow", "coal", "blood", "milk", "chocolate", "salt", "mud"))
_PLURAL_KINDS = frozenset(
    [
        "vegetables",
        "birds",
        "insects",
        "flowers",
        "tools",
        "vehicles",
        "boats",
        "dishes",
        "buildings",
        "musical instruments",
    ]
)
_FAR = ("clothes", "trees", "shapes", "farm animals")  # of which nothing is one of those
_UNCOUNTED = frozenset(("furniture", "fruit"))


def why(draw: Draw) -> str:
    ask, fact, reason = draw.pick(WHY)
    return _WHY(draw, {"ask": ask, "fact": fact, "reason": reason})


def use(draw: Draw) -> str:
    thing, what = draw.pick(USES)
    return _USE(draw, {"thing": thing, "is": _is(thing), "use": what})


def opposite(draw: Draw) -> str:
    one, other = draw.pick(_ONCE)
    return _OPPOSITE(draw, {"one": one, "other": other})


def kind(draw: Draw) -> str:
    name, members = draw.pick(_MEMBERS)
    odd = draw.pick(KINDS_OF[draw.pick(_FAR)].split())
    a, b, c = draw.sample(members, 3)
    slots = {"kind": name, "a": a, "b": b, "c": c, "odd": odd}
    return (_KIND if name in _PLURAL_KINDS and name not in _FAR else _KIND_MASS)(draw, slots)


def part(draw: Draw) -> str:
    whole, parts = draw.pick(PARTS)
    return _PART(draw, {"whole": whole, "parts": parts})


def if_then(draw: Draw) -> str:
    cause, then = draw.pick(IF_THEN)
    return _IF(draw, {"cause": cause, "then": then})


def place(draw: Draw) -> str:
    thing, verb, where = draw.pick(WHERE)
    return _PLACE(draw, {"thing": thing, "is": verb, "place": where})


def animal(draw: Draw) -> str:
    name, young, sound, food, where = draw.pick(ANIMALS)
    return _ANIMAL(
        draw,
        {
            "animal": name,
            "an": a_of(name),
            "young": a_of(young),
            "sound": sound,
            "food": food,
            "place": where,
        },
    )


def order(draw: Draw) -> str:
    one, two = draw.pick(ORDER)
    return _ORDER(draw, {"one": one, "two": two})


def season(draw: Draw) -> str:
    name, events = draw.pick(_SEASONS)
    event, other = draw.sample(events, 2)
    return _SEASON(draw, {"season": name, "event": event, "other": other})


def body(draw: Draw) -> str:
    name, what = draw.pick(BODY)
    return _BODY(draw, {"part": name, "use": what, "is": "is" if name in _SINGLE_PARTS else "are"})


def more(draw: Draw) -> str:
    big, than, small = draw.pick(MORE)
    return _MORE(draw, {"more": big, "than": than, "less": small})


def made(draw: Draw) -> str:
    things, stuff, reason = draw.pick(MADE_OF)
    if things in ("bread", "cheese", "jam", "paper"):
        return f"{cap(things)} is made of {stuff}."
    return _MADE(draw, {"things": things, "stuff": stuff, "reason": reason})


def colour(draw: Draw) -> str:
    thing, name = draw.pick(COLOUR_OF)
    return _COLOUR(draw, {"thing": thing, "colour": name, "is": "is" if thing in _MASS else "are"})


def number(draw: Draw) -> str:
    return draw.pick(NUMBERS)


def trade(draw: Draw) -> str:
    who, does, where = draw.pick(TRADES)
    return _TRADE(draw, {"who": who, "does": does, "place": where})


STATEMENTS: tuple[Callable[[Draw], str], ...] = (
    why, why, why, use, use, opposite, kind, part, if_then, if_then, if_then, place, animal, animal, order, season, body,
    more, made, colour, number, trade,
)  # fmt: skip

# Questions and answers --------------------------------------------------------------------------------------------

_ASK_WHY = Phrases(
    "Why {ask}?",
    "Can you tell me why {fact}?",
    "Do you know why {fact}?",
    "How come {fact}?",
    "What is the reason that {fact}?",
)
_SAY_WHY = Phrases(
    "Because {reason}.",
    "{Fact} because {reason}.",
    "That is because {reason}.",
    "The reason is simple: {reason}.",
    "{Reason}. That is why {fact}.",
)
_ASK_USE = Phrases(
    "What {is} {thing} for?",
    "What do you do with {thing}?",
    "What can I use {thing} for?",
    "What {is} {thing} used for?",
)
_SAY_USE = Phrases(
    "You use {thing} to {use}.",
    "With {thing} you can {use}.",
    "To {use}.",
    "{Thing} {is} used to {use}.",
    "It is used to {use}.",
)
_ASK_NEED = Phrases(
    "What do I need to {use}?",
    "What would you take to {use}?",
    "I want to {use}. What do I need?",
    "Which thing helps you to {use}?",
)
_SAY_NEED = Phrases("{Thing}.", "You need {thing}.", "Take {thing}.", "{Thing} would be the right thing.")
_ASK_OPPOSITE = Phrases(
    'What is the opposite of "{one}"?',
    'Which word means the opposite of "{one}"?',
    'Give me the opposite of "{one}".',
    '"{One}" is the opposite of what?',
)
_SAY_OPPOSITE = Phrases("{Other}.", 'The opposite of "{one}" is "{other}".', 'It is "{other}".', '"{Other}".')
_ASK_KIND = Phrases(
    "What are {a}, {b} and {c}?",
    "What do {a}, {b} and {c} have in common?",
    "Which word covers {a}, {b} and {c}?",
)
_SAY_KIND = Phrases("They are {kind}.", "{A}, {b} and {c} are all {kind}.", "All of them are {kind}.")
_ASK_ODD = Phrases(
    "Which one does not belong: {row}?",
    "Find the odd one out: {row}.",
    "One of these does not fit: {row}. Which one?",
)
_SAY_ODD = Phrases(
    "{Odd}. The others are {kind}.",
    "{Odd} do not belong, because the others are {kind}.",
    'The odd one out is "{odd}": the others are {kind}.',
)
_ASK_LIST = Phrases(
    "Name three {kind}.",
    "Can you name three {kind}?",
    "Give me three examples of {kind}.",
    "Tell me some {kind}.",
)
_SAY_LIST = Phrases(
    "{A}, {b} and {c}.", "Three {kind} are {a}, {b} and {c}.", "For example {a}, {b} and {c}."
)
_ASK_PART = Phrases(
    "What are the parts of {whole}?", "What does {whole} have?", "What is {whole} made up of?"
)
_SAY_PART = Phrases("{Whole} has {parts}.", "{Parts}.", "It has {parts}.")
_ASK_IF = Phrases(
    "What happens if {cause}?",
    "What happens when {cause}?",
    "Suppose {cause}. What then?",
    "If {cause}, what follows?",
)
_SAY_IF = Phrases("{Then}.", "If {cause}, {then}.", "Then {then}.", "In that case {then}.")
_ASK_PLACE = Phrases(
    "Where {is} {thing} usually?", "Where would you look for {thing}?", "Where do I find {thing}?"
)
_SAY_PLACE = Phrases("{Thing} {is} usually {place}.", "{Place}.", "I would look {place}.", "Mostly {place}.")
_ASK_YOUNG = Phrases(
    "What is a young {animal} called?",
    "What do you call a young {animal}?",
    "A young {animal} is called what?",
)
_SAY_YOUNG = Phrases("{Young}.", "A young {animal} is called {young}.", "It is called {young}.")
_ASK_FOOD = Phrases("What does {an} eat?", "What do you feed {an}?", "What does {an} like to eat?")
_SAY_FOOD = Phrases("{Food}.", "{An} eats {food}.", "It eats {food}.")
_ASK_HOME = Phrases("Where does {an} live?", "Where can I see {an}?", "Where would you look for {an}?")
_SAY_HOME = Phrases("{An} lives {place}.", "{Place}.", "It lives {place}.")
_ASK_FIRST = Phrases(
    "What comes first: {one} or {two}?",
    "What do I do first, {one} or {two}?",
    "Should I {two} before I {one}?",
)
_SAY_FIRST = Phrases(
    "First you {one}, then you {two}.",
    "{One} first.",
    "Always {one} before you {two}.",
    "You {one} first, and only then you {two}.",
)
_ASK_SEASON = Phrases(
    "What happens in {season}?",
    "How do I know that it is {season}?",
    "What is {season} like?",
    "Tell me something about {season}.",
)
_SAY_SEASON = Phrases("In {season}, {event}, and {other}.", "{Event}, and {other}.", "In {season}, {event}.")
_ASK_WHEN = Phrases(
    "In which season is it that {event}?", "{Event}. Which season is it?", "When is it that {event}?"
)
_SAY_WHEN = Phrases("In {season}.", "That is in {season}.", "{Season}.", "It happens in {season}.")
_ASK_MORE = Phrases(
    "Which is {than}, {less} or {more}?",
    "Which is {than}: {more} or {less}?",
    "Is {more} {than} than {less}?",
    "What is {than}, {less} or {more}?",
)
_SAY_MORE = Phrases("{More} is {than} than {less}.", "{More}.", "{More} is {than}.")
_ASK_MADE = Phrases(
    "What are {things} made of?", "Of what does one make {things}?", "What material are {things} made of?"
)
_SAY_MADE = Phrases("{Things} are usually made of {stuff}.", "Of {stuff}, because {reason}.", "{Stuff}.")
_ASK_COLOUR = Phrases("What colour {is} {thing}?", "Which colour {is} {thing}, as a rule?")
_SAY_COLOUR = Phrases("{Colour}.", "{Thing} {is} {colour}.", "Usually {colour}.")
_ASK_TRADE = Phrases("What does {who} do?", "What is {who}'s work?", "Tell me what {who} does.")
_SAY_TRADE = Phrases("{Who} {does}.", "{Who} {does}, mostly {place}.", "A person with that job {does}.")
_ASK_WHO = Phrases(
    "Who {does}?", "What do you call somebody who {does}?", "What is the name for a person who {does}?"
)
_SAY_WHO = Phrases("{Who}.", "That is {who}.", "Somebody who {does} is {who}.")


def _ask_why(draw: Draw) -> Pair:
    ask, fact, reason = draw.pick(WHY)
    slots = {"ask": ask, "fact": fact, "reason": reason}
    return _ASK_WHY(draw, slots), _SAY_WHY(draw, slots)


def _ask_use(draw: Draw) -> Pair:
    thing, what = draw.pick(USES)
    slots = {"thing": thing, "is": _is(thing), "use": what}
    if draw.random() < 0.5:
        return _ASK_NEED(draw, slots), _SAY_NEED(draw, slots)
    answer = _SAY_USE(draw, slots)
    return _ASK_USE(draw, slots), answer.replace("It is", "They are") if thing in _PLURAL_TOOLS else answer


def _ask_opposite(draw: Draw) -> Pair:
    one, other = draw.pick(_ONCE)
    slots = {"one": one, "other": other}
    return _ASK_OPPOSITE(draw, slots), _SAY_OPPOSITE(draw, slots)


def _ask_kind(draw: Draw) -> Pair:
    name, members = draw.pick(_MEMBERS)
    a, b, c = draw.sample(members, 3)
    slots = {"kind": name, "a": a, "b": b, "c": c}
    luck = draw.random()
    if luck < 0.3 and name not in _UNCOUNTED and not name.startswith("kinds"):
        return _ASK_LIST(draw, slots), _SAY_LIST(draw, slots)
    if luck < 0.6 and name not in _FAR and name not in ("wild animals", "colours"):
        odd = draw.pick(KINDS_OF[draw.pick(_FAR)].split())
        row = [a, b, c]
        row.insert(int(draw.random() * 4), odd)
        slots |= {"odd": odd, "row": ", ".join(row)}
        return _ASK_ODD(draw, slots), _SAY_ODD(draw, slots)
    return _ASK_KIND(draw, slots), _SAY_KIND(draw, slots)


def _ask_part(draw: Draw) -> Pair:
    whole, parts = draw.pick(PARTS)
    slots = {"whole": whole, "parts": parts}
    return _ASK_PART(draw, slots), _SAY_PART(draw, slots)


def _ask_if(draw: Draw) -> Pair:
    cause, then = draw.pick(IF_THEN)
    slots = {"cause": cause, "then": then}
    return _ASK_IF(draw, slots), _SAY_IF(draw, slots)


def _ask_place(draw: Draw) -> Pair:
    thing, verb, where = draw.pick(WHERE)
    slots = {"thing": thing, "is": verb, "place": where}
    return _ASK_PLACE(draw, slots), _SAY_PLACE(draw, slots)


def _ask_animal(draw: Draw) -> Pair:
    name, young, _, food, where = draw.pick(ANIMALS)
    slots = {
        "animal": name,
        "an": a_of(name),
        "young": a_of(young),
        "food": food,
        "place": where,
    }
    ask, say = draw.pick(((_ASK_YOUNG, _SAY_YOUNG), (_ASK_FOOD, _SAY_FOOD), (_ASK_HOME, _SAY_HOME)))
    return ask(draw, slots), say(draw, slots)


def _ask_order(draw: Draw) -> Pair:
    one, two = draw.pick(ORDER)
    slots = {"one": one, "two": two}
    question, answer = _ASK_FIRST(draw, slots), _SAY_FIRST(draw, slots)
    return question, f"No. {answer}" if question.startswith("Should") else answer


def _ask_season(draw: Draw) -> Pair:
    name, events = draw.pick(_SEASONS)
    event, other = draw.sample(events, 2)
    slots = {"season": name, "event": event, "other": other}
    ask, say = draw.pick(((_ASK_SEASON, _SAY_SEASON), (_ASK_WHEN, _SAY_WHEN)))
    return ask(draw, slots), say(draw, slots)


def _ask_more(draw: Draw) -> Pair:
    big, than, small = draw.pick(MORE)
    slots = {"more": big, "than": than, "less": small}
    question, answer = _ASK_MORE(draw, slots), _SAY_MORE(draw, slots)
    if question.startswith("Is "):
        return question, draw.pick(("Yes.", f"Yes, {big} is {than} than {small}.", f"Yes, it is {than}."))
    return question, answer


def _ask_made(draw: Draw) -> Pair:
    things, stuff, reason = draw.pick(MADE_OF)
    slots = {"things": things, "stuff": stuff, "reason": reason}
    if things in ("bread", "cheese", "jam", "paper"):
        return f"What is {things} made of?", draw.pick((f"{cap(things)} is made of {stuff}.", f"Of {stuff}."))
    return _ASK_MADE(draw, slots), _SAY_MADE(draw, slots)


def _ask_colour(draw: Draw) -> Pair:
    thing, name = draw.pick(COLOUR_OF)
    slots = {"thing": thing, "colour": name, "is": "is" if thing in _MASS else "are"}
    return _ASK_COLOUR(draw, slots), _SAY_COLOUR(draw, slots)


def _ask_trade(draw: Draw) -> Pair:
    who, does, where = draw.pick(TRADES)
    slots = {"who": who, "does": does, "place": where}
    ask, say = draw.pick(((_ASK_TRADE, _SAY_TRADE), (_ASK_WHO, _SAY_WHO)))
    return ask(draw, slots), say(draw, slots)


_QUESTIONS: tuple[Callable[[Draw], Pair], ...] = (
    _ask_why, _ask_why, _ask_why, _ask_use, _ask_use, _ask_opposite, _ask_kind, _ask_kind, _ask_part, _ask_if, _ask_if,
    _ask_place, _ask_animal, _ask_animal, _ask_order, _ask_season, _ask_more, _ask_made, _ask_colour, _ask_trade,
)  # fmt: skip


def question(draw: Draw) -> Pair:
    """(question, answer), both whole sentences or a short answer, as people give them."""
    ask, answer = draw.pick(_QUESTIONS)(draw)
    return cap(ask), cap(answer)


# Texts ------------------------------------------------------------------------------------------------------------

_NAMES = GIRLS + BOYS
_START = Phrases(
    "", "", "", "", "[Some|A few] things that everybody knows:\n", "Did you know? ", "Things worth knowing: ", "Notes on everyday things.\n",
    "What a child learns:\n", "Plain facts.\n", "Here is some common sense. ",
)  # fmt: skip
_CHATTER = Phrases(
    "{who} asked questions all day long.", "\"Why?\" was {who}'s favourite word.", "{who} and {elder} were [walking home|shelling peas|waiting for the bus|washing up].",
    "On the way to school {who} wanted to know everything.", "It was raining, and {who} had nothing to do but ask.",
    "{elder} liked questions, and {who} had plenty of them.",
)  # fmt: skip
_ASKED = Phrases(
    '"{q}" asked {who}.',
    '"{q}" {who} wanted to know.',
    '{who} [looked up|thought for a moment] and asked, "{q}"',
    '"{q}" said {who}.',
    '"{q}"',
)
_TOLD = Phrases(
    '"{a}" said {elder}.',
    '"{a}"',
    '{elder} did not have to think. "{a}"',
    '"{a}" {elder} answered.',
    '{elder} smiled. "{a}"',
)
_CHATTED = Phrases(
    "\"Good,\" said {who}.", "\"I thought so,\" said {who}.", "\"And now eat your soup,\" said {elder}.", "\"One day I'll ask you something,\" said {elder}.",
    "{who} was quiet for almost a minute.", "", "", "",
)  # fmt: skip
_TAGS = (
    ("Q: ", "A: "),
    ("Question: ", "Answer: "),
    ("", ""),
    ("- ", ""),
    ("Ask: ", "Reply: "),
    ("Pupil: ", "Teacher: "),
)


def write_sense(draw: Draw) -> str:
    """Some statements in a row, a list, questions and answers, or a child who asks."""
    luck = draw.random()
    if luck < 0.4:
        return _paragraph(draw)
    if luck < 0.5:
        lines = [cap(draw.pick(STATEMENTS)(draw)) for _ in range(3 + int(draw.random() * 4))]
        sign = draw.pick(("- ", "* ", "", "• "))
        return "\n".join(f"{sign}{line}" for line in dict.fromkeys(lines))
    if luck < 0.75:
        ask, reply = draw.pick(_TAGS)
        pairs = dict(question(draw) for _ in range(2 + int(draw.random() * 4)))
        gap = "\n\n" if draw.random() < 0.5 else "\n"
        return gap.join(f"{ask}{q}\n{reply}{a}" for q, a in pairs.items())
    return _chat(draw)


def _paragraph(draw: Draw) -> str:
    count = 2 + int(draw.random() * 5)
    if draw.random() < 0.4:  # of one matter
        matter = draw.pick(STATEMENTS)
        lines = [cap(matter(draw)) for _ in range(count)]
    else:
        lines = [cap(draw.pick(STATEMENTS)(draw)) for _ in range(count)]
    return _START(draw, {}) + " ".join(dict.fromkeys(lines))


def _chat(draw: Draw) -> str:
    slots = {"who": draw.pick(_NAMES), "elder": draw.pick(ELDERS)[0]}
    lines = [_CHATTER(draw, slots)]
    for q, a in dict(question(draw) for _ in range(1 + int(draw.random() * 3))).items():
        slots["q"] = q.replace('"', "'")
        answer = a.replace('"', "'")
        slots["a"] = answer
        asked = _ASKED(draw, slots)
        lines.append(asked.replace('." ', '," '))
        told = _TOLD(draw, slots)
        lines.append(
            told.replace('." said', '," said').replace(
                '." ' + slots["elder"] + " answered", '," ' + slots["elder"] + " answered"
            )
        )
    last = _CHATTED(draw, slots)
    return (" " if draw.random() < 0.5 else "\n").join(lines + ([last] if last else []))
