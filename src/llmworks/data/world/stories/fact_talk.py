"""Facts told in talk: two people speak of somebody or something, and each fact is said once, among other things.

    script    "Anna: Have you heard of Mara Tollen? / Ben: No. Who is that? / Anna: She was born in Quillby. ..."
    told      the same with quotes; overheard on a bus; in a scene with something else to do

The speakers have first names only, and are never of the ledger. `write_fact_talk` only tells; `write_fact_questions` asks.
"""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

from llmworks.data.world.ledger import Entity, Fact, Topic, World
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.prose.ways import Reference, full, is_plural, owner_of, pronoun, spoken
from llmworks.data.world.stories.cast import BOYS, ELDERS, GIRLS
from llmworks.data.world.stories.fact_lines import ASKS, CLAUSES, SHORT
from llmworks.data.world.stories.small_talk import quoted

# Who or what it is about, said before any fact.
_TOPIC = {
    "person": Phrases(
        "Do you know {s}?", "I was just thinking of {s}.", "Have you ever met {s}?", "Somebody asked me about {s} today.", "I ran into {s} the other day.", "We were talking about {s} at lunch.",
        "Does the name {s} mean anything to you?", "You'll never guess who I saw: {s}.", "I had a card from {s}.", "There's something I wanted to tell you about {s}.", "My aunt keeps talking about {s}.",
    ),
    "place": Phrases(
        "Have you ever been to {s}?", "I'd like to go to {s} one day.", "What do you know about {s}?", "We're driving to {s} tomorrow.", "My cousin has just come back from {s}.",
        "I've been reading about {s}.", "We have to write something about {s} for school.", "The train stopped in {s} yesterday.", "Let's talk about {s}.", "I had a postcard from {s}.",
    ),
    "shop": Phrases(
        "Do you know {s}?", "Have you ever been to {s}?", "I walked past {s} this morning.", "Somebody told me to try {s}.", "I need a present. What about {s}?", "Have you heard of {s}?",
        "My sister always goes to {s}.", "What sort of shop is {s}?", "I found an old bag from {s}.", "We could have a look at {s}.",
    ),
    "product": Phrases(
        "Have you seen {s}?", "I'm thinking of buying {s}.", "Do you know {s}?", "Everybody seems to want {s}.", "What do you think of {s}?", "My neighbour has {s}.", "I saw {s} in a window.",
        "I wonder whether {s} would be a good present.", "They were talking about {s} at work.",
    ),
    "event": Phrases(
        "Do you remember {s}?", "Were you at {s}?", "I found a picture of {s}.", "My father often talks about {s}.", "Have you heard of {s}?", "What do you know about {s}?", "Somebody mentioned {s} yesterday.",
        "We were talking about {s}.", "I came across a poster for {s} in the attic.",
    ),
}  # fmt: skip
_REPLY = (
    "A little. Why?", "Only the name. Tell me more.", "Not really. What should I know?", "No. Go on.", "I've heard the name before.", "I think so. Why do you ask?", "No, but I'm curious.",
    "It rings a bell.", "Perhaps. Remind me.", "Not that I know of. Tell me.", "I may have, long ago.", "No. You tell me.",
)  # fmt: skip
_GO_ON = (
    "Tell me.", "Hm. What about {o}?", "Go on, I'm listening.", "Only the name means something to me. Tell me more.", "I've heard the name before.", "It rings a bell.", "And?", "Really? Tell me more.", "Oh yes?",
    "I'm all ears.", "What of {o}?", "That's a name I know.",
)  # fmt: skip
_LEAD = (
    "Well, ", "You know, ", "", "", "", "Listen: ", "I'm told that ", "They say that ", "My uncle says that ", "As far as I know, ", "I know for sure that ", "I looked it up: ", "Somebody told me that ", "It seems that ",
    "It turns out that ", "I've read that ", "One thing I know: ", "If I remember rightly, ", "Believe it or not, ", "Everyone there knows that ", "I only know that ", "The funny thing is that ", "You may not know that ",
)  # fmt: skip
_MORE = (
    "And ", "And ", "Also, ", "Besides, ", "", "", "What's more, ", "And I've heard that ", "And then, ", "Oh, and ", "By the way, ", "And that's not all: ", "And I must not forget that ", "Then again, ",
    "And do you know that ", "There's another thing: ",
)  # fmt: skip
_REACT = (
    "Really?", "I had no idea.", "That's good to know.", "Is that so?", "Fancy that!", "How do you know?", "You don't say.", "I'd forgotten that.", "Interesting.", "That's news to me.", "I'll remember that.",
    "Oh! Go on.", "Are you sure?", "Who told you?", "I see.", "Now that you say it, I remember.", "Wait, let me write that down.", "Aha.", "Good heavens.", "Tell me more.", "I would never have guessed.",
)  # fmt: skip
_AFTER = {"How do you know?": ("Everyone knows it.", "I read it somewhere."), "Are you sure?": ("Quite sure.", "As sure as I'm sitting here."),
          "Who told you?": ("The postman.", "My sister, and she is never wrong.")}  # fmt: skip
