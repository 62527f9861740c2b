r"""The pre-tokenisers that GGUF files name in `tokenizer.ggml.pre`, in the terms of `tokenizer.json`.

    "llama-bpe"  ->  Split by a regex, then ByteLevel        "smollm"  ->  Digits, then ByteLevel with GPT-2's

A name stands for one or more regexes, each of which cuts what the one before left; the text between its
matches stays too. Where llama.cpp's own regexes are adaptations (it has no \p{Lu} and no inline flags), the
file's original is meant here, as its comments give it.

Source: ggml-org/llama.cpp, src/llama-vocab.cpp (llm_tokenizer_bpe and impl::load).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from llmworks.text.patterns import PATTERNS


@dataclass(frozen=True)
class PreTokenization:
    """What a name stands for.

    regexes: applied in order. gpt2: GPT-2's own pattern at the end. digits: every digit alone
    before it. ignore_merges: a piece that is a token is taken whole. add_bos: the default of the file's flag.
    """

    regexes: tuple[str, ...] = ()
    gpt2: bool = False
    digits: bool = False
    ignore_merges: bool = False
    add_bos: bool = False

    def to_json(self) -> dict[str, Any]:
        """As a `pre_tokenizer`."""
        steps: list[dict[str, Any]] = [
            {"type": "Split", "pattern": {"Regex": regex}, "behavior": "Isolated", "invert": False}
            for regex in self.regexes
        ]
        if self.digits:
            steps.append({"type": "Digits", "individual_digits": True})
        steps.append(
            {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": self.gpt2}
        )
        return steps[0] if len(steps) == 1 else {"type": "Sequence", "pretokenizers": steps}


# Letters that have case, and some (DeepSeek LLM).
_CASED = (
    "A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕἠ-ὅὈ"
    "-Ὅὐ-ὗὙὛὝὟ-ώᾀ-ᾴᾶ-ᾼιῂ-ῄῆ-ῌῐ-ΐῖ-Ίῠ-Ῥῲ-ῴῶ-ῼℂℇℊ-ℓℕℙ-ℝℤΩℨK-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ"
    "-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-𐳲𑢠-𑣟𞤀-𞥃"
)
_DEEPSEEK_LLM = (
    "[\r\n]",
    r"\s?[" + _CASED + "]+",
    r"\s?[!-/:-~！-／：-～‘-‟　-。]+",
    r"\s+$",
    "[一-龥\u0800-一가-\ud7ff]+",
    r"\p{N}+",
)
_DEEPSEEK_V3 = (
    r"\p{N}{1,3}",
    "[一-龥\u3040-ゟ゠-ヿ]+",
    r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"
    r"| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
)
_GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)"
_CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_O200K_WORDS = PATTERNS["o200k"].split(r"|\p{N}", 1)[0]
_TEKKEN = _O200K_WORDS.replace(_CONTRACTIONS + "?", "") + (
    r"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_QWEN35 = _CONTRACTIONS + (
    r"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_BLOOM = r" ?[^(\s|.,!?…。，、।۔،)]+"
_BAILING = (
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]++[\r\n]*"
    r"|\s*[\r\n]|\s+(?!\S)|\s+"
)
_SEED = _CONTRACTIONS + (r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}\r\n]+|\s*[\r\n]+|\s+(?!\S)|\s+")
_EXAONE_MOE = _CONTRACTIONS + (
    r"|[^\r\n\p{L}\p{N}]?(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]?"
    r"|\s*[\r\n]|\s+(?!\S)|\s+"
)
_DEFAULT = (r"[\p{P}\$\+<=>\^~\|]+", _GPT2, r"\p{N}+", "[0-9][0-9][0-9]")

_BYTE_LEVEL = PreTokenization(gpt2=True)
_DIGITS = PreTokenization(gpt2=True, digits=True)
_LLAMA3 = PreTokenization((PATTERNS["llama3"],))
_LLAMA3_WHOLE = PreTokenization((PATTERNS["llama3"],), ignore_merges=True, add_bos=True)
_QWEN2 = PreTokenization((PATTERNS["qwen2"],))
_GPT4O = PreTokenization((PATTERNS["o200k"],))
_V3 = PreTokenization(_DEEPSEEK_V3)

_NAMES: list[tuple[str, PreTokenization]] = [
    ("default", PreTokenization(_DEFAULT)),
    ("llama-bpe llama3 llama-v3 falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano", _LLAMA3_WHOLE),
    ("dbrx smaug-bpe chatglm-bpe", _LLAMA3),
    ("glm4 glm5", PreTokenization((PATTERNS["llama3"],), ignore_merges=True)),
    ("deepseek-llm", PreTokenization(_DEEPSEEK_LLM)),
    (
        "deepseek-coder",
        PreTokenization(("[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", "[一-龥\u0800-一가-\ud7ff]+", r"\p{N}")),
    ),
    ("deepseek-v3 hunyuan-dense joyai-llm hy_v4", _V3),
    ("falcon", PreTokenization((r"[\p{P}\$\+<=>\^~\|`]+", _GPT2, "[0-9][0-9][0-9]"))),
    ("starcoder refact command-r smollm codeshell exaone minerva-7b mellum2", _DIGITS),
    (
        "gpt-2 phi-2 jina-es jina-de gigachat jina-v2-es jina-v2-de a.x-4.0 mellum modern-bert mpt olmo jais "
        "trillion granite-docling exaone4 jina-v1-en jina-v2-code roberta-bpe",
        _BYTE_LEVEL,
    ),
    ("qwen2 deepseek-r1-qwen kormo f2llmv2 stablelm2 megrez hunyuan solar-open grok-2", _QWEN2),
    ("qwen35", PreTokenization((_QWEN35,))),
    ("gpt-4o llama4 kanana2 talkie minimax-m2", _GPT4O),
    ("tekken", PreTokenization((_TEKKEN,), ignore_merges=True, add_bos=True)),
    ("bloom poro-chat gpt3-finnish", PreTokenization((_BLOOM,))),
    ("viking", PreTokenization((_BLOOM, r"\p{N}"))),
    ("bailingmoe bailingmoe2 llada-moe", PreTokenization((_BAILING,))),
    ("seed-coder", PreTokenization((_SEED,))),
    ("exaone-moe", PreTokenization((_EXAONE_MOE,))),
    ("laguna", PreTokenization((r"[^\n]+|[\n]+", PATTERNS["qwen2"]))),
    ("ufakzeka", PreTokenization((PATTERNS["qwen2"].removeprefix(_CONTRACTIONS + "|"),))),
    (
        "minicpm5",
        PreTokenization(
            (r"\p{N}{1,3}", PATTERNS["qwen2"].replace(r"|\p{N}|", r"|\p{N}+|")), ignore_merges=True
        ),
    ),
]

PRE_TOKENIZERS: dict[str, PreTokenization] = {
    name: meaning for names, meaning in _NAMES for name in names.split()
}
