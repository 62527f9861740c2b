"""Plots between people: quarrels, fears, promises, contests, newcomers, misunderstandings, lies and secrets."""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

from llmworks.data.world.stories.plot import Either, Maybe, Plot, Say, Some

QUARREL = Plot(
    "quarrel",
    ("a quarrel between friends", "two friends who stopped talking", "making up after a quarrel", "saying sorry"),
    (
        Say(
            "{hero} and {friend} had not spoken to each other for three days.",
            "\"I'll never play with you again!\" said {hero}, and {friend} said the same, only louder.",
            "It began with a {thing}. Both {hero} and {friend} wanted it, and both pulled.",
            "{hero} and {friend} were best friends until {day}, when they quarrelled about {athing}.",
            "Nobody could say who had started it. {hero} said that it was {friend}, and {friend} said that it was {hero}.",
        ),
        Some(
            1, 2,
            "At {spot} they sat back to back.",
            "{hero} played alone, and won every game, and it was no fun at all.",
            "{hero} saw something funny on the way home and turned round to tell {friend}. But there was nobody there.",
            "{hero} had a joke to tell and nobody to tell it to.",
            "The days were long and dull.",
        ),
        Maybe(
            0.7,
            "\"Was it {friend}'s fault?\" asked {elder}. \"Yes,\" said {hero}. \"All of it?\" {hero} looked at {his} shoes. \"Most of it,\" {he} said.",
            "\"Which do you want,\" asked {elder}, \"to be right or to have a friend?\"",
            "\"Someone has to go first,\" said {elder}. \"It is always the braver one.\"",
        ),
        Either(
            (
                Say(
                    "{hero} <think>. Then {he} went to {friend}'s house. Halfway there, {he} met {friend}, who was coming to {his} house.",
                    "<atlast> {hero} wrote \"I'm sorry\" on a piece of paper and set off. At the corner {he} bumped into {friend}, who had a piece of paper too.",
                ),
                Say(
                    "\"I was [silly|unkind|wrong],\" they both said at the same moment. Then they both laughed.",
                    "They looked at each other. \"You first,\" said {hero}. \"No, you,\" said {friend}. And that was the last thing that they argued about that day.",
                ),
                Say(
                    "As for the {thing}, they cut a stick in two and drew lots. Neither of them can remember who won.",
                    "They shared the {thing} after that, one day each. Often they forgot whose day it was.",
                    "They left the {thing} lying in the grass and ran off to climb the wall.",
                ),
            ),
            (
                Say(
                    "Then the rain came. {hero} ran under the roof of the old shed, and there stood {friend}, just as wet.",
                    "On Thursday they were both late, and both had to wait at the same gate in the cold.",
                ),
                Say(
                    "For a while neither of them said a word. Then {friend} sneezed so loudly that a pigeon fell off the wall. {hero} tried not to laugh, and could not help it.",
                    "{friend} was shivering. {hero} took off {his} scarf and held out one end of it. It was long enough for two.",
                ),
                Say(
                    "\"I missed you,\" said {friend}. \"I missed you more,\" said {hero}. They almost quarrelled about that.",
                    "They walked home together, by the longest way they knew.",
                ),
            ),
            (
                Say(
                    "On Friday {friend} fell off the wall and hurt {fhis} knee. The others laughed. {hero} was there before anyone else. \"Lean on me,\" {he} said.",
                    "Then {hero} heard somebody say something nasty about {friend}. \"Leave my friend alone,\" said {hero}. It was out before {he} had thought about it.",
                    "Then came the day when the teams were chosen, and nobody chose {friend}. \"{friend} first,\" said {hero}, when it was {his} turn.",
                ),
                Say(
                    "{friend} looked up. \"Are we still friends?\" {fhe} asked. \"We were never anything else,\" said {hero}. \"We were only stupid.\"",
                    "They did not talk about the {thing}. There was no need to.",
                ),
            ),
        ),
    ),
    things=("ball", "swing", "drum", "blue pencil", "kite", "sledge", "skipping rope", "puppet"),
    keywords=("quarrel", "friends", "friendship", "friend", "sorry", "argument", "fight"),
)  # fmt: skip

