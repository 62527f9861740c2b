"""Hugging Face `tokenizer.json`, for byte-level BPE: read here, written here.

    added_tokens   the tokens beside the merges
    normalizer     null or NFC
    pre_tokenizer  ByteLevel with its own regex (GPT-2), or Split by a known pattern, then ByteLevel
    model          BPE: vocab (in GPT-2's byte alphabet), merges, ignore_merges
    post_processor where the file says which token opens a text (TemplateProcessing)

What the file asks for and this reader does not know (Unigram, WordPiece, another normaliser, dropout, …) is
refused by name: ids that are almost right are worse than none.

Added tokens whose `special` is true are control tokens; so are those in angle brackets (`<tool_call>` in
Qwen), although `special` is false there, since they steer a chat as well. The rest is plain text.

Source: huggingface/tokenizers, its serialisation of BPE, ByteLevel, Split and AddedToken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from llmworks.errors import TokenizerError
from llmworks.text.bpe import BPETokenizer
from llmworks.text.byte_alphabet import from_alphabet
from llmworks.text.limits import expect, parse_object
from llmworks.text.patterns import pattern_name
from llmworks.text.special import AddedToken


def read_json(text: str | bytes, where: str, *, native: bool = True) -> BPETokenizer:
    """The tokenizer in the text of a `tokenizer.json`. `where` names the file in error messages."""
    file = parse_object(text, where)
    try:
        model = _checked_model(expect(file.get("model"), dict, "model"))
        added = _added_tokens(expect(file.get("added_tokens") or [], list, "added_tokens"))
        cutting = _pre_tokenizer(file.get("pre_tokenizer"))
        _check_decoder(file.get("decoder"))
        opening = _post_processor(file.get("post_processor"), {token.text: token.id for token in added})
        vocabulary, merges = read_vocabulary(model["vocab"], model["merges"], added)
        tokenizer = BPETokenizer(
            vocabulary,
            merges,
            pattern=cutting.pattern,
            special_tokens=added,
            whole_pieces=expect(model.get("ignore_merges") or False, bool, "model.ignore_merges"),
            normalizer=_normalizer(file.get("normalizer")),
            add_prefix_space=cutting.add_prefix_space,
            native=native,
        )
    except TokenizerError as error:
        raise TokenizerError(f"{where}: {error}") from None
    tokenizer.bos_id, tokenizer.eos_id = opening.bos_id, opening.eos_id
    tokenizer.add_bos = opening.bos_id is not None
    return tokenizer


def _checked_model(model: dict[str, Any]) -> dict[str, Any]:
    kind = model.get("type", "BPE" if "merges" in model else None)
    if kind != "BPE":
        raise TokenizerError(f"the model is {kind!r}; this reader knows byte-level BPE only")
    if model.get("dropout"):
        raise TokenizerError(f"BPE dropout {model['dropout']!r} gives other ids each time; set it to null")
    for key in ("continuing_subword_prefix", "end_of_word_suffix"):
        if model.get(key):
            raise TokenizerError(f"model.{key} is {model[key]!r}; byte-level BPE has none")
    expect(model.get("vocab"), dict, "model.vocab")
    expect(model.get("merges"), list, "model.merges")
    return model


def read_vocabulary(
    vocab: dict[str, Any], merges: list[Any], added: list[AddedToken]
) -> tuple[dict[bytes, int], list[tuple[int, int]]]:
    """Ids by bytes, and the merges as pairs of ids, from what the files write in the byte alphabet."""
    for text, id in vocab.items():
        if type(id) is not int or id < 0:
            raise TokenizerError(
                f"vocab: the id of {text[:60]!r} is {str(id)[:60]!r}, no whole number from 0"
            )
    pairs = [_merge_parts(merge) for merge in merges]
    made = {left + right for left, right in pairs}
    added_texts = {token.text: token for token in added}
    vocabulary: dict[bytes, int] = {}
    for text, id in vocab.items():
        # GPT-2 lists its control token among the others; no text may come to it there.
        token = added_texts.get(text)
        if token and token.id != id:
            raise TokenizerError(
                f"added token {text!r} has the id {token.id} there and {id} in the vocabulary"
            )
        if token and token.control and text not in made:
            continue
        as_bytes = from_alphabet(text)
        if as_bytes is None:
            if token is None:
                raise TokenizerError(f"vocab: {text[:60]!r} is not written in the byte alphabet of GPT-2")
            continue
        vocabulary[as_bytes] = id
    numbers = []
    for place, (left, right) in enumerate(pairs):
        for part in (left, right, left + right):
            if part not in vocab:
                raise TokenizerError(
                    f"merge {place} ({left} {right}): {part[:60]!r} is not in the vocabulary"
                )
        numbers.append((vocab[left], vocab[right]))
    return vocabulary, numbers


def _merge_parts(merge: Any) -> tuple[str, str]:
    parts = merge.split(" ") if isinstance(merge, str) else merge
    if not isinstance(parts, list) or len(parts) != 2 or not all(isinstance(p, str) and p for p in parts):
        raise TokenizerError(f"a merge is two tokens, 'a b' or ['a', 'b'], not {str(merge)[:60]!r}")
    return parts[0], parts[1]


def _added_tokens(entries: list[Any]) -> list[AddedToken]:
    tokens = []
    for place, entry in enumerate(entries):
        what = f"added_tokens[{place}]"
        entry = expect(entry, dict, what)
        text = expect(entry.get("content"), str, f"{what}.content")
        flags = {
            key: expect(entry.get(key, False), bool, f"{what}.{key}")
            for key in ("special", "single_word", "lstrip", "rstrip", "normalized")
        }
        if flags["single_word"]:
            raise TokenizerError(f"{what} ({text!r}): single_word is not supported")
        tokens.append(
            AddedToken(
                text,
                expect(entry.get("id"), int, f"{what}.id"),
                control=flags["special"] or (text.startswith("<") and text.endswith(">")),
                flagged=flags["special"],
                lstrip=flags["lstrip"],
                rstrip=flags["rstrip"],
                normalized=flags["normalized"],
            )
        )
    return tokens


def _steps(value: Any, key: str, what: str) -> list[dict[str, Any]]:
    """A null, single or Sequence step as a list of steps with their `type`s."""
    if value is None:
        return []
    step = expect(value, dict, what)
    expect(step.get("type"), str, f"{what}.type")
    if step["type"] != "Sequence":
        return [step]
    inner = expect(step.get(key), list, f"{what}.{key}")
    for part in inner:
        expect(expect(part, dict, what).get("type"), str, f"{what}.type")
    return inner


def _normalizer(value: Any) -> Literal["NFC"] | None:
    kinds = [step["type"] for step in _steps(value, "normalizers", "normalizer")]
    if kinds not in ([], ["NFC"]):
        raise TokenizerError(f"normalizer {' + '.join(kinds)} is not supported; expected none or NFC")
    return "NFC" if kinds else None


@dataclass(frozen=True)
class _Cutting:
    pattern: str
    add_prefix_space: bool


def _pre_tokenizer(value: Any) -> _Cutting:
    steps = _steps(value, "pretokenizers", "pre_tokenizer")
    kinds = [step["type"] for step in steps]
    if not kinds or kinds[-1] != "ByteLevel":
        said = " + ".join(kinds) or "none"
        raise TokenizerError(
            f"the pre_tokenizer is {said}; this reader knows byte-level BPE (… ByteLevel) only"
        )
    last = steps[-1]
    prefix = expect(last.get("add_prefix_space", True), bool, "pre_tokenizer.add_prefix_space")
    own_regex = expect(last.get("use_regex", True), bool, "pre_tokenizer.use_regex")
    if kinds == ["ByteLevel"] and own_regex:
        return _Cutting("gpt2", prefix)
    if kinds == ["Digits", "ByteLevel"] and own_regex and steps[0].get("individual_digits") and not prefix:
        return _Cutting("gpt2_digits", False)
    if kinds == ["Split", "ByteLevel"] and not own_regex and not prefix:
        return _Cutting(_split_pattern(steps[0]), False)
    said = f"{' + '.join(kinds)} (use_regex {own_regex}, add_prefix_space {prefix})"
    raise TokenizerError(f"pre_tokenizer {said} is not supported")


def _split_pattern(step: dict[str, Any]) -> str:
    written = expect(step.get("pattern"), dict, "pre_tokenizer.pattern")
    regex = expect(written.get("Regex"), str, "pre_tokenizer.pattern.Regex")
    name = pattern_name(regex)
    if name is None:
        raise TokenizerError(f"pre_tokenizer: the Split regex {regex[:200]!r} is not known")
    # The patterns leave nothing between two matches, so these two say the same.
    if (step.get("behavior"), step.get("invert")) not in (("Isolated", False), ("Removed", True)):
        raise TokenizerError(f"pre_tokenizer: Split behavior {step.get('behavior')!r} is not supported")
    return name


def _check_decoder(value: Any) -> None:
    kinds = [step["type"] for step in _steps(value, "decoders", "decoder")]
    if kinds not in ([], ["ByteLevel"]):
        raise TokenizerError(f"decoder {' + '.join(kinds)} is not supported; expected ByteLevel")


@dataclass(frozen=True)
class _Opening:
    bos_id: int | None = None
    eos_id: int | None = None


def _post_processor(value: Any, ids: dict[str, int]) -> _Opening:
    """Which tokens the file puts before and after a text."""
    opening = _Opening()
    for step in _steps(value, "processors", "post_processor"):
        if step["type"] == "TemplateProcessing":
            opening = _template(expect(step.get("single"), list, "post_processor.single"), ids)
        elif step["type"] in ("RobertaProcessing", "BertProcessing"):
            opening = _Opening(_named_id(step.get("cls"), ids), _named_id(step.get("sep"), ids))
        elif step["type"] != "ByteLevel":  # ByteLevel there moves offsets only
            raise TokenizerError(f"post_processor {step['type']} is not supported")
    return opening


def _template(parts: list[Any], ids: dict[str, int]) -> _Opening:
    kinds = [next(iter(expect(part, dict, "post_processor.single")), "") for part in parts]
    if kinds.count("Sequence") != 1 or not set(kinds) <= {"Sequence", "SpecialToken"} or len(kinds) > 3:
        raise TokenizerError("post_processor: expected a template of one text, with a token before or after")
    names = [
        expect(expect(part[kind], dict, "post_processor.single").get("id"), str, "post_processor.single")
        for part, kind in zip(parts, kinds, strict=True)
    ]
    middle = kinds.index("Sequence")
    if middle > 1 or len(kinds) - middle > 2:
        raise TokenizerError("post_processor: more than one token before or after the text")
    for name in names[:middle] + names[middle + 1 :]:
        if name not in ids:
            raise TokenizerError(f"post_processor: {name!r} is not among the added tokens")
    return _Opening(ids[names[0]] if middle else None, ids[names[-1]] if middle < len(names) - 1 else None)


def _named_id(value: Any, ids: dict[str, int]) -> int:
    pair = expect(value, list, "post_processor token")
    if len(pair) != 2 or ids.get(str(pair[0])) != pair[1]:
        raise TokenizerError(f"post_processor: {pair!r} is not among the added tokens")
    return ids[pair[0]]
