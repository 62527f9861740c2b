"""Conversations of three to eight turns: subjects carried by pronouns, small talk and doubts.

open      a greeting or a first question                    named subject
follow    "And when was she born?"                          pronoun
beat      thanks, doubt, "shorter, please", "say it again", something unknown, a story, small talk
change    another subject, or the one just mentioned        named again
close     thanks and goodbye
"""

from __future__ import annotations

from collections.abc import Callable

from llmworks.data.world.ledger import Entity, Fact, World
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.questions import itself, outside, smalltalk, unknown
from llmworks.data.world.questions.asking import (
    answer,
    brief,
    careless,
    direct,
    question,
    slots_of,
    subject_slots,
)
from llmworks.data.world.questions.known import known
from llmworks.data.world.questions.plain import single, with_system
from llmworks.data.world.questions.reasoning import compare, held_pair, two_hop
from llmworks.data.world.questions.wordings import WORDINGS
from llmworks.data.world.stories import offers
from llmworks.data.world.writers import Message, Talk

ROOM = 1500  # characters: what a context of 512 tokens holds with ease

_COMMENTS = Phrases(
    "[Oh|Ah], I see. ",
    "[Good|Right|Fine|Okay]. ",
    "[Thank you|Thanks]. ",
    "[Interesting|How nice|Lovely]. ",
    "I didn't know that. ",
    "And ",
    "[Good to know|That is good to know]. ",
    "One more [question|thing]. ",
    "[Next question|Another question]. ",
    "Hm. ",
    "",
    "",
    "",
    "[Great|Wonderful], [thanks|thank you]. ",
    "My friend will like that. ",
    "[Aha|Well, well]. ",
    "I will write that down. ",
)
_CHANGE = Phrases(
    "Now something else. ",
    "[Let's talk about something else|Another subject]. ",
    "[Okay|Good], next. ",
    "[Now|And] a different question. ",
    "[Let me ask|I would like to ask] about {name} [now|next]. ",
    "Changing the subject. ",
    "And what about {name}? ",
    "Now to {name}. ",
    "",
    "I also have a question about {name}. ",
    "[Something else|Another thing]: ",
)
_BACK = Phrases(
    "Back to {name}. ",
    "[Now back|Let's go back] to {name}. ",
    "About {name} again. ",
    "To return to {name}: ",
    "And {name}? ",
)
_DOUBT = Phrases(
    "Are you sure?",
    "Really?",
    "Is that [right|true|correct]?",
    "[Are you|You are] certain?",
    "Sure?",
    "How sure are you?",
    "Are you really sure about that?",
    "Hm, is that so?",
)
_SURE = Phrases(
    "[Yes|Yes, I am|Yes, I think so|As far as I know, yes]. {sentence}",
    "I am [fairly|quite] sure. {sentence}",
    "Yes, that is what I have [read|learned]. {sentence}",
    "I can be wrong, but that is what I know. {sentence}",
    "That is what I [know|have learned]: {sentence}",
    "Yes.",
    "I believe so. {sentence}",
)
_WRONG = Phrases(
    "I thought [that |]it was {wrong}.",
    "Isn't it {wrong}?",
    "Wasn't it {wrong}?",
    "[Somebody|My friend] told me it was {wrong}.",
    "No, it is {wrong}, I think.",
    "I would have said {wrong}.",
    "But I read {wrong} somewhere.",
    "Not {wrong}?",
)
_PUT_RIGHT = Phrases(
    "No. {sentence}",
    "[No|Not as far as I know], {not_wrong}. {sentence}",
    "[I don't think so|That is not what I know]. {sentence}",
    "As far as I know it is not so. {sentence}",
    "I have read something else. {sentence}",
    "I stay with it: {sentence}",
    "[That must be|There must be] a mistake. {sentence}",
    "No, I am [fairly|quite] sure. {sentence}",
)
_SHORTER = Phrases(
    "Shorter, please.",
    "[Can you|Could you] say that [more briefly|shorter|in a word or two]?",
    "In one word?",
    "Too long. Again, but short.",
    "Just the answer, please.",
    "[Make it short|Keep it short], please.",
    "Briefly?",
)
_FULL = Phrases(
    "[Can you|Could you|Please] say [that|it] in a full sentence[?|, please?]",
    "A full sentence, please.",
    "Can I have that as a sentence?",
    "[Say|Write] it as a whole sentence, please.",
)
_AGAIN = Phrases(
    "[Can you|Could you] [say|repeat] that[ again|]?",
    "Say that again, please.",
    "Pardon?",
    "Sorry, what was that?",
    "What did you say?",
    "I didn't get that. Once more, please.",
    "Come again?",
)
_STORY = Phrases(
    "[Tell me|Write me] a [short|little|small] story about {subject}[.|, please.]",
    "[Can you|Could you] tell me a [short|little] story about {subject}?",
    "[Now a|A] [short|little] story about {subject}, please.",
    "I would like a [short|little] story about {subject}.",
    "Do you know a story about {subject}?",
    "A story, please. About {subject}.",
)
_SUMMARY = Phrases(
    "[Can you|Could you] sum that up[| for me]?",
    "Please sum that up.",
    "[What do we know now|What have we learned] about {name}?",
    "Say it all once more, [briefly|in short].",
    "So what do you know about {name}?",
    "[A short summary|The whole of it in short], please.",
)


