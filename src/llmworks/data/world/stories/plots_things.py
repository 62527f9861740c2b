"""Plots about things: lost, broken, borrowed, found, given, made, wished for."""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

from llmworks.data.world.stories.cast import MACHINES, SMALL, TOYS, WORN
from llmworks.data.world.stories.plot import Either, Maybe, Plot, Say, Some

LOST = Plot(
    "lost thing",
    ("a lost {thing}", "losing {athing}", "a missing {thing}", "a {kid} who lost {his} {thing}"),
    (
        Say(
            "{hero} had {afine}, and {he} took it everywhere. {Day}, it was [gone|nowhere to be seen].",
            "\"Where is my {thing}?\" cried {hero}. {He} had [put|left] it on the [chair|table|shelf|bed] the night before, and now the [chair|place] was empty.",
            "{Day}, {hero} reached for {his} {fine}, and it was not there.",
            "The {fine} was [gone|missing]. {hero} [noticed|saw] it as soon as {he} came [home|back] from {spot}.",
            "{hero} loved {his} {fine} [more than any other thing {he} had|because {elder} had given it to {him}]. So when it [went missing|was lost] {day}, {he} was <sad>.",
            "Nobody could find the {fine}. {hero} had been looking for it since [breakfast|lunch].",
        ),
        Some(
            1, 3,
            "{He} looked under the bed, but there was only [dust|an old sock|a grey ball of wool].",
            "{He} [turned out|emptied] {his} [bag|pockets|drawer], and found [two nuts and a stone|a bus ticket and some string|half a biscuit], but no {thing}.",
            "{He} [asked|went to ask] {elder}, who had not seen it since [yesterday|Sunday|the day before].",
            "{He} [searched|looked in] the kitchen, the hall and [even the coal cellar|the cupboard under the stairs|the bathroom].",
            "{He} went back to {spot} and looked [behind|under] every [bench|bush|stone].",
            "{He} [lifted|moved] all the cushions. Nothing.",
        ),
        Maybe(
            0.7,
            "\"Think back,\" said {elder}. \"Where did you have it last?\" {hero} closed {his} eyes and [tried to remember|thought of the day before].",
            "{friend} came to help. \"Two pairs of eyes are better than one,\" {fhe} said.",
            "\"[Don't cry|Don't give up],\" said {friend}. \"Things do not walk away by themselves.\"",
            "\"You will never find it if you only look where you have looked already,\" said {friend}.",
            "{hero} sat down on the [step|floor] and felt like crying.",
        ),
        Either(
            (
                Say(
                    "<then> {he} remembered the {animal}. It liked to carry things off, and it had been very quiet all [day|morning].",
                    "<then> they heard a [funny|strange] noise from the shed. It was the {animal}.",
                    "There was one place where nobody had looked: the corner where the {animal} slept.",
                ),
                Say(
                    "There lay the {animal}, [fast asleep|looking very pleased], and under it was the {fine}.",
                    "And there it was. The {animal} had made a bed of straw, and the {fine} was in the middle of it.",
                    "{hero} [looked|peeped] in. The {animal} was [guarding|sitting on] the {fine} as if it were an egg.",
                ),
                Say(
                    "\"You thief!\" <smiled> {hero}, but {he} was too <glad> to be cross.",
                    "{hero} took it back <gently> and gave the {animal} an old [cushion|blanket] instead. <fromthen> they both slept better.",
                    "\"It only wanted something [soft|nice] to keep it company,\" said {elder}. {hero} found it an old glove, and after that the {thing} stayed on its shelf.",
                ),
            ),
            (
                Say(
                    "<then> there was a knock at the door. It was {helper}.",
                    "<soon> {helper} came up the path, holding something behind {xhis} back.",
                    "On the way home {hero} met {helper}, who was [smiling|looking for somebody].",
                ),
                Say(
                    "\"Is this yours?\" {xhe} asked. \"I found it {atspot}.\" It was the {fine}!",
                    "\"I think you dropped this {atspot},\" {xhe} said, and held out the {fine}.",
                ),
                Say(
                    "{hero} thanked {xhim} [three times|with all {his} heart]. The next day {he} took {xhim} [a bunch of flowers|a slice of cake|a drawing] to say thank you again.",
                    "\"How did you know that it was mine?\" asked {hero}. \"Everybody has seen you with it,\" {xhe} said and smiled.",
                    "{hero} was so <glad> that {he} [hugged|shook hands with] {xhim}. Then {he} wrote {his} name on the {thing}, so that it could not get lost again.",
                ),
            ),
            (
                Say(
                    "{He} went through the day in {his} mind, one step after another. There had been breakfast, then the walk to {spot}, and then the rain. The rain!",
                    "\"I had it when it [began|started] to rain,\" {he} said <gently>. \"And then I put on {elder}'s big coat.\"",
                ),
                Say(
                    "{hero} ran to the hook where the wet coat hung, and put {his} hand into the pocket. There was the {fine}.",
                    "The big coat was still drying in the hall. Deep in its pocket was the {fine}, a little damp but whole.",
                ),
                Say(
                    "\"It was with us all the time,\" {he} said, and <everyone> laughed.",
                    "{He} hung the coat up again and kissed the {thing}. \"[Next time|Tomorrow],\" {he} said, \"I will look in my pockets first.\"",
                    "{hero} [learned|found out] that day that thinking is sometimes quicker than running about.",
                ),
            ),
            (
                Say(
                    "They never found it. {hero} was <sad> for [a week|some days], and then a little less.",
                    "They looked until it was dark, and the {thing} did not turn up, not that day and not the next.",
                ),
                Say(
                    "One morning {friend} brought a small parcel. Inside was {fhis} own {thing}. \"We can share mine,\" {fhe} said. \"You have it this week, and I have it next week.\"",
                    "\"I cannot bring it back,\" said {elder}, \"but I can help you make another.\" It took them a whole afternoon.",
                ),
                Say(
                    "It was not the same. In one way it was better.",
                    "{hero} still thought of the old one now and then. But {he} did not feel alone with it any more.",
                ),
            ),
        ),
    ),
    things=TOYS + WORN + SMALL,
    keywords=("lost", "lose", "losing", "missing", "find"),
)  # fmt: skip

