"""Everyday talks as data: a situation is pairs of turns, (what the first says, what the second answers).

A turn has several wordings, apart by `;;`. `{item}` and the like come from the lists of the situation, and stay the same
through the talk. A talk may stop after any pair from the second on, unless the situation says that it needs all.
"""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

Turns = tuple[tuple[str, str], ...]

# name: (first speaker's role, second's role, slots, pairs)
EVERYDAY: dict[str, tuple[str, str, dict[str, str], Turns]] = {
    "buying bread": (
        "customer",
        "baker",
        {"item": "a brown loaf;two rolls;a seed loaf;half a rye loaf;six buns"},
        (
            (
                "Good morning. {Item}, please.;;Hello. Have you still got {item}?;;I'd like {item}, please.",
                "[Certainly|Of course]. It's still warm.;;Good morning. Here you are. Anything else?;;You are lucky, it's the last.",
            ),
            (
                "Is there anything sweet today?;;And what smells so good?;;What is that cake over there?",
                "That's apple cake. My daughter made it.;;Plum tart, straight from the oven.;;Cinnamon buns. They go fast on [Saturdays|cold days].",
            ),
            (
                "Then I'll have one piece of that too.;;I'd better not, I've just had breakfast.;;Two of those, please. One for the way home.",
                "A good choice. Have a nice day!;;As you like. See you tomorrow!;;I'll put it in a bag for you.",
            ),
        ),
    ),
    "asking the way": (
        "stranger",
        "local",
        {"goal": "the station;the library;the harbour;the post office;the museum;the market"},
        (
            (
                "Excuse me, how do I get to {goal}?;;Sorry, I'm looking for {goal}. Is it far?;;Could you tell me the way to {goal}?",
                "It's not far. Go straight on and turn left at the [church|fountain].;;Take the second street on the right, and then you'll see it.;;You're going the wrong way. Turn round and go as far as the bridge.",
            ),
            (
                "How long does it take on foot?;;Can I walk there?;;Is there a bus?",
                "Ten minutes, if you don't stop at the bakery.;;You can walk, it's a nice way along the river.;;There is one, but you'd be faster on foot.",
            ),
            (
                "Thank you very much.;;Thanks, that's kind of you.;;Left at the corner, then. Thank you!",
                "You're welcome.;;Not at all. I'm going that way, so come along.;;Good luck. And mind the steps.",
            ),
        ),
    ),
    "weather at the bus stop": (
        "woman",
        "man",
        {"sky": "rain;snow;fog;wind"},
        (
            (
                "Nothing but {sky} this week.;;This {sky} never ends.;;Have you ever seen such {sky}?",
                "It will be better on Sunday, they say.;;My knee told me so yesterday.;;It could be worse. Last year it lasted a month.",
            ),
            (
                "I had hoped to work in the garden.;;My washing has been hanging in the kitchen for days.;;The children can't go out, and they are bouncing off the walls.",
                "Mine too.;;Make pancakes. That's what we do.;;There's always a good side. My book is nearly finished.",
            ),
            (
                "Is the bus late, or am I early?;;Here comes the bus at last.;;Do you think the bus will come at all?",
                "It's always late in this weather.;;After you.;;I see its lights. There it is.",
            ),
        ),
    ),
    "a late bus": (
        "passenger",
        "driver",
        {"time": "ten minutes;a quarter of an hour;half an hour"},
        (
            (
                "You're {time} late today.;;I've been waiting for {time}.;;What happened? It's {time} past.",
                "I'm sorry. There was a tree across the road.;;There were sheep on the bridge, and they were in no hurry.;;The engine didn't like the cold this morning.",
            ),
            (
                "Never mind. You're here now.;;Will I still catch my train?;;I thought you had forgotten us.",
                "I'll do my best.;;Sit down, and hold on in the bends.;;Forget you? Never.",
            ),
        ),
    ),
    "lost keys": (
        "husband",
        "wife",
        {
            "place": "in the door;in your left hand;in the fruit bowl;under the newspaper;in the fridge, next to the butter"
        },
        (
            (
                "Have you seen my keys?;;I can't find my keys anywhere.;;Where are my keys? I'm late.",
                "Have you looked in your coat?;;Where did you have them last?;;Again?",
            ),
            (
                "I've looked there three times.;;If I knew that, they would not be lost.;;No idea. And I'm terribly late.",
                "They are {place}.;;Look: {place}.;;I can see them from here. They're {place}.",
            ),
            (
                "How did they get there?;;I put them there so that I would not lose them.;;You are wonderful.",
                "They have legs, as we know.;;Go, or you'll miss your bus.;;One day I'll hang a bell on them.",
            ),
        ),
    ),
    "at the doctor": (
        "patient",
        "doctor",
        {"pain": "throat;head;ear;back;foot;stomach"},
        (
            (
                "My {pain} hurts, doctor.;;I have had trouble with my {pain} since Monday.;;It's my {pain} again.",
                "Let me have a look. Does it hurt here?;;How long has it been like that?;;Sit down, please. Is it worse at night?",
            ),
            (
                "A little, yes.;;Only when I laugh.;;It's worst in the morning.",
                "It's nothing bad. Rest for three days and drink a lot.;;I'll give you something for it. Take it after meals.;;You should stay in bed until Thursday.",
            ),
            (
                "Can I go to work?;;Must I take it for long?;;And if it doesn't get better?",
                "Not before Friday.;;Five days. Don't stop earlier, even if you feel well.;;Then come back and see me.",
            ),
        ),
    ),
    "homework": (
        "father",
        "child",
        {"subject": "sums;spelling;reading;the poem;the map"},
        (
            (
                "Have you done your homework?;;How is the homework coming along?;;What do you have to do for tomorrow?",
                "Almost. Only {subject} [is left|still has to be done].;;I still have {subject}, and it's boring.;;I've done everything but {subject}.",
            ),
            (
                "Shall we look at it together?;;Do it now, and then you are free.;;Which part is hard?",
                "Yes, please. I don't understand it.;;Can I eat something first?;;All of it. But mostly the beginning.",
            ),
            (
                "Then let's begin at the beginning.;;An apple, and then we start.;;Read it to me aloud, slowly.",
                "Oh, now I see! It's easy.;;All right.;;That helps. Can you stay until I've finished?",
            ),
        ),
    ),
    "ordering in a cafe": (
        "guest",
        "waiter",
        {
            "drink": "a pot of tea;a coffee;a hot chocolate;a glass of lemonade",
            "food": "the soup;a cheese sandwich;an omelette;the apple pie",
        },
        (
            (
                "Is this table free?;;Hello, may I sit by the window?;;Good afternoon. Are you still serving?",
                "Of course. What can I bring you?;;Please do. Would you like to see the menu?;;Until six, yes. Sit where you like.",
            ),
            (
                "{Drink}, please, and {food}.;;I'll have {drink}. And is {food} good?;;Just {drink} and {food}, please.",
                "Very good. It will take five minutes.;;It's what I'd take myself.;;With pleasure.",
            ),
            (
                "Could I have the bill, please?;;That was delicious. May I pay?;;Thank you. How much is it?",
                "Certainly. I'll bring it at once.;;I'm glad you liked it. Pay at the counter, please.;;I hope we'll see you again.",
            ),
        ),
    ),
    "inviting a friend": (
        "friend",
        "friend",
        {
            "plan": "go swimming;play cards;come to supper;see the boat race;go for a walk",
            "day": "Saturday;Friday evening;Sunday;tomorrow",
        },
        (
            (
                "Would you like to {plan} on {day}?;;What are you doing on {day}? We could {plan}.;;I thought we might {plan} on {day}.",
                "I'd love to! What time?;;Gladly. When shall I come?;;That sounds good. At what time?",
            ),
            (
                "Let's say at four.;;Come when you can.;;About three. Only you and me.",
                "Good. Shall I bring something?;;I'll be there.;;All right, if it doesn't rain.",
            ),
        ),
    ),
    "returning a coat": (
        "customer",
        "shop assistant",
        {
            "item": "coat;jumper;shirt;hat",
            "fault": "it is too small;the colour runs;a seam has come undone;the sleeves are too long",
        },
        (
            (
                "I bought this {item} here last week, and {fault}.;;There's something wrong with this {item}: {fault}.;;I'd like to return this {item}, because {fault}.",
                "I'm sorry about that. Do you have the receipt?;;Oh dear. Would you like another one?;;May I see? Yes, you're right.",
            ),
            (
                "Here it is.;;I'd rather have the money back.;;Have you got it in another size?",
                "Thank you. One moment, please.;;That's no problem at all.;;I'll look in the back. Please wait a minute.",
            ),
        ),
    ),
    "a noisy neighbour": (
        "neighbour",
        "other neighbour",
        {"noise": "the drum;the hammering;the barking;the singing"},
        (
            (
                "I'm sorry to trouble you, but it's about {noise}.;;May I say something about {noise}?;;It's past ten, and {noise} goes on.",
                "Oh! Can you hear it through the wall?;;I'm so sorry. I had no idea.;;Is it as bad as that?",
            ),
            (
                "Every single evening.;;The baby wakes up each time.;;I'm afraid so. I have to get up at five.",
                "Then we'll stop at eight from now on.;;I feel terrible. It won't happen again.;;Would it help if we did it in the afternoon?",
            ),
            (
                "That would be wonderful.;;Thank you. That's very kind.;;It would. And on Sundays I don't mind at all.",
                "Thank you for telling me. Would you like a cup of tea?;;Better to talk than to be angry.;;I'm glad you came round.",
            ),
        ),
    ),
    "first day at school": (
        "grandmother",
        "child",
        {},
        (
            (
                "How was your first day?;;Now tell me, how was school?;;Did you like it?",
                "Good. There's a hamster.;;It was long. We have to go back tomorrow!;;I don't know yet.",
            ),
            (
                "And what did you learn?;;Who do you sit next to?;;Is your teacher nice?",
                "My letter. It's the one that looks like a snake.;;Next to Ivy. She can whistle through her teeth.;;Very. She knows everyone's name already.",
            ),
            (
                "Were you afraid?;;Did you eat your apple?;;So will you go again?",
                "Only until the first break.;;I swapped it for a plum.;;I have to. It's my turn to feed the hamster.",
            ),
        ),
    ),
    "planning supper": (
        "man",
        "woman",
        {"dish": "soup;pancakes;noodles;potato salad;an omelette"},
        (
            (
                "What shall we eat tonight?;;I'm hungry. What is there?;;Any ideas for supper?",
                "We could make {dish}.;;There's not much left. {Dish}, perhaps?;;What about {dish}?",
            ),
            (
                "Again? We had that on Tuesday.;;Good idea. Do we have eggs?;;I'd like that. Shall I go shopping?",
                "Then you choose.;;Two, and some cheese.;;Yes, please. We need onions and butter.",
            ),
            (
                "All right, you win.;;I'll cook, if you wash up.;;Give me half an hour.",
                "That's a fair offer.;;I'll set the table.;;Don't forget the milk.",
            ),
        ),
    ),
    "at the library": (
        "reader",
        "librarian",
        {"matter": "birds;ships;cooking;the stars;knots;old trains"},
        (
            (
                "Do you have a book about {matter}?;;I'm looking for something on {matter}.;;Where do I find books on {matter}?",
                "Certainly. Is it for you or for a child?;;On the second shelf by the window.;;There are three, but two are out at the moment.",
            ),
            (
                "For my son. He is nine.;;How long may I keep it?;;Could you put my name down for the next one?",
                "Then take this one. It has good pictures.;;Four weeks, and longer if you ask.;;Of course. I'll send you a card when it's back.",
            ),
        ),
    ),
    "lost umbrella": (
        "caller",
        "station clerk",
        {"colour": "black;blue;green;striped"},
        (
            (
                "I left my umbrella on the train this morning.;;Has anyone handed in an umbrella?;;Good evening. I've lost an umbrella.",
                "What does it look like?;;We have eleven umbrellas. Which one is yours?;;On which train was that?",
            ),
            (
                "It's {colour}, with a wooden handle.;;The eight o'clock. It's {colour}.;;A {colour} one, not very new.",
                "Then it's here. Someone brought it at noon.;;I'm sorry, we have none like that. Try again tomorrow.;;Let me see. Is it this one?",
            ),
        ),
    ),
    "planting a tree": (
        "child",
        "grandfather",
        {"tree": "apple;cherry;plum;walnut;pear"},
        (
            (
                "How long until there is something to eat on it?;;Will the {tree} tree be as tall as me?;;Why are we digging such a big hole?",
                "Be patient. In five years, perhaps.;;It'll be taller than the house one day.;;The roots need room, as you need a bed.",
            ),
            (
                "I'll be grown up by then!;;Will you still be here?;;And who will eat the fruit?",
                "Then you can lift me up to pick some.;;I hope so. And if not, the tree will be.;;You will, and the birds, and people we don't know.",
            ),
        ),
    ),
    "borrowing sugar": (
        "neighbour",
        "other neighbour",
        {"item": "a cup of sugar;two eggs;some flour;a lemon;a ladder"},
        (
            (
                "Could you lend me {item}?;;Sorry to bother you. Do you have {item}?;;I need {item}, and the shops are closed.",
                "Of course. Come in.;;Let me see. Yes, here you are.;;You've come to the right house.",
            ),
            (
                "I'll bring it back tomorrow.;;You've saved me. There are eight guests in my kitchen.;;Thank you! What do I owe you?",
                "There's no hurry.;;A piece of whatever you are making.;;Nothing at all. You'd do the same for me.",
            ),
        ),
    ),
    "choosing a present": (
        "brother",
        "sister",
        {"who": "Mum;Dad;Grandma;Uncle Ned", "gift": "a scarf;a book;a plant;a photograph in a frame"},
        (
            (
                "What shall we give {who}?;;Have you got a present for {who} yet?;;It's {who}'s birthday on Friday, and we have nothing.",
                "What about {gift}?;;I was thinking of {gift}.;;We gave socks last year. This time {gift}?",
            ),
            (
                "That's not bad. How much money have we got?;;We could make it ourselves.;;Somebody else is giving that, I think.",
                "Enough, if we put it together.;;Then we'd better start today.;;Then you think of something.",
            ),
        ),
    ),
    "a sick friend": (
        "visitor",
        "patient",
        {"gift": "soup;grapes;a puzzle;a stack of old magazines"},
        (
            (
                "How are you feeling?;;You look better than yesterday.;;I've brought you {gift}.",
                "Better, thank you. But I'm so bored.;;Like a wet towel. But it's nice that you came.;;You are a dear. Sit down and tell me something.",
            ),
            (
                "What does the doctor say?;;Shall I read to you?;;Do you need anything?",
                "Three more days in bed.;;Yes, something with a happy end.;;Could you open the window a little?",
            ),
            (
                "I'll come again tomorrow.;;Everyone sends their love.;;Try to sleep now.",
                "Thank you for coming.;;Tell them I'll be back on Monday.;;I'll try. Leave the door open, please.",
            ),
        ),
    ),
    "fishing chat": (
        "passer-by",
        "angler",
        {},
        (
            (
                "Are they biting?;;Caught anything?;;Any luck today?",
                "Two small ones. I let them go.;;Not a thing since six.;;You should have been here yesterday.",
            ),
            (
                "What do you use as bait?;;Don't you get bored?;;May I sit here for a while?",
                "Bread, mostly. And patience.;;Bored? Look at that light on the water.;;If you can be quiet.",
            ),
        ),
    ),
    "market stall": (
        "customer",
        "farmer",
        {"fruit": "apples;pears;plums;tomatoes;potatoes"},
        (
            (
                "Are these {fruit} sweet?;;How are the {fruit} today?;;I need some {fruit}. Which are good?",
                "Try one. Well, what do you say?;;Picked this morning.;;These are for cooking, and those are for eating.",
            ),
            (
                "Delicious! A kilo, please.;;They look a bit small.;;And will they keep?",
                "Here you are, and one on top.;;Small ones taste best, ask anyone.;;Until Christmas, if you store them in the cool.",
            ),
            (
                "See you next week.;;Thank you, and keep the change.;;Could you hold my bag for a moment?",
                "See you! Greetings to your mother.;;That's kind of you.;;Take your time.",
            ),
        ),
    ),
    "moving a cupboard": (
        "one",
        "other",
        {},
        (
            (
                "Have you got your end?;;Ready? One, two, three!;;It's heavier than it looks.",
                "Wait, my fingers are under it!;;Yes. Which way?;;What did you leave in it?",
            ),
            (
                "A bit more to the left.;;It doesn't fit through the door.;;Put it down, I can't any more.",
                "Your left or mine?;;Then we have to take the legs off.;;Good. Let's have a rest.",
            ),
            (
                "Perfect. It looks good there.;;Hm. It looked better on the other side.;;Thank you, I'd never have managed alone.",
                "I'm not carrying it again.;;You're joking, I hope.;;Next week you can help me with my piano.",
            ),
        ),
    ),
    "bedtime": (
        "child",
        "mother",
        {},
        (
            (
                "I'm not tired.;;Can I stay up a bit longer?;;I'm thirsty.",
                "Your eyes say something else.;;You said that ten minutes ago.;;You've had two glasses of water already.",
            ),
            (
                "Tell me a story.;;Why do we have to sleep at all?;;Can the light stay on?",
                "Only a short one.;;So that tomorrow has something to begin with.;;The small one can.",
            ),
            (
                "Are you going away?;;Good night then.;;And tomorrow?",
                "I'm in the next room.;;Good night. Sleep well.;;Tomorrow we'll see. Close your eyes.",
            ),
        ),
    ),
    "train compartment": (
        "passenger",
        "other passenger",
        {},
        (
            (
                "Is this seat taken?;;Is this the train to the coast?;;Do you mind if I open the window?",
                "No, please sit down.;;I hope so, or we are both wrong.;;Not at all. It's warm in here.",
            ),
            (
                "Are you going far?;;What are you reading?;;Is that your dog?",
                "To the last stop. My daughter lives there.;;A detective story. Please don't tell me the end.;;He is. He likes trains more than I do.",
            ),
        ),
    ),
    "a broken window": (
        "child",
        "neighbour",
        {},
        (
            (
                "I have to tell you something. I broke your window.;;It was our ball. We are very sorry.;;Did you hear that crash? It was me.",
                "I heard it. Is anyone hurt?;;Thank you for coming yourself.;;Hm. That's the second one this year.",
            ),
            (
                "No. I'll pay for it with my pocket money.;;Are you very angry?;;I can help you to clean up.",
                "Let's say you mow the lawn four times.;;I was, until you rang the bell.;;Good. Take the broom, and mind the splinters.",
            ),
        ),
    ),
    "a lost child": (
        "child",
        "shopkeeper",
        {},
        (
            (
                "I can't find my mum.;;Have you seen my dad?;;I don't know where I am.",
                "Don't worry, we'll find her. Where did you see her last?;;Don't worry, we'll find him. Where did you see him last?;;You're in my shop, and here you are safe. Where did you come in?",
            ),
            (
                "At the cheese, I think.;;By the door, a minute ago.;;I don't know. My name is Toby.",
                "Then we'll go to the cheese together.;;I think I can hear somebody calling you.;;Hello, Toby. Do you like biscuits?",
            ),
        ),
    ),
    "haircut": (
        "barber",
        "customer",
        {},
        (
            (
                "How would you like it?;;The same as always?;;What can I do for you?",
                "Just a little shorter, please.;;Yes, but leave the ears this time.;;I'd like something new. But not too new.",
            ),
            (
                "Like this?;;You've got some grey ones here.;;Shall I take off more at the back?",
                "A bit more at the sides.;;They are from my children.;;No, stop! That's just right.",
            ),
        ),
    ),
    "post office": (
        "customer",
        "clerk",
        {"thing": "this parcel;a letter abroad;two postcards"},
        (
            (
                "I'd like to send {thing}.;;How much is it for {thing}?;;Will {thing} arrive before Friday?",
                "Put it on the scales, please.;;Fast or cheap?;;If you send it today, I think so.",
            ),
            (
                "It's for my sister. It must not break.;;Cheap, please. There's no hurry.;;And five stamps as well.",
                "Then I'll put a red sticker on it.;;It'll take about a week.;;Here you are. Do you like the ones with the ship?",
            ),
        ),
    ),
    "walking the dog": (
        "walker",
        "other walker",
        {},
        (
            (
                "What a lovely dog. What kind is it?;;Does he bite?;;How old is she?",
                "A bit of everything.;;Only sausages.;;Twelve, but don't tell her.",
            ),
            (
                "Mine is afraid of ducks.;;May I stroke her?;;Do you come here every day?",
                "Mine is afraid of everything but ducks.;;She'd be offended if you didn't.;;Twice, in any weather.",
            ),
        ),
    ),
    "leaking tap": (
        "customer",
        "plumber",
        {},
        (
            (
                "The tap has been dripping all night.;;Can you come today? There's water on the floor.;;I tried to mend it myself. Now it's worse.",
                "I'll be there at two.;;Turn off the main tap. Under the sink.;;They all do that. Let me see.",
            ),
            (
                "Is it serious?;;Will it be expensive?;;Can I do anything to help?",
                "It's only the washer. Ten minutes.;;Less than a new floor.;;A cup of tea would be a help.",
            ),
        ),
    ),
    "learning to swim": (
        "child",
        "teacher",
        {},
        (
            (
                "Is it deep?;;I'm afraid I'll sink.;;Don't let go!",
                "You can stand here. Try it.;;Lie back. The water carries you, look.;;I'm holding you. Kick!",
            ),
            (
                "I swallowed some!;;Did I do it?;;Are you still holding me?",
                "That happens to everyone. Once more.;;Five strokes, all on your own.;;I let go a while ago.",
            ),
        ),
    ),
    "missing cat": (
        "owner",
        "neighbour",
        {"cat": "black;ginger;grey;white"},
        (
            (
                "Have you seen my cat? It's {cat}.;;My {cat} cat hasn't come home.;;I'm looking for a {cat} cat.",
                "Since when has it been gone?;;There was one on my roof this morning.;;Oh no. Have you looked in the cellar?",
            ),
            (
                "Since last night.;;Could we go and look?;;I've looked everywhere.",
                "They often come back when they are hungry.;;Come in. Mind the paint.;;I'll ask the others in the street.",
            ),
        ),
    ),
    "after a concert": (
        "woman",
        "man",
        {},
        (
            (
                "How did you like it?;;Wasn't that beautiful?;;Did you fall asleep?",
                "Very much. Above all the slow part.;;I had tears in my eyes, and I never have.;;Only for a moment, in the second half.",
            ),
            (
                "The violin was a little sharp, I thought.;;I'd like to learn an instrument.;;Shall we walk home?",
                "I didn't notice. I was looking at the drummer.;;It's never too late.;;Yes. I don't want to talk yet.",
            ),
        ),
    ),
    "a job interview": (
        "manager",
        "applicant",
        {},
        (
            (
                "Why would you like to work here?;;Tell me something about yourself.;;What are you good at?",
                "I like making things that people use.;;I learn fast, and I'm hardly ever late.;;I'm patient, and I can add up in my head.",
            ),
            (
                "And what are you not so good at?;;When could you start?;;Do you have any questions?",
                "Getting up, but I've bought a second alarm clock.;;On the first of next month.;;Yes. What happened to the one before me?",
            ),
        ),
    ),
    "picnic": (
        "girl",
        "boy",
        {"forgot": "the salt;the knife;the cups;the blanket"},
        (
            (
                "Is this a good place?;;What have you brought?;;I'm starving. Let's unpack.",
                "There are ants. Let's go a bit farther.;;Eggs, bread, and cherries for later.;;Wait. Who has {forgot}?",
            ),
            (
                "We've forgotten {forgot}!;;Look at those clouds.;;Do you want the last egg?",
                "It'll do without.;;They'll pass us by.;;Let's share it.",
            ),
        ),
    ),
    "clothes for the weather": (
        "father",
        "child",
        {},
        (
            (
                "Put on your coat, it's cold.;;Where is your hat?;;You can't go out in those shoes.",
                "But the sun is shining!;;It scratches.;;They are my fastest shoes.",
            ),
            (
                "The sun shines in winter too.;;Then wear the other one.;;It has rained all night. Take your boots.",
                "All right, but I won't button it up.;;The dog is sitting on it.;;May I jump in the puddles, then?",
            ),
        ),
    ),
    "renting a boat": (
        "visitor",
        "boatman",
        {},
        (
            (
                "How much is a boat for an hour?;;Can we hire a boat?;;Is it safe with a child?",
                "Six crowns. Take the green one, it doesn't leak.;;Yes, until sunset.;;If he wears this jacket and sits still.",
            ),
            (
                "How far can we go?;;And if the wind gets up?;;I haven't rowed for years.",
                "To the island. Not behind it, there are rocks.;;Then stay near the bank and wave.;;One never forgets it. You'll have sore hands, that's all.",
            ),
        ),
    ),
    "telephone": (
        "caller",
        "friend",
        {},
        (
            (
                "Hello, it's me. Am I disturbing you?;;Hello! Have you got a minute?;;Guess who is calling.",
                "Not at all. I was just thinking of you.;;For you, always.;;I'd know that voice anywhere.",
            ),
            (
                "I've got news. We are having a baby!;;I only wanted to hear how you are.;;Could you water my plants next week?",
                "How wonderful! When?;;A bit tired, but well. And you?;;Of course. Leave the key under the pot.",
            ),
        ),
    ),
    "an old photograph": (
        "grandchild",
        "grandmother",
        {},
        (
            (
                "Who is that in the picture?;;Is this you, Gran?;;When was this taken?",
                "That's me, at nineteen.;;Yes. I had just learned to drive.;;The summer before your mother was born.",
            ),
            (
                "Why is everybody so serious?;;And who is the man with the bicycle?;;What a hat!",
                "One had to keep still for so long.;;Your grandfather. He rode forty kilometres to see me.;;It was the height of fashion, my dear.",
            ),
        ),
    ),
    "late for work": (
        "boss",
        "worker",
        {},
        (
            (
                "You're late.;;It's half past nine.;;Did you sleep well?",
                "I'm sorry. My bicycle had a flat tyre.;;I know. The ferry didn't run.;;The baby didn't let us sleep.",
            ),
            (
                "Couldn't you have called?;;It's the second time this week.;;All right. The others are waiting.",
                "You're right. I should have.;;I'll stay longer tonight.;;I'm on my way.",
            ),
        ),
    ),
    "a riddle in the kitchen": (
        "boy",
        "girl",
        {},
        (
            (
                "I've got a riddle. What has teeth but can't bite?;;Do you know what gets wetter the more it dries?;;A riddle: what goes up and never comes down?",
                "Wait, don't tell me. Give me a minute.;;Is it something in this room?;;I know that one! But I've forgotten it.",
            ),
            (
                "Do you give up?;;Shall I help you?;;You'll never guess.",
                "Never.;;Just the first letter.;;I will, before supper.",
            ),
        ),
    ),
    "repairing shoes": (
        "customer",
        "shoemaker",
        {},
        (
            (
                "Can these be saved?;;The heel has come off.;;Could you sew this up again?",
                "There's not much shoe left between the holes.;;By Thursday they'll be as good as new.;;I've seen worse. Leave them here.",
            ),
            (
                "I've walked a long way in them.;;My father wore them before me.;;How long will it take?",
                "One can see that.;;Then we must be careful with them.;;Two days, if it rains. Three if the sun shines.",
            ),
        ),
    ),
}
