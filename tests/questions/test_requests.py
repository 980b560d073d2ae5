"""Forecasts of requests: from the past only, for whoever asks, with the uncertainty they have."""

import csv
import dataclasses
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import integrate, stats
from scipy.special import expit, logsumexp

from foedus.history import files
from foedus.history import requests as table
from foedus.history.bodies import addressee
from foedus.history.requests import (
    DECISIONS,
    PRECISIONS,
    Request,
    possible_days,
    requests,
    requests_of_both,
)
from foedus.questions.requests import covariates as others
from foedus.questions.requests.choices import fit, normal_points, predicted, probabilities
from foedus.questions.requests.covariates import covariates, state_of
from foedus.questions.requests.delays import SPREADS, fit_delay
from foedus.questions.requests.features import (
    COVARIATES,
    EFFECTS,
    Asked,
    as_asked,
    effect,
    features,
)
from foedus.questions.requests.learning import CHOICES
from foedus.questions.requests.model import Forecast, forecast, forecasts
from foedus.questions.requests.precedents import rows_of
from foedus.questions.requests.reading import read_requests
from foedus.questions.requests.scoring import contests
from foedus.questions.scores import crps_sample
from foedus.report.outside_view.forecasts import show_note
from tests.architecture.project import ROOT

NEW = Asked("NEW", "Ruritania", "League of Small States", "alliance", "protest", "yes",
            date(2015, 6, 1), "Rudolf")  # fmt: skip


@pytest.fixture(autouse=True)
def _no_data_of_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOEDUS_DATA", str(tmp_path))


def numbers(made: Forecast) -> tuple[float, ...]:
    parts = (made.granted, made.partial, made.refused, made.in_office)
    return (*(x for part in parts for x in dataclasses.astuple(part)), made.days_median)


def told(made: Forecast) -> list[str]:
    return [show_note(note) for note in made.notes]


def changed(request: Request) -> Request:
    """The same request with another end."""
    other = {"granted": "refused", "partial": "granted", "refused": "granted"}
    fate = "irregular" if request.fate == "in_office" else "in_office"
    return dataclasses.replace(
        request, decision=other[request.decision], deployed=request.known, fate=fate
    )


@pytest.mark.parametrize("year", [1958, 1975, 1995, 2015, 2023])
def test_nothing_later_reaches_a_forecast(year: int) -> None:
    day = date(year, 6, 1)
    asked = dataclasses.replace(NEW, asked=day)
    before = forecast(asked, rows_of(requests_of_both()))
    later = [changed(each) if each.known >= day else each for each in requests_of_both()]
    assert year == 2023 or later != list(requests_of_both())
    assert numbers(forecast(asked, rows_of(later))) == numbers(before)
    cut = [each for each in requests_of_both() if each.asked < day]
    assert numbers(forecast(asked, rows_of(cut))) == numbers(before)


def test_a_fate_is_not_known_before_its_year_is_over() -> None:
    """A request of the year before: its decision counts, its asker's fate does not."""
    inside = [each for each in requests() if date(2014, 6, 1) <= each.asked < date(2015, 6, 1)] or [
        dataclasses.replace(requests()[-1], asked=date(2015, 1, 1), decided=date(2015, 1, 2))
    ]
    rest = [each for each in requests() if each.asked < date(2014, 6, 1)]
    one = forecast(NEW, rows_of([*rest, *inside]))
    other = {"in_office": "irregular"}
    fates = [dataclasses.replace(each, fate=other.get(each.fate, "in_office")) for each in inside]
    assert numbers(forecast(NEW, rows_of([*rest, *fates]))) == numbers(one)
    over = dataclasses.replace(NEW, asked=date(2017, 1, 1))  # and then it is
    assert forecast(over, rows_of([*rest, *fates])).in_office != (
        forecast(over, rows_of([*rest, *inside])).in_office
    )
    known = [changed(each) for each in inside]
    assert forecast(NEW, rows_of([*rest, *known])).granted != one.granted


def test_a_fate_that_is_not_in_the_table_is_not_learned_from() -> None:
    """An empty cell is no lost office: without the fates of ten rows, those of the rest speak."""
    first, last = requests()[:10], requests()[10:40]
    blank = [dataclasses.replace(each, fate="") for each in first]
    assert forecast(NEW, rows_of([*blank, *last])).in_office == (
        forecast(NEW, rows_of(last)).in_office
    )


