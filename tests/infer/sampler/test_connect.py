"""How ways between atoms are chosen and added up, the ways themselves taken as given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import inf, log
from typing import Any, cast

import numpy as np
import pytest
from scipy import special, stats

from foedus.infer.particles.bridge import Ahead
from foedus.infer.particles.fitted import prior_law
from foedus.infer.particles.moves import State, no_strides
from foedus.infer.particles.particles import Particles
from foedus.infer.particles.population import Population, of_one_atom
from foedus.infer.particles.target import Target
from foedus.infer.particles.weights import Numbers
from foedus.infer.sampler import between_atoms
from foedus.infer.sampler.annealing import Walk, lead
from foedus.infer.sampler.between_atoms import Between, Reached
from foedus.infer.sampler.swarm import Swarm
from foedus.infer.sampler.sweeps import reach_everything
from tests.infer.tosses import Counts

GAINS = {(0, 1): -2.0, (1, 2): -3.0, (0, 2): -9.0}
"""What a particle loses on the way from one atom to another; as much is gained on the way back."""

HERE = Ahead(cast(Target, Counts([True])), 1, np.zeros(1))


class Worth(Counts):
    """A particle is worth its first score times the atom's share, and less in later atoms.

    The last atom rules out scores below 0, of which the others make nothing.
    """

    def log_weights(self, atom: int, particles: Particles, known: int) -> Numbers:
        """Minus 1, 2, 4 and 8."""
        found = np.full(particles.size, -(2.0**atom))
        return np.where((particles.scores[:, 0] < 0.0) & (atom == 3), -inf, found)


def of(atom: int, *scores: float) -> Population:
    size = len(scores)
    keys = np.zeros((size, 1, 2), "u8")
    return of_one_atom(Particles(np.array(scores)[:, None], keys, np.arange(size)), atom)


def arrived(atom: int, ratio: float = 0.0, source: int = 0, scores: Sequence[float] = (1.0,)) -> (
    Reached
):  # fmt: skip
    levels = np.full(len(scores), -(2.0**atom))
    return Reached(of(atom, *scores), levels, ratio, source)


def test_the_next_way_is_the_one_on_which_least_is_lost() -> None:
    here = Ahead(cast(Target, Worth([True])), 1, np.zeros(1))

    def next_way(
        *reached: int, closed: Sequence[tuple[int, int]] = (), scores: Sequence[float] = (1.0,)
    ) -> Any:
        known = {atom: arrived(atom, scores=scores) for atom in reached}
        return between_atoms._next_way(known, here, 4, set(closed))

    assert next_way(0) == (0, 1)
    assert next_way(0, closed=[(0, 1)]) == (0, 2)
    assert next_way(0, 1) == (1, 2)
    assert next_way(0, 1, 2) == (2, 3)
    # Most particles would be lost on the way to the last: they count for more than the others.
    assert next_way(0, 1, scores=(-1.0, -1.0, -1.0, 1.0)) == (1, 2)
    assert next_way(3) == (3, 0), "what is gained counts, too"
    assert next_way(0, 1, 2, 3) is None
    assert next_way(0, closed=[(0, 1), (0, 2), (0, 3)]) is None


class Path:
    """Ways that come to `GAINS`; on the way back from the rival they come to `back`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, back: float, closed: set[int]) -> None:
        self.back, self.closed, self.gone = back, closed, list[tuple[int, int]]()
        monkeypatch.setattr(between_atoms, "_led", self.led)
        monkeypatch.setattr(between_atoms, "_settled", lambda swarm, start, here, sweeps: start)
        monkeypatch.setattr(between_atoms, "_next_way", self.next_way)
        self.waiting = [(0, 1), (1, 2), (0, 3)]

    def next_way(self, *_: Any) -> tuple[int, int] | None:
        return self.waiting.pop(0) if self.waiting else None

    def led(self, swarm: Swarm, start: Reached, here: Ahead, way: tuple[int, int], sweeps: int) -> (
        Reached
    ):  # fmt: skip
        self.gone.append(way)
        assert len(self.gone) < 20, "a way that led nowhere is tried again and again"
        if way[1] == 0:
            return arrived(0, start.log_ratio + self.back, way[0])
        gain = -inf if way[1] in self.closed else GAINS.get(way, -4.0)
        return arrived(way[1], start.log_ratio + gain, way[0], (1.0,) * (way[1] + 1))


