"""What the record says of a parameter, against sums over the particles written out."""

from __future__ import annotations

from math import exp, log, sqrt
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import special

from foedus.expr.laws import Fixed, Normal, Uniform
from foedus.expr.prior import Prior
from foedus.infer.islands.islands import Evidence
from foedus.infer.islands.pool import Pool
from foedus.infer.islands.standings import Standing
from foedus.infer.likelihood.coordinates import Coordinates
from foedus.infer.particles.particles import Particles
from foedus.infer.particles.target import Trust
from foedus.infer.particles.weights import Numbers
from foedus.infer.posterior.marginals import agreement, beliefs, marginals, quantiles
from foedus.infer.sampler.sampler import Cloud, Course
from foedus.infer.verdict.flips import Contest, Flip
from foedus.infer.verdict.verdict import Marginal

NAMES = ("pace", "reach", "known", "apart")


def cloud(scores: Numbers) -> Particles:
    return Particles(scores, np.zeros((len(scores), 1, 2), np.uint64), np.arange(len(scores)))


def system(laws: list[dict[str, Prior]], trusts: dict[str, Trust] | None = None) -> Coordinates:
    """Parameters by coordinate; `apart` has two cells, as one that is indexed."""
    places = [*range(len(NAMES)), len(NAMES)]
    cells = [SimpleNamespace(name=NAMES[min(n, 3)], coordinate=n) for n in places]
    found = SimpleNamespace(
        cells=cells, laws=laws, trusts=trusts or {},
        cells_of=lambda name: [n for n, one in enumerate(cells) if one.name == name],
    )  # fmt: skip
    return found  # type: ignore[return-value]


def pool_of(size: int, seed: int = 2) -> Pool:
    chance = np.random.default_rng(seed)
    particles = tuple(cloud(chance.normal(size=(size, 5))) for _ in range(2))
    logs = tuple(chance.normal(size=size) - level for level in (3.0, 4.0))
    return Pool(np.array([0.7, 0.3]), particles, logs)


LAWS: list[dict[str, Prior]] = [
    {"pace": Uniform(0, 2), "reach": Normal(1, 2), "known": Fixed(3), "apart": Uniform(0, 1)},
    {"pace": Uniform(0, 4), "reach": Fixed(1), "known": Fixed(3), "apart": Uniform(0, 1)},
]
ALONE = Evidence(("all",), np.array([0.7, 0.3]), np.zeros((0, 2, 2)), ())


def rows(found: Pool, *flips: Flip, of: Contest | None = None) -> dict[str, Marginal]:
    return {one.name: one for one in marginals(system(LAWS), found, ALONE, flips, of)}


def ends(name: str, low: float | None, high: float | None) -> tuple[Flip, Flip]:
    return (
        Flip("parameter", name, "lowest-fifth", low, None),
        Flip("parameter", name, "highest-fifth", high, None),
    )


def test_a_weighted_quantile_is_the_first_value_with_so_much_weight() -> None:
    assert quantiles(np.array([5.0, 1.0, 3.0]), np.array([0.25, 0.5, 0.25])) == (1.0, 1.0, 5.0)
    assert quantiles(np.array([5.0, 1.0, 3.0]), np.array([0.2, 0.05, 0.75])) == (3.0, 3.0, 5.0)
    chance = np.random.default_rng(1)
    values, shares = chance.normal(size=40), chance.random(40)
    for level, found in zip((0.1, 0.5, 0.9), quantiles(values, shares), strict=True):
        below = shares[values < found].sum() / shares.sum()
        upto = shares[values <= found].sum() / shares.sum()
        assert below < level <= upto


def test_a_parameter_is_that_of_all_atoms_each_by_its_own_law() -> None:
    found = pool_of(50)
    row = rows(found)["pace"]
    level = [special.ndtr(one.scores[:, 0]) for one in found.particles]
    values = np.concatenate([2.0 * level[0], 4.0 * level[1]])
    joint = np.concatenate([0.7 * np.exp(found.logs[0]), 0.3 * np.exp(found.logs[1])])
    assert row.posterior == pytest.approx(quantiles(values, joint))
    assert row.prior == pytest.approx((0.2, 1.0, 1.8))


def test_known_and_indexed_numbers_are_left_out_and_those_that_move_most_come_first() -> None:
    flips = (*ends("pace", 1.0, 1.5), *ends("reach", 2.0, -1.0))
    found = rows(pool_of(20), *flips)
    assert list(found) == ["reach", "pace"]
    moves = [one.moves for one in found.values()]
    assert moves == [-3.0, 0.5]


