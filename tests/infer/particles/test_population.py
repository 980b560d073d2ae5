"""Particles of all atoms side by side: choosing, taking, and what is remembered of them."""

import numpy as np

from foedus.infer.islands.islands import level_out
from foedus.infer.particles.fitted import fit, prior_law
from foedus.infer.particles.population import Population, chosen, draw_population

ATOMS = np.array([0, 1, 1, 2, 0], np.int64)


def some(seed: int = 1) -> Population:
    """Five particles of three atoms."""
    return draw_population(ATOMS, 3, 2, np.random.default_rng(seed))


def test_each_particle_gets_the_number_of_its_atom() -> None:
    assert some().each(lambda atom, few: np.full(few.size, 10.0 * atom)).tolist() == [
        0.0, 10.0, 10.0, 20.0, 0.0,
    ]  # fmt: skip


def test_a_choice_takes_scores_noise_and_atoms_together() -> None:
    old, new = some(1), some(2).with_atoms(ATOMS[::-1].copy())
    accepted = np.array([True, False, True, False, False])
    found = chosen(accepted, new, old)
    for place, one in enumerate((new, old, new, old, old)):
        assert np.array_equal(found.particles.scores[place], one.particles.scores[place])
        assert np.array_equal(found.particles.keys[place], one.particles.keys[place])
        assert found.atoms[place] == one.atoms[place]


def test_fresh_noise_leaves_the_numbers() -> None:
    old = some()
    new = old.with_fresh(np.array([[True, False]]), np.random.default_rng(4))
    assert np.array_equal(new.particles.scores, old.particles.scores)
    assert np.array_equal(new.particles.keys[:, 1], old.particles.keys[:, 1])
    assert (new.particles.keys[:, 0] != old.particles.keys[:, 0]).all()


def test_a_proposal_keeps_the_fitted_law() -> None:
    # 4 standard errors of the mean and of the variance of 40,000 draws: a false alarm in 8,000.
    random = np.random.default_rng(5)
    law = fit(random.normal(1.5, 0.4, (200, 1)), np.zeros(200))
    scores = random.normal(law.means, law.spreads, (40_000, 1))
    moved, _ = law.propose(scores, np.ones_like(scores, bool), 0.6, random)
    assert abs(moved.mean() - law.means[0]) < 4.0 * law.spreads[0] / 200.0
    assert abs(moved.var() / law.spreads[0] ** 2 - 1.0) < 4.0 * np.sqrt(2.0 / 40_000)


def test_under_the_prior_nothing_is_corrected() -> None:
    random = np.random.default_rng(6)
    scores = random.standard_normal((50, 3))
    _, more = prior_law(3).propose(scores, np.ones_like(scores, bool), 0.5, random)
    assert np.abs(more).max() < 1e-12


def test_islands_are_compared_at_the_same_total() -> None:
    priors = np.array([0.5, 0.5])
    levels = np.log(np.array([[[1.0, 0.2], [1.0, 0.1]], [[1.0, 0.02], [1.0, 0.01]]]))
    even, totals = level_out(levels, priors)
    assert np.allclose(np.exp(totals), [[1.0, 0.15], [1.0, 0.015]])
    assert np.allclose(np.exp(even[:, :, 1]), 0.0825 / 0.15 * np.array([[0.2, 0.1], [0.2, 0.1]]))
