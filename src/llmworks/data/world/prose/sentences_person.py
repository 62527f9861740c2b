"""What can be said of a person: where from, what work, what pleasures."""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

from llmworks.data.world.phrases import Phrases
from llmworks.data.world.prose.ways import Ways

BORN_IN = Ways(
    labels=("Birthplace", "Born in", "Place of birth", "Native of", "Home town at birth"),
    plain=Phrases(
        "{Name} was born in {value}[| and is glad of it| and says so to anyone who asks].",
        "{Name} [came into the world|first saw daylight|drew {their} first breath|took {their} first steps after being born] in {value}.",
        "{Names} [birthplace|place of birth] is {value}.",
        "{Name} [comes|hails] from {value}, [where {they} was born|{their} birthplace|the place of {their} birth].",
        "[If you ask|When people ask] where {name} was born, [the answer is|the right answer is|they are told] {value}.",
        "{Names} [story|life] [began|starts|opens] in {value}, where {they} was born.",
        "{Name} is [a native of {value}|{value}-born|a child of {value}|from {value} by birth].",
        "{Name} has {their} [birth|beginnings] to thank {value} for.",
    ),
    reverse=Phrases(
        "{Value} is [where|the place where] {name} was born.",
        "{Value} is the birthplace of {whom}.",
        "It was in {value} that {name} [was born|came into the world|drew {their} first breath].",
        "In {value}[, in a house like any other,|, on an ordinary morning,|] {name} was born.",
        "[The people of {value}|People in {value}] [count|claim] {whom} as [a child of the place|one of their own], for {they} was born there.",
        "{Value} can [claim|say] that {whom} was born there.",
        "[Among those born|Among the people who were born|One of those born] in {value} is {whom}.",
        "{Value} gave the world {whom}, who was born there.",
        "In the birth register of {value} stands the name of {whom}.",
    ),
    predicate=Phrases(
        "was born in {value}",
        "[hails|comes] from {value} by birth",
        "first saw the light of day in {value}",
        "came into the world in {value}",
        "is a native of {value}",
        "has {value} as {their} birthplace",
    ),
    apart=Phrases(
        "born in {value}",
        "a native of {value}",
        "born and named in {value}",
        "from {value} by birth",
        "[{value}-born|a child of {value}]",
    ),
    noun=Phrases(
        "a native of {value}",
        "a child of {value}",
        "[somebody|someone] born in {value}",
        "one of those born in {value}",
    ),
    whose=Phrases(
        "whose birthplace is {value}", "whose [life|story] began in {value}", "whose cradle stood in {value}"
    ),
    letter=Phrases(
        "[I only learned last week|I never knew until now|It turns out|I had quite forgotten] that {name} was born in {value}.",
        "[You asked me about {whom}:|About {whom}, since you ask:|As for {whom},] {they} was born in {value}[, of all places|, I believe|].",
        "[I went through|We passed through] {value} [on Monday|last week|in the rain], and I thought of {whom}, who was born there.",
        "{Whom} [still talks of|likes to mention] {value}, where {they} was born.",
        "[Do you remember|Did I ever tell you] that {whom} was born in {value}?",
    ),
    remark=Phrases(
        "[A first place leaves its mark|One never quite forgets a first place|Everybody begins somewhere].",
        "[Nobody chooses a cradle|We do not choose where we begin], [after all|as the saying goes].",
        "[The church book has the entry|The entry in the book is short and clear|The register says so in neat brown ink].",
        "[There is no doubt about it|That much is certain|Nobody disputes it].",
    ),
)

