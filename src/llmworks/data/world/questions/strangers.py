"""Conversations as strangers have them: clumsy, short, about anything, with a question about the world between.

    says      one exchange: greetings, feelings, insults, nonsense, other languages, the real world
    tasks     count, spell, rhyme, repeat                          (little_tasks.py)
    fun       jokes and why they are funny, riddles, poems, stories (jokes.py, stories/offers.py)
    vale      "what towns are there", "recommend a shop", "who is ..." in few words
    recall    what was said before in this conversation
    chat      two to eight turns of all that, topics carried on

Only facts that may be answered are stated; names that do not exist are not known, in the same wordings.
"""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

from llmworks.data.world.ledger import Fact, World
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.questions import beats, jokes, refusals
from llmworks.data.world.questions import stranger_lines as lines
from llmworks.data.world.questions import stranger_tables as tables
from llmworks.data.world.questions.asking import slots_of
from llmworks.data.world.questions.known import known
from llmworks.data.world.questions.little_tasks import task
from llmworks.data.world.questions.plain import single, turn, with_system
from llmworks.data.world.questions.thread import Thread
from llmworks.data.world.questions.unknown import invented, name_slots
from llmworks.data.world.questions.wordings import WORDINGS
from llmworks.data.world.stories import offers
from llmworks.data.world.writers import Talk

Told = tuple[str, str, tuple[Fact, ...]]  # what is typed, the answer, the facts it states

_Exchange = tuple[Phrases, Phrases]


def _compiled(pairs: tables.Exchanges) -> list[_Exchange]:
    return [(lines.split(asked), lines.split(told)) for asked, told in pairs]


_HELLOS, _BYES, _REACTIONS = map(_compiled, (tables.HELLOS, tables.BYES, tables.REACTIONS))
_ANYTIME = _compiled(tables.ANYTIME)
_ALL = _HELLOS + _BYES + _ANYTIME
_SHORT = (
    ("you", "u"),
    ("are", "r"),
    ("please", "pls"),
    ("what is", "whats"),
    ("because", "cuz"),
    ("don't", "dont"),
)


def typed(draw: Draw, text: str) -> str:
    """The same as people type it: small letters, no full stop, a slip of the finger."""
    shape = draw.random()
    if shape < 0.5 or "\n" in text:
        return text
    if shape < 0.76:
        return (text.rstrip("?.!") or text).lower()
    if shape < 0.84:
        return text.lower()
    if shape < 0.9:
        return _slip(draw, text)
    if shape < 0.95:
        right, wrong = draw.pick(_SHORT)
        return f" {text} ".replace(f" {right} ", f" {wrong} ").strip()
    if shape < 0.98 and text[-1].isalpha():
        return text + draw.pick(("?", "!", "!!", " pls", " please", "..."))
    return text.upper() if shape > 0.99 else text


def _slip(draw: Draw, text: str) -> str:
    """Two letters change places, or one is missing, in one longer word that is no name."""
    words = text.split(" ")
    places = [
        place for place, word in enumerate(words) if len(word) > 3 and word.isalpha() and word.islower()
    ]
    if not places:
        return text.lower()
    place = draw.pick(places)
    word, at = words[place], 1 + draw.randrange(len(words[place]) - 2)
    words[place] = word[:at] + (
        word[at + 1] + word[at] + word[at + 2 :] if draw.chance(0.6) else word[at + 1 :]
    )
    return " ".join(words)


def says(world: World, draw: Draw) -> Talk:
    asked, told = draw.pick(_ALL)
    return with_system(draw, turn(typed(draw, asked(draw, {})), told(draw, {})))


def tasks(world: World, draw: Draw) -> Talk:
    """One to three small tasks, one after the other."""
    thread = Thread(world, draw)
    for _ in range(draw.pick((1, 1, 1, 2, 3))):
        _task(thread)
    return with_system(draw, Talk(thread.messages))


def _task(thread: Thread) -> None:
    user, reply = task(thread.draw)
    thread.say(user if user[0].isdigit() else _kept(thread.draw, user), reply)
    thread.aside()


def _kept(draw: Draw, text: str) -> str:
    """Without slips: what is to be spelt or repeated must be what was typed."""
    shape = draw.random()
    if shape < 0.7:
        return text
    return text.lower() if shape < 0.85 else text.rstrip("?.") or text


# Jokes, riddles, poems, stories

