"""The law of a Markov chain after a time, by uniformisation with a stated error bound.

With `A` the generator and `q` at least as large as every rate of leaving, `P = I + A / q` is a
matrix of probabilities and `exp(A t) = sum_k Poisson(k; q t) P^k` [Jensen1953]_. All terms are at
least zero, so nothing cancels. Leaving out the terms below `L` and above `R` loses at most the
Poisson mass outside [Fox-Glynn1988]_. Where moves add mass (an observation made at a random time),
`P` may grow by a factor `1 + c / q`; the bound is then that of a Poisson of mean `(q + c) t`.

References
----------
.. [Jensen1953] A. Jensen (1953), Markoff chains as an aid in the study of Markoff processes,
   Skandinavisk Aktuarietidskrift 36, 87-91.
.. [Fox-Glynn1988] B. L. Fox, P. W. Glynn (1988), Computing Poisson probabilities, Communications of
   the ACM 31, 440-445.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import pdtr, pdtrc

from foedus.exact.refusal import NotExactError
from foedus.frozen import dataclass

Numbers = NDArray[np.float64]
Matrix: TypeAlias = "csr_array | Numbers"
"""Sparse, or whole where it is small."""

TOLERANCE = 1e-14
"""Mass of the Poisson law that may be left out of one segment of time."""

LONGEST = 3_000_000
"""Terms of one sum; a segment that needs more is refused as too stiff."""

ROUNDING = 2.0**-52
"""Relative error of one multiplication and addition."""


@dataclass(frozen=True, slots=True, eq=False)
class Generator:
    """A generator ready for uniformisation: `P` transposed (target, source), and its rate `q`.

    `growth` is `c` above, 0 where no mass is added.
    """

    chances: Matrix
    rate: float
    growth: float


def generator(moves: Matrix, leaving: Numbers) -> Generator:
    """The generator of a chain that leaves state i at the rate `leaving[i]` per day altogether.

    `moves` (target, source) has the rates per day of what arrives; rates that lead nowhere else in
    the matrix are mass that is lost.
    """
    size = leaving.size
    rate = float(leaving.max(initial=0.0))
    arriving = np.asarray(moves.sum(axis=0)).ravel() - leaving
    growth = max(0.0, float(arriving.max(initial=0.0)) - 1e-12 * rate)
    if rate == 0.0 and growth == 0.0:
        return Generator(moves, 0.0, 0.0)
    rate = max(rate, growth)
    if isinstance(moves, np.ndarray):
        return Generator(moves / rate + np.diag(1.0 - leaving / rate), rate, growth)
    staying = csr_array(
        (1.0 - leaving / rate, (np.arange(size), np.arange(size))), shape=(size, size)
    )
    return Generator((moves / rate + staying).tocsr(), rate, growth)


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """A stretch of time without dated events, and numbers read off the law on the way.

    `readings[k]` (reading,) belongs to the k-th power of `P`; after the last they stay as they are.
    """

    start: float
    end: float
    rate: float
    readings: Numbers

    def at(self, time: float) -> Numbers:
        """The readings at a time of the segment (reading,)."""
        first, weights = poisson(self.rate * (time - self.start))
        places = np.minimum(np.arange(first, first + weights.size), len(self.readings) - 1)
        found: Numbers = weights @ self.readings[places]
        return found

    def integral(self, time: float) -> Numbers:
        """The readings integrated over time from the segment's start to a time (reading,)."""
        length = time - self.start
        if self.rate == 0.0:
            flat: Numbers = self.readings[-1] * length
            return flat
        mean = self.rate * length
        beyond = pdtrc(np.arange(len(self.readings)), mean)
        rest = max(0.0, mean - float(beyond.sum()))
        found: Numbers = (beyond @ self.readings + rest * self.readings[-1]) / self.rate
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Evolved:
    """The law at the end of a segment (state,), what was read on the way, and the error bound.

    `cut` bounds the sum of all absolute errors of `law` by what the sum leaves out, `rounding` the
    relative error of each of its entries besides, and `error` all together.
    """

    law: Numbers
    segment: Segment
    cut: float = 0.0
    rounding: float = 0.0

    @property
    def error(self) -> float:
        """The bound on the sum of all absolute errors."""
        return self.cut + self.rounding * float(np.abs(self.law).sum() + self.cut)


def poisson(
    mean: float, tolerance: float = TOLERANCE, last: int | None = None
) -> tuple[int, Numbers]:
    """The first number whose Poisson probability matters, and the probabilities from there on.

    What is left out on either side is at most `tolerance` (after `last`, if that is given). The
    ratios of neighbours are exact to rounding, and the sum is one.
    """
    if mean <= 0.0:
        return 0, np.ones(1)
    if last is None:
        last = _last(mean, tolerance)
    first = 0
    if mean > 30.0:
        first = max(0, int(mean - 9.0 * np.sqrt(mean) - 10.0))
        while first > 0 and pdtr(first - 1, mean) > tolerance:
            first = max(0, int(first - np.sqrt(mean)))
    mode = min(max(int(mean), first), last)
    up = np.cumprod(mean / np.arange(mode + 1, last + 1))
    down = np.cumprod(np.arange(mode, first, -1) / mean)[::-1]
    weights = np.concatenate([down, [1.0], up])
    return first, weights / weights.sum()


def _last(mean: float, tolerance: float) -> int:
    last = int(mean + 9.0 * np.sqrt(mean) + 20.0)
    while pdtrc(last, mean) > tolerance:
        last += 10 + int(np.sqrt(mean))
    return last


def evolve(
    made: Generator,
    law: Numbers,
    start: float,
    end: float,
    read: Numbers | None = None,
    tolerance: float = TOLERANCE,
) -> Evolved:
    """The law (state,) at `end`, given it at `start`; `read` (reading, state) is read on the way.

    Where the law no longer changes, the sum ends early; what it could still change by is added to
    the error bound.
    """
    mean = made.rate * (end - start)
    mass = float(np.abs(law).sum())
    reader = np.zeros((0, law.size)) if read is None else read
    if mean == 0.0 or mass == 0.0:
        return Evolved(law, Segment(start, end, made.rate, (reader @ law)[None, :]))
    growing = (made.rate + made.growth) * (end - start)
    bound = np.exp(made.growth * (end - start))
    last = _last(growing, tolerance)
    if last > LONGEST:
        what = f"events would follow each other {mean:,.0f} times between two dates"
        raise NotExactError(what, "simulate, or let the clock end earlier")
    first, weights = poisson(mean, tolerance, last)
    padded = np.concatenate([np.zeros(first), weights])
    total = np.zeros_like(law)
    readings = np.empty((last + 1, len(reader)))
    lost = 2.0 * tolerance * bound * mass
    left = 1.0
    term, number = law, 0
    while True:
        weight = padded[number]
        readings[number] = reader @ term
        if weight:
            total += weight * term
        left -= weight
        if number == last:
            break
        following = made.chances @ term
        if made.growth == 0.0 and number % 16 == 0:
            change = float(np.abs(following - term).sum())
            if change * (last - number) <= tolerance * mass:
                total += max(0.0, left) * following
                lost += change * (last - number)
                break
        term, number = following, number + 1
    segment = Segment(start, end, made.rate, readings[: number + 1])
    return Evolved(total, segment, lost, ROUNDING * 4.0 * (number + 2))