BROKEN = Plot(
    "broken thing",
    ("a broken {thing}", "telling the truth about a broken {thing}", "a {kid} who broke {athing}", "owning up"),
    (
        Say(
            "Crash! The {fine} lay on the floor in [three|four|a dozen] pieces.",
            "{hero} was not supposed to play ball in the [house|kitchen]. {Day}, {he} did, and the ball hit {elder}'s {fine}. It broke.",
            "It happened {day}. {hero} was [running|dancing|chasing a fly] through the kitchen, and {his} elbow touched the {fine}. It fell and broke.",
            "{elder} had {afine} that was older than the house. {hero} only wanted to look at it. It slipped out of {his} hands.",
            "There was a [crash|loud bang], and then it was very quiet. {hero} looked at what was left of {elder}'s {fine}.",
        ),
        Say(
            "{He} [looked|listened]. Nobody had heard it.",
            "{His} [knees|hands] shook. What would {elder} say?",
            "{hero} felt cold all over. It was {elder}'s favourite.",
            "\"Oh no,\" whispered {hero}.",
        ),
        Either(
            (
                Say(
                    "{He} swept the pieces together and hid them [behind the curtain|under the bed|in the bin]. [\"The {animal} did it,\" {he} would say.|If anybody asked, {he} would know nothing.]",
                    "First {he} hid the pieces in a box. Then {he} went out and tried to play, but {he} could think of nothing else.",
                ),
                Say(
                    "At supper {elder} asked, \"Has anyone seen my {thing}?\" \"It was the {animal},\" said {hero} quickly. The {animal} was sent out into the [rain|cold].",
                    "When {elder} came home {ehe} looked at the empty shelf. \"Did the {animal} do that?\" {ehe} asked. {hero} nodded. The {animal} got no supper.",
                ),
                Say(
                    "{hero} heard it at the door, crying to be let in. {He} could not eat. {He} could not sleep.",
                    "All evening {hero} had a [lump in {his} throat|stone in {his} stomach]. The {animal} had done nothing wrong.",
                ),
                Say(
                    "<atlast> {he} got up, went down the dark stairs and said, \"It was me. I broke it, and I am sorry.\"",
                    "\"It was not the {animal},\" {he} said <atlast>, and the tears came. \"It was me.\"",
                ),
                Say(
                    "{elder} was silent for a moment. \"I can buy another {thing},\" {ehe} said. \"But I cannot buy your word. I am glad that you gave it back to me.\" Then they let the {animal} in together.",
                    "\"I am cross about the {thing},\" said {elder}, \"and [proud|glad] about the rest.\" The {animal} got a double supper.",
                ),
            ),
            (
                Say(
                    "{He} could hide the pieces. {He} could say that the wind had done it. {hero} <think>, and then {he} went to find {elder}.",
                    "For a moment {he} wanted to run away. Instead {he} picked up the pieces, one by one, and carried them to {elder}.",
                ),
                Say(
                    "\"I broke your {thing},\" {he} said. \"I did not mean to.\"",
                    "\"Something bad has happened,\" said {hero}, \"and I did it.\"",
                ),
                Say(
                    "{elder} looked at the pieces and sighed. \"It is only a thing,\" {ehe} said. \"Did you cut yourself?\" {hero} shook {his} head.",
                    "{elder} did not shout. \"Thank you for telling me,\" {ehe} said. \"That was harder than breaking it.\"",
                ),
                Say(
                    "They fetched the glue and worked all afternoon. The {thing} had lines on it now, like a map. \"I like it better so,\" said {elder}. \"Now it has a story.\"",
                    "{hero} [saved|put aside] {his} pocket money for [six|eight|ten] weeks and bought another. It was not as fine as the old one, but {elder} put it in the very same place.",
                    "Together they glued it. It could not hold water any more, so they [planted a little cactus in it|kept pencils in it|put dried flowers in it].",
                ),
            ),
        ),
    ),
    things=("cup", "vase", "jug", "teapot", "bowl", "jar", "flowerpot"),
    keywords=("broken", "broke", "honest", "truth", "honesty", "lie", "sorry", "owning"),
)  # fmt: skip

