"""GGUF, the one-file models of llama.cpp: read, mapped, decoded, quantised, written (which needs torch)."""
