"""From a plot to a text: a cast, perhaps an opening, the beats, perhaps a last word, a title or a subject before it.

story = [subject or title] + [opening] + beats + [last word]
"""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

from llmworks.data.world.phrases import Draw, Phrases, Slots
from llmworks.data.world.stories.cast import FABLED, cast, fable_cast
from llmworks.data.world.stories.plot import Plot, opened
from llmworks.data.world.stories.plots_animals import PLOTS as ANIMAL_PLOTS
from llmworks.data.world.stories.plots_fables import PLOTS as FABLES
from llmworks.data.world.stories.plots_people import PLOTS as PEOPLE_PLOTS
from llmworks.data.world.stories.plots_things import PLOTS as THING_PLOTS
from llmworks.data.world.stories.plots_world import DRAWING
from llmworks.data.world.stories.plots_world import PLOTS as WORLD_PLOTS

PLOTS: tuple[Plot, ...] = (*THING_PLOTS, *PEOPLE_PLOTS, *ANIMAL_PLOTS, *WORLD_PLOTS, *FABLES)
SUBJECTS = {plot.name: Phrases(*plot.subject) for plot in PLOTS}


def _lines(*lines: str) -> Phrases:
    return Phrases(*map(opened, lines))


_CHILD_OPENINGS = _lines(
    "There was once a {kid} called {hero}, who had [freckles|a gap between {his} teeth|very loud boots|ink on {his} fingers] and [a great many questions|a good heart|no patience].",
    "{hero} was [six|seven|eight|nine|ten] years old and [small for {his} age|tall for {his} age|could whistle through {his} fingers|collected stones|knew the name of every dog in the street].",
    "{hero} lived with {elder} in [a house by the river|the last house of the village|a tall, thin house|two rooms above a shop].",
    "If you had asked {hero} what {he} liked best, {he} would have said [rain on the roof|warm bread|the last day of school|climbing].",
    "This [is the story of|happened to] a {kid} [named|called] {hero}.",
    "Some days begin well and end badly. [This one was the other way round.|{hero} knew a lot about those days.]",
    "{hero} never forgot that [week|summer|year].",
    "It was the kind of [day|morning] when [nothing happens|everything happens at once].",
    "Once there was a {kid}, and {his} name was {hero}.",
    "In a small town by the sea lived a {kid} named {hero}.",
    "You would have liked {hero}. Nearly everyone did.",
    "{hero} had [two brothers and no sister|a loud family|nobody but {elder}], and that explains a good deal.",
    "Rain was [falling|drumming] on the roofs that [week|month], and {hero} was tired of it.",
    "The wind had been blowing since [breakfast|Sunday].",
    "It was [a warm|a cool|a grey|a bright] day, and the [swallows|bees|leaves|clouds] were busy.",
    "\"You won't believe this,\" {hero} used to say, \"but it is true.\" And then {he} told this story.",
    "{hero} and {friend} [lived in the same street|sat next to each other at school|had been friends since they could walk].",
    "The church clock struck [four|nine|ten]. {hero} did not hear it.",
    "The sun [had just come up|was going down] behind the hill.",
)  # fmt: skip
_ADULT_OPENINGS = _lines(
    "{hero} was a quiet {kid} who [lived alone|worked hard and spoke little|kept bees|liked long walks].",
    "There was once a {kid} called {hero}, who had [big hands|a soft voice|a bad knee|an old bicycle] and [a good heart|much patience|no luck].",
    "{hero} had reached the age at which one [stops counting|needs two pairs of glasses].",
    "It was an ordinary week, until it was not.",
    "In a small town by the sea lived a {kid} named {hero}.",
    "This happened to a {kid} [named|called] {hero}, who told it to me {himself}.",
    "It was [a warm|a cool|a grey|a bright] day, and [nobody was in a hurry|the street was quiet|the market was full].",
    "Most people in the village knew {hero}.",
    "{hero} had got up with the wrong foot first.",
    "The fog had only just lifted.",
)  # fmt: skip
_FABLE_OPENINGS = _lines(
    "Long ago, when animals could still talk, [there was a {herokind} in every hedge|the wood was bigger than it is today].",
    "In the wood behind the mill lived {ahero} and {afriend}.",
    "This is what the old animals tell the young ones.",
    "Deep in the wood, where the moss is thick, lived {ahero}.",
    "There was once {ahero} who [never listened|thought a great deal|could not sit still].",
    "It was [a dry|a wet|a cold|a mild] year in the meadow.",
    "At the edge of the field [stood an old oak|lay a big stone], and under it lived {ahero}.",
    "Have you ever wondered what animals talk about at night?",
    "A very small story about {ahero}.",
)  # fmt: skip
_LAST_WORDS = _lines(
    "And that was that.",
    "That is how it was, and nobody has made up a word of it.",
    "{hero} still tells the story today.",
    "<evening> {hero} [slept well|fell asleep at once|lay awake for a while and smiled].",
    "It was a good day after all.",
    "Then it was time for supper, and there was [soup|fresh bread|apple pie|pancakes].",
    "\"What a day,\" said {hero}.",
    "And if you ask {hero} about it, {he} will only smile.",
    "Outside, the first stars came out.",
    "The end.",
    "{elder} put on the kettle, for [tea|cocoa] is the right end to any story.",
    "[Years later|A long time afterwards], {hero} still remembered it.",
)  # fmt: skip
_MORALS = _lines(
    "That is how the animals of the wood tell it.",
    "The owls still talk about it.",
    "The end.",
    "And the wood was quiet again.",
    "If they have not moved, they live there still.",
)
_HEADS = Phrases(
    "Title: {title}\n\n", "{title}\n\n", "# {title}\n\n", "A story about {subject}\n\n", "A story about {subject}.\n\n",
    "Here is a story about {subject}.\n\n", "This is a story about {subject}. ", "Story: {subject}\n\n",
    "[Today's story is|Tonight's story is|My story is] about {subject}.\n\n", "Subject: {subject}\n\n",
    "\"Tell me a story about {subject},\" said the [child|girl|boy]. [So this is the story|And this was the story] that {grown} told.\n\n",
    "Once more, a story about {subject}.\n\n", "A [short|little|small] [story|tale] about {subject}:\n\n",
)  # fmt: skip
_GROWN = (
    "her grandmother",
    "the old sailor",
    "my aunt",
    "the teacher",
    "her father",
    "the nurse",
    "his mother",
)
_MINOR = frozenset(["a", "an", "the", "of", "in", "on", "at", "to", "by", "and", "for", "with", "from"])