MENDED = Plot(
    "mending",
    ("mending {athing}", "{athing} that stopped working", "a broken {thing}", "learning to repair things"),
    (
        Say(
            "The {fine} had stopped working.",
            "{Day}, {elder}'s {fine} gave a [click|cough|squeak] and went silent.",
            "\"It's finished,\" said {elder} and put the {fine} [by the bin|out with the rubbish]. \"It will never work again.\"",
            "Tick, tick, clunk. That was the last sound the {fine} made.",
            "{hero} liked to know how things worked. So {he} was [almost glad|not sad at all] when the {fine} broke {day}.",
        ),
        Say(
            "\"May I try to mend it?\" asked {hero}. \"You can't make it worse,\" said {elder}.",
            "{hero} carried it to {his} room, put a cloth on the table and [found|took out] a small screwdriver.",
            "\"Let's throw it away and buy a new one,\" said {friend}. But {hero} wanted to look inside first.",
        ),
        Some(
            1, 3,
            "{He} took out the screws, one by one, and laid them in a row so that {he} would know where each belonged.",
            "{He} made a drawing of every part before {he} touched it.",
            "Inside there were [wheels and springs|wires and a little motor|more parts than {he} could count], all grey with dust.",
            "The first time {he} put it together, there was [one screw|a small wheel] left over. {He} took it apart again.",
            "{friend} [held the torch|passed the tools] and told {him} jokes.",
        ),
        Either(
            (
                Say(
                    "<then> {he} saw it: [a crumb|a dead beetle|a hairpin|a tiny stone] was stuck between two parts. {He} took it out with [tweezers|a needle].",
                    "Deep inside {he} found what was wrong. A [wire|spring] had slipped off its hook. {He} put it back.",
                ),
                Say(
                    "{He} closed the {thing}, held {his} breath and switched it on. It worked!",
                    "When the last screw was in, {he} tried it. At first nothing happened. Then it [hummed|rattled] and began to work.",
                ),
                Say(
                    "{elder} could not believe it. \"Well,\" {ehe} said, \"I think some other things in this house want a word with you too.\"",
                    "The news went round. The next week {helper} came with a broken [fan|clock|lamp], and after that there was always something on {hero}'s table.",
                    "\"How did you do it?\" asked {elder}. \"I looked until I understood,\" said {hero}.",
                ),
            ),
            (
                Say(
                    "{He} tried everything {he} could think of, and the {thing} stayed dead.",
                    "After three evenings {he} had to say it: \"I can't do it.\"",
                ),
                Say(
                    "So {he} took it to {helper}, who [put on {xhis} glasses|rolled up {xhis} sleeves] and said, \"Sit down here. I will show you, and next time you do it yourself.\"",
                    "{helper} [heard|was told] about it and came by. \"You did everything right,\" {xhe} said. \"It only needs a new [spring|fuse], and you could not know that.\"",
                ),
                Say(
                    "An hour later it ran as well as ever, and {hero} knew something that {he} had not known before.",
                    "They put the new part in together. {hero} turned the last screw.",
                ),
            ),
        ),
    ),
    things=MACHINES,
    age="any",
    keywords=("mend", "mending", "repair", "fix", "machine", "working"),
)  # fmt: skip

