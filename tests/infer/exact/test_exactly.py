"""Verdicts worked out over all states: closed forms, and agreement with sampled ones."""

from __future__ import annotations

from math import exp, lgamma, log, pi, sqrt
from pathlib import Path

import pytest

from foedus.exact.parameters import read_in
from foedus.exact.refusal import Refusal
from foedus.infer import weigh as weighing
from foedus.infer.exact import exact_target
from foedus.infer.exact.exactly import Bounds, exactly
from foedus.infer.islands.effort import Effort
from foedus.infer.likelihood.engine import start
from foedus.infer.verdict.verdict import Verdict
from foedus.infer.weigh import Method, weigh
from foedus.jump.lower import lower
from foedus.jump.lower_record import lower_record
from foedus.jump.model import Atom, JumpModel
from foedus.text.diagnostic import NoAnswerError
from tests.conformance.test_tables import folder_with, rows_of
from tests.infer.strikes import COMPLETE, HEAD, ONLY_PLOT, THREE, item, log_evidence, mixed
from tests.loading import case_at, case_of

ONE_RATE = HEAD.replace('boost: {prior: "lognormal(3, 1.5)"', "boost: {value: 3")
REPORTED = """\
  seen: {value: 0.4, unit: share, grade: assumed, because: a test}
"""
MANY = f"""\
{HEAD}tables:
  waits: {{csv: units.csv, unit: who, time: day, state: mood, scheme: exact, variable: mood}}
""".replace(
    "questions:",
    "  anger: {when: mood == calm, rate: speed * (if plot then boost else 1), "
    "then: {mood: angry}}\nquestions:",
).replace("state:\n", "state:\n  mood: {type: {one of: [calm, angry]}, starts: calm}\n", 1)
SAID = "  - {id: C1, by: boss, says: plot, at: 2000-01-09, cites: [daily]}\n"
SPEAKERS = """\
speakers:
  boss:
    candour: {value: 2, grade: assumed, because: a test}
    interest: {plot: {value: 1, grade: assumed, because: a test}}
"""


def verdict(
    evidence: str, more: str = "", *, head: str = ONE_RATE, record: str = COMPLETE,
    method: Method | None = "exact", particles: int = 150,
) -> Verdict:  # fmt: skip
    case = case_of(head + ("evidence:\n" + evidence if evidence else "") + record + more)
    effort = Effort(particles=particles, islands=4, again=30)
    model = lower(case)
    return weigh(case, model, lower_record(case), start, effort=effort, seed=1, method=method)


def logs(found: Verdict) -> dict[str, float]:
    return {one.name: one.log_evidence for one in found.standings}


@pytest.fixture(scope="module")
def three() -> Verdict:
    return verdict(THREE)


def test_the_evidence_is_the_closed_form(three: Verdict) -> None:
    found = logs(three)
    assert three.method == "exact"
    assert found["by-itself"] == pytest.approx(log_evidence(3, 2.0, 10.0), abs=1e-5)
    assert found["by-plot"] == pytest.approx(log_evidence(3, 2.0, 10.0, 3.0), abs=1e-5)
    assert three.accuracy.largest_error < 1e-3
    one = three.standings[0]
    assert one.low == one.posterior == one.high


def test_weights_sum_and_flips_are_closed_forms(three: Verdict) -> None:
    for standing in three.standings:
        total = sum(weight.log_weight[standing.name] for weight in three.weights)
        assert total == pytest.approx(standing.log_evidence, abs=1e-9)
    flips = {(one.name, one.change): one.log_odds for one in three.turning.changes}
    # Without the second strike nothing is known of its two days.
    left = log_evidence(2, 1.0, 8.0) - log_evidence(2, 1.0, 8.0, 3.0)
    assert flips["two", "left-out"] == pytest.approx(left, abs=1e-4)
    low, high = flips["speed", "lowest-fifth"], flips["speed", "highest-fifth"]
    assert low is not None
    assert high is not None
    assert low < three.basis.log_odds < high
    (speed,) = (one for one in three.marginals if one.name == "speed")
    assert speed.posterior[0] < speed.posterior[1] < speed.posterior[2]


def test_two_uncertain_numbers() -> None:
    """The second matters under one explanation only: an integral by another rule. Not chosen by
    itself: it takes some hundred nodes."""
    found = logs(verdict(item("one", "2000-01-02"), head=HEAD))
    assert found["by-itself"] == pytest.approx(log_evidence(1, 1.0, 10.0), abs=2e-3)
    assert found["by-plot"] == pytest.approx(mixed(1, 1.0, 10.0), abs=2e-3)


