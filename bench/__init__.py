"""Side-by-side benchmarks: each measures ours and the peer in the same run, interleaved, and prints ratios."""
