# ruff: noqa: E501, SIM905 (lists of words)
"""Correct a sentence (spelling, grammar, capitals) or fill in its missing word."""

from __future__ import annotations

from llmworks.data.world.instructions.held import Pool, Wordings
from llmworks.data.world.instructions.nouns import MEANINGS, OPPOSITES
from llmworks.data.world.instructions.sentences import sentence
from llmworks.data.world.instructions.task import (
    Check,
    Task,
    equals,
    equals_exactly,
    laid_out,
    plain,
    words_of,
)
from llmworks.data.world.instructions.words import COLOURS, NAMES, PLACES, THINGS, with_article
from llmworks.data.world.phrases import Draw, Phrases

Made = tuple[str, str, str, Check]

MISSPELT = {
    row.split("-")[0]: row.split("-")[1:]
    for row in (
        "because-becuase-becouse friend-freind-frend beautiful-beutiful-beautifull tomorrow-tommorow-tomorow "
        "morning-mornig-moring yesterday-yestarday-yesturday brother-bother-brothr mother-mothr-mohter "
        "water-watter-wather house-hosue-huose garden-gardin-graden school-shool-scool people-poeple-peple "
        "little-littel-litle bread-bred-braed apple-aple-appel letter-leter-lettre kitchen-kichen-kitchin "
        "window-windo-widnow picture-pictur-picsure together-togehter-togeather always-alwas-allways "
        "different-diffrent-diferent money-mony-monney station-staton-stasion bridge-brige-bridg "
        "weather-wether-waether evening-evning-evenning animal-animel-aminal street-streat-stret "
        "market-markit-markt flower-flowr-flowar neighbour-nieghbour-neigbour quickly-quikly-quickley "
        "chair-chiar-cheir table-tabel-talbe basket-baskit-basekt orange-orenge-oragne summer-sumer-summmer "
        "winter-wintre-wintar teacher-teecher-techer library-libary-librery really-realy-reely "
        "wanted-wantid-wonted stopped-stoped-stopt carried-carryed-caried another-anouther-anothr "
        "answer-anser-answr island-iland-isalnd knife-nife-knif listen-lisen-listn write-wirte-writte "
        "which-wich-whcih there-thier-ther every-evry-evrey enough-enouf-enugh thought-thougt-thort "
        "bought-bougt-bougth caught-caugt-cought eight-eigth-eigt laugh-laff-lauhg"
    ).split()
}  # fmt: skip
del MISSPELT["brother"], MISSPELT["there"], MISSPELT["wanted"]  # their slips are words of their own
SPELLINGS = Pool(sorted(MISSPELT))

_WITH = {
    "because": "{Name} stayed at home because it was raining.|The shop is shut because it is Sunday.",
    "friend": "{Name} is my best friend.|A friend came to tea.|I wrote to a friend {place}.",
    "beautiful": "What a beautiful {thing}!|It was a beautiful day {place}.",
    "tomorrow": "We will go home tomorrow.|{Name} comes back tomorrow.",
    "morning": "It was a cold morning {place}.|{Name} sings every morning.",
    "yesterday": "{Name} was here yesterday.|Yesterday we were {place}.",
    "mother": "{Name} helped {their} mother {place}.|My mother has a {colour} {thing}.",
    "water": "The water is very cold.|{Name} drank some water {place}.",
    "house": "{Name} lives in a small house.|The house has a {colour} door.",
    "garden": "There is a {thing} in the garden.|{Name} works in the garden.",
    "school": "{Name} walks to school.|The school has a {colour} gate.",
    "people": "Many people were {place}.|Some people like rain.",
    "little": "{Name} has a little {thing}.|It is a little cold {place}.",
    "bread": "{Name} bought some bread.|The bread is still warm.",
    "apple": "{Name} ate an apple {place}.|An apple fell from the tree.",
    "letter": "{Name} wrote a long letter.|There is a letter on the table.",
    "kitchen": "{Name} is in the kitchen.|The kitchen smells of soup.",
    "window": "{Name} looked out of the window.|Please open the window.",
    "picture": "{Name} drew a picture {place}.|There is a picture of a {thing}.",
    "together": "{Name} and I sang together.|We were together {place}.",
    "always": "{Name} is always kind.|It is always quiet {place}.",
    "different": "This {thing} is different.|{Name} took a different road.",
    "money": "{Name} saved some money.|There was no money in the box.",
    "station": "{Name} waited at the station.|The station is not far.",
    "bridge": "{Name} stood on the bridge.|The bridge is old.",
    "weather": "The weather is fine today.|{Name} does not mind the weather.",
    "evening": "{Name} reads every evening.|It was a warm evening {place}.",
    "animal": "A horse is a large animal.|{Name} saw a small animal {place}.",
    "street": "{Name} crossed the street.|Our street is very quiet.",
    "market": "{Name} bought a {thing} at the market.|The market is on Friday.",
    "flower": "{Name} picked a {colour} flower.|One flower was {colour}.",
    "neighbour": "Our neighbour has a {thing}.|{Name} is a good neighbour.",
    "quickly": "{Name} ran home quickly.|The snow melted quickly.",
    "chair": "{Name} sat on a chair.|The chair is {colour}.",
    "table": "The {thing} is on the table.|{Name} laid the table.",
    "basket": "{Name} carried a basket.|The basket was full.",
    "orange": "{Name} ate an orange.|The sky was orange.",
    "summer": "In summer it is warm {place}.|{Name} likes the summer.",
    "winter": "In winter it is cold {place}.|{Name} likes the winter.",
    "teacher": "The teacher smiled.|{Name} is a teacher.",
    "library": "{Name} went to the library.|The library has many books.",
    "really": "{Name} really likes tea.|This {thing} is really old.",
    "stopped": "The rain stopped.|{Name} stopped {place}.",
    "carried": "{Name} carried a {thing}.|They carried it home.",
    "another": "{Name} bought another {thing}.|We need another {thing}.",
    "answer": "{Name} did not answer.|I know the answer.",
    "island": "There is an island in the lake.|{Name} lives on an island.",
    "knife": "{Name} cut it with a knife.|The knife is sharp.",
    "listen": "Please listen to {name}.|{Name} likes to listen.",
    "write": "{Name} can write.|Please write to me.",
    "which": "I know which {thing} it was.|Which {thing} is yours?",
    "every": "{Name} comes here every day.|Every {thing} was {colour}.",
    "enough": "That is enough.|{Name} has enough time.",
    "thought": "{Name} thought of home.|I thought so too.",
    "bought": "{Name} bought a {thing}.|We bought it {place}.",
    "caught": "{Name} caught a fish.|The cat caught a mouse.",
    "eight": "{Name} is eight years old.|There are eight of them.",
    "laugh": "{Name} began to laugh.|We had a good laugh {place}.",
}  # fmt: skip
_SENTENCE_WITH = {word: Phrases(*lines.split("|")) for word, lines in _WITH.items()}

