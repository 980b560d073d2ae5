"""Verdicts on a case of closed form, and what must not change them."""

from collections.abc import Sequence
from dataclasses import replace
from math import exp, inf, log

import numpy as np
import pytest

from foedus.infer.islands.islands import run_islands
from foedus.infer.islands.pool import pool
from foedus.infer.islands.refusal import verify_accuracy
from foedus.infer.likelihood.engine import start
from foedus.infer.sampler.sampler import Settings
from foedus.infer.verdict.verdict import Verdict
from foedus.infer.weigh import target_of
from foedus.jump.lower import lower
from foedus.jump.lower_record import lower_record
from foedus.text.diagnostic import NoAnswerError
from tests.infer.strikes import (
    COMPLETE,
    HEAD,
    ONLY_PLOT,
    THREE,
    item,
    log_evidence,
    mixed,
    verdict_of,
)
from tests.loading import case_of


@pytest.fixture(scope="module")
def three() -> Verdict:
    return verdict_of(THREE)


def evidence_of(verdict: Verdict, name: str) -> tuple[float, float]:
    """The log evidence of an explanation and its error."""
    one = next(one for one in verdict.standings if one.name == name)
    return one.log_evidence, one.error


def test_log_evidence_is_the_closed_form(three: Verdict) -> None:
    for name, exact in (
        ("by-itself", log_evidence(3, 2.0, 10.0)),
        ("by-plot", mixed(3, 2.0, 10.0)),
    ):
        found, error = evidence_of(three, name)
        assert abs(found - exact) < 4.0 * max(error, 0.03)
        assert error < 0.2


def test_the_posterior_is_bayes(three: Verdict) -> None:
    odds = log_evidence(3, 2.0, 10.0) - mixed(3, 2.0, 10.0)
    leader = three.standings[0]
    assert leader.posterior == pytest.approx(1.0 / (1.0 + exp(-odds)), abs=0.06)
    assert leader.low < leader.posterior < leader.high
    assert sum(one.posterior for one in three.standings) == pytest.approx(1.0)


def test_weights_sum_to_the_log_evidence(three: Verdict) -> None:
    for standing in three.standings:
        total = sum(weight.log_weight[standing.name] for weight in three.weights)
        assert total == pytest.approx(standing.log_evidence)
    assert [one.id for one in three.weights if one.arrival == "item"] == ["one", "two", "three"]


def test_a_weight_is_what_is_new_given_what_was_known(three: Verdict) -> None:
    # The first day's silence is of that day's morning only: the item's own day is the item's.
    first = next(weight for weight in three.weights if weight.id == "one")
    before = three.weights[: three.weights.index(first)]
    known = sum(weight.log_weight["by-itself"] for weight in before)
    expected = log_evidence(1, 1.0, 2.0) - known
    assert first.log_weight["by-itself"] == pytest.approx(expected, abs=0.15)


def test_as_of_uses_what_was_known() -> None:
    verdict = verdict_of(THREE, as_of=5.0)
    found, error = evidence_of(verdict, "by-itself")
    assert abs(found - log_evidence(2, 2.0, 5.0)) < 4.0 * max(error, 0.03)
    assert "three" not in {weight.id for weight in verdict.weights}


def test_the_same_arguments_give_the_same_verdict(three: Verdict) -> None:
    again = verdict_of(THREE)
    assert again.standings == three.standings
    assert again.weights == three.weights
    assert again.turning == three.turning


def test_a_question_without_an_answer_is_none_of_a_verdicts(three: Verdict) -> None:
    """It divides by zero in every run that agrees with the record."""
    head = HEAD.replace('{probability: "strikes > 2",', '{mean: "1 / (strikes - 3)",')
    assert head != HEAD
    found = verdict_of(THREE, head=head)
    assert replace(found, seconds=three.seconds) == three


def test_renaming_changes_no_law(three: Verdict) -> None:
    renamed = HEAD.replace("union", "guild").replace("strike", "walkout")
    evidence, record = (
        text.replace("strike", "walkout") for text in (THREE, "record:\n  strike: "
        "{complete: 2000-01-01/2000-01-10, lag: 0 days, because: everybody sees them}\n")
    )  # fmt: skip
    verdict = verdict_of(evidence, head=renamed, record=record)
    for one, other in zip(verdict.standings, three.standings, strict=True):
        assert abs(one.log_evidence - other.log_evidence) < 4.0 * (one.error + other.error + 0.02)


def test_another_unit_of_time_changes_nothing(three: Verdict) -> None:
    weekly = HEAD.replace('"gamma(2, 0.3)", unit: per day', '"gamma(2, 2.1)", unit: per week')
    verdict = verdict_of(THREE, head=weekly)
    for one, other in zip(verdict.standings, three.standings, strict=True):
        assert one.log_evidence == pytest.approx(other.log_evidence, abs=1e-9)


