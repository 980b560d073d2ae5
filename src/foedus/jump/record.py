"""The record of a case as mathematics: what was seen, how completely, who claimed what.

Times are days from the start of the clock; nothing here is text but names, and places for messages.
`foedus.jump.stages` puts it into the order in which it became known;
`foedus.engine.conditioned` says what it is for a run to agree with it.
"""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from foedus.case.dynamics import ParameterSpec
from foedus.case.observed import History, OrderTable, UnitTable
from foedus.expr.tree import Expression
from foedus.frozen import dataclass
from foedus.text.source import Span

__all__ = [
    "Assertion",
    "AssertionKind",
    "Coverage",
    "ErrorForm",
    "History",
    "Measurement",
    "OrderTable",
    "Record",
    "Sighting",
    "SightingKind",
    "SpeakerModel",
    "Target",
    "UnitTable",
    "Window",
]

SightingKind = Literal["happened", "absent", "no-report", "state", "value"]
ErrorForm = Literal["exact", "sd", "factor"]
AssertionKind = Literal["reading", "event", "value", "retraction"]


@dataclass(frozen=True, slots=True)
class Target:
    """An event kind, one of its options, or one instance of it (`labels`); None is any of them."""

    kind: str
    option: str | None = None
    labels: tuple[str, ...] | None = None

    @property
    def name(self) -> str:
        """The kind, or `kind.option`: the name of its counter."""
        return self.kind if self.option is None else f"{self.kind}.{self.option}"

    def holds(self, other: Target) -> bool:
        """Whether everything that another is about is a part of this."""
        is_option = self.option in (None, other.option)
        return self.kind == other.kind and is_option and self.labels in (None, other.labels)


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of days, the end excluded, and how probable it is that it is the right one."""

    start: float
    end: float
    weight: float = 1.0

    def lies_in(self, start: float, end: float) -> bool:
        """Whether all of it lies between two moments."""
        return start <= self.start and self.end <= end


@dataclass(frozen=True, slots=True)
class Measurement:
    """A number with its error: none, a standard deviation, or a factor (exp of that of the log)."""

    value: float
    form: ErrorForm = "exact"
    size: float = 0.0


@dataclass(frozen=True, slots=True)
class Sighting:
    """One item of the record, evidence or outcome.

    `known` is the end of the day on which it became public. Of several `windows` (the dates on
    which sources differ) one is right; their weights sum to one. `happened`, `absent` and
    `no-report` have a `target`, `state` and `value` an `expression`; `measured` is what a `value`
    came out as, `draws` what the target's random draws did. `origins` are those behind its
    citations; an item of one origin that is not established hangs on that origin's reliability.
    """

    id: str
    kind: SightingKind
    windows: tuple[Window, ...]
    known: float
    target: Target | None = None
    expression: Expression | None = None
    measured: Measurement | None = None
    draws: tuple[tuple[str, Measurement], ...] = ()
    follows: str | None = None
    origins: tuple[str, ...] = ()
    is_established: bool = False
    is_outcome: bool = False
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def start(self) -> float:
        """The earliest moment at which it may lie."""
        return min(window.start for window in self.windows)

    @property
    def end(self) -> float:
        """The moment before which it lies."""
        return max(window.end for window in self.windows)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far the record of a target can be trusted to hold every firing.

    With `reported` (a parameter's name) each firing is reported with that probability, `lag` days
    later; without, every firing from `start` up to `end` is known `lag` days later.
    """

    target: Target
    start: float
    end: float
    lag: float
    reported: str | None = None


@dataclass(frozen=True, slots=True)
class Assertion:
    """A claim: an act of a speaker.

    A `reading` is true in the `atoms` it names; an `event` if its `target` has happened by `end`;
    a `value` is what `expression` is worth at `end`, claimed to be `number`; a `retraction` takes
    back the claim `retracts`. `asserts` is what is said, which a speaker's interest goes by.
    """

    id: str
    by: str
    kind: AssertionKind
    asserts: str
    start: float
    end: float
    known: float
    atoms: frozenset[str] = frozenset()
    target: Target | None = None
    expression: Expression | None = None
    number: float | None = None
    origins: tuple[str, ...] = ()
    supersedes: str | None = None
    repeats: str | None = None
    retracts: str | None = None


@dataclass(frozen=True, slots=True)
class SpeakerModel:
    """Why an actor speaks: names of parameters, for candour and for interest in what is said."""

    actor: str
    candour: str
    interests: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """All that a case knows. `sightings` and `assertions` stand in file order, evidence first.

    `parameters` are those that only the record has: speakers' candour and interests, and the
    probabilities that origins are reliable; `reliabilities` names the latter by origin.
    """

    sightings: tuple[Sighting, ...]
    coverages: tuple[Coverage, ...]
    assertions: tuple[Assertion, ...]
    speakers: tuple[SpeakerModel, ...]
    tables: tuple[UnitTable | OrderTable, ...]
    parameters: tuple[ParameterSpec, ...]
    reliabilities: tuple[tuple[str, str], ...]

    def endings(self, horizon: float) -> tuple[Sighting, ...]:
        """The outcomes that name a state within the clock, which ends at `horizon` (days)."""
        return tuple(
            one
            for one in self.sightings
            if one.is_outcome and one.kind == "state" and one.expression and one.end <= horizon
        )
