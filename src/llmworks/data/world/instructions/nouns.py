# ruff: noqa: E501, SIM905 (lists of words)
"""Everyday nouns by category, and what the commonest of them are."""

from __future__ import annotations

from itertools import permutations

from llmworks.data.world.instructions.words import with_article

CATEGORIES: dict[str, list[str]] = {
    name: words.split(",")
    for name, words in {
        "fruit": "apple,pear,plum,cherry,lemon,orange,banana,peach,grape,melon,strawberry,fig,raspberry,apricot",
        "vegetable": "carrot,potato,onion,cabbage,pea,bean,leek,spinach,turnip,pumpkin,cucumber,lettuce,beetroot,celery",
        "animal": "dog,cat,horse,cow,sheep,pig,goat,rabbit,fox,bear,mouse,lion,tiger,elephant,monkey,deer,wolf,donkey,squirrel,hedgehog",
        "bird": "robin,sparrow,owl,duck,goose,swan,crow,eagle,pigeon,gull,hen,swallow,blackbird,stork",
        "insect": "ant,bee,wasp,fly,beetle,butterfly,moth,cricket,ladybird,mosquito",
        "colour": "red,blue,green,yellow,white,black,brown,grey,pink,purple,orange",
        "tool": "hammer,saw,spade,rake,axe,drill,screwdriver,pliers,chisel,shovel,ladder",
        "piece of clothing": "hat,coat,shirt,sock,shoe,glove,scarf,dress,skirt,jacket,boot,cap,jumper,belt",
        "piece of furniture": "table,chair,bed,shelf,stool,bench,cupboard,desk,sofa,wardrobe,armchair",
        "musical instrument": "piano,violin,flute,drum,guitar,trumpet,harp,cello,organ,recorder,horn",
        "vehicle": "car,bus,train,bicycle,boat,ship,lorry,tram,cart,van,plane,tractor,ferry",
        "job": "baker,teacher,farmer,doctor,nurse,sailor,painter,singer,driver,cook,gardener,carpenter,tailor,butcher,pilot",
        "drink": "water,milk,tea,coffee,juice,lemonade,cocoa,cider",
        "flower": "rose,tulip,daisy,lily,sunflower,violet,poppy,daffodil,snowdrop,bluebell",
        "tree": "oak,pine,birch,willow,beech,elm,ash,maple,poplar,chestnut",
        "sport": "football,tennis,swimming,running,rowing,cricket,skating,cycling,hockey,boxing",
        "room": "kitchen,bedroom,bathroom,hall,attic,cellar,pantry,study",
        "part of the body": "head,arm,leg,hand,foot,nose,ear,eye,mouth,knee,finger,toe,neck,shoulder,back",
        "day of the week": "Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday",
        "month": "January,February,March,April,May,June,July,August,September,October,November,December",
        "season": "spring,summer,autumn,winter",
        "kind of weather": "rain,snow,wind,fog,sunshine,hail,thunder,frost",
        "kitchen thing": "spoon,fork,knife,plate,cup,bowl,pot,pan,kettle,jug,oven,sieve",
        "shape": "circle,square,triangle,rectangle,oval,star",
        "kind of fish": "salmon,trout,herring,cod,eel,carp,tuna,pike",
    }.items()
}
MANY = {
    "fruit": "fruits", "vegetable": "vegetables", "animal": "animals", "bird": "birds", "insect": "insects",
    "colour": "colours", "tool": "tools", "piece of clothing": "pieces of clothing",
    "piece of furniture": "pieces of furniture", "musical instrument": "musical instruments", "vehicle": "vehicles",
    "job": "jobs", "drink": "drinks", "flower": "flowers", "tree": "trees", "sport": "sports", "room": "rooms",
    "part of the body": "parts of the body", "day of the week": "days of the week", "month": "months",
    "season": "seasons", "kind of weather": "kinds of weather", "kitchen thing": "kitchen things",
    "shape": "shapes", "kind of fish": "kinds of fish",
}  # fmt: skip
OF_WORD: dict[str, list[str]] = {}
for _category, _words in CATEGORIES.items():
    for _word in _words:
        OF_WORD.setdefault(_word, []).append(_category)