_SPELL = Wordings(
    "[Correct|Fix|Put right] the spelling[ mistake|].",
    "One word is spelt wrongly. [Write|Give] the sentence correctly.",
    "[Find and correct|Correct] the spelling mistake.",
    "Write this with the right spelling.",
    "There is a spelling mistake in this sentence. Correct it.",
)
_GRAMMAR = Wordings(
    "[Correct|Fix|Put right] the grammar[ mistake|].",
    "[Correct|Fix] this sentence.",
    "There is a mistake in this sentence. [Write it correctly|Put it right].",
    "What is the right way to say this?",
    "[Write|Say] this [correctly|in good English].",
)
_CAPITALS = Wordings(
    "[Put in|Add] the capital letters and the full stop.",
    "Write this with capital letters and a full stop.",
    "[Correct|Fix] the capital letters[ and the full stop|].",
)
_FILL = Wordings(
    "Fill in the [missing word|gap|blank].",
    "Which word is missing?",
    "[Put|Write] the missing word.",
    "What [word |]belongs in the [gap|blank]?",
    "Complete [this|the sentence] with one word.",
)


def _slots(draw: Draw, held: bool) -> dict[str, str]:
    name, thing = NAMES(draw, held), THINGS(draw, held)
    while thing.a[:2] != "a ":
        thing = THINGS(draw, held)
    colour = COLOURS(draw, False)
    while colour[0] in "aeiou":  # the lines say "a {colour} ..."
        colour = COLOURS(draw, False)
    return {
        "name": name.text, "they": name.they, "their": name.their, "thing": thing.one, "things": thing.many,
        "colour": colour, "acolour": with_article(colour), "place": PLACES(draw, held),
    }  # fmt: skip


def _spelling(draw: Draw, held: bool) -> Made:
    word = SPELLINGS(draw, held)
    right = _SENTENCE_WITH[word](draw, _slots(draw, held))
    slip = draw.pick(MISSPELT[word])
    wrong = right.replace(word, slip, 1)
    if wrong == right:
        wrong = right.replace(word.capitalize(), slip.capitalize(), 1)
    return _SPELL(draw, held, {}), wrong, right, equals(right)


