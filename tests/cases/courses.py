"""Coupled courses of the flagship: the same seeds and clocks with and without a change.

The courses are of a crisis: some parameters are set so that unrest, a request and an operation come
about in many of them, and the courses are shared evenly among the atoms. That changes how often an
element matters, not whether.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from math import sqrt
from pathlib import Path

import foedus
from foedus.case.case import Case
from foedus.engine.reference import Prepared, prepare, simulate_run
from foedus.engine.sampling import draw_parameters
from foedus.jump.lower import interventions_of, lower
from foedus.jump.model import Intervention
from tests.loading import warned_case

FOLDER = Path(foedus.__file__).parent / "cases" / "kazakhstan-2022"
REMOVALS = (Path(__file__).parent / "removals.yaml").read_text(encoding="utf-8")
SEED = 7
DAYS_IN_YEAR = 365.25
CRISIS: Mapping[str, float] = {
    "price-shock": 0.85,
    "protest.contagion": 9.0,
    "protest.flare": 0.2,
    "protest.example": 15.0,
    "protest.retaking": 0.3,
    "protest.riot-length": 4.0,
    "protest.force": 0.8,
    "protest.backlash": 0.7,
    "protest.ban-length": 2.0,
    "protest.deterrence": 0.3,
    "rivalry.tug": 0.1,
    "rivalry.stake": 0.1,
    "rivalry.scheming": 30.0,
    "rivalry.coup-speed": 0.5,
    "infiltrating": 30.0,
    "aid.readiness-to-ask": 20.0,
    "aid.answer-time": 0.5,
    "aid.lift-time": 0.5,
    "aid.ambition": 3.0,
    "aid.eagerness-to-fight": 2.0,
    "aid.lead-leaves": 60.0,
    "aid.calls": 0.3 / DAYS_IN_YEAR,
    "aid.occasions": 60.0 / DAYS_IN_YEAR,
    "aid.loyalty-weight": 4.0,
    "aid.forgetting": 0.3,
    "aid.gratitude": 0.4,
    "handing-over": 2.0 / DAYS_IN_YEAR,
}


@dataclass(frozen=True, slots=True)
class Worlds:
    """The flagship with the what-ifs of the removal test, ready to run."""

    case: Case
    prepared: Prepared


@dataclass(frozen=True, slots=True)
class Task:
    """One course: its number, the what-if or the event kind taken out, parameters set."""

    run: int
    what_if: str = ""
    forbidden: str = ""
    settings: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Course:
    """What came of a course: an answer per question (0 where there is none), and what happened."""

    answers: tuple[float, ...]
    events: int
    happened: frozenset[str] = field(repr=False)


@cache
def worlds() -> Worlds:
    """The flagship with the what-ifs of the removal test."""
    text = (FOLDER / "case.yaml").read_text(encoding="utf-8")
    text = text.replace("\nclues:\n", f"\n{REMOVALS}\nclues:\n")
    case = warned_case(text, FOLDER)
    return Worlds(case, prepare(lower(case)))


def run_course(task: Task) -> Course:
    """One course of the crisis."""
    these = worlds()
    model = these.prepared.model
    atom = model.atoms[task.run % len(model.atoms)]
    theta = draw_parameters(model, atom, SEED, task.run) | dict(CRISIS) | dict(task.settings)
    changes = interventions_of(these.case, task.what_if) if task.what_if else ()
    if task.forbidden:
        changes = (*changes, Intervention("forbid", task.forbidden))
    result = simulate_run(
        these.prepared, theta, atom, SEED, task.run, interventions=changes, record=True
    )
    answers = []
    for number, monitor in enumerate(model.monitors):
        kept = result.waited if monitor.kind == "time-until" else result.values
        answers.append(kept[number] if result.is_given[number] else 0.0)
    return Course(tuple(answers), result.events, frozenset(h.name for h in result.record))


@dataclass(frozen=True, slots=True)
class Move:
    """How far an answer moves: mean difference over the courses and its Monte Carlo error."""

    mean: float
    error: float

    @property
    def is_clear(self) -> bool:
        """More than three Monte Carlo errors."""
        return abs(self.mean) > 3 * self.error


def moves(before: list[Course], after: list[Course]) -> dict[str, Move]:
    """By question, what a change did."""
    names = [monitor.name for monitor in worlds().prepared.model.monitors]
    pairs = list(zip(before, after, strict=True))
    return {
        name: _move([late.answers[i] - early.answers[i] for early, late in pairs])
        for i, name in enumerate(names)
    }


def _move(differences: list[float]) -> Move:
    count = len(differences)
    mean = sum(differences) / count
    variance = sum((d - mean) ** 2 for d in differences) / (count - 1)
    return Move(mean, sqrt(variance / count))
