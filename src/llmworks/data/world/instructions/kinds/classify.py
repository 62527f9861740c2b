# ruff: noqa: E501 (lists of words)
"""Classify a text by labels that the instruction names: feeling, topic, spam, form, tense, praise, sort of thing."""

from __future__ import annotations

from llmworks.data.world.instructions.held import Pool, Wordings
from llmworks.data.world.instructions.kinds.classify_labels import (
    ANY,
    MORE,
    MORE_FEELINGS,
    MORE_TOPICS,
    Labels,
    listed,
    named,
    pool,
)
from llmworks.data.world.instructions.nouns import CATEGORIES, OF_WORD
from llmworks.data.world.instructions.sentences import sentence
from llmworks.data.world.instructions.task import Task, laid_out, one_of_labels
from llmworks.data.world.instructions.words import PLACES, THINGS, TOWNS, joined, two_names
from llmworks.data.world.phrases import Draw, Phrases

_FEELING = Labels(
    Wordings(
        "What does {name} feel: {labels}?",
        "[Which feeling is this|How does {name} feel]: {labels}?",
        "Is {name} {labels}?",
        "[Classify|Name] the feeling as {labels}.",
        "[Choose|Pick] the feeling: {labels}.",
        "[Feeling|Mood] ({labels})?",
    ),
    {
        label: Phrases(
            "{Name} {w}.",
            "{Name} {w} {place}.",
            "[That day|In the evening|On the way home] {name} {w}.",
            "When {name} [heard the news|saw the {thing}|opened the letter], {they} {w}.",
            "{Name} [looked at the {thing}|thought of {other}]. {They} {w}.",
        )
        for label in ("happy", "sad", "angry", "afraid", "tired", *MORE_FEELINGS)
    },
    {label: pool(text) for label, text in MORE_FEELINGS.items()}
    | {
        "happy": pool(
            "smiled from ear to ear|laughed out loud|danced for joy|clapped {their} hands|sang a merry song|jumped for joy|could not stop smiling|cheered|hugged everyone|felt like the luckiest person in town|beamed with joy|had never been so glad"
        ),
        "sad": pool(
            "began to cry|had tears in {their} eyes|wept all night|sighed and said nothing|felt a lump in {their} throat|missed home badly|cried into a pillow|hung {their} head and wept|felt very lonely|wiped away a tear|could not stop crying|had a heavy heart"
        ),
        "angry": pool(
            "shouted and slammed the door|stamped {their} foot|banged on the table|was red in the face and shouted|threw the cup at the wall|clenched {their} fists|yelled at everyone|growled and kicked the bucket|tore up the letter in a rage|was furious|slammed the book shut and shouted|wanted to break something"
        ),
        "afraid": pool(
            "trembled and hid under the bed|did not dare to move|ran away screaming|held {their} breath and shook|was frightened of the dark|hid behind the curtain, trembling|turned pale and shook|screamed and ran|shivered with fear|begged not to be left alone in the dark|was scared|heard a noise and froze with fear"
        ),
        "tired": pool(
            "yawned and went to bed|could hardly keep {their} eyes open|fell asleep in the chair|yawned again and again|wanted only to sleep|was worn out|rubbed {their} eyes and yawned|sank into bed at once|nodded off over the book|needed a long sleep"
        ),
    },
)
_TOPIC = Labels(
    Wordings(
        "What is this about: {labels}?",
        "[Which topic is this|What is the topic]: {labels}?",
        "[Classify|Sort] this text [by topic|as one of these]: {labels}.",
        "[Choose|Pick] the topic: {labels}.",
        "Is this about {labels}?",
        "Topic ({labels})?",
    ),
    {
        label: Phrases(
            "{Name} {w}.",
            "{Name} and {other} {w}.",
            "[Yesterday|Last week|On Sunday] {name} {w}.",
            "In {town} [somebody|a friend of mine|my neighbour|{name}] {w}.",
            "{Name} says that {other} {w}.",
        )
        for label in (
            "food",
            "weather",
            "sport",
            "animals",
            "music",
            "travel",
            "money",
            "school",
            "health",
            *MORE_TOPICS,
        )
    },
    {label: pool(text) for label, text in MORE_TOPICS.items()}
    | {
        "food": pool(
            "baked a pie with plums|ate soup and bread|cooked beans for supper|put too much salt in the stew|made pancakes with honey|tried a new cheese|boiled six eggs|had toast and jam for breakfast|ordered fish and potatoes|shared a plate of biscuits"
        ),
        "weather": pool(
            "got wet in the rain|saw dark clouds and lightning|woke to deep snow|could not see through the fog|waited for the storm to pass|enjoyed the warm sunshine|lost a hat to the wind|said it would be cloudy and cold|watched the thunderstorm|found frost on the windows"
        ),
        "sport": pool(
            "won the tennis match|scored two goals|ran a race|trained for the swimming cup|lost the football game|kicked the ball over the goal|rowed in the final race|joined the hockey team|came second in the long jump|played cricket until dark"
        ),
        "animals": pool(
            "fed the hens and the ducks|saw a fox cross the road|brushed the horse|found a hedgehog|watched an owl catch a mouse|heard the wolves howl|gave the cat some milk|looked for the lost dog|counted the sheep|saw a deer with its fawn"
        ),
        "music": pool(
            "played the violin|sang in the choir|practised the piano|went to a concert|learned a song on the flute|beat the drum in the band|listened to the orchestra|tuned the guitar|wrote a tune for the trumpet|hummed an old melody"
        ),
        "travel": pool(
            "took the train to the coast|packed a suitcase for the journey|missed the last ferry|spent the night in a hotel|bought a ticket and a map|sailed round the islands|crossed the mountains by bus|flew home after the holiday|sent a card from a far country|lost a passport at the airport"
        ),
        "money": pool(
            "put ten crowns in the bank|paid the bill|borrowed some money|saved every coin|asked what it cost|found the price too high|counted the crowns in the purse|could not pay the rent|got a loan from the bank|sold the car for a good price"
        ),
        "school": pool(
            "did the homework|had a test in spelling|asked the teacher a question|wrote on the blackboard|learned to read in class|forgot the schoolbag|got good marks|studied for the exam|sat in the front row of the classroom|finished the last lesson"
        ),
        "health": pool(
            "had a bad cough|went to the doctor|took some medicine|broke a leg|had a headache all day|stayed in bed with a fever|got a bandage from the nurse|had a toothache|caught a cold|spent a week in hospital"
        ),
    },
)
_SPAM = Labels(
    Wordings(
        "Is this message {labels}?",
        "[Classify|Mark|Label] this message as {labels}.",
        "[Choose|Answer with] one: {labels}.",
        "Does this look like {labels}?",
        "{labels}?",
    ),
    {
        "spam": Phrases(
            "{W}!",
            "{W}! {Name}, [do not wait|hurry up|click now|answer today]!",
            "[Dear friend|Hello|Attention|Good news], {w}!",
            "{W}. [Only today|Just click here|Offer ends tonight|No risk]!",
        ),
        "not spam": Phrases(
            "Hi {name}, {w}. {Other}",
            "{Name}, {w}.",
            "Dear {name}, {w}. [Best wishes|See you soon|Yours], {other}",
            "[Hello|Good morning] {name}, {w}. [Thank you|Thanks]!",
        ),
    },
    {
        "spam": pool(
            "you have won a free prize|win a million crowns today|click here to get rich|buy now and pay nothing|you were chosen for a free holiday|lose weight in three days|get a free phone now|send us your password to win|earn 900 crowns a day at home|cheap watches, 90 percent off|claim your free gift card|make money fast"
        ),
        "not spam": pool(
            "can we meet on Tuesday|the books you lent me are on the table|dinner is at six|thank you for the {thing}|I will be late today|please bring the {thing} tomorrow|I hope your journey was good|mother asks if you are well|the meeting is moved to Friday|I found your {thing} {place}|I am free for a walk after lunch|the train comes at nine"
        ),
    },
)
_PRAISE = Labels(
    Wordings(
        "Is this review {labels}?",
        "[Classify|Label] this review as {labels}.",
        "Does the writer like it? Answer {labels}.",
        "[Choose|Pick]: {labels}.",
        "Is this {labels}?",
    ),
    {
        label: Phrases(
            "The {thing} {w}.",
            "I bought a {thing} and it {w}.",
            "{Name} says that the {thing} {w}.",
            "[We have had this {thing} for a week.|The {thing} came on Monday.] It {w}.",
        )
        for label in ("positive", "negative")
    },
    {
        "positive": pool(
            "is the best I ever had|works very well|is beautiful and strong|was worth every crown|is just what I wanted|makes me happy every day|is well made and lovely|is a joy to use|never let me down|is excellent|is great, and I would buy it again|is perfect"
        ),
        "negative": pool(
            "broke after one day|is ugly and too dear|was a waste of money|does not work at all|fell apart at once|is the worst I ever had|came late and broken|is badly made|smells awful|is useless|was a great disappointment|is poor, and I want my money back"
        ),
    },
)
_POLITE = Labels(
    Wordings(
        "Is this {labels}?",
        "[Classify|Label] this as {labels}.",
        "[Choose|Pick]: {labels}.",
        "Is this way of speaking {labels}?",
    ),
    {label: Phrases("{W}", "{W}", '{Name} said: "{W}"') for label in ("polite", "rude")},
    {
        "polite": pool(
            "Could you please pass the {thing}?|Thank you very much for your help.|Excuse me, is this seat free?|Would you mind opening the window?|I am sorry to trouble you.|May I ask you a question?|That is very kind of you.|Please take your time.|Would you like some tea?|I beg your pardon."
        ),
        "rude": pool(
            "Give me the {thing}, now!|Go away, you fool!|Shut up and listen!|What a stupid question!|Get out of my way!|I don't care what you want!|Hurry up, you lazy thing!|Nobody asked you!|Move, idiot!|Your {thing} is rubbish!"
        ),
    },
)
_LABELS = (_FEELING, _FEELING, _TOPIC, _TOPIC, _TOPIC, _SPAM, _PRAISE, _POLITE, *MORE)
_FORM_ASK = Wordings(
    "Is this {labels}?",
    "[Classify|Label] this sentence as {labels}.",
    "[Choose|Pick]: {labels}.",
    "What kind of sentence is this: {labels}?",
)
_TENSE_ASK = Wordings(
    "Is this sentence in the {labels}?",
    "Which tense is this: {labels}?",
    "[Classify|Name] the tense as {labels}.",
    "Does this happen in the {labels}?",
)
_SORT_ASK = Wordings(
    "[Sort|Put] the word {word} into one of these groups: {labels}.",
    "{Word}: {labels}?",
    "[Would you say|Do you think] {a} is {labels}?",
    "[Which group does|Where does] {word} belong [to|]: {labels}?".replace(" [to|]", ""),
    "[Label|Category] of the word {word} ({labels})?",
    "Is {a} {labels}?",
    "What is {a}: {labels}?",
    "Classify the word {word} as {labels}.",
    "[Choose|Pick] what {a} is: {labels}.",
)
_SORTS = (
    "animal",
    "fruit",
    "tool",
    "vehicle",
    "bird",
    "flower",
    "drink",
    "colour",
    "job",
    "vegetable",
    "insect",
    "tree",
)
_SORT_WORDS = {sort: Pool([w for w in CATEGORIES[sort] if len(OF_WORD[w]) == 1]) for sort in _SORTS}


