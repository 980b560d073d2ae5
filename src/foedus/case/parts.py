"""The parts of a case: who the actors are, where each number comes from, what the record holds,
who claims what, what is asked. Import them from `foedus.case.case`.
"""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from foedus.case.dynamics import (
    Atom,
    EventKind,
    Explanation,
    Intervention,
    ParameterSpec,
    VariableSpec,
)
from foedus.case.grounds import NO_GROUNDS, NO_TEXT, Citation, Grounds, LocalText
from foedus.dates import Period
from foedus.expr.tree import Expression
from foedus.frozen import dataclass
from foedus.history.classes import Counted
from foedus.history.learned import LearnedShare
from foedus.text.source import Source, Span


@dataclass(frozen=True, slots=True)
class Document:
    """A source."""

    name: str
    kind: str
    title: LocalText
    authors: LocalText = NO_TEXT
    language: str = ""
    published: Period | None = None
    url: str = ""
    doi: str = ""
    file: str = ""
    sha256: str = ""
    origin: str | None = None
    note: LocalText = NO_TEXT
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Origin:
    """Who is behind sources; `reliability` names the parameter that holds its probability."""

    name: str
    label: LocalText = NO_TEXT
    doc: LocalText = NO_TEXT
    reliability: Parameter | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone or something that acts."""

    name: str
    kind: str
    of: str | None = None
    iso: str = ""
    label: LocalText = NO_TEXT
    doc: LocalText = NO_TEXT
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Tenure:
    """A stretch of time in which someone held an office."""

    by: str
    start: Period
    end: Period | None
    cites: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Office:
    """An office. `variable` is the state variable that says who holds it."""

    name: str
    of: str
    variable: str
    candidates: tuple[str, ...]
    tenures: tuple[Tenure, ...]
    changes: tuple[str, ...] = ()
    label: LocalText = NO_TEXT
    doc: LocalText = NO_TEXT


@dataclass(frozen=True, slots=True)
class Membership:
    """A member of an alliance and the dates between which it belongs."""

    actor: str
    start: Period | None = None
    end: Period | None = None
    cites: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Alliance:
    """An alliance. `variable` is the flag, per member, that says who belongs at the time."""

    name: str
    variable: str
    members: tuple[Membership, ...]
    lead: str | None
    obligations: tuple[str, ...]
    decides: str
    since: Period
    until: Period | None = None
    label: LocalText = NO_TEXT
    doc: LocalText = NO_TEXT
    cites: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Use:
    """A mechanism taken into the case under a prefix."""

    prefix: str
    mechanism: str
    bindings: tuple[tuple[str, str], ...]
    gate: str | None
    source: Source = field(compare=False, repr=False)
    title: LocalText = NO_TEXT
    offers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Background:
    """A dated fact from before the clock: sets starts and priors, is never weighed."""

    id: str
    happened: LocalText
    at: Period
    sets: tuple[str, ...]
    cites: tuple[Citation, ...]
    note: LocalText = NO_TEXT


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter with what it rests on. `spec` is in days; `unit` is the unit it was written in.

    `is_default` marks a mechanism's default that the case did not set.
    """

    spec: ParameterSpec
    unit: str
    factor: float
    written: str
    grounds: Grounds
    doc: LocalText = NO_TEXT
    is_default: bool = False
    mechanism: str | None = None


@dataclass(frozen=True, slots=True)
class StateVariable:
    """A state variable with what its start rests on."""

    spec: VariableSpec
    grounds: Grounds = NO_GROUNDS
    label: LocalText = NO_TEXT
    doc: LocalText = NO_TEXT
    unit: str = ""
    mechanism: str | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """An event kind with its words; `options` has those of its options, where it is a choice."""

    kind: EventKind
    label: LocalText = NO_TEXT
    doc: LocalText = NO_TEXT
    cites: tuple[Citation, ...] = ()
    mechanism: str | None = None
    options: tuple[tuple[str, LocalText], ...] = ()


@dataclass(frozen=True, slots=True)
class Component:
    """Something that is or is not part of the story."""

    name: str
    label: LocalText = NO_TEXT
    doc: LocalText = NO_TEXT


