"""What can be said of an event: where, when, who won, how many came."""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

from llmworks.data.world.phrases import Phrases
from llmworks.data.world.prose.ways import Ways

PLACE_OF = Ways(
    labels=("Place", "Held in", "Where", "Venue"),
    plain=Phrases(
        "{Name} was held in {value}.",
        "{Name} took place in {value}.",
        "The [scene|setting|venue] of {whom} was {value}.",
        "{Name} [had {value} for its setting|brought people to {value}|filled the streets of {value}], where it was held.",
        "[For {whom}, everyone went|To see {whom}, one had to go] to {value}.",
        "{Names} venue was {value}.",
        "[Where was {whom} held? In {value}.|The place chosen for {whom} was {value}.]",
        "{Name} was [organised|staged|put on] in {value}.",
    ),
    reverse=Phrases(
        "{Value} was [where {name} was held|the place of {whom}|the scene of {whom}].",
        "In {value} [they held|people gathered for] {whom}.",
        "It was in {value} that {name} [was held|took place].",
        "{Value} [hosted|was host to|put up the flags for] {whom}, which took place there.",
        "[The people of|The streets of|The inns of] {value} [saw|remember] {whom}, which took place there.",
        "{Value}: that was the place of {whom}.",
        "The honour of holding {whom} [fell|went] to {value}.",
        "All roads led to {value} on the day of {whom}, which was held there.",
    ),
    predicate=Phrases(
        "was held in {value}",
        "took place in {value}",
        "was put on in {value}",
        "had {value} as its setting",
        "was organised in {value}",
        "drew its visitors to {value}",
    ),
    apart=Phrases(
        "held in {value}", "organised in {value}", "with {value} as its setting", "put on in {value}"
    ),
    noun=Phrases(
        "{a} {sort} held in {value}", "an occasion held in {value}", "{a} {sort} that took place in {value}"
    ),
    whose=Phrases(
        "whose setting was {value}", "whose venue was {value}", "for which people travelled to {value}"
    ),
    letter=Phrases(
        "I still think of {whom}, in {value}[, and the queue for lemonade|, and the band|, and how our feet hurt].",
        "[You asked where {whom} was:|No, {whom} was not here:] it was held in {value}.",
        "[We took the bus|We all went|Half our street went] to {value} for {whom}.",
        "[I found a photograph of|I found an old programme of] {whom}, which was held in {value}.",
        "[Did you know|Had you heard] that {whom} took place in {value}?",
    ),
    remark=Phrases(
        "[Flags hung from the windows|There was lemonade for the children|A band played].",
        "[Beds were hard to find|The buses were full|Parking was a trial].",
        "[The weather did its best|The grass took weeks to recover|Someone lost a shoe].",
        "[People talked of it for weeks|The programme is now a rarity|It was a long day].",
    ),
)

YEAR_OF = Ways(
    labels=("Year", "Held in the year", "Year of the event", "When"),
    plain=Phrases(
        "{Name} was held in {value}.",
        "{Name} took place in [|the year ]{value}.",
        "{Names} year was {value}.",
        "The year of {whom} was {value}.",
        "[The programme of {whom} bears|The posters for {whom} bore] the year {value}.",
        "{Name} belongs to the year {value}.",
        "[When was {whom}? In {value}.|{Name} [falls|fell] in the year {value}.]",
        "{Name} [is remembered as an event of|was one of the events of] {value}.",
    ),
    reverse=Phrases(
        "{Value} was the year of {whom}.",
        "In {value}[, as older people remember,|, to everyone's delight,|, after long planning,|] {name} was held.",
        "It was in {value} that {name} took place.",
        "The year {value} [saw|brought] {whom}.",
        "Back in {value}, {name} was held.",
        "{Value}: that was the year in which {name} took place.",
        "[Those who were there in|Newspapers from|The calendars of] {value} [remember|mention|show] {whom}, which was held that year.",
        "[Look under|Turn to] {value} in the [chronicle|old papers], and you will find {whom}.",
    ),
    predicate=Phrases(
        "was held in {value}",
        "took place in {value}",
        "belongs to the year {value}",
        "fell in the year {value}",
        "was one of the events of {value}",
        "came round in {value}",
    ),
    apart=Phrases(
        "held in {value}",
        "an event of the year {value}",
        "which took place in {value}",
        "remembered as an event of {value}",
    ),
    noun=Phrases("{a} {sort} of the year {value}", "an event of {value}", "one of the occasions of {value}"),
    whose=Phrases(
        "whose year was {value}", "whose programme is dated {value}", "whose posters bore the year {value}"
    ),
    letter=Phrases(
        "[We argued about the year of {whom}:|You wanted to know the year of {whom}:] it was {value}.",
        "[Can you believe|Is it possible] that {whom} was in {value}?",
        "[I found the programme of|I found a ticket for|There is a photograph in the album of] {whom}, dated {value}.",
        "{Whom} was in {value}, [if my diary is right|I am quite sure of it|and I still have the badge].",
        "[Grandfather says|Everyone here says|The album says] that {whom} was held in {value}.",
    ),
    remark=Phrases(
        "[Old photographs show the crowd|There are still programmes in drawers|The photographs are in the archive].",
        "[Some who were there still talk of it|Nobody forgot it quickly|It is easy to mix up the years].",
        "[Hats were larger then, or seemed so|The lemonade was cheaper, no doubt|Time has passed since].",
        "[The date is in the minutes|The minute book has the date|The date was in every paper].",
    ),
)

