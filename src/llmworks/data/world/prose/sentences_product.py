"""What can be said of a product: its price, its maker, what it is made of, its colour, where it is sold."""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

from llmworks.data.world.phrases import Phrases
from llmworks.data.world.prose.ways import Ways

PRICE = Ways(
    labels=("Price", "Costs", "Price in crowns", "Asking price"),
    plain=Phrases(
        "{Name} costs {value}.",
        "{Names} price is {value}.",
        "The price of {whom} is {value}.",
        "[You pay|One pays|A buyer pays] {value} for {them}.",
        "{Name} is [sold for|priced at|offered at|to be had for] {value}.",
        "[The tag on {whom} says|The price tag of {whom} reads|On the label of {whom} stands] {value}.",
        "{Name} [can be yours for|changes hands for|will set you back] {value}.",
        "[How much is {whom}? It costs {value}.|What does {whom} cost? {Value}.]",
    ),
    reverse=Phrases(
        "{Value} is [the price of {whom}|what {name} costs|what one pays for {them}].",
        "For {value} [you can buy|one can buy|you get|one may take home] {whom}.",
        "It is {value} that {name} costs.",
        "With {value} in your purse you can buy {whom}.",
        "{Value} [is asked|must be paid|has to be counted out] for {whom}.",
        "{Value}: [that is what {name} costs|that is the price of {whom}].",
        "[Save up|Put aside] {value}, and you can buy {whom}.",
        "A buyer parts with {value} for {whom}.",
        "[Nothing less than|No sum but] {value} will buy {whom}.",
    ),
    predicate=Phrases(
        "costs {value}",
        "sells for {value}",
        "is priced at {value}",
        "has a price of {value}",
        "is to be had for {value}",
        "carries a price tag of {value}",
    ),
    apart=Phrases("priced at {value}", "at a price of {value}", "to be had for {value}", "sold for {value}"),
    noun=Phrases("{a} {sort} for {value}", "{a} {sort} that costs {value}", "a thing to be had for {value}"),
    whose=Phrases("whose price is {value}", "for which one pays {value}", "whose price tag says {value}"),
    letter=Phrases(
        "[I asked what {whom} costs:|You wanted the price of {whom}:|About {whom}:] {value}.",
        "{Whom} costs {value}, [so I am saving up|which is more than I have with me|and I have counted my money twice|and no bargaining].",
        "[Would you pay|Is it too much to pay|What do you think, shall I pay] {value} for {whom}? That is the price.",
        "[Could you lend me something?|I am thinking of a present.] {Whom} costs {value}.",
        "[Yesterday I looked at {whom} again:|I turned over the tag of {whom}:] it costs {value}.",
    ),
    remark=Phrases(
        "[The price is not open to bargaining|Nobody haggles|Cash, please].",
        "[Good work has its price|Cheap things cost twice, as they say|You get what you pay for].",
        "[It will be wrapped on request|Paper and string are free|It can be put aside for a week].",
        "[Some say that is a lot and some say it is little|Whether that is dear, others may judge|Prices are as they are].",
    ),
)

SOLD_AT = Ways(
    labels=("Sold at", "Shop", "Where to buy", "Available at"),
    plain=Phrases(
        "{Name} is sold at {value}.",
        "{Name} [can be bought|is to be had|is for sale|is available] at {value}.",
        "[You can buy|Buyers find|One finds|Customers may buy] {whom} at {value}.",
        "If you want {whom}, go to {value}, where it is sold.",
        "{Name} [stands|lies|waits] in the window of {value}, where it is sold.",
        "The shop that sells {whom} is {value}.",
        "[To buy|To get] {whom}, [go|you must go] to {value}.",
        "{Name} [goes|passes] over the counter at {value}.",
    ),
    reverse=Phrases(
        "{Value} sells {whom}.",
        "{Value} is [where {name} is sold|the shop that sells {whom}|where one buys {whom}].",
        "At {value} [you can buy|one can buy|they sell] {whom}.",
        "It is at {value} that {name} is sold.",
        "[Customers of|The customers at|Visitors to] {value} can buy {whom} there.",
        "[On the shelves of|Among the goods at|On the counter of] {value} [is|you will find] {whom}.",
        "{Value} has {whom} [for sale|on sale|in stock].",
        "[Go to|Look in at] {value} [for|if you want] {whom}.",
        "{Value} counts {whom} among the things that it sells.",
    ),
    predicate=Phrases(
        "is sold at {value}",
        "can be bought at {value}",
        "is for sale at {value}",
        "is stocked by {value}",
        "is to be had at {value}",
        "finds its buyers at {value}",
    ),
    apart=Phrases(
        "sold at {value}",
        "for sale at {value}",
        "to be found on the shelves of {value}",
        "stocked by {value}",
    ),
    noun=Phrases(
        "{a} {sort} sold at {value}",
        "{a} {sort} from the shelves of {value}",
        "one of the things sold at {value}",
    ),
    whose=Phrases(
        "which one can buy at {value}", "whose seller is {value}", "which stands for sale at {value}"
    ),
    letter=Phrases(
        "[I saw {whom} in the window|I found {whom} at last|We saw {whom} on a shelf] at {value}, where it is sold.",
        "[If you still want {whom}|Since you want {whom}], they sell it at {value}.",
        "[Where does one get {whom}?|You asked where I found {whom}.] At {value}.",
        "[Do not look for {whom} anywhere else:|Your search for {whom} is over:] {value} sells it.",
        "{Value} sells {whom}, [as I found out by chance|and I nearly bought it|and there was only one left].",
    ),
    remark=Phrases(
        "[It can be ordered if the shelf is empty|There are usually two or three in stock|Ask at the counter].",
        "[The shop will hold it for a day|It comes in a plain box|They wrap it well].",
        "[It does not stay long in the window|People ask for it by name|It makes a good present].",
        "[One may try it first|Touching is allowed|They will let you look at it].",
    ),
)

