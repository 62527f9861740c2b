"""Questions with their answers, for pretraining: one fact in many shapes of page, card, quiz and talk."""

from __future__ import annotations

from collections.abc import Callable

from llmworks.data.world.ledger import Topic, World
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.prose.ways import is_plural
from llmworks.data.world.questions.asking import answer, brief, direct, framed, question, slots_of
from llmworks.data.world.questions.known import known
from llmworks.data.world.questions.wordings import WORDINGS
from llmworks.data.world.writers import FactWriter

LABELS = (
    ("Q: ", "A: "),
    ("Question: ", "Answer: "),
    ("Q. ", "A. "),
    ("QUESTION: ", "ANSWER: "),
    ("- ", "- "),
    ("> ", ""),
    ("Asked: ", "Answered: "),
    ("Ask: ", "Reply: "),
    ("* ", "  "),
    ("Q) ", "A) "),
    ("", ""),
    ("", "-> "),
    ("? ", "! "),
    ("Question\n", "Answer\n"),
    ("Problem: ", "Solution: "),
    ("What people ask: ", "What we answer: "),
)
SPEAKERS = (
    ("Visitor", "Guide"),
    ("Reporter", "Local"),
    ("Child", "Grandmother"),
    ("Teacher", "Pupil"),
    ("Tom", "Mia"),
    ("Host", "Guest"),
    ("Student", "Teacher"),
    ("Traveller", "Innkeeper"),
    ("User", "Helper"),
    ("Anna", "Ben"),
    ("Customer", "Clerk"),
    ("Stranger", "Postman"),
    ("Daughter", "Father"),
    ("A", "B"),
    ("Quizmaster", "Player"),
    ("She", "He"),
    ("Caller", "Radio host"),
    ("Person", "Assistant"),
    ("New neighbour", "Old neighbour"),
)
_SCENES = Phrases(
    '"{question}" [asked|said] {asker}. "{answer}" [said|answered|replied] {other}.',
    '[When somebody asked|Asked] "{question}", {other} [said|answered|replied]: "{answer}"',
    '{Asker} [turned round and asked|looked up and asked|asked]: "{question}" [The answer came at '
    'once|{Other} knew]: "{answer}"',
    'The question was: "{question}" [And the answer|The answer] was: "{answer}"',
    '"{question}" "{answer}"',
    '"{question}" {asker} wanted to know. {Other} [smiled|thought for a moment|put down the '
    'cup|nodded]. "{answer}"',
    '{Asker} wrote on a [slip of paper|postcard|piece of paper]: "{question}" Back came [a note|two '
    'lines|a card]: "{answer}"',
    "[At the quiz|In the classroom|On the train|Over tea|At the bus stop|On the radio], {asker} "
    '[asked|said]: "{question}" '
    '[And|Then] {other} [said|answered]: "{answer}"',
)
_ASKERS = (
    "a visitor",
    "the teacher",
    "a child",
    "the old man",
    "the woman on the bench",
    "a girl",
    "a boy",
    "the stranger",
    "a tourist",
    "the quizmaster",
    "my aunt",
    "my uncle",
    "the new clerk",
    "a traveller",
    "the reporter",
    "her friend",
)
_OTHERS = (
    "the guide",
    "the pupil",
    "the librarian",
    "the old woman",
    "the driver",
    "his neighbour",
    "the girl in front",
    "the postman",
    "the innkeeper",
    "the man at the desk",
    "the class",
    "the conductor",
    "the grandmother",
    "a voice",
)
_CARD = Phrases(
    "[Quiz card|Card {number}|Quiz, card {number}|Question card]\n{question}\n[Answer|On the "
    "back|Turn over]: {answer}",
    "[Quiz|Pub quiz|Evening quiz|School quiz], question {number}: {question}\n[Answer|The "
    "answer|Right answer]: {answer}",
    "{number}. {question}\n[Answer: |]{answer}",
    "Question {number}\n{question}\n\nAnswer {number}\n{answer}",
    "[Front|Front of the card]: {question}\n[Back|Back of the card]: {answer}",
    "{question} ({answer})",
    "{question}\n\n{answer}",
    "[Riddle|Quick quiz|Test yourself]: {question} [Think first.|Have a guess.|Do you know it?] [It "
    "is|Here it is]: {answer}",
    "For {number} points: {question}\n[Correct|Right answer]: {answer}",
)
_KNOW = Phrases(
    "Do you know {clause}? [Yes|I do|Yes, I do|Of course]: {sentence}",
    "[Does anyone|Does anybody] know {clause}? [Yes|We do|Somebody does|I do]. {sentence}",
    "[Many|Some] people [ask|want to know] {clause}. [The answer is short|Here is the answer|It is "
    "no secret]: {sentence}",
    "[Have you ever wondered|Ever wondered] {clause}? [Now you know|Well, here it is|Here is the "
    "answer]: {sentence}",
    "If you [wonder|want to know|ask yourself] {clause}, [here is the answer|this is it|read on]: {sentence}",
    "Guess {clause}. [Give up?|No idea?|One, two, three:] {sentence}",
    "I asked {clause}, and [they told me|the answer was|I was told] this: {sentence}",
    "[Somebody|A reader|A listener|A pupil] asked {clause}. {sentence}",
    "[It is often asked|We are often asked|Readers ask us] {clause}. {sentence}",
)
_TRUE = Phrases(
    "[True or false|True or not|Right or wrong]? {said} [Answer: |It is |]{verdict}",
    "{said} - {verdict}",
    "[Statement|Claim]: {said}\n[Verdict|Answer|True or false]: {verdict}",
    "[Is this true|Is it true]: {said} {verdict}",
)
_YES = Phrases(
    "Yes. {sentence}",
    "Yes, that is right. {sentence}",
    "That is so. {sentence}",
    "Right: {sentence}",
    "Yes, it is true. {sentence}",
)
_NO = Phrases(
    "No. {sentence}",
    "No, that is wrong. {sentence}",
    "Not so. {sentence}",
    "No, not quite. {sentence}",
    "No, it is not so. {sentence}",
)
# None begins with the sentence itself: a text that does should go on with the value, not with dots.
_GAP = Phrases(
    "[Fill in the gap|Fill the gap|Complete the sentence|Finish the sentence]: {prefix} "
    "...\n[Answer|Missing|The missing words]: {value}",
    "[With a gap|One gap|The gap]: {prefix} ____.\n[Answer|Missing|In the gap]: {value}",
    "[How does it go on|Who can finish it|What comes next]? {prefix} ...\n{Value}.",
    "[Start|The sentence starts]: {prefix} ...\n[End|It ends]: {value}",
)
_MARKS = (
    ("a) ", "b) ", "c) ", "d) "),
    ("A. ", "B. ", "C. ", "D. "),
    ("1) ", "2) ", "3) ", "4) "),
    ("- ", "- ", "- ", "- "),
)
_PICK = Phrases(
    "[Answer|Right answer|The right one|Correct|Solution]: ", "It is ", "The answer is ", "Right: "
)


