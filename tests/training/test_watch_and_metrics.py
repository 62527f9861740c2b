"""The watch's verdicts, and where the numbers go."""

import json
import math
from pathlib import Path

import pytest
import torch

from llmworks.models.config import ModelConfig
from llmworks.models.decoder import Decoder
from llmworks.training.compute import Compiled, product_rate, readable
from llmworks.training.evaluation import Evaluation
from llmworks.training.metrics import MetricsFile, ProgressLine, TensorBoard, duration
from llmworks.training.watch import Watch


def seasoned(factor: float = 8.0, clip: float = 1.0) -> Watch:
    """A watch that has seen thirty quiet steps: loss falling from 5 to 2, norm about 0.5."""
    watch = Watch(factor, clip, max_skips=3)
    for step in range(30):
        assert watch.judge(5.0 - step * 0.1, 0.5) is None
    return watch


@pytest.mark.parametrize(
    ("loss", "norm", "words"),
    [
        (math.nan, 0.5, "loss is nan"),
        (math.inf, 0.5, "loss is inf"),
        (2.0, math.nan, "norm is nan"),
        (2.0, 4.5, "9 times its running median"),
        (9.0, 0.5, "running median is"),
    ],
)
def test_damage_is_refused(loss: float, norm: float, words: str) -> None:
    assert words in (seasoned().judge(loss, norm) or "")


@pytest.mark.parametrize(
    ("loss", "norm", "clip"),
    [
        (2.0, 3.9, 1.0),  # unrest below the factor
        (2.0, 30.0, 50.0),  # far beyond the median, but clipping would not even touch it
        (4.9, 0.5, 1.0),  # high, but a loss that the run has had
    ],
)
def test_unrest_is_not_damage(loss: float, norm: float, clip: float) -> None:
    assert seasoned(clip=clip).judge(loss, norm) is None


def test_a_perfect_fit_may_be_restless() -> None:
    watch = seasoned()
    for _ in range(70):
        watch.judge(0.01, 0.001)
    assert watch.judge(0.4, 0.9) is None


def test_nothing_is_a_spike_before_there_is_a_usual() -> None:
    watch = Watch(8.0, 1.0, 3)
    assert [watch.judge(3.0, norm) for norm in (0.1, 5.0, 0.1, 40.0)] == [None] * 4


def test_refusals_are_counted_and_forgotten() -> None:
    watch = seasoned()
    for _ in range(4):
        watch.judge(math.nan, 1.0)
    assert watch.in_a_row == 4
    assert watch.too_many()
    for _ in range(100):
        watch.judge(2.0, 0.5)
    assert watch.in_a_row == 0
    assert not watch.too_many()


def test_a_watch_goes_on_where_it_was() -> None:
    first = seasoned()
    first.judge(math.nan, 1.0)
    second = Watch(8.0, 1.0, 3)
    second.load_state_dict(json.loads(json.dumps(first.state_dict())))
    for loss, norm in ((2.0, 4.5), (9.0, 0.5), (2.0, 0.5)):
        assert first.judge(loss, norm) == second.judge(loss, norm)
    fresh = Watch(8.0, 1.0, 3)
    fresh.load_state_dict(json.loads(json.dumps(Watch(8.0, 1.0, 3).state_dict())))
    assert fresh.first_loss == math.inf


def test_metrics_are_json_lines_and_can_be_cut(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "metrics.jsonl"
    metrics = MetricsFile(path)
    metrics.write("step", step=1, loss=2.5)
    length = metrics.length()
    metrics.write("step", step=2, loss=math.nan)
    assert [json.loads(line) for line in path.read_text().splitlines()][1]["loss"] == "nan"
    metrics.close()
    again = MetricsFile(path)
    again.cut(length)
    again.write("step", step=2, loss=2.25)
    again.close()
    found = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(event["step"], event["loss"]) for event in found] == [(1, 2.5), (2, 2.25)]


def test_tensorboard_where_it_is_installed(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard")
    board = TensorBoard(tmp_path / "tb", True)
    board.scalars(1, train_loss=2.0)
    board.text(1, "sample", "words")
    board.close()
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(tmp_path / "tb"))
    events.Reload()
    assert [(e.step, e.value) for e in events.Scalars("train/loss")] == [(1, 2.0)]
    silent = TensorBoard(tmp_path / "none", False)
    silent.scalars(1, train_loss=2.0)
    silent.close()
    assert not (tmp_path / "none").exists()


def test_the_progress_line_says_what_matters(capsys: pytest.CaptureFixture[str]) -> None:
    line = ProgressLine(steps=10, done=0, tokens_per_step=100, flops_per_step=2e9, peak=1e10)
    for step in range(1, 11):
        line.step(step, 3.0, 0.01, 0.5)
    line.close()
    said = capsys.readouterr().err
    assert "step 10 of 10" in said
    assert "200 tokens/s" in said
    assert "4 GFLOP/s (40% of the product rate)" in said


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "0 s"), (59, "59 s"), (61, "1 min 01 s"), (3725, "1 h 02 min"), (90_000, "25 h 00 min")],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_readable_numbers() -> None:
    assert readable(1_234_567, "FLOP") == "1.23 MFLOP"
    assert readable(999) == "999"
    assert readable(2.5e12, "B") == "2.5 TB"


def test_evaluation_units() -> None:
    found = Evaluation(loss=math.log(4), tokens=300, bytes=600)
    assert found.perplexity == pytest.approx(4.0)
    assert found.bits_per_byte == pytest.approx(1.0)  # two bits a token, two bytes a token
    assert math.isnan(Evaluation(1.0, 10, 0).bits_per_byte)
    assert "bits" not in str(Evaluation(1.0, 10, 0))


def test_product_rate_leaves_the_dice_alone() -> None:
    before = torch.get_rng_state()
    assert product_rate(torch.device("cpu"), width=64, seconds=0.0) > 0
    assert torch.equal(before, torch.get_rng_state())


def test_a_compiled_model_is_plain_outside_its_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch, "compile", lambda function, dynamic: lambda *a, **k: function(*a, **k) * 0)
    model = Decoder(ModelConfig(vocab_size=8, d_model=8, n_layers=1, n_heads=1, max_length=4))
    ids = torch.tensor([[1, 2]])
    plain = model.hidden(ids)
    with Compiled(model):
        assert not model.hidden(ids).any()
    assert torch.equal(model.hidden(ids), plain)
