"""Fables: animals who talk, among themselves. The hero is one animal, {friend} a second, {elder} a third."""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

from llmworks.data.world.stories.plot import Either, Maybe, Plot, Say, Some

PROUD = Plot(
    "proud animal",
    ("a proud {thing}", "pride", "{athing} who thought too much of {himself}"),
    (
        Say(
            "{Hero} thought that there was nobody like {him} in the whole wood.",
            "\"Who is the [cleverest|finest|quickest] of all?\" {hero} asked the pond every morning, and every morning {he} gave the answer {himself}.",
            "{Hero} never said hello first.",
        ),
        Say(
            "{Day}, {he} met {friend}. \"Out of my way,\" said {hero}. \"I am in a hurry, and I am more important than you.\"",
            "When {friend} fell into the ditch, {hero} only laughed and walked on.",
            "\"Come and help us dig,\" said {friend}. \"With these clean feet?\" said {hero}. \"Certainly not.\"",
        ),
        Say(
            "Not long after, {hero} got stuck between two stones, and could move neither forwards nor back.",
            "A week later a thorn went into {hero}'s foot, in a place that {he} could not reach.",
            "Then, on a dark night, {hero} slid into a deep hole and could not get out again.",
        ),
        Say(
            "{He} called for help, in a fine voice at first, and then in a plain one.",
            "{He} was too proud to call. {He} waited, and the day went by.",
        ),
        Either(
            (
                Say(
                    "It was {friend} who came. \"You are in my way,\" said {friend}, and smiled, and [pulled|set to work].",
                    "\"I would not have helped you yesterday,\" said {hero}. \"I know,\" said {friend}. \"But I am not you.\"",
                ),
                Say(
                    "{Hero} said thank you. It was the first time, and it came out a little rusty.",
                    "Since then {hero} says hello first, even to beetles.",
                ),
            ),
            (
                Say(
                    "{Elder} heard {him}. \"I will help you,\" {ehe} said, \"if you can tell me my name.\" {Hero} had never asked for it.",
                    "They all came by, one after another, looked, and went on. They were in a hurry, and they were important.",
                ),
                Say(
                    "It was evening before anybody helped {him}. {He} had had time to think, and {he} used it well.",
                    "{Hero} was ashamed, and said so. Only then did {friend} take hold of {him} and pull.",
                ),
            ),
        ),
        Maybe(0.5, "Whoever stands alone falls alone.", "You can be very clever and still need somebody else's help.", "Whoever wants a hand tomorrow should hold one out today."),
    ),
    fable=True,
    keywords=("proud", "pride", "vain"),
)  # fmt: skip

WINTER = Plot(
    "food for the winter",
    ("getting ready for winter", "{athing} in winter", "a lazy {thing}", "working and playing"),
    (
        Say(
            "All summer {friend} carried nuts and berries into a hole. {Hero} lay in the sun and sang.",
            "\"Winter is coming,\" said {friend}. \"It is [June|July],\" said {hero}, and turned over.",
            "The leaves were still green when {friend} began to gather food.",
        ),
        Say(
            "\"You should store something too,\" said {friend}. \"Tomorrow,\" said {hero}.",
            "\"Help me, and we will both have enough,\" said {friend}. But {hero} had just thought of a new song.",
        ),
        Say(
            "Then one morning the grass was white and hard, and {hero}'s breath was a little cloud.",
            "The snow came early that year. {Hero} looked into {his} store, and it was as empty as a drum.",
        ),
        Either(
            (
                Say(
                    "{He} knocked at {friend}'s door, thin and cold. \"I have nothing to give you for it,\" {he} said.",
                    "For three days {he} was too ashamed to go to {friend}. On the fourth {he} went.",
                ),
                Say(
                    "\"You have your songs,\" said {friend}. \"It is a long winter, and I am tired of my own voice.\"",
                    "{friend} looked at {him} for some time. \"In spring you will carry twice as much,\" said {friend}. \"Come in.\"",
                ),
                Say(
                    "So {hero} sang all winter, and in summer {he} carried nuts, and sang while {he} carried them.",
                    "The winter was long and there was just enough. The next July you could have seen {hero} running about with {his} cheeks full.",
                ),
            ),
            (
                Say("\"I told you so,\" said {friend}, and shut the door.", "{friend} counted the nuts. There were enough for one."),
                Say(
                    "It was {elder}, who had less than anyone, who let {him} in. They were hungry together, and both lived.",
                    "{Hero} found a few frozen berries and lived on those. In spring {he} was as thin as a leaf, and a good deal wiser.",
                ),
                Maybe(0.5, "It is good to be right. It is better to open the door.", "A warm day is for singing, and also for carrying."),
            ),
        ),
    ),
    fable=True,
    keywords=("winter", "lazy", "store", "food"),
)  # fmt: skip

