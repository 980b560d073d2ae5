"""Published and exact results, from case files through the exact engine."""

from __future__ import annotations

import csv
from functools import partial
from math import sqrt
from pathlib import Path

import numpy as np
import pytest

from foedus.engine.arithmetic import Evaluate
from foedus.engine.prepare import prepare
from foedus.engine.sampling import draw_parameters
from foedus.exact.course import chain, follow, start_law
from foedus.exact.finite import finite
from foedus.exact.moves import Moves
from foedus.exact.solve import states_of
from foedus.jump.lower import lower
from foedus.jump.model import JumpModel
from foedus.questions.answers import simulate
from tests.conformance.courses import TARGETS, model_of
from tests.conformance.dsmts import MODELS
from tests.conformance.test_published import landscape_folder
from tests.loading import case_at, case_of


def exact_answers(model: JumpModel) -> dict[str, float]:
    found = {}
    for one in simulate(model, draws=1, seed=1, engine="exact").questions:
        assert one.estimate.value is not None
        found[one.name] = one.estimate.value
    return found


def test_gamblers_ruin() -> None:
    found = exact_answers(model_of("gamblers-ruin"))
    assert found["breaks-the-bank"] == pytest.approx(0.04191296854803968, abs=1e-12)


def test_epidemic_of_twenty() -> None:
    assert exact_answers(model_of("epidemic"))["is-large"] == pytest.approx(
        0.402970474946, abs=1e-9
    )


def test_landscape_theory(tmp_path: Path) -> None:
    found = exact_answers(lower(case_at(landscape_folder(tmp_path))))
    assert found["energy"] == pytest.approx(-83_200.0, abs=1e-6)
    assert found["turkey-isis-nusra-alone"] == pytest.approx(1.0, abs=1e-12)
    assert found["switches"] == pytest.approx(8.867070649539638, abs=1e-9)
    assert found["settled"] == pytest.approx(2.9117980653671727, abs=1e-9)


def test_landscape_theory_has_one_minimum(tmp_path: Path) -> None:
    """From sides taken at random, each of the 2,048 ways alike, all come to the same end."""
    path = landscape_folder(tmp_path)
    guard = "    when: >-\n      "
    text = path.read_text().replace(f"{guard}sum(", f"{guard}settling and sum(", 1)
    text = text.replace(
        "events:\n",
        "  settling: {type: flag, starts: false}\n"
        "events:\n"
        "  wavers: {per: actor, when: not settling, rate: pace, "
        'then: {"other[actor]": "not other[actor]"}}\n'
        "  settle: {at: 2000-02-01, then: {settling: true}}\n",
        1,
    )
    found = exact_answers(lower(case_of(text, tmp_path)))
    assert found["switches"] > 1.0
    assert found["energy"] == pytest.approx(-83_200.0, abs=1e-6)
    assert found["turkey-isis-nusra-alone"] == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("name", ["race", "choice"])
def test_races_and_choices(name: str) -> None:
    found = exact_answers(model_of(name))
    assert list(found.values())[:3] == pytest.approx([0.5, 0.3, 0.2], abs=1e-12)


def value_of(number: Evaluate, moves: Moves) -> float:
    return float(number(moves.world))


def moments(name: str) -> dict[int, dict[str, tuple[float, float]]]:
    """By day, mean and variance of each species of a model of the test suite."""
    model = model_of(name)
    prepared = prepare(model)
    theta = draw_parameters(model, model.atoms[0], 1, 0)
    moves = Moves(prepared, theta, model.atoms[0], finite(model, ()))
    space = states_of(moves, 50.0)
    species = {}
    for one in prepared.monitors:
        number = one.expression
        species[one.monitor.name.upper()] = space.values(partial(value_of, number))
    found: dict[int, dict[str, tuple[float, float]]] = {}
    law, outside = start_law(space)
    assert outside == 0.0
    for moment in follow(chain(space), law, 0.0, map(float, range(1, 51))):
        if moment.time == int(moment.time):
            found[int(moment.time)] = {
                key: (m := float(moment.law @ x), float(moment.law @ (x - m) ** 2))
                for key, x in species.items()
            }
    return found


@pytest.mark.parametrize("name", MODELS)
def test_discrete_stochastic_test_suite(name: str) -> None:
    """Means and standard deviations on days 1 to 50, to 5e-6 relative, against the formulas and,
    where they are beside the project, against the published numbers, which have six digits."""
    found = moments(name)
    for day, species in found.items():
        for key, (mean, variance) in species.items():
            expected = MODELS[name](float(day))[key]
            assert mean == pytest.approx(expected[0], rel=5e-6, abs=1e-9)
            assert sqrt(variance) == pytest.approx(sqrt(expected[1]), rel=5e-6, abs=1e-6)
    folder = TARGETS / "dsmts"
    if not folder.is_dir():
        pytest.skip("the published numbers of the suite are not beside the project")
    rows = list(csv.reader((folder / f"{name}-mean.csv").read_text().splitlines()))
    for row in rows[2:]:
        for key, value in zip(rows[0][1:], row[1:], strict=True):
            assert found[int(row[0])][key][0] == pytest.approx(float(value), rel=5e-6, abs=6e-6)
    assert np.all([len(one) == len(rows[0]) - 1 for one in found.values()])
