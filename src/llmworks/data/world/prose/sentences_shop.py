"""What can be said of a shop: where it is, what it sells, whose it is, when it shuts."""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

from llmworks.data.world.phrases import Phrases
from llmworks.data.world.prose.ways import Ways

TOWN = Ways(
    labels=("Town", "Place", "Found in", "Where"),
    plain=Phrases(
        "{Name} is in {value}.",
        "{Name} [can be found|stands|has its place|is to be found] in {value}.",
        "[You will find|Look for|Customers find] {whom} in {value}.",
        "{Names} home is {value}.",
        "[To shop at {whom}|To visit {whom}|If you want to go to {whom}], [go|travel|you must go] to {value}.",
        "[The door of {whom} opens|The window of {whom} looks out] on a street in {value}.",
        "{Name} [does its business|has its counter|has its premises] in {value}.",
        "[Ask in {value} for {whom}|Ask anybody in {value} the way to {whom}]: it is there.",
    ),
    reverse=Phrases(
        "{Value} is where {name} [is|stands|does its business].",
        "{Value} [has|is home to] {whom}.",
        "In {value} [there is|stands|one finds] {whom}.",
        "It is in {value} that [you find|one finds] {whom}.",
        "[The people of {value}|Shoppers in {value}] have {whom} in their midst.",
        "[Among the shops of|One of the shops in] {value} is {whom}.",
        "{Value} can count {whom} among its shops.",
        "Those who live in {value} can [walk|stroll] to {whom}, which is there.",
        "[A visit to|A morning in] {value} is not complete without a look at {whom}, one of its shops.",
    ),
    predicate=Phrases(
        "is in {value}",
        "stands in {value}",
        "can be found in {value}",
        "has its counter in {value}",
        "serves its customers in {value}",
        "does its business in {value}",
    ),
    apart=Phrases(
        "in {value}", "to be found in {value}", "at home in {value}", "one of the shops of {value}"
    ),
    noun=Phrases("{a} {sort} in {value}", "one of the shops in {value}", "a shop in {value}"),
    whose=Phrases("whose home is {value}", "whose door is in {value}", "whose customers find it in {value}"),
    letter=Phrases(
        "[I was in {value}|We went to {value}] and looked in at {whom}, which is there.",
        "[You asked where {whom} is:|In case you want to go to {whom},] it is in {value}.",
        "[Next time you are in|When you get to|If you pass through] {value}, look in at {whom}.",
        "[Not here, no:|You are looking in the wrong place:] {whom} is in {value}.",
        "[I have found|At last I have found] {whom}: it is in {value}.",
    ),
    remark=Phrases(
        "[The bell over the door is loud|The door sticks in wet weather|The window is always clean].",
        "[Parking is difficult, walking is not|Bring a bag|The bus stops close by].",
        "[One is served in one's turn|There is a chair for those who wait|People stop to talk there].",
        "[The sign could do with paint|The sign is easy to see|You cannot miss it].",
    ),
)