TRICK = Plot(
    "trickster",
    ("a sly {thing}", "{athing} who played tricks", "a trick that went wrong", "the trickster"),
    (
        Say(
            "{Hero} had smelled {friend}'s cheese from the other side of the meadow.",
            "{Friend} had found a whole honeycomb, and {hero} wanted it.",
            "\"What a beautiful voice you have,\" said {hero} to {friend}, who was holding a plum.",
            "{Friend} was sitting on a stump with a fresh pie, and {hero} had eaten nothing since the day before.",
        ),
        Either(
            (
                Say(
                    "\"There is a much bigger one in the well,\" said {hero}. \"Look, you can see it shine.\" It was only the moon.",
                    "\"Run home!\" cried {hero}. \"Your roof is on fire! I will look after this for you.\"",
                    "\"They are giving away walnuts at the mill,\" said {hero}. \"You can still get some if you run. Leave that with me.\"",
                ),
                Say(
                    "{Friend} ran off, and {hero} ate it all. It was delicious.",
                    "It worked. {Friend} believed every word, and {hero} licked the last crumb from {his} chin.",
                ),
                Say(
                    "But when there really was a fire the next week, {hero} called and called, and nobody came. \"That is only one of the old tricks,\" they said.",
                    "But when {hero} came home, with a full stomach, {his} own supper was gone. {Elder} had told {him} a story that morning, and only now did {he} understand it.",
                    "But after that nobody believed {him} any more, not even when {he} said that it was raining.",
                ),
                Say(
                    "It takes one day to lose the trust of others. {Hero} needed a year to win it back.",
                    "Since that day {hero} has told the truth, most of the time.",
                    "{He} went to {friend} in the end, with a cake under {his} arm. \"This one is not a trick,\" {he} said.",
                ),
            ),
            (
                Say(
                    "\"I am a doctor,\" said {hero}, \"and I must tell you that this food is very bad for you. Leave it here.\"",
                    "\"Close your eyes and count to a hundred,\" said {hero}, \"and I will show you something wonderful.\"",
                ),
                Say(
                    "{Friend} thought for a moment. \"You are so clever,\" said {friend}, \"that you should have half. Shut your own eyes and open your mouth.\"",
                    "\"How kind of you,\" said {friend}. \"But guests first. Close your eyes, and I will give you the best bit.\"",
                ),
                Say("{Hero} did. It was pepper.", "{Hero} shut {his} eyes and opened {his} mouth as wide as a barn door. In went an onion."),
                Say(
                    "{He} coughed and sneezed for two days. Then {he} went to {friend} and asked, politely, for a piece. {He} got one.",
                    "Even a sly one meets somebody slyer.",
                    "The whole meadow laughed, and in the end {hero} laughed too, with tears in {his} eyes.",
                ),
            ),
            (
                Say(
                    "\"I would hold that for you,\" said {hero}, \"if you wanted to climb up and look at the view.\"",
                    "\"You look tired,\" said {hero}. \"Lie down a little. I will keep watch over your food.\"",
                ),
                Say(
                    "\"How good of you,\" said {friend}. \"Then please hold this branch for me as well, so that the tree does not fall while I am gone.\"",
                    "\"Gladly,\" said {friend}. \"But hold up this rock first, or it will roll on us both. I will run and fetch help.\"",
                ),
                Say(
                    "{Hero} held on and waited. {He} stood there until it was dark, and then {he} heard them laughing, all of them, behind the hedge.",
                    "{Hero} pushed with all {his} strength, all afternoon. When {he} let go at last, nothing fell and nothing rolled. {Friend} had long since finished eating.",
                ),
                Say("Even a sly one meets somebody slyer.", "Since then {hero} thinks twice before {he} offers to help.", "\"That was a good one,\" {he} had to say."),
            ),
        ),
    ),
    fable=True,
    keywords=("trick", "tricks", "sly", "trickster", "cunning", "clever"),
)  # fmt: skip

