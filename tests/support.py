"""What several test files share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from llmworks.text.tokenizer import Tokenizer

ROOT = Path(__file__).parent.parent


def shared_data(name: str) -> Path:
    """A file of the development data (`$LLMWORKS_DATA`, or shared/data beside the checkout), or a skip."""
    root = Path(os.environ.get("LLMWORKS_DATA") or ROOT.parent / "shared" / "data")
    path = root / name
    if not path.exists():
        pytest.skip(f"development data is not on this machine: {name}")
    return path


TINY_TEXT = (
    "Once upon a time there was a small house at the edge of the wood. The house had a red door, and behind "
    "the door lived an old woman with her grey cat. Every morning she opened the door, looked at the sky and "
    "said: “It will rain today, or it will not.” The cat said nothing; it had seen 1,234 mornings like this. "
)


def tiny_tokenizer(vocab_size: int = 320) -> Tokenizer:
    """A byte-level BPE of a few merges with our three control tokens; quick to train, the same every time."""
    from llmworks.text.bpe_train import train_bpe

    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    return train_bpe([TINY_TEXT], vocab_size, special_tokens=special)


def tiny_package(path: Path, *, chat: bool = True, **config: object) -> Path:
    """A whole package at `path`/tiny: a random Llama shape (2 layers, 32 wide) and `tiny_tokenizer`."""
    import torch

    from llmworks.models.config import ModelConfig
    from llmworks.models.decoder import Decoder
    from llmworks.packages import CHATML, ChatTemplate, save_package

    tokenizer = tiny_tokenizer()
    values = {"d_model": 32, "n_layers": 2, "n_heads": 4, "n_kv_heads": 2, "max_length": 128} | config
    torch.manual_seed(0)
    model = Decoder(ModelConfig(vocab_size=tokenizer.vocab_size, **values))
    template = ChatTemplate(CHATML) if chat else None
    return save_package(path / "tiny", model, tokenizer, chat_template=template, card="# Tiny\n")
