"""Things that are counted: how often something happened to them, of how often or how long it could.

Plain Python, so that a class can be read where no arrays are wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date

from foedus.frozen import dataclass

Value = str | float | bool | None


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing that is counted.

    `happened`: 1 if it happened, else 0 (a count for pieces of time; a length for lengths);
    `at_risk`: 1 for a chance, or years at risk; `known`: the day by which both were known, the last
    that imprecise dates allow; `known_at_first`: the first that they allow, where that is another;
    `columns`: what conditions can ask of it, None where that is not known.
    """

    happened: float
    at_risk: float
    known: date
    columns: Mapping[str, Value]
    known_at_first: date | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A question to history, and how its units are got from imported data.

    `kind`: `share` (so many of so many), `rate` (so many in so many years) or `length` (how long).
    `columns` says what each column means; `needs` names the data sets, none for what ships. What
    it asks in words, and its `note` (a name, or empty), are with the words of `foedus.report`.
    """

    name: str
    kind: str
    unit: str
    needs: tuple[str, ...]
    cites: tuple[str, ...]
    columns: Mapping[str, str]
    units: Callable[[], Sequence[Unit]] = field(repr=False)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted in a class: `happened` times of `at_risk` (chances or years)."""

    happened: float
    at_risk: float
    units: int

    @property
    def estimate(self) -> float | None:
        """The share or the rate; None where nothing was at risk."""
        return self.happened / self.at_risk if self.at_risk else None


def tally(units: Iterable[Unit]) -> Tally:
    """What was counted in all."""
    listed = list(units)
    happened = sum(unit.happened for unit in listed)
    return Tally(happened, sum(unit.at_risk for unit in listed), len(listed))


def known_before(units: Iterable[Unit], day: date | None) -> list[Unit]:
    """The units that were surely known before a day; all of them if none is given."""
    return [unit for unit in units if day is None or unit.known < day]


def perhaps_known_before(units: Iterable[Unit], day: date | None) -> list[Unit]:
    """The units of which dates are too imprecise to say whether they were known before a day."""
    return [
        unit
        for unit in units
        if day is not None and unit.known >= day and (unit.known_at_first or unit.known) < day
    ]
