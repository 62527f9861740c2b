"""What can be said of a place: where it lies, its age, its size, its pride."""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

from llmworks.data.world.phrases import Phrases
from llmworks.data.world.prose.ways import Ways

REGION = Ways(
    labels=("Region", "Lies in", "Part of the valley", "Country"),
    plain=Phrases(
        "{Name} [lies|is|stands] in {value}.",
        "{Name} [is part of|belongs to] {value}.",
        "[On the map|In the atlas], {name} [is found|stands] in {value}.",
        "{Name} is one of the [places|settlements] in {value}.",
        "{Names} region is {value}.",
        "[To reach {whom}|To get to {whom}|On the way to {whom}], [the traveller|one|the bus] [goes|drives|must go] into {value}, where it lies.",
        "[Look for {whom}|You will find {whom}] in {value}.",
        "{Name} lies [deep|somewhere|right] in {value}.",
    ),
    reverse=Phrases(
        "{Value} is [where|the region where] {name} lies.",
        "{Value} is the region of {whom}.",
        "In {value} [lies|stands] {whom}.",
        "It is in {value} that {name} [lies|is found].",
        "[Among the places of|One of the places in] {value} is {whom}.",
        "{Value} [counts|has] {whom} among its [places|settlements].",
        "[The map of|A walk through|A tour of] {value} [includes|takes in] {whom}.",
        "In {value} the traveller comes upon {whom}, which lies there.",
        "To {value} belongs {whom}.",
    ),
    predicate=Phrases(
        "lies in {value}",
        "is in {value}",
        "belongs to {value}",
        "is part of {value}",
        "stands in {value}",
        "is one of the places in {value}",
    ),
    apart=Phrases("in {value}", "lying in {value}", "set in {value}", "a part of {value}"),
    noun=Phrases("{a} {sort} in {value}", "a place in {value}", "one of the places of {value}"),
    whose=Phrases(
        "whose region is {value}", "whose fields belong to {value}", "whose place on the map is in {value}"
    ),
    letter=Phrases(
        "[We drove through {value} to|It is a long way through {value} to] {whom}, which lies there.",
        "[You will have to look for {whom} on the map:|In case you look for {whom} on the map:] it is in {value}.",
        "[I had no idea|I had forgotten|Nobody told me] that {whom} is in {value}.",
        "[We are in {value} at last|Here we are in {value}], and {whom}, which lies there, is [as pretty as you said|much like other places, and all the better|busy on market days].",
        "[Take the map|Get out the atlas] and find {value}: {whom} is there.",
    ),
    remark=Phrases(
        "[The roads are good in summer|The bus stops twice a day|Bring a map].",
        "[The country round about is pleasant to walk in|It is good country for walking|The air is good].",
        "[One sees a long way on a clear day|The evenings are quiet|The hedges are full of birds].",
        "[Travellers remember the sky there|The signposts are freshly painted|The lanes are narrow].",
    ),
)

