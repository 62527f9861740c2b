"""Wordings of what is asked about places and events."""

from __future__ import annotations

from llmworks.data.world.phrases import Phrases
from llmworks.data.world.questions.shapes import Wording

PLACES = {
    "region": Wording(
        ask=Phrases(
            "In [which|what] [region|part of the Vale] does {name} lie?",
            "Which [region|part of the Vale] is {name} in?",
            "What [region|part of the Vale of Merrin] does {name} belong to?",
            "In what region would I find {name}?",
            "{Name} lies in [which|what] region?",
            "Where in the Vale [is {name}|does {name} lie]: in which region?",
            "To which region does {name} belong?",
            "What is the region around {name} called?",
            "Which region [has {name} in it|is home to {name}]?",
            "On a map of regions, where would I look for {name}?",
            "What do people call the region {name} lies in?",
        ),
        short=Phrases(
            "{name} region?",
            "region of {name}",
            "{name} which region",
            "what region {name} in",
            "{name}, region",
        ),
        follow=Phrases(
            "[And in|In] which region is it?", "What region does it belong to?", "And the region?"
        ),
        clause=Phrases(
            "in which region {name} lies", "what region {name} is in", "which region {name} belongs to"
        ),
        noun=Phrases("the region of {name}", "the region around {name}"),
        tell=Phrases(
            "{Name} lies in {value}.",
            "{Name} is in {value}.",
            "{Name} belongs to {value}.",
            "{Name} is {a_sort} in {value}.",
            "The region around {name} is called {value}.",
            "The region of {name} is {value}.",
        ),
        it=Phrases("It lies in {value}.", "It is in {value}.", "It belongs to {value}."),
        brief=Phrases("{Value}", "{Value}", "In {value}"),
        check=Phrases(
            "Is {name} in {value}?",
            "Does {name} lie in {value}?",
            "Does {name} belong to {value}?",
            "{Name} is in {value}, [right|isn't it|yes]?",
        ),
        label=Phrases("Region", "Part of the Vale", "Lies in"),
        prefix=Phrases("{Name} lies in", "{Name} belongs to", "{Name} is {a_sort} in"),
        exam=Phrases(
            "Can you say what region of the Vale {name} is part of?",
            "Do you happen to know the region {name} is in?",
            "What part of the Vale has {name} in it?",
        ),
    ),
    "river": Wording(
        ask=Phrases(
            "[What|Which] river [does {name} lie on|runs through {name}|flows past {name}]?",
            "On [which|what] river [is|stands] {name}?",
            "What is the river at {name} called?",
            "What is the name of the river [at|in|by] {name}?",
            "{Name} lies on [which|what] river?",
            "What water [runs|flows] [past|by] {name}?",
            "Which river would I see from the bridge in {name}?",
            "If I fished in {name}, in which river would I be fishing?",
            "By what river was {name} built?",
            "On the banks of [which|what] river does {name} stand?",
        ),
        short=Phrases(
            "{name} river?",
            "river at {name}",
            "{name} which river",
            "what river runs by {name}",
            "river of {name}",
        ),
        follow=Phrases(
            "[And on which|On which] river is it?", "What river runs through it?", "And the river?"
        ),
        clause=Phrases(
            "on which river {name} lies", "what river {name} stands on", "which river {name} lies on"
        ),
        noun=Phrases("the river at {name}", "the name of the river at {name}"),
        tell=Phrases(
            "{Name} lies on {value}.",
            "{Name} stands on {value}.",
            "The river at {name} is {value}.",
            "{Value} [runs through|flows past|runs past] {name}.",
            "The river that runs through {name} is {value}.",
            "{Name} was built on the banks of {value}.",
        ),
        it=Phrases("It lies on {value}.", "{Value} runs through it.", "Its river is {value}."),
        brief=Phrases("{Value}", "{Value}", "On {value}"),
        check=Phrases(
            "Is {name} on {value}?",
            "Does {value} run through {name}?",
            "Is the river at {name} {value}?",
            "{Name} lies on {value}, [right|doesn't it|yes]?",
        ),
        label=Phrases("River", "Lies on"),
        prefix=Phrases("{Name} lies on", "The river at {name} is", "The river that runs through {name} is"),
        exam=Phrases(
            "Can you say what river flows by {name}?",
            "Do you happen to know which river {name} is built on?",
            "What is {name}'s river called?",
        ),
    ),
    "founded": Wording(
        ask=Phrases(
            "When was {name} founded?",
            "In [what|which] year was {name} founded?",
            "[What|Which] year was {name} founded?",
            "What is the founding year of {name}?",
            "Since when has {name} [existed|been there]?",
            "{Name} was founded [when|in which year]?",
            "In which year did [people first settle {name}|the history of {name} begin]?",
            "When did {name} begin?",
            "How old is {name}: when was it founded?",
            "What year stands on the founding stone of {name}?",
            "In which year was the {sort} of {name} founded?",
        ),
        short=Phrases(
            "{name} founded?",
            "founding year {name}",
            "{name} founded when",
            "when {name} founded",
            "{name}, year of founding",
        ),
        follow=Phrases(
            "[And when|When] was it founded?", "In which year was it founded?", "And its founding year?"
        ),
        clause=Phrases(
            "when {name} was founded",
            "in [which|what] year {name} was founded",
            "what year {name} was founded in",
        ),
        noun=Phrases("the founding year of {name}", "the year {name} was founded"),
        tell=Phrases(
            "{Name} was founded in {value}.",
            "{Name} was founded in the year {value}.",
            "It was in {value} that {name} was founded.",
            "The founding year of {name} is {value}.",
            "{Value} is the year {name} was founded.",
            "{Name} has existed since {value}.",
        ),
        it=Phrases(
            "It was founded in {value}.", "It has existed since {value}.", "Its founding year is {value}."
        ),
        brief=Phrases("{Value}", "{Value}", "In {value}"),
        check=Phrases(
            "Was {name} founded in {value}?",
            "Is {value} the year {name} was founded?",
            "{Name} was founded in {value}, [right|wasn't it|yes]?",
            "Is it true that {name} was founded in {value}?",
        ),
        label=Phrases("Founded", "Founding year"),
        prefix=Phrases("{Name} was founded in", "The founding year of {name} is", "{Name} has existed since"),
        exam=Phrases(
            "Can you say in what year {name} was established?",
            "Do you happen to know when {name} was founded?",
            "What was the year of {name}'s founding?",
        ),
    ),
    "population": Wording(
        ask=Phrases(
            "How many people live in {name}?",
            "What is the population of {name}?",
            "What is {name}'s population?",
            "How [big|large] is {name} by population?",
            "How many [people|inhabitants] does {name} have?",
            "How many [people|souls] call {name} home?",
            "{Name} has how many [people|inhabitants]?",
            "If you counted everyone in {name}, how many would there be?",
            "What is the number of people in {name}?",
            "How many inhabitants are there in {name}?",
            "How many would you count in the {sort} of {name}?",
        ),
        short=Phrases(
            "{name} population?",
            "population of {name}",
            "{name} how many people",
            "people in {name}?",
            "how many live in {name}",
        ),
        follow=Phrases(
            "[And how|How] many people live there?",
            "What is its population?",
            "How many inhabitants does it have?",
        ),
        clause=Phrases(
            "how many people {name} has", "how many inhabitants {name} has", "how big a population {name} has"
        ),
        noun=Phrases("the population of {name}", "the number of people in {name}"),
        tell=Phrases(
            "{Name} has {value} inhabitants.",
            "{Name} has a population of {value}.",
            "{Value} people live in {name}.",
            "The population of {name} is {value}.",
            "There are {value} people in {name}.",
            "{Name} is home to {value} people.",
        ),
        it=Phrases("It has {value} inhabitants.", "{Value} people live there.", "Its population is {value}."),
        brief=Phrases("{Value}", "{Value} people"),
        check=Phrases(
            "Do {value} people live in {name}?",
            "Does {name} have {value} inhabitants?",
            "Is the population of {name} {value}?",
            "{Name} has {value} inhabitants, [right|yes|doesn't it]?",
        ),
        label=Phrases("Population", "Inhabitants", "People"),
        prefix=Phrases("The population of {name} is", "{Name} has a population of", "{Name} is home to"),
        exam=Phrases(
            "Can you say how many people there are in {name}?",
            "Do you happen to know the population of {name}?",
            "How populous is {name}?",
        ),
    ),
    "known_for": Wording(
        ask=Phrases(
            "What is {name} known for?",
            "What is {name} famous for?",
            "For what is {name} [known|famous|best known]?",
            "What makes {name} famous?",
            "What do people [link|connect] with {name}?",
            "{Name} is known for what?",
            "Why do people [know|talk about] {name}: what is it known for?",
            "What has {name} made its name with?",
            "What has given {name} its good name?",
            "What comes to mind when people [hear of|think of] {name}?",
            "What is the pride of {name}, the thing it is known for?",
        ),
        short=Phrases(
            "{name} known for?",
            "{name} famous for",
            "what {name} is known for",
            "{name}, known for what",
            "fame of {name}",
        ),
        follow=Phrases(
            "[And what|What] is it known for?", "What makes it famous?", "Is it known for anything?"
        ),
        clause=Phrases("what {name} is known for", "what {name} is famous for", "for what {name} is known"),
        noun=Phrases("the thing {name} is known for", "the thing {name} is famous for"),
        tell=Phrases(
            "{Name} is known for {value}.",
            "{Name} is famous for {value}.",
            "People know {name} for {value}.",
            "{Name} has made its name with {value}.",
            "What {name} is known for is {value}.",
            "{Value} {has} made {name} famous.",
        ),
        it=Phrases("It is known for {value}.", "It is famous for {value}.", "People know it for {value}."),
        brief=Phrases("{Value}", "{Value}", "For {value}"),
        check=Phrases(
            "Is {name} known for {value}?",
            "Is {name} famous for {value}?",
            "{Is} {value} what {name} is known for?",
            "{Name} is known for {value}, [right|isn't it|yes]?",
        ),
        label=Phrases("Known for", "Famous for"),
        prefix=Phrases("{Name} is known for", "{Name} is famous for", "People know {name} for"),
        exam=Phrases(
            "Can you say what {name} is best known for?",
            "Do you happen to know what made {name} famous?",
            "What is {name}'s claim to fame?",
        ),
        reverse=Phrases(
            "Which place is known for {value}?",
            "What [town or village|place] is famous for {value}?",
            "Where [should|would] I go for {value}: which place is known for that?",
            "Which place in the Vale made its name with {value}?",
        ),
    ),
    "mayor": Wording(
        ask=Phrases(
            "Who is the mayor of {name}?",
            "Who is {name}'s mayor?",
            "What is the [name of the mayor of {name}|mayor of {name} called]?",
            "Which person is mayor of {name}?",
            "{Name} has whom as its mayor?",
            "Who [runs|leads] {name} as its mayor?",
            "Who [sits in the mayor's chair|holds the office of mayor] in {name}?",
            "To whom should I write if I want the mayor of {name}?",
            "Who was chosen as mayor of {name}?",
            "[Who|Which person] is the head of the {sort} of {name}, its mayor?",
        ),
        short=Phrases(
            "{name} mayor?",
            "mayor of {name}",
            "who is mayor of {name}",
            "{name}'s mayor",
            "mayor {name} name",
        ),
        follow=Phrases(
            "[And who|Who] is the mayor there?",
            "Who is its mayor?",
            "And its mayor?",
            "What is the mayor's name?",
        ),
        clause=Phrases("who {name} has as its mayor", "whom {name} has for a mayor"),
        noun=Phrases("the mayor of {name}", "{name}'s mayor", "the name of the mayor of {name}"),
        tell=Phrases(
            "The mayor of {name} is {value}.",
            "{Value} is the mayor of {name}.",
            "{Name}'s mayor is {value}.",
            "{Name} has {value} as its mayor.",
            "The office of mayor in {name} is held by {value}.",
        ),
        it=Phrases("Its mayor is {value}.", "The mayor there is {value}.", "{Value} is its mayor."),
        brief=Phrases(
            "{Value}",
        ),
        check=Phrases(
            "Is {value} the mayor of {name}?",
            "Is the mayor of {name} {value}?",
            "{Value} is the mayor of {name}, [right|yes]?",
            "Is it true that {value} is mayor of {name}?",
        ),
        label=Phrases(
            "Mayor",
        ),
        prefix=Phrases(
            "The mayor of {name} is", "{Name}'s mayor is", "The office of mayor in {name} is held by"
        ),
        exam=Phrases(
            "Can you say who governs {name} as mayor?",
            "Do you happen to know the name of {name}'s mayor?",
            "Who serves as the mayor of {name}?",
        ),
        reverse=Phrases(
            "Of which [place|town or village] is {value} the mayor?",
            "Where is {value} mayor?",
            "Which [place|town or village] has {value} as its mayor?",
            "{Value} is the mayor of which place?",
        ),
    ),
    "landmark": Wording(
        ask=Phrases(
            "What is the landmark of {name}?",
            "What is {name}'s [best-known sight|landmark]?",
            "[What|Which] landmark [does {name} have|stands in {name}]?",
            "What is there to see in {name}?",
            "What should I [look at|see] [in|when I visit] {name}?",
            "Which sight does {name} have?",
            "{Name} has what landmark?",
            "What [famous old sight|sight] would I find in {name}?",
            "What do visitors to {name} [come to see|take pictures of]?",
            "What is on every postcard [of|from] {name}?",
            "By what landmark do people know {name}?",
        ),
        short=Phrases(
            "{name} landmark?",
            "landmark of {name}",
            "{name} sights",
            "what to see in {name}",
            "{name}, landmark",
        ),
        follow=Phrases(
            "[And what|What] is its landmark?", "What is there to see?", "What should I see there?"
        ),
        clause=Phrases("what landmark {name} has", "which sight {name} has"),
        noun=Phrases("the landmark of {name}", "{name}'s landmark", "the best-known sight of {name}"),
        tell=Phrases(
            "The landmark of {name} is {value}.",
            "{Name}'s landmark is {value}.",
            "{Value} can be seen in {name}.",
            "In {name} you can see {value}.",
            "Visitors to {name} go to see {value}.",
            "{Name} has a landmark: {value}.",
        ),
        it=Phrases("Its landmark is {value}.", "You can see {value} there.", "{Value} can be seen there."),
        brief=Phrases(
            "{Value}",
        ),
        check=Phrases(
            "Can {value} be seen in {name}?",
            "Is the landmark of {name} {value}?",
            "Would I see {value} in {name}?",
            "{Value} can be seen in {name}, [right|yes|is that so]?",
        ),
        label=Phrases("Landmark", "To see", "Sight"),
        prefix=Phrases("The landmark of {name} is", "{Name}'s landmark is", "In {name} you can see"),
        exam=Phrases(
            "Can you say which landmark {name} is home to?",
            "Do you happen to know the landmark of {name}?",
            "What is the most famous sight in {name}?",
        ),
        reverse=Phrases(
            "Where can you see {value}?",
            "In which [place|town or village] can I see {value}?",
            "Where [would|can] I [find|see] {value}?",
            "Which [place|town or village] has {value}?",
        ),
    ),
}

