"""Leaving out of a case the parts of a mechanism that its needs rule out.

A need that is `false` in a case, as most are that are left at their default, makes some kinds of a
mechanism impossible. Such a kind is no part of the case: it has no name in it, costs nothing, and
is no fault. So a mechanism can be given a part that few cases want.
"""

from __future__ import annotations

from collections.abc import Sequence

from foedus.case.case import Happening
from foedus.case.draft import Draft
from foedus.case.reads import expressions_of, names_in
from foedus.expr.scope import BoundSymbol, EventSymbol
from foedus.expr.tree import Binary, Expression, Not, Truth


def leave_out_ruled_out(
    events: dict[str, Happening], mechanism: Draft, parts: Sequence[Draft]
) -> None:
    """Take the kinds that cannot be, whatever happens, out of `events` and of the drafts' names.

    `parts` are all drafts of the case, its own among them. What another kind of the mechanism, or
    a need of any, counts by its firings stays.
    """
    ruled_out = {name for name, one in events.items() if decided(one.kind.guard) is False}
    if not ruled_out:
        return
    others = [one.kind for name, one in events.items() if name not in ruled_out]
    read = [expression for kind in others for expression in expressions_of(kind)]
    symbols = (symbol for part in parts for symbol in part.symbols.values())
    read += [symbol.expression for symbol in symbols if isinstance(symbol, BoundSymbol)]
    ruled_out -= names_in(read).events
    for name in ruled_out:
        del events[name]
    for part in parts:
        for name, symbol in tuple(part.symbols.items()):
            if isinstance(symbol, EventSymbol) and _kind_of(symbol, mechanism) in ruled_out:
                del part.symbols[name]


def _kind_of(symbol: EventSymbol, mechanism: Draft) -> str:
    """The kind that a symbol stands for, itself or by one of its options."""
    local = symbol.name.removeprefix(mechanism.prefix)
    return mechanism.prefix + local.partition(".")[0]


def decided(condition: Expression | None) -> bool | None:
    """What a condition is by what is written out in it alone; None where that does not tell."""
    if isinstance(condition, Truth):
        return condition.value
    if isinstance(condition, Not):
        value = decided(condition.value)
        return None if value is None else not value
    if isinstance(condition, Binary) and condition.operator in ("and", "or"):
        settles = condition.operator == "or"
        sides = (decided(condition.left), decided(condition.right))
        if settles in sides:
            return settles
        return None if None in sides else not settles
    return None
