"""GGUF files as packages and packages as GGUF files: architectures, names, presets."""
