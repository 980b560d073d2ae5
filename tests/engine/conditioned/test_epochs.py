"""Noise that is keyed anew at some moments changes no law, and nothing that went before."""

from functools import partial

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
