"""Which labels a variable can ever hold, and what that decides about comparisons of labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from foedus.case.case import Case
from foedus.case.reads import effects_of
from foedus.expr.enclosure import FALSE, TRUE, Interval
from foedus.expr.tree import (
    Binary,
    Conditional,
    Expression,
    LabelType,
    LabelValue,
    Variable,
    walk,
)

Labels = frozenset[str]


def comparisons_of_labels(expressions: Iterable[Expression | None]) -> tuple[Binary, ...]:
    """Every `==` and `!=` between labels in some expressions, each once."""
    found = {
        node: None
        for expression in expressions
        if expression is not None
        for node in walk(expression)
        if isinstance(node, Binary) and isinstance(node.left.type, LabelType)
    }
    return tuple(found)


def start_labels(case: Case) -> dict[str, Labels]:
    """The labels each variable can start with; variables over numbered groups are left out."""
    found: dict[str, Labels] = {}
    for name, variable in case.state.items():
        labels = _labels(variable.spec.start, found)
        if variable.spec.kind == "label" and labels is not None:
            found[name] = labels
    return found


def widened_labels(
    case: Case,
    possible: set[str],
    before: Mapping[str, Labels],
    read: Mapping[str, Labels] | None = None,
) -> dict[str, Labels]:
    """The labels each variable can hold once the possible kinds have fired one more time.

    They read what variables held `before`, or what they `read` if that is more.
    """
    found = dict(before)
    read = before if read is None else read
    for kind in (happening.kind for happening in case.events.values()):
        if kind.name not in possible:
            continue
        for effect in effects_of(kind):
            if effect.variable in found:
                labels = _labels(effect.value, read)
                if labels is None:
                    del found[effect.variable]
                else:
                    found[effect.variable] |= labels
    return found


def decided(
    comparisons: Iterable[Binary], labels: Mapping[str, Labels]
) -> dict[Expression, Interval]:
    """The comparisons that come out the same in every course."""
    found: dict[Expression, Interval] = {}
    for node in comparisons:
        left, right = _labels(node.left, labels), _labels(node.right, labels)
        if left is None or right is None:
            continue
        if not left & right:
            found[node] = FALSE if node.operator == "==" else TRUE
        elif left == right and len(left) == 1:
            found[node] = TRUE if node.operator == "==" else FALSE
    return found


def _labels(expression: Expression, known: Mapping[str, Labels]) -> Labels | None:
    """The labels an expression can be; None if it is an index of a numbered group."""
    if isinstance(expression, LabelValue):
        return frozenset((expression.label,))
    if isinstance(expression, Conditional):
        yes, no = _labels(expression.yes, known), _labels(expression.no, known)
        return None if yes is None or no is None else yes | no
    if isinstance(expression, Variable) and expression.name in known:
        return known[expression.name]
    of = expression.type
    return frozenset(of.labels) if isinstance(of, LabelType) and of.numbered is None else None
