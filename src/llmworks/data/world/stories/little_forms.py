"""Small everyday forms: riddles, proverbs, reviews, weather reports, invitations, notes, lists, rhymes, descriptions."""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

from collections.abc import Callable

from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.stories.cast import BOYS, ELDERS, GIRLS

_NAMES = GIRLS + BOYS
RIDDLES = tuple(
    tuple(part.strip() for part in line.split("|"))
    for line in """
    I have hands, but I cannot clap | a clock | its hands only show the time
    I have teeth, but I cannot bite | a comb | its teeth are for hair
    I get wetter the more I dry | a towel | it takes up the water
    I have an eye, but I cannot see | a needle | the eye is for the thread
    I have a neck, but no head | a bottle | only its neck is narrow
    I have legs, but I cannot walk | a table | its legs only stand
    I run, but I never walk | a river | water is said to run
    I go up and never come down | your age | nobody grows younger
    I am full of holes, and yet I hold water | a sponge | the water sits in the holes
    I have leaves, but I am no tree | a book | its pages are called leaves
    I have a bed, but I never sleep | a river | its bed is where it flows
    The more you take away from me, the bigger I get | a hole | digging makes it bigger
    I follow you all day and leave you at night | your shadow | it needs light
    I can be broken without being touched | a promise | it breaks when one does not keep it
    I have keys, but I open no door | a piano | its keys make music
    I fall, but I never get hurt | snow | it falls softly
    I speak every language, but I have no mouth | an echo | it repeats what you say
    I am light as a feather, but nobody can hold me for long | your breath | one must let it go
    I am yours, but others use me more than you do | your name | others call you by it
    I wear a cap, but I have no head | a mushroom | its top is called a cap
    I have a face, but no nose and no mouth | a clock | its face shows the hours
    You can catch me, but you cannot throw me | a cold | one is said to catch it
    I have cities and rivers, but no people and no water | a map | it is all on paper
    I am taller when I am young and shorter when I am old | a candle | it burns down
    I am always coming, but I never arrive | tomorrow | when it is here, it is called today
    I have ears, but I cannot hear | corn | its ears hold the grain
    I jump when I walk and sit when I stand | a kangaroo | that is how it is built
    I can fill a room, and yet I take up no space | light | it weighs nothing
    I have four wheels and flies | a rubbish cart | flies like rubbish
    I am black when I am clean and white when I am dirty | a blackboard | chalk is white
    """.strip().splitlines()
)
PROVERBS = tuple(
    tuple(part.strip() for part in line.split("|"))
    for line in """
    A stitch in time saves nine | it is better to mend a small fault at once than a big one later
    Many hands make light work | work is easy when everybody helps
    Look before you leap | one should think before doing something risky
    The early bird catches the worm | whoever starts early has the best chance
    Do not count your chickens before they are hatched | one should not rely on what one does not have yet
    All that glitters is not gold | something may look better than it is
    A friend in need is a friend indeed | a true friend helps when things are bad
    Practice makes perfect | one gets better by doing a thing again and again
    Too many cooks spoil the broth | a job goes wrong when too many people meddle with it
    Better late than never | it is good to do a thing, even if it is late
    When the cat is away, the mice will play | people do as they like when nobody watches them
    No smoke without fire | a rumour usually has some reason
    Every cloud has a silver lining | there is something good in every trouble
    Rome was not built in a day | great things take time
    Let sleeping dogs lie | one should not stir up trouble that is at rest
    You cannot have your cake and eat it | sometimes one must choose between two good things
    Actions speak louder than words | what you do counts more than what you say
    Haste makes waste | whoever hurries makes mistakes
    Out of sight, out of mind | we forget what we do not see
    Birds of a feather flock together | people who are alike like to be together
    Strike while the iron is hot | one should use a good chance at once
    Do not put all your eggs in one basket | one should not risk everything on one thing
    Where there is a will, there is a way | whoever really wants something finds a way to do it
    The grass is always greener on the other side | what others have seems better than what we have
    Slow and steady wins the race | patience gets you further than haste
    Still waters run deep | quiet people often think a great deal
    A penny saved is a penny earned | saving is as good as earning
    Honesty is the best policy | telling the truth is best in the end
    Two heads are better than one | two people find an answer more easily
    Make hay while the sun shines | one should use good times while they last
    """.strip().splitlines()
)
_RIDDLE = Phrases(
    "{Riddle}. What am I? {Answer}.", "Riddle: {Riddle}. What am I?\nAnswer: {Answer}.", "\"{Riddle}. What am I?\" asked {a}. \"{Answer},\" said {b}.", "{Riddle}. What am I?\n({Answer}: {why}.)",
    "{a}: {Riddle}. What am I?\n{b}: {Answer}!\n{a}: Right.", "{a}: I've got a riddle. {Riddle}.\n{b}: [I don't know.|Give me a moment. No, I give up.]\n{a}: It's {answer}, because {why}.",
    "{a}: {Riddle}. Who am I?\n{b}: You're {answer}, since {why}.", "{Riddle}. What am I? I am {answer}, for {why}.",
)  # fmt: skip
_PROVERB = Phrases(
    "\"{P}.\" That means that {m}.", "{P}: {m}.", "People say: \"{P}.\" They mean that {m}.", "My [grandmother|grandfather|teacher|neighbour] always says, \"{P}.\" It means that {m}.",
    "{a}: What does it mean: \"{P}\"?\n{b}: It means that {m}.", "There is an old saying: \"{P}.\" In other words, {m}.", "Q: What is the meaning of \"{P}\"?\nA: {M}.",
    "\"{P},\" said {b}. {a} did not understand it. \"It means that {m},\" {b} explained.", "\"{P}\": in plain words, {m}.",
)  # fmt: skip
_REVIEW = Phrases(
    "I [bought|was given] this [lamp|kettle|chair|coat|radio|bag|pan] [a month|half a year|three weeks] ago and use it every day. [It does what it should.|It is well made.|I like it a lot.] [The only thing I would change is the colour.|It could be a little lighter.|The handle gets hot, so take care.] [I would buy it again.|Four stars out of five.|My sister wants one too.]",
    "[Not bad.|A good book.|I read it in one night.] The story [begins slowly|takes its time|has a weak start], but [after fifty pages one cannot stop|the end is worth it|then it grips you]. The people in it [are like people one knows|have good and bad sides|are a little too good to be true]. [For rainy days.|For everyone from ten to a hundred.|I have lent it to three friends already.]",
    "We ate there [on Friday|last week|on my birthday]. The soup was [hot and good|too salty|the best part], the fish [fresh|a little dry|excellent], and the waiter [forgot nothing|smiled all evening|forgot us twice]. [We will go again.|We will not be in a hurry to go again.|Bring time, and a good appetite.]",
    "Do not buy this [umbrella|toaster|torch|tent]. [It broke on the second day.|It worked for a week.|It leaks.] [I wrote to the makers and got no answer.|I got my money back, after three letters.] [One star.|A pity, for it looks nice.]",
    "The concert was [long|lovely|louder than I like]. The [second half|singer|last song] [made up for everything|was the best of it|went straight to the heart]. My neighbour [fell asleep|hummed along], which says [something|nothing] about the music.",
)  # fmt: skip
_WEATHER = Phrases(
    "[The weather|The weather for tomorrow|Today's weather]: [in the morning fog|at first sunny|grey and cool at first], later [sunshine|some rain|strong wind|a few showers]. [Temperatures|The temperature] [up to {t} degrees|around {t} degrees]. [Wind from the {w}.|Light wind from the {w}.|Take an umbrella.|It stays dry at night.]",
    "Tomorrow it will be [dry and sunny|wet and windy|cloudy, but mild|warm, with thunder in the evening]. [In the hills|On the coast|In the valley] [fog is possible|it may rain|the wind will be strong]. The [day after|rest of the week] looks [better|no better|much the same].",
    "Good evening. [After a wet week|After some fine days], [the rain is moving away|clouds are coming in from the {w}]. [Tonight|During the night] it will be [clear and cold|mild|cloudy]. [Tomorrow we expect|Expect] about {t} degrees. [Good night.|Dress warmly.|And that was the weather.]",
    "[Monday|Thursday|Friday]: [sun|rain|cloud], {t} degrees. [Tuesday|Saturday|Sunday]: [cloud|showers|fog, then sun], {t2} degrees. [The outlook is good.|It will get colder.|It will get warmer.|Nothing much will change.]",
)  # fmt: skip
_INVITE = Phrases(
    "Dear {a},\n[I am having a party|We are having a little party|Please come to my birthday] on [Saturday|Friday|Sunday] at [three|four|five|six] o'clock. [There will be cake and games.|Bring nothing but yourself.|We will eat outside if it is dry.] [Please tell me if you can come.|I hope you can come.|Let me know by Wednesday.]\n[Yours|Love|Best wishes],\n{b}",
    "You are invited! [What: a garden party|What: a supper with friends|What: a game of cards]. When: [Saturday, four o'clock|Friday evening|Sunday at noon]. Where: [at {b}'s|at our house|behind the house]. [Please bring|Bring] [a chair|good shoes|a song|something sweet].",
    "Hello {a}, [would you like to|do you want to] come [for tea|for supper|round] on [Monday|Wednesday|Thursday]? [My brother is baking.|I have something to show you.|It has been too long.] [See you soon|Write back soon|I look forward to it], {b}",
    "{a}! [Sunday|Saturday], [ten|two] o'clock, [by the bridge|at the mill|at the old oak]. [Bring your bicycle.|Bring boots and a sandwich.|Wear something warm.] Don't be late. {b}",
)  # fmt: skip
_NOTE = Phrases(
    "[Back at five.|Gone to the market.|I'm in the garden.] [Soup is on the stove.|Please feed the cat.|The key is under the pot.] {a}", "{a}, [please buy milk|the plumber comes at two|your sister called|don't forget the bins]. [Thanks!|See you tonight.|Kiss,] {b}",
    "To whoever ate my [cake|pudding|cheese]: [I know who you are.|It was for my guests.|I hope it was good.] {a}", "Dear postman, please leave the parcel [behind the shed|with the neighbours|in the porch]. Thank you, {a}",
    "{a}, I've [borrowed your bicycle|taken the umbrella|fed the hens]. [Back tomorrow.|Back before dark.|Don't worry.] {b}", "Remember: [dentist on Tuesday|library books|Grandma's birthday], [pay the milkman|post the letter|water the beans], [and smile|and be home by six].",
    "Please do not wake me before nine. [I worked all night.|It's Sunday.] {a}", "The [tap|window|third stair] is broken. Mind your [head|fingers|step]. {a}",
)  # fmt: skip
_GOODS = [
    "milk",
    "eggs",
    "butter",
    "bread",
    "flour",
    "sugar",
    "salt",
    "tea",
    "coffee",
    "apples",
    "onions",
    "carrots",
    "potatoes",
    "cheese",
    "rice",
    "soap",
    "matches",
    "candles",
    "string",
    "stamps",
    "honey",
    "oats",
    "lemons",
    "fish",
    "beans",
    "paper",
    "ink",
    "lamp oil",
    "nails",
    "wool",
]
_LIST_HEADS = (
    "Shopping list",
    "To buy",
    "For the weekend",
    "Please bring",
    "Don't forget",
    "From the market",
    "We need",
)
_AMOUNTS = ("", "", "", "a little ", "some ", "enough ", "fresh ", "more ")
# Rhymes: (last words that rhyme), each with a line that ends in it, of four beats.
_RHYMES = (
    ("The wind is blowing from the sea", "The blackbird sings in the apple tree", "There is a pot of hot mint tea", "The door is open for you and me", "A ship went by, as slow as can be"),
    ("The moon is climbing up the hill", "The miller sleeps beside the mill", "And all the little streets are still", "A candle burns on the window sill", "The frost has given the pond a chill"),
    ("The rain is running down the pane", "The coach is late upon the lane", "We wait, and count the drops again", "Tomorrow there will come a train", "The grass is glad about the rain"),
    ("The cat lies down upon the mat", "The baker wears a floury hat", "A mouse looks out, and that is that", "We sat and had a little chat", "The dog is old and rather fat"),
    ("The summer days are warm and long", "The river hums a quiet song", "I cannot say what has gone wrong", "The boat is small, the boat is strong", "We sing it all the way along"),
    ("The night is cold, the night is clear", "The owl is all that I can hear", "It is the best time of the year", "Sit closer to the fire, my dear", "I'm glad that you are living near"),
    ("I planted beans along the wall", "The first were late, the last were small", "And then they grew up, green and tall", "We picked them in the early fall", "We ate them, and there's the end of it all"),
    ("The snow came down upon the town", "It gave the king a whiter crown", "It dressed the poor in a silver gown", "The old oak shook its branches brown", "The postman came, and then fell down"),
    ("The lamps are lit along the bay", "The fishing boats have gone away", "They'll come back home at break of day", "The children are too tired to play", "And that is all I have to say"),
    ("My grandfather has mended the clock", "He put a new key into the lock", "The ferry is tied up at the dock", "A lizard lies on the sunny rock", "I cannot find my other sock"),
    ("There is a light on in the hall", "I hear the first of the acorns fall", "A shadow runs along the wall", "Perhaps it was nothing after all", "I think I heard my mother call"),
    ("We walked until the day was done", "We saw the hare, we saw it run", "The hills were golden in the sun", "We had four apples, now we have one", "A road is long when it's just begun"),
)  # fmt: skip
_TITLES = (
    "Evening",
    "Small Song",
    "A Rhyme",
    "By the Window",
    "Four Lines",
    "Little Poem",
    "At Home",
    "Weather",
    "Song for a Quiet Day",
    "Verse",
    "For the Fridge",
)
_PLACE_LINES = Phrases(
    "[The kitchen|The workshop|The classroom|The attic|The cellar|The shed] [was small and warm|smelled of {smell}|was full of light|was quiet at that hour]. [On the table|By the window|In the corner] [lay|stood] [a basket of apples|an open book|a jug of flowers|a lamp with a green shade|a pair of boots]. [A clock ticked.|Somewhere a fly buzzed.|A cat slept on the chair.|Dust danced in the sun.] [Nobody spoke.|One could have stayed there for ever.|It was a good place to think.|From outside came the sound of {sound}.]",
    "[In the morning|At noon|Towards evening] the [harbour|market|village street|river bank|station] [is busy|wakes up slowly|lies still]. [Gulls|Pigeons|Sparrows] [quarrel over a crust|walk about like policemen|sit in a row]. [A woman|A man|A boy] [carries a crate|sweeps the steps|leads a dog] [across the square|past the fountain|along the wall]. [It smells of {smell}.|You can hear {sound}.] [By ten it is all over.|And so it goes every day.|Then the sun comes out, and everything has a shadow.]",
    "[An autumn day|A winter morning|A day in spring|A summer evening]. [The sky is|Above the roofs the sky is] [pale|deep blue|grey as a dove|full of small clouds]. [The air smells of {smell}.|The ground is wet.|The leaves hardly move.] [Far away|Behind the hill|Down by the water] [a bell rings|a dog barks|somebody is chopping wood|a train goes by]. [It is nearly time to go in.|Nothing else happens, and that is enough.|We button up our coats.]",
    "{a} is [tall and thin|short and quick|round and cheerful], with [grey eyes|big hands|a loud laugh|a soft voice]. [You seldom see {a} without|What everybody notices first is] [a hat|a notebook|an old bicycle|a bunch of keys]. [{a} never hurries.|{a} is always early.|{a} talks to animals as one talks to people.|{a} forgets names, but never faces.] [Children like that.|It is hard not to like such a person.|We have been neighbours for years.]",
    "[My favourite|The oldest|The smallest] [tree|bench|chair|cup|coat] is [crooked|worn|nothing special to look at]. [It has been in the family for years.|I found it by chance.|Nobody else wants it.] [When it rains|On bad days|After work] I [sit with it|go to it|think of it]. [It does not answer, which is restful.|It has seen a good deal.|There are things that one cannot explain.]",
)  # fmt: skip
_SMELLS = (
    "fresh bread",
    "paint",
    "wet leaves",
    "coffee",
    "hay",
    "soap",
    "wood smoke",
    "the sea",
    "old paper",
    "oranges",
)
_SOUNDS = (
    "hammering",
    "children's voices",
    "rain",
    "a piano",
    "hooves",
    "the wind",
    "somebody laughing",
    "bells",
)