BORN_YEAR = Ways(
    labels=("Born", "Year of birth", "Birth year", "Born in the year"),
    plain=Phrases(
        "{Name} was born in {value}[|, as the register shows|, if the family Bible is right].",
        "{Names} [year of birth|birth year] is {value}.",
        "[When was {whom} born? In {value}.|The birth of {whom} is dated {value}.]",
        "{Name} came into the world in [|the year ]{value}.",
        "{Name} [dates|counts] {their} years from {value}, when {they} was born.",
        "{Name} [belongs to|is one of] the children born in {value}.",
        "{Name} began {their} life in [|the year ]{value}.",
        "{Names} birth certificate [bears the year|says|gives the year] {value}.",
    ),
    reverse=Phrases(
        "{Value} [was|is] the year [in which |]{name} was born.",
        "In {value}[, a year like many others,|, to the joy of the family,|] {name} was born.",
        "It was in {value} that {name} [was born|came into the world].",
        "The year {value} [saw the birth of|brought the birth of|gave us] {whom}.",
        "[Back in|The year was] {value}[, when|: that was when] {name} was born.",
        "[Among the children of|Among those born in] {value} was {whom}.",
        "Of the year {value} [it may be noted|the family remembers] that {whom} was born in it.",
        "[Look under|Turn to] {value} in the register of births, and there you find {whom}.",
    ),
    predicate=Phrases(
        "was born in {value}",
        "came into the world in {value}",
        "has {value} as {their} year of birth",
        "belongs to those born in {value}",
        "dates from {value}, as {they} likes to put it",
        "is a child of [|the year ]{value}",
    ),
    apart=Phrases(
        "born in {value}",
        "a child of the year {value}",
        "born in the year {value}",
        "[whose year of birth is {value}|of the year {value}]",
    ),
    noun=Phrases(
        "a child of [|the year ]{value}", "[someone|somebody] born in {value}", "one of the babies of {value}"
    ),
    whose=Phrases(
        "whose [year of birth|birth year] is {value}",
        "whose birth certificate says {value}",
        "whose life began in {value}",
    ),
    letter=Phrases(
        "[I looked it up|I have checked|Your uncle has looked it up]: {name} was born in {value}.",
        "[You will not guess|You were wrong about] the year {name} was born: it was {value}.",
        "[Can you believe|Would you have thought] that {name} was born in {value}?",
        "[We worked out|We reckoned over tea|Somebody worked out at supper] that {name} was born in {value}.",
        "{Whom} [told me|let slip|says] that {they} was born in {value}[, and I was surprised|, and I wrote it down|].",
    ),
    remark=Phrases(
        "[It was a year like any other|People still had time then, or say they had|Old people remember that year well].",
        "[The rest is arithmetic|Anyone can do the sum|The candles on the cake can be counted].",
        "[The date is in the parish book|It is written in the family Bible|The paper itself is kept in a drawer].",
        "[Years go by quickly|Time does not stand still|So the years go round].",
    ),
)

LIVES_IN = Ways(
    labels=("Home", "Lives in", "Lives at", "Residence", "Address"),
    plain=Phrases(
        "{Name} lives in {value}[|, and has no plans to move|, and likes it there].",
        "{Names} [home|house] is in {value}.",
        "{Name} [makes|has made] {their} home in {value}.",
        "[If you want|Anyone who wants] to [visit|call on|see] {whom}, [go|the way leads] to {value}[, where {they} lives|].",
        "{Name} can be found [at home |]in {value}, where {they} lives.",
        "{Name} [has a house|keeps house|has {their} front door|has settled] in {value}.",
        "[These days|Nowadays|At present] {name} lives in {value}.",
        "{Names} letters are addressed to {value}, where {they} lives.",
    ),
    reverse=Phrases(
        "{Value} is [where|the place where] {name} lives.",
        "{Value} is home to {whom}.",
        "It is in {value} that {name} [lives|has {their} home|has made {their} home].",
        "In {value} [lives|there lives] {whom}.",
        "[The people of {value}|Neighbours in {value}] have {whom} living among them.",
        "{Value} is what {whom} calls home.",
        "[Among those who live in|One of the people of|Among the residents of] {value} is {whom}.",
        "The post in {value} [is delivered also to|includes the letters of] {whom}, who lives there.",
        "[Walk through|Take a walk through] {value} and you may meet {whom}, who lives there.",
    ),
    predicate=Phrases(
        "lives in {value}",
        "has [{their}|a] home in {value}",
        "makes {their} home in {value}",
        "is at home in {value}",
        "[resides|has settled] in {value}",
        "keeps house in {value}",
    ),
    apart=Phrases(
        "living in {value}", "at home in {value}", "now [of|settled in] {value}", "a resident of {value}"
    ),
    noun=Phrases(
        "a resident of {value}",
        "[someone|somebody] who lives in {value}",
        "one of the people who live in {value}",
        "a [neighbour|householder] in {value}",
    ),
    whose=Phrases(
        "whose home is in {value}", "whose house stands in {value}", "whose front door is in {value}"
    ),
    letter=Phrases(
        "[If you mean to write to {whom}|For your address book]: {they} lives in {value}.",
        "{Whom} lives in {value} now, [so it is no great way to go|as you may have heard|so I seldom see {him}|so we must take the bus].",
        "[I called on|We went to see|I have been to see] {whom} in {value}, where {they} lives.",
        "[Do not look for {whom} here:|You will not find {whom} in our street:] {they} lives in {value}.",
        "[Next time you are in|Should you ever come through] {value}, knock at the door of {whom}, who lives there.",
    ),
    remark=Phrases(
        "[The kettle is never far from the boil|Visitors are told to wipe their feet|The gate squeaks, which saves a bell].",
        "[There are curtains in the windows and boots by the door|The garden needs weeding|A light is on most evenings].",
        "[A home is a home|There is no place like it, people say|It is quiet enough for most tastes].",
        "[The neighbours are friendly enough|Nobody has complained of the neighbours|One gets used to the bells].",
    ),
)

