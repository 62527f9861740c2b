"""Several questions on one page: quizzes and interviews about one subject, and rounds of one "
"question about many."""

from __future__ import annotations

from llmworks.data.world.ledger import Fact, Topic, World
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.questions.asking import Slots, answer, brief, direct, slots_of
from llmworks.data.world.questions.cards import LABELS, SPEAKERS
from llmworks.data.world.questions.wordings import WORDINGS
from llmworks.data.world.writers import FactWriter

_TITLES = Phrases(
    "[A few questions|Questions|Some questions|Questions and answers] about {name}",
    "Who knows {name} best?",
    "Quiz: {name}",
    "{Name}: [questions and answers|a small quiz|what people ask]",
    "How well do you know {name}?",
    "[Test|Worksheet|Exercise|Quiz sheet]: {name}",
    "[All|Everything you asked] about {name}",
    "[Frequently asked|Often asked]: {name}",
)
_NUMBERS = ("{}. ", "{}) ", "({}) ", "No. {}: ", "Question {}: ", "{} - ")
_ROUNDS = Phrases(
    "[Quick round|Quiz round|A round of questions|Short questions, short answers]",
    "[Pub quiz|Evening quiz|School quiz|Quiz night], round {number}",
    "[Questions of the day|Questions from readers|From the question box|From the letters page]",
    "[Worksheet|Exercise|Test] {number}",
    "[Can you answer these|How many do you know|Do you know them all]?",
)
_FORMS = Phrases(
    "{Name}:", "Questions about {name}", "Form for {name}", "What to know of {name}", "About {name}"
)
_END = Phrases(
    "Thank you[| for your time].",
    "Thanks!",
    "That was all.",
    "Good. Thank you.",
    "That is all I wanted to know.",
)
_THANKS = Phrases(
    "[Thank you|Thanks|Many thanks|Thank you very much].",
    "[Good|Right|Fine|I see].",
    "[That is good to know|How interesting].",
    "[Oh|Ah], I see.",
    "[Good|Right|Well], next question.",
    "I did not know that.",
)


def _title(draw: Draw, topic: Topic) -> str:
    assert topic.subject is not None
    return _TITLES(draw, {"name": topic.subject.name})


def _said(draw: Draw, fact: Fact, slots: Slots) -> str:
    """The answer to a question that named the subject."""
    wording = WORDINGS[fact.relation]
    shape = draw.random()
    if shape < 0.35:
        return brief(draw, wording, slots)
    return wording.it(draw, slots) if shape < 0.7 else wording.tell(draw, slots)


def _shuffled(draw: Draw, facts: tuple[Fact, ...]) -> list[Fact]:
    return draw.sample(facts, len(facts))


def sheet(world: World, topic: Topic, draw: Draw) -> str:
    """Numbered questions, each with its answer below it or beside it."""
    number, between = draw.pick(_NUMBERS), draw.pick(("\n   ", " ", "\n", " - "))
    follows = draw.chance(0.5)
    rows = []
    for place, fact in enumerate(_shuffled(draw, topic.facts), 1):
        wording, slots = WORDINGS[fact.relation], slots_of(fact)
        asked = wording.follow(draw, slots) if follows and place > 1 else wording.ask(draw, slots)
        rows.append(f"{number.format(place)}{asked}{between}{_said(draw, fact, slots)}")
    return f"{_title(draw, topic)}\n{draw.pick(('', chr(10)))}" + "\n".join(rows)


def key_below(world: World, topic: Topic, draw: Draw) -> str:
    """All questions first, the key below."""
    number = draw.pick(_NUMBERS[:3])
    asked, key = [], []
    for place, fact in enumerate(_shuffled(draw, topic.facts), 1):
        wording, slots = WORDINGS[fact.relation], slots_of(fact)
        asked.append(
            number.format(place) + (wording.follow(draw, slots) if place > 1 else wording.ask(draw, slots))
        )
        said = wording.tell(draw, slots) if draw.chance(0.3) else brief(draw, wording, slots)
        key.append(number.format(place) + said)
    head = draw.pick(("Answers", "Key", "The answers", "Solutions", "Now the answers:"))
    return f"{_title(draw, topic)}\n" + "\n".join(asked) + f"\n\n{head}\n" + "\n".join(key)


def interview(world: World, topic: Topic, draw: Draw) -> str:
    """Two speakers; the subject is named once, then carried by pronouns."""
    one, two = draw.pick(SPEAKERS)
    rows = []
    for place, fact in enumerate(_shuffled(draw, topic.facts)):
        wording, slots = WORDINGS[fact.relation], slots_of(fact)
        asked = wording.follow(draw, slots) if place else direct(draw, wording, slots)
        if place and draw.chance(0.35):
            asked = _THANKS(draw, slots) + " " + asked
        said = answer(draw, wording, slots) if not place else _said(draw, fact, slots)
        rows.append(f"{one}: {asked}\n{two}: {said}")
    if draw.chance(0.3):
        rows.append(f"{one}: {_END(draw, {})}")
    return "\n".join(rows)


def label_list(world: World, topic: Topic, draw: Draw) -> str:
    """A form filled in: the questions are labels."""
    between = draw.pick((": ", " - ", "? ", " = ", ":\n"))
    rows = [
        f"{WORDINGS[fact.relation].label(draw, slots_of(fact))}{between}{fact.value}"
        for fact in _shuffled(draw, topic.facts)
    ]
    assert topic.subject is not None
    name = topic.subject.name
    head = _FORMS(draw, {"name": name})
    return head + "\n" + "\n".join(rows)


def rounds(world: World, topic: Topic, draw: Draw) -> str:
    """One relation asked of several subjects."""
    slots = {"number": str(1 + int(draw.random() * 12))}
    ask, reply = draw.pick(LABELS) if draw.chance(0.5) else ("", "")
    number = draw.pick(_NUMBERS) if not ask else ""
    between = "\n" if ask else draw.pick((" ", "\n", " - "))
    wording = WORDINGS[topic.facts[0].relation]
    rows = []
    for place, fact in enumerate(_shuffled(draw, topic.facts), 1):
        own = slots_of(fact)
        said = brief(draw, wording, own) if draw.chance(0.5) else wording.tell(draw, own)
        rows.append(f"{number.format(place)}{ask}{wording.ask(draw, own)}{between}{reply}{said}")
    head = _ROUNDS(draw, slots) + "\n" if draw.chance(0.7) else ""
    return head + draw.pick(("\n", "\n\n")).join(rows)


FACT_WRITERS = (
    FactWriter("questions.sheet", sheet, 2.0, least=2, most=4, question=True),
    FactWriter("questions.key_below", key_below, 1.0, least=2, most=4, question=True),
    FactWriter("questions.interview", interview, 2.5, least=2, most=4, question=True),
    FactWriter("questions.label_list", label_list, 0.6, least=2, most=4, question=True),
    FactWriter("questions.rounds", rounds, 1.5, least=2, most=4, several=True, question=True),
)