BORROWED = Plot(
    "borrowed thing",
    ("a borrowed {thing}", "borrowing {athing}", "giving back what you borrow"),
    (
        Say(
            "{friend} had {afine}, and {hero} wanted to borrow it so much that {he} asked three times.",
            "\"Only until Sunday,\" said {friend}, and handed over the {fine}.",
            "{Day}, {hero} borrowed {friend}'s {fine}. \"I'll take good care of it,\" {he} promised.",
            "{hero} did not have {athing}, but {friend} did. \"Can I borrow it?\" asked {hero}. \"Yes, if you bring it back tomorrow,\" {friend} said.",
        ),
        Say(
            "For [two|three] days {hero} rode up and down the lane [until it was dark|like the wind].",
            "{hero} rode it to {spot} and back, and to {spot} and back again.",
            "It was just as good as {he} had thought, and {he} went everywhere with it.",
        ),
        Either(
            (
                Say(
                    "Then {he} rode over a sharp stone. Bang! One wheel [was bent|hung loose].",
                    "On the last day {he} hit the kerb, and the {thing} lost a wheel.",
                ),
                Say(
                    "\"Maybe {friend} won't notice,\" {he} thought. But {he} would have noticed, if it had been {his}.",
                    "{hero} looked at it for a long time. It was not {his}. That made it twice as bad.",
                ),
                Say(
                    "{He} took {his} savings to {helper}, who put on a new wheel. Then {he} brought the {thing} back and told {friend} [everything|the whole story].",
                    "{He} went straight to {friend}. \"I broke it,\" {he} said, \"and I will pay for it. It may take a while.\"",
                ),
                Say(
                    "{friend} looked at the wheel, and then at {hero}. \"You could have said nothing,\" {fhe} said. \"You can borrow it whenever you like.\"",
                    "\"That wheel was loose before,\" said {friend}. \"I should have told you.\" They paid half each.",
                ),
            ),
            (
                Say(
                    "Sunday came, and {hero} thought, \"One more day.\" Monday came, and {he} thought it again.",
                    "When it was time to give it back, {hero} hid from {friend} behind the [wall|hedge|shed].",
                ),
                Say(
                    "On [Tuesday|Wednesday] {he} saw {friend} walking to {spot} on foot, carrying two heavy bags.",
                    "Then {elder} told {him} that {friend} had to walk all the way to {spot} and back every day now.",
                ),
                Say(
                    "{hero} felt {his} face go hot. {He} ran after {fhim}. \"Here it is,\" {he} said. \"I kept it too long.\"",
                    "That evening {hero} cleaned the {thing} until it shone, and took it back. \"I'm late,\" {he} said, \"and I'm sorry.\"",
                ),
                Say(
                    "\"Next time just ask me for one more day,\" said {friend}. \"I would have said yes.\"",
                    "{friend} was a little cross, but only until they had [shared an apple|raced each other to the corner].",
                ),
            ),
        ),
    ),
    things=("bicycle", "scooter", "tricycle"),
    keywords=("borrowed", "borrow", "borrowing", "lend", "lent"),
)  # fmt: skip

FOUND = Plot(
    "found thing",
    ("finding {athing}", "{athing} that belonged to somebody else", "an honest finder", "{athing} found {atspot}"),
    (
        Say(
            "{Day}, something shone in the grass {atspot}. {hero} bent down. It was {afine}.",
            "\"Look what I've found!\" said {hero}, and held up {afine}.",
            "{hero} nearly stepped on it. There, {atspot}, lay {afine}, and nobody was near.",
            "{hero} was on {his} way home from {spot} when {he} found {afine}.",
        ),
        Say(
            "It was [the finest|the prettiest|just the sort of] {thing} {he} had ever [seen|held].",
            "{He} had always wanted one. {He} [looked left and right|turned it over in {his} hand].",
            "\"Finders keepers,\" said {friend}. {hero} was not so sure.",
            "\"Keep it,\" whispered {friend}. \"Nobody will ever know.\" \"I will know,\" said {hero}.",
        ),
        Say(
            "At home {he} showed it to {elder}. \"Somebody is looking for it now,\" {ehe} said.",
            "{He} thought of how it feels to lose something. That settled it.",
            "All through supper it lay in {his} pocket and seemed to grow heavier.",
        ),
        Say(
            "{hero} wrote a note, \"Found: {athing}. Ask at the green door,\" and pinned it up {atspot}.",
            "{He} went from door to door and asked, \"Have you lost something?\"",
            "{He} took it to {helper}, because {xhe} knew <everyone>.",
        ),
        Either(
            (
                Say(
                    "The third day, an old woman came. \"My husband gave me that {thing} when we were young,\" she said, and she held it against her cheek.",
                    "It turned out to belong to an old man who lived alone. He had looked for it for a week, on his knees.",
                ),
                Say(
                    "{hero} had wanted the {thing} very much. But seeing that face was better than having it.",
                    "They asked {hero} in for tea, and there was [plum|apple|honey] cake. {He} went there every Thursday after that.",
                    "\"What would you like as a reward?\" {hero} <think> and said, \"Tell me the story of it.\" It was a long one, and good.",
                ),
            ),
            (
                Say(
                    "A month went by, and nobody came for it.",
                    "Nobody asked for it, not that week and not the next.",
                ),
                Say(
                    "\"You have done what you could,\" said {elder}. \"Now it is yours.\" {hero} had never owned anything that felt so much {his} own.",
                    "So {hero} kept it, with a good conscience, and always had the note ready in case somebody came after all.",
                ),
            ),
        ),
    ),
    things=("ring", "watch", "purse", "necklace", "brooch", "coin", "key", "whistle", "penknife"),
    age="any",
    keywords=("found", "finding", "finder", "finders", "reward"),
)  # fmt: skip