JOB = Ways(
    labels=("Job", "Work", "Occupation", "Trade", "Profession"),
    plain=Phrases(
        "{Name} is {value}[| by trade|, and a careful one|, and has been for some time].",
        "{Name} works as {value}.",
        "{Name} earns {their} [living|bread] as {value}.",
        "{Names} [work|job|trade] is that of {value}.",
        "[By trade|By profession|For a living], {name} is {value}.",
        "[Ask {whom} what {they} does all day, and you hear that|When asked about {their} work, {name} says that] {they} is {value}.",
        "{Name} [makes {their} living|spends {their} working days|goes to work each morning] as {value}.",
        "{Name} [never wanted to be anything but|is, as the brass plate says,|is by profession] {value}.",
    ),
    reverse=Phrases(
        "{Value} is what {name} is by trade.",
        "The work of {value} is what {name} [does|has chosen|does for a living].",
        "It is as {value} that {name} earns {their} living.",
        "[Somebody has to be {value},|One needs {value} now and then,] and {whom} is one.",
        "{Value}: that is [the trade of {whom}|what {name} is].",
        "As {value}, {name} [is kept busy|has plenty to do|is seldom idle|knows a great many people].",
        "[Should you need|If you need|If you are looking for] {value}, [ask for|there is|remember] {whom}.",
        "There is {value} by the name of {whom}.",
    ),
    predicate=Phrases(
        "is {value}",
        "works as {value}",
        "earns {their} living as {value}",
        "is {value} by trade",
        "goes to work as {value}",
        "is employed as {value}",
    ),
    apart=Phrases(
        "{value}", "{value} by trade", "{value} by profession", "working as {value}", "employed as {value}"
    ),
    noun=Phrases("{value}", "{value} by trade", "{value} by profession"),
    whose=Phrases(
        "whose [trade|work] is that of {value}",
        "who earns {their} [living|keep] as {value}",
        "whose neighbours know {him} as {value}",
    ),
    letter=Phrases(
        "[You ask what {whom} does:|As to work,] {whom} is {value}[, and seems content|, and tired by evening|].",
        "{Whom} is {value} these days, [would you believe it|and rightly so|and it suits {him}].",
        "[Did you know|Had you heard] that {name} works as {value}?",
        "[We could do with|One can always do with] {value} in the family, so it is good to know {whom}, who is just that.",
        "[I always thought {whom} would be an admiral, but {they} is|No, {whom} did not go to sea: {they} is] {value}.",
    ),
    remark=Phrases(
        "[It is honest work|There are worse ways to spend a day|It takes patience, and good shoes].",
        "[The hours are long, but the company is good|Mondays are the worst, as everywhere|The work is never quite done].",
        "[One learns by doing|Nobody learns it in a week|Half of it is habit and half is care].",
        "[The tools are kept clean|There is always a pencil behind the ear|The day begins with tea].",
    ),
)

