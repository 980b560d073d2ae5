"""Noise that is keyed anew at some moments changes no law, and nothing that went before."""

from functools import partial
from math import exp, sqrt

import pytest

from foedus.engine.conditioned.prepared import condition_on
from foedus.engine.conditioned.run import noise_of, run_conditioned
from foedus.engine.sampling import draw_parameters
from foedus.jump.stages import nothing_known
from tests.engine.conditioned import small, test_likelihood, test_run


@pytest.mark.parametrize(
    "name",
    [
        "test_dates_of_a_complete_record",
        "test_what_is_not_reported_goes_on_unseen",
        "test_a_death_process",
        "test_options_of_a_choice",
        "test_weibull_waiting_times_begin_again",
    ],
)
def test_the_probability_of_a_record_is_the_same(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Each of these compares with a formula: 4.5 standard errors, a false alarm in 140,000 a seed.
    monkeypatch.setattr(small, "condition_on", partial(condition_on, epochs=(1.25, 2.0, 3.5)))
    getattr(test_likelihood, name)()


def test_fresh_words_of_a_late_epoch_leave_the_past() -> None:
    plain = small.small(*test_run.CLAIMED).conditioned
    later = condition_on(plain.prepared.model, plain.record, (4.0,))
    kinds, atom = len(plain.prepared.model.kinds), plain.prepared.model.atoms[0]
    theta = draw_parameters(plain.prepared.model, atom, 1, 2)

    def events(seed: int, horizon: float) -> int:
        noise, fresh = noise_of(later, 1, 2), noise_of(later, seed, 2)
        mixed = (*noise[:kinds], *fresh[kinds:])
        stage = nothing_known(plain.record)
        return run_conditioned(later, theta, atom, mixed, stage, horizon=horizon).events

    assert len({events(seed, 3.99) for seed in range(1, 9)}) == 1
    assert len({events(seed, 9.0) for seed in range(1, 9)}) > 1


def test_what_is_left_on_a_clock_is_drawn_anew() -> None:
    """Of one course in which nothing has happened in four days, so many copies go on alike by the
    law of a clock without memory, and each by its own noise (rule 29).

    The share lies within 4.5 standard errors: a false alarm in 140,000.
    """
    case = small.small(
        small.parameters(speed=0.2),
        "state: {over: {type: flag, starts: false}}\n",
        "events:\n  end: {when: not over, rate: speed, then: {over: true}}\n",
        "questions:\n  early: {probability: over, at: 2020-01-04}\n"
        "  late: {probability: over, at: 2020-01-09}\n",
    ).conditioned
    later = condition_on(case.prepared.model, case.record, (4.0,))
    kinds, atom = len(case.prepared.model.kinds), case.prepared.model.atoms[0]
    theta = draw_parameters(case.prepared.model, atom, 1, 0)
    stage = nothing_known(case.record)

    def course(run: int, copy: int) -> tuple[float, ...]:
        noise, fresh = noise_of(later, 1, run), noise_of(later, 2 + copy, run)
        words = (*noise[:kinds], *fresh[kinds:])
        return run_conditioned(later, theta, atom, words, stage, horizon=9.0).values

    quiet = next(run for run in range(100) if course(run, 0)[0] == 0.0)
    copies = [course(quiet, copy) for copy in range(400)]
    assert {early for early, _ in copies} == {0.0}
    share, expected = sum(late for _, late in copies) / 400, 1.0 - exp(-0.2 * 5.0)
    assert abs(share - expected) < 4.5 * sqrt(expected * (1.0 - expected) / 400)
