"""The chat template against the tokenizer and the generation defaults, tried on small conversations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from llmworks.errors import LLMWorksError, RequestError
from llmworks.packages.chat import ChatTemplate
from llmworks.packages.doctor.findings import Report
from llmworks.packages.doctor.parts import Parts
from llmworks.packages.doctor.settings import TURN_ENDS
from llmworks.text.tokenizer import Tokenizer

SYSTEM = {"role": "system", "content": "Rule 5417."}
USER = {"role": "user", "content": "Question 8302?"}
ASSISTANT = {"role": "assistant", "content": "Answer 6159."}
TOOL = {
    "type": "function",
    "function": {
        "name": "lookup_2748",
        "description": "Looks something up.",
        "parameters": {
            "type": "object",
            "properties": {"name": {"type": "string", "description": "What"}},
            "required": ["name"],
        },
    },
}
CONTROL = re.compile(r"<\|[\w/ -]{1,40}\|>|<｜[^｜\n]{1,40}｜>|<(?:start|end)_of_turn>")
CHATTY = re.compile(r"(?i)(^|[-_. ])(chat|instruct|it|assistant)($|[-_. ])")


def check_chat(parts: Parts, report: Report) -> None:
    if parts.template is None:
        if not parts.template_broken:
            _missing(parts, report)
        return
    tried = _Tried(parts.template)
    if tried.talk is None:
        report.fault(
            "template-raises",
            f"ordinary conversations are refused: {tried.reason}",
            "the chat template fails on a question and an answer",
            "correct it, or take the template of the model's format (`llmworks template FORMAT --source`)",
        )
        return
    _keeps_messages(tried, report)
    _keeps_tools(tried, report)
    _asks_for_an_answer(tried, report)
    if parts.tokenizer is not None:
        _controls(tried, parts.tokenizer, report)
        _bos(tried, parts, parts.tokenizer, report)
        _turn_end(tried, parts, parts.tokenizer, report)


class _Tried:
    """A template's renderings of small conversations; None where it refuses."""

    def __init__(self, template: ChatTemplate) -> None:
        self.template = template
        self.reason = ""
        self.talk = self.render([USER, ASSISTANT])
        reason = self.reason
        self.asked = self.render([USER])
        self.prompt = self.render([USER], add_generation_prompt=True)
        self.system = self.render([SYSTEM, USER, ASSISTANT])
        self.system_reason = self.reason
        # Mistral's templates write the system message into the last question, if nothing stands behind it.
        self.system_prompt = self.render([SYSTEM, USER], add_generation_prompt=True)
        self.reason = reason

    def render(self, messages: Sequence[Any], **options: Any) -> str | None:
        try:
            return self.template.render(messages, **options)
        except LLMWorksError as error:
            self.reason = str(error)
            return None


def _missing(parts: Parts, report: Report) -> None:
    """Without a template: is it a chat model?"""
    generation, tokenizer = parts.generation, parts.tokenizer
    ends: set[str] = set()
    if generation is not None and tokenizer is not None:
        ends = {text for text in TURN_ENDS if tokenizer.special_tokens.get(text) in generation.eos_ids}
    if not ends and not CHATTY.search(parts.path.name):
        return
    why = f"answers end with {min(ends)!r}" if ends else f"it is called {parts.path.name!r}"
    report.fault(
        "template-missing",
        "the model cannot be talked to, or answers as if it went on with a text",
        f"it is a chat model ({why}), and the package has no chat template",
        "add chat_template.jinja of the model's format (`llmworks template FORMAT --source`)",
    )


def _keeps_messages(tried: _Tried, report: Report) -> None:
    for message, name in ((USER, "user"), (ASSISTANT, "assistant")):
        if tried.talk is not None and message["content"] not in tried.talk:
            report.fault(
                f"template-drops-{name}",
                f"the model does not see what the {name} says",
                f"the chat template leaves out the {name}'s messages",
                "correct the loop over the messages in the template",
            )
    if tried.system is None:
        report.note(
            "template-refuses-system",
            f"a conversation with a system message is refused: {tried.system_reason}",
            "the model was trained without a system role",
            "put the instructions into the first question",
        )
    elif not any(text and SYSTEM["content"] in text for text in (tried.system, tried.system_prompt)):
        report.fault(
            "template-drops-system",
            "the model does as if there were no system message",
            "the chat template leaves out messages of the role system",
            "let the template write them, or refuse them by raise_exception",
        )


