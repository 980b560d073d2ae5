"""Does every event change something that anything else can notice?"""

from __future__ import annotations

from collections import Counter

from foedus.case.bounds import Reach, with_draws
from foedus.case.case import Case
from foedus.case.dynamics import Assignment, DrawSpec, EventKind
from foedus.case.reads import asked_names, effects_of, expressions_of, names_in
from foedus.expr.interval import Context, bounds, refine, truth
from foedus.expr.tree import LabelType, Variable
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics


def something_changes(case: Case, found: Reach, diagnostics: Diagnostics) -> None:
    """An event without effect, whose happening nothing else reads, is reported."""
    asked = asked_names(case).events
    offered = {f"{use.prefix}.{name}" for use in case.uses for name in use.offers}
    kinds = [happening.kind for happening in case.events.values()]
    own = {kind.name: names_in(expressions_of(kind)).events for kind in kinds}
    readers = Counter(name for events in own.values() for name in events)
    for kind in kinds:
        names = {kind.name, *(f"{kind.name}.{option.name}" for option in kind.options)}
        # An event that reads itself, as `once` does, is noticed by nobody.
        others = {name for name in names if readers[name] > (name in own[kind.name])}
        is_noticed = bool(others or names & (asked | offered))
        if kind.span is not None and not is_noticed and _changes_nothing(kind, found):
            _report(kind, diagnostics)
        else:
            _report_idle_effects(effects_of(kind), diagnostics)


def _report(kind: EventKind, diagnostics: Diagnostics) -> None:
    effects = effects_of(kind)
    span = effects[0].span if effects else None
    cure = "add `then:`, or use it: `happened(...)` in a rate, a question or evidence"
    if effects:
        cure = "write what becomes different, or change when the event can happen"
    if kind.span is not None:
        diagnostics.error(
            Code.CHANGES_NOTHING,
            kind.span,
            f"the event `{kind.name}` changes nothing",
            label="nothing asks whether it happened",
            other=[(span, "this is so already whenever it happens")] if span else [],
            help=cure,
        )


def _changes_nothing(kind: EventKind, found: Reach) -> bool:
    """Whether no course of the case is different after the event."""
    if kind.name not in found.possible or kind.name in found.assumed:
        return not effects_of(kind)
    context = found.context if kind.guard is None else refine(found.context, kind.guard)
    if not _are_idle(kind.effects, kind.draws, context):
        return False
    for option in kind.options:
        inner = context
        if option.guard is not None:
            if truth(option.guard, context) is False:
                continue
            inner = refine(context, option.guard)
        if not _are_idle(option.effects, option.draws, inner):
            return False
    return True


def _are_idle(
    effects: tuple[Assignment, ...], draws: tuple[DrawSpec, ...], context: Context
) -> bool:
    inner = with_draws(context, draws)
    return all(_is_idle(effect, inner) for effect in effects)


def _is_idle(effect: Assignment, context: Context) -> bool:
    """Whether a variable is set to what it is known to be already."""
    if _is_itself(effect):
        return True
    if isinstance(effect.value.type, LabelType):
        return False
    if effect.condition is not None and truth(effect.condition, context) is False:
        return True
    there = context if effect.condition is None else refine(context, effect.condition)
    now = bounds(Variable(effect.variable, effect.indices, effect.value.type), there)
    new = bounds(effect.value, there)
    return now.low == now.high == new.low == new.high


def _is_itself(effect: Assignment) -> bool:
    value = effect.value
    return (
        isinstance(value, Variable)
        and value.name == effect.variable
        and value.indices == effect.indices
    )


def _report_idle_effects(effects: tuple[Assignment, ...], diagnostics: Diagnostics) -> None:
    for effect in effects:
        if _is_itself(effect) and effect.span is not None:
            diagnostics.error(
                Code.CHANGES_NOTHING,
                effect.span,
                f"`{effect.variable}` is set to itself",
                label="stays as it is",
                help="write what it becomes, or leave the line out",
            )
