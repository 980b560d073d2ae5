"""How far out a value lies that a decision gives to a parameter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from foedus.expr.tree import Number
from foedus.frozen import dataclass
from foedus.jump.model import Intervention
from foedus.questions.estimates import Numbers, left_sum


@dataclass(frozen=True, slots=True)
class Placed:
    """A parameter that is set, its new value in days and per day, and what share of the values that
    it is believed to have lie below that; of those equal to it, half do."""

    parameter: str
    value: float
    share: float


def parameters_set(interventions: Sequence[Intervention]) -> tuple[str, ...]:
    """The names of the parameters that a decision sets."""
    return tuple(one.target for one in interventions if one.kind == "set-parameter")


def placed(
    interventions: Sequence[Intervention], believed: Mapping[str, Numbers], weights: Numbers
) -> tuple[Placed, ...]:
    """Where each value that is set lies among those that are `believed`, (atom, outer) by name.

    Of a parameter of which only one value is believed, nothing is said.
    """
    found = []
    for one in interventions:
        if one.kind != "set-parameter" or not isinstance(one.value, Number):
            continue
        values, new = believed[one.target], one.value.value
        if values.min() == values.max():
            continue
        below = ((values < new) + 0.5 * (values == new)).mean(axis=1)  # (atom,)
        found.append(Placed(one.target, new, left_sum(weights * below) / left_sum(weights)))
    return tuple(found)
