"""The loop: draw, differentiate, judge, update; now and then log, evaluate, sample, save.

    batch ─▶ micro-batches ─▶ loss, gradient ─▶ watch ─▶ schedule ─▶ optimisers ─▶ step + 1
                                                  └▶ refused: the batch is skipped; twice in a row: the
                                                     weights of the last snapshot come back

Everything that decides the next step (weights, optimisers, data position, random states, the watch) is in a
checkpoint, so a run that was killed goes on to the same losses, bit for bit.
"""

from __future__ import annotations

import math
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import FrameType
from typing import Any

import torch
from torch import Tensor

from llmworks.data.batches import Batch, BatchSource
from llmworks.errors import TrainingError
from llmworks.models.networks import Causal
from llmworks.training.checkpoint import Checkpoint, Checkpoints, random_states, set_random_states
from llmworks.training.compute import Compiled, Compute, tensors_of
from llmworks.training.dial import Plan
from llmworks.training.evaluation import Evaluation, Evaluator
from llmworks.training.metrics import MetricsFile, ProgressLine, TensorBoard
from llmworks.training.objectives import Objective
from llmworks.training.optimisers import Optimisers, clip_gradients
from llmworks.training.recipe import TrainingSection
from llmworks.training.watch import Watch

SNAPSHOT_EVERY = 25  # steps between the weights kept in memory for a roll-back
WORTH_COMPILING = 900.0  # seconds; a shorter run does not earn back the compiler's minute


@dataclass(frozen=True)
class Outcome:
    """How a run ended."""

    step: int
    finished: bool  # False: stopped by a signal, and resumable
    loss: float  # of the last step
    evaluation: Evaluation | None  # the last one
    skipped: int  # batches refused by the watch


@dataclass
class Snapshot:
    """Weights and optimiser state of a step that was found good, in memory."""

    step: int
    model: dict[str, Tensor]
    optimiser: dict[str, Tensor]