_CLOSE_A = (
    "Well, I must be going.", "Shall we have some tea?", "Let's talk about something else now.", "There's my bus.", "It's getting late.", "What a small world.", "We should talk more often.", "Oh, it has stopped raining.",
    "More I don't know.", "That's all I know.", "Now you know as much as I do.", "Don't tell anyone that I told you.", "And now pass me the salt, please.",
)  # fmt: skip
_CLOSE_B = (
    "Well, I must be going.", "Thanks for telling me.", "Shall we have some tea?", "I'll tell my sister.", "You know everything!", "There's my bus.", "One never stops learning.", "Good. Now pass me the salt, please.",
    "I'll ask you again when I've forgotten it.", "Remind me tomorrow.", "It's getting late.", "What a small world.", "We should talk more often.", "Oh, it has stopped raining.",
)  # fmt: skip
_SCENES = Phrases(
    "{a} and {b} were [waiting for the bus|shelling peas|walking home along the wall|hanging up the washing|peeling potatoes].", "On the ferry two people were talking[ quietly|].", "It was raining, and nobody was in a hurry.",
    "{a} put down the newspaper.", "{b} was mending a net when {a} came by.", "They had been silent for a while.", "Over a pot of tea, {a} and {b} talked about this and that.", "At the next table two people were talking.",
    "The queue was long, and so people talked.", "{a} could not sleep, and neither could {b}.", "The kettle had just boiled.", "In the train, {a} looked up from a book.", "The fire crackled. {a} pulled up a chair.", "",
    "", "While they folded the sheets, {a} began to talk.", "{b} was painting the gate, and {a} held the tin.",
)  # fmt: skip
_ENDS = Phrases(
    "{b} nodded and went on with the work.", "Then the bus came.", "{b} thought about it all the way home.", "Outside it had grown dark.", "They drank their tea.", "\"Well, well,\" said {b}.", "And so they talked on until supper.",
    "{a} smiled.", "After that they were quiet again, and it was a good silence.", "", "", "", "",
)  # fmt: skip
_SAID_A = (
    '"{q}" said {a}.', '"{q}" said {a}.', '{a} said, "{q}"', '"{q}"', '"{q}"', '"{q}" said {a}, without looking up.', '"{q}" said {a} after a while.',
    'After a pause {a} said, "{q}"', '{a} leaned back. "{q}"', '{a} looked out of the window. "{q}"', '"{q}" {a} said.', '{a}: "{q}"',
)  # fmt: skip
_SAID_B = (
    '"{q}" said {b}.', '"{q}" said {b}.', '"{q}" {b} said.', '"{q}"', '{b} put down the cup. "{q}"', '{b} looked up. "{q}"', '{b} laughed. "{q}"', '"{q}" came the answer.', '{b} said: "{q}"',
)  # fmt: skip
_NAMES = GIRLS + BOYS
_SPOUSE = {"f": ("husband", "wife"), "m": ("wife", "husband")}


_CLUMSY = (" of it", " at it", " in it", "through it", "past it", "around it")


