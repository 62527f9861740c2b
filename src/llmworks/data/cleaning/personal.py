"""Personal data replaced by typed marks: "write to ann@x.org" becomes "write to [email]".

    e-mail   name@host.tld, also name [at] host [dot] tld
    iban     country, two check digits: the whole taken modulo 97 must be 1 (ISO 13616), the length right
    card     13 to 19 digits with an issuer's prefix, grouped as on cards or not, Luhn's sum 0 modulo 10
    ssn      AAA-GG-SSSS of the United States, with the numbers that are never given out left alone
    ip       public IPv4 and IPv6 addresses; versions, sections and private networks are left alone
    phone    +country and 8 to 15 digits; (AAA) NXX-XXXX of North America; any form after "tel", "call", …

What can be checked is checked, so that prices, dates, versions, ISBNs and measures stay as they are. What
cannot: names and postal addresses are not found at all, and a number without a word beside it that says it
is a telephone is left alone.
"""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from typing import ClassVar, Literal, get_args

from llmworks.data.cleaning.stage import KEPT, Changed, Outcome, Stage
from llmworks.data.sources import Document

Kind = Literal["email", "iban", "card", "ssn", "ip", "phone"]
KINDS: tuple[Kind, ...] = get_args(Kind)

EMAIL = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9](?:[\w.+%-]{0,62}[A-Za-z0-9_])?@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
    r"[A-Za-z]{2,24}(?![\w-]|\.\w)"
)
SPELT_EMAIL = re.compile(
    r"(?<![\w.])[A-Za-z0-9][\w.+-]{1,62} ?[\[(]at[\])] ?[\w-]+(?: ?(?:[\[(]dot[\])]|\.) ?[\w-]+){1,4}", re.I
)
IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
# Lengths of IBANs by country (SWIFT's registry).
IBAN_LENGTHS = {
    15: "NO", 16: "BE", 18: "DK FI FO GL NL SD", 19: "MK SI", 20: "AT BA EE KZ LT LU XK", 21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS", 23: "AE GI IL IQ OM SO TL", 24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "LY PT ST", 26: "IS TR", 27: "BI DJ FR GR IT MC MR SM", 28: "AL AZ BY CY DO EG GT HU LB NI PL SV",
    29: "BR PS QA UA", 30: "JO KW MU", 31: "MT SC", 32: "LC", 33: "RU",
}  # fmt: skip
IBAN_LENGTH = {country: length for length, names in IBAN_LENGTHS.items() for country in names.split()}
CARD = re.compile(
    r"(?<![\w.,+-])(?:[2-6]\d{3}([ -]?)\d{4}\1\d{4}\1\d{1,7}|3[47]\d{2}([ -]?)\d{6}\2\d{5})(?![\w-]|[.,]\d)"
)
SSN = re.compile(r"(?<![\w.+-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-]|\.\d)")
OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
IPV4 = re.compile(rf"(?<![\w.-]){OCTET}(?:\.{OCTET}){{3}}(?![\w-]|\.\d)")
IPV6 = re.compile(r"(?<![\w:.])(?:[0-9A-Fa-f]{1,4}:{1,2}){2,7}[0-9A-Fa-f]{1,4}(?![\w:]|\.\d)")
VERSION_BEFORE = re.compile(
    r"(?:\b(?:v|ver|vers|version|release|section|sections|chapter|clause|article|build|firmware|driver|update|"
    r"upgrade|patch|kernel|chrome|firefox|safari|edge|opera|office|revision|rev|table|figure|rule|§)\.?|§|/)"
    r"\s*$", re.I,
)  # fmt: skip
SEPARATORS = " .()\u00a0-"
INTERNATIONAL = re.compile(r"(?<![\w.+])\+ ?[1-9]\d{0,2}(?:[ .\u00a0-]?\(?\d{1,5}\)?){2,6}(?![\w%]|[.,]\d)")
AMERICAN = re.compile(
    r"(?<![\w.,+$£€#/-])(?:1[ .-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}([.-]))[2-9]\d{2}(?(1)\1|[ .-])\d{4}"
    r"(?![\w-]|[.,]\d)"
)
AFTER_WORD = re.compile(
    r"\b(?:tel|telephone|phone|ph|mobile|mob|cell|fax|whatsapp|call|ring|text|dial|telefon|téléphone|teléfono|"
    r"hotline|helpline)s?(?: number| no)?\.?:? ?"
    r"(?:(?:us|me|him|her|them|toll[- ]free|now|today|at|on|is|was|:) ){0,3}"
    r"(?P<number>(?<![$£€])(?:\+|\()?\d(?:[ .()/\u00a0-]{0,2}\d){6,14})(?![\w%]|[.,]\d)", re.I,
)  # fmt: skip
DATE = re.compile(
    r"\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{4}|(?:19|20)\d\d ?[-–] ?(?:19|20)\d\d"
)
THOUSANDS = re.compile(r"\+ ?\d{1,3}(?:[ .\u00a0]\d{3})+")
DIGITS = re.compile(r"\d[\d .()/\u00a0-]{5,}")