def _said(draw: Draw, label: str) -> str:
    return draw.pick((label, label, label, f"{label[:1].upper()}{label[1:]}.", label[:1].upper() + label[1:]))


def _by_words(draw: Draw, held: bool) -> tuple[str, str, str, list[str]]:
    kind = draw.pick(_LABELS)
    names = list(kind.lines)
    labels = draw.some(names, draw.pick((2, 2, 3, 3, 4, 5)))
    right = draw.pick(labels)
    called = named(draw, labels)
    first, second = two_names(draw, held)
    thing = THINGS(draw, held)
    slots = {
        "name": first.text, "they": first.they, "their": first.their, "other": second.text, "thing": thing.one,
        "place": PLACES(draw, held), "town": TOWNS(draw, held), "labels": listed(draw, list(called.values())),
        "them": first.them,
    }  # fmt: skip
    word = kind.words[right](draw, held)
    for name in ("their", "they", "them", "thing", "place", "name", "other", "town"):
        word = word.replace("{" + name + "}", slots[name])
    slots["w"] = word
    content = kind.lines[right](draw, slots)
    if "w" in kind.ask.slots:  # the instruction itself names what is asked about
        return kind.ask(draw, held, slots), "", called[right], list(called.values())
    ask = ANY if draw.chance(0.45) else kind.ask
    return ask(draw, held, slots), content, called[right], list(called.values())