GIFT = Plot(
    "gift",
    ("a birthday gift", "a gift for {elder}", "{athing} as a present", "saving up for a present"),
    (
        Say(
            "It was {elder}'s birthday on [Sunday|Friday|Saturday], and {hero} had [only two coins|no money at all].",
            "{hero} wanted to give {elder} {athing}. {He} had seen {afine} in a shop window.",
            "\"What shall I give {elder}?\" {hero} asked {friend}. \"{Ehe} has everything.\" \"Not {athing},\" said {friend}.",
            "Every day on {his} way home, {hero} stopped at the shop window to look at {afine}. It was not for {him}. It was for {elder}.",
        ),
        Say(
            "So {he} <began> to save. {He} [swept floors|walked dogs|carried bags] for {helper}, a coin at a time.",
            "{He} [washed windows|picked apples|weeded gardens] for the neighbours and put every coin into a jar.",
            "{He} counted {his} money every night. It grew <gently>, like a plant.",
        ),
        Either(
            (
                Say(
                    "The day before the birthday {he} ran to the shop. The window was empty. Somebody else had bought it.",
                    "When {he} had enough <atlast>, the {thing} was gone. \"Sold this morning,\" said the shopkeeper.",
                ),
                Say(
                    "{hero} walked home <gently>. Then {he} saw [the box of wool|the paints|some smooth wood] on the shelf, and had an idea.",
                    "{He} could have cried. \"Make something,\" said {friend}. \"I'll help.\"",
                ),
                Say(
                    "They worked until late. What they made was [crooked|not quite straight|a little lopsided], but it was a {thing}, more or less.",
                    "By bedtime there was {athing} on the table, made by hand, with a crooked edge and a bright ribbon.",
                ),
                Say(
                    "{elder} unwrapped it and said nothing for so long that {hero} grew afraid. Then {ehe} hugged {him}. \"Nobody has ever made me {athing},\" {ehe} said.",
                    "{elder} had other presents that year. But this was the one {ehe} kept by {ehis} bed.",
                ),
            ),
            (
                Say(
                    "On the last day {he} was [one coin|two coins] short. {He} turned out {his} pockets twice.",
                    "<atlast> {he} put all {his} coins on the counter. The shopkeeper counted. \"Not quite enough,\" she said.",
                ),
                Say(
                    "\"Who is it for?\" asked the shopkeeper. {hero} told her. She <think>. \"Sweep the yard for me on Monday,\" she said, \"and we are even.\"",
                    "A hand reached over {his} shoulder and put down a coin. It was {friend}. \"It's from both of us then,\" {fhe} said.",
                ),
                Say(
                    "{elder} opened the parcel with [great|much] care. \"How did you know?\" {ehe} asked. \"You always stop to look at it,\" said {hero}.",
                    "When {elder} saw the {fine}, {ehe} had to sit down. {hero} had never been so <glad> about something that was not for {him}.",
                ),
            ),
            (
                Say(
                    "Then, {day}, {hero} heard {friend} crying. {Fhis} [cat|dog] was ill, and the doctor had to be paid.",
                    "The jar was nearly full when {friend}'s little [dog|cat] fell ill and there was no money for the doctor.",
                ),
                Say(
                    "{hero} looked at the jar for a long time. Then {he} carried it over to {friend}'s house.",
                    "That night {hero} put the jar on {friend}'s doorstep, knocked and ran.",
                ),
                Say(
                    "On the birthday {hero} had only [a card|a bunch of daisies]. {elder} had heard the story already. \"I got the best present of all,\" {ehe} said. \"I got to be proud.\"",
                    "\"I have nothing for you,\" {hero} told {elder}, and explained. {elder} blew {ehis} nose. \"That will do very well,\" {ehe} said.",
                ),
            ),
        ),
    ),
    things=("scarf", "teapot", "lamp", "hat", "vase", "brush", "basket", "mirror", "bowl", "music box", "necklace"),
    keywords=("gift", "present", "birthday", "save", "saving"),
)  # fmt: skip

