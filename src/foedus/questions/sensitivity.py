"""What drives an answer: which assumptions its uncertainty comes from, and which way they push.

The answer taken apart is E[question | parameters, explanation], over the priors. All uncertain
parameters are looked at (`variance.screening`); those that seem to matter most are then taken one
by one, and all others together as one input, so that nothing is left out: if the others matter as
a whole, their row says so. Shares are Sobol' indices (`variance.shares`); the slope is what one
prior standard deviation of a parameter does to the answer, on the same noise, averaged over all
else.

References: see `variance`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import qmc

from foedus.engine.layout import places
from foedus.expr.prior import Fixed
from foedus.frozen import dataclass
from foedus.infer.verdict.verdict import Kept
from foedus.jump.model import Atom, JumpModel, Monitor, ParameterSpec
from foedus.questions.design import Executor, default_engine, one_by_one
from foedus.questions.estimates import Numbers
from foedus.questions.rows import HALVES, Row, Trial, expected
from foedus.questions.runs import Counter, Progress
from foedus.questions.variance import screening, shares

EXPLANATION = "explanation"
"""The input that says which atom holds. No parameter can be called so: it is a key of the case."""

OTHERS = "all others"

REPLICATES = 8
"""Independent tables, each tried on runs of its own, from whose spread the errors come."""

HALF_STEP = 0.5
"""Slopes are differences over one prior standard deviation: half of it to either side."""


class NothingUncertain(ValueError):  # noqa: N818 - it names what was found
    """Every parameter is fixed and one atom holds: there is no variance to take apart."""


_Evaluate = Callable[[Numbers, int], Numbers]
"""The answers of a table, on the runs of a replicate: (row, column) to (half, row, question)."""


@dataclass(frozen=True, slots=True)
class Input:
    """An uncertain part of the case: a parameter (all its indices), or which explanation holds."""

    name: str
    columns: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """What one input does to one answer.

    `first` and `total` are shares of the variance, explained alone and together with others;
    `slope` is the change of the answer by one prior standard deviation of the input (None where
    the input has no order). Each has its standard error.
    """

    input: str
    first: float
    first_error: float
    total: float
    total_error: float
    slope: float | None
    slope_error: float | None


@dataclass(frozen=True, slots=True)
class Drivers:
    """What drives the answer to one question, the strongest first.

    `spread` is the standard deviation of the expected answer over the priors. A probability under a
    condition (`is_conditional`) is taken apart as the probability that the condition holds and the
    answer is yes. Other questions that count only some runs have no answer under some parameters:
    `mean` and `spread` are None, `effects` is empty. It is empty, too, where `spread` is 0.
    """

    question: str
    mean: float | None
    spread: float | None
    effects: tuple[Effect, ...]
    is_conditional: bool


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What drives the answers of a case, and what that was found from.

    Over the priors, or over what the record leaves (`is_given_record`): there `total` is an
    effect's Shapley share, `rows` are particles, and `made` says when they were found, if they were
    read (`courses_file`).
    """

    case: str
    engine: str
    seed: int
    rows: int
    runs: int
    uncertain: int
    questions: tuple[Drivers, ...]
    is_given_record: bool = False
    made: Kept | None = None


