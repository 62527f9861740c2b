"""Plots about people and animals: strays, rescues, a clever pet, a nest, a runaway."""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

from llmworks.data.world.stories.plot import Either, Maybe, Plot, Say, Some

STRAY = Plot(
    "stray animal",
    ("a stray {thing}", "a {thing} without a home", "{athing} that nobody wanted", "a hungry {thing}"),
    (
        Say(
            "A {thing} sat in front of the door, wet and thin, and it would not go away.",
            "{hero} heard a small sound behind the bins {atspot}. It was a {thing}.",
            "Nobody knew where the {thing} came from. It was simply there, {day}, with one torn ear.",
            "\"Can we keep it?\" asked {hero}. {He} had a {thing} under {his} coat.",
        ),
        Say(
            "\"It belongs to somebody,\" said {elder}. \"First we must ask.\"",
            "\"No animals in this house,\" said {elder}, but {ehe} did give it some milk.",
            "It was afraid of hands. So {hero} put down some food, sat a long way off and looked somewhere else.",
        ),
        Some(
            1, 2,
            "{hero} and {friend} put up notes everywhere. Nobody came.",
            "On the first day it took the food when {hero} had gone. On the third it took it from {his} hand.",
            "It slept in a box by the stove, and ran in its sleep.",
            "{He} gave it a name, and then another, until it turned its head.",
            "It followed {hero} to {spot}, ten steps behind {him}.",
        ),
        Either(
            (
                Say(
                    "After two weeks a woman stood at the gate. \"There you are, you rascal!\" she said, and the {thing} jumped into her arms.",
                    "Then a man came who had been looking for it in three villages. You could see at once that it was his.",
                ),
                Say(
                    "{hero} swallowed and smiled. It was right, and it hurt. \"You took good care of it,\" said the stranger. \"Will you visit us?\"",
                    "It is hard to be glad and sad at the same time, but {hero} managed. {He} gave it a last stroke between the ears.",
                ),
                Say(
                    "In spring it had young ones. The smallest lives with {hero} now.",
                    "{He} goes there every Sunday. The {thing} hears {him} when {he} is still at the corner.",
                ),
            ),
            (
                Say(
                    "One night it made such a noise that <everyone> woke up. There was smoke: a coal had fallen out of the stove.",
                    "One night it scratched at {elder}'s door and would not stop. Downstairs the water was running over the floor; a pipe had burst.",
                ),
                Say(
                    "After that {elder} never again said a word about animals in the house.",
                    "{elder} looked at the {thing} for a long time. \"Well,\" {ehe} said, \"somebody has to watch over us.\"",
                ),
                Maybe(0.6, "The box by the stove became a basket, and the basket got a cushion.", "It stayed for [eleven|twelve|fourteen] years."),
            ),
            (
                Say(
                    "And then, <gently>, it came and laid its head on {his} foot. {hero} did not dare to move for an hour.",
                    "On the tenth day it came into the house by itself, turned round three times and lay down as if it had always lived there.",
                ),
                Say(
                    "\"It looks as if we have been chosen,\" said {elder}.",
                    "\"I think it has made up its mind,\" said {friend}, \"and nobody asked us.\"",
                ),
            ),
        ),
    ),
    things=("dog", "cat", "kitten", "puppy"),
    keywords=("stray", "home", "animal", "hungry", "wanted"),
)  # fmt: skip

NEST = Plot(
    "bird rescue",
    ("a young bird", "a bird that fell out of its nest", "a bird in need", "looking after a bird"),
    (
        Say(
            "Under the hedge lay a young [blackbird|sparrow|swallow], all beak and no feathers to speak of.",
            "Something hit the window. In the flower bed {hero} found a small bird.",
            "\"Don't touch it yet,\" said {hero} to {friend}. \"Perhaps the mother is near.\"",
        ),
        Say(
            "They waited behind the shed for an hour, but no mother came. The {animal} came instead, licking its lips.",
            "They watched from far away until it was nearly dark. Nobody came for it.",
        ),
        Say(
            "So {hero} put it into a box with [hay|a soft cloth], and {elder} showed {him} how to feed it: a drop of water, a bit of egg, every half hour.",
            "{helper} knew about birds. \"Warm, dark and quiet,\" {xhe} said, \"and no bread.\"",
        ),
        Some(
            1, 2,
            "{hero} got up at five to catch flies.",
            "It ate more than it weighed.",
            "It shouted as soon as it heard {hero}'s step on the stairs.",
            "After a week it sat on the edge of the box and beat its wings.",
        ),
        Either(
            (
                Say(
                    "\"It has to go now,\" said {elder}. {hero} carried the box into the garden and opened {his} hands.",
                    "One morning the window was open, and the bird sat on the sill. It looked back once.",
                ),
                Say(
                    "It flew to the fence, and then to the apple tree, and then {hero} could not tell it from the others.",
                    "It was gone as if it had never been anything else than a bird in the sky.",
                ),
                Say(
                    "The room was very quiet. But the next spring one bird in the garden was not afraid of {him}, and that was thanks enough.",
                    "\"Are you sad?\" asked {friend}. \"A bit,\" said {hero}. \"But it would have been worse if it had stayed.\"",
                ),
            ),
            (
                Say(
                    "On the fourth morning it lay still. {hero} held it for a long while.",
                    "They did everything right. It died in the night all the same.",
                ),
                Say(
                    "They buried it under the lilac. \"It was warm, and it was not alone,\" said {elder}. \"That is something.\"",
                    "\"Then it was all for nothing,\" said {hero}. \"No,\" said {elder}. \"Next time you'll know how. And there will be a next time.\" There was, in June. That one flew.",
                ),
            ),
        ),
    ),
    keywords=("bird", "nest", "wing", "fly", "rescue", "sparrow"),
)  # fmt: skip