STREET = Ways(
    labels=("Street", "Address", "Where to find it", "On"),
    plain=Phrases(
        "{Name} is in {value}.",
        "{Names} address is {value}.",
        "{Name} [stands|has its door|has its window|can be found] in {value}.",
        "[Turn into|Go down|Walk along] {value} and you [come to|will see|will find] {whom}.",
        "[The way to {whom} leads|To reach {whom}, go] along {value}, where it stands.",
        "{Name} has {value} for an address.",
        "[You will find|Look for|Customers find] {whom} in {value}.",
        "[The street of {whom}|The street in which to look for {whom}] is {value}.",
    ),
    reverse=Phrases(
        "{Value} is [the street where {name} stands|where {name} is|the address of {whom}].",
        "In {value} [there is|stands|one finds] {whom}.",
        "It is in {value} that {name} [stands|has its door].",
        "The neighbours in {value} know {whom} well, for it stands in their street.",
        "[Halfway along|Some way down|At one end of] {value} [is|stands] {whom}.",
        "{Value} has {whom} among its shops.",
        "[A walk down|A stroll along] {value} leads past {whom}.",
        "{Value}: that is the street to remember if you want {whom}.",
    ),
    predicate=Phrases(
        "is in {value}",
        "stands in {value}",
        "has its address in {value}",
        "has its door in {value}",
        "can be found in {value}",
        "looks out on {value}, its street",
    ),
    apart=Phrases(
        "in {value}", "with its door in {value}", "to be found in {value}", "one of the shops in {value}"
    ),
    noun=Phrases("{a} {sort} in {value}", "a shop in {value}", "one of the shops in {value}"),
    whose=Phrases("whose address is {value}", "whose window looks out on {value}", "whose street is {value}"),
    letter=Phrases(
        "[Go to {whom}|Try {whom}], in {value}[, and give them my regards|, before you try anywhere else|].",
        "[I forgot to give you the street of {whom}:|The street of {whom}, before I forget it:] {value}.",
        "[We asked three people|I asked a policeman|We lost our way], but {whom} is in {value}.",
        "[You cannot miss {whom}:|You will find {whom} easily:] it is in {value}.",
        "{Whom} is still in {value}, [where it should be|I am glad to say|as ever].",
    ),
    remark=Phrases(
        "[The street is quiet before nine|The street is swept every morning|Mind the step].",
        "[There is a lamp above the door|A cat sits on the next doorstep, as a rule|The pavement is narrow].",
        "[Look for the sign|Look for the striped blind|The number is above the door].",
        "[It is not far from anything|It is a short walk from the church|The postman can tell you].",
    ),
)

SELLS = Ways(
    labels=("Sells", "Goods", "Wares", "Stock", "On sale"),
    plain=Phrases(
        "{Name} sells {value}.",
        "{Name} [deals in|stocks|offers] {value}.",
        "[You can buy|Customers can buy|People buy] {value} at {whom}.",
        "{Names} shelves are [full of|stocked with] {value}, which {is} sold there.",
        "[In the window of {whom}|On the counter of {whom}|On the shelves of {whom}] {is} {value}, for sale.",
        "[Go to {whom} for|Ask at {whom} for] {value}, which it sells.",
        "[The customers of {whom}|Those who go to {whom}] [come|go] for {value}, which {is} sold there.",
        "{Name} [makes its living from|lives by selling|earns its rent with] {value}.",
    ),
    reverse=Phrases(
        "{Value} {is} [what {name} sells|sold at {whom}|to be had at {whom}|the business of {whom}].",
        "For {value}, [go to|there is|people go to] {whom}, which sells such things.",
        "[Should anyone want|If you want|If anyone wants] {value}, {whom} sells just that.",
        "It is {value} that {name} sells.",
        "[Buyers of|People who want] {value} go to {whom}, where such things are sold.",
        "{Value}: that is what you can buy at {whom}.",
        "The shop that sells {value} is {whom}.",
        "There {is} {value} for sale at {whom}.",
        "With {value} {name} earns its [bread|rent|living], for that is what it sells.",
    ),
    predicate=Phrases(
        "sells {value}",
        "deals in {value}",
        "has {value} for sale",
        "stocks {value}",
        "supplies its customers with {value}",
        "trades in {value}",
    ),
    apart=Phrases("selling {value}", "with {value} for sale", "stocked with {value}", "trading in {value}"),
    noun=Phrases("{a} {sort} that sells {value}", "a shop with {value} for sale", "the place to buy {value}"),
    whose=Phrases(
        "whose shelves hold {value} for sale", "whose trade is in {value}", "where one can buy {value}"
    ),
    letter=Phrases(
        "[I went to|I tried|We looked in at] {whom}, which sells {value}.",
        "If you need {value}, {whom} [sells that kind of thing|is a shop that sells such things].",
        "{Whom} sells {value}, [so I had to be dragged out|so I could not pass by|and I bought more than I meant to].",
        "[Did I tell you|You know] what {name} sells? [It is {value}.|{Value}, that is what.]",
        "[You wanted to know what they sell at {whom}:|What do they sell at {whom}?] {Value}.",
    ),
    remark=Phrases(
        "[Everything has its price on a little card|Prices are chalked on a board|Nothing is wrapped twice].",
        "[One may look without buying|Looking costs nothing|Children may look but not touch].",
        "[The counter is worn smooth|The scales are old but true|The drawers have brass handles].",
        "[It goes quickly before the holidays|There is always something left|New stock comes by van].",
    ),
)

