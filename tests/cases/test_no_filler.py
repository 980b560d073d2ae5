"""No event kind of the flagship is filler: stopping its clock moves an answer.

An answer counts as moved when its mean difference over coupled courses exceeds three Monte Carlo
errors. A course in which the kind does not happen is the same without it, so only the others are
run again. Kinds that happen in nearly every course need few of them.
"""

from __future__ import annotations

from functools import cache

import pytest

from tests.cases.courses import Course, Task, moves, run_course, worlds

COURSES = 280
MOST_AGAIN = 120
"""So many courses are run again at most; the sample then ends with the last of them."""


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
    touched = [run for run, course in enumerate(before()) if has(course, kind)][:MOST_AGAIN]
    assert touched, "it never happens"
    sample = before()[: touched[-1] + 1] if len(touched) == MOST_AGAIN else before()
    after = list(sample)
    for run in touched:
        after[run] = run_course(Task(run, forbidden=kind))
    moved = [name for name, move in moves(sample, after).items() if move.is_clear]
    assert moved