def test_half_and_twice_the_spread_of_a_prior_of_one_explanation() -> None:
    """The log odds under either are those of the integral over that prior."""
    rate = 0.2
    head = HEAD.replace('speed: {prior: "gamma(2, 0.3)"', f"speed: {{value: {rate}")
    found = verdict(THREE, head=head)
    flips = {
        one.change: one.log_odds for one in found.turning.changes
        if (one.kind, one.name) == ("spread", "boost")
    }  # fmt: skip

    def log_odds(spread: float) -> float:
        likelihood = [
            exp(-0.5 * z * z) * (rate * 3.0 * 1.5 ** (spread * z)) ** 3
            * exp(-10.0 * rate * 3.0 * 1.5 ** (spread * z))
            for z in (0.01 * place for place in range(-800, 801))
        ]  # fmt: skip
        alone = rate**3 * exp(-10.0 * rate)
        return log(alone / (sum(likelihood) * 0.01 / sqrt(2 * pi)))

    assert found.turning.leader == "by-itself"
    assert found.basis.log_odds == pytest.approx(log_odds(1.0), abs=1e-3)
    assert flips["halved"] == pytest.approx(log_odds(0.5), abs=1e-3)
    assert flips["doubled"] == pytest.approx(log_odds(2.0), abs=0.02)  # the grid is for the prior


def test_nodes_without_weight_have_no_say_in_the_error() -> None:
    """Where rates are so high that nothing of the record is left, errors have no bound either."""
    found = verdict(item("one", "2000-01-02"), head=HEAD)
    assert found.accuracy.largest_error < 0.01


def test_a_bound_on_an_error_may_be_beyond_all_numbers() -> None:
    """A rate at which days of silence are as good as impossible warns of nothing."""
    head = ONE_RATE.replace("boost: {value: 3", "boost: {value: 95")
    head = head.replace('speed: {prior: "gamma(2, 0.3)"', "speed: {value: 1")
    daily = "".join(item(f"day-{day}", f"2000-01-{day:02d}T12:00") for day in range(1, 10))
    found = verdict(daily, head=head)
    known = 9 * log(1.0 / 1440.0) - 10.0
    assert logs(found)["by-itself"] == pytest.approx(known, abs=0.01)
    assert [one.posterior for one in found.standings] == [1.0, 0.0]


def test_where_no_value_leaves_any_odds_no_number_moves_them() -> None:
    found = verdict(
        THREE, head=ONLY_PLOT.replace('boost: {prior: "lognormal(3, 1.5)"', "boost: {value: 3")
    )
    assert found.turning.leader == "by-plot"
    assert all(one.moves is None for one in found.marginals)


def test_an_origin_that_may_not_be_reliable() -> None:
    """An item of the radio (half reliable): distrust takes no side, trust is the closed form."""
    doubted = item("one", "2000-01-02", "note: a rumour", "wave")
    found = verdict(doubted)
    # The last stage: silence until the 10th, with the strike or, if it is not trusted, without its
    # day, and then worth what those who trust it say on average.
    step = next(weight for weight in found.weights if weight.id == "one")
    levels = dict.fromkeys(("by-itself", "by-plot"), 0.0)
    for weight in found.weights[: found.weights.index(step)]:
        levels = {name: levels[name] + weight.log_weight[name] for name in levels}
    trusted = {
        "by-itself": log_evidence(1, 1.0, 2.0) - levels["by-itself"],
        "by-plot": log_evidence(1, 1.0, 2.0, 3.0) - levels["by-plot"],
    }
    neutral = log(0.5 * exp(trusted["by-itself"]) + 0.5 * exp(trusted["by-plot"]))
    for name, value in trusted.items():
        expected = log(0.5 * exp(value) + 0.5 * exp(neutral))
        assert step.log_weight[name] == pytest.approx(expected, abs=1e-4)
    flips = {(one.name, one.change): one.log_odds for one in found.turning.changes}
    assert flips["radio", "reliable"] is not None
    assert flips["radio", "unreliable"] is not None


