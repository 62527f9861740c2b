"""Conversations as strangers have them: clumsy, short, about anything, with a question about the world between.

    says      one exchange: greetings, feelings, insults, nonsense, other languages, the real world
    tasks     count, spell, rhyme, repeat                          (little_tasks.py)
    fun       jokes and why they are funny, riddles, poems, stories (jokes.py, stories/offers.py)
    vale      "what towns are there", "recommend a shop", "who is ..." in few words
    recall    what was said before in this conversation
    chat      two to eight turns of all that, topics carried on

Only facts that may be answered are stated; names that do not exist are not known, in the same wordings.
"""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

from llmworks.data.world.ledger import Fact, World
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.questions import beats, jokes, refusals
from llmworks.data.world.questions import stranger_tables as tables
from llmworks.data.world.questions.asking import slots_of
from llmworks.data.world.questions.known import known
from llmworks.data.world.questions.little_tasks import task
from llmworks.data.world.questions.plain import single, turn, with_system
from llmworks.data.world.questions.thread import Thread
from llmworks.data.world.questions.unknown import invented, name_slots
from llmworks.data.world.questions.wordings import WORDINGS
from llmworks.data.world.stories import offers
from llmworks.data.world.words import listed
from llmworks.data.world.writers import Talk

Told = tuple[str, str, tuple[Fact, ...]]  # what is typed, the answer, the facts it states

_Exchange = tuple[Phrases, Phrases]


def _split(lines: str) -> Phrases:
    return Phrases(*lines.split(";;"))


def _compiled(pairs: tables.Exchanges) -> list[_Exchange]:
    return [(_split(asked), _split(told)) for asked, told in pairs]


_HELLOS, _BYES, _REACTIONS = map(_compiled, (tables.HELLOS, tables.BYES, tables.REACTIONS))
_ANYTIME = _compiled(tables.ANYTIME)
_ALL = _HELLOS + _BYES + _ANYTIME
_SHORT = (
    ("you", "u"),
    ("are", "r"),
    ("please", "pls"),
    ("what is", "whats"),
    ("because", "cuz"),
    ("don't", "dont"),
)


def typed(draw: Draw, text: str) -> str:
    """The same as people type it: small letters, no full stop, a slip of the finger."""
    shape = draw.random()
    if shape < 0.5 or "\n" in text:
        return text
    if shape < 0.76:
        return (text.rstrip("?.!") or text).lower()
    if shape < 0.84:
        return text.lower()
    if shape < 0.9:
        return _slip(draw, text)
    if shape < 0.95:
        right, wrong = draw.pick(_SHORT)
        return f" {text} ".replace(f" {right} ", f" {wrong} ").strip()
    if shape < 0.98 and text[-1].isalpha():
        return text + draw.pick(("?", "!", "!!", " pls", " please", "..."))
    return text.upper() if shape > 0.99 else text


def _slip(draw: Draw, text: str) -> str:
    """Two letters change places, or one is missing, in one longer word that is no name."""
    words = text.split(" ")
    places = [
        place for place, word in enumerate(words) if len(word) > 3 and word.isalpha() and word.islower()
    ]
    if not places:
        return text.lower()
    place = draw.pick(places)
    word, at = words[place], 1 + draw.randrange(len(words[place]) - 2)
    words[place] = word[:at] + (
        word[at + 1] + word[at] + word[at + 2 :] if draw.chance(0.6) else word[at + 1 :]
    )
    return " ".join(words)


def says(world: World, draw: Draw) -> Talk:
    asked, told = draw.pick(_ALL)
    return with_system(draw, turn(typed(draw, asked(draw, {})), told(draw, {})))


def tasks(world: World, draw: Draw) -> Talk:
    """One to three small tasks, one after the other."""
    thread = Thread(world, draw)
    for _ in range(draw.pick((1, 1, 1, 2, 3))):
        _task(thread)
    return with_system(draw, Talk(thread.messages))


