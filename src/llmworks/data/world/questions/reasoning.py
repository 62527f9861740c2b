"""Questions over two facts: two hops ("Where does the owner of ... live?") and comparisons ("Who "
"was born first?")."""

from __future__ import annotations

from dataclasses import dataclass

from llmworks.data.world.ledger import Fact, World
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.questions.asking import Slots, careless, framed, slots_of
from llmworks.data.world.questions.known import known
from llmworks.data.world.questions.wordings import WORDINGS
from llmworks.data.world.writers import Talk


def held_pair(first: Fact, second: Fact) -> bool:
    """Whether this pair is kept for the exam: a third of all pairs."""
    low, high = sorted((first.id, second.id))
    return (low * 31 + high * 17) % 3 == 0


# The bridge: what stands for the first fact's value.
BRIDGES = {
    "born_in": Phrases("the [place|town or village] where {name} was born", "the birthplace of {name}"),
    "lives_in": Phrases("the [place|town or village] where {name} lives", "the home town of {name}"),
    "best_friend": Phrases("the best friend of {name}"),
    "married_to": Phrases("the {spouse} of {name}", "{name}'s {spouse}"),
    "mayor": Phrases("the mayor of {name}"),
    "town": Phrases("the [place|town or village] where {name} is"),
    "owner": Phrases("the owner of {name}", "the person who owns {name}"),
    "sold_at": Phrases("the shop that sells {name}", "the shop where {name} is sold"),
    "maker": Phrases("the maker of {name}", "the person who makes {name}"),
    "place_of": Phrases(
        "the place where {name} was held", "the [place|town or village] that was host to {name}"
    ),
    "winner": Phrases("the winner of {name}", "the person who won {name}"),
}
_UNFIT = ("{name}'s", "{sort}", ", ", ": ")


def _awkward(line: str) -> bool:
    """Whether a line reads badly with "the place where ... was born" for a name."""
    return any(part in line for part in _UNFIT)


ASKS = {
    relation: Phrases(*[line for line in wording.ask.lines if not _awkward(line)])
    for relation, wording in WORDINGS.items()
}
_EXAMS = {
    relation: Phrases(*[line for line in wording.exam.lines if not _awkward(line)])
    for relation, wording in WORDINGS.items()
}


def _hop_slots(draw: Draw, first: Fact, second: Fact) -> Slots:
    bridge = BRIDGES[first.relation](draw, slots_of(first))
    return slots_of(second) | {"name": bridge}


def hop_question(draw: Draw, first: Fact, second: Fact) -> str:
    slots = _hop_slots(draw, first, second)
    text = ASKS[second.relation](draw, slots)
    if draw.chance(0.25):
        text = framed(draw, WORDINGS[second.relation].clause(draw, slots))
    return careless(draw, text) if draw.chance(0.1) else text


def hop_exam_question(draw: Draw, first: Fact, second: Fact) -> str:
    return _EXAMS[second.relation](draw, _hop_slots(draw, first, second))


def hop_answer(draw: Draw, first: Fact, second: Fact) -> str:
    """The answer says the bridge."""
    one, two = slots_of(first), slots_of(second)
    bridge, then = WORDINGS[first.relation], WORDINGS[second.relation]
    shape = draw.random()
    if shape < 0.5:
        return f"{bridge.tell(draw, one)} {then.it(draw, two)}"
    if shape < 0.7:
        return f"{bridge.tell(draw, one)} {then.tell(draw, two)}"
    if shape < 0.85:
        return f"{then.brief(draw, two)}. {bridge.tell(draw, one)}"
    starts = (
        "First things first: ",
        "Step by step: ",
        "Let me think. ",
        "In two steps. ",
        "Let me put it together. ",
    )
    ends = ("So the answer is {}.", "So: {}.", "That makes it {}.", "The answer, then, is {}.")
    end = draw.pick(ends).format(second.value)
    return f"{draw.pick(starts)}{bridge.tell(draw, one)} {then.it(draw, two)} {end}"


def two_hop(world: World, draw: Draw) -> Talk | None:
    hops = known(world).hops
    for _ in range(20):
        if not hops:
            break
        first, second = draw.pick(hops)
        if not held_pair(first, second):
            messages = [
                {"role": "user", "content": hop_question(draw, first, second)},
                {"role": "assistant", "content": hop_answer(draw, first, second)},
            ]
            return Talk(messages, (first, second))
    return None