DARK = Plot(
    "fear of the dark",
    ("being afraid of the dark", "a strange noise in the night", "courage", "a {kid} who was afraid"),
    (
        Say(
            "Scratch, scratch. {hero} sat up in bed. Something was outside the window.",
            "{hero} was not afraid of dogs, or of deep water, or of teachers. {He} was afraid of the dark.",
            "\"There's something under my bed,\" said {hero}.",
            "It was the middle of the night, and {hero} was wide awake.",
            "When the light went out, the room became [bigger|strange]. The chair had arms, and the coat on the door had a face.",
        ),
        Some(
            1, 2,
            "{He} pulled the blanket up to {his} nose and listened.",
            "{His} heart beat like a drum.",
            "{He} counted to a hundred. At sixty-two it came again.",
            "{He} thought of wolves. There were no wolves in the town, but in the dark that was hard to believe.",
        ),
        Either(
            (
                Say(
                    "\"Come,\" said {elder}, who had heard {him}. \"We'll look at it together.\" {Ehe} did not switch on the light.",
                    "{elder} came and sat on the bed. \"Shall we go and see who it is?\" {ehe} said.",
                ),
                Say(
                    "They looked out. A branch of the apple tree was tapping on the glass, as if it wanted to come in from the cold.",
                    "On the sill sat the {animal}. It had been shut out, and it was not pleased.",
                ),
                Say(
                    "\"Good night, tree or whoever you are,\" said {hero}, and yawned. The next time {he} heard the noise, {he} turned over and slept on.",
                    "\"The dark is only the same room with its eyes shut,\" said {elder}. {hero} liked that, and closed {his} own.",
                ),
            ),
            (
                Say(
                    "Then {he} did the hardest thing {he} had ever done: {he} put one foot on the floor. Then the other.",
                    "{He} took {his} torch, and {his} slipper to throw, and got up.",
                ),
                Say(
                    "{He} looked under the bed. There were two green eyes. \"Miaow,\" said the eyes.",
                    "In the corner a small shape moved. It was a mouse, and it was carrying half of {hero}'s biscuit.",
                ),
                Say(
                    "They looked at each other, and {hero} could not say which of them was more afraid. \"I won't hurt you,\" {he} whispered. It was good to be the big one for once.",
                    "{hero} laughed out loud. {He} had been afraid of something that fitted into a shoe.",
                ),
                Maybe(
                    0.6,
                    "In the morning {he} told the story at breakfast, and in it the eyes were as big as plates.",
                    "<fromthen> {he} slept with the door closed.",
                ),
            ),
            (
                Say(
                    "Then {he} heard crying from the next room. It was {his} little brother, who was even more afraid.",
                    "\"Are you awake?\" whispered a voice. It was {friend}, who was staying for the night. \"I'm scared,\" {fhe} said.",
                ),
                Say(
                    "\"It's nothing,\" said {hero}, in a voice that was almost steady. \"I'll leave the door open, and I'll tell you about stars.\"",
                    "{hero} took a small hand in {his}. \"Listen,\" {he} said. \"That's the house. It creaks because it is old, as Grandma does.\"",
                ),
                Say(
                    "Somewhere between one star and the next, {hero} noticed that {he} was not afraid any more.",
                    "It is strange, but you cannot be very frightened while you are making somebody else feel safe.",
                ),
            ),
        ),
    ),
    opener=False,
    keywords=("dark", "afraid", "fear", "night", "noise", "courage", "brave", "scared"),
)  # fmt: skip