def _task(thread: Thread) -> None:
    user, reply = task(thread.draw)
    thread.say(user if user[0].isdigit() else _kept(thread.draw, user), reply)
    thread.aside()


def _kept(draw: Draw, text: str) -> str:
    """Without slips: what is to be spelt or repeated must be what was typed."""
    shape = draw.random()
    if shape < 0.7:
        return text
    return text.lower() if shape < 0.85 else text.rstrip("?.") or text


# Jokes, riddles, poems, stories

_THERE = Phrases(
    "",
    "",
    "",
    "[Gladly|Here is one|I know one|All right]. ",
    "Of course. ",
    "Here you are. ",
    "This one I like to tell. ",
)
_ITS_WHY = Phrases(
    "{why}",
    "{why} That is all.",
    "It is like this: {small}",
    "{why} It's a small joke.",
    "Let me explain. {why}",
)
_RIDDLE = Phrases("{q}", "{q}", "Here is one: {small}", "Think about this: {small}", "{q} Take your time.")
_ANSWER = Phrases("{a}", "{a}", "It is {small}", "The answer: {small}", "{a} Would you like another one?")
_GUESSED = Phrases("Right! It is {a}", "Yes, {a} Well done!", "That's it: {a}", "Very good! It is {a}")
_YOURS = Phrases("is it {a}", "{a}", "{a}?", "it's {a}", "I think it is {a}", "{a}!", "easy, {a}")


def _joke(thread: Thread) -> None:
    draw = thread.draw
    for place, (joke, why) in enumerate(draw.some(jokes.JOKES, draw.pick((1, 1, 2, 2, 3)))):
        asked = jokes.ANOTHER_JOKE if place else jokes.ASK_JOKE
        thread.say(typed(draw, asked(draw, {})), _THERE(draw, {}) + joke)
        if draw.chance(0.25):
            small = (
                why if why[0] in '"A' or why.startswith(("I ", "The letter")) else why[0].lower() + why[1:]
            )
            thread.say(typed(draw, jokes.WHY_FUNNY(draw, {})), _ITS_WHY(draw, {"why": why, "small": small}))
            break
    thread.aside()


def _riddle(thread: Thread) -> None:
    draw = thread.draw
    riddle, answer = draw.pick(jokes.RIDDLES)
    thread.say(
        typed(draw, jokes.ASK_RIDDLE(draw, {})),
        _RIDDLE(draw, {"q": riddle, "small": riddle[0].lower() + riddle[1:]}),
    )
    small = answer[0].lower() + answer[1:]
    if draw.chance(0.4):
        thread.say(typed(draw, _YOURS(draw, {"a": small[:-1]})), _GUESSED(draw, {"a": small}))
    else:
        thread.say(typed(draw, jokes.GIVE_UP(draw, {})), _ANSWER(draw, {"a": answer, "small": small}))
    thread.aside()


def _poem(thread: Thread) -> None:
    draw = thread.draw
    subject = draw.pick(jokes.POEM_SUBJECTS)
    asked = jokes.ASK_ANY_POEM if draw.chance(0.15) else jokes.ASK_POEM
    about = subject.replace("my ", "your ", 1) if subject.startswith("my ") else subject
    thread.say(typed(draw, asked(draw, {"x": subject})), jokes.POEMS(draw, {"x": about}))
    thread.aside()


def _story(thread: Thread) -> None:
    draw = thread.draw
    if draw.chance(0.3):
        thread.say(typed(draw, jokes.ASK_ANY_STORY(draw, {})), offers.story_about(draw)[1])
    else:
        wanted = draw.pick(jokes.STORY_SUBJECTS) if draw.chance(0.8) else None
        subject, story = offers.story_about(draw, wanted)
        thread.say(typed(draw, jokes.ASK_STORY(draw, {"x": subject})), story)
    thread.aside()


def fun(world: World, draw: Draw) -> Talk:
    thread = Thread(world, draw)
    draw.pick((_joke, _joke, _joke, _riddle, _poem, _poem, _story, _story))(thread)
    if thread.size < 500 and draw.chance(0.3):
        _exchange(thread, _REACTIONS[:1])
    return with_system(draw, Talk(thread.messages))