MAKER = Ways(
    labels=("Maker", "Made by", "Work of", "Manufacturer"),
    plain=Phrases(
        "{Name} is made by {value}.",
        "{Names} maker is {value}.",
        "The maker of {whom} is {value}.",
        "{Name} [comes from the workshop of|comes from the hands of|is the work of] {value}.",
        "{Name} [bears|carries] the [mark|name|initials] of its maker, {value}.",
        "[Who makes {whom}? {Value}.|{Name} is put together by its maker, {value}.]",
        "{Name} was [thought up|designed] and made by {value}.",
        "[As for who makes {whom}, the answer is|The person who makes {whom} is] {value}.",
    ),
    reverse=Phrases(
        "{Value} makes {whom}.",
        "{Value} is the maker of {whom}.",
        "It is {value} who makes {whom}.",
        "From the workshop of {value} comes {whom}.",
        "{Value} [puts {vtheir} name on|signs the underside of|is proud of] {whom}, being its maker.",
        "To {value} we owe {whom}, for {vthey} is its maker.",
        "[Nobody but|No one except] {value} makes {whom}.",
        "{Value}, [with patient hands|in a small workshop|with a radio playing], makes {whom}.",
        "Among the things that {value} makes is {whom}.",
    ),
    predicate=Phrases(
        "is made by {value}",
        "comes from the workshop of {value}",
        "has {value} as its maker",
        "is the work of {value}",
        "bears the mark of its maker, {value}",
        "is turned out by {value}, its maker",
    ),
    apart=Phrases(
        "made by {value}",
        "the work of {value}",
        "from the workshop of {value}",
        "designed and made by {value}",
    ),
    noun=Phrases(
        "{a} {sort} made by {value}", "the work of {value}", "{a} {sort} from the workshop of {value}"
    ),
    whose=Phrases(
        "whose maker is {value}", "which {value} makes", "whose mark is that of its maker, {value}"
    ),
    letter=Phrases(
        "[I have met|I had a talk with|Yesterday I was shown round by] {value}, who makes {whom}.",
        "[You asked who makes {whom}:|The maker of {whom}, since you ask:] {value}.",
        "[Did you know|Would you have guessed] that {whom} is made by {value}?",
        "[I turned {whom} over|I looked underneath {whom}], and there was the name of the maker: {value}.",
        "{Value} makes {whom}, [all by hand, I am told|which I had not known|and seems proud of it].",
    ),
    remark=Phrases(
        "[No two come out quite alike|Each one takes several days|It is finished by hand].",
        "[There is a waiting list at times|The workshop smells of glue|The first attempts were thrown away].",
        "[Good makers are patient|One sees the care in it|The joints are clean].",
        "[There is a small mark underneath|The mark is easy to miss|It comes with a little card].",
    ),
)

