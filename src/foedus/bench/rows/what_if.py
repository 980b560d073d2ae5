"""What an event costs in a world with one decision changed, over an event in a plain run.

Both worlds share their clocks; each is a run of its own by code of its own. A question of what if
takes one run of each.
"""

from __future__ import annotations

from functools import partial
from statistics import median

from foedus import study
from foedus.bench.engine import engine_of_model, parameters_of
from foedus.bench.measure import in_turns, ratio
from foedus.bench.row import Effort, Found, Row
from foedus.jump.lower import interventions_of

RUNS = 2000


def cost(name: str, what_if: str, effort: Effort) -> Found:
    """Processor seconds of an event with the decision changed, over those of one without."""
    case = study.load(name)
    model, theta, runs = study.build(case), parameters_of(case), effort.scaled(RUNS)
    plain = engine_of_model(model, theta)
    changed = engine_of_model(model, theta, interventions_of(case, what_if))
    rates = in_turns(
        effort.rounds,
        plain=lambda turn: plain.rate(turn * runs, runs),
        changed=lambda turn: changed.rate(turn * runs, runs),
    )
    return ratio(
        rates["plain"],
        rates["changed"],
        {
            "ns an event, plain": 1e9 / median(rates["plain"]),
            f"ns an event, {what_if}": 1e9 / median(rates["changed"]),
        },
    )


ROWS = tuple(
    Row(f"what-if-{name}", workload, f"cost of an event, {what_if} over plain",
        partial(cost, case, what_if), 1.5, None, True)
    for name, workload, case, what_if in (
        ("crisis", "A crisis", "crisis", "alone"),
        ("flagship", "flagship", "kazakhstan-2022", "no-deployment"),
    )
)  # fmt: skip