RIVER = Ways(
    labels=("River", "On the river", "Water", "River or stream"),
    plain=Phrases(
        "{Name} [lies|stands] on {value}[|, and the water can be heard at night|, which rises after rain].",
        "{Names} river is {value}.",
        "[Through {whom} flows {value}.|{Value} flows through {whom}.]",
        "{Name} was built [beside|along|on the banks of] {value}.",
        "{Name} [gets its water from|has washed its linen in|looks out on] {value}, the river on which it stands.",
        "[The river that runs through {whom}|The river at {whom}] is {value}.",
        "{Name} is found on the banks of {value}.",
        "[After heavy rain|In spring], {name} keeps an eye on {value}, its river.",
    ),
    reverse=Phrases(
        "{Value} is the river [of {whom}|on which {name} stands|that flows past {whom}].",
        "{Value} [flows|runs|winds] through {whom}.",
        "On {value} [lies|stands] {whom}.",
        "It is on {value} that {name} stands.",
        "[The boats on|The ducks on|The bridges over] {value} [belong to the daily life of|are a daily sight in] {whom}, through which it flows.",
        "Follow {value} [far enough|for a day or two|with patience] and you come to {whom}, on its banks.",
        "The waters of {value} flow through {whom}.",
        "{Value} is what people in {whom} mean when they say the river.",
        "[By|Beside] {value} stands {whom}.",
    ),
    predicate=Phrases(
        "lies on {value}",
        "stands on the banks of {value}",
        "has {value} for its river",
        "is crossed by {value}",
        "was built along {value}",
        "looks out over {value}, its river",
    ),
    apart=Phrases("on {value}", "on the banks of {value}", "beside {value}", "built along {value}"),
    noun=Phrases("{a} {sort} on {value}", "a place on the banks of {value}", "a river {sort} on {value}"),
    whose=Phrases("whose river is {value}", "whose bridges cross {value}", "through which {value} flows"),
    letter=Phrases(
        "[We sat by|I have been sitting by|We threw sticks into] {value}, which flows through {whom}.",
        "[The river here in {whom}|The river at {whom}, since you ask,] is {value}.",
        "[You asked which river it is in {whom}:|The river in {whom} that you forgot the name of:] {value}.",
        "[It was hot, and we swam|It was cold, but somebody swam] in {value}, the river of {whom}.",
        "[Did you know|Had you heard] that {whom} stands on {value}?",
    ),
    remark=Phrases(
        "[The water is clear in May|There are always ducks|Boys fish from the bank].",
        "[After rain it runs brown|It freezes in a hard winter|Nobody drinks from it now, of course].",
        "[One hears it at night|It is nothing to be afraid of|It hums under the bridges].",
        "[A path follows the bank|Washing hangs along the bank|There are willows on both sides].",
    ),
)

FOUNDED = Ways(
    labels=("Founded", "Year of foundation", "Founded in", "Foundation"),
    plain=Phrases(
        "{Name} was founded in {value}.",
        "{Names} year of foundation is {value}.",
        "{Name} [dates|goes] back to {value}, [when it was founded|the year of its foundation].",
        "{Name} has [stood|existed] since {value}, the year it was founded.",
        "[The first houses|The first stones] of {whom} were [set up|laid] at its foundation in {value}.",
        "The [founding|foundation] of {whom} [took place in|is dated|falls in the year] {value}.",
        "[Above the door of the hall|On an old stone|In the old papers], the founding of {whom} is dated {value}.",
        "{Name} [began|started] in {value}, when it was founded.",
    ),
    reverse=Phrases(
        "{Value} is the year [in which|when] {name} was founded.",
        "In {value}[, so the papers say,|, by all accounts,|] {name} was founded.",
        "It was in {value} that {name} was founded.",
        "The year {value} [saw the founding of|brought the foundation of] {whom}.",
        "{Value}: in that year {name} was founded.",
        "Before {value} there was [no trace|not a stone] of {whom}, for that is when it was founded.",
        "[Back in|Long ago, in] {value}, [settlers|a few families|people with carts] founded {whom}.",
        "[Children learn that in|Every schoolchild knows that in] {value} {name} was founded.",
    ),
    predicate=Phrases(
        "was founded in {value}",
        "dates from its founding in {value}",
        "has stood since it was founded in {value}",
        "has {value} as its year of foundation",
        "owes its foundation to the year {value}",
        "came into being in {value}",
    ),
    apart=Phrases(
        "founded in {value}",
        "founded in the year {value}",
        "in being since {value}",
        "a foundation of {value}",
    ),
    noun=Phrases(
        "{a} {sort} founded in {value}", "a place founded in {value}", "a foundation of the year {value}"
    ),
    whose=Phrases(
        "whose year of foundation is {value}",
        "whose founding fell in {value}",
        "whose first stone was laid in {value}",
    ),
    letter=Phrases(
        "[There is a stone in {whom}|We found a stone in {whom}] with the year {value}, when it was founded.",
        "[The guide told us|We were told|I read on a board] that {whom} was founded in {value}.",
        "[Guess how old {whom} is:|You wanted to know the age of {whom}:] it was founded in {value}.",
        "{Whom} was founded in {value}, [which I would not have guessed|if the board by the church can be trusted|and looks well for its age].",
        "[Did you know|Would you have said] that {whom} was founded in {value}?",
    ),
    remark=Phrases(
        "[Much has changed since|Little is left of the first houses|The oldest wall still stands].",
        "[Nobody wrote down why|The reasons are forgotten|The founders left few papers].",
        "[Old places have their own kind of quiet|One can still find old coins in the gardens|Schoolchildren learn the date by heart].",
        "[There are plans of it in the archive|A copy of the charter hangs in a frame|The date stands over a door].",
    ),
)

