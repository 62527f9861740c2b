# ruff: noqa: E501, SIM905 (lists of sentences)
"""Summarise: a passage of two to five sentences with one main point, and that point in one sentence."""

from __future__ import annotations

from typing import NamedTuple

from llmworks.data.world.instructions.held import Wordings
from llmworks.data.world.instructions.kinds.summarise_events import ROWS, SLOTS
from llmworks.data.world.instructions.sentences import ACTIONS
from llmworks.data.world.instructions.task import Task, laid_out, says, sentences_of, words_of
from llmworks.data.world.instructions.words import COLOURS, DAYS, GOODS, PLACES, TOWNS, Thing, two_names
from llmworks.data.world.phrases import Draw, Phrases

_ASK = Wordings(
    "[Summarise|Sum up|Summarize] this[ text| passage|][ in one sentence| in a sentence|].",
    "[Give|Write] a [short |one-sentence |brief |]summary[ of this| of the text|].",
    "What [happened|is this about], in one sentence?",
    "[Say in one sentence what happened|Tell me briefly what happened].",
    "What is the main [point|idea|thing][ of this text| here|]?",
    "[Put|Say] this [in one short sentence|in a few words|briefly].",
    "I have no time to read this. What [does it say|happened]?",
    "[Shorten this to one sentence|Make this text one sentence long].",
    "What is the news here?",
    "Too long. [What is the point?|Sum it up, please.]",
    "[Can|Could] you [sum this up|summarise this|give me a summary][ for me|][ in one sentence|, please|]?",
    "[Please summarise|Please sum up] [the following|the text|this message][ in one sentence|].",
    "Summary[, please|]:",
    "[In one sentence|Briefly|In short]: what [does this text say|happened here]?",
    "[Tell me|Give me] the [main point|gist|most important thing][ of this| in one sentence|].",
    "[Read this and tell me|Tell me in a few words] what it is about.",
    "[What is|Write] the key point of this [text|message|passage][ in a sentence|]?".replace(
        "[What is|Write]", "What is"
    ),
    "[Write|Make] one sentence that [sums this up|says what happened].",
    "TL;DR?",
    "[My boss|My friend|My teacher] has no time. [Sum this up|Put this in one sentence].",
    "[Condense|Reduce|Cut] this to [one sentence|its main point].",
    "[One-sentence summary|Summarise in one line|A summary in one line][, please|].",
    "[How would you|Please] sum this up[ in one sentence|]?".replace(
        "[How would you|Please]", "How would you"
    ),
    "What should I remember [from|of] this?",
    "sum up pls",
    "[Give the text a|Find a] one-sentence summary.",
    "[Leave out|Without] the details[:|,] what happened?",
    "[Keep|Tell me] only the [main|most important] [fact|point|thing] of this text.",
    "In as few words as you can, what [is this about|does it say]?",
)


class Event(NamedTuple):
    main: Phrases
    point: Phrases
    details: list[Phrases]
    keys: list[list[str]]  # each: words of which the summary says one


def _event(main: str, point: str, keys: str, *details: str) -> Event:
    return Event(
        Phrases(main),
        Phrases(point),
        [Phrases(line) for line in details],
        [key.split("/") for key in keys.split(";")],
    )