STAGE = Plot(
    "stage fright",
    ("a school play", "forgetting your words", "stage fright", "a messenger who forgot the message"),
    (
        Say(
            "{hero} had one line in the school play. It was \"The king is coming!\"",
            "In an hour the curtain would go up on \"The King and the Cook\", and {hero} felt sick.",
            "\"I can't do it,\" said {hero}, who was the king's messenger in the school play, \"not in front of everybody.\"",
            "For [weeks|a month] {hero} had learned {his} words. {He} said \"The king is coming!\" to the {animal}, to the mirror and to the soup.",
        ),
        Maybe(0.4, "Behind the curtain it smelled of [paint|dust and oranges]. {hero} could hear the people cough.", "{elder} had ironed {his} costume twice."),
        Either(
            (
                Say("{His} knees were like jelly. \"Breathe,\" said somebody kindly.", "\"What if I forget it?\" said {hero}. \"Then say something else,\" said {friend}."),
                Say(
                    "Then it was {his} turn. {He} stepped into the light and opened {his} mouth. Nothing came out.",
                    "{He} walked on. A hundred faces looked at {him}, and every word flew out of {his} head like a bird.",
                ),
                Say(
                    "It was quite still. Then a dog barked in the street. \"The king's dog is coming!\" said {hero}, without thinking.",
                    "{He} tripped over {his} own cloak and fell flat on {his} face. \"The king,\" {he} said from the floor, \"is coming. Mind the carpet.\"",
                ),
                Say(
                    "The whole hall laughed, and it was a warm laugh. After that the rest was easy.",
                    "People clapped and stamped. They thought that it belonged to the play.",
                ),
                Say(
                    "\"Next year,\" said the teacher, \"you shall have a longer part.\" {hero} found that {he} did not mind.",
                    "At home {elder} said it was the best part of the evening, and {hero} thought so too.",
                ),
            ),
            (
                Say(
                    "{His} knees were like jelly. \"Breathe,\" said {friend}, who was a tree.",
                    "\"I'll be right behind you,\" said {friend}, who played a tree and could not move {fhis} arms.",
                ),
                Say(
                    "Then it was {his} turn. {He} stepped into the light and opened {his} mouth. Nothing came out.",
                    "{hero} walked on. A hundred faces looked at {him}, and every word flew out of {his} head like a bird.",
                ),
                Say(
                    "A tree with {friend}'s voice whispered the first word. It was enough.",
                    "\"The king,\" whispered the tree behind {him}. And there it was again, all of it.",
                ),
                Say(
                    "{He} said {his} line, loud and clear, to the very last seat.",
                    "{He} spoke, and {his} voice hardly shook at all.",
                ),
                Say(
                    "It took only a few seconds. {hero} thought about it, with joy, for a year.",
                    "\"I have never been so glad of a tree,\" {he} told {friend} afterwards.",
                ),
            ),
            (
                Say(
                    "\"Look at me,\" said {friend}. \"I'll sit in the first row and make a silly face.\"",
                    "{friend} had promised to sit in the first row. \"If you get stuck, look at my nose,\" {fhe} said.",
                ),
                Say(
                    "Then the curtain rose. {hero} stepped into the light and opened {his} mouth. Nothing came out.",
                    "{hero} walked on. A hundred faces looked at {him}, and every word flew out of {his} head like a bird.",
                ),
                Say(
                    "In the first row {friend} crossed {fhis} eyes. {hero} nearly laughed, and the words came back.",
                    "Then {he} saw {friend}, who had put a pencil under {fhis} nose like a moustache. The fear popped like a bubble.",
                ),
                Say(
                    "{He} said {his} line, loud and clear, to the very last seat.",
                    "{He} spoke, and {his} voice hardly shook at all.",
                ),
                Say(
                    "Afterwards {he} could not understand why {he} had been so frightened. \"Because you cared,\" said {elder}.",
                    "It took only a few seconds. {hero} thought about it, with joy, for a year.",
                ),
            ),
        ),
    ),
    keywords=("play", "stage", "school", "theatre", "singing", "words", "nervous"),
)  # fmt: skip

