"""Words of single members of a large group: they change no law, and renew what one member does."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from foedus.engine import compiler
from foedus.engine.conditioned import members, prepared
from foedus.engine.conditioned.members import MOST, NO_MEMBER, members_of
from foedus.engine.conditioned.passage import own_words, passage
from foedus.engine.conditioned.prepared import Conditioned, condition_on
from foedus.engine.conditioned.run import run_conditioned
from foedus.engine.particles import runner
from foedus.engine.sampling import draw_parameters
from foedus.engine.world import Keys
from foedus.infer.likelihood.engine import epochs_of, start
from foedus.jump.lower_record import lower_record
from foedus.jump.stages import full_stage, nothing_known
from foedus.study import build, load
from tests.engine.conditioned import small, test_likelihood, test_native_worlds, test_run
from tests.engine.conditioned.test_native import COLUMNS, block_of

EPOCHS = (1.25, 2.0, 3.5)
TOWNS = (
    small.parameters(speed=0.3, spread="0.05", few="2 none", pause="2 days"),
    "groups: {town: 40, pair: 2}\n",
    "state: {n: {type: count, per: town, starts: 0}, m: {type: count, starts: 0}}\n",
    "events:\n"
    "  rise:\n    per: {t: town}\n"
    "    rate: 'speed + spread * count(n[u] > few for u in town)'\n"
    "    then: {'n[t]': 'n[t] + 1'}\n"
    "  fall:\n    per: {t: town}\n    when: 'n[t] > 0'\n    rate: speed\n"
    "    then: {'n[t]': 'n[t] - 1'}\n"
    "  wait:\n    per: {t: town}\n    after: 'exponential(pause)'\n    then: {m: m + 1}\n"
    "  two:\n    per: {p: pair}\n    rate: speed\n    then: {m: m + 1}\n"
    "questions:\n"
    + "".join(
        f"  q{n}: {{mean: 'n[{label}]', at: 2020-01-09}}\n" for n, label in enumerate((1, 2, 40))
    ),
)


def renewed(conditioned: Conditioned, seed: int, run: int) -> Keys:
    """The noise of a run, with words of its own for each member in each epoch."""
    noise = prepared.noise_of(conditioned, seed, run)
    count = conditioned.rows - conditioned.first_member_row
    random = np.random.default_rng((seed, run))
    words = random.integers(0, 2**64, (count, 2), dtype=np.uint64)
    return (*noise[: conditioned.first_member_row], *((int(a), int(b)) for a, b in words))


def towns() -> Conditioned:
    plain = small.small(*TOWNS).conditioned
    return condition_on(plain.prepared.model, plain.record, EPOCHS)


def test_whose_words_an_instance_has() -> None:
    model = small.small(*TOWNS).conditioned.prepared.model
    found = members_of(model.kinds)
    assert found.names == tuple(("town", number) for number in range(MOST))
    own = [number % MOST for number in range(40)]
    assert found.of == (*own, *own, *[NO_MEMBER] * 42)
    assert members_of([]).count == 0


@pytest.mark.parametrize("is_large", [False, True])
def test_the_streams_of_the_sampler_are_the_rows_of_the_noise(
    is_large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(members, "LARGE", 2 if is_large else 100)
    case = small.small(*two_towns())
    model, record = case.conditioned.prepared.model, case.conditioned.record
    engine = start(model, record, "reference", EPOCHS)
    assert len(engine.streams) == engine.runner.rows
    assert engine.streams[-1].name == ("town[1]" if is_large else "E1")


def two_towns() -> tuple[str, ...]:
    """A record of one of two towns."""
    return (
        small.parameters(speed="0.4"),
        "groups: {town: [north, south]}\n",
        "state: {hit: {type: flag, per: town, starts: false}}\n",
        "events: {strike: {per: town, when: 'not hit[town]', rate: speed,"
        " then: {'hit[town]': true}}}\n",
        "record: {strike: {complete: 2020-01-01/2020-01-08}}\n",
        "evidence: [{id: E1, happened: 'strike[south]', at: 2020-01-02, cites: [paper]}]\n",
    )


@pytest.mark.parametrize("epochs", [(), EPOCHS])
def test_the_probability_of_a_record_is_the_same(
    epochs: tuple[float, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Compares with a formula: 4.5 standard errors, a false alarm in 140,000 a seed.
    monkeypatch.setattr(members, "LARGE", 2)
    monkeypatch.setattr(small, "noise_of", renewed)
    monkeypatch.setattr(small, "condition_on", partial(condition_on, epochs=epochs))
    test_likelihood.test_an_item_that_may_be_at_any_instance()
    test_run.test_a_claim_is_about_any_instance_and_what_comes_after_the_clock_about_its_end()


def test_words_of_one_member_in_one_epoch_change_what_it_does_from_then_on() -> None:
    made = towns()
    model = made.prepared.model
    theta = draw_parameters(model, model.atoms[0], 1, 2)

    def answers(noise: Keys, horizon: float) -> tuple[tuple[float, ...], int]:
        found = run_conditioned(
            made, {**theta, "spread": 0.0}, model.atoms[0], noise, nothing_known(made.record),
            horizon=horizon,
        )  # fmt: skip
        return found.values, found.events

    noise = renewed(made, 1, 2)
    row = made.first_member_row + 2 * MOST + 1  # the second town, third epoch: from 2 on
    fresh = [(*noise[:row], (seed, seed + 1), *noise[row + 1 :]) for seed in range(1, 9)]
    assert {answers(one, 1.99)[1] for one in fresh} == {answers(noise, 1.99)[1]}
    first, second, last = zip(*(answers(one, 9.0)[0] for one in fresh), strict=True)
    assert len(set(second)) > 1
    assert set(first) == {answers(noise, 9.0)[0][0]}
    assert set(last) == {answers(noise, 9.0)[0][2]}


@pytest.mark.skipif(not compiler.is_there(), reason="llvmlite is not there")
def test_compiled_code_is_keyed_alike() -> None:
    case = load("kazakhstan-2022")
    flagship, record = build(case), lower_record(case)
    of_towns = towns()
    for model, one, epochs, horizon in (
        (of_towns.prepared.model, of_towns.record, EPOCHS, 9.0),
        (flagship, record, epochs_of(record, flagship.horizon), 30.0),
    ):
        native, slow = (runner(model, one, engine, epochs) for engine in ("native", "reference"))
        parameters, noise = block_of(native.conditioned, native, model.atoms[0], 3)
        first = native.conditioned.first_member_row
        shape = noise[:, first:].shape
        assert shape[1] > 0
        noise[:, first:] = np.random.default_rng(3).integers(0, 2**64, shape, dtype=np.uint64)
        for stage in (nothing_known(one), full_stage(one, model.horizon)):
            ours, theirs = (
                made.run(parameters, model.atoms[0], noise, stage, horizon=horizon)
                for made in (native, slow)
            )
            for name in COLUMNS:
                mine, other = getattr(ours, name), getattr(theirs, name)
                assert mine.tobytes() == other.astype(mine.dtype).tobytes(), name


@pytest.mark.skipif(not compiler.is_there(), reason="llvmlite is not there")
def test_other_worlds_have_the_same_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test_native_worlds, "noise_of", renewed)
    test_native_worlds.test_the_library("kazakhstan-2022")
    monkeypatch.setattr(members, "LARGE", 2)
    test_native_worlds.test_small_cases(
        "test_an_item_that_may_be_at_any_instance", EPOCHS, monkeypatch
    )


def test_words_go_with_their_member_to_another_model() -> None:
    first = towns()
    less = small.small(*(part.replace("40", "20") for part in TOWNS)).conditioned
    other = condition_on(less.prepared.model, less.record, EPOCHS)
    words = np.array([renewed(first, 1, 2)], np.uint64)
    for model, back in ((other, 20), (first, MOST)):
        ways, own = passage(first, model), own_words(1, [2], len(EPOCHS) + 1)
        found = ways.noise(words, own)[:, model.first_member_row :].reshape(4, back, 2)
        known = words[:, first.first_member_row :].reshape(4, MOST, 2)
        assert np.array_equal(found, known[:, :back])
    there = passage(other, first)
    few = np.array([renewed(other, 1, 2)], np.uint64)
    found = there.noise(few, own_words(1, [2], 4))[:, first.first_member_row :]
    assert not found.reshape(4, MOST, 2)[:, 20:].any()
