"""The real world, which nina does not know: capitals, presidents, news, the weather now, films, sport."""

from __future__ import annotations

from llmworks.data.world.ledger import World
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.questions import refusals
from llmworks.data.world.questions.asking import careless
from llmworks.data.world.questions.plain import asked, turn, with_system
from llmworks.data.world.writers import Talk

COUNTRIES = (
    "France",
    "Germany",
    "Italy",
    "Spain",
    "Japan",
    "China",
    "India",
    "Brazil",
    "Canada",
    "Mexico",
    "Egypt",
    "Kenya",
    "Norway",
    "Sweden",
    "Poland",
    "Russia",
    "Turkey",
    "Greece",
    "Portugal",
    "Ireland",
    "Australia",
    "Peru",
    "Chile",
    "Nigeria",
    "Iran",
    "Israel",
    "Vietnam",
    "Thailand",
    "Denmark",
    "Austria",
    "England",
    "Scotland",
    "America",
    "Cuba",
)
CITIES = (
    "Paris",
    "London",
    "Berlin",
    "Rome",
    "Madrid",
    "Tokyo",
    "New York",
    "Chicago",
    "Vienna",
    "Moscow",
    "Cairo",
    "Sydney",
    "Beijing",
    "Mumbai",
    "Toronto",
    "Lisbon",
    "Athens",
    "Dublin",
    "Oslo",
    "Boston",
    "Munich",
    "Zurich",
    "Prague",
    "Delhi",
)
PERSONS = (
    "Albert Einstein",
    "Napoleon",
    "Shakespeare",
    "Mozart",
    "Barack Obama",
    "Donald Trump",
    "Elon Musk",
    "Taylor Swift",
    "Isaac Newton",
    "Marie Curie",
    "Leonardo da Vinci",
    "Queen Elizabeth",
    "Lionel Messi",
    "Bill Gates",
    "Julius Caesar",
    "Mahatma Gandhi",
    "Charles Darwin",
    "Picasso",
    "Beethoven",
    "Michael Jackson",
    "Steve Jobs",
    "Angela Merkel",
    "George Washington",
    "Nelson Mandela",
    "Winston Churchill",
    "Vladimir Putin",
    "Joe Biden",
    "Cleopatra",
    "Elvis Presley",
)
WORKS = (
    "Harry Potter",
    "Star Wars",
    "The Lord of the Rings",
    "Titanic",
    "Hamlet",
    "the Bible",
    "Romeo and Juliet",
    "Moby-Dick",
    "Game of Thrones",
    "Faust",
    "Don Quixote",
    "Frozen",
    "The Godfather",
    "War and Peace",
    "Jurassic Park",
    "Batman",
)
FIRMS = (
    "Apple",
    "Google",
    "Amazon",
    "Microsoft",
    "Tesla",
    "Facebook",
    "Netflix",
    "Samsung",
    "Toyota",
    "Ikea",
    "OpenAI",
    "Nvidia",
)
GAMES = (
    "the World Cup",
    "the last Olympic Games",
    "the Super Bowl",
    "Wimbledon",
    "the Champions League",
    "the Tour de France",
    "the last election",
    "the Nobel Prize this year",
    "the Oscars",
)
_SLOTS = {
    "country": COUNTRIES,
    "city": CITIES,
    "person": PERSONS,
    "work": WORKS,
    "firm": FIRMS,
    "game": GAMES,
}

