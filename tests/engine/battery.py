"""Statistical tests of 64-bit random words. Each gives a p-value, two-sided: too good is bad too.

The tests are those of Knuth (The Art of Computer Programming 2, section 3.3.2) and, for ranks and
birthday spacings, of Marsaglia, with the laws given by L'Ecuyer and Simard (TestU01, 2007).
"""

from collections.abc import Callable
from math import comb, sqrt

import numpy as np
import scipy.fft
import scipy.stats
from numpy.typing import NDArray

Words = NDArray[np.uint64]


def two_sided(p: float) -> float:
    """The p-value of being as far out on either side."""
    return 2.0 * min(p, 1.0 - p)


def from_normal(z: float) -> float:
    """The two-sided p-value of a standard normal number."""
    return two_sided(float(scipy.stats.norm.sf(z)))


def from_counts(observed: NDArray[np.int64], shares: NDArray[np.float64]) -> float:
    """The two-sided p-value of Pearson's chi-square, with cells of under 10 expected pooled."""
    expected = shares * observed.sum()
    is_small = expected < 10.0
    pooled = observed[is_small].sum(), expected[is_small].sum()
    observed, expected = observed[~is_small].copy(), expected[~is_small].copy()
    observed[-1] += pooled[0]
    expected[-1] += pooled[1]
    statistic = ((observed - expected) ** 2 / expected).sum()
    return two_sided(float(scipy.stats.chi2.sf(statistic, len(observed) - 1)))