@pytest.mark.parametrize("method", ["exact", "particle"])
def test_an_origin_that_is_reliable_for_sure_is_taken_at_its_word(method: Method) -> None:
    """As if nothing had hung on it, and nothing is said of what would be if it were not.

    Sampled logs are allowed five of their standard errors: by chance once in a million seeds.
    """
    sure = ONE_RATE.replace('reliability: {prior: "beta(1, 1)"', "reliability: {value: 1")
    assert sure != ONE_RATE
    hangs, stands = (
        item("one", "2000-01-02", more, "wave") for more in ("note: x", "established: x")
    )
    found = verdict(hangs, head=sure, method=method, particles=40)
    expected = verdict(stands)
    slack = 1e-9 if method == "exact" else 5.0 * max(one.error for one in found.standings)
    assert logs(found) == pytest.approx(logs(expected), abs=slack)
    said = {one.change for one in found.turning.changes if one.name == "radio"}
    assert "unreliable" not in said


def test_claims_and_clues() -> None:
    """A claim against what is so moves the odds by the candour at most; a clue has its chances."""
    claims = (
        f"claims:\n{SAID}  - {{id: C2, by: boss, retracts: C1, at: 2000-01-10, cites: [daily]}}\n"
        "  - {id: C3, by: boss, says: plot, repeats: C1, at: 2000-01-10, cites: [daily]}\n"
    )
    clue = "clues:\n  many: {state: strikes > 3, by: 2000-01-11, doc: if somebody looked}\n"
    found = verdict(THREE, claims + SPEAKERS + clue)
    step = {one.id: one.log_weight for one in found.weights}
    said = {True: -log(1 + exp(-2.0)), False: -log(1 + exp(-0.0))}
    assert step["C1"]["by-plot"] == pytest.approx(said[True], abs=1e-6)
    assert step["C1"]["by-itself"] == pytest.approx(said[False], abs=1e-6)
    back = {True: -log(1 + exp(2.0)), False: -log(1 + exp(0.0))}
    assert step["C2"]["by-plot"] == pytest.approx(back[True], abs=1e-6)
    (gain,) = found.clues
    # One day is left after the record ends: a strike in it, with the rate's posterior.
    for name, factor in (("by-itself", 1.0), ("by-plot", 3.0)):
        none = exp(log_evidence(3, 2.0, 11.0, factor) - log_evidence(3, 2.0, 10.0, factor))
        assert gain.chances[name] == pytest.approx(1.0 - none, abs=1e-3)


def test_refusals_and_choice() -> None:
    speed = 'speed: {prior: "gamma(2, 0.3)", unit: per day, grade: judged, because: a test}\n'
    assert speed in HEAD
    uncertain = HEAD.replace(speed, f"{speed}  {speed.replace('speed', 'more')}")
    uncertain = uncertain.replace("speed * (if", "more + speed * (if")
    with pytest.raises(NoAnswerError, match="3 numbers are uncertain"):
        verdict(THREE, head=uncertain)
    assert verdict(item("one", "2000-01-02"), method=None).method == "exact"
    impossible = "  - {id: none, state: strikes < 0, at: 2000-01-05, cites: [daily]}\n"
    with pytest.raises(AssertionError, match="impossible-evidence"):
        verdict(impossible)


CASES = {
    "complete": (THREE, "", COMPLETE, ONE_RATE),
    "reported": (
        item("one", "2000-01-02"), "",
        "record:\n  strike: {reported: seen, delay: 0 days, because: a test}\n",
        ONE_RATE.replace("\ncomponents:", f"\n{REPORTED}components:"),
    ),
    "absent": ("  - {id: none, absent: strike, between: 2000-01-03/2000-01-05, cites: [daily], "
               "established: seen}\n", "", COMPLETE, ONE_RATE),
    "value": ("  - {id: about, value: strikes, is: 4, error: sd 1, at: 2000-01-08, cites: [daily], "
              "established: seen}\n", "",
              "record:\n  strike: {reported: seen, delay: 0 days, because: a test}\n",
              ONE_RATE.replace("\ncomponents:", f"\n{REPORTED}components:")),
    "state": ("  - {id: some, state: strikes >= 2, at: 2000-01-06, cites: [daily], "
              "established: seen}\n", "", "", ONE_RATE),
    "doubted": (item("one", "2000-01-02", "note: a rumour", "wave") + item("two", "2000-01-05"), "",
                COMPLETE, ONE_RATE),
    "claimed": (THREE, f"claims:\n{SAID}{SPEAKERS}", COMPLETE, ONE_RATE),
}  # fmt: skip
"""By kind of evidence: items, claims, how complete the record is, and the case."""


