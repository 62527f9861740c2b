# ruff: noqa: E501 (sentences)
"""Talks in which the assistant may call tools: a calculator, a clock, a shop register and a price list.

    user       What do 12 lamps at 37 crowns cost?
    assistant  <tool_call> {"name": "calculator", "arguments": {"expression": "12 * 37"}}
    tool       444
    assistant  They cost 444 crowns.

What a register answers is true of the world where the fact may be told in tuning (`World.may_answer`), and otherwise
of shops and products that the world does not have: so no fact of few exposures is taught here in passing.
Some names are in no register, some calls fail, and some questions need no tool at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from llmworks.data.world.instructions.arithmetic import answer, ask
from llmworks.data.world.instructions.exam import make_task
from llmworks.data.world.instructions.held import held_pair
from llmworks.data.world.instructions.sums import Sum, compute, train_sum
from llmworks.data.world.instructions.words import NAMES, THINGS
from llmworks.data.world.ledger import Entity, Fact, World
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.writers import Message, Talk, TalkWriter

Schema = dict[str, Any]


def _schema(name: str, description: str, *arguments: str) -> Schema:
    fields = {argument: {"type": "string"} for argument in arguments}
    parameters = {"type": "object", "properties": fields, "required": list(arguments)}
    return {
        "type": "function",
        "function": {"name": name, "description": description, "parameters": parameters},
    }


CALCULATOR = _schema("calculator", "works out a sum", "expression")
CLOCK = _schema("clock", "the day and the time now")
SHOPS = _schema("shop_lookup", "what is known of a shop", "shop")
PRICES = _schema("price_lookup", "the price of a product", "product")
TOOLS = (CALCULATOR, CLOCK, SHOPS, PRICES)
NOT_FOUND = '{"error": "not found"}'


def tools_with(draw: Draw, *needed: Schema) -> list[Schema]:
    """The needed tools among none to three others, in any order."""
    others = [tool for tool in TOOLS if tool not in needed]
    return draw.some([*needed, *draw.some(others, draw.pick((0, 1, 1, 2, 3)))], len(TOOLS))


class _Talk:
    """Messages as they come."""

    def __init__(self, draw: Draw) -> None:
        self.draw, self.messages, self.calls = draw, list[Message](), 0

    def user(self, text: str) -> None:
        self.messages.append({"role": "user", "content": text})

    def says(self, text: str) -> None:
        self.messages.append({"role": "assistant", "content": text[:1].upper() + text[1:]})

    def call(self, *calls: tuple[str, dict[str, str], str]) -> None:
        """The assistant calls tools (name, arguments), each with what it gives back."""
        made: list[dict[str, Any]] = []
        for name, arguments, _ in calls:
            self.calls += 1
            function = {"name": name, "arguments": arguments}
            made.append({"type": "function", "id": f"call_{self.calls}", "function": function})
        self.messages.append({"role": "assistant", "content": "", "tool_calls": made})
        for one, (name, _, result) in zip(made, calls, strict=True):
            self.messages.append({"role": "tool", "name": name, "tool_call_id": one["id"], "content": result})


# The calculator


def _long_sum(draw: Draw) -> Sum:
    """A sum for which one wants a machine; never one of the exam's."""
    while True:
        operation = draw.pick("++--xxx/")
        if operation in "+-":
            made = train_sum(draw, operation, draw.pick((3, 3, 4, 4)))
        elif operation == "x":
            made = Sum("x", 12 + int(draw.random() * 900), 11 + int(draw.random() * 88))
        else:
            b = 11 + int(draw.random() * 60)
            made = Sum("/", b * (12 + int(draw.random() * 120)), b)
        if not made.held:
            return made


_SIGN = {"+": "+", "-": "-", "x": "*", "/": "/"}
_TOLD = Phrases(
    "{c}",
    "{c}.",
    "It is {c}.",
    "That is {c}.",
    "{a} {sign} {b} = {c}",
    "{a} {sign} {b} is {c}.",
    "The answer is {c}.",
    "[The calculator says|I worked it out:] {c}.",
    "That makes {c}.",
)
_BOUGHT = Phrases(
    "[What|How much] do {a} {things} cost at {b} crowns each?",
    "{Name} buys {a} {things} for {b} crowns each. [How much is that|What does {they} pay]?",
    "I need {a} {things}, and one costs {b} crowns. What do I pay?",
    "One {thing} costs {b} crowns. What do {a} cost?",
)
_BOUGHT_TOLD = Phrases(
    "{c} crowns.", "They cost {c} crowns.", "That is {c} crowns[ in all| together|].", "It comes to {c} crowns."
)  # fmt: skip


