"""What one model says, said in another in which some of it has another name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace

from foedus.expr.rebuild import changed_domain, with_children
from foedus.expr.tree import (
    BOOLEAN,
    Binary,
    Conditional,
    Draw,
    Expression,
    Firings,
    IndexVariable,
    Number,
    Parameter,
    Quantifier,
    Since,
)
from foedus.frozen import dataclass
from foedus.jump.model import Assignment, DrawSpec, EventKind, Option, Rate, Timing, Waiting

NEW = " (new)"
"""Stands behind a name that is taken; no name of a case has a space in it."""


@dataclass(frozen=True, slots=True)
class Renamed:
    """Says expressions with other names: of `parameters`, `counters`, `draws` and `indices`.

    A counter (`kind` or `kind.option`) that stays beside its new self counts the firings `before`:
    then both are counted, and the new one, if it has fired, fired last. With `indices`, all other
    index names are made new as well, so that none is taken for another.
    """

    parameters: Mapping[str, str]
    counters: Mapping[str, str]
    before: frozenset[str]
    draws: Mapping[str, str] = field(default_factory=dict)
    indices: Mapping[str, str] = field(default_factory=dict)

    def said(self, node: Expression) -> Expression:
        """The same expression in the other names."""
        node = with_children(node, self.said)
        if isinstance(node, Parameter):
            return replace(node, name=self.parameters.get(node.name, node.name))
        if isinstance(node, Draw):
            return replace(node, name=self.draws.get(node.name, node.name))
        if isinstance(node, IndexVariable):
            return replace(node, name=self.index(node.name))
        if isinstance(node, Quantifier):
            return replace(node, variable=self.index(node.variable))
        if isinstance(node, Firings | Since) and node.kind in self.counters:
            return self._counted(node)
        return node

    def index(self, name: str) -> str:
        """What an index is called."""
        return self.indices.get(name, name + NEW if self.indices else name)

    def _counted(self, node: Firings | Since) -> Expression:
        new = replace(node, kind=self.counters[node.kind])
        if node.kind not in self.before:
            return new
        fired = Firings(new.kind, new.indices)
        if isinstance(node, Firings):
            return Binary("+", node, fired, node.type, node.span)
        has_fired = Binary(">", fired, Number(0.0, fired.type), BOOLEAN)
        return Conditional(has_fired, new, node, node.type, node.span)

    def effect(self, one: Assignment) -> Assignment:
        """The same of an effect."""
        return replace(
            one,
            indices=tuple(map(self.said, one.indices)),
            value=self.said(one.value),
            loop=tuple(
                (self.index(name), changed_domain(domain, self.said)) for name, domain in one.loop
            ),
            condition=self._said_or_none(one.condition),
        )

    def draw(self, one: DrawSpec) -> DrawSpec:
        """The same of a draw."""
        return replace(
            one,
            name=self.draws.get(one.name, one.name),
            index_names=tuple(map(self.index, one.index_names)),
            over_name=self.index(one.over_name) if one.over_name else "",
            arguments=tuple(map(self.said, one.arguments)),
        )

    def option(self, one: Option) -> Option:
        """The same of what an actor may choose."""
        return replace(
            one,
            guard=self._said_or_none(one.guard),
            utility=self.said(one.utility),
            draws=tuple(map(self.draw, one.draws)),
            effects=tuple(map(self.effect, one.effects)),
        )

    def timing(self, one: Timing) -> Timing:
        """The same of when something happens."""
        if isinstance(one, Rate):
            return replace(one, hazard=self.said(one.hazard))
        if isinstance(one, Waiting):
            return replace(one, arguments=tuple(map(self.said, one.arguments)))
        return one

    def kind(self, one: EventKind) -> EventKind:
        """The same of an event kind."""
        return replace(
            one,
            name=self.counters.get(one.name, one.name),
            index_names=tuple(map(self.index, one.index_names)),
            guard=self._said_or_none(one.guard),
            timing=self.timing(one.timing),
            draws=tuple(map(self.draw, one.draws)),
            effects=tuple(map(self.effect, one.effects)),
            options=tuple(map(self.option, one.options)),
        )

    def _said_or_none(self, node: Expression | None) -> Expression | None:
        return None if node is None else self.said(node)