class PersonalData(Stage):
    """Replaces what could reach or harm a person by marks; never drops a document."""

    kind: Literal["personal_data"] = "personal_data"
    shows_before: ClassVar[bool] = False
    find: tuple[Kind, ...] = KINDS
    mark: str = "[{kind}]"

    def apply(self, document: Document) -> Outcome:
        text, counts = mask(document.text, self.find, self.mark)
        return Changed(text, counts) if counts else KEPT


def mask(text: str, kinds: tuple[Kind, ...] = KINDS, mark: str = "[{kind}]") -> tuple[str, Counter[str]]:
    """(the text with marks, how many of each kind were replaced)."""
    counts: Counter[str] = Counter()
    digits = has_numbers(text)

    def replace(pattern: re.Pattern[str], kind: Kind, text: str) -> str:
        def one(match: re.Match[str]) -> str:
            if not CHECKS[kind](match):
                return match.group()
            counts[kind] += 1
            found = match.group()
            number = match.groupdict().get("number") or found
            return found[: len(found) - len(number)] + mark.format(kind=kind)

        return pattern.sub(one, text)

    if "email" in kinds:
        if "@" in text:
            text = replace(EMAIL, "email", text)
        if "[at]" in text or "(at)" in text:
            text = replace(SPELT_EMAIL, "email", text)
    if "ip" in kinds and ":" in text:
        text = replace(IPV6, "ip", text)
    for kind, patterns in AFTER_DIGITS if digits else ():
        if kind in kinds:
            for pattern in patterns:
                text = replace(pattern, kind, text)
    return text, counts


def has_numbers(text: str) -> bool:
    """Whether some run of digits is long enough for what is told by them; quick."""
    for match in DIGITS.finditer(text):
        run = match.group()
        if sum(map(str.isdigit, run)) >= 7 or run.count(".") >= 3:
            return True
    return False


def luhn(digits: str) -> bool:
    """Whether Luhn's sum comes to 0: from the right every second digit counts double (its digits added)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0


def is_card(match: re.Match[str]) -> bool:
    digits = re.sub(r"\D", "", match.group())
    return 13 <= len(digits) <= 19 and len(set(digits)) > 1 and luhn(digits)


def is_iban(match: re.Match[str]) -> bool:
    code = match.group().replace(" ", "")
    if IBAN_LENGTH.get(code[:2]) != len(code):
        return False
    return int("".join(str(int(char, 36)) for char in code[4:] + code[:4])) % 97 == 1


def is_ip(match: re.Match[str]) -> bool:
    found = match.group()
    if VERSION_BEFORE.search(match.string, max(0, match.start() - 24), match.start()):
        return False
    if "." in found and all(len(part) == 1 for part in found.split(".")):
        return False  # 1.2.3.4 is a section or a version
    try:
        return ipaddress.ip_address(found).is_global
    except ValueError:
        return False


def is_phone(match: re.Match[str]) -> bool:
    found = match.groupdict().get("number") or match.group()
    digits = re.sub(r"\D", "", found)
    if not 7 <= len(digits) <= 15 or DATE.fullmatch(found.strip()) or len(set(digits)) < 3:
        return False
    if found.startswith("+"):  # +20 000 000 is an amount
        return len(digits) >= 8 and not (THOUSANDS.fullmatch(found) and digits.endswith("000"))
    return True


def always(match: re.Match[str]) -> bool:
    return True


CHECKS = {"email": always, "iban": is_iban, "card": is_card, "ssn": always, "ip": is_ip, "phone": is_phone}
AFTER_DIGITS: tuple[tuple[Kind, tuple[re.Pattern[str], ...]], ...] = (
    ("iban", (IBAN,)),
    ("card", (CARD,)),
    ("ssn", (SSN,)),
    ("ip", (IPV4,)),
    ("phone", (AFTER_WORD, INTERNATIONAL, AMERICAN)),
)