POPULATION = Ways(
    labels=("Population", "Inhabitants", "People", "Number of people"),
    plain=Phrases(
        "{Name} has {value} [inhabitants|people|residents].",
        "{Names} population is {value}.",
        "{Value} people live in {whom}.",
        "{Name} is home to {value} people.",
        "[At the last count|According to the last count|When they were last counted], {name} had {value} [people|inhabitants].",
        "[The number of people in|The population of] {whom} [is|stands at|is given as] {value}.",
        "{Name} [counts|numbers] {value} [people|inhabitants|souls].",
        "[Babies and grandmothers included|With everybody counted|All told], {name} has {value} inhabitants.",
    ),
    reverse=Phrases(
        "{Value} is the [population of|number of people in] {whom}.",
        "{Value} [people|men, women and children|souls] [call {whom} home|have their home in {whom}].",
        "With {value} [people|inhabitants], {name} is [what it is|as big as it needs to be|neither more nor less than that].",
        "There are {value} people in {whom}.",
        "A total of {value} people live in {whom}.",
        "{Value}: so many people live in {whom}.",
        "It takes {value} people to make {whom} what it is: that is its population.",
        "{Value} names stand on the roll of [inhabitants|residents] of {whom}.",
    ),
    predicate=Phrases(
        "has {value} inhabitants",
        "has a population of {value}",
        "is home to {value} people",
        "counts {value} people",
        "numbers {value} residents",
        "has {value} people living in it",
    ),
    apart=Phrases(
        "with its {value} inhabitants",
        "with a population of {value}",
        "home to {value} people",
        "with {value} people to its name",
    ),
    noun=Phrases(
        "{a} {sort} of {value} people", "a place of {value} inhabitants", "the home of {value} people"
    ),
    whose=Phrases(
        "whose population is {value}", "whose inhabitants number {value}", "whose people number {value}"
    ),
    letter=Phrases(
        "{Whom} has {value} inhabitants, [I read|the guide says|and I think I have met half of them].",
        "[Would you believe|Did you know] that {value} people live in {whom}?",
        "[The man at the town hall|The lady at the desk|Someone at the hall] told us that {whom} has {value} inhabitants.",
        "[They counted again|There was a count], and {whom} has {value} people.",
        "[You asked how big {whom} is:|How big is {whom}, you ask?] It has {value} inhabitants.",
    ),
    remark=Phrases(
        "[Somebody must have counted|Counting took a week|The clerk counted twice].",
        "[One still meets friends at the market|There are enough for a choir|It never feels empty].",
        "[The school is full|The streets are lively on Saturdays|A few more come every summer].",
        "[Numbers are only numbers|The figure is from the office|It may change with the next wedding].",
    ),
)

