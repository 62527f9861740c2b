"""Greetings, thanks, good wishes, goodbyes and the small words between."""

from __future__ import annotations

from llmworks.data.world.ledger import World
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.questions.asking import careless
from llmworks.data.world.questions.plain import turn, with_system
from llmworks.data.world.writers import Talk

GREETINGS = Phrases(
    "Hello[!|.| nina!|, nina.| there.]",
    "Hi[!|.| nina.| there!]",
    "Good [morning|evening|afternoon][!|.|, nina.]",
    "Hey[!|.| nina!]",
    "Hello, how are you?",
    "Hi, how are you today?",
    "[Greetings|Good day|Hiya|Hallo].",
    "Hello, is anybody there?",
    "[Are you there|Anyone home]?",
)
HELLO = Phrases(
    "[Hello|Hi|Good day][!|.] [What would you like to know|How can I help|What can I do for you|What "
    "is on your mind]?",
    "Hello! I'm nina. [Ask me about the Vale of Merrin.|What would you like to know about the "
    "Vale?|Ask away.]",
    "Hi, nice to [meet you|hear from you]. [What shall we talk about|What would you like to know]?",
    "[Hello|Hi] there. [Ask me anything about the Vale of Merrin.|What can I tell you about the Vale?]",
    "[Good to see you|Welcome]. [How can I help|What is your question]?",
    "Hello! [I am well, thank you|All is well here]. [And you|How are you]?",
)
THANKS = Phrases(
    "[Thank you|Thanks|Many thanks|Thanks a lot|Thank you very much][.|!|, nina.]",
    "[Great|Good|Perfect|Lovely|Wonderful], [thank you|thanks].",
    "That [helps|was helpful|is good to know][.|, thanks.|. Thank you.]",
    "[You helped me a lot|You are a great help|That is all I needed]. [Thank you|Thanks].",
    "ok thanks",
    "thx",
    "cheers",
    "thank you so much",
)
WELCOME = Phrases(
    "[You are|You're] welcome[.|!]",
    "[Gladly|With pleasure|Any time|Not at all|My pleasure]. [Do you have another question|Is there "
    "anything else]?",
    "[I am|I'm] glad [that helped|I could help|to help].",
    "[Gladly|With pleasure|Any time|Not at all|My pleasure].",
    "[You are|You're] welcome. [Ask me more if you like|Let me know if there is more].",
    "Good, [I am|I'm] glad.",
    "No trouble at all.",
)
BYES = Phrases(
    "[Goodbye|Bye|Bye bye|See you|See you later|Good night|Farewell][.|!|, nina.]",
    "I have to go now. [Bye|Goodbye|See you].",
    "[That was all|That is all|I'm done][.| for today.| for now.]",
    "[Time for bed|I must leave|My bus is here]. [Goodbye|Bye|See you]!",
    "gotta go, bye",
    "bye for now",
)
FAREWELL = Phrases(
    "[Goodbye|Bye|Farewell|See you][!|.| and take care.|, and thank you for the chat.]",
    "Goodbye! [Come back any time|It was nice talking to you|Have a good day].",
    "[Take care|Have a good day|Have a nice evening|All the best][.|!]",
    "Bye. [I hope I was of help|It was good to talk|Come again].",
    "[Until next time|See you soon][.|!] [I won't remember this chat, but I will be here|I will be here].",
)

