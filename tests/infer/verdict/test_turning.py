"""What turns a verdict: reporting bias, clues, parameters of one explanation only."""

from dataclasses import replace
from math import exp, log
from types import SimpleNamespace

import numpy as np
import pytest

from foedus import study
from foedus.infer.islands.pool import Pool, reweigh, thinned
from foedus.infer.islands.standings import Standing
from foedus.infer.particles.particles import Particles
from foedus.infer.verdict.clues import gains
from foedus.infer.verdict.common_prior import common_priors
from foedus.infer.verdict.flips import Contest, contest
from foedus.infer.verdict.reporting_bias import flip_factor
from foedus.infer.verdict.specific import specific_parameters


def test_the_bias_that_turns_solves_its_equation() -> None:
    weights = [2.0, 0.5, 1.0, -0.7]
    gamma = flip_factor(weights, 2.4)
    assert gamma is not None
    assert sum(min(w, log(gamma)) for w in weights if w > 0.0) == pytest.approx(2.4)


def test_no_bias_is_needed_where_nothing_leads() -> None:
    assert flip_factor([1.0], 0.0) == 1.0


def test_no_bias_is_enough_where_the_prior_carries_it() -> None:
    assert flip_factor([1.0, 0.5], 1.6) is None


def test_one_favourable_item_needs_its_whole_weight() -> None:
    assert flip_factor([1.5, -0.5], 1.0) == pytest.approx(exp(1.0))
    assert flip_factor([1.0], 1.0) == pytest.approx(exp(1.0))  # all of it is just enough


def clouds(*logs: list[float]) -> Pool:
    """A pool with these log weights, by atom; the particles are numbered in their only score."""
    particles = tuple(
        Particles(
            np.arange(len(one), dtype=float)[:, None],
            np.zeros((len(one), 1, 2), np.uint64),
            np.arange(len(one)),
        )
        for one in logs
    )
    return Pool(np.full(len(logs), 1.0 / len(logs)), particles, tuple(map(np.array, logs)))


def test_reweighting_sums_the_changed_weights() -> None:
    found = clouds([0.0, 0.0], [log(2.0), log(2.0)])
    changed = reweigh(found, lambda _, particles: np.log(1.0 + particles.scores[:, 0]), least=1.0)
    assert list(changed.logs) == pytest.approx([log(3.0), log(6.0)])


def test_too_few_particles_give_no_number() -> None:
    found = clouds([0.0] * 100)
    only_one = reweigh(found, lambda _, p: np.where(p.scores[:, 0] == 3.0, 0.0, -np.inf))
    assert only_one.logs == (None,)


def test_thinning_keeps_the_evidence() -> None:
    found = clouds([0.0, 1.0, 2.0, -np.inf] * 5)
    thin = thinned(found, 6, seed=1)
    assert thin.log_evidence(0) == pytest.approx(found.log_evidence(0))
    assert thin.particles[0].size == 6
    assert 3.0 not in thin.particles[0].scores % 4.0


def standing(name: str, atom: int) -> Standing:
    return Standing(name, (atom,), True, 0.5, 0.0, 0.0, 0.5, 0.5, 0.5, 0.0)


def test_of_those_ruled_out_the_one_that_explains_the_record_best_comes_next() -> None:
    """A prior of nought rules out as well as the record does; sets are no rivals."""
    leads, before, by_record = standing("a", 0), standing("b", 1), standing("c", 2)
    leads = replace(leads, posterior=1.0, log_evidence=-9.0)
    before = replace(before, prior=0.0, posterior=0.0, log_evidence=-4.0)
    by_record = replace(by_record, posterior=0.0, log_evidence=-np.inf)
    some = replace(standing("some", 0), is_rival=False, posterior=1.0)
    logs = {0: -9.0, 1: -4.0, 2: -np.inf}
    evidence = SimpleNamespace(
        priors=np.array([0.5, 0.0, 0.5]), of=lambda atoms: SimpleNamespace(log=logs[atoms[0]])
    )
    of = contest((some, by_record, before, leads), evidence)  # type: ignore[arg-type]
    assert (of.leader.name, of.rival.name) == ("a", "b")
    assert of.evidences == tuple(logs.values())
    assert of.prior_log_odds == np.inf
    assert replace(of, rival=by_record).prior_log_odds == 0.0
    thrice = replace(of, leader=replace(leads, prior=0.6), rival=replace(by_record, prior=0.2))
    assert thrice.prior_log_odds == pytest.approx(log(3.0))


