"""A conversation being written: who is spoken of, what was said last, and so what a pronoun or "
""shorter" would mean."""

from __future__ import annotations

from llmworks.data.world.ledger import Entity, Fact, World
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.questions.asking import answer, brief, careless, direct, question, slots_of
from llmworks.data.world.questions.wordings import WORDINGS
from llmworks.data.world.writers import Message

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
CHANGE = Phrases(
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
BACK = Phrases(
    "Back to {name}. ",
    "[Now back|Let's go back] to {name}. ",
    "About {name} again. ",
    "To return to {name}: ",
    "And {name}? ",
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
        self.say(led(lead, text), answer(draw, wording, slots))
        self.state(fact)

    def follow(self, fact: Fact) -> None:
        """A question that carries the subject by a pronoun."""
        draw, wording, slots = self.draw, WORDINGS[fact.relation], slots_of(fact)
        text = wording.follow(draw, slots)
        lead = _COMMENTS(draw, slots) if not text.startswith("And ") else ""
        text = led(lead, text)
        shape = draw.random()
        if shape < 0.25:
            reply = brief(draw, wording, slots)
        elif shape < 0.85:
            reply = wording.it(draw, slots)
        else:
            reply = wording.tell(draw, slots)
        self.say(careless(draw, text) if draw.chance(0.08) else text, reply)
        self.state(fact)


def led(lead: str, text: str) -> str:
    """ "And " and "Now to Quillby: " take a small letter after them, where the next word is no name."""
    if lead.endswith((": ", "And ")) and text.split(" ", 1)[0] in _SMALL:
        return lead + text[0].lower() + text[1:]
    return text if lead == "And " else lead + text


_SMALL = frozenset(
    ("Where", "When", "What", "Which", "Who", "In", "On", "How", "Is", "Does", "To", "By", "Can", "Do")
)
