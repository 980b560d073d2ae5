"""Expected numbers of firings, which need no counter in the state."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from foedus.engine.monitors import PreparedMonitor
from foedus.exact.finite import is_expected_firings
from foedus.exact.space import Numbers, Space, Ways
from foedus.expr import tree
from foedus.jump.model import Monitor


class Rewards:
    """The expected number that a weighted sum of firings gains: per day in each state, at each
    instant of the calendar from each state, and at the start."""

    def __init__(self, space: Space, one: PreparedMonitor) -> None:
        world = space.moves.world
        counters = space.moves.prepared.names.layout.counters
        worth = []
        for happened in space.happened:
            world.firings = [0] * len(world.firings)
            for firing in happened:
                kind = firing.name.rpartition(".")[0]
                names = (firing.name, kind) if kind in counters else (firing.name,)
                for name in names:
                    world.firings[counters[name].first + firing.order] += 1
            worth.append(float(one.expression(world)))
        world.firings = [0] * len(world.firings)
        self._worth = np.array(worth)
        self.rates = self._gained(space, space.rates)
        self.at_maps = [self._gained(space, ways) for ways in space.maps]
        self.at_start = float(space.start.weights @ self._worth[space.start.deeds])

    def _gained(self, space: Space, ways: Ways) -> Numbers:
        found = np.zeros(space.size)
        np.add.at(found, ways.sources, ways.weights * self._worth[ways.deeds])
        return found


def watched_by(monitors: Sequence[Monitor]) -> frozenset[str]:
    """The acts that must be noted for expected numbers of firings: kinds and `kind.option`s."""
    return frozenset(
        part.kind
        for one in monitors
        if is_expected_firings(one)
        for part in tree.walk(one.expression)
        if isinstance(part, tree.Firings)
    )
