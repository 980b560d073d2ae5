"""Ways between atoms: comparing what particles do not pass between, against closed forms."""

from math import log, sqrt

import numpy as np
import pytest

from foedus.infer.islands.agreed import disagreement
from foedus.infer.islands.islands import Evidence
from foedus.infer.particles.particles import Particles
from foedus.infer.particles.weights import Numbers
from foedus.infer.sampler import settling
from foedus.infer.sampler.sampler import Cloud, Course, Settings, sample
from foedus.infer.sampler.swarm import shared_out, wanted_shares
from tests.infer.tosses import Counts, uniform_of

FAR = Settings(particles=150, sweeps=2, lasting=20, between=3)


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Atoms are compared on ways between them, however freely particles pass."""
    monkeypatch.setattr(settling, "FREELY", np.inf)


@pytest.mark.usefixtures("always")
def test_a_way_between_atoms_compares_them_as_quadrature_does() -> None:
    # 4 standard errors of 24 runs: a false alarm in 16,000.
    target = Counts([True] * 9 + [False] * 2, shift=1.5)
    truth = target.log_evidence(1) - target.log_evidence(0)
    runs = [sample(target, FAR, seed=5, island=island) for island in range(24)]
    found = np.array([run.levels[1, -1] - run.levels[0, -1] for run in runs])
    assert abs(found.mean() - truth) < 4.0 * found.std(ddof=1) / sqrt(found.size)
    assert found.std() < 0.5
    assert all(cloud.particles.size == 50 for run in runs for cloud in run.clouds)


class Barred(Counts):
    """The first atom rules out three quarters of the noise, of which the second makes nothing."""

    def log_weights(self, atom: int, particles: Particles, known: int) -> Numbers:
        total = super().log_weights(atom, particles, known)
        if atom == 1 or known == 0:
            return total
        return np.where(uniform_of(particles, 0) < 0.25, total, -np.inf)

    def log_evidence(self, atom: int) -> float:
        return super().log_evidence(atom) + (0.0 if atom else log(0.25))


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("shift", [0.5, -0.5])
def test_what_one_atom_rules_out_and_the_other_does_not_is_counted(shift: float) -> None:
    # 4 standard errors of 24 runs: a false alarm in 16,000.
    target = Barred([True] * 6 + [False] * 6, shift=shift)
    truth = target.log_evidence(1) - target.log_evidence(0)
    runs = [sample(target, FAR, seed=7, island=island) for island in range(24)]
    found = np.array([run.levels[1, -1] - run.levels[0, -1] for run in runs])
    assert abs(found.mean() - truth) < 4.0 * found.std(ddof=1) / sqrt(found.size)
    assert found.std() < 0.5


def test_atoms_that_nothing_passes_between_are_connected() -> None:
    # The scores that fit one atom lie 12 standard deviations from those that fit the other.
    target = Counts([True] * 30 + [False] * 30, shift=6.0)
    truth = target.log_evidence(1) - target.log_evidence(0)
    runs = [sample(target, FAR, seed=6, island=island) for island in range(6)]
    found = np.array([run.levels[1, -1] - run.levels[0, -1] for run in runs])
    assert abs(truth) < 1e-9
    assert np.abs(found).max() < 2.0


def test_atoms_that_pass_particles_in_pairs_only_are_not_joined() -> None:
    passed = np.array([[0, 9, 0, 0], [9, 0, 0, 0], [0, 0, 0, 8], [0, 0, 8, 0]], float)
    assert settling._least_passing(passed, np.full(4, 10.0)) == 0.0
    passed[1, 2] = 3.0
    assert settling._least_passing(passed, np.full(4, 10.0)) == pytest.approx(0.3)


def test_explanations_share_particles_evenly_and_their_atoms_by_posterior() -> None:
    posterior, groups = np.log([1.0, 0.9, 0.1, 0.0 + 1e-9]), np.array([0, 1, 1, 1])
    shares = np.exp(wanted_shares(posterior, np.ones(4, bool), groups))
    assert shares[0] == pytest.approx(0.5)
    assert shares[1:].sum() == pytest.approx(0.5)
    assert shares[1] == pytest.approx(0.25 / 3 + 0.25 * 0.9)
    assert shares[3] == pytest.approx(0.25 / 3)
    dead = np.exp(wanted_shares(posterior, np.array([True, False, True, True]), groups))
    assert dead[1] == 0.0
    assert dead.sum() == pytest.approx(1.0)


def test_every_share_gets_a_particle_and_none_is_lost() -> None:
    counts = shared_out(10, np.log([0.6, 0.39, 0.01]))
    assert counts.tolist() == [6, 3, 1]
    assert shared_out(7, np.array([-np.inf, 0.0])).tolist() == [0, 7]


def test_islands_that_found_different_courses_disagree() -> None:
    def course(level: float) -> Course:
        particles = Particles(np.zeros((40, 1)), np.zeros((40, 0, 2), "u8"), np.arange(40))
        spread = level + np.linspace(-1.0, 1.0, 40)
        return Course(np.zeros((1, 2)), np.zeros(1), (Cloud(0, particles, spread, np.zeros(40)),))

    def of(*levels: float) -> float:
        courses = tuple(course(level) for level in levels)
        return disagreement(Evidence(("all",), np.ones(1), np.zeros((len(levels), 1, 2)), courses))

    assert of(-5.0, -5.0) == 1.0
    assert of(-5.0, -5.1, -4.9) < 1.05
    assert of(-5.0, -8.0) > 2.0
    assert np.isnan(of(-5.0))
