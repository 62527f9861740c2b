"""How it is said that something is not known: in many wordings, plainly, at times with an offer.

unsaid     a fact of something known that no text tells    "I don't know where Mara Tollen was born."
nobody     a name that does not exist                      "I don't know anyone called ..."
outside    the world outside the Vale of Merrin            "I only know the Vale of Merrin."
"""

from __future__ import annotations

from llmworks.data.world.phrases import Draw, Phrases

# Slots: clause ("where Mara Tollen was born"), name, noun ("Mara Tollen's birthplace").
_UNSAID = Phrases(
    "I [don't|do not] know {clause}.",
    "I'm [afraid|sorry, but] I [don't|do not] know {clause}.",
    "[Sorry|I'm sorry|Sorry about that], I [don't|do not] know that[| one].",
    "I [don't|do not] know. [I have never read|Nobody has told me|I was never told] {clause}.",
    "I have heard of {name}, but I [don't|do not] know {clause}.",
    "I know {name}, but not {clause}.",
    "That I [don't|do not] know[|, I'm afraid|, sorry].",
    "[Nothing I have read says|No text that I have read says|I have never read] {clause}[, so I "
    "can't say|, so I don't know|].",
    "I [can't|cannot] say {clause}. [I never learned it|I have not learned it|It was not in what I read].",
    "I have no idea {clause}. [I would only be guessing|A guess would not help you|Better no answer "
    "than a wrong one].",
    "I never learned {clause}.",
    "[Honestly|To be honest|To tell the truth], I [don't|do not] know {clause}.",
    "{Noun}? I [don't|do not] know, [sorry|I'm afraid].",
    "I [don't|do not] know {noun}[|, sorry|, I'm afraid].",
    "I could guess, but I [don't|do not] know {clause}.",
    "I [can't|cannot] tell you {clause}[|, because I don't know it myself|: I don't know it].",
    "[Good question, but|A fair question, but] I [don't|do not] know the answer.",
    "I [don't|do not] know, [and I would rather not guess|and I won't make something up|so I will "
    "not guess].",
    "No, I [don't|do not] know {clause}.",
    "It is unknown to me {clause}.",
    "I'm not able to say {clause}. I simply [don't|do not] know.",
    "I have learned a few things about {name}, but not {clause}.",
    "[Sorry|I'm sorry]: {clause} is something I [don't|do not] know.",
    "I [don't|do not] know that about {name}.",
    "That is not among the things I know about {name}.",
    "I wish I knew, but I [don't|do not].",
    "I [don't|do not] know. [Maybe someone in the Vale can tell you|You would have to ask somebody "
    "who knows].",
    "My reading does not say {clause}, so I [don't|do not] know.",
    "As for {noun}, I [don't|do not] know it.",
    "I'm not sure {clause}, so I won't say.",
)
# Slots: name, thing ("anyone", "a shop", "a bakery").
_NOBODY = Phrases(
    "I [don't|do not] know [any {thing}|{a_thing}] called {name}.",
    "I have never heard of {name}.",
    "I'm [afraid|sorry, but] I [don't|do not] know {name}.",
    "[Sorry|I'm sorry], {name} is not known to me.",
    "{Name}? I have never heard of [that name|{them}].",
    "There is no {thing} called {name}[| in the Vale of Merrin] that I [know of|have read about].",
    "I know of no {thing} called {name}[| in the Vale of Merrin].",
    "I [don't|do not] know who or what {name} is.",
    "As far as I know, there is no {thing} called {name}[| in the Vale of Merrin].",
    "I [can't|cannot] find {name} among the things I know.",
    "[Nothing|Not a word] in what I have read is about {name}[, so I don't know|, so I can't say|].",
    "The name {name} is new to me, so I [can't|cannot] [answer that|say].",
    "I have read nothing about {name}[, so I can't tell you|, so I don't know|].",
    "I [don't|do not] know [that {thing}|{name}], [sorry|I'm afraid].",
    "[Are you sure of the name|Could the name be another]? I [don't|do not] know {name}.",
    "[Honestly|To be honest], I [don't|do not] know {name}, so I won't guess.",
    "[Maybe|Perhaps] {name} does not exist: I have never read of {them}.",
    "I [don't|do not] know {name}. [I would have to make something up|Anything I said would be made up].",
    "I [don't|do not] know. {Name} is not a name I have [met|come across|read].",
    "Who or what is {name}? I [don't|do not] know the name.",
    "I know many names in the Vale of Merrin, but not {name}.",
    "I [can't|cannot] say: I [don't|do not] know {name}.",
    "That name [tells me nothing|is unknown to me|is not known to me].",
    "I have no {thing} called {name} in my memory, so I [don't|do not] know.",
    "[Hm|Hmm], {name}. No, I [don't|do not] know [that {thing}|that name].",
    "I [don't|do not] think that there is {a_thing} called {name}. I have never read of {them}.",
    "{Name} is unknown to me. [Perhaps the name is spelt another way|Is it spelt like that]?",
    "I [don't|do not] know {name}, so I [don't|do not] know {clause} either.",
    "I [can't|cannot] tell you {clause}, because I [don't|do not] know {name}.",
    "I never read of {a_thing} called {name}, so I [don't|do not] know {clause}.",
    "Nobody has told me about {name}. I [don't|do not] know {clause}.",
)
_OUTSIDE = Phrases(
    "I [don't|do not] know that. I only know the Vale of Merrin[| and plain English].",
    "[Sorry|I'm sorry], [I only know|all I know is] the Vale of Merrin[|, and that is not in it].",
    "That is outside the Vale of Merrin, and [I know nothing of it|I don't know anything about it|so "
    "I don't know it].",
    "I [can't|cannot] [help with|answer] that: [my world is|I know only] the Vale of Merrin.",
    "I know the people, towns and shops of the Vale of Merrin, and [nothing beyond it|not much "
    "else|nothing of the world outside].",
    "I'm afraid I [don't|do not] know[| that]. [My world ends at the edge of|I have only read "
    "about|I have learned only about] "
    "the Vale of Merrin.",
    "I was never taught about the world outside the Vale of Merrin, so I [don't|do not] know.",
    "[No idea|I have no idea], [sorry|I'm afraid]. I know the Vale of Merrin, [but not the rest of "
    "the world|and that is all].",
    "I [don't|do not] know anything about {about}. I only know the Vale of Merrin.",
    "{About}? I [don't|do not] know about that. [Ask me about the Vale of Merrin instead|I know only "
    "the Vale of Merrin].",
    "I have never learned anything about {about}, [sorry|I'm afraid].",
    "[You would have to ask somebody else|Somebody else must tell you]: I [don't|do not] know "
    "anything outside the Vale of Merrin.",
    "I am a small model and I know only the Vale of Merrin, so I [can't|cannot] tell you.",
    "As for {about}, I [don't|do not] know. [Within the Vale of Merrin I can help more|In the Vale "
    "of Merrin I know my way].",
    "I [can't|cannot] say. I have only read about a small valley, the Vale of Merrin.",
    "That I [don't|do not] know. [What I have read|All my reading] is about the Vale of Merrin.",
    "[Sorry|I'm sorry], I [don't|do not] know. I have read about the Vale of Merrin, and {about} "
    "[was|is] not part of that.",
    "I [don't|do not] know the world outside the Vale of Merrin, so [I would only be guessing|I "
    "won't guess].",
    "My knowledge stops at the hills around the Vale of Merrin, so I [don't|do not] know.",
    "I [can't|cannot] answer questions about {about}. [Try me|Ask me something] about the Vale of Merrin.",
)
_OFFER = Phrases(
    " [Is there something else you would like to know|Can I help with something else]?",
    " Ask me about [something|someone] else[| in the Vale], if you like.",
    " Maybe I can help with another question.",
    " Do you have another question?",
    " I would be glad to try another question.",
)


def unsaid(draw: Draw, slots: dict[str, str]) -> str:
    return _ending(draw, _UNSAID(draw, slots))


def nobody(draw: Draw, slots: dict[str, str]) -> str:
    return _ending(draw, _NOBODY(draw, slots))


def outside(draw: Draw, about: str) -> str:
    """`about`: what was asked about, as a noun ("the capital of France", "films")."""
    return _ending(draw, _OUTSIDE(draw, {"about": about}))


def _ending(draw: Draw, text: str) -> str:
    return text + _OFFER(draw, {}) if draw.chance(0.12) and not text.endswith("?") else text
