"""Answers given what was known by a date: the particles of the verdict run on to the horizon.

Everything before the date agrees with what was known by then, as far as its sources are believed;
everything after it is free. The answers are mixed over the explanations with their posterior
probabilities. Parameters and chance are drawn together, so that the interval over the parameters
alone is not given.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from foedus.infer.islands.agreed import agreed_islands, some_islands
from foedus.infer.islands.effort import Effort
from foedus.infer.islands.pool import Pool, pool, thinned
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.questions.answers import Answers, from_runs
from foedus.questions.design import Design
from foedus.questions.runs import Progress, Runs
from foedus.text.diagnostic import NoAnswerError


def forecast(
    target: RecordTarget,
    *,
    draws: int,
    seed: int,
    explanation: str | None = None,
    effort: Effort | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> Answers:
    """The answers from up to `draws` courses of each atom that agree with the record of `target`.

    With `explanation`, only atoms in which it is true count. Raises `NoAnswerError` where no course
    agrees with the record, or where noise would decide how the explanations are mixed.
    """
    began = time.perf_counter()
    runs_of = agreed_islands if explanation is None else some_islands
    evidence = runs_of(target, effort or Effort(), seed=seed, workers=workers, progress=progress)
    found = thinned(pool(evidence), draws, seed)
    model, chosen = target.model, _atoms(target, explanation)
    shares = np.array([float(share.sum()) for share in found.shares()])
    kept = [atom for atom in chosen if shares[atom] > 0.0]
    if not kept:
        raise NoAnswerError("no run agrees with what was known by then: there is no forecast")
    weights = shares[kept] / shares[kept].sum()
    rows = _rows(weights, np.array([found.particles[atom].size for atom in kept]))
    atoms = tuple(
        replace(model.atoms[atom], prior=float(weight))
        for atom, weight in zip(kept, weights, strict=True)
    )
    design = Design(model, atoms, seed, rows, 1, {})
    runs = _runs(target, found, kept, rows)
    return from_runs(design, runs, None, "conditioned", time.perf_counter() - began)


def _atoms(target: RecordTarget, explanation: str | None) -> list[int]:
    readings = {one.name: one.atoms for one in target.model.explanations}
    wanted = None if explanation is None else readings[explanation]
    return [
        number for number, atom in enumerate(target.model.atoms)
        if wanted is None or atom.name in wanted
    ]  # fmt: skip


def _rows(weights: NDArray[np.float64], sizes: NDArray[np.int64]) -> int:
    """So many courses of each atom that their error is that of the particles there are.

    Atoms of little weight have few particles, and theirs are repeated: the variance of a mean over
    atoms is the sum of weight^2 / size, and this is the size that, for all alike, gives as much.
    """
    return max(1, round(float(np.sum(weights**2) / np.sum(weights**2 / sizes))))


def _runs(target: RecordTarget, found: Pool, kept: list[int], draws: int) -> Runs:
    """The courses of the kept atoms up to the horizon: (atom, draw, 1) for each question."""
    model, questions = target.model, len(target.model.monitors)
    values = np.empty((questions, len(kept), draws, 1))
    waited, counts = values.copy(), np.zeros(values.shape, np.bool_)
    events = 0
    for row, atom in enumerate(kept):
        particles = found.particles[atom]
        few = particles.take(np.arange(draws) % particles.size)
        ran = target.runs(atom, few, target.stages[-1], model.horizon)
        values[:, row, :, 0], waited[:, row, :, 0] = ran.values.T, ran.waited.T
        counts[:, row, :, 0], events = ran.counts.T, events + int(ran.events.sum())
    return Runs(tuple(values), tuple(counts), tuple(waited), (), None, events)
