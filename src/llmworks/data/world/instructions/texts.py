"""The ten kinds as talks for tuning and as plain texts, with the common sense that they ask for."""

from __future__ import annotations

from collections.abc import Callable

from llmworks.data.world.instructions.exam import KINDS, make_task
from llmworks.data.world.instructions.kinds.explain import explained
from llmworks.data.world.instructions.nouns import ALIKE_PAIRS, CATEGORIES, MANY, MEANINGS, OPPOSITES
from llmworks.data.world.instructions.task import Task
from llmworks.data.world.instructions.words import in_words, joined, plural
from llmworks.data.world.ledger import World
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.stories.offers import story_about
from llmworks.data.world.writers import FreeWriter, Message, Talk, TalkWriter

# How often each kind is practised: those that need the most practice the most.
SHARES = {
    "summarise": 1.2,
    "rewrite": 1.6,
    "extract": 1.6,
    "classify": 1.2,
    "list": 1.0,
    "continue": 0.8,
    "answer": 1.8,
    "order": 1.6,
    "correct": 1.4,
    "explain": 0.9,
}
_KINDS = tuple(kind for kind, share in SHARES.items() for _ in range(round(10 * share)))
assert set(_KINDS) == set(KINDS)

_SHAPES = (
    "{p}\n\n{r}",
    "{p}\n\n{r}",
    "{p}\n{r}",
    "Instruction: {p}\n\nAnswer: {r}",
    "Task: {p}\n\n{r}",
    "Question: {p}\nAnswer: {r}",
    "Q: {p}\nA: {r}",
    "Exercise. {p}\n\nSolution: {r}",
    "User: {p}\n\nAssistant: {r}",
    "- {p}\n- {r}",
)
_LEADS = Phrases(
    "", "", "", "", "", "",
    "[Here you are|Here it is|Certainly|Of course|Gladly|Yes, of course]:\n",
)  # fmt: skip
_OPENERS = Phrases(
    "", "", "", "",
    "[Hello|Hi|Good morning]! ",
    "[I need some help|Please help me with something|I have a task for you]. ",
    "[A question|A task|An exercise]: ",
)  # fmt: skip
_NEXT = Phrases("", "", "", "[Thank you|Thanks|Good|Great]! ", "[Now this|Another one|And this|Next]: ")
_LEAD_KINDS = frozenset({"summarise", "list", "continue", "extract"})


def instruction_text(world: World, draw: Draw) -> str:
    """One task (seldom two) with its answer, written down as in an exercise book."""
    tasks = [make_task(draw.pick(_KINDS), draw, False) for _ in range(draw.pick((1, 1, 1, 2)))]
    shape = draw.pick(_SHAPES)
    return "\n\n".join(shape.format(p=task.prompt, r=task.reference) for task in tasks)


def _turn(task: Task, draw: Draw, first: bool) -> list[Message]:
    opener = (_OPENERS if first else _NEXT)(draw, {})
    lead = _LEADS(draw, {}) if task.kind in _LEAD_KINDS else ""
    return [
        {"role": "user", "content": opener + task.prompt},
        {"role": "assistant", "content": (lead if first else "") + task.reference},
    ]


def _talk_writer(kind: str) -> Callable[[World, Draw], Talk]:
    def write(world: World, draw: Draw) -> Talk:
        messages = _turn(make_task(kind, draw, False), draw, True)
        while draw.chance(0.2) and len(messages) < 6:
            other = kind if draw.chance(0.5) else draw.pick(_KINDS)
            messages += _turn(make_task(other, draw, False), draw, False)
        return Talk(messages)

    return write


_STORY = Phrases(
    "[Write|Tell me] a [short |]story about {subject}.",
    "[Can you tell|Could you write] a [short |]story about {subject}?",
    "A [short |]story about {subject}[, please|].",
    "[I would like to hear|I want] a story about {subject}.",
    "[Make up|Think of|Invent] a story about {subject}[ for me|].",
    "Story: {subject}",
    "[My little sister wants|The children want] a story about {subject}.",
    "[Do you know|Have you got] a story about {subject}?",
)
_STORY_AGAIN = Phrases(
    "[And now|Now] [one|a story] about {subject}.",
    "[Another one|One more]: {subject}.",
    "[Thank you|That was nice]! [Now|Next] [one|a story] about {subject}[, please|].",
)


def story_talk(world: World, draw: Draw) -> Talk:
    """A story on a subject that the user names; sometimes a second one."""
    messages: list[Message] = []
    for asked in (_STORY, _STORY_AGAIN):
        subject, story = story_about(draw)
        if messages and sum(len(message["content"]) for message in messages) + len(story) > 1500:
            break
        messages += [
            {"role": "user", "content": asked(draw, {"subject": subject})},
            {"role": "assistant", "content": story},
        ]
        if draw.chance(0.85):
            break
    return Talk(messages)


# Common sense: what things are, what belongs together, opposites; every word, for none of this is asked.


