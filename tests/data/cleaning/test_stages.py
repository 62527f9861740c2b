"""Each stage on documents whose right verdict is known, hard negatives included."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmworks.data.cleaning.c4 import C4Rules, count_sentences
from llmworks.data.cleaning.heuristics import GopherQuality
from llmworks.data.cleaning.limits import Boilerplate, Length
from llmworks.data.cleaning.normalise import Normalise, mend_mojibake
from llmworks.data.cleaning.personal import luhn, mask
from llmworks.data.cleaning.repetition import GopherRepetition
from llmworks.data.cleaning.stage import Changed, Dropped, Kept, Outcome, Stage
from llmworks.data.cleaning.unwanted import Unwanted, find_terms
from llmworks.data.sources import Document

PROSE = (
    "The ferry left the harbour a little after six, when the light was still grey and the gulls had not"
    " yet begun to quarrel over the nets. Anna stood at the rail with her collar turned up and watched "
    "the town grow small behind her. She had lived there for eleven years, and in all that time she had"
    " never seen it from the water. It looked tidy and harmless, like something that a child had built "
    "and would have to put away before supper. The man beside her was eating an apple, and said that it"
    " would be a fine day."
)  # fmt: skip


def verdict(stage: Stage, text: str) -> Outcome:
    return stage.apply(Document(text, "test"))


def reason(stage: Stage, text: str) -> str:
    outcome = verdict(stage, text)
    assert isinstance(outcome, Dropped), outcome
    return outcome.reason


# Normalisation.


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("Müller, café, naïve, señor, 25 °C", "cp1252"),
        ("Müller, café, naïve, señor, 25 °C", "latin-1"),
        ("Привет, как дела?", "latin-1"),
        ("Δοκιμή", "latin-1"),
        ("“quoted” – and … it’s 5 €", "latin-1"),
        ("‘quoted’ – and … it’s 5 €", "cp1252"),
    ],
)
def test_mojibake_is_mended(text: str, codec: str) -> None:
    mangled = text.encode().decode(codec)
    assert mangled != text
    assert mend_mojibake(mangled)[0] == text
    assert mend_mojibake(mangled.encode().decode("latin-1"))[0] == text  # mangled twice


@pytest.mark.parametrize(
    "text",
    [PROSE, "Été à l’hôtel, près de l’âtre; ÇA VA. «OLÉ»", "São João, MANHÃ, “AMANHÔ",
     "Ärger, Übermut, Öl – “TSCHÜSS”, 20 °C, ½ kg, © 2024", "Łódź, żółć; Šimůnek"],
)  # fmt: skip
def test_what_is_meant_is_left_alone(text: str) -> None:
    assert mend_mojibake(text) == (text, 0)


@given(st.text(alphabet="abc äöüéèñ ßœ€–’“”", max_size=60))
def test_mending_undoes_mangling_and_is_stable(text: str) -> None:
    once = mend_mojibake(text)[0]
    assert mend_mojibake(once)[0] == once


def test_control_characters_and_white_space() -> None:
    outcome = verdict(Normalise(), "a\x00b\u200bc \r\nd\u00a0e\n\n\n\nf\ufeff  ")
    assert isinstance(outcome, Changed)
    assert outcome.text == "abc\nd e\n\nf"
    assert outcome.counts["control characters"] == 3
    assert isinstance(verdict(Normalise(), PROSE + "\n\n\tindented\n"), Kept)


def test_composition() -> None:
    assert verdict(Normalise(), "cafe\u0301") == Changed("café", {"composed": 1})


# Boilerplate and length.


def test_boilerplate_lines_go_and_prose_about_them_stays() -> None:
    page = (
        f"Home | About | Contact | Login\nSkip to content\n{PROSE}\n"
        "© 2021 Acme Ltd. All rights reserved.\nShare this on Facebook"
    )
    assert verdict(Boilerplate(), page) == Changed(PROSE, {"navigation": 3, "copyright": 1})
    about = (
        "Browsers ask us to accept cookies on every page, and the law that made them do so was written in a "
        "decade when nobody had yet thought of phones, and so we press the button without reading it."
    )
    for kept in (about, "She was tired, and wanted nothing more than to go\nhome.", "Copyright is a right."):
        assert isinstance(verdict(Boilerplate(), kept), Kept), kept
    assert reason(Boilerplate(), "Home\nSearch\nLog in\nPrivacy policy\nok") == "mostly boilerplate"


def test_length() -> None:
    assert reason(Length(min_characters=10), "  short   ") == "too short"
    assert reason(Length(min_characters=1, max_characters=20), "x" * 30) == "too long"
    cut = Length(min_characters=1, max_characters=40, too_long="cut")
    assert verdict(cut, "one two three four five\n\nsix seven eight nine ten") == Changed(
        "one two three four five", {"cut": 1}
    )
    assert verdict(cut, "x" * 50) == Changed("x" * 40, {"cut": 1})


# Gopher and C4.

WORDS = PROSE.split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" ".join(WORDS[:49]), "too few words"),
        ("a to of the " * 20, "words too short"),
        ("extraordinarily the incomprehensible of characterization " * 15, "words too long"),
        (PROSE + " #" * 12, "too many hashes"),
        (PROSE.replace(" the ", " ... the ... "), "too many ellipses"),
        ("\n".join("- " + PROSE for _ in range(3)), "too many bullets"),
        ("\n".join([PROSE, "and then …", "so she…"]), "lines end in ellipses"),
        (PROSE + " 12 34 56 78 90 11" * 5, "too few words with letters"),
        ("Der Hund lief schnell zum Haus und bellte laut. " * 8, "too few stop words"),
    ],
)  # fmt: skip
def test_gopher_quality(text: str, expected: str) -> None:
    assert reason(GopherQuality(), text) == expected


def test_gopher_quality_keeps_prose_and_a_rule_can_be_taken_out() -> None:
    assert isinstance(verdict(GopherQuality(), PROSE), Kept)
    assert isinstance(verdict(GopherQuality(min_words=None), " ".join(WORDS[:40])), Kept)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\n".join(["one line of it"] * 4 + [PROSE]), "repeated lines"),
        ("\n\n".join([PROSE] * 3), "repeated paragraphs"),
        (PROSE[:60] + " we did" * 30, "one 2-gram too often"),
        (PROSE + " x " + PROSE.replace("\n", " "), "repeated 5-grams"),
        ("  \n ", "empty"),
    ],
)
def test_gopher_repetition(text: str, expected: str) -> None:
    assert reason(GopherRepetition(), text) == expected


def test_gopher_repetition_keeps_prose() -> None:
    assert isinstance(verdict(GopherRepetition(), PROSE), Kept)


def test_c4_takes_lines_out_and_drops_pages() -> None:
    page = (
        f"A title without an end\n{PROSE}[12]\n\nPlease enable JavaScript.\nShort one.\n"
        "We use cookies on this site."
    )
    outcome = verdict(C4Rules(), page)
    assert isinstance(outcome, Changed)
    assert outcome.text == PROSE
    assert outcome.counts == {
        "line that ends without punctuation": 1, "line about JavaScript": 1, "line of too few words": 1,
        "line about cookies or policies": 1, "citation marks": 1,
    }  # fmt: skip
    assert reason(C4Rules(), PROSE + " Lorem ipsum dolor.") == "lorem ipsum"
    assert reason(C4Rules(), PROSE + " if (x) { y(); }") == "curly bracket"
    assert reason(C4Rules(), "One sentence here. Two of them here.") == "too few sentences"
    assert isinstance(verdict(C4Rules(), PROSE), Kept)


def test_sentences_are_counted() -> None:
    assert count_sentences(PROSE, 100) == 5
    assert count_sentences("“Is it?” she said. No end", 100) == 3


# Personal data.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("write to ann.lee+x@mail.example.co.uk.", "write to [email]."),
        ("ann [at] example [dot] org", "[email]"),
        ("call +44 20 7946 0958 now", "call [phone] now"),
        ("(555) 234-5678 or 555-234-5678", "[phone] or [phone]"),
        ("+1 (415) 555-2671, +4915112345678", "[phone], [phone]"),
        ("Tel.: 0171 234 5678", "Tel.: [phone]"),
        ("phone 030 1234567", "phone [phone]"),
        ("from 81.2.69.142 and 2001:db8:85a3::8a2e:370:7334", "from [ip] and 2001:db8:85a3::8a2e:370:7334"),
        ("2a00:1450:4001:81b::200e", "[ip]"),
        ("card 4111 1111 1111 1111, 378282246310005", "card [card], [card]"),
        ("GB29 NWBK 6016 1331 9268 19 and DE89370400440532013000", "[iban] and [iban]"),
        ("SSN 219-09-9999", "SSN [ssn]"),
    ],
)
def test_personal_data_is_found(text: str, expected: str) -> None:
    assert mask(text)[0] == expected


@pytest.mark.parametrize(
    "text",
    [
        "It cost $1,234,567.89 or £ 1 234 567, and 12.345.678 EUR.",
        "On 2024-01-15, 15/01/2024, 15.01.2024 and 1914-1918 and 1939–1945.",
        "Version 10.0.19041.1, v1.2.3.4, release 2.14.0.11, Chrome 98.0.47.58, section 3.1.2.4",
        "ISBN 978-3-16-148410-0, 0-306-40615-2; ISSN 2049-3630",
        "at 12:30:45, 03:04, and the MAC aa:bb:cc:dd:ee:ff",
        "127.0.0.1, 192.168.1.20 and 10.0.0.1 stay",
        "4111 1111 1111 1112 fails Luhn, GB29 NWBK 6016 1331 9268 18 its checksum",
        "pi is 3.14159265358979, c is 299792458 m/s, +20 000 000 people, 1 000 000 000",
        "std::vector<int>, a @ b, user@localhost, @handle, 5@7",
        "ids 000-12-3456 and 666-12-3456 are no numbers that were given out",
        "scores 555-123, 21-14 21-17; 100-200-3000; 7 1/2 by 11 3/4; 2,147,483,647",
        "timestamp 1699999999999, order 20240115123456, DOI 10.1000/182, 1/2/3",
        "They called in 1984 and 1985; he rang 3 times; call it 2 000 crowns",
    ],
)
def test_what_only_looks_personal_is_left_alone(text: str) -> None:
    assert mask(text) == (text, {})


@given(st.text(alphabet="0123456789", min_size=2, max_size=18))
def test_one_digit_makes_luhn_right(digits: str) -> None:
    assert sum(luhn(digits + last) for last in "0123456789") == 1


@given(st.text(max_size=200))
def test_masking_is_stable(text: str) -> None:
    once, _ = mask(text)
    assert mask(once) == (once, {})


# Unwanted content.


def test_dense_pages_go() -> None:
    casino = "Best online casino! Free spins at our online casino, no deposit bonus. " * 3
    assert reason(Unwanted(), casino) == "gambling"
    assert reason(Unwanted(), "Buy v1agra and c.i.a.l.i.s here, cheap pills, no prescription! " * 2) == "spam"
    assert isinstance(verdict(Unwanted(thresholds={"gambling": None}), casino), Kept)


@pytest.mark.parametrize(
    "text",
    [
        PROSE,
        "The cock crowed at five in Sussex, and the great tits sang; the casino closed in 1931. " * 4,
        "Patients who were prescribed tramadol or xanax should not drive. The clinic treats breast cancer. "
        * 5,
        "In Essex a sexton found a Middlesex penny. The class passed the assessment of the Scunthorpe club. "
        * 5,
    ],
)
def test_innocent_words_are_kept(text: str) -> None:
    assert isinstance(verdict(Unwanted(), text), Kept)


def test_terms_are_counted_with_their_longest_form() -> None:
    hits, words = find_terms("Online casinos and an online casino, a casino")
    assert words == 8
    assert {(term, count) for (_, term, _), count in hits.items()} == {("online casino", 2), ("casino", 1)}
