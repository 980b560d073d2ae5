"""What a conditioned run is besides how probable: the plain run, its deaths, claims, answers."""

from __future__ import annotations

from math import inf, isnan

import pytest

from foedus.engine.conditioned.run import condition_on, noise_of, run_conditioned
from foedus.engine.reference import prepare, simulate_run
from foedus.engine.sampling import draw_parameters
from foedus.jump.lower_record import lower_record
from foedus.jump.stages import full_stage, nothing_known, stage_as_of
from foedus.study import build, load
from tests.engine.conditioned.small import parameters, run_of, small


@pytest.mark.parametrize("name", ["kazakhstan-2022", "crisis", "nato-2001"])
def test_with_nothing_known_it_is_the_plain_run(name: str) -> None:
    case = load(name)
    model, record = build(case), lower_record(case)
    prepared, conditioned = prepare(model), condition_on(model, record)
    for run, atom in enumerate(model.atoms[:3]):
        theta = draw_parameters(model, atom, 5, run)
        plain = simulate_run(prepared, theta, atom, 5, run, horizon=min(model.horizon, 60.0))
        free = run_conditioned(
            conditioned, theta, atom, noise_of(conditioned, 5, run), nothing_known(record),
            horizon=min(model.horizon, 60.0),
        )  # fmt: skip
        assert free.events == plain.events
        assert repr(free.values) == repr(plain.values)
        assert free.log_weight == 0.0


CLAIMED = (
    parameters(speed="0.4"),
    "actors: {chief: {kind: person}}\n",
    "components: {plot: {doc: a plot}}\n",
    "atoms: {plotted: {components: [plot], prior: 1, grade: assumed, because: a test}}\n",
    "explanations: {design: {atoms: [plotted]}}\n",
    "state: {n: {type: count, starts: 0}, m: {type: count, starts: 0}}\n",
    "events:\n  blow: {rate: speed, then: {n: n + 1}}\n"
    "  raid: {when: plot, rate: speed, then: {m: 1}}\n",
    "record: {blow: {complete: 2020-01-01/2020-01-08, lag: 1 day}}\n",
    "evidence:\n"
    "  - {id: E1, happened: blow, at: 2020-01-02, cites: [paper]}\n"
    "  - {id: E2, happened: blow, at: 2020-01-03T12:00/2020-01-03T18:00, cites: [paper]}\n"
    "  - {id: E3, state: n < 1, at: 2020-01-04T12:00, cites: [paper]}\n",
    "speakers:\n  chief: {candour: {prior: 'uniform(0, 1)', grade: assumed, because: a test}}\n",
    "claims:\n"
    "  - {id: C1, by: chief, says: plot, at: 2020-01-02, cites: [paper]}\n"
    "  - {id: C2, by: chief, says: blow, at: 2020-01-01, cites: [paper]}\n"
    "  - {id: C3, by: chief, says: blow, at: 2020-01-02, cites: [paper]}\n"
    "  - {id: C4, by: chief, value: n, is: 2, at: 2020-01-03, cites: [paper]}\n",
)


def test_a_death_names_what_could_not_be_met() -> None:
    case = small(*CLAIMED)
    run = run_of(case, 1, 0)
    assert run.died_of == 2
    assert run.weights[2] == -inf
    assert run.log_weight == -inf


def test_claims_are_looked_up_when_they_are_made() -> None:
    case = small(*CLAIMED)
    stage = stage_as_of(case.conditioned.record, 3.0)
    run = run_of(case, 1, 0, stage)
    assert run.claims[:4] == (1.0, 0.0, 1.0, 2.0)
    assert isnan(run_of(case, 1, 0, stage_as_of(case.conditioned.record, 2.0)).claims[3])


def test_a_claim_is_about_any_instance_and_what_comes_after_the_clock_about_its_end() -> None:
    said = "\n".join(
        f"  - {{id: C{n}, by: chief, {what}, cites: [paper]}}"
        for n, what in enumerate(
            ("says: blow, at: 2020-01-02", "says: 'blow[south]', at: 2020-02-01",
             "says: 'blow[north]', at: 2020-02-01", "value: n, is: 1, at: 2020-02-01")
        )
    )  # fmt: skip
    case = small(
        parameters(speed="0.4"), "actors: {chief: {kind: person}}\n",
        "groups: {town: [north, south]}\n",
        "state: {n: {type: count, starts: 0}}\n",
        "events:\n  blow: {per: town, when: 'n == 0', rate: speed, then: {n: n + 1}}\n",
        "record: {blow: {complete: 2020-01-01/2020-01-10}}\n",
        "evidence: [{id: E1, happened: 'blow[south]', at: 2020-01-02, cites: [paper]}]\n",
        "speakers: {chief: {candour: {value: 1, grade: assumed, because: a test}}}\n",
        f"claims:\n{said}\n",
    )  # fmt: skip
    assert run_of(case, 1, 0).claims == (1.0, 1.0, 0.0, 1.0)


def test_switches_drop_items() -> None:
    case = small(*CLAIMED)
    noise = noise_of(case.conditioned, 1, 0)
    run = run_conditioned(
        case.conditioned, {"speed": 0.4}, case.atom, noise, case.stage,
        switches=(True, True, False),
    )  # fmt: skip
    assert run.log_weight > -inf


def test_a_forecast_goes_on_to_the_horizon() -> None:
    case = load("kazakhstan-2022")
    model, record = build(case), lower_record(case)
    conditioned, atom = condition_on(model, record), model.atoms[0]
    stage = stage_as_of(record, 1.5, horizon=model.horizon)
    theta = draw_parameters(model, atom, 1, 3)
    noise = noise_of(conditioned, 1, 3)
    short = run_conditioned(conditioned, theta, atom, noise, stage)
    long = run_conditioned(conditioned, theta, atom, noise, stage, horizon=model.horizon)
    assert all(map(isnan, short.values))
    assert sum(map(isnan, long.values)) < len(long.values) / 2
    assert long.weights == short.weights
    assert full_stage(record, model.horizon).end <= model.horizon