def sensitivity(
    model: JumpModel,
    *,
    rows: int = 256,
    runs: int = 10,
    inputs: int = 12,
    seed: int = 1,
    set_values: Mapping[str, float | list[float]] | None = None,
    engine: str | None = None,
    executor: Executor = one_by_one,
    progress: Progress | None = None,
) -> Sensitivity:
    """What drives the answers of a model, from `rows` rows of parameters (a power of two times 8).

    Each row is tried on `runs` runs, twice (see `variance`). The `inputs` that matter most are
    taken apart. Errors of the shares are about 1/sqrt(rows), and grow where runs are few. Costs
    about rows (3 inputs + 7) 2 runs simulated runs. Raises `ValueError` for a wrong size.
    """
    if (
        rows < 2 * REPLICATES
        or (rows // REPLICATES) & (rows // REPLICATES - 1)
        or rows % REPLICATES
    ):
        raise ValueError(f"rows must be {REPLICATES} times a power of two, not {rows}")
    engine = default_engine() if engine is None else engine
    space = _space(model, dict(set_values or {}))
    chosen_count = min(inputs, len(space.inputs))
    total = 4 * rows + rows * (chosen_count + 3) + 2 * rows * chosen_count
    report = Counter(total * runs * HALVES, progress)

    def evaluate(table: Numbers, replicate: int) -> Numbers:
        made = [space.row(one) for one in table]
        trial = Trial(model, seed, runs, replicate * runs * HALVES)
        return expected(trial, made, engine, executor, report)

    look = qmc.Sobol(space.columns, rng=seed).random(4 * rows)
    seen = evaluate(look, REPLICATES)
    chosen = _chosen(space, look, seen, inputs)
    tables = _tables(space, rows // REPLICATES, seed)
    found = _evaluated(tables, chosen, evaluate)
    slopes = _slopes(tables[:, 0], chosen, evaluate)
    drivers = tuple(
        _drivers(monitor, number, chosen, found, slopes, seen)
        for number, monitor in enumerate(model.monitors)
    )
    return Sensitivity(model.name, engine, seed, rows, runs, len(space.inputs), drivers)


# The space of inputs ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Space:
    """The unit cube behind all that is uncertain."""

    model: JumpModel
    atoms: tuple[Atom, ...]
    set_values: Mapping[str, float | list[float]]
    inputs: tuple[Input, ...]
    columns: int

    def row(self, point: Numbers) -> Row:
        """The parameters and the atom at a point of the cube."""
        by_name = {one.name: one for one in self.inputs}
        atom = self.atoms[0]
        if EXPLANATION in by_name:
            level = point[by_name[EXPLANATION].columns[0]]
            edges = np.cumsum([one.prior for one in self.atoms])
            atom = self.atoms[min(int(np.searchsorted(edges / edges[-1], level)), len(edges) - 1)]
        special = {spec.name: spec for spec in atom.parameters}
        theta: dict[str, float | list[float]] = {}
        for spec in self.model.parameters:
            prior = special.get(spec.name, spec).prior
            columns = by_name[spec.name].columns if spec.name in by_name else ()
            levels = point[list(columns)] if columns else np.full(_size(spec), 0.5)
            values = [float(prior.quantile(float(level))) for level in levels]
            theta[spec.name] = values if spec.groups else values[0]
        return Row(theta | dict(self.set_values), atom)


def _size(spec: ParameterSpec) -> int:
    return len(list(places(spec.groups)))


def _space(model: JumpModel, set_values: Mapping[str, float | list[float]]) -> _Space:
    atoms = tuple(atom for atom in model.atoms if atom.prior > 0.0)
    special = {spec.name for atom in atoms for spec in atom.parameters}
    inputs, column = [], 0
    if len(atoms) > 1:
        inputs.append(Input(EXPLANATION, (0,)))
        column = 1
    for spec in model.parameters:
        is_certain = isinstance(spec.prior, Fixed) and spec.name not in special
        if is_certain or spec.name in set_values:
            continue
        size = _size(spec)
        inputs.append(Input(spec.name, tuple(range(column, column + size))))
        column += size
    if not inputs:
        raise NothingUncertain("nothing in the case is uncertain, so nothing drives its answers")
    return _Space(model, atoms, set_values, tuple(inputs), column)


def _chosen(space: _Space, look: Numbers, seen: Numbers, most: int) -> tuple[Input, ...]:
    """The inputs to take apart, with all others as one input at the end.

    What the indices of one parameter explain alone adds up: they are independent.
    """
    strongest = np.zeros(len(space.inputs))
    starts = [one.columns[0] for one in space.inputs]
    for number in range(seen.shape[2]):
        answers = seen[:, :, number]
        if np.isfinite(answers).all():
            alone = np.add.reduceat(screening(look, answers), starts)
            strongest = np.maximum(strongest, alone)
    order = np.argsort(-strongest, kind="stable")
    kept = {int(place) for place in order[:most]}
    for place, one in enumerate(space.inputs):
        if one.name == EXPLANATION and place not in kept:
            kept = {*[int(at) for at in order[: most - 1]], place}
    taken = [one for place, one in enumerate(space.inputs) if place in kept]
    rest = tuple(
        column
        for place, one in enumerate(space.inputs)
        if place not in kept
        for column in one.columns
    )
    return (*taken, Input(OTHERS, rest)) if rest else tuple(taken)


# The tables ---------------------------------------------------------------------------------------


def _tables(space: _Space, size: int, seed: int) -> Numbers:
    """A and B of every replicate: (replicate, table, row, column)."""
    found = []
    for replicate in range(REPLICATES):
        stream = np.random.default_rng([seed, replicate])
        points = qmc.Sobol(2 * space.columns, rng=stream).random(size)
        found.append(np.stack([points[:, : space.columns], points[:, space.columns :]]))
    return np.stack(found)


def _evaluated(
    tables: Numbers, chosen: Sequence[Input], evaluate: _Evaluate
) -> tuple[Numbers, Numbers, Numbers]:
    """Answers at A and B (replicate, half, row, question), and at the mixed tables."""
    at_a, at_b, mixed = [], [], []
    for replicate, (a, b) in enumerate(tables):
        at_a.append(evaluate(a, replicate))
        at_b.append(evaluate(b, replicate))
        both = []
        for one in chosen:
            table = a.copy()
            table[:, list(one.columns)] = b[:, list(one.columns)]
            both.append(evaluate(table, replicate))
        mixed.append(np.stack(both))
    return np.stack(at_a), np.stack(at_b), np.stack(mixed)


def _slopes(at: Numbers, chosen: Sequence[Input], evaluate: _Evaluate) -> list[Numbers | None]:
    """For each input, the change by one standard deviation: (replicate, question)."""
    found: list[Numbers | None] = []
    for one in chosen:
        if one.name in (EXPLANATION, OTHERS):
            found.append(None)
            continue
        columns = list(one.columns)
        by_replicate = []
        for replicate, table in enumerate(at):
            scores = ndtri(np.clip(table[:, columns], 1e-12, 1.0 - 1e-12))
            low, high = table.copy(), table.copy()
            low[:, columns] = ndtr(scores - HALF_STEP)
            high[:, columns] = ndtr(scores + HALF_STEP)
            change = evaluate(high, replicate) - evaluate(low, replicate)
            by_replicate.append(change.mean(axis=(0, 1)) / (2.0 * HALF_STEP))
        found.append(np.stack(by_replicate))
    return found


def _drivers(
    monitor: Monitor,
    number: int,
    chosen: Sequence[Input],
    found: tuple[Numbers, Numbers, Numbers],
    slopes: Sequence[Numbers | None],
    seen: Numbers,
) -> Drivers:
    conditional = monitor.given is not None or monitor.origin is not None
    answers = seen[:, :, number]
    if not all(np.isfinite(one[..., number]).all() for one in (seen, *found)):
        return Drivers(monitor.name, None, None, (), conditional)
    share = shares(*(one[..., number] for one in found))
    mean = float(answers.mean())
    if share.variance <= 0.0:
        return Drivers(monitor.name, mean, 0.0, (), conditional)
    effects = [
        Effect(
            one.name, float(share.first[place]), float(share.first_error[place]),
            float(share.total[place]), float(share.total_error[place]),
            *_slope(slopes[place], number),
        )
        for place, one in enumerate(chosen)
    ]  # fmt: skip
    effects.sort(key=lambda effect: -effect.total)
    spread = float(np.sqrt(share.variance))
    return Drivers(monitor.name, mean, spread, tuple(effects), conditional)


def _slope(by_replicate: Numbers | None, number: int) -> tuple[float | None, float | None]:
    if by_replicate is None:
        return None, None
    values = by_replicate[:, number]
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(values.size))
