"""The learned willingness scored: every number against a plain computation of the same."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date
from functools import cache

import numpy as np
import pytest

from foedus.history.requests import Request, requests
from foedus.questions.fits.bodies import path_of
from foedus.questions.fits.calls import calls_of, fit_calls
from foedus.questions.fits.fit import fit_body
from foedus.questions.fits.library import answered, expected_of, library_scores
from foedus.questions.fits.of_case import Asked, asked_in
from foedus.questions.fits.record import BodyRecord, record_of
from foedus.questions.fits.scoring import CallContest, call_contests, score
from foedus.study import load
from tests.questions.test_requests import changed


@cache
def some() -> tuple[Request, ...]:
    """Ten calls of which some were made in or after 1980, and a feigned one."""
    genuine = [each for each in requests() if each.genuine == "yes"]
    feigned = next(each for each in requests() if each.genuine != "yes")
    start = next(place for place, each in enumerate(genuine) if each.asked.year >= 1980) - 5
    return tuple(sorted([feigned, *genuine[start : start + 10]], key=lambda each: each.asked))


@cache
def contests() -> tuple[CallContest, CallContest]:
    return call_contests(some())


def genuine() -> list[Request]:
    return [each for each in some() if each.genuine == "yes"]


def late() -> list[Request]:
    return [each for each in genuine() if each.asked.year >= 1980]


def test_a_call_left_out_is_forecast_as_by_a_fit_without_it() -> None:
    calls, rows = calls_of(some()), genuine()
    assert contests()[0].ids == tuple(each.case_id for each in rows)
    for place, call in enumerate(calls):
        rest = fit_calls(calls[:place] + calls[place + 1 :], [call.path])
        expected = rest.share(call.path, call.wins, call.losses).mean
        assert contests()[0].forecasts[place] == pytest.approx(expected, abs=1e-9)


def test_by_time_only_what_was_known_is_learned_from() -> None:
    in_time = contests()[1]
    assert in_time.ids == tuple(each.case_id for each in late())
    for place, row in enumerate(late()):
        before = [each for each in some() if each.known < row.asked]
        path = path_of(row)
        wins = [
            e.decision == "granted" for e in before if e.genuine == "yes" and path_of(e) == path
        ]
        fit = fit_calls(calls_of(before), [path])
        expected = fit.share(path, sum(wins), len(wins) - sum(wins)).mean
        assert in_time.forecasts[place] == pytest.approx(expected, abs=1e-12)


KEYS: dict[str, Callable[[Request], object]] = {
    "base rate": lambda row: None,
    "class: frame": lambda row: row.frame,
    "class: body": path_of,
}


@pytest.mark.parametrize("way", [0, 1])
def test_rivals_are_the_rates_of_what_may_be_known(way: int) -> None:
    rows = (genuine(), late())[way]
    scored = {one.name: one for one in contests()[way].scored}
    came = np.array([row.decision == "granted" for row in rows])
    for name, key in KEYS.items():
        said = []
        for row in rows:
            others = [each for each in genuine() if each is not row]
            known = others if way == 0 else [each for each in others if each.known < row.asked]
            own = [each.decision == "granted" for each in known if key(each) == key(row)]
            said.append((sum(own) + 0.5) / (len(own) + 1))
        chances = np.where(came, said, 1.0 - np.array(said))
        assert scored[name].brier == pytest.approx(np.mean((1.0 - chances) ** 2)), name
        assert scored[name].log == pytest.approx(np.mean(-np.log(chances))), name


def test_certainty_that_fails_is_scored_as_almost_certain() -> None:
    said, came = np.array([0.0, 1.0, 0.5]), np.array([1.0, 1.0, 0.0])
    found = score("x", said, came, np.full(3, 0.5))
    logs = -np.log([1e-3, 1.0 - 1e-3, 0.5])
    assert found.log == pytest.approx(logs.mean())
    assert found.brier == pytest.approx((0.999**2 + 0.001**2 + 0.25) / 3)
    behind = logs - np.log(2.0)
    assert found.behind == pytest.approx(behind.mean())
    assert found.behind_error == pytest.approx(behind.std(ddof=1) / np.sqrt(3.0))


def test_a_case_is_scored_on_what_was_known_before_its_clock() -> None:
    case, table = load("bahrain-2011"), requests()
    asked = asked_in(case, table)
    assert asked is not None
    assert asked.own is not None
    found = expected_of(case, table)
    assert found is not None
    known = [each for each in table if each.known < asked.before]
    own = [each.decision == "granted" for each in known if each.genuine == "yes"]
    assert len(own) < len(known) < len(table)
    assert found.base_rate == pytest.approx((sum(own) + 0.5) / (len(own) + 1))
    fit = fit_body(asked.body, table, asked.before, case.name, unseen=())
    assert found.outside == fit.next_call.mean
    later = [changed(each) if each.known >= asked.before else each for each in table]
    other = expected_of(case, later)
    assert other is not None
    assert (other.base_rate, other.outside) == (found.base_rate, found.outside)
    mine = asked.own.case_id
    feigned = [
        dataclasses.replace(each, genuine="no") if each.case_id == mine else each for each in table
    ]
    assert expected_of(case, feigned) is None
    early = dataclasses.replace(
        found, case="z", own=dataclasses.replace(asked.own, asked=asked.before)
    )
    scored = library_scores([answered(found, 0.4, 0.0), answered(early, 0.3, 0.0)])
    assert [one.expected.case for one in scored.cases] == ["z", case.name]


@cache
def record() -> BodyRecord:
    asked = asked_in(load("kazakhstan-2022"), requests())
    assert asked is not None
    return record_of(asked, requests())


def test_the_record_of_a_body_by_fits_as_of_each_day() -> None:
    """Its four calls before were refused, its own was taken up on a later day."""
    found, path = record(), ("alliance", "russia", "csto")
    own = found.asked.own
    assert own is not None
    before = fit_calls(calls_of([e for e in requests() if e.known < found.asked.before]), [path])
    assert found.others_say == before.share(path, own=False)
    newest = fit_calls(calls_of([e for e in requests() if e.known <= own.known]), [path])
    assert newest.record(path) == (1, 5)
    assert found.learned == newest.share(path, 0, 4)
    assert found.after == newest.share(path, 1, 4)
    assert found.lifts == newest.lifts
    (later,) = found.later
    known = [each for each in requests() if each.known < later.request.asked]
    assert later.expected == fit_calls(calls_of(known), [path]).share(path, 1, 4)


def test_a_call_made_before_the_clock_of_its_case_is_no_earlier_one() -> None:
    """The day is August 2022, and the case's own call that of January."""
    own, path = record().asked.own, ("alliance", "russia", "csto")
    assert own is not None
    late = Asked("x", "csto", date(2022, 8, 1), own)
    found = record_of(late, requests())
    assert [one.case_id for one in found.earlier] == [one.case_id for one in record().earlier]
    rest = [each for each in requests() if each.known < late.before and each is not own]
    assert found.before == fit_calls(calls_of(rest), [path]).share(path, 0, 4)
    assert found.chance_of_record is not None, "its own call, which was taken up, is none of them"


