"""The words that facts are made of, one list a relation: jobs, hobbies, foods, pets, streets, …

`goods.WORDS[relation]` is every value that a relation of words can take, to score a guess against chance.
"""

from __future__ import annotations


def listed(text: str) -> tuple[str, ...]:
    """Comma-separated words, each once, in their order."""
    words = (" ".join(word.split()) for word in text.split(","))
    return tuple(dict.fromkeys(word for word in words if word))


def with_article(word: str) -> str:
    """ "baker" -> "a baker", "old cat" -> "an old cat". For the words of this module (no "hour")."""
    return f"{'an' if word[0] in 'aeiouAEIOU' and not word.startswith('one-') else 'a'} {word}"


_JOBS = listed("""
    baker, teacher, nurse, doctor, farmer, carpenter, gardener, miller, plumber, painter, tailor,
    librarian, bus driver, train driver, ferry pilot, postman's clerk, letter carrier, beekeeper,
    shepherd, blacksmith, clockmaker, bookbinder, potter, weaver, glassblower, printer, journalist,
    photographer, map maker, surveyor, engineer, architect, bricklayer, roofer, electrician, mechanic,
    welder, lock keeper, lighthouse keeper, forester, vet, dentist, pharmacist, midwife, piano teacher,
    piano tuner, violin maker, singer, conductor, organist, dancer, actor, puppeteer, clown, playwright,
    poet, novelist, translator, judge, lawyer, notary, accountant, bank clerk, tax officer, town clerk,
    police officer, firefighter, ranger, fisherman, boat builder, sailmaker, rope maker, cooper,
    wheelwright, saddler, shoemaker, hat maker, glove maker, dressmaker, knitter, florist, fruit grower,
    cheesemaker, butcher, brewer, cook, pastry cook, waiter, innkeeper, hotel porter, hairdresser, barber,
    cleaner, window cleaner, chimney sweep, caretaker, night watchman, gatekeeper, museum guide,
    archivist, historian, geologist, chemist, astronomer, weather forecaster, botanist, statistician,
    programmer, telephone engineer, radio announcer, film editor, sculptor, stonemason, sign painter, toy
    maker, candle maker, soap maker, basket maker, furniture maker, upholsterer, locksmith, optician,
    jeweller, goldsmith, engraver, swimming teacher, football coach, riding teacher, sports reporter,
    mountain guide, ski teacher, tree surgeon, grocer, greengrocer, bookseller, stationer, market trader,
    auctioneer, ticket inspector, signalman, crane operator, lorry driver, tram driver, bicycle mechanic,
    bridge inspector, quarry worker, thatcher, hedge layer, dog trainer, goat keeper, duck farmer,
    mushroom grower, wine grower, tea blender, coffee roaster, ice-cream maker, school cook, school
    inspector, speech therapist, kite maker, bell founder, organ builder, paper maker, ink maker, dyer,
    spinner, lace maker, quilt maker
""")

_HOBBIES = listed("""
    painting, drawing, chess, knitting, fishing, swimming, cycling, running, hiking, singing, dancing,
    baking, gardening, reading, writing poems, bird watching, stamp collecting, coin collecting, wood
    carving, pottery, photography, juggling, card tricks, crossword puzzles, jigsaw puzzles, draughts,
    dominoes, table tennis, tennis, football, cricket, badminton, bowls, archery, rowing, sailing,
    canoeing, kite flying, horse riding, skating, skiing, sledging, rock climbing, star gazing, keeping
    bees, growing roses, growing tomatoes, growing giant pumpkins, pressing flowers, collecting shells,
    collecting stones, collecting old maps, collecting buttons, collecting teapots, collecting postcards,
    collecting keys, model trains, model ships, paper folding, calligraphy, bookbinding, embroidery,
    quilting, weaving, sewing, crochet, basket weaving, candle making, soap making, jam making, bread
    making, cheese tasting, cooking soups, brewing tea, playing the piano, playing the violin, playing the
    flute, playing the accordion, playing the drums, playing the guitar, playing the trumpet, playing the
    cello, bell ringing, choir singing, amateur theatre, puppet shows, telling stories, writing letters,
    keeping a diary, learning languages, radio building, clock repair, bicycle repair, boat building, kite
    building, family history, local history, metal detecting, mushroom picking, berry picking, tree
    climbing, night walks, hill walking, cave exploring, dog training, pigeon racing, fly fishing,
    orienteering, yoga, gymnastics, fencing, wrestling, darts, skittles, sudoku, magic tricks, riddles,
    film nights, old comedies, jazz, folk songs, brass bands, opera
""")

