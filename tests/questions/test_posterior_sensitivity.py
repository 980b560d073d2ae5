"""What drives answers given the record, on a case whose expected answers are known.

The blast comes at rate 2 p in haste and p else, the loss after it at rate p; the record lets p and
the haste vary together. Comparisons allow five standard errors, with errors from twenty halves.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from foedus.infer.islands.pool import pool
from foedus.questions.posterior_sensitivity import posterior_sensitivity
from foedus.questions.sensitivity import EXPLANATION, Drivers, Sensitivity
from tests.questions.test_other_worlds import weighed


def found(*names: str, rows: int = 1024, runs: int = 40) -> Sensitivity:
    target, evidence = weighed()
    monitors = tuple(one for one in target.model.monitors if one.name in names)
    model = replace(target.model, monitors=monitors)
    return posterior_sensitivity(target, evidence, model, rows=rows, runs=runs)


def share(drivers: Drivers, name: str) -> tuple[float, float]:
    one = next(effect for effect in drivers.effects if effect.input == name)
    return one.total, one.total_error


def test_shares_add_up_and_agree_with_the_formula() -> None:
    """E[lost by day 6] is a function of p and the haste alone: its variance shared out exactly."""
    result = found("soon")
    (soon,) = result.questions
    assert result.is_given_record
    assert np.isclose(sum(effect.total for effect in soon.effects), 1.0)
    expected, error = share(soon, "pace")
    # What p explains beyond the haste, and the haste beyond p, from the particles themselves.
    known = by_formula()
    assert abs(expected - known) <= 5 * error + 0.03
    assert share(soon, EXPLANATION)[0] < expected
    pace = next(effect for effect in soon.effects if effect.input == "pace")
    assert pace.slope is not None
    assert pace.slope > 0.0


def by_formula(days: float = 6.0) -> float:
    """The Shapley share of p: the mean of what it explains alone and beyond the haste."""
    target, evidence = weighed()
    shares = pool(evidence).shares()
    clouds = pool(evidence).particles
    paces, weights, hasty = [], [], []
    for atom, (cloud, mass) in enumerate(zip(clouds, shares, strict=True)):
        values = target.coordinate_system.values(atom, cloud.scores)
        paces.append(values[:, target.coordinate_system.cells_of("pace")[0]])
        weights.append(mass)
        hasty.append(np.full(mass.size, atom == 0))
    p, w, in_haste = (np.concatenate(parts) for parts in (paces, weights, hasty))

    def lost(p: np.ndarray, factor: float) -> np.ndarray:
        """A blast at rate factor p, then a loss at rate p, both within so many days."""
        if factor == 1.0:
            return 1 - np.exp(-p * days) * (1 + p * days)
        return 1 - (factor * np.exp(-p * days) - np.exp(-factor * p * days)) / (factor - 1)

    answer = np.where(in_haste, lost(p, 2.0), lost(p, 1.0))
    mean = np.average(answer, weights=w)
    variance = np.average((answer - mean) ** 2, weights=w)
    # Of p alone: the haste is as likely as it is among particles of about that p.
    order = np.argsort(p)
    smooth = np.array([
        np.average(answer[near], weights=w[near])
        for near in np.array_split(order, 40)
    ])  # fmt: skip
    masses = np.array([w[near].sum() for near in np.array_split(order, 40)])
    alone = np.average((smooth - mean) ** 2, weights=masses)
    within = sum(
        np.average((answer[a] - np.average(answer[a], weights=w[a])) ** 2, weights=w[a])
        * w[a].sum()
        for a in (in_haste, ~in_haste)
    ) / w.sum()  # fmt: skip
    return float((alone + within) / 2 / variance)


def test_what_nothing_uncertain_moves_is_said_to_be_moved_by_nothing() -> None:
    (mended,) = found("mended", runs=10).questions
    assert (mended.spread, mended.effects) == (0.0, ())