# word | what it is | what more can be said, after "it"
_MEANT = """
kettle|a pot with a spout for boiling water|stands on the stove
lamp|a thing that gives light|helps us to see in the dark
ladder|two long poles with steps between them|lets you climb up to a roof
umbrella|a folding roof of cloth on a stick|keeps the rain off
hammer|a tool with a heavy head|drives nails into wood
saw|a tool with sharp teeth|cuts wood
spade|a tool for digging|turns the earth in a garden
rake|a tool with teeth on a long handle|gathers leaves
needle|a thin pointed piece of metal for sewing|pulls a thread through cloth
broom|a brush with a long handle|sweeps the floor
basket|a light woven thing for carrying food and washing|is made of thin branches
bucket|a round container with a handle|carries water
candle|a stick of wax with a string in it|burns with a small flame
clock|a machine that shows the time|has two hands that go round
mirror|a piece of glass that shows what stands before it|shows you your own face
pillow|a soft bag for the head|lies on a bed
blanket|a large warm cloth|keeps you warm at night
coat|a warm piece of clothing for outdoors|is worn over other clothes
scarf|a long piece of cloth|keeps the neck warm
glove|a piece of clothing for the hand|has a place for each finger
boot|a strong high shoe|keeps the feet dry
key|a small piece of metal|opens a lock
bell|a hollow piece of metal|rings when you strike it
bridge|a way built over water|lets people cross a river
river|a long stream of water|flows to the sea
lake|a large body of water with land all round|is still, and fish live in it
sea|a very large body of salt water|has waves and tides
island|a piece of land with water all round|can be reached by boat
hill|a high piece of land|is lower than a mountain
mountain|a very high piece of land|may have snow on its top
valley|low land between hills|often has a river in it
forest|a large place full of trees|is home to deer and foxes
meadow|a field of grass and flowers|is cut for hay
desert|a dry place with much sand|gets hardly any rain
beach|a strip of sand or stones by the sea|is a good place to play
harbour|a safe place for ships by the shore|keeps ships from the waves
farm|a place where food is grown and animals are kept|has fields and barns
market|a place where many people sell things|has stalls in rows
library|a place where books are lent|is a quiet place to read
school|a place where children learn|has teachers and classrooms
hospital|a place where sick people are cared for|has doctors and nurses
bakery|a shop where bread is made and sold|smells of fresh loaves
museum|a house where old or beautiful things are shown|can be visited by everyone
station|a place where trains stop|is where travellers get on and off
baker|a person who makes bread|gets up very early
teacher|a person who helps others learn|works in a school
farmer|a person who grows food and keeps animals|works in the fields
doctor|a person who helps sick people|gives medicine
nurse|a person who cares for sick people|works in a hospital
sailor|a person who works on a ship|knows the sea
carpenter|a person who makes things from wood|uses saws and hammers
tailor|a person who makes clothes|works with cloth and thread
gardener|a person who looks after plants|waters the flowers
pilot|a person who flies a plane|sits at the front of it
cook|a person who makes meals|works in a kitchen
dog|an animal that people keep as a friend|barks and can guard a house
cat|a small furry animal with sharp claws|catches mice
horse|a large animal with strong legs|can carry a rider
cow|a large farm animal|gives milk
sheep|a farm animal with a thick coat|gives us wool
goat|a farm animal with horns|climbs well
hen|a farm bird|lays eggs
duck|a bird that swims|has feet like paddles
owl|a bird that hunts at night|can see in the dark
swan|a large white bird with a long neck|swims on lakes
fox|a wild animal with a bushy tail|is said to be clever
rabbit|a small animal with long ears|lives in a hole and eats grass
mouse|a very small animal with a long tail|likes grain and cheese
bear|a large strong animal with thick fur|sleeps through the winter
elephant|a very large grey animal with a trunk|is the largest animal on land
bee|an insect that flies from flower to flower|makes honey
spider|a small animal with eight legs|spins a web
butterfly|an insect with large bright wings|was a caterpillar once
snail|a small slow animal with a shell|carries its house on its back
frog|a small animal that jumps and swims|lives near ponds
apple|a round fruit|grows on a tree and is red or green
lemon|a yellow fruit|tastes sour
cherry|a small red fruit with a stone in it|grows on a tree
carrot|a long orange vegetable|grows under the ground
potato|a vegetable that grows under the ground|can be boiled or fried
onion|a round vegetable with many skins|makes the eyes water when it is cut
pumpkin|a large round orange vegetable|is good in soup
bread|a food baked from flour and water|is cut into slices
cheese|a food made from milk|can be soft or hard
honey|a sweet food made by bees|is thick and golden
butter|a soft yellow food made from cream|is spread on bread
sugar|a white sweet powder|makes cakes sweet
milk|a white drink that comes from cows|is used to make cheese
tea|a hot drink made from leaves|is drunk from a cup
rain|water that falls from clouds|makes the plants grow
snow|soft white flakes that fall in winter|covers the ground
ice|frozen water|is cold and slippery
fog|a cloud near the ground|makes it hard to see
wind|air that moves|turns mills and fills sails
thunder|the loud noise after lightning|is heard in a storm
shadow|a dark shape where light cannot go|is long in the evening
moon|the bright round thing in the night sky|goes round the earth
sun|the star that gives us light and warmth|rises in the morning
winter|the cold season|comes after autumn
summer|the warm season|comes after spring
book|many pages bound together|can be read
letter|a message written on paper|is sent by post
map|a drawing of a place from above|shows roads and rivers
diary|a book in which you write what happened each day|is often kept secret
poem|a text in short lines|often has rhymes
song|words that are sung|has a tune
piano|a large musical instrument with black and white keys|is played with all ten fingers
violin|a small musical instrument with four strings|is played with a bow
drum|a musical instrument that you beat|gives the beat in a band
flute|a musical instrument that you blow|is long and thin
bicycle|a vehicle with two wheels|is moved by the feet
train|a row of carriages on rails|stops at stations
boat|a small thing that floats on water|is rowed or sailed
plane|a machine that flies|has two wings and carries people
cart|a wooden vehicle with wheels|is pulled by a horse
bus|a large vehicle for many people|stops along the street
wheel|a round thing that turns|makes carts and cars roll
anchor|a heavy iron hook|keeps a ship in its place
sail|a large cloth on a ship|catches the wind
kite|a toy that flies in the wind|is held by a string
chair|a piece of furniture to sit on|has four legs and a back
table|a piece of furniture with a flat top|is where people eat
bed|a piece of furniture to sleep in|has pillows and a blanket
window|an opening in a wall with glass in it|lets light in
door|a thing that closes the way into a room|has a handle
roof|the top of a house|keeps the rain out
garden|a piece of land with flowers and vegetables|lies beside a house
kitchen|a room where food is cooked|has a stove
attic|a room under the roof|is full of old things
cellar|a room under a house|is cool and dark
friend|a person whom you like and trust|helps you when you need it
neighbour|a person who lives next door|is close by
"""


