"""A network as the predictor: the file's tokens in lanes that are decoded side by side.

    token      0   1   2  …                          a step: one token of each lane of a group, [width, 1]
    lane 0     ■ ■ ■ ■ ■ ■ ■ ■                        through the network with its cache; each row of logits
    lane 1     ■ ■ ■ ■ ■ ■ ■ ■                        codes its lane's next token
    lane 2     ■ ■ ■ ■ ■ ■ ■                          (groups of `width` lanes have a coded run each)

Floating-point sums depend on the shapes of the matrices, so the encoder does not score the text at once,
which would be faster: it walks the very steps of the decoder, with the same shapes, on one thread each.
Lanes, width and context are in the header and come from the data and the network alone; how many groups run
at the same time changes nothing. Other versions of torch or other processors may round otherwise: then the
checksum says so.

Each lane begins anew, which costs some bits; a lane has 4,096 tokens or more, so that this is below half a
percent. When a context is full, its last half is read again and the lane goes on from there, as in
`inference/score.py`.
"""

from __future__ import annotations

import hashlib
import platform
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from llmworks.errors import RequestError
from llmworks.inference.compression.codecs import Codec, Progress, check_model
from llmworks.inference.compression.container import Header, checksum
from llmworks.inference.compression.range_coder import (
    CorruptError,
    Decoder,
    Logits,
    make_decoder,
    make_encoder,
)
from llmworks.inference.compression.symbols import Alphabet, Symbols
from llmworks.models.networks import Cache, Causal
from llmworks.models.recurrent import Stateful
from llmworks.text.tokenizer import Tokenizer

LANE_TOKENS = 4096
MOST_LANES = 512
WIDTH = 64
LONGEST_CONTEXT = 2048
CACHE_BYTES = 1 << 30  # of one group

Array = npt.NDArray[np.int32]
Code = Callable[[int, Logits], Array]
"""(step, logits [R, V] of the first R lanes) → their symbols [R]."""


