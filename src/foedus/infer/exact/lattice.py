"""Nodes over uncertain numbers, and where they may be left out.

A lattice has its nodes at the multiples of a step in the normal score of each number, once for each
way in which origins may be trusted. Whole, it covers what the priors allow. Many cases, such as a
table of units, can know two numbers so well that hardly any of its nodes counts; then the step is
halved only where something is left.
"""

from __future__ import annotations

from itertools import product
from math import log, pi, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import special

from foedus.frozen import dataclass
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.particles.particles import Particles
from foedus.infer.particles.weights import Numbers, log_sum

WIDEST = 5.0
"""How far from the middle a lattice reaches; the mass beyond is 4e-6 for two numbers."""


@dataclass(frozen=True, slots=True)
class Lattice:
    """`points`: int64 (point, coordinate), in steps from the middle."""

    coordinates: tuple[int, ...]
    step: float
    points: NDArray[np.int64]
    is_whole: bool

    def nodes(self, target: RecordTarget) -> Particles:
        """The nodes (way of trusting, point), numbers that are not run over in the middle."""
        trusts = list(target.coordinate_system.trusts.values())
        always = [one.limit == -np.inf for one in trusts]  # reliable for sure
        ways = list(product(*((True,) if sure else (False, True) for sure in always)))
        scores = np.zeros((len(ways), len(self.points), target.coordinates))
        scores[:, :, list(self.coordinates)] = self.step * self.points
        for number, way in enumerate(ways):
            for one, is_trusted, is_sure in zip(trusts, way, always, strict=True):
                middle = 0.0 if is_sure else one.limit
                scores[number, :, one.coordinate] = middle + (1.0 if is_trusted else -1.0)
        size = len(ways) * len(self.points)
        keys = np.zeros((size, target.noise.count, 2), dtype=np.uint64)
        return Particles(
            scores.reshape(size, target.coordinates), keys, np.arange(size, dtype=np.int64)
        )

    def prior_masses(self, target: RecordTarget, nodes: Particles) -> Numbers:
        """The logs of the prior masses of nodes (node,); those of a whole one sum to one."""
        trusts = target.coordinate_system.trusts.values()
        told = [one.coordinate for one in trusts]
        free = np.delete(nodes.scores, told, axis=1)
        logs: Numbers = -0.5 * (free * free).sum(axis=1)
        for one in trusts:
            withheld = one.is_withheld(nodes)
            logs += special.log_ndtr(np.where(withheld, one.limit, -one.limit))
        if self.is_whole:
            return logs - log_sum(logs)
        volume = len(self.coordinates) * log(self.step / sqrt(2.0 * pi))
        return logs + volume

    def by_point(self, numbers: Numbers) -> Numbers:
        """Of numbers at the nodes the largest of all ways of trusting (point,)."""
        largest: Numbers = numbers.reshape(-1, len(self.points)).max(axis=0)
        return largest

    def halved(self) -> Lattice:
        """The whole lattice with half the step."""
        return whole(self.coordinates, self.step / 2.0)

    def around(self, counts: NDArray[np.bool_]) -> Lattice:
        """Half the step around the points that count (point,), and nothing elsewhere."""
        near = np.array(list(product((-1, 0, 1), repeat=len(self.coordinates))))
        finer = 2 * self.points[counts][:, None, :] + near
        points = np.unique(finer.reshape(-1, len(self.coordinates)), axis=0)
        return Lattice(self.coordinates, self.step / 2.0, points, False)


def whole(coordinates: tuple[int, ...], step: float) -> Lattice:
    """All points that are no farther from the middle than `WIDEST`."""
    reach = round(WIDEST / step)
    axes = [np.arange(-reach, reach + 1)] * len(coordinates)
    mesh = np.meshgrid(*axes, indexing="ij")
    points = np.stack(mesh, axis=-1).reshape(-1, len(coordinates)) if axes else np.zeros((1, 0))
    points = points.astype(np.int64)
    is_inside = ((step * points) ** 2).sum(axis=1) <= WIDEST**2
    return Lattice(coordinates, step, points[is_inside], True)
