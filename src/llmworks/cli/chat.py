"""`llmworks chat MODEL`: a conversation in the terminal.

Each line is a message; the answer streams. Lines may come from a pipe, too. A line that starts with / is
for the program: /reset, /system TEXT, /undo, /history, /help, /exit.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from llmworks.cli import options
from llmworks.cli.console import err, note
from llmworks.cli.options import given
from llmworks.errors import LLMWorksError

if TYPE_CHECKING:
    from llmworks.inference import Event
    from llmworks.language_model import LanguageModel

HELP = """\
/reset          forget the conversation
/undo           take back the last exchange
/system TEXT    set the system message (empty: none)
/history        show what the model reads
/exit           leave (Ctrl-D does too)"""


@dataclass
class Conversation:
    """The messages so far and the model that answers them; without a template, the text goes on."""

    lm: LanguageModel
    sampling: dict[str, Any]
    system: str | None = None
    messages: list[dict[str, str]] = field(default_factory=list)

    @property
    def template(self) -> Any:
        return self.lm.package.chat_template

    def prompt(self) -> list[dict[str, str]]:
        head = [{"role": "system", "content": self.system}] if self.system else []
        return head + self.messages

    def rendered(self) -> str:
        """What the model reads, as text."""
        if not self.prompt():
            return ""
        if self.template is None:
            return "".join(message["content"] for message in self.messages)
        return str(self.template.render(self.prompt(), add_generation_prompt=True))

    def answer(self, text: str) -> Iterator[str]:
        """Adds the message and yields the pieces of the answer; the turn is kept only when it is whole."""
        self.messages.append({"role": "user", "content": text})
        said = ""
        try:
            for event in self._stream():
                text = getattr(event, "text", "")  # a PromptEvent has none
                said += text
                yield text
        except LLMWorksError:
            self.messages.pop()
            raise
        finally:
            if self.messages and self.messages[-1]["role"] == "user" and said:
                self.messages.append({"role": "assistant", "content": said})

    def _stream(self) -> Iterable[Event]:
        if self.template is None:
            return self.lm.stream(self.rendered(), **self.sampling)
        return self.lm.stream_chat(self.prompt(), **self.sampling)

    def command(self, line: str) -> bool:
        """Obeys a /command; False says that the person wants to leave."""
        name, _, rest = line[1:].partition(" ")
        if name in ("exit", "quit", "q"):
            return False
        if name == "reset":
            self.messages.clear()
            note("the conversation is empty")
        elif name == "undo":
            del self.messages[-2:]
            note(f"{len(self.messages)} messages remain")
        elif name == "system":
            self.system = rest.strip() or None
            note(f"system message: {self.system or 'none'}")
        elif name == "history":
            note(self.rendered() or "(nothing yet)")
        else:
            note(HELP if name == "help" else f"there is no command /{name}\n{HELP}")
        return True


def chat(
    model: options.Model = options.DEFAULT_MODEL,
    system: Annotated[str | None, typer.Option("--system", help="A system message.")] = None,
    max_tokens: options.MaxTokens = None,
    temperature: options.Temperature = None,
    top_k: options.TopK = None,
    top_p: options.TopP = None,
    min_p: options.MinP = None,
    repetition_penalty: options.RepetitionPenalty = None,
    seed: options.Seed = None,
    device: options.Device = "auto",
    threads: options.Threads = None,
) -> None:
    """Talk with a model in the terminal."""
    sampling = given(
        max_tokens=max_tokens, temperature=temperature, top_k=top_k, top_p=top_p, min_p=min_p,
        repetition_penalty=repetition_penalty, seed=seed,
    )  # fmt: skip
    with options.language_model(model, device=device, threads=threads) as lm:
        conversation = Conversation(lm, sampling, system)
        if conversation.template is None:
            err.print(
                f"[yellow]{escape(lm.name)} carries no chat template[/yellow]: it was trained to go on with "
                "a text, not to answer. What you write is continued as it stands."
            )
        elif sys.stdin.isatty():
            note("write a message; /help lists the commands, /exit leaves")
        for line in _lines():
            if line.startswith("/"):
                if not conversation.command(line):
                    break
            elif line.strip():
                _speak(conversation, line)


def _lines() -> Iterator[str]:
    """Messages: typed at a prompt with line editing, or the lines of a pipe."""
    if not sys.stdin.isatty():
        for line in sys.stdin:
            yield line.rstrip("\r\n")
        return
    with suppress(ImportError):
        import readline  # noqa: F401  (gives input() its history and line editing)
    while True:
        try:
            yield input("› ")
        except EOFError:
            print()
            return


def _speak(conversation: Conversation, line: str) -> None:
    """Prints one answer as it comes. Ctrl-C at a terminal ends the answer, not the chat."""
    try:
        for piece in conversation.answer(line):
            sys.stdout.write(piece)
            sys.stdout.flush()
    except KeyboardInterrupt:
        if not sys.stdin.isatty():
            raise
        sys.stdout.write(" …")
    except LLMWorksError as error:
        if not sys.stdin.isatty():
            raise
        err.print(f"[red]{escape(str(error))}[/red]")
    sys.stdout.write("\n")
    sys.stdout.flush()