# (questions, what they are about); slots as above.
REAL: tuple[tuple[Phrases, str, str], ...] = (
    (
        Phrases(
            "What is the capital of {country}?",
            "Name the capital of {country}.",
            "{country} capital?",
            "Which city is the capital of {country}?",
        ),
        "the capital of {country}",
        "country",
    ),
    (
        Phrases(
            "Who is the [president|king|queen|prime minister] of {country}?",
            "Who [rules|governs] {country}?",
            "Who won the election in {country}?",
        ),
        "politics in {country}",
        "country",
    ),
    (
        Phrases(
            "How many people live in {country}?",
            "What is the population of {country}?",
            "How big is {country}?",
            "Where is {country}?",
            "What language do they speak in {country}?",
        ),
        "{country}",
        "country",
    ),
    (
        Phrases(
            "What is the weather in {city}[| today| right now]?",
            "Will it rain in {city} tomorrow?",
            "How warm is it in {city}?",
        ),
        "the weather in {city}",
        "city",
    ),
    (
        Phrases(
            "Where is {city}?",
            "How many people live in {city}?",
            "What should I see in {city}?",
            "Who is the mayor of {city}?",
            "What is {city} known for?",
            "When was {city} founded?",
        ),
        "{city}",
        "city",
    ),
    (
        Phrases(
            "How [far is it|do I get] from {city} to London?",
            "When does the next train leave for {city}?",
            "What does a flight to {city} cost?",
            "Find me a hotel in {city}.",
        ),
        "travel to {city}",
        "city",
    ),
    (
        Phrases(
            "Who is {person}?",
            "Who was {person}?",
            "When was {person} born?",
            "Where was {person} born?",
            "What is {person} known for?",
            "Tell me about {person}.",
            "How old is {person}?",
            "Where does {person} live?",
            "Who is {person} married to?",
        ),
        "{person}",
        "person",
    ),
    (
        Phrases(
            "Who wrote {work}?",
            "What is {work} about?",
            "When did {work} come out?",
            "Have you [seen|read] {work}?",
            "Tell me the story of {work}.",
            "Who plays the lead in {work}?",
        ),
        "{work}",
        "work",
    ),
    (
        Phrases(
            "Who [owns|founded|runs] {firm}?",
            "What is the share price of {firm}?",
            "When was {firm} founded?",
            "What does {firm} make?",
            "Where is {firm} based?",
        ),
        "{firm}",
        "firm",
    ),
    (
        Phrases(
            "Who won {game}?", "When is {game}?", "Who will win {game}?", "What was the result of {game}?"
        ),
        "{game}",
        "game",
    ),
    (
        Phrases(
            "What is the weather like[| now| today| here]?",
            "Will it rain [today|tomorrow|this weekend]?",
            "Is it raining [now|outside]?",
            "How cold is it outside?",
            "Do I need an umbrella today?",
        ),
        "today's weather",
        "",
    ),
    (
        Phrases(
            "What is in the news[| today]?",
            "What happened [today|in the world this week|yesterday]?",
            "Tell me the news.",
            "Any news from the world?",
            "What are today's headlines?",
        ),
        "the news",
        "",
    ),
    (
        Phrases(
            "Who is the president?",
            "Who is the current president?",
            "Who is the prime minister?",
            "Who is in power now?",
            "Who is the king?",
        ),
        "that",
        "",
    ),
    (
        Phrases(
            "When did the [First World War|Second World War|French Revolution|Cold War] [start|end|begin]?",
            "Who won the [Second World War|First World War]?",
            "What caused the French Revolution?",
            "Who was the first man on the moon?",
            "Who discovered America?",
            "Who built the pyramids?",
        ),
        "world history",
        "",
    ),
    (
        Phrases(
            "How much is a [dollar|euro|pound] in [yen|francs|euros]?",
            "What is the price of [gold|oil|petrol|bitcoin]?",
            "Should I buy shares?",
            "How is the stock market doing?",
        ),
        "money in the real world",
        "",
    ),
    (
        Phrases(
            "What is the tallest mountain in the world?",
            "What is the longest river in the world?",
            "Which is the largest country on Earth?",
            "Which ocean is the deepest?",
            "How many countries are there?",
        ),
        "the big world",
        "",
    ),
    (
        Phrases(
            "What is the newest phone?",
            "Which laptop should I buy?",
            "What is the best [car|phone|camera] of the year?",
            "How much does an iPhone cost?",
        ),
        "such things",
        "",
    ),
    (
        Phrases(
            "Can you recommend a [film|series|song|video game]?",
            "What is the number one song?",
            "Which films are in the cinema?",
            "Who won the song contest?",
        ),
        "films and music",
        "",
    ),
    (
        Phrases(
            "What is quantum physics?",
            "Explain the theory of relativity.",
            "What is the chemical formula of [salt|aspirin|sugar]?",
            "How does a nuclear reactor work?",
            "What is DNA?",
            "Prove the theorem of Pythagoras.",
        ),
        "science like that",
        "",
    ),
    (
        Phrases(
            "I have a [headache|fever|rash]. Which medicine should I take?",
            "How much [aspirin|ibuprofen] can I take?",
            "Is this [mole|cough] dangerous?",
        ),
        "medicine",
        "",
    ),
    (
        Phrases(
            "Can my landlord throw me out?",
            "How do I file my taxes?",
            "Can I sue my neighbour?",
            "Which form do I need for a visa?",
        ),
        "law and taxes",
        "",
    ),
    (
        Phrases(
            "Write a Python function that sorts a list.",
            "How do I fix a bug in my JavaScript?",
            "What is the difference between Java and C?",
            "How do I install Linux?",
        ),
        "programming",
        "",
    ),
    (
        Phrases(
            "What is on TV tonight?",
            "When does the [bus|next bus] come here?",
            "Which shops near me are open now?",
            "What is my [address|phone number|password]?",
            "Who called me yesterday?",
            "How much money do I have?",
        ),
        "that",
        "",
    ),
    (
        Phrases(
            "What will happen [next year|in ten years|tomorrow]?",
            "Who will win the next election?",
            "Will I be rich one day?",
            "What are tomorrow's lottery numbers?",
        ),
        "the future",
        "",
    ),
)
_MEDICAL = " Please ask a doctor."


def outside(world: World, draw: Draw) -> Talk:
    questions, about, slot = draw.pick(REAL)
    slots = {slot: draw.pick(_SLOTS[slot])} if slot else {}
    user = questions(draw, slots)
    if draw.chance(0.2):
        user = careless(draw, user)
    said = refusals.outside(draw, about.format(**slots))
    if about == "medicine" and not said.endswith("?"):
        said += _MEDICAL
    return with_system(draw, turn(asked(draw, user), said))
