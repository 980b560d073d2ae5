"""Does every what-if touch something?"""

from __future__ import annotations

from dataclasses import replace

from foedus.case.bounds import Reach, reach
from foedus.case.case import Case, WhatIf
from foedus.case.dynamics import Dated, Intervention
from foedus.case.reads import Names, asked_names, expressions_of, names_in
from foedus.expr.interval import bounds, truth
from foedus.expr.tree import LabelType, LabelValue, Variable
from foedus.frozen import dataclass
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics

ALWAYS, AT_START = "that is always so", "that is how it starts"
ALREADY_SO = (ALWAYS, AT_START)


@dataclass(frozen=True, slots=True)
class _World:
    """What can be with every what-if, what can be without any, and what is read."""

    case: Case
    found: Reach
    factual: Reach
    read: Names


def what_ifs_touch_something(case: Case, found: Reach, diagnostics: Diagnostics) -> None:
    """No what-if forbids what cannot happen, or sets what nothing reads or what is so anyway."""
    if not case.what_ifs:
        return
    changes = [change for what_if in case.what_ifs.values() for change in what_if.interventions]
    sets_state = any(change.kind == "set-state" for change in changes)
    factual = reach(replace(case, what_ifs={}), found.assumed) if sets_state else found
    world = _World(case, found, factual, _read(case))
    used = {use.prefix: use.mechanism for use in case.uses}
    for what_if in case.what_ifs.values():
        reasons = [_reason(change, world) for change in what_if.interventions]
        for change, reason in zip(what_if.interventions, reasons, strict=True):
            # Beside a change that matters it is no fault to say what is so already.
            is_fault = reason not in ALREADY_SO or all(reasons)
            if reason is not None and is_fault and change.span is not None:
                diagnostics.error(
                    Code.WHAT_IF_CHANGES_NOTHING,
                    change.span,
                    f"the what-if `{what_if.name}` changes nothing: {reason}",
                    label="changes nothing",
                    help="change what could be otherwise and what a rate, a condition or a "
                    "question reads",
                )
        _verify_replacements(what_if, used, diagnostics)


def _read(case: Case) -> Names:
    """Everything that events, starts and questions read."""
    read = asked_names(case)
    for happening in case.events.values():
        read |= names_in(expressions_of(happening.kind))
    return read | names_in(variable.spec.start for variable in case.state.values())


def _reason(change: Intervention, world: _World) -> str | None:
    """Why a change is none, if it is none."""
    when = change.condition
    if when is not None and truth(when, world.found.context) is False:
        return "its condition never holds"
    if change.kind == "set-parameter":
        is_read = change.target in world.read.parameters
        return None if is_read else f"nothing reads `{change.target}`"
    if change.kind == "set-state":
        is_read = change.target in world.read.variables
        return _same_state(change, world) if is_read else f"nothing reads `{change.target}`"
    kind = change.target if change.target in world.case.events else change.target.rpartition(".")[0]
    if {kind, change.target} & world.found.assumed or kind not in world.case.events:
        return None
    if change.target not in world.found.possible:
        return f"`{change.target}` can never happen anyway"
    timing = world.case.events[kind].kind.timing
    is_over = isinstance(timing, Dated) and change.at is not None and max(timing.times) < change.at
    return (
        f"`{change.target}` happens only before that"
        if change.kind == "forbid" and is_over
        else None
    )


def _same_state(change: Intervention, world: _World) -> str | None:
    spec, value = world.case.state[change.target].spec, change.value
    is_at_start = change.at is None and change.condition is None
    if value is None:
        return None
    if isinstance(value.type, LabelType):
        if not isinstance(value, LabelValue):
            return None
        if is_at_start and isinstance(spec.start, LabelValue) and spec.start.label == value.label:
            return AT_START
        is_only = world.factual.labels.get(change.target) == frozenset((value.label,))
        return ALWAYS if is_only else None
    new = bounds(value, world.factual.context)
    always = bounds(Variable(spec.name, (), value.type), world.factual.context)
    if new.low == new.high == always.low == always.high:
        return ALWAYS
    start = bounds(spec.start, world.factual.context)
    is_same = new.low == new.high == start.low == start.high
    return AT_START if is_at_start and is_same else None


def _verify_replacements(what_if: WhatIf, used: dict[str, str], diagnostics: Diagnostics) -> None:
    for prefix, mechanism in what_if.replaces:
        if used.get(prefix) == mechanism and what_if.span is not None:
            diagnostics.error(
                Code.WHAT_IF_CHANGES_NOTHING,
                what_if.span,
                f"the what-if `{what_if.name}` replaces `{mechanism}` by itself",
                help="name another mechanism that offers the same",
            )
