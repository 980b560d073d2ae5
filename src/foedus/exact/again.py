"""The same states at other parameters: only the rates are worked out anew.

Where a parameter is read by nothing but hazards and mean waiting times, changing it moves no state
and opens no way. Integrating over such parameters lists the states once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from foedus.case.reads import expressions_of, names_in
from foedus.engine.world import Parameters
from foedus.exact.space import Numbers, Space
from foedus.expr.tree import Expression
from foedus.jump.model import JumpModel, Rate, Waiting


def read_by_rates_only(model: JumpModel) -> frozenset[str]:
    """The parameters that only hazards and mean waiting times read."""
    elsewhere = names_in(_elsewhere(model)).parameters
    return frozenset(spec.name for spec in model.parameters) - elsewhere


def _elsewhere(model: JumpModel) -> Iterator[Expression]:
    for spec in model.variables:
        yield spec.start
    for kind in model.kinds:
        timing, found = kind.timing, expressions_of(kind)
        if isinstance(timing, Rate):
            found.remove(timing.hazard)
        elif isinstance(timing, Waiting):
            found.remove(timing.arguments[-1])
        yield from found


@dataclass(slots=True)
class States:
    """Gives the space at any parameters: listed anew, or the last one with other rates."""

    model: JumpModel
    build: Callable[[Parameters], Space]
    is_enough: Callable[[Space], bool] = lambda space: space.is_whole
    """Whether the states that were listed are still all that matter."""
    rates_only: frozenset[str] = field(init=False)
    last: tuple[Parameters, Space] | None = None

    def __post_init__(self) -> None:
        self.rates_only = read_by_rates_only(self.model)

    def at(self, theta: Parameters) -> Space:
        """The space at these parameters (in days and per day)."""
        if self.last is not None:
            before, space = self.last
            changed = {
                spec.name for spec in self.model.parameters if before[spec.name] != theta[spec.name]
            }
            if not changed:
                return space
            if changed <= self.rates_only:
                again = with_rates_at(space, theta)
                if again is not None and self.is_enough(again):
                    return again
        space = self.build(theta)
        self.last = (dict(theta), space)
        return space


def with_rates_at(space: Space, theta: Parameters) -> Space | None:
    """The space with its rates at other parameters; None where a way opens that was closed."""
    moves = space.moves.at(theta)
    hazards = np.zeros((space.size, len(moves.prepared.instances)))
    for place, state in enumerate(space.states):
        moves.enter(state)
        for one in moves.timed:
            hazards[place, one.number] = moves.hazard(one, state)
    rates = space.rates
    weights: Numbers = hazards[rates.sources, space.clocks] * space.chances
    was_open = np.zeros(hazards.shape, dtype=np.bool_)
    was_open[rates.sources, space.clocks] = True
    was_open |= space.idle
    if (hazards[~was_open] > 0.0).any():
        return None
    return replace(space, moves=moves, rates=replace(rates, weights=weights))