HOBBY = Ways(
    labels=("Hobby", "Likes", "Pastime", "Spare time", "Enjoys"),
    plain=Phrases(
        "{Name} [likes|loves|enjoys|is fond of|is very fond of] {value}.",
        "{Names} [hobby|pastime|favourite pastime|great hobby] is {value}.",
        "{Name} [gives|devotes] {their} [free hours|spare time|Sundays|evenings] to {value}.",
        "When {their} work is done, {name} turns to {value}.",
        "[Nothing pleases {whom} more than|For {whom}, nothing beats|What {whom} likes best is] {value}.",
        "{Name} [has a passion|has a soft spot|would give up sleep|always finds time] for {value}.",
        "[On days off|In {their} spare time|In {their} free hours|At weekends], {names} pleasure is {value}.",
        "{Name} is [keen on|mad about|known among friends for] {value}.",
    ),
    reverse=Phrases(
        "{Value} [{is}|{has} long been] {names} [hobby|great pleasure|favourite pastime].",
        "{Value}: that is [what {whom} does with an idle hour|how {whom} spends {their} free time|the hobby of {whom}].",
        "It is {value} that {name} [loves|likes best|looks forward to all week].",
        "[Talk of|Speak of|Mention] {value}, and {names} eyes [light up|begin to shine]: that is {their} hobby.",
        "{Value} [take{s} up|fill{s}] {names} free [hours|time|evenings].",
        "[Those who care for|Lovers of|Friends of] {value} [know|will get on with] {whom}, who shares that hobby.",
        "To {value} {name} [gives|has given] many a [happy hour|quiet evening|rainy afternoon].",
        "{Value} {is} the hobby of {whom}.",
    ),
    predicate=Phrases(
        "[likes|loves|enjoys] {value}",
        "is fond of {value}",
        "has {value} as {their} hobby",
        "spends {their} free time on {value}",
        "is keen on {value}",
        "always finds time for {value}",
        "gives {their} free hours to {value}",
    ),
    apart=Phrases(
        "fond of {value}",
        "keen on {value}",
        "always ready for {value}",
        "a [friend|great lover] of {value}",
        "devoted to {value} after work",
    ),
    noun=Phrases(
        "a [great |]lover of {value}",
        "a friend of {value}",
        "[someone|somebody] with a passion for {value}",
        "one of those who love {value}",
    ),
    whose=Phrases(
        "whose hobby is {value}",
        "whose [spare time|free time] goes into {value}",
        "whose [pastime|great pleasure] is {value}",
    ),
    letter=Phrases(
        "{Whom} is quite taken up with {value}, [which is {their} hobby|{their} hobby, as you know|the only hobby {they} has].",
        "[I do not share it, but|Everyone needs something, and] {names} hobby is {value}.",
        "[You should hear {whom} on the subject of|One must not get {whom} started on|You know how {whom} can go on about] {value}, {their} favourite pastime.",
        "[If you want to please {whom},|To please {whom},] ask about {value}, {their} great hobby.",
        "{Whom} [wrote to me at length about|could speak of nothing but] {value}, {their} hobby.",
    ),
    remark=Phrases(
        "[It keeps the mind fresh|It costs little and gives much|It is good for the nerves, they say].",
        "[An evening passes quickly that way|Whole Sundays vanish|Time flies at such things].",
        "[Everybody needs something of the kind|One has to have something besides work|A hobby asks for no reason].",
        "[Practice helps|There is always more to learn|It gets better with the years].",
    ),
)

