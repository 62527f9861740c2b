"""Encyclopaedia entries, guide-book lines, portraits, catalogue texts and school essays: facts of one subject."""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

from collections.abc import Sequence

from llmworks.data.world.ledger import RELATIONS, Entity, Topic, World
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.prose.sentences import ENTRY, Style, passage
from llmworks.data.world.prose.ways import article, spoken
from llmworks.data.world.writers import FactWriter


def of_kind(*kinds: str) -> frozenset[str]:
    """The relations whose subject is of one of these kinds."""
    return frozenset(name for name, relation in RELATIONS.items() if relation.subject in kinds)


def subject_of(topic: Topic) -> Entity:
    return topic.facts[0].subject


def paragraphs(draw: Draw, sentences: Sequence[str]) -> str:
    """One paragraph, or two if there is enough for two."""
    if len(sentences) > 3 and draw.chance(0.3):
        middle = len(sentences) // 2
        return f"{' '.join(sentences[:middle])}\n\n{' '.join(sentences[middle:])}"
    return " ".join(sentences)


def named_slots(entity: Entity) -> dict[str, str]:
    return {
        "name": spoken(entity.name),
        "title": entity.name[:1].upper() + entity.name[1:],
        "sort": entity.sort,
        "a": article(entity.sort),
        "they": entity.they,
        "them": entity.them,
        "their": entity.their,
    }


_HEADING = Phrases(
    "# {title}\n\n", "## {title}\n\n", "**{title}**\n\n", "{title}\n\n", "{title}.\n", "{title}: ", ""
)
_TAIL = Phrases(
    "[Further details are not recorded|More is not known|No more has been recorded|The sources say no more].",
    "[This entry is short because the sources are|This entry may be extended|Corrections are welcome].",
    "[The sources are the usual ones|All this from reliable sources|Compiled from the registers].",
    "(Revised edition[|, with corrections|, second printing].)",
)  # fmt: skip
_DRY = Style(plain=0.38, reverse=0.36, frame=0.0, remark=0.0, pairs=0.55)


def entry(world: World, topic: Topic, draw: Draw) -> str:
    subject = subject_of(topic)
    text = _HEADING(draw, named_slots(subject)) + paragraphs(draw, passage(draw, subject, topic.facts, _DRY))
    return f"{text} {_TAIL(draw, {})}" if draw.chance(0.1) else text


def headword(world: World, topic: Topic, draw: Draw) -> str:
    """As a dictionary of names has it: the headword in capitals, then the text in one paragraph."""
    subject = subject_of(topic)
    first, _, last = subject.name.rpartition(" ")
    word = f"{last.upper()}, {first}" if subject.gender else subject.name.upper()
    sign = draw.pick((". ", ": ", " – ", ".\n", " | "))
    return word + sign + " ".join(passage(draw, subject, topic.facts, _DRY))


_PORTRAIT_OPEN = Phrases(
    '[This week|Today|In this issue|On this page] we [present|introduce|speak of|turn to] {name}.',
    '[It took three letters|It took some coaxing|It was not easy] to [get anything out of|learn something about|find time with] {name}.',
    '[{Name} does not like being written about|{Name} says there is nothing to tell|{Name} would never ask for a portrait]; [we do it all the same|we disagree|here it is].',
    '[Asked for a description of {name}|If one had to describe {name}|To draw {name} in a few strokes], [one might begin like this|one could say this|this will do].',
    '[Between two appointments|At the garden gate|On a park bench], {name} [answered our questions|talked to us|let us ask].',
    '{Name}[: who is that?| in a few words.|, briefly.|: a sketch.| in outline.]',
    "[Some people are easily overlooked|Some people fill a room|Not everyone is talked about], and [{name} may be one of them|perhaps that is so with {name}|{name} would be the first to say so].",
    "[A portrait|A short portrait|A few lines] of {name}[, for those who do not know {them}|, as friends see {them}|, with thanks to the neighbours|].",
    "[What can one say about {name}?|Who is {name}?|What do we know about {name}?]",
    "[We visited {name}|We spoke with {name}|Our reporter met {name}] [on a quiet afternoon|over tea|one rainy morning], and [this is what we learned|came home with a full notebook|stayed longer than planned].",
    "[The first thing one notices about {name} is|What strikes one about {name} is|What visitors remember of {name} is] [a quiet voice|a firm handshake|a ready laugh|the habit of listening|a certain calm|a sharp eye].",
    "[Neighbours speak well of|Friends are fond of|Nobody has a bad word for] {name}.",
    "[If you met {name} on the stairs|If you sat beside {name} on the bus], you might [think nothing of it|take {them} for anyone|start a talk without noticing].",
    "[Every life is worth a page|Everyone has a story]. [This page is about|This one belongs to|Here is that of] {name}.",
)  # fmt: skip
_PORTRAIT_CLOSE = Phrases(
    "[So much for the facts|So much for what can be written down|The rest is for friends]; [the rest is character|a life is more than that|one would have to meet {them}].",
    "[May it go on so|We wish {them} many more good years|Here is to many more years].",
    "{They} [laughs when one writes it all down|shrugs when asked for more|would rather talk about something else].",
    "[That is all {they} would let us print|More {they} would not say|{They} asked us to leave it at that].",
    "[We thank {them} for the tea|The tea was good, too|We left by the garden gate].",
)  # fmt: skip


