"""What the record says about each parameter, and how much the verdict hangs on it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy import special

from foedus.expr.laws import Fixed
from foedus.infer.islands.islands import Evidence
from foedus.infer.islands.pool import Pool
from foedus.infer.likelihood.coordinates import Coordinates
from foedus.infer.likelihood.transforms import Numbers, values_at
from foedus.infer.particles.weights import effective_size, log_sum
from foedus.infer.particles.weights import shares as weights_of
from foedus.infer.verdict.conditions import FIFTHS
from foedus.infer.verdict.flips import Contest, Flip
from foedus.infer.verdict.verdict import Belief, Marginal

LEVELS = (0.1, 0.5, 0.9)


def marginals(
    system: Coordinates, found: Pool, evidence: Evidence, flips: Iterable[Flip],
    of: Contest | None = None,
) -> tuple[Marginal, ...]:  # fmt: skip
    """Every uncertain parameter of one cell, those that move the verdict most first.

    `of` are the explanations that the particles are to tell apart; None where they are nodes of a
    grid, without an error of sampling.
    """
    ends: dict[str, dict[str, float | None]] = {}
    for flip in flips:
        if flip.kind == "parameter":
            ends.setdefault(flip.name, {})[flip.change] = flip.log_odds
    shares = found.shares()
    rows = []
    for cell in system.cells:
        if cell.coordinate is None or len(system.cells_of(cell.name)) != 1:
            continue
        laws = [law[cell.name] for law in system.laws]
        if all(isinstance(law, Fixed) for law in laws):
            continue
        values = np.concatenate(
            [
                values_at(law, particles.scores[:, cell.coordinate])
                for law, particles in zip(laws, found.particles, strict=True)
            ]
        )
        before = next(law for law in laws if not isinstance(law, Fixed))
        low, middle, high = (before.quantile(level) for level in LEVELS)
        after = quantiles(values, np.concatenate(shares))
        rhat = agreement(evidence, cell.coordinate)
        moves = _difference(ends.get(cell.name, {}))
        error = 0.0
        if of is not None and moves is not None:
            error = _error_of_moving(of, found, cell.coordinate)
        rows.append(Marginal(cell.name, (low, middle, high), after, rhat, moves, error))
    return tuple(sorted(rows, key=lambda row: -abs(row.moves or 0.0)))


def beliefs(system: Coordinates, found: Pool) -> tuple[Belief, ...]:
    """Each origin that items hang on, and how probable its reliability is."""
    shares = found.shares()
    rows = []
    for origin, trust in system.trusts.items():
        posterior = sum(
            float(np.sum(share[~trust.is_withheld(particles)]))
            for share, particles in zip(shares, found.particles, strict=True)
        )
        rows.append(Belief(origin, float(special.ndtr(-trust.limit)), min(1.0, posterior)))
    return tuple(rows)


def quantiles(values: Numbers, shares: Numbers) -> tuple[float, float, float]:
    """The 10, 50 and 90 % weighted quantiles."""
    order = np.argsort(values, kind="stable")
    cumulated = np.cumsum(shares[order])
    places = np.searchsorted(cumulated, np.array(LEVELS) * cumulated[-1])
    low, middle, high = values[order][np.minimum(places, values.size - 1)]
    return float(low), float(middle), float(high)


def agreement(evidence: Evidence, coordinate: int) -> float:
    """R-hat of a score over islands: sqrt(1 + variance between / variance within); nan for one."""
    means, variances = [], []
    for course, levels in zip(evidence.courses, evidence.levels, strict=True):
        with np.errstate(divide="ignore"):
            logs = [
                np.log(prior) + level - log_sum(cloud.logs) + cloud.logs
                for prior, level, cloud in zip(
                    evidence.priors, levels[:, -1], course.clouds, strict=True
                )
                if level > -np.inf
            ]
        if not logs:
            continue
        weights = np.exp(np.concatenate(logs) - max(float(one.max()) for one in logs))
        scores = np.concatenate(
            [
                cloud.particles.scores[:, coordinate]
                for level, cloud in zip(levels[:, -1], course.clouds, strict=True)
                if level > -np.inf
            ]
        )
        mean = float(np.average(scores, weights=weights))
        means.append(mean)
        variances.append(float(np.average((scores - mean) ** 2, weights=weights)))
    if len(means) < 2:
        return float("nan")
    within = float(np.mean(variances))
    return float(np.sqrt(1.0 + np.var(means, ddof=1) / within)) if within > 0.0 else float("inf")


def _error_of_moving(of: Contest, found: Pool, coordinate: int) -> float:
    """The standard error of how far the log odds differ between the ends of a range.

    A share f of n particles that lie at an end is off by sqrt(f (1 - f) / n).
    """
    total = 0.0
    for one in (of.leader, of.rival):
        with np.errstate(divide="ignore"):
            joint = [np.log(found.priors[atom]) + found.log_evidence(atom) for atom in one.atoms]
        for part, atom in zip(weights_of(np.array(joint)), one.atoms, strict=True):
            own, inside = weights_of(found.logs[atom]), found.particles[atom].scores[:, coordinate]
            size, level = effective_size(found.logs[atom]), special.ndtr(inside)
            if part == 0.0 or size == 0.0:
                continue
            for low, high, _ in FIFTHS:
                share = float(own[(level >= low) & (level <= high)].sum())
                total += part * part * (1.0 - share) / (share * size) if share > 0.0 else np.inf
    return float(np.sqrt(total))


def _difference(ends: dict[str, float | None]) -> float | None:
    """How far the log odds move; None where an end is unknown or both rule the same one out."""
    low, high = ends.get("lowest-fifth"), ends.get("highest-fifth")
    if low is None or high is None or (np.isinf(low) and low == high):
        return None
    return high - low
