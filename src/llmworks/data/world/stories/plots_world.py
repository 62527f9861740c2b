"""Plots with weather, nature, food and work: storm, snow, seed, fog, baking, and drawing something never seen."""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

from llmworks.data.world.stories.plot import Either, Maybe, Plot, Say, Some

STORM = Plot(
    "storm",
    ("a storm", "a great storm", "bad weather", "thunder and wind"),
    (
        Say(
            "In the afternoon the sky turned green, and the birds stopped singing.",
            "Boom! The thunder was so close that the plates jumped on the shelf.",
            "\"There's a storm coming,\" said {elder}, sniffing the air.",
            "At noon there was not a breath of wind. By four the trees were bending like grass.",
        ),
        Say(
            "{hero} [closed the shutters|brought in the washing|called the hens into the barn], and only just in time.",
            "{hero} ran to shut the windows. The rain was already coming in.",
        ),
        Either(
            (
                Say(
                    "Then {he} saw that the {animal} was missing. It was still out in the meadow.",
                    "\"Where is the {animal}?\" cried {hero}. Nobody had seen it since lunch.",
                ),
                Say(
                    "\"You can't go out in this,\" said {elder}. Then {ehe} saw {hero}'s face, and took {ehis} own coat from the hook.",
                    "{He} took the lantern and {elder} took the rope, and they went out together, bent low against the wind.",
                ),
                Say(
                    "The rain hit them like gravel. They called, and the wind tore the words away.",
                    "They could hardly see their own hands. Twice {hero} fell, and twice {elder} pulled {him} up.",
                ),
                Say(
                    "By the wall, where the stones keep off the wind, sat the {animal}, wet and small. {hero} put it under {his} coat.",
                    "A flash lit up the meadow, and for one moment {hero} saw it, under the thorn bush, not moving. It was alive.",
                ),
                Say(
                    "That night the {animal} slept in the kitchen, by the stove, and <everyone> else did too.",
                    "By morning the sky was washed clean. The {animal} was eating as if nothing had happened.",
                ),
            ),
            (
                Say(
                    "Out at sea there was a light, going up and down. \"That's {helper}'s boat,\" said {elder}. \"{Xhe} can't see the harbour in this.\"",
                    "Then the lamp at the end of the pier went out. And {helper} was not back yet.",
                ),
                Say(
                    "{hero} took the biggest lantern they had and ran down to the pier. {He} held it up until {his} arms [shook|hurt].",
                    "They made a fire on the hill, of everything that would burn: crates, a chair, the old gate.",
                ),
                Say(
                    "For a long time there was only wind. Then the light out there turned, <gently>, and came nearer.",
                    "An hour passed. Then a voice came out of the dark: \"A bit more to the left with that light!\"",
                ),
                Say(
                    "\"I steered for you,\" said {helper}, and could say no more. {Xhis} hand was as cold as a fish.",
                    "The next week there was a basket of fish on the doorstep, and a week later another one.",
                ),
            ),
            (
                Say(
                    "Then all the lights went out. They sat in the dark and listened.",
                    "There was a crack, and the old apple tree fell right across the road.",
                ),
                Say(
                    "{friend}'s family came over, because their roof was leaking. Then came {helper}, and then two people whom nobody knew.",
                    "Nobody could go anywhere. So <everyone> who was there stayed: {friend}, {helper}, and a man who had only wanted to sell brushes.",
                ),
                Say(
                    "They lit candles and made soup of what there was. Someone began to sing.",
                    "{elder} brought blankets and told the one about the goose. It got longer with every clap of thunder.",
                ),
                Say(
                    "When it was over, {hero} was almost sorry.",
                    "In the morning the sun shone on a great deal of work. They did it together.",
                ),
            ),
        ),
    ),
    opener=False,
    keywords=("storm", "thunder", "rain", "boat", "weather", "wind", "sea"),
)  # fmt: skip