_THERE = Phrases(
    "",
    "",
    "",
    "[Gladly|Here is one|I know one|All right]. ",
    "Of course. ",
    "Here you are. ",
    "This one I like to tell. ",
)
_ITS_WHY = Phrases(
    "{why}",
    "{why} That is all.",
    "It is like this: {small}",
    "{why} It's a small joke.",
    "Let me explain. {why}",
)
_RIDDLE = Phrases("{q}", "{q}", "Here is one: {small}", "Think about this: {small}", "{q} Take your time.")
_ANSWER = Phrases("{a}", "{a}", "It is {small}", "The answer: {small}", "{a} Would you like another one?")
_GUESSED = Phrases("Right! It is {a}", "Yes, {a} Well done!", "That's it: {a}", "Very good! It is {a}")
_YOURS = Phrases("is it {a}", "{a}", "{a}?", "it's {a}", "I think it is {a}", "{a}!", "easy, {a}")


def _joke(thread: Thread) -> None:
    draw = thread.draw
    for place, (joke, why) in enumerate(draw.some(jokes.JOKES, draw.pick((1, 1, 2, 2, 3)))):
        asked = jokes.ANOTHER_JOKE if place else jokes.ASK_JOKE
        thread.say(typed(draw, asked(draw, {})), _THERE(draw, {}) + joke)
        if draw.chance(0.25):
            small = (
                why if why[0] in '"A' or why.startswith(("I ", "The letter")) else why[0].lower() + why[1:]
            )
            thread.say(typed(draw, jokes.WHY_FUNNY(draw, {})), _ITS_WHY(draw, {"why": why, "small": small}))
            break
    thread.aside()


def _riddle(thread: Thread) -> None:
    draw = thread.draw
    riddle, answer = draw.pick(jokes.RIDDLES)
    thread.say(
        typed(draw, jokes.ASK_RIDDLE(draw, {})),
        _RIDDLE(draw, {"q": riddle, "small": riddle[0].lower() + riddle[1:]}),
    )
    small = answer[0].lower() + answer[1:]
    if draw.chance(0.4):
        thread.say(typed(draw, _YOURS(draw, {"a": small[:-1]})), _GUESSED(draw, {"a": small}))
    else:
        thread.say(typed(draw, jokes.GIVE_UP(draw, {})), _ANSWER(draw, {"a": answer, "small": small}))
    thread.aside()


def _poem(thread: Thread) -> None:
    draw = thread.draw
    subject = draw.pick(jokes.POEM_SUBJECTS)
    asked = jokes.ASK_ANY_POEM if draw.chance(0.15) else jokes.ASK_POEM
    about = subject.replace("my ", "your ", 1) if subject.startswith("my ") else subject
    thread.say(typed(draw, asked(draw, {"x": subject})), jokes.POEMS(draw, {"x": about}))
    thread.aside()


def _story(thread: Thread) -> None:
    draw = thread.draw
    if draw.chance(0.3):
        thread.say(typed(draw, jokes.ASK_ANY_STORY(draw, {})), offers.story_about(draw)[1])
    else:
        wanted = draw.pick(jokes.STORY_SUBJECTS) if draw.chance(0.8) else None
        subject, story = offers.story_about(draw, wanted)
        thread.say(typed(draw, jokes.ASK_STORY(draw, {"x": subject})), story)
    thread.aside()


def fun(world: World, draw: Draw) -> Talk:
    thread = Thread(world, draw)
    draw.pick((_joke, _joke, _joke, _riddle, _poem, _poem, _story, _story))(thread)
    if thread.size < 500 and draw.chance(0.3):
        _exchange(thread, _REACTIONS[:1])
    return with_system(draw, Talk(thread.messages))


# The Vale, in few words


def _names(draw: Draw, names: list[str]) -> str:
    text = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return lines.NAMES(draw, {"names": text})


def _about_vale(world: World, draw: Draw) -> Told:
    asked, told = lines.ABOUT_VALE(draw, {}), lines.VALE(draw, {})
    places = known(world).groups_by_kind["place"]
    if len(places) >= 3 and draw.chance(0.35):
        told += " " + _names(draw, [group[0].subject.name for group in draw.some(places, 3)])
    elif draw.chance(0.6) and known(world).answerable:
        fact = draw.pick(known(world).answerable)
        return asked, f"{told} {WORDINGS[fact.relation].tell(draw, slots_of(fact))}", (fact,)
    return asked, told, ()


_SORTS = (
    ("town", "towns"),
    ("town", "towns"),
    ("village", "villages"),
    ("", "places"),
    ("", "shops"),
    ("tea room", "tea rooms"),
    ("", "products"),
    ("", "events"),
)
_KINDS = {"places": "place", "shops": "shop", "products": "product", "events": "event"}