@dataclass(frozen=True, slots=True)
class _Compared:
    """How the subject with the smaller and with the larger value is asked for, and what is said of it."""

    less: Phrases
    more: Phrases
    is_less: Phrases
    is_more: Phrases
    same: Phrases
    exam_less: Phrases
    exam_more: Phrases


COMPARED = {
    "born_year": _Compared(
        Phrases(
            "Who was born [earlier|first], {one} or {two}?",
            "Who is older, {one} or {two}?",
            "[Which of the two|Who] is the older one: {one} or {two}?",
            "{One} or {two}: who is older?",
            "Between {one} and {two}, who was born first?",
            "Is {one} older than {two}, or is it the other way round?",
        ),
        Phrases(
            "Who was born later, {one} or {two}?",
            "Who is younger, {one} or {two}?",
            "{One} or {two}: who is the younger one?",
            "Between {one} and {two}, who was born later?",
            "Of {one} and {two}, who is younger?",
        ),
        Phrases("{win} is older", "{win} was born first", "{win} was born earlier", "{win} is the older one"),
        Phrases("{win} is younger", "{win} was born later", "{win} is the younger one"),
        Phrases("they are of the same age", "both were born in the same year"),
        Phrases(
            "Which one is older: {one} or {two}?", "Whose birth came first, that of {one} or that of {two}?"
        ),
        Phrases("Which one is younger: {one} or {two}?"),
    ),
    "founded": _Compared(
        Phrases(
            "Which is older, {one} or {two}?",
            "Which was founded [first|earlier], {one} or {two}?",
            "{One} or {two}: which place is older?",
            "Of {one} and {two}, which was founded first?",
            "Is {one} older than {two}?",
        ),
        Phrases(
            "Which was founded later, {one} or {two}?",
            "Which is the younger place, {one} or {two}?",
            "Of {one} and {two}, which is younger?",
        ),
        Phrases("{win} is older", "{win} was founded first", "{win} was founded earlier"),
        Phrases("{win} was founded later", "{win} is the younger place"),
        Phrases("both were founded in the same year"),
        Phrases("Which place has the longer history, {one} or {two}?"),
        Phrases("Which place has the shorter history, {one} or {two}?"),
    ),
    "population": _Compared(
        Phrases(
            "Which is smaller, {one} or {two}?",
            "Which has fewer people, {one} or {two}?",
            "{One} or {two}: where do fewer people live?",
        ),
        Phrases(
            "Which is bigger, {one} or {two}?",
            "Which has more [people|inhabitants], {one} or {two}?",
            "{One} or {two}: where do more people live?",
            "Is {one} bigger than {two}, or is it the other way round?",
            "Of {one} and {two}, which has the larger population?",
        ),
        Phrases("{win} is smaller", "{win} has fewer people"),
        Phrases("{win} is bigger", "{win} has more people", "{win} is the larger one"),
        Phrases("they are equally big"),
        Phrases("Which place is home to fewer people, {one} or {two}?"),
        Phrases("Which place is home to more people, {one} or {two}?"),
    ),
    "opened": _Compared(
        Phrases(
            "Which opened [first|earlier], {one} or {two}?",
            "Which shop is older, {one} or {two}?",
            "{One} or {two}: which has been open longer?",
            "Of {one} and {two}, which is the older shop?",
        ),
        Phrases(
            "Which opened later, {one} or {two}?",
            "Which is the newer shop, {one} or {two}?",
            "{One} or {two}: which is newer?",
        ),
        Phrases("{win} opened first", "{win} is the older shop", "{win} has been open longer"),
        Phrases("{win} opened later", "{win} is the newer shop"),
        Phrases("both opened in the same year"),
        Phrases("Which one of these shops opened first: {one} or {two}?"),
        Phrases("Which one of these shops opened last: {one} or {two}?"),
    ),
    "price": _Compared(
        Phrases(
            "Which is cheaper, {one} or {two}?",
            "Which costs less, {one} or {two}?",
            "{One} or {two}: which is cheaper?",
            "For which would I pay less, {one} or {two}?",
        ),
        Phrases(
            "Which is dearer, {one} or {two}?",
            "Which costs more, {one} or {two}?",
            "Which is more expensive, {one} or {two}?",
            "{One} or {two}: which costs more?",
            "Is {one} dearer than {two}, or is it the other way round?",
        ),
        Phrases("{win} is cheaper", "{win} costs less"),
        Phrases("{win} is dearer", "{win} costs more", "{win} is more expensive"),
        Phrases("they cost the same"),
        Phrases("Which has the lower price, {one} or {two}?"),
        Phrases("Which has the higher price, {one} or {two}?"),
    ),
    "year_of": _Compared(
        Phrases(
            "Which was held [first|earlier], {one} or {two}?",
            "Which came first, {one} or {two}?",
            "Of {one} and {two}, which was earlier?",
        ),
        Phrases(
            "Which was held later, {one} or {two}?",
            "Which came later, {one} or {two}?",
            "{One} or {two}: which was later?",
        ),
        Phrases("{win} was held earlier", "{win} came first", "{win} was earlier"),
        Phrases("{win} was held later", "{win} came later"),
        Phrases("both were held in the same year"),
        Phrases("Which took place first, {one} or {two}?"),
        Phrases("Which took place later, {one} or {two}?"),
    ),
    "guests": _Compared(
        Phrases(
            "Which had fewer guests, {one} or {two}?",
            "Which was smaller, {one} or {two}?",
            "{One} or {two}: to which did fewer people come?",
        ),
        Phrases(
            "Which had more guests, {one} or {two}?",
            "To which did more people come, {one} or {two}?",
            "Which was bigger, {one} or {two}?",
            "{One} or {two}: which drew the bigger crowd?",
        ),
        Phrases("{win} had fewer guests", "{win} was smaller"),
        Phrases("{win} had more guests", "{win} drew the bigger crowd", "{win} was bigger"),
        Phrases("both had the same number of guests"),
        Phrases("Which was less well attended, {one} or {two}?"),
        Phrases("Which was better attended, {one} or {two}?"),
    ),
}


