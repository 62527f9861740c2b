"""The library of chat formats: one record each, beside a Jinja source of our own in `templates/`.

    get_format("qwen3").chat_template()           a ChatTemplate with the format's special tokens
    get_format("qwen3").syntax                    how to read the answers back (`reading.py`)

The sources are written from the formats' documentation (named in each record); what they print equals what
the published templates print.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import resources

from llmworks.errors import PackageError
from llmworks.packages.chat import CHATML, ChatTemplate
from llmworks.packages.formats import bodies
from llmworks.packages.formats.syntax import Calls, Syntax, Thinking


@dataclass(frozen=True)
class ChatFormat:
    """A chat format.

    special_tokens: what the template names (`bos_token`, …). controls: all control tokens that a tokenizer
    must have, those included. stops: the texts that end an answer. system: "own" turn, "folded" into the
    first question, or "first" text. tools, parallel (several calls a message), thinking, documents: whether
    the format has them. marks: texts by which a template of this format is known. documented: where.
    settings: what the Jinja source is given beforehand.
    """

    name: str
    title: str
    file: str
    special_tokens: dict[str, str]
    controls: tuple[str, ...]
    stops: tuple[str, ...]
    documented: str
    marks: tuple[str, ...]
    system: str = "own"
    tools: bool = False
    parallel: bool = False
    thinking: bool = False
    documents: bool = False
    syntax: Syntax = field(default_factory=Syntax)
    settings: dict[str, str] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """The Jinja source."""
        return self._read(self.file)

    def chat_template(self) -> ChatTemplate:
        return ChatTemplate(
            self.source, self.special_tokens, {name: self._read(file) for name, file in self.named.items()}
        )

    def _read(self, file: str) -> str:
        if file == "chatml":
            return CHATML
        text = resources.files(__package__).joinpath("templates", f"{file}.jinja").read_text("utf-8")
        return "".join(f"{{%- set {name} = {value} %}}\n" for name, value in self.settings.items()) + text


def get_format(name: str) -> ChatFormat:
    """The format of a name; PackageError if there is none."""
    if name not in FORMATS:
        raise PackageError(f"there is no chat format {name!r}; there are {', '.join(FORMATS)}.")
    return FORMATS[name]


_HF = "https://huggingface.co/docs/transformers/chat_templating"
_LLAMA3 = "https://www.llama.com/docs/model-cards-and-prompt-formats/"
_MISTRAL = "https://docs.mistral.ai/guides/tokenization"
_TOOL_TAG = Calls("<tool_call>", "</tool_call>", bodies.one_object, lead="\n")
_THINK = Thinking("<think>", "</think>")
_S = {"bos_token": "<s>", "eos_token": "</s>"}
_CHATML = ("<|im_start|>", "<|im_end|>")
_LLAMA = {"bos_token": "<|begin_of_text|>", "eos_token": "<|eot_id|>"}
_LLAMA_HEADERS = ("<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>")
_COHERE_ROLES = ("<|SYSTEM_TOKEN|>", "<|USER_TOKEN|>", "<|CHATBOT_TOKEN|>")


def _llama3_1(name: str, title: str, date: str, mark: str) -> ChatFormat:
    return ChatFormat(
        name=name,
        title=title,
        file="llama3_1",
        special_tokens=_LLAMA,
        controls=(*_LLAMA_HEADERS, "<|eom_id|>", "<|python_tag|>"),
        stops=("<|eot_id|>", "<|eom_id|>"),
        documented=_LLAMA3 + "llama3_1",
        marks=("<|start_header_id|>", "Cutting Knowledge Date", mark),
        tools=True,
        syntax=Syntax(
            calls=(
                Calls("<|python_tag|>", None, bodies.python_tag),
                Calls('{"', None, bodies.one_with_parameters, bare=True),
            )
        ),
        settings={"default_date": date},
    )


def _mistral(name: str, title: str, gap: str, mark: str) -> ChatFormat:
    controls = ("[INST]", "[/INST]", "[TOOL_CALLS]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]")
    return ChatFormat(
        name=name,
        title=title,
        file="mistral_v3",
        special_tokens=_S,
        controls=("<s>", "</s>", *controls, "[TOOL_RESULTS]", "[/TOOL_RESULTS]"),
        stops=("</s>",),
        documented=_MISTRAL,
        marks=("[AVAILABLE_TOOLS]", mark),
        system="folded",
        tools=True,
        parallel=True,
        syntax=Syntax(calls=(Calls("[TOOL_CALLS]", None, bodies.a_list),)),
        settings={"gap": repr(gap)},
    )


def _formats() -> dict[str, ChatFormat]:
    made = [
        ChatFormat(
            name="chatml",
            title="ChatML",
            file="chatml",
            special_tokens={"eos_token": "<|im_end|>"},
            controls=_CHATML,
            stops=("<|im_end|>",),
            documented="https://github.com/openai/openai-python/blob/release-v0.28.1/chatml.md",
            marks=("<|im_start|>",),
        ),
        ChatFormat(
            name="chatml-tools",
            title="ChatML with tools, one line each",
            file="chatml_tools",
            special_tokens={"eos_token": "<|im_end|>"},
            controls=_CHATML,
            stops=("<|im_end|>",),
            documented="https://github.com/NousResearch/Hermes-Function-Calling",
            marks=("<|im_start|>", "<tool_call>"),
            tools=True,
            parallel=True,
            syntax=Syntax(calls=(_TOOL_TAG,)),
        ),
        ChatFormat(
            name="llama2",
            title="Llama 2 [INST]",
            file="llama2",
            special_tokens=_S,
            controls=("<s>", "</s>"),
            stops=("</s>",),
            documented=_LLAMA3 + "meta-llama-2",
            marks=("[INST]", "<<SYS>>"),
            system="folded",
        ),
        ChatFormat(
            name="llama3",
            title="Llama 3 headers",
            file="llama3",
            special_tokens=_LLAMA,
            controls=_LLAMA_HEADERS,
            stops=("<|eot_id|>",),
            documented=_LLAMA3 + "meta-llama-3",
            marks=("<|start_header_id|>",),
        ),
        _llama3_1("llama3.1", "Llama 3.1, 3.3", "'26 Jul 2024'", "builtin_tools"),
        _llama3_1("llama3.2", "Llama 3.2", "strftime_now('%d %b %Y')", 'strftime_now("%d %b %Y")'),
        ChatFormat(
            name="mistral-v1",
            title="Mistral v1 [INST]",
            file="mistral_v1",
            special_tokens=_S,
            controls=("<s>", "</s>"),
            stops=("</s>",),
            documented=_MISTRAL,
            marks=("[INST]",),
            system="folded",
        ),
        _mistral("mistral-v3", "Mistral v2, v3 with tools", " ", "[AVAILABLE_TOOLS] ["),
        _mistral("mistral-tekken", "Mistral v3 Tekken with tools", "", "[AVAILABLE_TOOLS]["),
        ChatFormat(
            name="gemma",
            title="Gemma 1 to 3",
            file="gemma",
            special_tokens={"bos_token": "<bos>", "eos_token": "<eos>"},
            controls=("<bos>", "<eos>", "<start_of_turn>", "<end_of_turn>"),
            stops=("<end_of_turn>",),
            documented="https://ai.google.dev/gemma/docs/core/prompt-structure",
            marks=("<start_of_turn>",),
            system="folded",
        ),
        ChatFormat(
            name="phi3",
            title="Phi-3",
            file="phi3",
            special_tokens={"bos_token": "<s>", "eos_token": "<|endoftext|>"},
            controls=("<|endoftext|>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>"),
            stops=("<|end|>", "<|endoftext|>"),
            documented="https://huggingface.co/microsoft/Phi-3-mini-4k-instruct",
            marks=("<|end|>",),
        ),
        ChatFormat(
            name="qwen2.5",
            title="Qwen2.5 with tools",
            file="qwen2_5",
            special_tokens={"eos_token": "<|im_end|>"},
            controls=_CHATML,
            stops=("<|im_end|>",),
            documented="https://qwen.readthedocs.io/en/v2.5/framework/function_call.html",
            marks=("<|im_start|>", "<tool_call>", "You are Qwen"),
            tools=True,
            parallel=True,
            syntax=Syntax(calls=(_TOOL_TAG,)),
        ),
        ChatFormat(
            name="qwen3",
            title="Qwen3 with tools and thinking",
            file="qwen3",
            special_tokens={"eos_token": "<|im_end|>"},
            controls=_CHATML,
            stops=("<|im_end|>",),
            documented="https://qwen.readthedocs.io/en/latest/getting_started/concepts.html",
            marks=("<|im_start|>", "<tool_call>", "enable_thinking"),
            tools=True,
            parallel=True,
            thinking=True,
            syntax=Syntax(_THINK, (_TOOL_TAG,)),
        ),
        ChatFormat(
            name="deepseek-r1",
            title="DeepSeek-R1",
            file="deepseek_r1",
            special_tokens={"bos_token": "<｜begin▁of▁sentence｜>", "eos_token": "<｜end▁of▁sentence｜>"},
            controls=(
                *("<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜User｜>", "<｜Assistant｜>"),
                *(
                    "<｜tool▁calls▁begin｜>",
                    "<｜tool▁calls▁end｜>",
                    "<｜tool▁call▁begin｜>",
                    "<｜tool▁call▁end｜>",
                ),
                *("<｜tool▁sep｜>", "<｜tool▁outputs▁begin｜>", "<｜tool▁outputs▁end｜>"),
                *("<｜tool▁output▁begin｜>", "<｜tool▁output▁end｜>"),
            ),
            stops=("<｜end▁of▁sentence｜>",),
            documented="https://api-docs.deepseek.com/guides/reasoning_model",
            marks=("<｜Assistant｜>",),
            system="first",
            tools=True,
            parallel=True,
            thinking=True,
            syntax=Syntax(
                Thinking("<think>", "</think>", begun=True),
                (Calls("<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>", bodies.deepseek),),
            ),
        ),
        ChatFormat(
            name="hermes",
            title="Hermes 2 Pro, 3 with tools",
            file="hermes",
            special_tokens={"bos_token": "<|begin_of_text|>", "eos_token": "<|im_end|>"},
            controls=("<|begin_of_text|>", *_CHATML),
            stops=("<|im_end|>",),
            documented="https://github.com/NousResearch/Hermes-Function-Calling",
            marks=("<|im_start|>", "<tool_call>", "pydantic model json schema"),
            tools=True,
            parallel=True,
            syntax=Syntax(calls=(_TOOL_TAG,)),
        ),
        ChatFormat(
            name="command-r",
            title="Command-R with documents and tools",
            file="command_r",
            special_tokens={"bos_token": "<BOS_TOKEN>", "eos_token": "<|END_OF_TURN_TOKEN|>"},
            controls=("<BOS_TOKEN>", "<|START_OF_TURN_TOKEN|>", "<|END_OF_TURN_TOKEN|>", *_COHERE_ROLES),
            stops=("<|END_OF_TURN_TOKEN|>",),
            documented="https://docs.cohere.com/docs/prompting-command-r",
            marks=("<|START_OF_TURN_TOKEN|>", "<|CHATBOT_TOKEN|>"),
            tools=True,
            parallel=True,
            documents=True,
            syntax=Syntax(calls=(Calls("Action:\n```json\n", "\n]```", bodies.actions, lead="\n"),)),
            named={"tool_use": "command_r_tools", "rag": "command_r_rag"},
        ),
        ChatFormat(
            name="harmony",
            title="Harmony (gpt-oss)",
            file="harmony",
            special_tokens={"bos_token": "<|startoftext|>", "eos_token": "<|return|>"},
            controls=("<|start|>", "<|end|>", "<|message|>", "<|channel|>", "<|call|>", "<|return|>"),
            stops=("<|return|>", "<|call|>"),
            documented="https://cookbook.openai.com/articles/openai-harmony",
            marks=("<|channel|>", "<|message|>"),
            tools=True,
            thinking=True,
            syntax=Syntax(channels=True),
        ),
        ChatFormat(
            name="alpaca",
            title="Alpaca headings",
            file="alpaca",
            special_tokens=_S,
            controls=("<s>", "</s>"),
            stops=("</s>",),
            documented="https://github.com/tatsu-lab/stanford_alpaca",
            marks=("### Instruction:", "### Response:"),
            system="first",
        ),
        ChatFormat(
            name="vicuna",
            title="Vicuna 1.1",
            file="vicuna",
            special_tokens=_S,
            controls=("<s>", "</s>"),
            stops=("</s>",),
            documented="https://github.com/lm-sys/FastChat/blob/main/docs/vicuna_weights_version.md",
            marks=("USER: ", "ASSISTANT:"),
            system="first",
        ),
        ChatFormat(
            name="plain",
            title="role tags of plain text",
            file="plain",
            special_tokens=_S,
            controls=("</s>",),
            stops=("</s>", "\nUser:"),
            documented=_HF,
            marks=("Assistant:",),
        ),
    ]
    return {one.name: one for one in made}


FORMATS: dict[str, ChatFormat] = _formats()
