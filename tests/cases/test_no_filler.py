"""No event kind of the flagship is filler: stopping its clock moves an answer.

An answer counts as moved when its mean difference over coupled courses exceeds three Monte Carlo
errors. A course in which the kind does not happen is the same without it, so only the others are
run again. Most kinds need few of them. (Looking twice alarms no more often: what a kind does not
touch differs by exactly 0.)
"""

from __future__ import annotations

from functools import cache
from itertools import islice

import pytest

from tests.cases.courses import Course, Task, moves, run_course, worlds

COURSES = 280
FEW = 120
"""So many courses are run again at first, and all others only where they show nothing."""


@cache
def before() -> list[Course]:
    """The courses with everything in place."""
    return [run_course(Task(run)) for run in range(COURSES)]


def kinds() -> list[str]:
    """Every event kind of the flagship."""
    return [kind.name for kind in worlds().prepared.model.kinds]


def has(course: Course, kind: str) -> bool:
    """Whether the kind, or an option of it, happened."""
    return any(name == kind or name.startswith(f"{kind}.") for name in course.happened)


@pytest.mark.full
@pytest.mark.parametrize("kind", kinds())
def test_an_event_kind_moves_an_answer(kind: str) -> None:
    touched = [run for run, course in enumerate(before()) if has(course, kind)]
    assert touched, "it never happens"
    after, again = before().copy(), iter(touched)
    for most in (FEW, COURSES):
        for run in islice(again, most):
            after[run] = run_course(Task(run, forbidden=kind))
        end = touched[FEW - 1] + 1 if most == FEW < len(touched) else COURSES
        moved = [name for name, move in moves(before()[:end], after[:end]).items() if move.is_clear]
        if moved:
            return
    pytest.fail("no answer moves")