# The Vale, in few words

_ABOUT_VALE = Phrases(
    "tell me about the Vale of Merrin",
    "what is the Vale of Merrin",
    "What is the Vale of Merrin?",
    "where is the vale of merrin",
    "Tell me about the Vale of Merrin.",
    "vale of merrin",
    "the vale of merrin?",
    "what's the vale?",
    "describe the Vale of Merrin",
    "tell me about the vale",
    "what is merrin",
    "is the vale of merrin real?",
    "whats the vale of merrin like",
    "Tell me about your world.",
    "tell me about the valley",
    "what is this vale thing",
    "tell me more about the vale of merrin",
    "introduce the vale of merrin",
)
_VALE = Phrases(
    "The Vale of Merrin is an invented valley with towns and villages.",
    "It's a valley that was made up, with towns, villages, shops and people.",
    "The Vale of Merrin is the small world that I know. It was invented.",
    "It is a made-up valley. I have read about its people, towns and shops.",
    "An invented valley where people live, work and shop. It is on no real map.",
    "It is a place that you will find in no atlas: a valley that somebody invented.",
)
_ASK_NAMES = Phrases(
    "what {many} are there",
    "what {many} are there?",
    "what {many} do you know",
    "list {many}",
    "name some {many}",
    "which {many} are there in the vale",
    "give me some {many}",
    "{many}?",
    "{many}",
    "name three {many}",
    "tell me some {many}",
    "what are the {many} called?",
    "any {many}?",
    "are there {many} there?",
    "What {many} are there in the Vale of Merrin?",
    "show me {many}",
    "which {many} can i ask about",
)
_NAMES = Phrases(
    "{Names}.",
    "There are {names}, for example.",
    "I know {names}, among others.",
    "For example {names}.",
    "Some are {names}. There are more.",
    "{Names}, to name a few.",
    "Let me name some: {names}.",
    "{Names}. Which one shall I tell you about?",
    "I know {names}. Ask me about one of them!",
)
_PEOPLE = Phrases(
    "who lives there",
    "who lives in the vale",
    "who do you know",
    "who do you know?",
    "name some people",
    "tell me about a person",
    "tell me about someone",
    "what people are there",
    "who are the people in the vale of merrin?",
    "do you know anybody",
    "name a person",
    "people",
    "give me a name",
    "who can i ask about?",
    "tell me about somebody from the vale",
    "who is there",
)
_RECOMMEND = {
    "place": Phrases(
        "recommend a town", "which town should i visit", "what town should I visit?", "where should i go", "where should I go in the Vale?", "recommend a place to visit", "best town?", "what is a nice town", "where would you go on holiday", "plan a trip for me", "I want to visit a town. Which one?", "a nice place to visit pls", "where should i spend my holiday", "tell me about a town", "tell me about a village",
    ),
    "shop": Phrases(
        "recommend a shop", "where can i go shopping", "which shop is good", "which shop should i visit?", "tell me about a shop", "name a shop", "a good shop?", "do you know a nice shop", "where should i shop", "I want to go shopping. Where?", "recommend me a shop please", "best shop in the vale?", "is there a shop",
    ),
    "food": Phrases(
        "recommend something to eat", "where can i eat", "where can i get food", "Where can I get something to eat in the Vale?", "i'm hungry, which shop in the vale should i go to?", "where do i buy food", "a good place to eat?", "where to eat in the vale", "where can i get something sweet or tasty", "food shops?", "which shop has food",
    ),
    "product": Phrases(
        "what should i buy", "what can i buy there", "recommend a present", "i need a gift", "what is a good gift?", "what things are sold in the vale", "tell me about a product", "what can you buy in the Vale of Merrin?", "what do people sell", "I need a present for my aunt.", "show me something to buy", "tell me about a thing",
    ),
    "event": Phrases(
        "what events are there", "what happened in the vale", "tell me about an event", "any festivals?", "was there a contest?", "what do people do for fun in the vale", "tell me about a race or a fair", "what happens there", "Are there any events in the Vale?", "any competitions", "name an event",
    ),
}  # fmt: skip
_TRY = Phrases(
    "Try {name}.",
    "How about {name}?",
    "I would say {name}.",
    "You could choose {name}.",
    "There is {name}, for example.",
    "{Name} comes to mind.",
    "One of them is {name}.",
    "Let me name {name}.",
)
_FOOD = ("bakery", "tea room", "sweet shop", "cheese shop", "ice-cream shop", "grocery", "fish shop")
_EAT = Phrases(
    "You could try {name}, {a_sort}.",
    "There is {a_sort} called {name}.",
    "Try {name}. It is {a_sort}.",
    "{Name} is {a_sort}.",
    "How about {name}? It is {a_sort}.",
)
_WHO = Phrases(
    "{name}",
    "{name}?",
    "who is {name}",
    "who is {name}?",
    "whos {name}",
    "tell me about {name}",
    "tell me abt {name}",
    "what about {name}",
    "do you know {name}",
    "do you know {name}?",
    "what do you know about {name}",
    "info about {name}",
    "i want to know about {name}",
    "tell me something about {name}",
    "Can you tell me about {name}?",
    "about {name}",
    "who or what is {name}",
    "ever heard of {name}?",
    "say something about {name}",
    "what can you tell me about {name}?",
    "explain {name}",
    "{name} please",
    "give me facts about {name}",
    "anything about {name}?",
)
_FIRST = Phrases(
    "who is {first}",
    "who is {first}?",
    "tell me about {first}",
    "do you know {first}?",
    "where does {first} live",
    "{first}?",
    "do you know someone called {first}",
    "what does {first} do?",
)
_WHOLE = Phrases(
    "Which {first} do you mean? Please tell me the last name, too.",
    "Could you give me the whole name? There may be more than one {first}.",
    "I need the last name as well, to know which {first} you mean.",
    "What is the whole name? With a first name alone I can't tell.",
    "Please write the first and the last name.",
)