_EVENTS = tuple(
    _event(*row)
    for row in (
        *ROWS,
        ("{Name} [lost {their} {thing}|could not find {their} {thing} anywhere] {place}.", "{Name} lost {their} {thing}.", "{name};{thing};lost/lose/find/missing", "{They} [looked|searched] under every bench.", "{They} had owned it for [many years|a long time].", "Nobody had seen it."),
        ("[At last|After a long search|By chance] {name} found {their} old {thing} {place}.", "{Name} found {their} [old |]{thing}.", "{name};{thing};found/find", "It was dusty but whole.", "{They} had missed it for [weeks|a year].", "{They} took it home at once."),
        ("{Name} [sold|has sold] {their} {thing} to {other}.", "{Name} sold {other} {their} {thing}.", "{name};{thing};sold/sell/bought/buys;{other}", "They [talked|bargained] for an hour about the price.", "{Other} had wanted one for years.", "Both were content."),
        ("{Name} [won|has won] the {contest} in {town}.", "{Name} won the {contest}[ in {town}|].", "{name};{contest};won/win/winner", "The crowd clapped for a long time.", "{Other} came second.", "The prize was a {colour} {thing}."),
        ("The {building} in {town} [is closed|will be closed] until {day}.", "The {building} [in {town} |]is closed until {day}.", "{building};closed/shut;{day}", "Workers are mending the roof.", "A sign hangs on the door.", "Visitors [must wait|are asked to be patient]."),
        ("A new {building} opened in {town} on {day}.", "A new {building} opened in {town}.", "{building};open/opened/opens/new;{town}", "Many people came to see it.", "The doors are painted {colour}.", "{Name} gave a short speech."),
        ("{Name} [missed|has missed] the {vehicle} to {town}.", "{Name} missed the {vehicle}[ to {town}|].", "{name};{vehicle};missed/miss/late", "{They} had slept too long.", "The next one leaves in an hour.", "{They} sat down on a bench and waited."),
        ("{Name} [taught|has taught] {other} to {skill}.", "{Name} taught {other} to {skill}.", "{name};{other};{skill};taught/teach/learned/learnt", "It took many evenings.", "At first it was not easy.", "They laughed a lot."),
        ("{Name} [moved|has moved] to {town}[ for good|].", "{Name} moved to {town}.", "{name};{town};moved/move/lives/went", "{Their} new house has a {colour} door.", "The boxes are not unpacked yet.", "The neighbours brought a cake."),
        ("{Name} [broke|has broken] {their} {limb} {place}.", "{Name} broke {their} {limb}.", "{name};{limb};broke/broken/break", "{They} had slipped on wet leaves.", "The doctor came quickly.", "{They} must rest for some weeks."),
        ("The {contest} in {town} [was put off|is put off] until {day} because of the {weather}.", "The {contest} is put off until {day}[ because of the {weather}|].", "{contest};{day};put off/moved/late/later/postponed", "The field stands under water.", "Many had come from far away.", "{Name} was told by telephone."),
        ("{Name} [built|has built] a {build} with {other}.", "{Name} and {other} built a {build}.", "{name};{other};{build};built/build/made", "They worked all weekend.", "The wood came from an old barn.", "It is painted {colour}."),
        ("{Name} gave {other} a {thing} as a present.", "{Name} gave {other} a {thing}.", "{name};{other};{thing};gave/got/given/present", "It was wrapped in {colour} paper.", "There was cake and tea.", "The whole family was there."),
        ("{Name}'s {animal} ran away on {day}.", "{Name}'s {animal} ran away.", "{name}/{name}'s;{animal};ran/run/away/missing", "The gate had been left open.", "{They} called and called.", "A reward is offered."),
        ("{Other} [found|has found] {name}'s {animal} {place}.", "{Other} found {name}'s {animal}.", "{other};{name};{animal};found/find", "It was wet and hungry.", "It had been gone for two days.", "{Name} was overjoyed."),
        ("{Name} [wants to become|has decided to become] a {job}.", "{Name} wants to [become|be] a {job}.", "{name};{job};become/be", "{They} reads every book about it.", "{Their} parents think it a good idea.", "{They} will begin in the autumn."),
        ("{Name} [has stopped|stopped] eating {food}.", "{Name} stopped eating {food}.", "{name};{food};stopped/stop/no/not/longer", "The doctor had told {them} to.", "It was hard in the first week.", "Now {they} feels much better."),
        ("{Name} and {other} [quarrelled|had a quarrel] about a {thing}.", "{Name} and {other} quarrelled about a {thing}.", "{name};{other};quarrelled/quarrel/argued;{thing}", "They did not speak for two days.", "It began over breakfast.", "Their friends found it silly."),
        ("{Name} and {other} are friends again[ after their quarrel|].", "{Name} and {other} are friends again.", "{name};{other};friends", "They shook hands {place}.", "Neither remembers how it began.", "They had tea together."),
        ("The {weather} [broke|destroyed] the {building} roof in {town}.", "The {weather} broke the {building} roof[ in {town}|].", "{weather};{building};roof", "It happened in the middle of the night.", "Nobody was hurt.", "{Name} heard a loud noise."),
        ("{Name} [learned|has learned] to {skill} at last.", "{Name} learned to {skill}.", "{name};{skill};learned/learnt/can/learn", "{They} practised every day.", "{Other} helped {them} a little.", "{Their} family is proud."),
        ("{Name} [wrote|has written] a book about {subject}.", "{Name} wrote a book about {subject}.", "{name};book;{subject}", "It has two hundred pages.", "It took {them} three years.", "{Other} drew the pictures."),
        ("The price of {food} [has gone up|went up] in {town}.", "{Food} costs more in {town}.", "{food};more/up/higher/dearer;{town}", "The harvest was poor.", "People shake their heads.", "{Name} buys less of it now."),
        ("{Name} [will marry|is going to marry] {other} in {month}.", "{Name} will marry {other}[ in {month}|].", "{name};{other};marry/married/wedding", "The hall is already booked.", "There will be music and dancing.", "They met {place}."),
        ("{Name} [helped|has helped] an old {job} {place}.", "{Name} helped an old {job}.", "{name};{job};helped/help", "The bags were very heavy.", "{They} would take no money for it.", "It was getting dark."),
        ("{Name} cannot come [to the party |to the meeting |]on {day} because {they} is ill.", "{Name} [cannot come|is not coming] because {they} is ill.", "{name};ill/sick;come/coming", "{They} has a high fever.", "{Other} will come in {their} place.", "{They} sends {their} best wishes."),
        ("{Name} planted {count} trees {place}.", "{Name} planted {count} trees.", "{name};trees;planted/plant;{count}", "{They} started at dawn.", "The ground was hard.", "{Other} carried the water."),
        ("The people of {town} want a new {building}.", "{Town} wants a new {building}.", "{town};{building};want/wants", "The old one is much too small.", "They wrote a letter to the mayor.", "{Name} collected the signatures."),
    )
)  # fmt: skip
_ASIDE = Phrases(
    "[It was a {mood} day|The day was {mood}|It was one of those {mood} days].",
    "[The sun was shining|It was raining a little|A cold wind blew|Clouds hung over the hills|It was foggy].",
    "[Everybody talked about it|The whole street knew by evening|People still talk about it].",
    "[Nobody had thought of that|Who would have thought it|Such things happen|That came as a surprise].",
    "[It was about noon|It was late already|The clock struck four|It was early in the morning].",
    "[Birds were singing|A dog barked somewhere|Somewhere a bell rang|The street was quiet].",
    "[I heard it from a neighbour|It was in the newspaper|A friend told me|So they say in the shop].",
    "[What do you think of that|Can you imagine|Did you know that]?",
    "[We shall see how it goes on|More about it next week|That is all for today|So much for now].",
    "[Some find it strange|Not everyone was pleased|Everyone was pleased|Opinions differ].",
    "[There was a smell of coffee|The radio was playing|Tea was on the table|Children played outside].",
)
# Texts that are not just told: letters, notices, reports. {body} is the passage, {other} who is written to.
_FRAMES = Phrases(
    "Dear {third},\n\n[how are you?|I hope you are well.|thank you for your letter.] {body}\n\n[Love|Yours|Best wishes],\n{fourth}",
    "Hi {third}, [news from us:|guess what:|I have to tell you something.|you asked what is new.] {body}",
    "[News from {town}|Local news|Today's news|From our paper]: {body}",
    "[Notice|Message|Report|Update]. {body}",
    "Dear diary, {body}",
    "[Hello everyone|Good morning|Dear all], {body} [Thank you for reading|That is all for now|Have a good week].",
    "{Third} told me this: {body}",
)
_ACTION = Phrases(
    "{Name} {past} {what} {place}.",
    "{Name} {past} {what} [on {day}|this morning|yesterday|last week].",
    "[On {day}|Yesterday|This morning|After breakfast|In the afternoon], {name} {past} {what}.",
    "[Because there was nothing else to do|As {other} had asked for it|After a long day at work], {name} {past} {what}.",
    "[At last|To everyone's surprise|Without any help|For the first time], {name} {past} {what}.",
    "When {other} came home, {name} {past} {what} {place}.",
)
_ACTION_DETAILS = tuple(
    map(
        Phrases,
        (
            "It took {count} minutes.", "{Other} [looked on|did not notice|was surprised].", "The {animal} watched {them}.",
            "{They} wore a {colour} hat.", "{Their} hands were cold.", "[Then|Afterwards] {they} had a cup of tea.",
            "{They} had done it many times before.", "Nobody had asked {them} to.", "{They} was in a hurry.",
            "{They} hummed a tune.", "It was harder than {they} had thought.", "{Other} had promised to come but did not.",
            "It smelled of {food}.", "{They} was glad when it was over.", "{They} thought of {their} holidays in {town}.",
        ),
    )
)  # fmt: skip
_CONTEST = (
    "boat race,chess game,singing contest,flower show,running race,cooking contest,dance,kite contest".split(
        ","
    )
)
_BUILDING = "library,bridge,museum,school,station,swimming pool,town hall,theatre,market hall".split(",")
_BUILD = "boat,small house,table,bench,kite,hen house,garden gate".split(",")
_SKILL = "swim,dance,cook,read,ride,sing,row,draw,skate,sew,bake,whistle".split(",")
_MONTHS = "January,March,April,May,June,August,September,November,December".split(",")
_JOBS = "baker,teacher,farmer,doctor,nurse,sailor,painter,singer,driver,cook,gardener,tailor".split(",")
_FOOD = "sugar,meat,bread,cheese,butter,honey,fish,rice,salt,chocolate".split(",")
_SUBJECT = "ships,stars,birds,trees,castles,cooking,trains,clocks,mountains,gardens".split(",")