def dated(day: date, precision: str) -> Asked:
    """The new request on a day that is known to a precision."""
    first, last = possible_days(day, precision)
    return dataclasses.replace(NEW, asked=first, latest=None if last == first else last)


def last_days(request: Request) -> list[date]:
    """The last days that the request and its decision may have."""
    found = [possible_days(request.asked, request.asked_precision)[1]]
    if request.decided is not None:
        found.append(possible_days(request.decided, request.decided_precision)[1])
    return found


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("day", [date(1979, 12, 28), date(2008, 2, 3), date(2022, 1, 9)])
def test_nothing_later_than_an_imprecise_date_reaches_a_forecast(day: date, precision: str) -> None:
    """Whatever may have come after the first day that the request may have is turned round."""
    asked = dated(day, precision)
    assert asked.asked is not None
    later = [
        changed(each) if max(last_days(each)) >= asked.asked else each
        for each in requests_of_both()
    ]
    assert later != list(requests_of_both())
    before = forecast(asked, rows_of(requests_of_both()))
    assert numbers(forecast(asked, rows_of(later))) == numbers(before)


@pytest.mark.parametrize(
    ("day", "precision", "first", "last"),
    [
        (date(2022, 1, 5), "day", date(2022, 1, 5), date(2022, 1, 5)),
        (date(2022, 1, 5), "week", date(2021, 12, 30), date(2022, 1, 11)),
        (date(2024, 2, 9), "month", date(2024, 2, 1), date(2024, 2, 29)),
        (date(2022, 7, 5), "year", date(2022, 1, 1), date(2022, 12, 31)),
        (date.min, "week", date.min, date(1, 1, 7)),
        (date.max, "week", date(9999, 12, 25), date.max),
    ],
)
def test_an_imprecise_date_is_each_of_its_days(
    day: date, precision: str, first: date, last: date
) -> None:
    assert possible_days(day, precision) == (first, last)


def test_a_year_does_not_know_what_came_in_it() -> None:
    rows = rows_of(requests())
    in_year, at_start = dated(date(2008, 9, 1), "year"), dated(date(2008, 1, 1), "day")
    made = forecast(in_year, rows)
    assert numbers(made) == numbers(forecast(at_start, rows))
    assert made.learned_from < forecast(dated(date(2008, 9, 1), "day"), rows).learned_from
    said = "any day from 2008-01-01 to 2008-12-31: nothing was learned from 4 requests that may"
    assert any(said in note for note in told(made))
    assert not any("any day" in note for note in told(forecast(at_start, rows)))
    # Where nothing was decided in between, the precision changes nothing, and nothing is said.
    quiet = dated(date(2024, 5, 1), "year")
    assert forecast(quiet, rows).notes == forecast(dated(date(2024, 5, 1), "day"), rows).notes


def test_a_row_of_the_table_whose_date_is_vague_is_known_at_its_last_day() -> None:
    """Troops to Mali: decided on 11 November 2012, with the week in which they came known."""
    mali = next(each for each in requests() if each.case_id == "MLI-2012")
    vague = dataclasses.replace(mali, decided_precision="month")
    for one, day, is_known in (
        (mali, date(2012, 11, 12), True),
        (vague, date(2012, 11, 30), False),
        (vague, date(2012, 12, 1), True),
    ):
        made = forecast(dated(day, "day"), rows_of([one]))
        assert made.learned_from == is_known


def test_many_forecasts_are_those_made_one_by_one() -> None:
    rows = rows_of(requests())
    asked = [as_asked(each) for each in requests()[::5]] + [dataclasses.replace(NEW, asked=None)]
    for many, one in zip(forecasts(asked, rows), asked, strict=True):
        assert numbers(many) == numbers(forecast(one, rows))


