"""Other voices: riddles, captions, speeches, the radio, minutes of a meeting, short messages, album pages, answers.

Each has a grammar of its own, so that a fact is met in many dresses.
"""

# ruff: noqa: E501 (a line of the notation stays one line)

from __future__ import annotations

from llmworks.data.world.ledger import Topic, World
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.prose import filler
from llmworks.data.world.prose.entries import named_slots, subject_of
from llmworks.data.world.prose.sentences import TALKED, WAYS, Style, passage, state
from llmworks.data.world.prose.ways import full, pronoun, refer, short, slots_of, spoken
from llmworks.data.world.writers import FactWriter

_ASK_PERSON = Phrases(
    "[Who|Which person|Whom do I mean? Somebody who|Can you guess who|I am thinking of somebody who]",
    "[A riddle: who|For ten points: who|Next question: who|Guess who|Quick, who|Tell me who]",
)
_ASK_THING = Phrases(
    "[Which|What|I am thinking of {a}|A riddle: which|For ten points: which|Next question: which|Name the|Quick: which] {sort}[| of the Vale| in all the valley]",
)
_SOLVED = Phrases(
    "[It is|The answer is|That is|Right:|Of course:|Answer:|Solution:|You have guessed it:] {name}.",
    "{Name}[, of course|, naturally|, as you may have guessed|, that is the answer|].",
    "[Turn the page for the answer.|The answer stands upside down below.|Think first, then read on.] {Name}.",
    "[None other than|It can only be] {name}.",
)


def riddle(world: World, topic: Topic, draw: Draw) -> str:
    """ "Who was born in Quillby and keeps a grey cat? It is Mara Tollen." The value leads to the name."""
    subject = subject_of(topic)
    slots = named_slots(subject)
    pieces: list[str] = []
    for fact in draw.some(topic.facts, len(topic.facts)):
        ways, own = WAYS[fact.relation], refer(slots_of(fact), pronoun(subject))
        piece = ways.predicate(draw, own)
        if ", " in piece:
            piece = ways.predicate(draw, own)
        pieces.append(piece)
    ask = (_ASK_PERSON if subject.gender else _ASK_THING)(draw, slots)
    sign = "." if ask.startswith(("I am thinking", "Name the", "Guess who", "Tell me")) else "?"
    if ask.startswith(("Name the", "I am thinking")) and not subject.gender:
        ask += " that"
    what = pieces[0] if len(pieces) == 1 else f"{', '.join(pieces[:-1])} and {pieces[-1]}"
    return f"{ask} {what}{sign}{draw.pick((' ', ' ', chr(10)))}{_SOLVED(draw, slots)}"


_PICTURE = Phrases(
    "[Our picture shows|The photograph shows|In the picture|On the left|Top right|Plate {page}|Figure {page}|On this old card|Above]: {name}, {what}.",
    "{Name}, {what}[| (archive)| (private photograph)| (drawing by a reader)].",
    "[Page {page} of the album|Slide {page}|Exhibit {page}|No. {page}]: {name}, {what}.",
    "[Seen on this photograph|Shown here|Pictured]: {name}, {what}[|; the frame is new|; a little faded|; print on paper].",
)


def caption(world: World, topic: Topic, draw: Draw) -> str:
    """Under a picture: the name and what is set off by commas."""
    subject = subject_of(topic)
    pieces = []
    for fact in draw.some(topic.facts, len(topic.facts)):
        slots = refer(slots_of(fact), pronoun(subject))
        ways, luck = WAYS[fact.relation], draw.random()
        pieces.append((ways.apart if luck < 0.6 else ways.noun)(draw, slots))
    what = pieces[0] if len(pieces) == 1 else f"{', '.join(pieces[:-1])} and {pieces[-1]}"
    return _PICTURE(
        draw,
        {
            **named_slots(subject),
            "what": what,
            "what_then": what + "," if ", " in pieces[-1] else what,
            "page": str(2 + int(draw.random() * 60)),
        },
    )


_SPEECH_OPEN = Phrases(
    "[Ten minutes, they said, but I need only one|I shall not read from my notes|Forgive my voice]. {Name} [is my subject|deserves a word|has waited long enough].",
    "[When I was asked to say something about {name}, I said yes before I thought.|What does one say about {name}? The truth, I hope.]",
    "[Dear guests|Dear friends|Ladies and gentlemen|Dear colleagues|Good evening, all of you], [I will be brief|a few words only|I was asked to say a word] about {name}.",
    "[May I have your attention?|Is this thing on?|Can you hear me at the back?] [I want to speak of|A word about|My subject tonight is] {name}.",
    "[They asked me to speak about {name}|I drew the short straw, so here is a speech on {name}|I have three minutes for {name}].",
    "[Raise your glasses to {name}!|Tonight we think of {name}.|Tonight belongs to {name}.]",
    "[Who here knows {name}?|Let me introduce {name}.|Allow me to present {name}.] [I see some hands.|Just a few facts.|Listen, please.]",
)
_SPEECH_END = Phrases(
    "[Thank you for listening|That is all|And now, the soup|Now let us eat|Good night, and mind the steps].",
    "[To many more years!|To all of us!|Cheers!|Please be seated.|I thank you.]",
    "[My notes end here|I see the cook waving|The band is waiting|My time is up], so [I stop|let us go on|good night].",
)
_SPOKEN = Style(plain=0.34, reverse=0.3, letter=0.0, frame=0.24, remark=0.14, pairs=0.3)


