"""The loop: sampling stages, stop strings, and the engine that runs requests."""

from llmworks.inference.engine import Engine, EngineStatus, Stream
from llmworks.inference.events import (
    Event,
    FinishEvent,
    Generation,
    PromptEvent,
    Timing,
    TokenEvent,
    TokenLogprob,
)
from llmworks.inference.request import (
    BusyError,
    ContextLengthError,
    OutputError,
    ParameterError,
    Request,
    SamplingParams,
)
from llmworks.inference.sampling import Sampler, StageReport

__all__ = [
    "BusyError",
    "ContextLengthError",
    "Engine",
    "EngineStatus",
    "Event",
    "FinishEvent",
    "Generation",
    "OutputError",
    "ParameterError",
    "PromptEvent",
    "Request",
    "Sampler",
    "SamplingParams",
    "StageReport",
    "Stream",
    "Timing",
    "TokenEvent",
    "TokenLogprob",
]