MUSIC = Plot(
    "learning an instrument",
    ("learning to play the {thing}", "{athing}", "practising", "a {kid} who wanted to play the {thing}"),
    (
        Say(
            "Screech! That was {hero}, on the first day with {his} new {thing}.",
            "{hero} heard somebody play the {thing} {atspot}, and from that hour {he} wanted to do it too.",
            "There was an old {thing} in the attic. {hero} wiped off the dust and tried it. It sounded like [a sick goose|a door in the wind].",
            "\"I will never learn it,\" said {hero}, and put the {thing} down.",
        ),
        Say(
            "The {animal} ran out of the room. {friend} held {fhis} ears.",
            "\"Very [loud|interesting],\" said {elder} kindly, and shut the window.",
            "The neighbours began to [close their windows|take long walks] in the afternoon.",
        ),
        Say(
            "{helper}, of all people, knew how to play. \"Ten minutes every day,\" {xhe} told {hero}. \"Not an hour on Sundays. Ten minutes, every day.\"",
            "\"How long will it take?\" asked {hero}. \"As long as it takes to grow a beard,\" said {helper}. \"But a little every day.\"",
        ),
        Some(
            1, 2,
            "So {he} practised. In the first week {he} learned three notes.",
            "In the second month there was a tune, if you knew which tune it was meant to be.",
            "{He} practised in the shed, where only the spiders could hear.",
            "Some days it went well, and on some days {he} could have thrown the {thing} into the pond.",
        ),
        Either(
            (
                Say(
                    "In [spring|June|autumn] there was a party {atspot}, and the man who should have played was ill.",
                    "At the harvest supper the band's own player had broken his arm.",
                ),
                Say(
                    "\"I know that tune,\" said {hero} in a very small voice.",
                    "<everyone> looked at {hero}. {He} went forward, <heart>.",
                ),
                Say(
                    "{He} played it, with one wrong note in the middle. Nobody minded. They danced until midnight.",
                    "{He} shut {his} eyes and began. When {he} opened them again, the whole place was dancing, {elder} in front.",
                ),
            ),
            (
                Say(
                    "One evening {he} played by the open window, just for {himself}. When {he} stopped, somebody clapped in the street.",
                    "Then one evening {elder} said, \"Leave the window open.\" {hero} did not understand at first.",
                ),
                Say(
                    "All the neighbours had put their chairs outside to listen. \"Again!\" called {friend}.",
                    "\"That,\" said {elder}, \"was music.\" {hero} thought of the first day and laughed.",
                ),
            ),
        ),
    ),
    things=("flute", "violin", "trumpet", "guitar", "accordion", "harmonica"),
    keywords=("music", "play", "practise", "practising", "song", "learning", "instrument"),
)  # fmt: skip

WINDOW = Plot(
    "kite in a tree",
    ("{athing} stuck in a tree", "getting {athing} down from a tree", "a plan that fails"),
    (
        Say(
            "The {fine} was stuck in the tallest tree {atspot}.",
            "\"Don't throw it so high!\" called {friend}. Too late. {hero}'s {fine} hung in the old oak.",
            "{Day}, the wind took {hero}'s {fine} and set it on the highest branch of the chestnut tree.",
            "Up went the {fine}, and it did not come down again. It was caught in a tree.",
        ),
        Some(
            1, 3,
            "First they threw sticks at it. Now the tree had [three|four] sticks in it as well.",
            "{hero} threw {his} shoe. The shoe stayed up there too.",
            "They tried to shake the tree, but you cannot shake an oak.",
            "{hero} climbed as far as the first branch, looked down, and climbed back.",
            "They called the wind. The wind did what it liked.",
            "{friend} fetched a broom. It was too short, even when {fhe} stood on [a chair|{hero}'s shoulders].",
        ),
        Say(
            "\"We need a giraffe,\" said {friend}.",
            "By now [half the street|seven children and a dog] stood under the tree and gave advice.",
            "{hero} sat down in the grass. \"It will be there for ever,\" {he} said.",
            "\"What else is long?\" asked {hero}. They <think>.",
        ),
        Either(
            (
                Say(
                    "{helper} came by with the long pole [for washing windows|from the boat]. One push, and the {thing} came down.",
                    "Then {helper} brought a ladder. \"I was young once,\" {xhe} said, and up {xhe} went.",
                ),
                Say(
                    "{hero} got everything back: the {thing}, and all that they had thrown after it.",
                    "\"You might have asked me first,\" {xhe} said. {hero} thought that this was true of many things.",
                ),
            ),
            (
                Say(
                    "They tied string to an arrow made of a twig, shot it over the branch, and pulled. The branch bent and let go.",
                    "{friend} tied a stone to a long string and threw it over the branch. They both pulled. The branch shook, and shook again.",
                ),
                Say(
                    "Down came the {thing}, right on {hero}'s head. It had never felt so good to be hit by something.",
                    "The {thing} floated down like a leaf. \"Tomorrow we play in the meadow,\" said {hero}. \"There are no trees in the meadow.\"",
                ),
            ),
            (
                Say(
                    "They gave up and went home. In the night a storm came.",
                    "They had to leave it. All night the wind blew.",
                ),
                Say(
                    "In the morning the {fine} lay on {hero}'s doorstep, as if somebody had brought it.",
                    "<next> {hero} found it under the tree, wet and a little torn, but whole enough to play with.",
                ),
                Maybe(0.6, "Sometimes, {elder} said, waiting is also a plan.", "{hero} dried it by the stove and mended it with tape."),
            ),
        ),
    ),
    things=("kite", "ball", "paper plane"),
    keywords=("stuck", "tree", "plan", "fails"),
)  # fmt: skip

