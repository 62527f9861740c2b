"""How strangers ask about the Vale in few words, and tell of themselves to ask later: wordings and answers."""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

from llmworks.data.world.phrases import Phrases
from llmworks.data.world.words import listed


def split(lines: str) -> Phrases:
    return Phrases(*lines.split(";;"))


ABOUT_VALE = Phrases(
    "tell me about the Vale of Merrin",
    "what is the Vale of Merrin",
    "What is the Vale of Merrin?",
    "where is the vale of merrin",
    "Tell me about the Vale of Merrin.",
    "vale of merrin",
    "the vale of merrin?",
    "what's the vale?",
    "describe the Vale of Merrin",
    "tell me about the vale",
    "what is merrin",
    "is the vale of merrin real?",
    "whats the vale of merrin like",
    "Tell me about your world.",
    "tell me about the valley",
    "what is this vale thing",
    "tell me more about the vale of merrin",
    "introduce the vale of merrin",
)
VALE = Phrases(
    "The Vale of Merrin is an invented valley with towns and villages.",
    "It's a valley that was made up, with towns, villages, shops and people.",
    "The Vale of Merrin is the small world that I know. It was invented.",
    "It is a made-up valley. I have read about its people, towns and shops.",
    "An invented valley where people live, work and shop. It is on no real map.",
    "It is a place that you will find in no atlas: a valley that somebody invented.",
)
ASK_NAMES = Phrases(
    "what {many} are there",
    "what {many} are there?",
    "what {many} do you know",
    "list {many}",
    "name some {many}",
    "which {many} are there in the vale",
    "give me some {many}",
    "{many}?",
    "{many}",
    "name three {many}",
    "tell me some {many}",
    "what are the {many} called?",
    "any {many}?",
    "are there {many} there?",
    "What {many} are there in the Vale of Merrin?",
    "show me {many}",
    "which {many} can i ask about",
)
NAMES = Phrases(
    "{Names}.",
    "There are {names}, for example.",
    "I know {names}, among others.",
    "For example {names}.",
    "Some are {names}. There are more.",
    "{Names}, to name a few.",
    "Let me name some: {names}.",
    "{Names}. Which one shall I tell you about?",
    "I know {names}. Ask me about one of them!",
)
PEOPLE = Phrases(
    "who lives there",
    "who lives in the vale",
    "who do you know",
    "who do you know?",
    "name some people",
    "tell me about a person",
    "tell me about someone",
    "what people are there",
    "who are the people in the vale of merrin?",
    "do you know anybody",
    "name a person",
    "people",
    "give me a name",
    "who can i ask about?",
    "tell me about somebody from the vale",
    "who is there",
)
RECOMMEND = {
    "place": Phrases(
        "recommend a town", "which town should i visit", "what town should I visit?", "where should i go", "where should I go in the Vale?", "recommend a place to visit", "best town?", "what is a nice town", "where would you go on holiday", "plan a trip for me", "I want to visit a town. Which one?", "a nice place to visit pls", "where should i spend my holiday", "tell me about a town", "tell me about a village",
    ),
    "shop": Phrases(
        "recommend a shop", "where can i go shopping", "which shop is good", "which shop should i visit?", "tell me about a shop", "name a shop", "a good shop?", "do you know a nice shop", "where should i shop", "I want to go shopping. Where?", "recommend me a shop please", "best shop in the vale?", "is there a shop",
    ),
    "food": Phrases(
        "recommend something to eat", "where can i eat", "where can i get food", "Where can I get something to eat in the Vale?", "i'm hungry, which shop in the vale should i go to?", "where do i buy food", "a good place to eat?", "where to eat in the vale", "where can i get something sweet or tasty", "food shops?", "which shop has food",
    ),
    "product": Phrases(
        "what should i buy", "what can i buy there", "recommend a present", "i need a gift", "what is a good gift?", "what things are sold in the vale", "tell me about a product", "what can you buy in the Vale of Merrin?", "what do people sell", "I need a present for my aunt.", "show me something to buy", "tell me about a thing",
    ),
    "event": Phrases(
        "what events are there", "what happened in the vale", "tell me about an event", "any festivals?", "was there a contest?", "what do people do for fun in the vale", "tell me about a race or a fair", "what happens there", "Are there any events in the Vale?", "any competitions", "name an event",
    ),
}  # fmt: skip
TRY = Phrases(
    "Try {name}.",
    "How about {name}?",
    "I would say {name}.",
    "You could choose {name}.",
    "There is {name}, for example.",
    "{Name} comes to mind.",
    "One of them is {name}.",
    "Let me name {name}.",
)
FOOD = ("bakery", "tea room", "sweet shop", "cheese shop", "ice-cream shop", "grocery", "fish shop")
EAT = Phrases(
    "You could try {name}, {a_sort}.",
    "There is {a_sort} called {name}.",
    "Try {name}. It is {a_sort}.",
    "{Name} is {a_sort}.",
    "How about {name}? It is {a_sort}.",
)
WHO = Phrases(
    "{name}",
    "{name}?",
    "who is {name}",
    "who is {name}?",
    "whos {name}",
    "tell me about {name}",
    "tell me abt {name}",
    "what about {name}",
    "do you know {name}",
    "do you know {name}?",
    "what do you know about {name}",
    "info about {name}",
    "i want to know about {name}",
    "tell me something about {name}",
    "Can you tell me about {name}?",
    "about {name}",
    "who or what is {name}",
    "ever heard of {name}?",
    "say something about {name}",
    "what can you tell me about {name}?",
    "explain {name}",
    "{name} please",
    "give me facts about {name}",
    "anything about {name}?",
)
FIRST = Phrases(
    "who is {first}",
    "who is {first}?",
    "tell me about {first}",
    "do you know {first}?",
    "where does {first} live",
    "{first}?",
    "do you know someone called {first}",
    "what does {first} do?",
)
WHOLE = Phrases(
    "Which {first} do you mean? Please tell me the last name, too.",
    "Could you give me the whole name? There may be more than one {first}.",
    "I need the last name as well, to know which {first} you mean.",
    "What is the whole name? With a first name alone I can't tell.",
    "Please write the first and the last name.",
)

