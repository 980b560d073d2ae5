"""Does every event change something that anything else can notice?"""

from __future__ import annotations

from foedus.case.case import Case
from foedus.case.dynamics import Assignment
from foedus.case.reads import asked_names, effects_of, expressions_of, names_in
from foedus.expr.tree import Variable
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics


def something_changes(case: Case, diagnostics: Diagnostics) -> None:
    """An event without effect, whose happening nothing reads, is reported."""
    read = asked_names(case)
    for happening in case.events.values():
        kind = happening.kind
        own = expressions_of(kind)
        read |= names_in(e for e in own)
    for happening in case.events.values():
        kind = happening.kind
        effects = effects_of(kind)
        names = {kind.name, *(f"{kind.name}.{option.name}" for option in kind.options)}
        if kind.span is None or names & _others_read(case, kind.name) or names & read.events:
            _report_idle_effects(effects, diagnostics)
            continue
        if not effects:
            diagnostics.error(
                Code.CHANGES_NOTHING,
                kind.span,
                f"the event `{kind.name}` changes nothing",
                label="no effect, and nothing asks whether it happened",
                help="add `then:`, or use it: `happened(...)` in a rate, a question or evidence",
            )
        else:
            _report_idle_effects(effects, diagnostics)


def _others_read(case: Case, name: str) -> frozenset[str]:
    """Event names read by kinds other than the one named (reading itself is no notice)."""
    others = (h.kind for h in case.events.values() if h.kind.name != name)
    return names_in(e for kind in others for e in expressions_of(kind)).events


def _report_idle_effects(effects: tuple[Assignment, ...], diagnostics: Diagnostics) -> None:
    for effect in effects:
        value = effect.value
        is_idle = (
            isinstance(value, Variable)
            and value.name == effect.variable
            and value.indices == effect.indices
        )
        if is_idle and effect.span is not None:
            diagnostics.error(
                Code.CHANGES_NOTHING,
                effect.span,
                f"`{effect.variable}` is set to itself",
                help="write what it becomes, or remove the line",
            )