SMALL_HELP = Plot(
    "small helper",
    ("how a small one helped a big one", "{athing} and {afriend}", "being small", "a good deed repaid"),
    (
        Say(
            "\"You are too small to be of any use,\" they always told {hero}.",
            "{Hero} was the smallest of them all, and tired of being told so.",
            "\"What can somebody like you do?\" the others said to {hero}. {He} did not know the answer yet.",
        ),
        Either(
            (
                Say(
                    "{Day}, a great paw came down on {him}. \"Please let me go,\" said {hero} to the bear. \"One day I may help you.\" The bear laughed so much that {he} was able to slip away.",
                    "Once {he} ran across a sleeping bear, right over the nose. The bear caught {him}. \"I may be useful to you one day,\" said {hero}, and the bear laughed and let {him} go.",
                ),
                Say(
                    "In the autumn a hunter's net fell over the bear, and all its strength was good for nothing.",
                    "Some days later there was a great noise in the wood. The bear was caught in a net, and the more it pulled, the tighter the net held.",
                ),
                Maybe(
                    0.7,
                    "{Friend} pulled at it and gave up. {Elder} ran for help, far too far away.",
                    "All the others stood around and said how terrible it was.",
                ),
                Say(
                    "{Hero} said nothing. {He} <began> to bite through the net, one thread after another.",
                    "{Hero} found the one knot that held it all, so tight that only somebody with very small teeth could open it.",
                ),
                Say(
                    "When the moon rose, there was a hole, and the hole was big enough.",
                    "The last thread broke just as the hunter's dogs <began> to bark.",
                ),
                Say(
                    "\"I laughed at you,\" said the bear. \"Yes,\" said {hero}. \"It was a good laugh, too.\"",
                    "Nobody has ever called {hero} small again. They say \"the one with the teeth\".",
                    "From that day on the two of them went about together, one up and one down, and it looked odd, and it was good.",
                ),
            ),
            (
                Say(
                    "{Day}, the stag came to the frozen pond to drink. \"Mind the ice,\" called {hero}. \"It is thin there.\" The stag looked about. \"Did someone speak?\" it said, and walked on.",
                    "When the great stag wanted to cross the frozen pond, {hero} called, \"Not there! I hear water under it!\" The stag did not even look down.",
                ),
                Say(
                    "Crack! The ice broke, and the stag stood in cold water up to its neck.",
                    "Ten steps on, the ice gave way, and the great beast could neither go forward nor back.",
                ),
                Maybe(
                    0.7,
                    "{Friend} did not dare to go near. {Elder} went, and the ice cracked under {ehim} too.",
                    "All the others stood on the bank and said how terrible it was.",
                ),
                Say(
                    "Only {hero} was light enough. {He} ran over the thin ice with the end of a rope in {his} teeth, and laid it round the stag's horns.",
                    "The ice held {hero}. {He} ran ahead and listened, and called, \"Here it is thick. Put your foot here, and now here.\"",
                ),
                Say(
                    "It took until dark. Then the stag stood on the bank, shaking, with icicles in its beard.",
                    "Step by step the stag came out, and everyone breathed again.",
                ),
                Say(
                    "\"I did not hear you,\" said the stag. \"I did not want to, I think.\" It has walked with its head a little lower since then.",
                    "\"How did you know?\" asked the stag. \"When you are small,\" said {hero}, \"you live close to the ground.\"",
                    "In the wood they have a saying now: first ask the small ones.",
                ),
            ),
        ),
    ),
    fable=True,
    things=("mouse", "squirrel", "mole", "hedgehog"),
    keywords=("small", "little", "big", "deed", "repaid", "helper"),
)  # fmt: skip

MOON = Plot(
    "fetching the moon",
    ("{athing} who wanted the moon", "the moon in the pond", "a foolish wish"),
    (
        Say(
            "{Hero} saw the moon lying in the pond, round and yellow as a cheese, and wanted it.",
            "\"It has fallen in!\" cried {hero}. \"Quick, the moon has fallen into the water!\"",
            "Every night {hero} looked up at the moon, and every night {he} wanted it more.",
        ),
        Some(
            2, 3,
            "{He} reached for it, and it broke into a hundred pieces. Then it came together again.",
            "{Friend} brought a net. They caught a frog.",
            "\"If we drink the pond,\" said {friend}, \"we shall have it.\" They drank until they could not move.",
            "{He} climbed the highest pine, and found that it was not high enough.",
            "They stood on each other's backs, {elder} at the bottom, until {elder} had to sneeze.",
        ),
        Say(
            "Wet and tired, they sat down on the bank.",
            "By midnight they lay in the grass and had no more ideas.",
        ),
        Say(
            "\"Look,\" said {elder}. \"When it is up there, all of us have it. If you took it home, only you would, and it would be dark out here.\"",
            "\"What would you do with it?\" asked {elder}. {Hero} <think>. \"Look at it,\" {he} said. \"But that is what you are doing,\" said {elder}.",
        ),
        Say(
            "{Hero} looked up. It was true. {He} had had it all the time.",
            "So they left it where it was. It is still there, when there are no clouds.",
            "They sat there and looked until it went down behind the hill. It was the best evening of that summer.",
        ),
    ),
    fable=True,
    keywords=("moon", "pond", "foolish", "wish"),
)  # fmt: skip