def test_order_of_independent_items_does_not_matter(three: Verdict) -> None:
    turned = item("two", "2000-01-04/2000-01-05") + item("one", "2000-01-02")
    verdict = verdict_of(turned + item("three", "2000-01-08"))
    for one, other in zip(verdict.standings, three.standings, strict=True):
        assert abs(one.log_evidence - other.log_evidence) < 4.0 * (one.error + other.error + 0.02)


def test_what_cannot_happen_is_exactly_impossible() -> None:
    verdict = verdict_of(THREE, head=ONLY_PLOT, particles=80)
    calm, plotted = verdict.standings
    assert (calm.posterior, calm.low, calm.high) == (0.0, 0.0, 0.0)
    assert plotted.posterior == 1.0
    assert calm.log_evidence == -inf
    assert verdict.basis.log_odds == inf
    assert verdict.turning.prior_odds == 0.0


UNSEEN = "record:\n  strike: {reported: seen, delay: 0 days}\n"
WITH_CHANCE = HEAD.replace(
    "parameters:\n",
    "parameters:\n  seen: {value: 0.5, unit: share, grade: assumed, because: a test}\n",
)


def test_reported_firings_thin_the_stream() -> None:
    verdict = verdict_of(item("one", "2000-01-02"), record=UNSEEN, head=WITH_CHANCE)
    found, error = evidence_of(verdict, "by-itself")
    exact = log_evidence(1, 1.0, 11.0, factor=0.5)
    assert abs(found - exact) < 4.0 * max(error, 0.03)


HEARSAY = "known: 2000-01-02"


def test_an_item_of_one_origin_hangs_on_it() -> None:
    # p = P(R = 1) p(item) + P(R = 0) times the average of p(item) over explanations.
    record = "record:\n  strike: {reported: seen, delay: 0 days}\n"
    verdict = verdict_of(item("one", "2000-01-02", HEARSAY), record=record, head=WITH_CHANCE)
    weight = next(one for one in verdict.weights if one.id == "one")
    sure = verdict_of(item("one", "2000-01-02"), record=record, head=WITH_CHANCE)
    trusted = next(one.log_weight for one in sure.weights if one.id == "one")
    average = 0.5 * sum(exp(trusted[name]) for name in ("by-itself", "by-plot"))
    for name in ("by-itself", "by-plot"):
        expected = log(0.75 * exp(trusted[name]) + 0.25 * average)
        assert weight.log_weight[name] == pytest.approx(expected, abs=0.15)
    kinds = {(flip.kind, flip.name, flip.change) for flip in verdict.turning.changes}
    assert {("origin", "paper", "reliable"), ("origin", "paper", "unreliable")} <= kinds


def test_nothing_to_decide_is_no_verdict() -> None:
    with pytest.raises(NoAnswerError, match="no record to weigh"):
        verdict_of("", record="")
    with pytest.raises(NoAnswerError, match="nothing of the record was known"):
        verdict_of(THREE, as_of=0.0)


def test_noise_is_no_verdict(three: Verdict) -> None:
    wide = [replace(one, low=0.2, high=0.7) for one in three.standings]
    with pytest.raises(NoAnswerError, match="noise would decide"):
        verify_accuracy(wide, particles=120)
    verify_accuracy(wide, particles=120, is_mixed=False)  # whatever it is, it does not decide
    with pytest.raises(NoAnswerError, match="noise would decide"):
        verify_accuracy([replace(wide[0], high=0.8), *wide[1:]], 120, is_mixed=False)
    verify_accuracy(three.standings, particles=120, apart=1.1)
    with pytest.raises(NoAnswerError, match="have not come to the same courses"):
        verify_accuracy(three.standings, particles=120, apart=1.3)


def test_one_origin_repeated_does_not_add_up() -> None:
    # A second paper of the same house repeats the report: the item still hangs on the one origin.
    record = "record:\n  strike: {reported: seen, delay: 0 days}\n"
    once = verdict_of(item("one", "2000-01-02", HEARSAY), record=record, head=WITH_CHANCE)
    cited = item("one", "2000-01-02", HEARSAY, cites="daily, weekly")
    twice = verdict_of(cited, record=record, head=WITH_CHANCE)
    assert [one.log_evidence for one in once.standings] == [
        one.log_evidence for one in twice.standings
    ]


def test_an_interval_split_without_data_changes_nothing(three: Verdict) -> None:
    # The silence of nine days, known in two parts, is the silence of nine days.
    record = (
        "record:\n  strike: {complete: 2000-01-01/2000-01-10, lag: 0 days, because: they show}\n"
    )
    told = (
        '  - {id: idle, state: "strikes >= 0", at: 2000-01-06, cites: [daily], established: so}\n'
    )
    verdict = verdict_of(THREE + told, record=record)
    for one, other in zip(verdict.standings, three.standings, strict=True):
        assert abs(one.log_evidence - other.log_evidence) < 4.0 * (one.error + other.error + 0.02)
    idle = next(weight for weight in verdict.weights if weight.id == "idle")
    assert all(abs(value) < 1e-9 for value in idle.log_weight.values())


