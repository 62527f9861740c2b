"""Packages from the Hugging Face Hub: only the files that a package is made of, never a pickle."""

from __future__ import annotations

import re
from pathlib import Path

from llmworks.errors import PackageError

FILES = [
    "config.json",
    "generation_config.json",
    "model.safetensors",
    "model.safetensors.index.json",
    "model-*-of-*.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
    "vocab.json",
    "merges.txt",
    "chat_template.jinja",
    "README.md",
]

_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")


def looks_like_hub_name(name: str) -> bool:
    """Whether `name` has the form owner/name."""
    return _NAME.fullmatch(name) is not None and ".." not in name


def download(name: str) -> Path:
    """The folder of a snapshot in the Hub's own cache; files that are there already are not fetched again."""
    # Not at the top: it takes long to import, and only this path needs it.
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import GatedRepoError, LocalEntryNotFoundError, RepositoryNotFoundError

    try:
        return Path(snapshot_download(name, allow_patterns=FILES))
    except GatedRepoError:
        reason = "its owner asks you to accept terms first: do so on its page, then run `hf auth login`"
    except RepositoryNotFoundError:
        reason = "the Hub has no such model, or it is private (then run `hf auth login`)"
    except LocalEntryNotFoundError:
        reason = "the Hub cannot be reached, and no copy is in the cache. Check the network, or name a folder"
    except Exception as error:  # the network has many ways to fail; each is the user's to mend
        reason = f"{type(error).__name__}: {str(error).splitlines()[0][:200] if str(error) else 'no message'}"
    raise PackageError(
        f"there is no folder {name!r}, and the model {name!r} cannot be fetched from the Hub: {reason}."
    )