def uniforms(words: Words) -> NDArray[np.float64]:
    """The words as the engine's uniform numbers."""
    return ((words >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52


def each_bit(words: Words) -> float:
    """Each of the 64 bits is set half the time."""
    pairs = [
        int(((words >> np.uint64(bit)) & np.uint64(1)).sum(dtype=np.int64)) for bit in range(64)
    ]
    z = (np.array(pairs) - len(words) / 2) / sqrt(len(words) / 4)
    return two_sided(float(scipy.stats.chi2.sf((z**2).sum(), 64)))


def each_byte(words: Words) -> float:
    """Each value of each of the 8 bytes is equally frequent."""
    columns = words.view(np.uint8).reshape(-1, 8).T
    observed = np.array([np.bincount(column, minlength=256) for column in columns])
    return from_counts(observed.reshape(-1), np.full(2048, 1 / 2048))


def correlation(words: Words) -> float:
    """Numbers 1 to 16 places apart are uncorrelated."""
    u = (uniforms(words) - 0.5) * sqrt(12.0)
    z = [(u[:-lag] * u[lag:]).sum() / sqrt(len(u) - lag) for lag in range(1, 17)]
    return two_sided(float(scipy.stats.chi2.sf(np.square(z).sum(), 16)))


def pairs(words: Words) -> float:
    """Neighbours fill a square evenly (64 x 64 cells)."""
    high = (words >> np.uint64(58)).astype(np.int64)
    cells = high[0::2] * 64 + high[1::2]
    return from_counts(np.bincount(cells, minlength=4096), np.full(4096, 1 / 4096))


def triples_of_low_bits(words: Words) -> float:
    """The lowest bits in use fill a cube evenly (16 x 16 x 16 cells)."""
    low = ((words >> np.uint64(12)) & np.uint64(15)).astype(np.int64)
    low = low[: len(low) // 3 * 3]
    cells = (low[0::3] * 16 + low[1::3]) * 16 + low[2::3]
    return from_counts(np.bincount(cells, minlength=4096), np.full(4096, 1 / 4096))


def runs(words: Words) -> float:
    """The number of runs up and down (Wallis and Moore 1941)."""
    is_up = words[1:] > words[:-1]
    number = 1 + int((is_up[1:] != is_up[:-1]).sum())
    size = len(words)
    return from_normal((number - (2 * size - 1) / 3) / sqrt((16 * size - 29) / 90))


def gaps(words: Words) -> float:
    """Waiting times between numbers below 1/16 are geometric."""
    hits = np.flatnonzero(words < np.uint64(2**60))
    lengths = np.minimum(np.diff(hits) - 1, 100)
    shares = np.append((15 / 16) ** np.arange(100) / 16, (15 / 16) ** 100)
    return from_counts(np.bincount(lengths, minlength=101), shares)


def birthdays(words: Words, shift: int = 32) -> float:
    """Among 4096 birthdays in a year of 2^32 days, equal spacings are Poisson with mean 4."""
    days = ((words >> np.uint64(shift)) & np.uint64(2**32 - 1)).astype(np.int64)
    years = np.sort(days[: len(days) // 4096 * 4096].reshape(-1, 4096), axis=1)
    spacings = np.sort(np.diff(years, axis=1), axis=1)
    number = int((spacings[:, 1:] == spacings[:, :-1]).sum())
    mean = 4.0 * len(years)
    above = float(scipy.stats.poisson.sf(number - 1, mean))
    return min(1.0, 2.0 * min(above, float(scipy.stats.poisson.cdf(number, mean))))


def low_birthdays(words: Words) -> float:
    """The same with the lower bits of those in use."""
    return birthdays(words, 12)


def collisions(words: Words) -> float:
    """2^14 balls in 2^20 urns meet as often as they should."""
    balls, urns = 2**14, 2**20
    throws = np.sort((words >> np.uint64(44)).astype(np.int64).reshape(-1, balls), axis=1)
    number = int((throws[:, 1:] == throws[:, :-1]).sum())
    empty = urns * (1 - 1 / urns) ** balls
    both = urns * (urns - 1) * (1 - 2 / urns) ** balls
    mean, variance = balls - urns + empty, both + empty - empty**2
    return from_normal((number - mean * len(throws)) / sqrt(variance * len(throws)))


def ranks(words: Words) -> float:
    """The ranks of 64 x 64 bit matrices."""
    rows = words[: min(len(words) // 64, 20_000) * 64].reshape(-1, 64).copy()
    rank = np.zeros(len(rows), dtype=np.int64)
    is_used = np.zeros(rows.shape, dtype=bool)
    for bit in range(64):
        has = ((rows >> np.uint64(bit)) & np.uint64(1)).astype(bool)
        free = has & ~is_used
        pivot = free.argmax(axis=1)
        found = free.max(axis=1)
        chosen = np.where(found, rows[np.arange(len(rows)), pivot], np.uint64(0))
        has[np.arange(len(rows)), pivot] = False
        rows ^= np.where(has & found[:, None], chosen[:, None], np.uint64(0))
        is_used[found, pivot[found]] = True
        rank += found
    full = float(np.prod(1.0 - 0.5 ** np.arange(1.0, 65.0)))
    shares = np.array([full, 2.0 * full])
    observed = np.array([(rank == 64).sum(), (rank == 63).sum(), (rank < 63).sum()])
    return from_counts(observed, np.append(shares, 1.0 - shares.sum()))


def spectrum(words: Words) -> float:
    """No frequency stands out: the largest of the periodogram, whose ordinates are exponential."""
    size = len(words)
    power = np.abs(scipy.fft.rfft(uniforms(words) - 0.5)[1:-1]) ** 2 * 12.0 / size
    return two_sided(float(-np.expm1(len(power) * np.log1p(-np.exp(-power.max())))))


def differing_bits(words: Words, distance: int) -> float:
    """Words `distance` apart differ in as many bits as in 64 throws of a coin."""
    differing = np.bitwise_count(words[:-distance] ^ words[distance:])
    shares = np.array([comb(64, k) / 2**64 for k in range(65)])
    # Words overlap in pairs but differences of independent words are pairwise independent.
    return from_counts(np.bincount(differing, minlength=65), shares)


TESTS: dict[str, Callable[[Words], float]] = {
    "each bit": each_bit,
    "each byte": each_byte,
    "correlation": correlation,
    "pairs": pairs,
    "triples of low bits": triples_of_low_bits,
    "runs": runs,
    "gaps": gaps,
    "birthdays": birthdays,
    "low birthdays": low_birthdays,
    "collisions": collisions,
    "ranks": ranks,
    "spectrum": spectrum,
}


def p_values(words: Words, distances: tuple[int, ...]) -> dict[str, float]:
    """All p-values of a stream; `distances` are where its neighbours lie."""
    found = {name: test(words) for name, test in TESTS.items()}
    apart = {f"bits {lag} apart": differing_bits(words, lag) for lag in distances}
    return found | apart