def swarm() -> Swarm:
    """Six particles of each of four atoms, the last ruled out, with evidences of 1, 1/2, 1/4."""
    atoms = np.repeat(np.arange(4), 6)
    population = replace(of(0, *np.linspace(-1.0, 1.0, 24)), atoms=atoms, apart={})
    lean = np.log([0.1, 0.2, 0.3, 0.4])
    logs = np.log([24 / 6, 12 / 6, 6 / 6, 1.0])[atoms] + lean[atoms]
    logs[atoms == 3] = -inf
    hindsight = cast(Any, None)
    return Swarm(
        population, np.zeros(24), logs, lean, 24, np.random.default_rng(1), prior_law(1),
        hindsight, no_strides(1, 1), np.array([0.4, 0.2, 0.3, 0.1]), np.arange(4),
    )  # fmt: skip


@pytest.mark.parametrize("back", [2.0, 3.0, -inf])
def test_ways_add_up_and_the_strongest_rival_is_gone_back_from(
    monkeypatch: pytest.MonkeyPatch, back: float
) -> None:
    path, one = Path(monkeypatch, back, {3}), swarm()
    assert one.evidences() == pytest.approx([0.0, log(0.5), log(0.25), -inf])
    levels = between_atoms.connect(one, np.zeros(24), HERE, 5, 2)
    # Of the rivals the first is the strongest, with priors of 0.2 and 0.3. There the way came to
    # -2, and back to `back`: the middle is taken, for all that hangs on it.
    assert path.gone == [(0, 1), (1, 2), (0, 3), (1, 0)]
    ratio = -2.0 if back == -inf else 0.5 * (-2.0 - back)
    expected = [0.0, ratio, ratio - 3.0, -inf]
    assert one.evidences() == pytest.approx(expected)
    # A third of all particles start; how many each way ends with is of no account.
    assert np.bincount(one.population.atoms, minlength=4).tolist() == [8, 2, 3, 0]
    assert levels.size == one.population.size == one.logs.size
    assert levels[8:].tolist() == [-2.0] * 2 + [-4.0] * 3


def test_the_strongest_rival_counts_with_its_prior(monkeypatch: pytest.MonkeyPatch) -> None:
    path, one = Path(monkeypatch, 7.0, {3}), swarm()
    one.priors = np.array([0.4, 0.001, 0.499, 0.1])
    between_atoms.connect(one, np.zeros(24), HERE, 5, 2)
    assert path.gone[-1] == (2, 0)
    # The way to the third, by the second, came to -5; back, to 7; the second is left alone.
    assert one.evidences() == pytest.approx([0.0, -2.0, -6.0, -inf])


