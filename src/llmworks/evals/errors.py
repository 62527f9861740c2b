"""What can be wrong with a task or a result that somebody gives."""

from llmworks.errors import LLMWorksError


class EvalError(LLMWorksError):
    """A task file, its data or a result file that cannot be used."""
