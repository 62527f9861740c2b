"""Packages from the Hugging Face Hub: only the files that a package is made of, never a pickle unasked.

    plan("owner/name")              what would be fetched: files, sizes, checksums, licence
    plan("owner/name:Q4_K_M")       one GGUF file (or the parts of one)
    download("owner/name")          a snapshot in the Hub's own cache, for `llmworks.load`

`packages/pulling.py` fetches a plan into the registry. The Hub is huggingface_hub's: tokens, mirrors
(HF_ENDPOINT), proxies and offline mode are as everywhere in that world.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from llmworks.errors import PackageError

if TYPE_CHECKING:
    from huggingface_hub.hf_api import ModelInfo

FILES = [
    "config.json",
    "generation_config.json",
    "model.safetensors",
    "model.safetensors.index.json",
    "model-*-of-*.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
    "tokenizer.model",
    "tekken.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "vocab.txt",
    "merges.txt",
    "chat_template.jinja",
    "additional_chat_templates/*.jinja",
    "README.md",
    # sentence encoders
    "modules.json",
    "sentence_bert_config.json",
    "config_sentence_transformers.json",
    "[0-9]_*/config.json",
    "[0-9]_*/model.safetensors",
    # adapters
    "adapter_config.json",
    "adapter_model.safetensors",
]
PICKLES = [
    "pytorch_model.bin",
    "pytorch_model.bin.index.json",
    "pytorch_model-*-of-*.bin",
    "adapter_model.bin",
]
WEIGHTS = ("model*.safetensors", "adapter_model.safetensors")

MAX_FILES = 10_000
_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")
_ASKED = re.compile(r"(?P<repo>[^@:\s]+)(?:@(?P<revision>[\w./-]{1,96}))?(?::(?P<tag>[\w.-]{1,96}))?")
_PART = re.compile(r"-(\d{5})-of-(\d{5})\.gguf$")


@dataclass(frozen=True)
class RemoteFile:
    """One file there. sha256 is of its bytes (large files), git_sha1 of `blob SIZE\\0` and its bytes."""

    path: str
    size: int
    sha256: str | None
    git_sha1: str | None


@dataclass(frozen=True)
class Plan:
    """What a pull would fetch. `name` is what the registry will call it; `revision` is the exact commit."""

    name: str
    repo: str
    revision: str
    files: tuple[RemoteFile, ...]
    licence: str
    pickled: bool

    @property
    def bytes(self) -> int:
        """Of all files."""
        return sum(file.size for file in self.files)

    @property
    def gguf(self) -> str | None:
        """The GGUF file to open, if it is one."""
        return next((file.path for file in self.files if file.path.endswith(".gguf")), None)


def looks_like_hub_name(name: str) -> bool:
    """Whether `name` has the form owner/name."""
    return _NAME.fullmatch(name) is not None and ".." not in name


def endpoint() -> str | None:
    """The Hub's address, where the environment names another; asked for at each use."""
    return os.environ.get("HF_ENDPOINT", "").strip().rstrip("/") or None


def plan(asked: str, *, revision: str | None = None, file: str | None = None, pickles: bool = False) -> Plan:
    """Ask the Hub what `owner/name[@REVISION][:GGUF-TAG]` is made of.

    file: one file of the repository by name (a GGUF file). pickles: take `pytorch_model*.bin` where there is
    no safetensors file. Raises PackageError, saying what to do.
    """
    match = _ASKED.fullmatch(asked)
    if match is None or not looks_like_hub_name(match["repo"]):
        raise PackageError(
            f"{asked[:100]!r} is no name on the Hub. It is written owner/name, owner/name@REVISION, or "
            "owner/name:Q4_K_M for one GGUF file."
        )
    repo, tag = match["repo"], match["tag"]
    if tag and file:
        raise PackageError(f"{asked}: give either the quantisation {tag!r} or --file {file!r}, not both.")
    if match["revision"] and revision and match["revision"] != revision:
        raise PackageError(f"{asked}: two revisions are named, {match['revision']!r} and {revision!r}.")
    revision = match["revision"] or revision
    info = ask(repo, revision)
    files = {one.path: one for one in listed(info)}
    chosen = choose(repo, files, tag, file, pickles)
    name = repo + (f"@{revision}" if revision else "")
    if chosen[0].path.endswith(".gguf"):
        name += f":{tag or Path(chosen[0].path).stem}"
    return Plan(
        name=name, repo=repo, revision=str(info.sha), files=tuple(chosen), licence=licence(info),
        pickled=any(fnmatchcase(one.path, pattern) for one in chosen for pattern in PICKLES),
    )  # fmt: skip


