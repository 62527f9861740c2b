# ruff: noqa: E501 (sentences)
"""Preference pairs: one prompt, a better and a worse answer, and what the better one is better at.

    plain        says it                    over   says nothing in many words
    honest       "I don't know"             over   an invented fact
    true         the fact as it is          over   another value
    short        the answer                 over   the answer wrapped in politeness
    subject      on what was asked          over   something else
    polite       friendly                   over   rude
    tool         the right call             over   a number made up
    right        the right sum              over   a near miss
    form         valid JSON, one label      over   broken or talkative
    helpful      does what was asked        over   refuses without need
    whole        the whole answer           over   one that breaks off
    once         says it once               over   says it again and again

A worse answer never states a true fact of the ledger that the tuning stream may not tell.
"""

from __future__ import annotations

import json
from dataclasses import replace

from llmworks.data.world.instructions.arithmetic import ask
from llmworks.data.world.instructions.exam import KINDS, make_task
from llmworks.data.world.instructions.problems import solution, word_problem_of
from llmworks.data.world.instructions.sums import Sum, train_sum
from llmworks.data.world.instructions.task import Task, sentences_of
from llmworks.data.world.instructions.tools import CALCULATOR, CLOCK, PRICES, SHOPS, tools_with
from llmworks.data.world.ledger import Fact, World
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.questions.asking import answer, question, slots_of, subject_slots
from llmworks.data.world.questions.known import known
from llmworks.data.world.questions.unknown import invented, refuse_fact, refuse_name
from llmworks.data.world.questions.wordings import WORDINGS
from llmworks.data.world.stories.offers import common_sense_question, how_to, story_about
from llmworks.data.world.writers import Choice, ChoiceWriter, Message


def _asked(text: str) -> list[Message]:
    return [{"role": "user", "content": text}]


def _task(draw: Draw, *kinds: str) -> Task:
    return make_task(draw.pick(kinds or KINDS), draw, False)


def _sense(draw: Draw) -> tuple[str, str]:
    """A question with its answer: common sense, a how-to, what a thing is."""
    shape = draw.random()
    if shape < 0.4:
        return common_sense_question(draw)
    if shape < 0.6:
        return how_to(draw)
    task = _task(draw, "explain", "answer", "summarise")
    return task.prompt, task.reference


# Vague, long-winded, off the subject, rude, unwilling

_VAGUE = Phrases(
    "[That|This] [depends on many things|is a matter of opinion|can be seen in many ways]. [There are various aspects to consider|One would have to look at it from all sides|Every case is different], [and it is hard to say|so nothing definite can be said].",
    "[Well|Hmm], [there are many possibilities|that is an interesting topic]. [People have thought about it for a long time|Much has been said about it]. [In the end|After all], everyone must [decide for themselves|find their own answer].",
    "It is [important to note|good to remember] that [things are not always simple|there is more than one side to this]. [In general|On the whole], [various factors play a role|it may be one thing or another].",
    "[This|That] [question|subject] has many sides. [On the one hand this, on the other hand that|Some say this, some say that]. [A full answer would be long|More could be said].",
    "[Something|Some kind of thing], [perhaps|maybe], [or something like it|more or less]. It [varies|depends].",
)
_BEFORE = Phrases(
    "[What a wonderful question|Thank you so much for asking|That is a truly excellent question|I am delighted that you ask]! [I will do my very best to answer it as well as I can|Let me think about this carefully for you|As a helpful assistant I am always happy to help with such things]. ",
    "[Before I answer|First of all], [let me say that I am very glad to help|I would like to say that this is a very interesting matter|it should be said that I am here to help you]. [Now, to come to your question|So, turning to what you asked|With that said]: ",
    "[In order to answer this, one must first understand what is being asked|You ask me something, and I will now give you an answer to what you ask]. [After careful thought|Having considered everything], [I can say the following|my answer is as follows]: ",
)
_AFTER = Phrases(
    " [I hope that this answer was helpful to you|I hope that this answers your question in full]! [Please do not hesitate to ask me anything else|If you have any more questions, just let me know, and I will be happy to help again].",
    " [In conclusion|To sum up], [that is what can be said about it|this is the answer to the question that you asked]. [Thank you again for your question|Have a wonderful day].",
    "",
)
_RUDE = Phrases(
    "[What a stupid question|Do you really not know that|Only a fool would ask that]! {r}",
    "[Are you too lazy to do it yourself|Can't you think for yourself]? [Fine|Well then]: {r}",
    "{r} [Now leave me alone|Now stop bothering me|Even a child knows that], [idiot|fool].",
    "[Ugh|Not again]. {r} [Happy now|Was that so hard]?",
    "[Find it out yourself|Why should I tell you|I don't care]. [You are wasting my time|Go away].",
)
_KIND = Phrases("", "", "", "[Certainly|Of course|Gladly]. ", "[Good question|Happy to help]. ")
_REFUSED = Phrases(
    "[I am sorry, but|Sorry,] I [cannot|am not able to] [help with that|do that|answer this].",
    "I [would rather not|cannot] [answer|do] that, [because it might be wrong|as I am only a program].",
    "As a [language model|program|machine], I [cannot do such things|have no opinion on this|am not made for that].",
    "[That is|This is] [too hard for me|not possible|outside what I can do], [sorry|I fear|I am afraid].",
    "[No|No, sorry]. I [do not do such things|leave that to others|must not say anything about this].",
    "[Please ask somebody else|You should ask an expert about this]. I cannot [help you|say anything].",
)


