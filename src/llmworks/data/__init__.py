"""Corpora to token shards, mixtures, packing, conversations."""
