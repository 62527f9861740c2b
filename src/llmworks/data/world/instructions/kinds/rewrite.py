# ruff: noqa: E501 (lists of words)
"""Rewrite a sentence: tense, person, question, negative, polite, capitals, shorter."""

from __future__ import annotations

from collections.abc import Callable

from llmworks.data.world.instructions.held import Wordings
from llmworks.data.world.instructions.sentences import (
    PAST_TIMES,
    PRESENT_TIMES,
    Sentence,
    sentence,
)
from llmworks.data.world.instructions.task import (
    Check,
    Task,
    equals,
    equals_exactly,
    laid_out,
    plain,
    says,
    words_of,
)
from llmworks.data.world.phrases import Draw, Phrases

Made = tuple[str, str, str, Check]  # instruction, content, reference, check

_PAST = Wordings(
    "[Can|Could] you [put|write] this in the past[ tense|]?",
    "Past tense[, please|]:",
    "[Please rewrite|Please change] this [in|into] the past tense.",
    "What is this in the past tense?",
    "[Tell|Write] this as if it was [yesterday|long ago|already over].",
    "[Convert|Transform] [this|the sentence] to past tense.",
    "[Put|Write|Rewrite] this [sentence |]in the past tense.",
    "Change [this|the sentence] [in|]to the past tense.",
    "Say this as something that happened [before|in the past].",
    "Rewrite [this|the sentence] so that it is in the past.",
    "Turn [this|the sentence] into the past tense.",
    "Make this past tense.",
)
_PRESENT = Wordings(
    "[Can|Could] you [put|write] this in the present[ tense|]?",
    "Present tense[, please|]:",
    "[Please rewrite|Please change] this in the present tense.",
    "[Convert|Transform] [this|the sentence] to present tense.",
    "What is this in the present tense?",
    "[Put|Write|Rewrite] this [sentence |]in the present tense.",
    "Change [this|the sentence] to the present tense.",
    "Say this as something that happens now.",
    "Turn [this|the sentence] into the present tense.",
    "Make this present tense.",
)
_FUTURE = Wordings(
    "[Can|Could] you [put|write] this in the future[ tense|]?",
    "Future tense[, please|]:",
    "[Please rewrite|Please change] this [in|into] the future tense.",
    "[Convert|Transform] [this|the sentence] to future tense.",
    "[Rewrite|Write] this with will.",
    "[Put|Write|Rewrite] this [sentence |]in the future[ tense|] with will.",
    "Change [this|the sentence] to the future[ with will|].",
    "Say this as something that will happen.",
    "Turn [this|the sentence] into the future tense.",
)
_FIRST = Wordings(
    "[Can|Could] you [write|put] this in the first person?",
    "First person[, please|]:",
    "[Please rewrite|Rewrite] this with I.",
    "[Convert|Transform] this to first person.",
    "[Rewrite|Write] this in the first person.",
    "[Say|Tell] this as if you were {name}[, with I|].",
    "Change this to the first person[, using I|].",
    "Put this [sentence |]in the first person.",
)
_THIRD = Wordings(
    "[Rewrite|Write] this in the third person. The speaker is {name}.",
    "{name} says this. [Write|Rewrite] it in the third person.",
    "Change this from I to {name}.",
    "Say this about {name} [in place|instead] of I.",
)
_QUESTION = Wordings(
    "[Can|Could] you [turn|make] this into a question?",
    "As a question[, please|]:",
    "[Please rewrite|Please turn] this as a question.",
    "[Convert|Transform] this into a question.",
    "What is the question for this statement?",
    "[Turn|Make] this into a question.",
    "Make a question [of|from] this.",
    "Rewrite this as a question.",
    "Change this [sentence |]into a question.",
    "Ask whether this happened.",
)
_NEGATIVE = Wordings(
    "[Can|Could] you make this negative?",
    "Negative[, please|]:",
    "[Please negate|Negate] [this|the sentence].",
    "[Write|Say] that this is not true.",
    "[Add|Put in] a not.",
    "Make this [sentence |]negative.",
    "Say the opposite with not.",
    "Rewrite this [sentence |]with not.",
    "Turn this into a negative sentence.",
    "Say that this did not happen.",
)
_POLITE = Wordings(
    "[Can|Could] you make this [more polite|politer|friendlier]?",
    "[More politely|Politely][, please|]:",
    "[Please rewrite|Rewrite] this [more politely|in a friendly, polite tone].",
    "This sounds rude. [Make it polite|Say it nicely].",
    "[Write|Say] this [nicely|with please].",
    "[Say|Ask|Write] this [more politely|in a polite way].",
    "Make this [more |]polite.",
    "Rewrite this as a polite request.",
    "Turn this into a polite question.",
    "How can I say this politely?",
)
_UPPER = Wordings(
    "[Can|Could] you write this in [capitals|capital letters]?",
    "[Uppercase|All caps|Capital letters][, please|]:",
    "[Convert|Change] this to uppercase.",
    "[Please write|Shout] this in capital letters.",
    "[Write|Put|Rewrite] this in capital letters.",
    "Change this to upper case.",
    "Make all letters capitals.",
    "Put everything in capitals.",
)
_LOWER = Wordings(
    "[Can|Could] you write this in small letters?",
    "[Lowercase|Small letters][, please|]:",
    "[Convert|Change] this to lowercase.",
    "[Write|Put|Rewrite] this in small letters.",
    "Change this to lower case.",
    "Make all letters small.",
)
_SHORT = Wordings(
    "[Can|Could] you make this shorter?",
    "[Shorter|Fewer words][, please|]:",
    "[Please shorten|Trim|Tighten] [this|the sentence].",
    "This is too long. [Make it short|Say it briefly].",
    "[Leave out|Take out] what is not needed.",
    "[Write|Say] the same [more briefly|in fewer words].",
    "Make this [sentence |]shorter.",
    "Say this in [fewer words|a shorter way].",
    "[Rewrite|Write] this with fewer words.",
    "Shorten this[ sentence|].",
    "Cut this down to what matters.",
)
_OPENINGS = Phrases(
    "[On|Late on] [a cold and windy|a warm and sunny|a long and rainy|a bright and quiet] [morning|evening|afternoon], ",
    "[After a long day|After a good night's sleep|Without saying a word|With a smile on {their} face], ",
    "As [far as I know|everybody could see|the neighbours later told us], ",
    "[Because there was nothing else to do|Since it was such a fine day|Although {they} was rather tired], ",
)
_ENDINGS = Phrases(
    "",
    ", [which took quite a while|as {they} [often did|had done before]|and it was not easy at all]",
    " [very slowly and carefully|without any hurry|all by {self}|with great care]",
)


