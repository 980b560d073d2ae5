"""Which parameters belong to some explanations only, and the one prior that they get in common."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from foedus.case.case import Case
from foedus.expr.laws import Fixed, LogitNormal, LogNormal, Normal
from foedus.expr.prior import Prior, Uniform
from foedus.infer.likelihood.coordinates import coordinates_of
from foedus.infer.verdict.common_prior import common_priors
from foedus.infer.verdict.questionable import apart_from, questionable
from foedus.infer.verdict.specific import specific_parameters
from foedus.jump.lower import lower
from foedus.jump.lower_record import lower_record
from tests.loading import case_of

GROUND = "grade: assumed, because: a test"
CASE = f"""\
foedus: 1
case: specific
title: What is whose
clock: {{start: 2000-01-01, end: 2000-01-11}}
parameters:
  spark: {{value: 0.1, unit: per day, {GROUND}}}
  p: {{value: 0.2, unit: per day, {GROUND}}}
components: {{plot: {{}}}}
atoms:
  plain: {{components: [], prior: 0.5, {GROUND}}}
  plotted: {{components: [plot], prior: 0.5, {GROUND}OWN}}
explanations: {{one: {{atoms: [plain]}}, other: {{atoms: [plotted]}}}}
state:
  unrest: {{type: flag, starts: false}}
  armed: {{type: flag, starts: false}}
  led: {{type: flag, starts: false}}
  mood: {{type: {{one of: [calm, angry]}}, starts: calm}}
events:
  erupts: {{when: not unrest, rate: spark, then: {{unrest: true}}}}
EVENTS
questions:
  q: {{probability: unrest or armed or led or mood == angry, at: 2000-01-11}}
