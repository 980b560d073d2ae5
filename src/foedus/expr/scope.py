"""What a name may stand for where an expression is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from foedus.expr.tree import Expression, Group, Type
from foedus.frozen import dataclass


@dataclass(frozen=True, slots=True)
class ParameterSymbol:
    """A parameter under its qualified name."""

    name: str
    groups: tuple[Group, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class VariableSymbol:
    """A state variable under its qualified name."""

    name: str
    groups: tuple[Group, ...]
    type: Type
    is_latent: bool = False


@dataclass(frozen=True, slots=True)
class DatumSymbol:
    """A constant table."""

    name: str
    groups: tuple[Group, ...]
    time_power: int


@dataclass(frozen=True, slots=True)
class ComponentSymbol:
    """A component of the explanations."""

    name: str


@dataclass(frozen=True, slots=True)
class DrawSymbol:
    """A random draw of the event at hand."""

    name: str
    groups: tuple[Group, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class IndexSymbol:
    """A bound index."""

    name: str
    group: Group


@dataclass(frozen=True, slots=True)
class GroupSymbol:
    """A group, to range over."""

    group: Group


@dataclass(frozen=True, slots=True)
class RelationSymbol:
    """A relation between two groups."""

    name: str
    groups: tuple[Group, Group]


@dataclass(frozen=True, slots=True)
class OfficeSymbol:
    """An office; `holder(...)` reads its variable."""

    variable: VariableSymbol


@dataclass(frozen=True, slots=True)
class AllianceSymbol:
    """An alliance; `membership` is a flag indexed by `group`, its members past and present."""

    group: Group
    membership: VariableSymbol
    lead: str | None
    obligations: tuple[str, ...]
    decides: str


@dataclass(frozen=True, slots=True)
class EventSymbol:
    """An event kind, or an option of a choice (`kind.option`), under its qualified name."""

    name: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class LabelSymbol:
    """A label: an actor, or a member of a group."""

    label: str


@dataclass(frozen=True, slots=True)
class BoundSymbol:
    """A name of a mechanism that stands for an expression of the case that uses it."""

    expression: Expression


Symbol = (
    ParameterSymbol
    | VariableSymbol
    | DatumSymbol
    | ComponentSymbol
    | DrawSymbol
    | IndexSymbol
    | GroupSymbol
    | RelationSymbol
    | OfficeSymbol
    | AllianceSymbol
    | EventSymbol
    | LabelSymbol
    | BoundSymbol
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Names and what they stand for; inner names hide outer ones.

    `labels` are the labels known anywhere in the case: a name that is nothing else may be one of
    them. `broken` are names whose declaration has an error: using them is not reported again.
    """

    symbols: Mapping[str, Symbol]
    labels: frozenset[str] = frozenset()
    broken: frozenset[str] = frozenset()
    outer: Scope | None = None

    def find(self, name: str) -> Symbol | None:
        """What a name stands for, or None."""
        return next(self.meanings(name), None)

    def meanings(self, name: str) -> Iterator[Symbol]:
        """Everything a name stands for, innermost first, for places where only one sort fits."""
        scope: Scope | None = self
        while scope is not None:
            symbol = scope.symbols.get(name)
            if symbol is not None:
                yield symbol
            if name in scope.labels:
                yield LabelSymbol(name)
            scope = scope.outer

    def is_broken(self, name: str) -> bool:
        """Whether the name was declared with an error."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.broken:
                return True
            scope = scope.outer
        return False

    def names(self) -> tuple[str, ...]:
        """Every name in reach, for spelling suggestions."""
        found: dict[str, None] = {}
        scope: Scope | None = self
        while scope is not None:
            found.update(dict.fromkeys(scope.symbols))
            found.update(dict.fromkeys(sorted(scope.labels)))
            scope = scope.outer
        return tuple(found)

    def inside(self, symbols: Mapping[str, Symbol]) -> Scope:
        """This scope with more names in front."""
        return Scope(symbols, outer=self)
