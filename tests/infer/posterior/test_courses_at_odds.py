"""Courses that ship, judged under other prior odds: what they weigh, and when they will not do."""

from dataclasses import replace

import numpy as np
import pytest

from foedus.infer import courses
from foedus.infer.courses import shipped_at
from foedus.infer.islands import agreed
from foedus.infer.islands.at_odds import at_odds
from foedus.infer.islands.effort import Effort
from foedus.infer.islands.islands import Evidence, run_islands
from foedus.infer.islands.pool import pool
from foedus.infer.likelihood.engine import start
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.particles.weights import Places, log_sum
from foedus.infer.posterior.ended import Ended, ending
from foedus.infer.sampler.sampler import Settings
from foedus.infer.shipped.courses_file import Shipped
from foedus.infer.verdict.verdict import Kept
from foedus.infer.weigh import target_of
from foedus.jump.lower_record import lower_record
from foedus.study import build, load
from tests.infer.strikes import item, target_from

RECORD = "".join(
    f"  - {{id: {name}, happened: strike, at: {at}, cites: [{source}]}}\n"
    for name, at, source in (
        ("one", "2000-01-02", "daily"), ("two", "2000-01-04/2000-01-05", "wave"),
    )
) + item("three", "2000-01-08")  # fmt: skip


def under(target: RecordTarget, *odds: float) -> RecordTarget:
    """The same record under an analyst's prior odds."""
    atoms = tuple(
        replace(atom, prior=prior, written=atom.prior)
        for atom, prior in zip(target.model.atoms, odds, strict=True)
    )
    return replace(target, model=replace(target.model, atoms=atoms))


def some_of(target: RecordTarget, evidence: Evidence) -> tuple[Ended, list[Places]]:
    """As if every third particle had ended as the outcomes say; which they are, by atom."""
    (course,), found = evidence.courses, pool(evidence)
    chosen = [np.arange(0, logs.size, 3) for logs in found.logs]
    clouds = tuple(
        replace(cloud, particles=cloud.particles.take(own), level=cloud.level[own],
                logs=cloud.logs[own])
        for cloud, own in zip(course.clouds, chosen, strict=True)
    )  # fmt: skip
    levels = np.array([[log_sum(log[own])] for log, own in zip(found.logs, chosen, strict=True)])
    few = replace(course, levels=levels, neutral=np.append(course.neutral, 0.0), clouds=clouds)
    kept = Evidence((*evidence.steps, "end"), evidence.priors, levels[None], (few,))
    return Ended(ending(target), kept, 40, 0.3), chosen


@pytest.mark.parametrize("odds", [(0.5, 0.5), (0.9, 0.1), (0.0, 1.0)])
def test_those_that_end_so_weigh_what_they_weigh_among_all(odds: tuple[float, float]) -> None:
    target = target_from(RECORD)
    evidence = run_islands(target, Settings(120, 1), islands=1)
    few, chosen = some_of(target, evidence)
    other = under(target, *odds)
    judged = at_odds(evidence, other)
    assert judged is not None
    shipped = Shipped(evidence, few, Kept("2026-01-01", "0"))
    found = courses._ended_at(few, shipped, judged, other)
    own, own_few = pool(judged), pool(found.evidence)
    whole = sum(p * np.exp(own.log_evidence(a)) for a, p in enumerate(odds))
    part = sum(p * np.exp(log_sum(own.logs[a][chosen[a]])) for a, p in enumerate(odds))
    assert found.share == pytest.approx(part / whole, rel=1e-9)
    for atom, places in enumerate(chosen):
        np.testing.assert_allclose(own_few.logs[atom], own.logs[atom][places], atol=1e-9)
    worth = np.abs(judged.courses[0].neutral - evidence.courses[0].neutral).max()
    assert bool(worth > 0.05) is (odds != (0.5, 0.5))


def flagship(**odds: float) -> RecordTarget:
    """The flagship's record, with other priors of some atoms."""
    case = load("kazakhstan-2022")
    target = target_of(case, build(case), lower_record(case), start)
    named = {atom.name: atom.prior for atom in target.model.atoms}
    named |= {name.replace("_", "-"): prior for name, prior in odds.items()}
    return under(target, *named.values())


def test_what_ships_of_the_flagship_is_used_under_other_odds() -> None:
    own = flagship().as_written
    assert own is not None
    before = shipped_at(own, Effort(), 1)
    after = shipped_at(flagship(protest_only=0.45, clan_only=0.05), Effort(), 1)
    assert before is not None is not after
    assert before.ended is not None
    assert after.ended is not None
    assert after.ended.evidence.priors[0] == 0.45
    assert after.ended.share == pytest.approx(before.ended.share, rel=0.2)  # one atom counts
    assert after.made == before.made


def test_where_an_atom_without_noise_would_count_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shipped_at(flagship(protest_only=0.05, all_three=0.25), Effort(), 1) is None
    ran: list[RecordTarget] = []

    def found(target: RecordTarget, *_: object, **__: object) -> Evidence:
        ran.append(target)
        raise InterruptedError

    monkeypatch.setattr(agreed, "remembered_islands", found)
    with pytest.raises(InterruptedError):
        courses.courses_of(flagship(protest_only=0.05, all_three=0.25), Effort(), may_ship=True)
    assert [target.as_written for target in ran] == [None]  # under the odds of the case