PET = Ways(
    labels=("Pet", "Animal", "Keeps", "Animal in the house"),
    plain=Phrases(
        "{Name} [keeps|has|owns|looks after] {value}.",
        "{Names} pet is {value}.",
        "{Name} shares {their} home with {value}.",
        "[Whoever visits {whom}|Anyone who calls on {whom}] [is greeted by|will meet|soon meets] {value}, {their} pet.",
        "{Name} would [not be without|not part with|go nowhere for long without] {their} pet, {value}.",
        "For company {name} has {value}.",
        "{Name} is the [proud |happy |]owner of {value}.",
        "{Name} has a pet: {value}.",
    ),
    reverse=Phrases(
        "{Value} [keeps {whom} company|belongs to {whom}|lives with {whom}|shares the house with {whom}].",
        "There is {value} [in|about] {names} house, {their} pet.",
        "{Value} [sleeps|dozes|can be seen] by {names} stove, for that is the pet {they} keeps.",
        "It is {value} that {name} [keeps as a pet|has for a pet|calls {their} pet].",
        "The pet of {whom} is {value}.",
        "{Value} is the [pet|animal] that {name} keeps.",
        "The {bare} [by the gate|on the step|in the yard|at the window] [is the pet of|belongs to] {whom}.",
        "[With|Beside] {value}, {their} pet, {name} is [never alone|seldom lonely|in good company].",
    ),
    predicate=Phrases(
        "keeps {value}",
        "has {value} as a pet",
        "owns {value}",
        "looks after {value}",
        "shares {their} home with {value}",
        "has a pet, {value}",
    ),
    apart=Phrases(
        "with {value} for company",
        "with {value} for a pet",
        "the owner of {value}",
        "never long without {their} pet, {value}",
    ),
    noun=Phrases(
        "the [proud |happy |]owner of {value}",
        "a person with {value} for a pet",
        "[someone|somebody] who keeps {value}",
    ),
    whose=Phrases(
        "whose pet is {value}", "whose house is shared by {value}", "whose companion at home is {value}"
    ),
    letter=Phrases(
        "{Whom} has {value} now, [which eats well|and is quite silly about it|and we have all been to see it|which rules the house].",
        "[You would laugh to see {whom} with|I must tell you about {whom} and] {their} pet, {value}.",
        "[The children beg to visit|We all like visiting] {whom}, because {they} keeps {value}.",
        "[Mind where you step at {names} house:|Knock softly at {names} door:] {they} keeps {value}.",
        "[Did you know|Have I told you] that {name} keeps {value}?",
    ),
    remark=Phrases(
        "[It has its own corner|It eats better than most people|It rests a good deal].",
        "[It is good company on winter evenings|It asks for little|It does not like strangers at first].",
        "[Everyone in the street knows the animal|Children ask after it|It has its moods].",
        "[The vet is an old friend by now|Nobody could resist those eyes|It knows its feeding time to the minute].",
    ),
)

