"""What must not change a verdict, where it can be said to the last digit: records worked out.

The same is asked of sampled verdicts, within their errors, in `test_weigh`.
"""

from __future__ import annotations

from math import isfinite

import pytest

from foedus.infer.likelihood.engine import start
from foedus.infer.verdict.verdict import Verdict
from foedus.infer.weigh import weigh
from foedus.jump.lower import lower
from foedus.jump.lower_record import lower_record
from tests.infer.strikes import COMPLETE, HEAD, THREE, item
from tests.loading import case_of

ONE_RATE = HEAD.replace('boost: {prior: "lognormal(3, 1.5)"', "boost: {value: 3")
REPORTED = "record:\n  strike: {reported: seen, delay: 0 days}\n"
HALF_SEEN = ONE_RATE.replace(
    "parameters:\n",
    "parameters:\n  seen: {value: 0.5, unit: share, grade: assumed, because: a test}\n",
)

NOON = "2000-01-05T12:00"


def worked_out(evidence: str, record: str = COMPLETE, head: str = ONE_RATE) -> Verdict:
    case = case_of(f"{head}evidence:\n{evidence}{record}")
    return weigh(case, lower(case), lower_record(case), start, method="exact")


def logs(verdict: Verdict) -> list[float]:
    """The log evidence of both explanations."""
    return [one.log_evidence for one in verdict.standings]


def weights(verdict: Verdict, name: str) -> list[float]:
    """What a piece weighs for each explanation."""
    return list(next(one.log_weight for one in verdict.weights if one.id == name).values())


def said(name: str, what: str, at: str, cites: str) -> str:
    """What a source says was so."""
    return f"  - {{id: {name}, state: {what}, at: {at}, cites: [{cites}]}}\n"


@pytest.fixture(scope="module")
def three() -> list[float]:
    return logs(worked_out(THREE))


def test_the_order_in_the_file(three: list[float]) -> None:
    turned = item("three", "2000-01-08") + item("two", "2000-01-04/2000-01-05")
    assert logs(worked_out(turned + item("one", "2000-01-02"))) == pytest.approx(three, abs=1e-9)


def test_the_order_in_which_it_became_known(three: list[float]) -> None:
    late = "known: 2000-01-09, established: seen"
    told = item("one", "2000-01-02", late) + item("two", "2000-01-04/2000-01-05")
    found = worked_out(told + item("three", "2000-01-08"))
    assert [one.id for one in found.weights if one.arrival == "item"] == ["two", "three", "one"]
    assert logs(found) == pytest.approx(three, abs=1e-9)


def test_an_interval_in_which_nothing_happened_in_two_parts() -> None:
    def absent(name: str, between: str) -> str:
        more = "known: 2000-01-09, cites: [daily], established: seen"
        return f"  - {{id: {name}, absent: strike, between: {between}, {more}}}\n"

    one = worked_out(absent("no", "2000-01-03/2000-01-06"), REPORTED, HALF_SEEN)
    two = worked_out(
        absent("first", "2000-01-03/2000-01-04") + absent("rest", "2000-01-05/2000-01-06"),
        REPORTED, HALF_SEEN,
    )  # fmt: skip
    assert logs(two) == pytest.approx(logs(one), abs=1e-9)
    assert max(weights(one, "no")) < -0.5  # it is worth something


def test_a_complete_record_in_two_parts(three: list[float]) -> None:
    told = said("idle", '"strikes >= 0"', "2000-01-06T12:00", "daily")
    found = worked_out(THREE + told.replace("]}", "], established: so}"))
    assert logs(found) == pytest.approx(three, abs=1e-9)
    assert weights(found, "idle") == pytest.approx([0.0, 0.0], abs=1e-9)


def test_names(three: list[float]) -> None:
    def renamed(text: str) -> str:
        for old, new in (("union", "guild"), ("strike", "walkout"), ("plot", "scheme")):
            text = text.replace(old, new)
        return text

    found = worked_out(renamed(THREE), renamed(COMPLETE), renamed(ONE_RATE))
    assert logs(found) == pytest.approx(three, abs=1e-12)


def test_the_unit_of_time(three: list[float]) -> None:
    weekly = ONE_RATE.replace('"gamma(2, 0.3)", unit: per day', '"gamma(2, 2.1)", unit: per week')
    assert weekly != ONE_RATE
    assert logs(worked_out(THREE, head=weekly)) == pytest.approx(three, abs=1e-9)


def test_what_a_house_says_twice() -> None:
    # Both looked within the same minute; not at the same moment of it.
    report = said("one", "strikes > 0", NOON, "daily")
    once = worked_out(report, REPORTED, HALF_SEEN)
    again = said("two", "strikes > 0", NOON, "weekly")
    twice = worked_out(report + again, REPORTED, HALF_SEEN)
    assert weights(twice, "two") == pytest.approx([0.0, 0.0], abs=1e-3)
    assert logs(twice) == pytest.approx(logs(once), abs=1e-3)
    beliefs = [[one.posterior for one in found.origins] for found in (once, twice)]
    assert beliefs[0] == pytest.approx(beliefs[1], abs=1e-3)


def test_what_two_houses_say_weighs_more() -> None:
    report = said("one", "strikes > 0", NOON, "daily")
    confirmed = report + said("two", "strikes > 0", NOON, "wave")
    sure = report.replace("]}", "], established: so}")

    def moved(evidence: str) -> float:
        """What all items together weigh for the plot against its absence."""
        items = [
            w for w in worked_out(evidence, REPORTED, HALF_SEEN).weights if w.id in ("one", "two")
        ]
        return sum(one.log_weight["by-plot"] - one.log_weight["by-itself"] for one in items)

    assert 0.0 < moved(report) < moved(confirmed) < moved(sure)


def test_what_has_no_chance_is_ruled_out_and_stays_so() -> None:
    only = ONE_RATE.replace("speed * (if plot then boost else 1)", "if plot then speed else 0")
    only = only.replace("[], prior: 0.5", "[], impossible: {strike: a test}, prior: 0.5")
    found = worked_out(THREE, head=only)
    calm, plotted = found.standings
    assert (calm.posterior, plotted.posterior) == (0.0, 1.0)
    values = [flip.log_odds for flip in found.turning.changes if flip.log_odds is not None]
    assert all(value == value for value in [*values, *logs(found)])  # none is no number
    assert isfinite(plotted.log_evidence)