def test_other_bodies_of_the_frame_with_their_calls_before_the_case() -> None:
    found, start = record(), record().asked.before
    known = [e for e in requests() if e.genuine == "yes" and e.known < start]
    paths = {path_of(e) for e in known if path_of(e)[0] == "alliance"}
    wanted = {path[-1]: path for path in paths if len(path) == 3 and path[-1] != "csto"}
    assert {one.body for one in found.others} == set(wanted)
    for one in found.others:
        own = [(e.case_id, e.decision) for e in known if path_of(e) == wanted[one.body]]
        assert list(one.asked) == own
        assert (one.granted, one.calls) == (sum(d == "granted" for _, d in own), len(own))
    order = [(-one.calls, one.body) for one in found.others]
    assert order == sorted(order)


def test_what_became_known_on_the_first_day_or_later_is_in_no_record() -> None:
    """As of 12 June 2010, when the first call on the body became known.

    Of another of the frame there is a call before that day, and one after it.
    """
    (first,) = (each for each in requests() if each.case_id == "KGZ-2010")
    found = record_of(Asked("x", "csto", first.known, None), requests())
    assert found.earlier == ()
    (gulf,) = (one for one in found.others if one.body == "gcc")
    assert [case_id for case_id, _ in gulf.asked] == ["KWT-1990"]
    assert gulf.calls == 1


def test_a_call_that_was_not_the_governments_own_teaches_nothing() -> None:
    own = record().asked.own
    assert own is not None
    feigned = dataclasses.replace(own, genuine="no")
    table = [feigned if each is own else each for each in requests()]
    found = record_of(dataclasses.replace(record().asked, own=feigned), table)
    assert (found.learned, found.after, found.after_by_case) == (None, None, None)
    assert found.before == record().before
