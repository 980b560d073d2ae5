"""Where runs do not agree, as many again are made, and all of them are asked."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace

import numpy as np
import pytest

from foedus.infer.islands import agreed
from foedus.infer.islands.agreed import agreed_islands, disagreement
from foedus.infer.islands.effort import Effort
from foedus.infer.islands.islands import Evidence, evidence_of, run_islands
from foedus.infer.islands.pool import pool
from foedus.infer.islands.refusal import verify_accuracy, verify_living
from foedus.infer.islands.remembered import remembered_islands
from foedus.infer.islands.standings import Standing, standings
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.particles.weights import log_sum
from foedus.infer.sampler.sampler import Settings
from foedus.infer.verdict.no_verdict import NoVerdict
from foedus.infer.weigh import judged
from foedus.report.phrases.no_verdict import no_verdict_sentence
from foedus.text.diagnostic import NoAnswerError, NoiseError
from tests.infer.lost_runs import died
from tests.infer.strikes import COMPLETE, HEAD, THREE, target_from
from tests.loading import case_of

FEW = Effort(particles=30, sweeps=1, islands=2)


def refused(verdicts: Sequence[bool], monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let agreement be found wanting as told; gives how many runs were asked each time."""
    asked, answers = list[int](), iter(verdicts)

    def verify(_: RecordTarget, evidence: Evidence, *__: object) -> None:
        asked.append(len(evidence.courses))
        if next(answers):
            raise NoiseError("noise would decide")

    monkeypatch.setattr(agreed, "verify_agreement", verify)
    return asked


def test_runs_that_agree_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = refused([False], monkeypatch)
    assert len(agreed_islands(target_from(THREE), FEW).courses) == 2
    assert asked == [2]


def test_where_they_do_not_agree_all_count_that_were_made(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, told = refused([True, False], monkeypatch), list[tuple[int, int]]()
    target = target_from(THREE)
    found = agreed_islands(target, FEW, progress=lambda *at: told.append(at))
    assert asked == [2, 4]
    at_once = run_islands(target, Settings(30, 1), islands=4)
    np.testing.assert_array_equal(found.levels, at_once.levels)
    shares = [done / total for done, total in told]
    assert shares[-1] == 1.0
    assert min(shares[shares.index(1.0) + 1 :]) == 0.5
    totals = [total for _, total in told]
    assert set(totals) == {totals[0], 2 * totals[0]}  # as progress bars tell it


def test_noise_that_decides_still_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    refused([True, True], monkeypatch)
    with pytest.raises(NoAnswerError, match="noise"):
        agreed_islands(target_from(THREE), FEW)


def test_a_record_that_cannot_be_is_run_once(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = list[int]()

    def counted(*args: object, first: int, **more: object) -> Evidence:
        ran.append(first)
        return remembered_islands(*args, first=first, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(agreed, "remembered_islands", counted)
    denied = "  - {id: no, state: strikes > 3, at: 2000-01-10, cites: [wave], "
    evidence = THREE + denied + "established: so}\n"
    with pytest.raises(NoAnswerError, match="from `no` on no run agrees") as refused:
        agreed_islands(target_from(evidence), FEW)
    assert ran == [0]
    assert not isinstance(refused.value, NoiseError)
    case = case_of(f"{HEAD}evidence:\n{evidence}{COMPLETE}")
    absent = NoVerdict("refused", str(refused.value), refused.value.cause, refused.value.values)
    english, finnish = (no_verdict_sentence(case, absent, language) for language in ("en", "fi"))
    assert str(refused.value) in english
    assert "yksikään ajo ei käy yksiin aineiston kanssa" in finnish


@pytest.mark.parametrize("apart", [1.0, 1.3])
def test_refusals_are_worded_in_every_language(apart: float) -> None:
    case = case_of(f"{HEAD}evidence:\n{THREE}{COMPLETE}")
    one = Standing("by-plot", (1,), True, 0.5, -4.0, 1.5, 0.5, 0.1, 0.9, 2.0)
    with pytest.raises(NoiseError) as refused:
        verify_accuracy([one, replace(one, name="by-itself")], 30, apart)
    absent = NoVerdict("refused", str(refused.value), refused.value.cause, refused.value.values)
    said = no_verdict_sentence(case, absent, "en").replace("“by plot”", "`by-plot`")
    assert str(refused.value) in said.replace("1.20", "1.2")
    assert "sattuma ratkaisisi" in no_verdict_sentence(case, absent, "fi")


def test_a_run_that_lost_all_particles_says_nothing_of_the_odds() -> None:
    hearsay = "  - {id: told, state: strikes > 1, at: 2000-01-08, cites: [wave]}\n"
    target = target_from(THREE + hearsay)
    three = run_islands(target, Settings(120, 2), islands=3, seed=2)
    four = evidence_of(target, (died(three.courses[0]), *three.courses))
    assert four.living == (1, 2, 3)
    assert three.living == (0, 1, 2)
    assert four.neutral == three.neutral
    assert any(worth < 0.0 for worth in three.neutral.values())
    assert disagreement(four, target.steps) == disagreement(three, target.steps)
    for one, other in zip(
        standings(target.model, four), standings(target.model, three), strict=True
    ):
        assert one.posterior == pytest.approx(other.posterior)
        assert one.odds_error == pytest.approx(other.odds_error)
        assert (one.low, one.high) == pytest.approx((other.low, other.high))
        assert one.log_evidence == pytest.approx(other.log_evidence + np.log(3.0 / 4.0))
    weights, others = pool(four), pool(three)
    for logs, alone in zip(weights.logs, others.logs, strict=True):
        assert log_sum(logs) == pytest.approx(log_sum(alone) + np.log(3.0 / 4.0))
    case = case_of(f"{HEAD}evidence:\n{THREE}{COMPLETE}")
    accuracy = judged(target, four, case, Effort(particles=120, islands=3), 2).accuracy
    assert (accuracy.islands, accuracy.lost) == (4, 1)
    verify_living(four, 3, 120)
    with pytest.raises(NoiseError) as refused:
        verify_living(four, 4, 120)
    absent = NoVerdict("refused", str(refused.value), refused.value.cause, refused.value.values)
    assert str(refused.value) in no_verdict_sentence(case, absent, "en")
    assert "niistä 1 menetti kaikki" in no_verdict_sentence(case, absent, "fi")


def test_of_many_runs_every_fourth_may_be_lost() -> None:
    target = target_from(THREE)
    one = run_islands(target, Settings(20, 1), islands=1, seed=2).courses[0]
    for asked, lost, is_enough in (
        (16, 4, True), (16, 5, False), (4, 1, False), (5, 1, True), (2, 0, True), (2, 1, False),
    ):  # fmt: skip
        some = evidence_of(target, (died(one),) * lost + (one,) * (asked - lost))
        with nullcontext() if is_enough else pytest.raises(NoiseError):
            verify_living(some, asked, 20)


def test_where_a_run_lost_all_particles_as_many_again_are_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    target, made = target_from(THREE), list[int]()

    def with_one_dead(*args: object, first: int, **more: object) -> Evidence:
        made.append(first)
        found = remembered_islands(*args, first=first, **more)  # type: ignore[arg-type]
        courses = (died(found.courses[0]), *found.courses[1:])
        return found if first else evidence_of(target, courses)

    monkeypatch.setattr(agreed, "remembered_islands", with_one_dead)
    found = agreed_islands(target, Effort(particles=120, sweeps=2, islands=4))
    assert made == [0, 4]
    assert found.living == tuple(range(1, 8))
