"""The shipped yardsticks against numbers that were found without Foedus."""

from __future__ import annotations

import runpy
from itertools import product
from math import exp
from pathlib import Path

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.sparse import lil_matrix
from scipy.sparse.linalg import expm_multiply

import foedus
from foedus.jump.lower import lower
from foedus.jump.model import JumpModel
from foedus.questions.answers import simulate
from tests.conformance.courses import answers
from tests.conformance.statistics import SEEDS, assert_mean
from tests.loading import case_at, case_of, model_at

SHIPPED = Path(foedus.__file__).parent / "cases"
TIES = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "draw_ties.py"))

CRISIS = {
    "protesters": 516.2,
    "defectors": 69.08,
    "ousted": 0.472,
    "deployed": 0.584,
    "arrested": 0.445,
    "requested": 0.629,
}
"""Means over 400,000 runs of an independent program in C."""


@pytest.mark.parametrize(
    ("engine", "runs"),
    [
        ("reference", 200),
        ("native", 5000),
        pytest.param("reference", 3000, marks=pytest.mark.full),
    ],
)
def test_crisis(engine: str, runs: int) -> None:
    """Each mean is within 4 standard errors: one in 2,600 choices of seeds fails by chance."""
    model = model_at(SHIPPED / "crisis" / "case.yaml")
    found = simulate(model, draws=runs, seed=SEEDS[1], engine=engine)
    for answer in found.questions:
        value, error = answer.estimate.value, answer.estimate.error
        assert value is not None
        assert error is not None
        assert abs(value - CRISIS[answer.name]) < 4.0 * error, answer.name


@pytest.mark.parametrize("name", ["crisis", "crowd", "alliance-50"])
def test_yardsticks_check_without_a_warning(name: str) -> None:
    case = case_at(SHIPPED / name / "case.yaml")
    assert case.name == name
    assert {text.get("fi") for text in (case.title, case.doc)} - {""}
    assert all(question.label.get("fi") for question in case.questions.values())


# Fifty states -------------------------------------------------------------------------------------


def test_ties_are_those_of_the_seed() -> None:
    for name, text in TIES["files"]().items():
        assert (SHIPPED / "alliance-50" / name).read_text() == text


def four_states(folder: Path) -> JumpModel:
    """The first four states of the case, a month long."""
    ties = TIES["ties"](12345)
    rows = [f"{a + 1},{b + 1},{ties[a][b]}" for a in range(4) for b in range(4)]
    (folder / "ties.csv").write_text("\n".join(["country,other,tie", *rows]))
    (folder / "countries.csv").write_text("country,east\n1,0\n2,1\n3,0\n4,1\n")
    text = (SHIPPED / "alliance-50" / "case.yaml").read_text()
    assert text.count("2008-01-10") == 3
    assert "{country: 50}" in text
    text = text.replace("{country: 50}", "{country: 4}").replace("2008-01-10", "2000-01-30")
    return lower(case_of(text, folder))


def moves_of_states(
    state: tuple[int, ...], ties: list[list[float]]
) -> list[tuple[tuple[int, ...], float]]:
    """From sides (first half) and commitments (second half): next state and rate."""
    sides, bonds = state[:4], state[4:]
    found = []
    for one in range(4):
        side = (-1, 1)[sides[one]]
        pull = side * sum(ties[one][j] * (-1, 1)[sides[j]] * (1 + bonds[j]) for j in range(4))
        for place, value, rate in (
            (one, 1 - sides[one], 0.02 * exp(-pull)),
            (4 + one, bonds[one] + 1, 0.1 * exp(0.5 * pull)),
            (4 + one, bonds[one] - 1, 0.1 * exp(-0.5 * pull)),
        ):
            if 0 <= value <= (1 if place < 4 else 2):
                found.append(((*state[:place], value, *state[place + 1 :]), rate))
    return found


def test_four_states_against_the_master_equation(tmp_path: Path) -> None:
    """1,296 states, 30 days: mean commitment and harmony within 4.5 standard errors."""
    ties = TIES["ties"](12345)
    states = list(product(*[(0, 1)] * 4, *[(0, 1, 2)] * 4))
    number = {state: place for place, state in enumerate(states)}
    flow = lil_matrix((len(states), len(states)))
    for state, place in number.items():
        for other, rate in moves_of_states(state, ties):
            flow[number[other], place] += rate
            flow[place, place] -= rate
    share = np.zeros(len(states))
    share[number[(0, 1, 0, 1, 0, 0, 0, 0)]] = 1.0
    share = expm_multiply(flow.tocsr() * 30.0, share)
    committed = sum(share[place] * sum(state[4:]) / 4 for state, place in number.items())
    x = np.array([[(-1, 1)[s[i]] * (1 + s[4 + i]) for i in range(4)] for s in states])
    harmony = float(share @ np.einsum("si,ij,sj->s", x, np.array(ties)[:4, :4], x)) / 8
    found = answers(four_states(tmp_path), 800, SEEDS)
    assert_mean(found["commitment"], committed)
    assert_mean(found["harmony"], harmony)


# The crowd ----------------------------------------------------------------------------------------


def test_six_citizens_against_the_master_equation() -> None:
    """64 states, averaged over who needs how many neighbours and who begins."""
    text = (SHIPPED / "crowd" / "case.yaml").read_text()
    assert "{citizens: 1000}" in text
    assert "degree: 8" in text
    small = text.replace("{citizens: 1000}", "{citizens: 6}").replace("degree: 8", "degree: 5")
    model = lower(case_of(small))
    (relation,) = model.relations
    states = np.array(list(product((0, 1), repeat=6)))
    ties = np.zeros((6, 6))
    for one, others in enumerate(relation.neighbours):
        ties[one, list(others)] = 1
    assert ties.sum() == 30
    first = np.prod(np.where(states == 1, 0.05, 0.95), axis=1)
    mean = 0.0
    needs = list(product((3, 4, 5), repeat=6))
    for need in needs:
        lack = np.array(need) - states @ ties
        on, off = 0.02 + 2 / (1 + np.exp(lack / 0.7)), 1 / (1 + np.exp(-lack / 1.5))
        rates = np.where(states == 1, off, on)
        flow = np.diag(-rates.sum(axis=1))
        for one in range(6):
            other = np.arange(64) ^ (1 << (5 - one))
            flow[np.arange(64), other] += rates[:, one]
        mean += float(first @ expm(30.0 * flow) @ states.sum(axis=1)) / 6 / len(needs)
    assert_mean(answers(model, 1500, SEEDS)["share-active"], mean)