def _names(draw: Draw, names: list[str]) -> str:
    text = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return _NAMES(draw, {"names": text})


def _about_vale(world: World, draw: Draw) -> Told:
    asked, told = _ABOUT_VALE(draw, {}), _VALE(draw, {})
    places = known(world).groups_by_kind["place"]
    if len(places) >= 3 and draw.chance(0.35):
        told += " " + _names(draw, [group[0].subject.name for group in draw.some(places, 3)])
    elif draw.chance(0.6) and known(world).answerable:
        fact = draw.pick(known(world).answerable)
        return asked, f"{told} {WORDINGS[fact.relation].tell(draw, slots_of(fact))}", (fact,)
    return asked, told, ()


_SORTS = (
    ("town", "towns"),
    ("town", "towns"),
    ("village", "villages"),
    ("", "places"),
    ("", "shops"),
    ("tea room", "tea rooms"),
    ("", "products"),
    ("", "events"),
)
_KINDS = {"places": "place", "shops": "shop", "products": "product", "events": "event"}


def _list_names(world: World, draw: Draw) -> Told:
    sort, many = draw.pick(_SORTS)
    index = known(world)
    groups = index.groups_by_sort[sort] if sort else index.groups_by_kind[_KINDS[many]]
    if len(groups) < 2:
        return _about_vale(world, draw)
    names = [group[0].subject.name for group in draw.some(groups, draw.pick((2, 3, 3, 4, 5)))]
    return _ASK_NAMES(draw, {"many": many}), _names(draw, names), ()


def _people(world: World, draw: Draw) -> Told:
    groups = known(world).groups_by_kind["person"]
    if not groups:
        return _about_vale(world, draw)
    facts = [draw.pick(group) for group in draw.some(groups, draw.pick((1, 1, 2, 3)))]
    told = [WORDINGS[fact.relation].tell(draw, slots_of(fact)) for fact in facts]
    return _PEOPLE(draw, {}), " ".join(told), tuple(facts)