FOG = Plot(
    "getting lost",
    ("getting lost", "finding the way home", "a {kid} who lost the way"),
    (
        Say(
            "The fog came so quickly that {hero} could not even see the path {he} stood on.",
            "{hero} had gone to pick [berries|mushrooms], always one bush farther, and now every tree looked the same.",
            "\"I know a short cut,\" {hero} had said. That was two hours ago.",
        ),
        Some(
            1, 2,
            "{He} called. Nobody answered but [an owl|the echo|a crow].",
            "{He} walked for half an hour, and came back to the same fallen tree.",
            "{His} feet were wet, and it was getting dark.",
            "There was one biscuit left. {He} ate half of it.",
        ),
        Say(
            "\"If you are lost,\" {elder} used to say, \"sit down before you think.\" So {hero} sat down.",
            "{He} wanted to run. But running only gets you lost faster, and {he} knew it.",
        ),
        Either(
            (
                Say("It was very quiet. Then, far off, {he} heard water.", "When {his} own breath was calm, {he} could hear the stream."),
                Say(
                    "A stream goes to the river, {he} thought, and the river goes past the mill. {He} followed the sound.",
                    "All water runs down to the valley, and so did {hero}, with one hand on the bushes.",
                ),
                Say(
                    "An hour later {he} saw a light, and the light was a window, and in the window stood {elder}.",
                    "The first thing {he} saw was the mill wheel. {He} had never been so <glad> to see a wheel.",
                ),
            ),
            (
                Say(
                    "Then something wet touched {his} hand. It was {friend}'s dog.",
                    "A bell rang somewhere. It was an old goat with a bell round its neck, and it was on its way home.",
                ),
                Say(
                    "It looked at {him}, walked a few steps and waited. {hero} understood, and took hold of its [collar|long hair].",
                    "\"You know the way, don't you?\" said {hero}. It did.",
                ),
                Say(
                    "So they came home together, and one of them got a very good supper. The other one got a bath first.",
                    "{elder} said nothing. {Ehe} only held {him}, and then {ehe} cut two thick slices, one for each of them.",
                ),
            ),
        ),
        Maybe(0.4, "Since then {he} always carries a whistle.", "{hero} has never left the path since then.", "The next time, {he} told somebody where {he} was going."),
    ),
    keywords=("lost", "fog", "way", "walk", "forest", "wood", "path"),
)  # fmt: skip

SEED = Plot(
    "seed",
    ("a seed", "waiting for a plant to grow", "patience", "a {kid} and a seed"),
    (
        Say(
            "{helper} gave {hero} a seed, grey and no bigger than a fly.",
            "{hero} pushed a seed into a pot of earth and sat down to watch.",
            "\"What will it be?\" asked {hero}. \"Plant it and see,\" said {elder}.",
        ),
        Say(
            "After ten minutes {he} had had enough. After ten days there was still nothing.",
            "{He} watered it in the morning, at noon and at night. Nothing happened.",
        ),
        Some(
            1, 2,
            "{He} dug it up to see if it was still there. It was, and {he} put it back.",
            "\"It's dead,\" said {friend}. \"It's thinking,\" said {hero}.",
            "{elder} said that a seed has its own clock.",
            "{hero} sang to it. The {animal} left the room.",
        ),
        Say(
            "Then, one morning, there was a green thread, bent like a hook.",
            "One day the earth had a crack in it, and in the crack something was green.",
        ),
        Either(
            (
                Say(
                    "It grew as high as {his} knee, and then as high as {his} nose, and then {he} had to look up.",
                    "By July it was taller than {he} was, and it had a face as big as a plate, which turned after the sun.",
                ),
                Say(
                    "In the autumn it bent its head, and it was full of seeds. {hero} counted up to three hundred. {He} gave one to every child in the street.",
                    "When it withered, {hero} was <sad>, until {elder} put something into {his} hand: seeds, grey and no bigger than flies.",
                ),
            ),
            (
                Say(
                    "Two leaves came, and then the {animal} ate them.",
                    "It had three leaves when the frost came. In the morning it was black.",
                ),
                Say(
                    "{hero} wanted to throw the pot away. \"Look at the root first,\" said {helper}. The root was white and strong.",
                    "{hero} cried, a little. Then {he} put the pot in a warm corner, because one never knows.",
                ),
                Say(
                    "In spring it came up again, thicker than before, and this time there was a fence of sticks around it.",
                    "It took three weeks. Then there was a new shoot, and by summer it had a blue flower.",
                ),
            ),
        ),
    ),
    keywords=("seed", "plant", "sunflower", "patience", "garden", "flower", "grow", "waiting"),
)  # fmt: skip