MONTH_OF = Ways(
    labels=("Month", "Month of the event", "Held in the month of", "Time of year"),
    plain=Phrases(
        "{Name} was held in {value}.",
        "{Name} took place in [|the month of ]{value}.",
        "{Names} month was {value}.",
        "The month of {whom} was {value}.",
        "{Name} [fell|was set] in {value}[, whatever the weather|].",
        "[The organisers of {whom} chose|For {whom} they chose] the month of {value}.",
        "[The posters for {whom} said|On the posters for {whom} stood] {value}, the month when it was held.",
        "[In which month was {whom}? In {value}.|The time of year for {whom} was {value}.]",
    ),
    reverse=Phrases(
        "{Value} was the month of {whom}.",
        "In {value} {name} was held.",
        "It was in {value} that {name} took place.",
        "The month of {value} [saw|brought] {whom}.",
        "{Value}: that was the month in which {name} took place.",
        "{Value} [was chosen|was set aside|was the month fixed] for {whom}.",
        "One [day|morning|weekend] in {value}, {name} [took place|was held].",
        "The calendar page for {value} showed {whom}, held in that month.",
    ),
    predicate=Phrases(
        "was held in {value}",
        "took place in {value}",
        "fell in the month of {value}",
        "had {value} for its month",
        "was fixed for {value}",
        "brought people out in {value}",
    ),
    apart=Phrases(
        "held in {value}",
        "held in the month of {value}",
        "fixed for {value}",
        "an event of the month of {value}",
    ),
    noun=Phrases(
        "{a} {sort} held in {value}", "an event in the month of {value}", "an occasion fixed for {value}"
    ),
    whose=Phrases(
        "whose month was {value}", "for which the month chosen was {value}", "whose date fell in {value}"
    ),
    letter=Phrases(
        "[Was it warm at {whom}? You know that it was in {value}.|I have looked it up: {whom} was in {value}.]",
        "{Whom} was in {value}, [so we wore what one wears then|I remember the light|as the old programme says].",
        "[You were wrong about the month of {whom}:|In which month was {whom}? I asked around:] it was {value}.",
        "[Do you remember|Can you remember] {whom}, that [day|weekend] in {value}?",
        "[My diary says|The album says|Everyone says] that {whom} was held in {value}.",
    ),
    remark=Phrases(
        "[The weather was what it was|Umbrellas were not forgotten|One dressed for the time of year].",
        "[It suited the farmers|It suited the schools|There was nothing else on].",
        "[Tents had been put up all the same|The light was good for photographs|The evenings were used to the last minute].",
        "[It had to fit between other dates|The date was argued over|The committee took a vote].",
    ),
)

