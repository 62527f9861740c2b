"""Text and ids: tokenizers, pre-tokenisation, special tokens, token metrics."""

from llmworks.text.bag_of_words import BagOfWords
from llmworks.text.bpe import BPETokenizer
from llmworks.text.bpe_train import train_bpe
from llmworks.text.ngram import NGramModel
from llmworks.text.tokenizer import Tokenizer

__all__ = ["BPETokenizer", "BagOfWords", "NGramModel", "Tokenizer", "train_bpe"]