"""
ARMS = "  arms: {when: plot, rate: spark, then: {armed: true}}\n"
LEADS = "  leads: {when: armed, rate: spark, then: {led: true}}\n"


def specific(events: str, own: str = "") -> frozenset[str]:
    return specific_parameters(lower(case_of(CASE.replace("EVENTS", events).replace("OWN", own))))


@pytest.mark.parametrize(
    ("events", "is_specific"),
    [
        ("  a: {rate: p, then: {led: true}}", False),
        ("  a: {rate: if plot then p else spark, then: {led: true}}", True),
        ("  a: {rate: if not plot then p else spark, then: {led: true}}", True),
        ("  a: {rate: if unrest then p else spark, then: {led: true}}", False),
        ("  a: {rate: (if plot then 1 else 0) * p, then: {led: true}}", True),
        ("  a: {rate: (if plot then 1 else 0) * p + p, then: {led: true}}", False),
        ("  a: {when: plot, rate: p, then: {led: true}}", True),
        ("  a: {when: plot, rate: if plot then p else spark, then: {led: true}}", True),
        ("  a: {when: plot, rate: if plot then spark else p, then: {led: true}}", False),
        ("  a: {when: plot and unrest, rate: p, then: {led: true}}", True),
        ("  a: {when: plot or unrest, rate: p, then: {led: true}}", False),
        ("  a: {when: not (plot or unrest), rate: p, then: {led: true}}", True),
        ("  a: {when: plot or not unrest, rate: p, then: {led: true}}", False),
        # what nothing sets in one of them stays as it starts, also through others
        (ARMS + "  a: {when: armed, rate: p, then: {led: true}}", True),
        (ARMS + LEADS + "  a: {when: led, rate: p, then: {mood: angry}}", True),
        (ARMS + "  calms: {rate: spark, then: {armed: false}}\n"
         "  a: {when: armed, rate: p, then: {led: true}}", True),
        ("  arms: {rate: if plot then spark else 0, then: {armed: true}}\n"
         "  a: {when: armed, rate: p, then: {led: true}}", True),
        ("  arms: {rate: spark, then: {armed: true}}\n"
         "  a: {when: armed, rate: p, then: {led: true}}", False),
        ("  angers: {when: plot, rate: spark, then: {mood: angry}}\n"
         "  a: {when: mood == angry, rate: p, then: {led: true}}", True),
        ("  angers: {when: plot, rate: spark, then: {mood: angry}}\n"
         "  a: {when: mood != calm, rate: p, then: {led: true}}", True),
        ("  angers: {when: plot, rate: spark, then: {mood: angry}}\n"
         "  a: {when: mood != angry, rate: p, then: {led: true}}", False),
    ],
)  # fmt: skip
def test_what_one_explanation_reads_and_another_does_not(events: str, is_specific: bool) -> None:
    assert specific(events) == ({"p"} if is_specific else set())


def test_a_prior_of_its_own_makes_a_parameter_specific_that_is_read() -> None:
    own = f", parameters: {{p: {{value: 0.4, unit: per day, {GROUND}}}}}"
    assert specific("  a: {rate: p, then: {led: true}}", own) == {"p"}


def common(unit: str, **laws: Prior) -> dict[str, Prior]:
    parameters = {name: SimpleNamespace(unit=unit) for name in laws}
    case = cast(Case, SimpleNamespace(parameters=parameters))
    return common_priors(case, list(laws), [laws])


@pytest.mark.parametrize(
    ("unit", "one", "other", "kind", "low", "high"),
    [
        ("share", Uniform(0.2, 0.4), Uniform(0.5, 0.9), LogitNormal, 0.22, 0.86),
        ("share", Uniform(0.0, 1.0), Uniform(0.5, 0.9), LogitNormal, 0.1, 0.9),
        ("per day", Uniform(0.2, 0.4), Uniform(5.0, 9.0), LogNormal, 0.22, 8.6),
        ("none", Uniform(-1.0, 1.0), Uniform(0.0, 10.0), Normal, -0.8, 9.0),
    ],
)
def test_the_common_prior_has_four_in_five_between_the_ends(
    unit: str, one: Prior, other: Prior, kind: type[Any], low: float, high: float
) -> None:
    found = common(unit, one=one, other=other)
    assert set(found) == {"one", "other"}
    assert found["one"] == found["other"]
    assert isinstance(found["one"], kind)
    assert found["one"].interval(0.8) == pytest.approx((low, high), rel=1e-9)


def test_what_is_alone_in_its_unit_keeps_its_prior() -> None:
    assert common("share", one=Uniform(0.2, 0.4)) == {}


def test_a_number_with_priors_of_its_own_in_atoms_gets_one_prior_in_all() -> None:
    parameters = {name: SimpleNamespace(unit="share") for name in ("own", "known", "alone")}
    case = cast(Case, SimpleNamespace(parameters=parameters))
    alike: dict[str, Prior] = {"alone": Uniform(0.0, 0.1), "known": Fixed(0.2)}
    laws = [{"own": Uniform(0.2, 0.4), **alike}, {"own": Uniform(0.5, 0.9), **alike}]
    laws[1]["known"] = Uniform(0.2, 0.3)
    found = common_priors(case, ["own", "known", "alone"], laws)
    assert set(found) == {"own"}
    assert found["own"].interval(0.8) == pytest.approx((0.22, 0.86), rel=1e-9)


SPARK = "unit: per day, grade: assumed, because: a test"
OF_OWN = f", parameters: {{spark: {{prior: 80% between 1 and 2, {SPARK}}}}}"
OPEN = f"spark: {{prior: 80% between 0.1 and 0.2, {SPARK}}}"
EITHER = "  a: {rate: if plot then spark else p, then: {led: true}}"


@pytest.mark.parametrize(
    ("spark", "events", "own", "shared", "apart"),
    [
        (OPEN, "", OF_OWN, {"spark"}, ()),
        (OPEN.replace("assumed, because: a test", "measured, cites: [s]"), "", OF_OWN,
         {"spark"}, ()),
        (OPEN, "", OF_OWN.replace("prior: 80% between 1 and 2", "value: 1"), set(), ("spark",)),
        (f"spark: {{value: 0.1, {SPARK}}}", "", OF_OWN, set(), ("spark",)),
        (OPEN, EITHER, "", set(), ("p",)),
        (f"spark: {{value: 0.1, {SPARK}}}", EITHER, "", set(), ("p",)),
        (OPEN, "", "", set(), ()),
    ],
)  # fmt: skip
def test_what_has_no_prior_to_share_is_told_apart(
    spark: str, events: str, own: str, shared: set[str], apart: tuple[str, ...]
) -> None:
    text = CASE.replace("EVENTS", events).replace("OWN", own)
    text = text.replace("  spark: {value: 0.1, unit: per day, grade: assumed, because: a test}",
                        "  " + spark)  # fmt: skip
    text += "sources: {s: {kind: news, title: A source}}\n"
    case = case_of(text)
    model = lower(case)
    doubts = questionable(case, model)
    laws = coordinates_of(model, lower_record(case)).laws
    found = common_priors(case, doubts.specific, laws)
    assert set(found) == shared
    assert apart_from(found, doubts, case, model) == apart
