"""Hugging Face `tokenizer.json`: read here, by `BPETokenizer` where it is byte-level BPE with a known pattern
(GPT-2, Llama 3, Qwen, SmolLM, …), by the chain of parts in `pipeline.py` where it is anything else.

    truncation, padding   kept                 pre_tokenizer    pre_tokenizers.py
    added_tokens          special.py           model            hf_models.py
    normalizer            normalizers.py       post_processor   post_processors.py
                                               decoder          decoders.py

What a file asks for and no part here knows is refused by name: ids that are almost right are worse than none.

Added tokens whose `special` is true are control tokens; so are those in angle brackets (`<tool_call>` in
Qwen), although `special` is false there, since they steer a chat as well. The rest is plain text.

Source: huggingface/tokenizers, its serialisation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, get_args

from llmworks.errors import TokenizerError
from llmworks.text.bpe import BPETokenizer
from llmworks.text.byte_alphabet import from_alphabet
from llmworks.text.decoders import read_decoder
from llmworks.text.hf_models import merge_parts, read_model, refuse_dropout
from llmworks.text.limits import expect, parse_object
from llmworks.text.normalizers import read_normalizer
from llmworks.text.patterns import pattern_name
from llmworks.text.pipeline import PipelineTokenizer
from llmworks.text.post_processors import PostProcessor, read_post_processor
from llmworks.text.pre_tokenizers import read_pre_tokenizer
from llmworks.text.special import AddedToken
from llmworks.text.tokenizer import Tokenizer
from llmworks.text.unicode_tables import Form

FORMS: tuple[Form, ...] = get_args(Form)


def read_json(text: str | bytes, where: str, *, native: bool = True, fast: bool = True) -> Tokenizer:
    """The tokenizer in the text of a `tokenizer.json`. `where` names the file in error messages.

    fast: False keeps to the chain of parts also where `BPETokenizer` would serve.
    """
    file = parse_object(text, where)
    try:
        model = expect(file.get("model"), dict, "model")
        added = _added_tokens(expect(file.get("added_tokens") or [], list, "added_tokens"))
        cutting = _cutting(file, added) if fast else None
        if cutting is None:
            tokenizer: Tokenizer = _pipeline(file, model, added)
        else:
            tokenizer = _byte_level(file, model, added, cutting, native)
        tokenizer.truncation = _section(file, "truncation")
        tokenizer.padding = _section(file, "padding")
    except TokenizerError as error:
        raise TokenizerError(f"{where}: {error}") from None
    except RecursionError:
        raise TokenizerError(f"{where}: nested too deeply for a tokenizer") from None
    return tokenizer


def _byte_level(
    file: dict[str, Any], model: dict[str, Any], added: list[AddedToken], cutting: _Cutting, native: bool
) -> Tokenizer:
    model = _checked_model(model)
    vocabulary, merges, unreachable = read_vocabulary(model["vocab"], model["merges"], added)
    tokenizer = BPETokenizer(
        vocabulary,
        merges,
        pattern=cutting.pattern,
        special_tokens=added,
        unreachable=unreachable,
        whole_pieces=expect(model.get("ignore_merges") or False, bool, "model.ignore_merges"),
        normalizer=cutting.normalizer,
        add_prefix_space=cutting.add_prefix_space,
        native=native,
    )
    ids = {**model["vocab"], **{token.text: token.id for token in added}}
    _set_markers(tokenizer, read_post_processor(file.get("post_processor"), ids))
    return tokenizer


def _pipeline(file: dict[str, Any], model: dict[str, Any], added: list[AddedToken]) -> Tokenizer:
    subwords = read_model(model)
    ids = {**subwords.vocabulary, **{token.text: token.id for token in added}}
    tokenizer = PipelineTokenizer(
        subwords,
        normalizer=read_normalizer(file.get("normalizer")),
        pre_tokenizer=read_pre_tokenizer(file.get("pre_tokenizer")),
        decoder=read_decoder(file.get("decoder")),
        added_tokens=added,
    )
    _set_markers(tokenizer, read_post_processor(file.get("post_processor"), ids))
    return tokenizer


def _set_markers(tokenizer: Tokenizer, markers: PostProcessor | None) -> None:
    tokenizer.post_processor = markers
    if markers is not None:
        tokenizer.bos_id, tokenizer.eos_id = markers.opening(), markers.closing()
        tokenizer.add_bos = tokenizer.bos_id is not None


def _section(file: dict[str, Any], name: str) -> dict[str, Any] | None:
    value = file.get(name)
    return None if value is None else expect(value, dict, name)


def _checked_model(model: dict[str, Any]) -> dict[str, Any]:
    refuse_dropout(model.get("dropout"))
    expect(model.get("vocab"), dict, "model.vocab")
    expect(model.get("merges"), list, "model.merges")
    return model


def read_vocabulary(
    vocab: dict[str, Any], merges: list[Any], added: list[AddedToken]
) -> tuple[dict[bytes, int], list[tuple[int, int]], dict[str, int]]:
    """Ids by bytes, and the merges as pairs of ids, from what the files write in the byte alphabet; and the
    entries with a character beside it, which no text comes to (nor a merge with one)."""
    for text, id in vocab.items():
        if type(id) is not int or id < 0:
            raise TokenizerError(
                f"vocab: the id of {text[:60]!r} is {str(id)[:60]!r}, no whole number from 0"
            )
    pairs = [merge_parts(merge) for merge in merges]
    made = {left + right for left, right in pairs}
    added_texts = {token.text: token for token in added}
    vocabulary: dict[bytes, int] = {}
    unreachable: dict[str, int] = {}
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
                unreachable[text] = id
            continue
        vocabulary[as_bytes] = id
    numbers = []
    for place, (left, right) in enumerate(pairs):
        for part in (left, right, left + right):
            if part not in vocab:
                raise TokenizerError(
                    f"merge {place} ({left} {right}): {part[:60]!r} is not in the vocabulary"
                )
        if from_alphabet(left + right) is not None:
            numbers.append((vocab[left], vocab[right]))
    return vocabulary, numbers, unreachable


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
        tokens.append(
            AddedToken(
                text,
                expect(entry.get("id"), int, f"{what}.id"),
                control=flags["special"] or (text.startswith("<") and text.endswith(">")),
                flagged=flags["special"],
                lstrip=flags["lstrip"],
                rstrip=flags["rstrip"],
                normalized=flags["normalized"],
                single_word=flags["single_word"],
            )
        )
    return tokens


@dataclass(frozen=True)
class _Cutting:
    """What `BPETokenizer` takes from a file beside its vocabulary."""

    pattern: str
    add_prefix_space: bool = False
    normalizer: Form | None = None


def _cutting(file: dict[str, Any], added: list[AddedToken]) -> _Cutting | None:
    """How to cut, where the file is byte-level BPE of a form that `BPETokenizer` is; None for every other."""
    model = file["model"]
    if model.get("type", "BPE" if "merges" in model else None) != "BPE":
        return None
    plain = ("continuing_subword_prefix", "end_of_word_suffix", "byte_fallback")
    if any(model.get(name) for name in plain) or any(token.single_word for token in added):
        return None
    if _kinds(file.get("decoder"), "decoders") not in ([], ["ByteLevel"]):
        return None
    normalizers = _kinds(file.get("normalizer"), "normalizers")
    form = next((form for form in FORMS if normalizers == [form]), None)
    if normalizers and form is None:
        return None
    cutting = _known_cutting(_steps(file.get("pre_tokenizer"), "pretokenizers"))
    return None if cutting is None else replace(cutting, normalizer=form)


def _steps(value: Any, key: str) -> list[Any]:
    """A null, single or Sequence part as a list of parts, unchecked."""
    if isinstance(value, dict) and value.get("type") == "Sequence" and isinstance(value.get(key), list):
        steps: list[Any] = value[key]
        return steps
    return [] if value is None else [value]


def _kinds(value: Any, key: str) -> list[Any]:
    return [step.get("type") if isinstance(step, dict) else None for step in _steps(value, key)]


def _known_cutting(steps: list[Any]) -> _Cutting | None:
    kinds = [step.get("type") if isinstance(step, dict) else None for step in steps]
    if not kinds or kinds[-1] != "ByteLevel":
        return None
    prefix = expect(steps[-1].get("add_prefix_space", True), bool, "pre_tokenizer.add_prefix_space")
    own_regex = expect(steps[-1].get("use_regex", True), bool, "pre_tokenizer.use_regex")
    if kinds == ["ByteLevel"] and own_regex:
        return _Cutting("gpt2", prefix)
    if kinds == ["Digits", "ByteLevel"] and own_regex and steps[0].get("individual_digits") and not prefix:
        return _Cutting("gpt2_digits")
    if kinds == ["Split", "ByteLevel"] and not own_regex and not prefix:
        name = _split_pattern(steps[0])
        return None if name is None else _Cutting(name)
    return None


def _split_pattern(step: dict[str, Any]) -> str | None:
    written = step.get("pattern")
    regex = written.get("Regex") if isinstance(written, dict) else None
    # The patterns leave nothing between two matches, so these two say the same.
    if (step.get("behavior"), step.get("invert")) not in (("Isolated", False), ("Removed", True)):
        return None
    return pattern_name(regex) if isinstance(regex, str) else None