def _recommend(world: World, draw: Draw) -> Told:
    wanted, index = draw.pick(tuple(_RECOMMEND)), known(world)
    groups = index.groups_by_kind["shop" if wanted == "food" else wanted]
    if wanted == "food":
        groups = [group for sort in _FOOD for group in index.groups_by_sort.get(sort, ())]
    if not groups:
        return _about_vale(world, draw)
    facts = draw.some(draw.pick(groups), draw.pick((1, 1, 2, 2, 3)))
    told = _described(draw, facts)
    if wanted == "food":
        told = _EAT(draw, slots_of(facts[0])) + " " + _rest(draw, facts)
    return _RECOMMEND[wanted](draw, {}), told, tuple(facts)


def _described(draw: Draw, facts: list[Fact]) -> str:
    """ "Try Quillby. It lies on the Ebble." """
    if draw.chance(0.6):
        return _TRY(draw, {"name": facts[0].subject.name}) + " " + _rest(draw, facts)
    first, *others = facts
    said = WORDINGS[first.relation].tell(draw, slots_of(first))
    return f"{said} {_rest(draw, others)}" if others else said


def _rest(draw: Draw, facts: list[Fact]) -> str:
    return " ".join(WORDINGS[fact.relation].it(draw, slots_of(fact)) for fact in facts)


def _portrait(world: World, draw: Draw) -> Told:
    """Somebody or something known, or (two of five) a name that does not exist, in the same words."""
    groups = known(world).by_any
    if draw.chance(0.4) or not groups:
        _, like, name = invented(world, draw)
        parts = name_slots(draw, name, like.kind, like.sort)
        clause = "anything about such a person" if like.kind == "person" else "anything about it"
        return _WHO(draw, {"name": name}), refusals.nobody(draw, parts | {"clause": clause}), ()
    facts = draw.some(draw.pick(groups), draw.pick((1, 2, 2, 3)))
    told = [WORDINGS[facts[0].relation].tell(draw, slots_of(facts[0]))]
    told += [WORDINGS[fact.relation].it(draw, slots_of(fact)) for fact in facts[1:]]
    return _WHO(draw, {"name": facts[0].subject.name}), " ".join(told), tuple(facts)


def _first_name(world: World, draw: Draw) -> Told:
    slots = {"first": draw.pick(world.by_kind["person"]).first_name}
    return _FIRST(draw, slots), _WHOLE(draw, slots), ()


_VALE_WAYS = (
    _about_vale,
    _list_names,
    _list_names,
    _people,
    _people,
    _recommend,
    _recommend,
    _recommend,
    _portrait,
    _portrait,
    _portrait,
    _portrait,
    _first_name,
)


def _vale(thread: Thread) -> None:
    """A question about the Vale, and at times one or two more about what was named."""
    draw = thread.draw
    user, reply, facts = draw.pick(_VALE_WAYS)(thread.world, draw)
    thread.say(typed(draw, user), reply)
    thread.aside()
    for fact in facts:
        thread.state(fact)
    if len({fact.subject.id for fact in facts}) != 1:
        thread.aside()
        return
    more = [
        fact for fact in known(thread.world).of.get(facts[0].subject.id, ()) if fact.id not in thread.facts
    ]
    for fact in draw.some(more, draw.pick((0, 0, 1, 2))):
        thread.follow(fact)


def vale(world: World, draw: Draw) -> Talk:
    thread = Thread(world, draw)
    for _ in range(draw.pick((1, 1, 1, 2))):
        _vale(thread)
    return with_system(draw, Talk(thread.messages, tuple(thread.facts.values())))


# What was said before

