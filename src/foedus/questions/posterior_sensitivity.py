"""What drives an answer given the record: its uncertainty shared out among what is still open.

The answer taken apart is E[question | parameters, explanation] as in `sensitivity`, but over what
the record leaves: particles of the verdict in place of draws from the priors. There parameters go
together, and the shares are Shapley effects (`shapley`), which add up to one. The inputs that seem
to matter most are taken apart; what the others do is shared out among these, as far as they go
along with them, or counts as if it were chance.

Each particle counts once: a copy is its own nearest neighbour, and would look as if its inputs
explained everything.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtri
from scipy.stats import rankdata

from foedus.infer.islands.islands import Evidence
from foedus.infer.islands.pool import pool
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.posterior.ended import FEWEST
from foedus.jump.model import JumpModel, Monitor
from foedus.questions.courses import parameters_of_scores
from foedus.questions.design import Executor, default_engine, one_by_one
from foedus.questions.estimates import Numbers
from foedus.questions.rows import HALVES, Row, Trial, expected
from foedus.questions.runs import Counter, Progress
from foedus.questions.sensitivity import EXPLANATION, Drivers, Effect, Sensitivity
from foedus.questions.shapley import MOST_INPUTS, explained_alone, shapley_effects
from foedus.questions.variance import screening
from foedus.text.diagnostic import NoAnswerError

REPEATS = 20
"""Random halves of the sample, from whose spread the errors come."""

APART, BLUR = 100.0, 1e-6
"""Atoms lie so far apart that a row's nearest neighbour, if it may, holds the same atom; and within
an atom so little that it matters only where nothing else tells neighbours apart."""


def posterior_sensitivity(
    target: RecordTarget,
    evidence: Evidence,
    model: JumpModel,
    *,
    rows: int = 1024,
    runs: int = 10,
    inputs: int = MOST_INPUTS,
    seed: int = 1,
    engine: str | None = None,
    executor: Executor = one_by_one,
    progress: Progress | None = None,
) -> Sensitivity:
    """What drives the answers of `model` (that of `target`, with the questions of interest).

    From up to `rows` particles that differ, each tried on `runs` runs, twice. The slope is what the
    answer changes by where an input is one standard deviation higher, with what goes along with it.
    Raises `NoAnswerError` where too few particles differ.
    """
    engine = default_engine() if engine is None else engine
    random = np.random.Generator(np.random.Philox(np.random.SeedSequence((seed, rows))))
    atoms, scores = _sample(evidence, rows, random)
    if len(atoms) < FEWEST:
        raise NoAnswerError(
            f"only {len(atoms)} particles that differ agree with the record: sensitivity given the "
            f"record needs {FEWEST}; raise `--particles`"
        )
    made = [
        Row(parameters_of_scores(target, int(atom), score), model.atoms[int(atom)])
        for atom, score in zip(atoms, scores, strict=True)
    ]
    report = Counter(len(made) * runs * HALVES, progress)
    answers = expected(Trial(model, seed, runs), made, engine, executor, report)
    names, columns = _inputs(target, atoms, scores, random)
    chosen = _chosen(columns, answers, min(inputs, MOST_INPUTS))
    drivers = tuple(
        _drivers(monitor, answers[:, :, number], columns[:, chosen], [names[one] for one in chosen],
                 random)
        for number, monitor in enumerate(model.monitors)
    )  # fmt: skip
    return Sensitivity(model.name, engine, seed, len(made), runs, len(names), drivers, True)


def _sample(
    evidence: Evidence, rows: int, random: np.random.Generator
) -> tuple[np.ndarray, Numbers]:
    """Particles drawn by their weights, each once: atoms (row,) and scores (row, coordinate)."""
    found = pool(evidence)
    shares = np.concatenate(found.shares())
    atoms = np.repeat(np.arange(len(found.logs)), [logs.size for logs in found.logs])
    scores = np.concatenate([each.scores for each in found.particles])
    drawn = random.choice(shares.size, size=rows, p=shares / shares.sum())
    keyed = np.column_stack([atoms[drawn], scores[drawn]])
    once = np.unique(keyed, axis=0)
    once = once[random.permutation(len(once))]
    return once[:, 0].astype(np.intp), once[:, 1:]


def _inputs(
    target: RecordTarget, atoms: np.ndarray, scores: Numbers, random: np.random.Generator
) -> tuple[list[str], Numbers]:
    """The names of what varies, and its values on a scale of comparable spread (row, input)."""
    system, names, columns = target.coordinate_system, [], []
    if len(np.unique(atoms)) > 1:
        names.append(EXPLANATION)
        columns.append(APART * atoms + BLUR * random.random(len(atoms)))
    for spec in target.model.parameters:
        places = [system.cells[cell].coordinate for cell in system.cells_of(spec.name)]
        own = [scores[:, place] for place in places if place is not None]
        if not own:
            continue
        mean = np.mean(own, axis=0)
        if mean.std() > 0.0:
            names.append(spec.name)
            columns.append((mean - mean.mean()) / mean.std())
    return names, np.column_stack(columns)


def _chosen(columns: Numbers, answers: Numbers, most: int) -> list[int]:
    """The inputs that explain most of some answer, in order."""
    levels = np.stack([(rankdata(one) - 0.5) / one.size for one in columns.T], axis=1)
    strongest = np.zeros(columns.shape[1])
    for number in range(answers.shape[2]):
        each = answers[:, :, number]
        if np.isfinite(each).all():
            strongest = np.maximum(strongest, screening(levels, each))
    return sorted(int(one) for one in np.argsort(-strongest, kind="stable")[:most])


def _drivers(
    monitor: Monitor,
    answers: Numbers,
    columns: Numbers,
    names: Sequence[str],
    random: np.random.Generator,
) -> Drivers:
    conditional = monitor.given is not None or monitor.origin is not None
    if not np.isfinite(answers).all():
        return Drivers(monitor.name, None, None, (), conditional)
    mean = float(answers.mean())
    centred = answers - answers.mean(axis=1, keepdims=True)
    variance = float((centred[0] * centred[1]).mean())
    if variance <= 0.0:
        return Drivers(monitor.name, mean, 0.0, (), conditional)
    whole = _effects(columns, answers)
    size = len(columns) // 2
    parts = np.array([
        _effects(columns[some], answers[:, some])
        for some in (random.permutation(len(columns))[:size] for _ in range(REPEATS))
    ])  # fmt: skip
    errors = np.nan_to_num(parts.std(axis=0, ddof=1), nan=1.0)  # a half may show no variance
    effects = [
        Effect(
            name, float(whole[1, place]), float(errors[1, place]), float(whole[0, place]),
            float(errors[0, place]), *_slope(name, columns[:, place], answers.mean(axis=0)),
        )
        for place, name in enumerate(names)
    ]  # fmt: skip
    effects.sort(key=lambda effect: -effect.total)
    return Drivers(monitor.name, mean, float(np.sqrt(variance)), tuple(effects), conditional)


def _effects(columns: Numbers, answers: Numbers) -> Numbers:
    """The Shapley effects, and what each input explains alone: (2, input)."""
    return np.stack([shapley_effects(columns, answers), explained_alone(columns, answers)])


def _slope(name: str, column: Numbers, answers: Numbers) -> tuple[float | None, float | None]:
    """The regression of the answer on the normal scores of an input, and its standard error."""
    if name == EXPLANATION:
        return None, None
    scores = ndtri((rankdata(column) - 0.5) / column.size)
    scores = (scores - scores.mean()) / scores.std()
    centred = answers - answers.mean()
    slope = float((scores * centred).mean())
    rest = centred - slope * scores
    return slope, float(np.sqrt((scores**2 * rest**2).mean() / column.size))