@pytest.mark.parametrize(
    "name",
    [pytest.param(one, marks=() if one == "state" else pytest.mark.full) for one in CASES],
)
def test_sampled_verdicts_agree(name: str) -> None:
    """Within 4.5 of their standard errors (floor .03): fails by chance once in 10,000 or so.

    What is known of a state only lets courses pass or not, so that every change of atom that is
    possible is taken; of two atoms a particle then went to and fro, and came from none to any.
    """
    evidence, more, record, head = CASES[name]
    exact = verdict(evidence, more, record=record, head=head)
    sampled = verdict(evidence, more, record=record, head=head, method="particle", particles=400)
    for one, other in zip(exact.standings, sampled.standings, strict=True):
        assert abs(one.log_evidence - other.log_evidence) < 4.5 * max(other.error, 0.03), name
        assert abs(one.posterior - other.posterior) < 0.08


def test_tables_of_many_units_come_in_first(tmp_path: Path) -> None:
    """One uncertain rate for two groups, 9 events in 359 weeks and 21 in 182, or two known ones."""
    (tmp_path / "first.csv").write_text(rows_of("first", 9, 359))
    (tmp_path / "second.csv").write_text(rows_of("second", 21, 182))
    case = case_at(folder_with(tmp_path, "peace"))
    rates = {"first": 0.025 / 7.0, "second": 0.115 / 7.0}
    found = weigh(case, lower(case), lower_record(case), start, method=None, fixed=rates)
    values = logs(found)
    known = 9 * log(0.025) - 0.025 * 359 + 21 * log(0.115) - 0.115 * 182
    assert values["separate"] == pytest.approx(known, abs=1e-6)
    one_rate = log(10.0) + lgamma(31.0) - 31.0 * log(10.0 + 541.0)
    assert values["common"] == pytest.approx(one_rate, abs=2e-3)
    (told,) = found.weights
    assert told.id == "tables"
    assert told.log_weight["common"] == pytest.approx(values["common"])
    with pytest.raises(NoAnswerError, match="weighed exactly only"):
        weigh(case, lower(case), lower_record(case), start, method="particle")


@pytest.mark.parametrize("units", [60, pytest.param(300, marks=pytest.mark.full)])
def test_many_units_may_know_two_numbers_much_better_than_the_priors(
    units: int, tmp_path: Path
) -> None:
    """Each waits for days: of rate times boost next to nothing is open, of each much is.

    The probability of the many is less than what a number can hold, its logarithm is not.
    """
    rows = [f"{unit},0,calm\n{unit},5.0,angry\n" for unit in range(units)]
    (tmp_path / "units.csv").write_text("who,day,mood\n" + "".join(rows))
    case = case_of(MANY, tmp_path)
    found = weigh(case, lower(case), lower_record(case), start, method=None)
    days = 5.0 * units
    values = logs(found)
    assert values["by-itself"] == pytest.approx(log_evidence(units, 1.0, days), abs=2e-3)
    assert values["by-plot"] == pytest.approx(mixed(units, 1.0, days), abs=2e-3)
    assert found.accuracy.largest_error < 0.05
    # With another prior the values at the nodes move away from what the units know.
    wider = mixed(units, 1.0, days, power=2.0) - log_evidence(units, 1.0, days)
    flips = {(one.name, one.change): one.log_odds for one in found.turning.changes}
    assert flips["boost", "doubled"] == pytest.approx(
        wider if found.turning.leader == "by-plot" else -wider, abs=0.02
    )


def test_nothing_is_worked_out_unasked_that_takes_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert verdict(THREE, method=None).method == "exact"
    monkeypatch.setattr(weighing, "QUICK", Bounds(work=500.0))
    assert verdict(THREE, method=None, particles=40).method == "particle"
    case = case_of(f"{ONE_RATE}evidence:\n{THREE}{COMPLETE}")
    target = weighing.target_of(case, lower(case), lower_record(case), start)
    refused = exactly(target, Bounds(work=500.0))
    assert isinstance(refused, Refusal)
    assert "states to be gone through, not 500 or fewer" in refused.reason


def test_the_model_is_read_once_for_each_atom(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Atom] = []

    def counted(model: JumpModel, atom: Atom) -> frozenset[str]:
        read.append(atom)
        return read_in(model, atom)

    monkeypatch.setattr(exact_target, "read_in", counted)
    case = case_of(f"{ONE_RATE}evidence:\n{THREE}{COMPLETE}")
    target = weighing.target_of(case, lower(case), lower_record(case), start)
    assert len(exact_target.exact(target).matters) == len(read) == 2