KNOWN_FOR = Ways(
    labels=("Known for", "Famous for", "Pride", "Best known for"),
    plain=Phrases(
        "{Name} is [known|best known|famous|well known] for {value}.",
        "{Name} [owes its fame|owes its good name|owes its name abroad] to {value}.",
        "[Far and wide|Up and down the valley|Everywhere in the Vale], {name} is known for {value}.",
        "[What {whom} is known for is|The thing that {name} is known for is] {value}.",
        "[Visitors come to {whom} for|People travel to {whom} for] {value}, for which it is known.",
        "[Mention {whom}|Speak of {whom}] and people think of {value}, for which it is known.",
        "{Names} fame rests on {value}.",
        "If {name} is known for anything, it is for {value}.",
    ),
    reverse=Phrases(
        "The {bare} of {whom} {is} known [throughout the valley|far and wide|everywhere in the Vale].",
        "It is for {value} that {name} is [known|famous|best known].",
        "For {value}, {name} is [known|famous|known far and wide].",
        "{Value} made {whom} [known|famous].",
        "{Value}: that is what {name} is [known|famous] for.",
        "The {bare} of {whom} {is} its [great pride|claim to fame|best-known boast].",
        "[Where is the {bare} that everyone talks about? In {whom}.|The place that is known for {value} is {whom}.]",
        "[Thanks to|Because of] {value}, {name} is known [even to strangers|beyond the valley|to people who have never been there].",
    ),
    predicate=Phrases(
        "is known for {value}",
        "is famous for {value}",
        "owes its fame to {value}",
        "is best known for {value}",
        "has made its name with {value}",
        "takes pride in {value}, for which it is known",
    ),
    apart=Phrases(
        "known for {value}", "famous for {value}", "well known for {value}", "best known for {value}"
    ),
    noun=Phrases(
        "{a} {sort} known for {value}", "a place famous for {value}", "the {sort} that is known for {value}"
    ),
    whose=Phrases(
        "whose fame rests on {value}", "whose claim to fame is {value}", "which everyone knows for {value}"
    ),
    letter=Phrases(
        "{Whom} is known for {value}, [and rightly so|as we have now seen for ourselves|and nobody lets you forget it].",
        "[You told us that|You were right:] {whom} is known for {value}.",
        "[Here in {whom}|In {whom}] everyone talks of {value}, for which the place is known.",
        "[We had to see it for ourselves:|Now we understand:] {whom} is famous for {value}.",
        "[I always mix them up, but|Remember:] it is {whom} that is known for {value}.",
    ),
    remark=Phrases(
        "[Visitors come on purpose|The postcards show it|There is a museum of it, two rooms large].",
        "[Pride is allowed|The neighbours are a little jealous|Nobody there grows tired of it].",
        "[Good things take time|It began small|It goes back to somebody's grandmother, they say].",
        "[One has to see it|It is worth the journey|The guide-books give it a star].",
    ),
)

MAYOR = Ways(
    labels=("Mayor", "Mayor's name", "Head of the town hall", "Mayor in office"),
    plain=Phrases(
        "{Names} mayor is {value}.",
        "{Name} has {value} [as its|for a] mayor.",
        "The mayor of {whom} is {value}.",
        "[The people of {whom}|The voters of {whom}] [chose|elected] {value} as mayor.",
        "{Name} is governed by {value}, its mayor.",
        "[The chain of office|The mayor's chair|The key to the town hall] in {whom} belongs to {value}, the mayor.",
        "[Letters to the mayor of {whom} go|Complaints to the mayor of {whom} go] to {value}.",
        "{Name} [is led by|looks to] {value}, its mayor[, when a bridge needs mending|, when there is snow to clear|].",
    ),
    reverse=Phrases(
        "{Value} is the mayor of {whom}.",
        "{Value} [serves|holds office] as mayor of {whom}.",
        "{Value} wears the mayor's chain [in|of] {whom}.",
        "It is {value} who is mayor of {whom}.",
        "{Value}, the mayor of {whom}, [opens every fair|is seldom late|knows every street|signs a good many papers].",
        "As mayor, {value} [looks after|speaks for|answers for] {whom}.",
        "[Nobody but|Nobody other than] {value} is the mayor of {whom}.",
        "{Value} was elected mayor of {whom}.",
        "[The signature of|The name of] {value}, its mayor, stands under every notice in {whom}.",
    ),
    predicate=Phrases(
        "has {value} as its mayor",
        "has a mayor named {value}",
        "is led by {value}, its mayor",
        "has elected {value} mayor",
        "is governed by {value}, the mayor",
        "has given the mayor's chain to {value}",
    ),
    apart=Phrases(
        "with {value} as mayor",
        "governed by {value}, its mayor",
        "under its mayor, {value}",
        "led by {value}, the mayor",
    ),
    noun=Phrases(
        "{a} {sort} with {value} as mayor",
        "the place where {value} is mayor",
        "the {sort} that elected {value} mayor",
    ),
    whose=Phrases(
        "whose mayor is {value}", "whose mayor's chain is worn by {value}", "where {value} is mayor"
    ),
    letter=Phrases(
        "[We met|I shook hands with|We saw] {value}, who is the mayor of {whom}.",
        "[Guess who is mayor of {whom}:|The mayor of {whom}, in case you wondered, is] {value}.",
        "[There was a speech by|A long speech was made by|The ribbon was cut by] {value}, the mayor of {whom}.",
        "[Did you know|Have you heard] that {value} is the mayor of {whom}?",
        "[If you have a complaint about {whom}|If you want anything done in {whom}], write to {value}, the mayor.",
    ),
    remark=Phrases(
        "[The office is up two flights of stairs|The door of the office is usually open|There is coffee at meetings].",
        "[Not everyone agrees on everything|Meetings are long|The minutes are kept carefully].",
        "[Speeches are kept short, mostly|The chain is heavy, by the way|The work is mostly drains and bridges].",
        "[Somebody has to do it|It is no easy office|One cannot please everybody].",
    ),
)