class Meaning:
    """A word, what it is ("a tool for digging") and one thing more ("turns the earth in a garden")."""

    __slots__ = ("a", "more", "what", "word")

    def __init__(self, word: str, what: str, more: str) -> None:
        self.word, self.what, self.more = word, what, more
        self.a = (
            word if word in _MASS else f"the {word}" if word in ("sun", "moon", "sea") else with_article(word)
        )


_MASS = frozenset(
    "bread cheese honey butter sugar milk tea rain snow ice fog wind thunder winter summer".split()
)
MEANINGS: dict[str, Meaning] = {
    row.split("|")[0]: Meaning(*row.split("|")) for row in _MEANT.strip().split("\n")
}
# Groups of which two can be compared.
ALIKE = [
    row.split()
    for row in (
        "hammer saw spade rake needle broom",
        "basket bucket",
        "lamp candle",
        "sun moon",
        "river lake sea",
        "hill mountain valley island desert forest meadow beach",
        "library school hospital bakery museum station market farm harbour",
        "baker teacher farmer doctor nurse sailor carpenter tailor gardener pilot cook",
        "dog cat horse cow sheep goat fox rabbit mouse bear elephant",
        "hen duck owl swan",
        "bee spider butterfly snail frog",
        "apple lemon cherry",
        "carrot potato onion pumpkin",
        "bread cheese honey butter sugar",
        "milk tea",
        "rain snow ice fog wind thunder",
        "winter summer",
        "book letter map diary poem song",
        "piano violin drum flute",
        "bicycle train boat plane cart bus",
        "chair table bed",
        "window door roof",
        "kitchen attic cellar garden",
        "coat scarf glove boot",
        "pillow blanket",
        "friend neighbour",
        "anchor sail",
    )
]
ALIKE_PAIRS = [pair for row in ALIKE for pair in permutations(row, 2)]
OPPOSITES = [
    pair.split("-")
    for pair in (
        "hot-cold big-small tall-short long-short old-young old-new happy-sad light-dark light-heavy day-night "
        "up-down in-out open-shut full-empty wet-dry hard-soft fast-slow high-low rich-poor loud-quiet early-late "
        "clean-dirty good-bad right-wrong left-right strong-weak near-far first-last thick-thin wide-narrow "
        "sweet-sour rough-smooth front-back begin-end start-stop give-take buy-sell come-go win-lose push-pull "
        "laugh-cry always-never before-after above-below inside-outside friend-enemy north-south east-west "
        "black-white deep-shallow brave-afraid safe-dangerous easy-difficult true-false arrive-leave float-sink"
    ).split()
]
