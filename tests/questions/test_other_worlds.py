"""What-ifs given the record: nothing changed changes nothing, and known counterfactuals come out.

Comparisons with a formula allow five standard errors: one false alarm in two million for each.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from math import exp

import pytest

from foedus.case.case import Case
from foedus.engine.reference import Watch
from foedus.infer.islands.effort import Effort
from foedus.infer.islands.islands import Evidence, run_islands
from foedus.infer.likelihood.engine import start
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.sampler.sampler import Settings
from foedus.infer.weigh import target_of
from foedus.jump.lower import lower
from foedus.jump.lower_record import lower_record
from foedus.jump.model import Intervention
from foedus.questions.courses import verify_enough
from foedus.questions.design import one_by_one
from foedus.questions.other_worlds import OtherWorld, other_worlds
from foedus.questions.policy import from_day
from foedus.questions.worlds import Comparison
from foedus.report.figures.fan_panels import UNWEIGHED
from foedus.report.figures.other_world import draw_other_world
from foedus.report.figures.pairs import draw_pairs, watch_of_pairs
from foedus.report.page.page import Changed
from foedus.text.diagnostic import NoAnswerError
from tests.engine.models import node, variable
from tests.loading import warned_case

TEXT = """
foedus: 1
case: the-bridge
title: The bridge
clock: {start: 2000-01-01, end: 2000-01-21}
sources: {paper: {kind: news, title: The Paper}}
components: {haste: {}}
atoms:
  hasty: {components: [haste], prior: 0.5, grade: assumed, because: an example}
  slow: {components: [], prior: 0.5, grade: assumed, because: an example}
explanations:
  haste: {atoms: [hasty]}
  calm: {atoms: [slow]}
parameters:
  pace: {prior: 80% between 0.1 and 0.4, unit: per day, grade: assumed, because: an example}
  more: {value: 2, unit: factor, grade: assumed, because: an example}
  alone: {value: 0.05, unit: per day, grade: assumed, because: an example}
state:
  blown: {type: flag, starts: false}
  lost: {type: flag, starts: false}
  mended: {type: flag, starts: false}
events:
  blast: {when: not blown, rate: "pace * (if haste then more else 1)", then: {blown: true}}
  loss: {when: blown and not lost, rate: pace, then: {lost: true}}
  mend: {when: not mended, rate: alone, then: {mended: true}}
record:
  blast: {complete: 2000-01-01/2000-01-21}
evidence:
  - {id: E1, happened: blast, at: 2000-01-03/2000-01-04, known: 2000-01-04, cites: [paper]}
outcomes:
  - {id: O1, state: lost, at: 2000-01-20, cites: [paper]}
questions:
  lost: {probability: lost, at: 2000-01-20}
  mended: {probability: mended, at: 2000-01-20}
  soon: {probability: lost, at: 2000-01-07}
  lost-or-spared: {probability: lost, given: lost or not mended, at: 2000-01-20}
what-if:
  no-blast: {forbid: blast}
  no-mending: {forbid: mend}
  blast-at-once: {force: blast, at: 2000-01-02}
