"""What a run must not do, told alike by both engines: with its event, line, run and day."""

from __future__ import annotations

import time

import pytest

from foedus.engine.native.program import build_program, run_program
from foedus.engine.reference import ModelError, prepare, simulate_run
from foedus.engine.sampling import draw_parameters
from foedus.jump.lower import lower
from foedus.jump.model import JumpModel
from foedus.questions.answers import simulate
from tests.loading import case_of

CASE = """\
foedus: 1
case: faulty
title: A model that goes wrong
clock: {{start: 2000-01-01, end: 2000-03-01}}
parameters:
  pace: {{value: 1, unit: per day, grade: assumed, because: lot}}
  steep: {{value: 400, grade: assumed, because: lot}}
state:
  x: {{type: count, starts: 0}}
  y: {{type: count, starts: 0}}
events:
  grows:
    rate: {rate}
    then: {{x: x + 1}}
  waits:
    rate: pace
    when: {guard}
    then: {{y: y + 1}}
questions:
  x: {{mean: x, at: 2000-03-01}}
"""

NO_NUMBER = "exp(steep * x) - exp(steep * (x + y)) <= 0"
"""Infinity less infinity once x is 2: not a number, and so not at most 0."""


def faulty(rate: str = "pace", guard: str = "x >= 0") -> JumpModel:
    """The model with some rate and guard."""
    return lower(case_of(CASE.format(rate=rate, guard=guard)))


def failures(model: JumpModel, is_checked: bool, limit: int = 10_000) -> list[ModelError]:
    """How the run fails in each engine; the two say the same."""
    atom = model.atoms[0]
    theta = draw_parameters(model, atom, 1, 0)
    found = []
    prepared = prepare(model, is_checked)
    program = build_program(model, is_checked=is_checked)
    for run in (
        lambda: simulate_run(prepared, theta, atom, 1, 5, limit=limit),
        lambda: run_program(program, theta, atom, 1, 5, 1, limit=limit),
    ):
        with pytest.raises(ModelError) as fault:
            run()
        found.append(fault.value)
    one, other = found
    assert (one.message, one.run, one.time) == (other.message, other.run, other.time)
    assert one.span == other.span
    assert one.span is not None
    return found


def test_not_a_number_is_an_error_where_it_is_made() -> None:
    error, _ = failures(faulty(guard=NO_NUMBER), is_checked=True)
    assert error.message == (
        "event `waits`: the result is not a number, as of infinity less infinity"
    )
    assert error.span is not None
    assert error.span.line == 17
    assert error.run == 5
    assert 0.0 < error.time < 60.0


def test_unchecked_runs_go_on() -> None:
    """A comparison with what is not a number is false: a rule of arithmetic, not of the case."""
    model = faulty(guard=NO_NUMBER)
    assert simulate(model, draws=4, seed=1).events > 0
    with pytest.raises(ModelError, match="not a number"):
        simulate(model, draws=4, seed=1, is_checked=True)


def test_checked_runs_are_the_same_runs() -> None:
    model = faulty()
    plain, checked = (simulate(model, draws=20, seed=1, is_checked=c) for c in (False, True))
    assert plain.questions == checked.questions


def test_hazard_that_is_none_is_always_an_error() -> None:
    error, _ = failures(
        faulty(rate="pace + pace * (exp(steep * x) - exp(steep * x))"), is_checked=False
    )
    assert error.message == "event `grows`: the hazard is nan per day"


def test_explosion_ends_with_what_happened_most() -> None:
    error, _ = failures(faulty(rate="pace * (1 + x * x)"), is_checked=False)
    assert error.message == (
        "the model runs away: more than 10,000 events in one run, `grows` most often"
    )
    assert error.span is not None
    assert error.span.line == 12


def test_explosion_is_not_repeated_slowly() -> None:
    """A million events and one take compiled code a moment; the reference engine, minutes."""
    model = faulty(rate="pace * (1 + x * x)")
    atom = model.atoms[0]
    theta = draw_parameters(model, atom, 1, 0)
    program = build_program(model)
    begin = time.process_time()
    with pytest.raises(ModelError, match="more than 1,000,000 events"):
        run_program(program, theta, atom, 1, 0, 1, limit=1_000_000)
    assert time.process_time() - begin < 20.0
