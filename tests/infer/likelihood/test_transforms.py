"""Scores to values and densities, against scipy and the priors' own quantiles."""

import numpy as np
import pytest
from scipy import integrate
from scipy.special import ndtr

from foedus.expr.belief import Prior
from foedus.expr.laws import (
    Beta,
    Exponential,
    Fixed,
    Flag,
    Gamma,
    LogitNormal,
    LogNormal,
    LogUniform,
    Normal,
    Uniform,
)
from foedus.infer.likelihood.transforms import SideBySide, log_density, values_at

LAWS = (
    Uniform(-1.0, 3.0),
    LogUniform(0.1, 7.0),
    Normal(2.0, 0.5),
    LogNormal(3.0, 2.0),
    LogitNormal(0.3, 1.2),
    Beta(2.0, 5.0),
    Gamma(3.0, 2.0),
    Exponential(4.0),
)


@pytest.mark.parametrize("law", [*LAWS, Fixed(2.0), Flag(0.3)], ids=lambda law: law.show())
def test_values_are_the_priors_quantiles(law: Prior) -> None:
    scores = np.array([-6.0, -2.0, -0.5, 0.0, 0.4, 1.0, 3.0])
    expected = [law.quantile(float(ndtr(z))) for z in scores]
    assert values_at(law, scores) == pytest.approx(expected, rel=1e-9)


def test_priors_side_by_side_give_the_very_same_values() -> None:
    laws = [*LAWS, Fixed(2.0), Flag(0.3), LogNormal(0.2, 5.0), Gamma(0.7, 1.0), *LAWS[::-1]]
    random = np.random.default_rng(1)
    places, scores = random.integers(0, len(laws), 4000), 2.0 * random.standard_normal(4000)
    found = SideBySide(laws).at(places, scores)
    for place, law in enumerate(laws):
        own = places == place
        assert found[own].tolist() == values_at(law, scores[own]).tolist()


def test_the_upper_tail_keeps_its_digits() -> None:
    assert np.isfinite(values_at(Gamma(3.0, 2.0), np.array([9.0]))).all()
    assert values_at(Exponential(1.0), np.array([9.0]))[0] == pytest.approx(43.63, abs=0.01)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.show())
def test_densities_have_the_mass_between_quantiles(law: Prior) -> None:
    low, high = law.quantile(0.2), law.quantile(0.9)
    mass, _ = integrate.quad(lambda x: float(np.exp(log_density(law, np.array([x]))[0])), low, high)
    assert mass == pytest.approx(0.7, rel=1e-6)


def test_nothing_lies_outside_the_support() -> None:
    assert log_density(Uniform(0.0, 1.0), np.array([1.5]))[0] == -np.inf
    assert log_density(Beta(2.0, 2.0), np.array([-0.5]))[0] == -np.inf
    assert log_density(LogNormal(1.0, 2.0), np.array([-1.0]))[0] == -np.inf
    with pytest.raises(TypeError):
        log_density(Fixed(1.0), np.array([1.0]))