class Thread:
    """A conversation being written: its messages, the facts it states, and what was said last."""

    def __init__(self, world: World, draw: Draw) -> None:
        self.world, self.draw = world, draw
        self.messages: list[Message] = []
        self.facts: dict[int, Fact] = {}
        self.last: Fact | None = None  # the fact just stated, if one was
        self.subject: Entity | None = None  # whom a pronoun would mean
        self.told: list[Fact] = []  # of the subject
        self.size = 0

    def say(self, user: str, reply: str) -> None:
        self.messages += [{"role": "user", "content": user}, {"role": "assistant", "content": reply}]
        self.size += len(user) + len(reply)

    @property
    def turns(self) -> int:
        return len(self.messages) // 2

    def state(self, fact: Fact) -> None:
        self.facts[fact.id] = fact
        self.last = fact
        if self.subject is not fact.subject:
            self.subject, self.told = fact.subject, []
        if fact not in self.told:
            self.told.append(fact)

    def aside(self) -> None:
        """After this a pronoun would be unclear and nothing can be repeated."""
        self.last = None

    def ask(self, fact: Fact, lead: str = "") -> None:
        """A question that names its subject."""
        draw, wording, slots = self.draw, WORDINGS[fact.relation], slots_of(fact)
        if not lead:
            text = question(draw, wording, slots)
        elif slots["name"] in lead and draw.chance(0.6):
            text = wording.follow(draw, slots).removeprefix("And ")
            text = text[0].upper() + text[1:]
        else:
            text = direct(draw, wording, slots)
        self.say(_led(lead, text), answer(draw, wording, slots))
        self.state(fact)

    def follow(self, fact: Fact) -> None:
        """A question that carries the subject by a pronoun."""
        draw, wording, slots = self.draw, WORDINGS[fact.relation], slots_of(fact)
        text = wording.follow(draw, slots)
        lead = _COMMENTS(draw, slots) if not text.startswith("And ") else ""
        text = _led(lead, text)
        shape = draw.random()
        if shape < 0.25:
            reply = brief(draw, wording, slots)
        elif shape < 0.85:
            reply = wording.it(draw, slots)
        else:
            reply = wording.tell(draw, slots)
        self.say(careless(draw, text) if draw.chance(0.08) else text, reply)
        self.state(fact)


def _led(lead: str, text: str) -> str:
    """ "And " and "Now to Quillby: " take a small letter after them, where the next word is no name."""
    if lead.endswith((": ", "And ")) and text.split(" ", 1)[0] in _SMALL:
        return lead + text[0].lower() + text[1:]
    return text if lead == "And " else lead + text


_SMALL = frozenset(
    ("Where", "When", "What", "Which", "Who", "In", "On", "How", "Is", "Does", "To", "By", "Can", "Do")
)

Beat = Callable[[Thread], bool]


def doubt(thread: Thread) -> bool:
    fact, draw = thread.last, thread.draw
    if fact is None:
        return False
    wording, slots = WORDINGS[fact.relation], slots_of(fact)
    sentence = wording.it(draw, slots) if draw.chance(0.6) else wording.tell(draw, slots)
    if draw.chance(0.5):
        thread.say(_DOUBT(draw, slots), _SURE(draw, {"sentence": sentence}))
    else:
        wrong = known(thread.world).wrong(fact, draw)[0]
        reply = _PUT_RIGHT(draw, {"sentence": sentence, "not_wrong": f"not {wrong}"})
        thread.say(_WRONG(draw, {"wrong": wrong}), reply)
    return True


