"""One common prior for all that explanations were given separately.

Rival explanations are rival mechanisms; but each also has numbers of its own, and a verdict may
come from what was judged or assumed of these. So it is asked for again with the same prior for all
of them that are measured in one unit; and of a number that has other priors in other atoms, with
one prior in all. A common prior is lognormal (logit-normal for shares), with 80 % between the
lowest 10 % and the highest 90 % quantile of those that it takes the place of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import exp, log

from foedus.case.case import Case
from foedus.expr.laws import Fixed, LogitNormal, LogNormal, Normal
from foedus.expr.prior import Prior
from foedus.expr.scales import logistic, logit

Z_80 = 1.2815515655446004
"""The 90 % quantile of the standard normal law."""


def common_priors(
    case: Case, names: Sequence[str], laws: Sequence[Mapping[str, Prior]]
) -> dict[str, Prior]:
    """The common prior of each of these parameters, by name, in days and per day.

    `laws` has their priors by atom. A number that some atom holds for known gets none, nor does one
    that has the same prior in all atoms and a unit that no other one has.
    """
    by_unit: dict[str, list[str]] = {}
    found = {}
    for name in names:
        own = [of_atom[name] for of_atom in laws]
        unit = case.parameters[name].unit
        if all(one == own[0] for one in own):
            by_unit.setdefault(unit, []).append(name)
        elif not any(isinstance(one, Fixed) for one in own):
            found[name] = _over(own, unit)
    for unit, alike in by_unit.items():
        if len(alike) > 1:
            found.update(dict.fromkeys(alike, _over([laws[0][name] for name in alike], unit)))
    return found


def _over(laws: Iterable[Prior], unit: str) -> Prior:
    """The prior that takes the place of several."""
    ranges = [law.interval(0.8) for law in laws]
    return _between(min(one[0] for one in ranges), max(one[1] for one in ranges), unit)


def _between(low: float, high: float, unit: str) -> Prior:
    """80 % between two numbers, on the scale that suits them."""
    if unit == "share" and low > 0.0 and high < 1.0:
        middle, spread = (logit(low) + logit(high)) / 2.0, (logit(high) - logit(low)) / 2.0
        return LogitNormal(logistic(middle), spread / Z_80)
    if low > 0.0:
        middle, spread = (log(low) + log(high)) / 2.0, (log(high) - log(low)) / 2.0
        return LogNormal(exp(middle), exp(spread / Z_80))
    return Normal((low + high) / 2.0, (high - low) / 2.0 / Z_80)