SNOW = Plot(
    "snow",
    ("a snowy day", "snow", "the first snow of the winter"),
    (
        Say(
            "When {hero} opened the curtains, the world was white.",
            "It had snowed all night, and every sound was gone.",
            "\"Wake up!\" called {friend} under the window. \"Look outside!\"",
        ),
        Say(
            "There was no school, because the bus was stuck. <everyone> was outside.",
            "{hero} pulled on two jumpers and {his} boots, and was out before breakfast.",
        ),
        Either(
            (
                Say(
                    "They built a snowman. It had a carrot, {elder}'s hat and a slightly worried look.",
                    "They rolled three balls, each bigger than the next. In the end the snowman was taller than {helper}.",
                ),
                Say(
                    "Then the sun came out, and it <began> to lean.",
                    "On Thursday it grew warmer. The snowman became thin, and his nose fell off.",
                ),
                Say(
                    "\"He's melting!\" cried {hero}. They carried snow from the shady side of the house, but the sun was faster.",
                    "{hero} put an umbrella over him. It helped for a day.",
                ),
                Say(
                    "On Sunday there was only a hat, a carrot and a puddle. {hero} gave the carrot to the {animal}. \"See you next winter,\" {he} told the puddle.",
                    "\"Where does he go?\" asked {hero}. \"Into the ground, and the river, and the clouds,\" said {elder}. \"And one day he comes down again.\"",
                ),
            ),
            (
                Say(
                    "They had one sledge and one hill, and fourteen children to share it.",
                    "Nobody had a sledge. {friend} found a tin tray in the kitchen.",
                ),
                Say(
                    "Down {hero} went, faster and faster, through a hedge and into {helper}'s yard, where {he} stopped in a heap of straw.",
                    "The first ride ended in a snowdrift. Only {hero}'s boots looked out.",
                ),
                Say(
                    "\"Good morning,\" said {helper}. \"Do you often come in this way?\" Then {xhe} tried it {xhimself}, three times.",
                    "\"Again!\" said {hero}, as soon as {his} mouth was free of snow.",
                ),
                Say(
                    "They went home when it was dark, with red cheeks and wet socks, and the soup had never been so hot or so good.",
                    "That evening their gloves hung in a row over the stove, and dripped, and hissed.",
                ),
            ),
        ),
    ),
    opener=False,
    keywords=("snow", "snowy", "snowman", "winter", "sledge", "ice"),
)  # fmt: skip

