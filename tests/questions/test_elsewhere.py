"""Forecasts scored on requests that are not in the file, and what is said of that."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from foedus.history.requests import requests, requests_outside
from foedus.questions.requests.elsewhere import Elsewhere, elsewhere
from foedus.questions.requests.features import as_asked
from foedus.questions.requests.learning import CHOICES
from foedus.questions.requests.model import forecast
from foedus.questions.requests.precedents import rows_of
from foedus.questions.requests.scoring import Contest, contests
from foedus.report.contest import contests_record, show_contests
from tests.architecture.project import ROOT

SOME = ("PAN-1959", "TCD-1986", "LSO-2014", "UKR-2018")


@pytest.fixture(scope="module", autouse=True)
def _no_data_of_others(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOEDUS_DATA", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(scope="module")
def held() -> tuple[Contest, ...]:
    return contests(rows_of(requests()), outside=rows_of(requests_outside()))


def test_each_is_forecast_from_earlier_requests_of_the_file_only(held: tuple[Contest, ...]) -> None:
    """Against forecasts made one by one from a table that ends before the request."""
    some = [one for one in requests_outside() if one.case_id in SOME]
    losses = []
    for one in some:
        earlier = [each for each in requests() if each.asked < one.asked]
        made = forecast(as_asked(one), rows_of(earlier))
        shares = (made.refused.value, made.partial.value, made.granted.value)
        losses.append(-np.log(shares[CHOICES.index(one.decision)]))
    *in_the_file, few = contests(rows_of(requests()), outside=rows_of(some))
    assert few.requests == len(SOME)
    assert few.scored[0].decision_log == pytest.approx(np.mean(losses), abs=1e-9)
    assert few.decision_error == pytest.approx(np.std(losses, ddof=1) / 2.0, abs=1e-9)
    assert in_the_file == list(held[:2]), "requests outside the file change nothing in it"


def test_both_are_compared_by_the_rule(held: tuple[Contest, ...]) -> None:
    one_out, _, outside = held
    assert outside.requests == len(requests_outside())
    decision, fate = elsewhere(one_out, outside)
    base = outside.scored[1]
    assert decision.worse == outside.scored[0].decision_log - one_out.scored[0].decision_log
    assert decision.lead == pytest.approx(base.decision_log - outside.scored[0].decision_log)
    assert fate.lead == pytest.approx(base.fate_log - outside.scored[0].fate_log)
    assert decision.worse_error**2 == pytest.approx(
        one_out.decision_error**2 + outside.decision_error**2
    )


@pytest.mark.parametrize(
    ("worse", "lead", "good"),
    [(0.1, 0.1, True), (0.21, 0.1, False), (-0.1, 0.0, False), (-0.1, -0.1, False)],
)
def test_the_rule(worse: float, lead: float, good: bool) -> None:
    one = Elsewhere("decision", 1.0 + worse, 1.0, worse, 0.1, lead, 0.1)
    assert one.is_as_good is good


def test_pages_say_what_came_of_it(held: tuple[Contest, ...]) -> None:
    shown = " ".join(show_contests(held, 80).split())
    record = contests_record(held)
    for one in elsewhere(held[0], held[2]):
        verdict = (
            f"The {one.of} is forecast as well as in the file: "
            if one.is_as_good
            else f"That the {one.of} is forecast as well as in the file is not shown: "
        )
        assert verdict in shown
    beside = record["elsewhere"]
    assert isinstance(beside, list)
    assert [one["is_as_good"] for one in beside] == [False, True]
    rule = _text("docs/decisions/sdr-0006-requests-not-in-the-file.md")
    page = _text("docs/outside-view.md")
    for name, contest in (("in the file (left out)", held[0]), ("not in the file", held[2])):
        model = contest.scored[0]
        numbers = (
            model.decision_brier, model.decision_log, model.granted_brier, model.fate_brier,
            model.fate_log, model.days_crps,
        )  # fmt: skip
        assert f"the model, {name} | " + " | ".join(f"{x:.3f}" for x in numbers) in rule
    said = {one.of: one.is_as_good for one in elsewhere(held[0], held[2])}
    assert said == {"decision": False, "fate of the asker": True}
    assert "of the decision the base rate says as much" in page


def test_help_against_another_state_is_as_the_page_says() -> None:
    """`4 of 22` and `15 of 28`, in the file and outside it."""
    page = _text("docs/outside-view.md")
    for table in (requests(), requests_outside()):
        against = [one.decision for one in table if one.threat in ("invasion", "border")]
        assert f"({against.count('granted')} of {len(against)})" in page


def _text(path: str) -> str:
    return (ROOT / Path(path)).read_text(encoding="utf-8")
