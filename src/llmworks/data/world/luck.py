"""Numbers that look random and depend on their place alone: SplitMix64 over a counter, arrays at once.

    z = seed + 0x9E3779B97F4A7C15 (n + 1);  z = (z ^ z >> 30) C1;  z = (z ^ z >> 27) C2;  z ^ z >> 31

Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014). Only integers, so every machine
and every numpy agrees; a uniform number is the upper 53 bits over 2^53, exact in a double.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_GOLDEN, _FIRST, _SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_SPREAD = 0xD1342543DE82EF95  # sets the counters of different seeds far apart
_MASK = (1 << 64) - 1


def mixed(seed: int, number: int) -> int:
    """One number of 64 bits from two: the seed of text `number`."""
    z = (seed * _SPREAD + _GOLDEN * (number + 1)) & _MASK
    z = ((z ^ (z >> 30)) * _FIRST) & _MASK
    z = ((z ^ (z >> 27)) * _SECOND) & _MASK
    return z ^ (z >> 31)


def mixed_at(seed: int, numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
    """`mixed(seed, n)` for each n of an array."""
    start = np.uint64((seed * _SPREAD) & _MASK)
    return _scrambled((numbers.astype(np.uint64) + np.uint64(1)) * np.uint64(_GOLDEN) + start)


def mixed_grid(seeds: npt.NDArray[np.uint64], count: int) -> npt.NDArray[np.uint64]:
    """`mixed(seed, n)` for each seed, and n below `count`: [seeds, count]."""
    steps = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(_GOLDEN)
    return _scrambled((seeds * np.uint64(_SPREAD))[:, None] + steps)


def _scrambled(z: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    z = (z ^ (z >> np.uint64(30))) * np.uint64(_FIRST)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(_SECOND)
    return z ^ (z >> np.uint64(31))


def mixed_array(seed: int, count: int) -> npt.NDArray[np.uint64]:
    """`mixed(seed, n)` for n below `count`."""
    return mixed_at(seed, np.arange(count))


def even(numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.float64]:
    """Their upper 53 bits, as numbers of [0, 1)."""
    return (numbers >> np.uint64(11)) / float(1 << 53)


def uniforms(seed: int, count: int) -> npt.NDArray[np.float64]:
    """`count` numbers of [0, 1)."""
    return even(mixed_array(seed, count))


def shuffled(seed: int, count: int) -> npt.NDArray[np.int64]:
    """The numbers below `count` in an order of luck."""
    return np.argsort(mixed_array(seed, count), kind="stable")
