"""Task files: what is asked, how it is put to the model, and how the answer is judged. One TOML file each.

    name = "arc_easy"
    kind = "choice"
    prompt = "Question: {{question}}\\nAnswer:"         a Jinja template
    choices = "choices.text"                            an expression
    answer = "choices.label.index(answerKey)"
    metrics = ["acc", "acc_norm"]
    [data]
    files = ["ARC-Easy-Test.jsonl"]                     below --data or $LLMWORKS_EVAL_DATA
    hub = "allenai/ai2_arc:ARC-Easy@test"

    choice       which of several continuations is the most probable
    completion   the probability of one continuation, and whether greedy decoding gives it
    generate     the model writes; a filter reads its answer, a checker judges it
    conversation the model answers turn after turn; each turn has its check
    perplexity   bits for a whole text

Defaults (separators, the delimiter before the answer) are lm-evaluation-harness's, so that its tasks are
written down here line for line.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from llmworks.evals.errors import EvalError

TASKS = Path(__file__).parent / "tasks"
SUITES = "suites.toml"

Kind = Literal["choice", "completion", "generate", "conversation", "perplexity"]
METRICS: dict[Kind, tuple[str, ...]] = {
    "choice": ("acc", "acc_norm", "acc_bytes", "mass", "brier"),
    "completion": ("acc", "perplexity"),
    "generate": ("exact_match", "passed"),
    "conversation": ("turns", "passed"),
    "perplexity": ("word_perplexity", "byte_perplexity", "bits_per_byte"),
}


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Strict):
    """Where rows come from: files below the data folder, else the Hub, or a generator.

    files: names or patterns (`**/x_*.jsonl`); `{subset}` stands for each of `subsets`. The first pattern that
    matches anything is read, all its files. columns: names of a CSV file that has no header. prepare: named
    functions of `prepare.py`, in turn. options: given to the generator.
    """

    files: list[str] = []
    hub: str | None = None
    generator: str | None = None
    options: dict[str, Any] = {}
    columns: list[str] | None = None
    prepare: list[str] = []
    subsets: list[str] = []

    @model_validator(mode="after")
    def _some(self) -> Source:
        if not (self.files or self.hub or self.generator):
            raise ValueError("give files, hub or generator: rows must come from somewhere")
        return self


class Shots(Strict):
    """Solved examples before the question.

    order: "random" (Python's `random.Random(seed).sample`, item after item) or "first". files, hub: where
    they come from; without, the task's own rows, the asked one left out. spare: one more is drawn than is
    shown, as lm-evaluation-harness does for sets that have no test split (its draws then agree with ours).
    """

    count: int = Field(default=0, ge=0)
    order: Literal["random", "first"] = "random"
    seed: int = 1234
    spare: bool = False
    separator: str = "\n\n"
    files: list[str] = []
    hub: str | None = None


class Generation(Strict):
    """How an answer is written: greedy unless a temperature is given.

    word_first: the answer must begin with a letter or a digit: no "…", no line to fill in (greedy only).
    """

    max_tokens: int = Field(default=256, ge=1)
    stop: list[str] = []
    temperature: float = Field(default=0.0, ge=0)
    seed: int = 0
    word_first: bool = False


class Filter(Strict):
    """Reads the answer out of a generated text: the regex's `group`-th match (-1: the last)."""

    name: str
    regex: str
    group: int = 0
    fallback: str = "[invalid]"


class ExactMatch(Strict):
    """What two answers may differ in and still be equal. strip: blanks around (a filter strips its match)."""

    strip: bool = True
    ignore_case: bool = False
    ignore_punctuation: bool = False
    ignore: list[str] = []  # regexes, cut out of both


class Plot(Strict):
    """The metrics against one `by`, as a curve. name: of the SVG file."""

    name: str
    title: str
    by: str
    x: str
    y: str = "share of answers that are right"
    metrics: list[str]
    labels: list[str] = []


class Task(Strict):
    """One task. Templates: prompt, target, description. Expressions: choices, answer, turns, by.

    answer: choice: the index of the right one (or its text, or a list of 0 and 1 for `mass`); generate: the
    text or texts that are right. delimiter: stands between prompt and answer. begin: put the token that
    begins a document before the prompt, also where the tokenizer does not (for base models trained on
    documents). chat: "no" (never as a conversation), "option" (by --chat), "always". check: a named checker
    of `checkers.py`, given the row (and the turn, in a conversation) and what the model wrote. by: results
    are also given for each value of these. plot: a picture of one `by` (see `plots.py`): its title and axes.
    """

    name: str
    title: str = ""
    source: str = ""
    kind: Kind
    data: Source
    shots: Shots = Shots()
    description: str = ""
    prompt: str = ""
    choices: str | list[str] | None = None
    answer: str | None = None
    target: str | None = None
    turns: str | None = None
    delimiter: str = " "
    begin: bool = False
    chat: Literal["no", "option", "always"] = "option"
    metrics: list[str]
    by: list[str] = []
    generation: Generation = Generation()
    filters: list[Filter] = []
    exact: ExactMatch = ExactMatch()
    check: str | None = None
    windows: Literal["disjoint", "half"] = "disjoint"
    system: str | None = None
    plot: Plot | None = None

    @model_validator(mode="after")
    def _whole(self) -> Task:
        needed = {
            "choice": ("choices", "answer"), "completion": ("target",), "perplexity": ("target",),
            "conversation": ("turns",), "generate": (),
        }[self.kind]  # fmt: skip
        for name in needed:
            if getattr(self, name) is None:
                raise ValueError(f"a task of kind {self.kind!r} needs {name!r}")
        if self.kind == "generate" and self.answer is None and self.check is None:
            raise ValueError("a task of kind 'generate' needs an answer or a check")
        known = METRICS[self.kind] + tuple(filter.name for filter in self.filters)
        if not self.metrics:
            raise ValueError(f"metrics: give at least one of {', '.join(known)}")
        for metric in self.metrics:
            if metric not in known and self.check is None:  # a checker gives numbers of its own
                raise ValueError(f"no metric {metric!r} for kind {self.kind!r}; there are {', '.join(known)}")
        return self


class TaskFile(Strict):
    """A task with the file that it stands in. sha256: of its bytes."""

    task: Task
    path: Path
    sha256: str


def read_task(path: Path) -> TaskFile:
    """The task of a TOML file, checked.

    Raises:
        EvalError: no such file, no TOML, an unknown or missing key (which one).
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise EvalError(f"task file {path} cannot be read: {error.strerror}") from None
    try:
        task = Task.model_validate(tomllib.loads(data.decode()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise EvalError(f"task file {path} is not TOML: {error}") from None
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'task'}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors()
        )
        raise EvalError(f"task file {path}: {faults}") from None
    return TaskFile(task=task, path=path, sha256=hashlib.sha256(data).hexdigest())


def list_tasks() -> list[str]:
    """Names of the tasks in the box."""
    return sorted(path.stem for path in TASKS.glob("*.toml") if path.name != SUITES)


def list_suites() -> dict[str, list[str]]:
    """Names of the suites in the box with their tasks."""
    suites: dict[str, list[str]] = tomllib.loads((TASKS / SUITES).read_text())["suites"]
    return suites


def find_tasks(names: Iterable[str]) -> list[TaskFile]:
    """Task files by name, suite or path; each once, in the order given."""
    suites, known = list_suites(), set(list_tasks())
    found: dict[Path, TaskFile] = {}
    for name in names:
        if name.endswith(".toml") or "/" in name:
            paths = [Path(name).expanduser()]
        elif name in known:
            paths = [TASKS / f"{name}.toml"]
        elif name in suites:
            paths = [TASKS / f"{task}.toml" for task in suites[name]]
        else:
            raise EvalError(
                f"there is no task {name!r}. Give the path of a task file (.toml), one of the tasks "
                f"{', '.join(sorted(known))}, or a suite: {', '.join(suites)}"
            )
        for path in paths:
            found.setdefault(path.resolve(), read_task(path))
    return list(found.values())
