"""Can every event happen, with a rate that is one, without leaving the bounds of the state?"""

from __future__ import annotations

from collections import Counter

from foedus.case.bounds import Reach, reach, with_draws
from foedus.case.case import Case
from foedus.case.dynamics import Assignment, DrawSpec, EventKind, Rate
from foedus.expr.enclosure import INFINITE, Interval
from foedus.expr.interval import Context, bounds, refine, truth
from foedus.expr.tree import Expression, Firings, LabelType, walk
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics


def events_are_possible(case: Case, diagnostics: Diagnostics) -> None:
    """Rates proved negative or infinite, guards that never hold, evidence of probability zero."""
    found = reach(case)
    for happening in case.events.values():
        _verify_kind(case, happening.kind, found, diagnostics)
    _verify_evidence(case, found, diagnostics)


def _verify_kind(case: Case, kind: EventKind, found: Reach, diagnostics: Diagnostics) -> None:
    context = found.context
    if kind.guard is not None:
        if truth(kind.guard, context) is False:
            _never(kind, diagnostics)
            return
        context = refine(context, kind.guard)
    if isinstance(kind.timing, Rate):
        _verify_rate(kind, bounds(kind.timing.hazard, context), diagnostics)
    _verify_effects(case, kind.effects, kind.draws, context, diagnostics)
    for option in kind.options:
        inner = context if option.guard is None else refine(context, option.guard)
        if option.guard is not None and truth(option.guard, context) is False:
            continue
        _verify_effects(case, option.effects, option.draws, inner, diagnostics)


def _never(kind: EventKind, diagnostics: Diagnostics) -> None:
    span = kind.guard.span if kind.guard is not None and kind.guard.span else kind.span
    if span is None:
        return
    diagnostics.error(
        Code.NEVER_ENABLED, span, f"`{kind.name}` can never happen",
        label="this never holds in any course of the case",
        help="change the guard, or add an event that makes it true",
    )  # fmt: skip


def _verify_rate(kind: EventKind, rate: Interval, diagnostics: Diagnostics) -> None:
    hazard = kind.timing.hazard if isinstance(kind.timing, Rate) else None
    span = hazard.span if hazard is not None and hazard.span is not None else kind.span
    if span is None:
        return
    if rate.high < 0:
        diagnostics.error(
            Code.RATE_NEGATIVE, span, f"the rate of `{kind.name}` is always negative",
            label=f"between {rate.low:g} and {rate.high:g} per day",
            help="a rate is 0 or more: write `max(0, ...)` only if that is what you mean",
        )  # fmt: skip
    elif rate.low == INFINITE or (rate.low > rate.high and rate.may_be_nan):
        diagnostics.error(
            Code.RATE_NOT_FINITE, span, f"the rate of `{kind.name}` is never a finite number",
            label="a division by zero, or the logarithm of nothing positive",
            help="change the expression so that it stays finite",
        )  # fmt: skip


def _verify_effects(
    case: Case, effects: tuple[Assignment, ...], draws: tuple[DrawSpec, ...], context: Context,
    diagnostics: Diagnostics,
) -> None:  # fmt: skip
    inner = with_draws(context, draws)
    for effect in effects:
        spec = case.state[effect.variable].spec
        if isinstance(effect.value.type, LabelType) or effect.span is None:
            continue
        there = inner if effect.condition is None else refine(inner, effect.condition)
        value = bounds(effect.value, there)
        low = -INFINITE if spec.low is None else spec.low
        high = INFINITE if spec.high is None else spec.high
        if (
            spec.kind != "flag"
            and (value.low > high or value.high < low)
            and value.low <= value.high
        ):
            diagnostics.error(
                Code.LEAVES_BOUNDS, effect.value.span or effect.span,
                f"`{effect.variable}` would always leave its bounds",
                label=f"between {value.low:g} and {value.high:g}",
                other=[(spec.span, f"bounds {low:g} to {high:g}")] if spec.span else [],
                help="change the value or the bounds; write `min(1, ...)` if that is meant",
            )  # fmt: skip


def _verify_evidence(case: Case, found: Reach, diagnostics: Diagnostics) -> None:
    counts = Counter(i.event.written for i in case.evidence if i.event and i.kind == "happened")
    for item in case.evidence:
        if item.span is None:
            continue
        reason = None
        if item.kind == "happened" and item.event is not None:
            if item.event.name not in found.possible:
                reason = "this event can never happen in the case as it stands"
            elif counts[item.event.written] > 1 and _only_once(case, item.event.name, found):
                reason = "this event happens at most once, and two items say it happened"
        elif item.kind == "state" and item.expression is not None:
            is_reached = truth(item.expression, found.context) is not False
            reason = None if is_reached else "no course of the case reaches this"
        if reason is not None:
            diagnostics.error(
                Code.IMPOSSIBLE_EVIDENCE, item.span,
                f"the case gives the item `{item.id}` probability zero", label=reason,
                help="change the guard or the rate of the event, or the item",
            )  # fmt: skip


def _only_once(case: Case, name: str, found: Reach) -> bool:
    """Whether a kind that has fired cannot fire again."""
    happening = case.events.get(name)
    if happening is None or happening.kind.guard is None:
        return False
    guard = happening.kind.guard
    own = [n for n in walk(guard) if isinstance(n, Firings) and n.kind == name]
    known: dict[Expression, Interval] = dict(found.context.known)
    known.update({node: Interval(1.0, INFINITE) for node in own})
    return bool(own) and truth(guard, found.context.knowing(known)) is False
