"""Forecasts scored on requests that are in neither table, and what is said of that."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from foedus.history.requests import (
    requests,
    requests_in_neither,
    requests_of_both,
    requests_outside,
)
from foedus.questions.requests.elsewhere import Elsewhere, elsewhere
from foedus.questions.requests.features import as_asked
from foedus.questions.requests.learning import CHOICES
from foedus.questions.requests.model import forecast
from foedus.questions.requests.precedents import rows_of
from foedus.questions.requests.scoring import Contest, contests
from foedus.report.language.catalogue import say
from foedus.report.outside_view.contest import contests_record, show_contests
from tests.architecture.project import ROOT
from tests.cli.program import call

ASKED = (
    "case_id,requester,body,frame,threat,genuine,request_date,request_prec,leader\n"
    "X,Ruritania,League,alliance,mutiny,yes,2025-03-01,day,Rudolf\n"
)
SOME = ("SAU-1963", "NIC-1979", "GNB-1998", "TUR-2012")


@pytest.fixture(scope="module", autouse=True)
def _no_data_of_others(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOEDUS_DATA", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(scope="module")
def held() -> tuple[Contest, ...]:
    return contests(rows_of(requests_of_both()), outside=rows_of(requests_in_neither()))


@pytest.fixture(scope="module")
def first() -> tuple[Contest, ...]:
    """The test of SDR 6: forecasts from the first table only, scored on the second."""
    return contests(rows_of(requests()), outside=rows_of(requests_outside()))


def test_each_is_forecast_from_earlier_requests_of_both_only(held: tuple[Contest, ...]) -> None:
    """Against forecasts made one by one from a table that ends before the request."""
    some = [one for one in requests_in_neither() if one.case_id in SOME]
    losses = []
    for one in some:
        earlier = [each for each in requests_of_both() if each.asked < one.asked]
        made = forecast(as_asked(one), rows_of(earlier))
        shares = (made.refused.value, made.partial.value, made.granted.value)
        losses.append(-np.log(shares[CHOICES.index(one.decision)]))
    *in_the_tables, few = contests(rows_of(requests_of_both()), outside=rows_of(some))
    assert few.requests == len(SOME)
    assert few.scored[0].decision_log == pytest.approx(np.mean(losses), abs=1e-9)
    assert few.decision_error == pytest.approx(np.std(losses, ddof=1) / 2.0, abs=1e-9)
    assert in_the_tables == list(held[:2]), "requests in neither table change nothing in them"


def test_a_fate_that_is_not_known_is_scored_nowhere() -> None:
    """One asker's fate is unknown: scores of fates are those of the others, the decision's not."""
    rows, some = rows_of(requests_of_both()), requests_in_neither()[:12]
    blank = [*some[:-1], replace(some[-1], fate="")]
    *_, known = contests(rows, outside=rows_of(some[:-1]))
    *_, open_one = contests(rows, outside=rows_of(blank))
    assert open_one.requests == len(some)
    for one, other in zip(known.scored, open_one.scored, strict=True):
        for name in ("fate_brier", "fate_log", "fate_behind", "fate_behind_error"):
            assert getattr(one, name) == pytest.approx(getattr(other, name), abs=1e-12), name
    assert open_one.fate_error == pytest.approx(known.fate_error)
    assert open_one.in_office.score == pytest.approx(known.in_office.score)
    assert open_one.scored[0].decision_log != known.scored[0].decision_log


def test_both_are_compared_by_the_rule(held: tuple[Contest, ...]) -> None:
    one_out, _, outside = held
    assert one_out.requests == len(requests()) + len(requests_outside())
    assert outside.requests == len(requests_in_neither())
    decision, fate, days = elsewhere(one_out, outside)
    base = outside.scored[1]
    assert decision.worse == outside.scored[0].decision_log - one_out.scored[0].decision_log
    assert decision.lead == pytest.approx(base.decision_log - outside.scored[0].decision_log)
    assert fate.lead == pytest.approx(base.fate_log - outside.scored[0].fate_log)
    assert days.worse == outside.scored[0].days_crps - one_out.scored[0].days_crps
    assert days.lead == pytest.approx(base.days_crps - outside.scored[0].days_crps)
    assert days.worse_error**2 == pytest.approx(one_out.days_error**2 + outside.days_error**2)
    assert decision.worse_error**2 == pytest.approx(
        one_out.decision_error**2 + outside.decision_error**2
    )


@pytest.mark.parametrize(
    ("worse", "lead", "good"),
    [
        (0.1, 0.1, True),
        (0.19, 0.1, True),
        (0.21, 0.1, False),
        (-0.1, 0.0, False),
        (-0.1, -0.1, False),
    ],
)
def test_the_rule(worse: float, lead: float, good: bool) -> None:
    one = Elsewhere("decision", 1.0 + worse, 1.0, worse, 0.1, lead, 0.1)
    assert one.is_as_good is good


def test_pages_say_what_came_of_it(held: tuple[Contest, ...]) -> None:
    shown = " ".join(show_contests(held, 80).split())
    record = contests_record(held)
    for one in elsewhere(held[0], held[2]):
        verb = "are" if one.of.startswith("days") else "is"
        verdict = (
            f"The {one.of} {verb} forecast as well as in the tables: "
            if one.is_as_good
            else f"That the {one.of} {verb} forecast as well as in the tables is not shown: "
        )
        assert verdict in shown
    beside = record["elsewhere"]
    assert isinstance(beside, list)
    assert [one["is_as_good"] for one in beside] == [False, True, True]


@pytest.mark.parametrize("width", [40, 80])
def test_scores_speak_finnish_and_fit(held: tuple[Contest, ...], width: int) -> None:
    for language in ("en", "fi"):
        shown = show_contests(held, width, language)
        assert [line for line in shown.splitlines() if len(line) > width] == []
    assert "Ei kummassakaan taulukossa: 52 pyyntöä" in " ".join(shown.split())
    assert "Päätöksessä mallin tasalla tai edellä on" in " ".join(shown.split())
    assert not {"the", "of", "base", "class:", "frame", "threat"} & set(shown.split())


@pytest.mark.parametrize(
    ("which", "rule", "names"),
    [
        (
            "first",
            "sdr-0006-requests-not-in-the-file",
            ("in the file (left out)", "not in the file"),
        ),
        (
            "held",
            "sdr-0007-learning-from-both-tables",
            ("in the tables (left out)", "in neither table"),
        ),
    ],
)
def test_pages_have_the_numbers_of_both_tests(
    which: str, rule: str, names: tuple[str, str], request: pytest.FixtureRequest
) -> None:
    one_out, _, outside = request.getfixturevalue(which)
    text = _text(f"docs/decisions/{rule}.md")
    for name, contest in zip(names, (one_out, outside), strict=True):
        model = contest.scored[0]
        numbers = (
            model.decision_brier, model.decision_log, model.granted_brier, model.fate_brier,
            model.fate_log, model.days_crps,
        )  # fmt: skip
        assert f"the model, {name} | " + " | ".join(f"{x:.3f}" for x in numbers) in text
    found = {one.of: one.is_as_good for one in elsewhere(one_out, outside)}
    assert found == {"decision": False, "fate of the asker": True, "days to the first troops": True}
    days = elsewhere(one_out, outside)[-1]
    later = _text("docs/decisions/sdr-0009-what-others-have-coded.md")
    told = f"| {days.outside:.3f} | {days.inside:.3f} | {days.lead:.2f} ± {days.lead_error:.2f} |"
    assert told in later
    page = _text("docs/outside-view.md")
    assert f"{days.lead:.2f} ± {days.lead_error:.2f} in" in page
    model, base = outside.scored[0].decision_log, outside.scored[1].decision_log
    assert f"{model:.3f} against {base:.3f} of the base rate" in page


def test_forecasts_say_that_the_decision_is_not_shown_and_the_days_are(
    held: tuple[Contest, ...], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    decision, _, days = elsewhere(held[0], held[2])
    assert not decision.is_as_good
    assert days.is_as_good
    assert days.lead > 2.0 * days.lead_error
    assert f"on {held[2].requests} that were kept aside" in say("en", "forecast.not-shown")
    asked = tmp_path / "asked.csv"
    asked.write_text(ASKED)
    shown = " ".join(call(capsys, "history", "forecast", str(asked)).out.split())
    assert say("en", "forecast.not-shown") in shown


def test_forecasts_learn_from_both_tables_and_no_other(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    asked = tmp_path / "asked.csv"
    asked.write_text(ASKED)
    (made,) = call(capsys, "history", "forecast", str(asked), "--json").json["forecasts"]
    assert made["learned_from"] == len(requests()) + len(requests_outside()) == 144


def test_help_against_another_state_is_as_the_page_says() -> None:
    """`4 of 22` and `15 of 28`, in the first table and in the second."""
    page = _text("docs/outside-view.md")
    for table in (requests(), requests_outside()):
        against = [one.decision for one in table if one.threat in ("invasion", "border")]
        assert f"({against.count('granted')} of {len(against)})" in page


def _text(path: str) -> str:
    return (ROOT / Path(path)).read_text(encoding="utf-8")