PROMISE = Plot(
    "promise",
    ("a promise", "keeping a promise", "a {kid} who kept {his} word", "a promise that was hard to keep"),
    (
        Say(
            "\"Promise?\" said {helper}. \"Promise,\" said {hero}.",
            "{hero} had promised {helper} to water {xhis} tomatoes every evening for two weeks.",
            "A promise is easily made, and {hero} made one without thinking: to look after {helper}'s {animal} until {xhe} came back.",
            "{helper} went away for ten days and left {hero} the key. \"Please feed my {animal} every evening,\" {xhe} said. \"I promise,\" said {hero}.",
        ),
        Say(
            "For five days it was fun. On the sixth it was a duty.",
            "The first evenings were easy.",
            "All went well until the Saturday.",
        ),
        Say(
            "That evening there was a fair {atspot}, with [lights and music|a merry-go-round]. \"Come on!\" called {friend}. \"We're all going!\"",
            "Then {friend} came running. \"There's [a circus|a football match|a bonfire] {atspot}, and it starts right now!\"",
            "Then it rained as if the sky had a hole, and {hero} sat by the warm stove with a book. It was a long way to {helper}'s house.",
        ),
        Either(
            (
                Say(
                    "{hero} looked one way, and then the other. \"Go ahead,\" {he} said. \"I have something to do first.\"",
                    "\"Just this once,\" {he} thought. \"Nobody will know.\" But {he} got up and put on {his} boots.",
                ),
                Say(
                    "When {he} came to the house, the gate stood open. If {he} had been an hour later, it would have been too late.",
                    "{He} did what {he} had promised, every bit of it, and not in a hurry either. By the time {he} was done, it was dark.",
                ),
                Say(
                    "{He} missed the best part of the evening. It is odd that {he} slept so well.",
                    "When {helper} came back, {xhe} looked at everything and nodded. \"I never worried for a moment,\" {xhe} said. {hero} carried those words around for days.",
                    "\"Where were you?\" asked {friend} the next day. When {hero} told {fhim}, {fhe} said, \"Next time I'll come with you, and then we'll go together.\"",
                ),
            ),
            (
                Say(
                    "{He} went with the others. It was as good as they had said, and {he} forgot everything else.",
                    "\"I'll do it tomorrow,\" {he} said to {himself}. Tomorrow {he} said it again.",
                ),
                Say(
                    "In the middle of the night {he} woke up and remembered. {He} sat up as if somebody had called {him}.",
                    "Then {he} remembered, and it went through {him} like cold water.",
                ),
                Say(
                    "{He} ran through the dark in {his} nightclothes. Everything was thirsty and hungry, but not too late.",
                    "{He} did not wait for the morning. With a lantern {he} did in one hour what should have been done in two days.",
                ),
                Say(
                    "{He} could have kept quiet about it. {He} told {helper}, all the same. \"Then I know that I can trust you,\" {xhe} said. {hero} did not see how, and {xhe} explained it to {him}.",
                    "It is the only promise {he} ever forgot, because {he} never forgot how that felt.",
                ),
            ),
        ),
    ),
    keywords=("promise", "promised", "word", "trust", "duty", "keeping"),
)  # fmt: skip

RACE = Plot(
    "contest",
    ("a race", "winning and losing", "a contest", "the slowest runner", "a race {atspot}"),
    (
        Say(
            "\"On your marks!\" shouted {helper}. {hero}'s mouth was dry.",
            "{hero} had never won anything, not even at cards.",
            "Every year there was a race {atspot}, and every year {friend} won it.",
            "This year {hero} wanted to win the race more than anything in the world.",
        ),
        Say(
            "For a month {he} had got up early and run to the mill and back.",
            "{He} had [new shoes|a plan], and {elder} had come to watch.",
            "{He} had practised every day, in rain and in sun, with the {animal} running beside {him}.",
        ),
        Say(
            "They were off. After the first bend {hero} was third, then second, and then there was only {friend} in front of {him}.",
            "{hero} ran as {he} had never run before. <soon> only {friend} was still ahead.",
        ),
        Either(
            (
                Say(
                    "Then {friend} fell. {Fhe} held {fhis} foot and tried not to cry.",
                    "Near the end {friend} tripped over a root and did not get up.",
                ),
                Say(
                    "{hero} could see the line. Ten more steps, and {he} would have won. {He} stopped.",
                    "Nobody was between {hero} and the prize. {He} looked at it, and then {he} turned round.",
                ),
                Say(
                    "Arm in arm, they limped across the line, the very last of all. The people clapped longer than they had for the winner.",
                    "{He} helped {friend} up, and the others ran past them both. \"You could have won,\" said {friend}. \"I know,\" said {hero}. \"There's always next year.\"",
                ),
            ),
            (
                Say(
                    "Side by side they came to the line, and {friend} was there first, by the length of a nose.",
                    "{He} gave all {he} had, and it was not enough. {friend} won again.",
                ),
                Say(
                    "{hero} lay in the grass and looked at the sky. {He} had lost. It did not feel like losing.",
                    "{hero} wanted to be angry. Then {friend} came over. \"I've never had to run so hard,\" {fhe} said. \"You frightened me.\"",
                ),
                Say(
                    "\"A month ago you could not run to the mill,\" said {elder}. That was true, and no one could take it away.",
                    "They shook hands. The next day they went running together.",
                ),
            ),
            (
                Say(
                    "At the bridge the others took the short way through the mud. {hero} remembered what {elder} had said: the long way is sometimes the short one.",
                    "The others had started too fast. One by one they slowed down, and {hero}, who had not, went by.",
                ),
                Say(
                    "{He} crossed the line, and could not believe that there was nobody else there yet.",
                    "And so {hero}, who had never won anything, won.",
                ),
                Say(
                    "The prize was a [pie|ham|cheese]. {He} cut it into [twelve|ten] pieces, so that every runner had one.",
                    "{He} was <glad>, but what {he} liked best was that {friend} was the first to hug {him}.",
                ),
            ),
        ),
    ),
    keywords=("race", "contest", "win", "winning", "losing", "prize", "run", "runner", "competition"),
)  # fmt: skip

