"""What a user can mend: every error that the project raises on bad input.

The command line and the server show these as one message, without a traceback; anything else that
escapes is a fault of ours. A message says what was given, what was expected, where, and what to do.
"""


class LLMWorksError(Exception):
    """Base of all errors that the user can mend."""


class TokenizerError(LLMWorksError):
    """A tokenizer file or vocabulary that does not hold together."""


class PackageError(LLMWorksError):
    """A model package (folder or file) that is incomplete, contradictory or unsafe."""


class ConfigError(LLMWorksError):
    """A model configuration or recipe with a value that cannot be used."""


class DataError(LLMWorksError):
    """A corpus, shard or conversation that cannot be read."""


class TrainingError(LLMWorksError):
    """A training run that cannot start, resume or go on."""


class RequestError(LLMWorksError):
    """A generation request that cannot be served as asked."""