class NetworkCodec(Codec):
    """Tokens predicted by a network.

    begin_id: what stands before a text (none: the first token of a lane is coded as if all were alike).
    name: what the header calls the model. lanes: more are faster and cost a little; by default by the length.
    context: tokens that a prediction may look back, at most the network's. groups: how many run at the same
    time, each on a thread of its own; the file is the same whatever it is.
    """

    def __init__(
        self,
        model: Causal,
        tokenizer: Tokenizer,
        begin_id: int | None,
        name: str,
        *,
        lanes: int | None = None,
        context: int | None = None,
        groups: int = 1,
    ) -> None:
        self.model, self.begin_id, self.name = model.eval(), begin_id, name
        self.lanes, self.groups = lanes, groups
        self.vocab_size = int(model.config.vocab_size)
        self.alphabet = Alphabet(tokenizer, self.vocab_size)
        self.context = self._context(context)
        self.fingerprint = self._fingerprint(tokenizer)

    def _context(self, wanted: int | None) -> int:
        """0: the network keeps a state, and looks back as far as that carries."""
        if isinstance(self.model, Stateful):
            return 0
        longest = int(self.model.config.max_length)
        context = min(longest, LONGEST_CONTEXT) if wanted is None else wanted
        if not 2 <= context <= longest:
            raise RequestError(f"context: {context} tokens; {self.name} reads between 2 and {longest}")
        return context

    def _fingerprint(self, tokenizer: Tokenizer) -> bytes:
        digest = hashlib.sha256(tokenizer.fingerprint().encode())
        digest.update(self.model.config.model_dump_json().encode() + str(self.begin_id).encode())
        for name, tensor in sorted(self.model.state_dict().items()):
            digest.update(f"{name} {tensor.dtype} {list(tensor.shape)}".encode())
            digest.update(tensor.detach().cpu().contiguous().view(torch.uint8).numpy().tobytes())
        return digest.digest()[:16]

    @property
    def device(self) -> torch.device:
        return next(self.model.parameters()).device

    @property
    def environment(self) -> str:
        processor = (
            torch.cuda.get_device_name(self.device) if self.device.type == "cuda" else platform.machine()
        )
        capability = torch.backends.cpu.get_cpu_capability()
        return f"torch {torch.__version__}, {self.device.type}, {processor}, {capability}"

    def unlike(self, header: Header) -> str:
        if header.environment == self.environment:
            return ". Was the file made on this machine? Networks round differently on others"
        return (
            f". It was made with {header.environment}; here is {self.environment}, where the network's "
            "numbers may be rounded otherwise: decode it where it was made"
        )

    def encode(self, data: bytes, progress: Progress | None) -> tuple[Header, list[bytes], float]:
        symbols = self.alphabet.read(data)
        count = len(symbols.ids)
        lanes, width = self._layout(count)
        spans = lane_spans(count, lanes)
        payloads, bits = [b""] * -(-lanes // max(width, 1)), [0.0] * -(-lanes // max(width, 1))

        def run(group: int, walk: Walk) -> None:
            mine, encoder = spans[group * width : (group + 1) * width], make_encoder()
            starts = np.array([start for start, _ in mine])

            def code(step: int, logits: Logits) -> Array:
                chosen: Array = symbols.ids[starts[: len(logits)] + step]
                bits[group] += encoder.encode_rows(logits, chosen, escapes=symbols.escapes)
                return chosen

            walk(width, [end - start for start, end in mine], code)
            payloads[group] = encoder.finish()

        self._run_groups(run, len(payloads), self.context, count, progress)
        head = Header(
            "network", len(data), checksum(data), model=self.name, fingerprint=self.fingerprint,
            environment=self.environment, symbols=count, escapes=symbols.escapes, blank=symbols.blank,
            lanes=lanes, width=width, context=self.context,
        )  # fmt: skip
        return head, payloads, sum(bits)

    def _layout(self, count: int) -> tuple[int, int]:
        """Lanes, and how many of them make a group."""
        lanes = self.lanes or min(count // LANE_TOKENS, MOST_LANES)
        lanes = min(max(lanes, 1), count)
        room = WIDTH
        if self.context:
            room = min(WIDTH, max(1, CACHE_BYTES // self.model.new_cache(1, self.context).bytes))
        groups = -(-lanes // room)
        return lanes, -(-lanes // groups) if groups else 0

    def decode(self, header: Header, payloads: list[bytes], progress: Progress | None) -> bytes:
        check_model(self.name, self.fingerprint, header, "network")
        count, lanes, width = header.symbols, header.lanes, header.width
        if count and not (0 < lanes <= count and 0 < width <= lanes and len(payloads) == -(-lanes // width)):
            raise CorruptError("the file is damaged: its lanes do not fit its length")
        spans, made = lane_spans(count, lanes), np.zeros(count, np.int32)

        def run(group: int, walk: Walk) -> None:
            mine, decoder = spans[group * width : (group + 1) * width], make_decoder(payloads[group])
            starts = np.array([start for start, _ in mine])

            def code(step: int, logits: Logits) -> Array:
                chosen = _decode(decoder, logits, header.escapes)
                made[starts[: len(logits)] + step] = chosen
                return chosen

            walk(width, [end - start for start, end in mine], code)

        self._run_groups(run, len(payloads), header.context, count, progress)
        return self.alphabet.write(Symbols(made, header.escapes, header.blank))

    def _run_groups(
        self,
        run: Callable[[int, Walk], None],
        groups: int,
        context: int,
        count: int,
        progress: Progress | None,
    ) -> None:
        """Each group by its own walk, some at the same time; Ctrl-C stops them all."""
        meter = Meter(count, progress)

        def work(group: int) -> None:
            torch.set_num_threads(1)  # of this thread
            run(group, Walk(self.model, self.begin_id, context, meter))

        with one_thread():
            if self.groups == 1 or groups < 2:
                for group in range(groups):
                    work(group)
                return
            with ThreadPoolExecutor(min(self.groups, groups)) as pool:
                waiting = [pool.submit(work, group) for group in range(groups)]
                try:
                    for future in waiting:
                        future.result()
                except BaseException:
                    meter.stopped = True
                    pool.shutdown(cancel_futures=True)
                    raise


def _decode(decoder: Decoder, logits: Logits, escapes: bool) -> Array:
    chosen: Array = decoder.decode_rows(logits, escapes=escapes)
    if decoder.failed:
        raise CorruptError("the coded bytes are such that no encoder makes")
    return chosen


def lane_spans(count: int, lanes: int) -> list[tuple[int, int]]:
    """Start and end of each lane: equal lengths, the first ones a symbol longer where they must."""
    short, longer = divmod(count, lanes) if lanes else (0, 0)
    ends = [short * (lane + 1) + min(lane + 1, longer) for lane in range(lanes)]
    return list(zip([0, *ends], ends, strict=False))


class Meter:
    """Counts symbols for `progress`, from any thread. stopped: the walks are to end."""

    def __init__(self, count: int, progress: Progress | None) -> None:
        self.count, self.progress, self.done, self.stopped = count, progress, 0, False
        self._lock = threading.Lock()

    def add(self, symbols: int) -> None:
        with self._lock:
            self.done += symbols
            if self.progress:
                self.progress(self.done, self.count)


class Walk:
    """The steps of one group; encoder and decoder take the same."""

    def __init__(self, model: Causal, begin_id: int | None, context: int, meter: Meter) -> None:
        self.model, self.begin_id, self.context, self.meter = model, begin_id, context, meter
        self.device = next(model.parameters()).device
        self.vocab_size = int(model.config.vocab_size)

    @torch.inference_mode()
    def __call__(self, width: int, lengths: list[int], code: Code) -> None:
        """lengths: of each lane, none longer than the one before; lanes missing up to `width` are idle."""
        longest = lengths[0] if lengths else 0
        past = np.zeros(
            (width, longest), np.int64
        )  # what the network reads; of bytes outside its vocabulary 0
        cache = self.model.new_cache(width, self.context or longest + 1)
        hidden: Tensor | None = None
        if self.begin_id is not None:
            hidden = self._read(np.full((width, 1), self.begin_id), cache)
        for step in range(longest):
            active = sum(length > step for length in lengths)
            chosen = code(step, self._logits(hidden, width)[:active])
            past[:active, step] = np.where(chosen < self.vocab_size, chosen, 0)
            self.meter.add(active)
            if self.meter.stopped:
                return
            if step + 1 == longest:
                return
            first = step
            if self.context and cache.length == self.context:
                cache.truncate(0)
                first = step + 1 - self.context // 2
            hidden = self._read(past[:, first : step + 1], cache)

    def _read(self, ids: npt.NDArray[np.int64], cache: Cache) -> Tensor:
        given = torch.from_numpy(np.ascontiguousarray(ids, np.int64)).to(self.device)
        return self.model.hidden(given, cache=cache)[:, -1]

    def _logits(self, hidden: Tensor | None, width: int) -> Logits:
        if hidden is None:
            return np.zeros((width, self.vocab_size), np.float32)
        logits: Logits = self.model.head(hidden).float().cpu().numpy()
        return logits


@contextmanager
def one_thread() -> Iterator[None]:
    """Kernels that share a sum among threads may round by their number: one thread, then as it was."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
