"""Stories, common sense, how-tos and talks: whole, consistent, varied, and silent about the ledger."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from llmworks.data.world.build import build_world
from llmworks.data.world.ledger import World
from llmworks.data.world.phrases import Draw
from llmworks.data.world.stories import FREE_WRITERS, offers, telling
from llmworks.data.world.stories.cast import BOYS, GIRLS, cast, fable_cast
from llmworks.data.world.stories.howto_tables import HOW_TOS
from llmworks.data.world.stories.plot import Either, Plot, Say, Some, opened
from llmworks.data.world.stories.sense import question
from llmworks.data.world.stories.sense_tables import PIECES
from llmworks.data.world.stories.small_talk_tables import EVERYDAY

NAMES = frozenset(GIRLS + BOYS)
WRITERS = {writer.name: writer for writer in FREE_WRITERS}
_WORDS = re.compile(r"\w+|[^\w\s]")


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(7, people=300)


@pytest.fixture(scope="module")
def texts(world: World) -> dict[str, list[str]]:
    draw = Draw(11)
    return {name: [writer.write(world, draw) for _ in range(2000)] for name, writer in WRITERS.items()}


def masked(text: str) -> list[str]:
    return ["NAME" if word in NAMES else word for word in _WORDS.findall(text)]


@pytest.mark.parametrize("name", WRITERS)
def test_texts_are_whole(texts: dict[str, list[str]], name: str) -> None:
    for text in texts[name]:
        assert text == text.strip()
        assert 10 < len(text) < 2200
        for sign in ("{", "}", "<", ">", "  ", "|", " .", " ,", "..", ",,", "?.", "!."):
            assert sign not in text, text
        assert text.count('"') % 2 == 0, text
        assert not re.search(r"\b(a) [aeio]\w", text), text
        assert not re.search(r"\ban [bcdfgjklmnpqrstvwxyz]\w", text), text
        assert not re.search(r"\b(\w+) \1\b", text.replace("had had", "")), text


@pytest.mark.parametrize("name", WRITERS)
def test_sentences_begin_with_capitals(texts: dict[str, list[str]], name: str) -> None:
    for text in texts[name]:
        if name in ("story", "how-to"):
            for line in text.split("\n\n"):
                assert not line.lstrip('"#- ')[:1].islower() or line.startswith("- "), text
        assert not re.search(r"[a-z]\. [a-z]", text), text


@pytest.mark.parametrize("name", WRITERS)
def test_free_writers_say_nothing_of_the_ledger(world: World, texts: dict[str, list[str]], name: str) -> None:
    names = [entity.name for entity in world.entities]
    by_word: dict[str, list[str]] = {}
    for full in names:
        by_word.setdefault(full.removeprefix("the ").split()[0], []).append(full.removeprefix("the "))
    for text in texts[name]:
        for word in set(re.findall(r"[A-Z][\w']*", text)):
            for full in by_word.get(word, ()):
                assert not re.search(rf"\b{re.escape(full)}\b", text), (full, text)


# What varies: for each writer the least share of distinct openings (eight words, names masked) and 8-grams.
VARIETY = {
    "story": (0.6, 0.27),
    "common sense": (0.7, 0.65),
    "how-to": (0.55, 0.4),
    "small talk": (0.55, 0.35),
    "little forms": (0.4, 0.33),
}


@pytest.mark.parametrize("name", WRITERS)
def test_variety(texts: dict[str, list[str]], name: str) -> None:
    openings: set[tuple[str, ...]] = set()
    grams: Counter[tuple[str, ...]] = Counter()
    for text in texts[name]:
        words = masked(text)
        openings.add(tuple(words[:8]))
        grams.update(zip(*(words[at:] for at in range(8)), strict=False))
    least_openings, least_grams = VARIETY[name]
    assert len(openings) / len(texts[name]) > least_openings
    assert len(grams) / grams.total() > least_grams
    assert len(set(texts[name])) > 0.9 * len(texts[name])


def test_counts() -> None:
    assert len(telling.PLOTS) >= 40
    assert len({plot.name for plot in telling.PLOTS}) == len(telling.PLOTS)
    assert PIECES >= 400
    assert len(HOW_TOS) >= 60
    assert all(len(steps) >= 4 for _, _, steps, _ in HOW_TOS)
    assert len(EVERYDAY) >= 40


def test_every_plot_is_reached() -> None:
    told: set[str] = set()
    draw = Draw(3)
    for plot in telling.PLOTS:
        subject, story = telling.tell(draw, plot)
        assert subject
        assert story
    pick = draw.pick

    class Watched(Draw):
        def pick(self, options):  # type: ignore[no-untyped-def]
            found = pick(options)
            if isinstance(found, Plot):
                told.add(found.name)
            return found

    watched = Watched(4)
    for _ in range(1500):
        telling.write_story(watched)
    assert told == {plot.name for plot in telling.PLOTS}


def lines_of(plot: Plot) -> list[str]:
    found: list[str] = []

    def walk(beats: object) -> None:
        assert isinstance(beats, tuple)
        for beat in beats:
            if isinstance(beat, Say):
                found.extend(beat.phrases.lines)
            elif isinstance(beat, Some):
                found.extend(line for phrases in beat.lines for line in phrases.lines)
            elif isinstance(beat, Either):
                for branch in beat.branches:
                    walk(tuple(branch))

    walk(plot.beats)
    return found


@pytest.mark.parametrize("plot", telling.PLOTS, ids=lambda plot: plot.name)
def test_every_line_of_a_plot_has_its_slots(plot: Plot) -> None:
    draw = Draw(1)
    slots = fable_cast(draw, plot.things) if plot.fable else cast(draw, plot.age, plot.things)
    lines = lines_of(plot)
    assert len(lines) >= 10
    for line in lines:
        for name in re.findall(r"\{(\w+)\}", line):
            assert name[:1].lower() + name[1:] in slots, (name, line)
        assert "<" not in line
        assert line.count('"') % 2 == 0, line


def test_words_in_the_middle_of_a_line_are_small() -> None:
    assert opened("<atlast> it came.").startswith("[At last")
    assert opened('"No." <atlast> it came.').startswith('"No." [At last')
    assert opened("It came <atlast>.").startswith("It came [at last")


@pytest.mark.parametrize(
    "plot", [plot for plot in telling.PLOTS if not plot.fable], ids=lambda plot: plot.name
)
def test_the_hero_is_named_and_keeps_the_pronoun(plot: Plot, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a hero of one kind and all the others of the other, each pronoun of a line is of its role."""
    draw = Draw(2)
    for _ in range(60):
        seen: dict[str, str] = {}

        def watched(*given: object, seen: dict[str, str] = seen) -> dict[str, str]:
            slots = cast(*given)  # type: ignore[arg-type]
            seen.update(slots)
            return slots

        monkeypatch.setattr(telling, "cast", watched)
        _, story = telling.tell(draw, plot)
        hero = seen["hero"]
        assert hero in story, story
        assert (seen["he"] == "she") == (hero in GIRLS)
        assert (seen["fhe"] == "she") == (seen["friend"] in GIRLS)
        # the first pronoun that begins a sentence of the teller comes after somebody has been named
        first = re.search(r"(?:^|[.!?] |\n)(?:He|She|His|Her) ", story)
        if first:
            before = story[: first.start()]
            people = (
                hero,
                seen["friend"],
                seen["elder"],
                seen["helper"],
                "somebody",
                "man",
                "woman",
                "Somebody",
            )
            assert any(who in before for who in people) or seen["helper"].capitalize() in before, story