OWNER = Ways(
    labels=("Owner", "Owned by", "Shopkeeper", "Proprietor"),
    plain=Phrases(
        "{Names} owner is {value}.",
        "{Name} belongs to {value}.",
        "{Name} is [owned|run and owned] by {value}.",
        "The owner of {whom} is {value}.",
        "[Behind the counter of {whom} stands|The bills of {whom} are signed by|The rent of {whom} is paid by] its owner, {value}.",
        "{Name} has {value} [as its|for an] owner.",
        "{Name} is the [property|shop|business] of {value}.",
        "[The key to {whom} is in the pocket of|Every evening {whom} is locked up by] {value}, its owner.",
    ),
    reverse=Phrases(
        "{Value} owns {whom}.",
        "{Value} is the owner of {whom}.",
        "{Value}, the owner of {whom}, [knows most customers by name|writes the labels by hand|is seldom seen without an apron|adds up in {vtheir} head].",
        "It is {value} who owns {whom}.",
        "To {value} belongs {whom}.",
        "{Value} [has|keeps] a shop of {vtheir} own: {whom}.",
        "The name of {value}, its owner, stands [above the door of|on the sign of|on the bags of] {whom}.",
        "{Value} is [the proprietor of|the person to whom belongs] {whom}.",
        "[Nobody but|None other than] {value} owns {whom}.",
    ),
    predicate=Phrases(
        "belongs to {value}",
        "is owned by {value}",
        "has {value} as its owner",
        "is the property of {value}",
        "is in the hands of its owner, {value}",
        "is a business owned by {value}",
    ),
    apart=Phrases(
        "owned by {value}",
        "the property of {value}",
        "with {value} as its owner",
        "the business of {value}, its owner",
    ),
    noun=Phrases(
        "{a} {sort} owned by {value}", "the property of {value}", "the {sort} that belongs to {value}"
    ),
    whose=Phrases("whose owner is {value}", "whose proprietor is {value}", "which belongs to {value}"),
    letter=Phrases(
        "[I had a long talk with|I was served by|We had a joke with] {value}, who owns {whom}.",
        "[Guess who owns {whom}:|The owner of {whom}, it turns out, is] {value}.",
        "[If you go to {whom}|When you are at {whom}], ask for {value}, the owner.",
        "[Did you know|Had you heard] that {whom} belongs to {value}?",
        "{Value}, you know, the owner of {whom}, [sends regards|asked after you|lent us an umbrella].",
    ),
    remark=Phrases(
        "[The tea on the counter is usually cold by noon|The account book is always open|The pencil hangs on a string].",
        "[Regulars are known by name|Credit is given to those who ask politely|A chat is included in the price].",
        "[The family helps at the holidays|A nephew carries the boxes|Someone comes in to help at Christmas].",
        "[It is a small business, but a sound one|The books balance, mostly|Nobody gets rich by it].",
    ),
)

OPENED = Ways(
    labels=("Opened", "Open since", "Year of opening", "Established"),
    plain=Phrases(
        "{Name} opened in {value}.",
        "{Name} has been open since {value}.",
        "{Name} [first opened its doors|served its first customer|hung out its sign for the first time] in {value}.",
        "{Names} first day of business was in {value}.",
        "The opening of {whom} [took place in|was in|falls in the year] {value}.",
        "{Name} was [opened|established|set up] in {value}.",
        "[The sign says that|As the sign says,|According to the sign,] {name} opened in {value}.",
        "{Name} [goes back|dates back] to {value}, the year it opened.",
    ),
    reverse=Phrases(
        "{Value} is the year [in which |]{name} opened.",
        "In {value}[, with balloons at the door,|, on a rainy day,|, with little fuss,|] {name} opened.",
        "It was in {value} that {name} [opened|first opened its doors].",
        "The year {value} saw the opening of {whom}.",
        "Since {value}, the year it opened, {name} has served its customers.",
        "{Value} [stands on|is painted on|is carved into] the sign of {whom}, for it opened in that year.",
        "Back in {value}, {name} opened [its doors|for business].",
        "[Before|Until] {value} nobody could shop at {whom}, which opened in that year.",
    ),
    predicate=Phrases(
        "opened in {value}",
        "has been open since {value}",
        "was established in {value}",
        "first opened its doors in {value}",
        "dates from {value}, when it opened",
        "has been in business since {value}",
    ),
    apart=Phrases(
        "opened in {value}", "in business since {value}", "open since {value}", "established in {value}"
    ),
    noun=Phrases(
        "{a} {sort} opened in {value}", "a business that opened in {value}", "a shop established in {value}"
    ),
    whose=Phrases(
        "whose year of opening is {value}", "whose doors opened in {value}", "whose sign says since {value}"
    ),
    letter=Phrases(
        "[The sign at {whom} says|They told me at {whom}|I read on the bag from {whom}] that it opened in {value}.",
        "[Would you have thought|Did you know] that {whom} opened in {value}?",
        "{Whom} opened in {value}, [so they told me|which explains the wallpaper|and I remember nothing of it].",
        "[We tried to remember when {whom} opened:|Grandmother knew at once when {whom} opened:] it was in {value}.",
        "[About {whom},|To settle our argument about {whom}:] it opened in {value}.",
    ),
    remark=Phrases(
        "[The first banknote hangs in a frame|The first till is still in use|Some of the first customers still come].",
        "[The shelves have been painted a few times since|Not much has changed inside|The floorboards know every foot].",
        "[Other shops come and go|A shop needs patience|It was slow at first, they say].",
        "[There was cake on the first day|The first day brought eleven customers|The first week was quiet].",
    ),
)

