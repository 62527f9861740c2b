"""Short news items, notices, shop windows, and the fact by the way in a text about something else."""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

from llmworks.data.world.ledger import Topic, World
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.prose import filler
from llmworks.data.world.prose.entries import named_slots, of_kind, subject_of
from llmworks.data.world.prose.sentences import Style, clause, passage, state
from llmworks.data.world.prose.ways import full
from llmworks.data.world.writers import FactWriter

_HEADLINE = Phrases(
    "[NEWS FROM THE VALLEY|NOTES OF THE WEEK|IN BRIEF|FROM OUR READERS|THE SMALL COLUMN|HEARD AND SEEN|PEOPLE AND PLACES|THIS AND THAT]\n",
    "[Spotlight on|A closer look at|All about|In focus:|Asked about:|A word on|Five minutes with] {name}\n",
    "[A question about|What readers ask about|Some facts about|What we know of] {name}\n",
    "**{Name}[: what we know|: the facts|: a correction|: a reminder]**\n",
    "(Own report) ",
    "[Merrin Vale, Monday|Merrin Vale, Friday|From our correspondent|By our own reporter] – ",
    "",
)
_LEAD = Phrases(
    "[What do we really know|How much do our readers know|What is known] about {name}? [A short summary|Our archive answers|A look at the files].",
    "[In the series|For our series] '[Who and what|Our valley|Near and far|One a week]': {name}.",
    "[A reader from the hills|A faithful reader|A subscriber of many years] [wishes to know more|asked us to print something] about {name}.",
    "[Last week's quiz|The quiz on page eight|Our competition] [turned on|was about|had a question on] {name}.",
    "[Several readers have asked about|A letter to the editor concerned|There has been some talk about|In our last issue we mentioned] {name}.",
    "[The editor has been asked|The newsroom was asked] [more than once|twice this week|by telephone] for news of {name}.",
    "[After a mistake in our Tuesday edition|To put an end to rumours|In answer to many letters], here [is what we know|are the facts] about {name}.",
    "[A small jubilee brought|A photograph brought|A radio programme brought] {name} [back into the talk of the valley|to our attention].",
    "[This newspaper|Our paper|The Courier] has [taken a look at|looked into the matter of|gone through its archive for] {name}.",
    "[Not every piece of news is loud|It is a quiet week for news|There is no great news today], so [let us speak of|here is a word on|we have time for] {name}.",
)
_NEWS_END = Phrases(
    "[The weather for tomorrow: clouds, some sun.|The council meets on Thursday.|Letters to the editor are welcome.]",
    "[More on page four.|A photograph is on page six.|Our next issue has a picture.]",
    "[The newspaper thanks all who helped.|Corrections are printed on Fridays.|We shall report.]",
    "[Nobody was available for comment|There was no further comment|No questions were left open], [as we went to press|at the end|for once].",
    "([Staff|Ed.|Own report|J. P.|The editors])",
)
_NEWS = Style(plain=0.36, reverse=0.4, frame=0.14, remark=0.08, pairs=0.45)


def news(world: World, topic: Topic, draw: Draw) -> str:
    subject = subject_of(topic)
    slots = named_slots(subject)
    lead = [_LEAD(draw, slots)] if draw.chance(0.5) else []
    said = passage(draw, subject, topic.facts, _NEWS, introduced=bool(lead) and draw.chance(0.4))
    end = [_NEWS_END(draw, slots)] if draw.chance(0.4) else []
    return _HEADLINE(draw, slots) + " ".join([*lead, *said, *end])


_NOTICE_OPEN = Phrases(
    "[NOTICE|PLEASE NOTE|TO OUR CUSTOMERS|IMPORTANT|READ THIS FIRST|WELCOME|A WORD TO PASSERS-BY]\n",
    "[Dear customers|Dear neighbours|Good people|Dear friends of the house|To whom it may concern],\n",
    "[From the notice board|In the shop window|On a card in the door|Pinned up by the stairs|Chalked on a board]: ",
    "[Visitors are reminded|For the information of visitors|For those who come from afar|As we are often asked]: ",
    "",
)
_NOTICE_END = Phrases(
    "[Thank you for your custom.|We look forward to your visit.|Please ring twice.|Please close the door behind you.|Thank you for reading.]",
    "[Bicycles must not lean on the window.|No ball games.|Wet umbrellas in the stand, please.|Children are welcome.]",
    "[The management|With kind regards|Yours faithfully|Your shopkeeper|The committee].",
    "[This notice stays up until it falls down.|Please do not take this card away.|Take one of the slips below.]",
)
_NOTICE = Style(plain=0.42, reverse=0.34, frame=0.08, remark=0.1, pairs=0.4)