def _cap(text: str) -> str:
    return text[:1].upper() + text[1:]


def _slots(fact: Fact, said: Reference) -> dict[str, str]:
    subject, value = fact.subject, spoken(fact.value)
    other = fact.object
    spouse, mate = _SPOUSE.get(subject.gender, ("partner", "partner"))
    if other is not None and other.gender == subject.gender:
        spouse = mate  # "husband" of a man
    return {
        "s": said.name, "o": said.them, "p": said.names, "p2": subject.their, "v": value, "spouse": spouse, "mate": mate,
        "vs": owner_of(value), "is": "are" if is_plural(value, fact.relation) else "is",
        "vs1": "" if is_plural(value, fact.relation) else "s",
    }  # fmt: skip


def _clause(draw: Draw, fact: Fact, said: Reference) -> str:
    return _plain(draw, CLAUSES[fact.relation], fact, said)


def _plain(draw: Draw, phrases: Phrases, fact: Fact, said: Reference) -> str:
    """Without "the price of it": there the name stands instead."""
    text = phrases(draw, _slots(fact, said))
    if said.name == "it" and any(clumsy in text for clumsy in _CLUMSY):
        return phrases(draw, _slots(fact, full(fact.subject)))
    return text


def _speakers(draw: Draw, subject: Entity) -> tuple[str, str]:
    first = subject.first_name
    a = draw.pick(_NAMES) if draw.random() < 0.8 else draw.pick(ELDERS)[0]
    b = draw.pick(_NAMES)
    while first in (a, b) or a == b:
        a, b = draw.pick(_NAMES), draw.pick(_NAMES)
    return a, b


def _sayings(draw: Draw, topic: Topic, introduced: bool) -> list[str]:
    """One spoken sentence for each fact."""
    said = []
    facts = draw.some(topic.facts, len(topic.facts))
    for at, fact in enumerate(facts):
        named = not introduced and at == 0
        before = facts[at - 1].object if at else None
        unclear = before is not None and before.gender == fact.subject.gender
        whole = named or unclear or draw.random() < (0.25 if fact.subject.gender else 0.5)
        reference = full(fact.subject) if whole else pronoun(fact.subject)
        lead = draw.pick(_LEAD if at == 0 else _MORE)
        stop = "?" if lead.startswith("And do you") else "."
        clause = _clause(draw, fact, reference)
        said.append(_cap(f"{lead}{clause}{stop}"))
    return said


def write_fact_talk(world: World, topic: Topic, draw: Draw) -> str:
    """Tells, and asks nothing that a fact answers."""
    subject = topic.subject
    assert subject is not None
    a, b = _speakers(draw, subject)
    if draw.random() < 0.5:
        return _script(draw, topic, subject, a, b)
    return _scene(draw, topic, subject, a, b)


def _opening(draw: Draw, subject: Entity) -> tuple[str, str]:
    topic = _TOPIC[subject.kind](draw, {"s": full(subject).name})
    return topic, draw.pick(_REPLY if topic.endswith("?") else _GO_ON).replace("{o}", subject.them)


def _script(draw: Draw, topic: Topic, subject: Entity, a: str, b: str) -> str:
    random = draw.random
    lines: list[tuple[str, str]] = []
    introduced = random() < 0.75
    if introduced:
        lines += zip((a, b), _opening(draw, subject), strict=True)
    sayings = _sayings(draw, topic, introduced)
    reactions = draw.some(_REACT, len(sayings))
    for saying, reaction in zip(sayings, reactions, strict=True):
        if lines and lines[-1][0] == a:
            lines[-1] = (a, f"{lines[-1][1]} {saying}")
        else:
            lines.append((a, saying))
        if random() < 0.7 or not introduced:
            lines.append((b, reaction))
            if reaction in _AFTER:
                lines.append((a, draw.pick(_AFTER[reaction])))
    if random() < 0.5:
        lines.append((a, draw.pick(_CLOSE_A)) if lines[-1][0] == b else (b, draw.pick(_CLOSE_B)))
    form = draw.pick(("{n}: {x}", "{n}: {x}", "{n}: {x}", "- {x}", '{n}: "{x}"', "{n}. {x}"))
    if form == "{n}. {x}":
        form = "{n} - {x}"
    gap = "\n" if random() < 0.7 else "\n\n"
    return gap.join(form.replace("{n}", who).replace("{x}", text) for who, text in lines)


