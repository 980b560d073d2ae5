"""Weights of evidence in decibels: ten times the decimal logarithm of a likelihood ratio."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, inf, isnan, log, nan

from foedus.infer.islands.standings import Standing
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
