# ruff: noqa: E501 (lists of words)
"""Further sets of labels to classify by, and the many ways in which an instruction names its labels.

labels "urgent", "not urgent"    {W} of the label's own words in lines of their own    "The cellar is full of water!"
"""

from __future__ import annotations

from typing import NamedTuple

from llmworks.data.world.instructions.held import Pool, Wordings
from llmworks.data.world.phrases import Draw, Phrases


class Labels(NamedTuple):
    """`words` are kept apart by label: each fills the slot {w} of its label's lines, a share only in the exam."""

    ask: Wordings
    lines: dict[str, Phrases]
    words: dict[str, Pool[str]]


def pool(text: str) -> Pool[str]:
    return Pool(text.split("|"))


# What any set of labels can be asked with.
ANY = Wordings(
    "[Classify|Label|Categorise|Sort] this[ text|]: {labels}.",
    "[Classify|Label] [the text|this text|the following][ as one of these|]: {labels}.",
    "[Which label fits|Which of these fits|What fits best]: {labels}?",
    "[Choose|Pick|Give] the [right|best|fitting] label: {labels}.",
    "[Labels|Classes|Categories|Options]: {labels}. [Which one is it|Which one fits]?",
    "[Classification|Label this]. [Labels|Options]: {labels}.",
    "{Labels}?",
    "[Is it|Would you say it is|Do you think this is] {labels}?",
    "[Answer|Reply] with one [word|label] [only|]: {labels}.".replace(" [only|]", ""),
    "[Decide|Say|Tell me] whether this is {labels}.",
    "[Can|Could] you [classify|label] this as {labels}?",
    "[Please classify|Please label] [the text|this] as {labels}.",
    "[Put|Sort] this into one of [these classes|these groups|the categories]: {labels}.",
    "[Read the text|Read this] and [choose|pick] one of {labels}.",
    "[What would you call this|What is this]: {labels}?",
    "Assign [a|one] label ({labels}).",
    "[One of|Only one of] these is right: {labels}. Which?",
    "which is it, {labels}?",
)


def _set(ask: tuple[str, ...], lines: tuple[str, ...], **words: str) -> Labels:
    """Labels that share their lines; "_" in a label's name stands for a blank."""
    told = Phrases(*lines)
    names = {name: name.replace("_", " ") for name in words}
    return Labels(
        Wordings(*ask),
        {names[name]: told for name in words},
        {names[name]: pool(text) for name, text in words.items()},
    )


