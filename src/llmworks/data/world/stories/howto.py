"""How-tos: the same steps as prose, as a numbered list, as a recipe card, as a talk, or as an answer to a question."""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.stories.cast import BOYS, ELDERS, GIRLS
from llmworks.data.world.stories.howto_tables import HOW_TOS

_NAMES = GIRLS + BOYS
_ASK = Phrases(
    "How do I {do}?", "How do you {do}?", "Can you tell me how to {do}?", "How can I {do}?", "What is the best way to {do}?", "I want to {do}. How does it work?",
    "Please explain how to {do}.", "I have never done this before: how does one {do}?", "Show me the steps to {do}.", "What do I have to do to {do}?",
)  # fmt: skip
_HEAD = Phrases(
    "How to {do}", "How to {do}", "{Do}", "To {do}, step by step", "A short guide: how to {do}", "How we {do}", "Today we {do}",
)  # fmt: skip
_NEED = Phrases(
    "You need {need}.",
    "You will need {need}.",
    "Get {need} ready.",
    "What you need: {need}.",
    "Have {need} at hand.",
)
_PROSE = Phrases(
    "To {do}, you need {need}. ", "It is easy to {do}. ", "Anyone can {do}. ", "This is how to {do}. ", "If you want to {do}, get {need} ready. ",
    "My [grandmother|father|aunt|uncle] taught me how to {do}. ", "There is nothing difficult about it. ", "Here is how I {do}. ",
    "[Some people|Many people] never learn how to {do}. It goes like this. ",
)  # fmt: skip
_FIRSTS = ("First, ", "First of all, ", "To begin with, ", "Start like this: ", "First ", "")
_NEXTS = ("Then ", "Then ", "After that, ", "Next, ", "Now ", "When that is done, ", "", "", "And then ")
_LASTS = ("Finally, ", "At the end, ", "Last of all, ", "Then ", "As the last step, ", "")
_OPENED = Phrases(
    "{a}: Can you show me how to {do}?", "{a}: I've never been able to {do}. Is it hard?", "{a}: How do you {do}?",
    "{a}: I'd like to learn how to {do}.", "{a}: Could you help me? I want to {do}.",
)  # fmt: skip
_YES = Phrases(
    "{b}: Of course. [You need|Get] {need}.", "{b}: It's easy. Have you got {need}?", "{b}: Gladly. First you need {need}.", "{b}: Yes. All it takes is this: {need}.",
)  # fmt: skip
_REPLY = (
    "And then?",
    "What next?",
    "All right. And now?",
    "I see. And after that?",
    "Done. What now?",
    "Like this?",
    "Go on.",
    "Good. What comes next?",
)
_BEGIN = (
    "Yes, it is all here. What comes first?",
    "I have everything. How do I begin?",
    "That's no problem. Where do I start?",
    "Good, and what is the first step?",
    "All right. I'm listening.",
)
_DONE = Phrases(
    "{a}: It worked! Thank you.", "{a}: That's easier than I thought.", "{a}: Thanks. Next time I'll do it alone.", "{a}: I'll remember that.",
    "{a}: Wonderful. Thank you, {b}.", "{a}: Now I see. Thanks!",
)  # fmt: skip


def _cap(text: str) -> str:
    return text[:1].upper() + text[1:]


def _prose(draw: Draw, steps: tuple[str, ...]) -> str:
    last = len(steps) - 1
    out, at = [], 0
    while at <= last:
        lead = draw.pick(_FIRSTS) if at == 0 else draw.pick(_LASTS) if at == last else draw.pick(_NEXTS)
        step = steps[at]
        if 0 < at < last - 1 and draw.random() < 0.35:  # two steps in one sentence
            at += 1
            step = f"{step}, {draw.pick(('and then', 'and'))} {steps[at]}"
        out.append(_cap(f"{lead}{step}."))
        at += 1
    return " ".join(out)


def _numbered(draw: Draw, steps: tuple[str, ...]) -> str:
    form = draw.pick(("{n}. {s}.", "{n}. {s}.", "{n}) {s}.", "Step {n}: {s}.", "- {s}."))
    return "\n".join(form.format(n=at, s=_cap(step)) for at, step in enumerate(steps, 1))


def how_to(draw: Draw) -> tuple[str, str]:
    """(question, answer)."""
    do, need, steps, hint = draw.pick(HOW_TOS)
    slots = {"do": do, "need": need}
    random = draw.random
    parts = []
    if random() < 0.5:
        parts.append(_NEED(draw, slots))
    listed = random() < 0.4
    parts.append(_numbered(draw, steps) if listed else _prose(draw, steps))
    if random() < 0.6:
        parts.append(hint)
    return _ASK(draw, slots), ("\n" if listed else " ").join(parts)


def write_how_to(draw: Draw) -> str:
    luck = draw.random()
    do, need, steps, hint = draw.pick(HOW_TOS)
    slots = {"do": do, "need": need}
    if luck < 0.35:
        text = _PROSE(draw, slots) + _prose(draw, steps)
        return text + " " + hint if draw.random() < 0.6 else text
    if luck < 0.65:
        parts = [_cap(_HEAD(draw, slots)) + draw.pick((":", "", ""))]
        if draw.random() < 0.6:
            parts.append(_NEED(draw, slots))
        parts.append(_numbered(draw, steps))
        if draw.random() < 0.6:
            parts.append(draw.pick(("", "", "Tip: ", "Hint: ", "Note: ")) + hint)
        return ("\n" if draw.random() < 0.6 else "\n\n").join(parts)
    if luck < 0.8:
        question, answer = how_to(draw)
        return f"{draw.pick(('', '', 'Q: '))}{question}\n{answer}"
    return _talk(draw, slots, steps, hint)


def _talk(draw: Draw, slots: dict[str, str], steps: tuple[str, ...], hint: str) -> str:
    a, b = draw.pick(_NAMES), draw.pick(ELDERS)[0]
    slots |= {"a": a, "b": b}
    lines = [_OPENED(draw, slots), _YES(draw, slots)]
    at, replies = 0, draw.sample(_REPLY, 4)
    while at < len(steps):
        step = _cap(steps[at])
        asked = draw.pick(_BEGIN) if at == 0 else replies.pop() if replies else "And then?"
        at += 1
        if at < len(steps) and draw.random() < 0.6:
            step += f". {draw.pick(('Then ', 'After that, ', 'And then '))}{steps[at]}"
            at += 1
        lines.append(f"{a}: {asked}")
        lines.append(f"{b}: {step}.")
    if draw.random() < 0.6:
        lines.append(f"{b}: {hint}") if lines[-1].startswith(f"{a}:") else lines.append(
            f"{a}: Anything else?"
        )
        if lines[-1].startswith(f"{a}:"):
            lines.append(f"{b}: {hint}")
    lines.append(_DONE(draw, slots))
    return "\n".join(lines)
