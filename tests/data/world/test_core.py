"""The closed world's frame: the build, the plan of exposures, the stream. With small writers of its own."""

from collections import Counter

import pytest

from llmworks.data.world import names
from llmworks.data.world.build import SHARES, build_world
from llmworks.data.world.goods import EVENTS, PRODUCTS, WARES
from llmworks.data.world.ledger import EXPOSURES, KINDS, RELATIONS, Topic, World
from llmworks.data.world.luck import mixed, mixed_array, shuffled, uniforms
from llmworks.data.world.phrases import Draw
from llmworks.data.world.schedule import Mix, plan_texts, topics
from llmworks.data.world.stream import WorldStream, choices, talks
from llmworks.data.world.writers import Choice, ChoiceWriter, FactWriter, FreeWriter, Talk, TalkWriter
from llmworks.errors import ConfigError


def say(world: World, topic: Topic, draw: Draw) -> str:
    return " ".join(f"{fact.subject.name}: {fact.relation} {fact.value}." for fact in topic.facts)


def ask(world: World, topic: Topic, draw: Draw) -> str:
    return " ".join(f"{fact.subject.name}, {fact.relation}? {fact.value}." for fact in topic.facts)


def plain(world: World, draw: Draw) -> str:
    return " ".join(draw.pick(("Rain fell.", "The tea was hot.", "A bell rang.")) for _ in range(5))


PERSONAL = frozenset(name for name, relation in RELATIONS.items() if relation.subject == "person")
WRITERS = (
    FactWriter("mention", say, 1.0),
    FactWriter("entry", say, 2.0, least=3, most=8),
    FactWriter("letter", say, 1.0, least=2, most=3, relations=PERSONAL),
    FactWriter("question", ask, 1.0, question=True),
    FactWriter("list", say, 1.0, least=3, most=10, several=True),
)
FREE = (FreeWriter("plain", plain, 1.0),)


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(7, people=200)


@pytest.fixture(scope="module")
def stream(world: World) -> WorldStream:
    return WorldStream(world, fact_writers=WRITERS, free_writers=FREE)


def told(world: World) -> list[tuple[object, ...]]:
    return [
        (f.id, f.subject.name, f.relation, f.value, f.object and f.object.id, f.exposures)
        for f in world.facts
    ]


def test_the_seed_alone_makes_the_world(world: World) -> None:
    again, other = build_world(7, people=200), build_world(8, people=200)
    assert told(world) == told(again)
    assert [(e.name, e.sort, e.gender, e.asked) for e in world.entities] == [
        (e.name, e.sort, e.gender, e.asked) for e in again.entities
    ]
    assert told(world) != told(other)


def test_shares_of_kinds_relations_and_exposures() -> None:
    world = build_world(3, people=1000)
    assert {kind: len(world.by_kind[kind]) for kind in KINDS} == {
        "person": 1000, "place": 110, "shop": 350, "product": 450, "event": 250,
    }  # fmt: skip
    for name, relation in RELATIONS.items():
        share = len(world.by_relation[name]) / len(world.by_kind[relation.subject])
        assert share == pytest.approx(relation.share, abs=0.15 if relation.subject == "place" else 0.06), name
    levels = Counter(fact.exposures for fact in world.facts)
    for level, share in SHARES.items():
        assert levels[level] / len(world.facts) == pytest.approx(share, abs=0.01)
    assert sum(entity.asked for entity in world.entities) / len(world.entities) == pytest.approx(
        0.8, abs=0.03
    )
    silent = [
        entity for entity in world.entities if not any(fact.exposures for fact in entity.facts.values())
    ]
    assert len(silent) < 0.02 * len(world.entities)
    # Facts of one entity differ: fame leans, it does not decide.
    assert sum(len({f.exposures for f in e.facts.values()}) > 1 for e in world.entities) > 0.8 * len(
        world.entities
    )