NEIGHBOUR = Plot(
    "new neighbour",
    ("a new neighbour", "the house next door", "somebody new in the street", "making a new friend"),
    (
        Say(
            "A van stopped in front of the empty house. {hero} put down {his} spoon and ran to the window.",
            "Somebody had moved into the house next door, and nobody had seen who it was.",
            "\"Nobody ever laughs over there,\" said the children about the house next door to {hero}'s.",
            "The house next door had stood empty for years. {Day}, there was smoke from its chimney, and {hero} was the first to see it.",
        ),
        Either(
            (
                Say(
                    "It was a child of {hero}'s age, called {friend}, who sat on the steps and looked at nobody.",
                    "{friend} was the new one's name. {Fhe} came from far away and spoke only a few words of the language.",
                ),
                Some(
                    1, 2,
                    "{hero} waved. {friend} did not wave back.",
                    "\"Do you want to play?\" asked {hero}. {friend} looked at the ground.",
                    "Someone said that {friend} was proud. {hero} thought that {fhe} looked more like someone who had left something behind.",
                ),
                Say(
                    "Then {hero} had an idea. {He} rolled a ball over the grass and said nothing. After a while it came rolling back.",
                    "{hero} took a piece of chalk and drew a house on the pavement. {friend} watched. Then {fhe} took the chalk and drew another house beside it, with a mountain behind.",
                    "{hero} put two [pears|buns] on the wall between the gardens and went in. When {he} looked again, there was one.",
                ),
                Say(
                    "By the end of the week they did not need many words. By the end of the summer they had too many, and {elder} had to call them in for supper.",
                    "That was how it began. Nobody who sees the two of them today would believe that it took so long to say hello.",
                ),
            ),
            (
                Say(
                    "It was an old man with a stick and eyebrows like two caterpillars. When {hero}'s ball flew over his fence, it did not come back.",
                    "There lived an old man now who spoke to nobody. On the second day {hero} kicked {his} ball into his roses.",
                ),
                Say(
                    "\"Keep away from there,\" said {friend}. But {hero} wanted {his} ball.",
                    "Everybody told a different story about the old man, and none of them was kind. But a ball is a ball.",
                ),
                Say("So {hero} rang the bell, <heart>. The door opened. On a table lay [five balls and a kite|a row of balls], every one cleaned and mended."),
                Say(
                    "\"I can't walk far,\" said the old man, \"and I did not like to call. I hoped that somebody would come for them.\"",
                    "\"I wondered when you would ring,\" said the old man. \"Your friends always run away.\"",
                ),
                Say(
                    "{hero} went there often after that. It turned out that the old man knew a great many stories.",
                    "<fromthen> {hero} told anyone who asked: \"Nobody there is grumpy. You only have to ring the bell.\"",
                ),
            ),
            (
                Say(
                    "The new neighbour was an old woman who shut her window whenever {hero} laughed.",
                    "It was an old woman with a grey coat. She had never once said good morning.",
                ),
                Maybe(0.6, "Everybody told a different story about her, and none of them was kind.", "\"Keep away from there,\" said {friend}."),
                Say(
                    "Then the snow came, and nobody had swept the old woman's path. {hero} took a shovel and did it, just like that.",
                    "One morning her shopping bag tore in the middle of the street. {hero} ran after the oranges, all nine of them.",
                ),
                Say(
                    "\"Why are you doing this?\" asked a rough voice. \"Because you can't,\" said {hero}. It was quiet. Then the voice said, \"Do you like cocoa?\"",
                    "\"I cannot hear well,\" said the old woman. \"When people laugh, I think that they are laughing at me.\" {hero} had not thought of that.",
                ),
                Say(
                    "{hero} went there often after that, and the window stayed open.",
                    "They have been friends ever since, the oldest and the youngest in the street.",
                ),
            ),
        ),
    ),
    keywords=("neighbour", "new", "moved", "grumpy", "friend", "stranger", "shy"),
)  # fmt: skip