_FOODS = listed("""
    plum cake, apple pie, onion soup, pea soup, leek soup, tomato soup, mushroom soup, fish soup, barley
    soup, pumpkin soup, potato salad, cucumber salad, bean salad, beetroot salad, egg salad, cheese toast,
    rye bread, garlic bread, honey cake, carrot cake, lemon cake, walnut cake, poppy seed cake, ginger
    biscuits, oat biscuits, almond biscuits, shortbread, cherry tart, pear tart, blackberry tart, rhubarb
    crumble, apple crumble, gooseberry fool, rice pudding, bread pudding, plum jam, strawberry jam,
    raspberry jam, marmalade, pancakes, waffles, dumplings, noodles, roast chicken, roast duck, roast
    lamb, beef stew, lamb stew, bean stew, lentil stew, chicken pie, fish pie, leek pie, mushroom pie,
    cheese pie, meatballs, sausages, fried fish, smoked trout, grilled trout, pickled herring, fish cakes,
    crab cakes, mussels, baked potatoes, roast potatoes, mashed potatoes, chips, cauliflower cheese,
    stuffed peppers, stuffed cabbage, spinach omelette, mushroom omelette, scrambled eggs, boiled eggs,
    porridge, muesli, goat's cheese, blue cheese, smoked cheese, cottage cheese, buttered toast, cinnamon
    rolls, raisin buns, cream buns, doughnuts, chocolate pudding, chocolate cake, vanilla ice cream, lemon
    ice cream, strawberry ice cream, plums, cherries, pears, fresh figs, raspberries, blackberries,
    grilled corn, green beans, asparagus, radishes, pickled onions, olives, walnuts, roasted chestnuts,
    toffee, liquorice, nougat, peppermints, honeycomb, ginger cake, cheese scones, currant scones,
    crumpets, mince pies, vegetable curry, chickpea curry, tomato pasta, mushroom pasta, cabbage rolls,
    potato pancakes, rice salad
""")

_PET_LOOKS = listed("""
    grey, black, white, brown, spotted, striped, old, young, small, fat, shy, one-eyed, lame, golden,
    ginger, noisy, sleepy, long-haired
""")
_PETS = listed("""
    cat, dog, rabbit, hamster, goat, pony, donkey, parrot, canary, goose, duck, hen, tortoise, hedgehog,
    guinea pig, ferret, mouse, sheep, pig, pigeon, goldfish, lizard
""")
PETS = tuple(with_article(f"{look} {pet}") for look in _PET_LOOKS for pet in _PETS)

REGIONS = listed("""
    the Marsh Country, the High Moors, the Lower Vale, the Salt Coast, the Orchard Lands, the Stone Hills,
    the Lake Country, the Great Wood, the Chalk Downs, the Windy Ridge, the Copper Hills, the Long Meadows
""")

RIVERS = listed("""
    the Ebble, the Merrin, the Tarrow, the Sill, the Wend, the Ossel, the Lapwater, the Brindle, the
    Carrick, the Dunnow, the Fenny, the Gellow, the Harrowbeck, the Issen, the Kestle, the Lirrow, the
    Mossbeck, the Nettle, the Orrin, the Pellow, the Quern, the Rushet, the Sallow, the Thrim, the Ullen,
    the Varrow, the Withy, the Yarrel, the Ashbeck, the Birrel, the Cray, the Dovewater, the Elmet, the
    Flint, the Greel, the Hawkwater, the Ivel, the Jessow, the Kell, the Loam
""")

_KNOWN = listed("""
    pottery, cheese, apples, plums, honey, wool, lace, glass, clocks, bells, boats, kites, roses, tulips,
    mushrooms, beer, cider, bread, gingerbread, mustard, pickles, salt, paper, maps, violins, pianos,
    carpets, blankets, hats, gloves, boots, baskets, candles, soap, knives, spoons, tiles, bricks, ropes,
    sails
""")
_KNOWN_LOOKS: dict[str, tuple[str, ...]] = {
    "pottery": listed("blue, brown, painted, white"),
    "cheese": listed("goat's, soft, smoked, sheep's"),
    "apples": listed("red, sweet, cooking"),
    "plums": listed("yellow, purple"),
    "honey": listed("heather, clover"),
    "wool": listed("black, fine"),
    "lace": listed("fine, white"),
    "glass": listed("coloured, green, cut"),
    "clocks": listed("wall, tower, wooden"),
    "bells": listed("church, hand, sheep"),
    "boats": listed("rowing, racing, toy"),
    "kites": listed("paper, silk, giant"),
    "roses": listed("yellow, climbing, wild"),
    "tulips": listed("black, striped"),
    "mushrooms": listed("wild, dried"),
    "beer": listed("dark, wheat"),
    "cider": listed("dry, pear"),
    "bread": listed("rye, walnut, black"),
    "gingerbread": listed("soft, painted"),
    "mustard": listed("hot, sweet"),
    "pickles": listed("hot, sweet"),
    "salt": listed("sea, smoked"),
    "paper": listed("handmade, writing"),
    "maps": listed("old, sea"),
    "violins": listed("fine, children's"),
    "pianos": listed("grand, upright"),
    "carpets": listed("red, woven"),
    "blankets": listed("striped, checked"),
    "hats": listed("straw, felt, fur"),
    "gloves": listed("leather, knitted"),
    "boots": listed("walking, riding"),
    "baskets": listed("willow, reed"),
    "candles": listed("beeswax, coloured"),
    "soap": listed("lavender, goat's milk"),
    "knives": listed("pocket, kitchen"),
    "spoons": listed("wooden, silver"),
    "tiles": listed("roof, painted"),
    "bricks": listed("red, yellow"),
    "ropes": listed("ship's, climbing"),
    "sails": listed("brown, canvas"),
}
KNOWN_FOR = tuple(f"{look} {thing}" for thing in _KNOWN for look in _KNOWN_LOOKS[thing]) + listed("""
    its brass band, its snow festival, its hot springs, its long pier, its quiet gardens, its puppet
    theatre, its horse market, its cherry trees, its old library, its steep streets, its covered bridge,
    its storks, its thick fog, its good schools, its night market, its fish soup, its stone circles, its
    starry nights
""")