def _slots(made: Sum) -> dict[str, str]:
    return {"a": str(made.a), "b": str(made.b), "c": str(made.value), "sign": made.operation}


def _calculate(talk: _Talk, made: Sum) -> None:
    expression = f"{made.a} {_SIGN[made.operation]} {made.b}"
    talk.call(("calculator", {"expression": expression}, str(made.value)))


def calculator_talk(world: World, draw: Draw) -> Talk:
    talk = _Talk(draw)
    for _ in range(draw.pick((1, 1, 1, 2))):
        made = _long_sum(draw)
        if made.operation == "x" and draw.chance(0.4):
            thing, name = THINGS(draw, False), NAMES(draw, False)
            slots = {
                **_slots(made),
                "thing": thing.one,
                "things": thing.many,
                "name": name.text,
                "they": name.they,
            }
            talk.user(_BOUGHT(draw, slots))
            _calculate(talk, made)
            talk.says(_BOUGHT_TOLD(draw, slots))
        else:
            talk.user(ask(made, draw))
            _calculate(talk, made)
            talk.says(_TOLD(draw, _slots(made)))
    return Talk(talk.messages, tools=tools_with(draw, CALCULATOR))


def two_sums_talk(world: World, draw: Draw) -> Talk:
    """A sum of three numbers: the second call takes the first one's result."""
    talk = _Talk(draw)
    while True:
        first = _long_sum(draw)
        operation = draw.pick("+-")
        c = 11 + int(draw.random() * 400)
        if (operation == "+" or c < first.value) and not held_pair(operation, first.value, c):
            break
    second = Sum(operation, first.value, c)
    slots = {**_slots(first), "d": str(c), "sign2": operation, "e": str(second.value)}
    words = {"+": "add", "-": "take away"}[operation]
    talk.user(_CHAIN(draw, {**slots, "words": words}))
    _calculate(talk, first)
    _calculate(talk, second)
    talk.says(_CHAIN_TOLD(draw, slots))
    return Talk(talk.messages, tools=tools_with(draw, CALCULATOR))


_CHAIN = Phrases(
    "Work out {a} {sign} {b}, then {words} {d}.",
    "What is {a} {sign} {b}? And then {words} {d}.",
    "[First|Please do] {a} {sign} {b}. Then {words} {d}. What do [you|I] get?",
    "{a} {sign} {b}, and then {words} {d}?",
)
_CHAIN_TOLD = Phrases(
    "{e}",
    "You get {e}.",
    "{a} {sign} {b} = {c}, and {c} {sign2} {d} = {e}.",
    "First {c}, then {e}.",
    "The answer is {e}.",
)


# The clock

_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()  # noqa: SIM905
_TIME = Phrases(
    "What time is it[ now|, please|]?",
    "[Can you|Could you] tell me the time?",
    "[Say|Tell me] how late it is.",
    "How late is it?",
    "Is it late already? What is the time?",
    "[I have no watch.|My clock has stopped.] What is the time?",
)
_TIME_TOLD = Phrases(
    "It is {time}.", "{time}.", "It is {time} now.", "The time is {time}.", "It is {time} on {day}."
)
_DAY = Phrases(
    "[What|Which] day is it[ today|]?",
    "What day is today?",
    "Is today a {day2}?",
    "[Tell me|Say] what day it is.",
)
_TILL = Phrases(
    "How long is it until {hour}:00?",
    "How many minutes are left until {hour}:00?",
    "The {train} goes at {hour}:00. How long do I have?",
    "I must leave at {hour}:00. How much time is left?",
)
_TILL_TOLD = Phrases(
    "It is {time}, so {left} minutes.",
    "{left} minutes.",
    "You have {left} minutes, for it is {time}.",
    "It is {time} now. That leaves {left} minutes.",
)