BAKING = Plot(
    "baking gone wrong",
    ("a {thing} that went wrong", "baking a {thing}", "a mistake in the kitchen", "cooking for the first time"),
    (
        Say(
            "The {thing} was as flat as a hat somebody had sat on.",
            "{hero} wanted to make a {thing} all by {himself}.",
            "\"How hard can it be?\" said {hero}, and opened the cookery book at \"{thing}\".",
            "Smoke came out of the kitchen, and then {hero} came out of it too.",
        ),
        Some(
            1, 3,
            "There had been no eggs, so {he} had used twice as much butter.",
            "The book said a spoon of salt. It did not say how big the spoon should be.",
            "{friend} had read the recipe aloud, and two pages had stuck together. The second half was about fish.",
            "{He} had opened the oven every two minutes to see how it was doing.",
            "The flour was all over the floor, and the {animal} had walked through it.",
        ),
        Say(
            "{friend} tasted it first. {Fhe} chewed for a long time. \"It's very [strong|filling],\" {fhe} said.",
            "They tried it. Then they drank a lot of water.",
            "Even the {animal} would not touch it.",
        ),
        Either(
            (
                Say(
                    "\"What have we learned?\" asked {elder}, who had come home in the meantime. They told {ehim}, and {ehe} wrote it all down on a card.",
                    "{elder} came in, looked around and did not scold. \"Once more,\" {ehe} said, \"and this time one thing after another.\"",
                ),
                Say(
                    "The second {thing} was not beautiful, but they ate it to the last crumb.",
                    "They began again at four. At six the smell brought the neighbours to the door.",
                ),
            ),
            (
                Say(
                    "\"We can't throw it away,\" said {hero}. So they crumbled it, and put it out in the garden.",
                    "Then {hero} had an idea: with custard on top, they thought, it might look as if it were meant to be like that.",
                ),
                Say(
                    "{helper} came by and asked what it was called. \"{hero}'s surprise,\" said {friend}. {Xhe} asked for more.",
                    "There was nothing left of it in the evening. To this day they argue about who ate it.",
                ),
            ),
        ),
    ),
    things=("cake", "pudding", "pie", "pancake", "honey cake", "loaf of bread", "plum tart"),
    age="any",
    keywords=("cake", "baking", "bake", "cook", "cooking", "kitchen", "recipe", "food"),
)  # fmt: skip

BRIDGE = Plot(
    "the two sides of a stream",
    ("a bridge", "two neighbours who quarrelled", "two farms and a stream", "making peace"),
    (
        Say(
            "{hero} and {friend} had farms on the two sides of a stream, and they had not spoken for [seven|ten|twelve] years.",
            "Between {hero}'s farm and {friend}'s farm ran a stream, and nobody crossed it.",
            "It had started with a [cow|fence|borrowed saw]. By now nobody on either side of the stream knew exactly how.",
        ),
        Say(
            "{Day}, {hero} called {helper}, who was good with wood. \"Build me a fence along the stream,\" {he} said, \"so high that I need not see {friend}'s house.\"",
            "\"I want a wall,\" {hero} told {helper}, \"as long as the stream and higher than my head.\"",
        ),
        Say(
            "Then {he} went off to market for [two|three] days.",
            "And {he} went away to town, because {he} could not bear the hammering.",
        ),
        Say(
            "When {he} came back, there was no fence. There was a bridge, with a handrail and everything.",
            "There lay the wood, all used up, and what it had become was a bridge.",
        ),
        Say(
            "Before {he} could say a word, {friend} came across it with open arms. \"You built a bridge, after all that I said,\" {friend} cried.",
            "{hero} was about to shout. But {friend} was already in the middle of it, with a basket of eggs. \"I have wanted to do that for years,\" said {friend}.",
        ),
        Say(
            "{hero} shut {his} mouth again. It seemed the right thing to do.",
            "What can you do when somebody thanks you for what you have not done? {hero} held out {his} hand.",
        ),
        Maybe(
            0.6,
            "{helper} picked up {xhis} tools. \"Stay and eat with us,\" they said. \"I can't,\" said {helper}. \"There are other streams.\"",
            "\"You never were good at measuring,\" {hero} told {helper} later, and paid {xhim} double.",
        ),
    ),
    age="adult",
    opener=False,
    keywords=("bridge", "neighbours", "farms", "stream", "peace", "farmer"),
)  # fmt: skip