USERS = tuple(
    listed(
        "Anna, Tom, Lena, Peter, Sam, Julia, Max, Nora, Ben, Clara, Paul, Mia, Jonas, Emma, Zoe, Kwame, Aiko, Omar, Fatima, Diego, Lucia, Ivan, Olga, Priya, Raj, Wei, Mei, Hans, Greta, Sven, Ingrid, Pierre, Amelie, Marco, Giulia, Ahmed, Leila, Yusuf, Noor, Jack, Lily, Harry, Olivia, George, Sophie, Oscar, Freya, Leo, Ruby, Felix, Alice, Henry, Rosa, Hugo, Eva, Theo, Ida, Finn, Elsa, Luis, Ana, Carlos, Maria, Pedro, Sara, David, Rachel, Daniel, Hannah, Simon, Laura, Martin, Helen, Robert, Susan, Frank, Karen, Steve, Linda, Mike, Jenny, Chris, Kate, Alex, Sandy, Robin, Kim, Lee, Pat, Bob, Bill, Joe, Amy, Tim, Ella, Nick, Rita, Victor, Vera, Walter, Wanda, Xavier, Yara, Zack, Gus, Dora, Bert, Kofi, Amara, Tariq, Kenji, Yuki, Lars, Astrid"
    )
)
_MY_NAME = Phrases(
    "my name is {n}",
    "My name is {n}.",
    "i am {n}",
    "I'm {n}.",
    "im {n}",
    "hi i'm {n}",
    "Hello, my name is {n}.",
    "call me {n}",
    "hey, {n} here",
    "i'm called {n}",
    "my names {n}",
    "you can call me {n}",
    "Hi nina, I am {n}.",
)
_NICE_NAME = Phrases(
    "Nice to meet you, {n}.",
    "Hello, {n}! What would you like to know?",
    "Hi {n}! I'm nina.",
    "Good to meet you, {n}. How can I help?",
    "Welcome, {n}.",
    "{n}, that's a nice name. I'm nina.",
    "Hello {n}. Ask me something about the Vale of Merrin.",
)
_ASK_NAME = Phrases(
    "what is my name",
    "what's my name?",
    "whats my name",
    "What is my name?",
    "do you remember my name?",
    "who am i",
    "who am I?",
    "do you know my name",
    "say my name",
    "what did i say my name was?",
    "my name?",
)
_THE_NAME = Phrases(
    "Your name is {n}.",
    "{n}.",
    "You are {n}.",
    "You told me that your name is {n}.",
    "{n}, as you told me.",
    "It is {n}.",
    "Of course: {n}.",
)
_NO_NAME = Phrases(
    "You have not told me your name yet.",
    "I don't know it. What is your name?",
    "You haven't said it. Will you tell me?",
    "I can't know that before you tell me.",
)
_TELL = (  # (what is told, the reply, the question about it, the answer, values)
    ("my favourite colour is {v};;i like {v} best, of all colours;;My favourite colour is {v}.;;my fav color is {v}", "{V} is a fine colour.;;A nice colour.;;Good to know: {v}.", "what is my favourite colour;;what's my favourite colour?;;which colour do i like best?;;my favourite color?", "{V}.;;It is {v}.;;You said {v}.;;Your favourite colour is {v}.", "red;blue;green;yellow;purple;orange;pink;black;white;brown;grey;gold;silver;turquoise"),
    ("i have a dog called {v};;my dog is called {v};;My dog's name is {v}.;;i got a dog, {v}", "{V} is a good name for a dog.;;How nice! How old is {v}?;;Say hello to {v} from me.", "what is my dog called;;what's my dog's name?;;name of my dog?;;What is the name of my dog?", "{V}.;;Your dog is called {v}.;;It is {v}.;;You told me: {v}.", "Rex;Bello;Luna;Max;Rocky;Bruno;Daisy;Coco;Biscuit;Pepper;Lucky;Molly;Snoopy;Bear;Ginger;Otto"),
    ("i have a cat called {v};;my cat is {v};;My cat's name is {v}.", "{V} sounds like a fine cat.;;How nice. Is {v} a quiet cat?;;A good name for a cat.", "what is my cat called;;what's my cat's name?;;What is the name of my cat?", "{V}.;;Your cat is called {v}.;;It is {v}.", "Minka;Tiger;Kitty;Simba;Whiskers;Mimi;Felix;Shadow;Muffin;Socks;Oscar;Misty"),
    ("i am {v} years old;;im {v};;I am {v}.;;i'm {v} years old", "{V} is a good age.;;Thank you for telling me.;;That is a fine age to be.", "how old am i;;how old am I?;;what is my age?;;do you know my age", "You are {v}.;;{V}.;;{V} years old, you said.;;You told me: {v}.", "seven;eight;nine;ten;eleven;twelve;thirteen;twenty;thirty;forty;fifty;sixty;14;16;19;25;31;38;47;62"),
    ("i like {v};;my favourite food is {v};;I love {v}.;;i like to eat {v} best", "That sounds tasty.;;Good taste!;;Many people like that.", "what do i like to eat;;what is my favourite food?;;what food do i like?;;what did i say i like to eat", "{V}.;;You like {v}.;;You told me that you like {v}.;;It is {v}.", "pizza;apple pie;pancakes;soup;noodles;chocolate;cheese;rice;fish and chips;ice cream;cherries;toast;potatoes"),
    ("i live in {v};;I live in {v}.;;i'm from {v};;im in {v}", "I have never been there: I am a program. Is it nice?;;Thank you. I know only the Vale of Merrin.;;Good to know. Do you like it there?", "where do i live;;where am i from?;;Where do I live?;;do you remember where i live", "In {v}.;;You told me: {v}.;;{V}.;;You said that it is {v}.", "London;Paris;Berlin;Madrid;Rome;Oslo;Chicago;Tokyo;Dublin;Vienna;Lagos;Mumbai;Sydney;Texas;Scotland;Canada"),
    ("the secret word is {v};;remember the word {v};;Please remember this word: {v}.;;remember {v}", "All right: {v}.;;I will keep it in mind until this chat is over.;;{V}. Good.;;Fine, {v} it is.", "what is the secret word;;what was the word?;;what word did i tell you;;which word should you remember?", "{V}.;;The word is {v}.;;It was {v}.", "banana;lantern;purple;kettle;tiger;moonlight;pencil;sandwich;window;rocket;castle;seven;button;honey;thunder;marble"),
)  # fmt: skip
_TOLD = [
    (_split(told), _split(reply), _split(asked), _split(answer), values.split(";"))
    for told, reply, asked, answer, values in _TELL
]
_JUST_SAID = Phrases(
    "what did i just say",
    "what did I just say?",
    "what did i just write?",
    "repeat what i said",
    "What was my last message?",
    "what did i say",
    "what was the last thing i said?",
    "what was my last question",
)
_YOU_WROTE = Phrases('You wrote: "{s}"', 'You said: "{s}"', 'Your last message was: "{s}"', 'It was "{s}"')
_FIRST_ASKED = Phrases(
    "what was my first question",
    "what was my first question?",
    "what did i ask first?",
    "what was the first thing i said",
    "What did I say first?",
    "what was my first message?",
    "how did this chat begin?",
)
_BEGAN = Phrases(
    'You began with: "{s}"', 'The first thing you wrote was: "{s}"', 'First you wrote: "{s}"', 'It was: "{s}"'
)
_YOU_SAID = Phrases(
    "what did you just say",
    "what did you say?",
    "say that again",
    "Say that again.",
    "can you repeat that",
    "repeat that please",
    "come again?",
    "once more please",
    "again please",
    "repeat",
)