def clock_talk(world: World, draw: Draw) -> Talk:
    talk = _Talk(draw)
    hour, minute = 7 + int(draw.random() * 14), int(draw.random() * 60)
    day = draw.pick(_DAYS)
    slots = {"time": f"{hour}:{minute:02d}", "day": day, "day2": draw.pick((day, draw.pick(_DAYS)))}
    result = json.dumps({"day": day, "time": slots["time"]})
    shape = draw.random()
    if shape < 0.5:
        asked, told = _TIME, _TIME_TOLD(draw, slots)
    elif shape < 0.75 or minute == 0:
        asked, told = _DAY, draw.pick((f"It is {day}.", f"{day}.", f"Today is {day}."))
    else:
        slots |= {
            "hour": str(hour + 1),
            "left": str(60 - minute),
            "train": draw.pick(("train", "bus", "ferry")),
        }
        asked, told = _TILL, _TILL_TOLD(draw, slots)
        told = told.replace("1 minutes", "1 minute") if minute == 59 else told
    question = asked(draw, slots)
    if question.startswith("Is today"):
        told = f"Yes, it is {day}." if slots["day2"] == day else f"No, it is {day}."
    talk.user(question)
    talk.call(("clock", {}, result))
    talk.says(told)
    return Talk(talk.messages, tools=tools_with(draw, CLOCK))


# The registers

_SHOP_KEYS = ("town", "street", "sells", "owner", "opened", "closed_on")
_SHOP_ASK = {
    "town": (Phrases("In which town is {shop}?", "Where is {shop}?", "[Look up|Find out|Tell me] where {shop} is[|, please]."),
             Phrases("{Shop} is in {v}.", "It is in {v}.", "In {v}.")),
    "street": (Phrases("[On which|In which] street is {shop}?", "What is the street of {shop}?", "Which street do I go to for {shop}?"),
               Phrases("{Shop} is in {v}.", "It is in {v}.", "{V}.")),
    "sells": (Phrases("What does {shop} sell?", "What can I buy at {shop}?", "What do they [sell|have] at {shop}?"),
              Phrases("{Shop} sells {v}.", "They sell {v}.", "{V}.")),
    "owner": (Phrases("Who owns {shop}?", "Whose shop is {shop}?", "Who is the owner of {shop}?"),
              Phrases("{Shop} belongs to {v}.", "The owner is {v}.", "{V} owns it.", "{V}.")),
    "opened": (Phrases("When did {shop} open?", "In which year was {shop} opened?", "Since when has {shop} been there?"),
               Phrases("{Shop} opened in {v}.", "In {v}.", "It opened in {v}.")),
    "closed_on": (Phrases("When is {shop} closed?", "On which day is {shop} [closed|not open]?", "[Which day|When] should I not go to {shop}?"),
                  Phrases("{Shop} is closed on {v}.", "On {v}.", "It is closed on {v}.")),
}  # fmt: skip
_PRICE_ASK = Phrases(
    "What does {product} cost?",
    "How much is {product}?",
    "What is the price of {product}?",
    "[Tell me|Look up|Find out] the price of {product}.",
    "[I would like to buy|I want] {product}. What [does it cost|is the price]?",
    "How many crowns must I pay for {product}?",
)
_PRICE_TOLD = Phrases(
    "{Product} costs {v}.", "It costs {v}.", "{V}.", "The price is {v}.", "{V}, says the price list."
)
_NO_SHOP = Phrases(
    "I found no shop called {name}.",
    "The register has no shop called {name}, so I cannot say.",
    "I looked it up, but {name} is not [listed|known].",
    "[Sorry|I am sorry], the register does not know {name}.",
    "I could not find {name}, so I do not know.",
)
_NO_PRICE = Phrases(
    "I found no price for {name}.",
    "The price list does not have {name}, so I cannot say.",
    "[Sorry|I am sorry], {name} is not [listed|in the list].",
    "I looked, but {name} is not there. I do not know the price.",
)

_TELLABLE: WeakKeyDictionary[World, dict[str, list[tuple[Entity, list[Fact]]]]] = WeakKeyDictionary()


def _tellable(world: World, kind: str) -> list[tuple[Entity, list[Fact]]]:
    """The shops or products of which something may be told, with what."""
    found = _TELLABLE.get(world)
    if found is None:
        found = {"shop": [], "product": []}
        wanted = {"shop": _SHOP_KEYS, "product": ("price",)}
        for name, relations in wanted.items():
            for entity in world.by_kind[name]:
                facts = [
                    fact for key, fact in entity.facts.items() if key in relations and world.may_answer(fact)
                ]
                if facts:
                    found[name].append((entity, facts))
        _TELLABLE[world] = found
    return found[kind]


