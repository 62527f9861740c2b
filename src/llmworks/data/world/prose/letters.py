"""Letters, postcards, diary pages and talk over a counter: facts as people mention them."""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

from llmworks.data.world.ledger import Topic, World
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.prose import filler
from llmworks.data.world.prose.entries import subject_of
from llmworks.data.world.prose.sentences import TALKED, WRITTEN, Style, passage
from llmworks.data.world.writers import FactWriter

_DEAR = Phrases(
    "[Dear|My dear|Dearest|Hello|Good morning|Dear old] {to},\n\n",
    "{To},\n\n",
    "[Dear|Hello] {to}, ",
    "{To}! ",
)


def _other(draw: Draw, name: str) -> str:
    while (other := filler.somebody(draw)) == name:
        pass
    return other


def letter(world: World, topic: Topic, draw: Draw) -> str:
    to = filler.somebody(draw)
    slots = {"to": to, "from": _other(draw, to)}
    said = passage(draw, subject_of(topic), topic.facts, WRITTEN)
    before = [filler.LETTER_OPEN(draw, slots)] if draw.chance(0.85) else []
    if draw.chance(0.35):
        before.append((filler.WEATHER if draw.chance(0.5) else filler.SMALL_TALK)(draw, slots))
    after = [filler.SMALL_TALK(draw, slots)] if draw.chance(0.4) else []
    if draw.chance(0.8):
        after.append(filler.LETTER_CLOSE(draw, slots))
    breaks = "\n\n" if draw.chance(0.6) else " "
    body = breaks.join(" ".join(part) for part in (before, said, after) if part)
    return f"{_DEAR(draw, slots)}{body}\n\n{filler.SIGN(draw, slots)}"


_CARD_OPEN = Phrases(
    "[Greetings from the road.|Greetings from far away.|A quick hello.|Only a card today.|Sun at last.|Rain, rain, rain.|We have arrived.]",
    "[The food is good|The beds are hard|The children are brown as nuts|My feet are sore] and [we are happy|we laugh a lot|the tea is strong].",
    "[This card is small|There is little room here|I bought this card for the picture], so [quickly|only this|briefly]:",
    "[You would like it here.|I wish you were here.|Wish you could see this.|Thinking of you all.]",
    "[Card number three.|The promised card.|As promised, a card.|My first card to you.]",
)  # fmt: skip
_CARD_CLOSE = Phrases(
    "[More when I am back.|More soon.|Home on Sunday.|See you next week.|Save some cake for me.]",
    "[Hugs|Love|Greetings|Cheers], {from}.",
    "[Yours|As ever], {from}",
    "{From}[| and the others| and all].",
    "[P.S.|PS:] [Water the plants.|Feed the fish.|The stamp is for your album.|Excuse the stain, it is only tea.]",
)


def postcard(world: World, topic: Topic, draw: Draw) -> str:
    to = filler.somebody(draw)
    slots = {"to": to, "from": _other(draw, to)}
    parts = [_CARD_OPEN(draw, slots)] if draw.chance(0.75) else []
    parts += passage(draw, subject_of(topic), topic.facts, WRITTEN)
    if draw.chance(0.8):
        parts.append(_CARD_CLOSE(draw, slots))
    start = f"To {to}. " if draw.chance(0.05) else _DEAR(draw, slots) if draw.chance(0.6) else ""
    return start + " ".join(parts)


def diary(world: World, topic: Topic, draw: Draw) -> str:
    said = passage(draw, subject_of(topic), topic.facts, TALKED)
    before = [filler.DIARY_OPEN(draw, {})] if draw.chance(0.85) else []
    if draw.chance(0.3):
        before.append(filler.WEATHER(draw, {}))
    after = [filler.SMALL_TALK(draw, {})] if draw.chance(0.25) else []
    if after and draw.chance(0.5):
        before, after = [*before, *after], []
    if draw.chance(0.6):
        after.append(filler.DIARY_CLOSE(draw, {}))
    day = filler.DIARY_DAY(draw, {}) + draw.pick((". ", "\n\n", ": ", ".\n")) if draw.chance(0.75) else ""
    return day + " ".join([*before, *said, *after])


_GOSSIP = Style(plain=0.24, reverse=0.26, letter=0.1, frame=0.28, remark=0.0, pairs=0.25)


def _quoted(draw: Draw, sentence: str, who: str) -> str:
    """The sentence in quotation marks, with its speaker before or after."""
    shape = draw.random()
    verb = draw.pick(("said", "remarked", "explained", "announced", "put in", "told them", "declared"))
    if shape < 0.4 and sentence.endswith("."):
        return f"'{sentence[:-1]},' {verb if verb != 'told them' else 'said'} {who}."
    if shape < 0.7:
        return f"{who[:1].upper()}{who[1:]} {verb}: '{sentence}'"
    if shape < 0.85:
        return f"{who[:1].upper()}{who[1:]} {draw.pick(('leaned over', 'put down a bag', 'looked up', 'coughed', 'smiled', 'turned round'))}. '{sentence}'"
    return f"'{sentence}' {draw.pick(('That was', 'So said', 'This from', 'Thus'))} {who}."


_REPLY = Phrases(
    "'[Is that so?|Really?|You do not say.|Well, I never.|Fancy that.|I might have known.|Who told you?|So they say.]'",
    "'[I had heard it too|My sister says the same|I thought as much|That is no news to me],' [said another|came the answer|said the next in line].",
    "[Somebody laughed|Heads nodded|The others listened|Nobody spoke for a moment].",
)  # fmt: skip


def gossip(world: World, topic: Topic, draw: Draw) -> str:
    """Over a counter: sentences in the mouths of several people."""
    said = passage(draw, subject_of(topic), topic.facts, _GOSSIP)
    parts = [filler.SCENE(draw, {})] if draw.chance(0.75) else []
    for sentence in said:
        who = filler.OVERHEARD(draw, {})
        parts.append(_quoted(draw, sentence, who[:1].lower() + who[1:]))
        if draw.chance(0.3):
            parts.append(_REPLY(draw, {}))
    if draw.chance(0.5):
        parts.append(filler.SCENE_END(draw, {}))
    return ("\n" if draw.chance(0.2) else " ").join(parts)


WRITERS = (
    FactWriter("letter", letter, 8.0, 1, 4),
    FactWriter("postcard", postcard, 5.0, 1, 2),
    FactWriter("diary", diary, 6.0, 1, 3),
    FactWriter("gossip", gossip, 5.0, 1, 4),
)