def _quote(draw: Draw, text: str, forms: tuple[str, ...], a: str, b: str) -> str:
    return quoted(draw.pick(forms), text, a, b)


def _scene(draw: Draw, topic: Topic, subject: Entity, a: str, b: str) -> str:
    random = draw.random
    slots = {"a": a, "b": b}
    start = _SCENES(draw, slots)
    out = [start] if start else []
    introduced = random() < 0.6
    if introduced:
        opening, reply = _opening(draw, subject)
        out.append(_quote(draw, opening, _SAID_A, a, b))
        if random() < 0.7:
            out.append(_quote(draw, reply, _SAID_B, a, b))
    sayings = _sayings(draw, topic, introduced)
    for saying, reaction in zip(sayings, draw.some(_REACT, len(sayings)), strict=True):
        out.append(_quote(draw, saying, _SAID_A, a, b))
        if random() < 0.5 and reaction not in _AFTER:
            out.append(_quote(draw, reaction, _SAID_B, a, b))
    end = _ENDS(draw, slots)
    if end:
        out.append(_cap(end))
    return ("\n" if random() < 0.5 else " ").join(_cap(line) for line in out)


_GREET = Phrases(
    "{a}: You know everything. Can I ask you something?\n{b}: [Try me|Go ahead|Of course|Gladly].\n", "{a}: I've got a question for you.\n{b}: [Yes|What is it|Ask away]?\n", "", "", "", "",
    "{a}: Have you got a minute?\n{b}: [Yes, what is it|For you, always. What is it]?\n",
)  # fmt: skip
_THANKS = (
    "Thank you!", "Thanks. That's all I wanted to know.", "I knew I could ask you.", "Good to know.", "", "", "", "How do you remember all that?", "Thanks. I'd never have found out.", "I see. Thank you.",
)  # fmt: skip
_BEFORE = (
    "",
    "",
    "",
    "",
    "",
    "Oh, that's easy. ",
    "Let me think. ",
    "Wait. ",
    "I know that one. ",
    "Hm. ",
    "That I can tell you. ",
    "As it happens, I know. ",
    "Good question. ",
)
_THEN = ("", "", "", "And ", "Tell me, ", "One more thing: ", "Then ", "And another thing: ")


def write_fact_questions(world: World, topic: Topic, draw: Draw) -> str:
    """Two people, and one of them asks: only for subjects that the text may ask about."""
    subject = topic.subject
    assert subject is not None
    a, b = _speakers(draw, subject)
    random = draw.random
    script = random() < 0.7
    out = []
    for at, fact in enumerate(draw.some(topic.facts, len(topic.facts))):
        whole = full(subject)
        again = pronoun(subject)
        asked = _plain(draw, ASKS[fact.relation], fact, whole if at == 0 or random() < 0.3 else again)
        if at:
            lead = draw.pick(_THEN)
            asked = lead + (asked[:1].lower() + asked[1:] if lead else asked)
        slots = _slots(fact, again)
        slots["V"] = slots["v"]
        answer = (
            SHORT[fact.relation](draw, slots) if random() < 0.45 else _cap(_clause(draw, fact, again)) + "."
        )
        answer = draw.pick(_BEFORE) + answer
        if script:
            out += [f"{a}: {_cap(asked)}", f"{b}: {_cap(answer)}"]
        else:
            out += [_quote(draw, _cap(asked), _SAID_A, a, b), _quote(draw, _cap(answer), _SAID_B, a, b)]
    if script:
        thanks = draw.pick(_THANKS)
        if thanks:
            out.append(f"{a}: {thanks}")
        return _GREET(draw, {"a": a, "b": b}) + "\n".join(out)
    return ("\n" if random() < 0.5 else " ").join(out)