def _list_names(world: World, draw: Draw) -> Told:
    sort, many = draw.pick(_SORTS)
    index = known(world)
    groups = index.groups_by_sort[sort] if sort else index.groups_by_kind[_KINDS[many]]
    if len(groups) < 2:
        return _about_vale(world, draw)
    names = [group[0].subject.name for group in draw.some(groups, draw.pick((2, 3, 3, 4, 5)))]
    return lines.ASK_NAMES(draw, {"many": many}), _names(draw, names), ()


def _people(world: World, draw: Draw) -> Told:
    groups = known(world).groups_by_kind["person"]
    if not groups:
        return _about_vale(world, draw)
    facts = [draw.pick(group) for group in draw.some(groups, draw.pick((1, 1, 2, 3)))]
    told = [WORDINGS[fact.relation].tell(draw, slots_of(fact)) for fact in facts]
    return lines.PEOPLE(draw, {}), " ".join(told), tuple(facts)


def _recommend(world: World, draw: Draw) -> Told:
    wanted, index = draw.pick(tuple(lines.RECOMMEND)), known(world)
    groups = index.groups_by_kind["shop" if wanted == "food" else wanted]
    if wanted == "food":
        groups = [group for sort in lines.FOOD for group in index.groups_by_sort.get(sort, ())]
    if not groups:
        return _about_vale(world, draw)
    facts = draw.some(draw.pick(groups), draw.pick((1, 1, 2, 2, 3)))
    told = _described(draw, facts)
    if wanted == "food":
        told = lines.EAT(draw, slots_of(facts[0])) + " " + _rest(draw, facts)
    return lines.RECOMMEND[wanted](draw, {}), told, tuple(facts)


def _described(draw: Draw, facts: list[Fact]) -> str:
    """ "Try Quillby. It lies on the Ebble." """
    if draw.chance(0.6):
        return lines.TRY(draw, {"name": facts[0].subject.name}) + " " + _rest(draw, facts)
    first, *others = facts
    said = WORDINGS[first.relation].tell(draw, slots_of(first))
    return f"{said} {_rest(draw, others)}" if others else said


def _rest(draw: Draw, facts: list[Fact]) -> str:
    return " ".join(WORDINGS[fact.relation].it(draw, slots_of(fact)) for fact in facts)


def _portrait(world: World, draw: Draw) -> Told:
    """Somebody or something known, or (two of five) a name that does not exist, in the same words."""
    groups = known(world).by_any
    if draw.chance(0.4) or not groups:
        _, like, name = invented(world, draw)
        parts = name_slots(draw, name, like.kind, like.sort)
        clause = "anything about such a person" if like.kind == "person" else "anything about it"
        return lines.WHO(draw, {"name": name}), refusals.nobody(draw, parts | {"clause": clause}), ()
    facts = draw.some(draw.pick(groups), draw.pick((1, 2, 2, 3)))
    told = [WORDINGS[facts[0].relation].tell(draw, slots_of(facts[0]))]
    told += [WORDINGS[fact.relation].it(draw, slots_of(fact)) for fact in facts[1:]]
    return lines.WHO(draw, {"name": facts[0].subject.name}), " ".join(told), tuple(facts)


def _first_name(world: World, draw: Draw) -> Told:
    slots = {"first": draw.pick(world.by_kind["person"]).first_name}
    return lines.FIRST(draw, slots), lines.WHOLE(draw, slots), ()


_VALE_WAYS = (
    _about_vale,
    _list_names,
    _list_names,
    _people,
    _people,
    _recommend,
    _recommend,
    _recommend,
    _portrait,
    _portrait,
    _portrait,
    _portrait,
    _first_name,
)


def _vale(thread: Thread) -> None:
    """A question about the Vale, and at times one or two more about what was named."""
    draw = thread.draw
    user, reply, facts = draw.pick(_VALE_WAYS)(thread.world, draw)
    thread.say(typed(draw, user), reply)
    thread.aside()
    for fact in facts:
        thread.state(fact)
    if len({fact.subject.id for fact in facts}) != 1:
        thread.aside()
        return
    more = [
        fact for fact in known(thread.world).of.get(facts[0].subject.id, ()) if fact.id not in thread.facts
    ]
    for fact in draw.some(more, draw.pick((0, 0, 1, 2))):
        thread.follow(fact)


def vale(world: World, draw: Draw) -> Talk:
    thread = Thread(world, draw)
    for _ in range(draw.pick((1, 1, 1, 2))):
        _vale(thread)
    return with_system(draw, Talk(thread.messages, tuple(thread.facts.values())))


# What was said before


