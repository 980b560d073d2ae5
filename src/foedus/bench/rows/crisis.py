"""Workload A: nine kinds, two large counts, some 7,600 events a run."""

from __future__ import annotations

from dataclasses import replace
from statistics import median

from foedus import study
from foedus.bench.engine import engine_of, engine_of_model, parameters_of
from foedus.bench.machine import has_wide_vectors
from foedus.bench.measure import in_turns, ratio, spread
from foedus.bench.random_models import random_model
from foedus.bench.row import Effort, Found, Row, Skipped
from foedus.bench.textbook import textbook
from foedus.bench.yardstick import build, shipped
from foedus.case.check import check_case, parse_case
from foedus.ensemble.local import usable_processors
from foedus.text.diagnostic import Diagnostics, InternalError
from foedus.text.source import Source

RUNS = 4000
MODELS = 20
MODEL_ROUNDS = 3
PILOT = 20
EVENTS_OF_A_RUN = 7600
NARROW = ("the gates are stated for machines with AVX-512",)


def over_textbook(effort: Effort) -> Found:
    """Events per processor second over those of C by the textbook."""
    yardstick, engine = shipped("crisis"), engine_of("crisis")
    runs = effort.scaled(RUNS)
    rates = in_turns(
        effort.rounds,
        engine=lambda turn: engine.rate(turn * runs, runs),
        textbook=lambda turn: yardstick.rate(runs // 2 + 1, turn),
    )
    return ratio(
        rates["engine"],
        rates["textbook"],
        {
            "Foedus, million events/s": median(rates["engine"]) / 1e6,
            "textbook C, million events/s": median(rates["textbook"]) / 1e6,
        },
        () if has_wide_vectors() else NARROW,
    )


def two_threads(effort: Effort) -> Found | Skipped:
    """Events per second on the clock with two threads over one."""
    if usable_processors() < 2:
        return Skipped("it needs two processors")
    engine, runs = engine_of("crisis"), effort.scaled(2 * RUNS)
    rates = in_turns(
        effort.rounds,
        one=lambda turn: engine.rate_of_threads(1, turn * runs, runs),
        two=lambda turn: engine.rate_of_threads(2, turn * runs, runs),
    )
    return ratio(
        rates["two"], rates["one"], notes=("by the clock: other work on the machine lowers it",)
    )


def random_models(effort: Effort) -> Found:
    """Over textbook C on random models of the same size: median, least and largest of them."""
    ratios = [_ratio_of(seed, effort) for seed in range(1, effort.scaled(MODELS) + 1)]
    return spread(ratios, {"models": len(ratios)}, () if has_wide_vectors() else NARROW)


def _ratio_of(seed: int, effort: Effort) -> float:
    """The ratio for one model, its clock set to as many events as a run of workload A has."""
    file = parse_case(Source(f"random-{seed}", random_model(seed)), None, Diagnostics())
    case = None if file is None else check_case(file, Diagnostics())
    if case is None:
        raise InternalError(f"random model {seed} is no case")
    theta, model = parameters_of(case), study.build(case)
    yardstick = build(f"random-{seed}", textbook(model, theta))
    runs = effort.scaled(RUNS) // 2 + 1
    pilot = yardstick.run(PILOT, 0, model.horizon)
    days = model.horizon * EVENTS_OF_A_RUN * PILOT / pilot["events"]
    engine = engine_of_model(replace(model, horizon=days), theta)
    rates = in_turns(
        MODEL_ROUNDS,
        engine=lambda turn: engine.rate(turn * runs, runs),
        textbook=lambda turn: yardstick.rate(runs // 2, turn, days),
    )
    return ratio(rates["engine"], rates["textbook"]).value


ROWS = (
    Row("crisis", "A crisis", "speed over textbook C", over_textbook, 2.5, 5.0),
    Row(
        "crisis-random", "A crisis", "the same, random models of its size", random_models, 2.5, 5.0
    ),
    Row("crisis-threads", "A crisis", "two threads over one", two_threads, 1.8, 1.95),
)
