"""Observations of many units, and of the order in which events came."""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from foedus.case.grounds import Citation
from foedus.expr.tree import Expression
from foedus.frozen import dataclass

Scheme = Literal["panel", "exact", "terminal", "set", "misclassified", "normal"]


@dataclass(frozen=True, slots=True)
class History:
    """The rows of one unit, in order: times in days, and what was found, as it is written.

    Of a set of states the parts are given; of all else there is one.
    """

    unit: str
    times: tuple[float, ...]
    found: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class UnitTable:
    """How the rows of many units observe a state variable.

    `day` is how many days the table's unit of time has; densities of exact times are per such unit.
    `ends` are the states whose coming is timed exactly (scheme `terminal`); `seen_as` has (true
    state, state seen, probability), `reads` (true state, mean, standard deviation).
    """

    name: str
    path: str
    columns: tuple[str, str, str]
    scheme: Scheme
    variable: str
    day: float
    histories: tuple[History, ...]
    ends: tuple[str, ...] = ()
    seen_as: tuple[tuple[str, str, Expression], ...] = ()
    reads: tuple[tuple[str, Expression, Expression], ...] = ()
    cites: tuple[Citation, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class OrderTable:
    """The order in which an event happened at its instances, and nothing of when.

    Each of the `sequences` begins with the case's own start; a row has the labels of an instance.
    """

    name: str
    path: str
    columns: tuple[str, ...]
    event: str
    sequences: tuple[tuple[tuple[str, ...], ...], ...]
    cites: tuple[Citation, ...] = field(default=(), compare=False, repr=False)
