# ruff: noqa: E501, SIM905 (lists of sentences)
"""Notes to extract from: (keys, lines that say each key's value once), and values for every key.

    "name thing price"    "{Name} paid {price} crowns for {a_thing}."    {"name": "Anna", "thing": "lamp", "price": 12}

Besides the notes with lines of their own, `form` writes any keys at all as a form, a ticket, a list or a row.
"""

from __future__ import annotations

from typing import Any

from llmworks.data.world.instructions.held import Pool
from llmworks.data.world.instructions.words import (
    COLOURS,
    DAYS,
    MONTHS,
    PLACES,
    THINGS,
    TOWNS,
    two_names,
    with_article,
)
from llmworks.data.world.phrases import Draw, Phrases

_ROWS: tuple[tuple[str, ...], ...] = (
    ("name thing price",
     "{Name} [buys|bought|ordered] {a_thing} for {price} crowns.",
     "{Name} sold {a_thing} [{place} |]for {price} crowns.",
     "The {thing} costs {price} crowns, [says|said] {name}.",
     "[Please note|Note]: {name} [paid|owes us] {price} crowns for the {thing}.",
     "I asked {name} what the {thing} cost. [It was|The answer was] {price} crowns.",
     "[Yesterday|Last week|This morning] {name} came home with {a_thing} that had cost {price} crowns.",
     "Receipt. {Thing}: {price} crowns. Sold to {name}."),
    ("name town day",
     "{Name} [goes|travels|is going|drives|flies] to {town} on {day}.",
     "On {day}, {name} [arrives in|leaves for|comes back from|visits] {town}.",
     "Hi, this is {name}. I will be in {town} on {day}.",
     "We [meet|visit|will see] {name} in {town} on {day}.",
     "[Hello|Hi], [just a quick note|a short message]: on {day} I have to be in {town}. See you after that! {Name}",
     "The train to {town} leaves on {day}. {Name} has the tickets."),
    ("name count thing=things day",
     "{Name} [needs|wants|orders|would like] {count} {things} [by|for|on] {day}.",
     "Please send {count} {things} to {name} on {day}.",
     "[For|On] {day}: {count} {things}, [for|ordered by] {name}.",
     "{Name} called about the order: {count} {things}, [to be ready by|to be picked up on] {day}.",
     "Order from {name}. We need {count} {things}. They must be here by {day}."),
    ("event day time",
     "The {event} [is|begins|starts] on {day} at {time}.",
     "Come to the {event} on {day} at {time}!",
     "[Do not forget|Remember|Reminder]: {event} on {day}, {time}.",
     "[Because of the rain|As you know|As we said], the {event} will now be on {day}. It starts at {time}.",
     "Are you free on {day}? The {event} begins at {time}."),
    ("event town month",
     "The {event} [is|takes place|will be held] in {town} in {month}.",
     "In {month} there is {an_event} in {town}.",
     "{Town} has its {event} in {month}.",
     "[Every|Each] {month}, people come to {town} for the {event}."),
    ("thing colour price",
     "For sale: {acolour} {thing}, {price} crowns.",
     "The {colour} {thing} costs {price} crowns.",
     "[Somebody|A neighbour] sells {acolour} {thing} for {price} crowns.",
     "I [saw|found] a nice {thing} in the shop. It is {colour} and costs {price} crowns.",
     "[SALE|Special offer|Only today]! {Thing}, {colour}, [as good as new|hardly used], just {price} crowns."),
    ("name age town",
     "{Name} is {age} years old and lives in {town}.",
     "My [friend|cousin|neighbour|colleague] {name} from {town} is {age}[ years old|].",
     "{Name}, {age}, of {town} [won the prize|has lost a {thing}|plays the flute].",
     "My name is {name}. I am {age} and I come from {town}.",
     "{Name} was born in {town} {age} years ago."),
    ("name thing place",
     "{Name} [left|lost|forgot|found] {a_thing} {place}.",
     "The {thing} that {name} is looking for is {place}.",
     "[Somebody|We] saw {a_thing} {place}. It belongs to {name}.",
     "LOST: {a_thing}, last seen {place}. Please call {name}.",
     "{Name} thinks that the {thing} is still {place}."),
    ("name other time",
     "{Name} meets {other} at {time}.",
     "{Name} [calls|visits|will see|picks up] {other} at {time}.",
     "[Message|Note] for {other}: {name} will be there at {time}."),
    ("name job town",
     "{Name} works as {a_job} in {town}.",
     "{Name}, {a_job} from {town}, [won a prize|wrote a book|spoke first].",
     "After [school|many years abroad], {name} became {a_job} in {town}.",
     "Do you know {name}, the new {job} in {town}?"),
    ("name pet pet_name",
     "{Name} has {a_pet} called {pet_name}.",
     "{Pet_name} is the {pet} of {name}.",
     "{Name} got {a_pet} last year and named it {pet_name}.",
     "MISSING: {a_pet}. Its name is {pet_name}. Please tell {name} if you see it."),
    ("name date city=town",
     "{Name} was born on {date} in {town}.",
     "{Name} moved to {town} on {date}.",
     "On {date}, {name} opened a shop in {town}.",
     "[We are happy to tell you|Good news]: {name} will speak in {town} on {date}."),
    ("name phone",
     "[Please call|Call|Ring] {name} at {phone}.",
     "{Name} has a new number: {phone}.",
     "If you have questions, ask {name}. The number is {phone}.",
     "My name is {name}, my phone number is {phone}."),
    ("name phone day",
     "{Name} called and wants to talk to you on {day}. The number is {phone}.",
     "You can reach {name} on {day} under {phone}.",
     "[Hi|Hello], {name} here. Can you call me back on {day}? My number is {phone}."),
    ("room day time",
     "The [meeting|class|lesson] is in room {room} on {day} at {time}.",
     "We meet on {day} at {time} in room {room}.",
     "Room {room} is booked [for us|for the choir|for the club] on {day} from {time} on."),
    ("name room",
     "{Name} [is|sits|works|sleeps] in room {room}.",
     "[The key to|Breakfast for|A parcel for] room {room} goes to {name}."),
    ("from=town to=town2 time",
     "The [train|bus|boat|plane] from {town} to {town2} leaves at {time}.",
     "We leave {town} at {time} and drive to {town2}.",
     "[Departure|Flight|Coach]: {town} to {town2}, {time}."),
    ("from=town to=town2 price",
     "A ticket from {town} to {town2} costs {price} crowns.",
     "I paid {price} crowns to go from {town} to {town2}."),
    ("name from=town to=town2",
     "{Name} took the [train|bus|night train] from {town} to {town2}.",
     "{Name} moved from {town} to {town2}[ last year| in spring|].",
     "{Name} left {town} and now lives in {town2}."),
    ("sender=name receiver=other thing",
     "{Name} sent {other} {a_thing}.",
     "{Other} got {a_thing} from {name}.",
     "{Name} gave {a_thing} to {other}[ on {day}|].",
     "[A parcel|A letter] came for {other}. In it was {a_thing}, a present from {name}."),
    ("sender=name receiver=other day",
     "Dear {other}, I will come on {day}. [Yours|Love|Best wishes], {name}",
     "Hi {other}, can we [meet|talk|have lunch] on {day}? {Name}",
     "To: {other}\nFrom: {name}\n\n[The meeting is moved to|See you on|Let us talk on] {day}.",
     "Dear {other},\n\nthank you for your letter. I have time on {day}.\n\n{Name}"),
    ("sender=name receiver=other time place",
     "Hi {other}, let us meet {place} at {time}. {Name}",
     "From: {name}\nTo: {other}\nI am {place}. Come at {time}, please."),
    ("product=things price count",
     "{Count} {things} at {price} crowns each.",
     "The shop has {count} {things} left. Each costs {price} crowns.",
     "[I bought|We ordered|They sold] {count} {things}. The price was {price} crowns."),
    ("product=thing colour size",
     "I would like to order the {thing} in {colour}, size {size}.",
     "The {thing} comes in {colour}. My size is {size}.",
     "[Wanted|Ordered]: {acolour} {thing}, size {size}."),
    ("order=code product=thing status",
     "Order {code}: the {thing} [is|was] {status}.",
     "Your order {code} is {status}. It is {a_thing}.",
     "[Hello|Dear customer], your {thing} (order {code}) has been {status}."),
    ("ticket=code name problem",
     "Ticket {code}. {Name} writes that {problem}.",
     "{Name} reports: {problem}. Your ticket is {code}.",
     "Ticket {code}\nFrom: {name}\nProblem: {problem}"),
    ("name problem room",
     "{Name} says that {problem} in room {room}.",
     "In room {room}, {problem}. Please tell {name}."),
    ("food price place",
     "We had {food} {place}. It cost {price} crowns.",
     "They sell {food} {place} for {price} crowns."),
    ("name food drink",
     "{Name} [ordered|had|would like|wants] {food} and {drink}.",
     "For {name}: {food}, and {drink} to drink.",
     "{Name} loves {food} and always drinks {drink} with it.",
     "{Drink} and {food}, please. My name is {name}."),
    ("name guests day time",
     "A table for {guests} on {day} at {time}, please. The name is {name}.",
     "{Name} booked a table for {guests} people on {day} at {time}.",
     "Booking: {name}, {guests} people, {day}, {time}."),
    ("title author=name year",
     "{Name} wrote \"{title}\" in {year}.",
     "\"{Title}\" is a book by {name} from {year}.",
     "The book \"{title}\" came out in {year}. Its author is {name}."),
    ("title author=name",
     "I am reading \"{title}\" by {name}.",
     "Have you read \"{title}\"? {Name} wrote it."),
    ("name year town",
     "In {year}, {name} moved to {town}.",
     "{Name} has lived in {town} since {year}.",
     "{Name} built a house in {town} in {year}."),
    ("winner=name event score",
     "{Name} won the {event} with {score} points.",
     "With {score} points, {name} came first in the {event}.",
     "Result of the {event}: first place for {name}, who had {score} points."),
    ("winner=name loser=other score",
     "{Name} beat {other} by {score} points.",
     "{Other} lost against {name} by {score} points."),
    ("temperature town day",
     "In {town} it will be {temperature} degrees on {day}.",
     "On {day}, {town} had {temperature} degrees.",
     "Weather for {town}, {day}: {temperature} degrees and [sunny|cloudy|some rain|a light wind]."),
    ("weather town day",
     "On {day} there was {weather} in {town}.",
     "{Town} expects {weather} on {day}."),
    ("weather temperature",
     "Today: {weather}, {temperature} degrees.",
     "It is {temperature} degrees, and we have {weather}."),
    ("distance from=town to=town2",
     "It is {distance} miles from {town} to {town2}.",
     "From {town}, [drive|walk|go] {distance} miles to reach {town2}."),
    ("name sport day",
     "{Name} plays {sport} [on|every] {day}.",
     "On {day} {name} has {sport}[ after school| with friends|]."),
    ("name instrument years",
     "{Name} has played the {instrument} for {years} years.",
     "It took {name} {years} years to learn the {instrument}."),
    ("name language town",
     "{Name} teaches {language} in {town}.",
     "In {town}, {name} learned {language}."),
    ("mother=name father=other child",
     "{Child}'s mother is {name} and the father is {other}.",
     "{Name} is the mother of {child}, and {other} is the father."),
    ("child age=small class=grade",
     "{Child} is {small} years old and in class {grade}.",
     "In class {grade} there is a child called {child}, who is {small}."),
    ("animals count place",
     "There are {count} {animals} {place}.",
     "I [counted|saw] {count} {animals} {place}."),
    ("animal colour place",
     "{Acolour} {animal} [sat|stood|slept] {place}.",
     "Did you see the {colour} {animal} {place}?"),
    ("vehicle colour name",
     "{Name} drives {acolour} {vehicle}.",
     "The {colour} {vehicle} [outside|in the street] belongs to {name}."),
    ("rooms price=big_price town",
     "For rent: house in {town}, {rooms} rooms, {big_price} crowns.",
     "A flat with {rooms} rooms in {town} costs {big_price} crowns a month.",
     "New on the market: {rooms} rooms near the centre of {town} for {big_price} crowns."),
    ("job pay=big_price town",
     "Wanted: {job} in {town}. Pay: {big_price} crowns a month.",
     "We are looking for {a_job} in {town}. We pay {big_price} crowns."),
    ("shop opens=early closes=late",
     "The {shop} opens at {early} and closes at {late}.",
     "[Opening hours of|Hours,] the {shop}: {early} to {late}.",
     "You can visit the {shop} from {early} until {late}."),
    ("shop day town",
     "The {shop} in {town} is closed on {day}.",
     "On {day} a {shop} opens in {town}."),
    ("doctor=surname day time",
     "You have an appointment with Dr {surname} on {day} at {time}.",
     "Dr {surname} can see you on {day}, {time}."),
    ("medicine times",
     "Take {medicine} {times} times a day.",
     "The doctor says: {medicine}, {times} times each day."),
    ("thing material colour",
     "It is {acolour} {thing} made of {material}.",
     "The {thing} is {colour}. It is made of {material}."),
    ("thing weight price",
     "The {thing} weighs {weight} pounds and costs {price} crowns.",
     "{Thing}: {weight} pounds, {price} crowns."),
    ("host=name event day",
     "{Name} invites you to {an_event} on {day}.",
     "On {day} there will be {an_event} at the house of {name}.",
     "You are invited! What: {an_event}. When: {day}. Who: {name}."),
    ("day thing",
     "{Day}. [Today I|I] [lost|found|broke|got] {a_thing}.", "[Dear diary|Diary], on {day} I [lost|found|broke|bought] {a_thing}.",
     "On {day} somebody stole the {thing}."),
    ("day weather feeling",
     "{Day}. There was {weather}. I was {feeling} [all day|the whole day].",
     "Diary, {day}: {weather} again. I feel {feeling}."),
    ("name feeling",
     "{Name} was {feeling} [after the game|when the letter came|that evening].",
     "[We could all see|Everybody saw] that {name} was {feeling}."),
    ("task name day",
     "{Name} has to {task} by {day}.",
     "To do: {task} (for {name}, {day}).",
     "[Do not forget|Remember], {name}: {task} before {day}!"),
)  # fmt: skip
NOTES = tuple(
    (tuple(tuple((key.split("=") * 2)[:2]) for key in keys.split()), Phrases(*lines))
    for keys, *lines in _ROWS
)  # ((key, slot that is its value), ...), lines
# Other names by which an instruction may ask for a key.
SYNONYMS = {
    "name": ("person", "who", "full_name", "customer"), "thing": ("item", "object", "product"),
    "price": ("cost", "amount", "price_in_crowns"), "town": ("city", "location"), "day": ("weekday", "when"),
    "time": ("hour", "start", "at"), "place": ("location", "where"), "count": ("number", "quantity", "how_many"),
    "colour": ("color",), "event": ("what", "title"), "phone": ("phone_number", "telephone", "number"),
    "age": ("years",), "job": ("profession", "work"), "month": ("when",), "year": ("when",), "date": ("when", "day"),
    "food": ("dish", "meal"), "guests": ("people", "persons"), "sender": ("from",), "receiver": ("to",),
    "problem": ("issue", "fault"), "score": ("points",), "temperature": ("degrees",), "product": ("item", "thing"),
    "from": ("start", "origin"), "to": ("destination", "end"), "feeling": ("mood",), "distance": ("miles",),
    "animals": ("animal",), "pay": ("salary", "wage"), "ticket": ("number", "code"), "winner": ("first", "name"),
}  # fmt: skip
_SURNAMES = Pool(
    "Lopez Novak Rossi Tanaka Singh Okafor Kowalski Schmidt Dubois Larsen Weber Silva Costa Ivanova Kim Nguyen Patel "
    "Haddad Moreau Lindqvist Petrov Fischer Romano Sato Mensah Ortega Jensen Papadakis Yilmaz Horvat".split()
)
_EVENTS = (
    "concert,dance,market,boat race,flower show,party,meeting,class,picnic,fair,play,lecture,film night,quiz,"
    "book club,workshop,tennis match,wedding,exam,choir practice,bake sale,parade,open day,auction,tour,"
    "art show,swimming lesson,yoga class,interview,birthday dinner,chess cup"
).split(",")
_JOBS = (
    "baker,teacher,farmer,doctor,nurse,painter,singer,driver,cook,gardener,tailor,waiter,engineer,plumber,dentist,"
    "writer,lawyer,pilot,builder,clerk,vet,guard,cleaner,designer,librarian,barber"
).split(",")
_ANIMALS = "dog,cat,horse,goat,rabbit,duck,cow,pig,hen,pony,fox,crow,swan,donkey,parrot,hamster,turtle".split(
    ","
)
_PETS = "Biscuit Bella Rex Pepper Coco Shadow Snowy Lucky Tiger Ginger Fluffy Rocky Misty Nala Simba".split()
_FOODS = (
    "fish and chips,tomato soup,a cheese roll,rice with beans,an omelette,pancakes,noodles,a green salad,pizza,"
    "chicken with rice,roast beef,a sandwich,ice cream,apple pie,porridge,pasta,a burger,curry,toast with jam"
).split(",")
_DRINKS = "tea,coffee,milk,water,lemonade,apple juice,cocoa,cold tea,orange juice,ginger beer".split(",")
_PROBLEMS = (
    "the printer does not work,the heating is cold,the lamp is broken,the door will not open,the tap drips,"
    "the screen stays black,the lift is stuck,the light keeps going out,the radio makes a strange noise,"
    "the password is wrong,the parcel never came,the clock is slow,the bill is too high,the lock is stuck,"
    "the oven smells of smoke,the internet is slow,the key does not fit,the page will not load"
).split(",")
_TITLES = (
    "The Lost Island,A Winter Garden,Seven Roads,The Glass Door,Letters Home,The Last Train,Under the Hill,Salt,"
    "The Quiet Year,A House of Birds,The Blue Hour,Night Ferry,The Stone Boy,How to Bake,Small Things,Far North"
).split(",")
_TASKS = (
    "water the plants,pay the rent,call the bank,send the report,clean the kitchen,book the tickets,buy some milk,"
    "return the books,feed the cat,write the minutes,order more paper,fix the tap,sign the form,bake the cake,"
    "wash the car,check the numbers,post the letters,walk the dog"
).split(",")
_MISC = {
    "status": "on its way,ready,late,lost,paid,sent,cancelled,delivered,packed",
    "weather": "rain,snow,fog,sunshine,wind,hail,frost,thunder,drizzle",
    "sport": "tennis,hockey,cricket,basketball,volleyball,chess,golf,rugby,judo",
    "instrument": "piano,flute,harp,cello,trumpet,organ,clarinet,trombone",
    "language": "French,Spanish,German,Italian,Latin,Polish,Arabic,Greek,Turkish,Dutch,Swedish,Hindi",
    "vehicle": "car,van,lorry,bus,truck,tractor,taxi,motorbike",
    "shop": "bakery,library,museum,bank,post office,pool,bookshop,cafe,chemist,zoo,toy shop,market hall",
    "medicine": "two pills,one pill,the syrup,ten drops,a spoon of syrup,half a pill",
    "material": "wood,iron,glass,wool,silver,paper,leather,cotton,clay,plastic,tin,stone",
    "feeling": "happy,sad,tired,angry,proud,nervous,bored,excited,hungry,lonely,surprised",
    "size": "small,medium,large,36,38,40,42,44,7,8,9",
}
_CHOICES = {key: tuple(text.split(",")) for key, text in _MISC.items()}