@pytest.mark.parametrize("frame", ["alliance", "galactic"])
def test_a_forecast_is_that_of_a_fit_with_its_own_features(frame: str) -> None:
    """What rows teach is learned without the new request's features; here it is with them."""
    asked = dataclasses.replace(NEW, frame=frame, asked=None, threat="dragon")
    rows = rows_of(requests())
    names = list(dict.fromkeys([*features(asked), *(n for r in rows for n in r.features)]))
    names = [*names, *COVARIATES]
    laws = [[getattr(effect(name), of) for name in names] for of in ("partial", "granted")]
    mean, sd = np.moveaxis(np.array(laws), 2, 0)
    x = np.array([[row.features.get(name, 0.0) for name in names] for row in rows])
    made = fit(x, np.array([CHOICES.index(row.request.decision) for row in rows]), mean, sd)
    new = np.array([features(asked).get(name, 0.0) for name in names])
    draws = slowly_predicted(made.mode, made.curvature, new, [n in COVARIATES for n in names])
    found = forecast(asked, rows)
    parts = (found.refused, found.partial, found.granted)
    assert [part.value for part in parts] == pytest.approx(draws.mean(axis=0), abs=1e-9)
    assert [part.low for part in parts] == pytest.approx(
        np.quantile(draws, 0.025, axis=0), abs=1e-9
    )


def slowly_predicted(
    mode: NDArray[np.float64],
    curvature: NDArray[np.float64],
    x: NDArray[np.float64],
    unknown: list[bool],
) -> NDArray[np.float64]:
    """Draws (draw, choice), each coefficient and each unknown feature drawn by itself."""
    points = normal_points(mode.size + len(x)).T
    inverse = np.linalg.inv(np.linalg.cholesky(curvature))
    draws = []
    for point in points:
        b = mode + (point[: mode.size] @ inverse).reshape(mode.shape)
        weight = np.exp([0.0, *b @ np.where(unknown, point[mode.size :], x)])
        draws.append(weight / weight.sum())
    return np.array(draws)


def test_a_row_says_nothing_about_itself() -> None:
    rows = rows_of(requests())
    for row in rows[40:44]:
        others = [changed(each) if each is row.request else each for each in requests()]
        undated = dataclasses.replace(row.asked, asked=None)
        assert numbers(forecast(undated, rows_of(others))) == numbers(forecast(undated, rows))


@pytest.mark.parametrize("row", requests()[::7], ids=lambda each: each.case_id)
def test_shares_sum_to_one_and_lie_within_their_ranges(row: Request) -> None:
    made = forecast(as_asked(row), rows_of(requests()))
    assert made.granted.value + made.partial.value + made.refused.value == pytest.approx(1.0)
    for part in (made.granted, made.partial, made.refused, made.in_office):
        assert 0.0 < part.low < part.value < part.high < 1.0
    assert made.days_median >= 0.0
    assert (np.diff(made.days) >= 0.0).all()
    assert made.unseen[15][2] > made.unseen[5][2] > made.refused.value


def test_unknown_words_get_the_wider_class() -> None:
    made = forecast(
        dataclasses.replace(NEW, frame="galactic", threat="dragon"), rows_of(requests())
    )
    assert any("frame `galactic`" in note for note in told(made))
    assert any("threat `dragon`" in note for note in told(made))
    assert any("a pact between asker and asked, years in office" in note for note in told(made))
    blank = dataclasses.replace(NEW, frame="", threat="", genuine="", leader="", asked=None)
    assert any("no date" in note for note in told(forecast(blank, rows_of(requests()))))


def test_a_cell_may_run_over_lines_wherever_a_file_is_cut_into_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "BLOCK", 2000)
    names = [f"C{number}" for number in range(100)]
    head = "case_id,requester,body,frame,threat,genuine,request_date,request_prec,leader"
    leader = '"' + "a long\nstory\n" * 20 + '"'
    rows = [f"{name},Land,League,alliance,protest,yes,2015-01-02,,{leader}" for name in names]
    path = tmp_path / "requests.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    found, faults = read_requests(path)
    assert not faults
    assert [each.case_id for each in found] == names
    assert {each.leader.count("story") for each in found} == {20}


@pytest.mark.parametrize("what", ["request", "decision", "deploy", "withdraw"])
def test_a_date_has_the_precision_that_stands_beside_it(what: str) -> None:
    """And that of a day where nothing does."""
    fields = {"request": "asked", "decision": "decided", "deploy": "deployed",
              "withdraw": "withdrawn"}  # fmt: skip
    with table.TABLE.open(encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file))
    beside = {f"{other}_prec": "" for other in fields}
    (found,) = table.as_requests([row | beside | {f"{what}_prec": "month"}])
    precisions = {name: getattr(found, f"{name}_precision") for name in fields.values()}
    assert precisions == {
        name: "month" if name == fields[what] else "day" for name in fields.values()
    }