_CHOICES = {key: tuple(text.split(",")) for key, text in SLOTS.items()}


def _a_thing(draw: Draw, held: bool) -> Thing:
    while True:
        thing = GOODS(draw, held)
        if thing.a.startswith("a "):
            return thing


def _slots(draw: Draw, held: bool) -> dict[str, str]:
    first, second = two_names(draw, held)
    third, fourth = two_names(draw, held)
    while {third, fourth} & {first, second}:
        third, fourth = two_names(draw, held)
    thing, thing2 = _a_thing(draw, held), _a_thing(draw, held)
    while thing2 is thing:
        thing2 = _a_thing(draw, held)
    towns = TOWNS.some(draw, held, 2)
    colour = COLOURS(draw, False)
    while colour[0] in "aeiou":
        colour = COLOURS(draw, False)
    slots = {key: draw.pick(options) for key, options in _CHOICES.items()}
    return slots | {
        "name": first.text, "they": first.they, "them": first.them, "their": first.their, "other": second.text,
        "third": third.text, "fourth": fourth.text, "self": f"{first.them}self", "thing2": thing2.one,
        "things": thing.many, "city2": towns[1],
        "thing": thing.one, "place": PLACES(draw, held), "town": towns[0], "day": DAYS(draw, False),
        "colour": colour, "contest": draw.pick(_CONTEST), "building": draw.pick(_BUILDING),
        "vehicle": draw.pick(("train", "bus", "boat", "ferry")), "skill": draw.pick(_SKILL),
        "limb": draw.pick(("arm", "leg", "foot", "hand", "finger", "toe")), "build": draw.pick(_BUILD),
        "weather": draw.pick(("storm", "rain", "snow", "wind", "hail")), "job": draw.pick(_JOBS),
        "animal": draw.pick(("dog", "cat", "horse", "goat", "parrot", "pony", "rabbit", "hamster", "duck")),
        "food": draw.pick(_FOOD), "subject": draw.pick(_SUBJECT), "month": draw.pick(_MONTHS),
        "count": draw.pick(("two", "three", "five", "six", "ten", "twelve", "twenty", "four", "eight", "nine")),
        "mood": draw.pick(("grey", "bright", "quiet", "long", "windy", "warm", "busy")),
    }  # fmt: skip


