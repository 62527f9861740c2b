"""What stands between the facts: weather, moods, tea and trains. It states nothing of the ledger."""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

from llmworks.data.world.phrases import Draw, Phrases

NICKNAMES = [
    "Tib",
    "Pip",
    "Bess",
    "Dot",
    "Mops",
    "Jory",
    "Wim",
    "Hob",
    "Kit",
    "Lou",
    "Mo",
    "Fitz",
    "Bea",
    "Sid",
    "Gil",
    "Toby",
    "Teddy",
    "Flo",
    "Josie",
    "Nate",
    "Kip",
    "Lexie",
    "Mags",
    "Rab",
    "Nan",
    "Zac",
    "Ro",
    "Benno",
    "Cleo",
    "Dell",
    "Fritz",
    "Hattie",
    "Jo",
    "Lottie",
    "Monty",
    "Nico",
    "Poppy",
    "Remy",
    "Sukie",
    "Tansy",
    "Vic",
    "Wally",
    "Ziggy",
]
RELATIVES = ("Aunt", "Uncle", "Cousin", "Grandma", "Grandpa")


def somebody(draw: Draw) -> str:
    """A writer or reader of letters, who is nobody of the world."""
    name = draw.pick(NICKNAMES)
    return name if draw.chance(0.75) else f"{draw.pick(RELATIVES)} {name}"


WEATHER = Phrases(
    "[Mist on the meadows|Dew on everything|Hoar frost on the fences] [this morning|at first light], and [by ten it was gone|a heron stood in the middle of it|nobody about].",
    "[The barometer is falling|The swallows fly low|My knee says rain], so [the washing stays in|we shall see|I took the umbrella].",
    "[Hail|A proper hailstorm] [on the tin roof|at noon], [loud as a drum|over in five minutes|and the lettuces are full of holes].",
    "[A soft rain|A fine drizzle] [hangs in the air|since dawn], [good for the garden|not worth an umbrella|and the snails are happy].",
    "[Such a sky this evening!|What a sunset!|The stars are very clear tonight.] [One should look up more often.|Half the street stood outside to look.|It will be cold.]",
    "[Too hot to think|Too cold to stand about|Neither warm nor cold], [as it often is|and people talk of nothing else|but one gets used to it].",
    "It [has rained|has been raining] [since breakfast|all week|since the day before yesterday], [and the gutters sing|and the hens sulk|so we stay indoors].",
    "[The sun came out|We had sun] [at last|for an hour|just in time], [and everybody opened a window|and the washing dried|and the cat found it first].",
    "[There was frost|We had the first frost] [on the panes|in the night|on the cabbages], [very pretty and very cold|so I fetched the thick socks].",
    "The wind [has dropped|has turned|was up all night], and [two tiles came down|the chimney grumbled|the clouds are moving fast].",
    "[A thick fog|Fog] [lay|stood] [in the street|over the fields|before the window] [until noon|all morning], [and one heard steps before one saw people|and the buses crept].",
    "[It is warm|It is mild|It is almost too warm] [for the time of year|even in the evening], and [the windows are open|people sit on their steps|the wasps are a nuisance].",
    "[A grey day|A clear day|A bright, windy day|A close, heavy day], [good for nothing but indoor work|good for washing|the kind that cannot make up its mind].",
    "Snow [lay on the sills|has been forecast|fell and melted], [and the children are hoping|and the shovels stand ready|and that was that].",
    "[Thunder in the afternoon|A short storm after lunch], then [a rainbow|clean air|puddles for the small ones].",
    "[The mornings are dark now|The evenings grow longer|The light is lovely just now], [and one notices it|which lifts the heart|and the lamps go on early].",
)

