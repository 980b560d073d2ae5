"""What a row of the bench is, what it found, and the verdict on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from importlib import import_module
from pkgutil import iter_modules
from typing import Literal

from foedus.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured: so many rounds, and this share of the full amount of work."""

    rounds: int
    share: float

    def scaled(self, amount: int) -> int:
        """The share of an amount of work, at least 1."""
        return max(1, round(amount * self.share))


FULL = Effort(5, 1.0)
QUICK = Effort(3, 0.15)


@dataclass(frozen=True, slots=True)
class Found:
    """A measured number: the median over rounds, the least and the largest of them.

    `details` are the numbers it was made of, by what they are, in the order in which they are
    shown; `notes` say in words what a reader must know.
    """

    value: float
    low: float
    high: float
    details: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """Why a row was not measured, and what would let it be."""

    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the bench. `unit` is "" for a ratio.

    `gate` must be reached, `aim` is what we want; None where nothing was promised. `at_most` says
    that small numbers are good.
    """

    name: str
    workload: str
    measure: str
    run: Callable[[Effort], Found | Skipped]
    gate: float | None = None
    aim: float | None = None
    at_most: bool = False
    unit: str = ""


Verdict = Literal["aim reached", "gate reached", "gate MISSED", "shown", "skipped"]


def verdict(row: Row, outcome: Found | Skipped) -> Verdict:
    """Where the number stands against the gate and the aim of its row."""
    if isinstance(outcome, Skipped):
        return "skipped"
    if row.gate is None:
        return "shown"
    sign = -1.0 if row.at_most else 1.0
    if row.aim is not None and sign * outcome.value >= sign * row.aim:
        return "aim reached"
    return "gate reached" if sign * outcome.value >= sign * row.gate else "gate MISSED"


def all_rows() -> tuple[Row, ...]:
    """Every row, file by file in the order of their names."""
    package = import_module("foedus.bench.rows")
    names = sorted(module.name for module in iter_modules(package.__path__))
    return tuple(row for name in names for row in import_module(f"foedus.bench.rows.{name}").ROWS)