BUILDING = Plot(
    "building",
    ("building a {thing}", "making something yourself", "a {thing} made of old boards", "working together"),
    (
        Say(
            "{hero} wanted a {thing}, and nobody could stop {him}.",
            "\"We'll build a {thing},\" said {hero} {day}. {friend} was not sure that they could.",
            "There was a heap of old boards behind the [barn|house|mill]. {hero} looked at it and saw a {thing}.",
            "Bang, bang, bang! {hero} was building something.",
        ),
        Say(
            "{He} had [a hammer, nine nails and a picture in {his} head|no plan, but plenty of nails].",
            "{friend} brought a saw, and {fhis} little brother brought advice.",
            "They made a drawing first. It looked easy on paper.",
        ),
        Either(
            (
                Say(
                    "The first {thing} fell down as soon as they [leaned on it|looked at it]. The second fell down when it was finished.",
                    "When it was done, they took a step back to admire it. It leaned, it creaked, and it fell over.",
                ),
                Say(
                    "\"Why does it fall?\" asked {friend}. {hero} looked at {helper}'s shed, which did not fall, and saw why: it had boards that went across, from corner to corner.",
                    "They went to ask {helper}. \"You have built a box with no bones,\" {xhe} said. \"Put one board across each corner.\"",
                ),
                Say(
                    "The third {thing} stood. They both sat on it at once, and it did not even shake.",
                    "So they began once more, with a board across each corner. This time it stood as firm as a rock.",
                ),
            ),
            (
                Either(
                    (
                        Say(
                            "{hero} did everything alone, because {he} thought {he} knew best. [The nails went in crooked.|One board was too short, and the next too long.]",
                            "\"You just watch,\" {hero} told {friend}. {Fhe} watched for a while, and then {fhe} went home.",
                        ),
                        Say("A board has two ends, and {hero} had only two hands. Towards evening {he} went to find {friend}."),
                        Say("\"I need you,\" said {hero}, \"and not only because of the boards.\" {friend} [picked up the hammer|came at once]."),
                    ),
                    (
                        Say("They quarrelled about where the door should be, and {friend} went home."),
                        Say("Alone it was slow work. Nobody held the other end.", "Alone it was no fun. {hero} hammered for an hour, and hit {his} thumb twice."),
                        Say(
                            "\"We can have two doors,\" said {hero} the next day. {friend} <smiled>. \"That's what I wanted to say,\" {fhe} said.",
                            "In the evening there was a knock. \"It's me,\" said {friend}. \"Put the door where you like.\" \"No,\" said {hero}, \"where you like.\"",
                        ),
                    ),
                ),
                Say(
                    "By Sunday it was finished. It had their two names on it, in red paint.",
                    "It was not straight, but it was theirs, and when it rained they sat in it and ate apples.",
                ),
            ),
        ),
    ),
    things=("tree house", "den", "playhouse", "hut"),
    keywords=("build", "building", "making", "together", "boards"),
)  # fmt: skip