SURPRISE = Plot(
    "misunderstanding",
    ("a surprise party", "a misunderstanding", "a forgotten birthday", "a secret"),
    (
        Say(
            "It was {hero}'s birthday, and nobody had said a word about it.",
            "When {hero} came into the kitchen, <everyone> stopped talking.",
            "\"Sh!\" said {friend}. \"{hero} is coming!\" {hero} heard it, and it hurt.",
            "Something was wrong. {friend} had not come to fetch {hero} for three days.",
        ),
        Some(
            1, 3,
            "{elder} hid something behind {ehis} back.",
            "\"I have no time today,\" said {friend}, and ran off in the wrong direction.",
            "{hero} saw {friend} and {helper} whispering {atspot}. When they noticed {him}, they talked about the weather.",
            "At breakfast there was porridge, as on any other day.",
            "\"They don't like me any more,\" {hero} told the {animal}.",
        ),
        Maybe(
            0.6,
            "{He} went to {spot} alone, and sat there until {his} feet were cold.",
            "All afternoon {he} walked about and made a list of what {he} might have done wrong. It was a long list, and nothing on it was true.",
        ),
        Say(
            "When {he} came home, the house was dark. {He} opened the door.",
            "\"Go to the barn and fetch the lantern,\" said {elder} in the evening. {hero} went, dragging {his} feet.",
        ),
        Say(
            "\"Surprise!\" The lights went on, and there they all were, with paper hats and a cake as big as a [wheel|drum].",
            "A hundred little lights, and {friend} in the middle of them, and a song that was not quite in tune.",
        ),
        Say(
            "{hero} laughed and cried at once. \"I thought you had forgotten me,\" {he} said. \"We thought about nothing else,\" said {friend}.",
            "\"It was terribly hard not to tell you,\" said {friend}. \"I had to run away from you, or I would have burst.\"",
            "Later, in bed, {hero} thought: \"When people whisper, it need not be something bad.\"",
        ),
    ),
    keywords=("surprise", "birthday", "misunderstanding", "party", "forgotten", "secret"),
)  # fmt: skip

BOAST = Plot(
    "boasting",
    ("a {kid} who boasted", "boasting", "a lie that grew", "telling tales"),
    (
        Say(
            "\"I can [swim across the lake|ride a horse|speak to owls],\" said {hero}. It was not true.",
            "It began as a very small lie: {hero} said that {he} could [whistle with {his} ears|row across the lake in ten minutes|talk to owls].",
            "{hero} liked to be listened to. So, {day}, {he} told the others that {he} could [tame a bear|walk on a rope|stand on {his} head for an hour].",
        ),
        Say(
            "\"Really?\" said {friend}, with big eyes. That felt good, so {hero} added a bit more.",
            "The next day {hero} had to tell it again, and it had grown in the night.",
            "Everybody wanted to hear it. The more they listened, the more {he} told.",
        ),
        Say(
            "\"Show us,\" said {friend} <atlast>. \"On Saturday, {atspot}.\"",
            "Then {friend} said, \"Let's all go on Saturday, and you can show us how it is done.\"",
        ),
        Say(
            "{hero} did not sleep on Friday. {He} thought of breaking a leg, but {he} did not know how to go about it.",
            "{He} hoped for rain. The sun shone as it had not shone all year.",
            "All week the lie sat on {his} shoulder like a wet cat.",
        ),
        Either(
            (
                Say(
                    "On Saturday they all stood there and waited. {hero} swallowed. \"I can't,\" {he} said. \"I made it up.\"",
                    "\"Before we begin,\" {he} said, and {his} ears were red, \"I have to tell you something. None of it is true.\"",
                ),
                Say(
                    "Some laughed. {friend} did not. \"That was brave,\" {fhe} said. \"Braver than anything in the story.\"",
                    "It was quiet. Then {friend} said, \"I can't do it either. Shall we learn it together?\"",
                    "Two of them went home, cross. {friend} stayed. \"It was a good story, though,\" {fhe} said. \"You should write it down and call it a story.\"",
                ),
            ),
            (
                Say(
                    "{He} tried all the same. It ended in the mud, with {his} feet in the air.",
                    "{He} stepped forward as if {he} could really do it, and a minute later {he} had to be pulled out of the pond.",
                ),
                Say(
                    "When {he} had spat out the last bit of weed, {he} said, \"I think I may have told it a little too big.\"",
                    "Nobody said, \"We knew it.\" They wrapped {him} in a blanket, which was worse.",
                ),
                Maybe(0.7, "<fromthen> {hero} told only what was true, or began with \"Once upon a time\".", "It takes a short time to tell a lie, {elder} said that evening, and a long time to feed it."),
            ),
        ),
    ),
    keywords=("boast", "boasted", "boasting", "lie", "lies", "tales", "truth"),
)  # fmt: skip