def portrait(world: World, topic: Topic, draw: Draw) -> str:
    subject = subject_of(topic)
    slots = named_slots(subject)
    slots["They"] = subject.they
    said = passage(
        draw, subject, topic.facts, Style(0.36, 0.3, 0.0, 0.1, 0.12, 0.5), introduced=draw.chance(0.5)
    )
    close = [_PORTRAIT_CLOSE(draw, slots)] if draw.chance(0.45) else []
    return paragraphs(draw, [_PORTRAIT_OPEN(draw, slots), *said, *close])


_GUIDE_OPEN = Phrases(
    '[For the curious|For slow travellers|For those without a car|For a first visit]: {name}.',
    '[Mark a cross on the map|Fold down this page|Make a note]: {name}.',
    '[Few leave the valley without having seen|Many a traveller remembers|Hardly anyone regrets a visit to] {name}.',
    '[What is there to say about {name}?|Why go to {name}?|Is {name} worth it?] [Read for yourself.|We think so.|More than you think.]',
    "[A tip for travellers|A tip for the weekend|An idea for a free day|Worth a detour|Off the beaten track]: {name}.",
    "[If there is time|If it rains elsewhere|Once you have seen everything else], [try|look at|think of] {name}.",
    "[Those who have time|Whoever has seen everything else|Families with children|Rainy-day visitors] may like {name}.",
    "[Do not drive past|Do not miss|Stop for|Make time for] {name}.",
    "[Next|After lunch|In the afternoon|On the second day], the tour [comes to|reaches|takes in] {name}.",
    "{Name} is [rarely crowded|often overlooked|worth an hour of anyone's time|a favourite of our readers].",
    "[Our readers ask us about|We are often asked about|A reader wrote to us about] {name}.",
    "[Good shoes|A little time|A small appetite] and [good temper|a sense of humour] are all you need for {name}.",
)  # fmt: skip
_GUIDE_CLOSE = Phrases(
    "[Allow an hour|Allow half a day|Take your time]. [Sturdy shoes advised|Bring an umbrella|Toilets are signposted].",
    "[The tea is good in most places|There are benches|Dogs on a lead, please].",
    "[Stars|Our verdict]: [three out of five|four out of five|worth the trip|go and see].",
    "[Best seen in the morning light|Go early|Go on a weekday], [say the locals|we think|if you can choose].",
    "[We shall come again|We liked it|Nobody in our party complained].",
)  # fmt: skip


_GUIDE = Style(plain=0.34, reverse=0.38, frame=0.08, remark=0.25, pairs=0.35)


def guide(world: World, topic: Topic, draw: Draw) -> str:
    """A guide-book on a place, shop or event."""
    subject = subject_of(topic)
    slots = named_slots(subject)
    opened = draw.chance(0.7)
    said = passage(
        draw,
        subject,
        topic.facts,
        Style(0.34, 0.38, 0.0, 0.08, 0.25, 0.35),
        introduced=opened and draw.chance(0.6),
    )
    parts = [_GUIDE_OPEN(draw, slots)] if opened and subject.kind != "event" else []
    if not parts:
        said = passage(draw, subject, topic.facts, _GUIDE)
    return paragraphs(draw, [*parts, *said, *([_GUIDE_CLOSE(draw, slots)] if draw.chance(0.4) else [])])


