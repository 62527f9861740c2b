"""Sorts of things: shops and what they sell, products and what they are made of, events and their months.

A sort says something, and never a fact: each sort of shop has many wares, each sort of product many
materials.
"""

from __future__ import annotations

from llmworks.data.world.words import (
    COLOURS,
    FOODS,
    HOBBIES,
    JOBS,
    KNOWN_FOR,
    LANDMARKS,
    MONTHS,
    PETS,
    REGIONS,
    RIVERS,
    STREETS,
    WEEKDAYS,
    listed,
)

WARES: dict[str, tuple[str, ...]] = {
    "bakery": listed(
        "rye bread, seed rolls, plum tarts, honey buns, walnut loaves, ginger biscuits, cream cakes, "
        "wedding cakes, currant buns, cheese straws"
    ),
    "bookshop": listed(
        "old books, children's books, atlases, cookery books, poetry, detective novels, comic books, "
        "school books, travel books, sheet music"
    ),
    "grocery": listed(
        "tinned fish, dried fruit, spices, flour and rice, cooking oil, pickles, local eggs, coffee "
        "beans, jams, vinegar"
    ),
    "toy shop": listed(
        "wooden toys, board games, dolls' houses, model trains, puppets, kites, tin soldiers, "
        "puzzles, teddy bears, marbles"
    ),
    "hardware shop": listed(
        "nails and screws, hand tools, paint, garden tools, locks and keys, ladders, lamps, kitchen "
        "knives, rope, stove parts"
    ),
    "tea room": listed(
        "green tea, herbal tea, scones, lemon cake, hot chocolate, pancakes, apple tea, toasted "
        "sandwiches, iced buns, black tea"
    ),
    "music shop": listed(
        "violins, flutes, guitars, drums, accordions, second-hand pianos, trumpets, records, music "
        "stands, strings"
    ),
    "flower shop": listed(
        "cut roses, pot plants, dried flowers, wedding bouquets, orchids, spring bulbs, seeds, ferns, "
        "wreaths, tulips"
    ),
    "cheese shop": listed(
        "goat's cheese, blue cheese, smoked cheese, sheep's cheese, cream cheese, hard cheese, "
        "butter, yoghurt, cheese knives, soft cheese"
    ),
    "clothes shop": listed(
        "wool coats, raincoats, summer dresses, work clothes, children's clothes, jumpers, scarves, "
        "silk shirts, evening gowns, socks"
    ),
    "shoe shop": listed(
        "walking boots, dancing shoes, slippers, sandals, children's shoes, riding boots, clogs, "
        "running shoes, rubber boots, leather belts"
    ),
    "hat shop": listed(
        "straw hats, felt hats, fur hats, caps, wedding hats, sun hats, rain hats, hat ribbons, "
        "berets, feathers"
    ),
    "antique shop": listed(
        "old clocks, old mirrors, oil paintings, silver spoons, old coins, porcelain, old furniture, "
        "lace, old maps, brass lamps"
    ),
    "stationery shop": listed(
        "pens and ink, writing paper, notebooks, postcards, paints and brushes, calendars, coloured "
        "pencils, envelopes, wrapping paper, rubber stamps"
    ),
    "sweet shop": listed(
        "toffee, liquorice, chocolate, nougat, peppermints, fudge, boiled sweets, sugared almonds, "
        "marzipan, caramels"
    ),
    "bicycle shop": listed(
        "racing bicycles, children's bicycles, bicycle bells, second-hand bicycles, tyres, bicycle "
        "lamps, baskets, mountain bicycles, pedals, saddles"
    ),
    "fish shop": listed(
        "fresh trout, smoked eel, herring, crabs, mussels, salted cod, fishing bait, oysters, fish "
        "cakes, pike"
    ),
    "butcher's shop": listed(
        "sausages, smoked ham, lamb chops, meat pies, bacon, ducks, beef, liver pate, chickens, black pudding"
    ),
    "furniture shop": listed(
        "beds, oak tables, armchairs, bookshelves, kitchen chairs, wardrobes, desks, cradles, rocking "
        "chairs, chests"
    ),
    "lamp shop": listed(
        "oil lamps, reading lamps, lanterns, candlesticks, glass lampshades, street lamps, torches, "
        "paper lanterns, chandeliers, night lights"
    ),
    "pet shop": listed(
        "goldfish, canaries, dog collars, rabbits, bird seed, fish tanks, cat baskets, hamsters, "
        "parrots, dog biscuits"
    ),
    "sports shop": listed(
        "tennis rackets, footballs, fishing rods, skis, tents, rowing jackets, climbing ropes, "
        "cricket bats, sledges, swimming costumes"
    ),
    "pottery shop": listed(
        "blue bowls, teapots, flower pots, mugs, painted plates, garden pots, tiles, vases, egg cups, "
        "butter dishes"
    ),
    "wool shop": listed(
        "knitting wool, buttons, needles, cotton thread, blankets, mittens, patterns, ribbons, zips, "
        "silk yarn"
    ),
    "general store": listed(
        "almost everything, paraffin, work gloves, candles, boots and coats, buckets, matches, salt "
        "and sugar, brooms, seed potatoes"
    ),
    "ice-cream shop": listed(
        "lemon ice cream, sorbets, waffles, vanilla ice cream, milk shakes, iced coffee, berry ice "
        "cream, nut ice cream, ice lollies, frozen yoghurt"
    ),
    "watch shop": listed(
        "pocket watches, wall clocks, alarm clocks, wrist watches, watch straps, hourglasses, cuckoo "
        "clocks, silver chains, barometers, compasses"
    ),
    "print shop": listed(
        "posters, wedding cards, maps, calendars, handbills, prints of birds, woodcuts, name cards, "
        "songbooks, picture frames"
    ),
}

