"""A typed expression made again with other parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from foedus.expr.tree import Domain, Expression, GroupDomain, Quantifier, children

Change = Callable[[Expression], Expression]
"""Gives what stands in the place of an expression."""


def with_children(node: Expression, change: Change) -> Expression:
    """The node with `change` made to each expression directly inside it.

    For changes all the way down, let `change` call this again. Types are kept, so what stands in
    the place of a part must have its type.
    """
    if isinstance(node, Quantifier):
        condition = None if node.condition is None else change(node.condition)
        domain = changed_domain(node.domain, change)
        return replace(node, domain=domain, condition=condition, body=change(node.body))
    inside = set(map(id, children(node)))
    parts: dict[str, Any] = {}
    for slot in fields(node):
        value = getattr(node, slot.name)
        if isinstance(value, tuple):
            parts[slot.name] = tuple(change(one) for one in value)
        elif id(value) in inside:
            parts[slot.name] = change(value)
    return replace(node, **parts) if parts else node


def changed_domain(domain: Domain, change: Change) -> Domain:
    """What a loop goes over, with `change` made to the expression in it."""
    if isinstance(domain, GroupDomain):
        return domain
    return replace(domain, index=change(domain.index))
