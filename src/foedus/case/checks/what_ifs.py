"""Does every what-if touch something?"""

from __future__ import annotations

from foedus.case.case import Case, WhatIf
from foedus.case.dynamics import Intervention
from foedus.case.reads import asked_names, expressions_of, names_in
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics


def what_ifs_touch_something(case: Case, diagnostics: Diagnostics) -> None:
    """What nothing reads cannot be changed to any effect; a mechanism is not replaced by itself."""
    read = asked_names(case)
    for happening in case.events.values():
        read |= names_in(expressions_of(happening.kind))
    read |= names_in(variable.spec.start for variable in case.state.values())
    used = {use.prefix: use.mechanism for use in case.uses}
    for what_if in case.what_ifs.values():
        for change in what_if.interventions:
            what = _idle(change, read.variables, read.parameters)
            if what is not None and change.span is not None:
                diagnostics.error(
                    Code.WHAT_IF_CHANGES_NOTHING,
                    change.span,
                    f"`{what_if.name}` changes nothing: nothing reads `{change.target}`",
                    label=what,
                    help="change something that a rate, a guard or a question reads",
                )
        _verify_replacements(what_if, used, diagnostics)


def _idle(
    change: Intervention, variables: frozenset[str], parameters: frozenset[str]
) -> str | None:
    if change.kind == "set-state" and change.target not in variables:
        return "nothing reads this variable"
    if change.kind == "set-parameter" and change.target not in parameters:
        return "nothing reads this parameter"
    return None


def _verify_replacements(what_if: WhatIf, used: dict[str, str], diagnostics: Diagnostics) -> None:
    for prefix, mechanism in what_if.replaces:
        if used.get(prefix) == mechanism and what_if.span is not None:
            diagnostics.error(
                Code.WHAT_IF_CHANGES_NOTHING,
                what_if.span,
                f"`{what_if.name}` replaces `{mechanism}` by itself",
                help="name another mechanism that offers the same",
            )