SHOP_WORDS: dict[str, tuple[str, ...]] = {
    "bakery": listed("Bakery, Bread Shop, Bakehouse"),
    "bookshop": listed("Bookshop, Books, Book Corner"),
    "grocery": listed("Grocery, Stores, Pantry"),
    "toy shop": listed("Toy Shop, Toys, Toy Cupboard"),
    "hardware shop": listed("Hardware, Tools, Ironmongery"),
    "tea room": listed("Tea Room, Tea House, Tea Rooms"),
    "music shop": listed("Music, Music Shop, Music House"),
    "flower shop": listed("Flowers, Flower Shop, Blooms"),
    "cheese shop": listed("Cheese Shop, Dairy, Cheese Counter"),
    "clothes shop": listed("Clothes, Outfitters, Wardrobe"),
    "shoe shop": listed("Shoes, Shoe Shop, Boot House"),
    "hat shop": listed("Hats, Hat Shop, Hat Stand"),
    "antique shop": listed("Antiques, Curios, Old Things"),
    "stationery shop": listed("Stationery, Paper Shop, Pens"),
    "sweet shop": listed("Sweets, Sweet Shop, Sweet Jar"),
    "bicycle shop": listed("Bicycles, Cycles, Bicycle Shop"),
    "fish shop": listed("Fish, Fish Shop, Fish House"),
    "butcher's shop": listed("Butchery, Meats, Butcher's Shop"),
    "furniture shop": listed("Furniture, Furnishings, Joinery"),
    "lamp shop": listed("Lamps, Lights, Lamp Shop"),
    "pet shop": listed("Pets, Pet Shop, Animal House"),
    "sports shop": listed("Sports, Sports Shop, Games House"),
    "pottery shop": listed("Pottery, Pots, Crockery"),
    "wool shop": listed("Wools, Wool Shop, Yarns"),
    "general store": listed("General Store, Store, Emporium"),
    "ice-cream shop": listed("Ices, Ice Cream, Ice House"),
    "watch shop": listed("Watches, Clocks, Watch Shop"),
    "print shop": listed("Prints, Print Shop, Press"),
}