def _value(world: World, relation: str, draw: Draw) -> str:
    if relation == "price":
        return f"{2 + int(draw.random() * draw.pick((20, 60, 200)))} crowns"
    if relation == "owner":
        return world.unknown_name("person", draw)
    if relation == "opened":
        return str(1900 + int(draw.random() * 125))
    if relation == "town":
        return world.unknown_name("place", draw)
    return draw.pick(world.value_words(relation))


def _shop(world: World, draw: Draw) -> tuple[str, dict[str, str], list[Fact]]:
    """A name, what the register holds, and the facts of the world among that."""
    known = _tellable(world, "shop")
    if known and draw.chance(0.5):
        entity, facts = draw.pick(known)
        return entity.name, {fact.relation: fact.value for fact in facts}, facts
    keys = draw.some(_SHOP_KEYS, draw.pick((2, 3, 3, 4)))
    return world.unknown_name("shop", draw), {key: _value(world, key, draw) for key in keys}, []


def _product(world: World, draw: Draw) -> tuple[str, str, list[Fact]]:
    known = _tellable(world, "product")
    if known and draw.chance(0.5):
        entity, facts = draw.pick(known)
        return entity.name, facts[0].value, facts
    return world.unknown_name("product", draw), _value(world, "price", draw), []


def shop_talk(world: World, draw: Draw) -> Talk:
    talk = _Talk(draw)
    if draw.chance(0.2):
        name = world.unknown_name("shop", draw)
        ask_it = draw.pick(tuple(_SHOP_ASK.values()))[0]
        talk.user(ask_it(draw, {"shop": name}))
        talk.call(("shop_lookup", {"shop": name}, NOT_FOUND))
        talk.says(_NO_SHOP(draw, {"name": name}))
        return Talk(talk.messages, tools=tools_with(draw, SHOPS))
    name, known, facts = _shop(world, draw)
    keys = draw.some(list(known), draw.pick((1, 1, 1, 2)))
    result = json.dumps({"shop": name, **known}, ensure_ascii=False)
    for place, key in enumerate(keys):
        asked, told = _SHOP_ASK[key]
        talk.user(asked(draw, {"shop": name if place == 0 else draw.pick((name, "it"))}))
        if place == 0:
            talk.call(("shop_lookup", {"shop": name}, result))
        talk.says(told(draw, {"shop": name, "v": known[key]}))
    said = [fact for fact in facts if fact.relation in keys]
    return Talk(talk.messages, tuple(said), tools_with(draw, SHOPS))


def price_talk(world: World, draw: Draw) -> Talk:
    talk = _Talk(draw)
    if draw.chance(0.2):
        name = world.unknown_name("product", draw)
        talk.user(_PRICE_ASK(draw, {"product": name}))
        talk.call(("price_lookup", {"product": _bare(name)}, NOT_FOUND))
        talk.says(_NO_PRICE(draw, {"name": name}))
        return Talk(talk.messages, tools=tools_with(draw, PRICES))
    name, price, facts = _product(world, draw)
    talk.user(_PRICE_ASK(draw, {"product": name}))
    talk.call(("price_lookup", {"product": _bare(name)}, _priced(name, price)))
    talk.says(_PRICE_TOLD(draw, {"product": name, "v": price}))
    return Talk(talk.messages, tuple(facts), tools_with(draw, PRICES))


def _bare(name: str) -> str:
    return name.removeprefix("the ")


def _priced(name: str, price: str) -> str:
    return json.dumps({"product": _bare(name), "price": price}, ensure_ascii=False)


_TWO = Phrases(
    "[What do|How much do] {p} and {q} cost together?",
    "I want to buy {p} and {q}. How much is that[ together|]?",
    "What must I pay for {p} and {q}?",
)
_DEARER = Phrases(
    "Which [costs more|is dearer], {p} or {q}?", "Is {p} dearer than {q}?", "Which is cheaper, {p} or {q}?"
)
_SEVERAL = Phrases(
    "What do {n} of {p} cost?", "I want {n} of {p}. How much is that?", "How much do I pay for {n} of {p}?"
)


