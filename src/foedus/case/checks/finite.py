"""Is every rate and every waiting time a number, and none negative?"""

from __future__ import annotations

from foedus.case.bounds import Reach
from foedus.case.case import Case
from foedus.case.dynamics import EventKind, Rate, Waiting
from foedus.expr.enclosure import TINY
from foedus.expr.interval import Context, bounds, refine, truth
from foedus.expr.tree import (
    Binary,
    Call,
    Conditional,
    Expression,
    GroupDomain,
    Negative,
    Quantifier,
)
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics

OVERFLOWS = 709.8
"""The exponential of more than this is infinite."""


def rates_are_finite(case: Case, found: Reach, diagnostics: Diagnostics) -> None:
    """Rates and waiting times proved never to be finite, waiting times proved to be negative, or 0
    where their law has no such time."""
    for happening in case.events.values():
        kind = happening.kind
        if kind.name not in found.possible or kind.name in found.assumed:
            continue
        context = found.context if kind.guard is None else refine(found.context, kind.guard)
        if isinstance(kind.timing, Rate):
            verify_finite(kind, "rate", kind.timing.hazard, context, diagnostics)
        elif isinstance(kind.timing, Waiting):
            for argument in kind.timing.arguments:
                if verify_finite(kind, "waiting time", argument, context, diagnostics):
                    _verify_sign(kind, kind.timing, argument, context, diagnostics)


def rates_are_not_negative(case: Case, found: Reach, diagnostics: Diagnostics) -> None:
    """Rates proved to be negative, or no numbers, whenever they are looked at."""
    for kind in (happening.kind for happening in case.events.values()):
        is_shut = kind.guard is not None and truth(kind.guard, found.context) is False
        if isinstance(kind.timing, Rate) and not is_shut:
            context = found.context if kind.guard is None else refine(found.context, kind.guard)
            if verify_finite(kind, "rate", kind.timing.hazard, context, diagnostics):
                verify_not_negative(kind, kind.timing.hazard, context, diagnostics)


def verify_not_negative(
    kind: EventKind, hazard: Expression, context: Context, diagnostics: Diagnostics
) -> bool:
    """Whether the rate may be 0 or more; if not, that is noted."""
    found, span = bounds(hazard, context), hazard.span or kind.span
    if found.high >= 0 or span is None:
        return True
    shown = "0" if found.high > -TINY else f"{found.high:g} per day"
    diagnostics.error(
        Code.RATE_NEGATIVE,
        span,
        f"the rate of `{kind.name}` is always negative",
        label=f"this is {shown}" if found.low == found.high else f"below {shown}",
        help="a rate is 0 or more: change the sign, or subtract from something larger",
    )
    return False


def verify_finite(
    kind: EventKind, what: str, value: Expression, context: Context, diagnostics: Diagnostics
) -> bool:
    """Whether the rate or waiting time may be a finite number; if not, that is noted."""
    culprit = _never_finite(value, context)
    span = None if culprit is None else culprit.span or kind.span
    if culprit is None or span is None:
        return True
    diagnostics.error(
        Code.RATE_NOT_FINITE,
        span,
        f"the {what} of `{kind.name}` is never a finite number",
        label=_reason(culprit),
        help="change the expression so that it stays finite",
    )
    return False


def _verify_sign(
    kind: EventKind, timing: Waiting, value: Expression, context: Context, diagnostics: Diagnostics
) -> None:
    span, high = value.span or kind.span, bounds(value, context).high
    if span is None or high > 0 or (high == 0 and timing.distribution == "fixed"):
        return
    told, label, cure = (
        ("always negative", "below 0", "change the sign")
        if high < 0
        else ("never above 0", "no more than 0", "give more than 0, or write `immediately`")
    )
    diagnostics.error(
        Code.RATE_NEGATIVE,
        span,
        f"the waiting time of `{kind.name}` is {told}",
        label=label,
        help=f"an event comes after what enables it: {cure}",
    )


def _never_finite(node: Expression, context: Context) -> Expression | None:
    """The part that makes an expression infinite or no number, if one always does."""
    if isinstance(node, Binary):
        return _never_finite_binary(node, context)
    if isinstance(node, Call):
        return _never_finite_call(node, context)
    if isinstance(node, Negative):
        return _never_finite(node.value, context)
    if isinstance(node, Conditional):
        holds = truth(node.condition, context)
        yes = None if holds is False else _never_finite(node.yes, refine(context, node.condition))
        no = None if holds else _never_finite(node.no, refine(context, node.condition, False))
        is_both = holds is not None or (yes is not None and no is not None)
        return (yes or no) if is_both else None
    if isinstance(node, Quantifier) and isinstance(node.domain, GroupDomain):
        is_plain_sum = node.name == "sum" and node.condition is None
        return _never_finite(node.body, context) if is_plain_sum else None
    return None


def _never_finite_binary(node: Binary, context: Context) -> Expression | None:
    if node.operator not in ("+", "-", "*", "/"):
        return None
    left = _never_finite(node.left, context)
    if node.operator != "/":
        return left or _never_finite(node.right, context)
    divisor = bounds(node.right, context)
    return node if divisor.low == divisor.high == 0 else left


def _never_finite_call(node: Call, context: Context) -> Expression | None:
    inner = bounds(node.arguments[0], context)
    is_culprit = (
        (node.function == "log" and inner.high <= 0)
        or (node.function == "sqrt" and inner.high < 0)
        or (node.function == "exp" and inner.low > OVERFLOWS)
    )
    if is_culprit:
        return node
    keeps = node.function in ("log", "sqrt", "abs", "floor")
    return _never_finite(node.arguments[0], context) if keeps else None


def _reason(culprit: Expression) -> str:
    if isinstance(culprit, Call):
        return {
            "log": "the logarithm of nothing above 0",
            "sqrt": "the square root of nothing but negative numbers",
            "exp": "an exponential too large to be held",
        }[culprit.function]
    return "a division by zero"
