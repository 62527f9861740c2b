"""Text and ids: tokenizers, pre-tokenisation, special tokens, token metrics."""