_METAL = listed("brass, copper, tin, silver, steel, iron, pewter, bronze, zinc")
_WOOD = listed("oak, pine, ash wood, beech, cherry wood, walnut wood, elm, birch, maple, olive wood")
_CLOTH = listed("wool, linen, cotton, silk, felt, velvet, canvas, leather, tweed, hemp, sheepskin")
_EARTH = listed("clay, glass, porcelain, stone, marble, slate, stoneware")
_LIGHT = listed("paper, cardboard, straw, willow, reed, cane")
_HARD = listed("bone, horn, amber, cork")
MATERIALS = _METAL + _WOOD + _CLOTH + _EARTH + _LIGHT + _HARD

_HOUSE = ("hardware shop", "antique shop", "general store", "furniture shop")
_PLAY = ("toy shop", "general store", "antique shop", "sports shop")
_WEAR = ("clothes shop", "wool shop", "general store", "hat shop", "shoe shop")
_DESK = ("stationery shop", "print shop", "bookshop", "antique shop")

PRODUCTS: dict[str, tuple[tuple[str, ...], tuple[str, ...], int, int]] = {
    # sort: materials, sorts of shop that sell it, least and greatest price in crowns
    "lamp": (_METAL + _EARTH + _WOOD, (*_HOUSE, "lamp shop"), 12, 190),
    "lantern": (_METAL + _LIGHT + _EARTH, (*_HOUSE, "lamp shop"), 8, 120),
    "clock": (_METAL + _WOOD + _EARTH, (*_HOUSE, "watch shop"), 30, 480),
    "kettle": (_METAL + _EARTH, _HOUSE, 14, 110),
    "teapot": (_METAL + _EARTH, (*_HOUSE, "pottery shop", "tea room"), 12, 140),
    "bowl": (_METAL + _EARTH + _WOOD, (*_HOUSE, "pottery shop"), 4, 90),
    "mug": (_METAL + _EARTH + _WOOD, (*_HOUSE, "pottery shop", "tea room"), 3, 45),
    "vase": (_METAL + _EARTH + _WOOD, (*_HOUSE, "pottery shop", "flower shop"), 8, 240),
    "chair": (_METAL + _WOOD + _LIGHT, _HOUSE, 35, 420),
    "table": (_METAL + _WOOD + _EARTH, _HOUSE, 60, 900),
    "stool": (_METAL + _WOOD + _LIGHT, _HOUSE, 15, 150),
    "box": (_METAL + _WOOD + _LIGHT + _HARD, (*_HOUSE, "stationery shop"), 5, 130),
    "basket": (_LIGHT + _CLOTH + _WOOD, (*_HOUSE, "bicycle shop", "pet shop"), 8, 75),
    "mirror": (_METAL + _WOOD + _EARTH, _HOUSE, 20, 320),
    "cradle": (_WOOD + _LIGHT + _METAL, ("furniture shop", "antique shop", "toy shop"), 60, 390),
    "umbrella": (_CLOTH + _LIGHT, (*_WEAR, "sports shop"), 12, 95),
    "hat": (_CLOTH + _LIGHT, ("hat shop", "clothes shop", "general store"), 10, 160),
    "coat": (_CLOTH, ("clothes shop", "general store", "sports shop"), 60, 620),
    "scarf": (_CLOTH, ("clothes shop", "wool shop", "general store"), 8, 85),
    "bag": (_CLOTH + _LIGHT, (*_WEAR, "stationery shop"), 10, 180),
    "belt": (_CLOTH + _METAL, ("clothes shop", "shoe shop", "general store"), 7, 70),
    "blanket": (_CLOTH, ("wool shop", "furniture shop", "general store"), 18, 190),
    "cushion": (_CLOTH, ("wool shop", "furniture shop", "pet shop"), 6, 60),
    "doll": (_CLOTH + _WOOD + _EARTH, _PLAY, 9, 150),
    "puppet": (_CLOTH + _WOOD + _LIGHT, _PLAY, 8, 110),
    "kite": (_CLOTH + _LIGHT, _PLAY, 5, 80),
    "top": (_WOOD + _METAL, ("toy shop", "general store", "antique shop"), 2, 25),
    "chess set": (_WOOD + _METAL + _EARTH + _HARD, _PLAY, 20, 460),
    "toy boat": (_WOOD + _METAL + _LIGHT, _PLAY, 6, 95),
    "music box": (_WOOD + _METAL, ("music shop", "toy shop", "watch shop", "antique shop"), 18, 280),
    "flute": (_WOOD + _METAL + _LIGHT, ("music shop", "antique shop"), 25, 540),
    "drum": (_WOOD + _METAL + _CLOTH, ("music shop", "toy shop", "antique shop"), 20, 330),
    "pen": (_METAL + _WOOD + _HARD, _DESK, 2, 90),
    "notebook": (_CLOTH + _LIGHT, _DESK, 3, 35),
    "picture frame": (_METAL + _WOOD + _LIGHT, (*_DESK, "furniture shop"), 6, 120),
    "compass": (_METAL + _WOOD, ("watch shop", "sports shop", "antique shop"), 14, 160),
    "walking stick": (_WOOD + _METAL + _LIGHT, ("sports shop", "hat shop", "antique shop"), 12, 140),
    "sledge": (_WOOD + _METAL, ("sports shop", "toy shop", "hardware shop"), 25, 180),
    "birdcage": (_METAL + _WOOD + _LIGHT, ("pet shop", "hardware shop", "antique shop"), 15, 170),
    "watering can": (_METAL + _EARTH, ("flower shop", "hardware shop", "pottery shop"), 9, 70),
    "bell": (_METAL + _EARTH, ("bicycle shop", "hardware shop", "antique shop", "music shop"), 4, 150),
    "comb": (_METAL + _WOOD + _HARD, ("general store", "clothes shop", "antique shop"), 2, 40),
}