def test_a_mere_threat_counts_as_refused_and_what_is_imposed_is_no_request() -> None:
    assert DECISIONS["threat_only"] == "refused"
    with table.TABLE.open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    imposed = {row["case_id"] for row in written if row["decision"].startswith("imposed")}
    assert imposed
    assert imposed.isdisjoint({each.case_id for each in requests()})
    assert len(requests()) == len(written) - len(imposed)


def test_without_rows_the_prior_speaks() -> None:
    made = forecast(NEW, [])
    assert 0.3 < made.granted.value < 0.6
    assert made.granted.high - made.granted.low > 0.3
    assert any("the prior speaks" in note for note in told(made))


def test_a_covariate_that_is_not_known_widens_the_answer() -> None:
    rows = rows_of(requests())
    usual = dict.fromkeys(COVARIATES, 0.0)
    known = forecast(dataclasses.replace(NEW, covariates=usual), rows)
    unknown = forecast(NEW, rows)
    for name in ("granted", "in_office"):
        narrow, wide = getattr(known, name), getattr(unknown, name)
        assert wide.high - wide.low > narrow.high - narrow.low


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("CSTO Art. 4 (and Russia)", "russia"),
        ("USA (bilateral; passed on to the UN)", "united-states"),
        ("France;Belgium;Zaire", "france"),
        ("League of Nations", "other"),
        ("UN;CPLP;ECOWAS;AU", "world"),
        ("Trucial states", "other"),
        ("Saudi Arabia", "arab"),
        ("the U.S. and others", "united-states"),
    ],
)
def test_who_is_asked(body: str, found: str) -> None:
    assert addressee(body) == found


@pytest.mark.parametrize(
    ("change", "feature", "holds"),
    [
        ({"requester": "Fiji (captive prime minister)"}, "has-lost-office", True),
        ({"requester": "Oustedia"}, "has-lost-office", False),
        ({"leader": "Joseph (acting PM)"}, "interim", True),
        ({"body": "USA (partner, not ally)"}, "outside", True),
        ({"threat": "invasion"}, "external", True),
        ({"threat": "coup"}, "external", False),
    ],
)
def test_marks(change: dict[str, str], feature: str, holds: bool) -> None:
    asked = dataclasses.replace(NEW, **change)  # type: ignore[arg-type]
    assert (feature in features(asked)) is holds


def test_every_feature_has_a_reasoned_prior() -> None:
    assert all(each.because for each in EFFECTS.values())
    for request in requests():
        for name in features(as_asked(request)):
            assert effect(name).granted[1] > 0.0


def test_askers_are_found_among_states() -> None:
    found = {each.requester: state_of(each.requester, each.asked) for each in requests()}
    lacking = sorted(name for name, state in found.items() if state is None)
    assert len(lacking) <= 3, lacking
    congo = state_of("Congo-Leopoldville (Tshombe)", date(1964, 9, 5))
    assert congo is not None
    assert congo.cow == 490
    assert covariates()(NEW) == NEW


def test_data_of_others_are_read_as_of_the_first_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """A leader who came in the year of the request, and an index that fell in it, are not known."""
    monkeypatch.setattr(others, "missing", lambda needs: ["atop-dyad-years"])
    entered = [(date(2010, 1, 1), date(2015, 3, 1)), (date(2015, 3, 2), date(2019, 1, 1))]
    monkeypatch.setattr(others, "_tenures", lambda: {705: entered})
    monkeypatch.setattr(others, "polyarchy", lambda: {(705, 2014): 0.65, (705, 2015): 0.15})
    find = covariates()

    def found(precision: str, day: date) -> Asked:
        return find(dataclasses.replace(dated(day, precision), requester="Kazakhstan"))

    exact = found("day", date(2015, 7, 1))
    vague = found("year", date(2015, 7, 1))
    assert exact.covariates["polyarchy"] == vague.covariates["polyarchy"] == pytest.approx(1.0)
    assert exact.covariates["tenure"] == pytest.approx(np.log1p(121 / 365.25) - 1.4)
    assert exact.spreads == {}
    years = (1826 + np.arange(365)) / 365.25  # in office from 2010 on, and so on all of its days
    assert vague.covariates["tenure"] == pytest.approx(np.log1p(years).mean() - 1.4)
    assert vague.spreads == {"tenure": pytest.approx(np.log1p(years).std())}
    rows = rows_of(requests())
    assert any("is averaged over these days" in each for each in told(forecast(vague, rows)))
    certain = dataclasses.replace(vague, spreads={})
    wide, narrow = forecast(vague, rows).in_office, forecast(certain, rows).in_office
    assert wide.high - wide.low > narrow.high - narrow.low