@pytest.mark.parametrize(
    ("low", "high", "moves"),
    [(None, 1.0, None), (1.0, None, None), (np.inf, np.inf, None), (1.0, np.inf, np.inf)],
)
def test_how_far_it_moves_the_odds(
    low: float | None, high: float | None, moves: float | None
) -> None:
    found = rows(pool_of(20), *ends("pace", low, high))["pace"]
    assert found.moves == moves


def test_the_error_of_moving_is_that_of_shares_of_particles() -> None:
    found = pool_of(400)
    first, second = (
        Standing(name, (atom,), True, 0.5, 0.0, 0.0, 0.5, 0.5, 0.5, 0.0)
        for atom, name in enumerate(("a", "b"))
    )
    of = Contest(first, second, (first, second), (-3.0, -4.0))
    row = rows(found, *ends("pace", 1.0, 1.5), of=of)["pace"]
    total = 0.0
    for logs, particles in zip(found.logs, found.particles, strict=True):
        shares = np.exp(logs) / np.exp(logs).sum()
        size, level = 1.0 / (shares**2).sum(), special.ndtr(particles.scores[:, 0])
        for inside in (level <= 0.2, level >= 0.8):
            share = shares[inside].sum()
            total += (1.0 - share) / (share * size)
    assert row.error == pytest.approx(sqrt(total))
    assert rows(found, of=of)["pace"].error == 0.0
    # Of the ways in which an explanation can be true each counts by its part of it.
    whole = Standing("a", (0, 1), True, 1.0, 0.0, 0.0, 0.5, 0.5, 0.5, 0.0)
    both = rows(found, *ends("pace", 1.0, 1.5), of=Contest(whole, whole, (whole,), (-3.0, -4.0)))
    masses = [p * np.exp(one).sum() for p, one in zip((0.7, 0.3), found.logs, strict=True)]
    parts = np.array(masses) / sum(masses)
    squares = 0.0
    for part, logs, particles in zip(parts, found.logs, found.particles, strict=True):
        shares = np.exp(logs) / np.exp(logs).sum()
        size, level = 1.0 / (shares**2).sum(), special.ndtr(particles.scores[:, 0])
        for inside in (level <= 0.2, level >= 0.8):
            share = shares[inside].sum()
            squares += 2.0 * part**2 * (1.0 - share) / (share * size)  # leader and rival alike
    assert both["pace"].error == pytest.approx(sqrt(squares))


def test_an_origin_is_believed_by_the_weight_of_those_who_do() -> None:
    found = pool_of(60)
    trust = Trust(4, float(special.ndtri(0.3)))
    (belief,) = beliefs(system(LAWS, {"press": trust}), found)
    weights = [p * np.exp(one) for p, one in zip((0.7, 0.3), found.logs, strict=True)]
    believing = sum(
        float(weight[one.scores[:, 4] > trust.limit].sum())
        for weight, one in zip(weights, found.particles, strict=True)
    )
    assert belief.origin == "press"
    assert belief.prior == pytest.approx(0.7)
    assert belief.posterior == pytest.approx(believing / sum(one.sum() for one in weights))


def test_islands_agree_by_what_lies_between_them_over_what_lies_within() -> None:
    chance = np.random.default_rng(3)
    priors, levels = np.array([0.6, 0.4]), np.array([[-2.0, -3.0], [-2.5, -np.inf], [-2.2, -2.4]])
    courses, means, variances = [], [], []
    for island in levels:
        clouds, weights, scores = [], [], []
        for atom, level in enumerate(island):
            own, logs = chance.normal(size=(30, 1)) + 0.3 * atom, chance.normal(size=30)
            clouds.append(Cloud(atom, cloud(own), np.zeros(30), logs))
            share = np.exp(logs) / np.exp(logs).sum()
            weights.append(priors[atom] * exp(level) * share)
            scores.append(own[:, 0])
        weight, score = np.concatenate(weights), np.concatenate(scores)
        mean = weight @ score / weight.sum()
        means.append(mean)
        variances.append(weight @ (score - mean) ** 2 / weight.sum())
        courses.append(Course(np.stack([np.zeros(2), island], axis=1), np.zeros(1), tuple(clouds)))
    known = np.stack([np.zeros_like(levels), levels], axis=2)
    found = agreement(Evidence(("all",), priors, known, tuple(courses)), 0)
    assert found == pytest.approx(sqrt(1.0 + np.var(means, ddof=1) / np.mean(variances)))
    one = Evidence(("all",), priors, known[:1], tuple(courses[:1]))
    assert np.isnan(agreement(one, 0))
    assert log(found) > 0.0
