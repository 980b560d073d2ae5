"""One common prior for all that explanations were given separately.

Rival explanations are rival mechanisms; but each also has numbers of its own, and a verdict may
come from what was judged or assumed of these. So it is asked for again with the same prior for all
of them that are measured in one unit: lognormal (logit-normal for shares), with 80 % between the
lowest 10 % and the highest 90 % quantile of those that it takes the place of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, log

from foedus.case.case import Case
from foedus.expr.laws import LogitNormal, LogNormal, Normal
from foedus.expr.prior import Prior
from foedus.expr.scales import logistic, logit

Z_80 = 1.2815515655446004
"""The 90 % quantile of the standard normal law."""


def common_priors(case: Case, names: Sequence[str], laws: Mapping[str, Prior]) -> dict[str, Prior]:
    """The common prior of each of these parameters, by name, in days and per day.

    A unit that only one of them has changes nothing, nor do numbers that may be negative.
    """
    by_unit: dict[str, list[str]] = {}
    for name in names:
        by_unit.setdefault(case.parameters[name].unit, []).append(name)
    found = {}
    for unit, alike in by_unit.items():
        ranges = [laws[name].interval(0.8) for name in alike]
        low, high = min(one[0] for one in ranges), max(one[1] for one in ranges)
        if len(alike) > 1:
            found.update(dict.fromkeys(alike, _between(low, high, unit)))
    return found


def _between(low: float, high: float, unit: str) -> Prior:
    """80 % between two numbers, on the scale that suits them."""
    if unit == "share" and low > 0.0 and high < 1.0:
        middle, spread = (logit(low) + logit(high)) / 2.0, (logit(high) - logit(low)) / 2.0
        return LogitNormal(logistic(middle), spread / Z_80)
    if low > 0.0:
        middle, spread = (log(low) + log(high)) / 2.0, (log(high) - log(low)) / 2.0
        return LogNormal(exp(middle), exp(spread / Z_80))
    return Normal((low + high) / 2.0, (high - low) / 2.0 / Z_80)
