"""How-tos as a table: what one does | what one needs (or nothing) | the steps | a hint."""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

_TABLE = """
make a cup of tea | a kettle, a cup and a tea bag | boil some fresh water; put a tea bag into the cup; pour the hot water over it; wait four minutes; take the tea bag out | Milk and sugar come last.
boil an egg | a pan, water and an egg | fill a small pan with water; bring it to the boil; lower the egg in with a spoon; let it cook for six minutes; cool it under cold water | Ten minutes make it hard.
mend a bicycle tyre | a patch, glue and a pump | take the wheel off; pull the tube out of the tyre; pump it up and listen for the hole; roughen the spot; put on glue and the patch; put everything back and pump it up | A bowl of water shows you the hole: look for bubbles.
plant beans | bean seeds, a stick and a sunny place | loosen the soil; push a stick into the ground; put five beans around it; cover them with earth; water them every other day | Do not sow them before the last frost.
write a letter | paper, a pen, an envelope and a stamp | write the date at the top; begin with a greeting; say what you want to say; end with good wishes and your name; fold it and put it into the envelope; write the address and stick on a stamp | Read it once more before you close it.
bake bread | flour, water, salt and yeast | mix the flour, the salt and the yeast; add warm water; knead the dough for ten minutes; let it rise for an hour; shape a loaf; bake it until it sounds hollow when you knock on it | A bowl of water in the oven makes a good crust.
wash the dishes | warm water, soap and a sponge | scrape off what is left; fill the basin with warm water and some soap; wash the glasses first; wash the plates and then the pans; rinse everything; let it dry on the rack | Change the water when it gets cold or greasy.
sew on a button | a needle, thread and the button | thread the needle and tie a knot; come up from the back of the cloth; go through the holes of the button four times; wind the thread around under the button; push the needle to the back and tie it off | Double thread holds longer.
light a fire in a stove | paper, twigs, logs and a match | open the air; put crumpled paper at the bottom; lay thin twigs on top; light the paper; add a small log when the twigs burn; close the door | Wet wood only makes smoke.
paint a fence | a brush, paint and an old cloth | brush off the dirt; sand the rough places; stir the paint; paint along the grain; let it dry for a day; put on a second coat | Choose a dry day without wind.
make pancakes | flour, eggs, milk and butter | whisk the eggs with the milk; stir in the flour and a pinch of salt; let the batter rest; heat a little butter in a pan; pour in a thin layer; turn it when the edge is brown | The first one never looks good.
repot a plant | a bigger pot and fresh earth | choose a pot that is a little bigger; put a stone over the hole; fill in some earth; lift the plant out with its roots; set it into the new pot and fill up with earth; water it well | Spring is the best time.
tie your shoes | shoes with laces | pull both laces tight; cross them and pull one under the other; make a loop with one lace; wrap the other lace around it; pull it through the hole; pull both loops tight | A double knot lasts all day.
wash a jumper by hand | cool water and mild soap | fill a basin with cool water; add a little soap; press the jumper gently; rinse it twice; roll it in a towel; dry it lying flat | Hot water would make it shrink.
make vegetable soup | an onion, carrots, potatoes and water | chop the onion; fry it in a little oil; add the carrots and the potatoes in small pieces; pour in water until all is covered; cook it for twenty-five minutes; season it with salt and pepper | It tastes even better the next day.
pack a suitcase | a list and a suitcase | make a list; lay everything on the bed; put shoes and heavy things at the bottom; roll up the clothes; fill the gaps with socks; put what you need first on top | Leave a little room for what you bring home.
change a light bulb | a new bulb and a steady chair | switch off the light; wait until the old bulb is cool; unscrew it; screw in the new one; switch on the light to test it | Check that the new bulb has the same size.
clean a window | water, a little vinegar and a cloth | dust the frame; mix water with a little vinegar; wash the glass from top to bottom; wipe off the water; rub it dry with newspaper | Do not do it in bright sun, or there will be streaks.
build a bird box | boards, nails, a saw and a drill | saw six pieces of board; drill a round hole in the front one; nail the sides to the back; fix the bottom; put on a roof that can be opened; hang it where no cat can reach it | The hole should face away from the rain.
fly a kite | a kite, string and wind | find an open field; stand with your back to the wind; let somebody hold the kite up; let out a little string; walk backwards until it rises; give it more string when it pulls | Keep away from trees and wires.
make strawberry jam | strawberries, sugar and clean jars | wash the strawberries; cut them into pieces; mix them with the sugar; boil them for some minutes while you stir; fill the jars; close them at once | Let a drop cool on a plate: if it sets, it is done.
brush your teeth | a toothbrush and toothpaste | put some toothpaste on the brush; brush the outer sides in small circles; brush the inner sides; brush the tops; spit out; rinse the brush | Two minutes, morning and evening.
read a map | a map and perhaps a compass | find where you are; turn the map so that north on it is north outside; look for two things you can see; find them on the map; choose your path; check again at each crossing | The scale tells you how far it is.
make a paper boat | a sheet of paper | fold the sheet in half; fold the two upper corners to the middle; fold up the strips at the bottom, one on each side; open it and press it into a square; fold up the two lower corners; pull the two tips apart | Wax paper floats longer.
iron a shirt | an iron and a board | let the iron get warm; start with the collar; go on with the cuffs and the sleeves; iron the back; finish with the two front parts; hang it up | A slightly damp shirt is easier.
wrap a present | paper, scissors, tape and a ribbon | put the present on the paper; cut off what is too much; fold the long sides over it and tape them; fold the ends into triangles; tape them down; tie a ribbon around it | Take the price off first.
learn a poem | a poem and a quiet place | read it aloud twice; learn the first two lines; say them without looking; add the next two lines; repeat from the start each time; say it again before you go to sleep | Walking up and down helps.
grow tomatoes | tomato seeds, pots and a sunny wall | sow the seeds indoors in March; keep them warm and damp; give each seedling its own pot; plant them outside after the last frost; tie them to sticks; water the roots and not the leaves | Pinch out the side shoots.
clear a blocked sink | a bucket and a rubber plunger | take out the water with a cup; press the plunger over the hole; push and pull quickly; put a bucket under the pipe if that does not help; unscrew the bend and empty it; screw it back and run hot water | Never pour fat into the sink.
cross a busy street | your eyes and ears | find a crossing; stop at the kerb; look left and right; listen; wait until nothing comes; walk straight across | Do not run, and do not look at a phone.
make a bed | a sheet, a blanket and a pillow | take everything off the bed; shake out the blanket; spread the sheet and tuck it in; lay the blanket on top; shake the pillow; fold the edge of the blanket back | Let the bed air for a while first.
sharpen a pencil | a sharpener | put the pencil into the sharpener; turn it gently; stop when the point is fine; empty the shavings into the bin | Do not press hard, or the point breaks.
make a salad | lettuce, a cucumber, oil and vinegar | wash the leaves; shake them dry; cut the cucumber; mix oil, vinegar and salt; pour it over the salad; toss it just before you eat | A little honey makes it rounder.
set the table | plates, forks, knives and glasses | lay the tablecloth; put a plate before each chair; put the fork on the left and the knife on the right; place the glass above the knife; fold the napkins; put bread and water in the middle | Count the guests first.
find a lost thing | patience | think where you had it last; go back the same way; look under and behind things; empty all pockets and bags; ask the others; look again where you have already looked | Tidy up as you search.
catch a train | a ticket and enough time | look up when it leaves; buy a ticket; come ten minutes early; find the platform; check that the train goes where you want; get on and find a seat | Keep your ticket until the end.
make a fruit salad | apples, pears, grapes and a lemon | wash the fruit; cut everything into small pieces; take out the pips; squeeze the lemon over it; stir in a spoon of honey; let it stand for half an hour | The lemon keeps the apples from turning brown.
teach a dog to sit | a dog and some treats | hold a treat in front of its nose; move your hand slowly upwards; wait until it sits down; say the word clearly; give it the treat at once; practise a few minutes every day | Be patient, and never shout.
write a story | a pen and an idea | think of somebody who wants something; put something in the way; let them try and fail; let them try another way; find an end that follows from it; read it aloud and cut what is boring | Begin where it gets interesting.
make a snowman | snow and a carrot | roll a big ball for the bottom; roll a smaller one for the middle; roll the smallest for the head; put them on top of each other; use a carrot for the nose and stones for the eyes; give him a hat | The snow must be a little wet.
mend a torn page | thin paper and paste | lay the page flat; bring the torn edges together; put on a little paste; lay thin paper over the tear; press it under a heavy book for a night | Tape turns yellow in time.
keep a goldfish | a large tank, water and plants | let the water stand for a day; put in sand and plants; let the fish get used to the water slowly; feed it a pinch once a day; change a part of the water every week | A round bowl is too small.
clean a wound | clean water and a plaster | wash your hands; rinse the cut with clean water; dab it dry around the edges; put on a plaster; change it the next day | A deep cut must be seen by a doctor.
make cocoa | milk, cocoa powder and sugar | mix cocoa and sugar in a cup; stir in a little cold milk; heat the rest of the milk; pour it in slowly while you stir; let it cool a little | Do not let the milk boil over.
oil a squeaking door | a drop of oil and a cloth | open the door wide; find the hinge that squeaks; put a drop of oil on it; move the door to and fro; wipe off what drips | Lift the door a little if the oil will not go in.
hang a picture | a nail, a hammer and a pencil | hold the picture against the wall; mark the place with a pencil; hammer in the nail at a slant; hang up the picture; step back and see if it is straight | Eye height is a good height.
start a compost heap | a shady corner and a spade | choose a place on bare earth; begin with a layer of twigs; add peelings, leaves and grass in thin layers; keep it damp; turn it every month; wait until it is dark and crumbly | No meat and no bones.
make a sandwich | bread, butter and cheese | cut two slices of bread; butter them; put cheese on one; add a leaf of lettuce; lay the other slice on top; cut it in half | Wrap it in paper if you take it along.
say sorry | courage | wait until you are calm; go to the other person; say what you did; say that you are sorry, with no "but"; ask how you can make it right; do it | Do not wait too long.
draw a face | paper and a pencil | draw an egg shape; draw a line across the middle for the eyes; put the nose halfway below it; put the mouth between the nose and the chin; add the ears between the eyes and the nose; draw the hair last | Most people draw the eyes too high.
save water | nothing at all | turn off the tap while you brush your teeth; take a short shower; mend taps that drip; collect rain for the garden; wash full loads only | Every drop counts.
dry herbs | herbs and string | cut them in the morning when the dew is gone; shake off the insects; tie them in small bunches; hang them upside down in an airy place; wait two weeks; keep the leaves in a jar | They should be out of the sun.
sweep a chimney stove | gloves, a brush and a bucket | let the stove get cold; cover the floor with newspaper; take out the ash; brush the inside from the top down; empty the dust into the bucket; wash your hands and face | Ash can stay hot for a day.
ride a bicycle | a bicycle and a quiet path | lower the saddle until your feet touch the ground; sit on it and push yourself along; lift your feet and roll; put one foot on the pedal; push and look ahead; use the brakes gently | Look where you want to go and not at the wheel.
calm a crying child | time and a soft voice | kneel down so that you are not so tall; ask softly what is wrong; listen; say that you understand; offer a hand or a drink; wait until it is over | Do not say that it is nothing.
borrow a book from a library | a library card | look in the catalogue; write down the number; find the shelf; take the book to the desk; show your card; bring it back in time | Ask the librarian if you cannot find it.
keep bees calm | a veil, gloves and a smoker | choose a warm, still day; put on the veil; blow a little smoke into the entrance; lift the lid slowly; move without haste; close the hive soon | Bees dislike wind and loud people.
make lemonade | lemons, sugar and water | squeeze four lemons; dissolve the sugar in a little hot water; mix it with the juice; add cold water; put in some ice; taste it | A leaf of mint looks pretty.
plan a day out | a map and a look at the sky | choose where to go; look at the weather; find out when the bus leaves; pack food and water; tell someone where you are going; start early | The way back always takes longer.
sail a small boat | a boat, a life jacket and wind | put on the life jacket; look where the wind comes from; hoist the sail; pull in the sheet until the sail stops flapping; steer with small movements; let go of the sheet if the boat leans too far | Nobody can sail straight into the wind.
wash a dog | a tub, warm water and mild soap | brush it first; fill the tub with warm water; wet it from the neck down; rub in a little soap; rinse it well; dry it with an old towel | Stand back when it shakes itself.
play hide-and-seek | some friends and places to hide | choose who seeks; let that one close both eyes and count to thirty; hide; wait without a sound; run to the base when the way is free; let the first one caught seek next | Say before you start which places are not allowed.
"""
HOW_TOS: tuple[tuple[str, str, tuple[str, ...], str], ...] = tuple(
    (
        parts[0].strip(),
        parts[1].strip(),
        tuple(step.strip() for step in parts[2].split(";")),
        parts[3].strip(),
    )
    for parts in (line.split("|") for line in _TABLE.strip().splitlines())
)
