"""Where each explanation stands: prior, evidence, posterior, each with its error.

The posterior of an explanation is prior x evidence over the sum of that of its rivals; a set of
atoms stands beside them. The interval is what the Monte Carlo error leaves open (95 %): the log
odds of an explanation against all others, with the jackknife's standard error over islands
[Efron1981]_. So few islands know their own spread badly, and Student's quantile for their number
takes the place of the normal one: 3.2 standard errors of four, 2.4 of eight. What the assumptions
leave open is another matter, and is told by flips.

References
----------
.. [Efron1981] B. Efron, C. Stein (1981), The jackknife estimate of variance, Ann. Statist. 9,
   586-596.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import inf, isfinite, log, sqrt

import numpy as np
from scipy import special

from foedus.frozen import dataclass
from foedus.infer.islands.islands import Evidence, cut_off
from foedus.infer.particles.weights import Numbers, log_mean, log_sum
from foedus.jump.model import JumpModel


def errors_of_95(islands: int) -> float:
    """How many standard errors from so many islands leave out 5 % on both sides together."""
    return float(special.stdtrit(max(islands - 1, 1), 0.975))


LEAST_WEIGHT = 1.1512925464970229
"""Half of a factor of ten (5 decibels): below it evidence is barely worth mentioning (Jeffreys)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An explanation or a set: its atoms by number, and where it stands. Logarithms in nats.

    `error` is the standard error of the log evidence, `odds_error` that of the log odds against all
    other atoms.
    """

    name: str
    atoms: tuple[int, ...]
    is_rival: bool
    prior: float
    log_evidence: float
    error: float
    posterior: float
    low: float
    high: float
    odds_error: float


def standings(model: JumpModel, evidence: Evidence) -> tuple[Standing, ...]:
    """All explanations, then all sets, in file order."""
    number = {atom.name: place for place, atom in enumerate(model.atoms)}
    readings = [
        (one.name, tuple(number[name] for name in one.atoms), one.is_rival)
        for one in model.explanations
    ]
    if not any(is_rival for _, _, is_rival in readings):  # atoms are the rivals of a plain case
        readings = [
            (atom.name, (place,), True) for place, atom in enumerate(model.atoms)
        ] + readings
    return tuple(_standing(*one, evidence) for one in readings)


def _standing(name: str, atoms: tuple[int, ...], is_rival: bool, evidence: Evidence) -> Standing:
    estimate = evidence.of(atoms)
    others = [place for place in range(len(evidence.priors)) if place not in atoms]
    odds = log_odds(evidence, atoms, others)
    error = _jackknife(evidence, atoms, others)
    posterior = _logistic(odds)
    reach = errors_of_95(len(evidence.living)) * error
    low, high = _logistic(odds - reach), _logistic(odds + reach)
    prior = float(evidence.priors[list(atoms)].sum())
    return Standing(
        name, atoms, is_rival, prior, estimate.log, estimate.error, posterior, low, high, error
    )


def log_odds(
    evidence: Evidence, atoms: Sequence[int], others: Sequence[int],
    islands: Sequence[int] | None = None,
) -> float:  # fmt: skip
    """The posterior log odds of some atoms against others, from some or all islands."""
    chosen = list(range(len(evidence.levels))) if islands is None else list(islands)
    for_it = _joint(evidence, atoms, chosen)
    against = _joint(evidence, others, chosen)
    if for_it == against == -inf:
        return 0.0
    return for_it - against


def _joint(evidence: Evidence, atoms: Sequence[int], islands: list[int]) -> float:
    """log of the sum over atoms of prior x evidence, averaged over islands."""
    logs: list[float] = []
    for atom in atoms:
        prior = float(evidence.priors[atom])
        if prior > 0.0:
            logs.append(log(prior) + log_mean(evidence.levels[islands, atom, -1]))
    return log_sum(np.array(logs)) if logs else -inf


def _jackknife(evidence: Evidence, atoms: Sequence[int], others: Sequence[int]) -> float:
    """The standard error of the log odds, how far an island falls short cut off (`cut_off`).

    Over the islands that came to the end: of odds the others know nothing. 0 where one side is
    impossible.
    """
    count = len(evidence.living)
    if count < 2 or not isfinite(log_odds(evidence, atoms, others)):
        return 0.0
    evidence = replace(evidence, levels=cut_off(evidence.levels[list(evidence.living)]))
    without = [
        log_odds(evidence, atoms, others, [i for i in range(count) if i != left])
        for left in range(count)
    ]
    if not np.all(np.isfinite(without)):
        return inf
    spread: Numbers = np.array(without)
    return sqrt((count - 1) * float(spread.var()))


def _logistic(odds: float) -> float:
    return float(special.expit(odds))