# The mathematics ----------------------------------------------------------------------------------


def test_the_posterior_is_close_to_the_exact_one() -> None:
    """Two coefficients of one feature, integrated on a grid."""
    choice = np.array([0, 1, 2, 2, 2, 0, 2])
    x = np.ones((7, 1))
    mean, sd = np.array([[-0.9], [0.0]]), np.array([[0.5], [0.5]])
    found = predicted(fit(x, choice, mean, sd), np.ones(1), np.zeros(1)).mean(axis=1)
    axis = np.linspace(-4.0, 4.0, 401)
    first, second = np.meshgrid(axis, axis, indexing="ij")
    b = np.stack([first.ravel(), second.ravel()], axis=1)[:, :, None]
    p = probabilities(np.ones((1, 1)), b)[:, 0]
    log = np.log(p)[:, choice].sum(axis=1)
    log -= 0.5 * (((b[:, :, 0] - mean[:, 0]) / sd[:, 0]) ** 2).sum(axis=1)
    weight = np.exp(log - logsumexp(log))
    assert found == pytest.approx(weight @ p, abs=0.01)


def test_a_fit_is_the_mode_and_the_curvature_there() -> None:
    """Of the log posterior, by differences: two coefficients of two features."""
    chance = np.random.default_rng(4)
    x = np.stack([np.ones(9), chance.normal(size=9)], axis=1)
    choice = np.array([0, 1, 2, 2, 1, 0, 2, 0, 2])
    mean, sd = np.array([[-0.9, 0.3], [0.2, 0.0]]), np.array([[0.5, 0.7], [0.6, 0.4]])

    def log_posterior(b: NDArray[np.float64]) -> float:
        rows = np.log(probabilities(x, b.reshape(1, 2, 2)))[0]
        prior = stats.norm.logpdf(b.reshape(2, 2), mean, sd).sum()
        return float(rows[np.arange(9), choice].sum() + prior)

    made = fit(x, choice, mean, sd)
    at, step = made.mode.ravel(), 1e-4
    steps = step * np.eye(4)
    slope = [log_posterior(at + one) - log_posterior(at - one) for one in steps]
    assert np.array(slope) / (2.0 * step) == pytest.approx(np.zeros(4), abs=1e-6)
    curvature = [
        [
            log_posterior(at + one + other) - log_posterior(at + one - other)
            - log_posterior(at - one + other) + log_posterior(at - one - other)
            for other in steps
        ]
        for one in steps
    ]  # fmt: skip
    assert -np.array(curvature) / (4.0 * step**2) == pytest.approx(made.curvature, abs=1e-4)


def test_no_rows_give_the_prior_back() -> None:
    made = fit(np.zeros((0, 1)), np.zeros(0, np.int64), np.array([[0.8]]), np.array([[0.5]]))
    draws = predicted(made, np.ones(1), np.zeros(1))[1]
    exact = integrate.quad(lambda z: expit(0.8 + 0.5 * z) * stats.norm.pdf(z), -9, 9)[0]
    assert draws.mean() == pytest.approx(exact, abs=0.004)


def test_delays_are_those_of_the_hierarchy() -> None:
    """The predictive law against draws from the joint law, weighted: seven days, one feature."""
    days = np.array([0.0, 1.0, 1.0, 3.0, 9.0, 20.0, 60.0])
    z = np.log1p(days)
    made = fit_delay(np.ones((7, 1)), days).predicted(np.ones(1), 0)
    chance = np.random.default_rng(11)
    spread = chance.choice(SPREADS, 200_000)
    centre = chance.normal(np.log1p(5.0), 1.0, 200_000)
    log = stats.norm.logpdf(z[:, None], centre, spread).sum(axis=0)
    log -= 0.5 * (np.log(spread / 1.5) / 0.5) ** 2
    weight = np.exp(log - logsumexp(log))
    for level in (0.4, 0.6, 0.9):  # what lies below no days is counted as none
        at = made.quantiles(np.array([level]))
        below = weight @ stats.norm.cdf(np.log1p(at), centre, spread)
        assert below == pytest.approx(level, abs=0.01)


