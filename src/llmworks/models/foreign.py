"""A family outside the table, run by transformers behind the face of our own networks.

    folder ── transformers.AutoModelForCausalLM ── watched once ── addresses ⇄ its modules (hooks)

It loads strictly (no missing, extra or misshapen tensor, no pickle, no code from the folder unless the caller
trusts it by name), generates, scores and traces like the others. What its module tree does not give is listed
by `unreachable()`, with the reason. The package `transformers` is needed for this alone.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from llmworks.errors import ConfigError, PackageError, RequestError
from llmworks.models import foreign_attention
from llmworks.models.foreign_config import ForeignCache, ForeignConfig, first_line, read_config
from llmworks.models.foreign_tree import Tree, read_tree, watching
from llmworks.nn.trace import Trace


def check_size(folder: Path, said: Any, stored: int, trust_remote_code: bool) -> None:
    """Before memory is taken for a network of this config: could so many stored numbers be its?"""
    from transformers import AutoModelForCausalLM

    try:
        with torch.device("meta"):
            build: Any = AutoModelForCausalLM.from_config
            outline = build(said, trust_remote_code=trust_remote_code)
    except Exception as error:
        raise PackageError(f"{folder}: transformers cannot build it: {first_line(error)}.") from None
    claimed = sum(parameter.numel() for parameter in outline.parameters())
    if claimed > 2 * stored:  # a tied head may be stored once and counted twice
        raise PackageError(
            f"{folder}: its config describes {claimed:,} parameters, but the weights hold {stored:,} "
            "numbers. Config and weights are not of one model."
        )


class ForeignModel(nn.Module):
    """A causal language model of transformers; the face of `Decoder`.

    `k` and `v` that an intervention changes hold for that run; the cache keeps what the model made.
    """

    def __init__(self, hf: Any, config: ForeignConfig) -> None:
        super().__init__()
        self.hf, self.config = hf.eval(), config
        self.lock = threading.RLock()
        self.keeps_ids = False
        self.steps: tuple[str, ...] = ()
        self.tree = self.look()
        self.keeps_ids = not self.cache_is_sound()

    @classmethod
    def from_folder(
        cls, folder: Path, config: ForeignConfig, *, dtype: torch.dtype | None = torch.float32,
        device: str | torch.device = "cpu", stored: int | None = None, trust_remote_code: bool = False,
    ) -> ForeignModel:  # fmt: skip
        """The model with its weights; PackageError where one is missing, extra or misshapen."""
        said = read_config(folder, config.family, trust_remote_code)
        from transformers import AutoModelForCausalLM

        if stored is not None:
            check_size(folder, said, stored, trust_remote_code)
        options = {"trust_remote_code": trust_remote_code, "local_files_only": True, "use_safetensors": True}
        try:
            loaded: Any = AutoModelForCausalLM.from_pretrained(
                folder, config=said, dtype=dtype or "auto", output_loading_info=True, **options
            )
        except Exception as error:
            raise PackageError(f"{folder}: transformers cannot load it: {first_line(error)}.") from None
        hf, report = loaded
        faults = [
            f"{what}: {', '.join(map(str, sorted(map(str, report.get(key) or ()))[:5]))}"
            for key, what in (
                ("missing_keys", "missing"), ("unexpected_keys", "not of this model"),
                ("mismatched_keys", "misshapen"), ("error_msgs", "errors"),
            )
            if report.get(key)
        ]  # fmt: skip
        if faults:
            raise PackageError(f"{folder}: the weights do not match the config: {'; '.join(faults)}.")
        return cls(hf.to(device), config).eval()

    # What it is made of.

    @torch.no_grad()
    def look(self) -> Tree:
        """Run a few tokens, and see which module does what."""
        ids = torch.arange(3, device=self.device)[None] % self.config.vocab_size
        with watching(self.hf) as seen:
            logits = self.run(ids).logits
        tree = read_tree(self.hf, self.config.n_layers, seen, logits)
        self.steps = self.open_attention(tree, ids, logits)
        return tree

    def open_attention(self, tree: Tree, ids: Tensor, logits: Tensor) -> tuple[str, ...]:
        """Which steps of attention can be shown: all by our function, the pattern alone, or none."""
        own = "its attention is not written for transformers' attention interface"
        layers = {module: layer for layer, module in enumerate(tree.attention)}
        if (
            tree.blocks
            and self.hf.config._attn_implementation == "sdpa"
            and self.hf._can_set_attn_implementation()
        ):
            foreign_attention.register()
            self.hf.set_attn_implementation(foreign_attention.NAME)
            with foreign_attention.counting() as calls:
                again = self.run(ids).logits
            odd = set().union(*(more for _, more in calls))
            if torch.equal(again, logits) and {module for module, _ in calls} == set(layers) and not odd:
                return foreign_attention.STEPS
            self.hf.set_attn_implementation("sdpa")
            own = (
                f"its attention takes more than the formula ({', '.join(sorted(odd)) or 'calls of its own'})"
            )
        steps = ("pattern",) if tree.blocks and self.patterns(ids) is not None else ()
        for name in foreign_attention.STEPS:
            if name not in steps:
                tree.missing[f"blocks.*.attn.{name}"] = own
        return steps

    def patterns(self, ids: Tensor) -> tuple[Tensor, ...] | None:
        """What the model itself gives as attention, [B, H, T, S] a block; None where that is not to be had.

        It is believed only if the run that gives it says the same as a plain one: a model that skips its mask
        on the way gives patterns of another run.
        """
        config, before = self.hf.config, self.hf.config._attn_implementation
        plain = self.run(ids).logits
        try:
            config._attn_implementation = "eager"  # what modules that read it as they run go by
            output = self.run(ids, output_attentions=True)
        except (ValueError, TypeError, NotImplementedError, RuntimeError):
            return None
        finally:
            config._attn_implementation = before
        given = getattr(output, "attentions", None)
        if (
            given is None
            or len(given) != self.config.n_layers
            or any(p is None or p.dim() != 4 for p in given)
        ):
            return None
        sums = torch.stack([pattern.float().sum(-1) for pattern in given])
        ahead = max(float(pattern.triu(1).abs().max()) for pattern in given)
        apart = float((output.logits - plain).abs().max() / plain.abs().max().clamp(min=1e-6))
        sound = apart < 1e-3 and ahead < 1e-6 and bool((sums - 1).abs().max() < 1e-3)
        return tuple(given) if sound else None

    @torch.no_grad()
    def cache_is_sound(self) -> bool:
        """Whether a run in two parts with transformers' cache gives what a run without it does."""
        ids = torch.arange(5, device=self.device)[None] % self.config.vocab_size
        whole = self(ids).float()
        try:
            cache = self.new_cache(1, 8)
            parts = torch.cat(
                [self(part, cache=cache) for part in (ids[:, :3], ids[:, 3:4], ids[:, 4:])], dim=1
            )
            cache.truncate(2)
        except Exception:  # whatever a cache that is not of this kind raises
            return False
        tolerance = 1e-4 if whole.dtype == next(self.parameters()).dtype else 5e-2
        return bool((parts - whole).abs().max() <= tolerance * whole.abs().max().clamp(min=1))

    @property
    def device(self) -> torch.device:
        return next(self.hf.parameters()).device  # type: ignore[no-any-return]

    def addresses(self) -> list[str]:
        """The name of every tensor that can be recorded; all but a lone `attn.pattern` can be changed too."""
        parts = set(self.tree.parts[0]) if self.tree.parts else set()
        attn = [f"attn.{name}" for name in self.steps]
        order = ["resid_pre", "attn_norm", *attn, "attn_out", "mlp_norm", "mlp_out", "resid_post"]
        block = [name for name in order if name in parts or name in attn or name.startswith("resid")]
        return [
            "embed",
            *(f"blocks.{layer}.{name}" for layer in range(len(self.tree.blocks)) for name in block),
            *(["final_norm"] if self.tree.final_norm is not None else []),
            "logits",
        ]

    def unreachable(self) -> dict[str, str]:
        """Addresses of our own networks that this one does not give, each with why."""
        inside = "it arises inside a module of theirs, between two hooks"
        out = {f"blocks.*.{name}": inside for name in ("resid_mid", "mlp.pre", "mlp.gate", "mlp.post")}
        out["pos_embed"] = "positions are worked in inside their modules"
        out |= self.tree.missing
        if self.steps == ("pattern",):
            out["blocks.*.attn.pattern (to change)"] = "the model gives its pattern out but takes none in"
        return dict(sorted(out.items()))

    # Running it.

    def forward(
        self, ids: Tensor, *, cache: ForeignCache | None = None, trace: Trace | None = None,
        documents: Tensor | None = None,
    ) -> Tensor:  # fmt: skip
        """Logits [B, T, V]; arguments as in `Decoder.forward`."""
        if trace is not None:
            trace.start(self.addresses())
        logits: Tensor = self.read(ids, cache, trace, documents).logits
        return logits if trace is None else trace.at("logits", logits)

    def hidden(
        self, ids: Tensor, *, cache: ForeignCache | None = None, trace: Trace | None = None,
        documents: Tensor | None = None,
    ) -> Tensor:  # fmt: skip
        """What `head` reads: [B, T, D], or the logits themselves where the head is more than a product."""
        if not self.tree.splits or self.tree.head is None:
            return self(ids, cache=cache, trace=trace, documents=documents)  # type: ignore[no-any-return]
        if trace is not None:
            trace.start([address for address in self.addresses() if address != "logits"])
        caught: list[Tensor] = []
        me = threading.get_ident()

        def catch(module: nn.Module, args: Any) -> None:
            if threading.get_ident() == me:
                caught.append(args[0])

        handle = self.tree.head.register_forward_pre_hook(catch)
        try:
            self.read(ids, cache, trace, documents)
        finally:
            handle.remove()
        return caught[-1][:, -ids.shape[1] :]

    def head(self, hidden: Tensor) -> Tensor:
        """Logits [..., V] of what `hidden` gave."""
        if not self.tree.splits or self.tree.head is None:
            return hidden
        logits: Tensor = self.tree.head(hidden)
        return logits

    def read(
        self, ids: Tensor, cache: ForeignCache | None, trace: Trace | None, documents: Tensor | None
    ) -> Any:
        """One run of transformers' model, with hooks only where somebody looks."""
        if ids.dim() != 2 or ids.shape[1] == 0:
            raise RequestError(
                f"ids must be [batch, tokens] with at least one token; given {list(ids.shape)}"
            )
        if documents is not None and bool((documents != documents[:, :1]).any()):
            raise RequestError("a model that transformers runs reads one document a row: leave documents out")
        if trace is not None and cache is not None and cache.keeps_ids and cache.length:
            raise RequestError(
                "this model has no cache that a trace could continue from: trace the whole text"
            )
        options: dict[str, Any] = {"use_cache": False}
        past, count = 0, ids.shape[1]
        if cache is not None:
            cache.check_room(*ids.shape)
            past = cache.length
            if cache.keeps_ids:
                cache.ids = ids = ids if cache.ids is None else torch.cat((cache.ids, ids), dim=1)
                past = 0
            else:
                options = {"use_cache": True, "past_key_values": cache.store}
        with self.lock, ExitStack() as stack:
            if trace is not None:
                stack.enter_context(self.hooked(trace, ids.shape[0], ids.shape[1]))
                self.record_patterns(ids, past, cache, trace)
            output = self.run(ids, past=past, **options)
        if cache is not None:
            cache.length += count
            output.logits = output.logits[:, -count:]
        return output

    def run(self, ids: Tensor, *, past: int = 0, **options: Any) -> Any:
        """transformers' forward."""
        mask = torch.ones(ids.shape[0], past + ids.shape[1], dtype=torch.long, device=ids.device)
        options.setdefault("use_cache", False)
        return self.hf(input_ids=ids, attention_mask=mask, return_dict=True, **options)

    def record_patterns(self, ids: Tensor, past: int, cache: ForeignCache | None, trace: Trace) -> None:
        """Where the pattern can only be had from the model's own outputs: one more run, of the whole text."""
        wanted = [f"blocks.{layer}.attn.pattern" for layer in range(self.config.n_layers)]
        wanted = [address for address in wanted if self.steps == ("pattern",) and trace.wants(address)]
        if not wanted:
            return
        if past:
            raise RequestError(
                "this model's attention pattern is given for whole texts only: trace without a cache"
            )
        if any(trace.changes(address) for address in wanted):
            raise RequestError(
                "this model gives its attention pattern out but takes none in: it can be recorded only"
            )
        given = self.patterns(ids)
        for layer, pattern in enumerate(given or ()):
            if (address := f"blocks.{layer}.attn.pattern") in wanted:
                trace.at(address, pattern)

    @contextmanager
    def hooked(self, trace: Trace, batch: int, count: int) -> Iterator[None]:
        """Within the block, and on this thread alone, the trace sees and changes what passes."""
        me, handles = threading.get_ident(), []

        def shown(address: str, tensor: Tensor) -> Tensor:
            # Copies: their code may go on to add to a tensor in place. Some flatten batch and positions.
            wide = tensor.reshape(batch, count, -1) if tensor.dim() == 2 else tensor
            return trace.at(address, wide.clone()).clone().reshape(tensor.shape)

        def after(module: nn.Module, address: str) -> None:
            def hook(_: nn.Module, args: Any, output: Any) -> Any:
                if threading.get_ident() != me:
                    return output
                if isinstance(output, Tensor):
                    return shown(address, output)
                return (shown(address, output[0]), *output[1:])

            if trace.wants(address):
                handles.append(module.register_forward_hook(hook))

        def before(module: nn.Module, address: str) -> None:
            def hook(_: nn.Module, args: Any, kwargs: Mapping[str, Any]) -> Any:
                if threading.get_ident() != me:
                    return None
                if args:
                    return (shown(address, args[0]), *args[1:]), kwargs
                return args, {**kwargs, "hidden_states": shown(address, kwargs["hidden_states"])}

            if trace.wants(address):
                handles.append(module.register_forward_pre_hook(hook, with_kwargs=True))

        after(self.tree.embed, "embed")
        for layer, block in enumerate(self.tree.blocks):
            before(block, f"blocks.{layer}.resid_pre")
            for name, module in self.tree.parts[layer].items():
                after(module, f"blocks.{layer}.{name}")
            after(block, f"blocks.{layer}.resid_post")
        if self.tree.final_norm is not None:
            after(self.tree.final_norm, "final_norm")
        layers = {module: layer for layer, module in enumerate(self.tree.attention)}
        looked_at = self.steps == foreign_attention.STEPS and any(
            trace.wants(f"blocks.{layer}.attn.{step}") for layer in layers.values() for step in self.steps
        )
        try:
            with foreign_attention.tracing(trace, layers if looked_at else {}):
                yield
        finally:
            for handle in handles:
                handle.remove()

    def new_cache(
        self, batch_size: int = 1, max_length: int | None = None, dtype: torch.dtype | None = None,
        device: torch.device | str | None = None,
    ) -> ForeignCache:  # fmt: skip
        """An empty cache; its type and place are the model's own."""
        return ForeignCache(batch_size, max_length or self.config.max_length, self.keeps_ids)

    # Counting it.

    def n_parameters(self) -> int:
        """All weights; a tied head counts once."""
        return sum(parameter.numel() for parameter in self.hf.parameters())

    def flops_per_token(self, length: int | None = None, *, training: bool = True) -> int:
        """As `Decoder.flops_per_token`, with all matrices of the module tree but the embedding."""
        config = self.config
        length = config.max_length if length is None else length
        embedding = {id(parameter) for parameter in self.tree.embed.parameters()}
        matrices = sum(p.numel() for p in self.hf.parameters() if p.dim() == 2 and id(p) not in embedding)
        head = self.tree.head
        if head is not None and any(id(parameter) in embedding for parameter in head.parameters()):
            matrices += config.vocab_size * config.d_model
        attention = 4 * config.n_layers * config.n_heads * config.d_head * length
        return int(2 * matrices + attention) * (3 if training else 1)

    @classmethod
    def from_state(cls, config: ForeignConfig, state: Mapping[str, Tensor]) -> ForeignModel:
        """Foreign weights come in their folder alone."""
        raise ConfigError(f"a {config.family} model is run by transformers: load it from its folder")
