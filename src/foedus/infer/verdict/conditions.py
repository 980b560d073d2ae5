"""The verdict if something uncertain were known to be so: a number's range, an origin's word.

Such a change keeps some particles of an atom and takes away the others. The evidence is then what
it was, times the share of its particles that are kept, over the share of the prior that is. A share
is at most 1: so where too few particles of a rival are kept to say how it would stand, it is still
certain how far it could come at best, and mostly that is not far enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

from foedus.infer.islands.pool import LEAST_SIZE, Change, Pool, reweigh
from foedus.infer.likelihood.coordinates import Coordinates
from foedus.infer.particles.particles import Particles
from foedus.infer.particles.target import Trust
from foedus.infer.particles.weights import Numbers, effective_size
from foedus.infer.particles.weights import shares as shares_of
from foedus.infer.verdict.flips import Contest, Flip, FlipKind

FIFTHS = ((0.0, 0.2, "lowest-fifth"), (0.8, 1.0, "highest-fifth"))
"""The ends of a parameter's range: shares of its prior."""

LEAST_IN_RANGE = 10.0
"""Effective particles of an atom within a range below which its evidence there is not trusted."""

DOUBT = 0.01
"""How probable it is at most that a share of particles is below what is said to be its least."""

Inside = Callable[[Particles], NDArray[np.bool_]]
"""The particles in which something is so (particle,)."""


def reliability_flips(of: Contest, found: Pool, trusts: Mapping[str, Trust]) -> list[Flip]:
    """Each origin that items hang on, taken at its word and, unless that is sure, not at all."""
    flips = []
    for origin, trust in trusts.items():
        for is_reliable, said in ((False, "unreliable"), (True, "reliable")):
            chance = float(special.ndtr(-trust.limit if is_reliable else trust.limit))
            if chance == 0.0:
                continue
            least = 0.0 if found.is_exact else LEAST_SIZE
            inside = _believed(trust, is_reliable)
            flips.append(_known(of, "origin", origin, said, found, inside, chance, least))
    return flips


def parameter_flips(
    of: Contest, found: Pool, system: Coordinates, names: Iterable[str]
) -> list[Flip]:
    """Each parameter known to lie in the lowest and in the highest fifth of its prior."""
    flips = []
    for name in names:
        cells = [system.cells[cell] for cell in system.cells_of(name)]
        places = [cell.coordinate for cell in cells if cell.coordinate is not None]
        if len(places) != 1:  # an indexed parameter has no one range
            continue
        for low, high, said in FIFTHS:
            inside = _within(places[0], low, high)
            flips.append(
                _known(of, "parameter", name, said, found, inside, high - low, LEAST_IN_RANGE)
            )
    return flips


def _believed(trust: Trust, is_reliable: bool) -> Inside:
    return lambda particles: trust.is_withheld(particles) != is_reliable


def _within(place: int, low: float, high: float) -> Inside:
    def inside(particles: Particles) -> NDArray[np.bool_]:
        shares = special.ndtr(particles.scores[:, place])
        found: NDArray[np.bool_] = (shares >= low) & (shares <= high)
        return found

    return inside


def _known(
    of: Contest, kind: FlipKind, name: str, said: str, found: Pool, inside: Inside, chance: float,
    least: float,
) -> Flip:  # fmt: skip
    """The verdict if what has this chance beforehand were known; who leads, where only that is."""
    logs = reweigh(found, _kept(inside, chance), least).logs
    flip = of.flip(kind, name, said, found.priors, logs)
    if flip.log_odds is not None:
        return flip
    lows, highs = [], []
    for atom, log in enumerate(logs):
        low, high = (log, log) if log is not None else _bounds(found, atom, inside, chance)
        lows.append(low)
        highs.append(high)
    lead = of.least_lead(found.priors, lows, highs)
    return replace(flip, leader=of.leader.name, at_least=lead) if lead > 0.0 else flip


def _kept(inside: Inside, chance: float) -> Change:
    """The change of weights: particles outside count no more, those inside so much more."""

    def change(_: int, particles: Particles) -> Numbers:
        with np.errstate(divide="ignore"):
            return np.where(inside(particles), -np.log(chance), -np.inf)

    return change


def _bounds(found: Pool, atom: int, inside: Inside, chance: float) -> tuple[float, float]:
    """What the evidence of an atom is at least, with `DOUBT`, and at most, if this were known."""
    weights = found.logs[atom]
    share = float(shares_of(weights)[inside(found.particles[atom])].sum())
    least = least_share(share, effective_size(weights))
    with np.errstate(divide="ignore"):
        low = found.log_evidence(atom) + float(np.log(least) - np.log(chance))
    return low, found.log_evidence(atom) - float(np.log(chance))


def least_share(share: float, size: float) -> float:
    """The least share of all that, with `DOUBT`, is behind a share of so many independent draws.

    References
    ----------
    .. [Clopper1934] C. Clopper, E. Pearson (1934), The use of confidence or fiducial limits
       illustrated in the case of the binomial, Biometrika 26, 404.
    """
    count = share * size
    if count <= 0.0:
        return 0.0
    return float(special.betaincinv(count, max(size - count, 0.0) + 1.0, DOUBT))