def test_the_facts_hold_together(world: World) -> None:
    assert len({entity.name for entity in world.entities}) == len(world.entities)
    for fact in world.facts:
        relation = RELATIONS[fact.relation]
        assert fact.subject.kind == relation.subject
        assert world.fact(fact.subject.name, fact.relation) is fact
        if relation.value in KINDS:
            assert fact.object is not None
            assert (fact.object.kind, fact.object.name) == (relation.value, fact.value)
        else:
            assert fact.object is None
        assert fact.value in world.value_words(fact.relation)
        assert fact.exposures in EXPOSURES
    for fact in world.by_relation["married_to"]:
        assert fact.object is not None
        back = fact.object.facts["married_to"]
        assert back.object is fact.subject
        assert back.exposures == fact.exposures
        assert world.held_from_tuning(back) == world.held_from_tuning(fact)
    for fact in world.by_relation["best_friend"]:
        married = fact.subject.facts.get("married_to")
        assert fact.object is not fact.subject
        assert married is None or married.object is not fact.object
    for year in world.by_relation["year_of"] + world.by_relation["opened"]:
        assert 1900 <= int(year.value) <= 2024
    for opened in world.by_relation["opened"]:
        owner = opened.subject.facts["owner"].object
        assert owner is not None
        assert int(opened.value) >= int(owner.facts["born_year"].value) + 18


def test_names_give_no_fact_away(world: World) -> None:
    for shop in world.by_kind["shop"]:
        owner = shop.facts["owner"].value.split()[1]
        assert owner not in shop.name.replace("'s", "").split()
        assert shop.facts["town"].value not in shop.name
    for product in world.by_kind["product"]:
        words = product.name.lower().split()[1:-1]
        assert not set(words) & set(
            product.facts["made_of"].value.split() + product.facts["colour"].value.split()
        )
    for event in world.by_kind["event"]:
        assert event.facts["place_of"].value not in event.name
        assert not any(sign.isdigit() for sign in event.name)


def test_sorts_leave_their_facts_open() -> None:
    assert all(len(wares) >= 10 for wares in WARES.values())
    assert all(len(set(materials)) >= 10 for materials, *_ in PRODUCTS.values())
    assert all(least < most for _, least, most in EVENTS.values())


def test_who_may_be_asked_and_answered(world: World) -> None:
    held = [fact for fact in world.facts if world.held_from_tuning(fact)]
    assert len(held) / len(world.facts) == pytest.approx(0.2, abs=0.03)
    assert world.answerable
    assert all(
        fact.exposures >= 100 and fact.subject.asked and not world.held_from_tuning(fact)
        for fact in world.answerable
    )
    assert all(world.never_said(fact) and fact.exposures == 0 for fact in world.unsaid)


@pytest.mark.parametrize("kind", KINDS)
def test_unknown_names_exist_nowhere_and_are_split(world: World, kind: str) -> None:
    draw = Draw(1)
    tuning = {world.unknown_name(kind, draw) for _ in range(300)}
    kept = {world.unknown_name(kind, draw, held=True) for _ in range(300)}
    assert not (tuning | kept) & set(world.by_name)
    assert not tuning & kept
    assert len(tuning) > 280
    assert world.unknown_name("person", Draw(2), gender="f").split()[0] in names.parts.WOMEN


def test_a_world_that_cannot_be_is_refused() -> None:
    with pytest.raises(ConfigError, match="at least 20"):
        build_world(1, people=3)
    with pytest.raises(ConfigError, match="sum to"):
        build_world(1, people=30, shares={0: 0.5, 1: 0.4})
    with pytest.raises(ConfigError, match=r"\[7\]"):
        build_world(1, people=30, shares={7: 1.0})


def test_luck_of_arrays_is_that_of_numbers() -> None:
    assert mixed_array(12345, 50).tolist() == [mixed(12345, n) for n in range(50)]
    assert sorted(shuffled(3, 1000).tolist()) == list(range(1000))
    assert 0.45 < uniforms(9, 4000).mean() < 0.55
    # Reference values of SplitMix64 with seed 0, from the paper's published code.
    assert [mixed(0, n) for n in range(3)] == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]


def test_a_draw_begun_anew_counts_on_from_its_seed() -> None:
    draw = Draw(0)
    wanted = [(mixed(77, place) >> 11) / (1 << 53) for place in range(10)]
    for given in (0, 3, 10):
        draw.begin(77, wanted[:given])
        assert [draw.random() for _ in range(10)] == wanted
        draw.begin(77, wanted[:given])
        made = [draw.randrange(1000), draw.sample(range(50), 5), draw.choice("abc"), draw.some(range(9), 4)]
        draw.random()
        draw.begin(77, wanted)
        assert made == [
            draw.randrange(1000),
            draw.sample(range(50), 5),
            draw.choice("abc"),
            draw.some(range(9), 4),
        ]
    assert {tuple(sorted(draw.some(range(4), 9))) for _ in range(9)} == {(0, 1, 2, 3)}
    assert all(len(set(draw.some(range(40), 5))) == 5 for _ in range(200))