def _past(draw: Draw, held: bool, one: Sentence) -> Made:
    time = draw.pick(PRESENT_TIMES) if draw.chance(0.25) else ""
    future = not time and draw.chance(0.2)
    given = one.future() if future else one.going() if not time and draw.chance(0.2) else one.present(time)
    right = one.past(time)
    return _PAST(draw, held, {}), given, right, equals(right)


def _present(draw: Draw, held: bool, one: Sentence) -> Made:
    right = one.present()
    return _PRESENT(draw, held, {}), one.past(), right, equals(right, one.going())


def _future(draw: Draw, held: bool, one: Sentence) -> Made:
    right = one.future()
    return _FUTURE(draw, held, {}), one.past() if draw.chance(0.5) else one.present(), right, equals(right)


def _first(draw: Draw, held: bool, one: Sentence) -> Made:
    slots = {"name": one.who.text}
    if draw.chance(0.6):
        time = draw.pick(PAST_TIMES) if draw.chance(0.4) else ""
        given, right = one.past(time), one.first_past(time)
    else:
        given, right = one.present(), one.first_present()
    return _FIRST(draw, held, slots), given, right, equals(right)


def _third(draw: Draw, held: bool, one: Sentence) -> Made:
    time = draw.pick(PAST_TIMES) if draw.chance(0.4) else ""
    they = one._replace(who=one.who._replace(text=one.who.they.capitalize()))
    right = one.past(time)
    return (
        _THIRD(draw, held, {"name": one.who.text}),
        one.first_past(time),
        right,
        equals(right, they.past(time)),
    )


def _question(draw: Draw, held: bool, one: Sentence) -> Made:
    right = one.question()
    return _QUESTION(draw, held, {}), one.past(), right, equals(right)


def _negative(draw: Draw, held: bool, one: Sentence) -> Made:
    right = one.negative()
    return _NEGATIVE(draw, held, {}), one.past(), right, equals(right, right.replace("did not", "didn't"))


def _polite(draw: Draw, held: bool, one: Sentence) -> Made:
    given = one.command()
    core = given[:1].lower() + given[1:-1]
    right = draw.pick((f"Could you please {core}?", f"Would you please {core}?", f"Please {core}."))

    def checked(answer: str) -> bool:
        wanted, said = plain(core), plain(answer)
        kind = says(said, ["please", "kindly", "would you mind", "could you", "would you"])
        return kind and wanted in said and len(words_of(said)) <= len(words_of(core)) + 10

    return _POLITE(draw, held, {}), given, right, checked


def _upper(draw: Draw, held: bool, one: Sentence) -> Made:
    given = one.past()
    if draw.chance(0.3):
        return _LOWER(draw, held, {}), given, given.lower(), equals_exactly(given.lower(), given.lower()[:-1])
    return _UPPER(draw, held, {}), given, given.upper(), equals_exactly(given.upper(), given.upper()[:-1])


def _shorter(draw: Draw, held: bool, one: Sentence) -> Made:
    right = one.past()
    slots = {"their": one.who.their, "they": one.who.they, "self": f"{one.who.them}self"}
    given = f"{_OPENINGS(draw, slots)}{right[:-1]}{_ENDINGS(draw, slots)}."

    def checked(answer: str) -> bool:
        must = [one.who.text], [one.action.verb.past], [one.action.what.replace("{their}", one.who.their)]
        most = 0.7 * len(words_of(given))
        return all(says(answer, part) for part in must) and len(words_of(answer)) <= most

    return _SHORT(draw, held, {}), given, right, checked


FORMS: dict[str, Callable[[Draw, bool, Sentence], Made]] = {
    "past": _past,
    "present": _present,
    "future": _future,
    "first": _first,
    "third": _third,
    "question": _question,
    "negative": _negative,
    "polite": _polite,
    "capitals": _upper,
    "shorter": _shorter,
}
_FORM_LIST = tuple(FORMS.values())


def make(draw: Draw, held: bool) -> Task:
    form = draw.pick(_FORM_LIST)
    instruction, content, right, check = form(draw, held, sentence(draw, held, 0.3))
    return Task("rewrite", laid_out(draw, instruction, content), right, check)
