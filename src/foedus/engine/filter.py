"""A filter in time: runs under a record that are weighed, selected and copied as they go.

For long records that hold the runs only lightly, where whole runs as particles would have ever more
unequal weights. At each checkpoint the runs that have done well are copied and the others dropped;
what is left on every copy's clocks is drawn anew. The product of the mean weights is an unbiased
estimate of the probability of the record at fixed parameters [DelMoral2004]_, whatever the
checkpoints. For records whose items come in out of the order in which they happened, or that leave
few runs alive, use whole runs (`engine.particles`).

References
----------
.. [DelMoral2004] P. Del Moral (2004), Feynman-Kac Formulae, Springer (theorem 7.4.2).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from foedus.engine.native.standing.paths import start_paths
from foedus.engine.native.standing.program import Standing
from foedus.engine.particles import run_words
from foedus.engine.reference import LIMIT
from foedus.frozen import dataclass
from foedus.jump.model import Atom
from foedus.jump.stages import Stage

WORTH_KEEPING = 0.5
"""Runs are selected where their effective number falls below this share of them."""

Score = Callable[[float, NDArray[np.float64]], NDArray[np.float64]]
"""Log weights (run,) of what was seen at a time, given the states (run, cell) of the runs.

The array of states is good only until it returns."""


@dataclass(frozen=True, slots=True)
class Filtered:
    """What a filter came to.

    `log_likelihood` is the log of the estimate (nats), `effective` the effective number of runs
    before each selection (checkpoint,), `states` the last states (run, cell) and `weights` their
    normalised weights (run,), all 0 where no run agrees; `events` counts all events fired.
    """

    log_likelihood: float
    effective: NDArray[np.float64]
    states: NDArray[np.float64]
    weights: NDArray[np.float64]
    events: int


def run_filter(
    program: Standing,
    parameters: NDArray[np.float64],
    atom: Atom,
    stage: Stage,
    checkpoints: Sequence[float],
    *,
    count: int,
    seed: int,
    score: Score | None = None,
    threads: int = 1,
    limit: int = LIMIT,
) -> Filtered:
    """Filter the record that `stage` knows with `count` runs, looking at `checkpoints` (days).

    `program` is what `build_standing` makes of a model and its record. `parameters` (cell,) are the
    same for all runs. The last checkpoint must not come before the stage's end, and none after the
    end of the model's clock. `score` adds what was seen outside the case's record. The result does
    not depend on `threads`. Raises `ValueError` where a run has no meaning.
    """
    if checkpoints[-1] < stage.end:
        raise ValueError(f"the record goes on to day {stage.end:g}")
    horizon = program.conditioned.prepared.model.horizon
    if checkpoints[-1] > horizon:
        raise ValueError(f"the clock ends on day {horizon:g}")
    uniforms = np.random.Generator(np.random.Philox(seed)).random(len(checkpoints))
    words = run_words(seed, 0, count)
    paths = start_paths(program, parameters, atom, stage, words, checkpoints[-1], threads)
    total, copies = 0.0, None
    effective: list[float] = []
    standing, before = np.full(count, -np.log(count)), np.zeros(count)
    for place, (time, uniform) in enumerate(zip(checkpoints, uniforms, strict=True), 1):
        paths.advance(time, limit, copies)
        copies = None
        now = paths.log_weights()
        gain = np.where(np.isneginf(now), now, now - np.where(np.isneginf(before), 0.0, before))
        if score is not None:
            gain = gain + score(time, paths.states())
        logs = standing + gain
        best = float(logs.max())
        if best == -np.inf:
            standing, total = logs, -np.inf
            break
        whole = best + float(np.log(np.exp(logs - best).sum()))
        total += whole
        standing, before = logs - whole, now
        weights = np.exp(standing)
        effective.append(float(1.0 / (weights**2).sum()))
        if effective[-1] < WORTH_KEEPING * count and place < len(checkpoints):
            chosen = np.searchsorted(np.cumsum(weights), (np.arange(count) + uniform) / count)
            chosen = np.minimum(chosen, count - 1)
            copies, before = (chosen, run_words(seed, place * count, count)), before[chosen]
            standing = np.full(count, -np.log(count))
    weights = np.exp(standing)
    return Filtered(total, np.array(effective), paths.states().copy(), weights, paths.events())
