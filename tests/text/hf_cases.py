"""Tokenizers of `tokenizers` in the shapes of the open families, small, trained here."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from tokenizers import trainers as T

from llmworks.text.samples import CODE, SAME_TEXT
from tests.text.text_cases import SCRIPTS

CORPUS = [*SAME_TEXT.values(), *CODE.values(), *SCRIPTS, "the quick brown fox " * 20, "don't stop, it's 2024"]
DEEPSEEK = [
    r"\p{N}{1,3}",
    r"[一-龥぀-ゟ゠-ヿ]+",
    r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"
    r"| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
]
O200K = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN = LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")
BLOOM = r" ?[^(\s|[.,!?…。，、।۔،])]+"
BYTES = [f"<0x{value:02X}>" for value in range(256)]


def _byte_level(pre: Any, *, normalizer: Any = None, special: tuple[Any, ...] = ()) -> Tokenizer:
    made = Tokenizer(models.BPE())
    made.normalizer = normalizer
    made.pre_tokenizer = pre
    made.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = T.BpeTrainer(
        vocab_size=600, initial_alphabet=alphabet, special_tokens=list(special), show_progress=False
    )
    made.train_from_iterator(CORPUS, trainer)
    return made


def _split(*patterns: str) -> Any:
    steps = [pre_tokenizers.Split(Regex(pattern), "isolated") for pattern in patterns]
    return pre_tokenizers.Sequence([*steps, pre_tokenizers.ByteLevel(False, use_regex=False)])


def _template(made: Tokenizer, single: str, pair: str, names: list[str]) -> None:
    tokens = [(name, made.token_to_id(name)) for name in names]
    made.post_processor = processors.TemplateProcessing(single=single, pair=pair, special_tokens=tokens)


def gpt2() -> Tokenizer:
    return _byte_level(pre_tokenizers.ByteLevel(False), special=("<|endoftext|>",))


def gpt_neox() -> Tokenizer:
    made = _byte_level(
        pre_tokenizers.ByteLevel(False),
        normalizer=normalizers.NFC(),
        special=("<|endoftext|>", "<|padding|>"),
    )
    made.add_tokens([AddedToken(" " * count, normalized=True) for count in range(4, 1, -1)])
    return made


def roberta() -> Tokenizer:
    mask = AddedToken("<mask>", lstrip=True, special=True)
    made = _byte_level(pre_tokenizers.ByteLevel(False), special=("<s>", "<pad>", "</s>", "<unk>", mask))
    made.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    return made


def modernbert() -> Tokenizer:
    mask = AddedToken("[MASK]", lstrip=True, special=True)
    names = ("[UNK]", "[CLS]", "[SEP]", "[PAD]", mask)
    made = _byte_level(pre_tokenizers.ByteLevel(False), normalizer=normalizers.NFC(), special=names)
    _template(made, "[CLS]:0 $A:0 [SEP]:0", "[CLS]:0 $A:0 [SEP]:0 $B:0 [SEP]:0", ["[CLS]", "[SEP]"])
    return made


def llama3() -> Tokenizer:
    made = _byte_level(_split(LLAMA3), special=("<|begin_of_text|>", "<|eot_id|>"))
    template = processors.TemplateProcessing(
        single="<|begin_of_text|>:0 $A:0",
        pair="<|begin_of_text|>:0 $A:0 <|begin_of_text|>:1 $B:1",
        special_tokens=[("<|begin_of_text|>", 0)],
    )
    made.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False), template])
    return made


def qwen() -> Tokenizer:
    made = _byte_level(_split(QWEN), normalizer=normalizers.NFC(), special=("<|endoftext|>", "<|im_start|>"))
    made.add_tokens(["<tool_call>", "</tool_call>"])
    return made


def gpt_oss() -> Tokenizer:
    return _byte_level(_split(O200K), special=("<|startoftext|>", "<|return|>", "<|channel|>"))


def deepseek() -> Tokenizer:
    made = _byte_level(
        _split(*DEEPSEEK),
        normalizer=normalizers.Sequence([]),
        special=("<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>"),
    )
    name = "<｜begin▁of▁sentence｜>"
    _template(made, f"{name}:0 $A:0", f"{name}:0 $A:0 {name}:1 $B:1", [name])
    return made


def starcoder2() -> Tokenizer:
    steps = [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(False)]
    return _byte_level(pre_tokenizers.Sequence(steps), special=("<|endoftext|>", "<fim_prefix>"))


def falcon() -> Tokenizer:
    steps = [
        pre_tokenizers.Punctuation("contiguous"),
        pre_tokenizers.ByteLevel(False),
        pre_tokenizers.Digits(individual_digits=False),
        pre_tokenizers.Split(Regex("[0-9][0-9][0-9]"), "isolated"),
    ]
    return _byte_level(pre_tokenizers.Sequence(steps), special=(">>TITLE<<", "<|endoftext|>"))


def bloom() -> Tokenizer:
    return _byte_level(_split(BLOOM), special=("<unk>", "<s>", "</s>", "<pad>"))


def _with_bytes(
    normalizer: Any, pre: Any, decoder: Any, *, special: list[Any], fuse: bool = True
) -> Tokenizer:
    made = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=fuse, byte_fallback=True))
    made.normalizer, made.decoder = normalizer, decoder
    made.pre_tokenizer = pre_tokenizers.Metaspace("▁", "always")  # while training only
    trainer = T.BpeTrainer(
        vocab_size=700, special_tokens=[*special, *BYTES], limit_alphabet=60, show_progress=False
    )
    made.train_from_iterator(CORPUS, trainer)
    # The bytes are tokens of the model, not added ones.
    kept = [token for token in made.get_added_tokens_decoder().values() if token.content not in BYTES]
    file = made.to_str()
    made = _without_added(file, {token.content for token in kept})
    made.pre_tokenizer = pre
    return made


def _without_added(file: str, keep: set[str]) -> Tokenizer:
    import json

    value = json.loads(file)
    value["added_tokens"] = [token for token in value["added_tokens"] if token["content"] in keep]
    return Tokenizer.from_str(json.dumps(value))


LLAMA_DECODER = [
    decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)
]  # fmt: skip


def llama2() -> Tokenizer:
    """Legacy: no pre-tokeniser, the blank in front by the normaliser."""
    made = _with_bytes(
        normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]),
        None,
        decoders.Sequence(LLAMA_DECODER),
        special=["<unk>", "<s>", "</s>"],
    )
    _template(made, "<s>:0 $A:0", "<s>:0 $A:0 <s>:1 $B:1", ["<s>"])
    return made


def phi3() -> Tokenizer:
    made = _with_bytes(
        normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]),
        None,
        decoders.Sequence(LLAMA_DECODER),
        special=["<unk>", "<s>", AddedToken("</s>", rstrip=True, special=True)],
    )
    made.add_special_tokens([AddedToken("<|user|>", rstrip=True), AddedToken("<|end|>", rstrip=True)])
    return made


def mistral() -> Tokenizer:
    """Not legacy: Metaspace that marks the first stretch only."""
    return _with_bytes(
        None,
        pre_tokenizers.Metaspace("▁", "first", split=False),
        decoders.Sequence(LLAMA_DECODER),
        special=["<unk>", "<s>", "</s>", "[INST]", "[/INST]"],
    )


def gemma() -> Tokenizer:
    made = _with_bytes(
        normalizers.Replace(" ", "▁"),
        pre_tokenizers.Split(" ", "merged_with_previous"),
        decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]),
        special=["<pad>", "<eos>", "<bos>", "<unk>"],
    )
    made.add_tokens([AddedToken("\n\n", normalized=False), AddedToken("<start_of_turn>", normalized=False)])
    _template(made, "<bos>:0 $A:0", "<bos>:0 $A:0 <bos>:1 $B:1", ["<bos>"])
    return made


def bert(lowercase: bool = True) -> Tokenizer:
    made = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.decoder = decoders.WordPiece()
    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    trainer = T.WordPieceTrainer(
        vocab_size=600, special_tokens=names, limit_alphabet=150, show_progress=False
    )
    made.train_from_iterator(CORPUS, trainer)
    _template(made, "[CLS]:0 $A:0 [SEP]:0", "[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1", ["[CLS]", "[SEP]"])
    return made


def bert_cased() -> Tokenizer:
    made = bert(lowercase=False)
    made.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return made


def openai_gpt() -> Tokenizer:
    """GPT-1, CLIP: the end of a word is part of its last token."""
    made = Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
    made.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.decoder = decoders.BPEDecoder("</w>")
    trainer = T.BpeTrainer(
        vocab_size=500, special_tokens=["<unk>"], end_of_word_suffix="</w>", limit_alphabet=100,
        show_progress=False,
    )  # fmt: skip
    made.train_from_iterator(CORPUS, trainer)
    return made


def bpe_with_prefix() -> Tokenizer:
    made = Tokenizer(models.BPE(unk_token="<unk>", continuing_subword_prefix="##"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.decoder = decoders.WordPiece(cleanup=False)
    trainer = T.BpeTrainer(
        vocab_size=500, special_tokens=["<unk>"], continuing_subword_prefix="##", limit_alphabet=100,
        show_progress=False,
    )  # fmt: skip
    made.train_from_iterator(CORPUS, trainer)
    return made


def word_level() -> Tokenizer:
    made = Tokenizer(models.WordLevel(unk_token="[UNK]"))
    made.normalizer = normalizers.Sequence(
        [normalizers.NFKD(), normalizers.StripAccents(), normalizers.Strip()]
    )
    made.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    trainer = T.WordLevelTrainer(vocab_size=300, special_tokens=["[UNK]", "[CLS]"], show_progress=False)
    made.train_from_iterator(CORPUS, trainer)
    made.add_tokens([AddedToken("the", single_word=True), AddedToken("Fox", normalized=True, rstrip=True)])
    return made


def _unigram(normalizer: Any, pre: Any, special: list[str], *, unk: str) -> Tokenizer:
    made = Tokenizer(models.Unigram())
    made.normalizer, made.pre_tokenizer = normalizer, pre
    made.decoder = decoders.Metaspace()
    trainer = T.UnigramTrainer(
        vocab_size=500, special_tokens=special, unk_token=unk, show_progress=False, max_piece_length=8
    )
    made.train_from_iterator(CORPUS, trainer)
    return made


def t5() -> Tokenizer:
    made = _unigram(
        normalizers.Sequence(
            [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
        ),
        pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]),
        ["<pad>", "</s>", "<unk>"],
        unk="<unk>",
    )
    made.add_special_tokens([f"<extra_id_{number}>" for number in range(3)])
    _template(made, "$A:0 </s>:0", "$A:0 </s>:0 $B:0 </s>:0", ["</s>"])
    return made


def albert() -> Tokenizer:
    steps = [
        normalizers.Replace("``", '"'), normalizers.Replace("''", '"'), normalizers.NFKD(),
        normalizers.StripAccents(), normalizers.Lowercase(), normalizers.Replace(Regex(" {2,}"), " "),
    ]  # fmt: skip
    names = ["<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]"]
    made = _unigram(normalizers.Sequence(steps), pre_tokenizers.Metaspace(), names, unk="<unk>")
    _template(made, "[CLS]:0 $A:0 [SEP]:0", "[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1", ["[CLS]", "[SEP]"])
    return made


def xlm_roberta() -> Tokenizer:
    names = ["<s>", "<pad>", "</s>", "<unk>"]
    made = _unigram(
        normalizers.Sequence([normalizers.NFKC(), normalizers.Strip(True, True)]),
        pre_tokenizers.Metaspace("▁", "first"),
        names,
        unk="<unk>",
    )
    made.add_special_tokens([AddedToken("<mask>", lstrip=True)])
    _template(made, "<s> $A </s>", "<s> $A </s> </s> $B </s>", ["<s>", "</s>"])
    return made


FAMILIES: dict[str, Callable[[], Tokenizer]] = {
    made.__name__: made
    for made in (
        gpt2, gpt_neox, roberta, modernbert, llama3, qwen, gpt_oss, deepseek, starcoder2, falcon, bloom,
        llama2, phi3, mistral, gemma, bert, bert_cased, openai_gpt, bpe_with_prefix, word_level, t5, albert,
        xlm_roberta,
    )
}  # fmt: skip


@functools.cache
def family(name: str) -> Tokenizer:
    return FAMILIES[name]()
