"""The moving parts of a case: parameters, state, event kinds, atoms, tables, interventions.

The checker builds them with every name resolved and every number in days; `foedus.jump` arranges
them into a `JumpModel` without changing them.
"""

from __future__ import annotations

from dataclasses import field
from functools import cached_property
from typing import Literal

from foedus.case.random_graphs import Graph, draw_neighbours
from foedus.expr.prior import Prior
from foedus.expr.tree import Domain, Expression, Group, Type
from foedus.frozen import dataclass
from foedus.text.source import Span

VariableKind = Literal["flag", "count", "share", "level", "label"]


@dataclass(frozen=True, slots=True)
class ParameterSpec:
    """An uncertain constant, in internal units (days, per day).

    `groups` are its index groups; an indexed parameter is drawn independently at each index.
    """

    name: str
    groups: tuple[Group, ...]
    prior: Prior
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class VariableSpec:
    """A state variable.

    `start` is evaluated once per run at each index over parameters, tables and components (index
    variables named as in `index_names`). A value outside `low`..`high` is a run-time error naming
    `span`. A `label` variable takes the labels in `labels`. `is_latent` marks what nobody can
    observe; `steps` says in how many equal steps a share is held.
    """

    name: str
    kind: VariableKind
    groups: tuple[Group, ...]
    index_names: tuple[str, ...]
    start: Expression
    low: float | None
    high: float | None
    labels: tuple[str, ...] = ()
    is_latent: bool = False
    steps: int | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class DrawSpec:
    """A random draw made when an event is carried out: one value, or one per index of `groups`.

    `distribution` is a name of `foedus.engine.numerics`' draws; the key's site is `draw NAME`.
    For `categorical` the only argument is the weight, evaluated at each index of `over` (bound to
    `over_name`); the value is a position in `over`.
    """

    name: str
    groups: tuple[Group, ...]
    index_names: tuple[str, ...]
    distribution: str
    arguments: tuple[Expression, ...]
    over: Group | None = None
    over_name: str = ""
    type: Type | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Assignment:
    """`variable[indices]` becomes `value`, both read in the state before the instant's event.

    With `loop`, it is done for every index of the loop's domains (names bound) at which `condition`
    holds, in index order.
    """

    variable: str
    indices: tuple[Expression, ...]
    value: Expression
    loop: tuple[tuple[str, Domain], ...] = ()
    condition: Expression | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Rate:
    """Rings with a hazard (per day). With `every`, it is held between ticks that far apart."""

    hazard: Expression
    every: float | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rings a waiting time after being enabled (exponential, gamma, weibull, lognormal, fixed).

    The arguments freeze at enabling. With `resumes`, a guard that turns false keeps the age.
    """

    distribution: str
    arguments: tuple[Expression, ...]
    resumes: bool = False


@dataclass(frozen=True, slots=True)
class Immediate:
    """Fires when the guard turns from false to true, also at the start."""


@dataclass(frozen=True, slots=True)
class Dated:
    """Fires at fixed times (days), where the guard holds."""

    times: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Each:
    """Fires every `step` days where the guard holds; the first time one step from the start."""

    step: float


Timing = Rate | Waiting | Immediate | Dated | Each


@dataclass(frozen=True, slots=True)
class Option:
    """What an actor may choose: open where `guard` holds, taken if its noisy utility is largest."""

    name: str
    guard: Expression | None
    utility: Expression
    draws: tuple[DrawSpec, ...]
    effects: tuple[Assignment, ...]
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class EventKind:
    """Something that can happen: one instance per index of `groups`.

    Exactly one of `effects` (with `draws`) and `options` is used: a kind with options is a choice,
    its clock says when the actor acts, and argmax(utility + Gumbel) says what they do. A choice at
    an instant where no option is available does nothing. `gate` names the component without which
    the kind is not part of the run.
    """

    name: str
    groups: tuple[Group, ...]
    index_names: tuple[str, ...]
    guard: Expression | None
    timing: Timing
    draws: tuple[DrawSpec, ...] = ()
    effects: tuple[Assignment, ...] = ()
    options: tuple[Option, ...] = ()
    gate: str | None = None
    actor: str | None = None
    recipient: str | None = None
    plover: str | None = None
    doc: str = ""
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Atom:
    """A way the world may be: which components are present, with what prior; priors sum to one.

    `parameters` are priors that hold in this atom only. `written` is the prior that the case's own
    file has, where an analyst's file has put others in the place of those; else None.
    """

    name: str
    prior: float
    components: frozenset[str]
    parameters: tuple[ParameterSpec, ...] = ()
    written: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Constant numbers indexed by groups, row by row; `digest` identifies the content."""

    name: str
    groups: tuple[Group, ...]
    values: tuple[float, ...]
    digest: str


@dataclass(frozen=True)
class Relation:
    """A sparse set of ordered pairs, listed or to be drawn; `digest` identifies it.

    Listed `ties[i]` are the positions related to i, ascending. `jump.ties` gives them as arrays.
    """

    name: str
    groups: tuple[Group, Group]
    ties: tuple[tuple[int, ...], ...] | Graph
    digest: str

    @cached_property
    def neighbours(self) -> tuple[tuple[int, ...], ...]:
        """The positions related to each position, ascending; drawn when first asked for."""
        return draw_neighbours(self.ties) if isinstance(self.ties, Graph) else self.ties


@dataclass(frozen=True, slots=True)
class Explanation:
    """A reading of the record: the atoms in which it is true. Those of a partition are rivals."""

    name: str
    atoms: tuple[str, ...]
    is_rival: bool


InterventionKind = Literal["forbid", "force", "set-parameter", "set-state"]


@dataclass(frozen=True, slots=True)
class Intervention:
    """One change made to a world: what-ifs are tuples of these.

    `forbid` stops the clock of `target` (a kind, an instance `indices`, or `kind.option`) from
    `at` on (from the start if None). `force` makes it happen at `at`, or when `condition` first
    holds, if its guard then holds. `set-state` assigns `value` at that moment. `set-parameter`
    replaces a parameter from that moment on (from the start if there is none).
    """

    kind: InterventionKind
    target: str
    indices: tuple[Expression, ...] | None = None
    at: float | None = None
    condition: Expression | None = None
    value: Expression | None = None
    span: Span | None = field(default=None, compare=False, repr=False)