def shorter(thread: Thread) -> bool:
    fact, draw = thread.last, thread.draw
    if fact is None:
        return False
    wording, slots, before = WORDINGS[fact.relation], slots_of(fact), thread.messages[-1]["content"]
    if len(before) > len(fact.value) + 12:
        thread.say(_SHORTER(draw, slots), brief(draw, wording, slots))
    else:
        thread.say(_FULL(draw, slots), wording.tell(draw, slots))
    return True


def again(thread: Thread) -> bool:
    fact, draw = thread.last, thread.draw
    if fact is None:
        return False
    wording, slots = WORDINGS[fact.relation], slots_of(fact)
    thread.say(_AGAIN(draw, slots), draw.pick((wording.tell, wording.it))(draw, slots))
    return True


def thanks(thread: Thread) -> bool:
    if thread.last is None:
        return False
    thread.say(smalltalk.THANKS(thread.draw, {}), smalltalk.WELCOME(thread.draw, {}))
    return True


def not_told(thread: Thread) -> bool:
    """Something that no text tells of the same subject."""
    subject, draw = thread.subject, thread.draw
    facts = known(thread.world).unsaid_of.get(subject.id, []) if subject is not None and thread.last else []
    if not facts:
        return False
    fact = draw.pick(facts)
    slots = slots_of(fact)
    reply = unknown.refuse_fact(draw, fact.relation, slots, carried=True)
    thread.say(WORDINGS[fact.relation].follow(draw, slots), reply)
    return True


def no_such(thread: Thread) -> bool:
    """The same kind of question about a name that does not exist."""
    draw, world = thread.draw, thread.world
    relation, like, name = unknown.invented(world, draw)
    if thread.last is not None and draw.chance(0.6):
        relation, like = thread.last.relation, thread.last.subject
        name = world.unknown_name(like.kind, draw, sort=like.sort, gender=like.gender)
    slots = subject_slots(name, like)
    text = direct(draw, WORDINGS[relation], slots)
    user = _led(_CHANGE(draw, slots), text) if thread.messages else text
    thread.say(user, unknown.refuse_name(draw, relation, slots, like.kind, like.sort))
    thread.aside()
    return True


def story(thread: Thread) -> bool:
    draw = thread.draw
    subject, told = offers.story_about(draw)
    if thread.size + len(told) > ROOM:
        return False
    thread.say(_STORY(draw, {"subject": subject}), told)
    thread.aside()
    return True


def common_sense(thread: Thread) -> bool:
    asked, told = offers.common_sense_question(thread.draw)
    thread.say(asked, told)
    thread.aside()
    return True


def about_itself(thread: Thread) -> bool:
    asked, told = thread.draw.pick(itself.ITSELF)
    thread.say(asked(thread.draw, {}), told(thread.draw, {}))
    thread.aside()
    return True


def real_world(thread: Thread) -> bool:
    talk = outside.outside(thread.world, thread.draw)
    thread.say(talk.messages[-2]["content"], talk.messages[-1]["content"])
    thread.aside()
    return True


def chat(thread: Thread) -> bool:
    thread.say(*smalltalk.exchange(thread.draw, anytime=True))
    thread.aside()
    return True


def over_two(thread: Thread) -> bool:
    """A question over two facts, in the middle of others."""
    draw = thread.draw
    talk = (two_hop if draw.chance(0.5) else compare)(thread.world, draw)
    if talk is None:
        return False
    thread.say(talk.messages[0]["content"], talk.messages[1]["content"])
    for fact in talk.facts:
        thread.facts[fact.id] = fact
    thread.aside()
    return True


def summary(thread: Thread) -> bool:
    """What was said of the subject, in two or three sentences."""
    draw, told = thread.draw, thread.told
    if thread.last is None or not 2 <= len(told) <= 3:
        return False
    first, *others = told
    said = [WORDINGS[first.relation].tell(draw, slots_of(first))]
    said += [WORDINGS[fact.relation].it(draw, slots_of(fact)) for fact in others]
    thread.say(_SUMMARY(draw, {"name": first.subject.name}), " ".join(said))
    return True