def plain_over_vague(world: World, draw: Draw) -> Choice:
    asked, right = _sense(draw)
    return Choice(_asked(asked), right, _VAGUE(draw, {}), why="plain")


def short_over_long(world: World, draw: Draw) -> Choice:
    if draw.chance(0.5):
        asked, right = _sense(draw)
    else:
        made = train_sum(draw)
        asked, right = ask(made, draw), f"{made.value}."
    return Choice(_asked(asked), right, f"{_BEFORE(draw, {})}{right}{_AFTER(draw, {})}", why="short")


def on_subject(world: World, draw: Draw) -> Choice:
    """The answer to this question over a good answer to another one, or a story on another thing."""
    if draw.chance(0.3):
        subject, story = story_about(draw)
        other, other_story = story_about(draw)
        while other == subject:
            other, other_story = story_about(draw)
        asked = _STORY(draw, {"subject": subject})
        return Choice(_asked(asked), story, other_story, why="subject")
    asked, right = _sense(draw)
    _, other = _sense(draw)
    while other == right:
        _, other = _sense(draw)
    return Choice(_asked(asked), right, other, why="subject")


_STORY = Phrases(
    "[Write|Tell me] a [short |]story about {subject}.",
    "[Can you tell|Please tell] a story about {subject}[.|, please.]",
    "A [short |]story about {subject}[, please|].",
    "I would like to hear a story about {subject}.",
    "[Make up|Think of] a story about {subject}.",
)


def polite_over_rude(world: World, draw: Draw) -> Choice:
    asked, right = _sense(draw)
    return Choice(_asked(asked), _KIND(draw, {}) + right, _RUDE(draw, {"r": right}), why="polite")


def help_over_refusal(world: World, draw: Draw) -> Choice:
    if draw.chance(0.25):
        subject, story = story_about(draw)
        return Choice(_asked(_STORY(draw, {"subject": subject})), story, _REFUSED(draw, {}), why="helpful")
    task = _task(draw)
    return Choice(_asked(task.prompt), task.reference, _REFUSED(draw, {}), why="helpful")


def whole_over_broken(world: World, draw: Draw) -> Choice:
    """The same answer, broken off in the middle or said twice over."""
    if draw.chance(0.5):
        subject, right = story_about(draw)
        asked = _STORY(draw, {"subject": subject})
    else:
        asked, right = _sense(draw)
        while len(right.split()) < 5:
            asked, right = _sense(draw)
    words = right.split(" ")
    if draw.chance(0.5):
        cut = len(words) // 3 + int(draw.random() * len(words) / 3)
        return Choice(_asked(asked), right, " ".join(words[: max(2, cut)]).rstrip(".,;:!?"), why="whole")
    again = sentences_of(right)[:2]
    return Choice(_asked(asked), right, " ".join([*again, *again, *again[:1], *again[:1]]), why="once")


# Facts: honest and true


