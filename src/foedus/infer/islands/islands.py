"""Independent runs of the sampler, and what they agree on.

Each island is a run of its own, with its own noise, and their spread is the error; nothing else of
what the sampler does is trusted to say how wrong it may be. How probable the record is in all atoms
together is averaged over islands (an average of unbiased estimates is one). How the atoms compare
is known much better, since each island compares them with the same particles; it is taken from all
islands alike, not from the one that happens to find the record most probable.

References
----------
.. [Grosse2015] R. Grosse, Z. Ghahramani, R. Adams (2015), Sandwiching the marginal likelihood using
   bidirectional Monte Carlo, arXiv:1511.02543.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import numpy as np
from numpy.typing import NDArray

from foedus.frozen import dataclass
from foedus.infer.particles.target import Target
from foedus.infer.particles.weights import Numbers, log_mean, log_sum
from foedus.infer.sampler.crew import Crew
from foedus.infer.sampler.sampler import Course, Settings, sample

NOT_FOUND = 3.0
"""Nats below the best island at which an island is held not to have found an atom's courses."""

PARTS = 1000
"""How finely the progress of an island is told."""


class _OverError(Exception):
    """Ends an island whose result nobody waits for any more."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A logarithm with its standard error, from independent runs; -inf where all found nothing."""

    log: float
    error: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What all islands found.

    `levels` is log p(first steps | atom) (island, atom, known), with the same probability of the
    steps in all atoms together in each island; `totals` is what each island itself found for that
    (island, known).
    """

    steps: tuple[str, ...]
    priors: Numbers
    levels: Numbers
    courses: tuple[Course, ...]
    totals: Numbers | None = None

    def of(self, atoms: Sequence[int], known: int = -1) -> Estimate:
        """log p(what is known | one of these atoms), with their priors as weights.

        Atoms that were all ruled out beforehand count alike. Islands that the record has left
        nothing of have a part in the level of all (`level_out`), and none in how atoms compare.
        """
        own = self.of_islands(atoms, known)
        alive = (self.levels[:, :, known] > -np.inf).any(axis=1)
        own = own[alive] if alive.any() else own
        apart = replace(combine(own), error=combine(cut_off(own)).error)
        if self.totals is None or apart.log == -np.inf:
            return apart
        return Estimate(
            apart.log, float(np.hypot(apart.error, combine(self.totals[:, known]).error))
        )

    def of_islands(self, atoms: Sequence[int], known: int = -1) -> Numbers:
        """The same island by island (island,)."""
        chosen = list(atoms)
        priors = self.priors[chosen] if self.priors[chosen].any() else np.ones(len(chosen))
        with np.errstate(divide="ignore"):
            logs = np.log(priors / priors.sum())
        return np.array([log_sum(logs + island[chosen, known]) for island in self.levels])

    @property
    def living(self) -> tuple[int, ...]:
        """The islands of which the record has left some particles, by number."""
        is_alive = (self.levels[:, :, -1] > -np.inf).any(axis=1)
        return tuple(np.flatnonzero(is_alive).tolist())

    def has_found(self, atoms: Sequence[int]) -> NDArray[np.bool_]:
        """Which islands have found courses of these atoms that fit the whole record (island,)."""
        own = self.of_islands(atoms)
        found: NDArray[np.bool_] = own >= own.max() - NOT_FOUND
        return found

    @property
    def neutral(self) -> dict[str, float]:
        """What each step is worth to those who do not trust its origin, by name."""
        return dict(zip(self.steps, self.neutrals.tolist(), strict=True))

    @property
    def neutrals(self) -> Numbers:
        """The same in the order of steps (step,).

        The mean of the islands that came to the end, as the others stopped on the way; all, if none
        did.
        """
        living = self.living or range(len(self.courses))
        means: Numbers = np.mean([self.courses[island].neutral for island in living], axis=0)
        return means

    @property
    def first_unmet(self) -> str | None:
        """The step from which on nothing is left of any atom that may be true; None if none is."""
        best = self.levels[:, self.priors > 0.0].max(axis=(0, 1))
        last = int(np.flatnonzero(best > -np.inf)[-1])
        return self.steps[last] if last < len(self.steps) else None

    def gains(self, atoms: Sequence[int], beside: Sequence[int] | None = None) -> Numbers:
        """What each step weighs in these atoms (step,); they sum to the log evidence.

        The median over the islands that found the atoms' courses (over all, if none did), which one
        that loses some at a step and finds others at the next does not move; or that of how far
        they lie from what each finds for the atoms `beside` them, in which islands differ less.
        What the log evidence has over the sum of medians goes to the steps on which islands differ,
        by their variance, or where some lost the atoms' courses if only one did not. -inf where a
        step rules the atoms out; nan after it, since nothing follows from what cannot be.
        """
        own, total = self.gains_of_islands(atoms), self.of(atoms).log
        alive = _are_finite(own)
        if not alive.any():
            logs = np.array([self.of(atoms, known).log for known in range(self.levels.shape[2])])
            with np.errstate(invalid="ignore"):
                changes: Numbers = np.diff(logs)
            return changes
        found = self.has_found(atoms)
        if beside is not None and list(beside) != list(atoms):
            other = self.gains_of_islands(beside)
            both = alive & _are_finite(other)
            if both.any():
                found &= self.has_found(beside)
                more = total - self.of(beside).log
                with np.errstate(invalid="ignore"):  # where both have lost the atoms
                    kept = _first(own - other, found, both)
                return self.gains(beside) + _summing_to(more, kept, own)
        return _summing_to(total, _first(own, found, alive), own)

    def gains_of_islands(self, atoms: Sequence[int]) -> Numbers:
        """What each step weighs by each island alone (island, step); as `gains` what is not so."""
        own = replace(self, levels=np.stack([course.levels for course in self.courses]))
        levels = [own.of_islands(atoms, known) for known in range(self.levels.shape[2])]
        with np.errstate(invalid="ignore"):
            found: Numbers = np.diff(np.stack(levels, axis=1), axis=1)
        return found


def _are_finite(gains: Numbers) -> NDArray[np.bool_]:
    """Which islands lost nothing on the way (island,)."""
    return np.array([bool(np.isfinite(one).all()) for one in gains])


def _first(gains: Numbers, found: NDArray[np.bool_], alive: NDArray[np.bool_]) -> Numbers:
    """Those of the islands that found courses, else of all that are alive."""
    return gains[found & alive] if (found & alive).any() else gains[alive]


def _summing_to(total: float, found: Numbers, own: Numbers) -> Numbers:
    """Medians of what islands found (island, step) with what is left of a total, by variance.

    Where the islands that count do not differ, by how many of all were lost at a step (`own`).
    """
    medians: Numbers = np.median(found, axis=0)
    spread: Numbers = found.var(axis=0)
    if float(spread.sum()) == 0.0:
        spread = np.sum(~np.isfinite(own), axis=0).astype(np.float64)
    if float(spread.sum()) == 0.0:
        return medians
    left: Numbers = (total - medians.sum()) * spread / spread.sum()
    return medians + left


def cut_off(logs: Numbers) -> Numbers:
    """Logarithms (island, ...) without how far an island falls short that has not found courses.

    It finds the atom far too improbable, by any number of nats, and no island finds one too
    probable by as much ([Grosse2015]_); so that number says nothing of how probable the atom is.
    """
    found: Numbers = np.maximum(logs, logs.max(axis=0) - NOT_FOUND)
    return found


def combine(logs: Numbers) -> Estimate:
    """The logarithm of the mean of independent estimates, and its error.

    The error is that of the mean to first order, or that of the mean of the logarithms, whichever
    is larger: where one estimate towers above the others, the first says too little.
    """
    top = log_mean(logs)
    if top == -np.inf or logs.size < 2:
        return Estimate(top, 0.0 if top == -np.inf else np.nan)
    error = float(np.exp(logs - top).std(ddof=1))
    found = logs[logs > -np.inf]
    if found.size > 1:
        error = max(error, float(found.std(ddof=1)))
    return Estimate(top, error / float(np.sqrt(logs.size)))


def run_islands(
    target: Target,
    settings: Settings,
    *,
    islands: int = 4,
    first: int = 0,
    seed: int = 1,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
    crew: Crew | None = None,
) -> Evidence:
    """The evidence from so many independent runs, `workers` of them at a time.

    They are numbered from `first`; other numbers give other runs. The result does not depend on the
    number of workers. At least 4 islands are needed for an error that means something. All end
    within a sweep of moves if the caller is interrupted, or if one of them fails. `progress` counts
    in thousandths of an island; a `crew` that the target's runs go by is told which islands go on.
    """
    shares, is_over, crew = [0.0] * islands, Event(), crew or Crew(workers)

    def one(island: int) -> Course:
        def told(share: float) -> None:
            if is_over.is_set():
                raise _OverError
            shares[island] = share
            if progress is not None:
                progress(round(PARTS * sum(shares)), PARTS * islands)

        with crew.at_work():
            return sample(target, settings, seed, first + island, told)

    if progress is not None:
        progress(0, PARTS * islands)
    if workers <= 1:
        courses = [one(island) for island in range(islands)]
    else:
        pool = ThreadPoolExecutor(min(workers, islands))
        try:
            courses = list(pool.map(one, range(islands)))
        except BaseException:
            is_over.set()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    return evidence_of(target, courses)


def evidence_of(target: Target, courses: Sequence[Course]) -> Evidence:
    """What some independent runs found together."""
    names, priors = tuple(step.name for step in target.steps), np.array(target.atoms)
    levels, totals = level_out(np.stack([course.levels for course in courses]), priors)
    return Evidence(names, priors, levels, tuple(courses), totals)


def level_out(levels: Numbers, priors: Numbers) -> tuple[Numbers, Numbers]:
    """Levels (island, atom, known) with the islands' mean of the total; and each island's total."""
    with np.errstate(divide="ignore"):
        joint = np.log(priors)[None, :, None] + levels
    totals = np.array([[log_sum(one) for one in island.T] for island in joint])
    means = np.array([log_mean(column) for column in totals.T])
    alive = totals > -np.inf
    shift = np.where(alive, means[None, :] - np.where(alive, totals, 0.0), 0.0)
    return levels + shift[:, None, :], totals