CLAIM = """\
speakers:
  boss:
    candour: {value: 2, grade: assumed, because: a test}
    interest:
      plot: {value: 1, grade: assumed, because: a test}
claims:
  - {id: c, by: boss, says: plot, at: 2000-01-03, cites: [wave]}
  - {id: again, by: boss, says: plot, repeats: c, at: 2000-01-05, cites: [wave]}
  - {id: back, by: boss, retracts: c, at: 2000-01-09, cites: [wave]}
"""


def test_claims_weigh_what_the_speaker_makes_of_them() -> None:
    verdict = verdict_of(THREE, CLAIM, particles=80)

    def says(odds: float) -> float:
        return -log(1.0 + exp(-odds))

    found = {one.id: one.log_weight for one in verdict.weights}
    for name, truth in (("by-itself", 0.0), ("by-plot", 1.0)):
        odds = 1.0 + 2.0 * (truth - 0.5)
        assert found["c"][name] == pytest.approx(says(odds))
        assert found["again"][name] == pytest.approx(0.0, abs=1e-12)
        assert found["back"][name] == pytest.approx(says(-odds))


LIAR = """\
speakers:
  boss: {candour: {prior: "lognormal(1, 3)", grade: judged, because: a test}}
  union: {candour: {prior: "lognormal(1, 3)", grade: judged, because: a test}}
claims:
  - {id: b1, by: boss, value: strikes, is: 40, at: 2000-01-05, cites: [wave]}
  - {id: b2, by: boss, value: strikes, is: 90, at: 2000-01-09, cites: [wave]}
  - {id: u1, by: union, value: strikes, is: 2, at: 2000-01-05, cites: [wave]}
  - {id: u2, by: union, value: strikes, is: 3, at: 2000-01-09, cites: [wave]}
"""


def test_a_planted_liar_is_found() -> None:
    found = {one.name: one.posterior for one in verdict_of(THREE, LIAR, particles=80).marginals}
    liar, honest = found["speaker.boss.candour"], found["speaker.union.candour"]
    assert liar[2] < 1.0 < honest[1]


def told(random: np.random.Generator, days: Sequence[int]) -> tuple[str, str]:
    """The record of a month of strikes, and what two who speak of it say, one of them by chance."""
    strikes = [day for day in range(1, 10) if random.random() < 0.4]
    lines = []
    for speaker, spread in (("boss", 2.5), ("union", 0.25)):
        for day in days:
            truth = sum(one < day for one in strikes)
            figure = max(0.0, exp(log(1.0 + truth) + spread * random.standard_normal()) - 1.0)
            lines.append(
                f"  - {{id: {speaker}-{day}, by: {speaker}, value: strikes, is: {figure:.2f}, "
                f"at: 2000-01-{day:02d}T00:00, cites: [wave]}}\n"
            )
    return "".join(item(f"s{day}", f"2000-01-{day:02d}") for day in strikes), "".join(lines)


def test_a_planted_liar_is_found_in_simulated_records() -> None:
    # Five figures each, whose errors are ten times as wide: fewer than one liar in 10,000 would by
    # chance come out as the more candid of the two.
    random, speakers = np.random.default_rng(5), LIAR.partition("claims:")[0]
    for _ in range(5):
        evidence, claims = told(random, (3, 4, 6, 8, 9))
        case = case_of(f"{HEAD}evidence:\n{evidence}{COMPLETE}{speakers}claims:\n{claims}")
        target = target_of(case, lower(case), lower_record(case), start)
        found = pool(run_islands(target, Settings(particles=80, sweeps=2), islands=1))
        system, weights = target.coordinate_system, np.concatenate(found.shares())
        scores = np.concatenate([particles.scores for particles in found.particles])
        liar, honest = (
            float(weights @ scores[:, system.cells[system.cells_of(name)[0]].coordinate])
            for name in ("speaker.boss.candour", "speaker.union.candour")
        )
        assert liar + 0.5 < honest


def test_an_origin_is_believed_as_before_where_its_report_takes_no_side() -> None:
    told = "  - {id: t, state: strikes == 3, at: 2000-01-10, cites: [wave]}\n"
    (radio,) = verdict_of(THREE + told, particles=80).origins
    assert radio.origin == "radio"
    assert radio.prior == pytest.approx(0.5)
    assert radio.posterior == pytest.approx(0.5, abs=0.2)


def test_a_number_that_nothing_reads_moves_the_verdict_by_noise_only() -> None:
    idle = HEAD.replace(
        "components:",
        '  idle: {prior: "uniform(0, 1)", grade: assumed, because: a test}\ncomponents:', 1,
    )  # fmt: skip
    rows = {one.name: one for one in verdict_of(THREE, head=idle).marginals}
    assert rows["idle"].moves is not None
    assert rows["idle"].error > 0.0
    assert rows["idle"].is_noise  # 3 standard errors: a false alarm in 370, with a fixed seed
