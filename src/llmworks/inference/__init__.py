"""The loop: prefill, decode, the sampling pipeline, the engine."""