FISHING = Plot(
    "fishing trip",
    ("fishing", "a fishing trip", "a morning by the river", "a very big fish"),
    (
        Say(
            "They had been sitting by the river since five, and had caught one boot.",
            "{hero} and {elder} went fishing, as they did on the first Sunday of every month.",
            "\"Sh,\" said {elder}. \"The fish can hear you think.\"",
        ),
        Some(
            1, 3,
            "{hero} ate {his} sandwich. Then {he} ate half of {elder}'s.",
            "A heron stood on the other side, and caught three while they watched.",
            "It rained for a bit, and stopped.",
            "{elder} told {him} how {ehe} had once pulled out a pike as long as a door.",
            "Nothing happened, for a long time, and in a very pleasant way.",
        ),
        Say(
            "Then the line went tight. \"Hold on!\" shouted {elder}.",
            "Suddenly the rod bent like a bow.",
        ),
        Either(
            (
                Say(
                    "They pulled, and they slipped in the mud, and they pulled. It was a fish as long as {hero}'s arm, old and green, with a scar on its side.",
                    "{hero} pulled with all {his} strength, and out of the water came a great golden carp.",
                ),
                Say(
                    "It looked at {hero}, opening and shutting its mouth. \"It's older than I am,\" {he} said. \"May I let it go?\"",
                    "\"Supper for three days,\" said {elder}. {hero} did not answer. {He} was looking at the fish's eye.",
                ),
                Say(
                    "They put it back together. It stayed beside them for a moment, and then it was gone. They had cheese for supper.",
                    "\"It's your fish,\" said {elder}. So {hero} bent down and opened {his} hands, and the river took it back.",
                ),
            ),
            (
                Say(
                    "It pulled {hero} right off the bank. There was a splash.",
                    "The line broke, and {hero} sat down hard in the water.",
                ),
                Say(
                    "{elder} fished {him} out by the collar. \"That is the biggest thing I've caught this year,\" {ehe} said.",
                    "\"How big was it?\" asked <everyone> later. {hero} and {elder} looked at each other and held out their arms as wide as they would go.",
                ),
                Maybe(0.5, "They came home wet and with an empty bucket, and agreed that it had been the best trip so far."),
            ),
        ),
    ),
    keywords=("fish", "fishing", "river", "trip"),
)  # fmt: skip

TRAIN = Plot(
    "the wrong train",
    ("a journey that went differently", "trouble with a train", "meeting somebody on a journey"),
    (
        Either(
            (
                Say(
                    "Only when the doors had closed did {hero} see that {he} was on the wrong train.",
                    "\"Tickets, please,\" said the conductor. \"Oh dear. This train goes the other way.\" {hero} sat down again.",
                ),
                Say(
                    "{He} had never been so cross with {himself}. The next stop was an hour away.",
                    "{He} was expected at [three|four], and every minute took {him} farther from where {he} should have been.",
                ),
                Say(
                    "Across from {him} sat a person with a big hat, peeling an orange. \"You look as if you needed half of this,\" {fhe} said. {Fhis} name was {friend}.",
                    "\"Wrong train?\" asked somebody by the window, with {ananimal} in a basket. \"I do that once a year. I'm {friend}.\"",
                ),
            ),
            (
                Say(
                    "The train left, and {hero} was not on it.",
                    "{hero} had a ticket, a suitcase and one minute. The minute was not enough.",
                ),
                Say(
                    "{He} was expected at [three|four]. There was not another train until [five|six].",
                    "{He} had never been so cross with {himself}. The next train was three hours away.",
                ),
                Say(
                    "On the bench sat somebody with {ananimal} in a basket. \"Missed it too?\" {fhe} said. \"I'm {friend}.\"",
                    "In the waiting room sat a person with a big hat, peeling an orange. \"You look as if you needed half of this,\" {fhe} said. {Fhis} name was {friend}.",
                ),
            ),
        ),
        Some(
            1, 2,
            "They talked about trains, then about food, and then about nearly everything.",
            "It turned out that they came from the same village, from the same street even, twenty years apart.",
            "{friend} had a pack of cards. {hero} lost eleven games and won the twelfth.",
            "{hero} laughed, and noticed that {he} had not laughed for some time.",
        ),
        Say(
            "When the right train came, {hero} nearly missed that one as well.",
            "Three hours went by like ten minutes.",
        ),
        Say(
            "{hero} arrived too late for what {he} had come for. {He} has forgotten what it was. But {he} and {friend} still meet on Fridays.",
            "Some years later they were married, in a station, naturally.",
            "\"If I had been on time,\" {hero} likes to say, \"I would have been on time, and that's all.\"",
            "They wrote to each other, first once a month, then once a week. {hero} still says that it was the best mistake {he} ever made.",
        ),
    ),
    age="adult",
    keywords=("train", "journey", "missed", "missing", "station", "late", "ticket"),
)  # fmt: skip