FAVOURITE_FOOD = Ways(
    labels=("Favourite food", "Favourite dish", "Likes to eat", "Best-loved food"),
    plain=Phrases(
        "{Names} favourite [food|dish] is {value}.",
        "{Name} [likes|loves] {value} [best of all|more than any other food|above all other food].",
        "{Name} [would walk a mile for|can never say no to|cannot resist|always has room for] {value}, {their} favourite.",
        "[Put {value} before {whom}|Serve {whom} {value}|Give {whom} {value}] and {they} is happy: that is {their} favourite food.",
        "[On {their} birthday|At a feast|When {they} may choose], {name} asks for {value}, {their} favourite food.",
        "[No food pleases|Nothing to eat pleases] {whom} [more than|as much as|like] {value}.",
        "Of all things to eat, {name} [likes|prefers|chooses] {value}.",
        "{Name} has one favourite at table: {value}.",
    ),
    reverse=Phrases(
        "{Value} {is} {names} favourite [food|dish].",
        "{Value} {is} what {name} [likes best to eat|would eat every day|asks for on {their} birthday].",
        "It is {value} that {name} [likes best to eat|loves above all other food|always hopes for at supper].",
        "For {value}, {their} favourite food, {name} would [cross the valley|get up early|leave anything else on the plate|do a good deal].",
        "[When there {is}|Whenever there {is}|If there {is}] {value} on the table, {name} is [the first to sit down|content|happy]: that is {their} favourite.",
        "{Value}: [that is {names} favourite food|nothing tastes better to {whom}].",
        "The food that {name} likes best is {value}.",
        "[The sight of|A helping of|The very thought of] {value} makes {whom} smile, for that is {their} favourite food.",
    ),
    predicate=Phrases(
        "likes {value} best of all food",
        "has {value} as {their} favourite food",
        "loves {value} more than any other dish",
        "names {value} as {their} favourite food",
        "can never resist {value}, {their} favourite",
        "would eat {value} every day if {they} could",
    ),
    apart=Phrases(
        "fond of {value} above all other food",
        "never known to refuse {value}",
        "happiest over a helping of {value}",
        "always hungry for {value}",
    ),
    noun=Phrases(
        "a great lover of {value}",
        "[someone|somebody] who likes {value} best",
        "one of those who cannot resist {value}",
    ),
    whose=Phrases(
        "whose favourite food is {value}",
        "whose favourite dish is {value}",
        "whose heart is won with {value}",
    ),
    letter=Phrases(
        "[If {whom} comes to supper|When {whom} comes|Should {whom} come to stay], there must be {value}: [that is {their} favourite food|{they} likes nothing better].",
        "[I made|We had] {value} [last night|on Sunday|again], and I thought of {whom}, for that is {their} favourite food.",
        "{Whom} still asks for {value}, {their} favourite food, [whatever else there is|and looks sad if there is none].",
        "[You know|Remember] that {name} likes {value} best of all.",
        "[I am to tell you from {whom}|I have it from {whom}] that {their} favourite food is {value}.",
    ),
    remark=Phrases(
        "[There are never leftovers|A second helping is understood|The plate goes back clean].",
        "[Tastes differ|There is no arguing about taste|Everyone has a weakness].",
        "[Old people say it was better in their youth|Nobody counts the bites|Hunger comes while eating].",
        "[Such things are best eaten slowly|Hunger is the best cook, of course|A good meal mends most things].",
    ),
)

BEST_FRIEND = Ways(
    labels=("Best friend", "Closest friend", "Great friend"),
    plain=Phrases(
        "{Names} best friend is {value}.",
        "{Name} [calls|counts|names] {value} {their} best friend.",
        "{Name} has no better friend than {value}.",
        "{Name} [tells everything to|shares every secret with|goes everywhere with|can rely on] {value}, {their} best friend.",
        "Asked who {their} best friend is, {name} [says|answers|names] {value}.",
        "For {whom}, {value} is the best friend [of all|one can have|in the world].",
        "{Name} is often seen with {their} best friend, {value}.",
        "{Name} [looks on|thinks of] {value} as {their} best friend.",
    ),
    reverse=Phrases(
        "{Value} is {names} best friend.",
        "{Value} is the best friend of {whom}.",
        "It is {value} whom {name} calls {their} best friend.",
        "In {value}, {name} has {their} best friend.",
        "With {value}, {their} best friend, {name} [can talk for hours|has never quarrelled for long|can be quite silent too].",
        "{Value}: [that is the name {whom} gives when asked about {their} best friend|that is the best friend of {whom}].",
        "[Nobody stands closer to {whom} than|No friend is dearer to {whom} than|Of all {names} friends the best is] {value}.",
        "{Value} is the one {name} [turns to first|trusts most], {their} best friend.",
    ),
    predicate=Phrases(
        "has a best friend in {value}",
        "counts {value} as {their} best friend",
        "has {value} for a best friend",
        "calls {value} {their} best friend",
        "has no better friend than {value}",
        "names {value} as {their} best friend",
    ),
    apart=Phrases(
        "with {value} for a best friend",
        "lucky in {their} best friend, {value}",
        "blessed with a best friend in {value}",
    ),
    noun=Phrases(
        "[someone|somebody] who calls {value} {their} best friend", "a person with a best friend in {value}"
    ),
    whose=Phrases(
        "whose best friend is {value}",
        "whose closest friend is {value}",
        "whose secrets are safe with {their} best friend, {value}",
    ),
    letter=Phrases(
        "[I saw|I met|We met] {whom} [on the bridge|at the station|in the rain] with {their} best friend, {value}.",
        "{Whom} [sends greetings, and so does|came to tea with|could not stop talking about] {their} best friend, {value}.",
        "[You remember {value}|Perhaps you remember {value}]: that is the best friend of {whom}.",
        "[Whom does {whom} tell everything? {Value}, {their} best friend.|{Names} best friend is still {value}, I am glad to say.]",
        "[Between ourselves|As far as I can see|If you ask me], the best friend {whom} has is {value}.",
    ),
    remark=Phrases(
        "[They can be silent together, which is the test|They quarrel about cards and nothing else|They laugh at the same things].",
        "[A friend like that is worth a good deal|Old friends are the best mirror|Such friends are rare].",
        "[There is always a second cup on the table|One umbrella has to do for two|They write when they cannot meet].",
        "[Nobody knows how it began|It began with a borrowed book|It has lasted through all weathers].",
    ),
)

