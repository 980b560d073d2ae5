"""Probabilities of causation: against formulas, against the bounds of counted data, and in order.

Comparisons with a formula allow five standard errors: one false alarm in two million for each.
"""

from __future__ import annotations

from functools import reduce
from math import exp, log1p, sqrt

import numpy as np
import pytest

from foedus.infer.static import Observed, necessity_bounds
from foedus.jump.model import Dated, Each, EventKind, Immediate, Intervention, JumpModel, Timing
from foedus.questions.causation import Causation, cut_error
from foedus.questions.what_if import Change, change
from tests.engine.models import (
    Term,
    ask,
    flag,
    intervene,
    kind,
    model,
    parameter,
    put,
    rate,
    variable,
)

A, B, C = map(variable, "abc")
DEAD, ELSE, LEANS, TOOK = map(variable, ("dead", "else", "leans", "took"))
FIRST, THEN, ALONE, END = 0.7, 1.0, 0.4, 2.0


def two_causes() -> JumpModel:
    """`a` leads to `c`, which may also come by itself, each on a clock of its own."""
    return model(
        [flag("a"), flag("b"), flag("c")],
        [
            kind("first", rate(parameter("first")), put("a", True), when=A.not_()),
            kind("then", rate(parameter("then")), put("c", True), when=A.and_(B.not_())),
            kind("alone", rate(parameter("alone")), put("c", True), when=C.not_()),
        ],
        [ask("c", "probability", C, at=END), ask("a", "probability", A, at=END)],
        horizon=END,
        parameters={"first": FIRST, "then": THEN, "alone": ALONE},
    )


def asked(what: JumpModel, *interventions: Intervention, draws: int = 20_000) -> Change:
    return change(what, "mine", interventions, draws=draws, seed=3)


def the(found: Change, kind_: str, question: str = "c") -> Causation:
    return next(one for one in found.causation if (one.kind, one.question) == (kind_, question))


def test_necessity_and_its_bounds_against_formulas() -> None:
    """The event, its consequence in time and the other cause are independent, so all is known."""
    found = asked(two_causes(), intervene("forbid", "first"))
    x, alone = 1 - exp(-FIRST * END), 1 - exp(-ALONE * END)
    through = 1 - (THEN * exp(-FIRST * END) - FIRST * exp(-THEN * END)) / (THEN - FIRST)
    both = x - (x - through) * (1 - alone)  # where it happens, c stays away only if both miss
    neither = (1 - x) * (1 - alone)
    one = the(found, "necessity")
    assert one.is_yes
    assert one.value == pytest.approx(through * (1 - alone) / both, abs=5 * (one.error or 0))
    outcome = 1 - (1 - through) * (1 - alone)
    seen = Observed(both, x - both, outcome - both, neither)
    bounds = necessity_bounds(outcome, alone, seen)
    slack = 5 * (one.bounds_error or 0)
    assert (one.low, one.high) == pytest.approx((bounds.low, bounds.high), abs=slack)
    together = the(found, "both")
    assert together.value == pytest.approx(through * (1 - alone), abs=5 * (together.error or 0))


def test_what_is_taken_away_from_a_day_on_was_needed_only_if_it_comes_later() -> None:
    """The formula of the whole time, for what is left of it after the day."""
    day = 1.0
    left, later = END - day, exp(-FIRST * day)
    x, alone = later * (1 - exp(-FIRST * left)), 1 - exp(-ALONE * END)
    way = (THEN * exp(-FIRST * left) - FIRST * exp(-THEN * left)) / (THEN - FIRST)
    through = later * (1 - way)
    both = x - (x - through) * (1 - alone)
    found = asked(two_causes(), intervene("forbid", "first", at=day))
    (natural,) = found.naturals
    assert natural.share == pytest.approx(x, abs=5 * (natural.error or 0))
    one = the(found, "necessity")
    assert one.value == pytest.approx(through * (1 - alone) / both, abs=5 * (one.error or 0))


@pytest.mark.parametrize(
    ("timing", "when", "is_taken"),
    [(Immediate(), A, 1.0), (Each(1.0), None, 1.0), (Dated((1.0,)), None, 0.0)],
)
@pytest.mark.parametrize("day", [0.0, 1.0])
def test_of_the_very_instant_all_is_taken_away_but_what_is_dated(
    timing: Timing, when: Term | None, is_taken: float, day: float
) -> None:
    """Dated events come first in an instant, then what is decided, then all else (semantics 2)."""
    what = model(
        [flag("a"), flag("c")],
        [
            kind("opens", Dated((1.0,)), put("a", True)),
            kind("follows", timing, put("c", True), when=when),
        ],
        [ask("c", "probability", C, at=1.5)],
        horizon=1.5,
    )
    found = asked(what, intervene("forbid", "follows", at=day), draws=20)
    taken = 1.0 if day == 0.0 else is_taken
    assert [one.share for one in found.naturals] == [taken]
    assert found.questions[0].counterfactual.value == 1.0 - taken
    if taken:
        assert (the(found, "necessity").value, the(found, "necessity").low) == (1.0, 1.0)


def test_of_what_is_taken_away_on_a_condition_no_necessity_is_told() -> None:
    """It may have happened before: only how often the decision turns the outcome is known."""
    found = asked(two_causes(), intervene("forbid", "first", condition=C), draws=100)
    assert {one.kind for one in found.causation} == {"both"}