WINNER = Ways(
    labels=("Winner", "Won by", "First place", "First prize"),
    plain=Phrases(
        "{Name} was won by {value}.",
        "{Names} winner was {value}.",
        "The winner of {whom} was {value}.",
        "[The first prize at|First prize at|First place in] {whom} went to {value}.",
        "{Name} [ended with a victory for|saw the victory of|was decided in favour of] {value}.",
        "[The cup|The ribbon|The laurels] of {whom} went to {value}, the winner.",
        "[Who won {whom}? {Value}.|When {name} was over, the name called out was that of the winner, {value}.]",
        "{Name} [made a winner of|had one winner:] {value}.",
    ),
    reverse=Phrases(
        "{Value} won {whom}.",
        "{Value} was the winner of {whom}.",
        "{Value} [came first in|took first place in|took first prize at] {whom}.",
        "It was {value} who won {whom}.",
        "{Value} [carried off the prize at|went home with the first prize of|stood on the top step at] {whom}.",
        "To {value} went the victory in {whom}.",
        "[Nobody did better than|Nobody could beat] {value} at {whom}: that was the winner.",
        "The name of {value} stands [on the cup|in the book|on the board] as the winner of {whom}.",
        "{Value} can say[, and sometimes does,|] that {vthey} won {whom}.",
    ),
    predicate=Phrases(
        "was won by {value}",
        "had {value} as its winner",
        "ended with {value} as the winner",
        "brought victory to {value}",
        "gave its first prize to {value}",
        "saw {value} win",
    ),
    apart=Phrases(
        "won by {value}", "with {value} as its winner", "a victory for {value}", "which {value} won"
    ),
    noun=Phrases("{a} {sort} won by {value}", "a victory for {value}", "the {sort} that {value} won"),
    whose=Phrases("whose winner was {value}", "whose first prize went to {value}", "which {value} won"),
    letter=Phrases(
        "[You will never guess|Guess] who won {whom}: {value}.",
        "[I once shook hands with|I sat on the bus next to|We had tea with] {value}, who won {whom}.",
        "{Value} won {whom}, [and blushed|and we clapped until our hands hurt|fair and square|and nobody grudged it].",
        "[Did you know|Had you forgotten] that {value} won {whom}?",
        "[There is a photograph of|In the album is a picture of] {value}, the winner of {whom}, [holding the cup the wrong way round|laughing|looking for a handkerchief].",
    ),
    remark=Phrases(
        "[The applause was long|There was a short speech|Somebody cried, but would not say why].",
        "[The others took it well|Second place was close|There was a protest, soon withdrawn].",
        "[The cup is on loan only|The ribbon is kept in a drawer|The prize was a basket, well filled].",
        "[Nobody had laid a bet on it|It was closer than it sounds|It was decided in the last minutes].",
    ),
)

GUESTS = Ways(
    labels=("Guests", "Visitors", "Number of guests", "How many came"),
    plain=Phrases(
        "{Name} had {value} [guests|visitors].",
        "{Name} [drew|attracted|brought together] {value} [guests|visitors|people].",
        "{Value} [people|guests|visitors] came to {whom}.",
        "[The number of guests at|The number of visitors at|The attendance at] {whom} was {value}.",
        "{Names} guests numbered {value}.",
        "{Name} was [watched|attended|visited] by {value} people.",
        "[At the gate of {whom}|At the entrance of {whom}] they counted {value} guests.",
        "For {whom}, {value} tickets were [sold|torn off], one a guest.",
    ),
    reverse=Phrases(
        "{Value} was the number of guests at {whom}.",
        "{Value} [people|guests], [young and old|in all kinds of hats|as counted at the gate], [came to|attended] {whom}.",
        "There were {value} guests at {whom}.",
        "With {value} guests, {name} [kept the helpers busy|was what it was|had the crowd it had].",
        "A crowd of {value} [came to|watched|attended] {whom}.",
        "A total of {value} [guests|visitors|people] came to {whom}.",
        "{Value}: so many people came to {whom}.",
        "{Value} pairs of feet made their way to {whom}, one guest to a pair.",
        "{Value} guests signed or ticked the list at {whom}.",
    ),
    predicate=Phrases(
        "had {value} guests",
        "drew {value} visitors",
        "was attended by {value} people",
        "brought together {value} guests",
        "counted {value} guests",
        "attracted {value} people",
    ),
    apart=Phrases(
        "with {value} guests",
        "attended by {value} people",
        "with {value} visitors",
        "watched by {value} people",
    ),
    noun=Phrases(
        "{a} {sort} with {value} guests",
        "an occasion for {value} guests",
        "{a} {sort} that drew {value} people",
    ),
    whose=Phrases(
        "whose guests numbered {value}",
        "to which {value} people came",
        "whose {value} guests filled the benches",
    ),
    letter=Phrases(
        "[They say|I read|The paper said] that {value} people came to {whom}.",
        "{Value} people came to {whom}, [and every one of them stood in front of me|and I believe we met them all|so do not ask about the queue].",
        "[Imagine:|Just think:|I could hardly believe it:] {value} guests at {whom}.",
        "[How many came to {whom}?|You asked how full it was at {whom}.] {Value} people, by the official count.",
        "[We were two of the|There we stood, among the] {value} people who came to {whom}.",
    ),
    remark=Phrases(
        "[The benches had to be borrowed|The queue for tea was long|Somebody counted hats].",
        "[The sandwiches were gone by two|There was room for all|Everyone found a place somehow].",
        "[The count was done at the gate|A boy with a clicker did the counting|The treasurer kept the stubs].",
        "[Dogs were not counted|Babies counted as one|The band came extra].",
    ),
)
