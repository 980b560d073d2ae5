"""Few courses end as the outcomes say: more are found, and they have the right law.

Comparisons with quadrature allow five standard errors, half as large again since copies of one
particle are not quite independent.
"""

from functools import cache
from math import exp, log

import numpy as np
import pytest
from scipy import integrate, stats

from foedus.case.case import Case
from foedus.infer.islands.effort import Effort
from foedus.infer.islands.islands import Evidence, evidence_of, run_islands
from foedus.infer.islands.pool import pool
from foedus.infer.likelihood.engine import start
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.particles.particles import distinct
from foedus.infer.posterior.ended import FEWEST, LEAST_OF_AN_ATOM, Ended, ended, ending
from foedus.infer.sampler.sampler import Settings
from foedus.infer.weigh import target_of
from foedus.jump.lower import lower
from foedus.jump.lower_record import lower_record
from foedus.study import counterfactual
from foedus.text.diagnostic import NoAnswerError
from tests.infer.lost_runs import died
from tests.loading import warned_case

TEXT = """
foedus: 1
case: the-dam
title: The dam
clock: {start: 2000-01-01, end: 2000-01-31}
sources: {paper: {kind: news, title: The Paper, origin: paper}}
components: {rain: {}}
atoms:
  wet: {components: [rain], prior: 0.5, grade: assumed, because: an example}
  dry: {components: [], prior: 0.5, grade: assumed, because: an example}
explanations:
  wet-year: {atoms: [wet]}
  dry-year: {atoms: [dry]}
parameters:
  pace: {prior: 80% between 0.1 and 0.4, unit: per day, grade: assumed, because: an example}
  more: {value: 1.3, unit: factor, grade: assumed, because: an example}
  alone: {value: 0.1, unit: per day, grade: assumed, because: an example}
state:
  told: {type: flag, starts: false}
  burst: {type: flag, starts: false}
  filled: {type: flag, starts: false}
events:
  alarm: {when: not told, rate: alone, then: {told: true}}
  break: {when: not burst, rate: "pace * (if rain then more else 1)", then: {burst: true}}
  fill: {when: not filled, rate: pace, then: {filled: true}}
record:
  alarm: {complete: 2000-01-01/2000-01-31}
evidence:
  - {id: E1, happened: alarm, at: 2000-01-03/2000-01-04, known: 2000-01-04, cites: [paper]}
outcomes:
  - {id: O1, state: not burst, at: 2000-01-20, cites: [paper]}
questions:
  filled: {probability: filled, at: 2000-01-05}
what-if:
  no-alarm: {forbid: alarm}
"""
MORE, LASTED, ASKED = 1.3, 20.0, 5.0
"""The factor of `more`, and the days until the outcome and the question."""


@cache
def dam() -> Case:
    return warned_case(TEXT)  # what can happen once is warned about


@cache
def weighed() -> tuple[RecordTarget, Evidence]:
    case = dam()
    target = target_of(case, lower(case), lower_record(case), start)
    return target, run_islands(target, Settings(150, 2), islands=4, seed=1)


@cache
def found() -> Ended:
    few = ended(*weighed())
    assert few is not None
    return few


def pace_of(score: float) -> float:
    middle, spread = log(0.2), log(2.0) / float(stats.norm.ppf(0.9))
    return exp(middle + spread * score)


def mean(weight: float, *, is_filled: bool = False) -> float:
    """E[it has not burst (and the lake is filled)] where it breaks so many times as fast."""

    def density(score: float) -> float:
        pace = pace_of(score)
        asked = 1.0 - exp(-pace * ASKED) if is_filled else 1.0
        return float(stats.norm.pdf(score)) * exp(-weight * pace * LASTED) * asked

    return float(integrate.quad(density, -10.0, 10.0, limit=200)[0])


def test_what_is_known_of_the_end_has_its_own_step() -> None:
    target, _ = weighed()
    later = ending(target)
    assert len(later.stages) == len(target.stages) + 1
    assert later.stages[-1].items == target.stages[-1].items | {"O1"}
    assert all(one.is_established for one in later.record.sightings if one.id == "O1")


def test_few_are_made_many_that_all_end_so() -> None:
    few = found()
    assert 0 < few.first < FEWEST
    particles = pool(few.evidence).particles
    assert all(distinct(own) >= FEWEST for own in particles)
    known = len(few.target.stages) - 1
    for atom, own in enumerate(particles):
        assert (few.target.log_weights(atom, own, known) > -np.inf).all()


def test_for_a_file_there_are_about_as_many_as_are_wanted() -> None:
    """Explanations have their parts of them, but some of each; how probable the end was stays."""
    few, all_of_them = ended(*weighed(), most=60), found()
    assert few is not None
    assert (few.first, few.share) == (all_of_them.first, all_of_them.share)
    assert np.array_equal(few.evidence.levels, all_of_them.evidence.levels)
    shares = [float(own.sum()) for own in pool(few.evidence).shares()]
    sizes = [own.size for own in pool(few.evidence).particles]
    assert sizes == [max(round(60 * share), LEAST_OF_AN_ATOM) for share in shares]


def test_a_run_that_was_lost_has_no_part_in_it() -> None:
    target, evidence = weighed()
    one_more = evidence_of(target, (died(evidence.courses[0]), *evidence.courses))
    few = ended(target, one_more)
    assert few is not None
    assert few.first == found().first
    assert few.share == pytest.approx(found().share)
    (course,) = few.evidence.courses
    assert np.isfinite(course.neutral).all()


def test_how_probable_the_end_was_and_what_it_says_of_explanations() -> None:
    """These rest on the few that ended so at first."""
    few, wet, dry = found(), mean(MORE), mean(1.0)
    rough = 5.0 / few.first**0.5
    assert few.share == pytest.approx(0.5 * (wet + dry), rel=rough)
    wet_share = float(pool(few.evidence).shares()[0].sum())
    assert wet_share == pytest.approx(wet / (wet + dry), abs=0.5 * rough)


def test_parameters_are_those_that_the_end_leaves() -> None:
    """The slower it breaks, the likelier this end, and the later the lake is filled."""
    (answer,) = counterfactual(dam(), "no-alarm", courses=400)
    assert answer.first is not None
    assert answer.first < FEWEST <= answer.counted
    (filled,) = answer.questions
    wet, dry = mean(MORE), mean(1.0)
    exact = (mean(MORE, is_filled=True) + mean(1.0, is_filled=True)) / (wet + dry)
    before = 1.0 - exp(-pace_of(0.0) * ASKED)
    assert exact < before - 0.1
    assert filled.factual.error is not None
    assert filled.factual.value == pytest.approx(exact, abs=5 * 1.5 * filled.factual.error)


def test_where_enough_end_so_nothing_is_moved() -> None:
    """Of few courses of these, fewer than are needed may end so: then there is no answer."""
    soon = TEXT.replace("not burst, at: 2000-01-20", "not burst, at: 2000-01-04")
    case = warned_case(soon)
    target = target_of(case, lower(case), lower_record(case), start)
    evidence = run_islands(target, Settings(150, 2), islands=4, seed=1)
    assert ended(target, evidence) is None
    some = ended(target, evidence, most=60)
    assert some is not None
    assert some.first >= FEWEST
    (answer,) = counterfactual(case, "no-alarm", effort=Effort(particles=150))
    assert answer.first is None
    assert FEWEST <= answer.counted < answer.distinct
    with pytest.raises(NoAnswerError, match="end as the outcomes say"):
        counterfactual(case, "no-alarm", effort=Effort(particles=150), courses=100)