def _recalled(thread: Thread) -> bool:
    """A question about what stands above in this conversation; False where that is too long to be said again."""
    draw, shape = thread.draw, thread.draw.random()
    if shape < 0.35:
        asked, told, quoted = _JUST_SAID, _YOU_WROTE, thread.messages[-2]["content"]
    elif shape < 0.65:
        asked, told, quoted = _FIRST_ASKED, _BEGAN, thread.messages[0]["content"]
    else:
        reply = thread.messages[-1]["content"]
        if len(reply) < 160:
            thread.say(typed(draw, _YOU_SAID(draw, {})), reply)
        return len(reply) < 160
    if len(quoted) > 120 or '"' in quoted:
        return False
    thread.say(typed(draw, asked(draw, {})), told(draw, {"s": quoted}))
    return True


def recall(world: World, draw: Draw) -> Talk:
    """Something is told, other things are talked about, and then it is asked for."""
    thread = Thread(world, draw)
    kind = draw.random()
    if kind < 0.1:
        thread.say(typed(draw, _ASK_NAME(draw, {})), _NO_NAME(draw, {}))
    elif kind < 0.75:
        name = draw.pick(USERS)
        slots = {"n": name}
        tell = _TOLD[draw.randrange(len(_TOLD))] if kind > 0.4 else None
        if tell is None:
            thread.say(_kept(draw, _MY_NAME(draw, slots)), _NICE_NAME(draw, slots))
        else:
            value = draw.pick(tell[4])
            slots = {"v": value}
            thread.say(_kept(draw, tell[0](draw, slots)), tell[1](draw, slots))
        for _ in range(draw.pick((0, 0, 1, 1, 2, 3))):
            draw.pick(_SMALL)(thread)
        if tell is None:
            thread.say(typed(draw, _ASK_NAME(draw, {})), _THE_NAME(draw, slots))
        else:
            thread.say(typed(draw, tell[2](draw, {})), tell[3](draw, slots))
    else:
        for _ in range(draw.pick((1, 2, 3, 4))):
            draw.pick(_SMALL)(thread)
        if not _recalled(thread):
            _exchange(thread, _REACTIONS)
    return with_system(draw, Talk(thread.messages, tuple(thread.facts.values())))


