"""Two worlds that differ by one decision, run on the same chance: what the decision changed.

Every run is made twice, with the same noise, without and with the interventions. So a difference is
one within runs, and what the decision does not touch cancels.

Notation: atom a with weight w_a, outer draw j, inner run i; y a run's answer and g whether it
counts, in the factual world and (primed) in the other.

- Difference: the ratio of the other world less that of the factual one, `sum w g' y' / sum w g'
  - sum w g y / sum w g`; its error from the spread of the outer draws, linearised ([Cochran1977]_,
  equation 6.13), in which what both worlds share cancels.
- Range: the spread of the difference over parameters and explanations, over the runs that count in
  both worlds, freed of the noise of the runs as in `estimates`, or as in `chained`. Where other
  runs count in one world than in the other, that is not the difference above, which may lie outside
  the range.
- Gain of the coupling: the variance of the difference of two answers taken from independent runs,
  over that of the coupled ones. Infinite where they never differ.
- For a question of yes or no, in what share of the runs the decision turns the answer, each way.

References
----------
.. [Cochran1977] see `estimates`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from foedus.frozen import dataclass
from foedus.jump.model import Atom, Explanation, Monitor
from foedus.questions.chained import chained
from foedus.questions.estimates import (
    UNKNOWN,
    Estimate,
    Numbers,
    Ratio,
    Truths,
    estimate,
    left_sum,
    ratio,
    standard_error,
)
from foedus.questions.runs import Runs

ROUNDING = 1e-24
"""A share of the variance that is nothing but rounding."""


@dataclass(frozen=True, slots=True)
class Worlds:
    """The runs of both worlds, (atom, outer, inner) each, and the weights of the atoms.

    `is_spread` says whether outer draws differ by more than chance. Inner runs are independent if
    they are `apart` by so many numbers: not next to each other where they are courses of a chain.
    """

    atoms: tuple[Atom, ...]
    weights: Numbers
    factual: Runs
    changed: Runs
    is_spread: bool
    apart: int = 1

    def estimate(self, answers: Numbers, counts: Truths, places: tuple[int, ...]) -> Estimate:
        """The estimate over some atoms; arrays are (atom, outer, inner), of all atoms."""
        own = list(places)
        parts = answers[own], counts[own], self.weights[own]
        if self.apart > 1 and self.is_spread:
            return chained(*parts, apart=self.apart)
        return estimate(*parts, is_spread=self.is_spread)


@dataclass(frozen=True, slots=True)
class Turned:
    """The share of runs in which an answer was turned, with the Monte Carlo error."""

    to_yes: float
    to_yes_error: float | None
    to_no: float
    to_no_error: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A question in both worlds.

    `gain` is what the coupling is worth (None where it cannot be said: a single draw, or conditions
    that hold in different runs); `turned` is for questions of yes or no. `by_explanation` has the
    difference under each rival. `is_alike` says whether the same runs count in both worlds; where
    not, nothing is `turned`, and the range is that of the runs that count in both: the difference
    may lie outside it. `never` is, for a `time-until`, the share of runs in which it does not come
    in time, in each world; these count with the whole time. `runs` is how many runs count in each.
    """

    name: str
    kind: str
    factual: Estimate
    counterfactual: Estimate
    difference: Estimate
    gain: float | None
    turned: Turned | None
    by_explanation: dict[str, Estimate]
    is_alike: bool
    runs: tuple[int, int]
    never: tuple[float, float] | None = None


def compare(
    worlds: Worlds, monitors: Sequence[Monitor], explanations: Sequence[Explanation]
) -> tuple[Comparison, ...]:
    """Every question in both worlds."""
    return tuple(
        _compared(worlds, monitor, number, explanations) for number, monitor in enumerate(monitors)
    )