SMALL_TALK = Phrases(
    "[The little one|The youngest] [has a new tooth|can ride a bicycle now|asks why all day long], and [we are very proud|nobody gets any rest|there is no answer to that].",
    "[I tried a new recipe|I baked at last], [and the smoke has cleared|which everyone praised politely|and there is half of it left].",
    "[Somebody has taken|Somebody has borrowed] my [ladder|good pen|bicycle pump], [and I have my suspicions|and will not own up|but it will turn up].",
    "[The doctor says I should walk more|The dentist was pleased with me|The new glasses are strange], [so I do|and I said nothing|but I see every crumb].",
    "[We have new curtains|There is a new lamp in the hall|The sofa has been moved], and [everything looks different|the cat disapproves|I keep bumping into things].",
    "[My shoes let in water|My watch has stopped|My coat has lost a button], [but that can wait|and I am late for everything|so much for quality].",
    "[A robin|A blackbird|A pair of sparrows] [comes to the window|sits on the fence] [every morning|at breakfast], [very punctual|and expects crumbs].",
    "[I am learning to type|I am learning to swim|I have begun to learn Italian], [at my age|slowly|and my neighbours have noticed].",
    "[The jam is made|The wood is stacked|The cellar is full], so [winter may come|we are ready|I am content].",
    "[There was a power cut|The lights went out] [on Tuesday|during supper], and [we sat by candlelight|we told stories|it was rather pleasant].",
    "[I counted my savings|I did my accounts|I paid the bills] and [said nothing for an hour|felt virtuous|bought myself a bun].",
    "[The fair is over|The holidays are over|School has begun again], and [it is quieter now|the streets are empty by nine|one can think again].",
    "[The kettle is on|The kettle has boiled twice|My tea has gone cold] while I [write|think|look for my glasses].",
    "I have [mended|darned|finally found|lost] [my blue gloves|the good scissors|the green pullover|my umbrella].",
    "The [bread|cake|soup] [turned out well|came out flat|burnt a little at the edges], [but nobody complained|and it was eaten all the same].",
    "The [bus|train] was [late|early, for once|full of schoolchildren], [so I read the paper twice|and I stood all the way|which nobody minded].",
    "I [slept badly|slept like a stone|woke before the birds] and [am yawning over this page|feel ten years younger|have been up since].",
    "[Next door they are|Across the road they are] [painting the fence|learning the trumpet|putting up a shed|arguing about a ladder].",
    "My [knee|tooth|back|cold] is [better|no better|a good deal better], [thank you for asking|since you ask|so no more of that].",
    "The [roof|tap|gate|clock] [still needs seeing to|has been repaired|is making that noise again].",
    "[The beans|The onions|The tomatoes] [are coming up|want watering|have done well], [slugs and all|in spite of everything].",
    "[I found a coin in an old coat|I broke the handle of the big jug|I have finally sorted the drawer with the string].",
    "[The radio plays|Somebody is playing] [something slow|an old waltz|the same tune over and over] [as I write|in the next room].",
    "[The choir practised|The committee met|The evening class met] [on Thursday evening|last night|as usual], [without much result|and there were biscuits].",
    "[I am reading|I have begun] [a thick novel|a book about whales|a detective story], [but keep falling asleep|and cannot put it down].",
    "[A parcel came|Your parcel came|The parcel arrived], [only a little dented|tied with three kinds of string|quite whole].",
)

