"""The keyed noise for whole arrays, and the orders in which engines read it."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from foedus.engine import clocks

Words = NDArray[np.uint64]
SEED = 20220105


def word(value: int) -> np.uint64:
    """A number modulo 2^64."""
    return np.uint64(value & clocks.MASK)


def mixed(z: Words) -> Words:
    """The twin of the mixing inside `clocks.run_keys`."""
    z = (z ^ (z >> word(30))) * word(clocks.FIRST_MULTIPLIER)
    z = (z ^ (z >> word(27))) * word(clocks.SECOND_MULTIPLIER)
    return z ^ (z >> word(31))


def run_keys(seed: Words, run: Words) -> tuple[Words, Words]:
    """The twin of `clocks.run_keys`."""
    world = mixed(mixed(seed ^ word(clocks.FIRST_WORD)) + word(clocks.GOLDEN))
    first = mixed(world + word(clocks.GOLDEN) * run)
    return first, mixed(mixed(first ^ word(clocks.SECOND_WORD)) + world)


def bits(keys: tuple[Words, Words], k: Words, n: Words) -> Words:
    """The twin of `clocks.bits`."""
    first, second = keys
    z: Words = first + word(clocks.GOLDEN) * (k + n)
    z = (z ^ (z >> word(32))) * word(clocks.FIRST_MULTIPLIER)
    z = z ^ (z >> word(29))
    z = z ^ second
    z = (z ^ (z >> word(32))) * word(clocks.SECOND_MULTIPLIER)
    return z ^ (z >> word(29))


def count(size: int) -> Words:
    """0, 1, 2, ..."""
    return np.arange(size, dtype=np.uint64)


def label_keys(size: int) -> Words:
    """The keys of the clocks of an event kind over a group."""
    keys = [clocks.label_key("unrest.join", (str(i),)) for i in range(size)]
    return np.array(keys, dtype=np.uint64)


def one(value: int) -> Words:
    """An array of one number, so that it takes part in arithmetic modulo 2^64."""
    return np.array([value], dtype=np.uint64)


def by_number(size: int) -> Words:
    """One clock of one run, read on and on."""
    return bits(run_keys(one(SEED), one(7)), label_keys(1), count(size))


def by_run(size: int) -> Words:
    """The same draw in run after run."""
    return bits(run_keys(one(SEED), count(size)), label_keys(1), one(3))


def by_seed(size: int) -> Words:
    """The first draw of run 0 for seed after seed."""
    return bits(run_keys(count(size), one(0)), label_keys(1), one(0))


def by_label(size: int) -> Words:
    """One run: all labels, then all labels again."""
    labels = label_keys(256)
    keys = run_keys(one(SEED), one(7))
    return bits(keys, labels[None, :], count(size // 256)[:, None]).reshape(-1)


def interleaved(size: int) -> Words:
    """As lanes read it: 64 runs side by side, 16 labels, and on to the next number."""
    first, second = run_keys(one(SEED), count(64))
    keys = first[None, None, :], second[None, None, :]
    numbers = count(size // 1024)[:, None, None]
    return bits(keys, label_keys(16)[None, :, None], numbers).reshape(-1)


# Each order with the distances at which its neighbours in run, label and number lie.
ORDERS: dict[str, tuple[Callable[[int], Words], tuple[int, ...]]] = {
    "by number": (by_number, (1, 2, 3)),
    "by run": (by_run, (1, 2, 3)),
    "by seed": (by_seed, (1, 2, 3)),
    "by label": (by_label, (1, 2, 256)),
    "interleaved": (interleaved, (1, 64, 1024)),
}
