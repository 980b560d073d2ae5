"""Parameters learned from past calls: the mathematics, and nothing from the case or from later.

The chances are compared with draws from the prior weighted by the likelihood, which use neither the
grid nor the messages; and the posterior is checked by simulation (Talts et al. 2018).
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from datetime import date
from functools import cache

import numpy as np
import pytest
from scipy import integrate, stats
from scipy.special import expit

from foedus.expr.prior import Normal, parse_prior
from foedus.history.bodies import body_of
from foedus.history.requests import Request, requests
from foedus.questions.fits import amounts, calls
from foedus.questions.fits.amounts import AMOUNTS, fit_amount, prior_of
from foedus.questions.fits.bodies import path_of
from foedus.questions.fits.calls import Call, calls_of, fit_calls
from foedus.questions.fits.fit import MECHANISM, NOT_LEARNED, CallsFit, Learned, fit_body
from foedus.questions.fits.of_case import Asked, asked_in
from foedus.questions.fits.record import record_of
from foedus.questions.fits.tree import Path, half_normal_points
from foedus.study import load
from tests.questions.test_requests import changed

CSTO: Path = ("alliance", "russia", "csto")
OTHER: Path = ("alliance", "russia", "warsaw-pact")
THIRD: Path = ("alliance", "nato", "nato")
DAY = date(2022, 1, 1)


@cache
def flagship() -> CallsFit:
    return fit_body("csto", requests(), DAY, "kazakhstan-2022")


# The mathematics ----------------------------------------------------------------------------------


def drawn(count: int, seed: int) -> tuple[np.ndarray, ...]:
    """Draws from the prior: tau, lifts, sinks, and x of the three bodies above."""
    chance = np.random.default_rng(seed)
    tau = chance.choice(half_normal_points(calls.SPREAD, calls.SPREADS), count)
    lifts, sinks = (chance.normal(*law, count) for law in (calls.LIFTS, calls.SINKS))
    alliance = chance.normal(chance.normal(*calls.ROOT, count), tau)
    russia = chance.normal(alliance, tau)
    csto, other = chance.normal(russia, tau), chance.normal(russia, tau)
    third = chance.normal(chance.normal(alliance, tau), tau)
    return tau, lifts, sinks, csto, other, third


def test_a_fit_agrees_with_weighted_draws_from_the_prior() -> None:
    seen = [
        Call(OTHER, True, 0, 0), Call(OTHER, False, 1, 0), Call(CSTO, False, 0, 0),
        Call(CSTO, False, 0, 1), Call(THIRD, True, 0, 0),
    ]  # fmt: skip
    found = fit_calls(seen)
    _, lifts, sinks, csto, other, third = drawn(600_000, 5)
    x = {CSTO: csto, OTHER: other, THIRD: third}
    weight = np.ones(len(csto))
    for call in seen:
        p = expit(x[call.path] + call.wins * lifts - call.losses * sinks)
        weight *= p if call.granted else 1.0 - p
    weight /= weight.sum()
    # Some 100,000 effective draws: errors of 0.001; the grid cuts the two effects at 2.5 sd.
    assert found.share(CSTO, 0, 2).mean == pytest.approx(weight @ expit(csto - 2 * sinks), abs=0.01)
    assert found.share(THIRD, 1).mean == pytest.approx(weight @ expit(third + lifts), abs=0.01)
    assert found.lifts.after[0] == pytest.approx(weight @ lifts, abs=0.02)
    assert found.sinks.after[0] == pytest.approx(weight @ sinks, abs=0.02)
    without = np.ones(len(csto))
    for call in seen:
        if call.path != CSTO:
            p = expit(x[call.path] + call.wins * lifts - call.losses * sinks)
            without *= p if call.granted else 1.0 - p
    alone = fit_calls([call for call in seen if call.path != CSTO], [CSTO])
    expected = without @ expit(csto) / without.sum()
    assert alone.share(CSTO).mean == pytest.approx(expected, abs=0.01)


def test_simulated_worlds_are_found_again() -> None:
    """Ranks of what was drawn within its posterior are even: false alarm 1 in 1,000."""
    ranks = []
    rows = zip(*drawn(60, 17), strict=True)
    for world, (_, lifts, sinks, *bodies) in enumerate(rows):
        chance = np.random.default_rng(world)
        seen: list[Call] = []
        records = []
        for path, x in zip((CSTO, OTHER, THIRD), bodies, strict=True):
            wins = losses = 0
            for _ in range(6):
                granted = chance.random() < expit(x + wins * lifts - losses * sinks)
                seen.append(Call(path, bool(granted), wins, losses))
                wins, losses = wins + granted, losses + (not granted)
            records.append((wins, losses))
        found = fit_calls(seen)
        wins, losses = records[0]
        law = found.weights[:, :, None] * found.all[:, found.paths.index(CSTO)]
        shift = wins * found.shared[:, 0] - losses * found.shared[:, 1]
        odds = calls.POINTS + shift[:, None]
        true = bodies[0] + wins * lifts - losses * sinks
        ranks.append(float((law * (odds < true)[None]).sum()))
    assert stats.kstest(ranks, "uniform").pvalue > 0.001


def test_waits_are_found_again() -> None:
    """The same for the mean wait of a new case, from waits dated to the day."""
    amount = AMOUNTS["answer-time"]
    mean, sd = prior_of(amount)
    ranks = []
    for world in range(60):
        chance = np.random.default_rng(100 + world)
        tau = chance.choice(half_normal_points(amounts.SPREAD, amounts.SPREADS))
        sigma = chance.choice(half_normal_points(amounts.CASES, amounts.CASES_SPREADS))
        body = chance.normal(chance.normal(chance.normal(chance.normal(mean, sd), tau), tau), tau)
        waits = chance.exponential(np.exp(chance.normal(body, sigma, 12)))
        rows = [waited(int(days)) for days in waits]
        true = chance.normal(body, sigma)
        law = fit_amount(amount, rows, CSTO).after
        ranks.append(float(stats.norm.cdf((true - law.location) / law.spread)))
    # Dates to the day blur short waits and the law is taken as normal: only gross faults show.
    assert stats.kstest(ranks, "uniform").pvalue > 0.001


def waited(days: int) -> Request:
    """A call on the CSTO that was answered after so many days."""
    asked = date(2000, 1, 1)
    first = next(each for each in requests() if each.case_id == "KGZ-2010")
    decided = date.fromordinal(min(asked.toordinal() + days, date.max.toordinal()))
    return dataclasses.replace(
        first, asked=asked, asked_precision="day", decided=decided, decided_precision="day"
    )


def test_a_share_of_members_agrees_with_weighted_draws_from_the_prior() -> None:
    """Three of four members sent troops once: the share of the same body's next case."""
    amount = AMOUNTS["contribute"]
    (gulf,) = (each for each in requests() if each.case_id == "BHR-2011")
    found = fit_amount(amount, [gulf], path_of(gulf)).after
    chance, count = np.random.default_rng(3), 400_000
    tau = chance.choice(half_normal_points(amounts.SPREAD, amounts.SPREADS), count)
    sigma = chance.choice(half_normal_points(amounts.CASES, amounts.CASES_SPREADS), count)
    body = chance.normal(*prior_of(amount), count) + np.sqrt(3.0) * tau * chance.normal(size=count)
    seen, new = chance.normal(body, sigma), chance.normal(body, sigma)
    weight = expit(seen) ** 3 * expit(-seen)
    weight /= weight.sum()
    location = weight @ new
    # Some 200,000 effective draws of spread 2.3; the grid ends at seven.
    assert found.location == pytest.approx(location, abs=0.05)
    assert found.spread == pytest.approx(np.sqrt(weight @ (new - location) ** 2), rel=0.03)