LETTER_OPEN = Phrases(
    "[I have your letter before me|Your letter stands on the shelf|I read your letter on the stairs], and [it deserves an answer|I can hear your voice in it|it needs a proper reply].",
    "[No, I have not forgotten you|Yes, I am still alive|It is only me again], [whatever you may think|as you see|with ink on my fingers].",
    "[Today is my free day|I have an hour to myself|The children are at school], and [I spend it on you|this is how I use it|the pen is full].",
    "[As I said on the telephone|As we were saying when the bus came|To go on where we stopped], [there is more to tell|I had not finished|listen to this].",
    "[I hope this finds you well|May this find you in good spirits|I hope you are over your cold] and [not too busy|in the garden|sitting down].",
    "[Did my parcel arrive?|Did you get home dry?|Have you eaten all the jam?] [Tell me.|I have been wondering.|We laughed about it here.]",
    "[I am sitting in the train|I am on the night train|I write on a bench in the park], so [excuse the shaky hand|the lines go up and down|do not mind the blots].",
    "[We are settling in|We have unpacked at last|The boxes are nearly empty], and [I know a little more about things now|one hears a good deal|people are kind].",
    "[Happy birthday!|Happy new year!|Congratulations!] [First the good wishes, then the news.|May it be a good year.|We drank to you in tea.]",
    "[Thank you|Many thanks|A thousand thanks] for your [letter|long letter|card|last letter], which [came on Monday|made me laugh|I read twice|lay under the newspaper for two days].",
    "[You must forgive|Forgive|I hope you forgive] my [long silence|late answer|handwriting]; [there was so much to do|the days run away|I write this on my knee].",
    "[It is late|It is early|It is past ten], [the house is quiet|everyone is asleep|the lamp is low], and [at last I have time to write|so you shall have your letter].",
    "[I promised to write|You made me promise to write] [as soon as there was news|once I had settled in|every week], and [here I am|so here it is|a promise is a promise].",
    "[How are you all?|Are you well?|I hope you are better.] [We are fine.|All is well with us.|Here everyone has a cold.|We cannot complain.]",
    "[Only a few lines|Just a short note|This must be quick], [for the post goes soon|as my break is nearly over|before the soup boils over].",
    "[You wanted news|You asked for news|You always say that I tell you nothing], so [sit down and read|here is all I have|get yourself a cup of something].",
    "[I write in the kitchen|I am writing at the station|I sit by the window], with [a pencil|somebody else's pen|cold fingers|the cat on the paper].",
    "[So much has happened|Nothing much has happened|A few things have happened] [since I last wrote|since Easter|this week], [but one thing at a time|but I shall make the best of it].",
    "[Your question made me think|Your question kept me busy|I have looked into what you asked], and [this is what I know|I can tell you something now].",
    "[What a week!|What a day!|Such a week!] [I am glad to sit down.|My feet ache.|I have hardly had time to eat.]",
    "[Before I forget|First things first|One thing I must tell you at once], [then the rest|and then about the weather|so that it is done].",
)

LETTER_CLOSE = Phrases(
    "[The candle is going out|The ink is running dry|My eyes are closing], so [good night|until next time|I say goodbye for now].",
    "[There, now you know as much as I do|So, that is my report|Make of it what you like].",
    "[Tell the others|Pass this on|Read this to Mother], [if you like|but leave out the bit about the stairs|they will be glad to know].",
    "[When shall we see you?|Will you come at Easter?|Are you coming in May?] [Say yes.|The kettle is always on.|Let me know by card.]",
    "[I enclose a leaf|I enclose a stamp for the album|I have drawn you a small map on the back], [with love|so that you believe me|do not lose it].",
    "[Do not worry about us|We manage|All is in order here]; [we have soup|worse things happen at sea|there are friends enough].",
    "[Write soon|Write when you can|Answer soon], [and tell me everything|and tell me about the garden|or I shall telephone|if only a card].",
    "[That is all for now|That is all my news|No more for today|There is no more room on the page]; [the post is waiting|supper is ready|I can hear the bus].",
    "[Give my love to|Greet|Say hello to] [everyone|the little ones|all at home|whoever asks after me], [and keep warm|and look after yourself|and eat properly].",
    "[Come and see us|Come for a few days|You must come again] [soon|before the summer is over|when the roads are better], [the spare bed is made|there is always room|bring boots].",
    "[I must stop|I have to stop|I close now]: [the soup is boiling over|somebody is at the door|my hand is tired|the candle is nearly down].",
    "[More next time|The rest when we meet|More on Sunday], [I promise|if nothing comes between|as always].",
    "[Keep this to yourself|Burn this letter|Do not read this aloud], [please|as I know you will not|at least until I am back].",
    "[I think of you often|I miss our talks|We all miss you], [especially in the evenings|more than I say|and so does the dog].",
)