_PLAIN = ("{W}.", "{W}.", "{Name}: {w}.", "{Name} [wrote|said]: {w}.")
MORE: tuple[Labels, ...] = (
    _set(
        ("Is this [message |]{labels}?", "How urgent is this: {labels}?", "[Mark|Flag] this as {labels}.", "Does this need an answer at once? [Say|Choose] {labels}."),
        ("{W}.", "{W}!", "Hi {name}, {w}.", "{Name}, {w}. [Thank you|Thanks], {other}"),
        urgent="the cellar is full of water, come at once|the house is on fire|call the doctor right now|the child has swallowed a button, help|the train leaves in two minutes, hurry|we need your answer within the hour|the server is down and nobody can work|there is a gas smell in the kitchen|I fell and cannot stand up|your {thing} is about to fall on the street, come quickly|the patient is not breathing well|send help immediately",
        not_urgent="tell me some time what you think of the book|no hurry, but I would like my {thing} back some day|the garden could do with some flowers next year|whenever you have time, send me the recipe|we might paint the fence in summer|I just wanted to say hello|let us have coffee some day|you can answer next week|there is a nice picture in the paper|take your time with the report|I am thinking about a new {thing}, maybe next spring|the cat says hello",
    ),
    _set(
        ("Is this [sentence |]{labels}?", "Does this say {labels}?", "[A fact can be checked. An opinion is what somebody thinks.] Is this {labels}?", "[Decide|Choose]: {labels}."),
        ("{W}.", "{W}.", "{Name} [said|wrote] that {w}."),
        fact="water boils when it is hot enough|a week has seven days|the moon goes round the earth|ice is frozen water|a spider has eight legs|the library opens at nine|snow is cold|a triangle has three sides|the sun is a star|bread is made from flour|fish live in water|the bridge is forty metres long|a year has twelve months|the train has six wagons",
        opinion="blue is the nicest colour|cats are better than dogs|winter is too long|this is the best soup in the world|the {thing} looks ugly|nobody should get up before eight|football is boring|the music was far too loud|this town is the prettiest of all|rain is lovely|books are more fun than films|the new {thing} is a bad idea|tea tastes better than coffee|summer is the best time of the year",
    ),
    _set(
        ("What does the writer want: {labels}?", "Is this message {labels}?", "What kind of message is this: {labels}?", "[Sort|File] this letter under {labels}."),
        ("{W}.", "Dear {other}, {w}. {Name}", "Hi {name}, {w}.", "{W}. [Best wishes|Yours|Regards], {name}"),
        complaint="the soup was cold and the waiter was rude|the {thing} I bought broke on the first day|I have waited three weeks for my parcel|nobody answers your telephone|the room was dirty and loud|you sent me the wrong {thing}|I am very unhappy with your service|the bill is far too high|the repair was done badly|the bus is late every single day",
        request="please send me your price list|could you lend me your {thing}|I would like to book a table for four|can you tell me when you open|please call me back tomorrow|would you be so kind as to send the form|may I come a little earlier|I need two more tickets, please|could someone help me with the boxes|please change my address",
        thanks="thank you so much for the lovely {thing}|many thanks for your help {place}|I am grateful for all you have done|thanks for the kind letter|how can I ever thank you for this|thank you for looking after the cat|we thank you for a wonderful evening|thanks a lot for your quick answer|I want to say thank you for the flowers|thank you for believing in me",
        invitation="come to my party on Saturday|would you like to have dinner with us|we invite you to our wedding|join us for a picnic by the river|do come and see our new house|you are welcome to stay with us in {town}|come along to the concert, we have a ticket for you|I would be happy to see you at the opening|let us celebrate together, come at six|please be our guest at the summer fair",
        apology="I am sorry that I broke your {thing}|please forgive me for being late|we apologise for the mistake|I should not have shouted, sorry|sorry that I forgot your birthday|I regret what I said|please excuse my bad handwriting|it was my fault, and I am sorry|my apologies for the late answer|sorry, I lost your {thing}",
    ),
    _set(
        ("Is this [review |comment |]{labels}?", "What does the writer think: {labels}?", "[Sentiment|Tone] ({labels})?", "How does [the writer|this] sound: {labels}?", "[Classify|Label] the sentiment as {labels}.", "What is the sentiment: {labels}?"),
        ("{W}.", "{W}.", "[Review|Comment]: {w}.", "{Name} [wrote|writes]: {w}.", "{W}. [I was there on Sunday|I went with {other}|It was my first visit]."),
        positive="the food was wonderful and the staff were friendly|I loved every minute of it|what a great film|this hotel is clean, quiet and lovely|best day of my life|the show was fantastic|I can only recommend this place|the teacher is kind and funny|super, I will come again|we had so much fun|a beautiful book that I could not put down|the new park is delightful|everything went perfectly|such tasty bread",
        negative="the food was awful and the staff were rude|I hated every minute of it|what a boring film|this hotel is dirty, loud and sad|worst day of my life|the show was terrible|I cannot recommend this place|the teacher is mean and unfair|never again|we were bored to tears|a dull book that I could not finish|the new park is ugly|everything went wrong|such dry, stale bread",
        neutral="the shop opens at nine|the film lasts two hours|the hotel has forty rooms|I went there on Tuesday|the book has three hundred pages|the park lies next to the station|the ticket is valid for one day|the menu is on the wall|the concert begins at eight|the parcel came by post|the table is made of wood|there are two doors",
    ),
    _set(
        ("Is {w} {labels}?", "Would you call {w} {labels}?", "Size of {w}: {labels}?"),
        ("{W}.", "{w}", "{W}"),
        big="an elephant|a mountain|a ship|a church|a whale|a castle|the sea|an airport|a truck|a tower|a forest|a house|a bridge|a factory",
        small="an ant|a pea|a button|a needle|a ring|a grain of rice|a pin|a seed|a mouse|a bee|a crumb|a coin|a pearl|a drop of water",
    ),
    _set(
        ("What is {w}: {labels}?", "{W}: {labels}?", "What do you call {w}: {labels}?", "[Choose|Pick] for {w}: {labels}."),
        ("{W}.", "{w}", "{W}"),
        animal="a tiger|a hen|a salmon|a frog|a bee|a donkey|a parrot|a wolf|a snake|a hedgehog|a camel|a shark|a rabbit|a spider",
        plant="an oak|a tulip|a fern|a daisy|a cactus|a birch|a bush|a sunflower|a pine|ivy|moss|grass|a willow|a lily",
        thing="a hammer|a cup|a lamp|a bicycle|a coin|a chair|a phone|a bottle|a brick|a key|a spoon|a book|a clock|a shoe",
    ),
    _set(
        ("Where does this happen: {labels}?", "Is this {labels}?", "[Place|Setting]: {labels}?"),
        ("{Name} {w}.", "{Name} and {other} {w}.", "[Today|Yesterday|On Monday] {name} {w}."),
        at_home="slept late in bed|watched television on the sofa|did the washing and made the beds|cooked in the small kitchen|read in the armchair by the fireplace|took a long bath|set the table for the family|cleaned the bedroom|fed the cat in the hall|looked for socks in the drawer",
        at_work="had a meeting with the boss|wrote reports at the office|answered customers all day|asked for a higher wage|trained a new colleague|worked late at the factory|signed a contract with a client|repaired engines in the workshop|counted the stock in the warehouse|took a break in the canteen",
        outdoors="climbed a steep hill|swam in the lake|put up a tent in the wood|picked berries in the forest|watched the stars from a meadow|walked along the beach|rode through the fields|fished in the river|planted a hedge in the wind|built a snowman",
    ),
    _set(
        ("When is this: {labels}?", "Is this {labels}?", "What [season|time of year] is it: {labels}?"),
        ("{W}.", "{W}.", "{Name} said: {w}."),
        winter="snow lies on every roof|the lake is frozen and people skate|icicles hang from the gutter|children build a snowman|we need thick coats and gloves|the sledge is out of the shed again|the nights are long and icy",
        summer="it is so hot that the ice cream melts|we swim in the lake every day|school is out and the beach is full|everyone wears shorts and sandals|the hay is dry and the sun burns|we sit outside until ten at night in the heat",
        autumn="the leaves turn red and fall|we gather chestnuts and nuts|the apples are ripe and the days get shorter|storks fly south, and fog lies on the fields|pumpkins stand at every door|the wind blows dead leaves down the street",
        spring="the first snowdrops are out|the birds come back from the south|lambs are born on the farm|the snow melts and buds open|the cherry trees begin to bloom|we plant the first seeds in the garden after the frost",
    ),
    _set(
        ("Is this {labels}?", "What kind of text is this: {labels}?", "[Text type|Kind of text] ({labels})?", "Where could this stand: in {labels}?"),
        _PLAIN[:2],
        recipe="boil the potatoes, add butter and salt, and stir|mix two eggs with flour and bake for an hour|chop the onions and fry them in oil|cook the rice for ten minutes and serve with beans|beat the cream and add sugar",
        advert="for sale: {thing}, hardly used, only 20 crowns|wanted: a friendly cook for our hotel|flat to let in {town}, three rooms, garden|big sale: all coats at half price|buy two and get one free at the corner shop",
        letter="dear {other}, thank you for writing, we are all well, love, {name}|dear aunt, I hope you are better, yours, {name}|dear sir, I am writing about the room, yours truly, {name}|dear {other}, how are you, write soon, your {name}|my dear {other}, I miss you, with love, {name}",
        story="once upon a time there was a king with three sons|long ago a fox lived in a dark wood|one day a poor boy found a golden key|there was once a giant who was afraid of mice|many years ago a princess lived in a tower",
        weather_report="tomorrow will be cloudy with some rain in the west|sunny with 24 degrees, light wind from the south|storms are expected on the coast tonight|frost in the morning, later dry and mild|the week will be wet and cool",
    ),
)  # fmt: skip
MORE_FEELINGS = {
    "surprised": "could not believe {their} eyes|stared with an open mouth|had not expected that at all|gasped|jumped in the chair at the sudden news|was speechless|rubbed {their} eyes in disbelief|asked three times if it was really true|had never thought that possible|was amazed",
    "proud": "showed the medal to everyone|held {their} head high|told everybody about the first prize|hung the certificate on the wall|stood tall when they called {their} name|was pleased with {their} own good work|had done it all alone and told everyone so|could not stop talking about the victory|beamed when the teacher praised {them}",
    "bored": "had nothing to do and counted the flies|looked at the clock every minute|drummed {their} fingers on the table and waited|sighed and wished the lesson would end|found the speech long and dull|stared at the wall for an hour|thought the game would never end|leafed through an old magazine without reading it|had seen the film ten times already",
    "hungry": "could have eaten a horse|had not eaten since the morning|listened to {their} stomach rumble|asked when dinner would be ready|looked at the bread and licked {their} lips|dreamt of roast potatoes|ate three bowls of soup without a word|had missed breakfast and lunch|could only think of food",
    "jealous": "wished {they} had the new bicycle instead of {other}|could not bear that {other} got the bigger piece|looked at {other}'s prize with envy|wanted everything that {other} had|did not like it when {other} was praised|envied {other} the new house|was green with envy",
}  # fmt: skip
MORE_TOPICS = {
    "technology": "bought a new computer|fixed the printer|wrote a program|charged the phone|built a robot|could not get the internet to work|updated the software|forgot the password of the laptop|tested a new machine|sent an email from the tablet",
    "politics": "voted in the election|gave a speech as mayor|argued about the new law|went to a meeting of the party|wrote to the government|wants to lower the tax|became a minister|spoke in parliament|collected votes|protested against the new rule",
    "art": "painted a portrait|visited the gallery|made a statue of clay|drew with charcoal|mixed colours on a palette|carved a horse out of wood|hung a painting in the hall|took a class in drawing|designed a poster|sold a sculpture",
    "plants": "watered the roses|planted tulips|cut the hedge|sowed carrots|found a rare orchid|pulled up the weeds|picked daisies|pruned the apple tree|grew tomatoes on the balcony|raked the leaves",
    "family": "visited {their} grandmother|played with {their} little brother|had dinner with {their} parents|looked after {their} baby sister|named the baby after {their} aunt|wrote to {their} cousin|met {their} uncle and his children|married and had twins|helped {their} daughter to move|missed {their} son",
    "crime": "was robbed in the street|stole a purse|called the police about a thief|was caught by a detective|went to prison|broke into a house at night|forged a signature|saw the burglar run away|gave the judge a false name|was arrested",
    "clothes": "bought a wool coat|sewed a button on the shirt|wore a silk dress|tried on three hats|knitted a jumper|ironed the trousers|polished the boots|lost a glove|put on warm socks|hung the skirt in the wardrobe",
    "space": "looked at the stars through a telescope|read about the planet Mars|watched the rocket start|dreamt of flying to the moon|saw a comet|wants to be an astronaut|counted the moons of Jupiter|photographed an eclipse|learned how far away the sun is|listened to signals from a satellite",
    "work": "got a new job|asked the boss for a day off|signed a contract|had a long meeting at the office|works the night shift|lost the job at the factory|trained two new colleagues|wrote an application|earned a higher wage|retired after forty years",
}  # fmt: skip
# Other names for labels, so that the answer is read off the instruction.
ALSO = {
    "positive": ("good", "happy", "satisfied", "thumbs up"), "negative": ("bad", "unhappy", "dissatisfied", "thumbs down"),
    "neutral": ("neither", "mixed"), "happy": ("joyful", "glad", "cheerful"), "sad": ("unhappy", "sorrowful"),
    "angry": ("furious", "cross", "mad"), "afraid": ("scared", "frightened", "fearful"), "tired": ("sleepy", "weary"),
    "spam": ("junk", "unwanted", "advertising"), "not spam": ("ham", "normal", "wanted", "real"),
    "polite": ("friendly", "kind"), "rude": ("unfriendly", "impolite"), "food": ("eating", "cooking"),
    "sport": ("sports", "games"), "animals": ("pets and animals", "nature"), "travel": ("journeys", "holidays"),
    "money": ("finance", "business"), "school": ("education", "learning"), "health": ("medicine", "illness"),
    "urgent": ("important", "high"), "not urgent": ("can wait", "low"), "fact": ("true fact", "objective"),
    "opinion": ("view", "subjective"), "big": ("large", "huge"), "small": ("little", "tiny"), "thing": ("object",),
    "technology": ("computers", "tech"), "politics": ("government",), "plants": ("gardening",), "clothes": ("fashion",),
    "complaint": ("problem",), "thanks": ("gratitude",), "advert": ("ad", "advertisement"), "family": ("relatives",),
    "surprised": ("amazed",), "bored": ("uninterested",), "jealous": ("envious",), "outdoors": ("in nature",),
}  # fmt: skip


def named(draw: Draw, labels: list[str]) -> dict[str, str]:
    """Each label with the name it goes by in this instruction; no name twice or inside another."""
    names = {label: label for label in labels}
    if draw.chance(0.35):
        for label in labels:
            other = draw.pick(ALSO.get(label, (label,)))
            if not any(other in one or one in other for key, one in names.items() if key != label):
                names[label] = other
    if draw.chance(0.12):
        names = {label: name[:1].upper() + name[1:] for label, name in names.items()}
    return names


def listed(draw: Draw, names: list[str]) -> str:
    """ "a, b or c", "a / b / c", "a, b, c" """
    shape = int(draw.random() * 8)
    if shape == 0:
        return " / ".join(names)
    if shape == 1:
        return ", ".join(names)
    if shape == 2:
        names = [f'"{name}"' for name in names]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