MOVE = Plot(
    "moving away",
    ("a friend who moves away", "saying goodbye", "moving to another town", "a long goodbye"),
    (
        Say(
            "The boxes stood in the hall, and {friend}'s name was on all of them.",
            "\"We're moving,\" said {friend}. {hero} thought {fhe} was joking.",
            "There were seven days left. {hero} counted them on {his} fingers.",
        ),
        Some(
            1, 2,
            "On the first day they said nothing about it. On the second they talked about nothing else.",
            "They did everything one last time: the wall, the pond, the race to the corner.",
            "\"It's only three hours by train,\" said {elder}. Three hours sounded like the moon.",
            "{hero} was so <sad> that {he} was rude to {friend}, and then {he} was even sadder.",
        ),
        Say(
            "Then {hero} had an idea. {He} found [a stone with a white ring|an old coin] and asked {helper} to split it into two. One half was for {friend}.",
            "On the last evening {hero} brought a notebook. \"You write a page and send it to me,\" {he} said. \"Then I write one and send it back.\"",
            "They looked for the brightest star and gave it a name. \"At eight o'clock,\" said {hero}, \"we both look at it.\"",
        ),
        Say(
            "The van drove off. {hero} waved until {his} arm hurt.",
            "In the morning they did not cry, because both had promised. They only shook hands, for a very long time.",
        ),
        Say(
            "The first week was the hardest. Then a thick letter came, and {hero} read it [three|four] times.",
            "It was never quite the same. But in the summer a train stopped, and a door opened, and it was as if {friend} had only been round the corner.",
            "{hero} learned two things that year: that far away is a place like any other, and how to write small so that more fits on the page.",
        ),
    ),
    keywords=("goodbye", "moving", "moves", "away", "friend", "leaving"),
)  # fmt: skip

HELP = Plot(
    "everybody helps",
    ("helping each other", "a kindness that came back", "kindness"),
    (
        Say(
            "{hero} held the door open for {helper}, who had both arms full. That was how it started.",
            "{helper} stood {atspot} with a broken cart and [forty eggs|a hundred apples] in the mud.",
            "{Day}, {hero} met {helper}, who was carrying more than anyone can carry.",
        ),
        Say(
            "{hero} [picked up|carried] what {he} could. \"What do I owe you?\" asked {helper}. \"Nothing,\" said {hero}. \"Help somebody else some time.\"",
            "\"Wait, I'll help,\" said {hero}. It took an hour, and {he} was late for supper.",
        ),
        Say(
            "In the evening {helper} thought of it, and mended {friend}'s gate without being asked.",
            "The next day {helper} gave {friend} a lift, all the way to town.",
        ),
        Either(
            (
                Say(
                    "{friend} was so surprised that {fhe} took a pot of soup to {elder}, who had a cold.",
                    "{friend} had soup left over, and it suddenly seemed right to take it to {elder}, who had a cold.",
                ),
                Say(
                    "And {elder}, who felt much better, knitted a pair of mittens. They were for {hero}.",
                    "The soup did {elder} so much good that {ehe} got up and baked. The first piece was for {hero}.",
                ),
            ),
            (
                Say(
                    "{friend}, who had been in a bad mood for weeks, went home whistling and dug {elder}'s garden.",
                    "{friend} thought, \"Now it is my turn,\" and chopped all of {elder}'s wood.",
                ),
                Say(
                    "So {elder} had time, and used it to bake. The first piece was for {hero}.",
                    "{elder} sat in the sun for once, and carved a whistle. It was for {hero}.",
                ),
            ),
        ),
        Say(
            "\"What is that for?\" asked {hero}. \"For nothing,\" said {elder}. \"I just felt like it.\" {hero} never knew that it was {his} own kindness, which had come all the way round.",
            "Nobody noticed that it was a circle. But <everyone> in the street slept well that night.",
            "\"How kind people are today,\" said {hero}. {He} had no idea who had begun it.",
        ),
    ),
    age="any",
    keywords=("help", "helping", "kindness", "kind", "trouble"),
)  # fmt: skip