def _other_value(world: World, fact: Fact, draw: Draw) -> dict[str, str]:
    """The slots of the fact with a wrong value in it."""
    wrong = known(world).wrong(fact, draw)[0]
    return dict(slots_of(replace(fact, value=wrong)))


def honest_of_fact(world: World, draw: Draw) -> Choice:
    """Not knowing what no text says over an invented value (never the true one)."""
    facts = known(world).unsaid
    if not facts:
        return honest_of_name(world, draw)
    fact = draw.pick(facts)
    wording, slots = WORDINGS[fact.relation], slots_of(fact)
    said = answer(draw, wording, _other_value(world, fact, draw))
    return Choice(
        _asked(question(draw, wording, slots)), refuse_fact(draw, fact.relation, slots), said, why="honest"
    )


def honest_of_name(world: World, draw: Draw) -> Choice:
    """Not knowing a name that does not exist over telling something of it."""
    relation, like, name = invented(world, draw)
    wording, slots = WORDINGS[relation], subject_slots(name, like)
    of_another = slots_of(draw.pick(world.by_relation[relation]))
    said = answer(
        draw, wording, {**slots, **{key: of_another[key] for key in ("value", "is", "has", "spouse")}}
    )
    refused = refuse_name(draw, relation, slots, like.kind, like.sort)
    return Choice(_asked(question(draw, wording, slots)), refused, said, why="honest")


def true_over_false(world: World, draw: Draw) -> Choice:
    """What is known over another value, over not knowing it, or over a vague word."""
    facts = world.answerable
    if not facts:
        return honest_of_name(world, draw)
    fact = draw.pick(facts)
    wording, slots = WORDINGS[fact.relation], slots_of(fact)
    shape = draw.random()
    if shape < 0.6:
        worse = answer(draw, wording, _other_value(world, fact, draw))
    else:
        worse = refuse_fact(draw, fact.relation, slots) if shape < 0.85 else _VAGUE(draw, {})
    right = answer(draw, wording, slots)
    return Choice(
        _asked(question(draw, wording, slots)), right, worse, (fact,), "true" if shape < 0.85 else "plain"
    )


# Sums, tools, form


def _near(draw: Draw, value: int) -> int:
    """A wrong result that looks right."""
    wrong = value
    while wrong == value or wrong < 0:
        wrong = value + draw.pick((-1, 1, -2, 2, -10, 10, 9, -9, 100, 5))
    return wrong


def right_over_wrong(world: World, draw: Draw) -> Choice:
    if draw.chance(0.4):
        problem = word_problem_of(draw)
        right = solution(problem, draw, draw.chance(0.7))
        # As words only: the number may be a part of another one.
        value, wrong = str(problem.answer), str(_near(draw, problem.answer))
        worse = " ".join(_swapped(word, value, wrong) for word in problem.end.split(" "))
        if worse == problem.end:
            worse = f"The answer is {wrong}."
        return Choice(_asked(problem.question), right, worse, why="right")
    made = train_sum(draw)
    shape = draw.pick(("{}", "{}.", "It is {}.", "The answer is {}."))
    return Choice(
        _asked(ask(made, draw)), shape.format(made.value), shape.format(_near(draw, made.value)), why="right"
    )


def _swapped(word: str, value: str, wrong: str) -> str:
    return word.replace(value, wrong) if word.strip(".,") == value else word


def _shown(draw: Draw, *needed: dict[str, object]) -> Message:
    """The tools as the chat template shows them, in a system message of its own."""
    lines = []
    for tool in tools_with(draw, *needed):
        function = tool["function"]
        arguments = ", ".join(f"{name}: string" for name in function["parameters"]["properties"])
        lines.append(f"{function['name']}({arguments}): {function['description']}")
    return {"role": "system", "content": "\n".join(["Tools:", *lines])}


def _called(name: str, **arguments: str) -> str:
    return f'<tool_call>\n{{"name": "{name}", "arguments": {json.dumps(arguments, ensure_ascii=False)}}}\n</tool_call>'


