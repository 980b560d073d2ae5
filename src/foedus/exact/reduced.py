"""The part of a model that some of its variables depend on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from foedus.case.reads import Names, expressions_of, names_in, writes
from foedus.jump.model import Assignment, EventKind, JumpModel


def influencing(
    model: JumpModel, variables: Iterable[str], events: Iterable[str] = ()
) -> JumpModel:
    """The model without what cannot make a difference to some variables, or to when events happen.

    It asks nothing. The law of what is left is as in the whole model.
    """
    needed = Names(frozenset(variables), frozenset(events))
    while True:
        kinds = tuple(_within(kind, needed) for kind in model.kinds if _matters(kind, needed))
        more = needed
        for kind in kinds:
            more = more | names_in(expressions_of(kind))
        if more == needed:
            break
        needed = more
    return replace(
        model,
        variables=tuple(spec for spec in model.variables if spec.name in needed.variables),
        kinds=kinds,
        monitors=(),
    )


def _matters(kind: EventKind, needed: Names) -> bool:
    names = {kind.name, *(f"{kind.name}.{option.name}" for option in kind.options)}
    return bool(writes(kind) & needed.variables or names & needed.events)


def _within(kind: EventKind, needed: Names) -> EventKind:
    """The kind without its effects on variables that are not needed."""

    def kept(effects: tuple[Assignment, ...]) -> tuple[Assignment, ...]:
        return tuple(effect for effect in effects if effect.variable in needed.variables)

    options = tuple(replace(option, effects=kept(option.effects)) for option in kind.options)
    return replace(kind, effects=kept(kind.effects), options=options)