def test_no_calls_give_the_prior_back() -> None:
    found = fit_calls([], [CSTO])
    assert found.share(CSTO).mean == pytest.approx(0.5, abs=1e-6)
    assert found.lifts.after == pytest.approx(calls.LIFTS, abs=0.03)
    typical = fit_amount(AMOUNTS["lift-time"], [], CSTO)
    assert typical.after == typical.before


# What is learned, and from what -------------------------------------------------------------------


def test_every_parameter_of_the_mechanism_is_learned_or_not_with_a_reason() -> None:
    found = flagship()
    case = load("kazakhstan-2022")
    mechanism = {name.removeprefix("aid.") for name in case.parameters if name.startswith("aid.")}
    learned = {one.name for one in found.learned}
    assert learned.isdisjoint(found.refused)
    bound = {"alarm"}  # what a case binds to a need is no parameter of that case
    assert learned | set(found.refused) == mechanism | bound
    assert all(found.refused.values())
    assert MECHANISM in {use.mechanism for use in case.uses}


def test_what_the_record_does_not_settle_is_refused() -> None:
    nothing = fit_body("csto", requests(), date(1956, 1, 1), unseen=())
    assert nothing.learned == ()
    assert {"willing", "success-lifts", "lift-time"} <= set(nothing.refused)
    assert set(NOT_LEARNED) < set(nothing.refused)


