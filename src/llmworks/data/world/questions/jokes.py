"""Gentle jokes with the reason why they are funny, riddles with their answers, and poems about anything."""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

from llmworks.data.world.phrases import Phrases
from llmworks.data.world.words import listed

# (joke, why it is funny)
JOKES: tuple[tuple[str, str], ...] = (
    ("Why did the clock go to the doctor? It had too much time on its hands.", "A clock really has hands."),
    (
        "What do you call a sleeping bull? A bulldozer.",
        "A bulldozer is a machine, and to doze is to sleep lightly.",
    ),
    ("Why did the bicycle fall over? It was too tired.", '"Two tyred" sounds like "too tired".'),
    ("What did one wall say to the other? See you at the corner.", "Two walls meet at a corner."),
    (
        "Why do bees hum? They have forgotten the words.",
        "People hum when they don't know the words of a song.",
    ),
    ("What has four legs and can't walk? A table.", "A table has legs, but not for walking."),
    (
        "Why did the tomato turn red? It saw the salad dressing.",
        "Dressing is a sauce, and also putting on clothes.",
    ),
    (
        "What do you call a fish without an eye? A fsh.",
        'Take the letter "i" out of "fish", and "fsh" is left.',
    ),
    ("Why can't a nose be twelve inches long? Then it would be a foot.", "Twelve inches make a foot."),
    ("What did the zero say to the eight? Nice belt!", "An 8 looks like a 0 with a belt."),
    ("Why was the maths book sad? It had too many problems.", "Sums in a book are called problems."),
    (
        "Waiter, there is a fly in my soup! Don't worry, it won't eat much.",
        "The waiter thinks that the guest fears for his soup.",
    ),
    ("What do you get from a cow that jumps a lot? A milk shake.", "The milk is shaken inside the cow."),
    (
        "Why did the teddy bear eat no pudding? It was already stuffed.",
        "Stuffed means full, and teddy bears are stuffed with wool.",
    ),
    ("What kind of tree fits in your hand? A palm tree.", "The inside of the hand is the palm."),
    (
        "Where do sheep get their hair cut? At the baa-baa shop.",
        'It sounds like "barber shop", and sheep say baa.',
    ),
    ("What is brown and sticky? A stick.", "A stick is sticky, as a stick is."),
    ("Why do cows wear bells? Their horns don't work.", "A car has a horn to make noise with."),
    (
        "What did the big candle say to the little one? I'm going out tonight.",
        "A candle goes out when its flame dies.",
    ),
    ("How does the moon cut its hair? Eclipse it.", '"Eclipse" sounds like "he clips".'),
    (
        "Why did the baker get up so early? He needed the dough.",
        "Dough is for bread, and also a word for money.",
    ),
    ("What do you call a bear without teeth? A gummy bear.", "Without teeth there are only gums."),
    ("Why are fish so clever? They are always in schools.", "Many fish together are called a school."),
    ("What gets bigger the more you take away? A hole.", "Take away earth, and the hole grows."),
    (
        "Why did the boy throw his clock out of the window? He wanted to see time fly.",
        "People say that time flies.",
    ),
    ("What runs but never walks? Water.", "Water runs, but it has no feet."),
    (
        "My dog is so clever. I asked him what one minus one is, and he said nothing.",
        "One minus one is nothing.",
    ),
    (
        "Why did the spider go online? To look at its web.",
        "A spider makes a web, and the internet is called a web.",
    ),
    ("What did the ocean say to the beach? Nothing. It just waved.", "The ocean has waves."),
    ("How do you make an egg laugh? Tell it a yolk.", '"Yolk" sounds like "joke".'),
    ("What do snowmen eat for breakfast? Snowflakes.", 'It sounds like "cornflakes".'),
    (
        "Why did the chicken cross the road? To get to the other side.",
        "You expect a clever answer, and get a plain one.",
    ),
    ("What kind of key opens a banana? A monkey.", 'The word "monkey" ends with "key".'),
    ("Which letter is always wet? The C.", '"C" sounds like "sea".'),
    ("Why did the scarecrow win a prize? He was outstanding in his field.", "He stands out in a field."),
    (
        "What did the left eye say to the right eye? Something between us smells.",
        "The nose is between the eyes.",
    ),
    (
        "Two snails wait for a bus. One says: we should have walked, then we would be late by now.",
        "Snails are slow.",
    ),
    (
        "What do you call a boomerang that does not come back? A stick.",
        "A boomerang is a stick that comes back.",
    ),
    ("Why was the broom late? It swept in.", '"Swept in" sounds like "slept in".'),
    ("What is a cat's favourite colour? Purr-ple.", "Cats purr."),
    ("Why did the mushroom go to the party? He was a fun guy.", '"Fun guy" sounds like "fungi".'),
    ("What do you call cheese that is not yours? Nacho cheese.", '"Nacho" sounds like "not your".'),
    ("Why is grass so dangerous? It is full of blades.", "A leaf of grass is called a blade."),
    ("Why do ducks have feathers? To cover their tails.", "Feathers are also there to keep them warm."),
)
# (question, answer)
RIDDLES: tuple[tuple[str, str], ...] = (
    ("What has hands but cannot clap?", "A clock."),
    ("What has teeth but cannot bite?", "A comb."),
    ("What has one eye but cannot see?", "A needle."),
    ("What has a neck but no head?", "A bottle."),
    ("What gets wetter the more it dries?", "A towel."),
    ("What has keys but opens no door?", "A piano."),
    ("What goes up and never comes down?", "Your age."),
    ("What can you catch but not throw?", "A cold."),
    ("What has many leaves but is no tree?", "A book."),
    ("What must be broken before you can use it?", "An egg."),
    ("What belongs to you but is used more by others?", "Your name."),
    ("What has a bed but never sleeps?", "A river."),
    ("What goes up and down but never moves?", "A staircase."),
    ("What is full of holes but still holds water?", "A sponge."),
    ("What has legs but never walks?", "A chair."),
    ("What follows you all day and leaves at night?", "Your shadow."),
)
POEM_SUBJECTS = tuple(
    listed(
        "the moon, the sea, rain, snow, my cat, a dog, spring, summer, autumn, winter, love, friendship, my mother, my grandmother, a tree, "
        "the sun, flowers, a bird, the stars, a river, bread, tea, a robot, a mouse, night, the morning, school, my bicycle, a bear, trains, "
        "the wind, an old house, happiness, a boat, pizza, a horse, my sister, apples, home, the Vale of Merrin, a spider, coffee, books, "
        "the garden, clouds, a fish, a teapot, the mountains, cats, dogs, time, music, a butterfly, a lamp, cheese"
    )
)
POEMS = Phrases(
    "I thought about {x} today,\n[while clouds were drifting on their way|as evening came and all was grey].\nI took a pen and wrote a line,\nand for a while the day was [mine|fine].",
    "I have a wish, I have a song,\nI hum it softly all day long.\nIt is of {x}, [and you may|come and] hear,\nand stay with me, for you are near.",
    "Some sing of gold, some sing of kings,\nand some of other splendid things.\nBut I will sing of {x} instead,\nand then go happily to bed.",
    "O {x}, you are a friend to me,\n[as kind as any friend can be|as good as any friend could be].\nWhen days are dark and nights are long,\nI think of you and sing a song.",
    "Before the sun goes down tonight,\nI'll think of {x} in evening light,\nand when the day begins anew,\nI'll think of {x}, and then of you.",
    "{X}! I said it twice aloud,\nunder a [small and silver|slow and silver] cloud.\nThe cloud moved on, the words did stay.\nI think of them again today.",
    "What shall I say of {x}, my friend?\nWhere does it start, where does it end?\nI only know, when I am blue,\nthat {x} can help, and so can you.",
    "A little poem, four lines long,\nhalf a whisper, half a song.\nIt is for {x}, it is for you,\nand every word of it is true.",
    "[Quietly, quietly|Slowly and quietly], evening came,\nand called the houses each by name.\nI sat and thought of {x} alone,\nand all the world was like my own.",
    "If I could paint, I'd paint for you\n{x}, with a sky of blue.\nI cannot paint, so here instead\nare words of {x}, just as I said.",
    "Come, sit with me [beside the door|upon the floor],\nand tell of {x} a little more.\nThe kettle sings, the fire is bright,\nand we have time until the night.",
    "The world is wide, the world is round,\nwith many [wonders|riches] to be found.\nBut {x}, I think, is worth a rhyme,\nand that is how I spend my time.",
)
ASK_JOKE = Phrases(
    "tell me a joke",
    "joke",
    "joke please",
    "a joke pls",
    "Tell me a joke.",
    "[can|could] you tell me a joke",
    "Do you know any jokes?",
    "do you know a joke?",
    "make me laugh",
    "say something funny",
    "tell me something funny",
    "Tell me a joke, please.",
    "i want a joke",
    "got any jokes?",
    "a joke!",
    "cheer me up",
    "tell a joke",
    "be funny",
    "Know any good jokes?",
    "tell me a funny joke",
    "I would like to hear a joke.",
    "jokes",
    "tell me a joke about animals",
    "give me a joke",
)
ANOTHER_JOKE = Phrases(
    "another one",
    "another",
    "one more",
    "another joke",
    "more",
    "again",
    "lol another one",
    "haha another",
    "Tell me another one.",
    "one more please",
    "more jokes",
    "Another one, please!",
    "next joke",
    "that was bad, another one",
    "a better one",
    "do you have more?",
)
WHY_FUNNY = Phrases(
    "i don't get it",
    "I don't get it.",
    "why is that funny?",
    "explain",
    "why?",
    "what does that mean",
    "explain the joke",
    "i dont understand the joke",
    "I don't understand.",
    "how is that funny",
    "huh?",
    "dont get it",
)
ASK_RIDDLE = Phrases(
    "tell me a riddle",
    "a riddle",
    "riddle",
    "Ask me a riddle.",
    "do you know a riddle?",
    "riddle please",
    "give me a riddle",
    "i want a riddle",
    "Riddle me this.",
    "Do you have a riddle for me?",
)
GIVE_UP = Phrases(
    "i don't know",
    "i give up",
    "idk",
    "tell me",
    "what is it?",
    "no idea",
    "dunno",
    "What is the answer?",
    "I give up.",
    "hmm i dont know",
    "answer?",
    "?",
)
ASK_POEM = Phrases(
    "write a poem about {x}",
    "write me a poem about {x}",
    "poem about {x}",
    "a poem about {x} please",
    "Write a [short |little |]poem about {x}.",
    "can you write a poem about {x}",
    "Can you write a poem about {x}?",
    "make a poem about {x}",
    "tell me a poem about {x}",
    "i want a poem about {x}",
    "please write a short poem about {x}",
    "do a poem about {x}",
    "rhyme something about {x}",
    "Could you write me four lines about {x}?",
    "A poem on {x}, please.",
)
ASK_ANY_POEM = Phrases(
    "write a poem",
    "poem",
    "a poem please",
    "Write me a poem.",
    "can you write poems?",
    "tell me a poem",
    "say a poem",
    "do you know a poem",
)
STORY_SUBJECTS = tuple(
    listed(
        "a dog, a cat, a lost kite, a dragon, the moon, a robot, a little girl, a king, a mouse, my cat, a boat, a bear, a fox, winter, a wizard, a train, the sea, a teapot, "
        "a lost key, a garden, a horse, a bird, friendship, a clever crow, snow, a baker, a brave boy, a frog, a princess, space, a ghost, a farm, a market, an umbrella, bread, a lion, "
        "two brothers, a school, a rabbit, a fish, a pirate, a snail, a letter, a red ball, an old man, a football, a goat, a lamp, a storm, a birthday"
    )
)
ASK_STORY = Phrases(
    "tell me a story about {x}",
    "story about {x}",
    "a story about {x} please",
    "write a story about {x}",
    "Tell me a [short |little |]story about {x}.",
    "can you tell me a story about {x}?",
    "Can you write a short story about {x}?",
    "i want a story about {x}",
    "make up a story about {x}",
    "write me a story about {x} pls",
    "tell a story about {x}",
    "short story about {x}",
    "Write a story about {x}.",
    "A story about {x}!",
)
ASK_ANY_STORY = Phrases(
    "tell me a story",
    "story",
    "a story please",
    "Tell me a story.",
    "tell me a short story",
    "write a story",
    "can you tell stories?",
    "i want a story",
    "Once upon a time",
    "bedtime story",
    "tell me a bedtime story",
    "story time",
    "Do you know a story?",
    "tell me any story",
)
