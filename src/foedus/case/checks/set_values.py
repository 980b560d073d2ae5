"""Can the case go on with what a what-if sets?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from foedus.case.bounds import Reach
from foedus.case.case import Case, WhatIf
from foedus.case.checks.finite import rates_are_finite, rates_are_not_negative
from foedus.case.checks.inside import acts_stay_inside, starts_lie_inside, verify_inside
from foedus.case.dynamics import Intervention
from foedus.expr.interval import Context, bounds
from foedus.expr.tree import LabelType
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics


def what_ifs_set_what_can_be(case: Case, found: Reach, diagnostics: Diagnostics) -> None:
    """No what-if sets state outside its bounds, or parameters so that every run would fail."""
    for what_if in case.what_ifs.values():
        for change in what_if.interventions:
            if change.kind == "set-state":
                _verify_state(what_if, change, case, found, diagnostics)
        parameters = [one for one in what_if.interventions if one.kind == "set-parameter"]
        if not [one for one in parameters if not _is_share(what_if, one, case, diagnostics)]:
            _verify_runs(what_if, parameters, case, found, diagnostics)


def _verify_state(
    what_if: WhatIf, change: Intervention, case: Case, found: Reach, diagnostics: Diagnostics
) -> None:
    spec, value = case.state[change.target].spec, change.value
    if value is None or isinstance(value.type, LabelType) or change.span is None:
        return
    message = f"the what-if `{what_if.name}` sets `{spec.name}` outside its bounds"
    verify_inside(message, change.span, bounds(value, found.context), spec, diagnostics)


def _is_share(what_if: WhatIf, change: Intervention, case: Case, diagnostics: Diagnostics) -> bool:
    """Whether a parameter that is a share is set to one; if not, that is noted."""
    parameter, value = case.parameters[change.target], change.value
    if parameter.unit != "share" or value is None or change.span is None:
        return True
    number = bounds(value, Context())
    if 0 <= number.low <= 1:
        return True
    diagnostics.error(
        Code.LEAVES_BOUNDS,
        change.span,
        f"the what-if `{what_if.name}` sets the share `{change.target}` to {number.low:g}",
        help="a share lies from 0 to 1: write `0.3` for 30 per cent",
    )
    return False


def _verify_runs(
    what_if: WhatIf, changes: Sequence[Intervention], case: Case, found: Reach,
    diagnostics: Diagnostics,
) -> None:  # fmt: skip
    """Note what must fail once the parameters of a what-if are set, and need not before."""
    if not changes:
        return
    values = {one.target: bounds(one.value, found.context) for one in changes if one.value}
    context = replace(
        found.context, parameters={**found.context.parameters, **values}, memo={}, refined={}
    )
    after, faults = replace(found, context=context), Diagnostics()
    rates_are_finite(case, after, faults)
    rates_are_not_negative(case, after, faults)
    acts_stay_inside(case, after, faults)
    if changes[0].at is None and changes[0].condition is None:
        starts_lie_inside(case, after, faults)
    known = {one.primary.span for one in diagnostics.found}
    for fault in faults.in_order():
        if fault.primary.span not in known and changes[0].span is not None:
            diagnostics.error(
                fault.code,
                changes[0].span,
                f"with the what-if `{what_if.name}`, {fault.message}",
                label="set here",
                help="set a value with which this is not so",
                other=[(one.span, one.text) for one in (fault.primary, *fault.secondary)],
            )