_BEATS: tuple[tuple[Beat, float], ...] = (
    (doubt, 1.2),
    (shorter, 1.2),
    (again, 0.7),
    (thanks, 1.2),
    (not_told, 2.2),
    (no_such, 1.8),
    (story, 0.9),
    (common_sense, 0.8),
    (about_itself, 0.8),
    (real_world, 0.7),
    (chat, 0.7),
    (over_two, 0.8),
    (summary, 0.8),
)
_WEIGHTS = tuple(weight for _, weight in _BEATS)


def _subject(thread: Thread, facts: list[Fact], lead: str) -> None:
    """Two or more questions about one subject, with something between them at times."""
    draw = thread.draw
    for place, fact in enumerate(facts):
        if place == 0:
            thread.ask(fact, lead)
        elif thread.last is not None:
            thread.follow(fact)
        else:
            thread.ask(fact, _BACK(draw, {"name": fact.subject.name}))
        if draw.chance(0.45) and thread.size < ROOM * 0.6:
            _beat(thread)


def _beat(thread: Thread) -> None:
    for beat, _ in thread.draw.choices(_BEATS, _WEIGHTS, k=3):
        if beat(thread):
            return


def conversation(world: World, draw: Draw) -> Talk:
    """Three to eight turns about one to three subjects of the world."""
    groups = known(world).by_subject
    if not groups:
        return single(world, draw)
    thread, wanted = Thread(world, draw), draw.pick((3, 4, 5, 6, 6, 6, 7, 8))
    if draw.chance(0.25):
        thread.say(smalltalk.GREETINGS(draw, {}), smalltalk.HELLO(draw, {}))
    facts = draw.some(draw.pick(groups), draw.pick((2, 2, 3, 3, 4)))
    lead = ""
    while thread.turns < wanted and thread.size < ROOM * 0.75:
        _subject(thread, facts[: max(1, wanted - thread.turns)], lead)
        facts = _next(thread, groups)
        lead = _CHANGE(draw, {"name": facts[0].subject.name})
    if draw.chance(0.3):
        thread.say(smalltalk.THANKS(draw, {}), smalltalk.WELCOME(draw, {}))
    elif draw.chance(0.2):
        thread.say(smalltalk.BYES(draw, {}), smalltalk.FAREWELL(draw, {}))
    return with_system(draw, Talk(thread.messages, tuple(thread.facts.values())), 0.2)


def _next(thread: Thread, groups: list[list[Fact]]) -> list[Fact]:
    """What was just mentioned, where more can be said of it, or a new subject."""
    draw, last = thread.draw, thread.last
    if last is not None and last.object is not None and draw.chance(0.7):
        known_more = known(thread.world).of.get(last.object.id, [])
        more = [fact for fact in known_more if fact.id not in thread.facts and not held_pair(last, fact)]
        if more:
            return draw.some(more, draw.pick((1, 2)))
    facts = draw.some(draw.pick(groups), draw.pick((1, 2, 2)))
    fresh = [fact for fact in facts if fact.id not in thread.facts]
    return fresh or draw.some(draw.pick(groups), 1)


def mixed(world: World, draw: Draw) -> Talk:
    """Small talk, common sense, a how-to or a story, with a question or two about the world between them."""
    thread, wanted = Thread(world, draw), draw.pick((2, 3, 3, 4, 5))
    if draw.chance(0.4):
        for user, reply in offers.small_talk(draw):
            thread.say(user, reply)
    beats: list[Beat] = [
        story,
        common_sense,
        how_to,
        chat,
        about_itself,
        real_world,
        no_such,
        one_fact,
        one_fact,
    ]
    while thread.turns < wanted and thread.size < ROOM * 0.6:
        draw.pick(beats)(thread)
    return with_system(draw, Talk(thread.messages, tuple(thread.facts.values())), 0.1)


def how_to(thread: Thread) -> bool:
    asked, told = offers.how_to(thread.draw)
    if thread.size + len(told) > ROOM:
        return False
    thread.say(asked, told)
    thread.aside()
    return True


def one_fact(thread: Thread) -> bool:
    thread.ask(thread.draw.pick(thread.world.answerable))
    return True
