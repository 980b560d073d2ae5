"""What drives the answers of a case that ships, against SALib.

Each share may differ by five standard errors of both. Ours come from eight replicates, so that one
comparison in 600 fails by chance at most, and of the dozen of a test one choice of seeds in 50.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from foedus.engine.native.choice import Work, build_kernel
from foedus.expr.prior import Prior
from foedus.jump.model import Atom, JumpModel
from foedus.questions.estimates import Numbers
from foedus.questions.sensitivity import EXPLANATION, OTHERS, Drivers, sensitivity
from foedus.study import build, load
from foedus.study import sensitivity as sensitivity_of

BOOTSTRAPPED = 1.96
"""SALib's widths are those of intervals of 95 %, in standard errors."""


def salib(names: Sequence[str], size: int) -> tuple[dict[str, object], Numbers]:
    """SALib's description of inputs on the unit cube, and its points."""
    from SALib.sample import sobol

    problem = {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
    return problem, np.asarray(sobol.sample(problem, size, calc_second_order=False, seed=7))


def assert_equal_to_salib(
    found: Drivers, problem: dict[str, object], answers: Numbers, noise: float = 0.0
) -> None:
    """First and total shares are SALib's, `noise` being what chance has of the answers' variance.

    Chance is independent from row to row: it adds to the variance, and to what remains when all
    inputs but one are known, and that is undone here.
    """
    from SALib.analyze import sobol

    theirs = sobol.analyze(problem, answers, calc_second_order=False, seed=1)
    ours = {one.input: one for one in found.effects}
    names = problem["names"]
    assert isinstance(names, list)
    share = noise / float(answers.var())
    assert share < 0.05, "chance is a small part of what SALib is given"
    assert set(ours) - {OTHERS} >= set(names)
    for place, name in enumerate(names):
        one = ours[name]
        first = theirs["S1"][place] / (1.0 - share)
        total = (theirs["ST"][place] - share) / (1.0 - share)
        errors = np.array([theirs["S1_conf"][place], theirs["ST_conf"][place]]) / BOOTSTRAPPED
        assert abs(one.first - first) <= 5.0 * np.hypot(one.first_error, errors[0]) + 0.003, name
        assert abs(one.total - total) <= 5.0 * np.hypot(one.total_error, errors[1]) + 0.003, name


# A question whose answer is a formula -------------------------------------------------------------


def days_in(starts: Numbers, ends: Numbers, horizon: float) -> Numbers:
    """Days on, of a thing that is off at first, begins at one rate and ends at another."""
    both = starts + ends
    days: Numbers = starts / both * (horizon - (1.0 - np.exp(-both * horizon)) / both)
    return days


def test_days_of_pogroms_from_all_that_is_uncertain() -> None:
    """Of 39 uncertain numbers and three explanations two count, and the days follow from them."""
    model = build(load("kyrgyzstan-2010"))
    priors = {spec.name: spec.prior for spec in model.parameters}
    problem, points = salib(["outbreak", "subsiding"], 8192)
    outbreak, subsiding = (
        np.array([priors[name].quantile(level) for level in points[:, place]])
        for place, name in enumerate(("outbreak", "subsiding"))
    )
    answers = days_in(outbreak, 1.0 / subsiding, model.horizon)
    found = sensitivity_of(
        "kyrgyzstan-2010", questions=("days-of-pogroms",), rows=1024, runs=5, inputs=3, seed=3
    )
    (drivers,) = found.questions
    assert_equal_to_salib(drivers, problem, answers)
    for one in drivers.effects:
        if one.input not in ("outbreak", "subsiding"):
            assert (one.first, one.total) == (0.0, 0.0), one


# Questions that only runs can answer --------------------------------------------------------------


FREE = (EXPLANATION, "aid.readiness-to-ask", "aid.willing", "aid.veto")


def priors_under(model: JumpModel, atom: Atom) -> Mapping[str, Prior]:
    specs = {spec.name: spec for spec in (*model.parameters, *atom.parameters)}
    return {name: spec.prior for name, spec in specs.items()}


def answered(
    model: JumpModel, points: Numbers, others: Mapping[str, float], runs: int
) -> tuple[Numbers, Numbers]:
    """By row and question the mean of the answers, and the variance that chance gives it."""
    edges = np.cumsum([atom.prior for atom in model.atoms])
    atoms = [model.atoms[place] for place in np.searchsorted(edges / edges[-1], points[:, 0])]
    kernel = build_kernel(Work(model))
    means, chance = [], []
    for row, (point, atom) in enumerate(zip(points, atoms, strict=True)):
        priors = priors_under(model, atom)
        drawn = {
            name: float(priors[name].quantile(level))
            for name, level in zip(FREE[1:], point[1:], strict=True)
        }
        values = kernel.run([{**others, **drawn}], atom, 99, row * runs, runs).values
        yes = np.nan_to_num(values)
        means.append(yes.mean(axis=0))
        chance.append(yes.var(axis=0, ddof=1) / runs)
    return np.array(means), np.array(chance)


@pytest.mark.parametrize(
    ("rows", "runs", "size"),
    [(512, 20, 512), pytest.param(2048, 40, 4096, marks=pytest.mark.full)],
    ids=["few", "many"],
)
def test_whether_help_comes(rows: int, runs: int, size: int) -> None:
    """The explanation, when she asks, who is willing and who blocks; pogroms break out for certain.

    The other numbers are held at their medians. SALib is given the answers of 200 runs of its own
    for each row of a design of its own.
    """
    model = build(load("kyrgyzstan-2010"))
    others = {
        spec.name: float(spec.prior.quantile(0.5))
        for spec in model.parameters
        if spec.name not in FREE
    } | {"outbreak": 0.05, "subsiding": 10.0}
    found = sensitivity(model, rows=rows, runs=runs, seed=3, set_values=others)
    problem, points = salib(FREE, size)
    means, chance = answered(model, points, others, 200)
    for place, drivers in enumerate(found.questions[:3]):
        assert drivers.question in ("granted-if-asked", "troops", "next-call-heard")
        assert_equal_to_salib(drivers, problem, means[:, place], float(chance[:, place].mean()))