CLEVER = Plot(
    "clever pet",
    ("a clever {thing}", "a {thing} that saved the day", "the thief and the {thing}", "a {thing}"),
    (
        Say(
            "{hero}'s {thing} was too fat, too old and too slow, and it was not even good at being a {thing}.",
            "Everybody laughed at {hero}'s {thing}, because it was afraid of mice.",
            "\"That {thing} is good for nothing,\" said {helper}. {hero} covered its ears.",
        ),
        Say(
            "Then somebody began to steal [eggs|apples|cheese] from the pantry. Each morning there was less.",
            "Then things disappeared: a spoon, a sausage, the bell from the gate.",
        ),
        Some(
            1, 2,
            "{elder} put a lock on the door. In the morning there was less again.",
            "{hero} and {friend} kept watch, and both fell asleep.",
            "{friend} sprinkled flour on the floor to find footprints. They found {friend}'s.",
            "{helper} said that it was a ghost. {hero} had never heard of a ghost that liked [cheese|sausage].",
        ),
        Say(
            "It was the {thing} that went and sat down in front of the old cupboard, and would not move.",
            "On Sunday the {thing} did something that it had never done: it ran. It ran straight to the wood pile, and waited.",
        ),
        Say(
            "{hero} looked behind it. There was a hole, and in the hole lived a family of [rats|martens|squirrels], with everything they had taken.",
            "There they found it all, neatly stacked, and a [magpie|jackdaw] that was very angry with them.",
        ),
        Say(
            "After that nobody laughed. The {thing} got the best place by the stove, and grew fatter still.",
            "\"Good for nothing?\" said {hero} to {helper}, and {xhe} gave the {thing} a bow, hat in hand.",
        ),
    ),
    things=("dog", "cat", "goose", "hen"),
    keywords=("clever", "thief", "saved", "steal", "pet"),
)  # fmt: skip

RUNAWAY = Plot(
    "runaway animal",
    ("a runaway {thing}", "catching {athing}", "a {thing} that ran away", "a {thing} on the loose"),
    (
        Say(
            "\"Stop that {thing}!\" shouted {helper}. It came down the street with [a hat in its mouth|a rope behind it].",
            "Somebody had left the gate open, and the {thing} was gone.",
            "{hero} was only going to buy [milk|stamps]. Then a {thing} ran between {his} legs.",
        ),
        Some(
            2, 3,
            "It ran through the [washing|market], and came out wearing a [shirt|lettuce].",
            "{hero} ran after it, {helper} ran after {hero}, and a dog ran after everyone.",
            "{friend} spread out {fhis} arms. It ran under them.",
            "They drove it into a corner. It jumped over the corner.",
            "It stopped to eat {elder}'s roses, and when they were close, it went on.",
            "It went in at the front door of the school and out at the back, and learned nothing.",
        ),
        Say(
            "By noon half the village was running, and the {thing} was enjoying itself.",
            "After an hour <everyone> was out of breath, except the {thing}.",
        ),
        Either(
            (
                Say(
                    "\"Why are we running?\" said {hero}. \"It runs because we run.\" {He} sat down on the kerb and [began to eat an apple|took out {his} bread].",
                    "Only {hero} stood still. {He} had an apple, and {he} bit into it, as loudly as {he} could.",
                ),
                Say(
                    "The {thing} stopped. It looked. Then it came nearer, one step at a time, with its eyes on the apple.",
                    "It is hard for a {thing} to run away from somebody who is not there for it. It came back to see what was the matter.",
                ),
                Say(
                    "And so it was led home, by a string, as good as gold. {hero} got a [cheese|basket of eggs] for it, and a lick on the ear.",
                    "\"How did you do it?\" asked {helper}. \"I didn't,\" said {hero}. \"I stopped doing it.\"",
                ),
            ),
            (
                Say(
                    "When it grew dark they gave up, and went home with sore feet.",
                    "At last the {thing} reached the river, jumped in, swam across and was gone.",
                ),
                Say(
                    "The {thing} was standing in its own stable. It had come home for supper and was wondering where <everyone> had been.",
                    "In the morning it was back in its place, chewing, as if the whole thing had been {hero}'s idea.",
                ),
                Maybe(0.5, "They shut the gate. It had learned, by then, how to open it."),
            ),
        ),
    ),
    things=("goat", "donkey", "pony", "pig", "calf", "goose"),
    opener=False,
    keywords=("runaway", "loose", "catching", "escape", "ran"),
)  # fmt: skip

PLOTS = (STRAY, NEST, CLEVER, RUNAWAY)