class Trainer:
    """One run from its present step to the last. `folder` gets checkpoints/, metrics.jsonl, tensorboard/."""

    def __init__(
        self,
        model: Causal,
        objective: Objective,
        optimisers: Optimisers,
        batches: BatchSource,
        plan: Plan,
        settings: TrainingSection,
        compute: Compute,
        folder: Path,
        *,
        clip: float = 1.0,
        evaluator: Evaluator | None = None,
        sampler: Callable[[Causal], list[tuple[str, str]]] | None = None,
        keeper: Callable[[Causal, int], object] | None = None,
        progress: ProgressLine | None = None,
        facts: dict[str, Any] | None = None,
    ) -> None:
        """`clip` limits the gradient norm; `sampler` gives (prompt, text); `facts` go into checkpoints.

        `keeper` is given the model at each of `settings.keep_steps`.
        """
        self.model, self.objective, self.optimisers = model, objective, optimisers
        self.batches, self.plan, self.settings, self.compute = batches, plan, settings, compute
        self.clip, self.evaluator, self.sampler = clip, evaluator, sampler
        self.keeper, self.progress, self.facts = keeper, progress, facts or {}
        self.checkpoints = Checkpoints(folder / "checkpoints", settings.keep_checkpoints)
        self.metrics = MetricsFile(folder / "metrics.jsonl")
        self.tensorboard = TensorBoard(folder / "tensorboard", settings.tensorboard)
        self.watch = Watch(settings.spike_factor, clip, settings.max_skips)
        self.step = 0
        self.loss = float("nan")
        self.evaluation: Evaluation | None = None
        self._evaluated_at = -1
        self._snapshot: Snapshot | None = None
        self._saved_step = -1
        self._saved_at = time.perf_counter()
        self._stop = False
        self._compiled: AbstractContextManager[None] = nullcontext()

    def run(self) -> Outcome:
        """Trains until the last step, or until a signal asks to stop; saves either way."""
        self.model.train()
        try:
            with self._signals():
                if self.step == 0:
                    self._keep()
                while self.step < self.plan.steps and not self._stop:
                    self.one_step()
                if self._saved_step != self.step:
                    self.save()
        finally:
            self.metrics.close()
            self.tensorboard.close()
            if self.progress is not None:
                self.progress.close()
        finished = self.step >= self.plan.steps
        return Outcome(self.step, finished, self.loss, self.evaluation, len(self.watch.refused))

    def resume(self, step: int | None = None) -> bool:
        """Goes to a checkpoint (the newest, by default); False where there is none."""
        step = self.checkpoints.latest() if step is None else step
        if step is None:
            return False
        saved = self.checkpoints.load(step)
        self._restore(Snapshot(saved.step, saved.model, saved.optimiser))
        self.batches.load_state_dict(saved.state["batches"])
        self.watch.load_state_dict(saved.state["watch"])
        set_random_states(saved.state["random"])
        self.metrics.cut(int(saved.state["metrics_bytes"]))
        self.loss = float(saved.state["loss"])
        if saved.state.get("evaluation") is not None:
            self.evaluation = Evaluation(**saved.state["evaluation"])
        self._saved_step = self.step
        self._snapshot = self._copy()
        return True

    def take_weights(self, step: int) -> None:
        """Takes the weights of one checkpoint, and leaves the run where it is."""
        own = tensors_of(self.model)
        for name, tensor in self.checkpoints.load(step).model.items():
            own[name].copy_(tensor)

    def settle_compute(self, settled: bool = False) -> float:
        """Decides by measuring steps whether to compile; returns the seconds of one.

        `settled`: a continuation, which keeps what was decided when the run began.
        """
        if self.compute.compiled:
            self._compiled = Compiled(self.model)
        seconds = self.probe()
        if not settled and self.compute.device.type == "cpu":
            seconds = self._try_compiled(seconds)
        return seconds

    def _try_compiled(self, seconds: float) -> float:
        """Where the run is long enough to earn the compiler's minute; kept if it is measured faster."""
        long = seconds * self.plan.steps > WORTH_COMPILING
        if self.settings.compile != "auto" or self.compute.compiled or not long:
            return seconds
        self._compiled = Compiled(self.model)
        try:
            compiled = self.probe()
        except Exception:  # no compiler, or one that fails: the plain way always works
            compiled = math.inf
        if compiled > 0.95 * seconds:
            self._compiled = nullcontext()
            return seconds
        self.compute = replace(self.compute, compiled=True)
        return compiled

    def probe(self) -> float:
        """Seconds of one step's gradient, measured; leaves the run as it was."""
        random, place = random_states(), self.batches.state_dict()
        batch = self.batches.next()
        self.batches.load_state_dict(place)
        self.model.train()
        times = []
        for _ in range(3):  # the first also pays for memory and compilation
            start = time.perf_counter()
            self.differentiate(batch)
            times.append(time.perf_counter() - start)
            self.optimisers.zero_grad()
        set_random_states(random)
        return min(times)

    def save(self) -> Path:
        """Writes a checkpoint of the present moment."""
        fresh = self.evaluation if self._evaluated_at == self.step else None
        state = {
            "batches": self.batches.state_dict(), "watch": self.watch.state_dict(), "random": random_states(),
            "metrics_bytes": self.metrics.length(), "loss": self.loss, "steps": self.plan.steps,
            "validation_loss": fresh.loss if fresh else None,
            "evaluation": asdict(self.evaluation) if self.evaluation else None,
            "threads": torch.get_num_threads(), **self.facts,
        }  # fmt: skip
        path = self.checkpoints.save(
            Checkpoint(self.step, tensors_of(self.model), self.optimisers.state_dict(), state)
        )
        self._saved_step, self._saved_at = self.step, time.perf_counter()
        self._snapshot = self._copy()
        return path

    # One step

    def one_step(self) -> None:
        """One batch: an update, or a refusal; then whatever is due at this step."""
        start = time.perf_counter()
        batch = self.batches.next()
        loss, norm = self.differentiate(batch)
        reason = self.watch.judge(loss, norm)
        if reason is not None:
            self._refuse(reason)
            return
        if self._snapshot is None or self.step % SNAPSHOT_EVERY == 0:
            self._snapshot = self._copy()
        self.optimisers.set_share(self.plan.schedule(self.step))
        self.optimisers.step()
        self.optimisers.zero_grad()
        self.step, self.loss = self.step + 1, loss
        self._log(loss, norm, time.perf_counter() - start)
        self._now_and_then()

    def differentiate(self, batch: Batch) -> tuple[float, float]:
        """Loss of the batch (mean over its counted targets), and the gradient norm before clipping."""
        total = self.objective.count(batch)
        pieces = []
        for part in split(batch, self.settings.accumulation):
            part = part.to(self.compute.device)
            with self.compute.autocast(), self._compiled:
                loss, _ = self.objective(self.model, part, divisor=total)
            loss.backward()  # type: ignore[no-untyped-call]
            pieces.append(loss.detach())
        norm = clip_gradients(self.optimisers.parameters(), self.clip)
        return float(torch.stack(pieces).sum()), norm

    def _refuse(self, reason: str) -> None:
        """Skips a batch whose update would do damage; a second in a row brings back the last snapshot."""
        self.optimisers.zero_grad()
        at = self.step + 1
        self.metrics.write("skipped", step=at, batch=self.watch.batches, reason=reason)
        back = self._snapshot
        if self.watch.in_a_row > 1 and back is not None and self.watch.in_a_row % 2 == 0:
            # Two different batches failed on the same weights: the weights are the likelier culprit.
            self._restore(back)
            self.metrics.write("rolled back", step=at, to=self.step)
            self._say(f"step {at}: {reason}; rolled back to step {self.step} and skipped the batch")
        else:
            self._say(f"step {at}: {reason}; kept the weights of step {self.step} and skipped the batch")
        self._give_up_if_hopeless(f"step {at}: {reason}")

    def _give_up_if_hopeless(self, reason: str) -> None:
        if self.watch.too_many():
            raise TrainingError(
                f"{reason}. {len(self.watch.refused)} batches were refused so far, more than "
                f"training.max_skips ({self.settings.max_skips}) of the last hundred. Lower the rates "
                f"(optimizer.lr, optimizer.matrix_lr), lengthen the warm-up, or look for damaged data."
            )

    def _now_and_then(self) -> None:
        last = self.step == self.plan.steps
        if self.evaluator is not None and (last or self.step % self.plan.eval_every == 0):
            self._evaluate(self.evaluator)
        every = self.settings.sample_every or self.plan.eval_every
        if self.sampler is not None and (last or self.step % every == 0):
            self._sample(self.sampler)
        self._keep()
        waited = time.perf_counter() - self._saved_at
        overdue = 0 < self.settings.checkpoint_seconds < waited
        if last or overdue or self.step % self.plan.checkpoint_every == 0:
            self._save_if_finite()

    def _keep(self) -> None:
        if self.keeper is not None and self.step in self.settings.keep_steps:
            self.keeper(self.model, self.step)

    def _save_if_finite(self) -> None:
        """A checkpoint with a NaN in it would be the end of the run: better back to the last good weights."""
        norms = torch._foreach_norm(list(tensors_of(self.model).values()))
        if self._snapshot is None or bool(torch.stack(norms).isfinite().all()):
            self.save()
            return
        at = self.step
        self._restore(self._snapshot)
        self.watch.refuse()
        self.metrics.write("rolled back", step=at, to=self.step)
        self._say(f"step {at}: weights are not finite; rolled back to step {self.step}")
        self._give_up_if_hopeless(f"step {at}: weights are not finite")

    def _log(self, loss: float, norm: float, seconds: float) -> None:
        rates = {f"lr_{name}": rate for name, rate in self.optimisers.rates().items()}
        speed = self.plan.tokens_per_step / seconds
        if self.step % self.settings.log_every == 0 or self.step in (1, self.plan.steps):
            tokens = self.step * self.plan.tokens_per_step
            self.metrics.write(
                "step", step=self.step, loss=loss, gradient_norm=norm, **rates, tokens=tokens,
                tokens_per_second=round(speed, 1),
            )  # fmt: skip
            self.tensorboard.scalars(
                self.step, train_loss=loss, train_gradient_norm=norm, train_tokens_per_second=speed, **rates
            )
        if self.progress is not None:
            self.progress.step(self.step, loss, max(self.optimisers.rates().values()), seconds)

    def _evaluate(self, evaluator: Evaluator) -> None:
        found = self.evaluation = evaluator(self.model)
        self._evaluated_at = self.step
        self.metrics.write(
            "evaluation", step=self.step, loss=found.loss, perplexity=found.perplexity,
            bits_per_byte=found.bits_per_byte, tokens=found.tokens, epochs=self.batches.epochs(),
        )  # fmt: skip
        self.tensorboard.scalars(
            self.step, validation_loss=found.loss, validation_bits_per_byte=found.bits_per_byte
        )
        self._say(f"step {self.step:,}: validation {found}")

    def _sample(self, sampler: Callable[[Causal], list[tuple[str, str]]]) -> None:
        self.model.eval()
        for prompt, text in sampler(self.model):
            self.metrics.write("sample", step=self.step, prompt=prompt, text=text)
            self.tensorboard.text(self.step, "sample", prompt + text)
            self._say(f"    {prompt}⟶{text}".replace("\n", "⏎"))
        self.model.train()

    # State

    def _copy(self) -> Snapshot:
        def copied(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
            return {name: tensor.detach().clone() for name, tensor in tensors.items()}

        return Snapshot(self.step, copied(tensors_of(self.model)), copied(self.optimisers.state_dict()))

    def _restore(self, snapshot: Snapshot) -> None:
        own = tensors_of(self.model)
        odd = sorted(own.keys() ^ snapshot.model.keys())
        if odd or any(own[name].shape != tensor.shape for name, tensor in snapshot.model.items()):
            raise TrainingError(
                f"the checkpoint does not fit this model: {', '.join(odd[:3]) or 'other shapes'}"
            )
        for name, tensor in snapshot.model.items():
            own[name].copy_(tensor)
        self.optimisers.load_state_dict(snapshot.optimiser)
        self.step = snapshot.step

    def _say(self, text: str) -> None:
        if self.progress is not None:
            self.progress.say(text)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """The first Ctrl-C (or SIGTERM) stops after the present step and saves; the second breaks off."""

        def ask(number: int, frame: FrameType | None) -> None:
            if self._stop:
                raise KeyboardInterrupt
            self._stop = True
            self._say("stopping after this step; once more breaks off at once")

        try:
            before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
        except ValueError:  # only the main thread may set handlers; elsewhere the caller stops the run
            before = {}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def split(batch: Batch, parts: int) -> list[Batch]:
    """Micro-batches of equal numbers of sequences, in order."""
    if parts == 1:
        return [batch]
    if batch.ids.size(0) % parts:
        raise TrainingError(
            f"a batch of {batch.ids.size(0)} sequences cannot be cut into {parts} equal parts"
        )
    rows = batch.ids.size(0) // parts

    def piece(tensor: Tensor | None, i: int) -> Tensor | None:
        return None if tensor is None else tensor[i * rows : (i + 1) * rows]

    return [
        replace(
            batch, ids=batch.ids[i * rows : (i + 1) * rows], targets=batch.targets[i * rows : (i + 1) * rows],
            weights=piece(batch.weights, i), documents=piece(batch.documents, i),
        )
        for i in range(parts)
    ]  # fmt: skip