def test_the_laws_are_priors_of_the_case_language() -> None:
    for one in flagship().learned:
        law, _ = parse_prior(one.law, is_share=one.unit == "share")
        assert law.median == pytest.approx(one.middle, rel=0.1, abs=0.01)


def test_a_body_stands_between_its_record_and_the_others() -> None:
    *_, csto = flagship().levels
    assert (csto.granted, csto.calls) == (0, 4)
    assert 0.0 < csto.learned.mean < csto.others.mean
    assert csto.learned.high - csto.learned.low > 0.2


def test_neither_the_case_nor_later_rows_reach_a_fit() -> None:
    later = [changed(each) if each.known >= DAY else each for each in requests()]
    assert later != list(requests())
    found = fit_body("csto", later, DAY, "kazakhstan-2022", unseen=())
    assert found.learned == flagship().learned
    own = [changed(each) if each.case_id == "KAZ-2022" else each for each in requests()]
    late = date(2022, 8, 1)
    assert own != list(requests())

    def learned(table: Sequence[Request], case: str = "") -> tuple[Learned, ...]:
        return fit_body("csto", table, late, case, unseen=()).learned

    assert learned(own, "kazakhstan-2022") == learned(requests(), "kazakhstan-2022")
    assert learned(own) != learned(requests())


def test_a_call_of_a_vague_date_is_learned_from_after_its_last_day() -> None:
    """Lesotho's call of 1998 on SADC was decided in the week of 21 September."""
    by_day = {
        day: fit_body("sadc", requests(), date(1998, 9, day), unseen=()).used
        for day in (22, 27, 28)
    }
    assert by_day == {22: 42, 27: 42, 28: 43}


def test_refusals_that_left_no_trace_lower_the_chance() -> None:
    found = flagship()
    assert found.unseen[15].mean < found.unseen[5].mean < found.next_call.mean


def test_earlier_rows_do_reach_it() -> None:
    earlier = [changed(each) if each.case_id == "KGZ-2010" else each for each in requests()]
    assert fit_body("csto", earlier, DAY, unseen=()).next_call.mean > flagship().next_call.mean


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("CSTO Art. 4 (and Russia)", "csto"),
        ("Russia + CSTO", "csto"),
        ("Russia (1997 treaty)", "russia"),
        ("USSR/Warsaw Pact", "warsaw-pact"),
        ("Arab League + GCC", "gcc"),
        ("League of Small States", "other"),
    ],
)
def test_which_body(name: str, body: str) -> None:
    assert body_of(name) == body


