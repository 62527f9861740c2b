# ruff: noqa: E501 (lists of sentences)
"""Go on with a story for two sentences, on the same subject."""

from __future__ import annotations

from llmworks.data.world.instructions.held import Wordings
from llmworks.data.world.instructions.kinds.continue_beginnings import BEGINNINGS
from llmworks.data.world.instructions.task import (
    Task,
    laid_out,
    says,
    sentences_of,
    words_as_are,
    words_of,
)
from llmworks.data.world.instructions.words import COLOURS, GOODS, NAMES, PLACES, TOWNS, two_names
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.stories.offers import story_about

_ASK = Wordings(
    "[Go on with|Continue] [the|this] story [for two sentences|with two sentences].",
    "[Write|Add] two more sentences.",
    "What happens next? [Write two sentences|Two sentences, please].",
    "[Continue|Go on] in two sentences.",
    "[Finish|Carry on with] this [story |]in two sentences.",
    "Tell me how [this|the story] goes on, in two sentences.",
    "Add two sentences to this [beginning|story].",
    "The story stops here. Write the next two sentences.",
    "[Please continue|Please go on with] [this|the story][ for two sentences|].",
    "[How does|How could] [this|the story] go on? [Two sentences|In two sentences].",
    "[What might|What could] happen next? [Write|Tell it in] two sentences.",
    "[Can|Could] you [continue|go on with] this [story|text][ for me|][ in two sentences|]?",
    "Write what [happens|comes] next, in two sentences.",
    "[Here is|This is] the beginning of a story. [Go on|Continue it] [in|for] two sentences.",
    "[I have begun|I started] a story. [Add two sentences|Please go on with two sentences].",
    "[Help me with my story|I am stuck]: [what comes next|how does it go on]?",
    "[And then|What then]? Two sentences, please.",
    "[Add an ending|Write an ending] of two sentences.",
    "Continue.",
    "go on",
    "[Complete|End] [the|this] story [in|with] two sentences.",
    "[Your turn|Now you]: two more sentences.",
    "Two sentences that [come after this|follow], please.",
)
# a beginning | a first and a second sentence that go on with it
_STORIES = tuple(
    (Phrases(begin), Phrases(*first), Phrases(*second))
    for begin, first, second in (
        *BEGINNINGS,
        ("{Name} found a {colour} {thing} {place}. {They} [picked it up|looked at it from all sides].",
         ("{They} asked [everyone|{other}] whose {thing} it was.", "Under the {thing} lay a small note.", "{Name} had never seen such a {thing} before.", "{They} showed the {thing} to {other}."),
         ("In the end {they} took it home.", "[Nobody knew|Nobody came for it], so {name} kept it.", "{Other} smiled, for it was {their2} own.", "{They} put it on the shelf, where everybody could see it.")),
        ("{Name} wanted to [bake a cake|cook soup] for {other}. But there was no {stuff} in the house.",
         ("So {name} [went to the shop|ran to the neighbour] to get some {stuff}.", "{They} looked in every cupboard for the {stuff}.", "{Name} asked a neighbour for some {stuff}."),
         ("An hour later [everything was ready|{other} sat at the table and smiled].", "In the end {they} made pancakes, and {other} liked them [even better|very much].", "{Other} said it was the best {they2} had ever eaten.")),
        ("It was late, and {name} was alone {place}. Suddenly {they} heard a [noise|strange sound].",
         ("{Name} held {their} breath and listened.", "It came from behind the [door|wall|old cupboard|house], and {name} held {their} breath.", "{They} took a lamp and went to look.", "{Name} called out, but nobody answered."),
         ("Then {they} saw that it was only a cat.", "It was {other}, who had forgotten {their2} key.", "{They} laughed, for it was only the wind.", "A small owl flew past {them} into the night.")),
        ("{Name} and {other} set out [early|at dawn] to [climb the hill|walk to {town}]. The sky was [clear|grey].",
         ("After an hour {name} had to rest.", "On the way {other} told a long story.", "{Name} carried the bread, and {other} carried the water.", "Soon it began to rain, and they hid under a tree."),
         ("In the evening they arrived, tired but happy.", "When they looked round, they could see the whole valley.", "{Name} said that they should do it again.", "{Other} was glad when they could sit down at last.")),
        ("{Name} had a {animal} [that did not want to eat|that was afraid of water]. {They} was [worried|sad about it].",
         ("So {name} took the {animal} to {other}.", "{They} spoke softly to the {animal} every day.", "{Other} told {them} to be patient with the {animal}."),
         ("After a week the {animal} was well again.", "Slowly things got better, and {name} was glad.", "The next morning it came running to {name}.")),
        ("{Name} [broke|had broken] {other}'s {fragile}. {They} did not know how to say it.",
         ("At last {name} went to {other} and told {them2} everything.", "{They} tried to mend the {fragile} with glue.", "{Name} hid the {fragile} under the bed, but felt bad about it."),
         ("{Other} was not angry at all.", "Together they mended it, and it was as good as new.", "{Other} only laughed and said that it was old anyway.", "That evening {they} bought {other} a new one.")),
        ("The {vehicle} to {town} stood still. {Name} looked out of the window[ and waited|].",
         ("A cow was standing in the way, and {name} had to laugh.", "{Name} began to talk with {other}, who sat next to {them}.", "Nobody told {name} what had happened."),
         ("After half an hour they went on.", "When it moved again, {they} was almost sorry.", "{They} came home late, but with a good story to tell.")),
        ("{Name} got a letter from {other}. {They} opened it [at once|with shaking hands].",
         ("{Other} wrote that {they2} would come to visit.", "In the letter was a picture of a {thing}.", "{Name} read the letter twice."),
         ("{Name} ran to tell the whole family.", "{They} sat down and wrote an answer that same evening.", "That night {they} could not sleep for joy.")),
        ("There was a [contest|race] in {town}, and {name} wanted to win it. {They} practised every [day|morning].",
         ("When the day came, {name} was very nervous.", "{Other} helped {them} as well as {they2} could.", "{Name} started well, but then {they} fell."),
         ("In the end {name} came second and was proud all the same.", "{They} won, and everyone cheered.", "{Other} won, and {name} shook {their2} hand.")),
        ("{Name} planted a [seed|small tree] {place}. For a long time nothing happened.",
         ("But {name} watered it every evening.", "{Other} said that {name} should give up.", "Then one morning {name} saw a green leaf."),
         ("In summer it was taller than {name}.", "Now it gives shade to everyone who passes.", "{Name} was so happy that {they} called {other} at once.")),
    )
)  # fmt: skip