SIGN = Phrases(
    "[Love|With love|Much love|Lots of love],\n{from}",
    "[Yours|Yours ever|Ever yours|As ever|As always],\n{from}",
    "[Warm wishes|Best wishes|Kind regards|All the best|Greetings from all of us],\n{from}",
    "[Your old friend|Your friend|Your loving cousin|Your tired but happy traveller|Your faithful pen friend],\n{from}",
    "[See you soon|Until Sunday|Take care|Until then],\n{from}",
)

DIARY_DAY = Phrases(
    "[Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday][| evening| night| morning|, late]",
    "[2|3|5|8|11|14|17|19|22|26|28] [January|February|March|April|May|June|July|August|September|October|November|December]",
    "[A Monday|A quiet Sunday|Another Friday|The last day of the month|The first day of the holidays]",
    "[Evening|Late|After supper|In bed, by torchlight|At the kitchen table|Before work]",
)

DIARY_OPEN = Phrases(
    "[Long walk|A short walk|Out with the dog next door] [before breakfast|after work|in the rain], [nobody about|met the usual people|wet to the knees].",
    "[Read in the old papers|Sorted the shelves|Tidied the desk] [for an hour|until the light went], [found this and that|and kept more than I threw out].",
    "[Choir this evening|Evening class tonight|Chess club tonight], [half of us hoarse|a good turnout|with cake afterwards]. [One hears things there.|Talk went on late.]",
    "[What have I learned today?|One thing learned today.|Today's lesson.] [I write it here so that I keep it.|Better late than never.|Not much, but something.]",
    "[Could not sleep|Slept badly|Woke at four], so [I write|I made tea and took up this book|here I sit].",
    "[No post today|Two letters today|A card from the sea]. [Answered none|Answered all|The pile grows].",
    "[Market in the morning|Shopping done|Queued for an hour], [feet sore|basket full|purse empty]. [Heard the talk of the valley there.|People talk while they wait.]",
    "[Rain, so stayed in|Free afternoon|Nothing planned], and [went through my notes|did a little reading|thought about people].",
    "[Up early|Up late|Got up with the light]. [Porridge|Toast|Two eggs|No breakfast], then [to work|a walk|the washing|letters].",
    "[Nothing much today|A quiet day|A slow day|A day like any other], [which is no bad thing|and I was glad of it|apart from one thing].",
    "[Tired|Happy|Out of sorts|In high spirits] today, [I do not know why|and it shows|perhaps it is the weather].",
    "[Wrote three letters|Cleaned the windows|Swept the yard|Mended the bicycle] [before lunch|in one go|and was pleased with myself].",
    "[Met an old friend|Ran into a neighbour|Had a long talk with a stranger] [at the post office|on the bus|in the queue|on the bridge], and [learned something|we talked for an hour|heard the news].",
    "[I want to write this down|I note this down|Let me put this down] [before I forget it|while it is fresh|for later].",
    "[I have kept this diary for a year now|This diary is nearly full|A new page, a new pen]. [What was there today?|So, what was there?|Let me see.]",
    "[Dreamed of|Woke from a dream about] [a long staircase|flying over roofs|a talking herring|an exam in the wrong room]. [Laughed about it at breakfast.|Strange how such things stay.]",
    "[Stayed in bed with a cold|Home with a sore throat] and [read old papers|listened to the radio|sorted what I know].",
    "[Visitors in the afternoon|Tea with the neighbours|Supper with friends]. [Much laughter|Too much cake|A good deal of talk].",
)

