"""Ids, sizes and defaults: whether config, tokenizer and generation settings are of one model."""

from __future__ import annotations

import re
from typing import Any

from llmworks.packages.doctor.findings import Report
from llmworks.packages.doctor.parts import Parts

TURN_ENDS = ("<|im_end|>", "<|eot_id|>", "<end_of_turn>", "<|end|>", "<|END_OF_TURN_TOKEN|>", "<|return|>")
MAX_PADDING_ROWS = 1024


def check_settings(parts: Parts, report: Report) -> None:
    _vocabulary(parts, report)
    _added_tokens(parts, report)
    _ends(parts, report)
    _sampling(parts, report)
    _context(parts, report)
    _card(parts, report)


def _vocabulary(parts: Parts, report: Report) -> None:
    if parts.tokenizer is None or parts.config is None:
        return
    size, rows = parts.tokenizer.vocab_size, parts.config.vocab_size
    spare = rows - size
    if spare < 0:
        cause = f"the tokenizer gives ids up to {size - 1:,}, the embedding has {rows:,} rows"
        report.fault(
            "vocabulary",
            "some texts make the model fail with an index out of range",
            cause,
            "take the tokenizer that the model was trained with, or resize the embedding and train it",
        )
    elif spare >= MAX_PADDING_ROWS or (spare and rows % 8):
        report.fault(
            "vocabulary",
            "the model may choose ids that stand for nothing, and texts may be cut into the wrong ids",
            f"the embedding has {rows:,} rows, the tokenizer {size:,} tokens, which is no padding",
            "take the tokenizer that the model was trained with",
        )


def _added_tokens(parts: Parts, report: Report) -> None:
    added = parts.tokenizer_config.get("added_tokens_decoder")
    if parts.tokenizer is None or not isinstance(added, dict):
        return
    wrong = []
    for key, value in added.items():
        text = value.get("content") if isinstance(value, dict) else value
        id = parts.tokenizer.token_id(text) if isinstance(text, str) else None
        if str(id) != key and not any(text == special for special in parts.specials.values() if id is None):
            wrong.append(f"{str(text)[:40]!r} (there {key[:20]}, in the tokenizer {id})")
    if wrong:
        report.fault(
            "added-tokens",
            "control tokens have other ids here than in transformers",
            f"tokenizer_config.json and the tokenizer disagree on {', '.join(wrong[:5])}",
            "save the tokenizer again with the program that made it, so that both files are written together",
        )


def _ends(parts: Parts, report: Report) -> None:
    generation, config, tokenizer = parts.generation, parts.config, parts.tokenizer
    if generation is None or config is None or not hasattr(config, "n_layers"):
        return
    named = [("bos_token_id", generation.bos_id), ("pad_token_id", generation.pad_id)]
    named += [("eos_token_id", id) for id in generation.eos_ids]
    for name, id in named:
        if id is not None and id >= config.vocab_size:
            report.fault(
                "id-range",
                f"{name} is {id:,}: the model does not load, or never stops",
                f"the embedding has {config.vocab_size:,} rows, ids from 0",
                "correct generation_config.json and config.json",
            )
    eos = parts.specials.get("eos_token")
    own = tokenizer.token_id(eos) if tokenizer is not None and eos else None
    if not generation.eos_ids and own is None and (tokenizer is None or tokenizer.eos_id is None):
        if "Causal" in str((parts.hf_config or {}).get("architectures")) or parts.template is not None:
            report.fault(
                "eos-missing",
                "answers go on until the context is full",
                "neither generation_config.json nor config.json nor the tokenizer names an end token",
                "set eos_token_id in generation_config.json",
            )
    elif generation.eos_ids and own is not None and parts.template is None and own not in generation.eos_ids:
        report.fault(
            "eos-disagree",
            "answers may go on after the end, or stop in the middle",
            f"the tokenizer ends a text with {eos!r} ({own}), the generation defaults with "
            f"{list(generation.eos_ids)}",
            "name in generation_config.json all tokens that end an answer",
        )
    if generation.pad_id is not None and generation.pad_id in generation.eos_ids:
        report.note(
            "pad-is-eos",
            "a model tuned on padded batches may never learn to stop",
            "the padding token is an end token, and a loss that leaves out padding leaves out the end too",
            "mask the loss by position, as llmworks does, or give padding a token of its own",
        )


def _sampling(parts: Parts, report: Report) -> None:
    given = parts.generation_file
    if given.get("do_sample") is True and given.get("temperature") == 0:
        report.fault(
            "sampling",
            "transformers refuses to generate",
            "generation_config.json asks for sampling (do_sample) at temperature 0",
            "set do_sample to false, or a temperature above 0",
        )
    temperature = given.get("temperature")
    if isinstance(temperature, int | float) and temperature > 2:
        report.fault(
            "sampling",
            "answers are noise",
            f"generation_config.json sets the temperature {temperature}; up to 2 is usual",
            "lower it, or leave it out",
        )
    if given.get("do_sample") is False and (
        temperature not in (None, 1.0) or given.get("top_p") not in (None, 1.0)
    ):
        report.note(
            "sampling-ignored",
            "the temperature or top_p of generation_config.json has no effect in transformers",
            "do_sample is false, which takes the most probable token",
            "leave one of the two out",
        )


def _context(parts: Parts, report: Report) -> None:
    longest, config = parts.tokenizer_config.get("model_max_length"), parts.config
    known = getattr(config, "max_length", None)
    if isinstance(longest, int | float) and isinstance(known, int) and known < longest < 1e9:
        report.note(
            "context",
            f"texts of more than {known:,} tokens are read at positions that were not trained",
            f"tokenizer_config.json allows {longest:,.0f} tokens, config.json {known:,}",
            "set model_max_length to the config's, or extend the context (`--context-extension`)",
        )
    scaling = (parts.hf_config or {}).get("rope_scaling") or (parts.hf_config or {}).get("rope_parameters")
    if not isinstance(scaling, dict) or not isinstance(known, int):
        return
    factor, original = scaling.get("factor"), scaling.get("original_max_position_embeddings")
    if not (isinstance(factor, int | float) and isinstance(original, int) and factor >= 1):
        return
    if known > 1.01 * factor * original:
        report.fault(
            "rope-scaling",
            f"answers decay beyond {int(factor * original):,} tokens",
            f"rope_scaling stretches {original:,} positions by {factor}, but "
            f"max_position_embeddings is {known:,}",
            "correct the factor or max_position_embeddings",
        )


def _card(parts: Parts, report: Report) -> None:
    if parts.path.is_dir() and not parts.card:
        report.note(
            "card",
            "nobody can tell what the model is for, or how it was made",
            "there is no README.md",
            "write a model card",
        )
    licence = re.search(r"^licen[sc]e:\s*\S", parts.card, re.MULTILINE)
    files: list[Any] = [] if not parts.path.is_dir() else [*parts.path.glob("LICEN[CS]E*")]
    if not licence and not files:
        report.note(
            "licence",
            "nobody can tell whether the model may be used",
            "neither the card nor a LICENSE file names a licence",
            "add `license: …` to the head of README.md",
        )