def _keeps_tools(tried: _Tried, report: Report) -> None:
    if "tools" not in tried.template.variables:
        return
    rendered = tried.render([SYSTEM, USER], tools=[TOOL]) or tried.render([USER], tools=[TOOL])
    if rendered is not None and "lookup_2748" not in rendered:
        report.fault(
            "template-drops-tools",
            "the model never calls a tool",
            "the chat template looks at the tools and does not write them",
            "let the template write the tools where the model expects them",
        )


def _asks_for_an_answer(tried: _Tried, report: Report) -> None:
    """Without a generation prompt the model has to begin the assistant's turn by itself."""
    asked, prompt, talk = tried.asked, tried.prompt, tried.talk
    if asked is None or prompt is None or talk is None or asked != prompt or not talk.startswith(asked):
        return
    lead = talk[len(asked) :].partition(ASSISTANT["content"])[0]
    if lead.strip():
        report.fault(
            "generation-prompt",
            "the model goes on with the question, or begins its answer with a header",
            f"the chat template ignores add_generation_prompt, and answers stand after {lead!r}",
            "end the template with {% if add_generation_prompt %} and that text",
        )


def _controls(tried: _Tried, tokenizer: Tokenizer, report: Report) -> None:
    text = f"{tried.system or ''}{tried.talk or ''}{tried.prompt or ''}"
    pieces = []
    for control in dict.fromkeys(CONTROL.findall(text)):
        ids = tokenizer.encode(control, allow_special=True)
        if len(ids) != 1:
            pieces.append(f"{control} ({len(ids)} tokens)")
    if pieces:
        report.fault(
            "template-tokens",
            "the model reads the marks of the turns as ordinary text, and answers badly",
            f"the chat template writes what is no control token of the tokenizer: {', '.join(pieces)}",
            "take the template of the format that the model was trained with, or its own tokenizer",
        )


def _bos(tried: _Tried, parts: Parts, tokenizer: Tokenizer, report: Report) -> None:
    """Who writes the begin token. `add_bos` is what the tokenizer's own file says: beside a tokenizer.json
    `add_bos_token` in tokenizer_config.json counts for nothing (as in `transformers` 5)."""
    bos = parts.specials.get("bos_token")
    if not bos or tried.talk is None:
        return
    if any(text is not None and text.startswith(bos + bos) for text in (tried.talk, tried.prompt)):
        report.fault(
            "bos-doubled",
            "the model reads two begin tokens before every conversation, and answers worse",
            f"the chat template writes {bos!r} twice at the beginning",
            "leave one of the two out of the template",
        )
        return
    written = tried.talk.startswith(bos)
    if written and tokenizer.add_bos:  # as Llama 3, Gemma and most others are published
        report.note(
            "bos-twice-as-text",
            "a rendered conversation that is then tokenised as any text begins with two begin tokens",
            f"the chat template writes {bos!r}, and the tokenizer adds it to every text as well",
            "nothing to mend: chats are encoded once here; who tokenises the rendered text does so "
            "without markers (add_special_tokens=False)",
        )
    elif tokenizer.add_bos:
        report.fault(
            "bos-missing",
            "answers are worse than the model could give",
            f"the tokenizer puts {bos!r} before every text, and the chat template does not write it",
            "begin the template with {{ bos_token }}",
        )


def _turn_end(tried: _Tried, parts: Parts, tokenizer: Tokenizer, report: Report) -> None:
    try:
        encoded = tried.template.encode([USER, ASSISTANT], tokenizer)
        closing = tried.template.closing_id(tokenizer)
    except RequestError:
        return
    if not any(encoded.mask):
        report.fault(
            "mask",
            "the model cannot be tuned on conversations: nothing would be learnt",
            "the chat template does not show which part the assistant says",
            "mark it with {% generation %} … {% endgeneration %}",
        )
    generation = parts.generation
    ends = set(generation.eos_ids) if generation is not None else set()
    eos = parts.specials.get("eos_token")
    own = tokenizer.token_id(eos) if eos else None
    ends |= {own} if own is not None and not ends else set()
    if closing is not None and ends and closing not in ends and generation is not None:
        report.fault(
            "turn-end",
            "answers do not stop: the model goes on with the next question by itself",
            f"the template ends an answer with {tokenizer.token_label(closing)!r} ({closing}), which is not "
            f"among the end tokens {sorted(ends)}",
            f"set eos_token_id in generation_config.json to {sorted({closing, *ends})}",
        )
