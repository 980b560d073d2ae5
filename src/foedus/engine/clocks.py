"""The keyed noise: every random number is a pure function of (seed, run, label, n).

A label names one stream of draws: the clock of an event instance, a draw in its effects, an option
of a choice. Its key k is 64 bits of a hash of its name, so it is the same in every world and at
every size. The n-th number of a label, in a run with keys (K1, K2), is modulo 2^64

    z = K1 + G (k + n)
    z = (z ^ z >> 32) M1;  z = z ^ z >> 29;  z = z ^ K2
    z = (z ^ z >> 32) M2;  z = z ^ z >> 29

with G = 2^64 / golden ratio, odd. For one run (k + n) -> z is one-to-one: streams of one run never
repeat, and overlap only if their keys lie closer than the streams are long (`verify_labels`).
G and the counter are those of SplitMix, and so are the multipliers M1 and M2 and the finaliser of
`run_keys` (Stafford's thirteenth variant) [Steele2014]_. What the noise was tested with is in
`docs/decisions/adr-0003-keyed-clocks.md`.

References
----------
.. [Steele2014] G. L. Steele, D. Lea, C. H. Flood (2014), Fast splittable pseudorandom number
   generators, ACM SIGPLAN Notices 49 (10), 453-472.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from itertools import pairwise

from foedus.engine.elementary import logarithm

MASK = 0xFFFFFFFFFFFFFFFF
GOLDEN = 0x9E3779B97F4A7C15
FIRST_MULTIPLIER = 0xBF58476D1CE4E5B9
SECOND_MULTIPLIER = 0x94D049BB133111EB
# Two arbitrary constants that keep the two words of a run's key apart.
FIRST_WORD = int.from_bytes(b"foedus/1", "little")
SECOND_WORD = int.from_bytes(b"foedus/2", "little")

SHORTEST_GAP = 2**20


class ClockCollision(Exception):  # noqa: N818 - it names what happened, like KeyboardInterrupt
    """Two labels whose streams would meet; renaming either one cures it."""

    def __init__(self, first: str, second: str, gap: int) -> None:
        super().__init__(first, second, gap)
        self.first = first
        self.second = second
        self.gap = gap

    def __str__(self) -> str:
        return (
            f"the noise of `{self.first}` and of `{self.second}` would overlap after "
            f"{self.gap} draws; rename one of them"
        )


def label_name(kind: str, labels: tuple[str, ...], site: str = "clock") -> str:
    """The full name of a label: `kind[label,label]#site`, with `kind` the qualified event kind."""
    return f"{kind}[{','.join(labels)}]#{site}"


def label_key(kind: str, labels: tuple[str, ...], site: str = "clock") -> int:
    """The 64-bit key of a label: the first 8 bytes (little endian) of the SHA-256 of its name."""
    digest = sha256(label_name(kind, labels, site).encode()).digest()
    return int.from_bytes(digest[:8], "little")


def _mixed(z: int) -> int:
    """A one-to-one mixing of 64 bits: each bit of z flips each bit of the result half the time."""
    z = ((z ^ (z >> 30)) * FIRST_MULTIPLIER) & MASK
    z = ((z ^ (z >> 27)) * SECOND_MULTIPLIER) & MASK
    return z ^ (z >> 31)


def world_word(seed: int) -> int:
    """What the words of all runs of a seed are made from."""
    return _mixed((_mixed(seed ^ FIRST_WORD) + GOLDEN) & MASK)


def run_keys(seed: int, run: int) -> tuple[int, int]:
    """The two 64-bit words that all noise of a run is keyed by.

    Any difference in the seed or the run number changes each bit of each word half the time; runs
    of one seed all have different first words. Seeds and run numbers are whole numbers from 0 to
    2^64 - 1; anything else is a `ValueError`.
    """
    if not (0 <= seed <= MASK and 0 <= run <= MASK):
        raise ValueError(f"seed and run must lie within 0..2^64 - 1, not {seed} and {run}")
    world = world_word(seed)
    first = _mixed((world + GOLDEN * run) & MASK)
    second = _mixed((_mixed(first ^ SECOND_WORD) + world) & MASK)
    return first, second


def bits(keys: tuple[int, int], k: int, n: int) -> int:
    """The n-th 64 random bits of the label with key k, as an integer; n from 0."""
    first, second = keys
    z = (first + GOLDEN * (k + n)) & MASK
    z = ((z ^ (z >> 32)) * FIRST_MULTIPLIER) & MASK
    z ^= z >> 29
    z ^= second
    z = ((z ^ (z >> 32)) * SECOND_MULTIPLIER) & MASK
    return z ^ (z >> 29)


def uniform(keys: tuple[int, int], k: int, n: int) -> float:
    """The n-th uniform number of a label: an odd multiple of 2^-53, strictly between 0 and 1."""
    return ((bits(keys, k, n) >> 12) + 0.5) * 2.220446049250313e-16


def unit_exponential(keys: tuple[int, int], k: int, n: int) -> float:
    """The n-th unit exponential of a label: -log of its uniform, between 2^-53 and 36.8."""
    return -logarithm(uniform(keys, k, n))


def verify_labels(keys: Mapping[str, int], draws: int = SHORTEST_GAP) -> int:
    """The smallest distance, around the circle of 2^64, between the keys of two labels.

    `keys` gives the key of each label by name. A run may take up to that many numbers of one label
    before it would repeat those of another. Raises `ClockCollision` where it is less than `draws`
    (0 for equal keys). Among N labels, chance makes the gap less than 2^20 about N^2 times in 2^44.
    """
    ordered = sorted(keys.items(), key=lambda label: (label[1], label[0]))
    if len(ordered) < 2:
        return MASK + 1
    ordered.append((ordered[0][0], ordered[0][1] + MASK + 1))
    gap, first, second = min(
        (above[1] - below[1], below[0], above[0]) for below, above in pairwise(ordered)
    )
    if gap < draws:
        raise ClockCollision(first, second, gap)
    return gap
