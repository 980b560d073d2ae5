"""What a kind's instances have in common is kept: which kinds, and the same runs, bit by bit."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.engine.native.driver import begin_emission
from foedus.engine.native.program import build_program, run_program
from foedus.engine.prepare import prepare
from foedus.engine.reference import simulate_run
from foedus.engine.sampling import draw_parameters
from tests.engine.native.vector.lively import model_of

CASE = """
foedus: 1
case: commons
title: Towns that light up and go dark, with much or little in common
clock: {start: 2022-01-01, end: 2022-02-04}
actors: {land: {kind: state}, ally: {kind: state}}
groups: {town: SIZE, side: [land, ally]}
parameters:
  slow: {prior: "uniform(0.02, 0.2)", unit: per day, grade: assumed, because: a test}
  fast: {value: 0.7, unit: per day, grade: assumed, because: a test}
  scale: {value: 20, grade: assumed, because: a test}
state:
  lit: {type: flag, per: town, starts: false}
  lights: {type: count, starts: 0}
  heat: {type: level, starts: 0, because: a test}
  warnings: {type: count, starts: 0}
events:
  light:
    per: {t: town}
    when: "not lit[t]"
    rate: "slow * (1 + lights / scale) * exp(heat / scale)"
    then: {"lit[t]": true, lights: lights + 1}
  quench:
    per: {t: town}
    when: "lit[t]"
    rate: "fast / lights"
    then: {"lit[t]": false, lights: lights - 1}
  spread:
    per: {t: town}
    when: "not lit[t]"
    rate: "slow * count(lit[u] for u in town) / scale"
    then: {"lit[t]": true, lights: lights + 1}
  blackout:
    per: {t: town}
    when: "lit[t]"
    rate: "slow * count(lit[u] for u in town) / scale"
    then: {"lit[t]": false, lights: lights - 1}
  beacon:
    per: {t: town}
    when: "lit[t] and not lit[3]"
    rate: slow
    then: {heat: heat + 1}
  warn:
    per: {t: town, s: side}
    when: "lit[t] and (s == land or heat > 1)"
    rate: slow
    then: {warnings: warnings + 1}
  stir: {rate: fast, then: {heat: "if heat > 2 then heat - 2 else heat + 1"}}
  cool: {each: 1 day, when: "heat > 2 and lights > 1", then: {heat: heat / scale}}
  festival: {at: 2022-02-01, then: {"lit[t] for t in town": true, lights: size(town)}}
questions:
  days: {integral: lights}
  warned: {mean: warnings, at: 2022-02-04}
what-if:
  no-three: {forbid: "quench[3]", at: 2022-01-20}
  no-light: {forbid: light}
"""


@pytest.mark.parametrize("size", [5, 9, 66])
def test_same_runs(size: int) -> None:
    """Until the first town is lit, what `quench` has in common is a division by zero; that is no
    fault of a run in which nothing can be quenched."""
    model, what_ifs = model_of(CASE.replace("SIZE", str(size)))
    prepared, atom = prepare(model), model.atoms[0]
    worlds = ((), what_ifs["no-three"], what_ifs["no-light"])
    for changes in worlds if size < 60 else worlds[:1]:
        program = build_program(model, None, changes)
        for run in range(2 if size < 60 else 1):
            theta = draw_parameters(model, atom, 7, run)
            slow = simulate_run(prepared, theta, atom, 7, run, interventions=changes)
            fast = run_program(program, theta, atom, 7, run, 1)
            assert fast.events[0] == slow.events
            assert np.array_equal(fast.values[0], np.array(slow.values), equal_nan=True)
            assert np.array_equal(fast.waited[0], np.array(slow.waited), equal_nan=True)


def test_kept_where_every_change_of_it_is_seen() -> None:
    """Not where an instance's own cell is among those that all of them read, nor where a single
    cell is read by all."""
    model, _ = model_of(CASE.replace("SIZE", "9"))
    shared, network, _ = begin_emission(prepare(model), ())
    kept = [model.kinds[number].name for number in shared.commons]
    assert kept == ["light", "quench"]
    names = [tuple(model.kinds[kind].name for kind in crew) for crew in network.crews.kinds]
    assert ("light", "quench", "beacon") in names
    assert ("warn",) in names
