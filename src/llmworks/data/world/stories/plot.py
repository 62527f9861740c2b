"""The plot engine: a plot is a row of beats, and a beat is one of several ways to say a step.

    Plot = (beat, beat, ...)
    beat = one line of several | maybe a line | some of the lines | one of several branches

A line is of the notation of `phrases.py`, with `<words>` for the small choices that many lines share. What
happens follows from the branch drawn, and everything else (who, what, where) from one cast, so a story keeps to
itself. After TinyStories (Eldan and Li, 2023, arXiv:2305.07759): simple words, a wish, a turn, an ending that
follows.
"""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from llmworks.data.world.phrases import Draw, Phrases, Slots

WORDS = {
    "glad": "[glad|happy|pleased|delighted|thankful]",
    "sad": "[sad|unhappy|miserable|close to tears|upset]",
    "smiled": "[smiled|laughed|grinned|beamed]",
    "think": "[thought for a while|thought hard|thought about it for a long time|sat down to think|thought it over]",
    "next": "[The next day|The next morning|On the following day|The day after|Early the next day]",
    "soon": "[Soon|Before long|After a while|A little later|In no time]",
    "then": "[Then|At that moment|Just then|All at once|Suddenly]",
    "gently": "[slowly|carefully|gently|softly]",
    "evening": "[That evening|That night|In the evening|When evening came|At bedtime]",
    "fromthen": "[From then on|From that day on|After that day|Ever since]",
    "atlast": "[At last|In the end|Finally|After a long time]",
    "everyone": "[everyone|everybody]",
    "began": "[began|started]",
    "heart": "[{his} heart beating fast|{his} cheeks red|out of breath|feeling brave|feeling a little afraid]",
}


def opened(line: str) -> str:
    """The line with each `<word>` replaced by its choice."""
    for word, choice in WORDS.items():
        mark = f"<{word}>"
        while (at := line.find(mark)) >= 0:
            starts = at == 0 or line[max(0, at - 2) : at] in (". ", "! ", "? ", '" ')
            if not starts or at:  # at the very start, what is told gets its capital later
                turn = str.upper if starts else str.lower
                choice = "[" + "|".join(turn(part[:1]) + part[1:] for part in choice[1:-1].split("|")) + "]"
            line = line[:at] + choice + line[at + len(mark) :]
    return line


class Say:
    """One of the lines."""

    def __init__(self, *lines: str) -> None:
        self.phrases = Phrases(*map(opened, lines))

    def tell(self, draw: Draw, slots: Slots, out: list[str]) -> None:
        out.append(self.phrases(draw, slots))


class Maybe(Say):
    """One of the lines, or nothing."""

    def __init__(self, share: float, *lines: str) -> None:
        super().__init__(*lines)
        self.share = share

    def tell(self, draw: Draw, slots: Slots, out: list[str]) -> None:
        if draw.random() < self.share:
            out.append(self.phrases(draw, slots))


class Some:
    """`least` to `most` of the lines, each once, in random order."""

    def __init__(self, least: int, most: int, *lines: str) -> None:
        self.least, self.most = least, most
        self.lines = [Phrases(opened(line)) for line in lines]

    def tell(self, draw: Draw, slots: Slots, out: list[str]) -> None:
        count = self.least + int(draw.random() * (self.most - self.least + 1))
        lines = self.lines[:]
        for _ in range(count):
            out.append(lines.pop(int(draw.random() * len(lines)))(draw, slots))


class Either:
    """One of the branches, each a row of beats."""

    def __init__(self, *branches: Sequence[Beat]) -> None:
        self.branches = branches

    def tell(self, draw: Draw, slots: Slots, out: list[str]) -> None:
        for beat in draw.pick(self.branches):
            beat.tell(draw, slots, out)


Beat = Say | Some | Either


@dataclass(frozen=True, slots=True)
class Plot:
    """`subject` says what the story is about; `things` are the objects (nouns) that it can be about, if any.

    `age` is "child", "adult" or "any"; `opener` whether an opening about the hero, the day or the weather may stand
    before the first beat; `animals` are the heroes of a fable (then nobody has a human's name).
    """

    name: str
    subject: tuple[str, ...]
    beats: tuple[Beat, ...]
    things: tuple[str, ...] = ()
    age: str = "child"
    opener: bool = True
    fable: bool = False
    keywords: tuple[str, ...] = ()
