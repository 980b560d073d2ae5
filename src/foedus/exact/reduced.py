"""The part of a model that some of its variables depend on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from foedus.case.reads import Names, expressions_of, names_in, writes
from foedus.jump.model import EventKind, JumpModel


def influencing(
    model: JumpModel, variables: Iterable[str], events: Iterable[str] = ()
) -> JumpModel:
    """The model without what cannot make a difference to some variables, or to when events happen.

    It asks nothing. The law of what is left is as in the whole model.
    """
    needed = Names(frozenset(variables), frozenset(events))
    kept: dict[str, EventKind] = {}
    while True:
        fresh = [kind for kind in model.kinds if kind.name not in kept and _matters(kind, needed)]
        for kind in fresh:
            kept[kind.name] = kind
            needed = needed | names_in(expressions_of(kind))
        if not fresh:
            break
    return replace(
        model,
        variables=tuple(spec for spec in model.variables if spec.name in needed.variables),
        kinds=tuple(kind for kind in model.kinds if kind.name in kept),
        monitors=(),
    )


def _matters(kind: EventKind, needed: Names) -> bool:
    names = {kind.name, *(f"{kind.name}.{option.name}" for option in kind.options)}
    return bool(writes(kind) & needed.variables or names & needed.events)