_LANDMARK_LOOKS = listed("""
    Crooked, Old, Long, Broken, White, Black, Red, Green, Silent, Leaning, Hanging, Hollow, Twin, Lonely,
    Lower, Upper, Painted, Copper, Iron, Wooden, Stone, Glass, Golden, Mossy, Salt, Wind, Water, King's,
    Queen's, Shepherd's, Fisher's, Pilgrim's, Beggar's, Giant's, Widow's, Miller's, Raven, Heron, Fox,
    Owl, Swan, Bell, Clover, Thistle, Willow, Chestnut, Lantern, Harvest, Sailor's, Singing
""")
_LANDMARKS = listed("""
    Bridge, Tower, Mill, Well, Gate, Clock, Fountain, Church, Chapel, Hall, Castle, Arch, Steps, Stairs,
    Oak, Elm, Stone, Rock, Cave, Column, Statue, Lighthouse, Pier, Weir, Market, Barn, Abbey, Cross,
    Garden, Wall
""")
LANDMARKS = tuple(f"the {look} {thing}" for thing in _LANDMARKS for look in _LANDMARK_LOOKS if look != thing)

_STREET_STEMS = listed("""
    Candle, Mill, Church, Bridge, Market, Station, School, Castle, River, Harbour, Garden, Orchard,
    Meadow, Barley, Wheat, Oat, Clover, Thistle, Heather, Willow, Elm, Oak, Ash, Beech, Birch, Chestnut,
    Walnut, Cherry, Plum, Pear, Apple, Quince, Rose, Lily, Tulip, Daisy, Ivy, Fern, Moss, Holly, Hazel,
    Juniper, Sorrel, Mint, Sage, Thyme, Butcher, Baker, Cooper, Weaver, Tanner, Glover, Potter, Fletcher,
    Saddler, Tinker, Chandler, Thatcher, Fisher, Ferry, Anchor, Rope, Sail, Net, Oyster, Herring, Salmon,
    Trout, Heron, Swan, Goose, Duck, Owl, Raven, Crow, Lark, Finch, Robin, Magpie, Wren, Fox, Hare,
    Badger, Otter, Stag, Lamb, Ram, Pony, Bell, Clock, Lantern, Silver, Copper, Iron, Brass, Stone, Chalk,
    Flint, Slate, Brick, Salt, Pepper, Butter, Honey, Milk, Bread, Water, Well, Spring, Fountain, North,
    South, East, West, High, Low, Long, Short, Crooked, Narrow, Broad, Old, New, Upper, Lower, Middle,
    Back, Sunny, Quiet, Windy, Friday, Sunday, Summer, Winter, Harvest, King, Queen, Duke, Abbey
""")
_STREET_ENDS = listed("Street, Lane, Road, Row, Hill, Walk, Square, Alley, Gate, Yard")
STREETS = tuple(f"{stem} {end}" for stem in _STREET_STEMS for end in _STREET_ENDS)

COLOURS = listed("""
    red, dark red, orange, yellow, pale yellow, green, dark green, pale green, blue, dark blue, sky blue,
    turquoise, purple, violet, pink, brown, chestnut brown, grey, silver grey, black, white, cream, gold,
    copper, rust red
""")
MONTHS = listed(
    "January, February, March, April, May, June, July, August, September, October, November, December"
)
WEEKDAYS = listed("Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday")

JOBS = tuple(with_article(job) for job in _JOBS)
HOBBIES = _HOBBIES
FOODS = _FOODS
