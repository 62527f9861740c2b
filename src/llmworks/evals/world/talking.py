"""Conversations of six turns: a greeting, facts by name and by pronoun, something unknown, a sum, thanks.

1 Hello!                                   any whole, plain answer
2 Where does Mara Tollen live?             right
3 And when was she born?                   right: she must still be known from turn 2
4 Who is Orla Wexmoor?  (nobody)           says that it does not know
5 What is 12 + 7?                          right
6 Thank you, goodbye!                      any whole, plain answer
"""

from __future__ import annotations

from llmworks.data.world.instructions.exam import arithmetic_question
from llmworks.data.world.ledger import Entity, Fact, World
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.questions import exam
from llmworks.evals.world.source import Options, Row, luck, world_of

_OPEN = Phrases(
    "Hello!", "Hi there.", "Good morning!", "Hello, how are you?", "Good evening. How are you today?"
)
_CLOSE = Phrases(
    "Thank you, goodbye!", "Thanks for your help. Bye!", "That was all. Thank you!", "Thanks, bye."
)
_FOLLOW = {
    "born_in": "And where was {they} born?",
    "born_year": "And in what year was {they} born?",
    "lives_in": "And where does {they} live?",
    "job": "And what is {their} job?",
    "hobby": "And what does {they} like to do?",
    "pet": "And what pet does {they} have?",
    "favourite_food": "And what does {they} like to eat?",
    "best_friend": "And who is {their} best friend?",
    "married_to": "And who is {they} married to?",
}
"""Questions with a pronoun; about people, since a pronoun for a shop may also mean its owner."""


def conversations(options: Options) -> list[Row]:
    """`turns`: what is said, with what the answer must be (`expects`: right, refusal, number, words)."""
    world, draw = world_of(options), luck(options, "conversation")
    people = [entity for entity in world.by_kind["person"] if len(_known(world, entity)) > 1]
    return [
        {"name": entity.name, "turns": _turns(world, draw, entity)}
        for entity in draw.some(people, int(options["count"]))
    ]


def _known(world: World, entity: Entity) -> list[Fact]:
    """Facts that the training texts say often and that the tuning conversations may ask for."""
    return [fact for fact in entity.facts.values() if world.may_answer(fact) and fact.relation in _FOLLOW]


def _turns(world: World, draw: Draw, entity: Entity) -> list[Row]:
    first, second = draw.some(_known(world, entity), 2)
    nobody = exam.nonexistent(world, draw)
    question, number = arithmetic_question(draw, 1, "+")
    pronouns = {"they": entity.they, "their": entity.their}
    return [
        _turn("greeting", _OPEN(draw, {}), "words"),
        _turn("fact", exam.fact_question(world, first, draw)[0], "right", first.value),
        _turn("pronoun", _FOLLOW[second.relation].format(**pronouns), "right", second.value),
        _turn("unknown", nobody.question, "refusal"),
        _turn("sum", question, "number", number),
        _turn("thanks", _CLOSE(draw, {}), "words"),
    ]


def _turn(name: str, say: str, expects: str, value: str = "") -> Row:
    return {"name": name, "say": say, "expects": expects, "value": value}
