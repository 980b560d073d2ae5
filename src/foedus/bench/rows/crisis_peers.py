"""Workload A against other engines that `pip` can install."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import fmean, median, variance

from foedus.bench.engine import Engine, answers, engine_of
from foedus.bench.measure import in_turns, ratio
from foedus.bench.peer import (
    HOW_TO_INSTALL,
    NoPeer,
    Peer,
    agrees,
    installed_peers,
    missing_peers,
    processor_seconds,
)
from foedus.bench.row import Effort, Found, Row

RUNS = 4000


class _Runner:
    """A peer at work: its rate round by round, and the protesters it ended with."""

    def __init__(self, peer: Peer, events: float) -> None:
        self.peer, self.events = peer, events
        self.simulate = peer.prepare()
        self.ended = list(self.simulate(2, 0))

    def rate(self, turn: int) -> float:
        """Events per processor second, those of a run being as many as in ours on average."""
        start = processor_seconds()
        self.ended += self.simulate(self.peer.runs, turn)
        return self.peer.runs * self.events / (processor_seconds() - start)


def over_best_peer(effort: Effort) -> Found:
    """Events per processor second over those of the fastest other engine that agrees with us."""
    engine, here = engine_of("crisis"), installed_peers()
    runs = effort.scaled(RUNS)
    events, mean, error = _ours(engine)
    runners, failures = _ready(here, events)
    rates = in_turns(
        effort.rounds,
        engine=lambda turn: engine.rate(turn * runs, runs),
        **{name: runner.rate for name, runner in runners.items()},
    )
    wrong = [name for name, one in runners.items() if not agrees(one.ended, mean, error)]
    right = [name for name in runners if name not in wrong]
    if not any(runners[name].peer.is_engine for name in right):
        raise NoPeer("; ".join([*failures, *(f"{name} disagrees with ours" for name in wrong)]))
    engines = [name for name in right if runners[name].peer.is_engine]
    best = max(engines, key=lambda name: median(rates[name]))
    versions = {peer.name: version for peer, version in here}
    details = {"Foedus, million events/s": median(rates["engine"]) / 1e6}
    details |= {f"{name} {versions[name]}": median(rates[name]) / 1e6 for name in right}
    notes = [f"the fastest engine is {best}; each is called as its documentation says"]
    notes += [
        f"{name}: no engine, a program for this one model" for name in right if name not in engines
    ]
    notes += [f"{name} disagrees with ours and is left out" for name in wrong]
    notes += failures
    if missing_peers():
        notes.append(f"not installed: {', '.join(missing_peers())}; {HOW_TO_INSTALL}")
    return ratio(rates["engine"], rates[best], details, tuple(notes))


def _ready(here: Sequence[tuple[Peer, str]], events: float) -> tuple[dict[str, _Runner], list[str]]:
    """The peers that can be made ready here, and what hinders the others."""
    runners, failures = {}, []
    for peer, _ in here:
        try:
            runners[peer.name] = _Runner(peer, events)
        except Exception as fault:  # noqa: BLE001 - foreign code may raise anything
            first = (str(fault).strip().splitlines() or [""])[0]
            failures.append(f"{peer.name} fails here: {type(fault).__name__}: {first}")
    return runners, failures


def _ours(engine: Engine) -> tuple[float, float, float]:
    """Our mean number of events, and our mean of protesters at the end with its error."""
    results = engine.run(0, RUNS)
    ended = [float(one) for one in answers(results, engine.model, "protesters")]
    return float(results.events.mean()), fmean(ended), sqrt(variance(ended) / len(ended))


ROWS = (
    Row("crisis-peers", "A crisis", "speed over the best engine that pip can install",
        over_best_peer, 20.0, 50.0),
)  # fmt: skip
