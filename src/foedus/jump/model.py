"""The jump model: what a case means, without its text, without algorithms, without random numbers.

A state evolves by jumps. Each event instance (a kind at one index) has a guard, a hazard and an
effect; rates are per day, times are days from the start of the clock. Every engine simulates,
solves or conditions this one object, and `engine/reference.py` defines what that means.
"""

from __future__ import annotations

from dataclasses import field, replace
from typing import Literal

from foedus.case.dynamics import (
    Assignment,
    Atom,
    Dated,
    DrawSpec,
    Each,
    EventKind,
    Explanation,
    Immediate,
    Intervention,
    InterventionKind,
    Option,
    ParameterSpec,
    Rate,
    Relation,
    Table,
    Timing,
    VariableKind,
    VariableSpec,
    Waiting,
)
from foedus.expr.tree import Expression
from foedus.frozen import dataclass
from foedus.text.source import Span

__all__ = [
    "Assignment",
    "Atom",
    "Dated",
    "DrawSpec",
    "Each",
    "EventKind",
    "Explanation",
    "Immediate",
    "Intervention",
    "InterventionKind",
    "JumpModel",
    "Monitor",
    "MonitorKind",
    "Option",
    "ParameterSpec",
    "Rate",
    "Relation",
    "Table",
    "Timing",
    "VariableKind",
    "VariableSpec",
    "Waiting",
]

MonitorKind = Literal[
    "probability", "time-until", "mean", "average", "integral", "maximum", "minimum"
]


@dataclass(frozen=True, slots=True)
class Monitor:
    """A question put to every run, in the state after each instant.

    - `probability` with `at` only: the condition at that time; with `start` and `end`: ever within.
    - `time-until`: days from `start` (or from when `origin` first holds) until `expression` first
      holds; never, if not by `end`.
    - `mean`: the number at `at`. `average`, `integral`, `maximum`, `minimum`: of the number over
      `start`..`end`.
    - `given`: only runs in which this holds at the time of the answer (`at` or `end`) count.
    """

    name: str
    kind: MonitorKind
    expression: Expression
    at: float | None
    start: float
    end: float
    origin: Expression | None = None
    given: Expression | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class JumpModel:
    """A case as mathematics. See the module's docstring.

    `labels` gives every label its run-time number (its position). `horizon` is the length of the
    clock in days. Kinds stand in file order, which breaks ties at one instant.
    """

    name: str
    horizon: float
    labels: tuple[str, ...]
    parameters: tuple[ParameterSpec, ...]
    components: tuple[str, ...]
    atoms: tuple[Atom, ...]
    explanations: tuple[Explanation, ...]
    tables: tuple[Table, ...]
    relations: tuple[Relation, ...]
    variables: tuple[VariableSpec, ...]
    kinds: tuple[EventKind, ...]
    monitors: tuple[Monitor, ...]

    @property
    def as_written(self) -> JumpModel | None:
        """The same with the priors of atoms that the case's own file has; None if it has them."""
        if any(atom.written is None for atom in self.atoms):
            return None
        atoms = tuple(
            replace(atom, prior=float(atom.written or 0.0), written=None) for atom in self.atoms
        )
        return replace(self, atoms=atoms)
