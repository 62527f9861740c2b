"""Common sense as tables: what things are for, where they are, why they happen, what comes first, what is bigger."""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

# (what one asks after "why", the same as a statement, the reason)
WHY = tuple(
    tuple(part.strip() for part in line.split("|"))
    for line in """
    does ice melt in the sun | ice melts in the sun | the warmth turns it into water
    do people carry umbrellas | people carry umbrellas | they want to stay dry when it rains
    do leaves fall in autumn | leaves fall in autumn | the tree saves its water for the winter
    do we sleep | we sleep | the body and the mind need rest
    do birds build nests | birds build nests | their eggs need a safe, warm place
    does bread go stale | bread goes stale | it slowly loses its moisture
    do we wash our hands before meals | we wash our hands before meals | dirt can make us ill
    does a boat float | a boat floats | it pushes away more water than it weighs
    does a stone sink | a stone sinks | it is heavier than the water it pushes aside
    do we wear coats in winter | we wear coats in winter | a coat keeps our warmth close to us
    do plants need light | plants need light | they make their food with it
    does a kettle whistle | a kettle whistles | the steam rushes out through a small hole
    do bees visit flowers | bees visit flowers | they collect nectar to make honey
    do cats have whiskers | cats have whiskers | they feel their way with them in the dark
    does milk go in the fridge | milk goes in the fridge | it turns sour when it is warm
    do we put salt on icy steps | we put salt on icy steps | salt makes the ice melt
    do shadows get long in the evening | shadows get long in the evening | the sun is low in the sky
    do we see lightning before thunder | we see lightning before thunder | light travels faster than sound
    does wood float | wood floats | it is lighter than water
    do people whisper in a library | people whisper in a library | others want to read in peace
    do roofs slope | roofs slope | rain and snow must be able to slide off
    do wheels have to be round | wheels are round | only something round rolls smoothly
    do we blow on hot soup | we blow on hot soup | moving air cools it
    do onions make us cry | onions make us cry | cutting them lets out a sharp gas
    do dogs pant | dogs pant | they cool down that way
    do we boil eggs in water | we boil eggs in water | hot water cooks them evenly
    does a candle go out under a glass | a candle goes out under a glass | a flame needs fresh air
    do stars come out at night | stars come out at night | by day the bright sky hides them
    does the moon shine | the moon shines | the light of the sun falls on it
    do ducks stay dry | ducks stay dry | their feathers are oily
    do bridges have railings | bridges have railings | nobody should fall into the water
    do rivers run downhill | rivers run downhill | water always flows to the lowest place
    do clocks need winding | old clocks need winding | the spring inside them loses its strength
    do we knock before we go in | we knock before we go in | the person inside may want to be alone
    does washing dry faster in the wind | washing dries faster in the wind | the wind carries the moisture away
    do people queue | people queue | everyone gets a fair turn that way
    do we chew our food | we chew our food | small pieces are easier to swallow
    does a tyre go flat | a tyre goes flat | the air leaks out of it
    do rusty hinges squeak | rusty hinges squeak | rough metal rubs against rough metal
    do hedgehogs sleep through the winter | hedgehogs sleep through the winter | there is little for them to eat
    do swallows fly south in autumn | swallows fly south in autumn | the insects they eat are gone in winter
    does metal feel cold | metal feels cold | it quickly takes the warmth from the hand
    do we close the door in winter | we close the door in winter | the warm air would go out
    do people make lists | people make lists | it is easy to forget things
    do ships carry lights | ships carry lights | others must see them in the dark
    do mirrors get foggy | mirrors get foggy in the bathroom | steam turns to tiny drops on cold glass
    do we save money | we save money | we may need it later
    do trees have roots | trees have roots | roots hold them up and drink water
    do we say sorry | we say sorry | it helps to make things right again
    do cakes rise | cakes rise | little bubbles of gas grow in the dough
    do babies cry | babies cry | they cannot yet say what they need
    do we look both ways before we cross a street | we look both ways before we cross a street | a car could come from either side
    do bicycles have brakes | bicycles have brakes | a rider must be able to stop
    do puddles disappear | puddles disappear | the water goes into the air and the ground
    does hair grow back | hair grows back | its roots stay in the skin
    do we need two ears | we have two ears | with two we can tell where a sound comes from
    do farmers rotate their crops | farmers change their crops from year to year | the soil stays rich that way
    does sugar disappear in tea | sugar disappears in tea | it dissolves in the hot water
    do polar bears have thick fur | polar bears have thick fur | it is very cold where they live
    do we turn off the light when we leave | we turn off the light when we leave a room | light that nobody needs is wasted
    """.strip().splitlines()
)
# (thing with article, what one does with it)
USES = tuple(
    tuple(part.strip() for part in line.split("|"))
    for line in """
    a knife | cut bread
    a fork | pick up food
    a spoon | eat soup
    a cup | drink from
    a kettle | boil water
    an oven | bake bread and cakes
    a broom | sweep the floor
    a hammer | drive in nails
    a saw | cut wood
    a screwdriver | turn screws
    a needle | sew cloth
    scissors | cut paper or cloth
    a pen | write
    a rubber | remove pencil marks
    a ruler | measure short lengths
    a key | open a lock
    a lock | keep a door shut
    an umbrella | keep off the rain
    a clock | tell the time
    a lamp | give light
    a match | light a fire
    a towel | dry yourself
    soap | wash your hands
    a toothbrush | clean your teeth
    a comb | tidy your hair
    a mirror | see your own face
    a bed | sleep in
    a chair | sit on
    a ladder | reach high places
    a rope | tie things together
    a bucket | carry water
    a spade | dig a hole
    a rake | gather leaves
    a watering can | water plants
    a map | find the way
    a compass | find north
    a boat | cross the water
    an anchor | keep a ship in its place
    a net | catch fish
    a bridge | get over a river
    a stamp | pay for sending a letter
    an envelope | put a letter in
    a basket | carry shopping
    a purse | keep coins in
    a fridge | keep food cold
    a stove | cook on and keep a room warm
    a pillow | rest your head on
    a blanket | keep warm at night
    a coat | stay warm outside
    gloves | keep your hands warm
    a hat | cover your head
    boots | walk through mud
    a plaster | cover a small cut
    a thermometer | measure how warm it is
    scales | weigh things
    a bell | call people
    a whistle | make a loud, clear sound
    a camera | take pictures
    a telescope | look at the stars
    a magnifying glass | see small things bigger
    glasses | see more clearly
    a bookmark | find your page again
    a calendar | see what day it is
    a pump | put air into a tyre
    a wheelbarrow | move heavy things in the garden
    glue | stick things together
    a nail | hang up a picture
    a sieve | separate lumps from flour
    a jar | keep jam in
    a cork | close a bottle
    a candle | light a room without electricity
    a tent | sleep outdoors
    a bin | throw rubbish away
    a fence | keep animals in or out
    a sponge | wipe up water
    an iron | make shirts smooth
    a peg | hang up washing
    a paintbrush | put paint on a wall
    a torch | see in the dark
    a timer | know when the eggs are done
    """.strip().splitlines()
)
OPPOSITES = tuple(
    tuple(pair.split("/"))
    for pair in [
        "hot/cold",
        "big/small",
        "tall/short",
        "fast/slow",
        "loud/quiet",
        "light/heavy",
        "early/late",
        "full/empty",
        "open/closed",
        "wet/dry",
        "old/new",
        "old/young",
        "rich/poor",
        "hard/soft",
        "sweet/sour",
        "clean/dirty",
        "near/far",
        "deep/shallow",
        "wide/narrow",
        "thick/thin",
        "strong/weak",
        "day/night",
        "up/down",
        "left/right",
        "inside/outside",
        "first/last",
        "always/never",
        "before/after",
        "over/under",
        "true/false",
        "happy/sad",
        "brave/afraid",
        "kind/cruel",
        "lazy/busy",
        "sharp/blunt",
        "rough/smooth",
        "bright/dark",
        "begin/end",
        "buy/sell",
        "give/take",
        "push/pull",
        "find/lose",
        "come/go",
        "laugh/cry",
        "win/lose",
        "remember/forget",
        "ask/answer",
        "arrive/leave",
        "float/sink",
        "freeze/melt",
        "build/destroy",
        "question/answer",
        "friend/enemy",
        "summer/winter",
        "north/south",
        "east/west",
        "top/bottom",
        "noise/silence",
        "war/peace",
        "beginning/end",
        "success/failure",
        "more/less",
    ]
)
KINDS_OF = {
    "fruit": "apples pears plums cherries lemons grapes oranges bananas",
    "vegetables": "carrots onions potatoes cabbages peas beans leeks turnips",
    "birds": "robins owls ducks swans crows sparrows geese eagles",
    "fish": "trout herrings carp salmon cod pike eels sardines",
    "insects": "bees ants flies beetles moths butterflies wasps crickets",
    "trees": "oaks birches pines willows beeches elms limes maples",
    "flowers": "roses tulips daisies poppies lilies violets snowdrops sunflowers",
    "tools": "hammers saws pliers chisels files drills spanners screwdrivers",
    "clothes": "shirts trousers skirts socks coats jumpers scarves hats",
    "furniture": "tables chairs beds cupboards shelves desks sofas stools",
    "musical instruments": "violins drums flutes trumpets pianos guitars harps cellos",
    "vehicles": "cars buses trams lorries bicycles vans trains tractors",
    "boats": "canoes ferries barges yachts dinghies rafts tugs trawlers",
    "dishes": "plates bowls cups saucers jugs teapots platters mugs",
    "farm animals": "cows sheep pigs goats hens horses donkeys turkeys",
    "wild animals": "foxes badgers deer hares wolves hedgehogs squirrels bears",
    "metals": "iron copper gold silver tin lead zinc aluminium",
    "colours": "red blue green yellow brown purple orange grey",
    "games": "chess cards dominoes draughts tag hide-and-seek marbles skittles",
    "drinks": "water milk tea coffee juice cocoa lemonade cider",
    "buildings": "houses barns churches mills schools towers castles stations",
    "kinds of weather": "rain snow fog hail sunshine wind frost thunder",
    "shapes": "circles squares triangles rectangles stars ovals crosses hearts",
    "feelings": "joy anger fear sadness pride envy hope relief",
    "school subjects": "reading writing arithmetic history geography music drawing gymnastics",
}
PARTS = tuple(
    tuple(part.strip() for part in line.split("|"))
    for line in """
    a tree | roots, a trunk, branches and leaves
    a book | a cover, pages and a spine
    a bicycle | two wheels, a saddle, pedals and a chain
    a house | walls, a roof, doors and windows
    a flower | a stem, leaves and petals
    a clock | a face, hands and a spring
    a boat | a hull, a mast and sails
    a chair | legs, a seat and a back
    a bird | wings, a beak and feathers
    a fish | fins, scales and gills
    a shirt | sleeves, a collar and buttons
    a shoe | a sole, a heel and laces
    a hand | a palm, a thumb and four fingers
    a face | eyes, a nose, a mouth and cheeks
    a letter | a date, a greeting, some lines and a name at the end
    a knife | a blade and a handle
    a spider | eight legs and a round body
    a train | an engine and carriages
    a key | a bow, a shaft and a bit
    a guitar | a neck, a body and strings
    a castle | walls, towers and a gate
    a week | seven days
    a year | twelve months
    an hour | sixty minutes
    a day | twenty-four hours
    an egg | a shell, a white and a yolk
    an apple | a skin, flesh and a core with pips
    a piano | black and white keys, strings and pedals
    a town | streets, houses, shops and squares
    a river | a source, two banks and a mouth
    """.strip().splitlines()
)
IF_THEN = tuple(
    tuple(part.strip() for part in line.split("|"))
    for line in """
    you leave butter in the sun | it goes soft
    you drop a glass on a stone floor | it breaks
    you forget to water a plant | it wilts
    you pull a cat's tail | it may scratch you
    you leave the tap running | the basin overflows
    it has not rained for weeks | the ground is dry and hard
    it rains all night | there are puddles in the morning
    water gets cold enough | it turns to ice
    water gets hot enough | it turns to steam
    you mix blue and yellow paint | you get green
    you mix red and white paint | you get pink
    you mix red and yellow paint | you get orange
    you leave a bicycle out in the rain | it rusts
    you eat too many sweets | your stomach hurts
    you stay up too late | you are tired the next day
    you do not write something down | you may forget it
    somebody tells you a secret | you should keep it
    the wind drops | the sails hang loose
    the fire gets no wood | it goes out
    you shout in a cave | you hear an echo
    you heat sugar | it melts and turns brown
    you plant a seed and water it | it begins to grow
    you put a stone in a full bucket | some of the water spills
    you let go of a balloon | it flies away
    you let go of a stone | it falls
    you walk in fresh snow | you leave footprints
    you leave milk out for days | it turns sour
    you run fast | your heart beats faster
    you look straight into the sun | it hurts your eyes
    the battery is empty | the torch does not shine
    there is no wind | a kite will not fly
    the ice is thin | you must not step on it
    the road is icy | cars drive slowly
    you break something that belongs to somebody else | you should say so
    a dog growls | it is better to leave it alone
    someone gives you a present | you say thank you
    you lend a book | you hope to get it back
    you arrive late | others have to wait
    two people share one cake | each gets a half
    the bread smells burnt | it has been in the oven too long
    you add salt to soup | you cannot take it out again
    the sky is full of dark clouds | it will probably rain
    you put a wet coat near the stove | it dries
    you stir cocoa | it mixes with the milk
    a candle burns | it gets shorter
    you cut a worm out of an apple | the rest can still be eaten
    the moon is behind the clouds | the night is very dark
    you climb a high hill | you can see a long way
    your shoes are too small | your toes hurt
    nobody speaks in a room | you can hear the clock tick
    """.strip().splitlines()
)
# (thing, verb "is" or "are", place)
WHERE = tuple(
    tuple(part.strip() for part in line.split("|"))
    for line in """
    milk | is | in the fridge
    books | are | on the shelf
    bread | is | in the bread bin
    shoes | are | by the door
    coats | are | on the hooks in the hall
    plates | are | in the cupboard
    soap | is | by the basin
    pillows | are | on the bed
    money | is | in a purse or a bank
    stamps | are | at the post office
    boats | are | in the harbour
    trains | are | at the station
    cows | are | in the meadow or in the barn
    hens | are | in the hen house
    fish | are | in the water
    birds' eggs | are | in the nest
    honey | is | in the hive, and later in a jar
    carrots | are | under the ground until somebody pulls them up
    apples | are | on the tree in summer and in the cellar in winter
    letters | are | in the letter box
    tools | are | in the shed
    flour | is | in a bag or a tin
    knives and forks | are | in the drawer
    the pilot | is | at the front of the plane
    the patient | is | in bed
    the teacher | is | in the classroom
    the actors | are | on the stage
    the driver | is | at the wheel
    the cook | is | in the kitchen
    worms | are | in the earth
    frogs | are | near ponds
    bats | are | in caves and old roofs by day
    roots | are | under the ground
    the engine | is | under the bonnet of the car
    clouds | are | high up in the sky
    coal | is | deep in the ground
    salt | is | in the sea
    old photographs | are | in an album
    medicine | is | where children cannot reach it
    the toothbrush | is | in the bathroom
    """.strip().splitlines()
)
# (animal, its young, the sound it makes, what it eats, where it lives)
ANIMALS = tuple(
    tuple(part.strip() for part in line.split("|"))
    for line in """
    cow | calf | moos | grass | in a field or a barn
    sheep | lamb | bleats | grass | in a meadow
    dog | puppy | barks | meat and dog biscuits | with people
    cat | kitten | miaows | mice and fish | with people
    horse | foal | neighs | hay and oats | in a stable
    pig | piglet | grunts | nearly everything | in a sty
    hen | chick | clucks | corn and worms | in a hen house
    duck | duckling | quacks | water plants and snails | by a pond
    goose | gosling | honks | grass | by the water
    goat | kid | bleats | leaves and grass | on hills and farms
    lion | cub | roars | meat | on the hot, dry plain
    bear | cub | growls | berries, fish and honey | in the forest
    wolf | cub | howls | meat | in the forest
    fox | cub | barks | mice and rabbits | in a den
    owl | owlet | hoots | mice | in hollow trees and barns
    frog | tadpole | croaks | flies | by ponds
    swan | cygnet | hisses | water plants | on lakes and rivers
    donkey | foal | brays | hay and thistles | in a stable
    mouse | pup | squeaks | seeds and cheese | in a hole
    deer | fawn | bellows | leaves and buds | in the wood
    hedgehog | hoglet | snuffles | worms and beetles | under hedges
    snake | hatchling | hisses | mice and frogs | under stones
    elephant | calf | trumpets | leaves and bark | where it is hot
    seal | pup | barks | fish | in the sea and on rocks
    squirrel | kitten | chatters | nuts | in trees
    eagle | eaglet | cries | rabbits and fish | on high rocks
    """.strip().splitlines()
)
# (what is first, what comes after), as things that one does
ORDER = tuple(
    tuple(part.strip() for part in line.split("|"))
    for line in """
    put on your socks | put on your shoes
    knead the dough | bake the bread
    plough the field | sow the corn
    peel the potatoes | boil them
    open the door | walk in
    buy a ticket | get on the train
    learn to walk | learn to run
    wash the plates | dry them
    write the letter | seal the envelope
    fill the kettle | switch it on
    switch off the power | mend the lamp
    measure the board | saw it
    read the question | answer it
    look at the price | pay
    catch the fish | cook it
    pick the apples | make the juice
    lay the foundations | build the walls
    build the walls | put on the roof
    ask | borrow something
    think | speak
    wet your hands | use the soap
    break the eggs | whisk them
    take off the wrapping | use the present
    say hello | ask for a favour
    put out the fire | leave the camp
    unlock the bicycle | ride away
    sand the wood | paint it
    dig a hole | plant the tree
    taste the soup | add more salt
    lock the door | go to bed
    """.strip().splitlines()
)
SEASONS = {
    "spring": "the snow melts/birds build their nests/the first flowers come up/the days get longer/lambs are born/farmers sow their fields",
    "summer": "the days are long and warm/children swim in the lake/the corn grows tall/people eat outside/cherries ripen/thunderstorms come in the afternoon",
    "autumn": "the leaves turn yellow and fall/apples are picked/swallows fly south/the fog lies in the valley/squirrels hide nuts/the evenings grow dark",
    "winter": "the ponds freeze/people light their stoves/the nights are long/snow covers the fields/hedgehogs sleep/birds look for food near houses",
}
BODY = tuple(
    tuple(part.strip() for part in line.split("|"))
    for line in """
    eyes | see
    ears | hear
    nose | smell
    tongue | taste
    skin | feel
    teeth | bite and chew
    legs | walk
    hands | hold things
    lungs | breathe
    heart | pump the blood round the body
    brain | think
    stomach | digest food
    bones | hold the body up
    muscles | move
    eyelids | protect the eyes
    """.strip().splitlines()
)
# (more, comparative, less)
MORE = tuple(
    tuple(part.strip() for part in line.split("|"))
    for line in """
    an elephant | bigger | a mouse
    a mountain | higher | a hill
    the sea | deeper | a pond
    a train | faster | a bicycle
    a hare | faster | a snail
    iron | heavier | wood
    a stone | heavier | a feather
    a year | longer | a month
    an hour | longer | a minute
    a river | longer | a stream
    a city | bigger | a village
    the sun | hotter | any fire
    fire | hotter | boiling water
    honey | sweeter | milk
    a lemon | sourer | an orange
    thunder | louder | a whisper
    a drum | louder | a flute
    a grandmother | older | her grandchild
    a tree | taller | a bush
    a giraffe | taller | a horse
    steel | harder | lead
    glass | more fragile | wood
    silk | smoother | wool
    a lake | larger | a puddle
    a lorry | heavier | a car
    ice | colder | rain
    a kilometre | longer | a metre
    a kilogram | heavier | a gram
    a whale | larger | a shark
    a desert | drier | a forest
    noon | brighter | dusk
    a cheetah | faster | a dog
    a book | thicker | a newspaper
    a candle | dimmer | a lamp
    winter | colder | autumn
    a week | shorter | a month
    """.strip().splitlines()
)
MADE_OF = tuple(
    tuple(part.strip() for part in line.split("|"))
    for line in """
    windows | glass | one can see through it
    tables | wood | it is strong and easy to work
    nails | iron | it is hard
    jumpers | wool | it is warm
    tyres | rubber | it is soft and tough
    candles | wax | it burns slowly
    shoes | leather | it lasts for years
    books | paper | it is light and cheap
    bricks | clay | it gets hard in the fire
    raincoats | waterproof cloth | water runs off it
    pans | metal | it carries the heat well
    ropes | hemp | its threads are long and strong
    pillows | feathers and cloth | they are soft
    bread | flour, water, salt and yeast | that is all it takes
    cheese | milk | milk gets thick when it sours
    jam | fruit and sugar | sugar keeps the fruit from going bad
    paper | wood | its fibres stick together
    cups | clay or china | they do not mind hot tea
    rings | gold or silver | these metals do not rust
    walls | stone or brick | they keep out wind and cold
    """.strip().splitlines()
)
COLOUR_OF = tuple(
    tuple(pair.split("/"))
    for pair in [
        "grass/green",
        "snow/white",
        "coal/black",
        "blood/red",
        "milk/white",
        "lemons/yellow",
        "carrots/orange",
        "sunflowers/yellow",
        "chocolate/brown",
        "salt/white",
        "tomatoes/red",
        "elephants/grey",
        "crows/black",
        "cucumbers/green",
        "strawberries/red",
        "swans/white",
        "mud/brown",
        "peas/green",
    ]
)
NUMBERS = tuple(
    line.strip()
    for line in """
    A week has seven days.
    A year has twelve months.
    An hour has sixty minutes.
    A minute has sixty seconds.
    A day has twenty-four hours.
    A spider has eight legs, and an insect has six.
    A dozen is twelve.
    A pair is two.
    A triangle has three sides.
    A square has four equal sides.
    A hand has five fingers, if you count the thumb.
    A cat has four legs and one tail.
    A century is a hundred years.
    A metre is a hundred centimetres.
    A kilogram is a thousand grams.
    The alphabet has twenty-six letters.
    Most people have ten toes.
    There are four seasons in a year.
    Half of ten is five.
    Two halves make a whole.
    A tricycle has three wheels.
    A leap year has 366 days, and any other year has 365.
    An octopus has eight arms.
    February is the shortest month.
    """.strip().splitlines()
)
# (who, what she or he does, the place)
TRADES = tuple(
    tuple(part.strip() for part in line.split("|"))
    for line in """
    a baker | bakes bread | in a bakery
    a farmer | grows food and keeps animals | on a farm
    a teacher | helps people to learn | at a school
    a doctor | looks after the sick | in a surgery or a hospital
    a fisherman | catches fish | at sea
    a carpenter | makes things of wood | in a workshop
    a tailor | sews clothes | in a workshop full of cloth
    a postman | brings letters and parcels | from door to door
    a librarian | lends books and knows where they stand | in a library
    a blacksmith | shapes hot iron | at a forge
    a gardener | looks after plants | in gardens and parks
    a miller | grinds corn to flour | in a mill
    a cook | prepares meals | in a kitchen
    a nurse | cares for patients | in a hospital
    a pilot | flies planes | in the air
    a captain | commands a ship | on the sea
    a plumber | mends pipes and taps | in other people's houses
    a potter | makes bowls of clay | at a wheel
    a weaver | makes cloth | at a loom
    a hairdresser | cuts hair | in a salon
    a judge | decides who is right by law | in a court
    a painter | paints pictures or walls | on ladders or at an easel
    a musician | makes music | on stages and in the street
    a shepherd | watches over sheep | on the hills
    a mason | builds with stone | on building sites
    a vet | makes sick animals well | in a surgery
    a conductor | checks the tickets | on a train
    a watchmaker | mends watches | at a small, bright table
    a firefighter | puts out fires | wherever it burns
    an author | writes books | at a desk
    """.strip().splitlines()
)
PIECES = (
    sum(
        map(
            len, (WHY, USES, OPPOSITES, PARTS, IF_THEN, WHERE, ORDER, BODY, MORE, MADE_OF, COLOUR_OF, NUMBERS)
        )
    )
    + 4 * len(ANIMALS)
    + 2 * len(TRADES)
    + sum(len(members.split()) for members in KINDS_OF.values())
    + sum(len(events.split("/")) for events in SEASONS.values())
)
