"""Exact answers to a model's questions: no runs, an error that is bounded or stated.

The states that a model can reach are listed and the law of the state is followed through time (see
`foedus.exact`). One or two uncertain parameters are integrated out; more are refused. An answer's
`error` bounds what the numerical solution and the integration may be off; it is no standard error.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial

import numpy as np

from foedus.engine.prepare import Prepared, prepare
from foedus.engine.world import Parameters
from foedus.exact.asked import Found, TimeLaw, ValueLaw, answer_all
from foedus.exact.parameters import Known, known_parameters, over, verify_few
from foedus.exact.quadrature import Grid, finely
from foedus.exact.solve import LIMIT, states_for_questions
from foedus.frozen import dataclass
from foedus.jump.model import Atom, JumpModel, Monitor
from foedus.questions.answers import Answer, Answers, Part
from foedus.questions.estimates import (
    HIGHEST,
    LEVELS,
    LOWEST,
    UNKNOWN,
    Estimate,
    Numbers,
    weighted_quantiles,
)
from foedus.questions.runs import Progress

HALVINGS = 60
"""Steps of bisection for a quantile of a time: to 1e-18 of the clock."""


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """An atom solved: what was found of each question (node, question), and the grid of nodes.

    The grid's results are `above, below, never` of each question, in that order.
    """

    atom: Atom
    weight: float
    found: tuple[tuple[Found, ...], ...]
    grid: Grid


def solve_exactly(
    model: JumpModel,
    atoms: tuple[Atom, ...],
    settings: Mapping[str, float | list[float]],
    *,
    limit: int = LIMIT,
    progress: Progress | None = None,
) -> Answers:
    """The answers to the model's questions in some atoms, weighted by their priors.

    `settings` fixes parameters, in days and per day. Raises `NotExactError` with the reason where
    the model, a question, or the number of uncertain parameters has no exact answer.
    """
    began = time.perf_counter()
    prepared = prepare(model)
    known = [known_parameters(model, atom, settings) for atom in atoms]
    for one in known:
        verify_few(one.free)
    total = sum(atom.prior for atom in atoms)
    solved = []
    for place, (atom, one) in enumerate(zip(atoms, known, strict=True)):
        solved.append(_solve(prepared, atom, atom.prior / total, one, limit))
        if progress is not None:
            progress(place + 1, len(atoms))
    return Answers(
        model.name, "exact", 0, max(len(one.found) for one in solved), 0, 0,
        time.perf_counter() - began, 0,
        tuple(_answer(model, solved, number) for number in range(len(model.monitors))),
    )  # fmt: skip


def _solve(prepared: Prepared, atom: Atom, weight: float, known: Known, limit: int) -> Solved:
    found: dict[tuple[float, ...], tuple[Found, ...]] = {}
    states = states_for_questions(prepared, atom, limit)

    def evaluate(theta: Parameters) -> Numbers:
        answers = tuple(answer_all(states.at(theta), prepared.monitors))
        found[known.values_in(theta)] = answers
        rows = [(one.above, one.below, one.never or 0.0) for one in answers]
        return np.array(rows).reshape(-1)

    grid = over(known, evaluate)
    return Solved(atom, weight, tuple(found[values] for values in grid.values), grid)


# One question ------------------------------------------------------------------------------------


def _answer(model: JumpModel, solved: list[Solved], number: int) -> Answer:
    monitor = model.monitors[number]
    rivals = {one.name for one in model.explanations if one.is_rival}
    parts = _parts(model, solved, number)
    never = quantiles = None
    if monitor.kind == "time-until":
        never = _estimate(solved, number, 2)
    if monitor.kind != "probability":
        quantiles = _quantiles(monitor, solved, number)
    return Answer(
        monitor.name, monitor.kind, _estimate(solved, number, 0), quantiles, never, None, 0,
        {name: part for name, part in parts.items() if name in rivals},
        {name: part for name, part in parts.items() if name not in rivals},
        None,
    )  # fmt: skip


def _parts(model: JumpModel, solved: list[Solved], number: int) -> dict[str, Part]:
    parts = {}
    for explanation in model.explanations:
        chosen = [one for one in solved if one.atom.name in explanation.atoms]
        if chosen:
            weight = sum(one.weight for one in chosen)
            parts[explanation.name] = Part(weight, _estimate(chosen, number, 0))
    return parts


def _estimate(solved: list[Solved], number: int, column: int) -> Estimate:
    """The ratio of a column (above: 0, never: 2) to what counts, with its spread and error."""
    weights = np.array([one.weight for one in solved])
    above = np.array([one.grid.means[3 * number + column] for one in solved])
    below = np.array([one.grid.means[3 * number + 1] for one in solved])
    counted = float(weights @ below)
    if counted <= 0.0:
        return UNKNOWN
    value = float(weights @ above) / counted
    slips = np.array([_error(one, number, column, value) for one in solved])
    error = float(weights @ slips) / counted
    levels, masses = zip(*(_spread(one, number, column) for one in solved), strict=True)
    every, shares = np.concatenate(levels), np.concatenate(masses)
    low, high = weighted_quantiles(every, shares, (LOWEST, HIGHEST))
    return Estimate(value, low, high, error)


def _error(one: Solved, number: int, column: int, value: float) -> float:
    """What the numerator and the denominator may be off, for a ratio of this value."""
    first = 3 * number
    weights = one.grid.weights
    above = weights @ np.array(
        [row[number].error if column == 0 else row[number].error_of_mass for row in one.found]
    )
    below = weights @ np.array([row[number].error_of_mass for row in one.found])
    off = one.grid.errors[first + column] + abs(value) * one.grid.errors[first + 1]
    return float(above + abs(value) * below + off)


def _spread(one: Solved, number: int, column: int) -> tuple[Numbers, Numbers]:
    """The answer at each value of the parameters, and how much counts there."""
    above, below = one.grid.results[:, 3 * number + column], one.grid.results[:, 3 * number + 1]
    counted = below > 0.0
    ratio = np.divide(above, below, out=np.zeros_like(above), where=counted)
    if counted.all() and len(ratio) > 1:
        levels, masses = finely(one.grid, ratio)
        shares, _ = finely(one.grid, below)
        return levels, masses * np.maximum(shares, 0.0) * one.weight
    return ratio[counted], (one.grid.weights * below * one.weight)[counted]


# Quantiles ---------------------------------------------------------------------------------------


def _quantiles(
    monitor: Monitor, solved: list[Solved], number: int
) -> dict[str, float | None] | None:
    """Quantiles of the answer over courses and parameters; None where they are not known."""
    pairs = [
        (one.weight * float(mass), row[number].law)
        for one in solved
        for mass, row in zip(one.grid.weights, one.found, strict=True)
    ]
    if any(law is None for _, law in pairs):
        return None
    values = [(mass, law) for mass, law in pairs if isinstance(law, ValueLaw)]
    if values:
        levels = np.concatenate([law.values for _, law in values])
        masses = np.concatenate([mass * law.masses for mass, law in values])
        found = weighted_quantiles(levels, masses, LEVELS)
    else:
        times = [(mass, law) for mass, law in pairs if isinstance(law, TimeLaw)]
        found = [_time_quantile(monitor, times, level) for level in LEVELS]
    return {f"{level:g}": value for level, value in zip(LEVELS, found, strict=True)}


def _time_quantile(
    monitor: Monitor, laws: list[tuple[float, TimeLaw]], level: float
) -> float | None:
    """The time by which a share of what counts has got there, by bisection; None for never."""
    total = sum(mass * law.total for mass, law in laws)
    reached = partial(_reached, laws)
    low, high = 0.0, monitor.end - monitor.start
    if total <= 0.0 or reached(high) < level * total:
        return None
    if reached(low) >= level * total:
        return low
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if reached(middle) < level * total:
            low = middle
        else:
            high = middle
    return high


def _reached(laws: list[tuple[float, TimeLaw]], waited: float) -> float:
    return sum(mass * law.reached(waited) for mass, law in laws)