LETTER = Plot(
    "a message in a bottle",
    ("a letter in a bottle", "a message from far away", "writing to a stranger"),
    (
        Say(
            "{hero} put a letter into a bottle, pushed in the cork and threw it into the river.",
            "\"To whoever finds this,\" wrote {hero} {day}. \"My name is {hero}. I have a {animal}, and I would like to know who you are.\"",
            "Splash! The bottle went under, came up again and sailed away.",
        ),
        Say(
            "In the letter it said [what {he} liked to eat and what made {him} laugh|who {he} was and where the bottle began].",
            "\"It will sink,\" said {friend}. \"It will go to the sea,\" said {hero}.",
            "{He} watched until it was round the bend. Then {he} waited.",
        ),
        Say(
            "Spring went by, and summer. {hero} nearly forgot it.",
            "Weeks passed. Each day {he} asked the postman, and each day the postman shook his head.",
        ),
        Either(
            (
                Say(
                    "Then a letter came, with sand in it. \"I am a fisherman,\" it said. \"Your bottle was in my net, with forty herrings.\"",
                    "In the winter there was a card with a foreign stamp. A girl on an island had found the bottle on the beach.",
                ),
                Say(
                    "They wrote to each other for years, and never ran out of things to say.",
                    "{hero} answered the same evening. This time {he} used a stamp.",
                ),
            ),
            (
                Say(
                    "Then {helper} knocked at the door and held up a wet bottle. It had come no farther than the mill, five minutes down the river.",
                    "{Day}, an old man from down the river stood at the gate. \"I live alone,\" he said, \"and I don't get many letters. I thought I would bring the answer myself.\"",
                ),
                Say(
                    "{hero} laughed. {He} had hoped for the other end of the world, and found a friend round the corner.",
                    "They drank cocoa and talked until dark. \"Five minutes away,\" said {hero}, \"and we had never met.\"",
                ),
            ),
        ),
    ),
    keywords=("letter", "message", "bottle", "stranger", "writing"),
)  # fmt: skip

TREASURE = Plot(
    "a map",
    ("an old map", "a treasure hunt", "a treasure", "a secret in the attic"),
    (
        Say(
            "The map fell out of an old book. There was a cross on it, and the words \"twenty steps from the well\".",
            "{Day}, behind a loose board in the attic, {hero} found a map with a red cross.",
            "\"It's a treasure map,\" whispered {hero}. \"It's a piece of paper,\" said {friend}. But {fhe} came along.",
        ),
        Some(
            1, 2,
            "They took a spade, a torch and [four sandwiches|a bag of apples].",
            "Twenty steps of whose legs? They tried with {hero}'s, and then with {friend}'s.",
            "They dug a hole as deep as a bucket, then another one. There was nothing in it but [stones|a very cross mole].",
            "It began to rain, but they did not stop.",
        ),
        Maybe(
            0.6,
            "\"It was a man's map,\" said {hero} suddenly. \"A man takes longer steps.\" So they fetched {helper}.",
            "{hero} turned the map over. On the back was an arrow. They had held it upside down!",
        ),
        Say(
            "Then the spade hit something hard. It was a tin box, brown with rust.",
            "Clonk! Under the roots lay a small iron chest.",
        ),
        Either(
            (
                Say(
                    "There was no gold in it. There was a [wooden horse|toy soldier], a dried flower and a note: \"Buried by me, aged nine.\" It was signed by {elder}.",
                    "Inside lay marbles, a tin whistle and a photograph of a child with {elder}'s ears.",
                ),
                Say(
                    "They ran home with it. {elder} took it in both hands. \"I had forgotten where I put it,\" {ehe} said. \"I lost the map before you were born.\"",
                    "When {elder} saw the box, {ehe} laughed until {ehe} cried. Then {ehe} told them all about that summer.",
                ),
                Say(
                    "The next week they buried a box of their own, and hid the map in a book.",
                    "It was not worth a single coin, and nobody would have sold it for a hundred.",
                ),
            ),
            (
                Say(
                    "In it were seeds, dry and small, in a paper bag. \"Is that all?\" said {friend}.",
                    "They opened it with shaking hands. It was full of old seeds.",
                ),
                Say(
                    "They were going to throw them away, but {elder} said, \"Put them into the ground.\" In [June|July] the whole garden was blue with flowers that nobody knew.",
                    "{hero} planted them by the wall. Most of them slept on, but one came up, and it grew as high as the roof.",
                ),
                Maybe(0.6, "\"So it was a treasure,\" said {friend}. \"It just took its time.\""),
            ),
        ),
    ),
    keywords=("map", "treasure", "secret", "attic", "hunt"),
)  # fmt: skip

PLOTS = (LOST, BROKEN, MENDED, BORROWED, FOUND, GIFT, MUSIC, WINDOW, BUILDING, LETTER, TREASURE)