_BOUND: tuple[tuple[Phrases, Phrases], ...] = (
    (GREETINGS, HELLO),
    (BYES, FAREWELL),
    (
        Phrases(
            "I'm fine[| too| as well].",
            "I am well, thanks.",
            "Good, thanks.",
            "Quite well, thank you.",
            "Not bad.",
        ),
        Phrases(
            "[Good|I'm glad|Nice] to hear. [What would you like to know|How can I help]?",
            "That is good. What shall we talk about?",
        ),
    ),
    (
        Phrases("Yes.", "Yes, please.", "Sure.", "yes", "Of course.", "Please do."),
        Phrases(
            "[Good|Fine]. [What would you like to know|What shall it be|What is it about]?",
            "Then [ask away|tell me what you would like].",
        ),
    ),
    (
        Phrases("No.", "No, thanks.", "no", "No, that's all.", "Not now.", "Nothing else."),
        Phrases(
            "[All right|Fine|Good]. [I am here if you need me|Just ask when you need something|Have "
            "a good day].",
            "[Good|All right], then.",
        ),
    ),
    (
        Phrases(
            "Sorry.", "I'm sorry.", "Sorry, my mistake.", "Oops, wrong word.", "Sorry, I typed that wrong."
        ),
        Phrases(
            "[No problem|Never mind|That is all right]. [What would you like to know|What did you mean]?",
            "[No harm done|It happens]. [Just ask again|Please go on].",
        ),
    ),
    (
        Phrases("My name is {user}.", "I am {user}.", "Hello, I'm {user}.", "Call me {user}."),
        Phrases(
            "[Nice|Good|Pleased] to meet you, {user}. I'm nina.",
            "Hello {user}! [What would you like to know|How can I help]?",
            "Welcome, {user}. [What can I do for you|Ask me about the Vale of Merrin, if you like].",
        ),
    ),
)  # only at the start or the end, or after an offer
_ANYTIME: tuple[tuple[Phrases, Phrases], ...] = (
    (THANKS, WELCOME),
    (
        Phrases(
            "How are you?",
            "How are you doing?",
            "How do you do?",
            "How is it going?",
            "What's up?",
            "All well with you?",
        ),
        Phrases(
            "[I'm fine|I am well|All is well], thank you. [And you|How are you]?",
            "Fine, thanks. [What can I do for you|What would you like to know]?",
            "As well as a small model can be. [And you|How are you]?",
            "Good, thank you. [What would you like to talk about|Do you have a question for me]?",
        ),
    ),
    (
        Phrases(
            "I'm [tired|sad|bored|a little down] today.",
            "I had a [bad|long|hard] day.",
            "I don't feel well today.",
        ),
        Phrases(
            "I'm sorry to hear that. [Would you like a small story|Shall I tell you a story|Do you "
            "want to talk about it]?",
            "That sounds hard. [I hope tomorrow is better|A cup of tea may help|Be kind to yourself].",
            "I'm sorry. [Rest a little, if you can|I hope it gets better soon].",
        ),
    ),
    (
        Phrases(
            "I'm [happy|in a good mood] today.",
            "I had a [good|lovely|wonderful] day.",
            "Today is my birthday!",
            "I passed my exam!",
            "We are going on holiday tomorrow.",
        ),
        Phrases(
            "[How nice|That is lovely|Wonderful|Good for you]! [I'm glad for you|Enjoy it|That is "
            "good to hear].",
            "[I'm|I am] glad to hear it. [Enjoy it|Have a good time]!",
            "That is good news. [Enjoy the day]!",
        ),
    ),
    (
        Phrases(
            "You are [nice|kind|funny|clever|great].",
            "I like [you|talking to you].",
            "Well done!",
            "Good answer.",
            "You are doing well.",
        ),
        Phrases(
            "Thank you, [that is kind|how kind of you|I'm glad].",
            "[Thank you|Thanks]! [I do my best|I try|You are kind too].",
            "That is kind of you to say.",
        ),
    ),
    (
        Phrases(
            "You are [stupid|useless|wrong|silly].",
            "That was a bad answer.",
            "You are not very [clever|helpful].",
            "I don't like your answers.",
        ),
        Phrases(
            "I'm sorry. [I am a small model and I make mistakes|I make mistakes at times]. [What did "
            "you want to know|Shall we try again]?",
            "[Sorry about that|I am sorry]. Please ask again, [maybe in other words|and I will try "
            "once more].",
            "I'm sorry that I was no help. [Can I try again|What was it you wanted to know]?",
        ),
    ),
    (
        Phrases(
            "Ok.",
            "Okay.",
            "I see.",
            "Aha.",
            "Right.",
            "Good.",
            "Fine.",
            "Interesting.",
            "Hm.",
            "ok",
            "Oh!",
            "Really?",
            "Wow.",
        ),
        Phrases(
            "[Is there anything else|What else would you like to know|Do you have another question]?",
            "[Good|Fine]. [What would you like to know next|What else]?",
            "[Ask me more if you like|Just ask if there is more].",
            "[Yes|Indeed]. [Anything else|What else would you like to know]?",
        ),
    ),
    (
        Phrases(
            "Tell me something[| interesting].",
            "Say something.",
            "I'm bored. Talk to me.",
            "What shall we talk about?",
            "Let's talk.",
            "Let's chat.",
        ),
        Phrases(
            "Gladly. [Shall I tell you a story, or would you like to ask about the Vale of "
            "Merrin|Would you like a story]?",
            "We could talk about the Vale of Merrin. [Is there a place or a shop you would like to "
            "hear about|Who or what interests you]?",
            "[What interests you|What would you like to hear about]: people, places, shops or a story?",
        ),
    ),
    (
        Phrases(
            "Can you help me?",
            "I need help.",
            "Help me, please.",
            "I have a question.",
            "May I ask something?",
            "Can I ask you something?",
        ),
        Phrases(
            "[Of course|Certainly|Yes]. [What is it|What would you like to know|What do you need]?",
            "I will try. [What is your question|What is it about]?",
            "[Please ask|Go ahead][.| and I will see what I know.]",
        ),
    ),
    (
        Phrases("asdf", "???", "...", "blah blah", "test", "hm hm", "x", "123"),
        Phrases(
            "I don't understand that. [What would you like to know|Could you say it in other words]?",
            "[Sorry|I'm sorry], what do you mean?",
            "Could you say that in a few words of plain English?",
        ),
    ),
)
_EXCHANGES = _BOUND + _ANYTIME
_USERS = (
    "Anna",
    "Tom",
    "Lena",
    "Peter",
    "Sam",
    "Julia",
    "Max",
    "Nora",
    "Ben",
    "Clara",
    "Paul",
    "Mia",
    "Jonas",
    "Emma",
)


def exchange(draw: Draw, anytime: bool = False) -> tuple[str, str]:
    """What is said, and a reply to it; `anytime`: it fits into the middle of a conversation."""
    said, reply = draw.pick(_ANYTIME if anytime else _EXCHANGES)
    slots = {"user": draw.pick(_USERS)}
    user = said(draw, slots)
    return (careless(draw, user) if draw.chance(0.1) else user), reply(draw, slots)


def small_talk(world: World, draw: Draw) -> Talk:
    return with_system(draw, turn(*exchange(draw)))