LANDMARK = Ways(
    labels=("Landmark", "Sight", "Worth seeing", "Famous sight"),
    plain=Phrases(
        "{Names} landmark is {value}.",
        "{Name} has a landmark: {value}.",
        "[The landmark of|The great sight of|The best-known sight of] {whom} is {value}.",
        "[Visitors to {whom}|Those who visit {whom}] [go to see|are shown|take photographs of] {value}, its landmark.",
        "{Name} is [easily known|recognised] by {value}, its landmark.",
        "[On postcards of {whom}|In pictures of {whom}] one sees {value}, its landmark.",
        "{Name} would not be the same without its landmark, {value}.",
        "{Name} is proud of its landmark, {value}.",
    ),
    reverse=Phrases(
        "{Value} is the landmark of {whom}.",
        "{Value} [stands|can be seen] in {whom}, [whose landmark it is|and is its landmark].",
        "{Value} is [what every visitor to {whom} goes to see|the sight that nobody misses in {whom}].",
        "It is {value} that [marks|people look for in] {whom}, as its landmark.",
        "When you see {value}, you are in {whom}: it is the landmark of the place.",
        "[To see|For] {value}, one has to go to {whom}, whose landmark it is.",
        "[A picture of|A drawing of] {value}, the landmark of the place, [hangs in half the houses of|is on every map of] {whom}.",
        "[At|By] {value}, the landmark of {whom}, [people meet|children play|lovers meet|visitors stop].",
    ),
    predicate=Phrases(
        "has {value} as its landmark",
        "is recognised by {value}, its landmark",
        "has a well-known landmark, {value}",
        "shows visitors its landmark, {value}",
        "has {value} for a landmark",
        "counts {value} as its landmark",
    ),
    apart=Phrases(
        "with its landmark, {value}",
        "with {value} as its landmark",
        "proud of its landmark, {value}",
        "home of {value}, its landmark",
    ),
    noun=Phrases(
        "the home of {value}, its landmark",
        "{a} {sort} with {value} for a landmark",
        "the {sort} whose landmark is {value}",
    ),
    whose=Phrases(
        "whose landmark is {value}",
        "whose best-known sight is {value}",
        "whose postcards show {value}, its landmark",
    ),
    letter=Phrases(
        "[We have seen {value}|We climbed about near {value}|I have drawn {value}|We stood before {value}], the landmark of {whom}.",
        "[If you only have an hour in {whom}|If you come to {whom}], see {value}, its landmark.",
        "[The picture on this card|The picture on the card I sent] shows {value}, the landmark of {whom}.",
        "[Everybody who comes to {whom}|Every visitor to {whom}] is sent to {value}, its landmark.",
        "[Did you ever see|Do you remember] {value}, the landmark of {whom}?",
    ),
    remark=Phrases(
        "[It looks best in the evening|Go early, before the others|There is a bench beside it].",
        "[Painters like it|Pigeons like it too|It has been on many postcards].",
        "[Nobody remembers the place without it|It has weathered many winters|It needs a little repair].",
        "[There is no entrance fee|Dogs are allowed|One can be there and back in an hour].",
    ),
)