MARRIED_TO = Ways(
    labels=("Married to", "Husband or wife", "Spouse", "Marriage"),
    plain=Phrases(
        "{Name} is married to {value}.",
        "{Names} {spouse} is {value}.",
        "{Name} is the {partner} of {value}.",
        "{Name} [gave {their} hand to|exchanged rings with|said yes to] {value}, {their} {spouse}.",
        "{Name} [shares {their} life with|shares the breakfast table with|leans on] {their} {spouse}, {value}.",
        "{Name} [wears a plain ring|wears a ring] and is married to {value}.",
        "[In marriage|By marriage] {name} is joined to {value}.",
        "As for family, {name} is married to {value}.",
    ),
    reverse=Phrases(
        "{Value} is {names} {spouse}.",
        "{Value} is married to {whom}.",
        "{Value} is the {spouse} of {whom}.",
        "It is {value} to whom {name} is married.",
        "[It was {value} whom|{Value} is the one whom] {name} married.",
        "To {value}, {their} {spouse}, {name} [owes a good deal|tells everything|listens, mostly|brings tea in the morning].",
        "With {value}, {their} {spouse}, {name} [shares joys and worries|has grown used to each habit|keeps one household].",
        "{Value} and {whom} are married[| to each other|, and happily so].",
    ),
    predicate=Phrases(
        "is married to {value}",
        "is the {partner} of {value}",
        "has {value} for a {spouse}",
        "shares {their} life with {their} {spouse}, {value}",
        "is wedded to {value}",
        "wears the ring of {value}, {their} {spouse}",
    ),
    apart=Phrases("married to {value}", "the {partner} of {value}", "wedded to {value}"),
    noun=Phrases("the {partner} of {value}", "the one whom {value} married"),
    whose=Phrases(
        "whose {spouse} is {value}",
        "whose wedding ring came from {value}",
        "whose partner in marriage is {value}",
    ),
    letter=Phrases(
        "{Whom} [came to tea|came by|was here] with {their} {spouse}, {value}.",
        "[You will remember {value}|You know {value}, I think]: that is the {spouse} of {whom}.",
        "[Yes, {whom} is married: to {value}.|{Whom} is still married to {value}, [and all is well|of course].]",
        "[I danced at the wedding of|I still have the card from the wedding of|We were all at the wedding of] {whom} and {value}.",
        "{Whom} sends [love|regards], and so does {value}, {their} {spouse}.",
    ),
    remark=Phrases(
        "[They take the paper in turns|They do the washing-up together|One cooks and the other talks].",
        "[The wedding cake is still spoken of|It rained at the wedding, which brings luck|There was dancing until late].",
        "[They seldom quarrel, and never for long|They are much alike|They are not at all alike, and it works].",
        "[A good marriage is a long conversation|Two chairs stand by the stove|Such things are luck, and patience].",
    ),
)