def test_what_is_lost_is_what_is_found() -> None:
    draw = Draw(8)
    plot = next(plot for plot in telling.PLOTS if plot.name == "lost thing")
    for thing in ("kite", "umbrella", "ring"):
        for _ in range(60):
            _, story = telling.tell(draw, plot, thing)
            others = {name for name in plot.things if name != thing and len(name) > 4 and f" {name}" in story}
            assert thing in story
            # things that the plot itself puts in the way are named in its own lines
            assert others <= {"glove", "basket", "notebook", "watch", "scarf", "biscuit"} | own_words(plot), (
                story
            )


def own_words(plot: Plot) -> set[str]:
    return set(re.findall(r"\w+", " ".join(lines_of(plot))))


@pytest.mark.parametrize(
    ("subject", "word"),
    [
        ("a lost umbrella", "umbrella"),
        ("a broken vase", "vase"),
        ("a fox", "fox"),
        ("An old owl.", "owl"),
        ("a stray kitten", "kitten"),
        ("a snowman", "snow"),
        ("a runaway goat", "goat"),
        ("a purple unicorn", "purple unicorn"),
        ("the smell of rain in Lisbon", "rain"),
    ],
)
def test_a_story_keeps_to_its_subject(subject: str, word: str) -> None:
    draw = Draw(5)
    for _ in range(40):
        told, story = offers.story_about(draw, subject)
        assert told == subject
        assert word in story.lower() or word in story, story


def test_offers() -> None:
    draw = Draw(6)
    questions, stories, hows = set(), set(), set()
    for _ in range(300):
        subject, story = offers.story_about(draw)
        stories.add(story)
        assert 2 <= len(subject) < 80
        assert "{" not in subject
        ask, answer = offers.how_to(draw)
        hows.add(answer)
        assert ask[-1] in "?."
        assert answer.endswith(".")
        ask, answer = offers.common_sense_question(draw)
        questions.add(ask)
        assert ask[-1] in "?."
        assert ask[0].isupper() or ask[0] == '"'
        assert answer[-1] in '."'
        talk = offers.small_talk(draw)
        assert 2 <= len(talk) <= 4
        assert all(user and reply for user, reply in talk)
    assert len(stories) == 300
    assert len(hows) > 250
    assert len(questions) > 200


def test_same_seed_same_texts(world: World) -> None:
    for writer in FREE_WRITERS:
        one, two = Draw(99), Draw(99)
        assert [writer.write(world, one) for _ in range(20)] == [writer.write(world, two) for _ in range(20)]


def test_answers_of_opposites_are_right() -> None:
    draw = Draw(12)
    seen = {}
    for _ in range(3000):
        ask, answer = question(draw)
        if "opposite" in ask:
            seen[re.findall(r'"([^"]+)"', ask)[0].lower()] = answer
    assert len(seen) > 30
    for one, answer in seen.items():
        back = [name for name in seen if name in answer.lower() and name != one]
        for other in back:
            if f'"{other}"' in answer:
                assert one in seen[other].lower()