"""


@cache
def bridge() -> Case:
    return warned_case(TEXT)  # what can happen once is warned about


@cache
def weighed() -> tuple[RecordTarget, Evidence]:
    case = bridge()
    target = target_of(case, lower(case), lower_record(case), start)
    return target, run_islands(target, Settings(150, Effort().sweeps), islands=4, seed=1)


def asked(*interventions: Intervention, courses: int = 300) -> OtherWorld:
    return other_worlds(*weighed(), {"mine": interventions}, one_by_one, courses=courses)[0]


def the(found: OtherWorld, name: str) -> Comparison:
    return next(one for one in found.questions if one.name == name)


def test_nothing_changed_changes_nothing() -> None:
    found = asked()
    for one in found.questions:
        assert one.factual == one.counterfactual
        assert (one.difference.value, one.difference.error) == (0.0, 0.0)


def test_what_is_given_is_given() -> None:
    """The outcome holds in every course that counts, and the cause happened in each."""
    found = asked(*bridge().what_ifs["no-blast"].interventions)
    assert the(found, "lost").factual.value == 1.0
    assert found.happened == (("blast", "forbid", 1.0),)
    assert 0.5 < found.kept < 1.0
    # A particle counts where any of its courses ends so: of eleven or more, nearly always one does.
    assert 0.9 * found.distinct < found.counted <= found.distinct
    assert found.necessity == {"lost": 1.0}


def test_no_necessity_is_told_where_other_courses_count_without_it() -> None:
    """Without the blast only courses without a mending count: not all that were lost."""
    found = asked(*bridge().what_ifs["no-blast"].interventions)
    spared = the(found, "lost-or-spared")
    assert (spared.factual.value, spared.counterfactual.value) == (1.0, 0.0)
    assert not spared.is_alike
    assert "lost-or-spared" not in found.necessity


def test_what_does_not_depend_on_it_is_not_moved() -> None:
    found = asked(*bridge().what_ifs["no-blast"].interventions)
    assert (the(found, "mended").difference.value, the(found, "mended").difference.error) == (0, 0)


def test_a_known_counterfactual() -> None:
    """Whether it was mended is not in the record: without mending, it is so in none."""
    found = asked(*bridge().what_ifs["no-mending"].interventions, courses=600)
    mended = the(found, "mended")
    assert mended.counterfactual.value == 0.0
    assert mended.factual.value == pytest.approx(
        1.0 - exp(-0.05 * 20.0), abs=5 * (mended.factual.error or 0.0) + 0.02
    )


def test_an_earlier_cause_brings_the_loss_no_later() -> None:
    found = asked(*bridge().what_ifs["blast-at-once"].interventions)
    soon = the(found, "soon")
    assert soon.turned is not None
    assert soon.turned.to_no == 0.0
    assert (soon.difference.value or 0.0) > 0.0
    assert the(found, "lost").counterfactual.value == 1.0, "its clock had rung by the end"


def test_several_decisions_are_answered_as_each_alone() -> None:
    what_ifs = bridge().what_ifs
    asked_of = {
        name: what_ifs[name].interventions for name in ("no-blast", "no-mending", "blast-at-once")
    }
    both = other_worlds(*weighed(), asked_of, one_by_one, courses=200)
    for found in both:
        alone = other_worlds(
            *weighed(), {found.what_if: asked_of[found.what_if]}, one_by_one, courses=200
        )[0]
        assert found.questions == alone.questions
        assert found.happened == alone.happened
        assert found.experiment == alone.experiment
        assert found.naturals == alone.naturals


def test_threads_change_nothing() -> None:
    target, evidence = weighed()
    decision = {"mine": bridge().what_ifs["no-mending"].interventions}
    several = replace(target, engine=target.engine.on_threads(3))
    (one,) = other_worlds(target, evidence, decision, one_by_one, courses=200)
    (other,) = other_worlds(several, evidence, decision, one_by_one, courses=200)
    assert (one.questions, one.kept) == (other.questions, other.kept)


def test_cause_and_outcome_alone_have_bounds() -> None:
    """The blast is the only way to the loss: it was necessary whatever the coupling."""
    found = asked(*bridge().what_ifs["no-blast"].interventions)
    (given,) = [one for one in found.given if one.question == "lost"]
    assert (given.kind, given.is_yes, given.value) == ("necessity", True, 1.0)
    alone = {(one.question, one.kind): one for one in found.experiment}["lost", "necessity"]
    assert (alone.value, alone.low, alone.high) == (1.0, 1.0, 1.0)
    assert 0.5 < found.naturals[0].share < 1.0, "fresh chance need not bring the blast"


def test_what_had_happened_before_was_not_needed_after() -> None:
    """The blast of the 4th is not taken away by what is forbidden from the 10th on."""
    blast = Intervention("forbid", "blast", at=10.0)
    found = asked(blast)
    assert found.happened == (("blast", "forbid", 0.0),)
    assert found.necessity == {}
    slower = Intervention("set-parameter", "pace", value=node(0.1))
    both = asked(*bridge().what_ifs["no-blast"].interventions, slower)
    assert both.happened == (("blast", "forbid", 1.0),)
    assert both.necessity == {}, "the blast is not all that is changed"


def test_channels_are_the_parameters_that_act_on_what_is_changed() -> None:
    """Without the blast nothing is lost early: more so where the pace is high."""
    found = asked(*bridge().what_ifs["no-blast"].interventions, courses=600)
    assert [one.parameter for one in found.channels] == ["pace"], "`more` does not vary"
    pace = found.channels[0]
    assert pace.at_low < pace.at_high
    soon = [one.name for one in found.questions].index("soon")
    low, high = pace.low[soon], pace.high[soon]
    assert low.value is not None
    assert high.value is not None
    assert high.value < low.value - 0.1


def test_a_policy_leaves_the_past_alone() -> None:
    """On the 5th the blast is past: forbidding it then changes nothing; mending can be stopped."""
    case = bridge()
    day = 5.0
    target = target_of(case, lower(case), lower_record(case), start, as_of=day)
    evidence = run_islands(target, Settings(150, Effort().sweeps), islands=4, seed=1)
    decisions = {
        name: from_day(name, case.what_ifs[name].interventions, day)
        for name in ("no-blast", "no-mending")
    }
    past, future = other_worlds(
        target, evidence, decisions, one_by_one, courses=400, as_of=day
    )  # fmt: skip
    assert past.happened == (("blast", "forbid", 0.0),), "it is over"
    assert past.necessity == future.necessity == {}, "what is to come is not given"
    assert (past.level, past.kept, past.experiment) == ("forecast", 1.0, ())
    assert the(past, "lost").difference.value == 0.0
    assert 0.0 < (the(past, "lost").factual.value or 0.0) < 1.0, "the outcome is still to come"
    mended = the(future, "mended").counterfactual
    assert mended.value == pytest.approx(1.0 - exp(-0.05 * day), abs=5 * (mended.error or 0.0))


def test_a_policy_waits_for_its_condition_from_its_day_on() -> None:
    """What holds already on that day is acted on then, though nothing happens."""
    case, day = bridge(), 5.0
    target = target_of(case, lower(case), lower_record(case), start, as_of=day)
    evidence = run_islands(target, Settings(150, Effort().sweeps), islands=4, seed=1)
    mended = variable("mended")
    always = Intervention("force", "mend", condition=mended.not_().node)
    decisions = {"mend": from_day("mend", (always,), day)}
    (found,) = other_worlds(
        target, evidence, decisions, one_by_one, courses=200, as_of=day,
        watch=Watch((mended.node,), (day - 0.01, day + 0.01)),
    )  # fmt: skip
    before, after = found.changed_fans[0].mean
    assert before == found.factual_fans[0].mean[0] < 1.0
    assert after == 1.0


def test_a_policy_changes_a_parameter_on_its_day() -> None:
    """Mending is three times as fast from the 5th day on, and was not before."""
    case, day, faster = bridge(), 5.0, 0.15
    target = target_of(case, lower(case), lower_record(case), start, as_of=day)
    evidence = run_islands(target, Settings(150, Effort().sweeps), islands=4, seed=1)
    hurry = Intervention("set-parameter", "alone", value=node(faster))
    (found,) = other_worlds(
        target, evidence, {"hurry": from_day("hurry", (hurry,), day)}, one_by_one, courses=400,
        as_of=day, watch=Watch((variable("mended").node,), (day - 0.01,)),
    )  # fmt: skip
    assert found.changed_fans[0].mean == found.factual_fans[0].mean
    mended = the(found, "mended").counterfactual
    expected = 1.0 - exp(-0.05 * day - faster * (20.0 - day))
    assert mended.value == pytest.approx(expected, abs=5 * (mended.error or 0.0))


def test_what_a_policy_cannot_do() -> None:
    at_once = bridge().what_ifs["blast-at-once"].interventions
    with pytest.raises(NoAnswerError, match="earlier"):
        from_day("blast-at-once", at_once, 5.0)


def test_courses_over_time_part_at_the_decision() -> None:
    case = bridge()
    watch = watch_of_pairs(case)
    forced = {"blast-at-once": case.what_ifs["blast-at-once"].interventions}
    found = other_worlds(*weighed(), forced, one_by_one, courses=200, watch=watch)[0]
    assert found.parting is not None
    assert found.parting.shares[0] == 0.0
    assert found.parting.shares[-1] > 0.2
    figure = draw_pairs(case, found, watch.expressions)
    assert figure is not None
    assert "Given all that the record says" in str(figure.spec)


def test_courses_over_time_are_those_that_count() -> None:
    """What is watched when a question is asked comes to its answers: all were lost, as is known."""
    watch = Watch((variable("lost").node,), (19.0, 20.0))
    decision = {"mine": bridge().what_ifs["no-blast"].interventions}
    found = other_worlds(*weighed(), decision, one_by_one, courses=200, watch=watch)[0]
    assert found.kept < 1.0
    given = Changed(found, watch.expressions).given
    assert (given.courses, list(given.fans)) == (found.counted, [watch.expressions[0]])
    assert given.fans[watch.expressions[0]] is found.factual_fans[0]
    assert found.factual_fans[0].of == "lost"
    assert Changed(replace(found, level="forecast"), watch.expressions).given is UNWEIGHED
    lost = the(found, "lost")
    assert found.factual_fans[0].mean[1] == lost.factual.value == 1.0
    assert found.changed_fans[0].mean[1] == lost.counterfactual.value == 0.0
    assert found.parting is not None
    assert found.parting.shares[1] == 1.0, "all that count were lost, and none would have been"


def test_it_refuses_where_too_few_particles_differ() -> None:
    with pytest.raises(NoAnswerError, match="particles that differ"):
        asked(courses=60)


def test_a_hundred_particles_are_enough() -> None:
    """The number is that of rule 29 of the semantics."""
    verify_enough(100, "agree with the record")
    with pytest.raises(NoAnswerError, match="only 99 particles that differ agree with the record"):
        verify_enough(99, "agree with the record")


def test_the_figure_shows_both_worlds() -> None:
    found = asked(*bridge().what_ifs["no-blast"].interventions)
    figure = draw_other_world(bridge(), replace(found, what_if="no-blast"))
    assert figure is not None
    assert figure.name == "other-world-no-blast"
    assert "100 % as it is" in figure.alt
    assert figure.alt.count(" changed, at the end.") == 4, "all questions of yes or no"
    assert draw_other_world(bridge(), replace(found, what_if="no-blast", questions=())) is None
