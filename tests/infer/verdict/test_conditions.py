"""A number or an origin taken as known: who then leads, where only few particles are left."""

from math import comb, exp, log

import numpy as np
import pytest
from scipy import special

from foedus.infer.islands.pool import Pool
from foedus.infer.islands.standings import Standing
from foedus.infer.particles.particles import Particles
from foedus.infer.particles.target import Trust
from foedus.infer.verdict.conditions import DOUBT, least_share, reliability_flips
from foedus.infer.verdict.flips import Contest, Flip

SIZE = 200
CHANCE = 0.4
"""How probable it is beforehand that the origin is not reliable."""


def cloud(withheld: int) -> Particles:
    """Particles of which so many do not trust the origin."""
    scores = np.where(np.arange(SIZE) < withheld, -3.0, 3.0)[:, None]
    return Particles(scores, np.zeros((SIZE, 1, 2), np.uint64), np.arange(SIZE))


def flips(own: int, other: int, lead: float = 5.0, chance: float = CHANCE) -> list[Flip]:
    """The origin not believed and believed, where so many of leader and rival do not trust it."""
    evidences = (0.0, -lead)
    found = Pool(
        np.full(2, 0.5), (cloud(own), cloud(other)),
        tuple(np.full(SIZE, log_evidence - log(SIZE)) for log_evidence in evidences),
    )  # fmt: skip
    first, second = (
        Standing(name, (atom,), True, 0.5, evidences[atom], 0.0, 0.5, 0.5, 0.5, 0.0)
        for atom, name in enumerate(("a", "b"))
    )
    of = Contest(first, second, (first, second), evidences)
    trust = Trust(0, float(special.ndtri(chance)))
    return reliability_flips(of, found, {"press": trust})


def unreliable(own: int, other: int, lead: float = 5.0) -> tuple[float | None, str | None, float]:
    """What comes of it if the origin is not believed: log odds, leader, least lead."""
    flip = flips(own, other, lead)[0]
    assert flip.change == "unreliable"
    return flip.log_odds, flip.leader, flip.at_least or 0.0


def test_a_way_of_being_true_that_hardly_counts_keeps_its_evidence() -> None:
    """Beside it that of the others is what is kept of their particles, over what was expected."""
    evidences = (0.0, -2.0, -9.5)
    found = Pool(
        np.array([0.5, 0.3, 0.2]), (cloud(120), cloud(90), cloud(0)),
        tuple(np.full(SIZE, log_evidence - log(SIZE)) for log_evidence in evidences),
    )  # fmt: skip
    first = Standing("a", (0,), True, 0.5, 0.0, 0.0, 0.5, 0.5, 0.5, 0.0)
    second = Standing("b", (1, 2), True, 0.5, -2.0, 0.0, 0.5, 0.5, 0.5, 0.0)
    of = Contest(first, second, (first, second), evidences)
    trust = Trust(0, float(special.ndtri(CHANCE)))
    unreliable_flip, reliable = reliability_flips(of, found, {"press": trust})
    rival = 0.3 * exp(-2.0) * (90 / SIZE) / CHANCE + 0.2 * exp(-9.5)
    assert unreliable_flip.log_odds == pytest.approx(
        log(0.5 * (120 / SIZE) / CHANCE) - log(rival), abs=1e-9
    )
    # Of the third all particles trust: that much likelier it is where the origin is reliable.
    sure = 1.0 - CHANCE
    rival = (0.3 * exp(-2.0) * (110 / SIZE) + 0.2 * exp(-9.5)) / sure
    assert reliable.log_odds == pytest.approx(log(0.5 * (80 / SIZE) / sure) - log(rival), abs=1e-9)


def test_enough_particles_give_the_odds() -> None:
    odds, leader, at_least = unreliable(100, 80)
    assert odds == pytest.approx(5.0 + log(100 / 80))
    assert (leader, at_least) == ("a", 0.0)


def test_a_rival_of_few_particles_comes_no_further_than_its_evidence_over_the_chance() -> None:
    odds, leader, at_least = unreliable(100, 3)
    assert (odds, leader) == (None, "a")
    # Of the leader half is left, of the rival at most all.
    assert at_least == pytest.approx(5.0 + log(0.5))


def test_a_rival_that_could_come_so_far_leaves_it_open() -> None:
    assert unreliable(100, 3, lead=0.6) == (None, None, 0.0)


def test_a_leader_of_few_particles_is_held_to_the_least_that_is_behind_them() -> None:
    _, leader, at_least = unreliable(10, 3)
    assert leader == "a"
    assert at_least == pytest.approx(5.0 + log(least_share(0.05, SIZE)))
    assert at_least < 5.0 + log(0.05)


def test_a_leader_without_particles_leaves_it_open() -> None:
    assert unreliable(0, 150) == (None, None, 0.0)


def test_of_what_cannot_be_nothing_is_said() -> None:
    (reliable,) = flips(0, 0, chance=0.0)
    assert reliable.change == "reliable"
    assert reliable.log_odds == pytest.approx(5.0)


def chance_of_too_high(size: int, share: float) -> float:
    """How often the least share is above the true one: over all outcomes, so without chance."""
    return sum(
        comb(size, count) * share**count * (1.0 - share) ** (size - count)
        for count in range(size + 1)
        if least_share(count / size, size) > share
    )


@pytest.mark.parametrize("size", [20, 200])
@pytest.mark.parametrize("share", [0.01, 0.05, 0.2, 0.7])
def test_the_least_share_is_too_high_as_seldom_as_it_says(size: int, share: float) -> None:
    assert chance_of_too_high(size, share) <= DOUBT


def test_the_least_share_is_no_lower_than_it_need_be() -> None:
    assert chance_of_too_high(200, 0.2) > DOUBT / 2