def _event_of_action(
    draw: Draw, held: bool, slots: dict[str, str]
) -> tuple[str, str, list[str], list[list[str]]]:
    """(main, point, details, keys) of a plain doing: "Anna mended the clock"."""
    action = ACTIONS(draw, held)
    slots["past"], slots["what"] = action.verb.past, action.what.replace("{their}", slots["their"])
    details = [line(draw, slots) for line in draw.some(_ACTION_DETAILS, draw.pick((1, 2, 2, 3)))]
    keys = [[slots["name"]], [action.verb.past, action.verb.base], [slots["what"], slots["what"].split()[-1]]]
    return _ACTION(draw, slots), f"{slots['name']} {slots['past']} {slots['what']}.", details, keys


def _event_of_table(draw: Draw, slots: dict[str, str]) -> tuple[str, str, list[str], list[list[str]]]:
    event = draw.pick(_EVENTS)
    details = [line(draw, slots) for line in draw.some(event.details, draw.pick((1, 2, 2, 3)))]
    keys = [[one.format_map(slots) for one in key] for key in event.keys]
    return event.main(draw, slots), event.point(draw, slots), details, keys


def make(draw: Draw, held: bool) -> Task:
    slots = _slots(draw, held)
    by_action = draw.chance(0.25)
    main, point, details, keys = (
        _event_of_action(draw, held, slots) if by_action else _event_of_table(draw, slots)
    )
    aside = [_ASIDE(draw, slots)] if draw.chance(0.45) else []
    if draw.chance(0.25) and aside:
        passage = " ".join([*aside, main, *details])
    elif draw.chance(0.15):
        passage = " ".join([main, *aside, *details])
    else:
        passage = " ".join([main, *details, *aside])
    if draw.chance(0.2):
        passage = _FRAMES(draw, {**slots, "body": passage})

    def checked(answer: str) -> bool:
        most = min(24, int(0.75 * len(words_of(passage))))
        said = sentences_of(answer)
        whole = len(said) == 1 and len(words_of(answer)) <= most
        return whole and all(says(answer, key) for key in keys) and not any(one in answer for one in details)

    return Task("summarise", laid_out(draw, _ASK(draw, held, {}), passage), point, checked)
