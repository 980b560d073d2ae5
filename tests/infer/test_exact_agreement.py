"""Particles against exact evidence, stage by stage, on small cases with each kind of evidence."""

from math import sqrt

import numpy as np
import pytest

from foedus.exact.evidence import log_evidence
from foedus.exact.refusal import Refusal
from foedus.infer.coordinates import coordinates_of
from foedus.infer.engine import start
from foedus.infer.record_target import RecordTarget
from foedus.infer.sampler import Settings, sample
from foedus.jump.lower import lower
from foedus.jump.lower_record import lower_record
from foedus.jump.stages import full_stage, stages
from foedus.text.render import as_text
from foedus.text.source import Source
from tests.loading import try_case

HEAD = """\
foedus: 1
case: quarrel
title: A quarrel
clock: {start: 2000-01-01, end: 2000-01-10}
sources: {daily: {kind: news, title: A paper, language: en, published: 2000-01}}
actors:
  union: {kind: group, doc: those who strike}
  boss: {kind: person, doc: the one who answers}
parameters:
  speed: {SPEED, unit: per day, grade: assumed, because: a test}
  end-speed: {value: 0.6, unit: per day, grade: assumed, because: a test}
  answering: {value: 1.2, unit: per day, grade: assumed, because: a test}
  boost: {value: 3, grade: assumed, because: a test}
  temper: {value: 0.5, grade: assumed, because: a test}
  seen: {value: 0.6, unit: share, grade: assumed, because: a test}
components:
  plot: {doc: somebody is behind it}
atoms:
  calm: {components: [], prior: 0.5, grade: assumed, because: a test}
  plotted: {components: [plot], prior: 0.5, grade: assumed, because: a test}
explanations:
  by-itself: {atoms: [calm], doc: nobody is behind it}
  by-plot: {atoms: [plotted], doc: somebody is}
state:
  striking: {type: flag, starts: false, doc: there is a strike}
  strikes: {type: count, max: 6, starts: 0, doc: how many there were}
events:
  strike:
    by: union
    when: not striking and strikes < 6
    rate: "speed * (if plot then boost else 1)"
    then: {striking: true, strikes: strikes + 1}
    doc: a strike
  finish:
    when: striking
    rate: end-speed
    then: {striking: false}
    doc: it ends
  answer:
    by: boss
    when: striking
    rate: answering
    choose:
      yield: {utility: temper, then: {striking: false}}
      wait: {utility: 0, then: {}}
    doc: the boss answers
"""

COMPLETE = """\
record:
  strike: {complete: 2000-01-01/2000-01-09, lag: 0 days, because: seen}
"""
REPORTED = """\
record:
  strike: {reported: seen, delay: 1 day}
"""
OPTION = """\
record:
  strike: {complete: 2000-01-01/2000-01-09, lag: 0 days, because: seen}
  answer.yield: {complete: 2000-01-01/2000-01-09, lag: 0 days, because: seen}
"""

FIRST = "  - {id: one, happened: strike, at: 2000-01-02, cites: [daily], established: seen}\n"
CASES = {
    "dates": FIRST + "  - {id: two, happened: strike, at: 2000-01-05/2000-01-06, cites: [daily],"
    " established: seen}\n" + COMPLETE,
    "learned in the wrong order": "  - {id: idle, state: striking, at: 2000-01-04T12:00,"
    " known: 2000-01-04, cites: [daily], established: seen}\n"
    "  - {id: late, happened: strike, at: 2000-01-04T06:00/2000-01-04T12:00, known: 2000-01-08,"
    " cites: [daily], established: seen}\n" + COMPLETE,
    "reported by chance": FIRST
    + "  - {id: counted, value: strikes, is: 2, error: sd 0.7, at: 2000-01-07, cites: [daily],"
    " established: seen}\n" + REPORTED,
    "absence and silence": FIRST
    + "  - {id: none, absent: strike, between: 2000-01-04/2000-01-06, known: 2000-01-06,"
    " cites: [daily], established: seen}\n"
    "  - {id: quiet, no-report: strike, between: 2000-01-07/2000-01-08, known: 2000-01-08,"
    " cites: [daily], established: seen}\n" + REPORTED,
    "what was chosen": FIRST
    + "  - {id: given, happened: answer.yield, at: 2000-01-03/2000-01-05, cites: [daily],"
    " established: seen}\n" + OPTION,
    "alternative dates": "  - {id: one, happened: strike,"
    " at: [{at: 2000-01-02, weight: 0.7}, {at: 2000-01-04, weight: 0.3}], known: 2000-01-05,"
    " cites: [daily], established: seen}\n"
    "  - {id: over, state: not striking, at: 2000-01-06, cites: [daily], established: seen}\n"
    + COMPLETE,
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(
    ("speed", "runs"),
    [("value: 0.3", 16), pytest.param("prior: 'gamma(2, 0.3)'", 200, marks=pytest.mark.full)],
)
def test_particles_are_exact_on_average(name: str, speed: str, runs: int) -> None:
    # The mean over runs of estimate / truth, within 4.5 standard errors and 0.02 for adapted moves:
    # a false alarm in 70,000 for each case, atom and stage.
    text = HEAD.replace("SPEED", speed) + "evidence:\n" + CASES[name]
    case, diagnostics = try_case(Source("case.yaml", text))
    assert case is not None, as_text(diagnostics.in_order())
    model, record = lower(case), lower_record(case)
    last = full_stage(record, model.horizon)
    known = (*stages(record, horizon=model.horizon), last)
    exact = log_evidence(model, record, model.atoms, known)
    assert not isinstance(exact, Refusal), exact
    target = RecordTarget(model, record, coordinates_of(model, record), known, start(model, record))
    settings = Settings(particles=200, sweeps=2)
    gains = np.stack([sample(target, settings, 5, run).gains for run in range(runs)])
    for atom, truth in enumerate(exact):
        logs = np.cumsum(gains[:, atom], axis=1)
        for stage in range(1, len(known)):
            ratios = np.exp(logs[:, stage - 1] - truth.stages[stage].value)
            error = float(ratios.std(ddof=1)) / sqrt(runs)
            assert abs(ratios.mean() - 1.0) < 4.5 * error + 0.02, (known[stage], ratios.mean())
        assert error < 0.25