PAINT = Plot(
    "a good idea too many",
    ("painting the {thing}", "a plan that goes wrong", "a {thing} of a new colour", "helping too much"),
    (
        Say(
            "\"{elder} will be so surprised,\" said {hero}, and opened the tin of paint.",
            "The {thing} was grey and dull. {hero} had a tin of [yellow|blue|red|green] paint and a free afternoon.",
            "It was {friend}'s idea to paint the {thing}. Later both said that it was the other's.",
        ),
        Some(
            1, 3,
            "They began carefully, at the edges. That lasted for five minutes.",
            "The {animal} came to look, and left again with one coloured ear.",
            "{friend} took a step back to admire it, and stepped into the tin.",
            "There was more paint than {thing}, so they went on with the [bucket|steps|flowerpots].",
            "A bee sat down on the wet paint, and they spent half an hour on saving it.",
        ),
        Say(
            "Then they heard {elder} come home, an hour too early.",
            "When it was done, they were more painted than the {thing} was.",
        ),
        Either(
            (
                Say(
                    "{elder} looked at the {thing}, and at the two of them, and at the {animal}. \"That,\" {ehe} said, \"is {helper}'s.\"",
                    "\"Very nice,\" said {elder}. \"But I sold it to {helper} this morning.\"",
                ),
                Say(
                    "They went to {helper} to confess. {Xhe} came, walked round it, and began to laugh. \"I never would have dared to,\" {xhe} said. \"Leave it like that.\"",
                    "All the next day they scrubbed. A little of the colour stayed in the cracks, and {helper} said it looked better so.",
                ),
            ),
            (
                Say(
                    "{elder} opened {ehis} mouth and shut it again. \"You could have asked,\" {ehe} said. Then {ehe} took off {ehis} coat. \"Give me a brush. You missed a bit.\"",
                    "For a moment it was quite still. \"When I was small,\" said {elder}, \"I painted the pig.\"",
                ),
                Say(
                    "It can be seen from the hill now, and strangers are told: \"Turn left at the bright {thing}.\"",
                    "They used up the rest of the paint together. It was the brightest {thing} in the street, and nobody ever walked past it again without smiling.",
                ),
            ),
        ),
    ),
    things=("gate", "shed", "bench", "fence", "wheelbarrow", "rowing boat", "garden door"),
    keywords=("paint", "painting", "colour", "plan", "idea", "wrong"),
)  # fmt: skip