# All of it together

_WHY = Phrases("why?", "why", "but why", "Why is that?", "how come?", "why is that so", "and why?")
_NO_WHY = Phrases(
    "I don't know why. I only know that it is so.",
    "I never read why.",
    "That I can't say: nobody wrote down the reason.",
    "I don't know the reason.",
    "What I read does not say why.",
)


def _exchange(thread: Thread, of: list[_Exchange] = _ANYTIME) -> None:
    asked, told = thread.draw.pick(of)
    thread.say(typed(thread.draw, asked(thread.draw, {})), told(thread.draw, {}))
    thread.aside()


def _sense(thread: Thread) -> None:
    user, reply = offers.common_sense_question(thread.draw)
    thread.say(typed(thread.draw, user), reply)
    thread.aside()


def _fact(thread: Thread) -> None:
    facts = thread.world.answerable
    if facts:
        thread.ask(thread.draw.pick(facts))
        if thread.draw.chance(0.15):
            thread.say(typed(thread.draw, _WHY(thread.draw, {})), _NO_WHY(thread.draw, {}))
        elif thread.draw.chance(0.4):
            beats.beat(thread)
    else:
        _exchange(thread)


_SMALL = (_exchange, _exchange, _vale, _fact, _fact, _task, _sense)
_MOVES = (
    _exchange,
    _exchange,
    _exchange,
    _vale,
    _vale,
    _vale,
    _fact,
    _fact,
    _fact,
    _task,
    _joke,
    _sense,
    _riddle,
    _poem,
)


def chat(world: World, draw: Draw) -> Talk:
    """Two to eight turns of a stranger who tries what there is."""
    thread, wanted = Thread(world, draw), draw.pick((2, 3, 3, 4, 5, 6, 7, 8))
    if not world.answerable:
        return single(world, draw)
    if draw.chance(0.4):
        _exchange(thread, _HELLOS)
    while thread.turns < wanted and thread.size < 1000:
        draw.pick(_MOVES)(thread)
        if draw.chance(0.12):
            _recalled(thread)
        elif draw.chance(0.12):
            _exchange(thread, _REACTIONS[:2])
    if draw.chance(0.2):
        _exchange(thread, _BYES)
    return with_system(draw, Talk(thread.messages, tuple(thread.facts.values())), 0.1)