EVENTS = {
    "place_of": Wording(
        ask=Phrases(
            "Where was {name} held?",
            "Where did {name} take place?",
            "In [which|what] [place|town or village] was {name}[| held]?",
            "Which [place|town or village] was {name} held in?",
            "What was the place of {name}?",
            "Which [place|town or village] [was host to|hosted] {name}?",
            "{Name} took place [where|in which place]?",
            "Where did people go for {name}?",
            "Where did {name} happen?",
            "To which place did [guests|people] travel for {name}?",
        ),
        short=Phrases(
            "{name} where?", "place of {name}", "{name} held in?", "where {name} took place", "{name} place?"
        ),
        follow=Phrases("[And where|Where] was it held?", "Where did it take place?", "And in which place?"),
        clause=Phrases("where {name} was held", "where {name} took place", "in which place {name} was held"),
        noun=Phrases("the place of {name}", "the place where {name} was held"),
        tell=Phrases(
            "{Name} was held in {value}.",
            "{Name} took place in {value}.",
            "{Value} was host to {name}.",
            "The place of {name} was {value}.",
            "It was in {value} that {name} took place.",
            "For {name} people went to {value}.",
        ),
        it=Phrases("It was held in {value}.", "It took place in {value}.", "{Value} was its host."),
        brief=Phrases("{Value}", "{Value}", "In {value}"),
        check=Phrases(
            "Was {name} held in {value}?",
            "Did {name} take place in {value}?",
            "Was {value} the place of {name}?",
            "{Name} was held in {value}, [right|wasn't it|yes]?",
        ),
        label=Phrases("Place", "Held in", "Where"),
        prefix=Phrases("{Name} was held in", "{Name} took place in", "The place of {name} was"),
        exam=Phrases(
            "Can you say in what place {name} was held?",
            "Do you happen to know where {name} took place?",
            "What place hosted {name}?",
        ),
    ),
    "year_of": Wording(
        ask=Phrases(
            "When was {name}[| held]?",
            "In [what|which] year was {name}[| held]?",
            "[What|Which] year was {name} held?",
            "What was the year of {name}?",
            "In [what|which] year did {name} take place?",
            "{Name} took place [when|in which year]?",
            "Which year saw {name}?",
            "What year did {name} happen?",
            "From which year are the pictures of {name}?",
            "How long ago was {name}: in what year?",
        ),
        short=Phrases(
            "{name} year?", "year of {name}", "{name} when", "{name} which year", "when was {name}"
        ),
        follow=Phrases("[And in|In] which year was that?", "When was it held?", "And the year?"),
        clause=Phrases(
            "in [which|what] year {name} was held",
            "what year {name} took place in",
            "in which year {name} took place",
        ),
        noun=Phrases("the year of {name}", "the year in which {name} was held"),
        tell=Phrases(
            "{Name} was held in {value}.",
            "{Name} took place in {value}.",
            "The year of {name} was {value}.",
            "It was in {value} that {name} was held.",
            "{Value} was the year of {name}.",
            "{Name} took place in the year {value}.",
        ),
        it=Phrases(
            "It was held in {value}.", "It took place in {value}.", "It took place in the year {value}."
        ),
        brief=Phrases("{Value}", "{Value}", "In {value}"),
        check=Phrases(
            "Was {name} held in {value}?",
            "Did {name} take place in {value}?",
            "Was {value} the year of {name}?",
            "{Name} was held in {value}, [right|wasn't it|yes]?",
        ),
        label=Phrases(
            "Year",
        ),
        prefix=Phrases(
            "{Name} took place in the year", "The year of {name} was", "{Name} was held in the year"
        ),
        exam=Phrases(
            "Can you say what year {name} took place?",
            "Do you happen to know the year of {name}?",
            "In what year did people hold {name}?",
        ),
    ),
    "month_of": Wording(
        ask=Phrases(
            "In [what|which] month was {name}[| held]?",
            "[What|Which] month was {name} held in?",
            "What was the month of {name}?",
            "In [what|which] month did {name} take place?",
            "{Name} took place in [which|what] month?",
            "What time of year was {name}: in which month?",
            "Which month saw {name}?",
            "What month did {name} happen in?",
            "In which month did people go to {name}?",
            "Which page of the calendar has {name}: what month?",
        ),
        short=Phrases(
            "{name} month?",
            "month of {name}",
            "{name} which month",
            "{name} in what month",
            "what month was {name}",
        ),
        follow=Phrases("[And in|In] which month was that?", "What month was it held in?", "And the month?"),
        clause=Phrases("in which month {name} was held", "what month {name} took place in"),
        noun=Phrases("the month of {name}", "the month in which {name} was held"),
        tell=Phrases(
            "{Name} was held in {value}.",
            "{Name} took place in {value}.",
            "The month of {name} was {value}.",
            "It was in {value} that {name} was held.",
            "{Name} was held in the month of {value}.",
        ),
        it=Phrases("It was held in {value}.", "It took place in {value}.", "The month was {value}."),
        brief=Phrases("{Value}", "{Value}", "In {value}"),
        check=Phrases(
            "Was {name} held in {value}?",
            "Did {name} take place in {value}?",
            "Was {value} the month of {name}?",
            "{Name} was held in {value}, [right|wasn't it|yes]?",
        ),
        label=Phrases(
            "Month",
        ),
        prefix=Phrases("The month of {name} was", "{Name} was held in the month of"),
        exam=Phrases(
            "Can you say what month {name} took place in?",
            "Do you happen to know the month of {name}?",
            "What month of the year was {name} held?",
        ),
    ),
    "winner": Wording(
        ask=Phrases(
            "Who won {name}?",
            "Who was the winner of {name}?",
            "What [is|was] the name of the winner of {name}?",
            "[Which person|Who] [won|took first prize at|came first at] {name}?",
            "{Name} was won by [whom|who]?",
            "By whom was {name} won?",
            "Who [went home with|took|was given|received] [first prize|the prize] at {name}?",
            "To whom did the [first prize|prize] of {name} go?",
            "Whose name was read out as the winner of {name}?",
            "Who came first in {name}?",
        ),
        short=Phrases(
            "{name} winner?", "winner of {name}", "who won {name}", "{name} won by", "{name}, first prize"
        ),
        follow=Phrases("[And who|Who] won it?", "Who was the winner?", "And the winner?"),
        clause=Phrases("who won {name}", "who came first at {name}", "who took first prize at {name}"),
        noun=Phrases("the winner of {name}", "the name of the winner of {name}"),
        tell=Phrases(
            "{Value} won {name}.",
            "The winner of {name} was {value}.",
            "{Name} was won by {value}.",
            "First prize at {name} went to {value}.",
            "{Value} took first prize at {name}.",
            "It was {value} who won {name}.",
        ),
        it=Phrases("{Value} won it.", "The winner was {value}.", "It was won by {value}."),
        brief=Phrases(
            "{Value}",
        ),
        check=Phrases(
            "Did {value} win {name}?",
            "Was {value} the winner of {name}?",
            "Was {name} won by {value}?",
            "{Value} won {name}, [right|is that so|yes]?",
        ),
        label=Phrases("Winner", "Won by", "First prize"),
        prefix=Phrases("{Name} was won by", "The winner of {name} was", "First prize at {name} went to"),
        exam=Phrases(
            "Can you say who finished first at {name}?",
            "Do you happen to know who won {name}?",
            "Which person was the winner of {name}?",
        ),
        reverse=Phrases(
            "What did {value} win?",
            "Which [event|contest] did {value} win?",
            "[At|In] what did {value} [come first|take first prize]?",
        ),
    ),
    "guests": Wording(
        ask=Phrases(
            "How many [people|guests|visitors] came to {name}?",
            "How many [guests|visitors] did {name} have?",
            "How many [guests|people] were at {name}?",
            "What was the number of guests at {name}?",
            "{Name} had how many [guests|visitors]?",
            "How well attended was {name}: how many came?",
            "How big was the crowd at {name}?",
            "How many were counted at {name}?",
            "How many people went to {name}?",
            "How many guests [stood in the crowd|were there] at {name}?",
        ),
        short=Phrases(
            "{name} guests?",
            "guests at {name}",
            "{name} how many came",
            "how many at {name}",
            "number of guests {name}",
        ),
        follow=Phrases(
            "[And how|How] many people came?", "How many guests were there?", "And the number of guests?"
        ),
        clause=Phrases(
            "how many people came to {name}", "how many guests {name} had", "how many went to {name}"
        ),
        noun=Phrases("the number of guests at {name}", "the number of people at {name}"),
        tell=Phrases(
            "{Value} people came to {name}.",
            "{Name} had {value} guests.",
            "There were {value} guests at {name}.",
            "The number of guests at {name} was {value}.",
            "{Value} guests were counted at {name}.",
        ),
        it=Phrases("{Value} people came.", "It had {value} guests.", "There were {value} guests."),
        brief=Phrases("{Value}", "{Value} people", "{Value} guests"),
        check=Phrases(
            "Did {value} people come to {name}?",
            "Did {name} have {value} guests?",
            "Were there {value} guests at {name}?",
            "{Name} had {value} guests, [right|didn't it|yes]?",
        ),
        label=Phrases("Guests", "Visitors", "People who came"),
        prefix=Phrases(
            "The number of guests at {name} was", "The number of people who came to {name} was", "{Name} had"
        ),
        exam=Phrases(
            "Can you say how many guests attended {name}?",
            "Do you happen to know how many came to {name}?",
            "What was the attendance at {name}?",
        ),
    ),
}

WORDINGS = PLACES | EVENTS