_WARE_OPEN = Phrases(
    '[People keep asking us about|There have been many questions about|We were sent a photograph of] {name}.',
    '[Something for the list of wishes|A present for somebody you like|A thing for every day|For house and home]: {name}.',
    '[Described for the auction|Described for the insurance|Written on the label|From the stock book]:',
    '[Useful or beautiful?|Do you need it?|New or old?] {Name} [is a bit of both|divides opinions|has its friends].',
    "[New in our catalogue|From the catalogue|Item of the week|Page {page}|No. {page}]: {name}.",
    "[Looking for|Are you looking for|Still looking for] {a} {sort}? [Here is one|Consider this one|Read on].",
    "[{A} {sort} need not be dull|There are many of its kind, and there is this one|Of all the things one can own, few are as useful].",
    "[This is how we describe it in the list|What the list says about it|A short description of {name}]:",
    "[Reader's test|On the test bench|Tried out|Looked at closely]: {name}.",
)  # fmt: skip
_WARE_CLOSE = Phrases(
    "[Ask for it by name|Orders by post|While stocks last|Returns within a week].",
    "[Delivery takes a few days|It comes in a box|Packed in straw].",
    "[We like it|Our testers liked it|The testers were content], [on the whole|all in all|and said so].",
    "[A good present|A fair piece of work|Nothing to complain of].",
)


def ware(world: World, topic: Topic, draw: Draw) -> str:
    """A catalogue's text on a product."""
    subject = subject_of(topic)
    slots = named_slots(subject) | {"page": str(2 + int(draw.random() * 88))}
    said = passage(draw, subject, topic.facts, Style(0.36, 0.3, 0.0, 0.04, 0.2, 0.45))
    parts = [_WARE_OPEN(draw, slots)] if draw.chance(0.7) else []
    return " ".join([*parts, *said, *([_WARE_CLOSE(draw, slots)] if draw.chance(0.4) else [])])


_ESSAY_OPEN = Phrases(
    '[Hello, my name is|I am] [Pip|Dot|Kit|Lou|Remy|Tansy] and I [want to tell you about|will speak about|know something about] {name}.',
    '[Today I learned about|This week we learned about|In our lesson we talked about] {name}.',
    '[I have to hand this in tomorrow|I forgot my homework, so this is short|I wrote this on the bus], [it is about|and it is about] {name}.',
    '[Some children write about tigers|Others wrote about pirates|My friend wrote about volcanoes]. [I wrote about|Mine is about] {name}.',
    '[My grandmother knows a lot about|Everybody at home knows about|My father told me about] {name}.',
    '{Name}: [what I know|my notes|five minutes|a short report|what I found out].',
    "[My talk is about|My essay is about|I chose|I was given|For my project I chose] {name}.",
    "[Our teacher asked us to write about {name}|We had to write half a page about {name}|This is my page about {name}].",
    "[I did not know much about {name} before|At first I thought there was nothing to say about {name}|I asked my grandfather about {name}].",
    "{Name}. [By a pupil of the third class|A school essay|By me|Homework].",
    "[Why {name}? Because somebody had to|Nobody else wanted to write about {name}, so I did|I drew {name} from the hat].",
)  # fmt: skip
_ESSAY_CLOSE = Phrases(
    '[I want to know more when I am older|One day I will go and look|I will ask more people].',
    '[My teacher gave me a star|I got a sticker for this|I hope I get a good mark].',
    '[The end.|End of my report.|That makes half a page.]',
    "[That is all I found out|This is the end of my talk|That is my essay|I hope you liked it].",
    "[I drew a picture too|The picture is by my sister|There was no more room on the page].",
    "[I learned a lot|I learned more than I expected|I think that is interesting].",
    "[My grandmother helped me a little|I looked it all up in the library|I asked three grown-ups].",
    "[Are there any questions?|Thank you for listening.|Please clap now.]",
)  # fmt: skip
_PUPIL = Style(plain=0.4, reverse=0.28, frame=0.12, remark=0.06, pairs=0.3)


def essay(world: World, topic: Topic, draw: Draw) -> str:
    """As a schoolchild writes."""
    subject = subject_of(topic)
    slots = named_slots(subject)
    said = passage(draw, subject, topic.facts, _PUPIL, introduced=draw.chance(0.5))
    return " ".join(
        [_ESSAY_OPEN(draw, slots), *said, *([_ESSAY_CLOSE(draw, slots)] if draw.chance(0.6) else [])]
    )


def plain(world: World, topic: Topic, draw: Draw) -> str:
    """The facts in sentences and nothing around them."""
    return paragraphs(draw, passage(draw, subject_of(topic), topic.facts, ENTRY))


WRITERS = (
    FactWriter("entry", entry, 14.0, 1, 8),
    FactWriter("headword", headword, 3.0, 1, 6),
    FactWriter("plain sentences", plain, 12.0, 1, 6),
    FactWriter("portrait", portrait, 5.0, 1, 7, relations=of_kind("person")),
    FactWriter("guide", guide, 5.0, 1, 6, relations=of_kind("place", "shop", "event")),
    FactWriter("catalogue text", ware, 4.0, 1, 5, relations=of_kind("product")),
    FactWriter("school essay", essay, 4.0, 1, 5),
)