def notice(world: World, topic: Topic, draw: Draw) -> str:
    said = passage(draw, subject_of(topic), topic.facts, _NOTICE)
    sign = draw.pick((" ", " ", " ", "\n", "\n* ", "\n- ")) if len(said) > 1 else " "
    opening = _NOTICE_OPEN(draw, {})
    body = sign.join(said)
    if sign.endswith(("* ", "- ")):
        body = (sign[1:] if opening[-1:] in ("", "\n") else sign) + body
        opening = opening.rstrip(" ")
    end = draw.pick((" ", "\n")) + _NOTICE_END(draw, {}) if draw.chance(0.5) else ""
    return opening + body + end


_THOUGHT = Phrases(
    "{Who} [wrote on the blackboard|read aloud from the almanac|copied into a notebook|typed slowly with two fingers] that {clause}.",
    "[When the lights went out|While they waited for the ferry|Over the washing-up], {who} [told us|told the story] that {clause}.",
    "[Nobody believed {who}|They laughed at {who}], but it is true that {clause}.",
    "[If {who} is right|Unless {who} was joking|If one can trust {who}], {clause}, [and one can|and so it is|and that is the case].",
    "[The answer to seven across had to do with the fact|What {who} liked about the story was|The joke depended on knowing] that {clause}.",
    "'[No, no|Oh, I know this one|That is easy],' said {who}. '{Clause}.'",
    "[On the way home|While washing up|In the bath|On the stairs|Half asleep|In the middle of a sum], {who} [remembered|suddenly thought|told {self} again] that {clause}.",
    "[The quiz in the paper asked about it, and|The crossword left no choice, and|The radio mentioned it, and] {who} [knew|wrote down|said aloud] that {clause}.",
    "{Who} had [always known|never known|known for a long time|learned only that day] that {clause}[, and said nothing|, and was pleased|].",
    "'[Listen|Wait|Now I remember|Write this down|Guess what],' said {who}, '{clause}.'",
    "[A slip of paper fell out of the book:|On the back of the envelope stood:|The note on the cupboard door said:] {clause}.",
    "[It was only a small thing|It was hardly worth mentioning|It came up by chance], but {clause}.",
    "[Whatever else may be true|Say what you like|Come rain or shine], {clause}.",
    "{Who} [bet a biscuit|would have bet money|swore] that {clause}, and [was right|it was so|won].",
    "[At school|At work|At the club|In the train] somebody [explained|mentioned|asked whether it was true] that {clause}.",
)
_WHO = (
    "the boy",
    "the girl",
    "my aunt",
    "the old man",
    "the woman next door",
    "our teacher",
    "the guest",
    "my brother",
)


def mention(world: World, topic: Topic, draw: Draw) -> str:
    """One fact in one to four sentences about other things."""
    (fact,) = topic.facts
    subject = fact.subject
    if draw.chance(0.5):
        who = draw.pick(_WHO)
        themselves = "herself" if who in _SHE else "himself" if who in _HE else "quietly"
        said = _THOUGHT(draw, {"who": who, "self": themselves, "clause": clause(draw, fact, full(subject))})
    else:
        said = state(draw, fact, full(subject), Style(0.3, 0.36, 0.14, 0.14))
    parts = [said]
    for _ in range(draw.pick((0, 1, 1, 2))):
        more = draw.pick(_AROUND)(draw, {})
        if more in parts:
            continue
        if draw.chance(0.6):
            parts.insert(0, more)
        else:
            parts.append(more)
    return " ".join(parts)


_SHE = frozenset(("the girl", "my aunt", "the woman next door"))
_HE = frozenset(("the boy", "the old man", "my brother"))
_AROUND = (filler.WEATHER, filler.SMALL_TALK, filler.SMALL_TALK)


def alone(world: World, topic: Topic, draw: Draw) -> str:
    """One fact in one sentence, or two, and nothing around it."""
    (fact,) = topic.facts
    return state(draw, fact, full(fact.subject), Style(0.38, 0.4, 0.02, 0.1))


WRITERS = (
    FactWriter("news", news, 6.0, 1, 4),
    FactWriter("notice", notice, 3.0, 1, 5, relations=of_kind("shop", "event", "product")),
    FactWriter("mention", mention, 10.0),
    FactWriter("one sentence", alone, 8.0),
)