def _recalled(thread: Thread) -> bool:
    """A question about what stands above in this conversation; False where that is too long to be said again."""
    draw, shape = thread.draw, thread.draw.random()
    if shape < 0.35:
        asked, told, quoted = lines.JUST_SAID, lines.YOU_WROTE, thread.messages[-2]["content"]
    elif shape < 0.65:
        asked, told, quoted = lines.FIRST_ASKED, lines.BEGAN, thread.messages[0]["content"]
    else:
        reply = thread.messages[-1]["content"]
        if len(reply) < 160:
            thread.say(typed(draw, lines.YOU_SAID(draw, {})), reply)
        return len(reply) < 160
    if len(quoted) > 120 or '"' in quoted:
        return False
    thread.say(typed(draw, asked(draw, {})), told(draw, {"s": quoted}))
    return True


def recall(world: World, draw: Draw) -> Talk:
    """Something is told, other things are talked about, and then it is asked for."""
    thread = Thread(world, draw)
    kind = draw.random()
    if kind < 0.1:
        thread.say(typed(draw, lines.ASK_NAME(draw, {})), lines.NO_NAME(draw, {}))
    elif kind < 0.75:
        name = draw.pick(lines.USERS)
        slots = {"n": name}
        tell = lines.TOLD[draw.randrange(len(lines.TOLD))] if kind > 0.4 else None
        if tell is None:
            thread.say(_kept(draw, lines.MY_NAME(draw, slots)), lines.NICE_NAME(draw, slots))
        else:
            value = draw.pick(tell[4])
            slots = {"v": value}
            thread.say(_kept(draw, tell[0](draw, slots)), tell[1](draw, slots))
        for _ in range(draw.pick((0, 0, 1, 1, 2, 3))):
            draw.pick(_SMALL)(thread)
        if tell is None:
            thread.say(typed(draw, lines.ASK_NAME(draw, {})), lines.THE_NAME(draw, slots))
        else:
            thread.say(typed(draw, tell[2](draw, {})), tell[3](draw, slots))
    else:
        for _ in range(draw.pick((1, 2, 3, 4))):
            draw.pick(_SMALL)(thread)
        if not _recalled(thread):
            _exchange(thread, _REACTIONS)
    return with_system(draw, Talk(thread.messages, tuple(thread.facts.values())))


# All of it together

_WHY = Phrases("why?", "why", "but why", "Why is that?", "how come?", "why is that so", "and why?")
_NO_WHY = Phrases(
    "I don't know why. I only know that it is so.",
    "I never read why.",
    "That I can't say: nobody wrote down the reason.",
    "I don't know the reason.",
    "What I read does not say why.",
)


def _exchange(thread: Thread, of: list[_Exchange] = _ANYTIME) -> None:
    asked, told = thread.draw.pick(of)
    thread.say(typed(thread.draw, asked(thread.draw, {})), told(thread.draw, {}))
    thread.aside()


def _sense(thread: Thread) -> None:
    user, reply = offers.common_sense_question(thread.draw)
    thread.say(typed(thread.draw, user), reply)
    thread.aside()


def _fact(thread: Thread) -> None:
    facts = thread.world.answerable
    if facts:
        thread.ask(thread.draw.pick(facts))
        if thread.draw.chance(0.15):
            thread.say(typed(thread.draw, _WHY(thread.draw, {})), _NO_WHY(thread.draw, {}))
        elif thread.draw.chance(0.4):
            beats.beat(thread)
    else:
        _exchange(thread)


_SMALL = (_exchange, _exchange, _vale, _fact, _fact, _task, _sense)
_MOVES = (
    _exchange,
    _exchange,
    _exchange,
    _vale,
    _vale,
    _vale,
    _fact,
    _fact,
    _fact,
    _task,
    _joke,
    _sense,
    _riddle,
    _poem,
)


def chat(world: World, draw: Draw) -> Talk:
    """Two to eight turns of a stranger who tries what there is."""
    thread, wanted = Thread(world, draw), draw.pick((2, 3, 3, 4, 5, 6, 7, 8))
    if not world.answerable:
        return single(world, draw)
    if draw.chance(0.4):
        _exchange(thread, _HELLOS)
    while thread.turns < wanted and thread.size < 1000:
        draw.pick(_MOVES)(thread)
        if draw.chance(0.12):
            _recalled(thread)
        elif draw.chance(0.12):
            _exchange(thread, _REACTIONS[:2])
    if draw.chance(0.2):
        _exchange(thread, _BYES)
    return with_system(draw, Talk(thread.messages, tuple(thread.facts.values())), 0.1)
