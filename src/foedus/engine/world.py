"""One run as it stands: the state, the clocks, and what is under way."""

from __future__ import annotations

from dataclasses import field
from math import inf

from foedus.frozen import dataclass

Parameters = dict[str, float | list[float]]
"""Parameter values by name, in days and per day; indexed ones as a list, row by row."""

Keys = tuple[tuple[int, int], ...]
"""The words that the noise of each kind is keyed by; one pair, many times, in a plain run."""

UNDRAWN = -1.0
"""Stands for a remaining inner time that has not been drawn yet."""


@dataclass(frozen=True, slots=True)
class Happening:
    """An event that was carried out. `name` is the kind, or `kind.option`."""

    time: float
    name: str
    labels: tuple[str, ...]
    draws: dict[str, list[float]]
    is_forced: bool


@dataclass(slots=True)
class World:
    """Everything that changes in the course of a run, and the constants of the run.

    The lists of the first part are indexed by cell (see `layout`), those of the second by event
    instance. Flags are held as truths, labels as their numbers, all else as floats.
    """

    keys: Keys
    parameters: list[float]
    components: list[bool]
    values: list[float]
    firings: list[int]
    last: list[float]

    hazard: list[float]
    """Of a rate clock: the hazard now, 0 while it is disabled."""
    inner: list[float]
    """Of a rate clock: the inner time left at `changed`. Of a waiting clock: days left."""
    changed: list[float]
    """When the hazard last changed."""
    held: list[float | None]
    """Of a rate that is held between ticks: the hazard held, None while it is disabled."""
    ring: list[float]
    """When the clock rings if nothing changes."""
    number: list[int]
    """The number of the next firing of its own, counted from 0; forced firings do not count."""
    enablings: list[int]
    """How often a waiting clock has been enabled."""
    is_enabled: list[bool]
    """Whether the guard held when last looked at (waiting and immediate kinds)."""
    is_forbidden: list[bool]
    """Whether the instance is forbidden, or its kind not part of this run."""
    forbidden_options: set[tuple[int, int]] = field(default_factory=set)
    """Options that may not be chosen: (instance, option)."""

    time: float = 0.0
    pending: set[int] = field(default_factory=set)
    """Immediate instances whose guard turned true and that have not fired since."""
    calendar: list[tuple[float, int, int, int]] = field(default_factory=list)
    """What stands in the calendar: (time, phase, number, occurrence), a heap."""
    stale: set[int] = field(default_factory=set)
    """Monitors that may have changed at this instant."""
    bound: dict[str, int] = field(default_factory=dict)
    """Positions of the bound indices."""
    draws: dict[str, list[float]] = field(default_factory=dict)
    """Draws of the event being carried out."""
    fired: int = 0
    clock_changes: int = 0
    """How often clocks have changed (see `runaway`)."""
    at_once: int = 0
    """Firings at this instant that no calendar asked for."""
    recent: list[str] = field(default_factory=list)
    """The kinds of those firings."""
    forced: dict[int, int] = field(default_factory=dict)
    """How often an instance was forced."""
    applied: list[bool] = field(default_factory=list)
    """Which interventions took effect."""
    record: list[Happening] | None = None

    def words_of_clock(self, kind: int, instance: int) -> tuple[int, int]:
        """The words that the waiting times of an instance of a kind are keyed by."""
        return self.keys[kind]


def empty_world(keys: Keys, instances: int, counters: int) -> World:
    """A world before its start: all clocks undrawn and disabled."""
    return World(
        keys=keys,
        parameters=[],
        components=[],
        values=[],
        firings=[0] * counters,
        last=[-inf] * counters,
        hazard=[0.0] * instances,
        inner=[UNDRAWN] * instances,
        changed=[0.0] * instances,
        held=[None] * instances,
        ring=[inf] * instances,
        number=[0] * instances,
        enablings=[0] * instances,
        is_enabled=[False] * instances,
        is_forbidden=[False] * instances,
    )