def test_the_plan_says_every_fact_as_often_as_the_ledger_wants(world: World) -> None:
    plan = plan_texts(world, WRITERS, seed=1)
    said: Counter[int] = Counter()
    kinds: Counter[str] = Counter()
    for writer, topic in topics(world, plan):
        ids = [fact.id for fact in topic.facts]
        assert len(set(ids)) == len(ids)
        assert writer.least <= len(ids) <= writer.most
        assert all(fact.relation in writer.relations for fact in topic.facts)
        if writer.several:
            assert topic.subject is None
            assert len({fact.relation for fact in topic.facts}) == 1
        else:
            assert all(fact.subject is topic.subject for fact in topic.facts)
        if writer.question:
            assert all(fact.subject.asked for fact in topic.facts)
        said.update(ids)
        kinds[writer.name] += len(ids)
    assert {fact.id: fact.exposures for fact in world.facts if fact.exposures} == dict(said)
    total = sum(said.values())
    asked = sum(fact.exposures for fact in world.facts if fact.subject.asked)
    assert kinds["question"] / asked == pytest.approx(0.28, abs=0.02)
    assert kinds["list"] / total == pytest.approx(0.11, abs=0.02)
    assert kinds["entry"] / total > 0.25  # facts that are said often do not all end up alone


def test_a_plan_needs_a_writer_for_each_relation(world: World) -> None:
    with pytest.raises(ConfigError, match="no writer can state"):
        plan_texts(world, (FactWriter("pairs", say, 1.0, least=2, most=3),))
    alone = FactWriter("alone", say, 1.0)
    plan = plan_texts(world, (alone,))
    assert len(plan) == sum(fact.exposures for fact in world.facts)


def test_any_part_of_the_stream_is_that_of_the_whole(world: World, stream: WorldStream) -> None:
    whole = list(stream.part(0, 600))
    assert whole == list(stream.part(0, 217)) + list(stream.part(217, 600))
    again = WorldStream(world, fact_writers=WRITERS, free_writers=FREE)
    assert list(again.part(300, 310)) == whole[300:310]
    other = WorldStream(world, seed=99, fact_writers=WRITERS, free_writers=FREE)
    assert list(other.part(0, 50)) != whole[:50]


def test_the_stream_counts_and_measures(world: World, stream: WorldStream) -> None:
    said: Counter[int] = Counter()
    size = free = 0
    for record in stream:
        said.update(record["facts"])
        size += len(record["text"].encode())
        free += len(record["text"].encode()) * (record["kind"] == "plain")
        for id in record["facts"]:
            assert world.facts[id].value in record["text"]
    assert said == Counter({fact.id: fact.exposures for fact in world.facts if fact.exposures})
    assert size == pytest.approx(stream.bytes_expected, rel=0.05)
    assert free / size == pytest.approx(stream.mix.free, abs=0.03)


def test_a_stream_without_free_text(world: World) -> None:
    stream = WorldStream(world, mix=Mix(free=0.0), fact_writers=WRITERS, free_writers=FREE)
    assert stream.free_texts == 0
    assert len(stream) == len(stream.plan)


def test_talks_and_choices_are_records(world: World) -> None:
    def hello(world: World, draw: Draw) -> Talk:
        fact = draw.pick(world.answerable)
        said = [{"role": "user", "content": fact.relation}, {"role": "assistant", "content": fact.value}]
        return Talk(said, (fact,), [{"type": "function"}] if draw.chance(0.5) else None)

    def better(world: World, draw: Draw) -> Choice:
        return Choice([{"role": "user", "content": "Hi"}], "Hello.", draw.pick(("Hm.", "No.")), why="plain")

    made = list(talks(world, 40, 3, writers=(TalkWriter("hello", hello, 1.0),)))
    assert made[10:20] == list(talks(world, 20, 3, start=10, writers=(TalkWriter("hello", hello, 1.0),)))
    assert {"tools" in record for record in made} == {True, False}
    assert all(record["messages"][1]["content"] == world.facts[record["facts"][0]].value for record in made)
    pairs = list(choices(world, 5, 3, writers=(ChoiceWriter("better", better, 1.0),)))
    assert {tuple(sorted(pair)) for pair in pairs} == {
        ("chosen", "facts", "id", "kind", "prompt", "rejected", "why")
    }
