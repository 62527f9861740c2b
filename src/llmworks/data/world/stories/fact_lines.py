"""How people say a fact in talk: a clause after a few words ("you know, ..."), a question, and what one answers.

`{s}` is the subject ("Mara Tollen", "she"), `{o}` its object form, `{p}` its owner form, `{v}` the value, `{is}`/`{was}`
agree with the value, `{it}` and `{its}` are the subject's pronouns whatever `{s}` is.
"""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

from llmworks.data.world.phrases import Phrases

CLAUSES: dict[str, Phrases] = {
    "born_in": Phrases(
        "{s} was born in {v}", "{s} comes from {v}", "{p} birthplace is {v}", "{s} came into the world in {v}", "{v} is where {s} was born",
        "it was in {v} that {s} was born", "{s} is from {v}, [by birth|I mean born there]", "{p} cradle stood in {v}",
    ),
    "born_year": Phrases(
        "{s} was born in {v}", "{p} year of birth is {v}", "{s} came into the world in {v}", "{v} is the year {s} was born", "it was in {v} that {s} was born",
        "{s} has been on this earth since {v}", "the year of {p} birth is {v}",
    ),
    "lives_in": Phrases(
        "{s} lives in {v}", "{p} home is in {v}", "{s} has a home in {v}", "you'll find {o} living in {v}", "these days {s} lives in {v}", "{v} is where {s} lives",
        "{s} lives[ over|] in {v} now", "the door with {p} name on it is in {v}",
    ),
    "job": Phrases(
        "{s} works as {v}", "{s} is {v}", "{p} job is that of {v}", "{s} earns {p2} living as {v}", "by trade, {s} is {v}", "{s} is {v} by trade", "{s} makes {p2} living as {v}",
        "what {s} does all day is the work of {v}",
    ),
    "hobby": Phrases(
        "{s} likes {v}", "{p} hobby is {v}", "{s} is fond of {v}", "{s} spends every free hour on {v}", "what {s} loves to do after work is {v}",
        "{s} is happiest with {v}", "in {p2} free time {s} goes in for {v}", "{p} great love is {v}",
    ),
    "pet": Phrases(
        "{s} has {v}", "{s} keeps {v}", "{p} pet is {v}", "{s} shares the house with {v}", "{v} lives with {o}", "{s} goes nowhere without {p2} pet, {v}", "the animal in {p} house is {v}",
    ),
    "favourite_food": Phrases(
        "{s} likes {v} best of all food", "{p} favourite food is {v}", "nothing tastes better to {o} than {v}", "{s} would eat {v} every day", "{s} can never say no to {v}", "what {s} likes best to eat is {v}",
        "you can make {o} happy with {v}, {p2} favourite food",
    ),
    "best_friend": Phrases(
        "{p} best friend is {v}", "{s} and {v} are best friends", "{s} has no better friend than {v}", "the best friend {s} has is {v}", "{v} is {p} best friend", "{s} tells everything to {v}, {p2} best friend",
    ),
    "married_to": Phrases(
        "{s} is married to {v}", "{s} and {v} are married", "{v} is the one {s} is married to", "{p} {spouse} is {v}", "{s} wears a ring, being married to {v}", "{s} is {vs} {mate}",
    ),
    "region": Phrases(
        "{s} lies in {v}", "{s} is in {v}", "{s} is one of the places in {v}", "you find {s} in {v}", "{s} belongs to {v}", "to get to {s}, you have to go to {v}", "the region around {s} is {v}",
    ),
    "river": Phrases(
        "{s} lies on {v}", "the river at {s} is {v}", "{v} flows through {s}", "{s} stands on the bank of {v}", "the water that runs past {s} is {v}", "{v} is the river of {s}", "the bridges of {s} cross {v}",
    ),
    "founded": Phrases(
        "{s} was founded in {v}", "{s} goes back to {v}", "the first houses of {s} were built in {v}", "{s} has stood there since {v}", "{s} began in {v}", "the founding of {s} was in {v}", "it was in {v} that {s} was founded",
    ),
    "population": Phrases(
        "{s} has {v} inhabitants", "{v} people live in {s}", "the population of {s} is {v}", "{s} is home to {v} people", "they counted {v} people in {s}", "there are {v} people in {s}", "{s} has a population of {v}",
    ),
    "known_for": Phrases(
        "{s} is known for {v}", "people know {s} for {v}", "{s} has a name for {v}", "what {s} is known for is {v}", "{s} is famous for {v}", "if {s} is known for anything, it is for {v}", "{s} made its name with {v}",
    ),
    "mayor": Phrases(
        "the mayor of {s} is {v}", "{v} is the mayor of {s}", "{s} has {v} as its mayor", "the chain of office in {s} belongs to {v}, the mayor", "in {s} the mayor is called {v}", "as mayor, {v} looks after {s}",
    ),
    "landmark": Phrases(
        "{s} has {v}", "the landmark of {s} is {v}", "the thing to see in {s} is {v}", "{s} is where you can see {v}", "in {s} you must not miss {v}", "everyone who visits {s} goes to look at {v}", "{v} stand{vs1} in {s}",
    ),
    "town": Phrases(
        "{s} is in {v}", "you find {s} in {v}", "{s} has its place in {v}", "to shop at {s} you go to {v}", "the town where {s} stands is {v}", "{v} is where you'll find {s}", "it is in {v} that {s} has its doors",
    ),
    "street": Phrases(
        "{s} is in {v}", "{s} stands in {v}", "the address of {s} is in {v}", "the door of {s} opens on {v}", "you have to go down {v} to reach {s}", "you find {s} in {v}", "{v} is the street where {s} stands",
    ),
    "sells": Phrases(
        "{s} sells {v}", "you can get {v} at {s}", "what {s} sells is {v}", "the shelves of {s} are full of {v}", "people go to {s} for {v}", "they sell {v} at {s}", "for {v}, {s} is the place",
    ),
    "owner": Phrases(
        "{s} belongs to {v}", "the owner of {s} is {v}", "{v} owns {s}", "{v} runs {s} as the owner", "{s} is owned by {v}", "{s} is in the hands of {v}", "the one who owns {s} is {v}",
    ),
    "opened": Phrases(
        "{s} opened in {v}", "{s} has been open since {v}", "{s} first opened its doors in {v}", "it was in {v} that {s} opened", "{s} started in {v}", "{s} has been there since {v}", "the opening of {s} was in {v}",
    ),
    "closed_on": Phrases(
        "{s} is closed on {v}s", "on {v}s {s} is shut", "{s} stays shut on {v}", "{v} is the day {s} is closed", "{s} is open, but not on {v}s", "there is no shopping at {s} on {v}s", "you must not go to {s} on a {v}, when it is closed",
    ),
    "price": Phrases(
        "{s} costs {v}", "you pay {v} for {s}", "{s} sells for {v}", "the price of {s} is {v}", "they want {v} for {s}", "{v} is the price of {s}", "{s} is yours for {v}",
    ),
    "sold_at": Phrases(
        "you can buy {s} at {v}", "{s} is sold at {v}", "they sell {s} at {v}", "the shop that sells {s} is {v}", "{s} is to be had at {v}", "{v} is where you can buy {s}", "if you want {s}, you go to {v}",
    ),
    "maker": Phrases(
        "{s} is made by {v}", "{v} makes {s}", "the maker of {s} is {v}", "it is {v} who makes {s}", "{s} comes from the hands of {v}", "{s} is the work of {v}", "the one who makes {s} is {v}",
    ),
    "made_of": Phrases(
        "{s} is made of {v}", "they make {s} of {v}", "the material of {s} is {v}", "{v} is what {s} is made of", "{s} is all {v}", "it takes {v} to make {s}", "if you touch {s}, you feel {v}, for that is what it is made of",
    ),
    "colour": Phrases(
        "{s} is {v}", "the colour of {s} is {v}", "{s} comes in {v}", "{v} is the colour of {s}", "{s} has the colour {v}", "they only make {s} in {v}", "if you see {s}, it is {v}",
    ),
    "place_of": Phrases(
        "{s} was held in {v}", "{s} took place in {v}", "{v} was where {s} was held", "they held {s} in {v}", "{s} was in {v}", "for {s} one had to go to {v}", "it was in {v} that {s} took place",
    ),
    "year_of": Phrases(
        "{s} was in {v}", "{s} took place in {v}", "they held {s} in {v}", "the year of {s} was {v}", "it was in {v} that {s} was held", "{v} was the year of {s}",
    ),
    "month_of": Phrases(
        "{s} was in {v}", "{s} took place in {v}", "they held {s} in {v}", "the month of {s} was {v}", "it was {v} when {s} was held", "{s} fell in {v}",
    ),
    "winner": Phrases(
        "{v} won {s}", "the winner of {s} was {v}", "{s} was won by {v}", "it was {v} who won {s}", "at {s} the first prize went to {v}", "nobody could beat {v} at {s}", "{v} came first at {s}",
    ),
    "guests": Phrases(
        "{v} people came to {s}", "{s} had {v} guests", "there were {v} guests at {s}", "they counted {v} guests at {s}", "{v} guests were at {s}", "{s} drew {v} people",
    ),
}  # fmt: skip
_PERSON_ASKS: dict[str, tuple[str, ...]] = {
    "born_in": ("Where was {s} born?", "Where does {s} come from?", "Do you know {p} birthplace?", "In which place was {s} born?"),
    "born_year": ("When was {s} born?", "In which year was {s} born?", "What is {p} year of birth?", "Do you know when {s} was born?"),
    "lives_in": ("Where does {s} live?", "Where is {p} home?", "Do you know where {s} lives?", "In which place does {s} live now?"),
    "job": ("What does {s} do for a living?", "What is {p} job?", "What work does {s} do?", "And how does {s} earn {p2} living?"),
    "hobby": ("What does {s} like to do?", "What is {p} hobby?", "Does {s} have a hobby?", "What does {s} do in {p2} free time?"),
    "pet": ("Does {s} have a pet?", "What animal does {s} keep?", "What is {p} pet?", "Which animal lives with {o}?"),
    "favourite_food": ("What does {s} like to eat?", "What is {p} favourite food?", "What could I cook for {o}?", "What food does {s} like best?"),
    "best_friend": ("Who is {p} best friend?", "Has {s} got a best friend?", "Who is {s} closest to, of all {p2} friends?"),
    "married_to": ("Who is {s} married to?", "Is {s} married?", "Who is {p} {spouse}?"),
}  # fmt: skip
_OTHER_ASKS: dict[str, tuple[str, ...]] = {
    "region": ("Where is {s}?", "Which region is {s} in?", "In what part of the country is {s}?"),
    "river": ("Which river is {s} on?", "What is the river at {s} called?", "Is {s} on a river?"),
    "founded": ("How old is {s}?", "When was {s} founded?", "In which year was {s} founded?"),
    "population": ("How many people live in {s}?", "How big is {s}?", "What is the population of {s}?"),
    "known_for": ("What is {s} known for?", "What do people know {s} for?", "Is {s} known for anything?"),
    "mayor": ("Who is the mayor of {s}?", "What is the mayor of {s} called?", "Who is mayor in {s}?"),
    "landmark": ("What is there to see in {s}?", "What is the landmark of {s}?", "Is there a landmark in {s}?"),
    "town": ("Where is {s}?", "Which place is {s} in?", "Where do I have to go to shop at {s}?"),
    "street": ("Which street is {s} in?", "What is the street of {s}?", "In what street do I find {s}?"),
    "sells": ("What does {s} sell?", "What can you buy at {s}?", "What do they have at {s}?"),
    "owner": ("Who owns {s}?", "Who is the owner of {s}?", "Who does {s} belong to?"),
    "opened": ("When did {s} open?", "How long has {s} been there?", "In which year did {s} open?"),
    "closed_on": ("When is {s} closed?", "On which day is {s} shut?", "Which day should I not go to {s}?"),
    "price": ("What does {s} cost?", "How much is {s}?", "What is the price of {s}?"),
    "sold_at": ("Where can I buy {s}?", "Which shop sells {s}?", "Where do they sell {s}?"),
    "maker": ("Who makes {s}?", "Who is the maker of {s}?", "Whose work is {s}?"),
    "made_of": ("What is {s} made of?", "What do they make {s} of?", "What material is {s}?"),
    "colour": ("What colour is {s}?", "Which colour does {s} have?", "In what colour do they make {s}?"),
    "place_of": ("Where was {s}?", "Where was {s} held?", "Where did {s} take place?"),
    "year_of": ("When was {s}?", "In which year was {s}?", "What year was {s} held in?"),
    "month_of": ("In which month was {s}?", "What month was {s} in?", "At what time of the year was {s}?"),
    "winner": ("Who won {s}?", "Who was the winner of {s}?", "Who came first at {s}?"),
    "guests": ("How many people came to {s}?", "How many guests were at {s}?", "Were there many people at {s}?"),
}  # fmt: skip
ASKS: dict[str, Phrases] = {name: Phrases(*lines) for name, lines in (_PERSON_ASKS | _OTHER_ASKS).items()}
SHORT: dict[str, Phrases] = {
    name: Phrases(*lines)
    for name, lines in {
        **dict.fromkeys(("born_in", "lives_in", "region", "town", "street", "place_of"), ("In {v}.", "{V}.", "In {v}, I think.", "In {v}, as far as I know.")),
        **dict.fromkeys(("born_year", "founded", "opened", "year_of", "month_of"), ("In {v}.", "It was {v}.", "{V}.", "In {v}, if I remember rightly.")),
        **dict.fromkeys(("population", "guests"), ("{v}.", "{v} people.", "There were {v}, they say.")),
        "population": ("{v}.", "{v} people.", "{v}, at the last count."),
        "closed_on": ("On {v}.", "On {v}s.", "{V}s. Go on another day.", "Always on {v}s."),
        "sold_at": ("At {v}.", "{V} has it.", "You have to go to {v}.", "Try {v}."),
        "price": ("{V}.", "It costs {v}.", "{V}, no more and no less.", "Exactly {v}."),
        "made_of": ("Of {v}.", "{V}.", "It's {v}, all of it."),
        "hobby": ("{V}.", "It's {v}.", "Oh, {v}, above all.", "{V}, whenever there is time."),
        "river": ("It's {v}.", "{V}.", "On {v}."),
        "job": ("{S} is {v}.", "{S} works as {v}."),
        "known_for": ("For {v}.", "{V}.", "Oh, for {v}, of course."),
        "landmark": ("{V}.", "Go and see {v}.", "Well, there {is} {v}."),
        "sells": ("{V}.", "Mostly {v}.", "They have {v}."),
        **dict.fromkeys(("pet", "favourite_food", "best_friend", "married_to", "mayor", "owner", "maker", "winner", "colour"), ("{V}.", "{V}, they say.", "I think it's {v}.", "{V}, as far as I know.")),
        "winner": ("{V}.", "{V} did.", "It was {v}."),
    }.items()
}  # fmt: skip
