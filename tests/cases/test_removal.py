"""Every statement of the commentary does something: without it, answers of other statements move.

The courses are coupled, so a difference is due to the change alone: it is exactly 0 in every
course that the change does not touch. An answer counts as moved when its mean difference exceeds
three Monte Carlo errors. Were all differences noise, one of some thirty answers would do so in
about eight tests of a hundred.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.cases.courses import Course, Move, Task, moves, run_course, worlds

COURSES = 280
CONTEXT = ("S7",)
ROWS = tuple(f"S{number}" for number in range(1, 21) if f"S{number}" not in CONTEXT)
ONLY_AFTER = {
    "S1": {"aid.appeal"}, "S2": {"aid.ask"}, "S3": {"aid.deploy"}, "S5": {"aid.deploy"},
    "S6": {"aid.wind-up", "aid.appeal"}, "S10": {"aid.appeal"}, "S11": {"aid.engage"},
    "S12": {"aid.thank"}, "S13": {"raid"}, "S14": {"rivalry.scheme"},
    "S17": {"patron.lose-control", "russia-later.lose-control"}, "S18": {"rivalry.take-post"},
    "S19": {"view.withdraw"}, "S20": {"rivalry.dismiss", "rivalry.arrest", "rivalry.announce"},
}  # fmt: skip
"""Without one of these events the removal changes nothing, so the course need not be run again."""
HELPING = {
    "protest.order-effect": 0.9, "protest.combat-effect": 0.9, "rivalry.palace-effect": -0.9,
    "rivalry.service-effect": 0.9, "protest.crowd-effect": -0.9,
}  # fmt: skip
"""S3 claims that the intervention helps: its channels at their most helpful decile."""


@pytest.fixture(scope="module")
def matrix() -> dict[str, dict[str, Move]]:
    """By statement taken out, how far each answer moves."""
    common = [run_course(Task(run)) for run in range(COURSES)]
    helped = _again(common, tuple(HELPING.items()), "", ONLY_AFTER["S3"])
    found = {}
    for row in ROWS:
        before = helped if row == "S3" else common
        after = _again(before, (), f"without-{row}", ONLY_AFTER.get(row))
        found[row] = moves(before, after)
    _show(found)
    return found


def _again(
    before: list[Course],
    settings: tuple[tuple[str, float], ...],
    what_if: str,
    only_after: set[str] | None,
) -> list[Course]:
    """The same courses with a change; those that it cannot touch are taken over."""
    touched = [r for r, c in enumerate(before) if only_after is None or c.happened & only_after]
    after = list(before)
    for run in touched:
        course = run_course(Task(run, what_if, settings=settings))
        after[run] = replace(course, happened=before[run].happened)
    return after


def _show(matrix: dict[str, dict[str, Move]]) -> None:
    print("\nmean difference in Monte Carlo errors; a dot for none, brackets for an own answer")
    print(" " * 28 + "".join(f"{row:>6}" for row in matrix))
    asked = {s.id: s.asks for s in worlds().case.statements}
    for name in next(iter(matrix.values())):
        cells = []
        for row, found in matrix.items():
            move = found[name]
            cell = f"{move.mean / move.error:.0f}" if move.error else "."
            cells.append(f"{f'[{cell}]' if name in asked[row] else cell:>6}")
        print(f"{name:28}" + "".join(cells))


@pytest.mark.full
@pytest.mark.parametrize("row", ROWS)
def test_a_statement_moves_an_answer_of_another(
    row: str, matrix: dict[str, dict[str, Move]]
) -> None:
    asked = {s.id: s.asks for s in worlds().case.statements}
    owned = {name for other, asks in asked.items() if other != row for name in asks}
    moved = {name for name, move in matrix[row].items() if move.is_clear}
    assert moved & (owned - set(asked[row]))