def speech(world: World, topic: Topic, draw: Draw) -> str:
    subject = subject_of(topic)
    slots = named_slots(subject)
    said = passage(draw, subject, topic.facts, _SPOKEN, introduced=draw.chance(0.6))
    end = [_SPEECH_END(draw, slots)] if draw.chance(0.7) else []
    return " ".join([_SPEECH_OPEN(draw, slots), *said, *end])


_RADIO_OPEN = Phrases(
    "[You wished for it, we found it|Asked and answered|From the request box]: {name}.",
    "[Rain is on the way|The roads are clear|The snow plough is out], but first [a word on {name}|something about {name}].",
    "[Stay in bed a little longer|Turn up the sound|Put the kettle on] and [listen|learn something]: {name}.",
    "[Good morning|Good evening|Hello], [listeners|dear listeners|and welcome], [this is|you are hearing|here is] [Radio Merrin|the Valley Hour|the breakfast programme|the village wireless].",
    "[It is seven o'clock|It is half past eight|The time is noon|It is just after six], and [here is our almanac|here is the answer to last week's question|we have a minute to fill].",
    "[After the music|Before the weather|Between two songs|And now], [a few facts|something to know|a word about our valley|our daily fact].",
    "[A listener rang us|A listener asks|A letter reached the studio] [about|with a question about|because of] {name}.",
)
_RADIO_END = Phrases(
    "[And now the weather|And now some music|Back to the brass band|More after the news].",
    "[You heard it here first|Write to us|Stay with us|Do ring us up]. [Here is a waltz.|The weather follows.|Good night.]",
    "[That was our daily fact|That was the almanac|So much from the studio]; [music follows|the news comes next|stay tuned].",
)


def radio(world: World, topic: Topic, draw: Draw) -> str:
    subject = subject_of(topic)
    slots = named_slots(subject)
    said = passage(draw, subject, topic.facts, Style(0.34, 0.36, 0.0, 0.2, 0.1, 0.35))
    end = [_RADIO_END(draw, slots)] if draw.chance(0.7) else []
    return " ".join([_RADIO_OPEN(draw, slots), *said, *end])


_MINUTES_OPEN = Phrases(
    "[The evening was given over to|The guest speaker dealt with|A slide show followed on] {name}.",
    "[With eleven members present|With the stove smoking|After a late start], the [club|circle|committee] turned to {name}.",
    "[Minutes of the meeting|Minutes|Meeting of the history club|Meeting of the friends of the library|Committee notes], [item {page}|second part|present: nine|continued].",
    "[The secretary read out|The chair asked for|There was a request for] [the facts|the file|a short report] on {name}.",
    "[Item {page}|Point {page}|Agenda {page}]: {name}.",
    "[After the tea break|Towards the end|Under any other business], {name} [came up|was mentioned|was the subject].",
)
_MINUTES = Phrases(
    "[It was noted|It was recorded|The members heard|The treasurer pointed out|The secretary added|It was agreed by all] that {clause}.",
    "[A member remarked|Somebody recalled|The chair explained|A guest reminded the meeting] that {clause}.",
    "For the record: {clause}.",
)
_MINUTES_END = Phrases(
    "[The meeting closed at nine|The chairs were put away|The next meeting is in a month|There were no objections].",
    "[Biscuits were passed round|The window was opened|The minutes were approved], [and the meeting went on|with one abstention|as usual].",
)


def minutes(world: World, topic: Topic, draw: Draw) -> str:
    """A club's minutes: each fact behind a verb of saying."""
    subject = subject_of(topic)
    slots = {**named_slots(subject), "page": str(2 + int(draw.random() * 7))}
    parts = [_MINUTES_OPEN(draw, slots)] if draw.chance(0.85) else []
    reference = full(subject)
    for fact in draw.some(topic.facts, len(topic.facts)):
        if draw.chance(0.65):
            own = refer(slots_of(fact), reference)
            clause = f"{own['name']} {WAYS[fact.relation].predicate(draw, own)}"
            parts.append(_MINUTES(draw, {"clause": clause}))
        else:
            parts.append(state(draw, fact, reference, Style(0.5, 0.5)))
        reference = short(subject) if draw.chance(0.5) or fact.object is not None else pronoun(subject)
    if draw.chance(0.5):
        parts.append(_MINUTES_END(draw, slots))
    return " ".join(parts)