# wrong | right, with slots
_SLIPS = [
    row.split("|")
    for row in (
        "{Name} have a {colour} {thing}.|{Name} has a {colour} {thing}.",
        "{Name} are {place}.|{Name} is {place}.",
        "The {things} is {place}.|The {things} are {place}.",
        "I has a {thing}.|I have a {thing}.",
        "{Name} don't like the {thing}.|{Name} doesn't like the {thing}.",
        "There is three {things} {place}.|There are three {things} {place}.",
        "{Name} go there every day.|{Name} goes there every day.",
        "We was {place}.|We were {place}.",
        "They was looking for the {thing}.|They were looking for the {thing}.",
        "{Name} buyed a {thing}.|{Name} bought a {thing}.",
        "{Name} runned home.|{Name} ran home.",
        "I seen {name} {place}.|I saw {name} {place}.",
        "{Name} has two {thing}.|{Name} has two {things}.",
        "{Name} is more older than me.|{Name} is older than me.",
        "This is the most biggest {thing}.|This is the biggest {thing}.",
        "{Name} eated an apple {place}.|{Name} ate an apple {place}.",
        "{Name} ate a apple {place}.|{Name} ate an apple {place}.",
        "I need a umbrella.|I need an umbrella.",
        "{Name} found an {thing}.|{Name} found a {thing}.",
        "Me and {name} were {place}.|{Name} and I were {place}.",
        "{Name} can sings well.|{Name} can sing well.",
        "Yesterday {name} lose the {thing}.|Yesterday {name} lost the {thing}.",
        "{Name} didn't found the {thing}.|{Name} didn't find the {thing}.",
        "Where is the {things}?|Where are the {things}?",
        "She like {name}.|She likes {name}.",
        "{Name} taked the {thing} home.|{Name} took the {thing} home.",
        "These {thing} are {colour}.|These {things} are {colour}.",
        "{Name} is looking for {their} {thing} since Monday.|{Name} has been looking for {their} {thing} since Monday.",
    )
]  # fmt: skip
_SLIP_LINES = [(Phrases(wrong), Phrases(right)) for wrong, right in _SLIPS]


def _grammar(draw: Draw, held: bool) -> Made:
    slots = _slots(draw, held)
    wrong, right = draw.pick(_SLIP_LINES)
    reference = right(draw, slots)
    others = [reference.replace("doesn't", "does not").replace("didn't", "did not")]
    if "these" in reference.lower():
        others.append(f"This {slots['thing']} is {slots['colour']}.")
    if "two" in reference:
        others.append(f"{slots['name']} has a {slots['thing']}.")
    return _GRAMMAR(draw, held, {}), wrong(draw, slots), reference, equals(reference, *others)


def _capitals(draw: Draw, held: bool) -> Made:
    right = sentence(draw, held).past()
    return _CAPITALS(draw, held, {}), right.lower()[:-1], right, equals_exactly(right)


_GAPS = [
    (Phrases(line), word.split("/"))
    for line, word in (
        row.split("|")
        for row in (
            "{Name} drinks a ___ of tea.|cup/mug/pot",
            "Birds ___ in the sky.|fly",
            "Fish ___ in the sea.|swim/live",
            "We see with our ___.|eyes",
            "We hear with our ___.|ears",
            "{Name} is tired, so {they} goes to ___.|bed/sleep",
            "It is raining, so {name} takes an ___.|umbrella",
            "The sun ___ in the morning.|rises",
            "A week has seven ___.|days",
            "A year has twelve ___.|months",
            "{Name} cuts the bread with a ___.|knife",
            "{Name} opens the door with a ___.|key",
            "A dog has four ___.|legs/feet/paws",
            "Snow is ___ and cold.|white",
            "Grass is ___.|green",
            "Bees make ___.|honey",
            "Cows give ___.|milk",
            "Hens lay ___.|eggs",
            "{Name} reads a ___ in the library.|book/newspaper",
            "After Monday comes ___.|Tuesday",
            "Before Sunday comes ___.|Saturday",
            "{Name} has {acolour} {thing} ___ {their} bag.|in",
            "There ___ two {things} {place}.|are/were",
            "Yesterday {name} ___ at home.|was/stayed",
            "{Name} is taller ___ {their} brother.|than",
            "{Name} writes a letter with a ___.|pen/pencil",
            "The baker makes ___.|bread/cakes/buns/pies/loaves",
            "In winter it is cold, in summer it is ___.|warm/hot",
            "{Name} washes {their} ___ with soap.|hands/face/hair",
            "Trains stop at a ___.|station",
        )
    )
]  # fmt: skip


def _gap(draw: Draw, held: bool) -> Made:
    """A sentence that one word completes; an opposite, or what a thing is, or common sense."""
    shape = int(draw.random() * 3)
    if shape == 0:
        first, second = draw.pick(OPPOSITES)
        if draw.chance(0.5):
            first, second = second, first
        content = f"The opposite of {first} is ___."
        words = [second]
    elif shape == 1:
        words = [draw.pick(tuple(MEANINGS))]
        meaning = MEANINGS[words[0]]
        content = f"{meaning.what[:1].upper()}{meaning.what[1:]}; it {meaning.more}: {_articled(meaning.a)}."
    else:
        line, words = draw.pick(_GAPS)
        content = line(draw, _slots(draw, held))
    whole = [content.replace("___", word) for word in words]

    def checked(answer: str) -> bool:
        said = plain(answer)
        return said in {plain(one) for one in [*words, *whole]} or words_of(said)[-1:] == [words[0].lower()]

    right = words[0] if draw.chance(0.7) else whole[0]
    return _FILL(draw, held, {}), content, right, checked


def _articled(a: str) -> str:
    parts = a.split()
    return "___" if len(parts) == 1 else f"{parts[0]} ___"


_FORMS = (_spelling, _spelling, _grammar, _grammar, _capitals, _gap, _gap)


def make(draw: Draw, held: bool) -> Task:
    instruction, content, right, check = draw.pick(_FORMS)(draw, held)
    return Task("correct", laid_out(draw, instruction, content), right, check)
