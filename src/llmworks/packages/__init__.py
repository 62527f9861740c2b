"""A model on disk: config, weights, tokenizer, chat template, generation defaults, card."""