def test_atoms_that_no_way_leads_to_stay_as_they_came(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(monkeypatch, -inf, {2, 3})
    one = swarm()
    high = np.arange(24.0)
    levels = between_atoms.connect(one, high, HERE, 5, 2)
    assert one.evidences() == pytest.approx([0.0, -2.0, log(0.25), -inf])
    own = one.population.atoms == 2
    assert own.sum() == 6
    assert set(levels[own]) <= set(high[12:18])


def test_no_way_is_tried_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    choose = between_atoms._next_way
    path, one = Path(monkeypatch, 2.0, {1, 3}), swarm()
    monkeypatch.setattr(between_atoms, "_next_way", choose)
    between_atoms.connect(
        one, np.zeros(24), Ahead(cast(Target, Worth([True])), 1, np.zeros(1)), 5, 2
    )
    assert sorted(path.gone[:-1]) == [(0, 1), (0, 2), (0, 3), (2, 1), (2, 3)]
    assert path.gone[-1] == (1, 0)


@pytest.mark.parametrize(
    ("scores", "allowed"), [((1.0, -1.0, 1.0, 1.0), 3.0), ((-1.0,) * 4, 0.5), ((1.0,) * 4, 4.0)]
)
def test_what_was_out_of_reach_of_the_way_is_made_up_for(
    monkeypatch: pytest.MonkeyPatch, scores: tuple[float, ...], allowed: float
) -> None:
    """Particles at the end of the way that the atom they came from rules out it had missed."""
    here = Ahead(cast(Target, Worth([True])), 1, np.zeros(1))
    led = State(of(3, *scores), np.array([[0.0] * 4, [-5.0, -6.0, -7.0, -8.0]]))
    monkeypatch.setattr(between_atoms, "lead", lambda state, law_at, walk: (led, 1.5))
    start = arrived(3, ratio=-2.0, source=1, scores=(1.0,) * 4)
    found = between_atoms._led(swarm(), start, here, (3, 0), 2)
    assert found.log_ratio == pytest.approx(-2.0 + 1.5 - log(allowed / 4.0))
    assert found.source == 3
    assert found.levels.tolist() == [-5.0, -6.0, -7.0, -8.0]
    assert found.population.atoms.tolist() == [0] * 4
    assert found.population.particles.scores[:, 0].tolist() == list(scores)
    monkeypatch.setattr(between_atoms, "lead", lambda state, law_at, walk: (led, -inf))
    assert between_atoms._led(swarm(), start, here, (3, 0), 2).log_ratio == -inf


@pytest.mark.parametrize("sweeps", [0, 2])
def test_levels_are_those_of_the_particles_that_were_led(sweeps: int) -> None:
    target = Counts([True] * 6 + [False] * 3, shift=0.8)
    here = Ahead(cast(Target, target), 9, np.zeros(9))
    random = np.random.default_rng(4)
    begun = of(0, *random.normal(-0.3, 0.4, 100))
    state = State(begun, Between(here, 1, 0.0).levels(begun))
    told: list[float] = []
    walk = Walk(sweeps, no_strides(1, 1), reach_everything(here), random, told.append)
    found, gained = lead(state, lambda part: Between(here, 1, part), walk)
    assert np.isfinite(gained)
    np.testing.assert_allclose(
        found.levels[1], Between(here, 1, 1.0).levels(found.population)[1], atol=1e-12
    )
    assert told == sorted(set(told)), "each sweep is told of, and the way only goes on"
    assert (told[-1:], len(told) % 2) == ([1.0] * (sweeps > 0), 0)


def test_a_law_that_rules_all_out_is_not_reached() -> None:
    here = Ahead(cast(Target, Worth([True])), 1, np.zeros(1))
    begun = of(0, -1.0, -2.0)
    state = State(begun, Between(here, 3, 0.0).levels(begun))
    walk = Walk(1, no_strides(1, 1), reach_everything(here), np.random.default_rng(1))
    found, gained = lead(state, lambda part: Between(here, 3, part), walk)
    assert gained == -inf
    assert found is state


def test_the_first_is_the_most_probable_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    path, one = Path(monkeypatch, -inf, set()), swarm()
    path.waiting = []
    one.priors = np.array([0.1, 0.7, 0.1, 0.1])
    between_atoms.connect(one, np.zeros(24), HERE, 5, 2)
    assert np.bincount(one.population.atoms, minlength=4).tolist() == [6, 8, 6, 0]
    # No way led to the rival, but one leads back from it: half of the difference counts.
    rival = log(0.5) + 0.5 * (log(2.0) + 2.0)
    assert one.evidences() == pytest.approx([rival, log(0.5), log(0.25), -inf])


def test_particles_of_one_atom_go_on_until_they_have_forgotten_where_they_began() -> None:
    """From the prior they come to the posterior: z given 9 heads of 12 at a chance Phi(z).

    Mean and spread within 4.5 standard errors of 1500 particles: a false alarm in 70,000.
    """
    target = Counts([True] * 9 + [False] * 3, shift=0.0)
    size, grid = 1500, np.linspace(-6.0, 6.0, 4001)
    here = Ahead(cast(Target, target), 12, np.zeros(12))
    one = replace(swarm(), population=of(0, *np.zeros(24)))
    begun = of(0, *np.random.default_rng(8).standard_normal(size))
    start = Reached(begun, here.at(begun, 12), 0.0, 0)
    found = between_atoms._settled(one, start, here, 25)
    logs = stats.norm.logpdf(grid) + 9 * special.log_ndtr(grid) + 3 * special.log_ndtr(-grid)
    weights = np.exp(logs - logs.max()) / np.exp(logs - logs.max()).sum()
    mean = float(weights @ grid)
    spread = float(np.sqrt(weights @ (grid - mean) ** 2))
    scores = found.population.particles.scores[:, 0]
    assert abs(scores.mean() - mean) < 4.5 * spread / np.sqrt(size)
    assert abs(scores.std() - spread) < 4.5 * spread / np.sqrt(2.0 * size)
    np.testing.assert_allclose(found.levels, here.at(found.population, 12), atol=1e-12)