NIGHT_SKY = Plot(
    "a wish on a star",
    ("a falling star", "a wish", "watching the stars", "what to wish for"),
    (
        Say(
            "A star fell, and {hero} forgot to wish.",
            "\"Quick, a wish!\" said {friend}. A star had fallen over the barn.",
            "They lay on their backs in the meadow and waited for falling stars.",
        ),
        Say(
            "\"What would you have wished for?\" asked {friend}. {hero} <think>. {He} had so many wishes that they got in each other's way.",
            "{hero} had a list. At the top stood [a horse|a bicycle|a drum], then [a second horse|the sea|no more spelling].",
        ),
        Some(
            1, 2,
            "\"I would wish for a hundred more wishes,\" said {friend}. \"That's cheating,\" said {hero}.",
            "\"I'd like to fly,\" said {friend}, \"but only low.\"",
            "The grass was wet, and somewhere a cow was talking in her sleep.",
            "\"Did you know that the light is older than we are?\" said {friend}.",
        ),
        Either(
            (
                Say(
                    "Then {hero} thought of {elder}, who was ill and had not got up for a week. The list became very short.",
                    "From the house they heard {elder} cough. {hero} looked up at the sky and waited, and did not blink.",
                ),
                Say(
                    "When the next star fell, {he} wished with all {his} might. {He} did not tell anyone what.",
                    "There it was, bright and quick. {hero} had only one wish now, and {he} wished it.",
                ),
                Say(
                    "Stars are only stars. But on Sunday {elder} sat in the garden and complained about the tea, and {hero} had never heard anything so beautiful.",
                    "And because wishing alone is not much, {he} went in and made {ehim} hot milk with honey. A week later {elder} was up again.",
                ),
            ),
            (
                Say(
                    "They waited for the next one. It did not come, and it grew cold, and they moved closer together under the blanket.",
                    "The next star took its time. {friend} told the story of the cat who married a king.",
                ),
                Say(
                    "When it fell <atlast>, {hero} could not think of anything. {He} was warm, and {friend} was there, and tomorrow was Saturday. \"I've got it all,\" {he} said, surprised.",
                    "Then it came, right over the roof, and both of them shouted, and neither of them had wished. \"Never mind,\" said {hero}. \"We saw it.\"",
                ),
            ),
        ),
    ),
    opener=False,
    keywords=("star", "wish", "wishes", "sky", "stars", "night"),
)  # fmt: skip

DRAWING = Plot(
    "drawing",
    ("{thing}", "drawing {thing}", "a picture of {thing}"),
    (
        Say(
            "{hero} wanted to draw {thing}, and did not know how to begin.",
            "\"I'm going to tell you about {thing},\" said {hero}. \"But first I need a pencil.\"",
            "Everybody in the class was to draw something. {hero} chose {thing}.",
            "All day {hero} had been thinking about {thing}.",
        ),
        Say(
            "\"Have you ever seen {thing}?\" asked {friend}. \"Only in my head,\" said {hero}. \"But very clearly.\"",
            "\"How does one draw {thing}?\" asked {friend}. \"One line after another,\" said {hero}.",
        ),
        Some(
            1, 2,
            "The first picture looked like a potato. The second looked like a potato in the rain.",
            "{friend} thought that it should be bigger. {hero} made it bigger, and it no longer fitted on the page.",
            "{He} used up the whole of the blue pencil.",
            "\"Is it meant to be like that?\" asked {friend}. \"It is now,\" said {hero}.",
            "{He} rubbed out so much that there was a hole in the paper.",
        ),
        Say(
            "{He} closed {his} eyes and thought of {thing} once more: what it would look like close up, and what it would do if nobody was watching.",
            "\"Tell me about it first,\" said {elder}. So {hero} told {ehim} about {thing}, and while {he} talked, {his} hand began to draw by itself.",
        ),
        Say(
            "And there it was on the paper: {thing}, a little crooked, but so alive that the {animal} sniffed at it.",
            "When {he} had finished, {friend} said nothing for a while. \"Now I've seen {thing} too,\" {fhe} said.",
        ),
        Say(
            "{elder} hung it up in the kitchen, where it still is.",
            "{hero} signed it in the corner. Then {he} turned the page, for {he} had just had another idea.",
            "\"Who taught you that?\" asked {helper}. \"The first four pictures,\" said {hero}.",
        ),
    ),
    things=("a dragon", "the sea", "a castle", "a whale", "an old tower", "the wind", "a giant", "a flying ship", "a lighthouse",
            "a bear in a hat", "the moon", "a city at night", "a robot", "a queen", "a volcano", "a snow leopard"),
    keywords=("draw", "drawing", "picture", "pencil", "art"),
)  # fmt: skip

PLOTS = (STORM, FOG, SEED, SNOW, BAKING, BRIDGE, FISHING, TRAIN, PAINT, NIGHT_SKY, DRAWING)