def _compared(
    worlds: Worlds, monitor: Monitor, number: int, explanations: Sequence[Explanation]
) -> Comparison:
    before, after = (_seen(runs, monitor, number) for runs in (worlds.factual, worlds.changed))
    everything = tuple(range(len(worlds.atoms)))
    parts = {}
    for explanation in explanations:
        places = tuple(
            place for place, atom in enumerate(worlds.atoms) if atom.name in explanation.atoms
        )
        if explanation.is_rival and places:
            parts[explanation.name] = _difference(worlds, before, after, places)
    return Comparison(
        monitor.name,
        monitor.kind,
        worlds.estimate(before.answers, before.counts, everything),
        worlds.estimate(after.answers, after.counts, everything),
        _difference(worlds, before, after, everything),
        _gain(before, after, worlds.weights),
        _turned(before, after, worlds.weights) if monitor.kind == "probability" else None,
        parts if len(parts) > 1 else {},
        not bool((before.counts != after.counts).any()),
        (int(np.sum(before.counts)), int(np.sum(after.counts))),
        _never(worlds, number) if monitor.kind == "time-until" else None,
    )


def _never(worlds: Worlds, number: int) -> tuple[float, float] | None:
    """The share of runs without an end of the wait, in each world; None where none counts."""
    first, second = (
        ratio(np.isnan(runs.values[number]).astype(np.float64), runs.counts[number], worlds.weights)
        for runs in (worlds.factual, worlds.changed)
    )
    if first.value is None or second.value is None:
        return None
    return first.value, second.value


@dataclass(frozen=True, slots=True)
class _Seen:
    """The answers of one world to one question, and which runs count: (atom, outer, inner)."""

    answers: Numbers
    counts: Truths

    def ratio(self, weights: Numbers, places: tuple[int, ...]) -> Ratio:
        chosen = list(places)
        return ratio(self.answers[chosen], self.counts[chosen], weights[chosen])


def _seen(runs: Runs, monitor: Monitor, number: int) -> _Seen:
    answers = runs.waited if monitor.kind == "time-until" else runs.values
    return _Seen(answers[number], runs.counts[number])


def difference_of(worlds: Worlds, monitor: Monitor, number: int) -> Estimate:
    """What the decision changes in the answer to one question, in all atoms; without its range."""
    everything = tuple(range(len(worlds.atoms)))
    first, second = (
        _seen(runs, monitor, number).ratio(worlds.weights, everything)
        for runs in (worlds.factual, worlds.changed)
    )
    if first.value is None or second.value is None:
        return UNKNOWN
    error = standard_error(second.influence - first.influence)
    return Estimate(second.value - first.value, None, None, error)


def _difference(worlds: Worlds, before: _Seen, after: _Seen, places: tuple[int, ...]) -> Estimate:
    first, second = (seen.ratio(worlds.weights, places) for seen in (before, after))
    if first.value is None or second.value is None:
        return UNKNOWN
    error = standard_error(second.influence - first.influence)
    both = before.counts & after.counts
    change = np.where(both, after.answers - before.answers, 0.0)
    spread = worlds.estimate(change, both, places)
    return Estimate(second.value - first.value, spread.low, spread.high, error)


def _gain(before: _Seen, after: _Seen, weights: Numbers) -> float | None:
    """The variance of independent differences over that of coupled ones."""
    everything = tuple(range(len(weights)))
    first, second = (seen.ratio(weights, everything) for seen in (before, after))
    if first.value is None or second.value is None or first.above.size < 2:
        return None
    apart = float(np.var(first.influence) + np.var(second.influence))
    together = float(np.var(second.influence - first.influence))
    if apart == 0.0:
        return None
    return apart / together if together > apart * ROUNDING else float("inf")


def _turned(before: _Seen, after: _Seen, weights: Numbers) -> Turned | None:
    both = before.counts
    if (both != after.counts).any():
        return None
    was, is_now = before.answers == 1.0, after.answers == 1.0
    to_yes, to_no = (
        ratio(one.astype(np.float64), both, weights) for one in (~was & is_now, was & ~is_now)
    )
    return Turned(
        to_yes.value or 0.0,
        standard_error(to_yes.influence),
        to_no.value or 0.0,
        standard_error(to_no.influence),
    )


def share_of_runs(truths: Truths, weights: Numbers) -> tuple[float, float | None]:
    """The weighted share of runs in which something holds, and its Monte Carlo error."""
    everywhere = np.ones(truths.shape, dtype=np.bool_)
    share = ratio(truths.astype(np.float64), everywhere, weights)
    return share.value or 0.0, standard_error(share.influence)


def normalised(atoms: Sequence[Atom]) -> Numbers:
    """The prior weights of atoms, summing to one (atom,)."""
    priors: Numbers = np.array([atom.prior for atom in atoms])
    return priors / left_sum(priors)