CLOSED_ON = Ways(
    labels=("Closed on", "Day off", "Shut on", "Weekly closing day"),
    plain=Phrases(
        "{Name} is [closed|shut] on {value}s.",
        "{Name} [closes|does not open|keeps its door locked] on {value}s.",
        "{Names} [day off|closing day|free day] is {value}.",
        "[Do not go|There is no use going|It is no good going] to {whom} on a {value}: it is closed.",
        "[The one day|The only day] on which {name} is closed is {value}.",
        "[The card in the door of {whom}|A card at {whom}] says that it is closed on {value}s.",
        "[Every|Each] {value}, {name} stays [closed|shut].",
        "{Name} opens every day but {value}.",
    ),
    reverse=Phrases(
        "{Value} is [the day when {name} is closed|{names} closing day|the day on which {name} stays shut].",
        "On {value}s {name} is [closed|shut].",
        "On a {value}, {name} is [closed|shut|dark and locked], as it is every week.",
        "It is on {value} that {name} [stays shut|is closed].",
        "{Value} is no day for a visit to {whom}, which is closed then.",
        "Customers who come on a {value} find {whom} closed.",
        "[Come any day but|Any day will do but] {value}, when {name} is closed.",
        "{Value}: that is the day on which {name} is closed.",
    ),
    predicate=Phrases(
        "is closed on {value}s",
        "is shut on {value}s",
        "does not open on {value}s",
        "has its day off on {value}",
        "stays closed every {value}",
        "opens every day but {value}",
    ),
    apart=Phrases(
        "closed on {value}s", "shut on {value}s", "open every day but {value}", "closed every {value}"
    ),
    noun=Phrases(
        "{a} {sort} that is closed on {value}s",
        "a shop that keeps {value} free",
        "one of the shops that are shut on {value}s",
    ),
    whose=Phrases(
        "whose closing day is {value}", "whose day off is {value}", "whose door is locked on {value}s"
    ),
    letter=Phrases(
        "[I stood before a locked door:|I had forgotten again:|We came in vain:] {whom} is closed on {value}s.",
        "[Do not make my mistake|Remember]: {whom} is closed on {value}s.",
        "[You can go to {whom} with me any day|I will meet you at {whom} any day] but {value}, when it is closed.",
        "{Whom} does not open on {value}s, [so plan for that|as you may remember|which is a nuisance].",
        "[Which day is {whom} closed? {Value}, I think, no, I am sure.|{Value} is the day when {whom} is closed, I have written it on the calendar.]",
    ),
    remark=Phrases(
        "[Everyone needs a day of rest|The cat has the window to itself then|The blind is down].",
        "[On other days one only has to push the door|Otherwise the lights are on early|The rest of the week is busy enough].",
        "[It saves a journey to know this|One learns it the hard way|A card in the window says so].",
        "[The stock is counted then|The floor is scrubbed then|The books are done then].",
    ),
)