# What was said before

USERS = tuple(
    listed(
        "Anna, Tom, Lena, Peter, Sam, Julia, Max, Nora, Ben, Clara, Paul, Mia, Jonas, Emma, Zoe, Kwame, Aiko, Omar, Fatima, Diego, Lucia, Ivan, Olga, Priya, Raj, Wei, Mei, Hans, Greta, Sven, Ingrid, Pierre, Amelie, Marco, Giulia, Ahmed, Leila, Yusuf, Noor, Jack, Lily, Harry, Olivia, George, Sophie, Oscar, Freya, Leo, Ruby, Felix, Alice, Henry, Rosa, Hugo, Eva, Theo, Ida, Finn, Elsa, Luis, Ana, Carlos, Maria, Pedro, Sara, David, Rachel, Daniel, Hannah, Simon, Laura, Martin, Helen, Robert, Susan, Frank, Karen, Steve, Linda, Mike, Jenny, Chris, Kate, Alex, Sandy, Robin, Kim, Lee, Pat, Bob, Bill, Joe, Amy, Tim, Ella, Nick, Rita, Victor, Vera, Walter, Wanda, Xavier, Yara, Zack, Gus, Dora, Bert, Kofi, Amara, Tariq, Kenji, Yuki, Lars, Astrid"
    )
)
MY_NAME = Phrases(
    "my name is {n}",
    "My name is {n}.",
    "i am {n}",
    "I'm {n}.",
    "im {n}",
    "hi i'm {n}",
    "Hello, my name is {n}.",
    "call me {n}",
    "hey, {n} here",
    "i'm called {n}",
    "my names {n}",
    "you can call me {n}",
    "Hi nina, I am {n}.",
)
NICE_NAME = Phrases(
    "Nice to meet you, {n}.",
    "Hello, {n}! What would you like to know?",
    "Hi {n}! I'm nina.",
    "Good to meet you, {n}. How can I help?",
    "Welcome, {n}.",
    "{n}, that's a nice name. I'm nina.",
    "Hello {n}. Ask me something about the Vale of Merrin.",
)
ASK_NAME = Phrases(
    "what is my name",
    "what's my name?",
    "whats my name",
    "What is my name?",
    "do you remember my name?",
    "who am i",
    "who am I?",
    "do you know my name",
    "say my name",
    "what did i say my name was?",
    "my name?",
)
THE_NAME = Phrases(
    "Your name is {n}.",
    "{n}.",
    "You are {n}.",
    "You told me that your name is {n}.",
    "{n}, as you told me.",
    "It is {n}.",
    "Of course: {n}.",
)
NO_NAME = Phrases(
    "You have not told me your name yet.",
    "I don't know it. What is your name?",
    "You haven't said it. Will you tell me?",
    "I can't know that before you tell me.",
)
TELL = (  # (what is told, the reply, the question about it, the answer, values)
    ("my favourite colour is {v};;i like {v} best, of all colours;;My favourite colour is {v}.;;my fav color is {v}", "{V} is a fine colour.;;A nice colour.;;Good to know: {v}.", "what is my favourite colour;;what's my favourite colour?;;which colour do i like best?;;my favourite color?", "{V}.;;It is {v}.;;You said {v}.;;Your favourite colour is {v}.", "red;blue;green;yellow;purple;orange;pink;black;white;brown;grey;gold;silver;turquoise"),
    ("i have a dog called {v};;my dog is called {v};;My dog's name is {v}.;;i got a dog, {v}", "{V} is a good name for a dog.;;How nice! How old is {v}?;;Say hello to {v} from me.", "what is my dog called;;what's my dog's name?;;name of my dog?;;What is the name of my dog?", "{V}.;;Your dog is called {v}.;;It is {v}.;;You told me: {v}.", "Rex;Bello;Luna;Max;Rocky;Bruno;Daisy;Coco;Biscuit;Pepper;Lucky;Molly;Snoopy;Bear;Ginger;Otto"),
    ("i have a cat called {v};;my cat is {v};;My cat's name is {v}.", "{V} sounds like a fine cat.;;How nice. Is {v} a quiet cat?;;A good name for a cat.", "what is my cat called;;what's my cat's name?;;What is the name of my cat?", "{V}.;;Your cat is called {v}.;;It is {v}.", "Minka;Tiger;Kitty;Simba;Whiskers;Mimi;Felix;Shadow;Muffin;Socks;Oscar;Misty"),
    ("i am {v} years old;;im {v};;I am {v}.;;i'm {v} years old", "{V} is a good age.;;Thank you for telling me.;;That is a fine age to be.", "how old am i;;how old am I?;;what is my age?;;do you know my age", "You are {v}.;;{V}.;;{V} years old, you said.;;You told me: {v}.", "seven;eight;nine;ten;eleven;twelve;thirteen;twenty;thirty;forty;fifty;sixty;14;16;19;25;31;38;47;62"),
    ("i like {v};;my favourite food is {v};;I love {v}.;;i like to eat {v} best", "That sounds tasty.;;Good taste!;;Many people like that.", "what do i like to eat;;what is my favourite food?;;what food do i like?;;what did i say i like to eat", "{V}.;;You like {v}.;;You told me that you like {v}.;;It is {v}.", "pizza;apple pie;pancakes;soup;noodles;chocolate;cheese;rice;fish and chips;ice cream;cherries;toast;potatoes"),
    ("i live in {v};;I live in {v}.;;i'm from {v};;im in {v}", "I have never been there: I am a program. Is it nice?;;Thank you. I know only the Vale of Merrin.;;Good to know. Do you like it there?", "where do i live;;where am i from?;;Where do I live?;;do you remember where i live", "In {v}.;;You told me: {v}.;;{V}.;;You said that it is {v}.", "London;Paris;Berlin;Madrid;Rome;Oslo;Chicago;Tokyo;Dublin;Vienna;Lagos;Mumbai;Sydney;Texas;Scotland;Canada"),
    ("the secret word is {v};;remember the word {v};;Please remember this word: {v}.;;remember {v}", "All right: {v}.;;I will keep it in mind until this chat is over.;;{V}. Good.;;Fine, {v} it is.", "what is the secret word;;what was the word?;;what word did i tell you;;which word should you remember?", "{V}.;;The word is {v}.;;It was {v}.", "banana;lantern;purple;kettle;tiger;moonlight;pencil;sandwich;window;rocket;castle;seven;button;honey;thunder;marble"),
)  # fmt: skip
TOLD = [
    (split(told), split(reply), split(asked), split(answer), values.split(";"))
    for told, reply, asked, answer, values in TELL
]
JUST_SAID = Phrases(
    "what did i just say",
    "what did I just say?",
    "what did i just write?",
    "repeat what i said",
    "What was my last message?",
    "what did i say",
    "what was the last thing i said?",
    "what was my last question",
)
YOU_WROTE = Phrases('You wrote: "{s}"', 'You said: "{s}"', 'Your last message was: "{s}"', 'It was "{s}"')
FIRST_ASKED = Phrases(
    "what was my first question",
    "what was my first question?",
    "what did i ask first?",
    "what was the first thing i said",
    "What did I say first?",
    "what was my first message?",
    "how did this chat begin?",
)
BEGAN = Phrases(
    'You began with: "{s}"', 'The first thing you wrote was: "{s}"', 'First you wrote: "{s}"', 'It was: "{s}"'
)
YOU_SAID = Phrases(
    "what did you just say",
    "what did you say?",
    "say that again",
    "Say that again.",
    "can you repeat that",
    "repeat that please",
    "come again?",
    "once more please",
    "again please",
    "repeat",
)