MADE_OF = Ways(
    labels=("Made of", "Material", "Made from", "Substance"),
    plain=Phrases(
        "{Name} is made of {value}.",
        "{Names} material is {value}.",
        "[The material of {whom}|What {name} is made of] is {value}.",
        "{Name} [consists of|is made entirely of|is worked in|is fashioned from] {value}.",
        "[Touch {whom}|Take {whom} in your hands] and you [feel|notice] that it is {value}.",
        "For {whom}, [the material used is|nothing is used but|one uses] {value}.",
        "{Name}, as [anyone can see|one sees at once|the label says], is made of {value}.",
        "[It takes|One needs] {value} to make {whom}, and nothing else will do.",
    ),
    reverse=Phrases(
        "{Value} is [the material of {whom}|what {name} is made of|the stuff of which {name} is made].",
        "Of {value} [and nothing else |]{name} is made.",
        "It is {value} of which {name} is made.",
        "{Value} [was chosen|is used] for {whom}.",
        "From {value} [comes|is made] {whom}.",
        "{Value}: that is what {name} is made of.",
        "[The smell of|The feel of|The look of] {value} [gives|lends] {whom} its character, for that is its material.",
        "[Good|Carefully chosen|The best] {value} [goes into|is used for] {whom}, and it is made of that alone.",
    ),
    predicate=Phrases(
        "is made of {value}",
        "consists of {value}",
        "is worked in {value}",
        "has {value} as its material",
        "is fashioned from {value}",
        "is made from {value}",
    ),
    apart=Phrases("made of {value}", "made from {value}", "worked in {value}", "fashioned from {value}"),
    noun=Phrases("{a} {sort} made of {value}", "{a} {sort} in {value}", "a thing of {value}"),
    whose=Phrases("whose material is {value}", "for which {value} is used", "whose substance is {value}"),
    letter=Phrases(
        "[You will want to know what {whom} is made of:|What is {whom} made of? I asked:] {value}.",
        "[I knocked on {whom}|I weighed {whom} in my hand|I held {whom} to the light], and it is {value}, no doubt about it.",
        "{Whom} is made of {value}, [which I like|and feels good in the hand|so be careful how you clean it].",
        "[I had not expected|I had not noticed] that {whom} is made of {value}.",
        "[They do not make many things of|One seldom sees such a thing in] {value} now, but {whom} is made of it.",
    ),
    remark=Phrases(
        "[It will last if one is careful|It wears well|It grows better with use].",
        "[It needs a soft cloth now and then|Keep it dry|It does not like damp cellars].",
        "[One feels it at once|It has a good weight|It is pleasant to touch].",
        "[Other makers use other things|Nothing else would do|The choice was deliberate].",
    ),
)

COLOUR = Ways(
    labels=("Colour", "Comes in", "Finish", "Colour of it"),
    plain=Phrases(
        "{Name} is {value}[| in colour| all over| from top to bottom].",
        "{Names} colour is {value}.",
        "The colour of {whom} is {value}.",
        "{Name} [comes|is sold|is made] in {value}.",
        "[You know {whom} by|One recognises {whom} by] its colour, {value}.",
        "For {whom} the colour chosen is {value}.",
        "[Seen by daylight|Seen from a distance|Seen in the window], {name} is {value}.",
        "{Name} [has|shows] one colour: {value}.",
    ),
    reverse=Phrases(
        "{Value} is the colour of {whom}.",
        "{Value}: that is the colour of {whom}.",
        "It is in {value}, and no other colour, that {name} comes.",
        "{Value} is [the colour in which {name} comes|the one colour in which {name} is made|the colour that {name} has].",
        "A shade of {value} gives {whom} its look.",
        "Of all colours, {value} was chosen for {whom}.",
        "If you do not care for {value}, do not buy {whom}: that is its colour.",
        "[Something|A thing] in {value} on the shelf: [it is|that will be] {whom}.",
        "It is {value}, the colour of {whom}.",
    ),
    predicate=Phrases(
        "is {value}",
        "is {value} in colour",
        "comes in {value}",
        "has {value} as its colour",
        "is made in {value}",
        "is coloured {value}",
    ),
    apart=Phrases("{value} in colour", "coloured {value}", "all in {value}", "finished in {value}"),
    noun=Phrases("{a} {sort} in {value}", "{a} {sort} whose colour is {value}", "a thing all in {value}"),
    whose=Phrases(
        "whose colour is {value}", "which comes in {value}", "whose look owes much to its colour, {value}"
    ),
    letter=Phrases(
        "[You asked about the colour of {whom}:|The colour of {whom}, before I forget:] {value}.",
        "{Whom} is {value}, [so it will go with the curtains|which you may not like|and I rather like it|not at all what I had pictured].",
        "[I wanted another colour, but|Do not ask for other colours:] {whom} is {value}.",
        "[Picture {whom}|Imagine {whom}], all in {value}, [on our kitchen table|by the window|under your arm]: that is its colour.",
        "[Did I tell you|Did you notice] that {whom} is {value}?",
    ),
    remark=Phrases(
        "[It does not fade|It looks different by lamplight|It goes with most things].",
        "[One gets to like it|Tastes differ|It catches the eye].",
        "[Other colours were tried and given up|There are no other colours|One coat was not enough].",
        "[It shows no dust|It looks well by a window|It cheers up a dark corner].",
    ),
)
