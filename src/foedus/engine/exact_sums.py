"""Sums over a group of table entries times state: rounded term by term, so that they are exact.

`sum(tie[i, j] * x[j] for j in group)` is the pull that all others have on i. When one x changes,
only one term of it changes; an engine can keep the sum and add the difference, but in floating
point that gives other bits than adding all terms anew. So each term of such a sum is rounded to a
multiple of u, where n terms of any value that the state allows add up to less than 2^52 u: then
every partial sum is a double, adding is exact, and the order is of no account. What is lost is less
than the left fold of doubles may lose: 2^-52 of n times the largest possible term for each term.

A sum is one of these where it runs over a whole group, each term is made of entries of tables at
the summed index and one other, of state at the summed index only, and of numbers, with no division;
and the bounds of the state bound the term.

The trick of rounding by adding and subtracting 1.5 * 2^52 u is that of Demmel and Nguyen for sums
that do not depend on their order [DemmelNguyen2013]_.

References
----------
.. [DemmelNguyen2013] J. Demmel, H. D. Nguyen (2013), Fast reproducible floating-point summation,
   21st IEEE Symposium on Computer Arithmetic, 163-172.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import frexp, inf

from foedus.engine.layout import Layout
from foedus.expr import tree
from foedus.expr.enclosure import Interval
from foedus.expr.interval import Context, bounds

ROUNDER = 6755399441055744.0  # 1.5 * 2^52
DIGITS = 53
LARGEST_EXPONENT = 900

PARTS = (
    tree.Number, tree.Truth, tree.Negative, tree.Not, tree.Binary, tree.Conditional,
)  # fmt: skip
"""What terms may be made of, beside tables and state."""


def rounder(node: tree.Quantifier, layout: Layout) -> float | None:
    """1.5 * 2^52 u for a sum whose terms are rounded to multiples of u; None for other sums.

    A term t becomes (t + rounder) - rounder.
    """
    if other_index(node) is None:
        return None
    term = bounds(node.body, _context(node, layout))
    largest = max(abs(term.low), abs(term.high))
    if not 0.0 < largest < inf:
        return None
    assert isinstance(node.domain, tree.GroupDomain)
    _, exponent = frexp(2.0 * max(node.domain.group.size, 2) * largest)
    if abs(exponent) > LARGEST_EXPONENT:
        return None
    return ROUNDER * 2.0 ** (exponent - DIGITS)


def other_index(node: tree.Quantifier) -> tree.IndexVariable | None:
    """The index from outside that such a sum depends on; None for other sums."""
    if node.name != "sum" or not isinstance(node.domain, tree.GroupDomain):
        return None
    others: dict[str, tree.IndexVariable] = {}
    has_state = False
    for part in (*_parts(node.body), *_parts(node.condition)):
        if isinstance(part, tree.Variable):
            has_state = True
            if [_name(index) for index in part.indices] != [node.variable]:
                return None
        elif isinstance(part, tree.Datum):
            for index in part.indices:
                if not isinstance(index, tree.IndexVariable):
                    return None
                if index.name != node.variable:
                    others[index.name] = index
        elif not isinstance(part, PARTS) or (
            isinstance(part, tree.Binary) and part.operator == "/"
        ):
            return None
    return next(iter(others.values())) if has_state and len(others) == 1 else None


def _parts(node: tree.Expression | None) -> Iterator[tree.Expression]:
    """A node and all inside it, but for the indices of tables and state."""
    if node is None:
        return
    yield node
    if not isinstance(node, tree.Variable | tree.Datum):
        for child in tree.children(node):
            yield from _parts(child)


def _name(index: tree.Expression) -> str | None:
    return index.name if isinstance(index, tree.IndexVariable) else None


def _context(node: tree.Quantifier, layout: Layout) -> Context:
    """The bounds of the tables that the terms name, and of the state."""
    names = {part.name for part in _parts(node.body) if isinstance(part, tree.Datum)}
    data = {
        name: Interval(min(layout.tables[name].values), max(layout.tables[name].values))
        for name in names
    }
    return Context(variables=layout.limits, data=data)
