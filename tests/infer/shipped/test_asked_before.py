"""What particles answered stands in for asking them again: the same verdict, without noise."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from foedus.case.case import Case
from foedus.infer.islands.at_odds import at_odds
from foedus.infer.islands.effort import Effort
from foedus.infer.islands.islands import Evidence, run_islands
from foedus.infer.likelihood.engine import start
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.sampler.sampler import Settings
from foedus.infer.shipped import answers_file, courses_file
from foedus.infer.shipped.answers_file import judged_anew
from foedus.infer.shipped.asked_before import (
    AskedBefore,
    are_alike,
    drawn_before,
    packed_answers,
    unpacked_answers,
)
from foedus.infer.shipped.courses_file import Shipped
from foedus.infer.verdict.verdict import Kept, Verdict
from foedus.infer.weigh import answers_of, judged, target_of
from foedus.jump.lower import lower
from foedus.jump.lower_record import lower_record
from foedus.jump.model import JumpModel
from tests.infer.strikes import COMPLETE, HEAD, item
from tests.loading import case_of

TEXT = f"""\
{HEAD}evidence:
{item("one", "2000-01-02")}{item("two", "2000-01-04/2000-01-05", "", "wave").replace(", }", "}")}\
{item("three", "2000-01-08")}{COMPLETE}
clues:
  more: {{state: strikes > 2, by: 2000-01-11, doc: were there many}}
"""
EFFORT = Effort(particles=150, sweeps=1, islands=3, again=40)


def case_at(odds: float | None) -> Case:
    """The case, or the case with an analyst's prior of the plot."""
    case = case_of(TEXT)
    if odds is None:
        return case
    atoms = tuple(
        replace(one, atom=replace(one.atom, written=one.atom.prior, prior=prior))
        for one, prior in zip(case.atoms, (1.0 - odds, odds), strict=True)
    )
    return replace(case, atoms=atoms)


def target_at(odds: float | None) -> RecordTarget:
    """Its record, for the sampler."""
    case = case_at(odds)
    return target_of(case, lower(case), lower_record(case), start)


@pytest.fixture(scope="module")
def sampled() -> Evidence:
    """Particles under the odds of the case."""
    settings = Settings(EFFORT.particles, EFFORT.sweeps)
    return run_islands(target_at(None), settings, islands=EFFORT.islands)


@pytest.fixture
def shipped(sampled: Evidence, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Courses and answers beside the case."""
    target, case = target_at(None), case_at(None)
    for module in (courses_file, answers_file):
        monkeypatch.setattr(module, "file_of", lambda _, at=tmp_path / module.FILE: at)
    kept = Shipped(sampled, None, Kept("2026-01-01", "0"))
    content = courses_file.as_file(target, kept, EFFORT, 1)
    (tmp_path / courses_file.FILE).write_bytes(content)
    answers = answers_of(target, sampled, case, EFFORT, 1)
    content = answers_file.as_file(target, sampled, answers, EFFORT, 1)
    (tmp_path / answers_file.FILE).write_bytes(content)


def assert_alike(one: Verdict, other: Verdict, near: float) -> None:
    """Both verdicts say the same, flip by flip, but for so many nats."""
    assert one.standings == other.standings
    for new, old in zip(one.turning.changes, other.turning.changes, strict=True):
        assert (new.kind, new.name, new.change) == (old.kind, old.name, old.change)
        if old.log_odds is not None and new.log_odds is not None:
            assert new.log_odds == pytest.approx(old.log_odds, abs=near)
        else:
            assert near > 0.01 or new.log_odds is None is old.log_odds
    for gain, other_gain in zip(one.clues, other.clues, strict=True):
        assert gain.nats == pytest.approx(other_gain.nats, abs=near)


def test_answers_are_those_of_particles_asked_again(sampled: Evidence) -> None:
    target, case = target_at(None), case_at(None)
    asked = judged(target, sampled, case, EFFORT, 1)
    answers = unpacked_answers(packed_answers(answers_of(target, sampled, case, EFFORT, 1)))
    thin = drawn_before(sampled, sampled, EFFORT.again, 1)
    known = AskedBefore(thin, target, sampled.neutral, (), answers)
    told = judged(target, sampled, case, EFFORT, 1, known)
    assert_alike(told, asked, 1e-5)
    assert any(one.log_odds is not None for one in told.turning.changes if one.kind == "item")


def test_answers_that_moved_are_told_from_those_that_did_not(sampled: Evidence) -> None:
    answers = answers_of(target_at(None), sampled, case_at(None), EFFORT, 1)
    kept = unpacked_answers(packed_answers(answers))
    assert are_alike(kept, answers)
    (question, (first, *others)), *_ = answers.by_question.items()
    moved = {question: (first + 0.01, *others)}
    assert not are_alike(kept, replace(answers, by_question={**answers.by_question, **moved}))
    assert not are_alike(kept, replace(answers, by_question=moved))
    assert not are_alike(kept, replace(answers, gained=np.zeros(2)))


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("odds", [0.2, 0.9])
def test_what_ships_is_judged_anew_as_all_particles_are(odds: float, sampled: Evidence) -> None:
    # Other particles are drawn to be asked again, so flips differ by their noise.
    target, case = target_at(odds), case_at(odds)
    found, evidence = judged_anew(target, EFFORT, 1), at_odds(sampled, target)
    assert found is not None
    assert evidence is not None
    np.testing.assert_allclose(found.evidence.levels, evidence.levels)
    told = judged(target, found.evidence, case, EFFORT, 1, found.again)
    asked = judged(target, evidence, case, EFFORT, 1)
    assert_alike(told, asked, 1.0)
    assert told.is_judged_anew


@pytest.mark.usefixtures("shipped")
def test_what_ships_is_not_used_for_anything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    assert judged_anew(target_at(None), EFFORT, 1) is None
    assert judged_anew(target_at(0.9), EFFORT, 2) is None
    other = replace(target_at(0.9), model=_renamed(target_at(0.9).model))
    assert judged_anew(other, EFFORT, 1) is None


def _renamed(model: JumpModel) -> JumpModel:
    return replace(model, horizon=model.horizon - 0.5)


def test_what_was_not_asked_is_not_known(sampled: Evidence) -> None:
    target = target_at(None)
    answers = answers_of(target, sampled, case_at(None), EFFORT, 1)
    thin = drawn_before(sampled, sampled, EFFORT.again, 1)
    known = AskedBefore(thin, target, sampled.neutral, (), answers)
    assert known.without(frozenset({"one"})).logs != (None, None)
    assert known.without(frozenset({"one", "two"})).logs == (None, None)
    laws = target.coordinate_system.laws
    assert known.with_priors({"speed": [law["speed"] for law in laws]}).logs == (None, None)
