"""In which order: repeatable shuffles, and turns between sources in proportion to their weights.

A shuffle of n things sorts them by a pseudo-random key, `mix(mix(seed) ^ i)`: the same on every machine
and in every version of numpy, and nothing needs to be stored to repeat it.

A mixture gives each turn to the source that is furthest behind its share:

    turn n goes to  argmax_s  w_s · (n + 1) − taken_s

so that at any moment every source has had its share to within a few turns, without luck.
(Stride scheduling: Waldspurger and Weihl 1995. The mixer is splitmix64: Steele, Lea, Flood 2014.)
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from llmworks.errors import DataError

UInt64s = npt.NDArray[np.uint64]


def mix(values: UInt64s) -> UInt64s:
    """Scramble 64-bit numbers, one to one (the finaliser of splitmix64)."""
    with np.errstate(over="ignore"):
        x = values + np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return x ^ (x >> np.uint64(31))


def random_keys(count: int, *seed: int, start: int = 0) -> UInt64s:
    """Pseudo-random 64-bit numbers for the things `start … start + count − 1`; a seed may have parts."""
    state = np.zeros(1, np.uint64)
    for part in seed:
        state = mix(state ^ np.uint64(part & 0xFFFFFFFFFFFFFFFF))
    return mix(np.arange(start, start + count, dtype=np.uint64) ^ state)


def permutation(count: int, *seed: int) -> npt.NDArray[np.int64]:
    """The numbers 0 … count − 1 in an order that depends on nothing but the seed."""
    return np.argsort(random_keys(count, *seed), kind="stable")


class Turns:
    """Whose turn it is, for sources with weights (any positive numbers; only their ratios count).

    `taken[s]` is how many turns source s has had; it is the whole state.
    """

    def __init__(self, weights: Sequence[float]) -> None:
        if not weights:
            raise DataError("a mixture needs at least one source; it was given none")
        for weight in weights:
            if not 0 < weight < float("inf"):
                raise DataError(f"a mixture's weight must be a positive number; it was given {weight!r}")
        total = float(sum(weights))
        self.shares = [weight / total for weight in weights]
        self.taken = [0] * len(weights)

    def take(self) -> int:
        """The source whose turn it is; it counts as taken."""
        turn = sum(self.taken) + 1
        behind = [share * turn - taken for share, taken in zip(self.shares, self.taken, strict=True)]
        source = behind.index(max(behind))
        self.taken[source] += 1
        return source