def qa(world: World, topic: Topic, draw: Draw) -> str:
    fact = topic.facts[0]
    wording, slots = WORDINGS[fact.relation], slots_of(fact)
    ask, reply = draw.pick(LABELS)
    return f"{ask}{question(draw, wording, slots)}\n{reply}{answer(draw, wording, slots)}"


def lines(world: World, topic: Topic, draw: Draw) -> str:
    """A bare question and its answer, on one line or two."""
    fact = topic.facts[0]
    wording, slots = WORDINGS[fact.relation], slots_of(fact)
    between = draw.pick(("\n", " ", "\n\n", " - ", "\n- "))
    return f"{question(draw, wording, slots)}{between}{answer(draw, wording, slots)}"


def short_qa(world: World, topic: Topic, draw: Draw) -> str:
    """Few words asked, the bare value answered."""
    fact = topic.facts[0]
    wording, slots = WORDINGS[fact.relation], slots_of(fact)
    asked = (
        wording.short(draw, slots) if draw.chance(0.6) else wording.label(draw, slots) + ", " + slots["name"]
    )
    return f"{asked}{draw.pick((': ', chr(10), ' - ', ' = ', ' -> '))}{brief(draw, wording, slots)}"


def speakers(world: World, topic: Topic, draw: Draw) -> str:
    fact = topic.facts[0]
    wording, slots = WORDINGS[fact.relation], slots_of(fact)
    one, two = draw.pick(SPEAKERS)
    return f"{one}: {direct(draw, wording, slots)}\n{two}: {answer(draw, wording, slots)}"


def scene(world: World, topic: Topic, draw: Draw) -> str:
    """The question asked aloud, in a sentence or two of prose."""
    fact = topic.facts[0]
    wording, slots = WORDINGS[fact.relation], slots_of(fact)
    said = wording.tell(draw, slots) if draw.chance(0.5) else wording.it(draw, slots)
    parts = {
        "question": wording.ask(draw, slots),
        "answer": said,
        "asker": draw.pick(_ASKERS),
        "other": draw.pick(_OTHERS),
    }
    return _SCENES(draw, parts)


def card(world: World, topic: Topic, draw: Draw) -> str:
    fact = topic.facts[0]
    wording, slots = WORDINGS[fact.relation], slots_of(fact)
    said = brief(draw, wording, slots) if draw.chance(0.6) else wording.tell(draw, slots)
    asked = wording.ask(draw, slots)
    return _CARD(draw, {"question": asked, "answer": said, "number": str(1 + int(draw.random() * 40))})