def titled(subject: str) -> str:
    """`a lost kite` -> `A Lost Kite`."""
    words = subject.split(" ")
    return " ".join(
        word if at and word in _MINOR else word[:1].upper() + word[1:] for at, word in enumerate(words)
    )


def tell(draw: Draw, plot: Plot, thing: str | None = None) -> tuple[str, str]:
    """(subject, story) of this plot; `thing` is the object, or in a fable the kind of the hero."""
    random = draw.random
    slots: dict[str, str] = (
        fable_cast(draw, plot.things, thing) if plot.fable else cast(draw, plot.age, plot.things, thing)
    )
    subject = SUBJECTS[plot.name](draw, slots)
    return subject, _told(draw, plot, slots, random())


def _told(draw: Draw, plot: Plot, slots: Slots, luck: float) -> str:
    random = draw.random
    out: list[str] = []
    for beat in plot.beats:
        beat.tell(draw, slots, out)
    hero = slots["hero"]
    unknown = not plot.fable and not any(hero in line for line in out[:2])
    if unknown or (plot.opener and random() < 0.35):
        openings = (
            _FABLE_OPENINGS if plot.fable else _CHILD_OPENINGS if slots["age"] == "child" else _ADULT_OPENINGS
        )
        opening = openings(draw, slots)
        while unknown and hero not in opening:
            opening = openings(draw, slots)
        out.insert(0, opening)
    if random() < 0.15:
        out.append((_MORALS if plot.fable else _LAST_WORDS)(draw, slots))
    out = [line[:1].upper() + line[1:] if line[:1].islower() else line for line in out]
    _named_first(out, slots)
    _introduced(draw, plot, slots, out)
    if luck < 0.45:
        return " ".join(out)
    if luck < 0.6:
        return "\n\n".join(out)
    text = out[0]  # paragraphs of one to three beats
    for line in out[1:]:
        text += ("\n\n" if random() < 0.4 else " ") + line
    return text