@dataclass(frozen=True, slots=True)
class AtomBelief:
    """An atom with what its prior rests on and what cannot happen in it.

    `own` are the parameters that have a prior of their own in it, each with its grounds.
    """

    atom: Atom
    grounds: Grounds
    impossible: tuple[tuple[str, LocalText], ...] = ()
    own: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """An explanation or a set of atoms, with its words."""

    explanation: Explanation
    label: LocalText = NO_TEXT
    doc: LocalText = NO_TEXT


@dataclass(frozen=True, slots=True)
class EventReference:
    """An event kind, one of its instances (`indices`), or an option (`kind.option`)."""

    name: str
    indices: tuple[Expression, ...] | None
    written: str


ItemKind = Literal["happened", "absent", "no-report", "state", "value"]


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the record: evidence, or an outcome.

    `when` are the possible dates with their weights (one of weight 1 unless the sources differ).
    """

    id: str
    kind: ItemKind
    event: EventReference | None
    expression: Expression | None
    measured: float | None
    error: str
    draws: tuple[tuple[str, str], ...]
    when: tuple[tuple[Period, float], ...]
    known: Period
    cites: tuple[Citation, ...]
    hedge: LocalText = NO_TEXT
    established: LocalText = NO_TEXT
    follows: str | None = None
    bears_on: tuple[str, ...] = ()
    note: LocalText = NO_TEXT
    span: Span | None = field(default=None, compare=False, repr=False)
    label: LocalText = NO_TEXT


@dataclass(frozen=True, slots=True)
class Record:
    """How complete the record of a kind is: complete in a span after a lag, or only sometimes.

    Reports were looked for `during` a span, or throughout the clock where that is None.
    """

    event: str
    complete: Period | None
    lag: float
    reported: str | None
    delay: float
    during: Period | None
    because: LocalText = NO_TEXT
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Why an actor may say what it says."""

    actor: str
    candour: Parameter
    interest: tuple[tuple[str, Parameter], ...] = ()
    doc: LocalText = NO_TEXT


ClaimKind = Literal["component", "explanation", "set", "event", "value", "retraction"]


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody said something."""

    id: str
    by: str
    kind: ClaimKind
    asserts: str
    event: EventReference | None
    value: Expression | None
    number: float | None
    at: Period
    known: Period
    cites: tuple[Citation, ...]
    to: str | None = None
    hedge: LocalText = NO_TEXT
    supersedes: str | None = None
    repeats: str | None = None
    retracts: str | None = None
    bears_on: tuple[str, ...] = ()
    doc: LocalText = NO_TEXT
    note: LocalText = NO_TEXT


@dataclass(frozen=True, slots=True)
class Statement:
    """What a source says and what carries it in the case."""

    id: str
    paragraph: int | None
    says: LocalText
    role: str
    carried_by: tuple[tuple[str, str], ...]
    asks: tuple[str, ...]
    answered_by: str
    hedge: LocalText
    cites: tuple[Citation, ...]


QuestionKind = Literal[
    "probability", "time-until", "mean", "average", "integral", "maximum", "minimum"
]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `at`, or `start`..`end`, are days from the start of the clock.

    `outside` is what was counted in a class of past cases before the clock, or learned from them:
    the outside view.
    """

    name: str
    kind: QuestionKind
    expression: Expression
    at: float | None
    start: float
    end: float
    origin: Expression | None = None
    given: Expression | None = None
    label: LocalText = NO_TEXT
    doc: LocalText = NO_TEXT
    span: Span | None = field(default=None, compare=False, repr=False)
    outside: Counted | LearnedShare | None = None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One decision changed.

    `precedents` is what was counted, before the clock, of past cases in which it was decided so.
    """

    name: str
    interventions: tuple[Intervention, ...]
    replaces: tuple[tuple[str, str], ...] = ()
    label: LocalText = NO_TEXT
    doc: LocalText = NO_TEXT
    span: Span | None = field(default=None, compare=False, repr=False)
    precedents: Counted | None = None


@dataclass(frozen=True, slots=True)
class Clue:
    """Something that could still be looked up."""

    name: str
    event: EventReference | None
    state: Expression | None
    by: float | None
    label: LocalText = NO_TEXT
    doc: LocalText = NO_TEXT
