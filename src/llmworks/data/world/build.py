"""The world made from a seed alone: who and what there is, every fact, and how often the texts shall say it.

    score(fact)  =  1.3 fame(entity) + luck(fact)         each the sum of four uniform numbers
    exposures    =  the level of the table where the rank of the score falls: 10 % never, 20 % once, …

So the shares of the levels hold over all facts (couples aside: both halves are said equally often), an entity
has a leaning, and yet its facts differ. Only sums, comparisons and picks are used (no logarithm, no hash of
Python's), so every machine makes the same world.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from llmworks.data.world import goods, names, words
from llmworks.data.world.ledger import EXPOSURES, RELATIONS, Entity, Fact, World
from llmworks.data.world.phrases import Draw
from llmworks.errors import ConfigError

SHARES: Mapping[int, float] = MappingProxyType(
    {0: 0.10, 1: 0.20, 3: 0.20, 10: 0.16, 30: 0.15, 100: 0.12, 300: 0.07}
)
"""Of all facts, how many have each number of exposures."""

ASKED = 0.8
THIS_YEAR = 2024
_A_PERSON = {"place": 0.11, "shop": 0.35, "product": 0.45, "event": 0.25}
_WORDLY = ("job", "hobby", "pet", "favourite_food")


def build_world(seed: int, people: int = 1000, shares: Mapping[int, float] = SHARES) -> World:
    """The world of `people` persons; `shares`: number of exposures -> share of the facts.

    Raises:
        ConfigError: fewer than 20 people, or shares that do not sum to 1 or are not of the known exposures.
    """
    _check(people, shares)
    maker = _Maker(seed, people)
    maker.name_all()
    maker.people()
    maker.places()
    maker.shops()
    maker.products()
    maker.events()
    _expose(maker, shares)
    return World(seed, maker.entities, maker.facts, people=people, shares=shares)


def _check(people: int, shares: Mapping[int, float]) -> None:
    if people < 20:
        raise ConfigError(f"a world needs at least 20 people; {people} were asked for")
    unknown = sorted(set(shares) - set(EXPOSURES))
    if unknown:
        raise ConfigError(f"exposures may be {EXPOSURES}; the shares name {unknown}")
    if abs(sum(shares.values()) - 1) > 1e-6 or min(shares.values()) < 0:
        raise ConfigError(
            f"the shares of exposures must be 0 or more and sum to 1; they sum to {sum(shares.values())}"
        )


class _Maker:
    def __init__(self, seed: int, people: int) -> None:
        self.seed = seed
        self.draw = Draw(f"world {seed} {people}")
        self.counts = {"person": people, **{kind: max(6, round(people * a)) for kind, a in _A_PERSON.items()}}
        self.entities: list[Entity] = []
        self.facts: list[Fact] = []
        self.of: dict[str, list[Entity]] = {kind: [] for kind in self.counts}
        self.taken: set[str] = set()
        self.born: dict[int, int] = {}  # entity id -> year
        self.shops_of: dict[str, list[Entity]] = {sort: [] for sort in goods.WARES}

    def name_all(self) -> None:
        """Entities with their names; a shop needs its owner first, an event its sort."""
        draw = self.draw
        crowded = self.counts["place"] > 3000
        for _ in range(self.counts["person"]):
            gender = "f" if draw.chance(0.5) else "m"
            name = names.unused(self.taken, lambda gender=gender: names.person(draw, gender))  # type: ignore[misc]
            self.add("person", name, "woman" if gender == "f" else "man", gender)
        for _ in range(self.counts["place"]):
            name = names.unused(self.taken, lambda: names.place(draw, crowded and draw.chance(0.8)))
            sort = "city" if draw.chance(0.06) else "town" if draw.chance(0.4) else "village"
            self.add("place", name, sort)

    def add(self, kind: str, name: str, sort: str, gender: str = "") -> Entity:
        entity = Entity(len(self.entities), kind, name, gender, sort, asked=self.draw.chance(ASKED))
        self.entities.append(entity)
        self.of[kind].append(entity)
        self.taken.add(name)
        return entity

    def state(self, subject: Entity, relation: str, value: str | Entity) -> None:
        meant = value if isinstance(value, Entity) else None
        said = value if isinstance(value, str) else value.name
        fact = Fact(len(self.facts), subject, relation, said, meant, 0)
        self.facts.append(fact)
        subject.facts[relation] = fact

    def has(self, relation: str) -> bool:
        return self.draw.chance(RELATIONS[relation].share)

    def adult(self, year: int, other_than: Entity | None = None, age: int = 20) -> Entity:
        """Somebody who was an adult in that year (nearly always: the search is short)."""
        person = self.draw.pick(self.of["person"])
        for _ in range(30):
            if self.born[person.id] + age <= year and person is not other_than:
                break
            person = self.draw.pick(self.of["person"])
        return person

    def people(self) -> None:
        draw, places = self.draw, self.of["place"]
        for person in self.of["person"]:
            self.born[person.id] = 1935 + int(draw.random() * 69)
        couples = self.couples()
        for person in self.of["person"]:
            home = draw.pick(places)
            self.state(person, "born_in", home)
            self.state(person, "born_year", str(self.born[person.id]))
            self.state(person, "lives_in", home if draw.chance(0.15) else draw.pick(places))
            for relation in _WORDLY:
                if self.has(relation):
                    self.state(person, relation, draw.pick(goods.WORDS[relation]))
            partner = couples.get(person.id)
            if self.has("best_friend"):
                friend = draw.pick(self.of["person"])
                while friend is person or friend is partner:
                    friend = draw.pick(self.of["person"])
                self.state(person, "best_friend", friend)
            if partner is not None:
                self.state(person, "married_to", partner)

    def couples(self) -> dict[int, Entity]:
        """Both ways. Neighbours in the order of birth, so that nobody marries at an odd distance of years."""
        people = sorted(self.of["person"], key=lambda person: (self.born[person.id], person.id))
        found: dict[int, Entity] = {}
        wanted, place = round(RELATIONS["married_to"].share * len(people)) // 2, 0
        chance = min(1.0, 2 * wanted / len(people))
        while place + 1 < len(people):
            if self.draw.chance(chance / (2 - chance)):
                first, second = people[place], people[place + 1]
                found[first.id], found[second.id] = second, first
                place += 1
            place += 1
        return found

    def places(self) -> None:
        draw = self.draw
        for place in self.of["place"]:
            self.state(place, "region", draw.pick(words.REGIONS))
            if self.has("river"):
                self.state(place, "river", draw.pick(words.RIVERS))
            self.state(place, "founded", str(1900 + int(draw.random() * 60)))
            least, most = {"city": (40_000, 140_000), "town": (2_500, 30_000)}.get(place.sort, (120, 2_400))
            self.state(place, "population", f"{self.number(least, most):,}")
            self.state(place, "known_for", draw.pick(words.KNOWN_FOR))
            self.state(place, "mayor", self.adult(1994))
            self.state(place, "landmark", draw.pick(words.LANDMARKS))

    def number(self, least: int, most: int) -> int:
        """Nearer to the least more often: the square of an even chance."""
        return least + int((most - least) * self.draw.random() * self.draw.random())

    def shops(self) -> None:
        draw, sorts = self.draw, tuple(goods.WARES)
        for number in range(self.counts["shop"]):
            sort = sorts[number] if number < len(sorts) else draw.pick(sorts)
            opened = 1955 + int(draw.random() * 69)
            owner = self.adult(opened)
            opened = (
                max(opened, self.born[owner.id] + 18) if self.born[owner.id] + 18 <= THIS_YEAR else opened
            )
            surname = owner.name.split()[1]
            name = names.unused(self.taken, lambda s=sort, o=surname: names.shop(draw, s, o))  # type: ignore[misc]
            shop = self.add("shop", name, sort)
            self.shops_of[sort].append(shop)
            self.state(shop, "town", draw.pick(self.of["place"]))
            self.state(shop, "street", draw.pick(words.STREETS))
            self.state(shop, "sells", draw.pick(goods.WARES[sort]))
            self.state(shop, "owner", owner)
            self.state(shop, "opened", str(opened))
            self.state(shop, "closed_on", draw.pick(words.WEEKDAYS))

    def products(self) -> None:
        draw, sorts = self.draw, tuple(goods.PRODUCTS)
        for _ in range(self.counts["product"]):
            sort = draw.pick(sorts)
            materials, sold_by, least, most = goods.PRODUCTS[sort]
            name = names.unused(self.taken, lambda s=sort: names.product(draw, s))  # type: ignore[misc]
            product = self.add("product", name, sort)
            self.state(product, "price", f"{self.number(least, most)} crowns")
            shops = [shop for shop_sort in sold_by for shop in self.shops_of[shop_sort][:40]]
            self.state(product, "sold_at", draw.pick(shops or self.of["shop"]))
            self.state(product, "maker", self.adult(THIS_YEAR))
            self.state(product, "made_of", draw.pick(materials))
            self.state(product, "colour", draw.pick(words.COLOURS))

    def events(self) -> None:
        draw, sorts = self.draw, tuple(goods.EVENTS)
        for _ in range(self.counts["event"]):
            sort = draw.pick(sorts)
            name = names.unused(self.taken, lambda s=sort: names.event(draw, s))  # type: ignore[misc]
            event = self.add("event", name, sort)
            year = 1960 + int(draw.random() * 65)
            winner = self.adult(year, age=14)
            self.state(event, "place_of", draw.pick(self.of["place"]))
            self.state(event, "year_of", str(max(year, min(self.born[winner.id] + 14, THIS_YEAR))))
            wintry = sort in ("snow race", "sledge race")
            self.state(
                event, "month_of", draw.pick(words.MONTHS[:3] + words.MONTHS[11:] if wintry else words.MONTHS)
            )
            self.state(event, "winner", winner)
            self.state(event, "guests", f"{self.number(*goods.EVENTS[sort][1:]):,}")


def _expose(maker: _Maker, shares: Mapping[int, float]) -> None:
    """Give each fact its number of exposures, by the rank of its score."""
    draw = Draw(f"exposures {maker.seed}")

    def bell() -> float:
        return draw.random() + draw.random() + draw.random() + draw.random()

    fame = [bell() for _ in maker.entities]
    scores = [1.3 * fame[fact.subject.id] + bell() for fact in maker.facts]
    order = sorted(range(len(scores)), key=lambda number: (scores[number], number))
    levels, place, until = sorted(shares), 0, 0.0
    for level in levels:
        until += shares[level]
        end = len(order) if level == levels[-1] else round(until * len(order))
        for number in order[place:end]:
            maker.facts[number].exposures = level
        place = end
    for fact in maker.facts:  # who is told of one half of a couple is told of both
        if fact.relation == "married_to" and fact.object is not None and fact.object.id < fact.subject.id:
            fact.exposures = fact.object.facts["married_to"].exposures