EVENTS: dict[str, tuple[str, int, int]] = {
    # sort: how its name ends, fewest and most guests
    "boat race": ("Boat Race", 150, 9000),
    "flower show": ("Flower Show", 80, 4000),
    "kite contest": ("Kite Contest", 60, 2500),
    "baking contest": ("Baking Contest", 40, 1500),
    "foot race": ("Run", 60, 6000),
    "bicycle race": ("Bicycle Race", 90, 8000),
    "cheese fair": ("Cheese Fair", 100, 5000),
    "song contest": ("Song Contest", 80, 4500),
    "dance contest": ("Dance", 60, 2400),
    "chess tournament": ("Chess Tournament", 20, 600),
    "swimming race": ("Swim", 40, 2200),
    "horse race": ("Horse Race", 200, 9500),
    "dog show": ("Dog Show", 60, 3000),
    "pumpkin fair": ("Pumpkin Fair", 70, 3500),
    "story contest": ("Story Evening", 20, 700),
    "quiz": ("Quiz", 20, 800),
    "snow race": ("Snow Race", 40, 1900),
    "lantern contest": ("Lantern Parade", 100, 7000),
    "photo contest": ("Photo Prize", 20, 900),
    "fishing contest": ("Fishing Match", 30, 1200),
    "tennis tournament": ("Tennis Cup", 50, 3200),
    "football cup": ("Football Cup", 200, 9800),
    "brass band contest": ("Band Day", 100, 5200),
    "garden prize": ("Garden Prize", 30, 1600),
    "cooking contest": ("Cooking Supper", 30, 1100),
    "poetry prize": ("Poetry Prize", 20, 650),
    "sledge race": ("Sledge Race", 40, 2100),
    "archery contest": ("Archery Day", 40, 1700),
    "raft race": ("Raft Race", 90, 4200),
    "sheepdog trial": ("Sheepdog Trial", 50, 2600),
}

WORDS: dict[str, tuple[str, ...]] = {
    "job": JOBS,
    "hobby": HOBBIES,
    "pet": PETS,
    "favourite_food": FOODS,
    "region": REGIONS,
    "river": RIVERS,
    "known_for": KNOWN_FOR,
    "landmark": LANDMARKS,
    "street": STREETS,
    "closed_on": WEEKDAYS,
    "month_of": MONTHS,
    "colour": COLOURS,
    "made_of": MATERIALS,
    "sells": tuple(dict.fromkeys(ware for wares in WARES.values() for ware in wares)),
}