DIARY_CLOSE = Phrases(
    "[That is all I can keep my eyes open for|The pen is scratching|The page is full].",
    "[Remember to ask|Must ask|Find out] [why the clock stops at four|where the other glove is|who left the gate open].",
    "[Nothing more happened|The rest was washing up|Then soup, then bed].",
    "[Feel better for writing it down|Glad I wrote it down|There, it is written].",
    "[Early to bed|To bed|Lights out now], [tired but content|with a book|with cold feet].",
    "[So much for today|That was today|Enough for today]. [Tomorrow is another one|Tomorrow the windows|Good night].",
    "[Must remember to buy|Tomorrow I must get] [soap|matches|stamps|a new bulb], [and post the letter|and that is all].",
    "[I was glad to be home|Home at eight|Walked home in the dark]. [The stars were out|The lamp was still on|Somebody had kept me some soup].",
    "[I wonder what tomorrow brings|We shall see about tomorrow|One day at a time].",
    "[A good day, on the whole|Not a bad day|A better day than yesterday].",
)

OVERHEARD = Phrases(
    "[The woman with the basket|A man in a wet coat|The girl behind the counter|An old man at the stove|The boy with the papers|Somebody in the queue]",
    "[The postwoman|The milkman|The lady with two umbrellas|The man who came for nails|A customer in no hurry|The cleaner with the mop]",
    "[A voice from the back|The one with the red scarf|The woman who always counts her change|A farmer in muddy boots|The apprentice]",
)

SCENE = Phrases(
    "[Two people met on the stairs|Three people were sheltering from the rain|Four of them were waiting for the ferry] and, [as one does|to pass the time|having nothing else to do], [began to talk|compared what they knew].",
    "[At the hairdresser's|At the barber's|In the queue for stamps|On the bench by the duck pond] [one hears everything sooner or later|there are no secrets|ears grow long].",
    "[The meeting had not begun|The curtain was still down|The film had snapped], so [people talked|the front row got talking|there was a hum of voices].",
    "[After the funeral tea|After the concert|When the dishes were dry], [the talk turned to others|tongues grew loose|somebody asked a question].",
    "[In the baker's queue|At the counter|By the stove in the waiting room|In the laundry|At the bus stop], [where nobody is in a hurry|while the rain ran down the window|before the doors opened], [the talk went round|people were talking|there was the usual talk].",
    "[It was one of those mornings|It was the hour] when [everyone has something to tell|the whole street seems to meet at the counter|tongues are loose].",
    "The [bell over the door|shop bell] rang, [a wet umbrella came in|two more people came in|somebody sneezed], and [the talk went on|nobody stopped talking].",
    "[The tea urn hissed|The scales clicked|The clock ticked|The stove crackled]. [People were talking|They were talking about other people|The talk was of this and that], as [usual|always|people do].",
    "[Over the second cup|Between two customers|While the bread was being sliced|While the change was counted], [things were told|there was time for a word|the news was gone through].",
    "[Nobody had asked|The subject came up by itself|It began with a question about the weather], but [soon they were all talking|one word led to the next|the talk was soon elsewhere].",
)

SCENE_END = Phrases(
    "[The bell went|The doors opened|The ferry hooted], and [nobody remembered who had begun|off they went|everyone had somewhere to be].",
    "[And so on, for another half hour.|There was more, but the kettle drowned it.|Then the talk turned to cabbages.]",
    "'[Anything else?|Next, please.|Mind the step.|Is it still raining?]' [said somebody|came a voice], and [that was that|so it ended].",
    "[Then the bus came|Then it was her turn|Then somebody asked for stamps], and [that was the end of it|they spoke of other things|the talk broke off].",
    "[Everyone nodded|There was general nodding|Nobody contradicted]. [The rain went on|The clock struck|A child wanted to go home].",
    "['Well, well,' said the queue.|'You do not say,' said somebody, and bought a bun.|'One learns something every day,' said another.]",
    "[The parcel was tied up|The change was counted|The door fell shut], and [the day went on|each went home with a little more to tell].",
    "[By evening the whole street knew|It would be all over the street by noon], [as if it had not known before|as such things are].",
)