SHARE = Plot(
    "sharing",
    ("sharing", "a {kid} who did not want to share", "something good and two hungry friends"),
    (
        Either(
            (
                Say(
                    "There was one piece of cake left, and there were two forks: {hero}'s and {friend}'s.",
                    "{elder} had left them a pie, the last one of the summer. It was not a big pie.",
                ),
                Say(
                    "\"I'm older,\" said {hero}. \"I'm hungrier,\" said {friend}.",
                    "{hero} wanted the big half. So did {friend}. A half should not be big or small, but this one was.",
                ),
                Say(
                    "\"One cuts,\" said {elder}, \"and the other one chooses.\"",
                    "{elder} put a knife on the table. \"{hero} cuts,\" {ehe} said, \"and {friend} takes first.\"",
                ),
                Say(
                    "Never has anything been cut with such care. {hero} measured with a ruler. You could not have said which half was bigger.",
                    "{hero} moved the knife a little to the left and a little to the right. {friend} watched with one eye shut.",
                ),
                Say(
                    "They ate <gently>. In the meantime the {animal} had found the crumbs, and nobody had cut anything for it.",
                    "\"It works,\" said {hero} with a full mouth. They have done it so ever since, even with things that are not cake.",
                ),
            ),
            (
                Say(
                    "{hero} had a whole bag of cherries and did not want to share them.",
                    "\"Is that all for you?\" asked {friend}, looking at {hero}'s paper bag. It was full of sugared almonds.",
                ),
                Say(
                    "{hero} went behind the shed and ate by {himself}. After a while it did not taste of much.",
                    "{hero} hid, and ate fast, and then {he} had a stomach ache.",
                ),
                Say(
                    "Over the wall {he} could hear the others laughing. {friend} had brought two plums, and there were six of them, and they were cutting.",
                    "Then {he} saw {friend} break a single biscuit into four.",
                ),
                Say(
                    "{hero} came out from behind the shed. \"I've got some left,\" {he} said.",
                    "\"Does anyone want some of mine?\" asked {hero}. Everyone did.",
                ),
                Say(
                    "There was not much for each. It was gone in a minute, and it was the best food of the day.",
                    "\"Why does it taste better now?\" {he} asked. \"It's the company,\" said {friend}. \"It's like salt.\"",
                ),
            ),
        ),
    ),
    keywords=("share", "sharing", "cake", "greedy", "piece"),
)  # fmt: skip

FIRST_DAY = Plot(
    "first day",
    ("the first day at work", "a new job", "a mistake on the first day", "learning a trade"),
    (
        Say(
            "{hero} was the new one at the bakery, and it was four o'clock in the morning.",
            "On {his} first day at the mill {hero} did everything wrong.",
            "\"You are late,\" said the master. It was {hero}'s first morning.",
            "{hero} had dreamed of working {atspot}. Now {he} was there, and {his} hands were shaking.",
        ),
        Some(
            1, 2,
            "{He} mixed up the salt and the sugar.",
            "{He} opened the wrong door, and the {animal} got out.",
            "{He} wrote the wrong address on forty parcels.",
            "{He} dropped a tray, and after that a second one.",
            "{He} asked so many questions that the others began to hide.",
        ),
        Say(
            "By noon {he} wanted to go home and never come back.",
            "{He} sat down behind the building and put {his} face in {his} hands.",
        ),
        Say(
            "{friend}, who had worked there for [ten|twenty] years, sat down next to {him}. \"On my first day,\" {fhe} said, \"I set fire to the roof.\"",
            "\"I have bad news,\" said {friend}. \"Tomorrow you'll make other mistakes. The good news is that you won't make these.\"",
        ),
        Say(
            "{hero} laughed in spite of {himself}. Then {he} washed {his} hands and began again, one thing at a time.",
            "So {he} went back in. {He} wrote down each step on a card, and the card in {his} pocket made {him} calm.",
        ),
        Say(
            "Years later {hero} found somebody new crying behind the building. \"On my first day,\" said {hero}, and sat down.",
            "On Friday the master looked at {his} work, and said only one word. The word was \"Good\".",
            "In spring nobody could remember that {hero} had ever been new.",
        ),
    ),
    age="adult",
    keywords=("work", "job", "mistake", "trade", "first"),
)  # fmt: skip

PLOTS = (QUARREL, DARK, STAGE, PROMISE, RACE, NEIGHBOUR, SURPRISE, BOAST, MOVE, HELP, SHARE, FIRST_DAY)
