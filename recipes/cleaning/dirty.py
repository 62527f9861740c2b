"""Soil clean text in known amounts: each document that comes out says what was done to it.

    python recipes/cleaning/dirty.py SOURCE --out dirty.jsonl      SOURCE as for `llmworks data clean`
    python recipes/cleaning/dirty.py world --megabytes 2 --out dirty.jsonl

Rows are {"text", "dirt": [kinds], "id"}: the clean documents (some soiled: boilerplate, personal data,
mojibake) and added ones (copies, other languages, gibberish …), shuffled. The amounts stand in dirty.toml.
SOURCE `world` writes the text of a closed world (`llmworks world`), so that nothing is needed beside the
package.
"""

from __future__ import annotations

import argparse
import base64
import json
import random
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from llmworks.data.sources import read_documents

HERE = Path(__file__).parent
Row = dict[str, Any]

# language → (subjects, verbs, objects, places): sentences are all their combinations.
GRAMMARS: dict[str, tuple[str, str, str, str]] = {
    "de": (
        "Der alte Fischer|Die Lehrerin|Unser Nachbar|Das kleine Mädchen|Der Bäcker|Meine Großmutter|Der Arzt|"
        "Ein müder Reisender|Die Köchin|Der junge Schreiner|Seine Schwester|Niemand im Dorf",
        "sucht|findet|verkauft|bewundert|vergisst|zeichnet|repariert|versteckt|kauft|beschreibt|"
        "verliert|putzt",
        "den roten Schirm|eine alte Uhr|das schwere Buch|die neuen Schuhe|einen kleinen Hund|das warme Brot|"
        "die lange Leiter|einen Brief aus der Stadt|das grüne Fahrrad|drei frische Äpfel",
        "am Ufer des Flusses|hinter der Mühle|vor dem Bahnhof|im Garten|auf dem Markt|bei strömendem Regen|"
        "an einem kalten Morgen|seit vielen Jahren|ohne ein Wort zu sagen|nach dem Essen",
    ),
    "fr": (
        "Le vieux pêcheur|La maîtresse|Notre voisin|La petite fille|Le boulanger|Ma grand-mère|Le médecin|"
        "Un voyageur fatigué|La cuisinière|Le jeune menuisier|Sa sœur|Personne au village ne",
        "cherche|trouve|vend|admire|oublie|dessine|répare|cache|achète|décrit|perd|nettoie",
        "le parapluie rouge|une vieille montre|le livre épais|les chaussures neuves|un petit chien|"
        "le pain chaud|"
        "la longue échelle|une lettre de la ville|le vélo vert|trois pommes fraîches",
        "au bord de la rivière|derrière le moulin|devant la gare|dans le jardin|sur le marché|sous la pluie|"
        "par un matin froid|depuis des années|sans dire un mot|après le repas",
    ),
    "es": (
        "El viejo pescador|La maestra|Nuestro vecino|La niña pequeña|El panadero|Mi abuela|El médico|"
        "Un viajero cansado|La cocinera|El joven carpintero|Su hermana|Nadie en el pueblo",
        "busca|encuentra|vende|admira|olvida|dibuja|repara|esconde|compra|describe|pierde|limpia",
        "el paraguas rojo|un reloj antiguo|el libro pesado|los zapatos nuevos|un perro pequeño|"
        "el pan caliente|"
        "la escalera larga|una carta de la ciudad|la bicicleta verde|tres manzanas frescas",
        "a la orilla del río|detrás del molino|delante de la estación|en el jardín|en el mercado|"
        "bajo la lluvia|"
        "una mañana fría|desde hace años|sin decir una palabra|después de comer",
    ),
    "it": (
        "Il vecchio pescatore|La maestra|Il nostro vicino|La bambina|Il fornaio|Mia nonna|Il medico|"
        "Un viaggiatore stanco|La cuoca|Il giovane falegname|Sua sorella|Nessuno in paese",
        "cerca|trova|vende|ammira|dimentica|disegna|ripara|nasconde|compra|descrive|perde|pulisce",
        "l'ombrello rosso|un vecchio orologio|il libro pesante|le scarpe nuove|un piccolo cane|il pane caldo|"
        "la scala lunga|una lettera dalla città|la bicicletta verde|tre mele fresche",
        "sulla riva del fiume|dietro il mulino|davanti alla stazione|in giardino|al mercato|sotto la pioggia|"
        "in un mattino freddo|da molti anni|senza dire una parola|dopo pranzo",
    ),
}  # fmt: skip
NAVIGATION = (
    "Home | About | Shop | News | Contact", "Skip to main content", "Home > Blog > Archive > Help > Contact",
    "Menu", "Search", "Log in", "Read more", "Previous post", "Next post", "Back to top",
    "Share this on Facebook",
    "Posted on 12 March by admin", "Tags: news, stories, people", "12 comments", "Leave a comment",
)  # fmt: skip
NOTICES = (
    "© 2019 Bright Media Ltd. All rights reserved.",
    "We use cookies. Accept all cookies or change your settings.",
    "Privacy policy · Terms of use · Sitemap", "Subscribe to our newsletter and never miss a story.",
    "Copyright 2021 by the authors", "Follow us on social media",
    "Please enable JavaScript to view the comments.",
    "By continuing you agree to our terms of service.", "Enter your e-mail to sign up for our newsletter.",
)  # fmt: skip
CASINO = (
    "Play at the best online casino and claim your no deposit bonus today.",
    "Free spins on every slot machine!",
    "Our online slots pay the biggest jackpot of the week.", "Sports betting and online poker in one place.",
    "Join the online casino that pays in one hour.", "Casino bonus without a wagering requirement, only now.",
)  # fmt: skip
PILLS = (
    "Buy viagra and cialis from our online pharmacy, no prescription needed.",
    "Cheap pills, shipped in one day.",
    "A payday loan in ten minutes: click here, act now.", "Lose weight fast with our weight loss pills.",
    "Replica watches and replica handbags, buy now.", "Make money online and get rich quick from your sofa.",
)  # fmt: skip