def test_a_delay_is_a_regression_for_each_spread() -> None:
    """Weights by the law of all rows at once; two features, and one more of a new request."""
    days = np.array([0.0, 1.0, 4.0, 30.0, 2.0])
    x = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    made, z = fit_delay(x, days), np.log1p(days)
    mean, prior = np.array([np.log1p(5.0), 0.0]), np.diag([1.0, 0.5**2])
    row, logs = np.array([1.0, 1.0]), []
    for place, spread in enumerate(SPREADS):
        law = x @ prior @ x.T + spread**2 * np.eye(5)
        logs.append(
            stats.multivariate_normal.logpdf(z, x @ mean, law)
            + stats.norm.logpdf(np.log(spread), np.log(1.5), 0.5)
        )
        gain = prior @ x.T @ np.linalg.inv(law)
        learned, left = mean + gain @ (z - x @ mean), prior - gain @ x @ prior
        assert made.means[place] == pytest.approx(learned)
        assert made.covariances[place] == pytest.approx(left)
        width = np.sqrt(spread**2 + row @ left @ row + 2 * 0.5**2)
        found = made.predicted(row, 2)
        assert found.centres[place] == pytest.approx(row @ learned)
        assert found.spreads[place] == pytest.approx(width)
    assert made.weights == pytest.approx(np.exp(logs - logsumexp(logs)))
    assert made.predicted(row, 0).quantiles(np.array([0.001]))[0] == 0.0  # none before the call


def test_a_delay_is_learned_from_what_bears_on_it() -> None:
    """The frame, the threat and whether it comes from abroad, of rows whose troops have come."""
    asked = dataclasses.replace(NEW, threat="invasion", asked=None)
    rows = [row for row in rows_of(requests()) if row.days is not None]
    names = ["base", *dict.fromkeys(
        name for row in rows for name in row.features
        if name.startswith(("frame:", "threat:")) or name == "external"
    )]  # fmt: skip
    x = np.array([[row.features.get(name, 0.0) for name in names] for row in rows])
    made = fit_delay(x, np.array([row.days for row in rows]))
    own = features(asked)
    expected = made.predicted(np.array([own.get(name, 0.0) for name in names]), 0)
    levels = np.array([0.2, 0.5, 0.9])
    found = forecast(asked, rows_of(requests())).delay.quantiles(levels)
    assert {"frame:alliance", "threat:invasion", "external"} <= set(names) & set(own)
    assert found == pytest.approx(expected.quantiles(levels), rel=1e-9)


def test_troops_that_came_before_the_decision_are_known_with_it() -> None:
    mali = next(each for each in requests() if each.case_id == "MLI-2012")
    early = dataclasses.replace(
        mali, asked=date(2012, 10, 1), decided=date(2012, 11, 11), deployed=date(2012, 10, 5),
        deployed_precision="day",
    )  # fmt: skip
    unknown = forecast(dated(date(2012, 11, 11), "day"), []).days_median
    for day, is_known in ((date(2012, 11, 11), False), (date(2012, 11, 12), True)):
        made = forecast(dated(day, "day"), rows_of([early]))
        assert (made.days_median != unknown) is is_known


def test_the_prior_is_said_to_speak_below_ten_earlier_requests() -> None:
    for count, is_few in ((9, True), (10, False)):
        made = forecast(dataclasses.replace(NEW, asked=None), rows_of(requests()[:count]))
        assert made.learned_from == count
        assert any("the prior speaks" in note for note in told(made)) is is_few


