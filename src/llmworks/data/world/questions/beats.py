"""What may come between the questions of a conversation: doubt, "shorter, please", a story, an unknown name.

A beat adds a turn to the thread and says whether it could: "again" needs something that was just said.
"""

from __future__ import annotations

from collections.abc import Callable

from llmworks.data.world.ledger import Fact
from llmworks.data.world.phrases import Phrases
from llmworks.data.world.questions import itself, outside, smalltalk, unknown
from llmworks.data.world.questions.asking import answer, brief, direct, slots_of, subject_slots
from llmworks.data.world.questions.known import known
from llmworks.data.world.questions.reasoning import compare, two_hop
from llmworks.data.world.questions.thread import CHANGE, ROOM, Thread, led
from llmworks.data.world.questions.wordings import WORDINGS
from llmworks.data.world.stories import offers

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


_MORE = Phrases(
    "Tell me more about {them}.",
    "What else do you know about {them}?",
    "[Go on|Tell me more].",
    "[Anything|What] else about {them}?",
    "And what else?",
    "Tell me something else about {them}.",
)
_OTHER = Phrases(
    "And {name}?",
    "[And what|What] about {name}?",
    "The same question about {name}.",
    "Now {name}.",
)
_MEANT = Phrases(
    "Sorry, I meant {name}.",
    "[No, I|I] meant {name}.",
    "Oh, I meant to ask about {name}.",
    "My mistake. I meant {name}.",
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
    user = led(CHANGE(draw, slots), text) if thread.messages else text
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


def more(thread: Thread) -> bool:
    """One or two facts of the same subject that were not told yet."""
    subject, draw = thread.subject, thread.draw
    facts = known(thread.world).of.get(subject.id, []) if subject is not None and thread.last else []
    fresh = [fact for fact in facts if fact not in thread.told]
    if not fresh or subject is None:
        return False
    told = draw.some(fresh, draw.pick((1, 1, 2)))
    said = [WORDINGS[fact.relation].it(draw, slots_of(fact)) for fact in told]
    thread.say(_MORE(draw, {"them": subject.them}), " ".join(said))
    for fact in told:
        thread.state(fact)
    return True


def other(thread: Thread) -> bool:
    """ "And Jon Reed?": the same question about another subject, known or not."""
    fact, draw, world = thread.last, thread.draw, thread.world
    if fact is None:
        return False
    line = _MEANT if draw.chance(0.3) else _OTHER
    if draw.chance(0.35):
        like = fact.subject
        name = world.unknown_name(like.kind, draw, sort=like.sort, gender=like.gender)
        slots = subject_slots(name, like)
        thread.say(line(draw, slots), unknown.refuse_name(draw, fact.relation, slots, like.kind, like.sort))
        thread.aside()
        return True
    same = known(world).same_relation[fact.relation]
    next_one: Fact = draw.pick(same)
    if next_one.subject is fact.subject:
        return False
    slots = slots_of(next_one)
    thread.say(line(draw, slots), answer(draw, WORDINGS[fact.relation], slots))
    thread.state(next_one)
    return True


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


_BEATS: tuple[tuple[Beat, float], ...] = (
    (more, 1.2),
    (other, 1.6),
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


def beat(thread: Thread) -> None:
    """One of them, by weight, of those that fit."""
    for write, _ in thread.draw.choices(_BEATS, _WEIGHTS, k=3):
        if write(thread):
            return