def _slots(draw: Draw) -> dict[str, str]:
    a, b = draw.sample(_NAMES, 2)
    return {"a": a, "b": b}


def riddle(draw: Draw) -> str:
    text, answer, why = draw.pick(RIDDLES)
    return _RIDDLE(draw, _slots(draw) | {"riddle": text, "answer": answer, "why": why})


def proverb(draw: Draw) -> str:
    saying, meaning = draw.pick(PROVERBS)
    slots = _slots(draw) | {"P": saying, "m": meaning, "p": saying}
    if draw.random() < 0.5:
        slots["b"] = draw.pick(ELDERS)[0]
    return _PROVERB(draw, slots)


def weather(draw: Draw) -> str:
    t = int(draw.random() * 25) + 2
    return _WEATHER(
        draw,
        {
            "t": str(t),
            "t2": str(t + int(draw.random() * 7) - 3),
            "w": draw.pick(("north", "south", "east", "west")),
        },
    )


def shopping(draw: Draw) -> str:
    things = draw.sample(_GOODS, 3 + int(draw.random() * 5))
    lines = [f"{draw.pick(_AMOUNTS)}{thing}" for thing in things]
    head = draw.pick(_LIST_HEADS)
    if draw.random() < 0.3:
        return f"{head}: {', '.join(lines[:-1])} and {lines[-1]}."
    sign = draw.pick(("- ", "* ", "", "[ ] "))
    return f"{head}:\n" + "\n".join(sign + line for line in lines)