def clean_texts(source: str, megabytes: float, seed: int) -> Iterator[str]:
    """Texts of a source or of the closed world, about so many bytes of them."""
    left = megabytes * 1e6
    for text in (
        world_texts(left, seed) if source == "world" else (one.text for one in read_documents(source))
    ):
        if text.strip():
            yield text
            left -= len(text.encode())
        if left <= 0:
            return


def world_texts(size: float, seed: int) -> Iterator[str]:
    """The text of a world that is large enough."""
    from llmworks.data.world.build import build_world
    from llmworks.data.world.making import people_for
    from llmworks.data.world.stream import WorldStream

    people = people_for(round(1.1 * size), seed)
    return (record["text"] for record in WorldStream(build_world(seed, people)))


# Added documents.


def foreign(luck: random.Random) -> str:
    parts = [part.split("|") for part in GRAMMARS[luck.choice(sorted(GRAMMARS))]]
    sentences = [" ".join(luck.choice(part) for part in parts) + "." for _ in range(luck.randint(6, 20))]
    return " ".join(sentences)


def gibberish(luck: random.Random) -> str:
    kind = luck.randrange(3)
    if kind == 0:
        letters = "abcdefghijklmnopqrstuvwxyz"
        lengths = (luck.randint(2, 9) for _ in range(luck.randint(40, 150)))
        return " ".join("".join(luck.choice(letters) for _ in range(length)) for length in lengths)
    if kind == 1:
        return base64.b64encode(luck.randbytes(luck.randint(200, 700))).decode()
    return "\n".join(
        " ".join(f"{luck.uniform(-999, 999):.3f}" for _ in range(8)) for _ in range(luck.randint(5, 15))
    )


def repetition(luck: random.Random, texts: list[str]) -> str:
    sentence = luck.choice(texts).split(". ")[0][:120]
    if luck.random() < 0.5:
        return "\n".join([sentence + "."] * luck.randint(6, 20))
    return " ".join([" ".join(sentence.split()[:4])] * luck.randint(20, 60))


def unwanted(luck: random.Random) -> str:
    lines = luck.choice((CASINO, PILLS))
    return " ".join(luck.choice(lines) for _ in range(luck.randint(6, 16)))


def fragment(luck: random.Random, texts: list[str]) -> str:
    if luck.random() < 0.5:
        return "\n".join(luck.sample(NAVIGATION, 4))
    return " ".join(luck.choice(texts).split()[: luck.randint(2, 9)])