def glossary(world: World, draw: Draw) -> str:
    """What one to six things are."""
    words = draw.some(tuple(MEANINGS), draw.pick((1, 1, 2, 3, 4, 6)))
    chosen = [MEANINGS[word] for word in words]
    shape = int(draw.random() * 4)
    if shape == 0:
        return " ".join(_full(explained(draw, one), one.a) for one in chosen)
    if shape == 1:
        return "\n".join(f"{one.word}: {one.what}" for one in chosen)
    if shape == 2:
        return "\n".join(f"{one.word.capitalize()} - {one.what}. It {one.more}." for one in chosen)
    return " ".join(
        _DEFINE(draw, {"a": one.a, "what": one.what, "more": one.more, "word": one.word}) for one in chosen
    )


def _full(text: str, a: str) -> str:
    """An answer that stands alone: "It is a tool" becomes "A spade is a tool"."""
    if text.startswith("It is"):
        return f"{a[:1].upper()}{a[1:]}{text[2:]}"
    return (
        text
        if " is " in text.split(".")[0][: len(a) + 5]
        else f"{a[:1].upper()}{a[1:]} is {text[:1].lower()}{text[1:]}"
    )


_DEFINE = Phrases(
    "{A} is {what}.",
    "We call {what} {a}.",
    "{A} {more}.",
    "{A}, {what}, {more}.",
    "What is {a}? It is {what}.",
    "{What}: that is {a}.",
)


def categories(world: World, draw: Draw) -> str:
    """What belongs together."""
    lines = []
    for name in draw.some(tuple(CATEGORIES), draw.pick((1, 1, 2, 3))):
        words = draw.some(CATEGORIES[name], draw.pick((2, 3, 4, 5)))
        one = words[0]
        many = MANY[name]
        slots = {"many": many, "words": joined(words), "commas": ", ".join(words), "one": one,
                 "a": name if name.endswith("weather") else _a(name), "n": in_words(len(words)),
                 "aone": one if name in _BARE or one in _MASS else _a(one)}  # fmt: skip
        lines.append((_BELONG_BARE if name in _BARE else _BELONG)(draw, slots))
    return " ".join(lines)


_BARE = frozenset(
    {"colour", "drink", "sport", "day of the week", "month", "season", "kind of weather", "kind of fish"}
)
_MASS = frozenset({"spinach", "lettuce", "celery", "pliers"})


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0].lower() in "aeiou" else f"a {noun}"


_BELONG = Phrases(
    "{Words} are {many}.",
    "{Many}: {commas}.",
    "{Aone} is {a}.",
    "There are many {many}, [for example|such as] {words}.",
    "{N} {many} are {words}.",
)
_BELONG_BARE = Phrases(
    "{Words} are {many}.",
    "{Many}: {commas}.",
    "{One} is {a}.",
    "{N} {many} are {words}.",
)


def opposites(world: World, draw: Draw) -> str:
    pairs = draw.some(OPPOSITES, draw.pick((1, 2, 3, 5)))
    shape = int(draw.random() * 3)
    if shape == 0:
        return "\n".join(f"{a} - {b}" for a, b in pairs)
    return " ".join(
        _OPPOSITE(draw, {"a": a, "b": b} if draw.chance(0.5) else {"a": b, "b": a}) for a, b in pairs
    )


_OPPOSITE = Phrases(
    "The opposite of {a} is {b}.",
    "{A} and {b} are opposites.",
    "{A} is the opposite of {b}.",
    "What is the opposite of {a}? {B}.",
)


def differences(world: World, draw: Draw) -> str:
    """How two things of a group differ, told by another sentence than the exercise's."""
    first, second = (MEANINGS[word] for word in draw.pick(ALIKE_PAIRS))
    return _APART(
        draw,
        {
            "a": first.a,
            "what": first.what,
            "more": first.more,
            "b": second.a,
            "what2": second.what,
            "more2": second.more,
        },
    )


_APART = Phrases(
    "{A} {more}. {B} {more2}.",
    "{A} is {what}; it {more}. {B} is {what2}; it {more2}.",
    "{A} is not {b}: {a} {more}, and {b} {more2}.",
)


def plurals(world: World, draw: Draw) -> str:
    words = draw.some(_NOUNS, draw.pick((1, 2, 4)))
    return "\n".join(_PLURAL(draw, {"one": word, "many": plural(word), "aone": _a(word)}) for word in words)


_NOUNS = tuple(
    word
    for name in ("fruit", "bird", "tool", "piece of clothing", "vehicle", "kitchen thing")
    for word in CATEGORIES[name]
    if word != "pliers"
)
_PLURAL = Phrases(
    "One {one}, [two|three|many] {many}.",
    "{one}: {many}",
    "The plural of {one} is {many}.",
    "{Aone} is one; {many} are more than one.",
)

FREE = (
    FreeWriter("instruction", instruction_text, 8.0),
    FreeWriter("glossary", glossary, 0.8),
    FreeWriter("categories", categories, 0.5),
    FreeWriter("opposites", opposites, 0.2),
    FreeWriter("differences", differences, 0.3),
    FreeWriter("plurals", plurals, 0.15),
)
TALKS = (
    *(TalkWriter(f"instruction_{kind}", _talk_writer(kind), share) for kind, share in SHARES.items()),
    TalkWriter("instruction_story", story_talk, 1.5),
)