def ask(repo: str, revision: str | None) -> ModelInfo:
    """The Hub's description of a repository, with sizes and checksums."""
    # Not at the top: it takes long to import, and only this path needs it.
    from huggingface_hub import HfApi

    try:
        info = HfApi(endpoint=endpoint()).model_info(repo, revision=revision, files_metadata=True, timeout=30)
    except Exception as error:  # the network has many ways to fail; each is the user's to mend
        raise PackageError(f"the model {repo!r} cannot be fetched from the Hub: {reason(error)}.") from None
    if not info.sha or info.siblings is None:
        raise PackageError(f"the Hub's answer about {repo!r} names no commit and no files. Try again later.")
    return info


def listed(info: ModelInfo) -> Iterable[RemoteFile]:
    """Its files, those whose names could leave the folder apart."""
    for sibling in (info.siblings or [])[:MAX_FILES]:
        path, parts = sibling.rfilename, Path(sibling.rfilename).parts
        if not path or Path(path).is_absolute() or ".." in parts or "\\" in path or ":" in path:
            continue
        sha256 = sibling.lfs.sha256 if sibling.lfs is not None else None
        size = sibling.size if sibling.size is not None else (sibling.lfs.size if sibling.lfs else 0)
        yield RemoteFile(path, size or 0, sha256, None if sha256 else sibling.blob_id)


def choose(
    repo: str, files: dict[str, RemoteFile], tag: str | None, file: str | None, pickles: bool
) -> list[RemoteFile]:
    """The files of a package, or the one GGUF file that was asked for, with its further parts."""
    if file is not None:
        if file not in files:
            near = ", ".join(sorted(files)[:12])
            raise PackageError(f"{repo} has no file {file!r}. It has: {near}.")
        if not file.endswith(".gguf"):
            raise PackageError(f"{repo}: --file takes one GGUF file; {file!r} alone is no model.")
        return with_parts(repo, files, file)
    if tag is not None:
        return with_parts(repo, files, gguf_of(repo, files, tag))
    chosen = [one for path, one in files.items() if matches(path, FILES)]
    if any(matches(one.path, WEIGHTS) for one in chosen):
        return chosen
    pickled = [one for path, one in files.items() if matches(path, PICKLES)]
    if pickled and pickles:
        return chosen + pickled
    if pickled:
        raise PackageError(
            f"{repo} holds its weights as a pickle only ({pickled[0].path}), which can run any program when "
            "opened. Add --convert-pickle to open it with torch's weights-only loader, once, and save it as "
            "safetensors."
        )
    ggufs = sorted(path for path in files if path.endswith(".gguf"))
    if ggufs:
        raise PackageError(
            f"{repo} holds GGUF files: name one as {repo}:Q4_K_M, or with --file. It has: "
            + ", ".join(ggufs[:24]) + "."
        )  # fmt: skip
    raise PackageError(
        f"{repo} holds no weights that llmworks reads (*.safetensors or *.gguf); it has "
        + (", ".join(sorted(files)[:12]) or "no files") + "."
    )  # fmt: skip


def matches(path: str, patterns: Iterable[str]) -> bool:
    """As `fnmatch`, but `*` stays within a folder."""
    return any(path.count("/") == pattern.count("/") and fnmatchcase(path, pattern) for pattern in patterns)


