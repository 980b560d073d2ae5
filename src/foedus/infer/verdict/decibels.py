"""Weights of evidence in decibels: ten times the decimal logarithm of a likelihood ratio.

Beside each the standard error that sampling leaves, from what independent runs make of the same
piece; nan where nothing was sampled, or too few runs found an explanation's courses to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import exp, inf, isfinite, isnan, log, nan, sqrt
from statistics import stdev

from foedus.frozen import dataclass
from foedus.infer.islands.standings import Standing, errors_of_95
from foedus.infer.verdict.verdict import Weight

PER_NAT = 10.0 / log(10.0)


def decibels(nats: float) -> float:
    """A log likelihood ratio in decibels."""
    return nats * PER_NAT


def against_average(weight: Weight, standings: Sequence[Standing]) -> Mapping[str, float]:
    """How much a piece of evidence speaks for each rival, in decibels, -inf where it rules it out.

    Compared with its probability averaged over the rivals that are left, with their priors; nan for
    those that had been ruled out before.
    """
    rivals = [one for one in standings if one.is_rival]
    left = [one for one in rivals if not isnan(weight.log_weight[one.name])]
    top = max((weight.log_weight[one.name] for one in left), default=-inf)
    if top == -inf:
        return {one.name: 0.0 if one in left else nan for one in rivals}
    total = sum(one.prior for one in left)
    average = top + log(
        sum(one.prior / total * exp(weight.log_weight[one.name] - top) for one in left)
    )
    return {one.name: decibels(weight.log_weight[one.name] - average) for one in rivals}


def from_prior(totals: Mapping[str, float], standings: Sequence[Standing]) -> Mapping[str, float]:
    """How far a record has moved the probability of each rival, in decibels.

    `totals` is the log probability of the record under each; what comes back is the posterior over
    the prior, -inf for those that the record rules out (also where their total is nan).
    """
    priors = {one.name: one.prior for one in standings if one.is_rival}
    left = {one: total for one in priors if not isnan(total := totals[one])}
    top = max(left.values(), default=-inf)
    if top == -inf:
        return dict.fromkeys(priors, -inf)
    whole = sum(priors[one] * exp(total - top) for one, total in left.items())
    average = top + log(whole)  # the priors of rivals sum to one
    return {one: decibels(left.get(one, -inf) - average) for one in priors}


def between(weight: Weight, first: str, second: str) -> float:
    """How much it speaks for the first explanation against the second, in decibels.

    0 where one of them had been ruled out before.
    """
    one, other = weight.log_weight[first], weight.log_weight[second]
    return 0.0 if one == other or isnan(one - other) else decibels(one - other)


@dataclass(frozen=True, slots=True)
class Spread:
    """How far sampling leaves a number open: its standard error over so many independent runs.

    nan where fewer than two runs say something of it, or nothing was sampled.
    """

    error: float
    runs: int

    @property
    def reach(self) -> float:
        """How far it may lie from the truth in 95 of 100 cases."""
        return errors_of_95(self.runs) * self.error


def is_clear(piece: Weight, value: float, spread: Spread) -> bool:
    """Whether sampling alone would make less of a piece that weighs nothing, in 95 of 100.

    So is every value where nothing was sampled, and none of which too few runs say something.
    """
    return piece.runs is None or abs(value) > spread.reach


def spread_between(weight: Weight, first: str, second: str) -> Spread:
    """How far `between` is open."""
    runs = (one.log_weight for one in _by_run(weight))
    return _spread(decibels(one[first] - one[second]) for one in runs)


def spreads_against_average(weight: Weight, standings: Sequence[Standing]) -> Mapping[str, Spread]:
    """How far `against_average` is open."""
    found = [against_average(one, standings) for one in _by_run(weight)]
    return {one.name: _spread(run[one.name] for run in found) for one in standings if one.is_rival}


def spreads_from_prior(
    weights: Sequence[Weight], standings: Sequence[Standing]
) -> Iterator[Mapping[str, Spread]]:
    """How far `from_prior` is open after each piece of a record, in order."""
    names = [one.name for one in standings if one.is_rival]
    sums: list[dict[str, float]] = []
    for weight in weights:
        runs = _by_run(weight)
        sums = sums or [dict.fromkeys(names, 0.0) for _ in runs]
        for total, run in zip(sums, runs, strict=True):
            for name in names:
                total[name] += run.log_weight[name]
        found = [from_prior(one, standings) for one in sums]
        yield {name: _spread(one[name] for one in found) for name in names}


def _by_run(weight: Weight) -> list[Weight]:
    """The piece as each run found it: nan for what that run had lost."""
    runs = weight.runs or {}
    count = len(next(iter(runs.values()))) if runs else 0
    return [
        replace(weight, log_weight={name: _kept(own[place]) for name, own in runs.items()})
        for place in range(count)
    ]


def _kept(log_weight: float) -> float:
    return log_weight if isfinite(log_weight) else nan


def _spread(found: Iterable[float]) -> Spread:
    known = [one for one in found if isfinite(one)]
    error = stdev(known) / sqrt(len(known)) if len(known) > 1 else nan
    return Spread(error, len(known))