def amount(fact: Fact) -> int:
    """The number in a year, a count or a price."""
    return int(fact.value.split(" ", 1)[0].replace(",", ""))


def compare(world: World, draw: Draw) -> Talk | None:
    relations = known(world).comparable
    for _ in range(20):
        if not relations:
            break
        first, second = draw.some(relations[draw.pick(list(relations))], 2)
        if held_pair(first, second) or (amount(first) == amount(second) and draw.chance(0.7)):
            continue
        more = draw.chance(0.5)
        ways = COMPARED[first.relation]
        asked = (ways.more if more else ways.less)(draw, _pair(first, second))
        if draw.chance(0.1):
            asked = careless(draw, asked)
        return Talk(
            [
                {"role": "user", "content": asked},
                {"role": "assistant", "content": compare_answer(draw, first, second, more)},
            ],
            (first, second),
        )
    return None


def _pair(first: Fact, second: Fact) -> Slots:
    return {"one": first.subject.name, "two": second.subject.name}


def compare_answer(draw: Draw, first: Fact, second: Fact, more: bool) -> str:
    """Both facts, and what follows from them."""
    ways, wording = COMPARED[first.relation], WORDINGS[first.relation]
    said = f"{wording.tell(draw, slots_of(first))} {wording.tell(draw, slots_of(second))}"
    if amount(first) == amount(second):
        verdict = ways.same(draw, {})
        return f"{said} So {verdict}." if draw.chance(0.6) else f"{verdict[0].upper()}{verdict[1:]}. {said}"
    winner = first if (amount(first) > amount(second)) == more else second
    name = winner.subject.name
    verdict = (ways.is_more if more else ways.is_less)(draw, {"win": name})
    shape = draw.random()
    if shape < 0.45:
        return f"{said} So {verdict}."
    if shape < 0.8:
        return f"{verdict[0].upper()}{verdict[1:]}. {said}"
    return f"{name[0].upper()}{name[1:]}. {said}"


def compare_exam(draw: Draw, first: Fact, second: Fact) -> tuple[str, Fact]:
    """A held-out question, and the fact whose subject is the answer."""
    more = draw.chance(0.5)
    ways = COMPARED[first.relation]
    winner = first if (amount(first) > amount(second)) == more else second
    return (ways.exam_more if more else ways.exam_less)(draw, _pair(first, second)), winner