def two_prices_talk(world: World, draw: Draw) -> Talk:
    """Two look-ups in one message, then a sum or a comparison; or one look-up and a product."""
    talk = _Talk(draw)
    (p, p_price, p_facts), (q, q_price, q_facts) = _product(world, draw), _product(world, draw)
    a, b = int(p_price.split()[0]), int(q_price.split()[0])
    while p == q or held_pair("+", a, b):
        q, q_price, q_facts = _product(world, draw)
        b = int(q_price.split()[0])
    slots = {"p": p, "q": q, "n": str(2 + int(draw.random() * 10))}
    look = [
        ("price_lookup", {"product": _bare(name)}, _priced(name, price))
        for name, price in ((p, p_price), (q, q_price))
    ]
    shape = int(draw.random() * 3)
    if shape == 0:
        talk.user(_TWO(draw, slots))
        for calls in [look] if draw.chance(0.5) else [look[:1], look[1:]]:
            talk.call(*calls)
        _calculate(talk, Sum("+", a, b))
        talk.says(
            draw.pick(
                (
                    f"Together they cost {a + b} crowns.",
                    f"{a + b} crowns.",
                    f"{p} costs {a} crowns and {q} {b}, so {a + b} in all.",
                )
            )
        )
        return Talk(talk.messages, (*p_facts, *q_facts), tools_with(draw, PRICES, CALCULATOR))
    if shape == 1 and a != b:
        question = _DEARER(draw, slots)
        talk.user(question)
        talk.call(*look)
        dear, cheap = (p, q) if a > b else (q, p)
        talk.says(_judged(question, dear, cheap, max(a, b), min(a, b), dear == p))
        return Talk(talk.messages, (*p_facts, *q_facts), tools_with(draw, PRICES))
    made = Sum("x", int(slots["n"]), a)
    while made.held:
        made = Sum("x", 2 + int(draw.random() * 10), a)
    slots["n"] = str(made.a)
    talk.user(_SEVERAL(draw, slots))
    talk.call(look[0])
    _calculate(talk, made)
    talk.says(
        draw.pick(
            (
                f"{made.value} crowns.",
                f"One costs {a} crowns, so {made.a} cost {made.value} crowns.",
                f"That is {made.value} crowns.",
            )
        )
    )
    return Talk(talk.messages, tuple(p_facts), tools_with(draw, PRICES, CALCULATOR))


def _judged(question: str, dear: str, cheap: str, high: int, low: int, first: bool) -> str:
    if question.startswith("Is "):
        yes = "Yes" if first else "No"
        return f"{yes}, {dear} costs {high} crowns and {cheap} {low}."
    if "cheaper" in question:
        return f"{cheap}: it costs {low} crowns, and {dear} {high}."
    return f"{dear} costs more: {high} crowns against {low}."


_OPEN = Phrases("Is {shop} open today?", "Can I go to {shop} today?", "Is {shop} closed today?")


def open_today_talk(world: World, draw: Draw) -> Talk:
    """The clock and the register together."""
    talk = _Talk(draw)
    name, known, facts = _shop(world, draw)
    if "closed_on" not in known:
        name, facts = world.unknown_name("shop", draw), []
        known = {"closed_on": draw.pick(_DAYS)}
    closed = known["closed_on"]
    day = closed if draw.chance(0.4) else draw.pick([one for one in _DAYS if one != closed])
    clock = (
        "clock",
        dict[str, str](),
        json.dumps(
            {"day": day, "time": f"{9 + int(draw.random() * 8)}:{draw.pick(('05', '20', '40', '55'))}"}
        ),
    )
    look = ("shop_lookup", {"shop": name}, json.dumps({"shop": name, **known}, ensure_ascii=False))
    question = _OPEN(draw, {"shop": name})
    talk.user(question)
    if draw.chance(0.5):
        talk.call(clock, look)
    else:
        talk.call(clock)
        talk.call(look)
    is_open = day != closed
    yes = is_open != ("closed" in question)
    if is_open:
        talk.says(
            f"{'Yes' if yes else 'No'}, {draw.pick(('it is open', 'today it is open'))}: it is {day}, and it is closed on {closed}."
        )
    else:
        talk.says(f"{'Yes' if yes else 'No'}, today is {day}, and on {closed} it is closed.")
    return Talk(
        talk.messages,
        tuple(fact for fact in facts if fact.relation == "closed_on"),
        tools_with(draw, CLOCK, SHOPS),
    )


