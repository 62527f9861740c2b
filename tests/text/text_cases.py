"""Texts that tokenizers trip over, and the vocabularies that the tests of `text` share."""

from __future__ import annotations

import functools
import lzma
import random
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st

from llmworks.text.bpe import BPETokenizer
from llmworks.text.tiktoken_file import ENCODINGS, parse_ranks
from tests.support import shared_data

# A shared machine pauses a test now and then; how long one takes is no property of the code.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

# Every kind of character that a pattern tells apart, and the traps: long s, Kelvin sign, title-case letters,
# marks, letters without case, digits of other scripts, all kinds of white space, emoji with joiners.
ALPHABET = [
    *"  \t\n\r''sStTdDmMlLrRvVeE/!?.,019aAbBzZ_-",
    *"ſKİßяЯ中あ한ʰǅªاक٣½²Ⅻ",
    *"\u0301\u0903\u20dd\u00a0\u2028\u3000\u0085\u001c\u000b\u200b\u200d\ufeff\ue000\ud7ff\U0010ffff",
    *"🎉👩‍👩‍👧e\u0301",
]
WORDS = [
    "'s",
    "'S",
    "'ſ",
    "'LL",
    "'ve",
    "<|endoftext|>",
    " the",
    "  ",
    "\r\n",
    "\n\n",
    "HTTPServer",
    "12345",
    "/*",
]

tricky_text = st.lists(st.sampled_from(ALPHABET + WORDS), max_size=24).map("".join)
any_text = st.one_of(tricky_text, st.text(max_size=40))
any_bytes = st.one_of(
    st.binary(max_size=40), tricky_text.map(str.encode).flatmap(lambda b: st.permutations(b))
).map(bytes)

SCRIPTS = [
    "The quick brown fox's 3,141 jumps over 27 lazy dogs… “isn't it?” — WE'LL SEE!",
    "Ой у лузі червона калина похилилася, 1914 року",
    "Η Ελλάδα ποτέ δεν πεθαίνει, ΆΈΉΊΌΎΏ",
    "人人生而自由，在尊严和权利上一律平等。2024年",
    "吾輩は猫である。名前はまだ無い。カタカナもﾊﾝｶｸも",
    "모든 인간은 태어날 때부터 자유로우며",
    "يولد جميع الناس أحراراً متساوين في الكرامة ٢٠٢٤",
    "सभी मनुष्यों को गौरव और अधिकारों के मामले में १२३",
    "มนุษย์ทั้งหลายเกิดมามีอิสระ",
    "ყველა ადამიანი იბადება თავისუფალი",
    "for (int i=0;i<n;++i){\n\tx[i] += 0x1F;  // no\r\n}\n\n\n    return x;\n",
    "👩‍👩‍👧‍👦 🏳️‍🌈 é ﬁ ǅungla \U0001d4d0\U0001d4d1 \u200f\u202e",
    " \n  \t \r\n\r\n   x   \n ",
]


def random_texts(count: int, seed: int, longest: int = 14) -> list[str]:
    """Reproducible short texts over the alphabet, where hypothesis would be too slow."""
    draw = random.Random(seed)
    pool = ALPHABET + WORDS
    return ["".join(draw.choices(pool, k=draw.randint(0, longest))) for _ in range(count)]


@functools.cache
def cl100k_ranks() -> dict[bytes, int]:
    return parse_ranks(lzma.decompress(shared_data("tok/cl100k_base.tiktoken.xz").read_bytes()), "cl100k")


@functools.cache
def cl100k(native: bool = True) -> BPETokenizer:
    specials = ENCODINGS["cl100k_base"].special_tokens
    return BPETokenizer(cl100k_ranks(), pattern="cl100k", special_tokens=specials, native=native)


def write_gpt2_files(folder: Path) -> tuple[Path, Path]:
    """vocab.json and merges.txt of GPT-2."""
    vocab, merges = folder / "vocab.json", folder / "merges.txt"
    vocab.write_bytes(lzma.decompress(shared_data("tok/gpt2_vocab.json.xz").read_bytes()))
    merges.write_bytes(shared_data("tok/gpt2_merges.txt").read_bytes())
    return vocab, merges


@functools.cache
def small_tokenizer(native: bool = True, pattern: str = "cl100k") -> BPETokenizer:
    """A tokenizer that needs no data: the bytes and some merges, among them ones that compete."""
    tokens = [bytes([value]) for value in range(256)]
    written = (
        "e+r _+t h+e _t+he l+o lo+w low+er _+low a+a aa+aa a+b b+a ab+ab _+_ __+__ '+s 1+2 12+3 t+h th+e"
    )
    pairs = [tuple(pair.replace("_", " ").encode().split(b"+")) for pair in written.split()]
    pairs += [(b"\xf0", b"\x9f"), (b"\xf0\x9f", b"\x8e"), (b"\xe4", b"\xb8"), (b"\xe4\xb8", b"\xad")]
    merges: list[tuple[bytes, bytes]] = []
    for left, right in pairs:
        merges.append((left, right))
        if left + right not in tokens:
            tokens.append(left + right)
    vocabulary = {token: id for id, token in enumerate(tokens)}
    specials = {"<|endoftext|>": len(tokens), "<|im_start|>": len(tokens) + 1, "<|im_end|>": len(tokens) + 2}
    return BPETokenizer(
        vocabulary,
        [(vocabulary[left], vocabulary[right]) for left, right in merges],
        pattern=pattern,
        special_tokens=specials,
        native=native,
    )