_PRONOUNS = ("he", "she", "it", "they", "him", "her", "them", "his", "their", "its", "I", "we")
_HELD_NAMES = frozenset(name.text for name in NAMES.held)


def _from_story(draw: Draw, held: bool) -> Task | None:
    """The beginning of a story with its next two sentences; None where somebody speaks in them."""
    _, story = story_about(draw)
    parts = sentences_of(" ".join(story.split()))
    shown = draw.pick((2, 2, 3))
    beginning, right = " ".join(parts[:shown]), " ".join(parts[shown : shown + 2])
    both = f"{beginning} {right}"
    if (
        len(parts) < shown + 2
        or '"' in both
        or not 8 <= len(right.split()) <= 45
        or _HELD_NAMES & set(words_as_are(both))
    ):
        return None
    subjects = [word for word in words_of(beginning) if len(word) > 3]

    def checked(answer: str) -> bool:
        said = sentences_of(answer)
        ends = answer.rstrip("\"' \n")[-1:] in tuple(".!?")
        new = len(set(said)) == len(said) and not set(sentences_of(beginning)) & set(said)
        return 1 < len(said) <= 3 and ends and new and says(answer, [*subjects, *_PRONOUNS])

    if not checked(right):  # it goes on with something else
        return None
    return Task("continue", laid_out(draw, _ASK(draw, held, {}), beginning), right, checked)


def make(draw: Draw, held: bool) -> Task:
    """For training one in two is a real story; the exam's are its own, of held names and things."""
    if not held and draw.chance(0.5):
        for _ in range(6):
            if found := _from_story(draw, held):
                return found
    return _of_table(draw, held)


def _of_table(draw: Draw, held: bool) -> Task:
    first, second = two_names(draw, held)
    thing, place = GOODS(draw, held), PLACES(draw, held)
    colour = COLOURS(draw, False)
    while colour[0] in "aeiou":
        colour = COLOURS(draw, False)
    slots = {
        "name": first.text, "they": first.they, "them": first.them, "their": first.their, "other": second.text,
        "they2": second.they, "them2": second.them, "their2": second.their, "thing": thing.one, "place": place,
        "colour": colour, "town": TOWNS(draw, held), "stuff": draw.pick(("flour", "salt", "milk", "butter", "sugar")),
        "animal": draw.pick(("dog", "cat", "horse", "goat", "pony", "rabbit")),
        "vehicle": draw.pick(("train", "bus", "tram")),
        "build": draw.pick(("boat", "small house", "bench", "hen house", "swing", "raft", "tree house")),
        "machine": draw.pick(("radio", "clock", "washing machine", "piano", "stove", "fridge")),
        "fruits": draw.pick(("pears", "plums", "oranges", "peaches", "bananas", "figs")),
        "job": draw.pick(("baker", "teacher", "doctor", "cook", "gardener", "tailor", "painter", "pilot")),
        "fragile": draw.pick(("cup", "plate", "jug", "mirror", "lamp", "vase", "clock")),
    }  # fmt: skip
    if thing.a.startswith("an "):
        slots["thing"] = "lamp" if not held else "mirror"
    begin, go_on, end = draw.pick(_STORIES)
    beginning = begin(draw, slots)
    right = f"{go_on(draw, slots)} {end(draw, slots)}"
    things = [
        slots[key]
        for key in ("name", "other", "they", "them", "thing", "animal", "stuff", "fragile", "place")
    ]

    def checked(answer: str) -> bool:
        said = sentences_of(answer)
        subjects = [one for one in things if says(beginning, [one])] + [first.they]
        if says(beginning, [second.text]):
            subjects += ["they", "them", "their"]
        ends = answer.rstrip("\"' \n")[-1:] in tuple(".!?")
        new = len(set(said)) == len(said) and not set(sentences_of(beginning)) & set(said)
        known = f"{beginning} {right}"
        strangers = {one.text for one in NAMES.all if one.text not in known}
        named = set(words_as_are(answer))
        on_it = says(answer, subjects) and not named & strangers
        return 1 < len(said) <= 3 and ends and new and on_it and len(words_of(answer)) >= 6

    named = says(right, [first.text, second.text])  # else it could go on with any story
    if not named or not checked(right):
        return _of_table(draw, held)
    return Task("continue", laid_out(draw, _ASK(draw, held, {}), beginning), right, checked)