# No call, and calls that fail


def no_tool_talk(world: World, draw: Draw) -> Talk:
    """Tools are there, but the question needs none."""
    talk = _Talk(draw)
    if draw.chance(0.4):
        made = train_sum(draw, draw.pick("+-x/"), 1)
        talk.user(ask(made, draw))
        talk.says(answer(made, draw))
    else:
        task = make_task(draw.pick(_NO_TOOL_KINDS), draw, False)
        talk.user(task.prompt)
        talk.messages.append({"role": "assistant", "content": task.reference})
    return Talk(talk.messages, tools=tools_with(draw, draw.pick(TOOLS)))


_NO_TOOL_KINDS = ("explain", "rewrite", "classify", "list", "answer", "correct", "order", "extract")
_WANTED = (
    (Phrases("What is the weather like[ today| now|]?", "Will it rain[ today| tomorrow|]?"), "the weather"),
    (Phrases("Send {name} a letter[, please|].", "[Write|Send] {name} a message."), "letters"),
    (Phrases("Call {name}[, please|].", "Can you telephone {name}?"), "telephoning"),
    (Phrases("Play some music.", "Can you play a song?"), "music"),
    (Phrases("Book a table for two.", "Buy me a ticket to {town}."), "booking"),
)
_CANNOT = Phrases(
    "I cannot do that: I have no tool for {what}.",
    "[Sorry|I am sorry], I have no tool for {what}.",
    "I have nothing for {what}, so I cannot help with that.",
    "That is not possible for me. My tools are for {tools}.",
)
_FOR = {"calculator": "sums", "clock": "the time", "shop_lookup": "shops", "price_lookup": "prices"}


def no_such_tool_talk(world: World, draw: Draw) -> Talk:
    """What is wanted is beyond the tools, and the assistant says so."""
    talk = _Talk(draw)
    tools = tools_with(draw, draw.pick(TOOLS))
    asked, what = draw.pick(_WANTED)
    slots = {"name": NAMES(draw, False).text, "town": "the coast", "what": what}
    names = [_FOR[tool["function"]["name"]] for tool in tools]
    slots["tools"] = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    talk.user(asked(draw, slots))
    talk.says(_CANNOT(draw, slots))
    return Talk(talk.messages, tools=tools)


def broken_talk(world: World, draw: Draw) -> Talk:
    """The calculator cannot read the sum, or divides by nothing."""
    talk = _Talk(draw)
    a = 2 + int(draw.random() * 900)
    talk.user(
        draw.pick((f"What is {a} divided by 0?", f"{a} / 0", f"Divide {a} by 0.", f"How much is {a} / 0?"))
    )
    talk.call(("calculator", {"expression": f"{a} / 0"}, '{"error": "division by zero"}'))
    talk.says(
        draw.pick(
            (
                "Nothing can be divided by 0.",
                "That cannot be done: one cannot divide by 0.",
                "There is no answer: dividing by 0 is not possible.",
            )
        )
    )
    return Talk(talk.messages, tools=tools_with(draw, CALCULATOR))


def evaluate(expression: str) -> int:
    """What the calculator gives for "12 * 37"; for tests and for the lab's tools."""
    a, sign, b = expression.split()
    return compute({"*": "x"}.get(sign, sign), int(a), int(b))


Write = Callable[[World, Draw], Talk]
_WRITERS: tuple[tuple[str, Write, float], ...] = (
    ("tool_calculator", calculator_talk, 0.9),
    ("tool_two_sums", two_sums_talk, 0.25),
    ("tool_clock", clock_talk, 0.4),
    ("tool_shop", shop_talk, 0.6),
    ("tool_price", price_talk, 0.6),
    ("tool_two_prices", two_prices_talk, 0.35),
    ("tool_open_today", open_today_talk, 0.25),
    ("tool_none_needed", no_tool_talk, 0.6),
    ("tool_none_fits", no_such_tool_talk, 0.15),
    ("tool_broken", broken_talk, 0.05),
)
TALKS = tuple(TalkWriter(*row) for row in _WRITERS)