def test_the_least_lead_is_that_over_the_rival_who_may_come_nearest() -> None:
    rivals = standing("a", 0), standing("b", 1), replace(standing("c", 2), atoms=(2, 3))
    of = Contest(rivals[0], rivals[1], rivals, (0.0, -1.0, -2.0, -3.0))
    priors = np.array([0.4, 0.3, 0.2, 0.1])
    lead = of.least_lead(priors, [-0.5, -9.0, -9.0, -9.0], [0.5, -1.0, 0.25, 1.5])
    nearest = log(0.2 * exp(0.25) + 0.1 * exp(1.5))
    assert nearest > log(0.3) - 1.0
    assert lead == pytest.approx(log(0.4) - 0.5 - nearest)
    assert of.least_lead(priors, [-np.inf] * 4, [0.0] * 4) == -np.inf


def test_a_hopeless_way_of_being_true_leaves_no_change_open() -> None:
    # The second explanation can be true in two ways, the other of which is e^-20 as probable.
    first, second = standing("a", 0), replace(standing("b", 1), atoms=(1, 2))
    priors, base = np.array([0.4, 0.3, 0.3]), (-10.0, -12.0, -32.0)
    of = Contest(first, second, (first, second), base)
    flip = of.flip("item", "one", "left-out", priors, (-11.0, -11.0, None))
    assert flip.log_odds == pytest.approx(log(0.4 / 0.3), abs=1e-8)
    assert of.flip("item", "one", "left-out", priors, (-11.0, None, -30.0)).log_odds is None
    # Of an explanation that explains all of it badly, the best way counts all the same.
    weak = Contest(first, second, (first, second), (-10.0, -30.0, -60.0))
    assert weak.flip("item", "one", "left-out", priors, (-11.0, None, -60.0)).log_odds is None
    assert weak.counting(priors) == {0, 1}
    # What rules out both leaves them where they were: alike.
    gone = (float("-inf"), float("-inf"), 2.0 * float("-inf"))
    assert of.flip("item", "one", "left-out", priors, gone).log_odds == 0.0
    near = Contest(first, second, (first, second), (-10.0, -12.0, -15.0))
    assert near.flip("item", "one", "left-out", priors, (-11.0, -11.0, None)).log_odds is None


def test_a_clue_that_parts_the_explanations_tells_most() -> None:
    found = clouds([0.0, 0.0], [0.0, 0.0])
    truths = {
        "idle": [np.array([1.0, 0.0]), np.array([1.0, 0.0])],
        "telling": [np.array([1.0, 1.0]), np.array([0.0, 0.0])],
    }
    first, last = gains(found, [standing("a", 0), standing("b", 1)], truths)
    assert (first.clue, first.chances) == ("telling", {"a": 1.0, "b": 0.0})
    assert first.nats == pytest.approx(log(2.0))
    assert last.clue == "idle"
    assert last.nats == pytest.approx(0.0, abs=1e-12)


def test_parameters_of_some_explanations_only_are_found() -> None:
    model = study.build(study.load("kazakhstan-2022"))
    found = specific_parameters(model)
    assert {"rivalry.scheming", "infiltrating", "fighters", "gangs-on-call"} <= found
    assert not {"brink", "watching", "rivalry.opportunism", "protest.spread"} & found


def test_common_priors_hold_all_that_they_replace() -> None:
    case = study.load("kazakhstan-2022")
    names = ["rivalry.scheming", "infiltrating", "protest.flare", "fighters"]
    laws = {name: case.parameters[name].spec.prior for name in names}
    common = common_priors(case, names, [laws])
    assert set(common) == {"rivalry.scheming", "infiltrating", "protest.flare"}
    low, high = common["protest.flare"].interval(0.8)
    assert low == pytest.approx(0.1)
    assert high == pytest.approx(30.0)