def _number(draw: Draw, low: int, high: int) -> int:
    return low + int(draw.random() * (high - low + 1))


def _digits(draw: Draw, count: int) -> str:
    return "".join(str(_number(draw, 0, 9)) for _ in range(count))


def _date(draw: Draw) -> str:
    day, month, year = _number(draw, 1, 28), MONTHS(draw, False), _number(draw, 1950, 2030)
    shape = int(draw.random() * 5)
    if shape < 2:
        return f"{day} {month}" + (f" {year}" if shape else "")
    if shape == 2:
        return f"{month} {day}"
    return (
        f"{year}-{_number(draw, 1, 12):02d}-{day:02d}"
        if shape == 3
        else f"{day}.{_number(draw, 1, 12)}.{year}"
    )


def _phone(draw: Draw) -> str:
    return draw.pick((_digits(draw, 6), f"555-{_digits(draw, 4)}", f"0{_digits(draw, 3)} {_digits(draw, 5)}"))


def _code(draw: Draw) -> str:
    letters = "".join(draw.pick("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(_number(draw, 0, 2)))
    return f"{letters}{_digits(draw, _number(draw, 2, 5))}" if letters else str(_number(draw, 100, 99999))


def _time(draw: Draw, low: int = 6, high: int = 21) -> str:
    hour = _number(draw, low, high)
    shape = int(draw.random() * 6)
    if shape == 0 and hour > 12:
        return f"{hour - 12} pm"
    if shape == 0 and hour < 12:
        return f"{hour} am"
    return f"{hour}:{draw.pick(('00', '15', '30', '45', '10', '20', '50'))}"


def values(draw: Draw, held: bool) -> dict[str, Any]:
    """A value for every slot of the notes; names, things, towns and places are the exam's where `held`."""
    first, second = two_names(draw, held)
    towns = TOWNS.some(draw, held, 2)
    thing = THINGS(draw, held)
    surname = _SURNAMES(draw, held)
    whole = draw.chance(0.25)
    child = two_names(draw, held)[0].text
    while child in (first.text, second.text):
        child = two_names(draw, held)[0].text
    animal = draw.pick(_ANIMALS)
    made: dict[str, Any] = {
        "name": f"{first.text} {surname}" if whole else first.text, "other": second.text, "child": child,
        "surname": surname, "thing": thing.one, "things": thing.many, "town": towns[0], "town2": towns[1],
        "day": DAYS(draw, False), "month": MONTHS(draw, False), "colour": COLOURS(draw, False),
        "price": _number(draw, 2, draw.pick((20, 60, 900))), "big_price": _number(draw, 2, 99) * 50,
        "count": _number(draw, 2, 19), "age": _number(draw, 5, 90), "small": _number(draw, 4, 12),
        "event": draw.pick(_EVENTS), "place": PLACES(draw, held), "time": _time(draw), "early": _time(draw, 6, 11),
        "late": _time(draw, 14, 21), "job": draw.pick(_JOBS), "pet": draw.pick(_ANIMALS), "animals": f"{animal}s",
        "animal": animal, "pet_name": draw.pick(_PETS), "date": _date(draw), "phone": _phone(draw),
        "room": _number(draw, 1, 400), "code": _code(draw), "problem": draw.pick(_PROBLEMS),
        "food": draw.pick(_FOODS), "drink": draw.pick(_DRINKS), "guests": _number(draw, 2, 12),
        "title": draw.pick(_TITLES), "year": _number(draw, 1900, 2024), "score": _number(draw, 3, 120),
        "temperature": _number(draw, 2, 35), "distance": _number(draw, 3, 400), "years": _number(draw, 2, 30),
        "grade": f"{_number(draw, 1, 6)}{draw.pick('abc')}", "rooms": _number(draw, 2, 7),
        "times": draw.pick(("two", "three", "four")), "weight": _number(draw, 2, 60), "task": draw.pick(_TASKS),
    }  # fmt: skip
    if animal == "fox":
        made["animals"] = "foxes"
    for key, options in _CHOICES.items():
        option = draw.pick(options)
        made[key] = int(option) if option.isdigit() else option
    return made


def slots_of(made: dict[str, Any]) -> dict[str, str]:
    """The values as text, with articles where the lines want them."""
    slots = {key: str(value) for key, value in made.items()}
    return slots | {
        "a_thing": with_article(slots["thing"]), "acolour": with_article(slots["colour"]),
        "an_event": with_article(slots["event"]), "a_job": with_article(slots["job"]),
        "a_pet": with_article(slots["pet"]),
    }  # fmt: skip


ASIDES = Phrases(
    "[It may rain|It will be fun|There is no hurry|Nobody knows why|All is well|I hope you are well].",
    "[Thank you|Many thanks|That is all|Please tell the others|The rest as usual|More about it later].",
    "[The weather is fine|The road is long|Everybody was pleased|We shall see|I am so tired today].",
    "[Sorry for the late answer|As we said|I almost forgot to write|You will not believe it|This is important].",
    "[Please let me know if that is all right|Tell me what you think|Do not be late|Bring a warm coat].",
    "[The children send their love|Mother says hello|The dog is well again|We had a lovely time].",
    "[Nobody else knows yet|I heard it from a neighbour|It was in the newspaper|They told me so at work].",
)
_FORM_KEYS = tuple(
    "name town age colour thing price day time phone job food drink date room event count sport language".split()
)
_FORM_LINES = (
    "{K}: {v}",
    "{K}: {v}",
    "{k}: {v}",
    "{K} - {v}",
    "- {K}: {v}",
    "{k} = {v}",
    "{K}. {v}",
    "* {K}: {v}",
)
_FORM_HEADS = (
    "",
    "",
    "",
    "Form",
    "New member",
    "Customer card",
    "Note",
    "Registration",
    "From the list",
    "Details",
)


def form(draw: Draw, made: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Two to six keys as the lines of a form, the fields of a row, or a table of one row."""
    keys = draw.some(_FORM_KEYS, 2 + int(draw.random() * 5))
    known = {key: made[key] for key in keys}
    shape = int(draw.random() * 6)
    if shape == 0:
        return f"{' | '.join(keys)}\n{' | '.join(str(made[key]) for key in keys)}", known
    if shape == 1:
        return "; ".join(f"{key}: {made[key]}" for key in keys), known
    line = draw.pick(_FORM_LINES)
    lines = [line.format(k=key, K=key.capitalize(), v=made[key]) for key in keys]
    head = draw.pick(_FORM_HEADS)
    return "\n".join([head, *lines] if head else lines), known