def _named_first(out: list[str], slots: Slots) -> None:
    """Lets no line begin with a pronoun of the hero before the hero has been named."""
    hero = slots["hero"]
    for at, line in enumerate(out):
        if hero in line or hero[:1].upper() + hero[1:] in line:
            return
        first = line.split(" ", 1)[0]
        if first in ("He", "She", "His", "Her"):
            owner = "'s" if first == "His" or (first == "Her") else ""
            out[at] = hero[:1].upper() + hero[1:] + owner + line[len(first) :]
            return


_STRANGERS = frozenset(
    ("new neighbour", "the wrong train", "the two sides of a stream", "first day", "moving away")
)


def _introduced(draw: Draw, plot: Plot, slots: Slots, out: list[str]) -> None:
    """Says once, now and then, that the friend is one: "her friend Tom", where the hero is known and it can stand."""
    if plot.fable or plot.name in _STRANGERS or draw.random() < 0.35:
        return
    hero, friend, his = slots["hero"], slots["friend"], slots["his"]
    known = False
    for at, line in enumerate(out):
        place = line.find(friend)
        if place < 0:
            known = known or hero in line
            continue
        before = line[:place]
        if (known or hero in before) and before.count('"') % 2 == 0 and friend + "'s little" not in line:
            who = draw.pick(_FRIENDS)
            lead = his[:1].upper() + his[1:] if not before or before.endswith((". ", "! ", "? ")) else his
            out[at] = f"{before}{lead} {who} {line[place:]}"
        return


_FRIENDS = ("friend", "friend", "best friend", "cousin", "neighbour", "friend")


def write_story(draw: Draw) -> str:
    """Any plot, with or without a title or its subject before it."""
    subject, story = tell(draw, draw.pick(PLOTS))
    if draw.random() < 0.45:
        slots = {"subject": subject, "title": titled(subject), "grown": draw.pick(_GROWN)}
        return _HEADS(draw, slots) + story
    return story


# What words of a wished subject lead to: things to the plots that can be about them, keywords to their plots.
_BY_THING: dict[str, list[Plot]] = {}
for _plot in PLOTS:
    for _thing in _plot.things or (FABLED if _plot.fable else ()):
        _BY_THING.setdefault(_thing, []).append(_plot)


def _matching(subject: str) -> tuple[list[Plot], str | None]:
    """The plots that fit the words of the subject best, and the thing of theirs that it names."""
    text = subject.lower().strip(" .!?\"'")
    words = {word.strip(".,;:!?\"'") for word in text.split()}
    thing = max((name for name in _BY_THING if f" {name} " in f" {text} "), key=len, default=None)
    best, found = 0, []
    for plot in PLOTS:
        score = 2 * len(words.intersection(plot.keywords))
        if thing is not None and plot in _BY_THING[thing]:
            score += 3
        if score > best:
            best, found = score, [plot]
        elif score == best and score:
            found.append(plot)
    return found, thing


_EMPTY = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "to",
        "by",
        "and",
        "for",
        "with",
        "from",
        "who",
        "that",
        "which",
        "about",
        "story",
        "his",
        "her",
        "its",
        "it",
        "is",
        "was",
        "one",
        "two",
        "some",
    ]
)


def tell_about(draw: Draw, subject: str) -> str:
    """A story on the wished subject ("a lost kite", "an old fox"); of what no plot knows, somebody draws a picture.

    Of some stories by the plots that fit, the one that says the most of the subject's words.
    """
    subject = subject.strip(" .!?")
    found, thing = _matching(subject)
    wanted = [word for word in subject.lower().replace(",", "").split() if word not in _EMPTY]
    best, said = "", 0
    for _ in range(8 if found else 0):
        plot = draw.pick(found)
        known = thing is not None and plot in _BY_THING.get(thing, ())
        story = tell(draw, plot, thing if known else None)[1]
        lower = story.lower()
        count = sum(word.removesuffix("s") in lower for word in wanted)
        if count > said:
            best, said = story, count
        if count == len(wanted):
            break
    return best or tell(draw, DRAWING, subject)[1]