def do_you_know(world: World, topic: Topic, draw: Draw) -> str:
    fact = topic.facts[0]
    wording, slots = WORDINGS[fact.relation], slots_of(fact)
    said = wording.it(draw, slots) if draw.chance(0.4) else wording.tell(draw, slots)
    return _KNOW(draw, {"clause": wording.clause(draw, slots), "sentence": said})


def true_or_false(world: World, topic: Topic, draw: Draw) -> str:
    """A claim with its verdict; a wrong claim is put right."""
    fact = topic.facts[0]
    wording, slots = WORDINGS[fact.relation], slots_of(fact)
    right = draw.chance(0.4)
    wrong = known(world).wrong(fact, draw)[0]
    claim = slots if right else slots | {"value": wrong, "is": "are" if is_plural(wrong) else "is"}
    if draw.chance(0.5):
        verdict = (
            draw.pick(("True.", "True", "True, it is so."))
            if right
            else "False. " + wording.tell(draw, slots)
        )
        return _TRUE(draw, {"said": wording.prefix(draw, claim) + f" {claim['value']}.", "verdict": verdict})
    sentence = wording.it(draw, slots) if draw.chance(0.5) else wording.tell(draw, slots)
    verdict = (_YES if right else _NO)(draw, {"sentence": sentence})
    return f"{wording.check(draw, claim)}{draw.pick((' ', chr(10)))}{verdict}"


def gap(world: World, topic: Topic, draw: Draw) -> str:
    fact = topic.facts[0]
    slots = slots_of(fact)
    return _GAP(draw, {"prefix": WORDINGS[fact.relation].prefix(draw, slots), "value": fact.value})


def choices(world: World, topic: Topic, draw: Draw) -> str:
    """A question with two to four answers to choose from, and which one is right."""
    fact = topic.facts[0]
    wording, slots = WORDINGS[fact.relation], slots_of(fact)
    offered = [fact.value, *known(world).wrong(fact, draw, draw.pick((1, 2, 3)))]
    draw.shuffle(offered)
    asked = wording.ask(draw, slots)
    if len(offered) == 2 or draw.chance(0.25):
        listed = f"{', '.join(offered[:-1])} or {offered[-1]}"
        return f"{asked} {listed[0].upper()}{listed[1:]}?\n{_PICK(draw, slots)}{fact.value}."
    marks = draw.pick(_MARKS)
    options = "\n".join(mark + value for mark, value in zip(marks, offered, strict=False))
    place = marks[offered.index(fact.value)] if draw.chance(0.5) and marks[0] != "- " else ""
    return f"{asked}\n{options}\n{_PICK(draw, slots)}{place}{fact.value}"


def reverse(world: World, topic: Topic, draw: Draw) -> str:
    """The other way round ("Which shop does ... own?") where exactly one subject fits; else forward."""
    fact = topic.facts[0]
    wording, slots = WORDINGS[fact.relation], slots_of(fact)
    if wording.reverse is None or not known(world).only(fact):
        return qa(world, topic, draw)
    ask, reply = draw.pick(LABELS)
    name = slots["name"]
    said = name[0].upper() + name[1:] + "." if draw.chance(0.4) else wording.tell(draw, slots)
    return f"{ask}{wording.reverse(draw, slots)}\n{reply}{said}"


def asked_for(world: World, topic: Topic, draw: Draw) -> str:
    """A clause in a frame, answered with the sentence."""
    fact = topic.facts[0]
    wording, slots = WORDINGS[fact.relation], slots_of(fact)
    between = draw.pick(("\n", " ", "\n\n"))
    return f"{framed(draw, wording.clause(draw, slots))}{between}{answer(draw, wording, slots)}"


def _writer(name: str, write: Callable[[World, Topic, Draw], str], weight: float) -> FactWriter:
    return FactWriter(name, write, weight, question=True)


REVERSIBLE = frozenset(relation for relation, wording in WORDINGS.items() if wording.reverse is not None)

FACT_WRITERS = (
    _writer("questions.qa", qa, 3.0),
    _writer("questions.lines", lines, 2.5),
    _writer("questions.short", short_qa, 1.0),
    _writer("questions.speakers", speakers, 1.5),
    _writer("questions.scene", scene, 1.2),
    _writer("questions.card", card, 1.5),
    _writer("questions.do_you_know", do_you_know, 1.2),
    _writer("questions.true_or_false", true_or_false, 1.0),
    _writer("questions.gap", gap, 0.8),
    _writer("questions.choices", choices, 0.8),
    _writer("questions.asked_for", asked_for, 1.0),
    FactWriter("questions.reverse", reverse, 1.5, question=True, relations=REVERSIBLE),
)
