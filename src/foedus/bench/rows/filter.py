"""Workload D: a particle filter on workload A, a count and four truths a day, 10,000 particles."""

from __future__ import annotations

from math import sqrt
from statistics import fmean, median, stdev

import numpy as np
from numpy.typing import NDArray

from foedus import study
from foedus.bench.engine import parameters_of
from foedus.bench.measure import in_turns, ratio
from foedus.bench.peer import (
    Likelihood,
    NoPeer,
    Seen,
    agrees,
    installed_filters,
    processor_seconds,
)
from foedus.bench.row import Effort, Found, Row
from foedus.bench.yardstick import shipped
from foedus.case.check import check_case, parse_case
from foedus.case.find import CASE_FILE, SHIPPED
from foedus.engine.filter import Filtered, run_filter
from foedus.engine.native.standing.program import Standing, build_standing
from foedus.engine.start import flat_parameters
from foedus.frozen import dataclass
from foedus.jump.lower_record import lower_record
from foedus.jump.stages import nothing_known
from foedus.text.diagnostic import Diagnostics, InternalError
from foedus.text.source import Source

PARTICLES = 10_000
COUNT_ERROR, WRONG = 25.0, 0.05
TOLD = ("asked", "came", "arrested", "in-office")
"""What is told each day; of the last the opposite."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Filter:
    """The model of workload A with a memory of whether troops ever came, and what was seen of it.

    `parameters` are (cell,), `seen` is (day, 5): a count and four truths.
    """

    program: Standing
    parameters: Numbers
    seen: Numbers

    def run(self, count: int, seed: int) -> Filtered:
        """One filter with so many particles."""
        conditioned = self.program.conditioned
        atom, stage = conditioned.prepared.model.atoms[0], nothing_known(conditioned.record)
        days = [float(day) for day in range(1, len(self.seen) + 1)]
        return run_filter(
            self.program, self.parameters, atom, stage, days, count=count, seed=seed,
            score=self._score,
        )  # fmt: skip

    def likelihood(self, count: int, seed: int) -> float:
        """The log likelihood by a filter with so many particles."""
        return self.run(count, seed).log_likelihood

    def _score(self, time: float, states: Numbers) -> Numbers:
        """The log probability of what was seen on a day (run,)."""
        places = self.program.conditioned.prepared.names.layout.variables
        seen = self.seen[round(time) - 1]
        error = (seen[0] - states[:, places["protesters"].first]) / COUNT_ERROR
        logs: Numbers = -0.5 * error**2 - np.log(COUNT_ERROR * np.sqrt(2.0 * np.pi))
        for told, name in zip(seen[1:], TOLD, strict=True):
            holds = states[:, places[name].first] != 0.0
            is_so = holds if name != "in-office" else ~holds
            logs += np.where(is_so == (told != 0.0), np.log(1.0 - WRONG), np.log(WRONG))
        return logs


def filter_of(seen: object) -> Filter:
    """The filter for what was seen, compiled."""
    text = (SHIPPED / "crisis" / CASE_FILE).read_text(encoding="utf-8")
    text = text.replace(
        "{pending: false, helped: true}", "{pending: false, helped: true, came: true}"
    )
    text = text.replace(
        "state:\n", "state:\n  came: {type: flag, starts: false, doc: troops came}\n", 1
    )
    file = parse_case(Source("crisis", text), None, Diagnostics())
    case = None if file is None else check_case(file, Diagnostics())
    if case is None:
        raise InternalError("workload D is no case")
    model = study.build(case)
    made, theta = build_standing(model, lower_record(case)), parameters_of(case)
    row = flat_parameters(model, theta)
    return Filter(made, np.array(row, np.float64), np.array(seen, np.float64))


def over_scalar(effort: Effort) -> Found:
    """Filters per processor second over those of plain C, with as many particles."""
    yardstick, count = shipped("filter"), effort.scaled(PARTICLES)
    seen = yardstick.run(100, 1)["seen"]
    own = _Timed(filter_of(seen).likelihood, count)
    plain = list[float]()

    def scalar(turn: int) -> float:
        found = yardstick.run(count, turn)
        plain.append(found["log_likelihood"])
        return 1.0 / found["seconds"]

    rates = in_turns(effort.rounds, engine=own.rate, scalar=scalar)
    return ratio(
        rates["engine"],
        rates["scalar"],
        {
            "Foedus, seconds a filter": 1.0 / median(rates["engine"]),
            "scalar C, seconds a filter": 1.0 / median(rates["scalar"]),
            "particles": count,
            "log likelihood, Foedus": median(own.found),
            "log likelihood, C": median(plain),
        },
        ("Foedus keeps each particle on clocks of its own and may select less often than daily",),
    )


def over_best_peer(effort: Effort) -> Found:
    """Filters per processor second over those of the fastest other filter that agrees with us."""
    here = installed_filters()
    count = effort.scaled(PARTICLES)
    made = filter_of(shipped("filter").run(100, 1)["seen"])
    seen, own = Seen(made.seen.tolist(), COUNT_ERROR, WRONG), _Timed(made.likelihood, count)
    others = {f"{peer.name} {version}": _Timed(peer.prepare(seen), count) for peer, version in here}
    rates = in_turns(
        effort.rounds, engine=own.rate, **{name: one.rate for name, one in others.items()}
    )
    mean, error = fmean(own.found), stdev(own.found) / sqrt(len(own.found))
    right = [name for name, one in others.items() if agrees(one.found, mean, error)]
    wrong = [f"{name} disagrees with ours and is left out" for name in others if name not in right]
    if not right:
        raise NoPeer("; ".join(wrong))
    best = max(right, key=lambda name: median(rates[name]))
    details = {"Foedus, seconds a filter": 1.0 / median(rates["engine"])}
    details |= {f"{name}, seconds a filter": 1.0 / median(rates[name]) for name in right}
    details |= {"particles": count, "log likelihood, Foedus": mean}
    details |= {f"log likelihood, {name}": fmean(others[name].found) for name in right}
    return ratio(
        rates["engine"], rates[best], details, ("what is compiled first is not timed", *wrong)
    )


class _Timed:
    """A filter at work: its rate round by round, and the log likelihoods it has found."""

    def __init__(self, likelihood: Likelihood, count: int) -> None:
        self.likelihood, self.count, self.found = likelihood, count, list[float]()

    def rate(self, turn: int) -> float:
        """Filters per processor second, from one of them."""
        start = processor_seconds()
        self.found.append(self.likelihood(self.count, turn))
        return 1.0 / (processor_seconds() - start)


ROWS = (
    Row("filter", "D filter", "speed over scalar C", over_scalar, 1.0, 3.0),
    Row("filter-peers", "D filter", "speed over the best filter that pip can install",
        over_best_peer, 8.0, 30.0),
)  # fmt: skip