def nearly(text: str, luck: random.Random, texts: list[str]) -> str:
    """A copy with a few of its words changed, in one place, and another end."""
    words = text.split(" ")
    others = luck.choice(texts).split(" ")
    count = max(1, len(words) // 40)
    start = luck.randrange(max(1, len(words) - count))
    words[start : start + count] = others[:count]
    return " ".join(words)


# What is done to clean documents.


def with_boilerplate(text: str, luck: random.Random) -> str:
    before, after = luck.sample(NAVIGATION, luck.randint(1, 3)), luck.sample(NOTICES, luck.randint(1, 2))
    return "\n".join([*before, text, *after])


def with_personal_data(text: str, luck: random.Random) -> str:
    def digits(count: int) -> str:
        return "".join(str(luck.randrange(10)) for _ in range(count))

    name = luck.choice(("anna", "tom", "lee", "maria", "jo")) + digits(3)
    said = luck.choice((
        f"Write to {name}@mail.example.org.", f"Call +44 20 7{digits(3)} {digits(4)}.",
        f"Phone: (555) 2{digits(2)}-{digits(4)}.", f"Her number is 219-0{luck.randint(1, 9)}-{digits(3)}1.",
        "Pay to GB29 NWBK 6016 1331 9268 19.", f"Sent from 81.2.69.{luck.randint(10, 250)}.",
    ))  # fmt: skip
    return f"{text} {said}"


def as_mojibake(text: str, luck: random.Random) -> str:
    """Plain quotes made curly, as editors do, and the whole read in the wrong encoding."""
    curly = text.replace("'", "’").replace(" - ", " – ").replace('"', "“")
    return "".join(
        piece if (mangled := _misread(piece)) is None else mangled
        for piece in curly.splitlines(keepends=True)
    )


def _misread(piece: str) -> str | None:
    try:
        return piece.encode().decode("cp1252")
    except UnicodeDecodeError:
        return None


SOILING: dict[str, Callable[[str, random.Random], str]] = {
    "mojibake": as_mojibake, "personal_data": with_personal_data, "boilerplate": with_boilerplate,
}  # fmt: skip


def soil(texts: list[str], recipe: dict[str, Any]) -> list[Row]:
    """The dirty documents, shuffled."""
    luck = random.Random(recipe["dirt"]["seed"])
    rows: list[Row] = []
    for number, text in enumerate(texts):
        dirt = [kind for kind in SOILING if luck.random() < recipe["soiled"][kind]]
        soiled = text
        for kind in dirt:
            soiled = SOILING[kind](soiled, luck)
        rows.append({"text": soiled, "dirt": dirt, "id": number})
    size = sum(len(text.encode()) for text in texts)
    many = luck.sample(range(len(texts)), max(1, round(recipe["dirt"]["copies_of"] * len(texts))))

    def copied(number: int) -> Row:
        return {"text": texts[number], "dirt": ["copies"], "id": number}

    makers: dict[str, Callable[[], Row]] = {
        "copies": lambda: copied(luck.choice(many)),
        "near_copies": lambda: {
            "text": nearly(texts[luck.choice(many)], luck, texts),
            "dirt": ["near_copies"],
        },
        "other_languages": lambda: {"text": foreign(luck), "dirt": ["other_languages"]},
        "gibberish": lambda: {"text": gibberish(luck), "dirt": ["gibberish"]},
        "repetition": lambda: {"text": repetition(luck, texts), "dirt": ["repetition"]},
        "unwanted": lambda: {"text": unwanted(luck), "dirt": ["unwanted"]},
        "fragments": lambda: {"text": fragment(luck, texts), "dirt": ["fragments"]},
    }
    for kind, make in makers.items():
        left = recipe["added"][kind] * size
        while left > 0:
            row = make()
            rows.append(row)
            left -= len(row["text"].encode())
    luck.shuffle(rows)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("source", help="a source of clean text, or `world`")
    parser.add_argument("--recipe", type=Path, default=HERE / "dirty.toml")
    parser.add_argument("--megabytes", type=float, default=2.0, help="of clean text are taken")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    recipe = tomllib.loads(given.recipe.read_text(encoding="utf-8"))
    rows = soil(list(clean_texts(given.source, given.megabytes, recipe["dirt"]["seed"])), recipe)
    given.out.write_text(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8"
    )
    print(f"{given.out}: {len(rows):,} documents, {given.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
