"""Side-by-side benchmarks: ours and the peer in one run, interleaved, with ratios."""