def test_scores_and_their_errors_are_those_of_single_requests() -> None:
    """One rival worked out request by request: the rates among others that faced the same, and how
    soon help came to these, or to all others where to none of these. The score of a sample of days
    is E|X - y| - E|X - X'| / 2."""
    rows = rows_of(requests()[:16])
    (contest,) = contests(rows)  # none of these was made so late that it is forecast by time
    undated = [dataclasses.replace(row.asked, asked=None, latest=None) for row in rows]
    decisions, fates, delays = [], [], []
    lonely = 0
    for row, made in zip(rows, forecasts(undated, rows, unseen=()), strict=True):
        others = [each for each in rows if each is not row]
        alike = [each for each in others if each.asked.threat == row.asked.threat]
        same = sum(each.request.decision == row.request.decision for each in alike)
        chances = {"refused": made.refused, "partial": made.partial, "granted": made.granted}
        own = chances[row.request.decision].value
        decisions.append((-np.log(own), -np.log((same + 0.5) / (len(alike) + 1.5))))
        is_in = row.request.fate == "in_office"
        same = sum((each.request.fate == "in_office") == is_in for each in alike)
        own = made.in_office.value if is_in else 1.0 - made.in_office.value
        fates.append((-np.log(own), -np.log((same + 0.5) / (len(alike) + 1.0))))
        if row.days is None:
            continue
        known = [each.days for each in alike if each.days is not None]
        lonely += not known
        known = known or [each.days for each in others if each.days is not None]
        came, seen = np.log1p(row.days), np.log1p(np.array(known))
        apart = np.abs(seen[:, None] - seen[None, :]).mean()
        delays.append(np.abs(seen - came).mean() - apart / 2.0)
    assert 0 < lonely < len(delays)
    rival = next(one for one in contest.scored if one.name == "class: threat")
    for pairs, log_score, behind, error, error_of_model in (
        (decisions, rival.decision_log, rival.behind, rival.behind_error, contest.decision_error),
        (fates, rival.fate_log, rival.fate_behind, rival.fate_behind_error, contest.fate_error),
    ):
        model, its = np.array(pairs).T
        assert log_score == pytest.approx(its.mean())
        assert behind == pytest.approx((its - model).mean())
        assert error == pytest.approx(stats.sem(its - model))
        assert error_of_model == pytest.approx(stats.sem(model))
    assert rival.days_crps == pytest.approx(np.mean(delays))
    own_delays = [
        crps_sample(np.log1p(made.days), float(np.log1p(row.days)))
        for row, made in zip(rows, forecasts(undated, rows, unseen=()), strict=True)
        if row.days is not None
    ]
    assert contest.days_error == pytest.approx(stats.sem(own_delays))


def test_how_well_the_model_is_calibrated_and_what_it_is_to_expect_nothing() -> None:
    """Brier scores of the model's chances, and those of one who is almost sure of no help."""
    rows = rows_of(requests()[:16])
    (contest,) = contests(rows)
    undated = [dataclasses.replace(row.asked, asked=None, latest=None) for row in rows]
    made = list(forecasts(undated, rows, unseen=()))
    granted = np.array([row.request.decision == "granted" for row in rows], float)
    refused = np.array([row.request.decision == "refused" for row in rows])
    own = np.array([one.granted.value for one in made])
    assert contest.granted.score == pytest.approx(np.mean((own - granted) ** 2))
    stays = np.array([one.in_office.value for one in made])
    stayed = np.array([row.request.fate == "in_office" for row in rows], float)
    assert all(row.request.fate for row in rows)
    assert contest.in_office.score == pytest.approx(np.mean((stays - stayed) ** 2))
    nothing = contest.scored[-1]
    assert nothing.name == "nothing happens"
    assert nothing.decision_log == pytest.approx(-np.log(np.where(refused, 0.98, 0.01)).mean())
    assert nothing.granted_brier == pytest.approx(np.mean((0.01 - granted) ** 2))
    assert nothing.fate_brier == pytest.approx(np.mean((0.98 - stayed) ** 2))


def test_the_model_beats_the_base_rate_and_says_where_it_does_not() -> None:
    one_out, by_time = contests(rows_of(requests()))
    assert one_out.requests == len(requests())
    assert by_time.requests == sum(each.asked.year >= 1980 for each in requests())
    for contest in (one_out, by_time):
        model, base, *_ = contest.scored
        assert base.name == "base rate"
        assert model.decision_log < base.decision_log
        assert model.decision_brier < base.decision_brier
        assert model.fate_log < base.fate_log
        assert contest.granted.score < 0.25
        assert contest.is_won
    page = (ROOT / "docs" / "outside-view.md").read_text(encoding="utf-8")
    assert "may be chance" in page