def rhyme(draw: Draw) -> str:
    """Four lines, rhymed aabb or abab."""
    one, two = draw.sample(_RHYMES, 2)
    (a, b), (c, d) = draw.sample(one, 2), draw.sample(two, 2)
    rows = (a, b, c, d) if draw.random() < 0.5 else (a, c, b, d)
    text = f"{rows[0]},\n{rows[1]}{draw.pick(('.', ',', ';'))}\n{rows[2]},\n{rows[3]}."
    lines = text.split("\n")
    if draw.random() < 0.3 and lines[1].endswith("."):
        lines.insert(2, "")
    return (f"{draw.pick(_TITLES)}\n\n" if draw.random() < 0.4 else "") + "\n".join(lines)


def description(draw: Draw) -> str:
    return _PLACE_LINES(draw, _slots(draw) | {"smell": draw.pick(_SMELLS), "sound": draw.pick(_SOUNDS)})


_FORMS: tuple[Callable[[Draw], str], ...] = (
    riddle, riddle, proverb, proverb, weather, shopping, rhyme, rhyme, rhyme, description, description, description, description,
    lambda draw: _REVIEW(draw, {}), lambda draw: _REVIEW(draw, {}), lambda draw: _INVITE(draw, _slots(draw)), lambda draw: _NOTE(draw, _slots(draw)),
)  # fmt: skip


def write_little(draw: Draw) -> str:
    return draw.pick(_FORMS)(draw)