def gguf_of(repo: str, files: dict[str, RemoteFile], tag: str) -> str:
    """The GGUF file whose name ends in the quantisation; the first part where it is in several."""
    ggufs = sorted(path for path in files if path.endswith(".gguf"))
    ending = re.compile(rf"(?:^|[-._/]){re.escape(tag)}$", re.IGNORECASE)
    found = [path for path in ggufs if ending.search(_PART.sub("", path).removesuffix(".gguf"))]
    found = [path for path in found if (part := _PART.search(path)) is None or int(part[1]) == 1]
    if len(found) == 1:
        return found[0]
    if not found:
        raise PackageError(
            f"{repo} has no GGUF file for {tag!r}. It has: " + (", ".join(ggufs[:24]) or "none at all") + "."
        )
    raise PackageError(f"{repo} has several files for {tag!r}: {', '.join(found[:8])}. Name one with --file.")


def with_parts(repo: str, files: dict[str, RemoteFile], first: str) -> list[RemoteFile]:
    """The file, or all parts of a split one in order."""
    part = _PART.search(first)
    if part is None:
        return [files[first]]
    stem, count = first[: part.start()], int(part[2])
    names = [f"{stem}-{number:05d}-of-{part[2]}.gguf" for number in range(1, min(count, MAX_FILES) + 1)]
    missing = [name for name in names if name not in files]
    if missing:
        raise PackageError(f"{repo}: of the {count} parts of {stem}, {missing[0]} is missing there.")
    return [files[name] for name in names]


def licence(info: Any) -> str:
    """What the model's card says: an SPDX-like name, or a link to its own; "" where it says nothing."""
    card = info.card_data.to_dict() if info.card_data is not None else {}
    said = card.get("license")
    if isinstance(said, list):
        said = ", ".join(str(one) for one in said)
    if not said:
        tags = [tag.removeprefix("license:") for tag in info.tags or [] if str(tag).startswith("license:")]
        said = ", ".join(tags)
    if said == "other":
        said = " ".join(str(card.get(key) or "") for key in ("license_name", "license_link")).strip() or said
    return str(said or "")[:200]


def download(name: str) -> Path:
    """The folder of a snapshot in the Hub's own cache; files that are there already are not fetched again."""
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, allow_patterns=FILES))
    except Exception as error:
        raise PackageError(
            f"there is no folder {name!r}, and the model {name!r} cannot be fetched from the Hub: "
            f"{reason(error)}."
        ) from None


def fetch_config(name: str) -> Path:
    """The config.json of `owner/name` alone, in the Hub's own cache."""
    from huggingface_hub import hf_hub_download

    try:
        return Path(hf_hub_download(name, "config.json"))
    except Exception as error:
        raise PackageError(
            f"there is no folder {name!r}, and the config.json of the model {name!r} cannot be fetched "
            f"from the Hub: {reason(error)}."
        ) from None


def reason(error: Exception) -> str:
    """Why the Hub gave nothing, and what can be done, in words."""
    from huggingface_hub.errors import (
        GatedRepoError,
        HfHubHTTPError,
        LocalEntryNotFoundError,
        OfflineModeIsEnabled,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    if isinstance(error, GatedRepoError):
        return "its owner asks you to accept terms first: do so on its page, then run `hf auth login`"
    if isinstance(error, RepositoryNotFoundError):
        return "the Hub has no such model, or it is private (then run `hf auth login`)"
    if isinstance(error, RevisionNotFoundError):
        return "it has no such revision: name a branch, a tag or a commit that its page lists"
    if isinstance(error, OfflineModeIsEnabled):
        return "HF_HUB_OFFLINE is set: unset it to fetch, or name a model that is here (`llmworks models`)"
    if isinstance(error, LocalEntryNotFoundError):
        return "the Hub cannot be reached, and no copy is in the cache. Check the network, or name a folder"
    if isinstance(error, HfHubHTTPError) and error.response is not None:
        return f"the Hub answered {error.response.status_code}. Try again later"
    if type(error).__name__ in ("ConnectError", "ConnectTimeout", "ReadTimeout", "ProxyError"):
        return "the Hub cannot be reached. Check the network (and HF_ENDPOINT, if it is set)"
    first = str(error).splitlines()[0][:200] if str(error) else "no message"
    return f"{type(error).__name__}: {first}"