def test_a_decision_turns_no_more_than_where_cause_and_outcome_come_together() -> None:
    """Where the event leads to its outcome but slowly, that is the bound which is least."""
    first, then, alone = 0.7, 0.05, 0.1
    found = change(
        two_causes(), "mine", (intervene("forbid", "first"),), draws=20_000, seed=6,
        set_values={"first": first, "then": then, "alone": alone},
    )  # fmt: skip
    x, missed = 1 - exp(-first * END), exp(-alone * END)
    through = 1 - (then * exp(-first * END) - first * exp(-then * END)) / (then - first)
    together = x - (x - through) * missed
    one = the(found, "both")
    assert one.high == pytest.approx(together, abs=5 * (one.bounds_error or 0))
    assert together < 0.5 * x * missed, "the bound that follows from what is left without it"


def test_of_what_never_happens_no_necessity_is_told() -> None:
    found = change(
        two_causes(), "mine", (intervene("forbid", "first"),), draws=100, seed=3,
        set_values={"first": 0.0},
    )  # fmt: skip
    assert {one.kind for one in found.causation} == {"both"}


def test_sufficiency_against_a_formula() -> None:
    """Where it never comes by itself: c would come with it, unless both miss."""
    never = two_causes()
    found = change(
        never, "mine", (intervene("force", "first", at=0.5),), draws=20_000, seed=4,
        set_values={"first": 0.0},
    )  # fmt: skip
    one = the(found, "sufficiency")
    reached = 1 - exp(-THEN * (END - 0.5))
    assert one.is_yes
    assert one.value == pytest.approx(reached, abs=5 * (one.error or 0))
    alone = 1 - exp(-ALONE * END)
    forced = 1 - (1 - reached) * (1 - alone)
    slack = 5 * (one.bounds_error or 0)
    assert one.low == pytest.approx((forced - alone) / (1 - alone), abs=slack)
    assert one.high == pytest.approx(min(1.0, forced / (1 - alone)), abs=slack)


@pytest.mark.parametrize("value", [-3.0, -0.2, 0.0, 0.1, 0.5, 0.97, 1.0, 1.3, 40.0])
@pytest.mark.parametrize("error", [1e-6, 0.05, 0.4, 1.65, 30.0])
def test_the_error_of_a_bound_that_is_cut_off_against_a_sum(value: float, error: float) -> None:
    """The mean square by which a normal number, cut off at 0 and 1, is off, added up in steps."""
    steps = np.linspace(-9.0, 9.0, 200_001)
    masses = np.exp(-0.5 * steps**2)
    off = np.clip(value + error * steps, 0.0, 1.0) - np.clip(value, 0.0, 1.0)
    expected = sqrt(float((off**2 * masses).sum() / masses.sum()))
    found = cut_error(value, error)
    assert found == pytest.approx(expected, rel=1e-3, abs=1e-6)
    assert 0.0 <= found <= 1.0


def test_what_few_runs_tell_of_bounds_is_no_worse_than_nothing() -> None:
    """Where cause and outcome hardly ever come together, bounds are ratios that stray far outside
    0..1, and their errors with them: cut off, they are off by 1 at most."""
    found = change(
        two_causes(), "mine", (intervene("forbid", "first"),), draws=1000, seed=3,
        set_values={"first": 0.002},
    )  # fmt: skip
    one = the(found, "necessity")
    assert (one.low, one.high) == (0.0, 1.0)
    assert one.bounds_error is not None
    assert one.bounds_error <= 1.0


def test_pearls_legal_example_in_a_model() -> None:
    """Pearl's numbers: of a thousand takers 2 die, and 28 others; 16 if all take it, 14 if none.

    So nobody who leans to take it dies without it, and every taker who dies dies of it: [1, 1],
    whatever the coupling.
    """

    def dies(number: float, days: float, *when: Term) -> EventKind:
        holds = reduce(Term.and_, when, DEAD.not_())
        return kind(
            f"dies {number}", rate(-log1p(-number / 1000) / days), put("dead", True), when=holds
        )

    undecided = LEANS.or_(ELSE).not_()
    legal = model(
        [flag("leans"), flag("else"), flag("took"), flag("dead")],
        [
            kind("lean", rate(60.0), put("leans", True), when=undecided),
            kind("lean away", rate(60.0), put("else", True), when=undecided),
            kind("take", Dated((1.0,)), put("took", True), when=LEANS),
            dies(2.0, 1.0, TOOK, LEANS),
            dies(30.0, 1.0, TOOK, ELSE),
            dies(28.0, END, TOOK.not_(), ELSE),
        ],
        [ask("c", "probability", DEAD, at=END)],
        horizon=END,
    )
    found = asked(legal, intervene("forbid", "take"), draws=20_000)
    one = the(found, "necessity")
    assert (one.value, one.low, one.high) == (1.0, 1.0, 1.0)
    counted = necessity_bounds(0.016, 0.014, Observed.of_counts(2, 998, 28, 972))
    assert (counted.low, counted.high) == pytest.approx((1.0, 1.0))


@pytest.mark.parametrize("action", [("forbid", None), ("force", 0.4)])
@pytest.mark.parametrize("target", ["first", "alone", "then"])
def test_the_models_value_lies_within_its_bounds(
    action: tuple[str, float | None], target: str
) -> None:
    """Run by run, so there is no error to allow for but that of rounding."""
    name, at = action
    found = asked(two_causes(), intervene(name, target, at=at), draws=500)
    assert found.causation
    for one in found.causation:
        assert one.low - 1e-12 <= one.value <= one.high + 1e-12
        assert 0.0 <= one.low <= one.high <= 1.0


def test_what_is_not_touched_is_caused_by_nothing() -> None:
    found = asked(two_causes(), intervene("forbid", "then"), draws=500)
    together = the(found, "both", "a")
    assert (together.value, together.low) == (0.0, 0.0)