def _form(draw: Draw, held: bool) -> tuple[str, str, str, list[str]]:
    one = sentence(draw, held)
    right = draw.pick(("question", "statement", "command"))
    content = {"question": one.question(), "statement": one.past(), "command": one.command()}[right]
    if draw.chance(0.25):
        content = content[:-1]
    labels = draw.some(["question", "statement", "command"], 3)
    asked = joined([f"a {label}" for label in labels], "or")
    return _FORM_ASK(draw, held, {"labels": asked}), content, right, labels


def _tense(draw: Draw, held: bool) -> tuple[str, str, str, list[str]]:
    one = sentence(draw, held)
    while one.action.verb.base == one.action.verb.past:
        one = sentence(draw, held)
    right = draw.pick(("past", "present", "future"))
    content = {"past": one.past(), "present": one.present(), "future": one.future()}[right]
    labels = draw.some(["past", "present", "future"], 3)
    return _TENSE_ASK(draw, held, {"labels": joined(labels, "or")}), content, right, labels


def make(draw: Draw, held: bool) -> Task:
    shape = int(draw.random() * 12)
    if shape == 0:
        sorts = draw.some(_SORTS, draw.pick((2, 3)))
        right = draw.pick(sorts)
        word = _SORT_WORDS[right](draw, held)
        a = word if right in ("drink", "colour") else f"{'an' if word[0] in 'aeiou' else 'a'} {word}"
        labels = joined([f"{'an' if sort[0] in 'aeiou' else 'a'} {sort}" for sort in sorts], "or")
        prompt = _SORT_ASK(draw, held, {"word": word, "a": a, "labels": labels})
        return Task("classify", prompt, _said(draw, right), one_of_labels(right, sorts))
    made = _form if shape == 1 else _tense if shape == 2 else _by_words
    instruction, content, right, names = made(draw, held)
    instruction = instruction[:1].upper() + instruction[1:]
    prompt = laid_out(draw, instruction, content) if content else instruction
    return Task("classify", prompt, _said(draw, right), one_of_labels(right, names))