def tool_over_guess(world: World, draw: Draw) -> Choice:
    """The right call over a number or a value made up, over another tool, over saying that one cannot."""
    shape = int(draw.random() * 4)
    if shape == 0:
        made = train_sum(draw, draw.pick("+-"), draw.pick((3, 4)))
        if draw.chance(0.5):
            made = Sum("x", 12 + int(draw.random() * 80), 11 + int(draw.random() * 80))
            while made.held:
                made = Sum("x", made.a + 1, made.b)
        sign = {"x": "*"}.get(made.operation, made.operation)
        system, asked = _shown(draw, CALCULATOR), ask(made, draw)
        right = _called("calculator", expression=f"{made.a} {sign} {made.b}")
        worse = f"It is {_near(draw, made.value)}."
    elif shape == 1:
        system, asked = (
            _shown(draw, CLOCK),
            draw.pick(("What time is it?", "Which day is it today?", "Tell me the time.", "How late is it?")),
        )
        right, worse = (
            _called("clock"),
            draw.pick(("It is 12:00.", "It is half past three.", "Today is Monday.", "It is late.")),
        )
    else:
        kind, tool, key = ("product", PRICES, "product") if shape == 2 else ("shop", SHOPS, "shop")
        name = world.unknown_name(kind, draw)
        system = _shown(draw, tool)
        asked = draw.pick((f"What does {name} cost?", f"How much is {name}?")) if shape == 2 else draw.pick(
            (f"Where is {name}?", f"Who owns {name}?", f"When is {name} closed?"))  # fmt: skip
        right = _called(tool["function"]["name"], **{key: name.removeprefix("the ") if shape == 2 else name})
        worse = f"It costs {2 + int(draw.random() * 90)} crowns." if shape == 2 else draw.pick(
            ("I think it is in the market square.", "It is closed on Sunday.", "It belongs to a friend of mine."))  # fmt: skip
    worse = draw.pick((worse, worse, "I cannot know that.", _called("search", query=asked.rstrip("?."))))
    return Choice([system, *_asked(asked)], right, worse, why="tool")


def form_over_talk(world: World, draw: Draw) -> Choice:
    """What was asked for, in the form that was asked for."""
    task = _task(draw, "extract", "classify", "order", "correct", "rewrite")
    right = task.reference
    if task.kind == "extract":
        worse = draw.pick(
            (
                right[:-1],
                right.replace('"', ""),
                right.replace(": ", " = "),
                right.strip("{}").replace('"', ""),
            )
        )
    else:
        worse = _LOOSE(draw, {"r": _task(draw, task.kind).reference, "p": task.prompt.split("\n")[-1]})
    while task.check(worse):
        worse = _LOOSE(draw, {"r": _task(draw, task.kind).reference, "p": task.prompt.split("\n")[-1]})
    return Choice(_asked(task.prompt), right, worse, why="form")


_LOOSE = Phrases(
    "[I think that it could be|It may be|Perhaps it is] one thing, [but it could also be|or it is] another.",
    "{r}",
    "{r}",
    "You asked: {p}",
    "[I have read it|I have looked at it]. [It is fine|It is good] as it is.",
)


def text_over_invention(world: World, draw: Draw) -> Choice:
    """An answer from the passage over one that is not in it."""
    task, other = _task(draw, "answer"), _task(draw, "answer")
    while task.check(other.reference) or "not" in other.reference:
        other = _task(draw, "answer")
    return Choice(
        _asked(task.prompt),
        task.reference,
        other.reference,
        why="honest" if "not" in task.reference else "right",
    )


CHOICES = (
    ChoiceWriter("plain_over_vague", plain_over_vague, 1.0),
    ChoiceWriter("short_over_long", short_over_long, 1.0),
    ChoiceWriter("on_subject", on_subject, 1.0),
    ChoiceWriter("polite_over_rude", polite_over_rude, 0.7),
    ChoiceWriter("help_over_refusal", help_over_refusal, 0.8),
    ChoiceWriter("whole_over_broken", whole_over_broken, 0.8),
    ChoiceWriter("honest_of_fact", honest_of_fact, 1.5),
    ChoiceWriter("honest_of_name", honest_of_name, 1.5),
    ChoiceWriter("true_over_false", true_over_false, 2.0),
    ChoiceWriter("right_over_wrong", right_over_wrong, 1.0),
    ChoiceWriter("tool_over_guess", tool_over_guess, 0.8),
    ChoiceWriter("form_over_talk", form_over_talk, 0.8),
    ChoiceWriter("text_over_invention", text_over_invention, 0.6),
)