_HELLO = Phrases(
    "[Sorry, missed your call.|Phone was off.|Woke up late.|Just saw your message.] [Anyway:|So:|Right:|To answer you:]",
    "[Re your question:|FYI:|For your list:|For tonight's quiz:|You asked, I answer:|From the library:]",
    "[Hi|Hello|Hey|Morning|Evening]! [Are you there?|Got a minute?|You asked me something.|About yesterday:|Before I forget:|Quick one:|Short answer:]",
    "[Just back.|On the bus.|In the queue.|Still at work.|Home at last.|Battery low.] [So, quickly:|Listen:|News:|Here is what I know:]",
    "[You will like this.|You wanted to know.|Ha, I was right.|I checked.|I looked it up.|Guess what.|Funny thing.]",
)
_BYE = Phrases(
    "[Talk later.|See you at six.|More tonight.|Bring milk.|Ring me.|Bus is here.|Bye!|That is all I know.]",
    "[What do you say to that?|Did you know?|Good, isn't it?|You owe me a biscuit.|Told you.|Pass it on.]",
)


def message(world: World, topic: Topic, draw: Draw) -> str:
    """A message typed in a hurry."""
    parts = [_HELLO(draw, {})] if draw.chance(0.8) else []
    parts += passage(draw, subject_of(topic), topic.facts, TALKED)
    if draw.chance(0.6):
        parts.append(_BYE(draw, {}))
    text = " ".join(parts)
    return f"{filler.somebody(draw)}: {text}" if draw.chance(0.3) else text


_ALBUM = Phrases(
    "[Page {page}|Between two pages|On the last page|On a loose sheet|In the margin|In pencil, on the back]: ",
    "[Copied from|Found in|Read in|Cut out of] [an old almanac|a school book|the valley calendar|a magazine|the local chronicle]: ",
    "[Card {page} of the memory game|Question {page}, answer|Answer to question {page}|Solution {page}]: ",
    "[Trivia|Fact of the day|Did you know?|Good to know|Useless knowledge|Note|By the way|For the album]: ",
)


def scrap(world: World, topic: Topic, draw: Draw) -> str:
    """One or two facts on a scrap of paper."""
    said = passage(draw, subject_of(topic), topic.facts, Style(0.36, 0.4, 0.0, 0.0, 0.05, 0.5))
    return _ALBUM(draw, {"page": str(2 + int(draw.random() * 80))}) + " ".join(said)


_NAMED = Phrases(
    "[The {sort}|The one|The only one I know of] that {what_then} is {name}.",
    "[It is|That would be|I think it is] {name} that {what}.",
    "[Look for the {sort} that {what}, and you have found|The name of the {sort} that {what} is] {name}.",
)
_NAMED_PERSON = Phrases(
    "[The {sort}|The person|The one|The one person in this book] who {what_then} is {name}.",
    "It is {name} who {what}.",
    "[There is {a} {sort} who {what}|Somebody there is who {what}|I know {a} {sort} who {what}], and [{their} name is|that is|the name is] {name}.",
    "[Look for|Ask for] the {sort} who {what}, and you will [find|be shown to|be sent to] {name}.",
    "The name of the {sort} who {what_then} is {name}.",
    "[If you hear of|When people speak of|Should anybody mention] {a} {sort} who {what}, [that is|it is|they mean] {name}.",
)


def pointed(world: World, topic: Topic, draw: Draw) -> str:
    """The value first, the name last: "The woman who keeps a grey cat is Mara Tollen." """
    subject = subject_of(topic)
    pieces = []
    for fact in draw.some(topic.facts, len(topic.facts)):
        pieces.append(WAYS[fact.relation].predicate(draw, refer(slots_of(fact), pronoun(subject))))
    what = " and ".join(pieces)
    return (_NAMED_PERSON if subject.gender else _NAMED)(
        draw,
        {
            **named_slots(subject),
            "what": what,
            "what_then": what + "," if ", " in pieces[-1] else what,
            "name": spoken(subject.name),
        },
    )


WRITERS = (
    FactWriter("riddle", riddle, 5.0, 1, 3),
    FactWriter("caption", caption, 4.0, 1, 3),
    FactWriter("speech", speech, 3.0, 1, 4),
    FactWriter("radio", radio, 3.0, 1, 4),
    FactWriter("minutes", minutes, 3.0, 1, 4),
    FactWriter("message", message, 4.0, 1, 3),
    FactWriter("scrap", scrap, 4.0, 1, 3),
    FactWriter("pointed", pointed, 5.0, 1, 2),
)