def test_a_call_counts_what_was_known_when_it_was_made() -> None:
    found = calls_of(requests())
    csto = [call for call in found if call.path == CSTO]
    assert [(call.wins, call.losses) for call in csto] == [
        (0, 0), (0, 1), (0, 2), (0, 3), (0, 4), (1, 4)
    ]  # fmt: skip


# The record around a case -------------------------------------------------------------------------


def test_a_step_is_two_numbers() -> None:
    asked = asked_in(load("kazakhstan-2022"), requests())
    assert asked is not None
    assert asked.own is not None
    assert (asked.body, asked.before, asked.own.case_id) == ("csto", DAY, "KAZ-2022")
    found = record_of(asked, requests())
    assert [each.case_id for each in found.earlier] == [
        "KGZ-2010",
        "BLR-2020",
        "ARM-2021",
        "TJK-2021",
    ]
    assert found.before == flagship().next_call
    assert found.belief_moved is not None
    assert found.belief_moved > 0.0
    assert found.body_moved is not None
    assert found.after is not None
    assert found.before.mean + found.belief_moved + found.body_moved == pytest.approx(
        found.after.mean
    )
    assert [(one.request.case_id, one.request.decision) for one in found.later] == [
        ("ARM-2022", "refused")
    ]
    assert {"warsaw-pact", "nato"} <= {one.body for one in found.others}
    assert found.chance_of_record is not None
    assert 0.0 < found.chance_of_record < 0.5


@pytest.mark.parametrize(("name", "sign"), [("kazakhstan-2022", 1), ("armenia-2022", -1)])
def test_what_a_case_believes_of_a_step_stands_beside_it(name: str, sign: int) -> None:
    """Against the integral over two normal laws, whose sum is one."""
    asked = asked_in(load(name), requests())
    assert asked is not None
    law = asked.lifts if sign > 0 else asked.sinks
    assert isinstance(law, Normal)
    found = record_of(asked, requests())
    assert found.learned is not None
    assert found.after_by_case is not None
    both = stats.norm(
        found.learned.location + sign * law.mean, math.hypot(found.learned.spread, law.sd)
    )
    expected = integrate.quad(lambda x: expit(x) * both.pdf(x), -20.0, 20.0)[0]
    assert found.after_by_case == pytest.approx(expected, abs=2e-3)
    assert (found.after_by_case - found.learned.mean) * sign > 0.05


def test_the_record_before_a_case_knows_nothing_of_it() -> None:
    asked = asked_in(load("kazakhstan-2022"), requests())
    assert asked is not None
    later = [changed(each) if each.known >= DAY else each for each in requests()]
    found = record_of(asked, later)
    assert found.before == record_of(asked, requests()).before
    nobody = Asked("x", "csto", DAY, None)
    assert record_of(nobody, requests()).learned is None


@pytest.mark.parametrize(
    ("case", "own"),
    [
        ("gambia-2017", "GMB-2017"), ("nato-2001", "USA-2001"), ("hungary-1956", "HUN-1956a"),
        ("czechoslovakia-1968", None),
    ],
)  # fmt: skip
def test_the_own_call_of_a_case_is_found(case: str, own: str | None) -> None:
    asked = asked_in(load(case), requests())
    assert asked is not None
    assert (asked.own and asked.own.case_id) == own


@pytest.mark.parametrize(
    ("day", "is_own"),
    [
        (date(2016, 12, 1), False), (date(2016, 12, 2), True), (date(2018, 1, 31), True),
        (date(2018, 2, 1), False),
    ],
)  # fmt: skip
def test_the_own_call_is_made_on_a_day_of_the_clock(day: date, is_own: bool) -> None:
    """From 2 December 2016 to 31 January 2018; when the next day begins the clock has ended."""
    (own,) = (each for each in requests() if each.case_id == "GMB-2017")
    asked = asked_in(load("gambia-2017"), [dataclasses.replace(own, asked=day)])
    assert asked is not None
    assert (asked.own is not None) is is_own


def test_a_case_without_the_mechanism_asks_nothing() -> None:
    assert asked_in(load("crowd"), requests()) is None