SLOW = Plot(
    "slow and steady",
    ("the slow one and the quick one", "{athing} who was never in a hurry", "{athing} and {afriend}"),
    (
        Say(
            "{Hero} did everything slowly. {Friend} did everything twice, because the first time was too quick.",
            "\"Come on, come on!\" {friend} kept calling. {Hero} came, one step after another.",
            "Each spring there was a race round the wood. {Hero} always came last, and never minded.",
        ),
        Say(
            "{Day}, {elder} fell ill, and somebody had to fetch the herb that grows behind the seven hills.",
            "This year the prize was a basket of cherries, and {hero} liked cherries.",
        ),
        Say(
            "\"I shall be back before you have tied your shoes,\" said {friend}, and was gone like the wind.",
            "{Friend} ran ahead, {hero} walked behind. Soon they could not see each other.",
        ),
        Either(
            (
                Say(
                    "On the third hill {friend} had run so fast that {fhe} had to rest. On the fourth {fhe} fell asleep.",
                    "At the second hill {friend} noticed that {fhe} had not asked the way. At the fourth {fhe} was in the wrong valley.",
                ),
                Say(
                    "{Hero} had no need to rest, because {he} had never hurried. {He} went by with soft steps.",
                    "{Hero} had asked the way first. {He} walked on, neither fast nor slow, and did not stop.",
                ),
                Say(
                    "When {friend} came back, breathless, {hero} had already put the kettle on.",
                    "{Hero} got there first. \"How did you do that?\" asked {friend}. \"I walked,\" said {hero}.",
                ),
            ),
            (
                Say("{Friend} was first, of course. {Fhe} had run right past everything.", "As always, {friend} won, and had seen nothing on the way."),
                Say(
                    "{Hero} arrived at dusk. On the way {he} had talked to a snail, found a mushroom as big as a chair, and watched a spider finish her web.",
                    "When {hero} came, it was dark. \"What took you so long?\" asked {friend}. So {hero} told what {he} had seen, and it took until midnight.",
                ),
                Say(
                    "\"The same way?\" said {friend}. \"I saw none of that.\" The next day they went together, slowly.",
                    "{Friend} was quiet for some time. \"I think you had the better day,\" {fhe} said.",
                ),
            ),
        ),
    ),
    fable=True,
    things=("snail", "toad", "hedgehog", "mole"),
    keywords=("slow", "quick", "late", "race", "hurry", "patience"),
)  # fmt: skip

HOUSE = Plot(
    "room for one more",
    ("room for one more", "a very small house", "{athing} in the rain", "animals sharing a house"),
    (
        Say(
            "It was raining, and {hero} had found a dry place: an old boot with a roof of leaves.",
            "{Hero} lived in a hollow log, which was just right for one.",
            "In a lost hat on the edge of the wood lived {hero}, all alone and very comfortably.",
        ),
        Say(
            "Knock, knock. It was {friend}, dripping. \"Is there room for me?\" \"Hardly,\" said {hero}. But {he} moved up.",
            "\"Let me in!\" called {friend}. \"I am wet to the bone.\" {Hero} sighed and breathed in, and then there was room.",
        ),
        Say(
            "Then {elder} came, who was bigger. They pushed and squeezed, and the walls groaned.",
            "They had just grown warm when there was another knock. \"Impossible,\" said {hero}. \"It's {elder},\" said {friend}. So they made it possible.",
        ),
        Either(
            (
                Say(
                    "Last of all came a flea. \"I am so small,\" it said, \"that you will not even notice me.\" It jumped in, and the whole house burst.",
                    "\"A-a-atishoo!\" said {elder}. That was the end of the house.",
                ),
                Say(
                    "There they sat in the rain, all of them, and {hero} thought that {he} would be angry. But they looked so silly that {he} had to laugh.",
                    "For a while nobody spoke. Then {friend} said, \"Let's build a bigger one.\"",
                ),
                Say(
                    "The new house has three rooms and one long table. It is hardly ever quiet there, and {hero} would not have it otherwise.",
                    "They built it together, before the week was over, with a special door for guests.",
                ),
            ),
            (
                Say(
                    "In the night it froze. Outside, the puddles turned to ice. Inside it was as warm as toast.",
                    "They lay so close together that nobody could have said whose ear was whose.",
                ),
                Say(
                    "\"If I had been alone,\" thought {hero}, \"I would have been cold.\"",
                    "In the morning the sun came out, and they could have gone. None of them did.",
                ),
            ),
        ),
    ),
    fable=True,
    keywords=("room", "house", "rain", "sharing", "guests"),
)  # fmt: skip

PLOTS = (PROUD, WINTER, TRICK, SMALL_HELP, MOON, SLOW, HOUSE)
